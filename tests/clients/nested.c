// SPDX-License-Identifier: GPL-2.0
//
// nested.c
//
//     Queue and wait: a Delayed routine queues a Critical item and waits for
//     it, which does the same on HyperCritical. Items and events are on the
//     stack of the waiter, or the waiter frees them right after the event,
//     before the routine has returned.
//
//     And routines that block on each kind of object: the last item of a class
//     releases the items before it.
//

#include <ntddk.h>
#include "inc/verdict.h"
#include "inc/thread.h"

#define NESTED_TAG          'tseN'
#define WAITERS             6
#define ROUNDS              20
#define BLOCKED             24

typedef struct _CALL {
    WORK_QUEUE_ITEM Item;
    KEVENT Done;
    WORK_QUEUE_TYPE Type;
    volatile LONG *Counter;
    NTSTATUS Status;
} CALL, *PCALL;

typedef struct _IO_CALL {
    PIO_WORKITEM Item;
    PKEVENT Done;
} IO_CALL, *PIO_CALL;

typedef struct _GATE {
    KEVENT Open;
    KSEMAPHORE Tickets;
    KMUTEX Mutex;
    FAST_MUTEX FastMutex;
    volatile LONG Waiting;
    volatile LONG Passed;
    LONG Unguarded;                 // under Mutex
    LONG FastUnguarded;             // under FastMutex
    KEVENT AllWait;
    KEVENT AllPassed;
} GATE, *PGATE;

typedef struct _BLOCKER {
    WORK_QUEUE_ITEM Item;
    PGATE Gate;
} BLOCKER, *PBLOCKER;

static VERDICT Verdict = { "nested", 0, 0 };
static PDEVICE_OBJECT Device;
static PVOID TestThread;
static volatile LONG Outer, Middle, Inner, BadStatus, IoCalls, Tails, NotDone;

static WORKER_THREAD_ROUTINE CallRoutine;

static NTSTATUS
CallAndWait(
    WORK_QUEUE_TYPE Type,
    volatile LONG *Counter
    )
{
    CALL call;

    RtlFillMemory(&call, sizeof(call), 0xA5);       // what a stack holds
    KeInitializeEvent(&call.Done, NotificationEvent, FALSE);
    call.Type = Type;
    call.Counter = Counter;
    call.Status = STATUS_PENDING;
    ExInitializeWorkItem(&call.Item, CallRoutine, &call);
    ExQueueWorkItem(&call.Item, Type);
    KeWaitForSingleObject(&call.Done, Executive, KernelMode, FALSE, NULL);
    if (call.Status != STATUS_SUCCESS)
        InterlockedIncrement(&BadStatus);
    return call.Status;
}

static VOID
CallRoutine(
    PVOID Parameter
    )
{
    PCALL call = Parameter;

    if (call->Type == DelayedWorkQueue)
        call->Status = CallAndWait(CriticalWorkQueue, &Middle);
    else if (call->Type == CriticalWorkQueue)
        call->Status = CallAndWait(HyperCriticalWorkQueue, &Inner);
    else
        call->Status = STATUS_SUCCESS;
    InterlockedIncrement(call->Counter);
    KeSetEvent(&call->Done, IO_NO_INCREMENT, FALSE);
    // From here on the stack frame is gone, and the item with it.
    KeStallExecutionProcessor(20);
    InterlockedIncrement(&Tails);
}

static VOID
IoCallRoutine(
    PDEVICE_OBJECT DeviceObject,
    PVOID Context
    )
{
    PIO_CALL call = Context;

    UNREFERENCED_PARAMETER(DeviceObject);
    InterlockedIncrement(&IoCalls);
    KeSetEvent(call->Done, IO_NO_INCREMENT, FALSE);
    // The waiter frees the item and the context of this routine.
    KeStallExecutionProcessor(20);
    InterlockedIncrement(&Tails);
}

static VOID
IoCallAndWait(VOID)
{
    KEVENT done;
    PIO_CALL call;

    call = ExAllocatePoolWithTag(NonPagedPool, sizeof(*call), NESTED_TAG);
    if (call == NULL)
        return;
    KeInitializeEvent(&done, SynchronizationEvent, FALSE);
    call->Done = &done;
    call->Item = IoAllocateWorkItem(Device);
    if (call->Item != NULL) {
        IoQueueWorkItem(call->Item, IoCallRoutine, CriticalWorkQueue, call);
        KeWaitForSingleObject(&done, Executive, KernelMode, FALSE, NULL);
        IoFreeWorkItem(call->Item);
    }
    RtlFillMemory(call, sizeof(*call), 0xDD);
    ExFreePoolWithTag(call, NESTED_TAG);
}

static VOID
WaiterThread(
    PVOID StartContext
    )
{
    int i;

    UNREFERENCED_PARAMETER(StartContext);
    for (i = 0; i < ROUNDS; i++) {
        CallAndWait(DelayedWorkQueue, &Outer);
        IoCallAndWait();
    }
    PsTerminateSystemThread(STATUS_SUCCESS);
}

//
// Waits at the gate, then for a ticket, then for both mutexes, and sleeps.
//
static VOID
BlockedRoutine(
    PVOID Parameter
    )
{
    PGATE gate = ((PBLOCKER)Parameter)->Gate;
    LONG seen;

    ExFreePoolWithTag(Parameter, NESTED_TAG);
    if (InterlockedIncrement(&gate->Waiting) == BLOCKED)
        KeSetEvent(&gate->AllWait, IO_NO_INCREMENT, FALSE);
    if (!WaitFor(&gate->Open))
        InterlockedIncrement(&NotDone);

    if (!WaitFor(&gate->Tickets))
        InterlockedIncrement(&NotDone);
    KeWaitForSingleObject(&gate->Mutex, Executive, KernelMode, FALSE, NULL);
    KeWaitForSingleObject(&gate->Mutex, Executive, KernelMode, FALSE, NULL);   // it is ours
    seen = gate->Unguarded;
    Pause(1);
    gate->Unguarded = seen + 1;
    KeReleaseMutex(&gate->Mutex, FALSE);
    KeReleaseMutex(&gate->Mutex, FALSE);
    KeReleaseSemaphore(&gate->Tickets, IO_NO_INCREMENT, 1, FALSE);

    ExAcquireFastMutex(&gate->FastMutex);
    seen = gate->FastUnguarded;
    KeStallExecutionProcessor(10);
    gate->FastUnguarded = seen + 1;
    ExReleaseFastMutex(&gate->FastMutex);
    if (InterlockedIncrement(&gate->Passed) == BLOCKED)
        KeSetEvent(&gate->AllPassed, IO_NO_INCREMENT, FALSE);
}

static VOID
OpenRoutine(
    PVOID Parameter
    )
{
    PGATE gate = ((PBLOCKER)Parameter)->Gate;

    // The waiters wait for this routine, and this routine for the waiters.
    if (!WaitFor(&gate->AllWait))
        InterlockedIncrement(&NotDone);
    KeSetEvent(&gate->Open, IO_NO_INCREMENT, FALSE);
    ExFreePoolWithTag(Parameter, NESTED_TAG);
}

static BOOLEAN
QueueBlocker(
    PGATE Gate,
    WORK_QUEUE_TYPE Type,
    PWORKER_THREAD_ROUTINE Routine
    )
{
    PBLOCKER blocker = ExAllocatePoolWithTag(NonPagedPool, sizeof(*blocker), NESTED_TAG);

    if (blocker == NULL)
        return FALSE;
    blocker->Gate = Gate;
    ExInitializeWorkItem(&blocker->Item, Routine, blocker);
    ExQueueWorkItem(&blocker->Item, Type);
    return TRUE;
}

static VOID
BlockedTest(
    WORK_QUEUE_TYPE Type
    )
{
    static GATE gate;
    int i, queued = 0;

    RtlZeroMemory(&gate, sizeof(gate));
    KeInitializeEvent(&gate.Open, NotificationEvent, FALSE);
    KeInitializeEvent(&gate.AllWait, NotificationEvent, FALSE);
    KeInitializeEvent(&gate.AllPassed, NotificationEvent, FALSE);
    KeInitializeSemaphore(&gate.Tickets, 3, 3);
    KeInitializeMutex(&gate.Mutex, 0);
    ExInitializeFastMutex(&gate.FastMutex);
    for (i = 0; i < BLOCKED; i++)
        queued += QueueBlocker(&gate, Type, BlockedRoutine);
    queued += QueueBlocker(&gate, Type, OpenRoutine);
    LAW_IS(&Verdict, "blockers queued", queued, BLOCKED + 1);
    LAW(&Verdict, "items wait for one that is queued later", WaitFor(&gate.AllPassed));
    LAW_IS(&Verdict, "turns under the mutex", gate.Unguarded, BLOCKED);
    LAW_IS(&Verdict, "turns under the fast mutex", gate.FastUnguarded, BLOCKED);
    LAW_IS(&Verdict, "tickets at the end", KeReadStateSemaphore(&gate.Tickets), 3);
    LAW_IS(&Verdict, "the mutex is free at the end", KeReadStateMutex(&gate.Mutex), 1);
}

static VOID
NestedTest(
    PVOID StartContext
    )
{
    PVOID threads[WAITERS];
    LONG wanted = WAITERS * ROUNDS;
    int i, started = 0;

    UNREFERENCED_PARAMETER(StartContext);
    for (i = 0; i < WAITERS; i++)
        started += NT_SUCCESS(ThreadStart(WaiterThread, NULL, &threads[i]));
    LAW_IS(&Verdict, "waiters started", started, WAITERS);
    for (i = 0; i < WAITERS; i++)
        ThreadJoin(threads[i]);
    LAW_IS(&Verdict, "Delayed calls", Outer, wanted);
    LAW_IS(&Verdict, "Critical calls", Middle, wanted);
    LAW_IS(&Verdict, "HyperCritical calls", Inner, wanted);
    LAW_IS(&Verdict, "calls of I/O items", IoCalls, wanted);
    LAW_IS(&Verdict, "calls without success", BadStatus, 0);

    BlockedTest(DelayedWorkQueue);
    BlockedTest(CriticalWorkQueue);
    BlockedTest(HyperCriticalWorkQueue);
    LAW_IS(&Verdict, "waits in vain", NotDone, 0);
    for (i = 0; i < PATIENCE_SECONDS * 100 && Tails < 4 * wanted; i++)
        Pause(10);
    LAW_IS(&Verdict, "routines that came to their end", Tails, 4 * wanted);
    VerdictOver(&Verdict);
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static VOID
NestedUnload(
    PDRIVER_OBJECT DriverObject
    )
{
    UNREFERENCED_PARAMETER(DriverObject);
    ThreadJoin(TestThread);
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
    DriverObject->DriverUnload = NestedUnload;
    status = ThreadStart(NestedTest, NULL, &TestThread);
    if (!NT_SUCCESS(status))
        IoDeleteDevice(Device);
    return status;
}
