// SPDX-License-Identifier: GPL-2.0
/*
 * The functions that leave memory, timers, DPCs and threads behind for leaver.c. This file may use
 * the kernel's headers beside those of Windows.
 */
#include <fltKernel.h>
#include <ks.h>
#include <linux/jiffies.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include "inc/left.h"
#include "inc/lender.h"

static noinline VOID __init LeaveMemoryAtInit(VOID)
{
	/* No tail call: the caller of the allocation must be in __init code. */
	if (!ExAllocatePool2(POOL_FLAG_NON_PAGED, 200, 0x74696e49))
		DbgPrint("leaver: no memory\n");
}

/* Only called by DriverEntry. */
VOID __ref LeaveMemory(ULONG Blocks)
{
	LeaveMemoryAtInit();
	while (Blocks--)
		ExAllocatePoolWithTag(NonPagedPool, 100, LEAVER_TAG);
	ExFreePoolWithTag(ExAllocatePoolWithTag(PagedPool, 100, 0x65657246), 0x65657246);
	ExAllocatePool2(POOL_FLAG_PAGED, 5000, 0x7265684f);
}

static NTSTATUS LeaveKeyOf(PCWSTR Path)
{
	OBJECT_ATTRIBUTES attributes;
	UNICODE_STRING name;
	HANDLE key;

	RtlInitUnicodeString(&name, Path);
	InitializeObjectAttributes(&attributes, &name, OBJ_KERNEL_HANDLE, NULL, NULL);
	return ZwOpenKey(&key, KEY_READ, &attributes);
}

static noinline VOID __init LeaveKeyAtInit(VOID)
{
	UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Registry\\User");
	OBJECT_ATTRIBUTES attributes;
	HANDLE key;

	InitializeObjectAttributes(&attributes, &name, OBJ_KERNEL_HANDLE, NULL, NULL);
	if (ZwOpenKey(&key, KEY_READ, &attributes))
		DbgPrint("leaver: no key\n");
}

/* Only called by DriverEntry. Opens a key that stays open, and another one in __init code. */
VOID __ref LeaveKey(VOID)
{
	if (LeaveKeyOf(L"\\Registry\\Machine\\Software"))
		DbgPrint("leaver: no key\n");
	LeaveKeyAtInit();
}

static VOID LeftTick(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
	InterlockedIncrement(&Left.Rounds);
}

static noinline VOID __init LeaveTimerAtInit(VOID)
{
	LARGE_INTEGER due;

	due.QuadPart = -36000000000;
	KeInitializeTimer(&Left.InitTimer);
	if (KeSetTimer(&Left.InitTimer, due, NULL))
		DbgPrint("leaver: it was set before\n");
}

/* Only called by DriverEntry. */
VOID __ref LeaveTimer(LONG Period)
{
	LARGE_INTEGER due;

	due.QuadPart = -10000;
	LeaveTimerAtInit();
	KeInitializeTimer(&Left.Timer);
	KeInitializeDpc(&Left.Dpc, LeftTick, &Left);
	KeSetTimerEx(&Left.Timer, due, Period, &Left.Dpc);
}

/* The DPC of a timer: it queues an item, whose routine sets the timer again. */
static VOID LeftDpc(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
	ExQueueWorkItem(&Left.Item, DelayedWorkQueue);
}

static VOID LeftRoutine(PVOID Context)
{
	PLEFT left = Context;
	LARGE_INTEGER due;

	due.QuadPart = left->DueTime;
	left->Rounds++;
	ExInitializeWorkItem(&left->Item, LeftRoutine, left);
	KeSetTimer(&left->Timer, due, &left->Dpc);
}

VOID LeaveChain(LONGLONG DueTime)
{
	Left.DueTime = DueTime;
	KeInitializeTimer(&Left.Timer);
	KeInitializeDpc(&Left.Dpc, LeftDpc, &Left);
	ExInitializeWorkItem(&Left.Item, LeftRoutine, &Left);
	ExQueueWorkItem(&Left.Item, DelayedWorkQueue);
}

/*
 * A DPC that spins for 1 ms and then queues itself to the other of the first and the last CPU,
 * until Left.End. A search that visits one CPU after the other misses it if the DPC leaves the last
 * one between its two visits: see LenderCrowd().
 */
static VOID LeftHop(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
	ULONG count = KeQueryActiveProcessorCount(NULL);

	Left.Rounds++;
	if (time_after(jiffies, Left.End)) {
		DbgPrint("leaver: the last of many DPCs\n");
		return;
	}
	KeStallExecutionProcessor(1000);
	KeSetTargetProcessorDpc(Dpc, KeGetCurrentProcessorNumber() ? 0 : count - 1);
	KeInsertQueueDpc(Dpc, NULL, NULL);
}

/* On CPU 2, as the script: a thread on a CPU of the DPCs starves until they have run. */
VOID LeaveDpcs(LONG Milliseconds)
{
	KeSetSystemAffinityThread(BIT(2));
	LenderCrowd(1, Milliseconds);
	Left.End = jiffies + msecs_to_jiffies(Milliseconds);
	KeInitializeDpc(&Left.Dpc, LeftHop, &Left);
	KeInsertQueueDpc(&Left.Dpc, NULL, NULL);
	KeRevertToUserAffinityThread();
}

/* Timers and DPCs that lender.c sets and queues, in each kind of memory of this module. */
static DEFINE_PER_CPU(KTIMER, LeftTimers);
static KTIMER LeftInitTimer __initdata;

static noinline VOID __init LeaveLentAtInit(LONG Period)
{
	LenderSet(&LeftInitTimer, -10000, Period, NULL);
}

/* Only called by DriverEntry. */
VOID __ref LeaveLent(LONG Period)
{
	LeaveLentAtInit(Period);
	LenderSet(&Left.Timer, -10000, Period, &Left.Dpc);
	LenderSet(get_cpu_ptr(&LeftTimers), -10000, Period, NULL);
	put_cpu_ptr(&LeftTimers);
	LenderSetOwn(Period, &Left.Dpc2);
}

static VOID LeftCallback(PEX_TIMER Timer, PVOID Context)
{
	InterlockedIncrement(Context);
}

VOID LeaveCallback(VOID)
{
	LenderCall(LeftCallback, &Left.Rounds);
}

static VOID LeftIoTimer(PDEVICE_OBJECT DeviceObject, PVOID Context)
{
	InterlockedIncrement(Context);
}

VOID LeaveIoTimer(VOID)
{
	LenderTime(LeftIoTimer, &Left.Rounds);
}

VOID LeaveMutex(VOID)
{
	KeInitializeMutex(&Left.Mutex, 0);
	LenderOwn(&Left.Mutex);
}

VOID LeaveEvent(VOID)
{
	KeInitializeEvent(&Left.Event, NotificationEvent, FALSE);
	LenderWait(&Left.Event);
}

VOID LeaveLentDpc(LONG Milliseconds)
{
	LenderQueue(&Left.Dpc, Milliseconds);
}

static NTSTATUS LeftUnload(FLT_FILTER_UNLOAD_FLAGS Flags)
{
	return STATUS_SUCCESS;
}

static const FLT_REGISTRATION LeftRegistration = {
	sizeof(FLT_REGISTRATION), FLT_REGISTRATION_VERSION, 0, NULL, NULL, LeftUnload,
};

static VOID LeftFlt(PFLT_GENERIC_WORKITEM Item, PVOID Object, PVOID Context)
{
	FltFreeGenericWorkItem(Item);
	DbgPrint("leaver: the filter's item has run\n");
}

/* An item that waits behind those of another module. The filter is not unregistered. */
VOID LeaveFilter(PDRIVER_OBJECT DriverObject)
{
	PFLT_GENERIC_WORKITEM item = FltAllocateGenericWorkItem();
	PFLT_FILTER filter;

	LenderOccupy(4000);
	if (item && NT_SUCCESS(FltRegisterFilter(DriverObject, &LeftRegistration, &filter)))
		FltQueueGenericWorkItem(item, filter, LeftFlt, DelayedWorkQueue, NULL);
}

VOID LeaveResource(VOID)
{
	ExInitializeResourceLite(&Left.Resource);
}

static VOID LeftKs(PVOID Context)
{
	DbgPrint("leaver: the worker's item has run\n");
}

/* A worker, and an item in another module's worker, behind one of that module. */
VOID LeaveWorker(VOID)
{
	PKSWORKER worker;

	if (!NT_SUCCESS(KsRegisterWorker(CriticalWorkQueue, &worker)))
		return;
	ExInitializeWorkItem(&Left.Item, LeftKs, NULL);
	LenderPost(&Left.Item, 1500);
}

static VOID LeftThread(PVOID Context)
{
	LARGE_INTEGER delay;

	delay.QuadPart = -10000LL * (LONG_PTR)Context;
	KeDelayExecutionThread(KernelMode, FALSE, &delay);
	DbgPrint("leaver: thread %s is over\n", current->comm);
	PsTerminateSystemThread(STATUS_SUCCESS);
}

NTSTATUS LeaveThread(LONG Milliseconds)
{
	NTSTATUS status;
	HANDLE handle;

	status = PsCreateSystemThread(&handle, THREAD_ALL_ACCESS, NULL, NULL, NULL, LeftThread,
				      LongToPtr(Milliseconds));
	if (NT_SUCCESS(status))
		ZwClose(handle);
	return status;
}

/* Windows' compilers have signed characters. */
NTSTATUS LeaveIfNegative(CHAR Byte, char Plain)
{
	return Byte < 0 && Plain < 0 ? STATUS_SUCCESS : STATUS_UNSUCCESSFUL;
}
