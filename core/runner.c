// SPDX-License-Identifier: GPL-2.0
/*
 * Runners from outside of their drain, which is in queue.c: how they are added to a queue, taken
 * off it, replaced when a routine has ended their thread, and kicked again when they are stuck.
 */
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/sched.h>

#include "core.h"
#include "growth.h"
#include "heal.h"
#include "queue.h"
#include "run.h"
#include "runner.h"
#include "unload.h"
#include "wakeup.h"

/**
 * wqc_queue_add_runner - add a runner to a queue
 * @queue: the queue
 * @runner: new, or of another queue of the pool; on no list
 *
 * Context: process.
 */
void wqc_queue_add_runner(struct wqc_queue *queue, struct wqc_runner *runner)
{
	wqc_queue_lock_irq(queue);
	runner->queue = queue;
	list_add_tail(&runner->all, &queue->runners);
	WRITE_ONCE(queue->nr_runners, queue->nr_runners + 1);
	wqc_runner_set_idle(queue, runner);
	wqc_queue_kick_if_needed(queue);
	wqc_queue_unlock_irq(queue);
}

/**
 * wqc_queue_remove_idle - take an idle runner off its queue
 * @queue: the queue
 * @keep: number of idle runners that stay
 *
 * Takes the runner that has been idle longest, off both lists in one hold of the lock: after that
 * it cannot be kicked.
 *
 * Context: process.
 * Return: the runner, or NULL.
 */
struct wqc_runner *wqc_queue_remove_idle(struct wqc_queue *queue, u32 keep)
{
	struct wqc_runner *runner = NULL, **link;

	wqc_queue_lock_irq(queue);
	if (queue->nr_idle > keep) {
		for (link = &queue->idle; (*link)->next_idle; link = &(*link)->next_idle)
			;
		runner = *link;
		*link = NULL;
		list_del(&runner->all);
		WRITE_ONCE(queue->nr_idle, queue->nr_idle - 1);
		WRITE_ONCE(queue->nr_runners, queue->nr_runners - 1);
	}
	wqc_queue_unlock_irq(queue);
	return runner;
}

/**
 * wqc_runner_remove_dead - finish the run of a runner whose routine ended its thread
 * @runner: draining, its task has exited
 *
 * Takes the runner off its queue, puts its references, and asks for another runner.
 *
 * Context: process. The caller frees or abandons the runner.
 */
void wqc_runner_remove_dead(struct wqc_runner *runner)
{
	struct wqc_queue *queue = runner->queue;
	int watching = atomic_read(&wqc_watching);

	if (watching & (WQC_WATCH_MUTEXES | WQC_WATCH_REGIONS))
		wqc_run_post_hook(runner->task, runner->call.routine);
	wqc_queue_lock_irq(queue);
	watching = atomic_read(&wqc_watching);
	if (watching & WQC_WATCH_UNLOAD)
		wqc_search_note_run(&runner->call);
	queue->finished++;
	queue->counter[WQC_REPLACED]++;
	list_del(&runner->all);
	WRITE_ONCE(queue->nr_runners, queue->nr_runners - 1);
	/* Lost wake-up: while other runners make progress, the watchdog sees no blocked spinner. */
	if (queue->spinner == runner)
		wqc_spin_stop(queue);
	wqc_queue_kick_if_needed(queue);
	wqc_growth_request(queue);
	wqc_queue_unlock_irq(queue);
	if (runner->base.post_run & WQC_POST_REQUEST)
		wqc_ops.request_ran(&runner->call);
	percpu_ref_put(runner->call.ref);
}

/* Queues of an any-CPU pool share their kworkers, so drains of all its queues count. */
static unsigned long wqc_queue_count_drains(const struct wqc_queue *queue)
{
	enum wqc_pool_id id = queue->pool - wqc_pools;
	unsigned long drains = 0;
	int cpu;

	if (!queue->pool->any_cpu)
		return READ_ONCE(queue->drains);
	for_each_possible_cpu(cpu)
		drains += READ_ONCE(wqc_queue_of(id, cpu)->drains);
	return drains;
}

/*
 * Adds to the tail of the idle list: the rescuer may still execute this runner's work_struct, so
 * other runners are kicked first. Under the queue's lock.
 */
static void wqc_runner_set_idle_last(struct wqc_queue *queue, struct wqc_runner *runner)
{
	struct wqc_runner **link;

	wqc_wake_set(queue, WQC_WAKE_NEEDED);
	runner->state = WQC_RUNNER_IDLE;
	for (link = &queue->idle; *link; link = &(*link)->next_idle)
		;
	*link = runner;
	runner->next_idle = NULL;
	WRITE_ONCE(queue->nr_idle, queue->nr_idle + 1);
	wqc_queue_kick_if_needed(queue);
}

/* True if no kworker has begun to drain a queue of the pool for WQC_RESCUE_AFTER. */
static bool wqc_queue_needs_rescuer(struct wqc_queue *queue, unsigned long drains)
{
	/* Start the clock: a first call, a kworker has come since, or the last call is long ago. */
	if (drains != queue->drains_seen || !queue->no_kworker_since ||
	    time_after(jiffies, queue->rescued_at + HZ)) {
		queue->drains_seen = drains;
		queue->no_kworker_since = jiffies;
	}
	queue->rescued_at = jiffies;
	return time_after(jiffies, queue->no_kworker_since + WQC_RESCUE_AFTER);
}

/**
 * wqc_runner_leave_rescuer - replace a runner that the rescuer executes by another one
 * @runner: kicked; runs in the rescuer of its workqueue
 *
 * Deadlock: the rescuer executes all pending works of the workqueue one after the other, so a
 * routine that blocks in it blocks all of them, perhaps also the item that it waits for. Mostly a
 * kworker was only late: the runner becomes idle, and another one is kicked. But if no kworker
 * has begun to drain a queue of the pool for WQC_RESCUE_AFTER there is no memory for kworkers,
 * and the rescuer drains.
 *
 * Sleep before the return in both cases: otherwise the workqueue code calls the rescuer again at
 * once, before the woken kworker can run. If no other runner is idle this one is kicked after the
 * sleep, not before: a work that is queued while the rescuer executes it goes to the rescuer again.
 *
 * Context: process, sleeps.
 * Return: true if the runner must return without a drain.
 */
bool wqc_runner_leave_rescuer(struct wqc_runner *runner)
{
	struct wqc_queue *queue = runner->queue;
	unsigned long drains = wqc_queue_count_drains(queue);
	unsigned long pause = msecs_to_jiffies(10);
	bool stalled, others;

	wqc_queue_lock_irq(queue);
	stalled = wqc_queue_needs_rescuer(queue, drains);
	others = queue->idle;
	if (!stalled && others)
		wqc_runner_set_idle_last(queue, runner);
	wqc_queue_unlock_irq(queue);
	if (stalled)
		return false;

	schedule_timeout_uninterruptible(pause);
	if (!others) {
		wqc_queue_lock_irq(queue);
		wqc_runner_set_idle_last(queue, runner);
		wqc_queue_unlock_irq(queue);
	}
	return true;
}

/**
 * wqc_queue_kick_stuck - kick again if a kicked runner has not begun to drain for a second
 * @queue: checked once a second
 *
 * The runner's work may be pending behind a routine that blocks in the rescuer. It is moved, and
 * another runner is kicked. This is no lost wake-up: wqc_heal_queue() finds those, and is called
 * before this function, which would hide them.
 *
 * Context: process, the keeper's.
 */
void wqc_queue_kick_stuck(struct wqc_queue *queue)
{
	struct wqc_runner *runner;

	wqc_queue_lock_irq(queue);
	if (queue->depth && queue->wake == WQC_WAKING && queue->kicks == queue->kicks_seen) {
		list_for_each_entry(runner, &queue->runners, all)
			if (queue->pool->backend->kick_again && runner->state == WQC_RUNNER_KICKED)
				queue->pool->backend->kick_again(runner);
		wqc_queue_kick(queue);
	}
	queue->kicks_seen = queue->kicks;
	wqc_heal_growth(queue);
	wqc_queue_unlock_irq(queue);
}
