// SPDX-License-Identifier: GPL-2.0
/* Mutexes: owned by a thread, as often as it waits for them. */
#include <linux/export.h>
#include <linux/sched.h>

#include "nt_internal.h"

/**
 * KeInitializeMutex - initialise a mutex
 * @Mutex: memory of any kind
 * @Level: not used, on Windows neither
 *
 * Context: any IRQL; any.
 *
 * Follows: DDI wdm/nf-wdm-keinitializemutex.
 */
VOID KeInitializeMutex(PRKMUTEX Mutex, ULONG Level)
{
	wqc_header_init(&Mutex->Header, WQC_MUTANT, 1);
	Mutex->OwnerThread = NULL;
}
EXPORT_SYMBOL_GPL(KeInitializeMutex);

/**
 * KeReleaseMutex - release a mutex once
 * @Mutex: owned by the caller; that it is not is reported, where Windows raises
 *	STATUS_MUTANT_NOT_OWNED
 * @Wait: not used
 *
 * Context: IRQL <= DISPATCH_LEVEL on Windows; here any.
 * Return: what the state was: 0 if it is free now.
 *
 * Follows: DDI wdm/nf-wdm-kereleasemutex.
 */
LONG KeReleaseMutex(PRKMUTEX Mutex, BOOLEAN Wait)
{
	raw_spinlock_t *lock = wqc_header_lock(&Mutex->Header);
	unsigned long flags;
	LONG old;
	bool bad;

	raw_spin_lock_irqsave(lock, flags);
	old = Mutex->Header.SignalState;
	bad = Mutex->OwnerThread != current;
	if (!bad) {
		Mutex->Header.SignalState = old + 1;
		if (old + 1 > 0) {
			Mutex->OwnerThread = NULL;
			wqc_header_signal(&Mutex->Header);
		}
	}
	raw_spin_unlock_irqrestore(lock, flags);
	if (bad)
		wqc_report(WQC_R_NOT_OWNED, "mutex %p, from %pS", Mutex, (void *)_RET_IP_);
	return old;
}
EXPORT_SYMBOL_GPL(KeReleaseMutex);

/**
 * KeReadStateMutex - whether a mutex is free
 * @Mutex: the mutex
 *
 * Context: IRQL <= DISPATCH_LEVEL on Windows; here any.
 * Return: 1 if it is free.
 *
 * Follows: DDI wdm/nf-wdm-kereadstatemutex.
 */
LONG KeReadStateMutex(PRKMUTEX Mutex)
{
	return READ_ONCE(Mutex->Header.SignalState);
}
EXPORT_SYMBOL_GPL(KeReadStateMutex);
