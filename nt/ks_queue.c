// SPDX-License-Identifier: GPL-2.0
/*
 * The table of the workers of kernel streaming, and the items that wait in them.
 *
 * An item that waits is linked by its Blink, which is xored with a key; its Flink points into the
 * item, until the driver initialises it again. So the item itself says whether it waits, and memory
 * that is freed is searched for such items (use-after-free: the worker would read the freed item).
 * Other memory passes for one rarely, so what does is looked for in all workers. An item of
 * wq_compat's queues has another Flink and another key: neither passes for the other.
 *
 * An item that a driver overwrites while it waits leads nowhere: those behind it are lost, and
 * reported when the worker runs next. No walk takes more steps than items wait, so that a list that
 * such a driver has bent has an end.
 *
 * Unload: the items that wait in a worker are on no queue of wq_compat. So the workers are in a
 * table, which a search visits first; an item that begins is named by wqc_run_as() before it leaves
 * its worker, as in work.c.
 *
 * Bound of a hold of the lock, with interrupts off: the workers of one bucket; of a search,
 * NTC_KS_CHUNK items or workers; of a search for one item, which only misuse needs, all items that
 * wait.
 */
#include <linux/hashtable.h>
#include <linux/module.h>
#include <linux/random.h>
#include <linux/rbtree.h>
#include <linux/sched.h>

#include "ke_tree.h"
#include "ks_queue.h"

#define NTC_KS_BITS	6
#define NTC_KS_CHUNK	64

DEFINE_RAW_SPINLOCK(ntc_ks_lock);
static DEFINE_HASHTABLE(ntc_ks_workers, NTC_KS_BITS);
static struct rb_root ntc_ks_counted = RB_ROOT;
static unsigned long ntc_ks_waiting;	/* L: items that wait in any worker */
static uintptr_t ntc_ks_key __ro_after_init;
static WORK_QUEUE_ITEM ntc_ks_last_item;	/* its address says that there is no next item */

/* L: what a search visits next; removals move it on. */
static struct {
	struct ntc_ks_worker *worker;
	PWORK_QUEUE_ITEM item;
} ntc_ks_cursor;

/* ---- items that wait --------------------------------------------------------- */

static void ntc_ks_set_next(PWORK_QUEUE_ITEM item, PWORK_QUEUE_ITEM next)
{
	WRITE_ONCE(item->List.Blink,
		   (PLIST_ENTRY)((uintptr_t)(next ?: &ntc_ks_last_item) ^ ntc_ks_key));
}

static void ntc_ks_mark(PWORK_QUEUE_ITEM item)
{
	WRITE_ONCE(item->List.Flink, (PLIST_ENTRY)&item->WorkerRoutine);
	ntc_ks_set_next(item, NULL);
}

static uintptr_t ntc_ks_link_of(PWORK_QUEUE_ITEM item)
{
	return (uintptr_t)READ_ONCE(item->List.Blink) ^ ntc_ks_key;
}

static PWORK_QUEUE_ITEM ntc_ks_next(PWORK_QUEUE_ITEM item)
{
	PWORK_QUEUE_ITEM next = (PWORK_QUEUE_ITEM)ntc_ks_link_of(item);

	return next == &ntc_ks_last_item ? NULL : next;
}

/* Whether an item says that it waits. No pointer, small number or fill pattern does. */
static bool ntc_ks_is_marked(PWORK_QUEUE_ITEM item)
{
	uintptr_t link = ntc_ks_link_of(item);
	void *self = READ_ONCE(item->List.Flink);

	return link >> 56 == 0xff && !(link & 7) && (!self || self == &item->WorkerRoutine);
}

static void ntc_ks_note_waiting(struct ntc_ks_worker *worker, int change)
{
	lockdep_assert_held(&ntc_ks_lock);
	worker->waiting += change;
	WRITE_ONCE(ntc_ks_waiting, ntc_ks_waiting + change);
}

/* Nothing leads to the items behind @prev (NULL: to none), which is the @kept-th: they are lost. */
static void ntc_ks_cut(struct ntc_ks_worker *worker, PWORK_QUEUE_ITEM prev, unsigned int kept)
{
	unsigned int lost = worker->waiting - kept;

	lockdep_assert_held(&ntc_ks_lock);
	if (ntc_ks_cursor.worker == worker)
		ntc_ks_cursor.item = NULL;
	if (prev)
		ntc_ks_set_next(prev, NULL);
	else
		worker->first = NULL;
	worker->last = prev;
	worker->lost += lost;
	ntc_ks_note_waiting(worker, -lost);
}

/*
 * Looks for an item, and cuts the list where it leads nowhere. @prev receives the item before.
 * @item NULL: only that.
 */
static bool ntc_ks_walk(struct ntc_ks_worker *worker, PWORK_QUEUE_ITEM item, PWORK_QUEUE_ITEM *prev)
{
	PWORK_QUEUE_ITEM at = worker->first;
	unsigned int n;

	*prev = NULL;
	for (n = 0; n < worker->waiting; n++) {
		if (!at || !ntc_ks_is_marked(at)) {
			ntc_ks_cut(worker, *prev, n);
			return false;
		}
		if (at == item)
			return true;
		*prev = at;
		at = ntc_ks_next(at);
	}
	return false;
}

/* False: the item was overwritten and is queued again. It is the last one still, and runs once. */
bool ntc_ks_append(struct ntc_ks_worker *worker, PWORK_QUEUE_ITEM item)
{
	PWORK_QUEUE_ITEM last = worker->last, prev;

	lockdep_assert_held(&ntc_ks_lock);
	if (last == item) {
		ntc_ks_mark(item);
		return false;
	}
	if (last && !ntc_ks_is_marked(last)) {
		ntc_ks_walk(worker, NULL, &prev);
		last = worker->last;
	}
	ntc_ks_mark(item);
	if (last)
		ntc_ks_set_next(last, item);
	else
		worker->first = item;
	worker->last = item;
	ntc_ks_note_waiting(worker, 1);
	return true;
}

/* @prev: the item before it, or NULL. */
static void ntc_ks_remove(struct ntc_ks_worker *worker, PWORK_QUEUE_ITEM item,
			  PWORK_QUEUE_ITEM prev)
{
	PWORK_QUEUE_ITEM next = ntc_ks_next(item);

	lockdep_assert_held(&ntc_ks_lock);
	if (prev)
		ntc_ks_set_next(prev, next);
	else
		worker->first = next;
	if (worker->last == item)
		worker->last = prev;
	if (ntc_ks_cursor.item == item)
		ntc_ks_cursor.item = next;
	WRITE_ONCE(item->List.Flink, NULL);
	WRITE_ONCE(item->List.Blink, NULL);
	ntc_ks_note_waiting(worker, -1);
}

/* The worker in which an item waits, and the item before it. NULL: its mark is a stale one. */
static struct ntc_ks_worker *ntc_ks_worker_of(PWORK_QUEUE_ITEM item, PWORK_QUEUE_ITEM *prev)
{
	struct ntc_ks_worker *worker;
	int bucket;

	lockdep_assert_held(&ntc_ks_lock);
	hash_for_each(ntc_ks_workers, bucket, worker, link)
		if (ntc_ks_walk(worker, item, prev))
			return worker;
	return NULL;
}

/* Whether the item waits in any worker. */
bool ntc_ks_item_waits(PWORK_QUEUE_ITEM item)
{
	PWORK_QUEUE_ITEM prev;

	return ntc_ks_is_marked(item) && ntc_ks_worker_of(item, &prev);
}

/* Takes the first item, and names it before it leaves the list. */
bool ntc_ks_begin(struct ntc_ks_worker *worker, WORK_QUEUE_ITEM *call)
{
	PWORK_QUEUE_ITEM item;
	unsigned int lost;

	raw_spin_lock_irq(&ntc_ks_lock);
	if (!worker->waiting || !worker->first || !ntc_ks_is_marked(worker->first))
		ntc_ks_cut(worker, NULL, 0);
	item = worker->first;
	if (item) {
		*call = *item;
		wqc_run_as(call->WorkerRoutine, call->Parameter, item);
		ntc_ks_remove(worker, item, NULL);
		worker->task = current;
	}
	if (!worker->first)
		ntc_ks_cut(worker, NULL, 0);	/* nothing is lost, unless the list was bent */
	lost = worker->lost;
	worker->lost = 0;
	raw_spin_unlock_irq(&ntc_ks_lock);
	if (lost)
		wqc_report(WQC_R_BAD_ENTRY,
			   "worker %p: an item was overwritten while it waited; %u items lost",
			   worker, lost);
	return item;
}

/* ---- workers -------------------------------------------------------------------- */

static uintptr_t ntc_ks_counted_address(const struct rb_node *node)
{
	return (uintptr_t)rb_entry(node, struct ntc_ks_worker, by_counted)->counted;
}

static bool ntc_ks_counted_less(struct rb_node *left, const struct rb_node *right)
{
	return ntc_ks_counted_address(left) < ntc_ks_counted_address(right);
}

void ntc_ks_link(struct ntc_ks_worker *worker)
{
	raw_spin_lock_irq(&ntc_ks_lock);
	hash_add(ntc_ks_workers, &worker->link, (uintptr_t)worker);
	if (worker->counted)
		rb_add(&worker->by_counted, &ntc_ks_counted, ntc_ks_counted_less);
	raw_spin_unlock_irq(&ntc_ks_lock);
}

/* The worker at an address that a driver gives. NULL: there is none, or it is unregistered. */
struct ntc_ks_worker *ntc_ks_find(PKSWORKER address)
{
	struct ntc_ks_worker *worker;

	lockdep_assert_held(&ntc_ks_lock);
	hash_for_each_possible(ntc_ks_workers, worker, link, (uintptr_t)address)
		if (worker == address && !worker->gone)
			return worker;
	return NULL;
}

/* What a search visits next: the items of the worker at @node, if there is one. */
static void ntc_ks_cursor_set(struct hlist_node *node)
{
	lockdep_assert_held(&ntc_ks_lock);
	ntc_ks_cursor.worker = hlist_entry_safe(node, struct ntc_ks_worker, link);
	ntc_ks_cursor.item = node ? ntc_ks_cursor.worker->first : NULL;
}

void ntc_ks_unlink(struct ntc_ks_worker *worker)
{
	lockdep_assert_held(&ntc_ks_lock);
	if (ntc_ks_cursor.worker == worker)
		ntc_ks_cursor_set(worker->link.next);
	hash_del(&worker->link);
}

void ntc_ks_forget_counted(struct ntc_ks_worker *worker)
{
	lockdep_assert_held(&ntc_ks_lock);
	if (worker->counted)
		rb_erase(&worker->by_counted, &ntc_ks_counted);
	worker->counted = NULL;
}

/* ---- memory that is freed -------------------------------------------------------- */

/* Removes an item from its worker. False: it does not wait in any. */
static bool ntc_ks_take(PWORK_QUEUE_ITEM item, void **routine)
{
	struct ntc_ks_worker *worker;
	PWORK_QUEUE_ITEM prev;
	unsigned long flags;

	raw_spin_lock_irqsave(&ntc_ks_lock, flags);
	worker = ntc_ks_worker_of(item, &prev);
	if (worker) {
		*routine = item->WorkerRoutine;
		ntc_ks_remove(worker, item, prev);
	}
	raw_spin_unlock_irqrestore(&ntc_ks_lock, flags);
	return worker;
}

/* Counted items in the memory are forgotten. */
static void ntc_ks_counted_freed(uintptr_t p, size_t size)
{
	struct ntc_ks_worker *worker;
	struct rb_node *node;
	unsigned long flags;

	/* data_race: registering a worker while its item's memory is freed is unordered */
	while (data_race(READ_ONCE(ntc_ks_counted.rb_node))) {
		raw_spin_lock_irqsave(&ntc_ks_lock, flags);
		node = ntc_tree_find_from(&ntc_ks_counted, p, ntc_ks_counted_address);
		worker = rb_entry_safe(node, struct ntc_ks_worker, by_counted);
		if (worker && (uintptr_t)worker->counted - p >= size)
			worker = NULL;
		if (worker)
			ntc_ks_forget_counted(worker);
		raw_spin_unlock_irqrestore(&ntc_ks_lock, flags);
		if (!worker)
			return;
	}
}

/**
 * ntc_ks_memory_freed - remove and report items that wait in a worker, in memory that is freed
 * @p: the memory; still allocated
 * @size: bytes; only the first 64 KiB are searched
 * @caller: address in the code that frees it, for the report
 *
 * A worker's counted item in the memory is forgotten: KsIncrementCountedWorker() is reported then.
 * Fast path: while no item waits in any worker, two reads.
 *
 * Context: any, without locks of this module.
 */
void ntc_ks_memory_freed(void *p, size_t size, void *caller)
{
	void *end = p + min(size, NTC_MAX_SEARCHED), *routine;
	PWORK_QUEUE_ITEM item = PTR_ALIGN(p, sizeof(u64));

	ntc_ks_counted_freed((uintptr_t)p, size);
	if (!READ_ONCE(ntc_ks_waiting))
		return;
	for (; (void *)(item + 1) <= end; item = (void *)item + sizeof(u64))
		if (ntc_ks_is_marked(item) && ntc_ks_take(item, &routine))
			wqc_report(WQC_R_MEMORY_FREED,
				   "item %p of a worker, routine %ps, memory %p, from %pS: removed, does not run",
				   item, routine, p, caller);
}

/* ---- memory of a module ------------------------------------------------------------ */

/* Visits up to NTC_KS_CHUNK items and workers of a bucket from the cursor on. */
static bool ntc_ks_find_chunk(struct module *mod, ntc_in_fn in, void **routine)
{
	PWORK_QUEUE_ITEM item;
	int chunk;

	lockdep_assert_held(&ntc_ks_lock);
	for (chunk = NTC_KS_CHUNK; chunk && ntc_ks_cursor.worker; chunk--) {
		item = ntc_ks_cursor.item;
		if (!item || !ntc_ks_is_marked(item)) {
			ntc_ks_cursor_set(ntc_ks_cursor.worker->link.next);
			continue;
		}
		*routine = item->WorkerRoutine;
		if (in(item->WorkerRoutine, mod) || in(item, mod) || in(item->Parameter, mod))
			return true;
		ntc_ks_cursor.item = ntc_ks_next(item);
	}
	return false;
}

/**
 * ntc_ks_find_in_module - look for an item that waits in a worker and needs memory of a module
 * @mod: the module
 * @in: which of its memory
 * @routine: the routine of the item that was found
 *
 * An item that is queued behind the search is as one that is queued after it: by a routine of the
 * module, which the search of the queues finds, or by another module.
 *
 * Context: process; one search at a time.
 * Return: true if one was found.
 */
bool ntc_ks_find_in_module(struct module *mod, ntc_in_fn in, void **routine)
{
	bool found = false;
	int bucket;

	for (bucket = 0; bucket < HASH_SIZE(ntc_ks_workers) && !found; bucket++) {
		raw_spin_lock_irq(&ntc_ks_lock);
		ntc_ks_cursor_set(ntc_ks_workers[bucket].first);
		found = ntc_ks_find_chunk(mod, in, routine);
		while (ntc_ks_cursor.worker && !found) {
			raw_spin_unlock_irq(&ntc_ks_lock);
			cond_resched();
			raw_spin_lock_irq(&ntc_ks_lock);
			found = ntc_ks_find_chunk(mod, in, routine);
		}
		ntc_ks_cursor_set(NULL);
		raw_spin_unlock_irq(&ntc_ks_lock);
	}
	return found;
}

void __init ntc_ks_init(void)
{
	/*
	 * A link decodes to a kernel address, whose top byte is 0xff. So with one bit in the key's
	 * top byte set and one clear, no pointer and no small number is a link; with the lowest bit
	 * set, no word of one repeated byte whose top byte fits is.
	 */
	ntc_ks_key = (get_random_long() & ~(0xffUL << 56)) | 0x6bUL << 56 | 1;
}
