/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What queue.c asks of wakeup.c.
 */
#ifndef WQ_LEADER_H
#define WQ_LEADER_H

#include "core.h"

void wqc_lead_on(struct wqc_queue *queue, struct wqc_runner *runner);
void wqc_lead(struct wqc_queue *queue, struct wqc_runner *runner);
bool wqc_leads_on(struct wqc_queue *queue, struct wqc_runner *runner) __must_hold(&queue->lock);
void wqc_follow(struct wqc_queue *queue);
void wqc_leader_init(struct wqc_queue *queue);
void wqc_leader_exit(struct wqc_queue *queue);

#endif /* WQ_LEADER_H */
