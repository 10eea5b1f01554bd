/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A contender is one way to defer a call: a queue call of wq_compat, or a thin use of the kernel's
 * own interfaces. Each has an array of items that are queued by their number.
 */
#ifndef BENCH_CONTENDER_H
#define BENCH_CONTENDER_H

#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/types.h>

#define BENCH_BURST	10000
#define BENCH_POSTERS	4
#define BENCH_POSTERS_ITEMS	(BENCH_POSTERS * BENCH_BURST)
#define BENCH_LATENCY_ITEMS	60000

/* The routine of an item, called with the item's number. */
typedef void (*bench_body_t)(unsigned int i);

extern atomic_t bench_left;
extern struct completion bench_done;

/* Counts a run; the last run of a burst completes @bench_done. */
static __always_inline void bench_count(void)
{
	if (atomic_dec_and_test(&bench_left))
		complete(&bench_done);
}

struct bench_contender {
	const char *name;
	void (*queue)(unsigned int from, unsigned int to);	/* a range of items */
};

enum bench_id {
	IO_DELAYED, IO_CRITICAL, IO_HYPER,
	RX_DELAYED, RX_CRITICAL, RX_HYPER, RX_DISPATCH,
	IO_ALLOCATED,
	RAW_UNBOUND, RAW_UNBOUND_HIGHPRI, RAW_HIGHPRI, RAW_KTHREAD, RAW_ALLOCATED, RAW_ORDERED,
	BENCH_CONTENDERS,
};

extern const struct bench_contender bench_contenders[BENCH_CONTENDERS];

/* Sets the routine of the items of all contenders; NULL: bench_count(). No item may be queued. */
void bench_set_body(bench_body_t body);

int bench_contenders_init(unsigned int nr);
void bench_contenders_exit(void);

#endif /* BENCH_CONTENDER_H */
