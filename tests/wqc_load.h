/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What keeps runners busy, and what a routine sees of the thread that runs it.
 */
#ifndef WQC_LOAD_H
#define WQC_LOAD_H

#include <linux/sched.h>

#include "wqc_test.h"

/* Filled by a routine, judged by the test's task. */
struct wqc_seen {
	char comm[TASK_COMM_LEN];
	const void *task;		/* to compare, never to follow */
	int policy;
	int static_prio;
	int rt_priority;
	int nr_cpus_allowed;
	int cpu;
	bool is_kworker;
	bool in_task;
	bool irqs_off;
	bool preempt_off;
	bool rcu_or_locks;
};

void wqc_look(struct wqc_seen *seen);

/* The name of the class whose thread it is, as in wqc_class_params[], or "none". */
const char *wqc_seen_class(const struct wqc_seen *seen);

/* In process context, preemptible, interrupts on: what every routine is promised. */
void wqc_expect_process_context(struct kunit *test, const struct wqc_seen *seen);

struct wqc_load_item {
	WORK_QUEUE_ITEM item;
	struct wqc_load *load;
};

/*
 * Items that wait at one gate. When the test ends the gate is opened, and all
 * items that were posted have returned before the memory goes.
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
void wqc_load_post(struct wqc_load *load, unsigned int n);	/* the next n, from here */
bool wqc_load_runs(struct wqc_load *load, unsigned int n);	/* waits until n more are inside */
bool wqc_load_finish(struct wqc_load *load);		/* opens, waits for all posted */

/* Posts items of @type until every runner there may ever be is inside one. */
struct wqc_load *wqc_load_all_runners(struct kunit *test, WORK_QUEUE_TYPE type);

/* Waits until no item is queued or running, and the counters say so. */
void wqc_settle(struct kunit *test);

/* Is there an object that was deleted and that somebody still references? */
bool wqc_deletion_pends(struct kunit *test);

/* A parameter of wq_compat. */
unsigned int wqc_param(struct kunit *test, const char *name);

#endif /* WQC_LOAD_H */
