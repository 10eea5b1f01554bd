/* SPDX-License-Identifier: GPL-2.0 */
/* Per-CPU queues of DPCs: for ke_dpc.c, and for ke_cleanup.c, which searches them. */
#ifndef NTC_KE_DPC_H
#define NTC_KE_DPC_H

#include <linux/completion.h>
#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/percpu.h>
#include <linux/rbtree.h>
#include <linux/smp.h>

#include "nt.h"

/*
 * Snapshot of a DPC, taken before its routine is called. The routine may free or requeue the DPC,
 * so @dpc is only compared afterwards.
 */
struct ntc_dpc_call {
	PKDEFERRED_ROUTINE routine;
	PKDPC dpc;
	PVOID context;
	void *named;		/* the driver's routine, for reports; set by a search */
};

/*
 * I: set at initialisation. L: protected by @lock. W: written under @lock, read without.
 * F: protected by ntc_dpc_flush_mutex.
 */
struct ntc_dpc_queue {
	raw_spinlock_t lock;
	LIST_ENTRY list;		/* L */
	struct rb_root by_address;	/* L */
	bool busy;			/* W: counted in ntc_dpc_queues_busy */
	struct ntc_dpc_call running;	/* L: routine is NULL while none runs */
	struct tasklet_struct tasklet;	/* I: drains the queue */
	call_single_data_t kick;	/* I: schedules the tasklet on another CPU */
	struct irq_work kick_irq;	/* I: for @kick, on PREEMPT_RT */
	KDPC flush;			/* F: queued by KeFlushQueuedDpcs() */
	struct completion flushed;	/* F: completed by @flush */
};

DECLARE_PER_CPU(struct ntc_dpc_queue, ntc_dpc_queues);

struct ntc_dpc_call ntc_dpc_call_read(PKDPC dpc);
bool ntc_dpc_call_is_in(const struct ntc_dpc_call *call, const struct module *mod, ntc_in_fn in);
PKDPC ntc_dpc_by_address(const struct rb_node *node);
PKDPC ntc_dpc_find_from(struct ntc_dpc_queue *queue, uintptr_t address);

bool ntc_dpc_is_valid(const KDPC *dpc);
bool ntc_dpc_insert(PKDPC dpc, PVOID argument1, PVOID argument2);
void ntc_dpc_memory_freed(void *p, size_t size, void *caller);
void ntc_dpc_init(void);
void ntc_dpc_exit(void);
void ntc_dpc_watch(struct module *mod);
bool ntc_dpc_watch_returned(void);

#endif /* NTC_KE_DPC_H */
