// SPDX-License-Identifier: GPL-2.0
/*
 * What a routine left behind: noted before, looked at after (wq_run.h), reported
 * and, where that can be done, repaired here.
 */
#include <linux/cred.h>
#include <linux/interrupt.h>
#include <linux/lockdep.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/rt.h>
#include <uapi/linux/sched/types.h>

#include "wq_internal.h"
#include "wq_run.h"

/**
 * wqc_baseline_take - note what a routine has to leave as it is
 * @base: receives it
 *
 * @base->cred is the backend's to set: a reference is held on it, so that a
 * routine's commit_creds() cannot free what would be restored.
 *
 * Context: process, in the runner's task, before it drains.
 */
void wqc_baseline_take(struct wqc_baseline *base)
{
	base->preempt_count = preempt_count();
	base->rcu_depth = rcu_preempt_depth();
	base->lock_depth = wqc_lock_depth();
	base->bh_depth = softirq_count();
	base->policy = current->policy;
	base->prio = current->normal_prio;
	base->static_prio = current->static_prio;
	base->hotplug = READ_ONCE(wqc_hotplug_count);
	base->nr_cpus = current->nr_cpus_allowed;
	base->cpu = raw_smp_processor_id();
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
		.sched_nice = PRIO_TO_NICE(base->static_prio),
		.sched_priority = rt_prio(base->prio) ? MAX_RT_PRIO - 1 - base->prio : 0,
	};

	sched_setattr_nocheck(current, &attr);
}

/* A CPU that comes or goes changes the affinity of whoever runs there. */
static bool wqc_hotplug_since(unsigned int count)
{
	return READ_ONCE(wqc_hotplug_count) != count ||
	       !cpumask_equal(cpu_online_mask, cpu_active_mask);
}

/* The count has 31 bits: one that was lowered too often reads as a large one. */
static int wqc_preempt_off_by(const struct wqc_baseline *base)
{
	return (int)((u32)(preempt_count() - base->preempt_count) << 1) >> 1;
}

/*
 * First what would keep the report from being printed and the rest from being
 * repaired: interrupts, then the counts. A count that is too low is repaired as
 * one that is too high.
 */
void wqc_check_return(struct wqc_call *call, struct wqc_baseline *base)
{
	int preempt, rcu, bh, locks;
	bool irqs;

	irqs = irqs_disabled();
	if (irqs)
		local_irq_enable();
	preempt = wqc_preempt_off_by(base);
	if (preempt < 0)
		preempt_count_set(base->preempt_count);
	bh = softirq_count() - base->bh_depth;
	while (softirq_count() > base->bh_depth)
		local_bh_enable();
	rcu = rcu_preempt_depth() - base->rcu_depth;
	while (rcu_preempt_depth() > base->rcu_depth) {
		__acquire(RCU);	/* by the routine */
		rcu_read_unlock();
	}
	if (preempt >= 0)
		preempt = wqc_preempt_off_by(base);
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
	if (current->policy != base->policy || current->normal_prio != base->prio) {
		wqc_report(WQC_R_POLICY,
			   "routine %ps, context %p, item %p: policy %d nice %d rt %u",
			   call->routine, call->parameter, call->item, current->policy,
			   task_nice(current), current->rt_priority);
		wqc_restore_policy(base);
	}
	if (current->nr_cpus_allowed != base->nr_cpus ||
	    !cpumask_test_cpu(base->cpu, current->cpus_ptr)) {
		if (!wqc_hotplug_since(base->hotplug))
			wqc_report(WQC_R_AFFINITY,
				   "routine %ps, context %p, item %p: %d CPUs, were %d",
				   call->routine, call->parameter, call->item,
				   current->nr_cpus_allowed, base->nr_cpus);
		base->nr_cpus = current->nr_cpus_allowed;
		base->cpu = cpumask_first(current->cpus_ptr);
	}
}
