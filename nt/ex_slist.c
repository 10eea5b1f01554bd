// SPDX-License-Identifier: GPL-2.0
/*
 * SLISTs. Windows updates their head by a 16-byte compare-and-exchange. That instruction is not
 * available on every machine, nor under one name on every kernel, so here one of a few locks,
 * chosen by the list's address, protects the head.
 */
#include <linux/export.h>
#include <linux/hash.h>

#include "nt.h"

#define NTC_SLIST_BITS	4

static struct {
	raw_spinlock_t lock;
} ____cacheline_aligned_in_smp ntc_slists[BIT(NTC_SLIST_BITS)] = {
	[0 ... BIT(NTC_SLIST_BITS) - 1] = { __RAW_SPIN_LOCK_UNLOCKED(ntc_slists) },
};

static raw_spinlock_t *ntc_slist_lock(PSLIST_HEADER head)
{
	return &ntc_slists[hash_ptr(head, NTC_SLIST_BITS)].lock;
}

/**
 * ExpInterlockedPushEntrySList - add an entry at the head
 * @ListHead: initialised, or zeroed
 * @ListEntry: the entry
 *
 * ExInterlockedPushEntrySList() and InterlockedPushEntrySList() are this function.
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 * Return: the previous first entry, or NULL.
 *
 * Follows: DDI wdm/nf-wdm-exinterlockedpushentryslist.
 */
PSLIST_ENTRY ExpInterlockedPushEntrySList(PSLIST_HEADER ListHead, PSLIST_ENTRY ListEntry)
{
	raw_spinlock_t *lock = ntc_slist_lock(ListHead);
	PSLIST_ENTRY first;
	unsigned long flags;

	raw_spin_lock_irqsave(lock, flags);
	first = ListHead->First;
	ListEntry->Next = first;
	WRITE_ONCE(ListHead->First, ListEntry);
	WRITE_ONCE(ListHead->Depth, ListHead->Depth + 1);
	ListHead->Sequence++;
	raw_spin_unlock_irqrestore(lock, flags);
	return first;
}
EXPORT_SYMBOL_GPL(ExpInterlockedPushEntrySList);

/**
 * ExpInterlockedPopEntrySList - remove the first entry
 * @ListHead: initialised, or zeroed
 *
 * ExInterlockedPopEntrySList() and InterlockedPopEntrySList() are this function.
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 * Return: the entry, or NULL.
 *
 * Follows: DDI wdm/nf-wdm-exinterlockedpopentryslist.
 */
PSLIST_ENTRY ExpInterlockedPopEntrySList(PSLIST_HEADER ListHead)
{
	raw_spinlock_t *lock = ntc_slist_lock(ListHead);
	PSLIST_ENTRY first;
	unsigned long flags;

	raw_spin_lock_irqsave(lock, flags);
	first = ListHead->First;
	if (first) {
		WRITE_ONCE(ListHead->First, first->Next);
		WRITE_ONCE(ListHead->Depth, ListHead->Depth - 1);
		ListHead->Sequence++;
	}
	raw_spin_unlock_irqrestore(lock, flags);
	return first;
}
EXPORT_SYMBOL_GPL(ExpInterlockedPopEntrySList);

/**
 * ExpInterlockedFlushSList - remove all entries
 * @ListHead: initialised, or zeroed
 *
 * ExInterlockedFlushSList() and InterlockedFlushSList() are this function.
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 * Return: the first entry, linked to the others by Next; or NULL.
 *
 * Follows: DDI wdm/nf-wdm-exinterlockedflushslist.
 */
PSLIST_ENTRY ExpInterlockedFlushSList(PSLIST_HEADER ListHead)
{
	raw_spinlock_t *lock = ntc_slist_lock(ListHead);
	PSLIST_ENTRY first;
	unsigned long flags;

	raw_spin_lock_irqsave(lock, flags);
	first = ListHead->First;
	WRITE_ONCE(ListHead->First, NULL);
	WRITE_ONCE(ListHead->Depth, 0);
	ListHead->Sequence++;
	raw_spin_unlock_irqrestore(lock, flags);
	return first;
}
EXPORT_SYMBOL_GPL(ExpInterlockedFlushSList);
