// SPDX-License-Identifier: GPL-2.0
/*
 * Makes the n-th allocation fail while a module is loaded. It counts the allocations of the task
 * that loads the module, from the moment when the kernel has read the module and the module's code
 * is about to run, because earlier allocations are not the module's; or those of kthreadd, which
 * creates the threads that the module asks for. Only allocations count that CONFIG_FAILSLAB and
 * CONFIG_FAIL_PAGE_ALLOC can refuse.
 *
 *   victim   the name of the module
 *   nth      0: none fails. Applies to each attempt to load: busybox makes two, from the file and
 *            from memory
 *   left     how many more allocations the last attempt would have needed; 0: one has failed
 *   threads  Y: counts the allocations of kthreadd
 */
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/notifier.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/string.h>

static char victim[MODULE_NAME_LEN];
module_param_string(victim, victim, sizeof(victim), 0600);

static unsigned int nth;
module_param(nth, uint, 0600);

static unsigned int left;
module_param(left, uint, 0400);

static bool threads;
module_param(threads, bool, 0600);

#ifdef CONFIG_FAULT_INJECTION
static struct task_struct *kthreadd;
static struct task_struct *failing;	/* the loader, from MODULE_STATE_COMING to LIVE or GOING */

static int nth_notify(struct notifier_block *nb, unsigned long state, void *data)
{
	struct module *mod = data;

	if (!sysfs_streq(mod->name, victim))
		return NOTIFY_DONE;
	if (state == MODULE_STATE_COMING && nth) {
		failing = threads ? kthreadd : current;
		WRITE_ONCE(failing->fail_nth, nth);
	} else if (failing) {
		left = READ_ONCE(failing->fail_nth);
		WRITE_ONCE(failing->fail_nth, 0);
		failing = NULL;
	}
	return NOTIFY_DONE;
}

/* The last notifier of a coming module; the allocations of the notifiers are not counted. */
static struct notifier_block nth_notifier = {
	.notifier_call = nth_notify,
	.priority = INT_MIN,
};

static int __init nth_init(void)
{
	struct pid *pid = find_get_pid(2);
	int err;

	kthreadd = get_pid_task(pid, PIDTYPE_PID);
	put_pid(pid);
	if (!kthreadd)
		return -ESRCH;
	err = register_module_notifier(&nth_notifier);
	if (err)
		put_task_struct(kthreadd);
	return err;
}

static void __exit nth_exit(void)
{
	unregister_module_notifier(&nth_notifier);
	put_task_struct(kthreadd);
}
#else
static int __init nth_init(void)
{
	return -EOPNOTSUPP;
}

static void __exit nth_exit(void)
{
}
#endif

module_init(nth_init);
module_exit(nth_exit);
MODULE_DESCRIPTION("Has the n-th allocation of a module's load fail");
MODULE_LICENSE("GPL");
