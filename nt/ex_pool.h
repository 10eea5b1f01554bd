/* SPDX-License-Identifier: GPL-2.0 */
/* Pool memory: see ex_pool.c. */
#ifndef NTC_EX_POOL_H
#define NTC_EX_POOL_H

#include "nt.h"

#define NTC_STRING_TAG	0x67727453	/* "Strg": buffers for RtlFreeUnicodeString() */

PVOID ntc_pool_alloc(SIZE_T size, ULONG tag, bool zero, void *caller);
PVOID ntc_pool_alloc_type(ULONG type, SIZE_T size, ULONG tag, void *caller);
void ntc_pool_free(PVOID p, ULONG tag, void *caller);
void ntc_objects_freed(PVOID p, SIZE_T size, void *caller);
void ntc_memory_freed(PVOID p, SIZE_T size, void *caller);
void ntc_pool_adopt_init(struct module *mod);
void ntc_pool_report_leaks(struct module *mod);
int ntc_pool_init(void);
void ntc_pool_exit(void);

#endif /* NTC_EX_POOL_H */
