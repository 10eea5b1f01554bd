// SPDX-License-Identifier: GPL-2.0
/*
 * A routine that ends the thread it was called on.
 */
#include <linux/kthread.h>

#include "wqc_probe.h"

#define THREAD_ENDED	"routine ended its worker thread"

static VOID end_thread(PDEVICE_OBJECT device, PVOID context)
{
	wqc_probe_io(device, context);
	kthread_complete_and_exit(NULL, 0);
}

/*
 * A routine that ends its thread (0xE9): the runner is replaced, the reference on the object is
 * dropped, the run is counted as finished, and no item waits for it.
 */
static void routine_that_ends_its_thread_is_reported_and_replaced(struct kunit *test)
{
	u64 reports = wqc_reports(test, THREAD_ENDED);
	u64 replaced = wqc_counter(test, "HyperCritical", "replaced");
	struct wqc_probe *probes = wqc_probes_new(test, 300);
	struct wqc_probe *last = wqc_probe_new(test);
	PDEVICE_OBJECT device;
	PIO_WORKITEM io;
	int i;

	wqc_objects_calm(test);
	device = wqc_device_new(test, wqc_test_driver(test), 0);
	io = wqc_io_item(test, device);
	wqc_stay_here(test);
	IoQueueWorkItem(io, end_thread, HyperCriticalWorkQueue, last);
	KUNIT_EXPECT_TRUE(test, wqc_done(&last->ran));
	IoFreeWorkItem(io);
	IoDeleteDevice(device);
	/* Items behind it do not wait for the replacement. */
	for (i = 0; i < 300; i++)
		wqc_probe_queue(&probes[i], HyperCriticalWorkQueue);
	KUNIT_EXPECT_TRUE(test, wqc_ran_once(probes, 300));
	/* The keeper reports the ended thread, then replaces the runner. */
	KUNIT_ASSERT_TRUE(test, wqc_eventually(wqc_counter(test, "HyperCritical", "replaced") ==
					       replaced + 1));
	KUNIT_EXPECT_EQ(test, reports + 1, wqc_reports(test, THREAD_ENDED));
	KUNIT_EXPECT_NE(test, 0U, wqc_log_lines(test, THREAD_ENDED " (0xE9)", "end_thread"));
	KUNIT_EXPECT_TRUE(test, wqc_settled(test));
	KUNIT_EXPECT_TRUE(test, wqc_eventually(!wqc_objects(test, "device", "")));
	KUNIT_EXPECT_EQ(test, reports + 1, wqc_reports(test, THREAD_ENDED));
}

static struct kunit_case ended_cases[] = {
	KUNIT_CASE(routine_that_ends_its_thread_is_reported_and_replaced),
	{}
};

static struct kunit_suite wqc_ended_suite = {
	.name = "wqc_ended",
	.test_cases = ended_cases,
};

kunit_test_suite(wqc_ended_suite);
