/* SPDX-License-Identifier: GPL-2.0 */
/* Objects by their address: see index.c. */
#ifndef NTC_INDEX_H
#define NTC_INDEX_H

#include <linux/bits.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/log2.h>
#include <linux/spinlock.h>

#define WQC_FIRST_BITS	5
#define WQC_SEGMENTS	(32 - WQC_FIRST_BITS)

/* A member of what is found by its address. */
struct wqc_node {
	struct hlist_node link;		/* L: of its shard */
	const void *address;
};

/* L: under lock. Raw, because look-ups come from every context. */
struct wqc_shard {
	raw_spinlock_t lock;
	u32 nodes;			/* L */
	u32 more;			/* L: buckets in use beyond those of first */
	unsigned int walks;		/* L: under way; buckets stay as they are */
	unsigned int nr_segments;	/* L */
	struct hlist_head first[BIT(WQC_FIRST_BITS)];	/* L */
	struct hlist_head *segments[WQC_SEGMENTS];	/* L: of 32, 64, 128 ... buckets */
} ____cacheline_aligned_in_smp;

struct wqc_index {
	struct wqc_shard *shards;
	unsigned int bits;
};

/* An index of 2^@b shards, empty. */
#define DEFINE_WQC_INDEX(name, b)						\
	static struct wqc_shard name##_shards[BIT(b)] = {			\
		[0 ... ARRAY_SIZE(name##_shards) - 1] = {			\
			.lock = __RAW_SPIN_LOCK_UNLOCKED(name##_shards),	\
		},								\
	};									\
	static struct wqc_index name = {					\
		.shards = name##_shards, .bits = ilog2(ARRAY_SIZE(name##_shards)), \
	}

void wqc_index_add(struct wqc_index *index, struct wqc_node *node);
struct wqc_node *wqc_index_get(struct wqc_index *index, const void *address,
			       bool (*get)(struct wqc_node *node));
struct wqc_node *wqc_index_take(struct wqc_index *index, const void *address,
				bool (*last)(struct wqc_node *node));
void wqc_index_walk(struct wqc_index *index, void (*visit)(struct wqc_node *node, void *arg),
		    void *arg);
void wqc_index_exit(struct wqc_index *index, void (*release)(struct wqc_node *node));

#endif /* NTC_INDEX_H */
