/* SPDX-License-Identifier: GPL-2.0 */
/* EX_TIMERs: see ex_timer.c. */
#ifndef NTC_EX_TIMER_H
#define NTC_EX_TIMER_H

#include "nt.h"

bool ntc_ex_timer_owns_routine(PKDEFERRED_ROUTINE routine);
bool ntc_ex_timer_is_in(PVOID timer, const struct module *mod, ntc_in_fn in);
void *ntc_ex_timer_callback(PVOID timer);
int ntc_ex_timer_init(void);
void ntc_ex_timer_exit(void);
void ntc_ex_timer_flush(void);

#endif /* NTC_EX_TIMER_H */
