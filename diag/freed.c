// SPDX-License-Identifier: GPL-2.0
/*
 * Memory that is freed while an item in it is queued or pending (0xE4/0).
 *
 * The next pop would read the freed memory and write to it: use-after-free under the
 * queue's lock. So who frees a driver's memory on its behalf, pool memory in nt-compat and
 * the memory of a device here, has it searched for marks first. A mark is found by its
 * value, in any aligned word; what it says is checked as for any word that may hold
 * anything, see wqc_mark_is_proven(). Only then the queues are searched for the item.
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

/* Of a larger block the beginning: 8,192 words, some 5 us. The block of a structure is smaller. */
#define WQC_MAX_SEARCHED	((size_t)SZ_64K)

static DEFINE_MUTEX(wqc_freed_mutex);
static wqc_freed_fn wqc_freed;		/* under it */

static bool wqc_match_freed(WORK_QUEUE_ITEM *item, u64 mark, const void *arg)
{
	return item == arg;
}

/* Without the lock: an empty lane has nothing to take, and the caller looks again. */
static bool wqc_take_from_lane(struct wqc_queue *queue, struct wqc_lane *lane,
			       WORK_QUEUE_ITEM *item, struct wqc_call *call)
{
	return READ_ONCE(lane->head) &&
	       wqc_lane_take_back(queue, lane, wqc_match_freed, item, call);
}

/* An item does not say where it is queued. One hold of a lock for each lane that is in use. */
static bool wqc_take_from_queue(struct wqc_queue *queue, WORK_QUEUE_ITEM *item,
				struct wqc_call *call)
{
	struct wqc_lane *lane = &queue->lane;
	void *cursor = NULL;

	for (; lane; lane = wqc_lane_next(queue, &cursor))
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
 * A request that is due moves from the timer to a queue, and a claim may be a moment older
 * than the link, so the search is repeated until the item is found or no longer queued. One
 * that a search does not find that began WQC_CLAIM_NS after the first was lost with an
 * overwritten list: nothing leads to it.
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
 * wqc_memory_freed - memory of a driver is about to be freed
 * @p: the memory, still allocated
 * @size: of it, in bytes; of more than 64 KiB the first 64 KiB are searched
 * @caller: who frees it, for the report
 *
 * An item in it that is queued, or pending as a timer request, is taken off,
 * reported (0xE4/0) and does not run. Costs a comparison for each aligned word;
 * what it finds, a search of all queues.
 *
 * Context: any where memory may be freed; with no lock of wq_compat held.
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
			   "item %p, routine %ps, memory %p, from %pS: taken off, does not run",
			   item, call.routine, p, caller);
	}
}
EXPORT_SYMBOL_GPL(wqc_memory_freed);

/**
 * wqc_set_freed - have the memory of devices searched for more than items
 * @freed: called with the memory of a device that is about to be freed, and with who
 *	has deleted it; NULL: nothing is called
 *
 * For nt-compat, whose timers and DPCs lie in device extensions, too.
 *
 * Context: process, sleeps. When it returns, the former @freed is not running.
 * Return: the former @freed, for who sets it for a while; or NULL.
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
 * wqc_device_freed - the memory of a device is about to be freed
 * @p: the memory
 * @size: of it, in bytes
 * @caller: who has deleted the device; never followed
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
