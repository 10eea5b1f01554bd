// SPDX-License-Identifier: GPL-2.0
/*
 * Threads at nice 0 that use all of the CPU, a number of them on each online CPU.
 *
 * Each cpu_relax() also ends the turn of a virtual CPU. With -icount QEMU runs all virtual CPUs in
 * one thread, and up to version 8.0 a CPU that neither idles nor pauses keeps the other CPUs from
 * running (starvation).
 */
#include <linux/cpu.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>

static unsigned int hogs = 1;
module_param(hogs, uint, 0444);
MODULE_PARM_DESC(hogs, "threads a CPU");

static struct task_struct **tasks;
static unsigned int nr_tasks;

static int hog(void *unused)
{
	unsigned int i;

	while (!kthread_should_stop()) {
		for (i = 0; i < 500; i++)
			barrier();
		cpu_relax();
		cond_resched();
	}
	return 0;
}

static void hog_stop(void)
{
	while (nr_tasks)
		kthread_stop(tasks[--nr_tasks]);
	kfree(tasks);
}

static int __init hog_init(void)
{
	unsigned int cpu, i;
	int err = 0;

	cpus_read_lock();
	tasks = kcalloc(num_online_cpus() * hogs, sizeof(*tasks), GFP_KERNEL);
	if (!tasks)
		err = -ENOMEM;
	for_each_online_cpu(cpu) {
		for (i = 0; !err && i < hogs; i++) {
			struct task_struct *task;

			task = kthread_create_on_cpu(hog, NULL, cpu, "hog/%u");
			err = PTR_ERR_OR_ZERO(task);
			if (err)
				break;
			tasks[nr_tasks++] = task;
			wake_up_process(task);
		}
	}
	cpus_read_unlock();
	if (err)
		hog_stop();
	return err;
}

static void __exit hog_exit(void)
{
	hog_stop();
}

module_init(hog_init);
module_exit(hog_exit);

MODULE_DESCRIPTION("Threads that want all of the CPU");
MODULE_LICENSE("GPL");
