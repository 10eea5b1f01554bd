// SPDX-License-Identifier: GPL-2.0
/*
 * Mutexes: owned by a thread, as often as it waits for them.
 *
 * Who owns which is noted, so that a thread that ends, or a worker routine that returns,
 * while it owns one is reported, and the mutex is given to the next. Noted beside the
 * mutexes and not in them, so that nobody follows a list into memory that a driver has freed:
 * a mutex is looked at again only if it still looks like one, owned by that thread. What is
 * freed with its memory, of the pool, is reported and forgotten then.
 * There is room for NTC_MAX_OWNED; the oldest is forgotten for the newest.
 */
#include <linux/export.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <linux/uaccess.h>

#include "ke_dispatcher.h"
#include "ke_mutex.h"
#include "ke_region.h"

#define NTC_MAX_OWNED	256

/* Only its own task adds and removes an entry, or we for it when its routine is over. */
struct ntc_owned {
	struct list_head link;
	struct task_struct *task;	/* NULL: not in use. Only compared */
	u64 born;			/* @task's: another may come to have its address */
	PRKMUTEX mutex;
};

static struct ntc_owned ntc_owned_entries[NTC_MAX_OWNED];
static LIST_HEAD(ntc_owned_list);	/* first those not in use, then the oldest */
static unsigned int ntc_nr_owned;
static DEFINE_RAW_SPINLOCK(ntc_owned_lock);	/* all of these; taken inside of no other */

static struct ntc_owned *ntc_owned_find(struct task_struct *task, PRKMUTEX mutex)
{
	struct ntc_owned *owned;

	lockdep_assert_held(&ntc_owned_lock);
	list_for_each_entry_reverse(owned, &ntc_owned_list, link) {
		if (!owned->task)
			break;
		if (owned->task == task && owned->born == task->start_boottime &&
		    (!mutex || owned->mutex == mutex))
			return owned;
	}
	return NULL;
}

static void ntc_owned_remove(struct ntc_owned *owned)
{
	lockdep_assert_held(&ntc_owned_lock);
	owned->task = NULL;
	list_move(&owned->link, &ntc_owned_list);
	WRITE_ONCE(ntc_nr_owned, ntc_nr_owned - 1);
	if (!ntc_nr_owned)
		wqc_watch_mutexes(false);
}

/**
 * ntc_mutex_acquired - note that the running task owns a mutex
 * @mutex: it did not before
 *
 * Context: any; what an interrupt takes is not noted: it has no thread. Nor is what lies on
 * the task's own stack, which is gone when its routine returns.
 */
void ntc_mutex_acquired(PRKMUTEX mutex)
{
	struct ntc_owned *owned;
	unsigned long flags;

	if (!in_task())
		return;
	ntc_region_enter(NTC_REGION_MUTEX);
	if (object_is_on_stack(mutex))
		return;
	raw_spin_lock_irqsave(&ntc_owned_lock, flags);
	owned = list_first_entry(&ntc_owned_list, struct ntc_owned, link);
	if (!owned->task) {
		WRITE_ONCE(ntc_nr_owned, ntc_nr_owned + 1);
		if (ntc_nr_owned == 1)
			wqc_watch_mutexes(true);
	}
	owned->task = current;
	owned->born = current->start_boottime;
	owned->mutex = mutex;
	list_move_tail(&owned->link, &ntc_owned_list);
	raw_spin_unlock_irqrestore(&ntc_owned_lock, flags);
}

static void ntc_mutex_released(PRKMUTEX mutex)
{
	struct ntc_owned *owned;
	unsigned long flags;

	raw_spin_lock_irqsave(&ntc_owned_lock, flags);
	owned = ntc_owned_find(current, mutex);
	if (owned)
		ntc_owned_remove(owned);
	raw_spin_unlock_irqrestore(&ntc_owned_lock, flags);
}

/* Memory that goes: @size bytes from @p on, or of a module what @in says. */
struct ntc_freed_range {
	PVOID p;
	SIZE_T size;
	const struct module *mod;	/* or NULL */
	ntc_in_fn in;
};

/* One that is in memory that goes, if there is: it is forgotten. */
static PRKMUTEX ntc_owned_remove_in(const struct ntc_freed_range *gone)
{
	struct ntc_owned *owned;
	PRKMUTEX mutex = NULL;
	unsigned long flags;

	raw_spin_lock_irqsave(&ntc_owned_lock, flags);
	list_for_each_entry_reverse(owned, &ntc_owned_list, link) {
		if (!owned->task)
			break;
		if (gone->mod ? gone->in(owned->mutex, gone->mod) :
				(uintptr_t)owned->mutex - (uintptr_t)gone->p < gone->size) {
			mutex = owned->mutex;
			ntc_owned_remove(owned);
			break;
		}
	}
	raw_spin_unlock_irqrestore(&ntc_owned_lock, flags);
	return mutex;
}

/**
 * ntc_mutex_memory_freed - forget the mutexes in memory that is being freed
 * @p: the memory; it is still there
 * @size: bytes
 * @caller: who frees it, for the report that somebody owns one
 *
 * Who owns nothing costs a look; taking a mutex while its memory is freed has no order.
 *
 * Context: any.
 */
void ntc_mutex_memory_freed(PVOID p, SIZE_T size, void *caller)
{
	struct ntc_freed_range gone = { .p = p, .size = size };
	PRKMUTEX mutex;

	while (READ_ONCE(ntc_nr_owned)) {
		mutex = ntc_owned_remove_in(&gone);
		if (!mutex)
			return;
		wqc_report(WQC_R_MUTEX_FREED, "mutex %p, memory %p, from %pS", mutex, p, caller);
	}
}

/**
 * ntc_mutex_module_freed - forget the mutexes in memory that goes with a module
 * @mod: the module
 * @in: which of its memory
 *
 * One that is owned is reported: its owner is another module's thread.
 *
 * Context: process.
 */
void ntc_mutex_module_freed(struct module *mod, ntc_in_fn in)
{
	struct ntc_freed_range gone = { .mod = mod, .in = in };
	PRKMUTEX mutex;

	while ((mutex = ntc_owned_remove_in(&gone)))
		wqc_report(WQC_R_MUTEX_FREED, "mutex %p, memory of %s", mutex, module_name(mod));
}

/*
 * Its memory may have gone, for all that we know: freeing a mutex that is owned is the driver's
 * fault, on Windows too. Memory that is not mapped, or holds something else, is left alone; memory
 * that was freed and still holds this very mutex cannot be told from one that was not.
 */
static bool ntc_mutex_is_valid(PRKMUTEX mutex, struct task_struct *task)
{
	KMUTEX copy;

	return !copy_from_kernel_nofault(&copy, mutex, sizeof(copy)) &&
	       copy.Header.Type == NTC_MUTANT && copy.OwnerThread == task;
}

static bool ntc_mutex_abandon(PRKMUTEX mutex, struct task_struct *task)
{
	raw_spinlock_t *lock = ntc_header_lock(&mutex->Header);
	unsigned long flags;
	bool owned;

	if (!ntc_mutex_is_valid(mutex, task))
		return false;

	raw_spin_lock_irqsave(lock, flags);
	owned = mutex->Header.Type == NTC_MUTANT && mutex->OwnerThread == task;
	if (owned) {
		mutex->OwnerThread = NULL;
		mutex->Abandoned = TRUE;
		mutex->Header.SignalState = 1;
		ntc_header_signal(&mutex->Header);
	}
	raw_spin_unlock_irqrestore(lock, flags);
	return owned;
}

/**
 * ntc_mutex_abandon_all - take the mutexes of a thread that has no business with them
 * @task: the thread; nothing of the driver runs in it
 * @routine: what it has run, for the report
 * @ended: the thread has ended; else only the routine has
 *
 * Whoever waits for one gets it next, with STATUS_ABANDONED.
 *
 * Context: any.
 */
void ntc_mutex_abandon_all(struct task_struct *task, void *routine, bool ended)
{
	struct ntc_owned *owned;
	unsigned long flags;
	PRKMUTEX mutex;

	for (;;) {
		raw_spin_lock_irqsave(&ntc_owned_lock, flags);
		owned = ntc_owned_find(task, NULL);
		mutex = owned ? owned->mutex : NULL;
		if (owned)
			ntc_owned_remove(owned);
		raw_spin_unlock_irqrestore(&ntc_owned_lock, flags);
		if (!owned)
			return;
		if (!ntc_mutex_abandon(mutex, task))
			continue;
		if (ended)
			wqc_report(WQC_R_MUTEX_THREAD, "mutex %p, routine %ps", mutex, routine);
		else
			wqc_report(WQC_R_MUTEX_ROUTINE, "mutex %p, routine %ps", mutex, routine);
	}
}

/* A worker's, for wqc_set_after(). */
static void ntc_routine_returned(struct task_struct *task, void *routine)
{
	ntc_mutex_abandon_all(task, routine, false);
	ntc_region_end(task, routine, false);
}

void ntc_mutex_init(void)
{
	int i;

	for (i = 0; i < NTC_MAX_OWNED; i++)
		list_add(&ntc_owned_entries[i].link, &ntc_owned_list);
	wqc_set_after(ntc_routine_returned);
}

/* No client is loaded any more; what a thread of another kind owned is forgotten. */
void ntc_mutex_exit(void)
{
	wqc_watch_mutexes(false);
	wqc_set_after(NULL);
}

/**
 * KeInitializeMutex - initialise a mutex
 * @Mutex: memory of any kind
 * @Level: not used, on Windows neither
 *
 * Context: any IRQL; any.
 *
 * Follows: DDI wdm/nf-wdm-keinitializemutex.
 */
VOID KeInitializeMutex(PRKMUTEX Mutex, ULONG Level)
{
	ntc_header_init(&Mutex->Header, NTC_MUTANT, 1);
	Mutex->OwnerThread = NULL;
	Mutex->Abandoned = FALSE;
}
EXPORT_SYMBOL_GPL(KeInitializeMutex);

/**
 * KeReleaseMutex - release a mutex once
 * @Mutex: owned by the caller; that it is not is reported, where Windows raises
 *	STATUS_MUTANT_NOT_OWNED
 * @Wait: not used
 *
 * Context: IRQL <= DISPATCH_LEVEL on Windows; here any.
 * Return: what the state was: 0 if it is free now.
 *
 * Follows: DDI wdm/nf-wdm-kereleasemutex.
 */
LONG KeReleaseMutex(PRKMUTEX Mutex, BOOLEAN Wait)
{
	raw_spinlock_t *lock = ntc_header_lock(&Mutex->Header);
	unsigned long flags;
	LONG old;
	bool bad;

	/* Before it is free: its memory may go with whoever gets it then. */
	if (READ_ONCE(Mutex->OwnerThread) == current && !READ_ONCE(Mutex->Header.SignalState)) {
		ntc_mutex_released(Mutex);
		ntc_region_leave(NTC_REGION_MUTEX);
	}
	raw_spin_lock_irqsave(lock, flags);
	old = Mutex->Header.SignalState;
	bad = Mutex->OwnerThread != current;
	if (!bad) {
		Mutex->Header.SignalState = old + 1;
		if (old + 1 > 0) {
			Mutex->OwnerThread = NULL;
			ntc_header_signal(&Mutex->Header);
		}
	}
	raw_spin_unlock_irqrestore(lock, flags);
	if (bad)
		wqc_report(WQC_R_NOT_OWNED, "mutex %p, from %pS", Mutex, (void *)_RET_IP_);
	return old;
}
EXPORT_SYMBOL_GPL(KeReleaseMutex);

/**
 * KeReadStateMutex - whether a mutex is free
 * @Mutex: the mutex
 *
 * Context: IRQL <= DISPATCH_LEVEL on Windows; here any.
 * Return: 1 if it is free.
 *
 * Follows: DDI wdm/nf-wdm-kereadstatemutex.
 */
LONG KeReadStateMutex(PRKMUTEX Mutex)
{
	return READ_ONCE(Mutex->Header.SignalState);
}
EXPORT_SYMBOL_GPL(KeReadStateMutex);
