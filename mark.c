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
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/random.h>
#include <linux/vmalloc.h>

#include "wq_mark.h"

u64 wqc_key __ro_after_init;
WORK_QUEUE_ITEM wqc_list_end;

/*
 * A word that reads as a mark, in memory that may hold anything: is it one? A
 * queued item's Flink is its own address, set before the claim, or NULL; and
 * what the word links to is memory. One word of random bytes in 300 passes
 * wqc_is_mark(); none passes this too.
 *
 * A claim looks at a Flink that it has just written itself, and coherence lets it see
 * nothing older. Others (RxIsWorkItemQueued(), IoFreeWorkItem()) read the word first and
 * Flink after it, with no barrier between: while the item is being claimed they may see an
 * older Flink, and then the answer is that of a moment before, "not queued". That is what
 * the answer to a question that races with a claim may be.
 */
bool wqc_is_mark_of(WORK_QUEUE_ITEM *item, u64 word)
{
	const LIST_ENTRY *flink = READ_ONCE(item->List.Flink);
	void *next = wqc_mark_next(word);

	if (flink && flink != &item->List)
		return false;
	if (next == &wqc_list_end || virt_addr_valid(next))
		return true;
	if (is_vmalloc_addr(next))
		return vmalloc_to_page(next);
	/* Static data of the kernel and of modules: the last 4 GiB. */
	return upper_32_bits((u64)(uintptr_t)next) == U32_MAX;
}

/*
 * A mark's top byte, the key taken off, is 0xff, as in every kernel address. A
 * key whose top byte is neither 0 nor 0xff therefore makes no mark of a kernel
 * pointer, a user pointer or a small number. Of the words of one repeated byte
 * only ~(top byte) could pass, and the low bits of the key make its kind 0. The
 * poisons of the kernel and of Windows' debuggers are avoided by their top byte.
 */
static u64 wqc_make_key(void)
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
	wqc_key = wqc_make_key();
}
