// SPDX-License-Identifier: GPL-2.0
/*
 * What Windows drivers do with work items, pattern by pattern, in their style:
 * who owns the memory, where they queue from, how they wait.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "wqc_probe.h"

/* A driver's own idea of an event. */
typedef struct completion KEVENT;

/* ---- who frees ----------------------------------------------------------- */

typedef struct _REQUEST {
	PIO_WORKITEM WorkItem;
	struct wqc_gate *Gate;
	u32 Tag;
} REQUEST, *PREQUEST;

#define REQUEST_TAG	0x71655251

static PREQUEST AllocateRequest(PDEVICE_OBJECT device, struct wqc_gate *gate)
{
	PREQUEST request = kzalloc(sizeof(*request), GFP_ATOMIC);

	if (!request)
		return NULL;
	request->Gate = gate;
	request->Tag = REQUEST_TAG;
	request->WorkItem = IoAllocateWorkItem(device);
	if (!request->WorkItem) {
		kfree(request);
		return NULL;
	}
	return request;
}

static VOID FreeItemFirst(PDEVICE_OBJECT DeviceObject, PVOID Context)
{
	PREQUEST request = Context;
	struct wqc_gate *gate = request->Gate;

	IoFreeWorkItem(request->WorkItem);
	if (request->Tag == REQUEST_TAG && DeviceObject->Type == IO_TYPE_DEVICE)
		complete(&gate->arrived);
	memset(request, 0xdd, sizeof(*request));
	kfree(request);
}

static VOID UninitializeItem(PVOID IoObject, PVOID Context, PIO_WORKITEM IoWorkItem)
{
	struct wqc_gate *gate = Context;

	IoUninitializeWorkItem(IoWorkItem);
	memset(IoWorkItem, 0xdd, IoSizeofWorkItem());
	kfree(IoWorkItem);
	complete(&gate->arrived);
}

/* The routine frees or uninitialises its own item, then whatever held it. */
static void routine_frees_its_own_item(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	unsigned int i, rounds = wqc_rounds(500, 20);
	PDEVICE_OBJECT device = wqc_test_device(test);
	struct wqc_gate *gate = wqc_gate_new(test);
	PREQUEST request;
	PIO_WORKITEM io;

	for (i = 0; i < rounds; i++) {
		request = AllocateRequest(device, gate);
		KUNIT_ASSERT_NOT_NULL(test, request);
		IoQueueWorkItem(request->WorkItem, FreeItemFirst, class->type, request);
		io = kmalloc(IoSizeofWorkItem(), GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, io);
		IoInitializeWorkItem(device, io);
		IoQueueWorkItemEx(io, UninitializeItem, class->type, gate);
	}
	KUNIT_EXPECT_TRUE(test, wqc_gate_arrivals(gate, 2 * rounds));
}

typedef struct _POSTED_WORK {
	u32 Before;
	WORK_QUEUE_ITEM Item;
	struct wqc_gate *Gate;
	PVOID Buffer;
} POSTED_WORK, *PPOSTED_WORK;

static VOID FreePostedWork(PVOID Context)
{
	PPOSTED_WORK work = Context;
	struct wqc_gate *gate = work->Gate;

	kfree(work->Buffer);
	kfree(work);
	complete(&gate->arrived);
}

/* The item is a member of a structure that the routine frees, with its context. */
static void routine_frees_the_structure_that_embeds_the_item(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	unsigned int i, rounds = wqc_rounds(500, 20);
	struct wqc_gate *gate = wqc_gate_new(test);
	PPOSTED_WORK work;

	for (i = 0; i < rounds; i++) {
		work = kzalloc(sizeof(*work), GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, work);
		work->Gate = gate;
		work->Buffer = kmalloc(100, GFP_KERNEL);
		ExInitializeWorkItem(&work->Item, FreePostedWork, work);
		ExQueueWorkItem(&work->Item, class->type);
	}
	KUNIT_EXPECT_TRUE(test, wqc_gate_arrivals(gate, rounds));
}

typedef struct _WAITED_WORK {
	WORK_QUEUE_ITEM Item;
	PIO_WORKITEM IoItem;
	KEVENT *Event;
} WAITED_WORK, *PWAITED_WORK;

static VOID SignalEvent(PVOID Context)
{
	complete(((PWAITED_WORK)Context)->Event);
	/* The tail of the routine: the waiter has freed the item by now. */
	cpu_relax();
}

static VOID SignalEventIo(PDEVICE_OBJECT DeviceObject, PVOID Context)
{
	SignalEvent(Context);
}

/* The waiter, not the routine, frees the item right after the event. */
static void waiter_frees_the_item_after_the_event(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	unsigned int i, rounds = wqc_rounds(500, 20);
	PDEVICE_OBJECT device = wqc_test_device(test);
	PWAITED_WORK work;
	KEVENT event;

	for (i = 0; i < rounds; i++) {
		work = kzalloc(sizeof(*work), GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, work);
		init_completion(&event);
		work->Event = &event;
		ExInitializeWorkItem(&work->Item, SignalEvent, work);
		ExQueueWorkItem(&work->Item, class->type);
		KUNIT_ASSERT_TRUE(test, wqc_done(&event));
		work->IoItem = wqc_io_item(test, device);
		IoQueueWorkItem(work->IoItem, SignalEventIo, class->type, work);
		KUNIT_ASSERT_TRUE(test, wqc_done(&event));
		IoFreeWorkItem(work->IoItem);
		memset(work, 0xdd, sizeof(*work));
		kfree(work);
	}
	/* Nobody sets an event on a stack that is gone. */
	KUNIT_EXPECT_TRUE(test, wqc_settled(test));
}

static int QueueAndWaitOnStack(WORK_QUEUE_TYPE type)
{
	WAITED_WORK work;
	KEVENT event;

	memset(&work, 0xa5, sizeof(work));	/* what a stack holds */
	init_completion(&event);
	work.Event = &event;
	ExInitializeWorkItem(&work.Item, SignalEvent, &work);
	ExQueueWorkItem(&work.Item, type);
	return wqc_done(&event);
}

/* A WORK_QUEUE_ITEM and its event stand on the stack of who waits for it. */
static void item_on_the_stack_with_an_event(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	unsigned int i, rounds = wqc_rounds(500, 20);

	for (i = 0; i < rounds; i++)
		KUNIT_ASSERT_TRUE(test, QueueAndWaitOnStack(class->type));
	KUNIT_EXPECT_TRUE(test, wqc_settled(test));
}

/* ExInitializeWorkItem() stands right before every ExQueueWorkItem(), on one item. */
static void item_is_initialised_before_every_queueing(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	struct wqc_probe *probe = wqc_probe_new(test);
	unsigned int i, rounds = wqc_rounds(500, 20);

	for (i = 0; i < rounds; i++) {
		wqc_probe_queue(probe, class->type);
		KUNIT_ASSERT_TRUE(test, wqc_done(&probe->ran));
	}
	KUNIT_EXPECT_EQ(test, rounds, (unsigned int)atomic_read(&probe->runs));
}

/* ---- where they queue from ------------------------------------------------ */

struct post {
	PDEVICE_OBJECT device;
	struct wqc_gate *gate;
	WORK_QUEUE_TYPE type;
	PREQUEST ready;		/* where Linux' allocator may not be called */
	bool failed;
};

static void PostFromDpc(void *arg)
{
	struct post *post = arg;
	PREQUEST request = post->ready;

	if (!request)
		request = AllocateRequest(post->device, post->gate);
	post->failed |= !request;
	if (request)
		IoQueueWorkItem(request->WorkItem, FreeItemFirst, post->type, request);
}

/* On PREEMPT_RT that is wherever one cannot sleep. */
static bool may_allocate(enum wqc_context context)
{
	switch (context) {
	case WQC_IN_HARDIRQ:
	case WQC_IN_IRQ_WORK:
	case WQC_UNDER_RAW_LOCK:
		return false;
	case WQC_IRQS_OFF:
	case WQC_PREEMPT_OFF:
		return !IS_ENABLED(CONFIG_PREEMPT_RT);
	default:
		return true;
	}
}

/*
 * Allocated and queued at once, in a DPC, timer or completion routine, or under
 * a lock; in an interrupt or under a raw lock, only queued.
 */
static void item_is_allocated_and_queued_in_any_context(struct kunit *test)
{
	struct post post = { .device = wqc_test_device(test), .gate = wqc_gate_new(test) };
	int context, i;

	for (context = 0; context < WQC_NR_CONTEXTS; context++) {
		for (i = 0; i < ARRAY_SIZE(wqc_class_params); i++) {
			post.type = wqc_class_params[i].type;
			post.ready = NULL;
			if (!may_allocate(context))
				post.ready = AllocateRequest(post.device, post.gate);
			wqc_call_in(test, context, PostFromDpc, &post);
			KUNIT_ASSERT_FALSE_MSG(test, post.failed, "%s", wqc_context_names[context]);
			KUNIT_ASSERT_TRUE(test, wqc_gate_arrivals(post.gate, 1));
		}
	}
}

struct extension {
	spinlock_t Lock;		/* of Pending and Queued */
	struct list_head Pending;
	BOOLEAN Queued;
	WORK_QUEUE_ITEM Item;
	atomic_t Drained;
	int Wanted;
	KEVENT AllDone;
};

static VOID DrainPending(PVOID Context)
{
	struct extension *ext = Context;
	struct list_head *entry;
	unsigned long flags;

	for (;;) {
		spin_lock_irqsave(&ext->Lock, flags);
		if (list_empty(&ext->Pending)) {
			ext->Queued = FALSE;
			spin_unlock_irqrestore(&ext->Lock, flags);
			return;
		}
		entry = ext->Pending.next;
		list_del(entry);
		spin_unlock_irqrestore(&ext->Lock, flags);
		kfree(entry);
		if (atomic_inc_return(&ext->Drained) == ext->Wanted)
			complete(&ext->AllDone);
	}
}

static void PostToList(void *arg, int cpu)
{
	struct extension *ext = arg;
	int i, share = ext->Wanted / num_online_cpus();
	struct list_head *entry;
	unsigned long flags;

	for (i = 0; i < share; i++) {
		entry = kmalloc(sizeof(*entry), GFP_KERNEL | __GFP_NOFAIL);
		spin_lock_irqsave(&ext->Lock, flags);
		list_add_tail(entry, &ext->Pending);
		if (!ext->Queued) {
			ext->Queued = TRUE;
			ExInitializeWorkItem(&ext->Item, DrainPending, ext);
			ExQueueWorkItem(&ext->Item, CriticalWorkQueue);
		}
		spin_unlock_irqrestore(&ext->Lock, flags);
	}
}

/* The client's list is drained: queue once, under the client's lock, drain many. */
static void routine_drains_a_list_and_is_queued_once_for_many(struct kunit *test)
{
	struct extension *ext = kunit_kzalloc(test, sizeof(*ext), GFP_KERNEL);
	u64 twice = wqc_reports(test, "item queued while it is queued");

	KUNIT_ASSERT_NOT_NULL(test, ext);
	spin_lock_init(&ext->Lock);
	INIT_LIST_HEAD(&ext->Pending);
	init_completion(&ext->AllDone);
	ext->Wanted = wqc_rounds(2000, 100) * num_online_cpus();
	wqc_on_all_cpus(test, PostToList, ext);
	KUNIT_EXPECT_TRUE(test, wqc_done(&ext->AllDone));
	KUNIT_EXPECT_TRUE(test, wqc_settled(test));
	KUNIT_EXPECT_EQ(test, ext->Wanted, atomic_read(&ext->Drained));
	KUNIT_EXPECT_EQ(test, twice, wqc_reports(test, "item queued while it is queued"));
}

struct inline_post {
	struct wqc_probe probe;
	bool called_inline;
};

static void PostUnlessPassive(void *arg)
{
	struct inline_post *post = arg;

	if (preemptible()) {
		post->called_inline = true;
		wqc_probe_ex(&post->probe);
	} else {
		wqc_probe_queue(&post->probe, DelayedWorkQueue);
	}
}

/* On PREEMPT_RT softirqs are threads, and a spinlock is one that sleeps. */
static bool may_block(enum wqc_context context)
{
	return context == WQC_IN_PROCESS || (IS_ENABLED(CONFIG_PREEMPT_RT) &&
	       (context == WQC_IN_SOFTIRQ || context == WQC_UNDER_SPIN_LOCK));
}

/* Called inline at passive level, queued only where the caller may not block. */
static void item_is_queued_only_when_the_caller_may_not_block(struct kunit *test)
{
	const enum wqc_context *context = test->param_value;
	struct inline_post *post = kunit_kzalloc(test, sizeof(*post), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, post);
	init_completion(&post->probe.ran);
	wqc_call_in(test, *context, PostUnlessPassive, post);
	KUNIT_EXPECT_TRUE(test, wqc_ran_once(&post->probe, 1));
	KUNIT_EXPECT_EQ(test, post->called_inline, may_block(*context));
	KUNIT_EXPECT_EQ(test, post->called_inline, !(post->probe.seen.is_kworker));
}

/* ---- routines that block -------------------------------------------------- */

static DEFINE_MUTEX(client_resource);

static VOID BlockingRoutine(PVOID Context)
{
	struct wqc_probe *probe = Context;

	mutex_lock(&client_resource);
	usleep_range(500, 1000);
	mutex_unlock(&client_resource);
	wqc_probe_ex(probe);
}

/* Routines wait for events and resources and sleep; all of them get done. */
static void routines_may_block(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	struct wqc_probe *probes = wqc_probes_new(test, 40);
	int i;

	for (i = 0; i < 40; i++) {
		ExInitializeWorkItem(&probes[i].item, BlockingRoutine, &probes[i]);
		ExQueueWorkItem(&probes[i].item, class->type);
	}
	KUNIT_EXPECT_TRUE(test, wqc_ran_once(probes, 40));
}

struct pair {
	WORK_QUEUE_ITEM First, Second;
	KEVENT SecondDone, FirstDone;
	WORK_QUEUE_TYPE Type;
};

static VOID SecondRoutine(PVOID Context)
{
	complete(&((struct pair *)Context)->SecondDone);
}

static VOID FirstRoutine(PVOID Context)
{
	struct pair *pair = Context;

	ExInitializeWorkItem(&pair->Second, SecondRoutine, pair);
	ExQueueWorkItem(&pair->Second, pair->Type);
	wait_for_completion(&pair->SecondDone);
	complete(&pair->FirstDone);
}

/* An item queues another of its class and waits for it. */
static void item_waits_for_another_item(struct kunit *test)
{
	const struct wqc_class_param *class = test->param_value;
	struct pair *pairs = kunit_kcalloc(test, 50, sizeof(*pairs), GFP_KERNEL);
	int i;

	KUNIT_ASSERT_NOT_NULL(test, pairs);
	for (i = 0; i < 50; i++) {
		init_completion(&pairs[i].SecondDone);
		init_completion(&pairs[i].FirstDone);
		pairs[i].Type = class->type;
		ExInitializeWorkItem(&pairs[i].First, FirstRoutine, &pairs[i]);
		ExQueueWorkItem(&pairs[i].First, class->type);
	}
	for (i = 0; i < 50; i++)
		KUNIT_ASSERT_TRUE(test, wqc_done(&pairs[i].FirstDone));
}

static struct kunit_case clients_cases[] = {
	KUNIT_CASE_PARAM(routine_frees_its_own_item, wqc_class_gen_params),
	KUNIT_CASE_PARAM(routine_frees_the_structure_that_embeds_the_item, wqc_class_gen_params),
	KUNIT_CASE_PARAM(waiter_frees_the_item_after_the_event, wqc_class_gen_params),
	KUNIT_CASE_PARAM(item_on_the_stack_with_an_event, wqc_class_gen_params),
	KUNIT_CASE_PARAM(item_is_initialised_before_every_queueing, wqc_class_gen_params),
	KUNIT_CASE(item_is_allocated_and_queued_in_any_context),
	KUNIT_CASE(routine_drains_a_list_and_is_queued_once_for_many),
	KUNIT_CASE_PARAM(item_is_queued_only_when_the_caller_may_not_block,
			 wqc_context_gen_params),
	KUNIT_CASE_PARAM(routines_may_block, wqc_class_gen_params),
	KUNIT_CASE_PARAM(item_waits_for_another_item, wqc_class_gen_params),
	{}
};

static struct kunit_suite wqc_clients_suite = {
	.name = "wqc_clients",
	.test_cases = clients_cases,
};

kunit_test_suite(wqc_clients_suite);
