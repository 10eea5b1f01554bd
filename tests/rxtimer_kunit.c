// SPDX-License-Identifier: GPL-2.0
/*
 * Timer requests: when they run. For their cancellation see rxcancel_kunit.c.
 */
#include <linux/delay.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/sort.h>

#include "modules/wqc_random.h"
#include "rx_test.h"

#define RX_TICK_MS	55

/* ---- the time ------------------------------------------------------------- */

struct rx_timed {
	RX_WORK_ITEM request;
	struct rx_timing *timing;
	u64 due;		/* ns: since before the post */
	u64 latest;		/* since after it */
	u64 started;
	int place;		/* in the order of starts */
};

struct rx_timing {
	PRDBSS_DEVICE_OBJECT device;
	atomic_t starts;
	unsigned int count;
	struct rx_timed *timed;
};

static VOID rx_note_time(PVOID context)
{
	struct rx_timed *timed = context;

	timed->started = ktime_get_ns();
	timed->place = atomic_fetch_inc(&timed->timing->starts);
}

static struct rx_timing *rx_timing_new(struct kunit *test, unsigned int count)
{
	struct rx_timing *timing = kunit_kzalloc(test, sizeof(*timing), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, timing);
	timing->count = count;
	timing->timed = kunit_kcalloc(test, count, sizeof(*timing->timed), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, timing->timed);
	for (i = 0; i < count; i++)
		timing->timed[i].timing = timing;
	timing->device = rx_device(test);
	return timing;
}

static NTSTATUS rx_post_timed(struct rx_timed *timed, s64 units)
{
	u64 ns = abs(units) * 100;
	NTSTATUS status;

	timed->due = ktime_get_ns() + ns;
	status = RxPostOneShotTimerRequest(timed->timing->device, &timed->request, rx_note_time,
					   timed, rx_interval(units));
	timed->latest = ktime_get_ns() + ns;
	return status;
}

static int rx_compare_u64(const void *a, const void *b)
{
	return *(const u64 *)a < *(const u64 *)b ? -1 : *(const u64 *)a > *(const u64 *)b;
}

/* One attempt: returns the number of late requests, and the worst delay. */
static unsigned int rx_measure_lateness(struct kunit *test, struct rx_timing *timing, u64 limit)
{
	u64 *late = kunit_kcalloc(test, timing->count, sizeof(*late), GFP_KERNEL);
	unsigned int i, too_late = 0;

	KUNIT_ASSERT_NOT_NULL(test, late);
	atomic_set(&timing->starts, 0);
	for (i = 0; i < timing->count; i++) {
		KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
				rx_post_timed(&timing->timed[i], (s64)get_random_u32_below(500000) *
								 10));
		cond_resched();
	}
	KUNIT_ASSERT_TRUE(test, wqc_eventually(atomic_read(&timing->starts) == timing->count));
	for (i = 0; i < timing->count; i++) {
		struct rx_timed *timed = &timing->timed[i];

		KUNIT_EXPECT_GE(test, timed->started, timed->due);
		late[i] = timed->started > timed->latest ? timed->started - timed->latest : 0;
		too_late += late[i] > limit;
	}
	sort(late, timing->count, sizeof(*late), rx_compare_u64, NULL);
	kunit_info(test, "late, us, of %u: half within %llu, 90%% %llu, 99%% %llu, all %llu",
		   timing->count, late[timing->count / 2] / 1000,
		   late[timing->count * 9 / 10] / 1000, late[timing->count * 99 / 100] / 1000,
		   late[timing->count - 1] / 1000);
	return too_late;
}

/*
 * Never early, and on an idle machine at most one tick of 55 ms late. The host of a guest may
 * be busy, so one attempt of five must be in time. On kernels whose rounds are divided, a
 * request may be late by the same factor, up to ten.
 */
static void one_shot_is_never_early_and_a_tick_late_at_most(struct kunit *test)
{
	struct rx_timing *timing = rx_timing_new(test, wqc_rounds(500, 50));
	u64 limit = (u64)RX_TICK_MS * NSEC_PER_MSEC * min(rx_scale(), 10U);
	unsigned int attempt, too_late = 1;

	for (attempt = 0; attempt < 5 && too_late; attempt++)
		too_late = rx_measure_lateness(test, timing, limit);
	KUNIT_EXPECT_EQ(test, 0, too_late);
}

/*
 * Random intervals, of any magnitude and sign: each request is accepted, none runs early, and each
 * that has not run is cancelled.
 */
static void any_interval_is_served(struct kunit *test)
{
	unsigned int count = wqc_rounds(200, 40), i, gone = 0, ran = 0;
	struct rx_timing *timing = rx_timing_new(test, count);
	struct rx_probe *again = rx_probe_new(test, timing->device);
	u32 seed = get_random_u32();
	u64 state = wqc_random_begin(seed, 0), units;

	kunit_info(test, "seed %u", seed);
	for (i = 0; i < count; i++) {
		units = ((u64)wqc_random(&state) << 32 | wqc_random(&state)) >>
			(wqc_random(&state) & 63);
		KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, rx_post_timed(&timing->timed[i], units));
		/* Of the recurrent ones each is of another function, or pending once. */
		KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, rx_recur(again, units ?: 1));
		usleep_range(100, 200);
		while (rx_cancel(again) == STATUS_SUCCESS)
			;
	}
	for (i = 0; i < count; i++)
		gone += RxCancelTimerRequest(timing->device, rx_note_time, &timing->timed[i]) ==
			STATUS_SUCCESS;
	KUNIT_EXPECT_TRUE(test, wqc_eventually(atomic_read(&timing->starts) + gone == count));
	for (i = 0; i < count; i++) {
		if (!timing->timed[i].started)
			continue;
		ran++;
		KUNIT_EXPECT_GE(test, timing->timed[i].started, timing->timed[i].due);
	}
	KUNIT_EXPECT_EQ(test, count, ran + gone);
}

/* Zero is due at once; the sign of an interval is ignored. */
static void zero_and_negative_intervals_are_intervals(struct kunit *test)
{
	static const s64 units[] = { 0, -1, -20 * RX_UNITS_PER_MS, 20 * RX_UNITS_PER_MS };
	struct rx_timing *timing = rx_timing_new(test, ARRAY_SIZE(units));
	struct rx_probe *never = rx_probe_new(test, timing->device);
	int i;

	for (i = 0; i < ARRAY_SIZE(units); i++)
		KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, rx_post_timed(&timing->timed[i], units[i]));
	/* The longest intervals do not wrap. */
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, rx_once(never, S64_MIN));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, rx_recur(never, S64_MAX));
	KUNIT_ASSERT_TRUE(test, wqc_eventually(atomic_read(&timing->starts) == timing->count));
	for (i = 0; i < ARRAY_SIZE(units); i++)
		KUNIT_EXPECT_GE(test, timing->timed[i].started, timing->timed[i].due);
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&never->runs));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, rx_recur(never, 0));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, rx_cancel(never));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, rx_cancel(never));
	KUNIT_EXPECT_EQ(test, STATUS_NOT_FOUND, rx_cancel(never));
}

/*
 * Requests start in the order of their due times, whatever the order of the posts; only those
 * that runners take at the same time may change places.
 */
static void requests_start_in_the_order_of_their_times(struct kunit *test)
{
	struct rx_timing *timing = rx_timing_new(test, wqc_rounds(1000, 50));
	unsigned int i, j, n = timing->count, worst = 0;
	int *rank = kunit_kcalloc(test, n, sizeof(*rank), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, rank);
	for (i = 0; i < n; i++)
		rank[i] = i;
	for (i = n - 1; i; i--) {
		j = get_random_u32_below(i + 1);
		swap(rank[i], rank[j]);
	}
	/* Farther apart than a post takes. */
	for (i = 0; i < n; i++)
		KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
				rx_post_timed(&timing->timed[i], 500LL * RX_UNITS_PER_MS +
								 rank[i] * 1LL * RX_UNITS_PER_MS));
	KUNIT_ASSERT_TRUE(test, wqc_eventually(atomic_read(&timing->starts) == n));
	/* Counts only requests that were due earlier whatever the duration of the posts. */
	for (i = 0; i < n; i++) {
		unsigned int earlier = 0, later = 0, place = timing->timed[i].place;

		for (j = 0; j < n; j++) {
			earlier += timing->timed[j].latest < timing->timed[i].due;
			later += timing->timed[j].due > timing->timed[i].latest;
		}
		if (place < earlier)
			worst = max(worst, earlier - place);
		else if (place > n - 1 - later)
			worst = max(worst, place - (n - 1 - later));
		cond_resched();
	}
	kunit_info(test, "%u requests, at most %u places from their own", n, worst);
	/* As with floods: a preemptible kernel may stop a runner at any point. */
	if (!IS_ENABLED(CONFIG_PREEMPT))
		KUNIT_EXPECT_LE(test, worst, 16);
}

/* ---- one-shots ------------------------------------------------------------ */

static VOID rx_once_again(PVOID context)
{
	struct rx_probe *probe = context;

	if (!atomic_dec_return(&probe->runs))
		complete(&probe->ran);
	else if (RxPostOneShotTimerRequest(probe->device, &probe->request, rx_once_again, probe,
					   rx_interval(10)))
		probe->status = STATUS_UNSUCCESSFUL;
}

/* A one-shot runs once, and its routine may post it again. */
static void one_shot_may_be_posted_again_by_its_routine(struct kunit *test)
{
	struct rx_probe *probe = rx_probe_new(test, rx_device(test));

	atomic_set(&probe->runs, wqc_rounds(500, 20));
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			RxPostOneShotTimerRequest(probe->device, &probe->request, rx_once_again,
						  probe, rx_interval(10)));
	KUNIT_EXPECT_TRUE(test, wqc_done(&probe->ran));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, probe->status);
}

/* A post initialises the request, whatever it held; the post of a pending one is refused. */
static void post_of_a_pending_request_is_refused_and_reported(struct kunit *test)
{
	struct rx_probe *probe = rx_probe_new(test, rx_device(test));
	u64 reports = wqc_reports(test, RX_REFUSED_TWICE);

	memset32((u32 *)&probe->request, 0xdeadbeef, sizeof(probe->request) / 4);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, rx_once(probe, RX_LATE));
	KUNIT_EXPECT_TRUE(test, rx_is_queued(probe));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, rx_once(probe, 0));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, rx_post(probe, DelayedWorkQueue));
	KUNIT_EXPECT_EQ(test, reports + 2, wqc_reports(test, RX_REFUSED_TWICE));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, rx_cancel(probe));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, rx_once(probe, 0));
	KUNIT_EXPECT_TRUE(test, wqc_done(&probe->ran));
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&probe->runs));
}

/* ---- recurrents ----------------------------------------------------------- */

/* A recurrent request runs periodically, one interval apart. */
static void recurrent_runs_an_interval_apart(struct kunit *test)
{
	struct rx_probe *probe = rx_probe_new(test, rx_device(test));
	u64 begin = ktime_get_ns(), ns;
	unsigned int runs;

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, rx_recur(probe, 5 * RX_UNITS_PER_MS));
	KUNIT_EXPECT_TRUE(test, wqc_done_times(&probe->ran, 20));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, rx_cancel(probe));
	runs = atomic_read(&probe->runs);
	ns = ktime_get_ns() - begin;
	kunit_info(test, "%u runs in %llu us", runs, ns / 1000);
	KUNIT_EXPECT_LE(test, runs * 5ULL * NSEC_PER_MSEC, ns);
}

/* Runs do not overlap, not even if the routine takes longer than the interval. */
static void recurrent_does_not_overlap_itself(struct kunit *test)
{
	struct rx_probe *probe = rx_probe_new(test, rx_device(test));
	struct wqc_gate *gate = wqc_gate_new(test);

	probe->gate = gate;
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, rx_recur(probe, RX_UNITS_PER_MS));
	KUNIT_ASSERT_TRUE(test, wqc_gate_arrivals(gate, 1));
	msleep(WQC_GRACE_MS);
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&probe->runs));
	wqc_gate_open(gate);
	KUNIT_EXPECT_TRUE(test, wqc_done_times(&probe->ran, 20));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RxSpinDownMRxDispatcher(probe->device));
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&gate->peak));
}

/* ---- the timer ------------------------------------------------------------ */

/* The module allocates recurrent requests, which PREEMPT_RT allows in process context only. */
static bool rx_may_recur(void)
{
	return preemptible() || !(IS_ENABLED(CONFIG_PREEMPT_RT) ||
				  IS_ENABLED(CONFIG_PROVE_RAW_LOCK_NESTING));
}

static void rx_timer_calls(void *arg)
{
	struct rx_probe *probe = arg;

	probe->status = rx_once(probe, RX_LATE) ?: rx_cancel(probe);
	if (!probe->status && rx_may_recur())
		probe->status = rx_recur(probe, RX_LATE) ?: rx_cancel(probe);
	probe->status = probe->status ?: rx_once(probe, 0);
}

/* Requests are posted and cancelled in every context, up to hard interrupts. */
static void requests_work_in_every_context(struct kunit *test)
{
	const enum wqc_context *context = test->param_value;
	struct rx_probe *probe = rx_probe_new(test, rx_device(test));

	wqc_call_in(test, *context, rx_timer_calls, probe);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, probe->status);
	KUNIT_EXPECT_TRUE(test, wqc_done(&probe->ran));
}

/* Redirectors share the timer: the last tear-down cancels the pending requests. */
static void last_tear_down_cancels_pending_requests(struct kunit *test)
{
	struct rx_probe *probe;

	RxTearDownRxTimer();	/* a call too many does no harm */
	probe = rx_probe_new(test, rx_device(test));
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, RxInitializeRxTimer());
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, rx_once(probe, RX_LATE));
	RxTearDownRxTimer();
	KUNIT_EXPECT_TRUE(test, rx_is_queued(probe));
	RxTearDownRxTimer();
	KUNIT_EXPECT_FALSE(test, rx_is_queued(probe));
	KUNIT_EXPECT_EQ(test, STATUS_REDIRECTOR_NOT_STARTED, rx_once(probe, RX_LATE));
	KUNIT_EXPECT_EQ(test, STATUS_REDIRECTOR_NOT_STARTED, rx_recur(probe, RX_LATE));
	KUNIT_EXPECT_EQ(test, STATUS_NOT_FOUND, rx_cancel(probe));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RxInitializeRxTimer());
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, rx_once(probe, 0));
	KUNIT_EXPECT_TRUE(test, wqc_done(&probe->ran));
}

static struct kunit_case rxtimer_cases[] = {
	KUNIT_CASE(one_shot_is_never_early_and_a_tick_late_at_most),
	KUNIT_CASE(zero_and_negative_intervals_are_intervals),
	KUNIT_CASE(any_interval_is_served),
	KUNIT_CASE(requests_start_in_the_order_of_their_times),
	KUNIT_CASE(one_shot_may_be_posted_again_by_its_routine),
	KUNIT_CASE(post_of_a_pending_request_is_refused_and_reported),
	KUNIT_CASE(recurrent_runs_an_interval_apart),
	KUNIT_CASE(recurrent_does_not_overlap_itself),
	KUNIT_CASE_PARAM(requests_work_in_every_context, wqc_context_gen_params),
	KUNIT_CASE(last_tear_down_cancels_pending_requests),
	{}
};

static struct kunit_suite wqc_rx_timer_suite = {
	.name = "wqc_rx_timer",
	.test_cases = rxtimer_cases,
};

kunit_test_suite(wqc_rx_timer_suite);
