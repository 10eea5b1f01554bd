// SPDX-License-Identifier: GPL-2.0
/*
 * Load of all kinds: a thread on each CPU posts to every class with every call; the routines
 * are short, long, or sleep, free their item or queue it again. The load ends after count= posts,
 * or continues until it is stopped: then timers fire too, and a HyperCritical thread sleeps on each
 * CPU.
 *
 * Only the post and the routine of an item change its state, so an item that runs twice, or
 * without a post, is found.
 */
#include <linux/atomic.h>
#include <linux/cpu.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/moduleparam.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "wqc_random.h"
#include "wqc_witness.h"

#define NR_SLOTS	192	/* of a thread: the most of its items that wait */
#define NR_TIMERS	16

static unsigned int seed = 1;
module_param(seed, uint, 0);
MODULE_PARM_DESC(seed, "seed of the posts");

static unsigned long count;
module_param(count, ulong, 0);
MODULE_PARM_DESC(count, "posts by the threads; 0: until it is stopped");

static bool calm;
module_param(calm, bool, 0);
MODULE_PARM_DESC(calm, "no routine is long or sleeps");

enum mix_call { MIX_EX, MIX_IO, MIX_IO_EX, MIX_RX_POST, MIX_RX_DISPATCH, MIX_NR_CALLS };

struct mix_item {
	RX_WORK_QUEUE_ITEM rx;
	PIO_WORKITEM io;
	u64 random;
	atomic_t queued;
	u8 again;		/* how often its routine queues it */
	bool slot;		/* of a thread; otherwise it frees itself */
	bool sleeper;
};

struct mix_thread {
	struct task_struct *task;
	int cpu;
	u64 random;
	unsigned long left;
	unsigned int next;
	struct mix_item *slots;
	struct mix_item sleeper;
};

struct mix_timer {
	RX_WORK_ITEM request;
	u64 random;
	u64 due;
};

/* Sums over the CPUs; a routine counts its posts before its own end, in this order. */
struct mix_counts {
	u64 posted, refused, ran, again, slept, no_memory;
	u64 by_class[WQC_NR_CLASSES];
};

static DEFINE_PER_CPU(struct mix_counts, mix_counts);
static struct mix_thread *mix_threads;
static struct mix_timer mix_timers[NR_TIMERS];
static PRDBSS_DEVICE_OBJECT device;
static atomic_t wrong, armed, fired, cancelled, early, recurred, timers_refused;
static u64 latest;
static bool stop;

static u64 mix_sum(size_t offset)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(*(u64 *)((void *)per_cpu_ptr(&mix_counts, cpu) + offset));
	return sum;
}

#define mix_total(member) mix_sum(offsetof(struct mix_counts, member))

/* No post is counted after its run, so equal sums mean that no item waits or runs. */
static bool mix_idle(void)
{
	u64 ended = mix_total(ran) + mix_total(refused);
	int gone = atomic_read(&fired) + atomic_read(&cancelled);

	smp_rmb();	/* read the later counter first */
	return ended == mix_total(posted) && gone == atomic_read(&armed);
}

/* ---- items ---------------------------------------------------------------- */

static void mix_run(struct mix_item *item);

static VOID mix_parameter(PVOID Parameter)
{
	mix_run(Parameter);
}

static VOID mix_io(PDEVICE_OBJECT DeviceObject, PVOID Context)
{
	mix_run(Context);
}

static VOID mix_io_ex(PVOID IoObject, PVOID Context, PIO_WORKITEM IoWorkItem)
{
	mix_run(Context);
}

static void mix_let_go(struct mix_item *item)
{
	if (item->slot) {
		/* The poster may reuse the item after this. */
		atomic_set_release(&item->queued, 0);
		return;
	}
	IoFreeWorkItem(item->io);
	kfree(item);
}

static void mix_post(struct mix_item *item)
{
	u32 r = wqc_random(&item->random);
	WORK_QUEUE_TYPE type = r % WQC_NR_CLASSES;
	NTSTATUS status = STATUS_SUCCESS;

	this_cpu_inc(mix_counts.posted);
	this_cpu_inc(mix_counts.by_class[type]);
	switch (r / WQC_NR_CLASSES % MIX_NR_CALLS) {
	case MIX_EX:
		ExInitializeWorkItem(&item->rx, mix_parameter, item);
		ExQueueWorkItem(&item->rx.WorkQueueItem, type);
		break;
	case MIX_IO:
		IoQueueWorkItem(item->io, mix_io, type, item);
		break;
	case MIX_IO_EX:
		IoQueueWorkItemEx(item->io, mix_io_ex, type, item);
		break;
	case MIX_RX_POST:
		status = RxPostToWorkerThread(device, type, &item->rx, mix_parameter, item);
		break;
	case MIX_RX_DISPATCH:
		status = RxDispatchToWorkerThread(device, type, mix_parameter, item);
		break;
	}
	if (status) {
		/* Of all calls only this one may fail, and only for this reason. */
		if (status != STATUS_INSUFFICIENT_RESOURCES ||
		    r / WQC_NR_CLASSES % MIX_NR_CALLS != MIX_RX_DISPATCH)
			atomic_inc(&wrong);
		mix_let_go(item);
		this_cpu_inc(mix_counts.refused);
	}
}

static void mix_dawdle(u32 r)
{
	if (r & 31)
		return;
	if (r & 96) {
		udelay(r >> 8 & 63);
		return;
	}
	this_cpu_inc(mix_counts.slept);
	usleep_range(100, 100 + (r >> 8 & 1023));
}

static void mix_run(struct mix_item *item)
{
	if (atomic_cmpxchg(&item->queued, 1, 2) != 1)
		atomic_inc(&wrong);
	if (item->sleeper)
		usleep_range(2000, 4000);
	else if (!calm)
		mix_dawdle(wqc_random(&item->random));
	if (item->again && !READ_ONCE(stop)) {
		item->again--;
		this_cpu_inc(mix_counts.again);
		atomic_set(&item->queued, 1);
		mix_post(item);		/* the item may be freed after this */
	} else {
		mix_let_go(item);
	}
	smp_wmb();	/* see mix_idle() */
	this_cpu_inc(mix_counts.ran);
}

/* ---- timers --------------------------------------------------------------- */

static VOID mix_timer_fires(PVOID Context);

static void mix_arm(struct mix_timer *timer)
{
	u32 ms = 1 + wqc_random(&timer->random) % 50;
	LARGE_INTEGER interval = { .QuadPart = ms * 10000LL };

	timer->due = ktime_get_ns() + ms * NSEC_PER_MSEC;
	atomic_inc(&armed);
	if (RxPostOneShotTimerRequest(device, &timer->request, mix_timer_fires, timer, interval))
		atomic_inc(&cancelled);
}

static VOID mix_timer_fires(PVOID Context)
{
	struct mix_timer *timer = Context;
	u64 now = ktime_get_ns();

	if (now < timer->due)
		atomic_inc(&early);
	else if (now - timer->due > READ_ONCE(latest))
		WRITE_ONCE(latest, now - timer->due);
	if (!READ_ONCE(stop))
		mix_arm(timer);
	smp_mb__before_atomic();	/* see mix_idle() */
	atomic_inc(&fired);
}

static VOID mix_recurs(PVOID Context)
{
	atomic_inc(&recurred);
}

static void mix_start_timers(void)
{
	LARGE_INTEGER often = { .QuadPart = 20 * 10000LL };
	int i;

	for (i = 0; i < NR_TIMERS; i++) {
		mix_timers[i].random = wqc_random_begin(seed, 1000 + i);
		mix_arm(&mix_timers[i]);
	}
	RxPostRecurrentTimerRequest(device, mix_recurs, NULL, often);
}

static VOID mix_never(PVOID Context)
{
	atomic_inc(&wrong);
}

/* A recurrent request, due in an hour and cancelled. Without memory the post is refused. */
static void mix_recur_never(struct mix_thread *me)
{
	LARGE_INTEGER hour = { .QuadPart = 3600 * 10000000LL };
	NTSTATUS posted, found;

	posted = RxPostRecurrentTimerRequest(device, mix_never, me, hour);
	found = RxCancelTimerRequest(device, mix_never, me);
	if (posted == STATUS_INSUFFICIENT_RESOURCES && found == STATUS_NOT_FOUND)
		atomic_inc(&timers_refused);
	else if (posted || found)
		atomic_inc(&wrong);
}

/* A timer whose routine is about to post it again fires once more at most. */
static void mix_stop_timers(void)
{
	int i;

	RxCancelTimerRequest(device, mix_recurs, NULL);
	for (i = 0; i < NR_TIMERS; i++)
		if (!RxCancelTimerRequest(device, mix_timer_fires, &mix_timers[i]))
			atomic_inc(&cancelled);
}

/* ---- threads -------------------------------------------------------------- */

/* Binds the thread to its CPU again, after the CPU was offline. */
static void mix_go_home(struct mix_thread *me)
{
	if (raw_smp_processor_id() != me->cpu && cpu_online(me->cpu))
		set_cpus_allowed_ptr(current, cpumask_of(me->cpu));
}

static struct mix_item *mix_new_item(struct mix_thread *me)
{
	struct mix_item *item = kzalloc(sizeof(*item), GFP_KERNEL | __GFP_NOWARN);

	if (item)
		item->io = IoAllocateWorkItem(&device->DeviceObject);
	if (item && item->io)
		return item;
	kfree(item);
	this_cpu_inc(mix_counts.no_memory);
	return NULL;
}

static struct mix_item *mix_free_slot(struct mix_thread *me)
{
	struct mix_item *item;
	int tries;

	for (tries = 0; tries < 16; tries++) {
		item = &me->slots[me->next++ % NR_SLOTS];
		if (!atomic_read_acquire(&item->queued))
			return item;
	}
	return NULL;
}

static void mix_step(struct mix_thread *me)
{
	struct mix_item *slot = mix_free_slot(me), *item = slot;
	u32 r = wqc_random(&me->random);

	if (!slot) {
		usleep_range(50, 500);
		return;
	}
	/* A free slot is needed for these too, to limit their number. */
	if (!(r & 3))
		item = mix_new_item(me) ?: slot;
	item->random = me->random;
	item->again = r & 28 ? 0 : r >> 5 & 3;
	atomic_set(&item->queued, 1);
	mix_post(item);
	if (me->left)
		WRITE_ONCE(me->left, me->left - 1);
}

/*
 * A HyperCritical thread of this CPU always sleeps in a routine: when the CPU goes offline, the
 * thread wakes on another CPU.
 */
static void mix_keep_sleeper(struct mix_thread *me)
{
	struct mix_item *item = &me->sleeper;

	if (atomic_read_acquire(&item->queued))
		return;
	atomic_set(&item->queued, 1);
	this_cpu_inc(mix_counts.posted);
	this_cpu_inc(mix_counts.by_class[HyperCriticalWorkQueue]);
	if (RxPostToWorkerThread(device, HyperCriticalWorkQueue, &item->rx, mix_parameter, item)) {
		mix_let_go(item);
		this_cpu_inc(mix_counts.refused);
	}
}

static int mix_thread(void *data)
{
	struct mix_thread *me = data;
	unsigned int n = 0;

	while (!kthread_should_stop()) {
		if (READ_ONCE(stop) || (count && !me->left)) {
			schedule_timeout_interruptible(1);
			continue;
		}
		mix_step(me);
		if (!count)
			mix_keep_sleeper(me);
		if (!(n & 1023) && !count)
			mix_recur_never(me);
		if (!(++n & 63)) {
			mix_go_home(me);
			cond_resched();
		}
	}
	return 0;
}

static void mix_stop_threads(void)
{
	int cpu, i;

	for_each_possible_cpu(cpu) {
		struct mix_thread *me = &mix_threads[cpu];

		if (me->task)
			kthread_stop(me->task);
		me->task = NULL;
	}
	mix_stop_timers();
	while (!mix_idle())
		schedule_timeout_uninterruptible(1);
	for_each_possible_cpu(cpu) {
		for (i = 0; mix_threads[cpu].slots && i < NR_SLOTS; i++)
			if (mix_threads[cpu].slots[i].io)
				IoFreeWorkItem(mix_threads[cpu].slots[i].io);
		kfree(mix_threads[cpu].slots);
	}
	kfree(mix_threads);
}

static bool mix_start_thread(int cpu)
{
	struct mix_thread *me = &mix_threads[cpu];
	struct task_struct *task;
	int i;

	me->cpu = cpu;
	me->random = wqc_random_begin(seed, cpu);
	me->left = count / num_online_cpus();
	me->sleeper.slot = true;
	me->sleeper.sleeper = true;
	me->slots = kcalloc(NR_SLOTS, sizeof(*me->slots), GFP_KERNEL);
	for (i = 0; me->slots && i < NR_SLOTS; i++) {
		me->slots[i].slot = true;
		me->slots[i].io = IoAllocateWorkItem(&device->DeviceObject);
		if (!me->slots[i].io)
			return false;
	}
	task = me->slots ? kthread_create_on_cpu(mix_thread, me, cpu, "wqc_mix/%u") : NULL;
	if (IS_ERR_OR_NULL(task))
		return false;
	me->task = task;
	wake_up_process(task);
	return true;
}

/* ---- parameters for use at run time ------------------------------------- */

static int mix_get_figures(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer,
			  "posted=%llu ran=%llu refused=%llu wrong=%d critical=%llu delayed=%llu hypercritical=%llu requeued=%llu slept=%llu no_memory=%llu armed=%d fired=%d cancelled=%d early=%d latest_us=%llu recurred=%d timers_refused=%d\n",
			  mix_total(posted), mix_total(ran), mix_total(refused),
			  atomic_read(&wrong), mix_total(by_class[0]), mix_total(by_class[1]),
			  mix_total(by_class[2]), mix_total(again), mix_total(slept),
			  mix_total(no_memory), atomic_read(&armed), atomic_read(&fired),
			  atomic_read(&cancelled), atomic_read(&early),
			  READ_ONCE(latest) / NSEC_PER_USEC, atomic_read(&recurred),
			  atomic_read(&timers_refused));
}

/* Y: no item waits or runs; meaningful after the stop, or after the last post. */
static int mix_get_idle(char *buffer, const struct kernel_param *kp)
{
	bool all = true;
	int cpu;

	for_each_possible_cpu(cpu)
		all = all && (READ_ONCE(stop) || (count && !READ_ONCE(mix_threads[cpu].left)));
	return sysfs_emit(buffer, "%c\n", all && mix_idle() ? 'Y' : 'N');
}

/* Stops the timers too, for good. */
static int mix_set_stop(const char *val, const struct kernel_param *kp)
{
	WRITE_ONCE(stop, true);
	msleep(20);
	mix_stop_timers();
	return 0;
}

static const struct kernel_param_ops figures_ops = { .get = mix_get_figures };
static const struct kernel_param_ops idle_ops = { .get = mix_get_idle };
static const struct kernel_param_ops stop_ops = { .set = mix_set_stop };

module_param_cb(figures, &figures_ops, NULL, 0400);
module_param_cb(idle, &idle_ops, NULL, 0400);
module_param_cb(stop, &stop_ops, NULL, 0200);

static VOID mix_unload(PDRIVER_OBJECT DriverObject)
{
	WRITE_ONCE(stop, true);
	mix_stop_threads();
	RxSpinDownMRxDispatcher(device);
	RxTearDownRxTimer();
	RxTearDownDispatcher();
	IoDeleteDevice(&device->DeviceObject);
}

static NTSTATUS mix_entry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
	PDEVICE_OBJECT DeviceObject;
	NTSTATUS status;
	int cpu;

	DriverObject->DriverUnload = mix_unload;
	mix_threads = kcalloc(nr_cpu_ids, sizeof(*mix_threads), GFP_KERNEL);
	if (!mix_threads)
		return STATUS_INSUFFICIENT_RESOURCES;
	status = IoCreateDevice(DriverObject, sizeof(*device), NULL,
				FILE_DEVICE_NETWORK_FILE_SYSTEM, 0, FALSE, &DeviceObject);
	if (!NT_SUCCESS(status)) {
		kfree(mix_threads);
		return status;
	}
	device = (PRDBSS_DEVICE_OBJECT)DeviceObject;
	RxInitializeDispatcher();
	RxInitializeRxTimer();
	status = RxInitializeMRxDispatcher(device);
	for_each_online_cpu(cpu)
		if (NT_SUCCESS(status) && !mix_start_thread(cpu))
			status = STATUS_INSUFFICIENT_RESOURCES;
	if (!NT_SUCCESS(status))
		mix_unload(DriverObject);
	else if (!count)
		mix_start_timers();
	return status;
}

WQC_DRIVER(mix_entry);
MODULE_DESCRIPTION("Load of all kinds");
MODULE_LICENSE("GPL");
