// SPDX-License-Identifier: GPL-2.0
/*
 * A driver in the style of Windows. Queues work items of each class from each context, many at
 * once, blocking ones, and some that are still in flight at the driver's unload.
 */
#include <linux/delay.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <wq_compat.h>

#include "demo_table.h"

#define BURST		100000
#define BLOCKERS	64
#define BLOCK_MS	20
#define IN_FLIGHT	900		/* more than the limit of threads */
#define FLIGHT_MS	300

static const char *const Names[] = { "Critical", "Delayed", "HyperCritical" }; /* by type */
static struct demo_row Row;

typedef struct _DEMO_EXTENSION {
	atomic_t Left, Started;
	struct completion Done, Unloading;
} DEMO_EXTENSION, *PDEMO_EXTENSION;

static VOID DemoDone(PVOID Parameter)
{
	PDEMO_EXTENSION Extension = Parameter;

	if (atomic_dec_and_test(&Extension->Left))
		complete(&Extension->Done);
}

static VOID DemoBlock(PVOID Parameter)
{
	msleep(BLOCK_MS);
	DemoDone(Parameter);
}

/* Queues many items and waits until all have run. Returns nanoseconds. */
static LONGLONG DemoMany(PDEMO_EXTENSION Extension, int Count, WORK_QUEUE_TYPE Type,
			 PWORKER_THREAD_ROUTINE Routine)
{
	PWORK_QUEUE_ITEM Items = kvcalloc(Count, sizeof(*Items), GFP_KERNEL);
	ktime_t Start = ktime_get(), Elapsed;
	int i;

	if (!Items)
		return 0;
	atomic_set(&Extension->Left, Count);
	for (i = 0; i < Count; i++) {
		ExInitializeWorkItem(&Items[i], Routine, Extension);
		ExQueueWorkItem(&Items[i], Type);
		/* Soft lockup: Windows preempts a long loop, not each kernel of Linux does. */
		if (i % 1000 == 0)
			cond_resched();
	}
	wait_for_completion(&Extension->Done);
	Elapsed = ktime_sub(ktime_get(), Start);
	kvfree(Items);
	return ktime_to_ns(Elapsed);
}

/* The usual pattern of drivers: allocate an item and queue it; its routine frees it. */
static VOID DemoQueue(PDEVICE_OBJECT Device, PIO_WORKITEM_ROUTINE_EX Routine, int Type)
{
	PIO_WORKITEM Item = IoAllocateWorkItem(Device);

	if (Item)
		IoQueueWorkItemEx(Item, Routine, Type, Device->DeviceExtension);
	else
		DemoDone(Device->DeviceExtension);
}

static VOID DemoRow(PVOID IoObject, PVOID Context, PIO_WORKITEM Item)
{
	demo_started(&Row);
	IoFreeWorkItem(Item);
	DemoDone(Context);
}

static void DemoQueueRow(void *Device, int Type)
{
	demo_queued(&Row);
	DemoQueue(Device, DemoRow, Type);
}

static VOID DemoInFlight(PVOID IoObject, PVOID Context, PIO_WORKITEM Item)
{
	PDEMO_EXTENSION Extension = Context;

	IoFreeWorkItem(Item);
	atomic_inc(&Extension->Started);
	wait_for_completion(&Extension->Unloading);
	msleep(FLIGHT_MS);
	if (atomic_dec_and_test(&Extension->Left))
		demo_say("rmmod: %d items were in flight, %d ran", IN_FLIGHT,
			 atomic_read(&Extension->Started));
}

/* Need not wait: the items reference the device, and wq_compat waits for them. */
static VOID DemoUnload(PDRIVER_OBJECT DriverObject)
{
	PDEMO_EXTENSION Extension = DriverObject->DeviceObject->DeviceExtension;
	int i;

	atomic_set(&Extension->Left, IN_FLIGHT);
	for (i = 0; i < IN_FLIGHT; i++)
		DemoQueue(DriverObject->DeviceObject, DemoInFlight, i % ARRAY_SIZE(Names));
	msleep(BLOCK_MS);		/* some of them start */
	demo_say("DriverUnload returns: %d items queued, %d of them running", IN_FLIGHT,
		 atomic_read(&Extension->Started));
	complete_all(&Extension->Unloading);
	IoDeleteDevice(DriverObject->DeviceObject);
}

static NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
	PDEVICE_OBJECT DeviceObject;
	PDEMO_EXTENSION Extension;
	NTSTATUS Status;
	int Type, i;

	DriverObject->DriverUnload = DemoUnload;
	Status = IoCreateDevice(DriverObject, sizeof(DEMO_EXTENSION), NULL, FILE_DEVICE_UNKNOWN,
				0, FALSE, &DeviceObject);
	if (!NT_SUCCESS(Status))
		return Status;
	Extension = DeviceObject->DeviceExtension;
	init_completion(&Extension->Done);
	init_completion(&Extension->Unloading);

	demo_print_header();
	for (Type = 0; Type < ARRAY_SIZE(Names); Type++) {
		for (i = 0; i < ARRAY_SIZE(demo_call_in); i++) {
			atomic_set(&Extension->Left, 1);
			demo_call_in[i](DemoQueueRow, DeviceObject, Type);
			wait_for_completion(&Extension->Done);
			demo_print_row(&Row, Names[Type]);
		}
	}
	for (Type = 0; Type < ARRAY_SIZE(Names); Type++)
		demo_say("%-13s  %d items: %lld ns each; %d that sleep %d ms: %lld ms together",
			 Names[Type], BURST, DemoMany(Extension, BURST, Type, DemoDone) / BURST,
			 BLOCKERS, BLOCK_MS,
			 DemoMany(Extension, BLOCKERS, Type, DemoBlock) / NSEC_PER_MSEC);
	return STATUS_SUCCESS;
}

WQC_DRIVER(DriverEntry);
MODULE_DESCRIPTION("Demonstration driver on wq_compat");
MODULE_LICENSE("GPL");
