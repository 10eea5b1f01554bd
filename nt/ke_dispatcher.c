// SPDX-License-Identifier: GPL-2.0
/*
 * Dispatcher objects: their locks, satisfying waiters, and what becomes of the waits for an object
 * that is freed. The other side, a thread that waits, is in ke_wait.c.
 *
 * Use-after-free: a driver may free an object, and a waiter its stack, as soon as a wait returns,
 * while the signalling CPU is still in KeSetEvent(). So an object contains no lock; one of a set
 * of locks, chosen by the object's address, protects it.
 *
 * A waiter queues one wait block on the list of each of its objects. The signalling CPU gives the
 * object to the first waiter that is not served yet: it changes the waiter's outcome from
 * NTC_WAITING to an index, once, by cmpxchg. A WaitAll waiter is only woken; it takes the objects
 * itself, under all of their locks, if every object is signalled.
 *
 * Use-after-free: an object may be freed while a thread waits for it, and a wait that is satisfied
 * may still be linked to it. So all wait blocks are on the list of the lock of their object, where
 * the blocks of an object that is freed are found.
 *
 * Bound of a hold of an object's lock, with interrupts off: the waiters of the object; of a search
 * for freed objects, the wait blocks of a lock. Of all locks: the same, and MAXIMUM_WAIT_OBJECTS
 * for each waiter of the object.
 *
 * Proofs in tests/litmus/: one signal decides (nt-wait-once.litmus); a waiter that goes to sleep is
 * woken (nt-wait-woken.litmus, nt-wait-all.litmus); writes before the signal are visible when the
 * wait returns, because each way out of a wait takes the object's lock (nt-wait-writes.litmus).
 */
#include <linux/bitops.h>
#include <linux/hash.h>
#include <linux/module.h>
#include <linux/sched.h>

#include "ke_dispatcher.h"

static struct {
	raw_spinlock_t lock;
	LIST_ENTRY blocks;	/* under @lock: wait blocks of the objects that it protects */
} ____cacheline_aligned_in_smp ntc_object_locks[NTC_LOCKS];

/* Outer lock of a CPU that takes several object locks: prevents an ABBA deadlock. */
static DEFINE_RAW_SPINLOCK(ntc_multi_lock);

unsigned int ntc_lock_number(const DISPATCHER_HEADER *header)
{
	return hash_ptr((void *)header, NTC_LOCK_BITS);
}

/**
 * ntc_header_lock - the lock that protects an object
 * @header: header of the object
 *
 * Context: any.
 * Return: the lock, to be taken with interrupts off.
 */
raw_spinlock_t *ntc_header_lock(const DISPATCHER_HEADER *header)
{
	return &ntc_object_locks[ntc_lock_number(header)].lock;
}

void ntc_header_init(PDISPATCHER_HEADER header, enum ntc_object_type type, LONG state)
{
	header->Type = type;
	header->Absolute = 0;
	header->Size = NTC_HEADER_SIZE;
	header->Inserted = 0;
	header->SignalState = state;
	InitializeListHead(&header->WaitListHead);
}

/* Zeroed memory has the type of an event, but no list of waiters. */
bool ntc_header_is_valid(const DISPATCHER_HEADER *header)
{
	if (!header->WaitListHead.Flink)
		return false;
	switch (header->Type) {
	case NTC_EVENT_NOTIFICATION:
	case NTC_EVENT_SYNCHRONIZATION:
	case NTC_MUTANT:
	case NTC_SEMAPHORE:
	case NTC_THREAD:
	case NTC_TIMER_NOTIFICATION:
	case NTC_TIMER_SYNCHRONIZATION:
		return true;
	}
	return false;
}

bool ntc_header_is_signalled(const DISPATCHER_HEADER *header, struct task_struct *task)
{
	return header->SignalState > 0 ||
	       (header->Type == NTC_MUTANT && ((PKMUTANT)header)->OwnerThread == task);
}

/* Apply the side effect of a satisfied wait to the object, which is number @index of the wait. */
void ntc_header_take(PDISPATCHER_HEADER header, struct ntc_waiter *waiter, ULONG index)
{
	PKMUTANT mutant;

	switch (header->Type) {
	case NTC_EVENT_SYNCHRONIZATION:
	case NTC_TIMER_SYNCHRONIZATION:
		header->SignalState = 0;
		break;
	case NTC_SEMAPHORE:
		header->SignalState--;
		break;
	case NTC_MUTANT:
		mutant = (PKMUTANT)header;
		if (!mutant->OwnerThread)
			waiter->mutants |= BIT_ULL(index);
		waiter->abandoned |= mutant->Abandoned;
		mutant->Abandoned = FALSE;
		mutant->OwnerThread = waiter->task;
		header->SignalState--;
		break;
	}
}

void ntc_block_link(PKWAIT_BLOCK block, PDISPATCHER_HEADER header)
{
	lockdep_assert_held(ntc_header_lock(header));
	InsertTailList(&header->WaitListHead, &block->WaitListEntry);
	InsertTailList(&ntc_object_locks[ntc_lock_number(header)].blocks, &block->LockListEntry);
}

void ntc_block_unlink(PKWAIT_BLOCK block)
{
	RemoveEntryList(&block->WaitListEntry);
	RemoveEntryList(&block->LockListEntry);
	block->WaitListEntry.Flink = NULL;
}

/**
 * ntc_header_signal - satisfy waiters while the object is signalled
 * @header: header of the object; its lock is held
 *
 * Context: any, interrupts off.
 */
void ntc_header_signal(PDISPATCHER_HEADER header)
{
	struct ntc_waiter *waiter;
	PLIST_ENTRY at, next;
	PKWAIT_BLOCK block;

	lockdep_assert_held(ntc_header_lock(header));
	/* NULL: zeroed memory that was never initialised. */
	for (at = header->WaitListHead.Flink;
	     at && at != &header->WaitListHead && header->SignalState > 0; at = next) {
		next = at->Flink;
		block = CONTAINING_RECORD(at, KWAIT_BLOCK, WaitListEntry);
		waiter = block->Waiter;
		if (!waiter->all) {
			if (atomic_cmpxchg(&waiter->outcome, NTC_WAITING, block->Index) !=
			    NTC_WAITING)
				continue;	/* served by another object, or timed out */
			ntc_header_take(header, waiter, block->Index);
			ntc_block_unlink(block);
		}
		/* No use-after-free: the waiter takes this lock before it returns. */
		wake_up_process(waiter->task);
	}
}

/**
 * ntc_header_set_state - set an object's state, and satisfy waiters
 * @header: header of the object
 * @state: the new state
 *
 * Context: any.
 * Return: the previous state.
 */
LONG ntc_header_set_state(PDISPATCHER_HEADER header, LONG state)
{
	raw_spinlock_t *lock = ntc_header_lock(header);
	unsigned long flags;
	LONG old;

	raw_spin_lock_irqsave(lock, flags);
	old = header->SignalState;
	header->SignalState = state;
	if (state > 0)
		ntc_header_signal(header);
	raw_spin_unlock_irqrestore(lock, flags);
	return old;
}

/* ---- several objects -------------------------------------------------------- */

unsigned long ntc_locks_take(const unsigned long *locks)
	__acquires(&ntc_multi_lock)
{
	unsigned long flags;
	unsigned int bit;

	raw_spin_lock_irqsave(&ntc_multi_lock, flags);
	for_each_set_bit(bit, locks, NTC_LOCKS) {
		raw_spin_lock_nest_lock(&ntc_object_locks[bit].lock, &ntc_multi_lock);
		__release(&ntc_object_locks[bit].lock);	/* released by ntc_locks_drop() */
	}
	return flags;
}

void ntc_locks_drop(const unsigned long *locks, unsigned long flags)
	__releases(&ntc_multi_lock)
{
	unsigned int bit;

	for_each_set_bit(bit, locks, NTC_LOCKS) {
		__acquire(&ntc_object_locks[bit].lock);
		raw_spin_unlock(&ntc_object_locks[bit].lock);
	}
	raw_spin_unlock_irqrestore(&ntc_multi_lock, flags);
}

/*
 * WaitAll: take all objects if all are signalled. Under all of their locks. The objects of a wait
 * that is over may be freed.
 */
bool ntc_wait_satisfy_all(struct ntc_waiter *waiter)
{
	bool free = atomic_read(&waiter->outcome) == NTC_WAITING;
	ULONG i;

	for (i = 0; i < waiter->count; i++)
		free = free && ntc_header_is_signalled(waiter->objects[i], waiter->task);
	free = free && atomic_cmpxchg(&waiter->outcome, NTC_WAITING, 0) == NTC_WAITING;
	for (i = 0; i < waiter->count && free; i++)
		ntc_header_take(waiter->objects[i], waiter, i);
	return free;
}

/* ---- objects that are freed --------------------------------------------------- */

/*
 * Ends the waits for an object that is freed, and returns their number. A wait that is satisfied,
 * or all of whose objects are signalled, is only unlinked: that is no misuse.
 */
static unsigned int ntc_object_freed(PDISPATCHER_HEADER header)
{
	PLIST_ENTRY at, next, blocks = &ntc_object_locks[ntc_lock_number(header)].blocks;
	DECLARE_BITMAP(locks, NTC_LOCKS);
	struct ntc_waiter *waiter;
	unsigned int ended = 0;
	unsigned long flags;
	PKWAIT_BLOCK block;

	bitmap_fill(locks, NTC_LOCKS);
	flags = ntc_locks_take(locks);
	for (at = blocks->Flink; at != blocks; at = next) {
		next = at->Flink;
		block = CONTAINING_RECORD(at, KWAIT_BLOCK, LockListEntry);
		if (block->Object != header)
			continue;
		waiter = block->Waiter;
		if (!waiter->all || !ntc_wait_satisfy_all(waiter))
			ended += atomic_cmpxchg(&waiter->outcome, NTC_WAITING, NTC_WAIT_FREED) ==
				NTC_WAITING;
		/* The thread, when it runs, does not record that it owns a mutex that is gone. */
		waiter->mutants &= ~BIT_ULL(block->Index);
		ntc_block_unlink(block);
		wake_up_process(waiter->task);
	}
	ntc_locks_drop(locks, flags);
	return ended;
}

struct ntc_wait_search {
	const void *header;		/* this object; or NULL, and */
	struct module *mod;		/* one in memory of this module */
	ntc_in_fn in;
};

/* The first object of a lock that is waited for and matches the search; NULL: none. */
static PDISPATCHER_HEADER ntc_waited_find(unsigned int number, const struct ntc_wait_search *search)
{
	PLIST_ENTRY at, blocks = &ntc_object_locks[number].blocks;
	PDISPATCHER_HEADER found = NULL;
	unsigned long flags;
	PKWAIT_BLOCK block;

	raw_spin_lock_irqsave(&ntc_object_locks[number].lock, flags);
	for (at = blocks->Flink; at != blocks && !found; at = at->Flink) {
		block = CONTAINING_RECORD(at, KWAIT_BLOCK, LockListEntry);
		if (search->mod ? search->in(block->Object, search->mod) :
				  block->Object == search->header)
			found = block->Object;
	}
	raw_spin_unlock_irqrestore(&ntc_object_locks[number].lock, flags);
	return found;
}

/*
 * Whether memory that may hold anything looks like an object. Its list of waiters says nothing
 * without the lock: a waiter that leaves on another CPU may not have written to all of it.
 */
static bool ntc_header_seems_valid(const DISPATCHER_HEADER *header)
{
	/* data_race: waiters that leave write to the list */
	return data_race(READ_ONCE(header->Size) == NTC_HEADER_SIZE &&
			 ntc_header_is_valid(header));
}

/**
 * ntc_wait_memory_freed - end and report waits for objects in memory that is being freed
 * @p: the memory; still allocated
 * @size: bytes; only the first 64 KiB are searched
 * @caller: address in the code that frees it, for the report
 *
 * Costs a comparison for each aligned word, and a hold of a lock for what looks like an object.
 *
 * Context: any, without locks of this module.
 */
void ntc_wait_memory_freed(void *p, size_t size, void *caller)
{
	void *end = p + min(size, NTC_MAX_SEARCHED);
	PDISPATCHER_HEADER header = PTR_ALIGN(p, sizeof(u64));
	struct ntc_wait_search search = {};
	unsigned int ended;

	for (; (void *)(header + 1) <= end; header = (void *)header + sizeof(u64)) {
		if (!ntc_header_seems_valid(header))
			continue;
		search.header = header;
		ended = ntc_waited_find(ntc_lock_number(header), &search) ?
			ntc_object_freed(header) : 0;
		if (ended)
			wqc_report(WQC_R_WAIT_FREED, "object %p, %u waits, memory %p, from %pS",
				   header, ended, p, caller);
	}
}

/**
 * ntc_wait_module_freed - end and report waits for objects in memory of a module
 * @mod: the module
 * @in: which of its memory is freed
 *
 * The waiters are threads of other modules: the module's own have ended.
 *
 * Context: process.
 */
void ntc_wait_module_freed(struct module *mod, ntc_in_fn in)
{
	struct ntc_wait_search search = { .mod = mod, .in = in };
	PDISPATCHER_HEADER header;
	unsigned int i, ended;

	for (i = 0; i < NTC_LOCKS; i++) {
		while ((header = ntc_waited_find(i, &search))) {
			ended = ntc_object_freed(header);
			if (ended)
				wqc_report(WQC_R_WAIT_FREED, "object %p, %u waits, memory of %s",
					   header, ended, module_name(mod));
		}
		cond_resched();
	}
}

void ntc_dispatcher_init(void)
{
	unsigned int i;

	for (i = 0; i < NTC_LOCKS; i++) {
		raw_spin_lock_init(&ntc_object_locks[i].lock);
		InitializeListHead(&ntc_object_locks[i].blocks);
	}
}
