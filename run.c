// SPDX-License-Identifier: GPL-2.0
/*
 * Calls the routine: the only place where a client's code runs. Checks what it
 * left behind, repairs what can be repaired, drops the object's reference.
 */
#include <linux/cred.h>
#include <linux/interrupt.h>
#include <linux/lockdep.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <uapi/linux/sched/types.h>

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

/* Nice and real-time priority in one number, to compare with. */
static inline int wqc_prio(void)
{
	return current->static_prio << 8 | current->rt_priority;
}

/**
 * wqc_baseline_take - note what a routine has to leave as it is
 * @base: receives it
 *
 * Context: process, in the runner's task, before it drains.
 * Return: the credentials, referenced, so that a routine's commit_creds() cannot
 * free what would be restored. The caller drops the reference.
 */
const struct cred *wqc_baseline_take(struct wqc_baseline *base)
{
	base->cred = get_current_cred();
	base->preempt_count = preempt_count();
	base->rcu_depth = rcu_preempt_depth();
	base->lock_depth = wqc_lock_depth();
	base->bh_depth = softirq_count();
	base->policy = current->policy;
	base->prio = wqc_prio();
	base->hotplug = READ_ONCE(wqc_hotplug_count);
	base->nr_cpus = current->nr_cpus_allowed;
	return base->cred;
}

static inline bool wqc_is_as_before(const struct wqc_baseline *base)
{
	return !(preempt_count() ^ base->preempt_count) &
	       !(rcu_preempt_depth() ^ base->rcu_depth) &
	       !(wqc_lock_depth() ^ base->lock_depth) &
	       !(softirq_count() ^ base->bh_depth) &
	       !(current->policy ^ base->policy) &
	       !(wqc_prio() ^ base->prio) &
	       !(current->nr_cpus_allowed ^ base->nr_cpus) &
	       (current_cred() == base->cred) & (current_real_cred() == base->cred) &
	       !irqs_disabled();
}

static void wqc_restore_creds(const struct cred *cred)
{
	const struct cred *real = current_real_cred();

	/* An override that was not reverted: its reference is the override's. */
	if (current_cred() != real)
		revert_creds(real);
	if (real != cred)
		commit_creds((struct cred *)get_cred(cred));
}

static void wqc_restore_policy(const struct wqc_baseline *base)
{
	struct sched_attr attr = {
		.size = sizeof(attr),
		.sched_policy = base->policy,
		.sched_nice = PRIO_TO_NICE(base->prio >> 8),
		.sched_priority = base->prio & 0xff,
	};

	sched_setattr_nocheck(current, &attr);
}

/* A CPU that comes or goes changes the affinity of whoever runs there. */
static bool wqc_hotplug_since(unsigned int count)
{
	return READ_ONCE(wqc_hotplug_count) != count ||
	       !cpumask_equal(cpu_online_mask, cpu_active_mask);
}

/*
 * First what would keep the report from being printed and the rest from being
 * repaired: interrupts, then the counts. A count that is too low is repaired as
 * one that is too high.
 */
static noinline void wqc_check_return(struct wqc_call *call, struct wqc_baseline *base)
{
	int preempt, rcu, bh, locks;
	bool irqs;

	irqs = irqs_disabled();
	if (irqs)
		local_irq_enable();
	bh = softirq_count() - base->bh_depth;
	while (softirq_count() > base->bh_depth)
		local_bh_enable();
	rcu = rcu_preempt_depth() - base->rcu_depth;
	while (rcu_preempt_depth() > base->rcu_depth)
		rcu_read_unlock();
	preempt = preempt_count() - base->preempt_count;
	if (preempt)
		preempt_count_set(base->preempt_count);

	if (irqs)
		wqc_report(WQC_R_IRQS_OFF, "routine %ps, context %p, item %p",
			   call->routine, call->parameter, call->item);
	if (bh)
		wqc_report(WQC_R_BH, "routine %ps, context %p, item %p, off by %d",
			   call->routine, call->parameter, call->item,
			   bh / (int)SOFTIRQ_DISABLE_OFFSET);
	if (rcu)
		wqc_report(WQC_R_RCU, "routine %ps, context %p, item %p, off by %d",
			   call->routine, call->parameter, call->item, rcu);
	if (preempt)
		wqc_report(WQC_R_PREEMPT, "routine %ps, context %p, item %p, off by %d",
			   call->routine, call->parameter, call->item, preempt);

	locks = wqc_lock_depth() - base->lock_depth;
	if (locks) {
		wqc_report(WQC_R_LOCKS, "routine %ps, context %p, item %p, off by %d",
			   call->routine, call->parameter, call->item, locks);
		base->lock_depth += locks;
	}
	if (current_cred() != base->cred || current_real_cred() != base->cred) {
		wqc_report(WQC_R_CREDS, "routine %ps, context %p, item %p",
			   call->routine, call->parameter, call->item);
		wqc_restore_creds(base->cred);
	}
	if (current->policy != base->policy || wqc_prio() != base->prio) {
		wqc_report(WQC_R_POLICY, "routine %ps, context %p, item %p: policy %d, nice %d, priority %d",
			   call->routine, call->parameter, call->item, current->policy,
			   task_nice(current), current->rt_priority);
		wqc_restore_policy(base);
	}
	if (current->nr_cpus_allowed != base->nr_cpus) {
		if (!wqc_hotplug_since(base->hotplug))
			wqc_report(WQC_R_AFFINITY, "routine %ps, context %p, item %p: %d CPUs allowed, were %d",
				   call->routine, call->parameter, call->item,
				   current->nr_cpus_allowed, base->nr_cpus);
		base->nr_cpus = current->nr_cpus_allowed;
	}
}

/*
 * Routines are of four types, and ported drivers pass functions that are of
 * none (a status returned, a typed parameter). In the C calling conventions of
 * the 64-bit architectures a callee ignores arguments beyond its own, so one
 * call serves them all. Kernel CFI would trap at a type that differs; this is
 * the one call that is exempt.
 */
static noinline void __nocfi wqc_call_routine(struct wqc_call *call)
{
	void (*routine)(void *, void *, void *) = call->routine;

	routine(call->arg[0], call->arg[1], call->arg[2]);
}

/**
 * wqc_run - call a routine and look after it
 * @call: what to run; the item is not ours any more
 * @base: what the routine has to leave as it was
 *
 * Context: process, may sleep.
 */
void wqc_run(struct wqc_call *call, struct wqc_baseline *base)
{
	trace_item_start(call->item, call->routine, call->parameter);
	wqc_call_routine(call);
	trace_item_end(call->item, call->routine, call->parameter);

	if (unlikely(!wqc_is_as_before(base)))
		wqc_check_return(call, base);
	/* A scan for unload must see that this ran, before it is over. */
	if (unlikely(READ_ONCE(wqc_watching)))
		wqc_watch_ran(call);
	if (unlikely(call->kind == WQC_KIND_RX_TIMER))
		wqc_rx_timer_ran(call);
	if (call->ref)
		percpu_ref_put(call->ref);
}
