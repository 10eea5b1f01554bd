/* SPDX-License-Identifier: GPL-2.0 */
/* IO_TIMERs: see io_timer.c. */
#ifndef NTC_IO_TIMER_H
#define NTC_IO_TIMER_H

#include "nt.h"

void ntc_io_timer_memory_freed(void *p);
void ntc_io_timer_module_gone(struct module *mod);

#endif /* NTC_IO_TIMER_H */
