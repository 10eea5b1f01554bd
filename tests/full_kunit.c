// SPDX-License-Identifier: GPL-2.0
/*
 * Classes at their limit, and routines that block: which items have to wait, and which start.
 */
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/ktime.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "wqc_load.h"

#define FULL_ITEMS	500	/* more than the threads of a CPU, 256 by default */

/* Queues one item of @type; true if it runs. */
static bool full_runs(struct kunit *test, WORK_QUEUE_TYPE type)
{
	struct wqc_probe *probe = wqc_probe_new(test);

	wqc_probe_queue(probe, type);
	return wqc_done(&probe->ran);
}

static void full_all_ran(struct kunit *test, struct wqc_load *load)
{
	KUNIT_EXPECT_TRUE(test, wqc_load_finish(load));
	KUNIT_EXPECT_EQ(test, atomic_read(&load->posted), atomic_read(&load->finished));
}

/* ---- a workqueue's rescuer ----------------------------------------------- */

#define FULL_LATE_ITEMS	60
#define FULL_LATE_MS	60	/* longer than a rescuer waits, shorter than the module does */
#define FULL_LATER_MS	1000	/* longer than the module waits */

struct full_late {
	WORK_QUEUE_ITEM *items;
	unsigned int share, ms;
	atomic_t posted, rescued;
	struct wqc_gate *gate;
	struct task_struct *kthreadd;
	struct cpumask allowed;
};

static VOID full_late_routine(PVOID context)
{
	struct full_late *late = context;

	if (strncmp(current->comm, "kworker/", 8) || !strncmp(current->comm, "kworker/R-", 10))
		atomic_inc(&late->rescued);
	wqc_gate_wait(late->gate);
}

static void full_late_post(void *arg)
{
	struct full_late *late = arg;
	WORK_QUEUE_ITEM *item;
	unsigned int i;

	for (i = 0; i < late->share; i++) {
		item = &late->items[atomic_inc_return(&late->posted) - 1];
		ExInitializeWorkItem(item, full_late_routine, late);
		ExQueueWorkItem(item, DelayedWorkQueue);
	}
}

/* Context: the CPU of kthreadd. While this spins there, no kworker is created. */
static void full_late_post_and_spin(void *arg)
{
	struct full_late *late = arg;
	unsigned long end = jiffies + msecs_to_jiffies(late->ms);

	sched_set_fifo(current);
	full_late_post(late);
	while (time_before(jiffies, end))
		cpu_relax();
	sched_set_normal(current, 0);
}

static void full_late_over(void *arg)
{
	struct full_late *late = arg;

	set_cpus_allowed_ptr(late->kthreadd, &late->allowed);
}

/* Keeps kthreadd on @cpu until the test is over. */
static struct full_late *full_late_new(struct kunit *test, int cpu, unsigned int items,
				       unsigned int share, unsigned int ms)
{
	struct full_late *late;

	if (num_online_cpus() == 1)
		kunit_skip(test, "one CPU");
	if (wqc_rounds(10, 1) != 10)
		kunit_skip(test, "kworkers may be too late here");
	late = kunit_kzalloc(test, sizeof(*late), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, late);
	late->items = kunit_kcalloc(test, items, sizeof(*late->items), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, late->items);
	late->share = share;
	late->ms = ms;
	rcu_read_lock();
	/* kthreadd never exits. */
	late->kthreadd = rcu_dereference(current->real_parent);
	rcu_read_unlock();
	KUNIT_ASSERT_STREQ(test, "kthreadd", (const char *)late->kthreadd->comm);
	late->gate = wqc_gate_new(test);
	cpumask_copy(&late->allowed, late->kthreadd->cpus_ptr);
	wqc_at_exit(test, full_late_over, late);
	KUNIT_ASSERT_EQ(test, 0, set_cpus_allowed_ptr(late->kthreadd, cpumask_of(cpu)));
	return late;
}

static void full_late_finish(struct kunit *test, struct full_late *late)
{
	wqc_gate_open(late->gate);
	KUNIT_EXPECT_TRUE(test, wqc_eventually(!atomic_read(&late->gate->inside)));
	wqc_settle(test);
}

/* While kworkers are late, the kernel wakes the rescuer. A routine could block it: it runs none. */
static void items_wait_for_late_kworkers(struct kunit *test)
{
	int cpu = cpumask_last(cpu_online_mask);
	struct full_late *late = full_late_new(test, cpu, FULL_LATE_ITEMS, FULL_LATE_ITEMS,
					       FULL_LATE_MS);

	wqc_on_cpu(test, cpu, full_late_post_and_spin, late);
	KUNIT_EXPECT_TRUE(test, wqc_gate_arrivals(late->gate, FULL_LATE_ITEMS));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&late->rescued));
	full_late_finish(test, late);
}

/*
 * When kworkers are so late that the rescuer runs a routine, and the routine blocks: a runner
 * that the rescuer has taken along runs elsewhere as soon as there are kworkers. The case needs
 * all runners of the class.
 */
static void no_runner_stays_behind_a_blocked_rescuer(struct kunit *test)
{
	unsigned int all = max(wqc_param(test, "max_runners_any"), num_possible_cpus());
	unsigned int cpus = num_online_cpus();
	int other, cpu = cpumask_last(cpu_online_mask);
	struct full_late *late = full_late_new(test, cpu, (all + 1) * cpus, all + 1,
					       FULL_LATER_MS);

	for_each_online_cpu(other)
		if (other != cpu)
			wqc_on_cpu(test, other, full_late_post, late);
	wqc_on_cpu(test, cpu, full_late_post_and_spin, late);
	KUNIT_EXPECT_TRUE(test, wqc_gate_arrivals(late->gate, all));
	wqc_gate_open(late->gate);
	KUNIT_EXPECT_TRUE(test, wqc_gate_arrivals(late->gate, (all + 1) * cpus - all));
	full_late_finish(test, late);
	/* The count is 0 if earlier suites have left enough kworkers. */
	kunit_info(test, "%d items ran in the rescuer\n", atomic_read(&late->rescued));
}

/* ---- one class and another ----------------------------------------------- */

/*
 * While every Delayed runner sleeps, and hundreds of items wait on every CPU, Critical starts.
 * All items run in the end.
 */
static void critical_starts_while_delayed_is_full(struct kunit *test)
{
	struct wqc_load *delayed = wqc_load_all_runners(test, DelayedWorkQueue);

	KUNIT_EXPECT_TRUE(test, full_runs(test, CriticalWorkQueue));
	full_all_ran(test, delayed);
}

/* While every Critical runner sleeps, Delayed starts. */
static void delayed_starts_while_critical_is_full(struct kunit *test)
{
	struct wqc_load *critical = wqc_load_all_runners(test, CriticalWorkQueue);

	KUNIT_EXPECT_TRUE(test, full_runs(test, DelayedWorkQueue));
	full_all_ran(test, critical);
}

/* While every Delayed and every Critical runner sleeps, HyperCritical starts. */
static void hypercritical_starts_while_both_are_full(struct kunit *test)
{
	struct wqc_load *delayed = wqc_load_all_runners(test, DelayedWorkQueue);
	struct wqc_load *critical = wqc_load_all_runners(test, CriticalWorkQueue);

	KUNIT_EXPECT_TRUE(test, full_runs(test, HyperCriticalWorkQueue));
	full_all_ran(test, delayed);
	full_all_ran(test, critical);
}

static void full_post_hyper(void *arg)
{
	wqc_load_post(arg, FULL_ITEMS);
}

/*
 * While 500 HyperCritical items of one CPU sleep, the other classes start, and so does
 * HyperCritical on another CPU. Items beyond the limit of runners stay queued and run later.
 */
static void other_classes_start_while_hypercritical_is_full(struct kunit *test)
{
	struct wqc_load *hyper = wqc_load_new(test, HyperCriticalWorkQueue, FULL_ITEMS);
	unsigned int limit = min_t(unsigned int, wqc_param(test, "max_runners_rt"), FULL_ITEMS);
	struct wqc_load *other = wqc_load_new(test, HyperCriticalWorkQueue, FULL_ITEMS);
	int first = cpumask_first(cpu_online_mask), last = cpumask_last(cpu_online_mask);
	u64 depth;

	wqc_on_cpu(test, first, full_post_hyper, hyper);
	KUNIT_ASSERT_TRUE(test, wqc_load_runs(hyper, limit));
	depth = wqc_counter(test, "HyperCritical", "queued") -
		wqc_counter(test, "HyperCritical", "started") -
		wqc_counter(test, "HyperCritical", "taken");
	KUNIT_EXPECT_EQ(test, depth, FULL_ITEMS - limit);
	KUNIT_EXPECT_TRUE(test, full_runs(test, DelayedWorkQueue));
	KUNIT_EXPECT_TRUE(test, full_runs(test, CriticalWorkQueue));
	if (first != last) {
		wqc_gate_open(&other->gate);
		wqc_on_cpu(test, last, full_post_hyper, other);
		KUNIT_EXPECT_TRUE(test, wqc_load_finish(other));
	}
	full_all_ran(test, hyper);
}

/* ---- one item and another ------------------------------------------------ */

/* An item behind 200 blocked items starts, in any class. */
static void blocked_items_do_not_stop_those_behind(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	struct wqc_load *load = wqc_load_new(test, class->type, 200);

	wqc_load_post(load, 200);
	KUNIT_ASSERT_TRUE(test, full_runs(test, class->type));
	KUNIT_ASSERT_TRUE(test, wqc_load_runs(load, 200));
	KUNIT_EXPECT_EQ(test, 200, atomic_read(&load->gate.inside));
	KUNIT_EXPECT_TRUE(test, wqc_load_finish(load));
}

struct full_behind {
	struct wqc_load *load;
	struct wqc_probe *probe;
};

/* Preemption off: both items are queued before the first can start. */
static void full_post_behind(void *arg)
{
	struct full_behind *behind = arg;

	preempt_disable();
	wqc_load_post(behind->load, 1);
	wqc_probe_queue(behind->probe, HyperCriticalWorkQueue);
	preempt_enable();
}

/* HyperCritical: an item behind a blocked one starts, on the same CPU. */
static void hypercritical_item_behind_a_blocked_one_starts_on_its_cpu(struct kunit *test)
{
	struct full_behind behind = { .probe = wqc_probe_new(test) };
	int cpu;

	for_each_online_cpu(cpu) {
		behind.load = wqc_load_new(test, HyperCriticalWorkQueue, 1);
		wqc_on_cpu(test, cpu, full_post_behind, &behind);
		KUNIT_ASSERT_TRUE(test, wqc_done(&behind.probe->ran));
		KUNIT_EXPECT_EQ(test, behind.probe->seen.cpu, cpu);
		KUNIT_EXPECT_EQ(test, atomic_read(&behind.load->finished), 0);
		KUNIT_EXPECT_TRUE(test, wqc_load_finish(behind.load));
	}
}

#define FULL_CHAIN	200

struct full_chain {
	atomic_t failed;
	struct completion done;
	struct full_link {
		WORK_QUEUE_ITEM item;
		struct full_chain *chain;
		struct completion ran;
	} links[FULL_CHAIN];
};

static VOID full_link_routine(PVOID context)
{
	struct full_link *link = context;
	struct full_chain *chain = link->chain;

	if (link != &chain->links[FULL_CHAIN - 1] && !wqc_done(&link[1].ran))
		atomic_inc(&chain->failed);
	if (link == &chain->links[0])
		complete(&chain->done);
	else
		complete(&link->ran);
}

/* Items that wait for items queued after them finish, in a chain of 200. */
static void items_may_wait_for_items_queued_later(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	struct full_chain *chain = kunit_kzalloc(test, sizeof(*chain), GFP_KERNEL);
	struct full_link *link;
	int i;

	KUNIT_ASSERT_NOT_NULL(test, chain);
	init_completion(&chain->done);
	for (i = 0; i < FULL_CHAIN; i++) {
		link = &chain->links[i];
		link->chain = chain;
		init_completion(&link->ran);
		ExInitializeWorkItem(&link->item, full_link_routine, link);
	}
	for (i = 0; i < FULL_CHAIN; i++)
		ExQueueWorkItem(&chain->links[i].item, class->type);
	KUNIT_ASSERT_TRUE(test, wqc_done(&chain->done));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&chain->failed));
}

#define FULL_SLEEPERS	64
#define FULL_SLEEP_MS	60

struct full_sleepers {
	WORK_QUEUE_ITEM items[FULL_SLEEPERS];
	struct completion slept;
};

static VOID full_sleep(PVOID context)
{
	msleep(FULL_SLEEP_MS);
	complete(context);
}

static s64 full_sleep_together(struct kunit *test, struct full_sleepers *sleepers,
			       WORK_QUEUE_TYPE type)
{
	ktime_t start = ktime_get();
	int i;

	for (i = 0; i < FULL_SLEEPERS; i++) {
		ExInitializeWorkItem(&sleepers->items[i], full_sleep, &sleepers->slept);
		ExQueueWorkItem(&sleepers->items[i], type);
	}
	KUNIT_ASSERT_TRUE(test, wqc_done_times(&sleepers->slept, FULL_SLEEPERS));
	return ktime_ms_delta(ktime_get(), start);
}

/*
 * 64 items that sleep 60 ms each take far less than 64 times 60 ms together. One round of five is
 * enough: the first round makes the runners, and a busy host may stop the guest in any round.
 */
static void sleeping_items_sleep_at_the_same_time(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	struct full_sleepers *sleepers = kunit_kzalloc(test, sizeof(*sleepers), GFP_KERNEL);
	s64 took, most = FULL_SLEEPERS * FULL_SLEEP_MS / 4;
	int i = 0;

	KUNIT_ASSERT_NOT_NULL(test, sleepers);
	init_completion(&sleepers->slept);
	do {
		took = full_sleep_together(test, sleepers, class->type);
		kunit_info(test, "%s: %u items of %u ms in %lld ms\n", class->name,
			   FULL_SLEEPERS, FULL_SLEEP_MS, took);
	} while (took >= most && ++i < 5);
	KUNIT_EXPECT_LT(test, took, most);
}

/* ---- how many runners ---------------------------------------------------- */

/* Runners are made while items block, are counted at their peak, and are idle afterwards. */
static void runners_grow_with_blocked_items_and_go_idle(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	struct wqc_load *load = wqc_load_new(test, class->type, 120);

	wqc_settle(test);
	wqc_load_post(load, 120);
	KUNIT_ASSERT_TRUE(test, wqc_load_runs(load, 120));
	KUNIT_EXPECT_GE(test, wqc_counter(test, class->pool, "busy"), 120);
	KUNIT_EXPECT_GE(test, wqc_counter(test, class->pool, "peak_busy"), 120);
	KUNIT_EXPECT_TRUE(test, wqc_load_finish(load));
	KUNIT_EXPECT_TRUE(test, wqc_eventually(!wqc_counter(test, class->pool, "busy")));
	KUNIT_EXPECT_GT(test, wqc_counter(test, class->pool, "idle"), 0);
}

/* Some of the idle runners exit within every ten seconds; a reserve stays. */
#define FULL_SHRINK_SECONDS	25

static bool full_all_shrink(struct kunit *test, const u64 *shrunk)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(wqc_class_params); i++)
		if (wqc_counter(test, wqc_class_params[i].pool, "shrunk") == shrunk[i])
			return false;
	return true;
}

/* Surplus idle runners exit, the counters show it, and the remaining runners run items. */
static void surplus_idle_runners_exit(struct kunit *test)
{
	u64 shrunk[ARRAY_SIZE(wqc_class_params)], runners[ARRAY_SIZE(wqc_class_params)];
	u64 grown[ARRAY_SIZE(wqc_class_params)];
	unsigned long end;
	struct wqc_load *load;
	int i;

	for (i = 0; i < ARRAY_SIZE(wqc_class_params); i++) {
		const char *pool = wqc_class_params[i].pool;

		load = wqc_load_new(test, wqc_class_params[i].type, 200);
		wqc_load_post(load, 200);
		KUNIT_ASSERT_TRUE(test, wqc_load_runs(load, 200));
		shrunk[i] = wqc_counter(test, pool, "shrunk");
		grown[i] = wqc_counter(test, pool, "grown");
		runners[i] = wqc_counter(test, pool, "idle") + wqc_counter(test, pool, "busy");
		KUNIT_EXPECT_TRUE(test, wqc_load_finish(load));
	}
	wqc_settle(test);
	end = jiffies + FULL_SHRINK_SECONDS * HZ;
	while (!full_all_shrink(test, shrunk) && time_before(jiffies, end))
		schedule_timeout_uninterruptible(HZ / 2);
	KUNIT_EXPECT_TRUE(test, full_all_shrink(test, shrunk));
	for (i = 0; i < ARRAY_SIZE(wqc_class_params); i++) {
		const char *pool = wqc_class_params[i].pool;
		u64 left = wqc_counter(test, pool, "idle");
		/* The keeper may still have been making runners. */
		u64 made = wqc_counter(test, pool, "grown") - grown[i];

		KUNIT_EXPECT_LT_MSG(test, left, runners[i] + made, "%s", pool);
		KUNIT_EXPECT_GE_MSG(test, left, num_online_cpus(), "%s", pool);
		KUNIT_EXPECT_TRUE(test, full_runs(test, wqc_class_params[i].type));
	}
}

/* Preemption off: otherwise each HyperCritical item would run before the next is queued. */
static void full_burst(void *arg)
{
	struct wqc_load *load = arg;

	preempt_disable();
	wqc_load_post(load, load->size);
	preempt_enable();
}

/* A burst of items that do not block costs a few wake-ups, not one an item. */
static void burst_of_short_items_wakes_few_runners(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	unsigned int n = wqc_rounds(10000, 2000);
	struct wqc_load *load = wqc_load_new(test, class->type, n);
	u64 kicks, grown;

	wqc_settle(test);
	kicks = wqc_counter(test, class->pool, "kicks");
	grown = wqc_counter(test, class->pool, "grown");
	wqc_gate_open(&load->gate);
	wqc_on_cpu(test, cpumask_first(cpu_online_mask), full_burst, load);
	KUNIT_ASSERT_TRUE(test, wqc_load_finish(load));
	kicks = wqc_counter(test, class->pool, "kicks") - kicks;
	grown = wqc_counter(test, class->pool, "grown") - grown;
	kunit_info(test, "%s: %u items, %llu kicks, %llu runners made\n", class->name, n, kicks,
		   grown);
	KUNIT_EXPECT_LT(test, kicks, n / 4);
}

static struct kunit_case full_cases[] = {
	KUNIT_CASE(items_wait_for_late_kworkers),
	KUNIT_CASE(no_runner_stays_behind_a_blocked_rescuer),
	KUNIT_CASE_PARAM(burst_of_short_items_wakes_few_runners, wqc_class_gen_params),
	KUNIT_CASE_PARAM(sleeping_items_sleep_at_the_same_time, wqc_class_gen_params),
	KUNIT_CASE(hypercritical_item_behind_a_blocked_one_starts_on_its_cpu),
	KUNIT_CASE_PARAM(runners_grow_with_blocked_items_and_go_idle, wqc_class_gen_params),
	KUNIT_CASE(surplus_idle_runners_exit),
	KUNIT_CASE_PARAM(blocked_items_do_not_stop_those_behind, wqc_class_gen_params),
	KUNIT_CASE_PARAM(items_may_wait_for_items_queued_later, wqc_class_gen_params),
	KUNIT_CASE(critical_starts_while_delayed_is_full),
	KUNIT_CASE(delayed_starts_while_critical_is_full),
	KUNIT_CASE(hypercritical_starts_while_both_are_full),
	KUNIT_CASE(other_classes_start_while_hypercritical_is_full),
	{}
};

static struct kunit_suite wqc_full_suite = {
	.name = "wqc_full",
	.test_cases = full_cases,
};

kunit_test_suite(wqc_full_suite);
