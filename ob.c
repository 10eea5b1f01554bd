// SPDX-License-Identifier: GPL-2.0
/*
 * References on objects: ObReferenceObject() and ObDereferenceObject().
 */
#include <linux/export.h>
#include <linux/irqflags.h>

#include "core/object.h"
#include "core/ref.h"

/**
 * ObReferenceObject - reference a driver or device object
 * @Object: a live object on which the caller or a queued item holds a reference; any other is
 *	reported
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
 * @Object: the object; freed with its last reference after IoDeleteDevice(), or after its
 *	driver's unload
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

/**
 * wqc_device_get - reference a device, for an IRP that is sent to it
 * @device: any pointer
 *
 * ObDereferenceObject() drops the reference.
 *
 * Context: any.
 * Return: false if it is no device, has no reference left, or its driver is unloaded.
 */
bool wqc_device_get(PDEVICE_OBJECT device)
{
	struct wqc_object *object;
	unsigned long flags;
	bool done;
	u32 gen;

	local_irq_save(flags);
	object = wqc_object_find(device, &gen);
	done = object && !object->is_driver && READ_ONCE(object->owner) &&
	       wqc_object_get(object, gen);
	local_irq_restore(flags);
	return done;
}
EXPORT_SYMBOL_GPL(wqc_device_get);

/**
 * wqc_device_is_deleted - whether IoDeleteDevice() was called
 * @device: any pointer
 *
 * Context: any.
 * Return: false for a device that is not deleted.
 */
bool wqc_device_is_deleted(PDEVICE_OBJECT device)
{
	struct wqc_object *object;
	u32 gen;

	object = wqc_object_find(device, &gen);
	return !object || object->is_driver || READ_ONCE(object->deleted);
}
EXPORT_SYMBOL_GPL(wqc_device_is_deleted);

/**
 * wqc_device_owner - the module of a device's driver
 * @device: any pointer
 *
 * Context: any.
 * Return: NULL if it is no device, or its driver is unloaded.
 */
struct module *wqc_device_owner(PDEVICE_OBJECT device)
{
	struct wqc_object *object;
	u32 gen;

	object = wqc_object_find(device, &gen);
	return object && !object->is_driver ? READ_ONCE(object->owner) : NULL;
}
EXPORT_SYMBOL_GPL(wqc_device_owner);
