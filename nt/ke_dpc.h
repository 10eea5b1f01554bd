/* SPDX-License-Identifier: GPL-2.0 */
/* The queues of DPCs: for ke_dpc.c, and for ke_cleanup.c, which searches them. */
#ifndef NTC_KE_DPC_H
#define NTC_KE_DPC_H

#include <linux/completion.h>
#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/percpu.h>
#include <linux/rbtree.h>
#include <linux/smp.h>

#include "nt.h"

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

bool wqc_dpc_known(const KDPC *dpc);
bool wqc_dpc_insert(PKDPC dpc, PVOID argument1, PVOID argument2);
void wqc_dpcs_freed(void *p, size_t size, void *caller);
void wqc_dpc_init(void);
void wqc_dpc_exit(void);
void wqc_dpc_watch(struct module *mod);
bool wqc_dpc_ran(void);

#endif /* NTC_KE_DPC_H */
