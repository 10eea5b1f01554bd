// SPDX-License-Identifier: GPL-2.0
/*
 * Misuse by a driver is counted, reported in the kernel log with the driver's name, or a panic, as
 * the parameter verifier says.
 */
#include <linux/atomic.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/printk.h>
#include <linux/ratelimit.h>
#include <linux/rcupdate.h>
#include <linux/seq_file.h>
#include <linux/string.h>

#include "../core/names.h"
#include "verifier.h"

#define WQC_MAX_TEXT	384	/* bytes: names of a routine and a caller, and words */

static unsigned int verifier = 1;

static int wqc_set_verifier(const char *val, const struct kernel_param *kp)
{
	return param_set_uint_minmax(val, kp, 0, 2);
}

static const struct kernel_param_ops wqc_verifier_ops = {
	.set = wqc_set_verifier,
	.get = param_get_uint,
};

/*
 * What a misuse of the interface by a driver does: 0 counts it; 1 counts it and reports it in
 * the kernel log; 2 panics, as Windows would, so that a crash dump shows the faulty driver. 2 is
 * for testing drivers.
 */
module_param_cb(verifier, &wqc_verifier_ops, &verifier, 0644);
MODULE_PARM_DESC(verifier,
		 "misuse by a driver: 0 is counted, 1 is also reported, 2 panics (default 1)");
__MODULE_PARM_TYPE(verifier, "uint");

struct wqc_report_text {
	const char *code;	/* the bug check for the same misuse on Windows */
	const char *text;
};

static const struct wqc_report_text wqc_texts[WQC_NR_REPORTS] = {
	[WQC_R_QUEUED_TWICE] = { "0xE4/1", "item queued while it is queued" },
	[WQC_R_FREED_QUEUED] = { "0xE4/2", "item freed while it is queued" },
	[WQC_R_INIT_QUEUED] = { "0xE4/1", "item initialised while it is queued" },
	[WQC_R_BAD_OBJECT] = { "0xE4/3", "item without a valid IoObject" },
	[WQC_R_BAD_TYPE] = { "0xE4/6", "invalid queue type" },
	[WQC_R_BAD_ROUTINE] = { "0xE4/7", "invalid worker routine" },
	[WQC_R_BAD_ITEM] = { "0xE4/0", "invalid item" },
	[WQC_R_BAD_ENTRY] = { "0x96", "invalid queue entry" },
	[WQC_R_IRQS_OFF] = { "0xE1", "routine returned with interrupts disabled" },
	[WQC_R_PREEMPT] = { "0xE1", "routine returned with another preemption count" },
	[WQC_R_BH] = { "0xE1", "routine returned with another softirq count" },
	[WQC_R_RCU] = { "0x1", "routine returned inside an RCU read section" },
	[WQC_R_LOCKS] = { "0x39", "routine returned with other locks held" },
	[WQC_R_CREDS] = { "0xDF", "routine returned with other credentials" },
	[WQC_R_POLICY] = { "0x128", "policy or nice changed during a routine, or from outside" },
	[WQC_R_AFFINITY] = { "0x128", "routine returned with another affinity" },
	[WQC_R_THREAD_STATE] = { "0x1D2", "routine left its thread in another state" },
	[WQC_R_THREAD_ENDED] = { "0xE9", "routine ended its worker thread" },
	[WQC_R_DEVICE_LEAKED] = { "0xCE", "device not deleted by its driver" },
	[WQC_R_BAD_DEVICE] = { "0x18", "not an object, or deleted before" },
	[WQC_R_SELF_WAIT] = { "deadlock", "routine would wait for itself" },
	[WQC_R_TOUCHED] = { "0xC1", "item written to after it was freed" },
	[WQC_R_ITEM_LEAKED] = { "0xC4/0x62", "item not freed by its driver" },
	[WQC_R_BAD_WAIT] = { "0xC", "wait with an invalid object or count" },
	[WQC_R_BAD_SEMAPHORE] = { "0xC0000047", "semaphore released beyond its limit" },
	[WQC_R_NOT_OWNED] = { "0xC0000046", "mutex released by a thread that does not own it" },
	[WQC_R_MUTEX_ROUTINE] = { "0x39", "routine returned owning a mutex" },
	[WQC_R_MUTEX_THREAD] = { "0x4000008A", "thread ended owning a mutex" },
	[WQC_R_MUTEX_FREED] = { "0x139/3", "freed memory contains an owned mutex" },
	[WQC_R_WAIT_FREED] = { "0x139/3", "freed memory contains an object that is waited for" },
	[WQC_R_BAD_RUNDOWN] = { "0x18", "rundown protection released but not held" },
	[WQC_R_RESOURCE_INIT] = { "0xC4/D0", "resource initialised twice" },
	[WQC_R_BAD_RESOURCE] = { "0xC4/D1", "resource that was not initialised" },
	[WQC_R_RESOURCE_HELD] = { "busy", "resource deleted while it is owned or waited for" },
	[WQC_R_RESOURCE_FREED] = { "0xC4/D2", "freed memory contains a resource" },
	[WQC_R_RESOURCE_NOT_OWNED] = { "0xE3", "resource released but not owned" },
	[WQC_R_RESOURCE_DEADLOCK] = { "0xC4/1000", "shared owner waits for exclusive ownership" },
	[WQC_R_BAD_MDL] = { "misuse", "MDL that was not built, or does not fit" },
	[WQC_R_BAD_POOL] = { "0xC2/7", "pool memory freed twice, or not pool memory" },
	[WQC_R_BAD_TAG] = { "0xC2/A", "pool memory freed with another tag" },
	[WQC_R_POOL_LEAKED] = { "0xC4/62", "pool memory not freed by its driver" },
	[WQC_R_TIMER_LEFT] = { "0xC7", "timer left set by its driver" },
	[WQC_R_MEMORY_FREED] = { "0xE4/0", "freed memory contains a queued item" },
	[WQC_R_TIMER_FREED] = { "0xC7/0", "freed memory contains a timer that is set" },
	[WQC_R_DPC_FREED] = { "0xC7/1", "freed memory contains a queued DPC" },
	[WQC_R_TIMER_INIT] = { "0xC7/0", "timer initialised while it is set" },
	[WQC_R_DPC_INIT] = { "0xC7/1", "DPC initialised while it is queued" },
	[WQC_R_BAD_TIMER] = { "0xC7", "timer or DPC that was not initialised" },
	[WQC_R_SLEEP_IN_DPC] = { "0xB8", "sleeping call in a DPC" },
	[WQC_R_SLEEP_RAISED] = { "0xA", "sleeping call at DISPATCH_LEVEL or above" },
	[WQC_R_REGION_LEFT] = { "0x1", "region left but not entered" },
	[WQC_R_REGION_ROUTINE] = { "0x1", "routine returned inside a region" },
	[WQC_R_REGION_THREAD] = { "0x20", "thread ended inside a region" },
	[WQC_R_TOP_LEVEL] = { "misuse", "routine returned with a top-level IRP" },
	[WQC_R_APC_LEVEL] = { "0xE1", "routine returned at APC_LEVEL" },
	[WQC_R_THREAD_RAISED] = { "0x20", "thread ended at DISPATCH_LEVEL or above" },
	[WQC_R_ASSERTION] = { "0xC0000420", "failed assertion of a driver" },
	[WQC_R_BREAK_POINT] = { "0x80000003", "break point without a debugger" },
	[WQC_R_IRP_TWICE] = { "0x44", "completed IRP that no driver has" },
	[WQC_R_IRP_NO_LOCATION] = { "0x35", "IRP sent without a stack location left" },
	[WQC_R_IRP_BAD_DEVICE] = { "0xC9/4", "IRP sent to an invalid device" },
	[WQC_R_IRP_STATUS] = { "0xC9/6", "IRP completed with STATUS_PENDING" },
	[WQC_R_IRP_LENGTH] = { "misuse", "IRP completed with more bytes than its buffer has" },
	[WQC_R_IRP_CANCELABLE] = { "0xC9/7", "IRP completed with a cancel routine set" },
	[WQC_R_IRP_CANCEL_DOWN] = { "0xC9/203", "IRP sent with a cancel routine set" },
	[WQC_R_IRP_NOT_MARKED] = { "0xC9/23D", "STATUS_PENDING for an IRP not marked pending" },
	[WQC_R_IRP_MARKED] = { "0xC9/23E", "another status for an IRP marked pending" },
	[WQC_R_IRP_NO_MAKER] = { "0xC9", "IRP completed past the driver that made it" },
	[WQC_R_IRP_BAD_FREE] = { "0xC9/1", "freed IRP that is not an IRP" },
	[WQC_R_IRP_BUILT_FREE] = { "0xC9/2", "IRP freed that its completion frees" },
	[WQC_R_IRP_FREED] = { "0xC9/20A", "IRP freed while a driver has it" },
	[WQC_R_IRP_MEMORY] = { "0xC9/20B", "freed memory contains an IRP that a driver has" },
	[WQC_R_IRP_IN_USE] = { "0xC9/310", "IRP initialised while a driver has it" },
	[WQC_R_IRP_LEAKED] = { "0xC4/62", "IRP not freed by its driver" },
	[WQC_R_NO_START_IO] = { "misuse", "IRP for a driver without StartIo" },
	[WQC_R_BAD_DEVICE_QUEUE] = { "misuse", "device queue that was not initialised" },
	[WQC_R_ATTACHED] = { "0xC9/201", "device not detached by its driver" },
	[WQC_R_NOT_ATTACHED] = { "0xC9/202", "device detached that nothing is attached to" },
	[WQC_R_FILE_LEAKED] = { "0xC4/62", "file object not dereferenced by its driver" },
	[WQC_R_KEY_LEAKED] = { "misuse", "registry key not closed by its driver" },
	[WQC_R_REMOVE_LOCK] = { "0xC4/D7", "remove lock released but not acquired" },
	[WQC_R_ABSENT] = { "0xC0000002", "call that is not implemented" },
	[WQC_R_RAISED] = { "0x1E", "exception that nothing handles" },
};

static atomic64_t wqc_counts[WQC_NR_REPORTS];
static struct ratelimit_state wqc_limits[WQC_NR_REPORTS];

/**
 * wqc_verifier_report - count a misuse, and report it as the parameter says
 * @id: the kind of misuse
 * @text: the routine, item or caller
 *
 * Rate-limited to ten reports of a kind in five seconds; every misuse is counted.
 *
 * Context: any, with no lock of wq_compat held, because the report may be a panic.
 */
void wqc_verifier_report(enum wqc_report_id id, struct va_format *text)
{
	const struct wqc_report_text *known = &wqc_texts[id];
	unsigned int level = READ_ONCE(verifier);
	char what[WQC_MAX_TEXT];

	atomic64_inc(&wqc_counts[id]);
	if (!level || (level == 1 && !__ratelimit(&wqc_limits[id])))
		return;
	scnprintf(what, sizeof(what), "%pV", text);
	wqc_name_hide_addresses(what);
	/* Not a panic for a policy change, which may be an administrator's chrt or renice. */
	if (level == 2 && id != WQC_R_POLICY)
		panic("wq_compat: %s (%s): %s", known->text, known->code, what);
	pr_err("wq_compat: %s (%s): %s\n", known->text, known->code, what);
}

/**
 * wqc_report_again - count a misuse that is reported already
 * @id: the kind of misuse
 *
 * Context: any.
 */
void wqc_report_again(enum wqc_report_id id)
{
	atomic64_inc(&wqc_counts[id]);
}
EXPORT_SYMBOL_GPL(wqc_report_again);

void wqc_reports_show(struct seq_file *m)
{
	int id;

	seq_puts(m, "count bugcheck report\n");
	for (id = 0; id < WQC_NR_REPORTS; id++)
		seq_printf(m, "%llu %s %s\n", (u64)atomic64_read(&wqc_counts[id]),
			   wqc_texts[id].code, wqc_texts[id].text);
}

void wqc_verifier_init(void)
{
	int id;

	for (id = 0; id < WQC_NR_REPORTS; id++) {
		ratelimit_state_init(&wqc_limits[id], 5 * HZ, 10);
		ratelimit_set_flags(&wqc_limits[id], RATELIMIT_MSG_ON_RELEASE);
	}
}
