// SPDX-License-Identifier: GPL-2.0
/*
 * The stall watchdog. A class makes no progress when items wait and none has finished for stall_s:
 * all its runners are blocked in routines, often in a deadlock with one of the waiting items. The
 * report names the first waiting item and the running routines, with their stacks.
 */
#include <linux/jiffies.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/sched/debug.h>
#include <linux/sched/task.h>

#include "../core/names.h"
#include "../core/queue.h"
#include "stall.h"

#define WQC_MAX_CULPRITS	16	/* routines, each with a stack; others are counted */

static unsigned int stall_s = 10;
/*
 * Watchdog for classes: a class in which items wait and none finishes for this many seconds is
 * reported, with the stacks of the routines that occupy its threads. 0 disables the watchdog.
 */
module_param(stall_s, uint, 0644);
MODULE_PARM_DESC(stall_s,
		 "a class in which items wait and none finishes for this many seconds is reported (default 10; 0: never)");

/* The runs of one routine, and the longest of them. */
struct wqc_culprit {
	void *routine;			/* only compared */
	char name[WQC_NAME_SIZE];
	u32 runs;
	unsigned long since;
	struct task_struct *task;	/* a reference is held */
};

/* Private to the keeper. Static, because a shortage of memory may be the reason of the stall. */
static struct wqc_culprit wqc_culprits[WQC_MAX_CULPRITS];
static u32 wqc_nr_culprits, wqc_others;

static void wqc_add_culprit(struct wqc_runner *runner)
{
	struct wqc_culprit *one, *end = wqc_culprits + wqc_nr_culprits;

	for (one = wqc_culprits; one < end; one++)
		if (one->routine == runner->call.routine)
			break;
	if (one == wqc_culprits + WQC_MAX_CULPRITS) {
		wqc_others++;
		return;
	}
	if (one == end) {
		wqc_nr_culprits++;
		*one = (struct wqc_culprit) { .routine = runner->call.routine };
		wqc_name_format(one->name, one->routine);
	}
	one->runs++;
	if (one->task && time_after_eq(runner->since, one->since))
		return;
	if (one->task)
		put_task_struct(one->task);
	one->since = runner->since;
	one->task = get_task_struct(runner->task);
}

/* In an any-CPU pool the queues borrow runners from each other, so those of all queues count. */
static void wqc_find_culprits(struct wqc_queue *stalled)
{
	enum wqc_pool_id id = stalled->pool - wqc_pools;
	struct wqc_runner *runner;
	struct wqc_queue *queue;
	int cpu;

	wqc_nr_culprits = 0;
	wqc_others = 0;
	for_each_possible_cpu(cpu) {
		queue = wqc_queue_of(id, cpu);
		if (queue != stalled && !stalled->pool->any_cpu)
			continue;
		wqc_queue_lock_irq(queue);
		list_for_each_entry(runner, &queue->runners, all)
			if (wqc_runner_is_running(runner))
				wqc_add_culprit(runner);
		wqc_queue_unlock_irq(queue);
	}
}

/*
 * Prints names, not addresses of routines: the modules may be gone by now. The names were looked
 * up under the queue's lock, while the waiting items and the runners kept the modules loaded.
 */
static void wqc_stall_warn(struct wqc_queue *queue, const char *first, u32 depth, u32 seconds)
{
	struct wqc_culprit *one;

	pr_warn("wq_compat: class %s, CPU %d: %u items wait, first for routine %s; none has finished for %u s; %u of at most %u runners%s\n",
		queue->pool->name, queue->cpu, depth, first, seconds,
		wqc_queue_count_runners(queue), READ_ONCE(queue->pool->limit),
		queue->pool->any_cpu ? " on all CPUs" : "");
	wqc_find_culprits(queue);
	for (one = wqc_culprits; one < wqc_culprits + wqc_nr_culprits; one++) {
		pr_warn("wq_compat: class %s: %u runs of routine %s, longest %u ms, pid %d:\n",
			queue->pool->name, one->runs, one->name,
			jiffies_to_msecs(jiffies - one->since), one->task->pid);
		sched_show_task(one->task);
		put_task_struct(one->task);
	}
	if (wqc_others)
		pr_warn("wq_compat: class %s: %u runs of other routines\n", queue->pool->name,
			wqc_others);
}

/**
 * wqc_stall_check - report a queue that makes no progress
 * @queue: checked once a second
 *
 * Context: process, the keeper's.
 */
void wqc_stall_check(struct wqc_queue *queue)
{
	unsigned long limit = (unsigned long)READ_ONCE(stall_s) * HZ;
	bool say = false;
	char first[WQC_NAME_SIZE] = "?";
	u32 depth, ms = 0;
	u64 progress;

	wqc_queue_lock_irq(queue);
	depth = queue->depth;
	/* 0 if no item waits, so that an item queued later counts from the next check on. */
	progress = depth ? 1 + queue->finished + queue->counter[WQC_TAKEN_BACK] : 0;
	if (!depth || progress != queue->stall.progress) {
		queue->stall.progress = progress;
		queue->stall.since = jiffies;
		queue->stall.warn_at = jiffies + limit;
	} else if (limit && time_after_eq(jiffies, queue->stall.since + limit)) {
		say = time_after_eq(jiffies, queue->stall.warn_at);
		if (say)
			queue->stall.warn_at = jiffies + WQC_WARN_AGAIN;
		if (queue->ring)
			wqc_name_format(first, READ_ONCE(queue->ring->head->WorkerRoutine));
		ms = jiffies_to_msecs(jiffies - queue->stall.since);
	}
	wqc_queue_unlock_irq(queue);

	if (say)
		wqc_stall_warn(queue, first, depth, ms / MSEC_PER_SEC);
}
