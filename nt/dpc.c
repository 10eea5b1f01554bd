// SPDX-License-Identifier: GPL-2.0
/*
 * DPCs: a queue for each CPU, emptied in softirq context, which is what
 * DISPATCH_LEVEL is here.
 *
 * A routine may queue its own DPC again, or free the memory that it lies in: what
 * is needed is copied before the call, and the DPC is not looked at afterwards.
 */
#include <linux/completion.h>
#include <linux/export.h>
#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/smp.h>

#include "nt_internal.h"

#define WQC_DPC_BUDGET	64	/* routines in a row, before others have a softirq */

struct wqc_dpc_queue {
	raw_spinlock_t lock;
	LIST_ENTRY list;		/* under lock */
	PKDEFERRED_ROUTINE running;	/* under lock */
	struct tasklet_struct tasklet;
	call_single_data_t kick;
	struct irq_work kick_irq;	/* PREEMPT_RT */
	KDPC flush;			/* under wqc_flush_mutex */
	struct completion flushed;
};

static DEFINE_PER_CPU(struct wqc_dpc_queue, wqc_dpc_queues);
static DEFINE_MUTEX(wqc_flush_mutex);

/*
 * A module that is being unloaded; whether a DPC of its has returned since.
 *
 * A search of all queues can miss a DPC only if a routine of the module queues it to a queue
 * that was searched, or sets its timer, and has returned when its own queue is searched: see
 * unload.c. The routine took that queue's lock, or the timer's, after the searcher, who had
 * written @wqc_dpc_watched before; so the drain that it returns to reads it, by the same chain,
 * and writes @wqc_dpc_ended under the lock of its own queue, which the searcher takes next.
 */
static struct module *wqc_dpc_watched;
static bool wqc_dpc_ended;

static bool wqc_dpc_is_of(PKDEFERRED_ROUTINE routine, struct module *mod)
{
	return within_module((unsigned long)routine, mod);
}

/* What ran, if anything, has returned. With interrupts off no module is freed. */
static void wqc_dpc_returned(struct wqc_dpc_queue *queue)
{
	struct module *watched = READ_ONCE(wqc_dpc_watched);

	lockdep_assert_held(&queue->lock);
	if (watched && queue->running && wqc_dpc_is_of(queue->running, watched))
		WRITE_ONCE(wqc_dpc_ended, true);
	queue->running = NULL;
}

/*
 * Called as a function of four arguments, whatever it is in truth: see wq_run.h.
 * Kernel CFI would trap at a type that differs.
 */
static void __nocfi wqc_dpc_drain(struct tasklet_struct *tasklet)
{
	struct wqc_dpc_queue *queue = from_tasklet(queue, tasklet, tasklet);
	void (*routine)(PKDPC dpc, PVOID context, PVOID arg1, PVOID arg2);
	PVOID context, arg1, arg2;
	int budget;
	PKDPC dpc;

	for (budget = WQC_DPC_BUDGET; budget; budget--) {
		raw_spin_lock_irq(&queue->lock);
		wqc_dpc_returned(queue);
		if (IsListEmpty(&queue->list)) {
			raw_spin_unlock_irq(&queue->lock);
			return;
		}
		dpc = CONTAINING_RECORD(RemoveHeadList(&queue->list), KDPC, DpcListEntry);
		routine = (void *)dpc->DeferredRoutine;
		context = dpc->DeferredContext;
		arg1 = dpc->SystemArgument1;
		arg2 = dpc->SystemArgument2;
		queue->running = dpc->DeferredRoutine;
		/* From here on it may be queued again, by anyone. */
		smp_store_release(&dpc->DpcData, NULL);
		raw_spin_unlock_irq(&queue->lock);
		routine(dpc, context, arg1, arg2);
	}
	raw_spin_lock_irq(&queue->lock);
	wqc_dpc_returned(queue);
	raw_spin_unlock_irq(&queue->lock);
	tasklet_schedule(&queue->tasklet);
}

/*
 * On PREEMPT_RT a function call may raise no softirq: an idle CPU makes it without going
 * through an interrupt's exit. There an interrupt of its own raises it, and no thread: a CPU
 * that goes down parks its threads, and makes its last calls and interrupts afterwards; the
 * tasklet goes to another CPU then.
 */
static void wqc_dpc_kicked(void *info)
{
	struct wqc_dpc_queue *queue = info;

	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		irq_work_queue(&queue->kick_irq);
	else
		tasklet_schedule(&queue->tasklet);
}

static void wqc_dpc_kicked_irq(struct irq_work *work)
{
	struct wqc_dpc_queue *queue = container_of(work, struct wqc_dpc_queue, kick_irq);

	tasklet_schedule(&queue->tasklet);
}

/*
 * The queue of a CPU that is gone is emptied by whichever CPU puts something on it.
 * A call that is pending already, -EBUSY, begins after this and finds what we put.
 */
static void wqc_dpc_kick(struct wqc_dpc_queue *queue, int cpu)
{
	if (cpu == smp_processor_id() ||
	    smp_call_function_single_async(cpu, &queue->kick) == -ENXIO)
		tasklet_schedule(&queue->tasklet);
}

/**
 * KeInitializeDpc - initialise a DPC
 * @Dpc: memory of any kind; not queued
 * @DeferredRoutine: what to call
 * @DeferredContext: its second argument
 *
 * Context: any IRQL; any.
 *
 * Follows: DDI wdm/nf-wdm-keinitializedpc.
 */
VOID KeInitializeDpc(PRKDPC Dpc, PKDEFERRED_ROUTINE DeferredRoutine, PVOID DeferredContext)
{
	Dpc->Type = WQC_DPC;
	Dpc->Importance = MediumImportance;
	Dpc->Number = MAXUSHORT;
	Dpc->DeferredRoutine = DeferredRoutine;
	Dpc->DeferredContext = DeferredContext;
	Dpc->DpcData = NULL;
}
EXPORT_SYMBOL_GPL(KeInitializeDpc);

/**
 * KeInsertQueueDpc - queue a DPC
 * @Dpc: initialised. It may be queued again when its routine was entered
 * @SystemArgument1: the routine's third argument
 * @SystemArgument2: the routine's fourth
 *
 * From process context the routine has mostly run when this returns; otherwise it
 * runs when the CPU comes to its softirqs.
 *
 * Context: any IRQL; any.
 * Return: FALSE if it was queued already; its arguments are then the old ones.
 *
 * Follows: DDI wdm/nf-wdm-keinsertqueuedpc.
 */
BOOLEAN KeInsertQueueDpc(PRKDPC Dpc, PVOID SystemArgument1, PVOID SystemArgument2)
{
	struct wqc_dpc_queue *queue;
	unsigned long flags;
	bool inserted;
	int cpu;

	local_irq_save(flags);
	cpu = Dpc->Number;
	if (cpu >= nr_cpu_ids || !cpu_online(cpu))
		cpu = smp_processor_id();
	queue = per_cpu_ptr(&wqc_dpc_queues, cpu);
	raw_spin_lock(&queue->lock);
	inserted = !cmpxchg(&Dpc->DpcData, NULL, (PVOID)queue);
	if (inserted) {
		Dpc->SystemArgument1 = SystemArgument1;
		Dpc->SystemArgument2 = SystemArgument2;
		if (Dpc->Importance == HighImportance)
			InsertHeadList(&queue->list, &Dpc->DpcListEntry);
		else
			InsertTailList(&queue->list, &Dpc->DpcListEntry);
		wqc_dpc_kick(queue, cpu);
	}
	raw_spin_unlock(&queue->lock);
	local_irq_restore(flags);
	/* What was raised here is due as soon as softirqs may run: now. */
	if (KeGetCurrentIrql() == PASSIVE_LEVEL) {
		local_bh_disable();
		local_bh_enable();
	}
	return inserted;
}
EXPORT_SYMBOL_GPL(KeInsertQueueDpc);

/**
 * KeRemoveQueueDpc - take a DPC back
 * @Dpc: initialised
 *
 * Context: any IRQL; any. Does not wait for a routine that runs.
 * Return: TRUE if it was queued.
 *
 * Follows: DDI wdm/nf-wdm-keremovequeuedpc.
 */
BOOLEAN KeRemoveQueueDpc(PRKDPC Dpc)
{
	struct wqc_dpc_queue *queue;
	unsigned long flags;
	bool removed = false;

	queue = READ_ONCE(Dpc->DpcData);
	if (!queue)
		return FALSE;
	raw_spin_lock_irqsave(&queue->lock, flags);
	/* Under the lock: it is there, or it was taken off and is perhaps elsewhere. */
	if (Dpc->DpcData == queue) {
		RemoveEntryList(&Dpc->DpcListEntry);
		/* As in wqc_dpc_drain(): from here on it may be queued again. */
		smp_store_release(&Dpc->DpcData, NULL);
		removed = true;
	}
	raw_spin_unlock_irqrestore(&queue->lock, flags);
	return removed;
}
EXPORT_SYMBOL_GPL(KeRemoveQueueDpc);

/**
 * KeSetTargetProcessorDpc - choose the CPU of a DPC
 * @Dpc: initialised; counts from the next time it is queued
 * @Number: of the CPU; one that is not online: the queueing CPU
 *
 * Context: any IRQL; any.
 *
 * Follows: DDI ntifs/nf-ntifs-kesettargetprocessordpc.
 */
VOID KeSetTargetProcessorDpc(PRKDPC Dpc, CCHAR Number)
{
	Dpc->Number = (UCHAR)Number;
}
EXPORT_SYMBOL_GPL(KeSetTargetProcessorDpc);

/**
 * KeSetImportanceDpc - choose where a DPC is queued
 * @Dpc: initialised
 * @Importance: HighImportance: at the head; else at the tail
 *
 * Context: any IRQL; any.
 *
 * Follows: DDI wdm/nf-wdm-kesetimportancedpc.
 */
VOID KeSetImportanceDpc(PRKDPC Dpc, KDPC_IMPORTANCE Importance)
{
	Dpc->Importance = Importance;
}
EXPORT_SYMBOL_GPL(KeSetImportanceDpc);

static VOID wqc_dpc_flushed(PKDPC Dpc, PVOID DeferredContext, PVOID SystemArgument1,
			    PVOID SystemArgument2)
{
	struct wqc_dpc_queue *queue = DeferredContext;

	complete(&queue->flushed);
}

/**
 * KeFlushQueuedDpcs - wait until the DPCs that are queued have run
 *
 * Those on every CPU, and those that run. What it waits for runs before any that
 * is queued later, but for those of HighImportance.
 *
 * Context: IRQL PASSIVE_LEVEL; here process, sleeps.
 *
 * Follows: DDI wdm/nf-wdm-keflushqueueddpcs.
 */
VOID KeFlushQueuedDpcs(void)
{
	struct wqc_dpc_queue *queue;
	int cpu;
	bool busy;

	mutex_lock(&wqc_flush_mutex);
	for_each_possible_cpu(cpu) {
		queue = per_cpu_ptr(&wqc_dpc_queues, cpu);
		raw_spin_lock_irq(&queue->lock);
		busy = queue->running || !IsListEmpty(&queue->list);
		if (busy) {
			reinit_completion(&queue->flushed);
			queue->flush.DpcData = queue;
			InsertTailList(&queue->list, &queue->flush.DpcListEntry);
			wqc_dpc_kick(queue, cpu);
		}
		raw_spin_unlock_irq(&queue->lock);
		if (busy)
			wait_for_completion(&queue->flushed);
	}
	mutex_unlock(&wqc_flush_mutex);
}
EXPORT_SYMBOL_GPL(KeFlushQueuedDpcs);

/* ---- unloading ----------------------------------------------------------- */

/* Note from now on whether a DPC of the module returns; NULL: no more. */
void wqc_dpc_watch(struct module *mod)
{
	WRITE_ONCE(wqc_dpc_ended, false);
	WRITE_ONCE(wqc_dpc_watched, mod);
}

bool wqc_dpc_ran(void)
{
	return READ_ONCE(wqc_dpc_ended);
}

/* Whether a DPC of the module is queued or runs, and which routine. */
bool wqc_dpc_find(struct module *mod, void **routine)
{
	struct wqc_dpc_queue *queue;
	bool found = false;
	PLIST_ENTRY at;
	PKDPC dpc;
	int cpu;

	for_each_possible_cpu(cpu) {
		queue = per_cpu_ptr(&wqc_dpc_queues, cpu);
		raw_spin_lock_irq(&queue->lock);
		if (queue->running && wqc_dpc_is_of(queue->running, mod)) {
			*routine = queue->running;
			found = true;
		}
		for (at = queue->list.Flink; at != &queue->list && !found; at = at->Flink) {
			dpc = CONTAINING_RECORD(at, KDPC, DpcListEntry);
			if (!wqc_dpc_is_of(dpc->DeferredRoutine, mod))
				continue;
			*routine = dpc->DeferredRoutine;
			found = true;
		}
		raw_spin_unlock_irq(&queue->lock);
		if (found)
			break;
	}
	return found;
}

void wqc_dpc_init(void)
{
	struct wqc_dpc_queue *queue;
	int cpu;

	for_each_possible_cpu(cpu) {
		queue = per_cpu_ptr(&wqc_dpc_queues, cpu);
		raw_spin_lock_init(&queue->lock);
		InitializeListHead(&queue->list);
		tasklet_setup(&queue->tasklet, wqc_dpc_drain);
		INIT_CSD(&queue->kick, wqc_dpc_kicked, queue);
		queue->kick_irq = IRQ_WORK_INIT_HARD(wqc_dpc_kicked_irq);
		KeInitializeDpc(&queue->flush, wqc_dpc_flushed, queue);
		init_completion(&queue->flushed);
	}
}

/* No client is loaded any more, so nothing queues a DPC. */
void wqc_dpc_exit(void)
{
	struct wqc_dpc_queue *queue;
	int cpu;

	/* The second's calls are made when all that came along with the first's is done. */
	kick_all_cpus_sync();
	kick_all_cpus_sync();
	for_each_possible_cpu(cpu) {
		queue = per_cpu_ptr(&wqc_dpc_queues, cpu);
		irq_work_sync(&queue->kick_irq);
		tasklet_kill(&queue->tasklet);
	}
}
