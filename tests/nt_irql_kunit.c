// SPDX-License-Identifier: GPL-2.0
/* IRQLs, and the spin locks that raise the IRQL. */
#include <linux/module.h>

#include "nt_test.h"

/* The table of docs/porting.md. */
static const KIRQL nt_irqls[WQC_NR_CONTEXTS] = {
	[WQC_IN_PROCESS] = PASSIVE_LEVEL,
	[WQC_IN_SOFTIRQ] = DISPATCH_LEVEL,
	[WQC_IN_HARDIRQ] = HIGH_LEVEL,
	[WQC_IN_IRQ_WORK] = HIGH_LEVEL,
	[WQC_IRQS_OFF] = HIGH_LEVEL,
	[WQC_PREEMPT_OFF] = DISPATCH_LEVEL,
	[WQC_UNDER_RAW_LOCK] = HIGH_LEVEL,	/* with interrupts off */
	[WQC_UNDER_SPIN_LOCK] = IS_ENABLED(CONFIG_PREEMPT_RT) ? PASSIVE_LEVEL : DISPATCH_LEVEL,
};

static void nt_note_irql(void *irql)
{
	*(KIRQL *)irql = KeGetCurrentIrql();
}

/* The IRQL of each context is the one in the table. */
static void irql_of_each_context_is_the_documented_one(struct kunit *test)
{
	const enum wqc_context *context = test->param_value;
	KIRQL irql = 0x55;

	wqc_call_in(test, *context, nt_note_irql, &irql);
	KUNIT_EXPECT_EQ(test, nt_irqls[*context], irql);
}

static VOID nt_note_irql_routine(PVOID context)
{
	struct completion *done = ((void **)context)[1];

	nt_note_irql(((void **)context)[0]);
	complete(done);
}

/* A worker routine runs at PASSIVE_LEVEL, in every class. */
static void worker_runs_at_passive_level(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	struct completion done;
	KIRQL irql = 0x55;
	void *context[2] = { &irql, &done };
	WORK_QUEUE_ITEM item;

	init_completion(&done);
	ExInitializeWorkItem(&item, nt_note_irql_routine, context);
	ExQueueWorkItem(&item, class->type);
	KUNIT_ASSERT_TRUE(test, wqc_done(&done));
	KUNIT_EXPECT_EQ(test, PASSIVE_LEVEL, irql);
}

/* Each raising call raises to its level, and each lowering call restores the old one. */
static void raise_and_lower_change_and_restore_the_irql(struct kunit *test)
{
	KIRQL old, older;

	KUNIT_EXPECT_EQ(test, PASSIVE_LEVEL, KeGetCurrentIrql());
	KeRaiseIrql(APC_LEVEL, &old);
	KUNIT_EXPECT_EQ(test, PASSIVE_LEVEL, old);
	KUNIT_EXPECT_EQ(test, APC_LEVEL, KeGetCurrentIrql());
	KeRaiseIrql(DISPATCH_LEVEL, &older);
	KUNIT_EXPECT_EQ(test, APC_LEVEL, older);
	KUNIT_EXPECT_EQ(test, DISPATCH_LEVEL, KeGetCurrentIrql());
	KeLowerIrql(older);
	KUNIT_EXPECT_EQ(test, APC_LEVEL, KeGetCurrentIrql());
	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, PASSIVE_LEVEL, KeGetCurrentIrql());
	KeRaiseIrql(DISPATCH_LEVEL, &old);
	KUNIT_EXPECT_EQ(test, PASSIVE_LEVEL, old);
	KUNIT_EXPECT_EQ(test, DISPATCH_LEVEL, KeGetCurrentIrql());
	KeRaiseIrql(DISPATCH_LEVEL, &older);
	KUNIT_EXPECT_EQ(test, DISPATCH_LEVEL, older);
	KeLowerIrql(older);
	KUNIT_EXPECT_EQ(test, DISPATCH_LEVEL, KeGetCurrentIrql());
	KeRaiseIrql(HIGH_LEVEL, &older);
	KUNIT_EXPECT_EQ(test, DISPATCH_LEVEL, older);
	KUNIT_EXPECT_EQ(test, HIGH_LEVEL, KeGetCurrentIrql());
	KeLowerIrql(older);
	KUNIT_EXPECT_EQ(test, DISPATCH_LEVEL, KeGetCurrentIrql());
	/* Lowers all levels in one step. */
	KeRaiseIrql(HIGH_LEVEL, &older);
	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, PASSIVE_LEVEL, KeGetCurrentIrql());
	old = KeRaiseIrqlToDpcLevel();
	KUNIT_EXPECT_EQ(test, DISPATCH_LEVEL, KeGetCurrentIrql());
	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, PASSIVE_LEVEL, KeGetCurrentIrql());
}

/* Any IRQL above DISPATCH_LEVEL reads as HIGH_LEVEL. */
static void levels_above_dispatch_are_high_level(struct kunit *test)
{
	KIRQL old, inside[HIGH_LEVEL + 1];
	int level;

	for (level = DISPATCH_LEVEL + 1; level <= HIGH_LEVEL; level++) {
		KeRaiseIrql(level, &old);
		inside[level] = KeGetCurrentIrql();
		KeLowerIrql(old);
	}
	for (level = DISPATCH_LEVEL + 1; level <= HIGH_LEVEL; level++)
		KUNIT_EXPECT_EQ(test, HIGH_LEVEL, inside[level]);
	KUNIT_EXPECT_EQ(test, PASSIVE_LEVEL, KeGetCurrentIrql());
}

/*
 * Where preemption is off but softirqs are on, a raise turns softirqs off, and the lowering
 * turns them on.
 */
static void raise_without_preemption_turns_softirqs_off(struct kunit *test)
{
	bool off, on;
	KIRQL old;

	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		kunit_skip(test, "softirqs cannot be turned off there");
	preempt_disable();
	KeRaiseIrql(DISPATCH_LEVEL, &old);
	off = in_softirq();
	KeLowerIrql(old);
	on = !in_softirq();
	preempt_enable();
	KUNIT_EXPECT_TRUE(test, old >= DISPATCH_LEVEL);
	KUNIT_EXPECT_TRUE(test, off);
	KUNIT_EXPECT_TRUE(test, on);
	KUNIT_EXPECT_EQ(test, PASSIVE_LEVEL, KeGetCurrentIrql());
}

static s64 irql_us_of(void (*delay)(void))
{
	ktime_t begin = ktime_get();

	delay();
	return ktime_us_delta(ktime_get(), begin);
}

static void irql_mdelay(void)
{
	mdelay(50);
}

static void irql_stall(void)
{
	KeStallExecutionProcessor(50000);
}

/*
 * A stall lasts at least its time, also for a time that udelay() refuses. The measure is
 * mdelay() on the same CPU, whose calibration in a guest is coarse: the shortest of each count,
 * since a busy host makes any of them longer. An emulated CPU runs the loop of one up to half
 * faster than that of the other.
 */
static void stall_lasts_at_least_its_time(struct kunit *test)
{
	s64 least = S64_MAX, delay = 50000;
	int i;

	migrate_disable();
	for (i = 0; i < 20; i++) {
		delay = min(delay, irql_us_of(irql_mdelay));
		least = min(least, irql_us_of(irql_stall));
	}
	migrate_enable();
	KUNIT_EXPECT_GE(test, least, delay / 2);
}

/* ---- calls that sleep ------------------------------------------------------ */

#define SLEEP_IN_DPC	"sleeping call in a DPC"
#define SLEEP_RAISED	"sleeping call at DISPATCH_LEVEL or above"
#define RUNDOWN_NOT_HELD	"rundown protection released but not held"

/* The arguments of the calls. */
static struct nt_sleep {
	KDPC dpc;
	KEVENT event;
	EX_RUNDOWN_REF rundown;
	PEX_TIMER timer;
	RDBSS_DEVICE_OBJECT device;
	IO_REMOVE_LOCK remove;
	PIRP irp;
	PKTHREAD thread;
	NTSTATUS status[32];
	struct completion done;
} nt_sleep;

static NTSTATUS nt_sleep_wait(void)
{
	return KeWaitForSingleObject(&nt_sleep.event, Executive, KernelMode, FALSE, NULL);
}

static NTSTATUS nt_sleep_wait_all(void)
{
	PVOID objects[2] = { &nt_sleep.event, nt_sleep.timer };
	LARGE_INTEGER timeout = NT_MS(60000);

	return KeWaitForMultipleObjects(2, objects, WaitAll, Executive, KernelMode, FALSE,
					&timeout, NULL);
}

static NTSTATUS nt_sleep_delay(void)
{
	LARGE_INTEGER interval = NT_MS(60000);

	return KeDelayExecutionThread(KernelMode, FALSE, &interval);
}

static NTSTATUS nt_sleep_yield(void)
{
	LARGE_INTEGER interval = {};

	return KeDelayExecutionThread(KernelMode, FALSE, &interval);
}

static NTSTATUS nt_sleep_rundown(void)
{
	ExWaitForRundownProtectionRelease(&nt_sleep.rundown);
	return STATUS_UNSUCCESSFUL;
}

static NTSTATUS nt_sleep_flush(void)
{
	KeFlushQueuedDpcs();
	return STATUS_UNSUCCESSFUL;
}

static VOID nt_sleep_thread(PVOID context)
{
}

static NTSTATUS nt_sleep_create_thread(void)
{
	HANDLE handle;

	return PsCreateSystemThread(&handle, 0, NULL, NULL, NULL, nt_sleep_thread, NULL);
}

static NTSTATUS nt_sleep_create_io_thread(void)
{
	HANDLE handle;

	return IoCreateSystemThread(NULL, &handle, 0, NULL, NULL, NULL, nt_sleep_thread, NULL);
}

static NTSTATUS nt_sleep_close(void)
{
	return ZwClose((HANDLE)4);
}

static NTSTATUS nt_sleep_by_handle(void)
{
	PVOID object;

	return ObReferenceObjectByHandle((HANDLE)4, 0, NULL, KernelMode, &object, NULL);
}

static NTSTATUS nt_sleep_priority(void)
{
	return KeSetPriorityThread(KeGetCurrentThread(), 8) == 8 ? STATUS_UNSUCCESSFUL : 0;
}

static NTSTATUS nt_sleep_device(void)
{
	PDEVICE_OBJECT device;

	return IoCreateDevice(NULL, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &device);
}

static NTSTATUS nt_sleep_init_device(void)
{
	return RxInitializeMRxDispatcher(&nt_sleep.device);
}

static NTSTATUS nt_sleep_spin_down(void)
{
	return RxSpinDownMRxDispatcher(&nt_sleep.device);
}

static NTSTATUS nt_sleep_uninit_log(void)
{
	RxUninitializeLog();
	return STATUS_UNSUCCESSFUL;
}

static NTSTATUS nt_sleep_print_log(void)
{
	_RxPrintLog(0);
	return STATUS_UNSUCCESSFUL;
}

static NTSTATUS nt_sleep_forward(void)
{
	return IoForwardIrpSynchronously(NULL, nt_sleep.irp) ? STATUS_SUCCESS :
	       STATUS_UNSUCCESSFUL;
}

static NTSTATUS nt_sleep_remove(void)
{
	IoReleaseRemoveLockAndWait(&nt_sleep.remove, NULL);
	return STATUS_UNSUCCESSFUL;
}

static NTSTATUS nt_sleep_link(void)
{
	UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\??\\nt_sleep");

	return IoCreateSymbolicLink(&name, &name);
}

static NTSTATUS nt_sleep_unlink(void)
{
	UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\??\\nt_sleep");

	return IoDeleteSymbolicLink(&name);
}

static NTSTATUS nt_sleep_pointer(void)
{
	UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Device\\nt_sleep");
	PDEVICE_OBJECT device;
	PFILE_OBJECT file;

	return IoGetDeviceObjectPointer(&name, 0, &file, &device);
}

static NTSTATUS nt_sleep_affinity(void)
{
	return KeSetSystemAffinityThreadEx(1) ? STATUS_SUCCESS : STATUS_UNSUCCESSFUL;
}

static NTSTATUS nt_sleep_revert(void)
{
	KeRevertToUserAffinityThreadEx(0);
	return STATUS_UNSUCCESSFUL;
}

/*
 * Calls of nt-compat and of wq_compat that may sleep. The locks that sleep, the registry, filters
 * and workers of kernel streaming have cases of their own.
 */
static NTSTATUS (*const nt_sleepers[])(void) = {
	nt_sleep_wait, nt_sleep_wait_all, nt_sleep_delay, nt_sleep_yield, nt_sleep_rundown,
	nt_sleep_flush, nt_sleep_create_thread, nt_sleep_create_io_thread, nt_sleep_close,
	nt_sleep_by_handle, nt_sleep_priority, nt_sleep_device, nt_sleep_init_device,
	nt_sleep_spin_down, RxInitializeDispatcher, RxTearDownDispatcher, RxInitializeLog,
	nt_sleep_uninit_log, nt_sleep_print_log, nt_sleep_forward, nt_sleep_remove,
	nt_sleep_link, nt_sleep_unlink, nt_sleep_pointer, nt_sleep_affinity, nt_sleep_revert,
};

static void nt_sleep_all(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(nt_sleepers); i++)
		nt_sleep.status[i] = nt_sleepers[i]();
}

static VOID nt_sleep_dpc(PKDPC Dpc, PVOID DeferredContext, PVOID SystemArgument1,
			 PVOID SystemArgument2)
{
	nt_sleep_all();
	complete(&nt_sleep.done);
}

static void nt_sleep_begin(struct kunit *test)
{
	memset(&nt_sleep, 0, sizeof(nt_sleep));
	KeInitializeDpc(&nt_sleep.dpc, nt_sleep_dpc, NULL);
	KeInitializeEvent(&nt_sleep.event, NotificationEvent, FALSE);
	ExInitializeRundownProtection(&nt_sleep.rundown);
	ExAcquireRundownProtection(&nt_sleep.rundown);
	init_completion(&nt_sleep.done);
	nt_sleep.timer = ExAllocateTimer(NULL, NULL, 0);
	KUNIT_ASSERT_NOT_NULL(test, nt_sleep.timer);
	nt_sleep.irp = IoAllocateIrp(2, FALSE);
	KUNIT_ASSERT_NOT_NULL(test, nt_sleep.irp);
	IoInitializeRemoveLock(&nt_sleep.remove, 0, 0, 0);
	IoAcquireRemoveLock(&nt_sleep.remove, NULL);
}

static void nt_sleep_expect_refused(struct kunit *test)
{
	u64 reports = wqc_reports(test, RUNDOWN_NOT_HELD);
	int i;

	for (i = 0; i < ARRAY_SIZE(nt_sleepers); i++)
		KUNIT_EXPECT_EQ_MSG(test, STATUS_UNSUCCESSFUL, nt_sleep.status[i], "%ps",
				    nt_sleepers[i]);
	/* A lock that is held stays held, and a refused call changes nothing. */
	ExReleaseRundownProtection(&nt_sleep.rundown);
	KUNIT_EXPECT_EQ(test, reports, wqc_reports(test, RUNDOWN_NOT_HELD));
	ExWaitForRundownProtectionRelease(&nt_sleep.rundown);
	ExDeleteTimer(nt_sleep.timer, TRUE, TRUE, NULL);
	IoFreeIrp(nt_sleep.irp);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, IoAcquireRemoveLock(&nt_sleep.remove, NULL));
	IoReleaseRemoveLock(&nt_sleep.remove, NULL);
	IoReleaseRemoveLockAndWait(&nt_sleep.remove, NULL);
	KUNIT_EXPECT_EQ(test, PASSIVE_LEVEL, KeGetCurrentIrql());
}

/* A call that sleeps is reported by its name in a DPC, and does not sleep. */
static void calls_that_sleep_are_refused_in_a_dpc(struct kunit *test)
{
	u64 reports = wqc_reports(test, SLEEP_IN_DPC);

	nt_sleep_begin(test);
	KeInsertQueueDpc(&nt_sleep.dpc, NULL, NULL);
	KUNIT_EXPECT_TRUE(test, wqc_done(&nt_sleep.done));
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, reports + ARRAY_SIZE(nt_sleepers), wqc_reports(test, SLEEP_IN_DPC));
	nt_sleep_expect_refused(test);
}

/* A call that sleeps is also reported in a thread at DISPATCH_LEVEL, or with interrupts off. */
static void calls_that_sleep_are_refused_at_a_raised_irql(struct kunit *test)
{
	u64 reports = wqc_reports(test, SLEEP_RAISED);
	static const KIRQL levels[] = { DISPATCH_LEVEL, HIGH_LEVEL };
	KIRQL irql;
	int i;

	for (i = 0; i < ARRAY_SIZE(levels); i++) {
		nt_sleep_begin(test);
		KeRaiseIrql(levels[i], &irql);
		nt_sleep_all();
		KeLowerIrql(irql);
		reports += ARRAY_SIZE(nt_sleepers);
		KUNIT_EXPECT_EQ(test, reports, wqc_reports(test, SLEEP_RAISED));
		nt_sleep_expect_refused(test);
	}
}

/*
 * A wait that cannot sleep takes an object that is signalled, or polls for it until its
 * time-out.
 */
static void wait_that_cannot_sleep_polls_until_its_time_out(struct kunit *test)
{
	LARGE_INTEGER timeout = NT_MS(3);
	NTSTATUS soon, there, over, high;
	ktime_t begin, end;
	KTIMER timer;
	KEVENT event;
	int tries = 10;
	KIRQL irql;

	KeInitializeTimerEx(&timer, SynchronizationTimer);
	KeInitializeEvent(&event, SynchronizationEvent, TRUE);
	/* A busy host delivers the interrupt of an emulated timer late, now and then. */
	do {
		KeRaiseIrql(DISPATCH_LEVEL, &irql);
		KeSetTimer(&timer, NT_MS(1), NULL);
		soon = KeWaitForSingleObject(&timer, Executive, KernelMode, FALSE, NULL);
		KeLowerIrql(irql);
	} while (soon == STATUS_UNSUCCESSFUL && --tries);
	KeRaiseIrql(DISPATCH_LEVEL, &irql);
	there = KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
	begin = ktime_get();
	over = KeDelayExecutionThread(KernelMode, FALSE, &timeout);
	end = ktime_get();
	KeLowerIrql(irql);
	KeSetEvent(&event, IO_NO_INCREMENT, FALSE);
	KeRaiseIrql(HIGH_LEVEL, &irql);
	high = KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
	KeLowerIrql(irql);
	KeCancelTimer(&timer);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, soon);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, there);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, over);
	KUNIT_EXPECT_GE(test, ktime_us_delta(end, begin), 3000LL);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, high);
}

/* A lock that sleeps is reported and taken: the call has no way to fail. */
static void locks_that_sleep_are_taken_and_reported_at_dispatch_level(struct kunit *test)
{
	u64 reports = wqc_reports(test, SLEEP_RAISED);
	EX_PUSH_LOCK push;
	FAST_MUTEX mutex;
	bool all = true;
	KIRQL irql;

	ExInitializeFastMutex(&mutex);
	ExInitializePushLock(&push);
	KeRaiseIrql(DISPATCH_LEVEL, &irql);
	ExAcquireFastMutex(&mutex);
	all = all && mutex_is_locked(&mutex.Mutex);
	ExReleaseFastMutex(&mutex);
	KeAcquireGuardedMutex(&mutex);
	all = all && mutex_is_locked(&mutex.Mutex);
	KeReleaseGuardedMutex(&mutex);
	ExAcquirePushLockShared(&push);
	all = all && rwsem_is_locked(&push.Sem);
	ExReleasePushLock(&push);
	ExAcquirePushLockExclusive(&push);
	all = all && push.Exclusive;
	ExReleasePushLock(&push);
	KeLowerIrql(irql);
	KUNIT_EXPECT_TRUE(test, all);
	KUNIT_EXPECT_EQ(test, reports + 4, wqc_reports(test, SLEEP_RAISED));
}

/*
 * ExDeleteTimer() with Wait, in a context that must not wait, is reported; the timer is cancelled,
 * and freed later.
 */
static VOID nt_sleep_deleted(PVOID Context)
{
	complete(Context);
}

static void ex_timer_is_deleted_without_waiting_at_dispatch_level(struct kunit *test)
{
	EXT_DELETE_PARAMETERS parameters = { .DeleteCallback = nt_sleep_deleted };
	u64 reports = wqc_reports(test, SLEEP_RAISED);
	BOOLEAN was;
	KIRQL irql;

	nt_sleep_begin(test);
	parameters.DeleteContext = &nt_sleep.done;
	ExSetTimer(nt_sleep.timer, NT_MS(60000).QuadPart, 0, NULL);
	KeRaiseIrql(DISPATCH_LEVEL, &irql);
	was = ExDeleteTimer(nt_sleep.timer, TRUE, TRUE, &parameters);
	KeLowerIrql(irql);
	KUNIT_EXPECT_TRUE(test, was);
	KUNIT_EXPECT_TRUE(test, wqc_done(&nt_sleep.done));
	KUNIT_EXPECT_EQ(test, reports + 1, wqc_reports(test, SLEEP_RAISED));
}

/* A callback that is held, on another CPU than the thread that deletes the timer. */
static struct nt_held {
	PEX_TIMER timer;
	bool entered, release, left, early, held;
	struct completion deleted;
} nt_held;

static VOID nt_held_callback(PEX_TIMER Timer, PVOID Context)
{
	int left = 1200000;

	WRITE_ONCE(nt_held.entered, true);
	while (!READ_ONCE(nt_held.release) && left--)
		udelay(5);
	WRITE_ONCE(nt_held.left, true);
}

static void nt_held_set(void *arg)
{
	ExSetTimer(nt_held.timer, NT_MS(100).QuadPart, 0, NULL);
}

static void nt_held_delete(void *arg)
{
	EXT_DELETE_PARAMETERS parameters = { .DeleteCallback = nt_sleep_deleted };
	KIRQL irql;

	parameters.DeleteContext = &nt_held.deleted;
	if (!wqc_eventually(READ_ONCE(nt_held.entered)))
		return;
	KeRaiseIrql(DISPATCH_LEVEL, &irql);
	ExDeleteTimer(nt_held.timer, TRUE, TRUE, &parameters);
	nt_held.early = completion_done(&nt_held.deleted);
	nt_held.held = !READ_ONCE(nt_held.left);
	KeLowerIrql(irql);
	WRITE_ONCE(nt_held.release, true);
}

/* A timer is not freed while its callback runs, although the call could not wait for it. */
static void ex_timer_deleted_at_dispatch_level_outlives_its_callback(struct kunit *test)
{
	if (num_online_cpus() < 2)
		kunit_skip(test, "the callback has the only CPU");
	memset(&nt_held, 0, sizeof(nt_held));
	init_completion(&nt_held.deleted);
	nt_held.timer = ExAllocateTimer(nt_held_callback, NULL, 0);
	KUNIT_ASSERT_NOT_NULL(test, nt_held.timer);
	wqc_on_cpu(test, cpumask_last(cpu_online_mask), nt_held_set, NULL);
	wqc_on_cpu(test, cpumask_first(cpu_online_mask), nt_held_delete, NULL);
	KUNIT_EXPECT_TRUE(test, wqc_done(&nt_held.deleted));
	KUNIT_EXPECT_TRUE(test, nt_held.held);
	KUNIT_EXPECT_FALSE(test, nt_held.early);
}

/* ---- threads that end at a raised IRQL --------------------------------------- */

#define ENDED_RAISED	"thread ended at DISPATCH_LEVEL or above"

static VOID nt_end_raised(PVOID context)
{
	KIRQL irql;

	KeRaiseIrql((KIRQL)(ULONG_PTR)context, &irql);
	if ((ULONG_PTR)context == HIGH_LEVEL)
		PsTerminateSystemThread(STATUS_SUCCESS);
}

struct nt_ender {
	KDPC dpc;
	NTSTATUS status;
	bool went_on;
};

static VOID nt_end_in_dpc(PKDPC Dpc, PVOID DeferredContext, PVOID SystemArgument1,
			  PVOID SystemArgument2)
{
	struct nt_ender *ender = DeferredContext;

	ender->status = PsTerminateSystemThread(STATUS_SUCCESS);
}

static VOID nt_ender_routine(PVOID context)
{
	struct nt_ender *ender = context;

	KeInsertQueueDpc(&ender->dpc, NULL, NULL);
	KeFlushQueuedDpcs();
	ender->went_on = true;
}

static NTSTATUS nt_thread_runs(PKSTART_ROUTINE routine, PVOID context)
{
	NTSTATUS status;
	HANDLE handle;
	PVOID thread;

	status = PsCreateSystemThread(&handle, 0, NULL, NULL, NULL, routine, context);
	if (status)
		return status;
	status = ObReferenceObjectByHandle(handle, 0, NULL, KernelMode, &thread, NULL);
	ZwClose(handle);
	if (status)
		return status;
	status = nt_wait(thread);
	ObDereferenceObject(thread);
	return status;
}

/* A thread that ends at a raised IRQL, in any way, is reported, and ends. */
static void thread_may_end_at_a_raised_irql(struct kunit *test)
{
	u64 reports = wqc_reports(test, ENDED_RAISED);

	wqc_test_driver(test);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			nt_thread_runs(nt_end_raised, (PVOID)(ULONG_PTR)DISPATCH_LEVEL));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			nt_thread_runs(nt_end_raised, (PVOID)(ULONG_PTR)HIGH_LEVEL));
	KUNIT_EXPECT_EQ(test, reports + 2, wqc_reports(test, ENDED_RAISED));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_thread_runs(nt_sleep_thread, NULL));
	KUNIT_EXPECT_EQ(test, reports + 2, wqc_reports(test, ENDED_RAISED));
}

/* In a DPC, the call does not end the thread that the DPC interrupted. */
static void dpc_ends_no_thread(struct kunit *test)
{
	struct nt_ender *ender = kunit_kzalloc(test, sizeof(*ender), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, ender);
	wqc_test_driver(test);
	KeInitializeDpc(&ender->dpc, nt_end_in_dpc, ender);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_thread_runs(nt_ender_routine, ender));
	KUNIT_EXPECT_TRUE(test, ender->went_on);
	KUNIT_EXPECT_NE(test, STATUS_SUCCESS, ender->status);
}

/* ---- spin locks ----------------------------------------------------------- */

struct nt_locked {
	KSPIN_LOCK lock;
	unsigned long count;
	unsigned int rounds;
};

/* Takes the one lock by each form in turn. */
static void nt_count_locked(void *arg, int cpu)
{
	struct nt_locked *locked = arg;
	KLOCK_QUEUE_HANDLE handle;
	unsigned int left;
	KIRQL irql;

	for (left = locked->rounds; left; left--) {
		KeAcquireSpinLock(&locked->lock, &irql);
		locked->count++;
		KeReleaseSpinLock(&locked->lock, irql);

		irql = KeAcquireSpinLockRaiseToDpc(&locked->lock);
		locked->count++;
		KeReleaseSpinLock(&locked->lock, irql);

		KeRaiseIrql(DISPATCH_LEVEL, &irql);
		KeAcquireSpinLockAtDpcLevel(&locked->lock);
		locked->count++;
		KeReleaseSpinLockFromDpcLevel(&locked->lock);
		KeAcquireInStackQueuedSpinLockAtDpcLevel(&locked->lock, &handle);
		locked->count++;
		KeReleaseInStackQueuedSpinLockFromDpcLevel(&handle);
		KeLowerIrql(irql);

		KeAcquireInStackQueuedSpinLock(&locked->lock, &handle);
		locked->count++;
		KeReleaseInStackQueuedSpinLock(&handle);
	}
}

/* Every form of a spin lock excludes every other form, on all CPUs. */
static void spin_lock_excludes_in_all_its_forms(struct kunit *test)
{
	struct nt_locked *locked = kunit_kzalloc(test, sizeof(*locked), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, locked);
	KeInitializeSpinLock(&locked->lock);
	locked->rounds = wqc_rounds(5000, 500);
	wqc_on_all_cpus(test, nt_count_locked, locked);
	KUNIT_EXPECT_EQ(test, 5UL * locked->rounds * num_online_cpus(), locked->count);
	KUNIT_EXPECT_EQ(test, PASSIVE_LEVEL, KeGetCurrentIrql());
}

static void nt_try_lock(void *arg)
{
	struct nt_locked *locked = arg;
	KIRQL irql;

	KeRaiseIrql(DISPATCH_LEVEL, &irql);
	if (KeTryToAcquireSpinLockAtDpcLevel(&locked->lock)) {
		locked->count++;
		KeReleaseSpinLockFromDpcLevel(&locked->lock);
	}
	KeLowerIrql(irql);
}

/* Under a spin lock the IRQL is DISPATCH_LEVEL, and the lock reads as held. */
static void spin_lock_raises_to_dispatch_level(struct kunit *test)
{
	struct nt_locked *locked = kunit_kzalloc(test, sizeof(*locked), GFP_KERNEL);
	KIRQL irql, inside;
	BOOLEAN free;

	KUNIT_ASSERT_NOT_NULL(test, locked);
	KeInitializeSpinLock(&locked->lock);
	KeAcquireSpinLock(&locked->lock, &irql);
	inside = KeGetCurrentIrql();
	free = KeTestSpinLock(&locked->lock);
	KeReleaseSpinLock(&locked->lock, irql);
	KUNIT_EXPECT_EQ(test, PASSIVE_LEVEL, irql);
	KUNIT_EXPECT_EQ(test, DISPATCH_LEVEL, inside);
	if (IS_ENABLED(CONFIG_SMP))	/* contenders do not keep the thread in the lock */
		KUNIT_EXPECT_FALSE(test, free);
	KUNIT_EXPECT_TRUE(test, KeTestSpinLock(&locked->lock));
	KUNIT_EXPECT_EQ(test, PASSIVE_LEVEL, KeGetCurrentIrql());
	nt_try_lock(locked);
	KUNIT_EXPECT_EQ(test, 1UL, locked->count);
}

/* Forms may be mixed: raise and acquire in two calls, release and lower in one; and the reverse. */
static void raise_and_lock_may_be_mixed(struct kunit *test)
{
	struct nt_locked *a = kunit_kzalloc(test, sizeof(*a), GFP_KERNEL);
	struct nt_locked *b = kunit_kzalloc(test, sizeof(*b), GFP_KERNEL);
	KIRQL irql, inner, between;

	KUNIT_ASSERT_NOT_NULL(test, a);
	KUNIT_ASSERT_NOT_NULL(test, b);
	KeInitializeSpinLock(&a->lock);
	KeInitializeSpinLock(&b->lock);
	KeRaiseIrql(DISPATCH_LEVEL, &irql);
	KeAcquireSpinLockAtDpcLevel(&a->lock);
	KeReleaseSpinLock(&a->lock, irql);
	KUNIT_EXPECT_EQ(test, PASSIVE_LEVEL, KeGetCurrentIrql());

	KeAcquireSpinLock(&a->lock, &irql);
	KeReleaseSpinLockFromDpcLevel(&a->lock);
	KUNIT_EXPECT_EQ(test, DISPATCH_LEVEL, KeGetCurrentIrql());
	KeLowerIrql(irql);
	KUNIT_EXPECT_EQ(test, PASSIVE_LEVEL, KeGetCurrentIrql());

	/* Hand-over-hand locking: the lock that was taken first is released first. */
	KeAcquireSpinLock(&a->lock, &irql);
	KeAcquireSpinLock(&b->lock, &inner);
	KeReleaseSpinLock(&a->lock, inner);
	between = KeGetCurrentIrql();
	KeReleaseSpinLock(&b->lock, irql);
	KUNIT_EXPECT_EQ(test, DISPATCH_LEVEL, inner);
	KUNIT_EXPECT_EQ(test, DISPATCH_LEVEL, between);
	KUNIT_EXPECT_EQ(test, PASSIVE_LEVEL, KeGetCurrentIrql());
}

/* A DPC does not run on a CPU where a spin lock is held; it takes the lock afterwards. */
struct nt_contended {
	KDPC dpc;
	KSPIN_LOCK lock;
	bool inside, seen_inside;
	struct completion done;
};

static VOID nt_locking_dpc(PKDPC Dpc, PVOID DeferredContext, PVOID SystemArgument1,
			   PVOID SystemArgument2)
{
	struct nt_contended *c = DeferredContext;

	KeAcquireSpinLockAtDpcLevel(&c->lock);
	c->seen_inside = c->inside;
	KeReleaseSpinLockFromDpcLevel(&c->lock);
	complete(&c->done);
}

static void dpc_waits_for_the_spin_lock_of_its_cpu(struct kunit *test)
{
	struct nt_contended *c = kunit_kzalloc(test, sizeof(*c), GFP_KERNEL);
	unsigned int left = wqc_rounds(300, 50);
	KIRQL irql;

	KUNIT_ASSERT_NOT_NULL(test, c);
	KeInitializeSpinLock(&c->lock);
	KeInitializeDpc(&c->dpc, nt_locking_dpc, c);
	init_completion(&c->done);
	while (left--) {
		KeAcquireSpinLock(&c->lock, &irql);
		c->inside = true;
		KeInsertQueueDpc(&c->dpc, NULL, NULL);
		ndelay(10000);
		c->inside = false;
		KeReleaseSpinLock(&c->lock, irql);
		KUNIT_ASSERT_TRUE(test, wqc_done(&c->done));
		KUNIT_EXPECT_FALSE(test, c->seen_inside);
	}
	KeFlushQueuedDpcs();
}

/* ---- spin locks that were not initialised ------------------------------- */

static_assert(sizeof(KSPIN_LOCK) == sizeof(ULONG_PTR));

static KSPIN_LOCK nt_static_lock;

/* A spin lock that is zero, initialised or not, is free, and excludes like any other. */
static void spin_lock_that_is_zero_is_free(struct kunit *test)
{
	struct nt_locked *locked = kunit_kzalloc(test, sizeof(*locked), GFP_KERNEL);
	KIRQL irql;

	KUNIT_ASSERT_NOT_NULL(test, locked);
	KUNIT_EXPECT_TRUE(test, KeTestSpinLock(&nt_static_lock));
	KeAcquireSpinLock(&nt_static_lock, &irql);
	KUNIT_EXPECT_FALSE(test, IS_ENABLED(CONFIG_SMP) && KeTestSpinLock(&nt_static_lock));
	KeReleaseSpinLock(&nt_static_lock, irql);
	locked->rounds = wqc_rounds(5000, 500);
	wqc_on_all_cpus(test, nt_count_locked, locked);
	KUNIT_EXPECT_EQ(test, 5UL * locked->rounds * num_online_cpus(), locked->count);
}

/* A driver may hold any number of locks, one inside another; each of them is distinct. */
static void spin_locks_are_held_inside_one_another(struct kunit *test)
{
	KSPIN_LOCK *locks = kunit_kcalloc(test, 32, sizeof(*locks), GFP_KERNEL);
	KIRQL irql;
	int i, free = 0;

	KUNIT_ASSERT_NOT_NULL(test, locks);
	KeRaiseIrql(DISPATCH_LEVEL, &irql);
	for (i = 0; i < 32; i++) {
		KeAcquireSpinLockAtDpcLevel(&locks[i]);
		__release(&locks[i]);		/* until it is released below */
	}
	for (i = 0; i < 32; i++)
		free += KeTestSpinLock(&locks[i]);
	/* Released in another order than that of the acquisitions. */
	for (i = 0; i < 32; i++) {
		__acquire(&locks[i]);
		KeReleaseSpinLockFromDpcLevel(&locks[i]);
	}
	KeLowerIrql(irql);
	if (IS_ENABLED(CONFIG_SMP))
		KUNIT_EXPECT_EQ(test, 0, free);
	for (i = 0; i < 32; i++)
		KUNIT_EXPECT_TRUE(test, KeTestSpinLock(&locks[i]));
}

/* ---- reader-writer spin locks ------------------------------------------------ */

/* A reader-writer lock has many readers or one writer; a single reader can become the writer. */
static void ex_spin_lock_is_shared_or_exclusive(struct kunit *test)
{
	bool one = IS_ENABLED(CONFIG_PREEMPT_RT);	/* holder in either mode */
	EX_SPIN_LOCK lock = 0;
	bool shared, exclusive, both, alone, other, free;
	KIRQL irql, inside;

	irql = ExAcquireSpinLockShared(&lock);
	inside = KeGetCurrentIrql();
	shared = ExTryAcquireSpinLockSharedAtDpcLevel(&lock);
	exclusive = ExTryAcquireSpinLockExclusiveAtDpcLevel(&lock);
	both = !one && ExTryConvertSharedSpinLockExclusive(&lock);
	if (shared)
		ExReleaseSpinLockSharedFromDpcLevel(&lock);
	alone = ExTryConvertSharedSpinLockExclusive(&lock);
	other = ExTryAcquireSpinLockSharedAtDpcLevel(&lock);
	ExReleaseSpinLockExclusiveFromDpcLevel(&lock);
	free = ExTryAcquireSpinLockExclusiveAtDpcLevel(&lock);
	ExReleaseSpinLockExclusive(&lock, irql);
	KUNIT_EXPECT_EQ(test, DISPATCH_LEVEL, inside);
	KUNIT_EXPECT_EQ(test, PASSIVE_LEVEL, KeGetCurrentIrql());
	KUNIT_EXPECT_EQ(test, !one, shared);
	KUNIT_EXPECT_FALSE(test, exclusive);
	KUNIT_EXPECT_FALSE(test, both);
	KUNIT_EXPECT_TRUE(test, alone);
	KUNIT_EXPECT_FALSE(test, other);
	KUNIT_EXPECT_TRUE(test, free);
	KUNIT_EXPECT_EQ(test, 0, lock);
}

struct nt_rw {
	EX_SPIN_LOCK lock;
	unsigned long a, b;		/* equal whenever the lock is free */
	atomic_t differences, writes;
	unsigned int rounds;
};

static void nt_rw_write(struct nt_rw *rw)
{
	WRITE_ONCE(rw->a, rw->a + 1);
	cpu_relax();
	WRITE_ONCE(rw->b, rw->b + 1);
	atomic_inc(&rw->writes);
}

static void nt_rw_on_cpu(void *arg, int cpu)
{
	struct nt_rw *rw = arg;
	unsigned int left = rw->rounds;
	KIRQL irql;

	while (left--) {
		irql = ExAcquireSpinLockShared(&rw->lock);
		if (READ_ONCE(rw->a) != READ_ONCE(rw->b))
			atomic_inc(&rw->differences);
		if (ExTryConvertSharedSpinLockExclusive(&rw->lock)) {
			nt_rw_write(rw);
			ExReleaseSpinLockExclusive(&rw->lock, irql);
		} else {
			ExReleaseSpinLockShared(&rw->lock, irql);
		}
		irql = ExAcquireSpinLockExclusive(&rw->lock);
		nt_rw_write(rw);
		ExReleaseSpinLockExclusive(&rw->lock, irql);
		KeRaiseIrql(DISPATCH_LEVEL, &irql);
		ExAcquireSpinLockSharedAtDpcLevel(&rw->lock);
		if (READ_ONCE(rw->a) != READ_ONCE(rw->b))
			atomic_inc(&rw->differences);
		ExReleaseSpinLockSharedFromDpcLevel(&rw->lock);
		ExAcquireSpinLockExclusiveAtDpcLevel(&rw->lock);
		nt_rw_write(rw);
		ExReleaseSpinLockExclusiveFromDpcLevel(&rw->lock);
		KeLowerIrql(irql);
	}
}

/* On all CPUs, no reader sees half of a writer's changes, and no writer loses one. */
static void ex_spin_lock_writer_excludes_all_others(struct kunit *test)
{
	struct nt_rw *rw = kunit_kzalloc(test, sizeof(*rw), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, rw);
	rw->rounds = wqc_rounds(5000, 500);
	wqc_on_all_cpus(test, nt_rw_on_cpu, rw);
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&rw->differences));
	KUNIT_EXPECT_EQ(test, (unsigned long)atomic_read(&rw->writes), rw->a);
	KUNIT_EXPECT_EQ(test, rw->a, rw->b);
	KUNIT_EXPECT_EQ(test, 0, rw->lock);
}

struct nt_writer {
	EX_SPIN_LOCK lock;
	struct completion done;
};

static VOID nt_writer_routine(PVOID context)
{
	struct nt_writer *writer = context;
	KIRQL irql = ExAcquireSpinLockExclusive(&writer->lock);

	ExReleaseSpinLockExclusive(&writer->lock, irql);
	complete(&writer->done);
}

/* A waiting writer goes before new readers. */
static void ex_spin_lock_does_not_starve_writers(struct kunit *test)
{
	struct nt_writer *writer = kunit_kzalloc(test, sizeof(*writer), GFP_KERNEL);
	bool shared = true, alone = true;
	unsigned int left = 400000;
	WORK_QUEUE_ITEM item;
	KIRQL irql;

	KUNIT_ASSERT_NOT_NULL(test, writer);
	if (num_online_cpus() < 2 || IS_ENABLED(CONFIG_PREEMPT_RT))
		kunit_skip(test, "the lock has one holder in either mode");
	init_completion(&writer->done);
	ExInitializeWorkItem(&item, nt_writer_routine, writer);
	wqc_test_driver(test);
	irql = ExAcquireSpinLockShared(&writer->lock);
	ExQueueWorkItem(&item, DelayedWorkQueue);
	while (READ_ONCE(writer->lock) > 0 && left--)
		udelay(5);
	if (READ_ONCE(writer->lock) < 0) {
		shared = ExTryAcquireSpinLockSharedAtDpcLevel(&writer->lock);
		alone = ExTryConvertSharedSpinLockExclusive(&writer->lock);
	}
	ExReleaseSpinLockShared(&writer->lock, irql);
	KUNIT_EXPECT_TRUE(test, wqc_done(&writer->done));
	KUNIT_EXPECT_FALSE(test, shared);
	KUNIT_EXPECT_FALSE(test, alone);
}

static struct kunit_case nt_irql_cases[] = {
	KUNIT_CASE_PARAM(irql_of_each_context_is_the_documented_one, wqc_context_gen_params),
	KUNIT_CASE_PARAM(worker_runs_at_passive_level, wqc_class_gen_params),
	KUNIT_CASE(raise_and_lower_change_and_restore_the_irql),
	KUNIT_CASE(levels_above_dispatch_are_high_level),
	KUNIT_CASE(raise_without_preemption_turns_softirqs_off),
	KUNIT_CASE(stall_lasts_at_least_its_time),
	KUNIT_CASE(calls_that_sleep_are_refused_in_a_dpc),
	KUNIT_CASE(calls_that_sleep_are_refused_at_a_raised_irql),
	KUNIT_CASE(wait_that_cannot_sleep_polls_until_its_time_out),
	KUNIT_CASE(locks_that_sleep_are_taken_and_reported_at_dispatch_level),
	KUNIT_CASE(ex_timer_is_deleted_without_waiting_at_dispatch_level),
	KUNIT_CASE(ex_timer_deleted_at_dispatch_level_outlives_its_callback),
	KUNIT_CASE(thread_may_end_at_a_raised_irql),
	KUNIT_CASE(dpc_ends_no_thread),
	KUNIT_CASE(spin_lock_excludes_in_all_its_forms),
	KUNIT_CASE(spin_lock_raises_to_dispatch_level),
	KUNIT_CASE(raise_and_lock_may_be_mixed),
	KUNIT_CASE(dpc_waits_for_the_spin_lock_of_its_cpu),
	KUNIT_CASE(spin_lock_that_is_zero_is_free),
	KUNIT_CASE(spin_locks_are_held_inside_one_another),
	KUNIT_CASE(ex_spin_lock_is_shared_or_exclusive),
	KUNIT_CASE(ex_spin_lock_writer_excludes_all_others),
	KUNIT_CASE(ex_spin_lock_does_not_starve_writers),
	{}
};

static struct kunit_suite nt_irql_suite = {
	.name = "wqc_nt_irql",
	.test_cases = nt_irql_cases,
};

kunit_test_suite(nt_irql_suite);
