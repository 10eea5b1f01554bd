// SPDX-License-Identifier: GPL-2.0
/* Device queues, and StartIo of a driver. */
#include "nt_irp.h"

#define NO_START_IO	"IRP for a driver without StartIo"
#define BAD_QUEUE	"device queue that was not initialised"
#define BAD_DEVICE	"not an object, or deleted before"

/* ---- device queues ------------------------------------------------------------ */

/* The first caller finds the device idle and serves; so does the first after the last removal. */
static void device_is_busy_until_its_queue_is_empty(struct kunit *test)
{
	KDEVICE_QUEUE_ENTRY a, b, c;
	KDEVICE_QUEUE queue;

	memset(&queue, 0xff, sizeof(queue));
	KeInitializeDeviceQueue(&queue);
	KUNIT_EXPECT_FALSE(test, queue.Busy);
	KUNIT_EXPECT_NULL(test, KeRemoveByKeyDeviceQueueIfBusy(&queue, 0));
	KUNIT_EXPECT_FALSE(test, KeInsertDeviceQueue(&queue, &a));
	KUNIT_EXPECT_FALSE(test, a.Inserted);
	KUNIT_EXPECT_TRUE(test, queue.Busy);
	KUNIT_EXPECT_TRUE(test, KeInsertDeviceQueue(&queue, &b));
	KUNIT_EXPECT_TRUE(test, KeInsertDeviceQueue(&queue, &c));
	KUNIT_EXPECT_TRUE(test, b.Inserted && c.Inserted);
	KUNIT_EXPECT_PTR_EQ(test, &b, KeRemoveDeviceQueue(&queue));
	KUNIT_EXPECT_FALSE(test, b.Inserted);
	KUNIT_EXPECT_PTR_EQ(test, &c, KeRemoveDeviceQueue(&queue));
	KUNIT_EXPECT_TRUE(test, queue.Busy);
	KUNIT_EXPECT_NULL(test, KeRemoveDeviceQueue(&queue));
	KUNIT_EXPECT_FALSE(test, queue.Busy);
	KUNIT_EXPECT_FALSE(test, KeInsertByKeyDeviceQueue(&queue, &a, 7));
	KUNIT_EXPECT_EQ(test, PASSIVE_LEVEL, (int)KeGetCurrentIrql());
}

/* Equal keys are served in their order; a removal by a key larger than all takes the first. */
static void entries_are_sorted_by_key(struct kunit *test)
{
	static const ULONG keys[] = { 30, 10, 20, 10, 0xffffffff };
	KDEVICE_QUEUE_ENTRY entries[ARRAY_SIZE(keys)], first;
	KDEVICE_QUEUE queue;
	int i;

	KeInitializeDeviceQueue(&queue);
	KeInsertByKeyDeviceQueue(&queue, &first, 0);
	for (i = 0; i < ARRAY_SIZE(keys); i++)
		KUNIT_EXPECT_TRUE(test, KeInsertByKeyDeviceQueue(&queue, &entries[i], keys[i]));
	KUNIT_EXPECT_PTR_EQ(test, &entries[2], KeRemoveByKeyDeviceQueue(&queue, 11));
	KUNIT_EXPECT_PTR_EQ(test, &entries[0], KeRemoveByKeyDeviceQueue(&queue, 30));
	KUNIT_EXPECT_PTR_EQ(test, &entries[4], KeRemoveByKeyDeviceQueueIfBusy(&queue, 31));
	KUNIT_EXPECT_PTR_EQ(test, &entries[1], KeRemoveByKeyDeviceQueue(&queue, 31));
	KUNIT_EXPECT_PTR_EQ(test, &entries[3], KeRemoveDeviceQueue(&queue));
	KUNIT_EXPECT_NULL(test, KeRemoveByKeyDeviceQueue(&queue, 0));
	KUNIT_EXPECT_FALSE(test, queue.Busy);
}

static void entry_is_removed_once(struct kunit *test)
{
	KDEVICE_QUEUE_ENTRY a, b, c;
	KDEVICE_QUEUE queue;

	KeInitializeDeviceQueue(&queue);
	KeInsertDeviceQueue(&queue, &a);
	KeInsertDeviceQueue(&queue, &b);
	KeInsertDeviceQueue(&queue, &c);
	KUNIT_EXPECT_FALSE(test, KeRemoveEntryDeviceQueue(&queue, &a));
	KUNIT_EXPECT_TRUE(test, KeRemoveEntryDeviceQueue(&queue, &b));
	KUNIT_EXPECT_FALSE(test, KeRemoveEntryDeviceQueue(&queue, &b));
	KUNIT_EXPECT_PTR_EQ(test, &c, KeRemoveDeviceQueue(&queue));
	KUNIT_EXPECT_FALSE(test, KeRemoveEntryDeviceQueue(&queue, &c));
	KUNIT_EXPECT_TRUE(test, queue.Busy);
}

static void queue_that_is_none_is_reported(struct kunit *test)
{
	u64 reports = wqc_reports(test, BAD_QUEUE);
	KDEVICE_QUEUE_ENTRY entry = {};
	KDEVICE_QUEUE queue = {};

	KUNIT_EXPECT_FALSE(test, KeInsertDeviceQueue(&queue, &entry));
	KUNIT_EXPECT_FALSE(test, KeInsertByKeyDeviceQueue(&queue, &entry, 1));
	KUNIT_EXPECT_NULL(test, KeRemoveDeviceQueue(&queue));
	KUNIT_EXPECT_FALSE(test, KeRemoveEntryDeviceQueue(&queue, &entry));
	KUNIT_EXPECT_FALSE(test, queue.Busy);
	KUNIT_EXPECT_EQ(test, reports + 4, wqc_reports(test, BAD_QUEUE));
}

/* ---- a driver with StartIo ------------------------------------------------------ */

#define START_MAX	8

/* What StartIo and the cancel routine have seen, and what they do. */
static struct {
	PIRP irps[START_MAX];		/* in the order in which they were started */
	int count, depth, deepest;
	bool always_current;		/* each was the device's CurrentIrp */
	KIRQL irql;
	PDRIVER_CANCEL routine;		/* of the last */
	bool chain;			/* StartIo completes its IRP and starts the next one */
	bool started;			/* it was called */
	bool hold;			/* the first call returns when @release is set */
	bool release;
	PDRIVER_CANCEL cancel;		/* of the IRPs that are queued */
	PULONG key;
	int cancels, removed;
	PDEVICE_OBJECT canceled_device;
} seen;

static void set_flag(bool *flag)
{
	smp_store_release(flag, true);		/* pairs with is_set() */
}

static bool is_set(bool *flag)
{
	return smp_load_acquire(flag);		/* pairs with set_flag() */
}

static void meet(bool *flag)
{
	while (!is_set(flag))
		cond_resched();
}

/* Starts the next IRP, as a DPC or a work item does when the device is done with one. */
static void start_next(PDEVICE_OBJECT device)
{
	KIRQL irql;

	KeRaiseIrql(DISPATCH_LEVEL, &irql);
	IoStartNextPacket(device, !!seen.cancel);
	KeLowerIrql(irql);
}

static void complete_current(PDEVICE_OBJECT device)
{
	PIRP irp = device->CurrentIrp;

	if (!irp)
		return;
	IoSetCancelRoutine(irp, NULL);
	nt_complete(irp, STATUS_SUCCESS);
}

static VOID start_io(PDEVICE_OBJECT device, PIRP irp)
{
	int n = seen.count;

	seen.irql = KeGetCurrentIrql();
	seen.always_current &= device->CurrentIrp == irp;
	seen.routine = irp->CancelRoutine;
	if (n < START_MAX)
		seen.irps[n] = irp;
	WRITE_ONCE(seen.count, n + 1);
	set_flag(&seen.started);
	seen.depth++;
	seen.deepest = max(seen.deepest, seen.depth);
	if (seen.chain) {
		complete_current(device);
		IoStartNextPacket(device, !!seen.cancel);
	}
	while (seen.hold && !n && !is_set(&seen.release))
		cpu_relax();
	seen.depth--;
}

/* As Microsoft's documents have it. */
static VOID start_cancel(PDEVICE_OBJECT device, PIRP irp)
{
	seen.cancels++;
	seen.canceled_device = device;
	if (device->CurrentIrp == irp) {
		IoReleaseCancelSpinLock(irp->CancelIrql);
		start_next(device);
	} else {
		seen.removed += KeRemoveEntryDeviceQueue(&device->DeviceQueue,
							 &irp->Tail.Overlay.DeviceQueueEntry);
		IoReleaseCancelSpinLock(irp->CancelIrql);
	}
	nt_complete(irp, STATUS_CANCELLED);
}

static NTSTATUS start_dispatch(struct nt_level *level, PIRP irp)
{
	IoMarkIrpPending(irp);
	IoStartPacket(level->device, irp, seen.key, seen.cancel);
	return STATUS_PENDING;
}

static struct nt_level *start_level(struct kunit *test, PDRIVER_CANCEL cancel)
{
	struct nt_level *level = nt_level_new(test, start_dispatch);

	memset(&seen, 0, sizeof(seen));
	seen.always_current = true;
	seen.cancel = cancel;
	level->device->DriverObject->DriverStartIo = start_io;
	return level;
}

static struct nt_made *start_send(struct kunit *test, struct nt_level *level)
{
	struct nt_made *made = nt_make(test, level, IRP_MJ_READ);

	KUNIT_EXPECT_EQ(test, STATUS_PENDING, nt_send(made, level));
	return made;
}

static void finish(struct nt_level *level)
{
	complete_current(level->device);
	start_next(level->device);
}

static void expect_idle(struct kunit *test, struct nt_level *level)
{
	KUNIT_EXPECT_NULL(test, level->device->CurrentIrp);
	KUNIT_EXPECT_FALSE(test, level->device->DeviceQueue.Busy);
	KUNIT_EXPECT_TRUE(test, IsListEmpty(&level->device->DeviceQueue.DeviceListHead));
	KUNIT_EXPECT_EQ(test, PASSIVE_LEVEL, (int)KeGetCurrentIrql());
}

/* StartIo gets the next IRP when the driver is done with the one before, at DISPATCH_LEVEL. */
static void irps_are_started_one_at_a_time(struct kunit *test)
{
	struct nt_level *level = start_level(test, NULL);
	struct nt_made *a, *b, *c;

	expect_idle(test, level);
	a = start_send(test, level);
	KUNIT_EXPECT_EQ(test, 1, seen.count);
	KUNIT_EXPECT_EQ(test, DISPATCH_LEVEL, (int)seen.irql);
	KUNIT_EXPECT_EQ(test, PASSIVE_LEVEL, (int)KeGetCurrentIrql());
	b = start_send(test, level);
	c = start_send(test, level);
	KUNIT_EXPECT_EQ(test, 1, seen.count);
	finish(level);
	KUNIT_EXPECT_EQ(test, 2, seen.count);
	KUNIT_EXPECT_EQ(test, DISPATCH_LEVEL, (int)seen.irql);
	finish(level);
	finish(level);
	expect_idle(test, level);
	IoReuseIrp(a->irp, STATUS_SUCCESS);
	nt_arm(a, IRP_MJ_READ);
	nt_send(a, level);
	KUNIT_ASSERT_EQ(test, 4, seen.count);
	KUNIT_EXPECT_PTR_EQ(test, a->irp, seen.irps[0]);
	KUNIT_EXPECT_PTR_EQ(test, b->irp, seen.irps[1]);
	KUNIT_EXPECT_PTR_EQ(test, c->irp, seen.irps[2]);
	KUNIT_EXPECT_PTR_EQ(test, a->irp, seen.irps[3]);
	KUNIT_EXPECT_TRUE(test, seen.always_current);
	finish(level);
	KUNIT_EXPECT_EQ(test, 2, a->calls);
	KUNIT_EXPECT_EQ(test, 1, b->calls);
	KUNIT_EXPECT_TRUE(test, c->pending);
	expect_idle(test, level);
}

static void irps_are_started_by_key(struct kunit *test)
{
	static const ULONG keys[] = { 99, 30, 10, 20 };
	struct nt_made *made[ARRAY_SIZE(keys)];
	struct nt_level *level = start_level(test, NULL);
	ULONG key;
	KIRQL irql;
	int i;

	seen.key = &key;
	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		key = keys[i];
		made[i] = start_send(test, level);
	}
	complete_current(level->device);
	KeRaiseIrql(DISPATCH_LEVEL, &irql);
	IoStartNextPacketByKey(level->device, FALSE, 15);
	KeLowerIrql(irql);
	finish(level);
	finish(level);
	KUNIT_ASSERT_EQ(test, 4, seen.count);
	KUNIT_EXPECT_PTR_EQ(test, made[0]->irp, seen.irps[0]);
	KUNIT_EXPECT_PTR_EQ(test, made[3]->irp, seen.irps[1]);
	KUNIT_EXPECT_PTR_EQ(test, made[2]->irp, seen.irps[2]);
	KUNIT_EXPECT_PTR_EQ(test, made[1]->irp, seen.irps[3]);
	finish(level);
	expect_idle(test, level);
}

/* ---- cancel ------------------------------------------------------------------------ */

/* One that waits leaves the queue, the current one makes room for the next. */
static void irps_are_cancelled_wherever_they_are(struct kunit *test)
{
	struct nt_level *level = start_level(test, start_cancel);
	struct nt_made *a = start_send(test, level);
	struct nt_made *b = start_send(test, level);
	struct nt_made *c = start_send(test, level);

	KUNIT_EXPECT_PTR_EQ(test, (PDRIVER_CANCEL)start_cancel, seen.routine);
	KUNIT_EXPECT_TRUE(test, IoCancelIrp(b->irp));
	KUNIT_EXPECT_EQ(test, 1, seen.removed);
	KUNIT_EXPECT_EQ(test, STATUS_CANCELLED, b->iosb.Status);
	KUNIT_EXPECT_TRUE(test, IoCancelIrp(a->irp));
	KUNIT_EXPECT_EQ(test, 1, seen.removed);
	KUNIT_EXPECT_EQ(test, STATUS_CANCELLED, a->iosb.Status);
	KUNIT_ASSERT_EQ(test, 2, seen.count);
	KUNIT_EXPECT_PTR_EQ(test, c->irp, seen.irps[1]);
	KUNIT_EXPECT_PTR_EQ(test, (PDRIVER_CANCEL)start_cancel, seen.routine);
	KUNIT_EXPECT_TRUE(test, IoCancelIrp(c->irp));
	KUNIT_EXPECT_EQ(test, 3, seen.cancels);
	KUNIT_EXPECT_EQ(test, 3, a->calls + b->calls + c->calls);
	expect_idle(test, level);
}

/* No other call would complete it: it is queued, and IoCancelIrp() has found no routine. */
static void irp_cancelled_before_is_not_left_in_the_queue(struct kunit *test)
{
	struct nt_level *level = start_level(test, start_cancel);
	struct nt_made *a = start_send(test, level);
	struct nt_made *b = nt_make(test, level, IRP_MJ_READ);
	struct nt_made *c = nt_make(test, level, IRP_MJ_READ);

	KUNIT_EXPECT_FALSE(test, IoCancelIrp(b->irp));
	KUNIT_EXPECT_EQ(test, STATUS_PENDING, nt_send(b, level));
	KUNIT_EXPECT_EQ(test, 1, b->calls);
	KUNIT_EXPECT_EQ(test, STATUS_CANCELLED, b->iosb.Status);
	KUNIT_EXPECT_EQ(test, 1, seen.removed);
	KUNIT_EXPECT_PTR_EQ(test, level->device, seen.canceled_device);
	KUNIT_EXPECT_EQ(test, PASSIVE_LEVEL, (int)KeGetCurrentIrql());
	finish(level);
	KUNIT_EXPECT_EQ(test, 1, a->calls);
	expect_idle(test, level);
	/* With an idle device it is StartIo that looks at Cancel. */
	IoCancelIrp(c->irp);
	nt_send(c, level);
	KUNIT_EXPECT_EQ(test, 2, seen.count);
	KUNIT_EXPECT_EQ(test, 1, seen.cancels);
	KUNIT_EXPECT_TRUE(test, c->irp->Cancel);
	finish(level);
	expect_idle(test, level);
}

static void started_irp_has_no_cancel_routine_if_so_set(struct kunit *test)
{
	struct nt_level *level = start_level(test, start_cancel);
	struct nt_made *b;

	IoSetStartIoAttributes(level->device, FALSE, TRUE);
	start_send(test, level);
	KUNIT_EXPECT_NULL(test, seen.routine);
	b = start_send(test, level);
	KUNIT_EXPECT_PTR_EQ(test, (PDRIVER_CANCEL)start_cancel, b->irp->CancelRoutine);
	seen.routine = start_cancel;
	finish(level);
	KUNIT_EXPECT_EQ(test, 2, seen.count);
	KUNIT_EXPECT_NULL(test, seen.routine);
	KUNIT_EXPECT_FALSE(test, IoCancelIrp(b->irp));
	finish(level);
	expect_idle(test, level);
}

/* Two CPUs: the first of them gets something that the second waits for. */
struct start_race {
	struct nt_level *level;
	struct nt_made *made[2];
	bool held, early;
	int count;
	PIRP irp;			/* CurrentIrp, as it shall be or was seen */
};

static struct start_race *start_race_new(struct kunit *test, PDRIVER_CANCEL cancel)
{
	struct start_race *race = kunit_kzalloc(test, sizeof(*race), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, race);
	if (num_online_cpus() < 2)
		return NULL;
	race->level = start_level(test, cancel);
	race->made[0] = nt_make(test, race->level, IRP_MJ_READ);
	race->made[1] = nt_make(test, race->level, IRP_MJ_READ);
	return race;
}

static void start_under_the_lock(void *arg, int cpu)
{
	struct start_race *race = arg;
	KIRQL irql;

	if (cpu == 0) {
		IoAcquireCancelSpinLock(&irql);
		set_flag(&race->held);
		wqc_spin_ms(WQC_GRACE_MS);
		/* What a cancel routine looks at. */
		race->early = READ_ONCE(race->level->device->CurrentIrp) != race->irp;
		IoReleaseCancelSpinLock(irql);
	} else if (cpu == 1) {
		meet(&race->held);
		if (race->irp)
			start_next(race->level->device);
		else
			nt_send(race->made[0], race->level);
	}
}

/* While a cancel routine looks for its IRP, it does not come from or go to CurrentIrp. */
static void cancel_lock_excludes_starting(struct kunit *test)
{
	struct start_race *race = start_race_new(test, start_cancel);

	if (!race)
		return;
	wqc_on_all_cpus(test, start_under_the_lock, race);
	KUNIT_EXPECT_FALSE(test, race->early);
	KUNIT_EXPECT_EQ(test, 1, seen.count);
	nt_send(race->made[1], race->level);
	race->irp = race->level->device->CurrentIrp;
	race->held = false;
	complete_current(race->level->device);
	wqc_on_all_cpus(test, start_under_the_lock, race);
	KUNIT_EXPECT_FALSE(test, race->early);
	KUNIT_EXPECT_EQ(test, 2, seen.count);
	finish(race->level);
	expect_idle(test, race->level);
}

/* ---- deferred StartIo ------------------------------------------------------------------ */

/* Sends three IRPs behind one, and has StartIo start each of them from the one before. */
static void start_chain(struct kunit *test, bool deferred, int deepest)
{
	struct nt_level *level = start_level(test, NULL);
	struct nt_made *made[4];
	int i;

	IoSetStartIoAttributes(level->device, deferred, FALSE);
	for (i = 0; i < ARRAY_SIZE(made); i++)
		made[i] = start_send(test, level);
	seen.chain = true;
	finish(level);
	KUNIT_ASSERT_EQ(test, 4, seen.count);
	KUNIT_EXPECT_EQ(test, deepest, seen.deepest);
	for (i = 0; i < ARRAY_SIZE(made); i++) {
		KUNIT_EXPECT_PTR_EQ(test, made[i]->irp, seen.irps[i]);
		KUNIT_EXPECT_EQ(test, 1, made[i]->calls);
	}
	KUNIT_EXPECT_TRUE(test, seen.always_current);
	expect_idle(test, level);
	/* The first IRP of an idle device, too. */
	start_send(test, level);
	KUNIT_EXPECT_EQ(test, 5, seen.count);
	expect_idle(test, level);
}

static void start_io_is_entered_again(struct kunit *test)
{
	start_chain(test, false, 3);
}

static void deferred_start_io_is_not_entered_again(struct kunit *test)
{
	start_chain(test, true, 1);
}

static void start_while_it_runs(void *arg, int cpu)
{
	struct start_race *race = arg;

	if (cpu == 0) {
		nt_send(race->made[0], race->level);
	} else if (cpu == 1) {
		meet(&seen.started);
		nt_send(race->made[1], race->level);
		complete_current(race->level->device);
		start_next(race->level->device);
		race->count = READ_ONCE(seen.count);
		race->irp = READ_ONCE(race->level->device->CurrentIrp);
		set_flag(&seen.release);
	}
}

/* An interrupt is faster than StartIo: the CPU that calls it starts the next IRP, afterwards. */
static void deferred_start_io_runs_on_one_cpu(struct kunit *test)
{
	struct start_race *race = start_race_new(test, start_cancel);

	if (!race)
		return;
	IoSetStartIoAttributes(race->level->device, TRUE, FALSE);
	seen.hold = true;
	wqc_on_all_cpus(test, start_while_it_runs, race);
	KUNIT_EXPECT_EQ(test, 1, race->count);
	KUNIT_EXPECT_NULL(test, race->irp);
	KUNIT_EXPECT_EQ(test, 1, seen.deepest);
	KUNIT_ASSERT_EQ(test, 2, seen.count);
	KUNIT_EXPECT_PTR_EQ(test, race->made[1]->irp, seen.irps[1]);
	finish(race->level);
	expect_idle(test, race->level);
}

/* ---- misuse ------------------------------------------------------------------------------ */

static void irp_that_cannot_be_started_is_completed(struct kunit *test)
{
	struct nt_level *level = start_level(test, NULL);
	u64 devices = wqc_reports(test, BAD_DEVICE);
	u64 reports = wqc_reports(test, NO_START_IO);
	DEVICE_OBJECT none = {};
	struct nt_made *made;

	level->device->DriverObject->DriverStartIo = NULL;
	made = start_send(test, level);
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_DEVICE_REQUEST, made->iosb.Status);
	KUNIT_EXPECT_EQ(test, reports + 1, wqc_reports(test, NO_START_IO));
	expect_idle(test, level);
	level->dispatch = nt_pend;
	made = start_send(test, level);
	IoStartPacket(&none, level->pended, NULL, NULL);
	KUNIT_EXPECT_EQ(test, STATUS_NO_SUCH_DEVICE, made->iosb.Status);
	start_next(&none);
	KUNIT_EXPECT_EQ(test, devices + 2, wqc_reports(test, BAD_DEVICE));
}

static struct kunit_case nt_start_io_cases[] = {
	KUNIT_CASE(device_is_busy_until_its_queue_is_empty),
	KUNIT_CASE(entries_are_sorted_by_key),
	KUNIT_CASE(entry_is_removed_once),
	KUNIT_CASE(queue_that_is_none_is_reported),
	KUNIT_CASE(irps_are_started_one_at_a_time),
	KUNIT_CASE(irps_are_started_by_key),
	KUNIT_CASE(irps_are_cancelled_wherever_they_are),
	KUNIT_CASE(irp_cancelled_before_is_not_left_in_the_queue),
	KUNIT_CASE(started_irp_has_no_cancel_routine_if_so_set),
	KUNIT_CASE(cancel_lock_excludes_starting),
	KUNIT_CASE(start_io_is_entered_again),
	KUNIT_CASE(deferred_start_io_is_not_entered_again),
	KUNIT_CASE(deferred_start_io_runs_on_one_cpu),
	KUNIT_CASE(irp_that_cannot_be_started_is_completed),
	{}
};

static struct kunit_suite nt_start_io_suite = {
	.name = "wqc_nt_start_io",
	.test_cases = nt_start_io_cases,
};

kunit_test_suite(nt_start_io_suite);
