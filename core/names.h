/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Names for messages, and what somebody waits for. Names are copied under the lock of the
 * queue, whose items and runners keep the modules that they are of.
 */
#ifndef WQ_WAITED_H
#define WQ_WAITED_H

#include <linux/types.h>

#include "core.h"

#define WQC_NAME	128	/* of a routine and its module; longer ones are cut */

/* A routine that runs, or one that is queued. */
struct wqc_waited {
	char name[WQC_NAME];		/* empty: nothing was found */
	const char *class;
	int cpu;
	pid_t pid;			/* 0: queued */
	unsigned long since;
};

void wqc_hide_addresses(char *text);
void wqc_name(char buffer[WQC_NAME], const void *address);
void wqc_waited_runs(struct wqc_waited *waited, struct wqc_queue *queue,
		     const struct wqc_runner *runner);
void wqc_waited_queued(struct wqc_waited *waited, struct wqc_queue *queue,
		       const WORK_QUEUE_ITEM *item);
bool wqc_waited_say(const struct wqc_waited *waited, const char *who);

#endif /* WQ_WAITED_H */
