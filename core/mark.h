/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The mark: one word that says that an item is queued, of which kind it is, and which item is next.
 * See mark.c.
 */
#ifndef WQ_MARK_H
#define WQ_MARK_H

#include <linux/compiler.h>
#include <linux/types.h>

#include "../wq_compat.h"

/*
 * The kind of an item, in the low bits of its mark. wqc_queue_pop() has a fast path for the first
 * two; all others take the slow path.
 */
enum wqc_kind {
	WQC_KIND_IO = 1,		/* struct wqc_io_item */
	WQC_KIND_PLAIN = 2,		/* WORK_QUEUE_ITEM or RX_WORK_QUEUE_ITEM of a driver */
	WQC_KIND_OWN_ENTRY = 3,		/* an entry of cache.c, freed when it is popped */
	WQC_KIND_SAMPLED = 4,		/* flag on one of the above: the item is timed */
	/* The flag alone: a request, pending or in a lane; unload.c's cursor. Never timed. */
	WQC_KIND_SPECIAL = WQC_KIND_SAMPLED,
	WQC_KIND_MASK = 7,
};

extern u64 wqc_mark_key;
extern WORK_QUEUE_ITEM wqc_lane_end;

static inline u64 wqc_mark_make(WORK_QUEUE_ITEM *next, enum wqc_kind kind)
{
	return ((u64)(uintptr_t)next + kind) ^ wqc_mark_key;
}

static inline WORK_QUEUE_ITEM *wqc_mark_next(u64 word)
{
	return (void *)(uintptr_t)((word ^ wqc_mark_key) & ~(u64)WQC_KIND_MASK);
}

static inline enum wqc_kind wqc_mark_kind(u64 word)
{
	return (word ^ wqc_mark_key) & WQC_KIND_MASK;
}

#define WQC_TOP_BYTE	(0xffULL << 56)

/*
 * Decodes to a kernel address, whose top byte is 0xff with 57-bit addresses, too. This suffices
 * for a word that is known to have been a mark. A word that may hold anything also needs
 * wqc_mark_is_proven().
 */
static inline bool wqc_mark_is_plausible(u64 word)
{
	u64 plain = word ^ wqc_mark_key;

	return plain >= WQC_TOP_BYTE && (plain & WQC_KIND_MASK);
}

static inline u64 *wqc_mark_word(WORK_QUEUE_ITEM *item)
{
	return (u64 *)&item->List.Blink;
}

/* Changes the link of a queued item; its kind stays. Under the queue's lock. */
static inline void wqc_mark_set_next(WORK_QUEUE_ITEM *item, WORK_QUEUE_ITEM *next)
{
	u64 *word = wqc_mark_word(item);

	WRITE_ONCE(*word, wqc_mark_make(next, wqc_mark_kind(READ_ONCE(*word))));
}

void wqc_mark_init(void);
bool wqc_mark_is_proven(WORK_QUEUE_ITEM *item, u64 word);

static inline bool wqc_item_is_queued(WORK_QUEUE_ITEM *item)
{
	u64 word = READ_ONCE(*wqc_mark_word(item));

	return wqc_mark_is_plausible(word) && wqc_mark_is_proven(item, word);
}

#endif /* WQ_MARK_H */
