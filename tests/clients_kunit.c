// SPDX-License-Identifier: GPL-2.0
/*
 * Uses of work items by Windows drivers, in the style of these drivers. The promises of the single
 * calls are tested by wqc_ex, wqc_io and wqc_context.
 */
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "wqc_probe.h"

/* A driver's own definition of an event. */
typedef struct completion KEVENT;

typedef struct _WAITED_WORK {
	WORK_QUEUE_ITEM Item;
	PIO_WORKITEM IoItem;
	KEVENT *Event;
} WAITED_WORK, *PWAITED_WORK;

static VOID SignalEvent(PVOID Context)
{
	complete(((PWAITED_WORK)Context)->Event);
	/* The tail of the routine: the waiter may have freed the item. */
	cpu_relax();
}

static VOID SignalEventIo(PDEVICE_OBJECT DeviceObject, PVOID Context)
{
	SignalEvent(Context);
}

/* The waiter, not the routine, frees the item as soon as the event is set. */
static void waiter_frees_the_item_after_the_event(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	unsigned int i, rounds = wqc_rounds(500, 20);
	PDEVICE_OBJECT device = wqc_test_device(test);
	PWAITED_WORK work;
	KEVENT event;

	for (i = 0; i < rounds; i++) {
		work = kzalloc(sizeof(*work), GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, work);
		init_completion(&event);
		work->Event = &event;
		ExInitializeWorkItem(&work->Item, SignalEvent, work);
		ExQueueWorkItem(&work->Item, class->type);
		KUNIT_ASSERT_TRUE(test, wqc_done(&event));
		work->IoItem = wqc_io_item(test, device);
		IoQueueWorkItem(work->IoItem, SignalEventIo, class->type, work);
		KUNIT_ASSERT_TRUE(test, wqc_done(&event));
		IoFreeWorkItem(work->IoItem);
		memset(work, 0xdd, sizeof(*work));
		kfree(work);
	}
	/* No routine sets the event of this stack frame later. */
	KUNIT_EXPECT_TRUE(test, wqc_settled(test));
}

struct extension {
	spinlock_t Lock;		/* protects Pending and Queued */
	struct list_head Pending;
	BOOLEAN Queued;
	WORK_QUEUE_ITEM Item;
	atomic_t Drained;
	int Wanted;
	KEVENT AllDone;
};

static VOID DrainPending(PVOID Context)
{
	struct extension *ext = Context;
	struct list_head *entry;
	unsigned long flags;

	for (;;) {
		spin_lock_irqsave(&ext->Lock, flags);
		if (list_empty(&ext->Pending)) {
			ext->Queued = FALSE;
			spin_unlock_irqrestore(&ext->Lock, flags);
			return;
		}
		entry = ext->Pending.next;
		list_del(entry);
		spin_unlock_irqrestore(&ext->Lock, flags);
		kfree(entry);
		if (atomic_inc_return(&ext->Drained) == ext->Wanted)
			complete(&ext->AllDone);
	}
}

static void PostToList(void *arg, int cpu)
{
	struct extension *ext = arg;
	int i, share = ext->Wanted / num_online_cpus();
	struct list_head *entry;
	unsigned long flags;

	for (i = 0; i < share; i++) {
		entry = kmalloc(sizeof(*entry), GFP_KERNEL | __GFP_NOFAIL);
		spin_lock_irqsave(&ext->Lock, flags);
		list_add_tail(entry, &ext->Pending);
		if (!ext->Queued) {
			ext->Queued = TRUE;
			ExInitializeWorkItem(&ext->Item, DrainPending, ext);
			ExQueueWorkItem(&ext->Item, CriticalWorkQueue);
		}
		spin_unlock_irqrestore(&ext->Lock, flags);
	}
}

/*
 * The routine drains a list of the client. The client queues the item under its lock,
 * and only if it is not queued: once for many entries.
 */
static void routine_drains_a_list_and_is_queued_once_for_many(struct kunit *test)
{
	struct extension *ext = kunit_kzalloc(test, sizeof(*ext), GFP_KERNEL);
	u64 twice = wqc_reports(test, "item queued while it is queued");

	KUNIT_ASSERT_NOT_NULL(test, ext);
	spin_lock_init(&ext->Lock);
	INIT_LIST_HEAD(&ext->Pending);
	init_completion(&ext->AllDone);
	ext->Wanted = wqc_rounds(2000, 100) * num_online_cpus();
	wqc_on_all_cpus(test, PostToList, ext);
	KUNIT_EXPECT_TRUE(test, wqc_done(&ext->AllDone));
	KUNIT_EXPECT_TRUE(test, wqc_settled(test));
	KUNIT_EXPECT_EQ(test, ext->Wanted, atomic_read(&ext->Drained));
	KUNIT_EXPECT_EQ(test, twice, wqc_reports(test, "item queued while it is queued"));
}

/* The item has the device of another driver, which is unloaded while the item is queued. */
static void object_is_the_device_of_another_driver(struct kunit *test)
{
	struct wqc_probe *probe = wqc_probe_new(test);
	PDRIVER_OBJECT other;
	PDEVICE_OBJECT device;
	PIO_WORKITEM io;

	wqc_objects_calm(test);
	KUNIT_ASSERT_EQ(test, 0, wqc_driver_load(THIS_MODULE, wqc_probe_entry, &other));
	device = wqc_device_new(test, other, 0);
	io = wqc_io_item(test, device);
	IoQueueWorkItem(io, wqc_probe_io, DelayedWorkQueue, probe);
	IoDeleteDevice(device);
	wqc_driver_unload(other);
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&probe->runs));
	KUNIT_EXPECT_PTR_EQ(test, probe->object, (void *)device);
	KUNIT_EXPECT_TRUE(test, wqc_eventually(!wqc_objects(test, "device", "")));
	IoFreeWorkItem(io);
}

static PIO_WORKITEM static_item;

static VOID unload_frees_item(PDRIVER_OBJECT driver)
{
	IoFreeWorkItem(static_item);
	IoDeleteDevice(driver->DeviceObject);
}

static NTSTATUS entry_with_item(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
	PDEVICE_OBJECT device;

	driver->DriverUnload = unload_frees_item;
	if (IoCreateDevice(driver, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &device))
		return STATUS_UNSUCCESSFUL;
	static_item = IoAllocateWorkItem(device);
	return static_item ? STATUS_SUCCESS : STATUS_UNSUCCESSFUL;
}

/* DriverUnload frees an item that DriverEntry has allocated. */
static void unload_frees_the_item(struct kunit *test)
{
	struct wqc_probe *probe = wqc_probe_new(test);
	PDRIVER_OBJECT driver;

	wqc_objects_calm(test);
	KUNIT_ASSERT_EQ(test, 0, wqc_driver_load(THIS_MODULE, entry_with_item, &driver));
	IoQueueWorkItem(static_item, wqc_probe_io, DelayedWorkQueue, probe);
	KUNIT_EXPECT_TRUE(test, wqc_done(&probe->ran));
	wqc_driver_unload(driver);
	KUNIT_EXPECT_TRUE(test, wqc_eventually(!wqc_objects(test, "", "")));
}

/* Drivers pass routines that return a status, have a typed context, or have no parameters. */
static NTSTATUS StatusRoutine(struct wqc_probe *probe)
{
	wqc_probe_ex(probe);
	return STATUS_UNSUCCESSFUL;
}

static NTSTATUS StatusIoRoutine(PDEVICE_OBJECT DeviceObject, struct wqc_probe *probe)
{
	wqc_probe_io(DeviceObject, probe);
	return STATUS_UNSUCCESSFUL;
}

static struct completion seen;

static VOID NoParameters(void)
{
	complete(&seen);
}

/* A routine of another type than the documented one is called. */
static void routine_may_be_of_another_type(struct kunit *test)
{
	PDEVICE_OBJECT device = wqc_test_device(test);
	struct wqc_probe *probes = wqc_probes_new(test, 3);
	PIO_WORKITEM io = wqc_io_item(test, device);

	init_completion(&seen);
	ExInitializeWorkItem(&probes[0].item, (void *)StatusRoutine, &probes[0]);
	ExQueueWorkItem(&probes[0].item, DelayedWorkQueue);
	IoQueueWorkItem(io, (void *)StatusIoRoutine, DelayedWorkQueue, &probes[1]);
	ExInitializeWorkItem(&probes[2].item, (void *)NoParameters, NULL);
	ExQueueWorkItem(&probes[2].item, DelayedWorkQueue);
	KUNIT_EXPECT_TRUE(test, wqc_ran_once(probes, 2));
	KUNIT_EXPECT_TRUE(test, wqc_done(&seen));
	KUNIT_EXPECT_PTR_EQ(test, probes[1].object, (void *)device);
	KUNIT_EXPECT_TRUE(test, wqc_settled(test));
	IoFreeWorkItem(io);
}

static struct kunit_case clients_cases[] = {
	KUNIT_CASE_PARAM(waiter_frees_the_item_after_the_event, wqc_class_gen_params),
	KUNIT_CASE(routine_drains_a_list_and_is_queued_once_for_many),
	KUNIT_CASE(object_is_the_device_of_another_driver),
	KUNIT_CASE(unload_frees_the_item),
	KUNIT_CASE(routine_may_be_of_another_type),
	{}
};

static struct kunit_suite wqc_clients_suite = {
	.name = "wqc_clients",
	.test_cases = clients_cases,
};

kunit_test_suite(wqc_clients_suite);
