// SPDX-License-Identifier: GPL-2.0
/*
 * Dispatches, or allocates and queues I/O items, many times while allocations fail. The load
 * fails if an item was lost, or if a dispatch was refused with an unexpected status.
 */
#include <linux/atomic.h>
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/moduleparam.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "wqc_witness.h"

#define MOST_QUEUED	1000
#define PATIENCE	(20 * HZ)	/* longest wait while no routine runs */

static unsigned int count = 100000;
module_param(count, uint, 0);
MODULE_PARM_DESC(count, "dispatches, or items");

static bool io;
module_param(io, bool, 0);
MODULE_PARM_DESC(io, "I/O items, not dispatches");

static atomic_t ran;

/* False if more than @most have not run and no routine runs any more: they are lost. */
static bool rxfail_wait(unsigned int queued, unsigned int most)
{
	unsigned long end = jiffies + PATIENCE;
	unsigned int now, before = atomic_read(&ran);

	while (now = atomic_read(&ran), queued - now > most) {
		if (now != before)
			end = jiffies + PATIENCE;
		else if (time_after(jiffies, end))
			return false;
		before = now;
		schedule_timeout_uninterruptible(1);
	}
	cond_resched();
	return true;
}

static VOID rxfail_io(PVOID IoObject, PVOID Context, PIO_WORKITEM IoWorkItem)
{
	IoFreeWorkItem(IoWorkItem);
	atomic_inc(&ran);
}

/* An allocated item can be queued; a failed allocation returns NULL. */
static NTSTATUS rxfail_items(PDEVICE_OBJECT DeviceObject)
{
	unsigned int i, queued = 0, none = 0;
	PIO_WORKITEM item;

	for (i = 0; i < count; i++) {
		item = IoAllocateWorkItem(DeviceObject);
		if (item) {
			IoQueueWorkItemEx(item, rxfail_io, i % 3, NULL);
			queued++;
		} else {
			none++;
		}
		if (!rxfail_wait(queued, MOST_QUEUED))
			break;
	}
	rxfail_wait(queued, 0);
	IoDeleteDevice(DeviceObject);
	pr_info("rxfail: items=%u ran=%d none=%u\n", queued, atomic_read(&ran), none);
	return queued == atomic_read(&ran) && none ? STATUS_SUCCESS : STATUS_UNSUCCESSFUL;
}

static VOID rxfail_routine(PVOID context)
{
	atomic_inc(&ran);
}

static VOID rxfail_unload(PDRIVER_OBJECT DriverObject)
{
}

static NTSTATUS rxfail_entry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
	unsigned int i, dispatched = 0, refused = 0, other = 0;
	PDEVICE_OBJECT DeviceObject;
	NTSTATUS status;

	DriverObject->DriverUnload = rxfail_unload;
	status = IoCreateDevice(DriverObject, sizeof(RDBSS_DEVICE_OBJECT), NULL,
				FILE_DEVICE_NETWORK_FILE_SYSTEM, 0, FALSE, &DeviceObject);
	if (!NT_SUCCESS(status))
		return status;
	if (io)
		return rxfail_items(DeviceObject);
	RxInitializeDispatcher();
	RxInitializeMRxDispatcher((PRDBSS_DEVICE_OBJECT)DeviceObject);
	for (i = 0; i < count; i++) {
		status = RxDispatchToWorkerThread((PRDBSS_DEVICE_OBJECT)DeviceObject, i % 3,
						  rxfail_routine, NULL);
		if (status == STATUS_SUCCESS)
			dispatched++;
		else if (status == STATUS_INSUFFICIENT_RESOURCES)
			refused++;
		else
			other++;
		if (!rxfail_wait(dispatched, MOST_QUEUED))
			break;
	}
	RxSpinDownMRxDispatcher((PRDBSS_DEVICE_OBJECT)DeviceObject);
	RxTearDownDispatcher();
	IoDeleteDevice(DeviceObject);
	pr_info("rxfail: dispatched=%u ran=%d refused=%u other=%u\n", dispatched,
		atomic_read(&ran), refused, other);
	return dispatched == atomic_read(&ran) && refused && !other ? STATUS_SUCCESS :
								       STATUS_UNSUCCESSFUL;
}

WQC_DRIVER(rxfail_entry);
MODULE_DESCRIPTION("Dispatches while allocations fail");
MODULE_LICENSE("GPL");
