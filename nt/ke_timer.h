/* SPDX-License-Identifier: GPL-2.0 */
/* Queues of timers: for ke_timer.c, and for ke_cleanup.c, which searches them. */
#ifndef NTC_KE_TIMER_H
#define NTC_KE_TIMER_H

#include <linux/bits.h>
#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/rbtree.h>

#include "nt.h"

#define NTC_TIMER_BASE_BITS	3

struct ntc_timer_base;

/*
 * I: set at initialisation. L: protected by the base's @lock. W: written under @lock, read
 * without.
 */
struct ntc_timer_queue {
	struct ntc_timer_base *base;	/* I */
	bool absolute;			/* I: CLOCK_REALTIME; else CLOCK_MONOTONIC */
	struct rb_root_cached tree;	/* L: by DueTime */
	struct hrtimer hrtimer;		/* L: started for the first timer */
	struct tasklet_struct tasklet;	/* I: fires due timers beyond a batch */
};

struct ntc_timer_base {
	raw_spinlock_t lock;
	bool busy;			/* W: counted in ntc_timer_bases_busy */
	struct rb_root by_address;	/* L */
	struct rb_root by_dpc;		/* L: timers with a DPC */
	struct ntc_timer_queue queues[2];	/* indexed by Header.Absolute */
} ____cacheline_aligned_in_smp;

extern struct ntc_timer_base ntc_timer_bases[BIT(NTC_TIMER_BASE_BITS)];

/*
 * Number of bases with a timer that is set or fires. While it is 0, no freed memory holds a set
 * timer (fast path of ntc_timer_memory_freed()).
 */
extern atomic_t ntc_timer_bases_busy;

void ntc_timer_base_unlock(struct ntc_timer_base *base, unsigned long flags)
	__releases(&base->lock);
KTIMER *ntc_timer_by_address(const struct rb_node *node);
KTIMER *ntc_timer_find_from(struct ntc_timer_base *base, uintptr_t address);
KTIMER *ntc_timer_find_dpc_from(struct ntc_timer_base *base, uintptr_t address);
void ntc_timer_set_dpc(struct ntc_timer_base *base, KTIMER *timer, PKDPC dpc);
void ntc_timer_erase(struct ntc_timer_base *base, KTIMER *timer);

BOOLEAN ntc_timer_set(PKTIMER timer, LONGLONG when, s64 interval, PKDPC dpc, void *setter);
void ntc_timer_stop_period(PKTIMER timer);
void ntc_timer_init(void);
void ntc_timer_exit(void);

#endif /* NTC_KE_TIMER_H */
