/* SPDX-License-Identifier: GPL-2.0 */
/* Pool memory: see ex_pool.c. */
#ifndef NTC_EX_POOL_H
#define NTC_EX_POOL_H

#include "nt.h"

PVOID wqc_pool_alloc(SIZE_T size, ULONG tag, bool zero, void *caller);
PVOID wqc_pool_alloc_as(ULONG type, SIZE_T size, ULONG tag, void *caller);
void wqc_pool_free(PVOID p, ULONG tag, void *caller);
void wqc_pool_reused(PVOID p, SIZE_T size, void *caller);
void wqc_pool_lives(struct module *mod);
void wqc_pool_leaks(struct module *mod);
int wqc_pool_init(void);
void wqc_pool_exit(void);

#endif /* NTC_EX_POOL_H */
