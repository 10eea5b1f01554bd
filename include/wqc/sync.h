/* SPDX-License-Identifier: GPL-2.0 */
/* Fast and guarded mutexes, push locks, rundown protection. */
#ifndef NTC_SYNC_H
#define NTC_SYNC_H

#include <linux/mutex.h>
#include <linux/rwsem.h>

#include "wait.h"

/* ---- fast mutexes: the kernel's mutexes -------------------------------- */

typedef struct _FAST_MUTEX {
	struct mutex Mutex;	/* protects data of the driver */
} FAST_MUTEX, *PFAST_MUTEX, KGUARDED_MUTEX, *PKGUARDED_MUTEX;

static inline VOID ntc_fast_mutex_init(PFAST_MUTEX FastMutex, const char *name,
				       struct lock_class_key *key)
{
	__mutex_init(&FastMutex->Mutex, name, key);
}

/**
 * ExInitializeFastMutex - initialise a fast mutex
 * @FastMutex: memory of any kind; a macro, so that each call has a lockdep class of its
 *	own
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 *
 * Follows: DDI ExInitializeFastMutex.
 */
#define ExInitializeFastMutex(FastMutex)				\
	({								\
		static struct lock_class_key ntc_key_;			\
									\
		ntc_fast_mutex_init(FastMutex, #FastMutex, &ntc_key_);	\
	})

/* For a caller that must not sleep: report, then busy-wait. See nt/ex_sleeping_lock.c. */
void ntc_mutex_lock_raised(struct mutex *mutex, const char *call);
void ntc_down_read_raised(struct rw_semaphore *sem);
void ntc_down_write_raised(struct rw_semaphore *sem);

static inline VOID ntc_mutex_lock(struct mutex *mutex, const char *call)
{
	if (unlikely(ntc_is_raised()))
		ntc_mutex_lock_raised(mutex, call);
	else
		mutex_lock(mutex);
}

/**
 * ExAcquireFastMutexUnsafe - acquire a fast mutex without raising to APC_LEVEL
 * @FastMutex: initialised; at DISPATCH_LEVEL or above reported, and busy-waited for
 *
 * Context: IRQL <= APC_LEVEL, in a critical region; here process context, sleeps.
 *
 * Follows: DDI ExAcquireFastMutexUnsafe.
 */
static inline VOID ExAcquireFastMutexUnsafe(PFAST_MUTEX FastMutex)
{
	ntc_mutex_lock(&FastMutex->Mutex, "ExAcquireFastMutexUnsafe");
}

/**
 * ExReleaseFastMutexUnsafe - release a fast mutex that ExAcquireFastMutexUnsafe() acquired
 * @FastMutex: owned by the caller
 *
 * Context: IRQL <= APC_LEVEL; here process context.
 *
 * Follows: DDI ExReleaseFastMutexUnsafe.
 */
static inline VOID ExReleaseFastMutexUnsafe(PFAST_MUTEX FastMutex)
{
	mutex_unlock(&FastMutex->Mutex);
}

/**
 * ExAcquireFastMutex - acquire a fast mutex; the owner is at APC_LEVEL
 * @FastMutex: as for ExAcquireFastMutexUnsafe()
 *
 * Context: IRQL <= APC_LEVEL; here process context, sleeps.
 *
 * Follows: DDI ExAcquireFastMutex.
 */
static inline VOID ExAcquireFastMutex(PFAST_MUTEX FastMutex)
{
	ntc_mutex_lock(&FastMutex->Mutex, "ExAcquireFastMutex");
	ntc_region_enter(NTC_REGION_FAST);
}

/**
 * ExReleaseFastMutex - release a fast mutex, and lower the IRQL
 * @FastMutex: owned by the caller
 *
 * Context: IRQL APC_LEVEL; here process context.
 *
 * Follows: DDI ExReleaseFastMutex.
 */
static inline VOID ExReleaseFastMutex(PFAST_MUTEX FastMutex)
{
	ntc_region_leave(NTC_REGION_FAST);
	mutex_unlock(&FastMutex->Mutex);
}

/**
 * ExTryToAcquireFastMutex - acquire a fast mutex if it is free; the owner is at APC_LEVEL
 * @FastMutex: initialised
 *
 * Context: IRQL <= APC_LEVEL; here process context.
 * Return: TRUE if the mutex was acquired.
 *
 * Follows: DDI ExTryToAcquireFastMutex.
 */
static inline BOOLEAN ExTryToAcquireFastMutex(PFAST_MUTEX FastMutex)
{
	if (!mutex_trylock(&FastMutex->Mutex))
		return FALSE;
	ntc_region_enter(NTC_REGION_FAST);
	return TRUE;
}

#define KeInitializeGuardedMutex(Mutex)		ExInitializeFastMutex(Mutex)
#define KeAcquireGuardedMutexUnsafe(Mutex)	ExAcquireFastMutexUnsafe(Mutex)
#define KeReleaseGuardedMutexUnsafe(Mutex)	ExReleaseFastMutexUnsafe(Mutex)

/**
 * KeAcquireGuardedMutex - acquire a guarded mutex; the owner is in a guarded region
 * @Mutex: as for ExAcquireFastMutexUnsafe()
 *
 * Context: IRQL <= APC_LEVEL; here process context, sleeps.
 *
 * Follows: DDI KeAcquireGuardedMutex.
 */
static inline VOID KeAcquireGuardedMutex(PKGUARDED_MUTEX Mutex)
{
	ntc_region_enter(NTC_REGION_GUARDED);
	ntc_mutex_lock(&Mutex->Mutex, "KeAcquireGuardedMutex");
}

/**
 * KeReleaseGuardedMutex - release a guarded mutex, and leave the guarded region
 * @Mutex: owned by the caller
 *
 * Context: IRQL <= APC_LEVEL; here process context.
 *
 * Follows: DDI KeReleaseGuardedMutex.
 */
static inline VOID KeReleaseGuardedMutex(PKGUARDED_MUTEX Mutex)
{
	mutex_unlock(&Mutex->Mutex);
	KeLeaveGuardedRegion();
}

/**
 * KeTryToAcquireGuardedMutex - acquire a guarded mutex if it is free
 * @Mutex: initialised
 *
 * Context: IRQL <= APC_LEVEL; here process context.
 * Return: TRUE if the mutex was acquired; the caller is in a guarded region then.
 *
 * Follows: DDI KeTryToAcquireGuardedMutex.
 */
static inline BOOLEAN KeTryToAcquireGuardedMutex(PKGUARDED_MUTEX Mutex)
{
	if (!mutex_trylock(&Mutex->Mutex))
		return FALSE;
	ntc_region_enter(NTC_REGION_GUARDED);
	return TRUE;
}

/* ---- push locks: the kernel's read-write semaphores -------------------- */

/* Exclusive is written by the exclusive owner only, and read by owners. */
typedef struct _EX_PUSH_LOCK {
	struct rw_semaphore Sem;
	BOOLEAN Exclusive;
} EX_PUSH_LOCK, *PEX_PUSH_LOCK;

static inline VOID ntc_push_lock_init(PEX_PUSH_LOCK PushLock, const char *name,
				      struct lock_class_key *key)
{
	__init_rwsem(&PushLock->Sem, name, key);
	PushLock->Exclusive = FALSE;
}

/**
 * ExInitializePushLock - initialise a push lock
 * @PushLock: memory of any kind; a macro, so that each call has a lockdep class of its own
 *
 * Context: IRQL <= APC_LEVEL; here any context.
 *
 * Follows: DDI ExInitializePushLock.
 */
#define ExInitializePushLock(PushLock)					\
	({								\
		static struct lock_class_key ntc_key_;			\
									\
		ntc_push_lock_init(PushLock, #PushLock, &ntc_key_);	\
	})

/**
 * ExAcquirePushLockExclusive - acquire a push lock exclusively
 * @PushLock: initialised; at DISPATCH_LEVEL or above reported, and busy-waited for
 *
 * Context: IRQL <= APC_LEVEL, in a critical region; here process context, sleeps.
 *
 * Follows: DDI ExAcquirePushLockExclusive.
 */
static inline VOID ExAcquirePushLockExclusive(PEX_PUSH_LOCK PushLock)
{
	if (unlikely(ntc_is_raised()))
		ntc_down_write_raised(&PushLock->Sem);
	else
		down_write(&PushLock->Sem);
	PushLock->Exclusive = TRUE;
}

/**
 * ExReleasePushLockExclusive - release a push lock that is held exclusively
 * @PushLock: owned by the caller
 *
 * Context: IRQL <= APC_LEVEL; here process context.
 *
 * Follows: DDI ExReleasePushLockExclusive.
 */
static inline VOID ExReleasePushLockExclusive(PEX_PUSH_LOCK PushLock)
{
	PushLock->Exclusive = FALSE;
	up_write(&PushLock->Sem);
}

/**
 * ExAcquirePushLockShared - acquire a push lock, shared with other owners
 * @PushLock: as for ExAcquirePushLockExclusive()
 *
 * Context: IRQL <= APC_LEVEL, in a critical region; here process context, sleeps.
 *
 * Follows: DDI ExAcquirePushLockShared.
 */
static inline VOID ExAcquirePushLockShared(PEX_PUSH_LOCK PushLock)
{
	if (unlikely(ntc_is_raised()))
		ntc_down_read_raised(&PushLock->Sem);
	else
		down_read(&PushLock->Sem);
}

/**
 * ExReleasePushLockShared - release a push lock that is shared
 * @PushLock: held by the caller
 *
 * Context: IRQL <= APC_LEVEL; here process context.
 *
 * Follows: DDI ExReleasePushLockShared.
 */
static inline VOID ExReleasePushLockShared(PEX_PUSH_LOCK PushLock)
{
	up_read(&PushLock->Sem);
}

/**
 * ExReleasePushLock - release a push lock that is held in either mode
 * @PushLock: held by the caller, so that no other thread changes Exclusive
 *
 * Context: IRQL <= APC_LEVEL; here process context.
 *
 * Follows: DDI ExReleasePushLock.
 */
static inline VOID ExReleasePushLock(PEX_PUSH_LOCK PushLock)
{
	if (PushLock->Exclusive)
		ExReleasePushLockExclusive(PushLock);
	else
		ExReleasePushLockShared(PushLock);
}

#define EX_DEFAULT_PUSH_LOCK_FLAGS	0
#define ExAcquirePushLockExclusiveEx(PushLock, Flags)	ExAcquirePushLockExclusive(PushLock)
#define ExAcquirePushLockSharedEx(PushLock, Flags)	ExAcquirePushLockShared(PushLock)
#define ExReleasePushLockExclusiveEx(PushLock, Flags)	ExReleasePushLockExclusive(PushLock)
#define ExReleasePushLockSharedEx(PushLock, Flags)	ExReleasePushLockShared(PushLock)
#define ExReleasePushLockEx(PushLock, Flags)		ExReleasePushLock(PushLock)

/* ---- rundown protection ------------------------------------------------ */

/* Bit 0: is being run down, or was. Other bits: see nt/ex_rundown.c. */
typedef struct _EX_RUNDOWN_REF {
	volatile ULONG_PTR Count;
} EX_RUNDOWN_REF, *PEX_RUNDOWN_REF;

VOID ExInitializeRundownProtection(PEX_RUNDOWN_REF RunRef);
VOID ExReInitializeRundownProtection(PEX_RUNDOWN_REF RunRef);
BOOLEAN ExAcquireRundownProtection(PEX_RUNDOWN_REF RunRef);
BOOLEAN ExAcquireRundownProtectionEx(PEX_RUNDOWN_REF RunRef, ULONG Count);
VOID ExReleaseRundownProtection(PEX_RUNDOWN_REF RunRef);
VOID ExReleaseRundownProtectionEx(PEX_RUNDOWN_REF RunRef, ULONG Count);
VOID ExWaitForRundownProtectionRelease(PEX_RUNDOWN_REF RunRef);
VOID ExRundownCompleted(PEX_RUNDOWN_REF RunRef);

#endif /* NTC_SYNC_H */
