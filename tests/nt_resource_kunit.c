// SPDX-License-Identifier: GPL-2.0
/* ERESOURCE: who is granted what, recursion, owner pointers, waiters, life, races. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/random.h>
#include <linux/slab.h>

#include "nt_test.h"
#include "wqc_probe.h"
#include "../core/report.h"

#define NOT_OWNED	"resource released but not owned"
#define NOT_INITIALISED	"resource that was not initialised"
#define HELD		"resource deleted while it is owned or waited for"

static PERESOURCE nt_resource_new(struct kunit *test)
{
	PERESOURCE resource = kunit_kzalloc(test, sizeof(*resource), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, resource);
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, ExInitializeResourceLite(resource));
	return resource;
}

/* Each case deletes its resources: that they are neither owned nor waited for is a part of it. */
static void nt_resource_end(struct kunit *test, PERESOURCE resource)
{
	KUNIT_EXPECT_EQ(test, 0, resource->ActiveEntries);
	KUNIT_EXPECT_EQ(test, 0, resource->NumberOfSharedWaiters);
	KUNIT_EXPECT_EQ(test, 0, resource->NumberOfExclusiveWaiters);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, ExDeleteResourceLite(resource));
}

typedef BOOLEAN (*nt_acquire_fn)(PERESOURCE resource, BOOLEAN wait);

/* A thread that does one thing after the other, as it is told. */
struct nt_actor {
	PERESOURCE resource;
	nt_acquire_fn acquire;		/* else release */
	BOOLEAN wait;
	struct completion go, done;
	BOOLEAN result;
	bool over;
	ERESOURCE_THREAD id;
	struct completion ended;
};

static int nt_actor_thread(void *arg)
{
	struct nt_actor *actor = arg;

	actor->id = ExGetCurrentResourceThread();
	complete(&actor->done);
	for (;;) {
		wait_for_completion(&actor->go);
		if (actor->over)
			break;
		KeEnterCriticalRegion();
		if (actor->acquire)
			actor->result = actor->acquire(actor->resource, actor->wait);
		else
			ExReleaseResourceLite(actor->resource);
		KeLeaveCriticalRegion();
		complete(&actor->done);
	}
	complete(&actor->ended);
	return 0;
}

static void nt_actor_end(void *arg)
{
	struct nt_actor *actor = arg;

	actor->over = true;
	complete(&actor->go);
	wait_for_completion(&actor->ended);
	kfree(actor);
}

static struct nt_actor *nt_actor_new(struct kunit *test, PERESOURCE resource)
{
	struct nt_actor *actor = kzalloc(sizeof(*actor), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, actor);
	actor->resource = resource;
	init_completion(&actor->go);
	init_completion(&actor->done);
	init_completion(&actor->ended);
	if (IS_ERR(kthread_run(nt_actor_thread, actor, "nt_actor"))) {
		kfree(actor);
		KUNIT_ASSERT_TRUE_MSG(test, false, "no thread");
	}
	wqc_at_exit(test, nt_actor_end, actor);
	KUNIT_ASSERT_TRUE(test, wqc_done(&actor->done));
	return actor;
}

static bool nt_actor_try(struct nt_actor *actor, nt_acquire_fn acquire)
{
	actor->acquire = acquire;
	actor->wait = FALSE;
	complete(&actor->go);
	return wqc_done(&actor->done) && actor->result;
}

static bool nt_actor_release(struct nt_actor *actor)
{
	actor->acquire = NULL;
	complete(&actor->go);
	return wqc_done(&actor->done);
}

/* Returns when the actor waits for the resource. */
static bool nt_actor_waits(struct nt_actor *actor, nt_acquire_fn acquire)
{
	PERESOURCE resource = actor->resource;
	ULONG before = ExGetExclusiveWaiterCount(resource) + ExGetSharedWaiterCount(resource);

	actor->acquire = acquire;
	actor->wait = TRUE;
	complete(&actor->go);
	return wqc_eventually(ExGetExclusiveWaiterCount(resource) +
			      ExGetSharedWaiterCount(resource) == before + 1);
}

#define EXCLUSIVE	ExAcquireResourceExclusiveLite
#define SHARED		ExAcquireResourceSharedLite
#define STARVE		ExAcquireSharedStarveExclusive
#define WAITFOR		ExAcquireSharedWaitForExclusive

static const nt_acquire_fn nt_modes[] = { EXCLUSIVE, SHARED, STARVE, WAITFOR };

/* The states of the documents' table, as one thread sees them, and what each mode gets. */
static const struct nt_grant {
	const char *name;
	nt_acquire_fn mine;		/* what the caller owns */
	nt_acquire_fn others;		/* what another thread owns */
	bool waiter;			/* a third one waits for exclusive ownership */
	bool granted[4];
} nt_grants[] = {
	{ "free", NULL, NULL, false, { true, true, true, true } },
	{ "own exclusive", EXCLUSIVE, NULL, false, { true, true, true, true } },
	{ "own exclusive, waiter", EXCLUSIVE, NULL, true, { true, true, true, true } },
	{ "own shared", SHARED, NULL, false, { false, true, true, true } },
	{ "own shared, waiter", SHARED, NULL, true, { false, true, true, false } },
	{ "others shared", NULL, SHARED, false, { false, true, true, true } },
	{ "others shared, waiter", NULL, SHARED, true, { false, false, true, false } },
	{ "other exclusive", NULL, EXCLUSIVE, false, { false, false, false, false } },
	{ "all shared, waiter", SHARED, SHARED, true, { false, true, true, false } },
};

static void each_mode_is_granted_as_documented(struct kunit *test)
{
	struct nt_actor *me, *other, *waiter;
	const struct nt_grant *grant;
	PERESOURCE resource;
	unsigned int i, m;
	bool got;

	for (i = 0; i < ARRAY_SIZE(nt_grants); i++) {
		grant = &nt_grants[i];
		resource = nt_resource_new(test);
		me = nt_actor_new(test, resource);
		other = nt_actor_new(test, resource);
		waiter = nt_actor_new(test, resource);
		if (grant->mine)
			KUNIT_ASSERT_TRUE(test, nt_actor_try(me, grant->mine));
		if (grant->others)
			KUNIT_ASSERT_TRUE(test, nt_actor_try(other, grant->others));
		if (grant->waiter)
			KUNIT_ASSERT_TRUE(test, nt_actor_waits(waiter, EXCLUSIVE));
		for (m = 0; m < ARRAY_SIZE(nt_modes); m++) {
			got = nt_actor_try(me, nt_modes[m]);
			KUNIT_EXPECT_EQ_MSG(test, grant->granted[m], got, "%s, mode %u",
					    grant->name, m);
			if (got)
				KUNIT_EXPECT_TRUE(test, nt_actor_release(me));
		}
		if (grant->mine)
			nt_actor_release(me);
		if (grant->others)
			nt_actor_release(other);
		if (grant->waiter) {
			KUNIT_EXPECT_TRUE(test, wqc_done(&waiter->done));
			KUNIT_EXPECT_TRUE(test, waiter->result);
			nt_actor_release(waiter);
		}
		nt_resource_end(test, resource);
	}
}

/* Each acquisition needs a release; the queries count them. */
static void ownership_is_recursive(struct kunit *test)
{
	PERESOURCE resource = nt_resource_new(test);
	struct nt_actor *other = nt_actor_new(test, resource);
	int i;

	KeEnterCriticalRegion();
	KUNIT_EXPECT_EQ(test, 0, ExIsResourceAcquiredSharedLite(resource));
	KUNIT_EXPECT_TRUE(test, EXCLUSIVE(resource, TRUE));
	KUNIT_EXPECT_TRUE(test, SHARED(resource, TRUE));
	KUNIT_EXPECT_TRUE(test, ExIsResourceAcquiredExclusiveLite(resource));
	KUNIT_EXPECT_EQ(test, 2, ExIsResourceAcquiredSharedLite(resource));
	KUNIT_EXPECT_EQ(test, 1, resource->ActiveCount);
	KUNIT_EXPECT_TRUE(test, resource->Flag & ResourceOwnedExclusive);
	ExReleaseResourceLite(resource);
	KUNIT_EXPECT_FALSE(test, nt_actor_try(other, SHARED));
	KUNIT_EXPECT_TRUE(test, ExIsResourceAcquiredExclusiveLite(resource));
	ExReleaseResourceLite(resource);
	KUNIT_EXPECT_EQ(test, 0, ExIsResourceAcquiredSharedLite(resource));
	KUNIT_EXPECT_FALSE(test, resource->Flag & ResourceOwnedExclusive);

	for (i = 0; i < 3; i++)
		KUNIT_EXPECT_TRUE(test, SHARED(resource, TRUE));
	KUNIT_EXPECT_FALSE(test, ExIsResourceAcquiredExclusiveLite(resource));
	KUNIT_EXPECT_EQ(test, 3, ExIsResourceAcquiredLite(resource));
	for (i = 0; i < 3; i++) {
		KUNIT_EXPECT_FALSE(test, nt_actor_try(other, EXCLUSIVE));
		ExReleaseResourceLite(resource);
	}
	KUNIT_EXPECT_TRUE(test, nt_actor_try(other, EXCLUSIVE));
	nt_actor_release(other);
	KeLeaveCriticalRegion();
	nt_resource_end(test, resource);
}

/* Many threads own it shared: the table of owners grows, and each is found in it. */
static void many_threads_own_it_shared(struct kunit *test)
{
	PERESOURCE resource = nt_resource_new(test);
	struct nt_actor *actors[20];
	unsigned int i, round;

	for (i = 0; i < ARRAY_SIZE(actors); i++)
		actors[i] = nt_actor_new(test, resource);
	for (round = 0; round < 2; round++) {
		for (i = 0; i < ARRAY_SIZE(actors); i++)
			KUNIT_EXPECT_TRUE(test, nt_actor_try(actors[i], SHARED));
		KUNIT_EXPECT_EQ(test, ARRAY_SIZE(actors), (size_t)resource->ActiveCount);
		for (i = 0; i < ARRAY_SIZE(actors); i += 2)
			nt_actor_release(actors[i]);
		for (i = 1; i < ARRAY_SIZE(actors); i += 2)
			nt_actor_release(actors[i]);
		KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, ExReinitializeResourceLite(resource));
	}
	nt_resource_end(test, resource);
}

/*
 * After an exclusive owner all shared waiters are granted, before the next exclusive one; after the
 * last of them the exclusive one. The counts are those of threads that wait and have waited.
 */
static void waiters_are_granted_in_turn(struct kunit *test)
{
	PERESOURCE resource = nt_resource_new(test);
	struct nt_actor *owner = nt_actor_new(test, resource);
	struct nt_actor *writer = nt_actor_new(test, resource);
	struct nt_actor *writer2 = nt_actor_new(test, resource);
	struct nt_actor *reader = nt_actor_new(test, resource);
	struct nt_actor *reader2 = nt_actor_new(test, resource);

	KUNIT_ASSERT_TRUE(test, nt_actor_try(owner, EXCLUSIVE));
	KUNIT_ASSERT_TRUE(test, nt_actor_waits(writer, EXCLUSIVE));
	KUNIT_ASSERT_TRUE(test, nt_actor_waits(reader, SHARED));
	KUNIT_ASSERT_TRUE(test, nt_actor_waits(writer2, EXCLUSIVE));
	KUNIT_ASSERT_TRUE(test, nt_actor_waits(reader2, WAITFOR));
	KUNIT_EXPECT_EQ(test, 2, ExGetExclusiveWaiterCount(resource));
	KUNIT_EXPECT_EQ(test, 2, ExGetSharedWaiterCount(resource));
	KUNIT_EXPECT_EQ(test, 4, resource->ContentionCount);

	nt_actor_release(owner);
	KUNIT_EXPECT_TRUE(test, wqc_done(&reader->done) && wqc_done(&reader2->done));
	KUNIT_EXPECT_EQ(test, 2, ExGetExclusiveWaiterCount(resource));
	KUNIT_EXPECT_EQ(test, 0, ExGetSharedWaiterCount(resource));
	KUNIT_EXPECT_FALSE(test, completion_done(&writer->done));
	nt_actor_release(reader);
	KUNIT_EXPECT_FALSE(test, completion_done(&writer->done));
	nt_actor_release(reader2);
	KUNIT_EXPECT_TRUE(test, wqc_done(&writer->done));
	KUNIT_EXPECT_FALSE(test, completion_done(&writer2->done));
	nt_actor_release(writer);
	KUNIT_EXPECT_TRUE(test, wqc_done(&writer2->done));
	nt_actor_release(writer2);
	nt_resource_end(test, resource);
}

/* Conversion keeps the levels, and makes all shared waiters owners, also before exclusive ones. */
static void conversion_lets_shared_waiters_in(struct kunit *test)
{
	u64 wrong = wqc_reports(test, NOT_OWNED);
	PERESOURCE resource = nt_resource_new(test);
	struct nt_actor *writer = nt_actor_new(test, resource);
	struct nt_actor *reader = nt_actor_new(test, resource);
	struct nt_actor *reader2 = nt_actor_new(test, resource);

	KeEnterCriticalRegion();
	EXCLUSIVE(resource, TRUE);
	EXCLUSIVE(resource, TRUE);
	KUNIT_ASSERT_TRUE(test, nt_actor_waits(writer, EXCLUSIVE));
	KUNIT_ASSERT_TRUE(test, nt_actor_waits(reader, SHARED));
	KUNIT_ASSERT_TRUE(test, nt_actor_waits(reader2, SHARED));
	ExConvertExclusiveToSharedLite(resource);
	KUNIT_EXPECT_TRUE(test, wqc_done(&reader->done) && wqc_done(&reader2->done));
	KUNIT_EXPECT_FALSE(test, ExIsResourceAcquiredExclusiveLite(resource));
	KUNIT_EXPECT_EQ(test, 2, ExIsResourceAcquiredSharedLite(resource));
	KUNIT_EXPECT_EQ(test, 3, resource->ActiveCount);
	KUNIT_EXPECT_EQ(test, wrong, wqc_reports(test, NOT_OWNED));
	ExConvertExclusiveToSharedLite(resource);
	KUNIT_EXPECT_EQ(test, wrong + 1, wqc_reports(test, NOT_OWNED));
	nt_actor_release(reader);
	nt_actor_release(reader2);
	ExReleaseResourceLite(resource);
	KUNIT_EXPECT_FALSE(test, completion_done(&writer->done));
	ExReleaseResourceLite(resource);
	KeLeaveCriticalRegion();
	KUNIT_EXPECT_TRUE(test, wqc_done(&writer->done));
	nt_actor_release(writer);
	nt_resource_end(test, resource);
}

/* A hold with an owner pointer is nobody's but the pointer's, and any thread may release it. */
static void owner_pointer_replaces_the_thread(struct kunit *test)
{
	ERESOURCE_THREAD owner = (ERESOURCE_THREAD)test | 3;
	u64 wrong = wqc_reports(test, NOT_OWNED);
	PERESOURCE resource = nt_resource_new(test);
	struct nt_actor *other = nt_actor_new(test, resource);

	KeEnterCriticalRegion();
	EXCLUSIVE(resource, TRUE);
	ExSetResourceOwnerPointer(resource, (PVOID)owner);
	KUNIT_EXPECT_EQ(test, 0, ExIsResourceAcquiredSharedLite(resource));
	KUNIT_EXPECT_FALSE(test, EXCLUSIVE(resource, FALSE));
	KUNIT_EXPECT_FALSE(test, nt_actor_try(other, SHARED));
	ExReleaseResourceLite(resource);
	KUNIT_EXPECT_EQ(test, wrong + 1, wqc_reports(test, NOT_OWNED));
	ExReleaseResourceForThreadLite(resource, owner);

	/* Shared: it stays shared, and two holds of one pointer are two levels. */
	SHARED(resource, TRUE);
	ExSetResourceOwnerPointerEx(resource, (PVOID)owner, FLAG_OWNER_POINTER_IS_THREAD);
	SHARED(resource, TRUE);
	ExSetResourceOwnerPointerEx(resource, (PVOID)owner, 0);
	KUNIT_EXPECT_EQ(test, 1, resource->ActiveCount);
	KUNIT_EXPECT_TRUE(test, nt_actor_try(other, SHARED));
	nt_actor_release(other);
	ExReleaseResourceForThreadLite(resource, owner);
	KUNIT_EXPECT_FALSE(test, nt_actor_try(other, EXCLUSIVE));
	ExReleaseResourceForThreadLite(resource, owner);
	KUNIT_EXPECT_TRUE(test, nt_actor_try(other, EXCLUSIVE));
	nt_actor_release(other);
	KUNIT_EXPECT_EQ(test, wrong + 1, wqc_reports(test, NOT_OWNED));
	ExReleaseResourceForThreadLite(resource, owner);
	ExSetResourceOwnerPointer(resource, (PVOID)owner);
	KUNIT_EXPECT_EQ(test, wrong + 3, wqc_reports(test, NOT_OWNED));
	KeLeaveCriticalRegion();
	nt_resource_end(test, resource);
}

/*
 * A shared owner that waits for exclusive waiters to go first is granted after them, when another
 * thread has released its hold.
 */
static void another_thread_may_release_for_the_owner(struct kunit *test)
{
	PERESOURCE resource = nt_resource_new(test);
	struct nt_actor *reader = nt_actor_new(test, resource);
	struct nt_actor *writer = nt_actor_new(test, resource);

	KUNIT_ASSERT_TRUE(test, nt_actor_try(reader, SHARED));
	KUNIT_ASSERT_TRUE(test, nt_actor_waits(writer, EXCLUSIVE));
	KUNIT_ASSERT_TRUE(test, nt_actor_waits(reader, WAITFOR));
	ExReleaseResourceForThreadLite(resource, reader->id);
	KUNIT_EXPECT_TRUE(test, wqc_done(&writer->done));
	KUNIT_EXPECT_FALSE(test, completion_done(&reader->done));
	nt_actor_release(writer);
	KUNIT_EXPECT_TRUE(test, wqc_done(&reader->done));
	nt_actor_release(reader);
	nt_resource_end(test, resource);
}

/* A shared owner that wants it exclusively waits for itself: reported. */
static void self_deadlock_is_reported(struct kunit *test)
{
	static const char text[] = "shared owner waits for exclusive ownership";
	PERESOURCE resource = nt_resource_new(test);
	struct nt_actor *actor = nt_actor_new(test, resource);
	u64 before = wqc_reports(test, text);

	KUNIT_ASSERT_TRUE(test, nt_actor_try(actor, SHARED));
	KUNIT_EXPECT_FALSE(test, nt_actor_try(actor, EXCLUSIVE));
	KUNIT_EXPECT_EQ(test, before, wqc_reports(test, text));
	KUNIT_ASSERT_TRUE(test, nt_actor_waits(actor, EXCLUSIVE));
	KUNIT_EXPECT_TRUE(test, wqc_eventually(wqc_reports(test, text) == before + 1));
	ExReleaseResourceForThreadLite(resource, actor->id);
	KUNIT_EXPECT_TRUE(test, wqc_done(&actor->done));
	nt_actor_release(actor);
	nt_resource_end(test, resource);
}

/* What is not initialised, deleted, owned or waited for is reported, and left alone. */
static void misuse_of_a_resource_is_reported(struct kunit *test)
{
	u64 twice = wqc_reports(test, "resource initialised twice");
	u64 none = wqc_reports(test, NOT_INITIALISED);
	u64 wrong = wqc_reports(test, NOT_OWNED), held = wqc_reports(test, HELD);
	PERESOURCE resource = nt_resource_new(test);
	PERESOURCE zero = kunit_kzalloc(test, sizeof(*zero), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, zero);
	KeEnterCriticalRegion();
	SHARED(resource, TRUE);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, ExInitializeResourceLite(resource));
	KUNIT_EXPECT_EQ(test, twice + 1, wqc_reports(test, "resource initialised twice"));
	KUNIT_EXPECT_EQ(test, 1, ExIsResourceAcquiredSharedLite(resource));
	KUNIT_EXPECT_EQ(test, STATUS_UNSUCCESSFUL, ExDeleteResourceLite(resource));
	KUNIT_EXPECT_EQ(test, STATUS_UNSUCCESSFUL, ExReinitializeResourceLite(resource));
	KUNIT_EXPECT_EQ(test, held + 2, wqc_reports(test, HELD));
	ExReleaseResourceLite(resource);
	ExReleaseResourceLite(resource);
	ExReleaseResourceForThreadLite(resource, 7);
	KUNIT_EXPECT_EQ(test, wrong + 2, wqc_reports(test, NOT_OWNED));
	nt_resource_end(test, resource);

	KUNIT_EXPECT_FALSE(test, SHARED(zero, TRUE));
	KUNIT_EXPECT_FALSE(test, EXCLUSIVE(resource, TRUE));
	ExReleaseResourceLite(zero);
	KUNIT_EXPECT_EQ(test, 0, ExIsResourceAcquiredSharedLite(zero));
	ExConvertExclusiveToSharedLite(zero);
	ExSetResourceOwnerPointer(zero, (PVOID)3);
	KUNIT_EXPECT_EQ(test, STATUS_UNSUCCESSFUL, ExDeleteResourceLite(resource));
	KUNIT_EXPECT_EQ(test, none + 7, wqc_reports(test, NOT_INITIALISED));
	KeLeaveCriticalRegion();
}

/* A resource in memory that is freed is reported, and the memory may be another one's then. */
static void resource_in_freed_memory_is_reported(struct kunit *test)
{
	static const char text[] = "freed memory contains a resource";
	u64 before = wqc_reports(test, text);
	PDEVICE_OBJECT device = wqc_device_new(test, wqc_test_driver(test), sizeof(ERESOURCE) + 8);
	PERESOURCE pool = ExAllocatePool2(POOL_FLAG_NON_PAGED, 3 * sizeof(*pool), 0x74736554);

	KUNIT_ASSERT_NOT_NULL(test, pool);
	ExInitializeResourceLite(&pool[0]);
	ExInitializeResourceLite(&pool[1]);
	ExInitializeResourceLite(&pool[2]);
	ExDeleteResourceLite(&pool[1]);
	ExFreePoolWithTag(pool, 0x74736554);
	KUNIT_EXPECT_EQ(test, before + 2, wqc_reports(test, text));

	ExInitializeResourceLite(device->DeviceExtension);
	IoDeleteDevice(device);
	wqc_objects_calm(test);
	KUNIT_EXPECT_TRUE(test, wqc_eventually(wqc_reports(test, text) == before + 3));
}

/* With a critical region: entered before, left after, also by the names of the filter manager. */
static void region_and_resource_are_combined(struct kunit *test)
{
	PERESOURCE resource = nt_resource_new(test);
	int i;

	for (i = 0; i < 3; i++) {
		KUNIT_EXPECT_FALSE(test, KeAreApcsDisabled());
		KUNIT_EXPECT_TRUE(test, i == 0 ?
			ExEnterCriticalRegionAndAcquireResourceExclusive(resource) : i == 1 ?
			ExEnterCriticalRegionAndAcquireResourceShared(resource) :
			ExEnterCriticalRegionAndAcquireSharedWaitForExclusive(resource));
		KUNIT_EXPECT_TRUE(test, KeAreApcsDisabled());
		KUNIT_EXPECT_EQ(test, !i, ExIsResourceAcquiredExclusiveLite(resource));
		KUNIT_EXPECT_EQ(test, 1, ExIsResourceAcquiredSharedLite(resource));
		ExReleaseResourceAndLeaveCriticalRegion(resource);
		KUNIT_EXPECT_EQ(test, 0, ExIsResourceAcquiredSharedLite(resource));
	}
	KUNIT_EXPECT_FALSE(test, KeAreApcsDisabled());
	nt_resource_end(test, resource);
}

/* Locks that lockdep counts for this thread. */
static unsigned int nt_held_locks(void)
{
#ifdef CONFIG_LOCKDEP
	return current->lockdep_depth;
#else
	return 0;
#endif
}

/* To lockdep a thread that owns a resource holds a lock, once; an owner pointer holds none. */
static void lockdep_sees_an_owner(struct kunit *test)
{
	unsigned int seen = IS_ENABLED(CONFIG_LOCKDEP), none = nt_held_locks();
	PERESOURCE resource = nt_resource_new(test);

	KeEnterCriticalRegion();
	EXCLUSIVE(resource, TRUE);
	KUNIT_EXPECT_EQ(test, none + seen, nt_held_locks());
	SHARED(resource, TRUE);
	ExConvertExclusiveToSharedLite(resource);
	KUNIT_EXPECT_EQ(test, none + seen, nt_held_locks());
	ExReleaseResourceLite(resource);
	KUNIT_EXPECT_EQ(test, none + seen, nt_held_locks());
	ExReleaseResourceLite(resource);
	KUNIT_EXPECT_EQ(test, none, nt_held_locks());
	STARVE(resource, FALSE);
	KUNIT_EXPECT_EQ(test, none + seen, nt_held_locks());
	ExSetResourceOwnerPointer(resource, (PVOID)3);
	KUNIT_EXPECT_EQ(test, none, nt_held_locks());
	ExReleaseResourceForThreadLite(resource, 3);
	KeLeaveCriticalRegion();
	nt_resource_end(test, resource);
}

/* An acquisition that may wait is reported at a raised IRQL, and made: it has no way to fail. */
static void acquisition_at_dispatch_level_is_reported(struct kunit *test)
{
	static const char text[] = "sleeping call at DISPATCH_LEVEL or above";
	u64 before = wqc_reports(test, text);
	PERESOURCE resource = nt_resource_new(test);
	bool all;
	KIRQL irql;

	KeRaiseIrql(DISPATCH_LEVEL, &irql);
	all = EXCLUSIVE(resource, FALSE);
	ExReleaseResourceLite(resource);
	all = SHARED(resource, TRUE) && all;
	ExReleaseResourceLite(resource);
	all = EXCLUSIVE(resource, TRUE) && all;
	ExReleaseResourceLite(resource);
	KeLowerIrql(irql);
	KUNIT_EXPECT_TRUE(test, all);
	KUNIT_EXPECT_EQ(test, before + 2, wqc_reports(test, text));
	nt_resource_end(test, resource);
}

/* The members that drivers look at have Windows' offsets. */
static void resource_has_its_layout(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, 0x68, (int)sizeof(ERESOURCE));
	KUNIT_EXPECT_EQ(test, 0x18, (int)offsetof(ERESOURCE, ActiveCount));
	KUNIT_EXPECT_EQ(test, 0x1a, (int)offsetof(ERESOURCE, Flag));
	KUNIT_EXPECT_EQ(test, 0x30, (int)offsetof(ERESOURCE, OwnerEntry));
	KUNIT_EXPECT_EQ(test, 0x44, (int)offsetof(ERESOURCE, ContentionCount));
	KUNIT_EXPECT_EQ(test, 0x48, (int)offsetof(ERESOURCE, NumberOfSharedWaiters));
	KUNIT_EXPECT_EQ(test, 0x4c, (int)offsetof(ERESOURCE, NumberOfExclusiveWaiters));
	KUNIT_EXPECT_EQ(test, 0x60, (int)offsetof(ERESOURCE, SpinLock));
}

/* ---- races ----------------------------------------------------------------- */

struct nt_storm {
	ERESOURCE resource;
	atomic_t readers, writers;	/* inside */
	atomic_t wrong;
	atomic64_t entered, rounds;
	u64 plain;			/* only exclusive owners change it */
	atomic64_t exclusive;
};

static void nt_storm_inside(struct nt_storm *storm, bool exclusive)
{
	if (exclusive) {
		if (atomic_inc_return(&storm->writers) != 1 || atomic_read(&storm->readers))
			atomic_inc(&storm->wrong);
		storm->plain++;
		atomic64_inc(&storm->exclusive);
		if (!(storm->plain & 63))
			schedule_timeout_uninterruptible(1);
		atomic_dec(&storm->writers);
	} else {
		atomic_inc(&storm->readers);
		if (atomic_read(&storm->writers))
			atomic_inc(&storm->wrong);
		atomic_dec(&storm->readers);
	}
	atomic64_inc(&storm->entered);
}

static void nt_storm_round(struct nt_storm *storm, u32 dice)
{
	nt_acquire_fn acquire = nt_modes[dice & 3];
	bool exclusive = acquire == EXCLUSIVE;
	PERESOURCE resource = &storm->resource;
	ERESOURCE_THREAD owner = (ERESOURCE_THREAD)&dice | 3;

	atomic64_inc(&storm->rounds);
	if (!acquire(resource, dice & 4 || dice & 8)) {
		atomic64_inc(&storm->entered);
		return;
	}
	nt_storm_inside(storm, exclusive);
	if (dice & 0x10 && SHARED(resource, TRUE))
		ExReleaseResourceLite(resource);
	if (exclusive && dice & 0x20) {
		ExConvertExclusiveToSharedLite(resource);
		nt_storm_inside(storm, false);
		atomic64_dec(&storm->entered);
	}
	if (dice & 0x40) {
		ExSetResourceOwnerPointer(resource, (PVOID)owner);
		ExReleaseResourceForThreadLite(resource, owner);
	} else {
		ExReleaseResourceLite(resource);
	}
}

static void nt_storm_thread(void *arg)
{
	unsigned int i, rounds = wqc_rounds(4000, 300);
	struct nt_storm *storm = arg;

	KeEnterCriticalRegion();
	for (i = 0; i < rounds; i++) {
		nt_storm_round(storm, get_random_u32());
		cond_resched();
	}
	KeLeaveCriticalRegion();
}

/*
 * Threads acquire in all modes, recurse, convert and set owner pointers: an exclusive owner is
 * alone, all get their turn, and at the end nobody owns it or waits.
 */
static void exclusive_owner_is_alone(struct kunit *test)
{
	u64 wrong = wqc_reports(test, NOT_OWNED);
	struct nt_storm *storm = kunit_kzalloc(test, sizeof(*storm), GFP_KERNEL);
	struct wqc_threads *threads;

	KUNIT_ASSERT_NOT_NULL(test, storm);
	ExInitializeResourceLite(&storm->resource);
	threads = wqc_threads_start(test, 8, nt_storm_thread, storm);
	wqc_threads_join(threads);
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&storm->wrong));
	KUNIT_EXPECT_EQ(test, atomic64_read(&storm->rounds), atomic64_read(&storm->entered));
	KUNIT_EXPECT_EQ(test, (u64)atomic64_read(&storm->exclusive), storm->plain);
	KUNIT_EXPECT_EQ(test, wrong, wqc_reports(test, NOT_OWNED));
	KUNIT_EXPECT_GT(test, storm->resource.ContentionCount, 0);
	nt_resource_end(test, &storm->resource);
}

struct nt_handover {
	PERESOURCE resource;
	struct completion done;
};

/* Waits, releases, deletes and frees, while the call that granted it may not have returned. */
static void nt_handover_thread(void *arg)
{
	struct nt_handover *handover = arg;

	KeEnterCriticalRegion();
	EXCLUSIVE(handover->resource, TRUE);
	ExReleaseResourceLite(handover->resource);
	KeLeaveCriticalRegion();
	ExDeleteResourceLite(handover->resource);
	kfree(handover->resource);
	complete(&handover->done);
}

/* The last owner may delete and free a resource as soon as it is granted. */
static void waiter_may_free_what_it_is_granted(struct kunit *test)
{
	unsigned int i, rounds = wqc_rounds(200, 30);
	u64 held = wqc_reports(test, HELD);
	struct nt_handover *handover = kunit_kzalloc(test, sizeof(*handover), GFP_KERNEL);
	bool waits;

	KUNIT_ASSERT_NOT_NULL(test, handover);
	for (i = 0; i < rounds; i++) {
		init_completion(&handover->done);
		handover->resource = kzalloc(sizeof(*handover->resource), GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, handover->resource);
		ExInitializeResourceLite(handover->resource);
		KeEnterCriticalRegion();
		SHARED(handover->resource, TRUE);
		wqc_threads_start(test, 1, nt_handover_thread, handover);
		waits = wqc_eventually(ExGetExclusiveWaiterCount(handover->resource) == 1);
		KUNIT_EXPECT_TRUE(test, waits);
		ExReleaseResourceLite(handover->resource);
		KeLeaveCriticalRegion();
		KUNIT_ASSERT_TRUE(test, wqc_done(&handover->done));
	}
	KUNIT_EXPECT_EQ(test, held, wqc_reports(test, HELD));
}

static struct kunit_case nt_resource_cases[] = {
	KUNIT_CASE(each_mode_is_granted_as_documented),
	KUNIT_CASE(ownership_is_recursive),
	KUNIT_CASE(many_threads_own_it_shared),
	KUNIT_CASE(waiters_are_granted_in_turn),
	KUNIT_CASE(conversion_lets_shared_waiters_in),
	KUNIT_CASE(owner_pointer_replaces_the_thread),
	KUNIT_CASE(another_thread_may_release_for_the_owner),
	KUNIT_CASE(self_deadlock_is_reported),
	KUNIT_CASE(misuse_of_a_resource_is_reported),
	KUNIT_CASE(resource_in_freed_memory_is_reported),
	KUNIT_CASE(region_and_resource_are_combined),
	KUNIT_CASE(lockdep_sees_an_owner),
	KUNIT_CASE(acquisition_at_dispatch_level_is_reported),
	KUNIT_CASE(resource_has_its_layout),
	KUNIT_CASE(exclusive_owner_is_alone),
	KUNIT_CASE(waiter_may_free_what_it_is_granted),
	{}
};

static struct kunit_suite nt_resource_suite = {
	.name = "wqc_nt_resource",
	.test_cases = nt_resource_cases,
};

kunit_test_suite(nt_resource_suite);
