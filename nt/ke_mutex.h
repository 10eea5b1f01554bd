/* SPDX-License-Identifier: GPL-2.0 */
/* Mutexes and their owners: see ke_mutex.c. */
#ifndef NTC_KE_MUTEX_H
#define NTC_KE_MUTEX_H

#include "nt.h"

void ntc_mutex_acquired(PRKMUTEX mutex);
void ntc_mutex_memory_freed(PVOID p, SIZE_T size, void *caller);
void ntc_mutex_abandon_all(struct task_struct *task, void *routine, bool ended);
void ntc_mutex_module_freed(struct module *mod, ntc_in_fn in);
void ntc_mutex_init(void);
void ntc_mutex_exit(void);

#endif /* NTC_KE_MUTEX_H */
