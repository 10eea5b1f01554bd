// SPDX-License-Identifier: GPL-2.0
/* Workers of kernel streaming: order, counting, unregistering. */
#include <linux/delay.h>
#include <linux/slab.h>

#include "nt_test.h"
#include "wqc_probe.h"
#include "../include/wqc/ks.h"

struct nt_ks {
	PKSWORKER worker;
	struct wqc_probe *probe;
	WORK_QUEUE_ITEM counted;
	WORK_QUEUE_ITEM items[50];
	unsigned int order[50];		/* the items that ran */
	atomic_t ran, inside, overlaps;
	atomic_t tasks, done;
	struct completion unregistered;
	bool self;			/* the routine unregisters its worker */
};

static void nt_ks_unregister(void *arg)
{
	struct nt_ks *ks = arg;

	if (ks->worker)
		KsUnregisterWorker(ks->worker);
}

static struct nt_ks *nt_ks_alloc(struct kunit *test)
{
	struct nt_ks *ks = kunit_kzalloc(test, sizeof(*ks), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, ks);
	ks->probe = wqc_probe_new(test);
	init_completion(&ks->unregistered);
	wqc_at_exit(test, nt_ks_unregister, ks);
	return ks;
}

static struct nt_ks *nt_ks_new(struct kunit *test, WORK_QUEUE_TYPE type)
{
	struct nt_ks *ks = nt_ks_alloc(test);

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, KsRegisterWorker(type, &ks->worker));
	return ks;
}

struct nt_ks_one {
	struct nt_ks *ks;
	unsigned int number;
};

static VOID nt_ks_note(PVOID context)
{
	struct nt_ks_one *one = context;
	struct nt_ks *ks = one->ks;

	if (atomic_inc_return(&ks->inside) > 1)
		atomic_inc(&ks->overlaps);
	if (ks->probe->gate)
		wqc_gate_wait(ks->probe->gate);
	usleep_range(500, 1000);
	atomic_dec(&ks->inside);
	ks->order[atomic_inc_return(&ks->ran) - 1] = one->number;
}

/* A worker runs its items one after the other, in their order, although each blocks. */
static void items_of_a_worker_run_in_order(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	struct nt_ks *ks = nt_ks_new(test, class->type);
	struct nt_ks_one *ones = kunit_kcalloc(test, 50, sizeof(*ones), GFP_KERNEL);
	unsigned int i, wrong = 0;

	KUNIT_ASSERT_NOT_NULL(test, ones);
	for (i = 0; i < 50; i++) {
		ones[i].ks = ks;
		ones[i].number = i;
		ExInitializeWorkItem(&ks->items[i], nt_ks_note, &ones[i]);
		KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, KsQueueWorkItem(ks->worker, &ks->items[i]));
	}
	KUNIT_EXPECT_TRUE(test, wqc_eventually(atomic_read(&ks->ran) == 50));
	for (i = 0; i < 50; i++)
		wrong += ks->order[i] != i;
	KUNIT_EXPECT_EQ(test, 0, wrong);
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&ks->overlaps));
	KsUnregisterWorker(ks->worker);
	ks->worker = NULL;
	wqc_settle(test);
}

static VOID nt_ks_again(PVOID context)
{
	struct nt_ks *ks = context;

	wqc_look(&ks->probe->seen);
	if (atomic_inc_return(&ks->ran) < 100)
		KsQueueWorkItem(ks->worker, &ks->items[0]);
	else
		complete(&ks->probe->ran);
}

/* Items run in the class of their worker, and may be queued again when they have begun. */
static void item_may_be_queued_when_it_has_begun(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	u64 twice = wqc_reports(test, "item queued while it is queued");
	struct nt_ks *ks = nt_ks_new(test, class->type);

	ExInitializeWorkItem(&ks->items[0], nt_ks_again, ks);
	KsQueueWorkItem(ks->worker, &ks->items[0]);
	KUNIT_ASSERT_TRUE(test, wqc_done(&ks->probe->ran));
	KUNIT_EXPECT_EQ(test, 100, atomic_read(&ks->ran));
	KUNIT_EXPECT_STREQ(test, wqc_seen_class(&ks->probe->seen), class->name);
	wqc_expect_process_context(test, &ks->probe->seen);
	KUNIT_EXPECT_EQ(test, twice, wqc_reports(test, "item queued while it is queued"));
}

/* Drains the tasks of all threads: one run handles many. */
static VOID nt_ks_counted(PVOID context)
{
	struct nt_ks *ks = context;

	if (atomic_inc_return(&ks->inside) > 1)
		atomic_inc(&ks->overlaps);
	atomic_inc(&ks->ran);
	do {
		if (atomic_dec_if_positive(&ks->tasks) >= 0)
			atomic_inc(&ks->done);
		/* The next one may start when the count is 0, so this one leaves before. */
		atomic_dec(&ks->inside);
		if (!KsDecrementCountedWorker(ks->worker))
			return;
		atomic_inc(&ks->inside);
	} while (1);
}

static void nt_ks_add_tasks(void *arg, int cpu)
{
	struct nt_ks *ks = arg;
	int i;

	for (i = 0; i < 500; i++) {
		atomic_inc(&ks->tasks);
		KsIncrementCountedWorker(ks->worker);
	}
}

/*
 * Each task that is counted is handled, by one run at a time, whoever counts it where. The first of
 * them queues the item, and its increment returns 1.
 */
static void counted_item_handles_each_task(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	u64 twice = wqc_reports(test, "item queued while it is queued");
	struct nt_ks *ks = nt_ks_alloc(test);

	ExInitializeWorkItem(&ks->counted, nt_ks_counted, ks);
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			KsRegisterCountedWorker(class->type, &ks->counted, &ks->worker));
	wqc_hold(test, class->type);
	atomic_add(2, &ks->tasks);
	KUNIT_EXPECT_EQ(test, 1, KsIncrementCountedWorker(ks->worker));
	KUNIT_EXPECT_EQ(test, 2, KsIncrementCountedWorker(ks->worker));
	wqc_release(test);
	KUNIT_EXPECT_TRUE(test, wqc_eventually(atomic_read(&ks->done) == 2));
	wqc_settle(test);
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&ks->ran));
	wqc_on_all_cpus(test, nt_ks_add_tasks, ks);
	KUNIT_EXPECT_TRUE(test, wqc_eventually(!atomic_read(&ks->tasks)));
	KsUnregisterWorker(ks->worker);
	ks->worker = NULL;
	KUNIT_EXPECT_EQ(test, 2 + 500 * num_online_cpus(), atomic_read(&ks->done));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&ks->overlaps));
	KUNIT_EXPECT_EQ(test, twice, wqc_reports(test, "item queued while it is queued"));
}

static void nt_ks_unregister_one(void *arg)
{
	struct nt_ks *ks = arg;

	KsUnregisterWorker(ks->worker);
	complete(&ks->unregistered);
}

/* KsUnregisterWorker() waits for the items that run and that wait; no more can be queued. */
static void worker_is_unregistered_when_its_items_have_returned(struct kunit *test)
{
	u64 invalid = wqc_reports(test, "invalid item");
	struct nt_ks *ks = nt_ks_new(test, DelayedWorkQueue);
	PKSWORKER worker = ks->worker;
	struct nt_ks_one one = { .ks = ks };
	int i;

	ks->probe->gate = wqc_gate_new(test);
	for (i = 0; i < 3; i++) {
		ExInitializeWorkItem(&ks->items[i], nt_ks_note, &one);
		KsQueueWorkItem(worker, &ks->items[i]);
	}
	KUNIT_EXPECT_TRUE(test, wqc_gate_arrivals(ks->probe->gate, 1));
	wqc_threads_start(test, 1, nt_ks_unregister_one, ks);
	/* The thread may begin later, and then a few more are queued. */
	for (; i < 50; i++) {
		ExInitializeWorkItem(&ks->items[i], nt_ks_note, &one);
		if (KsQueueWorkItem(worker, &ks->items[i]))
			break;
		msleep(20);
	}
	KUNIT_EXPECT_LT(test, i, 50);
	msleep(WQC_GRACE_MS);
	KUNIT_EXPECT_FALSE(test, completion_done(&ks->unregistered));
	wqc_gate_open(ks->probe->gate);
	KUNIT_EXPECT_TRUE(test, wqc_done(&ks->unregistered));
	ks->worker = NULL;
	KUNIT_EXPECT_EQ(test, i, atomic_read(&ks->ran));
	KUNIT_EXPECT_EQ(test, invalid + 1, wqc_reports(test, "invalid item"));
}

static VOID nt_ks_self(PVOID context)
{
	struct nt_ks *ks = context;

	KsUnregisterWorker(ks->worker);
	complete(&ks->probe->ran);
}

/* An item that unregisters its own worker would wait for itself: reported, without a wait. */
static void worker_may_not_be_unregistered_by_its_item(struct kunit *test)
{
	u64 deadlock = wqc_reports(test, "routine would wait for itself");
	struct nt_ks *ks = nt_ks_new(test, DelayedWorkQueue);

	ExInitializeWorkItem(&ks->items[0], nt_ks_self, ks);
	KsQueueWorkItem(ks->worker, &ks->items[0]);
	KUNIT_ASSERT_TRUE(test, wqc_done(&ks->probe->ran));
	ks->worker = NULL;
	wqc_settle(test);
	KUNIT_EXPECT_EQ(test, deadlock + 1, wqc_reports(test, "routine would wait for itself"));
}

/*
 * KsUnregisterWorker() at a raised IRQL is reported and does not wait: no item can be queued any
 * more, and the worker is freed when its last item has returned.
 */
static void worker_is_freed_later_at_dispatch_level(struct kunit *test)
{
	static const char text[] = "sleeping call at DISPATCH_LEVEL or above";
	u64 before = wqc_reports(test, text), invalid = wqc_reports(test, "invalid item");
	struct nt_ks *ks = nt_ks_new(test, DelayedWorkQueue);
	struct nt_ks_one one = { .ks = ks };
	PKSWORKER worker = ks->worker;
	KIRQL irql;

	ks->probe->gate = wqc_gate_new(test);
	ExInitializeWorkItem(&ks->items[0], nt_ks_note, &one);
	KsQueueWorkItem(worker, &ks->items[0]);
	KUNIT_EXPECT_TRUE(test, wqc_gate_arrivals(ks->probe->gate, 1));
	KeRaiseIrql(DISPATCH_LEVEL, &irql);
	KsUnregisterWorker(worker);
	KeLowerIrql(irql);
	ks->worker = NULL;
	KUNIT_EXPECT_EQ(test, before + 1, wqc_reports(test, text));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, KsQueueWorkItem(worker, &ks->items[0]));
	KUNIT_EXPECT_EQ(test, invalid + 1, wqc_reports(test, "invalid item"));
	wqc_gate_open(ks->probe->gate);
	KUNIT_EXPECT_TRUE(test, wqc_eventually(atomic_read(&ks->ran) == 1));
	wqc_settle(test);
}

/* Misuse is reported, and nothing is queued twice. */
static void misuse_of_a_worker_is_reported(struct kunit *test)
{
	u64 twice = wqc_reports(test, "item queued while it is queued");
	u64 routine = wqc_reports(test, "invalid worker routine");
	u64 invalid = wqc_reports(test, "invalid item");
	struct nt_ks *ks = nt_ks_new(test, DelayedWorkQueue);
	struct nt_ks_one one = { .ks = ks };
	PKSWORKER none;

	wqc_hold(test, DelayedWorkQueue);
	ExInitializeWorkItem(&ks->items[0], nt_ks_note, &one);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, KsQueueWorkItem(ks->worker, &ks->items[0]));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, KsQueueWorkItem(ks->worker, &ks->items[0]));
	wqc_release(test);
	KUNIT_EXPECT_TRUE(test, wqc_eventually(atomic_read(&ks->ran) == 1));
	wqc_settle(test);
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&ks->ran));
	KUNIT_EXPECT_EQ(test, twice + 1, wqc_reports(test, "item queued while it is queued"));

	ExInitializeWorkItem(&ks->items[0], NULL, &one);
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, KsQueueWorkItem(ks->worker, &ks->items[0]));
	KUNIT_EXPECT_EQ(test, routine + 1, wqc_reports(test, "invalid worker routine"));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, KsQueueWorkItem(ks->worker, NULL));
	KsUnregisterWorker(NULL);
	/* Not a counted worker. */
	KsIncrementCountedWorker(ks->worker);
	KsDecrementCountedWorker(ks->worker);
	KUNIT_EXPECT_EQ(test, invalid + 4, wqc_reports(test, "invalid item"));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, KsRegisterWorker(MaximumWorkQueue, &none));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, KsRegisterWorker(DelayedWorkQueue, NULL));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER,
			KsRegisterCountedWorker(DelayedWorkQueue, NULL, &none));
}

static VOID nt_ks_locks(PVOID context)
{
	local_irq_disable();
	complete(context);
}

/* A report on what an item leaves behind names its routine, also with another item behind it. */
static void reports_name_the_workers_routine(struct kunit *test)
{
	unsigned int lines = wqc_log_lines(test, "interrupts", "nt_ks_locks");
	struct nt_ks *ks = nt_ks_new(test, CriticalWorkQueue);
	struct nt_ks_one one = { .ks = ks };

	wqc_hold(test, CriticalWorkQueue);
	ExInitializeWorkItem(&ks->items[0], nt_ks_locks, &ks->probe->ran);
	ExInitializeWorkItem(&ks->items[1], nt_ks_note, &one);
	KsQueueWorkItem(ks->worker, &ks->items[0]);
	KsQueueWorkItem(ks->worker, &ks->items[1]);
	wqc_release(test);
	KUNIT_ASSERT_TRUE(test, wqc_done(&ks->probe->ran));
	KUNIT_EXPECT_TRUE(test, wqc_eventually(atomic_read(&ks->ran) == 1));
	wqc_settle(test);
	KUNIT_EXPECT_EQ(test, lines + 1, wqc_log_lines(test, "interrupts", "nt_ks_locks"));
}

static struct kunit_case nt_ks_cases[] = {
	KUNIT_CASE_PARAM(items_of_a_worker_run_in_order, wqc_class_gen_params),
	KUNIT_CASE_PARAM(item_may_be_queued_when_it_has_begun, wqc_class_gen_params),
	KUNIT_CASE_PARAM(counted_item_handles_each_task, wqc_class_gen_params),
	KUNIT_CASE(worker_is_unregistered_when_its_items_have_returned),
	KUNIT_CASE(worker_may_not_be_unregistered_by_its_item),
	KUNIT_CASE(worker_is_freed_later_at_dispatch_level),
	KUNIT_CASE(misuse_of_a_worker_is_reported),
	KUNIT_CASE(reports_name_the_workers_routine),
	{}
};

static struct kunit_suite nt_ks_suite = {
	.name = "wqc_nt_ks",
	.test_cases = nt_ks_cases,
};

kunit_test_suite(nt_ks_suite);
