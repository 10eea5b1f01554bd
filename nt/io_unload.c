// SPDX-License-Identifier: GPL-2.0
/*
 * Unload of a driver: IRPs that its devices have or that complete to it, calls of its routines, and
 * IRPs that it has not freed.
 */
#include <linux/module.h>
#include <linux/sched.h>

#include "io_irp.h"

/* ---- calls of routines ---------------------------------------------------- */

void ntc_io_call_begin(struct ntc_io_call *call, PIRP irp, void *routine, PDEVICE_OBJECT device,
		       int location)
{
	unsigned long flags;

	*call = (struct ntc_io_call){
		.irp = irp,
		.routine = routine,
		.device = device,
		.location = location,
	};
	flags = ntc_irp_lock(irp);
	list_add(&call->link, &ntc_irp_bucket_of(irp)->calls);
	ntc_irp_unlock(irp, flags);
}

static bool ntc_io_call_is_in(const struct ntc_io_call *call, const struct module *mod)
{
	return wqc_in_module(call->routine, mod) ||
	       (call->device && wqc_device_owner(call->device) == mod);
}

void ntc_io_call_unlink(struct ntc_io_call *call)
{
	struct ntc_irp_bucket *bucket = ntc_irp_bucket_of(call->irp);

	lockdep_assert_held(&bucket->lock);
	list_del(&call->link);
	if (bucket->watched && ntc_io_call_is_in(call, bucket->watched))
		bucket->returned = call->routine;
}

/* The routine has returned. The IRP may be freed: only its address is used. */
void ntc_io_call_end(struct ntc_io_call *call)
{
	unsigned long flags = ntc_irp_lock(call->irp);

	ntc_io_call_unlink(call);
	ntc_irp_unlock(call->irp, flags);
}

/* ---- the search of an unload --------------------------------------------- */

/* From now on calls of the module's routines that return are noted. NULL: of none. */
void ntc_irp_watch(struct module *mod)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(ntc_irp_buckets); i++) {
		raw_spin_lock_irq(&ntc_irp_buckets[i].lock);
		ntc_irp_buckets[i].watched = mod;
		ntc_irp_buckets[i].returned = NULL;
		raw_spin_unlock_irq(&ntc_irp_buckets[i].lock);
	}
}

/* Whether a held location of the IRP needs the module. */
static bool ntc_irp_is_in(PIRP irp, const struct module *mod, struct wqc_left *left)
{
	int n, origin = ntc_irp_origin(irp);
	PIO_STACK_LOCATION location;
	void *routine;

	for (n = ntc_irp_lowest(irp); n < origin; n++) {
		location = ntc_irp_location(irp, n);
		routine = ntc_completion_routine(location);
		if (location->DeviceObject && wqc_device_owner(location->DeviceObject) == mod) {
			left->what = "an IRP of";
			left->routine = ntc_irp_dispatch_routine(location->DeviceObject,
								 location->MajorFunction);
			return true;
		}
		if (routine && wqc_in_module(routine, mod)) {
			left->what = "an IRP that completes to";
			left->routine = routine;
			return true;
		}
	}
	return false;
}

static bool ntc_irp_find_in_bucket(int i, struct module *mod, struct wqc_left *left)
{
	struct ntc_io_call *call;
	struct list_head *link;

	lockdep_assert_held(&ntc_irp_buckets[i].lock);
	list_for_each_entry(call, &ntc_irp_buckets[i].calls, link) {
		if (ntc_io_call_is_in(call, mod)) {
			left->what = "the I/O routine";
			left->routine = call->routine;
			return true;
		}
	}
	list_for_each(link, &ntc_irp_buckets[i].irps)
		if (ntc_irp_is_in(ntc_irp_of(link), mod, left))
			return true;
	return false;
}

/**
 * ntc_irp_find_in_module - whether an IRP or a call needs a module, or a call did since the watch
 * @mod: the module, of ntc_irp_watch(); the watch ends
 * @left: receives what was found
 *
 * Context: process.
 * Return: true if one does or did.
 */
bool ntc_irp_find_in_module(struct module *mod, struct wqc_left *left)
{
	void *returned = NULL;
	bool found = false;
	int i;

	for (i = 0; i < ARRAY_SIZE(ntc_irp_buckets); i++) {
		raw_spin_lock_irq(&ntc_irp_buckets[i].lock);
		found = found || ntc_irp_find_in_bucket(i, mod, left);
		returned = returned ?: ntc_irp_buckets[i].returned;
		ntc_irp_buckets[i].watched = NULL;
		raw_spin_unlock_irq(&ntc_irp_buckets[i].lock);
	}
	if (!found && returned) {
		left->what = "the I/O routine";
		left->routine = returned;
	}
	return found || returned;
}

/* The IRPs of a bucket that a module allocated, moved to a list of the caller's. */
static void ntc_irp_take_of(struct module *mod, int i, struct list_head *taken)
{
	struct list_head *link, *next;
	PIRP irp;

	raw_spin_lock_irq(&ntc_irp_buckets[i].lock);
	list_for_each_safe(link, next, &ntc_irp_buckets[i].irps) {
		irp = ntc_irp_of(link);
		if (irp->AllocationFlags & NTC_IRP_ALLOCATED && !ntc_irp_origin(irp) &&
		    (!mod || wqc_in_module(ntc_irp_head(irp)->caller, mod))) {
			ntc_irp_unlist(irp);
			list_add(link, taken);
		}
	}
	raw_spin_unlock_irq(&ntc_irp_buckets[i].lock);
}

/**
 * ntc_irp_adopt_init - make IRPs that __init code, which is freed next, has allocated the module's
 * @mod: the module; its struct module becomes their caller
 *
 * Context: process.
 */
void ntc_irp_adopt_init(struct module *mod)
{
	struct list_head *link;
	PIRP irp;
	int i;

	for (i = 0; i < ARRAY_SIZE(ntc_irp_buckets); i++) {
		raw_spin_lock_irq(&ntc_irp_buckets[i].lock);
		list_for_each(link, &ntc_irp_buckets[i].irps) {
			irp = ntc_irp_of(link);
			if (irp->AllocationFlags & NTC_IRP_ALLOCATED &&
			    wqc_in_module_init(ntc_irp_head(irp)->caller, mod))
				ntc_irp_head(irp)->caller = mod;
		}
		raw_spin_unlock_irq(&ntc_irp_buckets[i].lock);
	}
}

/* Reports and frees the IRPs that a module allocated and did not free. NULL: of all modules. */
void ntc_irp_module_gone(struct module *mod)
{
	struct list_head *link, *next;
	LIST_HEAD(taken);
	PIRP irp;
	int i;

	for (i = 0; i < ARRAY_SIZE(ntc_irp_buckets); i++) {
		ntc_irp_take_of(mod, i, &taken);
		list_for_each_safe(link, next, &taken) {
			irp = ntc_irp_of(link);
			if (mod)
				wqc_report(WQC_R_IRP_LEAKED, "IRP %p, allocated by %pS", irp,
					   ntc_irp_head(irp)->caller);
			ntc_irp_free_memory(irp);
			cond_resched();
		}
		INIT_LIST_HEAD(&taken);
	}
}

void ntc_irp_exit(void)
{
	ntc_irp_module_gone(NULL);
}
