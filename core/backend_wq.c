// SPDX-License-Identifier: GPL-2.0
/*
 * Runners on workqueues.
 *
 * A runner is a work_struct. So the kernel's rule that a work item does not run beside itself
 * applies to runners, and not to the items of drivers.
 */
#include <linux/cred.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include "backend.h"
#include "core.h"
#include "queue.h"
#include "runner.h"

/* Newer kernels want per-CPU workqueues to be flagged as such; see Kbuild. */
#ifdef WQC_HAVE_WQ_PERCPU
#define WQC_PERCPU	WQ_PERCPU
#else
#define WQC_PERCPU	0
#endif

/*
 * Whether the current thread is the rescuer of a workqueue, which takes all pending works when a
 * new kworker is late, and runs them one after the other. The kernel does not tell modules, so this
 * tests the thread's name: the workqueue's, or kworker/R-.
 */
static inline bool wqc_in_rescuer(void)
{
	return memcmp(current->comm, "kworker/", 8) || !memcmp(current->comm + 8, "R-", 2);
}

/* For wqc_queue_needs_rescuer(): a kworker has come. A hint: two drains may count as one. */
static inline void wqc_wq_count_drain(struct wqc_runner *runner)
{
	struct wqc_queue *queue = runner->queue;

	WRITE_ONCE(queue->drains, READ_ONCE(queue->drains) + 1);
}

/*
 * Slow path: another thread than in the last drain, or the rescuer. Use-after-free: the keeper
 * reads @task if a routine has ended the thread, so references on the task and its credentials
 * are held until another thread drains.
 */
static noinline void wqc_runner_work_slow(struct wqc_runner *runner)
{
	struct task_struct *task = runner->task;

	runner->kworker = NULL;
	if (!wqc_in_rescuer()) {
		runner->kworker = current;
		wqc_wq_count_drain(runner);
	} else if (wqc_runner_leave_rescuer(runner)) {
		return;
	}
	WRITE_ONCE(runner->task, get_task_struct(current));
	if (task)
		put_task_struct(task);
	put_cred(runner->base.cred);
	runner->base.cred = get_current_cred();
	wqc_runner_drain(runner);
}

/*
 * Use-after-free: when wqc_runner_drain() returns the runner may be freed, or drain on another CPU.
 *
 * @task and @base.cred are read without a lock. The last drain wrote them, perhaps on another CPU,
 * before it made the runner idle under the queue's lock. The kick took the runner off the idle list
 * under that lock, and writes before queue_work_on() are visible to the work: the workqueue clears
 * the pending bit with a full fence on both sides.
 */
static void wqc_runner_work(struct work_struct *work)
{
	struct wqc_runner *runner = container_of(work, struct wqc_runner, work);

	if (unlikely(runner->kworker != current ||
		     runner->base.cred != current_cred())) {
		wqc_runner_work_slow(runner);
		return;
	}
	wqc_wq_count_drain(runner);
	wqc_runner_drain(runner);
}

/**
 * wqc_wq_current - the runner whose work the caller is
 *
 * Context: process, in a routine.
 * Return: the runner, or NULL.
 */
struct wqc_runner *wqc_wq_current(void)
{
	struct work_struct *work = current_work();

	return work && work->func == wqc_runner_work ?
	       container_of(work, struct wqc_runner, work) : NULL;
}

/*
 * Lost wake-up: queue_work_on() does nothing if the work is pending. The work of an idle runner is
 * not pending: the runner became idle while the work ran, and only a kick makes it pending. The
 * work may still be about to return; the kernel then runs it again on the same worker.
 */
static void wqc_wq_kick(struct wqc_runner *runner)
{
	queue_work_on(runner->cpu, runner->queue->pool->wq, &runner->work);
}

/*
 * The work is pending behind a blocked one, on the list of a kworker or of the rescuer: move it.
 * The queue's lock excludes another kick. If the work has begun to run nothing happens.
 */
static void wqc_wq_kick_again(struct wqc_runner *runner)
{
	if (cancel_work(&runner->work))
		wqc_wq_kick(runner);
}

/*
 * Whether the wake-up of a kicked runner is lost. If it is not, the work is pending, or a kworker
 * or the rescuer runs it and has not changed the runner's state yet: wqc_runner_drain() and
 * wqc_runner_leave_rescuer() do that under the queue's lock, which the caller holds. The change
 * from pending to running is made under the lock of the kernel's worker pool.
 */
static bool wqc_wq_is_lost(struct wqc_runner *runner)
{
	return !work_busy(&runner->work);
}

static struct wqc_runner *wqc_wq_create(struct wqc_queue *queue)
{
	struct wqc_runner *runner;

	runner = kzalloc_node(sizeof(*runner), WQC_GFP_KEEPER, cpu_to_node(queue->cpu));
	if (!runner)
		return NULL;
	INIT_WORK(&runner->work, wqc_runner_work);
	runner->cpu = queue->pool->any_cpu ? WORK_CPU_UNBOUND : queue->cpu;
	return runner;
}

static void wqc_wq_dismiss(struct wqc_runner *runner)
{
	put_cred(runner->base.cred);
	if (runner->task)
		put_task_struct(runner->task);
	kfree(runner);
}

/*
 * Use-after-free: the workqueue code still points at the work and the task of a kworker that was
 * ended by its routine. So both are leaked. destroy_workqueue() would wait for that kworker
 * forever: see @pins.
 */
static void wqc_wq_free_dead(struct wqc_runner *runner)
{
	put_cred(runner->base.cred);
}

static const struct wqc_backend wqc_wq_backend = {
	.create = wqc_wq_create,
	.kick = wqc_wq_kick,
	.kick_again = wqc_wq_kick_again,
	.is_lost = wqc_wq_is_lost,
	.dismiss = wqc_wq_dismiss,
	.free_dead = wqc_wq_free_dead,
	.pins = true,
};

static const struct {
	enum wqc_pool_id pool;
	const char *name;
	unsigned int flags;
} wqc_wqs[] = {
	{ WQC_POOL_DELAYED, "wqc_delayed", WQ_UNBOUND },
	{ WQC_POOL_CRITICAL, "wqc_critical", WQ_UNBOUND | WQ_HIGHPRI },
	{ WQC_POOL_DELAYED_CPU, "wqc_rx_delayed", WQC_PERCPU },
	{ WQC_POOL_CRITICAL_CPU, "wqc_rx_critical", WQC_PERCPU | WQ_HIGHPRI },
};

/**
 * wqc_wq_init - allocate the workqueues
 *
 * max_active is the upper bound of a pool's runners, so that all of them can run at once.
 * WQ_MEM_RECLAIM: drivers may be file systems, whose items memory reclaim waits for. WQ_SYSFS: an
 * administrator can tune the workqueues.
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int wqc_wq_init(void)
{
	struct wqc_pool *pool;
	int i;

	for (i = 0; i < ARRAY_SIZE(wqc_wqs); i++) {
		pool = &wqc_pools[wqc_wqs[i].pool];
		pool->backend = &wqc_wq_backend;
		pool->wq = alloc_workqueue("%s", wqc_wqs[i].flags | WQ_MEM_RECLAIM | WQ_SYSFS,
					   WQC_MAX_RUNNERS, wqc_wqs[i].name);
		if (!pool->wq) {
			wqc_wq_exit();
			return -ENOMEM;
		}
	}
	return 0;
}

void wqc_wq_exit(void)
{
	struct wqc_pool *pool;
	int i;

	for (i = ARRAY_SIZE(wqc_wqs) - 1; i >= 0; i--) {
		pool = &wqc_pools[wqc_wqs[i].pool];
		if (pool->wq)
			destroy_workqueue(pool->wq);
		pool->wq = NULL;
	}
}
