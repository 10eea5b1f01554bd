// SPDX-License-Identifier: GPL-2.0
/*
 * The timer requests of mini-redirectors: post, cancel, and what follows a run. The trees of
 * those that are pending, and the hrtimer, are in rx/pending.c; what is due goes to the
 * Critical queue of the CPU where the hrtimer expired.
 *
 * A request holds a reference on its device from the post until its routine has
 * returned. wqc_timer_lock orders a post with a spin-down: the post looks at the
 * device's count under the lock, the spin-down kills the count before it takes
 * the lock to cancel, so a request is either cancelled or refused.
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
#include "timer.h"

#define WQC_NS_PER_UNIT	100	/* of a TimeInterval */

static unsigned int wqc_timer_users;		/* T */

/* Units of 100 ns, whatever their sign, as nanoseconds; too many are cut. */
static u64 wqc_interval_ns(s64 units)
{
	u64 count = units < 0 ? -(u64)units : units;

	return min_t(u64, count, KTIME_MAX / 2 / WQC_NS_PER_UNIT) * WQC_NS_PER_UNIT;
}

/* An absolute time. */
static u64 wqc_due_in(u64 ns)
{
	return ktime_get_ns() + ns;
}

/**
 * wqc_rx_timer_start - a request that was due has come to its turn in its lane
 * @item: the request's own
 * @call: receives what there is to run; with WQC_START_OVERWRITTEN what there is to report
 *
 * A one-shot ends here: its item is its client's again and it can no more be cancelled. A
 * recurrent one stays known until wqc_rx_timer_ran().
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
 * wqc_rx_timer_ran - a request's routine has returned: see to the next time
 * @call: the run; its reference on the device is still held
 *
 * Only here is a recurrent request posted again, so its runs do not overlap.
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

/* Bound of the hold: one way down each tree. If it fails, the request is freed. */
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
 * RxPostOneShotTimerRequest - have a routine called once, later
 * @pMRxDeviceObject: an initialised device
 * @pWorkItem: the caller's, nonpaged; stays until the routine is entered.
 *	Initialised here, whatever it holds.
 * @Routine: may post the item again
 * @pContext: for the routine
 * @TimeInterval: from now, in units of 100 ns; the sign does not matter
 *
 * The routine runs on a Critical worker thread, never before the time. An item whose
 * memory is freed or overwritten while it is pending is reported (0x96), and its routine is
 * not called; other requests are not harmed.
 *
 * Context: IRQL <= APC_LEVEL on Windows; here any. A device has 16 one-shots in reserve; while
 * more of it are pending or queued a post allocates, atomically. On PREEMPT_RT callers that
 * cannot sleep have the reserve only.
 * Return: STATUS_SUCCESS; STATUS_INVALID_PARAMETER for a NULL pointer or an item
 * that is pending or queued (reported, 0xE4/1); STATUS_REDIRECTOR_NOT_STARTED
 * without RxInitializeRxTimer() or RxInitializeDispatcher();
 * STATUS_DEVICE_NOT_READY for a device that was never initialised;
 * STATUS_INSUFFICIENT_RESOURCES while and after it is spun down, and without memory if the
 * reserve is used up.
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
 * RxPostRecurrentTimerRequest - have a routine called again and again
 * @pMRxDeviceObject: an initialised device
 * @Routine: what to call
 * @pContext: for the routine
 * @TimeInterval: between two calls, in units of 100 ns; not zero
 *
 * Runs do not overlap: the next is due an interval after the last was, or, if
 * the routine took longer than that, an interval after it returned.
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

/* Which requests are meant: those of a device, of a module, of an item, or all. */
struct wqc_which {
	struct wqc_rx_device *rx;	/* NULL: any */
	struct module *mod;		/* NULL: any */
	const void *item;		/* compared, never followed; NULL: any */
};

/* What was cancelled, for when the lock is dropped. */
struct wqc_cancelled {
	struct wqc_request *request;	/* was pending, is to be freed; NULL: queued, or runs */
	void *item, *routine;		/* of it; the item of a recurrent one is NULL */
	bool overwritten;		/* the item was: to be reported */
};

/* The item is asked for its address only: it is not to be followed. */
static bool wqc_is_meant(const struct wqc_which *which, const struct wqc_request *request)
{
	if ((which->rx && which->rx != request->rx) ||
	    (which->item && which->item != request->item))
		return false;
	/* A one-shot that is queued is left to run, unless the memory of its item goes. */
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

/* The same hold's other half, without the lock. */
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
 * Does not wait. The item of a cancelled one-shot is the caller's again. A
 * recurrent request whose routine runs does not come again. Of several requests that were
 * posted alike the one that is due first is cancelled.
 *
 * Context: IRQL <= APC_LEVEL on Windows; here any. Bound: one way down a tree of all requests.
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
	/* No request has the address 0: this is the first of those with these names. */
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
 * Looks at the requests behind @name, which follows, until it has cancelled one that is meant or
 * has looked at a chunk. False: that was the last.
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

/* Bound of a hold: WQC_TIMER_CHUNK requests are looked at, one is cancelled. */
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
 * wqc_rx_timers_cancel - cancel whatever is pending
 * @rx: for this device; NULL: for any
 * @mod: what wqc_search_matches_request() says of it, for a pass over this module, with a
 *	report; NULL: any
 *
 * What is queued or runs is left to end; a recurrent one does not come again. When this
 * returns, what it has left is in the queues' lanes or runs: see wqc_expiry_wait().
 *
 * Context: process.
 * Return: how many were cancelled.
 */
unsigned int wqc_rx_timers_cancel(struct wqc_rx_device *rx, struct module *mod)
{
	struct wqc_which which = { .rx = rx, .mod = mod };
	unsigned int count = wqc_cancel_all(&which, true);

	wqc_expiry_wait();
	return count;
}

/* For a pass over the queues: see unload.c. */
void wqc_rx_module_cancel(struct module *mod)
{
	wqc_rx_timers_cancel(NULL, mod);
}

/**
 * wqc_rx_timer_freed - cancel the request of an item whose memory is about to be freed
 * @item: of the request; anything else is not found
 * @call: receives its routine, and a reference that stands for none
 *
 * Looks at all requests, a chunk in each hold: it is called for misuse only.
 *
 * Context: any.
 * Return: true if it was pending, or queued.
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
 * wqc_rx_timer_item - the client's item of a request that stands in a queue
 * @own: what stands there, of kind WQC_KIND_SPECIAL
 *
 * Context: any, under the queue's lock.
 * Return: its address, which is not to be followed; NULL for a recurrent request.
 */
const void *wqc_rx_timer_item(const WORK_QUEUE_ITEM *own)
{
	return container_of(own, struct wqc_request, own)->item;
}

/* ---- the timer that all share -------------------------------------------- */

/**
 * RxInitializeRxTimer - start the timer
 *
 * Redirectors share it: each calls this, and RxTearDownRxTimer() when it goes.
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
 * The last one out cancels what is pending, which takes time in proportion, but keeps
 * interrupts off for no longer than a cancel does.
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
