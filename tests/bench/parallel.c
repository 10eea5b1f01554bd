// SPDX-License-Identifier: GPL-2.0
/*
 * Items whose routines take time, on several CPUs. Times under emulation have no meaning by
 * themselves: the contenders take turns, and one time is printed for each round, to be compared
 * with the times of the other contenders in that round.
 */
#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/timekeeping.h>

#include "cases.h"

/*
 * Rounds: an odd number, for the median. A round of a short case is so short that other load of the
 * host changes its time much, so there are more rounds.
 */
#define ROUNDS		9
#define SHORT_ROUNDS	31

static unsigned long loops_per_100us;

/* A fixed number of loops: the same work on a fast and on a slow host. */
static noinline void work(unsigned int loops_of_100us)
{
	unsigned long i, loops = loops_per_100us * loops_of_100us;

	for (i = 0; i < loops; i++)
		barrier();
}

static void calibrate(void)
{
	u64 best = U64_MAX, start;
	int i;

	loops_per_100us = 1000000;
	for (i = 0; i < 5; i++) {
		start = ktime_get_mono_fast_ns();
		work(1);
		best = min(best, ktime_get_mono_fast_ns() - start);
	}
	loops_per_100us = div64_u64(1000000ULL * 100000, best);
}

static void cpu_body(unsigned int i)
{
	work(20);
	bench_count();
}

static void sleep_body(unsigned int i)
{
	usleep_range(20000, 20001);
	bench_count();
}

/* 80 % short, 15 % 1 ms of CPU, 5 % 5 ms of sleep, evenly spread. */
static void mixed_body(unsigned int i)
{
	switch (i % 20) {
	case 3:
	case 9:
	case 15:
		work(10);
		break;
	case 19:
		usleep_range(5000, 5001);
		break;
	}
	bench_count();
}

static const struct {
	const char *name;
	bench_body_t body;	/* NULL: count only, from several CPUs */
	unsigned int n, rounds;
} cases[] = {
	{ "cpu64", cpu_body, 64, SHORT_ROUNDS },
	{ "sleep64", sleep_body, 64, SHORT_ROUNDS },
	{ "mixed", mixed_body, 10000, ROUNDS },
	{ "posters", NULL, 0, ROUNDS },
};

static const enum bench_id who_runs[] = {
	RAW_UNBOUND, IO_DELAYED, IO_CRITICAL, RAW_UNBOUND_HIGHPRI,
};

int bench_parallel(void)
{
	static u64 values[ARRAY_SIZE(who_runs)][SHORT_ROUNDS];
	const struct bench_contender *who;
	unsigned int c, round, turn, i, n;
	u64 ns;

	n = min_t(unsigned int, BENCH_POSTERS, num_online_cpus());
	calibrate();
	for (c = 0; c < ARRAY_SIZE(cases); c++) {
		bench_set_body(cases[c].body);
		/* The first round warms up. Each round begins with another contender. */
		for (round = 0; round <= cases[c].rounds; round++) {
			for (turn = 0; turn < ARRAY_SIZE(who_runs); turn++) {
				i = (round + turn) % ARRAY_SIZE(who_runs);
				who = &bench_contenders[who_runs[i]];
				if (cases[c].body)
					ns = bench_burst(who, cases[c].n);
				else
					ns = bench_posters_burst(who, n, BENCH_BURST);
				if (round)
					values[i][round - 1] = ns;
				schedule_timeout_uninterruptible(2);
			}
		}
		for (i = 0; i < ARRAY_SIZE(who_runs); i++)
			bench_say_all(cases[c].name, bench_contenders[who_runs[i]].name,
				      values[i], cases[c].rounds);
	}
	bench_set_body(NULL);
	return 0;
}

/* One burst: the script reads the counters before and after it. */
int bench_kicks(void)
{
	bench_burst(&bench_contenders[IO_DELAYED], BENCH_BURST);
	return 0;
}
