/* SPDX-License-Identifier: GPL-2.0 */
/* Functions for the suites of nt-compat. */
#ifndef NT_TEST_H
#define NT_TEST_H

#include "wqc_test.h"
#include "../include/ntifs.h"
#include "../include/ntstrsafe.h"

#define NT_MS(ms)	((LARGE_INTEGER){ .QuadPart = -10000LL * (ms) })

/* A thread that waits, in a state that the test can see: it is on an object's wait list. */
struct nt_waiter {
	PVOID objects[MAXIMUM_WAIT_OBJECTS];
	KWAIT_BLOCK blocks[MAXIMUM_WAIT_OBJECTS];
	ULONG count;
	WAIT_TYPE type;
	NTSTATUS status;
	struct task_struct *task;	/* valid until the wait ends */
	struct completion done;
};

/*
 * Starts a thread that waits, and returns when it waits. The end of the test waits for the end of
 * the thread.
 */
struct nt_waiter *nt_waiter_new(struct kunit *test, WAIT_TYPE type, ULONG count, ...);
bool nt_waiter_done(struct nt_waiter *waiter);

#define nt_waits_for(test, object)	nt_waiter_new(test, WaitAny, 1, object)

/* The number of threads that wait for an object. */
unsigned int nt_waiters(PVOID object);

/* nt_poll() does not block; nt_wait() has a time limit. */
NTSTATUS nt_poll(PVOID object);
NTSTATUS nt_wait(PVOID object);

#endif /* NT_TEST_H */
