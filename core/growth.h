/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Requests to the keeper.
 */
#ifndef CORE_GROWTH_H
#define CORE_GROWTH_H

#include "core.h"

extern bool wqc_dormant;

void wqc_dormant_end(void);
bool wqc_queue_may_grow(const struct wqc_queue *queue);
void wqc_growth_request(struct wqc_queue *queue);
void wqc_growth_request_again(struct wqc_queue *queue);
struct llist_node *wqc_growth_take_requests(void);
void wqc_keeper_wake(void);
void wqc_keeper_set(struct task_struct *keeper);
void wqc_keeper_sleep(long jiffies);

#endif /* CORE_GROWTH_H */
