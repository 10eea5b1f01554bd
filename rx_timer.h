/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What rx_timer.c and rx_pending.c share.
 */
#ifndef RX_TIMER_H
#define RX_TIMER_H

#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include "wq_internal.h"

/**
 * struct wqc_recurrent - a request that comes again
 * @item: its request; the bit WQC_RECURRENT of the due time is set
 * @rx: its device
 * @interval: ns
 * @cancelled: T: it runs no more
 * @pending: T: on the list of pending requests
 * @found: T: there, when the list was broken
 * @all: T: place on wqc_recurrents
 * @rcu: to free it under a lock
 *
 * T: under wqc_timer_lock.
 */
struct wqc_recurrent {
	RX_WORK_ITEM item;
	struct wqc_rx_device *rx;
	u64 interval;
	bool cancelled;
	bool pending;
	bool found;
	struct list_head all;
	struct rcu_head rcu;
};

#define WQC_RECURRENT	1ULL

extern raw_spinlock_t wqc_timer_lock;
extern struct list_head wqc_recurrents;		/* T */

/* LastTick and Options together, while the request is ours. */
static inline u64 wqc_due(const RX_WORK_ITEM *request)
{
	return (u64)request->Options << 32 | request->LastTick;
}

static inline RX_WORK_ITEM *wqc_request_of(WORK_QUEUE_ITEM *item)
{
	return container_of(item, RX_WORK_ITEM, WorkQueueItem.WorkQueueItem);
}

static inline struct wqc_recurrent *wqc_recurrent_of(WORK_QUEUE_ITEM *item)
{
	RX_WORK_ITEM *request = wqc_request_of(item);

	return wqc_due(request) & WQC_RECURRENT ?
		container_of(request, struct wqc_recurrent, item) : NULL;
}

/*
 * While it is pending, pDeviceObject is what stands behind the device: the device
 * may be gone by then, and List is no place for it, see ExInitializeWorkItem().
 */
static inline struct wqc_rx_device *wqc_request_rx(WORK_QUEUE_ITEM *item)
{
	return (void *)wqc_request_of(item)->WorkQueueItem.pDeviceObject;
}

void wqc_timer_unlock(unsigned long flags) __releases(&wqc_timer_lock);
WORK_QUEUE_ITEM *wqc_first_request(void);
WORK_QUEUE_ITEM *wqc_next_request(WORK_QUEUE_ITEM *item);
void wqc_add_request(struct wqc_rx_device *rx, WORK_QUEUE_ITEM *item, u64 due, bool recurrent);
void wqc_remove_request(WORK_QUEUE_ITEM *prev, WORK_QUEUE_ITEM *item);

#endif /* RX_TIMER_H */
