// SPDX-License-Identifier: GPL-2.0
/*
 * What stands behind DRIVER_OBJECT and DEVICE_OBJECT: look up, reference, free. Devices are
 * created and deleted in device.c.
 *
 * A pointer that a driver gives as IoObject is looked up in a hash of live
 * objects and never dereferenced on trust. What stands behind a live object,
 * struct wqc_object, is reused but not freed while the module is loaded; its
 * generation tells an item that its object is gone. Lookups walk the hash under
 * RCU: a structure goes back to the spares only after a grace period.
 *
 * Handed over without a lock: a live object, from hash_add_rcu() (a store-release
 * after its fields were written) to the lookup (which follows the pointer, so by
 * address dependency); a dead one, from whoever drops the last reference to the
 * keeper, by llist_add() and llist_del_all() (both fully ordered), with the put of
 * the reference before (percpu_ref's atomic, or RCU, orders all users before the
 * release). The generation is in core/ref.h.
 */
#include <linux/hashtable.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/rculist.h>
#include <linux/seq_file.h>
#include <linux/slab.h>

#include "growth.h"
#include "object.h"
#include "ref.h"

DEFINE_RAW_SPINLOCK(wqc_object_lock);
static DEFINE_HASHTABLE(wqc_object_hash, 10);	/* O, readers RCU */
static LIST_HEAD(wqc_live_objects);		/* O */
static LIST_HEAD(wqc_spare_objects);		/* O */
static LLIST_HEAD(wqc_dead_objects);		/* last reference dropped */
static struct llist_node *wqc_unlinked_objects;	/* the keeper's: not found any more */
static unsigned long wqc_unlinked_since;	/* the grace period that they wait for */
struct wqc_object wqc_null_object = { .gen = U32_MAX };

/*
 * The last reference may be dropped in RCU's context or a client's atomic one,
 * so the work of freeing is the keeper's.
 */
static void wqc_object_release(struct percpu_ref *ref)
{
	struct wqc_object *object = container_of(ref, struct wqc_object, ref);

	llist_add(&object->dead, &wqc_dead_objects);
	wqc_keeper_wake();
}

/* Nobody finds them any more: what they stand for is freed. */
static void wqc_object_free_unlinked(void)
{
	struct wqc_object *object, *next;

	llist_for_each_entry_safe(object, next, wqc_unlinked_objects, dead) {
		wqc_ops.object_free(object);
		object->nt = NULL;
		raw_spin_lock_irq(&wqc_object_lock);
		list_add(&object->all, &wqc_spare_objects);
		raw_spin_unlock_irq(&wqc_object_lock);
	}
	wqc_unlinked_objects = NULL;
}

/* One in a hold of the lock: there may be thousands. */
static void wqc_object_unlink(struct wqc_object *object)
{
	raw_spin_lock_irq(&wqc_object_lock);
	hash_del_rcu(&object->hash);
	list_del(&object->all);
	wqc_ops.object_unlink(object);
	raw_spin_unlock_irq(&wqc_object_lock);
}

/**
 * wqc_object_reap - free what lost its last reference
 *
 * It waits for no grace period: a routine that lets none pass would keep the keeper from what
 * else it has to do.
 *
 * Context: process, the keeper's.
 * Return: true if something is left to be freed, after a grace period.
 */
bool wqc_object_reap(void)
{
	struct wqc_object *object;

	if (wqc_unlinked_objects && poll_state_synchronize_rcu(wqc_unlinked_since))
		wqc_object_free_unlinked();
	if (!wqc_unlinked_objects && !llist_empty(&wqc_dead_objects)) {
		wqc_unlinked_objects = llist_del_all(&wqc_dead_objects);
		llist_for_each_entry(object, wqc_unlinked_objects, dead)
			wqc_object_unlink(object);
		wqc_unlinked_since = start_poll_synchronize_rcu();
	}
	return wqc_unlinked_objects;
}

static struct wqc_object *wqc_object_alloc(void)
{
	struct wqc_object *object;

	raw_spin_lock_irq(&wqc_object_lock);
	object = list_first_entry_or_null(&wqc_spare_objects, struct wqc_object, all);
	if (object)
		list_del(&object->all);
	raw_spin_unlock_irq(&wqc_object_lock);
	if (object) {
		/*
		 * From here on no reference is had for the old generation. Without the
		 * barrier one could: percpu_ref_reinit() raises the count by a plain,
		 * unordered increment, so an item of the deleted object could see the new
		 * count and the old generation, and would hold the next object.
		 */
		WRITE_ONCE(object->gen, object->gen + 1);
		smp_wmb();	/* pairs with the smp_rmb() of wqc_object_get() */
		percpu_ref_reinit(&object->ref);
		return object;
	}
	object = kzalloc(sizeof(*object), GFP_KERNEL);
	if (!object)
		return NULL;
	if (percpu_ref_init(&object->ref, wqc_object_release, PERCPU_REF_ALLOW_REINIT,
			    GFP_KERNEL)) {
		kfree(object);
		return NULL;
	}
	object->gen = 1;
	return object;
}

struct wqc_object *wqc_object_new(PVOID nt, struct module *owner, bool is_driver)
{
	struct wqc_object *object = wqc_object_alloc();

	if (!object)
		return NULL;
	object->nt = nt;
	object->owner = owner;
	object->is_driver = is_driver;
	object->deleted = false;
	return object;
}

/* It can be found from here on. */
void wqc_object_add(struct wqc_object *object)
{
	lockdep_assert_held(&wqc_object_lock);
	hash_add_rcu(wqc_object_hash, &object->hash, (unsigned long)object->nt);
	list_add_tail(&object->all, &wqc_live_objects);
}

/**
 * wqc_object_find - what stands behind a pointer that a driver gave
 * @nt: whatever it is
 * @gen: receives the generation, for wqc_object_get()
 *
 * Context: any. Takes no reference.
 * Return: the object, or NULL if there is none at that address.
 */
struct wqc_object *wqc_object_find(PVOID nt, u32 *gen)
{
	struct wqc_object *object, *found = NULL;

	*gen = 0;
	if (!nt)
		return NULL;
	rcu_read_lock();
	hash_for_each_possible_rcu(wqc_object_hash, object, hash, (unsigned long)nt) {
		if (object->nt == nt) {
			found = object;
			*gen = READ_ONCE(object->gen);
			break;
		}
	}
	rcu_read_unlock();
	return found;
}

/* A count that is not per CPU (any more): of an object that was deleted. */
bool wqc_ref_tryget_slow(struct percpu_ref *ref)
{
	return percpu_ref_tryget(ref);
}

/* ---- all objects --------------------------------------------------------- */

/* The next ones behind the cursor, in one hold of the lock. False: there are no more. */
static bool wqc_objects_show_some(struct seq_file *m, struct wqc_object *cursor)
{
	struct wqc_object *object = cursor;
	const char *name;
	int n;

	raw_spin_lock_irq(&wqc_object_lock);
	for (n = 0; n < WQC_OBJECT_CHUNK; n++) {
		object = list_next_entry(object, all);
		if (list_entry_is_head(object, &wqc_live_objects, all))
			break;
		if (!object->nt)
			continue;	/* another reader's cursor */
		name = object->owner ? module_name(object->owner) : "-";
		seq_printf(m, "%-7s %p %-16s %s\n", object->is_driver ? "driver" : "device",
			   object->nt, name, object->deleted ? "delete pending" : "live");
	}
	if (n == WQC_OBJECT_CHUNK)
		list_move(&cursor->all, &object->all);
	else
		list_del(&cursor->all);
	raw_spin_unlock_irq(&wqc_object_lock);
	return n == WQC_OBJECT_CHUNK;
}

void wqc_objects_show(struct seq_file *m)
{
	struct wqc_object cursor = {};

	seq_puts(m, "type    object           owner            state\n");
	raw_spin_lock_irq(&wqc_object_lock);
	list_add(&cursor.all, &wqc_live_objects);
	raw_spin_unlock_irq(&wqc_object_lock);
	while (wqc_objects_show_some(m, &cursor))
		cond_resched();
}

static void wqc_null_object_release(struct percpu_ref *ref)
{
}

int wqc_object_init(void)
{
	return percpu_ref_init(&wqc_null_object.ref, wqc_null_object_release, 0, GFP_KERNEL);
}

void wqc_object_exit(void)
{
	struct wqc_object *object, *next;

	/* A reference that was never dropped: nobody is left to drop it. */
	list_for_each_entry(object, &wqc_live_objects, all)
		pr_err("wq_compat: object %p was still referenced\n", object->nt);
	list_splice_init(&wqc_live_objects, &wqc_spare_objects);
	list_for_each_entry_safe(object, next, &wqc_spare_objects, all) {
		if (object->nt)
			wqc_ops.object_free(object);
		percpu_ref_exit(&object->ref);
		kfree(object);
	}
	percpu_ref_exit(&wqc_null_object.ref);
}
