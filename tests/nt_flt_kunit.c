// SPDX-License-Identifier: GPL-2.0
/*
 * Work items of minifilters, and calls on another stack: both have routines with arguments of their
 * own.
 */
#include <linux/delay.h>
#include <linux/slab.h>

#include "nt_test.h"
#include "wqc_probe.h"
#include "../include/wqc/flt.h"

struct nt_flt {
	struct wqc_probe *probe;
	PFLT_FILTER filter;
	PFLT_GENERIC_WORKITEM item, got_item;
	PVOID got_object, got_context;
	bool release;			/* the routine frees its item */
	atomic_t again;			/* the routine queues its item so many times */
	struct completion unregistered;
};

static NTSTATUS nt_flt_unload(FLT_FILTER_UNLOAD_FLAGS flags)
{
	return STATUS_SUCCESS;
}

static const FLT_REGISTRATION nt_flt_registration = {
	.Size = sizeof(FLT_REGISTRATION),
	.Version = FLT_REGISTRATION_VERSION,
	.FilterUnloadCallback = nt_flt_unload,
};

static void nt_flt_unregister(void *filter)
{
	/* A case that has unregistered it itself has changed the filter. */
	if (NT_SUCCESS(FltStartFiltering(filter)))
		FltUnregisterFilter(filter);
}

static struct nt_flt *nt_flt_new(struct kunit *test)
{
	struct nt_flt *flt = kunit_kzalloc(test, sizeof(*flt), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, flt);
	flt->probe = wqc_probe_new(test);
	init_completion(&flt->unregistered);
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			FltRegisterFilter(wqc_test_driver(test), &nt_flt_registration,
					  &flt->filter));
	wqc_at_exit(test, nt_flt_unregister, flt->filter);
	flt->item = FltAllocateGenericWorkItem();
	KUNIT_ASSERT_NOT_NULL(test, flt->item);
	return flt;
}

static VOID nt_flt_routine(PFLT_GENERIC_WORKITEM item, PVOID object, PVOID context)
{
	struct nt_flt *flt = context;
	struct wqc_probe *probe = flt->probe;

	flt->got_item = item;
	flt->got_object = object;
	flt->got_context = context;
	wqc_look(&probe->seen);
	if (atomic_dec_if_positive(&flt->again) >= 0)
		FltQueueGenericWorkItem(item, object, nt_flt_routine, probe->type, flt);
	else if (flt->release)
		FltFreeGenericWorkItem(item);
	if (probe->gate)
		wqc_gate_wait(probe->gate);
	atomic_inc(&probe->runs);
	complete(&probe->ran);
}

/* The routine gets the item, the filter and the context, in the class of the call. */
static void filters_routine_gets_item_object_and_context(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	struct nt_flt *flt = nt_flt_new(test);

	flt->probe->type = class->type;
	flt->release = true;
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			FltQueueGenericWorkItem(flt->item, flt->filter, nt_flt_routine,
						class->type, flt));
	KUNIT_ASSERT_TRUE(test, wqc_done(&flt->probe->ran));
	KUNIT_EXPECT_PTR_EQ(test, flt->got_item, flt->item);
	KUNIT_EXPECT_PTR_EQ(test, flt->got_object, (PVOID)flt->filter);
	KUNIT_EXPECT_PTR_EQ(test, flt->got_context, (PVOID)flt);
	KUNIT_EXPECT_STREQ(test, wqc_seen_class(&flt->probe->seen), class->name);
	wqc_expect_process_context(test, &flt->probe->seen);
}

/* The routine may queue its item again, and at last free it. */
static void filters_item_may_be_queued_by_its_routine(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	struct nt_flt *flt = nt_flt_new(test);

	flt->probe->type = class->type;
	flt->release = true;
	atomic_set(&flt->again, 100);
	FltQueueGenericWorkItem(flt->item, flt->filter, nt_flt_routine, class->type, flt);
	KUNIT_ASSERT_TRUE(test, wqc_done_times(&flt->probe->ran, 101));
	wqc_settle(test);
	KUNIT_EXPECT_EQ(test, 101, atomic_read(&flt->probe->runs));
}

static FLT_FILTER_UNLOAD_FLAGS nt_flt_unload_flags;

static NTSTATUS nt_flt_note_unload(FLT_FILTER_UNLOAD_FLAGS flags)
{
	nt_flt_unload_flags = flags;
	return STATUS_SUCCESS;
}

/* A driver without a DriverUnload gets one, which calls that of its filter. */
static void drivers_unload_is_that_of_its_filter(struct kunit *test)
{
	FLT_REGISTRATION registration = nt_flt_registration;
	PDRIVER_OBJECT driver = wqc_test_driver(test);
	PDRIVER_UNLOAD own = driver->DriverUnload;
	PFLT_FILTER filter;

	registration.FilterUnloadCallback = nt_flt_note_unload;
	nt_flt_unload_flags = 0;
	driver->DriverUnload = NULL;
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, FltRegisterFilter(driver, &registration, &filter));
	wqc_at_exit(test, nt_flt_unregister, filter);
	KUNIT_EXPECT_NOT_NULL(test, driver->DriverUnload);
	if (driver->DriverUnload)
		driver->DriverUnload(driver);
	KUNIT_EXPECT_EQ(test, (FLT_FILTER_UNLOAD_FLAGS)FLTFL_FILTER_UNLOAD_MANDATORY,
			nt_flt_unload_flags);
	driver->DriverUnload = own;
}

static void nt_flt_unregister_one(void *arg)
{
	struct nt_flt *flt = arg;

	FltUnregisterFilter(flt->filter);
	complete(&flt->unregistered);
}

/*
 * FltUnregisterFilter() waits for the routine, also if it has freed its item, and for references.
 * From its beginning on no item is queued for the filter.
 */
static void filter_is_unregistered_when_its_routines_have_returned(struct kunit *test)
{
	struct nt_flt *flt = nt_flt_new(test);
	PFLT_GENERIC_WORKITEM other = FltAllocateGenericWorkItem();

	KUNIT_ASSERT_NOT_NULL(test, other);
	flt->probe->gate = wqc_gate_new(test);
	flt->release = true;
	FltQueueGenericWorkItem(flt->item, flt->filter, nt_flt_routine, DelayedWorkQueue, flt);
	KUNIT_EXPECT_TRUE(test, wqc_gate_arrivals(flt->probe->gate, 1));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, FltObjectReference(flt->filter));
	wqc_threads_start(test, 1, nt_flt_unregister_one, flt);
	KUNIT_EXPECT_TRUE(test, wqc_eventually(FltStartFiltering(flt->filter) ==
					       STATUS_FLT_DELETING_OBJECT));
	KUNIT_EXPECT_EQ(test, STATUS_FLT_DELETING_OBJECT, FltObjectReference(flt->filter));
	KUNIT_EXPECT_EQ(test, STATUS_FLT_DELETING_OBJECT,
			FltQueueGenericWorkItem(other, flt->filter, nt_flt_routine,
						DelayedWorkQueue, flt));
	/* The caller still owns the item. */
	FltFreeGenericWorkItem(other);
	FltObjectDereference(flt->filter);
	msleep(WQC_GRACE_MS);
	KUNIT_EXPECT_FALSE(test, completion_done(&flt->unregistered));
	wqc_gate_open(flt->probe->gate);
	KUNIT_EXPECT_TRUE(test, wqc_done(&flt->unregistered));
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&flt->probe->runs));
	KUNIT_EXPECT_EQ(test, STATUS_FLT_DELETING_OBJECT,
			FltQueueGenericWorkItem(other, NULL, nt_flt_routine, DelayedWorkQueue,
						flt));
}

/* Misuse is reported as that of an I/O work item, and harmless. */
static void misuse_of_a_filters_item_is_reported(struct kunit *test)
{
	u64 twice = wqc_reports(test, "item queued while it is queued");
	u64 freed = wqc_reports(test, "item freed while it is queued");
	u64 routine = wqc_reports(test, "invalid worker routine");
	u64 invalid = wqc_reports(test, "invalid item");
	u64 type = wqc_reports(test, "invalid queue type");
	struct nt_flt *flt = nt_flt_new(test), *other = nt_flt_new(test);

	wqc_hold(test, DelayedWorkQueue);
	FltQueueGenericWorkItem(flt->item, flt->filter, nt_flt_routine, DelayedWorkQueue, flt);
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER,
			FltQueueGenericWorkItem(flt->item, flt->filter, nt_flt_routine,
						DelayedWorkQueue, other));
	FltQueueGenericWorkItem(other->item, other->filter, nt_flt_routine, DelayedWorkQueue,
				other);
	FltFreeGenericWorkItem(other->item);
	wqc_release(test);
	KUNIT_ASSERT_TRUE(test, wqc_done(&flt->probe->ran));
	wqc_settle(test);
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&flt->probe->runs));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&other->probe->runs));
	KUNIT_EXPECT_EQ(test, twice + 1, wqc_reports(test, "item queued while it is queued"));
	KUNIT_EXPECT_EQ(test, freed + 1, wqc_reports(test, "item freed while it is queued"));
	/* The item that was freed holds no reference. */
	FltUnregisterFilter(other->filter);

	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER,
			FltQueueGenericWorkItem(flt->item, flt->filter, NULL, DelayedWorkQueue,
						flt));
	KUNIT_EXPECT_EQ(test, routine + 1, wqc_reports(test, "invalid worker routine"));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER,
			FltQueueGenericWorkItem(NULL, flt->filter, nt_flt_routine,
						DelayedWorkQueue, flt));
	FltFreeGenericWorkItem(NULL);
	FltUnregisterFilter(other->filter);
	KUNIT_EXPECT_EQ(test, invalid + 3, wqc_reports(test, "invalid item"));
	flt->release = true;
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			FltQueueGenericWorkItem(flt->item, flt->filter, nt_flt_routine, 7, flt));
	KUNIT_ASSERT_TRUE(test, wqc_done(&flt->probe->ran));
	KUNIT_EXPECT_STREQ(test, wqc_seen_class(&flt->probe->seen), "Delayed");
	KUNIT_EXPECT_EQ(test, type + 1, wqc_reports(test, "invalid queue type"));
}

/* A registration needs a driver, a version and a place for the filter. */
static void registration_is_checked(struct kunit *test)
{
	PDRIVER_OBJECT driver = wqc_test_driver(test);
	FLT_REGISTRATION bad = nt_flt_registration;
	PFLT_FILTER filter;

	bad.Version = 0x0100;
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, FltRegisterFilter(driver, &bad, &filter));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, FltRegisterFilter(driver, NULL, &filter));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER,
			FltRegisterFilter(NULL, &nt_flt_registration, &filter));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER,
			FltRegisterFilter(driver, &nt_flt_registration, NULL));
	KUNIT_EXPECT_EQ(test, STATUS_FLT_DELETING_OBJECT, FltStartFiltering((PFLT_FILTER)&filter));
	KUNIT_EXPECT_EQ(test, 0x70, (int)sizeof(FLT_REGISTRATION));
}

/* FltUnregisterFilter() may sleep: at a raised IRQL it is reported and does nothing. */
static void filter_stays_registered_at_dispatch_level(struct kunit *test)
{
	static const char text[] = "sleeping call at DISPATCH_LEVEL or above";
	u64 before = wqc_reports(test, text);
	struct nt_flt *flt = nt_flt_new(test);
	KIRQL irql;

	FltFreeGenericWorkItem(flt->item);
	KeRaiseIrql(DISPATCH_LEVEL, &irql);
	FltUnregisterFilter(flt->filter);
	KeLowerIrql(irql);
	KUNIT_EXPECT_EQ(test, before + 1, wqc_reports(test, text));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, FltStartFiltering(flt->filter));
}

static VOID nt_flt_locks(PFLT_GENERIC_WORKITEM item, PVOID object, PVOID context)
{
	struct wqc_probe *probe = context;

	FltFreeGenericWorkItem(item);
	local_irq_disable();
	complete(&probe->ran);
}

/* Reports on what a routine leaves behind name it, not the module's routine that calls it. */
static void reports_name_the_filters_routine(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	struct nt_flt *flt = nt_flt_new(test);
	unsigned int lines = wqc_log_lines(test, "interrupts", "nt_flt_locks");

	FltQueueGenericWorkItem(flt->item, flt->filter, nt_flt_locks, class->type, flt->probe);
	KUNIT_ASSERT_TRUE(test, wqc_done(&flt->probe->ran));
	wqc_settle(test);
	KUNIT_EXPECT_EQ(test, lines + 1, wqc_log_lines(test, "interrupts", "nt_flt_locks"));
}

/* ---- calls on another stack ----------------------------------------------- */

struct nt_stack {
	KEVENT event;
	struct wqc_gate *gate;
	PVOID context;
	PKEVENT got_event;
	struct wqc_seen seen;
	atomic_t runs;
};

static VOID nt_stack_routine(PVOID context, PKEVENT event)
{
	struct nt_stack *stack = context;

	stack->context = context;
	stack->got_event = event;
	wqc_look(&stack->seen);
	if (stack->gate)
		wqc_gate_wait(stack->gate);
	atomic_inc(&stack->runs);
	KeSetEvent(event, IO_NO_INCREMENT, FALSE);
}

/* The routine gets context and event, in another thread, and sets the event. */
static void call_runs_on_another_stack(struct kunit *test)
{
	struct nt_stack *stack = kunit_kzalloc(test, 2 * sizeof(*stack), GFP_KERNEL);
	int i;

	KUNIT_ASSERT_NOT_NULL(test, stack);
	for (i = 0; i < 2; i++, stack++) {
		KeInitializeEvent(&stack->event, NotificationEvent, FALSE);
		if (i)
			FsRtlPostPagingFileStackOverflow(stack, &stack->event, nt_stack_routine);
		else
			FsRtlPostStackOverflow(stack, &stack->event, nt_stack_routine);
		KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, nt_wait(&stack->event));
		KUNIT_EXPECT_PTR_EQ(test, stack->context, (PVOID)stack);
		KUNIT_EXPECT_PTR_EQ(test, stack->got_event, &stack->event);
		KUNIT_EXPECT_PTR_NE(test, stack->seen.task, (const void *)current);
		KUNIT_EXPECT_STREQ(test, wqc_seen_class(&stack->seen),
				   i ? "HyperCritical" : "Critical");
		wqc_expect_process_context(test, &stack->seen);
	}
}

/* More calls may wait than the reserve has entries, and each runs once, for either kind. */
static void many_calls_run_once_each(struct kunit *test)
{
	struct nt_stack *stacks = kunit_kcalloc(test, 200, sizeof(*stacks), GFP_KERNEL);
	int i;

	KUNIT_ASSERT_NOT_NULL(test, stacks);
	wqc_hold(test, HyperCriticalWorkQueue);
	for (i = 0; i < 200; i++) {
		KeInitializeEvent(&stacks[i].event, NotificationEvent, FALSE);
		if (i < 100)
			FsRtlPostPagingFileStackOverflow(&stacks[i], &stacks[i].event,
							 nt_stack_routine);
		else
			FsRtlPostStackOverflow(&stacks[i], &stacks[i].event, nt_stack_routine);
	}
	wqc_release(test);
	for (i = 0; i < 200; i++)
		KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, nt_wait(&stacks[i].event));
	wqc_settle(test);
	for (i = 0; i < 200; i++)
		KUNIT_EXPECT_EQ(test, 1, atomic_read(&stacks[i].runs));
}

/* A routine of either kind may block: the other kind goes on. */
static void paging_file_calls_do_not_wait_for_others(struct kunit *test)
{
	struct nt_stack *stack = kunit_kzalloc(test, 2 * sizeof(*stack), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, stack);
	stack->gate = wqc_gate_new(test);
	KeInitializeEvent(&stack[0].event, NotificationEvent, FALSE);
	KeInitializeEvent(&stack[1].event, NotificationEvent, FALSE);
	FsRtlPostStackOverflow(&stack[0], &stack[0].event, nt_stack_routine);
	KUNIT_EXPECT_TRUE(test, wqc_gate_arrivals(stack->gate, 1));
	FsRtlPostPagingFileStackOverflow(&stack[1], &stack[1].event, nt_stack_routine);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_wait(&stack[1].event));
	KUNIT_EXPECT_EQ(test, STATUS_TIMEOUT, nt_poll(&stack[0].event));
	wqc_gate_open(stack->gate);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_wait(&stack[0].event));
	wqc_settle(test);
}

/* A routine that cannot be called is reported. */
static void call_without_a_routine_is_reported(struct kunit *test)
{
	u64 routine = wqc_reports(test, "invalid worker routine");
	KEVENT event;

	KeInitializeEvent(&event, NotificationEvent, FALSE);
	FsRtlPostStackOverflow(test, &event, NULL);
	FsRtlPostPagingFileStackOverflow(test, &event, (PFSRTL_STACK_OVERFLOW_ROUTINE)4096);
	KUNIT_EXPECT_EQ(test, routine + 2, wqc_reports(test, "invalid worker routine"));
}

static struct kunit_case nt_flt_cases[] = {
	KUNIT_CASE_PARAM(filters_routine_gets_item_object_and_context, wqc_class_gen_params),
	KUNIT_CASE_PARAM(filters_item_may_be_queued_by_its_routine, wqc_class_gen_params),
	KUNIT_CASE(filter_is_unregistered_when_its_routines_have_returned),
	KUNIT_CASE(misuse_of_a_filters_item_is_reported),
	KUNIT_CASE(registration_is_checked),
	KUNIT_CASE(drivers_unload_is_that_of_its_filter),
	KUNIT_CASE(filter_stays_registered_at_dispatch_level),
	KUNIT_CASE_PARAM(reports_name_the_filters_routine, wqc_class_gen_params),
	KUNIT_CASE(call_runs_on_another_stack),
	KUNIT_CASE(many_calls_run_once_each),
	KUNIT_CASE(paging_file_calls_do_not_wait_for_others),
	KUNIT_CASE(call_without_a_routine_is_reported),
	{}
};

static struct kunit_suite nt_flt_suite = {
	.name = "wqc_nt_flt",
	.test_cases = nt_flt_cases,
};

kunit_test_suite(nt_flt_suite);
