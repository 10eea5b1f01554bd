// SPDX-License-Identifier: GPL-2.0
/*
 * Critical and guarded regions, and APC_LEVEL: of each thread, how often it has entered them.
 *
 * There are no APCs to keep away, but file systems assert that they are in a region, and a
 * region that a worker routine does not leave is another routine's from then on. A task has no
 * room for the counts, so a thread that is in none has no record, and one that is in some has one
 * in a hash by its address. Only its own thread changes a record, or we when its routine is over.
 *
 * A record is allocated; without memory it is one of a reserve, and when that is used up the
 * thread counts as being in no region, and leaving one is not reported.
 *
 * Bound of a hold of a bucket's lock: the threads of a bucket that are in a region.
 */
#include <linux/bitmap.h>
#include <linux/export.h>
#include <linux/hashtable.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "ke_region.h"
#include "ps_thread.h"

#define WQC_REGION_BITS		6
#define WQC_REGION_RESERVE	64

struct wqc_region {
	struct hlist_node node;
	struct task_struct *task;	/* only compared */
	u64 born;			/* @task's: another may come to have its address */
	unsigned int counts[WQC_NR_REGIONS];
	bool watched;			/* counted in wqc_nr_watched */
};

static struct {
	raw_spinlock_t lock;
	struct hlist_head regions;	/* under lock */
} ____cacheline_aligned_in_smp wqc_regions[BIT(WQC_REGION_BITS)];

static struct wqc_region wqc_region_reserve[WQC_REGION_RESERVE];
static DECLARE_BITMAP(wqc_region_reserved, WQC_REGION_RESERVE);
static atomic_t wqc_regions_missed;	/* entered without a record */

/* Kernel threads with a record: while there are any, wq_compat asks after its routines. */
static DEFINE_RAW_SPINLOCK(wqc_watched_lock);
static unsigned int wqc_nr_watched;	/* under wqc_watched_lock */

bool wqc_apc_used __read_mostly;
EXPORT_SYMBOL_GPL(wqc_apc_used);

static void wqc_region_watch(int by)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&wqc_watched_lock, flags);
	wqc_nr_watched += by;
	if (wqc_nr_watched == max(by, 0))
		wqc_watch_regions(by > 0);
	raw_spin_unlock_irqrestore(&wqc_watched_lock, flags);
}

static struct wqc_region *wqc_region_alloc(void)
{
	struct wqc_region *region = NULL;
	unsigned int i;

	/* PREEMPT_RT has no allocator for atomic contexts. */
	if (!wqc_is_raised())
		region = kzalloc(sizeof(*region), GFP_ATOMIC | __GFP_NOWARN);
	for (i = 0; i < WQC_REGION_RESERVE && !region; i++)
		if (!test_and_set_bit(i, wqc_region_reserved))
			region = &wqc_region_reserve[i];
	return region;
}

static void wqc_region_free(struct wqc_region *region)
{
	size_t i = region - wqc_region_reserve;

	if (region->watched)
		wqc_region_watch(-1);
	if (region < wqc_region_reserve || i >= WQC_REGION_RESERVE) {
		kfree(region);
		return;
	}
	memset(region, 0, sizeof(*region));
	smp_mb__before_atomic();	/* clean, before it is another's */
	clear_bit(i, wqc_region_reserved);
}

static unsigned int wqc_region_bucket(const struct task_struct *task)
{
	return hash_ptr((void *)task, WQC_REGION_BITS);
}

/* One of a task that had this address is of no more use, and becomes this task's. */
static struct wqc_region *wqc_region_find(unsigned int bucket, struct task_struct *task)
{
	struct wqc_region *region;

	lockdep_assert_held(&wqc_regions[bucket].lock);
	hlist_for_each_entry(region, &wqc_regions[bucket].regions, node) {
		if (region->task != task)
			continue;
		if (region->born != task->start_boottime) {
			region->born = task->start_boottime;
			memset(region->counts, 0, sizeof(region->counts));
		}
		return region;
	}
	return NULL;
}

static bool wqc_region_is_empty(const struct wqc_region *region)
{
	return !memchr_inv(region->counts, 0, sizeof(region->counts));
}

/* Change a count of the running thread's record, if it has one. */
static bool wqc_region_change(enum wqc_region_kind kind, int by, bool *had)
{
	unsigned int bucket = wqc_region_bucket(current);
	struct wqc_region *region, *gone = NULL;
	unsigned long flags;
	bool done = false;

	*had = false;
	/* Its own record is there, or is not: nobody else adds one. */
	if (hlist_empty(&wqc_regions[bucket].regions))
		return false;
	raw_spin_lock_irqsave(&wqc_regions[bucket].lock, flags);
	region = wqc_region_find(bucket, current);
	if (region) {
		*had = true;
		done = by > 0 || region->counts[kind];
		if (done)
			region->counts[kind] += by;
		if (wqc_region_is_empty(region)) {
			hlist_del(&region->node);
			gone = region;
		}
	}
	raw_spin_unlock_irqrestore(&wqc_regions[bucket].lock, flags);
	if (gone)
		wqc_region_free(gone);
	return done;
}

/**
 * wqc_region_enter - the running thread enters a region
 * @kind: of which kind
 *
 * Context: any; of an interrupt or a DPC nothing is noted: it has no thread.
 */
void wqc_region_enter(enum wqc_region_kind kind)
{
	unsigned int bucket = wqc_region_bucket(current);
	struct wqc_region *region;
	unsigned long flags;
	bool had;

	if (kind >= WQC_REGION_FAST && !READ_ONCE(wqc_apc_used))
		WRITE_ONCE(wqc_apc_used, true);
	if (!in_task() || wqc_region_change(kind, 1, &had))
		return;
	region = wqc_region_alloc();
	if (!region) {
		atomic_inc(&wqc_regions_missed);
		return;
	}
	region->task = current;
	region->born = current->start_boottime;
	region->counts[kind] = 1;
	/* What a system thread leaves behind is seen when it ends. */
	region->watched = current->flags & PF_KTHREAD && !wqc_thread_is_ours();
	if (region->watched)
		wqc_region_watch(1);
	raw_spin_lock_irqsave(&wqc_regions[bucket].lock, flags);
	hlist_add_head(&region->node, &wqc_regions[bucket].regions);
	raw_spin_unlock_irqrestore(&wqc_regions[bucket].lock, flags);
}
EXPORT_SYMBOL_GPL(wqc_region_enter);

/**
 * wqc_region_leave - the running thread leaves a region
 * @kind: of which kind
 *
 * Context: any.
 * Return: false if it was in none.
 */
bool wqc_region_leave(enum wqc_region_kind kind)
{
	bool had;

	return !in_task() || wqc_region_change(kind, -1, &had) ||
	       (!had && atomic_dec_if_positive(&wqc_regions_missed) >= 0);
}
EXPORT_SYMBOL_GPL(wqc_region_leave);

static unsigned int wqc_region_count(unsigned int kinds)
{
	unsigned int bucket = wqc_region_bucket(current), count = 0, kind;
	struct wqc_region *region;
	unsigned long flags;

	if (hlist_empty(&wqc_regions[bucket].regions))
		return 0;
	raw_spin_lock_irqsave(&wqc_regions[bucket].lock, flags);
	region = wqc_region_find(bucket, current);
	for (kind = 0; region && kind < WQC_NR_REGIONS; kind++)
		if (kinds & BIT(kind))
			count += region->counts[kind];
	raw_spin_unlock_irqrestore(&wqc_regions[bucket].lock, flags);
	return count;
}

/**
 * wqc_is_at_apc_level - whether the running thread has raised to APC_LEVEL
 *
 * Context: any.
 * Return: true if it has, or owns a fast mutex.
 */
bool wqc_is_at_apc_level(void)
{
	return wqc_region_count(BIT(WQC_REGION_FAST) | BIT(WQC_REGION_APC_LEVEL));
}
EXPORT_SYMBOL_GPL(wqc_is_at_apc_level);

/* KeRaiseIrql() from PASSIVE_LEVEL, and KeLowerIrql() to it. */
void wqc_apc_raise(void)
{
	wqc_region_enter(WQC_REGION_APC_LEVEL);
}
EXPORT_SYMBOL_GPL(wqc_apc_raise);

void wqc_apc_lower(void)
{
	if (wqc_region_count(BIT(WQC_REGION_APC_LEVEL)))
		wqc_region_leave(WQC_REGION_APC_LEVEL);
}
EXPORT_SYMBOL_GPL(wqc_apc_lower);

static void wqc_region_leave_or_say(enum wqc_region_kind kind, const char *call, void *caller)
{
	if (!wqc_region_leave(kind))
		wqc_report(WQC_R_REGION_LEFT, "%s, from %pS", call, caller);
}

/**
 * KeEnterCriticalRegion - keep normal kernel APCs away
 *
 * Counted: each needs its KeLeaveCriticalRegion() in the same thread.
 *
 * Context: IRQL <= APC_LEVEL; here any, without effect in an interrupt or a DPC.
 *
 * Follows: DDI ntddk/nf-ntddk-keentercriticalregion.
 */
VOID KeEnterCriticalRegion(void)
{
	wqc_region_enter(WQC_REGION_CRITICAL);
}
EXPORT_SYMBOL_GPL(KeEnterCriticalRegion);

/**
 * KeLeaveCriticalRegion - the counterpart of KeEnterCriticalRegion()
 *
 * One too many is reported (0x1), and not counted.
 *
 * Context: as KeEnterCriticalRegion().
 *
 * Follows: DDI ntddk/nf-ntddk-keleavecriticalregion.
 */
VOID KeLeaveCriticalRegion(void)
{
	wqc_region_leave_or_say(WQC_REGION_CRITICAL, __func__, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(KeLeaveCriticalRegion);

/**
 * KeEnterGuardedRegion - keep all APCs away
 *
 * Counted: each needs its KeLeaveGuardedRegion() in the same thread.
 *
 * Context: as KeEnterCriticalRegion().
 *
 * Follows: DDI wdm/nf-wdm-keenterguardedregion.
 */
VOID KeEnterGuardedRegion(void)
{
	wqc_region_enter(WQC_REGION_GUARDED);
}
EXPORT_SYMBOL_GPL(KeEnterGuardedRegion);

/**
 * KeLeaveGuardedRegion - the counterpart of KeEnterGuardedRegion()
 *
 * One too many is reported (0x1), and not counted.
 *
 * Context: as KeEnterCriticalRegion().
 *
 * Follows: DDI wdm/nf-wdm-keleaveguardedregion.
 */
VOID KeLeaveGuardedRegion(void)
{
	wqc_region_leave_or_say(WQC_REGION_GUARDED, __func__, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(KeLeaveGuardedRegion);

/**
 * KeAreApcsDisabled - whether normal kernel APCs are kept away
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any.
 * Return: TRUE in a critical or guarded region, and while the thread owns a KMUTEX.
 *
 * Follows: DDI ntddk/nf-ntddk-keareapcsdisabled.
 */
BOOLEAN KeAreApcsDisabled(void)
{
	return !!wqc_region_count(BIT(WQC_REGION_CRITICAL) | BIT(WQC_REGION_GUARDED) |
				  BIT(WQC_REGION_MUTEX));
}
EXPORT_SYMBOL_GPL(KeAreApcsDisabled);

/**
 * KeAreAllApcsDisabled - whether all APCs are kept away
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any.
 * Return: TRUE in a guarded region, and at APC_LEVEL and above.
 *
 * Follows: DDI wdm/nf-wdm-keareallapcsdisabled.
 */
BOOLEAN KeAreAllApcsDisabled(void)
{
	return KeGetCurrentIrql() >= APC_LEVEL || wqc_region_count(BIT(WQC_REGION_GUARDED));
}
EXPORT_SYMBOL_GPL(KeAreAllApcsDisabled);

/**
 * wqc_region_end - a thread's routine is over: it is in no region any more
 * @task: the thread; nothing of the driver runs in it
 * @routine: what it has run, for the report
 * @ended: the thread has ended; else only the routine has
 *
 * Context: any.
 */
void wqc_region_end(struct task_struct *task, void *routine, bool ended)
{
	unsigned int bucket = wqc_region_bucket(task);
	struct wqc_region *region;
	unsigned long flags;
	unsigned int *counts;

	raw_spin_lock_irqsave(&wqc_regions[bucket].lock, flags);
	region = wqc_region_find(bucket, task);
	if (region)
		hlist_del(&region->node);
	raw_spin_unlock_irqrestore(&wqc_regions[bucket].lock, flags);
	if (!region)
		return;
	counts = region->counts;
	if (ended && (counts[WQC_REGION_CRITICAL] || counts[WQC_REGION_GUARDED]))
		wqc_report(WQC_R_REGION_THREAD, "routine %ps: critical %u, guarded %u", routine,
			   counts[WQC_REGION_CRITICAL], counts[WQC_REGION_GUARDED]);
	else if (counts[WQC_REGION_CRITICAL] || counts[WQC_REGION_GUARDED])
		wqc_report(WQC_R_REGION_ROUTINE, "routine %ps: critical %u, guarded %u", routine,
			   counts[WQC_REGION_CRITICAL], counts[WQC_REGION_GUARDED]);
	if (counts[WQC_REGION_FAST] || counts[WQC_REGION_APC_LEVEL])
		wqc_report(WQC_R_APC_LEVEL, "routine %ps: %u fast mutexes", routine,
			   counts[WQC_REGION_FAST]);
	wqc_region_free(region);
}

void wqc_region_init(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(wqc_regions); i++)
		raw_spin_lock_init(&wqc_regions[i].lock);
}

/* No client is loaded any more: what is left is of threads that ended in a region. */
void wqc_region_exit(void)
{
	struct wqc_region *region;
	struct hlist_node *next;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(wqc_regions); i++)
		hlist_for_each_entry_safe(region, next, &wqc_regions[i].regions, node)
			wqc_region_free(region);
}
