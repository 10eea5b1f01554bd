// SPDX-License-Identifier: GPL-2.0
/*
 * Keeps many items queued on CPU 0, and repeatedly frees a queued item and queues another one, at
 * the place where a scan of the queue stops first. The items must not run while the module is
 * loaded; after its removal they may run.
 */
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/moduleparam.h>
#include <linux/sched/task.h>

#include "wqc_witness.h"

#define NR_ITEMS	2000

static int place = 63;
module_param(place, int, 0);
MODULE_PARM_DESC(place, "which item of the queue is taken back, from 0");

static PIO_WORKITEM items[NR_ITEMS];
static struct task_struct *thread;

static VOID taker_routine(PVOID IoObject, PVOID Context, PIO_WORKITEM IoWorkItem)
{
	IoFreeWorkItem(IoWorkItem);
	wqc_witness_ran();
}

static bool taker_queue(int i)
{
	items[i] = IoAllocateWorkItem(wqc_witness_device());
	if (!items[i])
		return false;
	wqc_witness_accepted();
	IoQueueWorkItemEx(items[i], taker_routine, DelayedWorkQueue, NULL);
	return true;
}

/* The items in front of @place are never freed; the items behind it rotate. */
static int taker_thread(void *unused)
{
	int i;

	for (i = 0; i < NR_ITEMS; i++)
		if (!taker_queue(i))
			return 0;
	for (i = place; !kthread_should_stop(); i = i + 1 < NR_ITEMS ? i + 1 : place) {
		IoFreeWorkItem(items[i]);
		wqc_witness_taken();
		if (!taker_queue(i))
			return 0;
		cond_resched();
	}
	return 0;
}

static int __init taker_init(void)
{
	thread = kthread_create_on_cpu(taker_thread, NULL, 0, "wqc_taker/%u");
	if (IS_ERR(thread))
		return PTR_ERR(thread);
	get_task_struct(thread);
	wake_up_process(thread);
	return 0;
}
module_init(taker_init);

static void __exit taker_exit(void)
{
	kthread_stop(thread);
	put_task_struct(thread);
}
module_exit(taker_exit);

MODULE_DESCRIPTION("Takes queued items back, over and over");
MODULE_LICENSE("GPL");
