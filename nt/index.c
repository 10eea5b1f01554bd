// SPDX-License-Identifier: GPL-2.0
/*
 * An index of objects by address.
 *
 * Hazard: in a hash table of a fixed size a look-up takes time proportional to the number of
 * objects in a bucket, with interrupts off; a table that is doubled in one step moves all objects
 * in one hold of its lock. This table grows and shrinks by single buckets (linear hashing):
 * adding an object splits at most two buckets, removing one merges at most four. So each hold of
 * a lock is bounded by a few chains of one object on average, whatever the number of objects.
 *
 * rhashtable does not fit: it takes its bit spinlocks with softirqs or interrupts off, where its
 * allocations must not be made on PREEMPT_RT, and it cannot be used in a hard interrupt.
 *
 * A new bucket may need a new segment, which has as many buckets as all earlier ones. It is
 * allocated before the lock is taken. Without memory the number of buckets stays, the chains
 * grow, and a later addition tries again.
 */
#include <linux/jhash.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "index.h"
#include "nt.h"

#define NTC_FIRST_BUCKETS	BIT(NTC_FIRST_BITS)
#define NTC_MAX_SPLITS	2	/* per addition: buckets catch up after a walk */
#define NTC_MAX_MERGES	4	/* per removal */
#define NTC_GROW_INTERVAL	64	/* additions between attempts to grow in atomic context */

static u32 ntc_address_hash(const void *address)
{
	return jhash_2words(lower_32_bits((uintptr_t)address), upper_32_bits((uintptr_t)address),
			    0);
}

/* The highest bits of the hash select the shard, the lowest ones the bucket. */
static struct ntc_shard *ntc_shard_of(struct ntc_index *index, u32 hash)
{
	return &index->shards[hash >> (32 - index->bits)];
}

static u32 ntc_bucket_count(const struct ntc_shard *shard)
{
	return NTC_FIRST_BUCKETS + READ_ONCE(shard->more);
}

static unsigned int ntc_segment_number(u32 bucket)
{
	return __fls(bucket) - NTC_FIRST_BITS;
}

static struct hlist_head *ntc_bucket(struct ntc_shard *shard, u32 bucket)
{
	if (bucket < NTC_FIRST_BUCKETS)
		return &shard->first[bucket];
	return &shard->segments[ntc_segment_number(bucket)][bucket - BIT(__fls(bucket))];
}

/* A hash belongs to one of two buckets: to the higher one, if that is in use. */
static u32 ntc_bucket_number(u32 hash, u32 buckets)
{
	u32 mask = roundup_pow_of_two(buckets) - 1;
	u32 bucket = hash & mask;

	return bucket < buckets ? bucket : bucket & (mask >> 1);
}

static struct hlist_head *ntc_bucket_of(struct ntc_shard *shard, u32 hash)
{
	return ntc_bucket(shard, ntc_bucket_number(hash, ntc_bucket_count(shard)));
}

static struct ntc_node *ntc_node_find(struct ntc_shard *shard, u32 hash, const void *address)
{
	struct ntc_node *node;

	lockdep_assert_held(&shard->lock);
	hlist_for_each_entry(node, ntc_bucket_of(shard, hash), link)
		if (node->address == address)
			return node;
	return NULL;
}

/* ---- growing and shrinking --------------------------------------------- */

/* Add a last bucket, which takes over part of an earlier one. False: its segment is missing. */
static bool ntc_bucket_split(struct ntc_shard *shard)
{
	u32 last = ntc_bucket_count(shard), from = last - BIT(__fls(last));
	struct hlist_node *next;
	struct ntc_node *node;

	lockdep_assert_held(&shard->lock);
	if (ntc_segment_number(last) == shard->nr_segments)
		return false;
	WRITE_ONCE(shard->more, shard->more + 1);
	hlist_for_each_entry_safe(node, next, ntc_bucket(shard, from), link) {
		if (ntc_bucket_number(ntc_address_hash(node->address), last + 1) == from)
			continue;
		hlist_del(&node->link);
		hlist_add_head(&node->link, ntc_bucket(shard, last));
	}
	return true;
}

/* Merge the last bucket into the one that it was split from. */
static void ntc_bucket_merge(struct ntc_shard *shard)
{
	u32 last = ntc_bucket_count(shard) - 1, into = last - BIT(__fls(last));
	struct hlist_node *next;
	struct ntc_node *node;

	lockdep_assert_held(&shard->lock);
	hlist_for_each_entry_safe(node, next, ntc_bucket(shard, last), link) {
		hlist_del(&node->link);
		hlist_add_head(&node->link, ntc_bucket(shard, into));
	}
	WRITE_ONCE(shard->more, shard->more - 1);
}

/*
 * Allocate the segment of the next bucket, if it is missing. The lockless reads are a hint:
 * ntc_segment_install() checks again.
 */
static struct hlist_head *ntc_segment_alloc(struct ntc_shard *shard, unsigned int *number)
{
	u32 nodes = READ_ONCE(shard->nodes), last = ntc_bucket_count(shard);
	size_t size = array_size(BIT(__fls(last)), sizeof(struct hlist_head));

	*number = ntc_segment_number(last);
	if (nodes < last || *number < READ_ONCE(shard->nr_segments))
		return NULL;
	if (ntc_alloc_may_sleep())
		return kvmalloc(size, GFP_NOFS | __GFP_NOWARN | __GFP_ZERO);
	return nodes % NTC_GROW_INTERVAL ? NULL : kzalloc(size, GFP_NOWAIT | __GFP_NOWARN);
}

/* Install a segment. If another CPU was faster, it is returned, and the caller frees it. */
static struct hlist_head *ntc_segment_install(struct ntc_shard *shard, struct hlist_head *segment,
					      unsigned int number)
{
	lockdep_assert_held(&shard->lock);
	if (!segment || number != shard->nr_segments)
		return segment;
	shard->segments[number] = segment;
	WRITE_ONCE(shard->nr_segments, number + 1);
	return NULL;
}

/*
 * Detach an unused segment; the caller frees it, which may sleep. One unused segment is kept, so
 * that a number of objects that oscillates allocates nothing.
 */
static struct hlist_head *ntc_segment_detach(struct ntc_shard *shard)
{
	u32 last = max_t(u32, ntc_bucket_count(shard) - 1, NTC_FIRST_BUCKETS);

	lockdep_assert_held(&shard->lock);
	if (shard->nr_segments <= ntc_segment_number(last) + 2)
		return NULL;
	WRITE_ONCE(shard->nr_segments, shard->nr_segments - 1);
	return shard->segments[shard->nr_segments];
}

static void ntc_shard_grow(struct ntc_shard *shard)
{
	int i;

	for (i = 0; i < NTC_MAX_SPLITS; i++)
		if (shard->walks || shard->nodes <= ntc_bucket_count(shard) ||
		    !ntc_bucket_split(shard))
			return;
}

static void ntc_shard_shrink(struct ntc_shard *shard)
{
	int i;

	for (i = 0; i < NTC_MAX_MERGES; i++) {
		if (shard->walks || !shard->more || shard->nodes >= ntc_bucket_count(shard) / 4)
			return;
		ntc_bucket_merge(shard);
	}
}

/* ---- objects ----------------------------------------------------------- */

/**
 * ntc_index_add - add an object
 * @index: the index
 * @node: the object's node, with its address set
 *
 * Cannot fail: without memory, look-ups get slower.
 *
 * Context: as ExAllocatePool().
 */
void ntc_index_add(struct ntc_index *index, struct ntc_node *node)
{
	u32 hash = ntc_address_hash(node->address);
	struct ntc_shard *shard = ntc_shard_of(index, hash);
	unsigned int number;
	struct hlist_head *segment = ntc_segment_alloc(shard, &number);
	unsigned long flags;

	raw_spin_lock_irqsave(&shard->lock, flags);
	segment = ntc_segment_install(shard, segment, number);
	hlist_add_head(&node->link, ntc_bucket_of(shard, hash));
	WRITE_ONCE(shard->nodes, shard->nodes + 1);
	ntc_shard_grow(shard);
	raw_spin_unlock_irqrestore(&shard->lock, flags);
	kvfree(segment);
}

/**
 * ntc_index_get - find an object and get a reference
 * @index: the index
 * @address: address of the object
 * @get: gets the reference, under a raw lock; false: the object is about to be removed
 *
 * Context: any.
 * Return: the object's node, or NULL.
 */
struct ntc_node *ntc_index_get(struct ntc_index *index, const void *address,
			       bool (*get)(struct ntc_node *node))
{
	u32 hash = ntc_address_hash(address);
	struct ntc_shard *shard = ntc_shard_of(index, hash);
	struct ntc_node *node;
	unsigned long flags;

	raw_spin_lock_irqsave(&shard->lock, flags);
	node = ntc_node_find(shard, hash, address);
	if (node && !get(node))
		node = NULL;
	raw_spin_unlock_irqrestore(&shard->lock, flags);
	return node;
}

/**
 * ntc_index_take - find an object and remove it
 * @index: the index
 * @address: address of the object
 * @last: drops a reference, under a raw lock; false: it was not the last one, and the
 *	object stays. NULL: remove the object in any case
 *
 * Context: as ExFreePool().
 * Return: the object's node, which is the caller's now; ERR_PTR(-EBUSY) if the object stays; NULL
 * if there is none.
 */
struct ntc_node *ntc_index_take(struct ntc_index *index, const void *address,
				bool (*last)(struct ntc_node *node))
{
	u32 hash = ntc_address_hash(address);
	struct ntc_shard *shard = ntc_shard_of(index, hash);
	struct hlist_head *unused = NULL;
	bool sleep = ntc_alloc_may_sleep();
	struct ntc_node *node;
	unsigned long flags;

	raw_spin_lock_irqsave(&shard->lock, flags);
	node = ntc_node_find(shard, hash, address);
	if (node && last && !last(node)) {
		node = ERR_PTR(-EBUSY);
	} else if (node) {
		hlist_del(&node->link);
		WRITE_ONCE(shard->nodes, shard->nodes - 1);
		ntc_shard_shrink(shard);
		if (sleep)
			unused = ntc_segment_detach(shard);
	}
	raw_spin_unlock_irqrestore(&shard->lock, flags);
	kvfree(unused);
	return node;
}

static void ntc_shard_walks_add(struct ntc_shard *shard, int change)
{
	raw_spin_lock_irq(&shard->lock);
	shard->walks += change;
	raw_spin_unlock_irq(&shard->lock);
}

/**
 * ntc_index_walk - visit all objects
 * @index: the index
 * @visit: called once for each object that is indexed during the whole walk, under a raw
 *	lock
 * @arg: passed to @visit
 *
 * Each hold of a lock covers one bucket. While a shard is walked, its buckets neither split nor
 * merge, so no object is missed or visited twice.
 *
 * Context: process, sleeps.
 */
void ntc_index_walk(struct ntc_index *index, void (*visit)(struct ntc_node *node, void *arg),
		    void *arg)
{
	struct ntc_shard *shard;
	struct ntc_node *node;
	u32 i;

	for (shard = index->shards; shard < index->shards + BIT(index->bits); shard++) {
		ntc_shard_walks_add(shard, 1);
		for (i = 0; i < ntc_bucket_count(shard); i++) {
			raw_spin_lock_irq(&shard->lock);
			hlist_for_each_entry(node, ntc_bucket(shard, i), link)
				visit(node, arg);
			raw_spin_unlock_irq(&shard->lock);
			cond_resched();
		}
		ntc_shard_walks_add(shard, -1);
	}
}

/**
 * ntc_index_exit - remove and release all objects
 * @index: the index; no longer in use
 * @release: frees one object
 *
 * Context: process, sleeps.
 */
void ntc_index_exit(struct ntc_index *index, void (*release)(struct ntc_node *node))
{
	struct ntc_shard *shard;
	struct hlist_node *next;
	struct ntc_node *node;
	u32 i;

	for (shard = index->shards; shard < index->shards + BIT(index->bits); shard++) {
		for (i = 0; i < ntc_bucket_count(shard); i++) {
			hlist_for_each_entry_safe(node, next, ntc_bucket(shard, i), link)
				release(node);
			cond_resched();
		}
		for (i = 0; i < shard->nr_segments; i++)
			kvfree(shard->segments[i]);
	}
}
