/* SPDX-License-Identifier: GPL-2.0 */
/*
 * IRQLs.
 *
 * Linux has no levels, but it has what stands behind them. DISPATCH_LEVEL is
 * "softirqs are off on this CPU", which keeps the DPCs of dpc.c away, and every
 * other thread too, except on PREEMPT_RT: there the thread may be preempted, but
 * no DPC runs beside it. The count of disabled softirqs exists on every kernel,
 * also where preemption is not counted, so KeGetCurrentIrql() tells the truth of
 * what is done here on each of them. HIGH_LEVEL is "interrupts are off". There
 * are no APCs: APC_LEVEL is a count of the thread's (nt/ke_region.c).
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
 * What a raise returns where preemption was off, but softirqs were on: not less
 * than DISPATCH_LEVEL, and the lowering knows that there is something to undo.
 */
#define NTC_LEVEL_BH_WAS_ON	3

enum ntc_region_kind {
	NTC_REGION_CRITICAL,
	NTC_REGION_GUARDED,
	NTC_REGION_MUTEX,		/* a KMUTEX is owned */
	NTC_REGION_FAST,		/* a fast mutex is */
	NTC_REGION_APC_LEVEL,		/* by KeRaiseIrql() */
	NTC_NR_REGIONS,
};

void ntc_region_enter(enum ntc_region_kind kind);
bool ntc_region_leave(enum ntc_region_kind kind);
bool ntc_is_at_apc_level(void);
void ntc_apc_raise(void);
void ntc_apc_lower(void);
extern bool ntc_apc_used;	/* by any thread, ever: until then none is at APC_LEVEL */

/* DISPATCH_LEVEL or above: the caller cannot sleep. */
static inline bool ntc_is_raised(void)
{
	return in_nmi() || in_hardirq() || irqs_disabled() || softirq_count() ||
	       preempt_count() & PREEMPT_MASK;
}

/**
 * KeGetCurrentIrql - the IRQL that the caller's context amounts to
 *
 * Context: any.
 * Return: HIGH_LEVEL with interrupts off, in a hard interrupt or an NMI;
 * DISPATCH_LEVEL with softirqs or preemption off, in a softirq, under a spin
 * lock; APC_LEVEL for a thread that has raised to it or owns a fast mutex;
 * PASSIVE_LEVEL else. On a kernel that does not count preemption, one that
 * Linux code turned off is not seen.
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
 * @NewIrql: APC_LEVEL: is noted; DISPATCH_LEVEL: softirqs are off then; above:
 *	interrupts are, and KeGetCurrentIrql() says HIGH_LEVEL
 *
 * Context: any; not above @NewIrql.
 * Return: what KeLowerIrql() takes.
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
 * KeLowerIrql - go back to where KeRaiseIrql() came from
 * @NewIrql: what it returned
 *
 * Context: any.
 *
 * Follows: DDI wdm/nf-wdm-kelowerirql.
 */
static inline VOID KeLowerIrql(KIRQL NewIrql)
{
	if (NewIrql == HIGH_LEVEL)
		return;
	if (irqs_disabled() && !in_hardirq())
		local_irq_enable();
	/* A softirq's own count is not ours to lower. */
	if (NewIrql != DISPATCH_LEVEL && softirq_count() >= SOFTIRQ_DISABLE_OFFSET)
		local_bh_enable();
	if (NewIrql == PASSIVE_LEVEL && READ_ONCE(ntc_apc_used))
		ntc_apc_lower();
}

#define KfLowerIrql(NewIrql)		KeLowerIrql(NewIrql)
#define KeRaiseIrql(NewIrql, OldIrql)	(*(OldIrql) = KfRaiseIrql(NewIrql))
#define KeRaiseIrqlToDpcLevel()		KfRaiseIrql(DISPATCH_LEVEL)

/* ---- regions --------------------------------------------------------------- */

VOID KeEnterCriticalRegion(void);
VOID KeLeaveCriticalRegion(void);
VOID KeEnterGuardedRegion(void);
VOID KeLeaveGuardedRegion(void);
BOOLEAN KeAreApcsDisabled(void);
BOOLEAN KeAreAllApcsDisabled(void);
#define FsRtlEnterFileSystem()		KeEnterCriticalRegion()
#define FsRtlExitFileSystem()		KeLeaveCriticalRegion()

#endif /* NTC_IRQL_H */
