// SPDX-License-Identifier: GPL-2.0
/*
 * Unbound threads that queue items of each class, as fast as they run, until the module is
 * removed.
 */
#include <linux/atomic.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/moduleparam.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "wqc_witness.h"

#define NR_THREADS	4
#define MOST_QUEUED	2000

static unsigned int sleep_us = 200;
module_param(sleep_us, uint, 0);
MODULE_PARM_DESC(sleep_us, "sleep of each 16th routine");

static struct task_struct *threads[NR_THREADS];
static atomic_t queued;

static VOID storm_routine(PVOID Parameter)
{
	kfree(Parameter);
	if (sleep_us && !(atomic_read(&queued) & 15))
		usleep_range(sleep_us, 2 * sleep_us);
	atomic_dec(&queued);
	wqc_witness_ran();
}

static int storm_thread(void *unused)
{
	PWORK_QUEUE_ITEM item;
	unsigned int n = 0;

	while (!kthread_should_stop()) {
		cond_resched();
		if (atomic_read(&queued) > MOST_QUEUED) {
			usleep_range(100, 1000);
			continue;
		}
		item = kzalloc(sizeof(*item), GFP_KERNEL);
		if (!item)
			continue;
		atomic_inc(&queued);
		wqc_witness_accepted();
		ExInitializeWorkItem(item, storm_routine, item);
		ExQueueWorkItem(item, n++ % WQC_NR_CLASSES);
	}
	return 0;
}

static void storm_stop(void)
{
	int i;

	for (i = 0; i < NR_THREADS; i++)
		if (threads[i])
			kthread_stop(threads[i]);
}

static int __init storm_init(void)
{
	struct task_struct *thread;
	int i;

	for (i = 0; i < NR_THREADS; i++) {
		thread = kthread_run(storm_thread, NULL, "wqc_storm");
		if (IS_ERR(thread)) {
			storm_stop();
			return PTR_ERR(thread);
		}
		threads[i] = thread;
	}
	return 0;
}
module_init(storm_init);

static void __exit storm_exit(void)
{
	storm_stop();
}
module_exit(storm_exit);

MODULE_DESCRIPTION("Threads that queue items without end");
MODULE_LICENSE("GPL");
