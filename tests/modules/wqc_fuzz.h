/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The files of wqc_fuzz: wqc_fuzz.c has the threads and the contexts, wqc_fuzz_calls.c the laws and
 * the calls, wqc_fuzz_rx.c the calls of redirectors.
 */
#ifndef WQC_FUZZ_H
#define WQC_FUZZ_H

#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/interrupt.h>
#include <linux/irq_work.h>

#include "wqc_random.h"
#include "wqc_witness.h"

#define FUZZ_SLOTS	8

/* The contexts of a call. */
enum fuzz_place {
	FUZZ_ANYWHERE,
	FUZZ_NOT_RAW,		/* takes a spinlock_t */
	FUZZ_SLEEPS,
};

enum fuzz_context {
	FUZZ_IN_PROCESS, FUZZ_IN_ROUTINE, FUZZ_IN_PREEMPT_OFF, FUZZ_IN_SOFTIRQ, FUZZ_IN_LOCK,
	FUZZ_IN_IRQS_OFF, FUZZ_IN_RAW_LOCK, FUZZ_IN_HARDIRQ, FUZZ_NR_CONTEXTS,
};

/* Counted by the calls; fuzz_names has the names in "figures". */
enum fuzz_count {
	FUZZ_STEPS,
	FUZZ_ACCEPTED,	/* or queued already, which is reported */
	FUZZ_RAN,
	FUZZ_TWICE,	/* certainly queued already, not in ACCEPTED */
	FUZZ_CANCELLED,
	FUZZ_REFUSED,	/* queue calls that must be refused */
	FUZZ_BAD_TYPE,	/* from here on: reports that must be made */
	FUZZ_BAD_ROUTINE,
	FUZZ_BAD_ITEM,
	FUZZ_BAD_OBJECT,
	FUZZ_BAD_DEVICE,
	FUZZ_SELF_WAIT,
	FUZZ_IRQS_OFF,
	FUZZ_PREEMPT,
	FUZZ_POLICY,
	FUZZ_FULL,	/* IoTryQueueWorkItem() found no thread */
	FUZZ_DOWN,	/* posts for a device that is spun down */
	FUZZ_NO_MEMORY,
	FUZZ_WRONG,	/* violations */
	FUZZ_NR_COUNTS,
};

extern atomic_long_t fuzz_counts[FUZZ_NR_COUNTS];

static inline void fuzz_count(enum fuzz_count what)
{
	atomic_long_inc(&fuzz_counts[what]);
}

/* The state of one thread, whose steps are sequential. */
struct fuzz {
	struct task_struct *task;
	struct completion done;
	u64 random;
	u32 hash;		/* of the steps: the same for the same seed */
	unsigned int who;

	/* The step. */
	u32 arg;		/* drawn for it */
	void (*call)(struct fuzz *me);
	struct completion called;
	struct irq_work irq_work;
	struct tasklet_struct tasklet;
	WORK_QUEUE_ITEM in_routine;

	/* The objects of the calls. */
	WORK_QUEUE_ITEM ex[FUZZ_SLOTS];
	PIO_WORKITEM io[FUZZ_SLOTS];
	u8 own[4 + 128];	/* storage for an I/O item, 4-byte aligned */
	bool own_ready;
	PRDBSS_DEVICE_OBJECT rx;
	bool rx_up;
	RX_WORK_QUEUE_ITEM posts[FUZZ_SLOTS];
	RX_WORK_ITEM timers[FUZZ_SLOTS];
	atomic_t pending[FUZZ_SLOTS];	/* timers that were accepted, and have not run */
};

/* A number from the random bits of the step. */
static inline u32 fuzz_draw(struct fuzz *me, u32 below)
{
	u32 drawn = me->arg % below;

	me->arg /= below;
	return drawn;
}

struct fuzz_call {
	void (*call)(struct fuzz *me);
	enum fuzz_place place;
};

/* wqc_fuzz_rx.c */
void fuzz_post(struct fuzz *me);
void fuzz_dispatch(struct fuzz *me);
void fuzz_bad_post(struct fuzz *me);
void fuzz_spin_down(struct fuzz *me);
void fuzz_initialize(struct fuzz *me);
void fuzz_self_wait(struct fuzz *me);
void fuzz_timer(struct fuzz *me);
void fuzz_cancel(struct fuzz *me);
void fuzz_recurrent(struct fuzz *me);
void fuzz_log(struct fuzz *me);

/* wqc_fuzz_calls.c */
extern const struct fuzz_call fuzz_calls[];
extern const unsigned int fuzz_nr_calls;
bool fuzz_thread_begin(struct fuzz *me);
void fuzz_thread_end(struct fuzz *me);
VOID fuzz_ran(PVOID Parameter);

/* wqc_fuzz.c */
extern PDRIVER_OBJECT fuzz_driver;
void fuzz_wrong(const char *what, long value);

#endif /* WQC_FUZZ_H */
