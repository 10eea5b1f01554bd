/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The call of the routine, the only place where a client's code runs, inline for
 * wqc_runner_drain(): it is the other half of what an item costs.
 */
#ifndef WQ_RUN_H
#define WQ_RUN_H

#include <linux/cred.h>
#include <linux/irqflags.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/rt.h>

#include "core.h"
#include "backend.h"
#include "trace.h"

void wqc_call_finish(struct wqc_call *call, struct wqc_baseline *base);
void wqc_baseline_check(struct wqc_call *call, struct wqc_baseline *base);
void wqc_run_post_hook(struct task_struct *task, void *routine);

static inline int wqc_lockdep_depth(void)
{
#ifdef CONFIG_LOCKDEP
	/* data_race: our own; an interrupt leaves it as it was */
	return data_race(current->lockdep_depth);
#else
	return 0;
#endif
}

/* Only on PREEMPT_RT is the softirq count not a part of the preemption count. */
static inline int wqc_bh_depth(void)
{
	return IS_ENABLED(CONFIG_PREEMPT_RT) ? softirq_count() : 0;
}

/**
 * wqc_baseline_take - note what routines have to leave as it is
 * @runner: that is going to drain
 *
 * Threads of HyperCritical have the class's policy here: see wqc_rt_restore_policy().
 * guard.c may take it away or give it back at any time, so it is not read from the thread.
 *
 * @runner->base.cred is the backend's to set: a reference is held on it, so that a
 * routine's commit_creds() cannot free what would be restored.
 *
 * Context: process, in the runner's task, before it drains.
 */
static inline void wqc_baseline_take(struct wqc_runner *runner)
{
	struct wqc_baseline *base = &runner->base;

	base->post_run = 0;
	base->lock_depth = wqc_lockdep_depth();
	if (runner->queue->pool->backend->fifo) {
		base->policy = SCHED_FIFO;
		base->prio = MAX_RT_PRIO - 1 - READ_ONCE(wqc_rt_priority);
	} else {
		base->policy = current->policy;
		base->prio = current->normal_prio;
	}
	base->static_prio = current->static_prio;
	base->flags = current->flags;
	base->hotplug = READ_ONCE(wqc_hotplug_count);
	base->nr_cpus = current->nr_cpus_allowed;
	base->cpu = raw_smp_processor_id();
}

/* As rcu_preempt_depth(), of which the compiler makes two instructions. */
static __always_inline int wqc_rcu_depth(void)
{
#ifdef CONFIG_PREEMPT_RCU
	/* data_race: our own; an interrupt leaves it as it was */
	return data_race(current->rcu_read_lock_nesting);
#else
	return 0;
#endif
}

/* migrate_disable() without its end, on kernels that count it for each thread. */
static __always_inline unsigned int wqc_migration_disabled(void)
{
#ifdef CONFIG_SMP
	return current->migration_disabled;
#else
	return 0;
#endif
}

/*
 * Differences are collected: a branch for each would cost more. What of a thread is looked at,
 * and why the rest is not, is in docs/semantics.md, "What a routine leaves in its thread".
 *
 * Of the two credentials of a thread only the subjective ones are compared: a change of the
 * objective ones (commit_creds()) changes these as well.
 */
static __always_inline bool wqc_baseline_differs(const struct wqc_baseline *base)
{
	struct task_struct *task = current;
	u32 changed;

	changed = base->post_run | preempt_count() | wqc_rcu_depth() | wqc_bh_depth();
	if (IS_ENABLED(CONFIG_LOCKDEP))
		changed |= wqc_lockdep_depth() ^ base->lock_depth;
	/* data_race: the guard and CPU hotplug write from afar; what is missed is seen later */
	changed |= data_race((task->policy ^ base->policy) | (task->normal_prio ^ base->prio) |
			     (task->nr_cpus_allowed ^ base->nr_cpus));
	changed |= (task->flags ^ base->flags) | task->pagefault_disabled |
		   wqc_migration_disabled();
	/* A scan for unload must see that this ran, before it is over. */
	changed |= data_race(wqc_watching.counter);
	return changed | ((unsigned long)current_cred() ^ (unsigned long)base->cred) ||
		irqs_disabled();
}

/*
 * What is looked at when a runner has no more to do, or its turn is over: routines seldom leave
 * it, and to look after each of them would cost too much. The report names the last routine,
 * which is mostly the only one of the turn.
 */
static __always_inline bool wqc_baseline_differs_after_turn(const struct wqc_baseline *base)
{
	struct task_struct *task = current;

	return (unsigned long)task->plug | (unsigned long)task->bio_list |
		(unsigned long)task->journal_info | (unsigned long)task->mm |
		READ_ONCE(task->__state) || !cpumask_test_cpu(base->cpu, task->cpus_ptr);
}

/**
 * wqc_call_run - call a routine and look after it
 * @call: what to run; the item is not ours any more
 * @first: the routine's first argument
 * @base: what the routine has to leave as it was
 *
 * Routines are of four types, and ported drivers pass functions that are of
 * none (a status returned, a typed parameter). In the C calling conventions of
 * the 64-bit architectures a callee ignores arguments beyond its own, so one
 * call serves them all. Kernel CFI would trap at a type that differs; this is
 * the one call that is exempt. It is the function where a call is written that
 * has to say so, not the one that it is inlined into.
 *
 * Context: process, may sleep.
 */
static __always_inline void __nocfi wqc_call_run(struct wqc_call *call, void *first,
						 struct wqc_baseline *base)
{
	void (*routine)(void *, void *, void *) = call->routine;

	wqc_window(WQC_W_POPPED);
	/* Asked first: else the arguments would be loaded for nothing. */
	if (trace_item_start_enabled())
		trace_item_start(call->item, call->routine, call->parameter);
	routine(first, call->parameter, call->item);
	if (trace_item_end_enabled())
		trace_item_end(call->item, call->routine, call->parameter);
	if (unlikely(wqc_baseline_differs(base)))
		wqc_call_finish(call, base);
	wqc_window(WQC_W_RAN);
}

#endif /* WQ_RUN_H */
