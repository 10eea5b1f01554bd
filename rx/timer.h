/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What rx/timer.c and rx/pending.c share.
 */
#ifndef RX_TIMER_H
#define RX_TIMER_H

#include <linux/list.h>
#include <linux/preempt.h>
#include <linux/rbtree.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include "../core/core.h"
#include "rx.h"

/*
 * What is done with interrupts off is bounded by these: so many requests are looked at in one
 * hold of wqc_timer_lock, and so many that are due are queued in one interrupt.
 */
#define WQC_TIMER_CHUNK		64

/**
 * struct wqc_request - a timer request: memory of ours
 * @by_time: T: place in the tree of what is pending, while @pending
 * @queued: T: place on its device's list, from the expiry until a runner has popped it
 * @next: T: the next in its device's reserve, while it is there
 * @by_name: T: place in the tree of what can be cancelled, unless @cancelled
 * @own: the routine and its context; and what stands in the queue when it is due
 * @item: one-shot: its client's, who may have freed or overwritten it. Read only by
 *	wqc_request_release_item(). NULL: recurrent.
 * @rx: its device. A reference is held from the post until the routine has returned.
 * @due: T: absolute, ns
 * @interval: recurrent: ns
 * @pending: T: not due yet
 * @cancelled: T: its routine is not called any more. If it is not @pending it is freed by
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

/* What the tree of those that can be cancelled is ordered by; addresses are only compared. */
struct wqc_timer_name {
	const struct wqc_rx_device *rx;
	const void *routine, *context;
	u64 due;
	const struct wqc_request *request;
};

extern raw_spinlock_t wqc_timer_lock;

/* On PREEMPT_RT, and where locks are checked for it, the slab allocator takes sleeping locks. */
#define WQC_SLAB_SLEEPS		(IS_ENABLED(CONFIG_PREEMPT_RT) || \
				 IS_ENABLED(CONFIG_PROVE_RAW_LOCK_NESTING))

/* To be asked before a lock of ours is taken. */
static inline bool wqc_may_use_slab(void)
{
	return !WQC_SLAB_SLEEPS || preemptible();
}

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

#endif /* RX_TIMER_H */
