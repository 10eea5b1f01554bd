/* SPDX-License-Identifier: GPL-2.0 */
/*
 * MDLs of memory that is resident: pool and device memory, data of the driver, stacks. All memory
 * of the kernel is mapped, so the system address of such an MDL is the address that it was made
 * for. A page is one of Linux.
 */
#ifndef NTC_MDL_H
#define NTC_MDL_H

#include <linux/mm.h>

#include "wait.h"

typedef ULONG_PTR PFN_NUMBER, *PPFN_NUMBER;

/* The numbers of the pages follow. */
typedef struct _MDL {
	struct _MDL *Next;
	CSHORT Size;
	CSHORT MdlFlags;
	struct _EPROCESS *Process;
	PVOID MappedSystemVa;
	PVOID StartVa;
	ULONG ByteCount;
	ULONG ByteOffset;
} MDL, *PMDL, *PMDLX;

#define MDL_MAPPED_TO_SYSTEM_VA		0x0001
#define MDL_PAGES_LOCKED		0x0002
#define MDL_SOURCE_IS_NONPAGED_POOL	0x0004
#define MDL_ALLOCATED_FIXED_SIZE	0x0008
#define MDL_PARTIAL			0x0010
#define MDL_PARTIAL_HAS_BEEN_MAPPED	0x0020
#define MDL_IO_PAGE_READ		0x0040
#define MDL_WRITE_OPERATION		0x0080
#define MDL_PARENT_MAPPED_SYSTEM_VA	0x0100
#define MDL_FREE_EXTRA_PTES		0x0200
#define MDL_DESCRIBES_AWE		0x0400
#define MDL_IO_SPACE			0x0800
#define MDL_NETWORK_HEADER		0x1000
#define MDL_MAPPING_CAN_FAIL		0x2000
#define MDL_ALLOCATED_MUST_SUCCEED	0x4000
#define MDL_INTERNAL			0x8000

typedef enum _MEMORY_CACHING_TYPE {
	MmNonCached = 0,
	MmCached = 1,
	MmWriteCombined = 2,
	MmHardwareCoherentCached,
	MmNonCachedUnordered,
	MmUSWCCached,
	MmMaximumCacheType,
	MmNotMapped = -1,
} MEMORY_CACHING_TYPE;

typedef enum _MM_PAGE_PRIORITY {
	LowPagePriority,
	NormalPagePriority = 16,
	HighPagePriority = 32,
} MM_PAGE_PRIORITY;

typedef enum _LOCK_OPERATION {
	IoReadAccess,
	IoWriteAccess,
	IoModifyAccess,
} LOCK_OPERATION;

#define MdlMappingNoWrite		0x80000000
#define MdlMappingNoExecute		0x40000000

#ifndef BYTE_OFFSET
#define BYTE_OFFSET(Va)			((ULONG)((ULONG_PTR)(Va) & (PAGE_SIZE - 1)))
#endif
#ifndef BYTES_TO_PAGES
#define BYTES_TO_PAGES(Size)		(((Size) >> PAGE_SHIFT) + !!((Size) & (PAGE_SIZE - 1)))
#endif
#ifndef ADDRESS_AND_SIZE_TO_SPAN_PAGES
#define ADDRESS_AND_SIZE_TO_SPAN_PAGES(Va, Size) \
	((ULONG)((BYTE_OFFSET(Va) + (SIZE_T)(Size) + PAGE_SIZE - 1) >> PAGE_SHIFT))
#endif

struct _IRP;

PMDL IoAllocateMdl(PVOID VirtualAddress, ULONG Length, BOOLEAN SecondaryBuffer,
		   BOOLEAN ChargeQuota, struct _IRP *Irp);
VOID IoFreeMdl(PMDL Mdl);
VOID IoBuildPartialMdl(PMDL SourceMdl, PMDL TargetMdl, PVOID VirtualAddress, ULONG Length);
SIZE_T MmSizeOfMdl(PVOID Base, SIZE_T Length);
VOID MmBuildMdlForNonPagedPool(PMDLX MemoryDescriptorList);
PVOID MmMapLockedPagesSpecifyCache(PMDLX MemoryDescriptorList, KPROCESSOR_MODE AccessMode,
				   MEMORY_CACHING_TYPE CacheType, PVOID BaseAddress,
				   ULONG BugCheckOnFailure, ULONG Priority);
VOID MmUnmapLockedPages(PVOID BaseAddress, PMDL MemoryDescriptorList);
VOID MmProbeAndLockPages(PMDLX MemoryDescriptorList, KPROCESSOR_MODE AccessMode,
			 LOCK_OPERATION Operation);
VOID MmUnlockPages(PMDLX MemoryDescriptorList);

#define MmMapLockedPages(Mdl, AccessMode) \
	MmMapLockedPagesSpecifyCache(Mdl, AccessMode, MmCached, NULL, TRUE, NormalPagePriority)

#define MmGetMdlByteCount(Mdl)		((Mdl)->ByteCount)
#define MmGetMdlByteOffset(Mdl)		((Mdl)->ByteOffset)
#define MmGetMdlBaseVa(Mdl)		((Mdl)->StartVa)
#define MmGetMdlPfnArray(Mdl)		((PPFN_NUMBER)((PMDL)(Mdl) + 1))
#define MmGetMdlVirtualAddress(Mdl)	((PVOID)((PUCHAR)(Mdl)->StartVa + (Mdl)->ByteOffset))

/**
 * MmInitializeMdl - initialise an MDL in the driver's memory
 * @Mdl: MmSizeOfMdl(@BaseVa, @Length) bytes
 * @BaseVa: the buffer
 * @Length: its bytes
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 *
 * Follows: DDI wdm/nf-wdm-mminitializemdl.
 */
static inline VOID MmInitializeMdl(PMDL Mdl, PVOID BaseVa, SIZE_T Length)
{
	SIZE_T size = sizeof(MDL) + sizeof(PFN_NUMBER) *
		ADDRESS_AND_SIZE_TO_SPAN_PAGES(BaseVa, Length);

	Mdl->Next = NULL;
	Mdl->Size = (CSHORT)(size < MAXUSHORT ? size : MAXUSHORT);
	Mdl->MdlFlags = 0;
	Mdl->Process = NULL;
	Mdl->MappedSystemVa = NULL;
	Mdl->StartVa = (PVOID)((ULONG_PTR)BaseVa & ~(ULONG_PTR)(PAGE_SIZE - 1));
	Mdl->ByteOffset = BYTE_OFFSET(BaseVa);
	Mdl->ByteCount = (ULONG)Length;
}

/**
 * MmGetSystemAddressForMdlSafe - the address at which the buffer of an MDL can be accessed
 * @Mdl: built, or a part of one that was
 * @Priority: not used
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 * Return: the address; NULL, with a report, if the MDL was not built.
 *
 * Follows: DDI wdm/nf-wdm-mmgetsystemaddressformdlsafe.
 */
static inline PVOID MmGetSystemAddressForMdlSafe(PMDL Mdl, ULONG Priority)
{
	if (Mdl->MdlFlags & (MDL_MAPPED_TO_SYSTEM_VA | MDL_SOURCE_IS_NONPAGED_POOL))
		return Mdl->MappedSystemVa;
	return MmMapLockedPagesSpecifyCache(Mdl, KernelMode, MmCached, NULL, FALSE, Priority);
}

#define MmGetSystemAddressForMdl(Mdl)	MmGetSystemAddressForMdlSafe(Mdl, HighPagePriority)

/**
 * MmPrepareMdlForReuse - end the use of a partial MDL, before the next IoBuildPartialMdl()
 * @Mdl: a partial MDL
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 *
 * Follows: DDI wdm/nf-wdm-mmpreparemdlforreuse.
 */
static inline VOID MmPrepareMdlForReuse(PMDL Mdl)
{
	if (Mdl->MdlFlags & MDL_PARTIAL_HAS_BEEN_MAPPED)
		MmUnmapLockedPages(Mdl->MappedSystemVa, Mdl);
}

#endif /* NTC_MDL_H */
