/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ERESOURCE: a lock with shared and exclusive owners, which may own it recursively. It has the size
 * and the members of Windows'; nt/ex_resource.c says what they hold.
 */
#ifndef NTC_RESOURCE_H
#define NTC_RESOURCE_H

#include "spin.h"
#include "thread.h"

typedef ULONG_PTR ERESOURCE_THREAD, *PERESOURCE_THREAD;

typedef struct _OWNER_ENTRY {
	ERESOURCE_THREAD OwnerThread;
	union {
		struct {
			ULONG IoPriorityBoosted:1;
			ULONG OwnerReferenced:1;
			ULONG OwnerCount:30;
		};
		ULONG TableSize;
	};
} OWNER_ENTRY, *POWNER_ENTRY;

typedef struct _ERESOURCE {
	LIST_ENTRY SystemResourcesList;
	POWNER_ENTRY OwnerTable;
	SHORT ActiveCount;
	USHORT Flag;
	volatile PKSEMAPHORE SharedWaiters;
	volatile PKEVENT ExclusiveWaiters;
	OWNER_ENTRY OwnerEntry;
	ULONG ActiveEntries;
	ULONG ContentionCount;
	ULONG NumberOfSharedWaiters;
	ULONG NumberOfExclusiveWaiters;
	PVOID Reserved2;
	union {
		PVOID Address;
		ULONG_PTR CreatorBackTraceIndex;
	};
	ULONG_PTR SpinLock;
} ERESOURCE, *PERESOURCE;

#define ResourceNeverExclusive		0x0010
#define ResourceReleaseByOtherThread	0x0020
#define ResourceOwnedExclusive		0x0080

#define FLAG_OWNER_POINTER_IS_THREAD	0x1

NTSTATUS ExInitializeResourceLite(PERESOURCE Resource);
NTSTATUS ExReinitializeResourceLite(PERESOURCE Resource);
NTSTATUS ExDeleteResourceLite(PERESOURCE Resource);
BOOLEAN ExAcquireResourceExclusiveLite(PERESOURCE Resource, BOOLEAN Wait);
BOOLEAN ExAcquireResourceSharedLite(PERESOURCE Resource, BOOLEAN Wait);
BOOLEAN ExAcquireSharedStarveExclusive(PERESOURCE Resource, BOOLEAN Wait);
BOOLEAN ExAcquireSharedWaitForExclusive(PERESOURCE Resource, BOOLEAN Wait);
VOID ExConvertExclusiveToSharedLite(PERESOURCE Resource);
VOID ExReleaseResourceLite(PERESOURCE Resource);
VOID ExReleaseResourceForThreadLite(PERESOURCE Resource, ERESOURCE_THREAD ResourceThreadId);
VOID ExSetResourceOwnerPointer(PERESOURCE Resource, PVOID OwnerPointer);
VOID ExSetResourceOwnerPointerEx(PERESOURCE Resource, PVOID OwnerPointer, ULONG Flags);
BOOLEAN ExIsResourceAcquiredExclusiveLite(PERESOURCE Resource);
ULONG ExIsResourceAcquiredSharedLite(PERESOURCE Resource);
ULONG ExGetExclusiveWaiterCount(PERESOURCE Resource);
ULONG ExGetSharedWaiterCount(PERESOURCE Resource);
PVOID ExEnterCriticalRegionAndAcquireResourceExclusive(PERESOURCE Resource);
PVOID ExEnterCriticalRegionAndAcquireResourceShared(PERESOURCE Resource);
PVOID ExEnterCriticalRegionAndAcquireSharedWaitForExclusive(PERESOURCE Resource);
VOID ExReleaseResourceAndLeaveCriticalRegion(PERESOURCE Resource);

/* With lockdep each call that initialises resources makes a class of its own. */
#ifdef CONFIG_DEBUG_LOCK_ALLOC
NTSTATUS ntc_resource_init_class(PERESOURCE resource, const char *name,
				 struct lock_class_key *key);
#define ExInitializeResourceLite(Resource)				\
	({								\
		static struct lock_class_key key_;			\
									\
		ntc_resource_init_class(Resource, #Resource, &key_);	\
	})
#endif

#define ExGetCurrentResourceThread()	((ERESOURCE_THREAD)PsGetCurrentThread())

#define ExInitializeResource		ExInitializeResourceLite
#define ExReinitializeResource		ExReinitializeResourceLite
#define ExDeleteResource		ExDeleteResourceLite
#define ExAcquireResourceExclusive	ExAcquireResourceExclusiveLite
#define ExAcquireResourceShared		ExAcquireResourceSharedLite
#define ExConvertExclusiveToShared	ExConvertExclusiveToSharedLite
#define ExReleaseResource(Resource)	ExReleaseResourceLite(Resource)
#define ExReleaseResourceForThread	ExReleaseResourceForThreadLite
#define ExIsResourceAcquiredExclusive	ExIsResourceAcquiredExclusiveLite
#define ExIsResourceAcquiredShared	ExIsResourceAcquiredSharedLite
#define ExIsResourceAcquired		ExIsResourceAcquiredSharedLite
#define ExIsResourceAcquiredLite	ExIsResourceAcquiredSharedLite
#define ExDisableResourceBoostLite(Resource)	((VOID)(Resource))
#define ExDisableResourceBoost		ExDisableResourceBoostLite

#endif /* NTC_RESOURCE_H */
