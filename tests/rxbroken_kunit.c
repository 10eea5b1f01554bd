// SPDX-License-Identifier: GPL-2.0
/*
 * Use-after-free by a client: timer requests whose memory is freed or overwritten while they
 * are pending, and items that are overwritten while they are queued.
 */
#include <linux/delay.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "rx_test.h"
#include "wqc_probe.h"

#define BROKEN	"invalid queue entry"

enum { WHOLE_ITEM, ONLY_LIST, DEVICE, ODD_TIME, NR_WAYS };

/* Overwrites the memory of the request. */
static void break_request(RX_WORK_ITEM *request, int way, int pattern)
{
	switch (way) {
	case WHOLE_ITEM:
		memset(request, pattern, sizeof(*request));
		break;
	case ONLY_LIST:
		memset(&request->WorkQueueItem.List, pattern, sizeof(LIST_ENTRY));
		break;
	case DEVICE:
		memset(&request->WorkQueueItem.pDeviceObject, pattern, sizeof(void *));
		break;
	case ODD_TIME:	/* as recurrent requests have it */
		request->LastTick |= 1;
		break;
	}
}

/* An interval after which a request is due, far enough ahead for a busy host to break it before. */
static LONGLONG still_pending(unsigned int ms)
{
	return (LONGLONG)ms * RX_UNITS_PER_MS * min(rx_scale(), 5U);
}

/* Requests of one device, in the order in which they are due. */
struct broken_set {
	struct rx_probe *first, *broken, *behind, *again;
};

static void broken_set_init(struct kunit *test, struct broken_set *set)
{
	set->first = rx_probe_new(test, rx_device(test));
	set->broken = rx_probe_new(test, set->first->device);
	set->behind = rx_probe_new(test, set->first->device);
	set->again = rx_probe_new(test, set->first->device);
}

static void broken_set_post(struct kunit *test, struct broken_set *set, LONGLONG due)
{
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, rx_once(set->first, due));
	due += 30 * RX_UNITS_PER_MS;
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, rx_once(set->broken, due));
	due += 10 * RX_UNITS_PER_MS;
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, rx_once(set->behind, due));
	due += 10 * RX_UNITS_PER_MS;
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, rx_recur(set->again, due));
}

static void broken_set_ran(struct kunit *test, struct broken_set *set)
{
	KUNIT_EXPECT_TRUE(test, wqc_done(&set->first->ran));
	KUNIT_EXPECT_TRUE(test, wqc_done(&set->behind->ran));
	KUNIT_EXPECT_TRUE(test, wqc_done_times(&set->again->ran, 2));
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&set->first->runs));
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&set->behind->runs));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&set->broken->runs));
}

/*
 * A pending request is freed, and its memory is cleared, poisoned or reused: one for each, at the
 * same time. A request before the broken one, one behind it and a recurrent one run. Each broken
 * one is reported once, and no spin-down waits for it.
 */
static void request_overwritten_while_pending_stops_no_other(struct kunit *test)
{
	static const u8 patterns[] = { 0x00, 0x6b, 0xff };
	struct broken_set sets[ARRAY_SIZE(patterns)];
	int way = *(const int *)test->param_value;
	int i, n = way == ODD_TIME ? 1 : ARRAY_SIZE(patterns);
	u64 reports = wqc_reports(test, BROKEN);
	LONGLONG due = still_pending(500);

	for (i = 0; i < n; i++)
		broken_set_init(test, &sets[i]);
	for (i = 0; i < n; i++)
		broken_set_post(test, &sets[i], due);
	for (i = 0; i < n; i++)
		break_request(&sets[i].broken->request, way, patterns[i]);
	for (i = 0; i < n; i++)
		broken_set_ran(test, &sets[i]);
	KUNIT_EXPECT_EQ(test, reports + n, wqc_reports(test, BROKEN));
	for (i = 0; i < n; i++)
		KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
				RxSpinDownMRxDispatcher(sets[i].first->device));
}

static const int ways[NR_WAYS] = { WHOLE_ITEM, ONLY_LIST, DEVICE, ODD_TIME };

static void way_name(const int *way, char *desc)
{
	static const char *const names[] = {
		"whole_item", "only_its_List", "only_its_device", "only_its_time"
	};

	strscpy(desc, names[*way], KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(way, ways, way_name);

/*
 * The memory of a request is unmapped when it is due: a report, no fault. Freed vmalloc memory
 * stays mapped until vm_unmap_aliases() returns; on a busy host, the request must not be due
 * before that.
 */
static void request_whose_memory_was_unmapped_is_reported(struct kunit *test)
{
	LONGLONG due = still_pending(1000);
	struct rx_probe *behind = rx_probe_new(test, rx_device(test));
	RX_WORK_ITEM *gone = vzalloc(sizeof(*gone));
	u64 reports = wqc_reports(test, BROKEN);

	KUNIT_ASSERT_NOT_NULL(test, gone);
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			RxPostOneShotTimerRequest(behind->device, gone, rx_run, NULL,
						  rx_interval(due)));
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, rx_once(behind, due + 10 * RX_UNITS_PER_MS));
	vfree(gone);
	vm_unmap_aliases();	/* now, and on all CPUs */
	KUNIT_EXPECT_TRUE(test, wqc_done(&behind->ran));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RxSpinDownMRxDispatcher(behind->device));
	KUNIT_EXPECT_EQ(test, reports + 1, wqc_reports(test, BROKEN));
}

/*
 * A post, a cancel and a spin-down beside a broken request find all other requests; the broken
 * one is reported.
 */
static void calls_find_other_requests_beside_an_overwritten_one(struct kunit *test)
{
	struct rx_probe *first = rx_probe_new(test, rx_device(test));
	struct rx_probe *broken = rx_probe_new(test, first->device);
	struct rx_probe *behind = rx_probe_new(test, first->device);
	u64 reports = wqc_reports(test, BROKEN);

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, rx_once(first, RX_LATE));
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, rx_once(broken, RX_LATE + 100));
	break_request(&broken->request, WHOLE_ITEM, 0);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, rx_once(behind, RX_LATE + 200));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, rx_cancel(first));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, rx_cancel(behind));
	KUNIT_EXPECT_EQ(test, reports, wqc_reports(test, BROKEN));

	/* The request is found by the arguments of its post; its memory is not written to. */
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, rx_cancel(broken));
	KUNIT_EXPECT_EQ(test, reports + 1, wqc_reports(test, BROKEN));
	KUNIT_EXPECT_EQ(test, STATUS_NOT_FOUND, rx_cancel(broken));
	KUNIT_EXPECT_NULL(test, memchr_inv(&broken->request, 0, sizeof(broken->request)));

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, rx_once(broken, RX_LATE));
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, rx_once(first, RX_LATE));
	break_request(&broken->request, WHOLE_ITEM, 0xff);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RxSpinDownMRxDispatcher(first->device));
	KUNIT_EXPECT_EQ(test, reports + 2, wqc_reports(test, BROKEN));
	KUNIT_EXPECT_FALSE(test, rx_is_queued(first));
	KUNIT_EXPECT_NULL(test, memchr_inv(&broken->request, 0xff, sizeof(broken->request)));
}

/*
 * A pending request is cleared and posted again. The first post is reported when it is due, or
 * can be cancelled before; the second runs at its own time.
 */
static void request_cleared_and_posted_again_runs_at_its_last_time(struct kunit *test)
{
	struct rx_probe *again = rx_probe_new(test, rx_device(test));
	struct rx_probe *behind = rx_probe_new(test, again->device);
	u64 reports = wqc_reports(test, BROKEN), due;
	LONGLONG first = still_pending(500), second = first + 170 * RX_UNITS_PER_MS;

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, rx_once(again, first));
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, rx_once(behind, first + 10 * RX_UNITS_PER_MS));
	break_request(&again->request, WHOLE_ITEM, 0);
	due = ktime_get_ns() + second * NSEC_PER_MSEC / RX_UNITS_PER_MS;
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, rx_once(again, second));
	KUNIT_EXPECT_TRUE(test, wqc_done(&behind->ran));
	KUNIT_EXPECT_TRUE(test, wqc_done(&again->ran));
	KUNIT_EXPECT_LE(test, due, ktime_get_ns());
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&again->runs));
	KUNIT_EXPECT_EQ(test, reports + 1, wqc_reports(test, BROKEN));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RxSpinDownMRxDispatcher(again->device));
}

/* A request that is overwritten while it is due and waits in its lane is reported. */
static void request_overwritten_while_queued_harms_no_other(struct kunit *test)
{
	struct rx_probe *first = rx_probe_new(test, rx_device(test));
	struct rx_probe *broken = rx_probe_new(test, first->device);
	struct rx_probe *behind = rx_probe_new(test, first->device);
	struct rx_probe *posted = rx_probe_new(test, first->device);
	u64 reports = wqc_reports(test, BROKEN);

	preempt_disable();
	rx_once(first, 0);
	rx_once(broken, 0);
	rx_once(behind, 0);
	wqc_spin_past_timers(100);
	rx_post(posted, CriticalWorkQueue);
	break_request(&broken->request, WHOLE_ITEM, 0x6b);
	preempt_enable();
	KUNIT_EXPECT_TRUE(test, wqc_done(&first->ran));
	KUNIT_EXPECT_TRUE(test, wqc_done(&behind->ran));
	KUNIT_EXPECT_TRUE(test, wqc_done(&posted->ran));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&broken->runs));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RxSpinDownMRxDispatcher(first->device));
	KUNIT_EXPECT_EQ(test, reports + 1, wqc_reports(test, BROKEN));
}

/*
 * Requests that wait in a lane behind an overwritten item are lost with it. Such a request can
 * be cancelled, and a spin-down returns its item to the client.
 */
static void request_lost_in_a_broken_lane_can_be_cancelled(struct kunit *test)
{
	struct rx_probe *broken = rx_probe_new(test, rx_device(test));
	struct rx_probe *once = rx_probe_new(test, broken->device);
	struct rx_probe *cancelled = rx_probe_new(test, broken->device);
	u64 reports = wqc_reports(test, BROKEN);

	preempt_disable();
	rx_post(broken, CriticalWorkQueue);
	rx_once(once, 0);
	rx_once(cancelled, 0);
	wqc_spin_past_timers(100);
	break_request(&broken->request, WHOLE_ITEM, 0);
	preempt_enable();
	KUNIT_EXPECT_TRUE(test, wqc_eventually(wqc_reports(test, BROKEN) > reports));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, rx_cancel(cancelled));
	KUNIT_EXPECT_FALSE(test, rx_is_queued(cancelled));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RxSpinDownMRxDispatcher(broken->device));
	KUNIT_EXPECT_FALSE(test, rx_is_queued(once));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&once->runs) + atomic_read(&cancelled->runs));
	KUNIT_EXPECT_EQ(test, STATUS_NOT_FOUND, rx_cancel(once));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RxInitializeMRxDispatcher(broken->device));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, rx_once(once, 0));
	KUNIT_EXPECT_TRUE(test, wqc_done(&once->ran));
	KUNIT_EXPECT_TRUE(test, wqc_settled(test));
}

/* An overwritten item that is the last in a queue runs, and so do the others. */
static void item_cleared_and_posted_again_runs(struct kunit *test)
{
	struct rx_probe *again = rx_probe_new(test, rx_device(test));
	struct rx_probe *last = rx_probe_new(test, again->device);
	u64 reports = wqc_reports(test, BROKEN);

	preempt_disable();
	rx_post(again, CriticalWorkQueue);
	memset(&again->request, 0, sizeof(again->request));
	rx_post(again, CriticalWorkQueue);
	rx_post(last, CriticalWorkQueue);
	preempt_enable();
	KUNIT_EXPECT_TRUE(test, wqc_done(&last->ran));
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&again->runs));
	KUNIT_EXPECT_LT(test, reports, wqc_reports(test, BROKEN));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RxSpinDownMRxDispatcher(again->device));
}

/*
 * In the middle of the lanes of two devices, the items behind an overwritten one are lost. They
 * are reported, no spin-down waits for them, and the devices work afterwards.
 */
static void spin_down_does_not_wait_for_items_that_are_lost(struct kunit *test)
{
	struct rx_probe *first = rx_probe_new(test, rx_device(test));
	struct rx_probe *again = rx_probe_new(test, first->device);
	struct rx_probe *behind = rx_probe_new(test, first->device);
	struct rx_probe *other = rx_probe_new(test, rx_device(test));
	struct rx_probe *hidden = rx_probe_new(test, other->device);
	u64 reports = wqc_reports(test, BROKEN);

	preempt_disable();
	rx_post(first, CriticalWorkQueue);
	rx_post(again, CriticalWorkQueue);
	rx_post(behind, CriticalWorkQueue);
	memset(&again->request, 0, sizeof(again->request));
	rx_post(again, CriticalWorkQueue);
	rx_post(other, CriticalWorkQueue);
	rx_post(hidden, CriticalWorkQueue);
	memset(&other->request, 0, sizeof(other->request));
	rx_post(other, CriticalWorkQueue);
	preempt_enable();
	KUNIT_EXPECT_TRUE(test, wqc_done(&first->ran));
	KUNIT_EXPECT_TRUE(test, wqc_done(&again->ran));
	KUNIT_EXPECT_TRUE(test, wqc_done(&other->ran));
	KUNIT_EXPECT_TRUE(test, wqc_eventually(wqc_reports(test, BROKEN) > reports));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RxSpinDownMRxDispatcher(first->device));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RxSpinDownMRxDispatcher(other->device));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&behind->runs) + atomic_read(&hidden->runs));
	KUNIT_EXPECT_NE(test, 0U, wqc_log_lines(test, "2 items of it are lost", ""));

	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RxInitializeMRxDispatcher(first->device));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, rx_post(first, CriticalWorkQueue));
	KUNIT_EXPECT_TRUE(test, wqc_done(&first->ran));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RxSpinDownMRxDispatcher(first->device));
	KUNIT_EXPECT_TRUE(test, wqc_settled(test));
}

static VOID sleep_long(PVOID context)
{
	struct rx_probe *probe = context;

	complete(&probe->ran);
	msleep(4000);		/* longer than the module takes to find lost items */
	atomic_inc(&probe->returned);
}

/* A spin-down waits for a routine that runs, also after other items were lost. */
static void spin_down_waits_for_running_routines_although_items_are_lost(struct kunit *test)
{
	struct rx_probe *again = rx_probe_new(test, rx_device(test));
	struct rx_probe *behind = rx_probe_new(test, again->device);
	struct rx_probe *sleeper = rx_probe_new(test, again->device);

	preempt_disable();
	rx_post(again, CriticalWorkQueue);
	rx_post(behind, CriticalWorkQueue);
	memset(&again->request, 0, sizeof(again->request));
	rx_post(again, CriticalWorkQueue);
	preempt_enable();
	KUNIT_EXPECT_TRUE(test, wqc_done(&again->ran));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			RxPostToWorkerThread(sleeper->device, CriticalWorkQueue,
					     &sleeper->request.WorkQueueItem, sleep_long,
					     sleeper));
	KUNIT_EXPECT_TRUE(test, wqc_done(&sleeper->ran));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RxSpinDownMRxDispatcher(again->device));
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&sleeper->returned));
}

static struct kunit_case broken_cases[] = {
	KUNIT_CASE_PARAM(request_overwritten_while_pending_stops_no_other, way_gen_params),
	KUNIT_CASE(request_whose_memory_was_unmapped_is_reported),
	KUNIT_CASE(calls_find_other_requests_beside_an_overwritten_one),
	KUNIT_CASE(request_cleared_and_posted_again_runs_at_its_last_time),
	KUNIT_CASE(request_overwritten_while_queued_harms_no_other),
	KUNIT_CASE(request_lost_in_a_broken_lane_can_be_cancelled),
	KUNIT_CASE(item_cleared_and_posted_again_runs),
	KUNIT_CASE(spin_down_does_not_wait_for_items_that_are_lost),
	KUNIT_CASE(spin_down_waits_for_running_routines_although_items_are_lost),
	{}
};

static struct kunit_suite wqc_rx_broken_suite = {
	.name = "wqc_rx_broken",
	.test_cases = broken_cases,
};

kunit_test_suite(wqc_rx_broken_suite);
