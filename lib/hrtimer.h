/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WQ_HRTIMER_H
#define WQ_HRTIMER_H

#include <linux/hrtimer.h>

/* Kernels with hrtimer_setup() lose hrtimer_init() and make hrtimer.function private. */
static inline void wqc_hrtimer_setup(struct hrtimer *timer,
				     enum hrtimer_restart (*function)(struct hrtimer *timer),
				     clockid_t clock, enum hrtimer_mode mode)
{
#ifdef WQC_HAVE_HRTIMER_SETUP	/* set by Kbuild */
	hrtimer_setup(timer, function, clock, mode);
#else
	hrtimer_init(timer, clock, mode);
	timer->function = function;
#endif
}

#endif
