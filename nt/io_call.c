// SPDX-License-Identifier: GPL-2.0
/*
 * IofCallDriver() and IofCompleteRequest(): an IRP goes down to the drivers of a stack, and its
 * completion comes up. See io_irp.c for what keeps IRP, devices and drivers meanwhile.
 */
#include <linux/export.h>
#include <linux/slab.h>

#include "io_build.h"
#include "io_irp.h"

/* ---- completion -------------------------------------------------------------- */

/* Overflow: a driver may claim to have returned more bytes than the maker has room for. */
static void ntc_irp_copy_output(PIRP irp, void *caller)
{
	ULONG_PTR count = irp->IoStatus.Information;
	ULONG room = ntc_irp_head(irp)->output;

	if (count > room) {
		wqc_report(WQC_R_IRP_LENGTH, "IRP %p: %lu bytes of %u, from %pS", irp,
			   (unsigned long)count, room, caller);
		count = room;
	}
	memcpy(irp->UserBuffer, irp->AssociatedIrp.SystemBuffer, count);
}

/* An IRP of an IoBuild...() call is past its last driver: tells its maker, and frees it. */
static void ntc_irp_finish(PIRP irp, void *caller)
{
	NTSTATUS status = irp->IoStatus.Status;
	PKEVENT event = NULL;
	ULONG flags = irp->Flags;

	if (flags & IRP_BUFFERED_IO && flags & IRP_INPUT_OPERATION &&
	    !NT_ERROR(status) && irp->UserBuffer)
		ntc_irp_copy_output(irp, caller);
	if (flags & IRP_DEALLOCATE_BUFFER)
		ExFreePool(irp->AssociatedIrp.SystemBuffer);
	ntc_irp_free_mdls(irp);
	/* An error that the dispatch routine has returned: the maker does not wait. */
	if (!NT_ERROR(status) || irp->PendingReturned) {
		if (irp->UserIosb)
			*irp->UserIosb = irp->IoStatus;
		event = irp->UserEvent;
	}
	ntc_irp_release(irp);
	/* Last: the maker's stack has event and status block. */
	if (event)
		KeSetEvent(event, IO_NO_INCREMENT, FALSE);
}

/* An associated IRP is past its last driver: the last one completes the master. */
static void ntc_irp_finish_associated(PIRP irp)
{
	PIRP master = irp->AssociatedIrp.MasterIrp;

	ntc_irp_free_mdls(irp);
	ntc_irp_release(irp);
	if (!InterlockedDecrement(&master->AssociatedIrp.IrpCount))
		IofCompleteRequest(master, IO_NO_INCREMENT);
}

/* What is known of a location that was completed. */
struct ntc_irp_step {
	PIO_COMPLETION_ROUTINE routine;	/* NULL: none is to be called */
	PVOID context;
	PDEVICE_OBJECT held;		/* reference to drop */
	PDEVICE_OBJECT device;		/* for the routine */
	bool freed;			/* the maker has freed the IRP */
};

static bool ntc_irp_is_wanted(PIRP irp, UCHAR control)
{
	return (NT_SUCCESS(irp->IoStatus.Status) && control & SL_INVOKE_ON_SUCCESS) ||
	       (!NT_SUCCESS(irp->IoStatus.Status) && control & SL_INVOKE_ON_ERROR) ||
	       (READ_ONCE(irp->Cancel) && control & SL_INVOKE_ON_CANCEL);
}

/* Dispatch routines that have not returned learn what they may return. */
static void ntc_irp_note_completed(PIRP irp, int location, bool marked)
{
	struct ntc_io_call *call;

	list_for_each_entry(call, &ntc_irp_bucket_of(irp)->calls, link) {
		if (call->irp == irp && call->location == location && !call->completed) {
			call->completed = true;
			call->marked = marked;
		}
	}
}

/* Completes the current location. */
static void ntc_irp_step_up(PIRP irp, struct ntc_irp_step *step)
{
	PIO_STACK_LOCATION done = IoGetCurrentIrpStackLocation(irp);
	int up = irp->CurrentLocation + 1, origin = ntc_irp_origin(irp);
	UCHAR control = done->Control;

	*step = (struct ntc_irp_step){};
	if (ntc_irp_is_wanted(irp, control)) {
		step->routine = done->CompletionRoutine;
		step->context = done->Context;
	}
	if (up <= origin)
		step->held = done->DeviceObject;
	irp->PendingReturned = !!(control & SL_PENDING_RETURNED);
	ntc_irp_note_completed(irp, up - 1, irp->PendingReturned);
	memset(done, 0, sizeof(*done));
	irp->CurrentLocation = up;
	irp->Tail.Overlay.CurrentStackLocation++;
	if (up <= irp->StackCount)
		step->device = IoGetCurrentIrpStackLocation(irp)->DeviceObject;
	if (up == origin) {
		ntc_irp_set_held(irp, 0, 0);
		step->freed = irp->AllocationFlags & NTC_IRP_FREED;
		if (step->freed || !(irp->AllocationFlags & NTC_IRP_ALLOCATED))
			ntc_irp_unlist(irp);
	} else if (origin) {
		ntc_irp_set_held(irp, up, origin);
	}
	/* The routine may have the IRP completed, sent or freed before it returns. */
	if (step->routine)
		irp->AllocationFlags &= ~NTC_IRP_COMPLETING;
	else if (irp->PendingReturned && up <= irp->StackCount)
		IoMarkIrpPending(irp);
}

static NTSTATUS __nocfi ntc_irp_call_completion(PIRP irp, const struct ntc_irp_step *step)
{
	struct ntc_io_call call;
	NTSTATUS status;

	ntc_io_call_begin(&call, irp, step->routine, NULL, 0);
	status = step->routine(step->device, irp, step->context);
	ntc_io_call_end(&call);
	return status;
}

/* Walks upwards from the current location. The caller has set NTC_IRP_COMPLETING. */
static void ntc_irp_complete(PIRP irp, void *caller)
{
	struct ntc_irp_step step;
	unsigned long flags;

	while (irp->CurrentLocation <= irp->StackCount) {
		flags = ntc_irp_lock(irp);
		ntc_irp_step_up(irp, &step);
		ntc_irp_unlock(irp, flags);
		if (step.held)
			ObDereferenceObject(step.held);
		if (step.freed) {
			ntc_irp_free_memory(irp);
			return;
		}
		if (!step.routine)
			continue;
		if (ntc_irp_call_completion(irp, &step) == STATUS_MORE_PROCESSING_REQUIRED)
			return;		/* the IRP may be freed */
		flags = ntc_irp_lock(irp);
		irp->AllocationFlags |= NTC_IRP_COMPLETING;
		ntc_irp_unlock(irp, flags);
	}
	if (irp->AllocationFlags & NTC_IRP_BUILT) {
		ntc_irp_finish(irp, caller);
		return;
	}
	if (irp->AllocationFlags & NTC_IRP_ASSOCIATED) {
		ntc_irp_finish_associated(irp);
		return;
	}
	flags = ntc_irp_lock(irp);
	irp->AllocationFlags &= ~NTC_IRP_COMPLETING;
	ntc_irp_unlock(irp, flags);
	wqc_report(WQC_R_IRP_NO_MAKER, "IRP %p", irp);
}

/* False: no driver has the IRP, which is not dereferenced then unless it is on the list. */
static bool ntc_irp_claim(PIRP irp)
{
	unsigned long flags = ntc_irp_lock(irp);
	bool claimed = false;

	if (ntc_irp_is_listed(irp) && !(irp->AllocationFlags & NTC_IRP_COMPLETING) &&
	    (ntc_irp_origin(irp) || irp->AllocationFlags & NTC_IRP_BUILT ||
	     irp->CurrentLocation <= irp->StackCount)) {
		irp->AllocationFlags |= NTC_IRP_COMPLETING;
		claimed = true;
	}
	ntc_irp_unlock(irp, flags);
	return claimed;
}

/**
 * IofCompleteRequest - complete an IRP
 * @Irp: the caller has it, and has set IoStatus
 * @PriorityBoost: not used
 *
 * Calls the completion routines of the drivers above, the nearest first, until one returns
 * STATUS_MORE_PROCESSING_REQUIRED; a later call continues with the routine above that one. Past
 * the last driver, an IRP of an IoBuild...() call is freed, and its maker's event set. The caller
 * must not use the IRP any more. Of a built IRP's buffered output no more is copied than its maker
 * has room for, and a larger Information is reported. An IRP that no driver has, for instance
 * because it was completed already, is reported and left as it is.
 *
 * Context: IRQL <= DISPATCH_LEVEL, without spin locks; here any context, except, on PREEMPT_RT,
 * with interrupts or preemption off.
 *
 * Follows: DDI wdm/nf-wdm-iofcompleterequest.
 */
VOID IofCompleteRequest(PIRP Irp, CCHAR PriorityBoost)
{
	if (!ntc_irp_claim(Irp)) {
		wqc_report(WQC_R_IRP_TWICE, "IRP %p, from %pS", Irp, (void *)_RET_IP_);
		return;
	}
	if (Irp->IoStatus.Status == STATUS_PENDING)
		wqc_report(WQC_R_IRP_STATUS, "IRP %p, from %pS", Irp, (void *)_RET_IP_);
	if (READ_ONCE(Irp->CancelRoutine))
		wqc_report(WQC_R_IRP_CANCELABLE, "IRP %p, routine %ps, from %pS", Irp,
			   IoSetCancelRoutine(Irp, NULL), (void *)_RET_IP_);
	ntc_irp_complete(Irp, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(IofCompleteRequest);

/* ---- sending ------------------------------------------------------------------ */

/* Makes the next location the current one. Returns the device that it had, if it was skipped to. */
static PDEVICE_OBJECT ntc_irp_step_down(PIRP irp, PDEVICE_OBJECT device)
{
	int next = irp->CurrentLocation - 1, origin = ntc_irp_origin(irp);
	PDEVICE_OBJECT old = NULL;

	if (!(irp->AllocationFlags & NTC_IRP_LISTED))
		ntc_irp_list(irp);
	IoSetNextIrpStackLocation(irp);
	if (!origin)
		origin = next + 1;
	else if (next >= ntc_irp_lowest(irp))
		old = IoGetCurrentIrpStackLocation(irp)->DeviceObject;
	ntc_irp_set_held(irp, next, origin);
	IoGetCurrentIrpStackLocation(irp)->DeviceObject = device;
	return old;
}

/* Reports what the dispatch routine returned, if it does not match what it did with the IRP. */
static void ntc_io_call_returned(struct ntc_io_call *call, NTSTATUS status)
{
	unsigned long flags = ntc_irp_lock(call->irp);
	bool marked = false, here = false;
	PIRP irp = call->irp;

	ntc_io_call_unlink(call);
	if (call->completed) {
		marked = call->marked;
		here = true;
	} else if (call->location) {
		/* A location that is not completed keeps its IRP. */
		marked = READ_ONCE(ntc_irp_location(irp, call->location)->Control) &
			 SL_PENDING_RETURNED;
		/* Else a driver below has marked its location, and the mark comes up later. */
		here = irp->CurrentLocation == call->location;
	}
	ntc_irp_unlock(irp, flags);
	if (status == STATUS_PENDING && !marked && here)
		wqc_report(WQC_R_IRP_NOT_MARKED, "IRP %p, routine %ps", irp, call->routine);
	else if (status != STATUS_PENDING && marked)
		wqc_report(WQC_R_IRP_MARKED, "IRP %p, routine %ps", irp, call->routine);
}

PDRIVER_DISPATCH ntc_irp_dispatch_routine(PDEVICE_OBJECT device, int major)
{
	return major <= IRP_MJ_MAXIMUM_FUNCTION ? device->DriverObject->MajorFunction[major] :
						  NULL;
}

/* Completes an IRP that no routine of its driver is called for. */
NTSTATUS ntc_irp_fail(PIRP irp, NTSTATUS status)
{
	irp->IoStatus.Status = status;
	irp->IoStatus.Information = 0;
	IofCompleteRequest(irp, IO_NO_INCREMENT);
	return status;
}

/* The call holds the device, which its IRP's completion lets go, and the driver's text. */
static NTSTATUS __nocfi ntc_irp_dispatch(PDEVICE_OBJECT device, PIRP irp)
{
	PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(irp);
	PDRIVER_DISPATCH routine;
	struct ntc_io_call call;
	NTSTATUS status;

	routine = ntc_irp_dispatch_routine(device, location->MajorFunction);
	if (!routine)
		return ntc_irp_fail(irp, STATUS_INVALID_DEVICE_REQUEST);
	ntc_io_call_begin(&call, irp, routine, device, irp->CurrentLocation);
	status = routine(device, irp);
	ntc_io_call_returned(&call, status);
	return status;
}

/**
 * IofCallDriver - send an IRP to the driver of a device
 * @DeviceObject: the device
 * @Irp: the caller has it, and has filled in the next stack location
 *
 * The device, and its driver's text, stay until the IRP is completed. An IRP without a further
 * location is reported and completed by this call, and so is one for an invalid device.
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context, except, on PREEMPT_RT, with interrupts or
 * preemption off.
 * Return: what the dispatch routine returned; STATUS_INVALID_DEVICE_REQUEST if the driver has
 * none for the major function, or no stack location is left; STATUS_NO_SUCH_DEVICE.
 *
 * Follows: DDI wdm/nf-wdm-iofcalldriver.
 */
NTSTATUS IofCallDriver(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
	bool held, left = Irp->CurrentLocation > 1;
	PDEVICE_OBJECT old = NULL;
	unsigned long flags;
	NTSTATUS status;

	if (READ_ONCE(Irp->CancelRoutine))
		wqc_report(WQC_R_IRP_CANCEL_DOWN, "IRP %p, routine %ps, from %pS", Irp,
			   READ_ONCE(Irp->CancelRoutine), (void *)_RET_IP_);
	if (!left) {
		wqc_report(WQC_R_IRP_NO_LOCATION, "IRP %p, from %pS", Irp, (void *)_RET_IP_);
		return ntc_irp_fail(Irp, STATUS_INVALID_DEVICE_REQUEST);
	}
	held = wqc_device_get(DeviceObject);	/* for the location */
	if (!held)
		wqc_report(WQC_R_IRP_BAD_DEVICE, "IRP %p, device %p, from %pS", Irp, DeviceObject,
			   (void *)_RET_IP_);
	else
		ObReferenceObject(DeviceObject);	/* for the call */
	flags = ntc_irp_lock(Irp);
	old = ntc_irp_step_down(Irp, held ? DeviceObject : NULL);
	ntc_irp_unlock(Irp, flags);
	if (old)
		ObDereferenceObject(old);
	if (!held)
		return ntc_irp_fail(Irp, STATUS_NO_SUCH_DEVICE);
	status = ntc_irp_dispatch(DeviceObject, Irp);
	ObDereferenceObject(DeviceObject);
	return status;
}
EXPORT_SYMBOL_GPL(IofCallDriver);

static NTSTATUS ntc_irp_signal(PDEVICE_OBJECT device, PIRP irp, PVOID event)
{
	KeSetEvent(event, IO_NO_INCREMENT, FALSE);
	return STATUS_MORE_PROCESSING_REQUIRED;
}

/**
 * IoForwardIrpSynchronously - send an IRP to a lower driver and wait for it
 * @DeviceObject: the device
 * @Irp: the caller has it, and has it again when this returns
 *
 * Context: IRQL <= APC_LEVEL; here process context, sleeps.
 * Return: FALSE if there is no next stack location; or, with a report, at DISPATCH_LEVEL or above.
 *
 * Follows: DDI wdm/nf-wdm-ioforwardirpsynchronously.
 */
BOOLEAN IoForwardIrpSynchronously(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
	KEVENT event;

	if (Irp->CurrentLocation <= 1 || !wqc_may_sleep(__func__, (void *)_RET_IP_))
		return FALSE;
	KeInitializeEvent(&event, NotificationEvent, FALSE);
	IoCopyCurrentIrpStackLocationToNext(Irp);
	IoSetCompletionRoutine(Irp, ntc_irp_signal, &event, TRUE, TRUE, TRUE);
	if (IofCallDriver(DeviceObject, Irp) == STATUS_PENDING)
		KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
	return TRUE;
}
EXPORT_SYMBOL_GPL(IoForwardIrpSynchronously);

/* ---- completion routines that hold their driver ------------------------------- */

struct ntc_completion_ex {
	PIO_COMPLETION_ROUTINE routine;
	PVOID context;
	PDEVICE_OBJECT device;
};

static NTSTATUS __nocfi ntc_completion_ex(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
	struct ntc_completion_ex ex = *(struct ntc_completion_ex *)context;
	struct ntc_io_call call;
	NTSTATUS status;

	kfree(context);
	ntc_io_call_begin(&call, irp, ex.routine, ex.device, 0);
	status = ex.routine(device, irp, ex.context);
	ntc_io_call_end(&call);
	ObDereferenceObject(ex.device);
	return status;
}

/**
 * IoSetCompletionRoutineEx - IoSetCompletionRoutine() that holds a driver
 * @DeviceObject: of the caller's driver
 * @Irp: as for IoSetCompletionRoutine(); has to be sent after a success
 * @CompletionRoutine: the routine
 * @Context: for the routine
 * @InvokeOnSuccess: call it for a success status
 * @InvokeOnError: call it for any other status
 * @InvokeOnCancel: call it if the IRP was cancelled
 *
 * The device, and its driver's text, stay until the routine has returned.
 *
 * Context: IRQL <= DISPATCH_LEVEL; here as for IoAllocateIrp().
 * Return: STATUS_SUCCESS; STATUS_INSUFFICIENT_RESOURCES; STATUS_INVALID_PARAMETER if
 * @DeviceObject is no device.
 *
 * Follows: DDI wdm/nf-wdm-iosetcompletionroutineex.
 */
NTSTATUS IoSetCompletionRoutineEx(PDEVICE_OBJECT DeviceObject, PIRP Irp,
				  PIO_COMPLETION_ROUTINE CompletionRoutine, PVOID Context,
				  BOOLEAN InvokeOnSuccess, BOOLEAN InvokeOnError,
				  BOOLEAN InvokeOnCancel)
{
	struct ntc_completion_ex *ex;

	ex = kmalloc(sizeof(*ex), ntc_alloc_may_sleep() ? GFP_KERNEL : GFP_ATOMIC);
	if (!ex)
		return STATUS_INSUFFICIENT_RESOURCES;
	if (!wqc_device_get(DeviceObject)) {
		kfree(ex);
		return STATUS_INVALID_PARAMETER;
	}
	ex->routine = CompletionRoutine;
	ex->context = Context;
	ex->device = DeviceObject;
	IoSetCompletionRoutine(Irp, ntc_completion_ex, ex, InvokeOnSuccess, InvokeOnError,
			       InvokeOnCancel);
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(IoSetCompletionRoutineEx);

/* The driver's routine: for IoSetCompletionRoutineEx() the one behind it. */
PIO_COMPLETION_ROUTINE ntc_completion_routine(const IO_STACK_LOCATION *location)
{
	/* The driver that has the IRP may mark it pending. */
	if (!(READ_ONCE(location->Control) &
	      (SL_INVOKE_ON_SUCCESS | SL_INVOKE_ON_ERROR | SL_INVOKE_ON_CANCEL)))
		return NULL;
	if (location->CompletionRoutine == ntc_completion_ex)
		return ((struct ntc_completion_ex *)location->Context)->routine;
	return location->CompletionRoutine;
}
