// SPDX-License-Identifier: GPL-2.0
/*
 * Locks that sleep, taken at DISPATCH_LEVEL or above.
 *
 * The calls return nothing, so they cannot be refused: a caller without the lock would corrupt
 * what it guards. They are reported first (0xB8 in a DPC, else 0xA), and then the lock is tried
 * until its owner, on another CPU, releases it. If the owner cannot run before the caller
 * goes on, that CPU is lost, as on Windows; the report, and the kernel's watchdog, say why.
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
