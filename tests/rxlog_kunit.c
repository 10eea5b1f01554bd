// SPDX-License-Identifier: GPL-2.0
/* The log of mini-redirectors: its rings, its switches, and the callers that write to it. */
#include <linux/console.h>
#include <linux/slab.h>
#include <linux/tracepoint.h>

#include "rx_test.h"
#include "wqc_probe.h"
#include "rxlog_build.h"

/* ---- rings ---------------------------------------------------------------- */

static void rx_log_many(void *arg)
{
	unsigned int i, count = *(unsigned int *)arg;

	for (i = 0; i < count; i++)
		_RxLog("many %u", i);
}

/* A full ring drops its oldest records, and counts them. */
static void full_ring_wraps_and_counts(struct kunit *test)
{
	unsigned int count = RX_LOG_KEPT;
	struct rx_log_head before, after;
	char *text;

	rx_log_start(test);
	wqc_on_cpu(test, 0, rx_log_many, &count);
	before = rx_log_head(test);
	count = 1000;
	wqc_on_cpu(test, 0, rx_log_many, &count);
	after = rx_log_head(test);
	KUNIT_EXPECT_EQ(test, before.wrapped + count, after.wrapped);
	KUNIT_EXPECT_EQ(test, before.attempts + count, after.attempts);
	text = wqc_debugfs_text(test, "rxlog");
	KUNIT_EXPECT_NOT_NULL(test, strstr(text, "many 999\n"));
	KUNIT_EXPECT_NOT_NULL(test, strstr(text, "many 745\n"));
	KUNIT_EXPECT_NULL(test, strstr(text, "many 744\n"));
}

static bool rx_set_parameter(const char *value)
{
	return !wqc_write_file("/sys/module/wq_compat/parameters/rxlog", value);
}

/* While paused, switched off or not initialised, records are counted as ignored. */
static void records_are_ignored_while_the_log_is_off(struct kunit *test)
{
	struct rx_log_head before, after;

	rx_log_start(test);
	_RxLog("heard");
	before = rx_log_head(test);
	KUNIT_EXPECT_STREQ(test, (const char *)before.state, "enabled");
	_RxPauseLog();
	_RxLog("paused");
	after = rx_log_head(test);
	_RxResumeLog();
	KUNIT_EXPECT_STREQ(test, (const char *)after.state, "disabled");
	KUNIT_EXPECT_EQ(test, before.ignored + 1, after.ignored);

	KUNIT_EXPECT_TRUE(test, rx_set_parameter("N"));
	_RxLog("off");
	after = rx_log_head(test);
	KUNIT_EXPECT_TRUE(test, rx_set_parameter("Y"));
	KUNIT_EXPECT_STREQ(test, (const char *)after.state, "disabled");
	KUNIT_EXPECT_EQ(test, before.ignored + 2, after.ignored);

	RxUninitializeLog();
	_RxLog("uninitialised");
	after = rx_log_head(test);
	RxUninitializeLog();	/* a call too many does no harm */
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RxInitializeLog());
	KUNIT_EXPECT_STREQ(test, (const char *)after.state, "uninitialized");
	KUNIT_EXPECT_EQ(test, before.ignored + 3, after.ignored);
	rx_log_newest(test, rx_newest, sizeof(rx_newest));
	KUNIT_EXPECT_STREQ(test, (const char *)rx_newest, "heard");
	RX_EXPECT_LOG(test, "again", "again");
}

/* Redirectors share the log: it records until the last of them has uninitialised it. */
static void log_stays_until_its_last_user_goes(struct kunit *test)
{
	rx_log_start(test);
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, RxInitializeLog());
	RxUninitializeLog();
	RX_EXPECT_LOG(test, "still here", "still here");
}

static void rx_log_from(void *arg, int cpu)
{
	unsigned int i;

	for (i = 0; i < 100; i++) {
		_RxLog("from %u", i);
		cond_resched();
	}
}

/* Records of several CPUs are shown in the order of time, with CPU and time. */
static void records_are_read_in_the_order_of_time(struct kunit *test)
{
	u64 secs, usecs, now, last = 0;
	unsigned int cpu, n, lines = 0, *next;
	char *text, *line;
	int fields;

	next = kunit_kcalloc(test, nr_cpu_ids, sizeof(*next), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, next);
	rx_log_start(test);
	wqc_on_all_cpus(test, rx_log_from, NULL);
	text = wqc_debugfs_text(test, "rxlog");
	strsep(&text, "\n");
	while ((line = strsep(&text, "\n")) && *line) {
		fields = sscanf(line, "[ %llu.%llu] cpu %u:", &secs, &usecs, &cpu);
		KUNIT_ASSERT_EQ(test, 3, fields);
		KUNIT_ASSERT_LT(test, cpu, nr_cpu_ids);
		now = secs * USEC_PER_SEC + usecs;
		KUNIT_ASSERT_GE(test, now, last);
		last = now;
		line = strstr(line, ": from ");
		if (!line || sscanf(line, ": from %u", &n) != 1)
			continue;
		KUNIT_ASSERT_EQ(test, next[cpu]++, n);
		lines++;
	}
	KUNIT_EXPECT_EQ(test, 100 * num_online_cpus(), lines);
}

static void rx_log_name(void *arg)
{
	_RxLog("in %s", (const char *)arg);
}

/* _RxLog() may be called in every context, up to hard interrupts. */
static void log_is_callable_in_every_context(struct kunit *test)
{
	const enum wqc_context *context = test->param_value;
	char expected[64];

	rx_log_start(test);
	wqc_call_in(test, *context, rx_log_name, (void *)wqc_context_names[*context]);
	snprintf(expected, sizeof(expected), "in %s", wqc_context_names[*context]);
	rx_log_newest(test, rx_newest, sizeof(rx_newest));
	KUNIT_EXPECT_STREQ(test, (const char *)rx_newest, expected);
}

/* ---- the macros, and other writers -------------------------------------- */

/* RDBSSLOG and DBG select, when a client is compiled, which of the macros log. */
static void macros_log_as_the_build_says(struct kunit *test)
{
	struct rx_log_head before, after;

	rx_log_start(test);
	before = rx_log_head(test);
	KUNIT_EXPECT_EQ(test, 3, rxlog_debug());
	after = rx_log_head(test);
	KUNIT_EXPECT_EQ(test, before.attempts + 4, after.attempts);
	KUNIT_EXPECT_EQ(test, before.ignored + 1, after.ignored);
	KUNIT_EXPECT_EQ(test, 2, rxlog_retail());
	before = rx_log_head(test);
	KUNIT_EXPECT_EQ(test, after.attempts + 2, before.attempts);
	KUNIT_EXPECT_EQ(test, after.ignored + 1, before.ignored);
	KUNIT_EXPECT_EQ(test, 0, rxlog_none());
	after = rx_log_head(test);
	KUNIT_EXPECT_EQ(test, before.attempts + 1, after.attempts);
	KUNIT_EXPECT_EQ(test, before.ignored, after.ignored);
}

static atomic_t rx_printed;

static void rx_console_write(struct console *console, const char *text, unsigned int length)
{
	const char *at = strnstr(text, "wq_compat: rxlog: ", length);

	if (at && strnstr(at, "print me", text + length - at))
		atomic_inc(&rx_printed);
}

static struct console rx_console = {
	.name = "rxlog",
	.write = rx_console_write,
	.flags = CON_ENABLED,
	.index = -1,
};

static void rx_console_gone(void *unused)
{
	unregister_console(&rx_console);
}

/* _RxPrintLog() prints the newest records, or with 0 all, into the kernel's log. */
static void log_is_printed(struct kunit *test)
{
	int i;

	rx_log_start(test);
	for (i = 0; i < 3; i++)
		_RxLog("print me %d", i);
	register_console(&rx_console);
	wqc_at_exit(test, rx_console_gone, NULL);
	atomic_set(&rx_printed, 0);
	_RxPrintLog(2);
	KUNIT_EXPECT_TRUE(test, wqc_eventually(atomic_read(&rx_printed) == 2));
	_RxPrintLog(0);
	KUNIT_EXPECT_TRUE(test, wqc_eventually(atomic_read(&rx_printed) == 5));
}

struct rx_failures {
	struct tracepoint *tp;
	atomic_t seen;
	const void *device;
	unsigned int type;
	int status;
};

static void rx_failure_probe(void *data, const void *device, unsigned int type, void *routine,
			     int status)
{
	struct rx_failures *failures = data;

	failures->device = device;
	failures->type = type;
	failures->status = status;
	atomic_inc(&failures->seen);
}

static struct tracepoint *rx_found_tp;

static int rx_find_tracepoint(struct notifier_block *nb, unsigned long event, void *data)
{
	struct tp_module *tp_mod = data;
	int i;

	for (i = 0; i < tp_mod->mod->num_tracepoints; i++) {
		struct tracepoint *tp = tracepoint_ptr_deref(&tp_mod->mod->tracepoints_ptrs[i]);

		if (!strcmp(tp->name, "rx_failure"))
			rx_found_tp = tp;
	}
	return NOTIFY_OK;
}

static void rx_remove_probe(void *data)
{
	struct rx_failures *failures = data;

	tracepoint_probe_unregister(failures->tp, rx_failure_probe, failures);
	tracepoint_synchronize_unregister();
}

static struct rx_failures *rx_failures_watch(struct kunit *test)
{
	static struct notifier_block nb = { .notifier_call = rx_find_tracepoint };
	struct rx_failures *failures = kunit_kzalloc(test, sizeof(*failures), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, failures);
	register_tracepoint_module_notifier(&nb);
	unregister_tracepoint_module_notifier(&nb);
	failures->tp = rx_found_tp;
	KUNIT_ASSERT_NOT_NULL(test, failures->tp);
	KUNIT_ASSERT_EQ(test, 0,
			tracepoint_probe_register(failures->tp, rx_failure_probe, failures));
	wqc_at_exit(test, rx_remove_probe, failures);
	return failures;
}

/* The last call failed with @status: one more trace event, and the newest record. */
static void rx_expect_failure(struct kunit *test, struct rx_failures *failures,
			      PRDBSS_DEVICE_OBJECT device, unsigned int type, NTSTATUS status,
			      NTSTATUS got)
{
	char expected[80];

	KUNIT_EXPECT_EQ(test, status, got);
	KUNIT_EXPECT_EQ(test, 1, atomic_xchg(&failures->seen, 0));
	KUNIT_EXPECT_PTR_EQ(test, failures->device, (const void *)device);
	KUNIT_EXPECT_EQ(test, type, failures->type);
	KUNIT_EXPECT_EQ(test, status, failures->status);
	rx_log_newest(test, rx_newest, sizeof(rx_newest));
	KUNIT_EXPECT_NOT_NULL(test, strstr(rx_newest, "not queued: device "));
	snprintf(expected, sizeof(expected), "queue type %u, routine rx_run", type);
	KUNIT_EXPECT_NOT_NULL_MSG(test, strstr(rx_newest, expected), "%s", rx_newest);
	snprintf(expected, sizeof(expected), "status %x", status);
	KUNIT_EXPECT_NOT_NULL_MSG(test, strstr(rx_newest, expected), "%s", rx_newest);
}

/* Makes each call that queues, once, with the device of a probe. */
static void rx_expect_all_fail(struct kunit *test, struct rx_failures *failures,
			       struct rx_probe *probe, NTSTATUS status)
{
	PRDBSS_DEVICE_OBJECT device = probe->device;

	rx_expect_failure(test, failures, device, HyperCriticalWorkQueue, status,
			  rx_post(probe, HyperCriticalWorkQueue));
	rx_expect_failure(test, failures, device, DelayedWorkQueue, status,
			  RxDispatchToWorkerThread(device, DelayedWorkQueue, rx_run, probe));
	rx_expect_failure(test, failures, device, CriticalWorkQueue, status,
			  rx_once(probe, RX_LATE));
	rx_expect_failure(test, failures, device, CriticalWorkQueue, status,
			  rx_recur(probe, RX_LATE));
}

/*
 * Each failed post, dispatch or timer request is logged, and is a trace event, with device,
 * class, routine and status, whatever the reason. A successful one is not.
 */
static void failures_are_logged_and_traced(struct kunit *test)
{
	struct rx_failures *failures = rx_failures_watch(test);
	PRDBSS_DEVICE_OBJECT device = rx_device_new(test);
	struct rx_probe *probe = rx_probe_new(test, device);
	struct rx_probe no_device = {};

	rx_log_start(test);
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, RxInitializeMRxDispatcher(device));
	rx_expect_all_fail(test, failures, probe, STATUS_REDIRECTOR_NOT_STARTED);
	rx_start(test);
	rx_expect_failure(test, failures, device, MaximumWorkQueue, STATUS_INVALID_PARAMETER,
			  rx_post(probe, MaximumWorkQueue));
	rx_expect_failure(test, failures, device, MaximumWorkQueue, STATUS_INVALID_PARAMETER,
			  RxDispatchToWorkerThread(device, MaximumWorkQueue, rx_run, probe));
	rx_expect_all_fail(test, failures, &no_device, STATUS_INVALID_PARAMETER);
	no_device.device = rx_device_new(test);
	rx_expect_all_fail(test, failures, &no_device, STATUS_DEVICE_NOT_READY);

	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, rx_once(probe, RX_LATE));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&failures->seen));
	rx_expect_failure(test, failures, device, DelayedWorkQueue, STATUS_INVALID_PARAMETER,
			  rx_post(probe, DelayedWorkQueue));
	rx_expect_failure(test, failures, device, CriticalWorkQueue, STATUS_INVALID_PARAMETER,
			  rx_once(probe, 0));

	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RxSpinDownMRxDispatcher(device));
	rx_expect_all_fail(test, failures, probe, STATUS_INSUFFICIENT_RESOURCES);
}

static struct kunit_case rxlog_cases[] = {
	KUNIT_CASE(full_ring_wraps_and_counts),
	KUNIT_CASE(records_are_ignored_while_the_log_is_off),
	KUNIT_CASE(log_stays_until_its_last_user_goes),
	KUNIT_CASE(records_are_read_in_the_order_of_time),
	KUNIT_CASE_PARAM(log_is_callable_in_every_context, wqc_context_gen_params),
	KUNIT_CASE(macros_log_as_the_build_says),
	KUNIT_CASE(log_is_printed),
	KUNIT_CASE(failures_are_logged_and_traced),
	{}
};

static struct kunit_suite wqc_rx_log_suite = {
	.name = "wqc_rx_log",
	.test_cases = rxlog_cases,
};

kunit_test_suite(wqc_rx_log_suite);
