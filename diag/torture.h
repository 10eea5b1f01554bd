/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Fault injection: rare events made common.
 */
#ifndef DIAG_TORTURE_H
#define DIAG_TORTURE_H

#include "../wq_types.h"

struct module;
struct wqc_queue;
struct wqc_slot;

#define WQC_TORTURE_LATE	1
#define WQC_TORTURE_OVERLAP	2
#define WQC_TORTURE_POISON	4
#define WQC_TORTURE_REFUSE	8
#define WQC_TORTURE_ONE		16
#define WQC_TORTURE_ALL		31
#define WQC_TORTURE_HEAP	(WQC_TORTURE_POISON | WQC_TORTURE_REFUSE)

extern unsigned int wqc_torture;	/* I */
bool wqc_torture_delay(struct wqc_queue *queue);
void wqc_torture_queued(const WORK_QUEUE_ITEM *item);
void *wqc_torture_alloc(void);
void wqc_torture_free(void *entry);
bool wqc_torture_check(void);
void wqc_torture_forget_init(struct module *mod);
void wqc_torture_walk(void (*see)(struct wqc_slot *slot, void *arg), void *arg);
int wqc_torture_init(void);
void wqc_torture_exit(void);

#endif /* DIAG_TORTURE_H */
