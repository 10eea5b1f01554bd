/* SPDX-License-Identifier: GPL-2.0 */
/*
 * nt-compat.ko: the NT calls that Windows drivers use beside work items. Each source has the
 * prefix that its functions have in Windows.
 *
 * Locks, outermost first:
 *
 *   works (work.c), workers (ks_queue.c); both before the queues of wq_compat
 *   timer base (ke_timer.c)
 *   several dispatcher objects (ke_dispatcher.c)
 *   dispatcher object, one of a hashed set (ke_dispatcher.c)
 *   DPC queue (ke_dpc.c)
 *
 * The mutex of the registry (cm_registry.c) nests in no other lock and has none inside. That of a
 * search for works (work.c) has the first two inside.
 *
 * All others are raw spinlocks: events are set, and timers and DPCs queued, at any IRQL. Those of
 * IRPs (io_irp.c), device stacks (io_stack.c) and file objects (io_name.c) are raw spinlocks that
 * nest in no other and have none inside.
 */
#ifndef NTC_NT_H
#define NTC_NT_H

#include <linux/align.h>
#include <linux/rcupdate.h>
#include <linux/sizes.h>
#include <linux/spinlock.h>

#include "../include/wdm.h"
#include "../include/ntstrsafe.h"
#include "../core/report.h"

/* Bytes of a freed block that are searched for objects in use, as in diag/freed.c. */
#define NTC_MAX_SEARCHED	((size_t)SZ_64K)

/* Which memory of a module: wqc_in_module() or wqc_in_module_init(). */
typedef bool (*ntc_in_fn)(const void *address, const struct module *mod);

/*
 * Whether an allocation may sleep. It may not under a spinlock_t of PREEMPT_RT, which is held in
 * an RCU read-side section.
 */
static inline bool ntc_alloc_may_sleep(void)
{
	return KeGetCurrentIrql() < DISPATCH_LEVEL && !rcu_preempt_depth();
}

/* Kernel addresses have the sign bit set. */
static inline bool ntc_is_kernel_address(const void *address)
{
	return (long)(uintptr_t)address < 0;
}

static inline bool ntc_is_item_address(const void *item)
{
	return ntc_is_kernel_address(item) && IS_ALIGNED((uintptr_t)item, 8);
}

#endif /* NTC_NT_H */
