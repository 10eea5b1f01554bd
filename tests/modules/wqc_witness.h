/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Stays loaded while the modules under test are loaded and unloaded: counts the items that they
 * queue and that run, and holds runners at a gate. All parameters can be written at run time:
 *
 *   block, fill  "COUNT CPU CLASS": queues COUNT items that wait at the gate, or that do
 *                nothing; CPU and CLASS (a WORK_QUEUE_TYPE) may be -1: all of them;
 *                CPU may be -2: the CPU and the thread of the writer
 *   gate         1 opens, 0 closes
 *   release      the number of routines to let through
 *   accepted, ran, taken, inside   counters; inside: routines that wait at the gate
 */
#ifndef WQC_WITNESS_H
#define WQC_WITNESS_H

#include <wq_compat.h>

#define WQC_NR_CLASSES	3	/* Critical, Delayed, HyperCritical: 0, 1, 2 */

/* Any context. wqc_witness_accepted(): right before the queue call. */
void wqc_witness_accepted(void);
void wqc_witness_ran(void);
void wqc_witness_taken(void);

/* Calls @fn in a thread of @cpu, or in the caller's thread if @cpu is negative. Sleeps. */
void wqc_witness_call_on(int cpu, void (*fn)(void *arg), void *arg);

/* A device, and a routine that sleeps *(int *)Context ms, of another module. */
PDEVICE_OBJECT wqc_witness_device(void);
IO_WORKITEM_ROUTINE_EX wqc_witness_routine;

/* Storage for an item of any kind, and behind it for a context. */
union wqc_witness_item {
	struct {
		union {
			WORK_QUEUE_ITEM ex;
			RX_WORK_QUEUE_ITEM post;
			RX_WORK_ITEM timer;
			u64 io[20];
		};
		int sleep_ms;
	};
};

/*
 * The single item of the witness, whose context is @sleep_ms, and its routines. They sleep for
 * the int at Context before they count, and as long again afterwards.
 */
union wqc_witness_item *wqc_witness_item(int sleep_ms);
WORKER_THREAD_ROUTINE wqc_witness_touch;
IO_WORKITEM_ROUTINE wqc_witness_touch_io;

/* The mini-redirector of the witness, created by the first call. Sleeps. */
PRDBSS_DEVICE_OBJECT wqc_witness_rx(void);

/* Keeps an item, which the witness frees when it is unloaded. */
void wqc_witness_keep(PIO_WORKITEM item);

#endif /* WQC_WITNESS_H */
