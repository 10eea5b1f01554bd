// SPDX-License-Identifier: GPL-2.0
/*
 * A fuzzer: threads make random calls, valid and invalid, in random contexts. The calls of a
 * thread follow from the seed alone, so a run can be repeated; hashes of the calls prove that.
 * The interleaving of the threads is not reproducible.
 */
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/moduleparam.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

#include "wqc_fuzz.h"

#define NR_THREADS	4

static unsigned int seed = 1;
module_param(seed, uint, 0);
MODULE_PARM_DESC(seed, "seed of the calls");

static unsigned int seconds = 30;
module_param(seconds, uint, 0);
MODULE_PARM_DESC(seconds, "duration");

static unsigned int steps;
module_param(steps, uint, 0);
MODULE_PARM_DESC(steps, "steps of each thread, whatever the time; 0: until the time is over");

PDRIVER_OBJECT fuzz_driver;
atomic_long_t fuzz_counts[FUZZ_NR_COUNTS];
static const char *const fuzz_names[FUZZ_NR_COUNTS] = {
	[FUZZ_STEPS] = "steps",
	[FUZZ_ACCEPTED] = "accepted",
	[FUZZ_RAN] = "ran",
	[FUZZ_TWICE] = "twice",
	[FUZZ_CANCELLED] = "cancelled",
	[FUZZ_REFUSED] = "refused",
	[FUZZ_BAD_TYPE] = "bad_type",
	[FUZZ_BAD_ROUTINE] = "bad_routine",
	[FUZZ_BAD_ITEM] = "bad_item",
	[FUZZ_BAD_OBJECT] = "bad_object",
	[FUZZ_BAD_DEVICE] = "bad_device",
	[FUZZ_SELF_WAIT] = "self_wait",
	[FUZZ_IRQS_OFF] = "irqs_off",
	[FUZZ_PREEMPT] = "preempt",
	[FUZZ_POLICY] = "policy",
	[FUZZ_FULL] = "full",
	[FUZZ_DOWN] = "down",
	[FUZZ_NO_MEMORY] = "no_memory",
	[FUZZ_WRONG] = "wrong",
};

static struct fuzz fuzzers[NR_THREADS];
static unsigned long fuzz_end;

void fuzz_wrong(const char *what, long value)
{
	if (atomic_long_inc_return(&fuzz_counts[FUZZ_WRONG]) == 1)
		pr_err("fuzz: %s: %lx\n", what, value);
}

/* ---- contexts ------------------------------------------------------------- */

static VOID fuzz_routine(PVOID Parameter)
{
	struct fuzz *me = Parameter;

	me->call(me);
	complete(&me->called);
}

static void fuzz_tasklet(struct tasklet_struct *tasklet)
{
	struct fuzz *me = container_of(tasklet, struct fuzz, tasklet);

	me->call(me);
	complete(&me->called);
}

static void fuzz_irq_work(struct irq_work *work)
{
	struct fuzz *me = container_of(work, struct fuzz, irq_work);

	me->call(me);
}

/* The fuzzer makes and counts this item, so the law counts it neither as accepted nor as run. */
static void fuzz_in_routine(struct fuzz *me, WORK_QUEUE_TYPE type)
{
	ExInitializeWorkItem(&me->in_routine, fuzz_routine, me);
	ExQueueWorkItem(&me->in_routine, type);
	wait_for_completion(&me->called);
}

static void fuzz_call_in(struct fuzz *me, enum fuzz_context context, WORK_QUEUE_TYPE type)
{
	static DEFINE_RAW_SPINLOCK(raw_lock);
	static DEFINE_SPINLOCK(lock);
	unsigned long flags;

	switch (context) {
	case FUZZ_IN_ROUTINE:
		fuzz_in_routine(me, type);
		break;
	case FUZZ_IN_PREEMPT_OFF:
		preempt_disable();
		me->call(me);
		preempt_enable();
		break;
	case FUZZ_IN_SOFTIRQ:
		tasklet_schedule(&me->tasklet);
		wait_for_completion(&me->called);
		break;
	case FUZZ_IN_LOCK:
		spin_lock_bh(&lock);
		me->call(me);
		spin_unlock_bh(&lock);
		break;
	case FUZZ_IN_IRQS_OFF:
		local_irq_save(flags);
		me->call(me);
		local_irq_restore(flags);
		break;
	case FUZZ_IN_RAW_LOCK:
		raw_spin_lock_irqsave(&raw_lock, flags);
		me->call(me);
		raw_spin_unlock_irqrestore(&raw_lock, flags);
		break;
	case FUZZ_IN_HARDIRQ:
		irq_work_queue(&me->irq_work);
		irq_work_sync(&me->irq_work);
		break;
	default:
		me->call(me);
	}
}

/* A step depends on the seed alone, not on the results of earlier steps. */
static void fuzz_step(struct fuzz *me)
{
	u32 what = wqc_random(&me->random) % fuzz_nr_calls;
	u32 where = wqc_random(&me->random);
	enum fuzz_context context = where % FUZZ_NR_CONTEXTS;

	me->arg = wqc_random(&me->random);
	me->hash = (me->hash ^ what ^ where ^ me->arg) * 16777619;
	me->call = fuzz_calls[what].call;
	if (fuzz_calls[what].place == FUZZ_SLEEPS)
		context = FUZZ_IN_PROCESS;
	else if (fuzz_calls[what].place == FUZZ_NOT_RAW && context > FUZZ_IN_ROUTINE &&
		 (context >= FUZZ_IN_IRQS_OFF || IS_ENABLED(CONFIG_PREEMPT_RT)))
		context = FUZZ_IN_ROUTINE;
	fuzz_call_in(me, context, where / FUZZ_NR_CONTEXTS % WQC_NR_CLASSES);
	fuzz_count(FUZZ_STEPS);
	cond_resched();
}

static int fuzz_thread(void *data)
{
	struct fuzz *me = data;
	unsigned int n;

	for (n = 0; steps ? n < steps : time_before(jiffies, fuzz_end); n++)
		fuzz_step(me);
	complete(&me->done);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 0;
}

/* ---- the module ----------------------------------------------------------- */

static int fuzz_get_figures(char *buffer, const struct kernel_param *kp)
{
	int i, size = 0;

	for (i = 0; i < FUZZ_NR_COUNTS; i++)
		size += sysfs_emit_at(buffer, size, "%s=%ld ", fuzz_names[i],
				      atomic_long_read(&fuzz_counts[i]));
	return size + sysfs_emit_at(buffer, size, "seed=%u hash=%08x\n", seed,
				    fuzzers[0].hash ^ fuzzers[1].hash ^ fuzzers[2].hash ^
				    fuzzers[3].hash);
}

static const struct kernel_param_ops figures_ops = { .get = fuzz_get_figures };
module_param_cb(figures, &figures_ops, NULL, 0400);

static bool fuzz_start(struct fuzz *me, unsigned int who)
{
	struct task_struct *task;

	me->who = who;
	me->random = wqc_random_begin(seed, who);
	init_completion(&me->done);
	init_completion(&me->called);
	tasklet_setup(&me->tasklet, fuzz_tasklet);
	me->irq_work = IRQ_WORK_INIT_HARD(fuzz_irq_work);
	if (!fuzz_thread_begin(me))
		return false;
	task = kthread_create_on_cpu(fuzz_thread, me, who % num_online_cpus(), "wqc_fuzz/%u");
	if (IS_ERR(task))
		return false;
	me->task = task;
	return true;
}

static VOID fuzz_unload(PDRIVER_OBJECT DriverObject)
{
	RxUninitializeLog();
	RxTearDownRxTimer();
	RxTearDownDispatcher();
}

/* All steps run during the load; items may still be queued afterwards. */
static NTSTATUS fuzz_entry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
	int i, started;

	fuzz_driver = DriverObject;
	DriverObject->DriverUnload = fuzz_unload;
	RxInitializeDispatcher();
	RxInitializeRxTimer();
	RxInitializeLog();
	for (started = 0; started < NR_THREADS; started++)
		if (!fuzz_start(&fuzzers[started], started))
			break;
	/* Printed first: the guest may not survive to print it later. */
	pr_info("fuzz: seed=%u seconds=%u steps=%u\n", seed, seconds, steps);
	fuzz_end = jiffies + seconds * HZ;
	for (i = 0; i < started; i++)
		wake_up_process(fuzzers[i].task);
	for (i = 0; i < started; i++) {
		/* In several sleeps: one long sleep would be reported as a hung task. */
		while (!wait_for_completion_timeout(&fuzzers[i].done, 10 * HZ))
			;
		kthread_stop(fuzzers[i].task);
		tasklet_kill(&fuzzers[i].tasklet);
	}
	for (i = 0; i < NR_THREADS; i++)
		fuzz_thread_end(&fuzzers[i]);
	if (started == NR_THREADS)
		return STATUS_SUCCESS;
	fuzz_unload(DriverObject);
	return STATUS_INSUFFICIENT_RESOURCES;
}

WQC_DRIVER(fuzz_entry);
MODULE_DESCRIPTION("Random calls, valid and not");
MODULE_LICENSE("GPL");
