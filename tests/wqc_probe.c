// SPDX-License-Identifier: GPL-2.0
/*
 * Probes, a way to hold a queue, and the kernel's log.
 */
#include <linux/fs.h>
#include <linux/kmsg_dump.h>
#include <linux/kthread.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/sched/prio.h>
#include <linux/slab.h>

#include "wqc_probe.h"

/* More than any class has runners by default. */
#define WQC_BLOCKERS	300

void wqc_look(struct wqc_seen *seen)
{
	memcpy(seen->comm, current->comm, sizeof(seen->comm));
	seen->comm[sizeof(seen->comm) - 1] = '\0';
	seen->task = current;
	seen->pid = current->pid;
	seen->policy = current->policy;
	seen->static_prio = current->static_prio;
	seen->rt_priority = current->rt_priority;
	seen->nr_cpus_allowed = current->nr_cpus_allowed;
	seen->cpu = raw_smp_processor_id();
	seen->is_kworker = current->flags & PF_WQ_WORKER;
	seen->in_task = in_task();
	seen->irqs_off = irqs_disabled();
	seen->preempt_off = preempt_count();
	seen->rcu_or_locks = rcu_preempt_depth();
#ifdef CONFIG_LOCKDEP
	/* A kworker holds the lockdep maps of its workqueue and of its work. */
	seen->rcu_or_locks |= current->lockdep_depth > (seen->is_kworker ? 2 : 0);
#endif
}

const char *wqc_seen_class(const struct wqc_seen *seen)
{
	if (!seen->is_kworker)
		return seen->policy == SCHED_FIFO ? "HyperCritical" : "none";
	if (seen->policy != SCHED_NORMAL)
		return "none";
	if (seen->static_prio == NICE_TO_PRIO(0))
		return "Delayed";
	return seen->static_prio == NICE_TO_PRIO(MIN_NICE) ? "Critical" : "none";
}

void wqc_expect_process_context(struct kunit *test, const struct wqc_seen *seen)
{
	KUNIT_EXPECT_TRUE(test, seen->in_task);
	KUNIT_EXPECT_FALSE(test, seen->irqs_off);
	KUNIT_EXPECT_FALSE(test, seen->preempt_off);
	KUNIT_EXPECT_FALSE(test, seen->rcu_or_locks);
}

static void wqc_probe_run(struct wqc_probe *probe, PVOID object, PVOID context, PIO_WORKITEM io)
{
	wqc_look(&probe->seen);
	probe->object = object;
	probe->context = context;
	probe->got_io = io;
	atomic_inc(&probe->runs);
	if (probe->gate)
		wqc_gate_wait(probe->gate);
	complete(&probe->ran);
}

VOID wqc_probe_ex(PVOID context)
{
	wqc_probe_run(context, NULL, context, NULL);
}

VOID wqc_probe_io(PDEVICE_OBJECT device, PVOID context)
{
	wqc_probe_run(context, device, context, NULL);
}

VOID wqc_probe_io_ex(PVOID object, PVOID context, PIO_WORKITEM io)
{
	wqc_probe_run(context, object, context, io);
}

static VOID wqc_probe_unload(PDRIVER_OBJECT driver)
{
}

NTSTATUS wqc_probe_entry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
	driver->DriverUnload = wqc_probe_unload;
	return STATUS_SUCCESS;
}

struct wqc_probe *wqc_probes_new(struct kunit *test, unsigned int n)
{
	struct wqc_probe *probes = kunit_kcalloc(test, n, sizeof(*probes), GFP_KERNEL);
	const struct wqc_class_param *class = test->param_value;
	bool has_class = class >= wqc_class_params &&
			 class < wqc_class_params + ARRAY_SIZE(wqc_class_params);

	KUNIT_ASSERT_NOT_NULL(test, probes);
	while (n--) {
		init_completion(&probes[n].ran);
		init_completion(&probes[n].second);
		probes[n].type = has_class ? class->type : DelayedWorkQueue;
	}
	return probes;
}

struct wqc_probe *wqc_probe_new(struct kunit *test)
{
	return wqc_probes_new(test, 1);
}

void wqc_probe_queue(struct wqc_probe *probe, WORK_QUEUE_TYPE type)
{
	ExInitializeWorkItem(&probe->item, wqc_probe_ex, probe);
	ExQueueWorkItem(&probe->item, type);
}

PDEVICE_OBJECT wqc_device_new(struct kunit *test, PDRIVER_OBJECT driver, ULONG extension)
{
	PDEVICE_OBJECT device = NULL;

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			IoCreateDevice(driver, extension, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE,
				       &device));
	KUNIT_ASSERT_NOT_NULL(test, device);
	return device;
}

PIO_WORKITEM wqc_io_item(struct kunit *test, PVOID object)
{
	PIO_WORKITEM io = IoAllocateWorkItem(object);

	KUNIT_ASSERT_NOT_NULL(test, io);
	return io;
}

static void wqc_io_free(void *io)
{
	IoFreeWorkItem(io);
}

PIO_WORKITEM wqc_io_kept(struct kunit *test, PVOID object)
{
	PIO_WORKITEM io = wqc_io_item(test, object);

	wqc_at_exit(test, wqc_io_free, io);
	return io;
}

bool wqc_ran_once(struct wqc_probe *probes, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		if (!wqc_done(&probes[i].ran) || atomic_read(&probes[i].runs) != 1)
			return false;
	return true;
}

/* ---- holding ------------------------------------------------------------- */

/* Static, not memory of the test: an item that a broken module loses may still be on its queue. */
static WORK_QUEUE_ITEM wqc_blockers[WQC_BLOCKERS];
static PIO_WORKITEM wqc_io_blockers[WQC_BLOCKERS];
static struct completion wqc_blockers_open, wqc_blockers_done;
static unsigned int wqc_blockers_used;

static VOID wqc_block(PVOID context)
{
	wait_for_completion(&wqc_blockers_open);
	complete(&wqc_blockers_done);
}

static VOID wqc_io_block(PVOID object, PVOID context, PIO_WORKITEM io)
{
	IoFreeWorkItem(io);
	wqc_block(context);
}

int wqc_stay_here(struct kunit *test)
{
	int cpu = raw_smp_processor_id();

	KUNIT_ASSERT_EQ(test, 0, set_cpus_allowed_ptr(current, cpumask_of(cpu)));
	return cpu;
}

void wqc_hold_with(struct kunit *test, WORK_QUEUE_TYPE type, PVOID object)
{
	int i;

	wqc_stay_here(test);
	wqc_blockers_used = 0;
	init_completion(&wqc_blockers_open);
	init_completion(&wqc_blockers_done);
	for (i = 0; type != HyperCriticalWorkQueue && object && i < WQC_BLOCKERS; i++)
		wqc_io_blockers[i] = wqc_io_item(test, object);
	for (i = 0; type != HyperCriticalWorkQueue && i < WQC_BLOCKERS; i++) {
		ExInitializeWorkItem(&wqc_blockers[i], wqc_block, NULL);
		ExQueueWorkItem(&wqc_blockers[i], type);
		if (object)
			IoQueueWorkItemEx(wqc_io_blockers[i], wqc_io_block, type, NULL);
		wqc_blockers_used += object ? 2 : 1;
	}
	preempt_disable();
}

void wqc_hold(struct kunit *test, WORK_QUEUE_TYPE type)
{
	wqc_hold_with(test, type, NULL);
}

void wqc_release(struct kunit *test)
{
	preempt_enable();
	complete_all(&wqc_blockers_open);
	KUNIT_ASSERT_TRUE(test, wqc_done_times(&wqc_blockers_done, wqc_blockers_used));
}

/* By one reading for all classes: on a kernel that checks everything, each takes long. */
static bool wqc_is_settled(struct kunit *test)
{
	char *queues = wqc_debugfs_text(test, "queues");
	bool settled = true;
	int i;

	for (i = 0; settled && i < ARRAY_SIZE(wqc_class_params); i++) {
		const char *pool = wqc_class_params[i].pool;

		settled = wqc_column(test, queues, pool, "queued") ==
				  wqc_column(test, queues, pool, "finished") +
				  wqc_column(test, queues, pool, "taken") &&
			  !wqc_column(test, queues, pool, "busy");
	}
	kunit_kfree(test, queues);
	return settled;
}

bool wqc_settled(struct kunit *test)
{
	return wqc_eventually(wqc_is_settled(test));
}

void wqc_settle(struct kunit *test)
{
	KUNIT_ASSERT_TRUE(test, wqc_settled(test));
}

/* ---- threads ------------------------------------------------------------- */

struct wqc_threads {
	void (*fn)(void *arg);
	void *arg;
	int left;		/* threads that have not been waited for */
	atomic_t running;
	struct completion done;
};

static int wqc_thread(void *data)
{
	struct wqc_threads *threads = data;

	threads->fn(threads->arg);
	atomic_dec(&threads->running);
	/*
	 * The thread exits instead of returning: when the waiter continues, the thread has left
	 * this module's text.
	 */
	kthread_complete_and_exit(&threads->done, 0);
}

bool wqc_threads_done(struct wqc_threads *threads)
{
	return !atomic_read(&threads->running);
}

void wqc_threads_join(struct wqc_threads *threads)
{
	for (; threads->left; threads->left--)
		wait_for_completion(&threads->done);
}

static void wqc_threads_free(void *threads)
{
	wqc_threads_join(threads);
	kfree(threads);
}

struct wqc_threads *wqc_threads_start(struct kunit *test, int n, void (*fn)(void *arg), void *arg)
{
	struct wqc_threads *threads = kzalloc(sizeof(*threads), GFP_KERNEL);
	struct task_struct *thread;

	KUNIT_ASSERT_NOT_NULL(test, threads);
	init_completion(&threads->done);
	threads->fn = fn;
	threads->arg = arg;
	wqc_at_exit(test, wqc_threads_free, threads);
	while (n--) {
		atomic_inc(&threads->running);
		thread = kthread_run(wqc_thread, threads, "wqc_test");
		KUNIT_ASSERT_FALSE(test, IS_ERR(thread));
		threads->left++;
	}
	return threads;
}

/* ---- files and the log --------------------------------------------------- */

unsigned int wqc_log_lines(struct kunit *test, const char *one, const char *other)
{
	struct kmsg_dump_iter iter;
	unsigned int lines = 0;
	char line[512];
	size_t len;

	kmsg_dump_rewind(&iter);
	while (kmsg_dump_get_line(&iter, false, line, sizeof(line) - 1, &len)) {
		line[len] = 0;
		lines += strstr(line, one) && strstr(line, other);
	}
	return lines;
}

unsigned int wqc_objects(struct kunit *test, const char *type, const char *state)
{
	char *text = wqc_debugfs_text(test, "objects"), *lines = text, *line;
	unsigned int count = 0;

	strsep(&lines, "\n");		/* the heads of the columns */
	while ((line = strsep(&lines, "\n")))
		count += *line && strstr(line, type) && strstr(line, state);
	kunit_kfree(test, text);
	return count;
}

void wqc_objects_calm(struct kunit *test)
{
	KUNIT_ASSERT_TRUE(test, wqc_eventually(!wqc_objects(test, "", "delete pending")));
}

int wqc_write_file(const char *path, const char *value)
{
	struct file *file = wqc_open(path, O_WRONLY);
	loff_t pos = 0;
	ssize_t got;

	if (IS_ERR(file))
		return PTR_ERR(file);
	got = kernel_write(file, value, strlen(value), &pos);
	filp_close(file, NULL);
	return got < 0 ? got : 0;
}
