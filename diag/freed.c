// SPDX-License-Identifier: GPL-2.0
/*
 * Memory that is freed while it contains a queued or pending item (0xE4/0).
 *
 * Hazard: the next pop would read and write the freed memory, a use-after-free under the queue's
 * lock. Mechanism: the functions that free a driver's memory (pool memory in nt-compat, the memory
 * of a device here) first search it for marks. A mark is found by its value in any aligned word,
 * and verified like any word that may hold arbitrary data, see wqc_mark_is_proven(). Only if it is
 * valid, the queues are searched for the item. So freeing memory without items costs one
 * comparison for each word.
 */
#include <linux/align.h>
#include <linux/export.h>
#include <linux/ktime.h>
#include <linux/minmax.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/rculist.h>
#include <linux/sizes.h>

#include "../core/mark.h"
#include "../core/queue.h"
#include "../core/take_back.h"
#include "../rx/timer.h"
#include "freed.h"

/*
 * Only the first 64 KiB of a block are searched: 8,192 words, about 5 us. A block that is one
 * structure is smaller.
 */
#define WQC_MAX_SEARCHED	((size_t)SZ_64K)

static DEFINE_MUTEX(wqc_freed_mutex);
static wqc_freed_fn wqc_freed;		/* under wqc_freed_mutex */

/* Skips empty lanes without the lock. A race is harmless: the caller repeats the search. */
static bool wqc_take_from_lane(struct wqc_queue *queue, struct wqc_lane *lane,
			       WORK_QUEUE_ITEM *item, struct wqc_call *call)
{
	return READ_ONCE(lane->head) &&
	       wqc_lane_take_back(queue, lane, item, call);
}

/* An item does not name its queue, so all are searched. One hold of a lock for each used lane. */
static bool wqc_take_from_queue(struct wqc_queue *queue, WORK_QUEUE_ITEM *item,
				struct wqc_call *call)
{
	struct wqc_lane *lane = NULL;
	void *cursor = NULL;

	while ((lane = wqc_lane_next(queue, lane, &cursor)))
		if (wqc_take_from_lane(queue, lane, item, call))
			return true;
	return false;
}

static bool wqc_take_from_queues(WORK_QUEUE_ITEM *item, struct wqc_call *call)
{
	int cpu, id;

	for_each_possible_cpu(cpu)
		for (id = 0; id < WQC_NR_POOLS; id++)
			if (wqc_take_from_queue(wqc_queue_of(id, cpu), item, call))
				return true;
	return false;
}

/*
 * One search may miss an item: a due request moves from the timer to a lane, and an item is
 * claimed shortly before it is linked. So the search is repeated until the item is found or no
 * longer queued. If a search that begins WQC_CLAIM_NS after the first one does not find the item,
 * the item was lost with a corrupted list, and no lane leads to it.
 */
static bool wqc_take_freed(WORK_QUEUE_ITEM *item, struct wqc_call *call)
{
	u64 end = ktime_get_mono_fast_ns() + WQC_CLAIM_NS;
	bool late;

	while (wqc_item_is_queued(item)) {
		late = ktime_get_mono_fast_ns() > end;
		if (wqc_rx_timer_freed(item, call) || wqc_take_from_queues(item, call))
			return true;
		if (late)
			break;
		cpu_relax();
	}
	return false;
}

/**
 * wqc_memory_freed - search a driver's memory for queued items before it is freed
 * @p: the memory, still allocated
 * @size: in bytes; only the first 64 KiB are searched
 * @caller: the address of the call that frees it, for the report
 *
 * An item in the memory that is queued, or pending as a timer request, is removed, reported
 * (0xE4/0) and does not run. Costs a comparison for each aligned word, and a search of all
 * queues for each item found.
 *
 * Context: any context in which memory may be freed; no lock of wq_compat is held.
 */
void wqc_memory_freed(void *p, size_t size, void *caller)
{
	void *end = p + min(size, WQC_MAX_SEARCHED);
	WORK_QUEUE_ITEM *item = PTR_ALIGN(p, sizeof(u64));
	struct wqc_call call;

	for (; (void *)(item + 1) <= end; item = (void *)item + sizeof(u64)) {
		if (likely(!wqc_item_is_queued(item)) || !wqc_take_freed(item, &call))
			continue;
		percpu_ref_put(call.ref);
		wqc_report(WQC_R_MEMORY_FREED,
			   "item %p, routine %ps, memory %p, from %pS: removed, does not run",
			   item, call.routine, p, caller);
	}
}
EXPORT_SYMBOL_GPL(wqc_memory_freed);

/**
 * wqc_set_freed - set a function that searches the memory of devices before it is freed
 * @freed: called with the memory and the address of the call of IoDeleteDevice(); NULL: none
 *
 * For nt-compat, whose timers and DPCs are in device extensions, too.
 *
 * Context: process, sleeps. On return, the former @freed is not running.
 * Return: the former @freed, so that a temporary setting can be undone; or NULL.
 */
wqc_freed_fn wqc_set_freed(wqc_freed_fn freed)
{
	wqc_freed_fn former;

	mutex_lock(&wqc_freed_mutex);
	former = wqc_freed;
	wqc_freed = freed;
	mutex_unlock(&wqc_freed_mutex);
	return former;
}
EXPORT_SYMBOL_GPL(wqc_set_freed);

/**
 * wqc_device_freed - search the memory of a device before it is freed
 * @p: the memory
 * @size: in bytes
 * @caller: the address of the call of IoDeleteDevice(); never dereferenced
 *
 * Context: process, sleeps.
 */
void wqc_device_freed(void *p, size_t size, void *caller)
{
	wqc_memory_freed(p, size, caller);
	mutex_lock(&wqc_freed_mutex);
	if (wqc_freed)
		wqc_freed(p, size, caller);
	mutex_unlock(&wqc_freed_mutex);
}
