// SPDX-License-Identifier: GPL-2.0
/*
 * Executive work items: what ExQueueWorkItem() promises, in every class.
 */
#include <linux/delay.h>
#include <linux/slab.h>

#include "wqc_test.h"

struct ex_probe {
	WORK_QUEUE_ITEM item;
	struct completion ran;
	atomic_t runs;
	void *context;
	struct wqc_gate *gate;
	WORK_QUEUE_TYPE type;
};

static VOID ex_count(PVOID context)
{
	struct ex_probe *probe = context;

	probe->context = context;
	atomic_inc(&probe->runs);
	complete(&probe->ran);
}

static struct ex_probe *ex_probe_new(struct kunit *test)
{
	struct ex_probe *probe = kunit_kzalloc(test, sizeof(*probe), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, probe);
	init_completion(&probe->ran);
	return probe;
}

/* A routine is called once for each time its item is queued, with its context. */
static void item_runs_once_with_its_context(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	struct ex_probe *probe = ex_probe_new(test);
	unsigned int i, rounds = wqc_rounds(1000, 20);

	for (i = 1; i <= rounds; i++) {
		ExInitializeWorkItem(&probe->item, ex_count, probe);
		ExQueueWorkItem(&probe->item, class->type);
		KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
		KUNIT_ASSERT_EQ(test, i, atomic_read(&probe->runs));
	}
	KUNIT_EXPECT_PTR_EQ(test, probe->context, (void *)probe);
}

static VOID ex_free_self(PVOID context)
{
	struct ex_probe *probe = context;
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
	unsigned int i, rounds = wqc_rounds(1000, 20);
	struct ex_probe *probe;

	for (i = 0; i < rounds; i++) {
		probe = kzalloc(sizeof(*probe), GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, probe);
		probe->gate = gate;
		ExInitializeWorkItem(&probe->item, ex_free_self, probe);
		ExQueueWorkItem(&probe->item, class->type);
	}
	KUNIT_EXPECT_TRUE(test, wqc_gate_arrivals(gate, rounds));
}

static struct kunit_case ex_cases[] = {
	KUNIT_CASE_PARAM(item_runs_once_with_its_context, wqc_class_gen_params),
	KUNIT_CASE_PARAM(item_may_be_freed_inside_its_routine, wqc_class_gen_params),
	{}
};

struct kunit_suite wqc_ex_suite = {
	.name = "wqc_ex",
	.test_cases = ex_cases,
};
