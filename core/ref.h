/* SPDX-License-Identifier: GPL-2.0 */
/*
 * References on objects and Rx devices, with interrupts off: a good part of what an item
 * would cost.
 */
#ifndef WQ_REF_H
#define WQ_REF_H

#include <linux/percpu.h>
#include <linux/percpu-refcount.h>

#include "object.h"

bool wqc_ref_tryget_slow(struct percpu_ref *ref);

/*
 * A region with interrupts off is an RCU read-side section, so where RCU is not
 * checked percpu_ref needs none of its own. A count that is not per CPU (any
 * more) takes the ordinary way.
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
 * Where nothing but the per-CPU count will do. If it is given up, so it must be here.
 * Either is seen by a switch to one count for all, which waits for RCU first: the region
 * with interrupts off that read the pointer as per-CPU, and counted, lies before the end of
 * a grace period that began after the pointer was changed.
 */
static __always_inline bool wqc_ref_get_fast(struct percpu_ref *ref,
					     unsigned long __percpu **count)
{
	if (unlikely(!__ref_is_percpu(ref, count)))
		return false;
	this_cpu_inc(**count);
	return true;
}

/* After wqc_ref_get_fast(), in the same region: without a call, which would cost registers. */
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
 * wqc_object_get - reference an object that was found some time ago
 * @object: from wqc_object_find(), or &wqc_null_object
 * @gen: from the same call
 *
 * A deleted object that somebody still references is as good as a live one.
 *
 * Context: any, with interrupts off.
 * Return: true, or false if the object is gone.
 */
static __always_inline bool wqc_object_get(struct wqc_object *object, u32 gen)
{
	if (unlikely(!wqc_ref_tryget(&object->ref)))
		return false;
	/*
	 * The reference pins the generation: it is raised only while the count
	 * is zero and dead, before the count comes to life again. There gen = n
	 * ->wmb the count, by whichever write percpu_ref_reinit() makes it alive;
	 * here the read of the count or its pointer ->rmb the read of gen. So a
	 * reference on a count that came to life after n was written is checked
	 * against n, or a later generation. tests/litmus/ has both cases.
	 */
	smp_rmb();	/* the count before the generation; pairs with the reinit */
	if (likely(READ_ONCE(object->gen) == gen))
		return true;
	wqc_ref_put(&object->ref);
	return false;
}

/* The same, or false where it would take more than a moment. */
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
