// SPDX-License-Identifier: GPL-2.0
/*++

    casts.c

    Routines of another type than the call's: some are cast, some are not. They
    return a status, have a typed parameter, or have none. A compiler warns, and
    the drivers run.

--*/

#include <ntddk.h>
#include "inc\verdict.h"
#include "inc\thread.h"

#define FCB_TAG			' bcF'
#define CALLS			14

typedef struct _FCB {
	ULONG Tag;
	volatile LONG Calls;
	WORK_QUEUE_ITEM Item;
	PIO_WORKITEM IoItem;
} FCB, *PFCB;

typedef struct _EXTENSION {
	ULONG Tag;
} EXTENSION, *PEXTENSION;

static VERDICT Verdict = { "casts", 0, 0 };
static PDEVICE_OBJECT Device;
static PVOID TestThread;
static volatile LONG Wrong, Nothing;
static KEVENT Called;

static VOID Count(PFCB Fcb)
{
	if (Fcb->Tag != FCB_TAG)
		InterlockedIncrement(&Wrong);
	InterlockedIncrement(&Fcb->Calls);
	KeSetEvent(&Called, IO_NO_INCREMENT, FALSE);
}

/* The context is typed. */
static VOID FlushFcb(PFCB Fcb)
{
	Count(Fcb);
}

/* A status is returned. */
static NTSTATUS CloseFcb(PVOID Context)
{
	Count((PFCB)Context);
	return STATUS_PENDING;
}

/* Both. */
static NTSTATUS PurgeFcb(PFCB Fcb)
{
	Count(Fcb);
	return STATUS_UNSUCCESSFUL;
}

/* There is no parameter. */
static VOID Nop(VOID)
{
	InterlockedIncrement(&Nothing);
	KeSetEvent(&Called, IO_NO_INCREMENT, FALSE);
}

static NTSTATUS IoFlushFcb(PDEVICE_OBJECT DeviceObject, PFCB Fcb)
{
	if (((PEXTENSION)DeviceObject->DeviceExtension)->Tag != FCB_TAG)
		InterlockedIncrement(&Wrong);
	Count(Fcb);
	return STATUS_SUCCESS;
}

/* The parameters of an IO_WORKITEM_ROUTINE_EX, with a typed context. */
static BOOLEAN IoPurgeFcb(PDEVICE_OBJECT DeviceObject, PFCB Fcb, PIO_WORKITEM Item)
{
	if (Item != Fcb->IoItem)
		InterlockedIncrement(&Wrong);
	return NT_SUCCESS(IoFlushFcb(DeviceObject, Fcb));
}

static VOID FcbDpc(PKDPC Dpc, PFCB Fcb, PFCB Again)
{
	if (Fcb != Again)
		InterlockedIncrement(&Wrong);
	UNREFERENCED_PARAMETER(Dpc);
	Count(Fcb);
}

static NTSTATUS FcbThread(PFCB Fcb)
{
	Count(Fcb);
	return STATUS_SUCCESS;		/* falls off its end, as one may */
}

static LONG Called1(VOID)
{
	return WaitFor(&Called) ? 1 : 0;
}

static VOID CastsTest(PFCB Fcb)
{
	PKSTART_ROUTINE ThreadRoutine = (PKSTART_ROUTINE)FcbThread;
	WORK_QUEUE_TYPE Chosen;
	LONG Calls = 0;
	PVOID Thread;
	KTIMER Timer;
	LARGE_INTEGER Due;
	KDPC Dpc;

	/* Not cast. */
	ExInitializeWorkItem(&Fcb->Item, FlushFcb, Fcb);
	ExQueueWorkItem(&Fcb->Item, DelayedWorkQueue);
	Calls += Called1();
	ExInitializeWorkItem(&Fcb->Item, PurgeFcb, Fcb);
	ExQueueWorkItem(&Fcb->Item, CriticalWorkQueue);
	Calls += Called1();
	IoQueueWorkItem(Fcb->IoItem, IoFlushFcb, CriticalWorkQueue, Fcb);
	Calls += Called1();
	IoQueueWorkItemEx(Fcb->IoItem, IoPurgeFcb, DelayedWorkQueue, Fcb);
	Calls += Called1();
	KeInitializeDpc(&Dpc, FcbDpc, Fcb);
	KeInsertQueueDpc(&Dpc, Fcb, NULL);
	Calls += Called1();

	/* Cast. */
	ExInitializeWorkItem(&Fcb->Item, (PWORKER_THREAD_ROUTINE)CloseFcb, (PVOID)Fcb);
	ExQueueWorkItem(&Fcb->Item, HyperCriticalWorkQueue);
	Calls += Called1();
	ExInitializeWorkItem(&Fcb->Item, (PWORKER_THREAD_ROUTINE)Nop, NULL);
	ExQueueWorkItem(&Fcb->Item, NormalWorkQueue);
	Calls += Called1();
	IoQueueWorkItem(Fcb->IoItem, (PIO_WORKITEM_ROUTINE)IoFlushFcb, RealTimeWorkQueue, Fcb);
	Calls += Called1();
	IoQueueWorkItemEx(Fcb->IoItem, (PIO_WORKITEM_ROUTINE_EX)IoPurgeFcb, BackgroundWorkQueue, Fcb);
	Calls += Called1();

	/* CustomPriorityWorkQueue with a priority that the driver chooses. */
	for (Chosen = CustomPriorityWorkQueue + 7; Chosen < CustomPriorityWorkQueue + 18;
	     Chosen = Chosen + 5) {
		IoQueueWorkItem(Fcb->IoItem, (PVOID)IoFlushFcb, Chosen, Fcb);
		Calls += Called1();
	}

	Calls += NT_SUCCESS(ThreadStart(ThreadRoutine, Fcb, &Thread));
	ThreadJoin(Thread);
	Calls += Called1();

	KeInitializeTimer(&Timer);
	KeInitializeDpc(&Dpc, (PKDEFERRED_ROUTINE)Nop, Fcb);
	Due.QuadPart = -10000;
	KeSetTimer(&Timer, Due, &Dpc);
	Calls += Called1();
	KeFlushQueuedDpcs();

	LAW_IS(&Verdict, "calls that were seen", Calls, CALLS + 1);
	LAW_IS(&Verdict, "calls with a context", Fcb->Calls, CALLS - 2);
	LAW_IS(&Verdict, "calls without one", Nothing, 2);
	LAW_IS(&Verdict, "wrong contexts", Wrong, 0);
	VerdictOver(&Verdict);
	PsTerminateSystemThread(STATUS_SUCCESS);
}

static FCB TheFcb = { FCB_TAG };

static VOID CastsUnload(PDRIVER_OBJECT DriverObject)
{
	UNREFERENCED_PARAMETER(DriverObject);
	ThreadJoin(TestThread);
	IoFreeWorkItem(TheFcb.IoItem);
	IoDeleteDevice(Device);
	VerdictSay(&Verdict);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
	NTSTATUS Status;

	UNREFERENCED_PARAMETER(RegistryPath);
	Status = IoCreateDevice(DriverObject, sizeof(EXTENSION), NULL, FILE_DEVICE_UNKNOWN, 0, FALSE,
				&Device);
	if (!NT_SUCCESS(Status))
		return Status;
	((PEXTENSION)Device->DeviceExtension)->Tag = FCB_TAG;
	TheFcb.IoItem = IoAllocateWorkItem(Device);
	if (TheFcb.IoItem == NULL) {
		IoDeleteDevice(Device);
		return STATUS_INSUFFICIENT_RESOURCES;
	}
	KeInitializeEvent(&Called, SynchronizationEvent, FALSE);
	DriverObject->DriverUnload = CastsUnload;
	Status = ThreadStart((PKSTART_ROUTINE)CastsTest, &TheFcb, &TestThread);
	if (!NT_SUCCESS(Status)) {
		IoFreeWorkItem(TheFcb.IoItem);
		IoDeleteDevice(Device);
	}
	return Status;
}
