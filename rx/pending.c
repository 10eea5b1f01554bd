// SPDX-License-Identifier: GPL-2.0
/*
 * The timer requests that are pending, and the hrtimer.
 *
 * A request is memory of ours and stands in two red-black trees: by the time when it is due,
 * while it is pending, and by device, routine and context, for as long as it can be cancelled.
 * The RX_WORK_ITEM of a one-shot is its client's memory, which a buggy client frees or
 * overwrites while the request is pending. No link goes through it. It holds a mark, so that it
 * cannot be posted twice, and the address of its request; both are compared once, when the
 * request is about to start or is cancelled. So a client that breaks an item loses that
 * request and no other.
 *
 * What is due is queued through an item of our own, too (wqc_request.own): a request that is
 * cancelled while it is queued is flagged and left in its lane. So no cancel walks a lane.
 *
 * Locks: a queue's lock, then wqc_timer_lock, then that of the hrtimer's CPU. Between the two
 * trees and a lane a request is in flight for a moment, held by neither lock. Its device's
 * count and wqc_rx_device.queued know of it; a search for unload waits for the interrupt that
 * has it in hand, see wqc_expiry_wait().
 */
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "../core/cache.h"
#include "../core/queue.h"
#include "../lib/hrtimer.h"
#include "timer.h"

/* After an interrupt that has left requests which are due the next comes no earlier than this. */
#define WQC_TIMER_REST_NS	(50 * NSEC_PER_USEC)

/*
 * Bound of a hold: WQC_TIMER_CHUNK requests, and one way down each tree: 2 log2(n) requests of
 * n. What was looked at is counted, see wqc_timers_show().
 */
DEFINE_RAW_SPINLOCK(wqc_timer_lock);
static struct rb_root_cached wqc_by_time = RB_ROOT_CACHED;	/* T */
static struct rb_root wqc_by_name = RB_ROOT;			/* T */
static u32 wqc_pending;		/* T: requests in the first tree */
static u32 wqc_visited;		/* T: requests looked at in this hold */
static u32 wqc_max_visited;	/* T: the most in any */
static u32 wqc_expiry;		/* T: odd while the interrupt is at work */
static u64 wqc_expired_at;	/* T: when it was at its end */
static u32 wqc_expired_row;	/* T: requests that it has queued without a rest */
static struct hrtimer wqc_hrtimer;

void wqc_timer_unlock(unsigned long flags) __releases(&wqc_timer_lock)
{
	wqc_max_visited = max(wqc_max_visited, wqc_visited);
	wqc_visited = 0;
	raw_spin_unlock_irqrestore(&wqc_timer_lock, flags);
}

void wqc_request_report(const void *item, void *routine)
{
	wqc_report(WQC_R_BAD_ENTRY,
		   "timer item %p, routine %ps: overwritten while pending; it does not run", item,
		   routine);
}

/* ---- memory -------------------------------------------------------------- */

static struct wqc_request *wqc_take_reserve(struct wqc_rx_device *rx)
{
	struct wqc_request *request;
	unsigned long flags;

	raw_spin_lock_irqsave(&wqc_timer_lock, flags);
	request = rx->reserve;
	if (request) {
		rx->reserve = request->next;
		rx->reserved--;
	}
	wqc_timer_unlock(flags);
	return request;
}

static void *wqc_request_kmalloc(gfp_t gfp)
{
	return kmalloc(sizeof(struct wqc_request), gfp);
}

static struct wqc_request *wqc_request_alloc(void)
{
	return wqc_context_alloc(wqc_request_kmalloc);
}

/**
 * wqc_request_new - a one-shot request, from the device's reserve or from the slab
 * @rx: its device
 *
 * Where callers that cannot sleep have nothing but the reserve, the others leave it to them.
 *
 * Context: any.
 * Return: the request, without an item; NULL without memory.
 */
struct wqc_request *wqc_request_new(struct wqc_rx_device *rx)
{
	struct wqc_request *request;

	if (WQC_SLAB_SLEEPS)
		request = wqc_request_alloc() ?: wqc_take_reserve(rx);
	else
		request = wqc_take_reserve(rx) ?: wqc_request_alloc();
	if (request)
		*request = (struct wqc_request){ .rx = rx };
	return request;
}

/**
 * wqc_request_free - give a request back that is in no tree and no list
 * @request: also a recurrent one
 *
 * Into its device's reserve unless that is full. Where the slab cannot be used, the reserve
 * grows beyond; wqc_rx_trim_reserve() makes good for that.
 *
 * Context: any.
 */
void wqc_request_free(struct wqc_request *request)
{
	struct wqc_rx_device *rx = request->rx;
	bool slab = wqc_may_use_slab();
	unsigned long flags;

	raw_spin_lock_irqsave(&wqc_timer_lock, flags);
	if (!slab || rx->reserved < WQC_RX_RESERVE) {
		request->next = rx->reserve;
		rx->reserve = request;
		rx->reserved++;
		request = NULL;
	}
	wqc_timer_unlock(flags);
	kfree(request);
}

/**
 * wqc_rx_fill_reserve - see that a device has its reserve of requests
 * @rx: the device
 *
 * Context: process, sleeps.
 * Return: true; false without memory.
 */
bool wqc_rx_fill_reserve(struct wqc_rx_device *rx)
{
	struct wqc_request *request;

	while (READ_ONCE(rx->reserved) < WQC_RX_RESERVE) {
		request = kzalloc(sizeof(*request), GFP_KERNEL);
		if (!request)
			return false;
		request->rx = rx;
		wqc_request_free(request);
	}
	return true;
}

/**
 * wqc_rx_trim_reserve - free what a device that is down has beyond a reserve
 * @rx: the device
 * @keep: so many stay
 *
 * Requests that stood in a lane behind an item that its client overwrote are lost with it.
 * Their references have been put; what is left of them is freed here.
 *
 * Context: process. Nothing of the device is queued or runs.
 */
void wqc_rx_trim_reserve(struct wqc_rx_device *rx, u32 keep)
{
	struct wqc_request *request;
	bool more = true;

	while (more) {
		raw_spin_lock_irq(&wqc_timer_lock);
		request = list_first_entry_or_null(&rx->queued, struct wqc_request, queued);
		if (request) {
			list_del(&request->queued);
			if (!request->cancelled) {
				wqc_request_end_name(request);
				if (request->item)
					wqc_request_release_item(request);
			}
		} else if (rx->reserved > keep) {
			request = rx->reserve;
			rx->reserve = request->next;
			rx->reserved--;
		}
		raw_spin_unlock_irq(&wqc_timer_lock);
		more = request;
		kfree(request);
	}
}

/* ---- the client's item --------------------------------------------------- */

/* LastTick and Options together: the address of the request, while it has the item. */
static u64 wqc_cookie(const RX_WORK_ITEM *item)
{
	return (u64)item->Options << 32 | item->LastTick;
}

/* The item was claimed for the request. Under wqc_timer_lock. */
void wqc_request_bind_item(struct wqc_request *request)
{
	u64 cookie = (uintptr_t)request;
	RX_WORK_ITEM *item = request->item;

	item->WorkQueueItem.WorkerRoutine = request->own.WorkerRoutine;
	item->WorkQueueItem.Parameter = request->own.Parameter;
	item->WorkQueueItem.pDeviceObject = request->rx->nt;
	item->LastTick = lower_32_bits(cookie);
	item->Options = upper_32_bits(cookie);
}

/**
 * wqc_request_release_item - make the item of a one-shot its client's again
 * @request: one-shot; it starts or was cancelled
 *
 * The item's memory may hold anything by now, or may be unmapped: it is read in a way that
 * survives a fault, and written to only if it is as wqc_request_bind_item() left it. An item
 * that was cleared and posted again is another request's: then the cookie differs.
 *
 * Context: any, under wqc_timer_lock.
 * Return: true; false if the item was overwritten. Then nothing is written to it.
 */
bool wqc_request_release_item(struct wqc_request *request)
{
	RX_WORK_ITEM *item = request->item, seen;

	lockdep_assert_held(&wqc_timer_lock);
	if (copy_from_kernel_nofault(&seen, item, sizeof(seen)) ||
	    *wqc_mark_word(&seen.WorkQueueItem.WorkQueueItem) !=
		    wqc_mark_make(&wqc_lane_end, WQC_KIND_SPECIAL) ||
	    seen.WorkQueueItem.pDeviceObject != request->rx->nt ||
	    wqc_cookie(&seen) != (uintptr_t)request)
		return false;
	wqc_mark_unclaim(&item->WorkQueueItem.WorkQueueItem);
	return true;
}

/* ---- the trees ----------------------------------------------------------- */

static struct wqc_request *wqc_of_time(const struct rb_node *node)
{
	return rb_entry_safe(node, struct wqc_request, by_time);
}

static struct wqc_request *wqc_of_name(const struct rb_node *node)
{
	return rb_entry_safe(node, struct wqc_request, by_name);
}

struct wqc_timer_name wqc_request_name(const struct wqc_request *request)
{
	return (struct wqc_timer_name){
		.rx = request->rx,
		.routine = request->own.WorkerRoutine,
		.context = request->own.Parameter,
		.due = request->due,
		.request = request,
	};
}

static bool wqc_is_before(const struct wqc_timer_name *a, const struct wqc_timer_name *b)
{
	wqc_visited++;
	if (a->rx != b->rx)
		return a->rx < b->rx;
	if (a->routine != b->routine)
		return a->routine < b->routine;
	if (a->context != b->context)
		return a->context < b->context;
	if (a->due != b->due)
		return a->due < b->due;
	return a->request < b->request;
}

static bool wqc_name_less(struct rb_node *a, const struct rb_node *b)
{
	struct wqc_timer_name left = wqc_request_name(wqc_of_name(a));
	struct wqc_timer_name right = wqc_request_name(wqc_of_name(b));

	return wqc_is_before(&left, &right);
}

static bool wqc_due_less(struct rb_node *a, const struct rb_node *b)
{
	wqc_visited++;
	return wqc_of_time(a)->due < wqc_of_time(b)->due;
}

/* The first request that comes after a name in the order of names. */
struct wqc_request *wqc_request_after(const struct wqc_timer_name *name)
{
	struct wqc_request *request, *found = NULL;
	struct rb_node *node = wqc_by_name.rb_node;
	struct wqc_timer_name its;

	lockdep_assert_held(&wqc_timer_lock);
	while (node) {
		request = wqc_of_name(node);
		its = wqc_request_name(request);
		if (wqc_is_before(name, &its)) {
			found = request;
			node = node->rb_left;
		} else {
			node = node->rb_right;
		}
	}
	return found;
}

/* The next in the order of names. */
struct wqc_request *wqc_request_next(struct wqc_request *request)
{
	wqc_visited++;
	return wqc_of_name(rb_next(&request->by_name));
}

static struct wqc_request *wqc_first_due(void)
{
	return wqc_of_time(rb_first_cached(&wqc_by_time));
}

static void wqc_arm(u64 earliest)
{
	struct wqc_request *first = wqc_first_due();

	if (first)
		hrtimer_start(&wqc_hrtimer, ns_to_ktime(max(first->due, earliest)),
			      HRTIMER_MODE_ABS_HARD);
}

/**
 * wqc_request_add - make a request pending
 * @request: its fields are written, a reference on its device is held
 * @due: absolute, in ns
 *
 * Context: any, under wqc_timer_lock.
 */
void wqc_request_add(struct wqc_request *request, u64 due)
{
	lockdep_assert_held(&wqc_timer_lock);
	request->due = due;
	request->pending = true;
	request->rx->timers++;
	wqc_pending++;
	rb_add(&request->by_name, &wqc_by_name, wqc_name_less);
	if (rb_add_cached(&request->by_time, &wqc_by_time, wqc_due_less))
		wqc_arm(0);
}

/* It is due, or cancelled. */
void wqc_request_end_pending(struct wqc_request *request)
{
	lockdep_assert_held(&wqc_timer_lock);
	rb_erase_cached(&request->by_time, &wqc_by_time);
	request->pending = false;
	request->rx->timers--;
	wqc_pending--;
}

/* It can be cancelled no more. */
void wqc_request_end_name(struct wqc_request *request)
{
	lockdep_assert_held(&wqc_timer_lock);
	rb_erase(&request->by_name, &wqc_by_name);
}

/* ---- the hrtimer --------------------------------------------------------- */

/* The request is in flight, and only this interrupt uses it: see the top of the file. */
static void wqc_queue_request(struct wqc_request *request)
{
	WORK_QUEUE_ITEM *item = &request->own;
	unsigned long flags;

	/* Ours alone until it is linked, so it needs no claim. */
	item->List.Flink = &item->List;
	WRITE_ONCE(*wqc_mark_word(item), wqc_mark_make(&wqc_lane_end, WQC_KIND_SPECIAL));
	local_irq_save(flags);
	wqc_rx_enqueue(request->rx, WQC_POOL_CRITICAL_CPU, item, flags);
}

static struct wqc_request *wqc_take_due(u64 now)
{
	struct wqc_request *request;
	unsigned long flags;

	raw_spin_lock_irqsave(&wqc_timer_lock, flags);
	request = wqc_first_due();
	if (request && request->due <= now) {
		wqc_request_end_pending(request);
		list_add_tail(&request->queued, &request->rx->queued);
	} else {
		request = NULL;
	}
	wqc_timer_unlock(flags);
	return request;
}

static void wqc_begin_expiry(void)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&wqc_timer_lock, flags);
	WRITE_ONCE(wqc_expiry, wqc_expiry + 1);
	wqc_timer_unlock(flags);
}

/*
 * Requests that are due may be left. If the hrtimer was armed for their time, which is past,
 * the kernel would call it again inside this interrupt, without end while requests are due. So
 * it is armed for a time to come: other work has the CPU for at least half of the time. What
 * calls without a rest have done is counted as the work of one.
 */
static void wqc_end_expiry(unsigned int count, u64 began)
{
	u64 now = ktime_get_ns(), rest = max(now - began, (u64)WQC_TIMER_REST_NS);
	bool left = count == WQC_TIMER_CHUNK;
	unsigned long flags;

	raw_spin_lock_irqsave(&wqc_timer_lock, flags);
	if (began - wqc_expired_at >= WQC_TIMER_REST_NS / 2)
		wqc_expired_row = 0;
	wqc_expired_at = now;
	wqc_expired_row += count;
	wqc_visited += wqc_expired_row;
	if (!left)
		wqc_expired_row = 0;
	/* Pairs with wqc_expiry_wait(): what was queued before. */
	smp_store_release(&wqc_expiry, wqc_expiry + 1);
	wqc_arm(left ? now + rest : 0);
	wqc_timer_unlock(flags);
}

/* Bound: WQC_TIMER_CHUNK requests are queued, each of them in a hold of its own. */
static enum hrtimer_restart wqc_timer_expired(struct hrtimer *timer)
{
	struct wqc_request *request;
	unsigned int count;
	u64 now;

	wqc_begin_expiry();
	now = ktime_get_ns();
	for (count = 0; count < WQC_TIMER_CHUNK; count++) {
		request = wqc_take_due(now);
		if (!request)
			break;
		wqc_queue_request(request);
	}
	wqc_end_expiry(count, now);
	return HRTIMER_NORESTART;
}

/**
 * wqc_expiry_wait - wait until what was due a moment ago is in its lane
 *
 * A search that looks at the pending requests first and at the queues next calls this in
 * between: a request that was in flight at the first look is then seen at the second.
 *
 * Context: process.
 */
void wqc_expiry_wait(void)
{
	u32 expiry;

	raw_spin_lock_irq(&wqc_timer_lock);
	expiry = wqc_expiry;
	raw_spin_unlock_irq(&wqc_timer_lock);
	/* Pairs with wqc_end_expiry(). Bound: one interrupt, which has WQC_TIMER_CHUNK requests. */
	while (expiry & 1 && smp_load_acquire(&wqc_expiry) == expiry)
		cpu_relax();
}

void wqc_timers_show(struct seq_file *m)
{
	u32 pending, most;

	raw_spin_lock_irq(&wqc_timer_lock);
	pending = wqc_pending;
	most = wqc_max_visited;
	raw_spin_unlock_irq(&wqc_timer_lock);
	seq_puts(m, "# pending: timer requests that are not due yet\n"
		 "# most_visited: requests looked at in one hold of their lock, or one interrupt\n");
	seq_printf(m, "pending=%u most_visited=%u\n", pending, most);
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
