// SPDX-License-Identifier: GPL-2.0
/*
 * What a routine left behind: noted before, looked at after (core/run.h), reported
 * and, where that can be done, repaired here.
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

	/* An override that was not reverted: its reference is the override's. */
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
static int wqc_preempt_excess(void)
{
	return (int)((u32)preempt_count() << 1) >> 1;
}

/* Bits of task_struct.flags that a routine has to leave alone; the others are the kernel's. */
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
 * The plug of a function that has returned lies on the dead part of this stack: what it held is
 * lost, or was overwritten, and it must not be followed.
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
 * Puts back what the next routine of this thread, another driver's perhaps, would inherit: an
 * allocation scope, a page fault count, a plug that its I/O would wait in, a CPU that it could
 * not leave and that therefore could not go offline. Context: process, preemption on.
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
 * A routine returned with another policy: was that the guard? The caller has read the policy.
 *
 * It then gets its policy back here, as after any routine, and the guard and the runner
 * both leave it with the right one. The guard sets @demoted under the queue's lock before it
 * changes the policy under the locks of the thread's run queue. Without the barrier here the
 * thread could see the policy changed and @demoted still false, and an innocent routine would
 * be reported. tests/litmus/ has the proof.
 */
static bool wqc_runner_was_demoted(const struct wqc_call *call)
{
	const struct wqc_runner *runner = container_of(call, struct wqc_runner, call);

	smp_rmb();	/* the policy before @demoted; pairs with the locks named above */
	return runner->queue->pool->backend->fifo && READ_ONCE(runner->guard.demoted);
}

/*
 * A policy or nice that differs: the guard's doing, or that of the parameter rt_priority, or of
 * the routine, or of an administrator. The last two cannot be told apart.
 */
static void wqc_baseline_check_policy(struct wqc_call *call, struct wqc_baseline *base)
{
	const struct wqc_runner *runner = container_of(call, struct wqc_runner, call);

	if (runner->queue->pool->backend->fifo)
		base->prio = MAX_RT_PRIO - 1 - READ_ONCE(wqc_rt_priority);
	if (READ_ONCE(current->policy) == base->policy && current->normal_prio == base->prio)
		return;
	if (!wqc_runner_was_demoted(call))
		wqc_report(WQC_R_POLICY,
			   "routine %ps, context %p, item %p: policy %d nice %d rt %u",
			   call->routine, call->parameter, call->item, current->policy,
			   task_nice(current), current->rt_priority);
	wqc_baseline_restore_policy(base);
}

/**
 * wqc_baseline_check - report what a routine left in its thread, and put it back
 * @call: the run
 * @base: what it had to leave as it was
 *
 * First what would keep the report from being printed and the rest from being
 * repaired: interrupts, then the counts. A count that is too low is repaired as
 * one that is too high.
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
		__acquire(RCU);	/* by the routine */
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
 * wqc_call_finish - what there is to do after a run, where there is anything
 * @call: the run
 * @base: what the routine had to leave as it was
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

/* ---- what nt-compat looks after ------------------------------------------ */

static void (*wqc_post_hook)(struct task_struct *task, void *routine);	/* RCU */

/**
 * wqc_set_after - have somebody look, too, when a routine has returned
 * @after: called with the worker's task while wqc_watch_mutexes() says so; NULL: nobody
 *
 * Context: process, sleeps. When it returns, the former @after is not running.
 */
void wqc_set_after(void (*after)(struct task_struct *task, void *routine))
{
	WRITE_ONCE(wqc_post_hook, after);
	synchronize_rcu();
}
EXPORT_SYMBOL_GPL(wqc_set_after);

/**
 * wqc_watch_mutexes - whether somebody owns a mutex of nt-compat
 * @on: somebody does, so that each routine that returns is to be looked after
 *
 * A routine that has taken one said so itself, and so sees it when it returns.
 *
 * Context: any.
 */
void wqc_watch_mutexes(bool on)
{
	if (on)
		atomic_or(WQC_WATCH_MUTEXES, &wqc_watching);
	else
		atomic_andnot(WQC_WATCH_MUTEXES, &wqc_watching);
}
EXPORT_SYMBOL_GPL(wqc_watch_mutexes);

/**
 * wqc_watch_regions - whether a kernel thread is in a region of nt-compat
 * @on: as for wqc_watch_mutexes()
 *
 * Context: any.
 */
void wqc_watch_regions(bool on)
{
	if (on)
		atomic_or(WQC_WATCH_REGIONS, &wqc_watching);
	else
		atomic_andnot(WQC_WATCH_REGIONS, &wqc_watching);
}
EXPORT_SYMBOL_GPL(wqc_watch_regions);

/* The routine has returned, or its thread has ended. */
void wqc_run_post_hook(struct task_struct *task, void *routine)
{
	void (*after)(struct task_struct *task, void *routine);

	/*
	 * What @after reads was ready before the caller's routine took the mutex for which
	 * somebody is asked: its own task called nt-compat. The grace period of
	 * wqc_set_after() ends after the unlock of each reader that has seen the former one.
	 */
	rcu_read_lock();
	after = READ_ONCE(wqc_post_hook);
	if (after)
		after(task, routine);
	rcu_read_unlock();
}
