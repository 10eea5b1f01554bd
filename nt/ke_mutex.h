/* SPDX-License-Identifier: GPL-2.0 */
/* Mutexes and their owners: see ke_mutex.c. */
#ifndef NTC_KE_MUTEX_H
#define NTC_KE_MUTEX_H

#include "nt.h"

void wqc_mutex_taken(PRKMUTEX mutex);
void wqc_mutexes_freed(PVOID p, SIZE_T size, void *caller);
void wqc_mutexes_abandon(struct task_struct *task, void *routine, bool ended);
void wqc_mutexes_in_module(struct module *mod, wqc_in_fn in);
void wqc_mutex_init(void);
void wqc_mutex_exit(void);

#endif /* NTC_KE_MUTEX_H */
