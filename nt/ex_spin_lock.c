// SPDX-License-Identifier: GPL-2.0
/*
 * Reader-writer spin locks. The kernel's rwlock_t cannot be upgraded by a reader, and is not one
 * LONG that is initialised by zeroing, so these have an implementation of their own. A writer
 * sets the highest bit, which keeps new readers out (no starvation of writers), and waits for the
 * present readers.
 *
 * A spinning waiter needs a holder that cannot be preempted. On PREEMPT_RT the holder can be
 * (priority inversion), so there each lock is one of ke_spin_lock.c, with one holder in either
 * mode.
 */
#include <linux/atomic.h>
#include <linux/export.h>
#include <linux/preempt.h>

#include "ke_spin_lock.h"

#define NTC_EXCLUSIVE	((LONG)BIT(31))

#ifdef CONFIG_PREEMPT_RT

static void ntc_rw_read_lock(PEX_SPIN_LOCK lock)
{
	ntc_name_lock(lock, NULL);
}

static bool ntc_rw_read_trylock(PEX_SPIN_LOCK lock)
{
	return ntc_name_trylock(lock, NULL);
}

static void ntc_rw_read_unlock(PEX_SPIN_LOCK lock)
{
	ntc_name_unlock(lock);
}

static void ntc_rw_write_lock(PEX_SPIN_LOCK lock)
{
	ntc_name_lock(lock, NULL);
}

static bool ntc_rw_write_trylock(PEX_SPIN_LOCK lock)
{
	return ntc_name_trylock(lock, NULL);
}

static void ntc_rw_write_unlock(PEX_SPIN_LOCK lock)
{
	ntc_name_unlock(lock);
}

static bool ntc_rw_try_upgrade(PEX_SPIN_LOCK lock)
{
	return true;
}

#else

/*
 * One word: the bit NTC_EXCLUSIVE, and the number of readers. What a holder did is visible to the
 * next holder. Proofs in tests/litmus/:
 *
 * - writer, then reader or writer: nt-rw-read.litmus;
 * - readers, then writer: nt-rw-write.litmus. The try_cmpxchg() that sets the bit needs no ordering
 *   of its own: the acquire follows it;
 * - a reader upgraded to writer: nt-rw-upgrade.litmus.
 */
static bool ntc_rw_read_trylock(PEX_SPIN_LOCK lock)
{
	LONG was;

	preempt_disable();
	was = READ_ONCE(*lock);
	while (was >= 0)
		if (try_cmpxchg_acquire(lock, &was, was + 1))
			return true;
	preempt_enable();
	return false;
}

static void ntc_rw_read_lock(PEX_SPIN_LOCK lock)
{
	while (!ntc_rw_read_trylock(lock))
		cpu_relax();
}

static void ntc_rw_read_unlock(PEX_SPIN_LOCK lock)
{
	atomic_fetch_sub_release(1, (atomic_t *)lock);
	preempt_enable();
}

static void ntc_rw_write_lock(PEX_SPIN_LOCK lock)
{
	LONG was;

	preempt_disable();
	for (;;) {
		was = READ_ONCE(*lock);
		if (was >= 0 && try_cmpxchg(lock, &was, was | NTC_EXCLUSIVE))
			break;
		cpu_relax();
	}
	/* New readers are kept out; wait for the present ones. */
	while (smp_load_acquire(lock) != NTC_EXCLUSIVE)
		cpu_relax();
}

static bool ntc_rw_write_trylock(PEX_SPIN_LOCK lock)
{
	LONG was = 0;

	preempt_disable();
	if (try_cmpxchg_acquire(lock, &was, NTC_EXCLUSIVE))
		return true;
	preempt_enable();
	return false;
}

static void ntc_rw_write_unlock(PEX_SPIN_LOCK lock)
{
	/* No other CPU writes the word while the bit is set and there are no readers. */
	smp_store_release(lock, 0);
	preempt_enable();
}

static bool ntc_rw_try_upgrade(PEX_SPIN_LOCK lock)
{
	LONG was = 1;

	return try_cmpxchg_acquire(lock, &was, NTC_EXCLUSIVE);
}

#endif

/**
 * ExAcquireSpinLockShared - take a spin lock as a reader
 * @SpinLock: initially zeroed
 *
 * A waiting writer takes precedence over new readers, so a thread must not take the lock twice,
 * as on Windows (deadlock). On PREEMPT_RT the lock has one holder.
 *
 * Context: IRQL <= DISPATCH_LEVEL; here process or softirq. Raises to DISPATCH_LEVEL.
 * Return: the previous IRQL, for ExReleaseSpinLockShared().
 *
 * Follows: DDI wdm/nf-wdm-exacquirespinlockshared.
 */
KIRQL ExAcquireSpinLockShared(PEX_SPIN_LOCK SpinLock)
{
	KIRQL old = KfRaiseIrql(DISPATCH_LEVEL);

	ntc_rw_read_lock(SpinLock);
	return old;
}
EXPORT_SYMBOL_GPL(ExAcquireSpinLockShared);

/**
 * ExAcquireSpinLockSharedAtDpcLevel - ExAcquireSpinLockShared() at DISPATCH_LEVEL
 * @SpinLock: initially zeroed
 *
 * Context: IRQL >= DISPATCH_LEVEL; here process or softirq, at DISPATCH_LEVEL.
 *
 * Follows: DDI wdm/nf-wdm-exacquirespinlocksharedatdpclevel.
 */
VOID ExAcquireSpinLockSharedAtDpcLevel(PEX_SPIN_LOCK SpinLock)
{
	ntc_rw_read_lock(SpinLock);
}
EXPORT_SYMBOL_GPL(ExAcquireSpinLockSharedAtDpcLevel);

/**
 * ExTryAcquireSpinLockSharedAtDpcLevel - take a spin lock as a reader, without waiting
 * @SpinLock: initially zeroed
 *
 * Context: IRQL >= DISPATCH_LEVEL; here process or softirq, at DISPATCH_LEVEL.
 * Return: TRUE if the lock was taken.
 *
 * Follows: DDI wdm/nf-wdm-extryacquirespinlocksharedatdpclevel.
 */
LOGICAL ExTryAcquireSpinLockSharedAtDpcLevel(PEX_SPIN_LOCK SpinLock)
{
	return ntc_rw_read_trylock(SpinLock);
}
EXPORT_SYMBOL_GPL(ExTryAcquireSpinLockSharedAtDpcLevel);

/**
 * ExReleaseSpinLockShared - release a spin lock that a reader holds
 * @SpinLock: the lock
 * @OldIrql: from ExAcquireSpinLockShared()
 *
 * Context: IRQL DISPATCH_LEVEL; here process or softirq. Lowers to @OldIrql.
 *
 * Follows: DDI wdm/nf-wdm-exreleasespinlockshared.
 */
VOID ExReleaseSpinLockShared(PEX_SPIN_LOCK SpinLock, KIRQL OldIrql)
{
	ntc_rw_read_unlock(SpinLock);
	KeLowerIrql(OldIrql);
}
EXPORT_SYMBOL_GPL(ExReleaseSpinLockShared);

/**
 * ExReleaseSpinLockSharedFromDpcLevel - ExReleaseSpinLockShared(), staying at DISPATCH_LEVEL
 * @SpinLock: the lock
 *
 * Context: IRQL >= DISPATCH_LEVEL; here process or softirq, at DISPATCH_LEVEL.
 *
 * Follows: DDI wdm/nf-wdm-exreleasespinlocksharedfromdpclevel.
 */
VOID ExReleaseSpinLockSharedFromDpcLevel(PEX_SPIN_LOCK SpinLock)
{
	ntc_rw_read_unlock(SpinLock);
}
EXPORT_SYMBOL_GPL(ExReleaseSpinLockSharedFromDpcLevel);

/**
 * ExAcquireSpinLockExclusive - take a spin lock as the writer
 * @SpinLock: initially zeroed
 *
 * Context: IRQL <= DISPATCH_LEVEL; here process or softirq. Raises to DISPATCH_LEVEL.
 * Return: the previous IRQL, for ExReleaseSpinLockExclusive().
 *
 * Follows: DDI wdm/nf-wdm-exacquirespinlockexclusive.
 */
KIRQL ExAcquireSpinLockExclusive(PEX_SPIN_LOCK SpinLock)
{
	KIRQL old = KfRaiseIrql(DISPATCH_LEVEL);

	ntc_rw_write_lock(SpinLock);
	return old;
}
EXPORT_SYMBOL_GPL(ExAcquireSpinLockExclusive);

/**
 * ExAcquireSpinLockExclusiveAtDpcLevel - ExAcquireSpinLockExclusive() at DISPATCH_LEVEL
 * @SpinLock: initially zeroed
 *
 * Context: IRQL >= DISPATCH_LEVEL; here process or softirq, at DISPATCH_LEVEL.
 *
 * Follows: DDI wdm/nf-wdm-exacquirespinlockexclusiveatdpclevel.
 */
VOID ExAcquireSpinLockExclusiveAtDpcLevel(PEX_SPIN_LOCK SpinLock)
{
	ntc_rw_write_lock(SpinLock);
}
EXPORT_SYMBOL_GPL(ExAcquireSpinLockExclusiveAtDpcLevel);

/**
 * ExTryAcquireSpinLockExclusiveAtDpcLevel - take a spin lock as the writer, if it is free
 * @SpinLock: initially zeroed
 *
 * Context: IRQL >= DISPATCH_LEVEL; here process or softirq, at DISPATCH_LEVEL.
 * Return: TRUE if the lock was taken.
 *
 * Follows: DDI wdm/nf-wdm-extryacquirespinlockexclusiveatdpclevel.
 */
LOGICAL ExTryAcquireSpinLockExclusiveAtDpcLevel(PEX_SPIN_LOCK SpinLock)
{
	return ntc_rw_write_trylock(SpinLock);
}
EXPORT_SYMBOL_GPL(ExTryAcquireSpinLockExclusiveAtDpcLevel);

/**
 * ExReleaseSpinLockExclusive - release a spin lock that the writer holds
 * @SpinLock: the lock
 * @OldIrql: from ExAcquireSpinLockExclusive()
 *
 * Context: IRQL DISPATCH_LEVEL; here process or softirq. Lowers to @OldIrql.
 *
 * Follows: DDI wdm/nf-wdm-exreleasespinlockexclusive.
 */
VOID ExReleaseSpinLockExclusive(PEX_SPIN_LOCK SpinLock, KIRQL OldIrql)
{
	ntc_rw_write_unlock(SpinLock);
	KeLowerIrql(OldIrql);
}
EXPORT_SYMBOL_GPL(ExReleaseSpinLockExclusive);

/**
 * ExReleaseSpinLockExclusiveFromDpcLevel - ExReleaseSpinLockExclusive(), staying at
 * DISPATCH_LEVEL
 * @SpinLock: the lock
 *
 * Context: IRQL >= DISPATCH_LEVEL; here process or softirq, at DISPATCH_LEVEL.
 *
 * Follows: DDI wdm/nf-wdm-exreleasespinlockexclusivefromdpclevel.
 */
VOID ExReleaseSpinLockExclusiveFromDpcLevel(PEX_SPIN_LOCK SpinLock)
{
	ntc_rw_write_unlock(SpinLock);
}
EXPORT_SYMBOL_GPL(ExReleaseSpinLockExclusiveFromDpcLevel);

/**
 * ExTryConvertSharedSpinLockExclusive - upgrade the only reader to writer
 * @SpinLock: held by the caller as a reader
 *
 * Context: IRQL DISPATCH_LEVEL; here process or softirq.
 * Return: TRUE: the caller is the writer, and calls ExReleaseSpinLockExclusive(). FALSE: there
 * are other readers, or a writer waits; the caller stays a reader.
 *
 * Follows: DDI wdm/nf-wdm-extryconvertsharedspinlockexclusive.
 */
LOGICAL ExTryConvertSharedSpinLockExclusive(PEX_SPIN_LOCK SpinLock)
{
	return ntc_rw_try_upgrade(SpinLock);
}
EXPORT_SYMBOL_GPL(ExTryConvertSharedSpinLockExclusive);
