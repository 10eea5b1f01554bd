// SPDX-License-Identifier: GPL-2.0
/*
 * Shows the process in which a driver's code runs, to a user who reads a parameter with "cat".
 */
#include <linux/module.h>
#include <linux/sysfs.h>

#include "include/wdm.h"

static int process_get(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%d %d\n", IoGetCurrentProcess() == PsInitialSystemProcess,
			  PsGetCurrentProcessId() == (HANDLE)4);
}

static const struct kernel_param_ops process_ops = { .get = process_get };
module_param_cb(system, &process_ops, NULL, 0400);
MODULE_PARM_DESC(system, "whether the reader is in the system's process, and has its identifier");

static int __init process_init(void)
{
	return 0;
}
module_init(process_init);

static void __exit process_exit(void)
{
}
module_exit(process_exit);

MODULE_DESCRIPTION("Shows in which process a driver runs");
MODULE_LICENSE("GPL");
