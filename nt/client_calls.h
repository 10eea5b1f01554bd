/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The calls of a driver that are not implemented. scripts/client-calls.sh copies the lines of those
 * that the driver makes from include/wqc/spoken.h; here they become functions that report the call
 * and return the result. Each has an array with a place for each call in the driver.
 */
#include <linux/bug.h>
#include <linux/kernel.h>

#include "../include/ntifs.h"
#include "absent.h"

#undef NTC_SPOKEN
#define NTC_SPOKEN(type, name, parameters, result)			\
	type NTAPI name parameters					\
	{								\
		ntc_absent_call(#name, wqc_sites_##name, ARRAY_SIZE(wqc_sites_##name), \
				(unsigned long)__builtin_return_address(0)); \
		return (type)(result);					\
	}

/* An exception that nothing handles. The report comes first: BUG() may be a panic. */
#undef NTC_SPOKEN_RAISES
#define NTC_SPOKEN_RAISES(type, name, parameters, status)		\
	type NTAPI name parameters					\
	{								\
		if (ntc_absent_raise(#name, status, (unsigned long)__builtin_return_address(0))) \
			BUG();						\
	}
