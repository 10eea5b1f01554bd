/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The posting side of queue.c, inline for the fronts: claim and append. It is
 * half of what an item costs, so what is done for nearly every item is here, and
 * whatever is rare leaves by a call that does not come back: then the compiler
 * has no registers to save.
 */
#ifndef WQ_QUEUE_H
#define WQ_QUEUE_H

#include "core.h"
#include "io.h"
#include "wakeup.h"

void wqc_queue_count_refused(enum wqc_pool_id pool);
void wqc_queue_append_contended(struct wqc_queue *queue, struct wqc_lane *lane,
				WORK_QUEUE_ITEM *item, unsigned long flags);
void wqc_queue_append_slow(struct wqc_queue *queue, struct wqc_lane *lane,
			   WORK_QUEUE_ITEM *item, unsigned long flags) __releases(&queue->lock);
bool wqc_queue_try_append(enum wqc_pool_id pool, WORK_QUEUE_ITEM *item);
void wqc_queue_note_depth(struct wqc_queue *queue);
void wqc_runner_drain(struct wqc_runner *runner);
int wqc_queue_init(bool tortured);
void wqc_queue_exit(void);

/**
 * wqc_mark_claim - make an item ours
 * @item: the item, whatever its List holds
 * @kind: what it is
 *
 * A claim that fails writes nothing: the item is another caller's, or a routine's that has
 * freed it or put it on a list of its own by now. So Flink is written when the claim has
 * succeeded; until then the word alone is the proof, see wqc_mark_is_proven().
 *
 * Context: any.
 * Return: true; false if it is queued already.
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

/* The same for an item whose List is as we leave it; if it fails, wqc_mark_claim() knows more. */
static __always_inline bool wqc_mark_claim_clean(WORK_QUEUE_ITEM *item, enum wqc_kind kind)
{
	u64 old = 0;

	if (unlikely(!try_cmpxchg(wqc_mark_word(item), &old, wqc_mark_make(&wqc_lane_end, kind))))
		return false;
	WRITE_ONCE(item->List.Flink, &item->List);
	return true;
}

/* Gives up a claim on an item that no queue has seen. */
static inline void wqc_mark_unclaim(WORK_QUEUE_ITEM *item)
{
	WRITE_ONCE(item->List.Flink, NULL);
	/* Pairs with the next claim, as in wqc_mark_release(). */
	smp_store_release(wqc_mark_word(item), 0);
}

/*
 * The last item's link turns from the end of the list to @next; its kind stays. In one
 * instruction where there is one: readers without the lock see the old or the new word.
 */
static inline void wqc_mark_link(u64 *word, WORK_QUEUE_ITEM *next)
{
	/* data_race: see above */
	data_race(*word ^= (u64)(uintptr_t)&wqc_lane_end ^ (u64)(uintptr_t)next);
}

/* Lists a runner as idle. The caller has seen to rule 2 or does so next. */
static inline void wqc_runner_set_idle(struct wqc_queue *queue, struct wqc_runner *runner)
{
	lockdep_assert_held(&queue->lock);
	runner->state = WQC_RUNNER_IDLE;
	runner->next_idle = queue->idle;
	queue->idle = runner;
	WRITE_ONCE(queue->nr_idle, queue->nr_idle + 1);
}

/* Its first item has come: the lane is served when the others have been. */
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

/* Known to the compiler where it matters: WQC_SLOW_EMPTY then says whether it is empty. */
static __always_inline bool wqc_lane_is_default(const struct wqc_queue *queue,
						const struct wqc_lane *lane)
{
	return lane == &queue->lane;
}

/* Its last item has been taken. */
static inline void wqc_lane_clear(struct wqc_queue *queue, struct wqc_lane *lane)
{
	lockdep_assert_held(&queue->lock);
	lane->head = NULL;
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

/* Returns the first argument of the routine. */
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
 * The item's last moment as ours: after the release it is somebody else's. Flink is ->po
 * before it, so the next owner's Flink comes after ours in coherence order.
 */
static __always_inline void wqc_mark_release(struct wqc_queue *queue, WORK_QUEUE_ITEM *item)
{
	queue->depth--;
	WRITE_ONCE(item->List.Flink, NULL);
	wqc_window(WQC_W_RELEASE);
	/* Pairs with the claim: our reads are over before it is anybody's. */
	smp_store_release(wqc_mark_word(item), 0);
	wqc_window(WQC_W_RELEASED);
}

/* The lanes of a queue behind its own: those of the fronts. @cursor points to NULL at first. */
static inline struct wqc_lane *wqc_lane_next(struct wqc_queue *queue, void **cursor)
{
	return wqc_ops.next_lane ? wqc_ops.next_lane(queue, cursor) : NULL;
}

/**
 * wqc_queue_append - append a claimed item, see that somebody comes, interrupts on
 * @queue: a queue of the posting CPU
 * @lane: one of its lanes
 * @item: claimed, its fields written
 * @flags: from the caller's local_irq_save(), restored here
 *
 * Context: any, with interrupts off.
 */
static __always_inline void wqc_queue_append(struct wqc_queue *queue, struct wqc_lane *lane,
					     WORK_QUEUE_ITEM *item, unsigned long flags)
{
	WORK_QUEUE_ITEM *last;

	wqc_window(WQC_W_CLAIMED);
	if (unlikely(!wqc_queue_trylock(queue))) {
		wqc_queue_append_contended(queue, lane, item, flags);
		return;
	}
	__acquire(&queue->lock);	/* which sparse cannot see */
	last = lane->tail;
	/* last == item: its memory was cleared while it waits, and it is queued again. */
	if (unlikely(last == item ||
		     (wqc_lane_is_default(queue, lane) ? queue->slow :
		      !last || queue->slow & ~WQC_SLOW_EMPTY))) {
		wqc_queue_append_slow(queue, lane, item, flags);
		return;
	}
	wqc_mark_link(wqc_mark_word(last), item);
	lane->tail = item;
	queue->cumulative += queue->depth++;
	wqc_queue_unlock(queue);
	local_irq_restore(flags);
}

#endif /* WQ_QUEUE_H */
