// SPDX-License-Identifier: GPL-2.0
/*
 * Refusals of RxPostToWorkerThread() and RxDispatchToWorkerThread(), and starvation: no item
 * waits long behind sleeping routines or floods of other devices.
 */
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "../lib/hrtimer.h"
#include "rx_test.h"

/* Both calls refuse with @status; the item is neither queued nor changed. */
static void rx_expect_refused(struct kunit *test, PRDBSS_DEVICE_OBJECT device,
			      WORK_QUEUE_TYPE type, NTSTATUS status)
{
	struct rx_probe *probe = rx_probe_new(test, device);
	static const u8 patterns[] = { 0x00, 0x6b, 0xff, 0x6b };
	RX_WORK_ITEM before;
	int i;

	for (i = 0; i < ARRAY_SIZE(patterns); i++) {
		memset(&before, patterns[i], sizeof(before));
		if (i == 3)	/* as after a run */
			before.WorkQueueItem.WorkQueueItem.List.Blink = NULL;
		probe->request = before;
		KUNIT_EXPECT_EQ(test, status, rx_post(probe, type));
		KUNIT_EXPECT_FALSE(test, rx_is_queued(probe));
		KUNIT_EXPECT_EQ(test, 0, memcmp(&before, &probe->request, sizeof(before)));
	}
	KUNIT_EXPECT_EQ(test, status, RxDispatchToWorkerThread(device, type, rx_run, probe));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&probe->runs));
}

/* A redirector has three queue types; any other is an invalid parameter. */
static void other_queue_types_are_refused(struct kunit *test)
{
	static const int types[] = {
		NormalWorkQueue, BackgroundWorkQueue, RealTimeWorkQueue, SuperCriticalWorkQueue,
		MaximumWorkQueue, 8, 31, CustomPriorityWorkQueue, CustomPriorityWorkQueue + 31,
		64, -1, INT_MAX, INT_MIN,
	};
	PRDBSS_DEVICE_OBJECT device = rx_device(test);
	int i;

	for (i = 0; i < ARRAY_SIZE(types); i++)
		rx_expect_refused(test, device, (WORK_QUEUE_TYPE)types[i],
				  STATUS_INVALID_PARAMETER);
}

/* Without a device, an item or a routine the calls refuse. */
static void null_pointers_are_refused(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	PRDBSS_DEVICE_OBJECT device = rx_device(test);
	struct rx_probe *probe = rx_probe_new(test, device);
	RX_WORK_QUEUE_ITEM *item = &probe->request.WorkQueueItem;

	rx_expect_refused(test, NULL, class->type, STATUS_INVALID_PARAMETER);
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER,
			RxPostToWorkerThread(device, class->type, NULL, rx_run, probe));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER,
			RxPostToWorkerThread(device, class->type, item, NULL, probe));
	KUNIT_EXPECT_FALSE(test, rx_is_queued(probe));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER,
			RxDispatchToWorkerThread(device, class->type, NULL, probe));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, RxInitializeMRxDispatcher(NULL));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, RxSpinDownMRxDispatcher(NULL));
}

/* A device without RxInitializeMRxDispatcher() is not ready. */
static void device_that_was_never_initialised_is_not_ready(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	PRDBSS_DEVICE_OBJECT device;

	rx_start(test);
	device = rx_device_new(test);
	rx_expect_refused(test, device, class->type, STATUS_DEVICE_NOT_READY);
	KUNIT_EXPECT_EQ(test, STATUS_DEVICE_NOT_READY, RxSpinDownMRxDispatcher(device));
}

/* A device that is spun down is refused with insufficient resources, as documented. */
static void device_that_is_down_lacks_resources(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	PRDBSS_DEVICE_OBJECT device = rx_device(test);

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, RxSpinDownMRxDispatcher(device));
	rx_expect_refused(test, device, class->type, STATUS_INSUFFICIENT_RESOURCES);
}

/* Without RxInitializeDispatcher() no device can be initialised. */
static void without_a_dispatcher_nothing_is_queued(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	PRDBSS_DEVICE_OBJECT device = rx_device_new(test);

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, RxInitializeMRxDispatcher(device));
	rx_expect_refused(test, device, class->type, STATUS_REDIRECTOR_NOT_STARTED);
}

/*
 * Any word in a device's DispatcherContext, that of another device too, is checked and not
 * followed.
 */
static void garbage_in_the_dispatcher_context_is_not_followed(struct kunit *test)
{
	PRDBSS_DEVICE_OBJECT device = rx_device_new(test), other = rx_device(test);
	struct rx_probe *probe = rx_probe_new(test, device);
	unsigned int i, wrong = 0, rounds = wqc_rounds(20000, 2000);

	for (i = 0; i < rounds; i++) {
		switch (i) {
		case 0:
			device->DispatcherContext.Private = 0xdeadbeefdeadbeefULL;
			break;
		case 1:
			device->DispatcherContext.Private = (u64)(uintptr_t)device;
			break;
		case 2:
			device->DispatcherContext = other->DispatcherContext;
			break;
		case 3 ... 50:
			device->DispatcherContext.Private =
				other->DispatcherContext.Private ^ (1ULL << (i + 13));
			break;
		default:
			device->DispatcherContext.Private = get_random_u64();
		}
		wrong += rx_post(probe, DelayedWorkQueue) != STATUS_DEVICE_NOT_READY;
		if (i % 256 == 0)
			cond_resched();
	}
	KUNIT_EXPECT_EQ(test, 0, wrong);
	KUNIT_EXPECT_EQ(test, STATUS_DEVICE_NOT_READY, RxSpinDownMRxDispatcher(device));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&probe->runs));
}

/* ---- starvation --------------------------------------------------------- */

struct rx_sleepers {
	PRDBSS_DEVICE_OBJECT device;
	WORK_QUEUE_TYPE type;
	struct rx_probe *sleeper[8];
	struct rx_probe *probe;
	u64 posted_ns, started_ns;
	bool started;
};

static VOID rx_note_start(PVOID context)
{
	struct rx_sleepers *s = context;

	s->started_ns = ktime_get_ns();
	complete(&s->probe->ran);
}

static void rx_post_behind_sleepers(void *arg)
{
	struct rx_sleepers *s = arg;
	int i;

	/*
	 * Preemption off: the sleepers are queued together, so that each but the first waits behind
	 * one that will sleep.
	 */
	preempt_disable();
	for (i = 0; i < ARRAY_SIZE(s->sleeper); i++)
		rx_post(s->sleeper[i], s->type);
	preempt_enable();
	if (!wqc_gate_arrivals(s->sleeper[0]->gate, ARRAY_SIZE(s->sleeper)))
		return;
	s->posted_ns = ktime_get_ns();
	RxPostToWorkerThread(s->device, s->type, &s->probe->request.WorkQueueItem, rx_note_start,
			     s);
	s->started = wqc_done(&s->probe->ran);
}

/* "So that the routine to invoke is not blocked": an item behind sleeping routines starts. */
static void item_behind_sleepers_starts_at_once(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	struct rx_sleepers *s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);
	struct wqc_gate *gate;
	u64 us;
	int i;

	KUNIT_ASSERT_NOT_NULL(test, s);
	s->device = rx_device(test);
	s->type = class->type;
	s->probe = rx_probe_new(test, s->device);
	for (i = 0; i < ARRAY_SIZE(s->sleeper); i++)
		s->sleeper[i] = rx_probe_new(test, s->device);
	gate = wqc_gate_new(test);
	for (i = 0; i < ARRAY_SIZE(s->sleeper); i++)
		s->sleeper[i]->gate = gate;
	wqc_on_cpu(test, 0, rx_post_behind_sleepers, s);
	KUNIT_EXPECT_TRUE(test, s->started);
	KUNIT_EXPECT_EQ(test, (int)ARRAY_SIZE(s->sleeper), atomic_read(&gate->inside));
	us = (s->started_ns - s->posted_ns) / 1000;
	kunit_info(test, "started %llu us after the post", us);
	/* An idle runner starts the item; the keeper would repair a lost wake-up after a second. */
	KUNIT_EXPECT_LT(test, us, 500000ULL * min(rx_scale(), 10U));
}

#define RX_FLOODERS	3

struct rx_flood {
	PRDBSS_DEVICE_OBJECT a[RX_FLOODERS], b;
	unsigned int devices;		/* of @a; 0: a flood of Ex items */
	WORK_QUEUE_TYPE type;
	unsigned int count;
	RX_WORK_QUEUE_ITEM *items;
	struct rx_probe *probe;		/* the item of device B */
	atomic_t started;		/* items of the flood */
	int at_post;			/* @started when B posted */
	int worst, posts, refused;
	struct hrtimer timer;
	struct completion over;
};

static VOID rx_flood_a(PVOID context)
{
	struct rx_flood *flood = context;

	atomic_inc(&flood->started);
}

static VOID rx_flood_b(PVOID context)
{
	struct rx_flood *flood = context;

	flood->worst = max(flood->worst, atomic_read(&flood->started) - flood->at_post);
	/* @worst is written before the next post, which reads this first. */
	smp_store_release(&flood->probe->cpu, 0);
}

static void rx_flood_post_b(struct rx_flood *flood)
{
	/* The last item of B is still queued or runs. */
	if (smp_load_acquire(&flood->probe->cpu))
		return;
	flood->at_post = atomic_read(&flood->started);
	if (flood->at_post >= flood->count)
		return;
	flood->probe->cpu = 1;
	flood->posts++;
	if (RxPostToWorkerThread(flood->b, flood->type, &flood->probe->request.WorkQueueItem,
				 rx_flood_b, flood))
		flood->refused++;
}

static enum hrtimer_restart rx_flood_tick(struct hrtimer *timer)
{
	struct rx_flood *flood = container_of(timer, struct rx_flood, timer);

	rx_flood_post_b(flood);
	if (atomic_read(&flood->started) >= flood->count) {
		complete(&flood->over);
		return HRTIMER_NORESTART;
	}
	hrtimer_forward_now(timer, ns_to_ktime(100 * NSEC_PER_USEC));
	return HRTIMER_RESTART;
}

static void rx_flood_post_a(struct rx_flood *flood, unsigned int i)
{
	PRX_WORK_QUEUE_ITEM item = &flood->items[i];

	if (!flood->devices) {
		ExInitializeWorkItem(item, rx_flood_a, flood);
		ExQueueWorkItem(&item->WorkQueueItem, flood->type);
	} else if (RxPostToWorkerThread(flood->a[i % flood->devices], flood->type, item, rx_flood_a,
					flood)) {
		flood->refused++;
	}
}

/* Holds the CPU until all items of the flood are queued there. */
static void rx_flood_run(void *arg)
{
	struct rx_flood *flood = arg;
	unsigned int i;

	wqc_hrtimer_setup(&flood->timer, rx_flood_tick, CLOCK_MONOTONIC,
			  HRTIMER_MODE_REL_PINNED_HARD);
	preempt_disable();
	for (i = 0; i < flood->count; i++)
		rx_flood_post_a(flood, i);
	rx_flood_post_b(flood);
	hrtimer_start(&flood->timer, ns_to_ktime(100 * NSEC_PER_USEC),
		      HRTIMER_MODE_REL_PINNED_HARD);
	preempt_enable();
	wqc_done(&flood->over);
	hrtimer_cancel(&flood->timer);
}

static void rx_flood_free(void *items)
{
	vfree(items);
}

/*
 * While each of the flooding devices has items queued on a CPU, an item of another device
 * starts after at most one item of each, one more that was taken during the post, and those
 * that runners had already taken.
 */
static void rx_run_flood(struct kunit *test, unsigned int devices, WORK_QUEUE_TYPE type)
{
	struct rx_flood *flood = kunit_kzalloc(test, sizeof(*flood), GFP_KERNEL);
	int least = IS_ENABLED(CONFIG_PREEMPT) ? 1 : 2;
	unsigned int bound, i, tries = 0;

	KUNIT_ASSERT_NOT_NULL(test, flood);
	flood->count = wqc_rounds(50000, 1000);
	flood->items = vzalloc(array_size(flood->count, sizeof(*flood->items)));
	KUNIT_ASSERT_NOT_NULL(test, flood->items);
	wqc_at_exit(test, rx_flood_free, flood->items);
	for (i = 0; i < devices; i++)
		flood->a[i] = rx_device(test);
	flood->b = rx_device(test);
	flood->devices = devices;
	flood->type = type;
	flood->probe = rx_probe_new(test, flood->b);
	/*
	 * On a busy host, the timer of the guest may expire after the flood has run: the case
	 * repeats then.
	 */
	do {
		flood->posts = 0;
		atomic_set(&flood->started, 0);
		init_completion(&flood->over);
		wqc_on_cpu(test, 0, rx_flood_run, flood);
		/* Pairs with the release of the last rx_flood_b(). */
		KUNIT_ASSERT_TRUE(test, wqc_eventually(!smp_load_acquire(&flood->probe->cpu)));
		KUNIT_ASSERT_TRUE(test,
				  wqc_eventually(atomic_read(&flood->started) == flood->count));
	} while (flood->posts < least && ++tries < 10);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RxSpinDownMRxDispatcher(flood->b));
	bound = 1 + max(devices, 1U) + rx_runners(test, type, 0);
	kunit_info(test, "%d posts beside %u items: at most %d of these ran before; bound %u",
		   flood->posts, flood->count, flood->worst, bound);
	KUNIT_EXPECT_EQ(test, 0, flood->refused);
	KUNIT_EXPECT_GE(test, flood->posts, least);
	/*
	 * A preemptible kernel may run any number of other runners between the taking of an item
	 * from its lane and its routine: there the number is only printed.
	 */
	if (!IS_ENABLED(CONFIG_PREEMPT))
		KUNIT_EXPECT_LE(test, flood->worst, bound);
}

/* 50,000 items of one device queued on a CPU do not delay the item of another device. */
static void flood_of_one_device_does_not_hold_up_another(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;

	rx_run_flood(test, 1, class->type);
}

/* Floods of several devices delay it by one item each. */
static void flood_of_several_devices_does_not_hold_up_another(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;

	rx_run_flood(test, RX_FLOODERS, class->type);
}

/* Ex items share the threads of HyperCritical, and count as items of one device. */
static void flood_of_ex_items_does_not_hold_up_a_redirector(struct kunit *test)
{
	rx_run_flood(test, 0, HyperCriticalWorkQueue);
}

#define RX_TURNS_DEVICES	3
#define RX_TURNS_EACH		4

struct rx_turns {
	struct rx_turn {
		RX_WORK_QUEUE_ITEM item;
		struct rx_turns *turns;
		unsigned int device, place;
	} turn[RX_TURNS_DEVICES * RX_TURNS_EACH];
	PRDBSS_DEVICE_OBJECT device[RX_TURNS_DEVICES];
	struct completion ran;
	atomic_t started;
	int refused;
};

static VOID rx_turn_run(PVOID context)
{
	struct rx_turn *turn = context;

	turn->place = atomic_inc_return(&turn->turns->started) - 1;
	complete(&turn->turns->ran);
}

/* Interrupts off: the runners that the poster wakes cannot preempt it. */
static void rx_turns_post(void *arg)
{
	struct rx_turns *turns = arg;
	unsigned long flags;
	unsigned int i;

	local_irq_save(flags);
	for (i = 0; i < ARRAY_SIZE(turns->turn); i++) {
		turns->turn[i].turns = turns;
		turns->turn[i].device = i / RX_TURNS_EACH;
		if (RxPostToWorkerThread(turns->device[i / RX_TURNS_EACH], HyperCriticalWorkQueue,
					 &turns->turn[i].item, rx_turn_run, &turns->turn[i]))
			turns->refused++;
	}
	local_irq_restore(flags);
}

/*
 * Round robin: one item of each device, in the order of the devices' first posts, then the next
 * item of each. The exact order can be observed with HyperCritical only: see wqc_order.
 */
static void items_of_devices_start_in_turn(struct kunit *test)
{
	struct rx_turns *turns = kunit_kzalloc(test, sizeof(*turns), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, turns);
	init_completion(&turns->ran);
	for (i = 0; i < RX_TURNS_DEVICES; i++)
		turns->device[i] = rx_device(test);
	wqc_on_cpu(test, cpumask_last(cpu_online_mask), rx_turns_post, turns);
	KUNIT_EXPECT_EQ(test, 0, turns->refused);
	KUNIT_ASSERT_TRUE(test, wqc_done_times(&turns->ran, ARRAY_SIZE(turns->turn)));
	for (i = 0; i < ARRAY_SIZE(turns->turn); i++)
		KUNIT_EXPECT_EQ_MSG(test, turns->turn[i].place,
				    i % RX_TURNS_EACH * RX_TURNS_DEVICES + turns->turn[i].device,
				    "item %u of device %u", i % RX_TURNS_EACH,
				    turns->turn[i].device);
}

static struct kunit_case rxinput_cases[] = {
	KUNIT_CASE(other_queue_types_are_refused),
	KUNIT_CASE_PARAM(null_pointers_are_refused, wqc_class_gen_params),
	KUNIT_CASE_PARAM(device_that_was_never_initialised_is_not_ready, wqc_class_gen_params),
	KUNIT_CASE_PARAM(device_that_is_down_lacks_resources, wqc_class_gen_params),
	KUNIT_CASE_PARAM(without_a_dispatcher_nothing_is_queued, wqc_class_gen_params),
	KUNIT_CASE(garbage_in_the_dispatcher_context_is_not_followed),
	KUNIT_CASE_PARAM(item_behind_sleepers_starts_at_once, wqc_class_gen_params),
	KUNIT_CASE(items_of_devices_start_in_turn),
	KUNIT_CASE_PARAM(flood_of_one_device_does_not_hold_up_another, wqc_class_gen_params),
	KUNIT_CASE_PARAM(flood_of_several_devices_does_not_hold_up_another, wqc_class_gen_params),
	KUNIT_CASE(flood_of_ex_items_does_not_hold_up_a_redirector),
	{}
};

static struct kunit_suite wqc_rx_input_suite = {
	.name = "wqc_rx_input",
	.test_cases = rxinput_cases,
};

kunit_test_suite(wqc_rx_input_suite);
