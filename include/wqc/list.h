/* SPDX-License-Identifier: GPL-2.0 */
/*
 * LIST_ENTRY, SINGLE_LIST_ENTRY and SLIST. A LIST_ENTRY has the shape of a
 * struct list_head, but not its poison: Windows drivers remove an entry from a
 * list twice in a row, or look at one that was removed, and an entry is often
 * linked before it was ever initialised.
 */
#ifndef NTC_LIST_H
#define NTC_LIST_H

#include "spin.h"

static inline VOID InitializeListHead(PLIST_ENTRY ListHead)
{
	ListHead->Flink = ListHead;
	ListHead->Blink = ListHead;
}

static inline BOOLEAN IsListEmpty(const LIST_ENTRY *ListHead)
{
	return READ_ONCE(ListHead->Flink) == ListHead;
}

/* What Windows does with a corrupt list is a bug check (0x139/3); here a warning. */
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

static inline VOID InsertHeadList(PLIST_ENTRY ListHead, PLIST_ENTRY Entry)
{
	ntc_list_insert(ListHead, Entry, ListHead->Flink);
}

static inline VOID InsertTailList(PLIST_ENTRY ListHead, PLIST_ENTRY Entry)
{
	ntc_list_insert(ListHead->Blink, Entry, ListHead);
}

static inline BOOLEAN RemoveEntryList(PLIST_ENTRY Entry)
{
	PLIST_ENTRY next = Entry->Flink, prev = Entry->Blink;

	WARN_ONCE(prev->Flink != Entry || next->Blink != Entry, "a LIST_ENTRY is corrupt\n");
	prev->Flink = next;
	next->Blink = prev;
	return prev == next;
}

static inline PLIST_ENTRY RemoveHeadList(PLIST_ENTRY ListHead)
{
	PLIST_ENTRY entry = ListHead->Flink;

	RemoveEntryList(entry);
	return entry;
}

static inline PLIST_ENTRY RemoveTailList(PLIST_ENTRY ListHead)
{
	PLIST_ENTRY entry = ListHead->Blink;

	RemoveEntryList(entry);
	return entry;
}

static inline VOID AppendTailList(PLIST_ENTRY ListHead, PLIST_ENTRY ListToAppend)
{
	PLIST_ENTRY tail = ListHead->Blink;

	ListHead->Blink->Flink = ListToAppend;
	ListHead->Blink = ListToAppend->Blink;
	ListToAppend->Blink->Flink = ListHead;
	ListToAppend->Blink = tail;
}

static inline VOID PushEntryList(PSINGLE_LIST_ENTRY ListHead, PSINGLE_LIST_ENTRY Entry)
{
	Entry->Next = ListHead->Next;
	ListHead->Next = Entry;
}

static inline PSINGLE_LIST_ENTRY PopEntryList(PSINGLE_LIST_ENTRY ListHead)
{
	PSINGLE_LIST_ENTRY entry = ListHead->Next;

	if (entry)
		ListHead->Next = entry->Next;
	return entry;
}

/* ---- under a spin lock that is only used by such calls -------------------- */

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

/* ---- SLIST: any IRQL, no lock of the client's ------------------------------ */

typedef SINGLE_LIST_ENTRY SLIST_ENTRY, *PSLIST_ENTRY;

typedef struct _SLIST_HEADER {
	SLIST_ENTRY Next;
	USHORT Depth;
	USHORT Sequence;
	ULONG Reserved;
} SLIST_HEADER __aligned(16), *PSLIST_HEADER;

static inline VOID InitializeSListHead(PSLIST_HEADER SListHead)
{
	memset(SListHead, 0, sizeof(*SListHead));
}

PSLIST_ENTRY ExpInterlockedPushEntrySList(PSLIST_HEADER ListHead, PSLIST_ENTRY ListEntry);
PSLIST_ENTRY ExpInterlockedPopEntrySList(PSLIST_HEADER ListHead);
PSLIST_ENTRY ExpInterlockedFlushSList(PSLIST_HEADER ListHead);

static inline USHORT ExQueryDepthSList(PSLIST_HEADER SListHead)
{
	return READ_ONCE(SListHead->Depth);
}

static inline PSLIST_ENTRY FirstEntrySList(const SLIST_HEADER *SListHead)
{
	return READ_ONCE(SListHead->Next.Next);
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
