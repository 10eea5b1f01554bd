// SPDX-License-Identifier: GPL-2.0
/* Cancelling IRPs, and cancel-safe queues. */
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/random.h>

#include "nt_irp.h"

/* ---- cancel routines ---------------------------------------------------------- */

static struct {
	int calls;
	PDEVICE_OBJECT device;
	KIRQL irql;
	bool cleared;
} canceled;

static VOID noting_cancel(PDEVICE_OBJECT device, PIRP irp)
{
	canceled.calls++;
	canceled.device = device;
	canceled.irql = KeGetCurrentIrql();
	canceled.cleared = !irp->CancelRoutine;
	IoReleaseCancelSpinLock(irp->CancelIrql);
	nt_complete(irp, STATUS_CANCELLED);
}

static NTSTATUS pend_cancelable(struct nt_level *level, PIRP irp)
{
	nt_pend(level, irp);
	IoSetCancelRoutine(irp, noting_cancel);
	return STATUS_PENDING;
}

/* The cancel routine is called with the cancel lock and the device, once, and completes the IRP. */
static void cancel_calls_the_routine_with_the_lock_held(struct kunit *test)
{
	struct nt_level *level = nt_level_new(test, pend_cancelable);
	struct nt_made *made = nt_make(test, level, IRP_MJ_READ);

	memset(&canceled, 0, sizeof(canceled));
	nt_send(made, level);
	KUNIT_EXPECT_TRUE(test, IoCancelIrp(made->irp));
	KUNIT_EXPECT_EQ(test, 1, canceled.calls);
	KUNIT_EXPECT_PTR_EQ(test, level->device, canceled.device);
	KUNIT_EXPECT_EQ(test, DISPATCH_LEVEL, (int)canceled.irql);
	KUNIT_EXPECT_TRUE(test, canceled.cleared);
	KUNIT_EXPECT_EQ(test, PASSIVE_LEVEL, (int)KeGetCurrentIrql());
	KUNIT_EXPECT_EQ(test, 1, made->calls);
	KUNIT_EXPECT_EQ(test, STATUS_CANCELLED, made->iosb.Status);
	KUNIT_EXPECT_TRUE(test, made->irp->Cancel);
	KUNIT_EXPECT_FALSE(test, IoCancelIrp(made->irp));
	KUNIT_EXPECT_EQ(test, 1, canceled.calls);
}

/* Without a routine only Cancel is set. */
static void cancel_without_a_routine_sets_the_bit(struct kunit *test)
{
	struct nt_level *level = nt_level_new(test, nt_pend);
	struct nt_made *made = nt_make(test, level, IRP_MJ_READ);
	KIRQL irql;

	nt_send(made, level);
	KUNIT_EXPECT_FALSE(test, IoCancelIrp(made->irp));
	KUNIT_EXPECT_TRUE(test, made->irp->Cancel);
	KUNIT_EXPECT_EQ(test, 0, made->calls);
	IoAcquireCancelSpinLock(&irql);		/* it was released */
	KUNIT_EXPECT_EQ(test, DISPATCH_LEVEL, (int)KeGetCurrentIrql());
	IoReleaseCancelSpinLock(irql);
	nt_complete(level->pended, STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, 1, made->calls);
}

/* Who gets the routine back has the IRP. */
static void routine_that_is_taken_back_is_not_called(struct kunit *test)
{
	struct nt_level *level = nt_level_new(test, pend_cancelable);
	struct nt_made *made = nt_make(test, level, IRP_MJ_READ);

	memset(&canceled, 0, sizeof(canceled));
	nt_send(made, level);
	KUNIT_EXPECT_PTR_EQ(test, (PDRIVER_CANCEL)noting_cancel,
			    IoSetCancelRoutine(made->irp, NULL));
	KUNIT_EXPECT_NULL(test, IoSetCancelRoutine(made->irp, NULL));
	KUNIT_EXPECT_FALSE(test, IoCancelIrp(made->irp));
	KUNIT_EXPECT_EQ(test, 0, canceled.calls);
	nt_complete(level->pended, STATUS_SUCCESS);
}

/* ---- races of cancel and completion --------------------------------------------- */

/* The parties of a round meet here. */
struct race {
	struct nt_level *level;
	struct nt_made *made;
	atomic_t at;
	unsigned int rounds;
	unsigned int canceled, completed, lost;	/* by whom */
	IO_CSQ_IRP_CONTEXT context;
};

static void race_meet(struct race *race, int parties, unsigned int round)
{
	atomic_inc(&race->at);
	while (atomic_read(&race->at) < (int)((round + 1) * parties))
		cond_resched();
}

static VOID racing_cancel(PDEVICE_OBJECT device, PIRP irp)
{
	struct nt_level *level = device->DeviceExtension;
	struct race *race = level->data;

	IoReleaseCancelSpinLock(irp->CancelIrql);
	race->canceled++;
	nt_complete(irp, STATUS_CANCELLED);
}

/* The driver: makes the IRP cancelable, looks whether it was cancelled, and completes it later. */
static void race_drive(struct race *race, PIRP irp)
{
	IoSetCancelRoutine(irp, racing_cancel);
	if (irp->Cancel && IoSetCancelRoutine(irp, NULL)) {
		race->completed++;
		nt_complete(irp, STATUS_CANCELLED);
		return;
	}
	ndelay(get_random_u32() % 1024);
	if (IoSetCancelRoutine(irp, NULL)) {
		race->completed++;
		nt_complete(irp, STATUS_SUCCESS);
	}
}

static void race_cancel_party(void *arg, int cpu)
{
	struct race *race = arg;
	unsigned int round;

	if (cpu > 1)
		return;
	for (round = 0; round < race->rounds; round++) {
		if (!cpu) {
			IoReuseIrp(race->made->irp, STATUS_SUCCESS);
			nt_arm(race->made, IRP_MJ_READ);
			nt_send(race->made, race->level);
		}
		race_meet(race, 2, 2 * round);
		if (cpu) {
			ndelay(get_random_u32() % 1024);
			IoCancelIrp(race->made->irp);
		} else {
			race_drive(race, race->level->pended);
		}
		race_meet(race, 2, 2 * round + 1);
		if (!cpu && race->made->calls != round + 1)
			race->lost++;
	}
}

static struct race *race_new(struct kunit *test, nt_dispatch_fn *dispatch)
{
	struct race *race = kunit_kzalloc(test, sizeof(*race), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, race);
	if (num_online_cpus() < 2)
		return NULL;
	race->level = nt_level_new(test, dispatch);
	race->level->data = race;
	race->made = nt_make(test, race->level, IRP_MJ_READ);
	race->rounds = wqc_rounds(500, 50);
	return race;
}

/* Of a cancellation and a completion at the same time exactly one completes the IRP. */
static void cancel_and_completion_race(struct kunit *test)
{
	struct race *race = race_new(test, nt_pend);

	if (!race)
		return;
	wqc_on_all_cpus(test, race_cancel_party, race);
	KUNIT_EXPECT_EQ(test, 0U, race->lost);
	KUNIT_EXPECT_EQ(test, race->rounds, (unsigned int)race->made->calls);
	KUNIT_EXPECT_EQ(test, race->rounds, race->canceled + race->completed);
}

/* ---- cancel-safe queues ---------------------------------------------------------- */

static struct nt_queue {
	IO_CSQ csq;
	KSPIN_LOCK lock;
	LIST_ENTRY irps;
	NTSTATUS insert_status;
	int inserted, removed, canceled;
	bool unlocked;			/* a cancelled IRP was completed without the lock */
	bool locked;			/* the others were called with it */
	bool held;
	PVOID insert_context;
	/* Called once, before the lock is acquired: what another thread does meanwhile. */
	PIRP (*meanwhile)(void);
	PIO_CSQ_IRP_CONTEXT context;
	PIRP got;
} queue;

static VOID queue_lock(PIO_CSQ csq, PKIRQL irql)
	__acquires(&queue.lock)
{
	PIRP (*meanwhile)(void) = queue.meanwhile;

	queue.meanwhile = NULL;
	if (meanwhile)
		queue.got = meanwhile();
	KeAcquireSpinLock(&queue.lock, irql);
	queue.held = true;
}

static VOID queue_unlock(PIO_CSQ csq, KIRQL irql)
	__releases(&queue.lock)
{
	queue.held = false;
	KeReleaseSpinLock(&queue.lock, irql);
}

static VOID queue_insert(PIO_CSQ csq, PIRP irp)
{
	queue.locked &= queue.held;
	queue.inserted++;
	InsertTailList(&queue.irps, &irp->Tail.Overlay.ListEntry);
}

static NTSTATUS queue_insert_ex(PIO_CSQ csq, PIRP irp, PVOID context)
{
	queue.insert_context = context;
	if (NT_SUCCESS(queue.insert_status))
		queue_insert(csq, irp);
	return queue.insert_status;
}

static VOID queue_remove(PIO_CSQ csq, PIRP irp)
{
	queue.locked &= queue.held;
	queue.removed++;
	RemoveEntryList(&irp->Tail.Overlay.ListEntry);
}

/* The peek context is a UserBuffer; NULL: any. */
static PIRP queue_peek(PIO_CSQ csq, PIRP irp, PVOID context)
{
	PLIST_ENTRY at = irp ? irp->Tail.Overlay.ListEntry.Flink : queue.irps.Flink;

	for (; at != &queue.irps; at = at->Flink) {
		irp = CONTAINING_RECORD(at, IRP, Tail.Overlay.ListEntry);
		if (!context || irp->UserBuffer == context)
			return irp;
	}
	return NULL;
}

static VOID queue_complete(PIO_CSQ csq, PIRP irp)
{
	queue.unlocked &= !queue.held;
	queue.canceled++;
	nt_complete(irp, STATUS_CANCELLED);
}

static NTSTATUS queue_pend(struct nt_level *level, PIRP irp)
{
	NTSTATUS status = IoCsqInsertIrpEx(&queue.csq, irp, level->data, &queue);

	if (NT_SUCCESS(status))
		return STATUS_PENDING;
	return nt_complete(irp, status);
}

static struct nt_level *queue_new(struct kunit *test, bool ex)
{
	memset(&queue, 0, sizeof(queue));
	queue.unlocked = true;
	queue.locked = true;
	KeInitializeSpinLock(&queue.lock);
	InitializeListHead(&queue.irps);
	if (ex)
		KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
				IoCsqInitializeEx(&queue.csq, queue_insert_ex, queue_remove,
						  queue_peek, queue_lock, queue_unlock,
						  queue_complete));
	else
		KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
				IoCsqInitialize(&queue.csq, queue_insert, queue_remove, queue_peek,
						queue_lock, queue_unlock, queue_complete));
	return nt_level_new(test, queue_pend);
}

/* IRPs are removed in the order, and by the context, of the driver's peek routine. */
static void queued_irps_are_removed_in_order(struct kunit *test)
{
	struct nt_level *level = queue_new(test, false);
	struct nt_made *made[3];
	PIRP irp;
	int i;

	for (i = 0; i < ARRAY_SIZE(made); i++) {
		made[i] = nt_make(test, level, IRP_MJ_READ);
		made[i]->irp->UserBuffer = (PVOID)(i + 1L);
		KUNIT_EXPECT_EQ(test, STATUS_PENDING, nt_send(made[i], level));
		KUNIT_EXPECT_NOT_NULL(test, made[i]->irp->CancelRoutine);
	}
	irp = IoCsqRemoveNextIrp(&queue.csq, (PVOID)2L);
	KUNIT_EXPECT_PTR_EQ(test, made[1]->irp, irp);
	KUNIT_EXPECT_NULL(test, irp->CancelRoutine);
	nt_complete(irp, STATUS_SUCCESS);
	KUNIT_EXPECT_TRUE(test, made[1]->pending);
	for (i = 0; i < ARRAY_SIZE(made); i += 2) {
		irp = IoCsqRemoveNextIrp(&queue.csq, NULL);
		KUNIT_EXPECT_PTR_EQ(test, made[i]->irp, irp);
		nt_complete(irp, STATUS_SUCCESS);
	}
	KUNIT_EXPECT_NULL(test, IoCsqRemoveNextIrp(&queue.csq, NULL));
	KUNIT_EXPECT_EQ(test, 3, queue.removed);
	KUNIT_EXPECT_TRUE(test, queue.locked);
}

/* A cancelled IRP is removed, and then completed without the lock. */
static void cancelled_irp_leaves_the_queue(struct kunit *test)
{
	struct nt_level *level = queue_new(test, false);
	struct nt_made *made = nt_make(test, level, IRP_MJ_READ);

	nt_send(made, level);
	KUNIT_EXPECT_TRUE(test, IoCancelIrp(made->irp));
	KUNIT_EXPECT_EQ(test, 1, queue.removed);
	KUNIT_EXPECT_EQ(test, 1, queue.canceled);
	KUNIT_EXPECT_TRUE(test, queue.locked && queue.unlocked);
	KUNIT_EXPECT_EQ(test, STATUS_CANCELLED, made->iosb.Status);
	KUNIT_EXPECT_TRUE(test, made->pending);
	KUNIT_EXPECT_NULL(test, IoCsqRemoveNextIrp(&queue.csq, NULL));
}

static NTSTATUS cancel_and_queue(struct nt_level *level, PIRP irp)
{
	IoCancelIrp(irp);
	return queue_pend(level, irp);
}

/* An IRP that is cancelled before it is queued is not inserted, and completed as cancelled. */
static void irp_cancelled_before_is_not_inserted(struct kunit *test)
{
	struct nt_level *level = queue_new(test, false);
	struct nt_made *made = nt_make(test, level, IRP_MJ_READ);

	level->dispatch = cancel_and_queue;
	KUNIT_EXPECT_EQ(test, STATUS_PENDING, nt_send(made, level));
	KUNIT_EXPECT_EQ(test, 0, queue.inserted);
	KUNIT_EXPECT_EQ(test, 1, queue.canceled);
	KUNIT_EXPECT_TRUE(test, queue.unlocked);
	KUNIT_EXPECT_EQ(test, STATUS_CANCELLED, made->iosb.Status);
	KUNIT_EXPECT_TRUE(test, made->pending);
}

/* An IRP that the insert routine refuses stays with its driver, not marked pending. */
static void refused_irp_stays_with_its_driver(struct kunit *test)
{
	struct nt_level *level = queue_new(test, true);
	struct nt_made *made = nt_make(test, level, IRP_MJ_READ);

	queue.insert_status = STATUS_DEVICE_BUSY;
	queue.insert_status |= 0xc0000000;	/* an error, not a warning */
	KUNIT_EXPECT_EQ(test, queue.insert_status, nt_send(made, level));
	KUNIT_EXPECT_PTR_EQ(test, (PVOID)&queue, queue.insert_context);
	KUNIT_EXPECT_EQ(test, 0, queue.inserted);
	KUNIT_EXPECT_FALSE(test, made->pending);
	queue.insert_status = STATUS_SUCCESS;
	nt_arm(made, IRP_MJ_READ);
	KUNIT_EXPECT_EQ(test, STATUS_PENDING, nt_send(made, level));
	nt_complete(IoCsqRemoveNextIrp(&queue.csq, NULL), STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, 2, made->calls);
}

static PIRP remove_by_context(void)
{
	return IoCsqRemoveIrp(&queue.csq, queue.context);
}

static PIRP remove_next(void)
{
	return IoCsqRemoveNextIrp(&queue.csq, NULL);
}

/* A removal gets nothing while the cancel routine waits for the queue's lock. */
static void removal_leaves_an_irp_that_is_being_cancelled(struct kunit *test)
{
	PIRP (*removals[])(void) = { remove_by_context, remove_next };
	struct nt_level *level = queue_new(test, false);
	struct nt_made *made = nt_make(test, level, IRP_MJ_READ);
	IO_CSQ_IRP_CONTEXT context;
	int i;

	for (i = 0; i < 2; i++) {
		level->data = &context;
		queue.context = &context;
		nt_arm(made, IRP_MJ_READ);
		nt_send(made, level);
		queue.meanwhile = removals[i];
		queue.got = made->irp;
		KUNIT_EXPECT_TRUE(test, IoCancelIrp(made->irp));
		KUNIT_EXPECT_NULL(test, queue.got);
		KUNIT_EXPECT_EQ(test, i + 1, queue.removed);
		KUNIT_EXPECT_EQ(test, i + 1, queue.canceled);
		KUNIT_EXPECT_EQ(test, i + 1, made->calls);
		IoReuseIrp(made->irp, STATUS_SUCCESS);
	}
	nt_arm(made, IRP_MJ_READ);
}

/* A context removes its IRP, once; and none that was cancelled. */
static void context_removes_its_irp(struct kunit *test)
{
	struct nt_level *level = queue_new(test, false);
	struct nt_made *made = nt_make(test, level, IRP_MJ_READ);
	IO_CSQ_IRP_CONTEXT context;

	level->data = &context;
	nt_send(made, level);
	KUNIT_EXPECT_PTR_EQ(test, made->irp, IoCsqRemoveIrp(&queue.csq, &context));
	KUNIT_EXPECT_NULL(test, IoCsqRemoveIrp(&queue.csq, &context));
	nt_complete(made->irp, STATUS_SUCCESS);
	nt_arm(made, IRP_MJ_READ);
	nt_send(made, level);
	nt_complete(IoCsqRemoveNextIrp(&queue.csq, NULL), STATUS_SUCCESS);
	KUNIT_EXPECT_NULL(test, IoCsqRemoveIrp(&queue.csq, &context));
	nt_arm(made, IRP_MJ_READ);
	nt_send(made, level);
	IoCancelIrp(made->irp);
	KUNIT_EXPECT_NULL(test, IoCsqRemoveIrp(&queue.csq, &context));
	KUNIT_EXPECT_EQ(test, 3, made->calls);
}

static PIRP race_take(struct race *race, unsigned int round)
{
	PIRP irp;

	if (round % 2)
		return IoCsqRemoveNextIrp(&queue.csq, NULL);
	irp = IoCsqRemoveIrp(&queue.csq, &race->context);
	/* The context may be freed now. */
	memset(&race->context, 0xff, sizeof(race->context));
	return irp;
}

/* Each round queues one IRP, cancels it on one CPU and removes it on the other. */
static void race_csq_party(void *arg, int cpu)
{
	struct race *race = arg;
	unsigned int round;
	PIRP irp;

	if (cpu > 1)
		return;
	for (round = 0; round < race->rounds; round++) {
		if (!cpu) {
			IoReuseIrp(race->made->irp, STATUS_SUCCESS);
			nt_arm(race->made, IRP_MJ_READ);
		}
		race_meet(race, 2, 2 * round);
		if (cpu) {
			ndelay(get_random_u32() % 4096);
			IoCancelIrp(race->made->irp);
		} else {
			nt_send(race->made, race->level);
			irp = race_take(race, round);
			if (irp) {
				race->completed++;
				nt_complete(irp, STATUS_SUCCESS);
			}
		}
		race_meet(race, 2, 2 * round + 1);
		if (!cpu && race->made->calls != round + 1)
			race->lost++;
	}
}

/* Of a cancellation and a removal at the same time exactly one gets the IRP. */
static void cancel_and_removal_race(struct kunit *test)
{
	struct race *race;

	queue_new(test, false);
	race = race_new(test, queue_pend);
	if (!race)
		return;
	race->level->data = &race->context;
	wqc_on_all_cpus(test, race_csq_party, race);
	KUNIT_EXPECT_EQ(test, 0U, race->lost);
	KUNIT_EXPECT_EQ(test, race->rounds, (unsigned int)race->made->calls);
	KUNIT_EXPECT_EQ(test, race->rounds, race->completed + queue.canceled);
	KUNIT_EXPECT_EQ(test, queue.inserted, queue.removed);
	KUNIT_EXPECT_TRUE(test, IsListEmpty(&queue.irps));
}

static struct kunit_case nt_cancel_cases[] = {
	KUNIT_CASE(cancel_calls_the_routine_with_the_lock_held),
	KUNIT_CASE(cancel_without_a_routine_sets_the_bit),
	KUNIT_CASE(routine_that_is_taken_back_is_not_called),
	KUNIT_CASE(cancel_and_completion_race),
	KUNIT_CASE(queued_irps_are_removed_in_order),
	KUNIT_CASE(cancelled_irp_leaves_the_queue),
	KUNIT_CASE(irp_cancelled_before_is_not_inserted),
	KUNIT_CASE(refused_irp_stays_with_its_driver),
	KUNIT_CASE(removal_leaves_an_irp_that_is_being_cancelled),
	KUNIT_CASE(context_removes_its_irp),
	KUNIT_CASE(cancel_and_removal_race),
	{}
};

static struct kunit_suite nt_cancel_suite = {
	.name = "wqc_nt_cancel",
	.test_cases = nt_cancel_cases,
};

kunit_test_suite(nt_cancel_suite);
