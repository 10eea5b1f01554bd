// SPDX-License-Identifier: GPL-2.0
/*
 * Runners on SCHED_FIFO threads, bound to one CPU.
 *
 * All threads of a CPU have the same priority. A runner kicks the next one before it calls a
 * routine, so if the routine blocks the next thread runs at once, and the next item starts.
 *
 * When a CPU goes offline the scheduler moves its threads to other CPUs, where they drain the same
 * queue. When the CPU is online again each thread binds itself to it: before it drains, or within a
 * second while it is idle.
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
 * wqc_task_set_policy - set the scheduling policy of a thread
 * @task: a thread of wq_compat
 * @policy: SCHED_FIFO or SCHED_NORMAL
 * @priority: SCHED_FIFO priority; 0 for SCHED_NORMAL
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
 * Binds the thread to its CPU again. CPU hotplug has moved the thread when the CPU went offline,
 * or a routine has changed the affinity, which was reported.
 *
 * Hazard: set_cpus_allowed_ptr() changes the affinity to a CPU that is dying, but does not move the
 * thread there. The thread would run outside of its affinity, and migrate_enable() would warn. So a
 * dying CPU is skipped; if it begins to die after that test, the thread finds that it runs on
 * another CPU, and undoes the affinity.
 */
static noinline void wqc_rt_rebind(struct wqc_runner *runner)
{
	if (!cpu_online(runner->cpu) || cpu_dying(runner->cpu))
		return;
	set_cpus_allowed_ptr(current, cpumask_of(runner->cpu));
	/* @stop: wqc_rt_dismiss() sets it before the affinity: tests/litmus/rt-stop.litmus. */
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
 * A thread that is not on its CPU checks once a second whether the CPU is online. CPU hotplug sends
 * it no wake-up: for a thread that runs a routine at that time the wake-up would be spurious.
 */
static inline void wqc_rt_sleep(const struct wqc_runner *runner)
{
	if (wqc_rt_is_home(runner))
		schedule();
	else
		schedule_timeout(HZ);
}

/*
 * Drains for a turn.
 *
 * Starvation: short items of a queue that never becomes empty keep the CPU from ordinary threads. A
 * turn is a rest if ordinary threads could run: no item waits, or a routine has slept. If there is
 * no rest for runaway_ms, guard.c sets @yields, and each turn sleeps for a tick first. The runner
 * stays in the state "kicked" while it sleeps, so that no other runner is kicked in its place.
 *
 * @rests may have two writers if a thread is not on its CPU. A lost update only makes guard.c check
 * once more.
 */
static void wqc_rt_turn(struct wqc_runner *runner)
{
	struct wqc_queue *queue = runner->queue;
	unsigned long switches;

	if (unlikely(READ_ONCE(queue->yields)))
		schedule_timeout_uninterruptible(1);
	switches = current->nvcsw;
	wqc_runner_drain(runner);
	/* data_race: a hint, with a second writer: see above */
	if (!data_race(READ_ONCE(queue->ring)) || current->nvcsw != switches)
		WRITE_ONCE(queue->rests, data_race(queue->rests) + 1); /* data_race: see above */
}

/*
 * Sets the policy of the class if the thread has another one: because an administrator has changed
 * it while the thread was idle, guard.c has demoted the thread, or the parameter has changed.
 */
static inline void wqc_rt_restore_policy(struct wqc_runner *runner)
{
	unsigned int priority = READ_ONCE(wqc_rt_priority);

	/* data_race: a change at the same time is seen at the next turn */
	if (unlikely(data_race(current->policy != SCHED_FIFO ||
			       current->rt_priority != priority)))
		wqc_task_set_policy(current, SCHED_FIFO, priority);
}

/* A kicked runner drains before it reads @stop, so that a kick is never lost. */
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
		/* Woken without a kick: to bind itself, or to stop. */
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
			cond_resched();	/* its drain has kicked this runner again */
	}
	__set_current_state(TASK_RUNNING);
	put_cred(runner->base.cred);
	return 0;
}

/**
 * wqc_rt_current - the runner whose thread the caller is
 *
 * Context: process, in a routine.
 * Return: the runner, or NULL.
 */
struct wqc_runner *wqc_rt_current(void)
{
	return current->flags & PF_KTHREAD && kthread_func(current) == wqc_rt_thread ?
	       kthread_data(current) : NULL;
}

/*
 * Called for idle runners only, under the queue's lock.
 *
 * Spurious wake-up: a kick must not wake a routine that sleeps. None does: an idle runner runs no
 * routine, and the wake-up is complete before the lock is dropped.
 *
 * Lost wake-up: a kicked thread must not go to sleep, and none that is to stop. None does: here the
 * flag is written before the state is read; there the state is written before the flag is read. The
 * thread clears @kicked before it drains, and the next kick comes only after that drain has made it
 * idle. Proof: tests/litmus/kick-rt.litmus, tests/models/rtkick.pml.
 */
static void wqc_rt_kick(struct wqc_runner *runner)
{
	WRITE_ONCE(runner->kicked, true);
	wqc_window(WQC_W_RT_FLAG);
	wake_up_process(runner->thread);
}

/*
 * Whether the thread of a kicked runner sleeps although it was kicked: a lost wake-up.
 *
 * The caller holds the queue's lock, under which wqc_rt_kick() set the flag and woke the thread.
 * From then on the thread may become TASK_IDLE, but finds the flag and does not sleep; and after
 * clearing the flag it drains before it becomes TASK_IDLE again, for which it needs the lock. So
 * the wake-up is lost if the thread is TASK_IDLE, then on no run queue, then still TASK_IDLE. These
 * threads are not lost: one that waits for a CPU is on a run queue; one that is being woken is
 * TASK_WAKING; one that was preempted on its way to sleep is TASK_IDLE and on a run queue; one that
 * sleeps to bind itself to its CPU is TASK_UNINTERRUPTIBLE. Proof: tests/litmus/heal-rt.litmus,
 * heal-rt-woken.litmus.
 */
static bool wqc_rt_is_lost(struct wqc_runner *runner)
{
	struct task_struct *thread = runner->thread;

	if (READ_ONCE(thread->__state) != TASK_IDLE)
		return false;
	smp_rmb();	/* first read of the state before ->on_rq; see above */
	/* data_race: the scheduler reads it without a lock, too */
	if (data_race(READ_ONCE(thread->on_rq)))
		return false;
	smp_rmb();	/* ->on_rq before the second read of the state */
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

/* Returns a thread with another priority than the parameter's, with a reference; or NULL. */
static struct task_struct *wqc_rt_find_other(struct wqc_queue *queue)
{
	struct task_struct *task = NULL;
	struct wqc_runner *runner;

	wqc_queue_lock_irq(queue);
	list_for_each_entry(runner, &queue->runners, all) {
		if (runner->guard.demoted || READ_ONCE(runner->thread->exit_state))
			continue;
		/* data_race: the thread itself writes the parameter's value, too */
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
 * wqc_rt_set_priority - set the priority of all threads of the class
 * @priority: SCHED_FIFO priority
 *
 * Changes idle and running threads. A thread that is made meanwhile, or is demoted, changes its own
 * priority before its next item.
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

static struct wqc_runner *wqc_rt_dismissed;	/* K: list of runners that end, by @next_idle */

/*
 * Tells a thread to end, and does not wait for its end. The thread is idle and on no list, or has
 * ended already. It is allowed on all CPUs, because a routine may keep the thread's own CPU.
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

/* kthread_stop() returns at once if a routine has ended the thread. */
static void wqc_rt_free(struct wqc_runner *runner)
{
	kthread_stop(runner->thread);
	put_task_struct(runner->thread);
	kfree(runner);
}

static bool wqc_rt_reap(bool wait)
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
	return wqc_rt_dismissed;
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
