// SPDX-License-Identifier: GPL-2.0
/*
 * Lookaside lists: a sequenced list before the pool, or before the driver's own
 * routines. Windows measures how many entries each list should keep; here it is one
 * number, for what is behind is the slab allocator, which is quick.
 *
 * An entry's pool block bears the name of the driver that allocated it, so a list that
 * was not deleted shows as leaked memory when its driver unloads.
 */
#include <linux/atomic.h>
#include <linux/export.h>

#include "ex_pool.h"

#define NTC_LOOKASIDE_DEPTH	32
#define NTC_LOOKASIDE_FLAGS		(POOL_NX_ALLOCATION | POOL_RAISE_IF_ALLOCATION_FAILURE)

static void ntc_lookaside_init(PGENERAL_LOOKASIDE list, POOL_TYPE type, SIZE_T size, ULONG tag)
{
	memset(list, 0, sizeof(*list));
	InitializeSListHead(&list->ListHead);
	list->Depth = NTC_LOOKASIDE_DEPTH;
	list->MaximumDepth = NTC_LOOKASIDE_DEPTH;
	list->Type = type;
	list->Tag = tag;
	list->Size = max_t(SIZE_T, size, LOOKASIDE_MINIMUM_BLOCK_SIZE);
}

static ULONG ntc_lookaside_ex_flags(ULONG flags)
{
	switch (flags) {
	case EX_LOOKASIDE_LIST_EX_FLAGS_RAISE_ON_FAIL:
		return POOL_RAISE_IF_ALLOCATION_FAILURE;
	case EX_LOOKASIDE_LIST_EX_FLAGS_FAIL_NO_RAISE:
		return POOL_QUOTA_FAIL_INSTEAD_OF_RAISE;
	default:
		return 0;
	}
}

/* The routines are called whatever their type is in truth: see wq_run.h. */
static __nocfi PVOID ntc_lookaside_alloc(PGENERAL_LOOKASIDE list, void *caller)
{
	PVOID entry;

	InterlockedIncrement(&list->TotalAllocates);
	entry = InterlockedPopEntrySList(&list->ListHead);
	if (entry)
		return entry;
	InterlockedIncrement(&list->AllocateMisses);
	if (!list->Allocate)
		return ntc_pool_alloc_type(list->Type, list->Size, list->Tag, caller);
	if (list->Ex)
		return list->AllocateEx(list->Type, list->Size, list->Tag,
					container_of(list, LOOKASIDE_LIST_EX, L));
	return list->Allocate(list->Type, list->Size, list->Tag);
}

static __nocfi void ntc_lookaside_free_entry(PGENERAL_LOOKASIDE list, PVOID entry, void *caller)
{
	/* What the driver's own routine allocated has a tag of its choice. */
	if (!list->Free)
		ntc_pool_free(entry, list->Allocate ? 0 : list->Tag, caller);
	else if (list->Ex)
		list->FreeEx(entry, container_of(list, LOOKASIDE_LIST_EX, L));
	else
		list->Free(entry);
}

/* Some more than @Depth may stay, if CPUs free at the same time. */
static void ntc_lookaside_free(PGENERAL_LOOKASIDE list, PVOID entry, void *caller)
{
	InterlockedIncrement(&list->TotalFrees);
	ntc_memory_freed(entry, list->Size, caller);
	if (ExQueryDepthSList(&list->ListHead) < list->Depth) {
		InterlockedPushEntrySList(&list->ListHead, (PSLIST_ENTRY)entry);
		return;
	}
	InterlockedIncrement(&list->FreeMisses);
	ntc_lookaside_free_entry(list, entry, caller);
}

static void ntc_lookaside_flush(PGENERAL_LOOKASIDE list, void *caller)
{
	PSLIST_ENTRY entry, next;

	for (entry = InterlockedFlushSList(&list->ListHead); entry; entry = next) {
		next = entry->Next;
		ntc_lookaside_free_entry(list, entry, caller);
	}
}

/**
 * ExInitializeNPagedLookasideList - initialise a lookaside list
 * @Lookaside: nonpaged memory, 16-byte aligned
 * @Allocate: allocates an entry when the list has none; NULL: the pool
 * @Free: its counterpart; NULL: the pool
 * @Flags: POOL_NX_ALLOCATION and POOL_RAISE_IF_ALLOCATION_FAILURE are in the type that
 *	@Allocate gets; the pool returns NULL in any case
 * @Size: of an entry
 * @Tag: for the pool, or for @Allocate
 * @Depth: not used, on Windows neither
 *
 * Context: IRQL <= DISPATCH_LEVEL on Windows; here any.
 *
 * Follows: DDI wdm/nf-wdm-exinitializenpagedlookasidelist.
 */
VOID ExInitializeNPagedLookasideList(PNPAGED_LOOKASIDE_LIST Lookaside,
				     PALLOCATE_FUNCTION Allocate, PFREE_FUNCTION Free,
				     ULONG Flags, SIZE_T Size, ULONG Tag, USHORT Depth)
{
	ntc_lookaside_init(&Lookaside->L, NonPagedPool | (Flags & NTC_LOOKASIDE_FLAGS), Size, Tag);
	Lookaside->L.Allocate = Allocate;
	Lookaside->L.Free = Free;
}
EXPORT_SYMBOL_GPL(ExInitializeNPagedLookasideList);

/**
 * ExAllocateFromNPagedLookasideList - an entry
 * @Lookaside: initialised
 *
 * Context: as ExAllocatePool(), if that or the list is where the entry is from.
 * Return: an entry with any content, or NULL without memory.
 *
 * Follows: DDI wdm/nf-wdm-exallocatefromnpagedlookasidelist.
 */
PVOID ExAllocateFromNPagedLookasideList(PNPAGED_LOOKASIDE_LIST Lookaside)
{
	return ntc_lookaside_alloc(&Lookaside->L, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(ExAllocateFromNPagedLookasideList);

/**
 * ExFreeToNPagedLookasideList - give an entry back
 * @Lookaside: the list it is from
 * @Entry: the entry. Up to 32 are kept, the others freed
 *
 * Context: as ExFreePool().
 *
 * Follows: DDI wdm/nf-wdm-exfreetonpagedlookasidelist.
 */
VOID ExFreeToNPagedLookasideList(PNPAGED_LOOKASIDE_LIST Lookaside, PVOID Entry)
{
	ntc_lookaside_free(&Lookaside->L, Entry, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(ExFreeToNPagedLookasideList);

/**
 * ExDeleteNPagedLookasideList - free what a list keeps
 * @Lookaside: initialised; its memory may go then
 *
 * Context: as ExFreePool().
 *
 * Follows: DDI wdm/nf-wdm-exdeletenpagedlookasidelist.
 */
VOID ExDeleteNPagedLookasideList(PNPAGED_LOOKASIDE_LIST Lookaside)
{
	ntc_lookaside_flush(&Lookaside->L, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(ExDeleteNPagedLookasideList);

/**
 * ExInitializePagedLookasideList - initialise a lookaside list
 * @Lookaside: as for ExInitializeNPagedLookasideList(); so are the others
 * @Allocate: allocates an entry
 * @Free: frees one
 * @Flags: as there
 * @Size: of an entry
 * @Tag: for the pool
 * @Depth: not used
 *
 * No pool is paged, so it differs in the type that @Allocate gets.
 *
 * Context: IRQL <= APC_LEVEL on Windows; here any.
 *
 * Follows: DDI wdm/nf-wdm-exinitializepagedlookasidelist.
 */
VOID ExInitializePagedLookasideList(PPAGED_LOOKASIDE_LIST Lookaside,
				    PALLOCATE_FUNCTION Allocate, PFREE_FUNCTION Free,
				    ULONG Flags, SIZE_T Size, ULONG Tag, USHORT Depth)
{
	ntc_lookaside_init(&Lookaside->L, PagedPool | (Flags & NTC_LOOKASIDE_FLAGS), Size, Tag);
	Lookaside->L.Allocate = Allocate;
	Lookaside->L.Free = Free;
}
EXPORT_SYMBOL_GPL(ExInitializePagedLookasideList);

/**
 * ExAllocateFromPagedLookasideList - an entry
 * @Lookaside: initialised
 *
 * Context: as ExAllocateFromNPagedLookasideList().
 * Return: as ExAllocateFromNPagedLookasideList().
 *
 * Follows: DDI wdm/nf-wdm-exallocatefrompagedlookasidelist.
 */
PVOID ExAllocateFromPagedLookasideList(PPAGED_LOOKASIDE_LIST Lookaside)
{
	return ntc_lookaside_alloc(&Lookaside->L, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(ExAllocateFromPagedLookasideList);

/**
 * ExFreeToPagedLookasideList - give an entry back
 * @Lookaside: the list it is from
 * @Entry: as for ExFreeToNPagedLookasideList()
 *
 * Context: as ExFreePool().
 *
 * Follows: DDI wdm/nf-wdm-exfreetopagedlookasidelist.
 */
VOID ExFreeToPagedLookasideList(PPAGED_LOOKASIDE_LIST Lookaside, PVOID Entry)
{
	ntc_lookaside_free(&Lookaside->L, Entry, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(ExFreeToPagedLookasideList);

/**
 * ExDeletePagedLookasideList - free what a list keeps
 * @Lookaside: initialised; its memory may go then
 *
 * Context: as ExFreePool().
 *
 * Follows: DDI wdm/nf-wdm-exdeletepagedlookasidelist.
 */
VOID ExDeletePagedLookasideList(PPAGED_LOOKASIDE_LIST Lookaside)
{
	ntc_lookaside_flush(&Lookaside->L, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(ExDeletePagedLookasideList);

/**
 * ExInitializeLookasideListEx - initialise a lookaside list
 * @Lookaside: as for ExInitializeNPagedLookasideList()
 * @Allocate: allocates an entry; gets @Lookaside, too. NULL: the pool
 * @Free: its counterpart
 * @PoolType: for @Allocate, or for the pool
 * @Flags: 0; or EX_LOOKASIDE_LIST_EX_FLAGS_RAISE_ON_FAIL, and the type that @Allocate gets has
 *	POOL_RAISE_IF_ALLOCATION_FAILURE in it; or EX_LOOKASIDE_LIST_EX_FLAGS_FAIL_NO_RAISE, and it
 *	has POOL_QUOTA_FAIL_INSTEAD_OF_RAISE
 * @Size: of an entry
 * @Tag: for the pool, or for @Allocate
 * @Depth: not used, on Windows neither
 *
 * Context: IRQL <= DISPATCH_LEVEL on Windows; here any.
 * Return: STATUS_SUCCESS; STATUS_INVALID_PARAMETER_5 for other @Flags.
 *
 * Follows: DDI wdm/nf-wdm-exinitializelookasidelistex.
 */
NTSTATUS ExInitializeLookasideListEx(PLOOKASIDE_LIST_EX Lookaside,
				     PALLOCATE_FUNCTION_EX Allocate, PFREE_FUNCTION_EX Free,
				     POOL_TYPE PoolType, ULONG Flags, SIZE_T Size, ULONG Tag,
				     USHORT Depth)
{
	if (Flags && Flags != EX_LOOKASIDE_LIST_EX_FLAGS_RAISE_ON_FAIL &&
	    Flags != EX_LOOKASIDE_LIST_EX_FLAGS_FAIL_NO_RAISE)
		return STATUS_INVALID_PARAMETER_5;
	ntc_lookaside_init(&Lookaside->L, PoolType | ntc_lookaside_ex_flags(Flags), Size, Tag);
	Lookaside->L.Ex = TRUE;
	Lookaside->L.AllocateEx = Allocate;
	Lookaside->L.FreeEx = Free;
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(ExInitializeLookasideListEx);

/**
 * ExAllocateFromLookasideListEx - an entry
 * @Lookaside: initialised
 *
 * Context: as ExAllocateFromNPagedLookasideList().
 * Return: as ExAllocateFromNPagedLookasideList().
 *
 * Follows: DDI wdm/nf-wdm-exallocatefromlookasidelistex.
 */
PVOID ExAllocateFromLookasideListEx(PLOOKASIDE_LIST_EX Lookaside)
{
	return ntc_lookaside_alloc(&Lookaside->L, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(ExAllocateFromLookasideListEx);

/**
 * ExFreeToLookasideListEx - give an entry back
 * @Lookaside: the list it is from
 * @Entry: as for ExFreeToNPagedLookasideList()
 *
 * Context: as ExFreePool().
 *
 * Follows: DDI wdm/nf-wdm-exfreetolookasidelistex.
 */
VOID ExFreeToLookasideListEx(PLOOKASIDE_LIST_EX Lookaside, PVOID Entry)
{
	ntc_lookaside_free(&Lookaside->L, Entry, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(ExFreeToLookasideListEx);

/**
 * ExFlushLookasideListEx - free what a list keeps, and go on with it
 * @Lookaside: initialised
 *
 * Context: as ExFreePool().
 *
 * Follows: DDI wdm/nf-wdm-exflushlookasidelistex.
 */
VOID ExFlushLookasideListEx(PLOOKASIDE_LIST_EX Lookaside)
{
	ntc_lookaside_flush(&Lookaside->L, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(ExFlushLookasideListEx);

/**
 * ExDeleteLookasideListEx - free what a list keeps
 * @Lookaside: initialised; its memory may go then
 *
 * Context: as ExFreePool().
 *
 * Follows: DDI wdm/nf-wdm-exdeletelookasidelistex.
 */
VOID ExDeleteLookasideListEx(PLOOKASIDE_LIST_EX Lookaside)
{
	ntc_lookaside_flush(&Lookaside->L, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(ExDeleteLookasideListEx);
