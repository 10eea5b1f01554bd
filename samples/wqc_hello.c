// SPDX-License-Identifier: GPL-2.0
#include <wq_compat.h>

static WORK_QUEUE_ITEM HelloItem;

static VOID HelloRoutine(PVOID Parameter)
{
	pr_info("hello: a %s runs on %s\n", (char *)Parameter, current->comm);
}

static VOID HelloUnload(PDRIVER_OBJECT DriverObject)
{
	pr_info("hello: bye; what is still queued runs first\n");
}

static NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
	DriverObject->DriverUnload = HelloUnload;
	ExInitializeWorkItem(&HelloItem, HelloRoutine, "Windows work item");
	ExQueueWorkItem(&HelloItem, DelayedWorkQueue);
	return STATUS_SUCCESS;
}

WQC_DRIVER(DriverEntry);
MODULE_DESCRIPTION("The smallest driver on wq_compat");
MODULE_LICENSE("GPL");
