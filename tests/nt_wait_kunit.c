// SPDX-License-Identifier: GPL-2.0
/* Events, and waits for one, any and all objects. */
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/sched/signal.h>

#include "nt_test.h"
#include "wqc_probe.h"

#define BAD_WAIT	"wait with an invalid object or count"

/* KeSetEvent() and KeResetEvent() return the old state. */
static void set_and_reset_return_the_old_state(struct kunit *test)
{
	KEVENT event;

	KeInitializeEvent(&event, NotificationEvent, FALSE);
	KUNIT_EXPECT_EQ(test, 0, KeReadStateEvent(&event));
	KUNIT_EXPECT_EQ(test, 0, KeSetEvent(&event, IO_NO_INCREMENT, FALSE));
	KUNIT_EXPECT_NE(test, 0, KeSetEvent(&event, IO_NO_INCREMENT, FALSE));
	KUNIT_EXPECT_NE(test, 0, KeReadStateEvent(&event));
	KUNIT_EXPECT_NE(test, 0, KeResetEvent(&event));
	KUNIT_EXPECT_EQ(test, 0, KeResetEvent(&event));
	KeSetEvent(&event, IO_NO_INCREMENT, FALSE);
	KeClearEvent(&event);
	KUNIT_EXPECT_EQ(test, 0, KeReadStateEvent(&event));
	KeInitializeEvent(&event, SynchronizationEvent, TRUE);
	KUNIT_EXPECT_NE(test, 0, KeReadStateEvent(&event));
}

/* A notification event stays set; a synchronization event satisfies one wait. */
static void notification_stays_and_synchronization_resets(struct kunit *test)
{
	KEVENT event;

	KeInitializeEvent(&event, NotificationEvent, TRUE);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_poll(&event));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_poll(&event));
	KeInitializeEvent(&event, SynchronizationEvent, TRUE);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_poll(&event));
	KUNIT_EXPECT_EQ(test, STATUS_TIMEOUT, nt_poll(&event));
}

/* Setting a notification event satisfies all of its waits. */
static void notification_event_releases_all_waiters(struct kunit *test)
{
	struct nt_waiter *waiters[3];
	KEVENT event;
	int i;

	KeInitializeEvent(&event, NotificationEvent, FALSE);
	for (i = 0; i < 3; i++)
		waiters[i] = nt_waits_for(test, &event);
	KUNIT_EXPECT_EQ(test, 0, KeSetEvent(&event, IO_NO_INCREMENT, FALSE));
	for (i = 0; i < 3; i++) {
		KUNIT_EXPECT_TRUE(test, nt_waiter_done(waiters[i]));
		KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, waiters[i]->status);
	}
	KUNIT_EXPECT_NE(test, 0, KeReadStateEvent(&event));
}

/* Setting a synchronization event satisfies one wait, in the order of arrival. */
static void synchronization_event_releases_one_in_order(struct kunit *test)
{
	struct nt_waiter *waiters[3];
	KEVENT event;
	int i;

	KeInitializeEvent(&event, SynchronizationEvent, FALSE);
	for (i = 0; i < 3; i++)
		waiters[i] = nt_waits_for(test, &event);
	for (i = 0; i < 3; i++) {
		KUNIT_EXPECT_EQ(test, 0, KeSetEvent(&event, IO_NO_INCREMENT, FALSE));
		KUNIT_EXPECT_EQ(test, 0, KeReadStateEvent(&event));
		KUNIT_EXPECT_TRUE(test, nt_waiter_done(waiters[i]));
		KUNIT_EXPECT_EQ(test, 2 - i, nt_waiters(&event));
	}
	KeSetEvent(&event, IO_NO_INCREMENT, FALSE);
	KUNIT_EXPECT_NE(test, 0, KeReadStateEvent(&event));
}

/* A pulse satisfies the current waits, all or one, and leaves the event reset. */
static void pulse_releases_present_waiters_and_resets(struct kunit *test)
{
	struct nt_waiter *waiters[2];
	KEVENT event;
	int i;

	KeInitializeEvent(&event, NotificationEvent, FALSE);
	for (i = 0; i < 2; i++)
		waiters[i] = nt_waits_for(test, &event);
	KUNIT_EXPECT_EQ(test, 0, KePulseEvent(&event, IO_NO_INCREMENT, FALSE));
	KUNIT_EXPECT_EQ(test, 0, KeReadStateEvent(&event));
	for (i = 0; i < 2; i++)
		KUNIT_EXPECT_TRUE(test, nt_waiter_done(waiters[i]));
	KUNIT_EXPECT_EQ(test, STATUS_TIMEOUT, nt_poll(&event));
}

/* WaitAll for one object is a plain wait: a pulse satisfies it. */
static void all_of_one_object_sees_a_pulse(struct kunit *test)
{
	struct nt_waiter *waiter;
	KEVENT event;

	KeInitializeEvent(&event, SynchronizationEvent, FALSE);
	waiter = nt_waiter_new(test, WaitAll, 1, &event);
	KePulseEvent(&event, IO_NO_INCREMENT, FALSE);
	KUNIT_EXPECT_TRUE(test, nt_waiter_done(waiter));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, waiter->status);
	KUNIT_EXPECT_EQ(test, 0, KeReadStateEvent(&event));
}

/* ---- time-outs ------------------------------------------------------------ */

/* A time-out of 0 does not wait; a relative one does not end before its time. */
static void relative_timeout_ends_the_wait(struct kunit *test)
{
	LARGE_INTEGER timeout = NT_MS(20);
	KEVENT event;
	ktime_t begin;

	KeInitializeEvent(&event, NotificationEvent, FALSE);
	KUNIT_EXPECT_EQ(test, STATUS_TIMEOUT, nt_poll(&event));
	begin = ktime_get();
	KUNIT_EXPECT_EQ(test, STATUS_TIMEOUT,
			KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, &timeout));
	KUNIT_EXPECT_GE(test, ktime_to_ns(ktime_sub(ktime_get(), begin)), 20 * NSEC_PER_MSEC);
	KUNIT_EXPECT_EQ(test, 0, nt_waiters(&event));
	KeSetEvent(&event, IO_NO_INCREMENT, FALSE);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, &timeout));
}

/* An absolute time-out is a system time; a past one ends at once. */
static void absolute_timeout_is_a_system_time(struct kunit *test)
{
	LARGE_INTEGER timeout, now;
	KEVENT event;

	KeInitializeEvent(&event, NotificationEvent, FALSE);
	timeout.QuadPart = 1;
	KUNIT_EXPECT_EQ(test, STATUS_TIMEOUT,
			KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, &timeout));
	KeQuerySystemTime(&timeout);
	timeout.QuadPart += 20 * 10000;
	KUNIT_EXPECT_EQ(test, STATUS_TIMEOUT,
			KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, &timeout));
	KeQuerySystemTime(&now);
	KUNIT_EXPECT_GE(test, now.QuadPart, timeout.QuadPart);
}

/* The longest time-outs, relative and absolute, do not wrap. */
static void longest_timeout_does_not_wrap(struct kunit *test)
{
	static const LONGLONG values[] = { S64_MIN, S64_MAX };
	struct nt_waiter *waiter;
	LARGE_INTEGER timeout;
	KEVENT event, other;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(values); i++) {
		KTIMER timer;

		KeInitializeEvent(&event, NotificationEvent, FALSE);
		KeInitializeEvent(&other, NotificationEvent, FALSE);
		KeInitializeTimer(&timer);
		timeout.QuadPart = values[i];
		KeSetTimer(&timer, timeout, NULL);
		waiter = nt_waiter_new(test, WaitAny, 2, &other, &timer);
		msleep(WQC_GRACE_MS);
		KUNIT_EXPECT_FALSE(test, completion_done(&waiter->done));
		KUNIT_EXPECT_TRUE(test, KeCancelTimer(&timer));
		KeSetEvent(&other, IO_NO_INCREMENT, FALSE);
		KUNIT_EXPECT_TRUE(test, nt_waiter_done(waiter));
	}
}

static VOID nt_set_later(PVOID context)
{
	msleep(WQC_GRACE_MS);
	KeSetEvent(context, IO_NO_INCREMENT, FALSE);
}

/* Without a time-out, the wait lasts until a work item sets the event. */
static void wait_without_timeout_lasts_until_the_event(struct kunit *test)
{
	WORK_QUEUE_ITEM item;
	KEVENT event;

	KeInitializeEvent(&event, SynchronizationEvent, FALSE);
	ExInitializeWorkItem(&item, nt_set_later, &event);
	ExQueueWorkItem(&item, CriticalWorkQueue);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL));
}

/* A signal ends a wait in UserMode, and no other wait. */
static void signal_ends_a_wait_of_user_mode(struct kunit *test)
{
	LARGE_INTEGER timeout = NT_MS(WQC_GRACE_MS);
	KEVENT event;

	KeInitializeEvent(&event, NotificationEvent, FALSE);
	set_tsk_thread_flag(current, TIF_SIGPENDING);
	KUNIT_EXPECT_EQ(test, STATUS_USER_APC,
			KeWaitForSingleObject(&event, UserRequest, UserMode, TRUE, NULL));
	KUNIT_EXPECT_EQ(test, STATUS_TIMEOUT,
			KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, &timeout));
	clear_tsk_thread_flag(current, TIF_SIGPENDING);
}

/* ---- any and all ---------------------------------------------------------- */

/* WaitAny returns the lowest signalled index, and acquires only that object. */
static void any_takes_the_first_that_is_signalled(struct kunit *test)
{
	PVOID objects[3];
	KEVENT events[3];
	LARGE_INTEGER zero = {};
	int i;

	for (i = 0; i < 3; i++) {
		KeInitializeEvent(&events[i], SynchronizationEvent, i > 0);
		objects[i] = &events[i];
	}
	KUNIT_EXPECT_EQ(test, STATUS_WAIT_1,
			KeWaitForMultipleObjects(3, objects, WaitAny, Executive, KernelMode,
						 FALSE, NULL, NULL));
	KUNIT_EXPECT_EQ(test, 0, KeReadStateEvent(&events[1]));
	KUNIT_EXPECT_NE(test, 0, KeReadStateEvent(&events[2]));
	KUNIT_EXPECT_EQ(test, STATUS_WAIT_2,
			KeWaitForMultipleObjects(3, objects, WaitAny, Executive, KernelMode,
						 FALSE, NULL, NULL));
	KUNIT_EXPECT_EQ(test, STATUS_TIMEOUT,
			KeWaitForMultipleObjects(3, objects, WaitAny, Executive, KernelMode,
						 FALSE, &zero, NULL));
}

/* A WaitAny that one object satisfied does not change the others. */
static void any_is_satisfied_once(struct kunit *test)
{
	struct nt_waiter *waiter;
	KEVENT a, b;

	KeInitializeEvent(&a, SynchronizationEvent, FALSE);
	KeInitializeEvent(&b, SynchronizationEvent, FALSE);
	waiter = nt_waiter_new(test, WaitAny, 2, &a, &b);
	KeSetEvent(&b, IO_NO_INCREMENT, FALSE);
	KUNIT_EXPECT_TRUE(test, nt_waiter_done(waiter));
	KUNIT_EXPECT_EQ(test, STATUS_WAIT_1, waiter->status);
	KUNIT_EXPECT_EQ(test, 0, nt_waiters(&a));
	KeSetEvent(&a, IO_NO_INCREMENT, FALSE);
	KUNIT_EXPECT_NE(test, 0, KeReadStateEvent(&a));
	KUNIT_EXPECT_EQ(test, 0, KeReadStateEvent(&b));
}

/* WaitAll acquires nothing until all objects are signalled, and then acquires all of them. */
static void all_takes_all_or_nothing(struct kunit *test)
{
	struct nt_waiter *waiter;
	KSEMAPHORE semaphore;
	KEVENT event;

	KeInitializeEvent(&event, SynchronizationEvent, FALSE);
	KeInitializeSemaphore(&semaphore, 2, 2);
	waiter = nt_waiter_new(test, WaitAll, 2, &event, &semaphore);
	msleep(WQC_GRACE_MS);
	KUNIT_EXPECT_EQ(test, 2, KeReadStateSemaphore(&semaphore));
	/* Meanwhile another wait acquires one object of the WaitAll. */
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_poll(&semaphore));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_poll(&semaphore));
	KeSetEvent(&event, IO_NO_INCREMENT, FALSE);
	msleep(WQC_GRACE_MS);
	KUNIT_EXPECT_FALSE(test, completion_done(&waiter->done));
	KUNIT_EXPECT_NE(test, 0, KeReadStateEvent(&event));
	KeReleaseSemaphore(&semaphore, IO_NO_INCREMENT, 1, FALSE);
	KUNIT_EXPECT_TRUE(test, nt_waiter_done(waiter));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, waiter->status);
	KUNIT_EXPECT_EQ(test, 0, KeReadStateEvent(&event));
	KUNIT_EXPECT_EQ(test, 0, KeReadStateSemaphore(&semaphore));
}

/* 64 objects can be waited for with the caller's wait blocks, and be signalled at once. */
static void as_many_as_64_objects_may_be_waited_for(struct kunit *test)
{
	struct nt_waiter *waiter = kunit_kzalloc(test, sizeof(*waiter), GFP_KERNEL);
	KEVENT *events = kunit_kcalloc(test, 64, sizeof(*events), GFP_KERNEL);
	LARGE_INTEGER zero = {};
	int i;

	KUNIT_ASSERT_NOT_NULL(test, waiter);
	KUNIT_ASSERT_NOT_NULL(test, events);
	for (i = 0; i < 64; i++) {
		KeInitializeEvent(&events[i], SynchronizationEvent, i == 63);
		waiter->objects[i] = &events[i];
	}
	KUNIT_EXPECT_EQ(test, STATUS_WAIT_63,
			KeWaitForMultipleObjects(64, waiter->objects, WaitAny, Executive,
						 KernelMode, FALSE, NULL, waiter->blocks));
	for (i = 0; i < 64; i++)
		KeSetEvent(&events[i], IO_NO_INCREMENT, FALSE);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			KeWaitForMultipleObjects(64, waiter->objects, WaitAll, Executive,
						 KernelMode, FALSE, NULL, waiter->blocks));
	KUNIT_EXPECT_EQ(test, STATUS_TIMEOUT,
			KeWaitForMultipleObjects(64, waiter->objects, WaitAny, Executive,
						 KernelMode, FALSE, &zero, waiter->blocks));
}

/* An invalid object, or more objects than wait blocks, is reported and refused. */
static void wait_for_an_invalid_object_is_reported(struct kunit *test)
{
	u64 reports = wqc_reports(test, BAD_WAIT);
	PVOID objects[4];
	KEVENT events[4];
	KDPC dpc;
	int i;

	for (i = 0; i < 4; i++) {
		KeInitializeEvent(&events[i], NotificationEvent, TRUE);
		objects[i] = &events[i];
	}
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER,
			KeWaitForMultipleObjects(4, objects, WaitAny, Executive, KernelMode,
						 FALSE, NULL, NULL));
	memset(&dpc, 0, sizeof(dpc));
	KeInitializeDpc(&dpc, NULL, NULL);
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, nt_poll(&dpc));
	/* Zeroed memory has the type of an event; it can be set, but not waited for. */
	memset(&events[0], 0, sizeof(events[0]));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, nt_wait(&events[0]));
	KUNIT_EXPECT_EQ(test, reports + 3, wqc_reports(test, BAD_WAIT));
	KUNIT_EXPECT_EQ(test, 0, KeSetEvent(&events[0], IO_NO_INCREMENT, FALSE));
	KUNIT_EXPECT_NE(test, 0, KeReadStateEvent(&events[0]));
}

/* An event can be set in every context. */
static void nt_set_event(void *event)
{
	KeSetEvent(event, IO_NO_INCREMENT, FALSE);
}

static void event_is_set_in_every_context(struct kunit *test)
{
	const enum wqc_context *context = test->param_value;
	struct nt_waiter *waiter;
	KEVENT event;

	KeInitializeEvent(&event, SynchronizationEvent, FALSE);
	waiter = nt_waits_for(test, &event);
	wqc_call_in(test, *context, nt_set_event, &event);
	KUNIT_EXPECT_TRUE(test, nt_waiter_done(waiter));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, waiter->status);
}

/*
 * A waiter may free the event as soon as its wait returns, while KeSetEvent() has not returned
 * yet: drivers do that with events on their stack.
 */
static VOID nt_set_own_event(PVOID context)
{
	KeSetEvent(context, IO_NO_INCREMENT, FALSE);
}

static void event_may_be_freed_by_its_waiter(struct kunit *test)
{
	unsigned int left = wqc_rounds(5000, 200);
	WORK_QUEUE_ITEM item;
	PKEVENT event;

	while (left--) {
		event = kmalloc(sizeof(*event), GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, event);
		KeInitializeEvent(event, left & 1 ? NotificationEvent : SynchronizationEvent,
				  FALSE);
		ExInitializeWorkItem(&item, nt_set_own_event, event);
		ExQueueWorkItem(&item, left & 2 ? CriticalWorkQueue : HyperCriticalWorkQueue);
		KeWaitForSingleObject(event, Executive, KernelMode, FALSE, NULL);
		memset(event, 0x5a, sizeof(*event));
		kfree(event);
	}
}

/*
 * Many threads set, and many wait for any of four events: as many waits are satisfied as events
 * were set.
 */
struct nt_storm {
	KSEMAPHORE semaphores[4];
	KEVENT stop;
	atomic_t given, taken;
};

static void nt_storm_on_cpu(void *arg, int cpu)
{
	struct nt_storm *storm = arg;
	unsigned int left = wqc_rounds(5000, 400);
	PVOID objects[3];
	LARGE_INTEGER zero = {};
	NTSTATUS status;
	int i;

	for (i = 0; i < 3; i++)
		objects[i] = &storm->semaphores[(cpu + i) % 4];
	while (left--) {
		KeReleaseSemaphore(objects[left % 3], IO_NO_INCREMENT, 1, FALSE);
		atomic_inc(&storm->given);
		if (left & 1) {
			status = KeWaitForMultipleObjects(3, objects, WaitAny, Executive,
							  KernelMode, FALSE, &zero, NULL);
			if (status != STATUS_TIMEOUT)
				atomic_inc(&storm->taken);
		} else if (KeWaitForMultipleObjects(2, objects, WaitAll, Executive, KernelMode,
						    FALSE, &zero, NULL) == STATUS_SUCCESS) {
			atomic_add(2, &storm->taken);
		}
	}
}

static void each_set_event_satisfies_one_wait(struct kunit *test)
{
	struct nt_storm *storm = kunit_kzalloc(test, sizeof(*storm), GFP_KERNEL);
	int i, left = 0;

	KUNIT_ASSERT_NOT_NULL(test, storm);
	for (i = 0; i < 4; i++)
		KeInitializeSemaphore(&storm->semaphores[i], 0, MAXLONG);
	wqc_on_all_cpus(test, nt_storm_on_cpu, storm);
	for (i = 0; i < 4; i++)
		left += KeReadStateSemaphore(&storm->semaphores[i]);
	KUNIT_EXPECT_GT(test, atomic_read(&storm->taken), 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&storm->given), atomic_read(&storm->taken) + left);
}

/* ---- objects that are freed ------------------------------------------------- */

#define NT_TAG		0x74736554
#define WAIT_FREED	"freed memory contains an object that is waited for"

static PKEVENT nt_pool_event(struct kunit *test)
{
	PKEVENT block = ExAllocatePool2(POOL_FLAG_NON_PAGED, 3 * sizeof(*block), NT_TAG);

	KUNIT_ASSERT_NOT_NULL(test, block);
	KeInitializeEvent(&block[0], NotificationEvent, FALSE);
	KeInitializeEvent(&block[1], NotificationEvent, FALSE);
	return block;
}

/* A wait ends with an error when its object is freed, in pool memory or in an extension. */
static void wait_for_an_object_that_is_freed_fails(struct kunit *test)
{
	PDEVICE_OBJECT device = wqc_device_new(test, wqc_test_driver(test), sizeof(KEVENT) + 8);
	PKEVENT block = nt_pool_event(test), other = nt_pool_event(test);
	PKEVENT idle = nt_pool_event(test);
	struct nt_waiter *single, *all, *extension;
	u64 freed = wqc_reports(test, WAIT_FREED);

	single = nt_waits_for(test, &block[1]);
	all = nt_waiter_new(test, WaitAll, 2, &block[1], &other[1]);
	ExFreePoolWithTag(idle, NT_TAG);
	KUNIT_EXPECT_EQ(test, freed, wqc_reports(test, WAIT_FREED));
	ExFreePoolWithTag(block, NT_TAG);
	KUNIT_EXPECT_EQ(test, freed + 1, wqc_reports(test, WAIT_FREED));
	KUNIT_EXPECT_TRUE(test, nt_waiter_done(single));
	KUNIT_EXPECT_EQ(test, STATUS_UNSUCCESSFUL, single->status);
	KUNIT_EXPECT_TRUE(test, nt_waiter_done(all));
	KUNIT_EXPECT_EQ(test, STATUS_UNSUCCESSFUL, all->status);
	KUNIT_EXPECT_EQ(test, 0, nt_waiters(&other[1]));
	ExFreePoolWithTag(other, NT_TAG);
	KUNIT_EXPECT_EQ(test, freed + 1, wqc_reports(test, WAIT_FREED));

	KeInitializeEvent((PKEVENT)device->DeviceExtension, SynchronizationEvent, FALSE);
	extension = nt_waits_for(test, device->DeviceExtension);
	IoDeleteDevice(device);
	KUNIT_EXPECT_TRUE(test, nt_waiter_done(extension));
	KUNIT_EXPECT_EQ(test, STATUS_UNSUCCESSFUL, extension->status);
	KUNIT_EXPECT_TRUE(test, wqc_eventually(wqc_reports(test, WAIT_FREED) == freed + 2));
}

/*
 * A satisfied wait needs its objects no more, although its thread has not run yet: it can be freed
 * without a report. The waiter gets no CPU between the signal and the free.
 */
static void objects_of_a_satisfied_wait_may_be_freed(struct kunit *test)
{
	u64 freed = wqc_reports(test, WAIT_FREED);
	PKEVENT first, second;
	struct nt_waiter *waiter;
	WAIT_TYPE type;
	KIRQL irql;

	for (type = WaitAll; type <= WaitAny; type++) {
		first = nt_pool_event(test);
		second = nt_pool_event(test);
		waiter = nt_waiter_new(test, type, 2, &first[1], &second[1]);
		migrate_disable();
		set_cpus_allowed_ptr(waiter->task, cpumask_of(smp_processor_id()));
		KeRaiseIrql(DISPATCH_LEVEL, &irql);
		KeSetEvent(&first[1], IO_NO_INCREMENT, FALSE);
		if (type == WaitAll)
			KeSetEvent(&second[1], IO_NO_INCREMENT, FALSE);
		ExFreePoolWithTag(second, NT_TAG);
		ExFreePoolWithTag(first, NT_TAG);
		KeLowerIrql(irql);
		migrate_enable();
		KUNIT_EXPECT_TRUE(test, nt_waiter_done(waiter));
		KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, waiter->status);
	}
	KUNIT_EXPECT_EQ(test, freed, wqc_reports(test, WAIT_FREED));
}

/* The same while the thread leaves its wait on another CPU. */
static void objects_may_be_freed_while_the_wait_ends(struct kunit *test)
{
	unsigned int round, rounds = wqc_rounds(200, 20);
	u64 freed = wqc_reports(test, WAIT_FREED);
	PKEVENT first, second;
	struct nt_waiter *waiter;

	for (round = 0; round < rounds; round++) {
		first = nt_pool_event(test);
		second = nt_pool_event(test);
		waiter = nt_waiter_new(test, WaitAny, 2, &second[1], &first[1]);
		KeSetEvent(&first[1], IO_NO_INCREMENT, FALSE);
		udelay(round % 50);
		ExFreePoolWithTag(second, NT_TAG);
		ExFreePoolWithTag(first, NT_TAG);
		KUNIT_EXPECT_TRUE(test, nt_waiter_done(waiter));
		KUNIT_EXPECT_EQ(test, STATUS_WAIT_0 + 1, waiter->status);
	}
	KUNIT_EXPECT_EQ(test, freed, wqc_reports(test, WAIT_FREED));
}

static struct kunit_case nt_wait_cases[] = {
	KUNIT_CASE(set_and_reset_return_the_old_state),
	KUNIT_CASE(notification_stays_and_synchronization_resets),
	KUNIT_CASE(notification_event_releases_all_waiters),
	KUNIT_CASE(synchronization_event_releases_one_in_order),
	KUNIT_CASE(pulse_releases_present_waiters_and_resets),
	KUNIT_CASE(all_of_one_object_sees_a_pulse),
	KUNIT_CASE(relative_timeout_ends_the_wait),
	KUNIT_CASE(absolute_timeout_is_a_system_time),
	KUNIT_CASE(longest_timeout_does_not_wrap),
	KUNIT_CASE(wait_without_timeout_lasts_until_the_event),
	KUNIT_CASE(signal_ends_a_wait_of_user_mode),
	KUNIT_CASE(any_takes_the_first_that_is_signalled),
	KUNIT_CASE(any_is_satisfied_once),
	KUNIT_CASE(all_takes_all_or_nothing),
	KUNIT_CASE(as_many_as_64_objects_may_be_waited_for),
	KUNIT_CASE(wait_for_an_invalid_object_is_reported),
	KUNIT_CASE_PARAM(event_is_set_in_every_context, wqc_context_gen_params),
	KUNIT_CASE(event_may_be_freed_by_its_waiter),
	KUNIT_CASE(each_set_event_satisfies_one_wait),
	KUNIT_CASE(wait_for_an_object_that_is_freed_fails),
	KUNIT_CASE(objects_of_a_satisfied_wait_may_be_freed),
	KUNIT_CASE(objects_may_be_freed_while_the_wait_ends),
	{}
};

static struct kunit_suite nt_wait_suite = {
	.name = "wqc_nt_wait",
	.test_cases = nt_wait_cases,
};

kunit_test_suite(nt_wait_suite);
