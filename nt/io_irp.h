/* SPDX-License-Identifier: GPL-2.0 */
/* IRPs: see io_irp.c; sending and completing them: io_call.c; unload: io_unload.c. */
#ifndef NTC_IO_IRP_H
#define NTC_IO_IRP_H

#include <linux/cache.h>
#include <linux/hash.h>
#include <linux/list.h>

#include "nt.h"

/* For devices: the functions of wq_compat.h, not the macros of the same names. */
#undef ObReferenceObject
#undef ObDereferenceObject

/*
 * IRP.AllocationFlags. Written under the lock of the IRP's bucket, or while no other code can know
 * the IRP.
 */
#define NTC_IRP_ALLOCATED	0x01	/* has a struct ntc_irp_head in front of it */
#define NTC_IRP_BUILT		0x02	/* freed by its completion; has an event */
#define NTC_IRP_LISTED		0x04	/* on the list of its bucket */
#define NTC_IRP_COMPLETING	0x08	/* IofCompleteRequest() has it */
#define NTC_IRP_FREED		0x10	/* IoFreeIrp() was called while a driver had it */
#define NTC_IRP_ASSOCIATED	0x20	/* its completion tells its master IRP, and frees it */

#define NTC_IRP_BITS	7

/* In front of an IRP of IoAllocateIrp(). */
struct ntc_irp_head {
	void *caller;		/* address of the code that allocated it */
	ULONG output;		/* bytes of UserBuffer, for its completion */
} __aligned(16);

/* Under @lock, but for the addresses of the IRPs. */
struct ntc_irp_bucket {
	raw_spinlock_t lock;
	struct list_head irps;		/* by ThreadListEntry */
	struct list_head calls;
	struct module *watched;		/* whose calls are noted in @returned */
	void *returned;			/* the routine of one that has returned since */
} ____cacheline_aligned_in_smp;

extern struct ntc_irp_bucket ntc_irp_buckets[BIT(NTC_IRP_BITS)];

#define ntc_irp_bucket_of(irp)	(&ntc_irp_buckets[hash_ptr(irp, NTC_IRP_BITS)])

static inline unsigned long ntc_irp_lock(PIRP irp)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&ntc_irp_bucket_of(irp)->lock, flags);
	return flags;
}

static inline void ntc_irp_unlock(PIRP irp, unsigned long flags)
{
	raw_spin_unlock_irqrestore(&ntc_irp_bucket_of(irp)->lock, flags);
}

static inline struct list_head *ntc_irp_link(PIRP irp)
{
	static_assert(sizeof(LIST_ENTRY) == sizeof(struct list_head));
	return (struct list_head *)&irp->ThreadListEntry;
}

static inline PIRP ntc_irp_of(struct list_head *link)
{
	return container_of((LIST_ENTRY *)link, IRP, ThreadListEntry);
}

/* IRP.Reserved: the lowest held location, and the origin. */
static inline int ntc_irp_lowest(PIRP irp)
{
	return irp->Reserved & 0xff;
}

static inline int ntc_irp_origin(PIRP irp)
{
	return irp->Reserved >> 8;
}

static inline void ntc_irp_set_held(PIRP irp, int lowest, int origin)
{
	irp->Reserved = origin << 8 | lowest;
}

static inline PIO_STACK_LOCATION ntc_irp_location(PIRP irp, int n)
{
	return (PIO_STACK_LOCATION)(irp + 1) + n - 1;
}

static inline struct ntc_irp_head *ntc_irp_head(PIRP irp)
{
	return (struct ntc_irp_head *)irp - 1;
}

/*
 * A call of a driver's dispatch, completion or cancel routine, on the stack of the caller. Under
 * the lock of the IRP's bucket.
 */
struct ntc_io_call {
	struct list_head link;
	PIRP irp;
	void *routine;
	PDEVICE_OBJECT device;	/* NULL: no device */
	int location;		/* of a dispatch routine, while its IRP exists; else 0 */
	bool completed;		/* the location was completed meanwhile ... */
	bool marked;		/* ... and was marked pending */
};

bool ntc_irp_is_listed(PIRP irp);
void ntc_irp_list(PIRP irp);
void ntc_irp_unlist(PIRP irp);
void ntc_irp_free_memory(PIRP irp);

void ntc_io_call_begin(struct ntc_io_call *call, PIRP irp, void *routine, PDEVICE_OBJECT device,
		       int location);
void ntc_io_call_unlink(struct ntc_io_call *call);
void ntc_io_call_end(struct ntc_io_call *call);
PIO_COMPLETION_ROUTINE ntc_completion_routine(const IO_STACK_LOCATION *location);
PDRIVER_DISPATCH ntc_irp_dispatch_routine(PDEVICE_OBJECT device, int major);

NTSTATUS ntc_irp_fail(PIRP irp, NTSTATUS status);
void ntc_cancel_call(PDRIVER_CANCEL routine, PDEVICE_OBJECT device, PIRP irp);

PIRP ntc_irp_alloc(int locations, u8 flags, void *caller);
void ntc_irp_release(PIRP irp);
void ntc_irp_memory_freed(void *p, size_t size, void *caller);

void ntc_irp_watch(struct module *mod);
bool ntc_irp_find_in_module(struct module *mod, struct wqc_left *left);
void ntc_irp_adopt_init(struct module *mod);
void ntc_irp_module_gone(struct module *mod);
void ntc_irp_init(void);
void ntc_irp_exit(void);

#endif /* NTC_IO_IRP_H */
