// SPDX-License-Identifier: GPL-2.0
/*
 * Many timer requests and many devices: the costs of one call, of one interrupt and of one hold
 * of the timer's lock do not grow with their number.
 */
#include <linux/irqflags.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/preempt.h>
#include <linux/string.h>

#include "rx_test.h"

#define RX_FEW		10
#define RX_TRIES	32	/* calls that are timed; the fastest counts */

struct rx_many_item {
	RX_WORK_ITEM request;
	struct rx_many *many;
};

struct rx_many {
	PRDBSS_DEVICE_OBJECT *devices;
	unsigned int nr_devices;
	struct rx_many_item *items;
	unsigned int count;
	atomic_t runs;
	u64 longest, stolen;	/* ns in interrupts: the longest, and the sum */
	NTSTATUS status;
};

static VOID rx_many_ran(PVOID context)
{
	struct rx_many_item *item = context;

	atomic_inc(&item->many->runs);
}

static struct rx_many *rx_many_new(struct kunit *test, unsigned int count, unsigned int devices)
{
	struct rx_many *many = kunit_kzalloc(test, sizeof(*many), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, many);
	many->count = count;
	many->nr_devices = devices;
	many->items = kunit_kcalloc(test, count, sizeof(*many->items), GFP_KERNEL);
	many->devices = kunit_kcalloc(test, devices, sizeof(*many->devices), GFP_KERNEL);
	KUNIT_ASSERT_TRUE(test, many->items && many->devices);
	for (i = 0; i < count; i++)
		many->items[i].many = many;
	rx_start(test);
	for (i = 0; i < devices; i++) {
		many->devices[i] = rx_device_new(test);
		KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, RxInitializeMRxDispatcher(many->devices[i]));
	}
	return many;
}

static PRDBSS_DEVICE_OBJECT rx_many_device(struct rx_many *many, unsigned int i)
{
	return many->devices[i % many->nr_devices];
}

static NTSTATUS rx_many_post(struct rx_many *many, unsigned int i, s64 units)
{
	return RxPostOneShotTimerRequest(rx_many_device(many, i), &many->items[i].request,
					 rx_many_ran, &many->items[i], rx_interval(units));
}

static NTSTATUS rx_many_recur(struct rx_many *many, unsigned int i, s64 units)
{
	return RxPostRecurrentTimerRequest(rx_many_device(many, i), rx_many_ran, &many->items[i],
					   rx_interval(units));
}

struct rx_costs {
	u64 post, cancel, miss;
};

/* The fastest of several calls, each with interrupts off. */
static struct rx_costs rx_many_costs(struct kunit *test, struct rx_many *many)
{
	struct rx_probe *probe = rx_probe_new(test, rx_many_device(many, many->count / 2));
	struct rx_costs costs = { U64_MAX, U64_MAX, U64_MAX };
	NTSTATUS posted, cancelled, missed;
	unsigned long flags;
	u64 at[4];
	int i;

	for (i = 0; i < RX_TRIES; i++) {
		local_irq_save(flags);
		at[0] = ktime_get_ns();
		posted = rx_once(probe, RX_LATE - i);
		at[1] = ktime_get_ns();
		cancelled = rx_cancel(probe);
		at[2] = ktime_get_ns();
		missed = rx_cancel(probe);
		at[3] = ktime_get_ns();
		local_irq_restore(flags);
		KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, posted);
		KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, cancelled);
		KUNIT_EXPECT_EQ(test, STATUS_NOT_FOUND, missed);
		costs.post = min(costs.post, at[1] - at[0]);
		costs.cancel = min(costs.cancel, at[2] - at[1]);
		costs.miss = min(costs.miss, at[3] - at[2]);
	}
	return costs;
}

/*
 * Holds the CPU until the requests are due and queued, and measures the time that interrupts
 * take.
 */
static void rx_many_expire(void *arg)
{
	struct rx_many *many = arg;
	u64 due, end, now, last;
	unsigned int i;
	s64 left;

	many->longest = 0;
	many->stolen = 0;
	due = ktime_get_ns() + 100 * NSEC_PER_USEC * many->count;
	for (i = 0; i < many->count && !many->status; i++) {
		left = due - ktime_get_ns();
		many->status = rx_many_post(many, i, max(left, 0LL) / 100);
	}
	preempt_disable();
	end = due + 100 * NSEC_PER_USEC * many->count;
	while (ktime_get_ns() < due - NSEC_PER_USEC)
		cpu_relax();
	for (last = ktime_get_ns(); last < end; last = now) {
		now = ktime_get_ns();
		many->longest = max(many->longest, now - last);
		if (now - last > 5 * NSEC_PER_USEC)
			many->stolen += now - last;
	}
	preempt_enable();
}

static void rx_many_post_all(struct kunit *test, struct rx_many *many, bool again)
{
	unsigned int i;

	for (i = 0; i < many->count; i++) {
		KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
				again ? rx_many_recur(many, i, RX_LATE + i) :
					rx_many_post(many, i, RX_LATE + i));
		cond_resched();
	}
}

static void rx_many_spin_down(struct kunit *test, struct rx_many *many)
{
	unsigned int i;

	for (i = 0; i < many->nr_devices; i++)
		KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RxSpinDownMRxDispatcher(many->devices[i]));
}

static struct rx_costs rx_many_measure(struct kunit *test, unsigned int count,
				       unsigned int devices, bool again)
{
	struct rx_many *many = rx_many_new(test, count, devices);
	u64 begin = ktime_get_ns(), posted, down;
	struct rx_costs costs;

	rx_many_post_all(test, many, again);
	posted = ktime_get_ns() - begin;
	costs = rx_many_costs(test, many);
	begin = ktime_get_ns();
	rx_many_spin_down(test, many);
	down = ktime_get_ns() - begin;
	kunit_info(test, "%u %s, %u devices, ns: all posted in %llu, one post %llu, cancel %llu, cancel of none %llu, spin-down %llu",
		   count, again ? "recurrents" : "one-shots", devices, posted, costs.post,
		   costs.cancel, costs.miss, down);
	return costs;
}

/* The fastest of several calls is compared, so that one busy moment of the host does not count. */
static void rx_expect_alike(struct kunit *test, u64 few, u64 many)
{
	KUNIT_EXPECT_LE(test, many, 10 * few + 10 * NSEC_PER_USEC);
}

static void rx_expect_same_costs(struct kunit *test, unsigned int count, unsigned int devices,
				 bool again)
{
	struct rx_costs few = rx_many_measure(test, RX_FEW, 1, again);
	struct rx_costs many = rx_many_measure(test, count, devices, again);

	rx_expect_alike(test, few.post, many.post);
	rx_expect_alike(test, few.cancel, many.cancel);
	rx_expect_alike(test, few.miss, many.miss);
}

/* A post and a cancel take as long among thousands of requests as among ten. */
static void calls_take_no_longer_with_many_requests(struct kunit *test)
{
	rx_expect_same_costs(test, wqc_rounds(10000, 1000), 1, false);
	rx_expect_same_costs(test, wqc_rounds(10000, 1000), 1, true);
}

/* A post and a cancel take as long with many devices that have requests as with one. */
static void calls_take_no_longer_with_many_devices(struct kunit *test)
{
	rx_expect_same_costs(test, wqc_rounds(2000, 200), wqc_rounds(200, 20), true);
}

/* ---- with interrupts off ---------------------------------------------------- */

/* A column of debugfs timers. */
static unsigned int rx_timers(struct kunit *test, const char *column)
{
	char *text = wqc_debugfs_text(test, "timers"), *at;
	unsigned int value = 0;

	at = strstr(text, "\npending=");	/* behind the legend */
	at = at ? strstr(at, column) : NULL;
	if (!at || sscanf(at + strlen(column), "=%u", &value) != 1)
		KUNIT_FAIL(test, "no %s in debugfs timers", column);
	kunit_kfree(test, text);
	return value;
}

/* One chunk, and twice the depth of two trees of a million requests. */
#define RX_MOST_VISITED	(64 + 2 * 2 * 20)

/*
 * Thousands of pending requests are posted, cancelled, run and spun down. One hold of the lock
 * visits at most one chunk of requests, and one interrupt queues at most one chunk before it
 * returns.
 */
static void work_in_one_hold_is_bounded(struct kunit *test)
{
	unsigned int count = wqc_rounds(10000, 1000), pending = rx_timers(test, "pending");
	struct rx_many *many = rx_many_new(test, count, 4);

	rx_many_post_all(test, many, false);
	KUNIT_EXPECT_EQ(test, pending + count, rx_timers(test, "pending"));
	rx_many_costs(test, many);
	rx_many_spin_down(test, many);
	KUNIT_EXPECT_EQ(test, pending, rx_timers(test, "pending"));
	KUNIT_EXPECT_LE(test, rx_timers(test, "most_visited"), RX_MOST_VISITED);

	many = rx_many_new(test, count, 4);
	rx_many_post_all(test, many, true);
	rx_many_costs(test, many);
	rx_many_spin_down(test, many);
	KUNIT_EXPECT_EQ(test, pending, rx_timers(test, "pending"));
	KUNIT_EXPECT_LE(test, rx_timers(test, "most_visited"), RX_MOST_VISITED);

	many = rx_many_new(test, count / 10, 4);
	wqc_on_cpu(test, 0, rx_many_expire, many);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, many->status);
	KUNIT_EXPECT_TRUE(test, wqc_eventually(atomic_read(&many->runs) == many->count));
	kunit_info(test, "%u due at once: interrupts took %llu us, the longest %llu us, and what the host took",
		   many->count, many->stolen / 1000, many->longest / 1000);
	KUNIT_EXPECT_LE(test, rx_timers(test, "most_visited"), RX_MOST_VISITED);
}

struct rx_many_spinner {
	struct rx_many *many;
	struct task_struct *thread;
	struct completion done;
};

static int rx_many_spin_thread(void *data)
{
	struct rx_many_spinner *spinner = data;

	RxSpinDownMRxDispatcher(spinner->many->devices[0]);
	complete(&spinner->done);
	return 0;
}

/* Their CPU is held, so they stay queued until the spin-down has visited them. */
static void rx_many_hold_queued(void *arg)
{
	struct rx_many_spinner *spinner = arg;
	struct rx_many *many = spinner->many;
	unsigned int i;

	for (i = 0; i < many->count && !many->status; i++)
		many->status = rx_many_post(many, i, 100 * RX_UNITS_PER_MS);
	preempt_disable();
	wqc_spin_ms(150);
	wake_up_process(spinner->thread);
	wqc_spin_ms(200);
	preempt_enable();
}

/* A spin-down leaves queued requests to run, and passes over them in chunks. */
static void spin_down_visits_queued_requests_in_chunks(struct kunit *test)
{
	struct rx_many_spinner *spinner = kunit_kzalloc(test, sizeof(*spinner), GFP_KERNEL);

	if (num_online_cpus() < 2)
		kunit_skip(test, "needs a CPU for the spin-down");
	KUNIT_ASSERT_NOT_NULL(test, spinner);
	init_completion(&spinner->done);
	spinner->many = rx_many_new(test, 500, 1);
	spinner->thread = kthread_create_on_cpu(rx_many_spin_thread, spinner, 1, "rx_many/%u");
	KUNIT_ASSERT_FALSE(test, IS_ERR(spinner->thread));
	wqc_on_cpu(test, 0, rx_many_hold_queued, spinner);
	KUNIT_EXPECT_TRUE(test, wqc_done(&spinner->done));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, spinner->many->status);
	KUNIT_EXPECT_EQ(test, 500, atomic_read(&spinner->many->runs));
	KUNIT_EXPECT_LE(test, rx_timers(test, "most_visited"), RX_MOST_VISITED);
}

static struct kunit_case rxmany_cases[] = {
	KUNIT_CASE(calls_take_no_longer_with_many_requests),
	KUNIT_CASE(calls_take_no_longer_with_many_devices),
	KUNIT_CASE(work_in_one_hold_is_bounded),
	KUNIT_CASE(spin_down_visits_queued_requests_in_chunks),
	{}
};

static struct kunit_suite wqc_rx_many_suite = {
	.name = "wqc_rx_many",
	.test_cases = rxmany_cases,
};

kunit_test_suite(wqc_rx_many_suite);
