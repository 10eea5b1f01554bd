// SPDX-License-Identifier: GPL-2.0
//
// counted.c - a counted worker
//
// Jobs are WORK_QUEUE_ITEMs that are never on a system queue: they are on the
// driver's own list, and at most LANES workers, counted under a spin lock, call
// their WorkerRoutine. A worker is queued while that lock is held.
//
#include <ntddk.h>
#include "inc\verdict.h"
#include "inc\thread.h"

#define COUNTED_TAG	'tnuC'
#define LANES		3
#define POSTERS		4
#define JOBS		250		// of a poster

struct _COUNTED_WORKER;

typedef struct _LANE {
	WORK_QUEUE_ITEM Item;		// parked by its List while it is free
	struct _COUNTED_WORKER *Worker;
	LONG Queued;
	volatile LONG Runs;
} LANE, *PLANE;

typedef struct _COUNTED_WORKER {
	KSPIN_LOCK Lock;		// of all that is here
	LIST_ENTRY Jobs;
	LIST_ENTRY FreeLanes;
	ULONG ActiveCount;
	ULONG MostActive;
	LANE Lanes[LANES];
} COUNTED_WORKER, *PCOUNTED_WORKER;

typedef struct _JOB {
	WORK_QUEUE_ITEM Item;
	LONG Number;
} JOB, *PJOB;

static VERDICT Verdict = { "counted", 0, 0 };
static COUNTED_WORKER Worker;
static volatile LONG Runs[POSTERS * JOBS], JobsRun, NullJobsRun, SelfJobsRun;
static volatile LONG NextPoster, NoMemory;
static KEVENT AllRun;
static PVOID TestThread;

#define ALL_JOBS	(POSTERS * (JOBS + 2))

static VOID LaneRoutine(PVOID Context)
{
	PLANE Lane = (PLANE) Context;
	PCOUNTED_WORKER W = Lane->Worker;
	KLOCK_QUEUE_HANDLE LockHandle;
	PWORK_QUEUE_ITEM Item;

	InterlockedIncrement(&Lane->Runs);
	for (;;) {
		KeAcquireInStackQueuedSpinLock(&W->Lock, &LockHandle);
		if (IsListEmpty(&W->Jobs)) {
			W->ActiveCount--;
			InsertTailList(&W->FreeLanes, &Lane->Item.List);
			KeReleaseInStackQueuedSpinLock(&LockHandle);
			return;
		}
		Item = CONTAINING_RECORD(RemoveHeadList(&W->Jobs), WORK_QUEUE_ITEM, List);
		KeReleaseInStackQueuedSpinLock(&LockHandle);

		Item->WorkerRoutine(Item->Parameter);	// frees the job
	}
}

static VOID CountedPost(PCOUNTED_WORKER W, PWORK_QUEUE_ITEM Item)
{
	KLOCK_QUEUE_HANDLE LockHandle;
	PLANE Lane;

	KeAcquireInStackQueuedSpinLock(&W->Lock, &LockHandle);
	InsertTailList(&W->Jobs, &Item->List);
	if (W->ActiveCount < LANES) {
		W->ActiveCount++;
		if (W->ActiveCount > W->MostActive)
			W->MostActive = W->ActiveCount;
		Lane = CONTAINING_RECORD(RemoveHeadList(&W->FreeLanes), LANE, Item.List);
		Lane->Queued++;

		// By hand, what ExInitializeWorkItem does.
		Lane->Item.WorkerRoutine = LaneRoutine;
		Lane->Item.Parameter = Lane;
		Lane->Item.List.Flink = NULL;
		ExQueueWorkItem(&Lane->Item, CriticalWorkQueue);
	}
	KeReleaseInStackQueuedSpinLock(&LockHandle);
}

static VOID JobIsDone(VOID)
{
	if (InterlockedIncrement(&JobsRun) == ALL_JOBS)
		KeSetEvent(&AllRun, IO_NO_INCREMENT, FALSE);
}

static VOID JobRoutine(PVOID Parameter)
{
	PJOB Job = (PJOB) Parameter;

	InterlockedIncrement(&Runs[Job->Number]);
	if (Job->Number % 50 == 0)
		Pause(1);
	ExFreePoolWithTag(Job, COUNTED_TAG);
	JobIsDone();
}

// The context is the work item itself ...
static VOID SelfRoutine(PVOID Parameter)
{
	PWORK_QUEUE_ITEM Item = (PWORK_QUEUE_ITEM) Parameter;

	if (Item->WorkerRoutine == SelfRoutine && Item->Parameter == Item)
		InterlockedIncrement(&SelfJobsRun);
	ExFreePool(Item);
	JobIsDone();
}

// ... or nothing; such an item is queued to the system's worker threads.
static VOID NullRoutine(PVOID Parameter)
{
	if (Parameter == NULL)
		InterlockedIncrement(&NullJobsRun);
	JobIsDone();
}

static WORK_QUEUE_ITEM NullItems[POSTERS];

static VOID PosterThread(PVOID StartContext)
{
	LONG Me = InterlockedIncrement(&NextPoster) - 1, i;
	PWORK_QUEUE_ITEM Self;
	PJOB Job;

	UNREFERENCED_PARAMETER(StartContext);

	ExInitializeWorkItem(&NullItems[Me], NullRoutine, NULL);
	ExQueueWorkItem(&NullItems[Me], HyperCriticalWorkQueue);

	Self = ExAllocatePool(NonPagedPool, sizeof *Self);
	if (Self != NULL) {
		Self->WorkerRoutine = SelfRoutine;
		Self->Parameter = Self;
		CountedPost(&Worker, Self);
	} else
		InterlockedIncrement(&NoMemory);

	for (i = 0; i < JOBS; i++) {
		Job = (PJOB) ExAllocatePoolWithTag(NonPagedPoolNx, sizeof(JOB), COUNTED_TAG);
		if (Job == NULL) {
			InterlockedIncrement(&NoMemory);
			continue;
		}
		Job->Number = Me * JOBS + i;
		Job->Item.WorkerRoutine = JobRoutine;
		Job->Item.Parameter = Job;
		CountedPost(&Worker, &Job->Item);
	}
	PsTerminateSystemThread(STATUS_SUCCESS);
}

static VOID CountedTest(PVOID StartContext)
{
	PVOID Threads[POSTERS];
	LONG i, Once = 0, LaneRuns = 0, LaneQueued = 0, Started = 0;
	KIRQL OldIrql;

	UNREFERENCED_PARAMETER(StartContext);
	for (i = 0; i < POSTERS; i++)
		Started += NT_SUCCESS(ThreadStart(PosterThread, NULL, &Threads[i]));
	for (i = 0; i < POSTERS; i++)
		ThreadJoin(Threads[i]);
	LAW_IS(&Verdict, "posters started", Started, POSTERS);
	LAW(&Verdict, "all jobs run", WaitFor(&AllRun));

	// Of the last job's lane the tail may still be on its way.
	for (i = 0; i < PATIENCE_SECONDS * 100; i++) {
		KeAcquireSpinLock(&Worker.Lock, &OldIrql);
		LaneRuns = Worker.ActiveCount;
		KeReleaseSpinLock(&Worker.Lock, OldIrql);
		if (LaneRuns == 0)
			break;
		Pause(10);
	}
	LAW_IS(&Verdict, "lanes still active", LaneRuns, 0);
	LaneRuns = 0;
	for (i = 0; i < LANES; i++) {
		LaneRuns += Worker.Lanes[i].Runs;
		LaneQueued += Worker.Lanes[i].Queued;
	}
	for (i = 0; i < POSTERS * JOBS; i++)
		Once += Runs[i] == 1;
	LAW_IS(&Verdict, "jobs that ran once", Once, POSTERS * JOBS);
	LAW_IS(&Verdict, "jobs that are their own context", SelfJobsRun, POSTERS);
	LAW_IS(&Verdict, "jobs without a context", NullJobsRun, POSTERS);
	LAW_IS(&Verdict, "runs of the lanes", LaneRuns, LaneQueued);
	LAW(&Verdict, "lanes share the work", Worker.MostActive > 1 && Worker.MostActive <= LANES);
	LAW_IS(&Verdict, "jobs without memory", NoMemory, 0);
	VerdictOver(&Verdict);
	PsTerminateSystemThread(STATUS_SUCCESS);
}

static VOID CountedUnload(PDRIVER_OBJECT DriverObject)
{
	UNREFERENCED_PARAMETER(DriverObject);
	ThreadJoin(TestThread);
	VerdictSay(&Verdict);
}

NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
	int i;

	UNREFERENCED_PARAMETER(RegistryPath);
	KeInitializeSpinLock(&Worker.Lock);
	InitializeListHead(&Worker.Jobs);
	InitializeListHead(&Worker.FreeLanes);
	for (i = 0; i < LANES; i++) {
		Worker.Lanes[i].Worker = &Worker;
		InsertTailList(&Worker.FreeLanes, &Worker.Lanes[i].Item.List);
	}
	KeInitializeEvent(&AllRun, NotificationEvent, FALSE);
	DriverObject->DriverUnload = CountedUnload;
	return ThreadStart(CountedTest, NULL, &TestThread);
}
