// SPDX-License-Identifier: GPL-2.0
/*
 * Reports of misuse: passed on to diag/verifier.c, which counts and prints them.
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
 * @fmt: names the routine, item or caller
 *
 * Context: any, without a lock of wq_compat: a report may be a panic.
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

/* Kernels without CONFIG_PREEMPT_COUNT keep no preemption count; all count softirqs. */
static bool wqc_is_atomic(void)
{
	return in_nmi() || in_hardirq() || irqs_disabled() || softirq_count() ||
	       preempt_count() & PREEMPT_MASK || rcu_preempt_depth() > 0;
}

/**
 * wqc_may_sleep - report a call that may sleep in a context that must not
 * @call: name of the called function
 * @caller: address in the caller
 *
 * Hazard: schedule() in a softirq, or with softirqs, preemption or interrupts off, panics, leaves
 * a thread that never runs again, or leaves a wrong count, and does not name the driver. So each
 * function that may sleep calls this first, and does not sleep if it returns false.
 *
 * Context: any, without a lock of wq_compat.
 * Return: false, after a report, if the caller must not sleep.
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
