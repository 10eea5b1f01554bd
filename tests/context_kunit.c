// SPDX-License-Identifier: GPL-2.0
/*
 * Every call may be made in any context, and the routine runs in process context in each case.
 * wqc_call_in() asserts that the context is the one that the case names.
 */
#include <linux/irqflags.h>
#include <linux/preempt.h>
#include <linux/slab.h>

#include "../lib/hrtimer.h"
#include "wqc_load.h"

enum context_function {
	CONTEXT_EX,
	CONTEXT_IO,
	CONTEXT_IO_EX,
	CONTEXT_TRY,
};

/* A call, made by context_queue() and the functions after it, in the context of the parameter. */
struct context_call {
	enum context_function function;
	struct wqc_probe *probe;
	PVOID object;
	BOOLEAN tried;
	bool irqs_changed;
	bool preempt_changed;
};

static VOID context_routine(PVOID context)
{
	might_sleep();
	wqc_probe_ex(context);
}

static VOID context_io_routine(PDEVICE_OBJECT device, PVOID context)
{
	context_routine(context);
}

static VOID context_io_ex_routine(PVOID object, PVOID context, PIO_WORKITEM item)
{
	context_routine(context);
}

static void context_queue(void *arg)
{
	struct context_call *call = arg;
	struct wqc_probe *probe = call->probe;
	bool irqs_off = irqs_disabled();
	int count = preempt_count();

	switch (call->function) {
	case CONTEXT_EX:
		ExInitializeWorkItem(&probe->item, context_routine, probe);
		ExQueueWorkItem(&probe->item, probe->type);
		break;
	case CONTEXT_IO:
		IoQueueWorkItem(probe->io, context_io_routine, probe->type, probe);
		break;
	case CONTEXT_IO_EX:
		IoQueueWorkItemEx(probe->io, context_io_ex_routine, probe->type, probe);
		break;
	case CONTEXT_TRY:
		call->tried = IoTryQueueWorkItem(probe->io, context_io_ex_routine, probe->type,
						 probe);
		break;
	}
	call->irqs_changed = irqs_disabled() != irqs_off;
	call->preempt_changed = preempt_count() != count;
}

/*
 * Makes the call in the context of the parameter, for every class: the item runs
 * in process context, and the call leaves interrupts and preemption of its caller
 * as they were.
 */
static void context_try_call(struct kunit *test, enum context_function function)
{
	const enum wqc_context *context = test->param_value;
	struct wqc_probe *probe = wqc_probe_new(test);
	struct context_call call = { .function = function, .probe = probe, .tried = TRUE };
	unsigned int i, class, rounds = wqc_rounds(20, 2);

	probe->io = wqc_io_kept(test, wqc_test_device(test));
	for (class = 0; class < ARRAY_SIZE(wqc_class_params); class++) {
		probe->type = wqc_class_params[class].type;
		for (i = 0; i < rounds; i++) {
			wqc_call_in(test, *context, context_queue, &call);
			KUNIT_ASSERT_TRUE(test, call.tried);
			KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
			KUNIT_EXPECT_FALSE(test, call.irqs_changed);
			KUNIT_EXPECT_FALSE(test, call.preempt_changed);
			wqc_expect_process_context(test, &probe->seen);
			KUNIT_EXPECT_STREQ(test, wqc_seen_class(&probe->seen),
					   wqc_class_params[class].name);
		}
	}
}

/* ExQueueWorkItem() may be called in any context, and the routine runs in a process. */
static void ex_item_may_be_queued_in_any_context(struct kunit *test)
{
	context_try_call(test, CONTEXT_EX);
}

/* IoQueueWorkItem() may be called in any context, and the routine runs in a process. */
static void io_item_may_be_queued_in_any_context(struct kunit *test)
{
	context_try_call(test, CONTEXT_IO);
}

/* IoQueueWorkItemEx() may be called in any context, and the routine runs in a process. */
static void io_ex_item_may_be_queued_in_any_context(struct kunit *test)
{
	context_try_call(test, CONTEXT_IO_EX);
}

/* IoTryQueueWorkItem() may be called in any context, and the routine runs in a process. */
static void io_item_may_be_tried_in_any_context(struct kunit *test)
{
	wqc_settle(test);
	context_try_call(test, CONTEXT_TRY);
}

/* ---- making and unmaking items ------------------------------------------- */

static void context_allocate(void *arg)
{
	struct context_call *call = arg;

	call->probe->io = IoAllocateWorkItem(call->object);
}

static void context_free(void *arg)
{
	struct context_call *call = arg;

	IoFreeWorkItem(call->probe->io);
}

static void context_initialize(void *arg)
{
	struct context_call *call = arg;

	IoInitializeWorkItem(call->object, call->probe->io);
}

static void context_uninitialize(void *arg)
{
	struct context_call *call = arg;

	IoUninitializeWorkItem(call->probe->io);
}

/* @make and @unmake an item in the context of the parameter; between them the item runs. */
static void context_try_item(struct kunit *test, struct wqc_probe *probe,
			     void (*make)(void *arg), void (*unmake)(void *arg))
{
	struct context_call call = { .probe = probe, .object = wqc_test_device(test) };
	const enum wqc_context *context = test->param_value;
	unsigned int i;

	for (i = 0; i < 5; i++) {
		wqc_call_in(test, *context, make, &call);
		KUNIT_ASSERT_NOT_NULL(test, probe->io);
		IoQueueWorkItemEx(probe->io, context_io_ex_routine, DelayedWorkQueue, probe);
		KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
		wqc_call_in(test, *context, unmake, &call);
	}
}

/* IoAllocateWorkItem() and IoFreeWorkItem() may be called in any context. */
static void item_may_be_allocated_and_freed_in_any_context(struct kunit *test)
{
	context_try_item(test, wqc_probe_new(test), context_allocate, context_free);
}

/* IoInitializeWorkItem() and IoUninitializeWorkItem() may be called in any context. */
static void item_may_be_initialised_and_uninitialised_in_any_context(struct kunit *test)
{
	struct wqc_probe *probe = wqc_probe_new(test);

	probe->io = kunit_kzalloc(test, IoSizeofWorkItem(), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, probe->io);
	context_try_item(test, probe, context_initialize, context_uninitialize);
}

/* ---- all CPUs at once ---------------------------------------------------- */

#define CONTEXT_BURST	30	/* items an interrupt */

struct context_cpu {
	struct hrtimer timer;
	struct context_irqs *all;
	bool in_hardirq;
	int cpu;
	struct completion fired;
	WORK_QUEUE_ITEM items[CONTEXT_BURST];
};

struct context_irqs {
	ktime_t when;
	atomic_t ran;
	struct context_cpu *cpus;
};

static VOID context_count(PVOID context)
{
	struct context_irqs *all = context;

	atomic_inc(&all->ran);
}

static enum hrtimer_restart context_irq(struct hrtimer *timer)
{
	struct context_cpu *cpu = container_of(timer, struct context_cpu, timer);
	int i;

	cpu->in_hardirq = in_hardirq() && smp_processor_id() == cpu->cpu;
	for (i = 0; i < CONTEXT_BURST; i++) {
		ExInitializeWorkItem(&cpu->items[i], context_count, cpu->all);
		ExQueueWorkItem(&cpu->items[i], wqc_class_params[i % 3].type);
	}
	complete(&cpu->fired);
	return HRTIMER_NORESTART;
}

/* Runs in a thread of each CPU, and starts a timer of that CPU; all of them expire together. */
static void context_arm(void *arg, int id)
{
	struct context_irqs *all = arg;
	struct context_cpu *cpu = &all->cpus[id];

	hrtimer_start(&cpu->timer, all->when, HRTIMER_MODE_ABS_PINNED_HARD);
}

/* Hard interrupts of all CPUs queue items of all classes at the same time: every item runs. */
static void all_cpus_may_queue_from_hard_interrupts_at_once(struct kunit *test)
{
	struct context_irqs *all = kunit_kzalloc(test, sizeof(*all), GFP_KERNEL);
	unsigned int round, rounds = wqc_rounds(20, 3);
	int id;

	KUNIT_ASSERT_NOT_NULL(test, all);
	all->cpus = kunit_kcalloc(test, nr_cpu_ids, sizeof(*all->cpus), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, all->cpus);
	for_each_online_cpu(id) {
		struct context_cpu *cpu = &all->cpus[id];

		cpu->all = all;
		cpu->cpu = id;
		init_completion(&cpu->fired);
		wqc_hrtimer_setup(&cpu->timer, context_irq, CLOCK_MONOTONIC,
				  HRTIMER_MODE_ABS_PINNED_HARD);
	}
	for (round = 1; round <= rounds; round++) {
		int expected = round * num_online_cpus() * CONTEXT_BURST;

		all->when = ktime_add_ms(ktime_get(), 50);
		wqc_on_all_cpus(test, context_arm, all);
		for_each_online_cpu(id) {
			KUNIT_ASSERT_TRUE(test, wqc_done(&all->cpus[id].fired));
			hrtimer_cancel(&all->cpus[id].timer);
			KUNIT_EXPECT_TRUE(test, all->cpus[id].in_hardirq);
		}
		KUNIT_ASSERT_TRUE(test, wqc_eventually(atomic_read(&all->ran) == expected));
	}
}

static struct kunit_case context_cases[] = {
	KUNIT_CASE_PARAM(ex_item_may_be_queued_in_any_context, wqc_context_gen_params),
	KUNIT_CASE_PARAM(io_item_may_be_queued_in_any_context, wqc_context_gen_params),
	KUNIT_CASE_PARAM(io_ex_item_may_be_queued_in_any_context, wqc_context_gen_params),
	KUNIT_CASE_PARAM(io_item_may_be_tried_in_any_context, wqc_context_gen_params),
	KUNIT_CASE_PARAM(item_may_be_allocated_and_freed_in_any_context, wqc_context_gen_params),
	KUNIT_CASE_PARAM(item_may_be_initialised_and_uninitialised_in_any_context,
			 wqc_context_gen_params),
	KUNIT_CASE(all_cpus_may_queue_from_hard_interrupts_at_once),
	{}
};

static struct kunit_suite wqc_context_suite = {
	.name = "wqc_context",
	.test_cases = context_cases,
};

kunit_test_suite(wqc_context_suite);
