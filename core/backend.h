/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where runners come from: workqueues (backend_wq.c) or SCHED_FIFO threads (backend_rt.c).
 */
#ifndef CORE_BACKEND_H
#define CORE_BACKEND_H

#include "core.h"

/* No kernel grants a workqueue more runners at a time. */
#define WQC_MAX_RUNNERS	512U

/*
 * What the keeper allocates; the kernel's last reserves are for reclaim itself, but for the
 * few bytes of kthread_create(), which are freed at once.
 */
#define WQC_GFP_KEEPER	(GFP_KERNEL | __GFP_NOMEMALLOC | __GFP_NOWARN)

void wqc_rt_set_priority(unsigned int priority);
void wqc_task_set_policy(struct task_struct *task, u32 policy, u32 priority);
void wqc_rt_init(void);
int wqc_wq_init(void);
void wqc_wq_exit(void);

#endif /* CORE_BACKEND_H */
