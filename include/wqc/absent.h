/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is not here, and says so when it is compiled: the compiler prints the text
 * of the attribute, and the line of the source that made the call.
 */
#ifndef WQC_NT_ABSENT_H
#define WQC_NT_ABSENT_H

#include <linux/compiler.h>

#include "../ntdef.h"

/* ---- IRPs -------------------------------------------------------------------- */
LONG_PTR wqc_absent_irp(void) __compiletime_error("IRPs are not here: see docs/porting.md");
#define IoCallDriver(...)	wqc_absent_irp()
#define IofCallDriver(...)	wqc_absent_irp()
#define IoCompleteRequest(...)	wqc_absent_irp()
#define IofCompleteRequest(...)	wqc_absent_irp()
#define IoAllocateIrp(...)	wqc_absent_irp()
#define IoFreeIrp(...)	wqc_absent_irp()
#define IoInitializeIrp(...)	wqc_absent_irp()
#define IoReuseIrp(...)	wqc_absent_irp()
#define IoBuildDeviceIoControlRequest(...)	wqc_absent_irp()
#define IoBuildSynchronousFsdRequest(...)	wqc_absent_irp()
#define IoBuildAsynchronousFsdRequest(...)	wqc_absent_irp()
#define IoGetCurrentIrpStackLocation(...)	wqc_absent_irp()
#define IoGetNextIrpStackLocation(...)	wqc_absent_irp()
#define IoSkipCurrentIrpStackLocation(...)	wqc_absent_irp()
#define IoCopyCurrentIrpStackLocationToNext(...)	wqc_absent_irp()
#define IoSetCompletionRoutine(...)	wqc_absent_irp()
#define IoSetCompletionRoutineEx(...)	wqc_absent_irp()
#define IoMarkIrpPending(...)	wqc_absent_irp()
#define IoCancelIrp(...)	wqc_absent_irp()
#define IoSetCancelRoutine(...)	wqc_absent_irp()
#define IoAcquireCancelSpinLock(...)	wqc_absent_irp()
#define IoReleaseCancelSpinLock(...)	wqc_absent_irp()
#define IoStartPacket(...)	wqc_absent_irp()
#define IoStartNextPacket(...)	wqc_absent_irp()
#define IoCsqInitialize(...)	wqc_absent_irp()
#define IoCsqInsertIrp(...)	wqc_absent_irp()
#define IoCsqRemoveNextIrp(...)	wqc_absent_irp()
#define IoAcquireRemoveLock(...)	wqc_absent_irp()
#define IoReleaseRemoveLock(...)	wqc_absent_irp()
#define IoReleaseRemoveLockAndWait(...)	wqc_absent_irp()
#define IoInitializeRemoveLock(...)	wqc_absent_irp()

/* ---- names and stacks of devices --------------------------------------------- */
LONG_PTR wqc_absent_namespace(void) __compiletime_error("the Windows namespace and device stacks are not here: see docs/porting.md");
#define IoCreateSymbolicLink(...)	wqc_absent_namespace()
#define IoDeleteSymbolicLink(...)	wqc_absent_namespace()
#define IoAttachDevice(...)	wqc_absent_namespace()
#define IoAttachDeviceToDeviceStack(...)	wqc_absent_namespace()
#define IoDetachDevice(...)	wqc_absent_namespace()
#define IoGetDeviceObjectPointer(...)	wqc_absent_namespace()
#define IoRegisterDeviceInterface(...)	wqc_absent_namespace()
#define IoSetDeviceInterfaceState(...)	wqc_absent_namespace()
#define IoRegisterFileSystem(...)	wqc_absent_namespace()
#define IoUnregisterFileSystem(...)	wqc_absent_namespace()
#define IoRegisterShutdownNotification(...)	wqc_absent_namespace()
#define IoConnectInterrupt(...)	wqc_absent_namespace()
#define IoDisconnectInterrupt(...)	wqc_absent_namespace()
#define IoRegisterPlugPlayNotification(...)	wqc_absent_namespace()
#define PoCallDriver(...)	wqc_absent_namespace()
#define PoStartNextPowerIrp(...)	wqc_absent_namespace()
#define PoSetPowerState(...)	wqc_absent_namespace()

/* ---- MDLs and address spaces ------------------------------------------------- */
LONG_PTR wqc_absent_mdl(void) __compiletime_error("MDLs and Mm are not here: see docs/porting.md");
#define IoAllocateMdl(...)	wqc_absent_mdl()
#define IoFreeMdl(...)	wqc_absent_mdl()
#define IoBuildPartialMdl(...)	wqc_absent_mdl()
#define MmBuildMdlForNonPagedPool(...)	wqc_absent_mdl()
#define MmProbeAndLockPages(...)	wqc_absent_mdl()
#define MmUnlockPages(...)	wqc_absent_mdl()
#define MmGetSystemAddressForMdl(...)	wqc_absent_mdl()
#define MmGetSystemAddressForMdlSafe(...)	wqc_absent_mdl()
#define MmGetMdlVirtualAddress(...)	wqc_absent_mdl()
#define MmGetMdlByteCount(...)	wqc_absent_mdl()
#define MmMapLockedPages(...)	wqc_absent_mdl()
#define MmMapLockedPagesSpecifyCache(...)	wqc_absent_mdl()
#define MmUnmapLockedPages(...)	wqc_absent_mdl()
#define MmMapIoSpace(...)	wqc_absent_mdl()
#define MmUnmapIoSpace(...)	wqc_absent_mdl()
#define MmAllocateContiguousMemory(...)	wqc_absent_mdl()
#define MmFreeContiguousMemory(...)	wqc_absent_mdl()
#define MmGetPhysicalAddress(...)	wqc_absent_mdl()
#define MmIsAddressValid(...)	wqc_absent_mdl()
#define ProbeForRead(...)	wqc_absent_mdl()
#define ProbeForWrite(...)	wqc_absent_mdl()

/* ---- the cache manager and file systems' run-time library -------------------- */
LONG_PTR wqc_absent_cc(void) __compiletime_error("Cc and FsRtl are not here: see docs/porting.md");
#define CcInitializeCacheMap(...)	wqc_absent_cc()
#define CcUninitializeCacheMap(...)	wqc_absent_cc()
#define CcCopyRead(...)	wqc_absent_cc()
#define CcCopyWrite(...)	wqc_absent_cc()
#define CcFlushCache(...)	wqc_absent_cc()
#define CcPurgeCacheSection(...)	wqc_absent_cc()
#define CcSetFileSizes(...)	wqc_absent_cc()
#define CcDeferWrite(...)	wqc_absent_cc()
#define CcCanIWrite(...)	wqc_absent_cc()
#define CcMdlRead(...)	wqc_absent_cc()
#define CcMdlReadComplete(...)	wqc_absent_cc()
#define FsRtlIsNtstatusExpected(...)	wqc_absent_cc()
#define FsRtlNotifyInitializeSync(...)	wqc_absent_cc()
#define FsRtlPostStackOverflow(...)	wqc_absent_cc()
#define FsRtlInitializeFileLock(...)	wqc_absent_cc()
#define FsRtlRegisterUncProvider(...)	wqc_absent_cc()

/* ---- Zw: files, keys, sections ----------------------------------------------- */
LONG_PTR wqc_absent_zw(void) __compiletime_error("Zw calls other than ZwClose of a thread's handle are not here: see docs/porting.md");
#define ZwCreateFile(...)	wqc_absent_zw()
#define ZwOpenFile(...)	wqc_absent_zw()
#define ZwReadFile(...)	wqc_absent_zw()
#define ZwWriteFile(...)	wqc_absent_zw()
#define ZwDeleteFile(...)	wqc_absent_zw()
#define ZwQueryInformationFile(...)	wqc_absent_zw()
#define ZwSetInformationFile(...)	wqc_absent_zw()
#define ZwQueryDirectoryFile(...)	wqc_absent_zw()
#define ZwDeviceIoControlFile(...)	wqc_absent_zw()
#define ZwFsControlFile(...)	wqc_absent_zw()
#define ZwCreateKey(...)	wqc_absent_zw()
#define ZwOpenKey(...)	wqc_absent_zw()
#define ZwQueryValueKey(...)	wqc_absent_zw()
#define ZwSetValueKey(...)	wqc_absent_zw()
#define ZwDeleteKey(...)	wqc_absent_zw()
#define ZwEnumerateKey(...)	wqc_absent_zw()
#define ZwEnumerateValueKey(...)	wqc_absent_zw()
#define ZwFlushKey(...)	wqc_absent_zw()
#define ZwCreateSection(...)	wqc_absent_zw()
#define ZwOpenSection(...)	wqc_absent_zw()
#define ZwMapViewOfSection(...)	wqc_absent_zw()
#define ZwUnmapViewOfSection(...)	wqc_absent_zw()
#define ZwCreateEvent(...)	wqc_absent_zw()
#define ZwSetEvent(...)	wqc_absent_zw()
#define ZwWaitForSingleObject(...)	wqc_absent_zw()
#define ZwOpenProcess(...)	wqc_absent_zw()
#define ZwTerminateProcess(...)	wqc_absent_zw()
#define ZwAllocateVirtualMemory(...)	wqc_absent_zw()
#define ZwFreeVirtualMemory(...)	wqc_absent_zw()
#define ZwQuerySystemInformation(...)	wqc_absent_zw()
#define ZwLoadDriver(...)	wqc_absent_zw()
#define ZwUnloadDriver(...)	wqc_absent_zw()
#define RtlQueryRegistryValues(...)	wqc_absent_zw()
#define RtlWriteRegistryValue(...)	wqc_absent_zw()
#define RtlCheckRegistryKey(...)	wqc_absent_zw()

/* ---- resources --------------------------------------------------------------- */
LONG_PTR wqc_absent_resource(void) __compiletime_error("ERESOURCE is not here: see docs/porting.md");
#define ExInitializeResourceLite(...)	wqc_absent_resource()
#define ExDeleteResourceLite(...)	wqc_absent_resource()
#define ExReinitializeResourceLite(...)	wqc_absent_resource()
#define ExAcquireResourceExclusiveLite(...)	wqc_absent_resource()
#define ExAcquireResourceSharedLite(...)	wqc_absent_resource()
#define ExAcquireSharedStarveExclusive(...)	wqc_absent_resource()
#define ExAcquireSharedWaitForExclusive(...)	wqc_absent_resource()
#define ExReleaseResourceLite(...)	wqc_absent_resource()
#define ExReleaseResourceForThreadLite(...)	wqc_absent_resource()
#define ExConvertExclusiveToSharedLite(...)	wqc_absent_resource()
#define ExIsResourceAcquiredExclusiveLite(...)	wqc_absent_resource()
#define ExIsResourceAcquiredSharedLite(...)	wqc_absent_resource()

/* ---- exceptions -------------------------------------------------------------- */
LONG_PTR wqc_absent_exception(void) __compiletime_error("exceptions are not here: see docs/porting.md");
#define ExRaiseStatus(...)	wqc_absent_exception()
#define ExRaiseAccessViolation(...)	wqc_absent_exception()
#define ExRaiseDatatypeMisalignment(...)	wqc_absent_exception()
#define FsRtlNormalizeNtstatus(...)	wqc_absent_exception()
#define GetExceptionCode(...)	wqc_absent_exception()
#define GetExceptionInformation(...)	wqc_absent_exception()
#define AbnormalTermination(...)	wqc_absent_exception()

#endif /* WQC_NT_ABSENT_H */
