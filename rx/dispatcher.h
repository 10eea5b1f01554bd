/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The table of devices, and the engine's calls to the dispatchers.
 */
#ifndef RX_DISPATCHER_H
#define RX_DISPATCHER_H

#include "rx.h"

/* Written under the mutex of dispatcher.c and read without it: see wqc_rx_at(). */
extern struct wqc_rx_device **wqc_rx_table;	/* all devices; freed after a grace period */
extern u32 wqc_rx_count;		/* devices in the table */
extern u32 wqc_rx_open;		/* wqc_rx_count; 0 while the shared dispatcher is stopped */
extern unsigned int wqc_rx_users;	/* of the shared dispatcher */

struct wqc_lane *wqc_rx_next_lane(struct wqc_queue *queue, void **cursor);
void wqc_rx_adopt(struct module *mod);
void wqc_rx_exit(void);

#endif /* RX_DISPATCHER_H */
