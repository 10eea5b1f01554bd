/* SPDX-License-Identifier: GPL-2.0 */
/* Critical and guarded regions: see ke_region.c. */
#ifndef NTC_KE_REGION_H
#define NTC_KE_REGION_H

#include "nt.h"

void ntc_region_end(struct task_struct *task, void *routine, bool ended);
void ntc_region_init(void);
void ntc_region_exit(void);

#endif /* NTC_KE_REGION_H */
