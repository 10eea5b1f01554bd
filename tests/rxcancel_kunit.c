// SPDX-License-Identifier: GPL-2.0
/*
 * RxCancelTimerRequest(): which requests it finds; a request that it found does not run.
 */
#include <linux/delay.h>
#include <linux/random.h>
#include <linux/slab.h>

#include "rx_test.h"

static VOID rx_just_return(PVOID context)
{
	struct rx_probe *probe = context;

	atomic_inc(&probe->runs);
	atomic_inc(&probe->returned);
}

/* A request that is cancelled before it is due never runs; its item is the caller's. */
static void cancelled_pending_request_never_runs(struct kunit *test)
{
	struct rx_probe *once = rx_probe_new(test, rx_device(test));
	struct rx_probe *again = rx_probe_new(test, once->device);

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, rx_once(once, 500 * RX_UNITS_PER_MS));
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, rx_recur(again, 500 * RX_UNITS_PER_MS));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, rx_cancel(once));
	KUNIT_EXPECT_FALSE(test, rx_is_queued(once));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, rx_cancel(again));
	msleep(500 + WQC_GRACE_MS);
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&once->runs) + atomic_read(&again->runs));
	KUNIT_EXPECT_EQ(test, STATUS_NOT_FOUND, rx_cancel(once));
	KUNIT_EXPECT_EQ(test, STATUS_NOT_FOUND, rx_cancel(again));
}

/* A one-shot whose routine runs is not found, and the cancel does not wait for it. */
static void running_one_shot_is_not_found(struct kunit *test)
{
	struct rx_probe *probe = rx_probe_new(test, rx_device(test));

	probe->gate = wqc_gate_new(test);
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, rx_once(probe, 0));
	KUNIT_ASSERT_TRUE(test, wqc_gate_arrivals(probe->gate, 1));
	KUNIT_EXPECT_EQ(test, STATUS_NOT_FOUND, rx_cancel(probe));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&probe->returned));
	wqc_gate_open(probe->gate);
	KUNIT_EXPECT_TRUE(test, wqc_done(&probe->ran));
}

/* A recurrent request that is cancelled while its routine runs is not due again. */
static void running_recurrent_is_not_due_again_after_a_cancel(struct kunit *test)
{
	struct rx_probe *probe = rx_probe_new(test, rx_device(test));

	probe->gate = wqc_gate_new(test);
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, rx_recur(probe, RX_UNITS_PER_MS));
	KUNIT_ASSERT_TRUE(test, wqc_gate_arrivals(probe->gate, 1));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, rx_cancel(probe));
	KUNIT_EXPECT_EQ(test, STATUS_NOT_FOUND, rx_cancel(probe));
	wqc_gate_open(probe->gate);
	KUNIT_EXPECT_TRUE(test, wqc_done(&probe->ran));
	msleep(WQC_GRACE_MS);
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&probe->runs));
}

struct rx_queued {
	struct rx_probe *once, *again;
	bool post_again, once_queued, still_queued;
	NTSTATUS posted, recurred, cancelled, ended, posted_again;
};

/*
 * Long enough to cancel the request in time: on PREEMPT_RT, a recurrent request can only be posted
 * in process context.
 */
#define RX_RECUR_MS	200

/* Holds the CPU while both requests become due, so that they stay queued there. */
static void rx_cancel_queued(void *arg)
{
	struct rx_queued *queued = arg;

	queued->recurred = rx_recur(queued->again, RX_RECUR_MS * RX_UNITS_PER_MS);
	preempt_disable();
	queued->posted = rx_once(queued->once, 0);
	wqc_spin_past_timers(RX_RECUR_MS + 100);
	queued->once_queued = rx_is_queued(queued->once);
	queued->cancelled = rx_cancel(queued->once);
	queued->still_queued = rx_is_queued(queued->once);
	queued->ended = rx_cancel(queued->again);
	if (queued->post_again)
		queued->posted_again = rx_once(queued->once, 0);
	preempt_enable();
}

/*
 * A request that is due and queued, but has not begun, is taken back: its item is the caller's
 * at once.
 */
static void queued_request_is_taken_back(struct kunit *test)
{
	struct rx_queued *queued = kunit_kzalloc(test, sizeof(*queued), GFP_KERNEL);
	u64 taken;

	KUNIT_ASSERT_NOT_NULL(test, queued);
	queued->once = rx_probe_new(test, rx_device(test));
	queued->again = rx_probe_new(test, queued->once->device);
	taken = wqc_counter(test, "RxCritical", "taken");
	wqc_on_cpu(test, 0, rx_cancel_queued, queued);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, queued->posted);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, queued->recurred);
	KUNIT_EXPECT_TRUE(test, queued->once_queued);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, queued->cancelled);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, queued->ended);
	KUNIT_EXPECT_FALSE(test, queued->still_queued);
	KUNIT_EXPECT_TRUE(test, wqc_eventually(wqc_counter(test, "RxCritical", "taken") ==
					       taken + 2));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RxSpinDownMRxDispatcher(queued->once->device));
	KUNIT_EXPECT_EQ(test, 0,
			atomic_read(&queued->once->runs) + atomic_read(&queued->again->runs));
}

/* Its item may be posted again before a runner reaches the cancelled entry. */
static void item_taken_back_from_a_queue_may_be_posted_at_once(struct kunit *test)
{
	struct rx_queued *queued = kunit_kzalloc(test, sizeof(*queued), GFP_KERNEL);
	u64 taken;

	KUNIT_ASSERT_NOT_NULL(test, queued);
	queued->once = rx_probe_new(test, rx_device(test));
	queued->again = rx_probe_new(test, queued->once->device);
	queued->post_again = true;
	taken = wqc_counter(test, "RxCritical", "taken");
	wqc_on_cpu(test, 0, rx_cancel_queued, queued);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, queued->cancelled);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, queued->posted_again);
	KUNIT_EXPECT_TRUE(test, wqc_done(&queued->once->ran));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RxSpinDownMRxDispatcher(queued->once->device));
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&queued->once->runs));
	KUNIT_EXPECT_EQ(test, taken + 2, wqc_counter(test, "RxCritical", "taken"));
}

/*
 * Of several requests that were posted with the same arguments, one call cancels one, the one
 * that is due first.
 */
static void of_requests_posted_alike_the_first_is_cancelled(struct kunit *test)
{
	struct rx_probe *probe = rx_probe_new(test, rx_device(test));
	struct rx_probe *late = rx_probe_new(test, probe->device);

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			RxPostOneShotTimerRequest(late->device, &late->request, rx_run, probe,
						  rx_interval(2 * RX_LATE)));
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, rx_once(probe, RX_LATE));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, rx_cancel(probe));
	KUNIT_EXPECT_FALSE(test, rx_is_queued(probe));
	KUNIT_EXPECT_TRUE(test, rx_is_queued(late));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, rx_cancel(probe));
	KUNIT_EXPECT_FALSE(test, rx_is_queued(late));
	KUNIT_EXPECT_EQ(test, STATUS_NOT_FOUND, rx_cancel(probe));
}

/* A request is identified by its device, its routine and its context. */
static void unknown_request_is_not_found(struct kunit *test)
{
	struct rx_probe *probe = rx_probe_new(test, rx_device(test));
	PRDBSS_DEVICE_OBJECT other = rx_device(test), never = rx_device_new(test);

	KUNIT_EXPECT_EQ(test, STATUS_NOT_FOUND, rx_cancel(probe));
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, rx_once(probe, RX_LATE));
	KUNIT_EXPECT_EQ(test, STATUS_NOT_FOUND, RxCancelTimerRequest(other, rx_run, probe));
	KUNIT_EXPECT_EQ(test, STATUS_NOT_FOUND,
			RxCancelTimerRequest(probe->device, rx_just_return, probe));
	KUNIT_EXPECT_EQ(test, STATUS_NOT_FOUND, RxCancelTimerRequest(probe->device, rx_run, NULL));
	KUNIT_EXPECT_EQ(test, STATUS_DEVICE_NOT_READY, RxCancelTimerRequest(never, rx_run, probe));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, RxCancelTimerRequest(NULL, rx_run, probe));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER,
			RxCancelTimerRequest(probe->device, NULL, probe));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, rx_cancel(probe));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER,
			RxPostOneShotTimerRequest(other, NULL, rx_run, probe, rx_interval(0)));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER,
			RxPostOneShotTimerRequest(other, &probe->request, NULL, probe,
						  rx_interval(0)));
	KUNIT_EXPECT_EQ(test, STATUS_DEVICE_NOT_READY,
			RxPostOneShotTimerRequest(never, &probe->request, rx_run, probe,
						  rx_interval(0)));
	KUNIT_EXPECT_FALSE(test, rx_is_queued(probe));
}

struct rx_cancels {
	struct rx_probe **probe;	/* one for each CPU */
	unsigned int rounds;
	atomic_t posted, cancelled;
};

/* Each CPU posts its own request and cancels that of any CPU. */
static void rx_cancel_any(void *arg, int cpu)
{
	struct rx_cancels *cancels = arg;
	unsigned int round, posts = 0;

	for (round = 0; round < cancels->rounds; round++) {
		struct rx_probe *own = cancels->probe[cpu];
		struct rx_probe *any = cancels->probe[get_random_u32_below(nr_cpu_ids)];

		/* The last run or cancellation is complete. */
		if (atomic_read(&own->returned) == posts &&
		    RxPostOneShotTimerRequest(own->device, &own->request, rx_just_return, own,
					      rx_interval(get_random_u32_below(2000))) ==
		    STATUS_SUCCESS) {
			posts++;
			atomic_inc(&cancels->posted);
		}
		udelay(get_random_u32_below(100));
		if (any && RxCancelTimerRequest(any->device, rx_just_return, any) ==
		    STATUS_SUCCESS) {
			atomic_inc(&cancels->cancelled);
			atomic_inc(&any->returned);
		}
		cond_resched();
	}
}

/* Cancels race with expiry: each posted request was either cancelled or ran. */
static void each_posted_request_is_cancelled_or_runs(struct kunit *test)
{
	struct rx_cancels *cancels = kunit_kzalloc(test, sizeof(*cancels), GFP_KERNEL);
	PRDBSS_DEVICE_OBJECT device = rx_device(test);
	int cpu, ran = 0;

	KUNIT_ASSERT_NOT_NULL(test, cancels);
	cancels->rounds = wqc_rounds(5000, 200);
	cancels->probe = kunit_kcalloc(test, nr_cpu_ids, sizeof(*cancels->probe), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, cancels->probe);
	for_each_online_cpu(cpu)
		cancels->probe[cpu] = rx_probe_new(test, device);
	wqc_on_all_cpus(test, rx_cancel_any, cancels);
	for_each_online_cpu(cpu)
		wqc_eventually(!rx_is_queued(cancels->probe[cpu]));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RxSpinDownMRxDispatcher(device));
	for_each_online_cpu(cpu)
		ran += atomic_read(&cancels->probe[cpu]->runs);
	kunit_info(test, "%d posted, %d cancelled, %d ran", atomic_read(&cancels->posted),
		   atomic_read(&cancels->cancelled), ran);
	KUNIT_EXPECT_EQ(test, atomic_read(&cancels->posted),
			atomic_read(&cancels->cancelled) + ran);
	KUNIT_EXPECT_GT(test, ran, 0);
}

static struct kunit_case rxcancel_cases[] = {
	KUNIT_CASE(cancelled_pending_request_never_runs),
	KUNIT_CASE(running_one_shot_is_not_found),
	KUNIT_CASE(running_recurrent_is_not_due_again_after_a_cancel),
	KUNIT_CASE(queued_request_is_taken_back),
	KUNIT_CASE(item_taken_back_from_a_queue_may_be_posted_at_once),
	KUNIT_CASE(of_requests_posted_alike_the_first_is_cancelled),
	KUNIT_CASE(unknown_request_is_not_found),
	KUNIT_CASE(each_posted_request_is_cancelled_or_runs),
	{}
};

static struct kunit_suite wqc_rx_cancel_suite = {
	.name = "wqc_rx_cancel",
	.test_cases = rxcancel_cases,
};

kunit_test_suite(wqc_rx_cancel_suite);
