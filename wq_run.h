/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The call of the routine, the only place where a client's code runs, inline for
 * wqc_drain(): it is the other half of what an item costs.
 */
#ifndef WQ_RUN_H
#define WQ_RUN_H

#include <linux/cred.h>
#include <linux/irqflags.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>

#include "wq_internal.h"
#include "wq_trace.h"

static inline int wqc_lock_depth(void)
{
#ifdef CONFIG_LOCKDEP
	return current->lockdep_depth;
#else
	return 0;
#endif
}

/* Only on PREEMPT_RT is the softirq count not a part of the preemption count. */
static inline int wqc_bh_depth(void)
{
	return IS_ENABLED(CONFIG_PREEMPT_RT) ? softirq_count() : 0;
}

/* One number that is 0 if all is well: a branch for each would cost more. */
static __always_inline unsigned long wqc_what_changed(const struct wqc_baseline *base)
{
	struct task_struct *task = current;
	unsigned long changed;

	changed = preempt_count() ^ base->preempt_count;
	changed |= rcu_preempt_depth() ^ base->rcu_depth;
	changed |= wqc_lock_depth() ^ base->lock_depth;
	changed |= wqc_bh_depth() ^ (IS_ENABLED(CONFIG_PREEMPT_RT) ? base->bh_depth : 0);
	changed |= task->policy ^ base->policy;
	changed |= task->normal_prio ^ base->prio;
	changed |= task->nr_cpus_allowed ^ base->nr_cpus;
	changed |= (unsigned long)current_cred() ^ (unsigned long)base->cred;
	changed |= (unsigned long)current_real_cred() ^ (unsigned long)base->cred;
	changed |= !cpumask_test_cpu(base->cpu, task->cpus_ptr);
	changed |= irqs_disabled();
	return changed;
}

/**
 * wqc_run - call a routine and look after it
 * @call: what to run; the item is not ours any more
 * @base: what the routine has to leave as it was
 *
 * Routines are of four types, and ported drivers pass functions that are of
 * none (a status returned, a typed parameter). In the C calling conventions of
 * the 64-bit architectures a callee ignores arguments beyond its own, so one
 * call serves them all. Kernel CFI would trap at a type that differs; this is
 * the one call that is exempt, so the function it is inlined into is __nocfi.
 *
 * Context: process, may sleep.
 */
static __always_inline void wqc_run(struct wqc_call *call, struct wqc_baseline *base)
{
	void (*routine)(void *, void *, void *) = call->routine;

	trace_item_start(call->item, call->routine, call->parameter);
	routine(call->first, call->parameter, call->item);
	trace_item_end(call->item, call->routine, call->parameter);

	if (unlikely(wqc_what_changed(base)))
		wqc_check_return(call, base);
	/* A scan for unload must see that this ran, before it is over. */
	if (unlikely(READ_ONCE(wqc_watching)))
		wqc_watch_ran(call);
	if (unlikely(call->kind == WQC_KIND_RX_TIMER))
		wqc_rx_timer_ran(call);
}

#endif /* WQ_RUN_H */
