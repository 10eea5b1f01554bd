// SPDX-License-Identifier: GPL-2.0
/*
 * Memory for the items that calls hand out, in any context.
 *
 * On PREEMPT_RT the slab allocator takes sleeping locks, so where the caller
 * cannot sleep an entry comes from a small reserve, and a freed one is left to
 * the keeper, which refills the reserve first.
 */
#include <linux/preempt.h>
#include <linux/slab.h>

#include "wq_internal.h"

#define WQC_RESERVE	256	/* entries; only made on PREEMPT_RT */

struct wqc_entry {
	struct llist_node node;
};

static struct kmem_cache *wqc_entries;
static LLIST_HEAD(wqc_freed_entries);
static LLIST_HEAD(wqc_reserve);
static DEFINE_RAW_SPINLOCK(wqc_reserve_lock);	/* one taker at a time */
static atomic_t wqc_reserved = ATOMIC_INIT(0);

static inline bool wqc_may_call_slab(void)
{
	return !IS_ENABLED(CONFIG_PREEMPT_RT) || preemptible();
}

static void *wqc_reserve_take(void)
{
	struct llist_node *node;
	unsigned long flags;

	raw_spin_lock_irqsave(&wqc_reserve_lock, flags);
	node = llist_del_first(&wqc_reserve);
	raw_spin_unlock_irqrestore(&wqc_reserve_lock, flags);
	if (node)
		atomic_dec(&wqc_reserved);
	wqc_wake_keeper();
	return node;
}

/**
 * wqc_cache_alloc - an entry of WQC_CACHE_SIZE bytes, not zeroed
 *
 * Context: any.
 * Return: the entry, or NULL without memory.
 */
void *wqc_cache_alloc(void)
{
	if (wqc_may_call_slab())
		return kmem_cache_alloc(wqc_entries, GFP_ATOMIC | __GFP_NOWARN);
	return wqc_reserve_take();
}

/**
 * wqc_cache_free - give an entry back
 * @entry: from wqc_cache_alloc()
 *
 * Context: any.
 */
void wqc_cache_free(void *entry)
{
	if (wqc_may_call_slab()) {
		kmem_cache_free(wqc_entries, entry);
	} else {
		llist_add(&((struct wqc_entry *)entry)->node, &wqc_freed_entries);
		wqc_wake_keeper();
	}
}

/**
 * wqc_cache_reap - free what was freed, and fill up the reserve
 *
 * Context: process, the keeper's.
 */
void wqc_cache_reap(void)
{
	struct wqc_entry *entry, *next;

	llist_for_each_entry_safe(entry, next, llist_del_all(&wqc_freed_entries), node) {
		if (atomic_read(&wqc_reserved) < WQC_RESERVE) {
			llist_add(&entry->node, &wqc_reserve);
			atomic_inc(&wqc_reserved);
		} else {
			kmem_cache_free(wqc_entries, entry);
		}
	}
	while (IS_ENABLED(CONFIG_PREEMPT_RT) && atomic_read(&wqc_reserved) < WQC_RESERVE) {
		entry = kmem_cache_alloc(wqc_entries, GFP_KERNEL | __GFP_NOWARN);
		if (!entry)
			break;
		llist_add(&entry->node, &wqc_reserve);
		atomic_inc(&wqc_reserved);
	}
}

int wqc_cache_init(void)
{
	wqc_entries = kmem_cache_create("wqc_item", WQC_CACHE_SIZE, WQC_CACHE_SIZE,
					SLAB_HWCACHE_ALIGN, NULL);
	if (!wqc_entries)
		return -ENOMEM;
	wqc_cache_reap();
	return 0;
}

void wqc_cache_exit(void)
{
	struct wqc_entry *entry, *next;

	llist_for_each_entry_safe(entry, next, llist_del_all(&wqc_freed_entries), node)
		kmem_cache_free(wqc_entries, entry);
	llist_for_each_entry_safe(entry, next, llist_del_all(&wqc_reserve), node)
		kmem_cache_free(wqc_entries, entry);
	kmem_cache_destroy(wqc_entries);
}
