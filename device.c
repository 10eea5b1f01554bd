// SPDX-License-Identifier: GPL-2.0
/*
 * Devices: IoCreateDevice(), IoDeleteDevice(), the names and the driver's list of devices.
 *
 * Drivers can write to DEVICE_OBJECT and DRIVER_OBJECT, so nothing here depends on their content:
 * the authoritative lists are in private structures, here and in driver.h. Bound of a hold of
 * wqc_object_lock: the devices of one hash bucket, or WQC_OBJECT_CHUNK of a list.
 */
#include <linux/cache.h>
#include <linux/container_of.h>
#include <linux/hash.h>
#include <linux/hashtable.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "include/ntstatus.h"
#include "core/ref.h"
#include "diag/freed.h"
#include "device.h"
#include "driver.h"
#include "lib/upcase.h"

/**
 * struct wqc_device - a DEVICE_OBJECT, its name and its place
 * @size: I: of @device with its extension; Size is the driver's to change
 * @object: I: the reference-counted object of @device
 * @driver: O: NULL after the driver's unload
 * @link: O: place on the driver's list @devices or @deleted
 * @starting: O: place on the driver's list @starting, while it is there
 * @named: O: place in the hash of names, while it has a name and is not deleted
 * @name: I: the name, for the hash
 * @name_hash: I: the hash of @name
 * @deleter: O: the address of the call of IoDeleteDevice(); never dereferenced
 * @device: the public part; its extension follows
 */
struct wqc_device {
	size_t size;
	struct wqc_object *object;
	struct wqc_driver *driver;
	struct list_head link;
	struct list_head starting;
	struct hlist_node named;
	UNICODE_STRING name;
	u32 name_hash;
	void *deleter;
	DEVICE_OBJECT device ____cacheline_aligned;
};

static struct wqc_device *wqc_device_of(PVOID nt)
{
	return container_of(nt, struct wqc_device, device);
}

static DEFINE_MUTEX(wqc_create_mutex);		/* check of a name, and its insertion */
static DEFINE_HASHTABLE(wqc_device_names, 10);	/* O: devices that are not deleted */

static u32 wqc_name_hash(PCUNICODE_STRING name)
{
	u32 i, hash = 0;

	for (i = 0; i < name->Length / sizeof(WCHAR); i++)
		hash = hash_32(hash ^ wqc_upcase(name->Buffer[i]), 32);
	return hash;
}

static bool wqc_copy_name(struct wqc_device *device, PCUNICODE_STRING from)
{
	UNICODE_STRING *to = &device->name;

	if (!from || !from->Length || !from->Buffer)
		return true;
	to->Buffer = kmemdup(from->Buffer, from->Length, GFP_KERNEL);
	if (!to->Buffer)
		return false;
	to->Length = from->Length;
	to->MaximumLength = from->Length;
	device->name_hash = wqc_name_hash(to);
	return true;
}

/* Case-insensitive, as in the object manager. */
static bool wqc_is_same_name(PCUNICODE_STRING a, PCUNICODE_STRING b)
{
	u32 i;

	if (a->Length != b->Length)
		return false;
	for (i = 0; i < a->Length / sizeof(WCHAR); i++)
		if (wqc_upcase(a->Buffer[i]) != wqc_upcase(b->Buffer[i]))
			return false;
	return true;
}

/* Compares names only where their hashes are the same. */
static struct wqc_device *wqc_device_find_name(PCUNICODE_STRING name, u32 hash)
{
	struct wqc_device *device;

	lockdep_assert_held(&wqc_object_lock);
	hash_for_each_possible(wqc_device_names, device, named, hash)
		if (device->name_hash == hash && wqc_is_same_name(&device->name, name))
			return device;
	return NULL;
}

static bool wqc_name_is_taken(const struct wqc_device *device)
{
	bool taken;

	if (!device->name.Length)
		return false;
	raw_spin_lock_irq(&wqc_object_lock);
	taken = wqc_device_find_name(&device->name, device->name_hash);
	raw_spin_unlock_irq(&wqc_object_lock);
	return taken;
}

/**
 * wqc_device_get_by_name - reference the device of a name
 * @name: the whole name, without regard to case
 *
 * Context: process.
 * Return: the device, referenced; NULL if there is none that is not deleted.
 */
PDEVICE_OBJECT wqc_device_get_by_name(PCUNICODE_STRING name)
{
	struct wqc_device *device;

	raw_spin_lock_irq(&wqc_object_lock);
	device = wqc_device_find_name(name, wqc_name_hash(name));
	/* Not deleted, and so with a reference, under the lock. */
	if (device)
		percpu_ref_get(&device->object->ref);
	raw_spin_unlock_irq(&wqc_object_lock);
	if (!device)
		return NULL;
	return &device->device;
}
EXPORT_SYMBOL_GPL(wqc_device_get_by_name);

/* The list is authoritative; DeviceObject and NextDevice are a copy for the driver. */
static void wqc_device_link(struct wqc_driver *driver, struct wqc_device *device)
{
	lockdep_assert_held(&wqc_object_lock);
	if (!list_empty(&driver->devices))
		device->device.NextDevice =
			&list_first_entry(&driver->devices, struct wqc_device, link)->device;
	driver->driver.DeviceObject = &device->device;
	list_add(&device->link, &driver->devices);
	if (driver->entering)
		list_add_tail(&device->starting, &driver->starting);
	if (device->name.Length)
		hash_add(wqc_device_names, &device->named, device->name_hash);
}

/* Removes a device from the names and from its driver's list of devices. */
static void wqc_device_unlink(struct wqc_device *device)
{
	struct wqc_driver *driver = device->driver;
	PDEVICE_OBJECT older = NULL;

	lockdep_assert_held(&wqc_object_lock);
	hash_del(&device->named);
	list_del_init(&device->starting);
	if (!list_is_last(&device->link, &driver->devices))
		older = &list_next_entry(device, link)->device;
	if (list_is_first(&device->link, &driver->devices))
		driver->driver.DeviceObject = older;
	else
		list_prev_entry(device, link)->device.NextDevice = older;
	list_move(&device->link, &driver->deleted);
}

static void wqc_device_free(struct wqc_device *device)
{
	kfree(device->name.Buffer);
	kfree(device);
}

/* As KeInitializeDeviceQueue(), which is in nt-compat: a device has its queue from the start. */
static void wqc_device_queue_init(KDEVICE_QUEUE *queue)
{
	queue->Type = WQC_TYPE_DEVICE_QUEUE;
	queue->Size = sizeof(*queue);
	queue->DeviceListHead.Flink = &queue->DeviceListHead;
	queue->DeviceListHead.Blink = &queue->DeviceListHead;
}

static struct wqc_device *wqc_device_new(ULONG extension)
{
	size_t size = sizeof(DEVICE_OBJECT) + (size_t)extension;
	struct wqc_device *device;

	device = kzalloc(offsetof(struct wqc_device, device) + size, GFP_KERNEL);
	if (!device)
		return NULL;
	device->size = size;
	INIT_LIST_HEAD(&device->link);
	INIT_LIST_HEAD(&device->starting);
	device->device.Type = IO_TYPE_DEVICE;
	device->device.Size = size;
	device->device.StackSize = 1;
	wqc_device_queue_init(&device->device.DeviceQueue);
	if (extension)
		device->device.DeviceExtension = &device->device + 1;
	return device;
}

/* Returns the driver of @nt; NULL if @nt is no driver object or is being unloaded. */
static struct wqc_driver *wqc_live_driver(PVOID nt)
{
	struct wqc_object *object;
	u32 gen;

	lockdep_assert_held(&wqc_create_mutex);
	object = wqc_object_find(nt, &gen);
	if (!object || !object->is_driver || object->deleted)
		return NULL;
	return container_of(nt, struct wqc_driver, driver);
}

static NTSTATUS wqc_device_publish(struct wqc_device *device, PDRIVER_OBJECT nt)
{
	struct wqc_driver *driver = wqc_live_driver(nt);

	if (!driver)
		return STATUS_INVALID_PARAMETER;
	if (wqc_name_is_taken(device))
		return STATUS_OBJECT_NAME_COLLISION;
	device->driver = driver;
	device->device.DriverObject = nt;
	device->object = wqc_object_new(&device->device, driver->owner, false,
					WQC_OWNER_TAG(driver->number));
	if (!device->object)
		return STATUS_INSUFFICIENT_RESOURCES;
	/* In one hold: a published device can be deleted, for instance through a stale pointer. */
	raw_spin_lock_irq(&wqc_object_lock);
	wqc_object_add(device->object);
	wqc_device_link(driver, device);
	raw_spin_unlock_irq(&wqc_object_lock);
	return STATUS_SUCCESS;
}

/**
 * IoCreateDevice - create a device object
 * @DriverObject: the argument of DriverEntry
 * @DeviceExtensionSize: bytes at DeviceExtension, zeroed
 * @DeviceName: copied; unique among existing devices, case-insensitive; sets
 *	DO_DEVICE_HAS_NAME. NULL or empty: no name
 * @DeviceType: stored
 * @DeviceCharacteristics: stored
 * @Exclusive: sets DO_EXCLUSIVE
 * @DeviceObject: receives the object
 *
 * Sets DO_DEVICE_INITIALIZING. For devices that DriverEntry creates, it is cleared when
 * DriverEntry has returned a success; for other devices the driver must clear it.
 *
 * Context: IRQL PASSIVE_LEVEL; here process context, sleeps.
 * Return: STATUS_SUCCESS; STATUS_INVALID_PARAMETER if @DriverObject is no driver object or is
 * being unloaded, @DeviceObject is NULL, or the object with its extension is larger than 65,535
 * bytes; STATUS_OBJECT_NAME_COLLISION; STATUS_INSUFFICIENT_RESOURCES; STATUS_UNSUCCESSFUL, with
 * a report, at DISPATCH_LEVEL or above.
 *
 * Follows: DDI wdm/nf-wdm-iocreatedevice.
 */
NTSTATUS IoCreateDevice(PDRIVER_OBJECT DriverObject, ULONG DeviceExtensionSize,
			PUNICODE_STRING DeviceName, DEVICE_TYPE DeviceType,
			ULONG DeviceCharacteristics, BOOLEAN Exclusive,
			PDEVICE_OBJECT *DeviceObject)
{
	struct wqc_device *device;
	NTSTATUS status;

	if (!wqc_may_sleep(__func__, (void *)_RET_IP_))
		return STATUS_UNSUCCESSFUL;
	if (!DeviceObject || sizeof(DEVICE_OBJECT) + (u64)DeviceExtensionSize > U16_MAX)
		return STATUS_INVALID_PARAMETER;
	*DeviceObject = NULL;

	device = wqc_device_new(DeviceExtensionSize);
	if (!device)
		return STATUS_INSUFFICIENT_RESOURCES;
	device->device.Characteristics = DeviceCharacteristics;
	device->device.DeviceType = DeviceType;
	status = STATUS_INSUFFICIENT_RESOURCES;
	if (wqc_copy_name(device, DeviceName)) {
		device->device.Flags = DO_DEVICE_INITIALIZING | (Exclusive ? DO_EXCLUSIVE : 0) |
				       (device->name.Length ? DO_DEVICE_HAS_NAME : 0);
		mutex_lock(&wqc_create_mutex);
		status = wqc_device_publish(device, DriverObject);
		mutex_unlock(&wqc_create_mutex);
	}
	if (NT_SUCCESS(status))
		*DeviceObject = &device->device;
	else
		wqc_device_free(device);
	return status;
}
EXPORT_SYMBOL_GPL(IoCreateDevice);

/**
 * IoDeleteDevice - delete a device object
 * @DeviceObject: from IoCreateDevice(); the caller may be a routine of this device's items
 *
 * Marks the device as deleted and drops the initial reference. Items that are queued already
 * still run, and so do items that are queued while a reference is held. The memory is freed with
 * the last reference. A pointer to no device, or to a deleted one, is reported.
 *
 * Context: IRQL <= APC_LEVEL on Windows; here any context, except, on PREEMPT_RT, with
 * interrupts off or under a raw spinlock. Never waits.
 *
 * Follows: DDI wdm/nf-wdm-iodeletedevice.
 */
VOID IoDeleteDevice(PDEVICE_OBJECT DeviceObject)
{
	struct wqc_object *object;
	struct wqc_device *device;
	unsigned long flags;
	bool first = false;
	u32 gen;

	/* Keeps the structure from being reused for another device before the kill below. */
	rcu_read_lock();
	object = wqc_object_find(DeviceObject, &gen);
	if (object && !object->is_driver) {
		device = wqc_device_of(DeviceObject);
		raw_spin_lock_irqsave(&wqc_object_lock, flags);
		first = !object->deleted;
		WRITE_ONCE(object->deleted, true);	/* read without the lock: ob.c */
		if (first) {
			device->deleter = (void *)_RET_IP_;
			wqc_device_unlink(device);
		}
		raw_spin_unlock_irqrestore(&wqc_object_lock, flags);
	}
	if (first)
		percpu_ref_kill(&object->ref);
	rcu_read_unlock();
	if (!first)
		wqc_report(WQC_R_BAD_DEVICE, "device %p, from %pS: not deleted", DeviceObject,
			   (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(IoDeleteDevice);

/* ---- all devices of a driver --------------------------------------------- */

/* Clears DO_DEVICE_INITIALIZING of WQC_OBJECT_CHUNK devices. False: none is left. */
static bool wqc_driver_start_some(struct wqc_driver *driver)
{
	struct wqc_device *device;
	int n;

	raw_spin_lock_irq(&wqc_object_lock);
	driver->entering = false;
	for (n = 0; n < WQC_OBJECT_CHUNK && !list_empty(&driver->starting); n++) {
		device = list_first_entry(&driver->starting, struct wqc_device, starting);
		list_del_init(&device->starting);
		/* Atomic: its driver may set other flags concurrently. */
		atomic_andnot(DO_DEVICE_INITIALIZING, (atomic_t *)&device->device.Flags);
	}
	raw_spin_unlock_irq(&wqc_object_lock);
	return n == WQC_OBJECT_CHUNK;
}

/**
 * wqc_driver_started - clear DO_DEVICE_INITIALIZING after a successful DriverEntry
 * @driver: the driver
 *
 * Context: process.
 */
void wqc_driver_started(struct wqc_driver *driver)
{
	while (wqc_driver_start_some(driver))
		cond_resched();
}

static PDEVICE_OBJECT wqc_first_device(struct wqc_driver *driver)
{
	struct wqc_device *device;

	raw_spin_lock_irq(&wqc_object_lock);
	device = list_first_entry_or_null(&driver->devices, struct wqc_device, link);
	raw_spin_unlock_irq(&wqc_object_lock);
	return device ? &device->device : NULL;
}

/*
 * Detaches deleted devices that are still referenced: they outlive their driver and its module,
 * so they must not point to either (use-after-free).
 */
static bool wqc_driver_leave_some(struct wqc_driver *driver)
{
	struct wqc_device *device;
	int n;

	raw_spin_lock_irq(&wqc_object_lock);
	for (n = 0; n < WQC_OBJECT_CHUNK && !list_empty(&driver->deleted); n++) {
		device = list_first_entry(&driver->deleted, struct wqc_device, link);
		list_del_init(&device->link);
		device->driver = NULL;
		WRITE_ONCE(device->object->owner, NULL);
	}
	raw_spin_unlock_irq(&wqc_object_lock);
	return n == WQC_OBJECT_CHUNK;
}

/**
 * wqc_driver_delete - delete a driver object, and report and delete its remaining devices
 * @driver: none of its code runs any more
 *
 * Context: process, sleeps.
 */
void wqc_driver_delete(struct wqc_driver *driver)
{
	struct wqc_object *object = driver->object;
	PDEVICE_OBJECT device;

	/* From here on IoCreateDevice() refuses the driver. */
	mutex_lock(&wqc_create_mutex);
	raw_spin_lock_irq(&wqc_object_lock);
	object->deleted = true;
	WRITE_ONCE(object->owner, NULL);
	raw_spin_unlock_irq(&wqc_object_lock);
	mutex_unlock(&wqc_create_mutex);

	while ((device = wqc_first_device(driver))) {
		wqc_report(WQC_R_DEVICE_LEAKED, "device %p of driver %s", device,
			   module_name(driver->owner));
		IoDeleteDevice(device);
	}
	while (wqc_driver_leave_some(driver))
		cond_resched();
	percpu_ref_kill(&object->ref);
}

/* ---- calls from the engine ------------------------------------------------ */

/* The object cannot be found any more. Under wqc_object_lock. */
void wqc_object_unlinked(struct wqc_object *object)
{
	if (object->is_driver)
		wqc_driver_unlinked(container_of(object->nt, struct wqc_driver, driver));
	else
		list_del_init(&wqc_device_of(object->nt)->link);
}

/* Searches a device's memory for queued items before it is freed: they would be used after free. */
void wqc_object_free(struct wqc_object *object)
{
	struct wqc_device *device = wqc_device_of(object->nt);

	if (object->is_driver) {
		wqc_driver_free(container_of(object->nt, struct wqc_driver, driver));
		return;
	}
	wqc_device_freed(object->nt, device->size, device->deleter);
	wqc_device_free(device);
}
