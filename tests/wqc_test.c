// SPDX-License-Identifier: GPL-2.0
/*
 * Functions for all suites. One module holds all suites, so that the log has one KTAP document.
 */
#include <kunit/resource.h>
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/irq_work.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/path.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/sched/task.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/uio.h>

#include "../lib/hrtimer.h"
#include "wqc_test.h"

static unsigned int scale = 1;
module_param(scale, uint, 0444);
MODULE_PARM_DESC(scale, "rounds of the long cases are divided by this");

const struct wqc_class_param wqc_class_params[3] = {
	{ "Delayed", "Delayed", DelayedWorkQueue },
	{ "Critical", "Critical", CriticalWorkQueue },
	{ "HyperCritical", "HyperCritical", HyperCriticalWorkQueue },
};

static void wqc_class_desc(const struct wqc_class_param *class, char *desc)
{
	strscpy(desc, class->name, KUNIT_PARAM_DESC_SIZE);
}

WQC_GEN_PARAMS(wqc_class_gen_params)
{
	const struct wqc_class_param *next = prev ? (const struct wqc_class_param *)prev + 1 :
						    wqc_class_params;

	if (next == wqc_class_params + ARRAY_SIZE(wqc_class_params))
		return NULL;
	wqc_class_desc(next, desc);
	return next;
}

unsigned int wqc_rounds(unsigned int full, unsigned int least)
{
	return max(full / max(scale, 1U), least);
}

/* ---- actions at the end of a test: 6.1 has no kunit_add_action() ---------- */

struct wqc_action {
	void (*fn)(void *arg);
	void *arg;
};

static void wqc_run_action(struct kunit_resource *res)
{
	struct wqc_action *action = res->data;

	action->fn(action->arg);
	kfree(action);
}

static int wqc_set_action(struct kunit_resource *res, void *action)
{
	res->data = action;
	return 0;
}

void wqc_at_exit(struct kunit *test, void (*fn)(void *arg), void *arg)
{
	struct wqc_action *action = kzalloc(sizeof(*action), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, action);
	action->fn = fn;
	action->arg = arg;
	KUNIT_ASSERT_NOT_NULL(test, kunit_alloc_resource(test, wqc_set_action, wqc_run_action,
							 GFP_KERNEL, action));
}

/* ---- gates --------------------------------------------------------------- */

bool wqc_done(struct completion *done)
{
	return wait_for_completion_timeout(done, WQC_TIMEOUT);
}

bool wqc_done_times(struct completion *done, unsigned int n)
{
	while (n--)
		if (!wqc_done(done))
			return false;
	return true;
}

static void wqc_gate_free(void *arg)
{
	struct wqc_gate *gate = arg;

	complete_all(&gate->open);
	/* A routine may still be in wait_for_completion(). */
	if (wqc_eventually(!atomic_read(&gate->inside)))
		kfree(gate);
}

struct wqc_gate *wqc_gate_new(struct kunit *test)
{
	struct wqc_gate *gate = kzalloc(sizeof(*gate), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, gate);
	init_completion(&gate->open);
	init_completion(&gate->arrived);
	wqc_at_exit(test, wqc_gate_free, gate);
	return gate;
}

void wqc_gate_wait(struct wqc_gate *gate)
{
	int inside = atomic_inc_return(&gate->inside);
	int peak = atomic_read(&gate->peak);

	while (inside > peak && !atomic_try_cmpxchg(&gate->peak, &peak, inside))
		;
	complete(&gate->arrived);
	wait_for_completion(&gate->open);
	atomic_dec(&gate->inside);
}

void wqc_gate_open(struct wqc_gate *gate)
{
	complete_all(&gate->open);
}

bool wqc_gate_arrivals(struct wqc_gate *gate, unsigned int n)
{
	return wqc_done_times(&gate->arrived, n);
}

/* ---- a driver ------------------------------------------------------------ */

static NTSTATUS wqc_test_entry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
	return STATUS_SUCCESS;
}

static void wqc_test_unload_driver(void *driver)
{
	wqc_driver_unload(driver);
}

/* A driver without a DriverUnload pins its module. */
static void wqc_test_driver_unload(PDRIVER_OBJECT driver)
{
}

static NTSTATUS wqc_test_entry_with_unload(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
	driver->DriverUnload = wqc_test_driver_unload;
	return wqc_test_entry(driver, path);
}

PDRIVER_OBJECT wqc_test_driver(struct kunit *test)
{
	PDRIVER_OBJECT driver;

	KUNIT_ASSERT_EQ(test, 0, wqc_driver_load(THIS_MODULE, wqc_test_entry_with_unload,
						 &driver));
	wqc_at_exit(test, wqc_test_unload_driver, driver);
	return driver;
}

static void wqc_test_delete_device(void *device)
{
	IoDeleteDevice(device);
}

PDEVICE_OBJECT wqc_test_device(struct kunit *test)
{
	PDRIVER_OBJECT driver = wqc_test_driver(test);
	PDEVICE_OBJECT device = NULL;

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			IoCreateDevice(driver, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &device));
	KUNIT_ASSERT_NOT_NULL(test, device);
	wqc_at_exit(test, wqc_test_delete_device, device);
	return device;
}

/* ---- debugfs ------------------------------------------------------------- */

/*
 * debugfs refuses kernel_read(), because its files have a read() of their own. The files of
 * wq_compat are seq_files, which can be read by their iterator.
 */
static ssize_t wqc_read_seq(struct file *file, char *text, size_t size, loff_t pos)
{
	struct kvec vec = { .iov_base = text, .iov_len = size };
	struct iov_iter iter;
	struct kiocb kiocb;

	init_sync_kiocb(&kiocb, file);
	kiocb.ki_pos = pos;
	iov_iter_kvec(&iter, READ, &vec, 1, size);
	return seq_read_iter(&kiocb, &iter);
}

#define WQC_TEXT_SIZE	8192	/* at first: few files are larger */

/* The size of @file, which is read into *@text, or an error. The caller frees *@text. */
static ssize_t wqc_read_all(struct file *file, char **text)
{
	size_t room = WQC_TEXT_SIZE, size = 0;
	char *larger;
	ssize_t got;

	*text = kmalloc(room, GFP_KERNEL);
	if (!*text)
		return -ENOMEM;
	while ((got = wqc_read_seq(file, *text + size, room - 1 - size, size)) > 0) {
		size += got;
		if (size < room - 1)
			continue;
		room *= 2;
		larger = krealloc(*text, room, GFP_KERNEL);
		if (!larger)
			return -ENOMEM;
		*text = larger;
	}
	(*text)[size] = '\0';
	return got < 0 ? got : size;
}

/* The cases run in kernel threads, whose root directory is empty on newer kernels. */
struct file *wqc_open(const char *path, int flags)
{
	struct task_struct *task;
	struct file *file;
	struct path root;

	rcu_read_lock();
	task = pid_task(find_pid_ns(1, &init_pid_ns), PIDTYPE_PID);
	task_lock(task);
	get_fs_root(task->fs, &root);
	task_unlock(task);
	rcu_read_unlock();
	file = file_open_root(&root, path, flags, 0);
	path_put(&root);
	return file;
}

char *wqc_debugfs_text(struct kunit *test, const char *name)
{
	char path[64], *all = NULL, *text = NULL;
	struct file *file;
	ssize_t size;

	snprintf(path, sizeof(path), "/sys/kernel/debug/wq_compat/%s", name);
	file = wqc_open(path, O_RDONLY);
	KUNIT_ASSERT_FALSE_MSG(test, IS_ERR(file), "%s: %ld", path, PTR_ERR(file));
	size = wqc_read_all(file, &all);
	filp_close(file, NULL);
	if (size > 0)
		text = kunit_kzalloc(test, size + 1, GFP_KERNEL);
	if (text)
		memcpy(text, all, size);
	kfree(all);
	KUNIT_ASSERT_NOT_NULL_MSG(test, text, "%s: %zd", path, size);
	return text;
}

u64 wqc_reports(struct kunit *test, const char *text)
{
	char *all = wqc_debugfs_text(test, "reports"), *lines = all, *line;
	char name[128];
	bool seen = false;
	u64 count = 0;

	while (!seen && (line = strsep(&lines, "\n")))
		seen = sscanf(line, "%llu %*s %127[^\n]", &count, name) == 2 &&
		       !strcmp(name, text);
	kunit_kfree(test, all);
	KUNIT_EXPECT_TRUE_MSG(test, seen, "no report '%s'", text);
	return seen ? count : 0;
}

u64 wqc_column(struct kunit *test, const char *queues, const char *pool, const char *column)
{
	const char *line, *end, *at;
	char class[48], field[32];
	u64 sum = 0, value;
	bool seen = false;

	snprintf(class, sizeof(class), "class=%s ", pool);
	snprintf(field, sizeof(field), " %s=", column);
	for (line = queues; *line; line = *end ? end + 1 : end) {
		end = strchrnul(line, '\n');
		if (strncmp(line, class, strlen(class)))
			continue;
		at = strnstr(line, field, end - line);
		if (at && sscanf(at + strlen(field), "%llu", &value) == 1) {
			sum += value;
			seen = true;
		}
	}
	KUNIT_EXPECT_TRUE_MSG(test, seen, "no column %s of %s", column, pool);
	return sum;
}

u64 wqc_counter(struct kunit *test, const char *pool, const char *column)
{
	char *queues = wqc_debugfs_text(test, "queues");
	u64 sum = wqc_column(test, queues, pool, column);

	kunit_kfree(test, queues);
	return sum;
}

/* ---- timers --------------------------------------------------------------- */

static bool wqc_past;

static enum hrtimer_restart wqc_past_timer(struct hrtimer *timer)
{
	WRITE_ONCE(wqc_past, true);
	return HRTIMER_NORESTART;
}

/* A CPU runs its timers in the order of their times. */
void wqc_spin_past_timers(unsigned int ms)
{
	static struct hrtimer timer;

	WRITE_ONCE(wqc_past, false);
	wqc_hrtimer_setup(&timer, wqc_past_timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED_HARD);
	hrtimer_start(&timer, ms_to_ktime(ms), HRTIMER_MODE_REL_PINNED_HARD);
	while (!READ_ONCE(wqc_past))
		cpu_relax();
	hrtimer_cancel(&timer);
}

/* ---- contexts ------------------------------------------------------------ */

const char *const wqc_context_names[WQC_NR_CONTEXTS] = {
	[WQC_IN_PROCESS] = "process",
	[WQC_IN_SOFTIRQ] = "softirq",
	[WQC_IN_HARDIRQ] = "hardirq",
	[WQC_IN_IRQ_WORK] = "irq_work",
	[WQC_IRQS_OFF] = "interrupts off",
	[WQC_PREEMPT_OFF] = "preemption off",
	[WQC_UNDER_RAW_LOCK] = "under a raw spinlock",
	[WQC_UNDER_SPIN_LOCK] = "under a spinlock",
};

static const enum wqc_context wqc_contexts[WQC_NR_CONTEXTS] = {
	WQC_IN_PROCESS, WQC_IN_SOFTIRQ, WQC_IN_HARDIRQ, WQC_IN_IRQ_WORK,
	WQC_IRQS_OFF, WQC_PREEMPT_OFF, WQC_UNDER_RAW_LOCK, WQC_UNDER_SPIN_LOCK,
};

WQC_GEN_PARAMS(wqc_context_gen_params)
{
	const enum wqc_context *next = prev ? (const enum wqc_context *)prev + 1 : wqc_contexts;

	if (next == wqc_contexts + WQC_NR_CONTEXTS)
		return NULL;
	strscpy(desc, wqc_context_names[*next], KUNIT_PARAM_DESC_SIZE);
	return next;
}

struct wqc_context_call {
	struct timer_list timer;
	struct hrtimer hrtimer;
	struct irq_work irq_work;
	struct completion called;
	void (*fn)(void *arg);
	void *arg;
	bool in_hardirq, in_softirq, irqs_off, preempt_off;
};

static void wqc_context_run(struct wqc_context_call *call)
{
	call->in_hardirq = in_hardirq();
	call->in_softirq = in_serving_softirq();
	call->irqs_off = irqs_disabled();
	call->preempt_off = !preemptible();
	call->fn(call->arg);
}

static void wqc_context_timer(struct timer_list *timer)
{
	struct wqc_context_call *call = container_of(timer, struct wqc_context_call, timer);

	wqc_context_run(call);
	complete(&call->called);
}

static enum hrtimer_restart wqc_context_hrtimer(struct hrtimer *timer)
{
	struct wqc_context_call *call = container_of(timer, struct wqc_context_call, hrtimer);

	wqc_context_run(call);
	complete(&call->called);
	return HRTIMER_NORESTART;
}

static void wqc_context_irq_work(struct irq_work *work)
{
	struct wqc_context_call *call = container_of(work, struct wqc_context_call, irq_work);

	wqc_context_run(call);
	complete(&call->called);
}

void wqc_call_in(struct kunit *test, enum wqc_context context, void (*fn)(void *arg), void *arg)
{
	static DEFINE_RAW_SPINLOCK(raw_lock);
	static DEFINE_SPINLOCK(lock);
	struct wqc_context_call *call = kunit_kzalloc(test, sizeof(*call), GFP_KERNEL);
	unsigned long flags;

	KUNIT_ASSERT_NOT_NULL(test, call);
	call->fn = fn;
	call->arg = arg;
	init_completion(&call->called);
	switch (context) {
	case WQC_IN_PROCESS:
		wqc_context_run(call);
		KUNIT_EXPECT_FALSE(test, call->preempt_off);
		break;
	case WQC_IN_SOFTIRQ:
		timer_setup(&call->timer, wqc_context_timer, 0);
		mod_timer(&call->timer, jiffies + 1);
		KUNIT_ASSERT_TRUE(test, wqc_done(&call->called));
		timer_shutdown_sync(&call->timer);
		KUNIT_EXPECT_TRUE(test, call->in_softirq);
		break;
	case WQC_IN_HARDIRQ:
		wqc_hrtimer_setup(&call->hrtimer, wqc_context_hrtimer, CLOCK_MONOTONIC,
				  HRTIMER_MODE_REL_HARD);
		hrtimer_start(&call->hrtimer, ms_to_ktime(1), HRTIMER_MODE_REL_HARD);
		KUNIT_ASSERT_TRUE(test, wqc_done(&call->called));
		hrtimer_cancel(&call->hrtimer);
		KUNIT_EXPECT_TRUE(test, call->in_hardirq);
		break;
	case WQC_IN_IRQ_WORK:
		call->irq_work = IRQ_WORK_INIT_HARD(wqc_context_irq_work);
		irq_work_queue(&call->irq_work);
		KUNIT_ASSERT_TRUE(test, wqc_done(&call->called));
		irq_work_sync(&call->irq_work);
		KUNIT_EXPECT_TRUE(test, call->in_hardirq);
		break;
	case WQC_IRQS_OFF:
		local_irq_save(flags);
		wqc_context_run(call);
		local_irq_restore(flags);
		KUNIT_EXPECT_TRUE(test, call->irqs_off);
		break;
	case WQC_PREEMPT_OFF:
		preempt_disable();
		wqc_context_run(call);
		preempt_enable();
		KUNIT_EXPECT_TRUE(test, call->preempt_off);
		break;
	case WQC_UNDER_RAW_LOCK:
		raw_spin_lock_irqsave(&raw_lock, flags);
		wqc_context_run(call);
		raw_spin_unlock_irqrestore(&raw_lock, flags);
		KUNIT_EXPECT_TRUE(test, call->irqs_off);
		break;
	case WQC_UNDER_SPIN_LOCK:
		spin_lock(&lock);
		wqc_context_run(call);
		spin_unlock(&lock);
		if (!IS_ENABLED(CONFIG_PREEMPT_RT))
			KUNIT_EXPECT_TRUE(test, call->preempt_off);
		break;
	default:
		KUNIT_FAIL(test, "no context %d", context);
	}
}

/* ---- threads ------------------------------------------------------------- */

struct wqc_on_cpu_call {
	void (*fn)(void *arg, int cpu);
	void (*fn_one)(void *arg);
	void *arg;
	int cpu;
	struct completion *go;
	struct completion done;
};

static int wqc_on_cpu_thread(void *data)
{
	struct wqc_on_cpu_call *call = data;

	if (call->go)
		wait_for_completion(call->go);
	if (call->fn)
		call->fn(call->arg, call->cpu);
	else
		call->fn_one(call->arg);
	complete(&call->done);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 0;
}

static void wqc_stop_thread(void *thread)
{
	kthread_stop(thread);
}

static struct wqc_on_cpu_call *wqc_start_on(struct kunit *test, int cpu, struct completion *go,
					    void (*fn)(void *arg, int cpu),
					    void (*fn_one)(void *arg), void *arg)
{
	struct wqc_on_cpu_call *call = kunit_kzalloc(test, sizeof(*call), GFP_KERNEL);
	struct task_struct *thread;

	KUNIT_ASSERT_NOT_NULL(test, call);
	call->fn = fn;
	call->fn_one = fn_one;
	call->arg = arg;
	call->cpu = cpu;
	call->go = go;
	init_completion(&call->done);
	thread = kthread_create_on_cpu(wqc_on_cpu_thread, call, cpu, "wqc_test/%u");
	KUNIT_ASSERT_FALSE(test, IS_ERR(thread));
	wqc_at_exit(test, wqc_stop_thread, thread);
	wake_up_process(thread);
	return call;
}

void wqc_on_all_cpus(struct kunit *test, void (*fn)(void *arg, int cpu), void *arg)
{
	struct completion *go = kunit_kzalloc(test, sizeof(*go), GFP_KERNEL);
	struct wqc_on_cpu_call **calls;
	int cpu;

	KUNIT_ASSERT_NOT_NULL(test, go);
	init_completion(go);
	calls = kunit_kcalloc(test, nr_cpu_ids, sizeof(*calls), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, calls);
	for_each_online_cpu(cpu)
		calls[cpu] = wqc_start_on(test, cpu, go, fn, NULL, arg);
	complete_all(go);
	for_each_online_cpu(cpu)
		KUNIT_ASSERT_TRUE(test, wqc_done(&calls[cpu]->done));
}

void wqc_on_cpu(struct kunit *test, int cpu, void (*fn)(void *arg), void *arg)
{
	struct wqc_on_cpu_call *call = wqc_start_on(test, cpu, NULL, NULL, fn, arg);

	KUNIT_ASSERT_TRUE(test, wqc_done(&call->done));
}

MODULE_DESCRIPTION("KUnit suites of wq_compat");
MODULE_LICENSE("GPL");
