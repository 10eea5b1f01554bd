// SPDX-License-Identifier: GPL-2.0
/* System threads, their handles and objects. */
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/kthread.h>
#include <linux/module.h>

#include "nt_test.h"

struct nt_thread {
	KEVENT go;
	bool terminate;
	NTSTATUS terminated;
	PKTHREAD self;
	PEPROCESS process;
	HANDLE id;
	int policy, nice;
	bool after;
};

static VOID nt_thread_routine(PVOID context)
{
	struct nt_thread *thread = context;

	thread->self = KeGetCurrentThread();
	thread->process = PsGetCurrentProcess();
	thread->id = PsGetCurrentThreadId();
	KeWaitForSingleObject(&thread->go, Executive, KernelMode, FALSE, NULL);
	thread->policy = current->policy;
	thread->nice = task_nice(current);
	if (!thread->terminate)
		return;
	PsTerminateSystemThread(STATUS_CANCELLED);
	thread->after = true;
}

static void nt_thread_go(void *thread)
{
	KeSetEvent(&((struct nt_thread *)thread)->go, IO_NO_INCREMENT, FALSE);
	/* The memory of the test is freed next; the unload waits until the thread has ended. */
}

static struct nt_thread *nt_thread_start(struct kunit *test, PVOID *object, CLIENT_ID *id)
{
	struct nt_thread *thread = kunit_kzalloc(test, sizeof(*thread), GFP_KERNEL);
	HANDLE handle = NULL;

	KUNIT_ASSERT_NOT_NULL(test, thread);
	KeInitializeEvent(&thread->go, NotificationEvent, FALSE);
	wqc_test_driver(test);		/* its unload waits for the thread */
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			PsCreateSystemThread(&handle, THREAD_ALL_ACCESS, NULL, NULL, id,
					     nt_thread_routine, thread));
	wqc_at_exit(test, nt_thread_go, thread);
	KUNIT_EXPECT_NOT_NULL(test, handle);
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			ObReferenceObjectByHandle(handle, THREAD_ALL_ACCESS, *PsThreadType,
						  KernelMode, object, NULL));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, ZwClose(handle));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_HANDLE, ZwClose(handle));
	return thread;
}

/* A thread object is signalled when its routine has returned, and stays signalled. */
static void thread_is_signalled_when_its_routine_has_returned(struct kunit *test)
{
	struct nt_thread *thread;
	CLIENT_ID id = {};
	PVOID object;

	thread = nt_thread_start(test, &object, &id);
	KUNIT_EXPECT_EQ(test, STATUS_TIMEOUT, nt_poll(object));
	nt_thread_go(thread);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_wait(object));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_poll(object));
	KUNIT_EXPECT_PTR_EQ(test, object, (PVOID)thread->self);
	KUNIT_EXPECT_PTR_EQ(test, id.UniqueThread, thread->id);
	KUNIT_EXPECT_PTR_EQ(test, (HANDLE)4, id.UniqueProcess);
	KUNIT_EXPECT_PTR_EQ(test, (PVOID)PsInitialSystemProcess, (PVOID)thread->process);
	ObDereferenceObject(object);
}

/* PsTerminateSystemThread() ends the calling system thread; in any other task it is refused. */
static void terminate_does_not_return(struct kunit *test)
{
	struct nt_thread *thread;
	PVOID object;

	thread = nt_thread_start(test, &object, NULL);
	thread->terminate = true;
	nt_thread_go(thread);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_wait(object));
	KUNIT_EXPECT_FALSE(test, thread->after);
	ObDereferenceObject(object);
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, PsTerminateSystemThread(STATUS_SUCCESS));
}

static VOID nt_terminating_routine(PVOID context)
{
	struct nt_thread *thread = context;

	thread->terminated = PsTerminateSystemThread(STATUS_SUCCESS);
	KeSetEvent(&thread->go, IO_NO_INCREMENT, FALSE);
}

/* PsTerminateSystemThread() in a worker is refused, and does not end the worker. */
static void worker_is_not_terminated(struct kunit *test)
{
	struct nt_thread thread = {};
	WORK_QUEUE_ITEM item;

	KeInitializeEvent(&thread.go, NotificationEvent, FALSE);
	ExInitializeWorkItem(&item, nt_terminating_routine, &thread);
	ExQueueWorkItem(&item, DelayedWorkQueue);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_wait(&thread.go));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, thread.terminated);
}

/* Only threads have handles, and handles are checked; a reference keeps the object. */
static void handles_and_references_are_looked_up(struct kunit *test)
{
	struct nt_thread *thread;
	PVOID object, none;

	thread = nt_thread_start(test, &object, NULL);
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_HANDLE,
			ObReferenceObjectByHandle((HANDLE)0x7ffc, 0, NULL, KernelMode, &none,
						  NULL));
	KUNIT_EXPECT_EQ(test, STATUS_OBJECT_TYPE_MISMATCH,
			ObReferenceObjectByHandle((HANDLE)4, 0, (POBJECT_TYPE)&none, KernelMode,
						  &none, NULL));
	ObReferenceObject(object);
	nt_thread_go(thread);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_wait(object));
	ObDereferenceObject(object);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_poll(object));
	ObDereferenceObject(object);
}

/* References on drivers and devices are passed to wq_compat. */
static void drivers_and_devices_can_be_referenced(struct kunit *test)
{
	u64 reports = wqc_reports(test, "not an object, or deleted before");
	PDEVICE_OBJECT device = wqc_test_device(test);

	ObReferenceObject(device);
	ObDereferenceObject(device);
	KUNIT_EXPECT_EQ(test, reports, wqc_reports(test, "not an object, or deleted before"));
	ObReferenceObject(&reports);
	KUNIT_EXPECT_EQ(test, reports + 1,
			wqc_reports(test, "not an object, or deleted before"));
}

#define NO_OBJECT	"not an object, or deleted before"

struct nt_self {
	PKTHREAD thread;
	HANDLE id, process_id;
	struct completion done;
};

static void nt_reference_itself(struct nt_self *self)
{
	self->thread = KeGetCurrentThread();
	self->id = PsGetCurrentThreadId();
	self->process_id = PsGetCurrentProcessId();
	ObReferenceObject(self->thread);
	ObReferenceObject(self->thread);
	complete(&self->done);
}

static VOID nt_self_item(PVOID context)
{
	nt_reference_itself(context);
}

static int nt_self_thread(void *context)
{
	nt_reference_itself(context);
	return 0;
}

/*
 * A worker, or a native kernel thread, may reference itself; another thread may drop that
 * reference, but no more.
 */
static void own_thread_is_referenced(struct kunit *test)
{
	struct nt_self self = { .done = COMPLETION_INITIALIZER_ONSTACK(self.done) };
	u64 reports = wqc_reports(test, NO_OBJECT);
	struct task_struct *ended;
	WORK_QUEUE_ITEM item;
	int i;

	ExInitializeWorkItem(&item, nt_self_item, &self);
	for (i = 0; i < 2; i++) {
		if (!i) {
			ExQueueWorkItem(&item, DelayedWorkQueue);
		} else {
			ended = kthread_run(nt_self_thread, &self, "nt_self");
			KUNIT_ASSERT_FALSE(test, IS_ERR(ended));
		}
		KUNIT_ASSERT_TRUE(test, wqc_done(&self.done));
		/* The second thread may have ended; the test reads its task, which stays. */
		KUNIT_EXPECT_PTR_EQ(test, self.id, PsGetThreadId(self.thread));
		KUNIT_EXPECT_TRUE(test, PsIsSystemThread(self.thread));
		ObReferenceObject(self.thread);
		ObDereferenceObject(self.thread);
		ObDereferenceObject(self.thread);
		KUNIT_EXPECT_PTR_EQ(test, self.id, PsGetThreadId(self.thread));
		ObDereferenceObject(self.thread);
		KUNIT_EXPECT_EQ(test, reports, wqc_reports(test, NO_OBJECT));
	}
	KUNIT_EXPECT_PTR_EQ(test, (HANDLE)4, self.process_id);
}

/* The same holds for the current process and the system process; one put too many is reported. */
static void own_process_is_referenced(struct kunit *test)
{
	u64 reports = wqc_reports(test, NO_OBJECT);
	PEPROCESS process = PsGetCurrentProcess();
	PKTHREAD thread = KeGetCurrentThread();

	ObReferenceObject(process);
	ObReferenceObject(thread);
	ObReferenceObject(PsInitialSystemProcess);
	ObDereferenceObject(PsInitialSystemProcess);
	ObDereferenceObject(thread);
	ObDereferenceObject(process);
	KUNIT_EXPECT_EQ(test, reports, wqc_reports(test, NO_OBJECT));
	ObDereferenceObject(thread);
	KUNIT_EXPECT_EQ(test, reports + 1, wqc_reports(test, NO_OBJECT));
}

/* The real-time priorities are SCHED_FIFO, the others nice values. */
static void priority_is_a_policy_and_nice(struct kunit *test)
{
	struct nt_thread *thread;
	PVOID object;

	thread = nt_thread_start(test, &object, NULL);
	KUNIT_EXPECT_EQ(test, 8, KeSetPriorityThread(object, LOW_REALTIME_PRIORITY));
	KUNIT_EXPECT_EQ(test, LOW_REALTIME_PRIORITY, KeQueryPriorityThread(object));
	nt_thread_go(thread);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_wait(object));
	KUNIT_EXPECT_EQ(test, SCHED_FIFO, thread->policy);
	ObDereferenceObject(object);

	thread = nt_thread_start(test, &object, NULL);
	KeSetPriorityThread(object, 12);
	nt_thread_go(thread);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_wait(object));
	KUNIT_EXPECT_EQ(test, SCHED_NORMAL, thread->policy);
	KUNIT_EXPECT_EQ(test, -8, thread->nice);
	ObDereferenceObject(object);
}

static VOID nt_note_process(PVOID context)
{
	struct nt_thread *thread = context;

	thread->process = IoGetCurrentProcess();
	KeSetEvent(&thread->go, IO_NO_INCREMENT, FALSE);
}

/* Workers run in the process of RDBSS; the task that loads a module does not. */
static void workers_are_in_the_system_process(struct kunit *test)
{
	struct nt_thread thread = {};
	WORK_QUEUE_ITEM item;

	KeInitializeEvent(&thread.go, NotificationEvent, FALSE);
	ExInitializeWorkItem(&item, nt_note_process, &thread);
	ExQueueWorkItem(&item, HyperCriticalWorkQueue);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_wait(&thread.go));
	KUNIT_EXPECT_PTR_EQ(test, (PVOID)PsInitialSystemProcess, (PVOID)thread.process);
	if (!(current->flags & PF_KTHREAD))
		KUNIT_EXPECT_PTR_NE(test, (PVOID)PsInitialSystemProcess,
				    (PVOID)IoGetCurrentProcess());
}

/* A thread of IoCreateSystemThread() holds its device. */
static void io_thread_holds_its_device(struct kunit *test)
{
	struct nt_thread *thread = kunit_kzalloc(test, sizeof(*thread), GFP_KERNEL);
	PDRIVER_OBJECT driver;
	PDEVICE_OBJECT device;
	HANDLE handle;
	PVOID object;

	KUNIT_ASSERT_NOT_NULL(test, thread);
	KeInitializeEvent(&thread->go, NotificationEvent, FALSE);
	driver = wqc_test_driver(test);
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			IoCreateDevice(driver, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &device));
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			IoCreateSystemThread(device, &handle, 0, NULL, NULL, NULL,
					     nt_thread_routine, thread));
	IoDeleteDevice(device);
	/* Long enough for a device without a reference to be freed. */
	msleep(4 * WQC_GRACE_MS);
	KUNIT_EXPECT_NOT_NULL(test, strstr(wqc_debugfs_text(test, "objects"), "delete pending"));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			ObReferenceObjectByHandle(handle, 0, NULL, KernelMode, &object, NULL));
	ZwClose(handle);
	nt_thread_go(thread);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_wait(object));
	ObDereferenceObject(object);
	KUNIT_EXPECT_TRUE(test, wqc_eventually(!strstr(wqc_debugfs_text(test, "objects"),
						       "delete pending")));
}

/* ---- processors ---------------------------------------------------------------- */

/* Every online CPU has a number below both counts, and a bit within the mask. */
static void nt_look_at_processors(struct kunit *test)
{
	ULONG most = KeQueryMaximumProcessorCount(), active, last = 0, cpu;
	KAFFINITY mask;

	active = KeQueryActiveProcessorCount(&mask);
	KUNIT_EXPECT_EQ(test, (ULONG)nr_cpu_ids, most);
	KUNIT_EXPECT_EQ(test, mask, KeQueryActiveProcessors());
	KUNIT_EXPECT_EQ(test, active, KeQueryActiveProcessorCountEx(ALL_PROCESSOR_GROUPS));
	KUNIT_EXPECT_EQ(test, most, KeQueryMaximumProcessorCountEx(ALL_PROCESSOR_GROUPS));
	for (cpu = 0; cpu < nr_cpu_ids; cpu++) {
		if (cpu < 64)
			KUNIT_EXPECT_EQ(test, cpu_online(cpu), !!(mask >> cpu & 1));
		if (cpu_online(cpu))
			last = cpu;
	}
	KUNIT_EXPECT_EQ(test, last + 1, active);
	KUNIT_EXPECT_LE(test, active, most);
}

#ifdef CONFIG_HOTPLUG_CPU
/* The counts exceed every CPU number, also while a CPU in the middle is offline. */
static void processor_counts_cover_every_number(struct kunit *test)
{
	int cpu = cpumask_next(0, cpu_online_mask), last = cpumask_last(cpu_online_mask);

	nt_look_at_processors(test);
	if (num_online_cpus() < 2)
		kunit_skip(test, "one CPU");
	KUNIT_ASSERT_EQ(test, 0, remove_cpu(cpu));
	nt_look_at_processors(test);
	if (cpu != last)
		KUNIT_EXPECT_EQ(test, (ULONG)last + 1, KeQueryActiveProcessorCount(NULL));
	KUNIT_EXPECT_EQ(test, 0, add_cpu(cpu));
	nt_look_at_processors(test);
}
#else
static void processor_counts_cover_every_number(struct kunit *test)
{
	nt_look_at_processors(test);
}
#endif

struct nt_number {
	ULONG index, number;
	PROCESSOR_NUMBER at;
};

static void nt_note_number(void *arg)
{
	struct nt_number *number = arg;

	number->index = KeGetCurrentProcessorNumberEx(&number->at);
	number->number = KeGetCurrentProcessorNumber();
}

/* A processor has an index, and a number in its group of 64. */
static void processor_numbers_are_filled_in(struct kunit *test)
{
	struct nt_number number;
	PROCESSOR_NUMBER at;
	int cpu;

	for_each_online_cpu(cpu) {
		memset(&number, 0xff, sizeof(number));
		wqc_on_cpu(test, cpu, nt_note_number, &number);
		KUNIT_EXPECT_EQ(test, (ULONG)cpu, number.index);
		KUNIT_EXPECT_EQ(test, (ULONG)cpu, number.number);
		KUNIT_EXPECT_EQ(test, cpu / 64, number.at.Group);
		KUNIT_EXPECT_EQ(test, cpu % 64, number.at.Number);
		KUNIT_EXPECT_EQ(test, 0, number.at.Reserved);
		KUNIT_EXPECT_EQ(test, (ULONG)cpu, KeGetProcessorIndexFromNumber(&number.at));
		KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, KeGetProcessorNumberFromIndex(cpu, &at));
		KUNIT_EXPECT_EQ(test, 0, memcmp(&at, &number.at, sizeof(at)));
	}
	KeGetCurrentProcessorNumberEx(NULL);
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER,
			KeGetProcessorNumberFromIndex(nr_cpu_ids, &at));
	at = (PROCESSOR_NUMBER){ .Group = 0x1000 };
	KUNIT_EXPECT_EQ(test, INVALID_PROCESSOR_INDEX, KeGetProcessorIndexFromNumber(&at));
	at = (PROCESSOR_NUMBER){ .Number = 64 };
	KUNIT_EXPECT_EQ(test, INVALID_PROCESSOR_INDEX, KeGetProcessorIndexFromNumber(&at));
	KUNIT_EXPECT_EQ(test, 0U, KeQueryActiveProcessorCountEx(0x1000));
	KUNIT_EXPECT_EQ(test, 0U, KeQueryMaximumProcessorCountEx(0x1000));
	KUNIT_EXPECT_EQ(test, 0UL, KeQueryGroupAffinity(0x1000));
	KUNIT_EXPECT_EQ(test, DIV_ROUND_UP(nr_cpu_ids, 64), KeQueryMaximumGroupCount());
}

static struct kunit_case nt_thread_cases[] = {
	KUNIT_CASE(thread_is_signalled_when_its_routine_has_returned),
	KUNIT_CASE(terminate_does_not_return),
	KUNIT_CASE(worker_is_not_terminated),
	KUNIT_CASE(handles_and_references_are_looked_up),
	KUNIT_CASE(drivers_and_devices_can_be_referenced),
	KUNIT_CASE(own_thread_is_referenced),
	KUNIT_CASE(own_process_is_referenced),
	KUNIT_CASE(priority_is_a_policy_and_nice),
	KUNIT_CASE(workers_are_in_the_system_process),
	KUNIT_CASE(io_thread_holds_its_device),
	KUNIT_CASE(processor_counts_cover_every_number),
	KUNIT_CASE(processor_numbers_are_filled_in),
	{}
};

static struct kunit_suite nt_thread_suite = {
	.name = "wqc_nt_thread",
	.test_cases = nt_thread_cases,
};

kunit_test_suite(nt_thread_suite);
