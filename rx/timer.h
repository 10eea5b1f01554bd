/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Timer requests: the engine's calls to a request that is due, and cancels for an unload, a
 * spin-down and freed memory.
 */
#ifndef RX_TIMER_H
#define RX_TIMER_H

#include "rx.h"

unsigned int wqc_rx_timers_cancel(struct wqc_rx_device *rx, struct module *mod);
void wqc_rx_module_cancel(struct module *mod);
bool wqc_rx_timer_freed(const WORK_QUEUE_ITEM *item, struct wqc_call *call);
const void *wqc_rx_timer_item(const WORK_QUEUE_ITEM *own);
enum wqc_start wqc_rx_timer_start(WORK_QUEUE_ITEM *item, struct wqc_call *call);
void wqc_rx_timer_ran(struct wqc_call *call);

#endif /* RX_TIMER_H */
