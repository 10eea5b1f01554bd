// SPDX-License-Identifier: GPL-2.0
/*
 * Cancel-safe queues: IoCsq...().
 *
 * Hazard: an IRP is removed from the queue while it is cancelled, so that two complete it, or none.
 * The exchange of its cancel routine decides: whoever gets the routine has the IRP. A removal
 * exchanges it under the queue's lock. A cancellation exchanges it first and takes the lock then;
 * until it has removed the IRP, removals find it in the queue, get no routine, and leave it.
 *
 * DriverContext[3] of a queued IRP has the IO_CSQ or the IO_CSQ_IRP_CONTEXT, which both begin with
 * their type. It is written before the exchange that sets the cancel routine, and read after the
 * one that gets it: tests/litmus/nt-irp-csq.litmus. A driver may free its IO_CSQ_IRP_CONTEXT when
 * IoCsqRemoveIrp() has returned NULL, while the cancellation that has won has not removed the IRP
 * yet. So the cancellation reads it under the cancel spin lock, and again under the queue's lock.
 */
#include <linux/export.h>

#include "io_irp.h"

#define NTC_CSQ_SLOT	3

static PIO_CSQ_IRP_CONTEXT ntc_csq_context(PIRP irp)
{
	PIO_CSQ_IRP_CONTEXT slot = irp->Tail.Overlay.DriverContext[NTC_CSQ_SLOT];

	return slot->Type == IO_TYPE_CSQ_IRP_CONTEXT ? slot : NULL;
}

static void __nocfi ntc_csq_lock(PIO_CSQ csq, PKIRQL irql)
{
	csq->CsqAcquireLock(csq, irql);
}

static void __nocfi ntc_csq_unlock(PIO_CSQ csq, KIRQL irql)
{
	csq->CsqReleaseLock(csq, irql);
}

/* The queue's lock is held. From here on IoCsqRemoveIrp() does not find the IRP. */
static void __nocfi ntc_csq_remove(PIO_CSQ csq, PIRP irp)
{
	PIO_CSQ_IRP_CONTEXT context = ntc_csq_context(irp);

	csq->CsqRemoveIrp(csq, irp);
	if (context)
		context->Irp = NULL;
	irp->Tail.Overlay.DriverContext[NTC_CSQ_SLOT] = NULL;
}

/* Without the queue's lock. */
static void __nocfi ntc_csq_complete_canceled(PIO_CSQ csq, PIRP irp)
{
	csq->CsqCompleteCanceledIrp(csq, irp);
}

static VOID ntc_csq_cancel(PDEVICE_OBJECT device, PIRP irp)
{
	PIO_CSQ_IRP_CONTEXT context = ntc_csq_context(irp);
	PIO_CSQ csq = context ? context->Csq : irp->Tail.Overlay.DriverContext[NTC_CSQ_SLOT];
	KIRQL irql;

	IoReleaseCancelSpinLock(irp->CancelIrql);
	ntc_csq_lock(csq, &irql);
	ntc_csq_remove(csq, irp);
	ntc_csq_unlock(csq, irql);
	ntc_csq_complete_canceled(csq, irp);
}

static NTSTATUS ntc_csq_init(PIO_CSQ csq, ULONG type, PVOID insert, PIO_CSQ_REMOVE_IRP remove,
			     PIO_CSQ_PEEK_NEXT_IRP peek, PIO_CSQ_ACQUIRE_LOCK lock,
			     PIO_CSQ_RELEASE_LOCK unlock, PIO_CSQ_COMPLETE_CANCELED_IRP complete)
{
	*csq = (IO_CSQ){
		.Type = type,
		.CsqInsertIrp = insert,
		.CsqRemoveIrp = remove,
		.CsqPeekNextIrp = peek,
		.CsqAcquireLock = lock,
		.CsqReleaseLock = unlock,
		.CsqCompleteCanceledIrp = complete,
	};
	return STATUS_SUCCESS;
}

/**
 * IoCsqInitialize - initialise a cancel-safe queue
 * @Csq: the queue
 * @CsqInsertIrp: inserts an IRP; called with the lock held, as are the next two
 * @CsqRemoveIrp: removes an IRP
 * @CsqPeekNextIrp: finds the next IRP
 * @CsqAcquireLock: acquires the driver's lock
 * @CsqReleaseLock: releases it
 * @CsqCompleteCanceledIrp: completes an IRP that was cancelled and is removed; without the lock
 *
 * Context: any IRQL; here any context.
 * Return: STATUS_SUCCESS.
 *
 * Follows: DDI wdm/nf-wdm-iocsqinitialize.
 */
NTSTATUS IoCsqInitialize(PIO_CSQ Csq, PIO_CSQ_INSERT_IRP CsqInsertIrp,
			 PIO_CSQ_REMOVE_IRP CsqRemoveIrp, PIO_CSQ_PEEK_NEXT_IRP CsqPeekNextIrp,
			 PIO_CSQ_ACQUIRE_LOCK CsqAcquireLock, PIO_CSQ_RELEASE_LOCK CsqReleaseLock,
			 PIO_CSQ_COMPLETE_CANCELED_IRP CsqCompleteCanceledIrp)
{
	return ntc_csq_init(Csq, IO_TYPE_CSQ, CsqInsertIrp, CsqRemoveIrp, CsqPeekNextIrp,
			    CsqAcquireLock, CsqReleaseLock, CsqCompleteCanceledIrp);
}
EXPORT_SYMBOL_GPL(IoCsqInitialize);

/**
 * IoCsqInitializeEx - initialise a cancel-safe queue whose insertion may fail
 * @Csq: the queue
 * @CsqInsertIrp: inserts an IRP, or returns an error
 * @CsqRemoveIrp: as for IoCsqInitialize()
 * @CsqPeekNextIrp: as for IoCsqInitialize()
 * @CsqAcquireLock: as for IoCsqInitialize()
 * @CsqReleaseLock: as for IoCsqInitialize()
 * @CsqCompleteCanceledIrp: as for IoCsqInitialize()
 *
 * Context: any IRQL; here any context.
 * Return: STATUS_SUCCESS.
 *
 * Follows: DDI wdm/nf-wdm-iocsqinitializeex.
 */
NTSTATUS IoCsqInitializeEx(PIO_CSQ Csq, PIO_CSQ_INSERT_IRP_EX CsqInsertIrp,
			   PIO_CSQ_REMOVE_IRP CsqRemoveIrp, PIO_CSQ_PEEK_NEXT_IRP CsqPeekNextIrp,
			   PIO_CSQ_ACQUIRE_LOCK CsqAcquireLock,
			   PIO_CSQ_RELEASE_LOCK CsqReleaseLock,
			   PIO_CSQ_COMPLETE_CANCELED_IRP CsqCompleteCanceledIrp)
{
	return ntc_csq_init(Csq, IO_TYPE_CSQ_EX, CsqInsertIrp, CsqRemoveIrp, CsqPeekNextIrp,
			    CsqAcquireLock, CsqReleaseLock, CsqCompleteCanceledIrp);
}
EXPORT_SYMBOL_GPL(IoCsqInitializeEx);

static NTSTATUS __nocfi ntc_csq_call_insert(PIO_CSQ csq, PIRP irp, PVOID insert_context)
{
	PIO_CSQ_INSERT_IRP_EX insert_ex = (PVOID)csq->CsqInsertIrp;

	if (csq->Type == IO_TYPE_CSQ_EX)
		return insert_ex(csq, irp, insert_context);
	csq->CsqInsertIrp(csq, irp);
	return STATUS_SUCCESS;
}

/* With the queue's lock held. Sets @canceled if the caller has to complete the IRP as cancelled. */
static NTSTATUS ntc_csq_insert(PIO_CSQ csq, PIRP irp, PIO_CSQ_IRP_CONTEXT context,
			       PVOID insert_context, bool *canceled)
{
	NTSTATUS status;

	/* Cancelled before it had a cancel routine: it is not inserted. */
	*canceled = READ_ONCE(irp->Cancel);
	if (*canceled) {
		IoMarkIrpPending(irp);
		return STATUS_SUCCESS;
	}
	status = ntc_csq_call_insert(csq, irp, insert_context);
	if (!NT_SUCCESS(status))
		return status;
	irp->Tail.Overlay.DriverContext[NTC_CSQ_SLOT] = context ?: (PVOID)csq;
	if (context)
		*context = (IO_CSQ_IRP_CONTEXT){ IO_TYPE_CSQ_IRP_CONTEXT, irp, csq };
	IoMarkIrpPending(irp);
	IoSetCancelRoutine(irp, ntc_csq_cancel);
	/* Cancelled meanwhile: by the cancel routine, unless this gets it back. */
	*canceled = READ_ONCE(irp->Cancel) && IoSetCancelRoutine(irp, NULL);
	if (*canceled)
		ntc_csq_remove(csq, irp);
	return status;
}

/**
 * IoCsqInsertIrpEx - mark an IRP pending and insert it in a cancel-safe queue
 * @Csq: the queue
 * @Irp: the caller has it
 * @Context: to remove this IRP with IoCsqRemoveIrp(); NULL: not needed. Is used until the IRP is
 *	removed or cancelled
 * @InsertContext: for the queue's insert routine
 *
 * An IRP that was cancelled before is not inserted; CsqCompleteCanceledIrp completes it.
 *
 * Context: IRQL <= DISPATCH_LEVEL; here as the queue's lock allows.
 * Return: STATUS_SUCCESS; the error of the insert routine: the IRP is neither queued nor marked
 * pending.
 *
 * Follows: DDI wdm/nf-wdm-iocsqinsertirpex.
 */
NTSTATUS IoCsqInsertIrpEx(PIO_CSQ Csq, PIRP Irp, PIO_CSQ_IRP_CONTEXT Context, PVOID InsertContext)
{
	NTSTATUS status;
	bool canceled;
	KIRQL irql;

	if (Context)
		*Context = (IO_CSQ_IRP_CONTEXT){ IO_TYPE_CSQ_IRP_CONTEXT, NULL, Csq };
	ntc_csq_lock(Csq, &irql);
	status = ntc_csq_insert(Csq, Irp, Context, InsertContext, &canceled);
	ntc_csq_unlock(Csq, irql);
	if (canceled)
		ntc_csq_complete_canceled(Csq, Irp);
	return status;
}
EXPORT_SYMBOL_GPL(IoCsqInsertIrpEx);

/**
 * IoCsqInsertIrp - IoCsqInsertIrpEx() without an insert context
 * @Csq: the queue
 * @Irp: the caller has it
 * @Context: as for IoCsqInsertIrpEx()
 *
 * Context: as for IoCsqInsertIrpEx().
 *
 * Follows: DDI wdm/nf-wdm-iocsqinsertirp.
 */
VOID IoCsqInsertIrp(PIO_CSQ Csq, PIRP Irp, PIO_CSQ_IRP_CONTEXT Context)
{
	IoCsqInsertIrpEx(Csq, Irp, Context, NULL);
}
EXPORT_SYMBOL_GPL(IoCsqInsertIrp);

static PIRP __nocfi ntc_csq_peek(PIO_CSQ csq, PIRP after, PVOID context)
{
	return csq->CsqPeekNextIrp(csq, after, context);
}

/**
 * IoCsqRemoveNextIrp - remove the next IRP of a cancel-safe queue
 * @Csq: the queue
 * @PeekContext: for the queue's peek routine
 *
 * Context: IRQL <= DISPATCH_LEVEL; here as the queue's lock allows.
 * Return: the IRP, which has no cancel routine any more; NULL if the peek routine finds none that
 * is not being cancelled.
 *
 * Follows: DDI wdm/nf-wdm-iocsqremovenextirp.
 */
PIRP IoCsqRemoveNextIrp(PIO_CSQ Csq, PVOID PeekContext)
{
	KIRQL irql;
	PIRP irp;

	ntc_csq_lock(Csq, &irql);
	irp = ntc_csq_peek(Csq, NULL, PeekContext);
	while (irp && !IoSetCancelRoutine(irp, NULL))
		irp = ntc_csq_peek(Csq, irp, PeekContext);
	if (irp)
		ntc_csq_remove(Csq, irp);
	ntc_csq_unlock(Csq, irql);
	return irp;
}
EXPORT_SYMBOL_GPL(IoCsqRemoveNextIrp);

/**
 * IoCsqRemoveIrp - remove an IRP from a cancel-safe queue
 * @Csq: the queue
 * @Context: of its IoCsqInsertIrp()
 *
 * Context: IRQL <= DISPATCH_LEVEL; here as the queue's lock allows.
 * Return: the IRP; NULL if it was cancelled or removed.
 *
 * Follows: DDI wdm/nf-wdm-iocsqremoveirp.
 */
PIRP IoCsqRemoveIrp(PIO_CSQ Csq, PIO_CSQ_IRP_CONTEXT Context)
{
	KIRQL irql;
	PIRP irp;
	bool lost = false;

	ntc_csq_lock(Csq, &irql);
	irp = Context->Irp;
	if (irp && !IoSetCancelRoutine(irp, NULL)) {
		irp->Tail.Overlay.DriverContext[NTC_CSQ_SLOT] = Csq;
		Context->Irp = NULL;
		lost = true;
	} else if (irp) {
		ntc_csq_remove(Csq, irp);
	}
	ntc_csq_unlock(Csq, irql);
	if (!lost)
		return irp;
	/* The caller may free the context: ntc_csq_cancel() has read it, or does not find it. */
	IoAcquireCancelSpinLock(&irql);
	IoReleaseCancelSpinLock(irql);
	return NULL;
}
EXPORT_SYMBOL_GPL(IoCsqRemoveIrp);
