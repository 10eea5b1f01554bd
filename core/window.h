/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Race windows: places between two steps whose order matters to other CPUs.
 *
 * Without code, except in a build with WQC_WINDOWS=1, which is for tests (tests/window.c,
 * tests/guest/windows.sh). There each is a delay of random length: fault injection that makes rare
 * interleavings common.
 */
#ifndef WQ_WINDOW_H
#define WQ_WINDOW_H

#include <linux/spinlock.h>

enum wqc_window {
	WQC_W_CLAIM,		/* a claim has read the word, and has not exchanged it */
	WQC_W_CLAIMED,		/* an item is claimed, and on no lane */
	WQC_W_RELEASE,		/* its Flink is NULL, its word is still a mark */
	WQC_W_RELEASED,		/* its mark is released: it may be claimed again */
	WQC_W_POPPED,		/* its routine was not called yet */
	WQC_W_RAN,		/* its routine has returned, and the run is not counted */
	/* Not for each item: these may be long. */
	WQC_W_POLL,		/* a spinner has found the queue empty, without the lock */
	WQC_W_LEFT,		/* a runner is idle, or kicked again, and still in its drain */
	WQC_W_WATCHDOG,		/* the watchdog has expired, and has not checked progress */
	WQC_W_RT_FLAG,		/* the flag of a kick is set, its thread was not woken yet */
	WQC_W_RT_STATE,		/* a thread's state is TASK_IDLE, it has not read the flag */
	WQC_W_RT_SLEEP,		/* the thread has found no flag, and does not sleep yet */
	WQC_W_RT_CLEARED,	/* the thread has cleared the flag, and does not drain yet */
	WQC_W_KEEPER_FLAG,	/* the keeper's flag is set, it was not woken yet */
	WQC_W_KEEPER_CLEARED,	/* the keeper has cleared the flag, and taken no requests yet */
};

#ifdef WQC_WINDOWS
struct wqc_queue;

extern unsigned long wqc_window_spin_ns;	/* replaces WQC_SPIN_NS, if it is not 0 */
#define WQC_WINDOW_SPIN_NS(ns)		(READ_ONCE(wqc_window_spin_ns) ?: (ns))
void wqc_window(enum wqc_window window);
raw_spinlock_t *wqc_window_unlock(struct wqc_queue *queue);
void wqc_window_tried(struct wqc_queue *queue);
#else
#define WQC_WINDOW_SPIN_NS(ns)		(ns)
#define wqc_window(window)		do { } while (0)
#define wqc_window_unlock(queue)	(&(queue)->lock)
#define wqc_window_tried(queue)		do { } while (0)
#endif

#endif /* WQ_WINDOW_H */
