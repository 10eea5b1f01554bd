// SPDX-License-Identifier: GPL-2.0
/*
 * The front of the Rx* worker queues: check, claim, count, enqueue; and the
 * dispatcher of a mini-redirector, from its initialisation to its spin-down.
 *
 * A device's items are counted by a percpu_ref. Spin-down kills it: posts are
 * refused from then on, and when the last item has returned from its routine
 * the count reaches zero. A post that took its reference just before is counted
 * and waited for, so accepted is always ran.
 */
#include <linux/delay.h>
#include <linux/export.h>
#include <linux/irqflags.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/rculist.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "wq_internal.h"
#include "wq_queue.h"
#include "wq_trace.h"

LIST_HEAD(wqc_rx_devices);
static DEFINE_MUTEX(wqc_rx_mutex);	/* initialise, spin-down, dispatcher */
static unsigned int wqc_rx_users;	/* of the dispatcher; read without the mutex */
static struct wqc_rx_device **wqc_rx_table;	/* all of wqc_rx_devices; under RCU */
static u32 wqc_rx_count;			/* of them; read before the table */

static_assert(sizeof(RX_WORK_DISPATCH_ITEM) <= WQC_CACHE_SIZE);
static_assert(offsetof(RDBSS_DEVICE_OBJECT, DeviceObject) == 0);
static_assert(offsetof(RDBSS_DEVICE_OBJECT, DeviceExtension) ==
	      offsetof(DEVICE_OBJECT, DeviceExtension));

/* DispatcherContext.Private: a word that no memory holds by chance. */
static u64 wqc_rx_word(const struct wqc_rx_device *rx)
{
	return rx->index ^ wqc_key;
}

/*
 * What stands behind a device, or NULL. A word that is not ours is no index, as
 * good as certainly; and if it is one, it finds a device of ours, not this one.
 */
struct wqc_rx_device *wqc_rx_find(PRDBSS_DEVICE_OBJECT nt)
{
	u64 index = READ_ONCE(nt->DispatcherContext.Private) ^ wqc_key;
	struct wqc_rx_device *rx = NULL;

	rcu_read_lock();
	/* Pairs with the release in wqc_rx_new(): the table has so many. */
	if (likely(index < smp_load_acquire(&wqc_rx_count)))
		rx = READ_ONCE(wqc_rx_table)[index];
	rcu_read_unlock();
	return likely(rx && rx->nt == nt) ? rx : NULL;
}

/**
 * wqc_rx_get - reference a device for an item or timer
 * @nt: the device
 * @status: receives why not
 *
 * Context: any, with interrupts off.
 * Return: the device's state, or NULL.
 */
struct wqc_rx_device *wqc_rx_get(PRDBSS_DEVICE_OBJECT nt, NTSTATUS *status)
{
	struct wqc_rx_device *rx;

	if (unlikely(!wqc_is_routine(nt))) {
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

/* The three queue types that a redirector has; anything else is refused. */
static inline int wqc_rx_pool(WORK_QUEUE_TYPE type)
{
	switch ((unsigned int)type) {
	case CriticalWorkQueue:
		return WQC_RX_CRITICAL;
	case DelayedWorkQueue:
		return WQC_RX_DELAYED;
	case HyperCriticalWorkQueue:
		return WQC_HYPER;
	}
	return -1;
}

/* Context: any, with interrupts off: the posting CPU is the one read here. */
static __always_inline bool wqc_rx_post(struct wqc_rx_device *rx, enum wqc_pool_id pool,
					WORK_QUEUE_ITEM *item)
{
	return wqc_enqueue(this_cpu_ptr(wqc_queues) + pool, this_cpu_ptr(rx->lanes) + pool, item);
}

/* For the timer's expiry. Context: any, with interrupts off. */
void wqc_rx_enqueue(struct wqc_rx_device *rx, enum wqc_pool_id pool, WORK_QUEUE_ITEM *item)
{
	wqc_rx_post(rx, pool, item);
}

/* Every failure of a post or dispatch is logged, as the documents say. */
void wqc_rx_failed(PRDBSS_DEVICE_OBJECT nt, WORK_QUEUE_TYPE type, void *routine, NTSTATUS status)
{
	char name[64];

	trace_rx_failure(nt, type, routine, status);
	scnprintf(name, sizeof(name), "%ps", routine);
	_RxLog("not queued: device %p, queue type %ld, routine %s, status %lx\n", nt, type, name,
	       status);
}

static noinline NTSTATUS wqc_rx_refuse(PRDBSS_DEVICE_OBJECT nt, WORK_QUEUE_TYPE type,
				       void *routine, NTSTATUS status)
{
	int pool = wqc_rx_pool(type);
	struct wqc_queue *queue;
	unsigned long flags;

	local_irq_save(flags);
	queue = this_cpu_ptr(wqc_queues) + (pool < 0 ? WQC_RX_DELAYED : pool);
	raw_spin_lock(&queue->lock);
	queue->counter[WQC_REFUSED]++;
	raw_spin_unlock(&queue->lock);
	local_irq_restore(flags);
	wqc_rx_failed(nt, type, routine, status);
	return status;
}

/**
 * RxPostToWorkerThread - queue the caller's item for a mini-redirector
 * @pMRxDeviceObject: its device, initialised by RxInitializeMRxDispatcher()
 * @WorkQueueType: CriticalWorkQueue, DelayedWorkQueue or HyperCriticalWorkQueue
 * @pWorkQueueItem: nonpaged memory that stays until the routine is entered;
 *	initialised here, whatever it holds
 * @Routine: may free the item or post it again
 * @pContext: for the routine
 *
 * The routine runs on the CPU that posted, unless that CPU goes offline first.
 * The items of the devices that post on a CPU start in turn.
 *
 * Context: IRQL <= APC_LEVEL on Windows; here any: process, softirq, hard IRQ,
 * interrupts off, under a raw spinlock. Allocates nothing.
 * Return: STATUS_SUCCESS; otherwise the item is not queued and the failure is
 * logged: STATUS_INVALID_PARAMETER for a NULL pointer, another queue type, or an
 * item that is queued (reported, 0xE4/1); STATUS_REDIRECTOR_NOT_STARTED without
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
	int pool = wqc_rx_pool(WorkQueueType);
	WORK_QUEUE_ITEM *item;
	struct wqc_rx_device *rx;
	unsigned long flags;
	NTSTATUS status;
	bool kicked;

	if (unlikely(pool < 0 || !pWorkQueueItem || !wqc_is_routine(Routine)))
		return wqc_rx_refuse(pMRxDeviceObject, WorkQueueType, Routine,
				     STATUS_INVALID_PARAMETER);
	item = &pWorkQueueItem->WorkQueueItem;

	local_irq_save(flags);
	rx = wqc_rx_get(pMRxDeviceObject, &status);
	if (unlikely(!rx))
		goto refuse;
	if (unlikely(!wqc_claim(item, WQC_KIND_RX))) {
		wqc_ref_put(&rx->ref);
		status = STATUS_INVALID_PARAMETER;
		goto refuse;
	}
	item->WorkerRoutine = Routine;
	item->Parameter = pContext;
	pWorkQueueItem->pDeviceObject = pMRxDeviceObject;
	trace_item_queue(item, Routine, pContext, pool);
	kicked = wqc_rx_post(rx, pool, item);
	local_irq_restore(flags);
	wqc_resched(kicked);
	return STATUS_SUCCESS;

refuse:
	local_irq_restore(flags);
	if (status == STATUS_INVALID_PARAMETER && wqc_is_routine(pMRxDeviceObject))
		wqc_report(WQC_R_QUEUED_TWICE, "item %p, routine %ps, from %pS", item, Routine,
			   (void *)_RET_IP_);
	return wqc_rx_refuse(pMRxDeviceObject, WorkQueueType, Routine, status);
}
EXPORT_SYMBOL_GPL(RxPostToWorkerThread);

/**
 * RxDispatchToWorkerThread - have a routine called, without an item
 * @pMRxDeviceObject: as for RxPostToWorkerThread()
 * @WorkQueueType: as for RxPostToWorkerThread()
 * @Routine: what to call
 * @pContext: for the routine
 *
 * Context: as for RxPostToWorkerThread(). Allocates an item, atomically.
 * Return: STATUS_SUCCESS; otherwise the routine will not run and the failure is
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
	bool kicked;

	if (unlikely(pool < 0 || !wqc_is_routine(Routine)))
		return wqc_rx_refuse(pMRxDeviceObject, WorkQueueType, Routine,
				     STATUS_INVALID_PARAMETER);
	dispatch = wqc_cache_alloc();
	if (unlikely(!dispatch))
		return wqc_rx_refuse(pMRxDeviceObject, WorkQueueType, Routine,
				     STATUS_INSUFFICIENT_RESOURCES);
	local_irq_save(flags);
	rx = wqc_rx_get(pMRxDeviceObject, &status);
	if (unlikely(!rx))
		goto refuse;
	item = &dispatch->WorkQueueItem.WorkQueueItem;
	item->WorkerRoutine = Routine;
	item->Parameter = pContext;
	dispatch->WorkQueueItem.pDeviceObject = pMRxDeviceObject;
	dispatch->DispatchRoutine = Routine;
	dispatch->DispatchRoutineParameter = pContext;
	/* Ours alone until it is linked, so it needs no claim. */
	item->List.Flink = &item->List;
	WRITE_ONCE(*wqc_word(item), wqc_mark(&wqc_list_end, WQC_KIND_RX_DISPATCH));
	trace_item_queue(item, Routine, pContext, pool);
	kicked = wqc_rx_post(rx, pool, item);
	local_irq_restore(flags);
	wqc_resched(kicked);
	return STATUS_SUCCESS;

refuse:
	local_irq_restore(flags);
	wqc_cache_free(dispatch);
	return wqc_rx_refuse(pMRxDeviceObject, WorkQueueType, Routine, status);
}
EXPORT_SYMBOL_GPL(RxDispatchToWorkerThread);

/**
 * RxIsWorkItemQueued - whether an item waits in a queue
 * @WorkItem: any work item
 *
 * Of use only to who keeps others from posting it: the answer is old at once.
 *
 * Context: any.
 * Return: TRUE from the post until the routine is about to be entered.
 *
 * Follows: rxworkq.h of the Windows 7 WDK.
 */
BOOLEAN NTAPI RxIsWorkItemQueued(PWORK_QUEUE_ITEM WorkItem)
{
	return WorkItem && wqc_is_queued(WorkItem);
}
EXPORT_SYMBOL_GPL(RxIsWorkItemQueued);

/* ---- a mini-redirector's dispatcher -------------------------------------- */

/* May be called in any context, by whoever drops the last reference. */
static void wqc_rx_release(struct percpu_ref *ref)
{
	complete_all(&container_of(ref, struct wqc_rx_device, ref)->idle);
}

/* Room for one more in the table, which doubles when it is full. */
static bool wqc_rx_grow_table(void)
{
	struct wqc_rx_device **old = wqc_rx_table, **new;

	lockdep_assert_held(&wqc_rx_mutex);
	if (old && (wqc_rx_count < 16 || !is_power_of_2(wqc_rx_count)))
		return true;
	new = kvcalloc(max(2 * wqc_rx_count, 16U), sizeof(*new), GFP_KERNEL);
	if (!new)
		return false;
	if (old)
		memcpy(new, old, wqc_rx_count * sizeof(*new));
	/* Its content before itself; readers depend on the pointer. */
	smp_store_release(&wqc_rx_table, new);
	if (old) {
		synchronize_rcu();
		kvfree(old);
	}
	return true;
}

static struct wqc_rx_device *wqc_rx_new(PRDBSS_DEVICE_OBJECT nt)
{
	struct wqc_rx_device *rx;
	int cpu, id;

	rx = wqc_rx_grow_table() ? kzalloc(sizeof(*rx), GFP_KERNEL) : NULL;
	if (!rx)
		return NULL;
	rx->lanes = __alloc_percpu(sizeof(*rx->lanes) * WQC_NR_POOLS, SMP_CACHE_BYTES);
	if (!rx->lanes)
		goto free_rx;
	for_each_possible_cpu(cpu)
		for (id = 0; id < WQC_NR_POOLS; id++)
			per_cpu_ptr(rx->lanes, cpu)[id].rx = rx;
	if (percpu_ref_init(&rx->ref, wqc_rx_release, PERCPU_REF_ALLOW_REINIT, GFP_KERNEL))
		goto free_lanes;
	init_completion(&rx->idle);
	rx->nt = nt;
	list_add_tail_rcu(&rx->all, &wqc_rx_devices);
	rx->index = wqc_rx_count;
	wqc_rx_table[rx->index] = rx;
	/* The table and its entry before the count; see wqc_rx_find(). */
	smp_store_release(&wqc_rx_count, wqc_rx_count + 1);
	return rx;

free_lanes:
	free_percpu(rx->lanes);
free_rx:
	kfree(rx);
	return NULL;
}

/* The structure of this device, or of one that was at this address before. */
static struct wqc_rx_device *wqc_rx_known(PRDBSS_DEVICE_OBJECT nt)
{
	struct wqc_rx_device *rx;

	lockdep_assert_held(&wqc_rx_mutex);
	list_for_each_entry(rx, &wqc_rx_devices, all)
		if (rx->nt == nt)
			return rx;
	return NULL;
}

/* Is the caller one of the device's own routines? Looked up only here. */
static bool wqc_rx_is_own_routine(struct wqc_rx_device *rx)
{
	struct wqc_runner *runner;
	struct wqc_queue *queue;
	bool own = false;
	int cpu, id;

	for_each_possible_cpu(cpu) {
		for (id = WQC_HYPER; id < WQC_NR_POOLS; id++) {
			queue = wqc_queue_of(id, cpu);
			raw_spin_lock_irq(&queue->lock);
			list_for_each_entry(runner, &queue->runners, all)
				own |= runner->task == current && runner->call.routine &&
				       runner->call.ref == &rx->ref;
			raw_spin_unlock_irq(&queue->lock);
		}
	}
	return own;
}

/**
 * RxInitializeMRxDispatcher - let a device's items be posted
 * @pMRxDeviceObject: the device; also one that has been spun down
 *
 * A device that is active stays as it is. A spin-down that is under way is
 * waited for.
 *
 * Context: IRQL PASSIVE_LEVEL; here process context, sleeps.
 * Return: STATUS_SUCCESS; STATUS_INVALID_PARAMETER for NULL;
 * STATUS_INSUFFICIENT_RESOURCES without memory; STATUS_UNSUCCESSFUL, with a
 * report, from a routine of the device while it is being spun down.
 *
 * Follows: rxworkq.h.
 */
NTSTATUS RxInitializeMRxDispatcher(PRDBSS_DEVICE_OBJECT pMRxDeviceObject)
{
	NTSTATUS status = STATUS_SUCCESS;
	struct wqc_object *object;
	struct wqc_rx_device *rx;
	u32 gen;

	if (!wqc_is_routine(pMRxDeviceObject))
		return STATUS_INVALID_PARAMETER;
	mutex_lock(&wqc_rx_mutex);
	rx = wqc_rx_known(pMRxDeviceObject);
	/* Until the last of them has seen @idle: it is about to be made anew. */
	while (rx && rx->waiters) {
		mutex_unlock(&wqc_rx_mutex);
		if (wqc_rx_is_own_routine(rx)) {
			wqc_report(WQC_R_SELF_WAIT,
				   "device %p initialised by its own routine, from %pS: refused",
				   pMRxDeviceObject, (void *)_RET_IP_);
			return STATUS_UNSUCCESSFUL;
		}
		fsleep(USEC_PER_MSEC);
		mutex_lock(&wqc_rx_mutex);
	}
	if (!rx) {
		rx = wqc_rx_new(pMRxDeviceObject);
		if (!rx)
			status = STATUS_INSUFFICIENT_RESOURCES;
	} else if (rx->state == WQC_RX_DOWN) {
		reinit_completion(&rx->idle);
		percpu_ref_reinit(&rx->ref);
		rx->state = WQC_RX_ACTIVE;
	}
	if (rx) {
		object = wqc_object_find(pMRxDeviceObject, &gen);
		rx->owner = object ? object->owner : NULL;
		WRITE_ONCE(pMRxDeviceObject->DispatcherContext.Private, wqc_rx_word(rx));
	}
	mutex_unlock(&wqc_rx_mutex);
	return status;
}
EXPORT_SYMBOL_GPL(RxInitializeMRxDispatcher);

static NTSTATUS wqc_rx_spin_down(struct wqc_rx_device *rx, unsigned long caller)
{
	if (wqc_rx_is_own_routine(rx)) {
		wqc_report(WQC_R_SELF_WAIT,
			   "spin-down of device %p by its own routine, from %pS: refused", rx->nt,
			   (void *)caller);
		return STATUS_UNSUCCESSFUL;
	}
	mutex_lock(&wqc_rx_mutex);
	if (rx->state == WQC_RX_ACTIVE) {
		rx->state = WQC_RX_SPINNING_DOWN;
		percpu_ref_kill(&rx->ref);
	}
	rx->waiters++;
	mutex_unlock(&wqc_rx_mutex);

	wqc_rx_timers_cancel(rx, NULL);
	wait_for_completion(&rx->idle);

	mutex_lock(&wqc_rx_mutex);
	rx->state = WQC_RX_DOWN;
	rx->waiters--;
	mutex_unlock(&wqc_rx_mutex);
	return STATUS_SUCCESS;
}

/**
 * RxSpinDownMRxDispatcher - refuse a device's items, and wait for those there are
 * @pMRxDeviceObject: the device
 *
 * Posts and dispatches are refused from the beginning of the call on. Pending
 * timer requests of the device are cancelled. Returns when the last routine has
 * returned; two callers at once both wait. The device can be initialised again.
 *
 * Context: IRQL <= APC_LEVEL; here process context, sleeps.
 * Return: STATUS_SUCCESS, also for a device that is down already;
 * STATUS_INVALID_PARAMETER for NULL; STATUS_DEVICE_NOT_READY for a device that
 * was never initialised; STATUS_UNSUCCESSFUL, with a report, if the caller is a
 * routine of this device, which would wait for itself.
 *
 * Follows: DDI rxworkq/nf-rxworkq-rxspindownmrxdispatcher.
 */
NTSTATUS RxSpinDownMRxDispatcher(PRDBSS_DEVICE_OBJECT pMRxDeviceObject)
{
	struct wqc_rx_device *rx;

	if (!wqc_is_routine(pMRxDeviceObject))
		return STATUS_INVALID_PARAMETER;
	rx = wqc_rx_find(pMRxDeviceObject);
	return rx ? wqc_rx_spin_down(rx, _RET_IP_) : STATUS_DEVICE_NOT_READY;
}
EXPORT_SYMBOL_GPL(RxSpinDownMRxDispatcher);

/* ---- the dispatcher that all share --------------------------------------- */

/**
 * RxInitializeDispatcher - start the dispatcher
 *
 * Redirectors share it: each calls this, and RxTearDownDispatcher() when it goes.
 *
 * Context: IRQL PASSIVE_LEVEL; here process context.
 * Return: STATUS_SUCCESS.
 *
 * Follows: rxworkq.h.
 */
NTSTATUS RxInitializeDispatcher(void)
{
	mutex_lock(&wqc_rx_mutex);
	WRITE_ONCE(wqc_rx_users, wqc_rx_users + 1);
	mutex_unlock(&wqc_rx_mutex);
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(RxInitializeDispatcher);

/**
 * RxTearDownDispatcher - the counterpart of RxInitializeDispatcher()
 *
 * The last one out refuses further posts and spins down whatever device is
 * still active.
 *
 * Context: IRQL PASSIVE_LEVEL; here process context, sleeps.
 * Return: STATUS_SUCCESS; STATUS_REDIRECTOR_NOT_STARTED if there is none;
 * STATUS_UNSUCCESSFUL, with a report, from a routine of a device that would have
 * to be spun down.
 *
 * Follows: rxworkq.h.
 */
NTSTATUS RxTearDownDispatcher(void)
{
	NTSTATUS status = STATUS_SUCCESS, one;
	struct wqc_rx_device *rx;
	unsigned int left;

	mutex_lock(&wqc_rx_mutex);
	left = wqc_rx_users;
	if (left)
		WRITE_ONCE(wqc_rx_users, left - 1);
	mutex_unlock(&wqc_rx_mutex);
	if (!left)
		return STATUS_REDIRECTOR_NOT_STARTED;
	if (left > 1)
		return STATUS_SUCCESS;
	list_for_each_entry_lockless(rx, &wqc_rx_devices, all) {
		if (READ_ONCE(rx->state) == WQC_RX_DOWN)
			continue;
		if (READ_ONCE(wqc_rx_users))
			break;	/* somebody came */
		one = wqc_rx_spin_down(rx, _RET_IP_);
		if (one)
			status = one;
	}
	return status;
}
EXPORT_SYMBOL_GPL(RxTearDownDispatcher);

/* Every client is gone, and every item has returned. */
void wqc_rx_exit(void)
{
	struct wqc_rx_device *rx, *next;

	list_for_each_entry_safe(rx, next, &wqc_rx_devices, all) {
		percpu_ref_exit(&rx->ref);
		free_percpu(rx->lanes);
		kfree(rx);
	}
	kvfree(wqc_rx_table);
}
