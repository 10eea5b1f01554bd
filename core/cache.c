// SPDX-License-Identifier: GPL-2.0
/*
 * Memory for the items that calls hand out, in any context.
 *
 * Each CPU has a list of spare entries. An entry that is freed goes on the list of the CPU
 * that frees it, and an allocation takes from the list of its CPU, so an item that is
 * allocated, runs and is freed on one CPU costs a few instructions. A list holds at most
 * WQC_CACHE_MAX_SPARES entries. Every ten seconds the keeper has three quarters of each list
 * given back, at most WQC_CACHE_CHUNK entries in one interrupt. A kernel with KASAN keeps no
 * spare entries, so that it sees a use-after-free.
 *
 * If the list is empty, the slab allocates as the caller's context allows: see
 * wqc_context_gfp(). On PREEMPT_RT the slab takes sleeping locks, so a caller that cannot be
 * preempted (interrupts off, hard interrupt, raw spinlock) has only what is on the list.
 * There the keeper refills each list to WQC_CACHE_RESERVE entries, and a caller that can be
 * preempted takes only what is beyond them.
 *
 * With the parameter torture, torture.c makes the entries and gets them back: the lists
 * stay empty, and count as full.
 *
 * Each entry that the slab has given is in a slot, and all slots are on one list, so that
 * wqc_cache_walk() finds the items that a driver has left. A slot is put on that list and
 * taken from it only where the slab is called anyway: spare entries stay on it.
 *
 * Nothing here is shared without order: a list of spares belongs to one CPU with interrupts
 * off. The keeper waits for no CPU, which a routine may keep with interrupts off: it asks one
 * to call wqc_exchange_run(), and entries come and go on two lists with llist_add() and
 * llist_del_all(), which are fully ordered. The counts that the keeper reads from afar are
 * hints.
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
#define WQC_CACHE_RESERVE	256	/* entries a CPU, only made on PREEMPT_RT */
#define WQC_CACHE_KEEP	(WQC_CACHE_RT ? WQC_CACHE_RESERVE : 4)	/* are never given back */
#define WQC_CACHE_MAX_SPARES	(IS_ENABLED(CONFIG_KASAN) && !WQC_CACHE_RT ? 0U : 16384U)
#define WQC_CACHE_FULL	U32_MAX
#define WQC_CACHE_CHUNK	64	/* entries in one interrupt, or in one hold of the list's lock */

struct wqc_entry {
	union {
		struct wqc_entry *next;
		struct llist_node node;	/* on its way to a CPU, or from it */
	};
};

/* Only their own CPU touches them, with interrupts off. */
struct wqc_spares {
	struct wqc_entry *first;
	u32 count;
};

/* What the keeper wants of a CPU; at most one such call is on its way to it. */
struct wqc_exchange {
	call_single_data_t call;
	struct llist_head supply;	/* at most WQC_CACHE_CHUNK entries for it */
	u32 surplus;			/* entries that it is to give back */
	u32 over;			/* entries that its list had no room for */
	u64 given, interrupts;		/* entries given back so far, and in how many interrupts */
};

static bool wqc_cache_tortured;	/* I: entries are those of wqc_ops.entry_alloc() */
static struct kmem_cache *wqc_slot_cache;
static DEFINE_PER_CPU(struct wqc_spares, wqc_spares);
static DEFINE_PER_CPU(struct wqc_exchange, wqc_exchange);
static LLIST_HEAD(wqc_surplus);		/* for the keeper to free */
static atomic_t wqc_exchanges;		/* on their way */

/* Of the list and its length; held for WQC_CACHE_CHUNK steps. */
static DEFINE_RAW_SPINLOCK(wqc_slots_lock);
static LIST_HEAD(wqc_slots);
static u32 wqc_nr_slots;

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
 * Whether lockdep would report a spinlock_t that is taken here as invalid: in a hard
 * interrupt, or under a raw spinlock. On PREEMPT_RT it would sleep there, and lockdep speaks
 * for that kernel. This one is another: its spinlocks spin, and GFP_ATOMIC is legal in each
 * context. On PREEMPT_RT no allocation is made in these contexts: see wqc_context_gfp(). So the
 * report would be false, and lockdep is off for the slab's call. What the slab locks it
 * unlocks in that call, so lockdep misses no half of a pair.
 *
 * The current task's held locks are what lockdep has noted, unless it has given up or is off
 * already: then nothing is reported either.
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
 * How to allocate in the caller's context; 0: not at all.
 *
 * Where the caller may sleep the allocation may reclaim memory, so that no item is refused
 * while there is memory to be had. Hazard: the caller may be the file system or the storage
 * driver that reclaim would wait for. So GFP_NOIO: direct reclaim then calls into no file
 * system and starts no I/O, and waits for no lock and no request of the caller's.
 * __GFP_HIGH: what an atomic allocation may have is taken first, so reclaim is entered only
 * where an atomic allocation fails. __GFP_RETRY_MAYFAIL: reclaim without progress ends, and
 * the caller is told; else the allocator retries without end, perhaps for memory that
 * only the caller's own work can free. A task that reclaims already, or makes runners, has
 * PF_MEMALLOC: the kernel does not let it enter reclaim again.
 *
 * Not where a sleep would break something that the preemption count does not show: in an
 * RCU read section (on PREEMPT_RT that is also where a spinlock_t is held), with softirqs
 * off, and when the task has set its state for a wait of its own.
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
 * @alloc: called with the flags for it, unless that is nowhere
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

/* New slots are put at the head, where a walk has been, so that it ends. */
static void *wqc_slot_alloc(gfp_t gfp)
{
	struct wqc_slot *slot = kmem_cache_alloc(wqc_slot_cache, gfp);
	unsigned long flags;

	if (!slot)
		return NULL;
	slot->io.magic = 0;	/* no IO_WORKITEM yet, whatever the memory held */
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
 * wqc_cache_walk - look at each slot, whether its entry is in use or spare
 * @see: called with it under the list's lock: it is not given back to the slab meanwhile, but
 *	may be freed, and allocated, by others
 * @arg: for @see
 *
 * Slots that are made meanwhile are not seen.
 *
 * Context: process, sleeps. At most WQC_CACHE_CHUNK slots in one hold of the lock.
 */
void wqc_cache_walk(void (*see)(struct wqc_slot *slot, void *arg), void *arg)
{
	static DEFINE_MUTEX(one_at_a_time);	/* so the cursor meets no other */
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

/* The list is empty, or what it has is the reserve, and not for this caller. */
static noinline void *wqc_cache_alloc_slow(void)
{
	if (wqc_cache_tortured)
		return wqc_ops.entry_alloc();
	if (WQC_CACHE_RT && !preemptible())
		wqc_keeper_wake();
	return wqc_context_alloc(wqc_slot_alloc);
}

/*
 * The list is full. On PREEMPT_RT the keeper frees the entry if the caller cannot: woken for
 * WQC_CACHE_CHUNK of them, it finds fewer when it looks next, which is once a second.
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
 * wqc_cache_alloc - an entry of WQC_CACHE_SIZE bytes, not zeroed
 *
 * The entry is part of a struct wqc_slot.
 *
 * Context: any. May sleep where the caller may.
 * Return: the entry, or NULL without memory.
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
 * wqc_cache_free_irqs_off - give an entry back
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
 * wqc_cache_free - give an entry back
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
 * Called by interrupt, on the CPU whose lists these are. It takes at most WQC_CACHE_CHUNK entries
 * and gives at most as many; the keeper is woken for the rest, and asks again.
 */
static void wqc_exchange_run(void *unused)
{
	struct wqc_spares *spares = this_cpu_ptr(&wqc_spares);
	struct wqc_exchange *asked = this_cpu_ptr(&wqc_exchange);
	struct llist_node *supply = llist_del_all(&asked->supply);
	u32 surplus = READ_ONCE(asked->surplus), given = 0;
	struct wqc_entry *entry, *next, *last;
	struct llist_node *first = NULL;

	llist_for_each_entry_safe(entry, next, supply, node)
		wqc_spares_push(spares, entry);
	/* Fewer than there were when it was asked for, perhaps. */
	for (; given < min_t(u32, surplus, WQC_CACHE_CHUNK) && spares->count > WQC_CACHE_KEEP;
	     given++) {
		entry = wqc_spares_pop(spares);
		last = first ? last : entry;
		entry->node.next = first;
		first = &entry->node;
	}
	if (first)
		llist_add_batch(first, &last->node, &wqc_surplus);
	/* The keeper may have asked for another number meanwhile: either will do. */
	WRITE_ONCE(asked->surplus, given == WQC_CACHE_CHUNK ? surplus - given : 0);
	WRITE_ONCE(asked->given, asked->given + given);
	WRITE_ONCE(asked->interrupts, asked->interrupts + !!given);
	if (given || supply)
		wqc_keeper_wake();
	atomic_dec(&wqc_exchanges);	/* last: see wqc_cache_wait_idle() */
}

/* Not if the CPU is off, or if the last call is still on its way. */
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
 * wqc_cache_shrink - have each CPU give three quarters of its spare entries back
 *
 * wqc_cache_balance() asks for them, and frees them.
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

/* On PREEMPT_RT: entries for a list that is short of WQC_CACHE_RESERVE by a chunk. */
static void wqc_cache_supply(int cpu)
{
	struct wqc_exchange *asked = per_cpu_ptr(&wqc_exchange, cpu);
	struct wqc_slot *slot;
	u32 i;

	/* If there is a supply already, that CPU has not come to fetch it. */
	if (READ_ONCE(per_cpu(wqc_spares, cpu).count) > WQC_CACHE_RESERVE - WQC_CACHE_CHUNK ||
	    !llist_empty(&asked->supply))
		return;
	for (i = 0; i < WQC_CACHE_CHUNK; i++) {
		slot = wqc_slot_alloc(WQC_GFP_KEEPER);
		if (!slot)
			break;
		llist_add(&((struct wqc_entry *)slot)->node, &asked->supply);
	}
}

/**
 * wqc_cache_balance - free what CPUs gave back, and ask for the rest; see that each has its
 *	reserve, on PREEMPT_RT
 *
 * Context: process, the keeper's.
 */
void wqc_cache_balance(void)
{
	struct wqc_exchange *asked;
	int cpu;

	wqc_slot_free_list(llist_del_all(&wqc_surplus));
	if (wqc_cache_tortured)
		return;
	for_each_online_cpu(cpu) {
		asked = per_cpu_ptr(&wqc_exchange, cpu);
		if (WQC_CACHE_RT)
			wqc_cache_supply(cpu);
		if (READ_ONCE(asked->surplus) || !llist_empty(&asked->supply))
			wqc_exchange_send(cpu);
	}
}

/**
 * wqc_cache_wait_idle - wait until no CPU is asked for anything any more
 *
 * wqc_exchange_run() wakes the keeper, so the keeper ends after the last of them.
 *
 * Context: process, the keeper's, which alone asks.
 */
void wqc_cache_wait_idle(void)
{
	while (atomic_read(&wqc_exchanges))
		schedule_timeout_uninterruptible(1);
	kick_all_cpus_sync();		/* the last has left wqc_exchange_run(), too */
}

void wqc_cache_show(struct seq_file *m)
{
	const struct wqc_exchange *asked;
	u32 spare;
	int cpu;

	seq_printf(m, "entries=%u\n", READ_ONCE(wqc_nr_slots));
	for_each_possible_cpu(cpu) {
		asked = per_cpu_ptr(&wqc_exchange, cpu);
		spare = READ_ONCE(per_cpu(wqc_spares, cpu).count);
		seq_printf(m, "cpu=%d spare=%u given=%llu interrupts=%llu\n", cpu,
			   spare == WQC_CACHE_FULL ? 0 : spare, READ_ONCE(asked->given),
			   READ_ONCE(asked->interrupts));
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
 * What is left when the spare entries are gone is in use, and no client is there any more to
 * free it. Items whose driver was reported when it left are freed for it. What else there is
 * was lost: by this module, or with a list of items that a client has overwritten.
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
		pr_err("wq_compat: the cache wqc_item still has objects: %u, of no driver that left\n",
		       lost);
}

/* Nobody calls any more, so other CPUs' lists may be emptied from here. */
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
