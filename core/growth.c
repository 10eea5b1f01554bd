// SPDX-License-Identifier: GPL-2.0
/*
 * Requests to the keeper, from any context: to make runners, or only to wake up. This file calls no
 * other file of the engine, so that all of them can call it.
 *
 * While nothing is queued, runs or is surplus the engine is dormant: the keeper and the guard sleep
 * without a time-out, so that no idle or isolated CPU is disturbed. The next kick ends that.
 */
#include <linux/kthread.h>
#include <linux/sched.h>

#include "core.h"
#include "growth.h"

static LLIST_HEAD(wqc_requests);		/* A */
static struct task_struct *wqc_keeper_task;	/* A: see wqc_keeper_wake() */
static bool wqc_keeper_woken;			/* A: see wqc_keeper_wake() */
bool wqc_dormant;				/* A: see wqc_keeper_begin_dormant() */

/*
 * Lost wake-up: the keeper must not sleep while a request waits. It does not: either it reads the
 * flag as true, or the caller sees that it sleeps and wakes it (tests/litmus/kick-rt.litmus). The
 * keeper clears the flag before it takes the requests, so it sees each request whose flag it has
 * cleared (kick-keeper.litmus). A request is a node on a list: llist_add() is fully ordered. A
 * plain write to a count is not, and may be seen only at the next check, WQC_KEEPER_PERIOD later.
 *
 * Before wqc_keeper_set() there is no thread to wake: a request waits for the wake-up that follows
 * it.
 *
 * Context: any, also under a queue's lock.
 */
void wqc_keeper_wake(void)
{
	struct task_struct *keeper;

	WRITE_ONCE(wqc_keeper_woken, true);
	wqc_window(WQC_W_KEEPER_FLAG);
	keeper = READ_ONCE(wqc_keeper_task);
	if (keeper)
		wake_up_process(keeper);
}

/**
 * wqc_dormant_end - start the keeper and the guard again
 *
 * Context: any, also under a queue's lock.
 */
void wqc_dormant_end(void)
{
	WRITE_ONCE(wqc_dormant, false);
	if (wqc_ops.awake)
		wqc_ops.awake();
	wqc_keeper_wake();
}

/* At its limit a queue of an any-CPU pool may still borrow an idle runner of another queue. */
bool wqc_queue_may_grow(const struct wqc_queue *queue)
{
	return queue->pool->any_cpu || queue->nr_runners < READ_ONCE(queue->pool->limit);
}

/**
 * wqc_growth_request_again - add a request, and do not wake the keeper
 * @queue: the queue; has no request
 *
 * The keeper itself calls this to keep a request for which it could make no runner.
 *
 * Context: any, under the queue's lock.
 */
void wqc_growth_request_again(struct wqc_queue *queue)
{
	lockdep_assert_held(&queue->lock);
	queue->growing = true;
	llist_add(&queue->grow_node, &wqc_requests);
}

/*
 * Called whenever a kick leaves the idle list empty, or finds it so. @growing stays set while the
 * keeper cannot make a runner, so that a queue at its limit does not wake it for every item.
 */
void wqc_growth_request(struct wqc_queue *queue)
{
	lockdep_assert_held(&queue->lock);
	if (queue->growing || !wqc_queue_may_grow(queue))
		return;
	wqc_growth_request_again(queue);
	wqc_keeper_wake();
}

/* Returns the list of all requests, by @grow_node, which the caller then owns. */
struct llist_node *wqc_growth_take_requests(void)
{
	return llist_del_all(&wqc_requests);
}

/* Sets the thread that wqc_keeper_wake() wakes; NULL: none. */
void wqc_keeper_set(struct task_struct *keeper)
{
	WRITE_ONCE(wqc_keeper_task, keeper);
}

/* Sleeps until wqc_keeper_wake(), at most @jiffies. Context: process, the keeper's. */
void wqc_keeper_sleep(long jiffies)
{
	set_current_state(TASK_IDLE);
	if (!READ_ONCE(wqc_keeper_woken) && !kthread_should_stop())
		schedule_timeout(jiffies);
	__set_current_state(TASK_RUNNING);
	WRITE_ONCE(wqc_keeper_woken, false);
	smp_mb();	/* the flag before the requests: see wqc_keeper_wake() */
	wqc_window(WQC_W_KEEPER_CLEARED);
}
