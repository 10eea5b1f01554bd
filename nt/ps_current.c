// SPDX-License-Identifier: GPL-2.0
/* The current thread and process, and queries about a thread. */
#include <linux/export.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/sched/task.h>

#include "ps_thread.h"

/* An address to compare with: the process of all kernel threads. */
PEPROCESS PsInitialSystemProcess = (PEPROCESS)&init_task;
EXPORT_SYMBOL_GPL(PsInitialSystemProcess);

/**
 * KeGetCurrentThread - the current thread
 *
 * Context: any IRQL; here any context.
 * Return: the thread object, in a thread of PsCreateSystemThread(); else an address that
 * identifies the thread. That address is valid for the calls of this file and for
 * ObReferenceObject(), but not for a wait.
 *
 * Follows: DDI wdm/nf-wdm-kegetcurrentthread.
 */
PKTHREAD KeGetCurrentThread(void)
{
	return ntc_thread_current() ?: (PKTHREAD)current;
}
EXPORT_SYMBOL_GPL(KeGetCurrentThread);

/**
 * PsGetCurrentThreadId - identifier of the current thread
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 * Return: the thread's PID in the initial PID namespace.
 *
 * Follows: DDI ntddk/nf-ntddk-psgetcurrentthreadid.
 */
HANDLE PsGetCurrentThreadId(void)
{
	return (HANDLE)(ULONG_PTR)task_pid_nr(current);
}
EXPORT_SYMBOL_GPL(PsGetCurrentThreadId);

/**
 * PsGetCurrentProcessId - identifier of the current process
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 * Return: 4 in every kernel thread, as in the system process of Windows; else the identifier of
 * the user's process.
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

/**
 * PsGetThreadId - identifier of a thread
 * @Thread: a thread object; any other address stands for the current thread
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 * Return: the thread's PID in the initial PID namespace.
 *
 * Follows: DDI PsGetThreadId.
 */
HANDLE PsGetThreadId(PETHREAD Thread)
{
	PKTHREAD thread = ntc_thread_get(Thread);
	HANDLE id = (HANDLE)(ULONG_PTR)task_pid_nr(thread ? thread->task : current);

	if (thread)
		ntc_thread_put(thread);
	return id;
}
EXPORT_SYMBOL_GPL(PsGetThreadId);

/**
 * PsIsSystemThread - whether a thread is a system thread
 * @Thread: a thread object; any other address stands for the current thread
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 * Return: TRUE for a kernel thread.
 *
 * Follows: DDI ntifs/nf-ntifs-psissystemthread.
 */
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
 * IoGetCurrentProcess - the current process
 *
 * Context: any IRQL; here any context.
 * Return: PsInitialSystemProcess in every kernel thread; else an address that identifies the
 * user's process.
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
