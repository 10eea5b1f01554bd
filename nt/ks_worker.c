// SPDX-License-Identifier: GPL-2.0
/*
 * Workers of kernel streaming: each runs the items that are queued to it, one after the other.
 *
 * An item of wq_compat runs one of them, and queues itself again while more wait, so that
 * wq_compat checks the thread after each of them. What waits is in ks_queue.c.
 */
#include <linux/completion.h>
#include <linux/export.h>
#include <linux/sched.h>

#include "ex_pool.h"
#include "ks_queue.h"
#include "work.h"

#define NTC_KS_TAG	0x6b57734b	/* "KsWk" */

/*
 * Use-after-free: when the lock is dropped after the last item, the worker may be freed. The
 * routine may have left interrupts disabled, which wq_compat is to see.
 */
static void ntc_ks_end(struct ntc_ks_worker *worker)
{
	unsigned long flags;
	bool orphan = false;

	raw_spin_lock_irqsave(&ntc_ks_lock, flags);
	worker->task = NULL;
	if (worker->first) {
		ExQueueWorkItem(&worker->item, worker->type);
	} else {
		worker->active = false;
		orphan = worker->orphan;
		if (worker->gone)
			ntc_ks_unlink(worker);
		if (worker->idle)
			complete(worker->idle);
	}
	raw_spin_unlock_irqrestore(&ntc_ks_lock, flags);
	if (orphan)
		ntc_pool_free(worker, NTC_KS_TAG, NULL);
}

/* No CFI: drivers pass routines of other types, see wqc_call_run(). */
static void __nocfi ntc_ks_run(void *parameter)
{
	struct ntc_ks_worker *worker = parameter;
	WORK_QUEUE_ITEM call;

	ntc_work_enter();
	if (ntc_ks_begin(worker, &call))
		call.WorkerRoutine(call.Parameter);
	ntc_ks_end(worker);
	ntc_work_leave();
}

enum ntc_ks_result { NTC_KS_QUEUED, NTC_KS_NO_WORKER, NTC_KS_QUEUED_TWICE };

static enum ntc_ks_result ntc_ks_queue(PKSWORKER address, PWORK_QUEUE_ITEM item)
{
	enum ntc_ks_result result = NTC_KS_QUEUED;
	struct ntc_ks_worker *worker;
	unsigned long flags;

	raw_spin_lock_irqsave(&ntc_ks_lock, flags);
	worker = ntc_ks_find(address);
	if (!worker) {
		result = NTC_KS_NO_WORKER;
	} else if (ntc_ks_item_waits(item) || !ntc_ks_append(worker, item)) {
		result = NTC_KS_QUEUED_TWICE;
	} else {
		if (!worker->active)
			ExQueueWorkItem(&worker->item, worker->type);
		worker->active = true;
	}
	raw_spin_unlock_irqrestore(&ntc_ks_lock, flags);
	return result;
}

static NTSTATUS ntc_ks_register(WORK_QUEUE_TYPE type, PWORK_QUEUE_ITEM counted, PKSWORKER *to,
				void *caller)
{
	struct ntc_ks_worker *worker;

	if (!to || (type != CriticalWorkQueue && type != DelayedWorkQueue &&
		    type != HyperCriticalWorkQueue))
		return STATUS_INVALID_PARAMETER;
	worker = ntc_pool_alloc(sizeof(*worker), NTC_KS_TAG, true, caller);
	if (!worker)
		return STATUS_INSUFFICIENT_RESOURCES;
	ExInitializeWorkItem(&worker->item, ntc_ks_run, worker);
	worker->type = type;
	worker->counted = counted;
	ntc_ks_link(worker);
	*to = worker;
	return STATUS_SUCCESS;
}

/**
 * KsRegisterWorker - register a worker
 * @WorkQueueType: CriticalWorkQueue, DelayedWorkQueue or HyperCriticalWorkQueue
 * @Worker: where the worker is stored
 *
 * A worker that its driver does not unregister is reported at rmmod, as pool memory with the tag
 * KsWk.
 *
 * Context: IRQL PASSIVE_LEVEL; here process context, may sleep.
 * Return: STATUS_SUCCESS; STATUS_INVALID_PARAMETER; STATUS_INSUFFICIENT_RESOURCES.
 *
 * Follows: DDI ks/nf-ks-ksregisterworker.
 */
NTSTATUS KsRegisterWorker(WORK_QUEUE_TYPE WorkQueueType, PKSWORKER *Worker)
{
	return ntc_ks_register(WorkQueueType, NULL, Worker, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(KsRegisterWorker);

/**
 * KsRegisterCountedWorker - register a worker with a counter
 * @WorkQueueType: as for KsRegisterWorker()
 * @CountedWorkItem: initialised; KsIncrementCountedWorker() queues it
 * @Worker: where the worker is stored
 *
 * Context: as KsRegisterWorker().
 * Return: as KsRegisterWorker().
 *
 * Follows: DDI ks/nf-ks-ksregistercountedworker.
 */
NTSTATUS KsRegisterCountedWorker(WORK_QUEUE_TYPE WorkQueueType, PWORK_QUEUE_ITEM CountedWorkItem,
				 PKSWORKER *Worker)
{
	if (!CountedWorkItem)
		return STATUS_INVALID_PARAMETER;
	return ntc_ks_register(WorkQueueType, CountedWorkItem, Worker, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(KsRegisterCountedWorker);

static NTSTATUS ntc_ks_queue_checked(PKSWORKER worker, PWORK_QUEUE_ITEM item, void *caller)
{
	void *routine;

	if (!ntc_is_item_address(item)) {
		wqc_report(WQC_R_BAD_ITEM, "item %p, from %pS", item, caller);
		return STATUS_INVALID_PARAMETER;
	}
	routine = READ_ONCE(item->WorkerRoutine);
	if (!ntc_is_kernel_address(routine)) {
		wqc_report(WQC_R_BAD_ROUTINE, "item %p, routine %ps, from %pS", item, routine,
			   caller);
		return STATUS_INVALID_PARAMETER;
	}
	switch (ntc_ks_queue(worker, item)) {
	case NTC_KS_QUEUED:
		return STATUS_SUCCESS;
	case NTC_KS_NO_WORKER:
		wqc_report(WQC_R_BAD_ITEM, "worker %p, item %p, from %pS", worker, item, caller);
		break;
	case NTC_KS_QUEUED_TWICE:
		wqc_report(WQC_R_QUEUED_TWICE, "item %p, routine %ps, from %pS", item, routine,
			   caller);
		break;
	}
	return STATUS_INVALID_PARAMETER;
}

/**
 * KsQueueWorkItem - queue an item to a worker
 * @Worker: from KsRegisterWorker() or KsRegisterCountedWorker()
 * @WorkItem: initialised by ExInitializeWorkItem(), and in no queue. May be freed, or queued again,
 *	when its routine is entered
 *
 * The worker runs its items one after the other, in the order of these calls. Not queued, with a
 * report: an item that waits in a worker already (0xE4/1); no worker, no item (0xE4/0); a routine
 * that is NULL or a user address (0xE4/7).
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any. Allocates nothing.
 * Return: STATUS_SUCCESS; STATUS_INVALID_PARAMETER after a report.
 *
 * Follows: DDI ks/nf-ks-ksqueueworkitem.
 */
NTSTATUS KsQueueWorkItem(PKSWORKER Worker, PWORK_QUEUE_ITEM WorkItem)
{
	return ntc_ks_queue_checked(Worker, WorkItem, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(KsQueueWorkItem);

static LONG ntc_ks_count(PKSWORKER address, LONG by, PWORK_QUEUE_ITEM *counted)
{
	struct ntc_ks_worker *worker;
	unsigned long flags;
	LONG count = 0;

	*counted = NULL;
	raw_spin_lock_irqsave(&ntc_ks_lock, flags);
	worker = ntc_ks_find(address);
	if (worker) {
		count = worker->count += by;
		*counted = worker->counted;
	}
	raw_spin_unlock_irqrestore(&ntc_ks_lock, flags);
	return count;
}

/**
 * KsIncrementCountedWorker - count a task, and queue the counted item for the first
 * @Worker: from KsRegisterCountedWorker(); else reported (0xE4/0)
 *
 * To be called after the task was added to the driver's list.
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any.
 * Return: the new count. 1: this call has queued the item.
 *
 * Follows: DDI ks/nf-ks-ksincrementcountedworker.
 */
ULONG KsIncrementCountedWorker(PKSWORKER Worker)
{
	PWORK_QUEUE_ITEM counted;
	LONG count = ntc_ks_count(Worker, 1, &counted);

	if (!counted)
		wqc_report(WQC_R_BAD_ITEM, "worker %p, from %pS", Worker, (void *)_RET_IP_);
	else if (count == 1)
		ntc_ks_queue_checked(Worker, counted, (void *)_RET_IP_);
	return count;
}
EXPORT_SYMBOL_GPL(KsIncrementCountedWorker);

/**
 * KsDecrementCountedWorker - a task is done
 * @Worker: from KsRegisterCountedWorker(); else reported (0xE4/0)
 *
 * Called by the counted item after each task. At 0 its routine returns: the next task queues it.
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any.
 * Return: the new count.
 *
 * Follows: DDI ks/nf-ks-ksdecrementcountedworker.
 */
ULONG KsDecrementCountedWorker(PKSWORKER Worker)
{
	PWORK_QUEUE_ITEM counted;
	LONG count = ntc_ks_count(Worker, -1, &counted);

	if (!counted)
		wqc_report(WQC_R_BAD_ITEM, "worker %p, from %pS", Worker, (void *)_RET_IP_);
	return count;
}
EXPORT_SYMBOL_GPL(KsDecrementCountedWorker);

/**
 * KsUnregisterWorker - unregister a worker
 * @Worker: from KsRegisterWorker() or KsRegisterCountedWorker(); else reported (0xE4/0)
 *
 * No item can be queued to it any more; waits until those that were have returned. An item of the
 * worker itself, for which that would be a deadlock, is reported, and the worker is freed when the
 * last item has returned; likewise at DISPATCH_LEVEL or above.
 *
 * Context: IRQL PASSIVE_LEVEL; here process context, sleeps.
 *
 * Follows: DDI ks/nf-ks-ksunregisterworker.
 */
VOID KsUnregisterWorker(PKSWORKER Worker)
{
	bool may_sleep = wqc_may_sleep(__func__, (void *)_RET_IP_);
	bool active = false, self = false, wait = false;
	DECLARE_COMPLETION_ONSTACK(idle);
	struct ntc_ks_worker *worker;
	unsigned long flags;

	raw_spin_lock_irqsave(&ntc_ks_lock, flags);
	worker = ntc_ks_find(Worker);
	if (worker) {
		worker->gone = true;
		ntc_ks_forget_counted(worker);
		active = worker->active;
		if (!active)
			ntc_ks_unlink(worker);
		self = worker->task == current;
		wait = active && !self && may_sleep;
		worker->orphan = active && !wait;
		if (wait)
			worker->idle = &idle;
	}
	raw_spin_unlock_irqrestore(&ntc_ks_lock, flags);
	if (!worker) {
		wqc_report(WQC_R_BAD_ITEM, "worker %p, from %pS", Worker, (void *)_RET_IP_);
		return;
	}
	if (self)
		wqc_report(WQC_R_SELF_WAIT, "%s, worker %p, from %pS", __func__, Worker,
			   (void *)_RET_IP_);
	if (wait) {
		wait_for_completion(&idle);
		/* The item holds the lock until its last access to the worker. */
		raw_spin_lock_irq(&ntc_ks_lock);
		raw_spin_unlock_irq(&ntc_ks_lock);
	}
	if (wait || !active)
		ntc_pool_free(worker, NTC_KS_TAG, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(KsUnregisterWorker);

