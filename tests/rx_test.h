/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Functions for the suites of the Rx calls.
 *
 * An Rx item runs on the CPU that posted it. While a case holds that CPU with preemption off,
 * the items that it has posted there stay queued.
 */
#ifndef RX_TEST_H
#define RX_TEST_H

#include <linux/preempt.h>

#include "wqc_test.h"

/*
 * Starts the dispatcher, the timer and the log for a test, and creates a device of a
 * mini-redirector. The end of the test undoes all of it: the device is spun down and deleted,
 * and the dispatcher is torn down once for each rx_start().
 */
void rx_start(struct kunit *test);
PRDBSS_DEVICE_OBJECT rx_device_new(struct kunit *test);	/* not initialised */
PRDBSS_DEVICE_OBJECT rx_device(struct kunit *test);	/* rx_start(), and initialised */

/*
 * An item, also for a timer request, and the record of its routine. When the test ends, the
 * device is spun down before the probe is freed. The gate that a routine waits at must be made
 * after its probe, so that it opens first.
 */
struct rx_probe {
	RX_WORK_ITEM request;
	struct completion ran;
	struct wqc_gate *gate;		/* waited at by the routine, if any */
	PRDBSS_DEVICE_OBJECT device;
	atomic_t runs;
	atomic_t returned;		/* counted last in the routine */
	void *context;
	int cpu;
	WORK_QUEUE_TYPE type;
	NTSTATUS status;
};

struct rx_probe *rx_probe_new(struct kunit *test, PRDBSS_DEVICE_OBJECT device);
VOID rx_run(PVOID context);		/* the routine; the context is the probe */
NTSTATUS rx_post(struct rx_probe *probe, WORK_QUEUE_TYPE type);
bool rx_is_queued(struct rx_probe *probe);

/* The name of a class's queues in debugfs, and the number of its runners on a CPU. */
const char *rx_pool_name(WORK_QUEUE_TYPE type);
unsigned int rx_runners(struct kunit *test, WORK_QUEUE_TYPE type, int cpu);

/* The factor by which kernels in guests without hardware virtualization may be late. */
unsigned int rx_scale(void);

#define RX_REFUSED_TWICE	"item queued while it is queued"
#define RX_SELF_WAIT		"routine would wait for itself"

#define RX_UNITS_PER_MS		10000	/* of a TimeInterval */

static inline LARGE_INTEGER rx_interval(s64 units)
{
	return (LARGE_INTEGER){ .QuadPart = units };
}

#define RX_LATE			(3600LL * 1000 * RX_UNITS_PER_MS)	/* after the test */

/* Timer requests of a probe. */
static inline NTSTATUS rx_once(struct rx_probe *probe, s64 units)
{
	return RxPostOneShotTimerRequest(probe->device, &probe->request, rx_run, probe,
					 rx_interval(units));
}

static inline NTSTATUS rx_recur(struct rx_probe *probe, s64 units)
{
	return RxPostRecurrentTimerRequest(probe->device, rx_run, probe, rx_interval(units));
}

static inline NTSTATUS rx_cancel(struct rx_probe *probe)
{
	return RxCancelTimerRequest(probe->device, rx_run, probe);
}

/* ---- the log ------------------------------------------------------------- */

#define RX_LOG_KEPT	255	/* records a CPU */
#define RX_LOG_LONGEST	181	/* characters of a record */

/* The head line of debugfs rxlog. */
struct rx_log_head {
	u64 attempts, ignored, wrapped;
	char state[32];
};

void rx_log_start(struct kunit *test);		/* until the test ends */
struct rx_log_head rx_log_head(struct kunit *test);

/* The text of the newest record, which follows "cpu N: ". */
void rx_log_newest(struct kunit *test, char *newest, size_t size);

extern char rx_newest[512];

/* Logs, and expects the text of the record. */
void rx_expect_newest(struct kunit *test, const char *expected);
#define RX_EXPECT_LOG(test, expected, ...)		\
	do {						\
		_RxLog(__VA_ARGS__);			\
		rx_expect_newest(test, expected);	\
	} while (0)

#endif /* RX_TEST_H */
