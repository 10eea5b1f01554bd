/* SPDX-License-Identifier: GPL-2.0 */
/* Dispatcher objects, for which a thread can wait: see ke_dispatcher.c; waiting: ke_wait.c. */
#ifndef NTC_KE_DISPATCHER_H
#define NTC_KE_DISPATCHER_H

#include "nt.h"

/* Values of Header.Type, as on Windows. */
enum ntc_object_type {
	NTC_EVENT_NOTIFICATION = 0,
	NTC_EVENT_SYNCHRONIZATION = 1,
	NTC_MUTANT = 2,
	NTC_SEMAPHORE = 5,
	NTC_THREAD = 6,
	NTC_TIMER_NOTIFICATION = 8,
	NTC_TIMER_SYNCHRONIZATION = 9,
	NTC_DPC = 19,
};

#define NTC_LOCK_BITS	6
#define NTC_LOCKS	BIT(NTC_LOCK_BITS)

#define NTC_HEADER_SIZE	(sizeof(DISPATCHER_HEADER) / sizeof(LONG))	/* in Header.Size */

#define NTC_WAITING	-1
#define NTC_WAIT_OVER	-2
#define NTC_WAIT_FREED	-3	/* an object of the wait was freed */

/* On the stack of a thread that waits. */
struct ntc_waiter {
	struct task_struct *task;
	PVOID *objects;
	ULONG count;
	atomic_t outcome;
	bool all;
	bool abandoned;		/* one of @mutants was abandoned; both under the object's lock */
	u64 mutants;		/* bit mask: which objects are mutexes newly owned */
};

void ntc_header_init(PDISPATCHER_HEADER header, enum ntc_object_type type, LONG state);
raw_spinlock_t *ntc_header_lock(const DISPATCHER_HEADER *header);
unsigned int ntc_lock_number(const DISPATCHER_HEADER *header);
bool ntc_header_is_valid(const DISPATCHER_HEADER *header);
bool ntc_header_is_signalled(const DISPATCHER_HEADER *header, struct task_struct *task);
void ntc_header_take(PDISPATCHER_HEADER header, struct ntc_waiter *waiter, ULONG index);
void ntc_header_signal(PDISPATCHER_HEADER header);
LONG ntc_header_set_state(PDISPATCHER_HEADER header, LONG state);
void ntc_block_link(PKWAIT_BLOCK block, PDISPATCHER_HEADER header);
void ntc_block_unlink(PKWAIT_BLOCK block);
unsigned long ntc_locks_take(const unsigned long *locks);
void ntc_locks_drop(const unsigned long *locks, unsigned long flags);
bool ntc_wait_satisfy_all(struct ntc_waiter *waiter);
NTSTATUS ntc_wait_single(PVOID object, KPROCESSOR_MODE mode, PLARGE_INTEGER timeout,
			 const char *call, void *caller);
void ntc_wait_memory_freed(void *p, size_t size, void *caller);
void ntc_wait_module_freed(struct module *mod, ntc_in_fn in);
void ntc_dispatcher_init(void);

#endif /* NTC_KE_DISPATCHER_H */
