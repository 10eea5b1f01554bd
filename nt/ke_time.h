/* SPDX-License-Identifier: GPL-2.0 */
/* Times of Windows on the clocks of Linux: see ke_time.c. */
#ifndef NTC_KE_TIME_H
#define NTC_KE_TIME_H

#include "nt.h"

/* When something is due, on which of the clocks. */
struct wqc_due {
	s64 ns;
	bool absolute;		/* of the wall clock; else monotonic */
};

struct wqc_due wqc_due(LONGLONG when);

#endif /* NTC_KE_TIME_H */
