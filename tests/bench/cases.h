/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The sets of cases, one file for each, and their common functions (bench.c). A set returns 0 or
 * an error, and prints lines "bench: CASE CONTENDER VALUE...".
 */
#ifndef BENCH_CASES_H
#define BENCH_CASES_H

#include "contender.h"

void bench_sort(u64 *values, unsigned int n);
void bench_say(const char *name, const char *contender, u64 value);
void bench_say_all(const char *name, const char *contender, const u64 *values, unsigned int n);
u64 bench_per_item(u64 ns, unsigned int items);
u64 bench_burst(const struct bench_contender *who, unsigned int n);

int bench_instructions(void);	/* instructions.c */
int bench_posters(void);	/* posters.c */
u64 bench_posters_burst(const struct bench_contender *who, unsigned int cpus,
			unsigned int items_in_a_turn);
int bench_kicks(void);		/* parallel.c */
int bench_parallel(void);
int bench_latency(void);	/* latency.c */

#endif /* BENCH_CASES_H */
