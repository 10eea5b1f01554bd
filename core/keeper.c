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
 *
 * It checks all queues once a second, until WQC_QUIET_CHECKS checks find nothing to do. Then the
 * engine is dormant.
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
#define WQC_QUIET_CHECKS	2	/* checks without work, before the engine is dormant */

/*
 * Runners of a queue: those that exist from the start, and those that stay once the queue has
 * needed more. A thread takes some 25 KB, a runner on a workqueue 0.25 KB.
 */
#define WQC_WQ_FIRST		4
#define WQC_WQ_RESERVE		16
#define WQC_RT_FIRST		1
#define WQC_RT_RESERVE		4

static struct task_struct *wqc_keeper;	/* I */
static bool wqc_keeper_short;		/* K: no runner could be made for a request: retry */
static unsigned long wqc_keeper_next_shrink;	/* K: jiffies */
static bool wqc_keeper_pinned;		/* K: a workqueue cannot be destroyed */

/* Runners that may be added; negative: above the limit, which was lowered. */
static int wqc_queue_room(struct wqc_queue *queue)
{
	return (int)queue->pool->limit - (int)wqc_queue_count_runners(queue);
}

static bool wqc_queue_make_runner(struct wqc_queue *queue)
{
	struct wqc_runner *runner;

	if (wqc_queue_room(queue) <= 0)
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
 * A queue that needs more runners than it has from the start keeps the reserve of its pool from now
 * on. One that has fewer, because its CPU came online or a routine ended a thread, gets as many as
 * it had.
 *
 * Lost request: @growing is cleared first, so that a request that comes while runners are made is
 * added again. If no runner could be made for want of memory, or at the limit while an item waits,
 * the request is kept and tried again (WQC_KEEPER_RETRY). At the limit without an item the next
 * item makes another one.
 */
static void wqc_queue_grow(struct wqc_queue *queue)
{
	enum wqc_pool_id id = queue->pool - wqc_pools;
	u32 made = 0, borrowed = 0, want;
	bool need;

	wqc_queue_lock_irq(queue);
	queue->growing = false;
	if (queue->nr_runners >= queue->reserve)
		WRITE_ONCE(queue->reserve, queue->pool->reserve);
	want = queue->nr_runners < queue->reserve ? queue->reserve - queue->nr_runners :
						    max_t(u32, WQC_GROW_MIN, queue->nr_runners);
	need = wqc_queue_needs_kick(queue);
	wqc_queue_unlock_irq(queue);

	while (made < want && wqc_queue_make_runner(queue))
		made++;
	if (!made && queue->pool->any_cpu && need)
		borrowed = wqc_queue_borrow_runner(queue, id);

	wqc_queue_lock_irq(queue);
	queue->counter[WQC_GROWN] += made + borrowed;
	need = wqc_queue_needs_kick(queue) || wqc_queue_room(queue) > 0;
	if (!made && !borrowed && need && !queue->growing && !queue->idle &&
	    wqc_queue_may_grow(queue)) {
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

static bool wqc_keeper_reap(bool wait)
{
	bool left = false;
	int id;

	for (id = 0; id < WQC_NR_POOLS; id++)
		if (wqc_pools[id].backend->reap)
			left |= wqc_pools[id].backend->reap(wait);
	return left;
}

/*
 * Sets the limit that the parameters ask for. A queue whose items wait because of the old limit
 * makes its request now. Runners above a lower limit are freed when they are idle, see
 * wqc_keeper_check().
 *
 * Of the runners of an any-CPU pool at most a half are kept for single CPUs.
 */
static void wqc_pool_set_limit(struct wqc_pool *pool)
{
	u32 limit = READ_ONCE(pool->wanted), spare;
	struct wqc_queue *queue;
	int cpu;

	if (limit == pool->limit)
		return;
	WRITE_ONCE(pool->limit, limit);
	spare = pool->any_cpu ? max(limit / num_possible_cpus() / 2, 1U) : limit;
	pool->reserve = min_t(u32, spare, pool->backend->fifo ? WQC_RT_RESERVE : WQC_WQ_RESERVE);
	pool->first = min_t(u32, spare, pool->backend->fifo ? WQC_RT_FIRST : WQC_WQ_FIRST);
	for_each_possible_cpu(cpu) {
		queue = wqc_queue_of(pool - wqc_pools, cpu);
		wqc_queue_lock_irq(queue);
		WRITE_ONCE(queue->reserve, min(queue->reserve ?: pool->first, pool->reserve));
		if (!queue->idle && wqc_queue_needs_kick(queue))
			wqc_growth_request(queue);
		wqc_queue_unlock_irq(queue);
	}
}

static void wqc_keeper_set_limits(void)
{
	int id;

	for (id = 0; id < WQC_NR_POOLS; id++)
		wqc_pool_set_limit(&wqc_pools[id]);
}

/* A queue of an any-CPU pool keeps one, so that no other queue's limit takes its last one. */
static void wqc_queue_free_idle(struct wqc_queue *queue, u32 number)
{
	struct wqc_runner *runner;

	for (; number; number--) {
		cond_resched();
		runner = wqc_queue_remove_idle(queue, queue->pool->any_cpu);
		if (!runner)
			break;
		queue->pool->backend->dismiss(runner);
		queue->pool->total--;
		wqc_queue_lock_irq(queue);
		queue->counter[WQC_SHRUNK]++;
		wqc_queue_unlock_irq(queue);
	}
}

/* What a queue keeps that is used now and then: with a spare one, whose kick asks for no growth. */
static u32 wqc_queue_kept(const struct wqc_queue *queue)
{
	return max(queue->reserve, 2U);
}

/*
 * Starvation by thread creation: a burst that comes again finds the runners that the last one has
 * needed, because only those are freed that were idle for all of WQC_SHRINK_PERIOD, and not the
 * last one of these, whose kick would be a request for growth. Half of them, because the next burst
 * may be later; the last few at once.
 */
static void wqc_queue_shrink(struct wqc_queue *queue)
{
	u32 surplus;

	wqc_queue_lock_irq(queue);
	surplus = queue->nr_runners - min(queue->nr_runners, wqc_queue_kept(queue));
	surplus = min(surplus, max(queue->least_idle, 1U) - 1);
	queue->least_idle = queue->nr_idle;
	wqc_queue_unlock_irq(queue);
	wqc_queue_free_idle(queue, surplus > WQC_GROW_MIN ? DIV_ROUND_UP(surplus, 2) : surplus);
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

/* Something is queued, runs, was kicked since the last check, or is surplus. */
static bool wqc_queue_is_active(struct wqc_queue *queue)
{
	bool active;

	wqc_queue_lock_irq(queue);
	active = queue->depth || queue->growing || queue->wake != WQC_WAKE_NEEDED ||
		 queue->nr_idle != queue->nr_runners || queue->kicks != queue->kicks_seen ||
		 queue->nr_runners > wqc_queue_kept(queue);
	wqc_queue_unlock_irq(queue);
	return active;
}

static bool wqc_keeper_sees_activity(void)
{
	int cpu, id;

	for_each_possible_cpu(cpu)
		for (id = 0; id < WQC_NR_POOLS; id++)
			if (wqc_queue_is_active(wqc_queue_of(id, cpu)))
				return true;
	return false;
}

/*
 * Makes the engine dormant: nothing is checked until the next kick.
 *
 * Lost wake-up: a kick that does not see the flag must be seen here. A kick is made under the lock
 * of its queue, and this function sets the flag before it takes that lock to look for kicks. So
 * either it finds the kick, or the kick comes later and sees the flag. Proof:
 * tests/litmus/dormant.litmus.
 */
static bool wqc_keeper_begin_dormant(void)
{
	WRITE_ONCE(wqc_dormant, true);
	if (!wqc_keeper_sees_activity())
		return true;
	wqc_dormant_end();
	return false;
}

/* Returns whether there is something to check for in a second. */
static bool wqc_keeper_check(void)
{
	bool shrink = time_after_eq(jiffies, wqc_keeper_next_shrink);
	bool active = wqc_keeper_reap(false);
	struct wqc_queue *queue;
	int cpu, id;

	for_each_possible_cpu(cpu) {
		for (id = 0; id < WQC_NR_POOLS; id++) {
			queue = wqc_queue_of(id, cpu);
			active |= wqc_queue_is_active(queue);	/* before @kicks_seen is updated */
			wqc_queue_replace_dead(queue);
			wqc_heal_queue(queue);
			wqc_queue_kick_stuck(queue);
			if (wqc_ops.queue_check)
				wqc_ops.queue_check(queue);
			if (wqc_queue_room(queue) < 0)
				wqc_queue_free_idle(queue, -wqc_queue_room(queue));
			if (shrink)
				wqc_queue_shrink(queue);
		}
	}
	if (wqc_ops.check && wqc_ops.check())
		active = true;
	if (shrink) {
		wqc_cache_shrink();
		wqc_keeper_next_shrink = jiffies + WQC_SHRINK_PERIOD;
	}
	return active || wqc_cache_has_work();
}

static int wqc_keeper_thread(void *unused)
{
	unsigned long next = jiffies + WQC_KEEPER_PERIOD;
	long sleep = WQC_KEEPER_PERIOD;
	unsigned int flags = memalloc_noreclaim_save();
	unsigned int quiet = 0;
	bool retry;

	while (!kthread_should_stop()) {
		wqc_keeper_sleep(sleep);
		/* A kick has started the guard's timer on its CPU, which may be isolated. */
		if (sleep == MAX_SCHEDULE_TIMEOUT && wqc_ops.awake)
			wqc_ops.awake();
		wqc_keeper_set_limits();
		wqc_keeper_grow();
		wqc_cache_balance();
		retry = wqc_object_reap() || wqc_keeper_short;
		if (time_after_eq(jiffies, next)) {
			quiet = wqc_keeper_check() ? 0 : quiet + 1;
			next = jiffies + WQC_KEEPER_PERIOD;
		}
		if (!retry && quiet >= WQC_QUIET_CHECKS) {
			quiet = 0;	/* these checks say nothing about what wakes it next */
			if (wqc_keeper_begin_dormant()) {
				sleep = MAX_SCHEDULE_TIMEOUT;
				continue;
			}
		}
		/* Requests must not delay the check of once a second. */
		sleep = retry ? WQC_KEEPER_RETRY : WQC_KEEPER_PERIOD;
		sleep = clamp_t(long, next - jiffies, 1, sleep);
	}
	wqc_cache_wait_idle();
	memalloc_noreclaim_restore(flags);
	return 0;
}

/* At load, before the keeper runs: so this may touch the fields marked K. */
static int wqc_keeper_make_first(void)
{
	struct wqc_queue *queue;
	int cpu, id;

	for_each_online_cpu(cpu) {
		for (id = 0; id < WQC_NR_POOLS; id++) {
			queue = wqc_queue_of(id, cpu);
			while (queue->nr_runners < queue->reserve && wqc_queue_room(queue) > 0)
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
 * wqc_keeper_init - make the first runners and start the keeper
 *
 * Context: process.
 * Return: 0, or an error after which nothing is left.
 */
int wqc_keeper_init(void)
{
	struct task_struct *keeper;
	int err;

	wqc_keeper_set_limits();
	cpus_read_lock();
	err = wqc_keeper_make_first();
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
	wqc_keeper_wake();	/* for requests that were made before */
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
