// SPDX-License-Identifier: GPL-2.0
/*
 * Device queues: entries that wait for a device, and whether the device is busy.
 *
 * An entry is inserted only while the device is busy. So an insertion that returns FALSE has made
 * the device busy, and its caller serves the entry; a removal that returns NULL has made it idle.
 * Both are one hold of the queue's lock: of two callers that find an idle device, one serves.
 *
 * The queue, with its lock, is in memory of a driver. Bound of a hold by key: the entries of the
 * queue, as on Windows, with softirqs off.
 */
#include <linux/export.h>

#include "nt.h"

static PKDEVICE_QUEUE_ENTRY ntc_device_entry(PLIST_ENTRY link)
{
	return CONTAINING_RECORD(link, KDEVICE_QUEUE_ENTRY, DeviceListEntry);
}

/* Reports a queue that was not initialised, whose list leads to no entry. */
static bool ntc_device_queue_is_valid(PKDEVICE_QUEUE queue, void *caller)
{
	if (queue->Type == WQC_TYPE_DEVICE_QUEUE)
		return true;
	wqc_report(WQC_R_BAD_DEVICE_QUEUE, "queue %p, from %pS", queue, caller);
	return false;
}

/**
 * KeInitializeDeviceQueue - initialise a device queue
 * @DeviceQueue: memory of any kind; DeviceQueue of a DEVICE_OBJECT is initialised already
 *
 * The device is not busy.
 *
 * Context: IRQL PASSIVE_LEVEL; here any context.
 *
 * Follows: DDI ntifs/nf-ntifs-keinitializedevicequeue.
 */
VOID KeInitializeDeviceQueue(PKDEVICE_QUEUE DeviceQueue)
{
	*DeviceQueue = (KDEVICE_QUEUE){
		.Type = WQC_TYPE_DEVICE_QUEUE,
		.Size = sizeof(*DeviceQueue),
	};
	InitializeListHead(&DeviceQueue->DeviceListHead);
	KeInitializeSpinLock(&DeviceQueue->Lock);
}
EXPORT_SYMBOL_GPL(KeInitializeDeviceQueue);

/* The link behind which an entry with this key belongs: behind all keys that are not larger. */
static PLIST_ENTRY ntc_device_queue_place(PKDEVICE_QUEUE queue, ULONG key)
{
	PLIST_ENTRY link = queue->DeviceListHead.Blink;

	while (link != &queue->DeviceListHead && ntc_device_entry(link)->SortKey > key)
		link = link->Blink;
	return link;
}

/* Without a key: at the tail. */
static BOOLEAN ntc_device_queue_insert(PKDEVICE_QUEUE queue, PKDEVICE_QUEUE_ENTRY entry,
				       const ULONG *key, void *caller)
{
	PLIST_ENTRY after;
	bool busy;
	KIRQL irql;

	if (!ntc_device_queue_is_valid(queue, caller))
		return FALSE;
	KeAcquireSpinLock(&queue->Lock, &irql);
	busy = queue->Busy;
	entry->SortKey = key ? *key : 0;
	entry->Inserted = busy;
	if (busy) {
		after = key ? ntc_device_queue_place(queue, *key) : queue->DeviceListHead.Blink;
		InsertHeadList(after, &entry->DeviceListEntry);
	}
	queue->Busy = TRUE;
	KeReleaseSpinLock(&queue->Lock, irql);
	return busy;
}

/**
 * KeInsertDeviceQueue - insert an entry at the tail if the device is busy, or make it busy
 * @DeviceQueue: the queue; one that was not initialised is reported
 * @DeviceQueueEntry: the entry; need not be initialised
 *
 * Context: IRQL DISPATCH_LEVEL; here process or softirq.
 * Return: FALSE if the device was not busy: it is now, and the entry is the caller's to serve.
 *
 * Follows: DDI ntifs/nf-ntifs-keinsertdevicequeue.
 */
BOOLEAN KeInsertDeviceQueue(PKDEVICE_QUEUE DeviceQueue, PKDEVICE_QUEUE_ENTRY DeviceQueueEntry)
{
	return ntc_device_queue_insert(DeviceQueue, DeviceQueueEntry, NULL, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(KeInsertDeviceQueue);

/**
 * KeInsertByKeyDeviceQueue - insert an entry by its key if the device is busy, or make it busy
 * @DeviceQueue: as for KeInsertDeviceQueue()
 * @DeviceQueueEntry: as for KeInsertDeviceQueue()
 * @SortKey: the entry is inserted behind all whose key is not larger
 *
 * Context: as for KeInsertDeviceQueue().
 * Return: as for KeInsertDeviceQueue().
 *
 * Follows: DDI ntifs/nf-ntifs-keinsertbykeydevicequeue.
 */
BOOLEAN KeInsertByKeyDeviceQueue(PKDEVICE_QUEUE DeviceQueue, PKDEVICE_QUEUE_ENTRY DeviceQueueEntry,
				 ULONG SortKey)
{
	return ntc_device_queue_insert(DeviceQueue, DeviceQueueEntry, &SortKey, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(KeInsertByKeyDeviceQueue);

/* The first entry, or the first whose key is not smaller than @key, if there is one. */
static PKDEVICE_QUEUE_ENTRY ntc_device_queue_next(PKDEVICE_QUEUE queue, const ULONG *key)
{
	PLIST_ENTRY head = &queue->DeviceListHead, link = head->Flink;

	if (IsListEmpty(head))
		return NULL;
	while (key && link != head && ntc_device_entry(link)->SortKey < *key)
		link = link->Flink;
	return ntc_device_entry(link == head ? head->Flink : link);
}

static PKDEVICE_QUEUE_ENTRY ntc_device_queue_remove(PKDEVICE_QUEUE queue, const ULONG *key,
						    void *caller)
{
	PKDEVICE_QUEUE_ENTRY entry;
	KIRQL irql;

	if (!ntc_device_queue_is_valid(queue, caller))
		return NULL;
	KeAcquireSpinLock(&queue->Lock, &irql);
	entry = ntc_device_queue_next(queue, key);
	if (entry) {
		RemoveEntryList(&entry->DeviceListEntry);
		entry->Inserted = FALSE;
	} else {
		queue->Busy = FALSE;
	}
	KeReleaseSpinLock(&queue->Lock, irql);
	return entry;
}

/**
 * KeRemoveDeviceQueue - remove the first entry, or make the device idle
 * @DeviceQueue: the queue; one that was not initialised is reported
 *
 * Context: IRQL DISPATCH_LEVEL; here process or softirq.
 * Return: the entry; NULL if the queue is empty: the device is not busy then.
 *
 * Follows: DDI ntifs/nf-ntifs-keremovedevicequeue.
 */
PKDEVICE_QUEUE_ENTRY KeRemoveDeviceQueue(PKDEVICE_QUEUE DeviceQueue)
{
	return ntc_device_queue_remove(DeviceQueue, NULL, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(KeRemoveDeviceQueue);

/**
 * KeRemoveByKeyDeviceQueue - remove the next entry by its key, or make the device idle
 * @DeviceQueue: as for KeRemoveDeviceQueue()
 * @SortKey: the first entry whose key is not smaller is removed; if there is none, the first
 *
 * Context: as for KeRemoveDeviceQueue().
 * Return: as for KeRemoveDeviceQueue().
 *
 * Follows: DDI ntifs/nf-ntifs-keremovebykeydevicequeue.
 */
PKDEVICE_QUEUE_ENTRY KeRemoveByKeyDeviceQueue(PKDEVICE_QUEUE DeviceQueue, ULONG SortKey)
{
	return ntc_device_queue_remove(DeviceQueue, &SortKey, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(KeRemoveByKeyDeviceQueue);

/**
 * KeRemoveByKeyDeviceQueueIfBusy - KeRemoveByKeyDeviceQueue(), for a device that may be idle
 * @DeviceQueue: as for KeRemoveDeviceQueue(). A device that is idle has an empty queue, so here
 *	this is the same
 * @SortKey: as for KeRemoveByKeyDeviceQueue()
 *
 * Context: as for KeRemoveDeviceQueue().
 * Return: as for KeRemoveDeviceQueue().
 *
 * Follows: DDI ntifs/nf-ntifs-keremovebykeydevicequeueifbusy.
 */
PKDEVICE_QUEUE_ENTRY KeRemoveByKeyDeviceQueueIfBusy(PKDEVICE_QUEUE DeviceQueue, ULONG SortKey)
{
	return ntc_device_queue_remove(DeviceQueue, &SortKey, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(KeRemoveByKeyDeviceQueueIfBusy);

/**
 * KeRemoveEntryDeviceQueue - remove an entry, wherever in the queue it is
 * @DeviceQueue: the queue; one that was not initialised is reported
 * @DeviceQueueEntry: was inserted before
 *
 * The device stays busy.
 *
 * Context: IRQL <= DISPATCH_LEVEL; here process or softirq.
 * Return: FALSE if it was removed already, or never waited.
 *
 * Follows: DDI ntifs/nf-ntifs-keremoveentrydevicequeue.
 */
BOOLEAN KeRemoveEntryDeviceQueue(PKDEVICE_QUEUE DeviceQueue, PKDEVICE_QUEUE_ENTRY DeviceQueueEntry)
{
	BOOLEAN inserted;
	KIRQL irql;

	if (!ntc_device_queue_is_valid(DeviceQueue, (void *)_RET_IP_))
		return FALSE;
	KeAcquireSpinLock(&DeviceQueue->Lock, &irql);
	inserted = DeviceQueueEntry->Inserted;
	if (inserted)
		RemoveEntryList(&DeviceQueueEntry->DeviceListEntry);
	DeviceQueueEntry->Inserted = FALSE;
	KeReleaseSpinLock(&DeviceQueue->Lock, irql);
	return inserted;
}
EXPORT_SYMBOL_GPL(KeRemoveEntryDeviceQueue);
