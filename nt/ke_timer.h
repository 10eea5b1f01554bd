/* SPDX-License-Identifier: GPL-2.0 */
/* The queues of timers: for ke_timer.c, and for ke_cleanup.c, which searches them. */
#ifndef NTC_KE_TIMER_H
#define NTC_KE_TIMER_H

#include <linux/bits.h>
#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/rbtree.h>

#include "nt.h"

#define WQC_BASE_BITS	3

struct wqc_timer_base;

struct wqc_timer_queue {
	struct wqc_timer_base *base;
	bool absolute;			/* of the wall clock */
	struct rb_root_cached tree;	/* by DueTime; under base->lock */
	struct hrtimer hrtimer;
	struct tasklet_struct tasklet;	/* goes on where the hrtimer stopped */
};

struct wqc_timer_base {
	raw_spinlock_t lock;
	bool busy;			/* counted in wqc_timers_busy; written under lock */
	struct rb_root by_address;	/* under lock */
	struct rb_root by_dpc;		/* those that have one; under lock */
	struct wqc_timer_queue queues[2];	/* by Header.Absolute */
} ____cacheline_aligned_in_smp;

extern struct wqc_timer_base wqc_timer_bases[BIT(WQC_BASE_BITS)];

/* Bases with a timer that is set or fires: while it is 0, freed memory holds none. */
extern atomic_t wqc_timers_busy;

void wqc_base_unlock(struct wqc_timer_base *base, unsigned long flags) __releases(&base->lock);
KTIMER *wqc_timer_by_address(const struct rb_node *node);
KTIMER *wqc_timer_from(struct wqc_timer_base *base, uintptr_t address);
KTIMER *wqc_timer_with_dpc_from(struct wqc_timer_base *base, uintptr_t address);
void wqc_timer_set_dpc(struct wqc_timer_base *base, KTIMER *timer, PKDPC dpc);
void wqc_timer_erase(struct wqc_timer_base *base, KTIMER *timer);

BOOLEAN wqc_timer_set(PKTIMER timer, LONGLONG when, s64 interval, PKDPC dpc, void *setter);
void wqc_timer_once(PKTIMER timer);
void wqc_timer_init(void);
void wqc_timer_exit(void);

#endif /* NTC_KE_TIMER_H */
