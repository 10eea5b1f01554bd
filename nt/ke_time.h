/* SPDX-License-Identifier: GPL-2.0 */
/* Conversion of Windows times to clocks of Linux: see ke_time.c. */
#ifndef NTC_KE_TIME_H
#define NTC_KE_TIME_H

#include "nt.h"

/* A point in time on one of the clocks. */
struct ntc_due {
	s64 ns;
	bool absolute;		/* CLOCK_REALTIME; else CLOCK_MONOTONIC */
};

struct ntc_due ntc_due_time(LONGLONG when);

#endif /* NTC_KE_TIME_H */
