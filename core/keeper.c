// SPDX-License-Identifier: GPL-2.0
/*
 * The keeper: one thread that makes runners for queues that have too few, frees surplus runners,
 * replaces runners whose routine ended the thread, repairs lost wake-ups, and frees objects, whose
 * last put may be in a context that must not free them.
 *
 * Deadlock: routines may wait for items, and items for a runner that only the keeper makes. So the
 * keeper never waits for another CPU, a grace period or CPU hotplug, each of which may wait for a
 * routine, and it runs on no workqueue of the runners. It runs under memalloc_noreclaim_save():
 * direct reclaim may wait for an item that waits for the runner being allocated. (kthreadd, which
 * creates the keeper's threads, may enter reclaim: docs/semantics.md, Deviations.)
 *
 * No queue call and no run waits for the keeper: without memory for runners items are late, and
 * none is lost.
 */
#include <linux/cpu.h>
#include <linux/cred.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>

#include "backend.h"
#include "cache.h"
#include "core.h"
#include "growth.h"
#include "heal.h"
#include "hotplug.h"
#include "keeper.h"
#include "object.h"
#include "queue.h"
#include "runner.h"

#define WQC_GROW_MIN	4		/* runners made for one request; or as many as exist */

static struct task_struct *wqc_keeper;	/* I */
static bool wqc_keeper_short;		/* K: no runner could be made for a request: retry */
static unsigned long wqc_keeper_next_shrink;	/* K: jiffies */
static bool wqc_keeper_pinned;		/* K: a workqueue cannot be destroyed */

static u32 wqc_queue_room(struct wqc_queue *queue)
{
	u32 have = wqc_queue_count_runners(queue);

	return queue->pool->limit > have ? queue->pool->limit - have : 0;
}

static bool wqc_queue_make_runner(struct wqc_queue *queue)
{
	struct wqc_runner *runner;

	if (!wqc_queue_room(queue))
		return false;
	runner = queue->pool->backend->create(queue);
	if (!runner) {
		wqc_queue_lock_irq(queue);
		queue->counter[WQC_NOT_MADE]++;
		wqc_queue_unlock_irq(queue);
		return false;
	}
	queue->pool->total++;
	wqc_queue_add_runner(queue, runner);
	return true;
}

static bool wqc_queue_borrow_from(struct wqc_queue *queue, enum wqc_pool_id id, u32 keep)
{
	struct wqc_runner *runner;
	int cpu;

	for_each_possible_cpu(cpu) {
		if (wqc_queue_of(id, cpu) == queue)
			continue;
		runner = wqc_queue_remove_idle(wqc_queue_of(id, cpu), keep);
		if (runner) {
			wqc_queue_add_runner(queue, runner);
			return true;
		}
	}
	return false;
}

/*
 * The pool is at its limit: move an idle runner of another queue here, even the last one of that
 * queue, which borrows one in turn when an item comes.
 */
static bool wqc_queue_borrow_runner(struct wqc_queue *queue, enum wqc_pool_id id)
{
	return wqc_queue_borrow_from(queue, id, 1) || wqc_queue_borrow_from(queue, id, 0);
}

/*
 * Lost request: @growing is cleared first, so that a request that comes while runners are made is
 * added again. If no runner could be made the request is kept and tried again (WQC_KEEPER_RETRY).
 */
static void wqc_queue_grow(struct wqc_queue *queue)
{
	enum wqc_pool_id id = queue->pool - wqc_pools;
	u32 made = 0, borrowed = 0, want;
	bool need;

	wqc_queue_lock_irq(queue);
	queue->growing = false;
	want = max_t(u32, WQC_GROW_MIN, queue->nr_runners);
	need = wqc_queue_needs_kick(queue);
	wqc_queue_unlock_irq(queue);

	while (made < want && wqc_queue_make_runner(queue))
		made++;
	if (!made && queue->pool->any_cpu && need)
		borrowed = wqc_queue_borrow_runner(queue, id);

	wqc_queue_lock_irq(queue);
	queue->counter[WQC_GROWN] += made + borrowed;
	if (!made && !borrowed && !queue->growing && !queue->idle && wqc_queue_may_grow(queue)) {
		wqc_growth_request_again(queue);
		wqc_keeper_short = true;
	}
	wqc_queue_unlock_irq(queue);
}

static void wqc_keeper_grow(void)
{
	struct llist_node *requests = wqc_growth_take_requests();
	struct wqc_queue *queue, *next;

	wqc_keeper_short = false;
	llist_for_each_entry_safe(queue, next, requests, grow_node)
		wqc_queue_grow(queue);
}

static void wqc_keeper_reap(bool wait)
{
	int id;

	for (id = 0; id < WQC_NR_POOLS; id++)
		if (wqc_pools[id].backend->reap)
			wqc_pools[id].backend->reap(wait);
}

static void wqc_queue_shrink(struct wqc_queue *queue)
{
	u32 runners = READ_ONCE(queue->nr_runners), surplus, i;
	struct wqc_runner *runner;

	surplus = runners > queue->pool->reserve ? runners - queue->pool->reserve : 0;
	surplus = min(surplus, READ_ONCE(queue->nr_idle));
	for (i = 0; i < DIV_ROUND_UP(surplus, 2); i++) {
		runner = wqc_queue_remove_idle(queue, 1);
		if (!runner)
			break;
		queue->pool->backend->dismiss(runner);
		queue->pool->total--;
		wqc_queue_lock_irq(queue);
		queue->counter[WQC_SHRUNK]++;
		wqc_queue_unlock_irq(queue);
	}
}

static struct wqc_runner *wqc_queue_find_dead(struct wqc_queue *queue)
{
	struct wqc_runner *runner, *dead = NULL;

	if (READ_ONCE(queue->nr_idle) == READ_ONCE(queue->nr_runners))
		return NULL;
	wqc_queue_lock_irq(queue);
	list_for_each_entry(runner, &queue->runners, all) {
		/*
		 * Not by @call.routine: the call of a NULL routine may have ended the thread. Not
		 * by PF_EXITING: see tests/litmus/thread-ended.litmus.
		 */
		if (runner->state == WQC_RUNNER_DRAINING &&
		    READ_ONCE(runner->task->exit_state)) {
			dead = runner;
			break;
		}
	}
	wqc_queue_unlock_irq(queue);
	return dead;
}

/* rmmod would hang in destroy_workqueue() after a kworker has ended: the module is pinned. */
static void wqc_queue_replace_dead(struct wqc_queue *queue)
{
	struct wqc_runner *dead;

	while ((dead = wqc_queue_find_dead(queue))) {
		bool pin = queue->pool->backend->pins && !wqc_keeper_pinned;

		wqc_report(WQC_R_THREAD_ENDED, "routine %ps, context %p, item %p, class %s%s",
			   dead->call.routine, dead->call.parameter, dead->call.item,
			   queue->pool->name,
			   pin ? "; wq_compat can no longer be unloaded" : "");
		if (pin) {
			__module_get(THIS_MODULE);
			wqc_keeper_pinned = true;
		}
		wqc_runner_remove_dead(dead);
		queue->pool->total--;
		queue->pool->backend->free_dead(dead);
	}
}

static void wqc_keeper_check(void)
{
	bool shrink = time_after_eq(jiffies, wqc_keeper_next_shrink);
	struct wqc_queue *queue;
	int cpu, id;

	wqc_keeper_reap(false);
	for_each_possible_cpu(cpu) {
		for (id = 0; id < WQC_NR_POOLS; id++) {
			queue = wqc_queue_of(id, cpu);
			wqc_queue_replace_dead(queue);
			wqc_heal_queue(queue);
			wqc_queue_kick_stuck(queue);
			if (wqc_ops.queue_check)
				wqc_ops.queue_check(queue);
			if (shrink)
				wqc_queue_shrink(queue);
		}
	}
	if (wqc_ops.check)
		wqc_ops.check();
	if (shrink) {
		wqc_cache_shrink();
		wqc_keeper_next_shrink = jiffies + WQC_SHRINK_PERIOD;
	}
}

static int wqc_keeper_thread(void *unused)
{
	unsigned long next = jiffies + WQC_KEEPER_PERIOD;
	long sleep = WQC_KEEPER_PERIOD;
	unsigned int flags = memalloc_noreclaim_save();

	while (!kthread_should_stop()) {
		wqc_keeper_sleep(sleep);
		wqc_keeper_grow();
		wqc_cache_balance();
		sleep = wqc_object_reap() || wqc_keeper_short ? WQC_KEEPER_RETRY :
								WQC_KEEPER_PERIOD;
		if (time_after_eq(jiffies, next)) {
			wqc_keeper_check();
			next = jiffies + WQC_KEEPER_PERIOD;
		}
		/* Requests must not delay the check of once a second. */
		sleep = clamp_t(long, next - jiffies, 1, sleep);
	}
	wqc_cache_wait_idle();
	memalloc_noreclaim_restore(flags);
	return 0;
}

/* At load, before the keeper runs: so this may touch the fields marked K. */
static int wqc_keeper_fill_reserves(void)
{
	struct wqc_queue *queue;
	int cpu, id;

	for_each_online_cpu(cpu) {
		for (id = 0; id < WQC_NR_POOLS; id++) {
			queue = wqc_queue_of(id, cpu);
			while (queue->nr_runners < queue->pool->reserve && wqc_queue_room(queue))
				if (!wqc_queue_make_runner(queue))
					return -ENOMEM;
		}
	}
	return 0;
}

static void wqc_keeper_free_runners(void)
{
	struct wqc_runner *runner;
	struct wqc_queue *queue;
	int cpu, id;

	for_each_possible_cpu(cpu) {
		for (id = 0; id < WQC_NR_POOLS; id++) {
			queue = wqc_queue_of(id, cpu);
			/* A runner that was kicked may not be idle again yet: wait for it. */
			while (READ_ONCE(queue->nr_runners)) {
				runner = wqc_queue_remove_idle(queue, 0);
				if (runner)
					queue->pool->backend->dismiss(runner);
				else
					schedule_timeout_uninterruptible(1);
			}
		}
	}
	wqc_keeper_reap(true);
}

/* Use-after-free: no queue call and no object is left that could call wqc_keeper_wake(). */
static void wqc_keeper_stop(void)
{
	kthread_stop(wqc_keeper);
	wqc_keeper_set(NULL);
}

/**
 * wqc_keeper_init - make the reserve of runners and start the keeper
 *
 * Context: process.
 * Return: 0, or an error after which nothing is left.
 */
int wqc_keeper_init(void)
{
	struct task_struct *keeper;
	int err;

	cpus_read_lock();
	err = wqc_keeper_fill_reserves();
	cpus_read_unlock();
	if (err)
		goto free_runners;
	wqc_keeper_next_shrink = jiffies + WQC_SHRINK_PERIOD;
	keeper = kthread_run(wqc_keeper_thread, NULL, "wqc_keeper");
	if (IS_ERR(keeper)) {
		err = PTR_ERR(keeper);
		goto free_runners;
	}
	wqc_keeper = keeper;
	wqc_keeper_set(keeper);
	err = wqc_hotplug_init();
	if (err)
		goto stop_keeper;
	return 0;

stop_keeper:
	wqc_keeper_stop();
free_runners:
	wqc_keeper_free_runners();
	return err;
}

/* At unload: no item is queued or running. */
void wqc_keeper_exit(void)
{
	int cpu, id;

	wqc_hotplug_exit();
	wqc_keeper_stop();
	while (wqc_object_reap())
		schedule_timeout_uninterruptible(1);
	for_each_possible_cpu(cpu)
		for (id = 0; id < WQC_NR_POOLS; id++)
			wqc_heal_queue(wqc_queue_of(id, cpu));
	wqc_keeper_free_runners();
}
