/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The fast path of a queue call, inline in the fronts: claim and append. It is half of the cost of
 * an item. Each slow path is a tail call, so that the compiler saves no registers on the fast path.
 */
#ifndef WQ_QUEUE_H
#define WQ_QUEUE_H

#include "core.h"
#include "io.h"
#include "wakeup.h"

void wqc_queue_count_refused(enum wqc_pool_id pool);
void wqc_queue_append_contended(struct wqc_queue *queue, struct wqc_lane *lane, u16 tag,
				WORK_QUEUE_ITEM *item, unsigned long flags);
void wqc_queue_append_slow(struct wqc_queue *queue, struct wqc_lane *lane, u16 tag,
			   WORK_QUEUE_ITEM *item, unsigned long flags) __releases(&queue->lock);
bool wqc_queue_try_append(enum wqc_pool_id pool, u16 tag, WORK_QUEUE_ITEM *item);
void wqc_queue_note_depth(struct wqc_queue *queue);
void wqc_runner_drain(struct wqc_runner *runner);
int wqc_queue_init(bool tortured);
void wqc_queue_exit(void);

/**
 * wqc_mark_claim - turn "not queued" into "queued"
 * @item: the item; its List may hold anything
 * @kind: its kind
 *
 * Use-after-free: an item that is queued already belongs to another caller, or its routine has
 * freed it meanwhile. So a claim that fails writes nothing. Flink is written only when the claim
 * has succeeded; until then the word alone proves that the item is queued, see
 * wqc_mark_is_proven(). Of several claims one wins: tests/litmus/item-claimed-once.litmus.
 *
 * Context: any.
 * Return: true if the caller now owns the item; false if it is queued already.
 */
static inline bool wqc_mark_claim(WORK_QUEUE_ITEM *item, enum wqc_kind kind)
{
	u64 mark = wqc_mark_make(&wqc_lane_end, kind);
	u64 *word = wqc_mark_word(item);
	u64 old = READ_ONCE(*word);

	do {
		if (unlikely(wqc_mark_is_plausible(old)) && wqc_mark_is_proven(item, old))
			return false;
		wqc_window(WQC_W_CLAIM);
	} while (unlikely(!try_cmpxchg(word, &old, mark)));
	WRITE_ONCE(item->List.Flink, &item->List);
	return true;
}

/* Fast path: Blink is 0, as a release leaves it. A caller that fails uses wqc_mark_claim(). */
static __always_inline bool wqc_mark_claim_clean(WORK_QUEUE_ITEM *item, enum wqc_kind kind)
{
	u64 old = 0;

	if (unlikely(!try_cmpxchg(wqc_mark_word(item), &old, wqc_mark_make(&wqc_lane_end, kind))))
		return false;
	WRITE_ONCE(item->List.Flink, &item->List);
	return true;
}

/* Undoes the claim of an item that is on no lane. */
static inline void wqc_mark_unclaim(WORK_QUEUE_ITEM *item)
{
	WRITE_ONCE(item->List.Flink, NULL);
	/* Pairs with the next claim, see wqc_mark_release(). */
	smp_store_release(wqc_mark_word(item), 0);
}

/*
 * Changes the link of a lane's last item from the end of the lane to @next, and keeps the kind. One
 * instruction where the architecture has it; readers without the lock see the old or the new word.
 */
static inline void wqc_mark_link(u64 *word, WORK_QUEUE_ITEM *next)
{
	/* data_race: see above */
	data_race(*word ^= (u64)(uintptr_t)&wqc_lane_end ^ (u64)(uintptr_t)next);
}

/* The caller keeps the invariant of wakeup.c: it kicks before the unlock if items wait. */
static inline void wqc_runner_set_idle(struct wqc_queue *queue, struct wqc_runner *runner)
{
	lockdep_assert_held(&queue->lock);
	runner->state = WQC_RUNNER_IDLE;
	runner->next_idle = queue->idle;
	queue->idle = runner;
	WRITE_ONCE(queue->nr_idle, queue->nr_idle + 1);
}

/* The lane has its first item: it is served after all lanes of the ring. */
static inline void wqc_lane_join_ring(struct wqc_queue *queue, struct wqc_lane *lane)
{
	lockdep_assert_held(&queue->lock);
	if (queue->ring) {
		list_add_tail(&lane->link, &queue->ring->link);
	} else {
		INIT_LIST_HEAD(&lane->link);
		queue->ring = lane;
	}
}

/* A constant on the fast path. For the default lane WQC_SLOW_EMPTY says whether it is empty. */
static __always_inline bool wqc_lane_is_default(const struct wqc_queue *queue,
						const struct wqc_lane *lane)
{
	return lane == &queue->lane;
}

/* The lane has lost its last item: it leaves the ring. */
static inline void wqc_lane_clear(struct wqc_queue *queue, struct wqc_lane *lane)
{
	lockdep_assert_held(&queue->lock);
	WRITE_ONCE(lane->head, NULL);
	lane->tail = NULL;
	if (wqc_lane_is_default(queue, lane))
		queue->slow |= WQC_SLOW_EMPTY;
	if (list_empty(&lane->link)) {
		queue->ring = NULL;
		return;
	}
	if (queue->ring == lane)
		queue->ring = list_next_entry(lane, link);
	list_del(&lane->link);
}

/* Removes an item that stands between @prev (NULL: it is the head) and @next. */
static inline void wqc_lane_unlink(struct wqc_queue *queue, struct wqc_lane *lane,
				   WORK_QUEUE_ITEM *item, WORK_QUEUE_ITEM *prev,
				   WORK_QUEUE_ITEM *next)
{
	if (prev)
		wqc_mark_set_next(prev, next);
	else if (next != &wqc_lane_end)
		WRITE_ONCE(lane->head, next);
	else
		wqc_lane_clear(queue, lane);
	if (lane->tail == item)
		lane->tail = prev;
}

/* Copies all that the run needs of the item. Returns the routine's first argument. */
static __always_inline void *wqc_call_fill(struct wqc_lane *lane, WORK_QUEUE_ITEM *item,
					   enum wqc_kind kind, struct wqc_call *call)
{
	struct wqc_io_item *io = container_of(item, struct wqc_io_item, item);

	call->routine = READ_ONCE(item->WorkerRoutine);
	call->parameter = item->Parameter;
	if (likely(kind == WQC_KIND_IO)) {
		call->item = wqc_io_handle(io);
		call->ref = io->ref;
		return io->io_object;
	}
	call->item = item;
	call->ref = lane->ref;
	return call->parameter;
}

/*
 * The engine's last access to an item. Use-after-free: after the store-release the driver may free
 * or requeue the item, so nothing reads or writes it later. Proof:
 * tests/litmus/item-handover.litmus.
 */
static __always_inline void wqc_mark_release(struct wqc_queue *queue, WORK_QUEUE_ITEM *item)
{
	queue->depth--;
	WRITE_ONCE(item->List.Flink, NULL);
	wqc_window(WQC_W_RELEASE);
	/* Pairs with the next claim: all reads of the item are done before it succeeds. */
	smp_store_release(wqc_mark_word(item), 0);
	wqc_window(WQC_W_RELEASED);
}

/*
 * The next lane of a queue, after @lane; NULL for the first one. @cursor points to NULL at first.
 * Empty lanes of owners are skipped. The default lane comes after them: an item that is popped
 * before its lane is looked at runs when the lock is held for the default lane.
 */
static inline struct wqc_lane *wqc_lane_next(struct wqc_queue *queue, struct wqc_lane *lane,
					     void **cursor)
{
	struct wqc_lane *end = queue->others + WQC_OWNERS;

	if (!lane)
		lane = queue->others;
	else if (lane >= queue->others && lane < end)
		lane++;
	else
		return wqc_ops.next_lane ? wqc_ops.next_lane(queue, cursor) : NULL;
	while (lane < end && !READ_ONCE(lane->head))
		lane++;
	return lane < end ? lane : &queue->lane;
}

/**
 * wqc_queue_append - append a claimed item, wake a runner if needed, restore interrupts
 * @queue: a queue of the posting CPU
 * @lane: the lane of an Rx device; or @queue->lane, and then the item goes to its owner's lane
 * @tag: of the owner
 * @item: claimed, its fields written
 * @flags: from the caller's local_irq_save(), restored here
 *
 * Fast path: the lock is free, the lane has items and @slow has no flag. WQC_SLOW_EMPTY in @slow
 * is the default lane's, and its owner is compared at the same time, so that lane needs one test.
 *
 * Context: any, with interrupts off.
 */
static __always_inline void wqc_queue_append(struct wqc_queue *queue, struct wqc_lane *lane,
					     u16 tag, WORK_QUEUE_ITEM *item, unsigned long flags)
{
	WORK_QUEUE_ITEM *last;

	wqc_window(WQC_W_CLAIMED);
	if (unlikely(!wqc_queue_trylock(queue))) {
		wqc_queue_append_contended(queue, lane, tag, item, flags);
		return;
	}
	__acquire(&queue->lock);	/* for sparse, which misses the trylock */
	last = lane->tail;
	/* last == item: the memory was cleared while the item waits, and it is queued again. */
	if (unlikely(last == item ||
		     (wqc_lane_is_default(queue, lane) ? queue->slow_and_owner != tag :
		      !last || queue->slow & ~WQC_SLOW_EMPTY))) {
		wqc_queue_append_slow(queue, lane, tag, item, flags);
		return;
	}
	wqc_mark_link(wqc_mark_word(last), item);
	lane->tail = item;
	queue->cumulative += queue->depth++;
	wqc_queue_unlock(queue);
	local_irq_restore(flags);
}

#endif /* WQ_QUEUE_H */
