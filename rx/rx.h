/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The device of a mini-redirector, and the functions of rx_workq.c for the other files of rx/.
 */
#ifndef RX_RX_H
#define RX_RX_H

#include "../core/object.h"

struct wqc_request;

enum wqc_rx_state {
	WQC_RX_ACTIVE,
	WQC_RX_SPINNING_DOWN,
	WQC_RX_DOWN,
};

/**
 * struct wqc_rx_device - the private part of a device, found by its DispatcherContext
 * @ref: one while active, one for each item and timer request of the device
 * @owner: the module of its driver, if IoCreateDevice() made the device; see wqc_ref_owner()
 * @nt: I: the device; a structure is reused only for a device at the same address
 * @lanes: I: a lane in each queue of each CPU that Rx* items go to
 * @state: M
 * @waiters: M: tasks that wait for @idle
 * @idle: the last routine has returned
 * @all: M: place on the list of all devices
 * @index: I: place in wqc_rx_table
 * @by_nt: M: place in the hash table
 * @timers: T: the number of its pending requests
 * @reserved: T: the number of requests on @reserve
 * @queued: T: its requests that are due and in a lane
 * @reserve: T: its free requests
 *
 * I: constant after initialisation. M: under the mutex of rx/dispatcher.c. T: under
 * wqc_timer_lock.
 *
 * Never freed while the module is loaded, so a stale DispatcherContext is no use-after-free: it
 * finds a dead count.
 */
struct wqc_rx_device {
	struct percpu_ref ref;
	struct module *owner;
	PRDBSS_DEVICE_OBJECT nt;
	struct wqc_lane __percpu *lanes;	/* [WQC_NR_POOLS] */
	enum wqc_rx_state state;
	unsigned int waiters;
	struct completion idle;
	struct list_head all;
	u32 index;
	struct hlist_node by_nt;
	u32 timers;
	u32 reserved;
	struct list_head queued;
	struct wqc_request *reserve;
};

/* wqc_ref_owner() reads the owner of a reference without knowing the type of the structure. */
static_assert(offsetof(struct wqc_object, owner) == offsetof(struct wqc_rx_device, owner) &&
	      offsetof(struct wqc_object, ref) == offsetof(struct wqc_rx_device, ref));

struct wqc_rx_device *wqc_rx_find(PRDBSS_DEVICE_OBJECT nt);
struct wqc_rx_device *wqc_rx_get(PRDBSS_DEVICE_OBJECT nt, NTSTATUS *status);
void wqc_rx_enqueue(struct wqc_rx_device *rx, enum wqc_pool_id pool, WORK_QUEUE_ITEM *item,
		    unsigned long flags);
void wqc_rx_failed(PRDBSS_DEVICE_OBJECT nt, WORK_QUEUE_TYPE type, void *routine,
		   NTSTATUS status);

#endif /* RX_RX_H */
