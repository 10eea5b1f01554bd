// SPDX-License-Identifier: GPL-2.0
/* Work items of minifilters. */
#include <linux/export.h>
#include <linux/slab.h>

#include "ex_pool.h"
#include "flt_filter.h"
#include "work.h"

#define NTC_FLT_WORK_TAG	0x57746c46	/* "FltW" */

/* In pool memory of the driver. The work outlives it if it is freed while it is queued. */
struct _FLT_GENERIC_WORKITEM {
	struct ntc_work *work;
};

/**
 * FltAllocateGenericWorkItem - allocate a work item
 *
 * An item that its driver does not free is reported at rmmod, as pool memory with the tag FltW.
 *
 * Context: IRQL <= DISPATCH_LEVEL; here as ExAllocatePool().
 * Return: the item, or NULL without memory.
 *
 * Follows: DDI fltkernel/nf-fltkernel-fltallocategenericworkitem.
 */
PFLT_GENERIC_WORKITEM FltAllocateGenericWorkItem(void)
{
	gfp_t gfp = (ntc_alloc_may_sleep() ? GFP_NOFS : GFP_ATOMIC) | __GFP_NOWARN;
	PFLT_GENERIC_WORKITEM item;
	struct ntc_work *work;

	work = kmalloc(sizeof(*work), gfp);
	if (!work)
		return NULL;
	item = ntc_pool_alloc(sizeof(*item), NTC_FLT_WORK_TAG, false, (void *)_RET_IP_);
	if (!item) {
		kfree(work);
		return NULL;
	}
	ntc_work_init(work, NULL);
	item->work = work;
	return item;
}
EXPORT_SYMBOL_GPL(FltAllocateGenericWorkItem);

/**
 * FltFreeGenericWorkItem - free a work item
 * @FltWorkItem: not queued; its routine may still run, and may be the caller
 *
 * A queued item is reported (0xE4/2) and does not run.
 *
 * Context: IRQL <= DISPATCH_LEVEL; here as ExFreePool().
 *
 * Follows: DDI fltkernel/nf-fltkernel-fltfreegenericworkitem.
 */
VOID FltFreeGenericWorkItem(PFLT_GENERIC_WORKITEM FltWorkItem)
{
	struct ntc_work_call call;
	struct ntc_work *work;

	if (!ntc_is_item_address(FltWorkItem)) {
		wqc_report(WQC_R_BAD_ITEM, "item %p, from %pS", FltWorkItem, (void *)_RET_IP_);
		return;
	}
	work = FltWorkItem->work;
	if (ntc_work_kill(work, &call)) {
		ExReleaseRundownProtection(call.held);
		wqc_report(WQC_R_FREED_QUEUED, "item %p, routine %ps, from %pS: does not run",
			   FltWorkItem, call.routine, (void *)_RET_IP_);
	} else {
		kfree(work);
	}
	ntc_pool_free(FltWorkItem, NTC_FLT_WORK_TAG, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(FltFreeGenericWorkItem);

/**
 * FltQueueGenericWorkItem - queue a work item
 * @FltWorkItem: from FltAllocateGenericWorkItem(), not queued
 * @FltObject: a filter from FltRegisterFilter()
 * @WorkerRoutine: gets the item, @FltObject and @Context; may free or queue the item
 * @QueueType: CriticalWorkQueue or DelayedWorkQueue; as for IoQueueWorkItem() the others are
 *	accepted, and an invalid type is reported (0xE4/6) and runs as DelayedWorkQueue
 * @Context: for the routine
 *
 * The filter is referenced until the routine has returned: FltUnregisterFilter() waits for that.
 * An item that is queued already (0xE4/1), and a routine that is NULL or a user address (0xE4/7),
 * are reported and not queued.
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any. Allocates nothing.
 * Return: STATUS_SUCCESS; STATUS_FLT_DELETING_OBJECT: @FltObject is no filter, or is being
 * unregistered; STATUS_INVALID_PARAMETER after a report. Not queued, in both cases.
 *
 * Follows: DDI fltkernel/nf-fltkernel-fltqueuegenericworkitem.
 */
NTSTATUS FltQueueGenericWorkItem(PFLT_GENERIC_WORKITEM FltWorkItem, PVOID FltObject,
				 PFLT_GENERIC_WORKITEM_ROUTINE WorkerRoutine,
				 WORK_QUEUE_TYPE QueueType, PVOID Context)
{
	struct ntc_work_call call = {
		.routine = WorkerRoutine,
		.args = { FltWorkItem, FltObject, Context },
		.item = FltWorkItem,
	};

	if (!ntc_is_item_address(FltWorkItem)) {
		wqc_report(WQC_R_BAD_ITEM, "item %p, routine %ps, from %pS", FltWorkItem,
			   WorkerRoutine, (void *)_RET_IP_);
		return STATUS_INVALID_PARAMETER;
	}
	if (!ntc_is_kernel_address(WorkerRoutine)) {
		wqc_report(WQC_R_BAD_ROUTINE, "item %p, routine %ps, from %pS", FltWorkItem,
			   WorkerRoutine, (void *)_RET_IP_);
		return STATUS_INVALID_PARAMETER;
	}
	if (QueueType >= MaximumWorkQueue &&
	    (unsigned int)QueueType - CustomPriorityWorkQueue > 31) {
		wqc_report(WQC_R_BAD_TYPE,
			   "queue type %u for %ps, from %pS: runs as DelayedWorkQueue", QueueType,
			   WorkerRoutine, (void *)_RET_IP_);
		QueueType = DelayedWorkQueue;
	}
	call.held = ntc_filter_get(FltObject);
	if (!call.held)
		return STATUS_FLT_DELETING_OBJECT;
	if (!ntc_work_queue(FltWorkItem->work, &call, QueueType)) {
		ExReleaseRundownProtection(call.held);
		wqc_report(WQC_R_QUEUED_TWICE, "item %p, routine %ps, from %pS", FltWorkItem,
			   WorkerRoutine, (void *)_RET_IP_);
		return STATUS_INVALID_PARAMETER;
	}
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(FltQueueGenericWorkItem);
