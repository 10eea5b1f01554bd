// SPDX-License-Identifier: GPL-2.0
/*
 * The lanes of waiting items: append, pop, drain. Knows no backend by name.
 *
 * Who owns the memory of an item, in the terms of tools/memory-model. wqc_mark_claim()
 * turns "not queued" into "queued" by a try_cmpxchg(), a full fence where it
 * succeeds: of N callers one wins, and what it writes into the item afterwards is
 * ->po after the fence. wqc_queue_pop() reads what it needs and clears the mark with a
 * store-release as its last access (wqc_mark_release()). So:
 *
 *	pop's reads ->po-rel word = 0 ->rf the next claim ->mb its writes
 *
 * and no read of the pop can see a write of the next owner: ->rf to a write that
 * comes after in ->hb would be a cycle. The fields go the other way, from the
 * claimer to the runner, under the queue's lock. Who frees the memory is ordered
 * ->po after the pop if it is the routine, by whatever the routine said it with if
 * it is another, and in IoFreeWorkItem() by wqc_io_retire(): see there.
 *
 * A runner that was kicked sees what the kicker did: the kick is made under the
 * queue's lock, which wqc_runner_drain() takes first. The backends lose no kick.
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

/* A queue call that queued nothing. Context: any. */
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
 * The most is noted when it is asked for, when a runner begins to drain,
 * and at every WQC_CHECK_ITEMSth item that it runs: so near is it.
 */
void wqc_queue_note_depth(struct wqc_queue *queue)
{
	if (queue->depth > queue->peak_depth)
		queue->peak_depth = queue->depth;
}

/*
 * An item of the lane was written over while it waits: what stands behind it cannot be found
 * any more. Go on without the lane rather than follow a stranger's pointer. How many items
 * it had is known once all lanes are empty; see wqc_queue_abandon_lost().
 */
static noinline void wqc_lane_truncate(struct wqc_queue *queue, struct wqc_lane *lane,
				       WORK_QUEUE_ITEM *item)
{
	wqc_cursor_abandon(lane);
	wqc_lane_clear(queue, lane);
	queue->broken.lanes += queue->broken.lane != lane;
	queue->broken.lane = lane;
	queue->broken.item = item;
}

/*
 * What is counted and on no lane was lost with a broken one. If it was one lane, it is
 * known whose references are to be put; else wqc_rx_settle() puts them in the end.
 */
static noinline u32 wqc_queue_abandon_lost(struct wqc_queue *queue)
{
	u32 lost = queue->depth;

	queue->depth = 0;
	queue->counter[WQC_TAKEN_BACK] += lost;
	queue->sampled = false;
	if (queue->broken.lanes == 1 && lost)
		percpu_ref_put_many(queue->broken.lane->ref, lost);
	else if (lost)
		WRITE_ONCE(wqc_lost_unknown, true);
	queue->broken.lanes = 0;
	queue->broken.lane = NULL;
	return lost;
}

/* Where it is more than to append: a lane beside others, or an item that is to be timed. */
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
		lane->head = item;
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

/* The item's memory was cleared while it waits as the lane's last, and it is queued again. */
static noinline void wqc_queue_append_again(struct wqc_queue *queue, struct wqc_lane *lane,
					    WORK_QUEUE_ITEM *item, unsigned long flags)
	__releases(&queue->lock)
{
	wqc_lane_truncate(queue, lane, item);
	wqc_queue_append_slow(queue, lane, item, flags);
	wqc_report(WQC_R_BAD_ENTRY,
		   "item %p: overwritten while queued, and queued again; what waited before it is lost",
		   item);
}

static __always_inline void wqc_queue_append_locked(struct wqc_queue *queue, struct wqc_lane *lane,
						    WORK_QUEUE_ITEM *item, unsigned long flags)
	__releases(&queue->lock)
{
	if (unlikely(lane->tail == item)) {
		wqc_queue_append_again(queue, lane, item, flags);
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

/* With the parameter torture: each item is timed, so that wqc_queue_pop_slow() gets to see it. */
static noinline void wqc_queue_append_tortured(struct wqc_queue *queue, struct wqc_lane *lane,
					       WORK_QUEUE_ITEM *item, unsigned long flags)
	__releases(&queue->lock)
{
	queue->slow |= WQC_SLOW_SAMPLE;
	wqc_queue_append_locked(queue, lane, item, flags);
	wqc_ops.queued(item);
}

/* wqc_queue_append() with the lock held, where there is more to do than to append. */
void wqc_queue_append_slow(struct wqc_queue *queue, struct wqc_lane *lane, WORK_QUEUE_ITEM *item,
			   unsigned long flags) __releases(&queue->lock)
{
	if (unlikely(queue->slow & WQC_SLOW_TORTURE)) {
		wqc_queue_append_tortured(queue, lane, item, flags);
		return;
	}
	wqc_queue_append_locked(queue, lane, item, flags);
}

/* wqc_queue_append() where another CPU, or an interrupted poster, has the lock. */
void wqc_queue_append_contended(struct wqc_queue *queue, struct wqc_lane *lane,
				WORK_QUEUE_ITEM *item, unsigned long flags)
{
	wqc_queue_lock(queue);
	wqc_queue_append_slow(queue, lane, item, flags);
}

/*
 * Every item that waits is popped by a runner of its own if more runners are idle or on their
 * way than items wait. A spinner is not on its way: it may block in the next routine.
 */
static bool wqc_queue_has_spare(struct wqc_queue *queue)
{
	return queue->nr_idle + (queue->wake == WQC_WAKING) > queue->depth;
}

static bool wqc_queue_append_if_spare(struct wqc_queue *queue, WORK_QUEUE_ITEM *item)
{
	if (!wqc_queue_has_spare(queue))
		return false;
	/* Only now: the items that wait rely on the spinner, and a runner is kicked below. */
	wqc_spin_stop(queue);
	if (unlikely(queue->lane.tail == item))
		wqc_lane_truncate(queue, &queue->lane, item);
	wqc_lane_append(queue, &queue->lane, item);
	wqc_queue_kick_if_needed(queue);
	wqc_window_tried(queue);
	return true;
}

/**
 * wqc_queue_try_append - append a claimed item only where it starts at once
 * @pool: which
 * @item: claimed, its fields written
 *
 * Looks at the posting CPU first. The queues of other CPUs are asked only when
 * none of ours waits, so that the item overtakes nothing posted here.
 *
 * Context: any, with interrupts off.
 * Return: true if it was queued.
 */
bool wqc_queue_try_append(enum wqc_pool_id pool, WORK_QUEUE_ITEM *item)
{
	int this = smp_processor_id();
	struct wqc_queue *queue = wqc_queue_of(pool, this);
	bool overtakes, done;
	int cpu;

	wqc_queue_lock(queue);
	overtakes = queue->depth;
	done = wqc_queue_append_if_spare(queue, item);
	wqc_queue_unlock(queue);
	if (done || overtakes)
		return done;

	for_each_online_cpu(cpu) {
		queue = wqc_queue_of(pool, cpu);
		if (cpu == this || !READ_ONCE(queue->nr_idle))
			continue;
		wqc_queue_lock(queue);
		done = wqc_queue_append_if_spare(queue, item);
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

/* Says that a lane was cut, and what is lost if it is known already. The lock is dropped. */
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

/* The lane's first item is taken; the other lanes are served before its next. */
static __always_inline void wqc_lane_remove_head(struct wqc_queue *queue, struct wqc_lane *lane,
						 WORK_QUEUE_ITEM *item, u64 mark)
{
	if (unlikely(item == lane->tail)) {
		wqc_lane_clear(queue, lane);
	} else {
		lane->head = wqc_mark_next(mark);
		queue->ring = list_next_entry(lane, link);
	}
}

/*
 * A timer request that was due. False: it was cancelled while it waited, or its client has
 * overwritten it, which is reported without the lock.
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

/* Of an item that is not of a common kind, or has no mark. False: nothing to run. */
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
	/* Others may have taken it when the lock is had again: look anew. */
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
		wqc_cache_free_irqs_off(item);	/* ours alone */
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
		/* As wqc_mark_is_plausible() and wqc_mark_kind(), where 0 is no kind. */
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
	/* Lost, because an item was cleared and queued again while it waited. */
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
 * The last routine, or one before it in this turn, has left something in the thread. While that
 * is reported the last run counts as not over, so that an rmmod waits and its name can be had.
 */
static noinline void wqc_runner_end_turn(struct wqc_queue *queue, struct wqc_runner *runner)
	__must_hold(&queue->lock)
{
	runner->call.ref = &wqc_null_object.ref;
	wqc_queue_kick_if_needed(queue);	/* the report may take long */
	wqc_queue_unlock(queue);
	local_irq_enable();
	wqc_baseline_check(&runner->call, &runner->base);
	local_irq_disable();
	wqc_queue_lock(queue);
	runner->call.ref = NULL;
}

/**
 * wqc_runner_drain - run items until there are none, or it is others' turn
 * @runner: kicked; its task calls this
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
		/* Before the routine: it may block, and those behind must not. */
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
		/* Before it says that nothing runs: unload waits for both. */
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
	 * Idle first, then the kick: it may take this very runner, whose work
	 * then stands behind the other works of its pool. Nothing of the runner
	 * is touched after the unlock: it may be gone, or be running elsewhere.
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
	int cpu, id;

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
