// SPDX-License-Identifier: GPL-2.0
/*
 * A driver that misbehaves until it is removed, for an administrator to find: see
 * docs/debugging.md.
 */
#include <linux/blkdev.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/moduleparam.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "wqc_witness.h"

static char *what = "flood";
module_param(what, charp, 0);
MODULE_PARM_DESC(what, "flood: floods the Delayed class; sleep: sleeps in HyperCritical; leak: leaves a device behind; plug: its routines leave block plugs");

#define NR_ITEMS	256
#define BUSY_US		20

static WORK_QUEUE_ITEM items[NR_ITEMS];
static struct task_struct *thread;
static bool stop;

/* Not udelay(): on a virtual machine that is calibrated by a busy host it is too short. */
static void offender_spins(unsigned int us)
{
	ktime_t end = ktime_add_us(ktime_get(), us);

	while (ktime_before(ktime_get(), end))
		cpu_relax();
}

static VOID offender_floods(PVOID Parameter)
{
	offender_spins(BUSY_US);
}

/* A name that is too long for a line of a serial console. */
static VOID offender_sleeps_in_hypercritical_until_its_driver_is_removed(PVOID Parameter)
{
	while (!READ_ONCE(stop))
		msleep(20);
}

static struct blk_plug offender_plug;

static VOID offender_leaves_a_plug(PVOID Parameter)
{
	blk_start_plug(&offender_plug);
}

static VOID offender_leaves_a_plug_on_its_stack(PVOID Parameter)
{
	struct blk_plug plug;

	blk_start_plug(&plug);
}

static VOID offender_takes_a_while(PVOID Parameter)
{
	offender_spins(1000);
}

/*
 * While a client is loaded or unloaded, and after an item that is timed, a runner looks at all of
 * its thread's state: so this waits, and the item before each of the two is timed instead.
 */
static int offender_plugs(void *unused)
{
	msleep(500);
	ExInitializeWorkItem(&items[0], offender_leaves_a_plug, NULL);
	ExInitializeWorkItem(&items[1], offender_leaves_a_plug_on_its_stack, NULL);
	ExInitializeWorkItem(&items[2], offender_takes_a_while, NULL);
	ExInitializeWorkItem(&items[3], offender_takes_a_while, NULL);
	preempt_disable();
	ExQueueWorkItem(&items[2], CriticalWorkQueue);
	ExQueueWorkItem(&items[0], CriticalWorkQueue);
	ExQueueWorkItem(&items[3], HyperCriticalWorkQueue);
	ExQueueWorkItem(&items[1], HyperCriticalWorkQueue);
	preempt_enable();
	while (!kthread_should_stop())
		msleep(20);
	return 0;
}

static int offender_thread(void *unused)
{
	int i;

	while (!kthread_should_stop()) {
		for (i = 0; i < NR_ITEMS; i++) {
			if (RxIsWorkItemQueued(&items[i]))
				continue;
			ExInitializeWorkItem(&items[i], offender_floods, NULL);
			ExQueueWorkItem(&items[i], DelayedWorkQueue);
		}
		cond_resched();
	}
	return 0;
}

static VOID offender_unload(PDRIVER_OBJECT DriverObject)
{
	WRITE_ONCE(stop, true);
	if (thread)
		kthread_stop(thread);
}

static NTSTATUS offender_entry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
	PDEVICE_OBJECT device;

	DriverObject->DriverUnload = offender_unload;
	if (!strcmp(what, "leak"))
		return IoCreateDevice(DriverObject, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE,
				      &device);
	if (!strcmp(what, "sleep")) {
		ExInitializeWorkItem(&items[0],
				     offender_sleeps_in_hypercritical_until_its_driver_is_removed,
				     NULL);
		ExQueueWorkItem(&items[0], HyperCriticalWorkQueue);
		return STATUS_SUCCESS;
	}
	thread = kthread_run(strcmp(what, "plug") ? offender_thread : offender_plugs, NULL,
			     "wqc_offender");
	if (!IS_ERR(thread))
		return STATUS_SUCCESS;
	thread = NULL;
	return STATUS_INSUFFICIENT_RESOURCES;
}

WQC_DRIVER(offender_entry);
MODULE_DESCRIPTION("A driver that gives an administrator something to find");
MODULE_LICENSE("GPL");
