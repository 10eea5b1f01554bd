// SPDX-License-Identifier: GPL-2.0
/*
 * The windows of core/window.h, of a build with WQC_WINDOWS=1: part of wq-compat there. Beside
 * the delays it checks at the unlocks what the keeper looks at once a second only, so that a
 * state that lasts for microseconds is seen.
 */
#include <linux/bits.h>
#include <linux/delay.h>
#include <linux/moduleparam.h>
#include <linux/percpu.h>

#include "../core/core.h"
#include "../core/window.h"
#include "modules/wqc_random.h"

static unsigned int windows = ~0U;
module_param(windows, uint, 0644);
MODULE_PARM_DESC(windows, "those that are delayed, a bit each, as in core/window.h");

static DEFINE_PER_CPU(u64, wqc_window_state);

/* An interrupt that comes in between makes it another number, which is as good. */
static u32 wqc_window_dice(void)
{
	u64 *state = raw_cpu_ptr(&wqc_window_state);

	if (unlikely(!*state))
		*state = wqc_random_begin(1, raw_smp_processor_id());
	return wqc_random(state);
}

/* As udelay(), which is for less than some milliseconds. */
static void wqc_window_spin(u32 us)
{
	for (; us; us--)
		udelay(1);
}

/**
 * wqc_window - wait for a moment, or not
 * @window: where
 *
 * One in eight: some microseconds; one in 512 of them: up to a millisecond, which may be what
 * an emulated CPU waits for its turn. One that is delayed alone: one in two, and up to 16 ms
 * where it is not met for each item.
 *
 * Context: any, also under a queue's lock.
 */
void wqc_window(enum wqc_window window)
{
	u32 dice = wqc_window_dice(), which = READ_ONCE(windows);

	if (!(which & BIT(window)))
		return;
	if (which == BIT(window)) {
		if (dice & 1)
			wqc_window_spin(dice >> 12 &
					(window >= WQC_W_LINGER && dice & 2 ? 16383 : 255));
	} else if (!(dice & 7)) {
		udelay(dice >> 3 & 511 ? dice >> 12 & 31 : dice >> 12 & 1023);
	}
}

/* Under the queue's lock, which is about to be dropped: the protocol holds. */
raw_spinlock_t *wqc_window_unlock(struct wqc_queue *queue)
{
	if (!(wqc_window_dice() & 7))
		wqc_count_lost(queue);
	return &queue->lock;
}

/*
 * Under the queue's lock: IoTryQueueWorkItem() has appended an item. Every item that waits has
 * a runner of its own, one of which is on its way.
 */
void wqc_window_tried(struct wqc_queue *queue)
{
	struct wqc_runner *runner;
	u32 kicked = 0;

	list_for_each_entry(runner, &queue->runners, all)
		kicked += runner->state == WQC_RUNNER_KICKED;
	if (kicked && queue->nr_idle + kicked >= queue->depth)
		return;
	queue->lost = "an item was accepted by IoTryQueueWorkItem() and has no runner";
	queue->counter[WQC_HEALED]++;
}
