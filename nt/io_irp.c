// SPDX-License-Identifier: GPL-2.0
/*
 * IRPs: allocation, IofCallDriver() and IofCompleteRequest().
 *
 * Hazards: a driver completes or frees an IRP that another driver still has, or that is freed
 * already (use-after-free); a device, or the text of a driver, goes while an IRP needs it.
 *
 * So an IRP is on the list of a bucket, by its address: one of IoAllocateIrp() always, one in
 * memory of a driver while a driver below its maker has it. A call first looks up the address, and
 * does not dereference an IRP that it does not find. IRP.Reserved has two stack locations: the
 * lowest that was sent and is not completed, and the origin, where the maker was at its first
 * call. The locations from the lowest to the one below the origin are held: each has a reference
 * to its DeviceObject, from IofCallDriver() until its completion. An origin of 0: the maker has
 * the IRP.
 *
 * The unload of a driver waits for IRPs whose held locations have a device of that driver, or a
 * completion routine in its text, and for calls of its routines (struct ntc_io_call).
 *
 * All of this is under the lock of the bucket, so nothing here relies on memory order. What a
 * driver writes to an IRP before it passes it on, the next driver sees because both calls take
 * that lock.
 *
 * Bound of a hold of that lock, with interrupts off: the IRPs and calls of a bucket, which are one
 * in 128 of those in flight.
 */
#include <linux/export.h>
#include <linux/slab.h>

#include "ex_pool.h"
#include "io_irp.h"

#define NTC_IRP_MAX_LOCATIONS	126	/* CurrentLocation, a CHAR, may be one more */

/* IRPs on lists that are in memory of drivers: a fast path for ntc_irp_memory_freed(). */
static atomic_t ntc_irp_foreign;

struct ntc_irp_bucket ntc_irp_buckets[BIT(NTC_IRP_BITS)];

/* Whether the address is that of an IRP on the list. Bounded by the IRPs of a bucket. */
bool ntc_irp_is_listed(PIRP irp)
{
	struct list_head *link;

	lockdep_assert_held(&ntc_irp_bucket_of(irp)->lock);
	list_for_each(link, &ntc_irp_bucket_of(irp)->irps)
		if (ntc_irp_of(link) == irp)
			return true;
	return false;
}

void ntc_irp_list(PIRP irp)
{
	irp->AllocationFlags |= NTC_IRP_LISTED;
	list_add(ntc_irp_link(irp), &ntc_irp_bucket_of(irp)->irps);
	if (!(irp->AllocationFlags & NTC_IRP_ALLOCATED))
		atomic_inc(&ntc_irp_foreign);
}

void ntc_irp_unlist(PIRP irp)
{
	irp->AllocationFlags &= ~NTC_IRP_LISTED;
	list_del_init(ntc_irp_link(irp));
	if (!(irp->AllocationFlags & NTC_IRP_ALLOCATED))
		atomic_dec(&ntc_irp_foreign);
}

/* ---- allocation ------------------------------------------------------------ */

static void ntc_irp_fill(PIRP irp, USHORT size, int locations)
{
	memset(irp, 0, size);
	irp->Type = IO_TYPE_IRP;
	irp->Size = size;
	irp->StackCount = locations;
	irp->CurrentLocation = locations + 1;
	irp->Tail.Overlay.CurrentStackLocation = ntc_irp_location(irp, locations + 1);
	INIT_LIST_HEAD(ntc_irp_link(irp));
}

PIRP ntc_irp_alloc(int locations, u8 allocation_flags, void *caller)
{
	struct ntc_irp_head *head;
	unsigned long flags;
	USHORT size;
	PIRP irp;

	if (locations < 1 || locations > NTC_IRP_MAX_LOCATIONS)
		return NULL;
	size = IoSizeOfIrp(locations);
	head = kmalloc(sizeof(*head) + size, ntc_alloc_may_sleep() ? GFP_KERNEL : GFP_ATOMIC);
	if (!head)
		return NULL;
	head->caller = caller;
	irp = (PIRP)(head + 1);
	ntc_irp_fill(irp, size, locations);
	irp->AllocationFlags = NTC_IRP_ALLOCATED | allocation_flags;
	flags = ntc_irp_lock(irp);
	ntc_irp_list(irp);
	ntc_irp_unlock(irp, flags);
	return irp;
}

/* Frees an IRP that is not on the list. */
void ntc_irp_free_memory(PIRP irp)
{
	irp->Type = 0;
	kfree(ntc_irp_head(irp));
}

/* Frees an IRP that its maker has, or that has completed. */
void ntc_irp_release(PIRP irp)
{
	unsigned long flags = ntc_irp_lock(irp);

	ntc_irp_unlist(irp);
	ntc_irp_unlock(irp, flags);
	ntc_irp_free_memory(irp);
}

/**
 * IoAllocateIrp - allocate an IRP
 * @StackSize: number of stack locations, 1 to 126: the StackSize of the device to which it is
 *	sent, and one more if the caller needs its own
 * @ChargeQuota: not used
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context, except, on PREEMPT_RT, with interrupts or
 * preemption off.
 * Return: the IRP, with everything else zero; NULL without memory or for another @StackSize.
 *
 * Follows: DDI wdm/nf-wdm-ioallocateirp.
 */
PIRP IoAllocateIrp(CCHAR StackSize, BOOLEAN ChargeQuota)
{
	return ntc_irp_alloc(StackSize, 0, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(IoAllocateIrp);

/**
 * IoAllocateIrpEx - IoAllocateIrp()
 * @DeviceObject: not used
 * @StackSize: as for IoAllocateIrp()
 * @ChargeQuota: not used
 *
 * Context: as for IoAllocateIrp().
 * Return: as for IoAllocateIrp().
 *
 * Follows: DDI wdm/nf-wdm-ioallocateirpex.
 */
PIRP IoAllocateIrpEx(PDEVICE_OBJECT DeviceObject, CCHAR StackSize, BOOLEAN ChargeQuota)
{
	return ntc_irp_alloc(StackSize, 0, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(IoAllocateIrpEx);

/* For an IRP that may be initialised: whether it was allocated. False: a driver has it. */
static bool ntc_irp_may_init(PIRP irp, u8 *allocated)
{
	unsigned long flags = ntc_irp_lock(irp);
	bool may = true;

	*allocated = 0;
	if (ntc_irp_is_listed(irp)) {
		*allocated = irp->AllocationFlags & (NTC_IRP_ALLOCATED | NTC_IRP_BUILT);
		may = !ntc_irp_origin(irp) && !(*allocated & NTC_IRP_BUILT);
	}
	ntc_irp_unlock(irp, flags);
	return may;
}

/* The maker has the IRP. One of IoAllocateIrp() stays on the list meanwhile. */
static void ntc_irp_init_again(PIRP irp, USHORT size, int locations, u8 allocated)
{
	unsigned long flags = ntc_irp_lock(irp);

	if (allocated)
		ntc_irp_unlist(irp);
	ntc_irp_fill(irp, size, locations);
	irp->AllocationFlags = allocated;
	if (allocated)
		ntc_irp_list(irp);
	ntc_irp_unlock(irp, flags);
}

/**
 * IoInitializeIrp - make an IRP of a driver's memory
 * @Irp: non-paged memory of IoSizeOfIrp(@StackSize) bytes
 * @PacketSize: bytes at @Irp
 * @StackSize: number of stack locations, 1 to 126
 *
 * An IRP that another driver has is reported and left as it is.
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 *
 * Follows: DDI wdm/nf-wdm-ioinitializeirp.
 */
VOID IoInitializeIrp(PIRP Irp, USHORT PacketSize, CCHAR StackSize)
{
	u8 allocated;

	if (!ntc_irp_may_init(Irp, &allocated))
		wqc_report(WQC_R_IRP_IN_USE, "IRP %p, from %pS", Irp, (void *)_RET_IP_);
	else if (allocated)
		ntc_irp_init_again(Irp, Irp->Size, Irp->StackCount, allocated);
	else
		ntc_irp_fill(Irp, PacketSize, StackSize);
}
EXPORT_SYMBOL_GPL(IoInitializeIrp);

/**
 * IoReuseIrp - make an IRP as new
 * @Irp: of IoAllocateIrp() or IoInitializeIrp(); the caller, who made it, has it
 * @Iostatus: initial IoStatus.Status
 *
 * An IRP that another driver has, or of an IoBuild...() call, is reported and left as it is.
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 *
 * Follows: DDI wdm/nf-wdm-ioreuseirp.
 */
VOID IoReuseIrp(PIRP Irp, NTSTATUS Iostatus)
{
	u8 allocated;

	if (!ntc_irp_may_init(Irp, &allocated)) {
		wqc_report(WQC_R_IRP_IN_USE, "IRP %p, from %pS", Irp, (void *)_RET_IP_);
		return;
	}
	ntc_irp_init_again(Irp, Irp->Size, Irp->StackCount, allocated);
	Irp->IoStatus.Status = Iostatus;
}
EXPORT_SYMBOL_GPL(IoReuseIrp);

/**
 * IoFreeIrp - free an IRP
 * @Irp: of IoAllocateIrp() or IoBuildAsynchronousFsdRequest(); the caller, who made it, has it
 *
 * An IRP that another driver has is reported, and freed when that driver has completed it; the
 * maker's completion routine is then not called. An IRP of the other IoBuild...() calls, and what
 * is no IRP or was freed, is reported and left as it is.
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context, except, on PREEMPT_RT, with interrupts or
 * preemption off.
 *
 * Follows: DDI wdm/nf-wdm-iofreeirp.
 */
VOID IoFreeIrp(PIRP Irp)
{
	bool allocated, built = false, held = false;
	unsigned long flags;

	flags = ntc_irp_lock(Irp);
	allocated = ntc_irp_is_listed(Irp) && Irp->AllocationFlags & NTC_IRP_ALLOCATED;
	if (allocated) {
		built = Irp->AllocationFlags & NTC_IRP_BUILT;
		held = ntc_irp_origin(Irp);
		if (!built && held)
			Irp->AllocationFlags |= NTC_IRP_FREED;
		else if (!built)
			ntc_irp_unlist(Irp);
	}
	ntc_irp_unlock(Irp, flags);
	if (!allocated)
		wqc_report(WQC_R_IRP_BAD_FREE, "IRP %p, from %pS", Irp, (void *)_RET_IP_);
	else if (built)
		wqc_report(WQC_R_IRP_BUILT_FREE, "IRP %p, from %pS", Irp, (void *)_RET_IP_);
	else if (held)
		wqc_report(WQC_R_IRP_FREED, "IRP %p, from %pS", Irp, (void *)_RET_IP_);
	else
		ntc_irp_free_memory(Irp);
}
EXPORT_SYMBOL_GPL(IoFreeIrp);

/* Drops the references of an IRP whose memory goes, and which is not on the list any more. */
static void ntc_irp_put_devices(PIRP irp)
{
	int n, origin = ntc_irp_origin(irp);

	for (n = ntc_irp_lowest(irp); n < origin; n++)
		if (ntc_irp_location(irp, n)->DeviceObject)
			ObDereferenceObject(ntc_irp_location(irp, n)->DeviceObject);
}

/* An IRP in the memory is taken off the list. NULL: there is none. */
static PIRP ntc_irp_forget_in(uintptr_t p, size_t size, int i)
{
	PIRP irp, found = NULL;
	struct ntc_io_call *call;
	struct list_head *link;
	unsigned long flags;

	raw_spin_lock_irqsave(&ntc_irp_buckets[i].lock, flags);
	list_for_each(link, &ntc_irp_buckets[i].irps) {
		irp = ntc_irp_of(link);
		if ((uintptr_t)irp - p < size) {
			ntc_irp_unlist(irp);
			found = irp;
			break;
		}
	}
	/* Dispatch routines that have not returned do not look at it again. */
	list_for_each_entry(call, &ntc_irp_buckets[i].calls, link)
		if (found && call->irp == found)
			call->location = 0;
	raw_spin_unlock_irqrestore(&ntc_irp_buckets[i].lock, flags);
	return found;
}

/**
 * ntc_irp_memory_freed - report an IRP of IoInitializeIrp() that a driver has, in freed memory
 * @p: the memory; still allocated
 * @size: bytes
 * @caller: address in the code that frees it, for the report
 *
 * Context: any, without locks of this module.
 */
void ntc_irp_memory_freed(void *p, size_t size, void *caller)
{
	PIRP irp;
	int i;

	if (!atomic_read(&ntc_irp_foreign))
		return;
	for (i = 0; i < ARRAY_SIZE(ntc_irp_buckets); i++) {
		while ((irp = ntc_irp_forget_in((uintptr_t)p, size, i))) {
			wqc_report(WQC_R_IRP_MEMORY, "IRP %p, memory %p, from %pS", irp, p,
				   caller);
			ntc_irp_put_devices(irp);
		}
	}
}

void ntc_irp_init(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(ntc_irp_buckets); i++) {
		raw_spin_lock_init(&ntc_irp_buckets[i].lock);
		INIT_LIST_HEAD(&ntc_irp_buckets[i].irps);
		INIT_LIST_HEAD(&ntc_irp_buckets[i].calls);
	}
}
