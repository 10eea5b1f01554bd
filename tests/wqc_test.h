/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Functions for all suites. A routine records, the test's task asserts. A case holds a state with a
 * gate, not with a sleep, and waits at most WQC_TIMEOUT for an event.
 */
#ifndef WQC_TEST_H
#define WQC_TEST_H

#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/processor.h>

#include "../wq_compat.h"

/*
 * Time limit for an event that must happen, on the slowest of the kernels. Set by make
 * (WQC_TIMEOUT=5), not by a parameter: 6.1 runs the suites before it has read a module's
 * parameters.
 */
#ifndef WQC_TIMEOUT_SECONDS
#define WQC_TIMEOUT_SECONDS	60
#endif
#define WQC_TIMEOUT	(WQC_TIMEOUT_SECONDS * HZ)

/* Time that a case gives an event that must not happen. */
#define WQC_GRACE_MS	50

/* Busy-waits by the clock: in a guest, the calibration of mdelay() is coarse. Context: any. */
static inline void wqc_spin_ms(unsigned int ms)
{
	u64 end = ktime_get_ns() + ms * NSEC_PER_MSEC;

	while (ktime_get_ns() < end)
		cpu_relax();
}

/*
 * Busy-waits until the hrtimers of this CPU that are due within @ms have expired, which may be
 * later on a busy host. One call at a time. Context: preemption off, interrupts on.
 */
void wqc_spin_past_timers(unsigned int ms);

/* The classes, for cases with a class as parameter. */
struct wqc_class_param {
	const char *name;
	const char *pool;	/* as in debugfs */
	WORK_QUEUE_TYPE type;
};

/* A generator of parameters: newer kernels pass the test, too. */
#ifdef WQC_HAVE_TEST_OF_PARAMS
#define WQC_GEN_PARAMS(name)	const void *(name)(struct kunit *test, const void *prev, char *desc)
#else
#define WQC_GEN_PARAMS(name)	const void *(name)(const void *prev, char *desc)
#endif

extern const struct wqc_class_param wqc_class_params[3];
WQC_GEN_PARAMS(wqc_class_gen_params);

/* Rounds of a case: @full on fast kernels, fewer on slow ones, @least or more. */
unsigned int wqc_rounds(unsigned int full, unsigned int least);

/*
 * A gate, at which routines wait. The test opens it, or otherwise the end of the test, so that a
 * failed assertion leaves no routine waiting.
 */
struct wqc_gate {
	struct completion open;
	struct completion arrived;	/* completed by each routine */
	atomic_t inside;
	atomic_t peak;
};

struct wqc_gate *wqc_gate_new(struct kunit *test);
void wqc_gate_wait(struct wqc_gate *gate);		/* for routines */
void wqc_gate_open(struct wqc_gate *gate);
bool wqc_gate_arrivals(struct wqc_gate *gate, unsigned int n);	/* waits for @n routines */

/* Waits for a completion; false if WQC_TIMEOUT passes. */
bool wqc_done(struct completion *done);
bool wqc_done_times(struct completion *done, unsigned int n);

/* Waits until @cond; false if WQC_TIMEOUT passes. */
#define wqc_eventually(cond)						\
	({								\
		unsigned long end_ = jiffies + WQC_TIMEOUT;		\
		bool met_;						\
									\
		while (!(met_ = (cond)) && time_before(jiffies, end_))	\
			schedule_timeout_uninterruptible(1);		\
		met_;							\
	})

/*
 * A driver and its device, unloaded when the test ends. The unload waits until every routine of
 * this module has returned.
 */
PDRIVER_OBJECT wqc_test_driver(struct kunit *test);
PDEVICE_OBJECT wqc_test_device(struct kunit *test);

/* ---- debugfs ------------------------------------------------------------ */

/* The counter of a report, by its text: "item queued while it is queued". */
u64 wqc_reports(struct kunit *test, const char *text);

/* Sum over CPUs of a column of a class: ("Delayed", "queued"). */
u64 wqc_counter(struct kunit *test, const char *pool, const char *column);

/* The same in @queues, the text of that file, for the caller that needs more than one column. */
u64 wqc_column(struct kunit *test, const char *queues, const char *pool, const char *column);

/* A whole file of debugfs wq_compat/, valid until the test ends. */
char *wqc_debugfs_text(struct kunit *test, const char *name);

/* ---- contexts ------------------------------------------------------------ */

enum wqc_context {
	WQC_IN_PROCESS,
	WQC_IN_SOFTIRQ,
	WQC_IN_HARDIRQ,		/* hrtimer in hard interrupt mode */
	WQC_IN_IRQ_WORK,
	WQC_IRQS_OFF,
	WQC_PREEMPT_OFF,
	WQC_UNDER_RAW_LOCK,
	WQC_UNDER_SPIN_LOCK,
	WQC_NR_CONTEXTS,
};

extern const char *const wqc_context_names[WQC_NR_CONTEXTS];
WQC_GEN_PARAMS(wqc_context_gen_params);	/* enum wqc_context * */

/*
 * Calls @fn(@arg) once in @context, returns after the call, and asserts that the context was
 * the named one.
 */
void wqc_call_in(struct kunit *test, enum wqc_context context, void (*fn)(void *arg), void *arg);

/* Runs @fn(@arg, cpu) on every online CPU at the same time, in a thread bound to each. */
void wqc_on_all_cpus(struct kunit *test, void (*fn)(void *arg, int cpu), void *arg);

/* Runs @fn(@arg) in a thread bound to @cpu, and waits for it. */
void wqc_on_cpu(struct kunit *test, int cpu, void (*fn)(void *arg), void *arg);

/* As filp_open(), from the root directory of process 1. */
struct file *wqc_open(const char *path, int flags);

/* Calls @fn(@arg) when the test ends, also after a failed assertion. */
void wqc_at_exit(struct kunit *test, void (*fn)(void *arg), void *arg);

#endif /* WQC_TEST_H */
