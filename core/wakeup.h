/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The wake-up protocol: see wakeup.c.
 */
#ifndef CORE_WAKEUP_H
#define CORE_WAKEUP_H

#include "core.h"
#include "growth.h"

void wqc_queue_kick(struct wqc_queue *queue);
void wqc_spin_begin_trusted(struct wqc_queue *queue, struct wqc_runner *runner);
void wqc_spin_consider(struct wqc_queue *queue, struct wqc_runner *runner);
bool wqc_spin_poll(struct wqc_queue *queue, struct wqc_runner *runner) __must_hold(&queue->lock);
void wqc_spin_stop(struct wqc_queue *queue);
void wqc_wakeup_init(struct wqc_queue *queue);
void wqc_wakeup_exit(struct wqc_queue *queue);

/* The fast path of a queue call tests @slow alone, so WQC_SLOW_WAKE in it follows the state. */
static inline void wqc_wake_set(struct wqc_queue *queue, enum wqc_wake wake)
{
	lockdep_assert_held(&queue->lock);
	queue->wake = wake;
	if (wake == WQC_WAKE_NEEDED)
		queue->slow |= WQC_SLOW_WAKE;
	else
		queue->slow &= ~WQC_SLOW_WAKE;
}

/*
 * Takes an idle runner and wakes it, in one hold of the lock. Otherwise a caller that is preempted
 * in between leaves WQC_WAKING without a wake-up (a lost wake-up for as long as it is preempted),
 * and its late wake_up_process() is a spurious wake-up for a routine that waits.
 */
static __always_inline void wqc_queue_kick_inline(struct wqc_queue *queue)
{
	struct wqc_runner *runner;

	lockdep_assert_held(&queue->lock);
	runner = queue->idle;
	if (likely(runner)) {
		queue->idle = runner->next_idle;
		WRITE_ONCE(queue->nr_idle, queue->nr_idle - 1);
		if (queue->nr_idle < queue->least_idle)
			queue->least_idle = queue->nr_idle;
		runner->state = WQC_RUNNER_KICKED;
		wqc_wake_set(queue, WQC_WAKING);
		queue->kicks++;
		queue->pool->backend->kick(runner);
		if (unlikely(READ_ONCE(wqc_dormant)))
			wqc_dormant_end();
	}
	if (unlikely(!queue->idle))
		wqc_growth_request(queue);
}

static inline bool wqc_queue_needs_kick(const struct wqc_queue *queue)
{
	return queue->slow & WQC_SLOW_WAKE && queue->depth;
}

static inline void wqc_queue_kick_if_needed(struct wqc_queue *queue)
{
	if (wqc_queue_needs_kick(queue))
		wqc_queue_kick(queue);
}

/* A runner begins to drain. Slow path: the queue is trusted, or has a spinner. */
static __always_inline void wqc_wake_drain_begin(struct wqc_queue *queue, struct wqc_runner *runner)
{
	if (unlikely(queue->trusted || queue->wake == WQC_SPINNING))
		wqc_spin_begin_trusted(queue, runner);
	else
		wqc_wake_set(queue, WQC_WAKE_NEEDED);
}

/* A runner has found its queue empty, or its turn is over. True: it continues to drain. */
static __always_inline bool wqc_wake_drain_more(struct wqc_queue *queue, struct wqc_runner *runner)
{
	return unlikely(queue->wake == WQC_SPINNING) && wqc_spin_poll(queue, runner);
}

#endif /* CORE_WAKEUP_H */
