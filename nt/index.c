// SPDX-License-Identifier: GPL-2.0
/*
 * An index of objects by their address.
 *
 * Hazard: a hash table of a fixed size makes a look-up as long as there are objects in a
 * bucket, with interrupts off, and one that is doubled in one go moves all objects in one
 * hold of its lock. This one grows and shrinks by single buckets (linear hashing): an
 * object that is added splits at most two buckets, one that is taken merges at most four.
 * So each hold of a lock is bounded by a few chains, whose average is one object, however
 * many objects there are.
 *
 * rhashtable would not do: it takes its bit spinlocks with softirqs or interrupts off, which
 * on PREEMPT_RT is no place for its allocations, and cannot be used in a hard interrupt.
 *
 * A bucket with a number beyond those that fit needs a segment, which has as many buckets
 * as all before it. It is allocated before the lock is taken. Without memory the buckets
 * stay as they are, the chains get longer, and a later addition tries again.
 */
#include <linux/jhash.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "index.h"
#include "nt.h"

#define NTC_FIRST_BUCKETS	BIT(NTC_FIRST_BITS)
#define NTC_MAX_SPLITS	2	/* an addition: so the buckets catch up after a walk */
#define NTC_MAX_MERGES	4	/* a removal: one bucket goes for each four objects */
#define NTC_GROW_INTERVAL	64	/* additions between tries to grow where one cannot sleep */

static u32 ntc_address_hash(const void *address)
{
	return jhash_2words(lower_32_bits((uintptr_t)address), upper_32_bits((uintptr_t)address),
			    0);
}

/* By the highest bits of the hash; the bucket is by the lowest. */
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

/* Of the two buckets that a hash may be in, the higher one, if it is in use. */
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

/* ---- growing and shrinking ----------------------------------------------- */

/* A new last bucket takes its part of an earlier one. False: there is no memory for it yet. */
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

/* The last bucket goes back into the one that it was split from. */
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

/* The segment that the next bucket will need, if it is not there. Looked at without the lock. */
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

/* Puts it there, unless another CPU did; then the caller frees it. */
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
 * A segment without a bucket in use, for the caller to free, which may need to sleep. One more
 * than is needed stays: a number of objects that goes up and down allocates nothing.
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

/* ---- objects --------------------------------------------------------------- */

/**
 * ntc_index_add - add an object
 * @index: the index
 * @node: of the object; its address is set
 *
 * Context: as ExAllocatePool(). Cannot fail: without memory look-ups get slower.
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
 * ntc_index_get - find an object, and reference it
 * @index: the index
 * @address: which
 * @get: takes the reference, under a raw lock; false: the object is about to go
 *
 * Context: any.
 * Return: its node, or NULL.
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
 * ntc_index_take - find an object, and take it out
 * @index: the index
 * @address: which
 * @last: drops a reference, under a raw lock; false: it was not the last, and the object
 *	stays. NULL: it goes in any case
 *
 * Context: as ExFreePool().
 * Return: its node, if it is the caller's now; ERR_PTR(-EBUSY) if it stays; or NULL.
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
 * @visit: called once for each that is there all the time, under a raw lock
 * @arg: for @visit
 *
 * A hold of a lock lasts for the objects of one bucket. Buckets neither split nor merge while
 * their shard is walked, so none of its objects moves past the walk or ahead of it.
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
 * ntc_index_exit - take out and release all objects
 * @index: the index; nothing else uses it any more
 * @release: frees one
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
