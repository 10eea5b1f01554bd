// SPDX-License-Identifier: GPL-2.0
/*
 * Invalid arguments of callers: items, types, routines, objects, Lists. And how misuse is
 * reported.
 */
#include <linux/random.h>
#include <linux/vmalloc.h>

#include "wqc_probe.h"

#define QUEUED_TWICE	"item queued while it is queued"
#define BAD_OBJECT	"item without a valid IoObject"
#define BAD_TYPE	"invalid queue type"
#define BAD_ROUTINE	"invalid worker routine"
#define BAD_ITEM	"invalid item"
#define BAD_ENTRY	"invalid queue entry"

/* ---- items --------------------------------------------------------------- */

/* Every call that takes an item reports NULL. */
static void null_item_is_reported(struct kunit *test)
{
	u64 reports = wqc_reports(test, BAD_ITEM);

	ExQueueWorkItem(NULL, DelayedWorkQueue);
	IoQueueWorkItem(NULL, wqc_probe_io, DelayedWorkQueue, NULL);
	IoQueueWorkItemEx(NULL, wqc_probe_io_ex, DelayedWorkQueue, NULL);
	KUNIT_EXPECT_FALSE(test, IoTryQueueWorkItem(NULL, wqc_probe_io_ex, DelayedWorkQueue, NULL));
	IoFreeWorkItem(NULL);
	IoUninitializeWorkItem(NULL);
	IoInitializeWorkItem(NULL, NULL);
	KUNIT_EXPECT_EQ(test, reports + 7, wqc_reports(test, BAD_ITEM));
}

/* Storage that was never initialised is refused, whatever it holds. */
static void io_item_never_initialised_is_refused(struct kunit *test)
{
	static const u8 fill[] = { 0, 0xff, 0x6b, 0xcc };
	PIO_WORKITEM io = kunit_kzalloc(test, IoSizeofWorkItem(), GFP_KERNEL);
	struct wqc_probe *probe = wqc_probe_new(test);
	u64 reports = wqc_reports(test, BAD_ITEM);
	int i;

	KUNIT_ASSERT_NOT_NULL(test, io);
	for (i = 0; i < ARRAY_SIZE(fill); i++) {
		memset(io, fill[i], IoSizeofWorkItem());
		IoQueueWorkItem(io, wqc_probe_io, DelayedWorkQueue, probe);
		KUNIT_EXPECT_EQ(test, reports + i + 1, wqc_reports(test, BAD_ITEM));
	}
	KUNIT_ASSERT_TRUE(test, wqc_settled(test));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&probe->runs));
}

/* ---- types and routines -------------------------------------------------- */

/* An invalid queue type is 0xE4/6, and the item runs as DelayedWorkQueue. */
static void invalid_queue_type_is_reported_and_runs_as_delayed(struct kunit *test)
{
	static const int types[] = { 7, 8, 9, 15, 16, 30, 31, 64, 65, 100, 255, 256, INT_MAX,
				     INT_MIN, -1 };
	PIO_WORKITEM io = wqc_io_item(test, wqc_test_device(test));
	struct wqc_probe *probe = wqc_probe_new(test);
	u64 reports = wqc_reports(test, BAD_TYPE);
	u64 queued = wqc_counter(test, "Delayed", "queued");
	int i;

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		wqc_probe_queue(probe, types[i]);
		KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
		KUNIT_EXPECT_STREQ(test, "Delayed", wqc_seen_class(&probe->seen));
		IoQueueWorkItem(io, wqc_probe_io, types[i], probe);
		KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
		KUNIT_EXPECT_EQ_MSG(test, reports + 2 * i + 2, wqc_reports(test, BAD_TYPE),
				    "type %d", types[i]);
	}
	KUNIT_EXPECT_EQ(test, queued + 2 * i, wqc_counter(test, "Delayed", "queued"));
	IoFreeWorkItem(io);
}

/*
 * A NULL routine, or one in the user half of the address space, is reported as 0xE4/7 and not
 * queued.
 */
static void null_or_user_routine_is_refused(struct kunit *test)
{
	static const unsigned long routines[] = { 0, 1, 0x400000, 0x7fffffffffffUL, LONG_MAX };
	const struct wqc_class_param *class = test->param_value;
	PIO_WORKITEM io = wqc_io_item(test, wqc_test_device(test));
	u64 refused = wqc_counter(test, class->pool, "refused");
	struct wqc_probe *probe = wqc_probe_new(test);
	u64 reports = wqc_reports(test, BAD_ROUTINE);
	int i;

	for (i = 0; i < ARRAY_SIZE(routines); i++) {
		void *routine = (void *)routines[i];

		ExInitializeWorkItem(&probe->item, routine, probe);
		ExQueueWorkItem(&probe->item, class->type);
		IoQueueWorkItem(io, routine, class->type, probe);
		IoQueueWorkItemEx(io, routine, class->type, probe);
		KUNIT_EXPECT_FALSE(test, IoTryQueueWorkItem(io, routine, class->type, probe));
	}
	KUNIT_EXPECT_EQ(test, reports + 4 * i, wqc_reports(test, BAD_ROUTINE));
	KUNIT_EXPECT_EQ(test, refused + 4 * i, wqc_counter(test, class->pool, "refused"));
	/* A refused call leaves the items usable. */
	wqc_probe_queue(probe, class->type);
	KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
	IoQueueWorkItem(io, wqc_probe_io, class->type, probe);
	KUNIT_EXPECT_TRUE(test, wqc_done(&probe->ran));
	IoFreeWorkItem(io);
}

/* ---- objects ------------------------------------------------------------- */

static void object_is_reported_once(struct kunit *test, PVOID object)
{
	struct wqc_probe *probe = wqc_probe_new(test);
	u64 reports = wqc_reports(test, BAD_OBJECT);
	PIO_WORKITEM io, other;
	int i;

	io = wqc_io_item(test, object);
	other = wqc_io_item(test, object);
	KUNIT_EXPECT_EQ(test, reports, wqc_reports(test, BAD_OBJECT));
	for (i = 0; i < 3; i++) {
		probe->object = test;
		IoQueueWorkItemEx(io, wqc_probe_io_ex, DelayedWorkQueue, probe);
		KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
		KUNIT_EXPECT_PTR_EQ(test, probe->object, object);
		KUNIT_EXPECT_EQ(test, reports + 1, wqc_reports(test, BAD_OBJECT));
	}
	IoQueueWorkItem(other, wqc_probe_io, DelayedWorkQueue, probe);
	KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
	KUNIT_EXPECT_EQ(test, reports + 2, wqc_reports(test, BAD_OBJECT));
	IoFreeWorkItem(io);
	IoFreeWorkItem(other);
}

/* NULL as IoObject is reported as 0xE4/3, once for each item; the item runs. */
static void null_object_is_reported_once_an_item_and_runs(struct kunit *test)
{
	object_is_reported_once(test, NULL);
}

/* Any other pointer is reported in the same way, passed to the routine, and not dereferenced. */
static void foreign_object_is_reported_once_an_item_and_runs(struct kunit *test)
{
	DEVICE_OBJECT *fake = kunit_kzalloc(test, sizeof(*fake), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, fake);
	fake->Type = IO_TYPE_DEVICE;
	fake->Size = sizeof(*fake);
	object_is_reported_once(test, fake);
	object_is_reported_once(test, (void *)0x1000);
}

/* ---- stale contents of an item's List ------------------------------------- */

static u64 stale_word(struct wqc_probe *probe, unsigned int i)
{
	const u64 words[] = {
		0, ~0ULL, 1, 7, 8, 0xdeadbeef, 0xdeadbeefdeadbeefULL, 0xbaadf00dbaadf00dULL,
		0x6b6b6b6b6b6b6b6bULL, 0x5a5a5a5a5a5a5a5aULL, 0xccccccccccccccccULL,
		0xa5a5a5a5a5a5a5a5ULL, 0xdead000000000100ULL, 0xdead000000000122ULL,
		(u64)&probe->item.List, (u64)&probe->item, (u64)probe - 1, (u64)current,
		(u64)stale_word, (u64)current->stack, 0x0000700000000000ULL, 0xff00000000000000ULL,
	};

	return i < ARRAY_SIZE(words) ? words[i] : 0;
}

#define STALE_WORDS	22

/* Stale contents of the List of an item that was filled by hand are not taken for "queued". */
static void stale_list_contents_are_not_taken_for_queued(struct kunit *test)
{
	u64 reports = wqc_reports(test, QUEUED_TWICE);
	struct wqc_probe *probe = wqc_probe_new(test);
	int i, j;

	for (i = 0; i < STALE_WORDS; i++) {
		for (j = 0; j < STALE_WORDS; j++) {
			probe->item.List.Flink = (void *)stale_word(probe, i);
			probe->item.List.Blink = (void *)stale_word(probe, j);
			probe->item.WorkerRoutine = wqc_probe_ex;
			probe->item.Parameter = probe;
			ExQueueWorkItem(&probe->item, HyperCriticalWorkQueue);
			KUNIT_ASSERT_TRUE_MSG(test, wqc_done(&probe->ran), "Blink %#llx",
					      stale_word(probe, j));
		}
	}
	KUNIT_EXPECT_EQ(test, reports, wqc_reports(test, QUEUED_TWICE));
}

/* Random contents of a List are taken for "queued" less often than once in a thousand times. */
static void random_list_contents_are_not_taken_for_queued(struct kunit *test)
{
	unsigned int i, rounds = wqc_rounds(20000, 2000);
	u64 reports = wqc_reports(test, QUEUED_TWICE);
	struct wqc_probe *probe = wqc_probe_new(test);
	WORK_QUEUE_ITEM *items = vzalloc(array_size(rounds, sizeof(*items)));

	KUNIT_ASSERT_NOT_NULL(test, items);
	for (i = 0; i < rounds; i++) {
		get_random_bytes(&items[i].List, sizeof(items[i].List));
		items[i].WorkerRoutine = wqc_probe_ex;
		items[i].Parameter = probe;
		ExQueueWorkItem(&items[i], HyperCriticalWorkQueue);
	}
	KUNIT_EXPECT_TRUE(test, wqc_settled(test));
	vfree(items);
	reports = wqc_reports(test, QUEUED_TWICE) - reports;
	KUNIT_EXPECT_EQ(test, (u64)rounds, reports + atomic_read(&probe->runs));
	KUNIT_EXPECT_LE(test, reports, (u64)rounds / 1000);
}

/* ---- a List that is written to while the item is queued ------------------- */

/*
 * A List that is overwritten while its item is queued is reported as 0x96. The items behind it
 * cannot be found and are counted as taken; the queue keeps working.
 */
static void overwritten_list_is_reported_and_the_queue_survives(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	u64 taken = wqc_counter(test, class->pool, "taken");
	struct wqc_probe *probes = wqc_probes_new(test, 4);
	u64 reports = wqc_reports(test, BAD_ENTRY);
	int i;

	wqc_hold(test, class->type);
	for (i = 0; i < 3; i++)
		wqc_probe_queue(&probes[i], class->type);
	memset(&probes[1].item.List, 0, sizeof(LIST_ENTRY));
	wqc_release(test);
	KUNIT_EXPECT_TRUE(test, wqc_settled(test));
	wqc_probe_queue(&probes[3], class->type);
	KUNIT_EXPECT_TRUE(test, wqc_done(&probes[3].ran));
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&probes[0].runs));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&probes[1].runs));
	KUNIT_EXPECT_EQ(test, reports + 1, wqc_reports(test, BAD_ENTRY));
	KUNIT_EXPECT_EQ(test, taken + 2, wqc_counter(test, class->pool, "taken"));
}

/* So is the List of the last item, when another item is queued behind it. */
static void overwritten_last_item_is_reported_when_one_is_queued_behind(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	struct wqc_probe *probes = wqc_probes_new(test, 3);
	u64 reports = wqc_reports(test, BAD_ENTRY);

	wqc_hold(test, class->type);
	wqc_probe_queue(&probes[0], class->type);
	memset(&probes[0].item.List, 0, sizeof(LIST_ENTRY));
	wqc_probe_queue(&probes[1], class->type);
	wqc_release(test);
	KUNIT_EXPECT_TRUE(test, wqc_settled(test));
	wqc_probe_queue(&probes[2], class->type);
	KUNIT_EXPECT_TRUE(test, wqc_done(&probes[2].ran));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&probes[0].runs));
	KUNIT_EXPECT_EQ(test, reports + 1, wqc_reports(test, BAD_ENTRY));
}

/* ---- reports ------------------------------------------------------------- */

#define VERIFIER	"/sys/module/wq_compat/parameters/verifier"

/* At most ten reports of a kind are printed in five seconds; the counter counts all of them. */
static void reports_are_rate_limited_and_all_counted(struct kunit *test)
{
	unsigned int lines = wqc_log_lines(test, "wq_compat: ", BAD_ITEM " (0xE4/0)");
	u64 reports = wqc_reports(test, BAD_ITEM);
	unsigned long begin = jiffies;
	int i;

	for (i = 0; i < 100; i++)
		IoFreeWorkItem(NULL);
	lines = wqc_log_lines(test, "wq_compat: ", BAD_ITEM " (0xE4/0)") - lines;
	KUNIT_EXPECT_EQ(test, reports + 100, wqc_reports(test, BAD_ITEM));
	KUNIT_EXPECT_LE(test, lines, 10 + 10 * (unsigned int)((jiffies - begin) / (5 * HZ) + 1));
}

static void reports_on(void *unused)
{
	wqc_write_file(VERIFIER, "1");
}

/* With verifier=0 misuse is counted and nothing is printed. */
static void verifier_0_only_counts(struct kunit *test)
{
	u64 reports = wqc_reports(test, "not an object, or deleted before");
	unsigned int lines = wqc_log_lines(test, "wq_compat: ", "not an object");

	KUNIT_ASSERT_EQ(test, 0, wqc_write_file(VERIFIER, "0"));
	wqc_at_exit(test, reports_on, NULL);
	ObReferenceObject(NULL);
	IoDeleteDevice(NULL);
	KUNIT_EXPECT_EQ(test, reports + 2,
			wqc_reports(test, "not an object, or deleted before"));
	KUNIT_EXPECT_EQ(test, lines, wqc_log_lines(test, "wq_compat: ", "not an object"));
	/* verifier=1 prints the same report. */
	reports_on(NULL);
	ObReferenceObject(NULL);
	KUNIT_EXPECT_EQ(test, lines + 1,
			wqc_log_lines(test, "wq_compat: ", "not an object"));
}

/* The parameter accepts 0, 1 and 2, and refuses any other value. */
static void verifier_takes_0_to_2(struct kunit *test)
{
	wqc_at_exit(test, reports_on, NULL);
	KUNIT_EXPECT_EQ(test, -EINVAL, wqc_write_file(VERIFIER, "3"));
	KUNIT_EXPECT_EQ(test, -EINVAL, wqc_write_file(VERIFIER, "-1"));
	KUNIT_EXPECT_EQ(test, 0, wqc_write_file(VERIFIER, "0"));
	KUNIT_EXPECT_EQ(test, 0, wqc_write_file(VERIFIER, "2"));
}

static struct kunit_case input_cases[] = {
	KUNIT_CASE(null_item_is_reported),
	KUNIT_CASE(io_item_never_initialised_is_refused),
	KUNIT_CASE(invalid_queue_type_is_reported_and_runs_as_delayed),
	KUNIT_CASE_PARAM(null_or_user_routine_is_refused, wqc_class_gen_params),
	KUNIT_CASE(null_object_is_reported_once_an_item_and_runs),
	KUNIT_CASE(foreign_object_is_reported_once_an_item_and_runs),
	KUNIT_CASE(stale_list_contents_are_not_taken_for_queued),
	KUNIT_CASE(random_list_contents_are_not_taken_for_queued),
	KUNIT_CASE_PARAM(overwritten_list_is_reported_and_the_queue_survives, wqc_class_gen_params),
	KUNIT_CASE_PARAM(overwritten_last_item_is_reported_when_one_is_queued_behind,
			 wqc_class_gen_params),
	KUNIT_CASE(verifier_0_only_counts),
	KUNIT_CASE(verifier_takes_0_to_2),
	KUNIT_CASE(reports_are_rate_limited_and_all_counted),
	{}
};

static struct kunit_suite wqc_input_suite = {
	.name = "wqc_input",
	.test_cases = input_cases,
};

kunit_test_suite(wqc_input_suite);
