// SPDX-License-Identifier: GPL-2.0
/*
 * Cancelling IRPs: the cancel spin lock and IoCancelIrp().
 *
 * Lost cancellation: a driver sets a cancel routine while IoCancelIrp() runs. IoCancelIrp() writes
 * Cancel and then exchanges the routine; the driver exchanges the routine and then reads Cancel.
 * Both exchanges are full barriers, so IoCancelIrp() finds the routine, or the driver reads TRUE,
 * or both; and of the two that then want the routine, its exchange gives it to one. Proof:
 * tests/litmus/nt-irp-cancel.litmus. The lock does not order them: drivers need not take it.
 */
#include <linux/export.h>

#include "io_irp.h"

static KSPIN_LOCK ntc_cancel_lock;

/**
 * IoAcquireCancelSpinLock - acquire the system's cancel spin lock
 * @Irql: receives the previous IRQL
 *
 * Context: IRQL <= DISPATCH_LEVEL; here process or softirq.
 *
 * Follows: DDI wdm/nf-wdm-ioacquirecancelspinlock.
 */
VOID IoAcquireCancelSpinLock(PKIRQL Irql)
	__acquires(&ntc_cancel_lock)
{
	KeAcquireSpinLock(&ntc_cancel_lock, Irql);
}
EXPORT_SYMBOL_GPL(IoAcquireCancelSpinLock);

/**
 * IoReleaseCancelSpinLock - release the system's cancel spin lock
 * @Irql: from IoAcquireCancelSpinLock(); in a cancel routine, the IRP's CancelIrql
 *
 * Context: IRQL DISPATCH_LEVEL; here process or softirq.
 *
 * Follows: DDI wdm/nf-wdm-ioreleasecancelspinlock.
 */
VOID IoReleaseCancelSpinLock(KIRQL Irql)
	__releases(&ntc_cancel_lock)
{
	KeReleaseSpinLock(&ntc_cancel_lock, Irql);
}
EXPORT_SYMBOL_GPL(IoReleaseCancelSpinLock);

/* Calls a cancel routine, which releases the cancel spin lock with the IRP's CancelIrql. */
void __nocfi ntc_cancel_call(PDRIVER_CANCEL routine, PDEVICE_OBJECT device, PIRP irp)
{
	struct ntc_io_call call;

	ntc_io_call_begin(&call, irp, routine, NULL, 0);
	routine(device, irp);
	ntc_io_call_end(&call);
}

/**
 * IoCancelIrp - cancel an IRP
 * @Irp: the caller sees to it that it is not freed meanwhile
 *
 * Sets Cancel. If the IRP has a cancel routine, clears it and calls it with the cancel spin lock
 * held, which the routine releases.
 *
 * Context: IRQL <= DISPATCH_LEVEL; here process or softirq.
 * Return: TRUE if a cancel routine was called.
 *
 * Follows: DDI wdm/nf-wdm-iocancelirp.
 */
BOOLEAN IoCancelIrp(PIRP Irp)
{
	PIO_STACK_LOCATION location;
	PDRIVER_CANCEL routine;
	KIRQL irql;

	IoAcquireCancelSpinLock(&irql);
	WRITE_ONCE(Irp->Cancel, TRUE);
	routine = IoSetCancelRoutine(Irp, NULL);
	if (!routine) {
		IoReleaseCancelSpinLock(irql);
		return FALSE;
	}
	Irp->CancelIrql = irql;
	location = IoGetCurrentIrpStackLocation(Irp);
	ntc_cancel_call(routine, Irp->CurrentLocation <= Irp->StackCount ? location->DeviceObject :
			NULL, Irp);
	return TRUE;
}
EXPORT_SYMBOL_GPL(IoCancelIrp);
