// SPDX-License-Identifier: GPL-2.0
/*
 * Waiting for dispatcher objects, and satisfying those who wait.
 *
 * An object has no lock in it. It is guarded by one of a set of locks, chosen by
 * its address, so its memory may go the moment that whoever waited has returned,
 * while the one who signalled is still about to unlock.
 *
 * A waiter stands with a block on the list of each of its objects. Who signals
 * an object gives it to the first waiter that nobody has served yet: the waiter's
 * outcome goes from NTC_WAITING to an index once, by compare-and-exchange. Who
 * waits for all its objects is only woken, and takes them itself, under all of
 * their locks, if every one of them is signalled.
 *
 * Handed over without a lock: the outcome. There it is written, or the object's state, ->mb
 * (in wake_up_process()) the waiter's state; here the state is written ->mb (in
 * set_current_state()) the outcome, or the objects, are looked at. So no wake-up is lost. What
 * was done before an object was signalled is seen when the wait returns: each way out of it
 * has taken the object's lock after the one who signalled.
 */
#include <linux/bitops.h>
#include <linux/delay.h>
#include <linux/hash.h>
#include <linux/hrtimer.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>

#include "ke_dispatcher.h"
#include "ke_mutex.h"
#include "ke_time.h"

#define NTC_LOCK_BITS	6
#define NTC_LOCKS	BIT(NTC_LOCK_BITS)

/* So long a wait keeps a CPU where it cannot sleep; and so often it looks, on a preempted vCPU. */
#define NTC_SPIN_NS	(10 * NSEC_PER_MSEC)
#define NTC_SPIN_POLLS	200

#define NTC_WAITING	-1
#define NTC_WAIT_OVER	-2

struct ntc_waiter {
	struct task_struct *task;
	atomic_t outcome;
	bool all;
	bool abandoned;		/* one of @mutants was; both under the object's lock */
	u64 mutants;		/* which of the objects are mutexes that became its own */
};

static struct {
	raw_spinlock_t lock;
} ____cacheline_aligned_in_smp ntc_object_locks[NTC_LOCKS];

/* Held by who takes more than one of them. */
static DEFINE_RAW_SPINLOCK(ntc_multi_lock);

static unsigned int ntc_lock_number(const DISPATCHER_HEADER *header)
{
	return hash_ptr((void *)header, NTC_LOCK_BITS);
}

/**
 * ntc_header_lock - the lock that guards an object
 * @header: the object's
 *
 * Return: the lock; interrupts are to be off under it.
 */
raw_spinlock_t *ntc_header_lock(const DISPATCHER_HEADER *header)
{
	return &ntc_object_locks[ntc_lock_number(header)].lock;
}

void ntc_header_init(PDISPATCHER_HEADER header, enum ntc_object_type type, LONG state)
{
	header->Type = type;
	header->Absolute = 0;
	header->Size = sizeof(*header) / sizeof(LONG);
	header->Inserted = 0;
	header->SignalState = state;
	InitializeListHead(&header->WaitListHead);
}

/* Zeroed memory has a type, an event's, but no list to wait on. */
static bool ntc_header_is_valid(const DISPATCHER_HEADER *header)
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

static bool ntc_header_is_signalled(const DISPATCHER_HEADER *header, struct task_struct *task)
{
	return header->SignalState > 0 ||
	       (header->Type == NTC_MUTANT && ((PKMUTANT)header)->OwnerThread == task);
}

/* What a satisfied wait does to the object, of which its list has so many before it. */
static void ntc_header_take(PDISPATCHER_HEADER header, struct ntc_waiter *waiter, ULONG index)
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

/**
 * ntc_header_signal - serve those who wait, as far as the object goes
 * @header: the object, signalled; its lock is held
 *
 * Context: any.
 */
void ntc_header_signal(PDISPATCHER_HEADER header)
{
	struct ntc_waiter *waiter;
	PLIST_ENTRY at, next;
	PKWAIT_BLOCK block;

	lockdep_assert_held(ntc_header_lock(header));
	/* NULL: memory that was zeroed and never initialised. */
	for (at = header->WaitListHead.Flink;
	     at && at != &header->WaitListHead && header->SignalState > 0; at = next) {
		next = at->Flink;
		block = CONTAINING_RECORD(at, KWAIT_BLOCK, WaitListEntry);
		waiter = block->Waiter;
		if (!waiter->all) {
			if (atomic_cmpxchg(&waiter->outcome, NTC_WAITING, block->Index) !=
			    NTC_WAITING)
				continue;	/* another object was faster, or the time is over */
			ntc_header_take(header, waiter, block->Index);
			RemoveEntryList(at);
			at->Flink = NULL;
		}
		/* It takes this lock before it returns, so the task is still there. */
		wake_up_process(waiter->task);
	}
}

/**
 * ntc_header_set_state - set an object's state, and serve those who wait
 * @header: the object
 * @state: the new one
 *
 * Context: any.
 * Return: the old one.
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

/* ---- waiting ------------------------------------------------------------- */

/*
 * For any: link up with each object, unless one is free already. That it is free
 * and that it is ours must be seen in one hold of its lock.
 */
static void ntc_wait_enqueue(struct ntc_waiter *waiter, PVOID *objects, PKWAIT_BLOCK blocks,
			     ULONG count, bool link)
{
	PDISPATCHER_HEADER header;
	raw_spinlock_t *lock;
	unsigned long flags;
	ULONG i;

	for (i = 0; i < count; i++) {
		header = objects[i];
		lock = ntc_header_lock(header);
		raw_spin_lock_irqsave(lock, flags);
		if (!waiter->all && ntc_header_is_signalled(header, waiter->task)) {
			if (atomic_cmpxchg(&waiter->outcome, NTC_WAITING, i) == NTC_WAITING)
				ntc_header_take(header, waiter, i);
		} else if (link) {
			blocks[i].Waiter = waiter;
			blocks[i].Object = header;
			blocks[i].Index = i;
			InsertTailList(&header->WaitListHead, &blocks[i].WaitListEntry);
		}
		raw_spin_unlock_irqrestore(lock, flags);
		if (atomic_read(&waiter->outcome) != NTC_WAITING)
			break;
	}
}

/*
 * Also for the object that we got: who gave it to us may still hold the lock, and
 * read from our stack.
 */
static void ntc_wait_dequeue(PVOID *objects, PKWAIT_BLOCK blocks, ULONG count)
{
	raw_spinlock_t *lock;
	unsigned long flags;
	ULONG i;

	for (i = 0; i < count; i++) {
		lock = ntc_header_lock(objects[i]);
		raw_spin_lock_irqsave(lock, flags);
		if (blocks[i].WaitListEntry.Flink)
			RemoveEntryList(&blocks[i].WaitListEntry);
		raw_spin_unlock_irqrestore(lock, flags);
	}
}

/* Take every object, if every one is free. */
static bool ntc_wait_take_all(struct ntc_waiter *waiter, PVOID *objects, ULONG count)
{
	DECLARE_BITMAP(locks, NTC_LOCKS) = {};
	unsigned long flags;
	unsigned int bit;
	bool free = true;
	ULONG i;

	for (i = 0; i < count; i++)
		__set_bit(ntc_lock_number(objects[i]), locks);
	raw_spin_lock_irqsave(&ntc_multi_lock, flags);
	for_each_set_bit(bit, locks, NTC_LOCKS) {
		raw_spin_lock_nest_lock(&ntc_object_locks[bit].lock, &ntc_multi_lock);
		__release(&ntc_object_locks[bit].lock);	/* below */
	}
	for (i = 0; i < count; i++)
		free = free && ntc_header_is_signalled(objects[i], waiter->task);
	for (i = 0; i < count && free; i++)
		ntc_header_take(objects[i], waiter, i);
	if (free)
		atomic_set(&waiter->outcome, 0);
	for_each_set_bit(bit, locks, NTC_LOCKS) {
		__acquire(&ntc_object_locks[bit].lock);
		raw_spin_unlock(&ntc_object_locks[bit].lock);
	}
	raw_spin_unlock_irqrestore(&ntc_multi_lock, flags);
	return free;
}

/*
 * A system thread may wait for good without counting as load or as hung; a
 * user's thread that waits so is worth a report.
 */
static unsigned int ntc_wait_task_state(KPROCESSOR_MODE mode)
{
	if (mode == UserMode)
		return TASK_INTERRUPTIBLE;
	return current->flags & PF_KTHREAD ? TASK_IDLE : TASK_UNINTERRUPTIBLE;
}

static NTSTATUS ntc_wait_sleep(struct ntc_waiter *waiter, PVOID *objects, ULONG count,
			       KPROCESSOR_MODE mode, PLARGE_INTEGER timeout)
{
	struct ntc_due due = {};
	bool over = false;
	ktime_t expires;

	if (timeout)
		due = ntc_due_time(timeout->QuadPart);
	expires = ns_to_ktime(due.ns);
	for (;;) {
		set_current_state(ntc_wait_task_state(mode));
		if (waiter->all && !over)
			ntc_wait_take_all(waiter, objects, count);
		if (atomic_read(&waiter->outcome) != NTC_WAITING || over)
			break;
		if (mode == UserMode && signal_pending(current)) {
			__set_current_state(TASK_RUNNING);
			return STATUS_USER_APC;
		}
		over = !schedule_hrtimeout_range_clock(timeout ? &expires : NULL, 0,
						       HRTIMER_MODE_ABS, due.absolute ?
						       CLOCK_REALTIME : CLOCK_MONOTONIC);
		if (!timeout)
			over = false;
	}
	__set_current_state(TASK_RUNNING);
	return STATUS_TIMEOUT;	/* if nothing was got */
}

/*
 * Where the caller must not sleep: look again and again, for as long as a busy CPU does no harm.
 * What another CPU or a timer signals is seen. Above DISPATCH_LEVEL there is one look.
 */
static NTSTATUS ntc_wait_spin(struct ntc_waiter *waiter, PVOID *objects, ULONG count,
			      PLARGE_INTEGER timeout)
{
	struct ntc_due due = { .ns = KTIME_MAX };
	int looks = 0;
	s64 end, now;

	if (timeout)
		due = ntc_due_time(timeout->QuadPart);
	/* After a time-out that is shorter, also if this vCPU is preempted here. */
	end = ktime_get_ns() + NTC_SPIN_NS;
	for (;;) {
		if (waiter->all)
			ntc_wait_take_all(waiter, objects, count);
		else
			ntc_wait_enqueue(waiter, objects, NULL, count, false);
		if (atomic_read(&waiter->outcome) != NTC_WAITING)
			break;
		now = due.absolute ? ktime_get_real_ns() : ktime_get_ns();
		if (now >= due.ns)
			break;
		if (KeGetCurrentIrql() > DISPATCH_LEVEL ||
		    (++looks > NTC_SPIN_POLLS && ktime_get_ns() >= end))
			return STATUS_UNSUCCESSFUL;
		udelay(2);
	}
	return STATUS_TIMEOUT;	/* if nothing was got */
}

struct ntc_wait_args {
	KPROCESSOR_MODE mode;
	bool all;
	PLARGE_INTEGER timeout;
	const char *call;
	void *caller;
};

/* One that can sleep: the blocks link the waiter to its objects. */
static NTSTATUS ntc_wait_queued(struct ntc_waiter *waiter, PVOID *objects, PKWAIT_BLOCK blocks,
				ULONG count, const struct ntc_wait_args *wait)
{
	NTSTATUS status = STATUS_TIMEOUT;
	ULONG i;

	for (i = 0; i < count; i++)
		blocks[i].WaitListEntry.Flink = NULL;
	ntc_wait_enqueue(waiter, objects, blocks, count, true);
	if (atomic_read(&waiter->outcome) == NTC_WAITING)
		status = ntc_wait_sleep(waiter, objects, count, wait->mode, wait->timeout);
	/* Whoever is about to serve us comes too late, or not at all. */
	atomic_cmpxchg(&waiter->outcome, NTC_WAITING, NTC_WAIT_OVER);
	ntc_wait_dequeue(objects, blocks, count);
	return status;
}

static bool ntc_objects_are_valid(PVOID *objects, ULONG count, void *caller)
{
	ULONG i;

	for (i = 0; i < count; i++) {
		if (ntc_header_is_valid(objects[i]))
			continue;
		wqc_report(WQC_R_BAD_WAIT, "object %p, from %pS", objects[i], caller);
		return false;
	}
	return true;
}

static NTSTATUS ntc_wait(PVOID *objects, PKWAIT_BLOCK blocks, ULONG count,
			 const struct ntc_wait_args *wait)
{
	struct ntc_waiter waiter = {
		.task = current,
		.outcome = ATOMIC_INIT(NTC_WAITING),
		.all = wait->all && count > 1,	/* one is handed over, and sees a pulse */
	};
	bool poll = wait->timeout && !wait->timeout->QuadPart;
	bool spin = !poll && !wqc_may_sleep(wait->call, wait->caller);
	NTSTATUS status = STATUS_TIMEOUT;
	int outcome;
	ULONG i;

	if (!ntc_objects_are_valid(objects, count, wait->caller))
		return STATUS_INVALID_PARAMETER;
	if (spin)
		status = ntc_wait_spin(&waiter, objects, count, wait->timeout);
	else if (waiter.all && ntc_wait_take_all(&waiter, objects, count))
		status = STATUS_WAIT_0;
	else if (!poll)
		status = ntc_wait_queued(&waiter, objects, blocks, count, wait);
	else if (!waiter.all)
		ntc_wait_enqueue(&waiter, objects, blocks, count, false);
	outcome = atomic_read(&waiter.outcome);
	if (outcome < 0)
		return status;
	for (i = 0; waiter.mutants && i < count; i++)
		if (waiter.mutants & BIT_ULL(i))
			ntc_mutex_acquired(objects[i]);
	return (waiter.abandoned ? STATUS_ABANDONED_WAIT_0 : STATUS_WAIT_0) + outcome;
}

/**
 * ntc_wait_single - wait for one object
 * @object: the object
 * @mode: as in KeWaitForSingleObject()
 * @timeout: as in KeWaitForSingleObject()
 * @call: what the driver has called, for reports
 * @caller: an address in it
 *
 * Context: as KeWaitForSingleObject().
 * Return: as KeWaitForSingleObject().
 */
NTSTATUS ntc_wait_single(PVOID object, KPROCESSOR_MODE mode, PLARGE_INTEGER timeout,
			 const char *call, void *caller)
{
	struct ntc_wait_args wait = {
		.mode = mode, .timeout = timeout, .call = call, .caller = caller,
	};
	KWAIT_BLOCK block;

	return ntc_wait(&object, &block, 1, &wait);
}

/**
 * KeWaitForSingleObject - wait for an event, mutex, semaphore, timer or thread
 * @Object: the object; a thread's is from ObReferenceObjectByHandle()
 * @WaitReason: not used
 * @WaitMode: UserMode: a signal that is pending ends the wait
 * @Alertable: not used: there are no APCs
 * @Timeout: NULL: none; 0: do not wait; negative: so many 100 ns; positive: until
 *	that system time, which follows changes of the clock
 *
 * A wait that may sleep at DISPATCH_LEVEL or above is reported (0xB8 in a DPC, else 0xA) and
 * does not sleep: it looks for 10 ms at most, above DISPATCH_LEVEL once.
 *
 * Context: IRQL <= APC_LEVEL, DISPATCH_LEVEL with a time-out of 0; here process,
 * sleeps, or any with a time-out of 0.
 * Return: STATUS_SUCCESS, STATUS_TIMEOUT, STATUS_USER_APC; STATUS_ABANDONED for a
 * mutex that is the caller's because its owner ended; STATUS_INVALID_PARAMETER, with
 * a report, for what is no such object; STATUS_UNSUCCESSFUL if it could not sleep
 * and neither the object nor the time-out came.
 *
 * Follows: DDI wdm/nf-wdm-kewaitforsingleobject.
 */
NTSTATUS KeWaitForSingleObject(PVOID Object, KWAIT_REASON WaitReason, KPROCESSOR_MODE WaitMode,
			       BOOLEAN Alertable, PLARGE_INTEGER Timeout)
{
	return ntc_wait_single(Object, WaitMode, Timeout, __func__, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(KeWaitForSingleObject);

/**
 * KeWaitForMultipleObjects - wait for any or for all of several objects
 * @Count: how many, up to MAXIMUM_WAIT_OBJECTS
 * @Object: the objects, none of them twice
 * @WaitType: WaitAny or WaitAll
 * @WaitReason: not used
 * @WaitMode: as in KeWaitForSingleObject()
 * @Alertable: not used
 * @Timeout: as in KeWaitForSingleObject()
 * @WaitBlockArray: room for @Count blocks; NULL for THREAD_WAIT_OBJECTS or fewer
 *
 * WaitAll of several objects changes none before all are signalled, and does not see a pulse
 * of KePulseEvent(). Of one object it is WaitAny.
 *
 * Context: as KeWaitForSingleObject().
 * Return: WaitAny: the lowest index of an object that is signalled; WaitAll:
 * STATUS_SUCCESS; of an abandoned mutex STATUS_ABANDONED_WAIT_0 and as much more; else
 * as KeWaitForSingleObject(). STATUS_INVALID_PARAMETER, with a
 * report, for a @Count that is out of range, where Windows stops.
 *
 * Follows: DDI wdm/nf-wdm-kewaitformultipleobjects.
 */
NTSTATUS KeWaitForMultipleObjects(ULONG Count, PVOID Object[], WAIT_TYPE WaitType,
				  KWAIT_REASON WaitReason, KPROCESSOR_MODE WaitMode,
				  BOOLEAN Alertable, PLARGE_INTEGER Timeout,
				  PKWAIT_BLOCK WaitBlockArray)
{
	struct ntc_wait_args wait = {
		.mode = WaitMode, .all = WaitType == WaitAll, .timeout = Timeout,
		.call = __func__, .caller = (void *)_RET_IP_,
	};
	KWAIT_BLOCK blocks[THREAD_WAIT_OBJECTS];

	if (!Count || Count > (WaitBlockArray ? MAXIMUM_WAIT_OBJECTS : THREAD_WAIT_OBJECTS)) {
		wqc_report(WQC_R_BAD_WAIT, "%u objects, from %pS", Count, (void *)_RET_IP_);
		return STATUS_INVALID_PARAMETER;
	}
	return ntc_wait(Object, WaitBlockArray ?: blocks, Count, &wait);
}
EXPORT_SYMBOL_GPL(KeWaitForMultipleObjects);

void ntc_dispatcher_init(void)
{
	unsigned int i;

	for (i = 0; i < NTC_LOCKS; i++)
		raw_spin_lock_init(&ntc_object_locks[i].lock);
}
