/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory for the items that calls hand out.
 */
#ifndef CORE_CACHE_H
#define CORE_CACHE_H

#include <linux/align.h>
#include <linux/gfp.h>
#include <linux/list.h>

#include "io.h"

struct seq_file;

#define WQC_CACHE_SIZE	64	/* bytes of an entry */

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

void *wqc_cache_alloc(void);
void wqc_cache_free(void *entry);
void wqc_cache_free_irqs_off(void *entry);
void *wqc_context_alloc(void *(*alloc)(gfp_t gfp));
void wqc_cache_walk(void (*see)(struct wqc_slot *slot, void *arg), void *arg);
void wqc_cache_shrink(void);
void wqc_cache_balance(void);
void wqc_cache_wait_idle(void);
void wqc_cache_show(struct seq_file *m);
int wqc_cache_init(bool tortured);
void wqc_cache_exit(void);

#endif /* CORE_CACHE_H */
