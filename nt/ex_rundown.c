// SPDX-License-Identifier: GPL-2.0
/*
 * Rundown protection in one word. Bit 0 clear: twice the number of holders. Bit 0 set:
 * acquisition fails; the other bits are the address of a structure on the stack of the waiter,
 * until the last holder has released.
 *
 * Proofs in tests/litmus/: the waiter sees what the holders did (nt-rundown.litmus), and so does
 * who finds the object run down (nt-rundown-return.litmus); the last holder finds the waiter's
 * structure initialised (nt-rundown-holders.litmus); after ExReInitializeRundownProtection() a new
 * holder sees what was done before (nt-rundown-again.litmus).
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/export.h>
#include <linux/ktime.h>

#include "nt.h"

#define NTC_RUN_DOWN	1UL

struct ntc_rundown {
	atomic_long_t holders;
	struct completion none;
};

/**
 * ExInitializeRundownProtection - initialise rundown protection
 * @RunRef: memory of any kind
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 *
 * Follows: DDI wdm/nf-wdm-exinitializerundownprotection.
 */
VOID ExInitializeRundownProtection(PEX_RUNDOWN_REF RunRef)
{
	WRITE_ONCE(RunRef->Count, 0);
}
EXPORT_SYMBOL_GPL(ExInitializeRundownProtection);

/**
 * ExReInitializeRundownProtection - allow acquisition again
 * @RunRef: run down
 *
 * Context: any IRQL; here any context.
 *
 * Follows: DDI wdm/nf-wdm-exreinitializerundownprotection.
 */
VOID ExReInitializeRundownProtection(PEX_RUNDOWN_REF RunRef)
{
	/* Pairs with try_cmpxchg() in ExAcquireRundownProtectionEx(). */
	smp_store_release(&RunRef->Count, 0);
}
EXPORT_SYMBOL_GPL(ExReInitializeRundownProtection);

/**
 * ExAcquireRundownProtectionEx - acquire rundown protection several times
 * @RunRef: rundown protection of the object
 * @Count: number of acquisitions
 *
 * Context: any IRQL; here any context.
 * Return: TRUE if acquired; FALSE if the object is being run down, or was.
 *
 * Follows: DDI wdm/nf-wdm-exacquirerundownprotectionex.
 */
BOOLEAN ExAcquireRundownProtectionEx(PEX_RUNDOWN_REF RunRef, ULONG Count)
{
	ULONG_PTR was = READ_ONCE(RunRef->Count);

	do {
		if (was & NTC_RUN_DOWN)
			return FALSE;
	} while (!try_cmpxchg(&RunRef->Count, &was, was + 2UL * Count));
	return TRUE;
}
EXPORT_SYMBOL_GPL(ExAcquireRundownProtectionEx);

/**
 * ExAcquireRundownProtection - acquire rundown protection
 * @RunRef: rundown protection of the object
 *
 * Context: any IRQL; here any context.
 * Return: TRUE if acquired; FALSE if the object is being run down, or was.
 *
 * Follows: DDI wdm/nf-wdm-exacquirerundownprotection.
 */
BOOLEAN ExAcquireRundownProtection(PEX_RUNDOWN_REF RunRef)
{
	return ExAcquireRundownProtectionEx(RunRef, 1);
}
EXPORT_SYMBOL_GPL(ExAcquireRundownProtection);

/**
 * ExReleaseRundownProtectionEx - release rundown protection several times
 * @RunRef: rundown protection of the object
 * @Count: number of releases; more than acquired is reported and changes nothing
 *
 * Context: any IRQL; here any context.
 *
 * Follows: DDI wdm/nf-wdm-exreleaserundownprotectionex.
 */
VOID ExReleaseRundownProtectionEx(PEX_RUNDOWN_REF RunRef, ULONG Count)
{
	ULONG_PTR was = READ_ONCE(RunRef->Count);
	struct ntc_rundown *rundown;

	for (;;) {
		rundown = (void *)(was & ~NTC_RUN_DOWN);
		if (was & NTC_RUN_DOWN ? !rundown : was < 2UL * Count) {
			wqc_report(WQC_R_BAD_RUNDOWN, "%p, from %pS", RunRef, (void *)_RET_IP_);
			return;
		}
		if (was & NTC_RUN_DOWN)
			break;
		if (try_cmpxchg(&RunRef->Count, &was, was - 2UL * Count))
			return;
	}
	/* On the stack of the waiter, which returns after complete(). */
	if (!atomic_long_sub_return(Count, &rundown->holders))
		complete(&rundown->none);
}
EXPORT_SYMBOL_GPL(ExReleaseRundownProtectionEx);

/**
 * ExReleaseRundownProtection - release rundown protection
 * @RunRef: rundown protection of the object
 *
 * Context: any IRQL; here any context.
 *
 * Follows: DDI wdm/nf-wdm-exreleaserundownprotection.
 */
VOID ExReleaseRundownProtection(PEX_RUNDOWN_REF RunRef)
{
	ExReleaseRundownProtectionEx(RunRef, 1);
}
EXPORT_SYMBOL_GPL(ExReleaseRundownProtection);

/*
 * Busy-wait for a caller that must not sleep. A holder that has not released after 10 ms probably
 * waits for this CPU (deadlock): the object is left as it was, and no stack address is published.
 */
static void ntc_rundown_poll(PEX_RUNDOWN_REF RunRef)
{
	s64 end = ktime_get_ns() + 10 * NSEC_PER_MSEC;
	ULONG_PTR was;

	do {
		was = READ_ONCE(RunRef->Count);
		if (was & NTC_RUN_DOWN ||
		    (!was && try_cmpxchg(&RunRef->Count, &was, NTC_RUN_DOWN))) {
			smp_acquire__after_ctrl_dep();	/* pairs with the waiter's store-release */
			return;
		}
		udelay(2);
	} while (KeGetCurrentIrql() <= DISPATCH_LEVEL && ktime_get_ns() < end);
}

/**
 * ExWaitForRundownProtectionRelease - run an object down
 * @RunRef: rundown protection of the object
 *
 * From now on acquisition fails. Waits until all holders have released; returns at once if the
 * object was run down before. At DISPATCH_LEVEL or above the call is reported (0xB8 in a DPC,
 * else 0xA) and does not sleep: it busy-waits for 10 ms at most at DISPATCH_LEVEL, and not at all
 * above it.
 *
 * Context: IRQL <= APC_LEVEL; here process context, sleeps.
 *
 * Follows: DDI wdm/nf-wdm-exwaitforrundownprotectionrelease.
 */
VOID ExWaitForRundownProtectionRelease(PEX_RUNDOWN_REF RunRef)
{
	ULONG_PTR was = READ_ONCE(RunRef->Count);
	struct ntc_rundown rundown;

	if (!wqc_may_sleep(__func__, (void *)_RET_IP_)) {
		ntc_rundown_poll(RunRef);
		return;
	}
	init_completion(&rundown.none);
	do {
		if (was & NTC_RUN_DOWN) {
			smp_acquire__after_ctrl_dep();	/* pairs with the store-release below */
			return;
		}
		atomic_long_set(&rundown.holders, was / 2);
	} while (!try_cmpxchg(&RunRef->Count, &was,
			      was ? (ULONG_PTR)&rundown | NTC_RUN_DOWN : NTC_RUN_DOWN));
	if (was)
		wait_for_completion(&rundown.none);
	/* Pairs with a later call, which returns at once: tests/litmus/nt-rundown-return.litmus. */
	smp_store_release(&RunRef->Count, NTC_RUN_DOWN);
}
EXPORT_SYMBOL_GPL(ExWaitForRundownProtectionRelease);

/**
 * ExRundownCompleted - mark an object as run down
 * @RunRef: rundown protection of the object
 *
 * Context: any IRQL; here any context.
 *
 * Follows: DDI wdm/nf-wdm-exrundowncompleted.
 */
VOID ExRundownCompleted(PEX_RUNDOWN_REF RunRef)
{
	WRITE_ONCE(RunRef->Count, NTC_RUN_DOWN);
}
EXPORT_SYMBOL_GPL(ExRundownCompleted);
