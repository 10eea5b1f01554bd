// SPDX-License-Identifier: GPL-2.0
/* Queries about an ERESOURCE, and calls that combine it with a critical region. */
#include <linux/export.h>

#include "ex_resource.h"

static ULONG ntc_resource_levels(PERESOURCE resource, bool exclusive, const char *call,
				 void *caller)
{
	raw_spinlock_t *lock = ntc_resource_lock_of(resource);
	unsigned long flags;
	POWNER_ENTRY mine;
	ULONG levels;

	if (!ntc_resource_is_valid(resource, call, caller))
		return 0;
	raw_spin_lock_irqsave(lock, flags);
	mine = ntc_owner_find(resource, ExGetCurrentResourceThread());
	levels = mine && (!exclusive || resource->Flag & ResourceOwnedExclusive) ?
		mine->OwnerCount : 0;
	raw_spin_unlock_irqrestore(lock, flags);
	return levels;
}

/**
 * ExIsResourceAcquiredExclusiveLite - whether the current thread owns a resource exclusively
 * @Resource: initialised
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 * Return: TRUE if it does.
 *
 * Follows: DDI wdm/nf-wdm-exisresourceacquiredexclusivelite.
 */
BOOLEAN ExIsResourceAcquiredExclusiveLite(PERESOURCE Resource)
{
	return !!ntc_resource_levels(Resource, true, __func__, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(ExIsResourceAcquiredExclusiveLite);

/**
 * ExIsResourceAcquiredSharedLite - how often the current thread has acquired a resource
 * @Resource: initialised
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 * Return: the number of acquisitions that are not released, shared or exclusive.
 *
 * Follows: DDI wdm/nf-wdm-exisresourceacquiredsharedlite.
 */
ULONG ExIsResourceAcquiredSharedLite(PERESOURCE Resource)
{
	return ntc_resource_levels(Resource, false, __func__, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(ExIsResourceAcquiredSharedLite);

/**
 * ExGetExclusiveWaiterCount - the number of threads that wait for exclusive ownership
 * @Resource: initialised
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 * Return: the number at this moment.
 *
 * Follows: DDI wdm/nf-wdm-exgetexclusivewaitercount.
 */
ULONG ExGetExclusiveWaiterCount(PERESOURCE Resource)
{
	return READ_ONCE(Resource->NumberOfExclusiveWaiters);
}
EXPORT_SYMBOL_GPL(ExGetExclusiveWaiterCount);

/**
 * ExGetSharedWaiterCount - the number of threads that wait for shared ownership
 * @Resource: initialised
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 * Return: the number at this moment.
 *
 * Follows: DDI wdm/nf-wdm-exgetsharedwaitercount.
 */
ULONG ExGetSharedWaiterCount(PERESOURCE Resource)
{
	return READ_ONCE(Resource->NumberOfSharedWaiters);
}
EXPORT_SYMBOL_GPL(ExGetSharedWaiterCount);

/* ---- with a critical region -------------------------------------------------- */

/**
 * ExEnterCriticalRegionAndAcquireResourceExclusive - KeEnterCriticalRegion(), then acquire
 * @Resource: as for ExAcquireResourceExclusiveLite()
 *
 * Context: IRQL <= APC_LEVEL; here process context, sleeps.
 * Return: not NULL, without a meaning.
 *
 * Follows: DDI wdm/nf-wdm-exentercriticalregionandacquireresourceexclusive.
 */
PVOID ExEnterCriticalRegionAndAcquireResourceExclusive(PERESOURCE Resource)
{
	KeEnterCriticalRegion();
	ntc_resource_acquire(Resource, NTC_EXCLUSIVE, true, __func__, (void *)_RET_IP_);
	return KeGetCurrentThread();
}
EXPORT_SYMBOL_GPL(ExEnterCriticalRegionAndAcquireResourceExclusive);

/**
 * ExEnterCriticalRegionAndAcquireResourceShared - KeEnterCriticalRegion(), then acquire
 * @Resource: as for ExAcquireResourceSharedLite()
 *
 * Context: IRQL <= APC_LEVEL; here process context, sleeps.
 * Return: not NULL, without a meaning.
 *
 * Follows: WDK wdm.h.
 */
PVOID ExEnterCriticalRegionAndAcquireResourceShared(PERESOURCE Resource)
{
	KeEnterCriticalRegion();
	ntc_resource_acquire(Resource, NTC_SHARED, true, __func__, (void *)_RET_IP_);
	return KeGetCurrentThread();
}
EXPORT_SYMBOL_GPL(ExEnterCriticalRegionAndAcquireResourceShared);

/**
 * ExEnterCriticalRegionAndAcquireSharedWaitForExclusive - KeEnterCriticalRegion(), then acquire
 * @Resource: as for ExAcquireSharedWaitForExclusive()
 *
 * Context: IRQL <= APC_LEVEL; here process context, sleeps.
 * Return: not NULL, without a meaning.
 *
 * Follows: WDK wdm.h.
 */
PVOID ExEnterCriticalRegionAndAcquireSharedWaitForExclusive(PERESOURCE Resource)
{
	KeEnterCriticalRegion();
	ntc_resource_acquire(Resource, NTC_WAIT_FOR_EXCLUSIVE, true, __func__, (void *)_RET_IP_);
	return KeGetCurrentThread();
}
EXPORT_SYMBOL_GPL(ExEnterCriticalRegionAndAcquireSharedWaitForExclusive);

/**
 * ExReleaseResourceAndLeaveCriticalRegion - release, then KeLeaveCriticalRegion()
 * @Resource: as for ExReleaseResourceLite()
 *
 * Context: IRQL <= APC_LEVEL; here process context.
 *
 * Follows: DDI wdm/nf-wdm-exreleaseresourceandleavecriticalregion.
 */
VOID ExReleaseResourceAndLeaveCriticalRegion(PERESOURCE Resource)
{
	ntc_resource_release(Resource, ExGetCurrentResourceThread(), __func__, (void *)_RET_IP_);
	KeLeaveCriticalRegion();
}
EXPORT_SYMBOL_GPL(ExReleaseResourceAndLeaveCriticalRegion);
