// SPDX-License-Identifier: GPL-2.0
/* Pool memory, lists and interlocked operations. */
#include <linux/delay.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/vmalloc.h>

#include "nt_test.h"
#include "wqc_probe.h"

#define NT_TAG		0x54736574	/* "tesT" */
#define NO_POOL_MEMORY	"pool memory freed twice, or not pool memory"
#define ANOTHER_TAG	"pool memory freed with another tag"
#define ITEM_IN_IT	"freed memory contains a queued item"
#define TIMER_IN_IT	"freed memory contains a timer that is set"
#define DPC_IN_IT	"freed memory contains a queued DPC"

static bool nt_is_zero(const void *memory, size_t size)
{
	return !memchr_inv(memory, 0, size);
}

/* The calls that promise zeroed memory zero it; ExAllocatePool2() does unless a flag forbids it. */
static void zeroed_memory_is_zeroed(struct kunit *test)
{
	enum { SIZE = 3000 };
	int round;
	PVOID p;

	for (round = 0; round < 20; round++) {
		p = ExAllocatePoolWithTag(NonPagedPool, SIZE, NT_TAG);
		KUNIT_ASSERT_NOT_NULL(test, p);
		memset(p, 0x5a, SIZE);
		ExFreePoolWithTag(p, NT_TAG);
		p = round & 1 ? ExAllocatePoolZero(NonPagedPoolNx, SIZE, NT_TAG) :
				ExAllocatePool2(POOL_FLAG_NON_PAGED, SIZE, NT_TAG);
		KUNIT_ASSERT_NOT_NULL(test, p);
		KUNIT_EXPECT_TRUE(test, nt_is_zero(p, SIZE));
		memset(p, 0x5a, SIZE);
		ExFreePool(p);
	}
	p = ExAllocatePool2(POOL_FLAG_PAGED | POOL_FLAG_UNINITIALIZED, SIZE, NT_TAG);
	KUNIT_EXPECT_NOT_NULL(test, p);
	ExFreePool(p);
	KUNIT_EXPECT_NULL(test, ExAllocatePool2(POOL_FLAG_PAGED, SIZE, 0));
}

/* Memory is 16-byte aligned; a block of a page or more is page-aligned. */
static void memory_is_aligned(struct kunit *test)
{
	static const size_t sizes[] = { 0, 1, 8, 17, 65, 96, 129, 192, 193, 2049, 4095, 4096, 4097,
					6000, 8193, 12288, 100000 };
	PVOID p[8];
	size_t i;
	int n;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		for (n = 0; n < ARRAY_SIZE(p); n++) {
			p[n] = ExAllocatePool(PagedPool, sizes[i]);
			KUNIT_ASSERT_NOT_NULL(test, p[n]);
			memset(p[n], 0x5a, sizes[i]);
			KUNIT_EXPECT_TRUE_MSG(test,
					      IS_ALIGNED((unsigned long)p[n],
							 sizes[i] < PAGE_SIZE ? 16 : PAGE_SIZE),
					      "%zu bytes", sizes[i]);
		}
		for (n = 0; n < ARRAY_SIZE(p); n++)
			ExFreePool(p[n]);
	}
}

/* Cache-aligned memory is aligned to a cache line; a block of a page or more to a page. */
static void cache_aligned_memory_is_aligned(struct kunit *test)
{
	static const POOL_TYPE types[] = {
		NonPagedPoolCacheAligned, PagedPoolCacheAligned, NonPagedPoolNxCacheAligned,
	};
	static const size_t sizes[] = { 1, 24, 65, 96, 129, 192, 1000, 3000, 5000 };
	PVOID p[ARRAY_SIZE(types) + 1][8];
	size_t i, n, type;

	for (i = 0; i < ARRAY_SIZE(sizes) * ARRAY_SIZE(p[0]); i++) {
		n = i % ARRAY_SIZE(p[0]);
		for (type = 0; type < ARRAY_SIZE(types); type++)
			p[type][n] = ExAllocatePoolWithTag(types[type], sizes[i / 8], NT_TAG);
		p[type][n] = ExAllocatePool2(POOL_FLAG_PAGED | POOL_FLAG_CACHE_ALIGNED,
					     sizes[i / 8], NT_TAG);
		for (type = 0; type < ARRAY_SIZE(p); type++)
			KUNIT_EXPECT_TRUE_MSG(test, p[type][n] && IS_ALIGNED((uintptr_t)p[type][n],
									     SMP_CACHE_BYTES),
					      "%zu bytes", sizes[i / 8]);
		if (n < ARRAY_SIZE(p[0]) - 1)
			continue;
		for (n = 0; n < ARRAY_SIZE(p) * ARRAY_SIZE(p[0]); n++)
			ExFreePool(p[n / ARRAY_SIZE(p[0])][n % ARRAY_SIZE(p[0])]);
	}
}

/* An unknown flag that is required is refused, and so is a call with no pool type or with two. */
static void pool2_refuses_invalid_flags(struct kunit *test)
{
	static const POOL_FLAGS valid[] = {
		POOL_FLAG_NON_PAGED, POOL_FLAG_NON_PAGED_EXECUTE, POOL_FLAG_PAGED,
		POOL_FLAG_PAGED | POOL_FLAG_USE_QUOTA | POOL_FLAG_SESSION,
		POOL_FLAG_NON_PAGED | POOL_FLAG_RAISE_ON_FAILURE | POOL_FLAG_UNINITIALIZED,
		POOL_FLAG_PAGED | POOL_FLAG_SPECIAL_POOL, POOL_FLAG_PAGED | POOL_FLAG_OPTIONAL_END,
	};
	static const POOL_FLAGS invalid[] = {
		0, POOL_FLAG_UNINITIALIZED, POOL_FLAG_SPECIAL_POOL,
		POOL_FLAG_PAGED | POOL_FLAG_NON_PAGED,
		POOL_FLAG_NON_PAGED | POOL_FLAG_NON_PAGED_EXECUTE,
		POOL_FLAG_PAGED | 0x10, POOL_FLAG_NON_PAGED | 0x200,
		POOL_FLAG_NON_PAGED | POOL_FLAG_REQUIRED_END,
	};
	size_t i;
	PVOID p;

	for (i = 0; i < ARRAY_SIZE(valid); i++) {
		p = ExAllocatePool2(valid[i], 40, NT_TAG);
		KUNIT_EXPECT_NOT_NULL_MSG(test, p, "%#llx", valid[i]);
		if (p)
			ExFreePool(p);
	}
	for (i = 0; i < ARRAY_SIZE(invalid); i++) {
		p = ExAllocatePool2(invalid[i], 40, NT_TAG);
		KUNIT_EXPECT_NULL_MSG(test, p, "%#llx", invalid[i]);
		if (p)
			ExFreePool(p);
	}
}

static void nt_alloc_and_free(void *ok)
{
	PVOID p = ExAllocatePoolWithTag(NonPagedPool, 200, NT_TAG);

	*(bool *)ok = p;
	if (p)
		ExFreePoolWithTag(p, NT_TAG);
}

/* Memory may be allocated and freed at DISPATCH_LEVEL. */
static void memory_is_allocated_at_dispatch_level(struct kunit *test)
{
	static const enum wqc_context contexts[] = {
		WQC_IN_PROCESS, WQC_IN_SOFTIRQ, WQC_UNDER_SPIN_LOCK,
	};
	bool ok = false;
	KIRQL irql;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(contexts); i++) {
		ok = false;
		wqc_call_in(test, contexts[i], nt_alloc_and_free, &ok);
		KUNIT_EXPECT_TRUE(test, ok);
	}
	KeRaiseIrql(DISPATCH_LEVEL, &irql);
	nt_alloc_and_free(&ok);
	KeLowerIrql(irql);
	KUNIT_EXPECT_TRUE(test, ok);
}

static void nt_free(void *p)
{
	ExFreePool(p);
}

/* A block that is too large for kmalloc() may be freed in every context. */
static void large_memory_is_freed_in_every_context(struct kunit *test)
{
	enum { SIZE = 2 * KMALLOC_MAX_SIZE };
	u64 reports = wqc_reports(test, NO_POOL_MEMORY);
	PVOID p;
	int i;

	for (i = 0; i < WQC_NR_CONTEXTS; i++) {
		if (IS_ENABLED(CONFIG_PREEMPT_RT) && i != WQC_IN_PROCESS && i != WQC_IN_SOFTIRQ)
			continue;
		p = ExAllocatePoolWithTag(NonPagedPool, SIZE, NT_TAG);
		KUNIT_ASSERT_NOT_NULL(test, p);
		KUNIT_EXPECT_TRUE(test, is_vmalloc_addr(p));
		wqc_call_in(test, i, nt_free, p);
	}
	KUNIT_EXPECT_EQ(test, reports, wqc_reports(test, NO_POOL_MEMORY));
}

/* ---- many blocks ----------------------------------------------------------- */

#define NT_BATCH	64

struct nt_many {
	unsigned int live;
	PVOID p[];
};

static void nt_many_shrink(struct nt_many *many)
{
	while (many->live)
		ExFreePool(many->p[--many->live]);
}

static void nt_many_free(void *many)
{
	nt_many_shrink(many);
	kvfree(many);
}

static bool nt_many_grow(struct nt_many *many, unsigned int live)
{
	while (many->live < live) {
		many->p[many->live] = ExAllocatePoolWithTag(NonPagedPool, 16, NT_TAG);
		if (!many->p[many->live])
			return false;
		many->live++;
	}
	return true;
}

/* The shortest time of freeing NT_BATCH blocks: other tasks only add to it. */
static u64 nt_many_cost(struct nt_many *many)
{
	unsigned int stride = many->live / NT_BATCH, round, i;
	u64 best = U64_MAX, start;

	for (round = 0; round < 50; round++) {
		start = ktime_get_ns();
		for (i = 0; i < NT_BATCH; i++)
			ExFreePool(many->p[(i * stride + round) % many->live]);
		best = min(best, ktime_get_ns() - start);
		for (i = 0; i < NT_BATCH; i++)
			many->p[(i * stride + round) % many->live] =
				ExAllocatePoolWithTag(NonPagedPool, 16, NT_TAG);
		cond_resched();
	}
	return best / NT_BATCH;
}

/* A block is found in the same time among a few blocks and among twenty times as many. */
static void freeing_takes_no_longer_among_many_blocks(struct kunit *test)
{
	unsigned int most = wqc_rounds(400000, 10000), few = most / 20;
	struct nt_many *many = kvzalloc(struct_size(many, p, most), GFP_KERNEL);
	u64 reports = wqc_reports(test, NO_POOL_MEMORY), few_ns, many_ns;

	KUNIT_ASSERT_NOT_NULL(test, many);
	wqc_at_exit(test, nt_many_free, many);
	KUNIT_ASSERT_TRUE(test, nt_many_grow(many, few));
	few_ns = nt_many_cost(many);
	KUNIT_ASSERT_TRUE(test, nt_many_grow(many, most));
	many_ns = nt_many_cost(many);
	kunit_info(test, "%u blocks: %llu ns; %u blocks: %llu ns", few, few_ns, most, many_ns);
	/* Allows for cache misses, which a few blocks do not have. */
	KUNIT_EXPECT_LT(test, many_ns, 4 * few_ns + 1000);
	KUNIT_EXPECT_EQ(test, reports, wqc_reports(test, NO_POOL_MEMORY));
}

/* First in, first out: the freed blocks are spread over the index. */
static void nt_many_free_first(struct nt_many *many, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		ExFreePool(many->p[i]);
	many->live -= n;
	memmove(many->p, many->p + n, many->live * sizeof(many->p[0]));
}

/* Few enough for a softirq on the slowest of the kernels. */
static void nt_many_at_dispatch(void *arg)
{
	struct nt_many *many = arg;

	nt_many_grow(many, many->live + 500);
	nt_many_free_first(many, 500);
}

/*
 * All blocks are found while their number rises and falls, in contexts that may sleep and in
 * those that may not.
 */
static void blocks_are_found_while_their_number_changes(struct kunit *test)
{
	struct nt_many *many = kvzalloc(struct_size(many, p, 60000), GFP_KERNEL);
	u64 reports = wqc_reports(test, NO_POOL_MEMORY);
	unsigned int live;

	KUNIT_ASSERT_NOT_NULL(test, many);
	wqc_at_exit(test, nt_many_free, many);
	for (live = 300; live <= wqc_rounds(50000, 3000); live *= 3) {
		KUNIT_ASSERT_TRUE(test, nt_many_grow(many, live));
		wqc_call_in(test, WQC_IN_SOFTIRQ, nt_many_at_dispatch, many);
		nt_many_free_first(many, many->live - 200);
		cond_resched();
	}
	/* Most of the buckets have been merged by now. */
	nt_many_shrink(many);
	KUNIT_EXPECT_EQ(test, reports, wqc_reports(test, NO_POOL_MEMORY));
}

/* A pointer that is no pool memory, or memory that was freed, is reported and not freed. */
static void foreign_memory_is_not_freed(struct kunit *test)
{
	u64 reports = wqc_reports(test, NO_POOL_MEMORY);
	char *memory = kunit_kzalloc(test, 64, GFP_KERNEL);
	PVOID p = ExAllocatePool(NonPagedPool, 64);

	KUNIT_ASSERT_NOT_NULL(test, memory);
	KUNIT_ASSERT_NOT_NULL(test, p);
	ExFreePool(memory);
	ExFreePool(NULL);
	ExFreePool(p + 16);
	KUNIT_EXPECT_EQ(test, reports + 3, wqc_reports(test, NO_POOL_MEMORY));
	ExFreePool(p);
	ExFreePool(p);
	KUNIT_EXPECT_EQ(test, reports + 4, wqc_reports(test, NO_POOL_MEMORY));
	memory[0] = 1;		/* KASAN would report it */
}

/* A wrong tag is reported; a free without a tag does not check the tag. */
static void free_with_a_wrong_tag_is_reported(struct kunit *test)
{
	u64 reports = wqc_reports(test, ANOTHER_TAG);

	ExFreePoolWithTag(ExAllocatePoolWithTag(PagedPool, 8, NT_TAG), NT_TAG);
	ExFreePoolWithTag(ExAllocatePoolWithTag(PagedPool, 8, NT_TAG), 0);
	ExFreePool(ExAllocatePoolWithTag(PagedPool, 8, NT_TAG));
	KUNIT_EXPECT_EQ(test, reports, wqc_reports(test, ANOTHER_TAG));
	ExFreePoolWithTag(ExAllocatePoolWithTag(PagedPool, 8, NT_TAG), NT_TAG + 1);
	KUNIT_EXPECT_EQ(test, reports + 1, wqc_reports(test, ANOTHER_TAG));
}

/* ---- objects in use in memory that is freed ----------------------------- */

/* All objects that a driver can leave in a structure. Their routines record a call. */
struct nt_in_use {
	char before[40];
	WORK_QUEUE_ITEM item;
	KTIMER timer;
	KDPC dpc;
};

struct nt_in_use_calls {
	atomic_t item, dpc;
};

static VOID nt_in_use_item(PVOID context)
{
	atomic_inc(&((struct nt_in_use_calls *)context)->item);
}

static VOID nt_in_use_dpc(PKDPC Dpc, PVOID DeferredContext, PVOID SystemArgument1,
			  PVOID SystemArgument2)
{
	atomic_inc(&((struct nt_in_use_calls *)DeferredContext)->dpc);
}

static void nt_in_use_init(struct nt_in_use *in_use, struct nt_in_use_calls *calls)
{
	memset(calls, 0, sizeof(*calls));
	memset(in_use, 0, sizeof(*in_use));
	ExInitializeWorkItem(&in_use->item, nt_in_use_item, calls);
	KeInitializeTimer(&in_use->timer);
	KeInitializeDpc(&in_use->dpc, nt_in_use_dpc, calls);
}

/* A work item that is queued in freed memory is reported, and does not run. */
static void item_in_freed_memory_does_not_run(struct kunit *test)
{
	struct nt_in_use *in_use = ExAllocatePoolWithTag(NonPagedPool, sizeof(*in_use), NT_TAG);
	u64 reports = wqc_reports(test, ITEM_IN_IT);
	struct nt_in_use_calls calls;

	KUNIT_ASSERT_NOT_NULL(test, in_use);
	nt_in_use_init(in_use, &calls);
	wqc_hold(test, DelayedWorkQueue);
	ExQueueWorkItem(&in_use->item, DelayedWorkQueue);
	ExFreePoolWithTag(in_use, NT_TAG);
	wqc_release(test);
	KUNIT_EXPECT_EQ(test, reports + 1, wqc_reports(test, ITEM_IN_IT));
	KUNIT_EXPECT_TRUE(test, wqc_settled(test));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&calls.item));
}

/* A timer that is set in freed memory is cancelled, and a DPC that is queued there is removed. */
static void timer_and_dpc_in_freed_memory_are_removed(struct kunit *test)
{
	struct nt_in_use *in_use = ExAllocatePoolWithTag(NonPagedPool, sizeof(*in_use), NT_TAG);
	u64 timers = wqc_reports(test, TIMER_IN_IT), dpcs = wqc_reports(test, DPC_IN_IT);
	struct nt_in_use_calls calls;

	KUNIT_ASSERT_NOT_NULL(test, in_use);
	nt_in_use_init(in_use, &calls);
	KeSetTimer(&in_use->timer, NT_MS(3600 * 1000), NULL);
	/* No DPC runs on this CPU until softirqs are on again. */
	local_bh_disable();
	KeInsertQueueDpc(&in_use->dpc, NULL, NULL);
	ExFreePool(in_use);
	local_bh_enable();
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, timers + 1, wqc_reports(test, TIMER_IN_IT));
	KUNIT_EXPECT_EQ(test, dpcs + 1, wqc_reports(test, DPC_IN_IT));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&calls.dpc));
}

/* Objects in an entry that a lookaside list keeps are removed, too: its next user overwrites it. */
static void entry_of_a_list_is_searched_when_it_is_freed(struct kunit *test)
{
	LOOKASIDE_LIST_EX *list = kunit_kzalloc(test, sizeof(*list), GFP_KERNEL);
	u64 timers = wqc_reports(test, TIMER_IN_IT), items = wqc_reports(test, ITEM_IN_IT);
	struct nt_in_use_calls calls;
	struct nt_in_use *in_use;

	KUNIT_ASSERT_NOT_NULL(test, list);
	ExInitializeLookasideListEx(list, NULL, NULL, NonPagedPoolNx, 0, sizeof(*in_use), NT_TAG,
				    0);
	in_use = ExAllocateFromLookasideListEx(list);
	KUNIT_ASSERT_NOT_NULL(test, in_use);
	nt_in_use_init(in_use, &calls);
	KeSetTimer(&in_use->timer, NT_MS(3600 * 1000), NULL);
	wqc_hold(test, DelayedWorkQueue);
	ExQueueWorkItem(&in_use->item, DelayedWorkQueue);
	ExFreeToLookasideListEx(list, in_use);
	wqc_release(test);
	KUNIT_EXPECT_EQ(test, timers + 1, wqc_reports(test, TIMER_IN_IT));
	KUNIT_EXPECT_EQ(test, items + 1, wqc_reports(test, ITEM_IN_IT));
	KUNIT_EXPECT_TRUE(test, wqc_settled(test));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&calls.item));
	ExDeleteLookasideListEx(list);
	KUNIT_EXPECT_EQ(test, timers + 1, wqc_reports(test, TIMER_IN_IT));
}

/* ---- lists ---------------------------------------------------------------- */

struct nt_entry {
	int number;
	LIST_ENTRY links;
	union {
		SLIST_ENTRY next;
		SINGLE_LIST_ENTRY single;
	};
};

static int nt_number(PLIST_ENTRY entry)
{
	return CONTAINING_RECORD(entry, struct nt_entry, links)->number;
}

/* Entries come off a list in the order of insertion: from the head, the tail and the middle. */
static void lists_keep_their_order(struct kunit *test)
{
	struct nt_entry entries[4];
	LIST_ENTRY head, other;
	int i;

	InitializeListHead(&head);
	KUNIT_EXPECT_TRUE(test, IsListEmpty(&head));
	for (i = 0; i < 4; i++)
		entries[i].number = i;
	InsertTailList(&head, &entries[1].links);
	InsertTailList(&head, &entries[2].links);
	InsertHeadList(&head, &entries[0].links);
	InsertTailList(&head, &entries[3].links);
	KUNIT_EXPECT_FALSE(test, RemoveEntryList(&entries[1].links));
	KUNIT_EXPECT_EQ(test, 0, nt_number(RemoveHeadList(&head)));
	KUNIT_EXPECT_EQ(test, 3, nt_number(RemoveTailList(&head)));
	InitializeListHead(&other);
	InsertTailList(&other, &entries[0].links);
	InsertTailList(&other, &entries[1].links);
	/* Unlinks the head of the other list: the chain that is appended has none. */
	RemoveEntryList(&other);
	AppendTailList(&head, &entries[0].links);
	KUNIT_EXPECT_EQ(test, 2, nt_number(RemoveHeadList(&head)));
	KUNIT_EXPECT_EQ(test, 0, nt_number(RemoveHeadList(&head)));
	KUNIT_EXPECT_FALSE(test, IsListEmpty(&head));
	KUNIT_EXPECT_TRUE(test, RemoveEntryList(&entries[1].links));
	KUNIT_EXPECT_TRUE(test, IsListEmpty(&head));
}

/* The interlocked calls return the neighbour, or NULL when the list was empty. */
static void interlocked_lists_return_the_neighbour(struct kunit *test)
{
	struct nt_entry entries[3];
	SINGLE_LIST_ENTRY single = {};
	KSPIN_LOCK lock;
	LIST_ENTRY head;

	KeInitializeSpinLock(&lock);
	InitializeListHead(&head);
	KUNIT_EXPECT_NULL(test, ExInterlockedRemoveHeadList(&head, &lock));
	KUNIT_EXPECT_NULL(test, ExInterlockedInsertTailList(&head, &entries[0].links, &lock));
	KUNIT_EXPECT_PTR_EQ(test, &entries[0].links,
			    ExInterlockedInsertTailList(&head, &entries[1].links, &lock));
	KUNIT_EXPECT_PTR_EQ(test, &entries[0].links,
			    ExInterlockedInsertHeadList(&head, &entries[2].links, &lock));
	KUNIT_EXPECT_PTR_EQ(test, &entries[2].links, ExInterlockedRemoveHeadList(&head, &lock));
	KUNIT_EXPECT_NULL(test, ExInterlockedPopEntryList(&single, &lock));
	KUNIT_EXPECT_NULL(test, ExInterlockedPushEntryList(&single, &entries[0].single, &lock));
	KUNIT_EXPECT_PTR_EQ(test, &entries[0].single,
			    ExInterlockedPushEntryList(&single, &entries[1].single, &lock));
	KUNIT_EXPECT_PTR_EQ(test, &entries[1].single, ExInterlockedPopEntryList(&single, &lock));
}

/* A sequenced list is last in, first out, and counts its entries. */
static void sequenced_list_is_a_stack(struct kunit *test)
{
	struct nt_entry entries[3];
	SLIST_HEADER head;

	ExInitializeSListHead(&head);
	KUNIT_EXPECT_NULL(test, InterlockedPopEntrySList(&head));
	KUNIT_EXPECT_NULL(test, InterlockedPushEntrySList(&head, &entries[0].next));
	KUNIT_EXPECT_PTR_EQ(test, &entries[0].next,
			    InterlockedPushEntrySList(&head, &entries[1].next));
	InterlockedPushEntrySList(&head, &entries[2].next);
	KUNIT_EXPECT_EQ(test, 3, ExQueryDepthSList(&head));
	KUNIT_EXPECT_PTR_EQ(test, &entries[2].next, InterlockedPopEntrySList(&head));
	KUNIT_EXPECT_PTR_EQ(test, &entries[1].next, InterlockedFlushSList(&head));
	KUNIT_EXPECT_PTR_EQ(test, &entries[0].next, entries[1].next.Next);
	KUNIT_EXPECT_EQ(test, 0, ExQueryDepthSList(&head));
}

struct nt_stack {
	SLIST_HEADER head;
	LONG volatile pushed, popped;
	LONGLONG volatile sum;
	unsigned int rounds;
};

static void nt_stack_on_cpu(void *arg, int cpu)
{
	struct nt_stack *stack = arg;
	unsigned int left = stack->rounds;
	PSLIST_ENTRY entry;

	while (left--) {
		entry = InterlockedPopEntrySList(&stack->head);
		InterlockedAdd64(&stack->sum, 3);
		if (!entry)
			continue;
		InterlockedIncrement(&stack->popped);
		InterlockedPushEntrySList(&stack->head, entry);
		InterlockedIncrement(&stack->pushed);
	}
}

/* All CPUs at once lose no entry and no count of a sequenced list. */
static void interlocked_operations_lose_nothing(struct kunit *test)
{
	struct nt_entry *entries = kunit_kcalloc(test, 8, sizeof(*entries), GFP_KERNEL);
	struct nt_stack *stack = kunit_kzalloc(test, sizeof(*stack) + 16, GFP_KERNEL);
	int i;

	KUNIT_ASSERT_NOT_NULL(test, entries);
	KUNIT_ASSERT_NOT_NULL(test, stack);
	stack = PTR_ALIGN(stack, 16);
	InitializeSListHead(&stack->head);
	for (i = 0; i < 8; i++)
		InterlockedPushEntrySList(&stack->head, &entries[i].next);
	stack->rounds = wqc_rounds(5000, 500);
	wqc_on_all_cpus(test, nt_stack_on_cpu, stack);
	KUNIT_EXPECT_EQ(test, stack->pushed, stack->popped);
	KUNIT_EXPECT_EQ(test, 8, ExQueryDepthSList(&stack->head));
	KUNIT_EXPECT_EQ(test, 3LL * stack->rounds * num_online_cpus(), stack->sum);
	for (i = 0; i < 8; i++)
		KUNIT_EXPECT_NOT_NULL(test, InterlockedPopEntrySList(&stack->head));
	KUNIT_EXPECT_NULL(test, InterlockedPopEntrySList(&stack->head));
}

/* A number that is changed under the driver's lock, and by interlocked calls meanwhile. */
struct nt_locked {
	KSPIN_LOCK lock;
	LARGE_INTEGER volatile number;
	unsigned int rounds, op;
	LONG volatile torn;
};

static void nt_locked_op(struct nt_locked *locked)
{
	LONGLONG old = READ_ONCE(locked->number.QuadPart), new = old + 7;
	PLARGE_INTEGER number = (PLARGE_INTEGER)&locked->number;
	LARGE_INTEGER one = { .QuadPart = 1 };

	switch (locked->op) {
	case 0:
		ExInterlockedAddUlong(&number->LowPart, 3, &locked->lock);
		break;
	case 1:
		ExInterlockedExchangeUlong(&number->LowPart, new, &locked->lock);
		break;
	case 2:
		ExInterlockedIncrementLong((PLONG)&number->LowPart, &locked->lock);
		break;
	case 3:
		ExInterlockedDecrementLong((PLONG)&number->LowPart, &locked->lock);
		break;
	case 4:
		ExInterlockedAddLargeInteger(number, one, &locked->lock);
		break;
	case 5:
		ExInterlockedCompareExchange64(&number->QuadPart, &new, &old, &locked->lock);
		break;
	}
}

#define NT_LOCKED_OPS	6

static void nt_locked_on_cpu(void *arg, int cpu)
{
	struct nt_locked *locked = arg;
	unsigned int left = locked->rounds;
	LONGLONG number;
	KIRQL irql;

	while (left--) {
		if (cpu != cpumask_first(cpu_online_mask)) {
			nt_locked_op(locked);
			continue;
		}
		KeAcquireSpinLock(&locked->lock, &irql);
		number = READ_ONCE(locked->number.QuadPart);
		udelay(2);
		if (READ_ONCE(locked->number.QuadPart) != number)
			locked->torn++;
		KeReleaseSpinLock(&locked->lock, irql);
	}
}

/*
 * The interlocked calls that are given a spin lock take it: the holder of the lock sees no
 * change.
 */
static void interlocked_calls_take_their_lock(struct kunit *test)
{
	struct nt_locked *locked = kunit_kzalloc(test, sizeof(*locked), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, locked);
	if (num_online_cpus() < 2)
		kunit_skip(test, "one CPU");
	KeInitializeSpinLock(&locked->lock);
	locked->rounds = wqc_rounds(5000, 500);
	for (locked->op = 0; locked->op < NT_LOCKED_OPS; locked->op++) {
		wqc_on_all_cpus(test, nt_locked_on_cpu, locked);
		KUNIT_EXPECT_EQ_MSG(test, 0, locked->torn, "call %u", locked->op);
		locked->torn = 0;
	}
}

/* The interlocked calls return the old value; the amount added to a statistic is a ULONG. */
static void interlocked_calls_with_a_lock_return_the_old_value(struct kunit *test)
{
	LARGE_INTEGER large = { .QuadPart = 1LL << 40 }, add = { .QuadPart = -1 };
	LONGLONG new = 5, other = 6;
	ULONG n = 3;
	KSPIN_LOCK lock;

	KeInitializeSpinLock(&lock);
	KUNIT_EXPECT_EQ(test, 3U, ExInterlockedAddUlong(&n, (ULONG)-1, &lock));
	KUNIT_EXPECT_EQ(test, 2U, ExInterlockedExchangeUlong(&n, 0xffffffff, &lock));
	KUNIT_EXPECT_EQ(test, 0, ExInterlockedIncrementLong(&n, &lock));
	KUNIT_EXPECT_EQ(test, -1, ExInterlockedDecrementLong(&n, &lock));
	KUNIT_EXPECT_EQ(test, 1LL << 40,
			ExInterlockedAddLargeInteger(&large, add, &lock).QuadPart);
	KUNIT_EXPECT_EQ(test, (1LL << 40) - 1,
			ExInterlockedCompareExchange64(&large.QuadPart, &new, &other, &lock));
	other = (1LL << 40) - 1;
	KUNIT_EXPECT_EQ(test, other,
			ExInterlockedCompareExchange64(&large.QuadPart, &new, &other, &lock));
	ExInterlockedAddLargeStatistic(&large, 0x80000000);
	ExInterlockedAddLargeStatistic(&large, -1);
	KUNIT_EXPECT_EQ(test, 5 + 0x17fffffffLL, large.QuadPart);
}

/* The bit number is evaluated once, and may address a word before or behind. */
static void interlocked_bit_may_be_in_any_word(struct kunit *test)
{
	LONGLONG volatile large[3] = {};
	LONG volatile words[5] = {};
	int bit = 3;

	KUNIT_EXPECT_FALSE(test, InterlockedBitTestAndSet(words, bit++));
	KUNIT_EXPECT_EQ(test, 4, bit);
	KUNIT_EXPECT_EQ(test, 8, words[0]);
	KUNIT_EXPECT_FALSE(test, InterlockedBitTestAndSet(words, 31));
	KUNIT_EXPECT_TRUE(test, InterlockedBitTestAndSet(words, 31));
	KUNIT_EXPECT_FALSE(test, InterlockedBitTestAndSet(words, 64 + 5));
	KUNIT_EXPECT_EQ(test, 0x20, words[2]);
	KUNIT_EXPECT_TRUE(test, InterlockedBitTestAndSet(words + 3, -32 + 5));
	KUNIT_EXPECT_FALSE(test, InterlockedBitTestAndSet(words + 3, -1));
	KUNIT_EXPECT_EQ(test, (LONG)0x80000020, words[2]);
	KUNIT_EXPECT_TRUE(test, InterlockedBitTestAndReset(words, 64 + 5));
	KUNIT_EXPECT_FALSE(test, InterlockedBitTestAndReset(words, 64 + 5));
	KUNIT_EXPECT_FALSE(test, InterlockedBitTestAndComplement(words, 128));
	KUNIT_EXPECT_TRUE(test, InterlockedBitTestAndComplement(words, 128));
	KUNIT_EXPECT_EQ(test, 0, words[4]);

	KUNIT_EXPECT_FALSE(test, InterlockedBitTestAndSet64(large, 63));
	KUNIT_EXPECT_FALSE(test, InterlockedBitTestAndSet64(large, 64 + 40));
	KUNIT_EXPECT_EQ(test, 1LL << 40, large[1]);
	KUNIT_EXPECT_TRUE(test, InterlockedBitTestAndReset64(large + 2, -64 + 40));
	KUNIT_EXPECT_FALSE(test, InterlockedBitTestAndComplement64(large, 64 + 1));
	KUNIT_EXPECT_EQ(test, S64_MIN, large[0]);
	KUNIT_EXPECT_EQ(test, 2LL, large[1]);
}

/* The increments return the new value, the other calls the old one. */
static void interlocked_operations_return_the_old_or_new_value(struct kunit *test)
{
	LONG volatile n = 5;
	LONGLONG volatile n64 = 5;
	PVOID volatile p = (PVOID)&n;

	KUNIT_EXPECT_EQ(test, 6, InterlockedIncrement(&n));
	KUNIT_EXPECT_EQ(test, 5, InterlockedDecrement(&n));
	KUNIT_EXPECT_EQ(test, 5, InterlockedExchangeAdd(&n, 3));
	KUNIT_EXPECT_EQ(test, 10, InterlockedAdd(&n, 2));
	KUNIT_EXPECT_EQ(test, 10, InterlockedExchange(&n, 7));
	KUNIT_EXPECT_EQ(test, 7, InterlockedCompareExchange(&n, 8, 6));
	KUNIT_EXPECT_EQ(test, 7, InterlockedCompareExchange(&n, 8, 7));
	KUNIT_EXPECT_EQ(test, 8, InterlockedOr(&n, 1));
	KUNIT_EXPECT_EQ(test, 9, InterlockedAnd(&n, 3));
	KUNIT_EXPECT_EQ(test, 1, InterlockedXor(&n, 3));
	KUNIT_EXPECT_EQ(test, 2, n);
	KUNIT_EXPECT_FALSE(test, InterlockedBitTestAndSet(&n, 2));
	KUNIT_EXPECT_TRUE(test, InterlockedBitTestAndReset(&n, 1));
	KUNIT_EXPECT_EQ(test, 4, n);
	KUNIT_EXPECT_EQ(test, 6LL, InterlockedIncrement64(&n64));
	KUNIT_EXPECT_EQ(test, 6LL, InterlockedCompareExchange64(&n64, 1LL << 40, 6));
	KUNIT_EXPECT_EQ(test, 1LL << 40, InterlockedExchangeAdd64(&n64, 1));
	KUNIT_EXPECT_PTR_EQ(test, (PVOID)&n, InterlockedCompareExchangePointer(&p, &n64, &p));
	KUNIT_EXPECT_PTR_EQ(test, (PVOID)&n, InterlockedExchangePointer(&p, &n64));
	KUNIT_EXPECT_PTR_EQ(test, (PVOID)&n64, (PVOID)p);
}

/* ---- lookaside lists -------------------------------------------------------- */

#define NT_KEPT	32	/* entries that a list keeps at most */

/* A freed entry is the next one that is allocated. */
static void lookaside_list_reuses_a_freed_entry(struct kunit *test)
{
	NPAGED_LOOKASIDE_LIST *npaged = kunit_kzalloc(test, 512, GFP_KERNEL);
	PAGED_LOOKASIDE_LIST *paged = (void *)npaged + 256;
	PVOID a, b;

	KUNIT_ASSERT_NOT_NULL(test, npaged);
	ExInitializeNPagedLookasideList(npaged, NULL, NULL, 0, 3, NT_TAG, 0);
	a = ExAllocateFromNPagedLookasideList(npaged);
	b = ExAllocateFromNPagedLookasideList(npaged);
	KUNIT_ASSERT_NOT_NULL(test, a);
	KUNIT_ASSERT_NOT_NULL(test, b);
	KUNIT_EXPECT_PTR_NE(test, a, b);
	ExFreeToNPagedLookasideList(npaged, a);
	KUNIT_EXPECT_PTR_EQ(test, a, ExAllocateFromNPagedLookasideList(npaged));
	ExFreeToNPagedLookasideList(npaged, a);
	ExFreeToNPagedLookasideList(npaged, b);
	ExDeleteNPagedLookasideList(npaged);

	ExInitializePagedLookasideList(paged, NULL, NULL, 0, 100, NT_TAG, 0);
	a = ExAllocateFromPagedLookasideList(paged);
	KUNIT_ASSERT_NOT_NULL(test, a);
	memset(a, 0x55, 100);
	ExFreeToPagedLookasideList(paged, a);
	KUNIT_EXPECT_PTR_EQ(test, a, ExAllocateFromPagedLookasideList(paged));
	ExFreeToPagedLookasideList(paged, a);
	ExDeletePagedLookasideList(paged);
}

/* The arguments that the routines of a list got; one list at a time. */
static struct {
	int allocated, freed;
	bool none;
	POOL_TYPE type;
	SIZE_T size;
	ULONG tag;
	PLOOKASIDE_LIST_EX list, freed_to;
} nt_lookaside;

static PVOID nt_lookaside_alloc(POOL_TYPE PoolType, SIZE_T NumberOfBytes, ULONG Tag)
{
	nt_lookaside.type = PoolType;
	nt_lookaside.size = NumberOfBytes;
	nt_lookaside.tag = Tag;
	if (nt_lookaside.none)
		return NULL;
	nt_lookaside.allocated++;
	return kmalloc(NumberOfBytes, GFP_KERNEL);
}

static PVOID nt_lookaside_pool(POOL_TYPE PoolType, SIZE_T NumberOfBytes, ULONG Tag)
{
	return ExAllocatePoolWithTag(PoolType, NumberOfBytes, Tag + 1);
}

static VOID nt_lookaside_free(PVOID Buffer)
{
	nt_lookaside.freed++;
	kfree(Buffer);
}

static PVOID nt_lookaside_alloc_ex(POOL_TYPE PoolType, SIZE_T NumberOfBytes, ULONG Tag,
				   PLOOKASIDE_LIST_EX Lookaside)
{
	nt_lookaside.list = Lookaside;
	return nt_lookaside_alloc(PoolType, NumberOfBytes, Tag);
}

static VOID nt_lookaside_free_ex(PVOID Buffer, PLOOKASIDE_LIST_EX Lookaside)
{
	nt_lookaside.freed_to = Lookaside;
	nt_lookaside_free(Buffer);
}

/* A list keeps a limited number of entries, frees the rest at once, and all when it is deleted. */
static void lookaside_list_keeps_a_limited_number_of_entries(struct kunit *test)
{
	NPAGED_LOOKASIDE_LIST *list = kunit_kzalloc(test, sizeof(*list), GFP_KERNEL);
	PVOID entries[NT_KEPT + 8];
	int i;

	KUNIT_ASSERT_NOT_NULL(test, list);
	memset(&nt_lookaside, 0, sizeof(nt_lookaside));
	ExInitializeNPagedLookasideList(list, nt_lookaside_alloc, nt_lookaside_free,
					POOL_NX_ALLOCATION, 40, NT_TAG, 0);
	for (i = 0; i < NT_KEPT + 8; i++) {
		entries[i] = ExAllocateFromNPagedLookasideList(list);
		KUNIT_EXPECT_NOT_NULL(test, entries[i]);
	}
	KUNIT_EXPECT_EQ(test, NonPagedPoolNx, nt_lookaside.type);
	KUNIT_EXPECT_EQ(test, 40, nt_lookaside.size);
	KUNIT_EXPECT_EQ(test, (ULONG)NT_TAG, nt_lookaside.tag);
	for (i = 0; i < NT_KEPT + 8; i++)
		if (entries[i])
			ExFreeToNPagedLookasideList(list, entries[i]);
	KUNIT_EXPECT_EQ(test, 8, nt_lookaside.freed);
	nt_lookaside.none = true;
	for (i = 0; i < NT_KEPT; i++)
		entries[i] = ExAllocateFromNPagedLookasideList(list);
	KUNIT_EXPECT_NULL(test, ExAllocateFromNPagedLookasideList(list));
	for (i = 0; i < NT_KEPT; i++)
		ExFreeToNPagedLookasideList(list, entries[i]);
	ExDeleteNPagedLookasideList(list);
	KUNIT_EXPECT_EQ(test, NT_KEPT + 8, nt_lookaside.allocated);
	KUNIT_EXPECT_EQ(test, NT_KEPT + 8, nt_lookaside.freed);
}

/* The routines of an Ex list get the list as an argument; an Ex list may be flushed. */
static void lookaside_list_ex_is_passed_to_its_routines(struct kunit *test)
{
	LOOKASIDE_LIST_EX *list = kunit_kzalloc(test, sizeof(*list), GFP_KERNEL);
	PVOID entry;

	KUNIT_ASSERT_NOT_NULL(test, list);
	memset(&nt_lookaside, 0, sizeof(nt_lookaside));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER_5,
			ExInitializeLookasideListEx(list, NULL, NULL, PagedPool, 8, 24, NT_TAG, 0));
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			ExInitializeLookasideListEx(list, nt_lookaside_alloc_ex,
						    nt_lookaside_free_ex, PagedPool, 0, 24,
						    NT_TAG, 0));
	entry = ExAllocateFromLookasideListEx(list);
	KUNIT_ASSERT_NOT_NULL(test, entry);
	KUNIT_EXPECT_PTR_EQ(test, list, nt_lookaside.list);
	KUNIT_EXPECT_EQ(test, PagedPool, nt_lookaside.type);
	ExFreeToLookasideListEx(list, entry);
	KUNIT_EXPECT_EQ(test, 0, nt_lookaside.freed);
	ExFlushLookasideListEx(list);
	KUNIT_EXPECT_EQ(test, 1, nt_lookaside.freed);
	KUNIT_EXPECT_PTR_EQ(test, list, nt_lookaside.freed_to);
	entry = ExAllocateFromLookasideListEx(list);
	KUNIT_ASSERT_NOT_NULL(test, entry);
	ExFreeToLookasideListEx(list, entry);
	ExDeleteLookasideListEx(list);
	KUNIT_EXPECT_EQ(test, nt_lookaside.allocated, nt_lookaside.freed);
}

/* The pool type that the allocation routine gets has the list's flags for a failure. */
static void lookaside_flags_reach_the_routine(struct kunit *test)
{
	static const struct {
		ULONG flags;
		ULONG type;
	} ex[] = {
		{ 0, 0 },
		{ EX_LOOKASIDE_LIST_EX_FLAGS_RAISE_ON_FAIL, POOL_RAISE_IF_ALLOCATION_FAILURE },
		{ EX_LOOKASIDE_LIST_EX_FLAGS_FAIL_NO_RAISE, POOL_QUOTA_FAIL_INSTEAD_OF_RAISE },
	};
	NPAGED_LOOKASIDE_LIST *npaged = kunit_kzalloc(test, 512, GFP_KERNEL);
	PAGED_LOOKASIDE_LIST *paged = (void *)npaged;
	LOOKASIDE_LIST_EX *list = (void *)npaged;
	size_t i;

	KUNIT_ASSERT_NOT_NULL(test, npaged);
	memset(&nt_lookaside, 0, sizeof(nt_lookaside));
	ExInitializeNPagedLookasideList(npaged, nt_lookaside_alloc, nt_lookaside_free,
					POOL_NX_ALLOCATION | POOL_RAISE_IF_ALLOCATION_FAILURE, 40,
					NT_TAG, 0);
	ExFreeToNPagedLookasideList(npaged, ExAllocateFromNPagedLookasideList(npaged));
	ExDeleteNPagedLookasideList(npaged);
	KUNIT_EXPECT_EQ(test, (ULONG)NonPagedPoolNx | POOL_RAISE_IF_ALLOCATION_FAILURE,
			(ULONG)nt_lookaside.type);
	ExInitializePagedLookasideList(paged, nt_lookaside_alloc, nt_lookaside_free,
				       POOL_RAISE_IF_ALLOCATION_FAILURE, 40, NT_TAG, 0);
	ExFreeToPagedLookasideList(paged, ExAllocateFromPagedLookasideList(paged));
	ExDeletePagedLookasideList(paged);
	KUNIT_EXPECT_EQ(test, (ULONG)PagedPool | POOL_RAISE_IF_ALLOCATION_FAILURE,
			(ULONG)nt_lookaside.type);
	for (i = 0; i < ARRAY_SIZE(ex); i++) {
		ExInitializeLookasideListEx(list, nt_lookaside_alloc_ex, nt_lookaside_free_ex,
					    PagedPool, ex[i].flags, 24, NT_TAG, 0);
		ExFreeToLookasideListEx(list, ExAllocateFromLookasideListEx(list));
		ExDeleteLookasideListEx(list);
		KUNIT_EXPECT_EQ(test, PagedPool | ex[i].type, (ULONG)nt_lookaside.type);
	}
}

/* A driver with an allocation routine of its own tag may leave the freeing to the list. */
static void lookaside_list_frees_with_any_tag(struct kunit *test)
{
	u64 reports = wqc_reports(test, "pool memory freed with another tag");
	NPAGED_LOOKASIDE_LIST *list = kunit_kzalloc(test, sizeof(*list), GFP_KERNEL);
	PVOID entry;

	KUNIT_ASSERT_NOT_NULL(test, list);
	ExInitializeNPagedLookasideList(list, nt_lookaside_pool, NULL, 0, 40, NT_TAG, 0);
	entry = ExAllocateFromNPagedLookasideList(list);
	KUNIT_ASSERT_NOT_NULL(test, entry);
	ExFreeToNPagedLookasideList(list, entry);
	ExDeleteNPagedLookasideList(list);
	KUNIT_EXPECT_EQ(test, reports, wqc_reports(test, "pool memory freed with another tag"));
}

static struct kunit_case nt_pool_cases[] = {
	KUNIT_CASE(zeroed_memory_is_zeroed),
	KUNIT_CASE(memory_is_aligned),
	KUNIT_CASE(cache_aligned_memory_is_aligned),
	KUNIT_CASE(pool2_refuses_invalid_flags),
	KUNIT_CASE(memory_is_allocated_at_dispatch_level),
	KUNIT_CASE(large_memory_is_freed_in_every_context),
	KUNIT_CASE(blocks_are_found_while_their_number_changes),
	KUNIT_CASE(freeing_takes_no_longer_among_many_blocks),
	KUNIT_CASE(foreign_memory_is_not_freed),
	KUNIT_CASE(free_with_a_wrong_tag_is_reported),
	KUNIT_CASE(item_in_freed_memory_does_not_run),
	KUNIT_CASE(timer_and_dpc_in_freed_memory_are_removed),
	KUNIT_CASE(entry_of_a_list_is_searched_when_it_is_freed),
	KUNIT_CASE(lists_keep_their_order),
	KUNIT_CASE(interlocked_lists_return_the_neighbour),
	KUNIT_CASE(sequenced_list_is_a_stack),
	KUNIT_CASE(interlocked_operations_lose_nothing),
	KUNIT_CASE(interlocked_operations_return_the_old_or_new_value),
	KUNIT_CASE(interlocked_calls_take_their_lock),
	KUNIT_CASE(interlocked_calls_with_a_lock_return_the_old_value),
	KUNIT_CASE(interlocked_bit_may_be_in_any_word),
	KUNIT_CASE(lookaside_list_reuses_a_freed_entry),
	KUNIT_CASE(lookaside_list_keeps_a_limited_number_of_entries),
	KUNIT_CASE(lookaside_list_ex_is_passed_to_its_routines),
	KUNIT_CASE(lookaside_flags_reach_the_routine),
	KUNIT_CASE(lookaside_list_frees_with_any_tag),
	{}
};

static struct kunit_suite nt_pool_suite = {
	.name = "wqc_nt_pool",
	.test_cases = nt_pool_cases,
};

kunit_test_suite(nt_pool_suite);
