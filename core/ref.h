/* SPDX-License-Identifier: GPL-2.0 */
/*
 * References on objects and Rx devices, with interrupts off: the fast path of percpu_ref, inline.
 */
#ifndef WQ_REF_H
#define WQ_REF_H

#include <linux/percpu.h>
#include <linux/percpu-refcount.h>

#include "object.h"

bool wqc_ref_tryget_slow(struct percpu_ref *ref);

/*
 * A region with interrupts off is an RCU read-side section, so percpu_ref needs no section of its
 * own (on kernels that check RCU it enters one). A count in atomic mode takes the slow path.
 */
static __always_inline bool wqc_ref_tryget(struct percpu_ref *ref)
{
#ifndef CONFIG_DEBUG_LOCK_ALLOC
	if (likely(percpu_ref_tryget_live_rcu(ref)))
		return true;
#endif
	return wqc_ref_tryget_slow(ref);
}

static inline bool wqc_ref_tryget_live(struct percpu_ref *ref)
{
#ifndef CONFIG_DEBUG_LOCK_ALLOC
	return percpu_ref_tryget_live_rcu(ref);
#else
	return percpu_ref_tryget_live(ref);
#endif
}

/*
 * Takes a reference in per-CPU mode only. It must be put by wqc_ref_put_fast() in the same region
 * with interrupts off, or kept. A switch to atomic mode misses neither: it changes the pointer, and
 * sums the per-CPU counts after a grace period, which waits for the region that has read the
 * pointer as per-CPU. Proof: tests/litmus/object-death-percpu.litmus.
 */
static __always_inline bool wqc_ref_get_fast(struct percpu_ref *ref,
					     unsigned long __percpu **count)
{
	if (unlikely(!__ref_is_percpu(ref, count)))
		return false;
	this_cpu_inc(**count);
	return true;
}

/* Undoes wqc_ref_get_fast(), in the same region. No call, so that callers save no registers. */
static __always_inline void wqc_ref_put_fast(struct percpu_ref *ref)
{
	unsigned long count = READ_ONCE(ref->percpu_count_ptr) & ~__PERCPU_REF_ATOMIC_DEAD;

	this_cpu_dec(*(unsigned long __percpu *)count);
}

static inline void wqc_ref_put(struct percpu_ref *ref)
{
	unsigned long __percpu *count;

	if (likely(__ref_is_percpu(ref, &count)))
		this_cpu_dec(*count);
	else
		percpu_ref_put(ref);
}

/**
 * wqc_object_get - take a reference on an object that was found earlier
 * @object: from wqc_object_find(), or &wqc_null_object
 * @gen: from the same call
 *
 * Use-after-free: the object may have been deleted, and its structure reused, since it was found.
 * Then its generation differs from @gen. A deleted object that is still referenced counts as live.
 *
 * Context: any, with interrupts off.
 * Return: true, or false if the object is gone.
 */
static __always_inline bool wqc_object_get(struct wqc_object *object, u32 gen)
{
	if (unlikely(!wqc_ref_tryget(&object->ref)))
		return false;
	/*
	 * The reference pins the generation, which is raised only while the count is zero and dead.
	 * A reference on a count that became live after n was written is compared with n or a later
	 * generation. Proof: tests/litmus/generation-atomic.litmus, generation-percpu.litmus.
	 */
	smp_rmb();	/* the count before the generation; pairs with the reinit */
	if (likely(READ_ONCE(object->gen) == gen))
		return true;
	wqc_ref_put(&object->ref);
	return false;
}

/* Fast path of wqc_object_get(): fails in atomic mode, too. */
static __always_inline bool wqc_object_get_fast(struct wqc_object *object, const u32 *gen)
{
	unsigned long __percpu *count;

	if (unlikely(!wqc_ref_get_fast(&object->ref, &count)))
		return false;
	smp_rmb();	/* as above */
	if (likely(READ_ONCE(object->gen) == *gen))
		return true;
	this_cpu_dec(*count);
	return false;
}

#endif /* WQ_REF_H */
