/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory for the items that wq_compat allocates.
 */
#ifndef CORE_CACHE_H
#define CORE_CACHE_H

#include <linux/align.h>
#include <linux/gfp.h>
#include <linux/list.h>

#include "io.h"

struct seq_file;

#define WQC_CACHE_SIZE	64	/* size of an entry in bytes */

/**
 * struct wqc_slot - object of the slab: an entry, and its bookkeeping
 * @io: the entry as IO_WORKITEM
 * @entry: the entry as bytes
 * @all: under cache.c's lock: place on the list of all slots
 * @allocator: A: address of the call of IoAllocateWorkItem(), or the module if that was __init
 *	code; published by @io.magic, see diag/leak.c
 *
 * The fast path writes @allocator, and nothing else outside of the entry. An entry that is not an
 * IO_WORKITEM has no valid magic: a new slot has none, the free of an item clears it, and an
 * entry of another kind ends before it.
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
bool wqc_cache_has_work(void);
void wqc_cache_balance(void);
void wqc_cache_wait_idle(void);
void wqc_cache_show(struct seq_file *m);
int wqc_cache_init(bool tortured);
void wqc_cache_exit(void);

#endif /* CORE_CACHE_H */
