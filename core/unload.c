// SPDX-License-Identifier: GPL-2.0
/*
 * Unload of a driver's module.
 *
 * Use-after-free: the module's text and data would be freed while an item uses them. So after the
 * module's exit function and before its memory is freed, rmmod waits until no queued or running
 * item has its routine, itself or its parameter in the module's memory, or its object from the
 * module. No count is kept for that, which each item would have to update: the queues are searched
 * in passes until one pass finds nothing.
 *
 * Why one such pass is enough. A pass misses an item only if the item moves from a queue that the
 * pass has not searched yet to one that it has searched. Only a routine that works on the module's
 * memory can move it, since no other code knows it after the exit function has returned; and the
 * pass misses that routine, too, only if it has returned when its own queue is searched. So the
 * pass sets a flag in @wqc_watching first, and a runner whose routine returns meanwhile calls
 * wqc_search_note_run(): if the routine was the module's, the pass does not count. The runner
 * cannot miss the flag, because the routine took the lock of the searched queue after the searcher.
 * And the searcher cannot miss the call, because it precedes the clearing of @call.ref under the
 * lock that the searcher takes next.
 *
 * Proof: tests/litmus/unload-watch.litmus. The read of the flag is a data_race() because runners
 * also read while no pass is under way. A write that such a read does not see belongs to a pass
 * that has not yet searched the queue to which the routine posted.
 */
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/percpu.h>
#include <linux/printk.h>
#include <linux/rculist.h>

#include "core.h"
#include "growth.h"
#include "names.h"
#include "object.h"
#include "queue.h"
#include "unload.h"

#define WQC_SEARCH_CHUNK	64		/* bound of items in one hold of a queue's lock */

/* Selects the items that a pass searches for: those of a module, or of its init part. */
struct wqc_search {
	struct module *mod;	/* I: NULL: any item */
	bool init_only;		/* I */
	wqc_visit_fn visit;	/* I: is called for each item, and no item matches; or NULL */
	void *data;		/* I: for @visit */
	unsigned int ran;	/* under wqc_search_lock: matching routines that returned */
};

/* The result of a pass, for the message. */
struct wqc_found {
	struct wqc_blocker blocker;
	struct wqc_left left;
	bool named;		/* a message follows: copy names */
};

static DEFINE_MUTEX(wqc_search_mutex);		/* one pass at a time */
/* Under wqc_search_mutex. */
static bool (*wqc_search_hook)(struct module *mod, struct wqc_left *left);
static DEFINE_RAW_SPINLOCK(wqc_search_lock);
static struct wqc_search *wqc_search;		/* under wqc_search_lock */

/*
 * The position of the pass in a long lane: an item that runs nothing. All fields under the lock of
 * the queue of @lane; @lane is also read without it, see wqc_cursor_abandon().
 */
static struct {
	WORK_QUEUE_ITEM item;
	WORK_QUEUE_ITEM *prev;	/* the item before it; stale after that one was popped */
	struct wqc_lane *lane;
} wqc_cursor;

bool wqc_item_is_cursor(const WORK_QUEUE_ITEM *item)
{
	return item == &wqc_cursor.item;
}

#ifdef CONFIG_SMP
/* The copies for each CPU lie outside of the module's sections, and within_module() misses them. */
static bool wqc_in_percpu(unsigned long address, const struct module *mod)
{
	int cpu;

	if (!mod->percpu_size)
		return false;
	for_each_possible_cpu(cpu)
		if (address - (unsigned long)per_cpu_ptr(mod->percpu, cpu) < mod->percpu_size)
			return true;
	return false;
}
#else
static bool wqc_in_percpu(unsigned long address, const struct module *mod)
{
	return false;	/* per-CPU data is an ordinary section */
}
#endif

/**
 * wqc_in_module - whether an address lies in memory that is freed with a module
 * @address: any address; never dereferenced
 * @mod: the module; cannot be freed meanwhile
 *
 * This is the module's text and data, its init part, and its static per-CPU data of all CPUs, but
 * not what it has allocated. Costs a comparison for each possible CPU if the module has per-CPU
 * data.
 *
 * Context: any.
 * Return: true if it does.
 */
bool wqc_in_module(const void *address, const struct module *mod)
{
	return within_module((unsigned long)address, mod) ||
	       wqc_in_percpu((unsigned long)address, mod);
}
EXPORT_SYMBOL_GPL(wqc_in_module);

/**
 * wqc_in_module_init - whether an address lies in the init part of a module
 * @address: any address; never dereferenced
 * @mod: the module, before its init part is freed
 *
 * Context: any.
 * Return: true if it lies in __init text or data.
 */
bool wqc_in_module_init(const void *address, const struct module *mod)
{
	return within_module_init((unsigned long)address, mod);
}
EXPORT_SYMBOL_GPL(wqc_in_module_init);

static bool wqc_search_covers(const struct wqc_search *search, const void *address)
{
	return search->init_only ? wqc_in_module_init(address, search->mod) :
				  wqc_in_module(address, search->mod);
}

/*
 * The routine may be another module's (a class driver's, for instance) and work on memory of this
 * module through its parameter. The item is written to when it is popped. So routine, item and
 * parameter are tested.
 */
static bool wqc_search_matches(const struct wqc_search *search, const void *routine,
			       const void *item, const void *parameter,
			       const struct module *owner)
{
	if (!search->mod || (owner == search->mod && !search->init_only))
		return true;
	return wqc_search_covers(search, routine) || wqc_search_covers(search, item) ||
	       wqc_search_covers(search, parameter);
}

static bool wqc_search_matches_call(const struct wqc_search *search, const struct wqc_call *call)
{
	return wqc_search_matches(search, call->routine, call->item, call->parameter,
				  wqc_ref_owner(call->ref));
}

/**
 * wqc_search_note_run - tell a pass of a routine that has returned
 * @call: the run; its @ref is not cleared yet
 *
 * Context: process.
 */
void wqc_search_note_run(const struct wqc_call *call)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&wqc_search_lock, flags);
	if (wqc_search && wqc_search_matches_call(wqc_search, call))
		wqc_search->ran++;
	raw_spin_unlock_irqrestore(&wqc_search_lock, flags);
}

/**
 * wqc_search_matches_request - whether a pass cancels a timer request
 * @item: address of the driver's item; NULL for a recurrent request
 * @own: has the routine and the context
 * @owner: module of the device
 * @device: the device
 *
 * Context: any, called by a pass, so that @wqc_search does not change.
 * Return: true if the item, routine, context or device of the request is the module's.
 */
bool wqc_search_matches_request(const void *item, const WORK_QUEUE_ITEM *own,
				const struct module *owner, const void *device)
{
	/* data_race: the pass, which has called this, holds the mutex under which it is written */
	const struct wqc_search *search = data_race(wqc_search);

	return wqc_search_matches(search, own->WorkerRoutine, item, own->Parameter, owner) ||
	       wqc_search_covers(search, device);
}

/* The item between these two was taken back: keep @prev of the cursor. Under the queue's lock. */
void wqc_cursor_unlinked(WORK_QUEUE_ITEM *prev, WORK_QUEUE_ITEM *next)
{
	if (next == &wqc_cursor.item)
		wqc_cursor.prev = prev;
}

/*
 * Removes the cursor from the lane and returns the next item that was not searched. If the cursor
 * was popped, so were all items before it, and the head is the next item. If the cursor is the
 * head, the items before it were popped; else @prev is still on the lane.
 */
static WORK_QUEUE_ITEM *wqc_cursor_remove(struct wqc_queue *queue, struct wqc_lane *lane)
{
	WORK_QUEUE_ITEM *cursor = &wqc_cursor.item, *prev, *next;

	WRITE_ONCE(wqc_cursor.lane, NULL);
	if (!wqc_item_is_queued(cursor))
		return lane->head;
	prev = lane->head == cursor ? NULL : wqc_cursor.prev;
	next = wqc_mark_next(READ_ONCE(*wqc_mark_word(cursor)));
	if (prev && !wqc_mark_is_plausible(READ_ONCE(*wqc_mark_word(prev)))) {
		next = &wqc_lane_end;	/* overwritten: wqc_queue_pop() reports it */
		/* The cursor is not inserted at the end, but items behind it may be taken back. */
		if (lane->tail == cursor)
			lane->tail = prev;
	} else {
		wqc_lane_unlink(queue, lane, cursor, prev, next);
	}
	wqc_mark_unclaim(cursor);
	return next == &wqc_lane_end ? NULL : next;
}

/*
 * The lane is truncated because an item in it was overwritten: the cursor is lost with it.
 *
 * @wqc_cursor.lane changes from NULL to a lane, and back, only under the lock of that lane's queue.
 * The caller holds the lock of @lane's queue. So if the read returns @lane the cursor is in it; if
 * it returns another value, even an old one, the cursor is not. Proof:
 * tests/litmus/unload-cursor.litmus.
 */
void wqc_cursor_abandon(const struct wqc_lane *lane)
{
	if (READ_ONCE(wqc_cursor.lane) == lane && wqc_item_is_queued(&wqc_cursor.item))
		wqc_mark_unclaim(&wqc_cursor.item);
}

static void wqc_cursor_insert(struct wqc_lane *lane, WORK_QUEUE_ITEM *after)
{
	WORK_QUEUE_ITEM *next = wqc_mark_next(READ_ONCE(*wqc_mark_word(after)));

	WRITE_ONCE(wqc_cursor.lane, lane);	/* see wqc_cursor_abandon() */
	WRITE_ONCE(*wqc_mark_word(&wqc_cursor.item), wqc_mark_make(next, WQC_KIND_SPECIAL));
	wqc_cursor.item.List.Flink = &wqc_cursor.item.List;
	wqc_cursor.prev = after;
	wqc_mark_set_next(after, &wqc_cursor.item);
}

static bool wqc_search_matches_item(const struct wqc_lane *lane, WORK_QUEUE_ITEM *item, u64 mark,
				    const struct wqc_search *search)
{
	struct module *owner = wqc_ref_owner(lane->ref);
	enum wqc_kind kind = wqc_mark_kind(mark);
	struct wqc_io_item *io;
	const void *address;

	if (wqc_item_is_cursor(item))
		return false;
	/* An item of another kind may be timed. */
	if (kind > WQC_KIND_SAMPLED)
		kind &= ~WQC_KIND_SAMPLED;
	if (kind == WQC_KIND_IO) {
		io = container_of(item, struct wqc_io_item, item);
		owner = wqc_ref_owner(io->ref);
	}
	if (search->visit) {
		search->visit(search->data, owner);
		return false;
	}
	address = kind == WQC_KIND_SPECIAL ? wqc_ops.request_item(item) : item;
	return wqc_search_matches(search, READ_ONCE(item->WorkerRoutine), address, item->Parameter,
				  owner);
}

static bool wqc_search_running(struct wqc_queue *queue, const struct wqc_search *search,
			       struct wqc_found *found)
{
	struct wqc_runner *runner;

	lockdep_assert_held(&queue->lock);
	if (search->visit)
		return false;
	list_for_each_entry(runner, &queue->runners, all) {
		if (!wqc_runner_is_running(runner) ||
		    !wqc_search_matches_call(search, &runner->call))
			continue;
		if (found->named)
			wqc_blocker_note_runner(&found->blocker, queue, runner);
		return true;
	}
	return false;
}

/* Searches the running routines in each hold of the lock: an item popped in between is there. */
static bool wqc_search_lane(struct wqc_queue *queue, struct wqc_lane *lane,
			    const struct wqc_search *search, struct wqc_found *found)
{
	WORK_QUEUE_ITEM *item, *last;
	bool hit = false;
	int chunk;
	u64 mark;

	WRITE_ONCE(*wqc_mark_word(&wqc_cursor.item), 0);
	do {
		wqc_queue_lock_irq(queue);
		last = NULL;
		item = wqc_cursor_remove(queue, lane);
		for (chunk = 0; item && chunk < WQC_SEARCH_CHUNK; chunk++) {
			mark = READ_ONCE(*wqc_mark_word(item));
			if (!wqc_mark_is_plausible(mark))
				break;	/* wqc_queue_pop() reports it */
			hit = wqc_search_matches_item(lane, item, mark, search);
			if (hit) {
				if (found->named)
					wqc_blocker_note_item(&found->blocker, queue, item);
				break;
			}
			last = item;
			item = item == lane->tail ? NULL : wqc_mark_next(mark);
			if (item == &wqc_lane_end)
				item = NULL;
		}
		hit = hit || wqc_search_running(queue, search, found);
		/* The end of the lane was reached. */
		if (!item)
			last = NULL;
		if (last && !hit)
			wqc_cursor_insert(lane, last);
		wqc_queue_unlock_irq(queue);
		cond_resched();
	} while (last && !hit);
	return hit;
}

static bool wqc_search_queue(struct wqc_queue *queue, const struct wqc_search *search,
			     struct wqc_found *found)
{
	struct wqc_lane *lane = NULL;
	void *cursor = NULL;

	while ((lane = wqc_lane_next(queue, lane, &cursor)))
		if (wqc_search_lane(queue, lane, search, found))
			return true;
	return false;
}

/**
 * wqc_queue_visit - call a function for each item that waits in a queue
 * @queue: the queue
 * @visit: called under the queue's lock with @data and the module of the item's device or driver;
 *	NULL for an item without one (Ex*)
 * @data: for @visit
 *
 * The lock is released after each WQC_SEARCH_CHUNK items, so that items which are queued or started
 * meanwhile may be missed.
 *
 * Context: process, sleeps.
 */
void wqc_queue_visit(struct wqc_queue *queue, wqc_visit_fn visit, void *data)
{
	const struct wqc_search search = { .visit = visit, .data = data };
	struct wqc_found found = {};

	mutex_lock(&wqc_search_mutex);
	wqc_search_queue(queue, &search, &found);
	mutex_unlock(&wqc_search_mutex);
}

static bool wqc_search_pass(struct wqc_search *search, struct wqc_found *found)
{
	bool hit = false;
	int cpu, id;

	mutex_lock(&wqc_search_mutex);
	if (search->mod && !search->init_only && wqc_ops.module_going)
		wqc_ops.module_going(search->mod);
	search->ran = 0;
	raw_spin_lock_irq(&wqc_search_lock);
	wqc_search = search;
	raw_spin_unlock_irq(&wqc_search_lock);
	atomic_or(WQC_WATCH_UNLOAD, &wqc_watching);
	/*
	 * A routine that posts a timer request after this takes the timer lock after the pass, so
	 * it sees the flag when it returns: the timer lock orders it, as the queue's lock does
	 * above.
	 */
	if (wqc_ops.module_cancel)
		wqc_ops.module_cancel(search->mod);
	if (!search->init_only && search->mod && wqc_search_hook)
		hit = wqc_search_hook(search->mod, &found->left);
	if (!hit)
		found->left.what = NULL;

	for_each_possible_cpu(cpu) {
		for (id = 0; id < WQC_NR_POOLS && !hit; id++)
			hit = wqc_search_queue(wqc_queue_of(id, cpu), search, found);
		if (hit)
			break;
	}

	atomic_andnot(WQC_WATCH_UNLOAD, &wqc_watching);
	raw_spin_lock_irq(&wqc_search_lock);
	wqc_search = NULL;
	hit = hit || search->ran;
	raw_spin_unlock_irq(&wqc_search_lock);
	mutex_unlock(&wqc_search_mutex);
	return hit;
}

static void wqc_search_warn(const struct wqc_search *search, const struct wqc_found *found,
			    unsigned int slipped)
{
	bool load = search->mod && search->mod->state != MODULE_STATE_GOING;
	char who[MODULE_NAME_LEN + 16], left[WQC_NAME_SIZE];

	snprintf(who, sizeof(who), "%s of %s", load ? "insmod" : "rmmod",
		 search->mod ? module_name(search->mod) : "wq_compat");
	if (found->left.what) {
		wqc_name_format(left, found->left.routine);
		pr_warn("wq_compat: %s waits for %s %s\n", who, found->left.what, left);
	} else {
		/* Logs nothing if only returned routines made the passes fail. */
		wqc_blocker_warn(&found->blocker, who);
	}
	if (slipped)
		pr_warn("wq_compat: %s: its routines returned in %u passes: a routine that always requeues itself, or that waits for this rmmod, never ends\n",
			who, slipped);
}

/*
 * @notified: the caller is the module notifier. Its chain is locked for reading meanwhile: the
 * registration of another notifier waits for that lock, and all loads and unloads of modules wait
 * for the registration.
 */
static void wqc_search_wait(struct module *mod, bool init_only, bool notified)
{
	unsigned long warn_at = jiffies + WQC_WARN_AFTER;
	struct wqc_search search = { .mod = mod, .init_only = init_only };
	struct wqc_found found = {};
	unsigned int delay = 1, slipped = 0;

	while (wqc_search_pass(&search, &found)) {
		if (notified)
			pr_warn("wq_compat: %s holds up the module loader: a module notifier waits for its items, because its module_init() or module_exit() is not the one of wq_compat.h\n",
				module_name(mod));
		notified = false;
		slipped += !!search.ran;
		if (found.named && time_after(jiffies, warn_at)) {
			wqc_search_warn(&search, &found, slipped);
			warn_at = jiffies + WQC_WARN_AGAIN;
			found = (struct wqc_found){};
		} else {
			/* Collect names for a second: one pass may find no running routine. */
			found.named = time_after(jiffies, warn_at - HZ);
		}
		msleep(delay);
		delay = min(2 * delay, 20U);
	}
	if (!init_only)
		wqc_keeper_wake();	/* the module has freed its items: spare entries */
}

/**
 * wqc_module_wait - wait until no item of a module waits or runs
 * @mod: the module; NULL: of all modules
 *
 * After WQC_WARN_AFTER it logs which routine it waits for.
 *
 * Context: process, sleeps.
 */
void wqc_module_wait(struct module *mod)
{
	wqc_search_wait(mod, false, false);
}

/**
 * wqc_module_loaded - wait for items after a module's init function
 * @mod: the module
 * @err: the return value of the init function
 *
 * Called by module_init() as wq_compat.h defines it. Use-after-free: __init text and data are freed
 * next, and if the function has failed all of the module. So this waits for the items that use
 * them.
 *
 * Context: process, sleeps.
 * Return: @err.
 */
int wqc_module_loaded(struct module *mod, int err)
{
	wqc_search_wait(mod, err >= 0, false);
	return err;
}
EXPORT_SYMBOL_GPL(wqc_module_loaded);

/**
 * wqc_module_left - wait for items after a module's exit function
 * @mod: the module
 *
 * Called by module_exit() as wq_compat.h defines it, in the context of rmmod, without a lock of the
 * kernel that other loads and unloads wait for.
 *
 * Context: process, sleeps.
 */
void wqc_module_left(struct module *mod)
{
	wqc_search_wait(mod, false, false);
}
EXPORT_SYMBOL_GPL(wqc_module_left);

/**
 * wqc_set_look - set the hook that each pass calls for a module that unloads
 * @look: returns true if something of the module is left, so that another pass is needed. NULL: no
 *	hook
 *
 * For nt-compat, which has timers, DPCs and threads.
 *
 * Context: process, sleeps. When it returns the former hook is not running.
 */
void wqc_set_look(bool (*look)(struct module *mod, struct wqc_left *left))
{
	mutex_lock(&wqc_search_mutex);
	wqc_search_hook = look;
	mutex_unlock(&wqc_search_mutex);
}
EXPORT_SYMBOL_GPL(wqc_set_look);

/* Mostly wqc_module_loaded() or wqc_module_left() has waited already. */
static int wqc_module_event(struct notifier_block *nb, unsigned long event, void *data)
{
	struct module *mod = data;

	if (mod == THIS_MODULE)
		return NOTIFY_DONE;
	if (event == MODULE_STATE_GOING)
		wqc_search_wait(mod, false, true);
	else if (event == MODULE_STATE_LIVE)
		wqc_search_wait(mod, true, true);	/* its init text is freed next */
	return NOTIFY_DONE;
}

/* Called before all other notifiers, which tear down the module's jump labels and trace events. */
static struct notifier_block wqc_module_notifier = {
	.notifier_call = wqc_module_event,
	.priority = INT_MAX,
};

int wqc_unload_init(void)
{
	return register_module_notifier(&wqc_module_notifier);
}

void wqc_unload_exit(void)
{
	unregister_module_notifier(&wqc_module_notifier);
}
