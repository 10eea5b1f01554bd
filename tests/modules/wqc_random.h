/* SPDX-License-Identifier: GPL-2.0 */
/* Numbers that look random and come again with the same seed: xorshift64*. */
#ifndef WQC_RANDOM_H
#define WQC_RANDOM_H

#include <linux/types.h>

/* A state for each that asks, so that what one gets does not depend on the others. */
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
