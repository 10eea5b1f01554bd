/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Take back a waiting item.
 */
#ifndef CORE_TAKE_BACK_H
#define CORE_TAKE_BACK_H

#include "core.h"

bool wqc_lane_take_back(struct wqc_queue *queue, struct wqc_lane *lane,
			const WORK_QUEUE_ITEM *wanted, struct wqc_call *call);

#endif /* CORE_TAKE_BACK_H */
