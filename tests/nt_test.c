// SPDX-License-Identifier: GPL-2.0
#include <linux/kthread.h>
#include <linux/slab.h>
#include <linux/stdarg.h>

#include "nt_test.h"

static int nt_waiter_thread(void *arg)
{
	LARGE_INTEGER timeout = NT_MS(1000LL * WQC_TIMEOUT_SECONDS);
	struct nt_waiter *waiter = arg;

	waiter->status = KeWaitForMultipleObjects(waiter->count, waiter->objects, waiter->type,
						  Executive, KernelMode, FALSE, &timeout,
						  waiter->blocks);
	complete_all(&waiter->done);
	return 0;
}

static void nt_waiter_end(void *arg)
{
	struct nt_waiter *waiter = arg;

	/* A wait that the case has not ended is ended by its time-out. */
	wait_for_completion(&waiter->done);
	kfree(waiter);
}

unsigned int nt_waiters(PVOID object)
{
	PDISPATCHER_HEADER header = object;
	unsigned int n = 0;
	PLIST_ENTRY at;

	for (at = READ_ONCE(header->WaitListHead.Flink); at != &header->WaitListHead;
	     at = READ_ONCE(at->Flink))
		n++;
	return n;
}

struct nt_waiter *nt_waiter_new(struct kunit *test, WAIT_TYPE type, ULONG count, ...)
{
	struct nt_waiter *waiter = kzalloc(sizeof(*waiter), GFP_KERNEL);
	unsigned int before;
	va_list args;
	ULONG i;

	KUNIT_ASSERT_NOT_NULL(test, waiter);
	va_start(args, count);
	for (i = 0; i < count; i++)
		waiter->objects[i] = va_arg(args, PVOID);
	va_end(args);
	waiter->count = count;
	waiter->type = type;
	init_completion(&waiter->done);
	before = nt_waiters(waiter->objects[count - 1]);
	waiter->task = kthread_run(nt_waiter_thread, waiter, "nt_waiter");
	if (IS_ERR(waiter->task)) {
		kfree(waiter);
		KUNIT_ASSERT_TRUE_MSG(test, false, "no thread");
	}
	wqc_at_exit(test, nt_waiter_end, waiter);
	KUNIT_ASSERT_TRUE(test,
			  wqc_eventually(nt_waiters(waiter->objects[count - 1]) == before + 1));
	return waiter;
}

bool nt_waiter_done(struct nt_waiter *waiter)
{
	return wqc_done(&waiter->done);
}

NTSTATUS nt_poll(PVOID object)
{
	LARGE_INTEGER zero = {};

	return KeWaitForSingleObject(object, Executive, KernelMode, FALSE, &zero);
}

NTSTATUS nt_wait(PVOID object)
{
	LARGE_INTEGER timeout = NT_MS(1000LL * WQC_TIMEOUT_SECONDS);

	return KeWaitForSingleObject(object, Executive, KernelMode, FALSE, &timeout);
}
