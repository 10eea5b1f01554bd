/* SPDX-License-Identifier: GPL-2.0 */
/*
 * nt-compat.ko: what Windows drivers wait for, and with. Locks, in the order in
 * which they are taken:
 *
 *  a timer base's (timer.c)
 *  a dispatcher object's, one of a hashed set (dispatcher.c)
 *  a DPC queue's (dpc.c)
 *
 * All are raw, so that events can be set and timers and DPCs queued at any IRQL.
 */
#ifndef NT_INTERNAL_H
#define NT_INTERNAL_H

#include <linux/rcupdate.h>
#include <linux/spinlock.h>

#include "../include/wdm.h"
#include "../include/ntstrsafe.h"
#include "../lib/format.h"
#include "../core/report.h"

/* wqc_in_module() or wqc_in_module_init(). */
typedef bool (*wqc_in_fn)(const void *address, const struct module *mod);

/* Header.Type, as on Windows. */
enum wqc_nt_type {
	WQC_EVENT_NOTIFICATION = 0,
	WQC_EVENT_SYNCHRONIZATION = 1,
	WQC_MUTANT = 2,
	WQC_SEMAPHORE = 5,
	WQC_THREAD = 6,
	WQC_TIMER_NOTIFICATION = 8,
	WQC_TIMER_SYNCHRONIZATION = 9,
	WQC_DPC = 19,
};

/* ---- dispatcher.c -------------------------------------------------------- */

void wqc_header_init(PDISPATCHER_HEADER header, enum wqc_nt_type type, LONG state);
raw_spinlock_t *wqc_header_lock(const DISPATCHER_HEADER *header);
void wqc_header_signal(PDISPATCHER_HEADER header);
LONG wqc_header_change(PDISPATCHER_HEADER header, LONG state);
NTSTATUS wqc_wait_for(PVOID object, KPROCESSOR_MODE mode, PLARGE_INTEGER timeout,
		      const char *call, void *caller);
void wqc_dispatcher_init(void);

/* ---- mutex.c ------------------------------------------------------------- */

void wqc_mutex_taken(PRKMUTEX mutex);
void wqc_mutexes_freed(PVOID p, SIZE_T size, void *caller);
void wqc_mutexes_abandon(struct task_struct *task, void *routine, bool ended);
void wqc_mutexes_in_module(struct module *mod, wqc_in_fn in);
void wqc_mutex_init(void);
void wqc_mutex_exit(void);

/* ---- region.c ------------------------------------------------------------ */

void wqc_region_end(struct task_struct *task, void *routine, bool ended);
void wqc_region_init(void);
void wqc_region_exit(void);

/* ---- spin_lock.c --------------------------------------------------------- */

#ifdef WQC_NAMED_SPIN_LOCKS
void wqc_name_lock(const void *name, struct wqc_spin_class *class);
bool wqc_name_trylock(const void *name, struct wqc_spin_class *class);
void wqc_name_unlock(const void *name);
int wqc_spin_init(void);
void wqc_spin_exit(void);
#else
static inline int wqc_spin_init(void) { return 0; }
static inline void wqc_spin_exit(void) { }
#endif

/* ---- time.c -------------------------------------------------------------- */

/* When something is due, on which of the clocks. */
struct wqc_due {
	s64 ns;
	bool absolute;		/* of the wall clock; else monotonic */
};

struct wqc_due wqc_due(LONGLONG when);

/* ---- dpc.c --------------------------------------------------------------- */

bool wqc_dpc_known(const KDPC *dpc);
bool wqc_dpc_insert(PKDPC dpc, PVOID argument1, PVOID argument2);
void wqc_dpcs_freed(void *p, size_t size, void *caller);
void wqc_dpc_init(void);
void wqc_dpc_exit(void);
void wqc_dpc_watch(struct module *mod);
bool wqc_dpc_ran(void);

/* ---- timer.c ------------------------------------------------------------- */

BOOLEAN wqc_timer_set(PKTIMER timer, LONGLONG when, s64 interval, PKDPC dpc, void *setter);
void wqc_timer_once(PKTIMER timer);
void wqc_timer_init(void);
void wqc_timer_exit(void);

/* ---- left.c -------------------------------------------------------------- */

void wqc_dispatcher_freed(void *p, size_t size, void *caller);
bool wqc_dpc_find(struct module *mod, void **routine);
void wqc_dpcs_live(struct module *mod);
void wqc_timers_live(struct module *mod);
void wqc_timers_cancel(struct module *mod);

/* ---- ex_timer.c ---------------------------------------------------------- */

bool wqc_ex_timer_is(PKDEFERRED_ROUTINE routine);
bool wqc_ex_timer_is_in(PVOID timer, const struct module *mod, wqc_in_fn in);
void *wqc_ex_timer_callback(PVOID timer);
int wqc_ex_timer_init(void);
void wqc_ex_timer_exit(void);
void wqc_ex_timer_flush(void);

/* ---- thread.c ------------------------------------------------------------ */

bool wqc_thread_is_ours(void);
void wqc_thread_exit(void);
bool wqc_thread_find(struct module *mod, void **routine);

/* ---- pool.c -------------------------------------------------------------- */

/* Whether memory may be waited for. Under a spinlock_t of PREEMPT_RT it may not. */
static inline bool wqc_may_wait(void)
{
	return KeGetCurrentIrql() < DISPATCH_LEVEL && !rcu_preempt_depth();
}

PVOID wqc_pool_alloc(SIZE_T size, ULONG tag, bool zero, void *caller);
PVOID wqc_pool_alloc_as(ULONG type, SIZE_T size, ULONG tag, void *caller);
void wqc_pool_free(PVOID p, ULONG tag, void *caller);
void wqc_pool_reused(PVOID p, SIZE_T size, void *caller);
void wqc_pool_lives(struct module *mod);
void wqc_pool_leaks(struct module *mod);
int wqc_pool_init(void);
void wqc_pool_exit(void);

#endif /* NT_INTERNAL_H */
