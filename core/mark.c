// SPDX-License-Identifier: GPL-2.0
/*
 * The mark in an item that is queued or pending.
 *
 * Hazard: a driver may queue an item whose memory holds anything, and queue it twice. So whether
 * an item is queued is not known from a flag that the driver initialises, but from a value in
 * List.Blink that no driver leaves there by chance. The same word links the item:
 *
 *	mark = (address of the next item | kind) ^ key
 *
 * The key is made at load so that no pointer and no fill pattern reads as a mark. List.Flink is
 * not a link: it points to the item itself while the item is queued. ExInitializeWorkItem() on a
 * queued item, the most common misuse, sets it to NULL and leaves the mark.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/random.h>
#include <linux/uaccess.h>

#include "mark.h"

u64 wqc_mark_key __ro_after_init;
WORK_QUEUE_ITEM wqc_lane_end;

/*
 * Whether there is a queued item at @item. The word from which the address was decoded is perhaps
 * no mark, and the memory perhaps not mapped: so a nofault copy reads it.
 */
static bool wqc_mark_is_linked(WORK_QUEUE_ITEM *item)
{
	LIST_ENTRY list;

	if (copy_from_kernel_nofault(&list, &item->List, sizeof(list)))
		return false;
	return wqc_mark_is_plausible((u64)(uintptr_t)list.Blink) &&
	       (!list.Flink || list.Flink == &item->List);
}

/**
 * wqc_mark_is_proven - whether a word that reads as a mark is one
 * @item: memory that may hold anything
 * @word: read from its List.Blink; wqc_mark_is_plausible() is true for it
 *
 * One word of random bytes in 300 passes wqc_mark_is_plausible(). The item says which words are
 * marks. (No range of addresses is tested: ranges differ between architectures.) It is queued if
 *
 *  - the word links to the end of a lane: one of seven values of 64 bits that memory does not
 *    hold by chance. A claim writes this word first, and Flink only when the claim has
 *    succeeded. So an item is recognised from the first moment, and a claim that fails writes
 *    nothing to an item that another caller owns.
 *  - Or Flink points to the item itself. An item is appended behind another only after the
 *    other's Flink was written: before or under the queue's lock.
 *  - Or Flink is NULL and the next item is queued, too. ExInitializeWorkItem() was called for a
 *    queued item, or the pop is about to release the item: then the pop holds the lock under
 *    which the next item would be popped.
 *
 * The barrier orders the word before Flink and the next item, which are written before the word
 * links to that item. Proof: tests/litmus/item-refused.litmus, item-linked.litmus.
 *
 * Context: any.
 * Return: true if the item is queued, or was when @word was read.
 */
bool wqc_mark_is_proven(WORK_QUEUE_ITEM *item, u64 word)
{
	WORK_QUEUE_ITEM *next = wqc_mark_next(word);
	const LIST_ENTRY *flink;

	if (next == &wqc_lane_end)
		return true;
	smp_rmb();	/* the word before the rest; pairs with the lock that appended @next */
	flink = READ_ONCE(item->List.Flink);
	if (flink == &item->List)
		return true;
	return !flink && wqc_mark_is_linked(next);
}

/*
 * A word is a mark if its top byte, xored with the key's, is 0xff. With a top byte of the key that
 * is neither 0 nor 0xff no kernel pointer, user pointer or small number is a mark. Of the words of
 * one repeated byte only ~(top byte) passes, and the low bits of the key make its kind 0, which is
 * no kind. The poison values of the kernel and of Windows' debuggers are excluded by their top
 * bytes.
 */
static u64 wqc_mark_make_key(void)
{
	static const u8 poisons[] = { 0x00, 0xff, 0xde, 0xba, 0xfe };
	u64 key;
	u8 top;
	int i;

retry:
	key = get_random_u64();
	top = key >> 56;
	for (i = 0; i < ARRAY_SIZE(poisons); i++)
		if (top == (u8)~poisons[i])
			goto retry;
	return (key & ~(u64)WQC_KIND_MASK) | (~top & WQC_KIND_MASK);
}

void wqc_mark_init(void)
{
	wqc_mark_key = wqc_mark_make_key();
}
