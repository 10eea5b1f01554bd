// SPDX-License-Identifier: GPL-2.0
//
// stacklow.c
//
// Abstract:
//
//     The lower driver of a stack of two. A read waits in a cancel-safe queue
//     until a work item serves it:
//
//       IRP_MJ_READ --> cancel-safe queue --> I/O work item --> completion
//
// Environment:
//
//     Kernel mode only.
//

#include <ntddk.h>
#include "stack.h"

typedef struct _DEVICE_EXTENSION {
    PIO_WORKITEM WorkItem;
    IO_CSQ Queue;
    KSPIN_LOCK Lock;            // protects the members below
    LIST_ENTRY Irps;
    BOOLEAN WorkerIsQueued;

    STACK_COUNT Count;
    ULONG Next;                 // of the worker only
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

DRIVER_INITIALIZE DriverEntry;
DRIVER_UNLOAD LowUnload;
DRIVER_DISPATCH LowOpenClose;
DRIVER_DISPATCH LowRead;
DRIVER_DISPATCH LowControl;
IO_WORKITEM_ROUTINE LowWorker;

static PDEVICE_EXTENSION
LowQueueOwner(
    PIO_CSQ Csq
    )
{
    return CONTAINING_RECORD(Csq, DEVICE_EXTENSION, Queue);
}

static VOID NTAPI
LowInsertIrp(
    PIO_CSQ Csq,
    PIRP Irp
    )
{
    InsertTailList(&LowQueueOwner(Csq)->Irps, &Irp->Tail.Overlay.ListEntry);
}

static VOID NTAPI
LowRemoveIrp(
    PIO_CSQ Csq,
    PIRP Irp
    )
{
    UNREFERENCED_PARAMETER(Csq);
    RemoveEntryList(&Irp->Tail.Overlay.ListEntry);
}

static PIRP NTAPI
LowPeekNextIrp(
    PIO_CSQ Csq,
    PIRP Irp,
    PVOID PeekContext
    )
{
    PLIST_ENTRY head = &LowQueueOwner(Csq)->Irps;
    PLIST_ENTRY next = Irp ? Irp->Tail.Overlay.ListEntry.Flink : head->Flink;

    UNREFERENCED_PARAMETER(PeekContext);
    return next == head ? NULL : CONTAINING_RECORD(next, IRP, Tail.Overlay.ListEntry);
}

static VOID NTAPI
LowAcquireLock(
    PIO_CSQ Csq,
    PKIRQL Irql
    )
{
    KeAcquireSpinLock(&LowQueueOwner(Csq)->Lock, Irql);
}

static VOID NTAPI
LowReleaseLock(
    PIO_CSQ Csq,
    KIRQL Irql
    )
{
    KeReleaseSpinLock(&LowQueueOwner(Csq)->Lock, Irql);
}

static VOID NTAPI
LowCompleteCanceledIrp(
    PIO_CSQ Csq,
    PIRP Irp
    )
{
    InterlockedIncrement(&LowQueueOwner(Csq)->Count.Cancelled);
    Irp->IoStatus.Status = STATUS_CANCELLED;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
}

static NTSTATUS
LowComplete(
    PIRP Irp,
    NTSTATUS Status,
    ULONG_PTR Information
    )
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = Information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

NTSTATUS NTAPI
LowOpenClose(
    PDEVICE_OBJECT DeviceObject,
    PIRP Irp
    )
{
    UNREFERENCED_PARAMETER(DeviceObject);
    return LowComplete(Irp, STATUS_SUCCESS, 0);
}

NTSTATUS NTAPI
LowControl(
    PDEVICE_OBJECT DeviceObject,
    PIRP Irp
    )
{
    PDEVICE_EXTENSION devExt = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;
    PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(Irp);

    if (location->Parameters.DeviceIoControl.IoControlCode != IOCTL_STACK_COUNT) {
        return LowComplete(Irp, STATUS_INVALID_DEVICE_REQUEST, 0);
    }
    if (location->Parameters.DeviceIoControl.OutputBufferLength < sizeof(STACK_COUNT)) {
        return LowComplete(Irp, STATUS_BUFFER_TOO_SMALL, 0);
    }
    *(PSTACK_COUNT)Irp->AssociatedIrp.SystemBuffer = devExt->Count;
    return LowComplete(Irp, STATUS_SUCCESS, sizeof(STACK_COUNT));
}

VOID NTAPI
LowWorker(
    PDEVICE_OBJECT DeviceObject,
    PVOID Context
    )
{
    PDEVICE_EXTENSION devExt = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;
    PIRP irp;
    KIRQL oldIrql;

    UNREFERENCED_PARAMETER(Context);
    for (;;) {
        while ((irp = IoCsqRemoveNextIrp(&devExt->Queue, NULL)) != NULL) {
            InterlockedIncrement(&devExt->Count.Served);
            *(PULONG)irp->AssociatedIrp.SystemBuffer = devExt->Next++;
            LowComplete(irp, STATUS_SUCCESS, sizeof(ULONG));
        }
        KeAcquireSpinLock(&devExt->Lock, &oldIrql);
        if (IsListEmpty(&devExt->Irps)) {
            devExt->WorkerIsQueued = FALSE;
            KeReleaseSpinLock(&devExt->Lock, oldIrql);
            return;
        }
        KeReleaseSpinLock(&devExt->Lock, oldIrql);
    }
}

NTSTATUS NTAPI
LowRead(
    PDEVICE_OBJECT DeviceObject,
    PIRP Irp
    )
{
    PDEVICE_EXTENSION devExt = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;
    BOOLEAN queueIt;
    KIRQL oldIrql;

    if (IoGetCurrentIrpStackLocation(Irp)->Parameters.Read.Length < sizeof(ULONG)) {
        return LowComplete(Irp, STATUS_BUFFER_TOO_SMALL, 0);
    }
    IoCsqInsertIrp(&devExt->Queue, Irp, NULL);          // marks it pending
    KeAcquireSpinLock(&devExt->Lock, &oldIrql);
    queueIt = !devExt->WorkerIsQueued;
    devExt->WorkerIsQueued = TRUE;
    KeReleaseSpinLock(&devExt->Lock, oldIrql);
    if (queueIt) {
        IoQueueWorkItem(devExt->WorkItem, LowWorker, DelayedWorkQueue, NULL);
    }
    return STATUS_PENDING;
}

VOID NTAPI
LowUnload(
    PDRIVER_OBJECT DriverObject
    )
{
    PDEVICE_OBJECT deviceObject = DriverObject->DeviceObject;
    PDEVICE_EXTENSION devExt = (PDEVICE_EXTENSION)deviceObject->DeviceExtension;
    UNICODE_STRING linkName;
    BOOLEAN good;

    RtlInitUnicodeString(&linkName, STACK_LINK_NAME);
    good = (BOOLEAN)(IsListEmpty(&devExt->Irps) && IoDeleteSymbolicLink(&linkName) == 0);
    DbgPrint("stacklow: %s served=%ld cancelled=%ld\n", good ? "PASS" : "FAIL",
             devExt->Count.Served, devExt->Count.Cancelled);
    IoFreeWorkItem(devExt->WorkItem);
    IoDeleteDevice(deviceObject);
}

NTSTATUS NTAPI
DriverEntry(
    PDRIVER_OBJECT DriverObject,
    PUNICODE_STRING RegistryPath
    )
{
    UNICODE_STRING deviceName, linkName;
    PDEVICE_OBJECT deviceObject;
    PDEVICE_EXTENSION devExt;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    RtlInitUnicodeString(&deviceName, STACK_DEVICE_NAME);
    RtlInitUnicodeString(&linkName, STACK_LINK_NAME);
    status = IoCreateDevice(DriverObject, sizeof(DEVICE_EXTENSION), &deviceName,
                            FILE_DEVICE_UNKNOWN, FILE_DEVICE_SECURE_OPEN, FALSE, &deviceObject);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    devExt = (PDEVICE_EXTENSION)deviceObject->DeviceExtension;
    devExt->WorkItem = IoAllocateWorkItem(deviceObject);
    if (devExt->WorkItem == NULL) {
        IoDeleteDevice(deviceObject);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    KeInitializeSpinLock(&devExt->Lock);
    InitializeListHead(&devExt->Irps);
    IoCsqInitialize(&devExt->Queue, LowInsertIrp, LowRemoveIrp, LowPeekNextIrp, LowAcquireLock,
                    LowReleaseLock, LowCompleteCanceledIrp);
    status = IoCreateSymbolicLink(&linkName, &deviceName);
    if (!NT_SUCCESS(status)) {
        IoFreeWorkItem(devExt->WorkItem);
        IoDeleteDevice(deviceObject);
        return status;
    }

    DriverObject->MajorFunction[IRP_MJ_CREATE] = LowOpenClose;
    DriverObject->MajorFunction[IRP_MJ_CLEANUP] = LowOpenClose;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = LowOpenClose;
    DriverObject->MajorFunction[IRP_MJ_READ] = LowRead;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = LowControl;
    DriverObject->DriverUnload = LowUnload;
    deviceObject->Flags |= DO_BUFFERED_IO;
    deviceObject->Flags &= ~DO_DEVICE_INITIALIZING;
    return STATUS_SUCCESS;
}
