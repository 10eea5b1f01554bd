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

#define NT_KS_TAG	0x74736554
#define BAD_ENTRY	"invalid queue entry"
#define KS_FREED	"freed memory contains a queued item"

static PWORK_QUEUE_ITEM nt_ks_pool_item(struct kunit *test, struct nt_ks_one *one)
{
	PWORK_QUEUE_ITEM block;

	block = ExAllocatePool2(POOL_FLAG_NON_PAGED, 3 * sizeof(*block), NT_KS_TAG);
	KUNIT_ASSERT_NOT_NULL(test, block);
	ExInitializeWorkItem(&block[1], nt_ks_note, one);
	return block;
}

/*
 * An item that waits in a worker is removed and reported when its memory is freed, be it the first,
 * one in the middle or the last, in pool memory or in the extension of a device. The others run, in
 * their order, and one that is queued after that.
 */
static void item_in_freed_memory_does_not_run(struct kunit *test)
{
	PDRIVER_OBJECT driver = wqc_test_driver(test);
	PDEVICE_OBJECT device = wqc_device_new(test, driver, sizeof(WORK_QUEUE_ITEM));
	struct nt_ks *ks = nt_ks_new(test, DelayedWorkQueue);
	struct nt_ks_one ones[4] = { { ks, 1 }, { ks, 2 }, { ks, 3 }, { ks, 0 } };
	struct nt_ks_one never = { ks, 99 };
	u64 freed = wqc_reports(test, KS_FREED);
	PWORK_QUEUE_ITEM blocks[3];
	int i;

	ks->probe->gate = wqc_gate_new(test);
	ExInitializeWorkItem(&ks->items[3], nt_ks_note, &ones[3]);
	KsQueueWorkItem(ks->worker, &ks->items[3]);
	KUNIT_EXPECT_TRUE(test, wqc_gate_arrivals(ks->probe->gate, 1));
	for (i = 0; i < 3; i++) {
		blocks[i] = nt_ks_pool_item(test, &never);
		KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, KsQueueWorkItem(ks->worker, &blocks[i][1]));
		if (i == 2)
			break;
		ExInitializeWorkItem(&ks->items[i], nt_ks_note, &ones[i]);
		KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, KsQueueWorkItem(ks->worker, &ks->items[i]));
	}
	ExInitializeWorkItem((PWORK_QUEUE_ITEM)device->DeviceExtension, nt_ks_note, &never);
	KsQueueWorkItem(ks->worker, device->DeviceExtension);
	IoDeleteDevice(device);
	KUNIT_EXPECT_TRUE(test, wqc_eventually(wqc_reports(test, KS_FREED) == freed + 1));
	for (i = 2; i >= 0; i--)
		ExFreePoolWithTag(blocks[i], NT_KS_TAG);
	KUNIT_EXPECT_EQ(test, freed + 4, wqc_reports(test, KS_FREED));
	ExInitializeWorkItem(&ks->items[2], nt_ks_note, &ones[2]);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, KsQueueWorkItem(ks->worker, &ks->items[2]));
	wqc_gate_open(ks->probe->gate);
	KUNIT_EXPECT_TRUE(test, wqc_eventually(atomic_read(&ks->ran) == 4));
	wqc_settle(test);
	for (i = 0; i < 4; i++)
		KUNIT_EXPECT_EQ(test, i, ks->order[i]);
}

/* Memory with an item that has run, or that is in no worker, is freed without a report. */
static void idle_item_is_freed_silently(struct kunit *test)
{
	struct nt_ks *ks = nt_ks_new(test, DelayedWorkQueue);
	struct nt_ks_one one = { ks, 0 };
	PWORK_QUEUE_ITEM other = nt_ks_pool_item(test, &one);
	PWORK_QUEUE_ITEM block = nt_ks_pool_item(test, &one);
	u64 freed = wqc_reports(test, KS_FREED);

	KsQueueWorkItem(ks->worker, &block[1]);
	KUNIT_EXPECT_TRUE(test, wqc_eventually(atomic_read(&ks->ran) == 1));
	wqc_settle(test);
	wqc_hold(test, DelayedWorkQueue);
	ExInitializeWorkItem(&ks->items[0], nt_ks_note, &one);
	KsQueueWorkItem(ks->worker, &ks->items[0]);
	/* As an item that waits looks, but for the worker. */
	other[1] = ks->items[0];
	other[1].List.Flink = (PLIST_ENTRY)&other[1].WorkerRoutine;
	ExFreePoolWithTag(block, NT_KS_TAG);
	ExFreePoolWithTag(other, NT_KS_TAG);
	wqc_release(test);
	KUNIT_EXPECT_TRUE(test, wqc_eventually(atomic_read(&ks->ran) == 2));
	wqc_settle(test);
	KUNIT_EXPECT_EQ(test, freed, wqc_reports(test, KS_FREED));
}

/* A counted item that is freed before its worker is unregistered is not accessed again. */
static void freed_counted_item_is_not_queued(struct kunit *test)
{
	u64 invalid = wqc_reports(test, "invalid item"), freed = wqc_reports(test, KS_FREED);
	struct nt_ks *ks = nt_ks_alloc(test);
	struct nt_ks_one one = { ks, 0 };
	PWORK_QUEUE_ITEM other = nt_ks_pool_item(test, &one);
	PWORK_QUEUE_ITEM block = nt_ks_pool_item(test, &one);

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			KsRegisterCountedWorker(DelayedWorkQueue, &block[1], &ks->worker));
	ExFreePoolWithTag(other, NT_KS_TAG);
	KUNIT_EXPECT_EQ(test, 1, KsIncrementCountedWorker(ks->worker));
	KUNIT_EXPECT_TRUE(test, wqc_eventually(atomic_read(&ks->ran) == 1));
	wqc_settle(test);
	KUNIT_EXPECT_EQ(test, 0, KsDecrementCountedWorker(ks->worker));
	ExFreePoolWithTag(block, NT_KS_TAG);
	KUNIT_EXPECT_EQ(test, freed, wqc_reports(test, KS_FREED));
	KUNIT_EXPECT_EQ(test, invalid, wqc_reports(test, "invalid item"));
	KsIncrementCountedWorker(ks->worker);
	KUNIT_EXPECT_EQ(test, invalid + 1, wqc_reports(test, "invalid item"));
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&ks->ran));
}

/*
 * An item that is initialised while it waits is still queued, and so are those behind it: it cannot
 * be queued again before it has run, in another worker either.
 */
static void item_initialised_while_it_waits_runs_once(struct kunit *test)
{
	u64 twice = wqc_reports(test, "item queued while it is queued");
	struct nt_ks *ks = nt_ks_new(test, DelayedWorkQueue);
	struct nt_ks *other = nt_ks_new(test, DelayedWorkQueue);
	struct nt_ks_one ones[2] = { { ks, 0 }, { ks, 1 } };
	int i;

	wqc_hold(test, DelayedWorkQueue);
	for (i = 0; i < 2; i++) {
		ExInitializeWorkItem(&ks->items[i], nt_ks_note, &ones[i]);
		KsQueueWorkItem(ks->worker, &ks->items[i]);
	}
	ExInitializeWorkItem(&ks->items[0], nt_ks_note, &ones[0]);
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, KsQueueWorkItem(ks->worker, &ks->items[0]));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER,
			KsQueueWorkItem(other->worker, &ks->items[1]));
	wqc_release(test);
	KUNIT_EXPECT_TRUE(test, wqc_eventually(atomic_read(&ks->ran) == 2));
	wqc_settle(test);
	KUNIT_EXPECT_EQ(test, twice + 2, wqc_reports(test, "item queued while it is queued"));
	KUNIT_EXPECT_EQ(test, 0, ks->order[0]);
	KUNIT_EXPECT_EQ(test, 1, ks->order[1]);
}

/* An item that is overwritten while it waits is reported. The worker runs what is queued later. */
static void overwritten_item_is_reported(struct kunit *test)
{
	u64 bad = wqc_reports(test, BAD_ENTRY);
	struct nt_ks *ks = nt_ks_new(test, DelayedWorkQueue);
	struct nt_ks_one ones[3] = { { ks, 0 }, { ks, 1 }, { ks, 2 } };
	int i;

	wqc_hold(test, DelayedWorkQueue);
	for (i = 0; i < 2; i++) {
		ExInitializeWorkItem(&ks->items[i], nt_ks_note, &ones[i]);
		KsQueueWorkItem(ks->worker, &ks->items[i]);
	}
	memset(&ks->items[0], 0x5a, sizeof(ks->items[0]));
	wqc_release(test);
	KUNIT_EXPECT_TRUE(test, wqc_eventually(wqc_reports(test, BAD_ENTRY) == bad + 1));
	wqc_settle(test);
	ExInitializeWorkItem(&ks->items[2], nt_ks_note, &ones[2]);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, KsQueueWorkItem(ks->worker, &ks->items[2]));
	KUNIT_EXPECT_TRUE(test, wqc_eventually(atomic_read(&ks->ran) == 1));
	KUNIT_EXPECT_EQ(test, 2, ks->order[0]);
}

/*
 * An item that is cleared and queued again while it waits: the last one stays where it is, and runs
 * once. Another one runs in its turn, and those behind it are reported as lost. Each walk of such a
 * list has an end.
 */
static void cleared_item_is_queued_again(struct kunit *test)
{
	u64 twice = wqc_reports(test, "item queued while it is queued");
	u64 bad = wqc_reports(test, BAD_ENTRY), freed = wqc_reports(test, KS_FREED);
	struct nt_ks *ks = nt_ks_new(test, DelayedWorkQueue);
	struct nt_ks_one ones[3] = { { ks, 0 }, { ks, 1 }, { ks, 2 } };
	struct nt_ks_one never = { ks, 99 };
	PWORK_QUEUE_ITEM block;
	int last, i, n;

	for (last = 0; last < 3; last++) {
		i = last == 2 ? 1 : last;
		atomic_set(&ks->ran, 0);
		block = nt_ks_pool_item(test, &never);
		wqc_hold(test, DelayedWorkQueue);
		for (n = 0; n <= last; n++) {
			ExInitializeWorkItem(&ks->items[n], nt_ks_note, &ones[n]);
			KsQueueWorkItem(ks->worker, &ks->items[n]);
		}
		memset(&ks->items[i], 0, sizeof(ks->items[i]));
		ExInitializeWorkItem(&ks->items[i], nt_ks_note, &ones[i]);
		KUNIT_EXPECT_EQ(test, i == last ? STATUS_INVALID_PARAMETER : STATUS_SUCCESS,
				KsQueueWorkItem(ks->worker, &ks->items[i]));
		KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, KsQueueWorkItem(ks->worker, &block[1]));
		ExFreePoolWithTag(block, NT_KS_TAG);
		wqc_release(test);
		KUNIT_EXPECT_TRUE(test, wqc_eventually(atomic_read(&ks->ran) == i + 1));
		wqc_settle(test);
		KUNIT_EXPECT_EQ(test, i + 1, atomic_read(&ks->ran));
		KUNIT_EXPECT_EQ(test, i, ks->order[i]);
	}
	KUNIT_EXPECT_EQ(test, twice + 2, wqc_reports(test, "item queued while it is queued"));
	KUNIT_EXPECT_EQ(test, bad + 1, wqc_reports(test, BAD_ENTRY));
	KUNIT_EXPECT_EQ(test, freed + 3, wqc_reports(test, KS_FREED));
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
	KUNIT_CASE(item_in_freed_memory_does_not_run),
	KUNIT_CASE(idle_item_is_freed_silently),
	KUNIT_CASE(freed_counted_item_is_not_queued),
	KUNIT_CASE(item_initialised_while_it_waits_runs_once),
	KUNIT_CASE(overwritten_item_is_reported),
	KUNIT_CASE(cleared_item_is_queued_again),
	KUNIT_CASE(reports_name_the_workers_routine),
	{}
};

static struct kunit_suite nt_ks_suite = {
	.name = "wqc_nt_ks",
	.test_cases = nt_ks_cases,
};

kunit_test_suite(nt_ks_suite);
