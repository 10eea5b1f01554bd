// SPDX-License-Identifier: GPL-2.0
/*
 * Timers. Drivers free a KTIMER as soon as KeCancelTimer() has returned, in its own DPC or under
 * a lock that the DPC wants. Waiting for an hrtimer in the KTIMER would deadlock there, and not
 * waiting would be a use-after-free. So a KTIMER contains no hrtimer: it is a node in a tree of
 * this module, whose hrtimer expires for the first node. Firing and cancelling take the same
 * lock.
 *
 * Timers are spread over a few bases by address. Each base has a tree for CLOCK_MONOTONIC and one
 * for CLOCK_REALTIME, on which absolute times follow changes of the wall clock.
 *
 * Bound of the time that a base's lock is held, with interrupts off: NTC_TIMER_BATCH timers fire
 * (and their waiters are woken), or NTC_SEARCH_CHUNK timers are visited, or one is found,
 * inserted or removed in O(log n). Due timers beyond a batch fire in softirq context, where
 * ksoftirqd shares the CPU. So no number of timers, and no period, keeps a CPU in the timer
 * interrupt.
 *
 * Each base also orders its timers by address, and by the address of their DPC. So freed memory
 * is searched in O(log n), a search for a module's timers can drop the lock and resume, and a
 * timer counts as set only if it is found there, whatever its memory holds.
 */
#include <linux/export.h>
#include <linux/hash.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/rbtree.h>

#include "../lib/hrtimer.h"
#include "ke_dispatcher.h"
#include "ke_dpc.h"
#include "ke_time.h"
#include "ke_timer.h"
#include "ke_tree.h"

#define NTC_TIMER_BATCH	16	/* timers that fire in one hold of a base's lock */

/* Shortest period: the finest resolution of the clock of Windows. */
#define NTC_TIMER_RESOLUTION	(500 * NSEC_PER_USEC)

struct ntc_timer_base ntc_timer_bases[BIT(NTC_TIMER_BASE_BITS)];
atomic_t ntc_timer_bases_busy;

static struct ntc_timer_base *ntc_timer_base_of(KTIMER *timer)
{
	return &ntc_timer_bases[hash_ptr(timer, NTC_TIMER_BASE_BITS)];
}

/*
 * Update the busy flag and unlock. Release: orders the last access to a removed timer before the
 * flag; see ntc_timer_memory_freed().
 */
void ntc_timer_base_unlock(struct ntc_timer_base *base, unsigned long flags)
	__releases(&base->lock)
{
	bool busy = !RB_EMPTY_ROOT(&base->by_address);

	if (busy != base->busy) {
		smp_store_release(&base->busy, busy);	/* pairs with ntc_timer_memory_freed() */
		smp_mb__before_atomic();		/* pairs likewise, for the count */
		atomic_add(busy ? 1 : -1, &ntc_timer_bases_busy);
	}
	raw_spin_unlock_irqrestore(&base->lock, flags);
}

/* ---- the trees --------------------------------------------------------- */

static KTIMER *ntc_timer_by_due(struct rb_node *node)
{
	return node ? CONTAINING_RECORD(node, KTIMER, Node) : NULL;
}

static bool ntc_timer_due_less(struct rb_node *a, const struct rb_node *b)
{
	return ntc_timer_by_due(a)->DueTime < ntc_timer_by_due((struct rb_node *)b)->DueTime;
}

KTIMER *ntc_timer_by_address(const struct rb_node *node)
{
	return node ? CONTAINING_RECORD(node, KTIMER, ByAddress) : NULL;
}

static bool ntc_timer_address_less(struct rb_node *a, const struct rb_node *b)
{
	return ntc_timer_by_address(a) < ntc_timer_by_address(b);
}

static KTIMER *ntc_timer_by_dpc(const struct rb_node *node)
{
	return node ? CONTAINING_RECORD(node, KTIMER, ByDpc) : NULL;
}

static bool ntc_timer_dpc_less(struct rb_node *a, const struct rb_node *b)
{
	return ntc_timer_by_dpc(a)->Dpc < ntc_timer_by_dpc(b)->Dpc;
}

static uintptr_t ntc_timer_address(const struct rb_node *node)
{
	return (uintptr_t)ntc_timer_by_address(node);
}

static uintptr_t ntc_timer_dpc_address(const struct rb_node *node)
{
	return (uintptr_t)ntc_timer_by_dpc(node)->Dpc;
}

/* The first timer of a base at or after an address. */
KTIMER *ntc_timer_find_from(struct ntc_timer_base *base, uintptr_t address)
{
	lockdep_assert_held(&base->lock);
	return ntc_timer_by_address(ntc_tree_find_from(&base->by_address, address,
						       ntc_timer_address));
}

/* The first timer of a base whose DPC is at or after an address. */
KTIMER *ntc_timer_find_dpc_from(struct ntc_timer_base *base, uintptr_t address)
{
	lockdep_assert_held(&base->lock);
	return ntc_timer_by_dpc(ntc_tree_find_from(&base->by_dpc, address,
						   ntc_timer_dpc_address));
}

void ntc_timer_set_dpc(struct ntc_timer_base *base, KTIMER *timer, PKDPC dpc)
{
	if (timer->Dpc)
		rb_erase(&timer->ByDpc, &base->by_dpc);
	timer->Dpc = dpc;
	if (dpc)
		rb_add(&timer->ByDpc, &base->by_dpc, ntc_timer_dpc_less);
}

static void ntc_timer_enqueue(struct ntc_timer_base *base, KTIMER *timer)
{
	struct ntc_timer_queue *queue = &base->queues[timer->Header.Absolute];

	lockdep_assert_held(&base->lock);
	if (rb_add_cached(&timer->Node, &queue->tree, ntc_timer_due_less))
		hrtimer_start(&queue->hrtimer, ns_to_ktime(timer->DueTime),
			      HRTIMER_MODE_ABS_HARD);
}

static void ntc_timer_insert(struct ntc_timer_base *base, KTIMER *timer, PKDPC dpc)
{
	timer->Header.Inserted = 1;
	rb_add(&timer->ByAddress, &base->by_address, ntc_timer_address_less);
	timer->Dpc = NULL;
	ntc_timer_set_dpc(base, timer, dpc);
	ntc_timer_enqueue(base, timer);
}

/* The hrtimer is not cancelled: a spurious expiry finds nothing due. @timer->Dpc stays readable. */
void ntc_timer_erase(struct ntc_timer_base *base, KTIMER *timer)
{
	lockdep_assert_held(&base->lock);
	rb_erase_cached(&timer->Node, &base->queues[timer->Header.Absolute].tree);
	rb_erase(&timer->ByAddress, &base->by_address);
	if (timer->Dpc)
		rb_erase(&timer->ByDpc, &base->by_dpc);
	WRITE_ONCE(timer->Header.Inserted, 0);	/* read without the lock by ExDeleteTimer() */
}

/* False: the timer was not set. Memory that only looks like a set timer is in no tree. */
static bool ntc_timer_remove(struct ntc_timer_base *base, KTIMER *timer)
{
	lockdep_assert_held(&base->lock);
	if (!timer->Header.Inserted || ntc_timer_find_from(base, (uintptr_t)timer) != timer)
		return false;
	ntc_timer_erase(base, timer);
	return true;
}

/* ---- firing ------------------------------------------------------------ */

static s64 ntc_timer_now(const struct ntc_timer_queue *queue)
{
	return queue->absolute ? ktime_get_real_ns() : ktime_get_ns();
}

/*
 * Arm the next period, on the monotonic clock. Missed periods are skipped, so the next expiry is
 * in the future, however short the period. The sum of two times is below 2^64.
 */
static void ntc_timer_rearm(struct ntc_timer_base *base, KTIMER *timer)
{
	s64 now = ktime_get_ns(), late;
	u64 next;

	if (timer->Header.Absolute) {
		timer->Header.Absolute = 0;
		timer->DueTime = now;
	}
	late = now - timer->DueTime;
	next = (u64)timer->DueTime + timer->Interval;
	if (late >= timer->Interval)
		next += div64_s64(late, timer->Interval) * timer->Interval;
	timer->DueTime = min_t(u64, next, KTIME_MAX);
	ntc_timer_enqueue(base, timer);
}

/*
 * Use-after-free: a waiter, or the DPC on another CPU, may free the timer. A waiter cannot return
 * before the lock is released, and queueing the DPC is the last access.
 */
static void ntc_timer_fire(struct ntc_timer_base *base, KTIMER *timer)
{
	raw_spinlock_t *lock = ntc_header_lock(&timer->Header);

	if (timer->Interval) {
		rb_erase_cached(&timer->Node, &base->queues[timer->Header.Absolute].tree);
		ntc_timer_rearm(base, timer);
	} else {
		ntc_timer_erase(base, timer);
	}
	raw_spin_lock(lock);
	timer->Header.SignalState = 1;
	ntc_header_signal(&timer->Header);
	if (timer->Dpc)
		ntc_dpc_insert(timer->Dpc, NULL, NULL);
	raw_spin_unlock(lock);
}

/*
 * Fire a batch of due timers, and start the hrtimer for the first that is not due. True: more are
 * due.
 */
static bool ntc_timer_fire_batch(struct ntc_timer_queue *queue)
{
	struct ntc_timer_base *base = queue->base;
	int left = NTC_TIMER_BATCH;
	unsigned long flags;
	bool more = false;
	KTIMER *timer;
	s64 now;

	raw_spin_lock_irqsave(&base->lock, flags);
	now = ntc_timer_now(queue);
	while ((timer = ntc_timer_by_due(rb_first_cached(&queue->tree)))) {
		more = timer->DueTime <= now;
		if (!more) {
			/*
			 * Not hrtimer_set_expires(): another CPU may have started the hrtimer
			 * meanwhile.
			 */
			hrtimer_start(&queue->hrtimer, ns_to_ktime(timer->DueTime),
				      HRTIMER_MODE_ABS_HARD);
			break;
		}
		if (!left--)
			break;
		ntc_timer_fire(base, timer);
		more = false;
	}
	ntc_timer_base_unlock(base, flags);
	return more;
}

static enum hrtimer_restart ntc_timer_expired(struct hrtimer *hrtimer)
{
	struct ntc_timer_queue *queue = container_of(hrtimer, struct ntc_timer_queue, hrtimer);

	if (ntc_timer_fire_batch(queue))
		tasklet_schedule(&queue->tasklet);
	return HRTIMER_NORESTART;
}

static void ntc_timer_continue(struct tasklet_struct *tasklet)
{
	struct ntc_timer_queue *queue = from_tasklet(queue, tasklet, tasklet);

	if (ntc_timer_fire_batch(queue))
		tasklet_schedule(tasklet);
}

/* Cancel the timer at an address, whose memory may hold anything. */
static bool ntc_timer_cancel_address(KTIMER *timer)
{
	struct ntc_timer_base *base = ntc_timer_base_of(timer);
	unsigned long flags;
	bool was;

	if (!smp_load_acquire(&base->busy))	/* pairs with ntc_timer_base_unlock() */
		return false;
	raw_spin_lock_irqsave(&base->lock, flags);
	was = ntc_timer_find_from(base, (uintptr_t)timer) == timer;
	if (was)
		ntc_timer_erase(base, timer);
	ntc_timer_base_unlock(base, flags);
	return was;
}

/*
 * Memory that is no initialised timer is reported and not accessed further: it may hold anything.
 */
static bool ntc_timer_check(const KTIMER *timer, const KDPC *dpc, void *caller)
{
	bool known = timer->Header.Type == NTC_TIMER_NOTIFICATION ||
		     timer->Header.Type == NTC_TIMER_SYNCHRONIZATION;

	if (!known)
		wqc_report(WQC_R_BAD_TIMER, "timer %p, from %pS", timer, caller);
	else if (dpc && !ntc_dpc_is_valid(dpc))
		wqc_report(WQC_R_BAD_TIMER, "DPC %p of timer %p, from %pS", dpc, timer, caller);
	else
		return true;
	return false;
}

/**
 * KeInitializeTimer - initialise a notification timer
 * @Timer: memory of any kind, the stack included; not set. A set timer is reported and
 *	cancelled
 *
 * Context: any IRQL; here any context.
 *
 * Follows: DDI wdm/nf-wdm-keinitializetimer.
 */
VOID KeInitializeTimer(PKTIMER Timer)
{
	KeInitializeTimerEx(Timer, NotificationTimer);
}
EXPORT_SYMBOL_GPL(KeInitializeTimer);

/**
 * KeInitializeTimerEx - initialise a timer
 * @Timer: as for KeInitializeTimer()
 * @Type: NotificationTimer: stays signalled until it is set again; SynchronizationTimer:
 *	satisfies one waiter each time that it expires
 *
 * Context: any IRQL; here any context.
 *
 * Follows: DDI wdm/nf-wdm-keinitializetimerex.
 */
VOID KeInitializeTimerEx(PKTIMER Timer, TIMER_TYPE Type)
{
	if (ntc_timer_cancel_address(Timer))
		wqc_report(WQC_R_TIMER_INIT, "timer %p, from %pS: cancelled", Timer,
			   (void *)_RET_IP_);
	ntc_header_init(&Timer->Header, Type == SynchronizationTimer ?
			NTC_TIMER_SYNCHRONIZATION : NTC_TIMER_NOTIFICATION, 0);
	Timer->Dpc = NULL;
	Timer->Period = 0;
	Timer->Interval = 0;
}
EXPORT_SYMBOL_GPL(KeInitializeTimerEx);

/**
 * ntc_timer_set - set a timer
 * @timer: initialised; else reported and not set
 * @when: in units of 100 ns; negative: relative; else an absolute system time
 * @interval: period in ns, raised to NTC_TIMER_RESOLUTION; 0: not periodic
 * @dpc: queued at each expiry; or NULL
 * @setter: address in the module that sets it
 *
 * Context: any.
 * Return: whether the timer was set before.
 */
BOOLEAN ntc_timer_set(PKTIMER timer, LONGLONG when, s64 interval, PKDPC dpc, void *setter)
{
	struct ntc_timer_base *base = ntc_timer_base_of(timer);
	struct ntc_due due = ntc_due_time(when);
	unsigned long flags;
	bool was;

	if (!ntc_timer_check(timer, dpc, setter))
		return FALSE;
	raw_spin_lock_irqsave(&base->lock, flags);
	was = ntc_timer_remove(base, timer);
	ntc_header_set_state(&timer->Header, 0);
	timer->Header.Absolute = due.absolute;
	timer->DueTime = due.ns;
	timer->Interval = interval ? max_t(s64, interval, NTC_TIMER_RESOLUTION) : 0;
	timer->Period = div_s64(interval, NSEC_PER_MSEC);
	timer->Setter = setter;
	ntc_timer_insert(base, timer, dpc);
	ntc_timer_base_unlock(base, flags);
	return was;
}

/**
 * KeSetTimer - set a timer that expires once
 * @Timer: initialised, else reported; a set timer is set again
 * @DueTime: in units of 100 ns; negative: relative; else an absolute system time
 * @Dpc: queued at expiry, on the CPU where the timer fires; or NULL
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 * Return: TRUE if the timer was set before.
 *
 * Follows: DDI wdm/nf-wdm-kesettimer.
 */
BOOLEAN KeSetTimer(PKTIMER Timer, LARGE_INTEGER DueTime, PKDPC Dpc)
{
	return ntc_timer_set(Timer, DueTime.QuadPart, 0, Dpc, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(KeSetTimer);

/**
 * KeSetTimerEx - set a timer, which may be periodic
 * @Timer: as for KeSetTimer()
 * @DueTime: as for KeSetTimer()
 * @Period: in ms; 0: not periodic
 * @Dpc: as for KeSetTimer(); not queued again while it is queued
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 * Return: TRUE if the timer was set before.
 *
 * Follows: DDI wdm/nf-wdm-kesettimerex.
 */
BOOLEAN KeSetTimerEx(PKTIMER Timer, LARGE_INTEGER DueTime, LONG Period, PKDPC Dpc)
{
	return ntc_timer_set(Timer, DueTime.QuadPart, max(Period, 0) * (s64)NSEC_PER_MSEC, Dpc,
			     (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(KeSetTimerEx);

/**
 * KeSetCoalescableTimer - set a timer that may expire late
 * @Timer: as for KeSetTimer()
 * @DueTime: as for KeSetTimer()
 * @Period: as for KeSetTimerEx()
 * @TolerableDelay: in ms; not used: expiry is not delayed
 * @Dpc: as for KeSetTimerEx()
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 * Return: TRUE if the timer was set before.
 *
 * Follows: DDI wdm/nf-wdm-kesetcoalescabletimer.
 */
BOOLEAN KeSetCoalescableTimer(PKTIMER Timer, LARGE_INTEGER DueTime, ULONG Period,
			      ULONG TolerableDelay, PKDPC Dpc)
{
	return ntc_timer_set(Timer, DueTime.QuadPart, Period * (s64)NSEC_PER_MSEC, Dpc,
			     (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(KeSetCoalescableTimer);

/**
 * KeCancelTimer - cancel a timer
 * @Timer: initialised; not accessed any more when this returns. Its DPC may still be
 *	queued or run: KeRemoveQueueDpc() and KeFlushQueuedDpcs() deal with that
 *
 * Does not wait.
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 * Return: TRUE if the timer was set, as a periodic timer always is.
 *
 * Follows: DDI wdm/nf-wdm-kecanceltimer.
 */
BOOLEAN KeCancelTimer(PKTIMER Timer)
{
	struct ntc_timer_base *base = ntc_timer_base_of(Timer);
	unsigned long flags;
	bool was;

	raw_spin_lock_irqsave(&base->lock, flags);
	was = ntc_timer_remove(base, Timer);
	ntc_timer_base_unlock(base, flags);
	return was;
}
EXPORT_SYMBOL_GPL(KeCancelTimer);

/**
 * ntc_timer_stop_period - let a set timer expire once more, and not periodically
 * @timer: initialised
 *
 * Context: any.
 */
void ntc_timer_stop_period(PKTIMER timer)
{
	struct ntc_timer_base *base = ntc_timer_base_of(timer);
	unsigned long flags;

	raw_spin_lock_irqsave(&base->lock, flags);
	timer->Interval = 0;
	raw_spin_unlock_irqrestore(&base->lock, flags);
}

/**
 * KeReadStateTimer - read the state of a timer
 * @Timer: initialised
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 * Return: TRUE if the timer is signalled: it expired, and was neither set again nor consumed by a
 * wait since.
 *
 * Follows: DDI wdm/nf-wdm-kereadstatetimer.
 */
BOOLEAN KeReadStateTimer(PKTIMER Timer)
{
	return READ_ONCE(Timer->Header.SignalState) > 0;
}
EXPORT_SYMBOL_GPL(KeReadStateTimer);

void ntc_timer_init(void)
{
	static const clockid_t clocks[2] = { CLOCK_MONOTONIC, CLOCK_REALTIME };
	struct ntc_timer_queue *queue;
	unsigned int i, clock;

	for (i = 0; i < ARRAY_SIZE(ntc_timer_bases); i++) {
		raw_spin_lock_init(&ntc_timer_bases[i].lock);
		ntc_timer_bases[i].by_address = RB_ROOT;
		ntc_timer_bases[i].by_dpc = RB_ROOT;
		for (clock = 0; clock < 2; clock++) {
			queue = &ntc_timer_bases[i].queues[clock];
			queue->base = &ntc_timer_bases[i];
			queue->absolute = clock;
			queue->tree = RB_ROOT_CACHED;
			tasklet_setup(&queue->tasklet, ntc_timer_continue);
			wqc_hrtimer_setup(&queue->hrtimer, ntc_timer_expired, clocks[clock],
					  HRTIMER_MODE_ABS_HARD);
		}
	}
}

/*
 * No client is loaded, so nothing sets a timer and the trees are empty: an expiry starts no
 * hrtimer and schedules no tasklet.
 */
void ntc_timer_exit(void)
{
	struct ntc_timer_queue *queue;
	unsigned int i, clock;

	for (i = 0; i < ARRAY_SIZE(ntc_timer_bases); i++)
		for (clock = 0; clock < 2; clock++) {
			queue = &ntc_timer_bases[i].queues[clock];
			hrtimer_cancel(&queue->hrtimer);
			tasklet_kill(&queue->tasklet);
			hrtimer_cancel(&queue->hrtimer);
		}
}
