// SPDX-License-Identifier: GPL-2.0
/*
 * The files in debugfs, wq_compat/. The comment of each NAME_show() is its page in docs/abi/.
 *
 * All numbers of a queue are read in one hold of its lock. Bound of a hold: the runners of one
 * queue, at most max_runners_any, max_runners_cpu or max_runners_rt; WQC_SHOW_RUNNING of them are
 * named.
 */
#include <linux/debugfs.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../core/cache.h"
#include "../core/heal.h"
#include "../core/names.h"
#include "../core/object.h"
#include "../core/queue.h"
#include "../core/unload.h"
#include "../rx/log.h"
#include "../rx/pending.h"
#include "stats.h"
#include "verifier.h"

struct dentry *wqc_debugfs;

/* A queue's numbers, read in one hold of its lock so that queued = started + taken + depth. */
struct wqc_snapshot {
	u64 queued, started, finished, cumulative, kicks;
	u64 counter[WQC_NR_COUNTERS];
	u32 depth, peak_depth, idle, runners, peak_busy;
	u32 wait_hist[WQC_HIST_BUCKETS];
	u32 run_hist[WQC_HIST_BUCKETS];
};

static void wqc_read_queue(struct wqc_queue *queue, struct wqc_snapshot *snap)
{
	struct wqc_runner *runner;

	wqc_heal_queue(queue);	/* counts lost wake-ups up to now, not up to the last second */
	wqc_queue_lock_irq(queue);
	snap->started = queue->finished;
	list_for_each_entry(runner, &queue->runners, all)
		snap->started += wqc_runner_is_running(runner);
	snap->queued = snap->started + queue->counter[WQC_TAKEN_BACK] + queue->depth;
	snap->finished = queue->finished;
	snap->cumulative = queue->cumulative;
	snap->kicks = queue->kicks;
	memcpy(snap->counter, queue->counter, sizeof(snap->counter));
	wqc_queue_note_depth(queue);
	snap->depth = queue->depth;
	snap->peak_depth = queue->peak_depth;
	snap->idle = queue->nr_idle;
	snap->runners = queue->nr_runners;
	snap->peak_busy = queue->peak_busy;
	memcpy(snap->wait_hist, queue->wait_hist, sizeof(snap->wait_hist));
	memcpy(snap->run_hist, queue->run_hist, sizeof(snap->run_hist));
	wqc_queue_unlock_irq(queue);
}

/* bucket:count, where the bucket n starts at 2^n nanoseconds */
static void wqc_show_hist(struct seq_file *m, const char *name, const u32 *hist)
{
	int i;

	seq_printf(m, " %s=", name);
	for (i = 0; i < WQC_HIST_BUCKETS; i++)
		if (hist[i])
			seq_printf(m, "%d:%u,", i, hist[i]);
}

static const char wqc_queues_legend[] =
	"# queued started finished: items; taken: freed or cancelled before the start;\n"
	"# refused: queue calls; depth: items waiting now, most, sum over queue calls;\n"
	"# idle busy peak: runners; kicks: runners woken; grown shrunk replaced: runners;\n"
	"# runaways: routines that kept their CPU; hogs: times that items in a row did;\n"
	"# wait run: sampled times, 2^n nanoseconds:count; failed: runners, for want of memory;\n"
	"# healed: lost wake-ups that were repaired, faults of wq_compat\n";

/*
 * The counters of each queue, that is a class on a CPU, that has a runner or had an item: a legend,
 * then a line for each queue. All numbers of a line are of one moment:
 * queued = started + taken + depth.
 *
 * @class: Delayed, Critical, HyperCritical, RxDelayed or RxCritical
 * @cpu: the queue's CPU
 * @queued: items that were queued
 * @started: items whose routine was entered
 * @finished: items whose routine has returned
 * @taken: items that were freed or cancelled before their start
 * @refused: queue calls that were refused
 * @depth: items that wait now
 * @peak_depth: the most items that waited; sampled, so a short peak can be missed
 * @cumulative: at each queue call the items that waited already, summed up
 * @idle: runners without an item
 * @busy: runners that run an item
 * @peak_busy: the most runners that ran an item at the same time
 * @kicks: how often a runner was woken
 * @grown: runners that were made when they were needed
 * @shrunk: surplus runners that were freed
 * @replaced: runners whose thread a routine has ended
 * @runaways: HyperCritical routines that kept their CPU for runaway_ms
 * @hogs: rows of HyperCritical items that kept their CPU, none of them for that long
 * @wait: sampled times from queue call to routine: n:count, for times of 2^n ns and more
 * @run: sampled times of routines, in the same form
 * @failed: attempts to make a runner that failed for want of memory
 * @healed: lost wake-ups that were repaired, each a fault of wq_compat
 */
static int queues_show(struct seq_file *m, void *unused)
{
	struct wqc_snapshot *snap = kmalloc(sizeof(*snap), GFP_KERNEL);
	int cpu, id;

	if (!snap)
		return -ENOMEM;
	seq_puts(m, wqc_queues_legend);
	for (id = 0; id < WQC_NR_POOLS; id++) {
		for_each_possible_cpu(cpu) {
			wqc_read_queue(wqc_queue_of(id, cpu), snap);
			if (!snap->runners && !snap->queued)
				continue;
			seq_printf(m, "class=%s cpu=%d queued=%llu started=%llu finished=%llu taken=%llu refused=%llu",
				   wqc_pools[id].name, cpu, snap->queued, snap->started,
				   snap->finished, snap->counter[WQC_TAKEN_BACK],
				   snap->counter[WQC_REFUSED]);
			seq_printf(m, " depth=%u peak_depth=%u cumulative=%llu idle=%u busy=%u peak_busy=%u kicks=%llu",
				   snap->depth, snap->peak_depth, snap->cumulative, snap->idle,
				   snap->runners - snap->idle, snap->peak_busy, snap->kicks);
			seq_printf(m, " grown=%llu shrunk=%llu replaced=%llu runaways=%llu hogs=%llu",
				   snap->counter[WQC_GROWN], snap->counter[WQC_SHRUNK],
				   snap->counter[WQC_REPLACED], snap->counter[WQC_RUNAWAYS],
				   snap->counter[WQC_HOGS]);
			wqc_show_hist(m, "wait", snap->wait_hist);
			wqc_show_hist(m, "run", snap->run_hist);
			seq_printf(m, " failed=%llu healed=%llu\n", snap->counter[WQC_NOT_MADE],
				   snap->counter[WQC_HEALED]);
		}
	}
	kfree(snap);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(queues);

/* The most runners that are named in one hold of a lock; the others are counted. */
#define WQC_SHOW_RUNNING	32

struct wqc_running {
	void *routine;
	unsigned long since;
	pid_t pid;
};

static void wqc_show_running(struct seq_file *m, struct wqc_queue *queue,
			     struct wqc_running *running)
{
	struct wqc_runner *runner;
	u32 count = 0, left_out = 0, i;
	char name[WQC_NAME_SIZE];

	wqc_queue_lock_irq(queue);
	list_for_each_entry(runner, &queue->runners, all) {
		if (!wqc_runner_is_running(runner))
			continue;
		if (count == WQC_SHOW_RUNNING) {
			left_out++;
			continue;
		}
		running[count].routine = runner->call.routine;
		running[count].since = runner->since;
		running[count].pid = runner->task->pid;
		count++;
	}
	/*
	 * Names are printed under the lock: an unload searches the runners under the same lock,
	 * so the routine's module stays loaded until the unlock.
	 */
	for (i = 0; i < count; i++) {
		wqc_name_format(name, running[i].routine);
		seq_printf(m, "%-13s %3d %7d %8u %s\n", queue->pool->name, queue->cpu,
			   running[i].pid, jiffies_to_msecs(jiffies - running[i].since), name);
	}
	wqc_queue_unlock_irq(queue);
	if (left_out)
		seq_printf(m, "%-13s %3d and %u more\n", queue->pool->name, queue->cpu, left_out);
}

/*
 * The routines that run now: a line of titles, then for each its class, its CPU, the pid of its
 * thread, for how many milliseconds it has been running, and its name with its module. Of a queue
 * at most 32 are named; a line "and N more" counts the others.
 */
static int running_show(struct seq_file *m, void *unused)
{
	struct wqc_running *running = kmalloc_array(WQC_SHOW_RUNNING, sizeof(*running), GFP_KERNEL);
	int cpu, id;

	if (!running)
		return -ENOMEM;
	seq_puts(m, "class         cpu     pid       ms routine\n");
	for (id = 0; id < WQC_NR_POOLS; id++)
		for_each_possible_cpu(cpu)
			wqc_show_running(m, wqc_queue_of(id, cpu), running);
	kfree(running);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(running);

/* The drivers of a class that are listed; the items of others are in one row. */
#define WQC_SHOW_DRIVERS	64

struct wqc_driver_row {
	struct module *mod;		/* NULL: items without a device or driver */
	char name[MODULE_NAME_LEN];
	u32 waiting, running;
};

struct wqc_driver_rows {
	struct wqc_driver_row row[WQC_SHOW_DRIVERS + 1];	/* the last one: others */
	u32 count;
};

/*
 * The row of a driver, which has an item in a queue whose lock is held: an unload would take the
 * lock before it frees the name.
 */
static struct wqc_driver_row *wqc_driver_row_of(struct wqc_driver_rows *rows,
						struct module *mod)
{
	struct wqc_driver_row *row;

	for (row = rows->row; row < rows->row + rows->count; row++)
		if (row->mod == mod)
			return row;
	if (rows->count == WQC_SHOW_DRIVERS) {
		strscpy(row->name, "(others)", sizeof(row->name));
		return row;
	}
	rows->count++;
	row->mod = mod;
	strscpy(row->name, mod ? module_name(mod) : "-", sizeof(row->name));
	return row;
}

static void wqc_driver_count_waiting(void *data, struct module *mod)
{
	wqc_driver_row_of(data, mod)->waiting++;
}

static void wqc_driver_count_running(struct wqc_queue *queue, struct wqc_driver_rows *rows)
{
	struct wqc_runner *runner;

	wqc_queue_lock_irq(queue);
	list_for_each_entry(runner, &queue->runners, all)
		if (wqc_runner_is_running(runner))
			wqc_driver_row_of(rows, wqc_ref_owner(runner->call.ref))->running++;
	wqc_queue_unlock_irq(queue);
}

/*
 * The items that wait and that run, by driver: a legend, then a line for each class and driver. The
 * turns of a class are between its drivers (docs/semantics.md, CL22), so this shows who is behind
 * whom. Items without a device or driver (Ex*) have the driver "-". Of a class 64 drivers are
 * listed; the items of the others are in the line of "(others)". An item that starts while the file
 * is read can be counted twice, or not at all.
 *
 * @class: Delayed, Critical, HyperCritical, RxDelayed or RxCritical
 * @driver: the module of the driver
 * @waiting: its items that wait
 * @running: its items that run
 */
static int drivers_show(struct seq_file *m, void *unused)
{
	struct wqc_driver_rows *rows = kmalloc(sizeof(*rows), GFP_KERNEL);
	struct wqc_driver_row *row;
	int cpu, id;

	if (!rows)
		return -ENOMEM;
	seq_puts(m, "# items that wait and run, by the module of their driver; -: items without one\n");
	for (id = 0; id < WQC_NR_POOLS; id++) {
		memset(rows, 0, sizeof(*rows));
		for_each_possible_cpu(cpu) {
			wqc_driver_count_running(wqc_queue_of(id, cpu), rows);
			wqc_queue_visit(wqc_queue_of(id, cpu), wqc_driver_count_waiting, rows);
		}
		for (row = rows->row; row <= rows->row + rows->count; row++)
			if (row->waiting || row->running)
				seq_printf(m, "class=%s driver=%s waiting=%u running=%u\n",
					   wqc_pools[id].name, row->name, row->waiting,
					   row->running);
	}
	kfree(rows);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(drivers);

/*
 * Driver and device objects of clients: a line of titles, then for each its type, its address
 * (hashed), the module that made it, and "live", or "delete pending" while a reference keeps it.
 */
static int objects_show(struct seq_file *m, void *unused)
{
	wqc_objects_show(m);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(objects);

/*
 * Misuse by drivers: a line of titles, then for each report its count, Windows' bug check code, and
 * the report's name as in docs/debugging.md. All reports are listed; most have the count 0.
 */
static int reports_show(struct seq_file *m, void *unused)
{
	wqc_reports_show(m);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(reports);

/*
 * The memory of items that the module allocates itself: a line for all, then one for each CPU.
 *
 * @entries: entries that exist, in use or spare
 * @cpu: the CPU
 * @spare: entries that a queue call on this CPU can take without allocating
 * @given: surplus entries that this CPU has given back for others
 * @interrupts: interrupts that made it do so
 */
static int items_show(struct seq_file *m, void *unused)
{
	wqc_cache_show(m);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(items);

/*
 * What mini-redirectors have logged by RxLog: counters, then the lines that are kept, the oldest
 * first, each with its time and its CPU.
 *
 * @attempts: lines that drivers have logged
 * @ignored: lines that came while the log was off or paused, or whose format is bad
 * @wrapped: lines that were overwritten by later ones
 * @state: uninitialized (no driver has called RxInitializeLog), enabled, or disabled
 */
static int rxlog_show(struct seq_file *m, void *unused)
{
	wqc_rx_log_show(m);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(rxlog);

/*
 * Timer requests of mini-redirectors: a legend, then one line.
 *
 * @pending: requests that are not due yet
 * @most_visited: the most requests visited in one hold of the lock, or by one interrupt
 */
static int timers_show(struct seq_file *m, void *unused)
{
	wqc_timers_show(m);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(timers);

/* Best effort: on kernels without debugfs these calls do nothing. */
void wqc_stats_init(void)
{
	wqc_debugfs = debugfs_create_dir("wq_compat", NULL);
	debugfs_create_file("queues", 0400, wqc_debugfs, NULL, &queues_fops);
	debugfs_create_file("running", 0400, wqc_debugfs, NULL, &running_fops);
	debugfs_create_file("drivers", 0400, wqc_debugfs, NULL, &drivers_fops);
	debugfs_create_file("objects", 0400, wqc_debugfs, NULL, &objects_fops);
	debugfs_create_file("reports", 0400, wqc_debugfs, NULL, &reports_fops);
	debugfs_create_file("items", 0400, wqc_debugfs, NULL, &items_fops);
	debugfs_create_file("rxlog", 0400, wqc_debugfs, NULL, &rxlog_fops);
	debugfs_create_file("timers", 0400, wqc_debugfs, NULL, &timers_fops);
}

void wqc_stats_exit(void)
{
	debugfs_remove_recursive(wqc_debugfs);
}
