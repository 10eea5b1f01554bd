// SPDX-License-Identifier: GPL-2.0
/*
 * System threads: creation, end, and the objects that stand for them.
 *
 * A thread object is referenced by the thread itself until its routine is over, by its handle,
 * and by each ObReferenceObjectByHandle(). After its routine is over the kthread runs code of
 * this module only, so it holds a reference to this module until it has ended.
 *
 * A thread that PsCreateSystemThread() did not create, such as a worker, has no object: its
 * address is that of its task. While a driver holds a reference to it, ntc_thread_adopt() has
 * made an object for it, indexed by the task's address. The object holds a reference to the task,
 * so the address is not reused before the last reference is dropped.
 */
#include <linux/err.h>
#include <linux/export.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/pid.h>
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

static struct _OBJECT_TYPE ntc_thread_type = { "Thread" };
static POBJECT_TYPE ntc_thread_type_ptr = &ntc_thread_type;
POBJECT_TYPE *PsThreadType = &ntc_thread_type_ptr;
EXPORT_SYMBOL_GPL(PsThreadType);

DEFINE_NTC_INDEX(ntc_threads, 4);

static bool ntc_thread_ref(struct ntc_node *node)
{
	refcount_inc(&ntc_thread_from_node(node)->refs);
	return true;
}

static bool ntc_thread_unref(struct ntc_node *node)
{
	return refcount_dec_and_test(&ntc_thread_from_node(node)->refs);
}

/* Get a reference to the thread at an address that the driver passed; NULL: there is none. */
PKTHREAD ntc_thread_get(PVOID object)
{
	struct ntc_node *node = ntc_index_get(&ntc_threads, object, ntc_thread_ref);

	return node ? ntc_thread_from_node(node) : NULL;
}

/* Drop a reference. False: no thread at this address is referenced. */
bool ntc_thread_put_address(const void *object)
{
	struct ntc_node *node = ntc_index_take(&ntc_threads, object, ntc_thread_unref);

	if (IS_ERR_OR_NULL(node))
		return node;
	put_task_struct(ntc_thread_from_node(node)->task);
	kfree(ntc_thread_from_node(node));
	return true;
}

void ntc_thread_put(PKTHREAD thread)
{
	ntc_thread_put_address(thread->node.address);
}

bool ntc_thread_can_adopt(PVOID object)
{
	return object == current || object == current->group_leader;
}

/*
 * Reference the current thread, or its process, if it has no object yet. An interrupt may do so
 * at the same time: then two objects have one address, and each put drops a reference of either.
 * Without memory the task is leaked, because a task that is freed would leave the driver with a
 * dangling pointer (use-after-free).
 */
void ntc_thread_adopt(struct task_struct *task)
{
	PKTHREAD thread = kzalloc(sizeof(*thread), GFP_ATOMIC | __GFP_NOWARN);

	get_task_struct(task);
	if (!thread)
		return;
	refcount_set(&thread->refs, 1);
	thread->task = task;
	thread->over = true;
	thread->priority = NTC_NORMAL_PRIORITY;
	thread->node.address = task;
	ntc_index_add(&ntc_threads, &thread->node);
}

static bool ntc_thread_is_current(struct ntc_node *node)
{
	return ntc_thread_from_node(node)->task == current;
}

/*
 * The current task's thread object, without a reference; NULL: it has none. kthread_data() may be
 * the address of a freed object, because interrupts call this while the thread ends: so the
 * address is looked up in the index, not dereferenced.
 */
PKTHREAD ntc_thread_current(void)
{
	struct ntc_node *node;

	if (!ntc_thread_is_system())
		return NULL;
	node = ntc_index_get(&ntc_threads, kthread_data(current), ntc_thread_is_current);
	return node ? ntc_thread_from_node(node) : NULL;
}

/*
 * The kthread's exit sleeps: enable interrupts, softirqs and preemption if the routine has left
 * them disabled, as after a worker's routine (core/run.c).
 */
static void ntc_thread_lower_irql(PKTHREAD thread)
{
	if (!ntc_is_raised())
		return;
	if (irqs_disabled())
		local_irq_enable();
	while (softirq_count())
		local_bh_enable();
	preempt_count_set(0);
	wqc_report(WQC_R_THREAD_RAISED, "routine %ps", thread->routine);
}

/* End of a thread. No code of a driver runs from here on. */
static void __noreturn ntc_thread_end(PKTHREAD thread, NTSTATUS status)
{
	PVOID io_object = thread->io_object;

	ntc_thread_lower_irql(thread);
	ntc_mutex_abandon_all(current, thread->routine, true);
	ntc_region_end(current, thread->routine, true);
	thread->status = status;
	/* Pairs with ntc_thread_search_visit(): tests/litmus/nt-thread-over.litmus. */
	smp_store_release(&thread->over, true);
	ntc_header_set_state(&thread->Header, 1);
	ntc_thread_put(thread);
	if (io_object)
		ObfDereferenceObject(io_object);
	module_put_and_kthread_exit(0);
}

/* The routine is called as a function of one argument, whatever its type is: see core/run.h. */
static int __nocfi ntc_thread_main(void *arg)
{
	PKTHREAD thread = arg;

	thread->routine(thread->context);
	ntc_thread_end(thread, STATUS_SUCCESS);
}

/* Whether the current thread was created by PsCreateSystemThread(). */
bool ntc_thread_is_system(void)
{
	return current->flags & PF_KTHREAD && kthread_func(current) == ntc_thread_main;
}

static NTSTATUS ntc_thread_create(PHANDLE handle, PVOID io_object, CLIENT_ID *client,
				  PKSTART_ROUTINE routine, PVOID context)
{
	PKTHREAD thread = kzalloc(sizeof(*thread), GFP_KERNEL);

	if (!thread)
		return STATUS_INSUFFICIENT_RESOURCES;
	ntc_header_init(&thread->Header, NTC_THREAD, 0);
	refcount_set(&thread->refs, 2);		/* the thread's own, the handle's */
	thread->routine = routine;
	thread->context = context;
	thread->io_object = io_object;
	thread->priority = NTC_NORMAL_PRIORITY;
	thread->node.address = thread;
	thread->task = kthread_create(ntc_thread_main, thread, "%ps", routine);
	if (IS_ERR(thread->task)) {
		kfree(thread);
		return STATUS_INSUFFICIENT_RESOURCES;
	}
	get_task_struct(thread->task);
	if (!ntc_handle_open(thread, handle)) {
		kthread_stop(thread->task);	/* it has not run yet */
		put_task_struct(thread->task);
		kfree(thread);
		return STATUS_INSUFFICIENT_RESOURCES;
	}
	if (client) {
		client->UniqueProcess = NTC_SYSTEM_PROCESS_ID;
		client->UniqueThread = (HANDLE)(ULONG_PTR)task_pid_nr(thread->task);
	}
	if (io_object)
		ObfReferenceObject(io_object);
	ntc_index_add(&ntc_threads, &thread->node);
	__module_get(THIS_MODULE);		/* dropped when the kthread has ended */
	wake_up_process(thread->task);
	return STATUS_SUCCESS;
}

/**
 * PsCreateSystemThread - create a system thread
 * @ThreadHandle: receives a handle, for ObReferenceObjectByHandle() and ZwClose()
 * @DesiredAccess: not used
 * @ObjectAttributes: not used
 * @ProcessHandle: not used: all system threads are in one process
 * @ClientId: receives the thread's identifier; or NULL
 * @StartRoutine: the thread's routine; it ends by returning, or by
 *	PsTerminateSystemThread()
 * @StartContext: argument of @StartRoutine
 *
 * The module of @StartRoutine is not unloaded before the thread has ended.
 *
 * Context: IRQL PASSIVE_LEVEL; here process context, sleeps.
 * Return: STATUS_SUCCESS; STATUS_INSUFFICIENT_RESOURCES; STATUS_UNSUCCESSFUL, with a report, at
 * DISPATCH_LEVEL or above.
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
	return ntc_thread_create(ThreadHandle, NULL, ClientId, StartRoutine, StartContext);
}
EXPORT_SYMBOL_GPL(PsCreateSystemThread);

/**
 * IoCreateSystemThread - create a system thread that holds a reference to an object
 * @IoObject: a driver or device, referenced until the thread has ended
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
	return ntc_thread_create(ThreadHandle, IoObject, ClientId, StartRoutine, StartContext);
}
EXPORT_SYMBOL_GPL(IoCreateSystemThread);

/**
 * PsTerminateSystemThread - end the current thread
 * @ExitStatus: stored in the thread object
 *
 * In a thread of PsCreateSystemThread() the call does not return; at a raised IRQL it is reported
 * (0x20) first.
 *
 * Context: IRQL PASSIVE_LEVEL; here process context.
 * Return: STATUS_INVALID_PARAMETER in other threads, such as workers; STATUS_UNSUCCESSFUL, with a
 * report, in a DPC.
 *
 * Follows: DDI wdm/nf-wdm-psterminatesystemthread.
 */
NTSTATUS PsTerminateSystemThread(NTSTATUS ExitStatus)
{
	PKTHREAD thread = ntc_thread_current();

	if (!thread)
		return STATUS_INVALID_PARAMETER;
	/* A DPC would end the thread that it interrupts. */
	if (!in_task() && !wqc_may_sleep(__func__, (void *)_RET_IP_))
		return STATUS_UNSUCCESSFUL;
	ntc_thread_end(thread, ExitStatus);
}
EXPORT_SYMBOL_GPL(PsTerminateSystemThread);

/* ---- unloading --------------------------------------------------------- */

struct ntc_thread_search {
	struct module *mod;
	void *routine;
};

static void ntc_thread_search_visit(struct ntc_node *node, void *arg)
{
	PKTHREAD thread = ntc_thread_from_node(node);
	struct ntc_thread_search *look = arg;

	/* Pairs with ntc_thread_end(). */
	if (!smp_load_acquire(&thread->over) &&
	    within_module((unsigned long)thread->routine, look->mod))
		look->routine = thread->routine;
}

/* Whether a thread of the module has not ended, and its routine. */
bool ntc_thread_find_in_module(struct module *mod, void **routine)
{
	struct ntc_thread_search look = { .mod = mod };

	ntc_index_walk(&ntc_threads, ntc_thread_search_visit, &look);
	if (look.routine)
		*routine = look.routine;
	return look.routine;
}

static void ntc_thread_release(struct ntc_node *node)
{
	put_task_struct(ntc_thread_from_node(node)->task);
	kfree(ntc_thread_from_node(node));
}

/* No client is loaded, and no thread runs: frees the objects that clients did not dereference. */
void ntc_thread_exit(void)
{
	ntc_index_exit(&ntc_threads, ntc_thread_release);
}
