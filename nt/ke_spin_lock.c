// SPDX-License-Identifier: GPL-2.0
/*
 * KSPIN_LOCKs on kernels whose spinlock_t does not fit into a ULONG_PTR: PREEMPT_RT, and kernels
 * with lock debugging.
 *
 * The driver's word is only a name: its address. The first CPU that wants the lock takes a
 * spinlock_t from a free list and publishes it under that name; other CPUs find it there; the
 * last user returns it to the free list. So a driver may zero or free a KSPIN_LOCK without
 * telling this module, while lockdep and the priority inheritance of PREEMPT_RT see a lock of the
 * kernel.
 *
 * KeInitializeSpinLock() stores the address of a lockdep class in the word. A word without a
 * class is not checked by lockdep: two zeroed locks may be nested, which lockdep could not tell
 * from a recursive lock.
 */
#include <linux/bug.h>
#include <linux/export.h>
#include <linux/hash.h>
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "ke_spin_lock.h"

#ifdef NTC_NAMED_SPIN_LOCKS

#define NTC_SPIN_BITS	6
#define NTC_MAX_SPINS	1024	/* locks in use at a time, which bounds the length of a chain */

/*
 * N: protected by the lock of the name's bucket. F: on the free list, protected by
 * ntc_spin_free_lock.
 */
struct ntc_spin {
	struct hlist_node node;		/* N or F */
	const void *name;		/* N */
	unsigned int users;		/* N: holders and waiters */
	bool unchecked;			/* constant while in use: lockdep has no class for it */
	spinlock_t lock;		/* the driver's lock */
};

static struct ntc_spin *ntc_spins;
static HLIST_HEAD(ntc_spin_free);		/* F */
static DEFINE_RAW_SPINLOCK(ntc_spin_free_lock);	/* nests inside a bucket's lock */

static struct {
	raw_spinlock_t lock;
	struct hlist_head spins;	/* N: by name */
} ____cacheline_aligned_in_smp ntc_spin_names[BIT(NTC_SPIN_BITS)] = {
	[0 ... BIT(NTC_SPIN_BITS) - 1] = { __RAW_SPIN_LOCK_UNLOCKED(ntc_spin_names) },
};

static struct ntc_spin *ntc_spin_alloc(const void *name, struct ntc_spin_class *class)
{
	struct ntc_spin *spin;

	raw_spin_lock(&ntc_spin_free_lock);
	spin = hlist_entry_safe(ntc_spin_free.first, struct ntc_spin, node);
	if (spin)
		hlist_del(&spin->node);
	raw_spin_unlock(&ntc_spin_free_lock);
	if (!spin)
		return NULL;
	spin->name = name;
	spin->users = 0;
	spin_lock_init(&spin->lock);
	spin->unchecked = !class;
	if (class)
		lockdep_set_class_and_name(&spin->lock, &class->key, class->name);
	return spin;
}

/* The word is the driver's memory: it is used only if it can be the address of a class. */
static struct ntc_spin_class *ntc_spin_class_of(PKSPIN_LOCK name)
{
	ULONG_PTR word = READ_ONCE(*name);

	if (!IS_ENABLED(CONFIG_DEBUG_LOCK_ALLOC) || (LONG_PTR)word >= 0 ||
	    !IS_ALIGNED(word, __alignof__(struct ntc_spin_class)))
		return NULL;
	return (void *)word;
}

/* Find or make the lock of a name, and add a user; NULL: all locks are in use. */
static struct ntc_spin *ntc_spin_get(const void *name, struct ntc_spin_class *class)
{
	u32 bucket = hash_ptr((void *)name, NTC_SPIN_BITS);
	struct ntc_spin *spin;
	unsigned long flags;

	raw_spin_lock_irqsave(&ntc_spin_names[bucket].lock, flags);
	hlist_for_each_entry(spin, &ntc_spin_names[bucket].spins, node)
		if (spin->name == name)
			goto found;
	spin = ntc_spin_alloc(name, class);
	if (spin)
		hlist_add_head(&spin->node, &ntc_spin_names[bucket].spins);
found:
	if (spin)
		spin->users++;
	raw_spin_unlock_irqrestore(&ntc_spin_names[bucket].lock, flags);
	return spin;
}

/* The lock of a name that is in use, so that it stays; NULL: the name is not in use. */
static struct ntc_spin *ntc_spin_find(const void *name)
{
	u32 bucket = hash_ptr((void *)name, NTC_SPIN_BITS);
	struct ntc_spin *spin, *found = NULL;
	unsigned long flags;

	raw_spin_lock_irqsave(&ntc_spin_names[bucket].lock, flags);
	hlist_for_each_entry(spin, &ntc_spin_names[bucket].spins, node)
		if (spin->name == name)
			found = spin;
	raw_spin_unlock_irqrestore(&ntc_spin_names[bucket].lock, flags);
	return found;
}

static void ntc_spin_put(struct ntc_spin *spin)
{
	u32 bucket = hash_ptr((void *)spin->name, NTC_SPIN_BITS);
	unsigned long flags;

	raw_spin_lock_irqsave(&ntc_spin_names[bucket].lock, flags);
	if (!--spin->users) {
		hlist_del(&spin->node);
		raw_spin_lock(&ntc_spin_free_lock);
		hlist_add_head(&spin->node, &ntc_spin_free);
		raw_spin_unlock(&ntc_spin_free_lock);
	}
	raw_spin_unlock_irqrestore(&ntc_spin_names[bucket].lock, flags);
}

/*
 * Locks without a class are hidden from lockdep, on acquisition and on release.
 * lockdep_set_novalidate_class() does not fit: its class is one that may sleep.
 */
static void ntc_spin_lockdep_off(const struct ntc_spin *spin)
{
	if (spin->unchecked)
		lockdep_off();
}

static void ntc_spin_lockdep_on(const struct ntc_spin *spin)
{
	if (spin->unchecked)
		lockdep_on();
}

/**
 * ntc_name_lock - take the lock of a name
 * @name: an address, only compared
 * @class: lockdep class; NULL: not checked
 *
 * Context: as spin_lock().
 */
void ntc_name_lock(const void *name, struct ntc_spin_class *class)
{
	struct ntc_spin *spin;

	/* Every lock in use has a holder that runs, so one of them is released at some point. */
	while (!(spin = ntc_spin_get(name, class))) {
		WARN_ONCE(1, "%d KSPIN_LOCKs are in use\n", NTC_MAX_SPINS);
		cpu_relax();
	}
	ntc_spin_lockdep_off(spin);
	spin_lock(&spin->lock);
	ntc_spin_lockdep_on(spin);
	__release(&spin->lock);		/* acquired again in ntc_name_unlock() */
}

/**
 * ntc_name_trylock - take the lock of a name if it is free
 * @name: as for ntc_name_lock()
 * @class: as for ntc_name_lock()
 *
 * Context: as spin_trylock().
 * Return: true if the lock was taken.
 */
bool ntc_name_trylock(const void *name, struct ntc_spin_class *class)
{
	struct ntc_spin *spin = ntc_spin_get(name, class);
	bool taken;

	if (!spin)
		return false;
	ntc_spin_lockdep_off(spin);
	taken = spin_trylock(&spin->lock);
	ntc_spin_lockdep_on(spin);
	if (taken)
		__release(&spin->lock);
	else
		ntc_spin_put(spin);
	return taken;
}

/**
 * ntc_name_unlock - release the lock of a name
 * @name: as for ntc_name_lock(). The memory at this address may be freed already
 *
 * Context: as spin_unlock().
 */
void ntc_name_unlock(const void *name)
{
	struct ntc_spin *spin = ntc_spin_find(name);

	if (WARN_ONCE(!spin, "release of a KSPIN_LOCK that is not held\n"))
		return;
	__acquire(&spin->lock);
	ntc_spin_lockdep_off(spin);
	spin_unlock(&spin->lock);
	ntc_spin_lockdep_on(spin);
	ntc_spin_put(spin);
}

/* The four operations of wqc/spin.h on a driver's word; contexts as the kernel's spin_lock(). */
void ntc_spin_lock(PKSPIN_LOCK SpinLock)
{
	ntc_name_lock(SpinLock, ntc_spin_class_of(SpinLock));
}
EXPORT_SYMBOL_GPL(ntc_spin_lock);

bool ntc_spin_trylock(PKSPIN_LOCK SpinLock)
{
	return ntc_name_trylock(SpinLock, ntc_spin_class_of(SpinLock));
}
EXPORT_SYMBOL_GPL(ntc_spin_trylock);

void ntc_spin_unlock(PKSPIN_LOCK SpinLock)
{
	ntc_name_unlock(SpinLock);
}
EXPORT_SYMBOL_GPL(ntc_spin_unlock);

bool ntc_spin_is_locked(PKSPIN_LOCK SpinLock)
{
	/* A lock in use is held, or about to be. */
	return ntc_spin_find(SpinLock);
}
EXPORT_SYMBOL_GPL(ntc_spin_is_locked);

int ntc_spin_init(void)
{
	int i;

	ntc_spins = vzalloc(array_size(NTC_MAX_SPINS, sizeof(*ntc_spins)));
	if (!ntc_spins)
		return -ENOMEM;
	for (i = 0; i < NTC_MAX_SPINS; i++)
		hlist_add_head(&ntc_spins[i].node, &ntc_spin_free);
	return 0;
}

/* No client is loaded, so all locks are on the free list. */
void ntc_spin_exit(void)
{
	vfree(ntc_spins);
}

#endif /* NTC_NAMED_SPIN_LOCKS */
