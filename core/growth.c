// SPDX-License-Identifier: GPL-2.0
/*
 * Requests to the keeper, from any context: a leaf, so that every part of the engine can ask.
 */
#include <linux/kthread.h>
#include <linux/sched.h>

#include "core.h"
#include "growth.h"

static LLIST_HEAD(wqc_requests);
static struct task_struct *wqc_keeper;
static bool wqc_keeper_woken;

/*
 * No request is lost. Here: a request (a node on a list, a count) ->po the flag = true ->mb
 * (wake_up_process() is a full fence before it looks at the thread's state) the state. There:
 * the state = TASK_IDLE ->mb (set_current_state()) the flag. One of the two sees the other's
 * write: the keeper the flag, and does not sleep, or we its state, and it is woken. The keeper
 * clears the flag ->mb before it looks for requests: one whose flag it wiped out, it sees.
 * Requests themselves come by llist_add() and llist_del_all(), both fully ordered.
 *
 * Before the thread is known it has not slept: it is new and looks first, and it looks once
 * a second anyway.
 *
 * Context: any, also under a queue's lock.
 */
void wqc_keeper_wake(void)
{
	struct task_struct *keeper;

	WRITE_ONCE(wqc_keeper_woken, true);
	wqc_window(WQC_W_KEEPER_FLAG);
	keeper = READ_ONCE(wqc_keeper);
	if (keeper)
		wake_up_process(keeper);
}

/* Of an any-CPU pool at its limit an idle runner of another queue may be had. */
bool wqc_queue_may_grow(const struct wqc_queue *queue)
{
	return queue->pool->any_cpu || queue->nr_runners < queue->pool->limit;
}

/*
 * Asked whenever the idle list is empty after or during a take. @growing stays
 * set while the keeper cannot help, so that a queue at its limit does not wake
 * it for every item.
 */
void wqc_growth_request(struct wqc_queue *queue)
{
	lockdep_assert_held(&queue->lock);
	if (queue->growing || !wqc_queue_may_grow(queue))
		return;
	queue->growing = true;
	llist_add(&queue->grow_node, &wqc_requests);
	wqc_keeper_wake();
}

/**
 * wqc_growth_request_again - keep a request that could not be met
 * @queue: of it
 *
 * Context: process, the keeper's, under the queue's lock.
 */
void wqc_growth_request_again(struct wqc_queue *queue)
{
	lockdep_assert_held(&queue->lock);
	queue->growing = true;
	llist_add(&queue->grow_node, &wqc_requests);
}

/* All requests, by @grow_node: the caller's. */
struct llist_node *wqc_growth_take_requests(void)
{
	return llist_del_all(&wqc_requests);
}

/* NULL: there is none to be woken. */
void wqc_keeper_set(struct task_struct *keeper)
{
	WRITE_ONCE(wqc_keeper, keeper);
}

/* Until a request, or so long. Context: process, the keeper's. */
void wqc_keeper_sleep(long jiffies)
{
	set_current_state(TASK_IDLE);
	if (!READ_ONCE(wqc_keeper_woken) && !kthread_should_stop())
		schedule_timeout(jiffies);
	__set_current_state(TASK_RUNNING);
	WRITE_ONCE(wqc_keeper_woken, false);
	smp_mb();	/* the flag is clear before the keeper looks for requests */
	wqc_window(WQC_W_KEEPER_CLEARED);
}
