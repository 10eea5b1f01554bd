// SPDX-License-Identifier: GPL-2.0
/*
 * FsRtlPostStackOverflow(): a call on another stack, because the caller's is nearly used up.
 *
 * On Windows two threads exist for such calls, one of them for operations on paging files. Here
 * they are runners of two classes, so that neither kind waits for the other.
 *
 * The caller waits for the operation, and has no status to check, so the calls do not fail. Those
 * on paging files begin with a reserve, the others with an allocation; each then tries the other
 * source, and at last waits for an entry of the reserve, which is free again when a runner has
 * begun with it.
 */
#include <linux/bitmap.h>
#include <linux/bitops.h>
#include <linux/delay.h>
#include <linux/export.h>
#include <linux/slab.h>

#include "work.h"

#define NTC_STACK_RESERVE	32

static DEFINE_RAW_SPINLOCK(ntc_stack_lock);
static struct ntc_work ntc_stack_reserve[NTC_STACK_RESERVE];
static DECLARE_BITMAP(ntc_stack_reserved, NTC_STACK_RESERVE);	/* under ntc_stack_lock */

static struct ntc_work *ntc_stack_take_reserve(void)
{
	unsigned long flags;
	unsigned int i;

	raw_spin_lock_irqsave(&ntc_stack_lock, flags);
	i = find_first_zero_bit(ntc_stack_reserved, NTC_STACK_RESERVE);
	if (i < NTC_STACK_RESERVE)
		__set_bit(i, ntc_stack_reserved);
	raw_spin_unlock_irqrestore(&ntc_stack_lock, flags);
	return i < NTC_STACK_RESERVE ? &ntc_stack_reserve[i] : NULL;
}

static struct ntc_work *ntc_stack_allocate(void)
{
	/* On PREEMPT_RT no allocator may be called in atomic context. */
	if (IS_ENABLED(CONFIG_PREEMPT_RT) && ntc_is_raised())
		return NULL;
	return kmalloc(sizeof(struct ntc_work), GFP_ATOMIC | __GFP_NOWARN);
}

/* The work has begun: its call was copied. */
static void ntc_stack_begun(struct ntc_work *work)
{
	size_t i = work - ntc_stack_reserve;
	unsigned long flags;

	if (work < ntc_stack_reserve || i >= NTC_STACK_RESERVE) {
		kfree(work);
		return;
	}
	raw_spin_lock_irqsave(&ntc_stack_lock, flags);
	__clear_bit(i, ntc_stack_reserved);
	raw_spin_unlock_irqrestore(&ntc_stack_lock, flags);
}

static void ntc_stack_post(const struct ntc_work_call *call, bool paging, void *caller)
{
	struct ntc_work *work;

	if (!ntc_is_kernel_address(call->routine)) {
		wqc_report(WQC_R_BAD_ROUTINE, "item %p, routine %ps, from %pS", call->item,
			   call->routine, caller);
		return;
	}
	for (;;) {
		work = paging ? ntc_stack_take_reserve() : ntc_stack_allocate();
		if (!work)
			work = paging ? ntc_stack_allocate() : ntc_stack_take_reserve();
		if (work)
			break;
		if (ntc_is_raised())
			udelay(2);
		else
			usleep_range(1000, 2000);
	}
	ntc_work_init(work, ntc_stack_begun);
	ntc_work_queue(work, call, paging ? HyperCriticalWorkQueue : CriticalWorkQueue);
}

/**
 * FsRtlPostStackOverflow - call a routine on another stack
 * @Context: for the routine
 * @Event: for the routine, which sets it when the operation is done. This call does not access it
 * @StackOverflowRoutine: gets @Context and @Event
 *
 * The routine runs once, in a thread of Critical. rmmod of its module waits for it. A routine that
 * is NULL or a user address is reported (0xE4/7) and not called. Does not fail: without memory
 * an entry of a reserve is used.
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any. Where no memory is left and the reserve is in use, it
 * waits until a runner has begun with one of those 32 calls.
 *
 * Follows: DDI ntifs/nf-ntifs-fsrtlpoststackoverflow.
 */
VOID FsRtlPostStackOverflow(PVOID Context, PKEVENT Event,
			    PFSRTL_STACK_OVERFLOW_ROUTINE StackOverflowRoutine)
{
	struct ntc_work_call call = {
		.routine = StackOverflowRoutine, .args = { Context, Event }, .item = Context,
	};

	ntc_stack_post(&call, false, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(FsRtlPostStackOverflow);

/**
 * FsRtlPostPagingFileStackOverflow - call a routine for a paging file on another stack
 * @Context: for the routine
 * @Event: as for FsRtlPostStackOverflow()
 * @StackOverflowRoutine: gets @Context and @Event
 *
 * As FsRtlPostStackOverflow(), but in a thread of HyperCritical, and with the reserve first.
 *
 * Context: as for FsRtlPostStackOverflow().
 *
 * Follows: DDI ntifs/nf-ntifs-fsrtlpostpagingfilestackoverflow.
 */
VOID FsRtlPostPagingFileStackOverflow(PVOID Context, PKEVENT Event,
				      PFSRTL_STACK_OVERFLOW_ROUTINE StackOverflowRoutine)
{
	struct ntc_work_call call = {
		.routine = StackOverflowRoutine, .args = { Context, Event }, .item = Context,
	};

	ntc_stack_post(&call, true, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(FsRtlPostPagingFileStackOverflow);
