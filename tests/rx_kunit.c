// SPDX-License-Identifier: GPL-2.0
/*
 * RxPostToWorkerThread() and RxDispatchToWorkerThread(): the CPU on which an item runs, when its
 * owner may reuse the item, and which content its memory may have. Refusals: rxinput_kunit.c.
 */
#include <linux/hrtimer.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/vmalloc.h>

#include "rx_test.h"

/* A posted item's routine is called once for each post, with its context. */
static void posted_item_runs_once_with_its_context(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	struct rx_probe *probe = rx_probe_new(test, rx_device(test));
	unsigned int i, rounds = wqc_rounds(1000, 20);

	for (i = 1; i <= rounds; i++) {
		KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, rx_post(probe, class->type));
		KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
		KUNIT_ASSERT_EQ(test, i, atomic_read(&probe->runs));
	}
	KUNIT_EXPECT_PTR_EQ(test, probe->context, (void *)probe);
}

/* A dispatched routine is called once for each dispatch, with its context. */
static void dispatched_routine_runs_once_with_its_context(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	struct rx_probe *probe = rx_probe_new(test, rx_device(test));
	unsigned int i, rounds = wqc_rounds(1000, 20);

	for (i = 1; i <= rounds; i++) {
		KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
				RxDispatchToWorkerThread(probe->device, class->type, rx_run,
							 probe));
		KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
		KUNIT_ASSERT_EQ(test, i, atomic_read(&probe->runs));
	}
	KUNIT_EXPECT_PTR_EQ(test, probe->context, (void *)probe);
}

static void rx_post_here(void *arg)
{
	struct rx_probe *probe = arg;

	probe->status = rx_post(probe, probe->type);
}

static void rx_dispatch_here(void *arg)
{
	struct rx_probe *probe = arg;

	probe->status = RxDispatchToWorkerThread(probe->device, probe->type, rx_run, probe);
}

/* Both calls work in every context, up to hard interrupts, in every class. */
static void both_calls_work_in_every_context(struct kunit *test)
{
	const enum wqc_context *context = test->param_value;
	PRDBSS_DEVICE_OBJECT device = rx_device(test);
	struct rx_probe *probe;
	int i;

	for (i = 0; i < ARRAY_SIZE(wqc_class_params); i++) {
		probe = rx_probe_new(test, device);
		probe->type = wqc_class_params[i].type;
		wqc_call_in(test, *context, rx_post_here, probe);
		KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, probe->status);
		KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
		wqc_call_in(test, *context, rx_dispatch_here, probe);
		KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, probe->status);
		KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
	}
}

/* ---- the posting CPU ------------------------------------------------------ */

struct rx_placed {
	RX_WORK_QUEUE_ITEM item;
	struct rx_placing *placing;
	int cpu;
};

struct rx_placing {
	PRDBSS_DEVICE_OBJECT device;
	WORK_QUEUE_TYPE type;
	unsigned int count;		/* from each CPU */
	struct rx_placed *items;
	atomic_t ran, elsewhere, refused;
};

static VOID rx_note_cpu(PVOID context)
{
	struct rx_placed *placed = context;
	struct rx_placing *placing = placed->placing;

	if (raw_smp_processor_id() != placed->cpu)
		atomic_inc(&placing->elsewhere);
	atomic_inc(&placing->ran);
}

static void rx_post_from(void *arg, int cpu)
{
	struct rx_placing *placing = arg;
	struct rx_placed *placed = placing->items + cpu * placing->count;
	unsigned int i;

	for (i = 0; i < placing->count; i++, placed++) {
		placed->placing = placing;
		placed->cpu = cpu;
		if (RxPostToWorkerThread(placing->device, placing->type, &placed->item,
					 rx_note_cpu, placed))
			atomic_inc(&placing->refused);
		cond_resched();
	}
}

static void rx_vfree(void *memory)
{
	vfree(memory);
}

/* "Queues work onto the same processor": an item runs on the CPU that posted it. */
static void every_item_runs_on_the_cpu_that_posted_it(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	struct rx_placing *placing = kunit_kzalloc(test, sizeof(*placing), GFP_KERNEL);
	int posted;

	KUNIT_ASSERT_NOT_NULL(test, placing);
	placing->count = wqc_rounds(10000, 100);
	placing->items = vzalloc(array3_size(nr_cpu_ids, placing->count,
					     sizeof(*placing->items)));
	KUNIT_ASSERT_NOT_NULL(test, placing->items);
	wqc_at_exit(test, rx_vfree, placing->items);
	placing->device = rx_device(test);
	placing->type = class->type;
	wqc_on_all_cpus(test, rx_post_from, placing);
	posted = num_online_cpus() * placing->count;
	KUNIT_EXPECT_TRUE(test, wqc_eventually(atomic_read(&placing->ran) == posted));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&placing->refused));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&placing->elsewhere));
}

/* ---- the item ------------------------------------------------------------- */

/*
 * Values that memory may hold in the place of List.Blink: a pointer of the kernel or of a user,
 * a small number. (One in 300 of all words reads as the module's mark, whose checksum has eight
 * bits: see wqc_mark_is_plausible().)
 */
static LIST_ENTRY *rx_some_pointer(unsigned int i)
{
	u64 word = get_random_u64();

	return (LIST_ENTRY *)(uintptr_t)(i % 3 == 0 ? word | 0xffULL << 56 :
					 i % 3 == 1 ? word >> 17 : word >> 40);
}

/* A post initialises the item, whatever the item held before. */
static void post_initialises_an_item_with_any_content(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	struct rx_probe *probe = rx_probe_new(test, rx_device(test));
	RX_WORK_QUEUE_ITEM *item = &probe->request.WorkQueueItem;
	static const u8 fills[] = { 0x00, 0xff, 0x6b, 0x5a, 0xa5, 0xcc, 0xcd, 0xfd };
	unsigned int i, runs = 0, rounds = wqc_rounds(10000, 200);

	for (i = 0; i < ARRAY_SIZE(fills) + 4 + rounds; i++) {
		if (i < ARRAY_SIZE(fills)) {
			memset(item, fills[i], sizeof(*item));
		} else if (i == ARRAY_SIZE(fills)) {
			memset32((u32 *)item, 0xdeadbeef, sizeof(*item) / 4);
		} else if (i == ARRAY_SIZE(fills) + 1) {
			item->List.Flink = &item->List;
			item->List.Blink = &item->List;
		} else if (i == ARRAY_SIZE(fills) + 2) {
			/* An RX item in the state in which its last run has left it. */
			KUNIT_EXPECT_PTR_EQ(test, item->pDeviceObject, probe->device);
		} else if (i == ARRAY_SIZE(fills) + 3) {
			ExInitializeWorkItem(item, NULL, NULL);
		} else {
			get_random_bytes(item, sizeof(*item));
			item->List.Blink = rx_some_pointer(i);
		}
		KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, rx_post(probe, class->type));
		KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
		KUNIT_ASSERT_EQ(test, ++runs, atomic_read(&probe->runs));
	}
}

/*
 * A queued item is not queued again: the call returns a status and is reported, and the item
 * runs once.
 */
static void post_of_a_queued_item_is_refused_and_reported(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	struct rx_probe *probe = rx_probe_new(test, rx_device(test));
	u64 reports = wqc_reports(test, RX_REFUSED_TWICE);
	NTSTATUS first, second;

	preempt_disable();
	first = rx_post(probe, class->type);
	second = rx_post(probe, class->type);
	preempt_enable();
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, first);
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, second);
	KUNIT_EXPECT_TRUE(test, wqc_done(&probe->ran));
	KUNIT_EXPECT_EQ(test, reports + 1, wqc_reports(test, RX_REFUSED_TWICE));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RxSpinDownMRxDispatcher(probe->device));
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&probe->runs));
}

struct rx_race {
	struct rx_probe *probe;
	unsigned int rounds;
	atomic_t begun, ended, accepted, refused, other;
};

/*
 * Preemption stays off on every CPU until all CPUs have posted, so that no runner starts in
 * between.
 */
static void rx_race_to_post(void *arg, int cpu)
{
	struct rx_race *race = arg;
	unsigned int round, all;

	for (round = 1; round <= race->rounds; round++) {
		all = round * num_online_cpus();
		preempt_disable();
		atomic_inc(&race->begun);
		while (atomic_read(&race->begun) < all)
			cpu_relax();
		switch (rx_post(race->probe, race->probe->type)) {
		case STATUS_SUCCESS:
			atomic_inc(&race->accepted);
			break;
		case STATUS_INVALID_PARAMETER:
			atomic_inc(&race->refused);
			break;
		default:
			atomic_inc(&race->other);
		}
		atomic_inc(&race->ended);
		while (atomic_read(&race->ended) < all)
			cpu_relax();
		preempt_enable();
		while (atomic_read(&race->probe->returned) < atomic_read(&race->accepted))
			schedule_timeout_uninterruptible(1);
	}
}

/* Of the CPUs that post one item at the same time, exactly one is accepted. */
static void of_racing_posts_exactly_one_is_accepted(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	struct rx_race *race = kunit_kzalloc(test, sizeof(*race), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, race);
	race->rounds = wqc_rounds(100, 10);
	race->probe = rx_probe_new(test, rx_device(test));
	race->probe->type = class->type;
	wqc_on_all_cpus(test, rx_race_to_post, race);
	KUNIT_EXPECT_EQ(test, race->rounds, atomic_read(&race->accepted));
	KUNIT_EXPECT_EQ(test, race->rounds * (num_online_cpus() - 1), atomic_read(&race->refused));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&race->other));
	KUNIT_EXPECT_EQ(test, race->rounds, atomic_read(&race->probe->runs));
}

static VOID rx_free_self(PVOID context)
{
	struct rx_probe *probe = context;
	struct wqc_gate *gate = probe->gate;

	memset(probe, 0x6b, sizeof(*probe));
	kfree(probe);
	complete(&gate->arrived);
}

/* The routine owns the item: it may free the structure that holds it. */
static void routine_may_free_the_structure_of_its_item(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	PRDBSS_DEVICE_OBJECT device = rx_device(test);
	struct wqc_gate *gate = wqc_gate_new(test);
	unsigned int i, rounds = wqc_rounds(1000, 20);
	struct rx_probe *probe;

	for (i = 0; i < rounds; i++) {
		probe = kzalloc(sizeof(*probe), GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, probe);
		probe->gate = gate;
		KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
				RxPostToWorkerThread(device, class->type,
						     &probe->request.WorkQueueItem, rx_free_self,
						     probe));
	}
	KUNIT_EXPECT_TRUE(test, wqc_gate_arrivals(gate, rounds));
}

static VOID rx_post_again(PVOID context)
{
	struct rx_probe *probe = context;

	if (!atomic_dec_return(&probe->runs))
		complete(&probe->ran);
	else if (RxPostToWorkerThread(probe->device, probe->type, &probe->request.WorkQueueItem,
				      rx_post_again, probe))
		probe->status = STATUS_UNSUCCESSFUL;
}

/* The item is off the queue before its routine is called, so the routine may post it. */
static void routine_may_post_its_item_again(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	struct rx_probe *probe = rx_probe_new(test, rx_device(test));

	probe->type = class->type;
	atomic_set(&probe->runs, wqc_rounds(10000, 100));
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			RxPostToWorkerThread(probe->device, class->type,
					     &probe->request.WorkQueueItem, rx_post_again, probe));
	KUNIT_EXPECT_TRUE(test, wqc_done(&probe->ran));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, probe->status);
}

static VOID rx_note_queued(PVOID context)
{
	struct rx_probe *probe = context;

	probe->status = rx_is_queued(probe);
	complete(&probe->ran);
}

/* RxIsWorkItemQueued() is true from the post until the routine is entered. */
static void item_is_queued_from_the_post_to_its_routine(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	struct rx_probe *probe = rx_probe_new(test, rx_device(test));
	NTSTATUS status;
	bool queued;

	KUNIT_EXPECT_FALSE(test, RxIsWorkItemQueued(NULL));
	KUNIT_EXPECT_FALSE(test, rx_is_queued(probe));
	preempt_disable();
	status = RxPostToWorkerThread(probe->device, class->type, &probe->request.WorkQueueItem,
				      rx_note_queued, probe);
	queued = rx_is_queued(probe);
	preempt_enable();
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, status);
	KUNIT_EXPECT_TRUE(test, queued);
	KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
	KUNIT_EXPECT_EQ(test, 0, probe->status);
	KUNIT_EXPECT_FALSE(test, rx_is_queued(probe));
}

/*
 * A client's source names List, WorkerRoutine, Parameter and pDeviceObject as
 * members of the item, and uses it as a WORK_QUEUE_ITEM.
 */
static void members_have_the_names_of_the_header(struct kunit *test)
{
	struct rx_probe *probe = rx_probe_new(test, rx_device(test));
	RX_WORK_QUEUE_ITEM *item = &probe->request.WorkQueueItem, seen;

	preempt_disable();
	rx_post(probe, DelayedWorkQueue);
	seen = *item;
	preempt_enable();
	KUNIT_EXPECT_NOT_NULL(test, seen.List.Flink);
	KUNIT_EXPECT_PTR_EQ(test, seen.WorkerRoutine, (PWORKER_THREAD_ROUTINE)rx_run);
	KUNIT_EXPECT_PTR_EQ(test, seen.Parameter, (void *)probe);
	KUNIT_EXPECT_PTR_EQ(test, seen.pDeviceObject, probe->device);
	KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));

	ExInitializeWorkItem(item, rx_run, probe);
	KUNIT_EXPECT_NULL(test, item->List.Flink);
	ExQueueWorkItem(&item->WorkQueueItem, DelayedWorkQueue);
	KUNIT_EXPECT_TRUE(test, wqc_done(&probe->ran));
	KUNIT_EXPECT_EQ(test, 2, atomic_read(&probe->runs));
}

static struct kunit_case rx_cases[] = {
	KUNIT_CASE_PARAM(posted_item_runs_once_with_its_context, wqc_class_gen_params),
	KUNIT_CASE_PARAM(dispatched_routine_runs_once_with_its_context, wqc_class_gen_params),
	KUNIT_CASE_PARAM(both_calls_work_in_every_context, wqc_context_gen_params),
	KUNIT_CASE_PARAM(every_item_runs_on_the_cpu_that_posted_it, wqc_class_gen_params),
	KUNIT_CASE_PARAM(post_initialises_an_item_with_any_content, wqc_class_gen_params),
	KUNIT_CASE_PARAM(post_of_a_queued_item_is_refused_and_reported, wqc_class_gen_params),
	KUNIT_CASE_PARAM(of_racing_posts_exactly_one_is_accepted, wqc_class_gen_params),
	KUNIT_CASE_PARAM(routine_may_free_the_structure_of_its_item, wqc_class_gen_params),
	KUNIT_CASE_PARAM(routine_may_post_its_item_again, wqc_class_gen_params),
	KUNIT_CASE_PARAM(item_is_queued_from_the_post_to_its_routine, wqc_class_gen_params),
	KUNIT_CASE(members_have_the_names_of_the_header),
	{}
};

static struct kunit_suite wqc_rx_suite = {
	.name = "wqc_rx",
	.test_cases = rx_cases,
};

kunit_test_suite(wqc_rx_suite);
