/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Calls that are not implemented: the interface between the functions that a driver's build makes
 * (client_calls.h) and absent.c.
 */
#ifndef NTC_NT_ABSENT_H
#define NTC_NT_ABSENT_H

#include <linux/types.h>

#include "../wq_types.h"

void ntc_absent_call(const char *name, unsigned long *sites, size_t count, unsigned long caller);
bool ntc_absent_raise(const char *name, NTSTATUS status, unsigned long caller);

#endif /* NTC_NT_ABSENT_H */
