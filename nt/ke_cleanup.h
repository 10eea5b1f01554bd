/* SPDX-License-Identifier: GPL-2.0 */
/* Removal of timers and DPCs before their memory or code is freed: see ke_cleanup.c. */
#ifndef NTC_KE_CLEANUP_H
#define NTC_KE_CLEANUP_H

#include "nt.h"

#define NTC_SEARCH_CHUNK	64	/* timers or DPCs visited in one hold of a lock */

void ntc_cleanup_memory_freed(void *p, size_t size, void *caller);
bool ntc_dpc_find_in_module(struct module *mod, void **routine);
void ntc_dpc_flush_init(struct module *mod);
void ntc_timer_cancel_init(struct module *mod);
void ntc_timer_cancel_module(struct module *mod);

#endif /* NTC_KE_CLEANUP_H */
