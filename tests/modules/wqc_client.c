// SPDX-License-Identifier: GPL-2.0
/*
 * A client that leaves items behind, as its parameters say. Its exit function does not wait for
 * them.
 */
#include <linux/delay.h>
#include <linux/kmod.h>
#include <linux/kthread.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/umh.h>

#include "wqc_witness.h"

static int class = -1;
module_param(class, int, 0);
MODULE_PARM_DESC(class, "a WORK_QUEUE_TYPE of the first three; -1: each");

static char *api = "ex";
module_param(api, charp, 0);
MODULE_PARM_DESC(api, "ex, io or ioex");

static unsigned int count = 1;
module_param(count, uint, 0);
MODULE_PARM_DESC(count, "items, a class");

static int cpu = -1;
module_param(cpu, int, 0);
MODULE_PARM_DESC(cpu, "queues them on this CPU");

static unsigned int sleep_ms;
module_param(sleep_ms, uint, 0);
MODULE_PARM_DESC(sleep_ms, "sleep of a routine before it counts as run");

static unsigned int tail_ms;
module_param(tail_ms, uint, 0);
MODULE_PARM_DESC(tail_ms, "sleep of a routine after that, before it returns");

static unsigned int requeue;
module_param(requeue, uint, 0);
MODULE_PARM_DESC(requeue, "how often an item queues itself again");

static bool wander;
module_param(wander, bool, 0);
MODULE_PARM_DESC(wander, "requeue= in another class each time");

static bool plain;
module_param(plain, bool, 0);
MODULE_PARM_DESC(plain, "no DriverEntry, no device of its own, an exit that does nothing");

static bool at_exit;
module_param(at_exit, bool, 0);
MODULE_PARM_DESC(at_exit, "queues them in its exit function, not at load");

static bool fail;
module_param(fail, bool, 0);
MODULE_PARM_DESC(fail, "the load fails, after queueing");

static bool early;
module_param(early, bool, 0);
MODULE_PARM_DESC(early, "the routine is in init text (api=ex)");

static bool foreign;
module_param(foreign, bool, 0);
MODULE_PARM_DESC(foreign, "the routine is that of the witness, the device that of this module (api=ioex)");

static bool die;
module_param(die, bool, 0);
MODULE_PARM_DESC(die, "the routine ends its thread");

static bool null;
module_param(null, bool, 0);
MODULE_PARM_DESC(null, "the routine is NULL when it is called (api=ex class=2)");

static bool ask;
module_param(ask, bool, 0);
MODULE_PARM_DESC(ask, "the routine asks for a module before it counts as run");

static bool leave;
module_param(leave, bool, 0);
MODULE_PARM_DESC(leave, "the routine, before its tail, has the module removed");

struct client_item {
	unsigned int sleep_ms;		/* first: see wqc_witness_routine() */
	unsigned int left;
	WORK_QUEUE_TYPE class;
	WORK_QUEUE_ITEM ex;
	PIO_WORKITEM io;
};

static WORKER_THREAD_ROUTINE client_ex;
static PWORKER_THREAD_ROUTINE ex_routine = client_ex;
static PDRIVER_OBJECT driver;
static PDEVICE_OBJECT device;

static void client_work(struct client_item *item);

static VOID client_ex(PVOID Parameter)
{
	client_work(Parameter);
}

static VOID client_io(PDEVICE_OBJECT DeviceObject, PVOID Context)
{
	client_work(Context);
}

static VOID client_io_ex(PVOID IoObject, PVOID Context, PIO_WORKITEM IoWorkItem)
{
	client_work(Context);
}

/*
 * The routine is overwritten with NULL before the item can start, so the item is not freed by its
 * routine.
 */
static void client_queue_null(struct client_item *item)
{
	preempt_disable();
	ExInitializeWorkItem(&item->ex, ex_routine, item);
	ExQueueWorkItem(&item->ex, item->class);
	item->ex.WorkerRoutine = NULL;
	preempt_enable();
	wqc_witness_taken();
}

static void client_queue(struct client_item *item)
{
	wqc_witness_accepted();
	if (null) {
		client_queue_null(item);
	} else if (!item->io) {
		ExInitializeWorkItem(&item->ex, ex_routine, item);
		ExQueueWorkItem(&item->ex, item->class);
	} else if (foreign) {
		IoQueueWorkItemEx(item->io, wqc_witness_routine, item->class, item);
	} else if (!strcmp(api, "ioex")) {
		IoQueueWorkItemEx(item->io, client_io_ex, item->class, item);
	} else {
		IoQueueWorkItem(item->io, client_io, item->class, item);
	}
}

static void client_free(struct client_item *item)
{
	if (item->io)
		IoFreeWorkItem(item->io);
	kfree(item);
}

/*
 * Not before insmod has returned: until then the module cannot be removed. Does not wait for
 * rmmod.
 */
static void client_leave(void)
{
	char *argv[3] = { "/bin/rmmod", KBUILD_MODNAME, NULL };
	char *envp[2] = { "PATH=/bin", NULL };

	/*
	 * For a moment after the module is live, its loader holds a reference: rmmod would be
	 * refused.
	 */
	while (READ_ONCE(THIS_MODULE->state) == MODULE_STATE_COMING || module_refcount(THIS_MODULE))
		msleep(20);
	call_usermodehelper(argv[0], argv, envp, UMH_WAIT_EXEC);
}

static noinline void client_work(struct client_item *item)
{
	if (sleep_ms)
		msleep(sleep_ms);
	if (ask)
		request_module("wqc_no_such_module");
	if (item->left) {
		item->left--;
		if (wander)
			item->class = (item->class + 1) % WQC_NR_CLASSES;
		client_queue(item);	/* may run at once, and be freed */
	} else {
		client_free(item);
	}
	wqc_witness_ran();
	if (die)
		kthread_complete_and_exit(NULL, 0);
	if (leave)
		client_leave();
	if (tail_ms)
		msleep(tail_ms);
}

static void client_post(void *unused)
{
	struct client_item *item;
	int c, i;

	for (c = 0; c < WQC_NR_CLASSES; c++) {
		if (class >= 0 && class != c)
			continue;
		for (i = 0; i < count; i++) {
			item = kzalloc(sizeof(*item), GFP_KERNEL);
			if (!item)
				return;
			item->sleep_ms = sleep_ms;
			item->left = requeue;
			item->class = c;
			if (strcmp(api, "ex")) {
				item->io = IoAllocateWorkItem(device);
				if (!item->io) {
					kfree(item);
					return;
				}
			}
			client_queue(item);
		}
	}
}

static VOID client_unload(PDRIVER_OBJECT DriverObject)
{
	if (at_exit)
		wqc_witness_call_on(cpu, client_post, NULL);
	IoDeleteDevice(device);
}

/* Queues the items, and does not access them afterwards. */
static NTSTATUS client_entry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
	NTSTATUS status;

	DriverObject->DriverUnload = client_unload;
	status = IoCreateDevice(DriverObject, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &device);
	if (!NT_SUCCESS(status))
		return status;
	if (!at_exit)
		wqc_witness_call_on(cpu, client_post, NULL);
	if (fail) {
		IoDeleteDevice(device);
		return STATUS_UNSUCCESSFUL;
	}
	return STATUS_SUCCESS;
}

static VOID __init client_early(PVOID Parameter)
{
	msleep(sleep_ms);
	kfree(Parameter);
	wqc_witness_ran();
	msleep(tail_ms);
}

static int __init client_init(void)
{
	if (early)
		ex_routine = client_early;
	if (!plain)
		return wqc_driver_load(THIS_MODULE, client_entry, &driver);
	device = wqc_witness_device();
	if (!at_exit)
		wqc_witness_call_on(cpu, client_post, NULL);
	return fail ? -EIO : 0;
}
module_init(client_init);

static void __exit client_exit(void)
{
	if (!plain)
		wqc_driver_unload(driver);
	else if (at_exit)
		wqc_witness_call_on(cpu, client_post, NULL);
}
module_exit(client_exit);

MODULE_DESCRIPTION("A client that leaves work items behind");
MODULE_LICENSE("GPL");
