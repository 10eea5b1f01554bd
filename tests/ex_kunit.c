// SPDX-License-Identifier: GPL-2.0
/*
 * Executive work items: the promises of ExQueueWorkItem(), in every class.
 */
#include <linux/list.h>
#include <linux/slab.h>

#include "wqc_probe.h"

/* ---- initialising -------------------------------------------------------- */

/*
 * ExInitializeWorkItem() accepts any structure with the three members, at any offsets, and
 * writes to no other member, not even List.Blink.
 */
static void macro_sets_three_members_of_any_structure(struct kunit *test)
{
	struct {
		u64 before;
		void *Parameter;
		u64 between;
		PWORKER_THREAD_ROUTINE WorkerRoutine;
		LIST_ENTRY List;
		u64 after;
	} other;

	memset(&other, 0xa5, sizeof(other));
	ExInitializeWorkItem(&other, wqc_probe_ex, test);
	KUNIT_EXPECT_PTR_EQ(test, (void *)other.WorkerRoutine, (void *)wqc_probe_ex);
	KUNIT_EXPECT_PTR_EQ(test, other.Parameter, (void *)test);
	KUNIT_EXPECT_NULL(test, other.List.Flink);
	KUNIT_EXPECT_EQ(test, (u64)(uintptr_t)other.List.Blink, 0xa5a5a5a5a5a5a5a5ULL);
	KUNIT_EXPECT_EQ(test, other.before, 0xa5a5a5a5a5a5a5a5ULL);
	KUNIT_EXPECT_EQ(test, other.between, 0xa5a5a5a5a5a5a5a5ULL);
	KUNIT_EXPECT_EQ(test, other.after, 0xa5a5a5a5a5a5a5a5ULL);
}

/*
 * There is no hidden initialised state: an item whose routine and parameter were stored by hand
 * can be queued, whatever its memory held before.
 */
static void item_may_be_filled_by_hand(struct kunit *test)
{
	static const u8 fills[] = { 0x00, 0xff, 0x5a, 0x6b, 0xa5, 0xcc, 0xdd, 0xfe };
	struct wqc_probe *probe = wqc_probe_new(test);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(fills); i++) {
		memset(&probe->item, fills[i], sizeof(probe->item));
		probe->item.WorkerRoutine = wqc_probe_ex;
		probe->item.Parameter = probe;
		ExQueueWorkItem(&probe->item, probe->type);
		KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
	}
	KUNIT_EXPECT_EQ(test, atomic_read(&probe->runs), (int)ARRAY_SIZE(fills));
}

/*
 * A driver may park items on lists of its own by their List, queue them from there,
 * and park them again after they ran: stale pointers in Flink and Blink, to other
 * items too, do not make an item look queued.
 */
static void item_may_be_parked_on_a_list_of_the_driver(struct kunit *test)
{
	struct wqc_probe *probes = wqc_probes_new(test, 8);
	unsigned int i, round;
	LIST_ENTRY head, *entry;

	head.Flink = &head;
	head.Blink = &head;
	for (i = 0; i < 8; i++)
		ExInitializeWorkItem(&probes[i].item, wqc_probe_ex, &probes[i]);
	for (round = 1; round <= 3; round++) {
		for (i = 0; i < 8; i++) {
			entry = &probes[i].item.List;	/* InsertTailList() */
			entry->Flink = &head;
			entry->Blink = head.Blink;
			head.Blink->Flink = entry;
			head.Blink = entry;
		}
		while (head.Flink != &head) {
			entry = head.Flink;		/* RemoveHeadList() */
			head.Flink = entry->Flink;
			entry->Flink->Blink = &head;
			ExQueueWorkItem(container_of(entry, WORK_QUEUE_ITEM, List), probes[0].type);
		}
		for (i = 0; i < 8; i++) {
			KUNIT_ASSERT_TRUE(test, wqc_done(&probes[i].ran));
			KUNIT_EXPECT_EQ(test, round, atomic_read(&probes[i].runs));
		}
		KUNIT_ASSERT_TRUE(test, wqc_settled(test));
	}
}

/* A driver may call Item->WorkerRoutine(Item->Parameter) itself, and queue it too. */
static void driver_may_call_the_routine_itself(struct kunit *test)
{
	struct wqc_probe *probe = wqc_probe_new(test);

	ExInitializeWorkItem(&probe->item, wqc_probe_ex, probe);
	probe->item.WorkerRoutine(probe->item.Parameter);
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&probe->runs));
	ExQueueWorkItem(&probe->item, probe->type);
	KUNIT_ASSERT_TRUE(test, wqc_done_times(&probe->ran, 2));
	probe->item.WorkerRoutine(probe->item.Parameter);
	KUNIT_EXPECT_EQ(test, 3, atomic_read(&probe->runs));
}

/* ---- one run ------------------------------------------------------------- */

/* Each time that an item is queued, its routine is called once, with the item's context. */
static void item_runs_once_with_its_context(struct kunit *test)
{
	struct wqc_probe *probe = wqc_probe_new(test);
	unsigned int i, rounds = wqc_rounds(300, 20);

	for (i = 1; i <= rounds; i++) {
		wqc_probe_queue(probe, probe->type);
		KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
		KUNIT_ASSERT_EQ(test, i, atomic_read(&probe->runs));
	}
	KUNIT_EXPECT_PTR_EQ(test, probe->context, (void *)probe);
}

static VOID ex_free_self(PVOID context)
{
	struct wqc_probe *probe = context;
	struct wqc_gate *gate = probe->gate;

	memset(probe, 0x6b, sizeof(*probe));
	kfree(probe);
	complete(&gate->arrived);
}

/* The routine owns the item: it may free the memory that holds it. */
static void item_may_be_freed_inside_its_routine(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	struct wqc_gate *gate = wqc_gate_new(test);
	unsigned int i, rounds = wqc_rounds(300, 20);
	struct wqc_probe *probe;

	for (i = 0; i < rounds; i++) {
		probe = kzalloc(sizeof(*probe), GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, probe);
		probe->gate = gate;
		ExInitializeWorkItem(&probe->item, ex_free_self, probe);
		ExQueueWorkItem(&probe->item, class->type);
	}
	KUNIT_EXPECT_TRUE(test, wqc_gate_arrivals(gate, rounds));
}

static VOID ex_fill_item(PVOID context)
{
	struct wqc_probe *probe = context;

	memset(&probe->item, 0x5a, sizeof(probe->item));
	complete(&probe->ran);
}

/*
 * From the first instruction of the routine, the module does not write to the item: bytes that
 * the routine stores there are unchanged after the run.
 */
static void item_is_not_written_once_its_routine_is_entered(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	struct wqc_probe *probe = wqc_probe_new(test);
	u64 finished = wqc_counter(test, class->pool, "finished");
	unsigned int i, rounds = wqc_rounds(20, 5);

	for (i = 1; i <= rounds; i++) {
		ExInitializeWorkItem(&probe->item, ex_fill_item, probe);
		ExQueueWorkItem(&probe->item, class->type);
		KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
		KUNIT_ASSERT_TRUE(test, wqc_eventually(wqc_counter(test, class->pool, "finished") >=
						       finished + i));
		KUNIT_ASSERT_NULL(test, memchr_inv(&probe->item, 0x5a, sizeof(probe->item)));
	}
}

static VOID ex_set_event(PVOID context)
{
	complete(context);
}

static noinline bool ex_run_from_stack(const struct wqc_class_param *class)
{
	DECLARE_COMPLETION_ONSTACK(ran);
	WORK_QUEUE_ITEM item;

	ExInitializeWorkItem(&item, ex_set_event, &ran);
	ExQueueWorkItem(&item, class->type);
	return wqc_done(&ran);
}

/*
 * An item may be in the stack frame of a thread that waits for an event. The routine sets the
 * event, and the frame may be gone before the routine has returned.
 */
static void item_may_live_in_a_stack_frame(struct kunit *test)
{
	unsigned int i, rounds = wqc_rounds(300, 20);

	for (i = 0; i < rounds; i++)
		KUNIT_ASSERT_TRUE(test, ex_run_from_stack(test->param_value));
}

static VOID ex_complete_item(PVOID context)
{
	complete(&container_of(context, struct wqc_probe, item)->ran);
}

static PVOID ex_null_context;
static struct completion ex_null_ran;

static VOID ex_take_context(PVOID context)
{
	ex_null_context = context;
	complete(&ex_null_ran);
}

/* The context is the driver's: it may be the item itself, or NULL. */
static void context_may_be_the_item_or_null(struct kunit *test)
{
	struct wqc_probe *probes = wqc_probes_new(test, 2);

	ExInitializeWorkItem(&probes[0].item, ex_complete_item, &probes[0].item);
	ExQueueWorkItem(&probes[0].item, probes[0].type);
	KUNIT_ASSERT_TRUE(test, wqc_done(&probes[0].ran));
	ex_null_context = test;
	init_completion(&ex_null_ran);
	ExInitializeWorkItem(&probes[1].item, ex_take_context, NULL);
	ExQueueWorkItem(&probes[1].item, probes[1].type);
	KUNIT_ASSERT_TRUE(test, wqc_done(&ex_null_ran));
	KUNIT_EXPECT_NULL(test, ex_null_context);
}

/* ---- more than one run --------------------------------------------------- */

static VOID ex_again(PVOID context)
{
	struct wqc_probe *probe = context;

	if (atomic_inc_return(&probe->runs) < probe->rounds)
		ExQueueWorkItem(&probe->item, probe->type);
	else
		complete(&probe->ran);
}

/* The item is off the queue before its routine is called, so the routine may queue it again. */
static void item_may_queue_itself_again(struct kunit *test)
{
	struct wqc_probe *probe = wqc_probe_new(test);

	probe->rounds = wqc_rounds(10000, 200);
	ExInitializeWorkItem(&probe->item, ex_again, probe);
	ExQueueWorkItem(&probe->item, probe->type);
	KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
	KUNIT_EXPECT_EQ(test, probe->rounds, atomic_read(&probe->runs));
}

/* The n-th run expects class n % 3, and queues the next run. */
static VOID ex_next_class(PVOID context)
{
	struct wqc_probe *probe = context;
	unsigned int run = atomic_inc_return(&probe->runs) - 1;
	struct wqc_seen seen;

	wqc_look(&seen);
	if (strcmp(wqc_seen_class(&seen), wqc_class_params[run % 3].name))
		probe->wrong++;
	if (run + 1 < probe->rounds)
		ExQueueWorkItem(&probe->item, wqc_class_params[(run + 1) % 3].type);
	else
		complete(&probe->ran);
}

/* The class belongs to the queue call, not to the item: the next call may use another class. */
static void item_may_queue_itself_on_another_class(struct kunit *test)
{
	struct wqc_probe *probe = wqc_probe_new(test);

	probe->rounds = wqc_rounds(3000, 60);
	ExInitializeWorkItem(&probe->item, ex_next_class, probe);
	ExQueueWorkItem(&probe->item, wqc_class_params[0].type);
	KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
	KUNIT_EXPECT_EQ(test, probe->rounds, atomic_read(&probe->runs));
	KUNIT_EXPECT_EQ(test, 0, probe->wrong);
}

static VOID ex_other_routine(PVOID context)
{
	struct wqc_probe *probe = context;

	probe->ok = atomic_read(&probe->runs) == 1;
	complete(&probe->ran);
}

static VOID ex_change_routine(PVOID context)
{
	struct wqc_probe *probe = context;

	atomic_inc(&probe->runs);
	ExInitializeWorkItem(&probe->item, ex_other_routine, probe);
	ExQueueWorkItem(&probe->item, probe->type);
}

/* The routine may initialise its item again with another routine, and queue it. */
static void item_may_be_queued_again_with_another_routine(struct kunit *test)
{
	struct wqc_probe *probe = wqc_probe_new(test);

	ExInitializeWorkItem(&probe->item, ex_change_routine, probe);
	ExQueueWorkItem(&probe->item, probe->type);
	KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
	KUNIT_EXPECT_TRUE(test, probe->ok);
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&probe->runs));
}

static VOID ex_wait_for_second(PVOID context)
{
	struct wqc_probe *probe = context;

	atomic_inc(&probe->runs);
	complete(&probe->ran);
	probe->ok = wqc_done(&probe->second);
	complete(&probe->ran);
}

static VOID ex_complete_second(PVOID context)
{
	struct wqc_probe *probe = context;

	atomic_inc(&probe->runs);
	complete(&probe->second);
}

/* From the first instruction of the routine, any thread may initialise and queue the item again. */
static void item_may_be_initialised_again_while_it_runs(struct kunit *test)
{
	struct wqc_probe *probe = wqc_probe_new(test);

	ExInitializeWorkItem(&probe->item, ex_wait_for_second, probe);
	ExQueueWorkItem(&probe->item, probe->type);
	KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
	ExInitializeWorkItem(&probe->item, ex_complete_second, probe);
	ExQueueWorkItem(&probe->item, probe->type);
	KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
	KUNIT_EXPECT_TRUE(test, probe->ok);
	KUNIT_EXPECT_EQ(test, 2, atomic_read(&probe->runs));
}

static VOID ex_overlap(PVOID context)
{
	struct wqc_probe *probe = context;

	if (atomic_inc_return(&probe->runs) == 1) {
		ExQueueWorkItem(&probe->item, probe->type);
		probe->ok = wqc_done(&probe->second);
		complete(&probe->ran);
	} else {
		complete(&probe->second);
	}
}

/* Two runs of one item may overlap: the first may even wait for the second. */
static void two_runs_of_one_item_may_overlap(struct kunit *test)
{
	unsigned int i, rounds = wqc_rounds(100, 10);

	for (i = 0; i < rounds; i++) {
		struct wqc_probe *probe = wqc_probe_new(test);

		ExInitializeWorkItem(&probe->item, ex_overlap, probe);
		ExQueueWorkItem(&probe->item, probe->type);
		KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
		KUNIT_ASSERT_TRUE(test, probe->ok);
		KUNIT_ASSERT_EQ(test, 2, atomic_read(&probe->runs));
		kunit_kfree(test, probe);
	}
}

/*
 * The memory of a running item may be reused for another item with the same routine at the same
 * address, which is queued; the old run may wait for the new item. A module that identified
 * items by their address, as the kernel's workqueue does, would deadlock here.
 */
static VOID ex_recycle(PVOID context)
{
	struct wqc_probe *probe = context;

	if (atomic_inc_return(&probe->runs) == 1) {
		memset(&probe->item, 0x6b, sizeof(probe->item));
		ExInitializeWorkItem(&probe->item, ex_recycle, probe);
		ExQueueWorkItem(&probe->item, probe->type);
		probe->ok = wqc_done(&probe->second);
		complete(&probe->ran);
	} else {
		memset(&probe->item, 0x6b, sizeof(probe->item));
		complete(&probe->second);
	}
}

static void old_run_may_wait_for_a_new_item_at_its_address(struct kunit *test)
{
	unsigned int i, rounds = wqc_rounds(100, 10);

	for (i = 0; i < rounds; i++) {
		struct wqc_probe *probe = wqc_probe_new(test);

		ExInitializeWorkItem(&probe->item, ex_recycle, probe);
		ExQueueWorkItem(&probe->item, probe->type);
		KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
		KUNIT_ASSERT_TRUE(test, probe->ok);
		KUNIT_ASSERT_EQ(test, 2, atomic_read(&probe->runs));
		kunit_kfree(test, probe);
	}
}

static struct kunit_case ex_cases[] = {
	KUNIT_CASE(macro_sets_three_members_of_any_structure),
	KUNIT_CASE_PARAM(item_may_be_filled_by_hand, wqc_class_gen_params),
	KUNIT_CASE_PARAM(item_may_be_parked_on_a_list_of_the_driver, wqc_class_gen_params),
	KUNIT_CASE_PARAM(driver_may_call_the_routine_itself, wqc_class_gen_params),
	KUNIT_CASE_PARAM(item_runs_once_with_its_context, wqc_class_gen_params),
	KUNIT_CASE_PARAM(item_may_be_freed_inside_its_routine, wqc_class_gen_params),
	KUNIT_CASE_PARAM(item_is_not_written_once_its_routine_is_entered, wqc_class_gen_params),
	KUNIT_CASE_PARAM(item_may_live_in_a_stack_frame, wqc_class_gen_params),
	KUNIT_CASE_PARAM(context_may_be_the_item_or_null, wqc_class_gen_params),
	KUNIT_CASE_PARAM(item_may_queue_itself_again, wqc_class_gen_params),
	KUNIT_CASE(item_may_queue_itself_on_another_class),
	KUNIT_CASE_PARAM(item_may_be_queued_again_with_another_routine, wqc_class_gen_params),
	KUNIT_CASE_PARAM(item_may_be_initialised_again_while_it_runs, wqc_class_gen_params),
	KUNIT_CASE_PARAM(two_runs_of_one_item_may_overlap, wqc_class_gen_params),
	KUNIT_CASE_PARAM(old_run_may_wait_for_a_new_item_at_its_address, wqc_class_gen_params),
	{}
};

static struct kunit_suite wqc_ex_suite = {
	.name = "wqc_ex",
	.test_cases = ex_cases,
};

kunit_test_suite(wqc_ex_suite);
