/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Runners that do not drain: add, remove, replace.
 */
#ifndef CORE_RUNNER_H
#define CORE_RUNNER_H

#include "core.h"

void wqc_queue_add_runner(struct wqc_queue *queue, struct wqc_runner *runner);
struct wqc_runner *wqc_queue_remove_idle(struct wqc_queue *queue, u32 keep);
void wqc_runner_remove_dead(struct wqc_runner *runner);
bool wqc_runner_leave_rescuer(struct wqc_runner *runner);
void wqc_queue_kick_stuck(struct wqc_queue *queue);

#endif /* CORE_RUNNER_H */
