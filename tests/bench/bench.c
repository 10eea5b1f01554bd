// SPDX-License-Identifier: GPL-2.0
/*
 * The benchmark's cases. With QEMU's -icount a nanosecond of guest time is an
 * executed instruction, so what is measured as time is printed as such, and the
 * script says which it is.
 *
 * Prints "bench: CASE CONTENDER VALUE" lines.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/timekeeping.h>

#include "contender.h"
#include "cases.h"

static char *run = "instructions";
module_param(run, charp, 0444);
MODULE_PARM_DESC(run, "which set of cases: instructions, parallel or latency");

static int compare_u64(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return x < y ? -1 : x > y;
}

u64 bench_median(u64 *values, unsigned int n)
{
	sort(values, n, sizeof(*values), compare_u64, NULL);
	return values[n / 2];
}

void bench_say(const char *name, const char *contender, u64 value)
{
	pr_info("bench: %s %s %llu\n", name, contender, value);
}

/* In hundredths, so that small costs keep their digits. */
static u64 per_item(u64 ns, unsigned int items)
{
	return div_u64(ns * 100, items);
}

u64 bench_burst(const struct bench_contender *who, unsigned int n)
{
	u64 start;

	bench_left = n;
	start = ktime_get_mono_fast_ns();
	who->queue(0, n);
	wait_for_completion(&bench_done);
	return ktime_get_mono_fast_ns() - start;
}

static u64 bench_one_at_a_time(const struct bench_contender *who, unsigned int n)
{
	unsigned int i;
	u64 start = ktime_get_mono_fast_ns();

	for (i = 0; i < n; i++) {
		bench_left = 1;
		who->queue(i, i + 1);
		wait_for_completion(&bench_done);
	}
	return ktime_get_mono_fast_ns() - start;
}

/* The first call wakes a runner, which cannot start before preemption is on. */
static u64 bench_call_alone(const struct bench_contender *who, unsigned int n)
{
	u64 start, end;

	bench_left = n + 1;
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
	if (!--bench_left)
		complete(&bench_done);
	else
		requeued->queue(i, i + 1);
}

static u64 bench_requeue(const struct bench_contender *who, unsigned int n)
{
	u64 start;

	requeued = who;
	bench_set_body(requeue_body);
	bench_left = n;
	start = ktime_get_mono_fast_ns();
	who->queue(0, 1);
	wait_for_completion(&bench_done);
	start = ktime_get_mono_fast_ns() - start;
	bench_set_body(NULL);
	return start;
}

static void bench_measure(const char *name, const struct bench_contender *who,
			  u64 (*fn)(const struct bench_contender *who, unsigned int n),
			  unsigned int n)
{
	u64 values[7];
	int i;

	fn(who, n);	/* warm caches, threads and lazily made state */
	for (i = 0; i < ARRAY_SIZE(values); i++)
		values[i] = per_item(fn(who, n), n);
	bench_say(name, who->name, bench_median(values, ARRAY_SIZE(values)));
}

static void bench_instructions(void)
{
	const struct bench_contender *who;

	for (who = bench_contenders; who < bench_contenders + BENCH_CONTENDERS; who++) {
		bench_measure("burst", who, bench_burst, BENCH_ITEMS);
		bench_measure("one", who, bench_one_at_a_time, 1000);
		bench_measure("call", who, bench_call_alone, 1000);
		bench_measure("requeue", who, bench_requeue, 2000);
		cond_resched();
	}
}

static int __init bench_init(void)
{
	int err = bench_contenders_init();

	if (!err) {
		if (!strcmp(run, "instructions"))
			bench_instructions();
		else
			err = -EINVAL;
	}
	bench_contenders_exit();
	return err;
}

static void __exit bench_exit(void)
{
}

module_init(bench_init);
module_exit(bench_exit);

MODULE_DESCRIPTION("Benchmark of wq_compat beside the kernel's own workqueues");
MODULE_LICENSE("GPL");
