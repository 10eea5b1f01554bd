// SPDX-License-Identifier: GPL-2.0
/*
 * Pool memory, with tags. Each block is noted in a hash by its address, beside the
 * block and not in it: blocks of a page and more are aligned to a page, as on
 * Windows, and what a driver frees is looked up before it is trusted. When a
 * module goes, what its code allocated and nobody freed is reported by tag.
 *
 * GFP_NOFS: the drivers are file systems, and expect an allocation to call back
 * into none.
 */
#include <linux/export.h>
#include <linux/hash.h>
#include <linux/hashtable.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "nt_internal.h"

#define WQC_POOL_BITS	8
#define WQC_POOL_NONE	0x656e6f4e	/* "None": the tag of ExAllocatePool() */
#define WQC_TAGS_SHOWN	16

struct wqc_block {
	struct hlist_node node;
	PVOID address;
	SIZE_T size;
	ULONG tag;
	void *caller;		/* in the module that allocated it; or that, for __init code */
};

static struct {
	raw_spinlock_t lock;
	struct hlist_head blocks;	/* under lock */
} ____cacheline_aligned_in_smp wqc_pool[BIT(WQC_POOL_BITS)];

static struct kmem_cache *wqc_block_cache;

/* At least 16 bytes aligned, which kmalloc's odd sizes are not on every kernel. */
static SIZE_T wqc_pool_size(SIZE_T size)
{
	if (size > 64 && size <= 96)
		return 128;
	if (size > 128 && size <= 192)
		return 256;
	return max_t(SIZE_T, size, MEMORY_ALLOCATION_ALIGNMENT);
}

/**
 * wqc_pool_alloc - allocate a block
 * @size: bytes
 * @tag: four characters
 * @zero: zeroed
 * @caller: an address in the module that it belongs to
 *
 * Context: process, where it may sleep; softirq; on PREEMPT_RT not with
 * interrupts off.
 * Return: the block, or NULL.
 */
PVOID wqc_pool_alloc(SIZE_T size, ULONG tag, bool zero, void *caller)
{
	/* Under a spin lock of PREEMPT_RT one may be preempted, but not sleep for memory. */
	bool sleep = KeGetCurrentIrql() < DISPATCH_LEVEL && !rcu_preempt_depth();
	gfp_t gfp = (sleep ? GFP_NOFS : GFP_ATOMIC) | __GFP_NOWARN | (zero ? __GFP_ZERO : 0);
	struct wqc_block *block;
	unsigned long flags;
	u32 bucket;

	block = kmem_cache_alloc(wqc_block_cache, gfp & ~__GFP_ZERO);
	if (!block)
		return NULL;
	block->size = size;
	block->tag = tag;
	block->caller = caller;
	block->address = sleep ? kvmalloc(wqc_pool_size(size), gfp) :
				 kmalloc(wqc_pool_size(size), gfp);
	if (!block->address) {
		kmem_cache_free(wqc_block_cache, block);
		return NULL;
	}
	bucket = hash_ptr(block->address, WQC_POOL_BITS);
	raw_spin_lock_irqsave(&wqc_pool[bucket].lock, flags);
	hlist_add_head(&block->node, &wqc_pool[bucket].blocks);
	raw_spin_unlock_irqrestore(&wqc_pool[bucket].lock, flags);
	return block->address;
}

/* The tag's characters, for messages. */
static const char *wqc_tag_text(ULONG tag, char text[5])
{
	int i;

	for (i = 0; i < 4; i++) {
		text[i] = tag >> 8 * i;
		if (text[i] < ' ' || text[i] > '~')
			text[i] = '.';
	}
	text[4] = 0;
	return text;
}

/**
 * wqc_pool_free - free a block
 * @p: what wqc_pool_alloc() returned; anything else is reported
 * @tag: its tag; another is reported. 0: any
 * @caller: who frees it, for the report
 *
 * Context: as wqc_pool_alloc().
 */
void wqc_pool_free(PVOID p, ULONG tag, void *caller)
{
	u32 bucket = hash_ptr(p, WQC_POOL_BITS);
	struct wqc_block *block, *found = NULL;
	char has[5], gives[5];
	unsigned long flags;

	raw_spin_lock_irqsave(&wqc_pool[bucket].lock, flags);
	hlist_for_each_entry(block, &wqc_pool[bucket].blocks, node) {
		if (block->address == p) {
			found = block;
			hlist_del(&block->node);
			break;
		}
	}
	raw_spin_unlock_irqrestore(&wqc_pool[bucket].lock, flags);
	if (!found) {
		wqc_report(WQC_R_BAD_POOL, "%p, from %pS: not freed", p, caller);
		return;
	}
	if (tag && tag != found->tag)
		wqc_report(WQC_R_BAD_TAG, "%p, from %pS: tag '%s' instead of '%s'", p, caller,
			   wqc_tag_text(tag, gives), wqc_tag_text(found->tag, has));
	wqc_mutexes_freed(found->address, found->size, caller);
	wqc_dispatcher_freed(found->address, found->size, caller);
	kvfree(found->address);
	kmem_cache_free(wqc_block_cache, found);
}

/**
 * ExAllocatePool - allocate memory without a tag
 * @PoolType: every kind is resident, and not executable
 * @NumberOfBytes: 16-byte aligned; from a page on page-aligned
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any but, on PREEMPT_RT, with interrupts
 * off. At PASSIVE_LEVEL it may sleep.
 * Return: the memory, or NULL; a type that raises exceptions returns NULL, too.
 *
 * Follows: DDI wdm/nf-wdm-exallocatepool.
 */
PVOID ExAllocatePool(POOL_TYPE PoolType, SIZE_T NumberOfBytes)
{
	return wqc_pool_alloc(NumberOfBytes, WQC_POOL_NONE, PoolType & POOL_ZERO_ALLOCATION,
			      (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(ExAllocatePool);

/**
 * ExAllocatePoolWithTag - allocate memory
 * @PoolType: as for ExAllocatePool()
 * @NumberOfBytes: as for ExAllocatePool()
 * @Tag: four characters, by which what was not freed is reported at unload
 *
 * Context: as ExAllocatePool().
 * Return: as ExAllocatePool().
 *
 * Follows: DDI wdm/nf-wdm-exallocatepoolwithtag.
 */
PVOID ExAllocatePoolWithTag(POOL_TYPE PoolType, SIZE_T NumberOfBytes, ULONG Tag)
{
	return wqc_pool_alloc(NumberOfBytes, Tag, PoolType & POOL_ZERO_ALLOCATION,
			      (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(ExAllocatePoolWithTag);

/**
 * ExAllocatePoolZero - allocate zeroed memory
 * @PoolType: as for ExAllocatePool()
 * @NumberOfBytes: as for ExAllocatePool()
 * @Tag: as for ExAllocatePoolWithTag()
 *
 * Context: as ExAllocatePool().
 * Return: as ExAllocatePool().
 *
 * Follows: DDI wdm/nf-wdm-exallocatepoolzero.
 */
PVOID ExAllocatePoolZero(POOL_TYPE PoolType, SIZE_T NumberOfBytes, ULONG Tag)
{
	return wqc_pool_alloc(NumberOfBytes, Tag, true, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(ExAllocatePoolZero);

/**
 * ExAllocatePool2 - allocate memory, zeroed unless it is not to be
 * @Flags: POOL_FLAG_UNINITIALIZED: not zeroed; the others are not used
 * @NumberOfBytes: as for ExAllocatePool()
 * @Tag: as for ExAllocatePoolWithTag(); not 0
 *
 * Context: as ExAllocatePool().
 * Return: as ExAllocatePool(); NULL for a tag of 0.
 *
 * Follows: DDI wdm/nf-wdm-exallocatepool2.
 */
PVOID ExAllocatePool2(POOL_FLAGS Flags, SIZE_T NumberOfBytes, ULONG Tag)
{
	if (!Tag)
		return NULL;
	return wqc_pool_alloc(NumberOfBytes, Tag, !(Flags & POOL_FLAG_UNINITIALIZED),
			      (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(ExAllocatePool2);

/**
 * ExFreePool - free memory
 * @P: from one of the calls above; anything else is reported (0xC2) and not freed
 *
 * Context: as ExAllocatePool().
 *
 * Follows: DDI ntddk/nf-ntddk-exfreepool.
 */
VOID ExFreePool(PVOID P)
{
	wqc_pool_free(P, 0, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(ExFreePool);

/**
 * ExFreePoolWithTag - free memory
 * @P: as for ExFreePool()
 * @Tag: its tag, or 0; another one is reported (0xC2/A), and the memory freed
 *
 * Context: as ExAllocatePool().
 *
 * Follows: DDI wdm/nf-wdm-exfreepoolwithtag.
 */
VOID ExFreePoolWithTag(PVOID P, ULONG Tag)
{
	wqc_pool_free(P, Tag, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(ExFreePoolWithTag);

/* ---- unloading ----------------------------------------------------------- */

struct wqc_tag_sum {
	ULONG tag;
	unsigned long blocks;
	SIZE_T bytes;
	void *caller;
};

/* False: the table is full. */
static bool wqc_tag_add(struct wqc_tag_sum *sums, const struct wqc_block *block)
{
	int i;

	for (i = 0; i < WQC_TAGS_SHOWN; i++) {
		if (sums[i].blocks && sums[i].tag != block->tag)
			continue;
		sums[i].tag = block->tag;
		sums[i].blocks++;
		sums[i].bytes += block->size;
		sums[i].caller = sums[i].caller ?: block->caller;
		return true;
	}
	return false;
}

/* What is @mod's, as @within says, is of @caller from now on. */
static void wqc_pool_hand_over(struct module *mod,
			       bool (*within)(unsigned long addr, const struct module *mod),
			       void *caller)
{
	struct wqc_block *block;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(wqc_pool); i++) {
		raw_spin_lock_irq(&wqc_pool[i].lock);
		hlist_for_each_entry(block, &wqc_pool[i].blocks, node)
			if (within((unsigned long)block->caller, mod))
				block->caller = caller;
		raw_spin_unlock_irq(&wqc_pool[i].lock);
	}
}

/**
 * wqc_pool_leaks - report what an unloading module did not free, by tag
 * @mod: the module. The blocks stay allocated, as on Windows, until this module
 *	is unloaded
 *
 * Context: process.
 */
void wqc_pool_leaks(struct module *mod)
{
	struct wqc_tag_sum sums[WQC_TAGS_SHOWN] = {};
	unsigned long others = 0;
	struct wqc_block *block;
	char text[5];
	u32 i;

	for (i = 0; i < ARRAY_SIZE(wqc_pool); i++) {
		raw_spin_lock_irq(&wqc_pool[i].lock);
		hlist_for_each_entry(block, &wqc_pool[i].blocks, node) {
			if (!within_module((unsigned long)block->caller, mod))
				continue;
			others += !wqc_tag_add(sums, block);
		}
		raw_spin_unlock_irq(&wqc_pool[i].lock);
	}
	for (i = 0; i < WQC_TAGS_SHOWN && sums[i].blocks; i++) {
		wqc_tag_text(sums[i].tag, text);
		if (sums[i].caller == mod)
			wqc_report(WQC_R_POOL_LEAKED,
				   "%s: tag '%s': %lu blocks, %lu bytes, one from its __init code",
				   module_name(mod), text, sums[i].blocks, sums[i].bytes);
		else
			wqc_report(WQC_R_POOL_LEAKED,
				   "%s: tag '%s': %lu blocks, %lu bytes, one from %pS",
				   module_name(mod), text, sums[i].blocks, sums[i].bytes,
				   sums[i].caller);
	}
	if (others)
		wqc_report(WQC_R_POOL_LEAKED, "%s: %lu blocks of other tags", module_name(mod),
			   others);
	/* Its name is nobody's, so that they are not reported once more. */
	wqc_pool_hand_over(mod, within_module, NULL);
}

/**
 * wqc_pool_lives - a module's __init code is about to be freed
 * @mod: what that has allocated is the module's all the same; its struct is an
 *	address in it, and no other module's while it is there
 *
 * Context: process.
 */
void wqc_pool_lives(struct module *mod)
{
	wqc_pool_hand_over(mod, within_module_init, mod);
}

int wqc_pool_init(void)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(wqc_pool); i++)
		raw_spin_lock_init(&wqc_pool[i].lock);
	wqc_block_cache = KMEM_CACHE(wqc_block, 0);
	return wqc_block_cache ? 0 : -ENOMEM;
}

/* No client is loaded any more: what is left is leaked, and belongs to nobody. */
void wqc_pool_exit(void)
{
	struct wqc_block *block;
	struct hlist_node *next;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(wqc_pool); i++)
		hlist_for_each_entry_safe(block, next, &wqc_pool[i].blocks, node) {
			kvfree(block->address);
			kmem_cache_free(wqc_block_cache, block);
		}
	kmem_cache_destroy(wqc_block_cache);
}
