// SPDX-License-Identifier: GPL-2.0
/*
 * System threads, their handles, and references to them; processors.
 *
 * A thread object is referenced by the thread itself until its routine is over,
 * by its handle, and by those who asked for its address. A kthread that has said
 * that it is over runs no code of the driver any more, only ours: it holds a
 * reference on this module until it has ended.
 *
 * A thread that PsCreateSystemThread() did not make, a worker for one, has no object: its
 * address is that of its task. While a driver holds a reference to it, an object stands in for
 * the thread (wqc_thread_adopt()). It is found by the address of the task, and holds a
 * reference to that, so the address is not of another thread before the last reference is
 * dropped.
 */
#include <linux/err.h>
#include <linux/export.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/refcount.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/slab.h>

#include "index.h"
#include "ke_dispatcher.h"
#include "ke_mutex.h"
#include "ke_region.h"
#include "ob_object.h"
#include "ps_thread.h"

struct _OBJECT_TYPE {
	const char *name;
};

static struct _OBJECT_TYPE wqc_thread_type = { "Thread" };
static POBJECT_TYPE wqc_thread_type_at = &wqc_thread_type;
POBJECT_TYPE *PsThreadType = &wqc_thread_type_at;
EXPORT_SYMBOL_GPL(PsThreadType);

DEFINE_WQC_INDEX(wqc_threads, 4);

static bool wqc_thread_ref(struct wqc_node *node)
{
	refcount_inc(&wqc_thread(node)->refs);
	return true;
}

static bool wqc_thread_unref(struct wqc_node *node)
{
	return refcount_dec_and_test(&wqc_thread(node)->refs);
}

/* A reference to the thread at an address that a driver gave, if there is one. */
PKTHREAD wqc_thread_get(PVOID object)
{
	struct wqc_node *node = wqc_index_get(&wqc_threads, object, wqc_thread_ref);

	return node ? wqc_thread(node) : NULL;
}

/* Drops one. False: no thread at that address is referenced. */
bool wqc_thread_drop(const void *object)
{
	struct wqc_node *node = wqc_index_take(&wqc_threads, object, wqc_thread_unref);

	if (IS_ERR_OR_NULL(node))
		return node;
	put_task_struct(wqc_thread(node)->task);
	kfree(wqc_thread(node));
	return true;
}

void wqc_thread_put(PKTHREAD thread)
{
	wqc_thread_drop(thread->node.address);
}

bool wqc_thread_adopts(PVOID object)
{
	return object == current || object == current->group_leader;
}

/*
 * Reference the running thread, or its process, where there is no object for it yet. An
 * interrupt may do the same at that moment; then there are two objects of one address, and each
 * reference that is dropped is one of either. Without memory the task is kept for good: it is
 * leaked, where a task that goes would leave the driver a dangling pointer.
 */
void wqc_thread_adopt(struct task_struct *task)
{
	PKTHREAD thread = kzalloc(sizeof(*thread), GFP_ATOMIC | __GFP_NOWARN);

	get_task_struct(task);
	if (!thread)
		return;
	refcount_set(&thread->refs, 1);
	thread->task = task;
	thread->over = true;
	thread->priority = WQC_NORMAL_PRIORITY;
	thread->node.address = task;
	wqc_index_add(&wqc_threads, &thread->node);
}

static bool wqc_thread_runs(struct wqc_node *node)
{
	return wqc_thread(node)->task == current;
}

/*
 * The thread object of the running task, without a reference; NULL: it has none. What the
 * kernel keeps of a kthread's argument may be the address of an object that is freed: an
 * interrupt asks, too, while the thread ends. So the address is looked up.
 */
PKTHREAD wqc_thread_current(void)
{
	struct wqc_node *node;

	if (!wqc_thread_is_ours())
		return NULL;
	node = wqc_index_get(&wqc_threads, kthread_data(current), wqc_thread_runs);
	return node ? wqc_thread(node) : NULL;
}

/* Its exit sleeps, so what the routine has left off is turned on, as after a worker's (run.c). */
static void wqc_thread_lower(PKTHREAD thread)
{
	if (!wqc_is_raised())
		return;
	if (irqs_disabled())
		local_irq_enable();
	while (softirq_count())
		local_bh_enable();
	preempt_count_set(0);
	wqc_report(WQC_R_THREAD_RAISED, "routine %ps", thread->routine);
}

/* The last that a thread does. No code of a driver is run from here on. */
static void __noreturn wqc_thread_over(PKTHREAD thread, NTSTATUS status)
{
	PVOID io_object = thread->io_object;

	wqc_thread_lower(thread);
	wqc_mutexes_abandon(current, thread->routine, true);
	wqc_region_end(current, thread->routine, true);
	thread->status = status;
	WRITE_ONCE(thread->over, true);
	wqc_header_change(&thread->Header, 1);
	wqc_thread_put(thread);
	if (io_object)
		ObfDereferenceObject(io_object);
	module_put_and_kthread_exit(0);
}

/* Called as a function of one argument, whatever it is in truth: see core/run.h. */
static int __nocfi wqc_thread_main(void *arg)
{
	PKTHREAD thread = arg;

	thread->routine(thread->context);
	wqc_thread_over(thread, STATUS_SUCCESS);
}

/* Whether the running thread is one of PsCreateSystemThread(). */
bool wqc_thread_is_ours(void)
{
	return current->flags & PF_KTHREAD && kthread_func(current) == wqc_thread_main;
}

static NTSTATUS wqc_thread_create(PHANDLE handle, PVOID io_object, CLIENT_ID *client,
				  PKSTART_ROUTINE routine, PVOID context)
{
	PKTHREAD thread = kzalloc(sizeof(*thread), GFP_KERNEL);

	if (!thread)
		return STATUS_INSUFFICIENT_RESOURCES;
	wqc_header_init(&thread->Header, WQC_THREAD, 0);
	refcount_set(&thread->refs, 2);		/* the thread, its handle */
	thread->routine = routine;
	thread->context = context;
	thread->io_object = io_object;
	thread->priority = WQC_NORMAL_PRIORITY;
	thread->node.address = thread;
	thread->task = kthread_create(wqc_thread_main, thread, "%ps", routine);
	if (IS_ERR(thread->task)) {
		kfree(thread);
		return STATUS_INSUFFICIENT_RESOURCES;
	}
	get_task_struct(thread->task);
	if (!wqc_handle_open(thread, handle)) {
		kthread_stop(thread->task);	/* it never ran */
		put_task_struct(thread->task);
		kfree(thread);
		return STATUS_INSUFFICIENT_RESOURCES;
	}
	if (client) {
		client->UniqueProcess = WQC_SYSTEM_PROCESS_ID;
		client->UniqueThread = (HANDLE)(ULONG_PTR)task_pid_nr(thread->task);
	}
	if (io_object)
		ObfReferenceObject(io_object);
	wqc_index_add(&wqc_threads, &thread->node);
	__module_get(THIS_MODULE);		/* until it has ended */
	wake_up_process(thread->task);
	return STATUS_SUCCESS;
}

/**
 * PsCreateSystemThread - create a thread
 * @ThreadHandle: receives its handle, for ObReferenceObjectByHandle() and ZwClose()
 * @DesiredAccess: not used
 * @ObjectAttributes: not used
 * @ProcessHandle: not used: there is one process for all
 * @ClientId: receives its identifier; or NULL
 * @StartRoutine: what it runs; it ends by returning, or by PsTerminateSystemThread()
 * @StartContext: its argument
 *
 * The module of @StartRoutine is not unloaded before the thread is over.
 *
 * Context: IRQL PASSIVE_LEVEL; here process, sleeps.
 * Return: STATUS_SUCCESS, STATUS_INSUFFICIENT_RESOURCES; STATUS_UNSUCCESSFUL, with a
 * report, at DISPATCH_LEVEL or above.
 *
 * Follows: DDI wdm/nf-wdm-pscreatesystemthread.
 */
NTSTATUS PsCreateSystemThread(PHANDLE ThreadHandle, ULONG DesiredAccess,
			      POBJECT_ATTRIBUTES ObjectAttributes, HANDLE ProcessHandle,
			      CLIENT_ID *ClientId, PKSTART_ROUTINE StartRoutine,
			      PVOID StartContext)
{
	if (!wqc_may_sleep(__func__, (void *)_RET_IP_))
		return STATUS_UNSUCCESSFUL;
	return wqc_thread_create(ThreadHandle, NULL, ClientId, StartRoutine, StartContext);
}
EXPORT_SYMBOL_GPL(PsCreateSystemThread);

/**
 * IoCreateSystemThread - create a thread that holds an object
 * @IoObject: a driver or device, referenced until the thread is over
 * @ThreadHandle: as for PsCreateSystemThread()
 * @DesiredAccess: not used
 * @ObjectAttributes: not used
 * @ProcessHandle: not used
 * @ClientId: as for PsCreateSystemThread()
 * @StartRoutine: as for PsCreateSystemThread()
 * @StartContext: as for PsCreateSystemThread()
 *
 * Context: as PsCreateSystemThread().
 * Return: as PsCreateSystemThread().
 *
 * Follows: DDI wdm/nf-wdm-iocreatesystemthread.
 */
NTSTATUS IoCreateSystemThread(PVOID IoObject, PHANDLE ThreadHandle, ULONG DesiredAccess,
			      POBJECT_ATTRIBUTES ObjectAttributes, HANDLE ProcessHandle,
			      CLIENT_ID *ClientId, PKSTART_ROUTINE StartRoutine,
			      PVOID StartContext)
{
	if (!wqc_may_sleep(__func__, (void *)_RET_IP_))
		return STATUS_UNSUCCESSFUL;
	return wqc_thread_create(ThreadHandle, IoObject, ClientId, StartRoutine, StartContext);
}
EXPORT_SYMBOL_GPL(IoCreateSystemThread);

/**
 * PsTerminateSystemThread - end the running thread
 * @ExitStatus: kept with the thread
 *
 * Context: IRQL PASSIVE_LEVEL; here process.
 * Return: does not return in a thread of PsCreateSystemThread(), at a raised IRQL
 * with a report (0x20); STATUS_INVALID_PARAMETER in any other, a worker for one;
 * STATUS_UNSUCCESSFUL, with a report, in a DPC.
 *
 * Follows: DDI wdm/nf-wdm-psterminatesystemthread.
 */
NTSTATUS PsTerminateSystemThread(NTSTATUS ExitStatus)
{
	PKTHREAD thread = wqc_thread_current();

	if (!thread)
		return STATUS_INVALID_PARAMETER;
	/* In a DPC, that would be whichever thread it interrupts. */
	if (!in_task() && !wqc_may_sleep(__func__, (void *)_RET_IP_))
		return STATUS_UNSUCCESSFUL;
	wqc_thread_over(thread, ExitStatus);
}
EXPORT_SYMBOL_GPL(PsTerminateSystemThread);

/* ---- unloading ----------------------------------------------------------- */

struct wqc_thread_look {
	struct module *mod;
	void *routine;
};

static void wqc_thread_looks(struct wqc_node *node, void *arg)
{
	PKTHREAD thread = wqc_thread(node);
	struct wqc_thread_look *look = arg;

	if (!READ_ONCE(thread->over) && within_module((unsigned long)thread->routine, look->mod))
		look->routine = thread->routine;
}

/* Whether a thread of the module is not over, and which routine it runs. */
bool wqc_thread_find(struct module *mod, void **routine)
{
	struct wqc_thread_look look = { .mod = mod };

	wqc_index_walk(&wqc_threads, wqc_thread_looks, &look);
	if (look.routine)
		*routine = look.routine;
	return look.routine;
}

static void wqc_thread_release(struct wqc_node *node)
{
	put_task_struct(wqc_thread(node)->task);
	kfree(wqc_thread(node));
}

/* No client is loaded any more, and no thread runs: what they did not close or dereference. */
void wqc_thread_exit(void)
{
	wqc_index_exit(&wqc_threads, wqc_thread_release);
}
