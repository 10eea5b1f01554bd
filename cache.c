// SPDX-License-Identifier: GPL-2.0
/*
 * Memory for the items that calls hand out, in any context.
 *
 * Freed entries stay on a list of the CPU where they were freed, so that an item
 * that is allocated, runs and is freed on one CPU costs a few instructions. The
 * keeper gives three quarters of them back every ten seconds.
 *
 * On PREEMPT_RT the slab allocator takes sleeping locks, so where the caller
 * cannot sleep these lists are all there is; the keeper sees that they hold
 * WQC_RESERVE entries, and nobody else draws on them. A kernel that checks locks
 * for PREEMPT_RT is treated as one. A kernel with KASAN gets an entry back at
 * once, to see who still uses it.
 *
 * With the parameter torture, torture.c makes the entries and gets them back: the lists
 * stay empty, and count as full.
 *
 * Nothing here is shared without order: a list belongs to one CPU with interrupts off. The
 * keeper waits for no CPU, which a routine may keep with interrupts off: it asks one to call
 * wqc_exchange(), and entries come and go on two lists with llist_add() and llist_del_all(),
 * which are fully ordered. The count that the keeper reads from afar is a hint.
 */
#include <linux/atomic.h>
#include <linux/cpumask.h>
#include <linux/irqflags.h>
#include <linux/llist.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/smp.h>

#include "wq_internal.h"

#define WQC_RT		(IS_ENABLED(CONFIG_PREEMPT_RT) || \
			 IS_ENABLED(CONFIG_PROVE_RAW_LOCK_NESTING))
#define WQC_RESERVE	256	/* entries a CPU, only made on PREEMPT_RT */
#define WQC_KEEP	(WQC_RT ? WQC_RESERVE : 4)	/* are never given back */
#define WQC_MOST_SPARES	(IS_ENABLED(CONFIG_KASAN) ? 0 : 16384)
#define WQC_FULL	U32_MAX

struct wqc_entry {
	union {
		struct wqc_entry *next;
		struct llist_node node;	/* on its way to a CPU, or from it */
	};
};

/* Only their own CPU touches them, with interrupts off. */
struct wqc_spares {
	struct wqc_entry *first;
	u32 count;
};

/* What the keeper wants of a CPU; at most one such call is on its way to it. */
struct wqc_asked {
	call_single_data_t call;
	struct llist_head supply;	/* entries for it */
	u32 surplus;			/* to be taken from it */
};

static struct kmem_cache *wqc_entries;
static DEFINE_PER_CPU(struct wqc_spares, wqc_spares);
static DEFINE_PER_CPU(struct wqc_asked, wqc_asked);
static LLIST_HEAD(wqc_surplus);		/* for the keeper to free */
static atomic_t wqc_exchanges;		/* on their way */

static void wqc_spares_push(struct wqc_spares *spares, struct wqc_entry *entry)
{
	entry->next = spares->first;
	spares->first = entry;
	WRITE_ONCE(spares->count, spares->count + 1);
}

static struct wqc_entry *wqc_spares_pop(struct wqc_spares *spares)
{
	struct wqc_entry *entry = spares->first;

	if (likely(entry)) {
		spares->first = entry->next;
		WRITE_ONCE(spares->count, spares->count - 1);
	}
	return entry;
}

/* It does not enter reclaim, which may wait for who calls, or for the item. */
static void *wqc_entry_new(void)
{
	return kmem_cache_alloc(wqc_entries, GFP_ATOMIC | __GFP_NOWARN);
}

/* The list is empty. */
static noinline void *wqc_cache_alloc_anew(void)
{
	if (wqc_torture & WQC_TORTURE_HEAP)
		return wqc_torture_alloc();
	if (WQC_RT) {
		wqc_wake_keeper();
		return NULL;
	}
	return wqc_entry_new();
}

/* The list is full. */
static noinline void wqc_cache_free_really(void *entry)
{
	if (wqc_torture & WQC_TORTURE_HEAP)
		wqc_torture_free(entry);
	else
		kmem_cache_free(wqc_entries, entry);
}

/**
 * wqc_cache_alloc_irqs_off - an entry of WQC_CACHE_SIZE bytes, not zeroed
 *
 * Context: any, with interrupts off.
 * Return: the entry, or NULL without memory.
 */
void *wqc_cache_alloc_irqs_off(void)
{
	void *entry = wqc_spares_pop(this_cpu_ptr(&wqc_spares));

	return likely(entry) ? entry : wqc_cache_alloc_anew();
}

/**
 * wqc_cache_free_irqs_off - give an entry back
 * @entry: from wqc_cache_alloc()
 *
 * Context: any, with interrupts off.
 */
void wqc_cache_free_irqs_off(void *entry)
{
	struct wqc_spares *spares = this_cpu_ptr(&wqc_spares);

	if (WQC_RT ? spares->count != WQC_FULL : likely(spares->count < WQC_MOST_SPARES))
		wqc_spares_push(spares, entry);
	else
		wqc_cache_free_really(entry);
}

/**
 * wqc_cache_alloc - an entry of WQC_CACHE_SIZE bytes, not zeroed
 *
 * Context: any.
 * Return: the entry, or NULL without memory.
 */
void *wqc_cache_alloc(void)
{
	unsigned long flags;
	void *entry;

	if (WQC_RT && !(wqc_torture & WQC_TORTURE_HEAP) && preemptible())
		return wqc_entry_new();
	local_irq_save(flags);
	entry = wqc_cache_alloc_irqs_off();
	local_irq_restore(flags);
	return entry;
}

/**
 * wqc_cache_free - give an entry back
 * @entry: from wqc_cache_alloc()
 *
 * Context: any.
 */
void wqc_cache_free(void *entry)
{
	unsigned long flags;

	if (WQC_RT && !(wqc_torture & WQC_TORTURE_HEAP) && preemptible()) {
		kmem_cache_free(wqc_entries, entry);
		return;
	}
	local_irq_save(flags);
	wqc_cache_free_irqs_off(entry);
	local_irq_restore(flags);
}

/* ---- the keeper's part --------------------------------------------------- */

/* Called by interrupt, on the CPU whose lists these are. */
static void wqc_exchange(void *unused)
{
	struct wqc_spares *spares = this_cpu_ptr(&wqc_spares);
	struct wqc_asked *asked = this_cpu_ptr(&wqc_asked);
	struct llist_node *supply = llist_del_all(&asked->supply);
	u32 surplus = xchg(&asked->surplus, 0);
	struct wqc_entry *entry, *next, *last;
	struct llist_node *first = NULL;

	llist_for_each_entry_safe(entry, next, supply, node)
		wqc_spares_push(spares, entry);
	/* Fewer than there were when it was asked for, perhaps. */
	for (; surplus && spares->count > WQC_KEEP; surplus--) {
		entry = wqc_spares_pop(spares);
		last = first ? last : entry;
		entry->node.next = first;
		first = &entry->node;
	}
	if (first)
		llist_add_batch(first, &last->node, &wqc_surplus);
	atomic_dec(&wqc_exchanges);
}

/* Not if the CPU is off, or if the last call is still on its way. */
static bool wqc_ask_exchange(int cpu)
{
	atomic_inc(&wqc_exchanges);
	if (!smp_call_function_single_async(cpu, &per_cpu(wqc_asked, cpu).call))
		return true;
	atomic_dec(&wqc_exchanges);
	return false;
}

static void wqc_free_all(struct llist_node *entries)
{
	struct wqc_entry *entry, *next;

	llist_for_each_entry_safe(entry, next, entries, node)
		kmem_cache_free(wqc_entries, entry);
}

/**
 * wqc_cache_shrink - have each CPU give three quarters of its spare entries back
 *
 * wqc_cache_look() frees them.
 *
 * Context: process, the keeper's.
 */
void wqc_cache_shrink(void)
{
	u32 have;
	int cpu;

	if (wqc_torture & WQC_TORTURE_HEAP)
		return;
	for_each_online_cpu(cpu) {
		have = READ_ONCE(per_cpu(wqc_spares, cpu).count);
		if (have <= WQC_KEEP)
			continue;
		WRITE_ONCE(per_cpu(wqc_asked, cpu).surplus, (have - WQC_KEEP) * 3 / 4 + 1);
		if (!wqc_ask_exchange(cpu))
			WRITE_ONCE(per_cpu(wqc_asked, cpu).surplus, 0);
	}
}

/**
 * wqc_cache_look - free what CPUs gave back; see that each has its reserve, on PREEMPT_RT
 *
 * Context: process, the keeper's.
 */
void wqc_cache_look(void)
{
	struct wqc_entry *entry;
	struct wqc_asked *asked;
	u32 have;
	int cpu;

	wqc_free_all(llist_del_all(&wqc_surplus));
	if (!WQC_RT || wqc_torture & WQC_TORTURE_HEAP)
		return;
	for_each_online_cpu(cpu) {
		have = READ_ONCE(per_cpu(wqc_spares, cpu).count);
		if (have >= WQC_RESERVE / 2)
			continue;
		asked = per_cpu_ptr(&wqc_asked, cpu);
		/* If there is a supply already, that CPU has not come to fetch it. */
		have = llist_empty(&asked->supply) ? have : WQC_RESERVE;
		for (; have < WQC_RESERVE; have++) {
			entry = kmem_cache_alloc(wqc_entries, WQC_GFP_KEEPER);
			if (!entry)
				break;
			llist_add(&entry->node, &asked->supply);
		}
		wqc_ask_exchange(cpu);
	}
}

int wqc_cache_init(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		INIT_CSD(&per_cpu(wqc_asked, cpu).call, wqc_exchange, NULL);
		if (wqc_torture & WQC_TORTURE_HEAP)
			per_cpu(wqc_spares, cpu).count = WQC_FULL;
	}
	wqc_entries = kmem_cache_create("wqc_item", WQC_CACHE_SIZE, WQC_CACHE_SIZE,
					SLAB_HWCACHE_ALIGN, NULL);
	if (!wqc_entries)
		return -ENOMEM;
	wqc_cache_look();
	return 0;
}

/* Nobody calls any more, so other CPUs' lists may be emptied from here. */
void wqc_cache_exit(void)
{
	struct wqc_entry *entry;
	int cpu;

	while (atomic_read(&wqc_exchanges))
		schedule_timeout_uninterruptible(1);
	kick_all_cpus_sync();		/* the last has left wqc_exchange(), too */
	for_each_possible_cpu(cpu) {
		while ((entry = wqc_spares_pop(per_cpu_ptr(&wqc_spares, cpu))))
			kmem_cache_free(wqc_entries, entry);
		wqc_free_all(llist_del_all(&per_cpu(wqc_asked, cpu).supply));
		per_cpu(wqc_spares, cpu) = (struct wqc_spares) {};
	}
	wqc_free_all(llist_del_all(&wqc_surplus));
	kmem_cache_destroy(wqc_entries);
}
