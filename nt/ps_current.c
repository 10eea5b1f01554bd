// SPDX-License-Identifier: GPL-2.0
/* The running thread and its process, and what a driver asks about a thread. */
#include <linux/export.h>
#include <linux/sched.h>
#include <linux/sched/task.h>

#include "ps_thread.h"

/* Only an address: nothing is known of it but that kernel threads are in it. */
PEPROCESS PsInitialSystemProcess = (PEPROCESS)&init_task;
EXPORT_SYMBOL_GPL(PsInitialSystemProcess);

/**
 * KeGetCurrentThread - the running thread
 *
 * Context: any IRQL; any.
 * Return: the object, for a thread of PsCreateSystemThread(); else an address that
 * tells it from others, and is good for the calls below, but not to wait for.
 *
 * Follows: DDI wdm/nf-wdm-kegetcurrentthread.
 */
PKTHREAD KeGetCurrentThread(void)
{
	return ntc_thread_current() ?: (PKTHREAD)current;
}
EXPORT_SYMBOL_GPL(KeGetCurrentThread);

HANDLE PsGetCurrentThreadId(void)
{
	return (HANDLE)(ULONG_PTR)task_pid_nr(current);
}
EXPORT_SYMBOL_GPL(PsGetCurrentThreadId);

/**
 * PsGetCurrentProcessId - the identifier of the process that runs
 *
 * Context: IRQL <= DISPATCH_LEVEL on Windows; here any.
 * Return: 4 in every kernel thread, the identifier of the system process on Windows; else that
 * of the user's process.
 *
 * Follows: DDI ntddk/nf-ntddk-psgetcurrentprocessid.
 */
HANDLE PsGetCurrentProcessId(void)
{
	if (current->flags & PF_KTHREAD)
		return NTC_SYSTEM_PROCESS_ID;
	return (HANDLE)(ULONG_PTR)task_tgid_nr(current);
}
EXPORT_SYMBOL_GPL(PsGetCurrentProcessId);

HANDLE PsGetThreadId(PETHREAD Thread)
{
	PKTHREAD thread = ntc_thread_get(Thread);
	HANDLE id = (HANDLE)(ULONG_PTR)task_pid_nr(thread ? thread->task : current);

	if (thread)
		ntc_thread_put(thread);
	return id;
}
EXPORT_SYMBOL_GPL(PsGetThreadId);

BOOLEAN PsIsSystemThread(PETHREAD Thread)
{
	PKTHREAD thread = ntc_thread_get(Thread);
	BOOLEAN system = !!((thread ? thread->task : current)->flags & PF_KTHREAD);

	if (thread)
		ntc_thread_put(thread);
	return system;
}
EXPORT_SYMBOL_GPL(PsIsSystemThread);

/**
 * IoGetCurrentProcess - the process that runs
 *
 * Context: any IRQL; any.
 * Return: PsInitialSystemProcess for every kernel thread; else an address that
 * tells the user's process from others.
 *
 * Follows: DDI wdm/nf-wdm-iogetcurrentprocess.
 */
PEPROCESS IoGetCurrentProcess(void)
{
	if (current->flags & PF_KTHREAD)
		return PsInitialSystemProcess;
	return (PEPROCESS)current->group_leader;
}
EXPORT_SYMBOL_GPL(IoGetCurrentProcess);
