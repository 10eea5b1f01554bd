// SPDX-License-Identifier: GPL-2.0
/*
 * Queues of waiting items: append, pop, drain.
 *
 * Hazard: use-after-free, and double use of an item's memory. The engine, drivers that queue the
 * item, and its routine, which may free or requeue it, access the same memory.
 *
 * Mechanism: the mark says who owns the memory (in the terms of tools/memory-model):
 *
 *  - wqc_mark_claim() turns "not queued" into "queued" by a try_cmpxchg(), a full fence where it
 *    succeeds. Of N callers one wins, and its writes to the item are ->po after the fence.
 *  - wqc_queue_pop() copies what the run needs, and releases the mark by a store-release as its
 *    last access to the item (wqc_mark_release()).
 *
 * Why it is enough: no read of the pop sees a write of the next owner. Proof:
 * tests/litmus/item-handover.litmus. The fields of the item reach the runner under the queue's
 * lock: item-payload.litmus. The free is ordered after the pop: ->po if the routine frees the item,
 * by the synchronisation between routine and freer otherwise, and in IoFreeWorkItem() by
 * wqc_io_retire().
 *
 * A kicked runner sees all writes of the kicker: the kick is made under the queue's lock, which
 * wqc_runner_drain() takes first. Lost wake-ups: kick-idle.litmus, and see wakeup.c.
 */
#include <linux/kernel.h>
#include <linux/module.h>

#include "cache.h"
#include "growth.h"
#include "queue.h"
#include "ref.h"
#include "run.h"
#include "sample.h"
#include "unload.h"
#include "wakeup.h"

/* Counts a queue call that queued nothing. Context: any. */
void wqc_queue_count_refused(enum wqc_pool_id pool)
{
	struct wqc_queue *queue;
	unsigned long flags;

	local_irq_save(flags);
	queue = this_cpu_ptr(wqc_queues) + pool;
	wqc_queue_lock(queue);
	queue->counter[WQC_REFUSED]++;
	wqc_queue_unlock(queue);
	local_irq_restore(flags);
}

/*
 * peak_depth is sampled: on read, at the start of a drain and every WQC_CHECK_ITEMS items. A peak
 * between two samples is missed.
 */
void wqc_queue_note_depth(struct wqc_queue *queue)
{
	if (queue->depth > queue->peak_depth)
		queue->peak_depth = queue->depth;
}

/*
 * Corruption: the driver has overwritten a queued item, so the link to the items behind it is lost.
 * The lane is emptied, because the remaining words cannot be trusted as pointers. The number of
 * lost items is known when all lanes are empty: see wqc_queue_abandon_lost().
 */
static noinline void wqc_lane_truncate(struct wqc_queue *queue, struct wqc_lane *lane,
				       WORK_QUEUE_ITEM *item)
{
	wqc_cursor_abandon(lane);
	wqc_lane_clear(queue, lane);
	queue->broken.refs += queue->broken.ref != lane->ref;
	queue->broken.ref = lane->ref;
	queue->broken.item = item;
}

/*
 * All lanes are empty, so the items that @depth still counts were lost with truncated lanes. If
 * the lanes had one reference, it is known and put here; else wqc_rx_settle() puts it when a device
 * spins down.
 */
static noinline u32 wqc_queue_abandon_lost(struct wqc_queue *queue)
{
	u32 lost = queue->depth;

	queue->depth = 0;
	queue->counter[WQC_TAKEN_BACK] += lost;
	queue->sampled = false;
	if (queue->broken.refs == 1 && lost)
		percpu_ref_put_many(queue->broken.ref, lost);
	else if (lost)
		WRITE_ONCE(wqc_lost_unknown, true);
	queue->broken.refs = 0;
	queue->broken.ref = NULL;
	return lost;
}

/* Slow path of an append: the lane joins other lanes in the ring, or the item is timed. */
static noinline void wqc_lane_append_slow(struct wqc_queue *queue, struct wqc_lane *lane,
					  WORK_QUEUE_ITEM *item)
{
	if (lane->head == item)
		wqc_lane_join_ring(queue, lane);
	if (queue->slow & WQC_SLOW_SAMPLE)
		wqc_sample_begin(queue, item);
}

static __always_inline void wqc_lane_append(struct wqc_queue *queue, struct wqc_lane *lane,
					    WORK_QUEUE_ITEM *item)
{
	bool rest = queue->slow & WQC_SLOW_SAMPLE;

	if (lane->tail) {
		wqc_mark_link(wqc_mark_word(lane->tail), item);
	} else {
		WRITE_ONCE(lane->head, item);
		if (wqc_lane_is_default(queue, lane))
			queue->slow &= ~WQC_SLOW_EMPTY;
		rest = rest || queue->ring;
		if (likely(!rest))
			wqc_lane_join_ring(queue, lane);
	}
	lane->tail = item;
	queue->cumulative += queue->depth++;
	if (unlikely(rest))
		wqc_lane_append_slow(queue, lane, item);
}

/*
 * The lane for an item of an owner. An owner that finds the default lane empty takes it, and only
 * there the fast path appends. While it holds items of one owner, those of the others go to lanes
 * of their own.
 *
 * Order within an owner: as long as its own lane holds items, the later ones go there. So an owner
 * takes the default lane only when its own is empty, and that stays empty until another takes it.
 */
static struct wqc_lane *wqc_queue_lane_of(struct wqc_queue *queue, u16 tag)
{
	u8 owner = tag >> 8;

	lockdep_assert_held(&queue->lock);
	if (queue->owner == owner)
		return &queue->lane;
	if (!(queue->slow & WQC_SLOW_EMPTY) || queue->others[owner].head)
		return &queue->others[owner];
	queue->owner = owner;
	return &queue->lane;
}

/* Corruption: the memory of the lane's last item was cleared, and the item is queued again. */
static noinline void wqc_queue_append_again(struct wqc_queue *queue, struct wqc_lane *lane,
					    u16 tag, WORK_QUEUE_ITEM *item, unsigned long flags)
	__releases(&queue->lock)
{
	wqc_lane_truncate(queue, lane, item);
	wqc_queue_append_slow(queue, lane, tag, item, flags);
	wqc_report(WQC_R_BAD_ENTRY,
		   "item %p: overwritten while queued, and queued again; the items before it are lost",
		   item);
}

static __always_inline void wqc_queue_append_locked(struct wqc_queue *queue, struct wqc_lane *lane,
						    u16 tag, WORK_QUEUE_ITEM *item,
						    unsigned long flags)
	__releases(&queue->lock)
{
	if (wqc_lane_is_default(queue, lane))
		lane = wqc_queue_lane_of(queue, tag);
	if (unlikely(lane->tail == item)) {
		wqc_queue_append_again(queue, lane, tag, item, flags);
		return;
	}
	wqc_lane_append(queue, lane, item);
	if (likely(queue->slow & WQC_SLOW_WAKE)) {
		wqc_queue_kick_inline(queue);
		wqc_queue_unlock(queue);
		local_irq_restore(flags);
		wqc_resched(true);
		return;
	}
	wqc_queue_unlock(queue);
	local_irq_restore(flags);
}

/* With the parameter torture each item is timed, so that all pops take wqc_queue_pop_slow(). */
static noinline void wqc_queue_append_tortured(struct wqc_queue *queue, struct wqc_lane *lane,
					       u16 tag, WORK_QUEUE_ITEM *item,
					       unsigned long flags)
	__releases(&queue->lock)
{
	queue->slow |= WQC_SLOW_SAMPLE;
	wqc_queue_append_locked(queue, lane, tag, item, flags);
	wqc_ops.queued(item);
}

/*
 * Slow path of wqc_queue_append(): @slow has a flag, the lane is empty, or it is another owner's.
 * The lock is held.
 */
void wqc_queue_append_slow(struct wqc_queue *queue, struct wqc_lane *lane, u16 tag,
			   WORK_QUEUE_ITEM *item, unsigned long flags) __releases(&queue->lock)
{
	if (unlikely(queue->slow & WQC_SLOW_TORTURE)) {
		wqc_queue_append_tortured(queue, lane, tag, item, flags);
		return;
	}
	wqc_queue_append_locked(queue, lane, tag, item, flags);
}

/* Slow path of wqc_queue_append(): another CPU, or an interrupted queue call, holds the lock. */
void wqc_queue_append_contended(struct wqc_queue *queue, struct wqc_lane *lane, u16 tag,
				WORK_QUEUE_ITEM *item, unsigned long flags)
{
	wqc_queue_lock(queue);
	wqc_queue_append_slow(queue, lane, tag, item, flags);
}

/*
 * An item that is appended now starts at once if more runners are idle or kicked than items wait:
 * each waiting item has a runner of its own. A spinner does not count, it may block in the next
 * routine.
 */
static bool wqc_queue_has_spare(struct wqc_queue *queue)
{
	return queue->nr_idle + (queue->wake == WQC_WAKING) > queue->depth;
}

static bool wqc_queue_append_if_spare(struct wqc_queue *queue, u16 tag, WORK_QUEUE_ITEM *item)
{
	struct wqc_lane *lane;

	if (!wqc_queue_has_spare(queue))
		return false;
	lane = wqc_queue_lane_of(queue, tag);
	/* Not before this point: waiting items rely on the spinner until the kick below. */
	wqc_spin_stop(queue);
	if (unlikely(lane->tail == item))
		wqc_lane_truncate(queue, lane, item);
	wqc_lane_append(queue, lane, item);
	wqc_queue_kick_if_needed(queue);
	wqc_window_tried(queue);
	return true;
}

/**
 * wqc_queue_try_append - append a claimed item to a queue of which it starts at once
 * @pool: the pool
 * @tag: of the item's owner
 * @item: claimed, its fields written
 *
 * Tries the posting CPU's queue first. Queues of other CPUs are tried only if no item of this CPU
 * waits, so that the item overtakes no item of this CPU.
 *
 * Context: any, with interrupts off.
 * Return: true if it was queued.
 */
bool wqc_queue_try_append(enum wqc_pool_id pool, u16 tag, WORK_QUEUE_ITEM *item)
{
	int this = smp_processor_id();
	struct wqc_queue *queue = wqc_queue_of(pool, this);
	bool overtakes, done;
	int cpu;

	wqc_queue_lock(queue);
	overtakes = queue->depth;
	done = wqc_queue_append_if_spare(queue, tag, item);
	wqc_queue_unlock(queue);
	if (done || overtakes)
		return done;

	for_each_online_cpu(cpu) {
		queue = wqc_queue_of(pool, cpu);
		if (cpu == this || !READ_ONCE(queue->nr_idle))
			continue;
		wqc_queue_lock(queue);
		done = wqc_queue_append_if_spare(queue, tag, item);
		wqc_queue_unlock(queue);
		if (done)
			break;
	}
	return done;
}

static inline void wqc_sample_arm(struct wqc_queue *queue)
{
	if (!queue->sampled)
		queue->slow |= WQC_SLOW_SAMPLE;
}

/* Reports a truncated lane, and the number of lost items if it is known. Drops the lock. */
static noinline void wqc_queue_report_corruption(struct wqc_queue *queue)
{
	WORK_QUEUE_ITEM *item = queue->broken.item;
	u32 lost = queue->ring ? 0 : wqc_queue_abandon_lost(queue);

	wqc_queue_kick_if_needed(queue);
	wqc_queue_unlock(queue);
	local_irq_enable();
	wqc_report(WQC_R_BAD_ENTRY,
		   "item %p: its List was overwritten while queued; %u items lost", item, lost);
	local_irq_disable();
	wqc_queue_lock(queue);
}

/* Takes the lane's first item. The other lanes of the ring are served before its next one. */
static __always_inline void wqc_lane_remove_head(struct wqc_queue *queue, struct wqc_lane *lane,
						 WORK_QUEUE_ITEM *item, u64 mark)
{
	if (unlikely(item == lane->tail)) {
		wqc_lane_clear(queue, lane);
	} else {
		WRITE_ONCE(lane->head, wqc_mark_next(mark));
		queue->ring = list_next_entry(lane, link);
	}
}

/*
 * Pops a request. False if it was cancelled while it waited, or if the driver has overwritten its
 * item: that is reported with the lock dropped.
 */
static noinline bool wqc_queue_pop_request(struct wqc_queue *queue, struct wqc_lane *lane,
					   WORK_QUEUE_ITEM *item, struct wqc_runner *runner)
{
	struct wqc_call call = { .ref = lane->ref };
	enum wqc_start start = wqc_ops.request_start(item, &call);

	queue->depth--;
	if (likely(start == WQC_START_RUN)) {
		runner->call = call;
		runner->first = call.parameter;
		runner->base.post_run |= WQC_POST_REQUEST;
		return true;
	}
	queue->counter[WQC_TAKEN_BACK]++;
	wqc_ref_put(lane->ref);
	if (start == WQC_START_OVERWRITTEN) {
		wqc_queue_kick_if_needed(queue);
		wqc_queue_unlock(queue);
		local_irq_enable();
		wqc_ops.request_broken(call.item, call.routine);
		local_irq_disable();
		wqc_queue_lock(queue);
	}
	return false;
}

/* Slow path of a pop: a rare kind, or no mark. False: nothing to run, and the ring has changed. */
static noinline bool wqc_queue_pop_slow(struct wqc_queue *queue, struct wqc_lane *lane,
					WORK_QUEUE_ITEM *item, u64 mark, struct wqc_runner *runner)
{
	enum wqc_kind kind = wqc_mark_kind(mark);
	struct wqc_call *call = &runner->call;

	if (!wqc_mark_is_plausible(mark)) {
		wqc_lane_truncate(queue, lane, item);
		wqc_queue_report_corruption(queue);
		return false;
	}
	/* The lock was dropped, and another runner may have popped the item: start again. */
	if (unlikely(queue->slow & WQC_SLOW_TORTURE) && wqc_ops.pop_delay(queue))
		return false;
	wqc_lane_remove_head(queue, lane, item, mark);
	if (wqc_item_is_cursor(item)) {
		wqc_mark_unclaim(item);
		return false;
	}
	if (kind > WQC_KIND_SAMPLED) {
		kind &= ~WQC_KIND_SAMPLED;
		wqc_sample_start(queue, runner);
	}
	if (kind == WQC_KIND_SPECIAL) {
		if (!wqc_queue_pop_request(queue, lane, item, runner))
			return false;
	} else {
		runner->first = wqc_call_fill(lane, item, kind, call);
		wqc_mark_release(queue, item);
	}
	if (kind == WQC_KIND_OWN_ENTRY)
		wqc_cache_free_irqs_off(item);	/* no driver knows the entry */
	if (unlikely(queue->slow & WQC_SLOW_TORTURE)) {
		runner->since = jiffies;
		wqc_ops.pop_delay(queue);
	}
	return true;
}

static __always_inline bool wqc_queue_pop(struct wqc_queue *queue, struct wqc_runner *runner,
					  void **first)
{
	WORK_QUEUE_ITEM *item;
	struct wqc_lane *lane;
	enum wqc_kind kind;
	u64 mark, plain;

	lockdep_assert_held(&queue->lock);
	while ((lane = queue->ring)) {
		item = lane->head;
		mark = READ_ONCE(*wqc_mark_word(item));
		/* wqc_mark_is_plausible() and wqc_mark_kind() in one; kind 0 is no kind. */
		plain = mark ^ wqc_mark_key;
		kind = plain & WQC_KIND_MASK;
		if (unlikely(plain < WQC_TOP_BYTE || kind - 1U >= WQC_KIND_PLAIN)) {
			if (!wqc_queue_pop_slow(queue, lane, item, mark, runner))
				continue;
			*first = runner->first;
			return true;
		}
		wqc_lane_remove_head(queue, lane, item, mark);
		*first = wqc_call_fill(lane, item, kind, &runner->call);
		wqc_mark_release(queue, item);
		return true;
	}
	/* All lanes are empty, so these items were lost with a truncated lane. */
	if (unlikely(queue->depth))
		wqc_queue_report_corruption(queue);
	return false;
}

static void wqc_queue_note_busy(struct wqc_queue *queue)
{
	u32 busy = queue->nr_runners - queue->nr_idle;

	if (busy > queue->peak_busy)
		queue->peak_busy = busy;
}

/*
 * A routine of this turn has changed the thread's state. Use-after-free: the report prints the name
 * of the last routine, whose module an rmmod could free meanwhile. So the run counts as running
 * until the report is printed (@call.ref), and unload.c waits for it.
 */
static noinline void wqc_runner_end_turn(struct wqc_queue *queue, struct wqc_runner *runner)
	__must_hold(&queue->lock)
{
	runner->call.ref = &wqc_null_object.ref;
	wqc_queue_kick_if_needed(queue);	/* the report may take long: delay no item */
	wqc_queue_unlock(queue);
	local_irq_enable();
	wqc_baseline_check(&runner->call, &runner->base);
	local_irq_disable();
	wqc_queue_lock(queue);
	runner->call.ref = NULL;
}

/**
 * wqc_runner_drain - run items until the queue is empty or the turn is over
 * @runner: kicked; its task calls this
 *
 * A turn ends after WQC_TURN_TICKS or when the scheduler wants the CPU, so that no other task
 * starves; the runner then kicks a runner, perhaps itself.
 *
 * Context: process, may sleep (the routines do).
 */
void wqc_runner_drain(struct wqc_runner *runner)
{
	struct wqc_queue *queue = runner->queue;
	struct wqc_call *call = &runner->call;
	unsigned long end = jiffies + WQC_TURN_TICKS;
	unsigned int until_check = WQC_CHECK_ITEMS;
	void *first;

	wqc_baseline_take(runner);

	local_irq_disable();
	wqc_queue_lock(queue);
	runner->state = WQC_RUNNER_DRAINING;
	wqc_wake_drain_begin(queue, runner);
	wqc_queue_note_busy(queue);
	wqc_queue_note_depth(queue);
	if (!(queue->kicks & (WQC_SAMPLE_ITEMS - 1)))
		wqc_sample_arm(queue);
more:
	while (wqc_queue_pop(queue, runner, &first)) {
		runner->since = jiffies;
		/* Kick before the call: the routine may block, and would delay the next items. */
		if (unlikely(queue->slow & WQC_SLOW_WAKE) && queue->depth) {
			wqc_queue_kick(queue);
			wqc_queue_unlock(queue);
			local_irq_enable();
			wqc_resched(true);
		} else {
			wqc_queue_unlock(queue);
			local_irq_enable();
		}

		wqc_call_run(call, first, &runner->base);

		local_irq_disable();
		wqc_queue_lock(queue);
		/* Put before @ref is cleared: unload.c and spin-down wait for both. */
		wqc_ref_put(call->ref);
		queue->finished++;
		call->ref = NULL;
		if (unlikely(!--until_check)) {
			until_check = WQC_CHECK_ITEMS;
			if (!(queue->finished & (WQC_SAMPLE_ITEMS - WQC_CHECK_ITEMS)))
				wqc_sample_arm(queue);
			wqc_queue_note_depth(queue);
			if (queue->pool->any_cpu)
				wqc_spin_consider(queue, runner);
			if (time_after_eq(jiffies, end))
				break;
		}
		if (unlikely(need_resched()))
			break;
	}
	if (wqc_wake_drain_more(queue, runner))
		goto more;
	if (unlikely(wqc_baseline_differs_after_turn(&runner->base)))
		wqc_runner_end_turn(queue, runner);
	/*
	 * Idle before the kick: it may kick this runner, whose work then queues behind the other
	 * works of the workqueue. Use-after-free: from the unlock on the runner may be freed, or
	 * drain on another CPU, so it is not touched.
	 */
	wqc_runner_set_idle(queue, runner);
	wqc_queue_kick_if_needed(queue);
	wqc_queue_unlock(queue);
	local_irq_enable();
	wqc_window(WQC_W_LEFT);
}

int wqc_queue_init(bool tortured)
{
	struct wqc_queue *queue;
	int cpu, id, owner;

	wqc_queues = __alloc_percpu(sizeof(*wqc_queues) * WQC_NR_POOLS, SMP_CACHE_BYTES);
	if (!wqc_queues)
		return -ENOMEM;
	for_each_possible_cpu(cpu) {
		for (id = 0; id < WQC_NR_POOLS; id++) {
			queue = wqc_queue_of(id, cpu);
			raw_spin_lock_init(&queue->lock);
			queue->slow = WQC_SLOW_SAMPLE | WQC_SLOW_EMPTY;
			if (tortured)
				queue->slow |= WQC_SLOW_TORTURE;
			INIT_LIST_HEAD(&queue->runners);
			queue->pool = &wqc_pools[id];
			queue->cpu = cpu;
			queue->stall.since = jiffies;
			queue->stall.warn_at = jiffies;
			queue->lane.ref = &wqc_null_object.ref;
			for (owner = 0; owner < WQC_OWNERS; owner++)
				queue->others[owner].ref = &wqc_null_object.ref;
			wqc_wakeup_init(queue);
		}
	}
	return 0;
}

void wqc_queue_exit(void)
{
	int cpu, id;

	for_each_possible_cpu(cpu)
		for (id = 0; id < WQC_NR_POOLS; id++)
			wqc_wakeup_exit(wqc_queue_of(id, cpu));
	free_percpu(wqc_queues);
}
