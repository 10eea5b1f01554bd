// SPDX-License-Identifier: GPL-2.0
/*
 * Leaked IO_WORKITEMs: reported by routine and count when their driver is unloaded. The memory is
 * freed when wq_compat is unloaded (core/cache.c).
 *
 * An item belongs to the module whose code called IoAllocateWorkItem(), as in Driver Verifier.
 * Neither the item's device nor its last routine identify the module: both may be of another
 * driver. The address of the call is stored behind the item.
 *
 * A reported item is not freed. The driver may have passed it to another driver, which may still
 * queue and free it: freeing it here would be a use-after-free. The item is flagged as reported,
 * so that it is not reported again for a later module that is loaded at the same address.
 */
#include <linux/atomic.h>
#include <linux/module.h>

#include "../core/cache.h"
#include "../core/object.h"
#include "leak.h"
#include "torture.h"

#define WQC_KINDS_SHOWN	8	/* less than the rate limit of reports */

/* Items with the same last routine, or, if never queued, with the same allocator. */
struct wqc_left_kind {
	void *routine;
	void *allocator;	/* of the first item found */
	u32 count;
};

struct wqc_left_items {
	struct module *mod;
	u32 kinds;
	u32 others;		/* items for which the table has no room */
	struct wqc_left_kind kind[WQC_KINDS_SHOWN];
};

static void wqc_add_left(struct wqc_left_items *left, void *routine, void *allocator)
{
	struct wqc_left_kind *kind = left->kind, *end = kind + left->kinds;

	for (; kind < end; kind++) {
		if (kind->routine == routine && (routine || kind->allocator == allocator)) {
			kind->count++;
			return;
		}
	}
	if (left->kinds == WQC_KINDS_SHOWN) {
		left->others++;
		return;
	}
	*kind = (struct wqc_left_kind){ routine, allocator, 1 };
	left->kinds++;
}

/*
 * For wqc_cache_walk(). Other drivers may allocate, queue and free items concurrently; the driver
 * that is being unloaded does not. A reader that sees the magic, which is written last, also sees
 * the allocator of that item or of a later item in the same slot (tests/litmus/io-magic.litmus). A
 * later item is not @left->mod's.
 */
static void wqc_see_left(struct wqc_slot *slot, void *arg)
{
	struct wqc_left_items *left = arg;
	struct wqc_io_item *io = &slot->io;
	void *allocator;

	/* Pairs with wqc_io_setup(). */
	if (smp_load_acquire(&io->magic) != WQC_IO_MAGIC)
		return;
	allocator = READ_ONCE(slot->allocator);
	if (!within_module((unsigned long)allocator, left->mod) ||
	    wqc_io_set_flag(io, WQC_IO_LEFT))
		return;
	wqc_add_left(left, READ_ONCE(io->item.WorkerRoutine), allocator);
}

static void wqc_report_left(struct module *mod, const struct wqc_left_kind *kind)
{
	if (kind->routine)
		wqc_report(WQC_R_ITEM_LEAKED, "%s: %u items of routine %ps", module_name(mod),
			   kind->count, kind->routine);
	else if (kind->allocator == mod)
		wqc_report(WQC_R_ITEM_LEAKED, "%s: %u items never queued, from its __init code",
			   module_name(mod), kind->count);
	else
		wqc_report(WQC_R_ITEM_LEAKED, "%s: %u items never queued, from %pS",
			   module_name(mod), kind->count, kind->allocator);
}

/**
 * wqc_leak_report_module - report the items that a module has not freed
 * @mod: is being unloaded; none of its code runs any more, its text is still mapped
 *
 * Context: process, sleeps.
 */
static void wqc_leak_report_module(struct module *mod)
{
	struct wqc_left_items left = { .mod = mod };
	u32 i;

	wqc_cache_walk(wqc_see_left, &left);
	wqc_torture_walk(wqc_see_left, &left);
	for (i = 0; i < left.kinds; i++)
		wqc_report_left(mod, &left.kind[i]);
	if (left.others)
		wqc_report(WQC_R_ITEM_LEAKED, "%s: %u items of other routines", module_name(mod),
			   left.others);
}

static void wqc_see_init(struct wqc_slot *slot, void *arg)
{
	void *allocator = READ_ONCE(slot->allocator);

	/* cmpxchg: a later item in this slot may write its allocator concurrently. */
	if (within_module_init((unsigned long)allocator, arg))
		cmpxchg(&slot->allocator, allocator, arg);
}

/**
 * wqc_leak_forget_init - forget addresses in a module's __init code, which is about to be freed
 * @mod: stored instead of them: the addresses may be in another module later
 *
 * Context: process, sleeps.
 */
static void wqc_leak_forget_init(struct module *mod)
{
	wqc_cache_walk(wqc_see_init, mod);
	wqc_torture_walk(wqc_see_init, mod);
	wqc_torture_forget_init(mod);
}

/* Runs after the notifier of core/unload.c, which waits until no item of the module is left. */
static int wqc_leak_event(struct notifier_block *nb, unsigned long event, void *data)
{
	struct module *mod = data;

	if (mod == THIS_MODULE)
		return NOTIFY_DONE;
	if (event == MODULE_STATE_GOING) {
		wqc_torture_check();	/* while addresses in @mod still have symbols */
		wqc_leak_report_module(mod);
	} else if (event == MODULE_STATE_LIVE) {
		wqc_leak_forget_init(mod);
	}
	return NOTIFY_DONE;
}

static struct notifier_block wqc_leak_notifier = {
	.notifier_call = wqc_leak_event,
	.priority = INT_MAX - 1,
};

int wqc_leak_init(void)
{
	return register_module_notifier(&wqc_leak_notifier);
}

void wqc_leak_exit(void)
{
	unregister_module_notifier(&wqc_leak_notifier);
}
