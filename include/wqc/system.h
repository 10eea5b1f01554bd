/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Questions about an IRP, a status and the system, and calls that are left of managers which are
 * not here.
 */
#ifndef NTC_SYSTEM_H
#define NTC_SYSTEM_H

#include "types.h"
#include "values.h"

PIRP IoGetTopLevelIrp(VOID);
VOID IoSetTopLevelIrp(PIRP Irp);
BOOLEAN IoIsOperationSynchronous(PIRP Irp);
VOID IoAcquireVpbSpinLock(PKIRQL Irql);
VOID IoReleaseVpbSpinLock(KIRQL Irql);
NTSTATUS RtlGetVersion(PRTL_OSVERSIONINFOW lpVersionInformation);

/**
 * FsRtlIsNtstatusExpected - whether a status may be that of an operation
 * @Ntstatus: the status
 *
 * Context: any IRQL; here any context.
 * Return: FALSE for an access violation, a misaligned access, and for an instruction that is
 * misaligned or illegal: a bug, which a file system must not handle.
 *
 * Follows: DDI ntifs/nf-ntifs-fsrtlisntstatusexpected.
 */
static inline BOOLEAN FsRtlIsNtstatusExpected(NTSTATUS Ntstatus)
{
	return Ntstatus != STATUS_ACCESS_VIOLATION && Ntstatus != STATUS_DATATYPE_MISALIGNMENT &&
	       Ntstatus != STATUS_ILLEGAL_INSTRUCTION &&
	       Ntstatus != STATUS_INSTRUCTION_MISALIGNMENT;
}

/**
 * MmQuerySystemSize - how much memory the machine has, roughly
 *
 * Context: any IRQL; here any context.
 * Return: MmLargeSystem: the classes are of machines with some megabytes.
 *
 * Follows: DDI ntddk/nf-ntddk-mmquerysystemsize.
 */
static inline MM_SYSTEMSIZE MmQuerySystemSize(void)
{
	return MmLargeSystem;
}

/**
 * PoCallDriver - IoCallDriver(), for power IRPs
 * @DeviceObject: as for IofCallDriver()
 * @Irp: as for IofCallDriver(). Only drivers send power IRPs: there is no power manager
 *
 * Context: as for IofCallDriver().
 * Return: as for IofCallDriver().
 *
 * Follows: DDI ntifs/nf-ntifs-pocalldriver.
 */
static inline NTSTATUS PoCallDriver(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
	return IofCallDriver(DeviceObject, Irp);
}

/**
 * PoStartNextPowerIrp - nothing, as on Windows since Vista
 * @Irp: not used
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 *
 * Follows: DDI ntifs/nf-ntifs-postartnextpowerirp.
 */
static inline VOID PoStartNextPowerIrp(PIRP Irp)
{
}

#endif /* NTC_SYSTEM_H */
