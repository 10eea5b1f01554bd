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
#include "wq_ref.h"

static DEFINE_RAW_SPINLOCK(wqc_object_lock);
static DEFINE_HASHTABLE(wqc_object_hash, 6);	/* O, readers RCU */
static LIST_HEAD(wqc_live_objects);		/* O */
static LIST_HEAD(wqc_spare_objects);		/* O */
static LLIST_HEAD(wqc_dead_objects);		/* last reference dropped */
static struct llist_node *wqc_unlinked_objects;	/* the keeper's: not found any more */
static unsigned long wqc_unlinked_since;	/* the grace period that they wait for */
struct wqc_object wqc_no_object = { .gen = U32_MAX };

/* Names are kept here so that the second device of a name collides. */
struct wqc_device {
	UNICODE_STRING name;
	size_t size;		/* of the object with its extension */
	void *deleter;		/* who has called IoDeleteDevice(); never followed */
	DEVICE_OBJECT device ____cacheline_aligned;
	/* the extension follows */
};

struct wqc_driver {
	UNICODE_STRING registry_path;
	DRIVER_OBJECT driver;
};

static bool wqc_is_driver(PVOID nt)
{
	return *(CSHORT *)nt == IO_TYPE_DRIVER;
}

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

static void wqc_object_free_nt(PVOID nt)
{
	if (wqc_is_driver(nt)) {
		struct wqc_driver *driver = container_of(nt, struct wqc_driver, driver);

		kfree(driver->registry_path.Buffer);
		kfree(driver->driver.DriverName.Buffer);
		kfree(driver);
	} else {
		struct wqc_device *device = container_of(nt, struct wqc_device, device);

		kfree(device->name.Buffer);
		kfree(device);
	}
}

/* What is still queued or set in it would be used after it is freed. */
static void wqc_object_look(PVOID nt)
{
	struct wqc_device *device = container_of(nt, struct wqc_device, device);

	if (!wqc_is_driver(nt))
		wqc_device_freed(nt, device->size, device->deleter);
}

/* Nobody finds them any more: what they stand for is freed. */
static void wqc_object_free_unlinked(void)
{
	struct wqc_object *object, *next;

	llist_for_each_entry_safe(object, next, wqc_unlinked_objects, dead) {
		wqc_object_look(object->nt);
		wqc_object_free_nt(object->nt);
		object->nt = NULL;
		raw_spin_lock_irq(&wqc_object_lock);
		list_add(&object->all, &wqc_spare_objects);
		raw_spin_unlock_irq(&wqc_object_lock);
	}
	wqc_unlinked_objects = NULL;
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
		raw_spin_lock_irq(&wqc_object_lock);
		llist_for_each_entry(object, wqc_unlinked_objects, dead) {
			hash_del_rcu(&object->hash);
			list_del(&object->all);
		}
		raw_spin_unlock_irq(&wqc_object_lock);
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

static struct wqc_object *wqc_object_publish(PVOID nt, struct module *owner)
{
	struct wqc_object *object = wqc_object_spare();

	if (!object)
		return NULL;
	object->nt = nt;
	object->owner = owner;
	object->deleted = false;
	raw_spin_lock_irq(&wqc_object_lock);
	hash_add_rcu(wqc_object_hash, &object->hash, (unsigned long)nt);
	list_add_tail(&object->all, &wqc_live_objects);
	raw_spin_unlock_irq(&wqc_object_lock);
	return object;
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

static bool wqc_copy_name(UNICODE_STRING *to, PCUNICODE_STRING from)
{
	if (!from || !from->Length || !from->Buffer)
		return true;
	to->Buffer = kmemdup(from->Buffer, from->Length, GFP_KERNEL);
	to->Length = from->Length;
	to->MaximumLength = from->Length;
	return to->Buffer;
}

static bool wqc_name_is_taken(PCUNICODE_STRING name)
{
	struct wqc_object *object;
	struct wqc_device *device;

	lockdep_assert_held(&wqc_object_lock);
	list_for_each_entry(object, &wqc_live_objects, all) {
		if (wqc_is_driver(object->nt) || object->deleted)
			continue;
		device = container_of(object->nt, struct wqc_device, device);
		if (device->name.Length == name->Length &&
		    !memcmp(device->name.Buffer, name->Buffer, name->Length))
			return true;
	}
	return false;
}

/**
 * IoCreateDevice - create a device object
 * @DriverObject: the driver's, as DriverEntry got it
 * @DeviceExtensionSize: bytes at DeviceExtension, zeroed
 * @DeviceName: copied; no two devices of one name at a time. NULL or empty: none
 * @DeviceType: stored
 * @DeviceCharacteristics: stored
 * @Exclusive: sets DO_EXCLUSIVE
 * @DeviceObject: receives the object
 *
 * Context: IRQL PASSIVE_LEVEL; here process context, sleeps.
 * Return: STATUS_SUCCESS; STATUS_INVALID_PARAMETER for a DriverObject that is
 * none, a NULL @DeviceObject or an extension of more than 65,535 bytes with the
 * object; STATUS_OBJECT_NAME_COLLISION; STATUS_INSUFFICIENT_RESOURCES.
 *
 * Follows: DDI wdm/nf-wdm-iocreatedevice.
 */
NTSTATUS IoCreateDevice(PDRIVER_OBJECT DriverObject, ULONG DeviceExtensionSize,
			PUNICODE_STRING DeviceName, DEVICE_TYPE DeviceType,
			ULONG DeviceCharacteristics, BOOLEAN Exclusive,
			PDEVICE_OBJECT *DeviceObject)
{
	static DEFINE_MUTEX(name_lock);	/* from the check to the publication */
	size_t size = sizeof(DEVICE_OBJECT) + (size_t)DeviceExtensionSize;
	struct wqc_object *parent;
	struct wqc_device *device;
	PDEVICE_OBJECT nt;
	bool taken = false;
	u32 gen;

	parent = wqc_object_find(DriverObject, &gen);
	if (!parent || !wqc_is_driver(DriverObject) || !DeviceObject || size > U16_MAX)
		return STATUS_INVALID_PARAMETER;
	*DeviceObject = NULL;

	device = kzalloc(offsetof(struct wqc_device, device) + size, GFP_KERNEL);
	if (!device)
		return STATUS_INSUFFICIENT_RESOURCES;
	device->size = size;
	nt = &device->device;
	nt->Type = IO_TYPE_DEVICE;
	nt->Size = size;
	nt->DriverObject = DriverObject;
	nt->Flags = DO_DEVICE_INITIALIZING | (Exclusive ? DO_EXCLUSIVE : 0);
	nt->Characteristics = DeviceCharacteristics;
	nt->DeviceType = DeviceType;
	nt->StackSize = 1;
	if (DeviceExtensionSize)
		nt->DeviceExtension = nt + 1;
	if (!wqc_copy_name(&device->name, DeviceName))
		goto free_device;

	mutex_lock(&name_lock);
	if (device->name.Length) {
		raw_spin_lock_irq(&wqc_object_lock);
		taken = wqc_name_is_taken(&device->name);
		raw_spin_unlock_irq(&wqc_object_lock);
	}
	if (taken || !wqc_object_publish(nt, parent->owner)) {
		mutex_unlock(&name_lock);
		goto free_device;
	}
	mutex_unlock(&name_lock);

	raw_spin_lock_irq(&wqc_object_lock);
	nt->NextDevice = DriverObject->DeviceObject;
	DriverObject->DeviceObject = nt;
	raw_spin_unlock_irq(&wqc_object_lock);
	*DeviceObject = nt;
	return STATUS_SUCCESS;

free_device:
	wqc_object_free_nt(nt);
	return taken ? STATUS_OBJECT_NAME_COLLISION : STATUS_INSUFFICIENT_RESOURCES;
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
	PDEVICE_OBJECT *link;
	unsigned long flags;
	bool first = false;
	u32 gen;

	/* Until the count is killed, or somebody else may have it reused. */
	rcu_read_lock();
	object = wqc_object_find(DeviceObject, &gen);
	if (object && !wqc_is_driver(DeviceObject)) {
		raw_spin_lock_irqsave(&wqc_object_lock, flags);
		first = !object->deleted;
		object->deleted = true;
		if (first)
			container_of(DeviceObject, struct wqc_device, device)->deleter =
				(void *)_RET_IP_;
		link = &DeviceObject->DriverObject->DeviceObject;
		for (; first && *link; link = &(*link)->NextDevice) {
			if (*link == DeviceObject) {
				*link = DeviceObject->NextDevice;
				break;
			}
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

/* ---- drivers ------------------------------------------------------------- */

#define WQC_SERVICES	"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\"

/* "prefix" and the module's name as a UNICODE_STRING. */
static bool wqc_make_name(UNICODE_STRING *to, const char *prefix, const char *name)
{
	size_t length = strlen(prefix) + strlen(name), i;

	to->Buffer = kmalloc_array(length + 1, sizeof(WCHAR), GFP_KERNEL);
	if (!to->Buffer)
		return false;
	for (i = 0; i < length; i++)
		to->Buffer[i] = i < strlen(prefix) ? prefix[i] : name[i - strlen(prefix)];
	to->Buffer[length] = 0;
	to->Length = length * sizeof(WCHAR);
	to->MaximumLength = (length + 1) * sizeof(WCHAR);
	return true;
}

static void wqc_driver_delete(PDRIVER_OBJECT driver)
{
	struct wqc_object *object, *other;
	u32 gen;

	while (driver->DeviceObject) {
		wqc_report(WQC_R_DEVICE_LEAKED, "device %p of driver %s", driver->DeviceObject,
			   module_name((struct module *)driver->DriverSection));
		IoDeleteDevice(driver->DeviceObject);
	}
	object = wqc_object_find(driver, &gen);
	/* What somebody still references outlives the module, but not its name. */
	raw_spin_lock_irq(&wqc_object_lock);
	object->deleted = true;
	list_for_each_entry(other, &wqc_live_objects, all)
		if (other->owner == driver->DriverSection)
			WRITE_ONCE(other->owner, NULL);
	raw_spin_unlock_irq(&wqc_object_lock);
	percpu_ref_kill(&object->ref);
}

/*
 * What insmod says of a DriverEntry that failed. Not ENOENT, ESRCH or ENOEXEC, which insmod
 * takes for faults of the file, nor EEXIST, which modprobe takes for success.
 */
static int wqc_errno(NTSTATUS status)
{
	switch (status) {
	case STATUS_INSUFFICIENT_RESOURCES:
	case STATUS_NO_MEMORY:
		return -ENOMEM;
	case STATUS_INVALID_PARAMETER:
	case STATUS_INVALID_PARAMETER_1:
	case STATUS_INVALID_PARAMETER_2:
		return -EINVAL;
	case STATUS_NOT_IMPLEMENTED:
	case STATUS_NOT_SUPPORTED:
	case STATUS_INVALID_DEVICE_REQUEST:
		return -EOPNOTSUPP;
	case STATUS_ACCESS_DENIED:
		return -EACCES;
	case STATUS_DEVICE_BUSY:
	case STATUS_OBJECT_NAME_COLLISION:
	case STATUS_ALREADY_REGISTERED:
		return -EBUSY;
	case STATUS_IO_TIMEOUT:
		return -ETIMEDOUT;
	case STATUS_IO_DEVICE_ERROR:
		return -EIO;
	}
	return -ENODEV;
}

/**
 * wqc_driver_load_path - make a driver object and call a DriverEntry
 * @owner: the module that it belongs to
 * @entry: the DriverEntry
 * @path: its RegistryPath; NULL:
 *	"\Registry\Machine\System\CurrentControlSet\Services\<module>"
 * @driver: receives the driver object
 *
 * What client.mk has a module call at module_init(), with its parameter
 * registry_path. If @entry returns an error, waits until the items that it may
 * have queued are done.
 *
 * Context: process, sleeps.
 * Return: 0; -ENOMEM; -EINVAL for a NULL @entry or a @path of more than 32,766
 * characters; if @entry returned an error, which is logged, the errno that comes
 * nearest to it, or -ENODEV.
 */
int wqc_driver_load_path(struct module *owner, PDRIVER_INITIALIZE entry, const char *path,
			 PDRIVER_OBJECT *driver)
{
	struct wqc_driver *new;
	NTSTATUS status;

	*driver = NULL;
	if (!entry || (path && strlen(path) >= U16_MAX / sizeof(WCHAR)))
		return -EINVAL;
	new = kzalloc(sizeof(*new), GFP_KERNEL);
	if (!new)
		return -ENOMEM;
	new->driver.Type = IO_TYPE_DRIVER;
	new->driver.Size = sizeof(DRIVER_OBJECT);
	new->driver.DriverInit = entry;
	new->driver.DriverSection = owner;
	if (!wqc_make_name(&new->driver.DriverName, "\\Driver\\", module_name(owner)) ||
	    !wqc_make_name(&new->registry_path, path ?: WQC_SERVICES,
			   path ? "" : module_name(owner)) ||
	    !wqc_object_publish(&new->driver, owner)) {
		wqc_object_free_nt(&new->driver);
		return -ENOMEM;
	}

	status = entry(&new->driver, &new->registry_path);
	if (!NT_SUCCESS(status)) {
		pr_err("wq_compat: %s: %ps returned %#x\n", module_name(owner), entry, status);
		wqc_wait_for_module(owner);
		wqc_driver_delete(&new->driver);
		return wqc_errno(status);
	}
	if (!new->driver.DriverUnload)
		__module_get(owner);	/* cannot be unloaded, as on Windows */
	*driver = &new->driver;
	return 0;
}
EXPORT_SYMBOL_GPL(wqc_driver_load_path);

/**
 * wqc_driver_load - wqc_driver_load_path() with the default path
 * @owner: the module that it belongs to
 * @entry: the DriverEntry
 * @driver: receives the driver object
 *
 * What the WQC_DRIVER() macro calls at module_init().
 *
 * Context: process, sleeps.
 * Return: as wqc_driver_load_path().
 */
int wqc_driver_load(struct module *owner, PDRIVER_INITIALIZE entry, PDRIVER_OBJECT *driver)
{
	return wqc_driver_load_path(owner, entry, NULL, driver);
}
EXPORT_SYMBOL_GPL(wqc_driver_load);

/**
 * wqc_driver_unload - call DriverUnload and see a driver out
 * @driver: from wqc_driver_load()
 *
 * DriverUnload may return while items of the driver still wait or run; this
 * returns when the last of their routines has. Devices that DriverUnload left
 * behind are reported and deleted.
 *
 * Context: process, sleeps.
 */
void wqc_driver_unload(PDRIVER_OBJECT driver)
{
	struct module *owner = driver->DriverSection;

	if (driver->DriverUnload)
		driver->DriverUnload(driver);
	wqc_wait_for_module(owner);
	wqc_driver_delete(driver);
}
EXPORT_SYMBOL_GPL(wqc_driver_unload);

void wqc_objects_show(struct seq_file *m)
{
	struct wqc_object *object;
	const char *name;

	seq_puts(m, "type    object           owner            state\n");
	raw_spin_lock_irq(&wqc_object_lock);
	list_for_each_entry(object, &wqc_live_objects, all) {
		name = object->owner ? module_name(object->owner) : "-";
		seq_printf(m, "%-7s %p %-16s %s\n",
			   wqc_is_driver(object->nt) ? "driver" : "device", object->nt, name,
			   object->deleted ? "delete pending" : "live");
	}
	raw_spin_unlock_irq(&wqc_object_lock);
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
			wqc_object_free_nt(object->nt);
		percpu_ref_exit(&object->ref);
		kfree(object);
	}
	percpu_ref_exit(&wqc_no_object.ref);
}
