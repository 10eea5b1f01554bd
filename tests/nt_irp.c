// SPDX-License-Identifier: GPL-2.0
#include <linux/slab.h>

#include "nt_irp.h"

static NTSTATUS nt_level_dispatch(PDEVICE_OBJECT device, PIRP irp)
{
	struct nt_level *level = device->DeviceExtension;
	PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(irp);

	level->calls++;
	level->major = location->MajorFunction;
	level->here = location->DeviceObject == device;
	return level->dispatch(level, irp);
}

static void nt_level_end(void *arg)
{
	struct nt_level *level = arg;

	if (level->lower)
		IoDetachDevice(level->lower);
	IoDeleteDevice(level->device);
}

struct nt_level *nt_level_new(struct kunit *test, nt_dispatch_fn *dispatch)
{
	PDRIVER_OBJECT driver = wqc_test_driver(test);
	PDEVICE_OBJECT device = NULL;
	struct nt_level *level;
	int major;

	for (major = 0; major <= IRP_MJ_MAXIMUM_FUNCTION; major++)
		if (major != IRP_MJ_WRITE)
			driver->MajorFunction[major] = nt_level_dispatch;
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			IoCreateDevice(driver, sizeof(*level), NULL, FILE_DEVICE_UNKNOWN, 0, FALSE,
				       &device));
	level = device->DeviceExtension;
	level->device = device;
	level->dispatch = dispatch;
	KeInitializeSpinLock(&level->lock);
	wqc_at_exit(test, nt_level_end, level);
	return level;
}

struct nt_level *nt_level_on(struct kunit *test, struct nt_level *below, nt_dispatch_fn *dispatch)
{
	struct nt_level *level = nt_level_new(test, dispatch);

	level->lower = IoAttachDeviceToDeviceStack(level->device, below->device);
	KUNIT_ASSERT_NOT_NULL(test, level->lower);
	return level;
}

NTSTATUS nt_complete(PIRP irp, NTSTATUS status)
{
	irp->IoStatus.Status = status;
	irp->IoStatus.Information = 7;
	IoCompleteRequest(irp, IO_NO_INCREMENT);
	return status;
}

NTSTATUS nt_complete_now(struct nt_level *level, PIRP irp)
{
	return nt_complete(irp, STATUS_SUCCESS);
}

NTSTATUS nt_pend(struct nt_level *level, PIRP irp)
{
	IoMarkIrpPending(irp);
	level->pended = irp;
	return STATUS_PENDING;
}

NTSTATUS nt_pass_skip(struct nt_level *level, PIRP irp)
{
	IoSkipCurrentIrpStackLocation(irp);
	return IoCallDriver(level->lower, irp);
}

NTSTATUS nt_pass_copy(struct nt_level *level, PIRP irp)
{
	IoCopyCurrentIrpStackLocationToNext(irp);
	return IoCallDriver(level->lower, irp);
}

static NTSTATUS nt_made_completed(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
	struct nt_made *made = context;

	made->calls++;
	made->iosb = irp->IoStatus;
	made->pending = irp->PendingReturned;
	made->device = device;
	complete(&made->done);
	return STATUS_MORE_PROCESSING_REQUIRED;
}

void nt_arm(struct nt_made *made, UCHAR major)
{
	IoGetNextIrpStackLocation(made->irp)->MajorFunction = major;
	IoSetCompletionRoutine(made->irp, nt_made_completed, made, TRUE, TRUE, TRUE);
}

static void nt_made_end(void *arg)
{
	struct nt_made *made = arg;

	if (made->irp)
		IoFreeIrp(made->irp);
	kfree(made);
}

struct nt_made *nt_make(struct kunit *test, struct nt_level *level, UCHAR major)
{
	struct nt_made *made = kzalloc(sizeof(*made), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, made);
	init_completion(&made->done);
	wqc_at_exit(test, nt_made_end, made);
	made->irp = IoAllocateIrp(level->device->StackSize, FALSE);
	KUNIT_ASSERT_NOT_NULL(test, made->irp);
	nt_arm(made, major);
	return made;
}

NTSTATUS nt_send(struct nt_made *made, struct nt_level *level)
{
	return IoCallDriver(level->device, made->irp);
}
