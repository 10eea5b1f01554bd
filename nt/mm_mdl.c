// SPDX-License-Identifier: GPL-2.0
/*
 * MDLs of resident memory. The pages of kernel memory are always mapped, so an MDL that was built
 * needs no mapping of its own: its system address is the buffer's, and unmapping does nothing.
 */
#include <linux/export.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/pfn.h>
#include <linux/vmalloc.h>

#include "ex_pool.h"

#define NTC_MDL_TAG	0x206c644d	/* "Mdl " */

/* Has the numbers and the address of its pages. */
static bool ntc_mdl_is_built(const MDL *mdl)
{
	return mdl->MdlFlags & (MDL_SOURCE_IS_NONPAGED_POOL | MDL_PAGES_LOCKED | MDL_PARTIAL);
}

static void ntc_mdl_report(const char *call, const MDL *mdl, void *caller)
{
	wqc_report(WQC_R_BAD_MDL, "%s, MDL %p, from %pS", call, mdl, caller);
}

/* Zeroed, or memory of a process: there is no address at which the kernel could access it. */
static bool ntc_mdl_buffer_is_valid(const MDL *mdl)
{
	return mdl->ByteOffset < PAGE_SIZE && ntc_is_kernel_address(mdl->StartVa);
}

/**
 * MmSizeOfMdl - the size of an MDL for a buffer
 * @Base: the buffer; only its offset in a page matters
 * @Length: its bytes
 *
 * Context: any IRQL; here any context.
 * Return: bytes, for MmInitializeMdl().
 *
 * Follows: DDI wdm/nf-wdm-mmsizeofmdl.
 */
SIZE_T MmSizeOfMdl(PVOID Base, SIZE_T Length)
{
	return sizeof(MDL) + sizeof(PFN_NUMBER) * ADDRESS_AND_SIZE_TO_SPAN_PAGES(Base, Length);
}
EXPORT_SYMBOL_GPL(MmSizeOfMdl);

/**
 * IoAllocateMdl - allocate an MDL for a buffer
 * @VirtualAddress: the buffer
 * @Length: its bytes
 * @SecondaryBuffer: TRUE: append the MDL to the chain of @Irp; FALSE: it is the first
 * @ChargeQuota: not used
 * @Irp: gets the MDL as its MdlAddress, or NULL
 *
 * The MDL has to be built before its buffer can be accessed through it. One that its driver does
 * not free is reported at rmmod, as pool memory with the tag "Mdl ".
 *
 * Context: IRQL <= DISPATCH_LEVEL; here as ExAllocatePool().
 * Return: the MDL, or NULL without memory.
 *
 * Follows: DDI wdm/nf-wdm-ioallocatemdl.
 */
PMDL IoAllocateMdl(PVOID VirtualAddress, ULONG Length, BOOLEAN SecondaryBuffer,
		   BOOLEAN ChargeQuota, struct _IRP *Irp)
{
	PMDL mdl, *at;

	mdl = ntc_pool_alloc(MmSizeOfMdl(VirtualAddress, Length), NTC_MDL_TAG, false,
			     (void *)_RET_IP_);
	if (!mdl)
		return NULL;
	MmInitializeMdl(mdl, VirtualAddress, Length);
	mdl->MdlFlags = MDL_ALLOCATED_FIXED_SIZE;
	if (Irp) {
		at = &Irp->MdlAddress;
		while (SecondaryBuffer && *at)
			at = &(*at)->Next;
		*at = mdl;
	}
	return mdl;
}
EXPORT_SYMBOL_GPL(IoAllocateMdl);

/**
 * IoFreeMdl - free an MDL
 * @Mdl: from IoAllocateMdl(); the MDLs that it is chained to are not freed
 *
 * Context: IRQL <= DISPATCH_LEVEL; here as ExFreePool().
 *
 * Follows: DDI wdm/nf-wdm-iofreemdl.
 */
VOID IoFreeMdl(PMDL Mdl)
{
	ntc_pool_free(Mdl, NTC_MDL_TAG, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(IoFreeMdl);

static PFN_NUMBER ntc_page_number(const void *address)
{
	if (virt_addr_valid(address))
		return PHYS_PFN(virt_to_phys((void *)address));
	return vmalloc_to_pfn(address);	/* also of data and stacks in vmalloc space */
}

static bool ntc_mdl_build(PMDL mdl, CSHORT flags)
{
	PPFN_NUMBER pages = MmGetMdlPfnArray(mdl);
	ULONG i, count = ADDRESS_AND_SIZE_TO_SPAN_PAGES(MmGetMdlVirtualAddress(mdl),
							mdl->ByteCount);

	if (!ntc_mdl_buffer_is_valid(mdl) || mdl->MdlFlags & (MDL_PARTIAL | MDL_PAGES_LOCKED))
		return false;
	for (i = 0; i < count; i++)
		pages[i] = ntc_page_number((PUCHAR)mdl->StartVa + (SIZE_T)i * PAGE_SIZE);
	mdl->Process = NULL;
	mdl->MappedSystemVa = MmGetMdlVirtualAddress(mdl);
	mdl->MdlFlags |= flags;
	return true;
}

/**
 * MmBuildMdlForNonPagedPool - describe the pages of resident memory
 * @MemoryDescriptorList: of pool or device memory, of data of the driver, or of a stack; else
 *	reported and not built
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 *
 * Follows: DDI wdm/nf-wdm-mmbuildmdlfornonpagedpool.
 */
VOID MmBuildMdlForNonPagedPool(PMDLX MemoryDescriptorList)
{
	if (!ntc_mdl_build(MemoryDescriptorList, MDL_SOURCE_IS_NONPAGED_POOL))
		ntc_mdl_report(__func__, MemoryDescriptorList, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(MmBuildMdlForNonPagedPool);

/**
 * MmProbeAndLockPages - describe and lock the pages of a buffer
 * @MemoryDescriptorList: of kernel memory, which is always resident: nothing has to be locked. One
 *	of a process' memory, one that is locked already, and a partial one are reported, not
 *	locked, and have no system address
 * @AccessMode: not used
 * @Operation: IoReadAccess: the buffer is read. IoWriteAccess, IoModifyAccess: the MDL gets
 *	MDL_WRITE_OPERATION
 *
 * Windows raises an exception for a buffer that it cannot lock.
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 *
 * Follows: DDI wdm/nf-wdm-mmprobeandlockpages.
 */
VOID MmProbeAndLockPages(PMDLX MemoryDescriptorList, KPROCESSOR_MODE AccessMode,
			 LOCK_OPERATION Operation)
{
	CSHORT flags = MDL_PAGES_LOCKED | (Operation == IoReadAccess ? 0 : MDL_WRITE_OPERATION);

	if (!ntc_mdl_build(MemoryDescriptorList, flags))
		ntc_mdl_report(__func__, MemoryDescriptorList, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(MmProbeAndLockPages);

/**
 * MmUnlockPages - undo MmProbeAndLockPages()
 * @MemoryDescriptorList: locked, else reported. A mapping of it ends
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 *
 * Follows: DDI wdm/nf-wdm-mmunlockpages.
 */
VOID MmUnlockPages(PMDLX MemoryDescriptorList)
{
	if (!(MemoryDescriptorList->MdlFlags & MDL_PAGES_LOCKED))
		ntc_mdl_report(__func__, MemoryDescriptorList, (void *)_RET_IP_);
	MemoryDescriptorList->MdlFlags &= ~(MDL_PAGES_LOCKED | MDL_WRITE_OPERATION |
					    MDL_MAPPED_TO_SYSTEM_VA);
}
EXPORT_SYMBOL_GPL(MmUnlockPages);

/**
 * IoBuildPartialMdl - describe a part of the buffer of an MDL
 * @SourceMdl: built
 * @TargetMdl: from IoAllocateMdl() for at least as many pages. After MmPrepareMdlForReuse() it may
 *	be used for another part
 * @VirtualAddress: in the buffer of @SourceMdl, as MmGetMdlVirtualAddress() counts
 * @Length: bytes; 0: to the end of that buffer
 *
 * A part outside of the source, and a target with too few pages, are reported, and the target is
 * not built.
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 *
 * Follows: DDI wdm/nf-wdm-iobuildpartialmdl.
 */
VOID IoBuildPartialMdl(PMDL SourceMdl, PMDL TargetMdl, PVOID VirtualAddress, ULONG Length)
{
	PUCHAR base = MmGetMdlVirtualAddress(SourceMdl);
	SIZE_T offset = (PUCHAR)VirtualAddress - base;
	SIZE_T length = Length ?: SourceMdl->ByteCount - offset, size;
	ULONG first;

	size = MmSizeOfMdl(VirtualAddress, length);
	if (!ntc_mdl_is_built(SourceMdl) || offset > SourceMdl->ByteCount ||
	    length > SourceMdl->ByteCount - offset ||
	    ((USHORT)TargetMdl->Size != MAXUSHORT && size > (USHORT)TargetMdl->Size)) {
		wqc_report(WQC_R_BAD_MDL, "%s, MDL %p of MDL %p, from %pS", __func__, TargetMdl,
			   SourceMdl, (void *)_RET_IP_);
		return;
	}
	TargetMdl->StartVa = (PVOID)((ULONG_PTR)VirtualAddress & PAGE_MASK);
	TargetMdl->ByteOffset = BYTE_OFFSET(VirtualAddress);
	TargetMdl->ByteCount = length;
	TargetMdl->Process = SourceMdl->Process;
	TargetMdl->MappedSystemVa = (PUCHAR)SourceMdl->MappedSystemVa + offset;
	TargetMdl->MdlFlags &= MDL_ALLOCATED_FIXED_SIZE;
	TargetMdl->MdlFlags |= SourceMdl->MdlFlags & MDL_SOURCE_IS_NONPAGED_POOL;
	TargetMdl->MdlFlags |= MDL_PARTIAL | MDL_PARENT_MAPPED_SYSTEM_VA;
	first = ((PUCHAR)TargetMdl->StartVa - (PUCHAR)SourceMdl->StartVa) >> PAGE_SHIFT;
	memcpy(MmGetMdlPfnArray(TargetMdl), MmGetMdlPfnArray(SourceMdl) + first,
	       size - sizeof(MDL));
}
EXPORT_SYMBOL_GPL(IoBuildPartialMdl);

/**
 * MmMapLockedPagesSpecifyCache - map the buffer of an MDL
 * @MemoryDescriptorList: built, or a part of one that was; else reported
 * @AccessMode: KernelMode; a mapping into a process is reported and not made
 * @CacheType: not used: the memory is mapped already
 * @BaseAddress: not used
 * @BugCheckOnFailure: not used
 * @Priority: not used
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 * Return: the address of the buffer; NULL after a report.
 *
 * Follows: DDI wdm/nf-wdm-mmmaplockedpagesspecifycache.
 */
PVOID MmMapLockedPagesSpecifyCache(PMDLX MemoryDescriptorList, KPROCESSOR_MODE AccessMode,
				   MEMORY_CACHING_TYPE CacheType, PVOID BaseAddress,
				   ULONG BugCheckOnFailure, ULONG Priority)
{
	if (!ntc_mdl_is_built(MemoryDescriptorList) || AccessMode != KernelMode) {
		ntc_mdl_report(__func__, MemoryDescriptorList, (void *)_RET_IP_);
		return NULL;
	}
	if (MemoryDescriptorList->MdlFlags & MDL_PARTIAL)
		MemoryDescriptorList->MdlFlags |= MDL_PARTIAL_HAS_BEEN_MAPPED;
	MemoryDescriptorList->MdlFlags |= MDL_MAPPED_TO_SYSTEM_VA;
	return MemoryDescriptorList->MappedSystemVa;
}
EXPORT_SYMBOL_GPL(MmMapLockedPagesSpecifyCache);

/**
 * MmUnmapLockedPages - undo MmMapLockedPagesSpecifyCache()
 * @BaseAddress: its result; another address is reported
 * @MemoryDescriptorList: the MDL
 *
 * The memory stays mapped, as it was before.
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 *
 * Follows: DDI wdm/nf-wdm-mmunmaplockedpages.
 */
VOID MmUnmapLockedPages(PVOID BaseAddress, PMDL MemoryDescriptorList)
{
	if (BaseAddress != MemoryDescriptorList->MappedSystemVa)
		ntc_mdl_report(__func__, MemoryDescriptorList, (void *)_RET_IP_);
	MemoryDescriptorList->MdlFlags &= ~(MDL_MAPPED_TO_SYSTEM_VA | MDL_PARTIAL_HAS_BEEN_MAPPED);
}
EXPORT_SYMBOL_GPL(MmUnmapLockedPages);
