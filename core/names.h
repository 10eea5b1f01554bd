/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Names for messages, and what somebody waits for. Names are copied under the lock of the
 * queue, whose items and runners keep the modules that they are of.
 */
#ifndef WQ_WAITED_H
#define WQ_WAITED_H

#include <linux/types.h>

#include "core.h"

#define WQC_NAME_SIZE	128	/* of a routine and its module; longer ones are cut */

/* A routine that runs, or one that is queued. */
struct wqc_blocker {
	char name[WQC_NAME_SIZE];		/* empty: nothing was found */
	const char *class;
	int cpu;
	pid_t pid;			/* 0: queued */
	unsigned long since;
};

void wqc_name_hide_addresses(char *text);
void wqc_name_format(char buffer[WQC_NAME_SIZE], const void *address);
void wqc_blocker_note_runner(struct wqc_blocker *waited, struct wqc_queue *queue,
			     const struct wqc_runner *runner);
void wqc_blocker_note_item(struct wqc_blocker *waited, struct wqc_queue *queue,
			   const WORK_QUEUE_ITEM *item);
bool wqc_blocker_warn(const struct wqc_blocker *waited, const char *who);

#endif /* WQ_WAITED_H */
