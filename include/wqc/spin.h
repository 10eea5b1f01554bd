/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Spin locks. A KSPIN_LOCK is a ULONG_PTR, as on Windows, and one that is 0 is free:
 * drivers say "= 0", or have it in memory that was zeroed. Where the kernel's
 * spinlock_t fits, it is one. On PREEMPT_RT, and on kernels that check locks, it does
 * not fit; there a KSPIN_LOCK is the name of a spinlock_t that exists while somebody
 * holds it or waits for it (nt/ke_spin_lock.c).
 */
#ifndef NTC_SPIN_H
#define NTC_SPIN_H

#include <linux/irqflags.h>
#include <linux/lockdep.h>
#include <linux/spinlock.h>

#include "irql.h"

typedef ULONG_PTR KSPIN_LOCK, *PKSPIN_LOCK;

typedef struct _KSPIN_LOCK_QUEUE {
	struct _KSPIN_LOCK_QUEUE *volatile Next;
	PKSPIN_LOCK volatile Lock;
} KSPIN_LOCK_QUEUE, *PKSPIN_LOCK_QUEUE;

typedef struct _KLOCK_QUEUE_HANDLE {
	KSPIN_LOCK_QUEUE LockQueue;
	KIRQL OldIrql;
} KLOCK_QUEUE_HANDLE, *PKLOCK_QUEUE_HANDLE;

#if defined(CONFIG_PREEMPT_RT) || defined(CONFIG_DEBUG_SPINLOCK) || defined(CONFIG_DEBUG_LOCK_ALLOC)

#define NTC_NAMED_SPIN_LOCKS

/* What lockdep tells the locks of one KeInitializeSpinLock() from those of another by. */
struct ntc_spin_class {
	struct lock_class_key key;
	const char *name;
};

void ntc_spin_lock(PKSPIN_LOCK SpinLock);
bool ntc_spin_trylock(PKSPIN_LOCK SpinLock);
void ntc_spin_unlock(PKSPIN_LOCK SpinLock);
bool ntc_spin_is_locked(PKSPIN_LOCK SpinLock);

#define KeInitializeSpinLock(SpinLock)					\
	do {								\
		static struct ntc_spin_class class_ = { .name = #SpinLock }; \
									\
		WRITE_ONCE(*(SpinLock), IS_ENABLED(CONFIG_DEBUG_LOCK_ALLOC) ? \
			   (ULONG_PTR)&class_ : 0);			\
	} while (0)

/* On PREEMPT_RT interrupts stay on under a spinlock_t. */
#define ntc_spin_lock_irqsave(SpinLock, flags)				\
	do {								\
		(flags) = 0;						\
		if (!IS_ENABLED(CONFIG_PREEMPT_RT))			\
			local_irq_save(flags);				\
		ntc_spin_lock(SpinLock);				\
	} while (0)
#define ntc_spin_unlock_irqrestore(SpinLock, flags)			\
	do {								\
		ntc_spin_unlock(SpinLock);				\
		if (!IS_ENABLED(CONFIG_PREEMPT_RT))			\
			local_irq_restore(flags);			\
	} while (0)

#else

static_assert(sizeof(spinlock_t) <= sizeof(KSPIN_LOCK));

#define ntc_spinlock_of(SpinLock)			((spinlock_t *)(PKSPIN_LOCK)(SpinLock))
#define ntc_spin_lock(SpinLock)			spin_lock(ntc_spinlock_of(SpinLock))
#define ntc_spin_trylock(SpinLock)		spin_trylock(ntc_spinlock_of(SpinLock))
#define ntc_spin_unlock(SpinLock)		spin_unlock(ntc_spinlock_of(SpinLock))
#define ntc_spin_is_locked(SpinLock)		spin_is_locked(ntc_spinlock_of(SpinLock))
#define ntc_spin_lock_irqsave(SpinLock, flags)	spin_lock_irqsave(ntc_spinlock_of(SpinLock), flags)
#define ntc_spin_unlock_irqrestore(SpinLock, flags) \
	spin_unlock_irqrestore(ntc_spinlock_of(SpinLock), flags)

static inline VOID KeInitializeSpinLock(PKSPIN_LOCK SpinLock)
{
	WRITE_ONCE(*SpinLock, 0);
	spin_lock_init(ntc_spinlock_of(SpinLock));
}

#endif

/*
 * Softirqs go off as one step and the lock is taken as another, because drivers
 * mix the forms: raise, take it at DPC level, and let go of both in one call.
 */
#define KfAcquireSpinLock(SpinLock)					\
	({								\
		PKSPIN_LOCK lock_ = (SpinLock);				\
		KIRQL old_ = KfRaiseIrql(DISPATCH_LEVEL);		\
									\
		ntc_spin_lock(lock_);					\
		old_;							\
	})
#define KfReleaseSpinLock(SpinLock, NewIrql)				\
	do {								\
		KIRQL new_ = (NewIrql);					\
									\
		ntc_spin_unlock(SpinLock);				\
		KeLowerIrql(new_);					\
	} while (0)

#define KeAcquireSpinLock(SpinLock, OldIrql)	((VOID)(*(OldIrql) = KfAcquireSpinLock(SpinLock)))
#define KeAcquireSpinLockRaiseToDpc(SpinLock)	KfAcquireSpinLock(SpinLock)
#define KeReleaseSpinLock(SpinLock, NewIrql)	KfReleaseSpinLock(SpinLock, NewIrql)
#define KeAcquireSpinLockAtDpcLevel(SpinLock)	ntc_spin_lock(SpinLock)
#define KeReleaseSpinLockFromDpcLevel(SpinLock)	ntc_spin_unlock(SpinLock)
#define KefAcquireSpinLockAtDpcLevel(SpinLock)	KeAcquireSpinLockAtDpcLevel(SpinLock)
#define KefReleaseSpinLockFromDpcLevel(SpinLock) KeReleaseSpinLockFromDpcLevel(SpinLock)
#define KeTryToAcquireSpinLockAtDpcLevel(SpinLock) ((BOOLEAN)!!ntc_spin_trylock(SpinLock))
#define KeTestSpinLock(SpinLock)		((BOOLEAN)!ntc_spin_is_locked(SpinLock))
#define KeAcquireSpinLockForDpc(SpinLock)	KfAcquireSpinLock(SpinLock)
#define KeReleaseSpinLockForDpc(SpinLock, OldIrql) KfReleaseSpinLock(SpinLock, OldIrql)

#define KeAcquireInStackQueuedSpinLock(SpinLock, LockHandle)		\
	do {								\
		PKLOCK_QUEUE_HANDLE handle_ = (LockHandle);		\
									\
		handle_->LockQueue.Lock = (SpinLock);			\
		handle_->OldIrql = KfAcquireSpinLock(handle_->LockQueue.Lock); \
	} while (0)
#define KeReleaseInStackQueuedSpinLock(LockHandle)			\
	do {								\
		PKLOCK_QUEUE_HANDLE handle_ = (LockHandle);		\
									\
		KfReleaseSpinLock(handle_->LockQueue.Lock, handle_->OldIrql); \
	} while (0)
#define KeAcquireInStackQueuedSpinLockAtDpcLevel(SpinLock, LockHandle)	\
	do {								\
		PKLOCK_QUEUE_HANDLE handle_ = (LockHandle);		\
									\
		handle_->LockQueue.Lock = (SpinLock);			\
		ntc_spin_lock(handle_->LockQueue.Lock);			\
	} while (0)
#define KeReleaseInStackQueuedSpinLockFromDpcLevel(LockHandle)		\
	ntc_spin_unlock((LockHandle)->LockQueue.Lock)
#define KeAcquireInStackQueuedSpinLockForDpc(SpinLock, LockHandle)	\
	KeAcquireInStackQueuedSpinLock(SpinLock, LockHandle)
#define KeReleaseInStackQueuedSpinLockForDpc(LockHandle)		\
	KeReleaseInStackQueuedSpinLock(LockHandle)

/* ---- reader-writer spin locks ---------------------------------------------- */

/* 0: free. The highest bit: owned or claimed exclusively. Below: how many share it. */
typedef LONG EX_SPIN_LOCK, *PEX_SPIN_LOCK;

KIRQL ExAcquireSpinLockShared(PEX_SPIN_LOCK SpinLock);
VOID ExAcquireSpinLockSharedAtDpcLevel(PEX_SPIN_LOCK SpinLock);
VOID ExReleaseSpinLockShared(PEX_SPIN_LOCK SpinLock, KIRQL OldIrql);
VOID ExReleaseSpinLockSharedFromDpcLevel(PEX_SPIN_LOCK SpinLock);
KIRQL ExAcquireSpinLockExclusive(PEX_SPIN_LOCK SpinLock);
VOID ExAcquireSpinLockExclusiveAtDpcLevel(PEX_SPIN_LOCK SpinLock);
VOID ExReleaseSpinLockExclusive(PEX_SPIN_LOCK SpinLock, KIRQL OldIrql);
VOID ExReleaseSpinLockExclusiveFromDpcLevel(PEX_SPIN_LOCK SpinLock);
LOGICAL ExTryConvertSharedSpinLockExclusive(PEX_SPIN_LOCK SpinLock);
LOGICAL ExTryAcquireSpinLockSharedAtDpcLevel(PEX_SPIN_LOCK SpinLock);
LOGICAL ExTryAcquireSpinLockExclusiveAtDpcLevel(PEX_SPIN_LOCK SpinLock);

#endif /* NTC_SPIN_H */
