// SPDX-License-Identifier: GPL-2.0
/*
 * IO_TIMERs: the timer of a device, whose routine is called once a second. Each is an EX_TIMER with
 * the device as first argument of its callback, in a hash by its device: Timer in DEVICE_OBJECT is
 * the driver's to change.
 *
 * Use-after-free: the device may be deleted while its timer is set, in the timer's routine, too.
 * The timer is freed with the device, and the DPC of a deleted device calls nothing. A device that
 * is not deleted when its DPC begins stays until the DPC ends: softirq context is an RCU read-side
 * critical section, and the last reference is dropped after a grace period that begins with
 * IoDeleteDevice().
 *
 * Bound of a hold of the lock, with interrupts off: the timers of one bucket.
 */
#include <linux/export.h>
#include <linux/hashtable.h>
#include <linux/module.h>

#include "ex_timer.h"
#include "io_timer.h"
#include "ke_timer.h"

/* For devices: the function of wq_compat.h, not the macro of the same name. */
#undef ObDereferenceObject

#define NTC_IO_TIMER_PERIOD	NSEC_PER_SEC

static DEFINE_RAW_SPINLOCK(ntc_io_timer_lock);
static DEFINE_HASHTABLE(ntc_io_timers, 8);	/* under @ntc_io_timer_lock, by device */

static PEX_TIMER ntc_io_timer_find(PDEVICE_OBJECT device)
{
	PEX_TIMER timer;

	lockdep_assert_held(&ntc_io_timer_lock);
	hash_for_each_possible(ntc_io_timers, timer, link, (uintptr_t)device)
		if (timer->device == device)
			return timer;
	return NULL;
}

static void ntc_io_timer_delete(PEX_TIMER timer)
{
	if (timer)
		ExDeleteTimer(timer, TRUE, FALSE, NULL);
}

/**
 * IoInitializeTimer - give a device a timer
 * @DeviceObject: from IoCreateDevice(); any other pointer is reported
 * @TimerRoutine: called at DISPATCH_LEVEL with the device and @Context, once a second while the
 *	timer is started
 * @Context: second argument of @TimerRoutine
 *
 * The timer is not started. It is freed with the device. For a device that has one already, the
 * routine and the context are replaced.
 *
 * Context: IRQL PASSIVE_LEVEL; here any context, but on PREEMPT_RT not with interrupts off.
 * Return: STATUS_SUCCESS; STATUS_INVALID_PARAMETER for no device or no routine;
 * STATUS_INSUFFICIENT_RESOURCES.
 *
 * Follows: DDI wdm/nf-wdm-ioinitializetimer.
 */
NTSTATUS IoInitializeTimer(PDEVICE_OBJECT DeviceObject, PIO_TIMER_ROUTINE TimerRoutine,
			   PVOID Context)
{
	PEX_TIMER timer, old;
	unsigned long flags;

	if (!TimerRoutine)
		return STATUS_INVALID_PARAMETER;
	if (!wqc_device_get(DeviceObject)) {
		wqc_report(WQC_R_BAD_DEVICE, "device %p, from %pS: has no timer", DeviceObject,
			   (void *)_RET_IP_);
		return STATUS_INVALID_PARAMETER;
	}
	timer = ntc_ex_timer_new((void *)TimerRoutine, Context, DeviceObject);
	if (!timer) {
		ObDereferenceObject(DeviceObject);
		return STATUS_INSUFFICIENT_RESOURCES;
	}
	raw_spin_lock_irqsave(&ntc_io_timer_lock, flags);
	old = ntc_io_timer_find(DeviceObject);
	if (old) {
		WRITE_ONCE(old->context, Context);
		WRITE_ONCE(old->callback, timer->callback);
	} else {
		hash_add(ntc_io_timers, &timer->link, (uintptr_t)DeviceObject);
		DeviceObject->Timer = timer;
	}
	raw_spin_unlock_irqrestore(&ntc_io_timer_lock, flags);
	if (old)
		ntc_io_timer_delete(timer);
	ObDereferenceObject(DeviceObject);
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(IoInitializeTimer);

static bool ntc_io_timer_change(PDEVICE_OBJECT device, bool start, void *caller)
{
	unsigned long flags;
	PEX_TIMER timer;

	raw_spin_lock_irqsave(&ntc_io_timer_lock, flags);
	timer = ntc_io_timer_find(device);
	if (timer && start) {
		ntc_timer_set(&timer->timer, -(LONGLONG)NTC_IO_TIMER_PERIOD / 100,
			      NTC_IO_TIMER_PERIOD, &timer->dpc, caller);
	} else if (timer) {
		KeCancelTimer(&timer->timer);
		KeRemoveQueueDpc(&timer->dpc);
	}
	raw_spin_unlock_irqrestore(&ntc_io_timer_lock, flags);
	return timer;
}

/**
 * IoStartTimer - start the timer of a device
 * @DeviceObject: after IoInitializeTimer(), else reported. Its routine is called after a second,
 *	and each second from then on; a timer that is started already begins again
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 *
 * Follows: DDI ntifs/nf-ntifs-iostarttimer.
 */
VOID IoStartTimer(PDEVICE_OBJECT DeviceObject)
{
	if (!ntc_io_timer_change(DeviceObject, true, (void *)_RET_IP_))
		wqc_report(WQC_R_BAD_TIMER, "timer of device %p, from %pS", DeviceObject,
			   (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(IoStartTimer);

/**
 * IoStopTimer - stop the timer of a device
 * @DeviceObject: after IoInitializeTimer(), else reported
 *
 * No call of the routine begins after this. One that runs on another CPU is not waited for, which
 * Windows does: KeFlushQueuedDpcs() waits for it. The routine itself may stop its timer.
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 *
 * Follows: DDI ntifs/nf-ntifs-iostoptimer.
 */
VOID IoStopTimer(PDEVICE_OBJECT DeviceObject)
{
	if (!ntc_io_timer_change(DeviceObject, false, NULL))
		wqc_report(WQC_R_BAD_TIMER, "timer of device %p, from %pS", DeviceObject,
			   (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(IoStopTimer);

/**
 * ntc_io_timer_memory_freed - delete the timer of a device that is freed
 * @p: the device
 *
 * Fast path: while no device has a timer, reads only.
 *
 * Context: any.
 */
void ntc_io_timer_memory_freed(void *p)
{
	unsigned long flags;
	PEX_TIMER timer;

	/* Without the lock: nothing gives a timer to a device whose last reference is gone. */
	if (hlist_empty(&ntc_io_timers[hash_min((uintptr_t)p, HASH_BITS(ntc_io_timers))]))
		return;
	raw_spin_lock_irqsave(&ntc_io_timer_lock, flags);
	timer = ntc_io_timer_find(p);
	if (timer)
		hash_del(&timer->link);
	raw_spin_unlock_irqrestore(&ntc_io_timer_lock, flags);
	ntc_io_timer_delete(timer);
}

/* A timer of a bucket that calls a module, taken out of it. NULL: there is none. */
static PEX_TIMER ntc_io_timer_take_of(struct module *mod, int i)
{
	PEX_TIMER timer, found = NULL;

	raw_spin_lock_irq(&ntc_io_timer_lock);
	hlist_for_each_entry(timer, &ntc_io_timers[i], link) {
		if (ntc_ex_timer_is_in(timer, mod, wqc_in_module)) {
			hash_del(&timer->link);
			found = timer;
			break;
		}
	}
	raw_spin_unlock_irq(&ntc_io_timer_lock);
	return found;
}

/**
 * ntc_io_timer_module_gone - delete the timers that call an unloaded module
 * @mod: the module. Their devices outlive it, or are another driver's
 *
 * Context: process.
 */
void ntc_io_timer_module_gone(struct module *mod)
{
	PEX_TIMER timer;
	int i;

	for (i = 0; i < HASH_SIZE(ntc_io_timers); i++) {
		while ((timer = ntc_io_timer_take_of(mod, i)))
			ntc_io_timer_delete(timer);
		cond_resched();
	}
}
