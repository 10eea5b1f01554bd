/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Of the filter manager: work items, and filters as the objects that they reference. No I/O reaches
 * a filter: of its callbacks only FilterUnloadCallback is called.
 */
#ifndef NTC_FLT_H
#define NTC_FLT_H

#include "../ntdef.h"
#include "../../wq_compat.h"
#include "resource.h"

#ifndef STATUS_FLT_DELETING_OBJECT
#define STATUS_FLT_DELETING_OBJECT	((NTSTATUS)0xC01C000B)
#endif

typedef struct _FLT_FILTER *PFLT_FILTER;
typedef struct _FLT_INSTANCE *PFLT_INSTANCE;
typedef struct _FLT_VOLUME *PFLT_VOLUME;
typedef struct _FLT_GENERIC_WORKITEM *PFLT_GENERIC_WORKITEM;

/* ---- filters ------------------------------------------------------------- */

#define FLT_REGISTRATION_VERSION	0x0203

typedef ULONG FLT_REGISTRATION_FLAGS;
typedef ULONG FLT_FILTER_UNLOAD_FLAGS;
#define FLTFL_FILTER_UNLOAD_MANDATORY	0x00000001

typedef NTSTATUS FLT_FILTER_UNLOAD_CALLBACK(FLT_FILTER_UNLOAD_FLAGS Flags);
typedef FLT_FILTER_UNLOAD_CALLBACK *PFLT_FILTER_UNLOAD_CALLBACK;

struct _FLT_CONTEXT_REGISTRATION;
struct _FLT_OPERATION_REGISTRATION;

typedef struct _FLT_REGISTRATION {
	USHORT Size;
	USHORT Version;
	FLT_REGISTRATION_FLAGS Flags;
	const struct _FLT_CONTEXT_REGISTRATION *ContextRegistration;
	const struct _FLT_OPERATION_REGISTRATION *OperationRegistration;
	PFLT_FILTER_UNLOAD_CALLBACK FilterUnloadCallback;
	PVOID InstanceSetupCallback;
	PVOID InstanceQueryTeardownCallback;
	PVOID InstanceTeardownStartCallback;
	PVOID InstanceTeardownCompleteCallback;
	PVOID GenerateFileNameCallback;
	PVOID NormalizeNameComponentCallback;
	PVOID NormalizeContextCleanupCallback;
	PVOID TransactionNotificationCallback;
	PVOID NormalizeNameComponentExCallback;
	PVOID SectionNotificationCallback;
} FLT_REGISTRATION, *PFLT_REGISTRATION;

NTSTATUS FltRegisterFilter(PDRIVER_OBJECT Driver, const FLT_REGISTRATION *Registration,
			   PFLT_FILTER *RetFilter);
NTSTATUS FltStartFiltering(PFLT_FILTER Filter);
VOID FltUnregisterFilter(PFLT_FILTER Filter);
NTSTATUS FltObjectReference(PVOID FltObject);
VOID FltObjectDereference(PVOID FltObject);

#define FltAcquireResourceExclusive(Resource)	\
	((VOID)ExEnterCriticalRegionAndAcquireResourceExclusive(Resource))
#define FltAcquireResourceShared(Resource)	\
	((VOID)ExEnterCriticalRegionAndAcquireResourceShared(Resource))
#define FltReleaseResource(Resource)		ExReleaseResourceAndLeaveCriticalRegion(Resource)

/* ---- work items ---------------------------------------------------------- */

typedef VOID FLT_GENERIC_WORKITEM_ROUTINE(PFLT_GENERIC_WORKITEM FltWorkItem, PVOID FltObject,
					  PVOID Context);
typedef FLT_GENERIC_WORKITEM_ROUTINE *PFLT_GENERIC_WORKITEM_ROUTINE;

PFLT_GENERIC_WORKITEM FltAllocateGenericWorkItem(void);
VOID FltFreeGenericWorkItem(PFLT_GENERIC_WORKITEM FltWorkItem);
NTSTATUS FltQueueGenericWorkItem(PFLT_GENERIC_WORKITEM FltWorkItem, PVOID FltObject,
				 PFLT_GENERIC_WORKITEM_ROUTINE WorkerRoutine,
				 WORK_QUEUE_TYPE QueueType, PVOID Context);

#endif /* NTC_FLT_H */
