/* SPDX-License-Identifier: GPL-2.0 */
/* Devices whose dispatch routines are a case's, for the suites of IRPs. */
#ifndef NT_IRP_H
#define NT_IRP_H

#include "nt_test.h"

struct nt_level;
typedef NTSTATUS nt_dispatch_fn(struct nt_level *level, PIRP irp);

/* The extension of a device, and what its dispatch routine has seen. */
struct nt_level {
	PDEVICE_OBJECT device;
	PDEVICE_OBJECT lower;		/* attached to it */
	nt_dispatch_fn *dispatch;
	PIRP pended;
	KSPIN_LOCK lock;
	int calls;
	UCHAR major;
	bool here;			/* the location has the device */
	PVOID data;			/* the case's */
};

/* A device, not attached; deleted when the test ends. */
struct nt_level *nt_level_new(struct kunit *test, nt_dispatch_fn *dispatch);

/* The same, attached on top of @below until the test ends. */
struct nt_level *nt_level_on(struct kunit *test, struct nt_level *below, nt_dispatch_fn *dispatch);

/* Dispatch routines: complete with STATUS_SUCCESS; pend; pass down. */
nt_dispatch_fn nt_complete_now;
nt_dispatch_fn nt_pend;
nt_dispatch_fn nt_pass_skip;
nt_dispatch_fn nt_pass_copy;

/* Completes an IRP with a status and Information 7. */
NTSTATUS nt_complete(PIRP irp, NTSTATUS status);

/* A maker's completion routine: records, and keeps the IRP. */
struct nt_made {
	PIRP irp;
	int calls;
	IO_STATUS_BLOCK iosb;
	bool pending;			/* PendingReturned */
	PDEVICE_OBJECT device;
	struct completion done;
};

/* An IRP that goes to @level with a major function; freed when the test ends. */
struct nt_made *nt_make(struct kunit *test, struct nt_level *level, UCHAR major);
void nt_arm(struct nt_made *made, UCHAR major);
NTSTATUS nt_send(struct nt_made *made, struct nt_level *level);

#endif /* NT_IRP_H */
