/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The call of a routine, the only place where the engine runs a driver's code. Fast path, inline in
 * wqc_runner_drain(): half of the cost of an item.
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
	/* data_race: of this task; an interrupt restores it */
	return data_race(current->lockdep_depth);
#else
	return 0;
#endif
}

/* On PREEMPT_RT the softirq count is not part of the preemption count. */
static inline int wqc_bh_depth(void)
{
	return IS_ENABLED(CONFIG_PREEMPT_RT) ? softirq_count() : 0;
}

/**
 * wqc_baseline_take - record the state that routines must leave unchanged
 * @runner: begins to drain
 *
 * The policy of a SCHED_FIFO thread is the class's (wqc_rt_restore_policy()). It is not read from
 * the thread, because guard.c may demote or restore the thread at any time.
 *
 * The backend sets @runner->base.cred and holds a reference, so that a commit_creds() of a
 * routine does not free the credentials that are restored after it.
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

/* rcu_preempt_depth() is two instructions. */
static __always_inline int wqc_rcu_depth(void)
{
#ifdef CONFIG_PREEMPT_RCU
	/* data_race: of this task; an interrupt restores it */
	return data_race(current->rcu_read_lock_nesting);
#else
	return 0;
#endif
}

/* migrate_disable() calls without migrate_enable(). */
static __always_inline unsigned int wqc_migration_disabled(void)
{
#ifdef CONFIG_SMP
	return current->migration_disabled;
#else
	return 0;
#endif
}

/*
 * Fast path, after each routine. Differences are ORed: a branch for each would cost more. The state
 * that is compared, and the reasons: docs/semantics.md, "What a routine leaves in its thread".
 *
 * Of the two credentials only the subjective ones are compared: commit_creds() changes both.
 */
static __always_inline bool wqc_baseline_differs(const struct wqc_baseline *base)
{
	struct task_struct *task = current;
	u32 changed;

	changed = base->post_run | preempt_count() | wqc_rcu_depth() | wqc_bh_depth();
	if (IS_ENABLED(CONFIG_LOCKDEP))
		changed |= wqc_lockdep_depth() ^ base->lock_depth;
	/* data_race: guard.c and hotplug write, too; a change missed here is seen next time */
	changed |= data_race((task->policy ^ base->policy) | (task->normal_prio ^ base->prio) |
			     (task->nr_cpus_allowed ^ base->nr_cpus));
	changed |= (task->flags ^ base->flags) | task->pagefault_disabled |
		   wqc_migration_disabled();
	/* wqc_call_finish() tells unload.c of this run before the run is over. */
	changed |= data_race(wqc_watching.counter);
	return changed | ((unsigned long)current_cred() ^ (unsigned long)base->cred) ||
		irqs_disabled();
}

/*
 * Compared once a turn: a comparison after each routine would cost too much, and routines rarely
 * change this. The report names the last routine of the turn, mostly the only one.
 */
static __always_inline bool wqc_baseline_differs_after_turn(const struct wqc_baseline *base)
{
	struct task_struct *task = current;

	return (unsigned long)task->plug | (unsigned long)task->bio_list |
		(unsigned long)task->journal_info | (unsigned long)task->mm |
		READ_ONCE(task->__state) || !cpumask_test_cpu(base->cpu, task->cpus_ptr);
}

/**
 * wqc_call_run - call a routine, and compare the thread's state after it
 * @call: what to run; the item must not be dereferenced any more
 * @first: the routine's first argument
 * @base: the state that the routine must leave unchanged
 *
 * Routines have four types, and ported drivers pass functions of other types (which return a
 * status, or have a typed parameter). In the C calling conventions of the 64-bit architectures a
 * callee ignores additional arguments, so one call serves all. Kernel CFI would trap at a
 * different type, so this call is exempt: __nocfi applies to the function where a call is
 * written, not to the one that it is inlined into.
 *
 * Context: process, may sleep.
 */
static __always_inline void __nocfi wqc_call_run(struct wqc_call *call, void *first,
						 struct wqc_baseline *base)
{
	void (*routine)(void *, void *, void *) = call->routine;

	wqc_window(WQC_W_POPPED);
	/* Tested first: otherwise the arguments are loaded even if the event is off. */
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
