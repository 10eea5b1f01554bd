// SPDX-License-Identifier: GPL-2.0
/*
 * I/O work items: the arguments of the routine, the storage of the item, and what the routine may
 * do with its item.
 */
#include <linux/slab.h>

#include "wqc_probe.h"

/* ---- the arguments of the routine ----------------------------------------- */

/* An item that was never queued may be freed. */
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
	struct wqc_probe *probe = wqc_probe_new(test);
	PIO_WORKITEM item = wqc_io_kept(test, device);

	IoQueueWorkItem(item, wqc_probe_io, probe->type, probe);
	KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
	KUNIT_EXPECT_PTR_EQ(test, probe->object, (PVOID)device);
	KUNIT_EXPECT_PTR_EQ(test, probe->context, (PVOID)probe);
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&probe->runs));
}

/* The routine of IoQueueWorkItemEx() gets the object, the context and the item. */
static void ex_routine_gets_object_context_and_item(struct kunit *test)
{
	PDEVICE_OBJECT device = wqc_test_device(test);
	struct wqc_probe *probe = wqc_probe_new(test);
	PIO_WORKITEM item = wqc_io_kept(test, device);

	IoQueueWorkItemEx(item, wqc_probe_io_ex, probe->type, probe);
	KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
	KUNIT_EXPECT_PTR_EQ(test, probe->object, (PVOID)device);
	KUNIT_EXPECT_PTR_EQ(test, probe->context, (PVOID)probe);
	KUNIT_EXPECT_PTR_EQ(test, probe->got_io, item);
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&probe->runs));
}

/* An item for the Ex form may have a driver object. */
static void ex_item_may_have_a_driver_object(struct kunit *test)
{
	PDRIVER_OBJECT driver = wqc_test_driver(test);
	struct wqc_probe *probe = wqc_probe_new(test);
	u64 bad = wqc_reports(test, "item without a valid IoObject");
	PIO_WORKITEM item = wqc_io_kept(test, driver);

	IoQueueWorkItemEx(item, wqc_probe_io_ex, probe->type, probe);
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
	struct wqc_probe *probes = wqc_probes_new(test, 2);
	unsigned int i, rounds = wqc_rounds(600, 30);

	for (i = 0; i < rounds; i++) {
		struct wqc_probe *probe = &probes[i / 2 % 2];

		if (i % 2)
			IoQueueWorkItem(item, wqc_probe_io, wqc_class_params[i % 3].type, probe);
		else
			IoQueueWorkItemEx(item, wqc_probe_io_ex, wqc_class_params[i % 3].type,
					  probe);
		KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
		KUNIT_ASSERT_PTR_EQ(test, probe->object, (PVOID)device);
		KUNIT_ASSERT_PTR_EQ(test, probe->got_io, i % 2 ? NULL : item);
	}
	KUNIT_EXPECT_EQ(test, rounds,
			atomic_read(&probes[0].runs) + atomic_read(&probes[1].runs));
}

/* ---- inside the routine -------------------------------------------------- */

static VOID io_free_inside(PVOID object, PVOID context, PIO_WORKITEM item)
{
	struct wqc_probe *probe = context;

	IoFreeWorkItem(item);
	atomic_inc(&probe->runs);
	complete(&probe->ran);
}

/* The routine may free its item: the item is off the queue before the call. */
static void item_may_be_freed_in_its_routine(struct kunit *test)
{
	PDEVICE_OBJECT device = wqc_test_device(test);
	struct wqc_probe *probe = wqc_probe_new(test);
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
	struct wqc_probe *probe = context;

	IoUninitializeWorkItem(probe->io);
	memset(probe->io, 0x6b, IoSizeofWorkItem());
	kfree(probe->io);
	complete(&probe->ran);
}

/* The routine may uninitialise its item and free the storage that held it. */
static void item_may_be_uninitialised_in_its_routine(struct kunit *test)
{
	PDEVICE_OBJECT device = wqc_test_device(test);
	struct wqc_probe *probe = wqc_probe_new(test);
	u64 bad = wqc_reports(test, "invalid item");
	unsigned int i, rounds = wqc_rounds(300, 20);

	for (i = 0; i < rounds; i++) {
		probe->io = kmalloc(IoSizeofWorkItem(), GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, probe->io);
		IoInitializeWorkItem(device, probe->io);
		IoQueueWorkItem(probe->io, io_uninitialize_inside, probe->type, probe);
		KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
	}
	KUNIT_EXPECT_EQ(test, wqc_reports(test, "invalid item"), bad);
}

static VOID io_again(PDEVICE_OBJECT device, PVOID context);

static VOID io_again_ex(PVOID object, PVOID context, PIO_WORKITEM item)
{
	struct wqc_probe *probe = context;
	unsigned int run = atomic_inc_return(&probe->runs);

	probe->wrong += item != probe->io;
	if (run < probe->rounds)
		IoQueueWorkItem(probe->io, io_again, wqc_class_params[run % 3].type, probe);
	else
		complete(&probe->ran);
}

static VOID io_again(PDEVICE_OBJECT device, PVOID context)
{
	struct wqc_probe *probe = context;
	unsigned int run = atomic_inc_return(&probe->runs);

	if (run < probe->rounds)
		IoQueueWorkItemEx(probe->io, io_again_ex, wqc_class_params[run % 3].type, probe);
	else
		complete(&probe->ran);
}

/* The routine may queue its item again, with another form, routine and class. */
static void item_may_queue_itself_again_in_another_form(struct kunit *test)
{
	struct wqc_probe *probe = wqc_probe_new(test);

	probe->io = wqc_io_kept(test, wqc_test_device(test));
	probe->rounds = wqc_rounds(3000, 120);
	IoQueueWorkItem(probe->io, io_again, DelayedWorkQueue, probe);
	KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
	KUNIT_EXPECT_EQ(test, probe->rounds, atomic_read(&probe->runs));
	KUNIT_EXPECT_EQ(test, 0, probe->wrong);
}

static VOID io_again_anew(PVOID object, PVOID context, PIO_WORKITEM item)
{
	struct wqc_probe *probe = context;

	if (atomic_inc_return(&probe->runs) < probe->rounds) {
		IoInitializeWorkItem(object, item);
		IoQueueWorkItemEx(item, io_again_anew, probe->type, probe);
	} else {
		IoUninitializeWorkItem(item);
		complete(&probe->ran);
	}
}

/* The routine may initialise its item again, while it runs, and queue it. */
static void item_may_be_initialised_again_in_its_routine(struct kunit *test)
{
	struct wqc_probe *probe = wqc_probe_new(test);

	probe->io = kunit_kzalloc(test, IoSizeofWorkItem(), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, probe->io);
	probe->rounds = wqc_rounds(1000, 50);
	IoInitializeWorkItem(wqc_test_device(test), probe->io);
	IoQueueWorkItemEx(probe->io, io_again_anew, probe->type, probe);
	KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
	KUNIT_EXPECT_EQ(test, probe->rounds, atomic_read(&probe->runs));
	KUNIT_EXPECT_TRUE(test, wqc_settled(test));
}

static VOID io_overlap(PVOID object, PVOID context, PIO_WORKITEM item)
{
	struct wqc_probe *probe = context;

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
		struct wqc_probe *probe = wqc_probe_new(test);
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

/* The size covers a WORK_QUEUE_ITEM, and is at most 80 bytes, which old drivers reserve. */
static void size_is_from_a_work_queue_item_to_80_bytes(struct kunit *test)
{
	KUNIT_EXPECT_GE(test, (size_t)IoSizeofWorkItem(), sizeof(WORK_QUEUE_ITEM));
	KUNIT_EXPECT_LE(test, IoSizeofWorkItem(), 80U);
	KUNIT_EXPECT_EQ(test, IoSizeofWorkItem() % 4, 0U);
}

#define IO_CANARY	16

/*
 * Storage need only be 4-byte aligned. The module writes only to its IoSizeofWorkItem() bytes,
 * and the routine gets the pointer that the driver gave.
 */
static void storage_may_be_at_any_4_byte_boundary(struct kunit *test)
{
	PDEVICE_OBJECT device = wqc_test_device(test);
	struct wqc_probe *probe = wqc_probe_new(test);
	unsigned int size = IoSizeofWorkItem(), offset, round;
	u8 *memory, *storage;

	for (offset = 0; offset < 16; offset += 4) {
		memory = kunit_kzalloc(test, 16 + 2 * IO_CANARY + size, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, memory);
		memset(memory, 0xa5, 16 + 2 * IO_CANARY + size);
		storage = memory + IO_CANARY + offset;
		IoInitializeWorkItem(device, (PIO_WORKITEM)storage);
		for (round = 0; round < 3; round++) {
			IoQueueWorkItemEx((PIO_WORKITEM)storage, wqc_probe_io_ex, probe->type,
					  probe);
			KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
			KUNIT_EXPECT_PTR_EQ(test, (u8 *)probe->got_io, storage);
			KUNIT_EXPECT_PTR_EQ(test, probe->object, (PVOID)device);
		}
		IoUninitializeWorkItem((PIO_WORKITEM)storage);
		KUNIT_EXPECT_NULL(test, memchr_inv(memory, 0xa5, IO_CANARY + offset));
		KUNIT_EXPECT_NULL(test, memchr_inv(storage + size, 0xa5, IO_CANARY + 16 - offset));
	}
}

/*
 * A driver may put an array of items behind a header of its own, so that each has another
 * alignment, and queue all of them at once.
 */
static void items_may_be_a_trailing_array_at_offset_12(struct kunit *test)
{
	PDEVICE_OBJECT device = wqc_test_device(test);
	unsigned int size = IoSizeofWorkItem() + 4, n = 32, i;
	struct wqc_probe *probes = wqc_probes_new(test, n);
	u8 *memory = kunit_kzalloc(test, 12 + n * size, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, memory);
	for (i = 0; i < n; i++) {
		probes[i].io = (PIO_WORKITEM)(memory + 12 + i * size);
		IoInitializeWorkItem(device, probes[i].io);
	}
	for (i = 0; i < n; i++)
		IoQueueWorkItemEx(probes[i].io, wqc_probe_io_ex, probes[i].type, &probes[i]);
	KUNIT_ASSERT_TRUE(test, wqc_ran_once(probes, n));
	for (i = 0; i < n; i++) {
		KUNIT_EXPECT_PTR_EQ(test, probes[i].got_io, probes[i].io);
		IoUninitializeWorkItem(probes[i].io);
	}
}

/* The same memory may hold an IO_WORKITEM and later a WORK_QUEUE_ITEM. */
static void storage_may_be_a_union_with_a_work_queue_item(struct kunit *test)
{
	PDEVICE_OBJECT device = wqc_test_device(test);
	struct wqc_probe *probe = wqc_probe_new(test);
	union {
		WORK_QUEUE_ITEM ex;
		UCHAR io[sizeof(WORK_QUEUE_ITEM)];	/* and the rest behind it */
	} *storage = kunit_kzalloc(test, IoSizeofWorkItem(), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, storage);
	for (i = 0; i < 10; i++) {
		IoInitializeWorkItem(device, (PIO_WORKITEM)storage);
		IoQueueWorkItem((PIO_WORKITEM)storage, wqc_probe_io, probe->type, probe);
		KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
		IoUninitializeWorkItem((PIO_WORKITEM)storage);
		ExInitializeWorkItem(&storage->ex, wqc_probe_ex, probe);
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
	KUNIT_CASE_PARAM(item_may_be_initialised_again_in_its_routine, wqc_class_gen_params),
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
