// SPDX-License-Identifier: GPL-2.0
/*
 * Lost wake-ups: detection and repair.
 *
 * A lost wake-up is a fault of this module: an item waits, or a kicked runner sleeps, and no
 * wake-up will come. wakeup.c and the backends prevent it; this file is the second line. The keeper
 * checks each queue once a second and repairs what it finds, so that the fault only delays items.
 * It is counted ("healed" in debugfs queues) and logged: a silent repair would hide the fault from
 * tests and administrators.
 *
 * Hazard: a false alarm. A busy host, a routine that keeps the CPU, or a routine that blocks the
 * rescuer may delay a runner for seconds, so no delay proves a lost wake-up. These do: a state of
 * the queue that the protocol never leaves at an unlock (wqc_heal_find()), or a kicked runner that
 * is neither runnable nor pending in its workqueue (@is_lost of the backend).
 */
#include <linux/compiler.h>
#include <linux/printk.h>

#include "core.h"
#include "heal.h"
#include "growth.h"
#include "queue.h"

/*
 * Returns a description of the fault for the log, or NULL. @lost receives a runner that must be
 * kicked again, or NULL. Bound of the hold of the lock: all runners of the queue, at most
 * WQC_MAX_RUNNERS or the limit that the parameters give to a CPU.
 */
static const char *wqc_heal_find(struct wqc_queue *queue, struct wqc_runner **lost)
{
	bool spinning = queue->wake == WQC_SPINNING, drains = false;
	struct wqc_runner *runner;
	u32 idle = 0, kicked = 0;

	lockdep_assert_held(&queue->lock);
	*lost = NULL;
	list_for_each_entry(runner, &queue->runners, all) {
		idle += runner->state == WQC_RUNNER_IDLE;
		drains |= runner == queue->spinner && runner->state == WQC_RUNNER_DRAINING;
		if (runner->state != WQC_RUNNER_KICKED)
			continue;
		kicked++;
		if (!*lost && queue->pool->backend->is_lost(runner))
			*lost = runner;	/* one in each check */
	}
	if (*lost)
		return "a kicked runner sleeps";
	if (idle != queue->nr_idle || !queue->nr_idle != !queue->idle)
		return "an idle runner is not on the idle list";
	if (spinning && !drains)
		return "the spinner does not drain";
	if (spinning && !queue->watchdog_armed)
		return "the watchdog of the spinner is not armed";
	if (queue->wake == WQC_WAKING && !kicked)
		return "the state is WAKING, and no runner is kicked";
	/* With a truncated lane @depth may count lost items. */
	if (queue->idle && wqc_queue_needs_kick(queue) && !queue->broken.refs)
		return "items wait, runners are idle, and none is kicked";
	return NULL;
}

/**
 * wqc_heal_detect - count a lost wake-up, if there is one
 * @queue: the queue
 *
 * Context: any, under the queue's lock.
 * Return: the runner that must be kicked again, or NULL. @queue->lost describes the fault.
 */
struct wqc_runner *wqc_heal_detect(struct wqc_queue *queue)
{
	struct wqc_runner *runner;
	const char *what = wqc_heal_find(queue, &runner);

	if (what) {
		queue->lost = what;
		queue->counter[WQC_HEALED]++;
	}
	return runner;
}

/**
 * wqc_heal_growth - repair a lost request for growth
 * @queue: the queue
 *
 * Not part of wqc_heal_find(), which any context may call: wqc_queue_grow() clears the request
 * before it makes runners, and sets it again if it could make none. Both this function and
 * wqc_queue_grow() run in the keeper, so not at the same time.
 *
 * Context: process, the keeper's, under the queue's lock.
 */
void wqc_heal_growth(struct wqc_queue *queue)
{
	lockdep_assert_held(&queue->lock);
	if (!wqc_queue_needs_kick(queue) || queue->idle || queue->growing ||
	    !wqc_queue_may_grow(queue) || queue->broken.refs)
		return;
	queue->lost = "items wait, no runner is idle, and growth was not requested";
	queue->counter[WQC_HEALED]++;
	wqc_growth_request(queue);
}

static void wqc_heal_locked(struct wqc_queue *queue)
{
	u64 before = queue->counter[WQC_HEALED];
	struct wqc_runner *runner = wqc_heal_detect(queue);

	if (runner)
		queue->pool->backend->kick(runner);
	if (queue->counter[WQC_HEALED] == before)
		return;
	/* The cause is unknown, so any state may be wrong: start again from WQC_WAKE_NEEDED. */
	queue->trusted = false;
	wqc_wake_set(queue, WQC_WAKE_NEEDED);
	wqc_queue_kick_if_needed(queue);
}

/**
 * wqc_heal_queue - find, repair and log a lost wake-up of a queue
 * @queue: the queue
 *
 * Context: process.
 */
void wqc_heal_queue(struct wqc_queue *queue)
{
	const char *what;
	u64 healed;

	wqc_queue_lock_irq(queue);
	wqc_heal_locked(queue);
	healed = queue->counter[WQC_HEALED];
	what = healed != queue->healed_logged ? queue->lost : NULL;
	queue->healed_logged = healed;
	wqc_queue_unlock_irq(queue);
	if (what)
		pr_warn_ratelimited("wq_compat: class %s, CPU %d: lost wake-up: %s; %llu by now\n",
				    queue->pool->name, queue->cpu, what, healed);
}
