// SPDX-License-Identifier: GPL-2.0
/*
 * A driver's coming and going: what DriverEntry gets, what is left when it
 * fails, and what the unload waits for.
 */
#include <linux/delay.h>
#include <linux/module.h>

#include "../include/ntstatus.h"
#include "wqc_probe.h"

#define LEAKED		"device not deleted by its driver"

#define SERVICES	"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\"

static bool unicode_is(const UNICODE_STRING *string, const char *text)
{
	size_t i, length = strlen(text);

	if (string->Length != length * sizeof(WCHAR))
		return false;
	for (i = 0; i < length; i++)
		if (string->Buffer[i] != (u8)text[i])
			return false;
	return true;
}

/* What the entries below are told, and what they found. */
static struct {
	NTSTATUS status;
	struct wqc_probe *probes;
	PIO_WORKITEM io;
	bool ok, unloaded;
	DRIVER_UNLOAD *unload;
} entry;

static NTSTATUS looking_entry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
	driver->DriverUnload = entry.unload;
	entry.ok = driver->Type == IO_TYPE_DRIVER && driver->Size == sizeof(DRIVER_OBJECT) &&
		   driver->DriverInit == looking_entry && !driver->DeviceObject &&
		   unicode_is(&driver->DriverName, "\\Driver\\wqc_kunit") &&
		   unicode_is(path, SERVICES "wqc_kunit");
	return entry.status;
}

static VOID noting_unload(PDRIVER_OBJECT driver)
{
	entry.unloaded = true;
}

/* DriverEntry gets a driver object that names the driver, and its registry path. */
static void entry_gets_a_named_driver_and_its_path(struct kunit *test)
{
	PDRIVER_OBJECT driver;

	memset(&entry, 0, sizeof(entry));
	entry.unload = noting_unload;
	KUNIT_ASSERT_EQ(test, 0, wqc_driver_load(THIS_MODULE, looking_entry, &driver));
	KUNIT_EXPECT_TRUE(test, entry.ok);
	KUNIT_EXPECT_FALSE(test, entry.unloaded);
	wqc_driver_unload(driver);
	KUNIT_EXPECT_TRUE(test, entry.unloaded);
}

/* A driver without a DriverUnload cannot be removed. */
static void driver_without_unload_holds_its_module(struct kunit *test)
{
	int before = module_refcount(THIS_MODULE);
	PDRIVER_OBJECT driver;

	memset(&entry, 0, sizeof(entry));
	KUNIT_ASSERT_EQ(test, 0, wqc_driver_load(THIS_MODULE, looking_entry, &driver));
	KUNIT_EXPECT_EQ(test, before + 1, module_refcount(THIS_MODULE));
	module_put(THIS_MODULE);	/* for the sake of this module's own rmmod */
	wqc_driver_unload(driver);
}

static NTSTATUS queueing_entry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
	PDEVICE_OBJECT device;
	NTSTATUS status;

	status = IoCreateDevice(driver, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &device);
	if (!NT_SUCCESS(status))
		return status;
	entry.io = IoAllocateWorkItem(device);
	if (entry.io)
		IoQueueWorkItem(entry.io, wqc_probe_io, DelayedWorkQueue, &entry.probes[0]);
	wqc_probe_queue(&entry.probes[1], CriticalWorkQueue);
	IoDeleteDevice(device);
	return STATUS_DEVICE_NOT_READY;
}

/* An entry that fails is -ENODEV; what it queued has run, and no object is left. */
static void entry_that_fails_leaves_nothing(struct kunit *test)
{
	PDRIVER_OBJECT driver = (void *)1;

	wqc_objects_calm(test);
	memset(&entry, 0, sizeof(entry));
	entry.probes = wqc_probes_new(test, 2);
	KUNIT_EXPECT_EQ(test, -ENODEV, wqc_driver_load(THIS_MODULE, queueing_entry, &driver));
	KUNIT_EXPECT_NULL(test, driver);
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&entry.probes[0].runs));
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&entry.probes[1].runs));
	KUNIT_EXPECT_TRUE(test, wqc_eventually(!wqc_objects(test, "", "")));
	IoFreeWorkItem(entry.io);
	KUNIT_EXPECT_EQ(test, -EINVAL, wqc_driver_load(THIS_MODULE, NULL, &driver));
}

static NTSTATUS entry_status;

static NTSTATUS failing_entry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
	return entry_status;
}

/* The errno of a failed load is the one that comes nearest to the status. */
static void status_of_an_entry_becomes_an_errno(struct kunit *test)
{
	static const struct {
		NTSTATUS status;
		int err;
	} cases[] = {
		{ STATUS_INSUFFICIENT_RESOURCES, -ENOMEM },
		{ STATUS_INVALID_PARAMETER, -EINVAL },
		{ STATUS_NOT_SUPPORTED, -EOPNOTSUPP },
		{ STATUS_ACCESS_DENIED, -EACCES },
		{ STATUS_OBJECT_NAME_COLLISION, -EBUSY },
		{ STATUS_IO_TIMEOUT, -ETIMEDOUT },
		{ STATUS_IO_DEVICE_ERROR, -EIO },
		{ STATUS_OBJECT_NAME_NOT_FOUND, -ENODEV },
		{ STATUS_UNSUCCESSFUL, -ENODEV },
	};
	PDRIVER_OBJECT driver;
	int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		entry_status = cases[i].status;
		KUNIT_EXPECT_EQ(test, cases[i].err,
				wqc_driver_load(THIS_MODULE, failing_entry, &driver));
	}
}

/* A device that DriverUnload left behind is reported (0xCE) and deleted. */
static void device_left_behind_is_reported_and_deleted(struct kunit *test)
{
	u64 reports = wqc_reports(test, LEAKED);
	PDRIVER_OBJECT driver;
	int i;

	wqc_objects_calm(test);
	KUNIT_ASSERT_EQ(test, 0, wqc_driver_load(THIS_MODULE, wqc_probe_entry, &driver));
	for (i = 0; i < 2; i++)
		wqc_device_new(test, driver, 0);
	wqc_driver_unload(driver);
	KUNIT_EXPECT_EQ(test, reports + 2, wqc_reports(test, LEAKED));
	KUNIT_EXPECT_TRUE(test, wqc_eventually(!wqc_objects(test, "", "")));
}

/* ---- what an unload waits for --------------------------------------------- */

struct unload {
	struct work_struct work;
	struct completion done;
	PDRIVER_OBJECT driver;
};

static void unload_work(struct work_struct *work)
{
	struct unload *unload = container_of(work, struct unload, work);

	wqc_driver_unload(unload->driver);
	complete(&unload->done);
}

static void unload_flush(void *arg)
{
	struct unload *unload = arg;

	flush_work(&unload->work);
}

static void unload_start(struct kunit *test, struct unload *unload)
{
	init_completion(&unload->done);
	INIT_WORK(&unload->work, unload_work);
	schedule_work(&unload->work);
	wqc_at_exit(test, unload_flush, unload);
	msleep(WQC_GRACE_MS);
}

/*
 * DriverUnload may return while items run: the unload that called it returns
 * only when the last of their routines has, an I/O item's or an executive one's.
 */
static void unload_waits_for_running_items(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	struct unload *unload = kunit_kzalloc(test, sizeof(*unload), GFP_KERNEL);
	struct wqc_probe *probes = wqc_probes_new(test, 2);
	struct wqc_gate *io_gate, *ex_gate;
	PIO_WORKITEM io;

	KUNIT_ASSERT_NOT_NULL(test, unload);
	memset(&entry, 0, sizeof(entry));
	entry.unload = noting_unload;
	KUNIT_ASSERT_EQ(test, 0, wqc_driver_load(THIS_MODULE, looking_entry, &unload->driver));
	io_gate = wqc_gate_new(test);
	ex_gate = wqc_gate_new(test);
	probes[0].gate = io_gate;
	probes[1].gate = ex_gate;
	io = wqc_io_item(test, unload->driver);
	IoQueueWorkItemEx(io, wqc_probe_io_ex, class->type, &probes[0]);
	wqc_probe_queue(&probes[1], class->type);
	KUNIT_ASSERT_TRUE(test, wqc_gate_arrivals(io_gate, 1));
	KUNIT_ASSERT_TRUE(test, wqc_gate_arrivals(ex_gate, 1));
	unload_start(test, unload);
	KUNIT_EXPECT_TRUE(test, entry.unloaded);
	KUNIT_EXPECT_FALSE(test, completion_done(&unload->done));
	wqc_gate_open(io_gate);
	msleep(WQC_GRACE_MS);
	KUNIT_EXPECT_FALSE(test, completion_done(&unload->done));
	wqc_gate_open(ex_gate);
	KUNIT_EXPECT_TRUE(test, wqc_done(&unload->done));
	KUNIT_EXPECT_TRUE(test, wqc_ran_once(probes, 2));
	IoFreeWorkItem(io);
}

static VOID waiting_routine(PVOID context)
{
	wqc_gate_wait(context);
}

/* Items that still wait are run, not dropped, and waited for. */
static void unload_waits_for_queued_items(struct kunit *test)
{
	enum { IN_FRONT = 300, BEHIND = 100 };
	struct unload *unload = kunit_kzalloc(test, sizeof(*unload), GFP_KERNEL);
	struct wqc_probe *probes = wqc_probes_new(test, BEHIND);
	struct wqc_gate *gate = wqc_gate_new(test);
	WORK_QUEUE_ITEM *items;
	int i;

	items = kunit_kcalloc(test, IN_FRONT, sizeof(*items), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, items);
	KUNIT_ASSERT_NOT_NULL(test, unload);
	memset(&entry, 0, sizeof(entry));
	entry.unload = noting_unload;
	KUNIT_ASSERT_EQ(test, 0, wqc_driver_load(THIS_MODULE, looking_entry, &unload->driver));
	wqc_stay_here(test);
	for (i = 0; i < IN_FRONT; i++) {
		ExInitializeWorkItem(&items[i], waiting_routine, gate);
		ExQueueWorkItem(&items[i], DelayedWorkQueue);
	}
	for (i = 0; i < BEHIND; i++)
		wqc_probe_queue(&probes[i], DelayedWorkQueue);
	unload_start(test, unload);
	KUNIT_EXPECT_FALSE(test, completion_done(&unload->done));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&probes[0].runs));
	wqc_gate_open(gate);
	KUNIT_EXPECT_TRUE(test, wqc_done(&unload->done));
	for (i = 0; i < BEHIND; i++)
		KUNIT_EXPECT_EQ(test, 1, atomic_read(&probes[i].runs));
	KUNIT_EXPECT_TRUE(test, wqc_gate_arrivals(gate, IN_FRONT));
}

static struct kunit_case driver_cases[] = {
	KUNIT_CASE(entry_gets_a_named_driver_and_its_path),
	KUNIT_CASE(driver_without_unload_holds_its_module),
	KUNIT_CASE(entry_that_fails_leaves_nothing),
	KUNIT_CASE(status_of_an_entry_becomes_an_errno),
	KUNIT_CASE(device_left_behind_is_reported_and_deleted),
	KUNIT_CASE_PARAM(unload_waits_for_running_items, wqc_class_gen_params),
	KUNIT_CASE(unload_waits_for_queued_items),
	{}
};

static struct kunit_suite wqc_driver_suite = {
	.name = "wqc_driver",
	.test_cases = driver_cases,
};

kunit_test_suite(wqc_driver_suite);
