// SPDX-License-Identifier: GPL-2.0
/*
 * What Windows drivers do with work items, continued: one item queued again,
 * storage of their own, objects, fields written by hand, odd routine types.
 */
#include <linux/delay.h>
#include <linux/slab.h>

#include "wqc_probe.h"

/* ---- one item, again and again -------------------------------------------- */

/* The same item is queued again while its routine still runs; both runs count. */
static void item_is_queued_again_while_its_routine_runs(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	PIO_WORKITEM io = wqc_io_item(test, wqc_test_device(test));
	struct wqc_probe *probes = wqc_probes_new(test, 2);

	probes[0].gate = wqc_gate_new(test);
	IoQueueWorkItem(io, wqc_probe_io, class->type, &probes[0]);
	KUNIT_ASSERT_TRUE(test, wqc_gate_arrivals(probes[0].gate, 1));
	IoQueueWorkItem(io, wqc_probe_io, class->type, &probes[1]);
	KUNIT_EXPECT_TRUE(test, wqc_done(&probes[1].ran));
	KUNIT_EXPECT_FALSE(test, completion_done(&probes[0].ran));
	wqc_gate_open(probes[0].gate);
	KUNIT_EXPECT_TRUE(test, wqc_done(&probes[0].ran));
	IoFreeWorkItem(io);
}

struct repeater {
	WORK_QUEUE_ITEM Item;
	PIO_WORKITEM IoItem;
	WORK_QUEUE_TYPE Type;
	unsigned int Left;
	bool InitialiseAnew;
	struct completion Done;
};

static VOID RepeatEx(PVOID Context)
{
	struct repeater *repeater = Context;

	if (!--repeater->Left) {
		complete(&repeater->Done);
		return;
	}
	if (repeater->InitialiseAnew)
		ExInitializeWorkItem(&repeater->Item, RepeatEx, repeater);
	ExQueueWorkItem(&repeater->Item, repeater->Type);
}

static VOID RepeatIo(PVOID IoObject, PVOID Context, PIO_WORKITEM IoWorkItem)
{
	struct repeater *repeater = Context;

	if (!--repeater->Left) {
		IoUninitializeWorkItem(IoWorkItem);
		complete(&repeater->Done);
		return;
	}
	if (repeater->InitialiseAnew)
		IoInitializeWorkItem(IoObject, IoWorkItem);
	IoQueueWorkItemEx(IoWorkItem, RepeatIo, repeater->Type, repeater);
}

/* The routine queues its own item, as it is or initialised anew while it runs. */
static void routine_queues_its_own_item_again(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	struct repeater *repeater = kunit_kzalloc(test, sizeof(*repeater), GFP_KERNEL);
	PDEVICE_OBJECT device = wqc_test_device(test);
	int anew;

	KUNIT_ASSERT_NOT_NULL(test, repeater);
	repeater->IoItem = kunit_kzalloc(test, IoSizeofWorkItem(), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, repeater->IoItem);
	init_completion(&repeater->Done);
	repeater->Type = class->type;
	for (anew = 0; anew < 2; anew++) {
		repeater->InitialiseAnew = anew;
		repeater->Left = wqc_rounds(1000, 50);
		ExInitializeWorkItem(&repeater->Item, RepeatEx, repeater);
		ExQueueWorkItem(&repeater->Item, class->type);
		KUNIT_ASSERT_TRUE(test, wqc_done(&repeater->Done));
		repeater->Left = wqc_rounds(1000, 50);
		IoInitializeWorkItem(device, repeater->IoItem);
		IoQueueWorkItemEx(repeater->IoItem, RepeatIo, class->type, repeater);
		KUNIT_ASSERT_TRUE(test, wqc_done(&repeater->Done));
		KUNIT_EXPECT_EQ(test, 0U, repeater->Left);
	}
	KUNIT_EXPECT_TRUE(test, wqc_settled(test));
}

/* ---- contexts ------------------------------------------------------------ */

static PVOID seen_context;
static struct completion seen;

static VOID SeeContext(PVOID Context)
{
	seen_context = Context;
	complete(&seen);
}

static VOID SeeContextIo(PVOID IoObject, PVOID Context, PIO_WORKITEM IoWorkItem)
{
	seen_context = Context == IoWorkItem ? Context : NULL;
	complete(&seen);
}

/* The context is the work item itself. */
static void context_is_the_item_itself(struct kunit *test)
{
	PIO_WORKITEM io = wqc_io_item(test, wqc_test_device(test));
	struct wqc_probe *probe = wqc_probe_new(test);

	init_completion(&seen);
	ExInitializeWorkItem(&probe->item, SeeContext, &probe->item);
	ExQueueWorkItem(&probe->item, DelayedWorkQueue);
	KUNIT_ASSERT_TRUE(test, wqc_done(&seen));
	KUNIT_EXPECT_PTR_EQ(test, seen_context, (void *)&probe->item);
	IoQueueWorkItemEx(io, SeeContextIo, DelayedWorkQueue, io);
	KUNIT_ASSERT_TRUE(test, wqc_done(&seen));
	KUNIT_EXPECT_PTR_EQ(test, seen_context, (void *)io);
	IoFreeWorkItem(io);
}

/* The context is NULL. */
static void context_is_null(struct kunit *test)
{
	struct wqc_probe *probe = wqc_probe_new(test);

	init_completion(&seen);
	seen_context = test;
	ExInitializeWorkItem(&probe->item, SeeContext, NULL);
	ExQueueWorkItem(&probe->item, DelayedWorkQueue);
	KUNIT_ASSERT_TRUE(test, wqc_done(&seen));
	KUNIT_EXPECT_NULL(test, seen_context);
}

/* ---- storage of the driver's own ------------------------------------------ */

struct trailing {
	u64 Members[3];
	u8 Storage[];
};

union either {
	WORK_QUEUE_ITEM Ex;
	u8 Io[sizeof(WORK_QUEUE_ITEM)];	/* and what is allocated behind */
};

static void use_storage(struct kunit *test, void *storage, PDEVICE_OBJECT device)
{
	struct wqc_probe *probe = wqc_probe_new(test);
	PIO_WORKITEM io = storage;
	int i;

	IoInitializeWorkItem(device, io);
	for (i = 1; i <= 3; i++) {
		IoQueueWorkItemEx(io, wqc_probe_io_ex, CriticalWorkQueue, probe);
		KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
		KUNIT_EXPECT_PTR_EQ(test, probe->got_io, io);
		KUNIT_EXPECT_PTR_EQ(test, probe->object, (void *)device);
	}
	IoUninitializeWorkItem(io);
}

/* IoSizeofWorkItem() bytes behind a structure's last member. */
static void storage_is_a_trailing_array(struct kunit *test)
{
	struct trailing *trailing;

	trailing = kunit_kzalloc(test, sizeof(*trailing) + IoSizeofWorkItem(), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, trailing);
	use_storage(test, trailing->Storage, wqc_test_device(test));
}

/* A union with a WORK_QUEUE_ITEM, so the size is counted from that of the one. */
static void storage_is_shared_with_an_executive_item(struct kunit *test)
{
	ULONG more = IoSizeofWorkItem() - sizeof(WORK_QUEUE_ITEM);
	PDEVICE_OBJECT device = wqc_test_device(test);
	struct wqc_probe *probe = wqc_probe_new(test);
	union either *either;

	KUNIT_ASSERT_GE(test, IoSizeofWorkItem(), (ULONG)sizeof(WORK_QUEUE_ITEM));
	either = kunit_kzalloc(test, sizeof(*either) + more, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, either);
	use_storage(test, either->Io, device);
	ExInitializeWorkItem(&either->Ex, wqc_probe_ex, probe);
	ExQueueWorkItem(&either->Ex, DelayedWorkQueue);
	KUNIT_EXPECT_TRUE(test, wqc_ran_once(probe, 1));
	use_storage(test, either->Io, device);
}

/* Storage at every 4-byte boundary, offset 12 of a structure for one: nothing beside it. */
static void storage_may_be_4_byte_aligned(struct kunit *test)
{
	PDEVICE_OBJECT device = wqc_test_device(test);
	ULONG size = IoSizeofWorkItem(), offset, i;
	u8 *bytes = kunit_kzalloc(test, size + 64, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, bytes);
	for (offset = 0; offset < 64; offset += 4) {
		memset(bytes, 0x5a, size + 64);
		use_storage(test, bytes + offset, device);
		for (i = 0; i < size + 64; i++)
			if (i < offset || i >= offset + size)
				KUNIT_ASSERT_EQ(test, 0x5a, (int)bytes[i]);
	}
}

/* ---- objects ------------------------------------------------------------- */

/* The item belongs to a driver object, for the Ex form. */
static void object_is_the_driver(struct kunit *test)
{
	u64 reports = wqc_reports(test, "item without a valid IoObject");
	PDRIVER_OBJECT driver = wqc_test_driver(test);
	PIO_WORKITEM io = wqc_io_item(test, driver);
	struct wqc_probe *probe = wqc_probe_new(test);

	IoQueueWorkItemEx(io, wqc_probe_io_ex, DelayedWorkQueue, probe);
	KUNIT_EXPECT_TRUE(test, wqc_ran_once(probe, 1));
	KUNIT_EXPECT_PTR_EQ(test, probe->object, (void *)driver);
	KUNIT_EXPECT_EQ(test, reports, wqc_reports(test, "item without a valid IoObject"));
	IoFreeWorkItem(io);
}

/* The item belongs to a device of another driver, which may be unloaded meanwhile. */
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

/* ---- fields by hand ------------------------------------------------------- */

static void InsertTail(LIST_ENTRY *head, LIST_ENTRY *entry)
{
	entry->Flink = head;
	entry->Blink = head->Blink;
	head->Blink->Flink = entry;
	head->Blink = entry;
}

static LIST_ENTRY *RemoveHead(LIST_ENTRY *head)
{
	LIST_ENTRY *entry = head->Flink;

	head->Flink = entry->Flink;
	entry->Flink->Blink = head;
	return entry;
}

/*
 * The client writes the three fields itself, parks items on a list of its own by
 * List, and queues them later, or calls their routine itself.
 */
static void items_are_filled_by_hand_and_parked_by_their_list(struct kunit *test)
{
	enum { ITEMS = 60 };
	struct wqc_probe *probes = wqc_probes_new(test, ITEMS);
	LIST_ENTRY parked = { &parked, &parked };
	PWORK_QUEUE_ITEM item;
	int i;

	for (i = 0; i < ITEMS; i++) {
		probes[i].item.WorkerRoutine = wqc_probe_ex;
		probes[i].item.Parameter = &probes[i];
		InsertTail(&parked, &probes[i].item.List);
	}
	for (i = 0; i < ITEMS; i++) {
		item = container_of(RemoveHead(&parked), WORK_QUEUE_ITEM, List);
		KUNIT_ASSERT_PTR_EQ(test, item, &probes[i].item);
		if (i % 3)
			ExQueueWorkItem(item, i % 2 ? DelayedWorkQueue : HyperCriticalWorkQueue);
		else
			item->WorkerRoutine(item->Parameter);
	}
	KUNIT_EXPECT_TRUE(test, wqc_ran_once(probes, ITEMS));
	/* They can be parked again: a List that is not queued is the client's. */
	KUNIT_ASSERT_TRUE(test, wqc_settled(test));
	for (i = 0; i < ITEMS; i++)
		InsertTail(&parked, &probes[i].item.List);
	for (i = 0; i < ITEMS; i++) {
		item = container_of(RemoveHead(&parked), WORK_QUEUE_ITEM, List);
		ExQueueWorkItem(item, CriticalWorkQueue);
		KUNIT_ASSERT_TRUE(test, wqc_done(&probes[i].ran));
	}
}

/* ---- routines of another type --------------------------------------------- */

/* NTSTATUS-returning, a typed context, fewer parameters: what drivers pass. */
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

static VOID NoParameters(void)
{
	complete(&seen);
}

/* The routine's type is not the documented one: it is called all the same. */
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

static struct kunit_case clients2_cases[] = {
	KUNIT_CASE_PARAM(item_is_queued_again_while_its_routine_runs, wqc_class_gen_params),
	KUNIT_CASE_PARAM(routine_queues_its_own_item_again, wqc_class_gen_params),
	KUNIT_CASE(context_is_the_item_itself),
	KUNIT_CASE(context_is_null),
	KUNIT_CASE(storage_is_a_trailing_array),
	KUNIT_CASE(storage_is_shared_with_an_executive_item),
	KUNIT_CASE(storage_may_be_4_byte_aligned),
	KUNIT_CASE(object_is_the_driver),
	KUNIT_CASE(object_is_the_device_of_another_driver),
	KUNIT_CASE(items_are_filled_by_hand_and_parked_by_their_list),
	KUNIT_CASE(routine_may_be_of_another_type),
	{}
};

static struct kunit_suite wqc_clients2_suite = {
	.name = "wqc_clients2",
	.test_cases = clients2_cases,
};

kunit_test_suite(wqc_clients2_suite);
