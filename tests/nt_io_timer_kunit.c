// SPDX-License-Identifier: GPL-2.0
/* The timers of devices. */
#include <linux/delay.h>

#include "nt_test.h"

#define BAD_DEVICE	"not an object, or deleted before"
#define BAD_TIMER	"timer or DPC that was not initialised"

/* What the routine of a timer has seen. */
struct nt_io_timer {
	PDEVICE_OBJECT device;
	KIRQL irql;
	atomic_t calls, others;		/* with another device than @device */
	enum { NT_GO_ON, NT_STOP, NT_DELETE } then;
};

static void nt_io_timer_called(struct nt_io_timer *seen, PDEVICE_OBJECT device)
{
	seen->irql = KeGetCurrentIrql();
	if (device == seen->device)
		atomic_inc(&seen->calls);
	else
		atomic_inc(&seen->others);
}

static VOID nt_io_timer_routine(PDEVICE_OBJECT DeviceObject, PVOID Context)
{
	struct nt_io_timer *seen = Context;

	nt_io_timer_called(seen, DeviceObject);
	if (seen->then == NT_STOP)
		IoStopTimer(DeviceObject);
	if (seen->then == NT_DELETE) {
		IoDeleteDevice(DeviceObject);
		/* Long enough for the memory to be freed, if nothing held it. */
		mdelay(200);
		if (DeviceObject->Type != IO_TYPE_DEVICE)
			atomic_inc(&seen->others);
	}
}

/* For a test that deletes the device itself. */
static PDEVICE_OBJECT nt_device_new(struct kunit *test)
{
	PDEVICE_OBJECT device = NULL;

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			IoCreateDevice(wqc_test_driver(test), 0, NULL, FILE_DEVICE_UNKNOWN, 0,
				       FALSE, &device));
	KUNIT_ASSERT_NOT_NULL(test, device);
	return device;
}

static struct nt_io_timer *nt_io_timer_new(struct kunit *test, PDEVICE_OBJECT device)
{
	struct nt_io_timer *seen = kunit_kzalloc(test, sizeof(*seen), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, seen);
	seen->device = device;
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			IoInitializeTimer(device, nt_io_timer_routine, seen));
	return seen;
}

static void routine_is_called_once_a_second_at_dispatch_level(struct kunit *test)
{
	PDEVICE_OBJECT device = wqc_test_device(test);
	struct nt_io_timer *seen = nt_io_timer_new(test, device);
	u64 begin = ktime_get_ns();
	int calls;

	KUNIT_EXPECT_NOT_NULL(test, device->Timer);
	IoStartTimer(device);
	KUNIT_EXPECT_TRUE(test, wqc_eventually(atomic_read(&seen->calls) >= 2));
	IoStopTimer(device);
	KeFlushQueuedDpcs();
	calls = atomic_read(&seen->calls);
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&seen->others));
	KUNIT_EXPECT_EQ(test, DISPATCH_LEVEL, (int)seen->irql);
	/* Each takes a second, whatever keeps the test busy. */
	KUNIT_EXPECT_LE(test, (u64)calls, div64_u64(ktime_get_ns() - begin, NSEC_PER_SEC));
}

static void timer_is_stopped_and_started_again(struct kunit *test)
{
	PDEVICE_OBJECT device = wqc_test_device(test);
	struct nt_io_timer *seen = nt_io_timer_new(test, device);

	msleep(1200);
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&seen->calls));
	IoStartTimer(device);
	IoStopTimer(device);
	msleep(1200);
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&seen->calls));
	/* Its routine stops it. */
	seen->then = NT_STOP;
	IoStartTimer(device);
	KUNIT_EXPECT_TRUE(test, wqc_eventually(atomic_read(&seen->calls) == 1));
	msleep(1200);
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&seen->calls));
	IoStartTimer(device);
	KUNIT_EXPECT_TRUE(test, wqc_eventually(atomic_read(&seen->calls) == 2));
	KeFlushQueuedDpcs();
}

/* Also if the device is not freed yet. */
static void timer_ends_with_its_device(struct kunit *test)
{
	PDEVICE_OBJECT device = nt_device_new(test);
	struct nt_io_timer *seen = nt_io_timer_new(test, device);

	ObReferenceObject(device);
	IoStartTimer(device);
	IoDeleteDevice(device);
	msleep(1200);
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&seen->calls) + atomic_read(&seen->others));
	ObDereferenceObject(device);
}

static bool nt_io_timer_is_reported(struct kunit *test, PDEVICE_OBJECT device)
{
	u64 bad = wqc_reports(test, BAD_TIMER);

	IoStopTimer(device);
	return wqc_reports(test, BAD_TIMER) == bad + 1;
}

/* IoStopTimer() compares the address only: a device that lies there later has no timer. */
static void timer_is_freed_with_its_device(struct kunit *test)
{
	PDEVICE_OBJECT device = nt_device_new(test);

	nt_io_timer_new(test, device);
	KUNIT_EXPECT_FALSE(test, nt_io_timer_is_reported(test, device));
	IoDeleteDevice(device);
	KUNIT_EXPECT_TRUE(test, wqc_eventually(nt_io_timer_is_reported(test, device)));
}

static void device_may_be_deleted_in_the_routine(struct kunit *test)
{
	PDEVICE_OBJECT device = nt_device_new(test);
	struct nt_io_timer *seen = nt_io_timer_new(test, device);

	seen->then = NT_DELETE;
	IoStartTimer(device);
	KUNIT_EXPECT_TRUE(test, wqc_eventually(atomic_read(&seen->calls)));
	KeFlushQueuedDpcs();
	msleep(1200);
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&seen->calls));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&seen->others));
}

static VOID nt_io_timer_second(PDEVICE_OBJECT DeviceObject, PVOID Context)
{
	nt_io_timer_called(Context, DeviceObject);
}

static void second_initialisation_replaces_the_routine(struct kunit *test)
{
	PDEVICE_OBJECT device = wqc_test_device(test);
	struct nt_io_timer *first = nt_io_timer_new(test, device);
	struct nt_io_timer second = { .device = device };

	IoStartTimer(device);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			IoInitializeTimer(device, nt_io_timer_second, &second));
	KUNIT_EXPECT_TRUE(test, wqc_eventually(atomic_read(&second.calls)));
	IoStopTimer(device);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&first->calls));
}

static void misuse_is_reported(struct kunit *test)
{
	u64 timers = wqc_reports(test, BAD_TIMER);
	u64 devices = wqc_reports(test, BAD_DEVICE);
	PDEVICE_OBJECT device = wqc_test_device(test);
	DEVICE_OBJECT none = {};

	IoStartTimer(device);
	IoStopTimer(device);
	IoStartTimer(&none);
	KUNIT_EXPECT_EQ(test, timers + 3, wqc_reports(test, BAD_TIMER));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, IoInitializeTimer(device, NULL, NULL));
	KUNIT_EXPECT_NULL(test, device->Timer);
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER,
			IoInitializeTimer(&none, nt_io_timer_routine, NULL));
	KUNIT_EXPECT_EQ(test, devices + 1,
			wqc_reports(test, BAD_DEVICE));
}

static struct kunit_case nt_io_timer_cases[] = {
	KUNIT_CASE(routine_is_called_once_a_second_at_dispatch_level),
	KUNIT_CASE(timer_is_stopped_and_started_again),
	KUNIT_CASE(timer_ends_with_its_device),
	KUNIT_CASE(timer_is_freed_with_its_device),
	KUNIT_CASE(device_may_be_deleted_in_the_routine),
	KUNIT_CASE(second_initialisation_replaces_the_routine),
	KUNIT_CASE(misuse_is_reported),
	{}
};

static struct kunit_suite nt_io_timer_suite = {
	.name = "wqc_nt_io_timer",
	.test_cases = nt_io_timer_cases,
};

kunit_test_suite(nt_io_timer_suite);
