// SPDX-License-Identifier: GPL-2.0
/* What file systems ask of the I/O manager and of the system. The top-level IRP: ke_region.c. */
#include <linux/export.h>

#include "nt.h"

#define NTC_BUILD_OF_WINDOWS_10	10240

static KSPIN_LOCK ntc_vpb_lock;

/**
 * IoAcquireVpbSpinLock - acquire the lock of volume parameter blocks
 * @Irql: receives the previous IRQL
 *
 * A lock only: devices here have no VPB.
 *
 * Context: IRQL <= DISPATCH_LEVEL; here process or softirq.
 *
 * Follows: DDI ntifs/nf-ntifs-ioacquirevpbspinlock.
 */
VOID IoAcquireVpbSpinLock(PKIRQL Irql)
	__acquires(&ntc_vpb_lock)
{
	KeAcquireSpinLock(&ntc_vpb_lock, Irql);
}
EXPORT_SYMBOL_GPL(IoAcquireVpbSpinLock);

/**
 * IoReleaseVpbSpinLock - release the lock of volume parameter blocks
 * @Irql: from IoAcquireVpbSpinLock()
 *
 * Context: IRQL DISPATCH_LEVEL; here process or softirq.
 *
 * Follows: DDI ntifs/nf-ntifs-ioreleasevpbspinlock.
 */
VOID IoReleaseVpbSpinLock(KIRQL Irql)
	__releases(&ntc_vpb_lock)
{
	KeReleaseSpinLock(&ntc_vpb_lock, Irql);
}
EXPORT_SYMBOL_GPL(IoReleaseVpbSpinLock);

/**
 * IoIsOperationSynchronous - whether the requester of an IRP waits for it
 * @Irp: the caller has it
 *
 * Context: IRQL <= APC_LEVEL; here any context.
 * Return: of paging I/O, whether it is synchronous; of other, whether the request or its file
 * object is.
 *
 * Follows: DDI ntifs/nf-ntifs-ioisoperationsynchronous.
 */
BOOLEAN IoIsOperationSynchronous(PIRP Irp)
{
	PFILE_OBJECT file = IoGetCurrentIrpStackLocation(Irp)->FileObject;

	if (Irp->Flags & IRP_PAGING_IO)
		return !!(Irp->Flags & IRP_SYNCHRONOUS_PAGING_IO);
	return Irp->Flags & IRP_SYNCHRONOUS_API || (file && file->Flags & FO_SYNCHRONOUS_IO);
}
EXPORT_SYMBOL_GPL(IoIsOperationSynchronous);

/**
 * RtlGetVersion - the version of Windows whose interface is here
 * @lpVersionInformation: dwOSVersionInfoSize is the size of an OSVERSIONINFOW or OSVERSIONINFOEXW
 *
 * That of the headers' NTDDI_VERSION: Windows 10, build 10240, a workstation.
 *
 * Context: IRQL PASSIVE_LEVEL; here any context.
 * Return: STATUS_SUCCESS.
 *
 * Follows: DDI wdm/nf-wdm-rtlgetversion.
 */
NTSTATUS RtlGetVersion(PRTL_OSVERSIONINFOW lpVersionInformation)
{
	PRTL_OSVERSIONINFOEXW more = (PRTL_OSVERSIONINFOEXW)lpVersionInformation;

	*lpVersionInformation = (RTL_OSVERSIONINFOW){
		.dwOSVersionInfoSize = lpVersionInformation->dwOSVersionInfoSize,
		.dwMajorVersion = 10,
		.dwBuildNumber = NTC_BUILD_OF_WINDOWS_10,
		.dwPlatformId = VER_PLATFORM_WIN32_NT,
	};
	if (lpVersionInformation->dwOSVersionInfoSize != sizeof(*more))
		return STATUS_SUCCESS;
	more->wServicePackMajor = 0;
	more->wServicePackMinor = 0;
	more->wSuiteMask = 0;
	more->wProductType = VER_NT_WORKSTATION;
	more->wReserved = 0;
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(RtlGetVersion);
