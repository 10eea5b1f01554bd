/* SPDX-License-Identifier: GPL-2.0 */
/* Timers and DPCs in memory that goes: see ke_cleanup.c. */
#ifndef NTC_KE_CLEANUP_H
#define NTC_KE_CLEANUP_H

#include "nt.h"

#define WQC_LEFT_CHUNK	64	/* timers or DPCs looked at in one hold of a lock */

void wqc_dispatcher_freed(void *p, size_t size, void *caller);
bool wqc_dpc_find(struct module *mod, void **routine);
void wqc_dpcs_live(struct module *mod);
void wqc_timers_live(struct module *mod);
void wqc_timers_cancel(struct module *mod);

#endif /* NTC_KE_CLEANUP_H */
