// SPDX-License-Identifier: GPL-2.0
/*
 * A mini-redirector that, while it is loaded, allocates many items in one go or dispatches many
 * routines, as its parameters say.
 */
#include <linux/atomic.h>
#include <linux/irqflags.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include <wq_compat.h>

#define TURN	500	/* dispatches that wait at the same time */
#define MORE	128	/* items with interrupts off, with how=both */

static char *how = "thread";
module_param(how, charp, 0);
MODULE_PARM_DESC(how, "where the items are allocated: thread, spinlock, irqs_off, or both: count in a thread, and then 128 with interrupts off");

static unsigned int count;
module_param(count, uint, 0);
MODULE_PARM_DESC(count, "items in one go");

static bool free_off;
module_param(free_off, bool, 0);
MODULE_PARM_DESC(free_off, "the items are freed with interrupts off");

static unsigned int posts;
module_param(posts, uint, 0);
MODULE_PARM_DESC(posts, "dispatches, 500 at a time");

static unsigned int got;
module_param(got, uint, 0400);
MODULE_PARM_DESC(got, "items that were allocated, and dispatches that were accepted");

static DEFINE_SPINLOCK(burst_lock);
static atomic_t ran;

static void burst_allocate(PDEVICE_OBJECT DeviceObject, PIO_WORKITEM *items, unsigned int most)
{
	for (; most--; got += !!*items++)
		*items = IoAllocateWorkItem(DeviceObject);
}

static void burst_free(PIO_WORKITEM *items)
{
	unsigned long flags;
	unsigned int i;

	for (i = 0; items[i]; i++) {
		if (free_off)
			local_irq_save(flags);
		IoFreeWorkItem(items[i]);
		if (free_off)
			local_irq_restore(flags);
	}
}

static NTSTATUS burst_items(PDEVICE_OBJECT DeviceObject)
{
	PIO_WORKITEM *items = kvcalloc(count + MORE + 1, sizeof(*items), GFP_KERNEL);
	unsigned long flags;

	if (!items)
		return STATUS_INSUFFICIENT_RESOURCES;
	if (!strcmp(how, "irqs_off")) {
		local_irq_save(flags);
		burst_allocate(DeviceObject, items, count);
		local_irq_restore(flags);
	} else if (!strcmp(how, "spinlock")) {
		spin_lock(&burst_lock);
		burst_allocate(DeviceObject, items, count);
		spin_unlock(&burst_lock);
	} else {
		burst_allocate(DeviceObject, items, count);
	}
	if (!strcmp(how, "both")) {
		local_irq_save(flags);
		burst_allocate(DeviceObject, items + got, MORE);
		local_irq_restore(flags);
	}
	burst_free(items);
	kvfree(items);
	return STATUS_SUCCESS;
}

static VOID burst_routine(PVOID context)
{
	atomic_inc(&ran);
}

static void burst_dispatch(PRDBSS_DEVICE_OBJECT DeviceObject)
{
	unsigned int i, accepted = 0;

	RxInitializeDispatcher();
	RxInitializeMRxDispatcher(DeviceObject);
	for (i = 0; i < posts; i++) {
		accepted += RxDispatchToWorkerThread(DeviceObject, DelayedWorkQueue, burst_routine,
						     NULL) == STATUS_SUCCESS;
		while (i % TURN == TURN - 1 && atomic_read(&ran) < accepted)
			schedule_timeout_uninterruptible(1);
	}
	RxSpinDownMRxDispatcher(DeviceObject);
	RxTearDownDispatcher();
	got += accepted;
}

static VOID burst_unload(PDRIVER_OBJECT DriverObject)
{
	IoDeleteDevice(DriverObject->DeviceObject);
}

static NTSTATUS burst_entry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
	PDEVICE_OBJECT DeviceObject;
	NTSTATUS status;

	DriverObject->DriverUnload = burst_unload;
	status = IoCreateDevice(DriverObject, sizeof(RDBSS_DEVICE_OBJECT), NULL,
				FILE_DEVICE_NETWORK_FILE_SYSTEM, 0, FALSE, &DeviceObject);
	if (!NT_SUCCESS(status))
		return status;
	status = burst_items(DeviceObject);
	if (NT_SUCCESS(status) && posts)
		burst_dispatch((PRDBSS_DEVICE_OBJECT)DeviceObject);
	return status;
}

WQC_DRIVER(burst_entry);
MODULE_DESCRIPTION("Allocates many items in one go");
MODULE_LICENSE("GPL");
