// SPDX-License-Identifier: GPL-2.0
/*
 * I/O work items: what the routine gets, where the item may live, and what may be
 * done with it inside its routine.
 */
#include <linux/slab.h>

#include "wqc_load.h"
#include "wqc_probe.h"

/* What a run recorded: the context of every item here. */
struct io_probe {
	PIO_WORKITEM item;
	void *storage;
	struct completion ran;
	struct completion second;
	atomic_t runs;
	unsigned int rounds;
	unsigned int wrong;
	WORK_QUEUE_TYPE type;
	PVOID object;
	PVOID context;
	PIO_WORKITEM got_item;
	bool plain;
	bool ok;
};

static struct io_probe *io_probe_new(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	struct io_probe *probe = kunit_kzalloc(test, sizeof(*probe), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, probe);
	init_completion(&probe->ran);
	init_completion(&probe->second);
	probe->type = class ? class->type : DelayedWorkQueue;
	return probe;
}

static VOID io_record(PDEVICE_OBJECT device, PVOID context)
{
	struct io_probe *probe = context;

	probe->object = device;
	probe->context = context;
	probe->got_item = NULL;
	probe->plain = true;
	atomic_inc(&probe->runs);
	complete(&probe->ran);
}

static VOID io_record_ex(PVOID object, PVOID context, PIO_WORKITEM item)
{
	struct io_probe *probe = context;

	probe->object = object;
	probe->context = context;
	probe->got_item = item;
	probe->plain = false;
	atomic_inc(&probe->runs);
	complete(&probe->ran);
}

/* ---- what the routine gets ----------------------------------------------- */

/* An item that was never queued is freed like any other. */
static void unused_item_may_be_freed(struct kunit *test)
{
	PDEVICE_OBJECT device = wqc_test_device(test);
	unsigned int i, rounds = wqc_rounds(1000, 50);
	PIO_WORKITEM item;

	for (i = 0; i < rounds; i++) {
		item = IoAllocateWorkItem(device);
		KUNIT_ASSERT_NOT_NULL(test, item);
		IoFreeWorkItem(item);
	}
}

/* The routine of IoQueueWorkItem() gets the device of the item and the context of the call. */
static void routine_gets_device_and_context(struct kunit *test)
{
	PDEVICE_OBJECT device = wqc_test_device(test);
	struct io_probe *probe = io_probe_new(test);
	PIO_WORKITEM item = wqc_io_kept(test, device);

	IoQueueWorkItem(item, io_record, probe->type, probe);
	KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
	KUNIT_EXPECT_PTR_EQ(test, probe->object, (PVOID)device);
	KUNIT_EXPECT_PTR_EQ(test, probe->context, (PVOID)probe);
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&probe->runs));
}

/* The routine of IoQueueWorkItemEx() gets the object, the context and the item. */
static void ex_routine_gets_object_context_and_item(struct kunit *test)
{
	PDEVICE_OBJECT device = wqc_test_device(test);
	struct io_probe *probe = io_probe_new(test);
	PIO_WORKITEM item = wqc_io_kept(test, device);

	IoQueueWorkItemEx(item, io_record_ex, probe->type, probe);
	KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
	KUNIT_EXPECT_PTR_EQ(test, probe->object, (PVOID)device);
	KUNIT_EXPECT_PTR_EQ(test, probe->context, (PVOID)probe);
	KUNIT_EXPECT_PTR_EQ(test, probe->got_item, item);
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&probe->runs));
}

/* The object of an item for the Ex form may be a driver object. */
static void ex_item_may_have_a_driver_object(struct kunit *test)
{
	PDRIVER_OBJECT driver = wqc_test_driver(test);
	struct io_probe *probe = io_probe_new(test);
	u64 bad = wqc_reports(test, "item without a valid IoObject");
	PIO_WORKITEM item = wqc_io_kept(test, driver);

	IoQueueWorkItemEx(item, io_record_ex, probe->type, probe);
	KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
	KUNIT_EXPECT_PTR_EQ(test, probe->object, (PVOID)driver);
	KUNIT_EXPECT_EQ(test, wqc_reports(test, "item without a valid IoObject"), bad);
}

/*
 * Routine, context and class belong to the queue call: calls of both forms, with
 * other classes, may alternate on one item.
 */
static void forms_and_classes_may_alternate_on_one_item(struct kunit *test)
{
	PDEVICE_OBJECT device = wqc_test_device(test);
	PIO_WORKITEM item = wqc_io_kept(test, device);
	struct io_probe *probes[2] = { io_probe_new(test), io_probe_new(test) };
	unsigned int i, rounds = wqc_rounds(600, 30);

	for (i = 0; i < rounds; i++) {
		struct io_probe *probe = probes[i / 2 % 2];

		if (i % 2)
			IoQueueWorkItem(item, io_record, wqc_class_params[i % 3].type, probe);
		else
			IoQueueWorkItemEx(item, io_record_ex, wqc_class_params[i % 3].type, probe);
		KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
		KUNIT_ASSERT_EQ(test, probe->plain, i % 2);
		KUNIT_ASSERT_PTR_EQ(test, probe->object, (PVOID)device);
		KUNIT_ASSERT_PTR_EQ(test, probe->got_item, i % 2 ? NULL : item);
	}
	KUNIT_EXPECT_EQ(test, rounds,
			atomic_read(&probes[0]->runs) + atomic_read(&probes[1]->runs));
}

/* ---- inside the routine -------------------------------------------------- */

static VOID io_free_inside(PVOID object, PVOID context, PIO_WORKITEM item)
{
	struct io_probe *probe = context;

	IoFreeWorkItem(item);
	atomic_inc(&probe->runs);
	complete(&probe->ran);
}

/* The routine may free its item: it was taken off the queue before. */
static void item_may_be_freed_in_its_routine(struct kunit *test)
{
	PDEVICE_OBJECT device = wqc_test_device(test);
	struct io_probe *probe = io_probe_new(test);
	u64 freed = wqc_reports(test, "item freed while it is queued");
	unsigned int i, rounds = wqc_rounds(300, 20);
	PIO_WORKITEM item;

	for (i = 0; i < rounds; i++) {
		item = IoAllocateWorkItem(device);
		KUNIT_ASSERT_NOT_NULL(test, item);
		IoQueueWorkItemEx(item, io_free_inside, probe->type, probe);
	}
	KUNIT_ASSERT_TRUE(test, wqc_done_times(&probe->ran, rounds));
	KUNIT_EXPECT_EQ(test, rounds, atomic_read(&probe->runs));
	KUNIT_EXPECT_EQ(test, wqc_reports(test, "item freed while it is queued"), freed);
}

static VOID io_uninitialize_inside(PDEVICE_OBJECT device, PVOID context)
{
	struct io_probe *probe = context;

	IoUninitializeWorkItem(probe->item);
	memset(probe->storage, 0x6b, IoSizeofWorkItem());
	kfree(probe->storage);
	complete(&probe->ran);
}

/* The routine may uninitialise its item and free the storage that held it. */
static void item_may_be_uninitialised_in_its_routine(struct kunit *test)
{
	PDEVICE_OBJECT device = wqc_test_device(test);
	struct io_probe *probe = io_probe_new(test);
	u64 bad = wqc_reports(test, "invalid item");
	unsigned int i, rounds = wqc_rounds(300, 20);

	for (i = 0; i < rounds; i++) {
		probe->storage = kmalloc(IoSizeofWorkItem(), GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, probe->storage);
		probe->item = probe->storage;
		IoInitializeWorkItem(device, probe->item);
		IoQueueWorkItem(probe->item, io_uninitialize_inside, probe->type, probe);
		KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
	}
	KUNIT_EXPECT_EQ(test, wqc_reports(test, "invalid item"), bad);
}

static VOID io_again(PDEVICE_OBJECT device, PVOID context);

static VOID io_again_ex(PVOID object, PVOID context, PIO_WORKITEM item)
{
	struct io_probe *probe = context;
	unsigned int run = atomic_inc_return(&probe->runs);

	probe->wrong += item != probe->item;
	if (run < probe->rounds)
		IoQueueWorkItem(probe->item, io_again, wqc_class_params[run % 3].type, probe);
	else
		complete(&probe->ran);
}

static VOID io_again(PDEVICE_OBJECT device, PVOID context)
{
	struct io_probe *probe = context;
	unsigned int run = atomic_inc_return(&probe->runs);

	if (run < probe->rounds)
		IoQueueWorkItemEx(probe->item, io_again_ex, wqc_class_params[run % 3].type, probe);
	else
		complete(&probe->ran);
}

/* The routine may queue its item again, with another form, routine and class. */
static void item_may_queue_itself_again_in_another_form(struct kunit *test)
{
	struct io_probe *probe = io_probe_new(test);

	probe->item = wqc_io_kept(test, wqc_test_device(test));
	probe->rounds = wqc_rounds(3000, 120);
	IoQueueWorkItem(probe->item, io_again, DelayedWorkQueue, probe);
	KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
	KUNIT_EXPECT_EQ(test, probe->rounds, atomic_read(&probe->runs));
	KUNIT_EXPECT_EQ(test, 0, probe->wrong);
}

static VOID io_overlap(PVOID object, PVOID context, PIO_WORKITEM item)
{
	struct io_probe *probe = context;

	if (atomic_inc_return(&probe->runs) == 1) {
		IoQueueWorkItemEx(item, io_overlap, probe->type, probe);
		probe->ok = wqc_done(&probe->second);
		complete(&probe->ran);
	} else {
		IoFreeWorkItem(item);
		complete(&probe->second);
	}
}

/* The first run may wait for the second, and the second may free the item under it. */
static void two_runs_of_one_item_may_overlap(struct kunit *test)
{
	PDEVICE_OBJECT device = wqc_test_device(test);
	unsigned int i, rounds = wqc_rounds(100, 10);

	for (i = 0; i < rounds; i++) {
		struct io_probe *probe = io_probe_new(test);
		PIO_WORKITEM item = IoAllocateWorkItem(device);

		KUNIT_ASSERT_NOT_NULL(test, item);
		IoQueueWorkItemEx(item, io_overlap, probe->type, probe);
		KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
		KUNIT_ASSERT_TRUE(test, probe->ok);
		KUNIT_ASSERT_EQ(test, 2, atomic_read(&probe->runs));
		kunit_kfree(test, probe);
	}
}

/* ---- storage of the caller ----------------------------------------------- */

/* It holds a WORK_QUEUE_ITEM in any case, and old drivers reserve no more than 80 bytes. */
static void size_is_from_a_work_queue_item_to_80_bytes(struct kunit *test)
{
	KUNIT_EXPECT_GE(test, (size_t)IoSizeofWorkItem(), sizeof(WORK_QUEUE_ITEM));
	KUNIT_EXPECT_LE(test, IoSizeofWorkItem(), 80U);
	KUNIT_EXPECT_EQ(test, IoSizeofWorkItem() % 4, 0U);
}

#define IO_CANARY	16

/*
 * Storage need only be 4-byte aligned. The item keeps to its IoSizeofWorkItem()
 * bytes, works, and the routine gets the very pointer that the driver gave.
 */
static void storage_may_be_at_any_4_byte_boundary(struct kunit *test)
{
	PDEVICE_OBJECT device = wqc_test_device(test);
	struct io_probe *probe = io_probe_new(test);
	unsigned int size = IoSizeofWorkItem(), offset, round;
	u8 *memory, *storage;

	for (offset = 0; offset < 16; offset += 4) {
		memory = kunit_kzalloc(test, 16 + 2 * IO_CANARY + size, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, memory);
		memset(memory, 0xa5, 16 + 2 * IO_CANARY + size);
		storage = memory + IO_CANARY + offset;
		IoInitializeWorkItem(device, (PIO_WORKITEM)storage);
		for (round = 0; round < 3; round++) {
			IoQueueWorkItemEx((PIO_WORKITEM)storage, io_record_ex, probe->type, probe);
			KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
			KUNIT_EXPECT_PTR_EQ(test, (u8 *)probe->got_item, storage);
			KUNIT_EXPECT_PTR_EQ(test, probe->object, (PVOID)device);
		}
		IoUninitializeWorkItem((PIO_WORKITEM)storage);
		KUNIT_EXPECT_NULL(test, memchr_inv(memory, 0xa5, IO_CANARY + offset));
		KUNIT_EXPECT_NULL(test, memchr_inv(storage + size, 0xa5, IO_CANARY + 16 - offset));
	}
}

/*
 * A driver may put an array of items behind a header of its own, so that each is
 * at another odd address, and have them all queued at once.
 */
static void items_may_be_a_trailing_array_at_offset_12(struct kunit *test)
{
	PDEVICE_OBJECT device = wqc_test_device(test);
	unsigned int size = IoSizeofWorkItem() + 4, n = 32, i;
	struct io_probe **probes;
	u8 *memory;

	memory = kunit_kzalloc(test, 12 + n * size, GFP_KERNEL);
	probes = kunit_kcalloc(test, n, sizeof(*probes), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, memory);
	KUNIT_ASSERT_NOT_NULL(test, probes);
	for (i = 0; i < n; i++) {
		probes[i] = io_probe_new(test);
		probes[i]->item = (PIO_WORKITEM)(memory + 12 + i * size);
		IoInitializeWorkItem(device, probes[i]->item);
	}
	for (i = 0; i < n; i++)
		IoQueueWorkItemEx(probes[i]->item, io_record_ex, probes[i]->type, probes[i]);
	for (i = 0; i < n; i++) {
		KUNIT_ASSERT_TRUE(test, wqc_done(&probes[i]->ran));
		KUNIT_EXPECT_EQ(test, 1, atomic_read(&probes[i]->runs));
		KUNIT_EXPECT_PTR_EQ(test, probes[i]->got_item, probes[i]->item);
		IoUninitializeWorkItem(probes[i]->item);
	}
}

static VOID io_ex_routine(PVOID context)
{
	struct io_probe *probe = context;

	atomic_inc(&probe->runs);
	complete(&probe->ran);
}

/* The same memory may be an IO_WORKITEM now and a WORK_QUEUE_ITEM then. */
static void storage_may_be_a_union_with_a_work_queue_item(struct kunit *test)
{
	PDEVICE_OBJECT device = wqc_test_device(test);
	struct io_probe *probe = io_probe_new(test);
	union {
		WORK_QUEUE_ITEM ex;
		UCHAR io[80];
	} *storage = kunit_kzalloc(test, sizeof(*storage), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, storage);
	for (i = 0; i < 10; i++) {
		IoInitializeWorkItem(device, (PIO_WORKITEM)storage);
		IoQueueWorkItem((PIO_WORKITEM)storage, io_record, probe->type, probe);
		KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
		IoUninitializeWorkItem((PIO_WORKITEM)storage);
		ExInitializeWorkItem(&storage->ex, io_ex_routine, probe);
		ExQueueWorkItem(&storage->ex, probe->type);
		KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
	}
	KUNIT_EXPECT_EQ(test, 20, atomic_read(&probe->runs));
}

static struct kunit_case io_cases[] = {
	KUNIT_CASE(unused_item_may_be_freed),
	KUNIT_CASE_PARAM(routine_gets_device_and_context, wqc_class_gen_params),
	KUNIT_CASE_PARAM(ex_routine_gets_object_context_and_item, wqc_class_gen_params),
	KUNIT_CASE_PARAM(ex_item_may_have_a_driver_object, wqc_class_gen_params),
	KUNIT_CASE(forms_and_classes_may_alternate_on_one_item),
	KUNIT_CASE_PARAM(item_may_be_freed_in_its_routine, wqc_class_gen_params),
	KUNIT_CASE_PARAM(item_may_be_uninitialised_in_its_routine, wqc_class_gen_params),
	KUNIT_CASE(item_may_queue_itself_again_in_another_form),
	KUNIT_CASE_PARAM(two_runs_of_one_item_may_overlap, wqc_class_gen_params),
	KUNIT_CASE(size_is_from_a_work_queue_item_to_80_bytes),
	KUNIT_CASE_PARAM(storage_may_be_at_any_4_byte_boundary, wqc_class_gen_params),
	KUNIT_CASE_PARAM(items_may_be_a_trailing_array_at_offset_12, wqc_class_gen_params),
	KUNIT_CASE_PARAM(storage_may_be_a_union_with_a_work_queue_item, wqc_class_gen_params),
	{}
};

static struct kunit_suite wqc_io_suite = {
	.name = "wqc_io",
	.test_cases = io_cases,
};

kunit_test_suite(wqc_io_suite);
