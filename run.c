// SPDX-License-Identifier: GPL-2.0
/*
 * What a routine left behind: noted before, looked at after (wq_run.h), reported
 * and, where that can be done, repaired here.
 */
#include <linux/cpumask.h>
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

/*
 * A CPU that comes or goes changes the affinity of whoever runs there: from the
 * moment when it is marked as dying, before any callback, until it is dead.
 *
 * The count is written before the affinity is, and read here after the changed affinity
 * was: the thread was moved in between, and came to run again through a lock of the
 * scheduler, that the one who moved it had held after the write.
 */
static bool wqc_hotplug_since(unsigned int count)
{
	unsigned int now = READ_ONCE(wqc_hotplug_count);

	return now != count || now & 1 || !cpumask_equal(cpu_online_mask, cpu_active_mask) ||
	       cpumask_intersects(cpu_dying_mask, cpu_online_mask);
}

/* The count has 31 bits: one that was lowered too often reads as a large one. */
static int wqc_preempt_off_by(void)
{
	return (int)((u32)preempt_count() << 1) >> 1;
}

/*
 * First what would keep the report from being printed and the rest from being
 * repaired: interrupts, then the counts. A count that is too low is repaired as
 * one that is too high.
 */
static void wqc_check_return(struct wqc_call *call, struct wqc_baseline *base)
{
	int preempt, rcu, bh, locks;
	bool irqs;

	irqs = irqs_disabled();
	if (irqs)
		local_irq_enable();
	preempt = wqc_preempt_off_by();
	if (preempt < 0)
		preempt_count_set(0);
	bh = softirq_count();
	while (softirq_count())
		local_bh_enable();
	rcu = rcu_preempt_depth();
	while (rcu_preempt_depth() > 0) {
		__acquire(RCU);	/* by the routine */
		rcu_read_unlock();
	}
	if (preempt >= 0)
		preempt = wqc_preempt_off_by();
	if (preempt)
		preempt_count_set(0);

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
		if (!wqc_was_demoted(call))
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

/**
 * wqc_after_run - what there is to do after a run, where there is anything
 * @call: the run
 * @base: what the routine had to leave as it was
 *
 * Context: process, in the runner's task.
 */
void wqc_after_run(struct wqc_call *call, struct wqc_baseline *base)
{
	u32 attend = base->attend;
	int watching;

	if (attend & WQC_TIMED)
		wqc_sample_ends(call);
	base->attend = 0;
	wqc_check_return(call, base);
	watching = atomic_read(&wqc_watching);
	if (watching & WQC_WATCH_MUTEXES)
		wqc_ask_after(current, call->routine);
	if (watching & WQC_WATCH_UNLOAD)
		wqc_watch_ran(call);
	if (attend & WQC_TIMER)
		wqc_rx_timer_ran(call);
}
