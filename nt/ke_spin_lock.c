// SPDX-License-Identifier: GPL-2.0
/*
 * KSPIN_LOCKs of kernels whose spinlock_t does not fit into a ULONG_PTR: PREEMPT_RT,
 * and those that check locks.
 *
 * The driver's word is only a name there. The lock itself is taken from a store when
 * somebody wants to have it, found by that name by whoever else does, and goes back
 * with the last of them. So a driver may zero a KSPIN_LOCK, or free it, without telling
 * anybody, and lockdep and the priorities of PREEMPT_RT still see a lock of the kernel's.
 *
 * A name that was initialised by KeInitializeSpinLock() is the address of what lockdep
 * has to know of it. Of others lockdep knows nothing: two that are zeroed may be taken
 * inside one another, and it could not tell that from a lock that is taken twice.
 */
#include <linux/bug.h>
#include <linux/export.h>
#include <linux/hash.h>
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "ke_spin_lock.h"

#ifdef WQC_NAMED_SPIN_LOCKS

#define WQC_SPIN_BITS	6
#define WQC_SPINS	1024	/* held or waited for, at a time; most of the locks of a bucket */

struct wqc_spin {
	struct hlist_node node;		/* of the store, or of who has its name */
	const void *name;
	unsigned int users;		/* who hold it or wait for it */
	bool unchecked;			/* lockdep has no class for it */
	spinlock_t lock;
};

static struct wqc_spin *wqc_spins;
static HLIST_HEAD(wqc_spin_store);		/* under wqc_store_lock */
static DEFINE_RAW_SPINLOCK(wqc_store_lock);	/* inside of the next */

static struct {
	raw_spinlock_t lock;
	struct hlist_head spins;	/* by name; under lock, and so are their users */
} ____cacheline_aligned_in_smp wqc_spin_names[BIT(WQC_SPIN_BITS)] = {
	[0 ... BIT(WQC_SPIN_BITS) - 1] = { __RAW_SPIN_LOCK_UNLOCKED(wqc_spin_names) },
};

static struct wqc_spin *wqc_spin_new(const void *name, struct wqc_spin_class *class)
{
	struct wqc_spin *spin;

	raw_spin_lock(&wqc_store_lock);
	spin = hlist_entry_safe(wqc_spin_store.first, struct wqc_spin, node);
	if (spin)
		hlist_del(&spin->node);
	raw_spin_unlock(&wqc_store_lock);
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

/* What a driver's memory holds is only believed if it can be a class. */
static struct wqc_spin_class *wqc_spin_class(PKSPIN_LOCK name)
{
	ULONG_PTR word = READ_ONCE(*name);

	if (!IS_ENABLED(CONFIG_DEBUG_LOCK_ALLOC) || (LONG_PTR)word >= 0 ||
	    !IS_ALIGNED(word, __alignof__(struct wqc_spin_class)))
		return NULL;
	return (void *)word;
}

/* The lock of a name, and one more user of it; NULL: all locks are in use. */
static struct wqc_spin *wqc_spin_get(const void *name, struct wqc_spin_class *class)
{
	u32 bucket = hash_ptr((void *)name, WQC_SPIN_BITS);
	struct wqc_spin *spin;
	unsigned long flags;

	raw_spin_lock_irqsave(&wqc_spin_names[bucket].lock, flags);
	hlist_for_each_entry(spin, &wqc_spin_names[bucket].spins, node)
		if (spin->name == name)
			goto found;
	spin = wqc_spin_new(name, class);
	if (spin)
		hlist_add_head(&spin->node, &wqc_spin_names[bucket].spins);
found:
	if (spin)
		spin->users++;
	raw_spin_unlock_irqrestore(&wqc_spin_names[bucket].lock, flags);
	return spin;
}

/* Of a name that is in use, so that it stays; NULL: it is not. */
static struct wqc_spin *wqc_spin_find(const void *name)
{
	u32 bucket = hash_ptr((void *)name, WQC_SPIN_BITS);
	struct wqc_spin *spin, *found = NULL;
	unsigned long flags;

	raw_spin_lock_irqsave(&wqc_spin_names[bucket].lock, flags);
	hlist_for_each_entry(spin, &wqc_spin_names[bucket].spins, node)
		if (spin->name == name)
			found = spin;
	raw_spin_unlock_irqrestore(&wqc_spin_names[bucket].lock, flags);
	return found;
}

static void wqc_spin_put(struct wqc_spin *spin)
{
	u32 bucket = hash_ptr((void *)spin->name, WQC_SPIN_BITS);
	unsigned long flags;

	raw_spin_lock_irqsave(&wqc_spin_names[bucket].lock, flags);
	if (!--spin->users) {
		hlist_del(&spin->node);
		raw_spin_lock(&wqc_store_lock);
		hlist_add_head(&spin->node, &wqc_spin_store);
		raw_spin_unlock(&wqc_store_lock);
	}
	raw_spin_unlock_irqrestore(&wqc_spin_names[bucket].lock, flags);
}

/*
 * lockdep looks away for those without a class, when they are taken and when they are let go.
 * Its class for what is not to be validated would not do: that is one that sleeps.
 */
static void wqc_look_away(const struct wqc_spin *spin)
{
	if (spin->unchecked)
		lockdep_off();
}

static void wqc_look_again(const struct wqc_spin *spin)
{
	if (spin->unchecked)
		lockdep_on();
}

/**
 * wqc_name_lock - take the lock of a name
 * @name: an address that is only compared
 * @class: for lockdep; NULL: it is not to look
 *
 * Context: as spin_lock().
 */
void wqc_name_lock(const void *name, struct wqc_spin_class *class)
{
	struct wqc_spin *spin;

	/* Each of them has a task or a CPU that is in it, so some of them will be let go. */
	while (!(spin = wqc_spin_get(name, class))) {
		WARN_ONCE(1, "%d KSPIN_LOCKs are in use\n", WQC_SPINS);
		cpu_relax();
	}
	wqc_look_away(spin);
	spin_lock(&spin->lock);
	wqc_look_again(spin);
	__release(&spin->lock);		/* in wqc_name_unlock() */
}

/**
 * wqc_name_trylock - take the lock of a name, if it is free
 * @name: as for wqc_name_lock()
 * @class: as for wqc_name_lock()
 *
 * Context: as spin_trylock().
 * Return: whether it is the caller's now.
 */
bool wqc_name_trylock(const void *name, struct wqc_spin_class *class)
{
	struct wqc_spin *spin = wqc_spin_get(name, class);
	bool taken;

	if (!spin)
		return false;
	wqc_look_away(spin);
	taken = spin_trylock(&spin->lock);
	wqc_look_again(spin);
	if (taken)
		__release(&spin->lock);
	else
		wqc_spin_put(spin);
	return taken;
}

/**
 * wqc_name_unlock - let go of the lock of a name
 * @name: as for wqc_name_lock(). What stands there may be gone already
 *
 * Context: as spin_unlock().
 */
void wqc_name_unlock(const void *name)
{
	struct wqc_spin *spin = wqc_spin_find(name);

	if (WARN_ONCE(!spin, "a spin lock is released that nobody holds\n"))
		return;
	__acquire(&spin->lock);
	wqc_look_away(spin);
	spin_unlock(&spin->lock);
	wqc_look_again(spin);
	wqc_spin_put(spin);
}

void wqc_spin_lock(PKSPIN_LOCK SpinLock)
{
	wqc_name_lock(SpinLock, wqc_spin_class(SpinLock));
}
EXPORT_SYMBOL_GPL(wqc_spin_lock);

bool wqc_spin_trylock(PKSPIN_LOCK SpinLock)
{
	return wqc_name_trylock(SpinLock, wqc_spin_class(SpinLock));
}
EXPORT_SYMBOL_GPL(wqc_spin_trylock);

void wqc_spin_unlock(PKSPIN_LOCK SpinLock)
{
	wqc_name_unlock(SpinLock);
}
EXPORT_SYMBOL_GPL(wqc_spin_unlock);

bool wqc_spin_is_locked(PKSPIN_LOCK SpinLock)
{
	/* Who has its name holds it, or is about to. */
	return wqc_spin_find(SpinLock);
}
EXPORT_SYMBOL_GPL(wqc_spin_is_locked);

int wqc_spin_init(void)
{
	int i;

	wqc_spins = vzalloc(array_size(WQC_SPINS, sizeof(*wqc_spins)));
	if (!wqc_spins)
		return -ENOMEM;
	for (i = 0; i < WQC_SPINS; i++)
		hlist_add_head(&wqc_spins[i].node, &wqc_spin_store);
	return 0;
}

/* No client is loaded any more, so all of them are there. */
void wqc_spin_exit(void)
{
	vfree(wqc_spins);
}

#endif /* WQC_NAMED_SPIN_LOCKS */
