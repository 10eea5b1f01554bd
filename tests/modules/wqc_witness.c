// SPDX-License-Identifier: GPL-2.0
/* See wqc_witness.h. */
#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/moduleparam.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/swait.h>
#include <linux/workqueue.h>

#include "wqc_witness.h"

static atomic_t accepted, ran, taken, inside;
static DECLARE_COMPLETION(gate);
static PDEVICE_OBJECT device;

void wqc_witness_accepted(void)
{
	atomic_inc(&accepted);
}
EXPORT_SYMBOL_GPL(wqc_witness_accepted);

void wqc_witness_ran(void)
{
	atomic_inc(&ran);
}
EXPORT_SYMBOL_GPL(wqc_witness_ran);

void wqc_witness_taken(void)
{
	atomic_inc(&taken);
}
EXPORT_SYMBOL_GPL(wqc_witness_taken);

struct witness_call {
	void (*fn)(void *arg);
	void *arg;
};

static long witness_call(void *arg)
{
	struct witness_call *call = arg;

	call->fn(call->arg);
	return 0;
}

void wqc_witness_call_on(int cpu, void (*fn)(void *arg), void *arg)
{
	struct witness_call call = { fn, arg };

	if (cpu < 0)
		fn(arg);
	else
		work_on_cpu(cpu, witness_call, &call);
}
EXPORT_SYMBOL_GPL(wqc_witness_call_on);

PDEVICE_OBJECT wqc_witness_device(void)
{
	return device;
}
EXPORT_SYMBOL_GPL(wqc_witness_device);

VOID wqc_witness_routine(PVOID IoObject, PVOID Context, PIO_WORKITEM IoWorkItem)
{
	msleep(*(int *)Context);
	IoFreeWorkItem(IoWorkItem);
	kfree(Context);
	wqc_witness_ran();
}
EXPORT_SYMBOL_GPL(wqc_witness_routine);

/* ---- modules that lend their memory ------------------------------------- */

static union wqc_witness_item lent;
static PRDBSS_DEVICE_OBJECT redirector;
static PDRIVER_OBJECT driver;

union wqc_witness_item *wqc_witness_item(int sleep_ms)
{
	lent.sleep_ms = sleep_ms;
	return &lent;
}
EXPORT_SYMBOL_GPL(wqc_witness_item);

VOID wqc_witness_touch(PVOID Parameter)
{
	int *ms = Parameter;

	msleep(READ_ONCE(*ms));
	wqc_witness_ran();
	msleep(READ_ONCE(*ms));
	WRITE_ONCE(*ms, 0);
}
EXPORT_SYMBOL_GPL(wqc_witness_touch);

VOID wqc_witness_touch_io(PDEVICE_OBJECT DeviceObject, PVOID Context)
{
	wqc_witness_touch(Context);
}
EXPORT_SYMBOL_GPL(wqc_witness_touch_io);

PRDBSS_DEVICE_OBJECT wqc_witness_rx(void)
{
	PDEVICE_OBJECT made;

	if (redirector)
		return redirector;
	if (IoCreateDevice(driver, sizeof(*redirector) - sizeof(*made), NULL,
			   FILE_DEVICE_NETWORK_FILE_SYSTEM, 0, FALSE, &made))
		return NULL;
	redirector = (PRDBSS_DEVICE_OBJECT)made;
	RxInitializeDispatcher();
	RxInitializeRxTimer();
	RxInitializeMRxDispatcher(redirector);
	return redirector;
}
EXPORT_SYMBOL_GPL(wqc_witness_rx);

static void witness_rx_stop(void)
{
	if (!redirector)
		return;
	RxSpinDownMRxDispatcher(redirector);
	RxTearDownRxTimer();
	RxTearDownDispatcher();
	IoDeleteDevice((PDEVICE_OBJECT)redirector);
}

/* ---- items of the witness ----------------------------------------------- */

static VOID witness_block(PVOID Parameter)
{
	kfree(Parameter);
	atomic_inc(&inside);
	wait_for_completion(&gate);
	atomic_dec(&inside);
	wqc_witness_ran();
}

/* witness_block() under another name, for code that compares routines. */
static VOID witness_block_too(PVOID Parameter)
{
	witness_block(Parameter);
	barrier();		/* no tail call: it has to be on the stack */
}

static VOID witness_pass(PVOID Parameter)
{
	kfree(Parameter);
	wqc_witness_ran();
}

struct witness_order {
	PWORKER_THREAD_ROUTINE routine;
	unsigned int count;
	int class;
	bool failed;
};

static void witness_post(void *arg)
{
	struct witness_order *order = arg;
	PWORK_QUEUE_ITEM item;
	int class, i;

	for (class = 0; class < WQC_NR_CLASSES; class++) {
		if (order->class >= 0 && order->class != class)
			continue;
		for (i = 0; i < order->count; i++) {
			item = kzalloc(sizeof(*item), GFP_KERNEL);
			if (!item) {
				order->failed = true;
				return;
			}
			ExInitializeWorkItem(item, order->routine, item);
			wqc_witness_accepted();
			ExQueueWorkItem(item, class);
		}
	}
}

/* @kp->arg: the routine */
static int witness_set_post(const char *val, const struct kernel_param *kp)
{
	struct witness_order order = { .routine = kp->arg, .class = -1 };
	int on = -1, cpu;

	if (sscanf(val, "%u %d %d", &order.count, &on, &order.class) < 1)
		return -EINVAL;
	if (on >= 0) {
		wqc_witness_call_on(on, witness_post, &order);
	} else if (on == -2) {
		witness_post(&order);
	} else {
		for_each_online_cpu(cpu)
			wqc_witness_call_on(cpu, witness_post, &order);
	}
	return order.failed ? -ENOMEM : 0;
}

static int witness_set_gate(const char *val, const struct kernel_param *kp)
{
	bool open;

	if (kstrtobool(val, &open))
		return -EINVAL;
	if (open)
		complete_all(&gate);
	else
		reinit_completion(&gate);
	return 0;
}

static int witness_set_release(const char *val, const struct kernel_param *kp)
{
	unsigned int n;

	if (kstrtouint(val, 0, &n))
		return -EINVAL;
	while (n--)
		complete(&gate);
	return 0;
}

/* Wakes the routines that wait at the gate, on any CPU; they wait again. */
static int witness_set_nudge(const char *val, const struct kernel_param *kp)
{
	swake_up_all(&gate.wait);
	return 0;
}

/* "PID POLICY": makes a thread SCHED_FIFO of the lowest priority, or SCHED_NORMAL, as chrt does. */
static int witness_set_policy(const char *val, const struct kernel_param *kp)
{
	struct task_struct *task;
	struct pid *pid;
	int number;
	char word[8];

	if (sscanf(val, "%d %7s", &number, word) != 2)
		return -EINVAL;
	pid = find_get_pid(number);
	task = get_pid_task(pid, PIDTYPE_PID);
	put_pid(pid);
	if (!task)
		return -ESRCH;
	if (!strcmp(word, "fifo"))
		sched_set_fifo_low(task);
	else
		sched_set_normal(task, 0);
	put_task_struct(task);
	return 0;
}

static int witness_get_count(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%d\n", atomic_read((atomic_t *)kp->arg));
}

static const struct kernel_param_ops post_ops = { .set = witness_set_post };
static const struct kernel_param_ops gate_ops = { .set = witness_set_gate };
static const struct kernel_param_ops release_ops = { .set = witness_set_release };
static const struct kernel_param_ops nudge_ops = { .set = witness_set_nudge };
static const struct kernel_param_ops policy_ops = { .set = witness_set_policy };
static const struct kernel_param_ops count_ops = { .get = witness_get_count };

module_param_cb(block, &post_ops, witness_block, 0200);
module_param_cb(block_too, &post_ops, witness_block_too, 0200);
module_param_cb(fill, &post_ops, witness_pass, 0200);
module_param_cb(gate, &gate_ops, NULL, 0200);
module_param_cb(release, &release_ops, NULL, 0200);
module_param_cb(nudge, &nudge_ops, NULL, 0200);
module_param_cb(policy, &policy_ops, NULL, 0200);
module_param_cb(accepted, &count_ops, &accepted, 0400);
module_param_cb(ran, &count_ops, &ran, 0400);
module_param_cb(taken, &count_ops, &taken, 0400);
module_param_cb(inside, &count_ops, &inside, 0400);

static PIO_WORKITEM witness_kept[16];
static unsigned int witness_keeps;

void wqc_witness_keep(PIO_WORKITEM item)
{
	if (item && witness_keeps < ARRAY_SIZE(witness_kept))
		witness_kept[witness_keeps++] = item;
}
EXPORT_SYMBOL_GPL(wqc_witness_keep);

static VOID witness_unload(PDRIVER_OBJECT DriverObject)
{
	while (witness_keeps)
		IoFreeWorkItem(witness_kept[--witness_keeps]);
	complete_all(&gate);
	witness_rx_stop();
	IoDeleteDevice(device);
}

static NTSTATUS witness_entry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
	driver = DriverObject;
	DriverObject->DriverUnload = witness_unload;
	return IoCreateDevice(DriverObject, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &device);
}

WQC_DRIVER(witness_entry);
MODULE_DESCRIPTION("Counts what the modules under test queue, and what runs");
MODULE_LICENSE("GPL");
