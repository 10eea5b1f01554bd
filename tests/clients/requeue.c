// SPDX-License-Identifier: GPL-2.0
//
// requeue.c
//
//     An item is off its queue before its routine is called, so it may be
//     queued again from then on: by its own routine, unchanged or initialised
//     again, or by another thread. Then the two runs may overlap. Also an item
//     that its routine frees with the structure around it, while the memory is
//     allocated again for the next item.
//

#include <ntddk.h>
#include "inc/verdict.h"
#include "inc/thread.h"

#define REQUEUE_TAG         'uqeR'
#define AGAIN               40
#define OTHERS              60
#define GENERATIONS         200

typedef struct _STEPS {
    PIO_WORKITEM IoItem;
    WORK_QUEUE_ITEM ExItem;
    volatile LONG Runs;
    LONG Left;
    KEVENT Done;
} STEPS, *PSTEPS;

typedef struct _PAIR {
    WORK_QUEUE_ITEM Item;
    volatile LONG Runs;
    volatile LONG Met;
    KEVENT SecondIsHere;
    KEVENT FirstIsDone;
    KEVENT SecondIsDone;
} PAIR, *PPAIR;

typedef struct _GENERATION {
    ULONG Tag;
    WORK_QUEUE_ITEM Item;
    LONG Left;
} GENERATION, *PGENERATION;

static VERDICT Verdict = { "requeue", 0, 0 };
static PDEVICE_OBJECT Device;
static PVOID TestThread;
static STEPS Steps, Shared;
static PAIR Pair;
static volatile LONG Generations, WrongGenerations, Reused, FreedCalls, Freed;
static PVOID Previous;
static KEVENT NoMoreGenerations, AllFreed;

/* ---- by its own routine ---------------------------------------------------- */

static VOID
IoStep(
    PDEVICE_OBJECT DeviceObject,
    PVOID Context
    )
{
    PSTEPS steps = Context;

    UNREFERENCED_PARAMETER(DeviceObject);
    InterlockedIncrement(&steps->Runs);
    if (--steps->Left > 0)
        IoQueueWorkItem(steps->IoItem, IoStep, DelayedWorkQueue, steps);
    else
        KeSetEvent(&steps->Done, IO_NO_INCREMENT, FALSE);
}

static VOID
ExStep(
    PVOID Context
    )
{
    PSTEPS steps = Context;

    InterlockedIncrement(&steps->Runs);
    if (--steps->Left > 0) {
        ExInitializeWorkItem(&steps->ExItem, ExStep, steps);
        ExQueueWorkItem(&steps->ExItem, CriticalWorkQueue);
    } else {
        KeSetEvent(&steps->Done, IO_NO_INCREMENT, FALSE);
    }
}

static VOID
StepsTest(VOID)
{
    Steps.Left = AGAIN;
    IoQueueWorkItem(Steps.IoItem, IoStep, DelayedWorkQueue, &Steps);
    LAW(&Verdict, "an I/O item queues itself", WaitFor(&Steps.Done));
    LAW_IS(&Verdict, "runs of that item", Steps.Runs, AGAIN);
    Steps.Left = AGAIN;
    ExInitializeWorkItem(&Steps.ExItem, ExStep, &Steps);
    ExQueueWorkItem(&Steps.ExItem, CriticalWorkQueue);
    LAW(&Verdict, "an executive item queues itself", WaitFor(&Steps.Done));
    LAW_IS(&Verdict, "runs of both items", Steps.Runs, 2 * AGAIN);
}

/* ---- two runs that overlap -------------------------------------------------- */

static VOID
PairRoutine(
    PVOID Context
    )
{
    PPAIR pair = Context;

    if (InterlockedIncrement(&pair->Runs) == 1) {
        // Initialise and queue the item while it runs; then wait for that run.
        ExInitializeWorkItem(&pair->Item, PairRoutine, pair);
        ExQueueWorkItem(&pair->Item, DelayedWorkQueue);
        pair->Met = WaitFor(&pair->SecondIsHere);
        KeSetEvent(&pair->FirstIsDone, IO_NO_INCREMENT, FALSE);
    } else {
        KeSetEvent(&pair->SecondIsHere, IO_NO_INCREMENT, FALSE);
        KeSetEvent(&pair->SecondIsDone, IO_NO_INCREMENT, FALSE);
    }
}

static VOID
PairTest(VOID)
{
    PVOID both[2] = { &Pair.FirstIsDone, &Pair.SecondIsDone };
    LARGE_INTEGER timeout;
    NTSTATUS status;

    KeInitializeEvent(&Pair.SecondIsHere, NotificationEvent, FALSE);
    KeInitializeEvent(&Pair.FirstIsDone, NotificationEvent, FALSE);
    KeInitializeEvent(&Pair.SecondIsDone, NotificationEvent, FALSE);
    ExInitializeWorkItem(&Pair.Item, PairRoutine, &Pair);
    ExQueueWorkItem(&Pair.Item, DelayedWorkQueue);
    timeout.QuadPart = -2 * 10000000LL * PATIENCE_SECONDS;
    status = KeWaitForMultipleObjects(2, both, WaitAll, Executive, KernelMode, FALSE, &timeout,
				      NULL);
    LAW_IS(&Verdict, "the wait for both runs", status, STATUS_SUCCESS);
    LAW_IS(&Verdict, "the first run met the second", Pair.Met, TRUE);
    LAW_IS(&Verdict, "runs of the pair", Pair.Runs, 2);
}

/* ---- by another thread, after the routine was entered ----------------------- */

static VOID
SharedRoutine(
    PVOID IoObject,
    PVOID Context,
    PIO_WORKITEM IoWorkItem
    )
{
    PSTEPS shared = Context;

    if (IoObject != Device || IoWorkItem != shared->IoItem)
        InterlockedIncrement(&WrongGenerations);
    InterlockedIncrement(&shared->Runs);
    KeSetEvent(&shared->Done, IO_NO_INCREMENT, FALSE);
    Pause(2);
    InterlockedDecrement((volatile LONG *)&shared->Left);
}

static VOID
SharedTest(VOID)
{
    LONG i, entered = 0;

    Shared.Left = OTHERS;
    for (i = 0; i < OTHERS; i++) {
        IoQueueWorkItemEx(Shared.IoItem, SharedRoutine, (WORK_QUEUE_TYPE)(i % 3), &Shared);
        entered += WaitFor(&Shared.Done);
    }
    LAW_IS(&Verdict, "runs that were entered", entered, OTHERS);
    LAW_IS(&Verdict, "runs of the item that others queue", Shared.Runs, OTHERS);
}

/* ---- a new item in the memory of the old one -------------------------------- */

static VOID
GenerationRoutine(
    PVOID Context
    )
{
    PGENERATION old = Context, new;
    LONG left = old->Left;

    if (old->Tag != REQUEUE_TAG || old->Item.Parameter != old)
        InterlockedIncrement(&WrongGenerations);
    InterlockedIncrement(&Generations);
    RtlFillMemory(old, sizeof(*old), 0xDD);
    ExFreePoolWithTag(old, REQUEUE_TAG);
    if (left == 0) {
        KeSetEvent(&NoMoreGenerations, IO_NO_INCREMENT, FALSE);
        return;
    }
    new = ExAllocatePoolWithTag(NonPagedPool, sizeof(*new), REQUEUE_TAG);
    if (new == NULL) {
        KeSetEvent(&NoMoreGenerations, IO_NO_INCREMENT, FALSE);
        return;
    }
    if (new == Previous)
        InterlockedIncrement(&Reused);
    Previous = new;
    new->Tag = REQUEUE_TAG;
    new->Left = left - 1;
    ExInitializeWorkItem(&new->Item, GenerationRoutine, new);
    ExQueueWorkItem(&new->Item, HyperCriticalWorkQueue);
}

static VOID
FreeingRoutine(
    PDEVICE_OBJECT DeviceObject,
    PVOID Context
    )
{
    PIO_WORKITEM *item = Context;

    UNREFERENCED_PARAMETER(DeviceObject);
    IoFreeWorkItem(*item);
    ExFreePool(item);
    if (InterlockedIncrement(&FreedCalls) == OTHERS)
        KeSetEvent(&AllFreed, IO_NO_INCREMENT, FALSE);
}

static VOID
FreeingTest(VOID)
{
    PGENERATION first = ExAllocatePoolWithTag(NonPagedPool, sizeof(*first), REQUEUE_TAG);
    PIO_WORKITEM *item;
    LONG i;

    if (first != NULL) {
        first->Tag = REQUEUE_TAG;
        first->Left = GENERATIONS - 1;
        ExInitializeWorkItem(&first->Item, GenerationRoutine, first);
        ExQueueWorkItem(&first->Item, HyperCriticalWorkQueue);
    }
    for (i = 0; i < OTHERS; i++) {
        item = ExAllocatePoolWithTag(NonPagedPool, sizeof(*item), REQUEUE_TAG);
        if (item != NULL && (*item = IoAllocateWorkItem(Device)) != NULL) {
            Freed++;
            IoQueueWorkItem(*item, FreeingRoutine, DelayedWorkQueue, item);
        }
    }
    LAW_IS(&Verdict, "items allocated", Freed, OTHERS);
    LAW(&Verdict, "items free themselves", WaitFor(&AllFreed));
    LAW(&Verdict, "generations come to their end", WaitFor(&NoMoreGenerations));
    LAW_IS(&Verdict, "generations", Generations, GENERATIONS);
    LAW_IS(&Verdict, "generations that were not themselves", WrongGenerations, 0);
    DbgPrint("requeue: %ld of %d generations had the memory of one before\n", Reused, GENERATIONS);
}

/* ---- the driver -------------------------------------------------------------- */

static VOID
RequeueTest(
    PVOID StartContext
    )
{
    UNREFERENCED_PARAMETER(StartContext);
    StepsTest();
    PairTest();
    SharedTest();
    FreeingTest();
    VerdictOver(&Verdict);
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static VOID
RequeueUnload(
    PDRIVER_OBJECT DriverObject
    )
{
    int i;

    UNREFERENCED_PARAMETER(DriverObject);
    ThreadJoin(TestThread);
    for (i = 0; i < PATIENCE_SECONDS * 100 && Shared.Left > 0; i++)
        Pause(10);
    LAW_IS(&Verdict, "runs that did not return", Shared.Left, 0);
    IoFreeWorkItem(Steps.IoItem);
    IoFreeWorkItem(Shared.IoItem);
    IoDeleteDevice(Device);
    VerdictSay(&Verdict);
}

NTSTATUS
DriverEntry(
    PDRIVER_OBJECT DriverObject,
    PUNICODE_STRING RegistryPath
    )
{
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    status = IoCreateDevice(DriverObject, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &Device);
    if (!NT_SUCCESS(status))
        return status;
    KeInitializeEvent(&Steps.Done, SynchronizationEvent, FALSE);
    KeInitializeEvent(&Shared.Done, SynchronizationEvent, FALSE);
    KeInitializeEvent(&NoMoreGenerations, NotificationEvent, FALSE);
    KeInitializeEvent(&AllFreed, NotificationEvent, FALSE);
    Steps.IoItem = IoAllocateWorkItem(Device);
    Shared.IoItem = IoAllocateWorkItem(Device);
    status = STATUS_INSUFFICIENT_RESOURCES;
    if (Steps.IoItem != NULL && Shared.IoItem != NULL)
        status = ThreadStart(RequeueTest, NULL, &TestThread);
    if (!NT_SUCCESS(status)) {
        if (Steps.IoItem != NULL)
            IoFreeWorkItem(Steps.IoItem);
        if (Shared.IoItem != NULL)
            IoFreeWorkItem(Shared.IoItem);
        IoDeleteDevice(Device);
        return status;
    }
    DriverObject->DriverUnload = RequeueUnload;
    return STATUS_SUCCESS;
}
