/* SPDX-License-Identifier: GPL-2.0 */
/* What the suites of nt-compat share. */
#ifndef NT_TEST_H
#define NT_TEST_H

#include "wqc_test.h"
#include "../include/ntifs.h"
#include "../include/ntstrsafe.h"

#define NT_MS(ms)	((LARGE_INTEGER){ .QuadPart = -10000LL * (ms) })

/* A thread that waits, in a state that the test can see: it is on an object's list. */
struct nt_waiter {
	PVOID objects[MAXIMUM_WAIT_OBJECTS];
	KWAIT_BLOCK blocks[MAXIMUM_WAIT_OBJECTS];
	ULONG count;
	WAIT_TYPE type;
	NTSTATUS status;
	struct completion done;
};

/* Begins to wait, and returns when it does; ends with the test at the latest. */
struct nt_waiter *nt_waiter_new(struct kunit *test, WAIT_TYPE type, ULONG count, ...);
bool nt_waiter_done(struct nt_waiter *waiter);

#define nt_waits_for(test, object)	nt_waiter_new(test, WaitAny, 1, object)

/* Who waits for an object now. */
unsigned int nt_waiters(PVOID object);

/* A wait that may not block, and one that must end. */
NTSTATUS nt_poll(PVOID object);
NTSTATUS nt_wait(PVOID object);

#endif /* NT_TEST_H */
