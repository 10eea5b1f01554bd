// SPDX-License-Identifier: GPL-2.0
/*++

Module Name:

    rdr.c

Abstract:

    A mini-redirector over an imaginary wire. A call that creates a server runs
    inline in the redirector's own process, else it is dispatched to a worker;
    an exchange is a structure with an item, that posts itself from state to
    state; a timer request runs the scavenger; a stop spins the device down.

Notes:

    The last part of this file does the work of RDBSS.

--*/

#define RDBSSLOG 1
#define DBG 1

#include "rx.h"
#include "inc\verdict.h"
#include "inc\thread.h"

#define RDR_TAG                 'rdRx'
#define EXCHANGES               20
#define PACKETS                 4
#define SERVERS                 9
#define SCAVENGE_MS             10

#undef Dbg
#define Dbg                     (DEBUG_TRACE_DISPATCH)
#ifndef DEBUG_TRACE_DISPATCH
#define DEBUG_TRACE_DISPATCH    0x00000001
#endif

//
// The redirector's record of a server; the SRV_CALL's context.
//
typedef struct _RDR_SERVER {
    BOOLEAN Connected;
    volatile LONG Connects;
} RDR_SERVER, *PRDR_SERVER;

typedef enum _RDR_STATE {
    RdrNegotiate,
    RdrSend,
    RdrReceive,
    RdrFinish
} RDR_STATE;

typedef struct _RDR_EXCHANGE {
    RX_WORK_QUEUE_ITEM WorkQueueItem;
    ULONG Id;
    RDR_STATE State;
    ULONG PacketsLeft;
    ULONG StatesSeen;
} RDR_EXCHANGE, *PRDR_EXCHANGE;

static PRDBSS_DEVICE_OBJECT RdrDevice;
static VERDICT Verdict = { "rdr", 0, 0 };
static PVOID TestThread;
static volatile LONG Inline, Dispatched, Refused;

//
// Requests of a user's process. The test makes them in threads of the system.
//
static BOOLEAN OfUser;
static volatile LONG Finished, GivenUp, WrongStates, NotQueued;
static volatile LONG Scavenged;
static RX_WORK_ITEM ScavengerItem;
static KEVENT AllFinished;

/* ---- servers ---------------------------------------------------------------- */

static VOID NTAPI
RdrConnectWorker (
    IN PVOID Context
    )
{
    PMRX_SRVCALL_CALLBACK_CONTEXT CallbackContext = (PMRX_SRVCALL_CALLBACK_CONTEXT)Context;
    PMRX_SRVCALLDOWN_STRUCTURE Calldown = CallbackContext->SrvCalldownStructure;
    PMRX_SRV_CALL SrvCall = Calldown->SrvCall;
    PRDR_SERVER Server = (PRDR_SERVER)SrvCall->Context;

    PAGED_CODE();
    RxDbgTrace( +1, Dbg, ("RdrConnectWorker %wZ\n", SrvCall->pSrvCallName) );

    Pause( 3 );
    InterlockedIncrement( &Server->Connects );
    Server->Connected = TRUE;
    CallbackContext->Status = STATUS_SUCCESS;
    RxLog(( "srv %wZ st %lx\n", SrvCall->pSrvCallName, CallbackContext->Status ));

    RxDbgTrace( -1, Dbg, ("RdrConnectWorker -> %08lx\n", CallbackContext->Status) );
    Calldown->CallBack( CallbackContext );
}

NTSTATUS NTAPI
RdrCreateSrvCall (
    IN OUT PMRX_SRV_CALL SrvCall,
    IN OUT PMRX_SRVCALL_CALLBACK_CONTEXT CallbackContext
    )
{
    NTSTATUS Status;

    ASSERT( CallbackContext->SrvCalldownStructure->SrvCall == SrvCall );
    UNREFERENCED_PARAMETER( SrvCall );

    if (!OfUser && IoGetCurrentProcess() == RxGetRDBSSProcess()) {

        //
        // The transport's handles are good here.
        //
        InterlockedIncrement( &Inline );
        RdrConnectWorker( CallbackContext );

    } else {

        Status = RxDispatchToWorkerThread( RdrDevice,
                                           DelayedWorkQueue,
                                           RdrConnectWorker,
                                           CallbackContext );

        if (Status == STATUS_SUCCESS) {
            InterlockedIncrement( &Dispatched );
        } else {
            InterlockedIncrement( &Refused );
            CallbackContext->Status = Status;
            CallbackContext->SrvCalldownStructure->CallBack( CallbackContext );
        }
    }

    //
    // The callback gets the status, of a success or a failure.
    //
    return STATUS_PENDING;
}

/* ---- exchanges ---------------------------------------------------------------- */

static NTSTATUS RdrContinue (IN OUT PRDR_EXCHANGE Exchange);

static VOID
RdrPost (
    IN OUT PRDR_EXCHANGE Exchange
    )
{
    static const WORK_QUEUE_TYPE Types[] = {
        DelayedWorkQueue, DelayedWorkQueue, CriticalWorkQueue, HyperCriticalWorkQueue
    };
    NTSTATUS Status;

    Status = RxPostToWorkerThread( RdrDevice,
                                   Types[Exchange->State],
                                   &Exchange->WorkQueueItem,
                                   (PRX_WORKERTHREAD_ROUTINE)RdrContinue,
                                   Exchange );
    if (Status != STATUS_SUCCESS) {
        RxLogRetail(( "xchg %ld given up st %lx\n", Exchange->Id, Status ));
        RxFreePool( Exchange );
        InterlockedIncrement( &GivenUp );
    }
}

static NTSTATUS
RdrContinue (
    IN OUT PRDR_EXCHANGE Exchange
    )
{
    Exchange->StatesSeen += 1;

    switch (Exchange->State) {

    case RdrNegotiate:
        Exchange->State = RdrSend;
        break;

    case RdrSend:
        if (Exchange->Id % 5 == 0) {
            Pause( 1 );                             // the wire
        }
        Exchange->State = RdrReceive;
        break;

    case RdrReceive:
        Exchange->PacketsLeft -= 1;
        Exchange->State = (Exchange->PacketsLeft != 0) ? RdrSend : RdrFinish;
        break;

    default:
        if (Exchange->State != RdrFinish || Exchange->StatesSeen != 2 * PACKETS + 2) {
            InterlockedIncrement( &WrongStates );
        }
        RxFreePool( Exchange );                     // the item is in it
        if (InterlockedIncrement( &Finished ) == EXCHANGES) {
            KeSetEvent( &AllFinished, IO_NO_INCREMENT, FALSE );
        }
        return STATUS_SUCCESS;
    }

    RdrPost( Exchange );
    return STATUS_PENDING;
}

static LONG
RdrStartExchanges (
    IN LONG Count,
    IN ULONG Packets
    )
{
    PRDR_EXCHANGE Exchange;
    LONG Started = 0;

    while (Count-- > 0) {
        Exchange = RxAllocatePoolWithTag( NonPagedPool, sizeof(RDR_EXCHANGE), RDR_TAG );
        if (Exchange != NULL) {
            RtlFillMemory( &Exchange->WorkQueueItem, sizeof(RX_WORK_QUEUE_ITEM), 0xEF );
            Exchange->Id = Started++;
            Exchange->State = RdrNegotiate;
            Exchange->PacketsLeft = Packets;
            Exchange->StatesSeen = 0;
            RdrPost( Exchange );
        }
    }
    return Started;
}

/* ---- the scavenger, start and stop ---------------------------------------------- */

static VOID NTAPI
RdrScavenge (
    IN PVOID Context
    )
{
    LARGE_INTEGER Interval;

    InterlockedIncrement( &Scavenged );
    Interval.QuadPart = SCAVENGE_MS * 1000 * 10;
    if (RxPostOneShotTimerRequest( RdrDevice, &ScavengerItem, RdrScavenge, Context,
                                   Interval ) != STATUS_SUCCESS) {
        RxLog(( "scavenger: the device stops\n" ));
    }
}

static NTSTATUS
RdrStart (VOID)
{
    LARGE_INTEGER Interval;
    NTSTATUS Status;

    Status = RxInitializeMRxDispatcher( RdrDevice );
    if (Status == STATUS_SUCCESS) {
        Interval.QuadPart = SCAVENGE_MS * 1000 * 10;
        Status = RxPostOneShotTimerRequest( RdrDevice, &ScavengerItem, RdrScavenge, NULL,
                                            Interval );
    }
    return Status;
}

static NTSTATUS
RdrStop (VOID)
{
    (VOID)RxCancelTimerRequest( RdrDevice, RdrScavenge, NULL );
    return RxSpinDownMRxDispatcher( RdrDevice );
}

/* ---- the part of RDBSS ------------------------------------------------------------ */

static VOID NTAPI
TestCallBack (
    IN OUT PMRX_SRVCALL_CALLBACK_CONTEXT Context
    )
{
    PMRX_SRVCALLDOWN_STRUCTURE Calldown = Context->SrvCalldownStructure;

    Calldown->BestFinisherOrdinal = Context->CallbackContextOrdinal;
    Calldown->NumberRemaining -= 1;
    KeSetEvent( &Calldown->FinishEvent, IO_NO_INCREMENT, FALSE );
}

//
// Creates a server and waits for it; STATUS_TIMEOUT without a callback.
//
static NTSTATUS
TestCreateServer (
    IN OUT PRDR_SERVER Server
    )
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING( L"\\SERVER" );
    MRX_SRVCALL_CALLBACK_CONTEXT Context;
    MRX_SRVCALLDOWN_STRUCTURE Calldown;
    MRX_SRV_CALL SrvCall;
    NTSTATUS Status;

    RtlZeroMemory( &SrvCall, sizeof(SrvCall) );
    SrvCall.pSrvCallName = &Name;
    SrvCall.Context = Server;

    RtlZeroMemory( &Calldown, sizeof(Calldown) );
    Calldown.SrvCall = &SrvCall;
    Calldown.CallBack = TestCallBack;
    Calldown.NumberToWait = 1;
    Calldown.NumberRemaining = 1;
    KeInitializeEvent( &Calldown.FinishEvent, NotificationEvent, FALSE );

    RtlZeroMemory( &Context, sizeof(Context) );
    Context.SrvCalldownStructure = &Calldown;
    Context.CallbackContextOrdinal = 7;
    Context.RxDeviceObject = RdrDevice;
    Context.Status = STATUS_UNSUCCESSFUL;

    Status = RdrCreateSrvCall( &SrvCall, &Context );
    if (Status != STATUS_PENDING || !WaitFor( &Calldown.FinishEvent )) {
        return STATUS_TIMEOUT;
    }
    if (Calldown.NumberRemaining != 0 || Calldown.BestFinisherOrdinal != 7) {
        return STATUS_UNSUCCESSFUL;
    }
    return Context.Status;
}

static RDR_SERVER Servers[SERVERS], InWorker, AtUnload;
static volatile LONG InWorkerStatus = STATUS_PENDING;
static KEVENT InWorkerOver;

static VOID NTAPI
TestInWorker (
    IN PVOID Context
    )
{
    InWorkerStatus = TestCreateServer( (PRDR_SERVER)Context );
    KeSetEvent( &InWorkerOver, IO_NO_INCREMENT, FALSE );
}

static VOID
TestExchanges (
    IN PVOID StartContext
    )
{
    LONG Started, Was;

    UNREFERENCED_PARAMETER( StartContext );

    Started = RdrStartExchanges( EXCHANGES, PACKETS );
    LAW_IS( &Verdict, "exchanges started", Started, EXCHANGES );
    LAW( &Verdict, "exchanges finish", WaitFor( &AllFinished ) );
    LAW_IS( &Verdict, "exchanges finished", Finished, EXCHANGES );
    LAW_IS( &Verdict, "wrong states", WrongStates, 0 );

    LAW_IS( &Verdict, "a worker dispatches to a worker",
            RxDispatchToWorkerThread( RdrDevice, CriticalWorkQueue, TestInWorker, &InWorker ),
            STATUS_SUCCESS );
    LAW( &Verdict, "the worker returns", WaitFor( &InWorkerOver ) );
    LAW_IS( &Verdict, "a server created in a worker", InWorkerStatus, STATUS_SUCCESS );

    for (Was = 0; Was < PATIENCE_SECONDS * 100 && Scavenged < 3; Was++) {
        Pause( 10 );
    }
    LAW( &Verdict, "the scavenger comes again and again", Scavenged >= 3 );
    LAW_IS( &Verdict, "the stop", RdrStop(), STATUS_SUCCESS );
    Was = Scavenged;
    Pause( 3 * SCAVENGE_MS );
    LAW_IS( &Verdict, "scavenged after the stop", Scavenged - Was, 0 );
    LAW_IS( &Verdict, "exchanges given up so far", GivenUp, 0 );
    LAW_IS( &Verdict, "exchanges of a device that is down", RdrStartExchanges( 5, 1 ), 5 );
    LAW_IS( &Verdict, "exchanges given up", GivenUp, 5 );

    //
    // Up again, with exchanges that never end by themselves.
    //
    GivenUp = 0;
    Finished = EXCHANGES + 1;
    LAW_IS( &Verdict, "the start after the stop", RdrStart(), STATUS_SUCCESS );
    LAW_IS( &Verdict, "endless exchanges", RdrStartExchanges( EXCHANGES, 1000000 ), EXCHANGES );
    VerdictOver( &Verdict );
    PsTerminateSystemThread( STATUS_SUCCESS );
}

static VOID
RdrUnload (
    IN PDRIVER_OBJECT DriverObject
    )
{
    UNREFERENCED_PARAMETER( DriverObject );

    ThreadJoin( TestThread );
    LAW_IS( &Verdict, "the last stop", RdrStop(), STATUS_SUCCESS );
    LAW_IS( &Verdict, "endless exchanges given up", GivenUp, EXCHANGES );
    LAW_IS( &Verdict, "the system's process", IoGetCurrentProcess() == RxGetRDBSSProcess(), TRUE );
    OfUser = TRUE;
    LAW_IS( &Verdict, "a server of a device that is down", TestCreateServer( &AtUnload ),
            STATUS_INSUFFICIENT_RESOURCES );
    LAW_IS( &Verdict, "its connects", AtUnload.Connects, 0 );
    LAW_IS( &Verdict, "calls refused", Refused, 1 );

    DbgPrint( "rdr: %ld servers at once, %ld dispatched, %ld refused\n", Inline, Dispatched,
              Refused );
    _RxPrintLog( 3 );
    RxTearDownRxTimer();
    RxTearDownDispatcher();
    RxUninitializeLog();
    IoDeleteDevice( &RdrDevice->DeviceObject );
    VerdictSay( &Verdict );
}

NTSTATUS
DriverEntry (
    IN PDRIVER_OBJECT DriverObject,
    IN PUNICODE_STRING RegistryPath
    )
{
    PDEVICE_OBJECT DeviceObject;
    LONG Connected = 0, i;
    NTSTATUS Status;

    UNREFERENCED_PARAMETER( RegistryPath );

    Status = IoCreateDevice( DriverObject, sizeof(RDBSS_DEVICE_OBJECT) - sizeof(DEVICE_OBJECT),
                             NULL, FILE_DEVICE_NETWORK_FILE_SYSTEM, 0, FALSE, &DeviceObject );
    if (!NT_SUCCESS(Status)) {
        return Status;
    }
    RdrDevice = (PRDBSS_DEVICE_OBJECT)DeviceObject;
    KeInitializeEvent( &AllFinished, NotificationEvent, FALSE );
    KeInitializeEvent( &InWorkerOver, NotificationEvent, FALSE );
    RxInitializeLog();
    RxInitializeDispatcher();
    RxInitializeRxTimer();

    LAW_IS( &Verdict, "the start", RdrStart(), STATUS_SUCCESS );
    for (i = 0; i < SERVERS; i++) {
        OfUser = (BOOLEAN)(i & 1);
        Connected += TestCreateServer( &Servers[i] ) == STATUS_SUCCESS &&
                     Servers[i].Connects == 1 && Servers[i].Connected;
    }
    OfUser = FALSE;
    LAW_IS( &Verdict, "servers connected", Connected, SERVERS );
    LAW_IS( &Verdict, "calls made at once or dispatched", Inline + Dispatched, SERVERS );

    Status = ThreadStart( TestExchanges, NULL, &TestThread );
    if (!NT_SUCCESS(Status)) {
        RdrStop();
        RxTearDownRxTimer();
        RxTearDownDispatcher();
        RxUninitializeLog();
        IoDeleteDevice( DeviceObject );
        return Status;
    }
    DriverObject->DriverUnload = RdrUnload;
    return STATUS_SUCCESS;
}
