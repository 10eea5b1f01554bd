// SPDX-License-Identifier: GPL-2.0
/*
 * Wake-up suppression: while a queue has a spinner, no wake-up is sent to other runners
 * (core/wakeup.c). Items behind a routine that blocks the spinner must not wait for that routine.
 */
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/sched.h>

#include "wqc_load.h"

#define SPINNER_SHORT	3000	/* items, on fast kernels; 16 make a runner the spinner */
#define SPINNER_BEHIND	24	/* more than the runners that are idle on an idle machine */

struct spinner_burst {
	WORK_QUEUE_TYPE type;
	WORK_QUEUE_ITEM blocker, behind[SPINNER_BEHIND];
	unsigned int nr_short, nr_behind;
	atomic_t behind_left;
	PIO_WORKITEM tried;		/* or none */
	bool accepted;
	WORK_QUEUE_ITEM *items;
	atomic_t left;
	struct wqc_gate *gate;		/* of the blocker */
	struct completion ran;
	unsigned long blocked_at, ran_at;
};

static VOID spinner_short(PVOID context)
{
	struct spinner_burst *burst = context;

	atomic_dec(&burst->left);
}

static VOID spinner_blocker(PVOID context)
{
	struct spinner_burst *burst = context;

	WRITE_ONCE(burst->blocked_at, jiffies);
	wqc_gate_wait(burst->gate);
}

static VOID spinner_behind(PVOID context)
{
	struct spinner_burst *burst = context;

	if (!atomic_dec_and_test(&burst->behind_left))
		return;
	burst->ran_at = jiffies;
	complete(&burst->ran);
}

static VOID spinner_tried(PVOID object, PVOID context, PIO_WORKITEM item)
{
}

/* The burst has ended, and its runner is about to go idle, when the next two items come. */
static void spinner_post(void *arg)
{
	struct spinner_burst *burst = arg;
	unsigned long end = jiffies + WQC_TIMEOUT;
	int i;

	for (i = 0; i < burst->nr_short; i++)
		ExQueueWorkItem(&burst->items[i], burst->type);
	while (atomic_read(&burst->left) && time_before(jiffies, end))
		cpu_relax();
	ExQueueWorkItem(&burst->blocker, burst->type);
	for (i = 0; i < burst->nr_behind; i++)
		ExQueueWorkItem(&burst->behind[i], burst->type);
	if (!burst->tried)
		return;
	while (!READ_ONCE(burst->blocked_at) && time_before(jiffies, end))
		cpu_relax();
	burst->accepted = IoTryQueueWorkItem(burst->tried, spinner_tried, burst->type, burst);
}

static struct spinner_burst *spinner_burst_new(struct kunit *test, WORK_QUEUE_TYPE type,
					       unsigned int nr_behind)
{
	struct spinner_burst *burst = kunit_kzalloc(test, sizeof(*burst), GFP_KERNEL);
	int i;

	KUNIT_ASSERT_NOT_NULL(test, burst);
	burst->nr_short = wqc_rounds(SPINNER_SHORT, SPINNER_SHORT / 10);
	burst->items = kunit_kcalloc(test, burst->nr_short, sizeof(*burst->items), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, burst->items);
	burst->type = type;
	burst->nr_behind = nr_behind;
	atomic_set(&burst->behind_left, nr_behind);
	burst->gate = wqc_gate_new(test);
	atomic_set(&burst->left, burst->nr_short);
	init_completion(&burst->ran);
	ExInitializeWorkItem(&burst->blocker, spinner_blocker, burst);
	for (i = 0; i < nr_behind; i++)
		ExInitializeWorkItem(&burst->behind[i], spinner_behind, burst);
	for (i = 0; i < burst->nr_short; i++)
		ExInitializeWorkItem(&burst->items[i], spinner_short, burst);
	return burst;
}

static const WORK_QUEUE_TYPE spinner_types[] = { DelayedWorkQueue, CriticalWorkQueue };

/* In jiffies. 0: another runner has taken the item behind before the blocker began. */
static unsigned long spinner_waited(const struct spinner_burst *burst)
{
	if (time_before(burst->ran_at, burst->blocked_at))
		return 0;
	return burst->ran_at - burst->blocked_at;
}

/*
 * A runner that has run many short items is the spinner. Then a routine blocks it, and the item
 * behind that routine starts, although no later queue call sends a wake-up.
 */
static void item_behind_one_that_blocks_the_spinner_starts(struct kunit *test)
{
	unsigned int i, rounds = wqc_rounds(20, 4), late = 0;
	struct spinner_burst *burst;
	unsigned long most = 0;
	bool ran = true;

	for (i = 0; i < rounds && ran; i++) {
		burst = spinner_burst_new(test, spinner_types[i % 2], 1);
		wqc_on_cpu(test, cpumask_first(cpu_online_mask), spinner_post, burst);
		KUNIT_EXPECT_TRUE(test, wqc_gate_arrivals(burst->gate, 1));
		ran = wqc_done(&burst->ran);
		KUNIT_EXPECT_TRUE(test, ran);
		most = max(most, spinner_waited(burst));
		late += spinner_waited(burst) >= HZ;
		wqc_gate_open(burst->gate);
		wqc_settle(test);
	}
	kunit_info(test, "%u rounds, %u ms at most, %u late\n", rounds, jiffies_to_msecs(most),
		   late);
	/* The keeper looks for lost wake-ups once a second, later on a slow host. */
	KUNIT_EXPECT_LE(test, late, max(rounds / 8, 1U));
}

/*
 * An IoTryQueueWorkItem() that is refused changes nothing for the items that wait: a runner is
 * still due to take them. The order of the two calls is not under control, so the case repeats
 * until one was refused.
 */
static void try_beside_a_spinner_that_blocks_strands_no_item(struct kunit *test)
{
	PIO_WORKITEM tried = wqc_io_kept(test, wqc_test_device(test));
	unsigned int i, rounds = wqc_rounds(40, 4), refused = 0;
	struct spinner_burst *burst;
	bool ran = true;

	if (num_online_cpus() < 2)
		kunit_skip(test, "on one CPU the spinner does not run while the test posts");
	for (i = 0; ran && (i < rounds || (!refused && i < 10 * rounds)); i++) {
		burst = spinner_burst_new(test, spinner_types[i % 2], SPINNER_BEHIND);
		burst->tried = tried;
		wqc_on_cpu(test, cpumask_first(cpu_online_mask), spinner_post, burst);
		KUNIT_EXPECT_TRUE(test, wqc_gate_arrivals(burst->gate, 1));
		ran = wqc_done(&burst->ran);
		KUNIT_EXPECT_TRUE(test, ran);
		refused += !burst->accepted;
		wqc_gate_open(burst->gate);
		wqc_settle(test);
	}
	kunit_info(test, "%u rounds, %u items refused\n", i, refused);
	/* A slow kernel or a busy host preempts the spinner, which is rarely found then. */
	if (!refused)
		kunit_skip(test, "none of %u items was refused", i);
}

static struct kunit_case spinner_cases[] = {
	KUNIT_CASE(item_behind_one_that_blocks_the_spinner_starts),
	KUNIT_CASE(try_beside_a_spinner_that_blocks_strands_no_item),
	{}
};

static struct kunit_suite spinner_suite = {
	.name = "wqc_spinner",
	.test_cases = spinner_cases,
};

kunit_test_suite(spinner_suite);
