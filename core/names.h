/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Names of routines for messages. A name is copied under the queue's lock: while the item is queued
 * or runs, unload.c keeps its module in memory.
 */
#ifndef CORE_NAMES_H
#define CORE_NAMES_H

#include <linux/types.h>

#include "core.h"

#define WQC_NAME_SIZE	128	/* of a routine and its module; a longer name is truncated */

/* The routine, running or queued, that an rmmod or a spin-down waits for. */
struct wqc_blocker {
	char name[WQC_NAME_SIZE];	/* empty: none was found */
	const char *class;
	int cpu;
	pid_t pid;			/* 0: queued */
	unsigned long since;
};

void wqc_name_hide_addresses(char *text);
void wqc_name_format(char buffer[WQC_NAME_SIZE], const void *address);
void wqc_blocker_note_runner(struct wqc_blocker *blocker, struct wqc_queue *queue,
			     const struct wqc_runner *runner);
void wqc_blocker_note_item(struct wqc_blocker *blocker, struct wqc_queue *queue,
			   const WORK_QUEUE_ITEM *item);
bool wqc_blocker_warn(const struct wqc_blocker *blocker, const char *who);

#endif /* CORE_NAMES_H */
