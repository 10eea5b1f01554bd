// SPDX-License-Identifier: GPL-2.0
/*
 * Calls that are not implemented: each place that makes one is reported once. The places that were
 * are in the memory of the driver, so that a driver that is loaded again is reported again.
 */
#include <linux/atomic.h>
#include <linux/export.h>

#include "nt.h"
#include "absent.h"

/* Whether this is the first call from @caller. A place is written once. */
static bool ntc_is_first_call(unsigned long *sites, size_t count, unsigned long caller)
{
	size_t i;

	for (i = 0; i < count; i++) {
		unsigned long was = cmpxchg(&sites[i], 0, caller);

		if (!was || was == caller)
			return !was;
	}
	return false;
}

/**
 * ntc_absent_call - report a call that is not implemented
 * @name: the function
 * @sites: places that were reported, in the driver's memory, zeroed
 * @count: the number of places that make this call
 * @caller: address in the driver
 *
 * Called by the functions that scripts/client-calls.sh makes for a driver.
 *
 * Context: any.
 */
void ntc_absent_call(const char *name, unsigned long *sites, size_t count, unsigned long caller)
{
	if (ntc_is_first_call(sites, count, caller))
		wqc_report(WQC_R_ABSENT, "%s, called by %pS", name, (void *)caller);
}
EXPORT_SYMBOL_GPL(ntc_absent_call);

/**
 * ntc_absent_raise - report a call that raises an exception: nothing handles any
 * @name: the function
 * @status: the exception
 * @caller: address in the driver
 *
 * Each call is reported, not only the first of a place: each ends its thread.
 *
 * Context: any.
 * Return: true. objtool warns of a function of a driver that never returns: the compiler does not
 * know that this one does not.
 */
bool ntc_absent_raise(const char *name, NTSTATUS status, unsigned long caller)
{
	wqc_report(WQC_R_RAISED, "%s, status %#x, called by %pS", name, status, (void *)caller);
	return true;
}
EXPORT_SYMBOL_GPL(ntc_absent_raise);
