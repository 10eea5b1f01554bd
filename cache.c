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
 * Nothing here is shared without order: a list belongs to one CPU with interrupts off;
 * entries go to the keeper and back by smp_call_function_single(), which waits, and orders
 * the caller before the function and the function before the return. The count that the
 * keeper reads from afar is a hint.
 */
#include <linux/cpu.h>
#include <linux/irqflags.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/slab.h>
#include <linux/smp.h>

#include "wq_internal.h"

#define WQC_RT		(IS_ENABLED(CONFIG_PREEMPT_RT) || \
			 IS_ENABLED(CONFIG_PROVE_RAW_LOCK_NESTING))
#define WQC_RESERVE	256	/* entries a CPU, only made on PREEMPT_RT */
#define WQC_MOST_SPARES	(IS_ENABLED(CONFIG_KASAN) ? 0 : 16384)
#define WQC_FULL	U32_MAX

struct wqc_entry {
	struct wqc_entry *next;
};

/* Only their own CPU touches them, with interrupts off. */
struct wqc_spares {
	struct wqc_entry *first;
	u32 count;
};

static struct kmem_cache *wqc_entries;
static DEFINE_PER_CPU(struct wqc_spares, wqc_spares);

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

/* Entries on their way between the keeper and a CPU. */
struct wqc_transfer {
	struct wqc_entry *first;
	u32 count;		/* to take, or to give */
};

static void wqc_take_here(void *data)
{
	struct wqc_transfer *transfer = data;
	struct wqc_entry *entry;

	while (transfer->count-- && (entry = wqc_spares_pop(this_cpu_ptr(&wqc_spares)))) {
		entry->next = transfer->first;
		transfer->first = entry;
	}
}

static void wqc_give_here(void *data)
{
	struct wqc_transfer *transfer = data;
	struct wqc_entry *entry;

	while ((entry = transfer->first)) {
		transfer->first = entry->next;
		wqc_spares_push(this_cpu_ptr(&wqc_spares), entry);
	}
}

static void wqc_free_all(struct wqc_entry *entry)
{
	struct wqc_entry *next;

	for (; entry; entry = next) {
		next = entry->next;
		kmem_cache_free(wqc_entries, entry);
	}
}

/**
 * wqc_cache_shrink - give three quarters of the spare entries back
 *
 * Context: process, the keeper's.
 */
void wqc_cache_shrink(void)
{
	struct wqc_transfer transfer;
	u32 keep = WQC_RT ? WQC_RESERVE : 4, have;
	int cpu;

	if (wqc_torture & WQC_TORTURE_HEAP)
		return;
	cpus_read_lock();
	for_each_online_cpu(cpu) {
		have = READ_ONCE(per_cpu(wqc_spares, cpu).count);
		if (have <= keep)
			continue;
		transfer = (struct wqc_transfer) { .count = (have - keep) * 3 / 4 + 1 };
		smp_call_function_single(cpu, wqc_take_here, &transfer, true);
		wqc_free_all(transfer.first);
	}
	cpus_read_unlock();
}

/**
 * wqc_cache_fill - see that every CPU has its reserve, on PREEMPT_RT
 *
 * Context: process, the keeper's.
 */
void wqc_cache_fill(void)
{
	struct wqc_transfer transfer;
	struct wqc_entry *entry;
	int cpu;

	if (!WQC_RT || wqc_torture & WQC_TORTURE_HEAP)
		return;
	cpus_read_lock();
	for_each_online_cpu(cpu) {
		transfer = (struct wqc_transfer) {
			.count = READ_ONCE(per_cpu(wqc_spares, cpu).count),
		};
		if (transfer.count >= WQC_RESERVE / 2)
			continue;
		for (; transfer.count < WQC_RESERVE; transfer.count++) {
			entry = kmem_cache_alloc(wqc_entries, WQC_GFP_KEEPER);
			if (!entry)
				break;
			entry->next = transfer.first;
			transfer.first = entry;
		}
		smp_call_function_single(cpu, wqc_give_here, &transfer, true);
	}
	cpus_read_unlock();
}

int wqc_cache_init(void)
{
	int cpu;

	if (wqc_torture & WQC_TORTURE_HEAP)
		for_each_possible_cpu(cpu)
			per_cpu(wqc_spares, cpu).count = WQC_FULL;
	wqc_entries = kmem_cache_create("wqc_item", WQC_CACHE_SIZE, WQC_CACHE_SIZE,
					SLAB_HWCACHE_ALIGN, NULL);
	if (!wqc_entries)
		return -ENOMEM;
	wqc_cache_fill();
	return 0;
}

/* Nobody calls any more, so other CPUs' lists may be emptied from here. */
void wqc_cache_exit(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		wqc_free_all(per_cpu(wqc_spares, cpu).first);
		per_cpu(wqc_spares, cpu) = (struct wqc_spares) {};
	}
	kmem_cache_destroy(wqc_entries);
}
