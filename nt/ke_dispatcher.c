// SPDX-License-Identifier: GPL-2.0
/*
 * Waiting for dispatcher objects, and satisfying waiters.
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
 * Proofs in tests/litmus/: one signal decides (nt-wait-once.litmus); a waiter that goes to sleep is
 * woken (nt-wait-woken.litmus, nt-wait-all.litmus); writes before the signal are visible when the
 * wait returns, because each way out of a wait takes the object's lock (nt-wait-writes.litmus).
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

/*
 * Limits of a wait that must not sleep: the time that it busy-waits, and the number of polls that
 * it makes even if its vCPU is preempted for longer.
 */
#define NTC_SPIN_NS	(10 * NSEC_PER_MSEC)
#define NTC_SPIN_POLLS	200

#define NTC_WAITING	-1
#define NTC_WAIT_OVER	-2

struct ntc_waiter {
	struct task_struct *task;
	atomic_t outcome;
	bool all;
	bool abandoned;		/* one of @mutants was abandoned; both under the object's lock */
	u64 mutants;		/* bit mask: which objects are mutexes newly owned */
};

static struct {
	raw_spinlock_t lock;
} ____cacheline_aligned_in_smp ntc_object_locks[NTC_LOCKS];

/* Outer lock of a CPU that takes several object locks: prevents an ABBA deadlock. */
static DEFINE_RAW_SPINLOCK(ntc_multi_lock);

static unsigned int ntc_lock_number(const DISPATCHER_HEADER *header)
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
	header->Size = sizeof(*header) / sizeof(LONG);
	header->Inserted = 0;
	header->SignalState = state;
	InitializeListHead(&header->WaitListHead);
}

/* Zeroed memory has the type of an event, but no list of waiters. */
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

/* Apply the side effect of a satisfied wait to the object, which is number @index of the wait. */
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
			RemoveEntryList(at);
			at->Flink = NULL;
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

/* ---- waiting ----------------------------------------------------------- */

/*
 * WaitAny: take the first signalled object, else queue a wait block on each object if @link. The
 * state is tested and the block queued in one hold of the object's lock, else a signal in between
 * is lost.
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
 * Remove the wait blocks. Taking each lock, also that of the object that satisfied the wait,
 * prevents a use-after-free: the signalling CPU may still hold the lock and read this stack.
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

/* Take all objects if all are signalled, under all of their locks. */
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
		__release(&ntc_object_locks[bit].lock);	/* released below */
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
 * TASK_IDLE: a system thread may wait forever without counting as load or as a hung task. A
 * user's thread that does so is worth the report of the hung-task watchdog.
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
	return STATUS_TIMEOUT;	/* unless an outcome is set */
}

/*
 * Busy-wait for a caller that must not sleep, for at most NTC_SPIN_NS. Signals of other CPUs and
 * timers are seen. Above DISPATCH_LEVEL the objects are polled once.
 */
static NTSTATUS ntc_wait_spin(struct ntc_waiter *waiter, PVOID *objects, ULONG count,
			      PLARGE_INTEGER timeout)
{
	struct ntc_due due = { .ns = KTIME_MAX };
	int looks = 0;
	s64 end, now;

	if (timeout)
		due = ntc_due_time(timeout->QuadPart);
	/*
	 * The limit starts after the time-out was computed: a shorter time-out expires first,
	 * even if this vCPU is preempted here.
	 */
	end = ktime_get_ns() + NTC_SPIN_NS;
	for (;;) {
		if (waiter->all)
			ntc_wait_take_all(waiter, objects, count);
		else
			ntc_wait_enqueue(waiter, objects, NULL, count, false);
		if (atomic_read(&waiter->outcome) != NTC_WAITING)
			break;
		/* One reading for both limits: this vCPU may be preempted between two. */
		now = ktime_get_ns();
		if ((due.absolute ? ktime_get_real_ns() : now) >= due.ns)
			break;
		if (KeGetCurrentIrql() > DISPATCH_LEVEL ||
		    (++looks > NTC_SPIN_POLLS && now >= end))
			return STATUS_UNSUCCESSFUL;
		udelay(2);
	}
	return STATUS_TIMEOUT;	/* unless an outcome is set */
}

struct ntc_wait_args {
	KPROCESSOR_MODE mode;
	bool all;
	PLARGE_INTEGER timeout;
	const char *call;
	void *caller;
};

/* A wait that may sleep: wait blocks link the waiter to its objects. */
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
	/* From here on no signal satisfies this wait. */
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
		.all = wait->all && count > 1,	/* a single object is WaitAny, which sees a pulse */
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
 * @call: name of the driver's call, for reports
 * @caller: return address in the driver, for reports
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
 * @Object: the object; a thread is the object from ObReferenceObjectByHandle()
 * @WaitReason: not used
 * @WaitMode: KernelMode; UserMode: a pending signal ends the wait
 * @Alertable: not used: there are no APCs
 * @Timeout: in units of 100 ns. NULL: no time-out; 0: do not wait; negative: relative;
 *	positive: an absolute system time, which follows changes of the wall clock
 *
 * A wait that would sleep at DISPATCH_LEVEL or above is reported (0xB8 in a DPC, else 0xA). It
 * busy-waits for 10 ms at most at DISPATCH_LEVEL, and polls once above it.
 *
 * Context: IRQL <= APC_LEVEL, or DISPATCH_LEVEL with a time-out of 0; here process context, may
 * sleep, or any context with a time-out of 0.
 * Return: STATUS_SUCCESS; STATUS_TIMEOUT; STATUS_USER_APC after a signal; STATUS_ABANDONED if the
 * caller now owns a mutex whose owner ended; STATUS_INVALID_PARAMETER, with a report, if @Object
 * is no dispatcher object; STATUS_UNSUCCESSFUL if the caller could not sleep, and neither the
 * object was signalled nor the time-out expired.
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
 * KeWaitForMultipleObjects - wait for any or all of several objects
 * @Count: number of objects, 1 to MAXIMUM_WAIT_OBJECTS
 * @Object: the objects, each of them once
 * @WaitType: WaitAny or WaitAll
 * @WaitReason: not used
 * @WaitMode: as in KeWaitForSingleObject()
 * @Alertable: not used
 * @Timeout: as in KeWaitForSingleObject()
 * @WaitBlockArray: @Count wait blocks; NULL if @Count is at most THREAD_WAIT_OBJECTS
 *
 * WaitAll of several objects changes none of them before all are signalled, and does not see a
 * pulse of KePulseEvent(). WaitAll of one object is WaitAny.
 *
 * Context: as KeWaitForSingleObject().
 * Return: WaitAny: STATUS_WAIT_0 plus the lowest index of a signalled object; WaitAll:
 * STATUS_SUCCESS; STATUS_ABANDONED_WAIT_0 plus the index for an abandoned mutex;
 * STATUS_INVALID_PARAMETER, with a report, if @Count is out of range (Windows stops) or an object
 * is no dispatcher object; else as KeWaitForSingleObject().
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
