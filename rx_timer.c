// SPDX-License-Identifier: GPL-2.0
/*
 * The timer requests of mini-redirectors, on one hrtimer.
 *
 * Pending requests stand on a list in the order in which they are due, linked
 * through the mark of their item as in a queue, so that an item that is pending
 * cannot be posted a second time. What is due goes to the Critical queue of the
 * CPU where the hrtimer expired.
 *
 * A request holds a reference on its device from the post until its routine has
 * returned. wqc_timer_lock orders a post with a spin-down: the post looks at the
 * device's count under the lock, the spin-down kills the count before it takes
 * the lock to cancel, so a request is either cancelled or refused.
 */
#include <linux/export.h>
#include <linux/hrtimer.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "wq_internal.h"
#include "wq_queue.h"
#include "wq_ref.h"

#define WQC_NS_PER_UNIT	100	/* of a TimeInterval */

/**
 * struct wqc_recurrent - a request that comes again
 * @item: its request; the bit WQC_RECURRENT of the due time is set
 * @rx: its device
 * @interval: ns
 * @cancelled: T: it runs no more
 * @all: T: place on wqc_recurrents
 * @rcu: to free it under a lock
 *
 * T: under wqc_timer_lock.
 */
struct wqc_recurrent {
	RX_WORK_ITEM item;
	struct wqc_rx_device *rx;
	u64 interval;
	bool cancelled;
	struct list_head all;
	struct rcu_head rcu;
};

#define WQC_RECURRENT	1ULL

static DEFINE_RAW_SPINLOCK(wqc_timer_lock);
static struct wqc_lane wqc_pending;		/* T: only head and tail are used */
static LIST_HEAD(wqc_recurrents);		/* T */
static struct hrtimer wqc_hrtimer;
static unsigned int wqc_timer_users;		/* T */

/* LastTick and Options together, while the request is ours. */
static u64 wqc_due(const RX_WORK_ITEM *request)
{
	return (u64)request->Options << 32 | request->LastTick;
}

static void wqc_set_due(RX_WORK_ITEM *request, u64 due, bool recurrent)
{
	due = (due & ~WQC_RECURRENT) | (recurrent ? WQC_RECURRENT : 0);
	request->LastTick = lower_32_bits(due);
	request->Options = upper_32_bits(due);
}

static RX_WORK_ITEM *wqc_request_of(WORK_QUEUE_ITEM *item)
{
	return container_of(item, RX_WORK_ITEM, WorkQueueItem.WorkQueueItem);
}

static struct wqc_recurrent *wqc_recurrent_of(WORK_QUEUE_ITEM *item)
{
	RX_WORK_ITEM *request = wqc_request_of(item);

	return wqc_due(request) & WQC_RECURRENT ?
		container_of(request, struct wqc_recurrent, item) : NULL;
}

/*
 * While it is pending, pDeviceObject is what stands behind the device: the device
 * may be gone by then, and List is no place for it, see ExInitializeWorkItem().
 */
static struct wqc_rx_device *wqc_request_rx(WORK_QUEUE_ITEM *item)
{
	return (void *)wqc_request_of(item)->WorkQueueItem.pDeviceObject;
}

static WORK_QUEUE_ITEM *wqc_next_request(WORK_QUEUE_ITEM *item)
{
	u64 mark = READ_ONCE(*wqc_word(item));
	WORK_QUEUE_ITEM *next = wqc_mark_next(mark);

	/* Overwritten while it was pending: wqc_timer_expired() will say so. */
	if (unlikely(!wqc_is_mark(mark)))
		return NULL;
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

static void wqc_arm(void)
{
	if (wqc_pending.head)
		hrtimer_start(&wqc_hrtimer,
			      ns_to_ktime(wqc_due(wqc_request_of(wqc_pending.head))),
			      HRTIMER_MODE_ABS_HARD);
}

/*
 * Puts a claimed request in its place. Requests are mostly posted in the order
 * in which they are due, so the end is tried first.
 */
static void wqc_add_request(struct wqc_rx_device *rx, WORK_QUEUE_ITEM *item, u64 due,
			    bool recurrent)
{
	WORK_QUEUE_ITEM *prev = wqc_pending.head ? wqc_pending.tail : NULL, *next = NULL;

	lockdep_assert_held(&wqc_timer_lock);
	wqc_set_due(wqc_request_of(item), due, recurrent);
	wqc_request_of(item)->WorkQueueItem.pDeviceObject = (void *)rx;
	if (prev && wqc_due(wqc_request_of(prev)) > due) {
		prev = NULL;
		next = wqc_pending.head;
		while (next && wqc_due(wqc_request_of(next)) <= due) {
			prev = next;
			next = wqc_next_request(next);
		}
	}
	WRITE_ONCE(*wqc_word(item), wqc_mark(next ?: &wqc_list_end, WQC_KIND_OTHER));
	wqc_link_request(prev, item);
	if (!next)
		wqc_pending.tail = item;
	if (!prev)
		wqc_arm();
}

static void wqc_remove_request(WORK_QUEUE_ITEM *prev, WORK_QUEUE_ITEM *item)
{
	lockdep_assert_held(&wqc_timer_lock);
	wqc_request_of(item)->WorkQueueItem.pDeviceObject = wqc_request_rx(item)->nt;
	wqc_link_request(prev, wqc_next_request(item));
}

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

static enum hrtimer_restart wqc_timer_expired(struct hrtimer *timer)
{
	WORK_QUEUE_ITEM *item, *broken = NULL;
	unsigned long flags, nested;
	u64 now;

	raw_spin_lock_irqsave(&wqc_timer_lock, flags);
	now = ktime_get_ns();
	item = wqc_pending.head;
	if (unlikely(item && !wqc_is_mark(READ_ONCE(*wqc_word(item))))) {
		broken = item;
		wqc_pending.head = NULL;
	}
	while ((item = wqc_pending.head) && wqc_due(wqc_request_of(item)) <= now) {
		struct wqc_rx_device *rx = wqc_request_rx(item);

		wqc_remove_request(NULL, item);
		WRITE_ONCE(*wqc_word(item), wqc_mark(&wqc_list_end, WQC_KIND_OTHER));
		local_irq_save(nested);
		wqc_rx_enqueue(rx, WQC_RX_CRITICAL, item, nested);
	}
	wqc_arm();
	raw_spin_unlock_irqrestore(&wqc_timer_lock, flags);
	if (unlikely(broken))
		wqc_report(WQC_R_BAD_ENTRY,
			   "timer item %p: overwritten while pending; those behind it are lost",
			   broken);
	return HRTIMER_NORESTART;
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
	u64 due, now;

	if (!recurrent)
		return;
	item = &recurrent->item.WorkQueueItem.WorkQueueItem;
	raw_spin_lock_irq(&wqc_timer_lock);
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
	raw_spin_unlock_irq(&wqc_timer_lock);
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
	raw_spin_unlock_irqrestore(&wqc_timer_lock, flags);
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

	if (pWorkItem && wqc_is_routine(Routine)) {
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
	if (which->rx && which->rx != rx)
		return false;
	if (which->mod && rx->owner != which->mod &&
	    !within_module((unsigned long)item->WorkerRoutine, which->mod))
		return false;
	return !which->routine || (item->WorkerRoutine == which->routine &&
				   item->Parameter == which->context);
}

static bool wqc_match_request(WORK_QUEUE_ITEM *item, u64 mark, const void *arg)
{
	const struct wqc_which *which = arg;

	return wqc_mark_kind(mark) == WQC_KIND_OTHER &&
	       (!which->only || which->only == item) && wqc_is_meant(which, which->rx, item);
}

/* One pending request that is meant, off the list; NULL if there is none. */
static WORK_QUEUE_ITEM *wqc_take_pending(const struct wqc_which *which,
					 struct wqc_rx_device **rx)
{
	WORK_QUEUE_ITEM *item, *prev = NULL;
	struct wqc_recurrent *recurrent;

	lockdep_assert_held(&wqc_timer_lock);
	for (item = wqc_pending.head; item; prev = item, item = wqc_next_request(item)) {
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
			raw_spin_unlock_irqrestore(&wqc_timer_lock, flags);
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
	raw_spin_unlock_irqrestore(&wqc_timer_lock, flags);
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
 * @mod: whose routine lies in this module, or whose device is of it; NULL: any
 *
 * What is queued or runs is left to end; a recurrent one does not come again.
 *
 * Context: any.
 */
void wqc_rx_timers_cancel(struct wqc_rx_device *rx, struct module *mod)
{
	struct wqc_which which = { .rx = rx, .mod = mod };
	struct wqc_rx_device *whose;
	unsigned long flags;
	bool taken;

	do {
		raw_spin_lock_irqsave(&wqc_timer_lock, flags);
		wqc_cancel_recurrents(&which);
		taken = wqc_take_pending(&which, &whose);
		raw_spin_unlock_irqrestore(&wqc_timer_lock, flags);
		if (taken)
			percpu_ref_put(&whose->ref);
	} while (taken);
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
	raw_spin_unlock_irqrestore(&wqc_timer_lock, flags);
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
	raw_spin_unlock_irqrestore(&wqc_timer_lock, flags);
	if (last)
		wqc_rx_timers_cancel(NULL, NULL);
}
EXPORT_SYMBOL_GPL(RxTearDownRxTimer);

void wqc_rx_timer_init(void)
{
	hrtimer_init(&wqc_hrtimer, CLOCK_MONOTONIC, HRTIMER_MODE_ABS_HARD);
	wqc_hrtimer.function = wqc_timer_expired;
}

/* No client is loaded, so nothing is pending. */
void wqc_rx_timer_exit(void)
{
	hrtimer_cancel(&wqc_hrtimer);
}
