// SPDX-License-Identifier: GPL-2.0
/*
 * Memory for the items that wq_compat allocates, in any context.
 *
 * Fast path: each CPU has a list of spare entries. A free adds to the list of its CPU, an
 * allocation takes from it, so an item that is allocated, runs and is freed on one CPU costs a few
 * instructions. A list holds at most WQC_CACHE_MAX_SPARES entries. Every WQC_SHRINK_PERIOD the
 * keeper makes each CPU give three quarters of its list back, at most WQC_CACHE_CHUNK entries in
 * one interrupt. With KASAN no spare entries are kept, so that KASAN detects a use-after-free.
 *
 * Slow path: if the list is empty the slab allocates as the caller's context allows: see
 * wqc_context_gfp(). On PREEMPT_RT the slab takes sleeping locks, so a caller that cannot be
 * preempted (interrupts off, hard interrupt, raw spinlock) can only take from the list. There the
 * keeper refills each list to WQC_CACHE_RESERVE entries, and a caller that can be preempted leaves
 * that many.
 *
 * With the parameter torture diag/torture.c allocates and frees the entries: the lists stay empty,
 * and their counts say that they are full.
 *
 * Each entry is part of a slot, and all slots are on one list, in which wqc_cache_walk() finds the
 * items that a driver has leaked. Only slow paths add and remove slots: spare entries stay on it.
 *
 * Order: a list of spares is touched by its CPU only, with interrupts off. The keeper must not wait
 * for a CPU, since a routine may keep it with interrupts off. So it sends an asynchronous
 * interrupt, wqc_exchange_run(), and entries pass on two lists by llist_add() and llist_del_all():
 * tests/litmus/cache-exchange.litmus. The counts that the keeper reads of other CPUs are hints.
 */
#include <linux/atomic.h>
#include <linux/cpumask.h>
#include <linux/irqflags.h>
#include <linux/list.h>
#include <linux/llist.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/smp.h>

#include "backend.h"
#include "cache.h"
#include "growth.h"

#define WQC_CACHE_RT		IS_ENABLED(CONFIG_PREEMPT_RT)
#define WQC_CACHE_RESERVE	256	/* entries of each CPU, on PREEMPT_RT */
#define WQC_CACHE_KEEP	(WQC_CACHE_RT ? WQC_CACHE_RESERVE : 4)	/* spare entries that stay */
#define WQC_CACHE_MAX_SPARES	(IS_ENABLED(CONFIG_KASAN) && !WQC_CACHE_RT ? 0U : 16384U)
#define WQC_CACHE_FULL	U32_MAX
#define WQC_CACHE_CHUNK	64	/* bound of an interrupt, and of a hold of a lock */

struct wqc_entry {
	union {
		struct wqc_entry *next;
		struct llist_node node;	/* on its way to a CPU or to the keeper */
	};
};

struct wqc_spares {
	struct wqc_entry *first;	/* C */
	u32 count;			/* C; read by the keeper: H */
};

/* Exchange of entries between the keeper and a CPU. At most one interrupt is on its way. */
struct wqc_exchange {
	call_single_data_t call;	/* A: the interrupt */
	struct llist_head supply;	/* A: at most WQC_CACHE_CHUNK entries for the CPU */
	u32 surplus;			/* H: entries that the CPU is to give back */
	u32 over;			/* C: freed entries that the list had no room for */
	u64 given, interrupts;		/* C; by others: H. Entries given back; their interrupts */
};

static bool wqc_cache_tortured;	/* I: wqc_ops.entry_alloc() makes the entries */
static struct kmem_cache *wqc_slot_cache;	/* I */
static DEFINE_PER_CPU(struct wqc_spares, wqc_spares);
static DEFINE_PER_CPU(struct wqc_exchange, wqc_exchange);
static LLIST_HEAD(wqc_surplus);		/* A: entries that the keeper frees */
static atomic_t wqc_exchanges;		/* A: interrupts on their way */

static DEFINE_RAW_SPINLOCK(wqc_slots_lock);	/* held for at most WQC_CACHE_CHUNK steps */
static LIST_HEAD(wqc_slots);		/* under wqc_slots_lock */
static u32 wqc_nr_slots;		/* under wqc_slots_lock; read without it: H */

static void wqc_spares_push(struct wqc_spares *spares, struct wqc_entry *entry)
{
	entry->next = spares->first;
	spares->first = entry;
	WRITE_ONCE(spares->count, spares->count + 1);
}

static struct wqc_entry *wqc_spares_pop(struct wqc_spares *spares)
{
	struct wqc_entry *entry = spares->first;

	if (likely(entry)) {
		spares->first = entry->next;
		WRITE_ONCE(spares->count, spares->count - 1);
	}
	return entry;
}

/* ---- the slab ------------------------------------------------------------ */

#if defined(CONFIG_PROVE_RAW_LOCK_NESTING) && !defined(CONFIG_PREEMPT_RT)
/*
 * Whether lockdep would report a spinlock_t that the slab takes in this context: a hard interrupt,
 * or under a raw spinlock. The report would be false. It concerns PREEMPT_RT, where a spinlock_t
 * sleeps, but there no allocation is made in these contexts (wqc_context_gfp()); on other kernels
 * GFP_ATOMIC is legal in each context. So lockdep is off for the call of the slab, which unlocks
 * what it has locked, so that lockdep misses no half of a pair.
 *
 * The list of held locks is valid unless lockdep has given up or is off: then it reports nothing.
 */
static bool wqc_context_lockdep_warns(void)
{
	int i;

	if (!debug_locks || current->lockdep_recursion)
		return false;
	if (in_hardirq())
		return true;
	for (i = 0; i < current->lockdep_depth; i++)
		if (current->held_locks[i].instance->wait_type_inner == LD_WAIT_SPIN)
			return true;
	return false;
}
#else
static inline bool wqc_context_lockdep_warns(void)
{
	return false;
}
#endif

/*
 * The GFP flags that the caller's context allows; 0: no allocation is possible.
 *
 * Where the caller may sleep the allocation may reclaim memory, so that an item is refused only if
 * there is no memory. Deadlock: the caller may be the file system or the storage driver that
 * reclaim would wait for. So GFP_NOIO: direct reclaim then calls no file system and starts no I/O,
 * and waits for no lock or request of the caller. __GFP_HIGH: reclaim is entered only if an atomic
 * allocation fails, too. __GFP_RETRY_MAYFAIL: reclaim that makes no progress fails; otherwise the
 * allocator retries without end, perhaps for memory that only the caller can free. A task that
 * reclaims already, and the keeper, have PF_MEMALLOC: they do not enter reclaim.
 *
 * A sleep is not allowed either in these contexts, which the preemption count does not show: an RCU
 * read-side section (on PREEMPT_RT also under a spinlock_t), softirqs off, and a task that has set
 * its state in order to wait.
 */
static gfp_t wqc_context_gfp(void)
{
	if (preemptible() && !rcu_preempt_depth() && !softirq_count() && task_is_running(current))
		return GFP_NOIO | __GFP_HIGH | __GFP_RETRY_MAYFAIL | __GFP_NOWARN;
	if (WQC_CACHE_RT && !preemptible())
		return 0;
	return GFP_ATOMIC | __GFP_NOWARN;
}

/**
 * wqc_context_alloc - allocate as the caller's context allows
 * @alloc: allocates; called with the GFP flags, if the context allows an allocation
 *
 * Context: any.
 * Return: what @alloc returned, or NULL.
 */
void *wqc_context_alloc(void *(*alloc)(gfp_t gfp))
{
	gfp_t gfp = wqc_context_gfp();
	bool quiet = wqc_context_lockdep_warns();
	void *memory;

	if (!gfp)
		return NULL;
	if (quiet)
		lockdep_off();
	memory = alloc(gfp);
	if (quiet)
		lockdep_on();
	return memory;
}

/* New slots are added at the head, behind the cursor of a walk, so that each walk ends. */
static void *wqc_slot_alloc(gfp_t gfp)
{
	struct wqc_slot *slot = kmem_cache_alloc(wqc_slot_cache, gfp);
	unsigned long flags;

	if (!slot)
		return NULL;
	slot->io.magic = 0;	/* not an IO_WORKITEM yet */
	raw_spin_lock_irqsave(&wqc_slots_lock, flags);
	list_add(&slot->all, &wqc_slots);
	wqc_nr_slots++;
	raw_spin_unlock_irqrestore(&wqc_slots_lock, flags);
	return slot;
}

/* Context: any, but on PREEMPT_RT preemptible. */
static void wqc_slot_free(void *entry)
{
	struct wqc_slot *slot = wqc_slot_of(entry);
	bool quiet = wqc_context_lockdep_warns();
	unsigned long flags;

	raw_spin_lock_irqsave(&wqc_slots_lock, flags);
	list_del(&slot->all);
	wqc_nr_slots--;
	raw_spin_unlock_irqrestore(&wqc_slots_lock, flags);
	if (quiet)
		lockdep_off();
	kmem_cache_free(wqc_slot_cache, slot);
	if (quiet)
		lockdep_on();
}

/**
 * wqc_cache_walk - call a function for each slot, whether its entry is in use or spare
 * @see: the function. Called under wqc_slots_lock: the slot is not freed to the slab meanwhile, but
 *	other CPUs may free or allocate its entry
 * @arg: passed to @see
 *
 * Misses slots that are allocated during the walk.
 *
 * Context: process, sleeps. At most WQC_CACHE_CHUNK slots in one hold of the lock.
 */
void wqc_cache_walk(void (*see)(struct wqc_slot *slot, void *arg), void *arg)
{
	static DEFINE_MUTEX(one_at_a_time);	/* one cursor on the list */
	struct list_head cursor;
	struct wqc_slot *slot;
	unsigned int seen = 0;

	mutex_lock(&one_at_a_time);
	raw_spin_lock_irq(&wqc_slots_lock);
	list_add(&cursor, &wqc_slots);
	while (!list_is_last(&cursor, &wqc_slots)) {
		slot = list_entry(cursor.next, struct wqc_slot, all);
		list_move(&cursor, &slot->all);
		see(slot, arg);
		if (++seen % WQC_CACHE_CHUNK == 0) {
			raw_spin_unlock_irq(&wqc_slots_lock);
			cond_resched();
			raw_spin_lock_irq(&wqc_slots_lock);
		}
	}
	list_del(&cursor);
	raw_spin_unlock_irq(&wqc_slots_lock);
	mutex_unlock(&one_at_a_time);
}

/* ---- the lists of spare entries -------------------------------------------- */

/* Slow path: the list is empty, or has no more than the reserve, which is not for this caller. */
static noinline void *wqc_cache_alloc_slow(void)
{
	if (wqc_cache_tortured)
		return wqc_ops.entry_alloc();
	if (WQC_CACHE_RT && !preemptible())
		wqc_keeper_wake();
	return wqc_context_alloc(wqc_slot_alloc);
}

/*
 * Slow path: the list is full. On PREEMPT_RT the keeper frees the entry if the caller cannot. It is
 * woken for each WQC_CACHE_CHUNK entries; the rest is freed at its next check.
 */
static noinline void wqc_cache_free_slow(void *freed)
{
	struct wqc_entry *entry = freed;

	if (wqc_cache_tortured) {
		wqc_ops.entry_free(entry);
	} else if (WQC_CACHE_RT && !preemptible()) {
		llist_add(&entry->node, &wqc_surplus);
		if (!(this_cpu_inc_return(wqc_exchange.over) % WQC_CACHE_CHUNK))
			wqc_keeper_wake();
	} else {
		wqc_slot_free(entry);
	}
}

/**
 * wqc_cache_alloc - allocate an entry of WQC_CACHE_SIZE bytes, not zeroed
 *
 * The entry is part of a struct wqc_slot.
 *
 * Context: any. Sleeps where the caller may sleep.
 * Return: the entry, or NULL if out of memory.
 */
void *wqc_cache_alloc(void)
{
	u32 leave = WQC_CACHE_RT && preemptible() ? WQC_CACHE_RESERVE : 0;
	struct wqc_entry *entry = NULL;
	struct wqc_spares *spares;
	unsigned long flags;

	local_irq_save(flags);
	spares = this_cpu_ptr(&wqc_spares);
	if (!WQC_CACHE_RT || spares->count > leave)
		entry = wqc_spares_pop(spares);
	if (WQC_CACHE_RT && entry && spares->count == WQC_CACHE_RESERVE / 2)
		wqc_keeper_wake();
	local_irq_restore(flags);
	return likely(entry) ? entry : wqc_cache_alloc_slow();
}

/**
 * wqc_cache_free_irqs_off - free an entry
 * @entry: from wqc_cache_alloc()
 *
 * Context: any, with interrupts off.
 */
void wqc_cache_free_irqs_off(void *entry)
{
	struct wqc_spares *spares = this_cpu_ptr(&wqc_spares);

	if (likely(spares->count < WQC_CACHE_MAX_SPARES))
		wqc_spares_push(spares, entry);
	else
		wqc_cache_free_slow(entry);
}

/**
 * wqc_cache_free - free an entry
 * @entry: from wqc_cache_alloc()
 *
 * Context: any.
 */
void wqc_cache_free(void *entry)
{
	struct wqc_spares *spares;
	unsigned long flags;
	bool room;

	local_irq_save(flags);
	spares = this_cpu_ptr(&wqc_spares);
	room = likely(spares->count < WQC_CACHE_MAX_SPARES);
	if (room)
		wqc_spares_push(spares, entry);
	local_irq_restore(flags);
	if (unlikely(!room))
		wqc_cache_free_slow(entry);
}

/* ---- the keeper's part --------------------------------------------------- */

/*
 * Runs in an interrupt on the CPU of the list. Takes at most WQC_CACHE_CHUNK entries and gives at
 * most as many back. It wakes the keeper, which sends the next interrupt for the rest.
 */
static void wqc_exchange_run(void *unused)
{
	struct wqc_spares *spares = this_cpu_ptr(&wqc_spares);
	struct wqc_exchange *exchange = this_cpu_ptr(&wqc_exchange);
	struct llist_node *supply = llist_del_all(&exchange->supply);
	u32 surplus = READ_ONCE(exchange->surplus), given = 0;
	struct wqc_entry *entry, *next, *last;
	struct llist_node *first = NULL;

	llist_for_each_entry_safe(entry, next, supply, node)
		wqc_spares_push(spares, entry);
	/* The list may have become shorter since the keeper has read its length. */
	for (; given < min_t(u32, surplus, WQC_CACHE_CHUNK) && spares->count > WQC_CACHE_KEEP;
	     given++) {
		entry = wqc_spares_pop(spares);
		last = first ? last : entry;
		entry->node.next = first;
		first = &entry->node;
	}
	if (first)
		llist_add_batch(first, &last->node, &wqc_surplus);
	/* The keeper may write a new number at the same time. Either one is a good hint. */
	WRITE_ONCE(exchange->surplus, given == WQC_CACHE_CHUNK ? surplus - given : 0);
	WRITE_ONCE(exchange->given, exchange->given + given);
	WRITE_ONCE(exchange->interrupts, exchange->interrupts + !!given);
	if (given || supply)
		wqc_keeper_wake();
	atomic_dec(&wqc_exchanges);	/* last: see wqc_cache_wait_idle() */
}

/* Fails if the CPU is offline, or the last interrupt is still on its way. */
static void wqc_exchange_send(int cpu)
{
	atomic_inc(&wqc_exchanges);
	if (smp_call_function_single_async(cpu, &per_cpu(wqc_exchange, cpu).call))
		atomic_dec(&wqc_exchanges);
}

static void wqc_slot_free_list(struct llist_node *entries)
{
	struct wqc_entry *entry, *next;

	llist_for_each_entry_safe(entry, next, entries, node) {
		wqc_slot_free(entry);
		cond_resched();
	}
}

/**
 * wqc_cache_shrink - make each CPU give three quarters of its spare entries back
 *
 * wqc_cache_balance() sends the interrupts, and frees the entries.
 *
 * Context: process, the keeper's.
 */
void wqc_cache_shrink(void)
{
	u32 have;
	int cpu;

	if (wqc_cache_tortured)
		return;
	for_each_online_cpu(cpu) {
		have = READ_ONCE(per_cpu(wqc_spares, cpu).count);
		if (have > WQC_CACHE_KEEP)
			WRITE_ONCE(per_cpu(wqc_exchange, cpu).surplus,
				   (have - WQC_CACHE_KEEP) * 3 / 4 + 1);
	}
	wqc_cache_balance();
}

/**
 * wqc_cache_has_work - whether the keeper has something to do for the cache
 *
 * Context: process, the keeper's.
 * Return: true if a CPU that is online has more spare entries than it keeps; on PREEMPT_RT also if
 * it lacks as many as wqc_cache_supply() refills.
 */
bool wqc_cache_has_work(void)
{
	u32 count;
	int cpu;

	if (wqc_cache_tortured)
		return false;
	for_each_online_cpu(cpu) {
		count = READ_ONCE(per_cpu(wqc_spares, cpu).count);
		if (count > WQC_CACHE_KEEP ||
		    (WQC_CACHE_RT && count <= WQC_CACHE_RESERVE - WQC_CACHE_CHUNK))
			return true;
	}
	return false;
}

/* On PREEMPT_RT: refills a list that has WQC_CACHE_CHUNK entries less than WQC_CACHE_RESERVE. */
static void wqc_cache_supply(int cpu)
{
	struct wqc_exchange *exchange = per_cpu_ptr(&wqc_exchange, cpu);
	struct wqc_slot *slot;
	u32 i;

	/* The CPU has not taken the last supply yet. */
	if (READ_ONCE(per_cpu(wqc_spares, cpu).count) > WQC_CACHE_RESERVE - WQC_CACHE_CHUNK ||
	    !llist_empty(&exchange->supply))
		return;
	for (i = 0; i < WQC_CACHE_CHUNK; i++) {
		slot = wqc_slot_alloc(WQC_GFP_KEEPER);
		if (!slot)
			break;
		llist_add(&((struct wqc_entry *)slot)->node, &exchange->supply);
	}
}

/**
 * wqc_cache_balance - free the entries that CPUs gave back, and exchange further ones
 *
 * On PREEMPT_RT this also refills the reserves.
 *
 * Context: process, the keeper's.
 */
void wqc_cache_balance(void)
{
	struct wqc_exchange *exchange;
	int cpu;

	wqc_slot_free_list(llist_del_all(&wqc_surplus));
	if (wqc_cache_tortured)
		return;
	for_each_online_cpu(cpu) {
		exchange = per_cpu_ptr(&wqc_exchange, cpu);
		if (WQC_CACHE_RT)
			wqc_cache_supply(cpu);
		if (READ_ONCE(exchange->surplus) || !llist_empty(&exchange->supply))
			wqc_exchange_send(cpu);
	}
}

/**
 * wqc_cache_wait_idle - wait until no exchange is on its way
 *
 * Use-after-free: wqc_exchange_run() wakes the keeper, so the keeper ends after the last exchange.
 *
 * Context: process, the keeper's, which alone sends exchanges.
 */
void wqc_cache_wait_idle(void)
{
	while (atomic_read(&wqc_exchanges))
		schedule_timeout_uninterruptible(1);
	kick_all_cpus_sync();	/* the last has returned, too: tests/litmus/cache-idle.litmus */
}

void wqc_cache_show(struct seq_file *m)
{
	const struct wqc_exchange *exchange;
	u32 spare;
	int cpu;

	seq_printf(m, "entries=%u\n", READ_ONCE(wqc_nr_slots));
	for_each_possible_cpu(cpu) {
		exchange = per_cpu_ptr(&wqc_exchange, cpu);
		spare = READ_ONCE(per_cpu(wqc_spares, cpu).count);
		seq_printf(m, "cpu=%d spare=%u given=%llu interrupts=%llu\n", cpu,
			   spare == WQC_CACHE_FULL ? 0 : spare, READ_ONCE(exchange->given),
			   READ_ONCE(exchange->interrupts));
	}
}

int wqc_cache_init(bool tortured)
{
	int cpu;

	wqc_cache_tortured = tortured;
	for_each_possible_cpu(cpu) {
		INIT_CSD(&per_cpu(wqc_exchange, cpu).call, wqc_exchange_run, NULL);
		if (wqc_cache_tortured)
			per_cpu(wqc_spares, cpu).count = WQC_CACHE_FULL;
	}
	wqc_slot_cache = kmem_cache_create("wqc_item", sizeof(struct wqc_slot), WQC_CACHE_SIZE,
					   SLAB_HWCACHE_ALIGN, NULL);
	if (!wqc_slot_cache)
		return -ENOMEM;
	wqc_cache_balance();
	return 0;
}

/*
 * At unload, after the spare entries were freed: the remaining slots are in use, and no driver is
 * loaded that could free them. They are items of drivers that were reported as leaking them, or
 * were lost: by this module, or with a lane in which a driver has overwritten an item.
 */
static void wqc_cache_free_left(void)
{
	struct wqc_slot *slot, *next;
	u32 left = 0, lost = 0;

	list_for_each_entry_safe(slot, next, &wqc_slots, all) {
		if (slot->io.magic == WQC_IO_MAGIC && slot->io.flags & WQC_IO_LEFT)
			left++;
		else
			lost++;
		wqc_slot_free(slot);
	}
	if (left)
		pr_warn("wq_compat: %u items freed that their drivers never freed\n", left);
	if (lost)
		pr_err("wq_compat: the cache wqc_item still has objects: %u, of no driver that was unloaded\n",
		       lost);
}

/* At unload. No other caller is left, so this CPU may touch the lists of all CPUs. */
void wqc_cache_exit(void)
{
	struct wqc_entry *entry;
	int cpu;

	wqc_cache_wait_idle();
	for_each_possible_cpu(cpu) {
		while ((entry = wqc_spares_pop(per_cpu_ptr(&wqc_spares, cpu))))
			wqc_slot_free(entry);
		wqc_slot_free_list(llist_del_all(&per_cpu(wqc_exchange, cpu).supply));
		per_cpu(wqc_spares, cpu) = (struct wqc_spares) {};
	}
	wqc_slot_free_list(llist_del_all(&wqc_surplus));
	wqc_cache_free_left();
	kmem_cache_destroy(wqc_slot_cache);
}
