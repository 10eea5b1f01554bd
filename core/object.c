// SPDX-License-Identifier: GPL-2.0
/*
 * The counted objects of DRIVER_OBJECT and DEVICE_OBJECT: look up, reference, free. device.c
 * creates and deletes devices.
 *
 * Use-after-free: a driver may pass any pointer as IoObject, and an item may outlive its object. So
 * a pointer is looked up in a hash of live objects before it is dereferenced, and struct wqc_object
 * is reused, but not freed while the module is loaded: its generation tells an item that the object
 * is gone (core/ref.h). Lookups walk the hash under RCU; a structure is reused only after a grace
 * period.
 *
 * Order without a lock, proofs in tests/litmus/: a lookup sees the fields of what it finds
 * (object-publish.litmus), and no other object in the same structure (object-reuse.litmus). The
 * last put passes the object to the keeper after all users' accesses (object-death.litmus,
 * object-death-percpu.litmus).
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
static DEFINE_HASHTABLE(wqc_object_hash, 10);	/* o */
static LIST_HEAD(wqc_live_objects);		/* O */
static LIST_HEAD(wqc_spare_objects);		/* O */
static LLIST_HEAD(wqc_dead_objects);		/* A: without references, in the hash */
static struct llist_node *wqc_unlinked_objects;	/* K: without references, out of the hash */
static unsigned long wqc_unlinked_since;	/* K: the grace period that they wait for */
struct wqc_object wqc_null_object = { .gen = U32_MAX };

/*
 * The last put may be in an RCU callback or in a driver's atomic context, so the keeper frees the
 * object.
 */
static void wqc_object_release(struct percpu_ref *ref)
{
	struct wqc_object *object = container_of(ref, struct wqc_object, ref);

	llist_add(&object->dead, &wqc_dead_objects);
	wqc_keeper_wake();
}

/* After the grace period no lookup returns them: free the NT objects, reuse the structures. */
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

/* One object in a hold of the lock: there may be thousands. */
static void wqc_object_unlink(struct wqc_object *object)
{
	raw_spin_lock_irq(&wqc_object_lock);
	hash_del_rcu(&object->hash);
	list_del(&object->all);
	wqc_ops.object_unlink(object);
	raw_spin_unlock_irq(&wqc_object_lock);
}

/**
 * wqc_object_reap - free objects that lost their last reference
 *
 * Does not wait for the grace period: a routine may delay it, and the keeper has other work.
 *
 * Context: process, the keeper's.
 * Return: true if objects wait for a grace period.
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
		 * Ends the old generation: an item of the deleted object gets no reference any
		 * more. Without the barrier it could: percpu_ref_reinit() raises the count by a
		 * plain, unordered increment, so the item could read the new count and the old
		 * generation, and would hold the next object.
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

struct wqc_object *wqc_object_new(PVOID nt, struct module *owner, bool is_driver, u16 tag)
{
	struct wqc_object *object = wqc_object_alloc();

	if (!object)
		return NULL;
	object->nt = nt;
	object->owner = owner;
	object->is_driver = is_driver;
	object->tag = tag;
	object->deleted = false;
	return object;
}

/* Publishes the object: from now on it can be found. */
void wqc_object_add(struct wqc_object *object)
{
	lockdep_assert_held(&wqc_object_lock);
	hash_add_rcu(wqc_object_hash, &object->hash, (unsigned long)object->nt);
	list_add_tail(&object->all, &wqc_live_objects);
}

/**
 * wqc_object_find - look up the object of a pointer that a driver passed
 * @nt: may be any pointer; never dereferenced
 * @gen: receives the generation, for wqc_object_get()
 *
 * Takes no reference.
 *
 * Context: any.
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

/* Slow path: the count is in atomic mode, since the object was deleted. */
bool wqc_ref_tryget_slow(struct percpu_ref *ref)
{
	return percpu_ref_tryget(ref);
}

/* ---- all objects --------------------------------------------------------- */

/* Shows the next WQC_OBJECT_CHUNK objects after the cursor. False: there are no more. */
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

	/* A leaked reference, for instance an ObReferenceObject() without its dereference. */
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
