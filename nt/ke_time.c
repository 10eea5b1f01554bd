// SPDX-License-Identifier: GPL-2.0
/* When something is due, and sleeping until then. */
#include <linux/export.h>
#include <linux/hrtimer.h>
#include <linux/ktime.h>
#include <linux/sched.h>

#include "ke_dispatcher.h"
#include "ke_time.h"

#define NTC_MAX_100NS	div_s64(KTIME_MAX, 100)

/**
 * ntc_due_time - when a Windows time is, on Linux's clocks
 * @when: negative: so many 100 ns from now; else a system time
 *
 * What is too far for Linux is 292 years off: that is never.
 *
 * Context: any.
 * Return: the nanosecond, and of which clock.
 */
struct ntc_due ntc_due_time(LONGLONG when)
{
	struct ntc_due due = { .absolute = when >= 0 };
	s64 units;

	if (due.absolute) {
		units = when - NTC_UNIX_EPOCH;
		/* In the past in any case; 0 would mean no time-out. */
		due.ns = units <= 0 ? 1 : units > NTC_MAX_100NS ? KTIME_MAX : units * 100;
	} else {
		due.ns = when < -NTC_MAX_100NS ? KTIME_MAX :
			 ktime_add_safe(ktime_get(), ns_to_ktime(-when * 100));
	}
	return due;
}

/**
 * KeDelayExecutionThread - sleep
 * @WaitMode: UserMode: a signal that is pending ends the sleep
 * @Alertable: not used: there are no APCs
 * @Interval: negative: so many 100 ns; positive: until that system time; 0: let
 *	others run
 *
 * At DISPATCH_LEVEL it is reported as a wait is, and spins for 10 ms at most; above, not at
 * all.
 *
 * Context: IRQL <= APC_LEVEL; here process, sleeps.
 * Return: STATUS_SUCCESS, STATUS_USER_APC; STATUS_UNSUCCESSFUL if it could not sleep
 * and the time has not passed.
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
