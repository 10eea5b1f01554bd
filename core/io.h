/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is behind a PIO_WORKITEM, and the memory that it is in. For core/core.h.
 */
#ifndef WQ_IO_H
#define WQ_IO_H

#include <linux/align.h>
#include <linux/atomic.h>
#include <linux/gfp.h>
#include <linux/list.h>
#include <linux/stddef.h>
#include <linux/types.h>

#include "../wq_compat.h"

struct percpu_ref;
struct seq_file;
struct wqc_object;

/* ---- cache.c: memory for the items that calls hand out ------------------- */

#define WQC_CACHE_SIZE	64	/* bytes of an entry */

struct wqc_slot;

void *wqc_cache_alloc(void);
void wqc_cache_free(void *entry);
void wqc_cache_free_irqs_off(void *entry);
void *wqc_alloc_here(void *(*alloc)(gfp_t gfp));
void wqc_cache_walk(void (*see)(struct wqc_slot *slot, void *arg), void *arg);
void wqc_cache_shrink(void);
void wqc_cache_look(void);
void wqc_cache_settle(void);
void wqc_cache_show(struct seq_file *m);
int wqc_cache_init(void);
void wqc_cache_exit(void);

/* ---- wq_compat.c --------------------------------------------------------- */

/* An item that does not hold it has not been initialised, or has been freed. */
#define WQC_IO_MAGIC	0x4969

/*
 * IO_WORKITEM. The storage that a driver provides may be 4-byte aligned;
 * wqc_io() finds the structure inside.
 */
struct wqc_io_item {
	WORK_QUEUE_ITEM item;		/* WorkerRoutine and Parameter: Routine and Context */
	PVOID io_object;		/* as the driver gave it */
	struct wqc_object *object;	/* found at initialisation, or wqc_no_object */
	struct percpu_ref *ref;		/* taken by the queue call on @object; or wqc_no_object's */
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

/**
 * struct wqc_slot - what the slab gives: an entry of the cache, and what is known of it
 * @io: the entry, if an IO_WORKITEM is in it
 * @entry: the same, whatever is in it
 * @all: under cache.c's lock: place on the list of all
 * @allocator: who called IoAllocateWorkItem(); the module itself, if that was __init code
 *
 * A fast path writes @allocator, and nothing else beyond the entry. An entry that is no
 * IO_WORKITEM has no valid magic: the slab's memory gets none when it is new, an item that
 * is freed has lost it, and an entry of RxDispatchToWorkerThread() ends before it.
 */
struct wqc_slot {
	union {
		struct wqc_io_item io;
		u8 entry[WQC_CACHE_SIZE];
	} __aligned(WQC_CACHE_SIZE);
	struct list_head all;
	void *allocator;
};

static_assert(sizeof(struct wqc_io_item) <= WQC_CACHE_SIZE);
static_assert(offsetof(struct wqc_slot, io) == 0);
static_assert(sizeof(RX_WORK_DISPATCH_ITEM) <= offsetof(struct wqc_io_item, magic));

static inline struct wqc_slot *wqc_slot_of(void *entry)
{
	return entry;
}

/* What the driver knows the item by. */
static inline PIO_WORKITEM wqc_io_handle(struct wqc_io_item *io)
{
	return (void *)io - io->shift;
}

#endif /* WQ_IO_H */
