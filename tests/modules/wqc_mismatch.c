// SPDX-License-Identifier: GPL-2.0
/*
 * A client whose routine is of another type, and which itself calls a function of another type.
 * Kernel CFI accepts the first call, which is exempt, and traps at the second.
 */
#include <linux/completion.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>

#include <wq_compat.h>

static bool own_call;
module_param(own_call, bool, 0);
MODULE_PARM_DESC(own_call, "also calls its function itself");

static WORK_QUEUE_ITEM item;
static DECLARE_COMPLETION(done);

static NTSTATUS mismatch_routine(struct completion *completion)
{
	complete(completion);
	return STATUS_SUCCESS;
}

static VOID mismatch_unload(PDRIVER_OBJECT DriverObject)
{
}

static NTSTATUS mismatch_entry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
	/* Volatile, so that the compiler does not make a direct call of it. */
	PWORKER_THREAD_ROUTINE volatile routine = (void *)mismatch_routine;

	DriverObject->DriverUnload = mismatch_unload;
	ExInitializeWorkItem(&item, routine, &done);
	ExQueueWorkItem(&item, DelayedWorkQueue);
	wait_for_completion(&done);
	pr_info("mismatch: the routine ran\n");
	if (own_call)
		routine(&done);
	return STATUS_SUCCESS;
}

WQC_DRIVER(mismatch_entry);
MODULE_DESCRIPTION("A routine of another type");
MODULE_LICENSE("GPL");
