// SPDX-License-Identifier: GPL-2.0
/*
 * Timers that are set and DPCs that are queued in memory that goes: of the pool, of a device, of
 * a module; and those that would call a module that goes.
 */
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/module.h>

#include "ex_timer.h"
#include "ke_cleanup.h"
#include "ke_dpc.h"
#include "ke_timer.h"

/* ---- memory that is freed ------------------------------------------------- */

struct ntc_timer_found {
	KTIMER *timer;
	PKDPC dpc;		/* only this is in the memory */
	void *setter;
};

/* One of a base that is in the memory, or whose DPC is: cancelled, or without its DPC. */
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
 * Hazard: a timer that is set in freed memory is written to, and its DPC called, when it is
 * due. A base that is not busy has none, and has finished with what fired: it becomes so,
 * with release semantics, after its last access to the last of its timers.
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
 * ntc_cleanup_memory_freed - take the timers and DPCs out of memory that is being freed
 * @p: the memory; it is still there
 * @size: bytes
 * @caller: who frees it, for the reports
 *
 * A timer that is set is cancelled, a DPC that is queued is removed, and a timer whose DPC
 * alone is in the memory stays set without it; each is reported. While no timer is set and no
 * DPC is queued this reads two counts; else it searches each base and queue that has one, in
 * O(log n). First timers, which queue DPCs. Setting or queueing what is in memory while it is
 * freed has no order.
 *
 * Context: any, with no lock of ours held.
 */
void ntc_cleanup_memory_freed(void *p, size_t size, void *caller)
{
	ntc_timer_memory_freed(p, size, caller);
	ntc_dpc_memory_freed(p, size, caller);
}

/* ---- DPCs of a module ---------------------------------------------------- */

/* The routine of the driver that is called in the end. */
static void *ntc_dpc_call_driver_routine(const struct ntc_dpc_call *call)
{
	return ntc_ex_timer_owns_routine(call->routine) ? ntc_ex_timer_callback(call->context) :
						(void *)call->routine;
}

/* Whether a call of the DPC would need memory of a module. */
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
 * In holds of NTC_SEARCH_CHUNK. A DPC that is queued behind the search is queued by a routine of
 * the module's, which runs when its own queue is looked at, in whichever hold, or has returned.
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

/* One that runs, @found->dpc is NULL then, or is queued. */
static bool ntc_dpc_find_call(struct module *mod, ntc_in_fn in, struct ntc_dpc_call *found)
{
	int cpu;

	for_each_possible_cpu(cpu)
		if (ntc_dpc_queue_find_call(per_cpu_ptr(&ntc_dpc_queues, cpu), mod, in, found))
			return true;
	return false;
}

/* Whether a DPC that needs the module's memory is queued or runs, and which routine. */
bool ntc_dpc_find_in_module(struct module *mod, void **routine)
{
	struct ntc_dpc_call found;

	if (!ntc_dpc_find_call(mod, wqc_in_module, &found))
		return false;
	*routine = found.named;
	return true;
}

/**
 * ntc_dpc_flush_init - a module's __init memory is about to be freed
 * @mod: DPCs that need it run first. One that still is queued after a second queues itself:
 *	it is removed and reported
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

/* ---- timers of a module -------------------------------------------------- */

/*
 * Whether a timer needs memory of a module to fire: its own, or that of its DPC or of what the
 * DPC needs.
 */
static bool ntc_timer_is_in(KTIMER *timer, const struct module *mod, ntc_in_fn in)
{
	return in(timer, mod) || (timer->Dpc && ntc_dpc_is_in(timer->Dpc, mod, in));
}

/* What a pass over all timers does with each of them. */
struct ntc_timer_pass {
	struct module *mod;
	bool live;		/* only its __init memory goes */
};

/* True: it is to be cancelled. */
static bool ntc_timer_pass_matches(KTIMER *timer, const struct ntc_timer_pass *pass)
{
	if (!pass->live)
		return wqc_in_module(timer->Setter, pass->mod) ||
		       ntc_timer_is_in(timer, pass->mod, wqc_in_module);
	if (ntc_timer_is_in(timer, pass->mod, wqc_in_module_init))
		return true;
	/* Its struct is an address in the module, and no other's while that is there. */
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
 * Look at a chunk, from an address on; cancel and report the first that is to be cancelled.
 * False: there are no more. What is set behind us is set by a thread, routine or DPC that
 * needs the module's memory, which makes the pass void.
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
 * ntc_timer_cancel_init - a module's __init memory is about to be freed
 * @mod: timers that need it are cancelled and reported. What its __init code has set is the
 *	module's all the same: see ntc_pool_adopt_init()
 *
 * Context: process.
 */
void ntc_timer_cancel_init(struct module *mod)
{
	ntc_timer_pass_all(mod, true);
}

/**
 * ntc_timer_cancel_module - cancel and report what an unloading module left set
 * @mod: the module. What it has set, and what needs its memory, whoever has set it
 *
 * Context: process.
 */
void ntc_timer_cancel_module(struct module *mod)
{
	ntc_timer_pass_all(mod, false);
}
