// SPDX-License-Identifier: GPL-2.0
//
// journal.c
//
// Abstract:
//
//     Collects readings of an imaginary sensor at DISPATCH_LEVEL and writes
//     them, in batches, to an imaginary journal at PASSIVE_LEVEL:
//
//       timer --> DPC --> list under a spin lock --> I/O work item --> journal
//                                                                      |
//       system thread  <-- event, when the journal is full ------------+
//
//     A device control request asks how many readings the journal has.
//
// Environment:
//
//     Kernel mode only.
//

#include <ntddk.h>
#include <ntstrsafe.h>

#define JOURNAL_TAG         'nruJ'
#define JOURNAL_RECORDS     24
#define JOURNAL_PERIOD_MS   5
#define JOURNAL_LINE        64

// How many readings are written. FILE_DEVICE_UNKNOWN, METHOD_BUFFERED, FILE_ANY_ACCESS.
#define IOCTL_JOURNAL_WRITTEN   ((0x22 << 16) | (0x800 << 2))

typedef struct _READING {
    LIST_ENTRY Link;
    ULONG Number;
    LARGE_INTEGER Time;
} READING, *PREADING;

typedef struct _DEVICE_EXTENSION {
    PDEVICE_OBJECT Self;
    PIO_WORKITEM WorkItem;

    KTIMER Timer;
    KDPC Dpc;

    KSPIN_LOCK Lock;            // protects the members below
    LIST_ENTRY Readings;
    ULONG Taken;
    BOOLEAN WorkerIsQueued;
    BOOLEAN Stopped;

    FAST_MUTEX JournalMutex;    // protects the members below
    ULONG Written;
    ULONG OutOfOrder;
    LARGE_INTEGER Newest;
    CHAR LastLine[JOURNAL_LINE];

    KEVENT StopEvent;
    KEVENT FullEvent;
    KEVENT IdleEvent;           // set while no work item is queued
    PETHREAD Thread;
    volatile LONG Lost;
    BOOLEAN Full;
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

DRIVER_INITIALIZE DriverEntry;
DRIVER_UNLOAD JournalUnload;
DRIVER_DISPATCH JournalDispatch;
KDEFERRED_ROUTINE JournalDpc;
IO_WORKITEM_ROUTINE JournalWorker;
KSTART_ROUTINE JournalThread;

#ifdef ALLOC_PRAGMA
#pragma alloc_text (INIT, DriverEntry)
#pragma alloc_text (PAGE, JournalUnload)
#pragma alloc_text (PAGE, JournalDispatch)
#pragma alloc_text (PAGE, JournalThread)
#endif

_Use_decl_annotations_
VOID
JournalDpc(
    PKDPC Dpc,
    PVOID DeferredContext,
    PVOID SystemArgument1,
    PVOID SystemArgument2
    )
{
    PDEVICE_EXTENSION devExt = (PDEVICE_EXTENSION)DeferredContext;
    PREADING reading;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(SystemArgument1);
    UNREFERENCED_PARAMETER(SystemArgument2);

    ASSERT(KeGetCurrentIrql() == DISPATCH_LEVEL);

    reading = (PREADING)ExAllocatePoolWithTag(NonPagedPool, sizeof(READING), JOURNAL_TAG);
    if (reading == NULL) {
        InterlockedIncrement(&devExt->Lost);
        return;
    }
    RtlZeroMemory(reading, sizeof(READING));
    KeQuerySystemTime(&reading->Time);

    KeAcquireSpinLockAtDpcLevel(&devExt->Lock);
    if (devExt->Stopped) {
        KeReleaseSpinLockFromDpcLevel(&devExt->Lock);
        ExFreePoolWithTag(reading, JOURNAL_TAG);
        return;
    }
    reading->Number = devExt->Taken++;
    InsertTailList(&devExt->Readings, &reading->Link);
    if (!devExt->WorkerIsQueued) {
        devExt->WorkerIsQueued = TRUE;
        KeClearEvent(&devExt->IdleEvent);
        IoQueueWorkItem(devExt->WorkItem, JournalWorker, DelayedWorkQueue, devExt);
    }
    KeReleaseSpinLockFromDpcLevel(&devExt->Lock);
}

static VOID
JournalWrite(
    _Inout_ PDEVICE_EXTENSION DevExt,
    _In_ const READING *Reading
    )
{
    ExAcquireFastMutex(&DevExt->JournalMutex);
    if (Reading->Number != DevExt->Written || Reading->Time.QuadPart < DevExt->Newest.QuadPart) {
        DevExt->OutOfOrder++;
    }
    DevExt->Newest = Reading->Time;
    (VOID)RtlStringCbPrintfA(DevExt->LastLine, sizeof(DevExt->LastLine),
			     "reading %lu at %I64d", Reading->Number, Reading->Time.QuadPart);
    if (++DevExt->Written == JOURNAL_RECORDS) {
        KeSetEvent(&DevExt->FullEvent, IO_NO_INCREMENT, FALSE);
    }
    ExReleaseFastMutex(&DevExt->JournalMutex);
}

_Use_decl_annotations_
VOID
JournalWorker(
    PDEVICE_OBJECT DeviceObject,
    PVOID Context
    )
{
    PDEVICE_EXTENSION devExt = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;
    PREADING reading;
    KIRQL oldIrql;

    NT_ASSERT(devExt == Context);
    UNREFERENCED_PARAMETER(Context);

    for (;;) {
        KeAcquireSpinLock(&devExt->Lock, &oldIrql);
        if (IsListEmpty(&devExt->Readings)) {
            devExt->WorkerIsQueued = FALSE;
            KeSetEvent(&devExt->IdleEvent, IO_NO_INCREMENT, FALSE);
            KeReleaseSpinLock(&devExt->Lock, oldIrql);
            return;
        }
        reading = CONTAINING_RECORD(RemoveHeadList(&devExt->Readings), READING, Link);
        KeReleaseSpinLock(&devExt->Lock, oldIrql);

        JournalWrite(devExt, reading);
        ExFreePoolWithTag(reading, JOURNAL_TAG);
    }
}

_Use_decl_annotations_
VOID
JournalThread(
    PVOID StartContext
    )
{
    PDEVICE_EXTENSION devExt = (PDEVICE_EXTENSION)StartContext;
    PVOID objects[2] = { &devExt->StopEvent, &devExt->FullEvent };
    LARGE_INTEGER timeout;
    NTSTATUS status;

    PAGED_CODE();

    timeout.QuadPart = -10 * 1000 * 1000;       // one second, relative
    do {
	status = KeWaitForMultipleObjects(2, objects, WaitAny, Executive, KernelMode,
					  FALSE, &timeout, NULL);
    } while (status == STATUS_TIMEOUT);
    devExt->Full = (status == STATUS_WAIT_1);
    DbgPrintEx(DPFLTR_IHVDRIVER_ID, DPFLTR_ERROR_LEVEL, "journal: over\n");
    PsTerminateSystemThread(STATUS_SUCCESS);
}

_Use_decl_annotations_
NTSTATUS
JournalDispatch(
    PDEVICE_OBJECT DeviceObject,
    PIRP Irp
    )
{
    PDEVICE_EXTENSION devExt = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;
    PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(Irp);
    NTSTATUS status = STATUS_SUCCESS;

    PAGED_CODE();

    Irp->IoStatus.Information = 0;
    if (location->MajorFunction == IRP_MJ_DEVICE_CONTROL) {
        if (location->Parameters.DeviceIoControl.IoControlCode != IOCTL_JOURNAL_WRITTEN) {
            status = STATUS_INVALID_DEVICE_REQUEST;
        } else if (location->Parameters.DeviceIoControl.OutputBufferLength < sizeof(ULONG)) {
            status = STATUS_BUFFER_TOO_SMALL;
        } else {
            ExAcquireFastMutex(&devExt->JournalMutex);
            *(PULONG)Irp->AssociatedIrp.SystemBuffer = devExt->Written;
            ExReleaseFastMutex(&devExt->JournalMutex);
            Irp->IoStatus.Information = sizeof(ULONG);
        }
    }
    Irp->IoStatus.Status = status;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return status;
}

// Sends a device control request, as another driver would.
static NTSTATUS
JournalAsk(
    _In_ PDEVICE_OBJECT DeviceObject,
    _Out_ PULONG Written
    )
{
    IO_STATUS_BLOCK ioStatus;
    NTSTATUS status;
    KEVENT event;
    PIRP irp;

    KeInitializeEvent(&event, NotificationEvent, FALSE);
    irp = IoBuildDeviceIoControlRequest(IOCTL_JOURNAL_WRITTEN, DeviceObject, NULL, 0, Written,
					sizeof(*Written), FALSE, &event, &ioStatus);
    if (irp == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    status = IoCallDriver(DeviceObject, irp);
    if (status == STATUS_PENDING) {
        KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
        status = ioStatus.Status;
    }
    return status;
}

_Use_decl_annotations_
VOID
JournalUnload(
    PDRIVER_OBJECT DriverObject
    )
{
    PDEVICE_OBJECT deviceObject = DriverObject->DeviceObject;
    PDEVICE_EXTENSION devExt = (PDEVICE_EXTENSION)deviceObject->DeviceExtension;
    ULONG taken, written, asked = 0;
    BOOLEAN good;
    KIRQL oldIrql;

    PAGED_CODE();

    KeCancelTimer(&devExt->Timer);
    KeFlushQueuedDpcs();
    KeAcquireSpinLock(&devExt->Lock, &oldIrql);
    devExt->Stopped = TRUE;
    KeReleaseSpinLock(&devExt->Lock, oldIrql);
    KeWaitForSingleObject(&devExt->IdleEvent, Executive, KernelMode, FALSE, NULL);

    KeSetEvent(&devExt->StopEvent, IO_NO_INCREMENT, FALSE);
    KeWaitForSingleObject(devExt->Thread, Executive, KernelMode, FALSE, NULL);
    ObDereferenceObject(devExt->Thread);

    taken = devExt->Taken;
    written = devExt->Written;
    good = (BOOLEAN)(taken == written && devExt->OutOfOrder == 0 && devExt->Lost == 0 &&
		     (devExt->Full == (written >= JOURNAL_RECORDS)) &&
		     NT_SUCCESS(JournalAsk(deviceObject, &asked)) && asked == written &&
		     IsListEmpty(&devExt->Readings));
    DbgPrint("journal: last is \"%s\"\n", devExt->LastLine);
    DbgPrint("journal: %s taken=%lu written=%lu full=%d disorder=%lu lost=%ld\n",
	     good ? "PASS" : "FAIL", taken, written, devExt->Full,
	     devExt->OutOfOrder, devExt->Lost);

    IoFreeWorkItem(devExt->WorkItem);
    IoDeleteDevice(deviceObject);
}

_Use_decl_annotations_
NTSTATUS
DriverEntry(
    PDRIVER_OBJECT DriverObject,
    PUNICODE_STRING RegistryPath
    )
{
    UNICODE_STRING deviceName;
    PDEVICE_OBJECT deviceObject;
    PDEVICE_EXTENSION devExt;
    LARGE_INTEGER dueTime;
    HANDLE threadHandle;
    NTSTATUS status;

    DbgPrint("journal: starts, its parameters are at %wZ\n", RegistryPath);

    RtlInitUnicodeString(&deviceName, L"\\Device\\Journal");
    status = IoCreateDevice(DriverObject, sizeof(DEVICE_EXTENSION), &deviceName,
			    FILE_DEVICE_UNKNOWN, FILE_DEVICE_SECURE_OPEN, FALSE, &deviceObject);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    devExt = (PDEVICE_EXTENSION)deviceObject->DeviceExtension;
    devExt->Self = deviceObject;
    devExt->WorkItem = IoAllocateWorkItem(deviceObject);
    if (devExt->WorkItem == NULL) {
        IoDeleteDevice(deviceObject);
        return STATUS_INSUFFICIENT_RESOURCES;
    }

    KeInitializeSpinLock(&devExt->Lock);
    InitializeListHead(&devExt->Readings);
    ExInitializeFastMutex(&devExt->JournalMutex);
    KeInitializeEvent(&devExt->StopEvent, NotificationEvent, FALSE);
    KeInitializeEvent(&devExt->FullEvent, SynchronizationEvent, FALSE);
    KeInitializeEvent(&devExt->IdleEvent, NotificationEvent, TRUE);
    KeInitializeDpc(&devExt->Dpc, JournalDpc, devExt);
    KeInitializeTimerEx(&devExt->Timer, SynchronizationTimer);

    status = PsCreateSystemThread(&threadHandle, THREAD_ALL_ACCESS, NULL, NULL, NULL,
				  JournalThread, devExt);
    if (!NT_SUCCESS(status)) {
        IoFreeWorkItem(devExt->WorkItem);
        IoDeleteDevice(deviceObject);
        return status;
    }
    status = ObReferenceObjectByHandle(threadHandle, THREAD_ALL_ACCESS, *PsThreadType,
				       KernelMode, (PVOID *)&devExt->Thread, NULL);
    NT_ASSERT(NT_SUCCESS(status));
    ZwClose(threadHandle);

    dueTime.QuadPart = -10000LL * JOURNAL_PERIOD_MS;
    KeSetTimerEx(&devExt->Timer, dueTime, JOURNAL_PERIOD_MS, &devExt->Dpc);

    DriverObject->MajorFunction[IRP_MJ_CREATE] = JournalDispatch;
    DriverObject->MajorFunction[IRP_MJ_CLEANUP] = JournalDispatch;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = JournalDispatch;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = JournalDispatch;
    DriverObject->DriverUnload = JournalUnload;
    deviceObject->Flags &= ~DO_DEVICE_INITIALIZING;
    return STATUS_SUCCESS;
}
