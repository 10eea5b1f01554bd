// SPDX-License-Identifier: GPL-2.0
/*
 * A driver that does not free its IO_WORKITEMs, as its parameters say.
 */
#include <linux/atomic.h>
#include <linux/moduleparam.h>
#include <linux/sched.h>

#include "wqc_witness.h"

#define MOST	64

static unsigned int count;
module_param(count, uint, 0);
MODULE_PARM_DESC(count, "items that have run, and are not freed");

static unsigned int unused;
module_param(unused, uint, 0);
MODULE_PARM_DESC(unused, "items that were never queued, and are not freed");

static unsigned int early;
module_param(early, uint, 0);
MODULE_PARM_DESC(early, "the same, allocated by __init code");

static unsigned int given;
module_param(given, uint, 0);
MODULE_PARM_DESC(given, "the same, given to the witness");

static bool plain;
module_param(plain, bool, 0);
MODULE_PARM_DESC(plain, "no DriverEntry, no device of its own");

static bool fail;
module_param(fail, bool, 0);
MODULE_PARM_DESC(fail, "the load fails, afterwards");

static PDRIVER_OBJECT driver;
static PIO_WORKITEM items[MOST];	/* a reference, for kernels with kmemleak */
static unsigned int kept;
static atomic_t ran;

static VOID forgets_routine(PVOID IoObject, PVOID Context, PIO_WORKITEM IoWorkItem)
{
	atomic_inc(&ran);
}

static noinline PIO_WORKITEM forgets_allocate(PDEVICE_OBJECT DeviceObject)
{
	PIO_WORKITEM item = IoAllocateWorkItem(DeviceObject);

	if (item && kept < MOST)
		items[kept++] = item;
	return item;
}

static void forgets_all(PDEVICE_OBJECT DeviceObject)
{
	PIO_WORKITEM item;
	unsigned int i;

	for (i = 0; i < count; i++) {
		item = forgets_allocate(DeviceObject);
		if (item)
			IoQueueWorkItemEx(item, forgets_routine, DelayedWorkQueue, NULL);
	}
	while (atomic_read(&ran) < count)
		schedule_timeout_uninterruptible(1);
	for (i = 0; i < unused; i++)
		forgets_allocate(DeviceObject);
	for (i = 0; i < given; i++)
		wqc_witness_keep(forgets_allocate(DeviceObject));
}

/* The addresses of these calls are gone when the module is unloaded. */
static noinline void __init forgets_early(PDEVICE_OBJECT DeviceObject)
{
	unsigned int i;

	for (i = 0; i < early && kept < MOST; i++)
		items[kept++] = IoAllocateWorkItem(DeviceObject);
}

static VOID forgets_unload(PDRIVER_OBJECT DriverObject)
{
	IoDeleteDevice(DriverObject->DeviceObject);
}

static NTSTATUS __init forgets_entry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
	PDEVICE_OBJECT DeviceObject;
	NTSTATUS status;

	DriverObject->DriverUnload = forgets_unload;
	status = IoCreateDevice(DriverObject, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE,
				&DeviceObject);
	if (!NT_SUCCESS(status))
		return status;
	forgets_early(DeviceObject);
	forgets_all(DeviceObject);
	if (fail) {
		IoDeleteDevice(DeviceObject);
		return STATUS_UNSUCCESSFUL;
	}
	return STATUS_SUCCESS;
}

static int __init forgets_init(void)
{
	if (!plain)
		return wqc_driver_load(THIS_MODULE, forgets_entry, &driver);
	forgets_early(wqc_witness_device());
	forgets_all(wqc_witness_device());
	return fail ? -EIO : 0;
}
module_init(forgets_init);

static void __exit forgets_exit(void)
{
	if (!plain)
		wqc_driver_unload(driver);
}
module_exit(forgets_exit);

MODULE_DESCRIPTION("A driver that never frees its work items");
MODULE_LICENSE("GPL");
