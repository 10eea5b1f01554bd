// SPDX-License-Identifier: GPL-2.0
/*
 * Runners on SCHED_FIFO threads, a set for each CPU.
 *
 * All threads of a CPU have one priority. The runner that was kicked ahead is
 * the next runnable thread when a routine blocks, so an item behind one that
 * sleeps starts at once. When its CPU goes offline the scheduler moves a thread
 * to another, where it goes on with the same list; when the CPU is back, the
 * thread binds itself again: before it drains, or within a second while it is idle.
 */
#include <linux/cpu.h>
#include <linux/cred.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <uapi/linux/sched/types.h>

#include "backend.h"
#include "core.h"
#include "queue.h"

/**
 * wqc_task_set_policy - set a thread's scheduling policy
 * @task: one of ours
 * @policy: SCHED_FIFO, or SCHED_NORMAL
 * @priority: of SCHED_FIFO; 0 for SCHED_NORMAL
 *
 * Context: process, no lock held; sleeps.
 */
void wqc_task_set_policy(struct task_struct *task, u32 policy, u32 priority)
{
	struct sched_attr attr = {
		.size = sizeof(attr),
		.sched_policy = policy,
		.sched_priority = priority,
	};

	sched_setattr_nocheck(task, &attr);
}

/*
 * The kernel moved us when our CPU went offline, or a routine did and it has been
 * reported.
 *
 * Nobody is moved to a CPU that is dying, but the affinity is changed all the same: the
 * thread would run where it may not, and the kernel warns when it finds that out, in
 * migrate_enable(). One that begins to die just now is seen by where we are.
 */
static noinline void wqc_rt_rebind(struct wqc_runner *runner)
{
	if (!cpu_online(runner->cpu) || cpu_dying(runner->cpu))
		return;
	set_cpus_allowed_ptr(current, cpumask_of(runner->cpu));
	/* One that is to stop meanwhile: see wqc_rt_dismiss(); both took the thread's locks. */
	if (unlikely(raw_smp_processor_id() != runner->cpu || READ_ONCE(runner->stop)))
		set_cpus_allowed_ptr(current, cpu_possible_mask);
}

static inline bool wqc_rt_is_home(const struct wqc_runner *runner)
{
	return likely(current->nr_cpus_allowed == 1 &&
		      cpumask_test_cpu(runner->cpu, current->cpus_ptr));
}

static inline void wqc_rt_bind_self(struct wqc_runner *runner)
{
	if (!wqc_rt_is_home(runner))
		wqc_rt_rebind(runner);
}

/*
 * Away from home it looks once a second whether its CPU is back. Nobody wakes it for that: it
 * may be in a routine when the CPU comes, or just on its way to here.
 */
static inline void wqc_rt_sleep(const struct wqc_runner *runner)
{
	if (wqc_rt_is_home(runner))
		schedule();
	else
		schedule_timeout(HZ);
}

/*
 * Drains, and counts a rest if ordinary threads of the CPU could run: nothing waits, or a routine
 * has slept. Items of a queue that finds no rest starve them, and then guard.c sets @yields:
 * each turn waits for a tick. The runner is still a kicked one while it sleeps here, so no other
 * runner is kicked that would drain in its place.
 *
 * @rests has one writer at a time but for threads that are away from home; one that is lost
 * only makes the guard look once more.
 */
static void wqc_rt_turn(struct wqc_runner *runner)
{
	struct wqc_queue *queue = runner->queue;
	unsigned long switches;

	if (unlikely(READ_ONCE(queue->yields)))
		schedule_timeout_uninterruptible(1);
	switches = current->nvcsw;
	wqc_runner_drain(runner);
	/* data_race: a hint; and threads that are away from home, see above */
	if (!data_race(READ_ONCE(queue->ring)) || current->nvcsw != switches)
		WRITE_ONCE(queue->rests, data_race(queue->rests) + 1); /* data_race: the same */
}

/*
 * The policy that every thread of the class has. It may have been changed from outside, while
 * the thread was idle, or be what guard.c took away; a change of the parameter comes here, too.
 */
static inline void wqc_rt_restore_policy(struct wqc_runner *runner)
{
	unsigned int priority = READ_ONCE(wqc_rt_priority);

	/* data_race: what is changed right now is seen at the next turn */
	if (unlikely(data_race(current->policy != SCHED_FIFO ||
			       current->rt_priority != priority)))
		wqc_task_set_policy(current, SCHED_FIFO, priority);
}

/* A runner that was kicked drains before it looks at the stop flag. */
static int wqc_rt_thread(void *data)
{
	struct wqc_runner *runner = data;

	runner->base.cred = get_current_cred();
	for (;;) {
		set_current_state(TASK_IDLE);
		wqc_window(WQC_W_RT_STATE);
		if (!READ_ONCE(runner->kicked)) {
			if (READ_ONCE(runner->stop))
				break;
			wqc_window(WQC_W_RT_SLEEP);
			wqc_rt_sleep(runner);
		}
		__set_current_state(TASK_RUNNING);
		/* Awake for nothing: to bind itself, or to stop. */
		if (!READ_ONCE(runner->kicked)) {
			if (!READ_ONCE(runner->stop))
				wqc_rt_bind_self(runner);
			continue;
		}
		WRITE_ONCE(runner->kicked, false);
		wqc_window(WQC_W_RT_CLEARED);
		wqc_rt_bind_self(runner);
		wqc_rt_restore_policy(runner);
		wqc_rt_turn(runner);
		if (READ_ONCE(runner->kicked))
			cond_resched();	/* it has kicked itself */
	}
	__set_current_state(TASK_RUNNING);
	put_cred(runner->base.cred);
	return 0;
}

/*
 * Only for idle runners, under the queue's lock: no routine is ever woken. The kick is not
 * lost: kicked = true ->mb (in wake_up_process()) the thread's state here, the state =
 * TASK_IDLE ->mb (in set_current_state()) kicked there, so one sees the other. The thread
 * clears it before it drains, and is kicked anew only when it has gone idle in that drain:
 * under the lock, ->po after the clearing. @stop is written before kthread_stop() wakes the
 * thread, and read by the same rule.
 */
static void wqc_rt_kick(struct wqc_runner *runner)
{
	WRITE_ONCE(runner->kicked, true);
	wqc_window(WQC_W_RT_FLAG);
	wake_up_process(runner->thread);
}

/*
 * The thread was kicked before we took the queue's lock, flag and wake-up: wqc_rt_kick() does
 * both under it. From there on it may become TASK_IDLE, but finds the flag set, and does not
 * sleep; and when it has cleared the flag, it is not TASK_IDLE again before it has drained, for
 * which it needs the lock that we hold. So it sleeps for good if it is TASK_IDLE, then seen on
 * no run queue, and then seen to be TASK_IDLE still. One that waits for a CPU, however long, is
 * on a run queue; one that is being woken is TASK_WAKING; one that was preempted on its way to
 * sleep is TASK_IDLE, but on a run queue; one that sleeps because it binds itself to its CPU is
 * TASK_UNINTERRUPTIBLE.
 */
static bool wqc_rt_is_lost(struct wqc_runner *runner)
{
	struct task_struct *thread = runner->thread;

	if (READ_ONCE(thread->__state) != TASK_IDLE)
		return false;
	smp_rmb();	/* the state, ->on_rq, the state, in this order: see above */
	/* data_race: the scheduler's, which reads it without a lock, too */
	if (data_race(READ_ONCE(thread->on_rq)))
		return false;
	smp_rmb();	/* the same */
	return READ_ONCE(thread->__state) == TASK_IDLE;
}

static struct wqc_runner *wqc_rt_create(struct wqc_queue *queue)
{
	struct wqc_runner *runner;

	runner = kzalloc_node(sizeof(*runner), WQC_GFP_KEEPER, cpu_to_node(queue->cpu));
	if (!runner)
		return NULL;
	runner->cpu = queue->cpu;
	runner->thread = kthread_create_on_cpu(wqc_rt_thread, runner, queue->cpu, "wqc_rt/%u");
	if (IS_ERR(runner->thread)) {
		kfree(runner);
		return NULL;
	}
	runner->task = get_task_struct(runner->thread);
	wqc_task_set_policy(runner->thread, SCHED_FIFO, wqc_rt_priority);
	wake_up_process(runner->thread);
	return runner;
}

/* A thread of the queue with another priority than the parameter's, referenced; or NULL. */
static struct task_struct *wqc_rt_find_other(struct wqc_queue *queue)
{
	struct task_struct *task = NULL;
	struct wqc_runner *runner;

	wqc_queue_lock_irq(queue);
	list_for_each_entry(runner, &queue->runners, all) {
		if (runner->guard.demoted || READ_ONCE(runner->thread->exit_state))
			continue;
		/* data_race: the thread changes its own, to the same */
		if (data_race(runner->thread->policy == SCHED_FIFO &&
			      runner->thread->rt_priority == wqc_rt_priority))
			continue;
		task = get_task_struct(runner->thread);
		break;
	}
	wqc_queue_unlock_irq(queue);
	return task;
}

/**
 * wqc_rt_set_priority - give all threads of the class another priority
 * @priority: of SCHED_FIFO
 *
 * Threads that are idle get it here, so that the next item of each starts with it; those that
 * run keep their routine, with the new priority. One that is made meanwhile, or demoted, gets
 * it before its next item.
 *
 * Context: process, sleeps; the module is loaded.
 */
void wqc_rt_set_priority(unsigned int priority)
{
	struct task_struct *task;
	struct wqc_queue *queue;
	u32 tries;
	int cpu;

	WRITE_ONCE(wqc_rt_priority, priority);
	for_each_possible_cpu(cpu) {
		queue = wqc_queue_of(WQC_POOL_HYPER, cpu);
		for (tries = READ_ONCE(queue->nr_runners); tries; tries--) {
			task = wqc_rt_find_other(queue);
			if (!task)
				break;
			wqc_task_set_policy(task, SCHED_FIFO, priority);
			put_task_struct(task);
		}
	}
}

static struct wqc_runner *wqc_rt_dismissed;	/* the keeper's: threads that end, by @next_idle */

/*
 * Has a thread end, without waiting for that: it is idle and on no list, or has ended. A routine
 * that keeps the CPU shall not keep it: it may end on any CPU.
 */
static void wqc_rt_dismiss(struct wqc_runner *runner)
{
	WRITE_ONCE(runner->stop, true);
	set_cpus_allowed_ptr(runner->thread, cpu_possible_mask);
	wake_up_process(runner->thread);
	runner->next_idle = wqc_rt_dismissed;
	wqc_rt_dismissed = runner;
}

static void wqc_rt_free_dead(struct wqc_runner *runner)
{
	put_cred(runner->base.cred);
	wqc_rt_dismiss(runner);
}

/* Also one whose thread has ended by itself: then there is nothing to stop. */
static void wqc_rt_free(struct wqc_runner *runner)
{
	kthread_stop(runner->thread);
	put_task_struct(runner->thread);
	kfree(runner);
}

static void wqc_rt_reap(bool wait)
{
	struct wqc_runner **link = &wqc_rt_dismissed, *runner;

	while ((runner = *link)) {
		if (!wait && !READ_ONCE(runner->thread->exit_state)) {
			link = &runner->next_idle;
			continue;
		}
		*link = runner->next_idle;
		wqc_rt_free(runner);
	}
}

static const struct wqc_backend wqc_rt_backend = {
	.create = wqc_rt_create,
	.kick = wqc_rt_kick,
	.is_lost = wqc_rt_is_lost,
	.dismiss = wqc_rt_dismiss,
	.free_dead = wqc_rt_free_dead,
	.reap = wqc_rt_reap,
	.fifo = true,
};

void wqc_rt_init(void)
{
	wqc_pools[WQC_POOL_HYPER].backend = &wqc_rt_backend;
}
