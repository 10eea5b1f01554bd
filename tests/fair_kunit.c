// SPDX-License-Identifier: GPL-2.0
/*
 * Turns between owners: a driver whose items fill a queue delays the item of another driver by one
 * turn. On one CPU, and of HyperCritical where the order of the starts must be exact.
 */
#include <linux/delay.h>

#include "wqc_load.h"

#define FAIR_FLOOD	200
#define FAIR_SLEEPERS	600	/* more than twice the runners of any class, by default */
#define FAIR_FEW	6
#define FAIR_DRIVERS	7	/* owners that have a turn of their own */

struct fair;

struct fair_item {
	WORK_QUEUE_ITEM ex;
	PIO_WORKITEM io;		/* NULL: @ex is queued */
	struct fair *fair;
	unsigned int started;		/* its place in the order of starts */
	struct fair_item *then;		/* queued by the routine */
};

/*
 * @posts: in the order of their queue calls; the others are queued by routines
 * @ms: a routine sleeps that long
 */
struct fair {
	WORK_QUEUE_TYPE type;
	unsigned int n, posts, ms;
	atomic_t started;
	struct fair_item items[FAIR_SLEEPERS + FAIR_FEW];
};

static void fair_queue(struct fair_item *item);

static void fair_ran(struct fair_item *item)
{
	struct fair *fair = item->fair;

	unsigned int ms = fair->ms;

	if (item->then)
		fair_queue(item->then);
	item->started = atomic_fetch_inc(&fair->started);
	if (ms)
		msleep(ms);
}

static VOID fair_ex(PVOID context)
{
	fair_ran(context);
}

static VOID fair_io(PDEVICE_OBJECT device, PVOID context)
{
	fair_ran(context);
}

static void fair_queue(struct fair_item *item)
{
	if (item->io) {
		IoQueueWorkItem(item->io, fair_io, item->fair->type, item);
		return;
	}
	ExInitializeWorkItem(&item->ex, fair_ex, item);
	ExQueueWorkItem(&item->ex, item->fair->type);
}

/* Interrupts off: the runners that the poster wakes cannot preempt it. */
static void fair_post(void *arg)
{
	struct fair *fair = arg;
	unsigned long flags;
	unsigned int i;

	local_irq_save(flags);
	for (i = 0; i < fair->posts; i++)
		fair_queue(&fair->items[i]);
	local_irq_restore(flags);
}

static struct fair *fair_new(struct kunit *test)
{
	struct fair *fair = kunit_kzalloc(test, sizeof(*fair), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, fair);
	fair->type = HyperCriticalWorkQueue;
	return fair;
}

static void fair_free_item(void *item)
{
	IoFreeWorkItem(item);
}

/* Adds items of a device; NULL: items of no driver. Returns the first. */
static struct fair_item *fair_add(struct kunit *test, struct fair *fair, PDEVICE_OBJECT device,
				  unsigned int number)
{
	struct fair_item *first = &fair->items[fair->n], *item;

	for (item = first; item < first + number; item++) {
		item->fair = fair;
		if (!device)
			continue;
		item->io = IoAllocateWorkItem(device);
		KUNIT_ASSERT_NOT_NULL(test, item->io);
		wqc_at_exit(test, fair_free_item, item->io);
	}
	fair->n += number;
	fair->posts = fair->n;
	return first;
}

static void fair_run(struct kunit *test, struct fair *fair)
{
	wqc_on_cpu(test, cpumask_last(cpu_online_mask), fair_post, fair);
	KUNIT_ASSERT_TRUE(test, wqc_eventually(atomic_read(&fair->started) == fair->n));
}

/* The items of an owner start in their order, and none after @each times its place, and @each. */
static void fair_expect(struct kunit *test, const struct fair_item *first, unsigned int number,
			unsigned int each)
{
	unsigned int i;

	for (i = 0; i < number; i++) {
		KUNIT_EXPECT_LT(test, first[i].started, each * (i + 1));
		if (i)
			KUNIT_EXPECT_LT(test, first[i - 1].started, first[i].started);
	}
}

static void flood_of_a_driver_delays_others_by_a_turn(struct kunit *test)
{
	struct fair *fair = fair_new(test);
	struct fair_item *flood, *other, *none;

	flood = fair_add(test, fair, wqc_test_device(test), FAIR_FLOOD);
	other = fair_add(test, fair, wqc_test_device(test), FAIR_FEW);
	none = fair_add(test, fair, NULL, FAIR_FEW);
	fair_run(test, fair);
	fair_expect(test, flood, FAIR_FLOOD, FAIR_FLOOD + 2 * FAIR_FEW);
	fair_expect(test, other, FAIR_FEW, 3);
	fair_expect(test, none, FAIR_FEW, 3);
}

/* In each class, with routines that keep all of its runners. */
static void flood_of_sleepers_delays_others_by_a_turn(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	struct fair *fair = fair_new(test);
	struct fair_item *other;

	fair->type = class->type;
	fair->ms = 20;
	fair_add(test, fair, wqc_test_device(test), FAIR_SLEEPERS);
	other = fair_add(test, fair, wqc_test_device(test), 1);
	fair_run(test, fair);
	wqc_settle(test);
	kunit_info(test, "%s: %u items started before\n", class->name, other->started);
	KUNIT_EXPECT_LT(test, other->started, FAIR_SLEEPERS / 2);
}

static void flood_of_ex_items_delays_a_driver_by_a_turn(struct kunit *test)
{
	struct fair *fair = fair_new(test);
	struct fair_item *other;

	fair_add(test, fair, NULL, FAIR_FLOOD);
	other = fair_add(test, fair, wqc_test_device(test), FAIR_FEW);
	fair_run(test, fair);
	fair_expect(test, other, FAIR_FEW, 2);
}

/*
 * The first driver's items are one turn, those of the others, an item each, one more each. The last
 * of these has the turn of a driver that left.
 */
static void drivers_have_turns_of_their_own(struct kunit *test)
{
	struct fair *fair = fair_new(test);
	struct fair_item *others[FAIR_DRIVERS];
	PDRIVER_OBJECT leaver;
	unsigned int i;

	wqc_objects_calm(test);		/* drivers of former cases have given their numbers back */
	fair_add(test, fair, wqc_test_device(test), FAIR_FLOOD);
	KUNIT_ASSERT_EQ(test, 0, wqc_driver_load(THIS_MODULE, wqc_probe_entry, &leaver));
	for (i = 1; i < FAIR_DRIVERS - 1; i++)
		others[i] = fair_add(test, fair, wqc_test_device(test), 1);
	wqc_driver_unload(leaver);
	wqc_objects_calm(test);
	others[i] = fair_add(test, fair, wqc_test_device(test), 1);
	fair_run(test, fair);
	for (i = 1; i < FAIR_DRIVERS; i++)
		KUNIT_EXPECT_LT(test, others[i]->started, FAIR_DRIVERS);
}

/*
 * The first driver's only item finds the queue empty. When it runs the default lane is empty again,
 * and the other driver, whose items wait, queues one more.
 */
static void items_of_a_driver_keep_their_order(struct kunit *test)
{
	struct fair *fair = fair_new(test);
	struct fair_item *one, *other;

	one = fair_add(test, fair, wqc_test_device(test), 1);
	other = fair_add(test, fair, wqc_test_device(test), FAIR_FEW);
	one->then = &other[FAIR_FEW - 1];
	fair->posts--;
	fair_run(test, fair);
	fair_expect(test, other, FAIR_FEW, FAIR_FEW + 1);
}

struct fair_removal {
	struct fair *fair;
	PIO_WORKITEM item;
};

/* Frees the last item while it waits. */
static void fair_post_and_free(void *arg)
{
	struct fair_removal *removal = arg;
	unsigned long flags;

	local_irq_save(flags);
	fair_post(removal->fair);
	IoFreeWorkItem(removal->item);
	local_irq_restore(flags);
}

static void item_behind_another_driver_can_be_freed(struct kunit *test)
{
	struct fair *fair = fair_new(test);
	struct fair_removal removal = { .fair = fair };
	PDEVICE_OBJECT other = wqc_test_device(test);
	u64 before = wqc_reports(test, "item freed while it is queued");
	struct fair_item *last;

	fair_add(test, fair, wqc_test_device(test), FAIR_FEW);
	last = fair_add(test, fair, NULL, 1);
	last->io = IoAllocateWorkItem(other);
	KUNIT_ASSERT_NOT_NULL(test, last->io);
	removal.item = last->io;
	wqc_on_cpu(test, cpumask_last(cpu_online_mask), fair_post_and_free, &removal);
	KUNIT_EXPECT_TRUE(test, wqc_eventually(atomic_read(&fair->started) == FAIR_FEW));
	KUNIT_EXPECT_EQ(test, before + 1, wqc_reports(test, "item freed while it is queued"));
}

static struct kunit_case fair_cases[] = {
	KUNIT_CASE(flood_of_a_driver_delays_others_by_a_turn),
	KUNIT_CASE_PARAM(flood_of_sleepers_delays_others_by_a_turn, wqc_class_gen_params),
	KUNIT_CASE(flood_of_ex_items_delays_a_driver_by_a_turn),
	KUNIT_CASE(drivers_have_turns_of_their_own),
	KUNIT_CASE(items_of_a_driver_keep_their_order),
	KUNIT_CASE(item_behind_another_driver_can_be_freed),
	{}
};

static struct kunit_suite wqc_fair_suite = {
	.name = "wqc_fair",
	.test_cases = fair_cases,
};

kunit_test_suite(wqc_fair_suite);
