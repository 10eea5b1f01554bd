/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Windows: places between two steps whose order matters, where another CPU may come in.
 *
 * They are nothing at all, except in a build with WQC_WINDOWS=1, which is for tests only
 * (tests/window.c, tests/guest/windows.sh). There a window is a delay of random length, which
 * makes interleavings common that are too rare to be met by a test.
 */
#ifndef WQ_WINDOW_H
#define WQ_WINDOW_H

#include <linux/spinlock.h>

enum wqc_window {
	WQC_W_CLAIM,		/* a claim has read the word, and not exchanged it */
	WQC_W_CLAIMED,		/* an item is claimed, and in no list */
	WQC_W_RELEASE,		/* its Flink is NULL, its word a mark */
	WQC_W_RELEASED,		/* the next owner may have it */
	WQC_W_POPPED,		/* its routine has not begun */
	WQC_W_RAN,		/* its routine has returned, and is not counted */
	/* Not for each item: these may be long. */
	WQC_W_POLL,		/* a spinner has found the queue empty, without the lock */
	WQC_W_LEFT,		/* a runner is idle, or kicked again, and still in its drain */
	WQC_W_WATCHDOG,		/* the watchdog of a spinner has expired, and has not looked */
	WQC_W_RT_FLAG,		/* the flag of a kick is set, its thread not woken */
	WQC_W_RT_STATE,		/* a thread's state is idle, it has not looked at the flag */
	WQC_W_RT_SLEEP,		/* it found no flag, and does not sleep yet */
	WQC_W_RT_CLEARED,	/* it has cleared the flag, and does not drain yet */
	WQC_W_KEEPER_FLAG,	/* the keeper's flag is set, it is not woken */
	WQC_W_KEEPER_CLEARED,	/* it has cleared the flag, and not looked for requests */
};

#ifdef WQC_WINDOWS
struct wqc_queue;

void wqc_window(enum wqc_window window);
raw_spinlock_t *wqc_window_unlock(struct wqc_queue *queue);
void wqc_window_tried(struct wqc_queue *queue);
#else
#define wqc_window(window)		do { } while (0)
#define wqc_window_unlock(queue)	(&(queue)->lock)
#define wqc_window_tried(queue)		do { } while (0)
#endif

#endif /* WQ_WINDOW_H */
