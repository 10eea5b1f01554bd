/* SPDX-License-Identifier: GPL-2.0 */
/* System threads: see ps_thread.c. */
#ifndef NTC_PS_THREAD_H
#define NTC_PS_THREAD_H

#include <linux/refcount.h>

#include "index.h"
#include "nt.h"

/* I: set at creation. H: protected by the lock of the header. X: protected by the index. */
struct _KTHREAD {
	DISPATCHER_HEADER Header;	/* H: signalled when the thread ends */
	refcount_t refs;
	struct ntc_node node;		/* X: indexed by the address that drivers know */
	struct task_struct *task;	/* I: referenced */
	bool over;			/* set once: runs no code of the driver any more */
	PKSTART_ROUTINE routine;	/* I */
	PVOID context;			/* I */
	PVOID io_object;		/* I: referenced; or NULL */
	KPRIORITY priority;		/* atomic */
	NTSTATUS status;		/* written by the thread when it ends */
};

/* Priority of a new thread, and of every thread that PsCreateSystemThread() did not create. */
#define NTC_NORMAL_PRIORITY	8

/* Identifier of the process of all kernel threads, as on Windows. */
#define NTC_SYSTEM_PROCESS_ID	((HANDLE)4)

static inline PKTHREAD ntc_thread_from_node(struct ntc_node *node)
{
	return container_of(node, struct _KTHREAD, node);
}

PKTHREAD ntc_thread_get(PVOID object);
void ntc_thread_put(PKTHREAD thread);
bool ntc_thread_put_address(const void *object);
bool ntc_thread_can_adopt(PVOID object);
void ntc_thread_adopt(struct task_struct *task);
PKTHREAD ntc_thread_current(void);
bool ntc_thread_is_system(void);
bool ntc_thread_find_in_module(struct module *mod, void **routine);
void ntc_thread_exit(void);

#endif /* NTC_PS_THREAD_H */
