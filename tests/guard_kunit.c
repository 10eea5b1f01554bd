// SPDX-License-Identifier: GPL-2.0
/*
 * HyperCritical routines that keep their CPU busy (runaways and hogs), and routines that resemble
 * runaways and hogs but leave the CPU to other tasks.
 */
#include <linux/delay.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/preempt.h>
#include <linux/sched.h>

#include "wqc_load.h"
#include "wqc_probe.h"

#define KEEPS	"HyperCritical routine"
#define HOGS	"HyperCritical items keep"
#define POLICY	"policy or nice changed during a routine, or from outside"

struct spin {
	struct completion done;
	struct spin *other;
	unsigned long until;		/* jiffies: the routine returns then */
	bool may_stop;
	int policy;			/* when the routine returns */
	pid_t pid;
	int cpu;
};

static struct spin *spin_new(struct kunit *test, unsigned int ms)
{
	struct spin *spin = kunit_kzalloc(test, sizeof(*spin), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, spin);
	init_completion(&spin->done);
	spin->until = jiffies + msecs_to_jiffies(ms);
	return spin;
}

static VOID spin_routine(PVOID object, PVOID context, PIO_WORKITEM item)
{
	struct spin *spin = context;

	WRITE_ONCE(spin->cpu, raw_smp_processor_id());
	WRITE_ONCE(spin->pid, current->pid);
	while (!READ_ONCE(spin->may_stop) && time_before(jiffies, spin->until))
		cpu_relax();
	spin->policy = current->policy;
	complete(&spin->done);
}

/* Returns when the guard, which has demoted this thread, has looked at it again. */
static VOID spin_until_demoted(PVOID object, PVOID context, PIO_WORKITEM item)
{
	struct spin *spin = context;

	while (current->policy == SCHED_FIFO && time_before(jiffies, spin->until))
		cpu_relax();
	wqc_spin_ms(20);
	spin->policy = current->policy;
	complete(&spin->done);
}

/*
 * The CPU for a routine that spins: not the test's own, if there is another. On one CPU, the
 * test continues when the routine has been demoted or has returned.
 */
static int other_cpu(struct kunit *test)
{
	int here = wqc_stay_here(test), cpu = cpumask_any_but(cpu_online_mask, here);

	return cpu < nr_cpu_ids ? cpu : here;
}

struct post {
	PIO_WORKITEM io;
	PIO_WORKITEM_ROUTINE_EX routine;
	void *context;
	WORK_QUEUE_TYPE type;
};

static void post_it(void *arg)
{
	struct post *post = arg;

	IoQueueWorkItemEx(post->io, post->routine, post->type, post->context);
}

static void post_on(struct kunit *test, int cpu, PIO_WORKITEM_ROUTINE_EX routine, void *context,
		    WORK_QUEUE_TYPE type)
{
	struct post post = {
		wqc_io_kept(test, wqc_test_device(test)), routine, context, type
	};

	wqc_on_cpu(test, cpu, post_it, &post);
}

/* Milliseconds until a spinning routine is reported: once, while it still spins. */
static unsigned int runaway_seen_after(struct kunit *test, int cpu)
{
	u64 before = wqc_counter(test, "HyperCritical", "runaways");
	unsigned int lines = wqc_log_lines(test, KEEPS, "spin_routine");
	struct spin *spin = spin_new(test, 5000);
	unsigned long start = jiffies;
	unsigned int ms;

	post_on(test, cpu, spin_routine, spin, HyperCriticalWorkQueue);
	while (wqc_counter(test, "HyperCritical", "runaways") == before &&
	       time_before(jiffies, spin->until))
		msleep(20);
	ms = jiffies_to_msecs(jiffies - start);
	WRITE_ONCE(spin->may_stop, true);
	KUNIT_EXPECT_TRUE(test, wqc_done(&spin->done));
	KUNIT_EXPECT_EQ(test, before + 1, wqc_counter(test, "HyperCritical", "runaways"));
	KUNIT_EXPECT_EQ(test, lines + 1, wqc_log_lines(test, KEEPS, "spin_routine"));
	KUNIT_EXPECT_GE(test, ms, 500U);
	return ms;
}

/* A host may stop the guest meanwhile, which counts as lateness: the case then tries once more. */
static void runaway_is_reported_within_a_second(struct kunit *test)
{
	unsigned int most = wqc_rounds(1000, 3000), ms, tries = 0;
	int cpu = other_cpu(test);

	do {
		ms = runaway_seen_after(test, cpu);
	} while (ms > most && ++tries < 3);
	kunit_info(test, "seen after %u ms", ms);
	KUNIT_EXPECT_LE(test, ms, most);
}

static void post_all(void *arg)
{
	struct wqc_load *load = arg;

	wqc_load_post(load, load->size);
}

/*
 * The thread of a spinning routine is demoted to SCHED_NORMAL, so that it does not starve the
 * CPU's other tasks, and is SCHED_FIFO again for the next item. The demotion is not reported as
 * a change by the routine. All other threads of the CPU wait, so that the next item is not theirs.
 */
static void runaway_loses_its_priority_until_it_returns(struct kunit *test)
{
	u64 blamed = wqc_reports(test, POLICY);
	unsigned int others = wqc_param(test, "max_runners_rt") - 1;
	struct wqc_load *blocked = wqc_load_new(test, HyperCriticalWorkQueue, others);
	struct wqc_probe *probes = wqc_probes_new(test, 8);
	struct spin *spin;
	int cpu = other_cpu(test);
	int i;

	if (!preempt_model_preemptible())
		kunit_skip(test, "a routine that spins keeps its CPU on this kernel");
	wqc_on_cpu(test, cpu, post_all, blocked);
	KUNIT_ASSERT_TRUE(test, wqc_load_runs(blocked, others));
	spin = spin_new(test, 10000);
	post_on(test, cpu, spin_until_demoted, spin, HyperCriticalWorkQueue);
	for (i = 0; i < 8; i++)
		post_on(test, cpu, wqc_probe_io_ex, &probes[i], HyperCriticalWorkQueue);
	KUNIT_EXPECT_TRUE(test, wqc_done(&spin->done));
	KUNIT_EXPECT_EQ(test, SCHED_NORMAL, spin->policy);
	KUNIT_EXPECT_TRUE(test, wqc_ran_once(probes, 8));
	KUNIT_EXPECT_TRUE(test, wqc_load_finish(blocked));
	for (i = 0; i < 8; i++)
		KUNIT_EXPECT_EQ(test, SCHED_FIFO, probes[i].seen.policy);
	KUNIT_EXPECT_EQ(test, blamed, wqc_reports(test, POLICY));
}

/* Runs for a second and stores its share of the CPU, in percent. */
static void ordinary_work(void *arg)
{
	unsigned long end = jiffies + HZ;
	u64 begin = ktime_get_ns(), own = READ_ONCE(current->se.sum_exec_runtime);
	unsigned int *share = arg;

	while (time_before(jiffies, end))
		cond_resched();
	own = READ_ONCE(current->se.sum_exec_runtime) - own;
	*share = div64_u64(100 * own, ktime_get_ns() - begin);
}

/*
 * While a routine spins for five seconds, an ordinary thread of its CPU gets its share. The
 * deadline server of newer kernels would give it five percent without the demotion.
 */
static void ordinary_threads_run_beside_a_runaway(struct kunit *test)
{
	struct spin *spin = spin_new(test, 5000);
	int cpu = other_cpu(test);
	u64 before = wqc_counter(test, "HyperCritical", "runaways");
	unsigned int share = 0;

	if (!preempt_model_preemptible())
		kunit_skip(test, "a routine that spins keeps its CPU on this kernel");
	post_on(test, cpu, spin_routine, spin, HyperCriticalWorkQueue);
	KUNIT_ASSERT_TRUE(test, wqc_eventually(wqc_counter(test, "HyperCritical", "runaways") >
					       before));
	wqc_on_cpu(test, cpu, ordinary_work, &share);
	KUNIT_EXPECT_FALSE(test, completion_done(&spin->done));
	KUNIT_EXPECT_TRUE(test, wqc_done(&spin->done));
	kunit_info(test, "an ordinary thread had %u %% of the CPU", share);
	KUNIT_EXPECT_GE(test, share, 20U);
}

static void expect_no_runaway(struct kunit *test, PIO_WORKITEM_ROUTINE_EX routine)
{
	u64 before = wqc_counter(test, "HyperCritical", "runaways");
	struct spin *spin = spin_new(test, 1500);

	post_on(test, other_cpu(test), routine, spin, HyperCriticalWorkQueue);
	KUNIT_EXPECT_TRUE(test, wqc_done(&spin->done));
	KUNIT_EXPECT_EQ(test, before, wqc_counter(test, "HyperCritical", "runaways"));
}

static VOID sleep_routine(PVOID object, PVOID context, PIO_WORKITEM item)
{
	struct spin *spin = context;

	while (time_before(jiffies, spin->until))
		msleep(100);
	complete(&spin->done);
}

/* A long routine that sleeps is no runaway: it leaves the CPU to other tasks. */
static void long_routine_that_sleeps_is_no_runaway(struct kunit *test)
{
	expect_no_runaway(test, sleep_routine);
}

static VOID nap_routine(PVOID object, PVOID context, PIO_WORKITEM item)
{
	struct spin *nap = context;

	/* The last of these sleeps ends while the other routine spins. */
	while (!READ_ONCE(nap->other->pid) && time_before(jiffies, nap->until))
		usleep_range(1000, 2000);
	complete(&nap->done);
}

/*
 * A routine that wakes behind a runaway of its CPU is no runaway: it is runnable all the time
 * and does not sleep again, but the other routine keeps the CPU.
 */
static void routine_that_waits_behind_a_runaway_is_no_runaway(struct kunit *test)
{
	u64 before = wqc_counter(test, "HyperCritical", "runaways");
	unsigned int lines = wqc_log_lines(test, KEEPS, "nap_routine");
	struct spin *nap = spin_new(test, 3000), *spin = spin_new(test, 3000);
	int cpu = other_cpu(test);

	nap->other = spin;
	post_on(test, cpu, nap_routine, nap, HyperCriticalWorkQueue);
	post_on(test, cpu, spin_routine, spin, HyperCriticalWorkQueue);
	KUNIT_EXPECT_TRUE(test, wqc_done(&spin->done));
	KUNIT_EXPECT_TRUE(test, wqc_done(&nap->done));
	KUNIT_EXPECT_EQ(test, before + 1, wqc_counter(test, "HyperCritical", "runaways"));
	KUNIT_EXPECT_EQ(test, lines, wqc_log_lines(test, KEEPS, "nap_routine"));
}

static VOID short_routine(PVOID object, PVOID context, PIO_WORKITEM item)
{
	struct spin *spin = context;

	wqc_spin_ms(1);
	if (time_before(jiffies, spin->until))
		IoQueueWorkItemEx(item, short_routine, HyperCriticalWorkQueue, spin);
	else
		complete(&spin->done);
}

/* A thread that is never idle because of many short routines is no runaway, but a hog. */
static void busy_thread_with_short_routines_is_no_runaway(struct kunit *test)
{
	expect_no_runaway(test, short_routine);
}

static VOID endless_routine(PVOID object, PVOID context, PIO_WORKITEM item)
{
	struct spin *spin = context;

	if (!READ_ONCE(spin->may_stop) && time_before(jiffies, spin->until))
		IoQueueWorkItemEx(item, endless_routine, HyperCriticalWorkQueue, spin);
	else
		complete(&spin->done);
}

/*
 * An item that always queues itself keeps its CPU, although each run is short. It is reported
 * within a second; from then on, ordinary threads of that CPU get their share, on every kernel.
 */
static void item_that_always_queues_itself_is_named_and_yields(struct kunit *test)
{
	u64 before = wqc_counter(test, "HyperCritical", "hogs");
	unsigned int lines = wqc_log_lines(test, HOGS, "endless_routine");
	struct spin *spin = spin_new(test, 20000);
	unsigned long start = jiffies;
	int cpu = other_cpu(test);
	unsigned int share = 0;

	post_on(test, cpu, endless_routine, spin, HyperCriticalWorkQueue);
	while (wqc_counter(test, "HyperCritical", "hogs") == before &&
	       time_before(jiffies, spin->until))
		msleep(20);
	kunit_info(test, "seen after %u ms", jiffies_to_msecs(jiffies - start));
	KUNIT_EXPECT_LE(test, jiffies_to_msecs(jiffies - start), wqc_rounds(1000, 3000));
	wqc_on_cpu(test, cpu, ordinary_work, &share);
	kunit_info(test, "an ordinary thread had %u %% of the CPU", share);
	KUNIT_EXPECT_GE(test, share, 15U);
	KUNIT_EXPECT_FALSE(test, completion_done(&spin->done));
	WRITE_ONCE(spin->may_stop, true);
	KUNIT_EXPECT_TRUE(test, wqc_done(&spin->done));
	KUNIT_EXPECT_EQ(test, before + 1, wqc_counter(test, "HyperCritical", "hogs"));
	KUNIT_EXPECT_EQ(test, lines + 1, wqc_log_lines(test, HOGS, "endless_routine"));
}

static VOID pausing_routine(PVOID object, PVOID context, PIO_WORKITEM item)
{
	struct spin *spin = context;

	usleep_range(200, 400);
	if (time_before(jiffies, spin->until))
		IoQueueWorkItemEx(item, pausing_routine, HyperCriticalWorkQueue, spin);
	else
		complete(&spin->done);
}

/*
 * An item that sleeps in its routine, or whose queue runs empty, leaves the CPU to other tasks:
 * no hog.
 */
static void item_that_sleeps_and_queues_itself_is_no_hog(struct kunit *test)
{
	u64 before = wqc_counter(test, "HyperCritical", "hogs");
	struct spin *spin = spin_new(test, 2000);

	post_on(test, other_cpu(test), pausing_routine, spin, HyperCriticalWorkQueue);
	KUNIT_EXPECT_TRUE(test, wqc_done(&spin->done));
	KUNIT_EXPECT_EQ(test, before, wqc_counter(test, "HyperCritical", "hogs"));
}

/* A Critical routine that spins blocks only its own runner, and possibly the runner's CPU. */
static void other_items_start_while_a_critical_routine_spins(struct kunit *test)
{
	struct wqc_probe *probes = wqc_probes_new(test, 20);
	struct spin *spin = spin_new(test, 30000);
	PIO_WORKITEM io = wqc_io_kept(test, wqc_test_device(test));
	int i = 0, cpu;

	if (num_online_cpus() < 2)
		kunit_skip(test, "needs two CPUs");
	IoQueueWorkItemEx(io, spin_routine, CriticalWorkQueue, spin);
	KUNIT_ASSERT_TRUE(test, wqc_eventually(READ_ONCE(spin->pid)));
	while (i < 20) {
		for_each_online_cpu(cpu) {
			if (cpu == READ_ONCE(spin->cpu) || i == 20)
				continue;
			post_on(test, cpu, wqc_probe_io_ex, &probes[i++], CriticalWorkQueue);
		}
	}
	KUNIT_EXPECT_TRUE(test, wqc_ran_once(probes, 20));
	KUNIT_EXPECT_FALSE(test, completion_done(&spin->done));
	WRITE_ONCE(spin->may_stop, true);
	KUNIT_EXPECT_TRUE(test, wqc_done(&spin->done));
}

static struct kunit_case guard_cases[] = {
	KUNIT_CASE(runaway_is_reported_within_a_second),
	KUNIT_CASE(runaway_loses_its_priority_until_it_returns),
	KUNIT_CASE(ordinary_threads_run_beside_a_runaway),
	KUNIT_CASE(long_routine_that_sleeps_is_no_runaway),
	KUNIT_CASE(routine_that_waits_behind_a_runaway_is_no_runaway),
	KUNIT_CASE(busy_thread_with_short_routines_is_no_runaway),
	KUNIT_CASE(item_that_always_queues_itself_is_named_and_yields),
	KUNIT_CASE(item_that_sleeps_and_queues_itself_is_no_hog),
	KUNIT_CASE(other_items_start_while_a_critical_routine_spins),
	{}
};

static struct kunit_suite wqc_guard_suite = {
	.name = "wqc_guard",
	.test_cases = guard_cases,
};

kunit_test_suite(wqc_guard_suite);
