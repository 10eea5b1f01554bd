// SPDX-License-Identifier: GPL-2.0
/*
 * Items of APIs whose routines have arguments of their own. The item of wq_compat runs a routine of
 * this file, which calls the driver's.
 *
 * Use-after-free: rmmod of a driver searches wq_compat's queues for items with an address of the
 * driver, but the item of such a work has none. So works that are queued are on a list, which each
 * search visits first. When a work begins to run, wqc_run_as() names the driver's routine, and only
 * then the work leaves the list, in one hold of the lock: a search finds it here, or running.
 *
 * A driver may free its item while it is queued. The work is not freed then, but marked, and frees
 * itself when the queue has called it.
 *
 * Bound of a hold of the lock, with interrupts off: NTC_WORK_CHUNK works of a search.
 */
#include <linux/delay.h>
#include <linux/export.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "ks_queue.h"
#include "work.h"

#define NTC_WORK_CHUNK	64

static DEFINE_MUTEX(ntc_work_search_mutex);
static DEFINE_RAW_SPINLOCK(ntc_work_lock);
static LIST_HEAD(ntc_works);
static atomic_t ntc_works_running;
static bool ntc_works_used;		/* a routine has been called, ever */

/*
 * Routines that call a driver's: counted, because wqc_run_as() hides from rmmod of this module that
 * they are its own.
 */
void ntc_work_enter(void)
{
	if (!READ_ONCE(ntc_works_used))
		WRITE_ONCE(ntc_works_used, true);
	atomic_inc(&ntc_works_running);
}

void ntc_work_leave(void)
{
	atomic_dec(&ntc_works_running);
}

/*
 * The work belongs to its owner again when the lock is dropped: nothing of it is accessed later. A
 * dead work has no owner.
 */
static bool ntc_work_begin(struct ntc_work *work, struct ntc_work_call *call)
{
	void (*begun)(struct ntc_work *work);
	unsigned long flags;
	bool dead;

	raw_spin_lock_irqsave(&ntc_work_lock, flags);
	*call = work->call;
	dead = work->dead;
	if (!dead)
		wqc_run_as(call->routine, call->args[2], call->item);
	work->queued = false;
	list_del(&work->link);
	begun = work->begun;
	raw_spin_unlock_irqrestore(&ntc_work_lock, flags);
	if (dead)
		kfree(work);
	else if (begun)
		begun(work);
	return !dead;
}

/* No CFI: drivers pass routines of other types, see wqc_call_run(). */
static void __nocfi ntc_work_run(void *parameter)
{
	void (*routine)(PVOID first, PVOID second, PVOID third);
	struct ntc_work_call call;

	ntc_work_enter();
	if (ntc_work_begin(parameter, &call)) {
		routine = call.routine;
		routine(call.args[0], call.args[1], call.args[2]);
		if (call.held)
			ExReleaseRundownProtection(call.held);
	}
	ntc_work_leave();
}

/**
 * ntc_work_init - initialise a work
 * @work: nonpaged memory; from kmalloc() if it may be killed
 * @begun: called in process context when the work is not queued any more; or NULL
 *
 * Context: any.
 */
void ntc_work_init(struct ntc_work *work, void (*begun)(struct ntc_work *work))
{
	ExInitializeWorkItem(&work->item, ntc_work_run, work);
	work->item.List.Blink = NULL;
	work->begun = begun;
	work->queued = false;
	work->dead = false;
}

/**
 * ntc_work_queue - queue a work
 * @work: the work
 * @call: the driver's routine and its arguments, copied
 * @type: a valid WORK_QUEUE_TYPE
 *
 * Context: any.
 * Return: false if it is queued already.
 */
bool ntc_work_queue(struct ntc_work *work, const struct ntc_work_call *call, WORK_QUEUE_TYPE type)
{
	unsigned long flags;
	bool queued;

	raw_spin_lock_irqsave(&ntc_work_lock, flags);
	queued = !work->queued;
	if (queued) {
		work->queued = true;
		work->call = *call;
		list_add_tail(&work->link, &ntc_works);
		ExQueueWorkItem(&work->item, type);
	}
	raw_spin_unlock_irqrestore(&ntc_work_lock, flags);
	return queued;
}

/**
 * ntc_work_kill - a driver frees its item
 * @work: frees itself if it is queued
 * @call: its routine and arguments, if it is
 *
 * Context: any.
 * Return: false if it is not queued, and the caller is to free it.
 */
bool ntc_work_kill(struct ntc_work *work, struct ntc_work_call *call)
{
	unsigned long flags;
	bool queued;

	raw_spin_lock_irqsave(&ntc_work_lock, flags);
	queued = work->queued;
	work->dead = queued;
	if (queued)
		*call = work->call;
	raw_spin_unlock_irqrestore(&ntc_work_lock, flags);
	return queued;
}

static bool ntc_work_is_in(const struct ntc_work *work, const struct module *mod, ntc_in_fn in)
{
	const struct ntc_work_call *call = &work->call;

	return !work->dead && (in(call->routine, mod) || in(call->item, mod) ||
	       in(call->args[0], mod) || in(call->args[1], mod) || in(call->args[2], mod));
}

/* Visits up to NTC_WORK_CHUNK works behind the cursor, which moves on. The one found, or NULL. */
static struct ntc_work *ntc_work_find_chunk(struct list_head *cursor, struct module *mod,
					    ntc_in_fn in)
{
	struct ntc_work *work;
	int chunk;

	lockdep_assert_held(&ntc_work_lock);
	for (chunk = NTC_WORK_CHUNK; chunk && !list_is_last(cursor, &ntc_works); chunk--) {
		work = list_entry(cursor->next, struct ntc_work, link);
		if (ntc_work_is_in(work, mod, in))
			return work;
		list_move(cursor, &work->link);
	}
	return NULL;
}

/* The list is walked here only, so that nothing else meets the cursor. */
static bool ntc_work_find_queued(struct module *mod, ntc_in_fn in, void **routine)
{
	struct ntc_work *found;
	LIST_HEAD(cursor);

	raw_spin_lock_irq(&ntc_work_lock);
	list_add(&cursor, &ntc_works);
	found = ntc_work_find_chunk(&cursor, mod, in);
	while (!found && !list_is_last(&cursor, &ntc_works)) {
		raw_spin_unlock_irq(&ntc_work_lock);
		cond_resched();
		raw_spin_lock_irq(&ntc_work_lock);
		found = ntc_work_find_chunk(&cursor, mod, in);
	}
	if (found)
		*routine = found->call.routine;
	list_del(&cursor);
	raw_spin_unlock_irq(&ntc_work_lock);
	return found;
}

/**
 * ntc_work_find - look for a queued work, or an item of a worker, that needs memory of a module
 * @mod: the module
 * @in: which of its memory
 * @routine: the routine of the work that was found
 *
 * A work that is queued behind the search is as one that is queued after it.
 *
 * Context: process, sleeps.
 * Return: true if one was found.
 */
bool ntc_work_find(struct module *mod, ntc_in_fn in, void **routine)
{
	bool found;

	mutex_lock(&ntc_work_search_mutex);
	found = ntc_work_find_queued(mod, in, routine);
	found = found || ntc_ks_find_in_module(mod, in, routine);
	mutex_unlock(&ntc_work_search_mutex);
	return found;
}

/**
 * ntc_work_wait_init - wait for works that need the __init part of a module
 * @mod: the module; its __init part is freed next
 *
 * Those that are queued here, then those that run. One may have begun since wq_compat looked at
 * those that run, and may have queued others.
 *
 * Context: process, sleeps.
 */
void ntc_work_wait_init(struct module *mod)
{
	void *routine;

	do {
		while (ntc_work_find(mod, wqc_in_module_init, &routine))
			msleep(20);
		if (!READ_ONCE(ntc_works_used))
			return;
		wqc_module_loaded(mod, 0);
	} while (ntc_work_find(mod, wqc_in_module_init, &routine));
}

/*
 * No client is loaded, and works of another module's routines are waited for. The last one has
 * returned to wq_compat when all tasks have been scheduled.
 */
void ntc_work_exit(void)
{
	while (atomic_read(&ntc_works_running))
		msleep(20);
	if (READ_ONCE(ntc_works_used))
		synchronize_rcu_tasks();
}
