// SPDX-License-Identifier: GPL-2.0
/* Windows times on the clocks of Linux, and KeDelayExecutionThread(). */
#include <linux/export.h>
#include <linux/hrtimer.h>
#include <linux/ktime.h>
#include <linux/sched.h>

#include "ke_dispatcher.h"
#include "ke_time.h"

#define NTC_MAX_100NS	div_s64(KTIME_MAX, 100)

/**
 * ntc_due_time - convert a Windows time to a clock of Linux
 * @when: in units of 100 ns; negative: relative; else an absolute system time
 *
 * A time beyond the range of Linux, 292 years, becomes KTIME_MAX, which never expires.
 *
 * Context: any.
 * Return: the time in ns, and its clock.
 */
struct ntc_due ntc_due_time(LONGLONG when)
{
	struct ntc_due due = { .absolute = when >= 0 };
	s64 units;

	if (due.absolute) {
		units = when - NTC_UNIX_EPOCH;
		/* A time in the past expires at once; 0 would mean "no time-out". */
		due.ns = units <= 0 ? 1 : units > NTC_MAX_100NS ? KTIME_MAX : units * 100;
	} else {
		due.ns = when < -NTC_MAX_100NS ? KTIME_MAX :
			 ktime_add_safe(ktime_get(), ns_to_ktime(-when * 100));
	}
	return due;
}

/**
 * KeDelayExecutionThread - sleep
 * @WaitMode: KernelMode; UserMode: a pending signal ends the sleep
 * @Alertable: not used: there are no APCs
 * @Interval: in units of 100 ns. Negative: relative; positive: an absolute system time; 0:
 *	yield the CPU
 *
 * At DISPATCH_LEVEL or above the call is reported, as a wait is. It busy-waits for 10 ms at most
 * at DISPATCH_LEVEL, and not at all above it.
 *
 * Context: IRQL <= APC_LEVEL; here process context, sleeps.
 * Return: STATUS_SUCCESS; STATUS_USER_APC after a signal; STATUS_UNSUCCESSFUL if the caller could
 * not sleep and the time has not passed.
 *
 * Follows: DDI wdm/nf-wdm-kedelayexecutionthread.
 */
NTSTATUS KeDelayExecutionThread(KPROCESSOR_MODE WaitMode, BOOLEAN Alertable,
				PLARGE_INTEGER Interval)
{
	KEVENT never;
	NTSTATUS status;

	if (!Interval->QuadPart) {
		if (!wqc_may_sleep(__func__, (void *)_RET_IP_))
			return STATUS_UNSUCCESSFUL;
		schedule();
		return STATUS_SUCCESS;
	}
	KeInitializeEvent(&never, NotificationEvent, FALSE);
	status = ntc_wait_single(&never, WaitMode, Interval, __func__, (void *)_RET_IP_);
	return status == STATUS_TIMEOUT ? STATUS_SUCCESS : status;
}
EXPORT_SYMBOL_GPL(KeDelayExecutionThread);
