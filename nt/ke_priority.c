// SPDX-License-Identifier: GPL-2.0
/* Priorities of threads, as nice values and as those of SCHED_FIFO. */
#include <linux/export.h>
#include <linux/sched.h>
#include <uapi/linux/sched/types.h>

#include "ps_thread.h"

/**
 * KeSetPriorityThread - set a thread's priority
 * @Thread: from PsCreateSystemThread(), or the running one
 * @Priority: 1 to 15: nice 14 to -14, 8 is 0; 16 to 31: SCHED_FIFO 1 to 16
 *
 * Context: IRQL PASSIVE_LEVEL; here process.
 * Return: what it was, or 8 for a thread that is not of PsCreateSystemThread(). At
 * DISPATCH_LEVEL or above it is reported and stays what it is.
 *
 * Follows: DDI wdm/nf-wdm-kesetprioritythread.
 */
KPRIORITY KeSetPriorityThread(PKTHREAD Thread, KPRIORITY Priority)
{
	PKTHREAD thread = ntc_thread_get(Thread);
	struct sched_attr attr = { .size = sizeof(attr) };
	KPRIORITY was = NTC_NORMAL_PRIORITY;

	/* The scheduler stops where softirqs are off. */
	if (!wqc_may_sleep(__func__, (void *)_RET_IP_)) {
		if (thread)
			ntc_thread_put(thread);
		return KeQueryPriorityThread(Thread);
	}
	Priority = clamp(Priority, 1, HIGH_PRIORITY);
	if (Priority >= LOW_REALTIME_PRIORITY) {
		attr.sched_policy = SCHED_FIFO;
		attr.sched_priority = Priority - LOW_REALTIME_PRIORITY + 1;
	} else {
		attr.sched_policy = SCHED_NORMAL;
		attr.sched_nice = (NTC_NORMAL_PRIORITY - Priority) * 2;
	}
	if (thread || Thread == (PKTHREAD)current)
		sched_setattr_nocheck(thread ? thread->task : current, &attr);
	if (thread) {
		was = xchg(&thread->priority, Priority);
		ntc_thread_put(thread);
	}
	return was;
}
EXPORT_SYMBOL_GPL(KeSetPriorityThread);

KPRIORITY KeQueryPriorityThread(PKTHREAD Thread)
{
	PKTHREAD thread = ntc_thread_get(Thread);
	KPRIORITY priority = NTC_NORMAL_PRIORITY;

	if (thread) {
		priority = READ_ONCE(thread->priority);
		ntc_thread_put(thread);
	}
	return priority;
}
EXPORT_SYMBOL_GPL(KeQueryPriorityThread);
