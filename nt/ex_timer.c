// SPDX-License-Identifier: GPL-2.0
/*
 * EX_TIMERs: a KTIMER and its DPC in memory of this module. A timer may be deleted in its own
 * callback; the DPC still uses the memory there, so a work item frees it (use-after-free).
 */
#include <linux/export.h>
#include <linux/workqueue.h>

#include "ex_pool.h"
#include "ex_timer.h"
#include "ke_timer.h"

#define NTC_EX_TIMER_TAG	0x6d547845	/* "ExTm" */

static struct workqueue_struct *ntc_ex_timer_wq;

/* After the flush no DPC accesses a timer that is not set. */
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

/*
 * The callback is called as a function of two arguments, whatever its type is: see core/run.h. That
 * of an IO_TIMER may be replaced concurrently.
 */
static void __nocfi ntc_ex_timer_call(PEX_TIMER timer)
{
	PEXT_CALLBACK callback = READ_ONCE(timer->callback);
	PVOID context = READ_ONCE(timer->context);

	if (!timer->device && callback)
		callback(timer, context);
	else if (timer->device && !wqc_device_is_deleted(timer->device))
		((PIO_TIMER_ROUTINE)(void *)callback)(timer->device, context);
}

static VOID ntc_ex_timer_dpc(PKDPC Dpc, PVOID DeferredContext, PVOID SystemArgument1,
			     PVOID SystemArgument2)
{
	PEX_TIMER timer = DeferredContext;

	ntc_ex_timer_call(timer);
	/* Pairs with ExDeleteTimer(): tests/litmus/nt-ex-timer-free.litmus. */
	if (smp_load_acquire(&timer->deleted) && !xchg(&timer->going, true))
		queue_work(ntc_ex_timer_wq, &timer->work);
}

bool ntc_ex_timer_owns_routine(PKDEFERRED_ROUTINE routine)
{
	return routine == ntc_ex_timer_dpc;
}

/**
 * ntc_ex_timer_is_in - whether firing a timer needs memory of a module
 * @timer: set, or its DPC is queued or runs: so it exists
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

/* The driver's callback, for reports. */
void *ntc_ex_timer_callback(PVOID timer)
{
	return ((PEX_TIMER)timer)->callback;
}

static PEX_TIMER ntc_ex_timer_alloc(PEXT_CALLBACK callback, PVOID context, TIMER_TYPE type,
				    void *caller)
{
	PEX_TIMER timer = ntc_pool_alloc(sizeof(*timer), NTC_EX_TIMER_TAG, true, caller);

	if (!timer)
		return NULL;
	KeInitializeTimerEx(&timer->timer, type);
	KeInitializeDpc(&timer->dpc, ntc_ex_timer_dpc, timer);
	INIT_WORK(&timer->work, ntc_ex_timer_work);
	timer->callback = callback;
	timer->context = context;
	return timer;
}

/**
 * ntc_ex_timer_new - allocate the timer of a device
 * @callback: called with @device and @context
 * @context: second argument
 * @device: the device
 *
 * The memory is this module's: no driver has to free it.
 *
 * Context: as ExAllocateTimer().
 * Return: the timer, or NULL.
 */
PEX_TIMER ntc_ex_timer_new(PEXT_CALLBACK callback, PVOID context, PDEVICE_OBJECT device)
{
	PEX_TIMER timer = ntc_ex_timer_alloc(callback, context, SynchronizationTimer,
					     (void *)_THIS_IP_);

	if (timer)
		timer->device = device;
	return timer;
}

/**
 * ExAllocateTimer - allocate a timer
 * @Callback: called at DISPATCH_LEVEL at each expiry; or NULL
 * @CallbackContext: second argument of @Callback
 * @Attributes: EX_TIMER_NOTIFICATION: a notification timer for waiters; other bits are not
 *	used: every timer has a high resolution
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context, but on PREEMPT_RT not with interrupts off.
 * Return: the timer, or NULL.
 *
 * Follows: DDI wdm/nf-wdm-exallocatetimer.
 */
PEX_TIMER ExAllocateTimer(PEXT_CALLBACK Callback, PVOID CallbackContext, ULONG Attributes)
{
	return ntc_ex_timer_alloc(Callback, CallbackContext,
				  Attributes & EX_TIMER_NOTIFICATION ? NotificationTimer :
				  SynchronizationTimer, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(ExAllocateTimer);

/**
 * ExSetTimer - set a timer
 * @Timer: from ExAllocateTimer()
 * @DueTime: in units of 100 ns; negative: relative; else an absolute system time
 * @Period: in units of 100 ns; 0: not periodic
 * @Parameters: not used
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 * Return: TRUE if the timer was set before.
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
 * ExCancelTimer - cancel a timer
 * @Timer: from ExAllocateTimer()
 * @Parameters: not used
 *
 * Does not wait for a callback that runs.
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 * Return: TRUE if the timer was set.
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
 * @Cancel: TRUE: cancel it. FALSE: a set timer expires once more, and is freed then
 * @Wait: TRUE: cancel it, and wait until its callback has returned. In the callback, or at
 *	DISPATCH_LEVEL or above, this is reported and does not wait
 * @Parameters: has a DeleteCallback, called when the timer is freed; or NULL
 *
 * Context: IRQL <= DISPATCH_LEVEL, with @Wait <= APC_LEVEL; here any context, with @Wait process
 * context, sleeps.
 * Return: TRUE if the timer was set, and was cancelled.
 *
 * Follows: DDI wdm/nf-wdm-exdeletetimer.
 */
BOOLEAN ExDeleteTimer(PEX_TIMER Timer, BOOLEAN Cancel, BOOLEAN Wait,
		      PEXT_DELETE_PARAMETERS Parameters)
{
	bool was = false;

	/* @Wait implies @Cancel. Without a wait the work item frees the timer. */
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
	 * A callback that begins from here on sees @deleted, and frees a timer that was left set.
	 * At least one side sees the other's write (tests/litmus/nt-ex-timer.litmus), and xchg()
	 * lets only one of them free: no double free (nt-ex-timer-free.litmus).
	 */
	smp_store_mb(Timer->deleted, true);
	if (!READ_ONCE(Timer->timer.Header.Inserted) && !xchg(&Timer->going, true))
		queue_work(ntc_ex_timer_wq, &Timer->work);
	return was;
}
EXPORT_SYMBOL_GPL(ExDeleteTimer);

/* Wait for deletions that are in progress in the work item. */
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
