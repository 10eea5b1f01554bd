/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The keeper thread: it adds, removes and replaces runners.
 */
#ifndef CORE_KEEPER_H
#define CORE_KEEPER_H

#include "core.h"

#include <linux/gfp.h>

extern unsigned int wqc_hotplug_count;
bool wqc_may_grow(const struct wqc_queue *queue);
void wqc_ask_growth(struct wqc_queue *queue);
void wqc_exceed_limit(struct wqc_queue *queue, u32 extra);
void wqc_wake_keeper(void);
int wqc_keeper_init(void);
void wqc_keeper_exit(void);

#endif /* CORE_KEEPER_H */
