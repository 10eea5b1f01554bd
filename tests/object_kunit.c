// SPDX-License-Identifier: GPL-2.0
/*
 * Driver and device objects: their contents, their lifetime, and pointers that are no objects.
 */
#include <linux/delay.h>

#include "wqc_probe.h"

#define BAD_OBJECT	"item without a valid IoObject"
#define BAD_DEVICE	"not an object, or deleted before"

#define EXTENSION	200

static bool all_zero(const u8 *bytes, size_t n)
{
	while (n--)
		if (*bytes++)
			return false;
	return true;
}

/* ---- creation ------------------------------------------------------------ */

/* A new device has the values that its caller passed, its driver, and a zeroed extension. */
static void new_device_is_filled_in(struct kunit *test)
{
	static const ULONG sizes[] = { 0, 1, 7, 16, 100, 4096, 60000 };
	PDRIVER_OBJECT driver = wqc_test_driver(test);
	PDEVICE_OBJECT device;
	int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
				IoCreateDevice(driver, sizes[i], NULL,
					       FILE_DEVICE_NETWORK_FILE_SYSTEM, 0x10, i & 1,
					       &device));
		KUNIT_EXPECT_EQ(test, IO_TYPE_DEVICE, device->Type);
		KUNIT_EXPECT_EQ(test, sizeof(DEVICE_OBJECT) + sizes[i], (size_t)device->Size);
		KUNIT_EXPECT_EQ(test, 0, device->ReferenceCount);
		KUNIT_EXPECT_PTR_EQ(test, driver, device->DriverObject);
		KUNIT_EXPECT_PTR_EQ(test, device, driver->DeviceObject);
		KUNIT_EXPECT_EQ(test, FILE_DEVICE_NETWORK_FILE_SYSTEM, (int)device->DeviceType);
		KUNIT_EXPECT_EQ(test, 0x10U, device->Characteristics);
		KUNIT_EXPECT_EQ(test, DO_DEVICE_INITIALIZING | (i & 1 ? DO_EXCLUSIVE : 0),
				(int)device->Flags);
		KUNIT_EXPECT_EQ(test, 1, device->StackSize);
		if (sizes[i]) {
			KUNIT_ASSERT_NOT_NULL(test, device->DeviceExtension);
			KUNIT_EXPECT_TRUE(test, all_zero(device->DeviceExtension, sizes[i]));
			KUNIT_EXPECT_EQ(test, 0UL, (ulong)device->DeviceExtension & 15);
			memset(device->DeviceExtension, 0xff, sizes[i]);
		} else {
			KUNIT_EXPECT_NULL(test, device->DeviceExtension);
		}
		IoDeleteDevice(device);
	}
}

static NTSTATUS create_named(PDRIVER_OBJECT driver, WCHAR *name, USHORT chars,
			     PDEVICE_OBJECT *device)
{
	UNICODE_STRING string = { chars * sizeof(WCHAR), chars * sizeof(WCHAR), name };

	return IoCreateDevice(driver, 0, &string, FILE_DEVICE_UNKNOWN, 0, FALSE, device);
}

/* No two devices have the same name at a time, of the same or of two drivers. */
static void device_names_collide_until_one_is_deleted(struct kunit *test)
{
	WCHAR name[] = { '\\', 'D', 'e', 'v', 'i', 'c', 'e', '\\', 'X' };
	PDRIVER_OBJECT driver = wqc_test_driver(test), other = wqc_test_driver(test);
	PDEVICE_OBJECT first, second, third;

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, create_named(driver, name, 9, &first));
	name[8] = 'Y';		/* the name was copied */
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, create_named(driver, name, 9, &second));
	name[8] = 'X';
	KUNIT_EXPECT_EQ(test, STATUS_OBJECT_NAME_COLLISION, create_named(other, name, 9, &third));
	KUNIT_EXPECT_NULL(test, third);
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, create_named(other, name, 8, &third));
	IoDeleteDevice(third);
	IoDeleteDevice(first);
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, create_named(other, name, 9, &third));
	IoDeleteDevice(second);
	IoDeleteDevice(third);
}

/* Names are compared without regard to case; a device with a name has DO_DEVICE_HAS_NAME. */
static void device_names_ignore_case(struct kunit *test)
{
	static const struct {
		WCHAR one, other;
		bool same;
	} pairs[] = {
		{ 'a', 'A', true }, { 'Z', 'z', true }, { 0xe9, 0xc9, true },
		{ 0xff, 0x178, true }, { 0x3c9, 0x3a9, true }, { 0x44f, 0x42f, true },
		{ 0x451, 0x401, true },
		{ '[', '{', false }, { 0xd7, 0xf7, false }, { 'a', 'b', false },
		{ '0', 'P', false },
	};
	WCHAR name[] = { '\\', 'D', 'e', 'v', 'i', 'c', 'e', '\\', 'X' };
	PDRIVER_OBJECT driver = wqc_test_driver(test);
	PDEVICE_OBJECT one, other;
	int i;

	for (i = 0; i < ARRAY_SIZE(pairs); i++) {
		name[8] = pairs[i].one;
		KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, create_named(driver, name, 9, &one));
		KUNIT_EXPECT_TRUE(test, one->Flags & DO_DEVICE_HAS_NAME);
		name[8] = pairs[i].other;
		KUNIT_EXPECT_EQ(test, pairs[i].same ? STATUS_OBJECT_NAME_COLLISION : STATUS_SUCCESS,
				create_named(driver, name, 9, &other));
		if (!pairs[i].same)
			IoDeleteDevice(other);
		IoDeleteDevice(one);
	}
}

/* The shortest time, in ns, of @n creations of named devices. */
static u64 creation_takes(struct kunit *test, PDRIVER_OBJECT driver, PDEVICE_OBJECT *devices,
			  u32 from, u32 n)
{
	WCHAR name[16] = { '\\', 'M' };
	u64 before, best = U64_MAX;
	u32 i, digit;

	for (i = from; i < from + n; i++) {
		for (digit = 0; digit < 8; digit++)
			name[2 + digit] = 'a' + (i >> 4 * digit & 15);
		before = ktime_get_ns();
		KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, create_named(driver, name, 10, &devices[i]));
		best = min(best, ktime_get_ns() - before);
	}
	return best;
}

/* The costs of a creation and of a deletion do not depend on the number of devices. */
static void creation_does_not_take_longer_with_many_devices(struct kunit *test)
{
	u32 many = wqc_rounds(4000, 100), i;
	PDRIVER_OBJECT driver = wqc_test_driver(test);
	u64 few_ns, many_ns, before, best = U64_MAX;
	PDEVICE_OBJECT *devices;

	devices = kunit_kcalloc(test, many + 200, sizeof(*devices), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, devices);
	few_ns = creation_takes(test, driver, devices, 0, 100);
	creation_takes(test, driver, devices, 100, many);
	many_ns = creation_takes(test, driver, devices, 100 + many, 100);
	KUNIT_EXPECT_LT(test, many_ns, 8 * few_ns);
	/* The oldest devices first: they are at the end of the chain. */
	for (i = 0; i < many + 200; i++) {
		before = ktime_get_ns();
		IoDeleteDevice(devices[i]);
		if (i < 100)
			best = min(best, ktime_get_ns() - before);
	}
	kunit_info(test, "create: %llu ns, with %u devices %llu ns; delete there: %llu ns",
		   few_ns, many, many_ns, best);
	KUNIT_EXPECT_LT(test, best, 8 * few_ns);
	KUNIT_EXPECT_NULL(test, driver->DeviceObject);
	wqc_objects_calm(test);
}

/* A driver that is unloaded but still referenced cannot create devices. */
static void unloaded_driver_gets_no_devices(struct kunit *test)
{
	PDRIVER_OBJECT driver;
	PDEVICE_OBJECT device = (void *)1;

	wqc_objects_calm(test);
	KUNIT_ASSERT_EQ(test, 0, wqc_driver_load(THIS_MODULE, wqc_probe_entry, &driver));
	ObReferenceObject(driver);
	wqc_driver_unload(driver);
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER,
			IoCreateDevice(driver, 0, NULL, 0, 0, FALSE, &device));
	KUNIT_EXPECT_NULL(test, device);
	ObDereferenceObject(driver);
	KUNIT_EXPECT_TRUE(test, wqc_eventually(!wqc_objects(test, "driver", "")));
}

/*
 * An invalid DriverObject, no pointer for the result, and an extension that is too large are
 * refused.
 */
static void invalid_parameters_are_refused(struct kunit *test)
{
	PDRIVER_OBJECT driver = wqc_test_driver(test), fake;
	PDEVICE_OBJECT device = wqc_device_new(test, driver, 0), out;
	ULONG most = U16_MAX - sizeof(DEVICE_OBJECT);

	fake = kunit_kzalloc(test, sizeof(*fake), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, fake);
	*fake = *driver;
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER,
			IoCreateDevice(NULL, 0, NULL, 0, 0, FALSE, &out));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER,
			IoCreateDevice(fake, 0, NULL, 0, 0, FALSE, &out));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER,
			IoCreateDevice((PDRIVER_OBJECT)device, 0, NULL, 0, 0, FALSE, &out));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER,
			IoCreateDevice(driver, 0, NULL, 0, 0, FALSE, NULL));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER,
			IoCreateDevice(driver, most + 1, NULL, 0, 0, FALSE, &out));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER,
			IoCreateDevice(driver, U32_MAX, NULL, 0, 0, FALSE, &out));
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			IoCreateDevice(driver, most, NULL, 0, 0, FALSE, &out));
	KUNIT_EXPECT_EQ(test, U16_MAX, (int)out->Size);
	IoDeleteDevice(out);
	IoDeleteDevice(device);
}

/* A driver's devices are chained, the newest first; a deleted one leaves the chain. */
static void devices_are_chained_newest_first(struct kunit *test)
{
	PDRIVER_OBJECT driver = wqc_test_driver(test);
	PDEVICE_OBJECT a, b, c;

	KUNIT_EXPECT_NULL(test, driver->DeviceObject);
	a = wqc_device_new(test, driver, 0);
	b = wqc_device_new(test, driver, 0);
	c = wqc_device_new(test, driver, 0);
	KUNIT_EXPECT_PTR_EQ(test, c, driver->DeviceObject);
	KUNIT_EXPECT_PTR_EQ(test, b, c->NextDevice);
	KUNIT_EXPECT_PTR_EQ(test, a, b->NextDevice);
	KUNIT_EXPECT_NULL(test, a->NextDevice);
	IoDeleteDevice(b);
	KUNIT_EXPECT_PTR_EQ(test, a, c->NextDevice);
	IoDeleteDevice(c);
	KUNIT_EXPECT_PTR_EQ(test, a, driver->DeviceObject);
	IoDeleteDevice(a);
	KUNIT_EXPECT_NULL(test, driver->DeviceObject);
}

/* ---- life times ---------------------------------------------------------- */

struct tenant {
	PIO_WORKITEM io;
	struct wqc_gate *gate;
	struct completion done;
	u32 sum;
	CSHORT type;
};

/* A routine may read all members of its device, even after the device is deleted. */
static void tenant_read(struct tenant *tenant, PDEVICE_OBJECT device)
{
	const u8 *extension = device->DeviceExtension;
	int i;

	tenant->type = device->Type;
	for (i = 0; i < EXTENSION; i++)
		tenant->sum += extension[i];
}

static VOID tenant_routine(PDEVICE_OBJECT device, PVOID context)
{
	struct tenant *tenant = context;

	if (tenant->io)
		IoFreeWorkItem(tenant->io);
	wqc_gate_wait(tenant->gate);
	tenant_read(tenant, device);
	complete(&tenant->done);
}

static struct tenant *tenant_new(struct kunit *test, PDEVICE_OBJECT device)
{
	struct tenant *tenant = kunit_kzalloc(test, sizeof(*tenant), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, tenant);
	init_completion(&tenant->done);
	tenant->gate = wqc_gate_new(test);
	memset(device->DeviceExtension, 3, EXTENSION);
	return tenant;
}

static void tenant_check(struct kunit *test, struct tenant *tenant)
{
	KUNIT_ASSERT_TRUE(test, wqc_done(&tenant->done));
	KUNIT_EXPECT_EQ(test, 3U * EXTENSION, tenant->sum);
	KUNIT_EXPECT_EQ(test, IO_TYPE_DEVICE, tenant->type);
	KUNIT_EXPECT_TRUE(test, wqc_eventually(!wqc_objects(test, "device", "")));
}

/*
 * A device that is deleted while an item runs or waits lives until the last routine has
 * returned.
 */
static void device_lives_until_its_items_have_returned(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	struct tenant *tenant;
	PDEVICE_OBJECT device;
	PIO_WORKITEM io;

	wqc_objects_calm(test);
	device = wqc_device_new(test, wqc_test_driver(test), EXTENSION);
	tenant = tenant_new(test, device);
	io = wqc_io_item(test, device);
	IoQueueWorkItem(io, tenant_routine, class->type, tenant);
	IoDeleteDevice(device);
	KUNIT_ASSERT_TRUE(test, wqc_gate_arrivals(tenant->gate, 1));
	msleep(WQC_GRACE_MS);
	KUNIT_EXPECT_EQ(test, 1U, wqc_objects(test, "device", "delete pending"));
	wqc_gate_open(tenant->gate);
	tenant_check(test, tenant);
	IoFreeWorkItem(io);
}

/* The device is deleted while @routine runs, by the case or by @routine itself. */
static void device_stays_for(struct kunit *test, PIO_WORKITEM_ROUTINE routine)
{
	const struct wqc_class_param *class = test->param_value;
	struct tenant *tenant;
	PDEVICE_OBJECT device;

	wqc_objects_calm(test);
	device = wqc_device_new(test, wqc_test_driver(test), EXTENSION);
	tenant = tenant_new(test, device);
	tenant->io = wqc_io_item(test, device);
	IoQueueWorkItem(tenant->io, routine, class->type, tenant);
	KUNIT_ASSERT_TRUE(test, wqc_gate_arrivals(tenant->gate, 1));
	if (routine == tenant_routine)
		IoDeleteDevice(device);
	msleep(WQC_GRACE_MS);
	KUNIT_EXPECT_EQ(test, 1U, wqc_objects(test, "device", "delete pending"));
	wqc_gate_open(tenant->gate);
	tenant_check(test, tenant);
}

/* IoFreeWorkItem() in the routine does not drop the reference on the object. */
static void freeing_the_item_in_its_routine_keeps_the_device(struct kunit *test)
{
	device_stays_for(test, tenant_routine);
}

static VOID delete_own_device(PDEVICE_OBJECT device, PVOID context)
{
	struct tenant *tenant = context;

	IoFreeWorkItem(tenant->io);
	IoDeleteDevice(device);
	wqc_gate_wait(tenant->gate);
	tenant_read(tenant, device);
	complete(&tenant->done);
}

/* A routine may delete its own device; the memory is freed after the routine has returned. */
static void routine_may_delete_its_own_device(struct kunit *test)
{
	device_stays_for(test, delete_own_device);
}

/* While a deleted device is referenced, its items work as before. */
static void referenced_device_takes_items_after_its_deletion(struct kunit *test)
{
	struct wqc_probe *probe = wqc_probe_new(test);
	u64 reports = wqc_reports(test, BAD_OBJECT);
	PDEVICE_OBJECT device;
	PIO_WORKITEM io;

	wqc_objects_calm(test);
	device = wqc_device_new(test, wqc_test_driver(test), 0);
	io = wqc_io_item(test, device);
	ObReferenceObject(device);
	IoDeleteDevice(device);
	IoQueueWorkItem(io, wqc_probe_io, DelayedWorkQueue, probe);
	KUNIT_EXPECT_TRUE(test, wqc_ran_once(probe, 1));
	KUNIT_EXPECT_PTR_EQ(test, probe->object, (void *)device);
	KUNIT_EXPECT_EQ(test, reports, wqc_reports(test, BAD_OBJECT));
	KUNIT_EXPECT_EQ(test, 1U, wqc_objects(test, "device", "delete pending"));
	ObDereferenceObject(device);
	KUNIT_EXPECT_TRUE(test, wqc_eventually(!wqc_objects(test, "device", "")));
	IoFreeWorkItem(io);
}

/* A driver object has a refcount too: while it is referenced, it outlives its driver. */
static void referenced_driver_outlives_its_unload(struct kunit *test)
{
	PDRIVER_OBJECT driver;

	wqc_objects_calm(test);
	KUNIT_ASSERT_EQ(test, 0, wqc_driver_load(THIS_MODULE, wqc_probe_entry, &driver));
	ObReferenceObject(driver);
	wqc_driver_unload(driver);
	KUNIT_EXPECT_EQ(test, 1U, wqc_objects(test, "driver", "delete pending"));
	KUNIT_EXPECT_EQ(test, IO_TYPE_DRIVER, driver->Type);
	ObDereferenceObject(driver);
	KUNIT_EXPECT_TRUE(test, wqc_eventually(!wqc_objects(test, "driver", "")));
}

/* ---- pointers that are no objects --------------------------------------- */

/* A second deletion, and the deletion or reference of anything but a device, are reported. */
static void pointers_that_are_no_devices_are_reported(struct kunit *test)
{
	PDRIVER_OBJECT driver = wqc_test_driver(test);
	PDEVICE_OBJECT device = wqc_device_new(test, driver, 0);
	u64 reports = wqc_reports(test, BAD_DEVICE);

	ObReferenceObject(device);
	IoDeleteDevice(device);
	KUNIT_EXPECT_EQ(test, reports, wqc_reports(test, BAD_DEVICE));
	IoDeleteDevice(device);
	KUNIT_EXPECT_EQ(test, reports + 1, wqc_reports(test, BAD_DEVICE));
	ObDereferenceObject(device);
	IoDeleteDevice((PDEVICE_OBJECT)driver);
	IoDeleteDevice(NULL);
	IoDeleteDevice((PDEVICE_OBJECT)test);
	IoDeleteDevice((PDEVICE_OBJECT)0x1000);
	ObReferenceObject(NULL);
	ObReferenceObject(test);
	ObDereferenceObject((void *)0x1000);
	ObDereferenceObject(test);
	KUNIT_EXPECT_EQ(test, reports + 9, wqc_reports(test, BAD_DEVICE));
	KUNIT_EXPECT_NULL(test, driver->DeviceObject);
	device = wqc_device_new(test, driver, 0);	/* the driver still works */
	IoDeleteDevice(device);
}

/*
 * An item whose object is gone is reported, and its routine gets the pointer that the driver
 * gave.
 */
static void item_whose_device_is_gone_runs_without_a_reference(struct kunit *test)
{
	struct wqc_probe *probe = wqc_probe_new(test);
	u64 reports = wqc_reports(test, BAD_OBJECT);
	PDEVICE_OBJECT device;
	PIO_WORKITEM io;

	wqc_objects_calm(test);
	device = wqc_device_new(test, wqc_test_driver(test), 0);
	io = wqc_io_item(test, device);
	IoDeleteDevice(device);
	KUNIT_ASSERT_TRUE(test, wqc_eventually(!wqc_objects(test, "device", "")));
	IoQueueWorkItem(io, wqc_probe_io, DelayedWorkQueue, probe);
	KUNIT_EXPECT_TRUE(test, wqc_ran_once(probe, 1));
	KUNIT_EXPECT_PTR_EQ(test, probe->object, (void *)device);
	KUNIT_EXPECT_EQ(test, reports + 1, wqc_reports(test, BAD_OBJECT));
	IoFreeWorkItem(io);
}

/*
 * The internal part of a device that is gone is reused, last in, first out. An old item must
 * not take a reference on the new device.
 */
static void item_of_a_deleted_device_does_not_hold_its_successor(struct kunit *test)
{
	PDRIVER_OBJECT driver = wqc_test_driver(test);
	struct wqc_probe *probe = wqc_probe_new(test);
	u64 reports = wqc_reports(test, BAD_OBJECT);
	PDEVICE_OBJECT device[20];
	PIO_WORKITEM io;
	int i;

	wqc_objects_calm(test);
	device[0] = wqc_device_new(test, driver, 0);
	device[1] = wqc_device_new(test, driver, 0);
	io = wqc_io_item(test, device[0]);
	IoDeleteDevice(device[0]);
	KUNIT_ASSERT_TRUE(test, wqc_eventually(wqc_objects(test, "device", "") == 1));
	/* When the second device leaves the list, the internal part of the first can be reused. */
	IoDeleteDevice(device[1]);
	KUNIT_ASSERT_TRUE(test, wqc_eventually(!wqc_objects(test, "device", "")));
	for (i = 0; i < ARRAY_SIZE(device); i++)
		device[i] = wqc_device_new(test, driver, 0);
	probe->gate = wqc_gate_new(test);
	IoQueueWorkItem(io, wqc_probe_io, DelayedWorkQueue, probe);
	KUNIT_ASSERT_TRUE(test, wqc_gate_arrivals(probe->gate, 1));
	for (i = 0; i < ARRAY_SIZE(device); i++)
		IoDeleteDevice(device[i]);
	KUNIT_EXPECT_TRUE(test, wqc_eventually(!wqc_objects(test, "device", "")));
	KUNIT_EXPECT_EQ(test, reports + 1, wqc_reports(test, BAD_OBJECT));
	wqc_gate_open(probe->gate);
	KUNIT_EXPECT_TRUE(test, wqc_ran_once(probe, 1));
	IoFreeWorkItem(io);
}

/* debugfs lists live objects, and no others. */
static void live_objects_and_no_others_are_listed(struct kunit *test)
{
	unsigned int i, round, rounds = wqc_rounds(20, 2);
	PDEVICE_OBJECT device[10];
	PDRIVER_OBJECT driver;

	wqc_objects_calm(test);
	driver = wqc_test_driver(test);
	for (round = 0; round < rounds; round++) {
		for (i = 0; i < 10; i++)
			device[i] = wqc_device_new(test, driver, i);
		KUNIT_EXPECT_EQ(test, 1U, wqc_objects(test, "driver", "live"));
		KUNIT_EXPECT_EQ(test, 10U, wqc_objects(test, "device", "live"));
		KUNIT_EXPECT_EQ(test, 11U, wqc_objects(test, "wqc_kunit", "live"));
		for (i = 0; i < 10; i++)
			IoDeleteDevice(device[i]);
		KUNIT_ASSERT_TRUE(test, wqc_eventually(!wqc_objects(test, "device", "")));
	}
	KUNIT_EXPECT_EQ(test, 1U, wqc_objects(test, "", ""));
}

static void come_and_go(void *arg)
{
	PDRIVER_OBJECT driver = arg;
	PDEVICE_OBJECT device;
	int i;

	for (i = 0; i < 200; i++) {
		if (IoCreateDevice(driver, 0, NULL, 0, 0, FALSE, &device))
			return;
		IoDeleteDevice(device);
		cond_resched();
	}
}

/* Each object that stays is listed once, whatever their number, while others come and go. */
static void objects_are_listed_once_while_others_come_and_go(struct kunit *test)
{
	enum { STAY = 200 };
	PDRIVER_OBJECT driver = wqc_test_driver(test);
	struct wqc_threads *threads;
	PDEVICE_OBJECT *device;
	int i;

	device = kunit_kcalloc(test, STAY, sizeof(*device), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, device);
	wqc_objects_calm(test);
	for (i = 0; i < STAY; i++) {
		device[i] = wqc_device_new(test, driver, 0);
		device[i]->Type = 0;
	}
	threads = wqc_threads_start(test, 2, come_and_go, driver);
	do {
		KUNIT_EXPECT_LE(test, (unsigned int)STAY, wqc_objects(test, "device", "live"));
	} while (!wqc_threads_done(threads));
	wqc_threads_join(threads);
	wqc_objects_calm(test);
	KUNIT_EXPECT_EQ(test, (unsigned int)STAY, wqc_objects(test, "device", "live"));
	KUNIT_EXPECT_EQ(test, 1U, wqc_objects(test, "driver", "live"));
	for (i = 0; i < STAY; i++)
		IoDeleteDevice(device[i]);
	wqc_objects_calm(test);
}

struct parade {
	PDRIVER_OBJECT driver;
	PDEVICE_OBJECT *devices;	/* a ring: the next to be deleted is at @at % @count */
	u32 count, at;
	bool stop;
};

/* A new device at the end of the list, for the oldest one at its beginning. */
static void parade_thread(void *arg)
{
	struct parade *parade = arg;
	PDEVICE_OBJECT *oldest, new;

	while (!READ_ONCE(parade->stop)) {
		if (IoCreateDevice(parade->driver, 0, NULL, 0, 0, FALSE, &new))
			return;
		oldest = &parade->devices[parade->at++ % parade->count];
		IoDeleteDevice(*oldest);
		*oldest = new;
		usleep_range(10, 20);	/* deleted ones stay in the list for a while */
	}
}

/*
 * A long listing lets others create and delete devices meanwhile: it shows some that are deleted
 * before it ends, and those that were created in their place.
 */
static void long_listing_does_not_hold_the_lock(struct kunit *test)
{
	struct parade *parade = kunit_kzalloc(test, sizeof(*parade), GFP_KERNEL);
	struct wqc_threads *threads;
	u32 i, most = 0;

	if (num_online_cpus() < 2)
		kunit_skip(test, "needs two CPUs");
	KUNIT_ASSERT_NOT_NULL(test, parade);
	parade->driver = wqc_test_driver(test);
	parade->count = wqc_rounds(1000, 200);
	parade->devices = kunit_kcalloc(test, parade->count, sizeof(PDEVICE_OBJECT), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, parade->devices);
	for (i = 0; i < parade->count; i++)
		parade->devices[i] = wqc_device_new(test, parade->driver, 0);
	threads = wqc_threads_start(test, 1, parade_thread, parade);
	for (i = 0; i < 100 && most <= parade->count + 1; i++)
		most = max(most, wqc_objects(test, "device", "live"));
	WRITE_ONCE(parade->stop, true);
	wqc_threads_join(threads);
	kunit_info(test, "%u listings, %u moves, most %u", i, parade->at, most);
	KUNIT_EXPECT_GT(test, most, parade->count + 1);
	for (i = 0; i < parade->count; i++)
		IoDeleteDevice(parade->devices[i]);
	wqc_objects_calm(test);
}

static struct kunit_case object_cases[] = {
	KUNIT_CASE(new_device_is_filled_in),
	KUNIT_CASE(device_names_collide_until_one_is_deleted),
	KUNIT_CASE(device_names_ignore_case),
	KUNIT_CASE(creation_does_not_take_longer_with_many_devices),
	KUNIT_CASE(unloaded_driver_gets_no_devices),
	KUNIT_CASE(invalid_parameters_are_refused),
	KUNIT_CASE(devices_are_chained_newest_first),
	KUNIT_CASE_PARAM(device_lives_until_its_items_have_returned, wqc_class_gen_params),
	KUNIT_CASE_PARAM(freeing_the_item_in_its_routine_keeps_the_device, wqc_class_gen_params),
	KUNIT_CASE_PARAM(routine_may_delete_its_own_device, wqc_class_gen_params),
	KUNIT_CASE(referenced_device_takes_items_after_its_deletion),
	KUNIT_CASE(referenced_driver_outlives_its_unload),
	KUNIT_CASE(pointers_that_are_no_devices_are_reported),
	KUNIT_CASE(item_whose_device_is_gone_runs_without_a_reference),
	KUNIT_CASE(item_of_a_deleted_device_does_not_hold_its_successor),
	KUNIT_CASE(live_objects_and_no_others_are_listed),
	KUNIT_CASE(objects_are_listed_once_while_others_come_and_go),
	KUNIT_CASE(long_listing_does_not_hold_the_lock),
	{}
};

static struct kunit_suite wqc_object_suite = {
	.name = "wqc_object",
	.test_cases = object_cases,
};

kunit_test_suite(wqc_object_suite);
