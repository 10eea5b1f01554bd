// SPDX-License-Identifier: GPL-2.0
/*
 * A class driver: the timers and DPCs that it sets and queues lie in the memory of its clients, and
 * their routines in this module.
 */
#include <fltKernel.h>
#include <ks.h>
#include <linux/export.h>
#include <linux/jiffies.h>
#include "inc/lender.h"

DRIVER_INITIALIZE DriverEntry;
DRIVER_UNLOAD LenderUnload;

static KTIMER LenderTimer;
static LONG LenderTicks;
static ULONG_PTR LenderEnd;
static PEX_TIMER LenderEx;
static PDEVICE_OBJECT LenderDevice;
static PVOID LenderOwner;
static PVOID LenderWaiter;
static PKSWORKER LenderWorker;
static PDRIVER_OBJECT LenderDriver;
static PFLT_FILTER LenderFilter;
static KEVENT LenderOwns, LenderEnds;
static KDPC LenderHolder, LenderMany[10000];

static VOID LenderTick(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
	InterlockedIncrement(Context);
}

/* Sets a timer in the caller's memory, with a DPC in the caller's memory or none. */
VOID LenderSet(PKTIMER Timer, LONGLONG DueTime, LONG Period, PKDPC Dpc)
{
	LARGE_INTEGER due;

	due.QuadPart = DueTime;
	KeInitializeTimer(Timer);
	if (Dpc)
		KeInitializeDpc(Dpc, LenderTick, &LenderTicks);
	if (KeSetTimerEx(Timer, due, Period, Dpc))
		DbgPrint("lender: it was set before\n");
}
EXPORT_SYMBOL_GPL(LenderSet);

/* Sets a timer of this module, with a DPC in the caller's memory. */
VOID LenderSetOwn(LONG Period, PKDPC Dpc)
{
	LenderSet(&LenderTimer, -10000, Period, Dpc);
}
EXPORT_SYMBOL_GPL(LenderSetOwn);

/* A DPC that moves from CPU to CPU: see LeftHop(). */
static VOID LenderHop(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
	ULONG count = KeQueryActiveProcessorCount(NULL);

	if (time_after(jiffies, LenderEnd)) {
		DbgPrint("lender: the last of many DPCs\n");
		return;
	}
	KeSetTargetProcessorDpc(Dpc, (KeGetCurrentProcessorNumber() + count - 1) % count);
	KeInsertQueueDpc(Dpc, NULL, NULL);
}

/* Queues a DPC in the caller's memory, which queues itself for that time. */
VOID LenderQueue(PKDPC Dpc, LONG Milliseconds)
{
	LenderEnd = jiffies + msecs_to_jiffies(Milliseconds);
	KeInitializeDpc(Dpc, LenderHop, &LenderTicks);
	KeInsertQueueDpc(Dpc, NULL, NULL);
}
EXPORT_SYMBOL_GPL(LenderQueue);

static VOID LenderHold(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
	while (time_before(jiffies, LenderEnd))
		KeStallExecutionProcessor(10);
}

/*
 * For that time a search of that CPU's DPCs takes milliseconds: many are queued behind one that
 * spins.
 */
VOID LenderCrowd(CCHAR Number, LONG Milliseconds)
{
	ULONG i;

	/* Queueing them takes seconds on a busy host. */
	LenderEnd = jiffies + MAX_JIFFY_OFFSET;
	KeInitializeDpc(&LenderHolder, LenderHold, NULL);
	KeSetTargetProcessorDpc(&LenderHolder, Number);
	KeInsertQueueDpc(&LenderHolder, NULL, NULL);
	for (i = 0; i < RTL_NUMBER_OF(LenderMany); i++) {
		KeInitializeDpc(&LenderMany[i], LenderTick, &LenderTicks);
		KeSetTargetProcessorDpc(&LenderMany[i], Number);
		KeInsertQueueDpc(&LenderMany[i], NULL, NULL);
	}
	LenderEnd = jiffies + msecs_to_jiffies(Milliseconds);
}
EXPORT_SYMBOL_GPL(LenderCrowd);

/* Calls the callback by a periodic EX_TIMER. */
VOID LenderCall(PEXT_CALLBACK Callback, PVOID Context)
{
	LenderEx = ExAllocateTimer(Callback, Context, 0);
	if (LenderEx && ExSetTimer(LenderEx, -10000, 20000, NULL))
		DbgPrint("lender: it was set before\n");
}
EXPORT_SYMBOL_GPL(LenderCall);

/* Calls the routine by the timer of this driver's device. */
VOID LenderTime(PIO_TIMER_ROUTINE Routine, PVOID Context)
{
	if (NT_SUCCESS(IoInitializeTimer(LenderDevice, Routine, Context)))
		IoStartTimer(LenderDevice);
}
EXPORT_SYMBOL_GPL(LenderTime);

static VOID LenderOwnerThread(PVOID Context)
{
	KeWaitForSingleObject(Context, Executive, KernelMode, FALSE, NULL);
	KeSetEvent(&LenderOwns, IO_NO_INCREMENT, FALSE);
	KeWaitForSingleObject(&LenderEnds, Executive, KernelMode, FALSE, NULL);
}

/* Acquires a mutex in the caller's memory, until this module is unloaded. */
VOID LenderOwn(PRKMUTEX Mutex)
{
	HANDLE handle;

	if (PsCreateSystemThread(&handle, 0, NULL, NULL, NULL, LenderOwnerThread, Mutex))
		return;
	ObReferenceObjectByHandle(handle, 0, NULL, KernelMode, &LenderOwner, NULL);
	ZwClose(handle);
	KeWaitForSingleObject(&LenderOwns, Executive, KernelMode, FALSE, NULL);
}
EXPORT_SYMBOL_GPL(LenderOwn);

static VOID LenderWaiterThread(PVOID Context)
{
	NTSTATUS status = KeWaitForSingleObject(Context, Executive, KernelMode, FALSE, NULL);

	DbgPrint("lender: the wait ended with %x\n", status);
}

/* A thread of this module waits for an event in the caller's memory. */
VOID LenderWait(PRKEVENT Event)
{
	LARGE_INTEGER delay;
	HANDLE handle;

	if (PsCreateSystemThread(&handle, 0, NULL, NULL, NULL, LenderWaiterThread, Event))
		return;
	ObReferenceObjectByHandle(handle, 0, NULL, KernelMode, &LenderWaiter, NULL);
	ZwClose(handle);
	delay.QuadPart = -10000;
	while (IsListEmpty(&Event->Header.WaitListHead))
		KeDelayExecutionThread(KernelMode, FALSE, &delay);
}
EXPORT_SYMBOL_GPL(LenderWait);

/* A worker routine that sleeps for that many milliseconds. */
VOID LenderSleep(PVOID Context)
{
	LARGE_INTEGER delay;

	delay.QuadPart = -10000LL * (LONG_PTR)Context;
	KeDelayExecutionThread(KernelMode, FALSE, &delay);
}
EXPORT_SYMBOL_GPL(LenderSleep);

static NTSTATUS LenderFilterUnload(FLT_FILTER_UNLOAD_FLAGS Flags)
{
	return STATUS_SUCCESS;
}

static VOID LenderFlt(PFLT_GENERIC_WORKITEM Item, PVOID Object, PVOID Context)
{
	FltFreeGenericWorkItem(Item);
}

static const FLT_REGISTRATION LenderRegistration = {
	sizeof(FLT_REGISTRATION), FLT_REGISTRATION_VERSION, 0, NULL, NULL, LenderFilterUnload,
};

/* Items of a filter: more than a search for an item visits in one go. */
static VOID LenderQueueMany(VOID)
{
	PFLT_GENERIC_WORKITEM item;
	ULONG i;

	if (!NT_SUCCESS(FltRegisterFilter(LenderDriver, &LenderRegistration, &LenderFilter)))
		return;
	for (i = 0; i < 150; i++) {
		item = FltAllocateGenericWorkItem();
		if (item)
			FltQueueGenericWorkItem(item, LenderFilter, LenderFlt, DelayedWorkQueue,
						NULL);
	}
}

/*
 * Occupies the threads of Delayed: with 8 of them, for three times that many milliseconds. Behind
 * that wait many items of a filter.
 */
VOID LenderOccupy(LONG Milliseconds)
{
	static WORK_QUEUE_ITEM items[20];
	ULONG i;

	for (i = 0; i < RTL_NUMBER_OF(items); i++) {
		ExInitializeWorkItem(&items[i], LenderSleep, LongToPtr(Milliseconds));
		ExQueueWorkItem(&items[i], DelayedWorkQueue);
	}
	LenderQueueMany();
}
EXPORT_SYMBOL_GPL(LenderOccupy);

static VOID LenderCount(PVOID Context)
{
	InterlockedIncrement(&LenderTicks);
}

/*
 * Queues the caller's item in this driver's worker, behind one that sleeps, and more than a search
 * for an item visits in one go.
 */
VOID LenderPost(PWORK_QUEUE_ITEM Item, LONG Milliseconds)
{
	static WORK_QUEUE_ITEM first, many[150];
	ULONG i;

	ExInitializeWorkItem(&first, LenderSleep, LongToPtr(Milliseconds));
	KsQueueWorkItem(LenderWorker, &first);
	for (i = 0; i < RTL_NUMBER_OF(many); i++) {
		ExInitializeWorkItem(&many[i], LenderCount, NULL);
		KsQueueWorkItem(LenderWorker, &many[i]);
	}
	KsQueueWorkItem(LenderWorker, Item);
}
EXPORT_SYMBOL_GPL(LenderPost);

VOID LenderUnload(_In_ PDRIVER_OBJECT DriverObject)
{
	LARGE_INTEGER delay;

	/* Its routine's driver may be gone. */
	if (LenderDevice->Timer) {
		IoStartTimer(LenderDevice);
		delay.QuadPart = -12000000;
		KeDelayExecutionThread(KernelMode, FALSE, &delay);
	}
	IoDeleteDevice(LenderDevice);
	KeCancelTimer(&LenderTimer);
	if (LenderEx)
		ExDeleteTimer(LenderEx, TRUE, TRUE, NULL);
	KeSetEvent(&LenderEnds, IO_NO_INCREMENT, FALSE);
	if (LenderOwner) {
		KeWaitForSingleObject(LenderOwner, Executive, KernelMode, FALSE, NULL);
		ObDereferenceObject(LenderOwner);
	}
	if (LenderWaiter) {
		KeWaitForSingleObject(LenderWaiter, Executive, KernelMode, FALSE, NULL);
		ObDereferenceObject(LenderWaiter);
	}
	if (LenderFilter)
		FltUnregisterFilter(LenderFilter);
	KsUnregisterWorker(LenderWorker);
	KeFlushQueuedDpcs();
}

NTSTATUS DriverEntry(_In_ PDRIVER_OBJECT DriverObject, _In_ PUNICODE_STRING RegistryPath)
{
	NTSTATUS status;

	LenderDriver = DriverObject;
	KeInitializeTimer(&LenderTimer);
	KeInitializeEvent(&LenderOwns, NotificationEvent, FALSE);
	KeInitializeEvent(&LenderEnds, NotificationEvent, FALSE);
	DriverObject->DriverUnload = LenderUnload;
	status = KsRegisterWorker(CriticalWorkQueue, &LenderWorker);
	if (!NT_SUCCESS(status))
		return status;
	status = IoCreateDevice(DriverObject, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE,
				&LenderDevice);
	if (!NT_SUCCESS(status))
		KsUnregisterWorker(LenderWorker);
	return status;
}
