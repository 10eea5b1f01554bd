/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Requests to the keeper.
 */
#ifndef CORE_GROWTH_H
#define CORE_GROWTH_H

#include "core.h"

u32 wqc_limit(const struct wqc_pool *pool);
bool wqc_may_grow(const struct wqc_queue *queue);
void wqc_ask_growth(struct wqc_queue *queue);
void wqc_ask_growth_again(struct wqc_queue *queue);
struct llist_node *wqc_growth_requests(void);
void wqc_wake_keeper(void);
void wqc_set_keeper(struct task_struct *keeper);
void wqc_keeper_sleep(long jiffies);

#endif /* CORE_GROWTH_H */
