// SPDX-License-Identifier: GPL-2.0
//
// drain.c
//
//     A work queue of the driver's own: packets on a list under a spin lock,
//     and one I/O work item that is queued when the list gets its first packet
//     and drains it. Threads put packets there, and their DPCs.
//

#include <wdm.h>
#include "inc\verdict.h"
#include "inc\thread.h"

#define DRAIN_TAG           'nirD'
#define PRODUCERS           4
#define PACKETS             300         // of a producer

typedef struct _PACKET {
    LIST_ENTRY ListEntry;
    ULONG Producer;
    ULONG Sequence;
} PACKET, *PPACKET;

typedef struct _PRODUCER {
    struct _DEVICE_EXTENSION *DevExt;
    ULONG Index;
    PVOID Thread;
    KDPC Dpc;
    KSPIN_LOCK SequenceLock;            // held while a packet gets number and place
    ULONG NextSequence;
    volatile LONG ForDpc;               // packets that its DPC shall put
    ULONG Expected;                     // of the worker alone
    ULONG Disorder;
} PRODUCER, *PPRODUCER;

typedef struct _DEVICE_EXTENSION {
    PIO_WORKITEM WorkItem;
    KSPIN_LOCK QueueLock;               // of the next four
    LIST_ENTRY Queue;
    BOOLEAN WorkerActive;
    LONG Posted;
    LONG TimesQueued;

    volatile LONG TimesRun;
    volatile LONG Inside;
    volatile LONG MostInside;
    volatile LONG WrongIrql;
    volatile LONG WrongDevice;
    volatile LONG NoMemory;
    LONG Drained;                       // of the worker alone
    KEVENT AllDrained;
    PRODUCER Producers[PRODUCERS];
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

DRIVER_INITIALIZE DriverEntry;
static DRIVER_UNLOAD DrainUnload;
static IO_WORKITEM_ROUTINE DrainWorker;
static KDEFERRED_ROUTINE DrainDpc;
static KSTART_ROUTINE DrainProducer;
static KSTART_ROUTINE DrainTest;

#ifdef ALLOC_PRAGMA
#pragma alloc_text(INIT, DriverEntry)
#pragma alloc_text(PAGE, DrainUnload)
#endif

static VERDICT Verdict = { "drain", 0, 0 };
static PVOID TestThread;

//
// Puts a packet; at any IRQL up to DISPATCH_LEVEL. The item is queued while the
// lock is held, so that no thread sees the flag before the item is queued.
//
static VOID
DrainPut(
    _Inout_ PPRODUCER Producer
    )
{
    PDEVICE_EXTENSION devExt = Producer->DevExt;
    PPACKET packet;
    KIRQL oldIrql;

    packet = ExAllocatePoolWithTag(NonPagedPool, sizeof(*packet), DRAIN_TAG);
    if (packet == NULL) {
        InterlockedIncrement(&devExt->NoMemory);
        return;
    }
    packet->Producer = Producer->Index;

    KeAcquireSpinLock(&Producer->SequenceLock, &oldIrql);
    packet->Sequence = Producer->NextSequence++;
    KeAcquireSpinLockAtDpcLevel(&devExt->QueueLock);
    InsertTailList(&devExt->Queue, &packet->ListEntry);
    devExt->Posted++;
    if (!devExt->WorkerActive) {
        devExt->WorkerActive = TRUE;
        devExt->TimesQueued++;
        IoQueueWorkItem(devExt->WorkItem, DrainWorker, DelayedWorkQueue, NULL);
    }
    KeReleaseSpinLockFromDpcLevel(&devExt->QueueLock);
    KeReleaseSpinLock(&Producer->SequenceLock, oldIrql);
}

static VOID NTAPI
DrainDpc(
    IN PKDPC Dpc,
    IN PVOID DeferredContext,
    IN PVOID SystemArgument1,
    IN PVOID SystemArgument2
    )
{
    PPRODUCER producer = DeferredContext;
    LONG count = InterlockedExchange(&producer->ForDpc, 0);

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(SystemArgument1);
    UNREFERENCED_PARAMETER(SystemArgument2);
    while (count-- > 0)
        DrainPut(producer);
}

static VOID
DrainWorker(
    IN PDEVICE_OBJECT DeviceObject,
    IN PVOID Context
    )
{
    PDEVICE_EXTENSION devExt = DeviceObject->DeviceExtension;
    PPRODUCER producer;
    PPACKET packet;
    LONG inside;
    KIRQL oldIrql;

    InterlockedIncrement(&devExt->TimesRun);
    if (DeviceObject->Type != IO_TYPE_DEVICE || Context != NULL)
        InterlockedIncrement(&devExt->WrongDevice);
    if (KeGetCurrentIrql() != PASSIVE_LEVEL)
        InterlockedIncrement(&devExt->WrongIrql);

    inside = InterlockedIncrement(&devExt->Inside);
    if (inside > devExt->MostInside)
        devExt->MostInside = inside;

    for (;;) {
        KeAcquireSpinLock(&devExt->QueueLock, &oldIrql);
        if (KeGetCurrentIrql() != DISPATCH_LEVEL)
            InterlockedIncrement(&devExt->WrongIrql);
        if (IsListEmpty(&devExt->Queue)) {
            //
            // From the unlock on the item may be queued again, and another
            // thread may enter this routine before this run has returned.
            //
            InterlockedDecrement(&devExt->Inside);
            devExt->WorkerActive = FALSE;
            if (devExt->Drained == PRODUCERS * PACKETS)
                KeSetEvent(&devExt->AllDrained, IO_NO_INCREMENT, FALSE);
            KeReleaseSpinLock(&devExt->QueueLock, oldIrql);
            return;
        }
        packet = CONTAINING_RECORD(RemoveHeadList(&devExt->Queue), PACKET, ListEntry);
        KeReleaseSpinLock(&devExt->QueueLock, oldIrql);

        producer = &devExt->Producers[packet->Producer];
        if (packet->Sequence != producer->Expected)
            producer->Disorder++;
        producer->Expected = packet->Sequence + 1;
        devExt->Drained++;
        ExFreePoolWithTag(packet, DRAIN_TAG);
    }
}

//
// Until the worker has come to its end: the next packet queues the item again.
//
static VOID
DrainWaitForIdle(
    _In_ PDEVICE_EXTENSION DevExt
    )
{
    BOOLEAN active = TRUE;
    ULONG tries;
    KIRQL oldIrql;

    for (tries = 0; active && tries < PATIENCE_SECONDS * 1000; tries++) {
        Pause(1);
        KeAcquireSpinLock(&DevExt->QueueLock, &oldIrql);
        active = DevExt->WorkerActive;
        KeReleaseSpinLock(&DevExt->QueueLock, oldIrql);
    }
}

static VOID
DrainProducer(
    PVOID StartContext
    )
{
    PPRODUCER producer = StartContext;
    ULONG i;

    for (i = 0; i < PACKETS; i++) {
        if (i & 1) {
            // If the DPC is queued already, it finds this one as well.
            InterlockedIncrement(&producer->ForDpc);
            KeInsertQueueDpc(&producer->Dpc, NULL, NULL);
        } else {
            DrainPut(producer);
        }
        if (i == PACKETS / 2 && producer->Index == 0)
            DrainWaitForIdle(producer->DevExt);
        else if (i % 50 == 49)
            Pause(1);
    }
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static VOID
DrainTest(
    PVOID StartContext
    )
{
    PDEVICE_OBJECT deviceObject = StartContext;
    PDEVICE_EXTENSION devExt = deviceObject->DeviceExtension;
    ULONG i, disorder = 0, started = 0;

    for (i = 0; i < PRODUCERS; i++) {
        PPRODUCER producer = &devExt->Producers[i];

        producer->DevExt = devExt;
        producer->Index = i;
        KeInitializeSpinLock(&producer->SequenceLock);
        KeInitializeDpc(&producer->Dpc, DrainDpc, producer);
        if (NT_SUCCESS(ThreadStart(DrainProducer, producer, &producer->Thread)))
            started++;
    }
    for (i = 0; i < PRODUCERS; i++)
        ThreadJoin(devExt->Producers[i].Thread);
    LAW_IS(&Verdict, "producers started", started, PRODUCERS);
    LAW(&Verdict, "the last packet is drained", WaitFor(&devExt->AllDrained));
    KeFlushQueuedDpcs();

    for (i = 0; i < PRODUCERS; i++)
        disorder += devExt->Producers[i].Disorder;
    LAW_IS(&Verdict, "packets put", devExt->Posted, PRODUCERS * PACKETS);
    LAW_IS(&Verdict, "packets drained", devExt->Drained, devExt->Posted);
    LAW_IS(&Verdict, "packets out of their producer's order", disorder, 0);
    LAW_IS(&Verdict, "runs of the item", devExt->TimesRun, devExt->TimesQueued);
    LAW(&Verdict, "queued once, drained many", devExt->TimesQueued < devExt->Posted);
    LAW(&Verdict, "queued again after it ended", devExt->TimesQueued > 1);
    LAW_IS(&Verdict, "workers at a time", devExt->MostInside, 1);
    LAW_IS(&Verdict, "wrong levels", devExt->WrongIrql, 0);
    LAW_IS(&Verdict, "wrong devices or contexts", devExt->WrongDevice, 0);
    LAW_IS(&Verdict, "packets without memory", devExt->NoMemory, 0);
    VerdictOver(&Verdict);
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static VOID
DrainUnload(
    IN PDRIVER_OBJECT DriverObject
    )
{
    PDEVICE_EXTENSION devExt = DriverObject->DeviceObject->DeviceExtension;

    PAGED_CODE();
    ThreadJoin(TestThread);
    IoFreeWorkItem(devExt->WorkItem);
    IoDeleteDevice(DriverObject->DeviceObject);
    VerdictSay(&Verdict);
}

NTSTATUS
DriverEntry(
    IN PDRIVER_OBJECT DriverObject,
    IN PUNICODE_STRING RegistryPath
    )
{
    PDEVICE_OBJECT deviceObject;
    PDEVICE_EXTENSION devExt;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    status = IoCreateDevice(DriverObject, sizeof(DEVICE_EXTENSION), NULL, FILE_DEVICE_UNKNOWN,
			    0, FALSE, &deviceObject);
    if (!NT_SUCCESS(status))
        return status;
    devExt = deviceObject->DeviceExtension;
    RtlZeroMemory(devExt, sizeof(*devExt));
    KeInitializeSpinLock(&devExt->QueueLock);
    InitializeListHead(&devExt->Queue);
    KeInitializeEvent(&devExt->AllDrained, NotificationEvent, FALSE);
    devExt->WorkItem = IoAllocateWorkItem(deviceObject);
    if (devExt->WorkItem == NULL) {
        IoDeleteDevice(deviceObject);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    DriverObject->DriverUnload = DrainUnload;
    deviceObject->Flags &= ~DO_DEVICE_INITIALIZING;

    status = ThreadStart(DrainTest, deviceObject, &TestThread);
    if (!NT_SUCCESS(status)) {
        IoFreeWorkItem(devExt->WorkItem);
        IoDeleteDevice(deviceObject);
    }
    return status;
}
