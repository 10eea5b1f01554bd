/* SPDX-License-Identifier: GPL-2.0 */
/* EX_TIMERs: see ex_timer.c. IO_TIMERs are such timers: io_timer.c. */
#ifndef NTC_EX_TIMER_H
#define NTC_EX_TIMER_H

#include <linux/list.h>
#include <linux/workqueue.h>

#include "nt.h"

/*
 * I: set before the timer is set. D: one change, by the deletion. L: io_timer.c, under its lock.
 * The timer is the first member: drivers wait for the EX_TIMER itself.
 */
struct _EX_TIMER {
	KTIMER timer;
	KDPC dpc;
	PEXT_CALLBACK callback;			/* I, or L for an IO_TIMER */
	PVOID context;				/* as @callback */
	PDEVICE_OBJECT device;			/* I: of an IO_TIMER; else NULL */
	struct hlist_node link;			/* L */
	bool deleted;				/* D: the driver makes no more calls */
	bool going;				/* D: @work is queued */
	struct work_struct work;
	PEXT_DELETE_CALLBACK delete_callback;
	PVOID delete_context;
};

PEX_TIMER ntc_ex_timer_new(PEXT_CALLBACK callback, PVOID context, PDEVICE_OBJECT device);
bool ntc_ex_timer_owns_routine(PKDEFERRED_ROUTINE routine);
bool ntc_ex_timer_is_in(PVOID timer, const struct module *mod, ntc_in_fn in);
void *ntc_ex_timer_callback(PVOID timer);
int ntc_ex_timer_init(void);
void ntc_ex_timer_exit(void);
void ntc_ex_timer_flush(void);

#endif /* NTC_EX_TIMER_H */
