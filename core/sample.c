// SPDX-License-Identifier: GPL-2.0
/*
 * Of some items, one at a time, it is noted how long they waited and how long they ran: what
 * debugfs shows as wait and run. queue.c says which.
 */
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/log2.h>
#include <linux/timekeeping.h>

#include "core.h"
#include "sample.h"

/**
 * wqc_sample_begin - begin to time an item
 * @queue: where it waits now
 * @item: the item
 *
 * Context: any, under the queue's lock.
 */
void wqc_sample_begin(struct wqc_queue *queue, WORK_QUEUE_ITEM *item)
{
	u64 *word = wqc_mark_word(item);

	if (wqc_mark_kind(READ_ONCE(*word)) == WQC_KIND_SPECIAL)
		return;
	queue->slow &= ~WQC_SLOW_SAMPLE;
	queue->sampled = true;
	queue->sampled_at = ktime_get_mono_fast_ns();
	data_race(*word ^= WQC_KIND_SAMPLED);	/* as wqc_mark_link() */
}

static inline void wqc_hist_add(u32 *hist, u64 ns)
{
	hist[min_t(unsigned int, ns ? ilog2(ns) : 0, WQC_HIST_BUCKETS - 1)]++;
}

/**
 * wqc_sample_start - the item that is timed has been popped
 * @queue: of @runner
 * @runner: runs it
 *
 * Context: process, under the queue's lock.
 */
void wqc_sample_start(struct wqc_queue *queue, struct wqc_runner *runner)
{
	u64 now = ktime_get_mono_fast_ns();

	queue->sampled = false;
	wqc_hist_add(queue->wait_hist, now - queue->sampled_at);
	runner->started_ns = now;
	runner->base.post_run |= WQC_POST_SAMPLED;
}

/**
 * wqc_sample_end - its routine has returned
 * @call: the run
 *
 * Context: process, the runner's.
 */
void wqc_sample_end(struct wqc_call *call)
{
	struct wqc_runner *runner = container_of(call, struct wqc_runner, call);
	u64 ns = ktime_get_mono_fast_ns() - runner->started_ns;
	unsigned long flags;

	wqc_queue_lock_irqsave(runner->queue, flags);
	wqc_hist_add(runner->queue->run_hist, ns);
	wqc_queue_unlock_irqrestore(runner->queue, flags);
}
