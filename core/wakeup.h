/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The wake-up protocol: see wakeup.c.
 */
#ifndef CORE_WAKEUP_H
#define CORE_WAKEUP_H

#include "core.h"
#include "growth.h"

void wqc_kick(struct wqc_queue *queue);
void wqc_spin_trusted(struct wqc_queue *queue, struct wqc_runner *runner);
void wqc_consider_spinning(struct wqc_queue *queue, struct wqc_runner *runner);
bool wqc_spin_on(struct wqc_queue *queue, struct wqc_runner *runner) __must_hold(&queue->lock);
void wqc_stop_spinning(struct wqc_queue *queue);
void wqc_wakeup_init(struct wqc_queue *queue);
void wqc_wakeup_exit(struct wqc_queue *queue);

/* The fast path of a queue call looks at @slow alone: WQC_SLOW_WAKE there follows the state. */
static inline void wqc_set_wake(struct wqc_queue *queue, enum wqc_wake wake)
{
	lockdep_assert_held(&queue->lock);
	queue->wake = wake;
	if (wake == WQC_WAKE_NEEDED)
		queue->slow |= WQC_SLOW_WAKE;
	else
		queue->slow &= ~WQC_SLOW_WAKE;
}

/*
 * Takes an idle runner and wakes it, in this one hold of the lock. Otherwise a poster that is
 * preempted in between would have said that a runner is on its way, and a late wake_up_process()
 * would be a spurious wake-up for a routine.
 */
static __always_inline void wqc_kick_here(struct wqc_queue *queue)
{
	struct wqc_runner *runner;

	lockdep_assert_held(&queue->lock);
	runner = queue->idle;
	if (likely(runner)) {
		queue->idle = runner->next_idle;
		WRITE_ONCE(queue->nr_idle, queue->nr_idle - 1);
		runner->state = WQC_RUNNER_KICKED;
		wqc_set_wake(queue, WQC_WAKING);
		queue->kicks++;
		queue->pool->backend->kick(runner);
	}
	if (unlikely(!queue->idle))
		wqc_ask_growth(queue);
}

static inline bool wqc_needs_kick(const struct wqc_queue *queue)
{
	return queue->slow & WQC_SLOW_WAKE && queue->depth;
}

static inline void wqc_kick_if_needed(struct wqc_queue *queue)
{
	if (wqc_needs_kick(queue))
		wqc_kick(queue);
}

/* A runner begins to drain. The queue is seldom trusted, or has a spinner. */
static __always_inline void wqc_drain_begins(struct wqc_queue *queue, struct wqc_runner *runner)
{
	if (unlikely(queue->trusted || queue->wake == WQC_SPINNING))
		wqc_spin_trusted(queue, runner);
	else
		wqc_set_wake(queue, WQC_WAKE_NEEDED);
}

/* A runner has found the queue empty, or its turn is over. True: there is more to run. */
static __always_inline bool wqc_drains_on(struct wqc_queue *queue, struct wqc_runner *runner)
{
	return unlikely(queue->wake == WQC_SPINNING) && wqc_spin_on(queue, runner);
}

#endif /* CORE_WAKEUP_H */
