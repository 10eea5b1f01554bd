/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Objects that items reference: look up, count, free.
 */
#ifndef CORE_OBJECT_H
#define CORE_OBJECT_H

#include <linux/spinlock.h>

#include "core.h"

struct seq_file;

#define WQC_OBJECT_CHUNK	32	/* of a list, at most, in one hold of wqc_object_lock */

/**
 * struct wqc_object - what stands behind a DRIVER_OBJECT or DEVICE_OBJECT
 * @ref: one for existence, one for every ObReferenceObject(), queued or
 *	running item
 * @owner: O: the module whose driver it belongs to; see wqc_ref_owner()
 * @gen: O: how often this structure has been used; items remember it
 * @nt: O: the object that drivers see
 * @is_driver: O: it is a DRIVER_OBJECT, whatever its Type says; else a DEVICE_OBJECT
 *
 * The structures are never freed while the module is loaded, so an item that
 * outlives its object finds a dead count or another generation, not a stranger.
 */
struct wqc_object {
	struct percpu_ref ref;
	struct module *owner;
	u32 gen;
	bool deleted;			/* O */
	bool is_driver;
	PVOID nt;
	struct hlist_node hash;		/* O */
	struct list_head all;		/* O */
	struct llist_node dead;
};

/* Who a reference on an object or an Rx device keeps waiting, see rx/rx.h; NULL if nobody. */
static inline struct module *wqc_ref_owner(const struct percpu_ref *ref)
{
	return READ_ONCE(container_of(ref, struct wqc_object, ref)->owner);
}

/*
 * Stands for "none", so that nobody has to ask: of no item's generation, so no reference is
 * had from it; and what is dropped without having been taken does not matter.
 */
extern struct wqc_object wqc_null_object;
extern raw_spinlock_t wqc_object_lock;		/* O */

struct wqc_object *wqc_object_new(PVOID nt, struct module *owner, bool is_driver);
void wqc_object_add(struct wqc_object *object);
struct wqc_object *wqc_object_find(PVOID nt, u32 *gen);
bool wqc_object_reap(void);
void wqc_objects_show(struct seq_file *m);
int wqc_object_init(void);
void wqc_object_exit(void);

#endif /* CORE_OBJECT_H */
