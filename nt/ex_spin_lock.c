// SPDX-License-Identifier: GPL-2.0
/*
 * Reader-writer spin locks. The kernel's rwlock_t cannot be made exclusive by who
 * shares it, nor is it one LONG that is zeroed to begin with, so these are of our own:
 * whoever wants it exclusively sets the highest bit, which keeps newcomers away, and
 * waits for those who share it.
 *
 * Spinning is for those who cannot be preempted. On PREEMPT_RT the holder can, so there
 * it is one of the locks of spin_lock.c, and has one holder in either mode.
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
 * One word: the bit NTC_EXCLUSIVE, and how many share. What was done under the lock is seen by
 * the next holder, in the terms of tools/memory-model:
 *
 * - owner, then sharer or owner: store-release of 0 in ntc_rw_write_unlock() ->rf the acquire of a
 *   try_cmpxchg that needs a word without the bit.
 * - sharers, then owner: fetch_sub_release of each. The owner's wait reads the last of them;
 *   the ones before it are in the same release sequence, since all that comes between are
 *   atomic read-modify-writes. So its smp_load_acquire() is ordered after all of them. That
 *   the bit was set by a try_cmpxchg() orders nothing that matters: the acquire comes later.
 * - one sharer, converted: the word was 1, so nobody else has it; the acquire reads from the
 *   release of whoever shared last before.
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
	/* It is ours, but for those who shared it before. */
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
	/* Nobody else writes while the bit is set and nobody shares it. */
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
 * ExAcquireSpinLockShared - share a spin lock with other readers
 * @SpinLock: zeroed to begin with
 *
 * Who waits for it exclusively goes before who comes to share it, so it may not be
 * shared twice by one thread, on Windows neither. On PREEMPT_RT it has one holder.
 *
 * Context: IRQL <= DISPATCH_LEVEL; here process or softirq. Raises to DISPATCH_LEVEL.
 * Return: the IRQL before, for ExReleaseSpinLockShared().
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
 * @SpinLock: zeroed to begin with
 *
 * Context: IRQL >= DISPATCH_LEVEL; here process or softirq.
 *
 * Follows: DDI wdm/nf-wdm-exacquirespinlocksharedatdpclevel.
 */
VOID ExAcquireSpinLockSharedAtDpcLevel(PEX_SPIN_LOCK SpinLock)
{
	ntc_rw_read_lock(SpinLock);
}
EXPORT_SYMBOL_GPL(ExAcquireSpinLockSharedAtDpcLevel);

/**
 * ExTryAcquireSpinLockSharedAtDpcLevel - share a spin lock, if that needs no waiting
 * @SpinLock: zeroed to begin with
 *
 * Context: IRQL >= DISPATCH_LEVEL; here process or softirq.
 * Return: TRUE if the caller shares it.
 *
 * Follows: DDI wdm/nf-wdm-extryacquirespinlocksharedatdpclevel.
 */
LOGICAL ExTryAcquireSpinLockSharedAtDpcLevel(PEX_SPIN_LOCK SpinLock)
{
	return ntc_rw_read_trylock(SpinLock);
}
EXPORT_SYMBOL_GPL(ExTryAcquireSpinLockSharedAtDpcLevel);

/**
 * ExReleaseSpinLockShared - let go of a spin lock that is shared
 * @SpinLock: the lock
 * @OldIrql: what ExAcquireSpinLockShared() returned
 *
 * Context: IRQL DISPATCH_LEVEL; here process or softirq.
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
 * ExReleaseSpinLockSharedFromDpcLevel - let go, and stay at DISPATCH_LEVEL
 * @SpinLock: the lock
 *
 * Context: IRQL >= DISPATCH_LEVEL; here process or softirq.
 *
 * Follows: DDI wdm/nf-wdm-exreleasespinlocksharedfromdpclevel.
 */
VOID ExReleaseSpinLockSharedFromDpcLevel(PEX_SPIN_LOCK SpinLock)
{
	ntc_rw_read_unlock(SpinLock);
}
EXPORT_SYMBOL_GPL(ExReleaseSpinLockSharedFromDpcLevel);

/**
 * ExAcquireSpinLockExclusive - have a spin lock alone
 * @SpinLock: zeroed to begin with
 *
 * Context: IRQL <= DISPATCH_LEVEL; here process or softirq. Raises to DISPATCH_LEVEL.
 * Return: the IRQL before, for ExReleaseSpinLockExclusive().
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
 * @SpinLock: zeroed to begin with
 *
 * Context: IRQL >= DISPATCH_LEVEL; here process or softirq.
 *
 * Follows: DDI wdm/nf-wdm-exacquirespinlockexclusiveatdpclevel.
 */
VOID ExAcquireSpinLockExclusiveAtDpcLevel(PEX_SPIN_LOCK SpinLock)
{
	ntc_rw_write_lock(SpinLock);
}
EXPORT_SYMBOL_GPL(ExAcquireSpinLockExclusiveAtDpcLevel);

/**
 * ExTryAcquireSpinLockExclusiveAtDpcLevel - have a spin lock alone, if it is free
 * @SpinLock: zeroed to begin with
 *
 * Context: IRQL >= DISPATCH_LEVEL; here process or softirq.
 * Return: TRUE if it is the caller's.
 *
 * Follows: DDI wdm/nf-wdm-extryacquirespinlockexclusiveatdpclevel.
 */
LOGICAL ExTryAcquireSpinLockExclusiveAtDpcLevel(PEX_SPIN_LOCK SpinLock)
{
	return ntc_rw_write_trylock(SpinLock);
}
EXPORT_SYMBOL_GPL(ExTryAcquireSpinLockExclusiveAtDpcLevel);

/**
 * ExReleaseSpinLockExclusive - let go of a spin lock that is the caller's alone
 * @SpinLock: the lock
 * @OldIrql: what ExAcquireSpinLockExclusive() returned
 *
 * Context: IRQL DISPATCH_LEVEL; here process or softirq.
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
 * ExReleaseSpinLockExclusiveFromDpcLevel - let go, and stay at DISPATCH_LEVEL
 * @SpinLock: the lock
 *
 * Context: IRQL >= DISPATCH_LEVEL; here process or softirq.
 *
 * Follows: DDI wdm/nf-wdm-exreleasespinlockexclusivefromdpclevel.
 */
VOID ExReleaseSpinLockExclusiveFromDpcLevel(PEX_SPIN_LOCK SpinLock)
{
	ntc_rw_write_unlock(SpinLock);
}
EXPORT_SYMBOL_GPL(ExReleaseSpinLockExclusiveFromDpcLevel);

/**
 * ExTryConvertSharedSpinLockExclusive - have alone what is shared with nobody
 * @SpinLock: shared by the caller
 *
 * Context: IRQL DISPATCH_LEVEL; here process or softirq.
 * Return: TRUE: it is the caller's alone, and needs ExReleaseSpinLockExclusive(). FALSE:
 * others share it, or somebody waits to have it alone; the caller still shares it.
 *
 * Follows: DDI wdm/nf-wdm-extryconvertsharedspinlockexclusive.
 */
LOGICAL ExTryConvertSharedSpinLockExclusive(PEX_SPIN_LOCK SpinLock)
{
	return ntc_rw_try_upgrade(SpinLock);
}
EXPORT_SYMBOL_GPL(ExTryConvertSharedSpinLockExclusive);
