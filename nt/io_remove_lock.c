// SPDX-License-Identifier: GPL-2.0
/*
 * Remove locks: IoAcquireRemoveLock() and its kin.
 *
 * IoCount is one for the lock itself and one for each acquisition. An acquisition raises IoCount
 * and then reads Removed; a removal writes Removed and then lowers IoCount. Both changes of the
 * count are full barriers, so the acquisition fails, or the removal waits for it, or both.
 * Proof: tests/litmus/nt-remove-lock.litmus.
 *
 * Use-after-free: the driver frees the lock when the removal returns. A release that does not take
 * the count to zero does not access the lock after that; the one that does signals the event last.
 * What holders did with the device precedes that: tests/litmus/nt-remove-lock-free.litmus.
 */
#include <linux/export.h>

#include "nt.h"

/**
 * IoInitializeRemoveLockEx - initialise a remove lock
 * @Lock: in the device's extension
 * @AllocateTag: not used
 * @MaxLockedMinutes: not used
 * @HighWatermark: not used
 * @RemlockSize: not used
 *
 * IoInitializeRemoveLock() in a Windows source is this function.
 *
 * Context: IRQL PASSIVE_LEVEL; here any context.
 *
 * Follows: DDI wdm/nf-wdm-ioinitializeremovelock.
 */
VOID IoInitializeRemoveLockEx(PIO_REMOVE_LOCK Lock, ULONG AllocateTag, ULONG MaxLockedMinutes,
			      ULONG HighWatermark, ULONG RemlockSize)
{
	Lock->Common.Removed = FALSE;
	Lock->Common.IoCount = 1;
	KeInitializeEvent(&Lock->Common.RemoveEvent, SynchronizationEvent, FALSE);
}
EXPORT_SYMBOL_GPL(IoInitializeRemoveLockEx);

/* Lowers the count. False, with a report: it was not acquired. */
static bool ntc_remove_lock_put(PIO_REMOVE_LOCK lock, void *caller)
{
	LONG left = InterlockedDecrement(&lock->Common.IoCount);

	if (left > 0)
		return true;
	if (!left && READ_ONCE(lock->Common.Removed)) {
		KeSetEvent(&lock->Common.RemoveEvent, IO_NO_INCREMENT, FALSE);
		return true;
	}
	InterlockedIncrement(&lock->Common.IoCount);
	wqc_report(WQC_R_REMOVE_LOCK, "remove lock %p, from %pS", lock, caller);
	return false;
}

/**
 * IoAcquireRemoveLockEx - keep a device from being removed
 * @RemoveLock: initialised
 * @Tag: not used
 * @File: not used
 * @Line: not used
 * @RemlockSize: not used
 *
 * IoAcquireRemoveLock() in a Windows source is this function.
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 * Return: STATUS_SUCCESS; STATUS_DELETE_PENDING after IoReleaseRemoveLockAndWait() was called: the
 * lock is not acquired.
 *
 * Follows: DDI wdm/nf-wdm-ioacquireremovelock.
 */
NTSTATUS IoAcquireRemoveLockEx(PIO_REMOVE_LOCK RemoveLock, PVOID Tag, PCSTR File, ULONG Line,
			       ULONG RemlockSize)
{
	InterlockedIncrement(&RemoveLock->Common.IoCount);
	if (!READ_ONCE(RemoveLock->Common.Removed))
		return STATUS_SUCCESS;
	ntc_remove_lock_put(RemoveLock, (void *)_RET_IP_);
	return STATUS_DELETE_PENDING;
}
EXPORT_SYMBOL_GPL(IoAcquireRemoveLockEx);

/**
 * IoReleaseRemoveLockEx - undo an IoAcquireRemoveLock()
 * @RemoveLock: acquired; else it is reported, and left as it is
 * @Tag: not used
 * @RemlockSize: not used
 *
 * IoReleaseRemoveLock() in a Windows source is this function.
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 *
 * Follows: DDI wdm/nf-wdm-ioreleaseremovelock.
 */
VOID IoReleaseRemoveLockEx(PIO_REMOVE_LOCK RemoveLock, PVOID Tag, ULONG RemlockSize)
{
	ntc_remove_lock_put(RemoveLock, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(IoReleaseRemoveLockEx);

/**
 * IoReleaseRemoveLockAndWaitEx - refuse further acquisitions, and wait for the others' releases
 * @RemoveLock: acquired by the caller
 * @Tag: not used
 * @RemlockSize: not used
 *
 * IoReleaseRemoveLockAndWait() in a Windows source is this function.
 *
 * Context: IRQL PASSIVE_LEVEL; here process context, sleeps.
 *
 * Follows: DDI wdm/nf-wdm-ioreleaseremovelockandwait.
 */
VOID IoReleaseRemoveLockAndWaitEx(PIO_REMOVE_LOCK RemoveLock, PVOID Tag, ULONG RemlockSize)
{
	if (!wqc_may_sleep(__func__, (void *)_RET_IP_))
		return;
	WRITE_ONCE(RemoveLock->Common.Removed, TRUE);
	/* The caller's acquisition, then the lock's own count. */
	if (InterlockedDecrement(&RemoveLock->Common.IoCount) < 1) {
		InterlockedIncrement(&RemoveLock->Common.IoCount);
		wqc_report(WQC_R_REMOVE_LOCK, "remove lock %p, from %pS", RemoveLock,
			   (void *)_RET_IP_);
	}
	ntc_remove_lock_put(RemoveLock, (void *)_RET_IP_);
	KeWaitForSingleObject(&RemoveLock->Common.RemoveEvent, Executive, KernelMode, FALSE, NULL);
}
EXPORT_SYMBOL_GPL(IoReleaseRemoveLockAndWaitEx);
