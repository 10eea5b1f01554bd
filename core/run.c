// SPDX-License-Identifier: GPL-2.0
/*
 * The state that a routine leaves in its thread.
 *
 * Hazard: the next routine of the thread, perhaps of another driver, would run with interrupts off,
 * with changed credentials, in an RCU section. So core/run.h records the state when a drain begins
 * and compares it after each routine; this file reports a difference and restores the state.
 */
#include <linux/blkdev.h>
#include <linux/cpumask.h>
#include <linux/cred.h>
#include <linux/interrupt.h>
#include <linux/kthread.h>
#include <linux/lockdep.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/rt.h>
#include <linux/sched/task_stack.h>
#include <linux/seq_buf.h>
#include <uapi/linux/sched/types.h>

#include "run.h"
#include "sample.h"
#include "unload.h"

static void wqc_baseline_restore_creds(const struct cred *cred)
{
	const struct cred *real = current_real_cred();

	/* override_creds() without revert_creds(): the override holds the reference. */
	if (current_cred() != real)
		revert_creds(real);
	if (real != cred)
		commit_creds((struct cred *)get_cred(cred));
}

static void wqc_baseline_restore_policy(const struct wqc_baseline *base)
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
 * Whether CPU hotplug may have changed the affinity since the baseline: the kernel changes it from
 * the moment when a CPU is marked as dying, before any callback, until the CPU is dead.
 *
 * The caller has read the affinity, and reads the count here, in the order that is opposite to that
 * of hotplug's writes. Proof: tests/litmus/hotplug-affinity.litmus.
 */
static bool wqc_hotplug_since(unsigned int count)
{
	unsigned int now = READ_ONCE(wqc_hotplug_count);

	return now != count || now & 1 || !cpumask_equal(cpu_online_mask, cpu_active_mask) ||
	       cpumask_intersects(cpu_dying_mask, cpu_online_mask);
}

/* Sign-extends the count, which has 31 bits, so that a count that is too low is negative. */
static int wqc_preempt_excess(void)
{
	return (int)((u32)preempt_count() << 1) >> 1;
}

/* Bits of task_struct.flags that a routine must leave unchanged; the kernel changes the others. */
#define WQC_TASK_FLAGS	(PF_MEMALLOC | PF_MEMALLOC_NOFS | PF_MEMALLOC_NOIO | PF_MEMALLOC_PIN | \
			 PF_NOFREEZE | PF_KSWAPD | PF_LOCAL_THROTTLE | PF_NO_SETAFFINITY)

static const struct {
	unsigned int flag;
	const char *name;
} wqc_flag_names[] = {
	{ PF_MEMALLOC, "memalloc_noreclaim_save()" },
	{ PF_MEMALLOC_NOFS, "memalloc_nofs_save()" },
	{ PF_MEMALLOC_NOIO, "memalloc_noio_save()" },
	{ PF_MEMALLOC_PIN, "memalloc_pin_save()" },
	{ PF_NOFREEZE, "set_freezable()" },
};

/*
 * Use-after-free: the plug is on the stack of the routine, which has returned, so its memory may be
 * overwritten already. It is not dereferenced; its I/O is lost.
 */
static void wqc_finish_plug(struct seq_buf *left)
{
	struct blk_plug *plug = current->plug;

	if (object_is_on_stack(plug)) {
		current->plug = NULL;
		seq_buf_printf(left, " blk_start_plug() on its stack, I/O of which is lost");
	} else {
		blk_finish_plug(plug);
		seq_buf_printf(left, " blk_start_plug()");
	}
}

static void wqc_baseline_restore_flags(const struct wqc_baseline *base, unsigned int changed,
				       struct seq_buf *left)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(wqc_flag_names); i++)
		if (changed & wqc_flag_names[i].flag)
			seq_buf_printf(left, " %s", wqc_flag_names[i].name);
	seq_buf_printf(left, " task flags %#x", changed);
	current->flags = (current->flags & ~WQC_TASK_FLAGS) | (base->flags & WQC_TASK_FLAGS);
}

/*
 * Restores state that the next routine of this thread would inherit: an allocation scope, a page
 * fault count, a plug in which its I/O would wait, a disabled migration (the CPU could not go
 * offline). Context: process, preemption on.
 */
static void wqc_baseline_restore_state(struct wqc_baseline *base, struct seq_buf *left)
{
	unsigned int flags = (current->flags ^ base->flags) & WQC_TASK_FLAGS;

	if (READ_ONCE(current->__state)) {
		seq_buf_printf(left, " task state %#x", READ_ONCE(current->__state));
		__set_current_state(TASK_RUNNING);
	}
	if (flags)
		wqc_baseline_restore_flags(base, flags, left);
	base->flags = current->flags;
	if (current->pagefault_disabled) {
		seq_buf_printf(left, " pagefault_disable() %d times", current->pagefault_disabled);
		current->pagefault_disabled = 0;
	}
	if (wqc_migration_disabled()) {
		seq_buf_printf(left, " migrate_disable() %u times", wqc_migration_disabled());
		while (wqc_migration_disabled())
			migrate_enable();
	}
	if (current->plug)
		wqc_finish_plug(left);
	if (current->bio_list) {
		seq_buf_printf(left, " current->bio_list");
		current->bio_list = NULL;
	}
	if (current->journal_info) {
		seq_buf_printf(left, " current->journal_info");
		current->journal_info = NULL;
	}
	if (current->mm) {
		seq_buf_printf(left, " kthread_use_mm()");
		kthread_unuse_mm(current->mm);
	}
}

static void wqc_baseline_check_state(const struct wqc_call *call, struct wqc_baseline *base)
{
	char text[160];
	struct seq_buf left;

	seq_buf_init(&left, text, sizeof(text));
	wqc_baseline_restore_state(base, &left);
	if (!left.len)
		return;
	text[min(left.len, sizeof(text) - 1)] = 0;
	wqc_report(WQC_R_THREAD_STATE, "routine %ps, context %p, item %p:%s", call->routine,
		   call->parameter, call->item, text);
}

/*
 * Whether guard.c has changed the policy of the thread. The caller has read the policy.
 *
 * Hazard: a false report of a routine that has not changed its policy. guard.c sets @demoted under
 * the queue's lock, then changes the policy under the locks of the thread's run queue. Without the
 * barrier here the thread could read the changed policy and then the old @demoted. Proof:
 * tests/litmus/demoted-policy.litmus. The caller restores the policy in any case.
 */
static bool wqc_runner_was_demoted(const struct wqc_call *call)
{
	const struct wqc_runner *runner = container_of(call, struct wqc_runner, call);

	smp_rmb();	/* the policy before @demoted; pairs with the locks named above */
	return runner->queue->pool->backend->fifo && READ_ONCE(runner->guard.demoted);
}

static bool wqc_baseline_policy_is(const struct wqc_baseline *base)
{
	return READ_ONCE(current->policy) == base->policy &&
	       READ_ONCE(current->normal_prio) == base->prio;
}

/*
 * A policy or nice value that differs was changed by guard.c, by a write to the parameter
 * rt_priority, by the routine or by an administrator. The last two cannot be told apart.
 */
static void wqc_baseline_check_policy(struct wqc_call *call, struct wqc_baseline *base)
{
	const struct wqc_runner *runner = container_of(call, struct wqc_runner, call);

	if (wqc_baseline_policy_is(base))
		return;
	if (runner->queue->pool->backend->fifo) {
		/* The thread before the parameter: tests/litmus/rt-priority.litmus. */
		smp_rmb();
		base->prio = MAX_RT_PRIO - 1 - READ_ONCE(wqc_rt_priority);
		if (wqc_baseline_policy_is(base))
			return;
	}
	if (!wqc_runner_was_demoted(call))
		wqc_report(WQC_R_POLICY,
			   "routine %ps, context %p, item %p: policy %d nice %d rt %u",
			   call->routine, call->parameter, call->item, current->policy,
			   task_nice(current), current->rt_priority);
	wqc_baseline_restore_policy(base);
}

/**
 * wqc_baseline_check - report changes that a routine has made in its thread, and undo them
 * @call: the run
 * @base: the state that the routine had to leave unchanged
 *
 * Interrupts and the counts are restored first: in atomic context no report can be printed, and the
 * other state not be restored. A count that is too low is restored like one that is too high.
 *
 * Context: process, in the runner's task.
 */
void wqc_baseline_check(struct wqc_call *call, struct wqc_baseline *base)
{
	int preempt, rcu, bh, locks;
	bool irqs;

	irqs = irqs_disabled();
	if (irqs)
		local_irq_enable();
	preempt = wqc_preempt_excess();
	if (preempt < 0)
		preempt_count_set(0);
	bh = softirq_count();
	while (softirq_count())
		local_bh_enable();
	rcu = rcu_preempt_depth();
	while (rcu_preempt_depth() > 0) {
		__acquire(RCU);	/* for sparse: the routine has entered the section */
		rcu_read_unlock();
	}
	if (preempt >= 0)
		preempt = wqc_preempt_excess();
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

	locks = wqc_lockdep_depth() - base->lock_depth;
	if (locks) {
		wqc_report(WQC_R_LOCKS, "routine %ps, context %p, item %p, off by %d",
			   call->routine, call->parameter, call->item, locks);
		base->lock_depth += locks;
	}
	if (current_cred() != base->cred || current_real_cred() != base->cred) {
		wqc_report(WQC_R_CREDS, "routine %ps, context %p, item %p",
			   call->routine, call->parameter, call->item);
		wqc_baseline_restore_creds(base->cred);
	}
	wqc_baseline_check_state(call, base);
	wqc_baseline_check_policy(call, base);
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
 * wqc_call_finish - slow path after a run: wqc_baseline_differs()
 * @call: the run
 * @base: the state that the routine had to leave unchanged
 *
 * Context: process, in the runner's task.
 */
void wqc_call_finish(struct wqc_call *call, struct wqc_baseline *base)
{
	u32 todo = base->post_run;
	int watching;

	if (todo & WQC_POST_SAMPLED)
		wqc_sample_end(call);
	base->post_run = 0;
	wqc_baseline_check(call, base);
	watching = atomic_read(&wqc_watching);
	if (watching & (WQC_WATCH_MUTEXES | WQC_WATCH_REGIONS))
		wqc_run_post_hook(current, call->routine);
	if (watching & WQC_WATCH_UNLOAD)
		wqc_search_note_run(call);
	if (todo & WQC_POST_REQUEST)
		wqc_ops.request_ran(call);
}

/**
 * wqc_run_as - name the routine that the running routine calls next
 * @routine: a driver's; the running one is to return when it has returned
 * @parameter: its context, for reports
 * @item: what the driver knows as the item, for reports; never dereferenced
 *
 * For nt-compat, whose APIs have routines of other types: an item runs a routine of nt-compat,
 * which calls the driver's. From here on reports and debugfs name the driver's, and an unload of
 * the driver waits for this run. Nothing happens if no routine is running.
 *
 * Context: any in a routine, also with interrupts off.
 */
void wqc_run_as(void *routine, void *parameter, void *item)
{
	struct wqc_runner *runner = wqc_wq_current() ?: wqc_rt_current();
	unsigned long flags;

	if (!runner)
		return;
	wqc_queue_lock_irqsave(runner->queue, flags);
	runner->call.routine = routine;
	runner->call.parameter = parameter;
	runner->call.item = item;
	wqc_queue_unlock_irqrestore(runner->queue, flags);
}
EXPORT_SYMBOL_GPL(wqc_run_as);

/* ---- the hook of nt-compat ----------------------------------------------- */

static void (*wqc_post_hook)(struct task_struct *task, void *routine);	/* RCU */

/**
 * wqc_set_after - set the hook that is called when a routine has returned
 * @after: called in RCU with the runner's task, while wqc_watch_mutexes() or wqc_watch_regions()
 *	is on; NULL: no hook
 *
 * For nt-compat, which reports mutexes and regions that a routine has not released.
 *
 * Context: process, sleeps. When it returns the former hook is not running.
 */
void wqc_set_after(void (*after)(struct task_struct *task, void *routine))
{
	WRITE_ONCE(wqc_post_hook, after);
	synchronize_rcu();
}
EXPORT_SYMBOL_GPL(wqc_set_after);

static void wqc_watch_set(int reason, bool on)
{
	if (on)
		atomic_or(reason, &wqc_watching);
	else
		atomic_andnot(reason, &wqc_watching);
}

/**
 * wqc_watch_mutexes - call the hook after each routine, or no longer
 * @on: whether a mutex of nt-compat is owned
 *
 * A routine that acquires a mutex calls this itself, so it sees the flag when it returns.
 *
 * Context: any.
 */
void wqc_watch_mutexes(bool on)
{
	wqc_watch_set(WQC_WATCH_MUTEXES, on);
}
EXPORT_SYMBOL_GPL(wqc_watch_mutexes);

/**
 * wqc_watch_regions - call the hook after each routine, or no longer
 * @on: whether a kernel thread is in a region of nt-compat; as for wqc_watch_mutexes()
 *
 * Context: any.
 */
void wqc_watch_regions(bool on)
{
	wqc_watch_set(WQC_WATCH_REGIONS, on);
}
EXPORT_SYMBOL_GPL(wqc_watch_regions);

/* Calls the hook: @routine has returned, or its thread, @task, has ended. */
void wqc_run_post_hook(struct task_struct *task, void *routine)
{
	void (*after)(struct task_struct *task, void *routine);

	/*
	 * No acquire is needed: the data that the hook reads was initialised before the task of
	 * this routine called nt-compat to acquire the mutex. Use-after-free:
	 * tests/litmus/run-hook.litmus.
	 */
	rcu_read_lock();
	after = READ_ONCE(wqc_post_hook);
	if (after)
		after(task, routine);
	rcu_read_unlock();
}
