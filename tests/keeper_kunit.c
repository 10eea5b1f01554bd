// SPDX-License-Identifier: GPL-2.0
/*
 * The keeper, which makes runners, must not wait for a thread that may itself wait for a
 * runner: that is a deadlock.
 */
#include <linux/cpu.h>
#include <linux/cpuhotplug.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/rcupdate.h>

#include "wqc_load.h"

#define BLOCKERS	40	/* more than a queue has runners before it grows */

struct reader {
	struct completion inside, done;
	bool stop, gave_up;
};

/* An RCU reader: no grace period ends while it is in its section. */
static int reader_thread(void *arg)
{
	unsigned long end = jiffies + 15 * HZ;
	struct reader *reader = arg;

	rcu_read_lock();
	complete(&reader->inside);
	while (!READ_ONCE(reader->stop) && time_before(jiffies, end))
		cpu_relax();
	WRITE_ONCE(reader->gave_up, !READ_ONCE(reader->stop));
	rcu_read_unlock();
	kthread_complete_and_exit(&reader->done, 0);
}

static void reader_leaves(void *arg)
{
	struct reader *reader = arg;

	WRITE_ONCE(reader->stop, true);
	wqc_done(&reader->done);
}

/* The keeper needs a grace period to free an object. While none ends, it still makes runners. */
static void growth_waits_for_no_grace_period(struct kunit *test)
{
	struct wqc_load *load = wqc_load_new(test, DelayedWorkQueue, BLOCKERS);
	struct reader *reader = kunit_kzalloc(test, sizeof(*reader), GFP_KERNEL);
	int here = wqc_stay_here(test), cpu = cpumask_any_but(cpu_online_mask, here);
	struct task_struct *task;
	PDEVICE_OBJECT device;

	KUNIT_ASSERT_NOT_NULL(test, reader);
	if (cpu >= nr_cpu_ids)
		kunit_skip(test, "needs two CPUs");
	init_completion(&reader->inside);
	init_completion(&reader->done);
	device = wqc_device_new(test, wqc_test_driver(test), 0);
	ObReferenceObject(device);
	IoDeleteDevice(device);
	/* The percpu counter is one number now: the next put is the last. */
	rcu_barrier();
	synchronize_rcu();
	task = kthread_create_on_cpu(reader_thread, reader, cpu, "wqc_reader/%u");
	KUNIT_ASSERT_FALSE(test, IS_ERR(task));
	wqc_at_exit(test, reader_leaves, reader);
	wake_up_process(task);
	KUNIT_ASSERT_TRUE(test, wqc_done(&reader->inside));
	ObDereferenceObject(device);
	msleep(WQC_GRACE_MS);
	wqc_load_post(load, BLOCKERS);
	KUNIT_EXPECT_TRUE(test, wqc_load_runs(load, BLOCKERS));
	KUNIT_EXPECT_FALSE_MSG(test, READ_ONCE(reader->gave_up), "they ran when it had ended");
	WRITE_ONCE(reader->stop, true);
	KUNIT_EXPECT_TRUE(test, wqc_load_finish(load));
}

#ifdef CONFIG_HOTPLUG_CPU
static struct wqc_load *leave_load;
static bool leave_asked, leave_runs;

/* A callback of CPU hotplug that waits for items. */
static int leave_cpu(unsigned int cpu)
{
	if (!leave_asked)
		return 0;
	msleep(WQC_GRACE_MS);
	wqc_load_post(leave_load, BLOCKERS);
	leave_runs = wqc_load_runs(leave_load, BLOCKERS);
	return 0;
}

/*
 * A CPU that goes offline waits for more items than there are runners: the keeper makes runners
 * meanwhile.
 */
static void growth_waits_for_no_cpu_that_goes_offline(struct kunit *test)
{
	int here = wqc_stay_here(test), cpu = 0, other, state;

	for_each_online_cpu(other)
		if (other != here)
			cpu = other;
	if (!cpu)
		kunit_skip(test, "needs another CPU that can leave, which the first cannot");
	leave_load = wqc_load_new(test, CriticalWorkQueue, BLOCKERS);
	leave_runs = false;
	state = cpuhp_setup_state_nocalls(CPUHP_AP_ONLINE_DYN, "wqc_kunit", NULL, leave_cpu);
	KUNIT_ASSERT_GE(test, state, 0);
	WRITE_ONCE(leave_asked, true);
	KUNIT_EXPECT_EQ(test, 0, remove_cpu(cpu));
	WRITE_ONCE(leave_asked, false);
	KUNIT_EXPECT_TRUE(test, leave_runs);
	KUNIT_EXPECT_EQ(test, 0, add_cpu(cpu));
	cpuhp_remove_state_nocalls(state);
	KUNIT_EXPECT_TRUE(test, wqc_load_finish(leave_load));
}
#else
static void growth_waits_for_no_cpu_that_goes_offline(struct kunit *test)
{
	kunit_skip(test, "no CPU can leave");
}
#endif

static struct kunit_case keeper_cases[] = {
	KUNIT_CASE(growth_waits_for_no_grace_period),
	KUNIT_CASE(growth_waits_for_no_cpu_that_goes_offline),
	{}
};

static struct kunit_suite wqc_keeper_suite = {
	.name = "wqc_keeper",
	.test_cases = keeper_cases,
};

kunit_test_suite(wqc_keeper_suite);
