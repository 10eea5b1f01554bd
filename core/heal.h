/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Detection and repair of lost wake-ups.
 */
#ifndef CORE_HEAL_H
#define CORE_HEAL_H

#include "core.h"

struct wqc_runner *wqc_heal_detect(struct wqc_queue *queue);
void wqc_heal_growth(struct wqc_queue *queue);
void wqc_heal_queue(struct wqc_queue *queue);

#endif /* CORE_HEAL_H */
