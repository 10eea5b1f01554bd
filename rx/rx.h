/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The private side of Rx*: what rx_workq.c, rx/dispatcher.c, rx/timer.c, rx/pending.c and
 * rx/log.c have between them, and what the queues and the search for an unload need of it.
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
 * struct wqc_rx_device - what stands behind a device's DispatcherContext
 * @ref: one while active, one for every item and timer of the device
 * @owner: the module of its driver, if IoCreateDevice() made it; see wqc_ref_owner()
 * @nt: I: the device; a structure is used again only for the same one
 * @lanes: a lane in each queue of each CPU that Rx* items go to
 * @state: under rx/dispatcher.c's mutex
 * @waiters: under the same: who waits for @idle
 * @idle: the last item has returned
 * @all: place on wqc_rx_devices
 * @index: I: its place in rx/dispatcher.c's table
 * @by_nt: under rx/dispatcher.c's mutex: place in its hash table
 * @timers: under rx/pending.c's lock: its pending requests
 * @queued: under the same: its requests that are due and wait in a lane
 * @reserve: under the same: requests that are nobody's
 * @reserved: under the same: so many
 *
 * Never freed while the module is loaded: a stale DispatcherContext finds a
 * dead count.
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

/* A reference is on one or the other: see wqc_ref_owner(). */
static_assert(offsetof(struct wqc_object, owner) == offsetof(struct wqc_rx_device, owner) &&
	      offsetof(struct wqc_object, ref) == offsetof(struct wqc_rx_device, ref));

extern struct list_head wqc_rx_devices;	/* only ever added to */
extern struct wqc_rx_device **wqc_rx_table;	/* all of them; under RCU */
extern u32 wqc_rx_count;		/* of them */
extern u32 wqc_rx_open;			/* the same, 0 without users; read before the table */
extern unsigned int wqc_rx_users;	/* of the dispatcher; read without its mutex */
struct wqc_rx_device *wqc_rx_find(PRDBSS_DEVICE_OBJECT nt);
struct wqc_rx_device *wqc_rx_get(PRDBSS_DEVICE_OBJECT nt, NTSTATUS *status);
void wqc_rx_enqueue(struct wqc_rx_device *rx, enum wqc_pool_id pool, WORK_QUEUE_ITEM *item,
		    unsigned long flags);
void wqc_rx_failed(PRDBSS_DEVICE_OBJECT nt, WORK_QUEUE_TYPE type, void *routine,
		   NTSTATUS status);
struct wqc_lane *wqc_rx_next_lane(struct wqc_queue *queue, void **cursor);
void wqc_rx_adopt(struct module *mod);
void wqc_rx_exit(void);

/* One-shot timer requests of a device that need no memory: it has them from the beginning. */
#define WQC_RX_RESERVE	16

unsigned int wqc_rx_timers_cancel(struct wqc_rx_device *rx, struct module *mod);
void wqc_rx_module_cancel(struct module *mod);
bool wqc_rx_timer_freed(const WORK_QUEUE_ITEM *item, struct wqc_call *call);
const void *wqc_rx_timer_item(const WORK_QUEUE_ITEM *own);
enum wqc_start wqc_rx_timer_start(WORK_QUEUE_ITEM *item, struct wqc_call *call);
void wqc_request_report(const void *item, void *routine);
void wqc_rx_timer_ran(struct wqc_call *call);
bool wqc_rx_fill_reserve(struct wqc_rx_device *rx);
void wqc_rx_trim_reserve(struct wqc_rx_device *rx, u32 keep);
void wqc_timers_show(struct seq_file *m);
void wqc_rx_timer_init(void);
void wqc_rx_timer_exit(void);

void wqc_rx_log_show(struct seq_file *m);
void wqc_rx_log_exit(void);

#endif /* RX_RX_H */
