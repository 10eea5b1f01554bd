/* SPDX-License-Identifier: GPL-2.0 */
/*
 * LIST_ENTRY, SINGLE_LIST_ENTRY and SLIST. A LIST_ENTRY has the layout of a struct list_head, but
 * no list poison: Windows drivers remove an entry twice, read an entry that was removed, and link
 * entries that were never initialised.
 */
#ifndef NTC_LIST_H
#define NTC_LIST_H

#include "spin.h"

/**
 * InitializeListHead - initialise a list head
 * @ListHead: memory of any kind
 *
 * Context: any IRQL; here any context.
 *
 * Follows: DDI InitializeListHead.
 */
static inline VOID InitializeListHead(PLIST_ENTRY ListHead)
{
	ListHead->Flink = ListHead;
	ListHead->Blink = ListHead;
}

/**
 * IsListEmpty - whether a list is empty
 * @ListHead: head of the list
 *
 * Context: any IRQL; here any context, without a lock too.
 * Return: TRUE if the list is empty.
 *
 * Follows: DDI IsListEmpty.
 */
static inline BOOLEAN IsListEmpty(const LIST_ENTRY *ListHead)
{
	return READ_ONCE(ListHead->Flink) == ListHead;
}

/* A corrupt list is a bug check (0x139/3) on Windows, and a warning here. */
static inline void ntc_list_check(const LIST_ENTRY *prev, const LIST_ENTRY *next)
{
	WARN_ONCE(prev->Flink != next || next->Blink != prev, "a LIST_ENTRY is corrupt\n");
}

static inline void ntc_list_insert(PLIST_ENTRY prev, PLIST_ENTRY entry, PLIST_ENTRY next)
{
	ntc_list_check(prev, next);
	entry->Flink = next;
	entry->Blink = prev;
	next->Blink = entry;
	prev->Flink = entry;
}

/**
 * InsertHeadList - insert an entry at the head of a list
 * @ListHead: head of the list
 * @Entry: entry to insert; need not be initialised
 *
 * Context: any IRQL; here any context. The caller serialises access to the list.
 *
 * Follows: DDI InsertHeadList.
 */
static inline VOID InsertHeadList(PLIST_ENTRY ListHead, PLIST_ENTRY Entry)
{
	ntc_list_insert(ListHead, Entry, ListHead->Flink);
}

/**
 * InsertTailList - insert an entry at the tail of a list
 * @ListHead: head of the list
 * @Entry: entry to insert; need not be initialised
 *
 * Context: as InsertHeadList().
 *
 * Follows: DDI InsertTailList.
 */
static inline VOID InsertTailList(PLIST_ENTRY ListHead, PLIST_ENTRY Entry)
{
	ntc_list_insert(ListHead->Blink, Entry, ListHead);
}

/**
 * RemoveEntryList - remove an entry from its list
 * @Entry: entry to remove; its links stay as they are
 *
 * Context: as InsertHeadList().
 * Return: TRUE if the list is empty now.
 *
 * Follows: DDI RemoveEntryList.
 */
static inline BOOLEAN RemoveEntryList(PLIST_ENTRY Entry)
{
	PLIST_ENTRY next = Entry->Flink, prev = Entry->Blink;

	WARN_ONCE(prev->Flink != Entry || next->Blink != Entry, "a LIST_ENTRY is corrupt\n");
	prev->Flink = next;
	next->Blink = prev;
	return prev == next;
}

/**
 * RemoveHeadList - remove the first entry of a list
 * @ListHead: head of the list
 *
 * Context: as InsertHeadList().
 * Return: the entry; @ListHead itself if the list is empty.
 *
 * Follows: DDI RemoveHeadList.
 */
static inline PLIST_ENTRY RemoveHeadList(PLIST_ENTRY ListHead)
{
	PLIST_ENTRY entry = ListHead->Flink;

	RemoveEntryList(entry);
	return entry;
}

/**
 * RemoveTailList - remove the last entry of a list
 * @ListHead: head of the list
 *
 * Context: as InsertHeadList().
 * Return: the entry; @ListHead itself if the list is empty.
 *
 * Follows: DDI RemoveTailList.
 */
static inline PLIST_ENTRY RemoveTailList(PLIST_ENTRY ListHead)
{
	PLIST_ENTRY entry = ListHead->Blink;

	RemoveEntryList(entry);
	return entry;
}

/**
 * AppendTailList - append a list without a head to a list
 * @ListHead: head of the list
 * @ListToAppend: first entry of the entries to append, which form a ring
 *
 * Context: as InsertHeadList().
 *
 * Follows: DDI AppendTailList.
 */
static inline VOID AppendTailList(PLIST_ENTRY ListHead, PLIST_ENTRY ListToAppend)
{
	PLIST_ENTRY tail = ListHead->Blink;

	ListHead->Blink->Flink = ListToAppend;
	ListHead->Blink = ListToAppend->Blink;
	ListToAppend->Blink->Flink = ListHead;
	ListToAppend->Blink = tail;
}

/**
 * PushEntryList - insert an entry at the head of a singly linked list
 * @ListHead: head of the list
 * @Entry: entry to insert
 *
 * Context: as InsertHeadList().
 *
 * Follows: DDI PushEntryList.
 */
static inline VOID PushEntryList(PSINGLE_LIST_ENTRY ListHead, PSINGLE_LIST_ENTRY Entry)
{
	Entry->Next = ListHead->Next;
	ListHead->Next = Entry;
}

/**
 * PopEntryList - remove the first entry of a singly linked list
 * @ListHead: head of the list
 *
 * Context: as InsertHeadList().
 * Return: the entry; NULL if the list is empty.
 *
 * Follows: DDI PopEntryList.
 */
static inline PSINGLE_LIST_ENTRY PopEntryList(PSINGLE_LIST_ENTRY ListHead)
{
	PSINGLE_LIST_ENTRY entry = ListHead->Next;

	if (entry)
		ListHead->Next = entry->Next;
	return entry;
}

/* ---- under a spin lock that only these calls use ----------------------- */

/**
 * ExInterlockedInsertHeadList - insert an entry at the head of a list, under a spin lock
 * @ListHead: head of the list
 * @Entry: entry to insert
 * @Lock: spin lock that is only used by these calls
 *
 * Context: any IRQL; here any context, but on PREEMPT_RT not with interrupts off.
 * Return: the previous first entry; NULL if the list was empty.
 *
 * Follows: DDI ExInterlockedInsertHeadList.
 */
static inline PLIST_ENTRY ExInterlockedInsertHeadList(PLIST_ENTRY ListHead, PLIST_ENTRY Entry,
						      PKSPIN_LOCK Lock)
{
	PLIST_ENTRY first;
	unsigned long flags;

	ntc_spin_lock_irqsave(Lock, flags);
	first = IsListEmpty(ListHead) ? NULL : ListHead->Flink;
	InsertHeadList(ListHead, Entry);
	ntc_spin_unlock_irqrestore(Lock, flags);
	return first;
}

/**
 * ExInterlockedInsertTailList - insert an entry at the tail of a list, under a spin lock
 * @ListHead: head of the list
 * @Entry: entry to insert
 * @Lock: as for ExInterlockedInsertHeadList()
 *
 * Context: as ExInterlockedInsertHeadList().
 * Return: the previous last entry; NULL if the list was empty.
 *
 * Follows: DDI ExInterlockedInsertTailList.
 */
static inline PLIST_ENTRY ExInterlockedInsertTailList(PLIST_ENTRY ListHead, PLIST_ENTRY Entry,
						      PKSPIN_LOCK Lock)
{
	PLIST_ENTRY last;
	unsigned long flags;

	ntc_spin_lock_irqsave(Lock, flags);
	last = IsListEmpty(ListHead) ? NULL : ListHead->Blink;
	InsertTailList(ListHead, Entry);
	ntc_spin_unlock_irqrestore(Lock, flags);
	return last;
}

/**
 * ExInterlockedRemoveHeadList - remove the first entry of a list, under a spin lock
 * @ListHead: head of the list
 * @Lock: as for ExInterlockedInsertHeadList()
 *
 * Context: as ExInterlockedInsertHeadList().
 * Return: the entry; NULL if the list is empty.
 *
 * Follows: DDI ExInterlockedRemoveHeadList.
 */
static inline PLIST_ENTRY ExInterlockedRemoveHeadList(PLIST_ENTRY ListHead, PKSPIN_LOCK Lock)
{
	PLIST_ENTRY entry = NULL;
	unsigned long flags;

	ntc_spin_lock_irqsave(Lock, flags);
	if (!IsListEmpty(ListHead))
		entry = RemoveHeadList(ListHead);
	ntc_spin_unlock_irqrestore(Lock, flags);
	return entry;
}

/**
 * ExInterlockedPushEntryList - insert at the head of a singly linked list, under a spin lock
 * @ListHead: head of the list
 * @ListEntry: entry to insert
 * @Lock: as for ExInterlockedInsertHeadList()
 *
 * Context: as ExInterlockedInsertHeadList().
 * Return: the previous first entry, or NULL.
 *
 * Follows: DDI ExInterlockedPushEntryList.
 */
static inline PSINGLE_LIST_ENTRY ExInterlockedPushEntryList(PSINGLE_LIST_ENTRY ListHead,
							    PSINGLE_LIST_ENTRY ListEntry,
							    PKSPIN_LOCK Lock)
{
	PSINGLE_LIST_ENTRY first;
	unsigned long flags;

	ntc_spin_lock_irqsave(Lock, flags);
	first = ListHead->Next;
	PushEntryList(ListHead, ListEntry);
	ntc_spin_unlock_irqrestore(Lock, flags);
	return first;
}

/**
 * ExInterlockedPopEntryList - remove the first entry of a singly linked list, under a spin lock
 * @ListHead: head of the list
 * @Lock: as for ExInterlockedInsertHeadList()
 *
 * Context: as ExInterlockedInsertHeadList().
 * Return: the entry; NULL if the list is empty.
 *
 * Follows: DDI ExInterlockedPopEntryList.
 */
static inline PSINGLE_LIST_ENTRY ExInterlockedPopEntryList(PSINGLE_LIST_ENTRY ListHead,
							   PKSPIN_LOCK Lock)
{
	PSINGLE_LIST_ENTRY entry;
	unsigned long flags;

	ntc_spin_lock_irqsave(Lock, flags);
	entry = PopEntryList(ListHead);
	ntc_spin_unlock_irqrestore(Lock, flags);
	return entry;
}

/* ---- SLIST: any IRQL, without a lock of the driver --------------------- */

/* The attributes are at the end because genksyms (CONFIG_MODVERSIONS) knows no other place. */
typedef struct _SLIST_ENTRY {
	struct _SLIST_ENTRY *Next;
} __aligned(16) SLIST_ENTRY, *PSLIST_ENTRY;

typedef union _SLIST_HEADER {
	struct {
		ULONGLONG Alignment;
		ULONGLONG Region;
	};
	struct {
		PSLIST_ENTRY First;
		USHORT Depth;
		USHORT Sequence;
		ULONG Reserved;
	};
} __aligned(16) SLIST_HEADER, *PSLIST_HEADER;

/**
 * InitializeSListHead - initialise an SLIST
 * @SListHead: head of the list, aligned to 16 bytes
 *
 * Context: any IRQL; here any context.
 *
 * Follows: DDI InitializeSListHead.
 */
static inline VOID InitializeSListHead(PSLIST_HEADER SListHead)
{
	memset(SListHead, 0, sizeof(*SListHead));
}

PSLIST_ENTRY ExpInterlockedPushEntrySList(PSLIST_HEADER ListHead, PSLIST_ENTRY ListEntry);
PSLIST_ENTRY ExpInterlockedPopEntrySList(PSLIST_HEADER ListHead);
PSLIST_ENTRY ExpInterlockedFlushSList(PSLIST_HEADER ListHead);

/**
 * ExQueryDepthSList - number of entries of an SLIST
 * @SListHead: head of the list
 *
 * Context: any IRQL; here any context.
 * Return: the number of entries, modulo 65,536.
 *
 * Follows: DDI ExQueryDepthSList.
 */
static inline USHORT ExQueryDepthSList(PSLIST_HEADER SListHead)
{
	return READ_ONCE(SListHead->Depth);
}

/**
 * FirstEntrySList - first entry of an SLIST
 * @SListHead: head of the list
 *
 * Context: any IRQL; here any context.
 * Return: the entry, which another CPU may remove at any time; or NULL.
 *
 * Follows: DDI FirstEntrySList.
 */
static inline PSLIST_ENTRY FirstEntrySList(const SLIST_HEADER *SListHead)
{
	return READ_ONCE(SListHead->First);
}

#define ExInitializeSListHead(Head)			InitializeSListHead(Head)
#define ExInterlockedPushEntrySList(Head, Entry, Lock)	ExpInterlockedPushEntrySList(Head, Entry)
#define ExInterlockedPopEntrySList(Head, Lock)		ExpInterlockedPopEntrySList(Head)
#define ExInterlockedFlushSList(Head)			ExpInterlockedFlushSList(Head)
#define InterlockedPushEntrySList(Head, Entry)		ExpInterlockedPushEntrySList(Head, Entry)
#define InterlockedPopEntrySList(Head)			ExpInterlockedPopEntrySList(Head)
#define InterlockedFlushSList(Head)			ExpInterlockedFlushSList(Head)
#define QueryDepthSList(Head)				ExQueryDepthSList(Head)

#endif /* NTC_LIST_H */
