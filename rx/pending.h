/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Timer requests: their memory, the trees of pending requests, and the hrtimer.
 */
#ifndef RX_PENDING_H
#define RX_PENDING_H

#include <linux/list.h>
#include <linux/rbtree.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include "../core/core.h"
#include "rx.h"

struct seq_file;

/*
 * Bounds the time with interrupts off: the most requests that are checked in one hold of
 * wqc_timer_lock, and the most due requests that one interrupt queues.
 */
#define WQC_TIMER_CHUNK		64

/* The reserve of a device: one-shot requests that need no allocation. */
#define WQC_RX_RESERVE		16

/**
 * struct wqc_request - a timer request, in wq_compat's own memory
 * @by_time: T: place in the tree of pending requests, while @pending
 * @queued: T: place on its device's list, from the expiry until a runner pops the request
 * @next: T: the next request in its device's reserve, while it is there
 * @by_name: T: place in the tree of requests that can be cancelled, unless @cancelled
 * @own: routine and context; the item that is queued when the request is due
 * @item: one-shot: the client's item, which the client may have freed or overwritten. Only
 *	wqc_request_release_item() reads it. NULL: recurrent.
 * @rx: its device. A reference is held from the post until the routine has returned.
 * @due: T: absolute, ns
 * @interval: recurrent: ns
 * @pending: T: not due yet
 * @cancelled: T: the routine is not called any more. Unless @pending, the request is freed by
 *	wqc_rx_timer_start(), or by wqc_rx_timer_ran() if the routine of a recurrent one runs.
 *
 * T: under wqc_timer_lock.
 */
struct wqc_request {
	union {
		struct rb_node by_time;
		struct list_head queued;
		struct wqc_request *next;
	};
	struct rb_node by_name;
	WORK_QUEUE_ITEM own;
	RX_WORK_ITEM *item;
	struct wqc_rx_device *rx;
	u64 due;
	u64 interval;
	bool pending;
	bool cancelled;
};

/* The sort key of the requests that can be cancelled. Addresses are compared, not dereferenced. */
struct wqc_timer_name {
	const struct wqc_rx_device *rx;
	const void *routine, *context;
	u64 due;
	const struct wqc_request *request;
};

extern raw_spinlock_t wqc_timer_lock;

void wqc_timer_unlock(unsigned long flags) __releases(&wqc_timer_lock);
struct wqc_request *wqc_request_new(struct wqc_rx_device *rx);
void wqc_request_free(struct wqc_request *request);
void wqc_request_bind_item(struct wqc_request *request);
bool wqc_request_release_item(struct wqc_request *request);
void wqc_request_add(struct wqc_request *request, u64 due);
void wqc_request_end_pending(struct wqc_request *request);
void wqc_request_end_name(struct wqc_request *request);
struct wqc_timer_name wqc_request_name(const struct wqc_request *request);
struct wqc_request *wqc_request_after(const struct wqc_timer_name *name);
struct wqc_request *wqc_request_next(struct wqc_request *request);
void wqc_expiry_wait(void);
void wqc_request_report(const void *item, void *routine);
bool wqc_rx_fill_reserve(struct wqc_rx_device *rx);
void wqc_rx_trim_reserve(struct wqc_rx_device *rx, u32 keep);
void wqc_timers_show(struct seq_file *m);
void wqc_rx_timer_init(void);
void wqc_rx_timer_exit(void);

#endif /* RX_PENDING_H */
