// SPDX-License-Identifier: GPL-2.0
/*
 * The wake-up protocol: when a queue call or a runner wakes another runner.
 *
 * Hazards: a lost wake-up (an item waits, all runners sleep, and the item starts only when the next
 * one is queued), and a spurious wake-up for each item of a burst, which costs more than the items.
 *
 * A runner that has popped an item wakes a second runner before it calls the routine, if more
 * items wait, because the routine may block. For a burst of short routines these wake-ups are
 * spurious: the second runner finds the queue empty. So a runner that has run WQC_CHECK_ITEMS items
 * without a voluntary context switch becomes the queue's spinner. While there is a spinner, no
 * wake-up is sent. A watchdog, an hrtimer, compares the count of finished items every WQC_SPIN_NS.
 * If no item of the queue has finished for a period, a routine has blocked or the spinner was
 * preempted, and the watchdog wakes a runner. So an item behind a routine that blocks starts at
 * most two periods late. A spinner that finds the queue empty polls it WQC_SPIN_POLLS times,
 * because the poster of a burst is often a little slower than the runner.
 *
 * A spinner that has run WQC_CHECK_ITEMS items without a voluntary context switch makes its queue
 * trusted: the next runner begins as the spinner, without these items. That uses up the trust, and
 * a routine that blocks ends it.
 *
 * Only queues of any-CPU pools have spinners, and only while the runner is on another CPU than the
 * queue's: on the queue's own CPU no queue call can run beside the spinner.
 *
 * The states of a queue, under its lock. "Kick": take an idle runner and wake it, in one hold of
 * the lock. Only wqc_wake_set() changes the state.
 *
 *  state    event                                             next
 *  -------  ------------------------------------------------  ------------------------------
 *  NEEDED   an item is queued, and a runner is idle           WAKING, kick
 *  NEEDED   an item is queued, and no runner is idle          NEEDED, asks the keeper to grow
 *  NEEDED   items wait behind one that is popped              WAKING, kick, before the routine
 *  NEEDED   a runner becomes idle while items wait            WAKING, kick
 *  NEEDED   a drain begins, not trusted, or nothing to run    NEEDED
 *  NEEDED   a drain begins, queue trusted, other CPU          SPINNING, no longer trusted
 *  NEEDED   CHECK_ITEMS items, no switch, other CPU           SPINNING, trusted
 *  WAKING   a drain begins, not trusted, or nothing to run    NEEDED
 *  WAKING   a drain begins, queue trusted, other CPU          SPINNING, no longer trusted
 *  WAKING   CHECK_ITEMS items, no switch, other CPU           SPINNING, trusted
 *  WAKING   an item is queued                                 WAKING
 *  WAKING   no kick for a second while items wait (keeper)    WAKING, kicks once more
 *  SPINNING a drain begins, or an item is queued              SPINNING
 *  SPINNING CHECK_ITEMS items of the spinner, no switch       SPINNING, trusted
 *  SPINNING no item has finished for a period (watchdog)      NEEDED, not trusted, then a kick
 *  SPINNING the spinner finds the queue empty after polling   NEEDED, as trusted as before
 *  SPINNING the spinner's turn is over                        NEEDED, as trusted; items wait: kick
 *  SPINNING IoTryQueueWorkItem() appends an item              NEEDED, then a kick
 *  SPINNING the spinner's thread was ended by its routine     NEEDED, then a kick
 *  any      the rescuer puts its runner back                  NEEDED, then a kick
 *  any      the keeper finds a lost wake-up (heal.c)          NEEDED, not trusted, then a kick
 *
 * Invariant at every unlock (wqc_wake_check()): no item waits, or the state is WAKING or SPINNING,
 * or no runner is idle. Proof: tests/models/wakeup.pml.
 */
#include <linux/bug.h>
#include <linux/sched.h>

#include "../lib/hrtimer.h"
#include "heal.h"
#include "queue.h"
#include "wakeup.h"

void wqc_queue_kick(struct wqc_queue *queue)
{
	wqc_queue_kick_inline(queue);
}

#ifdef CONFIG_PROVE_LOCKING
/**
 * wqc_wake_check - assert the invariant, before an unlock
 * @queue: locked
 *
 * Not checked while a lane is truncated: @depth then counts items that are on no lane. The ring
 * may hold a lane whose only entry is the cursor of unload.c, which @depth does not count.
 *
 * Context: any, under the queue's lock.
 * Return: the lock.
 */
raw_spinlock_t *wqc_wake_check(struct wqc_queue *queue)
{
	WARN_ONCE(queue->ring && queue->depth && queue->wake == WQC_WAKE_NEEDED && queue->idle &&
		  !queue->broken.refs,
		  "wq_compat: a queue is unlocked with %u items, idle runners and no wake-up\n",
		  queue->depth);
	return wqc_window_unlock(queue);
}
#endif

static void wqc_spin_begin(struct wqc_queue *queue, struct wqc_runner *runner)
{
	wqc_wake_set(queue, WQC_SPINNING);
	queue->spinner = runner;
	queue->progress = queue->finished;
	if (!queue->watchdog_armed) {
		queue->watchdog_armed = true;
		hrtimer_start(&queue->watchdog, ns_to_ktime(WQC_SPIN_NS), HRTIMER_MODE_REL_HARD);
	}
}

static bool wqc_runner_is_spinner(const struct wqc_queue *queue, const struct wqc_runner *runner)
{
	return queue->wake == WQC_SPINNING && queue->spinner == runner;
}

/**
 * wqc_spin_begin_trusted - begin to drain a queue that is trusted, or has a spinner
 * @queue: the runner's
 * @runner: begins to drain
 *
 * After a burst another burst is likely, so that wake-ups for its first items would be spurious,
 * too. A drain that finds nothing to run (its runner was woken for a burst that is over) leaves the
 * queue trusted for the next drain.
 *
 * Context: process, under the queue's lock.
 */
void wqc_spin_begin_trusted(struct wqc_queue *queue, struct wqc_runner *runner)
{
	if (queue->wake == WQC_SPINNING)
		return;
	if (!queue->ring || queue->cpu == smp_processor_id()) {
		wqc_wake_set(queue, WQC_WAKE_NEEDED);
		return;
	}
	queue->trusted = false;
	wqc_spin_begin(queue, runner);
}

/**
 * wqc_spin_consider - make a runner the spinner if it has not slept for WQC_CHECK_ITEMS items
 * @queue: the runner's, of a pool for any CPU
 * @runner: drains; calls this after each WQC_CHECK_ITEMS items
 *
 * Context: process, under the queue's lock.
 */
void wqc_spin_consider(struct wqc_queue *queue, struct wqc_runner *runner)
{
	unsigned long switches = current->nvcsw;

	if (queue->cpu == smp_processor_id())
		return;
	if (runner->switches != switches) {
		runner->switches = switches;
		return;
	}
	if (queue->wake != WQC_SPINNING)
		wqc_spin_begin(queue, runner);
	if (queue->spinner == runner)
		queue->trusted = true;
}

/**
 * wqc_spin_poll - poll an empty queue before its spinner becomes idle
 * @queue: the runner's; with a spinner
 * @runner: drains
 *
 * If the spinner loses its CPU while it polls, the watchdog kicks a runner for new items.
 *
 * Context: process, under the queue's lock, which is dropped while polling.
 * Return: true if there is an item to run; false if the runner is not the spinner any more.
 */
bool wqc_spin_poll(struct wqc_queue *queue, struct wqc_runner *runner) __must_hold(&queue->lock)
{
	unsigned int polls = WQC_SPIN_POLLS;

	lockdep_assert_held(&queue->lock);
	if (!wqc_runner_is_spinner(queue, runner))
		return false;
	if (!queue->ring && !need_resched()) {
		wqc_queue_unlock(queue);
		local_irq_enable();
		/* data_race: read again under the lock */
		while (!data_race(READ_ONCE(queue->ring)) && --polls && !need_resched())
			cpu_relax();
		wqc_window(WQC_W_POLL);
		local_irq_disable();
		wqc_queue_lock(queue);
		if (queue->ring && wqc_runner_is_spinner(queue, runner))
			return true;
	}
	if (wqc_runner_is_spinner(queue, runner))
		wqc_wake_set(queue, WQC_WAKE_NEEDED);
	return false;
}

/**
 * wqc_spin_stop - end spinning, so that the next item is kicked for
 * @queue: the caller kicks if items wait
 *
 * Context: any, under the queue's lock.
 */
void wqc_spin_stop(struct wqc_queue *queue)
{
	if (queue->wake == WQC_SPINNING)
		wqc_wake_set(queue, WQC_WAKE_NEEDED);
}

static enum hrtimer_restart wqc_spin_watchdog(struct hrtimer *timer)
{
	struct wqc_queue *queue = container_of(timer, struct wqc_queue, watchdog);
	enum hrtimer_restart again = HRTIMER_NORESTART;
	unsigned long flags;

	wqc_window(WQC_W_WATCHDOG);
	wqc_queue_lock_irqsave(queue, flags);
	if (queue->wake == WQC_SPINNING && queue->progress != queue->finished) {
		queue->progress = queue->finished;
		hrtimer_forward_now(timer, ns_to_ktime(WQC_SPIN_NS));
		again = HRTIMER_RESTART;
	} else {
		wqc_heal_detect(queue);	/* for instance an idle spinner */
		queue->watchdog_armed = false;
		if (queue->wake == WQC_SPINNING) {
			wqc_wake_set(queue, WQC_WAKE_NEEDED);
			queue->trusted = false;
			wqc_queue_kick_if_needed(queue);
		}
	}
	wqc_queue_unlock_irqrestore(queue, flags);
	return again;
}

void wqc_wakeup_init(struct wqc_queue *queue)
{
	queue->wake = WQC_WAKE_NEEDED;
	queue->slow |= WQC_SLOW_WAKE;
	wqc_hrtimer_setup(&queue->watchdog, wqc_spin_watchdog, CLOCK_MONOTONIC,
			  HRTIMER_MODE_REL_HARD);
}

/* At unload: no runner drains any more. */
void wqc_wakeup_exit(struct wqc_queue *queue)
{
	hrtimer_cancel(&queue->watchdog);
}
