// SPDX-License-Identifier: GPL-2.0
/* IRPs: allocation, stack locations, sending, completion, and what is reported. */
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "../core/report.h"
#include "nt_irp.h"

#define COMPLETED_TWICE	"completed IRP that no driver has"
#define NO_LOCATION	"IRP sent without a stack location left"
#define BAD_DEVICE	"IRP sent to an invalid device"
#define PENDING_STATUS	"IRP completed with STATUS_PENDING"
#define CANCELABLE	"IRP completed with a cancel routine set"
#define CANCEL_DOWN	"IRP sent with a cancel routine set"
#define NOT_MARKED	"STATUS_PENDING for an IRP not marked pending"
#define MARKED		"another status for an IRP marked pending"
#define NO_MAKER	"IRP completed past the driver that made it"
#define BAD_FREE	"freed IRP that is not an IRP"
#define FREED		"IRP freed while a driver has it"
#define MEMORY		"freed memory contains an IRP that a driver has"
#define IN_USE		"IRP initialised while a driver has it"

/* ---- types and allocation -------------------------------------------------- */

#define EXPECT_AT(test, at, type, member) \
	KUNIT_EXPECT_EQ(test, (int)(at), (int)offsetof(type, member))

/* The members that drivers use are where Windows has them. */
static void irp_has_its_layout(struct kunit *test)
{
	EXPECT_AT(test, 0x08, IRP, MdlAddress);
	EXPECT_AT(test, 0x10, IRP, Flags);
	EXPECT_AT(test, 0x18, IRP, AssociatedIrp.SystemBuffer);
	EXPECT_AT(test, 0x20, IRP, ThreadListEntry);
	EXPECT_AT(test, 0x30, IRP, IoStatus);
	EXPECT_AT(test, 0x40, IRP, RequestorMode);
	EXPECT_AT(test, 0x41, IRP, PendingReturned);
	EXPECT_AT(test, 0x42, IRP, StackCount);
	EXPECT_AT(test, 0x43, IRP, CurrentLocation);
	EXPECT_AT(test, 0x44, IRP, Cancel);
	EXPECT_AT(test, 0x45, IRP, CancelIrql);
	EXPECT_AT(test, 0x48, IRP, UserIosb);
	EXPECT_AT(test, 0x50, IRP, UserEvent);
	EXPECT_AT(test, 0x58, IRP, Overlay);
	EXPECT_AT(test, 0x68, IRP, CancelRoutine);
	EXPECT_AT(test, 0x70, IRP, UserBuffer);
	EXPECT_AT(test, 0x78, IRP, Tail.Overlay.DriverContext);
	EXPECT_AT(test, 0x98, IRP, Tail.Overlay.Thread);
	EXPECT_AT(test, 0xa8, IRP, Tail.Overlay.ListEntry);
	EXPECT_AT(test, 0xb8, IRP, Tail.Overlay.CurrentStackLocation);
	EXPECT_AT(test, 0xc0, IRP, Tail.Overlay.OriginalFileObject);
	KUNIT_EXPECT_EQ(test, 0xd0, (int)sizeof(IRP));
	KUNIT_EXPECT_EQ(test, 0xd0 + 3 * 0x48, (int)IoSizeOfIrp(3));
}

/* So are those of its stack locations, and of a file object. */
static void stack_location_has_its_layout(struct kunit *test)
{
	EXPECT_AT(test, 0x08, IO_STACK_LOCATION, Parameters);
	EXPECT_AT(test, 0x10, IO_STACK_LOCATION, Parameters.Read.Key);
	EXPECT_AT(test, 0x18, IO_STACK_LOCATION, Parameters.Read.ByteOffset);
	EXPECT_AT(test, 0x10, IO_STACK_LOCATION, Parameters.DeviceIoControl.InputBufferLength);
	EXPECT_AT(test, 0x18, IO_STACK_LOCATION, Parameters.DeviceIoControl.IoControlCode);
	EXPECT_AT(test, 0x20, IO_STACK_LOCATION, Parameters.DeviceIoControl.Type3InputBuffer);
	EXPECT_AT(test, 0x18, IO_STACK_LOCATION, Parameters.Create.FileAttributes);
	EXPECT_AT(test, 0x1a, IO_STACK_LOCATION, Parameters.Create.ShareAccess);
	EXPECT_AT(test, 0x20, IO_STACK_LOCATION, Parameters.Create.EaLength);
	EXPECT_AT(test, 0x18, IO_STACK_LOCATION, Parameters.SetFile.FileObject);
	EXPECT_AT(test, 0x18, IO_STACK_LOCATION, Parameters.Power.State);
	EXPECT_AT(test, 0x28, IO_STACK_LOCATION, DeviceObject);
	EXPECT_AT(test, 0x30, IO_STACK_LOCATION, FileObject);
	EXPECT_AT(test, 0x38, IO_STACK_LOCATION, CompletionRoutine);
	EXPECT_AT(test, 0x40, IO_STACK_LOCATION, Context);
	EXPECT_AT(test, 0x18, FILE_OBJECT, FsContext);
	EXPECT_AT(test, 0x50, FILE_OBJECT, Flags);
	EXPECT_AT(test, 0x58, FILE_OBJECT, FileName);
	EXPECT_AT(test, 0x80, FILE_OBJECT, Lock);
}

/* An IRP begins above its stack locations, which are zero. The limit is 126 locations. */
static void allocated_irp_is_filled_in(struct kunit *test)
{
	static const CCHAR good[] = { 1, 3, 126 };
	PIO_STACK_LOCATION next;
	PIRP irp;
	int i;

	for (i = 0; i < ARRAY_SIZE(good); i++) {
		irp = i == 1 ? IoAllocateIrpEx(NULL, good[i], FALSE) :
			       IoAllocateIrp(good[i], TRUE);
		KUNIT_ASSERT_NOT_NULL(test, irp);
		KUNIT_EXPECT_EQ(test, 6, (int)irp->Type);
		KUNIT_EXPECT_EQ(test, IoSizeOfIrp(good[i]), irp->Size);
		KUNIT_EXPECT_EQ(test, good[i], irp->StackCount);
		KUNIT_EXPECT_EQ(test, good[i] + 1, (int)irp->CurrentLocation);
		next = IoGetNextIrpStackLocation(irp);
		KUNIT_EXPECT_PTR_EQ(test, (PIO_STACK_LOCATION)(irp + 1) + good[i] - 1, next);
		KUNIT_EXPECT_NULL(test, memchr_inv(irp + 1, 0, good[i] * sizeof(*next)));
		KUNIT_EXPECT_NULL(test, irp->CancelRoutine);
		IoFreeIrp(irp);
	}
	KUNIT_EXPECT_NULL(test, IoAllocateIrp(0, FALSE));
	KUNIT_EXPECT_NULL(test, IoAllocateIrp(127, FALSE));
	KUNIT_EXPECT_NULL(test, IoAllocateIrp(-1, FALSE));
}

/* The calls that move between locations, or copy them. */
static void locations_are_moved_and_copied(struct kunit *test)
{
	PIRP irp = IoAllocateIrp(2, FALSE);
	PIO_STACK_LOCATION own, next;

	KUNIT_ASSERT_NOT_NULL(test, irp);
	IoSetNextIrpStackLocation(irp);
	own = IoGetCurrentIrpStackLocation(irp);
	next = IoGetNextIrpStackLocation(irp);
	KUNIT_EXPECT_EQ(test, 2, (int)irp->CurrentLocation);
	KUNIT_EXPECT_PTR_EQ(test, own - 1, next);
	own->MajorFunction = IRP_MJ_READ;
	own->Flags = SL_OVERRIDE_VERIFY_VOLUME;
	own->Parameters.Read.ByteOffset.QuadPart = 12;
	own->FileObject = (PVOID)irp;
	own->Context = irp;
	IoMarkIrpPending(irp);
	next->Control = 0xff;
	IoCopyCurrentIrpStackLocationToNext(irp);
	KUNIT_EXPECT_EQ(test, IRP_MJ_READ, (int)next->MajorFunction);
	KUNIT_EXPECT_EQ(test, SL_OVERRIDE_VERIFY_VOLUME, (int)next->Flags);
	KUNIT_EXPECT_EQ(test, 12LL, next->Parameters.Read.ByteOffset.QuadPart);
	KUNIT_EXPECT_PTR_EQ(test, (PVOID)irp, (PVOID)next->FileObject);
	KUNIT_EXPECT_NULL(test, next->Context);
	KUNIT_EXPECT_EQ(test, 0, (int)next->Control);
	KUNIT_EXPECT_EQ(test, SL_PENDING_RETURNED, (int)own->Control);
	IoSkipCurrentIrpStackLocation(irp);
	KUNIT_EXPECT_PTR_EQ(test, own, IoGetNextIrpStackLocation(irp));
	KUNIT_EXPECT_EQ(test, 3, (int)irp->CurrentLocation);
	IoFreeIrp(irp);
}

/* IoReuseIrp() makes an IRP as new, with a status. */
static void irp_is_reused(struct kunit *test)
{
	struct nt_level *level = nt_level_new(test, nt_complete_now);
	struct nt_made *made = nt_make(test, level, IRP_MJ_READ);

	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_send(made, level));
	made->irp->Cancel = TRUE;
	IoReuseIrp(made->irp, STATUS_NOT_SUPPORTED);
	KUNIT_EXPECT_EQ(test, STATUS_NOT_SUPPORTED, made->irp->IoStatus.Status);
	KUNIT_EXPECT_FALSE(test, made->irp->Cancel);
	KUNIT_EXPECT_EQ(test, 2, (int)made->irp->CurrentLocation);
	nt_arm(made, IRP_MJ_READ);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_send(made, level));
	IoInitializeIrp(made->irp, IoSizeOfIrp(1), 1);
	nt_arm(made, IRP_MJ_READ);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_send(made, level));
	KUNIT_EXPECT_EQ(test, 3, made->calls);
}

/* An IRP may be in memory of the driver. */
static void irp_in_memory_of_the_driver_works(struct kunit *test)
{
	struct nt_level *level = nt_level_new(test, nt_complete_now);
	PIRP irp = ExAllocatePoolWithTag(NonPagedPool, IoSizeOfIrp(1), 0x70724954);
	struct nt_made *made = nt_make(test, level, IRP_MJ_READ);

	KUNIT_ASSERT_NOT_NULL(test, irp);
	IoInitializeIrp(irp, IoSizeOfIrp(1), 1);
	swap(made->irp, irp);
	nt_arm(made, IRP_MJ_READ);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_send(made, level));
	KUNIT_EXPECT_EQ(test, 1, made->calls);
	IoReuseIrp(made->irp, STATUS_SUCCESS);
	nt_arm(made, IRP_MJ_READ);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_send(made, level));
	KUNIT_EXPECT_EQ(test, 2, made->calls);
	swap(made->irp, irp);
	ExFreePool(irp);
}

/* ---- sending ------------------------------------------------------------------ */

/* The routine of the major function gets the device; its status is returned unchanged. */
static void dispatch_routine_of_the_major_function_is_called(struct kunit *test)
{
	struct nt_level *level = nt_level_new(test, nt_complete_now);
	struct nt_made *made = nt_make(test, level, IRP_MJ_INTERNAL_DEVICE_CONTROL);

	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_send(made, level));
	KUNIT_EXPECT_EQ(test, 1, level->calls);
	KUNIT_EXPECT_EQ(test, IRP_MJ_INTERNAL_DEVICE_CONTROL, (int)level->major);
	KUNIT_EXPECT_TRUE(test, level->here);
	KUNIT_EXPECT_EQ(test, 1, made->calls);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, made->iosb.Status);
	KUNIT_EXPECT_EQ(test, 7, (int)made->iosb.Information);
	KUNIT_EXPECT_FALSE(test, made->pending);
	KUNIT_EXPECT_NULL(test, made->device);
	level->dispatch = nt_pend;
	nt_arm(made, IRP_MJ_PNP);
	KUNIT_EXPECT_EQ(test, STATUS_PENDING, nt_send(made, level));
	KUNIT_EXPECT_EQ(test, 1, made->calls);
	nt_complete(level->pended, STATUS_DATA_ERROR);
	KUNIT_EXPECT_EQ(test, 2, made->calls);
	KUNIT_EXPECT_EQ(test, STATUS_DATA_ERROR, made->iosb.Status);
	KUNIT_EXPECT_TRUE(test, made->pending);
}

/* Without such a routine the request is invalid. */
static void request_without_a_routine_is_invalid(struct kunit *test)
{
	struct nt_level *level = nt_level_new(test, nt_complete_now);
	struct nt_made *made = nt_make(test, level, IRP_MJ_WRITE);

	KUNIT_EXPECT_EQ(test, STATUS_INVALID_DEVICE_REQUEST, nt_send(made, level));
	KUNIT_EXPECT_EQ(test, 0, level->calls);
	KUNIT_EXPECT_EQ(test, 1, made->calls);
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_DEVICE_REQUEST, made->iosb.Status);
	nt_arm(made, IRP_MJ_MAXIMUM_FUNCTION + 1);
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_DEVICE_REQUEST, nt_send(made, level));
	KUNIT_EXPECT_EQ(test, 2, made->calls);
}

/* ---- completion ------------------------------------------------------------------ */

/* The completion routines of three drivers, in the order of their calls. */
static struct {
	struct nt_level *levels[3];
	int order[8];
	int n;
	bool right_device, zeroed, pending[3];
	bool mark[3];
	NTSTATUS result[3];
} walk;

static NTSTATUS walk_completed(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
	PIO_STACK_LOCATION below = IoGetNextIrpStackLocation(irp);
	int i = (long)context;

	walk.order[walk.n++ % ARRAY_SIZE(walk.order)] = i;
	walk.right_device &= device == walk.levels[i]->device;
	walk.zeroed &= !memchr_inv(below, 0, sizeof(*below));
	walk.pending[i] = irp->PendingReturned;
	if (walk.mark[i] && irp->PendingReturned)
		IoMarkIrpPending(irp);
	return walk.result[i];
}

static NTSTATUS walk_pass(struct nt_level *level, PIRP irp)
{
	IoCopyCurrentIrpStackLocationToNext(irp);
	IoSetCompletionRoutine(irp, walk_completed, level->data, TRUE, TRUE, TRUE);
	return IoCallDriver(level->lower, irp);
}

static struct nt_made *walk_new(struct kunit *test, nt_dispatch_fn *lowest)
{
	long i;

	memset(&walk, 0, sizeof(walk));
	walk.right_device = true;
	walk.zeroed = true;
	for (i = 0; i < ARRAY_SIZE(walk.levels); i++) {
		walk.levels[i] = i ? nt_level_on(test, walk.levels[i - 1], walk_pass) :
				     nt_level_new(test, lowest);
		walk.levels[i]->data = (PVOID)i;
		walk.mark[i] = true;
	}
	KUNIT_EXPECT_EQ(test, 3, (int)walk.levels[2]->device->StackSize);
	return nt_make(test, walk.levels[2], IRP_MJ_READ);
}

/* Routines are called from the lowest upwards, each with the device of its driver. */
static void routines_are_called_upwards_with_their_devices(struct kunit *test)
{
	struct nt_made *made = walk_new(test, nt_complete_now);

	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_send(made, walk.levels[2]));
	KUNIT_EXPECT_EQ(test, 2, walk.n);
	KUNIT_EXPECT_EQ(test, 1, walk.order[0]);
	KUNIT_EXPECT_EQ(test, 2, walk.order[1]);
	KUNIT_EXPECT_TRUE(test, walk.right_device);
	KUNIT_EXPECT_TRUE(test, walk.zeroed);
	KUNIT_EXPECT_EQ(test, 1, made->calls);
	KUNIT_EXPECT_FALSE(test, made->pending);
}

/* STATUS_MORE_PROCESSING_REQUIRED stops; the next completion goes on with the routine above. */
static void walk_stops_and_is_resumed(struct kunit *test)
{
	struct nt_made *made = walk_new(test, nt_complete_now);

	walk.result[1] = STATUS_MORE_PROCESSING_REQUIRED;
	nt_send(made, walk.levels[2]);
	KUNIT_EXPECT_EQ(test, 1, walk.n);
	KUNIT_EXPECT_EQ(test, 0, made->calls);
	KUNIT_EXPECT_PTR_EQ(test, walk.levels[1]->device,
			    IoGetCurrentIrpStackLocation(made->irp)->DeviceObject);
	nt_complete(made->irp, STATUS_END_OF_FILE);
	KUNIT_EXPECT_EQ(test, 2, walk.n);
	KUNIT_EXPECT_EQ(test, 2, walk.order[1]);
	KUNIT_EXPECT_EQ(test, 1, made->calls);
	KUNIT_EXPECT_EQ(test, STATUS_END_OF_FILE, made->iosb.Status);
}

/* Each level learns that the one below was pending, and passes it on. */
static void pending_comes_up_through_routines(struct kunit *test)
{
	struct nt_made *made = walk_new(test, nt_pend);

	KUNIT_EXPECT_EQ(test, STATUS_PENDING, nt_send(made, walk.levels[2]));
	nt_complete(walk.levels[0]->pended, STATUS_SUCCESS);
	KUNIT_EXPECT_TRUE(test, walk.pending[1]);
	KUNIT_EXPECT_TRUE(test, walk.pending[2]);
	KUNIT_EXPECT_TRUE(test, made->pending);
	KUNIT_EXPECT_TRUE(test, walk.zeroed);
}

/* A routine that does not mark the IRP pending loses the mark. */
static void routine_that_does_not_mark_loses_pending(struct kunit *test)
{
	struct nt_made *made = walk_new(test, nt_pend);

	walk.mark[1] = false;
	nt_send(made, walk.levels[2]);
	nt_complete(walk.levels[0]->pended, STATUS_SUCCESS);
	KUNIT_EXPECT_TRUE(test, walk.pending[1]);
	KUNIT_EXPECT_FALSE(test, walk.pending[2]);
	KUNIT_EXPECT_FALSE(test, made->pending);
}

/* Where no routine is called, the mark comes up by itself. */
static void pending_comes_up_where_no_routine_is(struct kunit *test)
{
	struct nt_level *lowest = nt_level_new(test, nt_pend);
	struct nt_level *middle = nt_level_on(test, lowest, nt_pass_copy);
	struct nt_level *top = nt_level_on(test, middle, nt_pass_skip);
	struct nt_made *made = nt_make(test, top, IRP_MJ_READ);

	KUNIT_EXPECT_EQ(test, STATUS_PENDING, nt_send(made, top));
	KUNIT_EXPECT_EQ(test, 1, lowest->calls + middle->calls - top->calls);
	KUNIT_EXPECT_TRUE(test, lowest->here && middle->here && top->here);
	nt_complete(lowest->pended, STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, 1, made->calls);
	KUNIT_EXPECT_TRUE(test, made->pending);
}

static struct {
	NTSTATUS status;
	bool cancel;
} outcome;

static NTSTATUS outcome_complete(struct nt_level *level, PIRP irp)
{
	irp->Cancel = outcome.cancel;
	return nt_complete(irp, outcome.status);
}

static NTSTATUS outcome_completed(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
	*(int *)context += 1;
	return STATUS_CONTINUE_COMPLETION;
}

static void outcome_expect(struct kunit *test, bool success, bool error, bool cancel, int calls)
{
	struct nt_level *lowest = nt_level_new(test, outcome_complete);
	PIRP irp = IoAllocateIrp(2, FALSE);
	struct nt_made made = { .irp = irp };
	int called = 0;

	KUNIT_ASSERT_NOT_NULL(test, irp);
	init_completion(&made.done);
	nt_arm(&made, IRP_MJ_READ);
	IoSetNextIrpStackLocation(irp);
	IoGetNextIrpStackLocation(irp)->MajorFunction = IRP_MJ_READ;
	IoSetCompletionRoutine(irp, outcome_completed, &called, success, error, cancel);
	IoCallDriver(lowest->device, irp);
	KUNIT_EXPECT_EQ(test, calls, called);
	KUNIT_EXPECT_EQ(test, 1, made.calls);
	IoFreeIrp(irp);
}

/* A routine is called in the cases that it was set for. A warning is no success. */
static void routine_is_called_in_its_cases(struct kunit *test)
{
	static const NTSTATUS statuses[] = {
		STATUS_SUCCESS, STATUS_TIMEOUT, STATUS_BUFFER_OVERFLOW, STATUS_CANCELLED,
	};
	int i, cases;

	for (i = 0; i < 2 * ARRAY_SIZE(statuses); i++) {
		outcome.status = statuses[i / 2];
		outcome.cancel = i % 2;
		for (cases = 0; cases < 8; cases++)
			outcome_expect(test, cases & 1, cases & 2, cases & 4,
				       (cases & 1 && i / 2 < 2) || (cases & 2 && i / 2 >= 2) ||
				       (cases & 4 && outcome.cancel));
	}
}

static NTSTATUS free_completed(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
	IoFreeIrp(irp);
	complete(context);
	return STATUS_MORE_PROCESSING_REQUIRED;
}

/* A completion routine may free its IRP. */
static void routine_may_free_its_irp(struct kunit *test)
{
	struct nt_level *level = nt_level_new(test, nt_complete_now);
	PIRP irp = IoAllocateIrp(1, FALSE);
	DECLARE_COMPLETION_ONSTACK(done);

	KUNIT_ASSERT_NOT_NULL(test, irp);
	IoGetNextIrpStackLocation(irp)->MajorFunction = IRP_MJ_READ;
	IoSetCompletionRoutine(irp, free_completed, &done, TRUE, TRUE, TRUE);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, IoCallDriver(level->device, irp));
	KUNIT_EXPECT_TRUE(test, try_wait_for_completion(&done));
}

static NTSTATUS again_completed(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
	struct nt_level *level = context;

	if (level->calls >= 3)
		return STATUS_CONTINUE_COMPLETION;
	IoGetNextIrpStackLocation(irp)->MajorFunction = IRP_MJ_READ;
	IoSetCompletionRoutine(irp, again_completed, level, TRUE, TRUE, TRUE);
	IoCallDriver(level->device, irp);
	return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS again_pass(struct nt_level *level, PIRP irp)
{
	IoCopyCurrentIrpStackLocationToNext(irp);
	IoSetCompletionRoutine(irp, again_completed, level->data, TRUE, TRUE, TRUE);
	IoMarkIrpPending(irp);
	IoCallDriver(level->lower, irp);
	return STATUS_PENDING;
}

/* A completion routine may send its IRP again. */
static void routine_may_send_its_irp_again(struct kunit *test)
{
	struct nt_level *lowest = nt_level_new(test, nt_complete_now);
	struct nt_level *top = nt_level_on(test, lowest, again_pass);
	struct nt_made *made = nt_make(test, top, IRP_MJ_READ);

	top->data = lowest;
	KUNIT_EXPECT_EQ(test, STATUS_PENDING, nt_send(made, top));
	KUNIT_EXPECT_EQ(test, 3, lowest->calls);
	KUNIT_EXPECT_EQ(test, 1, made->calls);
}

static NTSTATUS forward(struct nt_level *level, PIRP irp)
{
	NTSTATUS status = STATUS_INTERNAL_ERROR;

	if (IoForwardIrpSynchronously(level->lower, irp))
		status = irp->IoStatus.Status;
	return nt_complete(irp, status);
}

static NTSTATUS pend_for_an_item(struct nt_level *level, PIRP irp);

/* IoForwardIrpSynchronously() waits, and the caller has the IRP again. */
static void forwarded_irp_comes_back(struct kunit *test)
{
	struct nt_level *lowest = nt_level_new(test, pend_for_an_item);
	struct nt_level *top = nt_level_on(test, lowest, forward);
	struct nt_made *made = nt_make(test, top, IRP_MJ_READ);

	lowest->data = IoAllocateWorkItem(lowest->device);
	KUNIT_ASSERT_NOT_NULL(test, lowest->data);
	KUNIT_EXPECT_EQ(test, STATUS_NO_SUCH_FILE, nt_send(made, top));
	KUNIT_EXPECT_EQ(test, STATUS_NO_SUCH_FILE, made->iosb.Status);
	KUNIT_EXPECT_FALSE(test, made->pending);
	lowest->dispatch = forward;	/* no location is left */
	lowest->lower = NULL;
	nt_arm(made, IRP_MJ_READ);
	KUNIT_EXPECT_EQ(test, STATUS_INTERNAL_ERROR, nt_send(made, top));
	IoFreeWorkItem(lowest->data);
}

static VOID pended_item(PDEVICE_OBJECT device, PVOID context)
{
	struct nt_level *level = device->DeviceExtension;

	nt_complete(level->pended, STATUS_NO_SUCH_FILE);
}

static NTSTATUS pend_for_an_item(struct nt_level *level, PIRP irp)
{
	nt_pend(level, irp);
	IoQueueWorkItem(level->data, pended_item, DelayedWorkQueue, NULL);
	return STATUS_PENDING;
}

static NTSTATUS ex_pass(struct nt_level *level, PIRP irp)
{
	IoCopyCurrentIrpStackLocationToNext(irp);
	if (!NT_SUCCESS(IoSetCompletionRoutineEx(level->device, irp, walk_completed, level->data,
						 TRUE, TRUE, TRUE)))
		return nt_complete(irp, STATUS_INSUFFICIENT_RESOURCES);
	return IoCallDriver(level->lower, irp);
}

/* IoSetCompletionRoutineEx() calls the routine as IoSetCompletionRoutine() does. */
static void routine_that_holds_its_driver_is_called(struct kunit *test)
{
	struct nt_made *made = walk_new(test, nt_complete_now);

	walk.levels[2]->dispatch = ex_pass;
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_send(made, walk.levels[2]));
	KUNIT_EXPECT_EQ(test, 2, walk.n);
	KUNIT_EXPECT_EQ(test, 2, walk.order[1]);
	KUNIT_EXPECT_TRUE(test, walk.right_device);
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER,
			IoSetCompletionRoutineEx(NULL, made->irp, walk_completed, NULL, TRUE, TRUE,
						 TRUE));
}

/* ---- what an IRP holds -------------------------------------------------------------- */

/* A device whose driver has an IRP stays until the IRP is completed. */
static void device_stays_until_its_irp_is_completed(struct kunit *test)
{
	PDRIVER_OBJECT driver = wqc_test_driver(test);
	struct nt_level *level = nt_level_new(test, nt_pend);
	struct nt_made *made = nt_make(test, level, IRP_MJ_CREATE);
	PDEVICE_OBJECT device = NULL;
	struct nt_level *own;

	*driver->MajorFunction = *level->device->DriverObject->MajorFunction;
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			IoCreateDevice(driver, sizeof(*own), NULL, FILE_DEVICE_UNKNOWN, 0, FALSE,
				       &device));
	own = device->DeviceExtension;
	own->dispatch = nt_pend;
	KUNIT_EXPECT_EQ(test, STATUS_PENDING, IoCallDriver(device, made->irp));
	IoDeleteDevice(device);
	msleep(WQC_GRACE_MS);
	KUNIT_EXPECT_PTR_EQ(test, THIS_MODULE, wqc_device_owner(device));
	nt_complete(own->pended, STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, 1, made->calls);
	KUNIT_EXPECT_TRUE(test, wqc_eventually(!wqc_device_owner(device)));
}

static int unload_in_a_thread(void *arg)
{
	struct nt_made *unload = arg;

	wqc_driver_unload((PDRIVER_OBJECT)unload->irp);
	complete(&unload->done);
	return 0;
}

static NTSTATUS unloading_entry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
	return STATUS_SUCCESS;
}

/* The unload of a driver waits for IRPs that its devices have. */
static void unload_waits_for_irps(struct kunit *test)
{
	struct nt_level *level = nt_level_new(test, nt_pend);
	struct nt_made *made = nt_make(test, level, IRP_MJ_READ), unload = {};
	PDRIVER_OBJECT driver;

	init_completion(&unload.done);
	KUNIT_ASSERT_EQ(test, 0, wqc_driver_load(THIS_MODULE, unloading_entry, &driver));
	module_put(THIS_MODULE);	/* it has no DriverUnload */
	unload.irp = (PIRP)driver;
	KUNIT_EXPECT_EQ(test, STATUS_PENDING, nt_send(made, level));
	KUNIT_ASSERT_FALSE(test, IS_ERR(kthread_run(unload_in_a_thread, &unload, "nt_unload")));
	msleep(4 * WQC_GRACE_MS);
	KUNIT_EXPECT_FALSE(test, completion_done(&unload.done));
	nt_complete(level->pended, STATUS_SUCCESS);
	KUNIT_EXPECT_TRUE(test, wqc_done(&unload.done));
}

/* ---- misuse ---------------------------------------------------------------------------- */

static void expect_report(struct kunit *test, const char *text, u64 before)
{
	KUNIT_EXPECT_EQ_MSG(test, before + 1, wqc_reports(test, text), "%s", text);
}

/* An IRP that was completed, or freed, is not completed again. */
static void irp_completed_twice_is_reported(struct kunit *test)
{
	struct nt_level *level = nt_level_new(test, nt_complete_now);
	struct nt_made *made = nt_make(test, level, IRP_MJ_READ);
	u64 reports = wqc_reports(test, COMPLETED_TWICE);
	PIRP irp = made->irp;

	nt_send(made, level);
	IoCompleteRequest(irp, IO_NO_INCREMENT);
	expect_report(test, COMPLETED_TWICE, reports);
	made->irp = NULL;
	IoFreeIrp(irp);
	IoCompleteRequest(irp, IO_NO_INCREMENT);
	expect_report(test, COMPLETED_TWICE, reports + 1);
	KUNIT_EXPECT_EQ(test, 1, made->calls);
}

/* An IRP cannot go below its last location. */
static void irp_without_locations_is_reported(struct kunit *test)
{
	struct nt_level *lowest = nt_level_new(test, nt_complete_now);
	struct nt_level *top = nt_level_on(test, lowest, nt_pass_copy);
	u64 reports = wqc_reports(test, NO_LOCATION);
	struct nt_made *made;

	top->device->StackSize = 1;
	made = nt_make(test, top, IRP_MJ_READ);
	/* nt_pass_copy() would write below the array. */
	top->dispatch = nt_pass_skip;
	lowest->dispatch = nt_pend;
	KUNIT_EXPECT_EQ(test, STATUS_PENDING, nt_send(made, top));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_DEVICE_REQUEST,
			IoCallDriver(lowest->device, made->irp));
	expect_report(test, NO_LOCATION, reports);
	KUNIT_EXPECT_EQ(test, 1, lowest->calls);
	KUNIT_EXPECT_EQ(test, 1, made->calls);
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_DEVICE_REQUEST, made->iosb.Status);
}

/* An IRP that is sent to something else than a device is completed with an error. */
static void irp_for_no_device_is_reported(struct kunit *test)
{
	struct nt_level *level = nt_level_new(test, nt_complete_now);
	struct nt_made *made = nt_make(test, level, IRP_MJ_READ);
	u64 reports = wqc_reports(test, BAD_DEVICE);

	KUNIT_EXPECT_EQ(test, STATUS_NO_SUCH_DEVICE,
			IoCallDriver((PDEVICE_OBJECT)made, made->irp));
	expect_report(test, BAD_DEVICE, reports);
	KUNIT_EXPECT_EQ(test, STATUS_NO_SUCH_DEVICE, made->iosb.Status);
	nt_arm(made, IRP_MJ_READ);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_send(made, level));
}

static VOID misuse_cancel(PDEVICE_OBJECT device, PIRP irp)
{
	IoReleaseCancelSpinLock(irp->CancelIrql);
}

/* STATUS_PENDING is no completion status; a cancel routine is cleared before the completion. */
static void completion_that_is_wrong_is_reported(struct kunit *test)
{
	struct nt_level *level = nt_level_new(test, nt_pend);
	struct nt_made *made = nt_make(test, level, IRP_MJ_READ);
	u64 pending = wqc_reports(test, PENDING_STATUS);
	u64 cancelable = wqc_reports(test, CANCELABLE);

	nt_send(made, level);
	IoSetCancelRoutine(made->irp, misuse_cancel);
	nt_complete(level->pended, STATUS_PENDING);
	expect_report(test, PENDING_STATUS, pending);
	expect_report(test, CANCELABLE, cancelable);
	KUNIT_EXPECT_EQ(test, 1, made->calls);
	KUNIT_EXPECT_FALSE(test, IoCancelIrp(made->irp));
}

/* A cancel routine is cleared before the IRP is sent, too. */
static void irp_sent_with_a_cancel_routine_is_reported(struct kunit *test)
{
	struct nt_level *level = nt_level_new(test, nt_complete_now);
	struct nt_made *made = nt_make(test, level, IRP_MJ_READ);
	u64 reports = wqc_reports(test, CANCEL_DOWN);
	u64 cancelable = wqc_reports(test, CANCELABLE);

	IoSetCancelRoutine(made->irp, misuse_cancel);
	nt_send(made, level);
	expect_report(test, CANCEL_DOWN, reports);
	expect_report(test, CANCELABLE, cancelable);
}

static NTSTATUS pend_unmarked(struct nt_level *level, PIRP irp)
{
	level->pended = irp;
	return STATUS_PENDING;
}

static NTSTATUS mark_and_succeed(struct nt_level *level, PIRP irp)
{
	nt_pend(level, irp);
	return STATUS_SUCCESS;
}

static NTSTATUS complete_and_pend(struct nt_level *level, PIRP irp)
{
	nt_complete(irp, STATUS_SUCCESS);
	return STATUS_PENDING;
}

static NTSTATUS mark_complete_and_succeed(struct nt_level *level, PIRP irp)
{
	IoMarkIrpPending(irp);
	return nt_complete(irp, STATUS_SUCCESS);
}

static NTSTATUS mark_complete_and_pend(struct nt_level *level, PIRP irp)
{
	mark_complete_and_succeed(level, irp);
	return STATUS_PENDING;
}

/* What a dispatch routine returns has to match the mark, also if the IRP is completed already. */
static void returned_status_has_to_match_the_mark(struct kunit *test)
{
	static const struct {
		nt_dispatch_fn *dispatch;
		const char *report;
		bool complete;
	} all[] = {
		{ pend_unmarked, NOT_MARKED, true },
		{ complete_and_pend, NOT_MARKED, false },
		{ mark_and_succeed, MARKED, true },
		{ mark_complete_and_succeed, MARKED, false },
		{ mark_complete_and_pend, NULL, false },
		{ nt_pend, NULL, true },
		{ nt_complete_now, NULL, false },
	};
	struct nt_level *level = nt_level_new(test, nt_pend);
	struct nt_made *made = nt_make(test, level, IRP_MJ_READ);
	u64 reports, others;
	int i;

	for (i = 0; i < ARRAY_SIZE(all); i++) {
		reports = all[i].report ? wqc_reports(test, all[i].report) : 0;
		others = wqc_reports(test, NOT_MARKED) + wqc_reports(test, MARKED);
		level->dispatch = all[i].dispatch;
		nt_arm(made, IRP_MJ_READ);
		nt_send(made, level);
		if (all[i].report)
			expect_report(test, all[i].report, reports);
		KUNIT_EXPECT_EQ_MSG(test, others + !!all[i].report,
				    wqc_reports(test, NOT_MARKED) + wqc_reports(test, MARKED),
				    "%d", i);
		if (all[i].complete)
			nt_complete(level->pended, STATUS_SUCCESS);
		KUNIT_EXPECT_EQ(test, i + 1, made->calls);
	}
}

/* Nobody but its maker frees an IRP of IoAllocateIrp(), so its completion has to stop there. */
static void irp_that_passes_its_maker_is_reported(struct kunit *test)
{
	struct nt_level *level = nt_level_new(test, nt_complete_now);
	struct nt_made *made = nt_make(test, level, IRP_MJ_READ);
	u64 reports = wqc_reports(test, NO_MAKER);

	IoSetCompletionRoutine(made->irp, NULL, NULL, FALSE, FALSE, FALSE);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_send(made, level));
	expect_report(test, NO_MAKER, reports);
}

/* What is no IRP, or not any more, is not freed. */
static void what_is_no_irp_is_not_freed(struct kunit *test)
{
	u64 reports = wqc_reports(test, BAD_FREE);
	PIRP irp = IoAllocateIrp(1, FALSE);
	ULONG_PTR words[2] = {};

	KUNIT_ASSERT_NOT_NULL(test, irp);
	IoFreeIrp((PIRP)words);
	expect_report(test, BAD_FREE, reports);
	IoFreeIrp(irp);
	expect_report(test, BAD_FREE, reports);
	IoFreeIrp(irp);
	expect_report(test, BAD_FREE, reports + 1);
}

/* An IRP that is freed while a driver has it stays until that driver has completed it. */
static void irp_freed_while_pending_is_reported(struct kunit *test)
{
	struct nt_level *level = nt_level_new(test, nt_pend);
	struct nt_made *made = nt_make(test, level, IRP_MJ_READ);
	u64 reports = wqc_reports(test, FREED), twice = wqc_reports(test, COMPLETED_TWICE);
	PIRP irp = made->irp;

	nt_send(made, level);
	made->irp = NULL;
	IoFreeIrp(irp);
	expect_report(test, FREED, reports);
	nt_complete(level->pended, STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, twice, wqc_reports(test, COMPLETED_TWICE));
	KUNIT_EXPECT_EQ(test, 0, made->calls);
	IoCompleteRequest(irp, IO_NO_INCREMENT);
	expect_report(test, COMPLETED_TWICE, twice);
}

/* Memory with an IRP that a driver has is not freed silently. */
static void memory_of_a_pending_irp_is_reported(struct kunit *test)
{
	struct nt_level *level = nt_level_new(test, nt_pend);
	PIRP irp = ExAllocatePoolWithTag(NonPagedPool, IoSizeOfIrp(1), 0x70724954);
	u64 reports = wqc_reports(test, MEMORY), twice = wqc_reports(test, COMPLETED_TWICE);

	KUNIT_ASSERT_NOT_NULL(test, irp);
	IoInitializeIrp(irp, IoSizeOfIrp(1), 1);
	IoGetNextIrpStackLocation(irp)->MajorFunction = IRP_MJ_READ;
	KUNIT_EXPECT_EQ(test, STATUS_PENDING, IoCallDriver(level->device, irp));
	ExFreePool(irp);
	expect_report(test, MEMORY, reports);
	IoCompleteRequest(irp, IO_NO_INCREMENT);
	expect_report(test, COMPLETED_TWICE, twice);
}

/* An IRP that a driver has is neither initialised nor reused. */
static void irp_in_use_is_not_initialised(struct kunit *test)
{
	struct nt_level *level = nt_level_new(test, nt_pend);
	struct nt_made *made = nt_make(test, level, IRP_MJ_READ);
	u64 reports = wqc_reports(test, IN_USE);

	nt_send(made, level);
	IoReuseIrp(made->irp, STATUS_SUCCESS);
	expect_report(test, IN_USE, reports);
	IoInitializeIrp(made->irp, IoSizeOfIrp(1), 1);
	expect_report(test, IN_USE, reports + 1);
	nt_complete(level->pended, STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, 1, made->calls);
}

static struct kunit_case nt_irp_cases[] = {
	KUNIT_CASE(irp_has_its_layout),
	KUNIT_CASE(stack_location_has_its_layout),
	KUNIT_CASE(allocated_irp_is_filled_in),
	KUNIT_CASE(locations_are_moved_and_copied),
	KUNIT_CASE(irp_is_reused),
	KUNIT_CASE(irp_in_memory_of_the_driver_works),
	KUNIT_CASE(dispatch_routine_of_the_major_function_is_called),
	KUNIT_CASE(request_without_a_routine_is_invalid),
	KUNIT_CASE(routines_are_called_upwards_with_their_devices),
	KUNIT_CASE(walk_stops_and_is_resumed),
	KUNIT_CASE(pending_comes_up_through_routines),
	KUNIT_CASE(routine_that_does_not_mark_loses_pending),
	KUNIT_CASE(pending_comes_up_where_no_routine_is),
	KUNIT_CASE(routine_is_called_in_its_cases),
	KUNIT_CASE(routine_may_free_its_irp),
	KUNIT_CASE(routine_may_send_its_irp_again),
	KUNIT_CASE(forwarded_irp_comes_back),
	KUNIT_CASE(routine_that_holds_its_driver_is_called),
	KUNIT_CASE(device_stays_until_its_irp_is_completed),
	KUNIT_CASE(unload_waits_for_irps),
	KUNIT_CASE(irp_completed_twice_is_reported),
	KUNIT_CASE(irp_without_locations_is_reported),
	KUNIT_CASE(irp_for_no_device_is_reported),
	KUNIT_CASE(completion_that_is_wrong_is_reported),
	KUNIT_CASE(irp_sent_with_a_cancel_routine_is_reported),
	KUNIT_CASE(returned_status_has_to_match_the_mark),
	KUNIT_CASE(irp_that_passes_its_maker_is_reported),
	KUNIT_CASE(what_is_no_irp_is_not_freed),
	KUNIT_CASE(irp_freed_while_pending_is_reported),
	KUNIT_CASE(memory_of_a_pending_irp_is_reported),
	KUNIT_CASE(irp_in_use_is_not_initialised),
	{}
};

static struct kunit_suite nt_irp_suite = {
	.name = "wqc_nt_irp",
	.test_cases = nt_irp_cases,
};

kunit_test_suite(nt_irp_suite);
