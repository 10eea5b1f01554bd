/* SPDX-License-Identifier: GPL-2.0 */
/* Items whose routines have arguments of their own: see work.c. */
#ifndef NTC_WORK_H
#define NTC_WORK_H

#include "nt.h"

/* A driver's routine and its arguments. */
struct ntc_work_call {
	void *routine;
	PVOID args[3];
	PVOID item;			/* what the driver knows as the item; not dereferenced */
	EX_RUNDOWN_REF *held;		/* released after the routine has returned, or NULL */
};

/* L: protected by ntc_work_lock. I: set at initialisation. */
struct ntc_work {
	WORK_QUEUE_ITEM item;		/* the queue's while @queued */
	struct list_head link;		/* L: on ntc_works while @queued */
	struct ntc_work_call call;	/* L */
	void (*begun)(struct ntc_work *work);	/* I: the work is its owner's again, or NULL */
	bool queued;			/* L */
	bool dead;			/* L: freed while it was queued */
};

void ntc_work_init(struct ntc_work *work, void (*begun)(struct ntc_work *work));
bool ntc_work_queue(struct ntc_work *work, const struct ntc_work_call *call, WORK_QUEUE_TYPE type);
bool ntc_work_kill(struct ntc_work *work, struct ntc_work_call *call);
void ntc_work_enter(void);
void ntc_work_leave(void);
bool ntc_work_find(struct module *mod, ntc_in_fn in, void **routine);
void ntc_work_wait_init(struct module *mod);
void ntc_work_exit(void);

#endif /* NTC_WORK_H */
