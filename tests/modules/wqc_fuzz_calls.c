// SPDX-License-Identifier: GPL-2.0
/*
 * The calls, valid and invalid. Each call is wrong in one way at most, so that its result is
 * known: the figures say how many reports of each kind there must be. Where the result
 * depends on a race (is the item still queued?), a law holds:
 *
 *   accepted - (items reported as queued twice - twice) =
 *	ran + (items reported as freed while queued) + cancelled
 *
 * tests/input_kunit.c has the misuse that would harm the kernel here: queueing a freed item,
 * overwriting a queued one.
 */
#include <linux/delay.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "wqc_fuzz.h"

#define NR_SHARED	4

static WORK_QUEUE_ITEM shared[NR_SHARED];	/* of all threads */

static WORK_QUEUE_TYPE fuzz_type(struct fuzz *me)
{
	static const u8 types[] = { 0, 1, 2, 0, 1, 2, 3, 4, 5, 6, 32, 44, 45, 46, 47, 63 };

	return types[fuzz_draw(me, ARRAY_SIZE(types))];
}

static WORK_QUEUE_TYPE fuzz_bad_type(struct fuzz *me)
{
	static const u32 types[] = { 7, 31, 64, 255, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff };

	fuzz_count(FUZZ_BAD_TYPE);
	return types[fuzz_draw(me, ARRAY_SIZE(types))];
}

/* ---- routines ------------------------------------------------------------- */

VOID fuzz_ran(PVOID Parameter)
{
	fuzz_count(FUZZ_RAN);
}

static VOID fuzz_io(PDEVICE_OBJECT DeviceObject, PVOID Context)
{
	fuzz_count(FUZZ_RAN);
}

static VOID fuzz_io_ex(PVOID IoObject, PVOID Context, PIO_WORKITEM IoWorkItem)
{
	fuzz_count(FUZZ_RAN);
}

static VOID fuzz_io_frees(PVOID IoObject, PVOID Context, PIO_WORKITEM IoWorkItem)
{
	IoFreeWorkItem(IoWorkItem);
	fuzz_count(FUZZ_RAN);
}

/* An item that the routine owns: the routine queues it again several times, then frees it. */
struct fuzz_item {
	WORK_QUEUE_ITEM ex;
	u32 left;
	WORK_QUEUE_TYPE type;
	u32 manner;
};

static VOID fuzz_again(PVOID Parameter)
{
	struct fuzz_item *item = Parameter;

	if (item->left--) {
		fuzz_count(FUZZ_ACCEPTED);
		ExInitializeWorkItem(&item->ex, fuzz_again, item);
		ExQueueWorkItem(&item->ex, item->type);
	} else {
		kfree(item);
	}
	fuzz_count(FUZZ_RAN);
}

/* Returns with another state of its thread than at its call. */
static VOID fuzz_misbehaves(PVOID Parameter)
{
	u32 manner = ((struct fuzz_item *)Parameter)->manner;

	kfree(Parameter);
	fuzz_count(FUZZ_RAN);
	switch (manner) {
	case 0:
		fuzz_count(FUZZ_IRQS_OFF);
		local_irq_disable();
		break;
	case 1:
		fuzz_count(FUZZ_PREEMPT);
		preempt_disable();
		break;
	default:
		fuzz_count(FUZZ_POLICY);
		set_user_nice(current, 5);
	}
}

/* ---- Ex* ------------------------------------------------------------------ */

static void fuzz_ex_queue(PWORK_QUEUE_ITEM item, WORK_QUEUE_TYPE type)
{
	fuzz_count(FUZZ_ACCEPTED);	/* or queued already, which is reported */
	ExQueueWorkItem(item, type);
}

/* The item of an earlier step may still be queued, or run. */
static void fuzz_ex(struct fuzz *me)
{
	PWORK_QUEUE_ITEM item = &me->ex[fuzz_draw(me, FUZZ_SLOTS)];

	fuzz_ex_queue(item, fuzz_type(me));
}

/* Several threads use the item at the same time. */
static void fuzz_ex_shared(struct fuzz *me)
{
	fuzz_ex_queue(&shared[fuzz_draw(me, NR_SHARED)], fuzz_type(me));
}

static struct fuzz_item *fuzz_new_item(struct fuzz *me, PWORKER_THREAD_ROUTINE routine)
{
	struct fuzz_item *item = kzalloc(sizeof(*item), GFP_ATOMIC | __GFP_NOWARN);

	if (item)
		ExInitializeWorkItem(&item->ex, routine, item);
	else
		fuzz_count(FUZZ_NO_MEMORY);
	return item;
}

static void fuzz_ex_new(struct fuzz *me)
{
	struct fuzz_item *item = fuzz_new_item(me, fuzz_again);

	if (!item)
		return;
	item->left = fuzz_draw(me, 4);
	item->type = fuzz_type(me);
	fuzz_ex_queue(&item->ex, item->type);
}

static void fuzz_ex_misbehaves(struct fuzz *me)
{
	struct fuzz_item *item = fuzz_new_item(me, fuzz_misbehaves);

	if (!item)
		return;
	item->manner = fuzz_draw(me, 3);
	/* Threads of HyperCritical ignore a nice value. */
	fuzz_ex_queue(&item->ex, fuzz_draw(me, 2));
}

static void fuzz_ex_bad_type(struct fuzz *me)
{
	struct fuzz_item *item = fuzz_new_item(me, fuzz_again);

	if (item)
		fuzz_ex_queue(&item->ex, fuzz_bad_type(me));
}

static void fuzz_ex_bad_routine(struct fuzz *me)
{
	static const uintptr_t bad[] = { 0, 1, 0x1000, 0x7fffffffffff };
	WORK_QUEUE_ITEM item = {};

	ExInitializeWorkItem(&item, (void *)bad[fuzz_draw(me, ARRAY_SIZE(bad))], me);
	fuzz_count(FUZZ_BAD_ROUTINE);
	fuzz_count(FUZZ_REFUSED);
	ExQueueWorkItem(&item, fuzz_type(me));
}

static void fuzz_ex_bad_item(struct fuzz *me)
{
	void *bad[] = { NULL, (void *)8, (void *)0x7ffffffff000, (void *)&me->ex[0] + 4 };

	fuzz_count(FUZZ_BAD_ITEM);
	fuzz_count(FUZZ_REFUSED);
	ExQueueWorkItem(bad[fuzz_draw(me, ARRAY_SIZE(bad))], fuzz_draw(me, 3));
}

/* ---- Io* ------------------------------------------------------------------ */

static PDEVICE_OBJECT fuzz_device(struct fuzz *me)
{
	return &me->rx->DeviceObject;
}

static PIO_WORKITEM fuzz_allocate(PVOID object)
{
	PIO_WORKITEM item = IoAllocateWorkItem(object);

	if (!item)
		fuzz_count(FUZZ_NO_MEMORY);
	return item;
}

static void fuzz_io_queue_either(struct fuzz *me, PIO_WORKITEM item)
{
	fuzz_count(FUZZ_ACCEPTED);
	if (fuzz_draw(me, 2))
		IoQueueWorkItem(item, fuzz_io, fuzz_type(me), me);
	else
		IoQueueWorkItemEx(item, fuzz_io_ex, fuzz_type(me), me);
}

/* An item that is allocated, queued, queued again, freed while it is queued or runs, at random. */
static void fuzz_io_slot(struct fuzz *me)
{
	PIO_WORKITEM *slot = &me->io[fuzz_draw(me, FUZZ_SLOTS)];
	bool release = !fuzz_draw(me, 3);

	if (!*slot) {
		*slot = fuzz_allocate(fuzz_device(me));
	} else if (release) {
		IoFreeWorkItem(*slot);
		*slot = NULL;
	}
	if (*slot)
		fuzz_io_queue_either(me, *slot);
}

static void fuzz_io_try(struct fuzz *me)
{
	PIO_WORKITEM item = fuzz_allocate(fuzz_driver);

	if (!item)
		return;
	fuzz_count(FUZZ_ACCEPTED);
	if (!IoTryQueueWorkItem(item, fuzz_io_frees, fuzz_type(me), NULL)) {
		IoFreeWorkItem(item);
		fuzz_count(FUZZ_FULL);
		atomic_long_dec(&fuzz_counts[FUZZ_ACCEPTED]);
	}
}

/* Storage of the caller for an item, at an address that is no multiple of 8. */
static PIO_WORKITEM fuzz_own_storage(struct fuzz *me)
{
	return (void *)PTR_ALIGN(&me->own[0], 8) + 4;
}

static void fuzz_io_own(struct fuzz *me)
{
	PIO_WORKITEM item = fuzz_own_storage(me);

	switch (fuzz_draw(me, 4)) {
	case 0:
		IoInitializeWorkItem(fuzz_device(me), item);	/* it may be queued */
		me->own_ready = true;
		break;
	case 1:
		if (!me->own_ready)
			fuzz_count(FUZZ_BAD_ITEM);
		IoUninitializeWorkItem(item);
		me->own_ready = false;
		break;
	default:
		if (me->own_ready) {
			fuzz_io_queue_either(me, item);
			break;
		}
		fuzz_count(FUZZ_BAD_ITEM);
		fuzz_count(FUZZ_REFUSED);
		IoQueueWorkItemEx(item, fuzz_io_ex, fuzz_type(me), me);
	}
}

/* Frees an item by the call for the other kind of item. */
static void fuzz_io_wrong_free(struct fuzz *me)
{
	PIO_WORKITEM slot = me->io[fuzz_draw(me, FUZZ_SLOTS)];

	fuzz_count(FUZZ_BAD_ITEM);
	if (slot && fuzz_draw(me, 2))
		IoUninitializeWorkItem(slot);
	else if (fuzz_draw(me, 2))
		IoFreeWorkItem(fuzz_own_storage(me));
	else
		IoFreeWorkItem(NULL);
}

static void fuzz_io_bad_object(struct fuzz *me)
{
	void *bad[] = { NULL, &me->own, (void *)0x7ffffffff000, (void *)fuzz_device(me) + 8 };
	PIO_WORKITEM item = fuzz_allocate(bad[fuzz_draw(me, ARRAY_SIZE(bad))]);

	if (!item)
		return;
	fuzz_count(FUZZ_BAD_OBJECT);
	fuzz_count(FUZZ_ACCEPTED);
	IoQueueWorkItemEx(item, fuzz_io_frees, fuzz_type(me), NULL);
}

static void fuzz_io_bad_call(struct fuzz *me)
{
	PIO_WORKITEM item = fuzz_allocate(fuzz_device(me));

	if (!item)
		return;
	if (fuzz_draw(me, 2)) {
		fuzz_count(FUZZ_ACCEPTED);
		IoQueueWorkItemEx(item, fuzz_io_frees, fuzz_bad_type(me), NULL);
		return;
	}
	fuzz_count(FUZZ_BAD_ROUTINE);
	fuzz_count(FUZZ_REFUSED);
	IoQueueWorkItemEx(item, NULL, fuzz_type(me), NULL);
	IoFreeWorkItem(item);
}

/* ---- objects -------------------------------------------------------------- */

/* The device is deleted before its item runs. */
static void fuzz_device_life(struct fuzz *me)
{
	PDEVICE_OBJECT device;
	PIO_WORKITEM item;

	if (IoCreateDevice(fuzz_driver, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &device)) {
		fuzz_count(FUZZ_NO_MEMORY);
		return;
	}
	item = fuzz_allocate(device);
	if (item) {
		fuzz_count(FUZZ_ACCEPTED);
		IoQueueWorkItemEx(item, fuzz_io_frees, fuzz_type(me), NULL);
	}
	IoDeleteDevice(device);
}

static void fuzz_reference(struct fuzz *me)
{
	void *bad[] = { NULL, &me->own, (void *)0x7ffffffff000, fuzz_driver + 1 };
	void *object = bad[fuzz_draw(me, ARRAY_SIZE(bad))];

	switch (fuzz_draw(me, 4)) {
	case 0:
		fuzz_count(FUZZ_BAD_DEVICE);
		ObReferenceObject(object);
		break;
	case 1:
		fuzz_count(FUZZ_BAD_DEVICE);
		ObDereferenceObject(object);
		break;
	default:
		ObReferenceObject(fuzz_device(me));
		ObDereferenceObject(fuzz_device(me));
	}
}

static void fuzz_delete_none(struct fuzz *me)
{
	void *bad[] = { NULL, &me->own, (void *)0x7ffffffff000, fuzz_driver };

	fuzz_count(FUZZ_BAD_DEVICE);
	IoDeleteDevice(bad[fuzz_draw(me, ARRAY_SIZE(bad))]);
}

/* ---- all calls ------------------------------------------------------------ */

static void fuzz_is_queued(struct fuzz *me)
{
	void *some[] = { NULL, (void *)8, &me->ex[0], &me->posts[1], &me->timers[2], &shared[0] };

	RxIsWorkItemQueued(some[fuzz_draw(me, ARRAY_SIZE(some))]);
}

const struct fuzz_call fuzz_calls[] = {
	{ fuzz_ex, FUZZ_ANYWHERE }, { fuzz_ex, FUZZ_ANYWHERE },
	{ fuzz_ex_shared, FUZZ_ANYWHERE }, { fuzz_ex_shared, FUZZ_ANYWHERE },
	{ fuzz_ex_new, FUZZ_NOT_RAW }, { fuzz_ex_new, FUZZ_NOT_RAW },
	{ fuzz_ex_misbehaves, FUZZ_NOT_RAW }, { fuzz_ex_bad_type, FUZZ_NOT_RAW },
	{ fuzz_ex_bad_routine, FUZZ_ANYWHERE }, { fuzz_ex_bad_item, FUZZ_ANYWHERE },
	{ fuzz_io_slot, FUZZ_ANYWHERE }, { fuzz_io_slot, FUZZ_ANYWHERE },
	{ fuzz_io_slot, FUZZ_ANYWHERE }, { fuzz_io_slot, FUZZ_ANYWHERE },
	{ fuzz_io_try, FUZZ_ANYWHERE }, { fuzz_io_own, FUZZ_ANYWHERE },
	{ fuzz_io_own, FUZZ_ANYWHERE }, { fuzz_io_wrong_free, FUZZ_ANYWHERE },
	{ fuzz_io_bad_object, FUZZ_ANYWHERE }, { fuzz_io_bad_call, FUZZ_ANYWHERE },
	{ fuzz_device_life, FUZZ_SLEEPS }, { fuzz_reference, FUZZ_ANYWHERE },
	{ fuzz_delete_none, FUZZ_NOT_RAW }, { fuzz_post, FUZZ_ANYWHERE },
	{ fuzz_post, FUZZ_ANYWHERE }, { fuzz_post, FUZZ_ANYWHERE },
	{ fuzz_dispatch, FUZZ_ANYWHERE }, { fuzz_dispatch, FUZZ_ANYWHERE },
	{ fuzz_bad_post, FUZZ_ANYWHERE }, { fuzz_initialize, FUZZ_SLEEPS },
	{ fuzz_initialize, FUZZ_SLEEPS }, { fuzz_spin_down, FUZZ_SLEEPS },
	{ fuzz_self_wait, FUZZ_SLEEPS }, { fuzz_timer, FUZZ_ANYWHERE },
	{ fuzz_timer, FUZZ_ANYWHERE }, { fuzz_cancel, FUZZ_ANYWHERE },
	{ fuzz_recurrent, FUZZ_NOT_RAW }, { fuzz_log, FUZZ_ANYWHERE },
	{ fuzz_is_queued, FUZZ_ANYWHERE },
};

const unsigned int fuzz_nr_calls = ARRAY_SIZE(fuzz_calls);

/* ---- objects of a thread ------------------------------------------------ */

bool fuzz_thread_begin(struct fuzz *me)
{
	PDEVICE_OBJECT device;
	int i;

	if (IoCreateDevice(fuzz_driver, sizeof(*me->rx), NULL, FILE_DEVICE_NETWORK_FILE_SYSTEM, 0,
			   FALSE, &device))
		return false;
	me->rx = (PRDBSS_DEVICE_OBJECT)device;
	me->rx_up = RxInitializeMRxDispatcher(me->rx) == STATUS_SUCCESS;
	for (i = 0; i < FUZZ_SLOTS; i++)
		ExInitializeWorkItem(&me->ex[i], fuzz_ran, me);
	for (i = 0; i < NR_SHARED && !me->who; i++)
		ExInitializeWorkItem(&shared[i], fuzz_ran, me);
	return me->rx_up;
}

/* An item that is freed here while it is queued is reported as during the run. */
void fuzz_thread_end(struct fuzz *me)
{
	int i;

	if (!me->rx)
		return;
	for (i = 0; i < FUZZ_SLOTS; i++) {
		if (me->io[i])
			IoFreeWorkItem(me->io[i]);
		me->io[i] = NULL;
	}
	if (me->own_ready)
		IoUninitializeWorkItem(fuzz_own_storage(me));
	fuzz_spin_down(me);
	IoDeleteDevice(&me->rx->DeviceObject);
	me->rx = NULL;
}
