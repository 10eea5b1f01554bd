// SPDX-License-Identifier: GPL-2.0
/*
 * ERESOURCE: shared and exclusive owners, each with a count.
 *
 * State: OwnerEntry and the entries 1 to TableSize - 1 of OwnerTable are the owners (OwnerCount is
 * 0 in an unused one; entry 0 has TableSize). An exclusive owner stands in OwnerEntry, and Flag
 * says so. SharedWaiters and ExclusiveWaiters point to the first of a ring of waiters.
 *
 * Who releases grants: a waiter owns the resource before it is woken, so no later caller overtakes
 * it. After an exclusive owner all shared waiters are granted, or, if there are none, the first
 * exclusive one; after the last shared owner it is the first exclusive one, else all shared ones.
 * So neither kind starves the other, unless callers ask for that.
 *
 * A grant needs an entry, and the caller of a release cannot allocate. So a waiter sees to it
 * beforehand: there are always as many unused entries as shared waiters, and one for the exclusive
 * ones.
 *
 * Use-after-free: a driver may delete and free a resource when it has acquired it, while the call
 * that granted it has not returned. So the resource contains no lock: one of a set of locks, chosen
 * by its address, protects it. A waiter takes that lock before it returns, because the granting
 * call reads its stack.
 */
#include <linux/bits.h>
#include <linux/export.h>
#include <linux/hash.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "ex_resource.h"

#define NTC_RESOURCE_BITS	6

/* On the stack of the caller. L: protected by the resource's lock. */
struct ntc_resource_waiter {
	struct list_head link;		/* L */
	struct task_struct *task;
	ERESOURCE_THREAD owner;
	bool granted;			/* L */
};

static struct {
	raw_spinlock_t lock;
} ____cacheline_aligned_in_smp ntc_resource_locks[BIT(NTC_RESOURCE_BITS)];

raw_spinlock_t *ntc_resource_lock_of(PERESOURCE resource)
{
	return &ntc_resource_locks[hash_ptr(resource, NTC_RESOURCE_BITS)].lock;
}

void ntc_resource_init_locks(void)
{
	unsigned int i;

	/* Not ARRAY_SIZE(): a lock has no size on a kernel for one CPU that checks none. */
	for (i = 0; i < BIT(NTC_RESOURCE_BITS); i++)
		raw_spin_lock_init(&ntc_resource_locks[i].lock);
}

bool ntc_resource_is_valid(PERESOURCE resource, const char *call, void *caller)
{
	if (likely(READ_ONCE(resource->SpinLock) == ntc_resource_magic(resource)))
		return true;
	wqc_report(WQC_R_BAD_RESOURCE, "%s, resource %p, from %pS", call, resource, caller);
	return false;
}

/* ---- lockdep --------------------------------------------------------------- */

/*
 * Only the first level of a thread's ownership is a lock to lockdep. An owner pointer is none, and
 * a hold that another thread releases cannot be taken from its owner: after that the resource is
 * not checked any more.
 */
static void ntc_resource_acquired(PERESOURCE resource, enum ntc_resource_mode mode, bool try,
				  void *caller)
{
	struct ntc_resource *own = resource->Address;

	if (!own || data_race(own->unordered))	/* data_race: only a hint */
		return;
	if (mode == NTC_EXCLUSIVE)
		lock_acquire_exclusive(&own->dep_map, 0, try, NULL, (unsigned long)caller);
	else
		lock_acquire_shared(&own->dep_map, 0, try, NULL, (unsigned long)caller);
}

static void ntc_resource_dropped(PERESOURCE resource, ERESOURCE_THREAD owner, void *caller)
{
	struct ntc_resource *own = resource->Address;

	if (!own)
		return;
	if (owner != ExGetCurrentResourceThread())
		own->unordered |= (owner & 3) != 3;
	else if (lockdep_is_held_type(own, -1))
		lock_release(&own->dep_map, (unsigned long)caller);
}

/* ---- owners ---------------------------------------------------------------- */

static ULONG ntc_owner_slots(PERESOURCE resource)
{
	return resource->OwnerTable ? resource->OwnerTable->TableSize : 1;
}

static POWNER_ENTRY ntc_owner_at(PERESOURCE resource, ULONG i)
{
	return i ? &resource->OwnerTable[i] : &resource->OwnerEntry;
}

POWNER_ENTRY ntc_owner_find(PERESOURCE resource, ERESOURCE_THREAD owner)
{
	ULONG i, slots = ntc_owner_slots(resource);
	POWNER_ENTRY entry;

	for (i = 0; i < slots && resource->ActiveEntries; i++) {
		entry = ntc_owner_at(resource, i);
		if (entry->OwnerCount && entry->OwnerThread == owner)
			return entry;
	}
	return NULL;
}

/* For one more owner or waiter. Of the exclusive waiters one at a time becomes an owner. */
static bool ntc_owner_has_room(PERESOURCE resource)
{
	return ntc_owner_slots(resource) > resource->ActiveEntries +
	       resource->NumberOfSharedWaiters + !!resource->NumberOfExclusiveWaiters;
}

/* Adds a level: of an owner, or of a new one. An unused entry exists. */
static void ntc_owner_add(PERESOURCE resource, ERESOURCE_THREAD owner, bool exclusive)
{
	POWNER_ENTRY entry = ntc_owner_find(resource, owner);
	ULONG i = 0;

	if (!entry) {
		do
			entry = ntc_owner_at(resource, i++);
		while (entry->OwnerCount);
		entry->OwnerThread = owner;
		resource->ActiveEntries++;
		resource->ActiveCount = min_t(ULONG, resource->ActiveEntries, S16_MAX);
		if (exclusive)
			resource->Flag |= ResourceOwnedExclusive;
	}
	entry->OwnerCount++;
}

static void ntc_owner_remove(PERESOURCE resource, POWNER_ENTRY entry)
{
	entry->OwnerThread = 0;
	entry->OwnerCount = 0;
	resource->ActiveEntries--;
	resource->ActiveCount = min_t(ULONG, resource->ActiveEntries, S16_MAX);
	if (!resource->ActiveEntries)
		resource->Flag &= ~ResourceOwnedExclusive;
}

/* Doubles the table. False without memory; a caller that waits must not get that. */
static bool ntc_owner_grow(PERESOURCE resource, bool wait)
{
	raw_spinlock_t *lock = ntc_resource_lock_of(resource);
	gfp_t gfp = wait && ntc_alloc_may_sleep() ? GFP_NOFS | __GFP_NOFAIL :
			GFP_ATOMIC | __GFP_NOWARN;
	POWNER_ENTRY table, old;
	unsigned long flags;
	ULONG slots, size;

	/* data_race: only a size; the caller checks again */
	size = data_race(2 * (resource->ActiveEntries + resource->NumberOfSharedWaiters)) + 4;
	table = kcalloc(size, sizeof(*table), gfp);
	if (!table)
		return false;
	raw_spin_lock_irqsave(lock, flags);
	slots = ntc_owner_slots(resource);
	old = table;
	if (slots < size) {
		old = resource->OwnerTable;
		if (old)
			memcpy(table, old, slots * sizeof(*table));
		table->TableSize = size;
		resource->OwnerTable = table;
	}
	raw_spin_unlock_irqrestore(lock, flags);
	kfree(old);
	return true;
}

/* ---- waiting --------------------------------------------------------------- */

static struct list_head *ntc_first_waiter(PERESOURCE resource, bool exclusive)
{
	return exclusive ? (void *)resource->ExclusiveWaiters : (void *)resource->SharedWaiters;
}

static void ntc_set_first_waiter(PERESOURCE resource, bool exclusive, struct list_head *first)
{
	if (exclusive)
		resource->ExclusiveWaiters = (void *)first;
	else
		resource->SharedWaiters = (void *)first;
}

static void ntc_waiter_add(PERESOURCE resource, struct ntc_resource_waiter *waiter, bool exclusive)
{
	struct list_head *first = ntc_first_waiter(resource, exclusive);

	INIT_LIST_HEAD(&waiter->link);
	if (first)
		list_add_tail(&waiter->link, first);
	else
		ntc_set_first_waiter(resource, exclusive, &waiter->link);
	if (exclusive)
		resource->NumberOfExclusiveWaiters++;
	else
		resource->NumberOfSharedWaiters++;
}

/* Grants the resource to the first waiter of a kind, if there is one. */
static bool ntc_waiter_grant(PERESOURCE resource, bool exclusive)
{
	struct list_head *first = ntc_first_waiter(resource, exclusive);
	struct ntc_resource_waiter *waiter;

	if (!first)
		return false;
	waiter = container_of(first, struct ntc_resource_waiter, link);
	ntc_set_first_waiter(resource, exclusive, list_empty(first) ? NULL : first->next);
	list_del(first);
	if (exclusive)
		resource->NumberOfExclusiveWaiters--;
	else
		resource->NumberOfSharedWaiters--;
	ntc_owner_add(resource, waiter->owner, exclusive);
	waiter->granted = true;
	/* No use-after-free: the waiter takes this lock before it returns. */
	wake_up_process(waiter->task);
	return true;
}

static void ntc_waiters_grant_shared(PERESOURCE resource)
{
	while (ntc_waiter_grant(resource, false))
		;
}

/* The resource is free. */
static void ntc_waiters_grant(PERESOURCE resource, bool was_exclusive)
{
	if (was_exclusive && resource->NumberOfSharedWaiters)
		ntc_waiters_grant_shared(resource);
	else if (!ntc_waiter_grant(resource, true))
		ntc_waiters_grant_shared(resource);
}

static bool ntc_waiter_is_granted(PERESOURCE resource, struct ntc_resource_waiter *waiter)
{
	raw_spinlock_t *lock = ntc_resource_lock_of(resource);
	unsigned long flags;
	bool granted;

	raw_spin_lock_irqsave(lock, flags);
	granted = waiter->granted;
	raw_spin_unlock_irqrestore(lock, flags);
	return granted;
}

/*
 * A caller that cannot sleep was reported, and spins: without the resource it would corrupt what
 * the resource protects.
 */
static void ntc_waiter_wait(PERESOURCE resource, struct ntc_resource_waiter *waiter, bool may_sleep)
{
	while (!may_sleep && !ntc_waiter_is_granted(resource, waiter))
		cpu_relax();
	for (;;) {
		/* A system thread that waits for ever does not count as load. */
		set_current_state(current->flags & PF_KTHREAD ? TASK_IDLE : TASK_UNINTERRUPTIBLE);
		if (ntc_waiter_is_granted(resource, waiter))
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
}

static bool ntc_resource_is_free_for(PERESOURCE resource, POWNER_ENTRY mine,
				     enum ntc_resource_mode mode)
{
	if (resource->Flag & ResourceOwnedExclusive)
		return mine;
	if (!resource->ActiveEntries || mode == NTC_STARVE_EXCLUSIVE)
		return true;
	if (mode == NTC_EXCLUSIVE)
		return false;
	return !resource->NumberOfExclusiveWaiters || (mine && mode == NTC_SHARED);
}

bool ntc_resource_acquire(PERESOURCE resource, enum ntc_resource_mode mode, bool wait,
			  const char *call, void *caller)
{
	raw_spinlock_t *lock = ntc_resource_lock_of(resource);
	ERESOURCE_THREAD me = ExGetCurrentResourceThread();
	struct ntc_resource_waiter waiter = { .task = current, .owner = me };
	bool exclusive = mode == NTC_EXCLUSIVE, free, first;
	POWNER_ENTRY mine;
	unsigned long flags;
	bool may_sleep;

	if (!ntc_resource_is_valid(resource, call, caller))
		return false;
	may_sleep = !wait || wqc_may_sleep(call, caller);
	for (;;) {
		raw_spin_lock_irqsave(lock, flags);
		mine = ntc_owner_find(resource, me);
		first = !mine;
		free = ntc_resource_is_free_for(resource, mine, mode);
		if ((!free && !wait) || (free && mine) || ntc_owner_has_room(resource))
			break;
		raw_spin_unlock_irqrestore(lock, flags);
		if (!ntc_owner_grow(resource, wait) && !wait)
			return false;
	}
	if (free)
		ntc_owner_add(resource, me, exclusive);
	if (free || !wait) {
		raw_spin_unlock_irqrestore(lock, flags);
		if (free && first)
			ntc_resource_acquired(resource, mode, !wait, caller);
		return free;
	}
	ntc_waiter_add(resource, &waiter, exclusive);
	resource->ContentionCount++;
	raw_spin_unlock_irqrestore(lock, flags);

	if (exclusive && !first)
		wqc_report(WQC_R_RESOURCE_DEADLOCK, "%s, resource %p, from %pS", call, resource,
			   caller);
	if (first)
		ntc_resource_acquired(resource, mode, false, caller);
	ntc_waiter_wait(resource, &waiter, may_sleep);
	return true;
}

void ntc_resource_release(PERESOURCE resource, ERESOURCE_THREAD owner, const char *call,
			  void *caller)
{
	raw_spinlock_t *lock = ntc_resource_lock_of(resource);
	bool was_exclusive;
	unsigned long flags;
	POWNER_ENTRY entry;

	if (!ntc_resource_is_valid(resource, call, caller))
		return;
	raw_spin_lock_irqsave(lock, flags);
	entry = ntc_owner_find(resource, owner);
	if (entry && !--entry->OwnerCount) {
		was_exclusive = resource->Flag & ResourceOwnedExclusive;
		/* The next owner may delete the resource when the lock is dropped. */
		ntc_resource_dropped(resource, owner, caller);
		ntc_owner_remove(resource, entry);
		if (!resource->ActiveEntries)
			ntc_waiters_grant(resource, was_exclusive);
	}
	raw_spin_unlock_irqrestore(lock, flags);
	if (!entry)
		wqc_report(WQC_R_RESOURCE_NOT_OWNED, "%s, resource %p, from %pS", call, resource,
			   caller);
}

/**
 * ExAcquireResourceExclusiveLite - acquire a resource exclusively
 * @Resource: initialised; else reported (0xC4/D1) and not acquired
 * @Wait: FALSE: do not wait
 *
 * Each acquisition needs a release. A thread that owns the resource exclusively gets it again. One
 * that owns it shared would wait for itself: reported (0xC4/1000), and it waits until another
 * thread has released for it.
 *
 * Unlike a wait, it cannot fail: at DISPATCH_LEVEL or above the call is reported (0xB8 in a DPC,
 * else 0xA), and spins until it owns the resource. Windows requires that normal kernel APCs are
 * disabled; there are none, and this is not checked.
 *
 * Context: IRQL <= APC_LEVEL, in a critical region; here process context, sleeps if @Wait.
 * Return: TRUE if the caller owns the resource.
 *
 * Follows: DDI wdm/nf-wdm-exacquireresourceexclusivelite.
 */
BOOLEAN ExAcquireResourceExclusiveLite(PERESOURCE Resource, BOOLEAN Wait)
{
	return ntc_resource_acquire(Resource, NTC_EXCLUSIVE, Wait, __func__, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(ExAcquireResourceExclusiveLite);

/**
 * ExAcquireResourceSharedLite - acquire a resource, shared with other owners
 * @Resource: as for ExAcquireResourceExclusiveLite()
 * @Wait: FALSE: do not wait
 *
 * Waits behind exclusive waiters, but not if the caller owns the resource shared already. A thread
 * that owns it exclusively gets another level of that.
 *
 * Context: as ExAcquireResourceExclusiveLite().
 * Return: as ExAcquireResourceExclusiveLite().
 *
 * Follows: DDI wdm/nf-wdm-exacquireresourcesharedlite.
 */
BOOLEAN ExAcquireResourceSharedLite(PERESOURCE Resource, BOOLEAN Wait)
{
	return ntc_resource_acquire(Resource, NTC_SHARED, Wait, __func__, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(ExAcquireResourceSharedLite);

/**
 * ExAcquireSharedStarveExclusive - acquire a resource shared, before exclusive waiters
 * @Resource: as for ExAcquireResourceExclusiveLite()
 * @Wait: FALSE: do not wait
 *
 * Waits for an exclusive owner only.
 *
 * Context: as ExAcquireResourceExclusiveLite().
 * Return: as ExAcquireResourceExclusiveLite().
 *
 * Follows: DDI wdm/nf-wdm-exacquiresharedstarveexclusive.
 */
BOOLEAN ExAcquireSharedStarveExclusive(PERESOURCE Resource, BOOLEAN Wait)
{
	return ntc_resource_acquire(Resource, NTC_STARVE_EXCLUSIVE, Wait, __func__,
				    (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(ExAcquireSharedStarveExclusive);

/**
 * ExAcquireSharedWaitForExclusive - acquire a resource shared, behind exclusive waiters
 * @Resource: as for ExAcquireResourceExclusiveLite()
 * @Wait: FALSE: do not wait
 *
 * Waits behind exclusive waiters also if the caller owns the resource shared: then another thread
 * has to release for it.
 *
 * Context: as ExAcquireResourceExclusiveLite().
 * Return: as ExAcquireResourceExclusiveLite().
 *
 * Follows: DDI wdm/nf-wdm-exacquiresharedwaitforexclusive.
 */
BOOLEAN ExAcquireSharedWaitForExclusive(PERESOURCE Resource, BOOLEAN Wait)
{
	return ntc_resource_acquire(Resource, NTC_WAIT_FOR_EXCLUSIVE, Wait, __func__,
				    (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(ExAcquireSharedWaitForExclusive);

/**
 * ExReleaseResourceLite - release a resource once
 * @Resource: owned by the current thread; else reported (0xE3) and not released
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 *
 * Follows: DDI wdm/nf-wdm-exreleaseresourcelite.
 */
VOID ExReleaseResourceLite(PERESOURCE Resource)
{
	ntc_resource_release(Resource, ExGetCurrentResourceThread(), __func__, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(ExReleaseResourceLite);

/**
 * ExReleaseResourceForThreadLite - release a resource once for its owner
 * @Resource: owned by @ResourceThreadId; else reported (0xE3) and not released
 * @ResourceThreadId: ExGetCurrentResourceThread() of the owner, or the pointer that was given to
 *	ExSetResourceOwnerPointer()
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 *
 * Follows: DDI wdm/nf-wdm-exreleaseresourceforthreadlite.
 */
VOID ExReleaseResourceForThreadLite(PERESOURCE Resource, ERESOURCE_THREAD ResourceThreadId)
{
	ntc_resource_release(Resource, ResourceThreadId, __func__, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(ExReleaseResourceForThreadLite);

/**
 * ExConvertExclusiveToSharedLite - turn exclusive ownership into shared
 * @Resource: owned exclusively by the current thread; else reported (0xE3) and unchanged
 *
 * The number of levels stays. All shared waiters become owners.
 *
 * Context: IRQL <= APC_LEVEL; here any context.
 *
 * Follows: DDI wdm/nf-wdm-exconvertexclusivetosharedlite.
 */
VOID ExConvertExclusiveToSharedLite(PERESOURCE Resource)
{
	raw_spinlock_t *lock = ntc_resource_lock_of(Resource);
	void *caller = (void *)_RET_IP_;
	struct ntc_resource *own;
	unsigned long flags;
	bool owned;

	if (!ntc_resource_is_valid(Resource, __func__, caller))
		return;
	raw_spin_lock_irqsave(lock, flags);
	owned = Resource->Flag & ResourceOwnedExclusive &&
		ntc_owner_find(Resource, ExGetCurrentResourceThread());
	if (owned) {
		Resource->Flag &= ~ResourceOwnedExclusive;
		ntc_waiters_grant_shared(Resource);
	}
	raw_spin_unlock_irqrestore(lock, flags);
	if (!owned) {
		wqc_report(WQC_R_RESOURCE_NOT_OWNED, "%s, resource %p, from %pS", __func__,
			   Resource, caller);
		return;
	}
	own = Resource->Address;
	if (own && lockdep_is_held_type(own, 0))
		lock_downgrade(&own->dep_map, (unsigned long)caller);
}
EXPORT_SYMBOL_GPL(ExConvertExclusiveToSharedLite);

/* A second hold of one pointer is another level of the first. */
static void ntc_resource_set_owner(PERESOURCE resource, ERESOURCE_THREAD to, const char *call,
				   void *caller)
{
	raw_spinlock_t *lock = ntc_resource_lock_of(resource);
	ERESOURCE_THREAD me = ExGetCurrentResourceThread();
	POWNER_ENTRY mine, other;
	unsigned long flags;

	if (!ntc_resource_is_valid(resource, call, caller))
		return;
	raw_spin_lock_irqsave(lock, flags);
	mine = ntc_owner_find(resource, me);
	if (mine && to != me) {
		ntc_resource_dropped(resource, me, caller);
		other = ntc_owner_find(resource, to);
		if (other) {
			other->OwnerCount += mine->OwnerCount;
			ntc_owner_remove(resource, mine);
		} else {
			mine->OwnerThread = to;
		}
	}
	raw_spin_unlock_irqrestore(lock, flags);
	if (!mine)
		wqc_report(WQC_R_RESOURCE_NOT_OWNED, "%s, resource %p, from %pS", call, resource,
			   caller);
}

/**
 * ExSetResourceOwnerPointer - make something else than the current thread the owner
 * @Resource: owned by the current thread, shared or exclusively; else reported (0xE3)
 * @OwnerPointer: an address whose lowest two bits are set; only compared
 *
 * From now on only ExReleaseResourceForThreadLite() with that pointer releases the resource, in
 * any thread.
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 *
 * Follows: DDI wdm/nf-wdm-exsetresourceownerpointer.
 */
VOID ExSetResourceOwnerPointer(PERESOURCE Resource, PVOID OwnerPointer)
{
	ntc_resource_set_owner(Resource, (ERESOURCE_THREAD)OwnerPointer, __func__,
			       (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(ExSetResourceOwnerPointer);

/**
 * ExSetResourceOwnerPointerEx - make something else than the current thread the owner
 * @Resource: as for ExSetResourceOwnerPointer()
 * @OwnerPointer: as for ExSetResourceOwnerPointer()
 * @Flags: FLAG_OWNER_POINTER_IS_THREAD has no effect: no priority is boosted
 *
 * Context: as ExSetResourceOwnerPointer().
 *
 * Follows: DDI wdm/nf-wdm-exsetresourceownerpointerex.
 */
VOID ExSetResourceOwnerPointerEx(PERESOURCE Resource, PVOID OwnerPointer, ULONG Flags)
{
	ntc_resource_set_owner(Resource, (ERESOURCE_THREAD)OwnerPointer, __func__,
			       (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(ExSetResourceOwnerPointerEx);
