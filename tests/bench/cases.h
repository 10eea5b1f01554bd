/* SPDX-License-Identifier: GPL-2.0 */
#ifndef BENCH_CASES_H
#define BENCH_CASES_H

#include "contender.h"

u64 bench_median(u64 *values, unsigned int n);
void bench_say(const char *name, const char *contender, u64 value);
u64 bench_burst(const struct bench_contender *who, unsigned int n);

#endif /* BENCH_CASES_H */
