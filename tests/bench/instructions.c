// SPDX-License-Identifier: GPL-2.0
/*
 * The instructions that an item costs. One CPU posts and runs all items, so that every instruction
 * is counted.
 */
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/timekeeping.h>

#include "cases.h"

#define ROUNDS	7

static u64 one_at_a_time(const struct bench_contender *who, unsigned int n)
{
	unsigned int i;
	u64 start = ktime_get_mono_fast_ns();

	for (i = 0; i < n; i++) {
		atomic_set(&bench_left, 1);
		who->queue(i, i + 1);
		wait_for_completion(&bench_done);
	}
	return ktime_get_mono_fast_ns() - start;
}

/* The first call wakes a runner, which cannot start before preemption is on. */
static u64 call_alone(const struct bench_contender *who, unsigned int n)
{
	u64 start, end;

	atomic_set(&bench_left, n + 1);
	preempt_disable();
	who->queue(0, 1);
	start = ktime_get_mono_fast_ns();
	who->queue(1, n + 1);
	end = ktime_get_mono_fast_ns();
	preempt_enable();
	wait_for_completion(&bench_done);
	return end - start;
}

static const struct bench_contender *requeued;

static void requeue_body(unsigned int i)
{
	if (atomic_dec_and_test(&bench_left))
		complete(&bench_done);
	else
		requeued->queue(i, i + 1);
}

static u64 requeue(const struct bench_contender *who, unsigned int n)
{
	u64 start;

	requeued = who;
	bench_set_body(requeue_body);
	atomic_set(&bench_left, n);
	start = ktime_get_mono_fast_ns();
	who->queue(0, 1);
	wait_for_completion(&bench_done);
	start = ktime_get_mono_fast_ns() - start;
	bench_set_body(NULL);
	return start;
}

/* Busy-waits for the next tick: no other tick interrupts the burst for four milliseconds. */
static u64 burst_at_tick(const struct bench_contender *who, unsigned int n)
{
	unsigned long now = jiffies;

	while (READ_ONCE(jiffies) == now)
		cpu_relax();
	return bench_burst(who, n);
}

/* After a sleep of the poster, the scheduler decides in another way which of the two runs. */
static u64 burst_rested(const struct bench_contender *who, unsigned int n)
{
	schedule_timeout_uninterruptible(2);
	return bench_burst(who, n);
}

/*
 * Hazard: a tick in the middle of a burst may replace the running kworker by another one. Whether
 * the worker pool then has an idle kworker decides whether each queue_work() sends a wake-up, a
 * tenth of the cost of an item. So each burst begins at a tick.
 */
static void measure(const char *name, const struct bench_contender *who,
		    u64 (*fn)(const struct bench_contender *who, unsigned int n),
		    unsigned int n)
{
	u64 values[ROUNDS];
	int i;

	/* The threads that a class needs are made after its first items. */
	fn(who, n);
	schedule_timeout_uninterruptible(HZ / 5);
	fn(who, n);	/* warm caches */
	for (i = 0; i < ROUNDS; i++)
		values[i] = bench_per_item(fn(who, n), n);
	bench_say_all(name, who->name, values, ROUNDS);
	cond_resched();
}

int bench_instructions(void)
{
	const struct bench_contender *who;

	for (who = bench_contenders; who < bench_contenders + BENCH_CONTENDERS; who++) {
		measure("burst", who, burst_at_tick, BENCH_BURST);
		if (who - bench_contenders <= IO_HYPER)
			measure("rested", who, burst_rested, BENCH_BURST);
		measure("one", who, one_at_a_time, 1000);
		measure("call", who, call_alone, 1000);
		measure("requeue", who, requeue, 2000);
	}
	return 0;
}
