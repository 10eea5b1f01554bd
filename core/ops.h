/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the engine calls outside of core/: a front that knows the item or the object, or a
 * diagnosis of diag/. main.c, which knows all rooms, fills the table. Everything here is on a
 * slow path. A member that is NULL is skipped, so the engine works without that room.
 */
#ifndef CORE_OPS_H
#define CORE_OPS_H

#include <linux/types.h>

#include "../wq_types.h"
#include "report.h"

struct module;
struct va_format;
struct wqc_call;
struct wqc_lane;
struct wqc_object;
struct wqc_queue;

/* What became of a request that a runner has popped. */
enum wqc_start {
	WQC_START_RUN,
	WQC_START_CANCELLED,
	WQC_START_OVERWRITTEN,	/* the client's item; it does not run, and is reported */
};

/**
 * struct wqc_client_ops - calls from the engine to the fronts and to diag/
 * @next_lane: the lane of a queue behind @cursor's, which points to NULL at first and is
 *	the front's; NULL: there are no more. Lanes are only ever added.
 * @request_item: the client's item of a request that stands in a lane, for its address
 * @request_start: a request was popped: fills @call. Under the queue's lock.
 * @request_broken: reports one that was WQC_START_OVERWRITTEN. No lock is held.
 * @request_ran: the routine of a request has returned
 * @module_going: a module unloads: before each pass over the queues
 * @module_cancel: cancels the requests of a pass, as wqc_search_matches_request() says
 * @object_unlink: an object cannot be found any more. Under wqc_object_lock.
 * @object_free: frees what an object stands for
 * @report: counts and prints a misuse
 * @pop_delay: a delay, where a runner has popped an item: true if the lock was dropped
 * @queued: an item was queued, with the parameter torture
 * @entry_alloc: with the parameter torture: an entry of its own for the item cache
 * @entry_free: the same
 * @queue_check: once a second for each queue, in the keeper
 * @check: once a second, in the keeper
 */
struct wqc_client_ops {
	struct wqc_lane *(*next_lane)(struct wqc_queue *queue, void **cursor);
	const void *(*request_item)(const WORK_QUEUE_ITEM *own);
	enum wqc_start (*request_start)(WORK_QUEUE_ITEM *own, struct wqc_call *call);
	void (*request_broken)(const void *item, void *routine);
	void (*request_ran)(struct wqc_call *call);
	void (*module_going)(struct module *mod);
	void (*module_cancel)(struct module *mod);
	void (*object_unlink)(struct wqc_object *object);
	void (*object_free)(struct wqc_object *object);

	void (*report)(enum wqc_report_id id, struct va_format *text);
	bool (*pop_delay)(struct wqc_queue *queue);
	void (*queued)(const WORK_QUEUE_ITEM *item);
	void *(*entry_alloc)(void);
	void (*entry_free)(void *entry);
	void (*queue_check)(struct wqc_queue *queue);
	void (*check)(void);
};

extern const struct wqc_client_ops wqc_ops;

#endif /* CORE_OPS_H */
