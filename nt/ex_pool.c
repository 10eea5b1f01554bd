// SPDX-License-Identifier: GPL-2.0
/*
 * Pool memory with tags. Each block has an entry in an index by address (index.c), which finds it
 * in constant time. The entry lies outside of the block: blocks of a page or more are
 * page-aligned, as on Windows, and an address that a driver frees is looked up before it is
 * accessed. So a double free and a free of foreign memory are reported, not executed. When a
 * module is unloaded, the blocks that its code allocated and did not free are reported by tag.
 *
 * GFP_NOFS: drivers that are file systems expect that no allocation calls back into one
 * (deadlock).
 */
#include <linux/cache.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "ex_pool.h"
#include "ex_resource.h"
#include "index.h"
#include "io_irp.h"
#include "ke_cleanup.h"
#include "ke_dispatcher.h"
#include "ke_mutex.h"
#include "ks_queue.h"

#define NTC_POOL_BITS	6
#define NTC_POOL_NONE	0x656e6f4e	/* "None": the tag of ExAllocatePool() */
#define NTC_TAGS_SHOWN	16

struct ntc_block {
	struct ntc_node node;
	SIZE_T size;
	ULONG tag;
	void *caller;		/* address in the allocating module; or its struct module */
};

DEFINE_NTC_INDEX(ntc_blocks, NTC_POOL_BITS);
static struct kmem_cache *ntc_block_cache;

static struct ntc_block *ntc_block_from_node(struct ntc_node *node)
{
	return container_of(node, struct ntc_block, node);
}

/*
 * Alignment of 16 bytes, which kmalloc() does not give to its odd sizes on every kernel. A size
 * that is a power of two is aligned to itself: that aligns to a cache line.
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
 * ntc_pool_alloc_type - allocate a block of a pool type
 * @type: a POOL_TYPE, optionally with POOL_ZERO_ALLOCATION. Types with NTC_CACHE_ALIGNED
 *	are aligned to a cache line
 * @size: bytes
 * @tag: four characters
 * @caller: address in the module to which the block belongs
 *
 * Context: process, may sleep; softirq; on PREEMPT_RT not with interrupts off.
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
 * @zero: whether to zero the block
 * @caller: address in the module to which the block belongs
 *
 * Context: as ntc_pool_alloc_type().
 * Return: the block, or NULL.
 */
PVOID ntc_pool_alloc(SIZE_T size, ULONG tag, bool zero, void *caller)
{
	return ntc_pool_alloc_type(zero ? POOL_ZERO_ALLOCATION : 0, size, tag, caller);
}

/* Format a tag for a report. */
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
 * ntc_objects_freed - report and remove this module's objects in memory that is being freed
 * @p: the memory; still allocated
 * @size: bytes
 * @caller: address in the code that frees it, for the reports
 *
 * Use-after-free: owned mutexes, objects that threads wait for, resources, IRPs in flight, items of
 * workers, set timers and queued DPCs in the memory would be accessed later. The cost depends on
 * @size and on how many of them lie in the memory. Timers before waits: one that expires signals.
 *
 * Context: as ntc_pool_free().
 */
void ntc_objects_freed(PVOID p, SIZE_T size, void *caller)
{
	ntc_mutex_memory_freed(p, size, caller);
	ntc_cleanup_memory_freed(p, size, caller);
	ntc_wait_memory_freed(p, size, caller);
	ntc_resource_memory_freed(p, size, caller);
	ntc_irp_memory_freed(p, size, caller);
	ntc_ks_memory_freed(p, size, caller);
}

/* As ntc_objects_freed(), and items that are queued to wq_compat. */
void ntc_memory_freed(PVOID p, SIZE_T size, void *caller)
{
	wqc_memory_freed(p, size, caller);
	ntc_objects_freed(p, size, caller);
}

struct ntc_pool_rcu {
	struct rcu_head rcu;
};

/*
 * vfree() sleeps, unless softirqs are off. With interrupts or preemption off, vmalloc memory is
 * freed after an RCU grace period instead. Such blocks are large, so the rcu_head fits.
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
 * @p: from ntc_pool_alloc(); else reported and not freed
 * @tag: the block's tag, else reported; 0: any tag
 * @caller: address in the code that frees it, for the report
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
 * @PoolType: all types are resident and not executable
 * @NumberOfBytes: size; aligned to 16 bytes, to a cache line if @PoolType says so, and to
 *	a page from PAGE_SIZE on
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context, but on PREEMPT_RT not with interrupts off.
 * At PASSIVE_LEVEL it may sleep.
 * Return: the memory, or NULL, also for types that raise an exception on Windows.
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
 * @Tag: four characters; memory that is not freed is reported by tag at unload
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

/* Exactly one pool type, and no unknown flag among the required ones. */
static bool ntc_pool2_flags_valid(POOL_FLAGS flags)
{
	u32 required = lower_32_bits(flags);

	return !(required & ~NTC_POOL2_KNOWN) && is_power_of_2(required & NTC_POOL2_KINDS);
}

/**
 * ExAllocatePool2 - allocate memory, zeroed by default
 * @Flags: exactly one of POOL_FLAG_NON_PAGED, _NON_PAGED_EXECUTE and _PAGED, which are the
 *	same here; POOL_FLAG_UNINITIALIZED: not zeroed; POOL_FLAG_CACHE_ALIGNED: aligned to a
 *	cache line. POOL_FLAG_USE_QUOTA, _SESSION and _RAISE_ON_FAILURE have no effect. The
 *	upper 32 bits are optional flags, which are ignored
 * @NumberOfBytes: as for ExAllocatePool()
 * @Tag: as for ExAllocatePoolWithTag(); not 0
 *
 * Context: as ExAllocatePool().
 * Return: as ExAllocatePool(); NULL also for a tag of 0, for no or several pool types, and for an
 * unknown flag among the lower 32 bits.
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
 * @P: from one of the calls above; else reported (0xC2) and not freed
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
 * @Tag: the memory's tag, or 0; another tag is reported (0xC2/A), and the memory is freed
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

/* ---- unloading --------------------------------------------------------- */

struct ntc_tag_sum {
	ULONG tag;
	unsigned long blocks;
	SIZE_T bytes;
	void *caller;
};

struct ntc_leaks {
	struct module *mod;
	struct ntc_tag_sum sums[NTC_TAGS_SHOWN];
	unsigned long others;		/* blocks of tags that do not fit into @sums */
};

/* Add a block to the sum of its tag. False: the table is full. */
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

/* Count a block of the unloading module, and clear its owner, so that it is reported once. */
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
 * ntc_pool_report_leaks - report blocks that an unloading module did not free, by tag
 * @mod: the module
 *
 * The blocks stay allocated, as on Windows, until this module is unloaded.
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
 * ntc_pool_adopt_init - make blocks of __init code, which is freed next, the module's own
 * @mod: the module. Its struct module becomes their caller: an address inside of the
 *	module, and of no other one while it is loaded
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

/* No client is loaded: the remaining blocks are leaks. */
void ntc_pool_exit(void)
{
	ntc_index_exit(&ntc_blocks, ntc_block_release);
	kmem_cache_destroy(ntc_block_cache);
}
