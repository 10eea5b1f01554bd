// SPDX-License-Identifier: GPL-2.0
/*
 * Memory of the items that calls allocate: how IoAllocateWorkItem() and
 * RxDispatchToWorkerThread() allocate in each context, and how many spare entries a CPU keeps.
 * The cases read debugfs "items" and the trace events of the slab.
 */
#include <linux/bottom_half.h>
#include <linux/debug_locks.h>
#include <linux/delay.h>
#include <linux/irqflags.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/tracepoint.h>
#include <trace/events/kmem.h>

#include "rx_test.h"
#include "wqc_probe.h"

#define CACHE_MOST_SPARES	16384	/* of a CPU */
#define CACHE_CHUNK		64	/* entries that one interrupt gives back */
#define CACHE_KEEPS_NONE	(IS_ENABLED(CONFIG_KASAN) && !IS_ENABLED(CONFIG_PREEMPT_RT))

struct cache_items {
	PDEVICE_OBJECT device;
	PIO_WORKITEM *items;
	unsigned int count;		/* to be allocated, or freed */
	unsigned int got;		/* were allocated */
	struct rx_probe *rx;
	unsigned int posts, dispatched;
};

static void cache_free_array(void *array)
{
	kvfree(array);
}

static struct cache_items *cache_items_new(struct kunit *test, unsigned int count)
{
	struct cache_items *all = kunit_kzalloc(test, sizeof(*all), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, all);
	all->device = wqc_test_device(test);
	all->count = count;
	all->items = kvcalloc(count, sizeof(*all->items), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, all->items);
	wqc_at_exit(test, cache_free_array, all->items);
	return all;
}

static void cache_allocate(void *arg)
{
	struct cache_items *all = arg;
	unsigned int i;

	all->got = 0;
	for (i = 0; i < all->count; i++) {
		all->items[i] = IoAllocateWorkItem(all->device);
		all->got += !!all->items[i];
	}
}

static void cache_free(void *arg)
{
	struct cache_items *all = arg;
	unsigned int i;

	for (i = 0; i < all->count; i++) {
		if (all->items[i])
			IoFreeWorkItem(all->items[i]);
		all->items[i] = NULL;
	}
}

/* ---- contexts ------------------------------------------------------------ */

#define CACHE_RESERVE	128	/* least that a caller gets which cannot sleep, on PREEMPT_RT */

static void cache_burst(void *arg)
{
	struct cache_items *all = arg;
	unsigned int i;

	cache_allocate(all);
	all->dispatched = 0;
	for (i = 0; i < all->posts; i++)
		all->dispatched += RxDispatchToWorkerThread(all->rx->device, DelayedWorkQueue,
							    rx_run, all->rx) == STATUS_SUCCESS;
}

/* On PREEMPT_RT, softirqs run in threads, and a task that holds a spinlock_t can be preempted. */
static bool cache_may_allocate(enum wqc_context context)
{
	return !IS_ENABLED(CONFIG_PREEMPT_RT) || context == WQC_IN_PROCESS ||
	       context == WQC_IN_SOFTIRQ || context == WQC_UNDER_SPIN_LOCK;
}

/*
 * Hundreds of items are allocated, and routines dispatched, in one burst in each context. Where
 * the kernel allows an allocation, the reserve is not the limit. The same holds on kernels whose
 * lockdep checks spinlocks for PREEMPT_RT, and lockdep reports nothing.
 */
static void burst_is_allocated_in_any_context(struct kunit *test)
{
	const enum wqc_context *context = test->param_value;
	struct cache_items *all = cache_items_new(test, wqc_rounds(1000, 280));
	bool lockdep = debug_locks;

	all->rx = rx_probe_new(test, rx_device(test));
	all->posts = wqc_rounds(300, 10);
	wqc_call_in(test, *context, cache_burst, all);
	if (cache_may_allocate(*context)) {
		KUNIT_EXPECT_EQ(test, all->got, all->count);
		KUNIT_EXPECT_EQ(test, all->dispatched, all->posts);
	} else {
		KUNIT_EXPECT_GE(test, all->got, CACHE_RESERVE);
	}
	if (all->dispatched)
		KUNIT_EXPECT_TRUE(test, wqc_done_times(&all->rx->ran, all->dispatched));
	wqc_call_in(test, *context, cache_free, all);
	KUNIT_EXPECT_EQ(test, lockdep, (bool)debug_locks);
}

/* ---- flags --------------------------------------------------------------- */

enum cache_place { CACHE_PROCESS, CACHE_RCU, CACHE_BH, CACHE_PREEMPT, CACHE_IRQS, CACHE_WAITS,
		   CACHE_NR_PLACES };

static const char *const cache_place_names[] = {
	[CACHE_PROCESS] = "a process", [CACHE_RCU] = "an RCU read section",
	[CACHE_BH] = "softirqs off", [CACHE_PREEMPT] = "preemption off",
	[CACHE_IRQS] = "interrupts off", [CACHE_WAITS] = "a task about to wait",
};

struct cache_flags {
	struct cache_items *all;
	struct task_struct *task;
	bool counting;
	unsigned int seen;		/* allocations of the module */
	gfp_t gfp;			/* of the last */
	struct {
		unsigned int seen;
		gfp_t gfp;
	} in[CACHE_NR_PLACES];
};

/* An event of the slab. */
static void cache_slab_gives(void *data, unsigned long call_site, const void *ptr,
			     struct kmem_cache *s, gfp_t gfp, int node)
{
	struct cache_flags *flags = data;
	char where[80];

	if (!READ_ONCE(flags->counting) || current != READ_ONCE(flags->task) || !in_task())
		return;
	snprintf(where, sizeof(where), "%ps", (void *)call_site);
	if (!strstr(where, "[wq_compat]"))
		return;
	flags->seen++;
	flags->gfp = gfp;
}

static void cache_unwatch(void *arg)
{
	tracepoint_probe_unregister(&__tracepoint_kmem_cache_alloc, cache_slab_gives, arg);
	tracepoint_synchronize_unregister();
}

/* Allocates until the slab is called, @most items at most. */
static void cache_until_seen(struct cache_flags *flags, unsigned int most)
{
	struct cache_items *all = flags->all;

	flags->seen = 0;
	WRITE_ONCE(flags->counting, true);
	while (!READ_ONCE(flags->seen) && most-- && all->got < all->count) {
		all->items[all->got] = IoAllocateWorkItem(all->device);
		if (!all->items[all->got++])
			break;
	}
	WRITE_ONCE(flags->counting, false);
}

static void cache_note(struct cache_flags *flags, enum cache_place place)
{
	flags->in[place].seen = flags->seen;
	flags->in[place].gfp = flags->gfp;
}

/* Runs in a thread of one CPU, whose list of spare entries is emptied first. */
static void cache_try_places(void *arg)
{
	struct cache_flags *flags = arg;

	flags->task = current;
	cache_until_seen(flags, flags->all->count);
	cache_note(flags, CACHE_PROCESS);
	rcu_read_lock();
	cache_until_seen(flags, 4);
	rcu_read_unlock();
	cache_note(flags, CACHE_RCU);
	local_bh_disable();
	cache_until_seen(flags, 4);
	local_bh_enable();
	cache_note(flags, CACHE_BH);
	preempt_disable();
	cache_until_seen(flags, 4);
	preempt_enable();
	cache_note(flags, CACHE_PREEMPT);
	local_irq_disable();
	cache_until_seen(flags, 4);
	local_irq_enable();
	cache_note(flags, CACHE_IRQS);
	set_current_state(TASK_UNINTERRUPTIBLE);
	cache_until_seen(flags, 4);
	__set_current_state(TASK_RUNNING);
	cache_note(flags, CACHE_WAITS);
	cache_free(flags->all);
}

/*
 * Where the caller may sleep, an allocation may reclaim memory, and may use the reserve of atomic
 * allocations. It enters no file system and starts no I/O, because these may wait for the caller
 * (deadlock). In each other context the allocation is atomic.
 */
static void allocation_reclaims_where_the_caller_may_sleep(struct kunit *test)
{
	struct cache_flags *flags = kunit_kzalloc(test, sizeof(*flags), GFP_KERNEL);
	bool reclaims, sleeps, none;
	enum cache_place place;

	KUNIT_ASSERT_NOT_NULL(test, flags);
	flags->all = cache_items_new(test, CACHE_MOST_SPARES + 100);
	KUNIT_ASSERT_EQ(test, 0, tracepoint_probe_register(&__tracepoint_kmem_cache_alloc,
							   cache_slab_gives, flags));
	wqc_at_exit(test, cache_unwatch, flags);
	wqc_on_cpu(test, 0, cache_try_places, flags);
	for (place = 0; place < CACHE_NR_PLACES; place++) {
		none = IS_ENABLED(CONFIG_PREEMPT_RT) &&
		       (place == CACHE_PREEMPT || place == CACHE_IRQS);
		sleeps = IS_ENABLED(CONFIG_PREEMPT_COUNT) && place == CACHE_PROCESS;
		KUNIT_EXPECT_EQ_MSG(test, flags->in[place].seen, none ? 0 : 1, "in %s",
				    cache_place_names[place]);
		if (none || !flags->in[place].seen)
			continue;
		reclaims = flags->in[place].gfp & __GFP_DIRECT_RECLAIM;
		KUNIT_EXPECT_EQ_MSG(test, reclaims, sleeps, "in %s", cache_place_names[place]);
		KUNIT_EXPECT_TRUE_MSG(test, flags->in[place].gfp & __GFP_HIGH, "in %s",
				      cache_place_names[place]);
		KUNIT_EXPECT_FALSE_MSG(test, flags->in[place].gfp & (__GFP_FS | __GFP_IO), "in %s",
				       cache_place_names[place]);
	}
}

/* ---- spare entries ------------------------------------------------------- */

/* The numbers of debugfs "items" for the cache and for the first CPU. */
struct cache_figures {
	u64 entries, spare, given, interrupts;
};

static struct cache_figures cache_figures(struct kunit *test)
{
	char *text = wqc_debugfs_text(test, "items");
	struct cache_figures now = {};
	int read;

	read = sscanf(text, "entries=%llu cpu=0 spare=%llu given=%llu interrupts=%llu",
		      &now.entries, &now.spare, &now.given, &now.interrupts);
	KUNIT_EXPECT_EQ(test, read, 4);
	kunit_kfree(test, text);
	return now;
}

/* Puts as many entries as possible on the list of the CPU where this runs. */
static void cache_fill(void *arg)
{
	struct cache_items *all = arg;
	unsigned long flags;
	unsigned int i;

	cache_allocate(all);
	for (i = 0; i < all->count; i++) {
		local_irq_save(flags);
		if (all->items[i])
			IoFreeWorkItem(all->items[i]);
		local_irq_restore(flags);
		all->items[i] = NULL;
	}
}

/*
 * A CPU keeps at most 16,384 of the entries that are freed on it; the rest goes back to the
 * slab.
 */
static void spare_entries_are_capped(struct kunit *test)
{
	struct cache_items *all = cache_items_new(test, CACHE_MOST_SPARES + 2000);
	u64 before = cache_figures(test).entries;

	if (CACHE_KEEPS_NONE)
		kunit_skip(test, "a kernel with KASAN has no spare entries");
	wqc_on_cpu(test, 0, cache_fill, all);
	KUNIT_EXPECT_EQ(test, all->got, all->count);
	KUNIT_EXPECT_LE(test, cache_figures(test).spare, CACHE_MOST_SPARES);
	KUNIT_EXPECT_TRUE(test, wqc_eventually(cache_figures(test).entries <=
					       before + CACHE_MOST_SPARES));
}

/* A CPU's spare entries are used before the slab is called. */
static void spare_entries_are_used_before_the_slab(struct kunit *test)
{
	struct cache_items *all = cache_items_new(test, CACHE_MOST_SPARES / 2);
	struct cache_figures before, after;

	if (CACHE_KEEPS_NONE)
		kunit_skip(test, "a kernel with KASAN has no spare entries");
	wqc_on_cpu(test, 0, cache_fill, all);
	before = cache_figures(test);
	wqc_on_cpu(test, 0, cache_allocate, all);
	after = cache_figures(test);
	wqc_on_cpu(test, 0, cache_free, all);
	KUNIT_EXPECT_EQ(test, all->got, all->count);
	/* Entries that were given back meanwhile are made again. */
	KUNIT_EXPECT_LE(test, after.entries, before.entries + 1000 + after.given - before.given);
}

/* Within ten seconds, most of many spare entries are given back, 64 in one interrupt. */
static void spare_entries_are_given_back_in_chunks(struct kunit *test)
{
	struct cache_items *all = cache_items_new(test, CACHE_MOST_SPARES);
	struct cache_figures before, after;
	int tries = 20;

	if (CACHE_KEEPS_NONE)
		kunit_skip(test, "a kernel with KASAN has no spare entries");
	wqc_on_cpu(test, 0, cache_fill, all);
	before = cache_figures(test);
	do
		msleep(1000);
	while (after = cache_figures(test), after.spare > CACHE_MOST_SPARES / 2 && tries--);
	KUNIT_EXPECT_LE(test, after.spare, CACHE_MOST_SPARES / 2);
	KUNIT_EXPECT_GE(test, after.given, before.given + CACHE_MOST_SPARES / 4);
	KUNIT_EXPECT_LE(test, after.given - before.given,
			(after.interrupts - before.interrupts) * CACHE_CHUNK);
	/* The slab has got the entries. */
	KUNIT_EXPECT_TRUE(test, wqc_eventually(cache_figures(test).entries <=
					       before.entries - CACHE_MOST_SPARES / 4));
}

#define CACHE_POSTS	500

static void cache_dispatch(void *arg)
{
	struct cache_items *all = arg;

	all->count = 0;
	cache_burst(all);
}

/* Dispatches leave no more entries in the cache than the number of items that waited at a time. */
static void dispatches_do_not_make_the_cache_grow(struct kunit *test)
{
	struct cache_items *all = cache_items_new(test, 1);
	struct cache_figures before, after;
	unsigned int round, rounds = wqc_rounds(20, 3);

	all->rx = rx_probe_new(test, rx_device(test));
	all->posts = CACHE_POSTS;
	before = cache_figures(test);
	for (round = 0; round < rounds; round++) {
		wqc_on_cpu(test, 0, cache_dispatch, all);
		KUNIT_ASSERT_EQ(test, all->dispatched, CACHE_POSTS);
		KUNIT_ASSERT_TRUE(test, wqc_done_times(&all->rx->ran, CACHE_POSTS));
	}
	after = cache_figures(test);
	KUNIT_EXPECT_LE(test, after.entries,
			before.entries + 2 * CACHE_POSTS + after.given - before.given);
}

static struct kunit_case cache_cases[] = {
	KUNIT_CASE_PARAM(burst_is_allocated_in_any_context, wqc_context_gen_params),
	KUNIT_CASE(allocation_reclaims_where_the_caller_may_sleep),
	KUNIT_CASE(spare_entries_are_capped),
	KUNIT_CASE(spare_entries_are_used_before_the_slab),
	KUNIT_CASE(spare_entries_are_given_back_in_chunks),
	KUNIT_CASE(dispatches_do_not_make_the_cache_grow),
	{}
};

static struct kunit_suite wqc_cache_suite = {
	.name = "wqc_cache",
	.test_cases = cache_cases,
};

kunit_test_suite(wqc_cache_suite);
