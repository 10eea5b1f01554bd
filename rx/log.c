// SPDX-License-Identifier: GPL-2.0
/*
 * The RxLog: one ring buffer for each CPU, written in any context, read in the order of time.
 * A record is formatted when it is logged (rx/format.c), because its string arguments may be
 * freed before it is read.
 */
#include <linux/export.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/printk.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/timekeeping.h>

#include "../core/report.h"
#include "../wq_compat.h"
#include "format.h"
#include "log.h"

#define WQC_LOG_TEXT	(192 - 8 - 2)	/* bytes of a record's text, with its NUL */
#define WQC_LOG_RECORDS	256		/* for each CPU; a power of two */
#define WQC_LOG_KEPT	(WQC_LOG_RECORDS - 1)	/* one may be being written */

static bool rxlog = true;
/* Whether the log of mini-redirectors (RxLog, debugfs wq_compat/rxlog) records: Y or N. */
module_param(rxlog, bool, 0644);
MODULE_PARM_DESC(rxlog, "record what drivers log by RxLog (default on)");

struct wqc_log_record {
	u64 ns;			/* monotonic clock */
	u16 length;
	char text[WQC_LOG_TEXT];
};

/*
 * Bound of a hold of @lock: formatting or copying one record. A conversion reads and pads at most
 * 4096 characters (UNICODE_STRING: 32767), so the bound is proportional to the format's length.
 */
struct wqc_log_ring {
	raw_spinlock_t lock;
	u64 attempts;
	u64 ignored;		/* paused, switched off, or a bad format */
	u64 written;		/* index of the next record, modulo the size */
	struct wqc_log_record records[WQC_LOG_RECORDS];
};

/*
 * The rings stay allocated until wq_compat is unloaded. Freeing them when the last user leaves
 * would be a use-after-free for a record that is being written at that time.
 */
static struct wqc_log_ring **wqc_log_rings;	/* [nr_cpu_ids]; NULL: not made */
static DEFINE_MUTEX(wqc_log_mutex);
static unsigned int wqc_log_users;		/* written under the mutex; read without it */
static bool wqc_log_paused;

/* ---- the rings ----------------------------------------------------------- */

/**
 * _RxLog - write a record into the log
 * @Format: conversions: %d %i %u %x %X, each also with l, w or h, and I64 or ll
 *	for 64 bits; %c %s %p (hashed) %%; %wZ a UNICODE_STRING, %Z one of ASCII
 *	characters; %lN %wN %N a number, %lS %wS %S a string; flags - 0 #, width
 *	and precision, as for wqc_nt_format(). "%S%S%N..." alone is the surrogate form:
 *	the first argument is the format for the others.
 * @...: the arguments
 *
 * Call it through RxLog() or RxLogRetail(). A record is truncated to 181 characters. It is
 * dropped and counted as ignored while the log is not initialised, is paused or is switched off
 * by the parameter rxlog, and if the format has any other conversion.
 *
 * Context: IRQL <= APC_LEVEL on Windows; here any. Allocates nothing.
 *
 * Follows: DDI rxlog/nf-rxlog-_rxlog.
 */
VOID _RxLog(PCSTR Format, ...)
{
	struct wqc_log_record *record;
	/* Pairs with RxInitializeLog(): tests/litmus/rxlog-rings.litmus. */
	struct wqc_log_ring **rings = READ_ONCE(wqc_log_rings);
	struct wqc_log_ring *ring;
	unsigned long flags;
	va_list args;
	int length;

	if (!rings)
		return;
	local_irq_save(flags);
	ring = rings[smp_processor_id()];
	raw_spin_lock(&ring->lock);
	ring->attempts++;
	record = &ring->records[ring->written & (WQC_LOG_RECORDS - 1)];
	if (!READ_ONCE(wqc_log_users) || READ_ONCE(wqc_log_paused) || !READ_ONCE(rxlog)) {
		ring->ignored++;
	} else {
		record->ns = ktime_get_mono_fast_ns();
		va_start(args, Format);
		length = wqc_rx_format(record->text, WQC_LOG_TEXT, Format, args);
		va_end(args);
		if (length >= 0) {
			record->length = length;
			ring->written++;
		} else {
			ring->ignored++;
		}
	}
	raw_spin_unlock(&ring->lock);
	local_irq_restore(flags);
}
EXPORT_SYMBOL_GPL(_RxLog);

/**
 * _RxPauseLog - drop records until _RxResumeLog()
 *
 * Context: any.
 *
 * Follows: rxlog.h.
 */
VOID _RxPauseLog(void)
{
	WRITE_ONCE(wqc_log_paused, true);
}
EXPORT_SYMBOL_GPL(_RxPauseLog);

/**
 * _RxResumeLog - the counterpart of _RxPauseLog()
 *
 * Context: any.
 *
 * Follows: rxlog.h.
 */
VOID _RxResumeLog(void)
{
	WRITE_ONCE(wqc_log_paused, false);
}
EXPORT_SYMBOL_GPL(_RxResumeLog);

static void wqc_log_free(struct wqc_log_ring **rings)
{
	int cpu;

	for (cpu = 0; rings && cpu < nr_cpu_ids; cpu++)
		kvfree(rings[cpu]);
	kfree(rings);
}

static struct wqc_log_ring **wqc_log_make(void)
{
	struct wqc_log_ring **rings = kcalloc(nr_cpu_ids, sizeof(*rings), GFP_KERNEL);
	int cpu;

	for_each_possible_cpu(cpu) {
		if (!rings)
			break;
		rings[cpu] = kvzalloc(sizeof(**rings), GFP_KERNEL);
		if (!rings[cpu]) {
			wqc_log_free(rings);
			return NULL;
		}
		raw_spin_lock_init(&rings[cpu]->lock);
	}
	return rings;
}

/**
 * RxInitializeLog - start the log
 *
 * All redirectors share it. Each calls this at start and RxUninitializeLog() at unload.
 *
 * Context: IRQL PASSIVE_LEVEL; here process context, sleeps.
 * Return: STATUS_SUCCESS; STATUS_INSUFFICIENT_RESOURCES without memory; STATUS_UNSUCCESSFUL,
 * with a report, at DISPATCH_LEVEL or above.
 *
 * Follows: rxlog.h.
 */
NTSTATUS RxInitializeLog(void)
{
	NTSTATUS status = STATUS_SUCCESS;

	if (!wqc_may_sleep(__func__, (void *)_RET_IP_))
		return STATUS_UNSUCCESSFUL;
	mutex_lock(&wqc_log_mutex);
	if (!wqc_log_rings) {
		/* Publishes the rings. Pairs with _RxLog() and wqc_log_is_made(). */
		smp_store_release(&wqc_log_rings, wqc_log_make());
	}
	if (wqc_log_rings)
		WRITE_ONCE(wqc_log_users, wqc_log_users + 1);
	else
		status = STATUS_INSUFFICIENT_RESOURCES;
	mutex_unlock(&wqc_log_mutex);
	return status;
}
EXPORT_SYMBOL_GPL(RxInitializeLog);

/**
 * RxUninitializeLog - the counterpart of RxInitializeLog()
 *
 * After the last redirector's call nothing is recorded; existing records can still be read. At
 * DISPATCH_LEVEL or above the call is reported and does nothing.
 *
 * Context: IRQL PASSIVE_LEVEL; here process context.
 *
 * Follows: rxlog.h.
 */
VOID RxUninitializeLog(void)
{
	if (!wqc_may_sleep(__func__, (void *)_RET_IP_))
		return;
	mutex_lock(&wqc_log_mutex);
	if (wqc_log_users)
		WRITE_ONCE(wqc_log_users, wqc_log_users - 1);
	mutex_unlock(&wqc_log_mutex);
}
EXPORT_SYMBOL_GPL(RxUninitializeLog);

static bool wqc_log_is_made(void)
{
	/* Pairs with the release in RxInitializeLog(). */
	return smp_load_acquire(&wqc_log_rings);
}

/* ---- reading ------------------------------------------------------------- */

/* A copy of a record, and its CPU. */
struct wqc_log_line {
	u64 ns;
	int cpu;
	char text[WQC_LOG_TEXT];
};

/* Copies the oldest record whose number is @at or higher. False: there is none. */
static bool wqc_log_read(struct wqc_log_ring *ring, u64 *at, struct wqc_log_line *line)
{
	struct wqc_log_record *record;
	unsigned long flags;
	bool found = false;

	raw_spin_lock_irqsave(&ring->lock, flags);
	if (ring->written > WQC_LOG_KEPT && *at < ring->written - WQC_LOG_KEPT)
		*at = ring->written - WQC_LOG_KEPT;
	if (*at < ring->written) {
		record = &ring->records[*at & (WQC_LOG_RECORDS - 1)];
		line->ns = record->ns;
		memcpy(line->text, record->text, record->length);
		line->text[record->length] = 0;
		found = true;
	}
	raw_spin_unlock_irqrestore(&ring->lock, flags);
	return found;
}

/* The position of a reader: the number of the next record in each CPU's ring. */
struct wqc_log_reader {
	u64 *at;
	struct wqc_log_line line, best;
};

static bool wqc_log_next(struct wqc_log_reader *reader)
{
	int cpu;

	reader->best.cpu = -1;
	for_each_possible_cpu(cpu) {
		if (!wqc_log_read(wqc_log_rings[cpu], &reader->at[cpu], &reader->line))
			continue;
		if (reader->best.cpu < 0 || reader->line.ns < reader->best.ns) {
			reader->best = reader->line;
			reader->best.cpu = cpu;
		}
	}
	if (reader->best.cpu < 0)
		return false;
	reader->at[reader->best.cpu]++;
	return true;
}

/* Calls @show for the newest @limit records, in the order of time. */
static void wqc_log_each(u64 limit, void (*show)(void *arg, const struct wqc_log_line *line),
			 void *arg)
{
	struct wqc_log_reader *reader = kzalloc(sizeof(*reader), GFP_KERNEL);
	u64 total = 0, seen;
	int cpu;

	if (!reader || !wqc_log_is_made())
		goto free_reader;
	reader->at = kcalloc(nr_cpu_ids, sizeof(*reader->at), GFP_KERNEL);
	if (!reader->at)
		goto free_reader;
	for_each_possible_cpu(cpu)
		total += min_t(u64, READ_ONCE(wqc_log_rings[cpu]->written), WQC_LOG_KEPT);
	for (seen = 0; seen < total && wqc_log_next(reader); seen++)
		if (seen + limit >= total)
			show(arg, &reader->best);
	kfree(reader->at);
free_reader:
	kfree(reader);
}

static void wqc_log_show_line(void *m, const struct wqc_log_line *line)
{
	seq_printf(m, "[%6llu.%06llu] cpu %d: %s\n", line->ns / NSEC_PER_SEC,
		   line->ns % NSEC_PER_SEC / NSEC_PER_USEC, line->cpu, line->text);
}

void wqc_rx_log_show(struct seq_file *m)
{
	u64 attempts = 0, ignored = 0, wrapped = 0, written;
	struct wqc_log_ring *ring;
	int cpu;

	if (wqc_log_is_made()) {
		for_each_possible_cpu(cpu) {
			ring = wqc_log_rings[cpu];
			raw_spin_lock_irq(&ring->lock);
			attempts += ring->attempts;
			ignored += ring->ignored;
			written = ring->written;
			raw_spin_unlock_irq(&ring->lock);
			wrapped += written > WQC_LOG_KEPT ? written - WQC_LOG_KEPT : 0;
		}
	}
	seq_printf(m, "# attempts=%llu ignored=%llu wrapped=%llu state=%s\n", attempts, ignored,
		   wrapped, !READ_ONCE(wqc_log_users) ? "uninitialized" :
		   READ_ONCE(wqc_log_paused) || !READ_ONCE(rxlog) ? "disabled" : "enabled");
	wqc_log_each(U64_MAX / 2, wqc_log_show_line, m);
}

static void wqc_log_print_line(void *unused, const struct wqc_log_line *line)
{
	pr_info("wq_compat: rxlog: [%6llu.%06llu] cpu %d: %s\n", line->ns / NSEC_PER_SEC,
		line->ns % NSEC_PER_SEC / NSEC_PER_USEC, line->cpu, line->text);
}

/**
 * _RxPrintLog - print the log to the kernel log
 * @EntriesToPrint: the number of newest records to print; 0: all
 *
 * Context: IRQL PASSIVE_LEVEL; here process context, sleeps. At DISPATCH_LEVEL or above the
 * call is reported and prints nothing.
 *
 * Follows: rxlog.h.
 */
VOID _RxPrintLog(ULONG EntriesToPrint)
{
	if (!wqc_may_sleep(__func__, (void *)_RET_IP_))
		return;
	wqc_log_each(EntriesToPrint ?: U64_MAX / 2, wqc_log_print_line, NULL);
}
EXPORT_SYMBOL_GPL(_RxPrintLog);

void wqc_rx_log_exit(void)
{
	wqc_log_free(wqc_log_rings);
	wqc_log_rings = NULL;
}
