/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The calls from the engine to code outside of core/: to the fronts, which know their requests,
 * lanes and objects, and to diag/. main.c fills the table. All calls are on slow paths.
 * next_lane, module_going, module_cancel, report, queue_check, check and awake may be NULL.
 * Those of fault injection are called only where the queues and the item cache were initialised
 * for it.
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

/* State of a request that a runner has popped. */
enum wqc_start {
	WQC_START_RUN,
	WQC_START_CANCELLED,
	WQC_START_OVERWRITTEN,	/* by the driver: the routine does not run, and it is reported */
};

/**
 * struct wqc_ops - calls from the engine to the fronts and to diag/
 * @next_lane: returns the next lane of a queue that is a front's, or NULL. @cursor points to NULL
 *	at first; its value is the front's. Lanes are never removed
 * @request_item: returns the address of the driver's item of a request in a lane
 * @request_start: fills @call for a request that was popped. Under the queue's lock
 * @request_broken: reports a request that was WQC_START_OVERWRITTEN. No lock is held
 * @request_ran: the routine of a request has returned
 * @module_going: a module unloads; called before each pass over the queues
 * @module_cancel: cancels the requests for which wqc_search_matches_request() is true
 * @object_unlink: an object was removed from the hash. Under wqc_object_lock
 * @object_free: frees the DRIVER_OBJECT or DEVICE_OBJECT of an object
 * @report: counts and prints a misuse
 * @pop_delay: with the parameter torture: delays a pop; true if the lock was dropped
 * @queued: with the parameter torture: an item was queued
 * @entry_alloc: with the parameter torture: allocates an entry instead of the item cache
 * @entry_free: with the parameter torture: frees it
 * @queue_check: called once a second for each queue, by the keeper
 * @check: called once a second, by the keeper. Returns true if it must be called again, even if
 *	nothing is queued
 * @awake: the engine is no longer dormant. Any context, under a queue's lock
 */
struct wqc_ops {
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
	bool (*check)(void);
	void (*awake)(void);
};

extern const struct wqc_ops wqc_ops;

#endif /* CORE_OPS_H */
