// SPDX-License-Identifier: GPL-2.0
/*
 * Pool memory, with tags. Each block has an entry in an index by its address, beside the
 * block and not in it: blocks of a page and more are aligned to a page, as on
 * Windows, and what a driver frees is looked up before it is trusted. When a
 * module goes, what its code allocated and did not free is reported by tag.
 *
 * The index (index.c) finds a block in constant time, however many there are.
 *
 * GFP_NOFS: the drivers are file systems, and expect that no allocation calls back
 * into one.
 */
#include <linux/cache.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "ex_pool.h"
#include "index.h"
#include "ke_cleanup.h"
#include "ke_mutex.h"

#define NTC_POOL_BITS	6
#define NTC_POOL_NONE	0x656e6f4e	/* "None": the tag of ExAllocatePool() */
#define NTC_TAGS_SHOWN	16

struct ntc_block {
	struct ntc_node node;
	SIZE_T size;
	ULONG tag;
	void *caller;		/* in the module that allocated it; or that, for __init code */
};

DEFINE_NTC_INDEX(ntc_blocks, NTC_POOL_BITS);
static struct kmem_cache *ntc_block_cache;

static struct ntc_block *ntc_block_from_node(struct ntc_node *node)
{
	return container_of(node, struct ntc_block, node);
}

/*
 * At least 16 bytes aligned, which kmalloc's odd sizes are not on every kernel. Aligned to a
 * cache line is what has a power of two as its size.
 */
static SIZE_T ntc_pool_round_size(SIZE_T size, bool cache_aligned)
{
	if (cache_aligned && size < PAGE_SIZE)
		return roundup_pow_of_two(max_t(SIZE_T, size, SMP_CACHE_BYTES));
	if (size > 64 && size <= 96)
		return 128;
	if (size > 128 && size <= 192)
		return 256;
	return max_t(SIZE_T, size, MEMORY_ALLOCATION_ALIGNMENT);
}

/**
 * ntc_pool_alloc_type - allocate a block of a kind
 * @type: a POOL_TYPE, with POOL_ZERO_ALLOCATION or without. The kinds of it that are
 *	aligned to a cache line have NTC_CACHE_ALIGNED in them
 * @size: bytes
 * @tag: four characters
 * @caller: an address in the module that it belongs to
 *
 * Context: process, where it may sleep; softirq; on PREEMPT_RT not with
 * interrupts off.
 * Return: the block, or NULL.
 */
PVOID ntc_pool_alloc_type(ULONG type, SIZE_T size, ULONG tag, void *caller)
{
	SIZE_T bytes = ntc_pool_round_size(size, type & NTC_CACHE_ALIGNED);
	bool sleep = ntc_alloc_may_sleep();
	gfp_t gfp = (sleep ? GFP_NOFS : GFP_ATOMIC) | __GFP_NOWARN;
	struct ntc_block *block = kmem_cache_alloc(ntc_block_cache, gfp);
	PVOID p;

	if (!block)
		return NULL;
	if (type & POOL_ZERO_ALLOCATION)
		gfp |= __GFP_ZERO;
	p = sleep ? kvmalloc(bytes, gfp) : kmalloc(bytes, gfp);
	if (!p) {
		kmem_cache_free(ntc_block_cache, block);
		return NULL;
	}
	block->node.address = p;
	block->size = size;
	block->tag = tag;
	block->caller = caller;
	ntc_index_add(&ntc_blocks, &block->node);
	return p;
}

/**
 * ntc_pool_alloc - allocate a block
 * @size: bytes
 * @tag: four characters
 * @zero: zeroed
 * @caller: an address in the module that it belongs to
 *
 * Context: as ntc_pool_alloc_type().
 * Return: the block, or NULL.
 */
PVOID ntc_pool_alloc(SIZE_T size, ULONG tag, bool zero, void *caller)
{
	return ntc_pool_alloc_type(zero ? POOL_ZERO_ALLOCATION : 0, size, tag, caller);
}

/* The tag's characters, for messages. */
static const char *ntc_tag_format(ULONG tag, char text[5])
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
 * ntc_memory_freed - look for what is still in use in memory that is given back
 * @p: the memory; it is still there
 * @size: bytes
 * @caller: who gives it back, for the reports
 *
 * What it costs depends on @size and on what is set or queued in that memory.
 *
 * Context: as ntc_pool_free().
 */
void ntc_memory_freed(PVOID p, SIZE_T size, void *caller)
{
	ntc_mutex_memory_freed(p, size, caller);
	wqc_memory_freed(p, size, caller);
	ntc_cleanup_memory_freed(p, size, caller);
}

struct ntc_pool_rcu {
	struct rcu_head rcu;
};

/*
 * vfree() sleeps, unless softirqs are off. With interrupts or preemption off, memory of
 * vmalloc's is freed after a grace period. Such blocks are large, so they have room for
 * the head.
 */
static void ntc_pool_free_memory(PVOID p)
{
	struct ntc_pool_rcu *large = p;

	if (is_vmalloc_addr(p) && !ntc_alloc_may_sleep())
		kvfree_rcu(large, rcu);
	else
		kvfree(p);
}

/**
 * ntc_pool_free - free a block
 * @p: what ntc_pool_alloc() returned; anything else is reported
 * @tag: its tag; another is reported. 0: any
 * @caller: who frees it, for the report
 *
 * Context: as ntc_pool_alloc_type().
 */
void ntc_pool_free(PVOID p, ULONG tag, void *caller)
{
	struct ntc_node *node = ntc_index_take(&ntc_blocks, p, NULL);
	struct ntc_block *block;
	char has[5], gives[5];

	if (!node) {
		wqc_report(WQC_R_BAD_POOL, "%p, from %pS: not freed", p, caller);
		return;
	}
	block = ntc_block_from_node(node);
	if (tag && tag != block->tag)
		wqc_report(WQC_R_BAD_TAG, "%p, from %pS: tag '%s' instead of '%s'", p, caller,
			   ntc_tag_format(tag, gives), ntc_tag_format(block->tag, has));
	ntc_memory_freed(p, block->size, caller);
	ntc_pool_free_memory(p);
	kmem_cache_free(ntc_block_cache, block);
}

/**
 * ExAllocatePool - allocate memory without a tag
 * @PoolType: every kind is resident, and not executable
 * @NumberOfBytes: 16-byte aligned; aligned to a cache line, if @PoolType says so; from a
 *	page on page-aligned
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any but, on PREEMPT_RT, with interrupts
 * off. At PASSIVE_LEVEL it may sleep.
 * Return: the memory, or NULL; a type that raises exceptions returns NULL, too.
 *
 * Follows: DDI wdm/nf-wdm-exallocatepool.
 */
PVOID ExAllocatePool(POOL_TYPE PoolType, SIZE_T NumberOfBytes)
{
	return ntc_pool_alloc_type(PoolType, NumberOfBytes, NTC_POOL_NONE, (void *)_RET_IP_);
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
	return ntc_pool_alloc_type(PoolType, NumberOfBytes, Tag, (void *)_RET_IP_);
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
	return ntc_pool_alloc_type(PoolType | POOL_ZERO_ALLOCATION, NumberOfBytes, Tag,
				   (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(ExAllocatePoolZero);

#define NTC_POOL2_KINDS	(POOL_FLAG_NON_PAGED | POOL_FLAG_NON_PAGED_EXECUTE | POOL_FLAG_PAGED)
#define NTC_POOL2_KNOWN	(NTC_POOL2_KINDS | POOL_FLAG_USE_QUOTA | POOL_FLAG_UNINITIALIZED | \
			 POOL_FLAG_SESSION | POOL_FLAG_CACHE_ALIGNED | POOL_FLAG_RAISE_ON_FAILURE)

/* One kind of pool, and no flag that is unknown and has to be known. */
static bool ntc_pool2_flags_valid(POOL_FLAGS flags)
{
	u32 required = lower_32_bits(flags);

	return !(required & ~NTC_POOL2_KNOWN) && is_power_of_2(required & NTC_POOL2_KINDS);
}

/**
 * ExAllocatePool2 - allocate memory, zeroed unless it is not to be
 * @Flags: one of POOL_FLAG_NON_PAGED, _NON_PAGED_EXECUTE and _PAGED, which are the same here;
 *	POOL_FLAG_UNINITIALIZED: not zeroed; POOL_FLAG_CACHE_ALIGNED: aligned to a cache
 *	line. POOL_FLAG_USE_QUOTA, _SESSION and _RAISE_ON_FAILURE change nothing. The higher
 *	32 bits are optional, and not looked at
 * @NumberOfBytes: as for ExAllocatePool()
 * @Tag: as for ExAllocatePoolWithTag(); not 0
 *
 * Context: as ExAllocatePool().
 * Return: as ExAllocatePool(); NULL also for a tag of 0, for no kind of pool or several, and
 * for a flag of the lower 32 bits that is none of the above.
 *
 * Follows: DDI wdm/nf-wdm-exallocatepool2, DRV kernel/pool_flags.
 */
PVOID ExAllocatePool2(POOL_FLAGS Flags, SIZE_T NumberOfBytes, ULONG Tag)
{
	ULONG type = NonPagedPoolNx;

	if (!Tag || !ntc_pool2_flags_valid(Flags))
		return NULL;
	if (!(Flags & POOL_FLAG_UNINITIALIZED))
		type |= POOL_ZERO_ALLOCATION;
	if (Flags & POOL_FLAG_CACHE_ALIGNED)
		type |= NTC_CACHE_ALIGNED;
	return ntc_pool_alloc_type(type, NumberOfBytes, Tag, (void *)_RET_IP_);
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
	ntc_pool_free(P, 0, (void *)_RET_IP_);
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
	ntc_pool_free(P, Tag, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(ExFreePoolWithTag);

/* ---- unloading ----------------------------------------------------------- */

struct ntc_tag_sum {
	ULONG tag;
	unsigned long blocks;
	SIZE_T bytes;
	void *caller;
};

struct ntc_leaks {
	struct module *mod;
	struct ntc_tag_sum sums[NTC_TAGS_SHOWN];
	unsigned long others;		/* blocks of tags for which there was no room */
};

/* False: the table is full. */
static bool ntc_tag_sums_add(struct ntc_tag_sum *sums, const struct ntc_block *block)
{
	int i;

	for (i = 0; i < NTC_TAGS_SHOWN; i++) {
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

/* A block of the module that leaves. It is no module's then, so it is not reported again. */
static void ntc_leaks_add(struct ntc_node *node, void *arg)
{
	struct ntc_block *block = ntc_block_from_node(node);
	struct ntc_leaks *leaks = arg;

	if (!within_module((unsigned long)block->caller, leaks->mod))
		return;
	leaks->others += !ntc_tag_sums_add(leaks->sums, block);
	block->caller = NULL;
}

static void ntc_leak_report(struct module *mod, const struct ntc_tag_sum *sum)
{
	char text[5];

	ntc_tag_format(sum->tag, text);
	if (sum->caller == mod)
		wqc_report(WQC_R_POOL_LEAKED,
			   "%s: tag '%s': %lu blocks, %lu bytes, one from its __init code",
			   module_name(mod), text, sum->blocks, sum->bytes);
	else
		wqc_report(WQC_R_POOL_LEAKED,
			   "%s: tag '%s': %lu blocks, %lu bytes, one from %pS",
			   module_name(mod), text, sum->blocks, sum->bytes, sum->caller);
}

/**
 * ntc_pool_report_leaks - report what an unloading module did not free, by tag
 * @mod: the module. The blocks stay allocated, as on Windows, until this module
 *	is unloaded
 *
 * Context: process, sleeps.
 */
void ntc_pool_report_leaks(struct module *mod)
{
	struct ntc_leaks leaks = { .mod = mod };
	u32 i;

	ntc_index_walk(&ntc_blocks, ntc_leaks_add, &leaks);
	for (i = 0; i < NTC_TAGS_SHOWN && leaks.sums[i].blocks; i++)
		ntc_leak_report(mod, &leaks.sums[i]);
	if (leaks.others)
		wqc_report(WQC_R_POOL_LEAKED, "%s: %lu blocks of other tags", module_name(mod),
			   leaks.others);
}

static void ntc_block_adopt_init(struct ntc_node *node, void *arg)
{
	struct ntc_block *block = ntc_block_from_node(node);

	if (within_module_init((unsigned long)block->caller, arg))
		block->caller = arg;
}

/**
 * ntc_pool_adopt_init - a module's __init code is about to be freed
 * @mod: what that has allocated is the module's all the same; its struct is an
 *	address in it, and no other module's while it is there
 *
 * Context: process, sleeps.
 */
void ntc_pool_adopt_init(struct module *mod)
{
	ntc_index_walk(&ntc_blocks, ntc_block_adopt_init, mod);
}

int ntc_pool_init(void)
{
	ntc_block_cache = KMEM_CACHE(ntc_block, 0);
	return ntc_block_cache ? 0 : -ENOMEM;
}

static void ntc_block_release(struct ntc_node *node)
{
	kvfree(node->address);
	kmem_cache_free(ntc_block_cache, ntc_block_from_node(node));
}

/* No client is loaded any more: what is left is leaked. */
void ntc_pool_exit(void)
{
	ntc_index_exit(&ntc_blocks, ntc_block_release);
	kmem_cache_destroy(ntc_block_cache);
}
