// SPDX-License-Identifier: GPL-2.0
/*
 * Clients with one bug each, which normally stays hidden by luck; bug= selects it. Where a real
 * client would crash or hang, this one detects its bug and prints "bugs: ...", or wq_compat reports
 * the bug.
 */
#include <linux/atomic.h>
#include <linux/delay.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <wq_compat.h>

#define ITEMS	64

static char *bug = "none";
module_param(bug, charp, 0);
MODULE_PARM_DESC(bug, "order, start, twice, again, touch, status, depend, leak or leak_at_init");

static bool give_up;
module_param(give_up, bool, 0600);
MODULE_PARM_DESC(give_up, "bug=depend waits no longer");

struct bug_item {
	WORK_QUEUE_ITEM Item;
	unsigned int Number;
	void *Data;
};

static struct bug_item items[ITEMS];
static PIO_WORKITEM io_item;
static atomic_t started, ran, inside;

/* The number of queued items. */
static void bug_wait(unsigned int count)
{
	while (atomic_read(&ran) < count)
		schedule_timeout_uninterruptible(1);
}

/* ---- order: the client assumes that items start in the order of their queue calls ---- */

static VOID bug_order_routine(PVOID Context)
{
	struct bug_item *item = Context;
	unsigned int place = atomic_inc_return(&started) - 1;

	if (place != item->Number)
		pr_info("bugs: order: item %u started as number %u\n", item->Number, place);
	atomic_inc(&ran);
}

static void bug_order(PDEVICE_OBJECT DeviceObject)
{
	unsigned int i;

	for (i = 0; i < ITEMS; i++) {
		items[i].Number = i;
		ExInitializeWorkItem(&items[i].Item, bug_order_routine, &items[i]);
		ExQueueWorkItem(&items[i].Item, HyperCriticalWorkQueue);
	}
	bug_wait(ITEMS);
}

/* ---- start: the client assumes that an item that is no longer queued has begun to run --- */

static VOID bug_start_routine(PVOID Context)
{
	struct bug_item *item = Context;

	if (!READ_ONCE(item->Data))
		pr_info("bugs: start: the data has gone before the routine began\n");
	atomic_inc(&ran);
}

static void bug_start(PDEVICE_OBJECT DeviceObject)
{
	unsigned int i;

	for (i = 0; i < ITEMS; i++) {
		WRITE_ONCE(items[i].Data, items);
		ExInitializeWorkItem(&items[i].Item, bug_start_routine, &items[i]);
		ExQueueWorkItem(&items[i].Item, HyperCriticalWorkQueue);
		while (RxIsWorkItemQueued(&items[i].Item))
			cond_resched();
		WRITE_ONCE(items[i].Data, NULL);
	}
	bug_wait(ITEMS);
}

/* ---- twice: the client assumes that an item that it has just queued has left its queue --- */

static VOID bug_twice_routine(PVOID Context)
{
	atomic_inc(&ran);
}

/*
 * Without torture, the runner of this CPU runs as soon as this task sleeps, and is idle again
 * before the next round begins, even on a slow host.
 */
static void bug_twice(PDEVICE_OBJECT DeviceObject)
{
	unsigned int i;

	for (i = 0; i < 16; i++) {
		ExInitializeWorkItem(&items[i].Item, bug_twice_routine, NULL);
		ExQueueWorkItem(&items[i].Item, HyperCriticalWorkQueue);
		cond_resched();
		ExQueueWorkItem(&items[i].Item, HyperCriticalWorkQueue);
		msleep(60);
	}
}

/* ---- again: the client assumes that a routine that queues its item again still runs alone --- */

static VOID bug_again_routine(PVOID Context)
{
	struct bug_item *item = Context;

	if (atomic_inc_return(&inside) > 1)
		pr_info("bugs: again: the routine runs twice at once\n");
	if (item->Number++ < ITEMS)
		ExQueueWorkItem(&item->Item, HyperCriticalWorkQueue);
	atomic_dec(&inside);
	atomic_inc(&ran);
}

static void bug_again(PDEVICE_OBJECT DeviceObject)
{
	ExInitializeWorkItem(&items[0].Item, bug_again_routine, &items[0]);
	ExQueueWorkItem(&items[0].Item, HyperCriticalWorkQueue);
	bug_wait(ITEMS + 1);
}

/* ---- touch: an item is written to after it was freed --------------------------- */

static VOID bug_touch_routine(PVOID IoObject, PVOID Context, PIO_WORKITEM IoWorkItem)
{
	IoFreeWorkItem(IoWorkItem);
	WRITE_ONCE(((u32 *)IoWorkItem)[11], 0);
	atomic_inc(&ran);
}

static void bug_touch(PDEVICE_OBJECT DeviceObject)
{
	PIO_WORKITEM item = IoAllocateWorkItem(DeviceObject);

	if (!item)
		return;
	IoQueueWorkItemEx(item, bug_touch_routine, DelayedWorkQueue, NULL);
	bug_wait(1);
}

/* ---- status: the client ignores the status of a dispatch ---------------- */

static VOID bug_status_routine(PVOID Context)
{
	atomic_inc(&ran);
}

static void bug_status(PDEVICE_OBJECT DeviceObject)
{
	PRDBSS_DEVICE_OBJECT device = (PRDBSS_DEVICE_OBJECT)DeviceObject;
	unsigned int i;

	RxInitializeDispatcher();
	RxInitializeMRxDispatcher(device);
	for (i = 0; i < ITEMS; i++)
		RxDispatchToWorkerThread(device, CriticalWorkQueue, bug_status_routine, NULL);
	RxSpinDownMRxDispatcher(device);
	RxTearDownDispatcher();
	if (atomic_read(&ran) != ITEMS)
		pr_info("bugs: status: %d of %d routines will never run\n",
			ITEMS - atomic_read(&ran), ITEMS);
}

/* ---- depend: an item waits for an item behind it ------------------------ */

static VOID bug_depend_first(PVOID Context)
{
	while (!atomic_read(&started) && !READ_ONCE(give_up))
		schedule_timeout_uninterruptible(1);
	if (!atomic_read(&started))
		pr_info("bugs: depend: the second item never came\n");
	atomic_inc(&ran);
}

static VOID bug_depend_second(PVOID Context)
{
	atomic_set(&started, 1);
	atomic_inc(&ran);
}

static void bug_depend(PDEVICE_OBJECT DeviceObject)
{
	ExInitializeWorkItem(&items[0].Item, bug_depend_first, NULL);
	ExQueueWorkItem(&items[0].Item, DelayedWorkQueue);
	ExInitializeWorkItem(&items[1].Item, bug_depend_second, NULL);
	ExQueueWorkItem(&items[1].Item, DelayedWorkQueue);
}

/* ---- leak: an item is never freed --------------------------------------------------- */

static void bug_leak(PDEVICE_OBJECT DeviceObject)
{
	/* No tail call: this function has to be on the stack. */
	WRITE_ONCE(io_item, IoAllocateWorkItem(DeviceObject));
}

/* __init: the allocating address is gone when the module is unloaded. */
static noinline void __init bug_leak_at_init(PDEVICE_OBJECT DeviceObject)
{
	WRITE_ONCE(io_item, IoAllocateWorkItem(DeviceObject));
}

struct bug {
	const char *name;
	void (*fn)(PDEVICE_OBJECT DeviceObject);
};

static const struct bug bugs[] __initconst = {
	{ "order", bug_order },
	{ "start", bug_start },
	{ "twice", bug_twice },
	{ "again", bug_again },
	{ "touch", bug_touch },
	{ "status", bug_status },
	{ "depend", bug_depend },
	{ "leak", bug_leak },
	{ "leak_at_init", bug_leak_at_init },
};

static VOID bugs_unload(PDRIVER_OBJECT DriverObject)
{
	IoDeleteDevice(DriverObject->DeviceObject);
}

static NTSTATUS __init bugs_entry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
	PDEVICE_OBJECT DeviceObject;
	NTSTATUS status;
	int i;

	DriverObject->DriverUnload = bugs_unload;
	status = IoCreateDevice(DriverObject, sizeof(RDBSS_DEVICE_OBJECT), NULL,
				FILE_DEVICE_NETWORK_FILE_SYSTEM, 0, FALSE, &DeviceObject);
	if (!NT_SUCCESS(status))
		return status;
	for (i = 0; i < ARRAY_SIZE(bugs); i++) {
		if (!strcmp(bugs[i].name, bug)) {
			bugs[i].fn(DeviceObject);
			return STATUS_SUCCESS;
		}
	}
	IoDeleteDevice(DeviceObject);
	return STATUS_INVALID_PARAMETER;
}

WQC_DRIVER(bugs_entry);
MODULE_DESCRIPTION("Clients with one bug each");
MODULE_LICENSE("GPL");
