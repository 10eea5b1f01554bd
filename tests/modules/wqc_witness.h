/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What stays loaded while others come and go: it counts what they queued and
 * what ran, and holds runners at a gate. All parameters can be written later:
 *
 *   block, fill  "COUNT CPU CLASS": so many items that wait at the gate, or do
 *                nothing; CPU and CLASS (a WORK_QUEUE_TYPE) may be -1, all;
 *                CPU may be -2, where the writer is, in its own thread
 *   gate         1 opens, 0 closes
 *   release      lets so many through
 *   accepted, ran, taken, inside   counters: inside is who waits at the gate
 */
#ifndef WQC_WITNESS_H
#define WQC_WITNESS_H

#include <wq_compat.h>

#define WQC_NR_CLASSES	3	/* Critical, Delayed, HyperCritical: 0, 1, 2 */

/* Any context. accepted: right before the queue call. */
void wqc_witness_accepted(void);
void wqc_witness_ran(void);
void wqc_witness_taken(void);

/* Calls @fn in a thread of @cpu; here if @cpu is negative. Sleeps. */
void wqc_witness_call_on(int cpu, void (*fn)(void *arg), void *arg);

/* A device, and a routine that sleeps *(int *)Context ms, of another module. */
PDEVICE_OBJECT wqc_witness_device(void);
IO_WORKITEM_ROUTINE_EX wqc_witness_routine;

/* Room for an item of any kind; or, behind it, for a context. */
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
 * The witness's one item, whose context says @sleep_ms, and its routines: they sleep as the
 * int at Context says, before they count and, as long again, afterwards.
 */
union wqc_witness_item *wqc_witness_item(int sleep_ms);
WORKER_THREAD_ROUTINE wqc_witness_touch;
IO_WORKITEM_ROUTINE wqc_witness_touch_io;

/* Its mini-redirector, from the first call on. Sleeps. */
PRDBSS_DEVICE_OBJECT wqc_witness_rx(void);

/* Takes an item, which it frees when it is unloaded itself. */
void wqc_witness_keep(PIO_WORKITEM item);

#endif /* WQC_WITNESS_H */
