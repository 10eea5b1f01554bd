// SPDX-License-Identifier: GPL-2.0
/*
 * Lookaside lists: an SLIST in front of the pool, or of the driver's own routines. Windows tunes
 * the depth of each list by statistics; here it is constant, because the slab allocator behind it
 * has per-CPU caches of its own.
 *
 * The pool block of an entry belongs to the driver that allocated it, so a list that is not
 * deleted shows as leaked memory when the driver is unloaded.
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

/* The driver's routines are called whatever their type is: see core/run.h. */
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
	/* The driver's own Allocate routine chooses the tag. */
	if (!list->Free)
		ntc_pool_free(entry, list->Allocate ? 0 : list->Tag, caller);
	else if (list->Ex)
		list->FreeEx(entry, container_of(list, LOOKASIDE_LIST_EX, L));
	else
		list->Free(entry);
}

/* CPUs that free concurrently may exceed Depth by a few entries. */
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
 * @Lookaside: nonpaged memory, aligned to 16 bytes
 * @Allocate: called for an entry when the list is empty; NULL: the pool
 * @Free: frees an entry; NULL: the pool
 * @Flags: POOL_NX_ALLOCATION and POOL_RAISE_IF_ALLOCATION_FAILURE are passed to @Allocate
 *	in its type; the pool returns NULL on failure in any case
 * @Size: size of an entry in bytes
 * @Tag: for the pool, or for @Allocate
 * @Depth: not used, as on Windows
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
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
 * ExAllocateFromNPagedLookasideList - allocate an entry
 * @Lookaside: initialised
 *
 * Context: as ExAllocatePool(), with the default allocator.
 * Return: an entry, not initialised; NULL without memory.
 *
 * Follows: DDI wdm/nf-wdm-exallocatefromnpagedlookasidelist.
 */
PVOID ExAllocateFromNPagedLookasideList(PNPAGED_LOOKASIDE_LIST Lookaside)
{
	return ntc_lookaside_alloc(&Lookaside->L, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(ExAllocateFromNPagedLookasideList);

/**
 * ExFreeToNPagedLookasideList - free an entry to its list
 * @Lookaside: the list of which the entry was allocated
 * @Entry: the entry. A list keeps up to 32 entries, and frees the others
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
 * ExDeleteNPagedLookasideList - free the entries that a list keeps
 * @Lookaside: initialised; its memory may be freed afterwards
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
 * @Lookaside: as for ExInitializeNPagedLookasideList()
 * @Allocate: as for ExInitializeNPagedLookasideList()
 * @Free: as for ExInitializeNPagedLookasideList()
 * @Flags: as for ExInitializeNPagedLookasideList()
 * @Size: size of an entry in bytes
 * @Tag: for the pool, or for @Allocate
 * @Depth: not used
 *
 * No pool is paged: only the type that @Allocate gets differs.
 *
 * Context: IRQL <= APC_LEVEL; here any context.
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
 * ExAllocateFromPagedLookasideList - allocate an entry
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
 * ExFreeToPagedLookasideList - free an entry to its list
 * @Lookaside: the list of which the entry was allocated
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
 * ExDeletePagedLookasideList - free the entries that a list keeps
 * @Lookaside: initialised; its memory may be freed afterwards
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
 * @Allocate: called for an entry when the list is empty, also with @Lookaside; NULL: the
 *	pool
 * @Free: frees an entry; NULL: the pool
 * @PoolType: for @Allocate, or for the pool
 * @Flags: 0; or EX_LOOKASIDE_LIST_EX_FLAGS_RAISE_ON_FAIL, which adds
 *	POOL_RAISE_IF_ALLOCATION_FAILURE to the type that @Allocate gets; or
 *	EX_LOOKASIDE_LIST_EX_FLAGS_FAIL_NO_RAISE, which adds POOL_QUOTA_FAIL_INSTEAD_OF_RAISE
 * @Size: size of an entry in bytes
 * @Tag: for the pool, or for @Allocate
 * @Depth: not used, as on Windows
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
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
 * ExAllocateFromLookasideListEx - allocate an entry
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
 * ExFreeToLookasideListEx - free an entry to its list
 * @Lookaside: the list of which the entry was allocated
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
 * ExFlushLookasideListEx - free the entries that a list keeps; the list stays usable
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
 * ExDeleteLookasideListEx - free the entries that a list keeps
 * @Lookaside: initialised; its memory may be freed afterwards
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
