// SPDX-License-Identifier: GPL-2.0
/*
 * State that a routine leaves behind when it returns is reported with the routine's name, and
 * repaired where that is possible, so that the next routine finds a clean thread.
 */
#include <linux/cred.h>
#include <linux/interrupt.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/pid.h>
#include <linux/rcupdate.h>
#include <linux/sched/mm.h>
#include <linux/sched/task.h>
#include <linux/uaccess.h>
#include <uapi/linux/sched/types.h>

#include "wqc_probe.h"

#define IRQS_OFF	"routine returned with interrupts disabled"
#define PREEMPT		"routine returned with another preemption count"
#define BH		"routine returned with another softirq count"
#define RCU		"routine returned inside an RCU read section"
#define LOCKS		"routine returned with other locks held"
#define CREDS		"routine returned with other credentials"
#define POLICY		"policy or nice changed during a routine, or from outside"
#define AFFINITY	"routine returned with another affinity"
#define STATE		"routine left its thread in another state"

static const char *const all_reports[] = {
	IRQS_OFF, PREEMPT, BH, RCU, LOCKS, CREDS, POLICY, AFFINITY, STATE,
};

/* The state of a thread, as the next routine on it finds it. */
struct state {
	struct task_struct *task;	/* a reference is held */
	const struct cred *cred;
	int preempt_count, rcu_depth;
	int policy, rt_priority, nice, cpus;
	unsigned int flags, task_state, pagefaults_off, migration_off;
	void *plug, *bio_list, *journal_info, *mm;
	bool irqs_off;
};

#define LOOKS	16	/* more than the threads that are made for one item */

struct look {
	WORK_QUEUE_ITEM item;
	struct leak *leak;
	struct state state;
};

struct leak {
	WORK_QUEUE_ITEM item;
	struct look looks[LOOKS];
	void (*fn)(struct leak *leak);
	struct state before, after;
	const struct cred *cred;	/* for the routine to leave behind */
	struct completion done, found;
	int cpu;
};

static void state_take(struct state *state)
{
	state->task = get_task_struct(current);
	state->cred = current_cred();
	state->preempt_count = preempt_count();
	state->rcu_depth = rcu_preempt_depth();
	state->policy = current->policy;
	state->rt_priority = current->rt_priority;
	state->nice = task_nice(current);
	state->cpus = current->nr_cpus_allowed;
	state->irqs_off = irqs_disabled();
	state->flags = current->flags;
	state->task_state = READ_ONCE(current->__state);
	state->pagefaults_off = current->pagefault_disabled;
#ifdef CONFIG_SMP
	state->migration_off = current->migration_disabled;
#endif
	state->plug = current->plug;
	state->bio_list = current->bio_list;
	state->journal_info = current->journal_info;
	state->mm = current->mm;
}

/* The next routine of a thread finds the same state as the first one. */
static void expect_same_thread_state(struct kunit *test, const struct state *before,
				     const struct state *after)
{
	KUNIT_EXPECT_EQ(test, before->flags, after->flags);
	KUNIT_EXPECT_EQ(test, TASK_RUNNING, after->task_state);
	KUNIT_EXPECT_EQ(test, 0U, after->pagefaults_off);
	KUNIT_EXPECT_EQ(test, 0U, after->migration_off);
	KUNIT_EXPECT_NULL(test, after->plug);
	KUNIT_EXPECT_NULL(test, after->bio_list);
	KUNIT_EXPECT_NULL(test, after->journal_info);
	KUNIT_EXPECT_NULL(test, after->mm);
}

static VOID leak_routine(PVOID context)
{
	struct leak *leak = context;

	state_take(&leak->before);
	complete(&leak->done);
	leak->fn(leak);
}

static VOID look_routine(PVOID context)
{
	struct leak *leak = context;

	state_take(&leak->after);
	complete(&leak->done);
}

/* Another thread waits, so that the next look is not taken by it. */
static VOID look_for_thread(PVOID context)
{
	struct look *look = context;
	struct leak *leak = look->leak;

	state_take(&look->state);
	complete(&leak->done);
	if (current != leak->before.task)
		wait_for_completion(&leak->found);
}

static void state_put(struct state *state)
{
	if (state->task)
		put_task_struct(state->task);
}

static void leak_put(void *arg)
{
	struct leak *leak = arg;
	int i;

	state_put(&leak->before);
	state_put(&leak->after);
	for (i = 0; i < LOOKS; i++)
		state_put(&leak->looks[i].state);
}

static struct leak *leak_new(struct kunit *test, void (*fn)(struct leak *leak))
{
	struct leak *leak = kunit_kzalloc(test, sizeof(*leak), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, leak);
	wqc_at_exit(test, leak_put, leak);
	init_completion(&leak->done);
	init_completion(&leak->found);
	leak->fn = fn;
	return leak;
}

static u64 sum_of_reports(struct kunit *test)
{
	u64 sum = 0;
	int i;

	for (i = 0; i < ARRAY_SIZE(all_reports); i++)
		sum += wqc_reports(test, all_reports[i]);
	return sum;
}

/* Queues one item and waits until its runner is idle again. */
static void run_alone(struct kunit *test, struct leak *leak, WORK_QUEUE_TYPE type)
{
	ExInitializeWorkItem(&leak->item, leak_routine, leak);
	ExQueueWorkItem(&leak->item, type);
	KUNIT_ASSERT_TRUE(test, wqc_done(&leak->done));
	KUNIT_ASSERT_TRUE(test, wqc_settled(test));
}

/*
 * Runs a routine in the thread of the first one, and notes the state that it finds. That thread
 * became idle last and is woken first, unless threads are being made for the first item.
 */
static void look_again(struct kunit *test, struct leak *leak, WORK_QUEUE_TYPE type)
{
	struct look *look;

	for (look = leak->looks; look < leak->looks + LOOKS && !leak->after.task; look++) {
		look->leak = leak;
		ExInitializeWorkItem(&look->item, look_for_thread, look);
		ExQueueWorkItem(&look->item, type);
		if (!wqc_done(&leak->done))
			break;
		if (look->state.task == leak->before.task)
			swap(leak->after, look->state);
	}
	complete_all(&leak->found);
	KUNIT_ASSERT_TRUE(test, wqc_settled(test));
	KUNIT_ASSERT_PTR_EQ(test, leak->before.task, leak->after.task);
}

/*
 * Runs @fn in a routine of that class: @report must be made once, be the only one of @n
 * reports, and name the routine. For HyperCritical, the same thread then runs another routine.
 */
static struct leak *leak_run_n(struct kunit *test, WORK_QUEUE_TYPE type,
			       void (*fn)(struct leak *leak), const char *report, int n)
{
	u64 reports = wqc_reports(test, report), sum = sum_of_reports(test);
	unsigned int lines = wqc_log_lines(test, report, "leak_routine");
	struct leak *leak = leak_new(test, fn);

	leak->cpu = wqc_stay_here(test);
	leak->cred = prepare_creds();
	KUNIT_ASSERT_NOT_NULL(test, leak->cred);

	run_alone(test, leak, type);
	KUNIT_EXPECT_EQ_MSG(test, reports + 1, wqc_reports(test, report), "%s", report);
	KUNIT_EXPECT_EQ_MSG(test, sum + n, sum_of_reports(test), "more than: %s", report);
	KUNIT_EXPECT_EQ_MSG(test, lines + 1, wqc_log_lines(test, report, "leak_routine"),
			    "not printed: %s", report);
	if (type == HyperCriticalWorkQueue) {
		look_again(test, leak, type);
		KUNIT_EXPECT_EQ(test, leak->before.preempt_count, leak->after.preempt_count);
		KUNIT_EXPECT_EQ(test, leak->before.rcu_depth, leak->after.rcu_depth);
		KUNIT_EXPECT_PTR_EQ(test, leak->before.cred, leak->after.cred);
		KUNIT_EXPECT_EQ(test, SCHED_FIFO, leak->after.policy);
		KUNIT_EXPECT_EQ(test, leak->before.rt_priority, leak->after.rt_priority);
		KUNIT_EXPECT_EQ(test, leak->before.nice, leak->after.nice);
		KUNIT_EXPECT_FALSE(test, leak->after.irqs_off);
		expect_same_thread_state(test, &leak->before, &leak->after);
		KUNIT_EXPECT_EQ_MSG(test, sum + n, sum_of_reports(test), "next after: %s", report);
	}
	put_cred(leak->cred);
	return leak;
}

static struct leak *leak_run(struct kunit *test, WORK_QUEUE_TYPE type,
			     void (*fn)(struct leak *leak), const char *report)
{
	return leak_run_n(test, type, fn, report, 1);
}

static void leave_irqs_off(struct leak *leak)
{
	local_irq_disable();
}

/* Interrupts left off (0xE1) are enabled. */
static void interrupts_left_disabled_are_reported_and_enabled(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;

	leak_run(test, class->type, leave_irqs_off, IRQS_OFF);
}

static void leave_preempt_off(struct leak *leak)
{
	preempt_disable();
}

/* Preemption left off (0xE1) is enabled. */
static void preemption_left_disabled_is_reported_and_enabled(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;

	if (!IS_ENABLED(CONFIG_PREEMPT_COUNT))
		kunit_skip(test, "this kernel does not count");
	leak_run(test, class->type, leave_preempt_off, PREEMPT);
}

static void leave_preempt_off_thrice(struct leak *leak)
{
	preempt_disable();
	preempt_disable();
	preempt_disable();
}

/* Preemption that is left off several levels deep is one report. */
static void preemption_disabled_thrice_is_one_report(struct kunit *test)
{
	if (!IS_ENABLED(CONFIG_PREEMPT_COUNT))
		kunit_skip(test, "this kernel does not count");
	leak_run(test, HyperCriticalWorkQueue, leave_preempt_off_thrice, PREEMPT);
}

/*
 * Lowers the count without preempt_enable(), which warns itself; with interrupts off, because no
 * interrupt should see the count before its repair.
 */
static void leave_preempt_low(struct leak *leak)
{
	local_irq_disable();
	__preempt_count_sub(1);
}

/* A count that is too low, after one spin_unlock() too many, is repaired too. */
static void preemption_enabled_once_too_often_is_reported_and_repaired(struct kunit *test)
{
	if (!IS_ENABLED(CONFIG_PREEMPT_COUNT))
		kunit_skip(test, "this kernel does not count");
	leak_run_n(test, HyperCriticalWorkQueue, leave_preempt_low, PREEMPT, 2);
}

static void leave_bh_off(struct leak *leak)
{
	local_bh_disable();
}

/* Softirqs left off (0xE1) are enabled. */
static void softirqs_left_disabled_are_reported_and_enabled(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;

	leak_run(test, class->type, leave_bh_off, BH);
}

static void leave_rcu(struct leak *leak)
{
	rcu_read_lock();
	/* Hidden from sparse, but not from the kernel. */
	__release(RCU);
}

/* An RCU read-side critical section that was not exited is exited. */
static void rcu_read_lock_held_is_reported_and_dropped(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;

	if (!IS_ENABLED(CONFIG_PREEMPT_RCU))
		kunit_skip(test, "this kernel does not count");
	leak_run(test, class->type, leave_rcu, RCU);
}

/* The repair is immediate: the next routine of the same burst finds a clean thread. */
static void next_routine_of_a_burst_finds_a_clean_thread(struct kunit *test)
{
	static void (*const leave[])(struct leak *leak) = {
		leave_irqs_off, leave_preempt_off, leave_bh_off, leave_rcu,
	};
	u64 sum = sum_of_reports(test);
	struct leak *leak, *next;
	int i;

	if (!IS_ENABLED(CONFIG_PREEMPT_RCU) || !IS_ENABLED(CONFIG_PREEMPT_COUNT))
		kunit_skip(test, "this kernel does not count");
	for (i = 0; i < ARRAY_SIZE(leave); i++) {
		leak = leak_new(test, leave[i]);
		next = leak_new(test, NULL);
		ExInitializeWorkItem(&leak->item, leak_routine, leak);
		ExInitializeWorkItem(&next->item, look_routine, next);
		wqc_hold(test, HyperCriticalWorkQueue);
		ExQueueWorkItem(&leak->item, HyperCriticalWorkQueue);
		ExQueueWorkItem(&next->item, HyperCriticalWorkQueue);
		wqc_release(test);
		KUNIT_ASSERT_TRUE(test, wqc_done(&next->done));
		KUNIT_ASSERT_TRUE(test, wqc_settled(test));
		KUNIT_EXPECT_PTR_EQ(test, leak->before.task, next->after.task);
		KUNIT_EXPECT_EQ(test, leak->before.preempt_count, next->after.preempt_count);
		KUNIT_EXPECT_EQ(test, leak->before.rcu_depth, next->after.rcu_depth);
		KUNIT_EXPECT_FALSE(test, next->after.irqs_off);
	}
	KUNIT_EXPECT_EQ(test, sum + i, sum_of_reports(test));
}

static void leave_override(struct leak *leak)
{
	override_creds(leak->cred);
}

/* Overridden credentials that were not reverted (0xDF) are reverted. */
static void overridden_credentials_are_reported_and_reverted(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	struct leak *leak = leak_run(test, class->type, leave_override, CREDS);

	KUNIT_EXPECT_PTR_EQ(test, leak->before.cred, rcu_access_pointer(leak->before.task->cred));
}

static void leave_commit(struct leak *leak)
{
	struct cred *cred = prepare_creds();

	if (cred)
		commit_creds(cred);
}

/* Committed credentials are put back. */
static void committed_credentials_are_reported_and_put_back(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	struct leak *leak = leak_run(test, class->type, leave_commit, CREDS);

	KUNIT_EXPECT_PTR_EQ(test, leak->before.cred, rcu_access_pointer(leak->before.task->cred));
	KUNIT_EXPECT_PTR_EQ(test, leak->before.cred,
			    rcu_access_pointer(leak->before.task->real_cred));
}

static void leave_commit_and_override(struct leak *leak)
{
	leave_commit(leak);
	leave_override(leak);
}

/* Credentials that were both committed and overridden are put back. */
static void committed_and_overridden_credentials_are_put_back(struct kunit *test)
{
	leak_run(test, HyperCriticalWorkQueue, leave_commit_and_override, CREDS);
}

static void leave_nice(struct leak *leak)
{
	set_user_nice(current, 7);
}

/* A changed nice value (0x128) is set back to that of the class. */
static void changed_nice_is_reported_and_put_back(struct kunit *test)
{
	struct leak *delayed, *critical;

	delayed = leak_run(test, DelayedWorkQueue, leave_nice, POLICY);
	KUNIT_EXPECT_EQ(test, 0, delayed->before.nice);
	KUNIT_EXPECT_EQ(test, 0, task_nice(delayed->before.task));
	critical = leak_run(test, CriticalWorkQueue, leave_nice, POLICY);
	KUNIT_EXPECT_EQ(test, MIN_NICE, critical->before.nice);
	KUNIT_EXPECT_EQ(test, MIN_NICE, task_nice(critical->before.task));
}

static void leave_normal(struct leak *leak)
{
	sched_set_normal(current, 0);
}

/* A real-time thread that was made a normal one is made real-time again. */
static void realtime_thread_made_normal_is_reported_and_put_back(struct kunit *test)
{
	leak_run(test, HyperCriticalWorkQueue, leave_normal, POLICY);
}

static void leave_priority(struct leak *leak)
{
	const struct sched_attr attr = {
		.size = sizeof(attr), .sched_policy = SCHED_FIFO, .sched_priority = 77,
	};

	sched_setattr_nocheck(current, &attr);
}

/* A real-time thread with another priority gets its priority back. */
static void changed_priority_is_reported_and_put_back(struct kunit *test)
{
	leak_run(test, HyperCriticalWorkQueue, leave_priority, POLICY);
}

static void leave_fifo(struct leak *leak)
{
	sched_set_fifo(current);
}

/* A normal thread that was made a real-time one is made normal again. */
static void normal_thread_made_realtime_is_reported_and_put_back(struct kunit *test)
{
	struct leak *leak = leak_run(test, DelayedWorkQueue, leave_fifo, POLICY);

	KUNIT_EXPECT_EQ(test, SCHED_NORMAL, leak->before.task->policy);
	KUNIT_EXPECT_EQ(test, 0, task_nice(leak->before.task));
}

static void leave_all_cpus(struct leak *leak)
{
	set_cpus_allowed_ptr(current, cpu_possible_mask);
}

/*
 * A changed affinity (0x128) is reported; a HyperCritical thread then returns to its CPU by
 * itself.
 */
static void widened_affinity_is_reported(struct kunit *test)
{
	struct leak *leak;

	if (num_possible_cpus() < 2)
		kunit_skip(test, "one CPU is all there are");
	leak = leak_run(test, HyperCriticalWorkQueue, leave_all_cpus, AFFINITY);
	KUNIT_EXPECT_EQ(test, 1, leak->after.cpus);
}

static void leave_cpu(struct leak *leak)
{
	int cpu = cpumask_any_but(cpu_online_mask, leak->cpu);

	if (cpu < nr_cpu_ids)
		set_cpus_allowed_ptr(current, cpumask_of(cpu));
}

/* An affinity for another single CPU is reported, too. */
static void moved_affinity_is_reported(struct kunit *test)
{
	struct leak *leak;

	if (num_online_cpus() == 1)
		kunit_skip(test, "one CPU");
	leak = leak_run(test, HyperCriticalWorkQueue, leave_cpu, AFFINITY);
	KUNIT_EXPECT_EQ(test, leak->cpu, cpumask_first(leak->after.task->cpus_ptr));
}

/* ---- the thread's own state ----------------------------------------------- */

static void leave_nofs(struct leak *leak)
{
	memalloc_nofs_save();
}

/*
 * An allocation scope that was not left (0x1D2) is reported: the next routine would allocate in
 * it.
 */
static void allocation_scope_is_reported_and_left(struct kunit *test)
{
	leak_run(test, DelayedWorkQueue, leave_nofs, STATE);
}

static void leave_unfreezable(struct leak *leak)
{
	current->flags &= ~PF_NOFREEZE;
}

/* A freezable thread would stop its class in a suspend. */
static void freezable_thread_is_reported_and_put_back(struct kunit *test)
{
	leak_run(test, HyperCriticalWorkQueue, leave_unfreezable, STATE);
}

static void leave_task_state(struct leak *leak)
{
	set_current_state(TASK_INTERRUPTIBLE);
}

/*
 * A task state other than running: the next routine could sleep in a place where it does not
 * intend to.
 */
static void task_state_is_reported_and_put_back(struct kunit *test)
{
	leak_run(test, HyperCriticalWorkQueue, leave_task_state, STATE);
}

static void leave_pagefaults_off(struct leak *leak)
{
	pagefault_disable();
	pagefault_disable();
}

/* Page faults left off: copies from and to user space would fail. */
static void pagefaults_left_disabled_are_reported_and_enabled(struct kunit *test)
{
	leak_run(test, HyperCriticalWorkQueue, leave_pagefaults_off, STATE);
}

static void leave_migration_off(struct leak *leak)
{
	migrate_disable();
	migrate_disable();
}

/* A thread with migration disabled keeps its CPU from going offline, forever. */
static void migration_left_disabled_is_reported_and_enabled(struct kunit *test)
{
	if (!IS_ENABLED(CONFIG_SMP))
		kunit_skip(test, "there is nowhere to migrate to");
	leak_run(test, HyperCriticalWorkQueue, leave_migration_off, STATE);
}

static void leave_bio_list(struct leak *leak)
{
	current->bio_list = (void *)leak;
}

/* A bio list: bios of the next routine would be put on it and never be submitted. */
static void bio_list_is_reported_and_put_back(struct kunit *test)
{
	leak_run(test, HyperCriticalWorkQueue, leave_bio_list, STATE);
}

static void leave_journal(struct leak *leak)
{
	current->journal_info = leak;
}

/* A transaction: a file system would take work of the next routine for a part of it. */
static void journal_info_is_reported_and_put_back(struct kunit *test)
{
	leak_run(test, HyperCriticalWorkQueue, leave_journal, STATE);
}

static void leave_address_space(struct leak *leak)
{
	struct task_struct *init = get_pid_task(find_vpid(1), PIDTYPE_PID);
	struct mm_struct *mm = init ? get_task_mm(init) : NULL;

	if (mm) {
		kthread_use_mm(mm);
		mmput(mm);
	}
	if (init)
		put_task_struct(init);
}

/* A user's address space that a routine has not left is reported and left. */
static void address_space_is_reported_and_left(struct kunit *test)
{
	leak_run(test, HyperCriticalWorkQueue, leave_address_space, STATE);
}

/* ---- policy that is changed from outside ------------------------------------ */

static void leave_nothing(struct leak *leak)
{
}

static void set_fifo(struct task_struct *task, int priority)
{
	const struct sched_attr attr = {
		.size = sizeof(attr), .sched_policy = SCHED_FIFO, .sched_priority = priority,
	};

	sched_setattr_nocheck(task, &attr);
}

/*
 * chrt by an administrator on an idle HyperCritical thread lasts until its next item at most,
 * and no routine is reported for it.
 */
static void idle_thread_with_another_priority_gets_its_own_back(struct kunit *test)
{
	u64 sum = sum_of_reports(test);
	struct leak *leak = leak_new(test, leave_nothing);

	wqc_stay_here(test);
	run_alone(test, leak, HyperCriticalWorkQueue);
	set_fifo(leak->before.task, 7);
	look_again(test, leak, HyperCriticalWorkQueue);
	KUNIT_EXPECT_EQ(test, SCHED_FIFO, leak->after.policy);
	KUNIT_EXPECT_EQ(test, leak->before.rt_priority, leak->after.rt_priority);
	KUNIT_EXPECT_EQ(test, sum, sum_of_reports(test));
}

/* ---- locks --------------------------------------------------------------- */

static DEFINE_MUTEX(leaked_mutex);

static void leave_locked(struct leak *leak)
{
	mutex_lock(&leaked_mutex);
}

static void leave_unlocked(struct leak *leak)
{
	mutex_unlock(&leaked_mutex);
}

/* A lock that is still held (0x39) is reported and stays held: the driver has to unlock it. */
static void lock_left_held_is_reported_and_stays(struct kunit *test)
{
	if (!IS_ENABLED(CONFIG_LOCKDEP))
		kunit_skip(test, "this kernel does not count locks");
	leak_run(test, HyperCriticalWorkQueue, leave_locked, LOCKS);
	KUNIT_EXPECT_TRUE(test, mutex_is_locked(&leaked_mutex));
	leak_run(test, HyperCriticalWorkQueue, leave_unlocked, LOCKS);
	KUNIT_EXPECT_FALSE(test, mutex_is_locked(&leaked_mutex));
}

static struct kunit_case return_cases[] = {
	KUNIT_CASE_PARAM(interrupts_left_disabled_are_reported_and_enabled, wqc_class_gen_params),
	KUNIT_CASE_PARAM(preemption_left_disabled_is_reported_and_enabled, wqc_class_gen_params),
	KUNIT_CASE(preemption_disabled_thrice_is_one_report),
	KUNIT_CASE(preemption_enabled_once_too_often_is_reported_and_repaired),
	KUNIT_CASE_PARAM(softirqs_left_disabled_are_reported_and_enabled, wqc_class_gen_params),
	KUNIT_CASE_PARAM(rcu_read_lock_held_is_reported_and_dropped, wqc_class_gen_params),
	KUNIT_CASE(next_routine_of_a_burst_finds_a_clean_thread),
	KUNIT_CASE_PARAM(overridden_credentials_are_reported_and_reverted, wqc_class_gen_params),
	KUNIT_CASE_PARAM(committed_credentials_are_reported_and_put_back, wqc_class_gen_params),
	KUNIT_CASE(committed_and_overridden_credentials_are_put_back),
	KUNIT_CASE(changed_nice_is_reported_and_put_back),
	KUNIT_CASE(realtime_thread_made_normal_is_reported_and_put_back),
	KUNIT_CASE(changed_priority_is_reported_and_put_back),
	KUNIT_CASE(normal_thread_made_realtime_is_reported_and_put_back),
	KUNIT_CASE(widened_affinity_is_reported),
	KUNIT_CASE(moved_affinity_is_reported),
	KUNIT_CASE(allocation_scope_is_reported_and_left),
	KUNIT_CASE(freezable_thread_is_reported_and_put_back),
	KUNIT_CASE(task_state_is_reported_and_put_back),
	KUNIT_CASE(pagefaults_left_disabled_are_reported_and_enabled),
	KUNIT_CASE(migration_left_disabled_is_reported_and_enabled),
	KUNIT_CASE(bio_list_is_reported_and_put_back),
	KUNIT_CASE(journal_info_is_reported_and_put_back),
	KUNIT_CASE(address_space_is_reported_and_left),
	KUNIT_CASE(idle_thread_with_another_priority_gets_its_own_back),
	KUNIT_CASE(lock_left_held_is_reported_and_stays),
	{}
};

static struct kunit_suite wqc_return_suite = {
	.name = "wqc_return",
	.test_cases = return_cases,
};

kunit_test_suite(wqc_return_suite);
