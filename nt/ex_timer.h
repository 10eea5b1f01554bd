/* SPDX-License-Identifier: GPL-2.0 */
/* EX_TIMERs: see ex_timer.c. */
#ifndef NTC_EX_TIMER_H
#define NTC_EX_TIMER_H

#include "nt.h"

bool wqc_ex_timer_is(PKDEFERRED_ROUTINE routine);
bool wqc_ex_timer_is_in(PVOID timer, const struct module *mod, wqc_in_fn in);
void *wqc_ex_timer_callback(PVOID timer);
int wqc_ex_timer_init(void);
void wqc_ex_timer_exit(void);
void wqc_ex_timer_flush(void);

#endif /* NTC_EX_TIMER_H */
