/* SPDX-License-Identifier: GPL-2.0 */
/*
 * IRQLs.
 *
 * Linux has no IRQLs, but it has the mechanisms behind them. DISPATCH_LEVEL is "softirqs are off
 * on this CPU", which excludes the DPCs of nt/ke_dpc.c, and all other threads of the CPU; on
 * PREEMPT_RT the thread may be preempted, but no DPC runs on the CPU. The count of disabled
 * softirqs exists on every kernel, also where preemption is not counted, so KeGetCurrentIrql()
 * sees what these functions do on all of them. HIGH_LEVEL is "interrupts are off". There are no
 * APCs: APC_LEVEL is a count of the thread (nt/ke_region.c).
 */
#ifndef NTC_IRQL_H
#define NTC_IRQL_H

#include <linux/bottom_half.h>
#include <linux/irqflags.h>
#include <linux/preempt.h>

#include "../ntdef.h"

typedef UCHAR KIRQL, *PKIRQL;

#define PASSIVE_LEVEL	0
#define LOW_LEVEL	0
#define APC_LEVEL	1
#define DISPATCH_LEVEL	2
#define CMCI_LEVEL	5
#define CLOCK_LEVEL	13
#define IPI_LEVEL	14
#define DRS_LEVEL	14
#define POWER_LEVEL	14
#define PROFILE_LEVEL	15
#define HIGH_LEVEL	15

/*
 * Returned by a raise with preemption off and softirqs on: not less than DISPATCH_LEVEL, and
 * tells the lowering that softirqs are to be enabled.
 */
#define NTC_LEVEL_BH_WAS_ON	3

enum ntc_region_kind {
	NTC_REGION_CRITICAL,
	NTC_REGION_GUARDED,
	NTC_REGION_MUTEX,		/* the thread owns a KMUTEX */
	NTC_REGION_FAST,		/* the thread owns a fast mutex */
	NTC_REGION_APC_LEVEL,		/* by KeRaiseIrql() */
	NTC_NR_REGIONS,
};

void ntc_region_enter(enum ntc_region_kind kind);
bool ntc_region_leave(enum ntc_region_kind kind);
bool ntc_is_at_apc_level(void);
void ntc_apc_raise(void);
void ntc_apc_lower(void);
extern bool ntc_apc_used;	/* false: no thread was ever at APC_LEVEL */

/* DISPATCH_LEVEL or above: the caller must not sleep. */
static inline bool ntc_is_raised(void)
{
	return in_nmi() || in_hardirq() || irqs_disabled() || softirq_count() ||
	       preempt_count() & PREEMPT_MASK;
}

/**
 * KeGetCurrentIrql - the IRQL that corresponds to the caller's context
 *
 * Context: any IRQL; here any context.
 * Return: HIGH_LEVEL with interrupts off, in a hard interrupt or an NMI; DISPATCH_LEVEL with
 * softirqs or preemption off, in a softirq, under a spin lock; APC_LEVEL in a thread that raised
 * to it or owns a fast mutex; else PASSIVE_LEVEL. A kernel that does not count preemption does
 * not show that Linux code turned it off.
 *
 * Follows: DDI wdm/nf-wdm-kegetcurrentirql.
 */
static inline KIRQL KeGetCurrentIrql(void)
{
	if (in_nmi() || in_hardirq() || irqs_disabled())
		return HIGH_LEVEL;
	if (softirq_count() || preempt_count() & PREEMPT_MASK)
		return DISPATCH_LEVEL;
	return READ_ONCE(ntc_apc_used) && ntc_is_at_apc_level() ? APC_LEVEL : PASSIVE_LEVEL;
}

/**
 * KfRaiseIrql - raise the IRQL
 * @NewIrql: APC_LEVEL: recorded; DISPATCH_LEVEL: turns softirqs off; above: turns
 *	interrupts off, and KeGetCurrentIrql() returns HIGH_LEVEL
 *
 * Context: IRQL <= @NewIrql; here any context.
 * Return: the previous IRQL, for KeLowerIrql().
 *
 * Follows: DDI wdm/nf-wdm-keraiseirql.
 */
static inline KIRQL KfRaiseIrql(KIRQL NewIrql)
{
	KIRQL old = KeGetCurrentIrql();

	if (NewIrql == APC_LEVEL && old == PASSIVE_LEVEL)
		ntc_apc_raise();
	if (NewIrql < DISPATCH_LEVEL || old == HIGH_LEVEL)
		return old;
	if (NewIrql > DISPATCH_LEVEL) {
		local_irq_disable();
		return old;
	}
	if (softirq_count())
		return old;
	local_bh_disable();
	return old == DISPATCH_LEVEL ? NTC_LEVEL_BH_WAS_ON : old;
}

/**
 * KeLowerIrql - restore the IRQL from before a raise
 * @NewIrql: returned by KfRaiseIrql() or KeRaiseIrql()
 *
 * Context: the IRQL of the raise; here any context.
 *
 * Follows: DDI wdm/nf-wdm-kelowerirql.
 */
static inline VOID KeLowerIrql(KIRQL NewIrql)
{
	if (NewIrql == HIGH_LEVEL)
		return;
	if (irqs_disabled() && !in_hardirq())
		local_irq_enable();
	/* The count of a softirq that runs is not lowered. */
	if (NewIrql != DISPATCH_LEVEL && softirq_count() >= SOFTIRQ_DISABLE_OFFSET)
		local_bh_enable();
	if (NewIrql == PASSIVE_LEVEL && READ_ONCE(ntc_apc_used))
		ntc_apc_lower();
}

#define KfLowerIrql(NewIrql)		KeLowerIrql(NewIrql)
#define KeRaiseIrql(NewIrql, OldIrql)	(*(OldIrql) = KfRaiseIrql(NewIrql))
#define KeRaiseIrqlToDpcLevel()		KfRaiseIrql(DISPATCH_LEVEL)

/* ---- regions ----------------------------------------------------------- */

VOID KeEnterCriticalRegion(void);
VOID KeLeaveCriticalRegion(void);
VOID KeEnterGuardedRegion(void);
VOID KeLeaveGuardedRegion(void);
BOOLEAN KeAreApcsDisabled(void);
BOOLEAN KeAreAllApcsDisabled(void);
#define FsRtlEnterFileSystem()		KeEnterCriticalRegion()
#define FsRtlExitFileSystem()		KeLeaveCriticalRegion()

#endif /* NTC_IRQL_H */
