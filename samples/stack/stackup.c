// SPDX-License-Identifier: GPL-2.0
//
// stackup.c
//
// Abstract:
//
//     The upper driver of a stack of two, attached to the device of stacklow.
//     It pends each read, sends it down from a work item, and sees it again
//     when the lower driver's work item completes it:
//
//       IRP_MJ_READ --> cancel-safe queue --> work item --> IoCallDriver
//                                                              |
//       requester   <--  completion routine  <--  stacklow <---+
//
//     A system thread is the requester. It cancels some of its reads: before
//     it sends them, at once, and later, so that the cancellation meets the
//     read in either driver, or after its end.
//
// Environment:
//
//     Kernel mode only.
//

#include <ntddk.h>
#include "stack.h"

#define STACK_TAG       'katS'
#define STACK_ROUNDS    60
#define STACK_READS     8               // outstanding at a time

typedef struct _DEVICE_EXTENSION {
    PDEVICE_OBJECT Self;
    PDEVICE_OBJECT Lower;
    IO_REMOVE_LOCK RemoveLock;          // held for each read
    IO_CSQ Queue;
    KSPIN_LOCK Lock;                    // of Queue
    LIST_ENTRY Irps;
    PETHREAD Thread;

    volatile LONG Pended;
    volatile LONG Down;                 // sent to the lower driver ...
    volatile LONG Up;                   // ... and completed by it
    volatile LONG Cancelled;            // in this driver
    LONG Sent;
    LONG Succeeded;
    LONG Failed;
    LONG Wrong;
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

// A read that waits for its work item.
typedef struct _UP_READ {
    PIO_WORKITEM WorkItem;
    IO_CSQ_IRP_CONTEXT Context;
} UP_READ, *PUP_READ;

// A read of the requester.
typedef struct _UP_REQUEST {
    PIRP Irp;
    KEVENT Done;
    ULONG Number;
} UP_REQUEST, *PUP_REQUEST;

DRIVER_INITIALIZE DriverEntry;
DRIVER_UNLOAD UpUnload;
DRIVER_DISPATCH UpPass;
DRIVER_DISPATCH UpRead;
IO_WORKITEM_ROUTINE UpWorker;
IO_COMPLETION_ROUTINE UpCompleted;
IO_COMPLETION_ROUTINE UpRequestCompleted;
KSTART_ROUTINE UpRequester;

static PDEVICE_EXTENSION
UpQueueOwner(
    PIO_CSQ Csq
    )
{
    return CONTAINING_RECORD(Csq, DEVICE_EXTENSION, Queue);
}

static VOID NTAPI
UpInsertIrp(
    PIO_CSQ Csq,
    PIRP Irp
    )
{
    InsertTailList(&UpQueueOwner(Csq)->Irps, &Irp->Tail.Overlay.ListEntry);
}

static VOID NTAPI
UpRemoveIrp(
    PIO_CSQ Csq,
    PIRP Irp
    )
{
    UNREFERENCED_PARAMETER(Csq);
    RemoveEntryList(&Irp->Tail.Overlay.ListEntry);
}

static PIRP NTAPI
UpPeekNextIrp(
    PIO_CSQ Csq,
    PIRP Irp,
    PVOID PeekContext
    )
{
    UNREFERENCED_PARAMETER(Csq);
    UNREFERENCED_PARAMETER(Irp);
    UNREFERENCED_PARAMETER(PeekContext);
    return NULL;                        // reads are removed by their contexts
}

static VOID NTAPI
UpAcquireLock(
    PIO_CSQ Csq,
    PKIRQL Irql
    )
{
    KeAcquireSpinLock(&UpQueueOwner(Csq)->Lock, Irql);
}

static VOID NTAPI
UpReleaseLock(
    PIO_CSQ Csq,
    KIRQL Irql
    )
{
    KeReleaseSpinLock(&UpQueueOwner(Csq)->Lock, Irql);
}

static VOID NTAPI
UpCompleteCanceledIrp(
    PIO_CSQ Csq,
    PIRP Irp
    )
{
    PDEVICE_EXTENSION devExt = UpQueueOwner(Csq);

    InterlockedIncrement(&devExt->Cancelled);
    Irp->IoStatus.Status = STATUS_CANCELLED;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    IoReleaseRemoveLock(&devExt->RemoveLock, Irp);
}

NTSTATUS NTAPI
UpPass(
    PDEVICE_OBJECT DeviceObject,
    PIRP Irp
    )
{
    PDEVICE_EXTENSION devExt = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;

    IoSkipCurrentIrpStackLocation(Irp);
    return IoCallDriver(devExt->Lower, Irp);
}

NTSTATUS NTAPI
UpCompleted(
    PDEVICE_OBJECT DeviceObject,
    PIRP Irp,
    PVOID Context
    )
{
    PDEVICE_EXTENSION devExt = (PDEVICE_EXTENSION)Context;

    if (DeviceObject != devExt->Self) {
        InterlockedIncrement(&devExt->Cancelled);       // a law fails
    }
    if (Irp->PendingReturned) {
        IoMarkIrpPending(Irp);
    }
    InterlockedIncrement(&devExt->Up);
    IoReleaseRemoveLock(&devExt->RemoveLock, Irp);
    return STATUS_CONTINUE_COMPLETION;
}

VOID NTAPI
UpWorker(
    PDEVICE_OBJECT DeviceObject,
    PVOID Context
    )
{
    PDEVICE_EXTENSION devExt = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;
    PUP_READ read = (PUP_READ)Context;
    PIRP irp = IoCsqRemoveIrp(&devExt->Queue, &read->Context);

    IoFreeWorkItem(read->WorkItem);
    ExFreePoolWithTag(read, STACK_TAG);
    if (irp == NULL) {
        return;                         // cancelled
    }
    IoCopyCurrentIrpStackLocationToNext(irp);
    IoSetCompletionRoutine(irp, UpCompleted, devExt, TRUE, TRUE, TRUE);
    InterlockedIncrement(&devExt->Down);
    IoCallDriver(devExt->Lower, irp);
}

NTSTATUS NTAPI
UpRead(
    PDEVICE_OBJECT DeviceObject,
    PIRP Irp
    )
{
    PDEVICE_EXTENSION devExt = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;
    NTSTATUS status;
    PUP_READ read;

    status = IoAcquireRemoveLock(&devExt->RemoveLock, Irp);
    if (NT_SUCCESS(status)) {
        read = (PUP_READ)ExAllocatePoolWithTag(NonPagedPool, sizeof(UP_READ), STACK_TAG);
        if (read != NULL) {
            read->WorkItem = IoAllocateWorkItem(DeviceObject);
            if (read->WorkItem != NULL) {
                InterlockedIncrement(&devExt->Pended);
                IoCsqInsertIrp(&devExt->Queue, Irp, &read->Context);    // marks it pending
                IoQueueWorkItem(read->WorkItem, UpWorker, DelayedWorkQueue, read);
                return STATUS_PENDING;
            }
            ExFreePoolWithTag(read, STACK_TAG);
        }
        IoReleaseRemoveLock(&devExt->RemoveLock, Irp);
        status = STATUS_INSUFFICIENT_RESOURCES;
    }
    Irp->IoStatus.Status = status;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return status;
}

// The IRP is the requester's, so it stops here.
NTSTATUS NTAPI
UpRequestCompleted(
    PDEVICE_OBJECT DeviceObject,
    PIRP Irp,
    PVOID Context
    )
{
    PUP_REQUEST request = (PUP_REQUEST)Context;

    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Irp);
    KeSetEvent(&request->Done, IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static BOOLEAN
UpSend(
    PDEVICE_OBJECT Top,
    PFILE_OBJECT FileObject,
    PUP_REQUEST Request,
    ULONG Step
    )
{
    PIO_STACK_LOCATION next;

    Request->Irp = IoAllocateIrp(Top->StackSize, FALSE);
    if (Request->Irp == NULL) {
        return FALSE;
    }
    KeInitializeEvent(&Request->Done, NotificationEvent, FALSE);
    Request->Irp->AssociatedIrp.SystemBuffer = &Request->Number;
    next = IoGetNextIrpStackLocation(Request->Irp);
    next->MajorFunction = IRP_MJ_READ;
    next->Parameters.Read.Length = sizeof(ULONG);
    next->FileObject = FileObject;
    IoSetCompletionRoutine(Request->Irp, UpRequestCompleted, Request, TRUE, TRUE, TRUE);
    if (Step == 1) {
        IoCancelIrp(Request->Irp);      // before it is sent
    }
    IoCallDriver(Top, Request->Irp);
    return TRUE;
}

static VOID
UpReap(
    PDEVICE_EXTENSION DevExt,
    PUP_REQUEST Request
    )
{
    KeWaitForSingleObject(&Request->Done, Executive, KernelMode, FALSE, NULL);
    if (NT_SUCCESS(Request->Irp->IoStatus.Status)) {
        DevExt->Succeeded++;
        if (Request->Irp->IoStatus.Information != sizeof(ULONG)) {
            DevExt->Wrong++;
        }
    } else {
        DevExt->Failed++;
        if (Request->Irp->IoStatus.Status != STATUS_CANCELLED) {
            DevExt->Wrong++;
        }
    }
    IoFreeIrp(Request->Irp);
}

static VOID
UpRound(
    PDEVICE_EXTENSION DevExt,
    PDEVICE_OBJECT Top,
    PFILE_OBJECT FileObject,
    ULONG Round
    )
{
    UP_REQUEST requests[STACK_READS];
    ULONG i, sent;

    for (sent = 0; sent < STACK_READS; sent++) {
        if (!UpSend(Top, FileObject, &requests[sent], (Round + sent) % 4)) {
            break;
        }
        DevExt->Sent++;
        if ((Round + sent) % 4 == 2) {
            IoCancelIrp(requests[sent].Irp);            // at once
        }
    }
    for (i = 0; i < sent; i++) {
        if ((Round + i) % 4 == 3) {
            KeStallExecutionProcessor(Round % 32);
            IoCancelIrp(requests[i].Irp);               // wherever it is
        }
    }
    for (i = 0; i < sent; i++) {
        UpReap(DevExt, &requests[i]);
    }
}

// Asks the lower driver, by a request that has an event.
static VOID
UpCompare(
    PDEVICE_EXTENSION DevExt,
    PDEVICE_OBJECT Top
    )
{
    STACK_COUNT count = { 0 };
    IO_STATUS_BLOCK ioStatus;
    NTSTATUS status;
    KEVENT event;
    PIRP irp;

    KeInitializeEvent(&event, NotificationEvent, FALSE);
    irp = IoBuildDeviceIoControlRequest(IOCTL_STACK_COUNT, Top, NULL, 0, &count, sizeof(count),
                                        FALSE, &event, &ioStatus);
    if (irp == NULL) {
        DevExt->Wrong++;
        return;
    }
    status = IoCallDriver(Top, irp);
    if (status == STATUS_PENDING) {
        KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
        status = ioStatus.Status;
    }
    if (!NT_SUCCESS(status) || count.Served != DevExt->Succeeded ||
        count.Served + count.Cancelled != DevExt->Up ||
        count.Cancelled + DevExt->Cancelled != DevExt->Failed) {
        DevExt->Wrong++;
    }
}

VOID NTAPI
UpRequester(
    PVOID StartContext
    )
{
    PDEVICE_EXTENSION devExt = (PDEVICE_EXTENSION)StartContext;
    UNICODE_STRING linkName;
    PFILE_OBJECT fileObject;
    PDEVICE_OBJECT top;
    ULONG round;

    RtlInitUnicodeString(&linkName, STACK_LINK_NAME);
    if (NT_SUCCESS(IoGetDeviceObjectPointer(&linkName, FILE_ALL_ACCESS, &fileObject, &top))) {
        if (top != devExt->Self) {
            devExt->Wrong++;
        }
        for (round = 0; round < STACK_ROUNDS; round++) {
            UpRound(devExt, top, fileObject, round);
        }
        UpCompare(devExt, top);
        ObDereferenceObject(fileObject);
    } else {
        devExt->Wrong++;
    }
    DbgPrint("stackup: over\n");
    PsTerminateSystemThread(STATUS_SUCCESS);
}

VOID NTAPI
UpUnload(
    PDRIVER_OBJECT DriverObject
    )
{
    PDEVICE_OBJECT deviceObject = DriverObject->DeviceObject;
    PDEVICE_EXTENSION devExt = (PDEVICE_EXTENSION)deviceObject->DeviceExtension;
    BOOLEAN good;

    KeWaitForSingleObject(devExt->Thread, Executive, KernelMode, FALSE, NULL);
    ObDereferenceObject(devExt->Thread);
    if (NT_SUCCESS(IoAcquireRemoveLock(&devExt->RemoveLock, devExt))) {
        IoReleaseRemoveLockAndWait(&devExt->RemoveLock, devExt);
    }
    IoDetachDevice(devExt->Lower);

    good = (BOOLEAN)(devExt->Wrong == 0 && devExt->Sent == STACK_ROUNDS * STACK_READS &&
                     devExt->Sent == devExt->Pended && devExt->Down == devExt->Up &&
                     devExt->Sent == devExt->Succeeded + devExt->Failed &&
                     devExt->Pended == devExt->Down + devExt->Cancelled &&
                     devExt->Succeeded > 0 && devExt->Failed > 0 &&
                     IsListEmpty(&devExt->Irps));
    DbgPrint("stackup: %s sent=%ld down=%ld succeeded=%ld cancelled=%ld wrong=%ld\n",
             good ? "PASS" : "FAIL", devExt->Sent, devExt->Down, devExt->Succeeded,
             devExt->Failed, devExt->Wrong);
    IoDeleteDevice(deviceObject);
}

static NTSTATUS
UpAttach(
    PDEVICE_OBJECT DeviceObject
    )
{
    PDEVICE_EXTENSION devExt = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;
    UNICODE_STRING deviceName;
    PFILE_OBJECT fileObject;
    PDEVICE_OBJECT target;
    NTSTATUS status;

    RtlInitUnicodeString(&deviceName, STACK_DEVICE_NAME);
    status = IoGetDeviceObjectPointer(&deviceName, FILE_ALL_ACCESS, &fileObject, &target);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    devExt->Lower = IoAttachDeviceToDeviceStack(DeviceObject, target);
    ObDereferenceObject(fileObject);
    return devExt->Lower ? STATUS_SUCCESS : STATUS_NO_SUCH_DEVICE;
}

NTSTATUS NTAPI
DriverEntry(
    PDRIVER_OBJECT DriverObject,
    PUNICODE_STRING RegistryPath
    )
{
    PDEVICE_OBJECT deviceObject;
    PDEVICE_EXTENSION devExt;
    HANDLE threadHandle;
    NTSTATUS status;
    ULONG i;

    UNREFERENCED_PARAMETER(RegistryPath);
    status = IoCreateDevice(DriverObject, sizeof(DEVICE_EXTENSION), NULL, FILE_DEVICE_UNKNOWN, 0,
                            FALSE, &deviceObject);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    devExt = (PDEVICE_EXTENSION)deviceObject->DeviceExtension;
    devExt->Self = deviceObject;
    KeInitializeSpinLock(&devExt->Lock);
    InitializeListHead(&devExt->Irps);
    IoInitializeRemoveLock(&devExt->RemoveLock, STACK_TAG, 0, 0);
    IoCsqInitialize(&devExt->Queue, UpInsertIrp, UpRemoveIrp, UpPeekNextIrp, UpAcquireLock,
                    UpReleaseLock, UpCompleteCanceledIrp);
    for (i = 0; i <= IRP_MJ_MAXIMUM_FUNCTION; i++) {
        DriverObject->MajorFunction[i] = UpPass;
    }
    DriverObject->MajorFunction[IRP_MJ_READ] = UpRead;
    DriverObject->DriverUnload = UpUnload;
    deviceObject->Flags |= DO_BUFFERED_IO;

    status = UpAttach(deviceObject);
    if (!NT_SUCCESS(status)) {
        IoDeleteDevice(deviceObject);
        return status;
    }
    deviceObject->Flags &= ~DO_DEVICE_INITIALIZING;
    status = PsCreateSystemThread(&threadHandle, THREAD_ALL_ACCESS, NULL, NULL, NULL, UpRequester,
                                  devExt);
    if (!NT_SUCCESS(status)) {
        IoDetachDevice(devExt->Lower);
        IoDeleteDevice(deviceObject);
        return status;
    }
    ObReferenceObjectByHandle(threadHandle, THREAD_ALL_ACCESS, *PsThreadType, KernelMode,
                              (PVOID *)&devExt->Thread, NULL);
    ZwClose(threadHandle);
    return STATUS_SUCCESS;
}
