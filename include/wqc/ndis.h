/* SPDX-License-Identifier: GPL-2.0 */
/* Of NDIS: its work items. */
#ifndef NTC_NDIS_H
#define NTC_NDIS_H

#include "../../wq_compat.h"

typedef int NDIS_STATUS, *PNDIS_STATUS;
typedef PVOID NDIS_HANDLE, *PNDIS_HANDLE;

#ifndef NDIS_STATUS_SUCCESS
#define NDIS_STATUS_SUCCESS	((NDIS_STATUS)STATUS_SUCCESS)
#endif

/* ---- NDIS 6 -------------------------------------------------------------- */

typedef VOID NDIS_IO_WORKITEM(PVOID WorkItemContext, NDIS_HANDLE NdisIoWorkItemHandle);
typedef NDIS_IO_WORKITEM *NDIS_IO_WORKITEM_ROUTINE;
typedef NDIS_IO_WORKITEM NDIS_IO_WORKITEM_FUNCTION;

NDIS_HANDLE NdisAllocateIoWorkItem(NDIS_HANDLE NdisObjectHandle);
VOID NdisQueueIoWorkItem(NDIS_HANDLE NdisIoWorkItemHandle, NDIS_IO_WORKITEM_ROUTINE Routine,
			 PVOID WorkItemContext);
VOID NdisFreeIoWorkItem(NDIS_HANDLE NdisIoWorkItemHandle);

/* ---- NDIS 5 -------------------------------------------------------------- */

struct _NDIS_WORK_ITEM;
typedef VOID (*NDIS_PROC)(struct _NDIS_WORK_ITEM *WorkItem, PVOID Context);

typedef struct _NDIS_WORK_ITEM {
	PVOID Context;
	NDIS_PROC Routine;
	UCHAR WrapperReserved[8 * sizeof(PVOID)];	/* wq_compat's */
} NDIS_WORK_ITEM, *PNDIS_WORK_ITEM;

VOID NdisInitializeWorkItem(PNDIS_WORK_ITEM WorkItem, NDIS_PROC Routine, PVOID Context);
NDIS_STATUS NdisScheduleWorkItem(PNDIS_WORK_ITEM WorkItem);

#endif /* NTC_NDIS_H */
