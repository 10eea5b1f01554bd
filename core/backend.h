/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The two backends that make runners: on workqueues (backend_wq.c) and on SCHED_FIFO threads
 * (backend_rt.c).
 */
#ifndef CORE_BACKEND_H
#define CORE_BACKEND_H

#include "core.h"

/* Upper bound of alloc_workqueue()'s max_active in all kernels. */
#define WQC_MAX_RUNNERS	512U

/*
 * Flags of the keeper's allocations. __GFP_NOMEMALLOC: the keeper runs with PF_MEMALLOC, and must
 * not use up the memory reserves that reclaim needs. (kthread_create() takes some bytes of them and
 * frees them at once.)
 */
#define WQC_GFP_KEEPER	(GFP_KERNEL | __GFP_NOMEMALLOC | __GFP_NOWARN)

void wqc_rt_set_priority(unsigned int priority);
void wqc_task_set_policy(struct task_struct *task, u32 policy, u32 priority);
struct wqc_runner *wqc_rt_current(void);
void wqc_rt_init(void);
struct wqc_runner *wqc_wq_current(void);
int wqc_wq_init(void);
void wqc_wq_exit(void);

#endif /* CORE_BACKEND_H */
