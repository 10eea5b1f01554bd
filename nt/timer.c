// SPDX-License-Identifier: GPL-2.0
/*
 * Timers. A KTIMER holds no timer of Linux: drivers free it as soon as
 * KeCancelTimer() has returned, from within its own DPC or under the lock that
 * the DPC wants, so nothing may ever have to be waited for. It stands in a tree
 * of ours, and an hrtimer of ours fires for the first of the tree. What fires
 * and what cancels hold the same lock.
 *
 * Timers are spread over a few bases, by their address. Each base has a tree for
 * the monotonic clock, and one for the wall clock, on which absolute times are
 * due when somebody sets that clock.
 */
#include <linux/export.h>
#include <linux/hash.h>
#include <linux/module.h>
#include <linux/rbtree.h>

#include "nt_internal.h"
#include "../wq_hrtimer.h"

#define WQC_BASE_BITS	3

struct wqc_timer_base;

struct wqc_timer_queue {
	struct wqc_timer_base *base;
	struct rb_root_cached tree;	/* under base->lock */
	struct hrtimer hrtimer;
};

struct wqc_timer_base {
	raw_spinlock_t lock;
	struct wqc_timer_queue queues[2];	/* by Header.Absolute */
} ____cacheline_aligned_in_smp;

static struct wqc_timer_base wqc_timer_bases[BIT(WQC_BASE_BITS)];

static struct wqc_timer_base *wqc_timer_base(KTIMER *timer)
{
	return &wqc_timer_bases[hash_ptr(timer, WQC_BASE_BITS)];
}

static KTIMER *wqc_timer_of(struct rb_node *node)
{
	return node ? CONTAINING_RECORD(node, KTIMER, Node) : NULL;
}

static bool wqc_timer_less(struct rb_node *a, const struct rb_node *b)
{
	return wqc_timer_of(a)->DueTime < wqc_timer_of((struct rb_node *)b)->DueTime;
}

static void wqc_timer_insert(struct wqc_timer_base *base, KTIMER *timer)
{
	struct wqc_timer_queue *queue = &base->queues[timer->Header.Absolute];

	lockdep_assert_held(&base->lock);
	timer->Header.Inserted = 1;
	if (rb_add_cached(&timer->Node, &queue->tree, wqc_timer_less))
		hrtimer_start(&queue->hrtimer, ns_to_ktime(timer->DueTime),
			      HRTIMER_MODE_ABS_HARD);
}

/* An hrtimer that then fires for nothing finds that out. */
static bool wqc_timer_remove(struct wqc_timer_base *base, KTIMER *timer)
{
	lockdep_assert_held(&base->lock);
	if (!timer->Header.Inserted)
		return false;
	rb_erase_cached(&timer->Node, &base->queues[timer->Header.Absolute].tree);
	timer->Header.Inserted = 0;
	return true;
}

/* Later periods are of the monotonic clock, and those that were missed are left out. */
static void wqc_timer_again(struct wqc_timer_base *base, KTIMER *timer)
{
	s64 now = ktime_get_ns(), late;

	if (timer->Header.Absolute) {
		timer->Header.Absolute = 0;
		timer->DueTime = now;
	}
	late = now - timer->DueTime;
	timer->DueTime += timer->Interval;
	if (late >= timer->Interval)
		timer->DueTime += div64_s64(late, timer->Interval) * timer->Interval;
	wqc_timer_insert(base, timer);
}

static enum hrtimer_restart wqc_timer_fires(struct hrtimer *hrtimer)
{
	struct wqc_timer_queue *queue = container_of(hrtimer, struct wqc_timer_queue, hrtimer);
	struct wqc_timer_base *base = queue->base;
	raw_spinlock_t *lock;
	unsigned long flags;
	KTIMER *timer;

	raw_spin_lock_irqsave(&base->lock, flags);
	while ((timer = wqc_timer_of(rb_first_cached(&queue->tree)))) {
		if (timer->DueTime > ktime_to_ns(hrtimer_cb_get_time(hrtimer))) {
			/* Never set_expires: a setter may have started it meanwhile. */
			hrtimer_start(hrtimer, ns_to_ktime(timer->DueTime),
				      HRTIMER_MODE_ABS_HARD);
			break;
		}
		wqc_timer_remove(base, timer);
		if (timer->Interval)
			wqc_timer_again(base, timer);
		/*
		 * Who waits for it, and its DPC on another CPU, may free it. The first
		 * cannot go on before the lock is free; the DPC is the last step.
		 */
		lock = wqc_header_lock(&timer->Header);
		raw_spin_lock(lock);
		timer->Header.SignalState = 1;
		wqc_header_signal(&timer->Header);
		if (timer->Dpc)
			KeInsertQueueDpc(timer->Dpc, NULL, NULL);
		raw_spin_unlock(lock);
	}
	raw_spin_unlock_irqrestore(&base->lock, flags);
	return HRTIMER_NORESTART;
}

/**
 * KeInitializeTimer - initialise a notification timer
 * @Timer: memory of any kind, the stack too; not set
 *
 * Context: any IRQL; any.
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
 * @Timer: memory of any kind, the stack too; not set
 * @Type: SynchronizationTimer: lets one waiter pass each time that it is due
 *
 * Context: any IRQL; any.
 *
 * Follows: DDI wdm/nf-wdm-keinitializetimerex.
 */
VOID KeInitializeTimerEx(PKTIMER Timer, TIMER_TYPE Type)
{
	wqc_header_init(&Timer->Header, Type == SynchronizationTimer ?
			WQC_TIMER_SYNCHRONIZATION : WQC_TIMER_NOTIFICATION, 0);
	Timer->Dpc = NULL;
	Timer->Period = 0;
	Timer->Interval = 0;
}
EXPORT_SYMBOL_GPL(KeInitializeTimerEx);

/**
 * wqc_timer_set - set a timer
 * @timer: initialised
 * @when: negative: so many 100 ns from now; else a system time
 * @interval: ns from one time to the next; 0: once
 * @dpc: to be queued each time; or NULL
 * @setter: an address in the module that sets it
 *
 * Context: any.
 * Return: whether it was set before.
 */
BOOLEAN wqc_timer_set(PKTIMER timer, LONGLONG when, s64 interval, PKDPC dpc, void *setter)
{
	struct wqc_timer_base *base = wqc_timer_base(timer);
	struct wqc_due due = wqc_due(when);
	unsigned long flags;
	bool was;

	raw_spin_lock_irqsave(&base->lock, flags);
	was = wqc_timer_remove(base, timer);
	wqc_header_change(&timer->Header, 0);
	timer->Header.Absolute = due.absolute;
	timer->DueTime = due.ns;
	timer->Interval = interval;
	timer->Dpc = dpc;
	timer->Setter = setter;
	wqc_timer_insert(base, timer);
	raw_spin_unlock_irqrestore(&base->lock, flags);
	return was;
}

/**
 * KeSetTimer - set a timer that is due once
 * @Timer: initialised; it may be set, and is then set anew
 * @DueTime: negative: so many 100 ns from now; else a system time
 * @Dpc: to be queued then, on the CPU where the timer fires; or NULL
 *
 * Context: IRQL <= DISPATCH_LEVEL on Windows; here any.
 * Return: TRUE if it was set.
 *
 * Follows: DDI wdm/nf-wdm-kesettimer.
 */
BOOLEAN KeSetTimer(PKTIMER Timer, LARGE_INTEGER DueTime, PKDPC Dpc)
{
	Timer->Period = 0;
	return wqc_timer_set(Timer, DueTime.QuadPart, 0, Dpc, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(KeSetTimer);

/**
 * KeSetTimerEx - set a timer, which may be periodic
 * @Timer: initialised; it may be set, and is then set anew
 * @DueTime: as for KeSetTimer()
 * @Period: ms from one time to the next; 0: once
 * @Dpc: as for KeSetTimer(); not queued again while it is queued
 *
 * Context: IRQL <= DISPATCH_LEVEL on Windows; here any.
 * Return: TRUE if it was set.
 *
 * Follows: DDI wdm/nf-wdm-kesettimerex.
 */
BOOLEAN KeSetTimerEx(PKTIMER Timer, LARGE_INTEGER DueTime, LONG Period, PKDPC Dpc)
{
	Timer->Period = Period;
	return wqc_timer_set(Timer, DueTime.QuadPart, max(Period, 0) * (s64)NSEC_PER_MSEC, Dpc,
			     (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(KeSetTimerEx);

/**
 * KeSetCoalescableTimer - set a timer that may be late
 * @Timer: initialised
 * @DueTime: as for KeSetTimer()
 * @Period: as for KeSetTimerEx()
 * @TolerableDelay: not used: it is not late
 * @Dpc: as for KeSetTimerEx()
 *
 * Context: IRQL <= DISPATCH_LEVEL on Windows; here any.
 * Return: TRUE if it was set.
 *
 * Follows: DDI wdm/nf-wdm-kesetcoalescabletimer.
 */
BOOLEAN KeSetCoalescableTimer(PKTIMER Timer, LARGE_INTEGER DueTime, ULONG Period,
			      ULONG TolerableDelay, PKDPC Dpc)
{
	Timer->Period = Period;
	return wqc_timer_set(Timer, DueTime.QuadPart, Period * (s64)NSEC_PER_MSEC, Dpc,
			     (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(KeSetCoalescableTimer);

/**
 * KeCancelTimer - stop a timer
 * @Timer: initialised. When this returns it is not touched any more; its DPC may
 *	be queued or run, until KeRemoveQueueDpc() or KeFlushQueuedDpcs()
 *
 * Context: IRQL <= DISPATCH_LEVEL on Windows; here any. Waits for nothing.
 * Return: TRUE if it was set. One that is periodic always is.
 *
 * Follows: DDI wdm/nf-wdm-kecanceltimer.
 */
BOOLEAN KeCancelTimer(PKTIMER Timer)
{
	struct wqc_timer_base *base = wqc_timer_base(Timer);
	unsigned long flags;
	bool was;

	raw_spin_lock_irqsave(&base->lock, flags);
	was = wqc_timer_remove(base, Timer);
	raw_spin_unlock_irqrestore(&base->lock, flags);
	return was;
}
EXPORT_SYMBOL_GPL(KeCancelTimer);

/**
 * KeReadStateTimer - whether a timer is signalled
 * @Timer: initialised
 *
 * Context: IRQL <= DISPATCH_LEVEL on Windows; here any.
 * Return: TRUE if it was due, and not set or waited for since.
 *
 * Follows: DDI wdm/nf-wdm-kereadstatetimer.
 */
BOOLEAN KeReadStateTimer(PKTIMER Timer)
{
	return READ_ONCE(Timer->Header.SignalState) > 0;
}
EXPORT_SYMBOL_GPL(KeReadStateTimer);

/* ---- unloading ----------------------------------------------------------- */

/**
 * wqc_timers_live - a module's __init code is about to be freed
 * @mod: what that has set is the module's all the same: see wqc_pool_lives()
 *
 * Context: process.
 */
void wqc_timers_live(struct module *mod)
{
	struct wqc_timer_base *base;
	struct rb_node *node;
	int i;

	for (base = wqc_timer_bases; base < wqc_timer_bases + ARRAY_SIZE(wqc_timer_bases); base++) {
		raw_spin_lock_irq(&base->lock);
		for (i = 0; i < 2; i++) {
			node = rb_first_cached(&base->queues[i].tree);
			for (; node; node = rb_next(node))
				if (within_module_init((unsigned long)wqc_timer_of(node)->Setter,
						       mod))
					wqc_timer_of(node)->Setter = mod;
		}
		raw_spin_unlock_irq(&base->lock);
	}
}

static bool wqc_timer_is_of(KTIMER *timer, struct module *mod)
{
	return within_module((unsigned long)timer->Setter, mod) ||
	       (timer->Dpc && within_module((unsigned long)timer->Dpc->DeferredRoutine, mod));
}

/* Take one that the module left behind; false: there is none. */
static bool wqc_timer_take(struct wqc_timer_base *base, struct module *mod)
{
	void *setter = NULL, *routine = NULL;
	KTIMER *timer = NULL;
	struct rb_node *node;
	int i;

	raw_spin_lock_irq(&base->lock);
	for (i = 0; i < 2 && !timer; i++)
		for (node = rb_first_cached(&base->queues[i].tree); node; node = rb_next(node)) {
			if (!wqc_timer_is_of(wqc_timer_of(node), mod))
				continue;
			timer = wqc_timer_of(node);
			setter = timer->Setter;
			routine = timer->Dpc ? timer->Dpc->DeferredRoutine : NULL;
			wqc_timer_remove(base, timer);
			break;
		}
	raw_spin_unlock_irq(&base->lock);
	if (timer && setter == mod)
		wqc_report(WQC_R_TIMER_LEFT, "timer %p, set by its driver's __init code, DPC %ps",
			   timer, routine);
	else if (timer)
		wqc_report(WQC_R_TIMER_LEFT, "timer %p, set by %pS, DPC %ps", timer, setter,
			   routine);
	return timer;
}

/**
 * wqc_timers_cancel - cancel and report what an unloading module left set
 * @mod: the module
 *
 * Context: process.
 */
void wqc_timers_cancel(struct module *mod)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(wqc_timer_bases); i++)
		while (wqc_timer_take(&wqc_timer_bases[i], mod))
			;
}

void wqc_timer_init(void)
{
	static const clockid_t clocks[2] = { CLOCK_MONOTONIC, CLOCK_REALTIME };
	struct wqc_timer_queue *queue;
	unsigned int i, clock;

	for (i = 0; i < ARRAY_SIZE(wqc_timer_bases); i++) {
		raw_spin_lock_init(&wqc_timer_bases[i].lock);
		for (clock = 0; clock < 2; clock++) {
			queue = &wqc_timer_bases[i].queues[clock];
			queue->base = &wqc_timer_bases[i];
			queue->tree = RB_ROOT_CACHED;
			wqc_hrtimer_setup(&queue->hrtimer, wqc_timer_fires, clocks[clock],
					  HRTIMER_MODE_ABS_HARD);
		}
	}
}

/* No client is loaded any more, so nothing sets a timer. */
void wqc_timer_exit(void)
{
	unsigned int i, clock;

	for (i = 0; i < ARRAY_SIZE(wqc_timer_bases); i++)
		for (clock = 0; clock < 2; clock++)
			hrtimer_cancel(&wqc_timer_bases[i].queues[clock].hrtimer);
}
