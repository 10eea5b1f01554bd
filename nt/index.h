/* SPDX-License-Identifier: GPL-2.0 */
/* Index of objects by address: see index.c. */
#ifndef NTC_INDEX_H
#define NTC_INDEX_H

#include <linux/bits.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/log2.h>
#include <linux/spinlock.h>

#define NTC_FIRST_BITS	5
#define NTC_SEGMENTS	(32 - NTC_FIRST_BITS)

/* Embedded in an object that is indexed. */
struct ntc_node {
	struct hlist_node link;		/* L of the shard */
	const void *address;
};

/* L: protected by @lock. It is raw because every context looks objects up. */
struct ntc_shard {
	raw_spinlock_t lock;
	u32 nodes;			/* L */
	u32 more;			/* L: buckets in use beyond @first */
	unsigned int walks;		/* L: walks in progress; no bucket splits or merges */
	unsigned int nr_segments;	/* L */
	struct hlist_head first[BIT(NTC_FIRST_BITS)];	/* L */
	struct hlist_head *segments[NTC_SEGMENTS];	/* L: arrays of 32, 64, 128 ... buckets */
} ____cacheline_aligned_in_smp;

struct ntc_index {
	struct ntc_shard *shards;
	unsigned int bits;
};

/* Defines an empty index of 2^@b shards. */
#define DEFINE_NTC_INDEX(name, b)						\
	static struct ntc_shard name##_shards[BIT(b)] = {			\
		[0 ... ARRAY_SIZE(name##_shards) - 1] = {			\
			.lock = __RAW_SPIN_LOCK_UNLOCKED(name##_shards),	\
		},								\
	};									\
	static struct ntc_index name = {					\
		.shards = name##_shards, .bits = ilog2(ARRAY_SIZE(name##_shards)), \
	}

void ntc_index_add(struct ntc_index *index, struct ntc_node *node);
struct ntc_node *ntc_index_get(struct ntc_index *index, const void *address,
			       bool (*get)(struct ntc_node *node));
struct ntc_node *ntc_index_take(struct ntc_index *index, const void *address,
				bool (*last)(struct ntc_node *node));
void ntc_index_walk(struct ntc_index *index, void (*visit)(struct ntc_node *node, void *arg),
		    void *arg);
void ntc_index_exit(struct ntc_index *index, void (*release)(struct ntc_node *node));

#endif /* NTC_INDEX_H */
