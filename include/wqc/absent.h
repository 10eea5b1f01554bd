/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Calls that are not implemented. The compiler prints the text of the attribute, and the line of
 * the source that makes the call.
 */
#ifndef NTC_ABSENT_H
#define NTC_ABSENT_H

#include <linux/compiler.h>

#include "../ntdef.h"

/* ---- queues of the I/O manager ------------------------------------------ */
LONG_PTR ntc_absent_irp(void)
	__compiletime_error("device queues are not implemented: see docs/porting.md");
#define IoStartPacket(...)	ntc_absent_irp()
#define IoStartNextPacket(...)	ntc_absent_irp()

/* ---- PnP, power, interrupts, timers of devices --------------------------- */
LONG_PTR ntc_absent_namespace(void)
	__compiletime_error("PnP, power and interrupts are not implemented: see docs/porting.md");
#define IoAttachDevice(...)	ntc_absent_namespace()
#define IoRegisterDeviceInterface(...)	ntc_absent_namespace()
#define IoSetDeviceInterfaceState(...)	ntc_absent_namespace()
#define IoRegisterFileSystem(...)	ntc_absent_namespace()
#define IoUnregisterFileSystem(...)	ntc_absent_namespace()
#define IoRegisterShutdownNotification(...)	ntc_absent_namespace()
#define IoConnectInterrupt(...)	ntc_absent_namespace()
#define IoDisconnectInterrupt(...)	ntc_absent_namespace()
#define IoRegisterPlugPlayNotification(...)	ntc_absent_namespace()
#define PoCallDriver(...)	ntc_absent_namespace()
#define PoStartNextPowerIrp(...)	ntc_absent_namespace()
#define PoSetPowerState(...)	ntc_absent_namespace()
#define IoAllocateDriverObjectExtension(...)	ntc_absent_namespace()
#define IoGetDriverObjectExtension(...)	ntc_absent_namespace()
#define IoGetDeviceProperty(...)	ntc_absent_namespace()
#define IoInitializeTimer(...)	ntc_absent_namespace()
#define IoStartTimer(...)	ntc_absent_namespace()
#define IoStopTimer(...)	ntc_absent_namespace()

/* ---- MDLs of pageable memory, and address spaces ------------------------ */
LONG_PTR ntc_absent_mdl(void)
	__compiletime_error("MDLs of pageable memory, and Mm, are not implemented: see docs/porting.md");
#define MmProbeAndLockPages(...)	ntc_absent_mdl()
#define MmUnlockPages(...)	ntc_absent_mdl()
#define MmMapIoSpace(...)	ntc_absent_mdl()
#define MmUnmapIoSpace(...)	ntc_absent_mdl()
#define MmAllocateContiguousMemory(...)	ntc_absent_mdl()
#define MmFreeContiguousMemory(...)	ntc_absent_mdl()
#define MmGetPhysicalAddress(...)	ntc_absent_mdl()
#define MmIsAddressValid(...)	ntc_absent_mdl()
#define ProbeForRead(...)	ntc_absent_mdl()
#define ProbeForWrite(...)	ntc_absent_mdl()

/* ---- the cache manager and file systems' run-time library -------------- */
LONG_PTR ntc_absent_cc(void)
	__compiletime_error("Cc and FsRtl are not implemented: see docs/porting.md");
#define CcInitializeCacheMap(...)	ntc_absent_cc()
#define CcUninitializeCacheMap(...)	ntc_absent_cc()
#define CcCopyRead(...)	ntc_absent_cc()
#define CcCopyWrite(...)	ntc_absent_cc()
#define CcFlushCache(...)	ntc_absent_cc()
#define CcPurgeCacheSection(...)	ntc_absent_cc()
#define CcSetFileSizes(...)	ntc_absent_cc()
#define CcDeferWrite(...)	ntc_absent_cc()
#define CcCanIWrite(...)	ntc_absent_cc()
#define CcMdlRead(...)	ntc_absent_cc()
#define CcMdlReadComplete(...)	ntc_absent_cc()
#define FsRtlIsNtstatusExpected(...)	ntc_absent_cc()
#define FsRtlNotifyInitializeSync(...)	ntc_absent_cc()
#define FsRtlInitializeFileLock(...)	ntc_absent_cc()
#define FsRtlRegisterUncProvider(...)	ntc_absent_cc()

/* ---- Zw: files, keys, sections ----------------------------------------- */
LONG_PTR ntc_absent_zw(void)
	__compiletime_error("only ZwClose of the Zw calls is implemented: see docs/porting.md");
#define ZwCreateFile(...)	ntc_absent_zw()
#define ZwOpenFile(...)	ntc_absent_zw()
#define ZwReadFile(...)	ntc_absent_zw()
#define ZwWriteFile(...)	ntc_absent_zw()
#define ZwDeleteFile(...)	ntc_absent_zw()
#define ZwQueryInformationFile(...)	ntc_absent_zw()
#define ZwSetInformationFile(...)	ntc_absent_zw()
#define ZwQueryDirectoryFile(...)	ntc_absent_zw()
#define ZwDeviceIoControlFile(...)	ntc_absent_zw()
#define ZwFsControlFile(...)	ntc_absent_zw()
#define ZwCreateKey(...)	ntc_absent_zw()
#define ZwOpenKey(...)	ntc_absent_zw()
#define ZwQueryValueKey(...)	ntc_absent_zw()
#define ZwSetValueKey(...)	ntc_absent_zw()
#define ZwDeleteKey(...)	ntc_absent_zw()
#define ZwEnumerateKey(...)	ntc_absent_zw()
#define ZwEnumerateValueKey(...)	ntc_absent_zw()
#define ZwFlushKey(...)	ntc_absent_zw()
#define ZwCreateSection(...)	ntc_absent_zw()
#define ZwOpenSection(...)	ntc_absent_zw()
#define ZwMapViewOfSection(...)	ntc_absent_zw()
#define ZwUnmapViewOfSection(...)	ntc_absent_zw()
#define ZwCreateEvent(...)	ntc_absent_zw()
#define ZwSetEvent(...)	ntc_absent_zw()
#define ZwWaitForSingleObject(...)	ntc_absent_zw()
#define ZwOpenProcess(...)	ntc_absent_zw()
#define ZwTerminateProcess(...)	ntc_absent_zw()
#define ZwAllocateVirtualMemory(...)	ntc_absent_zw()
#define ZwFreeVirtualMemory(...)	ntc_absent_zw()
#define ZwQuerySystemInformation(...)	ntc_absent_zw()
#define ZwLoadDriver(...)	ntc_absent_zw()
#define ZwUnloadDriver(...)	ntc_absent_zw()
#define RtlQueryRegistryValues(...)	ntc_absent_zw()
#define RtlWriteRegistryValue(...)	ntc_absent_zw()
#define RtlCheckRegistryKey(...)	ntc_absent_zw()

/* ---- formats of UTF-16; RtlStringCbPrintfA() formats bytes ------------- */
LONG_PTR ntc_absent_format(void)
	__compiletime_error("formats of UTF-16 are not implemented: see docs/porting.md");
#define RtlStringCchPrintfW(...)	ntc_absent_format()
#define RtlStringCbPrintfW(...)	ntc_absent_format()
#define RtlStringCchVPrintfW(...)	ntc_absent_format()
#define RtlStringCbVPrintfW(...)	ntc_absent_format()
#define RtlUnicodeStringPrintf(...)	ntc_absent_format()

/* ---- exceptions -------------------------------------------------------- */
LONG_PTR ntc_absent_exception(void)
	__compiletime_error("exceptions are not implemented: see docs/porting.md");
#define ExRaiseStatus(...)	ntc_absent_exception()
#define ExRaiseAccessViolation(...)	ntc_absent_exception()
#define ExRaiseDatatypeMisalignment(...)	ntc_absent_exception()
#define FsRtlNormalizeNtstatus(...)	ntc_absent_exception()
#define GetExceptionCode(...)	ntc_absent_exception()
#define GetExceptionInformation(...)	ntc_absent_exception()
#define AbnormalTermination(...)	ntc_absent_exception()

#endif /* NTC_ABSENT_H */
