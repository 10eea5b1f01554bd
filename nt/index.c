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

#define WQC_FIRST	BIT(WQC_FIRST_BITS)
#define WQC_SPLITS	2	/* an addition: so the buckets catch up after a walk */
#define WQC_MERGES	4	/* a removal: one bucket goes for each four objects */
#define WQC_TRIES	64	/* additions between tries to grow where one cannot sleep */

static u32 wqc_address_hash(const void *address)
{
	return jhash_2words(lower_32_bits((uintptr_t)address), upper_32_bits((uintptr_t)address),
			    0);
}

/* By the highest bits of the hash; the bucket is by the lowest. */
static struct wqc_shard *wqc_shard_of(struct wqc_index *index, u32 hash)
{
	return &index->shards[hash >> (32 - index->bits)];
}

static u32 wqc_buckets(const struct wqc_shard *shard)
{
	return WQC_FIRST + READ_ONCE(shard->more);
}

static unsigned int wqc_segment_of(u32 bucket)
{
	return __fls(bucket) - WQC_FIRST_BITS;
}

static struct hlist_head *wqc_bucket(struct wqc_shard *shard, u32 bucket)
{
	if (bucket < WQC_FIRST)
		return &shard->first[bucket];
	return &shard->segments[wqc_segment_of(bucket)][bucket - BIT(__fls(bucket))];
}

/* Of the two buckets that a hash may be in, the higher one, if it is in use. */
static u32 wqc_bucket_of(u32 hash, u32 buckets)
{
	u32 mask = roundup_pow_of_two(buckets) - 1;
	u32 bucket = hash & mask;

	return bucket < buckets ? bucket : bucket & (mask >> 1);
}

static struct hlist_head *wqc_bucket_at(struct wqc_shard *shard, u32 hash)
{
	return wqc_bucket(shard, wqc_bucket_of(hash, wqc_buckets(shard)));
}

static struct wqc_node *wqc_node_at(struct wqc_shard *shard, u32 hash, const void *address)
{
	struct wqc_node *node;

	lockdep_assert_held(&shard->lock);
	hlist_for_each_entry(node, wqc_bucket_at(shard, hash), link)
		if (node->address == address)
			return node;
	return NULL;
}

/* ---- growing and shrinking ----------------------------------------------- */

/* A new last bucket takes its part of an earlier one. False: there is no memory for it yet. */
static bool wqc_split(struct wqc_shard *shard)
{
	u32 last = wqc_buckets(shard), from = last - BIT(__fls(last));
	struct hlist_node *next;
	struct wqc_node *node;

	lockdep_assert_held(&shard->lock);
	if (wqc_segment_of(last) == shard->nr_segments)
		return false;
	WRITE_ONCE(shard->more, shard->more + 1);
	hlist_for_each_entry_safe(node, next, wqc_bucket(shard, from), link) {
		if (wqc_bucket_of(wqc_address_hash(node->address), last + 1) == from)
			continue;
		hlist_del(&node->link);
		hlist_add_head(&node->link, wqc_bucket(shard, last));
	}
	return true;
}

/* The last bucket goes back into the one that it was split from. */
static void wqc_merge(struct wqc_shard *shard)
{
	u32 last = wqc_buckets(shard) - 1, into = last - BIT(__fls(last));
	struct hlist_node *next;
	struct wqc_node *node;

	lockdep_assert_held(&shard->lock);
	hlist_for_each_entry_safe(node, next, wqc_bucket(shard, last), link) {
		hlist_del(&node->link);
		hlist_add_head(&node->link, wqc_bucket(shard, into));
	}
	WRITE_ONCE(shard->more, shard->more - 1);
}

/* The segment that the next bucket will need, if it is not there. Looked at without the lock. */
static struct hlist_head *wqc_segment_new(struct wqc_shard *shard, unsigned int *number)
{
	u32 nodes = READ_ONCE(shard->nodes), last = wqc_buckets(shard);
	size_t size = array_size(BIT(__fls(last)), sizeof(struct hlist_head));

	*number = wqc_segment_of(last);
	if (nodes < last || *number < READ_ONCE(shard->nr_segments))
		return NULL;
	if (wqc_may_wait())
		return kvmalloc(size, GFP_NOFS | __GFP_NOWARN | __GFP_ZERO);
	return nodes % WQC_TRIES ? NULL : kzalloc(size, GFP_NOWAIT | __GFP_NOWARN);
}

/* Puts it there, unless another CPU did; then the caller frees it. */
static struct hlist_head *wqc_segment_put(struct wqc_shard *shard, struct hlist_head *segment,
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
static struct hlist_head *wqc_segment_unused(struct wqc_shard *shard)
{
	u32 last = max_t(u32, wqc_buckets(shard) - 1, WQC_FIRST);

	lockdep_assert_held(&shard->lock);
	if (shard->nr_segments <= wqc_segment_of(last) + 2)
		return NULL;
	WRITE_ONCE(shard->nr_segments, shard->nr_segments - 1);
	return shard->segments[shard->nr_segments];
}

static void wqc_grow(struct wqc_shard *shard)
{
	int i;

	for (i = 0; i < WQC_SPLITS; i++)
		if (shard->walks || shard->nodes <= wqc_buckets(shard) || !wqc_split(shard))
			return;
}

static void wqc_shrink(struct wqc_shard *shard)
{
	int i;

	for (i = 0; i < WQC_MERGES; i++) {
		if (shard->walks || !shard->more || shard->nodes >= wqc_buckets(shard) / 4)
			return;
		wqc_merge(shard);
	}
}

/* ---- objects --------------------------------------------------------------- */

/**
 * wqc_index_add - add an object
 * @index: the index
 * @node: of the object; its address is set
 *
 * Context: as ExAllocatePool(). Cannot fail: without memory look-ups get slower.
 */
void wqc_index_add(struct wqc_index *index, struct wqc_node *node)
{
	u32 hash = wqc_address_hash(node->address);
	struct wqc_shard *shard = wqc_shard_of(index, hash);
	unsigned int number;
	struct hlist_head *segment = wqc_segment_new(shard, &number);
	unsigned long flags;

	raw_spin_lock_irqsave(&shard->lock, flags);
	segment = wqc_segment_put(shard, segment, number);
	hlist_add_head(&node->link, wqc_bucket_at(shard, hash));
	WRITE_ONCE(shard->nodes, shard->nodes + 1);
	wqc_grow(shard);
	raw_spin_unlock_irqrestore(&shard->lock, flags);
	kvfree(segment);
}

/**
 * wqc_index_get - find an object, and reference it
 * @index: the index
 * @address: which
 * @get: takes the reference, under a raw lock; false: the object is about to go
 *
 * Context: any.
 * Return: its node, or NULL.
 */
struct wqc_node *wqc_index_get(struct wqc_index *index, const void *address,
			       bool (*get)(struct wqc_node *node))
{
	u32 hash = wqc_address_hash(address);
	struct wqc_shard *shard = wqc_shard_of(index, hash);
	struct wqc_node *node;
	unsigned long flags;

	raw_spin_lock_irqsave(&shard->lock, flags);
	node = wqc_node_at(shard, hash, address);
	if (node && !get(node))
		node = NULL;
	raw_spin_unlock_irqrestore(&shard->lock, flags);
	return node;
}

/**
 * wqc_index_take - find an object, and take it out
 * @index: the index
 * @address: which
 * @last: drops a reference, under a raw lock; false: it was not the last, and the object
 *	stays. NULL: it goes in any case
 *
 * Context: as ExFreePool().
 * Return: its node, if it is the caller's now; ERR_PTR(-EBUSY) if it stays; or NULL.
 */
struct wqc_node *wqc_index_take(struct wqc_index *index, const void *address,
				bool (*last)(struct wqc_node *node))
{
	u32 hash = wqc_address_hash(address);
	struct wqc_shard *shard = wqc_shard_of(index, hash);
	struct hlist_head *unused = NULL;
	bool sleep = wqc_may_wait();
	struct wqc_node *node;
	unsigned long flags;

	raw_spin_lock_irqsave(&shard->lock, flags);
	node = wqc_node_at(shard, hash, address);
	if (node && last && !last(node)) {
		node = ERR_PTR(-EBUSY);
	} else if (node) {
		hlist_del(&node->link);
		WRITE_ONCE(shard->nodes, shard->nodes - 1);
		wqc_shrink(shard);
		if (sleep)
			unused = wqc_segment_unused(shard);
	}
	raw_spin_unlock_irqrestore(&shard->lock, flags);
	kvfree(unused);
	return node;
}

static void wqc_walk_change(struct wqc_shard *shard, int change)
{
	raw_spin_lock_irq(&shard->lock);
	shard->walks += change;
	raw_spin_unlock_irq(&shard->lock);
}

/**
 * wqc_index_walk - visit all objects
 * @index: the index
 * @visit: called once for each that is there all the time, under a raw lock
 * @arg: for @visit
 *
 * A hold of a lock lasts for the objects of one bucket. Buckets neither split nor merge while
 * their shard is walked, so none of its objects moves past the walk or ahead of it.
 *
 * Context: process, sleeps.
 */
void wqc_index_walk(struct wqc_index *index, void (*visit)(struct wqc_node *node, void *arg),
		    void *arg)
{
	struct wqc_shard *shard;
	struct wqc_node *node;
	u32 i;

	for (shard = index->shards; shard < index->shards + BIT(index->bits); shard++) {
		wqc_walk_change(shard, 1);
		for (i = 0; i < wqc_buckets(shard); i++) {
			raw_spin_lock_irq(&shard->lock);
			hlist_for_each_entry(node, wqc_bucket(shard, i), link)
				visit(node, arg);
			raw_spin_unlock_irq(&shard->lock);
			cond_resched();
		}
		wqc_walk_change(shard, -1);
	}
}

/**
 * wqc_index_exit - take out and release all objects
 * @index: the index; nothing else uses it any more
 * @release: frees one
 *
 * Context: process, sleeps.
 */
void wqc_index_exit(struct wqc_index *index, void (*release)(struct wqc_node *node))
{
	struct wqc_shard *shard;
	struct hlist_node *next;
	struct wqc_node *node;
	u32 i;

	for (shard = index->shards; shard < index->shards + BIT(index->bits); shard++) {
		for (i = 0; i < wqc_buckets(shard); i++) {
			hlist_for_each_entry_safe(node, next, wqc_bucket(shard, i), link)
				release(node);
			cond_resched();
		}
		for (i = 0; i < shard->nr_segments; i++)
			kvfree(shard->segments[i]);
	}
}
