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
#define WQC_WQ_RESERVE		16
#define WQC_RT_RESERVE		4

static unsigned int max_runners_any = 256;
/*
 * Maximum number of threads, over all CPUs, of the Delayed and of the Critical class of Ex* and
 * Io*, each: 1 to 512. If that many routines block, the next item waits. Raise the limit if the
 * kernel log reports that all runners of a class are busy and none finishes, and the routines
 * that it names wait for a good reason.
 */
module_param(max_runners_any, uint, 0444);
MODULE_PARM_DESC(max_runners_any,
		 "maximum number of threads of the Delayed and of the Critical class of Ex* and Io*, each (default 256, at most 512)");

static unsigned int max_runners_cpu = 256;
/*
 * Maximum number of threads on each CPU of the Delayed and of the Critical class of Rx*, each: 1
 * to 512.
 */
module_param(max_runners_cpu, uint, 0444);
MODULE_PARM_DESC(max_runners_cpu,
		 "maximum number of threads per CPU of the Delayed and of the Critical class of Rx*, each (default 256, at most 512)");

static unsigned int max_runners_rt = 256;
/*
 * Maximum number of HyperCritical threads on each CPU: 1 to 4096. Four exist from the start.
 * More are created on demand, and idle ones exit again.
 */
module_param(max_runners_rt, uint, 0444);
MODULE_PARM_DESC(max_runners_rt,
		 "maximum number of HyperCritical threads per CPU (default 256, at most 4096)");

const struct wqc_client_ops wqc_ops = {
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

/* Under the lock: the threads exist, so a change of rt_priority must be applied to them. */
static DEFINE_MUTEX(wqc_loaded_lock);
static bool wqc_loaded;

static void wqc_set_loaded(bool loaded)
{
	mutex_lock(&wqc_loaded_lock);
	wqc_loaded = loaded;
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

/*
 * Each queue has at least one runner. So the limit of an any-CPU pool is at least the number of
 * CPUs, and the runners made at load, of all CPUs together, are at most half of the limit.
 */
static int wqc_set_limits(void)
{
	unsigned int cpus = num_possible_cpus(), any;
	int id;

	if (wqc_check_range("max_runners_any", max_runners_any, WQC_MAX_RUNNERS) ||
	    wqc_check_range("max_runners_cpu", max_runners_cpu, WQC_MAX_RUNNERS) ||
	    wqc_check_range("max_runners_rt", max_runners_rt, WQC_MAX_RUNNERS_RT))
		return -EINVAL;
	wqc_rt_priority = rt_priority;
	any = max(max_runners_any, cpus);
	/* The CPUs' queues borrow this one runner from each other. */
	if (wqc_torture & WQC_TORTURE_ONE) {
		any = 1;
		max_runners_cpu = 1;
		max_runners_rt = 1;
	}
	for (id = 0; id < WQC_NR_POOLS; id++) {
		struct wqc_pool *pool = &wqc_pools[id];

		if (pool->any_cpu) {
			pool->limit = any;
			pool->reserve = clamp_t(u32, any / cpus / 2, 1, WQC_WQ_RESERVE);
		} else if (id == WQC_POOL_HYPER) {
			pool->limit = max_runners_rt;
			pool->reserve = min_t(u32, max_runners_rt, WQC_RT_RESERVE);
		} else {
			pool->limit = max_runners_cpu;
			pool->reserve = min_t(u32, max_runners_cpu, WQC_WQ_RESERVE);
		}
	}
	return 0;
}

static int __init wqc_init(void)
{
	int err;

	err = wqc_set_limits();
	if (err)
		return err;
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
	err = wqc_keeper_init();
	if (err)
		goto free_workqueues;
	err = wqc_guard_init();
	if (err)
		goto stop_keeper;
	err = wqc_unload_init();
	if (err)
		goto stop_guard;
	err = wqc_leak_init();
	if (err)
		goto exit_unload;
	wqc_stats_init();
	wqc_set_loaded(true);
	return 0;

exit_unload:
	wqc_unload_exit();
stop_guard:
	wqc_guard_exit();
stop_keeper:
	wqc_keeper_exit();
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
	wqc_guard_exit();
	wqc_keeper_exit();
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
