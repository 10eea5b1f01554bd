/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The watchdog for classes that make no progress.
 */
#ifndef DIAG_STALL_H
#define DIAG_STALL_H

struct wqc_queue;

void wqc_stall_check(struct wqc_queue *queue);

#endif /* DIAG_STALL_H */
