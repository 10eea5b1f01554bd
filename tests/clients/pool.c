// SPDX-License-Identifier: GPL-2.0
//
// pool.c
//
//     A fixed number of I/O work items for many requests: a semaphore counts
//     the free ones, an interlocked list holds them. The routine returns its
//     item before it returns, so that the item may be queued again, and run,
//     before the old run has returned.
//

#include <wdm.h>
#include "inc\verdict.h"
#include "inc\thread.h"

#define POOL_TAG            'looP'
#define SLOTS               5
#define CLIENTS             4
#define REQUESTS            150         // of a client

typedef struct _REQUEST {
    LONG Number;
    volatile LONG Runs;
    NTSTATUS Status;
} REQUEST, *PREQUEST;

//
// The item's storage follows; IoSizeofWorkItem() returns its size.
//
typedef struct DECLSPEC_ALIGN(MEMORY_ALLOCATION_ALIGNMENT) _SLOT {
    SLIST_ENTRY ListEntry;
    PREQUEST Request;
    volatile LONG Taken;
} SLOT, *PSLOT;

#define SLOT_ITEM(_slot)    ((PIO_WORKITEM)((PSLOT)(_slot) + 1))

static struct {
    PDEVICE_OBJECT Device;
    SLIST_HEADER Free;
    KSPIN_LOCK FreeLock;
    KSEMAPHORE FreeCount;
    PSLOT Slots[SLOTS];
    volatile LONG Out;
    volatile LONG MostOut;
    volatile LONG Empty;
    volatile LONG TakenTwice;
    volatile LONG Wrong;
    volatile LONG Ran;
    volatile LONG Tails;
    volatile LONG Overlaps;
} Pool;

static REQUEST Requests[CLIENTS * REQUESTS];
static VERDICT Verdict = { "pool", 0, 0 };
static PVOID TestThread;
static KEVENT AllRan;

DRIVER_INITIALIZE DriverEntry;
static DRIVER_UNLOAD PoolUnload;
static IO_WORKITEM_ROUTINE_EX PoolRoutine;

#ifdef ALLOC_PRAGMA
#pragma alloc_text(INIT, DriverEntry)
#pragma alloc_text(PAGE, PoolUnload)
#endif
#pragma warning(disable: 4100)          // unreferenced formal parameter

static PSLOT
PoolGet(VOID)
{
    PSLIST_ENTRY entry;
    PSLOT slot;
    LONG out;

    KeWaitForSingleObject(&Pool.FreeCount, Executive, KernelMode, FALSE, NULL);
    entry = ExInterlockedPopEntrySList(&Pool.Free, &Pool.FreeLock);
    if (entry == NULL) {
        InterlockedIncrement(&Pool.Empty);
        return NULL;
    }
    slot = CONTAINING_RECORD(entry, SLOT, ListEntry);
    if (InterlockedExchange(&slot->Taken, TRUE) != FALSE)
        InterlockedIncrement(&Pool.TakenTwice);
    out = InterlockedIncrement(&Pool.Out);
    if (out > Pool.MostOut)
        Pool.MostOut = out;
    return slot;
}

static VOID
PoolPut(
    IN PSLOT Slot
    )
{
    InterlockedDecrement(&Pool.Out);
    InterlockedExchange(&Slot->Taken, FALSE);
    ExInterlockedPushEntrySList(&Pool.Free, &Slot->ListEntry, &Pool.FreeLock);
    KeReleaseSemaphore(&Pool.FreeCount, IO_NO_INCREMENT, 1, FALSE);
}

static VOID
PoolRoutine(
    IN PVOID IoObject,
    IN PVOID Context OPTIONAL,
    IN PIO_WORKITEM IoWorkItem
    )
{
    PSLOT slot = Context;
    PREQUEST request = slot->Request;
    int tries;

    if (IoObject != Pool.Device || IoWorkItem != SLOT_ITEM(slot))
        InterlockedIncrement(&Pool.Wrong);
    InterlockedIncrement(&request->Runs);
    request->Status = STATUS_SUCCESS;
    PoolPut(slot);

    // From here on the slot and its item do not belong to this routine.
    if (request->Number % 8 == 0)
        Pause(1);
    for (tries = 0; Pool.Overlaps == 0 && tries < PATIENCE_SECONDS * 100; tries++) {
        if (slot->Taken)
            InterlockedIncrement(&Pool.Overlaps);
        else
            Pause(1);
    }
    if (InterlockedIncrement(&Pool.Tails) == CLIENTS * REQUESTS)
        KeSetEvent(&AllRan, IO_NO_INCREMENT, FALSE);
}

static VOID
PoolClient(
    IN PVOID StartContext
    )
{
    PREQUEST request = StartContext;
    PSLOT slot;
    int i;

    for (i = 0; i < REQUESTS; i++, request++) {
        request->Number = i;
        request->Status = STATUS_PENDING;
        slot = PoolGet();
        if (slot == NULL)
            continue;
        slot->Request = request;
        IoQueueWorkItemEx(SLOT_ITEM(slot), PoolRoutine,
			  (i & 1) ? DelayedWorkQueue : CriticalWorkQueue, slot);
    }
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static VOID
PoolTest(
    IN PVOID StartContext
    )
{
    PVOID threads[CLIENTS];
    LONG i, once = 0, done = 0, started = 0;

    for (i = 0; i < CLIENTS; i++)
        started += NT_SUCCESS(ThreadStart(PoolClient, &Requests[i * REQUESTS], &threads[i]));
    LAW_IS(&Verdict, "clients started", started, CLIENTS);
    for (i = 0; i < CLIENTS; i++)
        ThreadJoin(threads[i]);
    LAW(&Verdict, "all requests run", WaitFor(&AllRan));
    for (i = 0; i < CLIENTS * REQUESTS; i++) {
        once += Requests[i].Runs == 1;
        done += Requests[i].Status == STATUS_SUCCESS;
    }
    LAW_IS(&Verdict, "requests that ran once", once, CLIENTS * REQUESTS);
    LAW_IS(&Verdict, "requests with success", done, CLIENTS * REQUESTS);
    LAW(&Verdict, "items out at a time", Pool.MostOut > 1 && Pool.MostOut <= SLOTS);
    LAW(&Verdict, "an item was taken again before its routine returned", Pool.Overlaps > 0);
    LAW_IS(&Verdict, "items out at the end", Pool.Out, 0);
    LAW_IS(&Verdict, "free items by the semaphore", KeReadStateSemaphore(&Pool.FreeCount), SLOTS);
    LAW_IS(&Verdict, "free items by the list", ExQueryDepthSList(&Pool.Free), SLOTS);
    LAW_IS(&Verdict, "times the list was empty", Pool.Empty, 0);
    LAW_IS(&Verdict, "items taken by two", Pool.TakenTwice, 0);
    LAW_IS(&Verdict, "wrong objects or items", Pool.Wrong, 0);
    VerdictOver(&Verdict);
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static VOID
PoolFree(VOID)
{
    int i;

    for (i = 0; i < SLOTS; i++) {
        if (Pool.Slots[i] != NULL) {
            IoUninitializeWorkItem(SLOT_ITEM(Pool.Slots[i]));
            ExFreePoolWithTag(Pool.Slots[i], POOL_TAG);
        }
    }
    IoDeleteDevice(Pool.Device);
}

static VOID
PoolUnload(
    IN PDRIVER_OBJECT DriverObject
    )
{
    PAGED_CODE();
    ThreadJoin(TestThread);
    PoolFree();
    VerdictSay(&Verdict);
}

NTSTATUS
DriverEntry(
    IN PDRIVER_OBJECT DriverObject,
    IN PUNICODE_STRING RegistryPath
    )
{
    NTSTATUS status;
    int i;

    status = IoCreateDevice(DriverObject, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &Pool.Device);
    if (!NT_SUCCESS(status))
        return status;
    ExInitializeSListHead(&Pool.Free);
    KeInitializeSpinLock(&Pool.FreeLock);
    KeInitializeSemaphore(&Pool.FreeCount, 0, SLOTS);
    KeInitializeEvent(&AllRan, NotificationEvent, FALSE);
    for (i = 0; i < SLOTS; i++) {
        PSLOT slot = ExAllocatePoolWithTag(NonPagedPool, sizeof(SLOT) + IoSizeofWorkItem(),
					   POOL_TAG);
        if (slot == NULL) {
            PoolFree();
            return STATUS_INSUFFICIENT_RESOURCES;
        }
        RtlZeroMemory(slot, sizeof(SLOT));
        IoInitializeWorkItem(Pool.Device, SLOT_ITEM(slot));
        Pool.Slots[i] = slot;
        slot->Taken = TRUE;
        InterlockedIncrement(&Pool.Out);
        PoolPut(slot);
    }
    DriverObject->DriverUnload = PoolUnload;
    status = ThreadStart(PoolTest, NULL, &TestThread);
    if (!NT_SUCCESS(status))
        PoolFree();
    return status;
}
