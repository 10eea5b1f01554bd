// SPDX-License-Identifier: GPL-2.0
/*
 * A leader that needs no followers, for the time being.
 *
 * Before each routine somebody is kicked for the items behind, because the routine may block.
 * While short routines come in bursts that is a wake-up for nothing, again and again: whoever
 * comes finds the items gone. So when a runner has run items for a while and none has slept, it
 * promises to go on, and a timer sees to that: the promise counts as somebody on the way
 * (WQC_NOBODY_COMES is clear), and when no item of the queue has finished for a period of
 * the timer, a routine blocks after all or the runner waits for a CPU, and the timer kicks
 * another. What waits behind such a routine waits for two periods at most until others of
 * the queue run on, or somebody is kicked for it.
 *
 * With its promise a leader also stays for a moment when the queue is empty: who posts is
 * often a little slower, and would have to wake it for every few items.
 *
 * All of that only in pools whose runners may be on any CPU, and on another than the one that
 * posts: otherwise nobody posts while the leader runs.
 */
#include <linux/sched.h>

#include "../lib/hrtimer.h"
#include "core.h"
#include "heal.h"
#include "queue.h"
#include "wakeup.h"

/* The timer's period. */
#define WQC_CALM_NS	(200 * NSEC_PER_USEC)

/* So many looks whether there is more, when the queue is empty. */
#define WQC_LINGER	128

/* From now on somebody has to be kicked; the timer, if it runs, will stop. */
static void wqc_break_promise(struct wqc_queue *queue)
{
	lockdep_assert_held(&queue->lock);
	queue->leader &= ~WQC_PROMISED;
	queue->attend |= WQC_NOBODY_COMES;
}

static void wqc_promise(struct wqc_queue *queue, struct wqc_runner *runner)
{
	lockdep_assert_held(&queue->lock);
	queue->leader |= WQC_PROMISED;
	queue->promised = runner;
	queue->promised_at = queue->finished;
	queue->attend &= ~WQC_NOBODY_COMES;
	if (!queue->promise_watched) {
		queue->promise_watched = true;
		hrtimer_start(&queue->promise_timer, ns_to_ktime(WQC_CALM_NS),
			      HRTIMER_MODE_REL_HARD);
	}
}

static bool wqc_has_promised(const struct wqc_queue *queue, const struct wqc_runner *runner)
{
	return queue->leader & WQC_PROMISED && queue->promised == runner;
}

/**
 * wqc_lead_on - begin to drain where there is, or was, a leader
 * @queue: of @runner
 * @runner: the caller's
 *
 * After a burst another one is likely, and its first items are not worth a wake-up either.
 *
 * Context: process, under the queue's lock.
 */
void wqc_lead_on(struct wqc_queue *queue, struct wqc_runner *runner)
{
	if (queue->leader & WQC_PROMISED)
		return;
	queue->attend |= WQC_NOBODY_COMES;
	if (queue->cpu == smp_processor_id())
		return;
	queue->leader = 0;
	wqc_promise(queue, runner);
}

/**
 * wqc_lead - some items in a row have been run, in a pool for any CPU
 * @queue: of @runner
 * @runner: the caller's
 *
 * Context: process, under the queue's lock.
 */
void wqc_lead(struct wqc_queue *queue, struct wqc_runner *runner)
{
	unsigned long switches = current->nvcsw;

	if (queue->cpu == smp_processor_id())
		return;
	if (runner->switches != switches) {
		runner->switches = switches;
		return;
	}
	if (!(queue->leader & WQC_PROMISED))
		wqc_promise(queue, runner);
	if (queue->promised == runner)
		queue->leader |= WQC_CALM;
}

/**
 * wqc_leads_on - before a runner goes idle where there is, or was, a leader
 * @queue: of @runner
 * @runner: the caller's
 *
 * A leader stays for a moment if the queue is empty. It may be preempted then: the timer looks
 * after what is posted.
 *
 * Context: process, under the queue's lock, which is dropped meanwhile.
 * Return: true if there is an item to run; false: it goes, and leads no more.
 */
bool wqc_leads_on(struct wqc_queue *queue, struct wqc_runner *runner) __must_hold(&queue->lock)
{
	unsigned int looks = WQC_LINGER;

	lockdep_assert_held(&queue->lock);
	if (!(queue->leader & WQC_PROMISED)) {
		queue->leader = 0;
		return false;
	}
	if (queue->promised != runner)
		return false;
	if (!queue->turn && !need_resched()) {
		wqc_unlock(queue);
		local_irq_enable();
		/* data_race: it is looked at again under the lock. */
		while (!data_race(READ_ONCE(queue->turn)) && --looks && !need_resched())
			cpu_relax();
		wqc_window(WQC_W_LINGER);
		local_irq_disable();
		wqc_lock(queue);
		if (queue->turn && wqc_has_promised(queue, runner))
			return true;
	}
	if (wqc_has_promised(queue, runner))
		wqc_break_promise(queue);
	return false;
}

/**
 * wqc_follow - a promise is not enough
 * @queue: somebody has to come at once: the caller appends an item, and kicks
 *
 * Context: any, under the queue's lock.
 */
void wqc_follow(struct wqc_queue *queue)
{
	if (queue->leader & WQC_PROMISED)
		wqc_break_promise(queue);
}

static enum hrtimer_restart wqc_watch_promise(struct hrtimer *timer)
{
	struct wqc_queue *queue = container_of(timer, struct wqc_queue, promise_timer);
	enum hrtimer_restart again = HRTIMER_NORESTART;
	unsigned long flags;

	wqc_window(WQC_W_WATCH);
	raw_spin_lock_irqsave(&queue->lock, flags);
	if (queue->leader & WQC_PROMISED && queue->promised_at != queue->finished) {
		queue->promised_at = queue->finished;
		hrtimer_forward_now(timer, ns_to_ktime(WQC_CALM_NS));
		again = HRTIMER_RESTART;
	} else {
		wqc_count_lost(queue);	/* a leader that left with its promise, for one */
		queue->promise_watched = false;
		if (queue->leader & WQC_PROMISED) {
			wqc_break_promise(queue);
			queue->leader = 0;
			wqc_kick_if_needed(queue);
		}
	}
	raw_spin_unlock_irqrestore(&queue->lock, flags);
	return again;
}

void wqc_leader_init(struct wqc_queue *queue)
{
	wqc_hrtimer_setup(&queue->promise_timer, wqc_watch_promise, CLOCK_MONOTONIC,
			  HRTIMER_MODE_REL_HARD);
}

/* No runner drains any more. */
void wqc_leader_exit(struct wqc_queue *queue)
{
	hrtimer_cancel(&queue->promise_timer);
}
