/* SPDX-License-Identifier: GPL-2.0 */
/* System threads: see ps_thread.c. */
#ifndef NTC_PS_THREAD_H
#define NTC_PS_THREAD_H

#include <linux/refcount.h>

#include "index.h"
#include "nt.h"

struct _KTHREAD {
	DISPATCHER_HEADER Header;	/* what one waits for */
	refcount_t refs;
	struct wqc_node node;		/* by the address that drivers know */
	struct task_struct *task;	/* referenced */
	bool over;			/* no code of the driver is run any more */
	PKSTART_ROUTINE routine;
	PVOID context;
	PVOID io_object;
	KPRIORITY priority;
	NTSTATUS status;
};

/* What a thread has until it is set; a worker has no other. */
#define WQC_NORMAL_PRIORITY	8

/* The process of all kernel threads, as on Windows. */
#define WQC_SYSTEM_PROCESS_ID	((HANDLE)4)

static inline PKTHREAD wqc_thread(struct wqc_node *node)
{
	return container_of(node, struct _KTHREAD, node);
}

PKTHREAD wqc_thread_get(PVOID object);
void wqc_thread_put(PKTHREAD thread);
bool wqc_thread_drop(const void *object);
bool wqc_thread_adopts(PVOID object);
void wqc_thread_adopt(struct task_struct *task);
PKTHREAD wqc_thread_current(void);
bool wqc_thread_is_ours(void);
bool wqc_thread_find(struct module *mod, void **routine);
void wqc_thread_exit(void);

#endif /* NTC_PS_THREAD_H */
