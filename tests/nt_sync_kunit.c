// SPDX-License-Identifier: GPL-2.0
/* Mutexes, semaphores, fast mutexes, push locks, rundown protection. */
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/vmalloc.h>

#include "nt_test.h"

#define MUTEX_OF_ANOTHER	"mutex released by a thread that does not own it"
#define BEYOND_LIMIT		"semaphore released beyond its limit"
#define RUNDOWN_NOT_HELD	"rundown protection released but not held"

/* A function that runs in another thread, which the caller waits for. */
static VOID nt_elsewhere_routine(PVOID context)
{
	void (**fn)(void *) = context;

	(*fn)(fn);
}

struct nt_elsewhere {
	void (*fn)(void *arg);
	WORK_QUEUE_ITEM item;
	PVOID object;
	LONG result;
	struct completion done;
};

static bool nt_elsewhere(struct nt_elsewhere *e, void (*fn)(void *arg), PVOID object)
{
	e->fn = fn;
	e->object = object;
	init_completion(&e->done);
	ExInitializeWorkItem(&e->item, nt_elsewhere_routine, e);
	ExQueueWorkItem(&e->item, DelayedWorkQueue);
	return wqc_done(&e->done);
}

static void nt_poll_elsewhere(void *arg)
{
	struct nt_elsewhere *e = arg;

	e->result = nt_poll(e->object);
	complete(&e->done);
}

static void nt_release_mutex_elsewhere(void *arg)
{
	struct nt_elsewhere *e = arg;

	e->result = KeReleaseMutex(e->object, FALSE);
	complete(&e->done);
}

/* The owner of a mutex may acquire it again; the last release frees it. */
static void mutex_is_recursive_and_has_an_owner(struct kunit *test)
{
	struct nt_elsewhere e;
	KMUTEX mutex;

	KeInitializeMutex(&mutex, 0);
	KUNIT_EXPECT_EQ(test, 1, KeReadStateMutex(&mutex));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_poll(&mutex));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_poll(&mutex));
	KUNIT_ASSERT_TRUE(test, nt_elsewhere(&e, nt_poll_elsewhere, &mutex));
	KUNIT_EXPECT_EQ(test, STATUS_TIMEOUT, e.result);
	KUNIT_EXPECT_NE(test, 0, KeReleaseMutex(&mutex, FALSE));
	KUNIT_ASSERT_TRUE(test, nt_elsewhere(&e, nt_poll_elsewhere, &mutex));
	KUNIT_EXPECT_EQ(test, STATUS_TIMEOUT, e.result);
	KUNIT_EXPECT_EQ(test, 0, KeReleaseMutex(&mutex, FALSE));
	KUNIT_EXPECT_EQ(test, 1, KeReadStateMutex(&mutex));
}

/* A waiter gets the mutex when its owner releases it. */
static void released_mutex_goes_to_a_waiter(struct kunit *test)
{
	struct nt_waiter *waiter;
	KMUTEX mutex;

	KeInitializeMutex(&mutex, 0);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_wait(&mutex));
	waiter = nt_waits_for(test, &mutex);
	KUNIT_EXPECT_EQ(test, 0, KeReleaseMutex(&mutex, FALSE));
	KUNIT_EXPECT_EQ(test, 0, KeReadStateMutex(&mutex));
	KUNIT_EXPECT_TRUE(test, nt_waiter_done(waiter));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, waiter->status);
	KUNIT_EXPECT_EQ(test, STATUS_TIMEOUT, nt_poll(&mutex));
}

/* Releasing the mutex of another thread is reported, and changes nothing. */
static void mutex_of_another_thread_is_not_released(struct kunit *test)
{
	u64 reports = wqc_reports(test, MUTEX_OF_ANOTHER);
	struct nt_elsewhere e;
	KMUTEX mutex;

	KeInitializeMutex(&mutex, 0);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_wait(&mutex));
	KUNIT_ASSERT_TRUE(test, nt_elsewhere(&e, nt_release_mutex_elsewhere, &mutex));
	KUNIT_EXPECT_EQ(test, reports + 1, wqc_reports(test, MUTEX_OF_ANOTHER));
	KUNIT_EXPECT_EQ(test, 0, KeReadStateMutex(&mutex));
	KUNIT_EXPECT_EQ(test, 0, KeReleaseMutex(&mutex, FALSE));
}

/* ---- mutexes whose owners end ------------------------------------------- */

#define ENDED_OWNING	"thread ended owning a mutex"
#define RETURNED_OWNING	"routine returned owning a mutex"

struct nt_owner {
	KMUTEX mutex, released;
	bool terminate;
	WORK_QUEUE_ITEM item;
};

static VOID nt_owner_routine(PVOID context)
{
	struct nt_owner *owner = context;

	nt_wait(&owner->released);
	nt_wait(&owner->mutex);
	nt_wait(&owner->mutex);
	KeReleaseMutex(&owner->released, FALSE);
	if (owner->terminate)
		PsTerminateSystemThread(STATUS_SUCCESS);
}

static struct nt_owner *nt_owner_new(struct kunit *test)
{
	struct nt_owner *owner = kunit_kzalloc(test, sizeof(*owner), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, owner);
	KeInitializeMutex(&owner->mutex, 0);
	KeInitializeMutex(&owner->released, 0);
	wqc_test_driver(test);		/* its unload waits for the thread or the routine */
	return owner;
}

/* In another thread: the mutex is free, and the first wait returns that it was abandoned. */
static void nt_expect_abandoned(struct kunit *test, struct nt_owner *owner)
{
	KUNIT_EXPECT_EQ(test, STATUS_ABANDONED, nt_wait(&owner->mutex));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_wait(&owner->mutex));
	KUNIT_EXPECT_NE(test, 0, KeReleaseMutex(&owner->mutex, FALSE));
	KUNIT_EXPECT_EQ(test, 0, KeReleaseMutex(&owner->mutex, FALSE));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_wait(&owner->mutex));
	KUNIT_EXPECT_EQ(test, 0, KeReleaseMutex(&owner->mutex, FALSE));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_wait(&owner->released));
	KUNIT_EXPECT_EQ(test, 0, KeReleaseMutex(&owner->released, FALSE));
}

/* Starts a thread, and takes a reference on it, so that the case can wait for it. */
static NTSTATUS nt_thread_begin(PKSTART_ROUTINE routine, PVOID context, PVOID *thread)
{
	HANDLE handle;
	NTSTATUS status;

	status = PsCreateSystemThread(&handle, 0, NULL, NULL, NULL, routine, context);
	if (status)
		return status;
	status = ObReferenceObjectByHandle(handle, 0, NULL, KernelMode, thread, NULL);
	ZwClose(handle);
	return status;
}

/* Starts a thread, and waits for its end. */
static NTSTATUS nt_thread_runs(PKSTART_ROUTINE routine, PVOID context)
{
	NTSTATUS status;
	PVOID thread;

	status = nt_thread_begin(routine, context, &thread);
	if (status)
		return status;
	status = nt_wait(thread);
	ObDereferenceObject(thread);
	return status;
}

/* A thread that ends, in any way, while it owns a mutex is reported; the mutex is released. */
static void mutex_of_a_thread_that_ends_is_abandoned(struct kunit *test)
{
	struct nt_owner *owner = nt_owner_new(test);
	u64 reports = wqc_reports(test, ENDED_OWNING);
	int i;

	for (i = 0; i < 2; i++) {
		owner->terminate = i;
		KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, nt_thread_runs(nt_owner_routine, owner));
		KUNIT_EXPECT_EQ(test, reports + i + 1, wqc_reports(test, ENDED_OWNING));
		nt_expect_abandoned(test, owner);
	}
}

/* A worker routine that returns while it owns a mutex is reported, too; its thread lives on. */
static void mutex_of_a_routine_that_returns_is_abandoned(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	struct nt_owner *owner = nt_owner_new(test);
	u64 reports = wqc_reports(test, RETURNED_OWNING);

	ExInitializeWorkItem(&owner->item, nt_owner_routine, owner);
	ExQueueWorkItem(&owner->item, class->type);
	KUNIT_EXPECT_TRUE(test,
			  wqc_eventually(wqc_reports(test, RETURNED_OWNING) == reports + 1));
	nt_expect_abandoned(test, owner);
	KUNIT_EXPECT_EQ(test, reports + 1, wqc_reports(test, RETURNED_OWNING));
}

static VOID nt_owner_frees(PVOID context)
{
	PRKMUTEX *mutex = context;

	nt_wait(*mutex);
	vfree(*mutex);
	vm_unmap_aliases();
}

/* The record of a mutex that was freed while it was owned is dropped: no later use-after-free. */
static void mutex_may_be_freed_by_its_owner(struct kunit *test)
{
	PRKMUTEX *mutex = kunit_kzalloc(test, sizeof(*mutex), GFP_KERNEL);
	u64 reports = wqc_reports(test, ENDED_OWNING);

	KUNIT_ASSERT_NOT_NULL(test, mutex);
	*mutex = vzalloc(sizeof(**mutex));
	KUNIT_ASSERT_NOT_NULL(test, *mutex);
	KeInitializeMutex(*mutex, 0);
	wqc_test_driver(test);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_thread_runs(nt_owner_frees, mutex));
	KUNIT_EXPECT_EQ(test, reports, wqc_reports(test, ENDED_OWNING));
}

#define FREED_OWNED	"freed memory contains an owned mutex"
#define NT_TAG		0x7478754d	/* "Muxt" */

struct nt_keeper {
	KEVENT taken, go;
	PRKMUTEX mutex[2];
};

static VOID nt_keeper_routine(PVOID context)
{
	struct nt_keeper *keeper = context;

	nt_wait(keeper->mutex[0]);
	nt_wait(keeper->mutex[1]);
	KeSetEvent(&keeper->taken, IO_NO_INCREMENT, FALSE);
	nt_wait(&keeper->go);
}

/*
 * A mutex that is freed while another thread owns it is reported at once, and not accessed when
 * its owner ends.
 */
static void mutex_that_is_freed_while_it_is_owned_is_reported(struct kunit *test)
{
	u64 freed = wqc_reports(test, FREED_OWNED), ended = wqc_reports(test, ENDED_OWNING);
	struct nt_keeper *keeper = kunit_kzalloc(test, sizeof(*keeper), GFP_KERNEL);
	PNPAGED_LOOKASIDE_LIST list = kunit_kzalloc(test, sizeof(*list), GFP_KERNEL);
	PVOID thread;

	KUNIT_ASSERT_NOT_NULL(test, keeper);
	KUNIT_ASSERT_NOT_NULL(test, list);
	ExInitializeNPagedLookasideList(list, NULL, NULL, 0, sizeof(KMUTEX), NT_TAG, 0);
	keeper->mutex[0] = ExAllocatePoolWithTag(NonPagedPoolNx, sizeof(KMUTEX), NT_TAG);
	keeper->mutex[1] = ExAllocateFromNPagedLookasideList(list);
	KUNIT_ASSERT_NOT_NULL(test, keeper->mutex[0]);
	KUNIT_ASSERT_NOT_NULL(test, keeper->mutex[1]);
	KeInitializeMutex(keeper->mutex[0], 0);
	KeInitializeMutex(keeper->mutex[1], 0);
	KeInitializeEvent(&keeper->taken, NotificationEvent, FALSE);
	KeInitializeEvent(&keeper->go, NotificationEvent, FALSE);
	wqc_test_driver(test);
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			nt_thread_begin(nt_keeper_routine, keeper, &thread));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_wait(&keeper->taken));
	ExFreePoolWithTag(keeper->mutex[0], NT_TAG);
	KUNIT_EXPECT_EQ(test, freed + 1, wqc_reports(test, FREED_OWNED));
	ExFreeToNPagedLookasideList(list, keeper->mutex[1]);
	KUNIT_EXPECT_EQ(test, freed + 2, wqc_reports(test, FREED_OWNED));
	KeSetEvent(&keeper->go, IO_NO_INCREMENT, FALSE);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_wait(thread));
	ObDereferenceObject(thread);
	KUNIT_EXPECT_EQ(test, ended, wqc_reports(test, ENDED_OWNING));
	ExDeleteNPagedLookasideList(list);
}

/*
 * A waiter gets the abandoned mutex and the status for it; a wait for several objects returns
 * its index.
 */
static void wait_returns_that_a_mutex_was_abandoned(struct kunit *test)
{
	struct nt_owner *owner = nt_owner_new(test);
	LARGE_INTEGER timeout = NT_MS(1000LL * WQC_TIMEOUT_SECONDS);
	PVOID objects[2] = { &owner->released, &owner->mutex };
	u64 reports = wqc_reports(test, RETURNED_OWNING);
	struct nt_waiter *waiter;
	KEVENT event;

	KeInitializeEvent(&event, NotificationEvent, FALSE);
	nt_wait(&owner->released);
	ExInitializeWorkItem(&owner->item, nt_owner_routine, owner);
	ExQueueWorkItem(&owner->item, DelayedWorkQueue);
	KUNIT_ASSERT_TRUE(test, wqc_eventually(nt_waiters(&owner->released)));
	KeInitializeMutex(&owner->mutex, 0);
	waiter = nt_waiter_new(test, WaitAll, 2, &owner->mutex, &event);
	KeReleaseMutex(&owner->released, FALSE);
	KUNIT_EXPECT_TRUE(test,
			  wqc_eventually(wqc_reports(test, RETURNED_OWNING) == reports + 1));
	KeSetEvent(&event, IO_NO_INCREMENT, FALSE);
	KUNIT_EXPECT_TRUE(test, nt_waiter_done(waiter));
	KUNIT_EXPECT_EQ(test, STATUS_ABANDONED, waiter->status);

	KeInitializeMutex(&owner->mutex, 0);
	ExInitializeWorkItem(&owner->item, nt_owner_routine, owner);
	ExQueueWorkItem(&owner->item, DelayedWorkQueue);
	KUNIT_EXPECT_TRUE(test,
			  wqc_eventually(wqc_reports(test, RETURNED_OWNING) == reports + 2));
	nt_wait(&owner->released);
	KUNIT_EXPECT_EQ(test, 0, KeReleaseMutex(&owner->released, FALSE));
	objects[0] = &event;
	KeResetEvent(&event);
	KUNIT_EXPECT_EQ(test, STATUS_ABANDONED_WAIT_0 + 1,
			KeWaitForMultipleObjects(2, objects, WaitAny, Executive, KernelMode,
						 FALSE, &timeout, NULL));
	KUNIT_EXPECT_EQ(test, 0, KeReleaseMutex(&owner->mutex, FALSE));
}

/* A semaphore satisfies as many waits as its count; the release returns the old count. */
static void semaphore_counts(struct kunit *test)
{
	struct nt_waiter *waiters[2];
	KSEMAPHORE semaphore;
	int i;

	KeInitializeSemaphore(&semaphore, 1, 5);
	KUNIT_EXPECT_EQ(test, 1, KeReleaseSemaphore(&semaphore, IO_NO_INCREMENT, 1, FALSE));
	KUNIT_EXPECT_EQ(test, 2, KeReadStateSemaphore(&semaphore));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_poll(&semaphore));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_poll(&semaphore));
	KUNIT_EXPECT_EQ(test, STATUS_TIMEOUT, nt_poll(&semaphore));
	for (i = 0; i < 2; i++)
		waiters[i] = nt_waits_for(test, &semaphore);
	KUNIT_EXPECT_EQ(test, 0, KeReleaseSemaphore(&semaphore, IO_NO_INCREMENT, 3, FALSE));
	for (i = 0; i < 2; i++)
		KUNIT_EXPECT_TRUE(test, nt_waiter_done(waiters[i]));
	KUNIT_EXPECT_EQ(test, 1, KeReadStateSemaphore(&semaphore));
}

/* A release above the limit is reported, and changes nothing. */
static void semaphore_has_a_limit(struct kunit *test)
{
	u64 reports = wqc_reports(test, BEYOND_LIMIT);
	KSEMAPHORE semaphore;

	KeInitializeSemaphore(&semaphore, 1, 2);
	KUNIT_EXPECT_EQ(test, 1, KeReleaseSemaphore(&semaphore, IO_NO_INCREMENT, 2, FALSE));
	KUNIT_EXPECT_EQ(test, 1, KeReadStateSemaphore(&semaphore));
	KUNIT_EXPECT_EQ(test, reports + 1, wqc_reports(test, BEYOND_LIMIT));
}

/* ---- regions ----------------------------------------------------------------- */

#define LEFT_TOO_OFTEN	"region left but not entered"
#define RETURNED_INSIDE	"routine returned inside a region"
#define ENDED_INSIDE	"thread ended inside a region"
#define RETURNED_AT_APC	"routine returned at APC_LEVEL"

/* Bit 0: normal APCs are disabled; bit 1: all APCs are; above: the IRQL. */
static int nt_apcs(void)
{
	return KeAreApcsDisabled() | KeAreAllApcsDisabled() << 1 | KeGetCurrentIrql() << 2;
}

/*
 * Regions nest: KeAreApcsDisabled() is TRUE in critical regions, KeAreAllApcsDisabled() in
 * guarded ones.
 */
static void regions_are_counted(struct kunit *test)
{
	int i;

	KUNIT_EXPECT_EQ(test, 0, nt_apcs());
	for (i = 0; i < 3; i++) {
		FsRtlEnterFileSystem();
		KUNIT_EXPECT_EQ(test, 1, nt_apcs());
	}
	KeEnterGuardedRegion();
	KUNIT_EXPECT_EQ(test, 3, nt_apcs());
	KeLeaveGuardedRegion();
	for (i = 0; i < 3; i++) {
		KUNIT_EXPECT_EQ(test, 1, nt_apcs());
		FsRtlExitFileSystem();
	}
	KUNIT_EXPECT_EQ(test, 0, nt_apcs());
	KeEnterGuardedRegion();
	FsRtlEnterFileSystem();
	KeLeaveGuardedRegion();
	KUNIT_EXPECT_EQ(test, 1, nt_apcs());
	FsRtlExitFileSystem();
}

/* A mutex implies a critical region, a guarded mutex a guarded one, a fast mutex APC_LEVEL. */
static void mutexes_disable_apcs(struct kunit *test)
{
	const int level = APC_LEVEL << 2;
	FAST_MUTEX fast, other;
	KMUTEX mutex;
	KIRQL irql;

	ExInitializeFastMutex(&fast);
	ExInitializeFastMutex(&other);
	KeInitializeMutex(&mutex, 0);
	nt_wait(&mutex);
	nt_wait(&mutex);
	KUNIT_EXPECT_EQ(test, 1, nt_apcs());
	KeReleaseMutex(&mutex, FALSE);
	KUNIT_EXPECT_EQ(test, 1, nt_apcs());
	KeReleaseMutex(&mutex, FALSE);
	KUNIT_EXPECT_EQ(test, 0, nt_apcs());
	KeAcquireGuardedMutex(&fast);
	KUNIT_EXPECT_EQ(test, 3, nt_apcs());
	KeReleaseGuardedMutex(&fast);
	KUNIT_EXPECT_TRUE(test, KeTryToAcquireGuardedMutex(&fast));
	KUNIT_EXPECT_EQ(test, 3, nt_apcs());
	KeReleaseGuardedMutex(&fast);
	KUNIT_EXPECT_EQ(test, 0, nt_apcs());
	ExAcquireFastMutex(&fast);
	KUNIT_EXPECT_TRUE(test, ExTryToAcquireFastMutex(&other));
	KUNIT_EXPECT_EQ(test, 2 | level, nt_apcs());
	KeRaiseIrql(DISPATCH_LEVEL, &irql);
	KUNIT_EXPECT_EQ(test, APC_LEVEL, irql);
	KeLowerIrql(irql);
	ExReleaseFastMutex(&fast);
	KUNIT_EXPECT_EQ(test, 2 | level, nt_apcs());
	ExReleaseFastMutex(&other);
	KUNIT_EXPECT_EQ(test, 0, nt_apcs());
	ExAcquireFastMutexUnsafe(&fast);
	KUNIT_EXPECT_EQ(test, 0, nt_apcs());
	ExReleaseFastMutexUnsafe(&fast);
}

static void nt_apcs_elsewhere(void *arg)
{
	struct nt_elsewhere *e = arg;

	e->result = nt_apcs();
	complete(&e->done);
}

/* A region belongs to its thread. Leaving one too many is reported and changes nothing. */
static void region_left_too_often_is_reported(struct kunit *test)
{
	u64 reports = wqc_reports(test, LEFT_TOO_OFTEN);
	struct nt_elsewhere e;

	KeEnterCriticalRegion();
	KUNIT_ASSERT_TRUE(test, nt_elsewhere(&e, nt_apcs_elsewhere, NULL));
	KUNIT_EXPECT_EQ(test, 0, e.result);
	KeLeaveGuardedRegion();
	KUNIT_EXPECT_EQ(test, reports + 1, wqc_reports(test, LEFT_TOO_OFTEN));
	KeLeaveCriticalRegion();
	KeLeaveCriticalRegion();
	KUNIT_EXPECT_EQ(test, reports + 2, wqc_reports(test, LEFT_TOO_OFTEN));
	KeEnterCriticalRegion();
	KUNIT_EXPECT_EQ(test, 1, nt_apcs());
	KeLeaveCriticalRegion();
	KUNIT_EXPECT_EQ(test, 0, nt_apcs());
}

/* The region that a routine does not leave, and the state that the next routine finds. */
struct nt_leaver {
	WORK_QUEUE_ITEM item;
	bool leaves, raises;
	struct task_struct *thread;
	int apcs;
	struct completion done;
};

static VOID nt_leaver_routine(PVOID context)
{
	struct nt_leaver *leaver = context;
	KIRQL irql;

	leaver->thread = current;
	leaver->apcs = nt_apcs();
	if (leaver->leaves) {
		KeEnterCriticalRegion();
		KeEnterGuardedRegion();
		KeLeaveGuardedRegion();
	}
	if (leaver->raises)
		KeRaiseIrql(APC_LEVEL, &irql);
	complete(&leaver->done);
}

static struct task_struct *nt_leaver_runs(struct kunit *test, struct nt_leaver *leaver,
					  WORK_QUEUE_TYPE type)
{
	ExInitializeWorkItem(&leaver->item, nt_leaver_routine, leaver);
	ExQueueWorkItem(&leaver->item, type);
	KUNIT_ASSERT_TRUE(test, wqc_done(&leaver->done));
	return leaver->thread;
}

/* A routine that returns inside a region is reported; the next routine is in none. */
static void region_of_a_routine_that_returns_is_reported(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	struct nt_leaver *leaver = kunit_kzalloc(test, sizeof(*leaver), GFP_KERNEL);
	u64 inside = wqc_reports(test, RETURNED_INSIDE), apc = wqc_reports(test, RETURNED_AT_APC);
	struct task_struct *thread;
	int i, left = 200;

	KUNIT_ASSERT_NOT_NULL(test, leaver);
	init_completion(&leaver->done);
	wqc_test_driver(test);
	for (i = 0; i < 2; i++) {
		leaver->leaves = !i;
		leaver->raises = i;
		thread = nt_leaver_runs(test, leaver, class->type);
		KUNIT_ASSERT_TRUE(test, wqc_eventually(wqc_reports(test, RETURNED_INSIDE) ==
						       inside + 1));
		KUNIT_ASSERT_TRUE(test, wqc_eventually(wqc_reports(test, RETURNED_AT_APC) ==
						       apc + i));
		leaver->leaves = false;
		leaver->raises = false;
		/*
		 * The next routine runs in the same thread, or in others so often that a leak would
		 * show.
		 */
		while (nt_leaver_runs(test, leaver, class->type) != thread && !leaver->apcs &&
		       left--)
			;
		KUNIT_EXPECT_EQ(test, 0, leaver->apcs);
	}
	KUNIT_EXPECT_EQ(test, inside + 1, wqc_reports(test, RETURNED_INSIDE));
}

static VOID nt_leaver_thread(PVOID context)
{
	KeEnterGuardedRegion();
}

/* A thread that ends inside a region is reported. */
static void region_of_a_thread_that_ends_is_reported(struct kunit *test)
{
	u64 reports = wqc_reports(test, ENDED_INSIDE);

	wqc_test_driver(test);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_thread_runs(nt_leaver_thread, NULL));
	KUNIT_EXPECT_EQ(test, reports + 1, wqc_reports(test, ENDED_INSIDE));
}

/* ---- fast mutexes and push locks ------------------------------------------ */

static void nt_try_fast_mutex(void *arg)
{
	struct nt_elsewhere *e = arg;

	e->result = ExTryToAcquireFastMutex((PFAST_MUTEX)e->object);
	if (e->result)
		ExReleaseFastMutex((PFAST_MUTEX)e->object);
	complete(&e->done);
}

/* A fast mutex or guarded mutex has one owner at a time. */
static void fast_mutex_excludes(struct kunit *test)
{
	struct nt_elsewhere e;
	FAST_MUTEX mutex;

	ExInitializeFastMutex(&mutex);
	ExAcquireFastMutex(&mutex);
	KUNIT_ASSERT_TRUE(test, nt_elsewhere(&e, nt_try_fast_mutex, &mutex));
	KUNIT_EXPECT_FALSE(test, e.result);
	ExReleaseFastMutex(&mutex);
	KUNIT_ASSERT_TRUE(test, nt_elsewhere(&e, nt_try_fast_mutex, &mutex));
	KUNIT_EXPECT_TRUE(test, e.result);
	KeAcquireGuardedMutex(&mutex);
	KUNIT_ASSERT_TRUE(test, nt_elsewhere(&e, nt_try_fast_mutex, &mutex));
	KUNIT_EXPECT_FALSE(test, e.result);
	KeReleaseGuardedMutex(&mutex);
}

struct nt_push {
	EX_PUSH_LOCK lock;
	struct completion shared, exclusive;
};

static VOID nt_push_shared(PVOID context)
{
	struct nt_push *push = context;

	ExAcquirePushLockShared(&push->lock);
	complete(&push->shared);
	ExReleasePushLock(&push->lock);
}

static VOID nt_push_exclusive(PVOID context)
{
	struct nt_push *push = context;

	ExAcquirePushLockExclusive(&push->lock);
	complete(&push->exclusive);
	ExReleasePushLock(&push->lock);
}

/* A push lock is shared by readers, and excluded by a writer. */
static void push_lock_is_shared_or_exclusive(struct kunit *test)
{
	struct nt_push *push = kunit_kzalloc(test, sizeof(*push), GFP_KERNEL);
	WORK_QUEUE_ITEM reader, writer;

	KUNIT_ASSERT_NOT_NULL(test, push);
	ExInitializePushLock(&push->lock);
	init_completion(&push->shared);
	init_completion(&push->exclusive);
	ExInitializeWorkItem(&reader, nt_push_shared, push);
	ExInitializeWorkItem(&writer, nt_push_exclusive, push);
	ExAcquirePushLockShared(&push->lock);
	ExQueueWorkItem(&reader, DelayedWorkQueue);
	KUNIT_EXPECT_TRUE(test, wqc_done(&push->shared));
	ExQueueWorkItem(&writer, DelayedWorkQueue);
	msleep(WQC_GRACE_MS);
	KUNIT_EXPECT_FALSE(test, completion_done(&push->exclusive));
	ExReleasePushLockShared(&push->lock);
	KUNIT_EXPECT_TRUE(test, wqc_done(&push->exclusive));
	ExAcquirePushLockExclusive(&push->lock);
	ExInitializeWorkItem(&reader, nt_push_shared, push);
	ExQueueWorkItem(&reader, DelayedWorkQueue);
	msleep(WQC_GRACE_MS);
	KUNIT_EXPECT_FALSE(test, completion_done(&push->shared));
	ExReleasePushLockExclusive(&push->lock);
	KUNIT_EXPECT_TRUE(test, wqc_done(&push->shared));
	/* Waits until both routines are out of the lock, which is in memory of this test. */
	ExAcquirePushLockExclusive(&push->lock);
	ExReleasePushLock(&push->lock);
	wqc_test_driver(test);
}

/* ---- rundown protection ---------------------------------------------------- */

struct nt_rundown {
	EX_RUNDOWN_REF ref;
	WORK_QUEUE_ITEM item;
	struct completion done;
};

static VOID nt_run_down(PVOID context)
{
	struct nt_rundown *rundown = context;

	ExWaitForRundownProtectionRelease(&rundown->ref);
	ExRundownCompleted(&rundown->ref);
	complete(&rundown->done);
}

/* A rundown waits for the holders of the protection; later acquisitions fail. */
static void rundown_waits_for_its_holders(struct kunit *test)
{
	struct nt_rundown *rundown = kunit_kzalloc(test, sizeof(*rundown), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, rundown);
	init_completion(&rundown->done);
	ExInitializeRundownProtection(&rundown->ref);
	KUNIT_EXPECT_TRUE(test, ExAcquireRundownProtection(&rundown->ref));
	KUNIT_EXPECT_TRUE(test, ExAcquireRundownProtectionEx(&rundown->ref, 2));
	ExInitializeWorkItem(&rundown->item, nt_run_down, rundown);
	ExQueueWorkItem(&rundown->item, DelayedWorkQueue);
	KUNIT_EXPECT_TRUE(test, wqc_eventually(rundown->ref.Count & 1));
	KUNIT_EXPECT_FALSE(test, ExAcquireRundownProtection(&rundown->ref));
	ExReleaseRundownProtectionEx(&rundown->ref, 2);
	msleep(WQC_GRACE_MS);
	KUNIT_EXPECT_FALSE(test, completion_done(&rundown->done));
	ExReleaseRundownProtection(&rundown->ref);
	KUNIT_EXPECT_TRUE(test, wqc_done(&rundown->done));
	KUNIT_EXPECT_FALSE(test, ExAcquireRundownProtection(&rundown->ref));
	/* The second wait returns at once. */
	ExWaitForRundownProtectionRelease(&rundown->ref);
	ExReInitializeRundownProtection(&rundown->ref);
	KUNIT_EXPECT_TRUE(test, ExAcquireRundownProtection(&rundown->ref));
	ExReleaseRundownProtection(&rundown->ref);
	ExWaitForRundownProtectionRelease(&rundown->ref);
	KUNIT_EXPECT_FALSE(test, ExAcquireRundownProtection(&rundown->ref));
}

/* A release without an acquisition is reported, before and after a rundown. */
static void rundown_release_too_many_is_reported(struct kunit *test)
{
	u64 reports = wqc_reports(test, RUNDOWN_NOT_HELD);
	EX_RUNDOWN_REF ref;

	ExInitializeRundownProtection(&ref);
	ExReleaseRundownProtection(&ref);
	ExWaitForRundownProtectionRelease(&ref);
	ExReleaseRundownProtection(&ref);
	KUNIT_EXPECT_EQ(test, reports + 2, wqc_reports(test, RUNDOWN_NOT_HELD));
}

static struct kunit_case nt_sync_cases[] = {
	KUNIT_CASE(mutex_is_recursive_and_has_an_owner),
	KUNIT_CASE(released_mutex_goes_to_a_waiter),
	KUNIT_CASE(mutex_of_another_thread_is_not_released),
	KUNIT_CASE(mutex_of_a_thread_that_ends_is_abandoned),
	KUNIT_CASE_PARAM(mutex_of_a_routine_that_returns_is_abandoned, wqc_class_gen_params),
	KUNIT_CASE(mutex_may_be_freed_by_its_owner),
	KUNIT_CASE(mutex_that_is_freed_while_it_is_owned_is_reported),
	KUNIT_CASE(wait_returns_that_a_mutex_was_abandoned),
	KUNIT_CASE(semaphore_counts),
	KUNIT_CASE(semaphore_has_a_limit),
	KUNIT_CASE(regions_are_counted),
	KUNIT_CASE(mutexes_disable_apcs),
	KUNIT_CASE(region_left_too_often_is_reported),
	KUNIT_CASE_PARAM(region_of_a_routine_that_returns_is_reported, wqc_class_gen_params),
	KUNIT_CASE(region_of_a_thread_that_ends_is_reported),
	KUNIT_CASE(fast_mutex_excludes),
	KUNIT_CASE(push_lock_is_shared_or_exclusive),
	KUNIT_CASE(rundown_waits_for_its_holders),
	KUNIT_CASE(rundown_release_too_many_is_reported),
	{}
};

static struct kunit_suite nt_sync_suite = {
	.name = "wqc_nt_sync",
	.test_cases = nt_sync_cases,
};

kunit_test_suite(nt_sync_suite);
