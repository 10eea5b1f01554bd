// SPDX-License-Identifier: GPL-2.0
/*
 * Device stacks: attaching and detaching devices.
 *
 * Drivers can write to AttachedDevice, so the stacks are kept here, and AttachedDevice is a copy
 * for the driver. An attachment has a reference to both devices, so that a walk upwards finds
 * live ones, and one to the module of the lower device: that driver cannot be unloaded while a
 * device of another driver is attached to its own, as on Windows.
 *
 * Bound of a hold of the lock, with interrupts off: the attachments of one bucket for each device
 * of a stack, which has 126 at most.
 */
#include <linux/export.h>
#include <linux/hashtable.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "io_irp.h"
#include "io_stack.h"

#define NTC_STACK_BITS	8

struct ntc_attachment {
	struct hlist_node link;		/* by @lower */
	struct hlist_node upper_link;	/* by @upper */
	PDEVICE_OBJECT upper;
	PDEVICE_OBJECT lower;
	struct module *owner;		/* of @upper */
	struct module *held;		/* of @lower; NULL: it is @owner */
};

/* Protects the table, the StackSize of devices that are attached, and AttachedDevice. */
static DEFINE_RAW_SPINLOCK(ntc_stack_lock);
static DEFINE_HASHTABLE(ntc_attachments, NTC_STACK_BITS);
static DEFINE_HASHTABLE(ntc_attached, NTC_STACK_BITS);

static struct ntc_attachment *ntc_attachment_above(PDEVICE_OBJECT lower)
{
	struct ntc_attachment *at;

	lockdep_assert_held(&ntc_stack_lock);
	hash_for_each_possible(ntc_attachments, at, link, (unsigned long)lower)
		if (at->lower == lower)
			return at;
	return NULL;
}

static PDEVICE_OBJECT ntc_stack_top(PDEVICE_OBJECT device)
{
	struct ntc_attachment *at;

	while ((at = ntc_attachment_above(device)))
		device = at->upper;
	return device;
}

static bool ntc_is_attached(PDEVICE_OBJECT upper)
{
	struct ntc_attachment *at;

	lockdep_assert_held(&ntc_stack_lock);
	hash_for_each_possible(ntc_attached, at, upper_link, (unsigned long)upper)
		if (at->upper == upper)
			return true;
	return false;
}

/* Takes the references. False: a device, or a driver, is going away. */
static bool ntc_attachment_get(struct ntc_attachment *at)
{
	if (!wqc_device_get(at->upper))
		return false;
	if (!wqc_device_get(at->lower))
		goto put_upper;
	at->owner = wqc_device_owner(at->upper);
	at->held = wqc_device_owner(at->lower);
	if (at->held == at->owner)
		at->held = NULL;
	if (at->owner && (!at->held || try_module_get(at->held)))
		return true;
	ObDereferenceObject(at->lower);
put_upper:
	ObDereferenceObject(at->upper);
	return false;
}

static void ntc_attachment_put(struct ntc_attachment *at)
{
	ObDereferenceObject(at->lower);
	ObDereferenceObject(at->upper);
	module_put(at->held);
	kfree(at);
}

/* The lower device; NULL: not attached. @result receives it before an IRP can arrive. */
static PDEVICE_OBJECT ntc_attach(PDEVICE_OBJECT source, PDEVICE_OBJECT target,
				 PDEVICE_OBJECT *result)
{
	struct ntc_attachment *at;
	unsigned long flags;
	bool done = false;

	at = kzalloc(sizeof(*at), ntc_alloc_may_sleep() ? GFP_KERNEL : GFP_ATOMIC);
	if (!at)
		return NULL;
	raw_spin_lock_irqsave(&ntc_stack_lock, flags);
	at->upper = source;
	at->lower = ntc_stack_top(target);
	/* A device is in one stack, once. */
	if (!ntc_is_attached(source) && ntc_stack_top(source) != at->lower &&
	    ntc_attachment_get(at)) {
		source->StackSize = at->lower->StackSize + 1;
		source->AlignmentRequirement = at->lower->AlignmentRequirement;
		source->SectorSize = at->lower->SectorSize;
		if (result)
			*result = at->lower;
		WRITE_ONCE(at->lower->AttachedDevice, source);
		hash_add(ntc_attachments, &at->link, (unsigned long)at->lower);
		hash_add(ntc_attached, &at->upper_link, (unsigned long)at->upper);
		target = at->lower;
		done = true;
	}
	raw_spin_unlock_irqrestore(&ntc_stack_lock, flags);
	if (done)
		return target;
	kfree(at);
	return NULL;
}

/**
 * IoAttachDeviceToDeviceStack - attach a device on top of a stack
 * @SourceDevice: the caller's device, not attached
 * @TargetDevice: a device of the stack
 *
 * Sets StackSize, AlignmentRequirement and SectorSize of @SourceDevice. The driver of the device
 * below cannot be unloaded until IoDetachDevice().
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context, except, on PREEMPT_RT, with interrupts or
 * preemption off.
 * Return: the device below, which was the highest; NULL if it is going away, if @SourceDevice is
 * attached or part of that stack, or without memory.
 *
 * Follows: DDI wdm/nf-wdm-ioattachdevicetodevicestack.
 */
PDEVICE_OBJECT IoAttachDeviceToDeviceStack(PDEVICE_OBJECT SourceDevice,
					   PDEVICE_OBJECT TargetDevice)
{
	return ntc_attach(SourceDevice, TargetDevice, NULL);
}
EXPORT_SYMBOL_GPL(IoAttachDeviceToDeviceStack);

/**
 * IoAttachDeviceToDeviceStackSafe - IoAttachDeviceToDeviceStack() that stores the result first
 * @SourceDevice: as for IoAttachDeviceToDeviceStack()
 * @TargetDevice: as for IoAttachDeviceToDeviceStack()
 * @AttachedToDeviceObject: receives the device below, before an IRP can arrive; else unchanged
 *
 * Context: as for IoAttachDeviceToDeviceStack().
 * Return: STATUS_SUCCESS; STATUS_NO_SUCH_DEVICE.
 *
 * Follows: DDI ntddk/nf-ntddk-ioattachdevicetodevicestacksafe.
 */
NTSTATUS IoAttachDeviceToDeviceStackSafe(PDEVICE_OBJECT SourceDevice, PDEVICE_OBJECT TargetDevice,
					 PDEVICE_OBJECT *AttachedToDeviceObject)
{
	return ntc_attach(SourceDevice, TargetDevice, AttachedToDeviceObject) ?
	       STATUS_SUCCESS : STATUS_NO_SUCH_DEVICE;
}
EXPORT_SYMBOL_GPL(IoAttachDeviceToDeviceStackSafe);

static void ntc_attachment_remove(struct ntc_attachment *at)
{
	lockdep_assert_held(&ntc_stack_lock);
	hash_del(&at->link);
	hash_del(&at->upper_link);
	WRITE_ONCE(at->lower->AttachedDevice, NULL);
}

/**
 * IoDetachDevice - detach the device that is attached to another
 * @TargetDevice: the lower device, from IoAttachDeviceToDeviceStack()
 *
 * A device that nothing is attached to is reported.
 *
 * Context: IRQL PASSIVE_LEVEL; here any context, except, on PREEMPT_RT, with interrupts or
 * preemption off.
 *
 * Follows: DDI wdm/nf-wdm-iodetachdevice.
 */
VOID IoDetachDevice(PDEVICE_OBJECT TargetDevice)
{
	struct ntc_attachment *at;
	unsigned long flags;

	raw_spin_lock_irqsave(&ntc_stack_lock, flags);
	at = ntc_attachment_above(TargetDevice);
	if (at)
		ntc_attachment_remove(at);
	raw_spin_unlock_irqrestore(&ntc_stack_lock, flags);
	if (at)
		ntc_attachment_put(at);
	else
		wqc_report(WQC_R_NOT_ATTACHED, "device %p, from %pS", TargetDevice,
			   (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(IoDetachDevice);

/**
 * IoGetAttachedDevice - the highest device of a stack
 * @DeviceObject: a device of the stack
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 * Return: the device, without a reference; @DeviceObject if nothing is attached to it.
 *
 * Follows: DDI ntifs/nf-ntifs-iogetattacheddevice.
 */
PDEVICE_OBJECT IoGetAttachedDevice(PDEVICE_OBJECT DeviceObject)
{
	PDEVICE_OBJECT top;
	unsigned long flags;

	raw_spin_lock_irqsave(&ntc_stack_lock, flags);
	top = ntc_stack_top(DeviceObject);
	raw_spin_unlock_irqrestore(&ntc_stack_lock, flags);
	return top;
}
EXPORT_SYMBOL_GPL(IoGetAttachedDevice);

/**
 * IoGetAttachedDeviceReference - the highest device of a stack, referenced
 * @DeviceObject: a device of the stack
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 * Return: the device, for ObDereferenceObject().
 *
 * Follows: DDI wdm/nf-wdm-iogetattacheddevicereference.
 */
PDEVICE_OBJECT IoGetAttachedDeviceReference(PDEVICE_OBJECT DeviceObject)
{
	PDEVICE_OBJECT top;
	unsigned long flags;
	bool done;

	raw_spin_lock_irqsave(&ntc_stack_lock, flags);
	top = ntc_stack_top(DeviceObject);
	done = wqc_device_get(top);
	raw_spin_unlock_irqrestore(&ntc_stack_lock, flags);
	if (!done)
		ObReferenceObject(top);		/* reports it */
	return top;
}
EXPORT_SYMBOL_GPL(IoGetAttachedDeviceReference);

static struct ntc_attachment *ntc_attachment_take_of(struct module *mod, int bucket)
{
	struct ntc_attachment *at, *found = NULL;

	raw_spin_lock_irq(&ntc_stack_lock);
	hlist_for_each_entry(at, &ntc_attachments[bucket], link) {
		if (at->owner == mod) {
			ntc_attachment_remove(at);
			found = at;
			break;
		}
	}
	raw_spin_unlock_irq(&ntc_stack_lock);
	return found;
}

/* Reports and detaches the devices that a driver has left attached. */
void ntc_stack_module_gone(struct module *mod)
{
	struct ntc_attachment *at;
	int i;

	for (i = 0; i < HASH_SIZE(ntc_attachments); i++) {
		while ((at = ntc_attachment_take_of(mod, i))) {
			wqc_report(WQC_R_ATTACHED, "device %p of %s, to device %p", at->upper,
				   module_name(mod), at->lower);
			ntc_attachment_put(at);
		}
		cond_resched();
	}
}
