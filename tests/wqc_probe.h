/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Items that record how they ran, and a way to keep items on their queue while a case looks at
 * them.
 */
#ifndef WQC_PROBE_H
#define WQC_PROBE_H

#include <linux/sched.h>

#include "wqc_test.h"

/* Filled in by a routine, checked by the test's task. */
struct wqc_seen {
	char comm[TASK_COMM_LEN];
	const void *task;		/* to compare; not to be dereferenced */
	pid_t pid;
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

/* The name of the class that the thread belongs to, as in wqc_class_params[], or "none". */
const char *wqc_seen_class(const struct wqc_seen *seen);

/* Every routine runs in process context, preemptible and with interrupts on. */
void wqc_expect_process_context(struct kunit *test, const struct wqc_seen *seen);

/*
 * An item, and the record of the last run of one of the routines below. A case's own routine uses
 * the members that it needs.
 */
struct wqc_probe {
	WORK_QUEUE_ITEM item;		/* for Ex* calls */
	PIO_WORKITEM io;		/* for Io* calls; set by the case */
	WORK_QUEUE_TYPE type;		/* of the case's parameter, else DelayedWorkQueue */
	struct wqc_gate *gate;		/* waited at, if any */
	struct completion ran;		/* completed once a run, as its last act */
	struct completion second;	/* for a run that waits for another run */
	atomic_t runs;
	unsigned int rounds;		/* runs that a case wants */
	unsigned int wrong;
	bool ok;
	PVOID object, context;		/* as the routine got them */
	PIO_WORKITEM got_io;
	struct wqc_seen seen;
};

/* The memory of a probe is freed when the test ends. */
struct wqc_probe *wqc_probe_new(struct kunit *test);
struct wqc_probe *wqc_probes_new(struct kunit *test, unsigned int n);

/* Routines; the context is the probe. */
WORKER_THREAD_ROUTINE wqc_probe_ex;
IO_WORKITEM_ROUTINE wqc_probe_io;
IO_WORKITEM_ROUTINE_EX wqc_probe_io_ex;

/* A DriverEntry with a DriverUnload that does nothing. */
DRIVER_INITIALIZE wqc_probe_entry;

/* ExInitializeWorkItem() and ExQueueWorkItem() for wqc_probe_ex(). */
void wqc_probe_queue(struct wqc_probe *probe, WORK_QUEUE_TYPE type);

/* A device of @driver with an extension of @extension bytes. The case deletes it. */
PDEVICE_OBJECT wqc_device_new(struct kunit *test, PDRIVER_OBJECT driver, ULONG extension);

/* An allocated item of @object. The case frees it. */
PIO_WORKITEM wqc_io_item(struct kunit *test, PVOID object);

/* An allocated item of @object, freed when the test ends. */
PIO_WORKITEM wqc_io_kept(struct kunit *test, PVOID object);

/* True if @n probes ran, once each. */
bool wqc_ran_once(struct wqc_probe *probes, unsigned int n);

/*
 * From wqc_hold() to wqc_release(), no item of that class that the caller queues starts. The
 * caller stays on its CPU with preemption off and must not sleep, so that the CPU's HyperCritical
 * threads cannot run. For the other classes, items in front, more than the class has runners, wait
 * at a gate: executive items, and with wqc_hold_with() items of that object, whose driver has
 * turns of its own.
 */
void wqc_hold(struct kunit *test, WORK_QUEUE_TYPE type);
void wqc_hold_with(struct kunit *test, WORK_QUEUE_TYPE type, PVOID object);
void wqc_release(struct kunit *test);

/*
 * Runs @fn(@arg) in @n threads. The test does not end before all of them have returned;
 * wqc_threads_join() waits earlier.
 */
struct wqc_threads;
struct wqc_threads *wqc_threads_start(struct kunit *test, int n, void (*fn)(void *arg), void *arg);
bool wqc_threads_done(struct wqc_threads *threads);	/* does not wait */
void wqc_threads_join(struct wqc_threads *threads);

/* Binds the test's thread to its current CPU, which is returned. */
int wqc_stay_here(struct kunit *test);

/* Waits until no item is queued or runs, in any class; wqc_settle() asserts it. */
bool wqc_settled(struct kunit *test);
void wqc_settle(struct kunit *test);

/* Lines of the kernel's log that hold both texts. */
unsigned int wqc_log_lines(struct kunit *test, const char *one, const char *other);

/*
 * Lines of debugfs "objects" that hold both words: ("device", "delete pending").
 * wqc_objects_calm() waits until no object of an earlier case is left with its deletion
 * pending.
 */
unsigned int wqc_objects(struct kunit *test, const char *type, const char *state);
void wqc_objects_calm(struct kunit *test);

/* Writes a file of sysfs or debugfs; 0 or an error. */
int wqc_write_file(const char *path, const char *value);

#endif /* WQC_PROBE_H */
