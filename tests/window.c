// SPDX-License-Identifier: GPL-2.0
/*
 * The race windows of core/window.h. A build with WQC_WINDOWS=1 links this file into wq-compat. It
 * delays a CPU in a window, and checks at each unlock the invariants that the keeper checks once a
 * second, so that a violation which lasts for microseconds is found.
 */
#include <linux/bits.h>
#include <linux/delay.h>
#include <linux/moduleparam.h>
#include <linux/percpu.h>

#include "../core/heal.h"
#include "../core/window.h"
#include "modules/wqc_random.h"

static unsigned int windows = ~0U;
module_param(windows, uint, 0644);
MODULE_PARM_DESC(windows, "mask of the windows that are delayed, as in core/window.h");

unsigned long wqc_window_spin_ns;
module_param_named(spin_ns, wqc_window_spin_ns, ulong, 0644);
MODULE_PARM_DESC(spin_ns, "period of the watchdog of a spinner; 0: as usual");

static DEFINE_PER_CPU(u64, wqc_window_state);

/* Not protected: an interrupt in between only changes the random number. */
static u32 wqc_window_dice(void)
{
	u64 *state = raw_cpu_ptr(&wqc_window_state);

	if (unlikely(!*state))
		*state = wqc_random_begin(1, raw_smp_processor_id());
	return wqc_random(state);
}

/* udelay() for any time: udelay() itself is limited to a few milliseconds. */
static void wqc_window_spin(u32 us)
{
	for (; us; us--)
		udelay(1);
}

/**
 * wqc_window - delay this CPU in a race window, at random
 * @window: which window
 *
 * One call in eight is delayed by some microseconds, and one in 512 of these by up to a
 * millisecond, like an emulated CPU that is not scheduled. If only one window is enabled, one
 * call in two is delayed, by up to 16 ms in a window that not every item passes.
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
					(window >= WQC_W_POLL && dice & 2 ? 16383 : 255));
	} else if (!(dice & 7)) {
		udelay(dice >> 3 & 511 ? dice >> 12 & 31 : dice >> 12 & 1023);
	}
}

/* Under the queue's lock, before its release: the invariant of the wake-up protocol holds. */
raw_spinlock_t *wqc_window_unlock(struct wqc_queue *queue)
{
	if (!(wqc_window_dice() & 7))
		wqc_heal_detect(queue);
	return &queue->lock;
}

/*
 * Under the queue's lock, after IoTryQueueWorkItem() has appended an item: every waiting item
 * has a runner of its own, of which one was kicked.
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
