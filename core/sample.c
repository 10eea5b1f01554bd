// SPDX-License-Identifier: GPL-2.0
/*
 * Sampled times: how long an item waits and how long its routine runs, shown as histograms in
 * debugfs. One waiting item of a queue is timed at a time; queue.c chooses which.
 */
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/log2.h>
#include <linux/timekeeping.h>

#include "core.h"
#include "sample.h"

/**
 * wqc_sample_begin - begin to time an item
 * @queue: the queue that it was appended to
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
	data_race(*word ^= WQC_KIND_SAMPLED);	/* see wqc_mark_link() */
}

static inline void wqc_hist_add(u32 *hist, u64 ns)
{
	hist[min_t(unsigned int, ns ? ilog2(ns) : 0, WQC_HIST_BUCKETS - 1)]++;
}

/**
 * wqc_sample_start - count how long the timed item has waited, and time its run
 * @queue: the runner's
 * @runner: has popped the item
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
 * wqc_sample_end - count how long the timed run has taken
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
