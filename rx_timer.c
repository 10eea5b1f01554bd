// SPDX-License-Identifier: GPL-2.0
/*
 * The timer requests of mini-redirectors. The list of those that are pending, and the
 * hrtimer, are in rx_pending.c; what is due goes to the Critical queue of the CPU where
 * the hrtimer expired.
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
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "rx_timer.h"
#include "wq_internal.h"
#include "wq_queue.h"
#include "wq_ref.h"

#define WQC_NS_PER_UNIT	100	/* of a TimeInterval */

static unsigned int wqc_timer_users;		/* T */

/* Units of 100 ns, whatever their sign, as nanoseconds; too many are cut. */
static u64 wqc_interval_ns(s64 units)
{
	u64 count = units < 0 ? -(u64)units : units;

	return min_t(u64, count, KTIME_MAX / 2 / WQC_NS_PER_UNIT) * WQC_NS_PER_UNIT;
}

/* An absolute time; the bit is cut off: never early. */
static u64 wqc_due_in(u64 ns)
{
	return ktime_get_ns() + ns + WQC_RECURRENT;
}

/* Runs under a queue's lock, while the item is still ours. */
void wqc_rx_timer_fill_call(WORK_QUEUE_ITEM *item, struct wqc_call *call)
{
	call->recurrent = wqc_recurrent_of(item);
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
	struct wqc_rx_device *rx = container_of(call->ref, struct wqc_rx_device, ref);
	struct wqc_recurrent *recurrent = call->recurrent;
	WORK_QUEUE_ITEM *item;
	unsigned long flags;
	u64 due, now;

	if (!recurrent)
		return;
	item = &recurrent->item.WorkQueueItem.WorkQueueItem;
	raw_spin_lock_irqsave(&wqc_timer_lock, flags);
	if (recurrent->cancelled || percpu_ref_is_dying(&rx->ref)) {
		list_del(&recurrent->all);
		kfree_rcu(recurrent, rcu);
	} else {
		percpu_ref_get(&rx->ref);
		now = ktime_get_ns();
		due = wqc_due(&recurrent->item) + recurrent->interval;
		if (due < now)
			due = now + recurrent->interval;
		wqc_add_request(rx, item, due + WQC_RECURRENT, true);
	}
	wqc_timer_unlock(flags);
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

static NTSTATUS wqc_post_request(struct wqc_rx_device *rx, RX_WORK_ITEM *request,
				 PRX_WORKERTHREAD_ROUTINE routine, PVOID context, u64 due,
				 struct wqc_recurrent *recurrent)
{
	WORK_QUEUE_ITEM *item = &request->WorkQueueItem.WorkQueueItem;
	NTSTATUS status = STATUS_SUCCESS;
	unsigned long flags;

	raw_spin_lock_irqsave(&wqc_timer_lock, flags);
	if (!wqc_timer_users) {
		status = STATUS_REDIRECTOR_NOT_STARTED;
	} else if (percpu_ref_is_dying(&rx->ref)) {
		status = STATUS_INSUFFICIENT_RESOURCES;
	} else if (!wqc_claim(item, WQC_KIND_OTHER)) {
		status = STATUS_INVALID_PARAMETER;
	} else {
		item->WorkerRoutine = routine;
		item->Parameter = context;
		request->WorkQueueItem.pDeviceObject = rx->nt;
		if (recurrent)
			list_add_tail(&recurrent->all, &wqc_recurrents);
		wqc_add_request(rx, item, due, recurrent);
	}
	wqc_timer_unlock(flags);
	return status;
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
 * The routine runs on a Critical worker thread, never before the time.
 *
 * Context: IRQL <= APC_LEVEL on Windows; here any.
 * Return: STATUS_SUCCESS; STATUS_INVALID_PARAMETER for a NULL pointer or an item
 * that is pending or queued (reported, 0xE4/1); STATUS_REDIRECTOR_NOT_STARTED
 * without RxInitializeRxTimer() or RxInitializeDispatcher();
 * STATUS_DEVICE_NOT_READY for a device that was never initialised;
 * STATUS_INSUFFICIENT_RESOURCES while and after it is spun down.
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
	u64 ns;

	if (wqc_is_item(pWorkItem) && wqc_is_routine(Routine)) {
		rx = wqc_timer_rx(pMRxDeviceObject, &status);
		if (rx) {
			ns = wqc_interval_ns(TimeInterval.QuadPart);
			status = wqc_post_request(rx, pWorkItem, Routine, pContext, wqc_due_in(ns),
						  NULL);
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
	struct wqc_recurrent *recurrent = NULL;
	struct wqc_rx_device *rx;

	if (!TimeInterval.QuadPart || !wqc_is_routine(Routine))
		goto failed;
	rx = wqc_timer_rx(pMRxDeviceObject, &status);
	if (!rx)
		goto failed;
	recurrent = kzalloc(sizeof(*recurrent), GFP_ATOMIC | __GFP_NOWARN);
	if (!recurrent) {
		status = STATUS_INSUFFICIENT_RESOURCES;
		goto put;
	}
	recurrent->rx = rx;
	recurrent->interval = wqc_interval_ns(TimeInterval.QuadPart);
	status = wqc_post_request(rx, &recurrent->item, Routine, pContext,
				  wqc_due_in(recurrent->interval), recurrent);
	if (status == STATUS_SUCCESS)
		return status;
	kfree(recurrent);
put:
	percpu_ref_put(&rx->ref);
failed:
	wqc_rx_failed(pMRxDeviceObject, CriticalWorkQueue, Routine, status);
	return status;
}
EXPORT_SYMBOL_GPL(RxPostRecurrentTimerRequest);

/* ---- cancel -------------------------------------------------------------- */

/* Which requests are meant: all of a device or a module, or one by its names. */
struct wqc_which {
	struct wqc_rx_device *rx;	/* NULL: any */
	struct module *mod;		/* NULL: any */
	WORK_QUEUE_ITEM *only;		/* compared, never followed; NULL: any */
	void *routine;			/* NULL: any, then @context is ignored */
	void *context;
};

static bool wqc_is_meant(const struct wqc_which *which, struct wqc_rx_device *rx,
			 WORK_QUEUE_ITEM *item)
{
	if ((which->rx && which->rx != rx) || (which->only && which->only != item))
		return false;
	if (which->mod && !wqc_watch_request(item, rx))
		return false;
	return !which->routine || (item->WorkerRoutine == which->routine &&
				   item->Parameter == which->context);
}

static bool wqc_match_request(WORK_QUEUE_ITEM *item, u64 mark, const void *arg)
{
	const struct wqc_which *which = arg;

	return wqc_mark_kind(mark) == WQC_KIND_OTHER && wqc_is_meant(which, which->rx, item);
}

/* One pending request that is meant, off the list; NULL if there is none. */
static WORK_QUEUE_ITEM *wqc_take_pending(const struct wqc_which *which,
					 struct wqc_rx_device **rx)
{
	WORK_QUEUE_ITEM *item, *prev = NULL;
	struct wqc_recurrent *recurrent;

	lockdep_assert_held(&wqc_timer_lock);
	for (item = wqc_first_request(); item; prev = item, item = wqc_next_request(item)) {
		*rx = wqc_request_rx(item);
		if (wqc_is_meant(which, *rx, item))
			break;
	}
	if (item) {
		wqc_remove_request(prev, item);
		recurrent = wqc_recurrent_of(item);
		if (recurrent) {
			list_del(&recurrent->all);
			kfree_rcu(recurrent, rcu);
		} else {
			wqc_unclaim(item);
		}
	}
	return item;
}

/* Recurrent requests that are queued or run: they do not come again. */
static bool wqc_cancel_recurrents(struct wqc_which *which)
{
	struct wqc_recurrent *recurrent;
	bool found = false;

	lockdep_assert_held(&wqc_timer_lock);
	list_for_each_entry(recurrent, &wqc_recurrents, all) {
		WORK_QUEUE_ITEM *item = &recurrent->item.WorkQueueItem.WorkQueueItem;
		struct wqc_rx_device *rx = recurrent->rx;

		if (!recurrent->cancelled && wqc_is_meant(which, rx, item)) {
			recurrent->cancelled = true;
			found = true;
			if (which->routine) {
				which->only = item;	/* one call cancels one */
				break;
			}
		}
	}
	return found;
}

static bool wqc_take_queued(const struct wqc_which *which)
{
	struct wqc_recurrent *recurrent;
	struct wqc_call call;
	unsigned long flags;
	int cpu;

	for_each_possible_cpu(cpu) {
		if (!wqc_take_back(wqc_queue_of(WQC_RX_CRITICAL, cpu),
				   per_cpu_ptr(which->rx->lanes, cpu) + WQC_RX_CRITICAL,
				   wqc_match_request, which, &call))
			continue;
		recurrent = call.recurrent;
		if (recurrent) {
			raw_spin_lock_irqsave(&wqc_timer_lock, flags);
			list_del(&recurrent->all);
			wqc_timer_unlock(flags);
			kfree_rcu(recurrent, rcu);
		}
		percpu_ref_put(call.ref);
		return true;
	}
	return false;
}

/**
 * RxCancelTimerRequest - cancel a one-shot or recurrent request
 * @pMRxDeviceObject: as it was posted
 * @Routine: as it was posted
 * @pContext: as it was posted
 *
 * Does not wait. The item of a cancelled one-shot is the caller's again. A
 * recurrent request whose routine runs does not come again.
 *
 * Context: IRQL <= APC_LEVEL on Windows; here any.
 * Return: STATUS_SUCCESS; STATUS_NOT_FOUND if there is no such request, or it is
 * a one-shot whose routine has begun; STATUS_INVALID_PARAMETER for a NULL
 * pointer; STATUS_DEVICE_NOT_READY for a device that was never initialised.
 *
 * Follows: DDI rxtimer/nf-rxtimer-rxcanceltimerrequest.
 */
NTSTATUS NTAPI RxCancelTimerRequest(PRDBSS_DEVICE_OBJECT pMRxDeviceObject,
				    PRX_WORKERTHREAD_ROUTINE Routine, PVOID pContext)
{
	struct wqc_which which = { .routine = Routine, .context = pContext };
	struct wqc_rx_device *rx = NULL;
	bool recurrent = false;
	unsigned long flags;

	if (!wqc_is_routine(pMRxDeviceObject) || !wqc_is_routine(Routine))
		return STATUS_INVALID_PARAMETER;
	which.rx = wqc_rx_find(pMRxDeviceObject);
	if (!which.rx)
		return STATUS_DEVICE_NOT_READY;
	/* In one hold: a recurrent one that comes back in between would run again. */
	raw_spin_lock_irqsave(&wqc_timer_lock, flags);
	if (!wqc_take_pending(&which, &rx)) {
		rx = NULL;
		recurrent = wqc_cancel_recurrents(&which);
	}
	wqc_timer_unlock(flags);
	if (rx) {
		percpu_ref_put(&rx->ref);
		return STATUS_SUCCESS;
	}
	if (wqc_take_queued(&which) || recurrent)
		return STATUS_SUCCESS;
	return STATUS_NOT_FOUND;
}
EXPORT_SYMBOL_GPL(RxCancelTimerRequest);

/**
 * wqc_rx_timers_cancel - cancel whatever is pending
 * @rx: for this device; NULL: for any
 * @mod: what wqc_watch_request() says of it, for a pass over this module, with a
 *	report; NULL: any
 *
 * What is queued or runs is left to end; a recurrent one does not come again.
 *
 * Context: any.
 */
void wqc_rx_timers_cancel(struct wqc_rx_device *rx, struct module *mod)
{
	struct wqc_which which = { .rx = rx, .mod = mod };
	struct wqc_rx_device *whose;
	WORK_QUEUE_ITEM *taken;
	unsigned long flags;
	void *routine;

	do {
		raw_spin_lock_irqsave(&wqc_timer_lock, flags);
		wqc_cancel_recurrents(&which);
		taken = wqc_take_pending(&which, &whose);
		routine = taken ? taken->WorkerRoutine : NULL;
		wqc_timer_unlock(flags);
		if (taken && mod)
			wqc_report(WQC_R_TIMER_LEFT, "%s: Rx timer request %p, routine %ps",
				   module_name(mod), taken, routine);
		if (taken)
			percpu_ref_put(&whose->ref);
	} while (taken);
}

/**
 * wqc_rx_timer_freed - cancel a request whose memory is about to be freed
 * @item: of the request; anything else is not found
 * @call: receives its routine, and its reference, which the caller drops
 *
 * Context: any.
 * Return: true if it was pending.
 */
bool wqc_rx_timer_freed(WORK_QUEUE_ITEM *item, struct wqc_call *call)
{
	struct wqc_which which = { .only = item };
	struct wqc_rx_device *rx;
	unsigned long flags;
	bool taken;

	raw_spin_lock_irqsave(&wqc_timer_lock, flags);
	taken = wqc_take_pending(&which, &rx);
	if (taken) {
		call->routine = item->WorkerRoutine;
		call->ref = &rx->ref;
	}
	wqc_timer_unlock(flags);
	return taken;
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
 * The last one out cancels what is pending.
 *
 * Context: IRQL PASSIVE_LEVEL; here any.
 *
 * Follows: rxtimer.h.
 */
VOID NTAPI RxTearDownRxTimer(void)
{
	unsigned long flags;
	bool last;

	raw_spin_lock_irqsave(&wqc_timer_lock, flags);
	last = wqc_timer_users == 1;
	if (wqc_timer_users)
		wqc_timer_users--;
	wqc_timer_unlock(flags);
	if (last)
		wqc_rx_timers_cancel(NULL, NULL);
}
EXPORT_SYMBOL_GPL(RxTearDownRxTimer);
