// SPDX-License-Identifier: GPL-2.0
/*
 * Critical regions, guarded regions and APC_LEVEL: a count of each kind for each thread; and the
 * thread's top-level IRP.
 *
 * There are no APCs to disable. But file systems assert that they are in a region, and a worker
 * routine that returns inside of one would leave its thread in it for the next routine.
 * task_struct has no room for the counts, so each thread inside of a region has a record in a
 * hash table by task address. Only the thread itself changes its record, or nt-compat on its
 * behalf when its routine has returned.
 *
 * Records are allocated. Without memory a record comes from a reserve; when the reserve is empty,
 * the thread counts as outside of all regions, and an unbalanced leave is not reported.
 *
 * A bucket's lock is held for at most as long as it takes to visit the bucket's threads that are
 * in a region.
 */
#include <linux/bitmap.h>
#include <linux/export.h>
#include <linux/hashtable.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "ke_region.h"
#include "ps_thread.h"

#define NTC_REGION_BITS		6
#define NTC_REGION_RESERVE	64

/* L: protected by the lock of its bucket. I: set at creation. */
struct ntc_region {
	struct hlist_node node;		/* L */
	struct task_struct *task;	/* I: only compared */
	u64 born;			/* L: start time of @task: task addresses are reused */
	unsigned int counts[NTC_NR_REGIONS];	/* L */
	void *top;			/* L: top-level IRP, or a flag; never dereferenced */
	bool watched;			/* I: counted in ntc_nr_watched_regions */
};

static struct {
	raw_spinlock_t lock;
	struct hlist_head regions;	/* L */
} ____cacheline_aligned_in_smp ntc_regions[BIT(NTC_REGION_BITS)];

static struct ntc_region ntc_region_reserve[NTC_REGION_RESERVE];
static DECLARE_BITMAP(ntc_region_reserved, NTC_REGION_RESERVE);
static atomic_t ntc_regions_missed;	/* entered without a record */

/*
 * Number of kernel threads with a record. While it is not 0, wq_compat calls
 * ntc_routine_returned() after each routine.
 */
static DEFINE_RAW_SPINLOCK(ntc_region_watched_lock);
static unsigned int ntc_nr_watched_regions;	/* under ntc_region_watched_lock */

bool ntc_apc_used __read_mostly;
EXPORT_SYMBOL_GPL(ntc_apc_used);

static void ntc_region_watch_add(int by)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&ntc_region_watched_lock, flags);
	ntc_nr_watched_regions += by;
	if (ntc_nr_watched_regions == max(by, 0))
		wqc_watch_regions(by > 0);
	raw_spin_unlock_irqrestore(&ntc_region_watched_lock, flags);
}

static struct ntc_region *ntc_region_alloc(void)
{
	struct ntc_region *region = NULL;
	unsigned int i;

	/* On PREEMPT_RT no allocator may be called in atomic context. */
	if (!ntc_is_raised())
		region = kzalloc(sizeof(*region), GFP_ATOMIC | __GFP_NOWARN);
	for (i = 0; i < NTC_REGION_RESERVE && !region; i++)
		if (!test_and_set_bit(i, ntc_region_reserved))
			region = &ntc_region_reserve[i];
	return region;
}

static void ntc_region_free(struct ntc_region *region)
{
	size_t i = region - ntc_region_reserve;

	if (region->watched)
		ntc_region_watch_add(-1);
	if (region < ntc_region_reserve || i >= NTC_REGION_RESERVE) {
		kfree(region);
		return;
	}
	memset(region, 0, sizeof(*region));
	/* Cleared before the bit publishes it as unused: tests/litmus/nt-region-reserve.litmus. */
	smp_mb__before_atomic();
	clear_bit(i, ntc_region_reserved);
}

static unsigned int ntc_region_bucket(const struct task_struct *task)
{
	return hash_ptr((void *)task, NTC_REGION_BITS);
}

/*
 * A record with another start time is of an earlier task with this address: reset it for this
 * task.
 */
static struct ntc_region *ntc_region_find(unsigned int bucket, struct task_struct *task)
{
	struct ntc_region *region;

	lockdep_assert_held(&ntc_regions[bucket].lock);
	hlist_for_each_entry(region, &ntc_regions[bucket].regions, node) {
		if (region->task != task)
			continue;
		if (region->born != task->start_boottime) {
			region->born = task->start_boottime;
			memset(region->counts, 0, sizeof(region->counts));
			region->top = NULL;
		}
		return region;
	}
	return NULL;
}

/* Under the bucket's lock. Returns the record, taken off the bucket, if it is empty; else NULL. */
static struct ntc_region *ntc_region_take_empty(struct ntc_region *region)
{
	if (region->top || memchr_inv(region->counts, 0, sizeof(region->counts)))
		return NULL;
	hlist_del(&region->node);
	return region;
}

/* Add @by to a count of the current task's record. False: there is no record, or the count is 0. */
static bool ntc_region_count_add(enum ntc_region_kind kind, int by, bool *had)
{
	unsigned int bucket = ntc_region_bucket(current);
	struct ntc_region *region, *gone = NULL;
	unsigned long flags;
	bool done = false;

	*had = false;
	/*
	 * Only the current task adds its own record, so a lockless test that finds none is final.
	 */
	if (hlist_empty(&ntc_regions[bucket].regions))
		return false;
	raw_spin_lock_irqsave(&ntc_regions[bucket].lock, flags);
	region = ntc_region_find(bucket, current);
	if (region) {
		*had = true;
		done = by > 0 || region->counts[kind];
		if (done)
			region->counts[kind] += by;
		gone = ntc_region_take_empty(region);
	}
	raw_spin_unlock_irqrestore(&ntc_regions[bucket].lock, flags);
	if (gone)
		ntc_region_free(gone);
	return done;
}

/* A record of the current thread, which has none. NULL: without memory. */
static struct ntc_region *ntc_region_new(void)
{
	struct ntc_region *region = ntc_region_alloc();

	if (!region)
		return NULL;
	region->task = current;
	region->born = current->start_boottime;
	/* A system thread's record is checked when the thread ends. */
	region->watched = current->flags & PF_KTHREAD && !ntc_thread_is_system();
	if (region->watched)
		ntc_region_watch_add(1);
	return region;
}

static void ntc_region_add(struct ntc_region *region)
{
	unsigned int bucket = ntc_region_bucket(current);
	unsigned long flags;

	raw_spin_lock_irqsave(&ntc_regions[bucket].lock, flags);
	hlist_add_head(&region->node, &ntc_regions[bucket].regions);
	raw_spin_unlock_irqrestore(&ntc_regions[bucket].lock, flags);
}

/**
 * ntc_region_enter - the current thread enters a region
 * @kind: kind of region
 *
 * Context: any; in interrupt context and in DPCs there is no thread, and nothing is recorded.
 */
void ntc_region_enter(enum ntc_region_kind kind)
{
	struct ntc_region *region;
	bool had;

	if (kind >= NTC_REGION_FAST && !READ_ONCE(ntc_apc_used))
		WRITE_ONCE(ntc_apc_used, true);
	if (!in_task() || ntc_region_count_add(kind, 1, &had))
		return;
	region = ntc_region_new();
	if (!region) {
		atomic_inc(&ntc_regions_missed);
		return;
	}
	region->counts[kind] = 1;
	ntc_region_add(region);
}
EXPORT_SYMBOL_GPL(ntc_region_enter);

/**
 * ntc_region_leave - the current thread leaves a region
 * @kind: kind of region
 *
 * Context: any.
 * Return: false if the thread was in no such region.
 */
bool ntc_region_leave(enum ntc_region_kind kind)
{
	bool had;

	return !in_task() || ntc_region_count_add(kind, -1, &had) ||
	       (!had && atomic_dec_if_positive(&ntc_regions_missed) >= 0);
}
EXPORT_SYMBOL_GPL(ntc_region_leave);

static unsigned int ntc_region_count(unsigned int kinds)
{
	unsigned int bucket = ntc_region_bucket(current), count = 0, kind;
	struct ntc_region *region;
	unsigned long flags;

	if (hlist_empty(&ntc_regions[bucket].regions))
		return 0;
	raw_spin_lock_irqsave(&ntc_regions[bucket].lock, flags);
	region = ntc_region_find(bucket, current);
	for (kind = 0; region && kind < NTC_NR_REGIONS; kind++)
		if (kinds & BIT(kind))
			count += region->counts[kind];
	raw_spin_unlock_irqrestore(&ntc_regions[bucket].lock, flags);
	return count;
}

/**
 * ntc_is_at_apc_level - whether the current thread is at APC_LEVEL
 *
 * Context: any.
 * Return: true if it raised to APC_LEVEL, or owns a fast mutex.
 */
bool ntc_is_at_apc_level(void)
{
	return ntc_region_count(BIT(NTC_REGION_FAST) | BIT(NTC_REGION_APC_LEVEL));
}
EXPORT_SYMBOL_GPL(ntc_is_at_apc_level);

/* KeRaiseIrql() from PASSIVE_LEVEL to APC_LEVEL, and KeLowerIrql() back. */
void ntc_apc_raise(void)
{
	ntc_region_enter(NTC_REGION_APC_LEVEL);
}
EXPORT_SYMBOL_GPL(ntc_apc_raise);

void ntc_apc_lower(void)
{
	if (ntc_region_count(BIT(NTC_REGION_APC_LEVEL)))
		ntc_region_leave(NTC_REGION_APC_LEVEL);
}
EXPORT_SYMBOL_GPL(ntc_apc_lower);

/* ---- top-level IRPs ----------------------------------------------------- */

/* Exchange what the current thread's record has. False: there is no record. */
static bool ntc_region_exchange_top(void *top)
{
	unsigned int bucket = ntc_region_bucket(current);
	struct ntc_region *region, *gone = NULL;
	unsigned long flags;
	bool had;

	raw_spin_lock_irqsave(&ntc_regions[bucket].lock, flags);
	region = ntc_region_find(bucket, current);
	had = region;
	if (had) {
		region->top = top;
		gone = ntc_region_take_empty(region);
	}
	raw_spin_unlock_irqrestore(&ntc_regions[bucket].lock, flags);
	if (gone)
		ntc_region_free(gone);
	return had;
}

/**
 * IoSetTopLevelIrp - set the top-level IRP of the current thread
 * @Irp: the IRP, or one of the values of FSRTL_..._TOP_LEVEL_IRP; NULL: none. A worker routine sets
 *	it to NULL before it returns; one that does not is reported, and the next one has none
 *
 * Context: IRQL <= APC_LEVEL; here any, without effect in interrupt context and in DPCs. Without
 * memory, and with a reserve used up, the thread has none.
 *
 * Follows: DDI ntifs/nf-ntifs-iosettoplevelirp.
 */
VOID IoSetTopLevelIrp(PIRP Irp)
{
	struct ntc_region *region;

	if (!in_task() || ntc_region_exchange_top(Irp) || !Irp)
		return;
	region = ntc_region_new();
	if (!region)
		return;
	region->top = Irp;
	ntc_region_add(region);
}
EXPORT_SYMBOL_GPL(IoSetTopLevelIrp);

/**
 * IoGetTopLevelIrp - the top-level IRP of the current thread
 *
 * Context: IRQL <= APC_LEVEL; here any.
 * Return: from IoSetTopLevelIrp(); else NULL.
 *
 * Follows: DDI ntifs/nf-ntifs-iogettoplevelirp.
 */
PIRP IoGetTopLevelIrp(void)
{
	unsigned int bucket = ntc_region_bucket(current);
	struct ntc_region *region;
	unsigned long flags;
	void *top = NULL;

	if (!in_task() || hlist_empty(&ntc_regions[bucket].regions))
		return NULL;
	raw_spin_lock_irqsave(&ntc_regions[bucket].lock, flags);
	region = ntc_region_find(bucket, current);
	if (region)
		top = region->top;
	raw_spin_unlock_irqrestore(&ntc_regions[bucket].lock, flags);
	return top;
}
EXPORT_SYMBOL_GPL(IoGetTopLevelIrp);

/* ---- the calls ------------------------------------------------------------ */

static void ntc_region_leave_checked(enum ntc_region_kind kind, const char *call, void *caller)
{
	if (!ntc_region_leave(kind))
		wqc_report(WQC_R_REGION_LEFT, "%s, from %pS", call, caller);
}

/**
 * KeEnterCriticalRegion - disable normal kernel APCs
 *
 * Counted: each call needs a KeLeaveCriticalRegion() in the same thread.
 *
 * Context: IRQL <= APC_LEVEL; here any context, without effect in interrupt context and in DPCs.
 *
 * Follows: DDI ntddk/nf-ntddk-keentercriticalregion.
 */
VOID KeEnterCriticalRegion(void)
{
	ntc_region_enter(NTC_REGION_CRITICAL);
}
EXPORT_SYMBOL_GPL(KeEnterCriticalRegion);

/**
 * KeLeaveCriticalRegion - undo one KeEnterCriticalRegion()
 *
 * An unbalanced call is reported (0x1) and changes nothing.
 *
 * Context: as KeEnterCriticalRegion().
 *
 * Follows: DDI ntddk/nf-ntddk-keleavecriticalregion.
 */
VOID KeLeaveCriticalRegion(void)
{
	ntc_region_leave_checked(NTC_REGION_CRITICAL, __func__, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(KeLeaveCriticalRegion);

/**
 * KeEnterGuardedRegion - disable all APCs
 *
 * Counted: each call needs a KeLeaveGuardedRegion() in the same thread.
 *
 * Context: as KeEnterCriticalRegion().
 *
 * Follows: DDI wdm/nf-wdm-keenterguardedregion.
 */
VOID KeEnterGuardedRegion(void)
{
	ntc_region_enter(NTC_REGION_GUARDED);
}
EXPORT_SYMBOL_GPL(KeEnterGuardedRegion);

/**
 * KeLeaveGuardedRegion - undo one KeEnterGuardedRegion()
 *
 * An unbalanced call is reported (0x1) and changes nothing.
 *
 * Context: as KeEnterCriticalRegion().
 *
 * Follows: DDI wdm/nf-wdm-keleaveguardedregion.
 */
VOID KeLeaveGuardedRegion(void)
{
	ntc_region_leave_checked(NTC_REGION_GUARDED, __func__, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(KeLeaveGuardedRegion);

/**
 * KeAreApcsDisabled - whether normal kernel APCs are disabled
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 * Return: TRUE in a critical or guarded region, and while the thread owns a KMUTEX.
 *
 * Follows: DDI ntddk/nf-ntddk-keareapcsdisabled.
 */
BOOLEAN KeAreApcsDisabled(void)
{
	return !!ntc_region_count(BIT(NTC_REGION_CRITICAL) | BIT(NTC_REGION_GUARDED) |
				  BIT(NTC_REGION_MUTEX));
}
EXPORT_SYMBOL_GPL(KeAreApcsDisabled);

/**
 * KeAreAllApcsDisabled - whether all APCs are disabled
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 * Return: TRUE in a guarded region, and at APC_LEVEL or above.
 *
 * Follows: DDI wdm/nf-wdm-keareallapcsdisabled.
 */
BOOLEAN KeAreAllApcsDisabled(void)
{
	return KeGetCurrentIrql() >= APC_LEVEL || ntc_region_count(BIT(NTC_REGION_GUARDED));
}
EXPORT_SYMBOL_GPL(KeAreAllApcsDisabled);

/**
 * ntc_region_end - remove a thread's record when its routine is over, and report its regions
 * @task: the thread; it runs no code of the driver
 * @routine: the routine that it ran, for the report
 * @ended: true: the thread has ended; false: only the routine has returned
 *
 * Context: any.
 */
void ntc_region_end(struct task_struct *task, void *routine, bool ended)
{
	unsigned int bucket = ntc_region_bucket(task);
	struct ntc_region *region;
	unsigned long flags;
	unsigned int *counts;

	raw_spin_lock_irqsave(&ntc_regions[bucket].lock, flags);
	region = ntc_region_find(bucket, task);
	if (region)
		hlist_del(&region->node);
	raw_spin_unlock_irqrestore(&ntc_regions[bucket].lock, flags);
	if (!region)
		return;
	counts = region->counts;
	if (ended && (counts[NTC_REGION_CRITICAL] || counts[NTC_REGION_GUARDED]))
		wqc_report(WQC_R_REGION_THREAD, "routine %ps: critical %u, guarded %u", routine,
			   counts[NTC_REGION_CRITICAL], counts[NTC_REGION_GUARDED]);
	else if (counts[NTC_REGION_CRITICAL] || counts[NTC_REGION_GUARDED])
		wqc_report(WQC_R_REGION_ROUTINE, "routine %ps: critical %u, guarded %u", routine,
			   counts[NTC_REGION_CRITICAL], counts[NTC_REGION_GUARDED]);
	if (counts[NTC_REGION_FAST] || counts[NTC_REGION_APC_LEVEL])
		wqc_report(WQC_R_APC_LEVEL, "routine %ps: %u fast mutexes", routine,
			   counts[NTC_REGION_FAST]);
	if (region->top && !ended)
		wqc_report(WQC_R_TOP_LEVEL, "routine %ps", routine);
	ntc_region_free(region);
}

void ntc_region_init(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ntc_regions); i++)
		raw_spin_lock_init(&ntc_regions[i].lock);
}

/* No client is loaded: the remaining records are of threads that ended inside of a region. */
void ntc_region_exit(void)
{
	struct ntc_region *region;
	struct hlist_node *next;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ntc_regions); i++)
		hlist_for_each_entry_safe(region, next, &ntc_regions[i].regions, node)
			ntc_region_free(region);
}
