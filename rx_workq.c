// SPDX-License-Identifier: GPL-2.0
/*
 * The Rx* worker queue calls: check, claim, reference, enqueue. rx/dispatcher.c has the devices
 * that items are posted for.
 */
#include <linux/export.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/rcupdate.h>

#include "core/cache.h"
#include "core/names.h"
#include "core/queue.h"
#include "core/ref.h"
#include "core/trace.h"
#include "rx/dispatcher.h"

static_assert(offsetof(RDBSS_DEVICE_OBJECT, DeviceObject) == 0);
static_assert(offsetof(RDBSS_DEVICE_OBJECT, DeviceExtension) ==
	      offsetof(DEVICE_OBJECT, DeviceExtension));

/*
 * Finds the structure of a device, or NULL. Under RCU, or with interrupts off.
 *
 * The device's Private member may hold arbitrary data. A random word almost never decodes to a
 * valid index; if it does, the back-pointer check fails.
 *
 * Three things are published without a lock: the table; a device, by its entry in it; and the
 * number of the entries. Writers hold the mutex and write in this order. For the count that was
 * read the table is the one that has the index, or a later one, and its entry is written. Proof:
 * tests/litmus/rx-table.litmus. A replaced table is freed after a grace period:
 * rx-table-grown.litmus.
 */
static __always_inline struct wqc_rx_device *wqc_rx_at(PRDBSS_DEVICE_OBJECT nt, const u32 *count)
{
	u64 index = READ_ONCE(nt->DispatcherContext.Private) ^ wqc_mark_key;
	struct wqc_rx_device *rx;

	/* Pairs with wqc_rx_new() and wqc_rx_set_open(): the table has as many entries. */
	if (unlikely(index >= smp_load_acquire(count)))
		return NULL;
	rx = READ_ONCE(wqc_rx_table)[index];
	return likely(rx->nt == nt) ? rx : NULL;
}

struct wqc_rx_device *wqc_rx_find(PRDBSS_DEVICE_OBJECT nt)
{
	struct wqc_rx_device *rx;

	rcu_read_lock();
	rx = wqc_rx_at(nt, &wqc_rx_count);
	rcu_read_unlock();
	return rx;
}

/* The fast path of wqc_rx_get(); NULL: take the slow path. Context: any, with interrupts off. */
static __always_inline struct wqc_rx_device *wqc_rx_get_fast(PRDBSS_DEVICE_OBJECT nt)
{
	struct wqc_rx_device *rx = wqc_rx_at(nt, &wqc_rx_open);
	unsigned long __percpu *count;

	return likely(rx && wqc_ref_get_fast(&rx->ref, &count)) ? rx : NULL;
}

/**
 * wqc_rx_get - reference a device for an item or timer request
 * @nt: the device
 * @status: receives the result of the call
 *
 * Context: any, with interrupts off.
 * Return: the device's structure, or NULL.
 */
struct wqc_rx_device *wqc_rx_get(PRDBSS_DEVICE_OBJECT nt, NTSTATUS *status)
{
	struct wqc_rx_device *rx;

	if (unlikely(!wqc_is_kernel_address(nt))) {
		*status = STATUS_INVALID_PARAMETER;
		return NULL;
	}
	if (unlikely(!READ_ONCE(wqc_rx_users))) {
		*status = STATUS_REDIRECTOR_NOT_STARTED;
		return NULL;
	}
	rx = wqc_rx_find(nt);
	if (unlikely(!rx)) {
		*status = STATUS_DEVICE_NOT_READY;
		return NULL;
	}
	if (unlikely(!wqc_ref_tryget_live(&rx->ref))) {
		*status = STATUS_INSUFFICIENT_RESOURCES;
		return NULL;
	}
	*status = STATUS_SUCCESS;
	return rx;
}

/*
 * The three queue types of a redirector: the pool, and its byte offsets in a CPU's queues and in a
 * device's lanes of that CPU.
 */
static const struct {
	u16 queue, lane;
	enum wqc_pool_id pool;
} wqc_rx_places[] = {
	[CriticalWorkQueue] = { WQC_POOL_CRITICAL_CPU * sizeof(struct wqc_queue),
				WQC_POOL_CRITICAL_CPU * sizeof(struct wqc_lane),
				WQC_POOL_CRITICAL_CPU },
	[DelayedWorkQueue] = { WQC_POOL_DELAYED_CPU * sizeof(struct wqc_queue),
			       WQC_POOL_DELAYED_CPU * sizeof(struct wqc_lane),
			       WQC_POOL_DELAYED_CPU },
	[HyperCriticalWorkQueue] = { WQC_POOL_HYPER * sizeof(struct wqc_queue),
				     WQC_POOL_HYPER * sizeof(struct wqc_lane), WQC_POOL_HYPER },
};

static_assert(WQC_NR_POOLS * sizeof(struct wqc_queue) <= U16_MAX &&
	      sizeof(wqc_rx_places[0]) == 8);	/* found by a shift */

static inline bool wqc_rx_is_type(WORK_QUEUE_TYPE type)
{
	return likely((unsigned int)type < ARRAY_SIZE(wqc_rx_places));
}

static inline int wqc_rx_pool(WORK_QUEUE_TYPE type)
{
	return wqc_rx_is_type(type) ? (int)wqc_rx_places[type].pool : -1;
}

/* Context: any, with interrupts off, so that this CPU stays the posting CPU. */
void wqc_rx_enqueue(struct wqc_rx_device *rx, enum wqc_pool_id pool, WORK_QUEUE_ITEM *item,
		    unsigned long flags)
{
	wqc_queue_append(this_cpu_ptr(wqc_queues) + pool, this_cpu_ptr(rx->lanes) + pool, 0, item,
			 flags);
}

static __always_inline void wqc_rx_enqueue_by_type(struct wqc_rx_device *rx,
						   WORK_QUEUE_TYPE type, WORK_QUEUE_ITEM *item,
						   unsigned long flags)
{
	unsigned int i = type;

	wqc_queue_append((void *)this_cpu_ptr(wqc_queues) + wqc_rx_places[i].queue,
			 (void *)this_cpu_ptr(rx->lanes) + wqc_rx_places[i].lane, 0, item, flags);
}

/* Logs a failed post, dispatch or timer request in the RxLog, as documented for Windows. */
void wqc_rx_failed(PRDBSS_DEVICE_OBJECT nt, WORK_QUEUE_TYPE type, void *routine, NTSTATUS status)
{
	char name[WQC_NAME_SIZE];

	trace_rx_failure(nt, type, routine, status);
	wqc_name_format(name, routine);
	_RxLog("not queued: device %p, queue type %ld, routine %s, status %lx\n", nt, type, name,
	       status);
}

static noinline NTSTATUS wqc_rx_refuse(PRDBSS_DEVICE_OBJECT nt, WORK_QUEUE_TYPE type,
				       void *routine, NTSTATUS status)
{
	int pool = wqc_rx_pool(type);

	wqc_queue_count_refused(pool < 0 ? WQC_POOL_DELAYED_CPU : pool);
	wqc_rx_failed(nt, type, routine, status);
	return status;
}

/* The slow path of RxPostToWorkerThread(). */
static noinline NTSTATUS wqc_rx_post(PRDBSS_DEVICE_OBJECT nt, WORK_QUEUE_TYPE type,
				     PRX_WORK_QUEUE_ITEM rx_item, PRX_WORKERTHREAD_ROUTINE routine,
				     PVOID context, unsigned long caller)
{
	int pool = wqc_rx_pool(type);
	WORK_QUEUE_ITEM *item;
	struct wqc_rx_device *rx;
	unsigned long flags;
	NTSTATUS status;

	if (pool < 0 || !wqc_is_item_address(rx_item) || !wqc_is_kernel_address(routine))
		return wqc_rx_refuse(nt, type, routine, STATUS_INVALID_PARAMETER);
	item = &rx_item->WorkQueueItem;

	local_irq_save(flags);
	rx = wqc_rx_get(nt, &status);
	if (!rx)
		goto refuse;
	if (!wqc_mark_claim(item, WQC_KIND_PLAIN)) {
		wqc_ref_put(&rx->ref);
		status = STATUS_INVALID_PARAMETER;
		goto refuse;
	}
	item->WorkerRoutine = routine;
	item->Parameter = context;
	rx_item->pDeviceObject = nt;
	trace_item_queue(item, routine, context, pool);
	wqc_rx_enqueue(rx, pool, item, flags);
	return STATUS_SUCCESS;

refuse:
	local_irq_restore(flags);
	if (status == STATUS_INVALID_PARAMETER && wqc_is_kernel_address(nt))
		wqc_report(WQC_R_QUEUED_TWICE, "item %p, routine %ps, from %pS", item, routine,
			   (void *)caller);
	return wqc_rx_refuse(nt, type, routine, status);
}

/**
 * RxPostToWorkerThread - queue the caller's item for a mini-redirector
 * @pMRxDeviceObject: its device, initialised by RxInitializeMRxDispatcher()
 * @WorkQueueType: CriticalWorkQueue, DelayedWorkQueue or HyperCriticalWorkQueue
 * @pWorkQueueItem: nonpaged memory, valid until the routine is entered; initialised here,
 *	whatever it holds
 * @Routine: may free the item or post it again
 * @pContext: for the routine
 *
 * The routine runs on the posting CPU, unless that CPU goes offline first. The devices that post
 * on a CPU are served in turn (round robin), so that no device starves another.
 *
 * Context: IRQL <= APC_LEVEL on Windows; here any: process, softirq, hard IRQ,
 * interrupts off, under a raw spinlock. Allocates nothing.
 * Return: STATUS_SUCCESS; otherwise the item is not queued and the failure is
 * logged: STATUS_INVALID_PARAMETER for a NULL pointer, any other queue type, or an
 * item that is queued already (reported, 0xE4/1); STATUS_REDIRECTOR_NOT_STARTED without
 * RxInitializeDispatcher(); STATUS_DEVICE_NOT_READY for a device that was never
 * initialised; STATUS_INSUFFICIENT_RESOURCES while and after it is spun down.
 *
 * Follows: DDI rxworkq/nf-rxworkq-rxposttoworkerthread.
 */
NTSTATUS NTAPI RxPostToWorkerThread(PRDBSS_DEVICE_OBJECT pMRxDeviceObject,
				    WORK_QUEUE_TYPE WorkQueueType,
				    PRX_WORK_QUEUE_ITEM pWorkQueueItem,
				    PRX_WORKERTHREAD_ROUTINE Routine, PVOID pContext)
{
	struct wqc_rx_device *rx;
	unsigned long flags;

	if (unlikely(!wqc_is_item_address(pWorkQueueItem) ||
		     !wqc_is_kernel_address(pMRxDeviceObject) ||
		     !wqc_is_kernel_address(Routine) || !wqc_rx_is_type(WorkQueueType) ||
		     trace_item_queue_enabled()))
		goto slowly;
	local_irq_save(flags);
	/* Before the claim: a refused item is left unchanged. */
	rx = wqc_rx_get_fast(pMRxDeviceObject);
	if (unlikely(!rx))
		goto restore;
	if (unlikely(!wqc_mark_claim_clean(&pWorkQueueItem->WorkQueueItem, WQC_KIND_PLAIN)))
		goto put;
	pWorkQueueItem->WorkQueueItem.WorkerRoutine = Routine;
	pWorkQueueItem->WorkQueueItem.Parameter = pContext;
	pWorkQueueItem->pDeviceObject = pMRxDeviceObject;
	wqc_rx_enqueue_by_type(rx, WorkQueueType, &pWorkQueueItem->WorkQueueItem, flags);
	return STATUS_SUCCESS;

put:
	wqc_ref_put_fast(&rx->ref);
restore:
	local_irq_restore(flags);
slowly:
	return wqc_rx_post(pMRxDeviceObject, WorkQueueType, pWorkQueueItem, Routine, pContext,
			   _RET_IP_);
}
EXPORT_SYMBOL_GPL(RxPostToWorkerThread);

/**
 * RxDispatchToWorkerThread - call a routine in a worker thread, without a caller's item
 * @pMRxDeviceObject: as for RxPostToWorkerThread()
 * @WorkQueueType: as for RxPostToWorkerThread()
 * @Routine: the routine
 * @pContext: for the routine
 *
 * Context: as for RxPostToWorkerThread(). Allocates an item in the way of IoAllocateWorkItem():
 * at PASSIVE_LEVEL it may sleep for memory.
 * Return: STATUS_SUCCESS; otherwise the routine does not run and the failure is
 * logged: STATUS_INSUFFICIENT_RESOURCES without memory, or as for
 * RxPostToWorkerThread().
 *
 * Follows: DDI rxworkq/nf-rxworkq-rxdispatchtoworkerthread.
 */
NTSTATUS NTAPI RxDispatchToWorkerThread(PRDBSS_DEVICE_OBJECT pMRxDeviceObject,
					WORK_QUEUE_TYPE WorkQueueType,
					PRX_WORKERTHREAD_ROUTINE Routine, PVOID pContext)
{
	int pool = wqc_rx_pool(WorkQueueType);
	PRX_WORK_DISPATCH_ITEM dispatch;
	struct wqc_rx_device *rx;
	WORK_QUEUE_ITEM *item;
	unsigned long flags;
	NTSTATUS status;

	if (unlikely(pool < 0 || !wqc_is_kernel_address(Routine)))
		return wqc_rx_refuse(pMRxDeviceObject, WorkQueueType, Routine,
				     STATUS_INVALID_PARAMETER);
	dispatch = wqc_cache_alloc();
	if (unlikely(!dispatch))
		return wqc_rx_refuse(pMRxDeviceObject, WorkQueueType, Routine,
				     STATUS_INSUFFICIENT_RESOURCES);
	local_irq_save(flags);
	rx = wqc_is_kernel_address(pMRxDeviceObject) ? wqc_rx_get_fast(pMRxDeviceObject) : NULL;
	if (unlikely(!rx)) {
		rx = wqc_rx_get(pMRxDeviceObject, &status);
		if (!rx)
			goto refuse;
	}
	item = &dispatch->WorkQueueItem.WorkQueueItem;
	item->WorkerRoutine = Routine;
	item->Parameter = pContext;
	dispatch->WorkQueueItem.pDeviceObject = pMRxDeviceObject;
	dispatch->DispatchRoutine = Routine;
	dispatch->DispatchRoutineParameter = pContext;
	/* Not visible to other callers until it is linked, so it needs no claim. */
	item->List.Flink = &item->List;
	WRITE_ONCE(*wqc_mark_word(item), wqc_mark_make(&wqc_lane_end, WQC_KIND_OWN_ENTRY));
	trace_item_queue(item, Routine, pContext, pool);
	wqc_rx_enqueue_by_type(rx, WorkQueueType, item, flags);
	return STATUS_SUCCESS;

refuse:
	local_irq_restore(flags);
	wqc_cache_free(dispatch);
	return wqc_rx_refuse(pMRxDeviceObject, WorkQueueType, Routine, status);
}
EXPORT_SYMBOL_GPL(RxDispatchToWorkerThread);

/**
 * RxIsWorkItemQueued - check whether an item is queued
 * @WorkItem: any work item
 *
 * The result may be stale when the call returns, unless the caller prevents concurrent posts.
 *
 * Context: any.
 * Return: TRUE from the post until just before the routine is entered.
 *
 * Follows: rxworkq.h of the Windows 7 WDK.
 */
BOOLEAN NTAPI RxIsWorkItemQueued(PWORK_QUEUE_ITEM WorkItem)
{
	return wqc_is_kernel_address(WorkItem) && wqc_item_is_queued(WorkItem);
}
EXPORT_SYMBOL_GPL(RxIsWorkItemQueued);
