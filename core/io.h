/* SPDX-License-Identifier: GPL-2.0 */
/*
 * struct wqc_io_item, which drivers know as IO_WORKITEM.
 */
#ifndef CORE_IO_H
#define CORE_IO_H

#include <linux/atomic.h>
#include <linux/stddef.h>
#include <linux/types.h>

#include "../wq_compat.h"

struct percpu_ref;
struct wqc_object;

/* Double free: a free clears it, so that an item without it is not initialised, or was freed. */
#define WQC_IO_MAGIC	0x4969

/*
 * IO_WORKITEM. The memory that a driver provides may be 4-byte aligned; wqc_io() finds the aligned
 * structure in it. The fields belong to the owner of the item: the driver, or from the claim to
 * the release of the mark the engine.
 */
struct wqc_io_item {
	WORK_QUEUE_ITEM item;		/* WorkerRoutine and Parameter: Routine and Context */
	PVOID io_object;		/* as the driver passed it */
	struct wqc_object *object;	/* of @io_object at initialisation, or wqc_null_object */
	struct percpu_ref *ref;		/* on @object, by the queue call; or wqc_null_object's */
	u32 object_gen;
	u16 magic;
	u8 shift;			/* offset from the driver's pointer */
	u8 flags;			/* A: wqc_io_set_flag() */
#define WQC_IO_ALLOCATED	1	/* by IoAllocateWorkItem() */
#define WQC_IO_REPORTED		2	/* the bad object was reported: once an item */
#define WQC_IO_LEFT		4	/* reported as leaked when its driver unloaded */
};

/*
 * A queue call and diag/leak.c may set flags at the same time. Each flag is set once an item, so
 * this is a slow path. Returns whether the flag was set before.
 */
static inline bool wqc_io_set_flag(struct wqc_io_item *io, u8 flag)
{
	u8 old = READ_ONCE(io->flags);

	while (!try_cmpxchg(&io->flags, &old, old | flag))
		;
	return old & flag;
}

/* The pointer by which the driver knows the item. */
static inline PIO_WORKITEM wqc_io_handle(struct wqc_io_item *io)
{
	return (void *)io - io->shift;
}

#endif /* CORE_IO_H */
