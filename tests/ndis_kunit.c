// SPDX-License-Identifier: GPL-2.0
/* The work items of NDIS: arguments, class, reference, storage, misuse. */
#include <linux/delay.h>
#include <linux/slab.h>

#include "wqc_probe.h"
#include "../include/wqc/ndis.h"

struct ndis_probe {
	struct wqc_probe *probe;
	NDIS_HANDLE io, got_io;
	PNDIS_WORK_ITEM item, got_item;
	PVOID got_context;
	bool release;			/* the routine frees its item */
	atomic_t again;			/* the routine queues its item so many times */
};

static struct ndis_probe *ndis_probe_new(struct kunit *test, PVOID object)
{
	struct ndis_probe *ndis = kunit_kzalloc(test, sizeof(*ndis), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, ndis);
	ndis->probe = wqc_probe_new(test);
	ndis->item = kzalloc(sizeof(*ndis->item), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, ndis->item);
	if (object) {
		ndis->io = NdisAllocateIoWorkItem(object);
		KUNIT_ASSERT_NOT_NULL(test, ndis->io);
	}
	return ndis;
}

static VOID ndis_io_routine(PVOID context, NDIS_HANDLE io)
{
	struct ndis_probe *ndis = context;
	struct wqc_probe *probe = ndis->probe;

	ndis->got_io = io;
	wqc_look(&probe->seen);
	if (probe->gate)
		wqc_gate_wait(probe->gate);
	if (atomic_dec_if_positive(&ndis->again) >= 0)
		NdisQueueIoWorkItem(io, ndis_io_routine, ndis);
	else if (ndis->release)
		NdisFreeIoWorkItem(io);
	atomic_inc(&probe->runs);
	complete(&probe->ran);
}

static VOID ndis_routine(PNDIS_WORK_ITEM item, PVOID context)
{
	struct ndis_probe *ndis = context;
	struct wqc_probe *probe = ndis->probe;

	ndis->got_item = item;
	ndis->got_context = context;
	wqc_look(&probe->seen);
	if (atomic_dec_if_positive(&ndis->again) >= 0)
		NdisScheduleWorkItem(item);
	else if (ndis->release)
		kfree(item);
	atomic_inc(&probe->runs);
	complete(&probe->ran);
}

/* The routine of NDIS 6 gets the context and the item, in Critical, and may free the item. */
static void io_routine_gets_context_and_item(struct kunit *test)
{
	u64 bad = wqc_reports(test, "item without a valid IoObject");
	struct ndis_probe *ndis;
	int driver;

	for (driver = 0; driver < 2; driver++) {
		ndis = ndis_probe_new(test, driver ? (PVOID)wqc_test_driver(test) :
				      wqc_test_device(test));
		kfree(ndis->item);
		ndis->release = true;
		NdisQueueIoWorkItem(ndis->io, ndis_io_routine, ndis);
		KUNIT_ASSERT_TRUE(test, wqc_done(&ndis->probe->ran));
		KUNIT_EXPECT_PTR_EQ(test, ndis->got_io, ndis->io);
		KUNIT_EXPECT_STREQ(test, wqc_seen_class(&ndis->probe->seen), "Critical");
		wqc_expect_process_context(test, &ndis->probe->seen);
	}
	KUNIT_EXPECT_EQ(test, bad, wqc_reports(test, "item without a valid IoObject"));
}

/* The routine may queue its item again, each time with the context that it is given. */
static void io_item_may_be_queued_by_its_routine(struct kunit *test)
{
	struct ndis_probe *ndis = ndis_probe_new(test, wqc_test_device(test));

	kfree(ndis->item);
	ndis->release = true;
	atomic_set(&ndis->again, 100);
	NdisQueueIoWorkItem(ndis->io, ndis_io_routine, ndis);
	KUNIT_ASSERT_TRUE(test, wqc_done_times(&ndis->probe->ran, 101));
	wqc_settle(test);
	KUNIT_EXPECT_EQ(test, 101, atomic_read(&ndis->probe->runs));
}

/* The object is referenced until the routine has returned, also if the routine frees the item. */
static void io_item_references_its_object(struct kunit *test)
{
	PDRIVER_OBJECT driver = wqc_test_driver(test);
	PDEVICE_OBJECT device = wqc_device_new(test, driver, 0);
	struct ndis_probe *ndis = ndis_probe_new(test, device);

	kfree(ndis->item);
	wqc_objects_calm(test);
	ndis->release = true;
	ndis->probe->gate = wqc_gate_new(test);
	NdisQueueIoWorkItem(ndis->io, ndis_io_routine, ndis);
	KUNIT_ASSERT_TRUE(test, wqc_gate_arrivals(ndis->probe->gate, 1));
	IoDeleteDevice(device);
	msleep(WQC_GRACE_MS);
	KUNIT_EXPECT_EQ(test, 1, wqc_objects(test, "device", "delete pending"));
	wqc_gate_open(ndis->probe->gate);
	KUNIT_ASSERT_TRUE(test, wqc_done(&ndis->probe->ran));
	wqc_objects_calm(test);
}

/* Misuse of a queued item of NDIS 6 is reported as that of an I/O work item, and harmless. */
static void misuse_of_io_item_is_reported(struct kunit *test)
{
	u64 twice = wqc_reports(test, "item queued while it is queued");
	u64 freed = wqc_reports(test, "item freed while it is queued");
	u64 invalid = wqc_reports(test, "invalid item");
	u64 object = wqc_reports(test, "item without a valid IoObject");
	PDEVICE_OBJECT device = wqc_test_device(test);
	struct ndis_probe *ndis = ndis_probe_new(test, device);
	struct ndis_probe *other = ndis_probe_new(test, device);
	struct ndis_probe *none = ndis_probe_new(test, &none);

	kfree(ndis->item);
	kfree(other->item);
	kfree(none->item);
	wqc_hold_with(test, CriticalWorkQueue, device);
	NdisQueueIoWorkItem(ndis->io, ndis_io_routine, ndis);
	NdisQueueIoWorkItem(ndis->io, ndis_io_routine, other);
	NdisQueueIoWorkItem(other->io, ndis_io_routine, other);
	NdisFreeIoWorkItem(other->io);
	wqc_release(test);
	KUNIT_ASSERT_TRUE(test, wqc_done(&ndis->probe->ran));
	wqc_settle(test);
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&ndis->probe->runs));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&other->probe->runs));
	KUNIT_EXPECT_EQ(test, twice + 1, wqc_reports(test, "item queued while it is queued"));
	KUNIT_EXPECT_EQ(test, freed + 1, wqc_reports(test, "item freed while it is queued"));
	NdisFreeIoWorkItem(ndis->io);
	NdisFreeIoWorkItem(NULL);
	KUNIT_EXPECT_EQ(test, invalid + 1, wqc_reports(test, "invalid item"));

	/* No object: it runs all the same. */
	none->release = true;
	NdisQueueIoWorkItem(none->io, ndis_io_routine, none);
	KUNIT_ASSERT_TRUE(test, wqc_done(&none->probe->ran));
	KUNIT_EXPECT_EQ(test, object + 1, wqc_reports(test, "item without a valid IoObject"));
}

/*
 * The routine of NDIS 5 gets the item and its context, in Critical. The storage is the driver's
 * again: the routine queues it 100 times, then frees it. No object is missed.
 */
static void routine_gets_item_and_context(struct kunit *test)
{
	u64 object = wqc_reports(test, "item without a valid IoObject");
	struct ndis_probe *ndis = ndis_probe_new(test, NULL);

	ndis->release = true;
	atomic_set(&ndis->again, 100);
	memset(ndis->item, 0xa5, sizeof(*ndis->item));
	NdisInitializeWorkItem(ndis->item, ndis_routine, ndis);
	KUNIT_EXPECT_EQ(test, NDIS_STATUS_SUCCESS, NdisScheduleWorkItem(ndis->item));
	KUNIT_ASSERT_TRUE(test, wqc_done_times(&ndis->probe->ran, 101));
	KUNIT_EXPECT_EQ(test, 101, atomic_read(&ndis->probe->runs));
	KUNIT_EXPECT_PTR_EQ(test, ndis->got_item, ndis->item);
	KUNIT_EXPECT_PTR_EQ(test, ndis->got_context, (PVOID)ndis);
	KUNIT_EXPECT_STREQ(test, wqc_seen_class(&ndis->probe->seen), "Critical");
	KUNIT_EXPECT_EQ(test, object, wqc_reports(test, "item without a valid IoObject"));
}

/* Misuse of an item of NDIS 5 is reported and harmless; the call says SUCCESS, as always. */
static void misuse_of_item_is_reported(struct kunit *test)
{
	u64 twice = wqc_reports(test, "item queued while it is queued");
	u64 init = wqc_reports(test, "item initialised while it is queued");
	u64 invalid = wqc_reports(test, "invalid item");
	struct ndis_probe *ndis = ndis_probe_new(test, NULL);
	struct ndis_probe *other = ndis_probe_new(test, NULL);

	wqc_hold(test, CriticalWorkQueue);
	NdisInitializeWorkItem(ndis->item, ndis_routine, ndis);
	NdisScheduleWorkItem(ndis->item);
	KUNIT_EXPECT_EQ(test, NDIS_STATUS_SUCCESS, NdisScheduleWorkItem(ndis->item));
	NdisInitializeWorkItem(ndis->item, ndis_routine, other);
	wqc_release(test);
	KUNIT_ASSERT_TRUE(test, wqc_done(&ndis->probe->ran));
	wqc_settle(test);
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&ndis->probe->runs));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&other->probe->runs));
	KUNIT_EXPECT_EQ(test, twice + 1, wqc_reports(test, "item queued while it is queued"));
	KUNIT_EXPECT_EQ(test, init + 1, wqc_reports(test, "item initialised while it is queued"));

	/* Never initialised, and no item at all. */
	KUNIT_EXPECT_EQ(test, NDIS_STATUS_SUCCESS, NdisScheduleWorkItem(other->item));
	KUNIT_EXPECT_EQ(test, NDIS_STATUS_SUCCESS, NdisScheduleWorkItem(NULL));
	NdisInitializeWorkItem(NULL, ndis_routine, other);
	KUNIT_EXPECT_EQ(test, invalid + 3, wqc_reports(test, "invalid item"));
	kfree(ndis->item);
	kfree(other->item);
}

/* Storage has the size and the first members of Windows'. */
static void storage_has_its_layout(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, 0x50, (int)sizeof(NDIS_WORK_ITEM));
	KUNIT_EXPECT_EQ(test, 0x00, (int)offsetof(NDIS_WORK_ITEM, Context));
	KUNIT_EXPECT_EQ(test, 0x08, (int)offsetof(NDIS_WORK_ITEM, Routine));
	KUNIT_EXPECT_EQ(test, 0x10, (int)offsetof(NDIS_WORK_ITEM, WrapperReserved));
}

static struct kunit_case ndis_cases[] = {
	KUNIT_CASE(io_routine_gets_context_and_item),
	KUNIT_CASE(io_item_may_be_queued_by_its_routine),
	KUNIT_CASE(io_item_references_its_object),
	KUNIT_CASE(misuse_of_io_item_is_reported),
	KUNIT_CASE(routine_gets_item_and_context),
	KUNIT_CASE(misuse_of_item_is_reported),
	KUNIT_CASE(storage_has_its_layout),
	{}
};

static struct kunit_suite wqc_ndis_suite = {
	.name = "wqc_ndis",
	.test_cases = ndis_cases,
};

kunit_test_suite(wqc_ndis_suite);
