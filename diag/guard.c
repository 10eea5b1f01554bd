// SPDX-License-Identifier: GPL-2.0
/*
 * The guard: a watchdog for HyperCriticalWorkQueue routines that monopolise their CPU.
 *
 * Starvation by one routine (a "runaway"). Nothing of lower priority runs on a CPU whose
 * SCHED_FIFO thread spins, and recent kernels do not throttle such threads. An hrtimer checks five
 * times a second, in hard interrupt context, so the runaway cannot delay it. It reports a routine
 * that is the same as at the checks before, in a thread that has not slept and has run on its CPU
 * between the checks. (A thread that is runnable behind a runaway has not run.) On a preemptible
 * kernel, a thread of higher priority than all runners then demotes the runaway to SCHED_NORMAL
 * until its routine returns. On other kernels a thread that spins in kernel mode keeps its CPU at
 * any priority, so the guard only reports it. The hrtimer is stopped while the engine is dormant
 * (core/growth.c).
 *
 * Starvation by many short routines (a "hog"), for instance an item that requeues itself for ever.
 * The hrtimer sees that the queue of the CPU finishes items and never becomes idle. It reports the
 * running routine, and from then on the queue's threads sleep for a tick after each turn
 * (wqc_rt_turn()), until the queue was idle. That works on every kernel, because the threads run
 * wq_compat's code between two items.
 *
 * Published without a lock:
 *  - wqc_guard: written before the timer is started, cleared after it was cancelled. Both take
 *    the timer base's lock, as its expiry does.
 *  - wqc_dormant: cleared before the timer is started. If an expiry at the same time still reads
 *    it as set, the start enqueues the timer behind that expiry, by the same lock. Proof:
 *    tests/litmus/dormant-guard.litmus.
 *  - requests to demote a thread: from the timer to the guard thread, under the queue's lock and
 *    by the flag wqc_guard_asked, in the protocol of wqc_keeper_wake().
 *  - @demoted: see wqc_runner_was_demoted().
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
#include "../core/growth.h"
#include "../core/names.h"
#include "../lib/hrtimer.h"
#include "guard.h"

/*
 * Checks for each second. A runaway is reported within a second: after runaway_ms (half of one),
 * the time to the first check and the time to the next one. The rest allows for late checks.
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
static struct task_struct *wqc_guard;	/* NULL: the kernel is not preemptible */
static bool wqc_guard_asked;

/*
 * Does the thread run now, or has it run since the last check? Neither test alone is enough:
 * a runaway may be off its CPU at every check, because RT throttling stops it at the same time of
 * each second; and its accounted run time may not advance for a second while no other task wants
 * the CPU.
 */
static bool wqc_has_cpu(struct wqc_runner *runner)
{
	struct task_struct *task = runner->thread;
	/* data_race: the scheduler's; the next check sees a value that this one misses */
	u64 ran = data_race(task->se.sum_exec_runtime);
	bool has_run = runner->guard.ran != ran;

	runner->guard.ran = ran;
#ifdef CONFIG_SMP
	/* data_race: the scheduler's, too */
	return has_run || data_race(task->on_cpu);
#else
	return has_run || task == current;
#endif
}

/* Has the thread kept its CPU at every check for runaway_ms? */
static bool wqc_is_runaway(struct wqc_runner *runner)
{
	struct task_struct *task = runner->thread;
	/* data_race: the scheduler's counter; the next check sees a value that this one misses */
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

/* Reports one runaway in each call, because it prints without the lock. False: none is left. */
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

/*
 * The state of a CPU's queue at the last check at which it was busy. Private to the timer.
 *
 * False alarm: @since is stale when the engine was dormant in between. wqc_rt_turn() counts a rest
 * whenever the queue becomes idle, so the first check of a busy queue finds that @rests has
 * changed, and resets @since. U32_MAX makes the first check after the load do the same.
 */
struct wqc_hog_seen {
	u64 finished;
	u32 rests;
	unsigned long since;
};

static DEFINE_PER_CPU(struct wqc_hog_seen, wqc_hogs) = { .rests = U32_MAX };

/* Names the routine that runs on the queue's CPU, else that of the first waiting item. */
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
 * Has the queue finished items between all checks without ever being idle? The threads count
 * @rests without the lock: the next check sees one that this check misses.
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
		pr_warn("wq_compat: HyperCritical items keep CPU %d for %u ms without a pause, last routine %s: other threads get every other turn\n",
			queue->cpu, ms, name);
}

/**
 * wqc_guard_start - start the checks
 *
 * Context: any, also under a queue's lock.
 */
void wqc_guard_start(void)
{
	hrtimer_start(&wqc_guard_timer, ns_to_ktime(NSEC_PER_SEC / WQC_GUARD_HZ),
		      HRTIMER_MODE_REL_HARD);
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
	/* Not HRTIMER_RESTART, whose new time another CPU's start does not exclude. */
	if (!READ_ONCE(wqc_dormant))
		wqc_guard_start();
	return HRTIMER_NORESTART;
}

/*
 * Finds a runner to demote, or a demoted runner whose routine has returned, to restore. The
 * caller sets the policy without the queue's lock, because wqc_task_set_policy() must not be called
 * under it. @demoted stays set until the thread has its policy back: see wqc_runner_was_demoted().
 */
static struct task_struct *wqc_guard_next(struct wqc_queue *queue, u32 *policy, bool *wait)
{
	struct task_struct *task = NULL;
	struct wqc_runner *runner;

	wqc_queue_lock_irq(queue);
	list_for_each_entry(runner, &queue->runners, all) {
		bool same = wqc_runner_is_running(runner) && runner->guard.since == runner->since;

		if (runner->guard.demote) {
			runner->guard.demote = false;
			if (!same) {
				*wait |= runner->guard.demoted;
				continue;
			}
			WRITE_ONCE(runner->guard.demoted, true);
			*policy = SCHED_NORMAL;
		} else if (runner->guard.demoted && !same) {
			/* data_race: if the thread restores it concurrently, it is set twice */
			if (data_race(runner->thread->policy) == SCHED_FIFO) {
				WRITE_ONCE(runner->guard.demoted, false);
				continue;
			}
			*policy = SCHED_FIFO;
		} else {
			*wait |= runner->guard.demoted;
			continue;
		}
		task = get_task_struct(runner->thread);
		break;
	}
	wqc_queue_unlock_irq(queue);
	return task;
}

/* Returns whether the routine of a demoted runner has not returned yet. */
static bool wqc_guard_act(void)
{
	struct task_struct *task;
	bool wait = false;
	int cpu;
	u32 policy;

	for_each_possible_cpu(cpu) {
		while ((task = wqc_guard_next(wqc_queue_of(WQC_POOL_HYPER, cpu), &policy,
					      &wait))) {
			wqc_task_set_policy(task, policy,
					    policy == SCHED_FIFO ? wqc_rt_priority : 0);
			put_task_struct(task);
		}
	}
	return wait;
}

static int wqc_guard_thread(void *unused)
{
	bool wait = false;

	while (!kthread_should_stop()) {
		set_current_state(TASK_IDLE);
		if (!READ_ONCE(wqc_guard_asked) && !kthread_should_stop())
			schedule_timeout(wait ? HZ : MAX_SCHEDULE_TIMEOUT);
		__set_current_state(TASK_RUNNING);
		WRITE_ONCE(wqc_guard_asked, false);
		smp_mb();	/* clears the flag before the check, see wqc_keeper_wake() */
		wait = wqc_guard_act();
	}
	return 0;
}

/* Keeps the guard's priority above that of all runners. Context: process, sleeps. */
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
	wqc_guard_start();
	return 0;
}

/* Must be called after the keeper has ended: no kick that would start the timer is left. */
void wqc_guard_exit(void)
{
	hrtimer_cancel(&wqc_guard_timer);
	if (wqc_guard)
		kthread_stop(wqc_guard);
	wqc_guard = NULL;
}
