// SPDX-License-Identifier: GPL-2.0
/*
 * The list of pending timer requests, and the hrtimer.
 *
 * It is in the order in which they are due, linked through the mark of their item as in a
 * queue, so that an item that is pending cannot be posted a second time. The items are
 * their clients' memory: one that was freed, or written over, must not lead us astray. So
 * whoever follows the list looks at each first, and cuts the list off before one that is
 * no request. What is lost with it is made good as far as it can be: recurrent requests,
 * which are our own memory, are put back, and devices get their references back.
 *
 * Handed over without a lock: devices, from list_add_tail_rcu() (a store-release after all
 * that is read here was written) to the walk of the list, which follows the pointer: by
 * address dependency. They are never taken off it, so the walk needs no RCU. A request goes
 * from this list to its queue under the locks of both.
 */
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/rculist.h>

#include "rx_timer.h"
#include "wq_hrtimer.h"
#include "wq_internal.h"
#include "wq_queue.h"

DEFINE_RAW_SPINLOCK(wqc_timer_lock);
LIST_HEAD(wqc_recurrents);
static struct wqc_lane wqc_pending;		/* T: only head and tail are used */
static u32 wqc_requests;			/* T: so many are pending */
static WORK_QUEUE_ITEM *wqc_broken_request;	/* T: to be reported at the unlock */
static struct hrtimer wqc_hrtimer;

/* Gives the lock up, and reports what was found under it. */
void wqc_timer_unlock(unsigned long flags) __releases(&wqc_timer_lock)
{
	WORK_QUEUE_ITEM *broken = wqc_broken_request;

	wqc_broken_request = NULL;
	raw_spin_unlock_irqrestore(&wqc_timer_lock, flags);
	if (unlikely(broken))
		wqc_report(WQC_R_BAD_ENTRY,
			   "timer item %p: overwritten while pending; it and the one-shots behind it are lost",
			   broken);
}

/* In memory that may hold anything. Devices are few. */
static bool wqc_is_request(WORK_QUEUE_ITEM *item)
{
	u64 mark = READ_ONCE(*wqc_word(item));
	struct wqc_recurrent *recurrent = wqc_recurrent_of(item), *known;
	struct wqc_rx_device *rx;

	if (!wqc_is_mark(mark) || wqc_mark_kind(mark) != WQC_KIND_OTHER)
		return false;
	if (recurrent) {
		list_for_each_entry(known, &wqc_recurrents, all)
			if (known == recurrent)
				return true;
		return false;
	}
	list_for_each_entry_lockless(rx, &wqc_rx_devices, all)
		if (rx == wqc_request_rx(item))
			return true;
	return false;
}

static WORK_QUEUE_ITEM *wqc_linked(WORK_QUEUE_ITEM *item)
{
	WORK_QUEUE_ITEM *next = wqc_mark_next(READ_ONCE(*wqc_word(item)));

	return next == &wqc_list_end ? NULL : next;
}

static void wqc_link_request(WORK_QUEUE_ITEM *prev, WORK_QUEUE_ITEM *next)
{
	if (prev)
		WRITE_ONCE(*wqc_word(prev), wqc_mark(next ?: &wqc_list_end, WQC_KIND_OTHER));
	else
		wqc_pending.head = next;
	if (!next)
		wqc_pending.tail = prev;
}

/* Everything before @item has been looked at. */
static noinline void wqc_cut_off(WORK_QUEUE_ITEM *prev, WORK_QUEUE_ITEM *item)
{
	struct wqc_recurrent *recurrent;
	struct wqc_rx_device *rx;

	lockdep_assert_held(&wqc_timer_lock);
	wqc_broken_request = item;
	wqc_link_request(prev, NULL);
	list_for_each_entry_lockless(rx, &wqc_rx_devices, all)
		rx->timers_found = 0;
	list_for_each_entry(recurrent, &wqc_recurrents, all)
		recurrent->found = false;
	for (item = wqc_pending.head; item; item = wqc_linked(item)) {
		wqc_request_rx(item)->timers_found++;
		if (wqc_recurrent_of(item))
			wqc_recurrent_of(item)->found = true;
	}
	list_for_each_entry(recurrent, &wqc_recurrents, all) {
		if (!recurrent->pending || recurrent->found)
			continue;
		recurrent->pending = false;
		recurrent->rx->timers--;
		recurrent->rx->timers_found++;
		wqc_requests--;
		wqc_add_request(recurrent->rx, &recurrent->item.WorkQueueItem.WorkQueueItem,
				wqc_due(&recurrent->item), true);
	}
	list_for_each_entry_lockless(rx, &wqc_rx_devices, all)
		for (; rx->timers > rx->timers_found; rx->timers--, wqc_requests--)
			percpu_ref_put(&rx->ref);
}

/* The first one, after every one has been looked at. */
WORK_QUEUE_ITEM *wqc_first_request(void)
{
	WORK_QUEUE_ITEM *item, *prev = NULL;

	lockdep_assert_held(&wqc_timer_lock);
	for (item = wqc_pending.head; item; prev = item, item = wqc_linked(item)) {
		if (unlikely(!wqc_is_request(item))) {
			wqc_cut_off(prev, item);
			break;
		}
	}
	return wqc_pending.head;
}

/* After wqc_first_request(), in the same hold of the lock. */
WORK_QUEUE_ITEM *wqc_next_request(WORK_QUEUE_ITEM *item)
{
	item = wqc_linked(item);
	return item && likely(wqc_is_request(item)) ? item : NULL;
}

static void wqc_set_due(RX_WORK_ITEM *request, u64 due, bool recurrent)
{
	due = (due & ~WQC_RECURRENT) | (recurrent ? WQC_RECURRENT : 0);
	request->LastTick = lower_32_bits(due);
	request->Options = upper_32_bits(due);
}

static void wqc_arm(void)
{
	if (wqc_pending.head)
		hrtimer_start(&wqc_hrtimer,
			      ns_to_ktime(wqc_due(wqc_request_of(wqc_pending.head))),
			      HRTIMER_MODE_ABS_HARD);
}

/*
 * Between which two requests one belongs that is due then. Requests are mostly posted in the
 * order in which they are due, so the end is tried first.
 */
static WORK_QUEUE_ITEM *wqc_find_place(u64 due, WORK_QUEUE_ITEM **prev)
{
	WORK_QUEUE_ITEM *next;

	*prev = wqc_pending.head ? wqc_pending.tail : NULL;
	if (!*prev || (likely(wqc_is_request(*prev)) && wqc_due(wqc_request_of(*prev)) <= due))
		return NULL;
	*prev = NULL;
	next = wqc_first_request();
	while (next && wqc_due(wqc_request_of(next)) <= due) {
		*prev = next;
		next = wqc_next_request(next);
	}
	return next;
}

/**
 * wqc_add_request - put a claimed request in its place
 * @rx: its device, whose reference is the request's now
 * @item: its item
 * @due: absolute, in ns
 * @recurrent: the item is a struct wqc_recurrent's
 *
 * Context: any, under wqc_timer_lock.
 */
void wqc_add_request(struct wqc_rx_device *rx, WORK_QUEUE_ITEM *item, u64 due, bool recurrent)
{
	WORK_QUEUE_ITEM *prev, *next;

	lockdep_assert_held(&wqc_timer_lock);
	/* First: it may find the list broken, and count what there is. */
	next = wqc_find_place(due, &prev);
	wqc_set_due(wqc_request_of(item), due, recurrent);
	wqc_request_of(item)->WorkQueueItem.pDeviceObject = (void *)rx;
	rx->timers++;
	wqc_requests++;
	if (recurrent)
		wqc_recurrent_of(item)->pending = true;
	WRITE_ONCE(*wqc_word(item), wqc_mark(next ?: &wqc_list_end, WQC_KIND_OTHER));
	wqc_link_request(prev, item);
	if (!next)
		wqc_pending.tail = item;
	if (!prev)
		wqc_arm();
}

/*
 * One that was found by wqc_first_request() or wqc_next_request(), behind @prev. With the
 * last one it shows whether others were lost, as behind one that was cleared and posted
 * again while it was pending.
 */
void wqc_remove_request(WORK_QUEUE_ITEM *prev, WORK_QUEUE_ITEM *item)
{
	lockdep_assert_held(&wqc_timer_lock);
	wqc_request_rx(item)->timers--;
	wqc_requests--;
	if (wqc_recurrent_of(item))
		wqc_recurrent_of(item)->pending = false;
	wqc_request_of(item)->WorkQueueItem.pDeviceObject = wqc_request_rx(item)->nt;
	wqc_link_request(prev, wqc_linked(item));
	if (unlikely(!wqc_pending.head && wqc_requests))
		wqc_cut_off(NULL, item);
}

static enum hrtimer_restart wqc_timer_expired(struct hrtimer *timer)
{
	unsigned long flags, nested;
	struct wqc_rx_device *rx;
	WORK_QUEUE_ITEM *item;
	u64 now;

	raw_spin_lock_irqsave(&wqc_timer_lock, flags);
	now = ktime_get_ns();
	while ((item = wqc_pending.head)) {
		if (unlikely(!wqc_is_request(item))) {
			wqc_cut_off(NULL, item);
			continue;
		}
		if (wqc_due(wqc_request_of(item)) > now)
			break;
		rx = wqc_request_rx(item);
		wqc_remove_request(NULL, item);
		WRITE_ONCE(*wqc_word(item), wqc_mark(&wqc_list_end, WQC_KIND_OTHER));
		local_irq_save(nested);
		wqc_rx_enqueue(rx, WQC_RX_CRITICAL, item, nested);
	}
	wqc_arm();
	wqc_timer_unlock(flags);
	return HRTIMER_NORESTART;
}

void wqc_rx_timer_init(void)
{
	wqc_hrtimer_setup(&wqc_hrtimer, wqc_timer_expired, CLOCK_MONOTONIC, HRTIMER_MODE_ABS_HARD);
}

/* No client is loaded, so nothing is pending. */
void wqc_rx_timer_exit(void)
{
	hrtimer_cancel(&wqc_hrtimer);
}
