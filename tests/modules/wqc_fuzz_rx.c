// SPDX-License-Identifier: GPL-2.0
/*
 * The calls of mini-redirectors. Each thread has a device of its own, so it knows whether the
 * device is up, and the status that a call has to return.
 */
#include <linux/kernel.h>

#include "wqc_fuzz.h"

static void fuzz_expect(NTSTATUS status, NTSTATUS expected)
{
	if (status != expected)
		fuzz_wrong("a status", (u32)status);
}

void fuzz_post(struct fuzz *me)
{
	PRX_WORK_QUEUE_ITEM item = &me->posts[fuzz_draw(me, FUZZ_SLOTS)];
	NTSTATUS status = RxPostToWorkerThread(me->rx, fuzz_draw(me, 3), item, fuzz_ran, me);

	if (!me->rx_up) {
		fuzz_expect(status, STATUS_INSUFFICIENT_RESOURCES);
		fuzz_count(FUZZ_DOWN);
		fuzz_count(FUZZ_REFUSED);
	} else if (status == STATUS_INVALID_PARAMETER) {
		fuzz_count(FUZZ_TWICE);
		fuzz_count(FUZZ_REFUSED);
	} else {
		fuzz_expect(status, STATUS_SUCCESS);
		fuzz_count(FUZZ_ACCEPTED);
	}
}

void fuzz_dispatch(struct fuzz *me)
{
	NTSTATUS status = RxDispatchToWorkerThread(me->rx, fuzz_draw(me, 3), fuzz_ran, me);

	if (status == STATUS_SUCCESS) {
		fuzz_count(FUZZ_ACCEPTED);
		return;
	}
	fuzz_expect(status, STATUS_INSUFFICIENT_RESOURCES);
	fuzz_count(me->rx_up ? FUZZ_NO_MEMORY : FUZZ_DOWN);
	fuzz_count(FUZZ_REFUSED);
}

void fuzz_bad_post(struct fuzz *me)
{
	static RDBSS_DEVICE_OBJECT never;
	static RX_WORK_QUEUE_ITEM item;
	NTSTATUS status = STATUS_INVALID_PARAMETER;

	fuzz_count(FUZZ_REFUSED);
	switch (fuzz_draw(me, 6)) {
	case 0:
		fuzz_expect(RxPostToWorkerThread(NULL, 0, &item, fuzz_ran, me), status);
		break;
	case 1:
		fuzz_expect(RxPostToWorkerThread(me->rx, 0, NULL, fuzz_ran, me), status);
		break;
	case 2:
		fuzz_expect(RxPostToWorkerThread(me->rx, 0, &item, NULL, me), status);
		break;
	case 3:
		fuzz_expect(RxDispatchToWorkerThread(me->rx, 3 + fuzz_draw(me, 100), fuzz_ran, me),
			    status);
		break;
	case 4:
		fuzz_expect(RxDispatchToWorkerThread(me->rx, 0, (void *)0x1000, me), status);
		break;
	default:
		fuzz_expect(RxDispatchToWorkerThread(&never, 0, fuzz_ran, me),
			    STATUS_DEVICE_NOT_READY);
	}
}

/* The spin-down has cancelled pending requests. */
static void fuzz_timers_gone(struct fuzz *me)
{
	int i, pending;

	for (i = 0; i < FUZZ_SLOTS; i++) {
		pending = atomic_xchg(&me->pending[i], 0);
		if (pending)
			atomic_long_add(pending, &fuzz_counts[FUZZ_CANCELLED]);
	}
}

/* The spin-down has waited for every routine, and has cancelled the pending timers. */
void fuzz_spin_down(struct fuzz *me)
{
	fuzz_expect(RxSpinDownMRxDispatcher(me->rx), STATUS_SUCCESS);
	me->rx_up = false;
	fuzz_timers_gone(me);
}

void fuzz_initialize(struct fuzz *me)
{
	fuzz_expect(RxInitializeMRxDispatcher(me->rx), STATUS_SUCCESS);
	me->rx_up = true;
}

static VOID fuzz_waits_for_itself(PVOID context)
{
	struct fuzz *me = context;

	fuzz_count(FUZZ_SELF_WAIT);
	fuzz_expect(RxSpinDownMRxDispatcher(me->rx), STATUS_UNSUCCESSFUL);
	fuzz_count(FUZZ_RAN);
}

void fuzz_self_wait(struct fuzz *me)
{
	if (!me->rx_up)
		fuzz_initialize(me);
	if (!RxDispatchToWorkerThread(me->rx, fuzz_draw(me, 3), fuzz_waits_for_itself, me)) {
		fuzz_count(FUZZ_ACCEPTED);
		return;
	}
	fuzz_count(FUZZ_NO_MEMORY);
	fuzz_count(FUZZ_REFUSED);
}

/* ---- timers and the log --------------------------------------------------- */

static VOID fuzz_fires(PVOID context)
{
	atomic_dec((atomic_t *)context);
	fuzz_count(FUZZ_RAN);
}

static VOID fuzz_recurs(PVOID context)
{
}

void fuzz_timer(struct fuzz *me)
{
	unsigned int i = fuzz_draw(me, FUZZ_SLOTS);
	LARGE_INTEGER due = { .QuadPart = (s64)fuzz_draw(me, 400) * 100 - 10000 };
	NTSTATUS status;

	atomic_inc(&me->pending[i]);
	status = RxPostOneShotTimerRequest(me->rx, &me->timers[i], fuzz_fires, &me->pending[i],
					   due);
	if (status == STATUS_SUCCESS) {
		fuzz_count(FUZZ_ACCEPTED);
		return;
	}
	atomic_dec(&me->pending[i]);
	if (me->rx_up) {
		fuzz_expect(status, STATUS_INVALID_PARAMETER);
		fuzz_count(FUZZ_TWICE);
	} else {
		fuzz_expect(status, STATUS_INSUFFICIENT_RESOURCES);
		fuzz_count(FUZZ_DOWN);
	}
}

void fuzz_cancel(struct fuzz *me)
{
	unsigned int i = fuzz_draw(me, FUZZ_SLOTS);
	NTSTATUS status = RxCancelTimerRequest(me->rx, fuzz_fires, &me->pending[i]);

	if (status == STATUS_SUCCESS) {
		atomic_dec(&me->pending[i]);
		fuzz_count(FUZZ_CANCELLED);
	} else {
		fuzz_expect(status, STATUS_NOT_FOUND);
	}
}

void fuzz_recurrent(struct fuzz *me)
{
	LARGE_INTEGER often = { .QuadPart = 10000 + fuzz_draw(me, 1000) };

	if (fuzz_draw(me, 2))
		RxPostRecurrentTimerRequest(me->rx, fuzz_recurs, me, often);
	else
		while (RxCancelTimerRequest(me->rx, fuzz_recurs, me) == STATUS_SUCCESS)
			;
}

void fuzz_log(struct fuzz *me)
{
	static const char *const formats[] = {
		"%lx %wZ", "%n", "%", "%d %d %d", "%S%S%N", "%9999d", "%q %s", "%lZ%",
	};

	/* Arguments that fit each of the formats. */
	_RxLog(formats[fuzz_draw(me, ARRAY_SIZE(formats))], 0L, NULL, NULL, NULL);
}
