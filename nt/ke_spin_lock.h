/* SPDX-License-Identifier: GPL-2.0 */
/* Spin locks found by the address of a driver's word: see ke_spin_lock.c. */
#ifndef NTC_KE_SPIN_LOCK_H
#define NTC_KE_SPIN_LOCK_H

#include "nt.h"

#ifdef NTC_NAMED_SPIN_LOCKS
void ntc_name_lock(const void *name, struct ntc_spin_class *class);
bool ntc_name_trylock(const void *name, struct ntc_spin_class *class);
void ntc_name_unlock(const void *name);
int ntc_spin_init(void);
void ntc_spin_exit(void);
#else
static inline int ntc_spin_init(void) { return 0; }
static inline void ntc_spin_exit(void) { }
#endif

#endif /* NTC_KE_SPIN_LOCK_H */
