// SPDX-License-Identifier: GPL-2.0
/*
 * The guard: sees HyperCriticalWorkQueue routines that do not let go of their CPU.
 *
 * Nothing else runs on a CPU whose SCHED_FIFO thread spins, and recent kernels do not
 * throttle such threads. Five times a second a timer looks, in hard interrupt context so
 * that it needs no CPU of its own, at who runs: the same routine as before, in a thread
 * that has not slept since and has had its CPU from look to look, is named. (One that waits
 * behind a runaway, ready to run, has not.) On a preemptible kernel a thread above all runners
 * then takes the runaway's priority away until its routine returns. On others a thread
 * that spins in the kernel keeps its CPU whatever its priority, so the report is all.
 *
 * Short routines starve a CPU as well when there is always another item: one that queues itself
 * for ever, for instance. The timer sees that the queue of the CPU finishes items and never
 * rests. It names the routine that runs, and from then on the threads of that queue sleep for a
 * tick after each turn (wqc_rt_turn()), until the queue has rested. That works on every kernel,
 * because the threads are in code of ours between two items.
 *
 * Handed over without a lock: wqc_guard, which is written before the timer is started and
 * cleared after it was cancelled (both take the timer base's lock, as its expiry does); who
 * is to be demoted, from the timer to the thread, by the flag wqc_guard_asked, as
 * wqc_keeper_wake() says, and under the queue's lock; and @demoted, see wqc_runner_was_demoted().
 */
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/moduleparam.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/sched/rt.h>
#include <linux/sched/task.h>

#include "../core/backend.h"
#include "../core/core.h"
#include "../core/names.h"
#include "../lib/hrtimer.h"
#include "guard.h"

/*
 * A second. After half of one, and the time to the first look and to the next, a runaway is
 * named: within a second, and with time to spare for looks that are late.
 */
#define WQC_GUARD_HZ	5

static unsigned int runaway_ms = 500;
/*
 * Watchdog for HyperCritical routines: a routine that keeps its CPU for this many milliseconds
 * is reported, and on a preemptible kernel it loses its priority until it returns. 0 disables
 * the watchdog.
 */
module_param(runaway_ms, uint, 0644);
MODULE_PARM_DESC(runaway_ms,
		 "a HyperCritical routine that keeps its CPU for this many ms is reported, and demoted on preemptible kernels (default 500; 0: never)");

static struct hrtimer wqc_guard_timer;
static struct task_struct *wqc_guard;	/* NULL: nobody can be demoted */
static bool wqc_guard_asked;

/*
 * Is it the one that its CPU runs now, or has it run since the last look? It may be off the
 * CPU at each look: where RT threads are throttled that is so at the same time of each second.
 * And its run time may stand still for a second, where nothing else wants the CPU.
 */
static bool wqc_has_cpu(struct wqc_runner *runner)
{
	struct task_struct *task = runner->thread;
	/* data_race: the scheduler's, of which the next look sees what this one misses */
	u64 ran = data_race(task->se.sum_exec_runtime);
	bool has_run = runner->guard.ran != ran;

	runner->guard.ran = ran;
#ifdef CONFIG_SMP
	/* data_race: the same */
	return has_run || data_race(task->on_cpu);
#else
	return has_run || task == current;
#endif
}

/* Has it kept its CPU all the time since it was looked at first, and that long ago? */
static bool wqc_is_runaway(struct wqc_runner *runner)
{
	struct task_struct *task = runner->thread;
	/* data_race: the scheduler's, a number that only grows; read late it is seen next time */
	unsigned long slept = data_race(task->nvcsw);
	bool same = runner->guard.since == runner->since && runner->guard.slept == slept;
	bool has_cpu = wqc_has_cpu(runner);

	if (!same || !task_is_running(task))
		runner->guard.told = false;
	if (!same || !task_is_running(task) || !has_cpu) {
		runner->guard.since = runner->since;
		runner->guard.slept = slept;
		runner->guard.seen = jiffies;
		return false;
	}
	return !runner->guard.told &&
	       time_after_eq(jiffies, runner->guard.seen + msecs_to_jiffies(runaway_ms));
}

/* One at a time, and printed without the lock. */
static bool wqc_guard_check(struct wqc_queue *queue)
{
	struct wqc_runner *runner;
	char name[WQC_NAME_SIZE] = "";
	unsigned long since;
	unsigned int cpu;
	pid_t pid;

	wqc_queue_lock(queue);
	list_for_each_entry(runner, &queue->runners, all) {
		if (!wqc_runner_is_running(runner) || !wqc_is_runaway(runner))
			continue;
		wqc_name_format(name, runner->call.routine);
		since = runner->since;
		cpu = task_cpu(runner->thread);
		pid = runner->thread->pid;
		runner->guard.told = true;
		runner->guard.demote = wqc_guard;
		queue->counter[WQC_RUNAWAYS]++;
		break;
	}
	wqc_queue_unlock(queue);
	if (!name[0])
		return false;
	pr_warn("wq_compat: HyperCritical routine %s keeps CPU %u for %u ms, pid %d%s\n",
		name, cpu, jiffies_to_msecs(jiffies - since), pid,
		wqc_guard ? ": loses its priority until it returns" : "");
	if (wqc_guard) {
		WRITE_ONCE(wqc_guard_asked, true);
		wake_up_process(wqc_guard);
	}
	return true;
}

/* What the last look saw of the queue of a CPU. Only the timer touches it. */
struct wqc_hog_seen {
	u64 finished;
	u32 rests;
	unsigned long since;
};

static DEFINE_PER_CPU(struct wqc_hog_seen, wqc_hogs);

/* The routine that runs on the queue's CPU, or else the first that waits. */
static void wqc_name_hog(char name[WQC_NAME_SIZE], struct wqc_queue *queue)
{
	struct wqc_runner *runner;
	void *routine = NULL;

	lockdep_assert_held(&queue->lock);
	list_for_each_entry(runner, &queue->runners, all)
		if (wqc_runner_is_running(runner) && task_is_running(runner->thread))
			routine = runner->call.routine;
	if (!routine && queue->ring)
		routine = READ_ONCE(queue->ring->head->WorkerRoutine);
	wqc_name_format(name, routine);
}

/*
 * Has the queue finished items from look to look, and never rested? Rests are counted by the
 * threads, without the lock: one that is missed is seen at the next look.
 */
static void wqc_guard_check_hog(struct wqc_queue *queue)
{
	unsigned long limit = msecs_to_jiffies(READ_ONCE(runaway_ms));
	struct wqc_hog_seen *seen = per_cpu_ptr(&wqc_hogs, queue->cpu);
	u32 rests = READ_ONCE(queue->rests);
	char name[WQC_NAME_SIZE] = "";
	unsigned int ms = 0;

	wqc_queue_lock(queue);
	if (rests != seen->rests || queue->finished == seen->finished ||
	    queue->nr_idle == queue->nr_runners) {
		seen->rests = rests;
		seen->since = jiffies;
		WRITE_ONCE(queue->yields, false);
	} else if (!queue->yields && time_after_eq(jiffies, seen->since + limit)) {
		WRITE_ONCE(queue->yields, true);
		queue->counter[WQC_HOGS]++;
		wqc_name_hog(name, queue);
		ms = jiffies_to_msecs(jiffies - seen->since);
	}
	seen->finished = queue->finished;
	wqc_queue_unlock(queue);
	if (name[0])
		pr_warn("wq_compat: HyperCritical items keep CPU %d for %u ms without a rest, last routine %s: its ordinary threads get every other turn\n",
			queue->cpu, ms, name);
}

static enum hrtimer_restart wqc_guard_tick(struct hrtimer *timer)
{
	struct wqc_queue *queue;
	int cpu;

	for_each_possible_cpu(cpu) {
		queue = wqc_queue_of(WQC_POOL_HYPER, cpu);
		if (!READ_ONCE(runaway_ms) ||
		    (READ_ONCE(queue->nr_idle) == READ_ONCE(queue->nr_runners) &&
		     !READ_ONCE(queue->yields))) {
			per_cpu(wqc_hogs, cpu).since = jiffies;
			continue;
		}
		while (wqc_guard_check(queue))
			;
		wqc_guard_check_hog(queue);
	}
	hrtimer_forward_now(timer, ns_to_ktime(NSEC_PER_SEC / WQC_GUARD_HZ));
	return HRTIMER_RESTART;
}

/*
 * Finds a runner to be demoted, or one that was and has come through its routine; the
 * caller does it without the lock, which wqc_task_set_policy() may not be called under.
 * @demoted stays set until the thread has its policy back: see wqc_runner_was_demoted().
 */
static struct task_struct *wqc_guard_next(struct wqc_queue *queue, u32 *policy)
{
	struct task_struct *task = NULL;
	struct wqc_runner *runner;

	wqc_queue_lock_irq(queue);
	list_for_each_entry(runner, &queue->runners, all) {
		bool same = wqc_runner_is_running(runner) && runner->guard.since == runner->since;

		if (runner->guard.demote) {
			runner->guard.demote = false;
			if (!same)
				continue;
			WRITE_ONCE(runner->guard.demoted, true);
			*policy = SCHED_NORMAL;
		} else if (runner->guard.demoted && !same) {
			/* data_race: if it is being given back just now, we do it again */
			if (data_race(runner->thread->policy) == SCHED_FIFO) {
				WRITE_ONCE(runner->guard.demoted, false);
				continue;
			}
			*policy = SCHED_FIFO;
		} else {
			continue;
		}
		task = get_task_struct(runner->thread);
		break;
	}
	wqc_queue_unlock_irq(queue);
	return task;
}

static void wqc_guard_act(void)
{
	struct task_struct *task;
	int cpu;
	u32 policy;

	for_each_possible_cpu(cpu) {
		while ((task = wqc_guard_next(wqc_queue_of(WQC_POOL_HYPER, cpu), &policy))) {
			wqc_task_set_policy(task, policy,
					    policy == SCHED_FIFO ? wqc_rt_priority : 0);
			put_task_struct(task);
		}
	}
}

static int wqc_guard_thread(void *unused)
{
	while (!kthread_should_stop()) {
		set_current_state(TASK_IDLE);
		if (!READ_ONCE(wqc_guard_asked) && !kthread_should_stop())
			schedule_timeout(HZ);
		__set_current_state(TASK_RUNNING);
		WRITE_ONCE(wqc_guard_asked, false);
		smp_mb();	/* the flag is clear before we look; as wqc_keeper_wake() says */
		wqc_guard_act();
	}
	return 0;
}

/* It stays above all runners. Context: process, sleeps; the module is loaded. */
void wqc_guard_set_priority(void)
{
	if (wqc_guard)
		wqc_task_set_policy(wqc_guard, SCHED_FIFO, wqc_rt_priority + 1);
}

int wqc_guard_init(void)
{
	struct task_struct *guard;

	if (preempt_model_preemptible()) {
		guard = kthread_create(wqc_guard_thread, NULL, "wqc_guard");
		if (IS_ERR(guard))
			return PTR_ERR(guard);
		wqc_task_set_policy(guard, SCHED_FIFO, wqc_rt_priority + 1);
		wake_up_process(guard);
		wqc_guard = guard;
	}
	wqc_hrtimer_setup(&wqc_guard_timer, wqc_guard_tick, CLOCK_MONOTONIC, HRTIMER_MODE_REL_HARD);
	hrtimer_start(&wqc_guard_timer, ns_to_ktime(NSEC_PER_SEC / WQC_GUARD_HZ),
		      HRTIMER_MODE_REL_HARD);
	return 0;
}

/* While the runners are still there. */
void wqc_guard_exit(void)
{
	hrtimer_cancel(&wqc_guard_timer);
	if (wqc_guard)
		kthread_stop(wqc_guard);
	wqc_guard = NULL;
}
