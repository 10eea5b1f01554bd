// SPDX-License-Identifier: GPL-2.0
/*
 * Fast mutexes, guarded mutexes and push locks, taken at DISPATCH_LEVEL or above.
 *
 * These calls return nothing, so they cannot fail: a caller without the lock would corrupt what
 * the lock protects. Such a call is reported (0xB8 in a DPC, else 0xA), then busy-waits until the
 * owner, on another CPU, releases the lock. If the owner cannot run before the caller continues,
 * that is a deadlock, as on Windows; the report and the kernel's watchdog name the cause.
 */
#include <linux/export.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>

#include "nt.h"

void ntc_mutex_lock_raised(struct mutex *mutex, const char *call)
{
	wqc_may_sleep(call, (void *)_RET_IP_);
	while (!mutex_trylock(mutex))
		cpu_relax();
}
EXPORT_SYMBOL_GPL(ntc_mutex_lock_raised);

void ntc_down_read_raised(struct rw_semaphore *sem)
{
	wqc_may_sleep("ExAcquirePushLockShared", (void *)_RET_IP_);
	while (!down_read_trylock(sem))
		cpu_relax();
}
EXPORT_SYMBOL_GPL(ntc_down_read_raised);

void ntc_down_write_raised(struct rw_semaphore *sem)
{
	wqc_may_sleep("ExAcquirePushLockExclusive", (void *)_RET_IP_);
	while (!down_write_trylock(sem))
		cpu_relax();
}
EXPORT_SYMBOL_GPL(ntc_down_write_raised);
