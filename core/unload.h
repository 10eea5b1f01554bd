/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The wait for the items of a module that unloads.
 */
#ifndef CORE_UNLOAD_H
#define CORE_UNLOAD_H

#include "core.h"

typedef void (*wqc_visit_fn)(void *data, struct module *owner);

bool wqc_item_is_cursor(const WORK_QUEUE_ITEM *item);
void wqc_cursor_abandon(const struct wqc_lane *lane);
void wqc_cursor_unlinked(WORK_QUEUE_ITEM *prev, WORK_QUEUE_ITEM *next);
void wqc_search_note_run(const struct wqc_call *call);
bool wqc_search_matches_request(const void *item, const WORK_QUEUE_ITEM *own,
				const struct module *owner, const void *device);
void wqc_module_wait(struct module *mod);
void wqc_queue_visit(struct wqc_queue *queue, wqc_visit_fn visit, void *data);
int wqc_unload_init(void);
void wqc_unload_exit(void);

#endif /* CORE_UNLOAD_H */
