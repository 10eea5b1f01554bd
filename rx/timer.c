// SPDX-License-Identifier: GPL-2.0
/*
 * Timer requests of mini-redirectors: post, cancel, and repost of a recurrent request after its
 * run. rx/pending.c has the trees of pending requests and the hrtimer. A request that is due is
 * queued in the Critical queue of the CPU where the hrtimer expired.
 *
 * A request holds a reference on its device from the post until its routine has returned. A post
 * races with a spin-down: the post checks the device's count under wqc_timer_lock, and the
 * spin-down kills the count before it takes the lock to cancel. So a request is either refused or
 * cancelled.
 */
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "../core/queue.h"
#include "../core/ref.h"
#include "../core/unload.h"
#include "pending.h"
#include "timer.h"

#define WQC_NS_PER_UNIT	100	/* of a TimeInterval */

static unsigned int wqc_timer_users;		/* T */

/* Converts units of 100 ns to nanoseconds. The sign is ignored; saturates. */
static u64 wqc_interval_ns(s64 units)
{
	u64 count = units < 0 ? -(u64)units : units;

	return min_t(u64, count, KTIME_MAX / 2 / WQC_NS_PER_UNIT) * WQC_NS_PER_UNIT;
}

static u64 wqc_due_in(u64 ns)
{
	return ktime_get_ns() + ns;
}

/**
 * wqc_rx_timer_start - a due request was popped from its lane
 * @item: the request's own item
 * @call: receives the routine to run, or, with WQC_START_OVERWRITTEN, the routine to report
 *
 * A one-shot request ends here: its item belongs to the client again and the request cannot be
 * cancelled any more. A recurrent request can be cancelled until wqc_rx_timer_ran().
 *
 * Context: any, under the queue's lock.
 * Return: whether the routine is to be called.
 */
enum wqc_start wqc_rx_timer_start(WORK_QUEUE_ITEM *item, struct wqc_call *call)
{
	struct wqc_request *request = container_of(item, struct wqc_request, own);
	enum wqc_start start = WQC_START_RUN;
	unsigned long flags;
	bool gone;

	raw_spin_lock_irqsave(&wqc_timer_lock, flags);
	list_del(&request->queued);
	gone = request->item || request->cancelled;
	if (request->cancelled) {
		start = WQC_START_CANCELLED;
	} else {
		call->routine = item->WorkerRoutine;
		call->parameter = item->Parameter;
		call->item = request->item ? (void *)request->item : item;
		call->recurrent = request->item ? NULL : request;
		if (request->item) {
			wqc_request_end_name(request);
			if (!wqc_request_release_item(request))
				start = WQC_START_OVERWRITTEN;
		}
	}
	wqc_timer_unlock(flags);
	if (gone)
		wqc_request_free(request);
	return start;
}

/**
 * wqc_rx_timer_ran - repost a recurrent request after its routine has returned
 * @call: the run; its reference on the device is still held
 *
 * A recurrent request is reposted only here, so its runs never overlap.
 *
 * Context: process.
 */
void wqc_rx_timer_ran(struct wqc_call *call)
{
	struct wqc_request *request = call->recurrent;
	unsigned long flags;
	u64 due, now;
	bool gone;

	if (!request)
		return;
	raw_spin_lock_irqsave(&wqc_timer_lock, flags);
	gone = request->cancelled;
	if (!gone) {
		wqc_request_end_name(request);
		gone = percpu_ref_is_dying(&request->rx->ref);
	}
	if (!gone) {
		percpu_ref_get(&request->rx->ref);
		now = ktime_get_ns();
		due = request->due + request->interval;
		if (due < now)
			due = now + request->interval;
		wqc_request_add(request, due);
	}
	wqc_timer_unlock(flags);
	if (gone)
		wqc_request_free(request);
}

static struct wqc_rx_device *wqc_timer_rx(PRDBSS_DEVICE_OBJECT nt, NTSTATUS *status)
{
	struct wqc_rx_device *rx;
	unsigned long flags;

	local_irq_save(flags);
	rx = wqc_rx_get(nt, status);
	local_irq_restore(flags);
	return rx;
}

/* Frees the request on failure. Bound of the hold: one descent of each tree. */
static NTSTATUS wqc_post_request(struct wqc_request *request, u64 due)
{
	struct wqc_rx_device *rx = request->rx;
	NTSTATUS status = STATUS_SUCCESS;
	unsigned long flags;

	raw_spin_lock_irqsave(&wqc_timer_lock, flags);
	if (!wqc_timer_users) {
		status = STATUS_REDIRECTOR_NOT_STARTED;
	} else if (percpu_ref_is_dying(&rx->ref)) {
		status = STATUS_INSUFFICIENT_RESOURCES;
	} else if (request->item &&
		   !wqc_mark_claim(&request->item->WorkQueueItem.WorkQueueItem, WQC_KIND_SPECIAL)) {
		status = STATUS_INVALID_PARAMETER;
	} else {
		if (request->item)
			wqc_request_bind_item(request);
		wqc_request_add(request, due);
	}
	wqc_timer_unlock(flags);
	if (status)
		wqc_request_free(request);
	return status;
}

static NTSTATUS wqc_post_one_shot(struct wqc_rx_device *rx, RX_WORK_ITEM *item,
				  PRX_WORKERTHREAD_ROUTINE routine, PVOID context, u64 ns)
{
	struct wqc_request *request = wqc_request_new(rx);

	if (!request)
		return STATUS_INSUFFICIENT_RESOURCES;
	request->own.WorkerRoutine = routine;
	request->own.Parameter = context;
	request->item = item;
	return wqc_post_request(request, wqc_due_in(ns));
}

static NTSTATUS wqc_post_recurrent(struct wqc_rx_device *rx, PRX_WORKERTHREAD_ROUTINE routine,
				   PVOID context, u64 ns)
{
	struct wqc_request *request = kzalloc(sizeof(*request), GFP_ATOMIC | __GFP_NOWARN);

	if (!request)
		return STATUS_INSUFFICIENT_RESOURCES;
	request->rx = rx;
	request->own.WorkerRoutine = routine;
	request->own.Parameter = context;
	request->interval = ns;
	return wqc_post_request(request, wqc_due_in(ns));
}

/**
 * RxPostOneShotTimerRequest - call a routine once, after an interval
 * @pMRxDeviceObject: an initialised device
 * @pWorkItem: the caller's nonpaged memory, valid until the routine is entered. Initialised here,
 *	whatever it holds.
 * @Routine: may post the item again
 * @pContext: for the routine
 * @TimeInterval: from now, in units of 100 ns; the sign is ignored
 *
 * The routine runs on a Critical worker thread, never before the interval has elapsed. If the
 * item's memory is freed or overwritten while the request is pending, that is reported (0x96)
 * and the routine is not called; other requests are not affected.
 *
 * Context: IRQL <= APC_LEVEL on Windows; here any. Each device has a reserve of 16 requests.
 * While more one-shots of the device are pending or queued, a post allocates atomically. On
 * PREEMPT_RT, callers that cannot sleep can use only the reserve.
 * Return: STATUS_SUCCESS; STATUS_INVALID_PARAMETER for a NULL pointer or an item
 * that is pending or queued (reported, 0xE4/1); STATUS_REDIRECTOR_NOT_STARTED
 * without RxInitializeRxTimer() or RxInitializeDispatcher();
 * STATUS_DEVICE_NOT_READY for a device that was never initialised;
 * STATUS_INSUFFICIENT_RESOURCES while and after the device is spun down, and if the reserve is
 * exhausted and no memory can be allocated.
 *
 * Follows: DDI rxtimer/nf-rxtimer-rxpostoneshottimerrequest.
 */
NTSTATUS NTAPI RxPostOneShotTimerRequest(PRDBSS_DEVICE_OBJECT pMRxDeviceObject,
					 PRX_WORK_ITEM pWorkItem,
					 PRX_WORKERTHREAD_ROUTINE Routine, PVOID pContext,
					 LARGE_INTEGER TimeInterval)
{
	struct wqc_rx_device *rx;
	NTSTATUS status = STATUS_INVALID_PARAMETER;

	if (wqc_is_item_address(pWorkItem) && wqc_is_kernel_address(Routine)) {
		rx = wqc_timer_rx(pMRxDeviceObject, &status);
		if (rx) {
			status = wqc_post_one_shot(rx, pWorkItem, Routine, pContext,
						   wqc_interval_ns(TimeInterval.QuadPart));
			if (status == STATUS_SUCCESS)
				return status;
			percpu_ref_put(&rx->ref);
			if (status == STATUS_INVALID_PARAMETER)
				wqc_report(WQC_R_QUEUED_TWICE,
					   "timer item %p, routine %ps, from %pS", pWorkItem,
					   Routine, (void *)_RET_IP_);
		}
	}
	wqc_rx_failed(pMRxDeviceObject, CriticalWorkQueue, Routine, status);
	return status;
}
EXPORT_SYMBOL_GPL(RxPostOneShotTimerRequest);

/**
 * RxPostRecurrentTimerRequest - call a routine periodically
 * @pMRxDeviceObject: an initialised device
 * @Routine: the routine
 * @pContext: for the routine
 * @TimeInterval: between two calls, in units of 100 ns; not zero
 *
 * Runs never overlap. The next run is due one interval after the last one was due; if the
 * routine took longer than that, one interval after it returned.
 *
 * Context: IRQL <= APC_LEVEL on Windows; here any, on PREEMPT_RT process context.
 * Return: STATUS_SUCCESS; STATUS_INVALID_PARAMETER also for a zero interval;
 * STATUS_INSUFFICIENT_RESOURCES also without memory; or as for
 * RxPostOneShotTimerRequest().
 *
 * Follows: DDI rxtimer/nf-rxtimer-rxpostrecurrenttimerrequest.
 */
NTSTATUS NTAPI RxPostRecurrentTimerRequest(PRDBSS_DEVICE_OBJECT pMRxDeviceObject,
					   PRX_WORKERTHREAD_ROUTINE Routine, PVOID pContext,
					   LARGE_INTEGER TimeInterval)
{
	NTSTATUS status = STATUS_INVALID_PARAMETER;
	struct wqc_rx_device *rx;

	if (TimeInterval.QuadPart && wqc_is_kernel_address(Routine)) {
		rx = wqc_timer_rx(pMRxDeviceObject, &status);
		if (rx) {
			status = wqc_post_recurrent(rx, Routine, pContext,
						    wqc_interval_ns(TimeInterval.QuadPart));
			if (status == STATUS_SUCCESS)
				return status;
			percpu_ref_put(&rx->ref);
		}
	}
	wqc_rx_failed(pMRxDeviceObject, CriticalWorkQueue, Routine, status);
	return status;
}
EXPORT_SYMBOL_GPL(RxPostRecurrentTimerRequest);

/* ---- cancel -------------------------------------------------------------- */

/* Selects requests: those of a device, of a module, of an item, or all. */
struct wqc_which {
	struct wqc_rx_device *rx;	/* NULL: any */
	struct module *mod;		/* NULL: any */
	const void *item;		/* an address to compare; never dereferenced. NULL: any */
};

/* A cancelled request, for wqc_end_cancel(), which runs after the lock is dropped. */
struct wqc_cancelled {
	struct wqc_request *request;	/* was pending, must be freed; NULL: queued or running */
	void *item, *routine;		/* the request's; @item is NULL if it is recurrent */
	bool overwritten;		/* the client's item was overwritten: must be reported */
};

/* Compares the address of the client's item; never dereferences it. */
static bool wqc_is_meant(const struct wqc_which *which, const struct wqc_request *request)
{
	if ((which->rx && which->rx != request->rx) ||
	    (which->item && which->item != request->item))
		return false;
	/* A queued one-shot runs, unless the memory of its item is about to be freed. */
	if (!request->pending && request->item && !which->item)
		return false;
	return !which->mod ||
	       wqc_search_matches_request(request->item, &request->own,
					  READ_ONCE(request->rx->owner), request->rx->nt);
}

static void wqc_cancel_request(struct wqc_request *request, struct wqc_cancelled *done)
{
	lockdep_assert_held(&wqc_timer_lock);
	done->item = request->item;
	done->routine = request->own.WorkerRoutine;
	done->overwritten = request->item && !wqc_request_release_item(request);
	wqc_request_end_name(request);
	request->cancelled = true;
	if (request->pending) {
		wqc_request_end_pending(request);
		done->request = request;
	}
}

/* Completes wqc_cancel_request(), after the lock was dropped. */
static void wqc_end_cancel(const struct wqc_cancelled *done)
{
	struct wqc_rx_device *rx;

	if (done->request) {
		rx = done->request->rx;
		wqc_request_free(done->request);
		percpu_ref_put(&rx->ref);
	}
	if (done->overwritten)
		wqc_request_report(done->item, done->routine);
}

/**
 * RxCancelTimerRequest - cancel a one-shot or recurrent request
 * @pMRxDeviceObject: as it was posted
 * @Routine: as it was posted
 * @pContext: as it was posted
 *
 * Never waits. The item of a cancelled one-shot belongs to the caller again. If the routine of
 * a recurrent request is running, it is not called again. Of several requests with the same
 * arguments, the one that is due first is cancelled.
 *
 * Context: IRQL <= APC_LEVEL on Windows; here any. Bound: one descent of a tree of all requests.
 * Return: STATUS_SUCCESS; STATUS_NOT_FOUND if there is no such request, or it is
 * a one-shot whose routine has begun; STATUS_INVALID_PARAMETER for a NULL
 * pointer; STATUS_DEVICE_NOT_READY for a device that was never initialised.
 *
 * Follows: DDI rxtimer/nf-rxtimer-rxcanceltimerrequest.
 */
NTSTATUS NTAPI RxCancelTimerRequest(PRDBSS_DEVICE_OBJECT pMRxDeviceObject,
				    PRX_WORKERTHREAD_ROUTINE Routine, PVOID pContext)
{
	struct wqc_timer_name name = { .routine = Routine, .context = pContext };
	struct wqc_cancelled done = {};
	struct wqc_request *request;
	unsigned long flags;

	if (!wqc_is_kernel_address(pMRxDeviceObject) || !wqc_is_kernel_address(Routine))
		return STATUS_INVALID_PARAMETER;
	name.rx = wqc_rx_find(pMRxDeviceObject);
	if (!name.rx)
		return STATUS_DEVICE_NOT_READY;
	raw_spin_lock_irqsave(&wqc_timer_lock, flags);
	/* name.due and name.request are 0: finds the first request with these arguments. */
	request = wqc_request_after(&name);
	if (request && (request->rx != name.rx || request->own.WorkerRoutine != Routine ||
			request->own.Parameter != pContext))
		request = NULL;
	if (request)
		wqc_cancel_request(request, &done);
	wqc_timer_unlock(flags);
	if (!request)
		return STATUS_NOT_FOUND;
	wqc_end_cancel(&done);
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(RxCancelTimerRequest);

/*
 * Checks the requests after @name, and advances @name, until a selected request is cancelled or a
 * chunk is checked. False: no request is left.
 */
static bool wqc_cancel_next(const struct wqc_which *which, struct wqc_timer_name *name,
			    struct wqc_cancelled *done, unsigned int *count)
{
	struct wqc_request *request = wqc_request_after(name);
	unsigned int looks;

	for (looks = 0; request && looks < WQC_TIMER_CHUNK; looks++) {
		if (which->rx && which->rx != request->rx)
			return false;
		*name = wqc_request_name(request);
		if (wqc_is_meant(which, request)) {
			wqc_cancel_request(request, done);
			++*count;
			break;
		}
		request = wqc_request_next(request);
	}
	return request;
}

/* Bound of a hold: WQC_TIMER_CHUNK requests are checked and one is cancelled. */
static unsigned int wqc_cancel_all(const struct wqc_which *which, bool may_sleep)
{
	struct wqc_timer_name name = { .rx = which->rx };
	struct wqc_cancelled done;
	unsigned int count = 0;
	unsigned long flags;
	bool more;

	do {
		done = (struct wqc_cancelled){};
		raw_spin_lock_irqsave(&wqc_timer_lock, flags);
		more = wqc_cancel_next(which, &name, &done, &count);
		wqc_timer_unlock(flags);
		if (which->mod && done.routine)
			wqc_report(WQC_R_TIMER_LEFT, "%s: Rx timer request %p, routine %ps",
				   module_name(which->mod), done.item, done.routine);
		wqc_end_cancel(&done);
		if (may_sleep)
			cond_resched();
	} while (more);
	return count;
}

/**
 * wqc_rx_timers_cancel - cancel all pending requests of a device or module
 * @rx: requests of this device; NULL: of any device
 * @mod: requests that wqc_search_matches_request() attributes to this module, with a report;
 *	NULL: any
 *
 * Queued requests and running routines are not interrupted; a recurrent request is not reposted.
 * After the return, every remaining request is in a lane or running: see wqc_expiry_wait().
 *
 * Context: process.
 * Return: the number of cancelled requests.
 */
unsigned int wqc_rx_timers_cancel(struct wqc_rx_device *rx, struct module *mod)
{
	struct wqc_which which = { .rx = rx, .mod = mod };
	unsigned int count = wqc_cancel_all(&which, true);

	wqc_expiry_wait();
	return count;
}

/* Before a search of the queues for an unloading module: see core/unload.c. */
void wqc_rx_module_cancel(struct module *mod)
{
	wqc_rx_timers_cancel(NULL, mod);
}

/**
 * wqc_rx_timer_freed - cancel the request of an item whose memory is about to be freed
 * @item: the item; may be of no request
 * @call: receives the routine, and the null object's reference
 *
 * Checks all requests, a chunk in each hold of the lock. A slow path: called only for misuse.
 *
 * Context: any.
 * Return: true if a request of the item was pending or queued.
 */
bool wqc_rx_timer_freed(const WORK_QUEUE_ITEM *item, struct wqc_call *call)
{
	struct wqc_which which = {
		.item = container_of(item, RX_WORK_ITEM, WorkQueueItem.WorkQueueItem)
	};
	struct wqc_timer_name name = {};
	struct wqc_cancelled done = {};
	unsigned int count = 0;
	unsigned long flags;
	bool more;

	do {
		raw_spin_lock_irqsave(&wqc_timer_lock, flags);
		more = wqc_cancel_next(&which, &name, &done, &count);
		wqc_timer_unlock(flags);
	} while (more && !count);
	if (!count)
		return false;
	call->routine = done.routine;
	call->ref = &wqc_null_object.ref;
	wqc_end_cancel(&done);
	return true;
}

/**
 * wqc_rx_timer_item - the client's item of a queued request
 * @own: the request's own item, of kind WQC_KIND_SPECIAL
 *
 * Context: any, under the queue's lock.
 * Return: the address, never to be dereferenced; NULL for a recurrent request.
 */
const void *wqc_rx_timer_item(const WORK_QUEUE_ITEM *own)
{
	return container_of(own, struct wqc_request, own)->item;
}

/* ---- the shared timer ------------------------------------------------------ */

/**
 * RxInitializeRxTimer - start the timer
 *
 * All redirectors share it. Each calls this at start and RxTearDownRxTimer() at unload.
 *
 * Context: IRQL PASSIVE_LEVEL; here any.
 * Return: STATUS_SUCCESS.
 *
 * Follows: rxtimer.h.
 */
NTSTATUS NTAPI RxInitializeRxTimer(void)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&wqc_timer_lock, flags);
	wqc_timer_users++;
	wqc_timer_unlock(flags);
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(RxInitializeRxTimer);

/**
 * RxTearDownRxTimer - the counterpart of RxInitializeRxTimer()
 *
 * The last redirector's call cancels all pending requests. The time is proportional to their
 * number, but interrupts are off no longer than for one cancel.
 *
 * Context: IRQL PASSIVE_LEVEL; here any.
 *
 * Follows: rxtimer.h.
 */
VOID NTAPI RxTearDownRxTimer(void)
{
	struct wqc_which which = {};
	unsigned long flags;
	bool last;

	raw_spin_lock_irqsave(&wqc_timer_lock, flags);
	last = wqc_timer_users == 1;
	if (wqc_timer_users)
		wqc_timer_users--;
	wqc_timer_unlock(flags);
	if (last)
		wqc_cancel_all(&which, false);
}
EXPORT_SYMBOL_GPL(RxTearDownRxTimer);
