// SPDX-License-Identifier: GPL-2.0
/*
 * RxSpinDownMRxDispatcher(), and the dispatcher that redirectors share: which calls are refused,
 * for which routines a spin-down waits, and that device and dispatcher can be initialised again.
 */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "../core/report.h"
#include "rx_test.h"
#include "wqc_load.h"

/* A spin-down, or the last tear-down, in a thread of its own. */
struct rx_spinner {
	PRDBSS_DEVICE_OBJECT device;	/* NULL: RxTearDownDispatcher() */
	struct rx_probe *probe;
	NTSTATUS status;
	int returned;			/* @returned of the probe when the call returned */
	struct completion done;
	struct task_struct *thread;
};

static int rx_spinner_thread(void *data)
{
	struct rx_spinner *spinner = data;

	spinner->status = spinner->device ? RxSpinDownMRxDispatcher(spinner->device) :
					    RxTearDownDispatcher();
	spinner->returned = atomic_read(&spinner->probe->returned);
	complete(&spinner->done);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 0;
}

static void rx_spinner_stop(void *thread)
{
	kthread_stop(thread);
}

/* The case wakes the thread. */
static void rx_spinner_init(struct kunit *test, struct rx_spinner *spinner,
			    PRDBSS_DEVICE_OBJECT device, struct rx_probe *probe)
{
	init_completion(&spinner->done);
	spinner->device = device;
	spinner->probe = probe;
	spinner->thread = kthread_create(rx_spinner_thread, spinner, "rx_spinner");
	KUNIT_ASSERT_FALSE(test, IS_ERR(spinner->thread));
	wqc_at_exit(test, rx_spinner_stop, spinner->thread);
}

/*
 * A probe whose routine waits at a gate, and @n threads that spin its device down. If the case
 * fails, the gate opens before the threads are stopped.
 */
static struct rx_probe *rx_spin_routine(struct kunit *test, PRDBSS_DEVICE_OBJECT device,
					WORK_QUEUE_TYPE type, PRX_WORKERTHREAD_ROUTINE routine,
					struct rx_spinner *spinners, unsigned int count,
					bool tear_down)
{
	struct rx_probe *probe = rx_probe_new(test, device);
	unsigned int i;

	for (i = 0; i < count; i++)
		rx_spinner_init(test, &spinners[i], tear_down ? NULL : device, probe);
	probe->gate = wqc_gate_new(test);
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			RxPostToWorkerThread(device, type, &probe->request.WorkQueueItem, routine,
					     probe));
	KUNIT_ASSERT_TRUE(test, wqc_gate_arrivals(probe->gate, 1));
	for (i = 0; i < count; i++)
		wake_up_process(spinners[i].thread);
	return probe;
}

static struct rx_probe *rx_spin_behind_gate(struct kunit *test, PRDBSS_DEVICE_OBJECT device,
					    WORK_QUEUE_TYPE type, struct rx_spinner *spinners,
					    unsigned int count, bool tear_down)
{
	return rx_spin_routine(test, device, type, rx_run, spinners, count, tear_down);
}

static struct rx_spinner *rx_spinners_new(struct kunit *test, unsigned int count)
{
	struct rx_spinner *spinners = kunit_kcalloc(test, count, sizeof(*spinners), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, spinners);
	return spinners;
}

static bool rx_is_refused(struct rx_probe *probe, WORK_QUEUE_TYPE type)
{
	return RxDispatchToWorkerThread(probe->device, type, rx_run, probe) ==
	       STATUS_INSUFFICIENT_RESOURCES;
}

/* Posts and dispatches are refused from the start of the spin-down. */
static void posts_are_refused_while_a_spin_down_waits(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	struct rx_spinner *spinner = rx_spinners_new(test, 1);
	PRDBSS_DEVICE_OBJECT device = rx_device(test);
	struct rx_probe *held, *other;
	int i, runs;

	other = rx_probe_new(test, device);
	held = rx_spin_behind_gate(test, device, class->type, spinner, 1, false);
	KUNIT_ASSERT_TRUE(test, wqc_eventually(rx_is_refused(other, class->type)));
	KUNIT_EXPECT_FALSE(test, completion_done(&spinner->done));
	runs = atomic_read(&other->runs);
	for (i = 0; i < 100; i++) {
		KUNIT_EXPECT_EQ(test, STATUS_INSUFFICIENT_RESOURCES, rx_post(other, class->type));
		KUNIT_EXPECT_TRUE(test, rx_is_refused(other, class->type));
	}
	KUNIT_EXPECT_FALSE(test, completion_done(&spinner->done));
	wqc_gate_open(held->gate);
	KUNIT_ASSERT_TRUE(test, wqc_done(&spinner->done));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, spinner->status);
	KUNIT_EXPECT_LE(test, runs, atomic_read(&other->runs));
	KUNIT_EXPECT_EQ(test, STATUS_INSUFFICIENT_RESOURCES, rx_post(other, class->type));
}

/* The spin-down returns after the last routine has returned, not before. */
static void spin_down_waits_until_the_last_routine_has_returned(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	struct rx_spinner *spinner = rx_spinners_new(test, 1);
	PRDBSS_DEVICE_OBJECT device = rx_device(test);
	struct rx_probe *probe;

	probe = rx_spin_behind_gate(test, device, class->type, spinner, 1, false);
	KUNIT_ASSERT_TRUE(test, wqc_eventually(rx_is_refused(probe, class->type)));
	msleep(WQC_GRACE_MS);
	KUNIT_EXPECT_FALSE(test, completion_done(&spinner->done));
	wqc_gate_open(probe->gate);
	KUNIT_ASSERT_TRUE(test, wqc_done(&spinner->done));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, spinner->status);
	KUNIT_EXPECT_EQ(test, atomic_read(&probe->runs), spinner->returned);
}

/* Of several threads that spin down one device, each returns. */
static void concurrent_spin_downs_all_return(struct kunit *test)
{
	struct rx_spinner *spinners = rx_spinners_new(test, 4);
	PRDBSS_DEVICE_OBJECT device = rx_device(test);
	struct rx_probe *probe;
	int i;

	probe = rx_spin_behind_gate(test, device, DelayedWorkQueue, spinners, 4, false);
	KUNIT_ASSERT_TRUE(test, wqc_eventually(rx_is_refused(probe, DelayedWorkQueue)));
	msleep(WQC_GRACE_MS);
	for (i = 0; i < 4; i++)
		KUNIT_EXPECT_FALSE(test, completion_done(&spinners[i].done));
	wqc_gate_open(probe->gate);
	for (i = 0; i < 4; i++) {
		KUNIT_ASSERT_TRUE(test, wqc_done(&spinners[i].done));
		KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, spinners[i].status);
		KUNIT_EXPECT_GE(test, spinners[i].returned, 1);
	}
}

static VOID rx_spin_down_own(PVOID context)
{
	struct rx_probe *probe = context;

	probe->status = RxSpinDownMRxDispatcher(probe->device);
	complete(&probe->ran);
}

/* A spin-down by a routine of the device would deadlock: it returns a status and is reported. */
static void spin_down_by_an_own_routine_is_refused_and_reported(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	struct rx_probe *probe = rx_probe_new(test, rx_device(test));
	u64 reports = wqc_reports(test, RX_SELF_WAIT);

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			RxDispatchToWorkerThread(probe->device, class->type, rx_spin_down_own,
						 probe));
	KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
	KUNIT_EXPECT_EQ(test, STATUS_UNSUCCESSFUL, probe->status);
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			RxPostOneShotTimerRequest(probe->device, &probe->request, rx_spin_down_own,
						  probe, rx_interval(0)));
	KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
	KUNIT_EXPECT_EQ(test, STATUS_UNSUCCESSFUL, probe->status);
	KUNIT_EXPECT_EQ(test, reports + 2, wqc_reports(test, RX_SELF_WAIT));
	/* The device is unchanged. */
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, rx_post(probe, class->type));
	KUNIT_EXPECT_TRUE(test, wqc_done(&probe->ran));
}

static VOID rx_initialise_own(PVOID context)
{
	struct rx_probe *probe = context;

	wqc_gate_wait(probe->gate);
	probe->status = RxInitializeMRxDispatcher(probe->device);
	complete(&probe->ran);
}

/*
 * An initialisation by a routine of the device, while the device is spun down, would deadlock, too:
 * it returns a status and is reported.
 */
static void own_routine_may_not_initialise_during_a_spin_down(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	struct rx_spinner *spinner = rx_spinners_new(test, 1);
	PRDBSS_DEVICE_OBJECT device = rx_device(test);
	u64 reports = wqc_reports(test, RX_SELF_WAIT);
	struct rx_probe *probe;

	probe = rx_spin_routine(test, device, class->type, rx_initialise_own, spinner, 1, false);
	KUNIT_ASSERT_TRUE(test, wqc_eventually(rx_is_refused(probe, class->type)));
	wqc_gate_open(probe->gate);
	KUNIT_ASSERT_TRUE(test, wqc_done(&spinner->done));
	KUNIT_EXPECT_EQ(test, STATUS_UNSUCCESSFUL, probe->status);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, spinner->status);
	KUNIT_EXPECT_EQ(test, reports + 1, wqc_reports(test, RX_SELF_WAIT));
	KUNIT_EXPECT_TRUE(test, rx_is_refused(probe, class->type));
}

/* A routine of another device may spin this one down. */
static void routine_of_another_device_may_spin_the_device_down(struct kunit *test)
{
	struct rx_probe *probe = rx_probe_new(test, rx_device(test));
	PRDBSS_DEVICE_OBJECT other = rx_device(test);

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			RxDispatchToWorkerThread(other, DelayedWorkQueue, rx_spin_down_own, probe));
	KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, probe->status);
	KUNIT_EXPECT_TRUE(test, rx_is_refused(probe, DelayedWorkQueue));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RxSpinDownMRxDispatcher(other));
}

/* A spin-down cancels the pending timer requests of its device, and no others. */
static void timers_of_the_device_are_cancelled(struct kunit *test)
{
	struct rx_probe *once = rx_probe_new(test, rx_device(test));
	struct rx_probe *again = rx_probe_new(test, once->device);
	struct rx_probe *other = rx_probe_new(test, rx_device(test));
	LARGE_INTEGER late = rx_interval(3600 * 1000LL * RX_UNITS_PER_MS);

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			RxPostOneShotTimerRequest(once->device, &once->request, rx_run, once,
						  late));
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			RxPostRecurrentTimerRequest(again->device, rx_run, again, late));
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			RxPostOneShotTimerRequest(other->device, &other->request, rx_run, other,
						  rx_interval(RX_UNITS_PER_MS)));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RxSpinDownMRxDispatcher(once->device));
	KUNIT_EXPECT_FALSE(test, rx_is_queued(once));
	KUNIT_EXPECT_EQ(test, STATUS_NOT_FOUND, RxCancelTimerRequest(once->device, rx_run, once));
	KUNIT_EXPECT_EQ(test, STATUS_NOT_FOUND, RxCancelTimerRequest(once->device, rx_run, again));
	KUNIT_EXPECT_EQ(test, STATUS_INSUFFICIENT_RESOURCES,
			RxPostOneShotTimerRequest(once->device, &once->request, rx_run, once,
						  late));
	KUNIT_EXPECT_EQ(test, STATUS_INSUFFICIENT_RESOURCES,
			RxPostRecurrentTimerRequest(once->device, rx_run, again, late));
	KUNIT_EXPECT_TRUE(test, wqc_done(&other->ran));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&once->runs) + atomic_read(&again->runs));
}

/* A device that is down can be initialised and used again, many times. */
static void device_can_be_initialised_again(struct kunit *test)
{
	struct rx_probe *probe = rx_probe_new(test, rx_device(test));
	unsigned int i, rounds = wqc_rounds(300, 20);

	for (i = 1; i <= rounds; i++) {
		/* A second call changes nothing. */
		KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, RxInitializeMRxDispatcher(probe->device));
		KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, rx_post(probe, i % 3));
		KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, RxSpinDownMRxDispatcher(probe->device));
		KUNIT_ASSERT_EQ(test, i, atomic_read(&probe->returned));
		KUNIT_ASSERT_TRUE(test, rx_is_refused(probe, i % 3));
		KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, RxInitializeMRxDispatcher(probe->device));
	}
}

/* A spin-down of an idle device returns at once; so does one of a device that is down. */
static void idle_device_is_down_at_once(struct kunit *test)
{
	PRDBSS_DEVICE_OBJECT device = rx_device(test);

	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RxSpinDownMRxDispatcher(device));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RxSpinDownMRxDispatcher(device));
}

/* After the spin-down the device can be deleted, and its memory be reused. */
static void device_can_be_deleted_afterwards(struct kunit *test)
{
	unsigned int i, rounds = wqc_rounds(100, 10);
	struct rx_probe *probe = rx_probe_new(test, rx_device(test));
	PDRIVER_OBJECT driver = wqc_test_driver(test);
	PDEVICE_OBJECT device;

	for (i = 1; i <= rounds; i++) {
		KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
				IoCreateDevice(driver, sizeof(RDBSS_DEVICE_OBJECT), NULL,
					       FILE_DEVICE_NETWORK_FILE_SYSTEM, 0, FALSE, &device));
		KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RxInitializeMRxDispatcher((void *)device));
		KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
				RxDispatchToWorkerThread((void *)device, i % 3, rx_run, probe));
		KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RxSpinDownMRxDispatcher((void *)device));
		KUNIT_EXPECT_EQ(test, i, atomic_read(&probe->returned));
		IoDeleteDevice(device);
	}
}

/* ---- the race ------------------------------------------------------------- */

struct rx_storm {
	PRDBSS_DEVICE_OBJECT device;
	atomic_t accepted, refused, other, ran, outstanding, after;
	bool down, stop;
};

struct rx_storm_item {
	RX_WORK_QUEUE_ITEM item;
	struct rx_storm *storm;
};

static void rx_storm_ran(struct rx_storm *storm)
{
	if (READ_ONCE(storm->down))
		atomic_inc(&storm->after);
	atomic_dec(&storm->outstanding);
	atomic_inc(&storm->ran);
}

static VOID rx_storm_dispatched(PVOID context)
{
	rx_storm_ran(context);
}

static VOID rx_storm_posted(PVOID context)
{
	struct rx_storm_item *item = context;
	struct rx_storm *storm = item->storm;

	kfree(item);
	rx_storm_ran(storm);
}

static NTSTATUS rx_storm_post(struct rx_storm *storm, unsigned int n)
{
	struct rx_storm_item *item;
	NTSTATUS status;

	if (n & 1)
		return RxDispatchToWorkerThread(storm->device, n % 3, rx_storm_dispatched, storm);
	item = kmalloc(sizeof(*item), GFP_KERNEL | __GFP_ZERO);
	if (!item)
		return STATUS_INSUFFICIENT_RESOURCES;
	item->storm = storm;
	status = RxPostToWorkerThread(storm->device, n % 3, &item->item, rx_storm_posted, item);
	if (status)
		kfree(item);
	return status;
}

static int rx_storm_thread(void *data)
{
	struct rx_storm *storm = data;
	unsigned int n = 0;

	while (!kthread_should_stop()) {
		cond_resched();
		if (atomic_read(&storm->outstanding) > 64 || READ_ONCE(storm->stop)) {
			schedule_timeout_interruptible(1);
			continue;
		}
		atomic_inc(&storm->outstanding);
		switch (rx_storm_post(storm, n++)) {
		case STATUS_SUCCESS:
			atomic_inc(&storm->accepted);
			continue;
		case STATUS_INSUFFICIENT_RESOURCES:
			atomic_inc(&storm->refused);
			break;
		default:
			atomic_inc(&storm->other);
		}
		atomic_dec(&storm->outstanding);
		schedule_timeout_interruptible(1);
	}
	return 0;
}

/* All CPUs post during a spin-down: accepted = ran, and no routine runs afterwards. */
static void spin_down_that_races_with_posts_loses_no_item(struct kunit *test)
{
	struct rx_storm *storm = kunit_kzalloc(test, sizeof(*storm), GFP_KERNEL);
	unsigned int i, rounds = wqc_rounds(250, 20), accepted = 0;
	struct task_struct *thread;
	int cpu;

	KUNIT_ASSERT_NOT_NULL(test, storm);
	storm->device = rx_device(test);
	for_each_online_cpu(cpu) {
		thread = kthread_create_on_cpu(rx_storm_thread, storm, cpu, "rx_storm/%u");
		KUNIT_ASSERT_FALSE(test, IS_ERR(thread));
		wqc_at_exit(test, rx_spinner_stop, thread);
		wake_up_process(thread);
	}
	for (i = 0; i < rounds; i++) {
		/* A round begins when posts are accepted again. */
		KUNIT_ASSERT_TRUE(test, wqc_eventually(atomic_read(&storm->accepted) != accepted));
		KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, RxSpinDownMRxDispatcher(storm->device));
		WRITE_ONCE(storm->down, true);
		accepted = atomic_read(&storm->ran);
		if (i % 16 == 0)
			schedule_timeout_uninterruptible(1);
		KUNIT_ASSERT_EQ(test, accepted, atomic_read(&storm->ran));
		accepted = atomic_read(&storm->accepted);
		WRITE_ONCE(storm->down, false);
		KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, RxInitializeMRxDispatcher(storm->device));
	}
	WRITE_ONCE(storm->stop, true);
	KUNIT_EXPECT_TRUE(test, wqc_eventually(!atomic_read(&storm->outstanding)));
	kunit_info(test, "%u rounds: %d accepted, %d refused", rounds,
		   atomic_read(&storm->accepted), atomic_read(&storm->refused));
	KUNIT_EXPECT_TRUE(test, wqc_eventually(atomic_read(&storm->accepted) ==
					       atomic_read(&storm->ran)));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&storm->after));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&storm->other));
	KUNIT_EXPECT_GT(test, atomic_read(&storm->refused), 0);
}

/* ---- the last reference --------------------------------------------------- */

static void rx_free_memory(void *arg)
{
	wqc_memory_freed(arg, sizeof(struct rx_probe), rx_free_memory);
}

/*
 * The last reference on a device that is spun down may be put in any context: here the memory of
 * the last queued item is reported as freed in hard interrupt context. A kernel that checks lock
 * nesting checks the release.
 */
static void last_reference_may_be_put_in_a_hard_interrupt(struct kunit *test)
{
	struct rx_spinner *spinner = rx_spinners_new(test, 1);
	PRDBSS_DEVICE_OBJECT device = rx_device(test);
	struct rx_probe *last = rx_probe_new(test, device), *other = rx_probe_new(test, device);
	struct wqc_load *others;

	rx_spinner_init(test, spinner, device, last);
	others = wqc_load_all_runners(test, HyperCriticalWorkQueue);
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, rx_post(last, HyperCriticalWorkQueue));
	wake_up_process(spinner->thread);
	KUNIT_ASSERT_TRUE(test, wqc_eventually(rx_is_refused(other, DelayedWorkQueue)));
	rcu_barrier();		/* until then the killed percpu refcount is not atomic */
	msleep(WQC_GRACE_MS);
	KUNIT_EXPECT_FALSE(test, completion_done(&spinner->done));
	wqc_call_in(test, WQC_IN_HARDIRQ, rx_free_memory, last);
	KUNIT_EXPECT_TRUE(test, wqc_done(&spinner->done));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, spinner->status);
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&last->runs));
	KUNIT_EXPECT_TRUE(test, wqc_load_finish(others));
}

/* ---- the dispatcher ------------------------------------------------------- */

/* Redirectors share the dispatcher: it exists until the last of them has torn it down. */
static void dispatcher_stays_until_its_last_user_goes(struct kunit *test)
{
	PRDBSS_DEVICE_OBJECT device = rx_device_new(test);
	struct rx_probe *probe = rx_probe_new(test, device);

	KUNIT_EXPECT_EQ(test, STATUS_REDIRECTOR_NOT_STARTED, RxTearDownDispatcher());
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, RxInitializeDispatcher());
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, RxInitializeDispatcher());
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RxInitializeMRxDispatcher(device));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RxTearDownDispatcher());
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, rx_post(probe, DelayedWorkQueue));
	KUNIT_EXPECT_TRUE(test, wqc_done(&probe->ran));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RxTearDownDispatcher());
	KUNIT_EXPECT_EQ(test, STATUS_REDIRECTOR_NOT_STARTED, rx_post(probe, DelayedWorkQueue));
	KUNIT_EXPECT_EQ(test, STATUS_REDIRECTOR_NOT_STARTED, RxTearDownDispatcher());
}

/* The last tear-down spins down all active devices, and waits for their items. */
static void last_tear_down_spins_down_active_devices(struct kunit *test)
{
	struct rx_spinner *spinner = rx_spinners_new(test, 1);
	PRDBSS_DEVICE_OBJECT device = rx_device_new(test);
	struct rx_probe *probe;

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, RxInitializeDispatcher());
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RxInitializeMRxDispatcher(device));
	probe = rx_spin_behind_gate(test, device, CriticalWorkQueue, spinner, 1, true);
	KUNIT_EXPECT_TRUE(test, wqc_eventually(rx_post(probe, DelayedWorkQueue) ==
					       STATUS_REDIRECTOR_NOT_STARTED));
	msleep(WQC_GRACE_MS);
	KUNIT_EXPECT_FALSE(test, completion_done(&spinner->done));
	wqc_gate_open(probe->gate);
	KUNIT_ASSERT_TRUE(test, wqc_done(&spinner->done));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, spinner->status);
	KUNIT_EXPECT_GE(test, spinner->returned, 1);
	/* The device is down, also after the dispatcher was initialised again. */
	rx_start(test);
	KUNIT_EXPECT_EQ(test, STATUS_INSUFFICIENT_RESOURCES, rx_post(probe, DelayedWorkQueue));
}

static VOID rx_tear_down(PVOID context)
{
	struct rx_probe *probe = context;

	probe->status = RxTearDownDispatcher();
	complete(&probe->ran);
}

/*
 * The last tear-down by a routine would deadlock: its device is left unchanged, with a status
 * and a report, and the dispatcher is gone.
 */
static void last_tear_down_by_a_routine_is_reported(struct kunit *test)
{
	PRDBSS_DEVICE_OBJECT device = rx_device_new(test);
	u64 reports = wqc_reports(test, RX_SELF_WAIT);
	struct rx_probe *probe = rx_probe_new(test, device);

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, RxInitializeDispatcher());
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RxInitializeMRxDispatcher(device));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			RxDispatchToWorkerThread(device, DelayedWorkQueue, rx_tear_down, probe));
	KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
	KUNIT_EXPECT_EQ(test, STATUS_UNSUCCESSFUL, probe->status);
	KUNIT_EXPECT_EQ(test, reports + 1, wqc_reports(test, RX_SELF_WAIT));
	KUNIT_EXPECT_EQ(test, STATUS_REDIRECTOR_NOT_STARTED, rx_post(probe, DelayedWorkQueue));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RxInitializeDispatcher());
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, rx_post(probe, DelayedWorkQueue));
	KUNIT_EXPECT_TRUE(test, wqc_done(&probe->ran));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RxTearDownDispatcher());
}

static struct kunit_case rxspin_cases[] = {
	KUNIT_CASE_PARAM(posts_are_refused_while_a_spin_down_waits, wqc_class_gen_params),
	KUNIT_CASE_PARAM(spin_down_waits_until_the_last_routine_has_returned, wqc_class_gen_params),
	KUNIT_CASE(concurrent_spin_downs_all_return),
	KUNIT_CASE_PARAM(spin_down_by_an_own_routine_is_refused_and_reported, wqc_class_gen_params),
	KUNIT_CASE(routine_of_another_device_may_spin_the_device_down),
	KUNIT_CASE(timers_of_the_device_are_cancelled),
	KUNIT_CASE(device_can_be_initialised_again),
	KUNIT_CASE(idle_device_is_down_at_once),
	KUNIT_CASE(device_can_be_deleted_afterwards),
	KUNIT_CASE_PARAM(own_routine_may_not_initialise_during_a_spin_down, wqc_class_gen_params),
	KUNIT_CASE(spin_down_that_races_with_posts_loses_no_item),
	KUNIT_CASE(last_reference_may_be_put_in_a_hard_interrupt),
	KUNIT_CASE(dispatcher_stays_until_its_last_user_goes),
	KUNIT_CASE(last_tear_down_spins_down_active_devices),
	KUNIT_CASE(last_tear_down_by_a_routine_is_reported),
	{}
};

static struct kunit_suite wqc_rx_spindown_suite = {
	.name = "wqc_rx_spindown",
	.test_cases = rxspin_cases,
};

kunit_test_suite(wqc_rx_spindown_suite);
