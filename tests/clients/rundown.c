// SPDX-License-Identifier: GPL-2.0
/*++

Module Name:

    rundown.c

Abstract:

    A work queue that can be run down and opened again. Each task has an item of
    its own, allocated right before it is queued and freed by its routine. The
    object of the items is the driver, so no device is needed.

--*/

#include <ntddk.h>
#include "inc\verdict.h"
#include "inc\thread.h"

#define TASK_TAG        'ksaT'
#define POSTERS         3
#define CYCLES          4
#define TASKS           40              /* at least, of a cycle */

typedef struct _TASK_QUEUE {
    EX_RUNDOWN_REF Rundown;
    PDRIVER_OBJECT DriverObject;
    volatile LONG Posted;
    volatile LONG Refused;
    volatile LONG Failed;
    volatile LONG Ran;
} TASK_QUEUE, *PTASK_QUEUE;

typedef struct _TASK {
    PTASK_QUEUE Queue;
    ULONG Check;
    ULONG Pause;
} TASK, *PTASK;

DRIVER_INITIALIZE DriverEntry;
DRIVER_UNLOAD RundownUnload;
IO_WORKITEM_ROUTINE_EX TaskRoutine;
KSTART_ROUTINE PosterThread;
KSTART_ROUTINE RundownTest;

static VERDICT Verdict = { "rundown", 0, 0 };
static TASK_QUEUE TaskQueue;
static PVOID TestThread;
static volatile LONG WrongObjects;
static volatile LONG WrongContexts;
static volatile LONG PostersRefused;    /* how many posters saw the rundown */

_IRQL_requires_max_(DISPATCH_LEVEL)
_Must_inspect_result_
static NTSTATUS
TaskQueuePost(
    _Inout_ PTASK_QUEUE Queue,
    _In_ ULONG Pause
    )
{
    PIO_WORKITEM workItem;
    PTASK task;

    if (!ExAcquireRundownProtection(&Queue->Rundown)) {
        InterlockedIncrement(&Queue->Refused);
        return STATUS_DELETE_PENDING;
    }
    task = (PTASK)ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(TASK), TASK_TAG);
    workItem = IoAllocateWorkItem((PDEVICE_OBJECT)Queue->DriverObject);
    if (task == NULL || workItem == NULL) {
        if (task != NULL) {
            ExFreePoolWithTag(task, TASK_TAG);
        }
        if (workItem != NULL) {
            IoFreeWorkItem(workItem);
        }
        InterlockedIncrement(&Queue->Failed);
        ExReleaseRundownProtection(&Queue->Rundown);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    task->Queue = Queue;
    task->Check = TASK_TAG;
    task->Pause = Pause;
    InterlockedIncrement(&Queue->Posted);
    IoQueueWorkItemEx(workItem, TaskRoutine, DelayedWorkQueue, task);
    return STATUS_SUCCESS;
}

_Use_decl_annotations_
VOID
TaskRoutine(
    PVOID IoObject,
    PVOID Context,
    PIO_WORKITEM IoWorkItem
    )
{
    PTASK task = (PTASK)Context;
    PTASK_QUEUE queue = task->Queue;

    if (IoObject != queue->DriverObject) {
        InterlockedIncrement(&WrongObjects);
    }
    if (task->Check != TASK_TAG) {
        InterlockedIncrement(&WrongContexts);
    }
    if (task->Pause != 0) {
        Pause(task->Pause);
    }
    RtlFillMemory(task, sizeof(TASK), 0xDD);
    ExFreePoolWithTag(task, TASK_TAG);
    IoFreeWorkItem(IoWorkItem);
    InterlockedIncrement(&queue->Ran);
    ExReleaseRundownProtection(&queue->Rundown);
}

/* Posts until the queue is run down. */
_Use_decl_annotations_
VOID
PosterThread(
    PVOID StartContext
    )
{
    PTASK_QUEUE queue = (PTASK_QUEUE)StartContext;
    ULONG count = 0;
    NTSTATUS status;

    do {
	status = TaskQueuePost(queue, count % 16 == 0 ? 2 : 0);
	if (++count % 8 == 0) {
            Pause(1);
        }
    } while (NT_SUCCESS(status));
    if (status == STATUS_DELETE_PENDING) {
        InterlockedIncrement(&PostersRefused);
    }
    PsTerminateSystemThread(status);
}

static VOID
RundownCycle(
    _Inout_ PTASK_QUEUE Queue
    )
{
    PVOID threads[POSTERS];
    LONG before = Queue->Posted, posted, ran, i;

    PostersRefused = 0;
    for (i = 0; i < POSTERS; i++) {
        (VOID)ThreadStart(PosterThread, Queue, &threads[i]);
    }
    for (i = 0; i < PATIENCE_SECONDS * 200 && Queue->Posted - before < TASKS &&
                PostersRefused == 0; i++) {
        Pause(5);
    }

    /* Waits for all holders of the protection; new acquisitions fail. */
    ExWaitForRundownProtectionRelease(&Queue->Rundown);
    ran = Queue->Ran;
    posted = Queue->Posted;
    LAW(&Verdict, "tasks were posted", posted - before >= TASKS);
    LAW_IS(&Verdict, "tasks that had run at the end of the rundown", ran, posted);
    LAW_IS(&Verdict, "post after the rundown", TaskQueuePost(Queue, 0), STATUS_DELETE_PENDING);
    for (i = 0; i < POSTERS; i++) {
        ThreadJoin(threads[i]);
    }
    LAW_IS(&Verdict, "posters that were refused", PostersRefused, POSTERS);
    LAW_IS(&Verdict, "tasks posted or run after the rundown",
	   Queue->Posted - posted + Queue->Ran - ran, 0);
}

_Use_decl_annotations_
VOID
RundownTest(
    PVOID StartContext
    )
{
    PTASK_QUEUE queue = (PTASK_QUEUE)StartContext;
    ULONG cycle;

    for (cycle = 0; cycle < CYCLES; cycle++) {
        RundownCycle(queue);
        ExRundownCompleted(&queue->Rundown);
        ExReInitializeRundownProtection(&queue->Rundown);
    }
    LAW_IS(&Verdict, "wrong objects", WrongObjects, 0);
    LAW_IS(&Verdict, "wrong contexts", WrongContexts, 0);
    LAW_IS(&Verdict, "posts without memory", queue->Failed, 0);

    /* Opens the queue again, so that the unload has to wait for tasks. */
    LAW(&Verdict, "the queue takes a task again", NT_SUCCESS(TaskQueuePost(queue, 100)));
    VerdictOver(&Verdict);
    PsTerminateSystemThread(STATUS_SUCCESS);
}

_Use_decl_annotations_
VOID
RundownUnload(
    PDRIVER_OBJECT DriverObject
    )
{
    UNREFERENCED_PARAMETER(DriverObject);

    ThreadJoin(TestThread);
    ExWaitForRundownProtectionRelease(&TaskQueue.Rundown);
    LAW_IS(&Verdict, "tasks that had run at unload", TaskQueue.Ran, TaskQueue.Posted);
    VerdictSay(&Verdict);
}

_Use_decl_annotations_
NTSTATUS
DriverEntry(
    PDRIVER_OBJECT DriverObject,
    PUNICODE_STRING RegistryPath
    )
{
    UNREFERENCED_PARAMETER(RegistryPath);

    DriverObject->DriverUnload = RundownUnload;
    TaskQueue.DriverObject = DriverObject;
    ExInitializeRundownProtection(&TaskQueue.Rundown);
    return ThreadStart(RundownTest, &TaskQueue, &TestThread);
}
