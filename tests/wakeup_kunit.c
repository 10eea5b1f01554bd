// SPDX-License-Identifier: GPL-2.0
/*
 * Trust in the wake-up protocol (core/wakeup.c): after a burst without a routine that blocks, the
 * next runner begins as the spinner, and the next burst costs one wake-up. Without trust a burst
 * costs two at least: for the first item, and for the others before the first routine.
 */
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/irqflags.h>

#include "wqc_load.h"
#include "wqc_probe.h"

#define WAKEUP_LONG	3000	/* items; far more than it takes until the queue is trusted */
#define WAKEUP_SHORT	12	/* fewer than it takes to become the spinner without trust */

struct wakeup_burst {
	WORK_QUEUE_TYPE type;
	unsigned int nr;
	bool blocks;			/* of the item behind the last one */
	WORK_QUEUE_ITEM *items, blocker;
	atomic_t left;
	struct wqc_gate *gate;
};

static VOID wakeup_short(PVOID context)
{
	struct wakeup_burst *burst = context;

	atomic_dec(&burst->left);
}

static VOID wakeup_blocker(PVOID context)
{
	struct wakeup_burst *burst = context;

	wqc_gate_wait(burst->gate);
}

/* Posts the burst, and then keeps its CPU, so that the runner is on another CPU. */
static void wakeup_post(void *arg)
{
	struct wakeup_burst *burst = arg;
	unsigned long end = jiffies + WQC_TIMEOUT;
	unsigned long flags;
	unsigned int i;

	atomic_set(&burst->left, burst->nr);
	local_irq_save(flags);
	for (i = 0; i < burst->nr; i++)
		ExQueueWorkItem(&burst->items[i], burst->type);
	if (burst->blocks)
		ExQueueWorkItem(&burst->blocker, burst->type);
	local_irq_restore(flags);
	while (atomic_read(&burst->left) && time_before(jiffies, end))
		cpu_relax();
}

/* How the queue is prepared before a short burst. */
enum wakeup_way { TRUSTED, IDLED, BLOCKED };

static void wakeup_prepare(struct kunit *test, struct wakeup_burst *burst, enum wakeup_way way)
{
	int cpu = cpumask_first(cpu_online_mask);

	burst->nr = WAKEUP_LONG;
	burst->blocks = way == BLOCKED;
	if (burst->blocks)
		burst->gate = wqc_gate_new(test);
	wqc_on_cpu(test, cpu, wakeup_post, burst);
	if (burst->blocks) {
		burst->blocks = false;
		KUNIT_EXPECT_TRUE(test, wqc_gate_arrivals(burst->gate, 1));
		fsleep(10 * USEC_PER_MSEC);	/* many periods of the watchdog */
		wqc_gate_open(burst->gate);
	}
	wqc_settle(test);
	/* A single item uses up the trust: the second one is run without it. */
	for (burst->nr = 1; way == IDLED && burst->nr < 3; burst->nr++) {
		wqc_on_cpu(test, cpu, wakeup_post, burst);
		wqc_settle(test);
	}
}

/* Returns the number of wake-ups for short bursts, each on a prepared queue. */
static unsigned int wakeup_kicks(struct kunit *test, struct wakeup_burst *burst,
				 const char *pool, enum wakeup_way way, unsigned int rounds)
{
	unsigned int i;
	u64 before, kicks = 0;

	for (i = 0; i < rounds; i++) {
		wakeup_prepare(test, burst, way);
		before = wqc_counter(test, pool, "kicks");
		burst->nr = WAKEUP_SHORT;
		wqc_on_cpu(test, cpumask_first(cpu_online_mask), wakeup_post, burst);
		wqc_settle(test);
		kicks += wqc_counter(test, pool, "kicks") - before;
	}
	return kicks;
}

static struct wakeup_burst *wakeup_burst_new(struct kunit *test, WORK_QUEUE_TYPE type)
{
	struct wakeup_burst *burst = kunit_kzalloc(test, sizeof(*burst), GFP_KERNEL);
	int i;

	KUNIT_ASSERT_NOT_NULL(test, burst);
	burst->type = type;
	burst->items = kunit_kcalloc(test, WAKEUP_LONG, sizeof(*burst->items), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, burst->items);
	for (i = 0; i < WAKEUP_LONG; i++)
		ExInitializeWorkItem(&burst->items[i], wakeup_short, burst);
	ExInitializeWorkItem(&burst->blocker, wakeup_blocker, burst);
	return burst;
}

/*
 * A busy host stops the spinner at times, and the watchdog then wakes another runner. So the case
 * compares the sums of many rounds, and repeats a measurement that is inconclusive.
 */
static void trusted_queue_needs_fewer_wakeups(struct kunit *test)
{
	unsigned int rounds = wqc_rounds(16, 4), trusted, idled, blocked, least, tries = 4;
	const struct wqc_class_param *class = test->param_value;
	struct wakeup_burst *burst = wakeup_burst_new(test, class->type);

	if (num_online_cpus() < 2)
		kunit_skip(test, "no runner spins on the CPU that posts");
	if (class->type == HyperCriticalWorkQueue)
		kunit_skip(test, "its runners stay on the CPU that posts");
	if (rounds < 16)
		kunit_skip(test, "a slow kernel takes a spinner's CPU too often");
	do {
		trusted = wakeup_kicks(test, burst, class->pool, TRUSTED, rounds);
		idled = wakeup_kicks(test, burst, class->pool, IDLED, rounds);
		blocked = wakeup_kicks(test, burst, class->pool, BLOCKED, rounds);
		least = min(idled, blocked);
		kunit_info(test,
			   "%u bursts: %u wake-ups trusted, %u after an idle time, %u after a block\n",
			   rounds, trusted, idled, blocked);
	} while (--tries && (least < 2 * rounds - rounds / 4 || trusted + rounds / 4 > least));
	KUNIT_EXPECT_GE(test, least, 2 * rounds - rounds / 4);
	KUNIT_EXPECT_LE(test, trusted + rounds / 4, least);
}

static struct kunit_case wakeup_cases[] = {
	KUNIT_CASE_PARAM(trusted_queue_needs_fewer_wakeups, wqc_class_gen_params),
	{}
};

static struct kunit_suite wakeup_suite = {
	.name = "wqc_wakeup",
	.test_cases = wakeup_cases,
};

kunit_test_suite(wakeup_suite);
