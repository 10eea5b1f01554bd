// SPDX-License-Identifier: GPL-2.0
/*
 * Runners on workqueues, and the only file that knows alloc_workqueue().
 *
 * A runner is a work_struct of ours, so the kernel's rule that a work item
 * never runs beside itself binds runners and not the items of drivers.
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

/* Newer kernels want per-CPU workqueues named as such; see Kbuild. */
#ifdef WQC_HAVE_WQ_PERCPU
#define WQC_PERCPU	WQ_PERCPU
#else
#define WQC_PERCPU	0
#endif

/*
 * A workqueue's one rescuer, which takes all pending works of the workqueue when
 * a new kworker is late, and runs them one after the other. The kernel does not
 * tell modules; the thread's name does: the workqueue's, or kworker/R-.
 */
static inline bool wqc_in_rescuer(void)
{
	return memcmp(current->comm, "kworker/", 8) || !memcmp(current->comm + 8, "R-", 2);
}

/* For wqc_runner_leave_rescuer(): kworkers do come. A hint without order: two may count as one. */
static inline void wqc_wq_count_drain(struct wqc_runner *runner)
{
	struct wqc_queue *queue = runner->queue;

	WRITE_ONCE(queue->drains, READ_ONCE(queue->drains) + 1);
}

/*
 * Another thread than the last time, or the rescuer. The references are for the keeper's
 * sake, should a routine end this thread, and kept until another thread comes.
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
 * The runner may be kicked anew, or be gone, when wqc_runner_drain() returns.
 *
 * @task and @base.cred are read without a lock. The last run of this runner wrote them, on
 * another CPU perhaps, before it went idle under the queue's lock; the kick took it off the
 * idle list under that lock; and what was done before queue_work_on() is seen by the work
 * (the workqueue clears its pending bit with a full fence on both sides).
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

/*
 * The work of an idle runner is not pending: the runner went idle while the work ran, and a
 * kick makes the work pending. It may still be on the way out of its last run; the kernel then
 * runs it again on the same worker.
 */
static void wqc_wq_kick(struct wqc_runner *runner)
{
	queue_work_on(runner->cpu, runner->queue->pool->wq, &runner->work);
}

/*
 * The runner waits on the list of works of one kworker or of the rescuer, which is blocked. The
 * queue's lock keeps it from being kicked meanwhile. If it has begun to run, nothing happens.
 */
static void wqc_wq_kick_again(struct wqc_runner *runner)
{
	if (cancel_work(&runner->work))
		wqc_wq_kick(runner);
}

/*
 * The work of a kicked runner is pending, or is run by a kworker or the rescuer that has not
 * come to wqc_runner_drain() yet: there, and in wqc_runner_leave_rescuer(), the state changes
 * under the lock that we hold. It goes from the one to the other under the lock of the kernel's
 * pool.
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
 * A kworker that ends leaves its workqueue waiting for it for ever, so the workqueue could not be
 * destroyed any more. The workqueue code still points at its worker, so the task stays, and with
 * it the runner's memory.
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
 * As many runners as a pool may have at the very most shall be able to run at once,
 * so that is given as max_active. WQ_MEM_RECLAIM: the clients are file systems.
 * WQ_SYSFS: an administrator can tune them.
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
