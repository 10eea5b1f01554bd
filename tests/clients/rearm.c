// SPDX-License-Identifier: GPL-2.0
//
// rearm.c
//
//     A timer queues a DPC, the DPC an executive work item, and its routine sets
//     the timer again: an endless chain, of which one link exists at any time.
//     The unload routine stops it at any of its links.
//
//     Also a helper that does its work inline at PASSIVE_LEVEL, and posts itself
//     above; and a periodic EX_TIMER.
//

#include <wdm.h>
#include "inc/verdict.h"
#include "inc/thread.h"

#define REARM_TAG           'mraR'
#define ROUNDS              25
#define DUE_MS              4
#define TICKS               5

typedef enum _LINK {
    LinkTimer,
    LinkDpc,
    LinkItem,
    LinkNone
} LINK;

typedef struct _CHAIN {
    KTIMER Timer;
    KDPC Dpc;
    WORK_QUEUE_ITEM WorkItem;
    KSPIN_LOCK Lock;                // of the next three
    BOOLEAN Stopping;
    LINK Link;
    LONG WrongLink;                 // more than one, or the wrong one
    volatile LONG Dpcs;
    volatile LONG Rounds;
    volatile LONG WrongIrql;
    volatile LONG Early;
    volatile LONG Deaths;
    ULONGLONG NotBefore;            // of the owner of the link
    KEVENT Enough;
    KEVENT Dead;
} CHAIN, *PCHAIN;

typedef struct _CHORE {
    WORK_QUEUE_ITEM WorkItem;
    BOOLEAN Posted;
} CHORE, *PCHORE;

DRIVER_INITIALIZE DriverEntry;
DRIVER_UNLOAD RearmUnload;
KDEFERRED_ROUTINE ChainDpc;
KDEFERRED_ROUTINE ChoreDpc;
WORKER_THREAD_ROUTINE ChainWorker;
WORKER_THREAD_ROUTINE ChoreWorker;
KSTART_ROUTINE RearmTest;
EXT_CALLBACK TickCallback;

static VERDICT Verdict = { "rearm", 0, 0 };
static CHAIN Chain;
static PVOID TestThread;
static KEVENT ChoreEvent;
static volatile LONG ChoresInline, ChoresPosted, ChoresWrong;
static volatile LONG Ticks;
static KEVENT EnoughTicks;
static WORK_QUEUE_ITEM TickItem;

/* Moves the link from one place to another. */
static VOID
ChainPass(
    _Inout_ PCHAIN C,
    _In_ LINK From,
    _In_ LINK To
    )
{
    if (C->Link != From)
        C->WrongLink++;
    C->Link = To;
}

static VOID
ChainArm(
    _Inout_ PCHAIN C
    )
{
    LARGE_INTEGER due;

    due.QuadPart = -10000LL * DUE_MS;
    C->NotBefore = KeQueryInterruptTime() + 10000LL * DUE_MS;
    KeSetTimer(&C->Timer, due, &C->Dpc);
}

static VOID
ChainDies(
    _Inout_ PCHAIN C
    )
{
    InterlockedIncrement(&C->Deaths);
    KeSetEvent(&C->Dead, IO_NO_INCREMENT, FALSE);
}

_Use_decl_annotations_
VOID
ChainDpc(
    PKDPC Dpc,
    PVOID DeferredContext,
    PVOID SystemArgument1,
    PVOID SystemArgument2
    )
{
    PCHAIN C = (PCHAIN)DeferredContext;

    UNREFERENCED_PARAMETER(SystemArgument1);
    UNREFERENCED_PARAMETER(SystemArgument2);

    InterlockedIncrement(&C->Dpcs);
    if (KeGetCurrentIrql() != DISPATCH_LEVEL || Dpc != &C->Dpc)
        InterlockedIncrement(&C->WrongIrql);
    if (KeQueryInterruptTime() < C->NotBefore)
        InterlockedIncrement(&C->Early);

    KeAcquireSpinLockAtDpcLevel(&C->Lock);
    ChainPass(C, LinkTimer, LinkItem);
    KeReleaseSpinLockFromDpcLevel(&C->Lock);
    ExInitializeWorkItem(&C->WorkItem, ChainWorker, C);
    ExQueueWorkItem(&C->WorkItem, CriticalWorkQueue);
}

_Use_decl_annotations_
VOID
ChainWorker(
    PVOID Parameter
    )
{
    PCHAIN C = (PCHAIN)Parameter;
    BOOLEAN dies;
    KIRQL irql;

    if (KeGetCurrentIrql() != PASSIVE_LEVEL)
        InterlockedIncrement(&C->WrongIrql);
    if (InterlockedIncrement(&C->Rounds) == ROUNDS)
        KeSetEvent(&C->Enough, IO_NO_INCREMENT, FALSE);

    KeAcquireSpinLock(&C->Lock, &irql);
    dies = C->Stopping;
    ChainPass(C, LinkItem, dies ? LinkNone : LinkTimer);
    if (!dies)
        ChainArm(C);
    KeReleaseSpinLock(&C->Lock, irql);
    if (dies)
        ChainDies(C);
}

static VOID
ChainStop(
    _Inout_ PCHAIN C
    )
{
    BOOLEAN cancelled;
    KIRQL irql;

    KeAcquireSpinLock(&C->Lock, &irql);
    C->Stopping = TRUE;
    cancelled = KeCancelTimer(&C->Timer);
    if (cancelled)
        ChainPass(C, LinkTimer, LinkNone);
    KeReleaseSpinLock(&C->Lock, irql);
    if (cancelled)
        ChainDies(C);
    KeFlushQueuedDpcs();
    LAW(&Verdict, "the chain comes to its end", WaitFor(&C->Dead));
}

/* ---- now or later -------------------------------------------------------- */

static VOID
ChoreWork(
    _In_ PCHORE Chore
    )
{
    Pause(1);
    if (KeGetCurrentIrql() != PASSIVE_LEVEL)
        InterlockedIncrement(&ChoresWrong);
    if (Chore->Posted)
        InterlockedIncrement(&ChoresPosted);
    else
        InterlockedIncrement(&ChoresInline);
    ExFreePoolWithTag(Chore, REARM_TAG);
}

_Use_decl_annotations_
VOID
ChoreWorker(
    PVOID Parameter
    )
{
    ChoreWork((PCHORE)Parameter);
    KeSetEvent(&ChoreEvent, IO_NO_INCREMENT, FALSE);
}

_IRQL_requires_max_(DISPATCH_LEVEL)
static VOID
ChoreDo(VOID)
{
    PCHORE chore = (PCHORE)ExAllocatePoolWithTag(NonPagedPool, sizeof(CHORE), REARM_TAG);

    if (chore == NULL)
        return;
    if (KeGetCurrentIrql() == PASSIVE_LEVEL) {
        chore->Posted = FALSE;
        ChoreWork(chore);
    } else {
        chore->Posted = TRUE;
        ExInitializeWorkItem(&chore->WorkItem, ChoreWorker, chore);
        ExQueueWorkItem(&chore->WorkItem, DelayedWorkQueue);
    }
}

_Use_decl_annotations_
VOID
ChoreDpc(
    PKDPC Dpc,
    PVOID DeferredContext,
    PVOID SystemArgument1,
    PVOID SystemArgument2
    )
{
    UNREFERENCED_PARAMETER(Dpc);
    if (DeferredContext != &ChoreEvent || SystemArgument1 != &Chain ||
	SystemArgument2 != &Verdict)
        InterlockedIncrement(&ChoresWrong);
    ChoreDo();
}

static VOID
ChoreTest(VOID)
{
    KDPC dpc;
    KIRQL irql;
    KSPIN_LOCK lock;

    ChoreDo();

    KeInitializeDpc(&dpc, ChoreDpc, &ChoreEvent);
    LAW(&Verdict, "the DPC is queued", KeInsertQueueDpc(&dpc, &Chain, &Verdict));
    LAW(&Verdict, "the chore of a DPC is done", WaitFor(&ChoreEvent));

    KeInitializeSpinLock(&lock);
    KeAcquireSpinLock(&lock, &irql);
    ChoreDo();
    KeReleaseSpinLock(&lock, irql);
    LAW(&Verdict, "the chore under a lock is done", WaitFor(&ChoreEvent));

    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    ChoreDo();
    KeLowerIrql(irql);
    LAW(&Verdict, "the chore at raised IRQL is done", WaitFor(&ChoreEvent));

    KeFlushQueuedDpcs();
    LAW_IS(&Verdict, "chores done at once", ChoresInline, 1);
    LAW_IS(&Verdict, "chores posted", ChoresPosted, 3);
    LAW_IS(&Verdict, "chores at the wrong level, or with wrong arguments", ChoresWrong, 0);
}

/* ---- a periodic EX_TIMER -------------------------------------------------- */

static VOID
TickWorker(
    _In_ PVOID Parameter
    )
{
    UNREFERENCED_PARAMETER(Parameter);
    KeSetEvent(&EnoughTicks, IO_NO_INCREMENT, FALSE);
}

_Use_decl_annotations_
VOID
TickCallback(
    PEX_TIMER Timer,
    PVOID Context
    )
{
    UNREFERENCED_PARAMETER(Timer);
    UNREFERENCED_PARAMETER(Context);
    if (InterlockedIncrement(&Ticks) == TICKS) {
        ExInitializeWorkItem(&TickItem, TickWorker, NULL);
        ExQueueWorkItem(&TickItem, HyperCriticalWorkQueue);
    }
}

static VOID
TickTest(VOID)
{
    ULONGLONG start = KeQueryInterruptTime();
    PEX_TIMER timer = ExAllocateTimer(TickCallback, NULL, EX_TIMER_HIGH_RESOLUTION);
    LONG ticks;

    if (timer != NULL) {
        ExSetTimer(timer, -10000LL * DUE_MS, 10000LL * DUE_MS, NULL);
        LAW(&Verdict, "a periodic timer ticks", WaitFor(&EnoughTicks));
        ExDeleteTimer(timer, TRUE, TRUE, NULL);
    }
    LAW(&Verdict, "ticks are not early",
	KeQueryInterruptTime() - start >= 10000ULL * DUE_MS * TICKS);
    ticks = Ticks;
    Pause(3 * DUE_MS);
    LAW_IS(&Verdict, "ticks of a timer that is deleted", Ticks - ticks, 0);
}

/* ---- the driver ----------------------------------------------------------- */

_Use_decl_annotations_
VOID
RearmTest(
    PVOID StartContext
    )
{
    PCHAIN C = (PCHAIN)StartContext;
    ULONGLONG start = KeQueryInterruptTime();
    KIRQL irql;

    KeAcquireSpinLock(&C->Lock, &irql);
    ChainPass(C, LinkNone, LinkTimer);
    ChainArm(C);
    KeReleaseSpinLock(&C->Lock, irql);
    LAW(&Verdict, "the chain goes on", WaitFor(&C->Enough));
    LAW(&Verdict, "rounds take their time",
	KeQueryInterruptTime() - start >= 10000ULL * DUE_MS * ROUNDS);
    ChoreTest();
    TickTest();
    VerdictOver(&Verdict);          // the chain runs until the unload
    PsTerminateSystemThread(STATUS_SUCCESS);
}

_Use_decl_annotations_
VOID
RearmUnload(
    PDRIVER_OBJECT DriverObject
    )
{
    LONG dpcs;

    UNREFERENCED_PARAMETER(DriverObject);
    ThreadJoin(TestThread);
    ChainStop(&Chain);
    dpcs = Chain.Dpcs;
    Pause(3 * DUE_MS);
    LAW_IS(&Verdict, "DPCs after the end", Chain.Dpcs - dpcs, 0);
    LAW_IS(&Verdict, "deaths", Chain.Deaths, 1);
    LAW_IS(&Verdict, "links left", Chain.Link, LinkNone);
    LAW_IS(&Verdict, "rounds", Chain.Rounds, Chain.Dpcs);
    LAW_IS(&Verdict, "links in two places", Chain.WrongLink, 0);
    LAW_IS(&Verdict, "wrong levels", Chain.WrongIrql, 0);
    LAW_IS(&Verdict, "DPCs before their time", Chain.Early, 0);
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
    KeInitializeSpinLock(&Chain.Lock);
    KeInitializeTimer(&Chain.Timer);
    KeInitializeDpc(&Chain.Dpc, ChainDpc, &Chain);
    Chain.Link = LinkNone;
    KeInitializeEvent(&Chain.Enough, NotificationEvent, FALSE);
    KeInitializeEvent(&Chain.Dead, NotificationEvent, FALSE);
    KeInitializeEvent(&ChoreEvent, SynchronizationEvent, FALSE);
    KeInitializeEvent(&EnoughTicks, NotificationEvent, FALSE);
    DriverObject->DriverUnload = RearmUnload;
    return ThreadStart(RearmTest, &Chain, &TestThread);
}
