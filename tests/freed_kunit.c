// SPDX-License-Identifier: GPL-2.0
/*
 * Memory that is freed while items in it are queued or pending. The cases report the memory as
 * freed, but do not free it, so that they can check its content afterwards.
 */
#include <linux/delay.h>
#include <linux/minmax.h>
#include <linux/random.h>

#include "../core/report.h"
#include "rx_test.h"
#include "wqc_probe.h"

#define FREED	"freed memory contains a queued item"

static u64 freed_reports(struct kunit *test)
{
	return wqc_reports(test, FREED);
}

/* A driver's storage for an I/O item, between two guards. */
struct freed_io {
	u64 before[3];
	u64 storage[32];
	u64 behind[3];
};

static PIO_WORKITEM freed_io_init(struct freed_io *io, PDEVICE_OBJECT device)
{
	IoInitializeWorkItem(device, (PIO_WORKITEM)io->storage);
	return (PIO_WORKITEM)io->storage;
}

/*
 * A queued executive item, and a queued item in a driver's storage, are reported, unlinked, and
 * do not run.
 */
static void queued_item_is_removed_when_its_memory_is_freed(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	struct wqc_probe *probes = wqc_probes_new(test, 4);
	struct freed_io *io = kunit_kzalloc(test, sizeof(*io), GFP_KERNEL);
	PDEVICE_OBJECT device = wqc_test_device(test);
	u64 reports = freed_reports(test), seen;

	KUNIT_ASSERT_NOT_NULL(test, io);
	KUNIT_ASSERT_LE(test, (size_t)IoSizeofWorkItem(), sizeof(io->storage));
	wqc_hold_with(test, class->type, device);
	wqc_probe_queue(&probes[0], class->type);
	wqc_probe_queue(&probes[1], class->type);
	IoQueueWorkItem(freed_io_init(io, device), wqc_probe_io, class->type, &probes[2]);
	wqc_probe_queue(&probes[3], class->type);
	wqc_memory_freed(&probes[1], sizeof(probes[1]), freed_reports);
	wqc_memory_freed(io, sizeof(*io), freed_reports);
	wqc_release(test);
	seen = freed_reports(test);
	KUNIT_EXPECT_EQ(test, reports + 2, seen);
	KUNIT_EXPECT_TRUE(test, wqc_settled(test));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&probes[1].runs));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&probes[2].runs));
	/* The items in front and behind still run. */
	KUNIT_EXPECT_TRUE(test, wqc_ran_once(&probes[0], 1));
	KUNIT_EXPECT_TRUE(test, wqc_ran_once(&probes[3], 1));
	KUNIT_EXPECT_NE(test, 0U, wqc_log_lines(test, FREED " (0xE4/0)", "wqc_probe_ex"));
	KUNIT_EXPECT_NE(test, 0U, wqc_log_lines(test, FREED " (0xE4/0)", "from freed_reports"));
}

/* A queued item that was posted for a device is unlinked too, in each of its lanes. */
static void posted_item_is_removed_when_its_memory_is_freed(struct kunit *test)
{
	static const WORK_QUEUE_TYPE types[] = {
		CriticalWorkQueue, DelayedWorkQueue, HyperCriticalWorkQueue
	};
	PRDBSS_DEVICE_OBJECT device = rx_device(test);
	struct rx_probe *freed[3], *next[3];
	u64 reports = freed_reports(test);
	int i;

	for (i = 0; i < 3; i++) {
		freed[i] = rx_probe_new(test, device);
		next[i] = rx_probe_new(test, device);
	}
	wqc_stay_here(test);
	preempt_disable();
	for (i = 0; i < 3; i++) {
		rx_post(freed[i], types[i]);
		rx_post(next[i], types[i]);
		wqc_memory_freed(freed[i], sizeof(*freed[i]), freed_reports);
	}
	preempt_enable();
	KUNIT_EXPECT_EQ(test, reports + 3, freed_reports(test));
	for (i = 0; i < 3; i++) {
		KUNIT_EXPECT_TRUE(test, wqc_done(&next[i]->ran));
		KUNIT_EXPECT_FALSE(test, rx_is_queued(freed[i]));
		KUNIT_EXPECT_EQ(test, 0, atomic_read(&freed[i]->runs));
	}
	/* The spin-down would wait for a reference that was not dropped. */
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RxSpinDownMRxDispatcher(device));
}

/* A pending timer request is cancelled; other requests stay. */
static void pending_request_is_cancelled_when_its_memory_is_freed(struct kunit *test)
{
	PRDBSS_DEVICE_OBJECT device = rx_device(test);
	struct rx_probe *freed = rx_probe_new(test, device);
	struct rx_probe *sooner = rx_probe_new(test, device);
	struct rx_probe *later = rx_probe_new(test, device);
	u64 reports = freed_reports(test);

	/* Requests are searched in the order of their contexts: the freed one comes last. */
	if (sooner > freed)
		swap(sooner, freed);
	if (later > freed)
		swap(later, freed);
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, rx_once(later, RX_LATE + 1));
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, rx_once(freed, RX_LATE));
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, rx_once(sooner, 20 * RX_UNITS_PER_MS));
	wqc_memory_freed(freed, sizeof(*freed), freed_reports);
	KUNIT_EXPECT_EQ(test, reports + 1, freed_reports(test));
	KUNIT_EXPECT_FALSE(test, rx_is_queued(freed));
	KUNIT_EXPECT_EQ(test, STATUS_NOT_FOUND, rx_cancel(freed));
	KUNIT_EXPECT_TRUE(test, wqc_done(&sooner->ran));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, rx_cancel(later));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&freed->runs));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RxSpinDownMRxDispatcher(device));
}

/* A queued item in the extension of a device is unlinked before the memory is freed. */
static void queued_item_is_removed_when_its_device_is_freed(struct kunit *test)
{
	struct wqc_probe *probe = wqc_probe_new(test);
	PDRIVER_OBJECT driver = wqc_test_driver(test);
	u64 reports = freed_reports(test);
	PWORK_QUEUE_ITEM item;
	PDEVICE_OBJECT device;
	char from[80];

	wqc_objects_calm(test);
	device = wqc_device_new(test, driver, 3 * sizeof(*item));
	item = (PWORK_QUEUE_ITEM)device->DeviceExtension + 1;
	device->Size = 0;		/* the driver may write to it */
	ExInitializeWorkItem(item, wqc_probe_ex, probe);
	wqc_hold(test, DelayedWorkQueue);
	ExQueueWorkItem(item, DelayedWorkQueue);
	preempt_enable();		/* the items in front hold the queue */
	IoDeleteDevice(device);
	KUNIT_EXPECT_TRUE(test, wqc_eventually(!wqc_objects(test, "device", "")));
	KUNIT_EXPECT_TRUE(test, wqc_eventually(freed_reports(test) == reports + 1));
	preempt_disable();
	wqc_release(test);
	KUNIT_EXPECT_TRUE(test, wqc_settled(test));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&probe->runs));
	snprintf(from, sizeof(from), "from %s", __func__);
	KUNIT_EXPECT_NE(test, 0U, wqc_log_lines(test, FREED " (0xE4/0)", from));
}

static struct {
	void *p, *caller;
	size_t size;
	int calls;
	wqc_freed_fn former;		/* the callback of nt-compat, if it is loaded */
} freed_seen;				/* of the device at @p */

static void freed_note(void *p, size_t size, void *caller)
{
	if (freed_seen.former)
		freed_seen.former(p, size, caller);
	if (p != freed_seen.p)
		return;			/* freed by an earlier case */
	freed_seen.caller = caller;
	freed_seen.size = size;
	freed_seen.calls++;
}

static void freed_unset(void *unused)
{
	wqc_set_freed(freed_seen.former);
}

/* The callback for freed memory gets all of a device's memory, once, before it is freed. */
static void callback_gets_the_memory_of_a_device_before_it_is_freed(struct kunit *test)
{
	PDRIVER_OBJECT driver = wqc_test_driver(test);
	PDEVICE_OBJECT device;

	wqc_objects_calm(test);
	device = wqc_device_new(test, driver, 1000);
	memset(&freed_seen, 0, sizeof(freed_seen));
	freed_seen.p = device;
	freed_seen.former = wqc_set_freed(freed_note);
	wqc_at_exit(test, freed_unset, NULL);
	IoDeleteDevice(device);
	KUNIT_EXPECT_TRUE(test, wqc_eventually(READ_ONCE(freed_seen.calls)));
	freed_unset(NULL);
	KUNIT_EXPECT_EQ(test, 1, freed_seen.calls);
	KUNIT_EXPECT_EQ(test, sizeof(DEVICE_OBJECT) + 1000, freed_seen.size);
	KUNIT_EXPECT_NOT_NULL(test, freed_seen.caller);
}

/*
 * No report for items that have run, for a part of an item, for a copy of a queued item, or for
 * random bytes.
 */
static void memory_without_queued_items_is_freed_without_a_report(struct kunit *test)
{
	struct wqc_probe *probes = wqc_probes_new(test, 3);
	u64 reports = freed_reports(test);
	u8 *bytes = kunit_kzalloc(test, 4096 + sizeof(*probes), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, bytes);
	wqc_probe_queue(&probes[0], DelayedWorkQueue);
	KUNIT_EXPECT_TRUE(test, wqc_ran_once(probes, 1));
	wqc_memory_freed(&probes[0], sizeof(probes[0]), NULL);
	for (i = 0; i < wqc_rounds(200, 5); i++) {
		get_random_bytes(bytes, 4096);
		wqc_memory_freed(bytes, 4096, NULL);
	}
	wqc_hold(test, DelayedWorkQueue);
	wqc_probe_queue(&probes[1], DelayedWorkQueue);
	wqc_probe_queue(&probes[2], DelayedWorkQueue);
	memcpy(bytes, &probes[1], sizeof(probes[1]));
	wqc_memory_freed(bytes, 4096, NULL);
	wqc_memory_freed(&probes[2], sizeof(probes[2].item) - 1, NULL);
	wqc_memory_freed(&probes[1].item.WorkerRoutine, sizeof(probes[1].item), NULL);
	wqc_memory_freed(NULL, 0, NULL);
	wqc_release(test);
	KUNIT_EXPECT_TRUE(test, wqc_ran_once(&probes[1], 2));
	KUNIT_EXPECT_EQ(test, reports, freed_reports(test));
}

static struct kunit_case freed_cases[] = {
	/* First, because at most ten reports of a kind are printed in five seconds. */
	KUNIT_CASE(queued_item_is_removed_when_its_device_is_freed),
	KUNIT_CASE_PARAM(queued_item_is_removed_when_its_memory_is_freed, wqc_class_gen_params),
	KUNIT_CASE(posted_item_is_removed_when_its_memory_is_freed),
	KUNIT_CASE(pending_request_is_cancelled_when_its_memory_is_freed),
	KUNIT_CASE(callback_gets_the_memory_of_a_device_before_it_is_freed),
	KUNIT_CASE(memory_without_queued_items_is_freed_without_a_report),
	{}
};

static struct kunit_suite wqc_freed_suite = {
	.name = "wqc_freed",
	.test_cases = freed_cases,
};

kunit_test_suite(wqc_freed_suite);
