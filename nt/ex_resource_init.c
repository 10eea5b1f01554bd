// SPDX-License-Identifier: GPL-2.0
/*
 * The life of an ERESOURCE: initialisation, deletion, and what becomes of one whose memory is freed
 * without that.
 *
 * All resources are in a tree by address, so that freed memory is searched in O(log n). Bound of a
 * hold of its lock, with interrupts off: a descent, and NTC_RESOURCE_CHUNK resources.
 */
#include <linux/export.h>
#include <linux/lockdep.h>
#include <linux/module.h>
#include <linux/rbtree.h>
#include <linux/slab.h>

#include "ex_resource.h"
#include "ke_tree.h"

#undef ExInitializeResourceLite		/* a macro, with a lockdep class for each call */

#define NTC_RESOURCE_CHUNK	64

static DEFINE_RAW_SPINLOCK(ntc_resources_lock);	/* a leaf lock */
static struct rb_root ntc_resources = RB_ROOT;

static struct ntc_resource *ntc_resource_of(const struct rb_node *node)
{
	return rb_entry_safe(node, struct ntc_resource, node);
}

static uintptr_t ntc_resource_address(const struct rb_node *node)
{
	return (uintptr_t)ntc_resource_of(node)->resource;
}

static void ntc_resource_list(struct ntc_resource *new)
{
	struct rb_node **link = &ntc_resources.rb_node, *parent = NULL;

	lockdep_assert_held(&ntc_resources_lock);
	while (*link) {
		parent = *link;
		link = (uintptr_t)new->resource < ntc_resource_address(parent) ?
			&parent->rb_left : &parent->rb_right;
	}
	rb_link_node(&new->node, parent, link);
	rb_insert_color(&new->node, &ntc_resources);
}

/* The first resource in @size bytes at @p. */
static struct ntc_resource *ntc_resource_find(uintptr_t p, size_t size)
{
	struct ntc_resource *found;

	lockdep_assert_held(&ntc_resources_lock);
	found = ntc_resource_of(ntc_tree_find_from(&ntc_resources, p, ntc_resource_address));
	return found && (uintptr_t)found->resource - p < size ? found : NULL;
}

/* Whether the memory still holds the resource: it may have been freed and used again. */
static bool ntc_resource_is_there(const struct ntc_resource *own)
{
	PERESOURCE resource = own->resource;

	return resource->SpinLock == ntc_resource_magic(resource) && resource->Address == own;
}

static void ntc_resource_forget(struct ntc_resource *own)
{
	if (ntc_resource_is_there(own)) {
		own->resource->SpinLock = 0;
		kfree(own->resource->OwnerTable);
	}
	kfree(own);
}

/**
 * ntc_resource_memory_freed - forget and report resources in memory that is being freed
 * @p: the memory; still allocated
 * @size: bytes
 * @caller: address in the code that frees it, for the report
 *
 * Fast path: while there is no resource, one read.
 *
 * Context: as ntc_pool_free().
 */
void ntc_resource_memory_freed(void *p, size_t size, void *caller)
{
	struct ntc_resource *own;
	unsigned long flags;

	/* data_race: initialising a resource while its memory is freed is unordered */
	while (data_race(READ_ONCE(ntc_resources.rb_node))) {
		raw_spin_lock_irqsave(&ntc_resources_lock, flags);
		own = ntc_resource_find((uintptr_t)p, size);
		if (own)
			rb_erase(&own->node, &ntc_resources);
		raw_spin_unlock_irqrestore(&ntc_resources_lock, flags);
		if (!own)
			return;
		wqc_report(WQC_R_RESOURCE_FREED, "resource %p, memory %p, from %pS", own->resource,
			   p, caller);
		ntc_resource_forget(own);
	}
}

/*
 * Visits NTC_RESOURCE_CHUNK resources from an address on. One in memory of the module is removed
 * and returned; else @from becomes the address after the last one, or 0: that was the end.
 */
static struct ntc_resource *ntc_resource_take_in(struct module *mod, ntc_in_fn in, uintptr_t *from)
{
	struct ntc_resource *own = NULL;
	int chunk = NTC_RESOURCE_CHUNK;
	struct rb_node *node;

	raw_spin_lock_irq(&ntc_resources_lock);
	node = ntc_tree_find_from(&ntc_resources, *from, ntc_resource_address);
	for (; node && chunk && !own; chunk--) {
		*from = ntc_resource_address(node) + 1;
		if (in(ntc_resource_of(node)->resource, mod))
			own = ntc_resource_of(node);
		node = rb_next(node);
	}
	if (own)
		rb_erase(&own->node, &ntc_resources);
	else if (!node)
		*from = 0;
	raw_spin_unlock_irq(&ntc_resources_lock);
	return own;
}

/**
 * ntc_resource_module_freed - forget and report resources in memory of a module
 * @mod: the module
 * @in: which of its memory is freed
 *
 * Context: process.
 */
void ntc_resource_module_freed(struct module *mod, ntc_in_fn in)
{
	struct ntc_resource *own;
	uintptr_t from = 0;

	do {
		own = ntc_resource_take_in(mod, in, &from);
		if (own) {
			wqc_report(WQC_R_RESOURCE_FREED, "resource %p, memory of %s", own->resource,
				   module_name(mod));
			ntc_resource_forget(own);
		}
		cond_resched();
	} while (own || from);
}

/* No client is loaded. What is left lies in memory that was freed without notice. */
void ntc_resource_exit(void)
{
	struct ntc_resource *own, *next;

	rbtree_postorder_for_each_entry_safe(own, next, &ntc_resources, node)
		kfree(own);
}

/* ---- initialisation and deletion ------------------------------------------- */

static void ntc_resource_clear(PERESOURCE resource)
{
	InitializeListHead(&resource->SystemResourcesList);
	resource->ActiveCount = 0;
	resource->Flag = 0;
	resource->SharedWaiters = NULL;
	resource->ExclusiveWaiters = NULL;
	memset(&resource->OwnerEntry, 0, sizeof(resource->OwnerEntry));
	resource->ActiveEntries = 0;
	resource->ContentionCount = 0;
	resource->NumberOfSharedWaiters = 0;
	resource->NumberOfExclusiveWaiters = 0;
	resource->Reserved2 = NULL;
}

static NTSTATUS ntc_resource_init(PERESOURCE resource, const char *name,
				  struct lock_class_key *key, void *caller)
{
	struct ntc_resource *own = NULL, *old;
	bool twice, sleep = ntc_alloc_may_sleep();
	unsigned long flags;

	/* On PREEMPT_RT no allocator may be called in atomic context. */
	if (sleep || !IS_ENABLED(CONFIG_PREEMPT_RT))
		own = kzalloc(sizeof(*own), (sleep ? GFP_NOFS : GFP_ATOMIC) | __GFP_NOWARN);
	if (own) {
		own->resource = resource;
		lockdep_init_map_wait(&own->dep_map, name, key, 0, LD_WAIT_SLEEP);
	}
	raw_spin_lock_irqsave(&ntc_resources_lock, flags);
	old = ntc_resource_find((uintptr_t)resource, 1);
	twice = old && ntc_resource_is_there(old);
	if (!twice) {
		if (old)
			rb_erase(&old->node, &ntc_resources);
		ntc_resource_clear(resource);
		resource->OwnerTable = NULL;
		resource->Address = own;
		WRITE_ONCE(resource->SpinLock, ntc_resource_magic(resource));
		if (own)
			ntc_resource_list(own);
	}
	raw_spin_unlock_irqrestore(&ntc_resources_lock, flags);
	kfree(twice ? own : old);
	if (twice)
		wqc_report(WQC_R_RESOURCE_INIT, "resource %p, from %pS: left unchanged", resource,
			   caller);
	return STATUS_SUCCESS;
}

/**
 * ExInitializeResourceLite - initialise a resource
 * @Resource: nonpaged memory
 *
 * To be deleted by ExDeleteResourceLite() before its memory is freed: one in pool or device memory,
 * or in the data of a driver that is unloaded, is reported (0xC4/D2) and forgotten. A resource that
 * is initialised again without that is reported (0xC4/D0) and left unchanged. Where lockdep is
 * compiled in, this is also a macro, with a class for each call.
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context, but on PREEMPT_RT not with interrupts off.
 * Return: STATUS_SUCCESS.
 *
 * Follows: DDI wdm/nf-wdm-exinitializeresourcelite.
 */
NTSTATUS ExInitializeResourceLite(PERESOURCE Resource)
{
	static struct lock_class_key key;

	return ntc_resource_init(Resource, "ERESOURCE", &key, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(ExInitializeResourceLite);

#ifdef CONFIG_DEBUG_LOCK_ALLOC
NTSTATUS ntc_resource_init_class(PERESOURCE resource, const char *name,
				 struct lock_class_key *key)
{
	return ntc_resource_init(resource, name, key, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(ntc_resource_init_class);
#endif

/* False, with a report: it was not initialised, or is owned or waited for. */
static bool ntc_resource_is_unused(PERESOURCE resource, const char *call, void *caller)
{
	raw_spinlock_t *lock = ntc_resource_lock_of(resource);
	unsigned long flags;
	ULONG owners, waiters;

	if (!ntc_resource_is_valid(resource, call, caller))
		return false;
	/* The lock: the call that released it last may not have returned. */
	raw_spin_lock_irqsave(lock, flags);
	owners = resource->ActiveEntries;
	waiters = resource->NumberOfSharedWaiters + resource->NumberOfExclusiveWaiters;
	raw_spin_unlock_irqrestore(lock, flags);
	if (owners || waiters)
		wqc_report(WQC_R_RESOURCE_HELD, "%s, resource %p, %u owners, %u waiters, from %pS",
			   call, resource, owners, waiters, caller);
	return !owners && !waiters;
}

/**
 * ExReinitializeResourceLite - make a resource as new
 * @Resource: initialised, not owned and not waited for; else reported and left unchanged
 *
 * The table of owners keeps its size.
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 * Return: STATUS_SUCCESS; STATUS_UNSUCCESSFUL after a report.
 *
 * Follows: DDI wdm/nf-wdm-exreinitializeresourcelite.
 */
NTSTATUS ExReinitializeResourceLite(PERESOURCE Resource)
{
	if (!ntc_resource_is_unused(Resource, __func__, (void *)_RET_IP_))
		return STATUS_UNSUCCESSFUL;
	ntc_resource_clear(Resource);
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(ExReinitializeResourceLite);

/**
 * ExDeleteResourceLite - delete a resource
 * @Resource: initialised, not owned and not waited for; else reported and not deleted
 *
 * Its memory may be freed then.
 *
 * Context: IRQL <= APC_LEVEL; here as ExFreePool().
 * Return: STATUS_SUCCESS; STATUS_UNSUCCESSFUL after a report.
 *
 * Follows: DDI wdm/nf-wdm-exdeleteresourcelite.
 */
NTSTATUS ExDeleteResourceLite(PERESOURCE Resource)
{
	struct ntc_resource *own;
	unsigned long flags;

	if (!ntc_resource_is_unused(Resource, __func__, (void *)_RET_IP_))
		return STATUS_UNSUCCESSFUL;
	own = Resource->Address;
	raw_spin_lock_irqsave(&ntc_resources_lock, flags);
	if (own)
		rb_erase(&own->node, &ntc_resources);
	Resource->SpinLock = 0;
	Resource->Address = NULL;
	raw_spin_unlock_irqrestore(&ntc_resources_lock, flags);
	kfree(Resource->OwnerTable);
	Resource->OwnerTable = NULL;
	kfree(own);
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(ExDeleteResourceLite);
