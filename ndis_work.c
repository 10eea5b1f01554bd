// SPDX-License-Identifier: GPL-2.0
/*
 * The work items of NDIS: I/O work items whose routines have other arguments.
 *
 * The routine of NDIS 6 gets its context and the item, that of NDIS 5 the item and its context. A
 * runner calls a routine with the object of its item, the context and the item. So the first
 * argument stands in the place of the object, which the item references by another member.
 */
#include <linux/export.h>

#include "core/cache.h"
#include "core/queue.h"
#include "include/wqc/ndis.h"
#include "wq_compat_io.h"

static_assert(sizeof(struct wqc_io_item) <= sizeof_field(NDIS_WORK_ITEM, WrapperReserved));
static_assert(IS_ALIGNED(offsetof(NDIS_WORK_ITEM, WrapperReserved),
			 __alignof__(struct wqc_io_item)));

/**
 * NdisAllocateIoWorkItem - allocate a work item of NDIS 6
 * @NdisObjectHandle: stands for the adapter or driver: a device object, or a driver object
 *
 * As IoAllocateWorkItem(). Any other object is reported when the item is queued (0xE4/3).
 *
 * Context: as for IoAllocateWorkItem().
 * Return: the item, or NULL without memory.
 *
 * Follows: DDI ndis/nf-ndis-ndisallocateioworkitem.
 */
NDIS_HANDLE NdisAllocateIoWorkItem(NDIS_HANDLE NdisObjectHandle)
{
	struct wqc_io_item *new = wqc_cache_alloc();

	if (new) {
		wqc_slot_of(new)->allocator = (void *)_RET_IP_;
		wqc_io_setup(new, NdisObjectHandle, WQC_IO_ALLOCATED, 0);
	}
	return new;
}
EXPORT_SYMBOL_GPL(NdisAllocateIoWorkItem);

/**
 * NdisQueueIoWorkItem - queue a work item of NDIS 6
 * @NdisIoWorkItemHandle: from NdisAllocateIoWorkItem(), not queued
 * @Routine: gets @WorkItemContext and the item
 * @WorkItemContext: for the routine
 *
 * As IoQueueWorkItemEx() with CriticalWorkQueue: the object is referenced until the routine has
 * returned, and the routine may free or queue its item. The misuses of IoQueueWorkItemEx() are
 * reported, and the item is not queued.
 *
 * Context: as for IoQueueWorkItem().
 *
 * Follows: DDI ndis/nf-ndis-ndisqueueioworkitem.
 */
VOID NdisQueueIoWorkItem(NDIS_HANDLE NdisIoWorkItemHandle, NDIS_IO_WORKITEM_ROUTINE Routine,
			 PVOID WorkItemContext)
{
	wqc_io_queue_first(NdisIoWorkItemHandle, Routine, WorkItemContext, CriticalWorkQueue,
			   NdisIoWorkItemHandle, _RET_IP_);
}
EXPORT_SYMBOL_GPL(NdisQueueIoWorkItem);

/**
 * NdisFreeIoWorkItem - free a work item of NDIS 6
 * @NdisIoWorkItemHandle: from NdisAllocateIoWorkItem()
 *
 * As IoFreeWorkItem().
 *
 * Context: as for IoFreeWorkItem().
 *
 * Follows: DDI ndis/nf-ndis-ndisfreeioworkitem.
 */
VOID NdisFreeIoWorkItem(NDIS_HANDLE NdisIoWorkItemHandle)
{
	if (unlikely(!wqc_is_kernel_address(NdisIoWorkItemHandle))) {
		wqc_report(WQC_R_BAD_ITEM, "item %p, from %pS", NdisIoWorkItemHandle,
			   (void *)_RET_IP_);
		return;
	}
	if (wqc_io_retire(wqc_io(NdisIoWorkItemHandle), WQC_IO_ALLOCATED,
			  "not from NdisAllocateIoWorkItem", _RET_IP_))
		wqc_cache_free(wqc_io(NdisIoWorkItemHandle));
}
EXPORT_SYMBOL_GPL(NdisFreeIoWorkItem);

/**
 * NdisInitializeWorkItem - initialise a work item of NDIS 5
 * @WorkItem: nonpaged memory of the driver, not queued; may be freed when the routine is entered
 * @Routine: gets @WorkItem and @Context
 * @Context: for the routine
 *
 * An item that is queued is reported (0xE4/1) and left unchanged.
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any.
 *
 * Follows: DDI ndis/nf-ndis-ndisinitializeworkitem (NDIS 5).
 */
VOID NdisInitializeWorkItem(PNDIS_WORK_ITEM WorkItem, NDIS_PROC Routine, PVOID Context)
{
	struct wqc_io_item *own = (void *)WorkItem->WrapperReserved;

	if (unlikely(!wqc_is_item_address(WorkItem))) {
		wqc_report(WQC_R_BAD_ITEM, "item %p, from %pS: not initialised", WorkItem,
			   (void *)_RET_IP_);
		return;
	}
	if (unlikely(wqc_item_is_queued(&own->item) && wqc_io_is_valid(own))) {
		wqc_report(WQC_R_INIT_QUEUED, "item %p, routine %ps, from %pS: left unchanged",
			   WorkItem, own->item.WorkerRoutine, (void *)_RET_IP_);
		return;
	}
	WorkItem->Context = Context;
	WorkItem->Routine = Routine;
	/* It has no object, so nothing is to be reported about that. */
	wqc_io_setup(own, NULL, WQC_IO_REPORTED, 0);
}
EXPORT_SYMBOL_GPL(NdisInitializeWorkItem);

/**
 * NdisScheduleWorkItem - queue a work item of NDIS 5
 * @WorkItem: from NdisInitializeWorkItem(), not queued
 *
 * As ExQueueWorkItem() with CriticalWorkQueue: no object is referenced, the storage belongs to the
 * driver again when the routine is entered, and the misuses of ExQueueWorkItem() are reported.
 *
 * Context: as for ExQueueWorkItem().
 * Return: NDIS_STATUS_SUCCESS, also after a misuse.
 *
 * Follows: DDI ndis/nf-ndis-ndisscheduleworkitem (NDIS 5).
 */
NDIS_STATUS NdisScheduleWorkItem(PNDIS_WORK_ITEM WorkItem)
{
	if (unlikely(!wqc_is_item_address(WorkItem)))
		wqc_report(WQC_R_BAD_ITEM, "item %p, from %pS", WorkItem, (void *)_RET_IP_);
	else
		wqc_io_queue_first((PIO_WORKITEM)WorkItem->WrapperReserved, WorkItem->Routine,
				   WorkItem, CriticalWorkQueue, WorkItem->Context, _RET_IP_);
	return NDIS_STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(NdisScheduleWorkItem);
