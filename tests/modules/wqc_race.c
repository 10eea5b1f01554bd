// SPDX-License-Identifier: GPL-2.0
/*
 * A client with a data race: on every CPU, items of one routine count without a lock. KCSAN
 * must report it; otherwise its silence elsewhere proves nothing.
 */
#include <linux/atomic.h>
#include <linux/cpumask.h>
#include <linux/moduleparam.h>

#include <wq_compat.h>

#define ITEMS	8

static unsigned int rounds = 2000;
module_param(rounds, uint, 0);
MODULE_PARM_DESC(rounds, "how often each item queues itself again");

static WORK_QUEUE_ITEM items[ITEMS];
static unsigned long counted;
static atomic_t left;

static VOID race_routine(PVOID Context)
{
	unsigned int i;

	for (i = 0; i < 100; i++)
		counted++;
	if (atomic_dec_return(&left) > 0)
		ExQueueWorkItem(Context, DelayedWorkQueue);
}

static VOID race_unload(PDRIVER_OBJECT DriverObject)
{
	atomic_set(&left, 0);
}

static NTSTATUS race_entry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
	unsigned int i;

	DriverObject->DriverUnload = race_unload;
	atomic_set(&left, rounds * ITEMS);
	for (i = 0; i < ITEMS; i++) {
		ExInitializeWorkItem(&items[i], race_routine, &items[i]);
		ExQueueWorkItem(&items[i], DelayedWorkQueue);
	}
	return STATUS_SUCCESS;
}

WQC_DRIVER(race_entry);
MODULE_DESCRIPTION("A data race on purpose");
MODULE_LICENSE("GPL");
