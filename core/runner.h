/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Runners while they are idle, kicked or gone.
 */
#ifndef CORE_RUNNER_H
#define CORE_RUNNER_H

#include "core.h"

void wqc_add_runner(struct wqc_queue *queue, struct wqc_runner *runner);
struct wqc_runner *wqc_unlink_idle(struct wqc_queue *queue, u32 keep);
void wqc_bury_runner(struct wqc_runner *runner);
bool wqc_hand_over(struct wqc_runner *runner);
void wqc_kick_stuck(struct wqc_queue *queue);

#endif /* CORE_RUNNER_H */
