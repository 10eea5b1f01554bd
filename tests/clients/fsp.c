// SPDX-License-Identifier: GPL-2.0
/*++

Module Name:

    fsp.c

Abstract:

    How a file system posts requests to its worker threads: a limited number of
    a volume's requests is queued to the system's workers at a time. The other
    requests wait, linked by the List of their work items, on the volume's
    overflow queue; a worker that has finished a request takes the next one
    from there.

--*/

#include <ntifs.h>
#include "inc\verdict.h"
#include "inc\thread.h"

#define FSP_TAG                 ' psF'
#define FSP_PER_VOLUME          2
#define VOLUMES                 3
#define REQUESTS                240         // of a volume
#define CLIENTS                 4           // threads that post

#define FLAG_FORCE_CRITICAL     0x00000001

typedef struct _VOLUME {
    KSPIN_LOCK OverflowLock;                // of the next three
    LIST_ENTRY OverflowQueue;
    LONG PostedCount;
    LONG OverflowCount;

    LONG MostOverflow;
    volatile LONG InFsp;                    // workers that are on this volume
    volatile LONG MostInFsp;
    volatile LONG Completed;
    volatile LONG Runs[REQUESTS];
    KEVENT AllCompleted;
} VOLUME, *PVOLUME;

//
// The context of a request until it is finished, with its work item.
//
typedef struct _IRP_CONTEXT {
    CSHORT NodeTypeCode;
    CSHORT NodeByteSize;
    ULONG Flags;
    PVOLUME Volume;
    ULONG Number;
    WORK_QUEUE_ITEM WorkQueueItem;
} IRP_CONTEXT, *PIRP_CONTEXT;

#define NTC_IRP_CONTEXT         ((CSHORT)0x0901)

typedef struct _FSP_CLIENT {
    ULONG Index;
    PVOID Thread;
} FSP_CLIENT;

DRIVER_INITIALIZE DriverEntry;
static DRIVER_UNLOAD FspUnload;
static WORKER_THREAD_ROUTINE FspDispatch;

static VERDICT Verdict = { "fsp", 0, 0 };
static VOLUME Volumes[VOLUMES];
static FSP_CLIENT Clients[CLIENTS];
static PVOID TestThread;
static volatile LONG WrongNodes;
static volatile LONG NoMemory;

static VOID FspPostRequest (IN PIRP_CONTEXT IrpContext)
{
    PVOLUME Volume = IrpContext->Volume;
    KIRQL SavedIrql;

    KeAcquireSpinLock( &Volume->OverflowLock, &SavedIrql );

    if (Volume->PostedCount >= FSP_PER_VOLUME) {

        //
        // The item is not initialised: it is a link in a list, no more.
        //
        InsertTailList( &Volume->OverflowQueue, &IrpContext->WorkQueueItem.List );
        Volume->OverflowCount += 1;
        if (Volume->OverflowCount > Volume->MostOverflow) {
            Volume->MostOverflow = Volume->OverflowCount;
        }
        KeReleaseSpinLock( &Volume->OverflowLock, SavedIrql );
        return;
    }

    Volume->PostedCount += 1;
    KeReleaseSpinLock( &Volume->OverflowLock, SavedIrql );

    ExInitializeWorkItem( &IrpContext->WorkQueueItem, FspDispatch, IrpContext );
    ExQueueWorkItem( &IrpContext->WorkQueueItem,
                     (IrpContext->Flags & FLAG_FORCE_CRITICAL) ? CriticalWorkQueue
                                                               : DelayedWorkQueue );
}

static VOID FspCompleteRequest (IN PIRP_CONTEXT IrpContext)
{
    PVOLUME Volume = IrpContext->Volume;

    if (IrpContext->NodeTypeCode != NTC_IRP_CONTEXT || IrpContext->Number >= REQUESTS) {
        InterlockedIncrement( &WrongNodes );
        return;
    }
    InterlockedIncrement( &Volume->Runs[IrpContext->Number] );
    RtlFillMemory( IrpContext, sizeof(IRP_CONTEXT), 0xCD );
    ExFreePoolWithTag( IrpContext, FSP_TAG );
    InterlockedIncrement( &Volume->Completed );
}

//
// Each of the first requests takes long: the volume parks the later ones, and a
// second worker serves it.
//
static VOID FspWaitForCompany (IN PVOLUME Volume)
{
    ULONG Tries;

    for (Tries = 0; Tries < PATIENCE_SECONDS * 500; Tries++) {
        if (Volume->MostInFsp > 1 && Volume->MostOverflow > 0) {
            break;
        }
        Pause( 2 );
    }
}

static VOID FspDispatch (IN PVOID Context)
{
    PIRP_CONTEXT IrpContext = (PIRP_CONTEXT)Context;
    PVOLUME Volume = IrpContext->Volume;
    PLIST_ENTRY Entry;
    KIRQL SavedIrql;
    LONG InFsp;

    PAGED_CODE();

    InFsp = InterlockedIncrement( &Volume->InFsp );
    if (InFsp > Volume->MostInFsp) {
        Volume->MostInFsp = InFsp;
    }

    while (TRUE) {

        FsRtlEnterFileSystem();
        if (IrpContext->Number < CLIENTS) {
            FspWaitForCompany( Volume );    // the disk
        }
        FspCompleteRequest( IrpContext );
        FsRtlExitFileSystem();

        KeAcquireSpinLock( &Volume->OverflowLock, &SavedIrql );
        if (IsListEmpty( &Volume->OverflowQueue )) {
            break;
        }
        Volume->OverflowCount -= 1;
        Entry = RemoveHeadList( &Volume->OverflowQueue );
        KeReleaseSpinLock( &Volume->OverflowLock, SavedIrql );

        IrpContext = CONTAINING_RECORD( Entry, IRP_CONTEXT, WorkQueueItem.List );
    }

    InterlockedDecrement( &Volume->InFsp );
    Volume->PostedCount -= 1;
    if (Volume->PostedCount == 0 && Volume->Completed == REQUESTS) {
        KeSetEvent( &Volume->AllCompleted, 0, FALSE );
    }
    KeReleaseSpinLock( &Volume->OverflowLock, SavedIrql );
}

static VOID FspClient (IN PVOID StartContext)
{
    FSP_CLIENT *Client = StartContext;
    PIRP_CONTEXT IrpContext;
    ULONG Number, Volume;

    for (Number = Client->Index; Number < REQUESTS; Number += CLIENTS) {
        for (Volume = 0; Volume < VOLUMES; Volume++) {
            IrpContext = ExAllocatePoolZero( NonPagedPool, sizeof(IRP_CONTEXT), FSP_TAG );
            if (IrpContext == NULL) {
                InterlockedIncrement( &NoMemory );
                continue;
            }
            IrpContext->NodeTypeCode = NTC_IRP_CONTEXT;
            IrpContext->NodeByteSize = sizeof(IRP_CONTEXT);
            IrpContext->Volume = &Volumes[Volume];
            IrpContext->Number = Number;
            if (Number & 1) {
                IrpContext->Flags |= FLAG_FORCE_CRITICAL;
            }
            FspPostRequest( IrpContext );
        }
    }
    PsTerminateSystemThread( STATUS_SUCCESS );
}

static VOID FspTest (IN PVOID StartContext)
{
    LONG Once, MostOverflow = 0, Parked = 0, Posted = 0, TooMany = 0, Alone = 0;
    ULONG i, v;

    UNREFERENCED_PARAMETER( StartContext );

    for (i = 0; i < CLIENTS; i++) {
        Clients[i].Index = i;
        LAW( &Verdict, "a client starts",
             NT_SUCCESS( ThreadStart( FspClient, &Clients[i], &Clients[i].Thread ) ) );
    }
    for (i = 0; i < CLIENTS; i++) {
        ThreadJoin( Clients[i].Thread );
    }
    for (v = 0; v < VOLUMES; v++) {
        PVOLUME Volume = &Volumes[v];

        LAW( &Verdict, "all requests of a volume complete", WaitFor( &Volume->AllCompleted ) );
        for (i = 0, Once = 0; i < REQUESTS; i++) {
            Once += Volume->Runs[i] == 1;
        }
        LAW_IS( &Verdict, "requests of a volume that ran once", Once, REQUESTS );
        Parked += Volume->OverflowCount;
        Posted += Volume->PostedCount;
        MostOverflow += Volume->MostOverflow;
        TooMany += Volume->MostInFsp > FSP_PER_VOLUME;
        Alone += Volume->MostInFsp;
    }
    LAW_IS( &Verdict, "requests still parked", Parked, 0 );
    LAW_IS( &Verdict, "requests still posted", Posted, 0 );
    LAW( &Verdict, "some requests were parked", MostOverflow > 0 );
    LAW_IS( &Verdict, "volumes with too many workers", TooMany, 0 );
    LAW( &Verdict, "workers share a volume", Alone > VOLUMES );
    LAW_IS( &Verdict, "contexts that are none", WrongNodes, 0 );
    LAW_IS( &Verdict, "requests without memory", NoMemory, 0 );
    VerdictOver( &Verdict );
    PsTerminateSystemThread( STATUS_SUCCESS );
}

static VOID FspUnload (IN PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER( DriverObject );
    ThreadJoin( TestThread );
    VerdictSay( &Verdict );
}

NTSTATUS DriverEntry (IN PDRIVER_OBJECT DriverObject, IN PUNICODE_STRING RegistryPath)
{
    ULONG v;

    UNREFERENCED_PARAMETER( RegistryPath );

    for (v = 0; v < VOLUMES; v++) {
        KeInitializeSpinLock( &Volumes[v].OverflowLock );
        InitializeListHead( &Volumes[v].OverflowQueue );
        KeInitializeEvent( &Volumes[v].AllCompleted, NotificationEvent, FALSE );
    }
    DriverObject->DriverUnload = FspUnload;
    return ThreadStart( FspTest, NULL, &TestThread );
}
