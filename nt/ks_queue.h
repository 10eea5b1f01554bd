/* SPDX-License-Identifier: GPL-2.0 */
/* Workers of kernel streaming and their items: see ks_queue.c. */
#ifndef NTC_KS_QUEUE_H
#define NTC_KS_QUEUE_H

#include <linux/list.h>
#include <linux/rbtree.h>

#include "../include/wqc/ks.h"
#include "nt.h"

/* I: set at registration. L: protected by ntc_ks_lock. */
struct ntc_ks_worker {
	WORK_QUEUE_ITEM item;
	struct hlist_node link;		/* L: in ntc_ks_workers, by address */
	struct rb_node by_counted;	/* L: in ntc_ks_counted, while @counted is set */
	PWORK_QUEUE_ITEM first, last;	/* L: items of the driver that wait */
	unsigned int waiting;		/* L: their number */
	unsigned int lost;		/* L: items that were lost, and not reported yet */
	bool active;			/* L: @item is queued or runs */
	struct task_struct *task;	/* L: which runs an item of the driver */
	struct completion *idle;	/* L: KsUnregisterWorker() waits for the last item */
	bool gone;			/* L: unregistered */
	bool orphan;			/* L: freed after its last item, without a wait */
	WORK_QUEUE_TYPE type;		/* I */
	PWORK_QUEUE_ITEM counted;	/* L: or NULL */
	LONG count;			/* L */
};

extern raw_spinlock_t ntc_ks_lock;

void ntc_ks_link(struct ntc_ks_worker *worker);
void ntc_ks_unlink(struct ntc_ks_worker *worker);
struct ntc_ks_worker *ntc_ks_find(PKSWORKER address);
void ntc_ks_forget_counted(struct ntc_ks_worker *worker);
bool ntc_ks_item_waits(PWORK_QUEUE_ITEM item);
bool ntc_ks_append(struct ntc_ks_worker *worker, PWORK_QUEUE_ITEM item);
bool ntc_ks_begin(struct ntc_ks_worker *worker, WORK_QUEUE_ITEM *call);
void ntc_ks_memory_freed(void *p, size_t size, void *caller);
bool ntc_ks_find_in_module(struct module *mod, ntc_in_fn in, void **routine);
void ntc_ks_init(void);

#endif /* NTC_KS_QUEUE_H */
