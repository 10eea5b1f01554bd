// SPDX-License-Identifier: GPL-2.0
/*
 * The Ex* and Io* work item calls: check, claim, reference, enqueue.
 */
#include <linux/export.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/ktime.h>

#include "core/cache.h"
#include "core/queue.h"
#include "core/ref.h"
#include "core/take_back.h"
#include "core/trace.h"
#include "wq_compat_io.h"

#define WQC_BAD_POOL	0xff

/* WORK_QUEUE_TYPE to pool, by Windows priority: see wq_compat.h. */
static const u8 wqc_pool_by_type[CustomPriorityWorkQueue + 32] = {
	[CriticalWorkQueue] = WQC_POOL_CRITICAL,
	[DelayedWorkQueue] = WQC_POOL_DELAYED,
	[HyperCriticalWorkQueue] = WQC_POOL_HYPER,
	[NormalWorkQueue] = WQC_POOL_DELAYED,
	[BackgroundWorkQueue] = WQC_POOL_DELAYED,
	[RealTimeWorkQueue] = WQC_POOL_HYPER,
	[SuperCriticalWorkQueue] = WQC_POOL_CRITICAL,
	[MaximumWorkQueue ... CustomPriorityWorkQueue - 1] = WQC_BAD_POOL,
	[CustomPriorityWorkQueue ... CustomPriorityWorkQueue + 12] = WQC_POOL_DELAYED,
	[CustomPriorityWorkQueue + 13 ... CustomPriorityWorkQueue + 14] = WQC_POOL_CRITICAL,
	[CustomPriorityWorkQueue + 15 ... CustomPriorityWorkQueue + 31] = WQC_POOL_HYPER,
};

/* The byte offset in a CPU's queues, for the three types of the fast path. */
static const u32 wqc_queue_by_type[] = {
	[CriticalWorkQueue] = WQC_POOL_CRITICAL * sizeof(struct wqc_queue),
	[DelayedWorkQueue] = WQC_POOL_DELAYED * sizeof(struct wqc_queue),
	[HyperCriticalWorkQueue] = WQC_POOL_HYPER * sizeof(struct wqc_queue),
};

static inline bool wqc_is_common_type(WORK_QUEUE_TYPE type)
{
	return likely((unsigned int)type < ARRAY_SIZE(wqc_queue_by_type));
}

/* Context: any, with interrupts off, so that this CPU stays the posting CPU. */
static __always_inline struct wqc_queue *wqc_queue_of_type(WORK_QUEUE_TYPE type)
{
	return (void *)this_cpu_ptr(wqc_queues) + wqc_queue_by_type[(unsigned int)type];
}

static noinline enum wqc_pool_id wqc_bad_type(unsigned int type, void *routine,
					      unsigned long caller)
{
	wqc_report(WQC_R_BAD_TYPE, "queue type %u for %ps, from %pS: runs as DelayedWorkQueue",
		   type, routine, (void *)caller);
	return WQC_POOL_DELAYED;
}

/*
 * An item of an invalid type runs as DelayedWorkQueue: if it were dropped, a caller that waits for
 * the item would hang.
 */
static inline enum wqc_pool_id wqc_pool_of_type(WORK_QUEUE_TYPE queue_type, void *routine,
						unsigned long caller)
{
	unsigned int type = queue_type;
	u8 pool = WQC_BAD_POOL;

	if (likely(type < ARRAY_SIZE(wqc_pool_by_type)))
		pool = wqc_pool_by_type[type];
	if (unlikely(pool == WQC_BAD_POOL))
		return wqc_bad_type(type, routine, caller);
	return pool;
}

static noinline void wqc_refuse(enum wqc_pool_id pool, enum wqc_report_id why, void *item,
				void *routine, unsigned long caller)
{
	wqc_queue_count_refused(pool);
	wqc_report(why, "item %p, routine %ps, from %pS", item, routine, (void *)caller);
}

/* The slow path of ExQueueWorkItem(), and ExTryQueueWorkItem(). */
static __always_inline bool wqc_ex_queue_fully(PWORK_QUEUE_ITEM item, WORK_QUEUE_TYPE type,
					       bool try, unsigned long caller)
{
	struct wqc_queue *queue;
	enum wqc_pool_id pool;
	unsigned long flags;
	bool queued = true;
	void *routine;

	if (!wqc_is_item_address(item)) {
		wqc_refuse(WQC_POOL_DELAYED, WQC_R_BAD_ITEM, item, NULL, caller);
		return false;
	}
	routine = READ_ONCE(item->WorkerRoutine);
	pool = wqc_pool_of_type(type, routine, caller);
	if (!wqc_is_kernel_address(routine)) {
		wqc_refuse(pool, WQC_R_BAD_ROUTINE, item, routine, caller);
		return false;
	}

	local_irq_save(flags);
	if (!wqc_mark_claim(item, WQC_KIND_PLAIN)) {
		local_irq_restore(flags);
		wqc_refuse(pool, WQC_R_QUEUED_TWICE, item, routine, caller);
		return false;
	}
	trace_item_queue(item, routine, item->Parameter, pool);
	if (!try) {
		queue = this_cpu_ptr(wqc_queues) + pool;
		wqc_queue_append(queue, &queue->lane, 0, item, flags);
	} else {
		queued = wqc_queue_try_append(pool, 0, item);
		if (!queued)
			wqc_mark_unclaim(item);
		local_irq_restore(flags);
		wqc_resched(queued);
	}
	return queued;
}

static noinline void wqc_ex_queue(PWORK_QUEUE_ITEM item, WORK_QUEUE_TYPE type,
				  unsigned long caller)
{
	wqc_ex_queue_fully(item, type, false, caller);
}

/**
 * ExQueueWorkItem - queue an executive work item
 * @WorkItem: initialised by ExInitializeWorkItem() or by hand; nonpaged memory, valid until the
 *	routine is entered
 * @QueueType: any WORK_QUEUE_TYPE; an invalid one is reported (0xE4/6), and the item runs
 *	as DelayedWorkQueue
 *
 * The routine runs once, in process context. It may free the item or queue it again, also while
 * it still runs. Takes no reference: an item in a device extension must have run before
 * IoDeleteDevice(). rmmod of the routine's module waits until the routine has returned.
 *
 * An item that is queued already (0xE4/1), or whose routine is NULL or a user address (0xE4/7),
 * is reported and not queued.
 *
 * Context: IRQL <= DISPATCH_LEVEL on Windows; here any: process, softirq, hard
 * IRQ, interrupts off, under a raw spinlock. Allocates nothing.
 *
 * Follows: DDI wdm/nf-wdm-exqueueworkitem.
 */
void ExQueueWorkItem(PWORK_QUEUE_ITEM WorkItem, WORK_QUEUE_TYPE QueueType)
{
	struct wqc_queue *queue;
	unsigned long flags;

	if (unlikely(!wqc_is_item_address(WorkItem) || !wqc_is_common_type(QueueType) ||
		     !wqc_is_kernel_address(READ_ONCE(WorkItem->WorkerRoutine)) ||
		     trace_item_queue_enabled()))
		goto slowly;
	local_irq_save(flags);
	if (unlikely(!wqc_mark_claim_clean(WorkItem, WQC_KIND_PLAIN))) {
		local_irq_restore(flags);
		goto slowly;
	}
	queue = wqc_queue_of_type(QueueType);
	wqc_queue_append(queue, &queue->lane, 0, WorkItem, flags);
	return;

slowly:
	wqc_ex_queue(WorkItem, QueueType, _RET_IP_);
}
EXPORT_SYMBOL_GPL(ExQueueWorkItem);

/**
 * ExTryQueueWorkItem - queue an executive work item if a runner is free
 * @WorkItem: as for ExQueueWorkItem()
 * @QueueType: as for ExQueueWorkItem()
 *
 * Microsoft documents no such call; this one is to ExQueueWorkItem() what IoTryQueueWorkItem() is
 * to IoQueueWorkItem().
 *
 * Context: as for ExQueueWorkItem().
 * Return: as IoTryQueueWorkItem().
 */
BOOLEAN ExTryQueueWorkItem(PWORK_QUEUE_ITEM WorkItem, WORK_QUEUE_TYPE QueueType)
{
	return wqc_ex_queue_fully(WorkItem, QueueType, true, _RET_IP_);
}
EXPORT_SYMBOL_GPL(ExTryQueueWorkItem);

/* ---- IO_WORKITEM --------------------------------------------------------- */

void wqc_io_setup(struct wqc_io_item *io, PVOID io_object, u8 flags, u8 shift)
{
	io->item.List.Flink = NULL;
	io->item.List.Blink = NULL;
	io->item.WorkerRoutine = NULL;
	io->item.Parameter = NULL;
	io->io_object = io_object;
	io->object = wqc_object_find(io_object, &io->object_gen) ?: &wqc_null_object;
	io->ref = &wqc_null_object.ref;
	io->shift = shift;
	io->flags = flags;
	smp_store_release(&io->magic, WQC_IO_MAGIC);	/* publishes; pairs with wqc_see_left() */
}

/**
 * IoSizeofWorkItem - the size of the storage for IoInitializeWorkItem()
 *
 * Enough for the structure at any 4-byte boundary.
 *
 * Context: any IRQL; any.
 * Return: the size in bytes, at least sizeof(WORK_QUEUE_ITEM).
 *
 * Follows: DDI wdm/nf-wdm-iosizeofworkitem.
 */
ULONG IoSizeofWorkItem(void)
{
	return ALIGN(sizeof(struct wqc_io_item) + __alignof__(struct wqc_io_item) - 4, 8);
}
EXPORT_SYMBOL_GPL(IoSizeofWorkItem);

/**
 * IoAllocateWorkItem - allocate and initialise an I/O work item
 * @DeviceObject: the caller's device object, or its driver object for use with
 *	IoQueueWorkItemEx() and IoTryQueueWorkItem(). Any other object is reported when the
 *	item is queued.
 *
 * Takes no reference; the queue calls do. Free the item with IoFreeWorkItem(); never pass it to
 * IoInitializeWorkItem(). Items that the caller's module has not freed at its unload are reported
 * as leaked (0xC4/0x62).
 *
 * Context: IRQL <= DISPATCH_LEVEL on Windows; here any. At PASSIVE_LEVEL it may sleep for
 * memory, with GFP_NOIO; elsewhere it allocates atomically. On PREEMPT_RT with interrupts
 * off, in a hard interrupt or under a raw spinlock it draws on a reserve.
 * Return: the item, or NULL without memory.
 *
 * Follows: DDI wdm/nf-wdm-ioallocateworkitem.
 */
PIO_WORKITEM IoAllocateWorkItem(PDEVICE_OBJECT DeviceObject)
{
	struct wqc_io_item *io = wqc_cache_alloc();

	if (io) {
		wqc_slot_of(io)->allocator = (void *)_RET_IP_;
		wqc_io_setup(io, DeviceObject, WQC_IO_ALLOCATED, 0);
	}
	return (PIO_WORKITEM)io;
}
EXPORT_SYMBOL_GPL(IoAllocateWorkItem);

/*
 * Is the item from IoAllocateWorkItem()? The memory may hold arbitrary data, which almost never
 * has the four bytes that allocation writes. If it has, the only harm is a report, and that the
 * item cannot be uninitialised.
 */
static bool wqc_io_is_allocated(const struct wqc_io_item *io, PIO_WORKITEM item)
{
	return wqc_io_is_valid(io) &&
	       (io->flags & ~(WQC_IO_REPORTED | WQC_IO_LEFT)) == WQC_IO_ALLOCATED &&
	       !io->shift && (void *)io == item;
}

/**
 * IoInitializeWorkItem - initialise an I/O work item in the caller's storage
 * @IoObject: the caller's driver object or one of its device objects
 * @IoWorkItem: IoSizeofWorkItem() bytes of nonpaged memory, 4-byte aligned
 *
 * Call IoUninitializeWorkItem() before the storage is released. A queued item is reported
 * (0xE4/1) and left unchanged. An item whose routine is running may be initialised again. An
 * item from IoAllocateWorkItem() is reported (0xE4/0), initialised, and still needs
 * IoFreeWorkItem().
 *
 * Context: any IRQL; any.
 *
 * Follows: DDI wdm/nf-wdm-ioinitializeworkitem.
 */
VOID IoInitializeWorkItem(PVOID IoObject, PIO_WORKITEM IoWorkItem)
{
	struct wqc_io_item *io = wqc_io(IoWorkItem);

	if (unlikely(!wqc_is_kernel_address(IoWorkItem) || !IS_ALIGNED((uintptr_t)IoWorkItem, 4))) {
		wqc_report(WQC_R_BAD_ITEM, "item %p, from %pS: not initialised",
			   IoWorkItem, (void *)_RET_IP_);
		return;
	}
	if (unlikely(wqc_item_is_queued(&io->item) && wqc_io_is_valid(io))) {
		wqc_report(WQC_R_INIT_QUEUED, "item %p, routine %ps, from %pS: left unchanged",
			   IoWorkItem, io->item.WorkerRoutine, (void *)_RET_IP_);
		return;
	}
	if (unlikely(wqc_io_is_allocated(io, IoWorkItem))) {
		wqc_report(WQC_R_BAD_ITEM, "item %p, from %pS: %s", IoWorkItem, (void *)_RET_IP_,
			   "from IoAllocateWorkItem, which has initialised it");
		wqc_io_setup(io, IoObject, io->flags & (WQC_IO_ALLOCATED | WQC_IO_LEFT), 0);
		return;
	}
	wqc_io_setup(io, IoObject, 0, (void *)io - (void *)IoWorkItem);
}
EXPORT_SYMBOL_GPL(IoInitializeWorkItem);

/* An item does not name its queue, which keeps the fast path short, so all queues are searched. */
static bool wqc_io_take_back(struct wqc_io_item *io, struct wqc_call *call)
{
	struct wqc_queue *queue;
	struct wqc_lane *lane;
	int cpu, id;

	for_each_possible_cpu(cpu) {
		for (id = WQC_POOL_DELAYED; id <= WQC_POOL_HYPER; id++) {
			queue = wqc_queue_of(id, cpu);
			lane = NULL;
			do {
				lane = wqc_lane_next(queue, lane, NULL);
				if (wqc_lane_take_back(queue, lane, &io->item, call))
					return true;
			} while (!wqc_lane_is_default(queue, lane));
		}
	}
	return false;
}

/*
 * Checks an item before its memory is freed, and removes it from its queue.
 *
 * Hazard: a queued item whose memory is freed is a use-after-free in the next pop. The item is
 * claimed shortly before it is linked, so a single search may miss it. Mechanism: search until the
 * item is found or no longer queued. Interrupts are off between claim and link, so the wait is
 * short. If a search that begins after the longest such window (WQC_CLAIM_NS) does not find the
 * item, it was lost with a corrupted list and must not be freed.
 *
 * All writes after the loop, from that of @magic to those of the memory's next owner, come after
 * the pop's reads. Proof: tests/litmus/item-free.litmus. The reads of the item here need no order,
 * because no other CPU writes to it any more.
 */
bool wqc_io_retire(struct wqc_io_item *io, u8 allocated, const char *what, unsigned long caller)
{
	PIO_WORKITEM item = wqc_io_handle(io);
	u64 end = 0;
	struct wqc_call call;
	bool late;

	if (unlikely(!wqc_io_is_valid(io) || (io->flags & WQC_IO_ALLOCATED) != allocated)) {
		wqc_report(WQC_R_BAD_ITEM, "item %p, from %pS: %s", item, (void *)caller,
			   wqc_io_is_valid(io) ? what : "not initialised, or freed before");
		return false;
	}
	while (unlikely(wqc_item_is_queued(&io->item))) {
		/*
		 * Read the time before the search: a host may stop this virtual CPU for longer
		 * than WQC_CLAIM_NS between two instructions.
		 */
		late = end && ktime_get_mono_fast_ns() > end;
		end = end ?: ktime_get_mono_fast_ns() + WQC_CLAIM_NS;
		if (wqc_io_take_back(io, &call)) {
			percpu_ref_put(call.ref);
			wqc_report(WQC_R_FREED_QUEUED,
				   "item %p, routine %ps, from %pS: removed, does not run", item,
				   call.routine, (void *)caller);
			end = 0;
		} else if (late && wqc_item_is_queued(&io->item)) {
			/* Lost with a corrupted list: a stale link may lead to its memory. */
			wqc_report(WQC_R_BAD_ENTRY, "item %p, from %pS: not found, not freed", item,
				   (void *)caller);
			return false;
		}
		cpu_relax();
	}
	io->magic = 0;
	return true;
}

/**
 * IoUninitializeWorkItem - the counterpart of IoInitializeWorkItem()
 * @IoWorkItem: initialised and not queued; its routine may still run, and may
 *	be the caller
 *
 * A queued item is removed from its queue, reported (0xE4/2), and does not run. Never waits.
 *
 * Context: any IRQL; any.
 *
 * Follows: DDI wdm/nf-wdm-iouninitializeworkitem.
 */
VOID IoUninitializeWorkItem(PIO_WORKITEM IoWorkItem)
{
	if (unlikely(!wqc_is_kernel_address(IoWorkItem))) {
		wqc_report(WQC_R_BAD_ITEM, "item %p, from %pS", IoWorkItem, (void *)_RET_IP_);
		return;
	}
	wqc_io_retire(wqc_io(IoWorkItem), 0,
		      "from IoAllocateWorkItem, needs IoFreeWorkItem", _RET_IP_);
}
EXPORT_SYMBOL_GPL(IoUninitializeWorkItem);

/**
 * IoFreeWorkItem - free an item from IoAllocateWorkItem()
 * @IoWorkItem: not queued; its routine may still run, and may be the caller
 *
 * A queued item is removed from its queue, reported (0xE4/2), and does not run. Never waits. The
 * object of a running routine stays referenced.
 *
 * Context: IRQL <= DISPATCH_LEVEL on Windows; here any.
 *
 * Follows: DDI wdm/nf-wdm-iofreeworkitem.
 */
VOID IoFreeWorkItem(PIO_WORKITEM IoWorkItem)
{
	if (unlikely(!wqc_is_kernel_address(IoWorkItem))) {
		wqc_report(WQC_R_BAD_ITEM, "item %p, from %pS", IoWorkItem, (void *)_RET_IP_);
		return;
	}
	if (wqc_io_retire(wqc_io(IoWorkItem), WQC_IO_ALLOCATED,
			  "from IoInitializeWorkItem, needs IoUninitializeWorkItem", _RET_IP_))
		wqc_cache_free(wqc_io(IoWorkItem));
}
EXPORT_SYMBOL_GPL(IoFreeWorkItem);

/*
 * The slow path of the Io* queue calls, with all checks; wqc_io_queue() is the fast path. The
 * fields are written between claim and link: before the claim, another caller that queues the item
 * concurrently may own it.
 */
static __always_inline bool wqc_io_queue_fully(PIO_WORKITEM IoWorkItem, void *routine,
					       const PVOID *first, enum wqc_kind kind,
					       WORK_QUEUE_TYPE type, PVOID context, bool try,
					       unsigned long caller)
{
	struct wqc_io_item *io = wqc_io(IoWorkItem);
	bool bad_object = false, queued = true;
	struct wqc_queue *queue;
	enum wqc_pool_id pool;
	PVOID io_object = NULL;
	unsigned long flags;
	u16 tag = 0;

	pool = wqc_pool_of_type(type, routine, caller);
	if (!wqc_is_kernel_address(IoWorkItem) || !wqc_io_is_valid(io)) {
		wqc_refuse(pool, WQC_R_BAD_ITEM, IoWorkItem, routine, caller);
		return false;
	}
	if (!wqc_is_kernel_address(routine)) {
		wqc_refuse(pool, WQC_R_BAD_ROUTINE, IoWorkItem, routine, caller);
		return false;
	}

	local_irq_save(flags);
	if (!wqc_mark_claim(&io->item, kind)) {
		local_irq_restore(flags);
		wqc_refuse(pool, WQC_R_QUEUED_TWICE, IoWorkItem, routine, caller);
		return false;
	}
	io->item.WorkerRoutine = routine;
	io->item.Parameter = context;
	if (wqc_object_get(io->object, io->object_gen)) {
		io->ref = &io->object->ref;
		tag = READ_ONCE(io->object->tag);
	} else {
		bad_object = !wqc_io_set_flag(io, WQC_IO_REPORTED);
		io->ref = &wqc_null_object.ref;
		io_object = io->io_object;
	}
	if (first)
		io->io_object = *first;
	trace_item_queue(IoWorkItem, routine, context, pool);
	if (!try) {
		queue = this_cpu_ptr(wqc_queues) + pool;
		wqc_queue_append(queue, &queue->lane, tag, &io->item, flags);
	} else {
		queued = wqc_queue_try_append(pool, tag, &io->item);
		if (!queued) {
			wqc_ref_put(io->ref);
			wqc_mark_unclaim(&io->item);
		}
		local_irq_restore(flags);
		wqc_resched(queued);
	}
	if (bad_object)
		wqc_report(WQC_R_BAD_OBJECT,
			   "item %p, object %p for %ps, from %pS: runs without a reference",
			   IoWorkItem, io_object, routine, (void *)caller);
	return queued;
}

static noinline void wqc_io_queue_slow(PIO_WORKITEM IoWorkItem, void *routine,
				       WORK_QUEUE_TYPE type, PVOID context,
				       enum wqc_kind kind, unsigned long caller)
{
	wqc_io_queue_fully(IoWorkItem, routine, NULL, kind, type, context, false, caller);
}

/* For an API whose routine has another first argument than the object. */
void wqc_io_queue_first(PIO_WORKITEM IoWorkItem, void *routine, PVOID first, WORK_QUEUE_TYPE type,
			PVOID context, unsigned long caller)
{
	wqc_io_queue_fully(IoWorkItem, routine, &first, WQC_KIND_IO, type, context, false, caller);
}

/*
 * The fast path of IoQueueWorkItem() and IoQueueWorkItemEx(). If any check fails, it undoes its
 * claim and takes the slow path from the beginning.
 */
static __always_inline void wqc_io_queue(PIO_WORKITEM IoWorkItem, void *routine,
					 enum wqc_kind kind, WORK_QUEUE_TYPE type,
					 PVOID context)
{
	struct wqc_io_item *io = wqc_io(IoWorkItem);
	struct wqc_object *object;
	struct wqc_queue *queue;
	unsigned long flags;

	if (unlikely(!wqc_are_kernel_addresses(IoWorkItem, routine) ||
		     !wqc_is_common_type(type) || !wqc_io_is_valid(io) ||
		     trace_item_queue_enabled()))
		goto slowly;
	local_irq_save(flags);
	if (unlikely(!wqc_mark_claim_clean(&io->item, kind)))
		goto restore;
	object = io->object;
	if (unlikely(!wqc_object_get_fast(object, &io->object_gen)))
		goto unclaim;
	io->item.WorkerRoutine = routine;
	io->item.Parameter = context;
	io->ref = &object->ref;
	queue = wqc_queue_of_type(type);
	wqc_queue_append(queue, &queue->lane, READ_ONCE(object->tag), &io->item, flags);
	return;

unclaim:
	wqc_mark_unclaim(&io->item);
restore:
	local_irq_restore(flags);
slowly:
	wqc_io_queue_slow(IoWorkItem, routine, type, context, kind, _RET_IP_);
}

/**
 * IoQueueWorkItem - queue an I/O work item
 * @IoWorkItem: initialised for a device object and not queued
 * @WorkerRoutine: gets the device object and @Context
 * @QueueType: any WORK_QUEUE_TYPE; an invalid one is reported (0xE4/6), and the item runs
 *	as DelayedWorkQueue
 * @Context: for the routine
 *
 * The object is referenced from this call until the routine has returned, even if the item is
 * freed or queued again before. The routine may free the item or queue it again, also with
 * another routine or class. A NULL, foreign or deleted object is reported once for the item
 * (0xE4/3); the routine runs without a reference.
 *
 * An item that is queued already (0xE4/1), that is not initialised, or whose routine is NULL or a
 * user address (0xE4/7), is reported and not queued.
 *
 * Context: IRQL <= DISPATCH_LEVEL on Windows; here any: process, softirq, hard
 * IRQ, interrupts off, under a raw spinlock. Allocates nothing.
 *
 * Follows: DDI wdm/nf-wdm-ioqueueworkitem.
 */
VOID IoQueueWorkItem(PIO_WORKITEM IoWorkItem, PIO_WORKITEM_ROUTINE WorkerRoutine,
		     WORK_QUEUE_TYPE QueueType, PVOID Context)
{
	wqc_io_queue(IoWorkItem, WorkerRoutine, WQC_KIND_IO, QueueType, Context);
}
EXPORT_SYMBOL_GPL(IoQueueWorkItem);

/**
 * IoQueueWorkItemEx - queue an I/O work item and pass the item to its routine
 * @IoWorkItem: initialised for a driver or device object and not queued
 * @WorkerRoutine: gets the object, @Context and the item
 * @QueueType: as for IoQueueWorkItem()
 * @Context: for the routine
 *
 * Otherwise as IoQueueWorkItem().
 *
 * Context: as for IoQueueWorkItem().
 *
 * Follows: DDI wdm/nf-wdm-ioqueueworkitemex.
 */
VOID IoQueueWorkItemEx(PIO_WORKITEM IoWorkItem, PIO_WORKITEM_ROUTINE_EX WorkerRoutine,
		       WORK_QUEUE_TYPE QueueType, PVOID Context)
{
	wqc_io_queue(IoWorkItem, WorkerRoutine, WQC_KIND_IO, QueueType, Context);
}
EXPORT_SYMBOL_GPL(IoQueueWorkItemEx);

/**
 * IoTryQueueWorkItem - queue an I/O work item if a runner is free
 * @IoWorkItem: initialised for a driver or device object and not queued
 * @WorkerRoutine: gets the object, @Context and the item
 * @QueueType: as for IoQueueWorkItem()
 * @Context: for the routine
 *
 * Looks for a free runner of the class on this CPU, then on the others. This is not "queue unless
 * queued": an item that is queued already is misuse here, too.
 *
 * Context: as for IoQueueWorkItem().
 * Return: TRUE: queued, and an existing runner is free for the item. FALSE: not queued, because
 * all runners are busy, or for one of the errors of IoQueueWorkItem(), which are reported.
 *
 * Follows: DDI wdm/nf-wdm-iotryqueueworkitem.
 */
BOOLEAN IoTryQueueWorkItem(PIO_WORKITEM IoWorkItem, PIO_WORKITEM_ROUTINE_EX WorkerRoutine,
			   WORK_QUEUE_TYPE QueueType, PVOID Context)
{
	return wqc_io_queue_fully(IoWorkItem, WorkerRoutine, NULL, WQC_KIND_IO, QueueType, Context,
				  true, _RET_IP_);
}
EXPORT_SYMBOL_GPL(IoTryQueueWorkItem);
