// SPDX-License-Identifier: GPL-2.0
/*
 * Misuse of a queued item: queueing, initialising or freeing it again is counted and reported
 * once, and valid items are not lost.
 */
#include <linux/delay.h>
#include <linux/slab.h>

#include "wqc_probe.h"

#define QUEUED_TWICE	"item queued while it is queued"
#define FREED_QUEUED	"item freed while it is queued"
#define INIT_QUEUED	"item initialised while it is queued"
#define BAD_ITEM	"invalid item"

/* ---- queued while queued ------------------------------------------------- */

/* An executive item that is queued and is queued again is reported as 0xE4/1, and runs once. */
static void ex_item_queued_while_queued_runs_once(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	u64 reports = wqc_reports(test, QUEUED_TWICE);
	struct wqc_probe *probe = wqc_probe_new(test);

	wqc_hold(test, class->type);
	wqc_probe_queue(probe, class->type);
	ExQueueWorkItem(&probe->item, class->type);
	wqc_release(test);
	KUNIT_ASSERT_TRUE(test, wqc_settled(test));
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&probe->runs));
	KUNIT_EXPECT_EQ(test, reports + 1, wqc_reports(test, QUEUED_TWICE));
}

/* Of two queue calls for one I/O item, the first one decides the routine and the context. */
static void io_item_queued_while_queued_runs_as_first_queued(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	u64 reports = wqc_reports(test, QUEUED_TWICE);
	struct wqc_probe *probes = wqc_probes_new(test, 4);
	PDEVICE_OBJECT device = wqc_test_device(test);
	PIO_WORKITEM io = wqc_io_item(test, device);
	BOOLEAN tried;

	wqc_hold_with(test, class->type, device);
	IoQueueWorkItem(io, wqc_probe_io, class->type, &probes[0]);
	IoQueueWorkItem(io, wqc_probe_io, class->type, &probes[1]);
	IoQueueWorkItemEx(io, wqc_probe_io_ex, class->type, &probes[2]);
	tried = IoTryQueueWorkItem(io, wqc_probe_io_ex, class->type, &probes[3]);
	wqc_release(test);
	KUNIT_EXPECT_FALSE(test, tried);
	KUNIT_ASSERT_TRUE(test, wqc_settled(test));
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&probes[0].runs));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&probes[1].runs));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&probes[2].runs));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&probes[3].runs));
	KUNIT_EXPECT_EQ(test, reports + 3, wqc_reports(test, QUEUED_TWICE));
	IoFreeWorkItem(io);
}

/*
 * A report about a pointer that is no routine prints neither a symbol nor the raw address. Rate
 * limiting drops some reports, so the case repeats until one is printed.
 */
static void reports_show_no_address(struct kunit *test)
{
	struct wqc_probe *probe = wqc_probe_new(test);
	PDEVICE_OBJECT device = wqc_test_device(test);
	PIO_WORKITEM io = wqc_io_item(test, device);
	unsigned int lines, tries = 0;
	char raw[24], hashed[32];

	snprintf(raw, sizeof(raw), "%lx", (unsigned long)probe);
	snprintf(hashed, sizeof(hashed), "routine %p,", probe);
	if (strstr(hashed, raw))
		kunit_skip(test, "the kernel was told not to hash addresses");
	lines = wqc_log_lines(test, QUEUED_TWICE, hashed);
	do {
		wqc_hold_with(test, DelayedWorkQueue, device);
		IoQueueWorkItem(io, wqc_probe_io, DelayedWorkQueue, probe);
		IoQueueWorkItem(io, (PIO_WORKITEM_ROUTINE)probe, DelayedWorkQueue, probe);
		wqc_release(test);
		KUNIT_ASSERT_TRUE(test, wqc_settled(test));
		msleep(100);
	} while (wqc_log_lines(test, QUEUED_TWICE, hashed) == lines && ++tries < 100);
	KUNIT_EXPECT_GT(test, wqc_log_lines(test, QUEUED_TWICE, hashed), lines);
	KUNIT_EXPECT_EQ(test, 0U, wqc_log_lines(test, QUEUED_TWICE, raw));
	IoFreeWorkItem(io);
}

struct race {
	struct wqc_probe *probe;
	unsigned int rounds;
	int cpus;
	WORK_QUEUE_TYPE type;
	atomic_t arrived, tried;
};

/* No CPU continues before all of them have queued, so the item cannot start in between. */
static void race_in_step(void *arg, int cpu)
{
	struct race *race = arg;
	unsigned int round;

	for (round = 1; round <= race->rounds; round++) {
		preempt_disable();
		atomic_inc(&race->arrived);
		while (atomic_read(&race->arrived) < race->cpus * round)
			cpu_relax();
		ExQueueWorkItem(&race->probe->item, race->type);
		atomic_inc(&race->tried);
		while (atomic_read(&race->tried) < race->cpus * round)
			cpu_relax();
		preempt_enable();
		while (atomic_read(&race->probe->runs) < round)
			cond_resched();
	}
}

/* N CPUs queue one item at the same time: one call succeeds, the others are reported. */
static void of_cpus_that_queue_one_item_at_once_one_is_accepted(struct kunit *test)
{
	struct race *race = kunit_kzalloc(test, sizeof(*race), GFP_KERNEL);
	u64 reports = wqc_reports(test, QUEUED_TWICE);

	KUNIT_ASSERT_NOT_NULL(test, race);
	race->probe = wqc_probe_new(test);
	race->rounds = wqc_rounds(100, 10);
	race->cpus = num_online_cpus();
	race->type = HyperCriticalWorkQueue;
	ExInitializeWorkItem(&race->probe->item, wqc_probe_ex, race->probe);
	wqc_on_all_cpus(test, race_in_step, race);
	KUNIT_ASSERT_TRUE(test, wqc_settled(test));
	KUNIT_EXPECT_EQ(test, race->rounds, (unsigned int)atomic_read(&race->probe->runs));
	KUNIT_EXPECT_EQ(test, reports + (u64)(race->cpus - 1) * race->rounds,
			wqc_reports(test, QUEUED_TWICE));
}

static void race_free(void *arg, int cpu)
{
	struct race *race = arg;
	unsigned int round;

	for (round = 0; round < race->rounds; round++)
		ExQueueWorkItem(&race->probe->item, race->type);
}

/* In any interleaving of calls and runs, accepted + reported = calls, and runs = accepted. */
static void racing_queue_calls_are_accepted_or_reported(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	struct race *race = kunit_kzalloc(test, sizeof(*race), GFP_KERNEL);
	u64 reports = wqc_reports(test, QUEUED_TWICE);
	u64 queued = wqc_counter(test, class->pool, "queued");
	u64 refused = wqc_counter(test, class->pool, "refused");

	KUNIT_ASSERT_NOT_NULL(test, race);
	race->probe = wqc_probe_new(test);
	race->rounds = wqc_rounds(5000, 100);
	race->type = class->type;
	ExInitializeWorkItem(&race->probe->item, wqc_probe_ex, race->probe);
	wqc_on_all_cpus(test, race_free, race);
	KUNIT_ASSERT_TRUE(test, wqc_settled(test));
	queued = wqc_counter(test, class->pool, "queued") - queued;
	refused = wqc_counter(test, class->pool, "refused") - refused;
	reports = wqc_reports(test, QUEUED_TWICE) - reports;
	KUNIT_EXPECT_EQ(test, refused, reports);
	KUNIT_EXPECT_EQ(test, (u64)race->rounds * num_online_cpus(), queued + reports);
	KUNIT_EXPECT_EQ(test, queued, (u64)atomic_read(&race->probe->runs));
}

/*
 * ExInitializeWorkItem() on a queued item does not unlink the items behind it, nor make the
 * item free.
 */
static void initialising_a_queued_ex_item_unlinks_no_other(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	u64 reports = wqc_reports(test, QUEUED_TWICE);
	struct wqc_probe *probes = wqc_probes_new(test, 5);
	int i;

	wqc_hold(test, class->type);
	for (i = 0; i < 4; i++)
		wqc_probe_queue(&probes[i], class->type);
	wqc_probe_queue(&probes[0], class->type);
	wqc_probe_queue(&probes[1], class->type);
	wqc_probe_queue(&probes[3], class->type);
	wqc_probe_queue(&probes[4], class->type);
	wqc_release(test);
	KUNIT_ASSERT_TRUE(test, wqc_settled(test));
	for (i = 0; i < 5; i++)
		KUNIT_EXPECT_EQ_MSG(test, 1, atomic_read(&probes[i].runs), "item %d", i);
	KUNIT_EXPECT_EQ(test, reports + 3, wqc_reports(test, QUEUED_TWICE));
}

/*
 * The item of a refused call is no longer the caller's: a routine may have freed it, or may
 * have put it on a list of the driver. The call does not change a byte of it, not even after
 * ExInitializeWorkItem().
 */
static void refused_queue_call_writes_nothing_to_the_item(struct kunit *test)
{
	struct wqc_probe *probes = wqc_probes_new(test, 2);
	PIO_WORKITEM io = kunit_kzalloc(test, IoSizeofWorkItem(), GFP_KERNEL);
	void *copy = kunit_kzalloc(test, IoSizeofWorkItem(), GFP_KERNEL);
	u64 reports = wqc_reports(test, QUEUED_TWICE);
	PDEVICE_OBJECT device = wqc_test_device(test);
	WORK_QUEUE_ITEM before;

	KUNIT_ASSERT_NOT_NULL(test, io);
	KUNIT_ASSERT_NOT_NULL(test, copy);
	IoInitializeWorkItem(device, io);
	wqc_hold_with(test, DelayedWorkQueue, device);
	wqc_probe_queue(&probes[0], DelayedWorkQueue);
	IoQueueWorkItem(io, wqc_probe_io, DelayedWorkQueue, &probes[1]);

	probes[0].item.List.Flink = NULL;
	before = probes[0].item;
	ExQueueWorkItem(&probes[0].item, DelayedWorkQueue);
	ExQueueWorkItem(&probes[0].item, NormalWorkQueue);
	KUNIT_EXPECT_EQ(test, 0, memcmp(&before, &probes[0].item, sizeof(before)));

	((WORK_QUEUE_ITEM *)io)->List.Flink = NULL;
	memcpy(copy, io, IoSizeofWorkItem());
	IoQueueWorkItem(io, wqc_probe_io, CriticalWorkQueue, &probes[0]);
	IoQueueWorkItemEx(io, wqc_probe_io_ex, BackgroundWorkQueue, &probes[0]);
	IoTryQueueWorkItem(io, wqc_probe_io_ex, CriticalWorkQueue, &probes[0]);
	KUNIT_EXPECT_EQ(test, 0, memcmp(copy, io, IoSizeofWorkItem()));

	wqc_release(test);
	KUNIT_ASSERT_TRUE(test, wqc_settled(test));
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&probes[0].runs));
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&probes[1].runs));
	KUNIT_EXPECT_EQ(test, reports + 5, wqc_reports(test, QUEUED_TWICE));
	IoUninitializeWorkItem(io);
}

/* IoInitializeWorkItem() on a queued item is reported and does not change it. */
static void initialising_a_queued_io_item_changes_nothing(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	PDEVICE_OBJECT device = wqc_test_device(test);
	struct wqc_probe *probes = wqc_probes_new(test, 2);
	u64 reports = wqc_reports(test, INIT_QUEUED), twice = wqc_reports(test, QUEUED_TWICE);
	PIO_WORKITEM io = kunit_kzalloc(test, IoSizeofWorkItem(), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, io);
	IoInitializeWorkItem(device, io);
	wqc_hold_with(test, class->type, device);
	IoQueueWorkItem(io, wqc_probe_io, class->type, &probes[0]);
	IoInitializeWorkItem(device->DriverObject, io);
	IoQueueWorkItem(io, wqc_probe_io, class->type, &probes[1]);
	wqc_release(test);
	KUNIT_ASSERT_TRUE(test, wqc_settled(test));
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&probes[0].runs));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&probes[1].runs));
	KUNIT_EXPECT_PTR_EQ(test, probes[0].object, (void *)device);
	KUNIT_EXPECT_EQ(test, reports + 1, wqc_reports(test, INIT_QUEUED));
	KUNIT_EXPECT_EQ(test, twice + 1, wqc_reports(test, QUEUED_TWICE));
	IoUninitializeWorkItem(io);
}

/*
 * IoInitializeWorkItem() on an allocated item is reported and done, and the item can still be
 * freed.
 */
static void initialising_an_allocated_item_leaves_it_allocated(struct kunit *test)
{
	PDEVICE_OBJECT device = wqc_test_device(test);
	u64 reports = wqc_reports(test, BAD_ITEM);
	struct wqc_probe *probe = wqc_probe_new(test);
	PIO_WORKITEM io = IoAllocateWorkItem(NULL);

	KUNIT_ASSERT_NOT_NULL(test, io);
	IoInitializeWorkItem(device, io);
	KUNIT_EXPECT_EQ(test, reports + 1, wqc_reports(test, BAD_ITEM));
	IoQueueWorkItem(io, wqc_probe_io, DelayedWorkQueue, probe);
	KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
	KUNIT_EXPECT_PTR_EQ(test, probe->object, (void *)device);
	IoUninitializeWorkItem(io);
	KUNIT_EXPECT_EQ(test, reports + 2, wqc_reports(test, BAD_ITEM));
	IoFreeWorkItem(io);
	KUNIT_EXPECT_EQ(test, reports + 2, wqc_reports(test, BAD_ITEM));
}

/* ---- freed while queued -------------------------------------------------- */

#define FREED_ITEMS	7

/*
 * An item that is freed while it is queued is reported as 0xE4/2, unlinked, and does not run.
 * The case frees the first item, a middle one and two at the end: the others run, and so does
 * one that is queued behind.
 */
static void io_item_freed_while_queued_does_not_run(struct kunit *test)
{
	static const bool freed[FREED_ITEMS] = { true, false, true, false, true, true, false };
	const struct wqc_class_param *class = test->param_value;
	PDEVICE_OBJECT device = wqc_test_device(test);
	u64 reports = wqc_reports(test, FREED_QUEUED);
	u64 taken = wqc_counter(test, class->pool, "taken");
	struct wqc_probe *probes = wqc_probes_new(test, FREED_ITEMS);
	PIO_WORKITEM io[FREED_ITEMS];
	int i;

	for (i = 0; i < FREED_ITEMS; i++)
		io[i] = wqc_io_item(test, device);
	wqc_hold_with(test, class->type, device);
	for (i = 0; i < FREED_ITEMS - 1; i++)
		IoQueueWorkItem(io[i], wqc_probe_io, class->type, &probes[i]);
	for (i = 0; i < FREED_ITEMS - 1; i++)
		if (freed[i])
			IoFreeWorkItem(io[i]);
	IoQueueWorkItem(io[i], wqc_probe_io, class->type, &probes[i]);
	wqc_release(test);
	KUNIT_ASSERT_TRUE(test, wqc_settled(test));
	for (i = 0; i < FREED_ITEMS; i++)
		KUNIT_EXPECT_EQ_MSG(test, !freed[i], atomic_read(&probes[i].runs), "item %d", i);
	KUNIT_EXPECT_EQ(test, reports + 4, wqc_reports(test, FREED_QUEUED));
	KUNIT_EXPECT_EQ(test, taken + 4, wqc_counter(test, class->pool, "taken"));
	for (i = 0; i < FREED_ITEMS; i++)
		if (!freed[i])
			IoFreeWorkItem(io[i]);
}

/*
 * An item that is uninitialised while it is queued is unlinked too, and its storage may be
 * freed at once.
 */
static void io_item_uninitialised_while_queued_does_not_run(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	PDEVICE_OBJECT device = wqc_test_device(test);
	u64 reports = wqc_reports(test, FREED_QUEUED);
	struct wqc_probe *probes = wqc_probes_new(test, 3);
	PIO_WORKITEM io = kzalloc(IoSizeofWorkItem(), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, io);
	IoInitializeWorkItem(device, io);
	wqc_hold_with(test, class->type, device);
	wqc_probe_queue(&probes[0], class->type);
	IoQueueWorkItemEx(io, wqc_probe_io_ex, class->type, &probes[1]);
	wqc_probe_queue(&probes[2], class->type);
	IoUninitializeWorkItem(io);
	memset(io, 0x6b, IoSizeofWorkItem());
	wqc_release(test);
	kfree(io);
	KUNIT_ASSERT_TRUE(test, wqc_settled(test));
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&probes[0].runs));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&probes[1].runs));
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&probes[2].runs));
	KUNIT_EXPECT_EQ(test, reports + 1, wqc_reports(test, FREED_QUEUED));
}

/* An item that is unlinked drops its reference on the object. */
static void item_freed_while_queued_drops_its_reference(struct kunit *test)
{
	struct wqc_probe *probe = wqc_probe_new(test);
	PDEVICE_OBJECT device;
	PIO_WORKITEM io;

	wqc_objects_calm(test);
	device = wqc_device_new(test, wqc_test_driver(test), 0);
	io = wqc_io_item(test, device);
	wqc_hold(test, HyperCriticalWorkQueue);
	IoQueueWorkItem(io, wqc_probe_io, HyperCriticalWorkQueue, probe);
	IoFreeWorkItem(io);
	wqc_release(test);
	IoDeleteDevice(device);
	KUNIT_EXPECT_TRUE(test, wqc_eventually(!wqc_objects(test, "device", "")));
}

struct storm {
	PDEVICE_OBJECT device;
	struct wqc_probe *probe;
	unsigned int rounds;
	WORK_QUEUE_TYPE type;
};

static void storm_run(void *arg, int cpu)
{
	struct storm *storm = arg;
	PIO_WORKITEM io;
	unsigned int i;

	for (i = 0; i < storm->rounds; i++) {
		io = IoAllocateWorkItem(storm->device);
		if (!io)
			continue;
		IoQueueWorkItem(io, wqc_probe_io, storm->type, storm->probe);
		IoFreeWorkItem(io);
	}
}

/* Every item is freed while it waits, starts or runs: each has run or was unlinked. */
static void freeing_and_queueing_may_race_with_running(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	struct storm *storm = kunit_kzalloc(test, sizeof(*storm), GFP_KERNEL);
	u64 reports = wqc_reports(test, FREED_QUEUED);
	u64 queued = wqc_counter(test, class->pool, "queued");
	u64 taken = wqc_counter(test, class->pool, "taken");

	KUNIT_ASSERT_NOT_NULL(test, storm);
	storm->device = wqc_test_device(test);
	storm->probe = wqc_probe_new(test);
	storm->rounds = wqc_rounds(5000, 100);
	storm->type = class->type;
	wqc_on_all_cpus(test, storm_run, storm);
	KUNIT_ASSERT_TRUE(test, wqc_settled(test));
	queued = wqc_counter(test, class->pool, "queued") - queued;
	taken = wqc_counter(test, class->pool, "taken") - taken;
	KUNIT_EXPECT_EQ(test, (u64)storm->rounds * num_online_cpus(), queued);
	KUNIT_EXPECT_EQ(test, queued, taken + atomic_read(&storm->probe->runs));
	KUNIT_EXPECT_EQ(test, reports + taken, wqc_reports(test, FREED_QUEUED));
}

/* ---- free, uninitialise, initialise: the wrong call --------------------- */

/* The second of two uninitialise calls is reported and does nothing. */
static void io_item_uninitialised_twice_is_reported(struct kunit *test)
{
	PDEVICE_OBJECT device = wqc_test_device(test);
	PIO_WORKITEM io = kunit_kzalloc(test, IoSizeofWorkItem(), GFP_KERNEL);
	u64 reports = wqc_reports(test, BAD_ITEM);

	KUNIT_ASSERT_NOT_NULL(test, io);
	IoInitializeWorkItem(device, io);
	IoUninitializeWorkItem(io);
	KUNIT_EXPECT_EQ(test, reports, wqc_reports(test, BAD_ITEM));
	IoUninitializeWorkItem(io);
	KUNIT_EXPECT_EQ(test, reports + 1, wqc_reports(test, BAD_ITEM));
}

/* IoFreeWorkItem() is for allocated items: any other item is reported and not changed. */
static void freeing_an_initialised_item_is_reported_and_harmless(struct kunit *test)
{
	PDEVICE_OBJECT device = wqc_test_device(test);
	struct wqc_probe *probe = wqc_probe_new(test);
	PIO_WORKITEM io = kunit_kzalloc(test, IoSizeofWorkItem(), GFP_KERNEL);
	u64 reports = wqc_reports(test, BAD_ITEM);

	KUNIT_ASSERT_NOT_NULL(test, io);
	IoInitializeWorkItem(device, io);
	IoFreeWorkItem(io);
	KUNIT_EXPECT_EQ(test, reports + 1, wqc_reports(test, BAD_ITEM));
	IoQueueWorkItem(io, wqc_probe_io, DelayedWorkQueue, probe);
	KUNIT_EXPECT_TRUE(test, wqc_ran_once(probe, 1));
	IoUninitializeWorkItem(io);
	KUNIT_EXPECT_EQ(test, reports + 1, wqc_reports(test, BAD_ITEM));
}

/*
 * IoUninitializeWorkItem() is for initialised items: an allocated item is reported and not
 * changed.
 */
static void uninitialising_an_allocated_item_is_reported_and_harmless(struct kunit *test)
{
	PIO_WORKITEM io = wqc_io_item(test, wqc_test_device(test));
	struct wqc_probe *probe = wqc_probe_new(test);
	u64 reports = wqc_reports(test, BAD_ITEM);

	IoUninitializeWorkItem(io);
	KUNIT_EXPECT_EQ(test, reports + 1, wqc_reports(test, BAD_ITEM));
	IoQueueWorkItem(io, wqc_probe_io, DelayedWorkQueue, probe);
	KUNIT_EXPECT_TRUE(test, wqc_ran_once(probe, 1));
	IoFreeWorkItem(io);
	KUNIT_EXPECT_EQ(test, reports + 1, wqc_reports(test, BAD_ITEM));
}

static struct kunit_case misuse_cases[] = {
	KUNIT_CASE_PARAM(ex_item_queued_while_queued_runs_once, wqc_class_gen_params),
	KUNIT_CASE_PARAM(io_item_queued_while_queued_runs_as_first_queued, wqc_class_gen_params),
	KUNIT_CASE(reports_show_no_address),
	KUNIT_CASE(of_cpus_that_queue_one_item_at_once_one_is_accepted),
	KUNIT_CASE_PARAM(racing_queue_calls_are_accepted_or_reported, wqc_class_gen_params),
	KUNIT_CASE_PARAM(initialising_a_queued_ex_item_unlinks_no_other, wqc_class_gen_params),
	KUNIT_CASE(refused_queue_call_writes_nothing_to_the_item),
	KUNIT_CASE_PARAM(initialising_a_queued_io_item_changes_nothing, wqc_class_gen_params),
	KUNIT_CASE(initialising_an_allocated_item_leaves_it_allocated),
	KUNIT_CASE_PARAM(io_item_freed_while_queued_does_not_run, wqc_class_gen_params),
	KUNIT_CASE_PARAM(io_item_uninitialised_while_queued_does_not_run, wqc_class_gen_params),
	KUNIT_CASE(item_freed_while_queued_drops_its_reference),
	KUNIT_CASE_PARAM(freeing_and_queueing_may_race_with_running, wqc_class_gen_params),
	KUNIT_CASE(io_item_uninitialised_twice_is_reported),
	KUNIT_CASE(freeing_an_initialised_item_is_reported_and_harmless),
	KUNIT_CASE(uninitialising_an_allocated_item_is_reported_and_harmless),
	{}
};

static struct kunit_suite wqc_misuse_suite = {
	.name = "wqc_misuse",
	.test_cases = misuse_cases,
};

kunit_test_suite(wqc_misuse_suite);
