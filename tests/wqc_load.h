/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Items that keep runners busy.
 */
#ifndef WQC_LOAD_H
#define WQC_LOAD_H

#include "wqc_probe.h"

struct wqc_load_item {
	WORK_QUEUE_ITEM item;
	struct wqc_load *load;
};

/*
 * Items that wait at one gate. When the test ends, the gate is opened, and the memory is freed
 * after all posted items have returned.
 */
struct wqc_load {
	struct wqc_gate gate;
	WORK_QUEUE_TYPE type;
	unsigned int size;
	atomic_t posted;
	atomic_t finished;
	struct wqc_load_item items[];
};

struct wqc_load *wqc_load_new(struct kunit *test, WORK_QUEUE_TYPE type, unsigned int size);
void wqc_load_post(struct wqc_load *load, unsigned int n);	/* posts @n more on this CPU */
bool wqc_load_runs(struct wqc_load *load, unsigned int n);	/* waits for @n more at the gate */
bool wqc_load_finish(struct wqc_load *load);		/* opens, waits for all posted */

/* Posts items of @type until each of the most runners that the class may have is in a routine. */
struct wqc_load *wqc_load_all_runners(struct kunit *test, WORK_QUEUE_TYPE type);

/* A parameter of wq_compat. */
unsigned int wqc_param(struct kunit *test, const char *name);

#endif /* WQC_LOAD_H */
