// SPDX-License-Identifier: GPL-2.0
/*
 * Dispatchers of mini-redirectors: one for each device, from its initialisation to its spin-down,
 * and the one that all redirectors share.
 *
 * A percpu_ref counts the items of a device. Spin-down kills it: from then on posts are refused,
 * and the count reaches zero when the last routine has returned. A post that took its reference
 * just before the kill is counted and waited for, so every accepted item runs.
 *
 * Published without a lock:
 *  - the table of devices: see wqc_rx_at();
 *  - the state "down": the task that drops the last reference publishes it to the first waiter by
 *    complete(), and each waiter to the next. percpu_ref orders every put before the last one, so
 *    a waiter sees all that the device's routines wrote.
 */
#include <linux/delay.h>
#include <linux/export.h>
#include <linux/hashtable.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/rculist.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "../core/cache.h"
#include "../core/names.h"
#include "../core/queue.h"
#include "../core/unload.h"
#include "dispatcher.h"
#include "pending.h"
#include "timer.h"

/* A spin-down checks at this interval whether it waits for lost items. */
#define WQC_SETTLE_LOOK	(HZ / 2)
#define WQC_SETTLE_LOOKS 4		/* checks in a row that must agree */

static DEFINE_MUTEX(wqc_rx_mutex);	/* initialise, spin-down, dispatcher */
static LIST_HEAD(wqc_rx_devices);	/* under the mutex: devices are added, never removed */
static DEFINE_HASHTABLE(wqc_rx_by_nt, 10);	/* under the mutex: all devices, by address */
struct wqc_rx_device **wqc_rx_table;
u32 wqc_rx_count;
u32 wqc_rx_open;
unsigned int wqc_rx_users;

/*
 * The value of DispatcherContext.Private. wqc_mark_key is random, so stale or uninitialised memory
 * almost never decodes to a valid index.
 */
static u64 wqc_rx_word(const struct wqc_rx_device *rx)
{
	return rx->index ^ wqc_mark_key;
}

/*
 * Runs wherever the last reference is dropped: in any context, including hard interrupts and
 * under raw locks. complete_all() wakes any number of tasks and therefore asserts that it is not
 * called in hard interrupt context. complete() wakes one task, which wakes the next one: see
 * wqc_rx_wait().
 */
static void wqc_rx_release(struct percpu_ref *ref)
{
	complete(&container_of(ref, struct wqc_rx_device, ref)->idle);
}

/* Makes room for one more device. The table doubles when it is full. */
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
	/* Publishes the content. Readers have an address dependency on the pointer. */
	smp_store_release(&wqc_rx_table, new);
	if (old) {
		synchronize_rcu();
		kvfree(old);
	}
	return true;
}

/* The fast path, wqc_rx_get_fast(), reads one number: it covers index and users. */
static void wqc_rx_set_open(void)
{
	lockdep_assert_held(&wqc_rx_mutex);
	/* Pairs with wqc_rx_at(). */
	smp_store_release(&wqc_rx_open, wqc_rx_users ? wqc_rx_count : 0);
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
			per_cpu_ptr(rx->lanes, cpu)[id].ref = &rx->ref;
	if (percpu_ref_init(&rx->ref, wqc_rx_release, PERCPU_REF_ALLOW_REINIT, GFP_KERNEL))
		goto free_lanes;
	init_completion(&rx->idle);
	INIT_LIST_HEAD(&rx->queued);
	rx->nt = nt;
	list_add_tail_rcu(&rx->all, &wqc_rx_devices);
	hash_add(wqc_rx_by_nt, &rx->by_nt, (unsigned long)nt);
	rx->index = wqc_rx_count;
	wqc_rx_table[rx->index] = rx;
	/* Publishes the table and its entry before the counts: see wqc_rx_at(). */
	smp_store_release(&wqc_rx_count, wqc_rx_count + 1);
	wqc_rx_set_open();
	return rx;

free_lanes:
	free_percpu(rx->lanes);
free_rx:
	kfree(rx);
	return NULL;
}

/* Finds the structure of this device, or of a former device at the same address. */
static struct wqc_rx_device *wqc_rx_known(PRDBSS_DEVICE_OBJECT nt)
{
	struct wqc_rx_device *rx;

	lockdep_assert_held(&wqc_rx_mutex);
	hash_for_each_possible(wqc_rx_by_nt, rx, by_nt, (unsigned long)nt)
		if (rx->nt == nt)
			return rx;
	return NULL;
}

/*
 * Calls @look for each queue that can have items of the device, with the queue's lock held.
 * Bound of a hold: the runners of one queue, at most max_runners_cpu or max_runners_rt.
 */
static void wqc_rx_each_queue(struct wqc_rx_device *rx,
			      void (*look)(struct wqc_rx_device *rx, struct wqc_queue *queue,
					   void *result), void *result)
{
	struct wqc_queue *queue;
	int cpu, id;

	for_each_possible_cpu(cpu) {
		for (id = WQC_POOL_HYPER; id < WQC_NR_POOLS; id++) {
			queue = wqc_queue_of(id, cpu);
			wqc_queue_lock_irq(queue);
			look(rx, queue, result);
			wqc_queue_unlock_irq(queue);
		}
	}
}

static struct wqc_lane *wqc_rx_lane(struct wqc_rx_device *rx, struct wqc_queue *queue)
{
	return per_cpu_ptr(rx->lanes, queue->cpu) + (queue->pool - wqc_pools);
}

static void wqc_rx_find_self(struct wqc_rx_device *rx, struct wqc_queue *queue, void *result)
{
	struct wqc_runner *runner;
	bool *own = result;

	list_for_each_entry(runner, &queue->runners, all)
		if (runner->call.routine && runner->task == current &&
		    runner->call.ref == &rx->ref)
			*own = true;
}

/* Is the caller one of the device's own routines? A slow path: searches all queues. */
static bool wqc_rx_is_own_routine(struct wqc_rx_device *rx)
{
	bool own = false;

	wqc_rx_each_queue(rx, wqc_rx_find_self, &own);
	return own;
}

/**
 * RxInitializeMRxDispatcher - let a device's items be posted
 * @pMRxDeviceObject: the device; also one that has been spun down
 *
 * An active device is left unchanged. If the device is being spun down, waits until that
 * has ended.
 *
 * Context: IRQL PASSIVE_LEVEL; here process context, sleeps.
 * Return: STATUS_SUCCESS; STATUS_INVALID_PARAMETER for NULL;
 * STATUS_INSUFFICIENT_RESOURCES without memory; STATUS_UNSUCCESSFUL, with a report, if a
 * routine of the device calls this while the device is being spun down (deadlock), and at
 * DISPATCH_LEVEL or above.
 *
 * Follows: rxworkq.h.
 */
NTSTATUS RxInitializeMRxDispatcher(PRDBSS_DEVICE_OBJECT pMRxDeviceObject)
{
	NTSTATUS status = STATUS_SUCCESS;
	struct wqc_object *object;
	struct wqc_rx_device *rx;
	u32 gen;

	if (!wqc_is_kernel_address(pMRxDeviceObject))
		return STATUS_INVALID_PARAMETER;
	if (!wqc_may_sleep(__func__, (void *)_RET_IP_))
		return STATUS_UNSUCCESSFUL;
	mutex_lock(&wqc_rx_mutex);
	rx = wqc_rx_known(pMRxDeviceObject);
	/* reinit_completion() below must not race with a waiter that has not seen @idle yet. */
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
	if (!rx)
		rx = wqc_rx_new(pMRxDeviceObject);
	if (!rx || !wqc_rx_fill_reserve(rx)) {
		status = STATUS_INSUFFICIENT_RESOURCES;
	} else if (rx->state == WQC_RX_DOWN) {
		reinit_completion(&rx->idle);
		percpu_ref_reinit(&rx->ref);
		WRITE_ONCE(rx->state, WQC_RX_ACTIVE);
	}
	if (!status) {
		object = wqc_object_find(pMRxDeviceObject, &gen);
		WRITE_ONCE(rx->owner, object ? READ_ONCE(object->owner) : NULL);
		WRITE_ONCE(pMRxDeviceObject->DispatcherContext.Private, wqc_rx_word(rx));
	}
	mutex_unlock(&wqc_rx_mutex);
	return status;
}
EXPORT_SYMBOL_GPL(RxInitializeMRxDispatcher);

static void wqc_rx_find_unrest(struct wqc_rx_device *rx, struct wqc_queue *queue, void *result)
{
	struct wqc_runner *runner;
	bool *rest = result;

	if (wqc_rx_lane(rx, queue)->head)
		*rest = false;
	list_for_each_entry(runner, &queue->runners, all)
		if (runner->state == WQC_RUNNER_DRAINING && runner->call.ref == &rx->ref)
			*rest = false;
}

/* No item of the device waits or runs, and none of its timer requests is pending. */
static bool wqc_rx_is_at_rest(struct wqc_rx_device *rx)
{
	bool rest = !READ_ONCE(rx->timers);

	wqc_rx_each_queue(rx, wqc_rx_find_unrest, &rest);
	return rest;
}

/*
 * Puts the references of lost items. If a client clears an item in the middle of a lane and posts
 * it again, the items behind it are lost, and their devices are unknown. The references of these
 * items would block the spin-down for ever. A device that is being spun down takes no new
 * references, so when none of its items waits or runs, the remaining count is the number of lost
 * items. References that are held only briefly, as by RxCancelTimerRequest(), do not outlast
 * WQC_SETTLE_LOOKS checks that find the same count.
 */
static void wqc_rx_settle(struct wqc_rx_device *rx, long *seen, unsigned int *looks)
{
	long left;

	rcu_barrier();		/* the killed count has switched to atomic mode */
	left = atomic_long_read(&rx->ref.data->count);
	if (left <= 0 || left != *seen || !wqc_rx_is_at_rest(rx)) {
		*seen = left;
		*looks = 0;
		return;
	}
	if (++*looks < WQC_SETTLE_LOOKS)
		return;
	pr_warn("wq_compat: spin-down of device %p: %ld items of it are lost and not waited for\n",
		rx->nt, left);
	percpu_ref_put_many(&rx->ref, left);
}

/* Notes a running routine of the device; if there is none, the first item of a lane. */
static void wqc_rx_note_blocker(struct wqc_rx_device *rx, struct wqc_queue *queue, void *result)
{
	WORK_QUEUE_ITEM *head = wqc_rx_lane(rx, queue)->head;
	struct wqc_blocker *waited = result;
	struct wqc_runner *runner;

	list_for_each_entry(runner, &queue->runners, all)
		if (!waited->pid && runner->call.routine && runner->call.ref == &rx->ref)
			wqc_blocker_note_runner(waited, queue, runner);
	if (!waited->name[0] && head && !wqc_item_is_cursor(head))
		wqc_blocker_note_item(waited, queue, head);
}

static void wqc_rx_warn_waiting(struct wqc_rx_device *rx)
{
	long left = atomic_long_read(&rx->ref.data->count);
	struct wqc_blocker waited = {};
	char who[64];

	snprintf(who, sizeof(who), "spin-down of device %p", rx->nt);
	wqc_rx_each_queue(rx, wqc_rx_note_blocker, &waited);
	if (wqc_blocker_warn(&waited, who))
		return;
	if (left > 0 && !completion_done(&rx->idle))
		pr_warn("wq_compat: %s waits for %ld items that are neither queued nor running\n",
			who, left);
	else if (left < 0)	/* still in percpu mode */
		pr_warn("wq_compat: %s waits for a grace period of RCU\n", who);
}

/* Returns when the last routine has returned. Does not wait for lost items. */
static void wqc_rx_wait(struct wqc_rx_device *rx)
{
	unsigned long say = jiffies + WQC_WARN_AFTER;
	unsigned int looks = 0;
	long seen = 0;

	while (!wait_for_completion_timeout(&rx->idle, WQC_SETTLE_LOOK)) {
		if (READ_ONCE(wqc_lost_unknown)) {
			mutex_lock(&wqc_rx_mutex);	/* one waiter at a time puts them */
			if (!completion_done(&rx->idle))
				wqc_rx_settle(rx, &seen, &looks);
			mutex_unlock(&wqc_rx_mutex);
		}
		if (time_after(jiffies, say)) {
			wqc_rx_warn_waiting(rx);
			say = jiffies + WQC_WARN_AGAIN;
		}
	}
	/* Wakes the next waiter. Later waiters, too, return until the device is initialised. */
	complete(&rx->idle);
}

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
		WRITE_ONCE(rx->state, WQC_RX_SPINNING_DOWN);
		percpu_ref_kill(&rx->ref);
	}
	rx->waiters++;
	mutex_unlock(&wqc_rx_mutex);

	wqc_rx_timers_cancel(rx, NULL);
	wqc_rx_wait(rx);

	mutex_lock(&wqc_rx_mutex);
	wqc_rx_trim_reserve(rx, WQC_RX_RESERVE);
	WRITE_ONCE(rx->state, WQC_RX_DOWN);
	rx->waiters--;
	mutex_unlock(&wqc_rx_mutex);
	return STATUS_SUCCESS;
}

/**
 * RxSpinDownMRxDispatcher - refuse new items of a device and wait for accepted ones
 * @pMRxDeviceObject: the device
 *
 * From the beginning of the call on, posts and dispatches are refused. Cancels the device's
 * pending timer requests. Returns when the last routine has returned; a long wait is logged
 * with the name of a routine that it waits for. Concurrent callers all wait. The device can be
 * initialised again.
 *
 * Context: IRQL <= APC_LEVEL; here process context, sleeps.
 * Return: STATUS_SUCCESS, also for a device that is down already;
 * STATUS_INVALID_PARAMETER for NULL; STATUS_DEVICE_NOT_READY for a device that
 * was never initialised; STATUS_UNSUCCESSFUL, with a report, if a routine of this device
 * calls this (deadlock: it would wait for itself), and at DISPATCH_LEVEL or above.
 *
 * Follows: DDI rxworkq/nf-rxworkq-rxspindownmrxdispatcher.
 */
NTSTATUS RxSpinDownMRxDispatcher(PRDBSS_DEVICE_OBJECT pMRxDeviceObject)
{
	struct wqc_rx_device *rx;

	if (!wqc_is_kernel_address(pMRxDeviceObject))
		return STATUS_INVALID_PARAMETER;
	if (!wqc_may_sleep(__func__, (void *)_RET_IP_))
		return STATUS_UNSUCCESSFUL;
	rx = wqc_rx_find(pMRxDeviceObject);
	return rx ? wqc_rx_spin_down(rx, _RET_IP_) : STATUS_DEVICE_NOT_READY;
}
EXPORT_SYMBOL_GPL(RxSpinDownMRxDispatcher);

/* ---- the shared dispatcher ------------------------------------------------ */

/**
 * RxInitializeDispatcher - start the dispatcher
 *
 * All redirectors share it. Each calls this at start and RxTearDownDispatcher() at unload.
 *
 * Context: IRQL PASSIVE_LEVEL; here process context, sleeps.
 * Return: STATUS_SUCCESS; STATUS_UNSUCCESSFUL, with a report, at DISPATCH_LEVEL or
 * above.
 *
 * Follows: rxworkq.h.
 */
NTSTATUS RxInitializeDispatcher(void)
{
	if (!wqc_may_sleep(__func__, (void *)_RET_IP_))
		return STATUS_UNSUCCESSFUL;
	mutex_lock(&wqc_rx_mutex);
	WRITE_ONCE(wqc_rx_users, wqc_rx_users + 1);
	wqc_rx_set_open();
	mutex_unlock(&wqc_rx_mutex);
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(RxInitializeDispatcher);

/**
 * RxTearDownDispatcher - the counterpart of RxInitializeDispatcher()
 *
 * The last redirector's call refuses further posts and spins down every device that is still
 * active.
 *
 * Context: IRQL PASSIVE_LEVEL; here process context, sleeps.
 * Return: STATUS_SUCCESS; STATUS_REDIRECTOR_NOT_STARTED if no dispatcher is started;
 * STATUS_UNSUCCESSFUL, with a report, if a routine of a device that must be spun down calls
 * this (deadlock), and at DISPATCH_LEVEL or above.
 *
 * Follows: rxworkq.h.
 */
NTSTATUS RxTearDownDispatcher(void)
{
	NTSTATUS status = STATUS_SUCCESS, one;
	struct wqc_rx_device *rx;
	unsigned int left;

	if (!wqc_may_sleep(__func__, (void *)_RET_IP_))
		return STATUS_UNSUCCESSFUL;
	mutex_lock(&wqc_rx_mutex);
	left = wqc_rx_users;
	if (left)
		WRITE_ONCE(wqc_rx_users, left - 1);
	wqc_rx_set_open();
	mutex_unlock(&wqc_rx_mutex);
	if (!left)
		return STATUS_REDIRECTOR_NOT_STARTED;
	if (left > 1)
		return STATUS_SUCCESS;
	list_for_each_entry_lockless(rx, &wqc_rx_devices, all) {
		if (READ_ONCE(rx->state) == WQC_RX_DOWN)
			continue;
		if (READ_ONCE(wqc_rx_users))
			break;	/* started again meanwhile */
		one = wqc_rx_spin_down(rx, _RET_IP_);
		if (one)
			status = one;
	}
	return status;
}
EXPORT_SYMBOL_GPL(RxTearDownDispatcher);

/*
 * The engine's walk over the devices' lanes in @queue. Lockless: devices are added to the list and
 * never removed (tests/litmus/rx-list.litmus).
 */
struct wqc_lane *wqc_rx_next_lane(struct wqc_queue *queue, void **cursor)
{
	enum wqc_pool_id id = queue->pool - wqc_pools;
	struct list_head *last = *cursor ?: &wqc_rx_devices, *next = READ_ONCE(last->next);
	struct wqc_rx_device *rx;

	/* No Rx* item is queued in these two pools. */
	if (id == WQC_POOL_DELAYED || id == WQC_POOL_CRITICAL || next == &wqc_rx_devices)
		return NULL;
	*cursor = next;
	rx = list_entry(next, struct wqc_rx_device, all);
	return per_cpu_ptr(rx->lanes, queue->cpu) + id;
}

/*
 * A device that IoCreateDevice() has not made has no owner, so an unload would not wait for its
 * items. If the device lies in the data of a module that is being unloaded, that module becomes
 * its owner. The ownership is never cleared. That is harmless if a later module is loaded at the
 * same address: it waits for a device that is never initialised again.
 */
void wqc_rx_adopt(struct module *mod)
{
	struct wqc_rx_device *rx;

	list_for_each_entry_lockless(rx, &wqc_rx_devices, all)
		if (wqc_in_module(rx->nt, mod))
			WRITE_ONCE(rx->owner, mod);
}

/* No client is loaded, and every routine has returned. */
void wqc_rx_exit(void)
{
	struct wqc_rx_device *rx, *next;

	list_for_each_entry_safe(rx, next, &wqc_rx_devices, all) {
		wqc_rx_trim_reserve(rx, 0);
		percpu_ref_exit(&rx->ref);
		free_percpu(rx->lanes);
		kfree(rx);
	}
	kvfree(wqc_rx_table);
}
