// SPDX-License-Identifier: GPL-2.0
/*
 * Rundown protection: one word. Bit 0 clear: twice the number of holders. Bit 0
 * set: nobody gets it any more, and the rest is the address of what the one who
 * waits has on its stack, until the last holder has gone.
 *
 * What holders did is seen by the one who waited: each let go by an atomic that is a full fence,
 * the last of them ->po complete(). Who acquires sees what was done before the word was made
 * anew: a store-release, and a try_cmpxchg() that succeeds.
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
 * Context: IRQL <= DISPATCH_LEVEL on Windows; here any.
 *
 * Follows: DDI wdm/nf-wdm-exinitializerundownprotection.
 */
VOID ExInitializeRundownProtection(PEX_RUNDOWN_REF RunRef)
{
	WRITE_ONCE(RunRef->Count, 0);
}
EXPORT_SYMBOL_GPL(ExInitializeRundownProtection);

/**
 * ExReInitializeRundownProtection - let it be acquired again
 * @RunRef: run down
 *
 * Context: any IRQL; any.
 *
 * Follows: DDI wdm/nf-wdm-exreinitializerundownprotection.
 */
VOID ExReInitializeRundownProtection(PEX_RUNDOWN_REF RunRef)
{
	/* Pairs with the try_cmpxchg() of who acquires it. */
	smp_store_release(&RunRef->Count, 0);
}
EXPORT_SYMBOL_GPL(ExReInitializeRundownProtection);

/**
 * ExAcquireRundownProtectionEx - keep an object from being run down
 * @RunRef: the object's
 * @Count: how many times
 *
 * Context: any IRQL; any.
 * Return: FALSE if it is being run down, or was.
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
 * ExAcquireRundownProtection - keep an object from being run down
 * @RunRef: the object's
 *
 * Context: any IRQL; any.
 * Return: FALSE if it is being run down, or was.
 *
 * Follows: DDI wdm/nf-wdm-exacquirerundownprotection.
 */
BOOLEAN ExAcquireRundownProtection(PEX_RUNDOWN_REF RunRef)
{
	return ExAcquireRundownProtectionEx(RunRef, 1);
}
EXPORT_SYMBOL_GPL(ExAcquireRundownProtection);

/**
 * ExReleaseRundownProtectionEx - let go
 * @RunRef: the object's
 * @Count: how many times; more than it was acquired is reported
 *
 * Context: any IRQL; any.
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
	/* It is on the stack of the one who waits for us. */
	if (!atomic_long_sub_return(Count, &rundown->holders))
		complete(&rundown->none);
}
EXPORT_SYMBOL_GPL(ExReleaseRundownProtectionEx);

/**
 * ExReleaseRundownProtection - let go
 * @RunRef: the object's
 *
 * Context: any IRQL; any.
 *
 * Follows: DDI wdm/nf-wdm-exreleaserundownprotection.
 */
VOID ExReleaseRundownProtection(PEX_RUNDOWN_REF RunRef)
{
	ExReleaseRundownProtectionEx(RunRef, 1);
}
EXPORT_SYMBOL_GPL(ExReleaseRundownProtection);

/*
 * Where the caller must not sleep: run down as soon as nobody holds it. After 10 ms the holders
 * are taken to wait for this CPU, and it is left as it was: they touch no stack of ours.
 */
static void ntc_rundown_poll(PEX_RUNDOWN_REF RunRef)
{
	s64 end = ktime_get_ns() + 10 * NSEC_PER_MSEC;
	ULONG_PTR was;

	do {
		was = READ_ONCE(RunRef->Count);
		if (was & NTC_RUN_DOWN || (!was && try_cmpxchg(&RunRef->Count, &was, NTC_RUN_DOWN)))
			return;
		udelay(2);
	} while (KeGetCurrentIrql() <= DISPATCH_LEVEL && ktime_get_ns() < end);
}

/**
 * ExWaitForRundownProtectionRelease - run an object down
 * @RunRef: the object's
 *
 * From now on it is not acquired any more. Waits until those who hold it have let
 * go; returns at once if it was run down before. At DISPATCH_LEVEL it is reported (0xB8 in a
 * DPC, else 0xA), does not sleep and waits for 10 ms at most, above not at all.
 *
 * Context: IRQL <= APC_LEVEL; here process, sleeps.
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
		if (was & NTC_RUN_DOWN)
			return;
		atomic_long_set(&rundown.holders, was / 2);
	} while (!try_cmpxchg(&RunRef->Count, &was,
			      was ? (ULONG_PTR)&rundown | NTC_RUN_DOWN : NTC_RUN_DOWN));
	if (was)
		wait_for_completion(&rundown.none);
	WRITE_ONCE(RunRef->Count, NTC_RUN_DOWN);
}
EXPORT_SYMBOL_GPL(ExWaitForRundownProtectionRelease);

/**
 * ExRundownCompleted - note that an object was run down
 * @RunRef: the object's
 *
 * Context: any IRQL; any.
 *
 * Follows: DDI wdm/nf-wdm-exrundowncompleted.
 */
VOID ExRundownCompleted(PEX_RUNDOWN_REF RunRef)
{
	WRITE_ONCE(RunRef->Count, NTC_RUN_DOWN);
}
EXPORT_SYMBOL_GPL(ExRundownCompleted);
