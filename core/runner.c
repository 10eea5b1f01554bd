// SPDX-License-Identifier: GPL-2.0
/*
 * The runners of a queue while they are idle, kicked or gone: what the keeper
 * and the backends do with them. What a runner does when it drains is in queue.c.
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
 * wqc_queue_add_runner - give a queue one more runner
 * @queue: the queue
 * @runner: new or moved here; on no list
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
 * wqc_queue_remove_idle - take an idle runner away from its queue
 * @queue: the queue
 * @keep: so many idle ones stay
 *
 * Takes the one that has been idle longest. In one hold of the lock, so that
 * nobody can kick it afterwards.
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
 * wqc_runner_remove_dead - settle the accounts of a runner whose routine ended its thread
 * @runner: draining, its task has exited
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
	/* The watchdog would not notice that the spinner is gone while other runners run items. */
	if (queue->spinner == runner)
		wqc_spin_stop(queue);
	wqc_queue_kick_if_needed(queue);
	wqc_growth_request(queue);
	wqc_queue_unlock_irq(queue);
	if (runner->base.post_run & WQC_POST_REQUEST)
		wqc_ops.request_ran(&runner->call);
	percpu_ref_put(runner->call.ref);
}

/* Of an any-CPU pool kworkers that come to another queue will do: they are the same ones. */
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

/* Behind the others: the rescuer may not be through with this one. Under the queue's lock. */
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

/* True if no kworker has begun to drain anything of the pool for WQC_RESCUE_AFTER. */
static bool wqc_queue_needs_rescuer(struct wqc_queue *queue, unsigned long drains)
{
	/* For the first time; or a kworker has come since; or that was another time. */
	if (drains != queue->drains_seen || !queue->no_kworker_since ||
	    time_after(jiffies, queue->rescued_at + HZ)) {
		queue->drains_seen = drains;
		queue->no_kworker_since = jiffies;
	}
	queue->rescued_at = jiffies;
	return time_after(jiffies, queue->no_kworker_since + WQC_RESCUE_AFTER);
}

/**
 * wqc_runner_leave_rescuer - let another runner come instead of one that the rescuer runs
 * @runner: kicked; runs in the rescuer of its workqueue
 *
 * A routine that blocks there blocks the runners that the rescuer has taken
 * along. Most of the time a kworker was only late, so the runner goes idle and
 * another is kicked. But when no kworker has begun to drain anything of the pool
 * for WQC_RESCUE_AFTER, there is no memory for kworkers, and the rescuer does the work.
 *
 * Whichever way, it pauses: it would be back at once, and the kworker needs a moment.
 * If no other runner is idle, this one is kicked at the end of that, not before:
 * a work that is queued while the rescuer is in it is the rescuer's once more.
 *
 * Context: process, sleeps.
 * Return: true if the runner has nothing more to do.
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
 * wqc_queue_kick_stuck - help where a runner was kicked and does not come
 * @queue: looked at once a second
 *
 * It may stand behind a routine that blocks in the workqueue's rescuer: it is taken out
 * from there, and another is kicked beside it. It is late, and no wake-up was lost: that is
 * wqc_heal_queue()'s to find, before this hides it.
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
