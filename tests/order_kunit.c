// SPDX-License-Identifier: GPL-2.0
/*
 * Many items: the order in which they start; no item is lost or runs twice.
 */
#include <linux/delay.h>
#include <linux/slab.h>

#include "wqc_load.h"

/* ---- first in, first out ------------------------------------------------- */

struct order_item {
	WORK_QUEUE_ITEM item;
	struct order *order;
	unsigned int started;		/* its place in the order of starts */
	const void *task;
};

struct order {
	WORK_QUEUE_TYPE type;
	unsigned int n;
	atomic_t started;
	atomic_t finished;
	struct order_item items[];
};

static VOID order_routine(PVOID context)
{
	struct order_item *item = context;
	struct order *order = item->order;

	item->started = atomic_inc_return(&order->started) - 1;
	item->task = current;
	atomic_inc(&order->finished);
}

/* Interrupts off: the runners that the poster wakes cannot preempt it. */
static void order_post(void *arg)
{
	struct order *order = arg;
	unsigned long flags;
	unsigned int i;

	local_irq_save(flags);
	for (i = 0; i < order->n; i++) {
		ExInitializeWorkItem(&order->items[i].item, order_routine, &order->items[i]);
		ExQueueWorkItem(&order->items[i].item, order->type);
	}
	local_irq_restore(flags);
}

static struct order *order_run(struct kunit *test, WORK_QUEUE_TYPE type, unsigned int n)
{
	struct order *order = kunit_kzalloc(test, struct_size(order, items, n), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, order);
	order->type = type;
	order->n = n;
	for (i = 0; i < n; i++)
		order->items[i].order = order;
	wqc_on_cpu(test, cpumask_last(cpu_online_mask), order_post, order);
	KUNIT_ASSERT_TRUE(test, wqc_eventually(atomic_read(&order->finished) == n));
	return order;
}

/*
 * HyperCritical: the runners of a CPU are threads of one SCHED_FIFO priority and are bound to
 * it, so the next runner does not preempt a routine that does not block, and the order of the
 * starts can be observed exactly.
 */
static void hypercritical_items_start_in_the_order_they_were_queued(struct kunit *test)
{
	struct order *order = order_run(test, HyperCriticalWorkQueue, wqc_rounds(2000, 300));
	unsigned int i;

	for (i = 0; i < order->n; i++)
		KUNIT_ASSERT_EQ(test, i, order->items[i].started);
}

static unsigned int order_threads(const struct order *order)
{
	unsigned int i, j, threads = 0;

	for (i = 0; i < order->n; i++) {
		for (j = 0; j < i && order->items[j].task != order->items[i].task; j++)
			;
		threads += j == i;
	}
	return threads;
}

/*
 * Any class: items leave the queue in its order, but two runners that have taken neighbours may
 * execute their first instructions in the other order. When an item takes its number, each
 * older item without a number has left the queue and is held by another thread; so an item
 * overtakes at most one item for each other thread that took part.
 */
static void item_overtakes_at_most_one_item_per_other_thread(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	struct order *order = order_run(test, class->type, wqc_rounds(1000, 300));
	unsigned int i, j, overtaken, most = 0, threads = order_threads(order);

	for (i = 0; i < order->n; i++) {
		overtaken = 0;
		for (j = 0; j < i; j++)
			overtaken += order->items[j].started > order->items[i].started;
		most = max(most, overtaken);
	}
	kunit_info(test, "%u items, %u threads, overtaken: %u at most\n", order->n, threads, most);
	KUNIT_EXPECT_LT(test, most, threads);
}

/* ---- conservation -------------------------------------------------------- */

struct storm {
	unsigned int rounds;
	atomic_t queued[3];
	atomic_t ran[3];
	atomic_t bad;
	atomic_t posters;
};

struct storm_item {
	WORK_QUEUE_ITEM item;
	struct storm *storm;
	unsigned int class;
	struct storm_item *self;
};

static VOID storm_routine(PVOID context)
{
	struct storm_item *item = context;
	struct storm *storm = item->storm;
	unsigned int class = item->class;

	if (item->self != item)
		atomic_inc(&storm->bad);
	memset(item, 0x6b, sizeof(*item));
	kfree(item);
	atomic_inc(&storm->ran[class]);
}

static void storm_post(void *arg, int cpu)
{
	struct storm *storm = arg;
	struct storm_item *item;
	unsigned int i, class;

	for (i = 0; i < storm->rounds; i++) {
		item = kzalloc(sizeof(*item), GFP_KERNEL);
		if (!item) {
			cond_resched();
			continue;
		}
		class = (i + cpu) % 3;
		item->storm = storm;
		item->class = class;
		item->self = item;
		atomic_inc(&storm->queued[class]);
		ExInitializeWorkItem(&item->item, storm_routine, item);
		ExQueueWorkItem(&item->item, wqc_class_params[class].type);
		if (!(i % 64))
			cond_resched();
	}
	atomic_dec(&storm->posters);
}

static bool storm_is_over(struct storm *storm)
{
	int i;

	for (i = 0; i < 3; i++)
		if (atomic_read(&storm->ran[i]) != atomic_read(&storm->queued[i]))
			return false;
	return true;
}

/* All CPUs queue on all classes at once: each queued item runs once, in its class. */
static void storm_loses_no_item_and_runs_none_twice(struct kunit *test)
{
	struct storm *storm = kunit_kzalloc(test, sizeof(*storm), GFP_KERNEL);
	u64 queued[3], finished[3];
	int i;

	KUNIT_ASSERT_NOT_NULL(test, storm);
	storm->rounds = wqc_rounds(30000, 300);
	wqc_settle(test);
	for (i = 0; i < 3; i++) {
		queued[i] = wqc_counter(test, wqc_class_params[i].pool, "queued");
		finished[i] = wqc_counter(test, wqc_class_params[i].pool, "finished");
	}
	wqc_on_all_cpus(test, storm_post, storm);
	KUNIT_ASSERT_TRUE(test, wqc_eventually(storm_is_over(storm)));
	for (i = 0; i < 3; i++) {
		const char *pool = wqc_class_params[i].pool;
		int n = atomic_read(&storm->queued[i]);

		KUNIT_EXPECT_GT(test, n, 0);
		KUNIT_EXPECT_TRUE(test, wqc_eventually(wqc_counter(test, pool, "finished") -
						       finished[i] == n));
		KUNIT_EXPECT_EQ(test, wqc_counter(test, pool, "queued") - queued[i], n);
		KUNIT_EXPECT_EQ(test, n, atomic_read(&storm->ran[i]));
	}
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&storm->bad));
}

/* Whether queued >= started >= finished in a line of debugfs "queues". */
static bool law_holds(const char *line)
{
	u64 queued, started, finished, taken;

	return sscanf(line, "class=%*s cpu=%*d queued=%llu started=%llu finished=%llu taken=%llu",
		      &queued, &started, &finished, &taken) == 4 &&
	       queued >= started + taken && started >= finished;
}

static VOID storm_poster(PVOID context)
{
	storm_post(context, raw_smp_processor_id());
}

/* The posters and what they post use the memory of the test. */
static void storm_end(void *arg)
{
	struct storm *storm = arg;

	while (atomic_read(&storm->posters) || !storm_is_over(storm))
		msleep(20);
}

/* queued >= started >= finished, in every queue, at any time. */
static void counters_keep_their_law_at_all_times(struct kunit *test)
{
	struct storm *storm = kunit_kzalloc(test, sizeof(*storm), GFP_KERNEL);
	unsigned int looks = 0, broken = 0;
	char *all, *lines, *line;
	WORK_QUEUE_ITEM *posters;
	int i;

	KUNIT_ASSERT_NOT_NULL(test, storm);
	posters = kunit_kcalloc(test, 3, sizeof(*posters), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, posters);
	storm->rounds = wqc_rounds(20000, 300);
	atomic_set(&storm->posters, 3);
	wqc_at_exit(test, storm_end, storm);
	for (i = 0; i < 3; i++) {
		ExInitializeWorkItem(&posters[i], storm_poster, storm);
		ExQueueWorkItem(&posters[i], DelayedWorkQueue);
	}
	do {
		all = wqc_debugfs_text(test, "queues");
		lines = all;
		while ((line = strsep(&lines, "\n"))) {
			if (strncmp(line, "class=", 6))
				continue;
			looks++;
			broken += !law_holds(line);
		}
		kunit_kfree(test, all);
	} while (atomic_read(&storm->posters));
	KUNIT_EXPECT_TRUE(test, wqc_eventually(storm_is_over(storm)));
	KUNIT_EXPECT_GT(test, looks, 0);
	KUNIT_EXPECT_EQ(test, 0, broken);
}

static VOID order_nothing(PVOID context)
{
	complete(context);
}

/*
 * The counters of the class go up by one for each call; those of the other classes do not
 * change.
 */
static void counters_follow_the_items_of_their_class(struct kunit *test)
{
	static const char *const columns[] = { "queued", "started", "finished" };
	const struct wqc_class_param *class = test->param_value;
	WORK_QUEUE_ITEM *item = kunit_kzalloc(test, sizeof(*item), GFP_KERNEL);
	u64 before[3][ARRAY_SIZE(columns)];
	struct completion *ran = kunit_kzalloc(test, sizeof(*ran), GFP_KERNEL);
	int i, c, n = 10;

	KUNIT_ASSERT_NOT_NULL(test, item);
	KUNIT_ASSERT_NOT_NULL(test, ran);
	init_completion(ran);
	wqc_settle(test);
	for (i = 0; i < 3; i++)
		for (c = 0; c < ARRAY_SIZE(columns); c++)
			before[i][c] = wqc_counter(test, wqc_class_params[i].pool, columns[c]);
	for (i = 0; i < n; i++) {
		ExInitializeWorkItem(item, order_nothing, ran);
		ExQueueWorkItem(item, class->type);
		KUNIT_ASSERT_TRUE(test, wqc_done(ran));
	}
	for (i = 0; i < 3; i++) {
		const char *pool = wqc_class_params[i].pool;
		u64 added = class->type == wqc_class_params[i].type ? n : 0;

		for (c = 0; c < ARRAY_SIZE(columns); c++)
			KUNIT_EXPECT_TRUE_MSG(test,
					      wqc_eventually(wqc_counter(test, pool, columns[c]) ==
							     before[i][c] + added),
					      "%s of %s", columns[c], pool);
	}
}

static struct kunit_case order_cases[] = {
	KUNIT_CASE(hypercritical_items_start_in_the_order_they_were_queued),
	KUNIT_CASE_PARAM(item_overtakes_at_most_one_item_per_other_thread, wqc_class_gen_params),
	KUNIT_CASE(storm_loses_no_item_and_runs_none_twice),
	KUNIT_CASE(counters_keep_their_law_at_all_times),
	KUNIT_CASE_PARAM(counters_follow_the_items_of_their_class, wqc_class_gen_params),
	{}
};

static struct kunit_suite wqc_order_suite = {
	.name = "wqc_order",
	.test_cases = order_cases,
};

kunit_test_suite(wqc_order_suite);
