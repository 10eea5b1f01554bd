// SPDX-License-Identifier: GPL-2.0
/*
 * Fault injection for developers of clients: the parameter torture makes rare events common, so
 * that a client with a race fails at once. Not for production.
 *
 * While it is off it costs nothing, because it is called only from slow paths. While it is on,
 * every item and entry is sent there: a bit in wqc_queue.slow sends each queue call to
 * wqc_queue_append_slow(), which marks the item as timed, so wqc_queue_pop_slow() pops it; and the
 * lists of spare entries stay empty, so core/cache.c calls here for each entry.
 */
#include <linux/atomic.h>
#include <linux/hash.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/stacktrace.h>
#include <linux/string.h>

#include "../core/cache.h"
#include "../core/names.h"
#include "../core/queue.h"
#include "torture.h"

#define WQC_DELAY_MS		4	/* maximum delay, but for a tick, at each of two places */
#define WQC_OVERLAP_MS		100	/* maximum wait for the second run to begin */
#define WQC_POISON		0x6b
#define WQC_QUARANTINE		256	/* freed entries that are not reused */
#define WQC_TORTURE_ENTRIES	1024	/* allocated at load */

unsigned int wqc_torture __ro_after_init;

static int wqc_set_torture(const char *val, const struct kernel_param *kp)
{
	return param_set_uint_minmax(val, kp, 0, WQC_TORTURE_ALL);
}

static const struct kernel_param_ops wqc_torture_ops = {
	.set = wqc_set_torture,
	.get = param_get_uint,
};

/*
 * Fault injection for tests of drivers, not for production: makes rare events common. A sum: 1
 * items start late and in another order; 2 an item that its routine queues again overlaps
 * itself; 4 freed items are poisoned and watched; 8 allocations fail; 16 every class has one
 * thread.
 */
module_param_cb(torture, &wqc_torture_ops, &wqc_torture, 0444);
MODULE_PARM_DESC(torture,
		 "fault injection for tests of drivers, a sum: 1 items start late and in another order, 2 an item that its routine queues again overlaps itself, 4 freed items are poisoned and watched, 8 allocations fail, 16 one thread per class (default 0)");
__MODULE_PARM_TYPE(torture, "uint");

static unsigned int torture_refuse = 10;

static int wqc_set_refuse(const char *val, const struct kernel_param *kp)
{
	return param_set_uint_minmax(val, kp, 0, 100);
}

static const struct kernel_param_ops wqc_refuse_ops = {
	.set = wqc_set_refuse,
	.get = param_get_uint,
};

/* With torture=8: percentage of allocations that fail. */
module_param_cb(torture_refuse, &wqc_refuse_ops, &torture_refuse, 0644);
MODULE_PARM_DESC(torture_refuse,
		 "with torture=8: percentage of allocations that fail (default 10)");
__MODULE_PARM_TYPE(torture_refuse, "uint");

/* Pseudo-random, for any context. */
static u32 wqc_dice(u32 sides)
{
	static atomic_t throws;

	return (hash_32(atomic_inc_return(&throws), 16) * sides) >> 16;
}

/* ---- late, in another order, overlapping ----------------------------------- */

/**
 * wqc_torture_delay - with torture 1, delay a runner
 * @queue: the queue that it drains
 *
 * The other runners continue meanwhile, as if a routine slept, so later items start first.
 *
 * Context: process, the runner's, under the queue's lock, which is dropped.
 * Return: true if the lock was dropped.
 */
bool wqc_torture_delay(struct wqc_queue *queue)
{
	u32 ms;

	lockdep_assert_held(&queue->lock);
	if (!(wqc_torture & WQC_TORTURE_LATE))
		return false;
	/* No delay in half of the calls: that mixes the order. */
	ms = wqc_dice(2 * WQC_DELAY_MS);
	if (ms >= WQC_DELAY_MS)
		return false;
	wqc_queue_kick_if_needed(queue);
	wqc_queue_unlock(queue);
	local_irq_enable();
	schedule_timeout_uninterruptible(msecs_to_jiffies(ms) + 1);
	local_irq_disable();
	wqc_queue_lock(queue);
	return true;
}

/*
 * Does the routine of @item run, in this task (@mine) or in another one? The item may be freed:
 * only its address is compared.
 */
static bool wqc_runs(const WORK_QUEUE_ITEM *item, bool mine)
{
	struct wqc_runner *runner;
	struct wqc_queue *queue;
	unsigned long flags;
	bool found = false;
	int cpu, id;

	for_each_possible_cpu(cpu) {
		for (id = 0; id < WQC_NR_POOLS; id++) {
			queue = wqc_queue_of(id, cpu);
			wqc_queue_lock_irqsave(queue, flags);
			/* A driver's IO_WORKITEM may begin up to 4 bytes before the item. */
			list_for_each_entry(runner, &queue->runners, all)
				found |= wqc_runner_is_running(runner) &&
					 (runner->task == current) == mine &&
					 (uintptr_t)item - (uintptr_t)runner->call.item < 8;
			wqc_queue_unlock_irqrestore(queue, flags);
		}
	}
	return found;
}

/**
 * wqc_torture_queued - with torture 2, make the next run of an item overlap this one
 * @item: was queued just now; only compared, never dereferenced
 *
 * If the caller is the item's routine, waits until the item runs again, concurrently. Does not
 * wait with one runner, because that is the caller's.
 *
 * Context: any; has an effect only where the caller may sleep.
 */
void wqc_torture_queued(const WORK_QUEUE_ITEM *item)
{
	unsigned long end = jiffies + msecs_to_jiffies(WQC_OVERLAP_MS);

	if (!(wqc_torture & WQC_TORTURE_OVERLAP) || wqc_torture & WQC_TORTURE_ONE)
		return;
	if (!preemptible() || rcu_preempt_depth() || !wqc_runs(item, true))
		return;
	while (!wqc_runs(item, false) && time_before(jiffies, end))
		schedule_timeout_uninterruptible(1);
}

/* ---- the torture heap: entries are poisoned when freed, allocations refused ------ */

#define WQC_INIT_CODE	((void *)1)	/* an address in __init code, which is freed */

/* An entry, with the addresses of the calls that allocated and freed it. */
struct wqc_tortured {
	struct list_head link;		/* on one of the lists below */
	bool reported;			/* in quarantine: a write after the free was reported */
	void *allocator, *freer;	/* in the client, or WQC_INIT_CODE; NULL: unknown */
	struct wqc_slot slot;		/* not on cache.c's list */
};

static DEFINE_RAW_SPINLOCK(wqc_torture_lock);	/* the lists and their entries */
static LIST_HEAD(wqc_unused);
static LIST_HEAD(wqc_used);
static LIST_HEAD(wqc_quarantine);
static u32 wqc_quarantined;

static void *wqc_tortured_new(gfp_t gfp)
{
	return kzalloc(sizeof(struct wqc_tortured), gfp | __GFP_NOWARN);
}

/* The innermost caller that is not in wq_compat. */
static void *wqc_client_caller(void)
{
#ifdef CONFIG_STACKTRACE
	unsigned long trace[8];
	unsigned int n, i;

	n = stack_trace_save(trace, ARRAY_SIZE(trace), 1);
	for (i = 0; i < n; i++)
		if (!within_module(trace[i], THIS_MODULE))
			return (void *)trace[i];
#endif
	return NULL;
}

/**
 * wqc_torture_alloc - an entry, with torture 4 or 8
 *
 * Context: any.
 * Return: the entry; NULL if refused or without memory.
 */
void *wqc_torture_alloc(void)
{
	void *caller = wqc_client_caller();
	struct wqc_tortured *one;
	unsigned long flags;

	if (wqc_torture & WQC_TORTURE_REFUSE && wqc_dice(100) < READ_ONCE(torture_refuse))
		return NULL;
	raw_spin_lock_irqsave(&wqc_torture_lock, flags);
	one = list_first_entry_or_null(&wqc_unused, struct wqc_tortured, link);
	if (one)
		list_del(&one->link);
	raw_spin_unlock_irqrestore(&wqc_torture_lock, flags);
	if (!one)
		one = wqc_context_alloc(wqc_tortured_new);
	if (!one)
		return NULL;
	one->reported = false;
	one->allocator = caller;
	raw_spin_lock_irqsave(&wqc_torture_lock, flags);
	list_add_tail(&one->link, &wqc_used);
	raw_spin_unlock_irqrestore(&wqc_torture_lock, flags);
	return one->slot.entry;
}

static bool wqc_is_touched(const struct wqc_tortured *one)
{
	return memchr_inv(one->slot.entry, WQC_POISON, sizeof(one->slot.entry));
}

/**
 * wqc_torture_free - free an entry
 * @entry: from wqc_torture_alloc()
 *
 * With torture 4 the entry is poisoned and stays in quarantine until WQC_QUARANTINE later entries
 * are freed. An entry that is written to meanwhile stays there, and wqc_torture_check() reports it.
 *
 * Context: any, also under a queue's lock.
 */
void wqc_torture_free(void *entry)
{
	struct wqc_tortured *one = container_of(entry, struct wqc_tortured, slot.entry), *next;
	void *caller = wqc_client_caller();
	unsigned long flags;

	raw_spin_lock_irqsave(&wqc_torture_lock, flags);
	list_del(&one->link);
	one->freer = caller;
	if (!(wqc_torture & WQC_TORTURE_POISON)) {
		list_add(&one->link, &wqc_unused);
		goto unlock;
	}
	memset(entry, WQC_POISON, sizeof(one->slot.entry));
	list_add_tail(&one->link, &wqc_quarantine);
	if (++wqc_quarantined <= WQC_QUARANTINE)
		goto unlock;
	list_for_each_entry_safe(one, next, &wqc_quarantine, link) {
		if (!one->reported && !wqc_is_touched(one)) {
			list_move(&one->link, &wqc_unused);
			wqc_quarantined--;
			break;
		}
	}
unlock:
	raw_spin_unlock_irqrestore(&wqc_torture_lock, flags);
}

/* Returns an entry that was written to after its free, once; NULL: there is none. */
static struct wqc_tortured *wqc_find_touched(void)
{
	struct wqc_tortured *one, *found = NULL;

	raw_spin_lock_irq(&wqc_torture_lock);
	list_for_each_entry(one, &wqc_quarantine, link) {
		if (!one->reported && wqc_is_touched(one)) {
			one->reported = true;
			found = one;
			break;
		}
	}
	raw_spin_unlock_irq(&wqc_torture_lock);
	return found;
}

static void wqc_name_client(char buffer[WQC_NAME_SIZE], const void *address)
{
	if (!address)
		strscpy(buffer, "unknown", WQC_NAME_SIZE);
	else if (address == WQC_INIT_CODE)
		strscpy(buffer, "__init code", WQC_NAME_SIZE);
	else
		wqc_name_format(buffer, address);
}

/**
 * wqc_torture_check - report writes to freed items
 *
 * Also called when a module unloads: afterwards its addresses have no symbols.
 *
 * Context: process.
 * Return: true if freed items are watched, so that it must be called again.
 */
bool wqc_torture_check(void)
{
	char allocator[WQC_NAME_SIZE], freer[WQC_NAME_SIZE];
	struct wqc_tortured *one;

	if (!(wqc_torture & WQC_TORTURE_POISON))
		return false;
	while ((one = wqc_find_touched())) {
		wqc_name_client(allocator, one->allocator);
		wqc_name_client(freer, one->freer);
		wqc_report(WQC_R_TOUCHED, "item %p, allocated by %s, freed by %s",
			   one->slot.entry, allocator, freer);
	}
	return true;
}

/**
 * wqc_torture_walk - call a function for each entry that is in use
 * @see: called under the heap's lock
 * @arg: for @see
 *
 * The counterpart of wqc_cache_walk(), which does not see this heap.
 *
 * Context: process.
 */
void wqc_torture_walk(void (*see)(struct wqc_slot *slot, void *arg), void *arg)
{
	struct wqc_tortured *one;

	raw_spin_lock_irq(&wqc_torture_lock);
	list_for_each_entry(one, &wqc_used, link)
		see(&one->slot, arg);
	raw_spin_unlock_irq(&wqc_torture_lock);
}

static void wqc_forget_init(struct list_head *list, struct module *mod)
{
	struct wqc_tortured *one;

	raw_spin_lock_irq(&wqc_torture_lock);
	list_for_each_entry(one, list, link) {
		if (within_module_init((unsigned long)one->allocator, mod))
			one->allocator = WQC_INIT_CODE;
		if (within_module_init((unsigned long)one->freer, mod))
			one->freer = WQC_INIT_CODE;
	}
	raw_spin_unlock_irq(&wqc_torture_lock);
}

/**
 * wqc_torture_forget_init - forget addresses in a module's __init code, which is about to be freed
 * @mod: the module; the addresses may be in another module later
 *
 * Context: process.
 */
void wqc_torture_forget_init(struct module *mod)
{
	wqc_forget_init(&wqc_used, mod);
	wqc_forget_init(&wqc_quarantine, mod);
}

static void wqc_free_tortured(struct list_head *list)
{
	struct wqc_tortured *one, *next;

	list_for_each_entry_safe(one, next, list, link)
		kfree(one);
	INIT_LIST_HEAD(list);
}

/**
 * wqc_torture_init - allocate the entries of the heap, with torture 4 or 8
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int wqc_torture_init(void)
{
	struct wqc_tortured *one;
	int i;

	if (wqc_torture)
		pr_warn("wq_compat: torture=%u: for tests of clients, not for production\n",
			wqc_torture);
	for (i = 0; wqc_torture & WQC_TORTURE_HEAP && i < WQC_TORTURE_ENTRIES; i++) {
		one = wqc_tortured_new(GFP_KERNEL);
		if (!one) {
			wqc_torture_exit();
			return -ENOMEM;
		}
		list_add(&one->link, &wqc_unused);
	}
	return 0;
}

/* No client is loaded. */
void wqc_torture_exit(void)
{
	wqc_torture_check();
	wqc_free_tortured(&wqc_unused);
	wqc_free_tortured(&wqc_used);
	wqc_free_tortured(&wqc_quarantine);
}
