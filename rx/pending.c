// SPDX-License-Identifier: GPL-2.0
/*
 * Pending timer requests, and the hrtimer.
 *
 * A request is wq_compat's own memory. It is in two red-black trees: by due time while it is
 * pending; by device, routine and context while it can be cancelled. The RX_WORK_ITEM of a
 * one-shot is the client's memory.
 *
 * Hazard: a buggy client frees or overwrites the item while its request is pending, which would
 * be a use-after-free or would corrupt a list. Mechanism: no link goes through the item. The item
 * has only a mark, so that it cannot be posted twice, and the address of its request. Both are
 * compared once, when the request starts or is cancelled. So a client that corrupts an item loses
 * that one request.
 *
 * A due request is queued through an item in wq_compat's own memory, too (wqc_request.own). A
 * request that is cancelled while it is queued is flagged and stays in its lane, so no cancel
 * walks a lane.
 *
 * Lock order: a queue's lock, wqc_timer_lock, the hrtimer base's lock. Between the trees and a
 * lane a request is in flight, protected by neither lock. Its device's count and
 * wqc_rx_device.queued cover it; a search for unload waits for the interrupt that is moving it,
 * see wqc_expiry_wait().
 */
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/preempt.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "../core/cache.h"
#include "../core/queue.h"
#include "../lib/hrtimer.h"
#include "pending.h"

/* Minimum pause between two timer interrupts if the first one leaves due requests. */
#define WQC_TIMER_REST_NS	(50 * NSEC_PER_USEC)

/*
 * Bound of a hold: WQC_TIMER_CHUNK requests, and one descent of each tree: 2 log2(n) of n
 * requests. The visited requests are counted, see wqc_timers_show().
 */
DEFINE_RAW_SPINLOCK(wqc_timer_lock);
static struct rb_root_cached wqc_by_time = RB_ROOT_CACHED;	/* T */
static struct rb_root wqc_by_name = RB_ROOT;			/* T */
static u32 wqc_pending;		/* T: requests in wqc_by_time */
static u32 wqc_visited;		/* T: requests visited in this hold */
static u32 wqc_max_visited;	/* T: the maximum of all holds */
static u32 wqc_expiry;		/* T: odd while the timer interrupt runs */
static u64 wqc_expired_at;	/* T: when the last interrupt ended */
static u32 wqc_expired_row;	/* T: requests queued by interrupts without a pause between them */
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

/* On PREEMPT_RT, and where lockdep checks for it, the slab allocator takes sleeping locks. */
#define WQC_SLAB_SLEEPS		(IS_ENABLED(CONFIG_PREEMPT_RT) || \
				 IS_ENABLED(CONFIG_PROVE_RAW_LOCK_NESTING))

/* Must be called before a lock of wq_compat is taken. */
static bool wqc_may_use_slab(void)
{
	return !WQC_SLAB_SLEEPS || preemptible();
}

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
 * wqc_request_new - take a one-shot request from the device's reserve or the slab
 * @rx: the device
 *
 * On kernels where callers that cannot sleep have only the reserve, callers that can sleep try
 * the slab first.
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
 * wqc_request_free - free a request that is in no tree and on no list
 * @request: one-shot or recurrent
 *
 * The request goes to its device's reserve, unless that is full. Where the slab cannot be used,
 * the reserve grows beyond its size; wqc_rx_trim_reserve() trims it.
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
 * wqc_rx_fill_reserve - allocate a device's reserve of requests
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
 * wqc_rx_trim_reserve - free the surplus requests of a device that is spun down
 * @rx: the device
 * @keep: the number of requests that stay in the reserve
 *
 * Also frees lost requests: those that were in a lane behind an overwritten item. Their
 * references have been put already.
 *
 * Context: process. No item of the device is queued or running.
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

/* LastTick and Options together are the address of the request that has the item. */
static u64 wqc_cookie(const RX_WORK_ITEM *item)
{
	return (u64)item->Options << 32 | item->LastTick;
}

/* Writes the request into its claimed item. Under wqc_timer_lock. */
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
 * wqc_request_release_item - return the item of a one-shot request to its client
 * @request: one-shot; it starts or was cancelled
 *
 * The item's memory may have been overwritten, freed or unmapped. So it is read with a nofault
 * copy, and written only if it is as wqc_request_bind_item() left it. If the client cleared the
 * item and posted it again, it belongs to another request and the cookie differs.
 *
 * Context: any, under wqc_timer_lock.
 * Return: true; false, with nothing written, if the item was overwritten.
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

/* The first request after @name in the order of wqc_by_name. */
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

/* The next request in the order of wqc_by_name. */
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
 * @request: its fields are written, and it holds a reference on its device
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

/* The request is due or cancelled. */
void wqc_request_end_pending(struct wqc_request *request)
{
	lockdep_assert_held(&wqc_timer_lock);
	rb_erase_cached(&request->by_time, &wqc_by_time);
	request->pending = false;
	request->rx->timers--;
	wqc_pending--;
}

/* The request cannot be cancelled any more. */
void wqc_request_end_name(struct wqc_request *request)
{
	lockdep_assert_held(&wqc_timer_lock);
	rb_erase(&request->by_name, &wqc_by_name);
}

/* ---- the hrtimer --------------------------------------------------------- */

/* The request is in flight: only this interrupt uses it, see the top of the file. */
static void wqc_queue_request(struct wqc_request *request)
{
	WORK_QUEUE_ITEM *item = &request->own;
	unsigned long flags;

	/* Not visible to other callers until it is linked, so it needs no claim. */
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
 * Starvation: due requests may be left after a chunk. If the hrtimer were armed for their time,
 * which is past, the kernel would call it again inside this interrupt, for as long as requests
 * are due. So it is armed for a time in the future, at least as far away as this interrupt was
 * long: other work gets at least half of the CPU. Calls without a pause between them are counted
 * as one.
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
	/* Pairs with wqc_expiry_wait(), which then sees the queued requests in their lanes. */
	smp_store_release(&wqc_expiry, wqc_expiry + 1);
	wqc_arm(left ? now + rest : 0);
	wqc_timer_unlock(flags);
}

/* Bound: WQC_TIMER_CHUNK requests are queued, each in a separate hold of the lock. */
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
 * wqc_expiry_wait - wait until no request is in flight between the trees and a lane
 *
 * Hazard: a search of the trees and then of the lanes misses a request that is in flight. The
 * search calls this in between: a request that was in flight during the first step is in its lane
 * in the second. Proof: tests/litmus/rx-expiry.litmus.
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
		 "# most_visited: most requests visited in one hold of the lock, or by one interrupt\n");
	seq_printf(m, "pending=%u most_visited=%u\n", pending, most);
}

void wqc_rx_timer_init(void)
{
	wqc_hrtimer_setup(&wqc_hrtimer, wqc_timer_expired, CLOCK_MONOTONIC, HRTIMER_MODE_ABS_HARD);
}

/* No client is loaded, so no request is pending. */
void wqc_rx_timer_exit(void)
{
	hrtimer_cancel(&wqc_hrtimer);
}
