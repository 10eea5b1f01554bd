// SPDX-License-Identifier: GPL-2.0
/* Thread priorities: nice values below LOW_REALTIME_PRIORITY, SCHED_FIFO from there on. */
#include <linux/export.h>
#include <linux/sched.h>
#include <uapi/linux/sched/types.h>

#include "ps_thread.h"

/**
 * KeSetPriorityThread - set a thread's priority
 * @Thread: from PsCreateSystemThread(), or the current thread
 * @Priority: 1 to 15: nice 14 to -14, 8 is nice 0; 16 to 31: SCHED_FIFO 1 to 16; clamped
 *	to 1..31
 *
 * Context: IRQL PASSIVE_LEVEL; here process context.
 * Return: the previous priority; 8 for a thread that PsCreateSystemThread() did not create. At
 * DISPATCH_LEVEL or above the call is reported, changes nothing and returns the priority.
 *
 * Follows: DDI wdm/nf-wdm-kesetprioritythread.
 */
KPRIORITY KeSetPriorityThread(PKTHREAD Thread, KPRIORITY Priority)
{
	PKTHREAD thread = ntc_thread_get(Thread);
	struct sched_attr attr = { .size = sizeof(attr) };
	KPRIORITY was = NTC_NORMAL_PRIORITY;

	/* The scheduler's call must not be made with softirqs off. */
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

/**
 * KeQueryPriorityThread - read a thread's priority
 * @Thread: from PsCreateSystemThread(), or any other thread
 *
 * Context: IRQL PASSIVE_LEVEL; here any context.
 * Return: the priority; 8 for a thread that PsCreateSystemThread() did not create.
 *
 * Follows: DDI wdm/nf-wdm-kequeryprioritythread.
 */
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
