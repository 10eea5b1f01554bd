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
 * outcome goes from WQC_WAITING to an index once, by compare-and-exchange. Who
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

#define WQC_LOCK_BITS	6
#define WQC_LOCKS	BIT(WQC_LOCK_BITS)

/* So long a wait keeps a CPU where it cannot sleep; and so often it looks, on a preempted vCPU. */
#define WQC_SPIN_NS	(10 * NSEC_PER_MSEC)
#define WQC_SPIN_LOOKS	200

#define WQC_WAITING	-1
#define WQC_GAVE_UP	-2

struct wqc_waiter {
	struct task_struct *task;
	atomic_t outcome;
	bool all;
	bool abandoned;		/* one of @mutants was; both under the object's lock */
	u64 mutants;		/* which of the objects are mutexes that became its own */
};

static struct {
	raw_spinlock_t lock;
} ____cacheline_aligned_in_smp wqc_locks[WQC_LOCKS];

/* Held by who takes more than one of them. */
static DEFINE_RAW_SPINLOCK(wqc_all_lock);

static unsigned int wqc_lock_index(const DISPATCHER_HEADER *header)
{
	return hash_ptr((void *)header, WQC_LOCK_BITS);
}

/**
 * wqc_header_lock - the lock that guards an object
 * @header: the object's
 *
 * Return: the lock; interrupts are to be off under it.
 */
raw_spinlock_t *wqc_header_lock(const DISPATCHER_HEADER *header)
{
	return &wqc_locks[wqc_lock_index(header)].lock;
}

void wqc_header_init(PDISPATCHER_HEADER header, enum wqc_nt_type type, LONG state)
{
	header->Type = type;
	header->Absolute = 0;
	header->Size = sizeof(*header) / sizeof(LONG);
	header->Inserted = 0;
	header->SignalState = state;
	InitializeListHead(&header->WaitListHead);
}

/* Zeroed memory has a type, an event's, but no list to wait on. */
static bool wqc_header_known(const DISPATCHER_HEADER *header)
{
	if (!header->WaitListHead.Flink)
		return false;
	switch (header->Type) {
	case WQC_EVENT_NOTIFICATION:
	case WQC_EVENT_SYNCHRONIZATION:
	case WQC_MUTANT:
	case WQC_SEMAPHORE:
	case WQC_THREAD:
	case WQC_TIMER_NOTIFICATION:
	case WQC_TIMER_SYNCHRONIZATION:
		return true;
	}
	return false;
}

static bool wqc_header_is_free(const DISPATCHER_HEADER *header, struct task_struct *task)
{
	return header->SignalState > 0 ||
	       (header->Type == WQC_MUTANT && ((PKMUTANT)header)->OwnerThread == task);
}

/* What a satisfied wait does to the object, of which its list has so many before it. */
static void wqc_header_take(PDISPATCHER_HEADER header, struct wqc_waiter *waiter, ULONG index)
{
	PKMUTANT mutant;

	switch (header->Type) {
	case WQC_EVENT_SYNCHRONIZATION:
	case WQC_TIMER_SYNCHRONIZATION:
		header->SignalState = 0;
		break;
	case WQC_SEMAPHORE:
		header->SignalState--;
		break;
	case WQC_MUTANT:
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
 * wqc_header_signal - serve those who wait, as far as the object goes
 * @header: the object, signalled; its lock is held
 *
 * Context: any.
 */
void wqc_header_signal(PDISPATCHER_HEADER header)
{
	struct wqc_waiter *waiter;
	PLIST_ENTRY at, next;
	PKWAIT_BLOCK block;

	lockdep_assert_held(wqc_header_lock(header));
	/* NULL: memory that was zeroed and never initialised. */
	for (at = header->WaitListHead.Flink;
	     at && at != &header->WaitListHead && header->SignalState > 0; at = next) {
		next = at->Flink;
		block = CONTAINING_RECORD(at, KWAIT_BLOCK, WaitListEntry);
		waiter = block->Waiter;
		if (!waiter->all) {
			if (atomic_cmpxchg(&waiter->outcome, WQC_WAITING, block->Index) !=
			    WQC_WAITING)
				continue;	/* another object was faster, or the time is over */
			wqc_header_take(header, waiter, block->Index);
			RemoveEntryList(at);
			at->Flink = NULL;
		}
		/* It takes this lock before it returns, so the task is still there. */
		wake_up_process(waiter->task);
	}
}

/**
 * wqc_header_change - set an object's state, and serve those who wait
 * @header: the object
 * @state: the new one
 *
 * Context: any.
 * Return: the old one.
 */
LONG wqc_header_change(PDISPATCHER_HEADER header, LONG state)
{
	raw_spinlock_t *lock = wqc_header_lock(header);
	unsigned long flags;
	LONG old;

	raw_spin_lock_irqsave(lock, flags);
	old = header->SignalState;
	header->SignalState = state;
	if (state > 0)
		wqc_header_signal(header);
	raw_spin_unlock_irqrestore(lock, flags);
	return old;
}

/* ---- waiting ------------------------------------------------------------- */

/*
 * For any: link up with each object, unless one is free already. That it is free
 * and that it is ours must be seen in one hold of its lock.
 */
static void wqc_wait_begin(struct wqc_waiter *waiter, PVOID *objects, PKWAIT_BLOCK blocks,
			   ULONG count, bool link)
{
	PDISPATCHER_HEADER header;
	raw_spinlock_t *lock;
	unsigned long flags;
	ULONG i;

	for (i = 0; i < count; i++) {
		header = objects[i];
		lock = wqc_header_lock(header);
		raw_spin_lock_irqsave(lock, flags);
		if (!waiter->all && wqc_header_is_free(header, waiter->task)) {
			if (atomic_cmpxchg(&waiter->outcome, WQC_WAITING, i) == WQC_WAITING)
				wqc_header_take(header, waiter, i);
		} else if (link) {
			blocks[i].Waiter = waiter;
			blocks[i].Object = header;
			blocks[i].Index = i;
			InsertTailList(&header->WaitListHead, &blocks[i].WaitListEntry);
		}
		raw_spin_unlock_irqrestore(lock, flags);
		if (atomic_read(&waiter->outcome) != WQC_WAITING)
			break;
	}
}

/*
 * Also for the object that we got: who gave it to us may still hold the lock, and
 * read from our stack.
 */
static void wqc_wait_end(PVOID *objects, PKWAIT_BLOCK blocks, ULONG count)
{
	raw_spinlock_t *lock;
	unsigned long flags;
	ULONG i;

	for (i = 0; i < count; i++) {
		lock = wqc_header_lock(objects[i]);
		raw_spin_lock_irqsave(lock, flags);
		if (blocks[i].WaitListEntry.Flink)
			RemoveEntryList(&blocks[i].WaitListEntry);
		raw_spin_unlock_irqrestore(lock, flags);
	}
}

/* Take every object, if every one is free. */
static bool wqc_take_all(struct wqc_waiter *waiter, PVOID *objects, ULONG count)
{
	DECLARE_BITMAP(locks, WQC_LOCKS) = {};
	unsigned long flags;
	unsigned int bit;
	bool free = true;
	ULONG i;

	for (i = 0; i < count; i++)
		__set_bit(wqc_lock_index(objects[i]), locks);
	raw_spin_lock_irqsave(&wqc_all_lock, flags);
	for_each_set_bit(bit, locks, WQC_LOCKS) {
		raw_spin_lock_nest_lock(&wqc_locks[bit].lock, &wqc_all_lock);
		__release(&wqc_locks[bit].lock);	/* below */
	}
	for (i = 0; i < count; i++)
		free = free && wqc_header_is_free(objects[i], waiter->task);
	for (i = 0; i < count && free; i++)
		wqc_header_take(objects[i], waiter, i);
	if (free)
		atomic_set(&waiter->outcome, 0);
	for_each_set_bit(bit, locks, WQC_LOCKS) {
		__acquire(&wqc_locks[bit].lock);
		raw_spin_unlock(&wqc_locks[bit].lock);
	}
	raw_spin_unlock_irqrestore(&wqc_all_lock, flags);
	return free;
}

/*
 * A system thread may wait for good without counting as load or as hung; a
 * user's thread that waits so is worth a report.
 */
static unsigned int wqc_wait_state(KPROCESSOR_MODE mode)
{
	if (mode == UserMode)
		return TASK_INTERRUPTIBLE;
	return current->flags & PF_KTHREAD ? TASK_IDLE : TASK_UNINTERRUPTIBLE;
}

static NTSTATUS wqc_wait_sleep(struct wqc_waiter *waiter, PVOID *objects, ULONG count,
			       KPROCESSOR_MODE mode, PLARGE_INTEGER timeout)
{
	struct wqc_due due = {};
	bool over = false;
	ktime_t expires;

	if (timeout)
		due = wqc_due(timeout->QuadPart);
	expires = ns_to_ktime(due.ns);
	for (;;) {
		set_current_state(wqc_wait_state(mode));
		if (waiter->all && !over)
			wqc_take_all(waiter, objects, count);
		if (atomic_read(&waiter->outcome) != WQC_WAITING || over)
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
static NTSTATUS wqc_wait_spin(struct wqc_waiter *waiter, PVOID *objects, ULONG count,
			      PLARGE_INTEGER timeout)
{
	struct wqc_due due = { .ns = KTIME_MAX };
	int looks = 0;
	s64 end, now;

	if (timeout)
		due = wqc_due(timeout->QuadPart);
	/* After a time-out that is shorter, also if this vCPU is preempted here. */
	end = ktime_get_ns() + WQC_SPIN_NS;
	for (;;) {
		if (waiter->all)
			wqc_take_all(waiter, objects, count);
		else
			wqc_wait_begin(waiter, objects, NULL, count, false);
		if (atomic_read(&waiter->outcome) != WQC_WAITING)
			break;
		now = due.absolute ? ktime_get_real_ns() : ktime_get_ns();
		if (now >= due.ns)
			break;
		if (KeGetCurrentIrql() > DISPATCH_LEVEL ||
		    (++looks > WQC_SPIN_LOOKS && ktime_get_ns() >= end))
			return STATUS_UNSUCCESSFUL;
		udelay(2);
	}
	return STATUS_TIMEOUT;	/* if nothing was got */
}

struct wqc_wait {
	KPROCESSOR_MODE mode;
	bool all;
	PLARGE_INTEGER timeout;
	const char *call;
	void *caller;
};

/* One that can sleep: the blocks link the waiter to its objects. */
static NTSTATUS wqc_wait_linked(struct wqc_waiter *waiter, PVOID *objects, PKWAIT_BLOCK blocks,
				ULONG count, const struct wqc_wait *wait)
{
	NTSTATUS status = STATUS_TIMEOUT;
	ULONG i;

	for (i = 0; i < count; i++)
		blocks[i].WaitListEntry.Flink = NULL;
	wqc_wait_begin(waiter, objects, blocks, count, true);
	if (atomic_read(&waiter->outcome) == WQC_WAITING)
		status = wqc_wait_sleep(waiter, objects, count, wait->mode, wait->timeout);
	/* Whoever is about to serve us comes too late, or not at all. */
	atomic_cmpxchg(&waiter->outcome, WQC_WAITING, WQC_GAVE_UP);
	wqc_wait_end(objects, blocks, count);
	return status;
}

static bool wqc_objects_known(PVOID *objects, ULONG count, void *caller)
{
	ULONG i;

	for (i = 0; i < count; i++) {
		if (wqc_header_known(objects[i]))
			continue;
		wqc_report(WQC_R_BAD_WAIT, "object %p, from %pS", objects[i], caller);
		return false;
	}
	return true;
}

static NTSTATUS wqc_wait(PVOID *objects, PKWAIT_BLOCK blocks, ULONG count,
			 const struct wqc_wait *wait)
{
	struct wqc_waiter waiter = {
		.task = current,
		.outcome = ATOMIC_INIT(WQC_WAITING),
		.all = wait->all && count > 1,	/* one is handed over, and sees a pulse */
	};
	bool poll = wait->timeout && !wait->timeout->QuadPart;
	bool spin = !poll && !wqc_may_sleep(wait->call, wait->caller);
	NTSTATUS status = STATUS_TIMEOUT;
	int outcome;
	ULONG i;

	if (!wqc_objects_known(objects, count, wait->caller))
		return STATUS_INVALID_PARAMETER;
	if (spin)
		status = wqc_wait_spin(&waiter, objects, count, wait->timeout);
	else if (waiter.all && wqc_take_all(&waiter, objects, count))
		status = STATUS_WAIT_0;
	else if (!poll)
		status = wqc_wait_linked(&waiter, objects, blocks, count, wait);
	else if (!waiter.all)
		wqc_wait_begin(&waiter, objects, blocks, count, false);
	outcome = atomic_read(&waiter.outcome);
	if (outcome < 0)
		return status;
	for (i = 0; waiter.mutants && i < count; i++)
		if (waiter.mutants & BIT_ULL(i))
			wqc_mutex_taken(objects[i]);
	return (waiter.abandoned ? STATUS_ABANDONED_WAIT_0 : STATUS_WAIT_0) + outcome;
}

/**
 * wqc_wait_for - wait for one object
 * @object: the object
 * @mode: as in KeWaitForSingleObject()
 * @timeout: as in KeWaitForSingleObject()
 * @call: what the driver has called, for reports
 * @caller: an address in it
 *
 * Context: as KeWaitForSingleObject().
 * Return: as KeWaitForSingleObject().
 */
NTSTATUS wqc_wait_for(PVOID object, KPROCESSOR_MODE mode, PLARGE_INTEGER timeout,
		      const char *call, void *caller)
{
	struct wqc_wait wait = {
		.mode = mode, .timeout = timeout, .call = call, .caller = caller,
	};
	KWAIT_BLOCK block;

	return wqc_wait(&object, &block, 1, &wait);
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
	return wqc_wait_for(Object, WaitMode, Timeout, __func__, (void *)_RET_IP_);
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
	struct wqc_wait wait = {
		.mode = WaitMode, .all = WaitType == WaitAll, .timeout = Timeout,
		.call = __func__, .caller = (void *)_RET_IP_,
	};
	KWAIT_BLOCK blocks[THREAD_WAIT_OBJECTS];

	if (!Count || Count > (WaitBlockArray ? MAXIMUM_WAIT_OBJECTS : THREAD_WAIT_OBJECTS)) {
		wqc_report(WQC_R_BAD_WAIT, "%u objects, from %pS", Count, (void *)_RET_IP_);
		return STATUS_INVALID_PARAMETER;
	}
	return wqc_wait(Object, WaitBlockArray ?: blocks, Count, &wait);
}
EXPORT_SYMBOL_GPL(KeWaitForMultipleObjects);

void wqc_dispatcher_init(void)
{
	unsigned int i;

	for (i = 0; i < WQC_LOCKS; i++)
		raw_spin_lock_init(&wqc_locks[i].lock);
}
