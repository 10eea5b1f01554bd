/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The posting side of queue.c, inline for the fronts: claim and append. It is
 * half of what an item costs.
 */
#ifndef WQ_QUEUE_H
#define WQ_QUEUE_H

#include "wq_internal.h"

/**
 * wqc_claim - make an item ours
 * @item: the item, whatever its List holds
 * @kind: what it is
 *
 * Context: any.
 * Return: true; false if it is queued already.
 */
static inline bool wqc_claim(WORK_QUEUE_ITEM *item, enum wqc_kind kind)
{
	u64 mark = wqc_mark(&wqc_list_end, kind);
	u64 *word = wqc_word(item);
	u64 old = READ_ONCE(*word);

	/* Before the claim, for wqc_is_mark_of(); it is no link. */
	WRITE_ONCE(item->List.Flink, &item->List);
	do {
		if (unlikely(wqc_is_mark(old)) && wqc_is_mark_of(item, old))
			return false;
	} while (unlikely(!try_cmpxchg(word, &old, mark)));
	return true;
}

/* Gives up a claim on an item that no queue has seen. */
static inline void wqc_unclaim(WORK_QUEUE_ITEM *item)
{
	WRITE_ONCE(item->List.Flink, NULL);
	/* Pairs with the next claim, as in wqc_let_go(). */
	smp_store_release(wqc_word(item), 0);
}

/* The last item's link turns from the end of the list to @next; its kind stays. */
static inline void wqc_link_last(u64 *word, WORK_QUEUE_ITEM *next)
{
	WRITE_ONCE(*word, *word ^ (u64)(uintptr_t)&wqc_list_end ^ (u64)(uintptr_t)next);
}

/* Some item waits: is somebody on the way? */
static inline void wqc_kick_if_needed(struct wqc_queue *queue)
{
	if (queue->depth && !queue->waking)
		wqc_kick(queue);
}

/* Lists a runner as idle. The caller has seen to rule 2 or does so next. */
static inline void wqc_go_idle(struct wqc_queue *queue, struct wqc_runner *runner)
{
	lockdep_assert_held(&queue->lock);
	runner->state = WQC_RUNNER_IDLE;
	list_add(&runner->link, &queue->idle);
	WRITE_ONCE(queue->nr_idle, queue->nr_idle + 1);
}

/* Its last item has been taken. */
static inline void wqc_empty_lane(struct wqc_queue *queue, struct wqc_lane *lane)
{
	lockdep_assert_held(&queue->lock);
	lane->head = NULL;
	list_del(&lane->link);
	queue->nr_lanes--;
}

static __always_inline void wqc_append(struct wqc_queue *queue, struct wqc_lane *lane,
				       WORK_QUEUE_ITEM *item)
{
	lockdep_assert_held(&queue->lock);
	if (lane->head) {
		wqc_link_last(wqc_word(lane->tail), item);
	} else {
		lane->head = item;
		list_add_tail(&lane->link, &queue->lanes);
		queue->nr_lanes++;
	}
	lane->tail = item;
	queue->cumulative += queue->depth++;
	if (unlikely(queue->sample))
		wqc_sample(queue, item);
}

/**
 * wqc_enqueue - append a claimed item and see that somebody comes
 * @queue: a queue of the posting CPU
 * @lane: one of its lanes
 * @item: claimed, its fields written
 *
 * Context: any, with interrupts off.
 * Return: whether a runner was woken, for wqc_resched().
 */
static __always_inline bool wqc_enqueue(struct wqc_queue *queue, struct wqc_lane *lane,
					WORK_QUEUE_ITEM *item)
{
	bool kick;

	wqc_lock(queue);
	wqc_append(queue, lane, item);
	kick = !queue->waking;
	if (unlikely(kick))
		wqc_kick(queue);
	wqc_unlock(queue);
	return kick;
}

#endif /* WQ_QUEUE_H */
