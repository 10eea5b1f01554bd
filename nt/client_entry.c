// SPDX-License-Identifier: GPL-2.0
/*
 * Entry and exit of a Windows driver as a Linux module: DriverEntry() and DriverUnload().
 * client.mk compiles this file into each driver.
 */
#include <linux/module.h>

#include "../wq_compat.h"

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath);

static char *registry_path;
module_param(registry_path, charp, 0444);
MODULE_PARM_DESC(registry_path, "RegistryPath of DriverEntry (default \\Registry\\Machine\\System\\CurrentControlSet\\Services\\<module>)");

static PDRIVER_OBJECT this_driver;

static int __init client_init(void)
{
	return wqc_driver_load_path(THIS_MODULE, DriverEntry, registry_path, &this_driver);
}
module_init(client_init);

static void __exit client_exit(void)
{
	wqc_driver_unload(this_driver);
}
module_exit(client_exit);

MODULE_DESCRIPTION("A Windows driver on wq_compat");
MODULE_LICENSE(WQC_LICENSE);
