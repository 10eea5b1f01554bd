// SPDX-License-Identifier: GPL-2.0
/*
 * Take back a waiting item, mostly because its memory is freed: without that, the next pop would be
 * a use-after-free.
 *
 * Bound of a hold of the queue's lock: all items of the lane. Slow path: only misuse comes here,
 * and rare calls.
 */
#include "queue.h"
#include "take_back.h"
#include "unload.h"

/**
 * wqc_lane_take_back - remove an item that waits
 * @queue: the queue
 * @lane: the lane of @queue that is searched
 * @wanted: the item; an address to compare, which need not be in @lane
 * @call: receives the run that does not happen; the caller puts its reference
 *
 * Context: any.
 * Return: true if an item was removed.
 */
bool wqc_lane_take_back(struct wqc_queue *queue, struct wqc_lane *lane,
			const WORK_QUEUE_ITEM *wanted, struct wqc_call *call)
{
	WORK_QUEUE_ITEM *item, *next, *prev = NULL;
	unsigned long flags;
	enum wqc_kind kind;
	bool found = false;
	u64 mark;

	wqc_queue_lock_irqsave(queue, flags);
	for (item = lane->head; item; prev = item, item = next) {
		mark = READ_ONCE(*wqc_mark_word(item));
		if (!wqc_mark_is_plausible(mark))
			break;	/* wqc_queue_pop() reports it */
		/* Misuse: an item that was cleared and queued again may link to itself. */
		next = item == lane->tail ? &wqc_lane_end : wqc_mark_next(mark);
		if (item == wanted) {
			found = true;
			break;
		}
		if (next == &wqc_lane_end)
			next = NULL;
	}
	if (found) {
		wqc_lane_unlink(queue, lane, item, prev, next);
		wqc_cursor_unlinked(prev, next);
		kind = wqc_mark_kind(mark);
		if (kind > WQC_KIND_SAMPLED) {
			kind &= ~WQC_KIND_SAMPLED;
			queue->sampled = false;
		}
		wqc_call_fill(lane, item, kind, call);
		queue->counter[WQC_TAKEN_BACK]++;
		wqc_mark_release(queue, item);
	}
	wqc_queue_unlock_irqrestore(queue, flags);
	return found;
}
