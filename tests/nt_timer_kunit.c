// SPDX-License-Identifier: GPL-2.0
/* DPCs, and the timers that queue them. */
#include <linux/cpu.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/random.h>

#include "modules/wqc_random.h"
#include "nt_test.h"

/* A DPC, and the record of its routine. */
struct nt_dpc {
	KDPC dpc;
	KTIMER timer;
	PVOID arg1, arg2;
	KIRQL irql;
	int cpu;
	atomic_t runs;
	atomic_t left;		/* how often the routine queues its DPC, or sets its timer, again */
	KEVENT event;
	struct nt_dpc ***order;	/* where the next DPC to run stores itself */
	struct completion done;
};

static VOID nt_dpc_routine(PKDPC Dpc, PVOID DeferredContext, PVOID SystemArgument1,
			   PVOID SystemArgument2)
{
	struct nt_dpc *dpc = DeferredContext;

	dpc->arg1 = SystemArgument1;
	dpc->arg2 = SystemArgument2;
	dpc->irql = KeGetCurrentIrql();
	dpc->cpu = smp_processor_id();
	atomic_inc(&dpc->runs);
	if (dpc->order)
		*(*dpc->order)++ = dpc;
	if (atomic_dec_if_positive(&dpc->left) >= 0)
		KeInsertQueueDpc(&dpc->dpc, NULL, NULL);
	else
		complete(&dpc->done);
}

static void nt_dpc_gone(void *arg)
{
	struct nt_dpc *dpc = arg;

	KeCancelTimer(&dpc->timer);
	KeRemoveQueueDpc(&dpc->dpc);
	KeFlushQueuedDpcs();
	kfree(dpc);
}

static struct nt_dpc *nt_dpc_new(struct kunit *test, PKDEFERRED_ROUTINE routine)
{
	struct nt_dpc *dpc = kzalloc(sizeof(*dpc), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, dpc);
	KeInitializeDpc(&dpc->dpc, routine, dpc);
	KeInitializeTimer(&dpc->timer);
	KeInitializeEvent(&dpc->event, SynchronizationEvent, FALSE);
	init_completion(&dpc->done);
	wqc_at_exit(test, nt_dpc_gone, dpc);
	return dpc;
}

/* ---- DPCs ----------------------------------------------------------------- */

/* A DPC runs at DISPATCH_LEVEL with the arguments of its queue call. */
static void dpc_runs_at_dispatch_level_with_its_arguments(struct kunit *test)
{
	struct nt_dpc *dpc = nt_dpc_new(test, nt_dpc_routine);

	KUNIT_EXPECT_TRUE(test, KeInsertQueueDpc(&dpc->dpc, (PVOID)1, (PVOID)2));
	KUNIT_ASSERT_TRUE(test, wqc_done(&dpc->done));
	KUNIT_EXPECT_PTR_EQ(test, (PVOID)1, dpc->arg1);
	KUNIT_EXPECT_PTR_EQ(test, (PVOID)2, dpc->arg2);
	KUNIT_EXPECT_EQ(test, DISPATCH_LEVEL, dpc->irql);
}

static void nt_queue_dpc(void *arg)
{
	struct nt_dpc *dpc = arg;

	KeInsertQueueDpc(&dpc->dpc, NULL, NULL);
}

/* A DPC can be queued in every context. */
static void dpc_is_queued_in_every_context(struct kunit *test)
{
	const enum wqc_context *context = test->param_value;
	struct nt_dpc *dpc = nt_dpc_new(test, nt_dpc_routine);

	wqc_call_in(test, *context, nt_queue_dpc, dpc);
	KUNIT_EXPECT_TRUE(test, wqc_done(&dpc->done));
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&dpc->runs));
}

/* A queued DPC is not queued again; a removed one does not run. */
static void dpc_is_queued_once_and_can_be_removed(struct kunit *test)
{
	struct nt_dpc *dpc = nt_dpc_new(test, nt_dpc_routine);
	KIRQL irql;

	KeRaiseIrql(DISPATCH_LEVEL, &irql);
	KUNIT_EXPECT_TRUE(test, KeInsertQueueDpc(&dpc->dpc, (PVOID)1, NULL));
	KUNIT_EXPECT_FALSE(test, KeInsertQueueDpc(&dpc->dpc, (PVOID)2, NULL));
	KUNIT_EXPECT_TRUE(test, KeRemoveQueueDpc(&dpc->dpc));
	KUNIT_EXPECT_FALSE(test, KeRemoveQueueDpc(&dpc->dpc));
	KUNIT_EXPECT_TRUE(test, KeInsertQueueDpc(&dpc->dpc, (PVOID)3, NULL));
	KUNIT_EXPECT_FALSE(test, KeInsertQueueDpc(&dpc->dpc, (PVOID)4, NULL));
	KeLowerIrql(irql);
	KUNIT_ASSERT_TRUE(test, wqc_done(&dpc->done));
	KUNIT_EXPECT_PTR_EQ(test, (PVOID)3, dpc->arg1);
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&dpc->runs));
}

/* A routine may queue its own DPC, more often in a row than a softirq's budget. */
static void dpc_may_queue_itself(struct kunit *test)
{
	struct nt_dpc *dpc = nt_dpc_new(test, nt_dpc_routine);

	atomic_set(&dpc->left, 200);
	KeInsertQueueDpc(&dpc->dpc, NULL, NULL);
	KUNIT_EXPECT_TRUE(test, wqc_done(&dpc->done));
	KUNIT_EXPECT_EQ(test, 201, atomic_read(&dpc->runs));
}

/* DPCs run in the order of their queueing; a DPC of HighImportance runs first. */
static void dpcs_run_in_order_of_importance(struct kunit *test)
{
	struct nt_dpc *dpcs[3], *ran[3] = {}, **next = ran;
	KIRQL irql;
	int i;

	for (i = 0; i < 3; i++) {
		dpcs[i] = nt_dpc_new(test, nt_dpc_routine);
		dpcs[i]->order = &next;
	}
	KeSetImportanceDpc(&dpcs[2]->dpc, HighImportance);
	irql = KeRaiseIrqlToDpcLevel();
	for (i = 0; i < 3; i++) {
		KeSetTargetProcessorDpc(&dpcs[i]->dpc, smp_processor_id());
		KeInsertQueueDpc(&dpcs[i]->dpc, NULL, NULL);
	}
	KeLowerIrql(irql);
	for (i = 0; i < 3; i++)
		KUNIT_EXPECT_TRUE(test, wqc_done(&dpcs[i]->done));
	KUNIT_EXPECT_PTR_EQ(test, dpcs[2], ran[0]);
	KUNIT_EXPECT_PTR_EQ(test, dpcs[0], ran[1]);
	KUNIT_EXPECT_PTR_EQ(test, dpcs[1], ran[2]);
}

/* A DPC runs on its target CPU. */
static void dpc_runs_on_its_target_cpu(struct kunit *test)
{
	struct nt_dpc *dpc = nt_dpc_new(test, nt_dpc_routine);
	int cpu;

	for_each_online_cpu(cpu) {
		reinit_completion(&dpc->done);
		KeSetTargetProcessorDpc(&dpc->dpc, cpu);
		KUNIT_EXPECT_TRUE(test, KeInsertQueueDpc(&dpc->dpc, NULL, NULL));
		KUNIT_ASSERT_TRUE(test, wqc_done(&dpc->done));
		KUNIT_EXPECT_EQ(test, cpu, dpc->cpu);
	}
}

static VOID nt_slow_dpc(PKDPC Dpc, PVOID DeferredContext, PVOID SystemArgument1,
			PVOID SystemArgument2)
{
	struct nt_dpc *dpc = DeferredContext;

	complete(&dpc->done);
	wqc_spin_ms(100);
	atomic_inc(&dpc->runs);
}

/* A flush returns after every queued DPC has returned, on each CPU. */
static void flush_waits_for_dpcs_on_all_cpus(struct kunit *test)
{
	struct nt_dpc *dpcs[4];
	int cpu, i = 0;

	for_each_online_cpu(cpu) {
		if (i == 4)
			break;
		dpcs[i] = nt_dpc_new(test, nt_slow_dpc);
		KeSetTargetProcessorDpc(&dpcs[i]->dpc, cpu);
		KeInsertQueueDpc(&dpcs[i++]->dpc, NULL, NULL);
	}
	KeFlushQueuedDpcs();
	while (i--)
		KUNIT_EXPECT_EQ(test, 1, atomic_read(&dpcs[i]->runs));
}

#ifdef CONFIG_HOTPLUG_CPU
static int nt_dpc_poster(void *arg)
{
	struct nt_dpc *dpc = arg;

	while (!kthread_should_stop()) {
		KeInsertQueueDpc(&dpc->dpc, NULL, NULL);
		cond_resched();
	}
	return 0;
}

/* A DPC that is queued for a CPU which goes offline still runs, and can be queued again. */
static void dpc_of_a_cpu_that_goes_offline_runs(struct kunit *test)
{
	unsigned int rounds = wqc_rounds(20, 3);
	struct nt_dpc *dpc = nt_dpc_new(test, nt_dpc_routine);
	int cpu = cpumask_last(cpu_online_mask), runs;
	struct task_struct *poster;

	if (num_online_cpus() < 2)
		kunit_skip(test, "one CPU");
	KeSetTargetProcessorDpc(&dpc->dpc, cpu);
	poster = kthread_run(nt_dpc_poster, dpc, "nt_dpc_poster");
	KUNIT_ASSERT_FALSE(test, IS_ERR(poster));
	while (rounds--) {
		KUNIT_EXPECT_EQ(test, 0, remove_cpu(cpu));
		runs = atomic_read(&dpc->runs);
		KUNIT_EXPECT_TRUE(test, wqc_eventually(atomic_read(&dpc->runs) > runs + 1));
		KUNIT_EXPECT_EQ(test, 0, add_cpu(cpu));
	}
	kthread_stop(poster);
}
#else
static void dpc_of_a_cpu_that_goes_offline_runs(struct kunit *test)
{
	kunit_skip(test, "no CPU goes down on this kernel");
}
#endif

struct nt_freed {
	KDPC dpc;
	struct completion *done;
};

static VOID nt_freeing_dpc(PKDPC Dpc, PVOID DeferredContext, PVOID SystemArgument1,
			   PVOID SystemArgument2)
{
	struct nt_freed *freed = DeferredContext;
	struct completion *done = freed->done;

	memset(freed, 0x5a, sizeof(*freed));
	kfree(freed);
	complete(done);
}

/* A routine may free the memory that its DPC is in. */
static void dpc_may_be_freed_inside_its_routine(struct kunit *test)
{
	struct completion *done = kunit_kzalloc(test, sizeof(*done), GFP_KERNEL);
	unsigned int left = wqc_rounds(1000, 50);
	struct nt_freed *freed;

	KUNIT_ASSERT_NOT_NULL(test, done);
	init_completion(done);
	while (left--) {
		freed = kmalloc(sizeof(*freed), GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, freed);
		freed->done = done;
		KeInitializeDpc(&freed->dpc, nt_freeing_dpc, freed);
		KeInsertQueueDpc(&freed->dpc, NULL, NULL);
		KUNIT_ASSERT_TRUE(test, wqc_done(done));
	}
}

/* ---- timers --------------------------------------------------------------- */

/* A timer is signalled and queues its DPC when it is due, not before. */
static void timer_is_signalled_when_it_is_due(struct kunit *test)
{
	struct nt_dpc *dpc = nt_dpc_new(test, nt_dpc_routine);
	ktime_t begin = ktime_get();

	KUNIT_EXPECT_FALSE(test, KeSetTimer(&dpc->timer, NT_MS(20), &dpc->dpc));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_wait(&dpc->timer));
	KUNIT_EXPECT_GE(test, ktime_to_ns(ktime_sub(ktime_get(), begin)), 20 * NSEC_PER_MSEC);
	KUNIT_EXPECT_TRUE(test, wqc_done(&dpc->done));
	KUNIT_EXPECT_EQ(test, DISPATCH_LEVEL, dpc->irql);
	KUNIT_EXPECT_TRUE(test, KeReadStateTimer(&dpc->timer));
	KUNIT_EXPECT_FALSE(test, KeCancelTimer(&dpc->timer));
	/* Setting the timer resets it. */
	KUNIT_EXPECT_FALSE(test, KeSetTimer(&dpc->timer, NT_MS(60000), NULL));
	KUNIT_EXPECT_FALSE(test, KeReadStateTimer(&dpc->timer));
	KUNIT_EXPECT_TRUE(test, KeCancelTimer(&dpc->timer));
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&dpc->runs));
}

/* A due time may be a system time; a past one is due at once. */
static void timer_may_be_due_at_a_system_time(struct kunit *test)
{
	struct nt_dpc *dpc = nt_dpc_new(test, nt_dpc_routine);
	LARGE_INTEGER due, now;

	KeQuerySystemTime(&due);
	due.QuadPart += 20 * 10000;
	KeSetTimer(&dpc->timer, due, NULL);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_wait(&dpc->timer));
	KeQuerySystemTime(&now);
	KUNIT_EXPECT_GE(test, now.QuadPart, due.QuadPart);
	due.QuadPart = 1;
	KeSetTimer(&dpc->timer, due, NULL);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_wait(&dpc->timer));
}

/* Setting and cancelling return whether the timer was set; a cancelled timer does not fire. */
static void set_and_cancel_return_whether_the_timer_was_set(struct kunit *test)
{
	struct nt_dpc *dpc = nt_dpc_new(test, nt_dpc_routine);

	KUNIT_EXPECT_FALSE(test, KeCancelTimer(&dpc->timer));
	KUNIT_EXPECT_FALSE(test, KeSetTimer(&dpc->timer, NT_MS(60000), &dpc->dpc));
	KUNIT_EXPECT_TRUE(test, KeSetTimer(&dpc->timer, NT_MS(400), &dpc->dpc));
	KUNIT_EXPECT_TRUE(test, KeCancelTimer(&dpc->timer));
	KUNIT_EXPECT_FALSE(test, KeCancelTimer(&dpc->timer));
	msleep(400 + WQC_GRACE_MS);
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&dpc->runs));
	KUNIT_EXPECT_FALSE(test, KeReadStateTimer(&dpc->timer));
}

/* A notification timer stays signalled; a synchronization timer satisfies one wait. */
static void timer_types_are_those_of_events(struct kunit *test)
{
	struct nt_dpc *dpc = nt_dpc_new(test, nt_dpc_routine);

	KeSetTimer(&dpc->timer, NT_MS(1), NULL);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_wait(&dpc->timer));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_poll(&dpc->timer));
	KeInitializeTimerEx(&dpc->timer, SynchronizationTimer);
	KeSetTimer(&dpc->timer, NT_MS(1), NULL);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_wait(&dpc->timer));
	KUNIT_EXPECT_EQ(test, STATUS_TIMEOUT, nt_poll(&dpc->timer));
}

/* A periodic timer fires periodically until it is cancelled. */
static void periodic_timer_fires_until_cancelled(struct kunit *test)
{
	struct nt_dpc *dpc = nt_dpc_new(test, nt_dpc_routine);
	int runs;

	KUNIT_EXPECT_FALSE(test, KeSetTimerEx(&dpc->timer, NT_MS(1), 5, &dpc->dpc));
	KUNIT_EXPECT_TRUE(test, wqc_done_times(&dpc->done, 4));
	KUNIT_EXPECT_TRUE(test, KeCancelTimer(&dpc->timer));
	KeFlushQueuedDpcs();
	runs = atomic_read(&dpc->runs);
	msleep(WQC_GRACE_MS);
	KUNIT_EXPECT_EQ(test, runs, atomic_read(&dpc->runs));
}

static VOID nt_rearming_dpc(PKDPC Dpc, PVOID DeferredContext, PVOID SystemArgument1,
			    PVOID SystemArgument2)
{
	struct nt_dpc *dpc = DeferredContext;

	atomic_inc(&dpc->runs);
	/* The cancellation does not wait, not even for this routine. */
	KeCancelTimer(&dpc->timer);
	if (atomic_dec_if_positive(&dpc->left) >= 0)
		KeSetTimer(&dpc->timer, NT_MS(1), &dpc->dpc);
	else
		complete(&dpc->done);
}

/* A DPC may cancel its timer, and set it again. */
static void dpc_may_set_its_timer_again(struct kunit *test)
{
	struct nt_dpc *dpc = nt_dpc_new(test, nt_rearming_dpc);

	atomic_set(&dpc->left, 10);
	KeSetTimer(&dpc->timer, NT_MS(1), &dpc->dpc);
	KUNIT_EXPECT_TRUE(test, wqc_done(&dpc->done));
	KUNIT_EXPECT_EQ(test, 11, atomic_read(&dpc->runs));
}

/* A timer may be freed after its cancellation, or after a wait for it. */
static void timer_may_be_freed_after_cancel_or_wait(struct kunit *test)
{
	unsigned int left = wqc_rounds(1000, 50);
	KTIMER *timer;

	while (left--) {
		timer = kmalloc(sizeof(*timer), GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, timer);
		KeInitializeTimer(timer);
		KeSetTimer(timer, (LARGE_INTEGER){ .QuadPart = -(LONGLONG)(left % 200) * 10 },
			   NULL);
		if (left & 1)
			KeCancelTimer(timer);
		else
			KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_wait(timer));
		memset(timer, 0x5a, sizeof(*timer));
		kfree(timer);
	}
}

/* Timers fire in the order of their due times, whatever the order of setting. */
static void timers_are_due_in_order_of_time(struct kunit *test)
{
	enum { TIMERS = 20 };
	KTIMER *timers = kunit_kcalloc(test, TIMERS, sizeof(*timers), GFP_KERNEL);
	int i;

	KUNIT_ASSERT_NOT_NULL(test, timers);
	for (i = 0; i < TIMERS; i++) {
		KeInitializeTimer(&timers[i]);
		/* In the order 0, 7, 14, 1, 8, ...; the later half is never due. */
		KeSetTimer(&timers[i], NT_MS(i * 7 % TIMERS < TIMERS / 2 ? 5 : 600000), NULL);
	}
	for (i = 0; i < TIMERS; i++) {
		if (i * 7 % TIMERS < TIMERS / 2)
			KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_wait(&timers[i]));
		else
			KUNIT_EXPECT_TRUE(test, KeCancelTimer(&timers[i]));
	}
}

/* A thread sleeps at least its interval, or until a system time. */
static void delay_sleeps_until_its_due_time(struct kunit *test)
{
	LARGE_INTEGER interval = NT_MS(20), now, zero = {};
	ktime_t begin = ktime_get();

	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			KeDelayExecutionThread(KernelMode, FALSE, &interval));
	KUNIT_EXPECT_GE(test, ktime_to_ns(ktime_sub(ktime_get(), begin)), 20 * NSEC_PER_MSEC);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, KeDelayExecutionThread(KernelMode, FALSE, &zero));
	KeQuerySystemTime(&interval);
	interval.QuadPart += 20 * 10000;
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			KeDelayExecutionThread(KernelMode, FALSE, &interval));
	KeQuerySystemTime(&now);
	KUNIT_EXPECT_GE(test, now.QuadPart, interval.QuadPart);
}

/* ---- freed, initialised again, or not initialised ----------------------- */

#define TIMER_FREED	"freed memory contains a timer that is set"
#define DPC_FREED	"freed memory contains a queued DPC"
#define TIMER_INIT	"timer initialised while it is set"
#define DPC_INIT	"DPC initialised while it is queued"
#define BAD_TIMER	"timer or DPC that was not initialised"
#define NT_TAG		0x656d6954	/* "Time" */

struct nt_block {
	char before[24];
	KTIMER timers[3];
	KDPC dpcs[2];
};

static struct nt_block *nt_block_new(struct kunit *test, struct nt_dpc *dpc)
{
	struct nt_block *block = ExAllocatePoolWithTag(NonPagedPoolNx, sizeof(*block), NT_TAG);
	int i;

	KUNIT_ASSERT_NOT_NULL(test, block);
	for (i = 0; i < 3; i++)
		KeInitializeTimer(&block->timers[i]);
	for (i = 0; i < 2; i++)
		KeInitializeDpc(&block->dpcs[i], nt_dpc_routine, dpc);
	return block;
}

/* Timers that are set in freed pool memory are reported and cancelled, and no others. */
static void timer_in_memory_that_is_freed_is_cancelled(struct kunit *test)
{
	u64 timers = wqc_reports(test, TIMER_FREED), dpcs = wqc_reports(test, DPC_FREED);
	struct nt_dpc *dpc = nt_dpc_new(test, nt_dpc_routine);
	struct nt_block *block = nt_block_new(test, dpc), *other = nt_block_new(test, dpc);

	KeSetTimer(&block->timers[0], NT_MS(1000), &block->dpcs[0]);
	KeSetTimerEx(&block->timers[1], NT_MS(1000), 1, NULL);
	KeSetTimer(&block->timers[2], NT_MS(60000), NULL);
	KeCancelTimer(&block->timers[2]);
	KeSetTimer(&other->timers[1], NT_MS(60000), NULL);
	ExFreePoolWithTag(block, NT_TAG);
	KUNIT_EXPECT_EQ(test, timers + 2, wqc_reports(test, TIMER_FREED));
	msleep(1000 + WQC_GRACE_MS);
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&dpc->runs));
	KUNIT_EXPECT_TRUE(test, KeCancelTimer(&other->timers[1]));
	ExFreePoolWithTag(other, NT_TAG);
	KUNIT_EXPECT_EQ(test, timers + 2, wqc_reports(test, TIMER_FREED));
	KUNIT_EXPECT_EQ(test, dpcs, wqc_reports(test, DPC_FREED));
}

/* A timer that is set in the extension of a deleted device is reported and cancelled. */
static void timer_in_a_device_extension_is_cancelled(struct kunit *test)
{
	u64 timers = wqc_reports(test, TIMER_FREED);
	PDRIVER_OBJECT driver = wqc_test_driver(test);
	PDEVICE_OBJECT device;
	KTIMER *timer;

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			IoCreateDevice(driver, sizeof(*timer), NULL, FILE_DEVICE_UNKNOWN, 0,
				       FALSE, &device));
	timer = device->DeviceExtension;
	KeInitializeTimer(timer);
	KeSetTimerEx(timer, NT_MS(60000), 1, NULL);
	IoDeleteDevice(device);
	KUNIT_EXPECT_TRUE(test, wqc_eventually(wqc_reports(test, TIMER_FREED) == timers + 1));
}

/* A timer whose DPC is freed fires without it. */
static void timer_whose_dpc_is_freed_fires_without_it(struct kunit *test)
{
	u64 dpcs = wqc_reports(test, DPC_FREED);
	struct nt_dpc *dpc = nt_dpc_new(test, nt_dpc_routine);
	struct nt_block *block = nt_block_new(test, dpc);

	KeSetTimer(&dpc->timer, NT_MS(1000), &block->dpcs[1]);
	ExFreePoolWithTag(block, NT_TAG);
	KUNIT_EXPECT_EQ(test, dpcs + 1, wqc_reports(test, DPC_FREED));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_wait(&dpc->timer));
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&dpc->runs));
}

/* DPCs that are queued in freed pool memory are reported and do not run. */
static void dpc_in_memory_that_is_freed_is_removed(struct kunit *test)
{
	u64 dpcs = wqc_reports(test, DPC_FREED);
	struct nt_dpc *dpc = nt_dpc_new(test, nt_dpc_routine);
	struct nt_block *block = nt_block_new(test, dpc), *other = nt_block_new(test, dpc);
	KIRQL irql;
	int i;

	KeRaiseIrql(DISPATCH_LEVEL, &irql);
	for (i = 0; i < 2; i++)
		KeInsertQueueDpc(&block->dpcs[i], NULL, NULL);
	KeInsertQueueDpc(&other->dpcs[0], (PVOID)3, NULL);
	ExFreePoolWithTag(block, NT_TAG);
	KeLowerIrql(irql);
	KUNIT_EXPECT_EQ(test, dpcs + 2, wqc_reports(test, DPC_FREED));
	KUNIT_EXPECT_TRUE(test, wqc_done(&dpc->done));
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&dpc->runs));
	KUNIT_EXPECT_PTR_EQ(test, (PVOID)3, dpc->arg1);
	ExFreePoolWithTag(other, NT_TAG);
	KUNIT_EXPECT_EQ(test, dpcs + 2, wqc_reports(test, DPC_FREED));
}

/* A timer that is set and a DPC that is queued are removed before they are initialised again. */
static void timer_and_dpc_may_be_initialised_again(struct kunit *test)
{
	u64 timers = wqc_reports(test, TIMER_INIT), dpcs = wqc_reports(test, DPC_INIT);
	struct nt_dpc *dpc = nt_dpc_new(test, nt_dpc_routine);
	KIRQL irql;

	KeSetTimer(&dpc->timer, NT_MS(60000), &dpc->dpc);
	KeInitializeTimer(&dpc->timer);
	KUNIT_EXPECT_EQ(test, timers + 1, wqc_reports(test, TIMER_INIT));
	KUNIT_EXPECT_FALSE(test, KeCancelTimer(&dpc->timer));
	KUNIT_EXPECT_FALSE(test, KeSetTimer(&dpc->timer, NT_MS(1), NULL));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_wait(&dpc->timer));
	KeInitializeTimer(&dpc->timer);
	KUNIT_EXPECT_EQ(test, timers + 1, wqc_reports(test, TIMER_INIT));

	KeRaiseIrql(DISPATCH_LEVEL, &irql);
	KeInsertQueueDpc(&dpc->dpc, (PVOID)1, NULL);
	KeInitializeDpc(&dpc->dpc, nt_dpc_routine, dpc);
	KUNIT_EXPECT_TRUE(test, KeInsertQueueDpc(&dpc->dpc, (PVOID)2, NULL));
	KeLowerIrql(irql);
	KUNIT_EXPECT_EQ(test, dpcs + 1, wqc_reports(test, DPC_INIT));
	KUNIT_EXPECT_TRUE(test, wqc_done(&dpc->done));
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&dpc->runs));
	KUNIT_EXPECT_PTR_EQ(test, (PVOID)2, dpc->arg1);
}

/* Memory that holds neither a timer nor a DPC is reported and not changed. */
static void uninitialised_timer_or_dpc_is_reported_and_unchanged(struct kunit *test)
{
	u64 reports = wqc_reports(test, BAD_TIMER);
	struct nt_dpc *dpc = nt_dpc_new(test, nt_dpc_routine);
	struct nt_block *block = kunit_kzalloc(test, sizeof(*block), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, block);
	memset(block, 0x6b, sizeof(*block));
	KUNIT_EXPECT_FALSE(test, KeSetTimer(&block->timers[0], NT_MS(1), NULL));
	KUNIT_EXPECT_FALSE(test, KeSetTimer(&dpc->timer, NT_MS(1), &block->dpcs[0]));
	KUNIT_EXPECT_FALSE(test, KeInsertQueueDpc(&block->dpcs[0], NULL, NULL));
	KUNIT_EXPECT_FALSE(test, KeRemoveQueueDpc(&block->dpcs[0]));
	KUNIT_EXPECT_EQ(test, reports + 4, wqc_reports(test, BAD_TIMER));
	KUNIT_EXPECT_FALSE(test, KeCancelTimer(&block->timers[0]));
	/* A valid CPU number alone does not make it a queued DPC. */
	block->dpcs[0].DpcData = (PVOID)1;
	KUNIT_EXPECT_FALSE(test, KeRemoveQueueDpc(&block->dpcs[0]));
	memset((void *)&block->dpcs[0].DpcData, 0x6b, sizeof(PVOID));
	KUNIT_EXPECT_NULL(test, memchr_inv(block, 0x6b, sizeof(*block)));
	KeInitializeDpc(&block->dpcs[0], NULL, NULL);
	KUNIT_EXPECT_FALSE(test, KeInsertQueueDpc(&block->dpcs[0], NULL, NULL));
	memset(&block->dpcs[1], 0, sizeof(block->dpcs[1]));
	block->dpcs[1].DeferredRoutine = nt_dpc_routine;
	block->dpcs[1].DeferredContext = dpc;
	KUNIT_EXPECT_FALSE(test, KeInsertQueueDpc(&block->dpcs[1], NULL, NULL));
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, reports + 6, wqc_reports(test, BAD_TIMER));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&dpc->runs));
}

/* ---- bounds ------------------------------------------------------------------- */

struct nt_burst {
	KDPC dpc;
	unsigned int timers, signalled;
	struct completion done;
	KTIMER timer[];
};

/* The first DPC counts the timers that have fired. */
static VOID nt_burst_dpc(PKDPC Dpc, PVOID DeferredContext, PVOID SystemArgument1,
			 PVOID SystemArgument2)
{
	struct nt_burst *burst = DeferredContext;
	unsigned int i;

	if (burst->signalled)
		return;
	for (i = 0; i < burst->timers; i++)
		burst->signalled += KeReadStateTimer(&burst->timer[i]);
	complete(&burst->done);
}

/* Of many timers that are due at once, some fire in the interrupt, the rest after it. */
static void many_due_timers_fire_partly_after_the_interrupt(struct kunit *test)
{
	enum { TIMERS = 1000 };
	struct nt_burst *burst = kvzalloc(struct_size(burst, timer, TIMERS), GFP_KERNEL);
	unsigned int i, in_time = 0;
	KIRQL irql;

	KUNIT_ASSERT_NOT_NULL(test, burst);
	burst->timers = TIMERS;
	init_completion(&burst->done);
	KeInitializeDpc(&burst->dpc, nt_burst_dpc, burst);
	for (i = 0; i < TIMERS; i++)
		KeInitializeTimer(&burst->timer[i]);
	/* No interrupt comes before all timers are due. */
	KeRaiseIrql(HIGH_LEVEL, &irql);
	for (i = 0; i < TIMERS; i++)
		KeSetTimer(&burst->timer[i], (LARGE_INTEGER){ .QuadPart = -1 }, &burst->dpc);
	KeLowerIrql(irql);
	KUNIT_EXPECT_TRUE(test, wqc_done(&burst->done));
	for (i = 0; i < TIMERS; i++)
		in_time += nt_wait(&burst->timer[i]) == STATUS_SUCCESS;
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_GT(test, burst->signalled, 0U);
	KUNIT_EXPECT_LT(test, burst->signalled, (unsigned int)TIMERS / 2);
	KUNIT_EXPECT_EQ(test, (unsigned int)TIMERS, in_time);
	kvfree(burst);
}

/* No due time and no period keeps a CPU busy, wraps, or is served faster than the resolution. */
static void extreme_times_and_periods_are_served(struct kunit *test)
{
	static const LONGLONG due[] = { S64_MIN, S64_MIN + 1, -1, 0, 1, S64_MAX - 1, S64_MAX };
	static const LONG period[] = { MINLONG, -1, 0, 1, MAXLONG };
	struct nt_dpc *dpc = nt_dpc_new(test, nt_dpc_routine);
	LARGE_INTEGER when;
	int i, j, set = 0;

	for (i = 0; i < ARRAY_SIZE(due); i++)
		for (j = 0; j < ARRAY_SIZE(period); j++) {
			when.QuadPart = due[i];
			KeSetTimerEx(&dpc->timer, when, period[j], &dpc->dpc);
			set += KeSetCoalescableTimer(&dpc->timer, when, period[j], period[j],
						     &dpc->dpc);
			if (due[i] < -1 || due[i] > 1)
				KUNIT_EXPECT_TRUE(test, KeCancelTimer(&dpc->timer));
			else
				KUNIT_EXPECT_TRUE(test, wqc_done(&dpc->done));
			KeCancelTimer(&dpc->timer);
			KeFlushQueuedDpcs();
			reinit_completion(&dpc->done);
		}
	KUNIT_EXPECT_GT(test, set, 0);
}

/* ---- EX_TIMERs ------------------------------------------------------------- */

/* An EX_TIMER that is deleted when the test ends, and the record of its callback. */
struct nt_ex_timer {
	PEX_TIMER timer;	/* NULL once it is deleted */
	EXT_DELETE_PARAMETERS parameters;
	KIRQL irql;
	bool delete;		/* in the callback */
	atomic_t runs;
	struct completion done, deleted;
	unsigned int ms;	/* that the callback takes */
};

static VOID nt_ex_deleted(PVOID Context)
{
	struct nt_ex_timer *ex = Context;

	complete_all(&ex->deleted);
}

/* Deletes the timer; nt_ex_deleted() is called when it is freed. */
static BOOLEAN nt_ex_delete(struct nt_ex_timer *ex, BOOLEAN cancel, BOOLEAN wait)
{
	PEX_TIMER timer = ex->timer;

	ex->timer = NULL;
	return ExDeleteTimer(timer, cancel, wait, &ex->parameters);
}

static VOID nt_ex_callback(PEX_TIMER Timer, PVOID Context)
{
	struct nt_ex_timer *ex = Context;

	ex->irql = KeGetCurrentIrql();
	atomic_inc(&ex->runs);
	wqc_spin_ms(ex->ms);
	if (ex->delete)
		nt_ex_delete(ex, TRUE, FALSE);
	complete(&ex->done);
}

static void nt_ex_gone(void *arg)
{
	struct nt_ex_timer *ex = arg;

	if (ex->timer)
		nt_ex_delete(ex, TRUE, TRUE);
	/* The callback of a timer that was not freed may still run: then the memory is leaked. */
	if (wqc_done(&ex->deleted))
		kfree(ex);
}

/* Sets the timer if @ms is not 0, due in @ms, with a @period in units of 100 ns. */
static struct nt_ex_timer *nt_ex_timer_new(struct kunit *test, unsigned int ms, LONGLONG period)
{
	struct nt_ex_timer *ex = kzalloc(sizeof(*ex), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, ex);
	init_completion(&ex->done);
	init_completion(&ex->deleted);
	ExInitializeDeleteTimerParameters(&ex->parameters);
	ex->parameters.DeleteCallback = nt_ex_deleted;
	ex->parameters.DeleteContext = ex;
	ex->timer = ExAllocateTimer(nt_ex_callback, ex, EX_TIMER_HIGH_RESOLUTION);
	KUNIT_ASSERT_NOT_NULL(test, ex->timer);
	wqc_at_exit(test, nt_ex_gone, ex);
	if (ms)
		KUNIT_EXPECT_FALSE(test, ExSetTimer(ex->timer, NT_MS(ms).QuadPart, period, NULL));
	return ex;
}

static void nt_ex_expect_deleted(struct kunit *test, struct nt_ex_timer *ex, int runs)
{
	KUNIT_EXPECT_TRUE(test, wqc_done(&ex->deleted));
	KUNIT_EXPECT_EQ(test, runs, atomic_read(&ex->runs));
}

/* An EX_TIMER calls at DISPATCH_LEVEL, once or periodically, and can be waited for. */
static void ex_timer_calls_and_is_signalled(struct kunit *test)
{
	struct nt_ex_timer *ex = nt_ex_timer_new(test, 1, 0);

	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_wait(ex->timer));
	KUNIT_EXPECT_TRUE(test, wqc_done(&ex->done));
	KUNIT_EXPECT_EQ(test, DISPATCH_LEVEL, ex->irql);
	KUNIT_EXPECT_FALSE(test, ExSetTimer(ex->timer, -10000, 20000, NULL));
	KUNIT_EXPECT_TRUE(test, wqc_done_times(&ex->done, 3));
	KUNIT_EXPECT_TRUE(test, ExCancelTimer(ex->timer, NULL));
	KUNIT_EXPECT_FALSE(test, ExCancelTimer(ex->timer, NULL));
	KUNIT_EXPECT_FALSE(test, nt_ex_delete(ex, TRUE, TRUE));
	nt_ex_expect_deleted(test, ex, atomic_read(&ex->runs));
}

/* The callback may delete its timer; the delete callback comes after it has returned. */
static void ex_timer_may_be_deleted_in_its_callback(struct kunit *test)
{
	struct nt_ex_timer *ex = nt_ex_timer_new(test, 0, 0);

	ex->delete = true;
	ExSetTimer(ex->timer, -10000, 0, NULL);
	nt_ex_expect_deleted(test, ex, 1);
}

/* A timer that is deleted and left set calls once more; one that is cancelled does not. */
static void ex_timer_deleted_without_cancel_still_calls(struct kunit *test)
{
	struct nt_ex_timer *ex = nt_ex_timer_new(test, 30, 0);

	KUNIT_EXPECT_FALSE(test, nt_ex_delete(ex, FALSE, FALSE));
	nt_ex_expect_deleted(test, ex, 1);
	ex = nt_ex_timer_new(test, 60000, 0);
	KUNIT_EXPECT_TRUE(test, nt_ex_delete(ex, TRUE, FALSE));
	nt_ex_expect_deleted(test, ex, 0);
}

/* A periodic timer that is deleted and left set is not reported as stopped, and calls once more. */
static void periodic_ex_timer_deleted_without_cancel_calls_once(struct kunit *test)
{
	struct nt_ex_timer *ex = nt_ex_timer_new(test, 1000, 10000);

	/* If the timer is still periodic, it expires again during the first call. */
	ex->ms = 5;
	KUNIT_EXPECT_FALSE(test, nt_ex_delete(ex, FALSE, FALSE));
	nt_ex_expect_deleted(test, ex, 1);
}

/* A period below the resolution becomes the resolution; the longest period does not wrap. */
static void ex_timer_period_is_bounded(struct kunit *test)
{
	static const LONGLONG periods[] = { S64_MIN, -1, 0, S64_MAX - 1, S64_MAX };
	struct nt_ex_timer *ex = nt_ex_timer_new(test, 60000, 1);
	ktime_t begin;
	int i, runs;

	/* The first member is the KTIMER. Its period is read: a slow machine serves it late. */
	KUNIT_EXPECT_EQ(test, 500LL * NSEC_PER_USEC, ((PKTIMER)ex->timer)->Interval);
	begin = ktime_get();
	KUNIT_EXPECT_TRUE(test, ExSetTimer(ex->timer, -1, 1, NULL));
	KUNIT_EXPECT_TRUE(test, wqc_done_times(&ex->done, 50));
	KUNIT_EXPECT_TRUE(test, ExCancelTimer(ex->timer, NULL));
	KeFlushQueuedDpcs();
	runs = atomic_read(&ex->runs);
	KUNIT_EXPECT_GE(test, runs, 50);
	/* At least as many periods of half a millisecond have passed. */
	KUNIT_EXPECT_GE(test, ktime_us_delta(ktime_get(), begin), (runs - 1) * 500LL);

	for (i = 0; i < ARRAY_SIZE(periods); i++) {
		reinit_completion(&ex->done);
		runs = atomic_read(&ex->runs);
		ExSetTimer(ex->timer, -1, periods[i], NULL);
		KUNIT_EXPECT_TRUE(test, wqc_done(&ex->done));
		msleep(WQC_GRACE_MS);
		KUNIT_EXPECT_EQ(test, periods[i] > 0, ExCancelTimer(ex->timer, NULL));
		KeFlushQueuedDpcs();
		KUNIT_EXPECT_EQ(test, runs + 1, atomic_read(&ex->runs));
	}
}

/* A number of any magnitude and sign. */
static LONGLONG nt_any(u64 *state)
{
	u64 number = ((u64)wqc_random(state) << 32 | wqc_random(state)) >> (wqc_random(state) & 63);

	return wqc_random(state) & 1 ? -number : number;
}

#define NT_ANY	6

/*
 * Random times and periods for all calls, on timers that stay set meanwhile: each call returns, and
 * no timer expires more often than once in the resolution.
 */
static void any_time_and_period_is_served(struct kunit *test)
{
	unsigned int rounds = wqc_rounds(600, 60), sets[NT_ANY] = {}, ex_sets[NT_ANY] = {}, i, n;
	u32 seed = get_random_u32();
	u64 state = wqc_random_begin(seed, 0);
	struct nt_ex_timer *ex[NT_ANY];
	struct nt_dpc *dpc[NT_ANY];
	LARGE_INTEGER when;
	ktime_t begin;
	s64 periods;

	kunit_info(test, "seed %u", seed);
	for (n = 0; n < NT_ANY; n++) {
		dpc[n] = nt_dpc_new(test, nt_dpc_routine);
		ex[n] = nt_ex_timer_new(test, 0, 0);
	}
	begin = ktime_get();
	for (i = 0; i < rounds; i++) {
		n = wqc_random(&state) % NT_ANY;
		when.QuadPart = nt_any(&state);
		switch (wqc_random(&state) & 3) {
		case 0:
			KeSetTimer(&dpc[n]->timer, when, &dpc[n]->dpc);
			sets[n]++;
			break;
		case 1:
			KeSetTimerEx(&dpc[n]->timer, when, nt_any(&state), &dpc[n]->dpc);
			sets[n]++;
			break;
		case 2:
			KeSetCoalescableTimer(&dpc[n]->timer, when, nt_any(&state), nt_any(&state),
					      &dpc[n]->dpc);
			sets[n]++;
			break;
		default:
			ExSetTimer(ex[n]->timer, when.QuadPart, nt_any(&state), NULL);
			ex_sets[n]++;
		}
		KeSetEvent(&dpc[n]->event, IO_NO_INCREMENT, FALSE);
		when.QuadPart = nt_any(&state);
		KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
				KeWaitForSingleObject(&dpc[n]->event, Executive, KernelMode, FALSE,
						      &when));
		if (!(i & 15))
			usleep_range(500, 2000);
	}
	for (n = 0; n < NT_ANY; n++) {
		KeCancelTimer(&dpc[n]->timer);
		ExCancelTimer(ex[n]->timer, NULL);
	}
	KeFlushQueuedDpcs();
	periods = ktime_us_delta(ktime_get(), begin) / 500;
	for (n = 0; n < NT_ANY; n++) {
		KUNIT_EXPECT_LE(test, atomic_read(&dpc[n]->runs), sets[n] + periods + 1);
		KUNIT_EXPECT_LE(test, atomic_read(&ex[n]->runs), ex_sets[n] + periods + 1);
	}
}

static struct kunit_case nt_timer_cases[] = {
	KUNIT_CASE(dpc_runs_at_dispatch_level_with_its_arguments),
	KUNIT_CASE_PARAM(dpc_is_queued_in_every_context, wqc_context_gen_params),
	KUNIT_CASE(dpc_is_queued_once_and_can_be_removed),
	KUNIT_CASE(dpc_may_queue_itself),
	KUNIT_CASE(dpcs_run_in_order_of_importance),
	KUNIT_CASE(dpc_runs_on_its_target_cpu),
	KUNIT_CASE(flush_waits_for_dpcs_on_all_cpus),
	KUNIT_CASE(dpc_of_a_cpu_that_goes_offline_runs),
	KUNIT_CASE(dpc_may_be_freed_inside_its_routine),
	KUNIT_CASE(timer_is_signalled_when_it_is_due),
	KUNIT_CASE(timer_may_be_due_at_a_system_time),
	KUNIT_CASE(set_and_cancel_return_whether_the_timer_was_set),
	KUNIT_CASE(timer_types_are_those_of_events),
	KUNIT_CASE(periodic_timer_fires_until_cancelled),
	KUNIT_CASE(dpc_may_set_its_timer_again),
	KUNIT_CASE(timer_may_be_freed_after_cancel_or_wait),
	KUNIT_CASE(timers_are_due_in_order_of_time),
	KUNIT_CASE(delay_sleeps_until_its_due_time),
	KUNIT_CASE(timer_in_memory_that_is_freed_is_cancelled),
	KUNIT_CASE(timer_in_a_device_extension_is_cancelled),
	KUNIT_CASE(timer_whose_dpc_is_freed_fires_without_it),
	KUNIT_CASE(dpc_in_memory_that_is_freed_is_removed),
	KUNIT_CASE(timer_and_dpc_may_be_initialised_again),
	KUNIT_CASE(uninitialised_timer_or_dpc_is_reported_and_unchanged),
	KUNIT_CASE(many_due_timers_fire_partly_after_the_interrupt),
	KUNIT_CASE(extreme_times_and_periods_are_served),
	KUNIT_CASE(ex_timer_calls_and_is_signalled),
	KUNIT_CASE(ex_timer_may_be_deleted_in_its_callback),
	KUNIT_CASE(ex_timer_deleted_without_cancel_still_calls),
	KUNIT_CASE(periodic_ex_timer_deleted_without_cancel_calls_once),
	KUNIT_CASE(ex_timer_period_is_bounded),
	KUNIT_CASE(any_time_and_period_is_served),
	{}
};

static struct kunit_suite nt_timer_suite = {
	.name = "wqc_nt_timer",
	.test_cases = nt_timer_cases,
};

kunit_test_suite(nt_timer_suite);
