// SPDX-License-Identifier: GPL-2.0
/*
 * Several CPUs post at the same time: the cost of an item on all of them together, beside its cost
 * when one CPU posts and the others are idle.
 */
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/timekeeping.h>

#include "cases.h"

#define ROUNDS	9
#define TURN	16

static const struct bench_contender *posted;
static unsigned int turn;	/* items between two pauses of the poster */
static DECLARE_COMPLETION(go);

static_assert(BENCH_BURST % TURN == 0);

/*
 * Where virtual CPUs take turns, cpu_relax() ends the turn. Turns must be short, and about as long
 * for the runner as for the poster. The runner pauses twice as often, because an item costs more
 * there.
 */
static void posters_body(unsigned int i)
{
	if (!(i % (TURN / 2)))
		cpu_relax();
	bench_count();
}

static int poster(void *data)
{
	unsigned int i = (unsigned long)data * BENCH_BURST;
	unsigned int end = i + BENCH_BURST;

	wait_for_completion(&go);
	for (; i < end; i += turn) {
		posted->queue(i, i + turn);
		cpu_relax();
	}
	return 0;
}

/* BENCH_BURST items from each of the first @cpus CPUs; nanoseconds, or 0. */
u64 bench_posters_burst(const struct bench_contender *who, unsigned int cpus,
			unsigned int items_in_a_turn)
{
	struct task_struct *tasks[BENCH_POSTERS];
	unsigned int i, n;
	u64 start = 0;

	posted = who;
	turn = items_in_a_turn;
	reinit_completion(&go);
	for (n = 0; n < cpus; n++) {
		tasks[n] = kthread_create_on_cpu(poster, (void *)(unsigned long)n, n,
						 "bench/%u");
		if (IS_ERR(tasks[n]))
			break;
		get_task_struct(tasks[n]);
		wake_up_process(tasks[n]);
	}
	/* Until all of them wait for @go. */
	schedule_timeout_uninterruptible(HZ / 50);
	atomic_set(&bench_left, n * BENCH_BURST);
	if (n == cpus)
		start = ktime_get_mono_fast_ns();
	complete_all(&go);
	if (n)
		wait_for_completion(&bench_done);
	if (n == cpus)
		start = ktime_get_mono_fast_ns() - start;
	for (i = 0; i < n; i++) {
		kthread_stop(tasks[i]);
		put_task_struct(tasks[i]);
	}
	return start;
}

static const enum bench_id who_posts[] = {
	IO_DELAYED, IO_CRITICAL, IO_HYPER, RX_CRITICAL, RAW_UNBOUND, RAW_UNBOUND_HIGHPRI,
	RAW_HIGHPRI,
};

static const struct {
	const char *name;
	unsigned int cpus;
	unsigned int turn;
} cases[] = {
	/* All items are posted before the first one runs: the baseline of the other cases. */
	{ "posters1", 1, BENCH_BURST },
	/* A runner on another CPU may find the queue empty again and again. */
	{ "alone", 1, TURN },
	{ "posters2", 2, TURN },
	{ "posters4", 4, TURN },
};

int bench_posters(void)
{
	unsigned int i, c, round;
	u64 values[ROUNDS];

	bench_set_body(posters_body);
	for (i = 0; i < ARRAY_SIZE(who_posts); i++) {
		const struct bench_contender *who = &bench_contenders[who_posts[i]];

		for (c = 0; c < ARRAY_SIZE(cases); c++) {
			/* The first round warms up. */
			for (round = 0; round <= ROUNDS; round++) {
				u64 ns = bench_posters_burst(who, cases[c].cpus, cases[c].turn);

				if (!ns)
					return -ENOMEM;
				if (round)
					values[round - 1] =
						bench_per_item(ns, cases[c].cpus * BENCH_BURST);
			}
			bench_say_all(cases[c].name, who->name, values, ROUNDS);
		}
	}
	bench_set_body(NULL);
	return 0;
}
