// SPDX-License-Identifier: GPL-2.0
/*
 * A mini-redirector that posts and dispatches in each class: @count items on one CPU, or
 * without end from unbound threads. It stops with a spin-down.
 */
#include <linux/atomic.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/moduleparam.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/smp.h>

#include "wqc_witness.h"

#define NR_THREADS	4
#define MOST_QUEUED	2000

static int cpu = -1;
module_param(cpu, int, 0);
MODULE_PARM_DESC(cpu, "posts on this CPU, at load; -1: threads post until it is removed");

static unsigned int count = 10;
module_param(count, uint, 0);
MODULE_PARM_DESC(count, "items, a class, with cpu=");

static unsigned int sleep_us;
module_param(sleep_us, uint, 0);
MODULE_PARM_DESC(sleep_us, "sleep of a routine; of each 16th in a storm");

static atomic_t queued, elsewhere;
static PRDBSS_DEVICE_OBJECT device;
static struct task_struct *threads[NR_THREADS];

static int rxstorm_get_count(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%d\n", atomic_read((atomic_t *)kp->arg));
}

static const struct kernel_param_ops count_ops = { .get = rxstorm_get_count };
module_param_cb(elsewhere, &count_ops, &elsewhere, 0400);
MODULE_PARM_DESC(elsewhere, "with cpu=: routines that ran on another");

static void rxstorm_ran(void)
{
	if (cpu >= 0 && raw_smp_processor_id() != cpu)
		atomic_inc(&elsewhere);
	if (sleep_us && (cpu >= 0 || !(atomic_read(&queued) & 15)))
		usleep_range(sleep_us, 2 * sleep_us);
	atomic_dec(&queued);
	wqc_witness_ran();
}

static VOID rxstorm_posted(PVOID context)
{
	kfree(context);
	rxstorm_ran();
}

static VOID rxstorm_dispatched(PVOID context)
{
	rxstorm_ran();
}

static void rxstorm_refused(void)
{
	atomic_dec(&queued);
	wqc_witness_taken();
}

/* Makes one post and one dispatch; a refused one counts as taken back. */
static void rxstorm_post(WORK_QUEUE_TYPE type)
{
	PRX_WORK_QUEUE_ITEM item = kmalloc(sizeof(*item), GFP_KERNEL);

	if (item) {
		memset(item, 0xdd, sizeof(*item));
		atomic_inc(&queued);
		wqc_witness_accepted();
		if (RxPostToWorkerThread(device, type, item, rxstorm_posted, item)) {
			kfree(item);
			rxstorm_refused();
		}
	}
	atomic_inc(&queued);
	wqc_witness_accepted();
	if (RxDispatchToWorkerThread(device, type, rxstorm_dispatched, NULL))
		rxstorm_refused();
}

static void rxstorm_post_here(void *unused)
{
	unsigned int i;

	for (i = 0; i < 3 * count; i++)
		rxstorm_post(i % 3);
}

static int rxstorm_thread(void *unused)
{
	unsigned int n = 0;

	while (!kthread_should_stop()) {
		cond_resched();
		if (atomic_read(&queued) > MOST_QUEUED)
			usleep_range(100, 1000);
		else
			rxstorm_post(n++ % 3);
	}
	return 0;
}

static VOID rxstorm_unload(PDRIVER_OBJECT DriverObject)
{
	int i;

	for (i = 0; i < NR_THREADS; i++)
		if (threads[i])
			kthread_stop(threads[i]);
	RxSpinDownMRxDispatcher(device);
	RxTearDownDispatcher();
	IoDeleteDevice(&device->DeviceObject);
}

static NTSTATUS rxstorm_entry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
	PDEVICE_OBJECT DeviceObject;
	struct task_struct *thread;
	NTSTATUS Status;
	int i;

	DriverObject->DriverUnload = rxstorm_unload;
	Status = IoCreateDevice(DriverObject, sizeof(*device), NULL,
				FILE_DEVICE_NETWORK_FILE_SYSTEM, 0, FALSE, &DeviceObject);
	if (!NT_SUCCESS(Status))
		return Status;
	device = (PRDBSS_DEVICE_OBJECT)DeviceObject;
	RxInitializeDispatcher();
	RxInitializeMRxDispatcher(device);
	if (cpu >= 0)
		wqc_witness_call_on(cpu, rxstorm_post_here, NULL);
	for (i = 0; i < NR_THREADS && cpu < 0; i++) {
		thread = kthread_run(rxstorm_thread, NULL, "wqc_rxstorm");
		if (IS_ERR(thread)) {
			rxstorm_unload(DriverObject);
			return STATUS_INSUFFICIENT_RESOURCES;
		}
		threads[i] = thread;
	}
	return STATUS_SUCCESS;
}

WQC_DRIVER(rxstorm_entry);
MODULE_DESCRIPTION("A mini-redirector that posts in each class");
MODULE_LICENSE("GPL");
