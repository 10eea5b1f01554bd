/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is behind a PIO_WORKITEM.
 */
#ifndef CORE_IO_H
#define CORE_IO_H

#include <linux/atomic.h>
#include <linux/stddef.h>
#include <linux/types.h>

#include "../wq_compat.h"

struct percpu_ref;
struct wqc_object;

/* An item that does not hold it has not been initialised, or has been freed. */
#define WQC_IO_MAGIC	0x4969

/*
 * IO_WORKITEM. The storage that a driver provides may be 4-byte aligned;
 * wqc_io() finds the structure inside.
 */
struct wqc_io_item {
	WORK_QUEUE_ITEM item;		/* WorkerRoutine and Parameter: Routine and Context */
	PVOID io_object;		/* as the driver gave it */
	struct wqc_object *object;	/* found at initialisation, or wqc_null_object */
	struct percpu_ref *ref;		/* taken by the queue call; or wqc_null_object's */
	u32 object_gen;
	u16 magic;
	u8 shift;			/* bytes from the driver's pointer */
	u8 flags;
#define WQC_IO_ALLOCATED	1	/* by IoAllocateWorkItem() */
#define WQC_IO_REPORTED		2	/* a bad object is reported once an item */
#define WQC_IO_LEFT		4	/* its driver was reported when it left */
};

/*
 * Set while others may set another flag: a queue call, and leak.c. Each is set once an item,
 * so this is on no fast path.
 */
static inline bool wqc_io_set_flag(struct wqc_io_item *io, u8 flag)
{
	u8 old = READ_ONCE(io->flags);

	while (!try_cmpxchg(&io->flags, &old, old | flag))
		;
	return old & flag;
}

/* What the driver knows the item by. */
static inline PIO_WORKITEM wqc_io_handle(struct wqc_io_item *io)
{
	return (void *)io - io->shift;
}

#endif /* CORE_IO_H */
