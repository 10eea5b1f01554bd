// SPDX-License-Identifier: GPL-2.0
/* Semaphores: a count, its limit, and a list of waiters. */
#include <linux/export.h>

#include "ke_dispatcher.h"

/**
 * KeInitializeSemaphore - initialise a semaphore
 * @Semaphore: memory of any kind
 * @Count: initial count
 * @Limit: maximum count
 *
 * Context: any IRQL; here any context.
 *
 * Follows: DDI wdm/nf-wdm-keinitializesemaphore.
 */
VOID KeInitializeSemaphore(PRKSEMAPHORE Semaphore, LONG Count, LONG Limit)
{
	ntc_header_init(&Semaphore->Header, NTC_SEMAPHORE, Count);
	Semaphore->Limit = Limit;
}
EXPORT_SYMBOL_GPL(KeInitializeSemaphore);

/**
 * KeReleaseSemaphore - add to the count of a semaphore
 * @Semaphore: the semaphore
 * @Increment: not used
 * @Adjustment: added to the count, 1 or more; each unit satisfies one waiter
 * @Wait: not used
 *
 * An @Adjustment below 1, or beyond the limit, is reported and changes nothing, where Windows
 * raises STATUS_SEMAPHORE_LIMIT_EXCEEDED.
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 * Return: the previous count; 0: there may have been waiters.
 *
 * Follows: DDI wdm/nf-wdm-kereleasesemaphore.
 */
LONG KeReleaseSemaphore(PRKSEMAPHORE Semaphore, KPRIORITY Increment, LONG Adjustment,
			BOOLEAN Wait)
{
	raw_spinlock_t *lock = ntc_header_lock(&Semaphore->Header);
	unsigned long flags;
	LONG old;
	bool bad;

	raw_spin_lock_irqsave(lock, flags);
	old = Semaphore->Header.SignalState;
	bad = Adjustment <= 0 || (s64)old + Adjustment > Semaphore->Limit;
	if (!bad) {
		Semaphore->Header.SignalState = old + Adjustment;
		ntc_header_signal(&Semaphore->Header);
	}
	raw_spin_unlock_irqrestore(lock, flags);
	if (bad)
		wqc_report(WQC_R_BAD_SEMAPHORE, "semaphore %p, from %pS: %d and %d",
			   Semaphore, (void *)_RET_IP_, old, Adjustment);
	return old;
}
EXPORT_SYMBOL_GPL(KeReleaseSemaphore);

/**
 * KeReadStateSemaphore - read the count of a semaphore
 * @Semaphore: the semaphore
 *
 * Context: any IRQL; here any context.
 * Return: the count.
 *
 * Follows: DDI wdm/nf-wdm-kereadstatesemaphore.
 */
LONG KeReadStateSemaphore(PRKSEMAPHORE Semaphore)
{
	return READ_ONCE(Semaphore->Header.SignalState);
}
EXPORT_SYMBOL_GPL(KeReadStateSemaphore);
