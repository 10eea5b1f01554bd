// SPDX-License-Identifier: GPL-2.0
/*
 * DRIVER_OBJECT and DEVICE_OBJECT: create, look up, reference, delete.
 *
 * A pointer that a driver gives as IoObject is looked up in a hash of live
 * objects and never dereferenced on trust. What stands behind a live object,
 * struct wqc_object, is reused but not freed while the module is loaded; its
 * generation tells an item that its object is gone. Lookups walk the hash under
 * RCU: a structure goes back to the spares only after a grace period.
 *
 * Handed over without a lock: a live object, from hash_add_rcu() (a store-release
 * after its fields were written) to the lookup (which follows the pointer, so by
 * address dependency); a dead one, from whoever drops the last reference to the
 * keeper, by llist_add() and llist_del_all() (both fully ordered), with the put of
 * the reference before (percpu_ref's atomic, or RCU, orders all users before the
 * release). The generation is in wq_ref.h.
 */
#include <linux/hash.h>
#include <linux/hashtable.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rculist.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "include/ntstatus.h"
#include "wq_internal.h"
#include "wq_object.h"
#include "wq_ref.h"
#include "wq_upcase.h"

static DEFINE_RAW_SPINLOCK(wqc_object_lock);
static DEFINE_MUTEX(wqc_create_mutex);		/* of devices: from the checks to the lists */
static DEFINE_HASHTABLE(wqc_object_hash, 10);	/* O, readers RCU */
static DEFINE_HASHTABLE(wqc_device_names, 10);	/* O: of devices that were not deleted */
static LIST_HEAD(wqc_live_objects);		/* O */
static LIST_HEAD(wqc_spare_objects);		/* O */
static LLIST_HEAD(wqc_dead_objects);		/* last reference dropped */
static struct llist_node *wqc_unlinked_objects;	/* the keeper's: not found any more */
static unsigned long wqc_unlinked_since;	/* the grace period that they wait for */
struct wqc_object wqc_no_object = { .gen = U32_MAX };

/*
 * The last reference may be dropped in RCU's context or a client's atomic one,
 * so the work of freeing is the keeper's.
 */
static void wqc_object_release(struct percpu_ref *ref)
{
	struct wqc_object *object = container_of(ref, struct wqc_object, ref);

	llist_add(&object->dead, &wqc_dead_objects);
	wqc_wake_keeper();
}

static struct wqc_device *wqc_device_of(PVOID nt)
{
	return container_of(nt, struct wqc_device, device);
}

static void wqc_device_free(struct wqc_device *device)
{
	kfree(device->name.Buffer);
	kfree(device);
}

static void wqc_object_free_nt(const struct wqc_object *object)
{
	if (object->is_driver)
		wqc_driver_free(container_of(object->nt, struct wqc_driver, driver));
	else
		wqc_device_free(wqc_device_of(object->nt));
}

/* What is still queued or set in it would be used after it is freed. */
static void wqc_object_look(const struct wqc_object *object)
{
	struct wqc_device *device = wqc_device_of(object->nt);

	if (!object->is_driver)
		wqc_device_freed(object->nt, device->size, device->deleter);
}

/* Nobody finds them any more: what they stand for is freed. */
static void wqc_object_free_unlinked(void)
{
	struct wqc_object *object, *next;

	llist_for_each_entry_safe(object, next, wqc_unlinked_objects, dead) {
		wqc_object_look(object);
		wqc_object_free_nt(object);
		object->nt = NULL;
		raw_spin_lock_irq(&wqc_object_lock);
		list_add(&object->all, &wqc_spare_objects);
		raw_spin_unlock_irq(&wqc_object_lock);
	}
	wqc_unlinked_objects = NULL;
}

/* One in a hold of the lock: there may be thousands. */
static void wqc_object_unlink(struct wqc_object *object)
{
	raw_spin_lock_irq(&wqc_object_lock);
	hash_del_rcu(&object->hash);
	list_del(&object->all);
	if (!object->is_driver)
		list_del_init(&wqc_device_of(object->nt)->link);
	raw_spin_unlock_irq(&wqc_object_lock);
}

/**
 * wqc_object_reap - free what lost its last reference
 *
 * It waits for no grace period: a routine that lets none pass would keep the keeper from what
 * else it has to do.
 *
 * Context: process, the keeper's.
 * Return: true if something is left to be freed, after a grace period.
 */
bool wqc_object_reap(void)
{
	struct wqc_object *object;

	if (wqc_unlinked_objects && poll_state_synchronize_rcu(wqc_unlinked_since))
		wqc_object_free_unlinked();
	if (!wqc_unlinked_objects && !llist_empty(&wqc_dead_objects)) {
		wqc_unlinked_objects = llist_del_all(&wqc_dead_objects);
		llist_for_each_entry(object, wqc_unlinked_objects, dead)
			wqc_object_unlink(object);
		wqc_unlinked_since = start_poll_synchronize_rcu();
	}
	return wqc_unlinked_objects;
}

static struct wqc_object *wqc_object_spare(void)
{
	struct wqc_object *object;

	raw_spin_lock_irq(&wqc_object_lock);
	object = list_first_entry_or_null(&wqc_spare_objects, struct wqc_object, all);
	if (object)
		list_del(&object->all);
	raw_spin_unlock_irq(&wqc_object_lock);
	if (object) {
		/*
		 * From here on no reference is had for the old generation. Without the
		 * barrier one could: percpu_ref_reinit() raises the count by a plain,
		 * unordered increment, so an item of the deleted object could see the new
		 * count and the old generation, and would hold the next object.
		 */
		WRITE_ONCE(object->gen, object->gen + 1);
		smp_wmb();	/* pairs with the smp_rmb() of wqc_object_get() */
		percpu_ref_reinit(&object->ref);
		return object;
	}
	object = kzalloc(sizeof(*object), GFP_KERNEL);
	if (!object)
		return NULL;
	if (percpu_ref_init(&object->ref, wqc_object_release, PERCPU_REF_ALLOW_REINIT,
			    GFP_KERNEL)) {
		kfree(object);
		return NULL;
	}
	object->gen = 1;
	return object;
}

static struct wqc_object *wqc_object_new(PVOID nt, struct module *owner, bool is_driver)
{
	struct wqc_object *object = wqc_object_spare();

	if (!object)
		return NULL;
	object->nt = nt;
	object->owner = owner;
	object->is_driver = is_driver;
	object->deleted = false;
	return object;
}

/* It can be found from here on. */
static void wqc_object_add(struct wqc_object *object)
{
	lockdep_assert_held(&wqc_object_lock);
	hash_add_rcu(wqc_object_hash, &object->hash, (unsigned long)object->nt);
	list_add_tail(&object->all, &wqc_live_objects);
}

/**
 * wqc_driver_publish - let a driver object be found
 * @driver: freed by wqc_object_reap() from now on
 *
 * Context: process, sleeps.
 * Return: false without memory.
 */
bool wqc_driver_publish(struct wqc_driver *driver)
{
	driver->object = wqc_object_new(&driver->driver, driver->owner, true);
	if (!driver->object)
		return false;
	raw_spin_lock_irq(&wqc_object_lock);
	wqc_object_add(driver->object);
	raw_spin_unlock_irq(&wqc_object_lock);
	return true;
}

/**
 * wqc_object_find - what stands behind a pointer that a driver gave
 * @nt: whatever it is
 * @gen: receives the generation, for wqc_object_get()
 *
 * Context: any. Takes no reference.
 * Return: the object, or NULL if there is none at that address.
 */
struct wqc_object *wqc_object_find(PVOID nt, u32 *gen)
{
	struct wqc_object *object, *found = NULL;

	*gen = 0;
	if (!nt)
		return NULL;
	rcu_read_lock();
	hash_for_each_possible_rcu(wqc_object_hash, object, hash, (unsigned long)nt) {
		if (object->nt == nt) {
			found = object;
			*gen = READ_ONCE(object->gen);
			break;
		}
	}
	rcu_read_unlock();
	return found;
}

/* A count that is not per CPU (any more): of an object that was deleted. */
bool wqc_ref_tryget_slowly(struct percpu_ref *ref)
{
	return percpu_ref_tryget(ref);
}

/**
 * ObReferenceObject - reference a driver or device object
 * @Object: a live one, on which the caller or a queued item holds a reference;
 *	anything else is reported
 *
 * Context: IRQL <= DISPATCH_LEVEL on Windows; here any.
 *
 * Follows: DDI wdm/nf-wdm-obreferenceobject.
 */
VOID ObReferenceObject(PVOID Object)
{
	struct wqc_object *object;
	unsigned long flags;
	bool done;
	u32 gen;

	local_irq_save(flags);
	object = wqc_object_find(Object, &gen);
	done = object && wqc_object_get(object, gen);
	local_irq_restore(flags);
	if (unlikely(!done))
		wqc_report(WQC_R_BAD_DEVICE, "object %p, from %pS: not referenced", Object,
			   (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(ObReferenceObject);

/**
 * ObDereferenceObject - drop a reference of ObReferenceObject()
 * @Object: the object; its memory goes with the last reference after
 *	IoDeleteDevice(), or after its driver's exit
 *
 * Context: IRQL <= DISPATCH_LEVEL on Windows; here any.
 *
 * Follows: DDI wdm/nf-wdm-obdereferenceobject.
 */
VOID ObDereferenceObject(PVOID Object)
{
	struct wqc_object *object;
	u32 gen;

	object = wqc_object_find(Object, &gen);
	if (unlikely(!object))
		wqc_report(WQC_R_BAD_DEVICE, "object %p, from %pS: not dereferenced", Object,
			   (void *)_RET_IP_);
	else
		percpu_ref_put(&object->ref);
}
EXPORT_SYMBOL_GPL(ObDereferenceObject);

/* ---- devices ------------------------------------------------------------- */

static bool wqc_copy_name(struct wqc_device *device, PCUNICODE_STRING from)
{
	UNICODE_STRING *to = &device->name;
	u32 i;

	if (!from || !from->Length || !from->Buffer)
		return true;
	to->Buffer = kmemdup(from->Buffer, from->Length, GFP_KERNEL);
	if (!to->Buffer)
		return false;
	to->Length = from->Length;
	to->MaximumLength = from->Length;
	for (i = 0; i < to->Length / sizeof(WCHAR); i++)
		device->name_hash = hash_32(device->name_hash ^ wqc_upcase(to->Buffer[i]), 32);
	return true;
}

/* As the object manager compares them: without regard to case. */
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
static bool wqc_name_is_taken(const struct wqc_device *device)
{
	struct wqc_device *other;
	bool taken = false;

	if (!device->name.Length)
		return false;
	raw_spin_lock_irq(&wqc_object_lock);
	hash_for_each_possible(wqc_device_names, other, named, device->name_hash) {
		taken = other->name_hash == device->name_hash &&
			wqc_is_same_name(&other->name, &device->name);
		if (taken)
			break;
	}
	raw_spin_unlock_irq(&wqc_object_lock);
	return taken;
}

/* The list is what counts; DeviceObject and NextDevice only show it to the driver. */
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

/* Not found by its name any more, and out of the chain of its driver's devices. */
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
	if (extension)
		device->device.DeviceExtension = &device->device + 1;
	return device;
}

/* The driver that @nt is, if it is one and is not being unloaded. */
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
	device->object = wqc_object_new(&device->device, driver->owner, false);
	if (!device->object)
		return STATUS_INSUFFICIENT_RESOURCES;
	/* In one hold: one that is found can be deleted, by a stale pointer for one. */
	raw_spin_lock_irq(&wqc_object_lock);
	wqc_object_add(device->object);
	wqc_device_link(driver, device);
	raw_spin_unlock_irq(&wqc_object_lock);
	return STATUS_SUCCESS;
}

/**
 * IoCreateDevice - create a device object
 * @DriverObject: the driver's, as DriverEntry got it
 * @DeviceExtensionSize: bytes at DeviceExtension, zeroed
 * @DeviceName: copied; no two devices of one name at a time, without regard to case;
 *	sets DO_DEVICE_HAS_NAME. NULL or empty: none
 * @DeviceType: stored
 * @DeviceCharacteristics: stored
 * @Exclusive: sets DO_EXCLUSIVE
 * @DeviceObject: receives the object
 *
 * Sets DO_DEVICE_INITIALIZING, which is cleared for the devices of a DriverEntry
 * when that has returned a success; of others it is the driver's to clear.
 *
 * Context: IRQL PASSIVE_LEVEL; here process context, sleeps.
 * Return: STATUS_SUCCESS; STATUS_INVALID_PARAMETER for a DriverObject that is
 * none or is being unloaded, a NULL @DeviceObject or an extension of more than
 * 65,535 bytes with the object; STATUS_OBJECT_NAME_COLLISION;
 * STATUS_INSUFFICIENT_RESOURCES; STATUS_UNSUCCESSFUL, with a report, at
 * DISPATCH_LEVEL or above.
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
 * @DeviceObject: from IoCreateDevice(); the caller may be a routine that runs
 *	for this very device
 *
 * Only marks: items queued before still run, and so do those that are queued
 * while somebody holds a reference. The memory goes with the last reference. A
 * pointer that is no device, or was deleted before, is reported.
 *
 * Context: IRQL <= APC_LEVEL on Windows; here any but, on PREEMPT_RT, with
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

	/* Until the count is killed: the structure might be reused for another device. */
	rcu_read_lock();
	object = wqc_object_find(DeviceObject, &gen);
	if (object && !object->is_driver) {
		device = wqc_device_of(DeviceObject);
		raw_spin_lock_irqsave(&wqc_object_lock, flags);
		first = !object->deleted;
		object->deleted = true;
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

/* False: no list of the driver's is as long as that. */
static bool wqc_driver_start_some(struct wqc_driver *driver)
{
	struct wqc_device *device;
	int n;

	raw_spin_lock_irq(&wqc_object_lock);
	driver->entering = false;
	for (n = 0; n < WQC_OBJECTS_HELD && !list_empty(&driver->starting); n++) {
		device = list_first_entry(&driver->starting, struct wqc_device, starting);
		list_del_init(&device->starting);
		/* Its driver may set other flags at this very time. */
		atomic_andnot(DO_DEVICE_INITIALIZING, (atomic_t *)&device->device.Flags);
	}
	raw_spin_unlock_irq(&wqc_object_lock);
	return n == WQC_OBJECTS_HELD;
}

/**
 * wqc_driver_started - DriverEntry has returned a success
 * @driver: whose devices are initialised by that
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

/* What is still referenced outlives the driver and its module, but not the module's name. */
static bool wqc_driver_leave_some(struct wqc_driver *driver)
{
	struct wqc_device *device;
	int n;

	raw_spin_lock_irq(&wqc_object_lock);
	for (n = 0; n < WQC_OBJECTS_HELD && !list_empty(&driver->deleted); n++) {
		device = list_first_entry(&driver->deleted, struct wqc_device, link);
		list_del_init(&device->link);
		device->driver = NULL;
		WRITE_ONCE(device->object->owner, NULL);
	}
	raw_spin_unlock_irq(&wqc_object_lock);
	return n == WQC_OBJECTS_HELD;
}

/**
 * wqc_driver_delete - delete a driver object, and what devices it has left
 * @driver: nothing of it runs any more
 *
 * Context: process, sleeps.
 */
void wqc_driver_delete(struct wqc_driver *driver)
{
	struct wqc_object *object = driver->object;
	PDEVICE_OBJECT device;

	/* From here on it gets no more devices. */
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

/* ---- all objects --------------------------------------------------------- */

/* The next ones behind the cursor, in one hold of the lock. False: there are no more. */
static bool wqc_objects_show_some(struct seq_file *m, struct wqc_object *cursor)
{
	struct wqc_object *object = cursor;
	const char *name;
	int n;

	raw_spin_lock_irq(&wqc_object_lock);
	for (n = 0; n < WQC_OBJECTS_HELD; n++) {
		object = list_next_entry(object, all);
		if (list_entry_is_head(object, &wqc_live_objects, all))
			break;
		if (!object->nt)
			continue;	/* another reader's cursor */
		name = object->owner ? module_name(object->owner) : "-";
		seq_printf(m, "%-7s %p %-16s %s\n", object->is_driver ? "driver" : "device",
			   object->nt, name, object->deleted ? "delete pending" : "live");
	}
	if (n == WQC_OBJECTS_HELD)
		list_move(&cursor->all, &object->all);
	else
		list_del(&cursor->all);
	raw_spin_unlock_irq(&wqc_object_lock);
	return n == WQC_OBJECTS_HELD;
}

void wqc_objects_show(struct seq_file *m)
{
	struct wqc_object cursor = {};

	seq_puts(m, "type    object           owner            state\n");
	raw_spin_lock_irq(&wqc_object_lock);
	list_add(&cursor.all, &wqc_live_objects);
	raw_spin_unlock_irq(&wqc_object_lock);
	while (wqc_objects_show_some(m, &cursor))
		cond_resched();
}

static void wqc_no_release(struct percpu_ref *ref)
{
}

int wqc_object_init(void)
{
	return percpu_ref_init(&wqc_no_object.ref, wqc_no_release, 0, GFP_KERNEL);
}

void wqc_object_exit(void)
{
	struct wqc_object *object, *next;

	/* A reference that was never dropped: nobody is left to drop it. */
	list_for_each_entry(object, &wqc_live_objects, all)
		pr_err("wq_compat: object %p was still referenced\n", object->nt);
	list_splice_init(&wqc_live_objects, &wqc_spare_objects);
	list_for_each_entry_safe(object, next, &wqc_spare_objects, all) {
		if (object->nt)
			wqc_object_free_nt(object);
		percpu_ref_exit(&object->ref);
		kfree(object);
	}
	percpu_ref_exit(&wqc_no_object.ref);
}
