// SPDX-License-Identifier: GPL-2.0
/*
 * Neither a queue call nor the thread that runs an item allocates memory: a queue call cannot
 * fail for want of memory, and reclaim, which may wait for an item, cannot deadlock with the
 * allocation. The cases count the allocations of the test's own thread, and of the module in
 * other threads.
 */
#include <linux/debug_locks.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/tracepoint.h>
#include <trace/events/kmem.h>

#include "rx_test.h"
#include "wqc_load.h"

#define ALLOC_CALLS	200
#define ALLOC_BLOCKERS	240	/* fewer than a class may have runners */

struct alloc_count {
	struct task_struct *task;
	atomic_t count, others;		/* of @task, of other threads */
	bool counting;
	void *probe;
};

/* The parameters of the events differ between kernels; this probe does not use them. */
static void alloc_happened(void *data)
{
	struct alloc_count *count = data;

	if (READ_ONCE(count->counting) && current == count->task && in_task())
		atomic_inc(&count->count);
}

static void alloc_unwatch(void *arg)
{
	struct alloc_count *count = arg;

	tracepoint_probe_unregister(&__tracepoint_kmalloc, count->probe, count);
	tracepoint_probe_unregister(&__tracepoint_kmem_cache_alloc, count->probe, count);
	tracepoint_synchronize_unregister();
	kfree(count);
}

static struct alloc_count *alloc_watch(struct kunit *test, void *probe)
{
	struct alloc_count *count = kzalloc(sizeof(*count), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, count);
	count->task = current;
	count->probe = probe;
	KUNIT_ASSERT_EQ(test, 0, tracepoint_probe_register(&__tracepoint_kmalloc, probe, count));
	wqc_at_exit(test, alloc_unwatch, count);
	KUNIT_ASSERT_EQ(test, 0, tracepoint_probe_register(&__tracepoint_kmem_cache_alloc, probe,
							   count));
	return count;
}

struct alloc_calls {
	struct alloc_count *count;
	struct wqc_probe *ex, *done;	/* ALLOC_CALLS of each */
	PIO_WORKITEM *io;
	struct rx_probe *rx;
	WORK_QUEUE_TYPE type;
	unsigned int tried;
	NTSTATUS status;
};

static void alloc_begin(struct alloc_calls *calls)
{
	WRITE_ONCE(calls->count->counting, true);
}

static void alloc_end(struct alloc_calls *calls)
{
	WRITE_ONCE(calls->count->counting, false);
}

/* Control: the watch counts an allocation. */
static void alloc_control(struct kunit *test, struct alloc_calls *calls)
{
	void *memory;

	alloc_begin(calls);
	memory = kmalloc(ALLOC_CALLS, GFP_KERNEL);
	alloc_end(calls);
	kfree(memory);
	KUNIT_ASSERT_EQ(test, 1, atomic_read(&calls->count->count));
	atomic_set(&calls->count->count, 0);
}

/* More items than there are idle runners, so that the calls ask for more runners too. */
static void alloc_queue_all(struct alloc_calls *calls)
{
	int i;

	alloc_begin(calls);
	for (i = 0; i < ALLOC_CALLS; i++) {
		ExInitializeWorkItem(&calls->ex[i].item, wqc_probe_ex, &calls->ex[i]);
		ExQueueWorkItem(&calls->ex[i].item, calls->type);
		switch (i % 3) {
		case 0:
			IoQueueWorkItem(calls->io[i], wqc_probe_io, calls->type, &calls->done[i]);
			break;
		case 1:
			IoQueueWorkItemEx(calls->io[i], wqc_probe_io_ex, calls->type,
					  &calls->done[i]);
			break;
		default:
			calls->tried += IoTryQueueWorkItem(calls->io[i], wqc_probe_io_ex,
							   calls->type, &calls->done[i]);
		}
	}
	calls->status = rx_post(calls->rx, calls->type);
	_RxLog("allocates nothing: %s %ld\n", "at all", i);
	alloc_end(calls);
}

static void alloc_cancel(struct alloc_calls *calls)
{
	calls->rx->status = rx_once(calls->rx, RX_LATE);
	calls->rx->status = calls->rx->status ?: rx_cancel(calls->rx);
}

/*
 * ExQueueWorkItem(), the three calls for I/O items, RxPostToWorkerThread(),
 * RxPostOneShotTimerRequest(), RxCancelTimerRequest() and _RxLog() allocate nothing, in any
 * class.
 */
static void queue_calls_allocate_nothing(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	struct alloc_calls *calls = kunit_kzalloc(test, sizeof(*calls), GFP_KERNEL);
	PDEVICE_OBJECT device = wqc_test_device(test);
	int i, runs = 0;

	if (IS_ENABLED(CONFIG_DEBUG_OBJECTS) || IS_ENABLED(CONFIG_DEBUG_KMEMLEAK))
		kunit_skip(test, "this kernel's own checks allocate");
	KUNIT_ASSERT_NOT_NULL(test, calls);
	calls->ex = wqc_probes_new(test, ALLOC_CALLS);
	calls->done = wqc_probes_new(test, ALLOC_CALLS);
	calls->io = kunit_kcalloc(test, ALLOC_CALLS, sizeof(*calls->io), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, calls->io);
	for (i = 0; i < ALLOC_CALLS; i++)
		calls->io[i] = wqc_io_item(test, device);
	calls->rx = rx_probe_new(test, rx_device(test));
	calls->type = class->type;
	KUNIT_ASSERT_TRUE(test, wqc_settled(test));
	calls->count = alloc_watch(test, alloc_happened);
	alloc_control(test, calls);
	alloc_queue_all(calls);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, calls->status);
	KUNIT_EXPECT_TRUE(test, wqc_done(&calls->rx->ran));
	alloc_begin(calls);
	alloc_cancel(calls);
	alloc_end(calls);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, calls->rx->status);
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&calls->count->count));
	KUNIT_EXPECT_TRUE(test, wqc_settled(test));
	KUNIT_EXPECT_TRUE(test, wqc_ran_once(calls->ex, ALLOC_CALLS));
	for (i = 0; i < ALLOC_CALLS; i++) {
		runs += atomic_read(&calls->done[i].runs);
		IoFreeWorkItem(calls->io[i]);
	}
	KUNIT_EXPECT_EQ(test, runs, ALLOC_CALLS - ALLOC_CALLS / 3 + (int)calls->tried);
}

#define ALLOC_RESERVE	16	/* one-shots of a device */

/*
 * The first ALLOC_RESERVE one-shots of a device allocate nothing, not even when they are posted
 * again, so that a driver that depends on them keeps working without memory. The next one
 * allocates.
 */
static void one_shots_in_reserve_allocate_nothing(struct kunit *test)
{
	struct rx_probe *probes[ALLOC_RESERVE + 1];
	struct alloc_calls calls = {};
	int i, round;

	if (IS_ENABLED(CONFIG_DEBUG_OBJECTS) || IS_ENABLED(CONFIG_DEBUG_KMEMLEAK))
		kunit_skip(test, "this kernel's own checks allocate");
	if (IS_ENABLED(CONFIG_PREEMPT_RT) || IS_ENABLED(CONFIG_PROVE_RAW_LOCK_NESTING))
		kunit_skip(test, "here callers that may sleep leave the reserve to others");
	probes[0] = rx_probe_new(test, rx_device(test));
	for (i = 1; i <= ALLOC_RESERVE; i++)
		probes[i] = rx_probe_new(test, probes[0]->device);
	calls.count = alloc_watch(test, alloc_happened);
	alloc_control(test, &calls);
	for (round = 0; round < 2; round++) {
		alloc_begin(&calls);
		for (i = 0; i < ALLOC_RESERVE; i++)
			calls.status |= rx_once(probes[i], round ? RX_LATE : 0);
		alloc_end(&calls);
		for (i = 0; i < ALLOC_RESERVE && !round; i++)
			KUNIT_EXPECT_TRUE(test, wqc_done(&probes[i]->ran));
	}
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, calls.status);
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&calls.count->count));
	alloc_begin(&calls);
	calls.status = rx_once(probes[ALLOC_RESERVE], RX_LATE);
	alloc_end(&calls);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, calls.status);
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&calls.count->count));
}

/* ---- threads that run items --------------------------------------------- */

#define RUN_ITEMS	300

/* Counts allocations by the module or by its threads. The next case counts those of the keeper. */
static void run_allocates(void *data, unsigned long call_site)
{
	struct alloc_count *count = data;
	char where[80];

	if (!READ_ONCE(count->counting) || !in_task() || !strcmp(current->comm, "wqc_keeper"))
		return;
	if (!(current->flags & PF_KTHREAD) && current != count->task)
		return;
	snprintf(where, sizeof(where), "%ps", (void *)call_site);
	if (!strstr(where, "[wq_compat]") && strncmp(current->comm, "wqc_", 4))
		return;
	atomic_inc(current == count->task ? &count->count : &count->others);
}

/*
 * From the queue call of an item to the end of its run, neither the module nor its threads
 * allocate.
 */
static void running_items_allocates_nothing(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	struct wqc_probe *probes = wqc_probes_new(test, RUN_ITEMS);
	struct rx_probe *rx = rx_probe_new(test, rx_device(test));
	struct alloc_count *count;
	int i;

	if (IS_ENABLED(CONFIG_DEBUG_OBJECTS) || IS_ENABLED(CONFIG_DEBUG_KMEMLEAK))
		kunit_skip(test, "this kernel's own checks allocate");
	KUNIT_ASSERT_TRUE(test, wqc_settled(test));
	count = alloc_watch(test, run_allocates);
	WRITE_ONCE(count->counting, true);
	/* Control: RxPostRecurrentTimerRequest() allocates. */
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, rx_recur(rx, RX_LATE));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, rx_cancel(rx));
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&count->count));
	for (i = 0; i < RUN_ITEMS; i++)
		wqc_probe_queue(&probes[i], class->type);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, rx_post(rx, class->type));
	KUNIT_EXPECT_TRUE(test, wqc_done(&rx->ran));
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&count->count));
	/* wqc_settled() reads debugfs, which allocates. */
	KUNIT_EXPECT_TRUE(test, wqc_settled(test));
	WRITE_ONCE(count->counting, false);
	KUNIT_EXPECT_TRUE(test, wqc_ran_once(probes, RUN_ITEMS));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&count->others));
}

/* Counts allocations by the keeper: @others all of them, @count those that may enter reclaim. */
static void keeper_allocates(void *data)
{
	struct alloc_count *count = data;

	if (!READ_ONCE(count->counting) || !in_task() || strcmp(current->comm, "wqc_keeper"))
		return;
	atomic_inc(&count->others);
	if (!(current->flags & PF_MEMALLOC))
		atomic_inc(&count->count);
}

/*
 * The keeper makes runners without direct reclaim. Reclaim could wait for an item that waits
 * for a runner, and no other thread makes runners, of any class, or reports a stall: a
 * deadlock.
 */
static void runners_are_made_without_reclaim(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	struct wqc_load *load = wqc_load_new(test, class->type, ALLOC_BLOCKERS);
	struct alloc_count *count = alloc_watch(test, keeper_allocates);
	unsigned int posted = 0;
	u64 grown;

	/*
	 * A class at its limit lends the runners that earlier cases have left: some must exit
	 * first.
	 */
	if (class->type != HyperCriticalWorkQueue)
		KUNIT_ASSERT_TRUE(test, wqc_eventually(wqc_counter(test, class->pool, "idle") <
						       ALLOC_BLOCKERS / 2));
	grown = wqc_counter(test, class->pool, "grown");
	WRITE_ONCE(count->counting, true);
	while (wqc_counter(test, class->pool, "grown") == grown && posted < ALLOC_BLOCKERS) {
		wqc_load_post(load, 20);
		posted += 20;
		KUNIT_ASSERT_TRUE(test, wqc_load_runs(load, 20));
	}
	WRITE_ONCE(count->counting, false);
	KUNIT_EXPECT_GT(test, wqc_counter(test, class->pool, "grown"), grown);
	KUNIT_EXPECT_GT(test, atomic_read(&count->others), 0);
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&count->count));
	KUNIT_EXPECT_TRUE(test, wqc_load_finish(load));
}

/*
 * No call that queues an item enters reclaim, and no call that dispatches or allocates one
 * enters a file system through reclaim: the caller may hold a lock that reclaim waits for.
 * lockdep reports an allocation that may enter reclaim, also when the allocation does not need
 * to.
 */
static void queue_calls_do_not_enter_reclaim(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	struct alloc_calls *calls = kunit_kzalloc(test, sizeof(*calls), GFP_KERNEL);
	PDEVICE_OBJECT device = wqc_test_device(test);
	NTSTATUS status;
	PIO_WORKITEM io;
	int i;

	if (!IS_ENABLED(CONFIG_LOCKDEP) || !debug_locks)
		kunit_skip(test, "this kernel does not look");
	KUNIT_ASSERT_NOT_NULL(test, calls);
	calls->count = kunit_kzalloc(test, sizeof(*calls->count), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, calls->count);
	calls->ex = wqc_probes_new(test, ALLOC_CALLS);
	calls->done = wqc_probes_new(test, ALLOC_CALLS);
	calls->io = kunit_kcalloc(test, ALLOC_CALLS, sizeof(*calls->io), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, calls->io);
	for (i = 0; i < ALLOC_CALLS; i++)
		calls->io[i] = wqc_io_item(test, device);
	calls->rx = rx_probe_new(test, rx_device(test));
	calls->type = class->type;

	fs_reclaim_acquire(GFP_KERNEL);
	alloc_queue_all(calls);
	io = IoAllocateWorkItem(device);
	if (io)
		IoFreeWorkItem(io);
	status = RxDispatchToWorkerThread(calls->rx->device, class->type, rx_run, calls->rx);
	fs_reclaim_release(GFP_KERNEL);

	KUNIT_EXPECT_TRUE(test, debug_locks);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, calls->status);
	KUNIT_EXPECT_TRUE(test, wqc_done_times(&calls->rx->ran, status ? 1 : 2));
	fs_reclaim_acquire(GFP_KERNEL);
	alloc_cancel(calls);
	fs_reclaim_release(GFP_KERNEL);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, calls->rx->status);
	KUNIT_EXPECT_TRUE(test, debug_locks);
	KUNIT_EXPECT_TRUE(test, wqc_settled(test));
	for (i = 0; i < ALLOC_CALLS; i++)
		IoFreeWorkItem(calls->io[i]);
}

static struct kunit_case alloc_cases[] = {
	KUNIT_CASE_PARAM(queue_calls_allocate_nothing, wqc_class_gen_params),
	KUNIT_CASE(one_shots_in_reserve_allocate_nothing),
	KUNIT_CASE_PARAM(running_items_allocates_nothing, wqc_class_gen_params),
	KUNIT_CASE_PARAM(runners_are_made_without_reclaim, wqc_class_gen_params),
	KUNIT_CASE_PARAM(queue_calls_do_not_enter_reclaim, wqc_class_gen_params),
	{}
};

static struct kunit_suite wqc_alloc_suite = {
	.name = "wqc_alloc",
	.test_cases = alloc_cases,
};

kunit_test_suite(wqc_alloc_suite);
