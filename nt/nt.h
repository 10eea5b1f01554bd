/* SPDX-License-Identifier: GPL-2.0 */
/*
 * nt-compat.ko: what Windows drivers wait for, and with. Locks, in the order in
 * which they are taken:
 *
 *  a timer base's (ke_timer.c)
 *  a dispatcher object's, one of a hashed set (ke_dispatcher.c)
 *  a DPC queue's (ke_dpc.c)
 *
 * All are raw, so that events can be set and timers and DPCs queued at any IRQL.
 */
#ifndef NTC_NT_H
#define NTC_NT_H

#include <linux/rcupdate.h>
#include <linux/spinlock.h>

#include "../include/wdm.h"
#include "../include/ntstrsafe.h"
#include "../core/report.h"

/* wqc_in_module() or wqc_in_module_init(). */
typedef bool (*ntc_in_fn)(const void *address, const struct module *mod);

/* Whether memory may be waited for. Under a spinlock_t of PREEMPT_RT it may not. */
static inline bool ntc_alloc_may_sleep(void)
{
	return KeGetCurrentIrql() < DISPATCH_LEVEL && !rcu_preempt_depth();
}

#endif /* NTC_NT_H */
