// SPDX-License-Identifier: GPL-2.0
/*
 * Posts items in the race windows where a wake-up could be lost. A thread on each CPU posts one
 * item and waits for it, or a burst with an item behind one that blocks. It tries some items in
 * between, lets an interrupt post an item while another one runs, and reuses an item as soon as it
 * is off its queue. For tests/guest/windows.sh, where delays widen the windows.
 */
#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/cpu.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/moduleparam.h>
#include <linux/percpu.h>
#include <linux/sched.h>

#include "../../lib/hrtimer.h"
#include "wqc_random.h"
#include "wqc_witness.h"

#define MOST		96	/* items of a burst */
#define PATIENCE	(20 * HZ)

static unsigned int seed = 1;
module_param(seed, uint, 0);
MODULE_PARM_DESC(seed, "seed of the posts");

static unsigned int rounds = 100;
module_param(rounds, uint, 0);
MODULE_PARM_DESC(rounds, "rounds of each thread");

struct windows_thread {
	struct task_struct *task;
	u64 random;
	unsigned int left;
	WORK_QUEUE_ITEM items[MOST], blocker, fired;
	struct hrtimer timer;
	PIO_WORKITEM tried;
	atomic_t waiting;		/* items that have not run, and one for the thread */
	struct completion all_ran;
};

static struct windows_thread __percpu *windows_threads;
static PDEVICE_OBJECT device;
static atomic_t posted, ran, tried, refused, late, touched;

static void windows_ran(struct windows_thread *me)
{
	atomic_inc(&ran);
	if (atomic_dec_and_test(&me->waiting))
		complete(&me->all_ran);
}

static VOID windows_short(PVOID Context)
{
	windows_ran(Context);
}

static VOID windows_blocks(PVOID Context)
{
	usleep_range(300, 1500);
	windows_ran(Context);
}

static VOID windows_tried(PVOID IoObject, PVOID Context, PIO_WORKITEM IoWorkItem)
{
	windows_ran(Context);
}

static void windows_count(struct windows_thread *me, WORK_QUEUE_ITEM *item,
			  PWORKER_THREAD_ROUTINE routine)
{
	ExInitializeWorkItem(item, routine, me);
	atomic_inc(&posted);
	atomic_inc(&me->waiting);
}

static void windows_post(struct windows_thread *me, WORK_QUEUE_ITEM *item,
			 PWORKER_THREAD_ROUTINE routine, WORK_QUEUE_TYPE type)
{
	windows_count(me, item, routine);
	ExQueueWorkItem(item, type);
}

/* Expires on the thread's CPU, where its HyperCritical item may run, or the runner become idle. */
static enum hrtimer_restart windows_fires(struct hrtimer *timer)
{
	struct windows_thread *me = container_of(timer, struct windows_thread, timer);

	ExQueueWorkItem(&me->fired, HyperCriticalWorkQueue);
	return HRTIMER_NORESTART;
}

/* Posts an item, and lets an interrupt post another one while the first is queued or runs. */
static void windows_interrupt(struct windows_thread *me, u32 r)
{
	windows_count(me, &me->fired, windows_short);
	hrtimer_start(&me->timer, ns_to_ktime((r & 255) * NSEC_PER_USEC),
		      HRTIMER_MODE_REL_PINNED_HARD);
	windows_post(me, &me->items[0], windows_short, HyperCriticalWorkQueue);
}

static void windows_try(struct windows_thread *me, WORK_QUEUE_TYPE type)
{
	atomic_inc(&tried);
	atomic_inc(&posted);
	atomic_inc(&me->waiting);
	if (IoTryQueueWorkItem(me->tried, windows_tried, type, me))
		return;
	atomic_dec(&posted);
	atomic_dec(&me->waiting);
	atomic_inc(&refused);
}

/* Waits for the posted items. The limit ends the wait of a thread whose items are lost. */
static void windows_wait(struct windows_thread *me)
{
	if (atomic_dec_and_test(&me->waiting))
		complete(&me->all_ran);
	if (wait_for_completion_timeout(&me->all_ran, PATIENCE))
		return;
	atomic_inc(&late);
	wait_for_completion(&me->all_ran);
}

/* Posts a burst, an item that may block, and one or two behind it, which need another runner. */
static void windows_burst(struct windows_thread *me, u32 r)
{
	WORK_QUEUE_TYPE type = r & 1 ? DelayedWorkQueue : CriticalWorkQueue;
	unsigned int n = MOST / 2 + (r >> 1) % (MOST / 2 - 2), i;

	for (i = 0; i < n; i++)
		windows_post(me, &me->items[i], windows_short, type);
	if (r & BIT(16))
		udelay(r >> 17 & 255);
	if (r & BIT(25))
		windows_post(me, &me->blocker, windows_blocks, type);
	/* Few items are left, or none: the spinner runs them, or polls the empty queue. */
	for (i = 0; i < 50000 && atomic_read(&me->waiting) > 1 + (r >> 19 & 7); i++)
		cpu_relax();
	if (r & BIT(26))
		windows_try(me, type);
	windows_post(me, &me->items[n], windows_short, type);
	if (r & BIT(27))
		windows_post(me, &me->items[n + 1], windows_short, type);
}

/* Writes to an item as soon as it is off its queue: the module must not write to it any more. */
static void windows_own(struct windows_thread *me, u32 r)
{
	WORK_QUEUE_ITEM *item = &me->items[0];
	LIST_ENTRY mine;
	unsigned int i;

	windows_post(me, item, windows_short, r & 1 ? DelayedWorkQueue : CriticalWorkQueue);
	/* Polls for the release: a sleep would be longer than the window. */
	for (i = 0; RxIsWorkItemQueued(item); i++) {
		if (i < 50000)
			cpu_relax();
		else
			usleep_range(10, 20);
	}
	WRITE_ONCE(item->List.Flink, &mine);
	udelay(r >> 8 & 511);		/* mostly longer than a delay of one window */
	if (READ_ONCE(item->List.Flink) != &mine)
		atomic_inc(&touched);
	WRITE_ONCE(item->List.Flink, NULL);
}

/*
 * Where a CPU has only one HyperCritical thread, which sleeps here, the queue of another CPU
 * accepts the item, and its thread is kicked from here.
 */
static void windows_elsewhere(struct windows_thread *me)
{
	windows_post(me, &me->blocker, windows_blocks, HyperCriticalWorkQueue);
	windows_try(me, HyperCriticalWorkQueue);
}

static void windows_round(struct windows_thread *me)
{
	u32 r = wqc_random(&me->random);

	reinit_completion(&me->all_ran);
	atomic_set(&me->waiting, 1);
	switch (r & 7) {
	case 0:
		windows_post(me, &me->items[0], windows_short, (r >> 3) % WQC_NR_CLASSES);
		break;
	case 1:
	case 2:
		windows_own(me, r >> 3);
		break;
	case 3:
		windows_elsewhere(me);
		break;
	case 4:
	case 5:
		windows_interrupt(me, r >> 4);
		if (r & 8)
			windows_try(me, DelayedWorkQueue);
		break;
	default:
		windows_burst(me, r >> 3);
		break;
	}
	windows_wait(me);
	if (r & BIT(31))
		udelay(r >> 4 & 511);
}

static int windows_thread(void *data)
{
	struct windows_thread *me = data;

	while (!kthread_should_stop()) {
		if (!me->left) {
			schedule_timeout_interruptible(1);
			continue;
		}
		windows_round(me);
		WRITE_ONCE(me->left, me->left - 1);
		cond_resched();
	}
	return 0;
}

static int windows_get_figures(char *buffer, const struct kernel_param *kp)
{
	unsigned int left = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		left += READ_ONCE(per_cpu_ptr(windows_threads, cpu)->left);
	return sysfs_emit(buffer,
			  "left=%u posted=%d ran=%d tried=%d refused=%d late=%d touched=%d\n",
			  left, atomic_read(&posted), atomic_read(&ran), atomic_read(&tried),
			  atomic_read(&refused), atomic_read(&late), atomic_read(&touched));
}

static const struct kernel_param_ops figures_ops = { .get = windows_get_figures };
module_param_cb(figures, &figures_ops, NULL, 0400);

static void windows_stop(void)
{
	struct windows_thread *me;
	int cpu;

	for_each_possible_cpu(cpu) {
		me = per_cpu_ptr(windows_threads, cpu);
		if (me->task)
			kthread_stop(me->task);
		if (me->tried)
			IoFreeWorkItem(me->tried);
	}
	free_percpu(windows_threads);
	IoDeleteDevice(device);
}

static VOID windows_unload(PDRIVER_OBJECT DriverObject)
{
	windows_stop();
}

static bool windows_start(int cpu)
{
	struct windows_thread *me = per_cpu_ptr(windows_threads, cpu);
	struct task_struct *task;

	me->random = wqc_random_begin(seed, cpu);
	me->left = rounds;
	init_completion(&me->all_ran);
	wqc_hrtimer_setup(&me->timer, windows_fires, CLOCK_MONOTONIC,
			  HRTIMER_MODE_REL_PINNED_HARD);
	me->tried = IoAllocateWorkItem(device);
	task = me->tried ? kthread_create_on_cpu(windows_thread, me, cpu, "wqc_windows/%u") : NULL;
	if (IS_ERR_OR_NULL(task))
		return false;
	me->task = task;
	wake_up_process(task);
	return true;
}

static NTSTATUS windows_entry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
	bool ok = true;
	int cpu;

	DriverObject->DriverUnload = windows_unload;
	if (IoCreateDevice(DriverObject, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &device))
		return STATUS_INSUFFICIENT_RESOURCES;
	windows_threads = alloc_percpu(struct windows_thread);
	if (!windows_threads) {
		IoDeleteDevice(device);
		return STATUS_INSUFFICIENT_RESOURCES;
	}
	cpus_read_lock();
	for_each_online_cpu(cpu)
		ok = ok && windows_start(cpu);
	cpus_read_unlock();
	if (ok)
		return STATUS_SUCCESS;
	windows_stop();
	return STATUS_INSUFFICIENT_RESOURCES;
}

WQC_DRIVER(windows_entry);
MODULE_DESCRIPTION("Items where a wake-up may be lost");
MODULE_LICENSE("GPL");
