// SPDX-License-Identifier: GPL-2.0
/*
 * EX_TIMERs: a KTIMER and its DPC in memory of ours. One may be deleted in its own
 * callback, so a work item frees it.
 */
#include <linux/export.h>
#include <linux/workqueue.h>

#include "ex_pool.h"
#include "ex_timer.h"
#include "ke_timer.h"

#define NTC_EX_TIMER_TAG	0x6d547845	/* "ExTm" */

/* The first member is what one can wait for. */
struct _EX_TIMER {
	KTIMER timer;
	KDPC dpc;
	PEXT_CALLBACK callback;
	PVOID context;
	bool deleted;				/* no more calls of the driver */
	bool going;				/* the work is queued */
	struct work_struct work;
	PEXT_DELETE_CALLBACK delete_callback;
	PVOID delete_context;
};

static struct workqueue_struct *ntc_ex_timer_wq;

/* When the DPCs are flushed, nothing looks at a timer that is not set. */
static void __nocfi ntc_ex_timer_free(PEX_TIMER timer)
{
	PEXT_DELETE_CALLBACK callback = timer->delete_callback;
	PVOID context = timer->delete_context;

	KeFlushQueuedDpcs();
	ntc_pool_free(timer, NTC_EX_TIMER_TAG, NULL);
	if (callback)
		callback(context);
}

static void ntc_ex_timer_work(struct work_struct *work)
{
	ntc_ex_timer_free(container_of(work, struct _EX_TIMER, work));
}

/* Called as a function of two arguments, whatever it is in truth: see wq_run.h. */
static VOID __nocfi ntc_ex_timer_dpc(PKDPC Dpc, PVOID DeferredContext, PVOID SystemArgument1,
				     PVOID SystemArgument2)
{
	PEX_TIMER timer = DeferredContext;

	if (timer->callback)
		timer->callback(timer, timer->context);
	/* Pairs with ExDeleteTimer(): the parameters were stored before. */
	if (smp_load_acquire(&timer->deleted) && !xchg(&timer->going, true))
		queue_work(ntc_ex_timer_wq, &timer->work);
}

bool ntc_ex_timer_owns_routine(PKDEFERRED_ROUTINE routine)
{
	return routine == ntc_ex_timer_dpc;
}

/**
 * ntc_ex_timer_is_in - whether a timer needs memory of a module, whoever has set it
 * @timer: its DPC is queued or runs, or it is set: so it is there
 * @mod: the module
 * @in: which of its memory
 *
 * Context: any.
 * Return: true if a callback or its context lies there.
 */
bool ntc_ex_timer_is_in(PVOID timer, const struct module *mod, ntc_in_fn in)
{
	PEX_TIMER ex = timer;

	return in(ex->callback, mod) || in(ex->context, mod) || in(ex->delete_callback, mod);
}

/* For reports. */
void *ntc_ex_timer_callback(PVOID timer)
{
	return ((PEX_TIMER)timer)->callback;
}

/**
 * ExAllocateTimer - allocate a timer
 * @Callback: called at DISPATCH_LEVEL each time that it is due; or NULL
 * @CallbackContext: its second argument
 * @Attributes: EX_TIMER_NOTIFICATION: a notification timer to those who wait;
 *	the others are not used: every timer has a high resolution
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any but, on PREEMPT_RT, with interrupts off.
 * Return: the timer, or NULL.
 *
 * Follows: DDI wdm/nf-wdm-exallocatetimer.
 */
PEX_TIMER ExAllocateTimer(PEXT_CALLBACK Callback, PVOID CallbackContext, ULONG Attributes)
{
	PEX_TIMER timer = ntc_pool_alloc(sizeof(*timer), NTC_EX_TIMER_TAG, true,
					 (void *)_RET_IP_);

	if (!timer)
		return NULL;
	KeInitializeTimerEx(&timer->timer, Attributes & EX_TIMER_NOTIFICATION ?
			    NotificationTimer : SynchronizationTimer);
	KeInitializeDpc(&timer->dpc, ntc_ex_timer_dpc, timer);
	INIT_WORK(&timer->work, ntc_ex_timer_work);
	timer->callback = Callback;
	timer->context = CallbackContext;
	return timer;
}
EXPORT_SYMBOL_GPL(ExAllocateTimer);

/**
 * ExSetTimer - set a timer
 * @Timer: from ExAllocateTimer()
 * @DueTime: negative: so many 100 ns from now; else a system time
 * @Period: 100 ns from one time to the next; 0: once
 * @Parameters: not used
 *
 * Context: IRQL <= DISPATCH_LEVEL on Windows; here any.
 * Return: TRUE if it was set before.
 *
 * Follows: DDI wdm/nf-wdm-exsettimer.
 */
BOOLEAN ExSetTimer(PEX_TIMER Timer, LONGLONG DueTime, LONGLONG Period,
		   PEXT_SET_PARAMETERS Parameters)
{
	s64 interval = clamp(Period, 0LL, (LONGLONG)S64_MAX / 100) * 100;

	return ntc_timer_set(&Timer->timer, DueTime, interval, &Timer->dpc, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(ExSetTimer);

/**
 * ExCancelTimer - stop a timer
 * @Timer: from ExAllocateTimer()
 * @Parameters: not used
 *
 * Context: IRQL <= DISPATCH_LEVEL on Windows; here any. Does not wait for a
 * callback that runs.
 * Return: TRUE if it was set.
 *
 * Follows: DDI wdm/nf-wdm-excanceltimer.
 */
BOOLEAN ExCancelTimer(PEX_TIMER Timer, PVOID Parameters)
{
	return KeCancelTimer(&Timer->timer);
}
EXPORT_SYMBOL_GPL(ExCancelTimer);

/**
 * ExDeleteTimer - delete a timer
 * @Timer: from ExAllocateTimer(); not to be used any more
 * @Cancel: stop it. FALSE for one that is set: it goes when it was due, once more if it is
 *	periodic
 * @Wait: wait until its callback has returned, and stop it in any case. In the callback, or
 *	where else the caller cannot sleep, it is reported and does not wait
 * @Parameters: has a DeleteCallback, called when it is gone; or NULL
 *
 * Context: IRQL <= DISPATCH_LEVEL, with @Wait <= APC_LEVEL; here any, with @Wait
 * process, sleeps.
 * Return: TRUE if it was set, and was stopped.
 *
 * Follows: DDI wdm/nf-wdm-exdeletetimer.
 */
BOOLEAN ExDeleteTimer(PEX_TIMER Timer, BOOLEAN Cancel, BOOLEAN Wait,
		      PEXT_DELETE_PARAMETERS Parameters)
{
	bool was = false;

	/* Cancelled in any case, and freed by the work item if we cannot wait. */
	Cancel |= Wait;
	Wait = Wait && wqc_may_sleep(__func__, (void *)_RET_IP_);
	if (Parameters) {
		Timer->delete_callback = Parameters->DeleteCallback;
		Timer->delete_context = Parameters->DeleteContext;
	}
	if (Cancel) {
		was = KeCancelTimer(&Timer->timer);
		KeRemoveQueueDpc(&Timer->dpc);
	} else {
		ntc_timer_stop_period(&Timer->timer);
	}
	if (Wait) {
		ntc_ex_timer_free(Timer);
		return was;
	}
	/*
	 * A callback that begins from here on sees it, and frees a timer that was left set:
	 * deleted = true ->mb Inserted here, Inserted = 0 ->mb (the cmpxchg() that queues the
	 * DPC) deleted there. One of the two sees the other's write, and xchg() lets one free.
	 */
	smp_store_mb(Timer->deleted, true);
	if (!READ_ONCE(Timer->timer.Header.Inserted) && !xchg(&Timer->going, true))
		queue_work(ntc_ex_timer_wq, &Timer->work);
	return was;
}
EXPORT_SYMBOL_GPL(ExDeleteTimer);

/* Wait for deletions that nobody waits for. */
void ntc_ex_timer_flush(void)
{
	flush_workqueue(ntc_ex_timer_wq);
}

int ntc_ex_timer_init(void)
{
	ntc_ex_timer_wq = alloc_workqueue("nt_ex_timer", WQ_UNBOUND | WQ_MEM_RECLAIM, 0);
	return ntc_ex_timer_wq ? 0 : -ENOMEM;
}

void ntc_ex_timer_exit(void)
{
	destroy_workqueue(ntc_ex_timer_wq);
}
