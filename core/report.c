// SPDX-License-Identifier: GPL-2.0
/*
 * The way from a place that finds a misuse to what counts and prints it, diag/verifier.c.
 */
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/preempt.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>

#include "ops.h"
#include "report.h"

/**
 * wqc_report - count a misuse, and report it as the parameter verifier says
 * @id: the misuse
 * @fmt: the routine, item or caller that it is about
 *
 * Context: any, with no lock of ours held: a report may be a panic.
 */
void wqc_report(enum wqc_report_id id, const char *fmt, ...)
{
	struct va_format vaf = { .fmt = fmt };
	va_list args;

	va_start(args, fmt);
	vaf.va = &args;
	if (wqc_ops.report)
		wqc_ops.report(id, &vaf);
	va_end(args);
}
EXPORT_SYMBOL_GPL(wqc_report);

/* A preemption count is seen on kernels that keep one; softirqs are counted on all. */
static bool wqc_is_atomic(void)
{
	return in_nmi() || in_hardirq() || irqs_disabled() || softirq_count() ||
	       preempt_count() & PREEMPT_MASK || rcu_preempt_depth() > 0;
}

/**
 * wqc_may_sleep - report a call that may sleep where its caller must not
 * @call: the call's name
 * @caller: an address in who calls
 *
 * Hazard: schedule() in a softirq, or with softirqs, preemption or interrupts off, is a panic,
 * a thread that never runs again or a count that is off from then on, without a word of whose
 * fault it is. So each call that may sleep asks before anything else, and does not sleep if the
 * answer is no.
 *
 * Context: any, with no lock of ours held.
 * Return: false, with a report: the caller must not sleep.
 */
bool wqc_may_sleep(const char *call, void *caller)
{
	if (likely(!wqc_is_atomic())) {
		might_sleep();
		return true;
	}
	if (in_serving_softirq() && !in_hardirq() && !in_nmi())
		wqc_report(WQC_R_SLEEP_IN_DPC, "%s, from %pS", call, caller);
	else
		wqc_report(WQC_R_SLEEP_RAISED, "%s, from %pS", call, caller);
	return false;
}
EXPORT_SYMBOL_GPL(wqc_may_sleep);
