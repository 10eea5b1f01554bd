// SPDX-License-Identifier: GPL-2.0
/*
 * The cases that other implementations are tested with, re-created: usersim,
 * wdutf, Wine, Solaris task queues on Linux (SPL), Minoca.
 */
#include <linux/delay.h>
#include <linux/slab.h>

#include "wqc_probe.h"

/* ---- usersim ------------------------------------------------------------- */

/* An item can be allocated, and freed without having been queued; it does not run. */
static void item_is_freed_unused(struct kunit *test)
{
	u64 queued = wqc_counter(test, "Delayed", "queued");
	PDEVICE_OBJECT device = wqc_test_device(test);
	PIO_WORKITEM io[50];
	int i;

	for (i = 0; i < ARRAY_SIZE(io); i++)
		io[i] = wqc_io_item(test, device);
	for (i = 0; i < ARRAY_SIZE(io); i++)
		IoFreeWorkItem(io[i]);
	KUNIT_EXPECT_EQ(test, queued, wqc_counter(test, "Delayed", "queued"));
}

/* It runs once for each queueing, is queued again when it is done, and freed later. */
static void item_is_queued_again_when_done_and_freed_later(struct kunit *test)
{
	PIO_WORKITEM io = wqc_io_item(test, wqc_test_device(test));
	struct wqc_probe *probe = wqc_probe_new(test);
	int i;

	for (i = 1; i <= 10; i++) {
		IoQueueWorkItem(io, wqc_probe_io, DelayedWorkQueue, probe);
		KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
		KUNIT_EXPECT_EQ(test, i, atomic_read(&probe->runs));
	}
	KUNIT_EXPECT_TRUE(test, wqc_settled(test));
	KUNIT_EXPECT_EQ(test, 10, atomic_read(&probe->runs));
	IoFreeWorkItem(io);
}

/* ---- wdutf --------------------------------------------------------------- */

static void alternate(struct kunit *test, PIO_WORKITEM io, PVOID object)
{
	struct wqc_probe *probe = wqc_probe_new(test);
	int i;

	for (i = 0; i < 20; i++) {
		if (i % 3 == 0) {
			IoQueueWorkItem(io, wqc_probe_io, DelayedWorkQueue, probe);
		} else if (i % 3 == 1) {
			IoQueueWorkItemEx(io, wqc_probe_io_ex, DelayedWorkQueue, probe);
		} else {
			KUNIT_EXPECT_TRUE(test, IoTryQueueWorkItem(io, wqc_probe_io_ex,
								   DelayedWorkQueue, probe));
		}
		KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
		KUNIT_EXPECT_PTR_EQ(test, probe->object, object);
		KUNIT_EXPECT_PTR_EQ(test, probe->got_io, i % 3 ? io : NULL);
	}
	KUNIT_EXPECT_EQ(test, 20, atomic_read(&probe->runs));
}

/* One item in caller's storage takes the plain and the Ex form in turn. */
static void initialised_item_takes_both_forms_in_turn(struct kunit *test)
{
	PIO_WORKITEM io = kunit_kzalloc(test, IoSizeofWorkItem(), GFP_KERNEL);
	PDEVICE_OBJECT device = wqc_test_device(test);

	KUNIT_ASSERT_NOT_NULL(test, io);
	IoInitializeWorkItem(device, io);
	alternate(test, io, device);
	IoUninitializeWorkItem(io);
}

/* So does one that was allocated. */
static void allocated_item_takes_both_forms_in_turn(struct kunit *test)
{
	PDEVICE_OBJECT device = wqc_test_device(test);
	PIO_WORKITEM io = wqc_io_item(test, device);

	alternate(test, io, device);
	IoFreeWorkItem(io);
}

/* Of ten Delayed items that block more than one is in flight, and all complete. */
static void ten_blocking_items_are_in_flight_at_once(struct kunit *test)
{
	struct wqc_probe *probes = wqc_probes_new(test, 10);
	PDEVICE_OBJECT device = wqc_test_device(test);
	struct wqc_gate *gate = wqc_gate_new(test);
	PIO_WORKITEM io[10];
	int i;

	for (i = 0; i < 10; i++) {
		probes[i].gate = gate;
		io[i] = wqc_io_item(test, device);
		IoQueueWorkItem(io[i], wqc_probe_io, DelayedWorkQueue, &probes[i]);
	}
	KUNIT_EXPECT_TRUE(test, wqc_gate_arrivals(gate, 10));
	KUNIT_EXPECT_EQ(test, 10, atomic_read(&gate->peak));
	wqc_gate_open(gate);
	KUNIT_EXPECT_TRUE(test, wqc_ran_once(probes, 10));
	for (i = 0; i < 10; i++)
		IoFreeWorkItem(io[i]);
}

/* ---- Wine ---------------------------------------------------------------- */

/* A routine runs in a system thread, may be preempted, and gets device and context. */
static void routine_runs_in_a_system_thread(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	PDEVICE_OBJECT device = wqc_test_device(test);
	struct wqc_probe *probe = wqc_probe_new(test);
	PIO_WORKITEM io = wqc_io_item(test, device);

	IoQueueWorkItem(io, wqc_probe_io, class->type, probe);
	KUNIT_ASSERT_TRUE(test, wqc_ran_once(probe, 1));
	KUNIT_EXPECT_STREQ(test, class->name, wqc_seen_class(&probe->seen));
	KUNIT_EXPECT_NE(test, current->pid, probe->seen.pid);
	wqc_expect_process_context(test, &probe->seen);
	KUNIT_EXPECT_PTR_EQ(test, probe->object, (void *)device);
	KUNIT_EXPECT_PTR_EQ(test, probe->context, (void *)probe);
	IoFreeWorkItem(io);
}

static PIO_WORKITEM static_item;

static VOID sleep_and_answer(PDEVICE_OBJECT device, PVOID context)
{
	struct wqc_probe *probe = context;

	msleep(20);
	probe->rounds = device->DeviceType;	/* plain memory: the waiter sees it */
	complete(&probe->ran);
}

/* One static item serves request after request; its routine sleeps, and is seen to answer. */
static void static_item_serves_one_request_after_another(struct kunit *test)
{
	struct wqc_probe *probe = wqc_probe_new(test);
	PDEVICE_OBJECT device = wqc_test_device(test);
	int i;

	static_item = wqc_io_item(test, device);
	for (i = 0; i < 10; i++) {
		probe->rounds = 0;
		IoQueueWorkItem(static_item, sleep_and_answer, DelayedWorkQueue, probe);
		KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
		KUNIT_EXPECT_EQ(test, (unsigned int)FILE_DEVICE_UNKNOWN, probe->rounds);
	}
	IoFreeWorkItem(static_item);
}

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

/* An item of the driver's whole life is freed in DriverUnload. */
static void unload_frees_the_item(struct kunit *test)
{
	struct wqc_probe *probe = wqc_probe_new(test);
	PDRIVER_OBJECT driver;

	wqc_objects_calm(test);
	KUNIT_ASSERT_EQ(test, 0, wqc_driver_load(THIS_MODULE, entry_with_item, &driver));
	IoQueueWorkItem(static_item, sleep_and_answer, DelayedWorkQueue, probe);
	KUNIT_EXPECT_TRUE(test, wqc_done(&probe->ran));
	wqc_driver_unload(driver);
	KUNIT_EXPECT_TRUE(test, wqc_eventually(!wqc_objects(test, "", "")));
}

/* ---- SPL: splat-taskq ----------------------------------------------------- */

struct sum {
	WORK_QUEUE_ITEM item;
	atomic_t *total;
	int add;
};

static VOID sum_add(PVOID context)
{
	struct sum *sum = context;

	atomic_add(sum->add, sum->total);
	kfree(sum);
}

static bool sum_post(atomic_t *total, int add, WORK_QUEUE_TYPE type)
{
	struct sum *sum = kmalloc(sizeof(*sum), GFP_KERNEL);

	if (!sum)
		return false;
	sum->total = total;
	sum->add = add;
	ExInitializeWorkItem(&sum->item, sum_add, sum);
	ExQueueWorkItem(&sum->item, type);
	return true;
}

/* Many tasks on every queue, two kinds of them: each has its effect once. */
static void many_tasks_on_every_class_each_have_their_effect(struct kunit *test)
{
	unsigned int i, tasks = wqc_rounds(2000, 100);
	atomic_t *total = kunit_kzalloc(test, 3 * sizeof(*total), GFP_KERNEL);
	int class;

	KUNIT_ASSERT_NOT_NULL(test, total);
	for (i = 0; i < tasks; i++)
		for (class = 0; class < 3; class++)
			KUNIT_ASSERT_TRUE(test, sum_post(&total[class], i % 2 ? 1 : 1000,
							 wqc_class_params[class].type));
	KUNIT_EXPECT_TRUE(test, wqc_settled(test));
	for (class = 0; class < 3; class++)
		KUNIT_EXPECT_EQ(test, tasks / 2 * 1001, (unsigned int)atomic_read(&total[class]));
}

/* More tasks than may run at once: none is dropped, whatever the limit. */
static void no_task_is_dropped_at_the_limit(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	struct wqc_probe *probes = wqc_probes_new(test, 1000);
	struct wqc_gate *gate = wqc_gate_new(test);
	u64 queued = wqc_counter(test, class->pool, "queued");
	int i;

	for (i = 0; i < 1000; i++) {
		probes[i].gate = gate;
		wqc_probe_queue(&probes[i], class->type);
	}
	KUNIT_EXPECT_EQ(test, queued + 1000, wqc_counter(test, class->pool, "queued"));
	wqc_gate_open(gate);
	KUNIT_EXPECT_TRUE(test, wqc_ran_once(probes, 1000));
}

struct tree {
	WORK_QUEUE_ITEM item;
	atomic_t *nodes;
	int depth;
	WORK_QUEUE_TYPE type;
};

static VOID tree_grow(PVOID context)
{
	struct tree *tree = context, *child;
	int i;

	for (i = 0; tree->depth && i < 2; i++) {
		child = kmalloc(sizeof(*child), GFP_KERNEL | __GFP_NOFAIL);
		*child = *tree;
		child->depth--;
		ExInitializeWorkItem(&child->item, tree_grow, child);
		ExQueueWorkItem(&child->item, child->type);
	}
	atomic_inc(tree->nodes);
	kfree(tree);
}

/* Tasks queue tasks that queue tasks, two each: the whole tree runs. */
static void tree_of_tasks_runs_to_its_leaves(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	struct tree *root = kzalloc(sizeof(*root), GFP_KERNEL);
	atomic_t *nodes = kunit_kzalloc(test, sizeof(*nodes), GFP_KERNEL);
	int depth = ilog2(wqc_rounds(8192, 256));

	KUNIT_ASSERT_NOT_NULL(test, root);
	KUNIT_ASSERT_NOT_NULL(test, nodes);
	root->nodes = nodes;
	root->depth = depth;
	root->type = class->type;
	ExInitializeWorkItem(&root->item, tree_grow, root);
	ExQueueWorkItem(&root->item, class->type);
	KUNIT_EXPECT_TRUE(test, wqc_eventually(atomic_read(nodes) == (2 << depth) - 1));
	KUNIT_EXPECT_TRUE(test, wqc_settled(test));
	KUNIT_EXPECT_EQ(test, (2 << depth) - 1, atomic_read(nodes));
}

struct contention {
	atomic_t total;
	unsigned int each;
};

static void contend(void *arg)
{
	struct contention *contention = arg;
	unsigned int i;

	for (i = 0; i < contention->each; i++) {
		if (!sum_post(&contention->total, 1, wqc_class_params[i % 3].type))
			atomic_inc(&contention->total);
		if (i % 16 == 0)
			cond_resched();
	}
}

/* A hundred threads, many trivial tasks each: as many effects as tasks. */
static void hundred_threads_contend_and_nothing_is_lost(struct kunit *test)
{
	struct contention *contention = kunit_kzalloc(test, sizeof(*contention), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, contention);
	contention->each = wqc_rounds(1000, 30);
	wqc_threads_join(wqc_threads_start(test, 100, contend, contention));
	KUNIT_EXPECT_TRUE(test, wqc_settled(test));
	KUNIT_EXPECT_EQ(test, 100 * contention->each,
			(unsigned int)atomic_read(&contention->total));
}

/* ---- Minoca: work stress -------------------------------------------------- */

struct minoca {
	PDEVICE_OBJECT device;
	unsigned int rounds;
	atomic_t failed, done;
};

static VOID minoca_routine(PDEVICE_OBJECT device, PVOID context)
{
	void *memory[3];
	int i;

	for (i = 0; i < 3; i++)
		memory[i] = kmalloc(64 << i, GFP_KERNEL);
	for (i = 0; i < 3; i++)
		kfree(memory[i]);
	complete(context);
}

static void minoca_thread(void *arg)
{
	struct minoca *minoca = arg;
	struct completion done;
	PIO_WORKITEM io;
	unsigned int i;

	init_completion(&done);
	for (i = 0; i < minoca->rounds; i++) {
		io = IoAllocateWorkItem(minoca->device);
		if (!io) {
			atomic_inc(&minoca->failed);
			continue;
		}
		IoQueueWorkItem(io, minoca_routine, wqc_class_params[i % 3].type, &done);
		if (wqc_done(&done))
			atomic_inc(&minoca->done);
		IoFreeWorkItem(io);
	}
}

/* Twenty threads create, queue, wait and destroy; the routine uses the allocator too. */
static void twenty_threads_create_queue_wait_and_destroy(struct kunit *test)
{
	struct minoca *minoca = kunit_kzalloc(test, sizeof(*minoca), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, minoca);
	minoca->device = wqc_test_device(test);
	minoca->rounds = wqc_rounds(300, 10);
	wqc_threads_join(wqc_threads_start(test, 20, minoca_thread, minoca));
	KUNIT_EXPECT_TRUE(test, wqc_settled(test));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&minoca->failed));
	KUNIT_EXPECT_EQ(test, 20 * minoca->rounds, (unsigned int)atomic_read(&minoca->done));
}

static struct kunit_case peers_cases[] = {
	KUNIT_CASE(item_is_freed_unused),
	KUNIT_CASE(item_is_queued_again_when_done_and_freed_later),
	KUNIT_CASE(initialised_item_takes_both_forms_in_turn),
	KUNIT_CASE(allocated_item_takes_both_forms_in_turn),
	KUNIT_CASE(ten_blocking_items_are_in_flight_at_once),
	KUNIT_CASE_PARAM(routine_runs_in_a_system_thread, wqc_class_gen_params),
	KUNIT_CASE(static_item_serves_one_request_after_another),
	KUNIT_CASE(unload_frees_the_item),
	KUNIT_CASE(many_tasks_on_every_class_each_have_their_effect),
	KUNIT_CASE_PARAM(no_task_is_dropped_at_the_limit, wqc_class_gen_params),
	KUNIT_CASE_PARAM(tree_of_tasks_runs_to_its_leaves, wqc_class_gen_params),
	KUNIT_CASE(hundred_threads_contend_and_nothing_is_lost),
	KUNIT_CASE(twenty_threads_create_queue_wait_and_destroy),
	{}
};

static struct kunit_suite wqc_peers_suite = {
	.name = "wqc_peers",
	.test_cases = peers_cases,
};

kunit_test_suite(wqc_peers_suite);
