// SPDX-License-Identifier: GPL-2.0
/* Waiting for dispatcher objects: what a waiting thread does. The objects: ke_dispatcher.c. */
#include <linux/bitops.h>
#include <linux/delay.h>
#include <linux/export.h>
#include <linux/hrtimer.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>

#include "ke_dispatcher.h"
#include "ke_mutex.h"
#include "ke_time.h"

/*
 * Limits of a wait that must not sleep: the time that it busy-waits, and the number of polls that
 * it makes even if its vCPU is preempted for longer.
 */
#define NTC_SPIN_NS	(10 * NSEC_PER_MSEC)
#define NTC_SPIN_POLLS	200

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
			ntc_block_link(&blocks[i], header);
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
			ntc_block_unlink(&blocks[i]);
		raw_spin_unlock_irqrestore(lock, flags);
	}
}

static bool ntc_wait_take_all(struct ntc_waiter *waiter)
{
	DECLARE_BITMAP(locks, NTC_LOCKS) = {};
	unsigned long flags;
	bool taken;
	ULONG i;

	for (i = 0; i < waiter->count; i++)
		__set_bit(ntc_lock_number(waiter->objects[i]), locks);
	flags = ntc_locks_take(locks);
	taken = ntc_wait_satisfy_all(waiter);
	ntc_locks_drop(locks, flags);
	return taken;
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

static NTSTATUS ntc_wait_sleep(struct ntc_waiter *waiter, KPROCESSOR_MODE mode,
			       PLARGE_INTEGER timeout)
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
			ntc_wait_take_all(waiter);
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
			ntc_wait_take_all(waiter);
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
		status = ntc_wait_sleep(waiter, wait->mode, wait->timeout);
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
		.objects = objects,
		.count = count,
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
	else if (waiter.all && ntc_wait_take_all(&waiter))
		status = STATUS_WAIT_0;
	else if (!poll)
		status = ntc_wait_queued(&waiter, objects, blocks, count, wait);
	else if (!waiter.all)
		ntc_wait_enqueue(&waiter, objects, blocks, count, false);
	outcome = atomic_read(&waiter.outcome);
	if (outcome == NTC_WAIT_FREED)
		return STATUS_UNSUCCESSFUL;
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
 * object was signalled nor the time-out expired; or, with a report, if the object was freed.
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
