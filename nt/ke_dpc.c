// SPDX-License-Identifier: GPL-2.0
/*
 * DPCs: one queue for each CPU, drained in softirq context, which is DISPATCH_LEVEL here.
 *
 * Use-after-free: a routine may requeue its own DPC, or free the memory that holds it. So a drain
 * copies the call before it makes it, and does not access the DPC afterwards.
 *
 * Each queue also orders its DPCs by address, in an rbtree. So freed memory is searched in O(log
 * n), memory that only looks like a queued DPC is recognised, and a search for a module's DPCs
 * can drop the lock and resume.
 */
#include <linux/completion.h>
#include <linux/export.h>
#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/rbtree.h>
#include <linux/smp.h>

#include "ex_timer.h"
#include "ke_dispatcher.h"
#include "ke_dpc.h"
#include "ke_tree.h"

#define NTC_DPC_BUDGET	64	/* routines before other softirqs run (starvation) */

DEFINE_PER_CPU(struct ntc_dpc_queue, ntc_dpc_queues);
static DEFINE_MUTEX(ntc_dpc_flush_mutex);

/* Number of queues with a DPC queued. While it is 0, no freed memory holds a queued DPC. */
static atomic_t ntc_dpc_queues_busy;

/*
 * The module that is being unloaded, and whether one of its DPCs has returned since. A DPC
 * belongs to the module if its routine, its KDPC or its context lies in the module's memory.
 *
 * Race: a search of all queues misses a DPC only if one of the module's routines queues it to a
 * queue that was already searched, or sets its timer, and has returned before its own queue is
 * searched (see core/unload.c). Then the drain to which the routine returns sees the module, and
 * the searcher sees @ntc_dpc_watched_returned. Proof: tests/litmus/nt-dpc-watch.litmus.
 */
static struct module *ntc_dpc_watched_module;
static bool ntc_dpc_watched_returned;

bool ntc_dpc_call_is_in(const struct ntc_dpc_call *call, const struct module *mod, ntc_in_fn in)
{
	return in(call->routine, mod) || in(call->dpc, mod) || in(call->context, mod) ||
	       (ntc_ex_timer_owns_routine(call->routine) &&
		ntc_ex_timer_is_in(call->context, mod, in));
}

/* Snapshot: the KDPC is the driver's memory, which may change. */
struct ntc_dpc_call ntc_dpc_call_read(PKDPC dpc)
{
	return (struct ntc_dpc_call){
		.routine = READ_ONCE(dpc->DeferredRoutine),
		.dpc = dpc,
		.context = READ_ONCE(dpc->DeferredContext),
	};
}

/* ---- the queue of a CPU ------------------------------------------------ */

static void *ntc_dpc_data(int cpu)
{
	return (void *)(uintptr_t)(cpu + 1);
}

/* NULL if @data is no value that a queued DPC has in DpcData. */
static struct ntc_dpc_queue *ntc_dpc_queue_of(void *data)
{
	uintptr_t cpu = (uintptr_t)data - 1;

	return cpu < nr_cpu_ids && cpu_possible(cpu) ? per_cpu_ptr(&ntc_dpc_queues, cpu) : NULL;
}

PKDPC ntc_dpc_by_address(const struct rb_node *node)
{
	return node ? CONTAINING_RECORD(node, KDPC, ByAddress) : NULL;
}

static bool ntc_dpc_less(struct rb_node *a, const struct rb_node *b)
{
	return ntc_dpc_by_address(a) < ntc_dpc_by_address(b);
}

static uintptr_t ntc_dpc_address(const struct rb_node *node)
{
	return (uintptr_t)ntc_dpc_by_address(node);
}

/* The first DPC of a queue at or after an address. */
PKDPC ntc_dpc_find_from(struct ntc_dpc_queue *queue, uintptr_t address)
{
	lockdep_assert_held(&queue->lock);
	return ntc_dpc_by_address(ntc_tree_find_from(&queue->by_address, address,
						     ntc_dpc_address));
}

/*
 * Update the queue's busy flag, after the last access to a removed DPC; see ntc_dpc_remove_in().
 * Proof: tests/litmus/nt-busy.litmus.
 */
static void ntc_dpc_update_busy(struct ntc_dpc_queue *queue)
{
	bool busy = !IsListEmpty(&queue->list);

	if (busy == queue->busy)
		return;
	smp_store_release(&queue->busy, busy);	/* pairs with ntc_dpc_remove_in() */
	smp_mb__before_atomic();		/* pairs likewise, for the count */
	atomic_add(busy ? 1 : -1, &ntc_dpc_queues_busy);
}

static void ntc_dpc_link(struct ntc_dpc_queue *queue, PKDPC dpc, bool first)
{
	lockdep_assert_held(&queue->lock);
	if (first)
		InsertHeadList(&queue->list, &dpc->DpcListEntry);
	else
		InsertTailList(&queue->list, &dpc->DpcListEntry);
	rb_add(&dpc->ByAddress, &queue->by_address, ntc_dpc_less);
	ntc_dpc_update_busy(queue);
}

/*
 * As soon as DpcData is NULL, any CPU may queue the DPC again. Proof:
 * tests/litmus/nt-dpc-handover.litmus.
 */
static void ntc_dpc_unlink(struct ntc_dpc_queue *queue, PKDPC dpc)
{
	lockdep_assert_held(&queue->lock);
	RemoveEntryList(&dpc->DpcListEntry);
	rb_erase(&dpc->ByAddress, &queue->by_address);
	smp_store_release(&dpc->DpcData, NULL);	/* pairs with cmpxchg() in ntc_dpc_insert() */
	ntc_dpc_update_busy(queue);
}

/*
 * The running routine, if any, has returned. Interrupts are off, so module memory cannot be freed
 * here.
 */
static void ntc_dpc_returned(struct ntc_dpc_queue *queue)
{
	struct module *watched = READ_ONCE(ntc_dpc_watched_module);

	lockdep_assert_held(&queue->lock);
	if (watched && queue->running.routine &&
	    ntc_dpc_call_is_in(&queue->running, watched, wqc_in_module))
		WRITE_ONCE(ntc_dpc_watched_returned, true);
	queue->running.routine = NULL;
}

/*
 * The routine is called as a function of four arguments, whatever its type is: see core/run.h.
 * Kernel CFI would trap at another type.
 */
static void __nocfi ntc_dpc_drain(struct tasklet_struct *tasklet)
{
	struct ntc_dpc_queue *queue = from_tasklet(queue, tasklet, tasklet);
	void (*routine)(PKDPC dpc, PVOID context, PVOID arg1, PVOID arg2);
	PVOID context, arg1, arg2;
	int budget;
	PKDPC dpc;

	for (budget = NTC_DPC_BUDGET; budget; budget--) {
		raw_spin_lock_irq(&queue->lock);
		ntc_dpc_returned(queue);
		if (IsListEmpty(&queue->list)) {
			raw_spin_unlock_irq(&queue->lock);
			return;
		}
		dpc = CONTAINING_RECORD(queue->list.Flink, KDPC, DpcListEntry);
		queue->running = ntc_dpc_call_read(dpc);
		routine = (void *)queue->running.routine;
		context = queue->running.context;
		arg1 = dpc->SystemArgument1;
		arg2 = dpc->SystemArgument2;
		ntc_dpc_unlink(queue, dpc);
		raw_spin_unlock_irq(&queue->lock);
		smp_mb();	/* DpcData before the routine; pairs with ntc_dpc_insert() */
		routine(dpc, context, arg1, arg2);
	}
	raw_spin_lock_irq(&queue->lock);
	ntc_dpc_returned(queue);
	raw_spin_unlock_irq(&queue->lock);
	tasklet_schedule(&queue->tasklet);
}

/*
 * PREEMPT_RT: a cross-CPU function call must not raise a softirq, because an idle CPU runs the
 * call without an interrupt exit. A hard irq_work raises it instead, and not a thread: a CPU that
 * goes offline parks its threads first, and runs its last function calls and irq_works after
 * that; its tasklets then move to another CPU.
 */
static void ntc_dpc_kick_ipi(void *info)
{
	struct ntc_dpc_queue *queue = info;

	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		irq_work_queue(&queue->kick_irq);
	else
		tasklet_schedule(&queue->tasklet);
}

static void ntc_dpc_kick_irq_work(struct irq_work *work)
{
	struct ntc_dpc_queue *queue = container_of(work, struct ntc_dpc_queue, kick_irq);

	tasklet_schedule(&queue->tasklet);
}

/*
 * The queue of an offline CPU is drained by the CPU that queues to it. -EBUSY: a call is already
 * pending; it starts after this point and sees the new DPC.
 */
static void ntc_dpc_kick(struct ntc_dpc_queue *queue, int cpu)
{
	if (cpu == smp_processor_id() ||
	    smp_call_function_single_async(cpu, &queue->kick) == -ENXIO)
		tasklet_schedule(&queue->tasklet);
}

/*
 * Remove one queued DPC that lies in a range of memory. A queue that is not busy holds none, and
 * its last access to any DPC is complete: the flag is cleared with release semantics after it.
 */
static PKDPC ntc_dpc_remove_in(uintptr_t p, size_t size)
{
	struct ntc_dpc_queue *queue;
	PKDPC dpc, taken = NULL;
	unsigned long flags;
	int cpu;

	if (!atomic_read_acquire(&ntc_dpc_queues_busy))
		return NULL;
	for_each_possible_cpu(cpu) {
		queue = per_cpu_ptr(&ntc_dpc_queues, cpu);
		if (!smp_load_acquire(&queue->busy))	/* pairs with ntc_dpc_update_busy() */
			continue;
		raw_spin_lock_irqsave(&queue->lock, flags);
		dpc = ntc_dpc_find_from(queue, p);
		if (dpc && (uintptr_t)dpc - p < size) {
			ntc_dpc_unlink(queue, dpc);
			taken = dpc;
		}
		raw_spin_unlock_irqrestore(&queue->lock, flags);
		if (taken)
			break;
	}
	return taken;
}

/**
 * ntc_dpc_memory_freed - remove and report queued DPCs in memory that is being freed
 * @p: the memory; still allocated
 * @size: bytes
 * @caller: address in the code that frees it, for the report
 *
 * Context: any, without locks of this module.
 */
void ntc_dpc_memory_freed(void *p, size_t size, void *caller)
{
	PKDPC dpc;

	while ((dpc = ntc_dpc_remove_in((uintptr_t)p, size)))
		wqc_report(WQC_R_DPC_FREED, "DPC %p, memory %p, from %pS", dpc, p, caller);
}

/* Best effort: whether the DPC was initialised. */
bool ntc_dpc_is_valid(const KDPC *dpc)
{
	return dpc->Type == NTC_DPC &&
	       (long)(uintptr_t)READ_ONCE(dpc->DeferredRoutine) < 0;	/* a kernel address */
}

/**
 * KeInitializeDpc - initialise a DPC
 * @Dpc: memory of any kind; not queued. A queued DPC is reported and removed
 * @DeferredRoutine: routine to call
 * @DeferredContext: second argument of the routine
 *
 * Context: any IRQL; here any context.
 *
 * Follows: DDI wdm/nf-wdm-keinitializedpc.
 */
VOID KeInitializeDpc(PRKDPC Dpc, PKDEFERRED_ROUTINE DeferredRoutine, PVOID DeferredContext)
{
	if (ntc_dpc_remove_in((uintptr_t)Dpc, 1))
		wqc_report(WQC_R_DPC_INIT, "DPC %p, from %pS: removed", Dpc, (void *)_RET_IP_);
	Dpc->Type = NTC_DPC;
	Dpc->Importance = MediumImportance;
	Dpc->Number = MAXUSHORT;
	Dpc->DeferredRoutine = DeferredRoutine;
	Dpc->DeferredContext = DeferredContext;
	Dpc->DpcData = NULL;
}
EXPORT_SYMBOL_GPL(KeInitializeDpc);

/* Queue a DPC. Also called for timers, under locks of this module, so nothing is reported. */
bool ntc_dpc_insert(PKDPC dpc, PVOID argument1, PVOID argument2)
{
	struct ntc_dpc_queue *queue;
	unsigned long flags;
	bool inserted;
	int cpu;

	if (!ntc_dpc_is_valid(dpc))
		return false;
	local_irq_save(flags);
	cpu = dpc->Number;
	if (cpu >= nr_cpu_ids || !cpu_online(cpu))
		cpu = smp_processor_id();
	queue = per_cpu_ptr(&ntc_dpc_queues, cpu);
	raw_spin_lock(&queue->lock);
	/* Also orders a cmpxchg() that fails: tests/litmus/nt-dpc-again.litmus. */
	smp_mb__before_atomic();
	inserted = !cmpxchg(&dpc->DpcData, NULL, ntc_dpc_data(cpu));
	if (inserted) {
		dpc->SystemArgument1 = argument1;
		dpc->SystemArgument2 = argument2;
		ntc_dpc_link(queue, dpc, dpc->Importance == HighImportance);
		ntc_dpc_kick(queue, cpu);
	}
	raw_spin_unlock(&queue->lock);
	local_irq_restore(flags);
	return inserted;
}

/**
 * KeInsertQueueDpc - queue a DPC
 * @Dpc: initialised; else reported and not queued. It can be queued again as soon as its
 *	routine has been entered
 * @SystemArgument1: third argument of the routine
 * @SystemArgument2: fourth argument of the routine
 *
 * In process context the routine has usually run when this returns; in other contexts it runs
 * when the CPU processes its softirqs.
 *
 * Context: any IRQL; here any context.
 * Return: TRUE if the DPC was queued; FALSE if it was queued already, and keeps its arguments.
 *
 * Follows: DDI wdm/nf-wdm-keinsertqueuedpc.
 */
BOOLEAN KeInsertQueueDpc(PRKDPC Dpc, PVOID SystemArgument1, PVOID SystemArgument2)
{
	bool inserted;

	if (!ntc_dpc_is_valid(Dpc)) {
		wqc_report(WQC_R_BAD_TIMER, "DPC %p, from %pS", Dpc, (void *)_RET_IP_);
		return FALSE;
	}
	inserted = ntc_dpc_insert(Dpc, SystemArgument1, SystemArgument2);
	/* Process the raised softirq at once, if softirqs are enabled. */
	if (!ntc_is_raised()) {
		local_bh_disable();
		local_bh_enable();
	}
	return inserted;
}
EXPORT_SYMBOL_GPL(KeInsertQueueDpc);

/**
 * KeRemoveQueueDpc - remove a DPC from its queue
 * @Dpc: initialised
 *
 * Does not wait for a routine that runs.
 *
 * Context: any IRQL; here any context.
 * Return: TRUE if the DPC was queued; FALSE if not, also with a report for memory that is no DPC.
 *
 * Follows: DDI wdm/nf-wdm-keremovequeuedpc.
 */
BOOLEAN KeRemoveQueueDpc(PRKDPC Dpc)
{
	struct ntc_dpc_queue *queue;
	unsigned long flags;
	bool removed;
	PVOID data;

	data = READ_ONCE(Dpc->DpcData);
	if (!data)
		return FALSE;
	queue = ntc_dpc_queue_of(data);
	if (!queue) {
		wqc_report(WQC_R_BAD_TIMER, "DPC %p, from %pS", Dpc, (void *)_RET_IP_);
		return FALSE;
	}
	raw_spin_lock_irqsave(&queue->lock, flags);
	/* The DPC may have left this queue, and be on another one, before the lock was taken. */
	removed = ntc_dpc_find_from(queue, (uintptr_t)Dpc) == Dpc;
	if (removed)
		ntc_dpc_unlink(queue, Dpc);
	raw_spin_unlock_irqrestore(&queue->lock, flags);
	return removed;
}
EXPORT_SYMBOL_GPL(KeRemoveQueueDpc);

/**
 * KeSetTargetProcessorDpc - set the CPU of a DPC
 * @Dpc: initialised; takes effect when the DPC is queued next
 * @Number: number of the CPU; an offline CPU stands for the queueing CPU
 *
 * Context: any IRQL; here any context.
 *
 * Follows: DDI ntifs/nf-ntifs-kesettargetprocessordpc.
 */
VOID KeSetTargetProcessorDpc(PRKDPC Dpc, CCHAR Number)
{
	Dpc->Number = (UCHAR)Number;
}
EXPORT_SYMBOL_GPL(KeSetTargetProcessorDpc);

/**
 * KeSetImportanceDpc - set the place of a DPC in its queue
 * @Dpc: initialised
 * @Importance: HighImportance: head of the queue; else its tail
 *
 * Context: any IRQL; here any context.
 *
 * Follows: DDI wdm/nf-wdm-kesetimportancedpc.
 */
VOID KeSetImportanceDpc(PRKDPC Dpc, KDPC_IMPORTANCE Importance)
{
	Dpc->Importance = Importance;
}
EXPORT_SYMBOL_GPL(KeSetImportanceDpc);

static VOID ntc_dpc_flushed(PKDPC Dpc, PVOID DeferredContext, PVOID SystemArgument1,
			    PVOID SystemArgument2)
{
	struct ntc_dpc_queue *queue = DeferredContext;

	complete(&queue->flushed);
}

/**
 * KeFlushQueuedDpcs - wait until all queued and running DPCs have run
 *
 * On every CPU. The flush runs behind the DPCs that are queued now; DPCs of HighImportance that
 * are queued later may run before it. At DISPATCH_LEVEL or above the call is reported (0xB8 in a
 * DPC, else 0xA) and does not wait.
 *
 * Context: IRQL PASSIVE_LEVEL; here process context, sleeps.
 *
 * Follows: DDI wdm/nf-wdm-keflushqueueddpcs.
 */
VOID KeFlushQueuedDpcs(void)
{
	struct ntc_dpc_queue *queue;
	int cpu;
	bool busy;

	if (!wqc_may_sleep(__func__, (void *)_RET_IP_))
		return;
	mutex_lock(&ntc_dpc_flush_mutex);
	for_each_possible_cpu(cpu) {
		queue = per_cpu_ptr(&ntc_dpc_queues, cpu);
		raw_spin_lock_irq(&queue->lock);
		busy = queue->running.routine || !IsListEmpty(&queue->list);
		if (busy) {
			reinit_completion(&queue->flushed);
			queue->flush.DpcData = ntc_dpc_data(cpu);
			ntc_dpc_link(queue, &queue->flush, false);
			ntc_dpc_kick(queue, cpu);
		}
		raw_spin_unlock_irq(&queue->lock);
		if (busy)
			wait_for_completion(&queue->flushed);
	}
	mutex_unlock(&ntc_dpc_flush_mutex);
}
EXPORT_SYMBOL_GPL(KeFlushQueuedDpcs);

/* ---- unloading --------------------------------------------------------- */

/* Record from now on whether a DPC of @mod returns; NULL: stop. */
void ntc_dpc_watch(struct module *mod)
{
	WRITE_ONCE(ntc_dpc_watched_returned, false);
	WRITE_ONCE(ntc_dpc_watched_module, mod);
}

bool ntc_dpc_watch_returned(void)
{
	return READ_ONCE(ntc_dpc_watched_returned);
}

void ntc_dpc_init(void)
{
	struct ntc_dpc_queue *queue;
	int cpu;

	for_each_possible_cpu(cpu) {
		queue = per_cpu_ptr(&ntc_dpc_queues, cpu);
		raw_spin_lock_init(&queue->lock);
		InitializeListHead(&queue->list);
		queue->by_address = RB_ROOT;
		tasklet_setup(&queue->tasklet, ntc_dpc_drain);
		INIT_CSD(&queue->kick, ntc_dpc_kick_ipi, queue);
		queue->kick_irq = IRQ_WORK_INIT_HARD(ntc_dpc_kick_irq_work);
		KeInitializeDpc(&queue->flush, ntc_dpc_flushed, queue);
		init_completion(&queue->flushed);
	}
}

/* No client is loaded, so nothing queues a DPC. */
void ntc_dpc_exit(void)
{
	struct ntc_dpc_queue *queue;
	int cpu;

	/* Two passes: a CPU handles the second IPI after all calls that came with the first one. */
	kick_all_cpus_sync();
	kick_all_cpus_sync();
	for_each_possible_cpu(cpu) {
		queue = per_cpu_ptr(&ntc_dpc_queues, cpu);
		irq_work_sync(&queue->kick_irq);
		tasklet_kill(&queue->tasklet);
	}
}
