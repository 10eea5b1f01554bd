// SPDX-License-Identifier: GPL-2.0
/*
 * Mutexes: owned by a thread, recursively.
 *
 * A table records which thread owns which mutex. When a thread ends, or a worker routine returns,
 * while it owns a mutex, the mutex is reported, abandoned, and given to the next waiter.
 *
 * Use-after-free: a list through the mutexes would lead into memory that the driver has freed. So
 * the table lies outside of the mutexes, and a recorded mutex is accessed only if its memory
 * still holds a mutex with this owner. A mutex that is freed with pool memory is reported, and
 * its entry removed.
 *
 * The table has NTC_MAX_OWNED entries; when it is full, the oldest entry is overwritten.
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

/*
 * Added and removed by @task itself, or on its behalf when its routine has returned.
 * L: protected by ntc_owned_lock.
 */
struct ntc_owned {
	struct list_head link;		/* L */
	struct task_struct *task;	/* L: NULL: unused. Only compared */
	u64 born;			/* L: start time of @task: task addresses are reused */
	PRKMUTEX mutex;			/* L: accessed only after ntc_mutex_is_valid() */
};

static struct ntc_owned ntc_owned_entries[NTC_MAX_OWNED];
static LIST_HEAD(ntc_owned_list);	/* unused entries, then the oldest first */
static unsigned int ntc_nr_owned;
static DEFINE_RAW_SPINLOCK(ntc_owned_lock);	/* protects the above; a leaf lock */

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
 * ntc_mutex_acquired - record that the current task owns a mutex
 * @mutex: the mutex; not owned by the task before
 *
 * Not recorded: a mutex taken in interrupt context, which has no thread, and a mutex on the
 * task's own stack, which is gone when its routine returns.
 *
 * Context: any.
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

/*
 * Memory that is freed: @size bytes at @p, or, if @mod is set, the memory of @mod for which @in
 * is true.
 */
struct ntc_freed_range {
	PVOID p;
	SIZE_T size;
	const struct module *mod;	/* or NULL */
	ntc_in_fn in;
};

/* Remove one entry whose mutex lies in memory that is freed, and return the mutex, or NULL. */
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
 * ntc_mutex_memory_freed - remove and report owned mutexes in memory that is being freed
 * @p: the memory; still allocated
 * @size: bytes
 * @caller: address in the code that frees it, for the report
 *
 * Fast path: while no mutex is owned, one read. Acquiring a mutex while its memory is freed is
 * unordered.
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
 * ntc_mutex_module_freed - remove and report owned mutexes in memory of a module
 * @mod: the module
 * @in: which of its memory is freed
 *
 * The owner is a thread of another module: the module's own threads have ended.
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
 * The memory may be freed: freeing an owned mutex is a bug of the driver, on Windows too.
 * Unmapped memory, and memory that holds something else, is not accessed further. Freed memory
 * that still holds this very mutex cannot be told from memory in use.
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
 * ntc_mutex_abandon_all - abandon all mutexes that a thread owns
 * @task: the thread; it runs no code of the driver
 * @routine: the routine that it ran, for the report
 * @ended: true: the thread has ended; false: only the routine has returned
 *
 * The next waiter owns each mutex then, and its wait returns STATUS_ABANDONED.
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

/* Called after each routine of a worker: see wqc_set_after(). */
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

/* No client is loaded. Entries of threads that did not end are dropped with the table. */
void ntc_mutex_exit(void)
{
	wqc_watch_mutexes(false);
	wqc_set_after(NULL);
}

/**
 * KeInitializeMutex - initialise a mutex
 * @Mutex: memory of any kind
 * @Level: not used, as on Windows
 *
 * Context: any IRQL; here any context.
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
 * @Mutex: owned by the calling thread; else reported and not released, where Windows
 *	raises STATUS_MUTANT_NOT_OWNED
 * @Wait: not used
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 * Return: the previous state; 0: the mutex is free now.
 *
 * Follows: DDI wdm/nf-wdm-kereleasemutex.
 */
LONG KeReleaseMutex(PRKMUTEX Mutex, BOOLEAN Wait)
{
	raw_spinlock_t *lock = ntc_header_lock(&Mutex->Header);
	unsigned long flags;
	LONG old;
	bool bad;

	/* Before the release: the next owner may free the memory. */
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
 * KeReadStateMutex - read the state of a mutex
 * @Mutex: the mutex
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 * Return: 1 if the mutex is free.
 *
 * Follows: DDI wdm/nf-wdm-kereadstatemutex.
 */
LONG KeReadStateMutex(PRKMUTEX Mutex)
{
	return READ_ONCE(Mutex->Header.SignalState);
}
EXPORT_SYMBOL_GPL(KeReadStateMutex);
