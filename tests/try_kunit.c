// SPDX-License-Identifier: GPL-2.0
/*
 * IoTryQueueWorkItem() queues the item and returns TRUE if and only if a runner is free for it.
 */
#include <linux/slab.h>

#include "wqc_load.h"

/* The routine of IoTryQueueWorkItem() gets the same arguments as that of IoQueueWorkItemEx(). */
static void tried_routine_gets_object_context_and_item(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	PDRIVER_OBJECT driver = wqc_test_driver(test);
	struct wqc_probe *probe = wqc_probe_new(test);
	PIO_WORKITEM item = wqc_io_kept(test, driver);

	wqc_settle(test);
	KUNIT_ASSERT_TRUE(test, IoTryQueueWorkItem(item, wqc_probe_io_ex, class->type, probe));
	KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
	KUNIT_EXPECT_PTR_EQ(test, probe->object, (PVOID)driver);
	KUNIT_EXPECT_PTR_EQ(test, probe->got_io, item);
}

/* On an idle machine a runner is free for each call: 1,000 of 1,000. */
static void every_try_succeeds_on_an_idle_machine(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	struct wqc_probe *probe = wqc_probe_new(test);
	PIO_WORKITEM item = wqc_io_kept(test, wqc_test_device(test));
	unsigned int i, accepted = 0;

	wqc_settle(test);
	for (i = 0; i < 1000; i++) {
		if (!IoTryQueueWorkItem(item, wqc_probe_io_ex, class->type, probe))
			continue;
		accepted++;
		KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
	}
	KUNIT_EXPECT_EQ(test, accepted, 1000);
	KUNIT_EXPECT_EQ(test, atomic_read(&probe->runs), 1000);
}

struct try_hold {
	struct wqc_gate *gate;
	unsigned int accepted;
	unsigned int tried;
	PIO_WORKITEM *items;
	WORK_QUEUE_TYPE type;
};

static VOID try_wait(PVOID object, PVOID context, PIO_WORKITEM item)
{
	struct try_hold *hold = context;

	wqc_gate_wait(hold->gate);
}

/* Preemption off: no runner of this CPU starts while this posts. */
static void try_burst(void *arg)
{
	struct try_hold *hold = arg;

	preempt_disable();
	while (hold->accepted < hold->tried &&
	       IoTryQueueWorkItem(hold->items[hold->accepted], try_wait, hold->type, hold))
		hold->accepted++;
	preempt_enable();
}

/*
 * TRUE holds for each item, also in a burst: all accepted items are in their routines at the same
 * time, although no routine returns.
 */
static void every_accepted_item_has_a_runner_of_its_own(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	PDEVICE_OBJECT device = wqc_test_device(test);
	struct try_hold *hold = kunit_kzalloc(test, sizeof(*hold), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, hold);
	hold->tried = 200;
	hold->type = class->type;
	hold->items = kunit_kcalloc(test, hold->tried, sizeof(*hold->items), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, hold->items);
	for (i = 0; i < hold->tried; i++)
		hold->items[i] = wqc_io_kept(test, device);
	hold->gate = wqc_gate_new(test);
	wqc_settle(test);
	wqc_on_cpu(test, cpumask_first(cpu_online_mask), try_burst, hold);
	KUNIT_EXPECT_GT(test, hold->accepted, 0);
	KUNIT_EXPECT_TRUE(test, wqc_gate_arrivals(hold->gate, hold->accepted));
	wqc_gate_open(hold->gate);
	KUNIT_EXPECT_TRUE(test, wqc_eventually(!atomic_read(&hold->gate->inside)));
	wqc_settle(test);
}

/*
 * While each runner that the class may have is in a routine, the call returns FALSE and queues
 * nothing. When they are free again it returns TRUE.
 */
static void try_fails_while_all_runners_are_busy(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	struct wqc_probe *probe = wqc_probe_new(test);
	PIO_WORKITEM item = wqc_io_kept(test, wqc_test_device(test));
	struct wqc_load *load;
	unsigned int i;
	u64 queued;

	load = wqc_load_all_runners(test, class->type);
	KUNIT_ASSERT_EQ(test, wqc_counter(test, class->pool, "idle"), 0);
	queued = wqc_counter(test, class->pool, "queued");
	for (i = 0; i < 100; i++)
		KUNIT_ASSERT_FALSE(test, IoTryQueueWorkItem(item, wqc_probe_io_ex, class->type,
							    probe));
	KUNIT_EXPECT_EQ(test, wqc_counter(test, class->pool, "queued"), queued);

	KUNIT_ASSERT_TRUE(test, wqc_load_finish(load));
	wqc_settle(test);
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&probe->runs));
	KUNIT_ASSERT_TRUE(test, IoTryQueueWorkItem(item, wqc_probe_io_ex, class->type, probe));
	KUNIT_EXPECT_TRUE(test, wqc_done(&probe->ran));
}

/*
 * After FALSE the item may be freed without a report, or be queued, and the reference on the object
 * is dropped.
 */
static void failed_try_has_no_side_effect(struct kunit *test)
{
	static const char *const reports[] = {
		"item queued while it is queued", "item freed while it is queued",
		"item without a valid IoObject", "invalid item",
	};
	const struct wqc_class_param *class = test->param_value;
	PDRIVER_OBJECT driver = wqc_test_driver(test);
	struct wqc_probe *probe = wqc_probe_new(test);
	u64 before[ARRAY_SIZE(reports)];
	PDEVICE_OBJECT device;
	PIO_WORKITEM kept, freed;
	struct wqc_load *load;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(reports); i++)
		before[i] = wqc_reports(test, reports[i]);
	device = wqc_device_new(test, driver, 0);
	kept = wqc_io_item(test, device);
	freed = wqc_io_item(test, device);
	load = wqc_load_all_runners(test, class->type);
	KUNIT_EXPECT_FALSE(test, IoTryQueueWorkItem(kept, wqc_probe_io_ex, class->type, probe));
	KUNIT_EXPECT_FALSE(test, IoTryQueueWorkItem(freed, wqc_probe_io_ex, class->type, probe));
	IoFreeWorkItem(freed);
	IoQueueWorkItemEx(kept, wqc_probe_io_ex, class->type, probe);
	KUNIT_ASSERT_TRUE(test, wqc_load_finish(load));
	KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&probe->runs));
	IoFreeWorkItem(kept);
	IoDeleteDevice(device);
	/* A leaked reference would keep the device. */
	wqc_objects_calm(test);
	for (i = 0; i < ARRAY_SIZE(reports); i++)
		KUNIT_EXPECT_EQ_MSG(test, wqc_reports(test, reports[i]), before[i], "%s",
				    reports[i]);
}

/*
 * ExTryQueueWorkItem() is the same for an executive item: TRUE, and it runs, if a runner is free;
 * else FALSE without a side effect. A queued item is misuse here, too.
 */
static void executive_item_is_tried_likewise(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	u64 twice = wqc_reports(test, "item queued while it is queued");
	u64 invalid = wqc_reports(test, "invalid item");
	struct wqc_probe *probe = wqc_probe_new(test);
	struct wqc_load *load;
	u64 queued;

	wqc_settle(test);
	ExInitializeWorkItem(&probe->item, wqc_probe_ex, probe);
	KUNIT_ASSERT_TRUE(test, ExTryQueueWorkItem(&probe->item, class->type));
	KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
	KUNIT_EXPECT_PTR_EQ(test, probe->context, (PVOID)probe);

	load = wqc_load_all_runners(test, class->type);
	queued = wqc_counter(test, class->pool, "queued");
	KUNIT_EXPECT_FALSE(test, ExTryQueueWorkItem(&probe->item, class->type));
	KUNIT_EXPECT_FALSE(test, ExTryQueueWorkItem(&probe->item, class->type));
	KUNIT_EXPECT_FALSE(test, RxIsWorkItemQueued(&probe->item));
	KUNIT_EXPECT_EQ(test, queued, wqc_counter(test, class->pool, "queued"));
	ExQueueWorkItem(&probe->item, class->type);
	KUNIT_EXPECT_EQ(test, twice, wqc_reports(test, "item queued while it is queued"));
	KUNIT_EXPECT_FALSE(test, ExTryQueueWorkItem(&probe->item, class->type));
	KUNIT_EXPECT_EQ(test, twice + 1, wqc_reports(test, "item queued while it is queued"));
	KUNIT_ASSERT_TRUE(test, wqc_load_finish(load));
	KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
	wqc_settle(test);
	KUNIT_EXPECT_EQ(test, 2, atomic_read(&probe->runs));
	KUNIT_EXPECT_FALSE(test, ExTryQueueWorkItem(NULL, class->type));
	KUNIT_EXPECT_EQ(test, invalid + 1, wqc_reports(test, "invalid item"));
}

static struct kunit_case try_cases[] = {
	KUNIT_CASE_PARAM(tried_routine_gets_object_context_and_item, wqc_class_gen_params),
	KUNIT_CASE_PARAM(every_try_succeeds_on_an_idle_machine, wqc_class_gen_params),
	KUNIT_CASE_PARAM(every_accepted_item_has_a_runner_of_its_own, wqc_class_gen_params),
	KUNIT_CASE_PARAM(try_fails_while_all_runners_are_busy, wqc_class_gen_params),
	KUNIT_CASE_PARAM(failed_try_has_no_side_effect, wqc_class_gen_params),
	KUNIT_CASE_PARAM(executive_item_is_tried_likewise, wqc_class_gen_params),
	{}
};

static struct kunit_suite wqc_try_suite = {
	.name = "wqc_try",
	.test_cases = try_cases,
};

kunit_test_suite(wqc_try_suite);
