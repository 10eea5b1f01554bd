// SPDX-License-Identifier: GPL-2.0
/*
 * A small mini-redirector, in the way of public redirectors; its network is simulated. A call that
 * may sleep is dispatched to a worker. An exchange is one structure that posts itself again in
 * each state. A timer calls the scavenger. A stop waits for all of them.
 */
#define RDBSSLOG 1
#define DBG 1

#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <wq_compat.h>

#define RdrSay(fmt, ...)	pr_info("demo: " fmt "\n", ##__VA_ARGS__)
#define RDR_EXCHANGES		8
#define RDR_SCAVENGE_MS		20

static PRDBSS_DEVICE_OBJECT RdrDevice;

/* ---- connecting: direct call in a worker, otherwise dispatched ------------- */

typedef struct _RDR_SRV_CALL {
	const char *Name;
	NTSTATUS Status;
	struct completion Connected;
} RDR_SRV_CALL, *PRDR_SRV_CALL;

static VOID RdrCallBack(PRDR_SRV_CALL SrvCall, NTSTATUS Status)
{
	SrvCall->Status = Status;
	RxLog(("srv %s: status %lx\n", SrvCall->Name, Status));
	complete(&SrvCall->Connected);
}

/* Connecting sleeps, so it must run in a worker. */
static VOID RdrConnect(PVOID Context)
{
	PRDR_SRV_CALL SrvCall = Context;

	msleep(20);
	RdrSay("  %s: connected by %s on CPU %d", SrvCall->Name, current->comm,
	       raw_smp_processor_id());
	RdrCallBack(SrvCall, STATUS_SUCCESS);
}

static NTSTATUS RdrCreateSrvCall(PRDR_SRV_CALL SrvCall, BOOLEAN InWorker)
{
	NTSTATUS Status = STATUS_SUCCESS;

	if (InWorker)
		RdrConnect(SrvCall);
	else
		Status = RxDispatchToWorkerThread(RdrDevice, DelayedWorkQueue, RdrConnect, SrvCall);
	if (Status != STATUS_SUCCESS)
		RdrCallBack(SrvCall, Status);	/* the caller waits for the call-back */
	return STATUS_PENDING;
}

static VOID RdrConnectTo(const char *Name)
{
	RDR_SRV_CALL SrvCall = { .Name = Name };

	init_completion(&SrvCall.Connected);
	if (RdrCreateSrvCall(&SrvCall, FALSE) == STATUS_PENDING)
		wait_for_completion(&SrvCall.Connected);
	RdrSay("  %s: status %#x", Name, SrvCall.Status);
}

/* ---- exchanges: one structure, one item, many posts ----------------------- */

typedef enum _RDR_STATE { RdrNegotiate, RdrSend, RdrReceive, RdrFinish } RDR_STATE;

typedef struct _RDR_EXCHANGE {
	RX_WORK_QUEUE_ITEM WorkItem;	/* RxPostToWorkerThread() initialises it */
	RDR_STATE State;
	ULONG Id, Packets;
} RDR_EXCHANGE, *PRDR_EXCHANGE;

static atomic_t RdrFinished, RdrRefused;

static VOID RdrContinue(PVOID Context);

static VOID RdrPost(PRDR_EXCHANGE Exchange)
{
	WORK_QUEUE_TYPE Type = Exchange->State == RdrReceive ? CriticalWorkQueue : DelayedWorkQueue;
	NTSTATUS Status;

	Status = RxPostToWorkerThread(RdrDevice, Type, &Exchange->WorkItem, RdrContinue, Exchange);
	if (Status != STATUS_SUCCESS) {
		RxLogRetail(("exchange %ld: given up, status %lx\n", Exchange->Id, Status));
		atomic_inc(&RdrRefused);
		kfree(Exchange);
	}
}

static VOID RdrContinue(PVOID Context)
{
	PRDR_EXCHANGE Exchange = Context;

	RxLog(("exchange %ld: state %ld, %ld packets\n", Exchange->Id, Exchange->State,
	       Exchange->Packets));
	switch (Exchange->State) {
	case RdrNegotiate:
		Exchange->State = RdrSend;
		break;
	case RdrSend:
		usleep_range(1000, 2000);	/* simulates the network */
		Exchange->State = RdrReceive;
		break;
	case RdrReceive:
		Exchange->State = --Exchange->Packets ? RdrSend : RdrFinish;
		break;
	case RdrFinish:
		atomic_inc(&RdrFinished);
		kfree(Exchange);	/* the item is in it */
		return;
	}
	RdrPost(Exchange);
}

static VOID RdrStartExchanges(ULONG Count, ULONG Packets)
{
	PRDR_EXCHANGE Exchange;
	ULONG i;

	for (i = 0; i < Count; i++) {
		Exchange = kmalloc(sizeof(*Exchange), GFP_KERNEL);
		if (!Exchange)
			return;
		memset32((u32 *)Exchange, 0xdeadbeef, sizeof(*Exchange) / 4);
		Exchange->State = RdrNegotiate;
		Exchange->Id = i;
		Exchange->Packets = Packets;
		RdrPost(Exchange);
	}
}

/* ---- the scavenger: a one-shot that posts itself again -------------------- */

static RX_WORK_ITEM RdrScavengerItem;
static atomic_t RdrScavenged;

static VOID RdrScavenge(PVOID Context)
{
	LARGE_INTEGER Interval = { .QuadPart = RDR_SCAVENGE_MS * 10000LL };

	atomic_inc(&RdrScavenged);
	if (RxPostOneShotTimerRequest(RdrDevice, &RdrScavengerItem, RdrScavenge, NULL, Interval))
		RxLogRetail(("scavenger: the device is being stopped\n"));
}

/* ---- start and stop ------------------------------------------------------- */

static NTSTATUS RdrStart(VOID)
{
	LARGE_INTEGER Interval = { .QuadPart = RDR_SCAVENGE_MS * 10000LL };

	atomic_set(&RdrFinished, 0);
	atomic_set(&RdrRefused, 0);
	atomic_set(&RdrScavenged, 0);
	if (RxInitializeMRxDispatcher(RdrDevice) != STATUS_SUCCESS)
		return STATUS_INSUFFICIENT_RESOURCES;
	return RxPostOneShotTimerRequest(RdrDevice, &RdrScavengerItem, RdrScavenge, NULL, Interval);
}

/* On return, all queued items of the device have run and its timers are cancelled. */
static VOID RdrStop(VOID)
{
	RxSpinDownMRxDispatcher(RdrDevice);
	RdrSay("stopped: %d exchanges finished, %d given up, scavenged %d times",
	       atomic_read(&RdrFinished), atomic_read(&RdrRefused), atomic_read(&RdrScavenged));
}

static VOID RdrUnload(PDRIVER_OBJECT DriverObject)
{
	RdrStop();
	_RxPrintLog(3);
	RxTearDownRxTimer();
	RxTearDownDispatcher();
	RxUninitializeLog();
	IoDeleteDevice(&RdrDevice->DeviceObject);
}

static NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
	PDEVICE_OBJECT DeviceObject;
	NTSTATUS Status;

	Status = IoCreateDevice(DriverObject, sizeof(RDBSS_DEVICE_OBJECT) - sizeof(DEVICE_OBJECT),
				NULL, FILE_DEVICE_NETWORK_FILE_SYSTEM, 0, FALSE, &DeviceObject);
	if (!NT_SUCCESS(Status))
		return Status;
	RdrDevice = (PRDBSS_DEVICE_OBJECT)DeviceObject;
	DriverObject->DriverUnload = RdrUnload;
	RxInitializeLog();
	RxInitializeDispatcher();
	RxInitializeRxTimer();

	RdrSay("mini-redirector: started; connects");
	RdrStart();
	RdrConnectTo("\\\\SERVER");
	RdrSay("%d exchanges of 3 packets, each an item that posts itself", RDR_EXCHANGES);
	RdrStartExchanges(RDR_EXCHANGES, 3);
	msleep(3 * RDR_SCAVENGE_MS + RDR_SCAVENGE_MS / 2);
	RdrStop();
	RdrConnectTo("\\\\STOPPED");

	Status = RdrStart();
	RdrSay("mini-redirector: started again; %d exchanges without end", RDR_EXCHANGES);
	RdrStartExchanges(RDR_EXCHANGES, 1000000);
	return Status;
}

WQC_DRIVER(DriverEntry);
MODULE_DESCRIPTION("Demonstration mini-redirector on wq_compat");
MODULE_LICENSE("GPL");
