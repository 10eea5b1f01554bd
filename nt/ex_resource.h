/* SPDX-License-Identifier: GPL-2.0 */
/* ERESOURCEs: see ex_resource.c. */
#ifndef NTC_EX_RESOURCE_H
#define NTC_EX_RESOURCE_H

#include <linux/lockdep.h>
#include <linux/rbtree.h>

#include "nt.h"

#define NTC_RESOURCE_MAGIC	0x4c52455345525845UL	/* in SpinLock, with the address */

enum ntc_resource_mode {
	NTC_EXCLUSIVE,
	NTC_SHARED,
	NTC_STARVE_EXCLUSIVE,
	NTC_WAIT_FOR_EXCLUSIVE,
};

/* What does not fit into a resource; its Address. NULL if memory was short: then unchecked. */
struct ntc_resource {
	struct rb_node node;		/* under ntc_resources_lock */
	PERESOURCE resource;
	struct lockdep_map dep_map;
	bool unordered;			/* L: released by another thread: lockdep cannot follow */
};

static inline ULONG_PTR ntc_resource_magic(PERESOURCE resource)
{
	return NTC_RESOURCE_MAGIC ^ (ULONG_PTR)resource;
}

raw_spinlock_t *ntc_resource_lock_of(PERESOURCE resource);
bool ntc_resource_is_valid(PERESOURCE resource, const char *call, void *caller);

POWNER_ENTRY ntc_owner_find(PERESOURCE resource, ERESOURCE_THREAD owner);
bool ntc_resource_acquire(PERESOURCE resource, enum ntc_resource_mode mode, bool wait,
			  const char *call, void *caller);
void ntc_resource_release(PERESOURCE resource, ERESOURCE_THREAD owner, const char *call,
			  void *caller);
void ntc_resource_memory_freed(void *p, size_t size, void *caller);
void ntc_resource_module_freed(struct module *mod, ntc_in_fn in);
void ntc_resource_init_locks(void);
void ntc_resource_exit(void);

#endif /* NTC_EX_RESOURCE_H */
