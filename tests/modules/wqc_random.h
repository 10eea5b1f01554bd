/* SPDX-License-Identifier: GPL-2.0 */
/* Pseudo-random numbers, reproducible from the seed: xorshift64*. */
#ifndef WQC_RANDOM_H
#define WQC_RANDOM_H

#include <linux/types.h>

/* One state for each user, so that the numbers of one do not depend on the others. */
static inline u64 wqc_random_begin(u32 seed, u32 who)
{
	return ((u64)seed << 32 | who) * 0x9e3779b97f4a7c15ULL | 1;
}

static inline u32 wqc_random(u64 *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return (*state * 0x2545f4914f6cdd1dULL) >> 32;
}

#endif /* WQC_RANDOM_H */
