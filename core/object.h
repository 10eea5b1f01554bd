/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Objects that items reference: look up, reference, free.
 */
#ifndef CORE_OBJECT_H
#define CORE_OBJECT_H

#include <linux/spinlock.h>

#include "core.h"

struct seq_file;

#define WQC_OBJECT_CHUNK	32	/* upper bound of objects in one hold of wqc_object_lock */

/**
 * struct wqc_object - the counted object of a DRIVER_OBJECT or DEVICE_OBJECT
 * @ref: A: one reference until it is deleted, one for every ObReferenceObject(), one for every item
 *	that is queued or runs
 * @owner: o: the module of its driver; see wqc_ref_owner()
 * @gen: o: generation: number of uses of this structure; items remember it
 * @deleted: o: deleted, and perhaps still referenced
 * @is_driver: o: it is a DRIVER_OBJECT, whatever its Type says; else a DEVICE_OBJECT
 * @tag: o: WQC_OWNER_TAG() of its driver
 * @nt: o: the object that drivers see; NULL in a spare structure
 * @hash: o: place in the hash of live objects
 * @all: O: place on the list of live or of spare objects
 * @dead: A: place on the list of objects without references; see object.c
 *
 * Use-after-free: an item may outlive its object. So these structures are reused, but not freed
 * while the module is loaded; an item finds a dead count or another generation.
 */
struct wqc_object {
	struct percpu_ref ref;
	struct module *owner;
	u32 gen;
	bool deleted;
	bool is_driver;
	u16 tag;
	PVOID nt;
	struct hlist_node hash;
	struct list_head all;
	struct llist_node dead;
};

/*
 * The module whose unload waits for a reference on an object or an Rx device, which begin alike
 * (rx/rx.h); NULL: none.
 */
static inline struct module *wqc_ref_owner(const struct percpu_ref *ref)
{
	return READ_ONCE(container_of(ref, struct wqc_object, ref)->owner);
}

/*
 * Null object: lets the fast path skip a NULL check. Its generation never equals an item's, so that
 * taking a reference fails; a put without a get is harmless because nothing waits for its count.
 */
extern struct wqc_object wqc_null_object;
extern raw_spinlock_t wqc_object_lock;

struct wqc_object *wqc_object_new(PVOID nt, struct module *owner, bool is_driver, u16 tag);
void wqc_object_add(struct wqc_object *object);
struct wqc_object *wqc_object_find(PVOID nt, u32 *gen);
bool wqc_object_reap(void);
void wqc_objects_show(struct seq_file *m);
int wqc_object_init(void);
void wqc_object_exit(void);

#endif /* CORE_OBJECT_H */
