/* SPDX-License-Identifier: GPL-2.0 */
/* Fast and guarded mutexes, push locks, rundown protection. */
#ifndef NTC_SYNC_H
#define NTC_SYNC_H

#include <linux/mutex.h>
#include <linux/rwsem.h>

#include "wait.h"

/* ---- fast mutexes: the kernel's mutexes ----------------------------------- */

typedef struct _FAST_MUTEX {
	struct mutex Mutex;	/* the driver's: guards what it says */
} FAST_MUTEX, *PFAST_MUTEX, KGUARDED_MUTEX, *PKGUARDED_MUTEX;

/* A macro, so that lockdep tells the locks of one call from those of another. */
#define ExInitializeFastMutex(FastMutex)	mutex_init(&(FastMutex)->Mutex)

/* Where the caller cannot sleep: reported, and spun for. In nt/ex_sleeping_lock.c. */
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

static inline VOID ExAcquireFastMutexUnsafe(PFAST_MUTEX FastMutex)
{
	ntc_mutex_lock(&FastMutex->Mutex, "ExAcquireFastMutexUnsafe");
}

static inline VOID ExReleaseFastMutexUnsafe(PFAST_MUTEX FastMutex)
{
	mutex_unlock(&FastMutex->Mutex);
}

/* The owner is at APC_LEVEL. */
static inline VOID ExAcquireFastMutex(PFAST_MUTEX FastMutex)
{
	ntc_mutex_lock(&FastMutex->Mutex, "ExAcquireFastMutex");
	ntc_region_enter(NTC_REGION_FAST);
}

static inline VOID ExReleaseFastMutex(PFAST_MUTEX FastMutex)
{
	ntc_region_leave(NTC_REGION_FAST);
	mutex_unlock(&FastMutex->Mutex);
}

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

/* The owner is in a guarded region. */
static inline VOID KeAcquireGuardedMutex(PKGUARDED_MUTEX Mutex)
{
	ntc_region_enter(NTC_REGION_GUARDED);
	ntc_mutex_lock(&Mutex->Mutex, "KeAcquireGuardedMutex");
}

static inline VOID KeReleaseGuardedMutex(PKGUARDED_MUTEX Mutex)
{
	mutex_unlock(&Mutex->Mutex);
	KeLeaveGuardedRegion();
}

static inline BOOLEAN KeTryToAcquireGuardedMutex(PKGUARDED_MUTEX Mutex)
{
	if (!mutex_trylock(&Mutex->Mutex))
		return FALSE;
	ntc_region_enter(NTC_REGION_GUARDED);
	return TRUE;
}

/* ---- push locks: the kernel's read-write semaphores ------------------------ */

/* Exclusive is written by an owner that shares with nobody, and read by owners. */
typedef struct _EX_PUSH_LOCK {
	struct rw_semaphore Sem;
	BOOLEAN Exclusive;
} EX_PUSH_LOCK, *PEX_PUSH_LOCK;

#define ExInitializePushLock(PushLock)					\
	do {								\
		PEX_PUSH_LOCK push_ = (PushLock);			\
									\
		init_rwsem(&push_->Sem);				\
		push_->Exclusive = FALSE;				\
	} while (0)

static inline VOID ExAcquirePushLockExclusive(PEX_PUSH_LOCK PushLock)
{
	if (unlikely(ntc_is_raised()))
		ntc_down_write_raised(&PushLock->Sem);
	else
		down_write(&PushLock->Sem);
	PushLock->Exclusive = TRUE;
}

static inline VOID ExReleasePushLockExclusive(PEX_PUSH_LOCK PushLock)
{
	PushLock->Exclusive = FALSE;
	up_write(&PushLock->Sem);
}

static inline VOID ExAcquirePushLockShared(PEX_PUSH_LOCK PushLock)
{
	if (unlikely(ntc_is_raised()))
		ntc_down_read_raised(&PushLock->Sem);
	else
		down_read(&PushLock->Sem);
}

static inline VOID ExReleasePushLockShared(PEX_PUSH_LOCK PushLock)
{
	up_read(&PushLock->Sem);
}

/* Whoever holds it in whatever way: nobody else can have changed Exclusive. */
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

/* ---- rundown protection -------------------------------------------------- */

/* Bit 0: it is, or was, run down. Above it twice the holders, or who waits for them. */
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
