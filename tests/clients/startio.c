// SPDX-License-Identifier: GPL-2.0
//
// startio.c
//
//     Two devices whose reads go through StartIo: it queues a work item, which
//     completes the read and starts the next one by its position, as for a disk.
//     One device has its StartIo deferred. Three threads send reads and cancel
//     some of them: before they are sent, while they wait, when they are started,
//     while the work item has them.
//

#include <ntddk.h>
#include "inc/verdict.h"
#include "inc/thread.h"

#define SENDERS         3
#define ROUNDS          20
#define BURST           4
#define DEVICES         2

typedef struct _DISK {
    PIO_WORKITEM WorkItem;
    volatile LONG Serving;              // reads that the work item has
    ULONG Position;                     // of the last one
} DISK, *PDISK;

typedef struct _SENDER {
    LONG Index;
    PVOID Thread;
} SENDER, *PSENDER;

typedef struct _READ {
    PIRP Irp;
    volatile LONG Completions;
    BOOLEAN Cancelled;
    KEVENT Completed;
} READ, *PREAD;

DRIVER_INITIALIZE DriverEntry;
static DRIVER_UNLOAD StartIoUnload;
static DRIVER_DISPATCH StartIoRead;
static DRIVER_STARTIO StartIoStart;
static DRIVER_CANCEL StartIoCancel;
static IO_WORKITEM_ROUTINE StartIoWorker;
static IO_COMPLETION_ROUTINE ReadCompleted;
static KSTART_ROUTINE SendReads;
static KSTART_ROUTINE StartIoTest;

static VERDICT Verdict = { "startio", 0, 0 };
static PDEVICE_OBJECT Devices[DEVICES];
static SENDER Senders[SENDERS];
static PVOID TestThread;
static volatile LONG Sent, Succeeded, CancelledReads, Refused;
static volatile LONG WrongLevel, WrongStatus, AtOnce, Again;
static volatile LONG Waiting, Current, Started;     // where cancels met their read

static VOID
CompleteRead(
    _In_ PIRP Irp,
    _In_ NTSTATUS Status
    )
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, NT_SUCCESS(Status) ? IO_DISK_INCREMENT : IO_NO_INCREMENT);
}

_Use_decl_annotations_
static NTSTATUS
StartIoRead(
    PDEVICE_OBJECT DeviceObject,
    PIRP Irp
    )
{
    ULONG key = IoGetCurrentIrpStackLocation(Irp)->Parameters.Read.ByteOffset.LowPart;

    IoMarkIrpPending(Irp);
    IoStartPacket(DeviceObject, Irp, &key, StartIoCancel);
    return STATUS_PENDING;
}

//
// A read that is cancelled while it waits, or just when it has become the current one. The
// cancel spin lock is held: the read stays where it is until it is released.
//
_Use_decl_annotations_
static VOID
StartIoCancel(
    PDEVICE_OBJECT DeviceObject,
    PIRP Irp
    )
{
    KIRQL irql = Irp->CancelIrql;
    KIRQL old;

    if (Irp == DeviceObject->CurrentIrp) {
        InterlockedIncrement(&Current);
        IoReleaseCancelSpinLock(irql);
        KeRaiseIrql(DISPATCH_LEVEL, &old);
        IoStartNextPacket(DeviceObject, TRUE);
        KeLowerIrql(old);
    } else {
        if (!KeRemoveEntryDeviceQueue(&DeviceObject->DeviceQueue,
                                      &Irp->Tail.Overlay.DeviceQueueEntry))
            InterlockedIncrement(&Again);
        InterlockedIncrement(&Waiting);
        IoReleaseCancelSpinLock(irql);
    }
    CompleteRead(Irp, STATUS_CANCELLED);
}

_Use_decl_annotations_
static VOID
StartIoStart(
    PDEVICE_OBJECT DeviceObject,
    PIRP Irp
    )
{
    PDISK disk = DeviceObject->DeviceExtension;
    BOOLEAN cancelled;
    KIRQL irql;

    if (KeGetCurrentIrql() != DISPATCH_LEVEL)
        InterlockedIncrement(&WrongLevel);

    //
    // If the cancel routine was faster, the read is not the current one any more, or has no
    // cancel routine: it may be freed.
    //
    IoAcquireCancelSpinLock(&irql);
    if (Irp != DeviceObject->CurrentIrp || IoSetCancelRoutine(Irp, NULL) == NULL) {
        IoReleaseCancelSpinLock(irql);
        return;
    }
    cancelled = Irp->Cancel;
    IoReleaseCancelSpinLock(irql);

    if (cancelled) {
        InterlockedIncrement(&Started);
        IoStartNextPacket(DeviceObject, TRUE);
        CompleteRead(Irp, STATUS_CANCELLED);
        return;
    }
    if (InterlockedIncrement(&disk->Serving) != 1)
        InterlockedIncrement(&AtOnce);
    disk->Position = IoGetCurrentIrpStackLocation(Irp)->Parameters.Read.ByteOffset.LowPart;
    IoQueueWorkItem(disk->WorkItem, StartIoWorker, DelayedWorkQueue, Irp);
}

//
// The item is queued again, by StartIo, before this routine returns.
//
_Use_decl_annotations_
static VOID
StartIoWorker(
    PDEVICE_OBJECT DeviceObject,
    PVOID Context
    )
{
    PDISK disk = DeviceObject->DeviceExtension;
    ULONG position = disk->Position;
    PIRP irp = Context;
    KIRQL irql;

    if (position % 8 == 0)
        Pause(1);
    if (irp != DeviceObject->CurrentIrp)
        InterlockedIncrement(&Again);
    InterlockedDecrement(&disk->Serving);
    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    IoStartNextPacketByKey(DeviceObject, TRUE, position);
    KeLowerIrql(irql);
    CompleteRead(irp, STATUS_SUCCESS);
}

_Use_decl_annotations_
static NTSTATUS
ReadCompleted(
    PDEVICE_OBJECT DeviceObject,
    PIRP Irp,
    PVOID Context
    )
{
    PREAD read = Context;

    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Irp);
    InterlockedIncrement(&read->Completions);
    KeSetEvent(&read->Completed, IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static BOOLEAN
SendRead(
    _In_ PDEVICE_OBJECT DeviceObject,
    _Inout_ PREAD Read,
    _In_ ULONG Position,
    _In_ BOOLEAN CancelFirst
    )
{
    PIO_STACK_LOCATION next;

    Read->Completions = 0;
    Read->Cancelled = CancelFirst;
    KeInitializeEvent(&Read->Completed, NotificationEvent, FALSE);
    Read->Irp = IoAllocateIrp(DeviceObject->StackSize, FALSE);
    if (Read->Irp == NULL)
        return FALSE;
    next = IoGetNextIrpStackLocation(Read->Irp);
    next->MajorFunction = IRP_MJ_READ;
    next->Parameters.Read.ByteOffset.LowPart = Position;
    IoSetCompletionRoutine(Read->Irp, ReadCompleted, Read, TRUE, TRUE, TRUE);
    if (CancelFirst)
        IoCancelIrp(Read->Irp);
    if (IoCallDriver(DeviceObject, Read->Irp) != STATUS_PENDING)
        InterlockedIncrement(&WrongStatus);
    InterlockedIncrement(&Sent);
    return TRUE;
}

static VOID
EndRead(
    _Inout_ PREAD Read
    )
{
    NTSTATUS status;

    if (!WaitFor(&Read->Completed)) {
        InterlockedIncrement(&Refused);
        return;
    }
    status = Read->Irp->IoStatus.Status;
    if (status == STATUS_SUCCESS)
        InterlockedIncrement(&Succeeded);
    else if (status == STATUS_CANCELLED && Read->Cancelled)
        InterlockedIncrement(&CancelledReads);
    else
        InterlockedIncrement(&WrongStatus);
    if (Read->Completions != 1)
        InterlockedIncrement(&Again);
    IoFreeIrp(Read->Irp);
}

//
// Of each burst one read is cancelled before it is sent, one at once, one later.
//
_Use_decl_annotations_
static VOID
SendReads(
    PVOID StartContext
    )
{
    PSENDER sender = StartContext;
    READ reads[BURST];
    ULONG position;
    int i, n;

    for (i = 0; i < ROUNDS; i++) {
        for (n = 0; n < BURST; n++) {
            position = (ULONG)(sender->Index * 37 + i * 11 + n * 5) % 64;
            if (!SendRead(Devices[(i + sender->Index) % DEVICES], &reads[n], position,
                          (BOOLEAN)((i + n) % 8 == 0))) {
                InterlockedIncrement(&Refused);
                break;
            }
            if (n == 1) {
                reads[n].Cancelled = TRUE;
                IoCancelIrp(reads[n].Irp);
            }
        }
        if (n == BURST) {
            if (i % 3 == 0)
                Pause(1);
            reads[n - 1].Cancelled = TRUE;
            IoCancelIrp(reads[n - 1].Irp);
        }
        while (n-- > 0)
            EndRead(&reads[n]);
    }
    PsTerminateSystemThread(STATUS_SUCCESS);
}

_Use_decl_annotations_
static VOID
StartIoTest(
    PVOID StartContext
    )
{
    int i;

    UNREFERENCED_PARAMETER(StartContext);
    for (i = 0; i < SENDERS; i++) {
        Senders[i].Index = i;
        LAW(&Verdict, "sender starts",
            NT_SUCCESS(ThreadStart(SendReads, &Senders[i], &Senders[i].Thread)));
    }
    for (i = 0; i < SENDERS; i++)
        ThreadJoin(Senders[i].Thread);
    LAW_IS(&Verdict, "reads sent", Sent, SENDERS * ROUNDS * BURST);
    LAW_IS(&Verdict, "reads refused or lost", Refused, 0);
    LAW_IS(&Verdict, "reads that ended", Succeeded + CancelledReads, Sent);
    LAW_IS(&Verdict, "cancelled reads", CancelledReads, Waiting + Current + Started);
    LAW_IS(&Verdict, "reads with another status", WrongStatus, 0);
    LAW_IS(&Verdict, "reads completed or removed again", Again, 0);
    LAW_IS(&Verdict, "reads that a device had beside another", AtOnce, 0);
    LAW_IS(&Verdict, "StartIo at another IRQL", WrongLevel, 0);
    LAW(&Verdict, "some were cancelled", CancelledReads != 0);
    LAW(&Verdict, "some were not", Succeeded != 0);
    for (i = 0; i < DEVICES; i++)
        LAW(&Verdict, "device is idle", Devices[i]->CurrentIrp == NULL);
    DbgPrint("startio: cancelled waiting=%ld current=%ld started=%ld\n", Waiting, Current,
             Started);
    VerdictOver(&Verdict);
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static VOID
DeleteDisks(VOID)
{
    PDISK disk;
    int i;

    for (i = 0; i < DEVICES; i++) {
        if (Devices[i] == NULL)
            continue;
        disk = Devices[i]->DeviceExtension;
        if (disk->WorkItem != NULL)
            IoFreeWorkItem(disk->WorkItem);
        IoDeleteDevice(Devices[i]);
    }
}

_Use_decl_annotations_
static VOID
StartIoUnload(
    PDRIVER_OBJECT DriverObject
    )
{
    UNREFERENCED_PARAMETER(DriverObject);
    ThreadJoin(TestThread);
    DeleteDisks();
    VerdictSay(&Verdict);
}

_Use_decl_annotations_
NTSTATUS
DriverEntry(
    PDRIVER_OBJECT DriverObject,
    PUNICODE_STRING RegistryPath
    )
{
    NTSTATUS status;
    PDISK disk;
    int i;

    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = StartIoUnload;
    DriverObject->DriverStartIo = StartIoStart;
    DriverObject->MajorFunction[IRP_MJ_READ] = StartIoRead;
    for (i = 0; i < DEVICES; i++) {
        status = IoCreateDevice(DriverObject, sizeof(DISK), NULL, FILE_DEVICE_DISK, 0, FALSE,
                                &Devices[i]);
        if (!NT_SUCCESS(status))
            break;
        IoSetStartIoAttributes(Devices[i], (BOOLEAN)(i == 1), FALSE);
        disk = Devices[i]->DeviceExtension;
        disk->WorkItem = IoAllocateWorkItem(Devices[i]);
        Devices[i]->Flags &= ~DO_DEVICE_INITIALIZING;
        status = STATUS_INSUFFICIENT_RESOURCES;
        if (disk->WorkItem == NULL)
            break;
    }
    if (i == DEVICES)
        status = ThreadStart(StartIoTest, NULL, &TestThread);
    if (!NT_SUCCESS(status))
        DeleteDisks();
    return status;
}
