/* SPDX-License-Identifier: GPL-2.0 */
/*
 * wq_compat: the Windows kernel's worker-thread API for Linux kernel modules.
 *
 * A client includes this header, has a license compatible with the GPL, and names wq_compat's
 * Module.symvers in KBUILD_EXTRA_SYMBOLS. Each call has its kernel-doc at its implementation;
 * docs/semantics.md has the rules.
 */
#ifndef WQ_COMPAT_H
#define WQ_COMPAT_H

#include <linux/module.h>

#include "wq_types.h"

/*
 * WORK_QUEUE_TYPE, by the priority that Windows documents for it:
 *
 *  up to 12 - Delayed (12), Normal (8), Background (7), CustomPriorityWorkQueue
 *	+ 0..12: DelayedWorkQueue, threads of an unbound workqueue
 *  13, 14 - Critical (13), SuperCritical (14), + 13, 14: CriticalWorkQueue,
 *	threads of an unbound high-priority workqueue (nice -20)
 *  15 and up - HyperCritical (15), RealTime (18), + 15..31:
 *	HyperCriticalWorkQueue, SCHED_FIFO threads of the posting CPU
 *
 * The three sets of threads are separate: no class ever waits for a thread of another class.
 */

/* ---- executive work items ------------------------------------------------ */

/**
 * ExInitializeWorkItem - initialise an executive work item
 * @Item: a WORK_QUEUE_ITEM, or any structure with its members; not queued. Its
 *	routine may be running.
 * @Routine: the routine
 * @Context: for the routine
 *
 * A macro, as up to the Windows 7 headers, so that it accepts any structure with the members
 * List, WorkerRoutine and Parameter.
 *
 * Context: any IRQL; any.
 *
 * Follows: DDI wdm/nf-wdm-exinitializeworkitem.
 */
#define ExInitializeWorkItem(Item, Routine, Context)			\
	({								\
		__auto_type item_ = (Item);				\
									\
		item_->WorkerRoutine = (Routine);			\
		item_->Parameter = (Context);				\
		item_->List.Flink = NULL;				\
		(VOID)0;						\
	})

VOID ExQueueWorkItem(PWORK_QUEUE_ITEM WorkItem, WORK_QUEUE_TYPE QueueType);
BOOLEAN ExTryQueueWorkItem(PWORK_QUEUE_ITEM WorkItem, WORK_QUEUE_TYPE QueueType);

/* ---- I/O work items ------------------------------------------------------ */

ULONG IoSizeofWorkItem(void);
PIO_WORKITEM IoAllocateWorkItem(PDEVICE_OBJECT DeviceObject);
VOID IoFreeWorkItem(PIO_WORKITEM IoWorkItem);
VOID IoInitializeWorkItem(PVOID IoObject, PIO_WORKITEM IoWorkItem);
VOID IoUninitializeWorkItem(PIO_WORKITEM IoWorkItem);
VOID IoQueueWorkItem(PIO_WORKITEM IoWorkItem, PIO_WORKITEM_ROUTINE WorkerRoutine,
		     WORK_QUEUE_TYPE QueueType, PVOID Context);
VOID IoQueueWorkItemEx(PIO_WORKITEM IoWorkItem, PIO_WORKITEM_ROUTINE_EX WorkerRoutine,
		       WORK_QUEUE_TYPE QueueType, PVOID Context);
BOOLEAN IoTryQueueWorkItem(PIO_WORKITEM IoWorkItem, PIO_WORKITEM_ROUTINE_EX WorkerRoutine,
			   WORK_QUEUE_TYPE QueueType, PVOID Context);

/* ---- objects ------------------------------------------------------------- */

NTSTATUS IoCreateDevice(PDRIVER_OBJECT DriverObject, ULONG DeviceExtensionSize,
			PUNICODE_STRING DeviceName, DEVICE_TYPE DeviceType,
			ULONG DeviceCharacteristics, BOOLEAN Exclusive,
			PDEVICE_OBJECT *DeviceObject);
VOID IoDeleteDevice(PDEVICE_OBJECT DeviceObject);
VOID ObReferenceObject(PVOID Object);
VOID ObDereferenceObject(PVOID Object);

/* ---- RDBSS worker queues ------------------------------------------------- */

NTSTATUS RxInitializeDispatcher(void);
NTSTATUS RxTearDownDispatcher(void);
NTSTATUS RxInitializeMRxDispatcher(PRDBSS_DEVICE_OBJECT pMRxDeviceObject);
NTSTATUS RxSpinDownMRxDispatcher(PRDBSS_DEVICE_OBJECT pMRxDeviceObject);
NTSTATUS NTAPI RxPostToWorkerThread(PRDBSS_DEVICE_OBJECT pMRxDeviceObject,
				    WORK_QUEUE_TYPE WorkQueueType,
				    PRX_WORK_QUEUE_ITEM pWorkQueueItem,
				    PRX_WORKERTHREAD_ROUTINE Routine, PVOID pContext);
NTSTATUS NTAPI RxDispatchToWorkerThread(PRDBSS_DEVICE_OBJECT pMRxDeviceObject,
					WORK_QUEUE_TYPE WorkQueueType,
					PRX_WORKERTHREAD_ROUTINE Routine, PVOID pContext);
BOOLEAN NTAPI RxIsWorkItemQueued(PWORK_QUEUE_ITEM WorkItem);

/* ---- RDBSS timers -------------------------------------------------------- */

NTSTATUS NTAPI RxInitializeRxTimer(void);
VOID NTAPI RxTearDownRxTimer(void);
NTSTATUS NTAPI RxPostOneShotTimerRequest(PRDBSS_DEVICE_OBJECT pMRxDeviceObject,
					 PRX_WORK_ITEM pWorkItem,
					 PRX_WORKERTHREAD_ROUTINE Routine, PVOID pContext,
					 LARGE_INTEGER TimeInterval);
NTSTATUS NTAPI RxPostRecurrentTimerRequest(PRDBSS_DEVICE_OBJECT pMRxDeviceObject,
					   PRX_WORKERTHREAD_ROUTINE Routine, PVOID pContext,
					   LARGE_INTEGER TimeInterval);
NTSTATUS NTAPI RxCancelTimerRequest(PRDBSS_DEVICE_OBJECT pMRxDeviceObject,
				    PRX_WORKERTHREAD_ROUTINE Routine, PVOID pContext);

/* ---- RDBSS log ----------------------------------------------------------- */

NTSTATUS RxInitializeLog(void);
VOID RxUninitializeLog(void);
VOID _RxPrintLog(ULONG EntriesToPrint);
VOID _RxPauseLog(void);
VOID _RxResumeLog(void);
VOID _RxLog(PCSTR Format, ...);

/**
 * RxLog - log in debug builds of the client: RDBSSLOG and DBG are defined
 * @Args: a format and its arguments in parentheses of their own:
 *	RxLog(("srv %lx %wZ", srv, &name))
 *
 * Follows: DDI rxlog/nf-rxlog-_rxlog and rxlog.h.
 */
#if defined(RDBSSLOG) && defined(DBG) && DBG
#define RxLog(Args)		(_RxLog Args)
#else
#define RxLog(Args)		do { } while (0)
#endif

/**
 * RxLogRetail - log in every build of the client that defines RDBSSLOG
 * @Args: as for RxLog()
 *
 * Follows: rxlog.h.
 */
#ifdef RDBSSLOG
#define RxLogRetail(Args)	(_RxLog Args)
#define RxPauseLog()		_RxPauseLog()
#define RxResumeLog()		_RxResumeLog()
#else
#define RxLogRetail(Args)	do { } while (0)
#define RxPauseLog()		do { } while (0)
#define RxResumeLog()		do { } while (0)
#endif

/* ---- waits at a module's load and removal --------------------------------- */

int wqc_module_loaded(struct module *mod, int err);
void wqc_module_left(struct module *mod);

/*
 * Hazard: an item outlives the text or data of its module (use-after-free). In a source that
 * includes this header, module_init() and module_exit() therefore wait for the module's items
 * after the module's function has returned: the init function for items in __init text or data,
 * and for all items if it has failed; the exit function for all items.
 *
 * A module whose source with these macros does not include this header is covered by a module
 * notifier, which waits, too. But a wait in a notifier can block other loads and removals of
 * modules: registering a notifier waits for it.
 *
 * The functions have the names of the aliases that the kernel's macros make. The reference to each
 * keeps objtool from sealing it (IBT). Nothing here depends on the kernel's version. A source that
 * defines WQC_PLAIN_MODULE keeps the kernel's macros.
 */
#if defined(MODULE) && !defined(WQC_PLAIN_MODULE)
#undef module_init
#define module_init(initfn)						\
	static void * __used __initdata wqc_init_entry = (void *)init_module; \
	int __init init_module(void)					\
	{								\
		initcall_t wqc_init_fn = initfn;			\
									\
		return wqc_module_loaded(THIS_MODULE, wqc_init_fn()); \
	}

#undef module_exit
#define module_exit(exitfn)						\
	static void * __used __exitdata wqc_exit_entry = (void *)cleanup_module; \
	void __exit cleanup_module(void)				\
	{								\
		exitcall_t wqc_exit_fn = exitfn;			\
									\
		wqc_exit_fn();						\
		wqc_module_left(THIS_MODULE);				\
	}
#endif

/* ---- a DriverEntry as a Linux module ------------------------------------- */

int wqc_driver_load_path(struct module *owner, PDRIVER_INITIALIZE entry, const char *path,
			 PDRIVER_OBJECT *driver);
int wqc_driver_load(struct module *owner, PDRIVER_INITIALIZE entry, PDRIVER_OBJECT *driver);
void wqc_driver_unload(PDRIVER_OBJECT driver);

/**
 * WQC_DRIVER - make a Linux module of a Windows driver
 * @entry: its DriverEntry
 *
 * module_init() calls @entry with a new DRIVER_OBJECT and the registry path
 * "\Registry\Machine\System\CurrentControlSet\Services\<module>"; an error status fails the
 * insmod. module_exit() calls DriverUnload, then waits until no item of the driver is queued or
 * running. A driver without a DriverUnload cannot be removed, as on Windows.
 */
#define WQC_DRIVER(entry)						\
	static PDRIVER_OBJECT wqc_this_driver;				\
	static int __init wqc_driver_init(void)				\
	{								\
		return wqc_driver_load(THIS_MODULE, entry, &wqc_this_driver); \
	}								\
	module_init(wqc_driver_init);					\
	static void __exit wqc_driver_exit(void)			\
	{								\
		wqc_driver_unload(wqc_this_driver);			\
	}								\
	module_exit(wqc_driver_exit)

#endif /* WQ_COMPAT_H */
