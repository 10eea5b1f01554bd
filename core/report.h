/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The interface between wq_compat and nt-compat: reports of misuse, and hooks for the unload of a
 * driver.
 */
#ifndef WQ_REPORT_H
#define WQ_REPORT_H

#include <linux/compiler_attributes.h>
#include <linux/types.h>

struct module;
struct task_struct;

/* Order of debugfs "reports"; texts and bug checks are in diag/verifier.c. */
enum wqc_report_id {
	WQC_R_QUEUED_TWICE,
	WQC_R_FREED_QUEUED,
	WQC_R_INIT_QUEUED,
	WQC_R_BAD_OBJECT,
	WQC_R_BAD_TYPE,
	WQC_R_BAD_ROUTINE,
	WQC_R_BAD_ITEM,
	WQC_R_BAD_ENTRY,
	WQC_R_IRQS_OFF,
	WQC_R_PREEMPT,
	WQC_R_BH,
	WQC_R_RCU,
	WQC_R_LOCKS,
	WQC_R_CREDS,
	WQC_R_POLICY,
	WQC_R_AFFINITY,
	WQC_R_THREAD_STATE,
	WQC_R_THREAD_ENDED,
	WQC_R_DEVICE_LEAKED,
	WQC_R_BAD_DEVICE,
	WQC_R_SELF_WAIT,
	WQC_R_TOUCHED,
	WQC_R_ITEM_LEAKED,
	WQC_R_BAD_WAIT,
	WQC_R_BAD_SEMAPHORE,
	WQC_R_NOT_OWNED,
	WQC_R_MUTEX_ROUTINE,
	WQC_R_MUTEX_THREAD,
	WQC_R_MUTEX_FREED,
	WQC_R_WAIT_FREED,
	WQC_R_BAD_RUNDOWN,
	WQC_R_RESOURCE_INIT,
	WQC_R_BAD_RESOURCE,
	WQC_R_RESOURCE_HELD,
	WQC_R_RESOURCE_FREED,
	WQC_R_RESOURCE_NOT_OWNED,
	WQC_R_RESOURCE_DEADLOCK,
	WQC_R_BAD_MDL,
	WQC_R_BAD_POOL,
	WQC_R_BAD_TAG,
	WQC_R_POOL_LEAKED,
	WQC_R_TIMER_LEFT,
	WQC_R_MEMORY_FREED,
	WQC_R_TIMER_FREED,
	WQC_R_DPC_FREED,
	WQC_R_TIMER_INIT,
	WQC_R_DPC_INIT,
	WQC_R_BAD_TIMER,
	WQC_R_SLEEP_IN_DPC,
	WQC_R_SLEEP_RAISED,
	WQC_R_REGION_LEFT,
	WQC_R_REGION_ROUTINE,
	WQC_R_REGION_THREAD,
	WQC_R_TOP_LEVEL,
	WQC_R_APC_LEVEL,
	WQC_R_THREAD_RAISED,
	WQC_R_ASSERTION,
	WQC_R_BREAK_POINT,
	WQC_R_IRP_TWICE,
	WQC_R_IRP_NO_LOCATION,
	WQC_R_IRP_BAD_DEVICE,
	WQC_R_IRP_STATUS,
	WQC_R_IRP_LENGTH,
	WQC_R_IRP_CANCELABLE,
	WQC_R_IRP_CANCEL_DOWN,
	WQC_R_IRP_NOT_MARKED,
	WQC_R_IRP_MARKED,
	WQC_R_IRP_NO_MAKER,
	WQC_R_IRP_BAD_FREE,
	WQC_R_IRP_BUILT_FREE,
	WQC_R_IRP_FREED,
	WQC_R_IRP_MEMORY,
	WQC_R_IRP_IN_USE,
	WQC_R_IRP_LEAKED,
	WQC_R_NO_START_IO,
	WQC_R_BAD_DEVICE_QUEUE,
	WQC_R_ATTACHED,
	WQC_R_NOT_ATTACHED,
	WQC_R_FILE_LEAKED,
	WQC_R_KEY_LEAKED,
	WQC_R_REMOVE_LOCK,
	WQC_R_ABSENT,
	WQC_R_RAISED,
	WQC_NR_REPORTS,
};

__printf(2, 3) void wqc_report(enum wqc_report_id id, const char *fmt, ...);
void wqc_report_again(enum wqc_report_id id);

bool wqc_may_sleep(const char *call, void *caller);

/* The object that an unload waits for, for a message: "waits for the thread of ROUTINE". */
struct wqc_left {
	const char *what;
	void *routine;
};

void wqc_set_look(bool (*look)(struct module *mod, struct wqc_left *left));

/* Whether an address lies in memory that is freed with a module, or with its __init part. */
bool wqc_in_module(const void *address, const struct module *mod);
bool wqc_in_module_init(const void *address, const struct module *mod);

/* Called when a driver's memory is freed; the hook is called when a device's memory is. */
void wqc_memory_freed(void *p, size_t size, void *caller);
typedef void (*wqc_freed_fn)(void *p, size_t size, void *caller);
wqc_freed_fn wqc_set_freed(wqc_freed_fn freed);

/* Called with the RegistryPath of a driver before its DriverEntry; false: no memory. */
struct _UNICODE_STRING;
typedef bool (*wqc_enter_fn)(const struct _UNICODE_STRING *path);
void wqc_set_enter(wqc_enter_fn enter);

/* The driver's routine that a routine of nt-compat calls, for reports and unload. */
void wqc_run_as(void *routine, void *parameter, void *item);

/* Devices, for nt/io_*.c. Any pointer may be passed; it is looked up before it is dereferenced. */
struct _DEVICE_OBJECT;
bool wqc_device_get(struct _DEVICE_OBJECT *device);
bool wqc_device_is_deleted(struct _DEVICE_OBJECT *device);
struct module *wqc_device_owner(struct _DEVICE_OBJECT *device);
struct _DEVICE_OBJECT *wqc_device_get_by_name(const struct _UNICODE_STRING *name);

/* The hook that is called after each routine, and the conditions for it. */
void wqc_set_after(void (*after)(struct task_struct *task, void *routine));
void wqc_watch_mutexes(bool on);
void wqc_watch_regions(bool on);

#endif /* WQ_REPORT_H */
