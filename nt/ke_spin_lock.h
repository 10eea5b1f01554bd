/* SPDX-License-Identifier: GPL-2.0 */
/* Spin locks by name: see ke_spin_lock.c. */
#ifndef NTC_KE_SPIN_LOCK_H
#define NTC_KE_SPIN_LOCK_H

#include "nt.h"

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

#endif /* NTC_KE_SPIN_LOCK_H */
