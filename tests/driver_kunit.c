// SPDX-License-Identifier: GPL-2.0
/*
 * Loading and unloading a driver: the arguments of DriverEntry, the clean-up after a DriverEntry
 * that fails, and the waits of the unload.
 */
#include <linux/cred.h>
#include <linux/delay.h>
#include <linux/irqflags.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/string.h>

#include "../include/ntstatus.h"
#include "wqc_probe.h"

#define LEAKED		"device not deleted by its driver"
#define THREAD_ENDED	"routine ended its worker thread"
#define IRQS_OFF	"routine returned with interrupts disabled"
#define PREEMPT_OFF	"routine returned with another preemption count"

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

/* Input of the entries below, and their records. */
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
	module_put(THIS_MODULE);	/* otherwise this module could not be unloaded */
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

/*
 * A DriverEntry that fails makes the load return -ENODEV; the items that it queued have run,
 * and no object is left.
 */
static void entry_that_fails_leaves_no_object(struct kunit *test)
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

/* The errno of a failed load is the closest one to the status. */
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

/* A device that DriverUnload has not deleted is reported (0xCE) and deleted. */
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

/* ---- the thread of DriverEntry and DriverUnload --------------------------- */

/* The context in which DriverEntry or DriverUnload was called. */
struct caller {
	struct task_struct *task;
	char comm[TASK_COMM_LEN];
	bool system, init_creds, atomic;
};

static struct caller entered, unloaded;

static void caller_note(struct caller *caller)
{
	caller->task = current;
	get_task_comm(caller->comm, current);
	caller->system = current->flags & PF_KTHREAD && !current->mm;
	caller->init_creds = uid_eq(current_uid(), GLOBAL_ROOT_UID) &&
			     current_user_ns() == &init_user_ns;
	caller->atomic = irqs_disabled() || preempt_count();
}

static VOID thread_unload(PDRIVER_OBJECT driver)
{
	caller_note(&unloaded);
}

static NTSTATUS thread_entry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
	driver->DriverUnload = thread_unload;
	caller_note(&entered);
	return STATUS_SUCCESS;
}

static void expect_system_thread(struct kunit *test, const struct caller *caller)
{
	KUNIT_EXPECT_PTR_NE(test, caller->task, current);
	KUNIT_EXPECT_STREQ(test, caller->comm, "wqc_driver");
	KUNIT_EXPECT_TRUE(test, caller->system);
	KUNIT_EXPECT_TRUE(test, caller->init_creds);
	KUNIT_EXPECT_FALSE(test, caller->atomic);
}

/*
 * DriverEntry and DriverUnload run in a system thread, not in the process that loads or unloads
 * the driver.
 */
static void entry_and_unload_run_in_a_system_thread(struct kunit *test)
{
	PDRIVER_OBJECT driver;

	memset(&entered, 0, sizeof(entered));
	memset(&unloaded, 0, sizeof(unloaded));
	KUNIT_ASSERT_EQ(test, 0, wqc_driver_load(THIS_MODULE, thread_entry, &driver));
	wqc_driver_unload(driver);
	expect_system_thread(test, &entered);
	expect_system_thread(test, &unloaded);
}

static NTSTATUS ending_entry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
	queueing_entry(driver, path);
	pr_info("wqc_kunit: DriverEntry ends its thread\n");
	kthread_complete_and_exit(NULL, 0);
}

/* A DriverEntry that ends its thread fails the load; the items that it queued have run. */
static void entry_that_ends_its_thread_fails_the_load(struct kunit *test)
{
	u64 reports = wqc_reports(test, THREAD_ENDED);
	PDRIVER_OBJECT driver;

	wqc_objects_calm(test);
	memset(&entry, 0, sizeof(entry));
	entry.probes = wqc_probes_new(test, 2);
	KUNIT_EXPECT_EQ(test, -ENODEV, wqc_driver_load(THIS_MODULE, ending_entry, &driver));
	KUNIT_EXPECT_NULL(test, driver);
	KUNIT_EXPECT_EQ(test, reports + 1, wqc_reports(test, THREAD_ENDED));
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&entry.probes[0].runs));
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&entry.probes[1].runs));
	KUNIT_EXPECT_TRUE(test, wqc_eventually(!wqc_objects(test, "", "")));
	IoFreeWorkItem(entry.io);
}

static VOID ending_unload(PDRIVER_OBJECT driver)
{
	pr_info("wqc_kunit: DriverUnload ends its thread\n");
	kthread_complete_and_exit(NULL, 0);
}

/* A DriverUnload that ends its thread is reported, and the unload returns. */
static void unload_that_ends_its_thread_is_reported_and_returns(struct kunit *test)
{
	u64 reports = wqc_reports(test, THREAD_ENDED);
	PDRIVER_OBJECT driver;

	wqc_objects_calm(test);
	memset(&entry, 0, sizeof(entry));
	entry.unload = ending_unload;
	KUNIT_ASSERT_EQ(test, 0, wqc_driver_load(THIS_MODULE, looking_entry, &driver));
	wqc_driver_unload(driver);
	KUNIT_EXPECT_EQ(test, reports + 1, wqc_reports(test, THREAD_ENDED));
	KUNIT_EXPECT_TRUE(test, wqc_eventually(!wqc_objects(test, "", "")));
}

/*
 * A task with a fatal signal pending gets no kernel thread, unless the thread exists before the
 * task starts to wait for it.
 */
static void get_no_threads(bool on)
{
	if (on) {
		allow_signal(SIGKILL);
		send_sig(SIGKILL, current, 1);
	} else {
		flush_signals(current);
		disallow_signal(SIGKILL);
	}
}

/*
 * A load fails where no thread can be made. An unload cannot fail: DriverUnload runs in the
 * caller's thread.
 */
static void driver_is_unloaded_where_no_thread_can_be_made(struct kunit *test)
{
	PDRIVER_OBJECT driver;
	int err = 0, tries;

	wqc_objects_calm(test);
	memset(&unloaded, 0, sizeof(unloaded));
	for (tries = 0; tries < 100 && !err; tries++) {
		get_no_threads(true);
		err = wqc_driver_load(THIS_MODULE, thread_entry, &driver);
		get_no_threads(false);
		if (!err)
			wqc_driver_unload(driver);
	}
	KUNIT_EXPECT_EQ(test, -ENOMEM, err);
	KUNIT_EXPECT_NULL(test, driver);
	for (tries = 0; tries < 100 && unloaded.task != current; tries++) {
		KUNIT_ASSERT_EQ(test, 0, wqc_driver_load(THIS_MODULE, thread_entry, &driver));
		get_no_threads(true);
		wqc_driver_unload(driver);
		get_no_threads(false);
	}
	KUNIT_EXPECT_PTR_EQ(test, unloaded.task, current);
	KUNIT_EXPECT_TRUE(test, wqc_eventually(!wqc_objects(test, "", "")));
}

static NTSTATUS atomic_entry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
	driver->DriverUnload = thread_unload;
	preempt_disable();
	local_irq_disable();
	return STATUS_SUCCESS;
}

/*
 * Interrupts and preemption that DriverEntry left disabled are reported with its name, and
 * enabled: the thread has to exit.
 */
static void entry_that_returns_atomic_is_reported(struct kunit *test)
{
	u64 irqs = wqc_reports(test, IRQS_OFF), preempt = wqc_reports(test, PREEMPT_OFF);
	PDRIVER_OBJECT driver;

	KUNIT_ASSERT_EQ(test, 0, wqc_driver_load(THIS_MODULE, atomic_entry, &driver));
	KUNIT_EXPECT_EQ(test, irqs + 1, wqc_reports(test, IRQS_OFF));
	if (IS_ENABLED(CONFIG_PREEMPT_COUNT))
		KUNIT_EXPECT_EQ(test, preempt + 1, wqc_reports(test, PREEMPT_OFF));
	KUNIT_EXPECT_NE(test, 0U, wqc_log_lines(test, IRQS_OFF, "atomic_entry"));
	wqc_driver_unload(driver);
}

/* ---- the driver's devices ------------------------------------------------- */

#define MANY	100	/* devices, more than the module handles in one batch */

static PDEVICE_OBJECT many[MANY];

static NTSTATUS many_entry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
	NTSTATUS status = STATUS_SUCCESS;
	int i;

	driver->DriverUnload = noting_unload;
	for (i = 0; i < MANY && NT_SUCCESS(status); i++)
		status = IoCreateDevice(driver, 8, NULL, FILE_DEVICE_UNKNOWN, 0, i & 1, &many[i]);
	entry.ok = NT_SUCCESS(status) && many[0]->Flags & DO_DEVICE_INITIALIZING;
	IoDeleteDevice(many[MANY / 2]);
	return status;
}

/*
 * When DriverEntry succeeds, DO_DEVICE_INITIALIZING is cleared in the devices that it has made,
 * and in no other.
 */
static void devices_of_an_entry_are_initialised_when_it_has_returned(struct kunit *test)
{
	u64 reports = wqc_reports(test, LEAKED);
	PDRIVER_OBJECT driver;
	PDEVICE_OBJECT later;
	int i;

	wqc_objects_calm(test);
	memset(&entry, 0, sizeof(entry));
	KUNIT_ASSERT_EQ(test, 0, wqc_driver_load(THIS_MODULE, many_entry, &driver));
	KUNIT_EXPECT_TRUE(test, entry.ok);
	later = wqc_device_new(test, driver, 0);
	KUNIT_EXPECT_TRUE(test, later->Flags & DO_DEVICE_INITIALIZING);
	for (i = 0; i < MANY; i++) {
		if (i != MANY / 2)
			KUNIT_EXPECT_EQ(test, i & 1 ? DO_EXCLUSIVE : 0, (int)many[i]->Flags);
	}
	wqc_driver_unload(driver);
	KUNIT_EXPECT_EQ(test, reports + MANY, wqc_reports(test, LEAKED));
	KUNIT_EXPECT_TRUE(test, wqc_eventually(!wqc_objects(test, "", "")));
}

static VOID scribbling_unload(PDRIVER_OBJECT driver)
{
	static WCHAR name[4] = { 'g', 'o', 'n', 'e' };
	int i;

	for (i = 0; i < MANY; i++) {
		many[i]->NextDevice = many[0];
		many[i]->DriverObject = (PDRIVER_OBJECT)name;
		many[i]->Type = IO_TYPE_DRIVER;
		many[i]->Size = 0;
		many[i]->DeviceExtension = NULL;
	}
	driver->DeviceObject = many[0];
	driver->DriverName = (UNICODE_STRING){ 8, 8, name };
	driver->DriverSection = NULL;
	driver->Type = IO_TYPE_DEVICE;
	entry.unloaded = true;
}

static NTSTATUS scribbling_entry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
	NTSTATUS status = STATUS_SUCCESS;
	int i;

	driver->DriverUnload = scribbling_unload;
	path->Buffer = NULL;
	for (i = 0; i < MANY && NT_SUCCESS(status); i++)
		status = IoCreateDevice(driver, 8, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &many[i]);
	return status;
}

/* A driver can be unloaded after it has overwritten all members of its objects. */
static void driver_that_overwrites_its_objects_can_be_unloaded(struct kunit *test)
{
	u64 reports = wqc_reports(test, LEAKED);
	PDRIVER_OBJECT driver;

	wqc_objects_calm(test);
	memset(&entry, 0, sizeof(entry));
	KUNIT_ASSERT_EQ(test, 0, wqc_driver_load(THIS_MODULE, scribbling_entry, &driver));
	ObReferenceObject(many[1]);	/* keeps the deleted device until ObDereferenceObject() */
	wqc_driver_unload(driver);
	KUNIT_EXPECT_TRUE(test, entry.unloaded);
	KUNIT_EXPECT_EQ(test, reports + MANY, wqc_reports(test, LEAKED));
	KUNIT_EXPECT_TRUE(test, wqc_eventually(wqc_objects(test, "", "") == 1));
	/*
	 * An object that outlives its module does not show the module's name: the name is freed
	 * with the module.
	 */
	KUNIT_EXPECT_EQ(test, 0U, wqc_objects(test, "wqc_kunit", ""));
	ObDereferenceObject(many[1]);
	KUNIT_EXPECT_TRUE(test, wqc_eventually(!wqc_objects(test, "", "")));
}

/* ---- the waits of an unload ------------------------------------------------ */

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
 * DriverUnload may return while items run. The unload that called it returns after the last of
 * their routines, of I/O and of executive items, has returned.
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
	KUNIT_EXPECT_TRUE(test, wqc_eventually(READ_ONCE(entry.unloaded)));
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

/* The unload waits for queued items: they run and are not dropped. */
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
	KUNIT_CASE(entry_that_fails_leaves_no_object),
	KUNIT_CASE(status_of_an_entry_becomes_an_errno),
	KUNIT_CASE(device_left_behind_is_reported_and_deleted),
	KUNIT_CASE(entry_and_unload_run_in_a_system_thread),
	KUNIT_CASE(entry_that_ends_its_thread_fails_the_load),
	KUNIT_CASE(unload_that_ends_its_thread_is_reported_and_returns),
	KUNIT_CASE(driver_is_unloaded_where_no_thread_can_be_made),
	KUNIT_CASE(entry_that_returns_atomic_is_reported),
	KUNIT_CASE(devices_of_an_entry_are_initialised_when_it_has_returned),
	KUNIT_CASE(driver_that_overwrites_its_objects_can_be_unloaded),
	KUNIT_CASE_PARAM(unload_waits_for_running_items, wqc_class_gen_params),
	KUNIT_CASE(unload_waits_for_queued_items),
	{}
};

static struct kunit_suite wqc_driver_suite = {
	.name = "wqc_driver",
	.test_cases = driver_cases,
};

kunit_test_suite(wqc_driver_suite);
