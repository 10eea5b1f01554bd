/* SPDX-License-Identifier: GPL-2.0 */
/* Times of Windows on the clocks of Linux: see ke_time.c. */
#ifndef NTC_KE_TIME_H
#define NTC_KE_TIME_H

#include "nt.h"

/* When something is due, on which of the clocks. */
struct ntc_due {
	s64 ns;
	bool absolute;		/* of the wall clock; else monotonic */
};

struct ntc_due ntc_due_time(LONGLONG when);

#endif /* NTC_KE_TIME_H */
