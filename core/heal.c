// SPDX-License-Identifier: GPL-2.0
/*
 * Lost wake-ups: what proves one, and its repair.
 *
 * A lost wake-up is a fault of this module: an item waits, or a runner sleeps, and no wake-up
 * will ever come for it. The keeper looks once a second, and puts right what it finds, so that
 * the fault is no more than a delay. It is counted ("healed" in debugfs queues) and said in the
 * log, because a repair that is silent hides the fault, from a test as from an administrator.
 *
 * A runner that is late must not be counted. A host that is busy, a routine that keeps the CPU,
 * a rescuer that is blocked by a routine may each delay a runner for seconds. No time is
 * therefore a proof. What is one are states that the protocol never leaves behind at an unlock
 * of the queue, seen under the queue's lock (wqc_heal_find()), and a runner that was kicked and
 * that neither the scheduler nor the workqueue knows to be on its way (@is_lost of its backend).
 */
#include <linux/compiler.h>
#include <linux/printk.h>

#include "core.h"
#include "heal.h"
#include "growth.h"
#include "queue.h"

/*
 * What is wrong, for the log; NULL: nothing. @lost receives a runner that has to be kicked once
 * more, or NULL. One walk over all runners of the queue: WQC_MAX_RUNNERS, or the limit that the
 * parameters give to a CPU.
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
			*lost = runner;	/* one a look */
	}
	if (*lost)
		return "a runner was kicked and sleeps";
	if (idle != queue->nr_idle || !queue->nr_idle != !queue->idle)
		return "a runner is idle and not listed as idle";
	if (spinning && !drains)
		return "a spinner does not drain";
	if (spinning && !queue->watchdog_armed)
		return "no watchdog looks at a spinner";
	if (queue->wake == WQC_WAKING && !kicked)
		return "a runner is expected and none was kicked";
	/* wqc_queue_report_corruption() drops the lock in the middle of a pop. */
	if (queue->idle && wqc_queue_needs_kick(queue) && !queue->broken.lanes)
		return "items wait, runners are idle, and none was kicked";
	return NULL;
}

/**
 * wqc_heal_detect - count a lost wake-up, if there is one
 * @queue: which
 *
 * Context: any, under the queue's lock.
 * Return: the runner that has to be kicked once more, or NULL; @queue->lost says why.
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
 * wqc_heal_growth - have runners made where that was not asked for
 * @queue: which
 *
 * The request is no part of wqc_heal_find(): wqc_queue_grow() takes it back before it makes
 * runners, and makes it again if it could make none. The keeper, which runs it, is not in there now.
 *
 * Context: process, the keeper's, under the queue's lock.
 */
void wqc_heal_growth(struct wqc_queue *queue)
{
	lockdep_assert_held(&queue->lock);
	if (!wqc_queue_needs_kick(queue) || queue->idle || queue->growing ||
	    !wqc_queue_may_grow(queue) || queue->broken.lanes)
		return;
	queue->lost = "no runner is idle, and growth was not asked for";
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
	/* Whatever was wrong: nothing that the queue expects is relied on. */
	queue->trusted = false;
	wqc_wake_set(queue, WQC_WAKE_NEEDED);
	wqc_queue_kick_if_needed(queue);
}

/**
 * wqc_heal_queue - find and repair a lost wake-up of a queue, and say so
 * @queue: which
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
		pr_warn("wq_compat: class %s, CPU %d: lost wake-up: %s; %llu by now\n",
			queue->pool->name, queue->cpu, what, healed);
}
