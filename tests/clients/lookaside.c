// SPDX-License-Identifier: GPL-2.0
//
// lookaside.c
//
//     Packets and their buffers come from lookaside lists: the packets from a
//     nonpaged one, the buffers from one whose routines are the driver's. Threads
//     post packets; one work item takes them from a list and frees them.
//     The spin locks are never initialised: one has the initialiser 0, the
//     other is in zeroed memory.
//
#include <ntddk.h>
#include "inc\verdict.h"
#include "inc\thread.h"

#define PACKET_TAG      'kcaP'
#define BUFFER_TAG      'fuBP'
#define POSTERS         3
#define PACKETS         200             // of a poster
#define BUFFER_SIZE     52

typedef struct _PACKET {
    LIST_ENTRY Links;
    LONG Poster;
    LONG Number;
    PUCHAR Buffer;
} PACKET, *PPACKET;

typedef struct _TOTALS {
    USHORT Reserved;
    KSPIN_LOCK Lock;                    // protects the members below
    LONG Packets;
    LONG Sum;
    LONG Wrong;
} TOTALS, *PTOTALS;

DRIVER_INITIALIZE DriverEntry;
DRIVER_UNLOAD LookasideUnload;
WORKER_THREAD_ROUTINE DrainRoutine;
KSTART_ROUTINE PosterThread;
KSTART_ROUTINE LookasideTest;

static VERDICT Verdict = { "lookaside", 0, 0 };
static KSPIN_LOCK PacketLock = 0;       // of the next three
static LIST_ENTRY PacketList;
static BOOLEAN Draining;
static LONG Drains;
static NPAGED_LOOKASIDE_LIST PacketPool;
static LOOKASIDE_LIST_EX BufferPool;
static volatile LONG BuffersAllocated;
static volatile LONG BuffersFreed;
static volatile LONG WrongPool;
static volatile LONG WithoutMemory;
static WORK_QUEUE_ITEM DrainItem;
static KEVENT Drained;
static PTOTALS Totals;
static PVOID TestThread;

static PVOID NTAPI
BufferAllocate(
    _In_ POOL_TYPE PoolType,
    _In_ SIZE_T NumberOfBytes,
    _In_ ULONG Tag,
    _Inout_ PLOOKASIDE_LIST_EX Lookaside
    )
{
    PVOID buffer;

    if (Lookaside != &BufferPool || Tag != BUFFER_TAG || NumberOfBytes != BUFFER_SIZE) {
        InterlockedIncrement(&WrongPool);
    }
    buffer = ExAllocatePoolWithTag(PoolType, NumberOfBytes, Tag);
    if (buffer != NULL) {
        InterlockedIncrement(&BuffersAllocated);
    }
    return buffer;
}

static VOID NTAPI
BufferFree(
    _In_ PVOID Buffer,
    _Inout_ PLOOKASIDE_LIST_EX Lookaside
    )
{
    if (Lookaside != &BufferPool) {
        InterlockedIncrement(&WrongPool);
    }
    InterlockedIncrement(&BuffersFreed);
    ExFreePoolWithTag(Buffer, BUFFER_TAG);
}

static VOID
PacketCount(
    _In_ PPACKET Packet
    )
{
    KIRQL irql;
    LONG i, wrong = 0;

    for (i = 0; i < BUFFER_SIZE; i++) {
        wrong += Packet->Buffer[i] != (UCHAR)(Packet->Poster * 64 + Packet->Number);
    }
    KeAcquireSpinLock(&Totals->Lock, &irql);
    Totals->Packets++;
    Totals->Sum += Packet->Number;
    Totals->Wrong += wrong;
    KeReleaseSpinLock(&Totals->Lock, irql);
}

_Use_decl_annotations_
VOID
DrainRoutine(
    PVOID Parameter
    )
{
    PLIST_ENTRY entry;
    PPACKET packet;
    KIRQL irql;

    UNREFERENCED_PARAMETER(Parameter);

    for (;;) {
        KeAcquireSpinLock(&PacketLock, &irql);
        if (IsListEmpty(&PacketList)) {
            break;
        }
        entry = RemoveHeadList(&PacketList);
        KeReleaseSpinLock(&PacketLock, irql);
        packet = CONTAINING_RECORD(entry, PACKET, Links);
        PacketCount(packet);
        RtlFillMemory(packet->Buffer, BUFFER_SIZE, 0xDD);
        ExFreeToLookasideListEx(&BufferPool, packet->Buffer);
        ExFreeToNPagedLookasideList(&PacketPool, packet);
    }
    Draining = FALSE;
    KeSetEvent(&Drained, IO_NO_INCREMENT, FALSE);
    KeReleaseSpinLock(&PacketLock, irql);
}

static BOOLEAN
PacketPost(
    _In_ LONG Poster,
    _In_ LONG Number
    )
{
    PPACKET packet;
    KIRQL irql;

    packet = (PPACKET)ExAllocateFromNPagedLookasideList(&PacketPool);
    if (packet == NULL) {
        return FALSE;
    }
    packet->Buffer = (PUCHAR)ExAllocateFromLookasideListEx(&BufferPool);
    if (packet->Buffer == NULL) {
        ExFreeToNPagedLookasideList(&PacketPool, packet);
        return FALSE;
    }
    packet->Poster = Poster;
    packet->Number = Number;
    RtlFillMemory(packet->Buffer, BUFFER_SIZE, (UCHAR)(Poster * 64 + Number));
    KeAcquireSpinLock(&PacketLock, &irql);
    InsertTailList(&PacketList, &packet->Links);
    if (!Draining) {
        Draining = TRUE;
        Drains++;
        KeClearEvent(&Drained);
        ExInitializeWorkItem(&DrainItem, DrainRoutine, NULL);
        ExQueueWorkItem(&DrainItem, DelayedWorkQueue);
    }
    KeReleaseSpinLock(&PacketLock, irql);
    return TRUE;
}

_Use_decl_annotations_
VOID
PosterThread(
    PVOID StartContext
    )
{
    LONG i;

    for (i = 0; i < PACKETS; i++) {
        while (!PacketPost(PtrToLong(StartContext), i)) {
            InterlockedIncrement(&WithoutMemory);
            Pause(1);
        }
        if (i % 32 == 0) {
            Pause(1);
        }
    }
    PsTerminateSystemThread(STATUS_SUCCESS);
}

_Use_decl_annotations_
VOID
LookasideTest(
    PVOID StartContext
    )
{
    PVOID threads[POSTERS];
    LONG i;

    UNREFERENCED_PARAMETER(StartContext);

    for (i = 0; i < POSTERS; i++) {
        (VOID)ThreadStart(PosterThread, LongToPtr(i), &threads[i]);
    }
    for (i = 0; i < POSTERS; i++) {
        ThreadJoin(threads[i]);
    }
    LAW(&Verdict, "the list is drained", WaitFor(&Drained));
    LAW_IS(&Verdict, "packets", Totals->Packets, POSTERS * PACKETS);
    LAW_IS(&Verdict, "sum of their numbers", Totals->Sum, POSTERS * PACKETS * (PACKETS - 1) / 2);
    LAW_IS(&Verdict, "bytes that were not the poster's", Totals->Wrong, 0);
    LAW(&Verdict, "queued once, drained many", Drains >= 1 && Drains <= POSTERS * PACKETS);
    LAW(&Verdict, "buffers are used again", BuffersAllocated < POSTERS * PACKETS);
    LAW_IS(&Verdict, "calls for another list", WrongPool, 0);
    VerdictOver(&Verdict);
    PsTerminateSystemThread(STATUS_SUCCESS);
}

_Use_decl_annotations_
VOID
LookasideUnload(
    PDRIVER_OBJECT DriverObject
    )
{
    UNREFERENCED_PARAMETER(DriverObject);

    ThreadJoin(TestThread);
    ExDeleteNPagedLookasideList(&PacketPool);
    ExDeleteLookasideListEx(&BufferPool);
    LAW_IS(&Verdict, "buffers that were freed", BuffersFreed, BuffersAllocated);
    ExFreePoolWithTag(Totals, PACKET_TAG);
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

    UNREFERENCED_PARAMETER(RegistryPath);

    DriverObject->DriverUnload = LookasideUnload;
    InitializeListHead(&PacketList);
    KeInitializeEvent(&Drained, NotificationEvent, TRUE);
    Totals = (PTOTALS)ExAllocatePoolWithTag(NonPagedPool, sizeof(TOTALS), PACKET_TAG);
    if (Totals == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    RtlZeroMemory(Totals, sizeof(TOTALS));
    ExInitializeNPagedLookasideList(&PacketPool, NULL, NULL, 0, sizeof(PACKET), PACKET_TAG, 0);
    status = ExInitializeLookasideListEx(&BufferPool, BufferAllocate, BufferFree, NonPagedPool, 0,
					 BUFFER_SIZE, BUFFER_TAG, 0);
    if (NT_SUCCESS(status)) {
        status = ThreadStart(LookasideTest, NULL, &TestThread);
    }
    if (!NT_SUCCESS(status)) {
        ExDeleteNPagedLookasideList(&PacketPool);
        ExFreePoolWithTag(Totals, PACKET_TAG);
    }
    return status;
}
