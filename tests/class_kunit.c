// SPDX-License-Identifier: GPL-2.0
/*
 * Classes: which thread runs which queue type.
 */
#include <linux/cpumask.h>
#include <linux/sched/prio.h>

#include "wqc_load.h"

static void class_queue(void *arg)
{
	struct wqc_probe *probe = arg;

	wqc_probe_queue(probe, probe->type);
}

/* Runs an item of @type and returns the record of its routine. */
static const struct wqc_seen *class_run(struct kunit *test, struct wqc_probe *probe,
					WORK_QUEUE_TYPE type)
{
	probe->type = type;
	class_queue(probe);
	KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
	return &probe->seen;
}

/* ---- the thread of each class -------------------------------------------- */

/* Delayed: a kworker of nice 0 that is bound to no CPU. */
static void delayed_runs_in_an_unbound_kworker_of_nice_0(struct kunit *test)
{
	struct wqc_probe *probe = wqc_probe_new(test);
	const struct wqc_seen *seen = class_run(test, probe, DelayedWorkQueue);

	KUNIT_EXPECT_TRUE(test, seen->is_kworker);
	KUNIT_EXPECT_EQ(test, seen->policy, SCHED_NORMAL);
	KUNIT_EXPECT_EQ(test, seen->static_prio, NICE_TO_PRIO(0));
	KUNIT_EXPECT_EQ(test, seen->nr_cpus_allowed, (int)num_possible_cpus());
	KUNIT_EXPECT_EQ_MSG(test, 0, strncmp(seen->comm, "kworker/u", 9), "%s", seen->comm);
}

/* Critical: a kworker of nice -20 that is bound to no CPU. */
static void critical_runs_in_an_unbound_kworker_of_nice_minus_20(struct kunit *test)
{
	struct wqc_probe *probe = wqc_probe_new(test);
	const struct wqc_seen *seen = class_run(test, probe, CriticalWorkQueue);

	KUNIT_EXPECT_TRUE(test, seen->is_kworker);
	KUNIT_EXPECT_EQ(test, seen->policy, SCHED_NORMAL);
	KUNIT_EXPECT_EQ(test, seen->static_prio, NICE_TO_PRIO(MIN_NICE));
	KUNIT_EXPECT_EQ(test, seen->nr_cpus_allowed, (int)num_possible_cpus());
	KUNIT_EXPECT_EQ_MSG(test, 0, strncmp(seen->comm, "kworker/u", 9), "%s", seen->comm);
}

/* HyperCritical: a SCHED_FIFO thread that is bound to the CPU of the queue call. */
static void hypercritical_runs_in_a_fifo_thread_of_the_posting_cpu(struct kunit *test)
{
	struct wqc_probe *probe = wqc_probe_new(test);
	unsigned int priority = wqc_param(test, "rt_priority");
	const struct wqc_seen *seen = &probe->seen;
	int cpu;

	probe->type = HyperCriticalWorkQueue;
	for_each_online_cpu(cpu) {
		wqc_on_cpu(test, cpu, class_queue, probe);
		KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
		KUNIT_EXPECT_FALSE(test, seen->is_kworker);
		KUNIT_EXPECT_EQ(test, seen->policy, SCHED_FIFO);
		KUNIT_EXPECT_EQ(test, seen->rt_priority, priority);
		KUNIT_EXPECT_EQ(test, seen->cpu, cpu);
		KUNIT_EXPECT_EQ(test, seen->nr_cpus_allowed, 1);
	}
}

static VOID class_sleep(PVOID context)
{
	struct wqc_probe *probe = context;

	wqc_look(&probe->seen);
	might_sleep();
	schedule_timeout_uninterruptible(1);
	complete(&probe->ran);
}

/* Every routine runs in process context, preemptible, with interrupts on, and may sleep. */
static void routine_runs_in_process_context_and_may_sleep(struct kunit *test)
{
	struct wqc_probe *probe = wqc_probe_new(test);

	ExInitializeWorkItem(&probe->item, class_sleep, probe);
	ExQueueWorkItem(&probe->item, probe->type);
	KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
	wqc_expect_process_context(test, &probe->seen);
}

/* ---- queue types --------------------------------------------------------- */

/* The class of a Windows priority, as wq_compat.h documents it. */
static const char *class_of_priority(unsigned int priority)
{
	if (priority <= 12)
		return "Delayed";
	return priority <= 14 ? "Critical" : "HyperCritical";
}

/* Each named queue type runs in the class of the priority that Windows documents for it. */
static void named_queue_types_run_in_the_class_of_their_priority(struct kunit *test)
{
	static const unsigned int priorities[] = {
		[CriticalWorkQueue] = 13,
		[DelayedWorkQueue] = 12,
		[HyperCriticalWorkQueue] = 15,
		[NormalWorkQueue] = 8,
		[BackgroundWorkQueue] = 7,
		[RealTimeWorkQueue] = 18,
		[SuperCriticalWorkQueue] = 14,
	};
	struct wqc_probe *probe = wqc_probe_new(test);
	unsigned int type;

	for (type = 0; type < ARRAY_SIZE(priorities); type++)
		KUNIT_EXPECT_STREQ_MSG(test, wqc_seen_class(class_run(test, probe, type)),
				       class_of_priority(priorities[type]), "type %u", type);
}

/* CustomPriorityWorkQueue + n runs in the class of priority n, for all 32 of them. */
static void custom_queue_types_run_in_the_class_of_their_priority(struct kunit *test)
{
	struct wqc_probe *probe = wqc_probe_new(test);
	u64 bad = wqc_reports(test, "invalid queue type");
	unsigned int n;

	for (n = 0; n < 32; n++)
		KUNIT_EXPECT_STREQ_MSG(test,
				       wqc_seen_class(class_run(test, probe,
								CustomPriorityWorkQueue + n)),
				       class_of_priority(n), "priority %u", n);
	KUNIT_EXPECT_EQ(test, wqc_reports(test, "invalid queue type"), bad);
}

/* The I/O queue calls accept the same queue types. */
static void io_items_accept_every_queue_type(struct kunit *test)
{
	struct wqc_probe *probe = wqc_probe_new(test), *ex = wqc_probe_new(test);
	PIO_WORKITEM item = wqc_io_kept(test, wqc_test_device(test));
	unsigned int type;

	for (type = 0; type < CustomPriorityWorkQueue + 32; type++) {
		if (type == MaximumWorkQueue)
			type = CustomPriorityWorkQueue;
		IoQueueWorkItemEx(item, wqc_probe_io_ex, type, probe);
		KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
		KUNIT_EXPECT_STREQ_MSG(test, wqc_seen_class(&probe->seen),
				       wqc_seen_class(class_run(test, ex, type)), "type %u", type);
	}
}

static struct kunit_case class_cases[] = {
	KUNIT_CASE(delayed_runs_in_an_unbound_kworker_of_nice_0),
	KUNIT_CASE(critical_runs_in_an_unbound_kworker_of_nice_minus_20),
	KUNIT_CASE(hypercritical_runs_in_a_fifo_thread_of_the_posting_cpu),
	KUNIT_CASE_PARAM(routine_runs_in_process_context_and_may_sleep, wqc_class_gen_params),
	KUNIT_CASE(named_queue_types_run_in_the_class_of_their_priority),
	KUNIT_CASE(custom_queue_types_run_in_the_class_of_their_priority),
	KUNIT_CASE(io_items_accept_every_queue_type),
	{}
};

static struct kunit_suite wqc_class_suite = {
	.name = "wqc_class",
	.test_cases = class_cases,
};

kunit_test_suite(wqc_class_suite);
