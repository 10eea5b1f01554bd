// SPDX-License-Identifier: GPL-2.0
/*
 * Load and unload, the limits of the pools, and the table of calls from core/ to the other rooms.
 */
#include <linux/cpumask.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/sched/rt.h>

#include "core/backend.h"
#include "core/cache.h"
#include "core/core.h"
#include "core/growth.h"
#include "core/keeper.h"
#include "core/object.h"
#include "core/queue.h"
#include "core/unload.h"
#include "diag/guard.h"
#include "diag/leak.h"
#include "diag/stall.h"
#include "diag/stats.h"
#include "diag/torture.h"
#include "diag/verifier.h"
#include "device.h"
#include "rx/dispatcher.h"
#include "rx/log.h"
#include "rx/pending.h"
#include "rx/timer.h"

#define WQC_MAX_RUNNERS_RT	4096

static int wqc_set_limit(const char *val, const struct kernel_param *kp);

static const struct kernel_param_ops wqc_limit_ops = {
	.set = wqc_set_limit,
	.get = param_get_uint,
};

static unsigned int max_runners_any = 256;
/*
 * Maximum number of threads, over all CPUs, of the Delayed and of the Critical class of Ex* and
 * Io*, each: 1 to 512. If that many routines block, the next item waits. Raise the limit if the
 * kernel log reports that all runners of a class are busy and none finishes, and the routines
 * that it names wait for a good reason.
 */
module_param_cb(max_runners_any, &wqc_limit_ops, &max_runners_any, 0644);
MODULE_PARM_DESC(max_runners_any,
		 "maximum number of threads of the Delayed and of the Critical class of Ex* and Io*, each (default 256, at most 512)");
__MODULE_PARM_TYPE(max_runners_any, "uint");

static unsigned int max_runners_cpu = 256;
/*
 * Maximum number of threads on each CPU of the Delayed and of the Critical class of Rx*, each: 1
 * to 512.
 */
module_param_cb(max_runners_cpu, &wqc_limit_ops, &max_runners_cpu, 0644);
MODULE_PARM_DESC(max_runners_cpu,
		 "maximum number of threads per CPU of the Delayed and of the Critical class of Rx*, each (default 256, at most 512)");
__MODULE_PARM_TYPE(max_runners_cpu, "uint");

static unsigned int max_runners_rt = 256;
/*
 * Maximum number of HyperCritical threads on each CPU: 1 to 4096. One exists from the start, four
 * after the CPU's first item. More are created on demand, and idle ones exit again.
 */
module_param_cb(max_runners_rt, &wqc_limit_ops, &max_runners_rt, 0644);
MODULE_PARM_DESC(max_runners_rt,
		 "maximum number of HyperCritical threads per CPU (default 256, at most 4096)");
__MODULE_PARM_TYPE(max_runners_rt, "uint");

const struct wqc_ops wqc_ops = {
	.next_lane = wqc_rx_next_lane,
	.request_item = wqc_rx_timer_item,
	.request_start = wqc_rx_timer_start,
	.request_broken = wqc_request_report,
	.request_ran = wqc_rx_timer_ran,
	.module_going = wqc_rx_adopt,
	.module_cancel = wqc_rx_module_cancel,
	.object_unlink = wqc_object_unlinked,
	.object_free = wqc_object_free,
	.report = wqc_verifier_report,
	.pop_delay = wqc_torture_delay,
	.queued = wqc_torture_queued,
	.entry_alloc = wqc_torture_alloc,
	.entry_free = wqc_torture_free,
	.queue_check = wqc_stall_check,
	.check = wqc_torture_check,
	.awake = wqc_guard_start,
};

static int wqc_check_range(const char *name, unsigned int value, unsigned int most)
{
	if (value >= 1 && value <= most)
		return 0;
	pr_err("wq_compat: %s=%u: must be 1 to %u\n", name, value, most);
	return -EINVAL;
}

/* The guard's thread has a priority above this. */
#define WQC_MAX_PRIORITY	(MAX_RT_PRIO - 2)

/* Under the lock: the module is loaded, so a changed parameter must be applied. */
static DEFINE_MUTEX(wqc_loaded_lock);
static bool wqc_loaded;

/*
 * Each queue has at least one runner, so the limit of an any-CPU pool is at least the number of
 * CPUs.
 */
static void wqc_want_limits(void)
{
	bool one = wqc_torture & WQC_TORTURE_ONE;	/* the queues of all CPUs borrow it */
	struct wqc_pool *pool;
	unsigned int limit;

	for (pool = wqc_pools; pool < wqc_pools + WQC_NR_POOLS; pool++) {
		if (pool->any_cpu)
			limit = max(max_runners_any, num_possible_cpus());
		else if (pool == &wqc_pools[WQC_POOL_HYPER])
			limit = max_runners_rt;
		else
			limit = max_runners_cpu;
		WRITE_ONCE(pool->wanted, one ? 1 : limit);
	}
}

static void wqc_set_loaded(bool loaded)
{
	mutex_lock(&wqc_loaded_lock);
	wqc_loaded = loaded;
	/* A limit that was set since the load began. */
	if (loaded) {
		wqc_want_limits();
		wqc_keeper_wake();
	}
	mutex_unlock(&wqc_loaded_lock);
}

static unsigned int rt_priority = 50;

static int wqc_set_rt_priority(const char *val, const struct kernel_param *kp)
{
	unsigned int priority;
	int err;

	err = kstrtouint(val, 0, &priority);
	if (!err)
		err = wqc_check_range("rt_priority", priority, WQC_MAX_PRIORITY);
	if (err)
		return err;
	mutex_lock(&wqc_loaded_lock);
	rt_priority = priority;
	if (wqc_loaded) {
		wqc_rt_set_priority(priority);
		wqc_guard_set_priority();
	}
	mutex_unlock(&wqc_loaded_lock);
	return 0;
}

static const struct kernel_param_ops wqc_rt_priority_ops = {
	.set = wqc_set_rt_priority,
	.get = param_get_uint,
};

/*
 * SCHED_FIFO priority of the HyperCritical threads: 1 to 98. They preempt all ordinary threads
 * and every real-time thread of a lower priority; interrupt threads have 50. A new value applies
 * to all threads at once.
 */
module_param_cb(rt_priority, &wqc_rt_priority_ops, &rt_priority, 0644);
MODULE_PARM_DESC(rt_priority,
		 "SCHED_FIFO priority of the HyperCritical threads (default 50, 1 to 98)");
__MODULE_PARM_TYPE(rt_priority, "uint");

static int wqc_set_limit(const char *val, const struct kernel_param *kp)
{
	unsigned int value, *limit = kp->arg;
	int err;

	err = kstrtouint(val, 0, &value);
	if (!err)
		err = wqc_check_range(kp->name, value, limit == &max_runners_rt ?
				      WQC_MAX_RUNNERS_RT : WQC_MAX_RUNNERS);
	if (err)
		return err;
	mutex_lock(&wqc_loaded_lock);
	*limit = value;
	if (wqc_loaded) {
		wqc_want_limits();
		wqc_keeper_wake();
	}
	mutex_unlock(&wqc_loaded_lock);
	return 0;
}

static int __init wqc_init(void)
{
	int err;

	wqc_want_limits();
	wqc_rt_priority = rt_priority;
	wqc_mark_init();
	wqc_verifier_init();
	wqc_rx_timer_init();
	err = wqc_torture_init();
	if (err)
		return err;
	err = wqc_cache_init(wqc_torture & WQC_TORTURE_HEAP);
	if (err)
		goto free_tortured;
	err = wqc_object_init();
	if (err)
		goto free_cache;
	err = wqc_queue_init(wqc_torture & (WQC_TORTURE_LATE | WQC_TORTURE_OVERLAP));
	if (err)
		goto free_objects;
	wqc_rt_init();
	err = wqc_wq_init();
	if (err)
		goto free_queues;
	err = wqc_guard_init();
	if (err)
		goto free_workqueues;
	err = wqc_keeper_init();
	if (err)
		goto stop_guard;
	err = wqc_unload_init();
	if (err)
		goto stop_keeper;
	err = wqc_leak_init();
	if (err)
		goto exit_unload;
	wqc_stats_init();
	wqc_set_loaded(true);
	return 0;

exit_unload:
	wqc_unload_exit();
stop_keeper:
	wqc_keeper_exit();
stop_guard:
	wqc_guard_exit();
free_workqueues:
	wqc_wq_exit();
free_queues:
	wqc_queue_exit();
free_objects:
	wqc_object_exit();
free_cache:
	wqc_cache_exit();
free_tortured:
	wqc_torture_exit();
	return err;
}

/*
 * No client is loaded: the kernel's module refcount guarantees that.
 *  1. Remove debugfs, so that no new reader starts.
 *  2. Wait for items whose routine is in no module.
 *  3. Wait for the last references on objects (percpu_ref_kill() uses RCU).
 */
static void __exit wqc_exit(void)
{
	wqc_set_loaded(false);
	wqc_stats_exit();
	wqc_leak_exit();
	wqc_unload_exit();
	wqc_module_wait(NULL);
	wqc_rx_timer_exit();
	rcu_barrier();
	wqc_keeper_exit();
	wqc_guard_exit();
	wqc_wq_exit();
	wqc_object_exit();
	wqc_rx_exit();
	wqc_rx_log_exit();
	wqc_queue_exit();
	wqc_cache_exit();
	wqc_torture_exit();
}

module_init(wqc_init);
module_exit(wqc_exit);

MODULE_DESCRIPTION("The Windows kernel's worker-thread API");
MODULE_AUTHOR("The wq_compat developers");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1.0");
