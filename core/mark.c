// SPDX-License-Identifier: GPL-2.0
/*
 * The mark that an item has while it is queued or pending.
 *
 * An item that waits is linked through List.Blink, which at the same time says
 * that it waits and what it is:
 *
 *	mark = (address of the next item | kind) ^ key
 *
 * The key is made at load so that no pointer and no fill pattern, whatever a
 * driver left in the word, reads as a mark. List.Flink is no link: it is only
 * non-NULL while the item waits, because ExInitializeWorkItem() on a waiting
 * item, the commonest of all misuses, sets it to NULL.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/random.h>
#include <linux/uaccess.h>

#include "mark.h"

u64 wqc_mark_key __ro_after_init;
WORK_QUEUE_ITEM wqc_lane_end;

/*
 * Is there a queued item at an address that may be anything? The address comes from a word
 * that only may be a mark, so it must not be dereferenced: an access that faults returns an
 * error instead.
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
 * One word of random bytes in 300 passes wqc_mark_is_plausible(). The item itself has the proof; no
 * range of addresses is asked about, because those differ from one architecture to the next:
 *
 *  - The word links to the end of the list. That is one of eight values of 64 bits that no
 *    memory holds by chance. A claim writes this word, and only when the claim has succeeded
 *    Flink: so an item is recognised from the first moment, and a claim that fails writes
 *    nothing to an item that another owns.
 *  - Otherwise Flink points to itself. Nothing is appended behind an item before its Flink is
 *    written: both are done under the queue's lock, or before it.
 *  - Or Flink is NULL, because ExInitializeWorkItem() was called for a queued item, or the pop
 *    is about to release the item. Then the next item is a queued item as well: the pop holds
 *    the lock under which the next one would be popped.
 *
 * The two barriers order our reads against a pop: it writes Flink, releases the word, and only
 * then the next item can be popped. A caller that finds the next item popped and then still
 * reads the old word would take a queued item for a free one. For wqc_mark_claim() the second is
 * implied: its try_cmpxchg() succeeds only on the current word, and is fully ordered then.
 * tests/litmus/ has the proof.
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
	smp_rmb();	/* the word before Flink; pairs with the lock of who appended @next */
	flink = READ_ONCE(item->List.Flink);
	if (flink == &item->List)
		return true;
	smp_rmb();	/* Flink before the next item; pairs with the release of the pop */
	return !flink && wqc_mark_is_linked(next);
}

/*
 * A mark's top byte, the key taken off, is 0xff, as in every kernel address. A
 * key whose top byte is neither 0 nor 0xff therefore makes no mark of a kernel
 * pointer, a user pointer or a small number. Of the words of one repeated byte
 * only ~(top byte) could pass, and the low bits of the key make its kind 0. The
 * poisons of the kernel and of Windows' debuggers are avoided by their top byte.
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
	if (!top || top == 0xff)
		goto retry;
	return (key & ~(u64)WQC_KIND_MASK) | (~top & WQC_KIND_MASK);
}

void wqc_mark_init(void)
{
	wqc_mark_key = wqc_mark_make_key();
}
