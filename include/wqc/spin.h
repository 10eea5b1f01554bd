/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Spin locks. A KSPIN_LOCK is a ULONG_PTR, as on Windows, and is free if it is 0: drivers assign
 * 0, or have it in zeroed memory. If the kernel's spinlock_t fits into it, the KSPIN_LOCK is one.
 * On PREEMPT_RT, and with lock debugging, it does not fit: there the KSPIN_LOCK names a
 * spinlock_t that exists while the lock is held or waited for (nt/ke_spin_lock.c).
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

/* lockdep class of the locks that one KeInitializeSpinLock() initialises. */
struct ntc_spin_class {
	struct lock_class_key key;
	const char *name;
};

void ntc_spin_lock(PKSPIN_LOCK SpinLock);
bool ntc_spin_trylock(PKSPIN_LOCK SpinLock);
void ntc_spin_unlock(PKSPIN_LOCK SpinLock);
bool ntc_spin_is_locked(PKSPIN_LOCK SpinLock);

static inline VOID ntc_spin_lock_init(PKSPIN_LOCK SpinLock, struct ntc_spin_class *class)
{
	WRITE_ONCE(*SpinLock, IS_ENABLED(CONFIG_DEBUG_LOCK_ALLOC) ? (ULONG_PTR)class : 0);
}

#define KeInitializeSpinLock(SpinLock)					\
	({								\
		static struct ntc_spin_class ntc_class_ = { .name = #SpinLock }; \
									\
		ntc_spin_lock_init(SpinLock, &ntc_class_);			\
	})

/* On PREEMPT_RT interrupts stay on under a spinlock_t. */
static inline unsigned long ntc_spin_lock_irq(PKSPIN_LOCK SpinLock)
{
	unsigned long flags = 0;

	if (!IS_ENABLED(CONFIG_PREEMPT_RT))
		local_irq_save(flags);
	ntc_spin_lock(SpinLock);
	return flags;
}

static inline void ntc_spin_unlock_irq(PKSPIN_LOCK SpinLock, unsigned long flags)
{
	ntc_spin_unlock(SpinLock);
	if (!IS_ENABLED(CONFIG_PREEMPT_RT))
		local_irq_restore(flags);
}

#define ntc_spin_lock_irqsave(SpinLock, flags)	((flags) = ntc_spin_lock_irq(SpinLock))
#define ntc_spin_unlock_irqrestore(SpinLock, flags) ntc_spin_unlock_irq(SpinLock, flags)

#else

static_assert(sizeof(spinlock_t) <= sizeof(KSPIN_LOCK));

static inline spinlock_t *ntc_spinlock_of(PKSPIN_LOCK SpinLock)
{
	return (spinlock_t *)SpinLock;
}

static __always_inline void ntc_spin_lock(PKSPIN_LOCK SpinLock)
	__acquires(SpinLock)
{
	spin_lock(ntc_spinlock_of(SpinLock));
}

static __always_inline bool ntc_spin_trylock(PKSPIN_LOCK SpinLock)
{
	return spin_trylock(ntc_spinlock_of(SpinLock));
}

static __always_inline void ntc_spin_unlock(PKSPIN_LOCK SpinLock)
	__releases(SpinLock)
{
	spin_unlock(ntc_spinlock_of(SpinLock));
}

static __always_inline bool ntc_spin_is_locked(PKSPIN_LOCK SpinLock)
{
	return spin_is_locked(ntc_spinlock_of(SpinLock));
}

static __always_inline unsigned long ntc_spin_lock_irq(PKSPIN_LOCK SpinLock)
	__acquires(SpinLock)
{
	unsigned long flags;

	spin_lock_irqsave(ntc_spinlock_of(SpinLock), flags);
	return flags;
}

static __always_inline void ntc_spin_unlock_irq(PKSPIN_LOCK SpinLock, unsigned long flags)
	__releases(SpinLock)
{
	spin_unlock_irqrestore(ntc_spinlock_of(SpinLock), flags);
}

#define ntc_spin_lock_irqsave(SpinLock, flags)	((flags) = ntc_spin_lock_irq(SpinLock))
#define ntc_spin_unlock_irqrestore(SpinLock, flags) ntc_spin_unlock_irq(SpinLock, flags)

static inline VOID KeInitializeSpinLock(PKSPIN_LOCK SpinLock)
{
	WRITE_ONCE(*SpinLock, 0);
	spin_lock_init(ntc_spinlock_of(SpinLock));
}

#endif

/*
 * Turning softirqs off and taking the lock are two steps, because drivers mix the calls: they
 * raise first, take the lock at DISPATCH_LEVEL, and undo both in one call.
 */
#define KfAcquireSpinLock(SpinLock)					\
	({								\
		PKSPIN_LOCK ntc_lock_ = (SpinLock);			\
		KIRQL ntc_old_ = KfRaiseIrql(DISPATCH_LEVEL);		\
									\
		ntc_spin_lock(ntc_lock_);				\
		ntc_old_;						\
	})
#define KfReleaseSpinLock(SpinLock, NewIrql)				\
	({								\
		KIRQL ntc_new_ = (NewIrql);				\
									\
		ntc_spin_unlock(SpinLock);				\
		KeLowerIrql(ntc_new_);					\
	})

/**
 * KeAcquireSpinLock - acquire a spin lock, and raise to DISPATCH_LEVEL
 * @SpinLock: initialised, or zeroed
 * @OldIrql: receives the previous IRQL
 *
 * Context: IRQL <= DISPATCH_LEVEL; here process or softirq.
 *
 * Follows: DDI KeAcquireSpinLock.
 */
#define KeAcquireSpinLock(SpinLock, OldIrql)	((VOID)(*(OldIrql) = KfAcquireSpinLock(SpinLock)))
#define KeAcquireSpinLockRaiseToDpc(SpinLock)	KfAcquireSpinLock(SpinLock)

/**
 * KeReleaseSpinLock - release a spin lock, and lower the IRQL
 * @SpinLock: held by the caller
 * @NewIrql: from KeAcquireSpinLock()
 *
 * Context: IRQL DISPATCH_LEVEL; here process or softirq.
 *
 * Follows: DDI KeReleaseSpinLock.
 */
#define KeReleaseSpinLock(SpinLock, NewIrql)	KfReleaseSpinLock(SpinLock, NewIrql)

/**
 * KeAcquireSpinLockAtDpcLevel - acquire a spin lock at DISPATCH_LEVEL
 * @SpinLock: initialised, or zeroed
 *
 * Context: IRQL >= DISPATCH_LEVEL; here process or softirq, at DISPATCH_LEVEL.
 *
 * Follows: DDI KeAcquireSpinLockAtDpcLevel.
 */
#define KeAcquireSpinLockAtDpcLevel(SpinLock)	ntc_spin_lock(SpinLock)

/**
 * KeReleaseSpinLockFromDpcLevel - release a spin lock, staying at DISPATCH_LEVEL
 * @SpinLock: held by the caller
 *
 * Context: IRQL >= DISPATCH_LEVEL; here process or softirq, at DISPATCH_LEVEL.
 *
 * Follows: DDI KeReleaseSpinLockFromDpcLevel.
 */
#define KeReleaseSpinLockFromDpcLevel(SpinLock)	ntc_spin_unlock(SpinLock)
#define KefAcquireSpinLockAtDpcLevel(SpinLock)	KeAcquireSpinLockAtDpcLevel(SpinLock)
#define KefReleaseSpinLockFromDpcLevel(SpinLock) KeReleaseSpinLockFromDpcLevel(SpinLock)

/**
 * KeTryToAcquireSpinLockAtDpcLevel - acquire a spin lock at DISPATCH_LEVEL if it is free
 * @SpinLock: initialised, or zeroed
 *
 * Context: IRQL >= DISPATCH_LEVEL; here process or softirq, at DISPATCH_LEVEL.
 * Return: TRUE if the lock was acquired.
 *
 * Follows: DDI KeTryToAcquireSpinLockAtDpcLevel.
 */
#define KeTryToAcquireSpinLockAtDpcLevel(SpinLock) ((BOOLEAN)!!ntc_spin_trylock(SpinLock))

/**
 * KeTestSpinLock - whether a spin lock is free
 * @SpinLock: initialised, or zeroed
 *
 * Context: any IRQL; here any context.
 * Return: TRUE if the lock is free.
 *
 * Follows: DDI KeTestSpinLock.
 */
#define KeTestSpinLock(SpinLock)		((BOOLEAN)!ntc_spin_is_locked(SpinLock))
#define KeAcquireSpinLockForDpc(SpinLock)	KfAcquireSpinLock(SpinLock)
#define KeReleaseSpinLockForDpc(SpinLock, OldIrql) KfReleaseSpinLock(SpinLock, OldIrql)

/**
 * KeAcquireInStackQueuedSpinLock - acquire a spin lock with a handle, and raise to DISPATCH_LEVEL
 * @SpinLock: initialised, or zeroed
 * @LockHandle: receives the lock and the previous IRQL
 *
 * Context: IRQL <= DISPATCH_LEVEL; here process or softirq.
 *
 * Follows: DDI KeAcquireInStackQueuedSpinLock.
 */
#define KeAcquireInStackQueuedSpinLock(SpinLock, LockHandle)		\
	({								\
		PKLOCK_QUEUE_HANDLE ntc_handle_ = (LockHandle);		\
									\
		ntc_handle_->LockQueue.Lock = (SpinLock);		\
		ntc_handle_->OldIrql = KfAcquireSpinLock(ntc_handle_->LockQueue.Lock); \
		(VOID)0;						\
	})

/**
 * KeReleaseInStackQueuedSpinLock - release the spin lock of a handle, and lower the IRQL
 * @LockHandle: from KeAcquireInStackQueuedSpinLock()
 *
 * Context: IRQL DISPATCH_LEVEL; here process or softirq.
 *
 * Follows: DDI KeReleaseInStackQueuedSpinLock.
 */
#define KeReleaseInStackQueuedSpinLock(LockHandle)			\
	({								\
		PKLOCK_QUEUE_HANDLE ntc_handle_ = (LockHandle);		\
									\
		KfReleaseSpinLock(ntc_handle_->LockQueue.Lock, ntc_handle_->OldIrql); \
	})

/**
 * KeAcquireInStackQueuedSpinLockAtDpcLevel - acquire a spin lock with a handle at DISPATCH_LEVEL
 * @SpinLock: initialised, or zeroed
 * @LockHandle: receives the lock
 *
 * Context: IRQL >= DISPATCH_LEVEL; here process or softirq, at DISPATCH_LEVEL.
 *
 * Follows: DDI KeAcquireInStackQueuedSpinLockAtDpcLevel.
 */
#define KeAcquireInStackQueuedSpinLockAtDpcLevel(SpinLock, LockHandle)	\
	({								\
		PKLOCK_QUEUE_HANDLE ntc_handle_ = (LockHandle);		\
									\
		ntc_handle_->LockQueue.Lock = (SpinLock);		\
		ntc_spin_lock(ntc_handle_->LockQueue.Lock);		\
	})

/**
 * KeReleaseInStackQueuedSpinLockFromDpcLevel - release the lock of a handle, keep the IRQL
 * @LockHandle: from KeAcquireInStackQueuedSpinLockAtDpcLevel()
 *
 * Context: IRQL >= DISPATCH_LEVEL; here process or softirq, at DISPATCH_LEVEL.
 *
 * Follows: DDI KeReleaseInStackQueuedSpinLockFromDpcLevel.
 */
#define KeReleaseInStackQueuedSpinLockFromDpcLevel(LockHandle)		\
	ntc_spin_unlock((LockHandle)->LockQueue.Lock)
#define KeAcquireInStackQueuedSpinLockForDpc(SpinLock, LockHandle)	\
	KeAcquireInStackQueuedSpinLock(SpinLock, LockHandle)
#define KeReleaseInStackQueuedSpinLockForDpc(LockHandle)		\
	KeReleaseInStackQueuedSpinLock(LockHandle)

/* ---- reader-writer spin locks ------------------------------------------ */

/* 0: free. Highest bit: a writer holds the lock or waits for it. Other bits: number of readers. */
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
