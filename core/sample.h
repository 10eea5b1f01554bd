/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sampled times of items: how long they wait and run.
 */
#ifndef CORE_SAMPLE_H
#define CORE_SAMPLE_H

#include "core.h"

void wqc_sample_begin(struct wqc_queue *queue, WORK_QUEUE_ITEM *item);
void wqc_sample_start(struct wqc_queue *queue, struct wqc_runner *runner);
void wqc_sample_end(struct wqc_call *call);

#endif /* CORE_SAMPLE_H */
