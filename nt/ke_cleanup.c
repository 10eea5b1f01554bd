// SPDX-License-Identifier: GPL-2.0
/*
 * Removal of set timers and queued DPCs before their memory is freed (pool block, device,
 * module), or before the module that they call is unloaded.
 */
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/module.h>

#include "ex_timer.h"
#include "ke_cleanup.h"
#include "ke_dpc.h"
#include "ke_timer.h"

/* ---- memory that is freed ---------------------------------------------- */

struct ntc_timer_found {
	KTIMER *timer;
	PKDPC dpc;		/* set: only the DPC is in the memory */
	void *setter;
};

/* Remove one timer of a base that lies in the memory; or clear the DPC of one whose DPC does. */
static bool ntc_timer_remove_in(struct ntc_timer_base *base, uintptr_t p, size_t size,
				struct ntc_timer_found *found)
{
	unsigned long flags;
	KTIMER *timer;

	*found = (struct ntc_timer_found){};
	raw_spin_lock_irqsave(&base->lock, flags);
	timer = ntc_timer_find_from(base, p);
	if (timer && (uintptr_t)timer - p < size) {
		ntc_timer_erase(base, timer);
		found->timer = timer;
		found->setter = timer->Setter;
	} else {
		timer = ntc_timer_find_dpc_from(base, p);
		if (timer && (uintptr_t)timer->Dpc - p < size) {
			found->timer = timer;
			found->dpc = timer->Dpc;
			ntc_timer_set_dpc(base, timer, NULL);
		}
	}
	ntc_timer_base_unlock(base, flags);
	return found->timer;
}

/*
 * Use-after-free: a timer that is set in freed memory is written to, and its DPC called, when it
 * expires. A base that is not busy holds no timer, and its last access to any timer is complete:
 * the flag is cleared with release semantics after it.
 */
static void ntc_timer_memory_freed(void *p, size_t size, void *caller)
{
	struct ntc_timer_found found;
	struct ntc_timer_base *base;
	unsigned int i;

	if (!atomic_read_acquire(&ntc_timer_bases_busy))
		return;
	for (i = 0; i < ARRAY_SIZE(ntc_timer_bases); i++) {
		base = &ntc_timer_bases[i];
		while (smp_load_acquire(&base->busy) &&	/* pairs with ntc_timer_base_unlock() */
		       ntc_timer_remove_in(base, (uintptr_t)p, size, &found)) {
			if (found.dpc)
				wqc_report(WQC_R_DPC_FREED,
					   "DPC %p of timer %p, memory %p, from %pS", found.dpc,
					   found.timer, p, caller);
			else
				wqc_report(WQC_R_TIMER_FREED,
					   "timer %p, set by %pS, memory %p, from %pS",
					   found.timer, found.setter, p, caller);
		}
	}
}

/**
 * ntc_cleanup_memory_freed - remove and report set timers and queued DPCs in freed memory
 * @p: the memory; still allocated
 * @size: bytes
 * @caller: address in the code that frees it, for the reports
 *
 * A set timer is cancelled, a queued DPC is removed, and a timer of which only the DPC lies in
 * the memory stays set without a DPC; each is reported. Timers come first, because they queue
 * DPCs. Fast path: while no timer is set and no DPC queued, two reads; else an O(log n) search of
 * each busy base and queue. Setting a timer or queueing a DPC in the memory while it is freed is
 * unordered.
 *
 * Context: any, without locks of this module.
 */
void ntc_cleanup_memory_freed(void *p, size_t size, void *caller)
{
	ntc_timer_memory_freed(p, size, caller);
	ntc_dpc_memory_freed(p, size, caller);
}

/* ---- DPCs of a module -------------------------------------------------- */

/* The driver's routine: for an EX_TIMER its callback. */
static void *ntc_dpc_call_driver_routine(const struct ntc_dpc_call *call)
{
	if (ntc_ex_timer_owns_routine(call->routine))
		return ntc_ex_timer_callback(call->context);
	return call->routine;
}

/* Whether calling the DPC needs memory of a module. */
static bool ntc_dpc_is_in(PKDPC dpc, const struct module *mod, ntc_in_fn in)
{
	struct ntc_dpc_call call = ntc_dpc_call_read(dpc);

	return ntc_dpc_call_is_in(&call, mod, in);
}

static void *ntc_dpc_driver_routine(PKDPC dpc)
{
	struct ntc_dpc_call call = ntc_dpc_call_read(dpc);

	return ntc_dpc_call_driver_routine(&call);
}

/*
 * Visits NTC_SEARCH_CHUNK DPCs in one hold of the lock. A DPC that is queued behind the search
 * was queued by a routine of the module: that routine is found when its own queue is searched, in
 * any hold, or it has returned, which ntc_dpc_watch_returned() tells.
 */
static bool ntc_dpc_queue_find_call(struct ntc_dpc_queue *queue, struct module *mod, ntc_in_fn in,
				    struct ntc_dpc_call *found)
{
	uintptr_t from = 0;
	bool hit = false;
	PKDPC dpc;
	int chunk;

	do {
		raw_spin_lock_irq(&queue->lock);
		if (queue->running.routine && ntc_dpc_call_is_in(&queue->running, mod, in)) {
			*found = queue->running;
			found->dpc = NULL;
			found->named = ntc_dpc_call_driver_routine(found);
			hit = true;
		}
		dpc = ntc_dpc_find_from(queue, from);
		for (chunk = NTC_SEARCH_CHUNK; dpc && chunk && !hit; chunk--) {
			*found = ntc_dpc_call_read(dpc);
			found->named = ntc_dpc_call_driver_routine(found);
			hit = ntc_dpc_call_is_in(found, mod, in);
			from = (uintptr_t)dpc + 1;
			dpc = ntc_dpc_by_address(rb_next(&dpc->ByAddress));
		}
		raw_spin_unlock_irq(&queue->lock);
	} while (dpc && !hit);
	return hit;
}

/* A DPC that runs (@found->dpc is NULL then) or is queued. */
static bool ntc_dpc_find_call(struct module *mod, ntc_in_fn in, struct ntc_dpc_call *found)
{
	int cpu;

	for_each_possible_cpu(cpu)
		if (ntc_dpc_queue_find_call(per_cpu_ptr(&ntc_dpc_queues, cpu), mod, in, found))
			return true;
	return false;
}

/* Whether a DPC that needs the module's memory is queued or runs, and its routine. */
bool ntc_dpc_find_in_module(struct module *mod, void **routine)
{
	struct ntc_dpc_call found;

	if (!ntc_dpc_find_call(mod, wqc_in_module, &found))
		return false;
	*routine = found.named;
	return true;
}

/**
 * ntc_dpc_flush_init - wait for DPCs that need a module's __init memory, which is freed next
 * @mod: the module
 *
 * A DPC that is still queued after a second requeues itself: it is removed and reported.
 *
 * Context: process, sleeps.
 */
void ntc_dpc_flush_init(struct module *mod)
{
	unsigned long end = jiffies + HZ;
	struct ntc_dpc_call found;

	while (ntc_dpc_find_call(mod, wqc_in_module_init, &found)) {
		if (found.dpc && time_after(jiffies, end))
			ntc_dpc_memory_freed(found.dpc, sizeof(*found.dpc), found.named);
		fsleep(USEC_PER_MSEC);
	}
}

/* ---- timers of a module ------------------------------------------------ */

/* Whether firing the timer needs memory of a module: its own, its DPC's, or what the DPC needs. */
static bool ntc_timer_is_in(KTIMER *timer, const struct module *mod, ntc_in_fn in)
{
	return in(timer, mod) || (timer->Dpc && ntc_dpc_is_in(timer->Dpc, mod, in));
}

/* A pass over all timers. */
struct ntc_timer_pass {
	struct module *mod;
	bool live;		/* only the __init memory is freed */
};

/* True: the pass cancels the timer. */
static bool ntc_timer_pass_matches(KTIMER *timer, const struct ntc_timer_pass *pass)
{
	if (!pass->live)
		return wqc_in_module(timer->Setter, pass->mod) ||
		       ntc_timer_is_in(timer, pass->mod, wqc_in_module);
	if (ntc_timer_is_in(timer, pass->mod, wqc_in_module_init))
		return true;
	/*
	 * The struct module is an address inside of the module, and of no other one while it is
	 * loaded.
	 */
	if (wqc_in_module_init(timer->Setter, pass->mod))
		timer->Setter = pass->mod;
	return false;
}

static void ntc_timer_report_left(const struct ntc_timer_pass *pass, KTIMER *timer, void *setter,
				  void *routine)
{
	if (pass->live)
		wqc_report(WQC_R_TIMER_LEFT, "timer %p in __init memory of %s, set by %pS, DPC %ps",
			   timer, module_name(pass->mod), setter, routine);
	else if (setter == pass->mod)
		wqc_report(WQC_R_TIMER_LEFT, "timer %p, set by its driver's __init code, DPC %ps",
			   timer, routine);
	else if (wqc_in_module(setter, pass->mod))
		wqc_report(WQC_R_TIMER_LEFT, "timer %p, set by %pS, DPC %ps", timer, setter,
			   routine);
	else
		wqc_report(WQC_R_TIMER_LEFT, "timer %p in memory of %s, set by %pS, DPC %ps",
			   timer, module_name(pass->mod), setter, routine);
}

/*
 * Visit one chunk of timers from an address on; cancel and report the first that matches. False:
 * there are no more. A timer that is set behind the pass was set by a thread, routine or DPC that
 * needs the module's memory, so the pass is repeated.
 */
static bool ntc_timer_pass_chunk(struct ntc_timer_base *base, const struct ntc_timer_pass *pass,
				 uintptr_t *from)
{
	void *setter = NULL, *routine = NULL;
	KTIMER *timer, *taken = NULL;
	int chunk = NTC_SEARCH_CHUNK;
	unsigned long flags;

	raw_spin_lock_irqsave(&base->lock, flags);
	for (timer = ntc_timer_find_from(base, *from); timer && chunk && !taken; chunk--) {
		*from = (uintptr_t)timer + 1;
		if (ntc_timer_pass_matches(timer, pass)) {
			taken = timer;
			setter = timer->Setter;
			routine = timer->Dpc ? ntc_dpc_driver_routine(timer->Dpc) : NULL;
		}
		timer = ntc_timer_by_address(rb_next(&timer->ByAddress));
	}
	if (taken)
		ntc_timer_erase(base, taken);
	ntc_timer_base_unlock(base, flags);
	if (taken)
		ntc_timer_report_left(pass, taken, setter, routine);
	return timer;
}

static void ntc_timer_pass_all(struct module *mod, bool live)
{
	struct ntc_timer_pass pass = { .mod = mod, .live = live };
	uintptr_t from;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ntc_timer_bases); i++) {
		from = 0;
		while (ntc_timer_pass_chunk(&ntc_timer_bases[i], &pass, &from))
			cond_resched();
	}
}

/**
 * ntc_timer_cancel_init - cancel and report timers in a module's __init memory, freed next
 * @mod: the module. Timers that its __init code set elsewhere stay, on account of the
 *	module: see ntc_pool_adopt_init()
 *
 * Context: process.
 */
void ntc_timer_cancel_init(struct module *mod)
{
	ntc_timer_pass_all(mod, true);
}

/**
 * ntc_timer_cancel_module - cancel and report the timers that an unloading module left set
 * @mod: the module: timers that it set, and timers of any setter that need its memory
 *
 * Context: process.
 */
void ntc_timer_cancel_module(struct module *mod)
{
	ntc_timer_pass_all(mod, false);
}
