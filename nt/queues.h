/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where timers that are set and DPCs that are queued stand: for timer.c and dpc.c, and for
 * left.c, which searches them.
 */
#ifndef NT_QUEUES_H
#define NT_QUEUES_H

#include <linux/completion.h>
#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/percpu.h>
#include <linux/rbtree.h>
#include <linux/smp.h>

#include "nt_internal.h"
#include "../lib/hrtimer.h"

#define WQC_LEFT_CHUNK	64	/* timers or DPCs looked at in one hold of a lock */

/* ---- timer.c ------------------------------------------------------------- */

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

/* ---- dpc.c --------------------------------------------------------------- */

/* Of a DPC; only compared once its routine was entered. */
struct wqc_dpc_call {
	PKDEFERRED_ROUTINE routine;
	PKDPC dpc;
	PVOID context;
	void *named;		/* the driver's routine, in the end; of what was found */
};

struct wqc_dpc_queue {
	raw_spinlock_t lock;
	LIST_ENTRY list;		/* under lock */
	struct rb_root by_address;	/* under lock */
	bool busy;			/* counted in wqc_dpcs_busy; written under lock */
	struct wqc_dpc_call running;	/* under lock; routine NULL: none */
	struct tasklet_struct tasklet;
	call_single_data_t kick;
	struct irq_work kick_irq;	/* PREEMPT_RT */
	KDPC flush;			/* under wqc_flush_mutex */
	struct completion flushed;
};

DECLARE_PER_CPU(struct wqc_dpc_queue, wqc_dpc_queues);

struct wqc_dpc_call wqc_dpc_call_of(PKDPC dpc);
bool wqc_dpc_call_is_in(const struct wqc_dpc_call *call, const struct module *mod, wqc_in_fn in);
PKDPC wqc_dpc_by_address(const struct rb_node *node);
PKDPC wqc_dpc_from(struct wqc_dpc_queue *queue, uintptr_t address);

#endif /* NT_QUEUES_H */
