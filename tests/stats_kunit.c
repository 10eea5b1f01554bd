// SPDX-License-Identifier: GPL-2.0
/*
 * Statistics: the counters and their laws, running routines, histograms, and the trace events
 * that follow one item.
 */
#include <linux/delay.h>
#include <linux/slab.h>
#include <linux/tracepoint.h>
#include <linux/vmalloc.h>

#include "wqc_probe.h"

/* A column of one CPU's queue; the texts are those of debugfs "queues". */
static u64 stat_of(struct kunit *test, const char *pool, int cpu, const char *column)
{
	char *text = wqc_debugfs_text(test, "queues"), *line, *end, *at;
	char head[64], field[32];
	u64 value = 0;
	int found;

	snprintf(head, sizeof(head), "class=%s cpu=%d ", pool, cpu);
	snprintf(field, sizeof(field), " %s=", column);
	line = strstr(text, head);
	KUNIT_ASSERT_NOT_NULL_MSG(test, line, "%s", head);
	end = strchr(line, '\n');
	KUNIT_ASSERT_NOT_NULL(test, end);
	*end = 0;
	at = strstr(line, field);
	KUNIT_ASSERT_NOT_NULL_MSG(test, at, "%s", field);
	found = sscanf(at + strlen(field), "%llu", &value);
	KUNIT_ASSERT_EQ(test, 1, found);
	kunit_kfree(test, text);
	return value;
}

/* ---- laws ---------------------------------------------------------------- */

struct storm {
	PDEVICE_OBJECT device;
	struct wqc_probe *probe;
	unsigned int rounds;
};

static void storm_run(void *arg)
{
	struct storm *storm = arg;
	WORK_QUEUE_TYPE type;
	PIO_WORKITEM io;
	unsigned int i;

	for (i = 0; i < storm->rounds; i++) {
		type = wqc_class_params[i % 3].type;
		ExQueueWorkItem(&storm->probe->item, type);
		io = IoAllocateWorkItem(storm->device);
		if (!io)
			continue;
		/* The item of HyperCritical cannot start meanwhile: it is taken back. */
		preempt_disable();
		IoQueueWorkItem(io, wqc_probe_io, type, storm->probe);
		IoFreeWorkItem(io);
		preempt_enable();
		cond_resched();
	}
}

static unsigned int check_laws(struct kunit *test)
{
	char *text = wqc_debugfs_text(test, "queues"), *lines = text, *line;
	u64 queued, started, finished, taken;
	unsigned int seen = 0;

	while ((line = strsep(&lines, "\n"))) {
		line = strstr(line, " queued=") ?: line;
		if (sscanf(line, " queued=%llu started=%llu finished=%llu taken=%llu",
			   &queued, &started, &finished, &taken) != 4)
			continue;
		seen++;
		KUNIT_ASSERT_GE_MSG(test, queued, started + taken, "%s", line);
		KUNIT_ASSERT_GE_MSG(test, started, finished, "%s", line);
	}
	kunit_kfree(test, text);
	return seen;
}

/* At any time queued >= started + taken and started >= finished, on every queue. */
static void counters_are_ordered_queued_started_finished(struct kunit *test)
{
	struct storm *storm = kunit_kzalloc(test, sizeof(*storm), GFP_KERNEL);
	struct wqc_probe *held = wqc_probes_new(test, 3);
	struct wqc_threads *threads;
	unsigned int samples = 0;
	struct wqc_gate *gate;
	int i;

	KUNIT_ASSERT_NOT_NULL(test, storm);
	storm->device = wqc_test_device(test);
	storm->probe = wqc_probe_new(test);
	storm->rounds = wqc_rounds(3000, 100);
	ExInitializeWorkItem(&storm->probe->item, wqc_probe_ex, storm->probe);
	/* One item of each class is started and not finished all the time. */
	gate = wqc_gate_new(test);
	for (i = 0; i < 3; i++) {
		held[i].gate = gate;
		wqc_probe_queue(&held[i], wqc_class_params[i].type);
	}
	KUNIT_ASSERT_TRUE(test, wqc_gate_arrivals(gate, 3));
	while (samples < wqc_rounds(20, 5)) {
		threads = wqc_threads_start(test, num_online_cpus(), storm_run, storm);
		do {
			KUNIT_ASSERT_GE(test, check_laws(test), 3 * num_online_cpus());
			samples++;
		} while (!wqc_threads_done(threads));
		wqc_threads_join(threads);
	}
	wqc_gate_open(gate);
	KUNIT_EXPECT_TRUE(test, wqc_ran_once(held, 3));
	KUNIT_ASSERT_TRUE(test, wqc_settled(test));
}

/* When no item is queued or runs, queued = started + taken = finished + taken. */
static void idle_counters_balance(struct kunit *test)
{
	struct storm *storm = kunit_kzalloc(test, sizeof(*storm), GFP_KERNEL);
	u64 runs = 0, taken = 0;
	int i;

	KUNIT_ASSERT_NOT_NULL(test, storm);
	storm->device = wqc_test_device(test);
	storm->probe = wqc_probe_new(test);
	storm->rounds = wqc_rounds(3000, 100);
	ExInitializeWorkItem(&storm->probe->item, wqc_probe_ex, storm->probe);
	KUNIT_ASSERT_TRUE(test, wqc_settled(test));
	for (i = 0; i < 3; i++) {
		runs -= wqc_counter(test, wqc_class_params[i].pool, "finished");
		taken -= wqc_counter(test, wqc_class_params[i].pool, "taken");
	}
	wqc_threads_join(wqc_threads_start(test, num_online_cpus(), storm_run, storm));
	KUNIT_ASSERT_TRUE(test, wqc_settled(test));
	for (i = 0; i < 3; i++) {
		const char *pool = wqc_class_params[i].pool;
		u64 finished = wqc_counter(test, pool, "finished");

		KUNIT_EXPECT_EQ(test, wqc_counter(test, pool, "started"), finished);
		KUNIT_EXPECT_EQ(test, wqc_counter(test, pool, "queued"),
				finished + wqc_counter(test, pool, "taken"));
		KUNIT_EXPECT_EQ(test, 0ULL, wqc_counter(test, pool, "depth"));
		runs += finished;
		taken += wqc_counter(test, pool, "taken");
	}
	KUNIT_EXPECT_EQ(test, runs, (u64)atomic_read(&storm->probe->runs));
	KUNIT_EXPECT_GE(test, taken, (u64)storm->rounds / 3);
}

/* ---- numbers ------------------------------------------------------------- */

/* For n items that wait in one queue, the sum of depths is n(n-1)/2, and the peak is n. */
static void depth_peak_and_sum_are_those_of_a_known_burst(struct kunit *test)
{
	struct wqc_probe *probe = wqc_probe_new(test);
	WORK_QUEUE_ITEM *items;
	u64 before[4], n, i;
	int cpu;

	KUNIT_ASSERT_TRUE(test, wqc_settled(test));
	cpu = wqc_stay_here(test);
	before[0] = stat_of(test, "HyperCritical", cpu, "peak_depth");
	before[1] = stat_of(test, "HyperCritical", cpu, "cumulative");
	before[2] = stat_of(test, "HyperCritical", cpu, "queued");
	before[3] = stat_of(test, "HyperCritical", cpu, "finished");
	n = before[0] + 10;
	items = vzalloc(array_size(n, sizeof(*items)));
	KUNIT_ASSERT_NOT_NULL(test, items);
	wqc_hold(test, HyperCriticalWorkQueue);
	for (i = 0; i < n; i++) {
		ExInitializeWorkItem(&items[i], wqc_probe_ex, probe);
		ExQueueWorkItem(&items[i], HyperCriticalWorkQueue);
	}
	wqc_release(test);
	KUNIT_EXPECT_TRUE(test, wqc_settled(test));
	vfree(items);
	KUNIT_EXPECT_EQ(test, n, (u64)atomic_read(&probe->runs));
	KUNIT_EXPECT_EQ(test, n, stat_of(test, "HyperCritical", cpu, "peak_depth"));
	KUNIT_EXPECT_EQ(test, before[1] + n * (n - 1) / 2,
			stat_of(test, "HyperCritical", cpu, "cumulative"));
	KUNIT_EXPECT_EQ(test, before[2] + n, stat_of(test, "HyperCritical", cpu, "queued"));
	KUNIT_EXPECT_EQ(test, before[3] + n, stat_of(test, "HyperCritical", cpu, "finished"));
	KUNIT_EXPECT_EQ(test, 0ULL, stat_of(test, "HyperCritical", cpu, "depth"));
	/* A shorter queue does not lower the peak. */
	wqc_probe_queue(probe, HyperCriticalWorkQueue);
	KUNIT_EXPECT_TRUE(test, wqc_settled(test));
	KUNIT_EXPECT_EQ(test, n, stat_of(test, "HyperCritical", cpu, "peak_depth"));
}

static VOID wait_at_gate(PVOID context)
{
	wqc_gate_wait(context);
}

/* "depth" counts the items that were queued and have not started. */
static void depth_counts_the_items_that_wait(struct kunit *test)
{
	struct wqc_probe *probes = wqc_probes_new(test, 7);
	struct wqc_gate *gate = wqc_gate_new(test);
	WORK_QUEUE_ITEM *items = kunit_kcalloc(test, 300, sizeof(*items), GFP_KERNEL);
	u64 depth;
	int i;

	KUNIT_ASSERT_NOT_NULL(test, items);
	wqc_stay_here(test);
	for (i = 0; i < 300; i++) {
		ExInitializeWorkItem(&items[i], wait_at_gate, gate);
		ExQueueWorkItem(&items[i], DelayedWorkQueue);
	}
	/* As many items as the class may have runners by default: all runners wait. */
	KUNIT_ASSERT_TRUE(test, wqc_gate_arrivals(gate, 256));
	KUNIT_EXPECT_TRUE(test, wqc_eventually(wqc_counter(test, "Delayed", "depth") == 300 - 256));
	depth = wqc_counter(test, "Delayed", "depth");
	KUNIT_EXPECT_EQ(test, depth, wqc_counter(test, "Delayed", "queued") -
				     wqc_counter(test, "Delayed", "started") -
				     wqc_counter(test, "Delayed", "taken"));
	KUNIT_EXPECT_EQ(test, 300 - depth, (u64)atomic_read(&gate->inside));
	for (i = 0; i < 7; i++)
		wqc_probe_queue(&probes[i], DelayedWorkQueue);
	KUNIT_EXPECT_EQ(test, depth + 7, wqc_counter(test, "Delayed", "depth"));
	wqc_gate_open(gate);
	KUNIT_EXPECT_TRUE(test, wqc_ran_once(probes, 7));
	KUNIT_EXPECT_TRUE(test, wqc_settled(test));
	KUNIT_EXPECT_EQ(test, 0ULL, wqc_counter(test, "Delayed", "depth"));
}

/* A runner whose routine has not returned is busy, all others are idle. */
static void busy_counts_the_routines_that_run(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	struct wqc_probe *probes = wqc_probes_new(test, 5);
	struct wqc_gate *gate = wqc_gate_new(test);
	int i;

	KUNIT_ASSERT_TRUE(test, wqc_settled(test));
	for (i = 0; i < 5; i++) {
		probes[i].gate = gate;
		wqc_probe_queue(&probes[i], class->type);
	}
	KUNIT_ASSERT_TRUE(test, wqc_gate_arrivals(gate, 5));
	KUNIT_EXPECT_TRUE(test, wqc_eventually(wqc_counter(test, class->pool, "busy") == 5));
	KUNIT_EXPECT_GE(test, wqc_counter(test, class->pool, "peak_busy"), 5ULL);
	wqc_gate_open(gate);
	KUNIT_EXPECT_TRUE(test, wqc_ran_once(probes, 5));
	KUNIT_EXPECT_TRUE(test, wqc_eventually(!wqc_counter(test, class->pool, "busy")));
	KUNIT_EXPECT_GT(test, wqc_counter(test, class->pool, "idle"), 0ULL);
}

/* debugfs "running" shows a routine, its class and its thread, from its start to its end. */
static void running_names_the_routine_while_it_runs(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	struct wqc_probe *probe = wqc_probe_new(test);
	char *text, *line, name[16], routine[64];
	int cpu, pid, ms, found;

	probe->gate = wqc_gate_new(test);
	wqc_probe_queue(probe, class->type);
	KUNIT_ASSERT_TRUE(test, wqc_gate_arrivals(probe->gate, 1));
	text = wqc_debugfs_text(test, "running");
	line = strstr(text, class->pool);
	KUNIT_ASSERT_NOT_NULL(test, line);
	found = sscanf(line, "%15s %d %d %d %63s", name, &cpu, &pid, &ms, routine);
	KUNIT_ASSERT_EQ(test, 5, found);
	KUNIT_EXPECT_STREQ(test, class->pool, name);
	KUNIT_EXPECT_EQ(test, probe->seen.pid, pid);
	KUNIT_EXPECT_STREQ(test, "wqc_probe_ex", routine);
	wqc_gate_open(probe->gate);
	KUNIT_EXPECT_TRUE(test, wqc_ran_once(probe, 1));
	KUNIT_EXPECT_TRUE(test, wqc_settled(test));
	KUNIT_EXPECT_NULL(test, strstr(wqc_debugfs_text(test, "running"), "wqc_probe_ex"));
}

/* Sum of the counts of a histogram, over CPUs. */
static u64 hist_sum(struct kunit *test, const char *pool, const char *name)
{
	char *text = wqc_debugfs_text(test, "queues"), *lines = text, *line, *at;
	char head[48], field[16];
	u64 sum = 0, count;
	int bucket;

	snprintf(head, sizeof(head), "class=%s ", pool);
	snprintf(field, sizeof(field), " %s=", name);
	while ((line = strsep(&lines, "\n"))) {
		if (strncmp(line, head, strlen(head)))
			continue;
		at = strstr(line, field);
		if (!at)
			continue;
		at += strlen(field);
		while (sscanf(at, "%d:%llu,", &bucket, &count) == 2) {
			sum += count;
			at = strchr(at, ',') + 1;
		}
	}
	kunit_kfree(test, text);
	return sum;
}

/* A sample of the items is timed: how long they waited, and how long they ran. */
static void histograms_fill(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	u64 waits = hist_sum(test, class->pool, "wait"), runs = hist_sum(test, class->pool, "run");
	struct wqc_probe *probe = wqc_probe_new(test);
	int i;

	wqc_stay_here(test);
	for (i = 0; i < 160; i++) {
		wqc_probe_queue(probe, class->type);
		KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
	}
	KUNIT_ASSERT_TRUE(test, wqc_settled(test));
	waits = hist_sum(test, class->pool, "wait") - waits;
	runs = hist_sum(test, class->pool, "run") - runs;
	KUNIT_EXPECT_EQ(test, waits, runs);
	KUNIT_EXPECT_GE(test, waits, 1ULL);
	KUNIT_EXPECT_LE(test, waits, 160ULL);
}

static VOID timed_routine(PVOID object, PVOID context, PIO_WORKITEM io)
{
	struct wqc_probe *probe = context;

	probe->wrong += io != probe->io;
	wqc_probe_io_ex(object, context, io);
}

/* A timed item gets the parameters of any other item, and is counted like one. */
static void timed_items_run_like_others(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	u64 waits = hist_sum(test, class->pool, "wait"), finished;
	PDEVICE_OBJECT device = wqc_test_device(test);
	struct wqc_probe *probe = wqc_probe_new(test);
	int i;

	wqc_stay_here(test);
	wqc_settle(test);
	finished = wqc_counter(test, class->pool, "finished");
	probe->io = wqc_io_kept(test, device);
	for (i = 0; i < 160; i++) {
		IoQueueWorkItemEx(probe->io, timed_routine, class->type, probe);
		KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
		KUNIT_ASSERT_PTR_EQ(test, probe->object, (PVOID)device);
	}
	wqc_settle(test);
	KUNIT_EXPECT_GE(test, hist_sum(test, class->pool, "wait") - waits, 1ULL);
	KUNIT_EXPECT_EQ(test, 160, atomic_read(&probe->runs));
	KUNIT_EXPECT_EQ(test, 0U, probe->wrong);
	KUNIT_EXPECT_EQ(test, finished + 160, wqc_counter(test, class->pool, "finished"));
}

static VOID timed_chain(PVOID context)
{
	struct wqc_probe *probe = context;

	if (!probe->rounds--)
		complete(&probe->ran);
	else
		ExQueueWorkItem(&probe->item, probe->type);
}

/* The items of a long drain, which need no wake-up, are timed too. */
static void items_of_a_long_drain_are_timed(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	u64 waits = hist_sum(test, class->pool, "wait");
	u64 kicks = wqc_counter(test, class->pool, "kicks");
	struct wqc_probe *probe = wqc_probe_new(test);

	wqc_stay_here(test);
	wqc_settle(test);
	probe->rounds = wqc_rounds(20000, 2000);
	ExInitializeWorkItem(&probe->item, timed_chain, probe);
	ExQueueWorkItem(&probe->item, class->type);
	KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
	wqc_settle(test);
	waits = hist_sum(test, class->pool, "wait") - waits;
	kicks = wqc_counter(test, class->pool, "kicks") - kicks;
	/* One item in 64 kicks is timed: the other ones were timed within the drain. */
	KUNIT_EXPECT_GT(test, waits, 2 * DIV_ROUND_UP(kicks, 64));
}

/* ---- trace events -------------------------------------------------------- */

enum { EVENT_QUEUE, EVENT_START, EVENT_END, EVENT_ROUTINE };

static const char *const event_names[] = { "item_queue", "item_start", "item_end" };

struct event {
	int what;
	const void *item, *routine, *context;
	pid_t pid;
};

/* The events of the item that is followed. */
struct follow {
	const void *context;
	struct event events[16];
	atomic_t count;
	struct tracepoint *points[3];
};

static void follow_note(struct follow *follow, int what, const void *item, const void *routine,
			const void *context)
{
	unsigned int at;

	if (context != READ_ONCE(follow->context))
		return;
	at = atomic_fetch_inc(&follow->count);
	if (at < ARRAY_SIZE(follow->events))
		follow->events[at] = (struct event){ what, item, routine, context, current->pid };
}

static void probe_queue(void *data, const void *item, void *routine, const void *context,
			unsigned int pool)
{
	follow_note(data, EVENT_QUEUE, item, routine, context);
}

static void probe_start(void *data, const void *item, void *routine, const void *context)
{
	follow_note(data, EVENT_START, item, routine, context);
}

static void probe_end(void *data, const void *item, void *routine, const void *context)
{
	follow_note(data, EVENT_END, item, routine, context);
}

static void *const event_probes[] = { probe_queue, probe_start, probe_end };

static VOID followed_routine(PVOID context)
{
	follow_note(context, EVENT_ROUTINE, NULL, followed_routine, context);
}

static VOID followed_routine_io(PVOID object, PVOID context, PIO_WORKITEM io)
{
	follow_note(context, EVENT_ROUTINE, io, followed_routine_io, context);
}

static struct follow *finding;

/* Called for each module with tracepoints, also for those that are already loaded. */
static int find_points(struct notifier_block *nb, unsigned long event, void *data)
{
	struct tp_module *tp_mod = data;
	struct tracepoint *point;
	int i, j;

	if (event != MODULE_STATE_COMING || strcmp(module_name(tp_mod->mod), "wq_compat"))
		return NOTIFY_OK;
	for (i = 0; i < tp_mod->mod->num_tracepoints; i++) {
		point = tracepoint_ptr_deref(&tp_mod->mod->tracepoints_ptrs[i]);
		for (j = 0; j < ARRAY_SIZE(event_names); j++)
			if (!strcmp(point->name, event_names[j]))
				finding->points[j] = point;
	}
	return NOTIFY_OK;
}

static void follow_end(void *arg)
{
	struct follow *follow = arg;
	int i;

	for (i = 0; i < ARRAY_SIZE(event_names); i++)
		tracepoint_probe_unregister(follow->points[i], event_probes[i], follow);
	tracepoint_synchronize_unregister();
	kfree(follow);
}

static struct follow *follow_begin(struct kunit *test)
{
	static struct notifier_block finder = { .notifier_call = find_points };
	struct follow *follow = kzalloc(sizeof(*follow), GFP_KERNEL);
	int i;

	KUNIT_ASSERT_NOT_NULL(test, follow);
	finding = follow;
	KUNIT_ASSERT_EQ(test, 0, register_tracepoint_module_notifier(&finder));
	unregister_tracepoint_module_notifier(&finder);
	for (i = 0; i < ARRAY_SIZE(event_names); i++)
		KUNIT_ASSERT_NOT_NULL_MSG(test, follow->points[i], "%s", event_names[i]);
	follow->context = follow;
	for (i = 0; i < ARRAY_SIZE(event_names); i++)
		KUNIT_ASSERT_EQ(test, 0, tracepoint_probe_register(follow->points[i],
								   event_probes[i], follow));
	wqc_at_exit(test, follow_end, follow);
	return follow;
}

static void follow_check(struct kunit *test, struct follow *follow, const void *item,
			 const void *routine)
{
	static const int order[] = { EVENT_QUEUE, EVENT_START, EVENT_ROUTINE, EVENT_END };
	const struct event *event;
	int i;

	KUNIT_ASSERT_TRUE(test, wqc_eventually(atomic_read(&follow->count) == 4));
	KUNIT_ASSERT_TRUE(test, wqc_settled(test));
	KUNIT_EXPECT_EQ(test, 4, atomic_read(&follow->count));
	for (i = 0; i < 4; i++) {
		event = &follow->events[i];
		KUNIT_EXPECT_EQ(test, order[i], event->what);
		KUNIT_EXPECT_PTR_EQ(test, routine, event->routine);
		if (event->what != EVENT_ROUTINE)
			KUNIT_EXPECT_PTR_EQ(test, item, event->item);
		if (event->what == EVENT_QUEUE)
			KUNIT_EXPECT_EQ(test, current->pid, event->pid);
		else
			KUNIT_EXPECT_EQ(test, follow->events[1].pid, event->pid);
	}
	atomic_set(&follow->count, 0);
}

/* Three events follow an item: queued by the caller, started and ended by the worker. */
static void trace_events_follow_an_item_in_order(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	PIO_WORKITEM io = wqc_io_item(test, wqc_test_device(test));
	struct wqc_probe *probe = wqc_probe_new(test);
	struct follow *follow = follow_begin(test);

	ExInitializeWorkItem(&probe->item, followed_routine, follow);
	ExQueueWorkItem(&probe->item, class->type);
	follow_check(test, follow, &probe->item, followed_routine);
	IoQueueWorkItemEx(io, followed_routine_io, class->type, follow);
	follow_check(test, follow, io, followed_routine_io);
	IoFreeWorkItem(io);
}

static struct kunit_case stats_cases[] = {
	KUNIT_CASE(counters_are_ordered_queued_started_finished),
	KUNIT_CASE(idle_counters_balance),
	KUNIT_CASE(depth_peak_and_sum_are_those_of_a_known_burst),
	KUNIT_CASE(depth_counts_the_items_that_wait),
	KUNIT_CASE_PARAM(busy_counts_the_routines_that_run, wqc_class_gen_params),
	KUNIT_CASE_PARAM(running_names_the_routine_while_it_runs, wqc_class_gen_params),
	KUNIT_CASE_PARAM(histograms_fill, wqc_class_gen_params),
	KUNIT_CASE_PARAM(timed_items_run_like_others, wqc_class_gen_params),
	KUNIT_CASE_PARAM(items_of_a_long_drain_are_timed, wqc_class_gen_params),
	KUNIT_CASE_PARAM(trace_events_follow_an_item_in_order, wqc_class_gen_params),
	{}
};

static struct kunit_suite wqc_stats_suite = {
	.name = "wqc_stats",
	.test_cases = stats_cases,
};

kunit_test_suite(wqc_stats_suite);
