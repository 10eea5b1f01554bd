// SPDX-License-Identifier: GPL-2.0
/*
 * The benchmark: insmod runs one set of cases, and then the module stays loaded or the load fails.
 * With QEMU's -icount a nanosecond of guest time is one executed instruction, so a measured time
 * is a number of instructions.
 */
#include <linux/cpumask.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/seq_buf.h>
#include <linux/sort.h>
#include <linux/string.h>
#include <linux/timekeeping.h>

#include "../../core/cache.h"
#include "cases.h"

static char *run = "sizes";
module_param(run, charp, 0444);
MODULE_PARM_DESC(run, "set of cases: instructions, posters, kicks, parallel, latency or sizes");

static int compare_u64(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return x < y ? -1 : x > y;
}

void bench_sort(u64 *values, unsigned int n)
{
	sort(values, n, sizeof(*values), compare_u64, NULL);
}

void bench_say(const char *name, const char *contender, u64 value)
{
	bench_say_all(name, contender, &value, 1);
}

void bench_say_all(const char *name, const char *contender, const u64 *values, unsigned int n)
{
	static char text[512];
	struct seq_buf line;
	unsigned int i;

	seq_buf_init(&line, text, sizeof(text));
	for (i = 0; i < n; i++)
		seq_buf_printf(&line, " %llu", values[i]);
	pr_info("bench: %s %s%.*s\n", name, contender, (int)seq_buf_used(&line), text);
}

/* In hundredths, so that small costs keep their digits. */
u64 bench_per_item(u64 ns, unsigned int items)
{
	return div_u64(ns * 100, items);
}

u64 bench_burst(const struct bench_contender *who, unsigned int n)
{
	u64 start;

	atomic_set(&bench_left, n);
	start = ktime_get_mono_fast_ns();
	who->queue(0, n);
	wait_for_completion(&bench_done);
	return ktime_get_mono_fast_ns() - start;
}

static int bench_sizes(void)
{
	bench_say("sizeof", "WORK_QUEUE_ITEM", sizeof(WORK_QUEUE_ITEM));
	bench_say("sizeof", "wqc_io_item", sizeof(struct wqc_io_item));
	bench_say("sizeof", "IoSizeofWorkItem", IoSizeofWorkItem());
	return 0;
}

static const struct {
	const char *name;
	int (*fn)(void);
	unsigned int items;	/* of each contender */
} sets[] = {
	{ "sizes", bench_sizes, 1 },
	{ "instructions", bench_instructions, BENCH_BURST },
	{ "posters", bench_posters, BENCH_POSTERS_ITEMS },
	{ "kicks", bench_kicks, BENCH_BURST },
	{ "parallel", bench_parallel, BENCH_POSTERS_ITEMS },
	{ "latency", bench_latency, BENCH_LATENCY_ITEMS },
};

static int __init bench_init(void)
{
	int i, err;

	for (i = 0; strcmp(run, sets[i].name); )
		if (++i == ARRAY_SIZE(sets))
			return -EINVAL;
	/* The poster stays on CPU 0, except in cases with several posters. */
	err = set_cpus_allowed_ptr(current, cpumask_of(0));
	if (!err)
		err = bench_contenders_init(sets[i].items);
	if (!err)
		err = sets[i].fn();
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
