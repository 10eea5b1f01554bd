// SPDX-License-Identifier: GPL-2.0
/*
 * A client with a fault that the harness must detect. Parameter what: "warn" warns in a
 * routine, "leak" leaks memory there, "misuse" queues NULL.
 */
#include <linux/completion.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "wq_compat.h"

static char *what = "";
module_param(what, charp, 0444);

static WORK_QUEUE_ITEM item;
static DECLARE_COMPLETION(done);

static VOID broken_routine(PVOID context)
{
	unsigned int i;

	if (sysfs_streq(what, "warn"))
		WARN(1, "on purpose\n");
	/* More than one: a stale pointer on a stack may keep a single one reachable. */
	for (i = 0; sysfs_streq(what, "leak") && i < 16; i++)
		memset(kmalloc(100, GFP_KERNEL | __GFP_NOFAIL), 0x55, 100);
	complete(&done);
}

static int __init broken_init(void)
{
	if (sysfs_streq(what, "misuse"))
		ExQueueWorkItem(NULL, DelayedWorkQueue);
	ExInitializeWorkItem(&item, broken_routine, NULL);
	ExQueueWorkItem(&item, DelayedWorkQueue);
	wait_for_completion(&done);
	return 0;
}
module_init(broken_init);

static void __exit broken_exit(void)
{
}
module_exit(broken_exit);

MODULE_DESCRIPTION("A client that misbehaves, to test the test harness");
MODULE_LICENSE("GPL");
