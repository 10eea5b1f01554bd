/* SPDX-License-Identifier: GPL-2.0 */
/* Connecting to servers, and the process of RDBSS. */
#ifndef WQC_RXPROCS_H
#define WQC_RXPROCS_H

#include "ntifs.h"

/* Worker threads are kernel threads, and so in the process of RDBSS; users' threads are not. */
#define RxGetRDBSSProcess()	PsInitialSystemProcess

#define RxAllocatePoolWithTag(Type, Size, Tag)	ExAllocatePoolWithTag(Type, Size, Tag)
#define RxFreePool(Buffer)			ExFreePool(Buffer)

/* Traces only exist in debug builds of RDBSS itself. */
#define RxDbgTrace(Indent, Level, Args)		((VOID)0)

typedef struct _RX_CONTEXT *PRX_CONTEXT;
struct _MRX_SRVCALL_CALLBACK_CONTEXT;

typedef struct _MRX_SRV_CALL_ {
	PVOID Context;			/* owned by the mini-redirector */
	PVOID Context2;
	PRDBSS_DEVICE_OBJECT RxDeviceObject;
	PUNICODE_STRING pSrvCallName;
	PUNICODE_STRING pPrincipalName;
	PUNICODE_STRING pDomainName;
	ULONG Flags;
	LONG MaximumNumberOfCloseDelayedFiles;
	NTSTATUS Status;
} MRX_SRV_CALL, *PMRX_SRV_CALL;

typedef VOID (*PMRX_SRVCALL_CALLBACK)(struct _MRX_SRVCALL_CALLBACK_CONTEXT *Context);

typedef struct _MRX_SRVCALLDOWN_STRUCTURE {
	KEVENT FinishEvent;
	LIST_ENTRY SrvCalldownList;
	PRX_CONTEXT RxContext;
	PMRX_SRV_CALL SrvCall;
	PMRX_SRVCALL_CALLBACK CallBack;
	BOOLEAN SynchronousOperation;
	ULONG NumberRemaining;
	ULONG NumberToWait;
	ULONG BestFinisherOrdinal;
} MRX_SRVCALLDOWN_STRUCTURE, *PMRX_SRVCALLDOWN_STRUCTURE;

typedef struct _MRX_SRVCALL_CALLBACK_CONTEXT {
	PMRX_SRVCALLDOWN_STRUCTURE SrvCalldownStructure;
	ULONG CallbackContextOrdinal;
	PRDBSS_DEVICE_OBJECT RxDeviceObject;
	NTSTATUS Status;
	PVOID RecommunicateContext;
} MRX_SRVCALL_CALLBACK_CONTEXT, *PMRX_SRVCALL_CALLBACK_CONTEXT;

typedef NTSTATUS (NTAPI *PMRX_CREATE_SRVCALL)(PMRX_SRV_CALL SrvCall,
					      PMRX_SRVCALL_CALLBACK_CONTEXT CallbackContext);

#endif /* WQC_RXPROCS_H */
