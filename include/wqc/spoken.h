/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Calls that are not implemented. They compile; one that is made reports itself and its caller
 * (nt/absent.c), once for each place, and returns the last argument: STATUS_NOT_SUPPORTED, NULL,
 * FALSE or 0. NTC_SPOKEN_RAISES() are those that raise an exception, with its status: each call is
 * reported, and ends the thread (nt/client_calls.h). The build lists those of a driver
 * (scripts/client-calls.sh). With WQC_STRICT=1 the compiler refuses each.
 *
 * scripts/client-calls.sh reads this file: an entry begins a line, and its continuation lines begin
 * with a tab.
 */
#ifndef NTC_SPOKEN_H
#define NTC_SPOKEN_H

#include "types.h"
#include "values.h"

#ifdef WQC_STRICT
#define NTC_SPOKEN(type, name, parameters, result)			\
	type NTAPI name parameters					\
	__attribute__((__error__("this call is not implemented: see docs/porting.md")));
#else
#define NTC_SPOKEN(type, name, parameters, result)	type NTAPI name parameters;
#endif
#define NTC_SPOKEN_RAISES(type, name, parameters, status) NTC_SPOKEN(type, name, parameters, status)

struct _CM_PARTIAL_RESOURCE_DESCRIPTOR;
struct _CREATE_DISK;
struct _DEVICE_OBJECT;
struct _DISK_GEOMETRY_EX;
struct _DRIVER_OBJECT;
struct _DRIVE_LAYOUT_INFORMATION;
struct _DRIVE_LAYOUT_INFORMATION_EX;
struct _ECP_LIST;
struct _FILE_OBJECT;
struct _IO_RESOURCE_DESCRIPTOR;
struct _IRP;
struct _SET_PARTITION_INFORMATION_EX;

NTC_SPOKEN(BOOLEAN, CcCanIWrite, (PFILE_OBJECT FileObject, ULONG BytesToWrite, BOOLEAN Wait,
	 BOOLEAN Retrying), FALSE)
NTC_SPOKEN(VOID, CcCoherencyFlushAndPurgeCache, (PSECTION_OBJECT_POINTERS SectionObjectPointer,
	 PLARGE_INTEGER FileOffset, ULONG Length, PIO_STATUS_BLOCK IoStatus, ULONG Flags),
	 0)
NTC_SPOKEN(BOOLEAN, CcCopyRead, (PFILE_OBJECT FileObject, PLARGE_INTEGER FileOffset, ULONG Length,
	 BOOLEAN Wait, PVOID Buffer, PIO_STATUS_BLOCK IoStatus), FALSE)
NTC_SPOKEN(BOOLEAN, CcCopyWrite, (PFILE_OBJECT FileObject, PLARGE_INTEGER FileOffset, ULONG
	 Length, BOOLEAN Wait, PVOID Buffer), FALSE)
NTC_SPOKEN(BOOLEAN, CcCopyWriteWontFlush, (PFILE_OBJECT FileObject, PLARGE_INTEGER FileOffset,
	 ULONG Length), FALSE)
NTC_SPOKEN(VOID, CcDeferWrite, (PFILE_OBJECT FileObject, PCC_POST_DEFERRED_WRITE PostRoutine,
	 PVOID Context1, PVOID Context2, ULONG BytesToWrite, BOOLEAN Retrying), 0)
NTC_SPOKEN(VOID, CcFastCopyRead, (PFILE_OBJECT FileObject, ULONG FileOffset, ULONG Length, ULONG
	 PageCount, PVOID Buffer, PIO_STATUS_BLOCK IoStatus), 0)
NTC_SPOKEN(VOID, CcFastCopyWrite, (PFILE_OBJECT FileObject, ULONG FileOffset, ULONG Length, PVOID
	 Buffer), 0)
NTC_SPOKEN(VOID, CcFlushCache, (PSECTION_OBJECT_POINTERS SectionObjectPointer, PLARGE_INTEGER
	 FileOffset, ULONG Length, PIO_STATUS_BLOCK IoStatus), 0)
NTC_SPOKEN(LARGE_INTEGER, CcGetDirtyPages, (PVOID LogHandle, PDIRTY_PAGE_ROUTINE DirtyPageRoutine,
	 PVOID Context1, PVOID Context2), 0)
NTC_SPOKEN(PFILE_OBJECT, CcGetFileObjectFromBcb, (PVOID Bcb), NULL)
NTC_SPOKEN(PFILE_OBJECT, CcGetFileObjectFromSectionPtrs, (PSECTION_OBJECT_POINTERS
	 SectionObjectPointer), NULL)
NTC_SPOKEN(PFILE_OBJECT, CcGetFileObjectFromSectionPtrsRef, (PSECTION_OBJECT_POINTERS
	 SectionObjectPointer), NULL)
NTC_SPOKEN(LARGE_INTEGER, CcGetFlushedValidData, (PSECTION_OBJECT_POINTERS SectionObjectPointer,
	 BOOLEAN BcbListHeld), 0)
NTC_SPOKEN(LARGE_INTEGER, CcGetLsnForFileObject, (PFILE_OBJECT FileObject, PLARGE_INTEGER
	 OldestLsn), 0)
NTC_SPOKEN(VOID, CcInitializeCacheMap, (PFILE_OBJECT FileObject, PCC_FILE_SIZES FileSizes, BOOLEAN
	 PinAccess, PCACHE_MANAGER_CALLBACKS Callbacks, PVOID LazyWriteContext), 0)
NTC_SPOKEN(BOOLEAN, CcIsThereDirtyData, (PVPB Vpb), FALSE)
NTC_SPOKEN(BOOLEAN, CcIsThereDirtyDataEx, (PVPB Vpb, PULONG NumberOfDirtyPages), FALSE)
NTC_SPOKEN(BOOLEAN, CcMapData, (PFILE_OBJECT FileObject, PLARGE_INTEGER FileOffset, ULONG Length,
	 ULONG Flags, PVOID *Bcb, PVOID *Buffer), FALSE)
NTC_SPOKEN(VOID, CcMdlRead, (PFILE_OBJECT FileObject, PLARGE_INTEGER FileOffset, ULONG Length,
	 PMDL *MdlChain, PIO_STATUS_BLOCK IoStatus), 0)
NTC_SPOKEN(VOID, CcMdlReadComplete, (PFILE_OBJECT FileObject, PMDL MdlChain), 0)
NTC_SPOKEN(VOID, CcMdlWriteAbort, (PFILE_OBJECT FileObject, PMDL MdlChain), 0)
NTC_SPOKEN(VOID, CcMdlWriteComplete, (PFILE_OBJECT FileObject, PLARGE_INTEGER FileOffset, PMDL
	 MdlChain), 0)
NTC_SPOKEN(BOOLEAN, CcPinMappedData, (PFILE_OBJECT FileObject, PLARGE_INTEGER FileOffset, ULONG
	 Length, ULONG Flags, PVOID *Bcb), FALSE)
NTC_SPOKEN(BOOLEAN, CcPinRead, (PFILE_OBJECT FileObject, PLARGE_INTEGER FileOffset, ULONG Length,
	 ULONG Flags, PVOID *Bcb, PVOID *Buffer), FALSE)
NTC_SPOKEN(VOID, CcPrepareMdlWrite, (PFILE_OBJECT FileObject, PLARGE_INTEGER FileOffset, ULONG
	 Length, PMDL *MdlChain, PIO_STATUS_BLOCK IoStatus), 0)
NTC_SPOKEN(BOOLEAN, CcPreparePinWrite, (PFILE_OBJECT FileObject, PLARGE_INTEGER FileOffset, ULONG
	 Length, BOOLEAN Zero, ULONG Flags, PVOID *Bcb, PVOID *Buffer), FALSE)
NTC_SPOKEN(BOOLEAN, CcPurgeCacheSection, (PSECTION_OBJECT_POINTERS SectionObjectPointer,
	 PLARGE_INTEGER FileOffset, ULONG Length, ULONG Flags), FALSE)
NTC_SPOKEN(PVOID, CcRemapBcb, (PVOID Bcb), NULL)
NTC_SPOKEN(VOID, CcRepinBcb, (PVOID Bcb), 0)
NTC_SPOKEN(VOID, CcScheduleReadAhead, (PFILE_OBJECT FileObject, PLARGE_INTEGER FileOffset, ULONG
	 Length), 0)
NTC_SPOKEN(VOID, CcSetAdditionalCacheAttributes, (PFILE_OBJECT FileObject, BOOLEAN
	 DisableReadAhead, BOOLEAN DisableWriteBehind), 0)
NTC_SPOKEN(VOID, CcSetBcbOwnerPointer, (PVOID Bcb, PVOID OwnerPointer), 0)
NTC_SPOKEN(VOID, CcSetDirtyPageThreshold, (PFILE_OBJECT FileObject, ULONG DirtyPageThreshold), 0)
NTC_SPOKEN(VOID, CcSetDirtyPinnedData, (PVOID BcbVoid, PLARGE_INTEGER Lsn), 0)
NTC_SPOKEN(VOID, CcSetFileSizes, (PFILE_OBJECT FileObject, PCC_FILE_SIZES FileSizes), 0)
NTC_SPOKEN(NTSTATUS, CcSetFileSizesEx, (PFILE_OBJECT FileObject, PCC_FILE_SIZES FileSizes),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(VOID, CcSetLogHandleForFile, (PFILE_OBJECT FileObject, PVOID LogHandle, PFLUSH_TO_LSN
	 FlushToLsnRoutine), 0)
NTC_SPOKEN(VOID, CcSetParallelFlushFile, (PFILE_OBJECT FileObject, BOOLEAN EnableParallelFlush),
	 0)
NTC_SPOKEN(VOID, CcSetReadAheadGranularity, (PFILE_OBJECT FileObject, ULONG Granularity), 0)
NTC_SPOKEN(BOOLEAN, CcUninitializeCacheMap, (PFILE_OBJECT FileObject, PLARGE_INTEGER TruncateSize,
	 PCACHE_UNINITIALIZE_EVENT UninitializeCompleteEvent), FALSE)
NTC_SPOKEN(VOID, CcUnpinData, (PVOID Bcb), 0)
NTC_SPOKEN(VOID, CcUnpinDataForThread, (PVOID Bcb, ERESOURCE_THREAD ResourceThreadId), 0)
NTC_SPOKEN(VOID, CcUnpinRepinnedBcb, (PVOID Bcb, BOOLEAN WriteThrough, PIO_STATUS_BLOCK IoStatus),
	 0)
NTC_SPOKEN(NTSTATUS, CcWaitForCurrentLazyWriterActivity, (VOID), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(BOOLEAN, CcZeroData, (PFILE_OBJECT FileObject, PLARGE_INTEGER StartOffset,
	 PLARGE_INTEGER EndOffset, BOOLEAN Wait), FALSE)
NTC_SPOKEN(NTSTATUS, CmCallbackGetKeyObjectID, (PLARGE_INTEGER Cookie, PVOID Object, PULONG_PTR
	 ObjectID, PCUNICODE_STRING *ObjectName), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(PVOID, CmGetBoundTransaction, (PLARGE_INTEGER Cookie, PVOID Object), NULL)
NTC_SPOKEN(VOID, CmGetCallbackVersion, (PULONG Major, PULONG Minor), 0)
NTC_SPOKEN(NTSTATUS, CmRegisterCallback, (PEX_CALLBACK_FUNCTION Function, PVOID Context,
	 PLARGE_INTEGER Cookie), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, CmRegisterCallbackEx, (PEX_CALLBACK_FUNCTION Function, PCUNICODE_STRING
	 Altitude, PVOID Driver, PVOID Context, PLARGE_INTEGER Cookie, PVOID Reserved),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, CmSetCallbackObjectContext, (PVOID Object, PLARGE_INTEGER Cookie, PVOID
	 NewContext, PVOID *OldContext), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, CmUnRegisterCallback, (LARGE_INTEGER Cookie), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, EtwActivityIdControl, (ULONG ControlCode, LPGUID ActivityId),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(BOOLEAN, EtwEventEnabled, (REGHANDLE RegHandle, PCEVENT_DESCRIPTOR EventDescriptor),
	 FALSE)
NTC_SPOKEN(BOOLEAN, EtwProviderEnabled, (REGHANDLE RegHandle, UCHAR Level, ULONGLONG Keyword),
	 FALSE)
NTC_SPOKEN(NTSTATUS, EtwRegister, (LPCGUID ProviderId, PETWENABLECALLBACK EnableCallback, PVOID
	 CallbackContext, PREGHANDLE RegHandle), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, EtwUnregister, (REGHANDLE RegHandle), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, EtwWrite, (REGHANDLE RegHandle, PCEVENT_DESCRIPTOR EventDescriptor, LPCGUID
	 ActivityId, ULONG UserDataCount, PEVENT_DATA_DESCRIPTOR UserData),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, EtwWriteEx, (REGHANDLE RegHandle, PCEVENT_DESCRIPTOR EventDescriptor, ULONG64
	 Filter, ULONG Flags, LPCGUID ActivityId, LPCGUID RelatedActivityId, ULONG
	 UserDataCount, PEVENT_DATA_DESCRIPTOR UserData), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, EtwWriteString, (REGHANDLE RegHandle, UCHAR Level, ULONGLONG Keyword, LPCGUID
	 ActivityId, PCWSTR String), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, EtwWriteTransfer, (REGHANDLE RegHandle, PCEVENT_DESCRIPTOR EventDescriptor,
	 LPCGUID ActivityId, LPCGUID RelatedActivityId, ULONG UserDataCount,
	 PEVENT_DATA_DESCRIPTOR UserData), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(BOOLEAN, ExAcquireRundownProtectionCacheAware, (PEX_RUNDOWN_REF_CACHE_AWARE
	 RunRefCacheAware), FALSE)
NTC_SPOKEN(BOOLEAN, ExAcquireRundownProtectionCacheAwareEx, (PEX_RUNDOWN_REF_CACHE_AWARE
	 RunRefCacheAware, ULONG Count), FALSE)
NTC_SPOKEN(VOID, ExAdjustLookasideDepth, (VOID), 0)
NTC_SPOKEN(PEX_RUNDOWN_REF_CACHE_AWARE, ExAllocateCacheAwareRundownProtection, (POOL_TYPE
	 PoolType, ULONG PoolTag), NULL)
NTC_SPOKEN(PVOID, ExAllocatePoolWithQuota, (POOL_TYPE PoolType, SIZE_T NumberOfBytes), NULL)
NTC_SPOKEN(NTSTATUS, ExCreateCallback, (PCALLBACK_OBJECT *CallbackObject, POBJECT_ATTRIBUTES
	 ObjectAttributes, BOOLEAN Create, BOOLEAN AllowMultipleCallbacks),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ExExtendZone, (PZONE_HEADER Zone, PVOID Segment, ULONG SegmentSize),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(VOID, ExFreeCacheAwareRundownProtection, (PEX_RUNDOWN_REF_CACHE_AWARE
	 RunRefCacheAware), 0)
NTC_SPOKEN(KPROCESSOR_MODE, ExGetPreviousMode, (VOID), 0)
NTC_SPOKEN(VOID, ExInitializeRundownProtectionCacheAware, (PEX_RUNDOWN_REF_CACHE_AWARE
	 RunRefCacheAware, SIZE_T RunRefSize), 0)
NTC_SPOKEN(NTSTATUS, ExInitializeZone, (PZONE_HEADER Zone, ULONG BlockSize, PVOID InitialSegment,
	 ULONG InitialSegmentSize), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ExInterlockedExtendZone, (PZONE_HEADER Zone, PVOID Segment, ULONG
	 SegmentSize, PKSPIN_LOCK Lock), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(BOOLEAN, ExIsProcessorFeaturePresent, (ULONG ProcessorFeature), FALSE)
NTC_SPOKEN(VOID, ExNotifyCallback, (PCALLBACK_OBJECT CallbackObject, PVOID Argument1, PVOID
	 Argument2), 0)
NTC_SPOKEN(SIZE_T, ExQueryPoolBlockSize, (PVOID PoolBlock, PBOOLEAN QuotaCharged), 0)
NTC_SPOKEN_RAISES(VOID, ExRaiseAccessViolation, (VOID), STATUS_ACCESS_VIOLATION)
NTC_SPOKEN_RAISES(VOID, ExRaiseDatatypeMisalignment, (VOID), STATUS_DATATYPE_MISALIGNMENT)
NTC_SPOKEN_RAISES(VOID, ExRaiseStatus, (NTSTATUS Status), Status)
NTC_SPOKEN(VOID, ExReInitializeRundownProtectionCacheAware, (PEX_RUNDOWN_REF_CACHE_AWARE
	 RunRefCacheAware), 0)
NTC_SPOKEN(PVOID, ExRegisterCallback, (PCALLBACK_OBJECT CallbackObject, PCALLBACK_FUNCTION
	 CallbackFunction, PVOID CallbackContext), NULL)
NTC_SPOKEN(VOID, ExReleaseRundownProtectionCacheAware, (PEX_RUNDOWN_REF_CACHE_AWARE
	 RunRefCacheAware), 0)
NTC_SPOKEN(VOID, ExReleaseRundownProtectionCacheAwareEx, (PEX_RUNDOWN_REF_CACHE_AWARE RunRef,
	 ULONG Count), 0)
NTC_SPOKEN(VOID, ExRundownCompletedCacheAware, (PEX_RUNDOWN_REF_CACHE_AWARE RunRefCacheAware), 0)
NTC_SPOKEN(ULONG, ExSetTimerResolution, (ULONG DesiredTime, BOOLEAN SetResolution), 0)
NTC_SPOKEN(SIZE_T, ExSizeOfRundownProtectionCacheAware, (VOID), 0)
NTC_SPOKEN(VOID, ExUnregisterCallback, (PVOID CbRegistration), 0)
NTC_SPOKEN(NTSTATUS, ExUuidCreate, (UUID *Uuid), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(BOOLEAN, ExVerifySuite, (SUITE_TYPE SuiteType), FALSE)
NTC_SPOKEN(VOID, ExWaitForRundownProtectionReleaseCacheAware, (PEX_RUNDOWN_REF_CACHE_AWARE
	 RunRef), 0)
NTC_SPOKEN(VOID, FsRtlAcknowledgeEcp, (PVOID EcpContext), 0)
NTC_SPOKEN(VOID, FsRtlAcquireFileExclusive, (PFILE_OBJECT FileObject), 0)
NTC_SPOKEN(BOOLEAN, FsRtlAddBaseMcbEntry, (PBASE_MCB Mcb, LONGLONG Vbn, LONGLONG Lbn, LONGLONG
	 SectorCount), FALSE)
NTC_SPOKEN(NTSTATUS, FsRtlAddBaseMcbEntryEx, (PBASE_MCB Mcb, LONGLONG Vbn, LONGLONG Lbn, LONGLONG
	 SectorCount), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(BOOLEAN, FsRtlAddLargeMcbEntry, (PLARGE_MCB Mcb, LONGLONG Vbn, LONGLONG Lbn, LONGLONG
	 SectorCount), FALSE)
NTC_SPOKEN(BOOLEAN, FsRtlAddMcbEntry, (PMCB Mcb, VBN Vbn, LBN Lbn, ULONG SectorCount), FALSE)
NTC_SPOKEN(VOID, FsRtlAddToTunnelCache, (PTUNNEL Cache, ULONGLONG DirectoryKey, PUNICODE_STRING
	 ShortName, PUNICODE_STRING LongName, BOOLEAN KeyByShortName, ULONG DataLength,
	 PVOID Data), 0)
NTC_SPOKEN(NTSTATUS, FsRtlAllocateExtraCreateParameter, (LPCGUID EcpType, ULONG SizeOfContext,
	 FSRTL_ALLOCATE_ECP_FLAGS Flags, PFSRTL_EXTRA_CREATE_PARAMETER_CLEANUP_CALLBACK
	 CleanupCallback, ULONG PoolTag, PVOID *EcpContext), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, FsRtlAllocateExtraCreateParameterFromLookasideList, (LPCGUID EcpType, ULONG
	 SizeOfContext, FSRTL_ALLOCATE_ECP_FLAGS Flags,
	 PFSRTL_EXTRA_CREATE_PARAMETER_CLEANUP_CALLBACK CleanupCallback, PVOID
	 LookasideList, PVOID *EcpContext), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, FsRtlAllocateExtraCreateParameterList, (FSRTL_ALLOCATE_ECPLIST_FLAGS Flags,
	 PECP_LIST *EcpList), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(PFILE_LOCK, FsRtlAllocateFileLock, (PCOMPLETE_LOCK_IRP_ROUTINE CompleteLockIrpRoutine,
	 PUNLOCK_ROUTINE UnlockRoutine), NULL)
NTC_SPOKEN(PVOID, FsRtlAllocatePool, (POOL_TYPE PoolType, ULONG NumberOfBytes), NULL)
NTC_SPOKEN(PVOID, FsRtlAllocatePoolWithQuota, (POOL_TYPE PoolType, ULONG NumberOfBytes), NULL)
NTC_SPOKEN(PVOID, FsRtlAllocatePoolWithQuotaTag, (POOL_TYPE PoolType, ULONG NumberOfBytes, ULONG
	 Tag), NULL)
NTC_SPOKEN(PVOID, FsRtlAllocatePoolWithTag, (POOL_TYPE PoolType, ULONG NumberOfBytes, ULONG Tag),
	 NULL)
NTC_SPOKEN(PERESOURCE, FsRtlAllocateResource, (VOID), NULL)
NTC_SPOKEN(BOOLEAN, FsRtlAreNamesEqual, (PCUNICODE_STRING Name1, PCUNICODE_STRING Name2, BOOLEAN
	 IgnoreCase, PCWCH UpcaseTable), FALSE)
NTC_SPOKEN(BOOLEAN, FsRtlAreThereCurrentOrInProgressFileLocks, (PFILE_LOCK FileLock), FALSE)
NTC_SPOKEN(BOOLEAN, FsRtlAreVolumeStartupApplicationsComplete, (VOID), FALSE)
NTC_SPOKEN(NTSTATUS, FsRtlBalanceReads, (PDEVICE_OBJECT TargetDevice), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, FsRtlCancellableWaitForMultipleObjects, (ULONG Count, PVOID *ObjectArray,
	 WAIT_TYPE WaitType, PLARGE_INTEGER Timeout, PKWAIT_BLOCK WaitBlockArray, PIRP
	 Irp), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, FsRtlCancellableWaitForSingleObject, (PVOID Object, PLARGE_INTEGER Timeout,
	 PIRP Irp), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, FsRtlChangeBackingFileObject, (PFILE_OBJECT CurrentFileObject, PFILE_OBJECT
	 NewFileObject, FSRTL_CHANGE_BACKING_TYPE ChangeBackingType, ULONG Flags),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(BOOLEAN, FsRtlCheckLockForReadAccess, (PFILE_LOCK FileLock, PIRP Irp), FALSE)
NTC_SPOKEN(BOOLEAN, FsRtlCheckLockForWriteAccess, (PFILE_LOCK FileLock, PIRP Irp), FALSE)
NTC_SPOKEN(NTSTATUS, FsRtlCheckOplock, (POPLOCK Oplock, PIRP Irp, PVOID Context,
	 POPLOCK_WAIT_COMPLETE_ROUTINE CompletionRoutine, POPLOCK_FS_PREPOST_IRP
	 PostIrpRoutine), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, FsRtlCheckOplockEx, (POPLOCK Oplock, PIRP Irp, ULONG Flags, PVOID Context,
	 POPLOCK_WAIT_COMPLETE_ROUTINE CompletionRoutine, POPLOCK_FS_PREPOST_IRP
	 PostIrpRoutine), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(BOOLEAN, FsRtlCopyRead, (PFILE_OBJECT FileObject, PLARGE_INTEGER FileOffset, ULONG
	 Length, BOOLEAN Wait, ULONG LockKey, PVOID Buffer, PIO_STATUS_BLOCK IoStatus,
	 PDEVICE_OBJECT DeviceObject), FALSE)
NTC_SPOKEN(BOOLEAN, FsRtlCopyWrite, (PFILE_OBJECT FileObject, PLARGE_INTEGER FileOffset, ULONG
	 Length, BOOLEAN Wait, ULONG LockKey, PVOID Buffer, PIO_STATUS_BLOCK IoStatus,
	 PDEVICE_OBJECT DeviceObject), FALSE)
NTC_SPOKEN(NTSTATUS, FsRtlCreateSectionForDataScan, (PHANDLE SectionHandle, PVOID *SectionObject,
	 PLARGE_INTEGER SectionFileSize, PFILE_OBJECT FileObject, ACCESS_MASK
	 DesiredAccess, POBJECT_ATTRIBUTES ObjectAttributes, PLARGE_INTEGER MaximumSize,
	 ULONG SectionPageProtection, ULONG AllocationAttributes, ULONG Flags),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(BOOLEAN, FsRtlCurrentBatchOplock, (POPLOCK Oplock), FALSE)
NTC_SPOKEN(BOOLEAN, FsRtlCurrentOplock, (POPLOCK Oplock), FALSE)
NTC_SPOKEN(BOOLEAN, FsRtlCurrentOplockH, (POPLOCK Oplock), FALSE)
NTC_SPOKEN(VOID, FsRtlDeleteExtraCreateParameterLookasideList, (PVOID Lookaside,
	 FSRTL_ECP_LOOKASIDE_FLAGS Flags), 0)
NTC_SPOKEN(VOID, FsRtlDeleteKeyFromTunnelCache, (PTUNNEL Cache, ULONGLONG DirectoryKey), 0)
NTC_SPOKEN(VOID, FsRtlDeleteTunnelCache, (PTUNNEL Cache), 0)
NTC_SPOKEN(VOID, FsRtlDeregisterUncProvider, (HANDLE Handle), 0)
NTC_SPOKEN(VOID, FsRtlDissectDbcs, (ANSI_STRING Name, PANSI_STRING FirstPart, PANSI_STRING
	 RemainingPart), 0)
NTC_SPOKEN(VOID, FsRtlDissectName, (UNICODE_STRING Name, PUNICODE_STRING FirstPart,
	 PUNICODE_STRING RemainingPart), 0)
NTC_SPOKEN(BOOLEAN, FsRtlDoesDbcsContainWildCards, (PANSI_STRING Name), FALSE)
NTC_SPOKEN(BOOLEAN, FsRtlDoesNameContainWildCards, (PUNICODE_STRING Name), FALSE)
NTC_SPOKEN(BOOLEAN, FsRtlFastCheckLockForRead, (PFILE_LOCK FileLock, PLARGE_INTEGER FileOffset,
	 PLARGE_INTEGER Length, ULONG Key, PFILE_OBJECT FileObject, PVOID Process), FALSE)
NTC_SPOKEN(BOOLEAN, FsRtlFastCheckLockForWrite, (PFILE_LOCK FileLock, PLARGE_INTEGER FileOffset,
	 PLARGE_INTEGER Length, ULONG Key, PFILE_OBJECT FileObject, PVOID Process), FALSE)
NTC_SPOKEN(NTSTATUS, FsRtlFastUnlockAll, (PFILE_LOCK FileLock, PFILE_OBJECT FileObject, PEPROCESS
	 Process, PVOID Context), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, FsRtlFastUnlockAllByKey, (PFILE_LOCK FileLock, PFILE_OBJECT FileObject,
	 PEPROCESS Process, ULONG Key, PVOID Context), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, FsRtlFastUnlockSingle, (PFILE_LOCK FileLock, PFILE_OBJECT FileObject,
	 PLARGE_INTEGER FileOffset, PLARGE_INTEGER Length, PEPROCESS Process, ULONG Key,
	 PVOID Context, BOOLEAN AlreadySynchronized), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, FsRtlFindExtraCreateParameter, (PECP_LIST EcpList, LPCGUID EcpType, PVOID
	   *EcpContext, ULONG *EcpContextSize), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(BOOLEAN, FsRtlFindInTunnelCache, (PTUNNEL Cache, ULONGLONG DirectoryKey,
	 PUNICODE_STRING Name, PUNICODE_STRING ShortName, PUNICODE_STRING LongName, PULONG
	 DataLength, PVOID Data), FALSE)
NTC_SPOKEN(VOID, FsRtlFreeExtraCreateParameter, (PVOID EcpContext), 0)
NTC_SPOKEN(VOID, FsRtlFreeExtraCreateParameterList, (PECP_LIST EcpList), 0)
NTC_SPOKEN(VOID, FsRtlFreeFileLock, (PFILE_LOCK FileLock), 0)
NTC_SPOKEN(NTSTATUS, FsRtlGetEcpListFromIrp, (PIRP Irp, PECP_LIST *EcpList), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, FsRtlGetFileSize, (PFILE_OBJECT FileObject, PLARGE_INTEGER FileSize),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(BOOLEAN, FsRtlGetNextBaseMcbEntry, (PBASE_MCB Mcb, ULONG RunIndex, PLONGLONG Vbn,
	 PLONGLONG Lbn, PLONGLONG SectorCount), FALSE)
NTC_SPOKEN(NTSTATUS, FsRtlGetNextExtraCreateParameter, (PECP_LIST EcpList, PVOID
	 CurrentEcpContext, LPGUID NextEcpType, PVOID *NextEcpContext, ULONG
	   *NextEcpContextSize), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(PFILE_LOCK_INFO, FsRtlGetNextFileLock, (PFILE_LOCK FileLock, BOOLEAN Restart), NULL)
NTC_SPOKEN(BOOLEAN, FsRtlGetNextLargeMcbEntry, (PLARGE_MCB Mcb, ULONG RunIndex, PLONGLONG Vbn,
	 PLONGLONG Lbn, PLONGLONG SectorCount), FALSE)
NTC_SPOKEN(BOOLEAN, FsRtlGetNextMcbEntry, (PMCB Mcb, ULONG RunIndex, PVBN Vbn, PLBN Lbn, PULONG
	 SectorCount), FALSE)
NTC_SPOKEN(NTSTATUS, FsRtlGetVirtualDiskNestingLevel, (PDEVICE_OBJECT DeviceObject, PULONG
	 NestingLevel, PULONG NestingFlags), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(VOID, FsRtlIncrementCcFastMdlReadWait, (VOID), 0)
NTC_SPOKEN(VOID, FsRtlIncrementCcFastReadNoWait, (VOID), 0)
NTC_SPOKEN(VOID, FsRtlIncrementCcFastReadNotPossible, (VOID), 0)
NTC_SPOKEN(VOID, FsRtlIncrementCcFastReadResourceMiss, (VOID), 0)
NTC_SPOKEN(VOID, FsRtlIncrementCcFastReadWait, (VOID), 0)
NTC_SPOKEN(VOID, FsRtlInitExtraCreateParameterLookasideList, (PVOID Lookaside,
	 FSRTL_ECP_LOOKASIDE_FLAGS Flags, SIZE_T Size, ULONG Tag), 0)
NTC_SPOKEN(VOID, FsRtlInitializeBaseMcb, (PBASE_MCB Mcb, POOL_TYPE PoolType), 0)
NTC_SPOKEN(BOOLEAN, FsRtlInitializeBaseMcbEx, (PBASE_MCB Mcb, POOL_TYPE PoolType, USHORT Flags),
	 FALSE)
NTC_SPOKEN(VOID, FsRtlInitializeExtraCreateParameter, (PECP_HEADER Ecp, ULONG EcpFlags,
	 PFSRTL_EXTRA_CREATE_PARAMETER_CLEANUP_CALLBACK CleanupCallback, ULONG TotalSize,
	 LPCGUID EcpType, PVOID ListAllocatedFrom), 0)
NTC_SPOKEN(NTSTATUS, FsRtlInitializeExtraCreateParameterList, (PECP_LIST EcpList),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(VOID, FsRtlInitializeFileLock, (PFILE_LOCK FileLock, PCOMPLETE_LOCK_IRP_ROUTINE
	 CompleteLockIrpRoutine, PUNLOCK_ROUTINE UnlockRoutine), 0)
NTC_SPOKEN(VOID, FsRtlInitializeLargeMcb, (PLARGE_MCB Mcb, POOL_TYPE PoolType), 0)
NTC_SPOKEN(VOID, FsRtlInitializeMcb, (PMCB Mcb, POOL_TYPE PoolType), 0)
NTC_SPOKEN(VOID, FsRtlInitializeOplock, (POPLOCK Oplock), 0)
NTC_SPOKEN(VOID, FsRtlInitializeTunnelCache, (PTUNNEL Cache), 0)
NTC_SPOKEN(NTSTATUS, FsRtlInsertExtraCreateParameter, (PECP_LIST EcpList, PVOID EcpContext),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, FsRtlInsertPerFileContext, (PVOID *PerFileContextPointer,
	 PFSRTL_PER_FILE_CONTEXT Ptr), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, FsRtlInsertPerFileObjectContext, (PFILE_OBJECT FileObject,
	 PFSRTL_PER_FILEOBJECT_CONTEXT Ptr), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, FsRtlInsertPerStreamContext, (PFSRTL_ADVANCED_FCB_HEADER PerStreamContext,
	 PFSRTL_PER_STREAM_CONTEXT Ptr), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(BOOLEAN, FsRtlIsDbcsInExpression, (PANSI_STRING Expression, PANSI_STRING Name), FALSE)
NTC_SPOKEN(BOOLEAN, FsRtlIsEcpAcknowledged, (PVOID EcpContext), FALSE)
NTC_SPOKEN(BOOLEAN, FsRtlIsEcpFromUserMode, (PVOID EcpContext), FALSE)
NTC_SPOKEN(BOOLEAN, FsRtlIsFatDbcsLegal, (ANSI_STRING DbcsName, BOOLEAN WildCardsPermissible,
	 BOOLEAN PathNamePermissible, BOOLEAN LeadingBackslashPermissible), FALSE)
NTC_SPOKEN(BOOLEAN, FsRtlIsHpfsDbcsLegal, (ANSI_STRING DbcsName, BOOLEAN WildCardsPermissible,
	 BOOLEAN PathNamePermissible, BOOLEAN LeadingBackslashPermissible), FALSE)
NTC_SPOKEN(BOOLEAN, FsRtlIsNameInExpression, (PUNICODE_STRING Expression, PUNICODE_STRING Name,
	 BOOLEAN IgnoreCase, PWCHAR UpcaseTable), FALSE)
NTC_SPOKEN(LOGICAL, FsRtlIsPagingFile, (PFILE_OBJECT FileObject), 0)
NTC_SPOKEN(BOOLEAN, FsRtlIsTotalDeviceFailure, (NTSTATUS Status), FALSE)
NTC_SPOKEN(NTSTATUS, FsRtlLogCcFlushError, (PUNICODE_STRING FileName, PDEVICE_OBJECT DeviceObject,
	 PSECTION_OBJECT_POINTERS SectionObjectPointer, NTSTATUS FlushError, ULONG Flags),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(BOOLEAN, FsRtlLookupBaseMcbEntry, (PBASE_MCB Mcb, LONGLONG Vbn, PLONGLONG Lbn,
	 PLONGLONG SectorCountFromLbn, PLONGLONG StartingLbn, PLONGLONG
	 SectorCountFromStartingLbn, PULONG Index), FALSE)
NTC_SPOKEN(BOOLEAN, FsRtlLookupLargeMcbEntry, (PLARGE_MCB Mcb, LONGLONG Vbn, PLONGLONG Lbn,
	 PLONGLONG SectorCountFromLbn, PLONGLONG StartingLbn, PLONGLONG
	 SectorCountFromStartingLbn, PULONG Index), FALSE)
NTC_SPOKEN(BOOLEAN, FsRtlLookupLastBaseMcbEntry, (PBASE_MCB Mcb, PLONGLONG Vbn, PLONGLONG Lbn),
	 FALSE)
NTC_SPOKEN(BOOLEAN, FsRtlLookupLastBaseMcbEntryAndIndex, (PBASE_MCB OpaqueMcb, PLONGLONG LargeVbn,
	 PLONGLONG LargeLbn, PULONG Index), FALSE)
NTC_SPOKEN(BOOLEAN, FsRtlLookupLastLargeMcbEntry, (PLARGE_MCB Mcb, PLONGLONG Vbn, PLONGLONG Lbn),
	 FALSE)
NTC_SPOKEN(BOOLEAN, FsRtlLookupLastLargeMcbEntryAndIndex, (PLARGE_MCB OpaqueMcb, PLONGLONG
	 LargeVbn, PLONGLONG LargeLbn, PULONG Index), FALSE)
NTC_SPOKEN(BOOLEAN, FsRtlLookupLastMcbEntry, (PMCB Mcb, PVBN Vbn, PLBN Lbn), FALSE)
NTC_SPOKEN(BOOLEAN, FsRtlLookupMcbEntry, (PMCB Mcb, VBN Vbn, PLBN Lbn, PULONG SectorCount, PULONG
	 Index), FALSE)
NTC_SPOKEN(PFSRTL_PER_FILE_CONTEXT, FsRtlLookupPerFileContext, (PVOID *PerFileContextPointer,
	 PVOID OwnerId, PVOID InstanceId), NULL)
NTC_SPOKEN(PFSRTL_PER_FILEOBJECT_CONTEXT, FsRtlLookupPerFileObjectContext, (PFILE_OBJECT
	 FileObject, PVOID OwnerId, PVOID InstanceId), NULL)
NTC_SPOKEN(PFSRTL_PER_STREAM_CONTEXT, FsRtlLookupPerStreamContextInternal,
	   (PFSRTL_ADVANCED_FCB_HEADER StreamContext, PVOID OwnerId, PVOID InstanceId), NULL)
NTC_SPOKEN(BOOLEAN, FsRtlMdlReadComplete, (PFILE_OBJECT FileObject, PMDL MdlChain), FALSE)
NTC_SPOKEN(BOOLEAN, FsRtlMdlReadCompleteDev, (PFILE_OBJECT FileObject, PMDL MdlChain,
	 PDEVICE_OBJECT DeviceObject), FALSE)
NTC_SPOKEN(BOOLEAN, FsRtlMdlReadDev, (PFILE_OBJECT FileObject, PLARGE_INTEGER FileOffset, ULONG
	 Length, ULONG LockKey, PMDL *MdlChain, PIO_STATUS_BLOCK IoStatus, PDEVICE_OBJECT
	 DeviceObject), FALSE)
NTC_SPOKEN(BOOLEAN, FsRtlMdlWriteComplete, (PFILE_OBJECT FileObject, PLARGE_INTEGER FileOffset,
	 PMDL MdlChain), FALSE)
NTC_SPOKEN(BOOLEAN, FsRtlMdlWriteCompleteDev, (PFILE_OBJECT FileObject, PLARGE_INTEGER FileOffset,
	 PMDL MdlChain, PDEVICE_OBJECT DeviceObject), FALSE)
NTC_SPOKEN(NTSTATUS, FsRtlMupGetProviderIdFromName, (PUNICODE_STRING pProviderName, PULONG32
	 pProviderId), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, FsRtlMupGetProviderInfoFromFileObject, (PFILE_OBJECT pFileObject, ULONG
	 Level, PVOID pBuffer, PULONG pBufferSize), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, FsRtlNormalizeNtstatus, (NTSTATUS Exception, NTSTATUS GenericException),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(VOID, FsRtlNotifyChangeDirectory, (PNOTIFY_SYNC NotifySync, PVOID FsContext, PSTRING
	 FullDirectoryName, PLIST_ENTRY NotifyList, BOOLEAN WatchTree, ULONG
	 CompletionFilter, PIRP NotifyIrp), 0)
NTC_SPOKEN(VOID, FsRtlNotifyCleanup, (PNOTIFY_SYNC NotifySync, PLIST_ENTRY NotifyList, PVOID
	 FsContext), 0)
NTC_SPOKEN(VOID, FsRtlNotifyCleanupAll, (PNOTIFY_SYNC NotifySync, PLIST_ENTRY NotifyList), 0)
NTC_SPOKEN(VOID, FsRtlNotifyFilterChangeDirectory, (PNOTIFY_SYNC NotifySync, PLIST_ENTRY
	 NotifyList, PVOID FsContext, PSTRING FullDirectoryName, BOOLEAN WatchTree, BOOLEAN
	 IgnoreBuffer, ULONG CompletionFilter, PIRP NotifyIrp, PCHECK_FOR_TRAVERSE_ACCESS
	 TraverseCallback, PSECURITY_SUBJECT_CONTEXT SubjectContext, PFILTER_REPORT_CHANGE
	 FilterCallback), 0)
NTC_SPOKEN(VOID, FsRtlNotifyFilterReportChange, (PNOTIFY_SYNC NotifySync, PLIST_ENTRY NotifyList,
	 PSTRING FullTargetName, USHORT TargetNameOffset, PSTRING StreamName, PSTRING
	 NormalizedParentName, ULONG FilterMatch, ULONG Action, PVOID TargetContext, PVOID
	 FilterContext), 0)
NTC_SPOKEN(VOID, FsRtlNotifyFullChangeDirectory, (PNOTIFY_SYNC NotifySync, PLIST_ENTRY NotifyList,
	 PVOID FsContext, PSTRING FullDirectoryName, BOOLEAN WatchTree, BOOLEAN
	 IgnoreBuffer, ULONG CompletionFilter, PIRP NotifyIrp, PCHECK_FOR_TRAVERSE_ACCESS
	 TraverseCallback, PSECURITY_SUBJECT_CONTEXT SubjectContext), 0)
NTC_SPOKEN(VOID, FsRtlNotifyFullReportChange, (PNOTIFY_SYNC NotifySync, PLIST_ENTRY NotifyList,
	 PSTRING FullTargetName, USHORT TargetNameOffset, PSTRING StreamName, PSTRING
	 NormalizedParentName, ULONG FilterMatch, ULONG Action, PVOID TargetContext), 0)
NTC_SPOKEN(VOID, FsRtlNotifyInitializeSync, (PNOTIFY_SYNC *NotifySync), 0)
NTC_SPOKEN(NTSTATUS, FsRtlNotifyStreamFileObject, (struct _FILE_OBJECT *StreamFileObject, struct
	 _DEVICE_OBJECT *DeviceObjectHint, FS_FILTER_STREAM_FO_NOTIFICATION_TYPE
	 NotificationType, BOOLEAN SafeToRecurse), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(VOID, FsRtlNotifyUninitializeSync, (PNOTIFY_SYNC *NotifySync), 0)
NTC_SPOKEN(NTSTATUS, FsRtlNotifyVolumeEvent, (PFILE_OBJECT FileObject, ULONG EventCode),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, FsRtlNotifyVolumeEventEx, (PFILE_OBJECT FileObject, ULONG EventCode,
	 PTARGET_DEVICE_CUSTOM_NOTIFICATION Event), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(ULONG, FsRtlNumberOfRunsInBaseMcb, (PBASE_MCB Mcb), 0)
NTC_SPOKEN(ULONG, FsRtlNumberOfRunsInLargeMcb, (PLARGE_MCB Mcb), 0)
NTC_SPOKEN(ULONG, FsRtlNumberOfRunsInMcb, (PMCB Mcb), 0)
NTC_SPOKEN(NTSTATUS, FsRtlOplockBreakH, (POPLOCK Oplock, PIRP Irp, ULONG Flags, PVOID Context,
	 POPLOCK_WAIT_COMPLETE_ROUTINE CompletionRoutine, POPLOCK_FS_PREPOST_IRP
	 PostIrpRoutine), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, FsRtlOplockBreakToNone, (POPLOCK Oplock, PIO_STACK_LOCATION IrpSp, PIRP Irp,
	 PVOID Context, POPLOCK_WAIT_COMPLETE_ROUTINE CompletionRoutine,
	 POPLOCK_FS_PREPOST_IRP PostIrpRoutine), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, FsRtlOplockBreakToNoneEx, (POPLOCK Oplock, PIRP Irp, ULONG Flags, PVOID
	 Context, POPLOCK_WAIT_COMPLETE_ROUTINE CompletionRoutine, POPLOCK_FS_PREPOST_IRP
	 PostIrpRoutine), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, FsRtlOplockFsctrl, (POPLOCK Oplock, PIRP Irp, ULONG OpenCount),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, FsRtlOplockFsctrlEx, (POPLOCK Oplock, PIRP Irp, ULONG OpenCount, ULONG
	 Flags), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(BOOLEAN, FsRtlOplockIsFastIoPossible, (POPLOCK Oplock), FALSE)
NTC_SPOKEN(BOOLEAN, FsRtlOplockIsSharedRequest, (PIRP Irp), FALSE)
NTC_SPOKEN(BOOLEAN, FsRtlOplockKeysEqual, (PFILE_OBJECT Fo1, PFILE_OBJECT Fo2), FALSE)
NTC_SPOKEN(BOOLEAN, FsRtlPrepareMdlWriteDev, (PFILE_OBJECT FileObject, PLARGE_INTEGER FileOffset,
	 ULONG Length, ULONG LockKey, PMDL *MdlChain, PIO_STATUS_BLOCK IoStatus,
	 PDEVICE_OBJECT DeviceObject), FALSE)
NTC_SPOKEN(BOOLEAN, FsRtlPrivateLock, (PFILE_LOCK FileLock, PFILE_OBJECT FileObject,
	 PLARGE_INTEGER FileOffset, PLARGE_INTEGER Length, PEPROCESS Process, ULONG Key,
	 BOOLEAN FailImmediately, BOOLEAN ExclusiveLock, PIO_STATUS_BLOCK IoStatus, PIRP
	 Irp, PVOID Context, BOOLEAN AlreadySynchronized), FALSE)
NTC_SPOKEN(NTSTATUS, FsRtlProcessFileLock, (PFILE_LOCK FileLock, PIRP Irp, PVOID Context),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(ULONG, FsRtlQueryMaximumVirtualDiskNestingLevel, (VOID), 0)
NTC_SPOKEN(NTSTATUS, FsRtlRegisterFileSystemFilterCallbacks, (struct _DRIVER_OBJECT
	   *FilterDriverObject, PFS_FILTER_CALLBACKS Callbacks), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, FsRtlRegisterUncProvider, (PHANDLE MupHandle, PUNICODE_STRING
	 RedirectorDeviceName, BOOLEAN MailslotsSupported), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, FsRtlRegisterUncProviderEx, (PHANDLE MupHandle, PUNICODE_STRING RedirDevName,
	 PDEVICE_OBJECT DeviceObject, ULONG Flags), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(VOID, FsRtlReleaseFile, (PFILE_OBJECT FileObject), 0)
NTC_SPOKEN(BOOLEAN, FsRtlRemoveBaseMcbEntry, (PBASE_MCB Mcb, LONGLONG Vbn, LONGLONG SectorCount),
	 FALSE)
NTC_SPOKEN(NTSTATUS, FsRtlRemoveDotsFromPath, (PWSTR OriginalString, USHORT PathLength, USHORT
	   *NewLength), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, FsRtlRemoveExtraCreateParameter, (PECP_LIST EcpList, LPCGUID EcpType, PVOID
	   *EcpContext, ULONG *EcpContextSize), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(VOID, FsRtlRemoveLargeMcbEntry, (PLARGE_MCB Mcb, LONGLONG Vbn, LONGLONG SectorCount),
	 0)
NTC_SPOKEN(VOID, FsRtlRemoveMcbEntry, (PMCB Mcb, VBN Vbn, ULONG SectorCount), 0)
NTC_SPOKEN(PFSRTL_PER_FILE_CONTEXT, FsRtlRemovePerFileContext, (PVOID *PerFileContextPointer,
	 PVOID OwnerId, PVOID InstanceId), NULL)
NTC_SPOKEN(PFSRTL_PER_FILEOBJECT_CONTEXT, FsRtlRemovePerFileObjectContext, (PFILE_OBJECT
	 FileObject, PVOID OwnerId, PVOID InstanceId), NULL)
NTC_SPOKEN(PFSRTL_PER_STREAM_CONTEXT, FsRtlRemovePerStreamContext, (PFSRTL_ADVANCED_FCB_HEADER
	 StreamContext, PVOID OwnerId, PVOID InstanceId), NULL)
NTC_SPOKEN(VOID, FsRtlResetBaseMcb, (PBASE_MCB Mcb), 0)
NTC_SPOKEN(VOID, FsRtlResetLargeMcb, (PLARGE_MCB Mcb, BOOLEAN SelfSynchronized), 0)
NTC_SPOKEN(NTSTATUS, FsRtlSetEcpListIntoIrp, (PIRP Irp, PECP_LIST EcpList), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(BOOLEAN, FsRtlSplitBaseMcb, (PBASE_MCB Mcb, LONGLONG Vbn, LONGLONG Amount), FALSE)
NTC_SPOKEN(BOOLEAN, FsRtlSplitLargeMcb, (PLARGE_MCB Mcb, LONGLONG Vbn, LONGLONG Amount), FALSE)
NTC_SPOKEN(VOID, FsRtlTeardownPerFileContexts, (PVOID *PerFileContextPointer), 0)
NTC_SPOKEN(VOID, FsRtlTeardownPerStreamContexts, (PFSRTL_ADVANCED_FCB_HEADER AdvancedHeader), 0)
NTC_SPOKEN(VOID, FsRtlTruncateBaseMcb, (PBASE_MCB Mcb, LONGLONG Vbn), 0)
NTC_SPOKEN(VOID, FsRtlTruncateLargeMcb, (PLARGE_MCB Mcb, LONGLONG Vbn), 0)
NTC_SPOKEN(VOID, FsRtlTruncateMcb, (PMCB Mcb, VBN Vbn), 0)
NTC_SPOKEN(VOID, FsRtlUninitializeBaseMcb, (PBASE_MCB Mcb), 0)
NTC_SPOKEN(VOID, FsRtlUninitializeFileLock, (PFILE_LOCK FileLock), 0)
NTC_SPOKEN(VOID, FsRtlUninitializeLargeMcb, (PLARGE_MCB Mcb), 0)
NTC_SPOKEN(VOID, FsRtlUninitializeMcb, (PMCB Mcb), 0)
NTC_SPOKEN(VOID, FsRtlUninitializeOplock, (POPLOCK Oplock), 0)
NTC_SPOKEN(NTSTATUS, FsRtlValidateReparsePointBuffer, (ULONG BufferLength, PREPARSE_DATA_BUFFER
	 ReparseBuffer), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(VOID, HalAcquireDisplayOwnership, (PHAL_RESET_DISPLAY_PARAMETERS
	 ResetDisplayParameters), 0)
NTC_SPOKEN(PVOID, HalAllocateCrashDumpRegisters, (PADAPTER_OBJECT AdapterObject, PULONG
	 NumberOfMapRegisters), NULL)
NTC_SPOKEN(NTSTATUS, HalAllocateHardwareCounters, (PGROUP_AFFINITY GroupAffinty, ULONG GroupCount,
	 PPHYSICAL_COUNTER_RESOURCE_LIST ResourceList, PHANDLE CounterSetHandle),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(VOID, HalBugCheckSystem, (PWHEA_ERROR_SOURCE_DESCRIPTOR ErrorSource, PWHEA_ERROR_RECORD
	 ErrorRecord), 0)
NTC_SPOKEN(VOID, HalExamineMBR, (PDEVICE_OBJECT DeviceObject, ULONG SectorSize, ULONG
	 MBRTypeIdentifier, PVOID *Buffer), 0)
NTC_SPOKEN(NTSTATUS, HalFreeHardwareCounters, (HANDLE CounterSetHandle), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(PADAPTER_OBJECT, HalGetAdapter, (PDEVICE_DESCRIPTION DeviceDescription, PULONG
	 NumberOfMapRegisters), NULL)
NTC_SPOKEN(ULONG, HalGetBusDataByOffset, (BUS_DATA_TYPE BusDataType, ULONG BusNumber, ULONG
	 SlotNumber, PVOID Buffer, ULONG Offset, ULONG Length), 0)
NTC_SPOKEN(NTSTATUS, HalGetScatterGatherList, (PADAPTER_OBJECT DmaAdapter, PDEVICE_OBJECT
	 DeviceObject, PMDL Mdl, PVOID CurrentVa, ULONG Length, PDRIVER_LIST_CONTROL
	 ExecutionRoutine, PVOID Context, BOOLEAN WriteToDevice), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(VOID, HalPutDmaAdapter, (PADAPTER_OBJECT DmaAdapter), 0)
NTC_SPOKEN(VOID, HalPutScatterGatherList, (PADAPTER_OBJECT DmaAdapter, PSCATTER_GATHER_LIST
	 ScatterGather, BOOLEAN WriteToDevice), 0)
NTC_SPOKEN(ULONG, HalSetBusDataByOffset, (BUS_DATA_TYPE BusDataType, ULONG BusNumber, ULONG
	 SlotNumber, PVOID Buffer, ULONG Offset, ULONG Length), 0)
NTC_SPOKEN(BOOLEAN, HalTranslateBusAddress, (INTERFACE_TYPE InterfaceType, ULONG BusNumber,
	 PHYSICAL_ADDRESS BusAddress, PULONG AddressSpace, PPHYSICAL_ADDRESS
	 TranslatedAddress), FALSE)
NTC_SPOKEN(VOID, IoAllocateController, (PCONTROLLER_OBJECT ControllerObject, PDEVICE_OBJECT
	 DeviceObject, PDRIVER_CONTROL ExecutionRoutine, PVOID Context), 0)
NTC_SPOKEN(NTSTATUS, IoAllocateDriverObjectExtension, (PDRIVER_OBJECT DriverObject, PVOID
	 ClientIdentificationAddress, ULONG DriverObjectExtensionSize, PVOID
	   *DriverObjectExtension), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(PVOID, IoAllocateErrorLogEntry, (PVOID IoObject, UCHAR EntrySize), NULL)
NTC_SPOKEN(NTSTATUS, IoAllocateSfioStreamIdentifier, (PFILE_OBJECT FileObject, ULONG Length, PVOID
	 Signature, PVOID *StreamIdentifier), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoAssignResources, (PUNICODE_STRING RegistryPath, PUNICODE_STRING
	 DriverClassName, PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT DeviceObject,
	 PIO_RESOURCE_REQUIREMENTS_LIST RequestedResources, PCM_RESOURCE_LIST
	   *AllocatedResources), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoAttachDevice, (PDEVICE_OBJECT SourceDevice, PUNICODE_STRING TargetDevice,
	 PDEVICE_OBJECT *AttachedDevice), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoAttachDeviceByPointer, (PDEVICE_OBJECT SourceDevice, PDEVICE_OBJECT
	 TargetDevice), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(VOID, IoCancelFileOpen, (PDEVICE_OBJECT DeviceObject, PFILE_OBJECT FileObject), 0)
NTC_SPOKEN(NTSTATUS, IoCheckDesiredAccess, (PACCESS_MASK DesiredAccess, ACCESS_MASK
	 GrantedAccess), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoCheckEaBufferValidity, (PFILE_FULL_EA_INFORMATION EaBuffer, ULONG EaLength,
	 PULONG ErrorOffset), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoCheckFunctionAccess, (ACCESS_MASK GrantedAccess, UCHAR MajorFunction, UCHAR
	 MinorFunction, ULONG IoControlCode, PVOID Argument1, PVOID Argument2),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoCheckQuerySetFileInformation, (FILE_INFORMATION_CLASS FileInformationClass,
	 ULONG Length, BOOLEAN SetOperation), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoCheckQuerySetVolumeInformation, (FS_INFORMATION_CLASS FsInformationClass,
	 ULONG Length, BOOLEAN SetOperation), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoCheckQuotaBufferValidity, (PFILE_QUOTA_INFORMATION QuotaBuffer, ULONG
	 QuotaLength, PULONG ErrorOffset), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoCheckShareAccess, (ACCESS_MASK DesiredAccess, ULONG DesiredShareAccess,
	 PFILE_OBJECT FileObject, PSHARE_ACCESS ShareAccess, BOOLEAN Update),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoCheckShareAccessEx, (ACCESS_MASK DesiredAccess, ULONG DesiredShareAccess,
	 PFILE_OBJECT FileObject, PSHARE_ACCESS ShareAccess, BOOLEAN Update, PBOOLEAN
	 WritePermission), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(VOID, IoClearIrpExtraCreateParameter, (PIRP Irp), 0)
NTC_SPOKEN(NTSTATUS, IoConnectInterrupt, (PKINTERRUPT *InterruptObject, PKSERVICE_ROUTINE
	 ServiceRoutine, PVOID ServiceContext, PKSPIN_LOCK SpinLock, ULONG Vector, KIRQL
	 Irql, KIRQL SynchronizeIrql, KINTERRUPT_MODE InterruptMode, BOOLEAN ShareVector,
	 KAFFINITY ProcessorEnableMask, BOOLEAN FloatingSave), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoConnectInterruptEx, (PIO_CONNECT_INTERRUPT_PARAMETERS Parameters),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(PCONTROLLER_OBJECT, IoCreateController, (ULONG Size), NULL)
NTC_SPOKEN(NTSTATUS, IoCreateDisk, (PDEVICE_OBJECT DeviceObject, struct _CREATE_DISK *Disk),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, WdmlibIoCreateDeviceSecure, (PDRIVER_OBJECT DriverObject,
	 ULONG DeviceExtensionSize, PUNICODE_STRING DeviceName, DEVICE_TYPE DeviceType,
	 ULONG DeviceCharacteristics, BOOLEAN Exclusive, PCUNICODE_STRING DefaultSDDLString,
	 LPCGUID DeviceClassGuid, PDEVICE_OBJECT *DeviceObject), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, WdmlibRtlInitUnicodeStringEx, (PUNICODE_STRING DestinationString,
	 PCWSTR SourceString), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoCreateFile, (PHANDLE FileHandle, ACCESS_MASK DesiredAccess,
	 POBJECT_ATTRIBUTES ObjectAttributes, PIO_STATUS_BLOCK IoStatusBlock,
	 PLARGE_INTEGER AllocationSize, ULONG FileAttributes, ULONG ShareAccess, ULONG
	 Disposition, ULONG CreateOptions, PVOID EaBuffer, ULONG EaLength, CREATE_FILE_TYPE
	 CreateFileType, PVOID InternalParameters, ULONG Options), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoCreateFileEx, (PHANDLE FileHandle, ACCESS_MASK DesiredAccess,
	 POBJECT_ATTRIBUTES ObjectAttributes, PIO_STATUS_BLOCK IoStatusBlock,
	 PLARGE_INTEGER AllocationSize, ULONG FileAttributes, ULONG ShareAccess, ULONG
	 Disposition, ULONG CreateOptions, PVOID EaBuffer, ULONG EaLength, CREATE_FILE_TYPE
	 CreateFileType, PVOID InternalParameters, ULONG Options, PIO_DRIVER_CREATE_CONTEXT
	 DriverContext), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoCreateFileSpecifyDeviceObjectHint, (PHANDLE FileHandle, ACCESS_MASK
	 DesiredAccess, POBJECT_ATTRIBUTES ObjectAttributes, PIO_STATUS_BLOCK
	 IoStatusBlock, PLARGE_INTEGER AllocationSize, ULONG FileAttributes, ULONG
	 ShareAccess, ULONG Disposition, ULONG CreateOptions, PVOID EaBuffer, ULONG
	 EaLength, CREATE_FILE_TYPE CreateFileType, PVOID InternalParameters, ULONG
	 Options, PVOID DeviceObject), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(PKEVENT, IoCreateNotificationEvent, (PUNICODE_STRING EventName, PHANDLE EventHandle),
	 NULL)
NTC_SPOKEN(PFILE_OBJECT, IoCreateStreamFileObject, (PFILE_OBJECT FileObject, PDEVICE_OBJECT
	 DeviceObject), NULL)
NTC_SPOKEN(PFILE_OBJECT, IoCreateStreamFileObjectEx, (PFILE_OBJECT FileObject, PDEVICE_OBJECT
	 DeviceObject, PHANDLE FileObjectHandle), NULL)
NTC_SPOKEN(PFILE_OBJECT, IoCreateStreamFileObjectLite, (PFILE_OBJECT FileObject, PDEVICE_OBJECT
	 DeviceObject), NULL)
NTC_SPOKEN(PKEVENT, IoCreateSynchronizationEvent, (PUNICODE_STRING EventName, PHANDLE
	 EventHandle), NULL)
NTC_SPOKEN(VOID, IoDeleteController, (PCONTROLLER_OBJECT ControllerObject), 0)
NTC_SPOKEN(VOID, IoDisconnectInterrupt, (PKINTERRUPT InterruptObject), 0)
NTC_SPOKEN(VOID, IoDisconnectInterruptEx, (PIO_DISCONNECT_INTERRUPT_PARAMETERS Parameters), 0)
NTC_SPOKEN(NTSTATUS, IoEnumerateDeviceObjectList, (PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT
	   *DeviceObjectList, ULONG DeviceObjectListSize, PULONG ActualNumberDeviceObjects),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoEnumerateRegisteredFiltersList, (PDRIVER_OBJECT *DriverObjectList, ULONG
	 DriverObjectListSize, PULONG ActualNumberDriverObjects), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(BOOLEAN, IoFastQueryNetworkAttributes, (POBJECT_ATTRIBUTES ObjectAttributes,
	 ACCESS_MASK DesiredAccess, ULONG OpenOptions, PIO_STATUS_BLOCK IoStatus,
	 PFILE_NETWORK_OPEN_INFORMATION Buffer), FALSE)
NTC_SPOKEN(VOID, IoFreeController, (PCONTROLLER_OBJECT ControllerObject), 0)
NTC_SPOKEN(VOID, IoFreeErrorLogEntry, (PVOID ElEntry), 0)
NTC_SPOKEN(NTSTATUS, IoFreeSfioStreamIdentifier, (PFILE_OBJECT FileObject, PVOID Signature),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoGetAffinityInterrupt, (PKINTERRUPT InterruptObject, PGROUP_AFFINITY
	 GroupAffinity), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(PDEVICE_OBJECT, IoGetBaseFileSystemDeviceObject, (PFILE_OBJECT FileObject), NULL)
NTC_SPOKEN(NTSTATUS, IoGetBootDiskInformation, (PBOOTDISK_INFORMATION BootDiskInformation, ULONG
	 Size), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoGetBootDiskInformationLite, (PBOOTDISK_INFORMATION_LITE
	   *BootDiskInformation), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(PCONFIGURATION_INFORMATION, IoGetConfigurationInformation, (VOID), NULL)
NTC_SPOKEN(NTSTATUS, IoGetContainerInformation, (IO_CONTAINER_INFORMATION_CLASS InformationClass,
	 PVOID ContainerObject, PVOID Buffer, ULONG BufferLength), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(PDEVICE_OBJECT, IoGetDeviceAttachmentBaseRef, (PDEVICE_OBJECT DeviceObject), NULL)
NTC_SPOKEN(NTSTATUS, IoGetDeviceInterfaceAlias, (PUNICODE_STRING SymbolicLinkName, const GUID
	   *AliasInterfaceClassGuid, PUNICODE_STRING AliasSymbolicLinkName),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoGetDeviceInterfaces, (const GUID *InterfaceClassGuid, PDEVICE_OBJECT
	 PhysicalDeviceObject, ULONG Flags, PWSTR *SymbolicLinkList), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoGetDeviceNumaNode, (PDEVICE_OBJECT Pdo, PUSHORT NodeNumber),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoGetDeviceProperty, (PDEVICE_OBJECT DeviceObject, DEVICE_REGISTRY_PROPERTY
	 DeviceProperty, ULONG BufferLength, PVOID PropertyBuffer, PULONG ResultLength),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoGetDevicePropertyData, (PDEVICE_OBJECT Pdo, const DEVPROPKEY *PropertyKey,
	 LCID Lcid, ULONG Flags, ULONG Size, PVOID Data, PULONG RequiredSize, PDEVPROPTYPE
	 Type), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(PDEVICE_OBJECT, IoGetDeviceToVerify, (PETHREAD Thread), NULL)
NTC_SPOKEN(NTSTATUS, IoGetDiskDeviceObject, (PDEVICE_OBJECT FileSystemDeviceObject, PDEVICE_OBJECT
	   *DiskDeviceObject), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(PDMA_ADAPTER, IoGetDmaAdapter, (PDEVICE_OBJECT PhysicalDeviceObject,
	 PDEVICE_DESCRIPTION DeviceDescription, PULONG NumberOfMapRegisters), NULL)
NTC_SPOKEN(PVOID, IoGetDriverObjectExtension, (PDRIVER_OBJECT DriverObject, PVOID
	 ClientIdentificationAddress), NULL)
NTC_SPOKEN(PGENERIC_MAPPING, IoGetFileObjectGenericMapping, (VOID), NULL)
NTC_SPOKEN(PVOID, IoGetInitialStack, (VOID), NULL)
NTC_SPOKEN(IO_PRIORITY_HINT, IoGetIoPriorityHint, (PIRP Irp), 0)
NTC_SPOKEN(NTSTATUS, IoGetIrpExtraCreateParameter, (PIRP Irp, struct _ECP_LIST
	   **ExtraCreateParameter), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(PDEVICE_OBJECT, IoGetLowerDeviceObject, (PDEVICE_OBJECT DeviceObject), NULL)
NTC_SPOKEN(IO_PAGING_PRIORITY, IoGetPagingIoPriority, (PIRP Irp), 0)
NTC_SPOKEN(PDEVICE_OBJECT, IoGetRelatedDeviceObject, (PFILE_OBJECT FileObject), NULL)
NTC_SPOKEN(PEPROCESS, IoGetRequestorProcess, (PIRP Irp), NULL)
NTC_SPOKEN(ULONG, IoGetRequestorProcessId, (PIRP Irp), 0)
NTC_SPOKEN(NTSTATUS, IoGetRequestorSessionId, (PIRP Irp, PULONG pSessionId), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(PVOID, IoGetSfioStreamIdentifier, (PFILE_OBJECT FileObject, PVOID Signature), NULL)
NTC_SPOKEN(VOID, IoGetStackLimits, (PULONG_PTR LowLimit, PULONG_PTR HighLimit), 0)
NTC_SPOKEN(PTXN_PARAMETER_BLOCK, IoGetTransactionParameterBlock, (PFILE_OBJECT FileObject), NULL)
NTC_SPOKEN(VOID, IoInvalidateDeviceRelations, (PDEVICE_OBJECT DeviceObject, DEVICE_RELATION_TYPE
	 Type), 0)
NTC_SPOKEN(VOID, IoInvalidateDeviceState, (PDEVICE_OBJECT PhysicalDeviceObject), 0)
NTC_SPOKEN(BOOLEAN, IoIs32bitProcess, (PIRP Irp), FALSE)
NTC_SPOKEN(BOOLEAN, IoIsFileObjectIgnoringSharing, (PFILE_OBJECT FileObject), FALSE)
NTC_SPOKEN(BOOLEAN, IoIsFileOriginRemote, (PFILE_OBJECT FileObject), FALSE)
NTC_SPOKEN(BOOLEAN, IoIsSystemThread, (PETHREAD Thread), FALSE)
NTC_SPOKEN(BOOLEAN, IoIsValidNameGraftingBuffer, (PIRP Irp, PREPARSE_DATA_BUFFER ReparseBuffer),
	 FALSE)
NTC_SPOKEN(BOOLEAN, IoIsWdmVersionAvailable, (UCHAR MajorVersion, UCHAR MinorVersion), FALSE)
NTC_SPOKEN(NTSTATUS, IoOpenDeviceInterfaceRegistryKey, (PUNICODE_STRING SymbolicLinkName,
	 ACCESS_MASK DesiredAccess, PHANDLE DeviceInterfaceKey), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoOpenDeviceRegistryKey, (PDEVICE_OBJECT DeviceObject, ULONG DevInstKeyType,
	 ACCESS_MASK DesiredAccess, PHANDLE DevInstRegKey), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoPageRead, (PFILE_OBJECT FileObject, PMDL Mdl, PLARGE_INTEGER Offset,
	 PKEVENT Event, PIO_STATUS_BLOCK IoStatusBlock), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoQueryDeviceDescription, (PINTERFACE_TYPE BusType, PULONG BusNumber,
	 PCONFIGURATION_TYPE ControllerType, PULONG ControllerNumber, PCONFIGURATION_TYPE
	 PeripheralType, PULONG PeripheralNumber, PIO_QUERY_DEVICE_ROUTINE CalloutRoutine,
	 PVOID Context), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoQueryFileDosDeviceName, (PFILE_OBJECT FileObject, POBJECT_NAME_INFORMATION
	   *ObjectNameInformation), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoQueryFileInformation, (PFILE_OBJECT FileObject, FILE_INFORMATION_CLASS
	 FileInformationClass, ULONG Length, PVOID FileInformation, PULONG ReturnedLength),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoQueryVolumeInformation, (PFILE_OBJECT FileObject, FS_INFORMATION_CLASS
	 FsInformationClass, ULONG Length, PVOID FsInformation, PULONG ReturnedLength),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(VOID, IoQueueThreadIrp, (PIRP Irp), 0)
NTC_SPOKEN(VOID, IoRaiseHardError, (PIRP Irp, PVPB Vpb, PDEVICE_OBJECT RealDeviceObject), 0)
NTC_SPOKEN(BOOLEAN, IoRaiseInformationalHardError, (NTSTATUS ErrorStatus, PUNICODE_STRING String,
	 PKTHREAD Thread), FALSE)
NTC_SPOKEN(NTSTATUS, IoReadDiskSignature, (PDEVICE_OBJECT DeviceObject, ULONG BytesPerSector,
	 PDISK_SIGNATURE Signature), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoReadPartitionTable, (PDEVICE_OBJECT DeviceObject, ULONG SectorSize, BOOLEAN
	 ReturnRecognizedPartitions, struct _DRIVE_LAYOUT_INFORMATION **PartitionBuffer),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoReadPartitionTableEx, (PDEVICE_OBJECT DeviceObject, struct
	 _DRIVE_LAYOUT_INFORMATION_EX **PartitionBuffer), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(VOID, IoRegisterBootDriverReinitialization, (PDRIVER_OBJECT DriverObject,
	 PDRIVER_REINITIALIZE DriverReinitializationRoutine, PVOID Context), 0)
NTC_SPOKEN(NTSTATUS, IoRegisterContainerNotification, (IO_CONTAINER_NOTIFICATION_CLASS
	 NotificationClass, PIO_CONTAINER_NOTIFICATION_FUNCTION CallbackFunction, PVOID
	 NotificationInformation, ULONG NotificationInformationLength, PVOID
	 CallbackRegistration), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoRegisterDeviceInterface, (PDEVICE_OBJECT PhysicalDeviceObject, const GUID
	   *InterfaceClassGuid, PUNICODE_STRING ReferenceString, PUNICODE_STRING
	 SymbolicLinkName), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(VOID, IoRegisterDriverReinitialization, (PDRIVER_OBJECT DriverObject,
	 PDRIVER_REINITIALIZE DriverReinitializationRoutine, PVOID Context), 0)
NTC_SPOKEN(VOID, IoRegisterFileSystem, (PDEVICE_OBJECT DeviceObject), 0)
NTC_SPOKEN(NTSTATUS, IoRegisterFsRegistrationChange, (PDRIVER_OBJECT DriverObject,
	 PDRIVER_FS_NOTIFICATION DriverNotificationRoutine), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoRegisterFsRegistrationChangeMountAware, (PDRIVER_OBJECT DriverObject,
	 PDRIVER_FS_NOTIFICATION DriverNotificationRoutine, BOOLEAN SynchronizeWithMounts),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoRegisterLastChanceShutdownNotification, (PDEVICE_OBJECT DeviceObject),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoRegisterPlugPlayNotification, (IO_NOTIFICATION_EVENT_CATEGORY
	 EventCategory, ULONG EventCategoryFlags, PVOID EventCategoryData, PDRIVER_OBJECT
	 DriverObject, PDRIVER_NOTIFICATION_CALLBACK_ROUTINE CallbackRoutine, PVOID
	 Context, PVOID *NotificationEntry), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoRegisterShutdownNotification, (PDEVICE_OBJECT DeviceObject),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(VOID, IoRemoveShareAccess, (PFILE_OBJECT FileObject, PSHARE_ACCESS ShareAccess), 0)
NTC_SPOKEN(NTSTATUS, IoReplaceFileObjectName, (PFILE_OBJECT FileObject, PWSTR NewFileName, USHORT
	 FileNameLength), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoReplacePartitionUnit, (PDEVICE_OBJECT TargetPdo, PDEVICE_OBJECT SparePdo,
	 ULONG Flags), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoReportDetectedDevice, (PDRIVER_OBJECT DriverObject, INTERFACE_TYPE
	 LegacyBusType, ULONG BusNumber, ULONG SlotNumber, PCM_RESOURCE_LIST ResourceList,
	 PIO_RESOURCE_REQUIREMENTS_LIST ResourceRequirements, BOOLEAN ResourceAssigned,
	 PDEVICE_OBJECT *DeviceObject), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoReportResourceForDetection, (PDRIVER_OBJECT DriverObject, PCM_RESOURCE_LIST
	 DriverList, ULONG DriverListSize, PDEVICE_OBJECT DeviceObject, PCM_RESOURCE_LIST
	 DeviceList, ULONG DeviceListSize, PBOOLEAN ConflictDetected),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoReportResourceUsage, (PUNICODE_STRING DriverClassName, PDRIVER_OBJECT
	 DriverObject, PCM_RESOURCE_LIST DriverList, ULONG DriverListSize, PDEVICE_OBJECT
	 DeviceObject, PCM_RESOURCE_LIST DeviceList, ULONG DeviceListSize, BOOLEAN
	 OverrideConflict, PBOOLEAN ConflictDetected), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoReportTargetDeviceChange, (PDEVICE_OBJECT PhysicalDeviceObject, PVOID
	 NotificationStructure), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoReportTargetDeviceChangeAsynchronous, (PDEVICE_OBJECT PhysicalDeviceObject,
	 PVOID NotificationStructure, PDEVICE_CHANGE_COMPLETE_CALLBACK Callback, PVOID
	 Context), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(VOID, IoRequestDeviceEject, (PDEVICE_OBJECT PhysicalDeviceObject), 0)
NTC_SPOKEN(NTSTATUS, IoRequestDeviceEjectEx, (PDEVICE_OBJECT PhysicalDeviceObject,
	 PIO_DEVICE_EJECT_CALLBACK Callback, PVOID Context, PDRIVER_OBJECT DriverObject),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoSetDeviceInterfaceState, (PUNICODE_STRING SymbolicLinkName, BOOLEAN
	 Enable), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoSetDevicePropertyData, (PDEVICE_OBJECT Pdo, const DEVPROPKEY *PropertyKey,
	 LCID Lcid, ULONG Flags, DEVPROPTYPE Type, ULONG Size, PVOID Data),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(VOID, IoSetDeviceToVerify, (PETHREAD Thread, PDEVICE_OBJECT DeviceObject), 0)
NTC_SPOKEN(NTSTATUS, IoSetFileObjectIgnoreSharing, (PFILE_OBJECT FileObject),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoSetFileOrigin, (PFILE_OBJECT FileObject, BOOLEAN Remote),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(VOID, IoSetHardErrorOrVerifyDevice, (PIRP Irp, PDEVICE_OBJECT DeviceObject), 0)
NTC_SPOKEN(NTSTATUS, IoSetInformation, (PFILE_OBJECT FileObject, FILE_INFORMATION_CLASS
	 FileInformationClass, ULONG Length, PVOID FileInformation), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoSetIoPriorityHint, (PIRP Irp, IO_PRIORITY_HINT PriorityHint),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoSetIrpExtraCreateParameter, (PIRP Irp, struct _ECP_LIST
	   *ExtraCreateParameter), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoSetPartitionInformation, (PDEVICE_OBJECT DeviceObject, ULONG SectorSize,
	 ULONG PartitionNumber, ULONG PartitionType), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoSetPartitionInformationEx, (PDEVICE_OBJECT DeviceObject, ULONG
	 PartitionNumber, struct _SET_PARTITION_INFORMATION_EX *PartitionInfo),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(VOID, IoSetShareAccess, (ACCESS_MASK DesiredAccess, ULONG DesiredShareAccess,
	 PFILE_OBJECT FileObject, PSHARE_ACCESS ShareAccess), 0)
NTC_SPOKEN(VOID, IoSetShareAccessEx, (ACCESS_MASK DesiredAccess, ULONG DesiredShareAccess,
	 PFILE_OBJECT FileObject, PSHARE_ACCESS ShareAccess, PBOOLEAN WritePermission), 0)
NTC_SPOKEN(NTSTATUS, IoSetSystemPartition, (PUNICODE_STRING VolumeNameString),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(BOOLEAN, IoSetThreadHardErrorMode, (BOOLEAN EnableHardErrors), FALSE)
NTC_SPOKEN(NTSTATUS, IoSynchronousPageWrite, (PFILE_OBJECT FileObject, PMDL Mdl, PLARGE_INTEGER
	 FileOffset, PKEVENT Event, PIO_STATUS_BLOCK IoStatusBlock), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(PEPROCESS, IoThreadToProcess, (PETHREAD Thread), NULL)
NTC_SPOKEN(BOOLEAN, IoTranslateBusAddress, (INTERFACE_TYPE InterfaceType, ULONG BusNumber,
	 PHYSICAL_ADDRESS BusAddress, PULONG AddressSpace, PPHYSICAL_ADDRESS
	 TranslatedAddress), FALSE)
NTC_SPOKEN(VOID, IoUnregisterContainerNotification, (PVOID CallbackRegistration), 0)
NTC_SPOKEN(VOID, IoUnregisterFileSystem, (PDEVICE_OBJECT DeviceObject), 0)
NTC_SPOKEN(VOID, IoUnregisterFsRegistrationChange, (PDRIVER_OBJECT DriverObject,
	 PDRIVER_FS_NOTIFICATION DriverNotificationRoutine), 0)
NTC_SPOKEN(NTSTATUS, IoUnregisterPlugPlayNotification, (PVOID NotificationEntry),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoUnregisterPlugPlayNotificationEx, (PVOID NotificationEntry),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(VOID, IoUnregisterShutdownNotification, (PDEVICE_OBJECT DeviceObject), 0)
NTC_SPOKEN(NTSTATUS, IoUpdateDiskGeometry, (PDEVICE_OBJECT DeviceObject, struct _DISK_GEOMETRY_EX
	   *OldDiskGeometry, struct _DISK_GEOMETRY_EX *NewDiskGeometry),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(VOID, IoUpdateShareAccess, (PFILE_OBJECT FileObject, PSHARE_ACCESS ShareAccess), 0)
NTC_SPOKEN(NTSTATUS, IoValidateDeviceIoControlAccess, (PIRP Irp, ULONG RequiredAccess),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoVerifyPartitionTable, (PDEVICE_OBJECT DeviceObject, BOOLEAN FixErrors),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoVerifyVolume, (PDEVICE_OBJECT DeviceObject, BOOLEAN AllowRawMount),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoVolumeDeviceToDosName, (PVOID VolumeDeviceObject, PUNICODE_STRING DosName),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoWMIAllocateInstanceIds, (GUID *Guid, ULONG InstanceCount, ULONG
	   *FirstInstanceId), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoWMIDeviceObjectToInstanceName, (PVOID DataBlockObject, PDEVICE_OBJECT
	 DeviceObject, PUNICODE_STRING InstanceName), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(ULONG, IoWMIDeviceObjectToProviderId, (PDEVICE_OBJECT DeviceObject), 0)
NTC_SPOKEN(NTSTATUS, IoWMIExecuteMethod, (PVOID DataBlockObject, PUNICODE_STRING InstanceName,
	 ULONG MethodId, ULONG InBufferSize, PULONG OutBufferSize, PUCHAR InOutBuffer),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoWMIHandleToInstanceName, (PVOID DataBlockObject, HANDLE FileHandle,
	 PUNICODE_STRING InstanceName), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoWMIOpenBlock, (GUID *DataBlockGuid, ULONG DesiredAccess, PVOID
	   *DataBlockObject), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoWMIQueryAllData, (PVOID DataBlockObject, ULONG *InOutBufferSize, PVOID
	 OutBuffer), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoWMIQueryAllDataMultiple, (PVOID *DataBlockObjectList, ULONG ObjectCount,
	 ULONG *InOutBufferSize, PVOID OutBuffer), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoWMIQuerySingleInstance, (PVOID DataBlockObject, PUNICODE_STRING
	 InstanceName, ULONG *InOutBufferSize, PVOID OutBuffer), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoWMIQuerySingleInstanceMultiple, (PVOID *DataBlockObjectList,
	 PUNICODE_STRING InstanceNames, ULONG ObjectCount, ULONG *InOutBufferSize, PVOID
	 OutBuffer), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoWMIRegistrationControl, (PDEVICE_OBJECT DeviceObject, ULONG Action),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoWMISetNotificationCallback, (PVOID Object, WMI_NOTIFICATION_CALLBACK
	 Callback, PVOID Context), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoWMISetSingleInstance, (PVOID DataBlockObject, PUNICODE_STRING InstanceName,
	 ULONG Version, ULONG ValueBufferSize, PVOID ValueBuffer), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoWMISetSingleItem, (PVOID DataBlockObject, PUNICODE_STRING InstanceName,
	 ULONG DataItemId, ULONG Version, ULONG ValueBufferSize, PVOID ValueBuffer),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoWMISuggestInstanceName, (PDEVICE_OBJECT PhysicalDeviceObject,
	 PUNICODE_STRING SymbolicLinkName, BOOLEAN CombineNames, PUNICODE_STRING
	 SuggestedInstanceName), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoWMIWriteEvent, (PVOID WnodeEventItem), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(LOGICAL, IoWithinStackLimits, (ULONG_PTR RegionStart, SIZE_T RegionSize), 0)
NTC_SPOKEN(VOID, IoWriteErrorLogEntry, (PVOID ElEntry), 0)
NTC_SPOKEN(NTSTATUS, IoWritePartitionTable, (PDEVICE_OBJECT DeviceObject, ULONG SectorSize, ULONG
	 SectorsPerTrack, ULONG NumberOfHeads, struct _DRIVE_LAYOUT_INFORMATION
	   *PartitionBuffer), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, IoWritePartitionTableEx, (PDEVICE_OBJECT DeviceObject, struct
	 _DRIVE_LAYOUT_INFORMATION_EX *DriveLayout), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, KdChangeOption, (KD_OPTION Option, ULONG InBufferBytes, PVOID InBuffer, ULONG
	 OutBufferBytes, PVOID OutBuffer, PULONG OutBufferNeeded), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, KdDisableDebugger, (VOID), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, KdEnableDebugger, (VOID), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(BOOLEAN, KdRefreshDebuggerNotPresent, (VOID), FALSE)
NTC_SPOKEN(KIRQL, KeAcquireInterruptSpinLock, (PKINTERRUPT Interrupt), 0)
NTC_SPOKEN(KIRQL, KeAcquireQueuedSpinLock, (KSPIN_LOCK_QUEUE_NUMBER Number), 0)
NTC_SPOKEN(KIRQL, KeAcquireSpinLockRaiseToSynch, (PKSPIN_LOCK SpinLock), 0)
NTC_SPOKEN(VOID, KeAttachProcess, (PKPROCESS Process), 0)
NTC_SPOKEN(BOOLEAN, KeDeregisterBugCheckCallback, (PKBUGCHECK_CALLBACK_RECORD CallbackRecord),
	 FALSE)
NTC_SPOKEN(BOOLEAN, KeDeregisterBugCheckReasonCallback, (PKBUGCHECK_REASON_CALLBACK_RECORD
	 CallbackRecord), FALSE)
NTC_SPOKEN(NTSTATUS, KeDeregisterNmiCallback, (PVOID Handle), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(VOID, KeDeregisterProcessorChangeCallback, (PVOID CallbackHandle), 0)
NTC_SPOKEN(VOID, KeDetachProcess, (VOID), 0)
NTC_SPOKEN(NTSTATUS, KeExpandKernelStackAndCallout, (PEXPAND_STACK_CALLOUT Callout, PVOID
	 Parameter, SIZE_T Size), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(VOID, KeFlushWriteBuffer, (VOID), 0)
NTC_SPOKEN(USHORT, KeGetCurrentNodeNumber, (VOID), 0)
NTC_SPOKEN(ULONG, KeGetRecommendedSharedDataAlignment, (VOID), 0)
NTC_SPOKEN(VOID, KeInitializeMutant, (PRKMUTANT Mutant, BOOLEAN InitialOwner), 0)
NTC_SPOKEN(VOID, KeInitializeQueue, (PRKQUEUE Queue, ULONG Count), 0)
NTC_SPOKEN(LONG, KeInsertHeadQueue, (PRKQUEUE Queue, PLIST_ENTRY Entry), 0)
NTC_SPOKEN(LONG, KeInsertQueue, (PRKQUEUE Queue, PLIST_ENTRY Entry), 0)
NTC_SPOKEN(BOOLEAN, KeInvalidateAllCaches, (VOID), FALSE)
NTC_SPOKEN(VOID, KeInvalidateRangeAllCaches, (PVOID BaseAddress, ULONG Length), 0)
NTC_SPOKEN(ULONG_PTR, KeIpiGenericCall, (PKIPI_BROADCAST_WORKER BroadcastFunction, ULONG_PTR
	 Context), 0)
NTC_SPOKEN(NTSTATUS, KeQueryDpcWatchdogInformation, (PKDPC_WATCHDOG_INFORMATION
	 WatchdogInformation), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, KeQueryHardwareCounterConfiguration, (PHARDWARE_COUNTER CounterArray, ULONG
	 MaximumCount, PULONG Count), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(USHORT, KeQueryHighestNodeNumber, (VOID), 0)
NTC_SPOKEN(NTSTATUS, KeQueryLogicalProcessorRelationship, (PPROCESSOR_NUMBER ProcessorNumber,
	 LOGICAL_PROCESSOR_RELATIONSHIP RelationshipType,
	 PSYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX Information, PULONG Length),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(VOID, KeQueryNodeActiveAffinity, (USHORT NodeNumber, PGROUP_AFFINITY Affinity, PUSHORT
	 Count), 0)
NTC_SPOKEN(USHORT, KeQueryNodeMaximumProcessorCount, (USHORT NodeNumber), 0)
NTC_SPOKEN(VOID, KeQueryOwnerMutant, (PKMUTANT Mutant, PCLIENT_ID ClientId), 0)
NTC_SPOKEN(ULONG, KeQueryRuntimeThread, (PKTHREAD Thread, PULONG UserTime), 0)
NTC_SPOKEN(ULONG64, KeQueryTotalCycleTimeProcess, (PKPROCESS Process, PULONG64 CycleTimeStamp), 0)
NTC_SPOKEN(ULONG64, KeQueryTotalCycleTimeThread, (PKTHREAD Thread, PULONG64 CycleTimeStamp), 0)
NTC_SPOKEN(LONG, KeReadStateMutant, (PRKMUTANT Mutant), 0)
NTC_SPOKEN(LONG, KeReadStateQueue, (PRKQUEUE Queue), 0)
NTC_SPOKEN(BOOLEAN, KeRegisterBugCheckCallback, (PKBUGCHECK_CALLBACK_RECORD CallbackRecord,
	 PKBUGCHECK_CALLBACK_ROUTINE CallbackRoutine, PVOID Buffer, ULONG Length, PUCHAR
	 Component), FALSE)
NTC_SPOKEN(BOOLEAN, KeRegisterBugCheckReasonCallback, (PKBUGCHECK_REASON_CALLBACK_RECORD
	 CallbackRecord, PKBUGCHECK_REASON_CALLBACK_ROUTINE CallbackRoutine,
	 KBUGCHECK_CALLBACK_REASON Reason, PUCHAR Component), FALSE)
NTC_SPOKEN(PVOID, KeRegisterNmiCallback, (PNMI_CALLBACK CallbackRoutine, PVOID Context), NULL)
NTC_SPOKEN(PVOID, KeRegisterProcessorChangeCallback, (PPROCESSOR_CALLBACK_FUNCTION
	 CallbackFunction, PVOID CallbackContext, ULONG Flags), NULL)
NTC_SPOKEN(VOID, KeReleaseInterruptSpinLock, (PKINTERRUPT Interrupt, KIRQL OldIrql), 0)
NTC_SPOKEN(LONG, KeReleaseMutant, (PRKMUTANT Mutant, KPRIORITY Increment, BOOLEAN Abandoned,
	 BOOLEAN Wait), 0)
NTC_SPOKEN(VOID, KeReleaseQueuedSpinLock, (KSPIN_LOCK_QUEUE_NUMBER Number, KIRQL OldIrql), 0)
NTC_SPOKEN(PLIST_ENTRY, KeRemoveQueue, (PRKQUEUE Queue, KPROCESSOR_MODE WaitMode, PLARGE_INTEGER
	 Timeout), NULL)
NTC_SPOKEN(ULONG, KeRemoveQueueEx, (PKQUEUE Queue, KPROCESSOR_MODE WaitMode, BOOLEAN Alertable,
	 PLARGE_INTEGER Timeout, PLIST_ENTRY *EntryArray, ULONG Count), 0)
NTC_SPOKEN(VOID, KeRestoreExtendedProcessorState, (PXSTATE_SAVE XStateSave), 0)
NTC_SPOKEN(VOID, KeRevertToUserGroupAffinityThread, (PGROUP_AFFINITY PreviousAffinity), 0)
NTC_SPOKEN(PLIST_ENTRY, KeRundownQueue, (PRKQUEUE Queue), NULL)
NTC_SPOKEN(NTSTATUS, KeSaveExtendedProcessorState, (ULONG64 Mask, PXSTATE_SAVE XStateSave),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(LONG, KeSetBasePriorityThread, (PRKTHREAD Thread, LONG Increment), 0)
NTC_SPOKEN(NTSTATUS, KeSetHardwareCounterConfiguration, (PHARDWARE_COUNTER CounterArray, ULONG
	 Count), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(UCHAR, KeSetIdealProcessorThread, (PKTHREAD Thread, UCHAR Processor), 0)
NTC_SPOKEN(BOOLEAN, KeSetKernelStackSwapEnable, (BOOLEAN Enable), FALSE)
NTC_SPOKEN(VOID, KeSetSystemGroupAffinityThread, (PGROUP_AFFINITY Affinity, PGROUP_AFFINITY
	 PreviousAffinity), 0)
NTC_SPOKEN(NTSTATUS, KeSetTargetProcessorDpcEx, (PKDPC Dpc, PPROCESSOR_NUMBER ProcNumber),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(VOID, KeStackAttachProcess, (PKPROCESS Process, PKAPC_STATE ApcState), 0)
NTC_SPOKEN(BOOLEAN, KeSynchronizeExecution, (PKINTERRUPT Interrupt, PKSYNCHRONIZE_ROUTINE
	 SynchronizeRoutine, PVOID SynchronizeContext), FALSE)
NTC_SPOKEN(LOGICAL, KeTryToAcquireQueuedSpinLock, (KSPIN_LOCK_QUEUE_NUMBER Number, PKIRQL
	 OldIrql), 0)
NTC_SPOKEN(VOID, KeUnstackDetachProcess, (PKAPC_STATE ApcState), 0)
NTC_SPOKEN(NTSTATUS, MmAddPhysicalMemory, (PPHYSICAL_ADDRESS StartAddress, PLARGE_INTEGER
	 NumberOfBytes), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, MmAddVerifierThunks, (PVOID ThunkBuffer, ULONG ThunkBufferSize),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, MmAdvanceMdl, (PMDL Mdl, ULONG NumberOfBytes), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(PVOID, MmAllocateContiguousMemory, (SIZE_T NumberOfBytes, PHYSICAL_ADDRESS
	 HighestAcceptableAddress), NULL)
NTC_SPOKEN(PVOID, MmAllocateContiguousMemorySpecifyCache, (SIZE_T NumberOfBytes, PHYSICAL_ADDRESS
	 LowestAcceptableAddress, PHYSICAL_ADDRESS HighestAcceptableAddress,
	 PHYSICAL_ADDRESS BoundaryAddressMultiple, MEMORY_CACHING_TYPE CacheType), NULL)
NTC_SPOKEN(PVOID, MmAllocateContiguousMemorySpecifyCacheNode, (SIZE_T NumberOfBytes,
	 PHYSICAL_ADDRESS LowestAcceptableAddress, PHYSICAL_ADDRESS
	 HighestAcceptableAddress, PHYSICAL_ADDRESS BoundaryAddressMultiple,
	 MEMORY_CACHING_TYPE CacheType, NODE_REQUIREMENT PreferredNode), NULL)
NTC_SPOKEN(PVOID, MmAllocateMappingAddress, (SIZE_T NumberOfBytes, ULONG PoolTag), NULL)
NTC_SPOKEN(PVOID, MmAllocateNonCachedMemory, (SIZE_T NumberOfBytes), NULL)
NTC_SPOKEN(PMDL, MmAllocatePagesForMdl, (PHYSICAL_ADDRESS LowAddress, PHYSICAL_ADDRESS
	 HighAddress, PHYSICAL_ADDRESS SkipBytes, SIZE_T TotalBytes), NULL)
NTC_SPOKEN(PMDL, MmAllocatePagesForMdlEx, (PHYSICAL_ADDRESS LowAddress, PHYSICAL_ADDRESS
	 HighAddress, PHYSICAL_ADDRESS SkipBytes, SIZE_T TotalBytes, MEMORY_CACHING_TYPE
	 CacheType, ULONG Flags), NULL)
NTC_SPOKEN(BOOLEAN, MmCanFileBeTruncated, (PSECTION_OBJECT_POINTERS SectionObjectPointer,
	 PLARGE_INTEGER NewFileSize), FALSE)
NTC_SPOKEN(PMDL, MmCreateMdl, (PMDL MemoryDescriptorList, PVOID Base, SIZE_T Length), NULL)
NTC_SPOKEN(NTSTATUS, MmCreateMirror, (VOID), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(ULONG, MmDoesFileHaveUserWritableReferences, (PSECTION_OBJECT_POINTERS SectionPointer),
	 0)
NTC_SPOKEN(BOOLEAN, MmFlushImageSection, (PSECTION_OBJECT_POINTERS SectionObjectPointer,
	 MMFLUSH_TYPE FlushType), FALSE)
NTC_SPOKEN(BOOLEAN, MmForceSectionClosed, (PSECTION_OBJECT_POINTERS SectionObjectPointer, BOOLEAN
	 DelayClose), FALSE)
NTC_SPOKEN(VOID, MmFreeContiguousMemory, (PVOID BaseAddress), 0)
NTC_SPOKEN(VOID, MmFreeContiguousMemorySpecifyCache, (PVOID BaseAddress, SIZE_T NumberOfBytes,
	 MEMORY_CACHING_TYPE CacheType), 0)
NTC_SPOKEN(VOID, MmFreeMappingAddress, (PVOID BaseAddress, ULONG PoolTag), 0)
NTC_SPOKEN(VOID, MmFreeNonCachedMemory, (PVOID BaseAddress, SIZE_T NumberOfBytes), 0)
NTC_SPOKEN(VOID, MmFreePagesFromMdl, (PMDLX MemoryDescriptorList), 0)
NTC_SPOKEN(PHYSICAL_ADDRESS, MmGetPhysicalAddress, (PVOID BaseAddress), NULL)
NTC_SPOKEN(PPHYSICAL_MEMORY_RANGE, MmGetPhysicalMemoryRanges, (VOID), NULL)
NTC_SPOKEN(PVOID, MmGetSystemRoutineAddress, (PUNICODE_STRING SystemRoutineName), NULL)
NTC_SPOKEN(PVOID, MmGetVirtualForPhysical, (PHYSICAL_ADDRESS PhysicalAddress), NULL)
NTC_SPOKEN(BOOLEAN, MmIsAddressValid, (PVOID VirtualAddress), FALSE)
NTC_SPOKEN(LOGICAL, MmIsDriverVerifying, (struct _DRIVER_OBJECT *DriverObject), 0)
NTC_SPOKEN(LOGICAL, MmIsDriverVerifyingByAddress, (PVOID AddressWithinSection), 0)
NTC_SPOKEN(LOGICAL, MmIsIoSpaceActive, (PHYSICAL_ADDRESS StartAddress, SIZE_T NumberOfBytes), 0)
NTC_SPOKEN(BOOLEAN, MmIsNonPagedSystemAddressValid, (PVOID VirtualAddress), FALSE)
NTC_SPOKEN(BOOLEAN, MmIsRecursiveIoFault, (VOID), FALSE)
NTC_SPOKEN(BOOLEAN, MmIsThisAnNtAsSystem, (VOID), FALSE)
NTC_SPOKEN(NTSTATUS, MmIsVerifierEnabled, (PULONG VerifierFlags), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(PVOID, MmLockPagableDataSection, (PVOID AddressWithinSection), NULL)
NTC_SPOKEN(VOID, MmLockPagableSectionByHandle, (PVOID ImageSectionHandle), 0)
NTC_SPOKEN(PVOID, MmMapIoSpace, (PHYSICAL_ADDRESS PhysicalAddress, SIZE_T NumberOfBytes,
	 MEMORY_CACHING_TYPE CacheEnable), NULL)
NTC_SPOKEN(PVOID, MmMapLockedPagesWithReservedMapping, (PVOID MappingAddress, ULONG PoolTag, PMDL
	 MemoryDescriptorList, MEMORY_CACHING_TYPE CacheType), NULL)
NTC_SPOKEN(NTSTATUS, MmMapUserAddressesToPage, (PVOID BaseAddress, SIZE_T NumberOfBytes, PVOID
	 PageAddress), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(PVOID, MmMapVideoDisplay, (PHYSICAL_ADDRESS PhysicalAddress, SIZE_T NumberOfBytes,
	 MEMORY_CACHING_TYPE CacheType), NULL)
NTC_SPOKEN(NTSTATUS, MmMapViewInSessionSpace, (PVOID Section, PVOID *MappedBase, PSIZE_T
	 ViewSize), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, MmMapViewInSystemSpace, (PVOID Section, PVOID *MappedBase, PSIZE_T ViewSize),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(PVOID, MmPageEntireDriver, (PVOID AddressWithinSection), NULL)
NTC_SPOKEN(NTSTATUS, MmPrefetchPages, (ULONG NumberOfLists, PREAD_LIST *ReadLists),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(VOID, MmProbeAndLockProcessPages, (PMDL MemoryDescriptorList, PEPROCESS Process,
	 KPROCESSOR_MODE AccessMode, LOCK_OPERATION Operation), 0)
NTC_SPOKEN(NTSTATUS, MmProtectMdlSystemAddress, (PMDL MemoryDescriptorList, ULONG NewProtect),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, MmRemovePhysicalMemory, (PPHYSICAL_ADDRESS StartAddress, PLARGE_INTEGER
	 NumberOfBytes), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(VOID, MmResetDriverPaging, (PVOID AddressWithinSection), 0)
NTC_SPOKEN(NTSTATUS, MmRotatePhysicalView, (PVOID VirtualAddress, PSIZE_T NumberOfBytes, PMDLX
	 NewMdl, MM_ROTATE_DIRECTION Direction, PMM_ROTATE_COPY_CALLBACK_FUNCTION
	 CopyFunction, PVOID Context), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(HANDLE, MmSecureVirtualMemory, (PVOID Address, SIZE_T Size, ULONG ProbeMode), NULL)
NTC_SPOKEN(BOOLEAN, MmSetAddressRangeModified, (PVOID Address, SIZE_T Length), FALSE)
NTC_SPOKEN(VOID, MmUnlockPagableImageSection, (PVOID ImageSectionHandle), 0)
NTC_SPOKEN(VOID, MmUnmapIoSpace, (PVOID BaseAddress, SIZE_T NumberOfBytes), 0)
NTC_SPOKEN(VOID, MmUnmapReservedMapping, (PVOID BaseAddress, ULONG PoolTag, PMDL
	 MemoryDescriptorList), 0)
NTC_SPOKEN(VOID, MmUnmapVideoDisplay, (PVOID BaseAddress, SIZE_T NumberOfBytes), 0)
NTC_SPOKEN(NTSTATUS, MmUnmapViewInSessionSpace, (PVOID MappedBase), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, MmUnmapViewInSystemSpace, (PVOID MappedBase), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(VOID, MmUnsecureVirtualMemory, (HANDLE SecureHandle), 0)
NTC_SPOKEN(NTSTATUS, ObCreateObject, (KPROCESSOR_MODE ObjectAttributesAccessMode, POBJECT_TYPE
	 ObjectType, POBJECT_ATTRIBUTES ObjectAttributes, KPROCESSOR_MODE AccessMode, PVOID
	 ParseContext, ULONG ObjectSize, ULONG PagedPoolCharge, ULONG NonPagedPoolCharge,
	 PVOID *Object), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(VOID, ObDereferenceObjectDeferDeleteWithTag, (PVOID Object, ULONG Tag), 0)
NTC_SPOKEN(USHORT, ObGetFilterVersion, (VOID), 0)
NTC_SPOKEN(ULONG, ObGetObjectPointerCount, (PVOID Object), 0)
NTC_SPOKEN(NTSTATUS, ObGetObjectSecurity, (PVOID Object, PSECURITY_DESCRIPTOR *SecurityDescriptor,
	 PBOOLEAN MemoryAllocated), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ObInsertObject, (PVOID Object, PACCESS_STATE PassedAccessState, ACCESS_MASK
	 DesiredAccess, ULONG ObjectPointerBias, PVOID *NewObject, PHANDLE Handle),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(BOOLEAN, ObIsKernelHandle, (HANDLE Handle), FALSE)
NTC_SPOKEN(VOID, ObMakeTemporaryObject, (PVOID Object), 0)
NTC_SPOKEN(NTSTATUS, ObOpenObjectByPointer, (PVOID Object, ULONG HandleAttributes, PACCESS_STATE
	 PassedAccessState, ACCESS_MASK DesiredAccess, POBJECT_TYPE ObjectType,
	 KPROCESSOR_MODE AccessMode, PHANDLE Handle), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ObOpenObjectByPointerWithTag, (PVOID Object, ULONG HandleAttributes,
	 PACCESS_STATE PassedAccessState, ACCESS_MASK DesiredAccess, POBJECT_TYPE
	 ObjectType, KPROCESSOR_MODE AccessMode, ULONG Tag, PHANDLE Handle),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ObQueryNameString, (PVOID Object, POBJECT_NAME_INFORMATION ObjectNameInfo,
	 ULONG Length, PULONG ReturnLength), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ObQueryObjectAuditingByHandle, (HANDLE Handle, PBOOLEAN GenerateOnClose),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ObReferenceObjectByHandleWithTag, (HANDLE Handle, ACCESS_MASK DesiredAccess,
	 POBJECT_TYPE ObjectType, KPROCESSOR_MODE AccessMode, ULONG Tag, PVOID *Object,
	 POBJECT_HANDLE_INFORMATION HandleInformation), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ObReferenceObjectByName, (PUNICODE_STRING ObjectName, ULONG Attributes,
	 PACCESS_STATE PassedAccessState, ACCESS_MASK DesiredAccess, POBJECT_TYPE
	 ObjectType, KPROCESSOR_MODE AccessMode, PVOID ParseContext, PVOID *Object),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ObReferenceObjectByPointerWithTag, (PVOID Object, ACCESS_MASK DesiredAccess,
	 POBJECT_TYPE ObjectType, KPROCESSOR_MODE AccessMode, ULONG Tag),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ObRegisterCallbacks, (POB_CALLBACK_REGISTRATION CallbackRegistration, PVOID
	   *RegistrationHandle), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(VOID, ObReleaseObjectSecurity, (PSECURITY_DESCRIPTOR SecurityDescriptor, BOOLEAN
	 MemoryAllocated), 0)
NTC_SPOKEN(VOID, ObUnRegisterCallbacks, (PVOID RegistrationHandle), 0)
NTC_SPOKEN(NTSTATUS, PoClearPowerRequest, (PVOID PowerRequest, POWER_REQUEST_TYPE Type),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, PoCreatePowerRequest, (PVOID *PowerRequest, PDEVICE_OBJECT DeviceObject,
	 PCOUNTED_REASON_CONTEXT Context), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(VOID, PoDeletePowerRequest, (PVOID PowerRequest), 0)
NTC_SPOKEN(VOID, PoEndDeviceBusy, (PULONG IdlePointer), 0)
NTC_SPOKEN(BOOLEAN, PoGetSystemWake, (struct _IRP *Irp), FALSE)
NTC_SPOKEN(BOOLEAN, PoQueryWatchdogTime, (PDEVICE_OBJECT Pdo, PULONG SecondsRemaining), FALSE)
NTC_SPOKEN(NTSTATUS, PoQueueShutdownWorkItem, (PWORK_QUEUE_ITEM WorkItem), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(PULONG, PoRegisterDeviceForIdleDetection, (struct _DEVICE_OBJECT *DeviceObject, ULONG
	 ConservationIdleTime, ULONG PerformanceIdleTime, DEVICE_POWER_STATE State), NULL)
NTC_SPOKEN(NTSTATUS, PoRegisterPowerSettingCallback, (PDEVICE_OBJECT DeviceObject, LPCGUID
	 SettingGuid, PPOWER_SETTING_CALLBACK Callback, PVOID Context, PVOID *Handle),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(PVOID, PoRegisterSystemState, (PVOID StateHandle, EXECUTION_STATE Flags), NULL)
NTC_SPOKEN(NTSTATUS, PoRequestPowerIrp, (struct _DEVICE_OBJECT *DeviceObject, UCHAR MinorFunction,
	 POWER_STATE PowerState, PREQUEST_POWER_COMPLETE CompletionFunction, PVOID Context,
	 struct _IRP **Irp), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, PoRequestShutdownEvent, (PVOID *Event), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(VOID, PoSetDeviceBusyEx, (PULONG IdlePointer), 0)
NTC_SPOKEN(NTSTATUS, PoSetPowerRequest, (PVOID PowerRequest, POWER_REQUEST_TYPE Type),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(POWER_STATE, PoSetPowerState, (struct _DEVICE_OBJECT *DeviceObject, POWER_STATE_TYPE
	 Type, POWER_STATE State), NULL)
NTC_SPOKEN(VOID, PoSetSystemState, (EXECUTION_STATE Flags), 0)
NTC_SPOKEN(VOID, PoSetSystemWake, (struct _IRP *Irp), 0)
NTC_SPOKEN(VOID, PoStartDeviceBusy, (PULONG IdlePointer), 0)
NTC_SPOKEN(NTSTATUS, PoUnregisterPowerSettingCallback, (PVOID Handle), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(VOID, PoUnregisterSystemState, (PVOID StateHandle), 0)
NTC_SPOKEN(VOID, ProbeForRead, (const VOID *Address, SIZE_T Length, ULONG Alignment), 0)
NTC_SPOKEN(VOID, ProbeForWrite, (PVOID Address, SIZE_T Length, ULONG Alignment), 0)
NTC_SPOKEN(NTSTATUS, PsAssignImpersonationToken, (PETHREAD Thread, HANDLE Token),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(VOID, PsChargePoolQuota, (PEPROCESS Process, POOL_TYPE PoolType, ULONG_PTR Amount), 0)
NTC_SPOKEN(NTSTATUS, PsChargeProcessPoolQuota, (PEPROCESS Process, POOL_TYPE PoolType, ULONG_PTR
	 Amount), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(VOID, PsDereferenceImpersonationToken, (PACCESS_TOKEN ImpersonationToken), 0)
NTC_SPOKEN(VOID, PsDereferencePrimaryToken, (PACCESS_TOKEN PrimaryToken), 0)
NTC_SPOKEN(BOOLEAN, PsDisableImpersonation, (PETHREAD Thread, PSE_IMPERSONATION_STATE
	 ImpersonationState), FALSE)
NTC_SPOKEN(LONGLONG, PsGetProcessCreateTimeQuadPart, (PEPROCESS Process), 0)
NTC_SPOKEN(LARGE_INTEGER, PsGetProcessExitTime, (VOID), 0)
NTC_SPOKEN(HANDLE, PsGetProcessId, (PEPROCESS Process), NULL)
NTC_SPOKEN(HANDLE, PsGetThreadProcessId, (PETHREAD Thread), NULL)
NTC_SPOKEN(BOOLEAN, PsGetVersion, (PULONG MajorVersion, PULONG MinorVersion, PULONG BuildNumber,
	 PUNICODE_STRING CSDVersion), FALSE)
NTC_SPOKEN(NTSTATUS, PsImpersonateClient, (PETHREAD Thread, PACCESS_TOKEN Token, BOOLEAN
	 CopyOnOpen, BOOLEAN EffectiveOnly, SECURITY_IMPERSONATION_LEVEL
	 ImpersonationLevel), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(BOOLEAN, PsIsCurrentThreadPrefetching, (VOID), FALSE)
NTC_SPOKEN(BOOLEAN, PsIsThreadTerminating, (PETHREAD Thread), FALSE)
NTC_SPOKEN(NTSTATUS, PsLookupProcessByProcessId, (HANDLE ProcessId, PEPROCESS *Process),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, PsLookupProcessThreadByCid, (PCLIENT_ID Cid, PEPROCESS *Process, PETHREAD
	   *Thread), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, PsLookupThreadByThreadId, (HANDLE UniqueThreadId, PETHREAD *Thread),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(PACCESS_TOKEN, PsReferenceImpersonationToken, (PETHREAD Thread, PBOOLEAN CopyOnOpen,
	 PBOOLEAN EffectiveOnly, PSECURITY_IMPERSONATION_LEVEL ImpersonationLevel), NULL)
NTC_SPOKEN(HANDLE, PsReferencePrimaryToken, (PEPROCESS Process), NULL)
NTC_SPOKEN(NTSTATUS, PsRemoveCreateThreadNotifyRoutine, (PCREATE_THREAD_NOTIFY_ROUTINE
	 NotifyRoutine), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, PsRemoveLoadImageNotifyRoutine, (PLOAD_IMAGE_NOTIFY_ROUTINE NotifyRoutine),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(VOID, PsRestoreImpersonation, (PETHREAD Thread, PSE_IMPERSONATION_STATE
	 ImpersonationState), 0)
NTC_SPOKEN(VOID, PsReturnPoolQuota, (PEPROCESS Process, POOL_TYPE PoolType, ULONG_PTR Amount), 0)
NTC_SPOKEN(VOID, PsRevertToSelf, (VOID), 0)
NTC_SPOKEN(NTSTATUS, PsSetCreateProcessNotifyRoutine, (PCREATE_PROCESS_NOTIFY_ROUTINE
	 NotifyRoutine, BOOLEAN Remove), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, PsSetCreateProcessNotifyRoutineEx, (PCREATE_PROCESS_NOTIFY_ROUTINE_EX
	 NotifyRoutine, BOOLEAN Remove), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, PsSetCreateThreadNotifyRoutine, (PCREATE_THREAD_NOTIFY_ROUTINE
	 NotifyRoutine), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(BOOLEAN, PsSetCurrentThreadPrefetching, (BOOLEAN Prefetching), FALSE)
NTC_SPOKEN(NTSTATUS, PsSetLoadImageNotifyRoutine, (PLOAD_IMAGE_NOTIFY_ROUTINE NotifyRoutine),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, PsWrapApcWow64Thread, (PVOID *ApcContext, PVOID *ApcRoutine),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, RtlAbsoluteToSelfRelativeSD, (PSECURITY_DESCRIPTOR
	 AbsoluteSecurityDescriptor, PSECURITY_DESCRIPTOR SelfRelativeSecurityDescriptor,
	 PULONG BufferLength), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, RtlAddAccessAllowedAce, (PACL Acl, ULONG AceRevision, ACCESS_MASK AccessMask,
	 PSID Sid), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, RtlAddAccessAllowedAceEx, (PACL Acl, ULONG AceRevision, ULONG AceFlags,
	 ACCESS_MASK AccessMask, PSID Sid), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, RtlAddAce, (PACL Acl, ULONG AceRevision, ULONG StartingAceIndex, PVOID
	 AceList, ULONG AceListLength), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, RtlAllocateAndInitializeSid, (PSID_IDENTIFIER_AUTHORITY IdentifierAuthority,
	 UCHAR SubAuthorityCount, ULONG SubAuthority0, ULONG SubAuthority1, ULONG
	 SubAuthority2, ULONG SubAuthority3, ULONG SubAuthority4, ULONG SubAuthority5,
	 ULONG SubAuthority6, ULONG SubAuthority7, PSID *Sid), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(PVOID, RtlAllocateHeap, (HANDLE HeapHandle, ULONG Flags, SIZE_T Size), NULL)
NTC_SPOKEN(NTSTATUS, RtlAppendStringToString, (PSTRING Destination, const STRING *Source),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(VOID, RtlCaptureContext, (PCONTEXT ContextRecord), 0)
NTC_SPOKEN(USHORT, RtlCaptureStackBackTrace, (ULONG FramesToSkip, ULONG FramesToCapture, PVOID
	   *BackTrace, PULONG BackTraceHash), 0)
NTC_SPOKEN(NTSTATUS, RtlCharToInteger, (PCSZ String, ULONG Base, PULONG Value),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(ULONGLONG, RtlCmDecodeMemIoResource, (struct _CM_PARTIAL_RESOURCE_DESCRIPTOR
	   *Descriptor, PULONGLONG Start), 0)
NTC_SPOKEN(NTSTATUS, RtlCmEncodeMemIoResource, (PCM_PARTIAL_RESOURCE_DESCRIPTOR Descriptor, UCHAR
	 Type, ULONGLONG Length, ULONGLONG Start), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(LONG, RtlCompareAltitudes, (PCUNICODE_STRING Altitude1, PCUNICODE_STRING Altitude2), 0)
NTC_SPOKEN(SIZE_T, RtlCompareMemoryUlong, (PVOID Source, SIZE_T Length, ULONG Pattern), 0)
NTC_SPOKEN(LONG, RtlCompareUnicodeStrings, (PCWCH String1, SIZE_T String1Length, PCWCH String2,
	 SIZE_T String2Length, BOOLEAN CaseInSensitive), 0)
NTC_SPOKEN(NTSTATUS, RtlCompressBuffer, (USHORT CompressionFormatAndEngine, PUCHAR
	 UncompressedBuffer, ULONG UncompressedBufferSize, PUCHAR CompressedBuffer, ULONG
	 CompressedBufferSize, ULONG UncompressedChunkSize, PULONG FinalCompressedSize,
	 PVOID WorkSpace), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, RtlCompressChunks, (PUCHAR UncompressedBuffer, ULONG UncompressedBufferSize,
	 PUCHAR CompressedBuffer, ULONG CompressedBufferSize, PCOMPRESSED_DATA_INFO
	 CompressedDataInfo, ULONG CompressedDataInfoLength, PVOID WorkSpace),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(BOOLEAN, RtlContractHashTable, (PRTL_DYNAMIC_HASH_TABLE HashTable), FALSE)
NTC_SPOKEN(NTSTATUS, RtlConvertSidToUnicodeString, (PUNICODE_STRING UnicodeString, PSID Sid,
	 BOOLEAN AllocateDestinationString), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(VOID, RtlCopyLuid, (PLUID DestinationLuid, PLUID SourceLuid), 0)
NTC_SPOKEN(NTSTATUS, RtlCopySid, (ULONG Length, PSID Destination, PSID Source),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(VOID, RtlCopyString, (PSTRING DestinationString, const PSTRING SourceString), 0)
NTC_SPOKEN(NTSTATUS, RtlCreateAcl, (PACL Acl, ULONG AclLength, ULONG AclRevision),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(BOOLEAN, RtlCreateHashTable, (PRTL_DYNAMIC_HASH_TABLE *HashTable, ULONG Shift, ULONG
	 Flags), FALSE)
NTC_SPOKEN(PVOID, RtlCreateHeap, (ULONG Flags, PVOID HeapBase, SIZE_T ReserveSize, SIZE_T
	 CommitSize, PVOID Lock, PRTL_HEAP_PARAMETERS Parameters), NULL)
NTC_SPOKEN(NTSTATUS, RtlCreateSecurityDescriptor, (PSECURITY_DESCRIPTOR SecurityDescriptor, ULONG
	 Revision), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, RtlCreateSecurityDescriptorRelative, (PISECURITY_DESCRIPTOR_RELATIVE
	 SecurityDescriptor, ULONG Revision), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, RtlCreateServiceSid, (PUNICODE_STRING ServiceName, PSID ServiceSid, PULONG
	 ServiceSidLength), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, RtlCreateSystemVolumeInformationFolder, (PCUNICODE_STRING VolumeRootPath),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(BOOLEAN, RtlCreateUnicodeString, (PUNICODE_STRING DestinationString, PCWSTR
	 SourceString), FALSE)
NTC_SPOKEN(NTSTATUS, RtlCreateVirtualAccountSid, (PCUNICODE_STRING Name, ULONG BaseSubAuthority,
	 PSID Sid, PULONG SidLength), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, RtlCustomCPToUnicodeN, (PCPTABLEINFO CustomCP, PWCH UnicodeString, ULONG
	 MaxBytesInUnicodeString, PULONG BytesInUnicodeString, PCH CustomCPString, ULONG
	 BytesInCustomCPString), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, RtlDecompressBuffer, (USHORT CompressionFormat, PUCHAR UncompressedBuffer,
	 ULONG UncompressedBufferSize, PUCHAR CompressedBuffer, ULONG CompressedBufferSize,
	 PULONG FinalUncompressedSize), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, RtlDecompressChunks, (PUCHAR UncompressedBuffer, ULONG
	 UncompressedBufferSize, PUCHAR CompressedBuffer, ULONG CompressedBufferSize,
	 PUCHAR CompressedTail, ULONG CompressedTailSize, PCOMPRESSED_DATA_INFO
	 CompressedDataInfo), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, RtlDecompressFragment, (USHORT CompressionFormat, PUCHAR
	 UncompressedFragment, ULONG UncompressedFragmentSize, PUCHAR CompressedBuffer,
	 ULONG CompressedBufferSize, ULONG FragmentOffset, PULONG FinalUncompressedSize,
	 PVOID WorkSpace), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(PRTL_SPLAY_LINKS, RtlDelete, (PRTL_SPLAY_LINKS Links), NULL)
NTC_SPOKEN(NTSTATUS, RtlDeleteAce, (PACL Acl, ULONG AceIndex), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(BOOLEAN, RtlDeleteElementGenericTable, (PRTL_GENERIC_TABLE Table, PVOID Buffer), FALSE)
NTC_SPOKEN(BOOLEAN, RtlDeleteElementGenericTableAvl, (PRTL_AVL_TABLE Table, PVOID Buffer), FALSE)
NTC_SPOKEN(VOID, RtlDeleteHashTable, (PRTL_DYNAMIC_HASH_TABLE HashTable), 0)
NTC_SPOKEN(VOID, RtlDeleteNoSplay, (PRTL_SPLAY_LINKS Links, PRTL_SPLAY_LINKS *Root), 0)
NTC_SPOKEN(NTSTATUS, RtlDescribeChunk, (USHORT CompressionFormat, PUCHAR *CompressedBuffer, PUCHAR
	 EndOfCompressedBufferPlus1, PUCHAR *ChunkBuffer, PULONG ChunkSize),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(PVOID, RtlDestroyHeap, (PVOID HeapHandle), NULL)
NTC_SPOKEN(NTSTATUS, RtlDowncaseUnicodeString, (PUNICODE_STRING UniDest, PCUNICODE_STRING
	 UniSource, BOOLEAN AllocateDestinationString), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, RtlDuplicateUnicodeString, (ULONG Flags, PCUNICODE_STRING SourceString,
	 PUNICODE_STRING DestinationString), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(VOID, RtlEndEnumerationHashTable, (PRTL_DYNAMIC_HASH_TABLE HashTable,
	 PRTL_DYNAMIC_HASH_TABLE_ENUMERATOR Enumerator), 0)
NTC_SPOKEN(VOID, RtlEndWeakEnumerationHashTable, (PRTL_DYNAMIC_HASH_TABLE HashTable,
	 PRTL_DYNAMIC_HASH_TABLE_ENUMERATOR Enumerator), 0)
NTC_SPOKEN(PRTL_DYNAMIC_HASH_TABLE_ENTRY, RtlEnumerateEntryHashTable, (PRTL_DYNAMIC_HASH_TABLE
	 HashTable, PRTL_DYNAMIC_HASH_TABLE_ENUMERATOR Enumerator), NULL)
NTC_SPOKEN(PVOID, RtlEnumerateGenericTable, (PRTL_GENERIC_TABLE Table, BOOLEAN Restart), NULL)
NTC_SPOKEN(PVOID, RtlEnumerateGenericTableAvl, (PRTL_AVL_TABLE Table, BOOLEAN Restart), NULL)
NTC_SPOKEN(PVOID, RtlEnumerateGenericTableLikeADirectory, (PRTL_AVL_TABLE Table,
	 PRTL_AVL_MATCH_FUNCTION MatchFunction, PVOID MatchData, ULONG NextFlag, PVOID
	   *RestartKey, PULONG DeleteCount, PVOID Buffer), NULL)
NTC_SPOKEN(PVOID, RtlEnumerateGenericTableWithoutSplaying, (PRTL_GENERIC_TABLE Table, PVOID
	   *RestartKey), NULL)
NTC_SPOKEN(PVOID, RtlEnumerateGenericTableWithoutSplayingAvl, (PRTL_AVL_TABLE Table, PVOID
	   *RestartKey), NULL)
NTC_SPOKEN(BOOLEAN, RtlEqualPrefixSid, (PSID Sid1, PSID Sid2), FALSE)
NTC_SPOKEN(BOOLEAN, RtlEqualSid, (PSID Sid1, PSID Sid2), FALSE)
NTC_SPOKEN(BOOLEAN, RtlExpandHashTable, (PRTL_DYNAMIC_HASH_TABLE HashTable), FALSE)
NTC_SPOKEN(NTSTATUS, RtlFindClosestEncodableLength, (ULONGLONG SourceLength, PULONGLONG
	 TargetLength), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(PUNICODE_PREFIX_TABLE_ENTRY, RtlFindUnicodePrefix, (PUNICODE_PREFIX_TABLE PrefixTable,
	 PUNICODE_STRING FullName, ULONG CaseInsensitiveIndex), NULL)
NTC_SPOKEN(BOOLEAN, RtlFreeHeap, (PVOID HeapHandle, ULONG Flags, PVOID BaseAddress), FALSE)
NTC_SPOKEN(VOID, RtlFreeOemString, (POEM_STRING OemString), 0)
NTC_SPOKEN(PVOID, RtlFreeSid, (PSID Sid), NULL)
NTC_SPOKEN(NTSTATUS, RtlGUIDFromString, (PUNICODE_STRING GuidString, GUID *Guid),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, RtlGenerate8dot3Name, (PCUNICODE_STRING Name, BOOLEAN
	 AllowExtendedCharacters, PGENERATE_NAME_CONTEXT Context, PUNICODE_STRING
	 Name8dot3), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, RtlGetAce, (PACL Acl, ULONG AceIndex, PVOID *Ace), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, RtlGetCompressionWorkSpaceSize, (USHORT CompressionFormatAndEngine, PULONG
	 CompressBufferWorkSpaceSize, PULONG CompressFragmentWorkSpaceSize),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, RtlGetDaclSecurityDescriptor, (PSECURITY_DESCRIPTOR SecurityDescriptor,
	 PBOOLEAN DaclPresent, PACL *Dacl, PBOOLEAN DaclDefaulted), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(PVOID, RtlGetElementGenericTable, (PRTL_GENERIC_TABLE Table, ULONG I), NULL)
NTC_SPOKEN(PVOID, RtlGetElementGenericTableAvl, (PRTL_AVL_TABLE Table, ULONG I), NULL)
NTC_SPOKEN(ULONG64, RtlGetEnabledExtendedFeatures, (ULONG64 FeatureMask), 0)
NTC_SPOKEN(NTSTATUS, RtlGetGroupSecurityDescriptor, (PSECURITY_DESCRIPTOR SecurityDescriptor, PSID
	   *Group, PBOOLEAN GroupDefaulted), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(PRTL_DYNAMIC_HASH_TABLE_ENTRY, RtlGetNextEntryHashTable, (PRTL_DYNAMIC_HASH_TABLE
	 HashTable, PRTL_DYNAMIC_HASH_TABLE_CONTEXT Context), NULL)
NTC_SPOKEN(NTSTATUS, RtlGetOwnerSecurityDescriptor, (PSECURITY_DESCRIPTOR SecurityDescriptor, PSID
	   *Owner, PBOOLEAN OwnerDefaulted), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(BOOLEAN, RtlGetProductInfo, (ULONG OSMajorVersion, ULONG OSMinorVersion, ULONG
	 SpMajorVersion, ULONG SpMinorVersion, PULONG ReturnedProductType), FALSE)
NTC_SPOKEN(NTSTATUS, RtlGetSaclSecurityDescriptor, (PSECURITY_DESCRIPTOR SecurityDescriptor,
	 PBOOLEAN SaclPresent, PACL *Sacl, PBOOLEAN SaclDefaulted), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, RtlHashUnicodeString, (const UNICODE_STRING *String, BOOLEAN CaseInSensitive,
	 ULONG HashAlgorithm, PULONG HashValue), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(PSID_IDENTIFIER_AUTHORITY, RtlIdentifierAuthoritySid, (PSID Sid), NULL)
NTC_SPOKEN(NTSTATUS, RtlIdnToAscii, (ULONG Flags, PCWSTR SourceString, LONG SourceStringLength,
	 PWSTR DestinationString, PLONG DestinationStringLength), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, RtlIdnToNameprepUnicode, (ULONG Flags, PCWSTR SourceString, LONG
	 SourceStringLength, PWSTR DestinationString, PLONG DestinationStringLength),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, RtlIdnToUnicode, (ULONG Flags, PCWSTR SourceString, LONG SourceStringLength,
	 PWSTR DestinationString, PLONG DestinationStringLength), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, RtlInitAnsiStringEx, (PANSI_STRING DestinationString, PCSZ SourceString),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(VOID, RtlInitCodePageTable, (PUSHORT TableBase, PCPTABLEINFO CodePageTable), 0)
NTC_SPOKEN(BOOLEAN, RtlInitEnumerationHashTable, (PRTL_DYNAMIC_HASH_TABLE HashTable,
	 PRTL_DYNAMIC_HASH_TABLE_ENUMERATOR Enumerator), FALSE)
NTC_SPOKEN(NTSTATUS, RtlInitUnicodeStringEx, (PUNICODE_STRING DestinationString, PCWSTR
	 SourceString), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(BOOLEAN, RtlInitWeakEnumerationHashTable, (PRTL_DYNAMIC_HASH_TABLE HashTable,
	 PRTL_DYNAMIC_HASH_TABLE_ENUMERATOR Enumerator), FALSE)
NTC_SPOKEN(VOID, RtlInitializeGenericTable, (PRTL_GENERIC_TABLE Table,
	 PRTL_GENERIC_COMPARE_ROUTINE CompareRoutine, PRTL_GENERIC_ALLOCATE_ROUTINE
	 AllocateRoutine, PRTL_GENERIC_FREE_ROUTINE FreeRoutine, PVOID TableContext), 0)
NTC_SPOKEN(VOID, RtlInitializeGenericTableAvl, (PRTL_AVL_TABLE Table, PRTL_AVL_COMPARE_ROUTINE
	 CompareRoutine, PRTL_AVL_ALLOCATE_ROUTINE AllocateRoutine, PRTL_AVL_FREE_ROUTINE
	 FreeRoutine, PVOID TableContext), 0)
NTC_SPOKEN(NTSTATUS, RtlInitializeSid, (PSID Sid, PSID_IDENTIFIER_AUTHORITY IdentifierAuthority,
	 UCHAR SubAuthorityCount), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(VOID, RtlInitializeUnicodePrefix, (PUNICODE_PREFIX_TABLE PrefixTable), 0)
NTC_SPOKEN(PVOID, RtlInsertElementGenericTable, (PRTL_GENERIC_TABLE Table, PVOID Buffer, CLONG
	 BufferSize, PBOOLEAN NewElement), NULL)
NTC_SPOKEN(PVOID, RtlInsertElementGenericTableAvl, (PRTL_AVL_TABLE Table, PVOID Buffer, CLONG
	 BufferSize, PBOOLEAN NewElement), NULL)
NTC_SPOKEN(PVOID, RtlInsertElementGenericTableFull, (PRTL_GENERIC_TABLE Table, PVOID Buffer, CLONG
	 BufferSize, PBOOLEAN NewElement, PVOID NodeOrParent, TABLE_SEARCH_RESULT
	 SearchResult), NULL)
NTC_SPOKEN(PVOID, RtlInsertElementGenericTableFullAvl, (PRTL_AVL_TABLE Table, PVOID Buffer, CLONG
	 BufferSize, PBOOLEAN NewElement, PVOID NodeOrParent, TABLE_SEARCH_RESULT
	 SearchResult), NULL)
NTC_SPOKEN(BOOLEAN, RtlInsertEntryHashTable, (PRTL_DYNAMIC_HASH_TABLE HashTable,
	 PRTL_DYNAMIC_HASH_TABLE_ENTRY Entry, ULONG_PTR Signature,
	 PRTL_DYNAMIC_HASH_TABLE_CONTEXT Context), FALSE)
NTC_SPOKEN(BOOLEAN, RtlInsertUnicodePrefix, (PUNICODE_PREFIX_TABLE PrefixTable, PUNICODE_STRING
	 Prefix, PUNICODE_PREFIX_TABLE_ENTRY PrefixTableEntry), FALSE)
NTC_SPOKEN(NTSTATUS, RtlInt64ToUnicodeString, (ULONGLONG Value, ULONG Base, PUNICODE_STRING
	 String), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, RtlIntegerToUnicodeString, (ULONG Value, ULONG Base, PUNICODE_STRING String),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(ULONGLONG, RtlIoDecodeMemIoResource, (struct _IO_RESOURCE_DESCRIPTOR *Descriptor,
	 PULONGLONG Alignment, PULONGLONG MinimumAddress, PULONGLONG MaximumAddress), 0)
NTC_SPOKEN(NTSTATUS, RtlIoEncodeMemIoResource, (struct _IO_RESOURCE_DESCRIPTOR *Descriptor, UCHAR
	 Type, ULONGLONG Length, ULONGLONG Alignment, ULONGLONG MinimumAddress, ULONGLONG
	 MaximumAddress), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(BOOLEAN, RtlIsGenericTableEmpty, (PRTL_GENERIC_TABLE Table), FALSE)
NTC_SPOKEN(BOOLEAN, RtlIsGenericTableEmptyAvl, (PRTL_AVL_TABLE Table), FALSE)
NTC_SPOKEN(BOOLEAN, RtlIsNameLegalDOS8Dot3, (PCUNICODE_STRING Name, POEM_STRING OemName, PBOOLEAN
	 NameContainsSpaces), FALSE)
NTC_SPOKEN(NTSTATUS, RtlIsNormalizedString, (ULONG NormForm, PCWSTR SourceString, LONG
	 SourceStringLength, PBOOLEAN Normalized), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(BOOLEAN, RtlIsValidOemCharacter, (PWCHAR Char), FALSE)
NTC_SPOKEN(ULONG, RtlLengthRequiredSid, (ULONG SubAuthorityCount), 0)
NTC_SPOKEN(ULONG, RtlLengthSecurityDescriptor, (PSECURITY_DESCRIPTOR SecurityDescriptor), 0)
NTC_SPOKEN(ULONG, RtlLengthSid, (PSID Sid), 0)
NTC_SPOKEN(PVOID, RtlLookupElementGenericTable, (PRTL_GENERIC_TABLE Table, PVOID Buffer), NULL)
NTC_SPOKEN(PVOID, RtlLookupElementGenericTableAvl, (PRTL_AVL_TABLE Table, PVOID Buffer), NULL)
NTC_SPOKEN(PVOID, RtlLookupElementGenericTableFull, (PRTL_GENERIC_TABLE Table, PVOID Buffer, PVOID
	   *NodeOrParent, TABLE_SEARCH_RESULT *SearchResult), NULL)
NTC_SPOKEN(PVOID, RtlLookupElementGenericTableFullAvl, (PRTL_AVL_TABLE Table, PVOID Buffer, PVOID
	   *NodeOrParent, TABLE_SEARCH_RESULT *SearchResult), NULL)
NTC_SPOKEN(PRTL_DYNAMIC_HASH_TABLE_ENTRY, RtlLookupEntryHashTable, (PRTL_DYNAMIC_HASH_TABLE
	 HashTable, ULONG_PTR Signature, PRTL_DYNAMIC_HASH_TABLE_CONTEXT Context), NULL)
NTC_SPOKEN(PVOID, RtlLookupFirstMatchingElementGenericTableAvl, (PRTL_AVL_TABLE Table, PVOID
	 Buffer, PVOID *RestartKey), NULL)
NTC_SPOKEN(VOID, RtlMapGenericMask, (PACCESS_MASK AccessMask, PGENERIC_MAPPING GenericMapping), 0)
NTC_SPOKEN(NTSTATUS, RtlMultiByteToUnicodeN, (PWCH UnicodeString, ULONG MaxBytesInUnicodeString,
	 PULONG BytesInUnicodeString, const CHAR *MultiByteString, ULONG
	 BytesInMultiByteString), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, RtlMultiByteToUnicodeSize, (PULONG BytesInUnicodeString, const CHAR
	   *MultiByteString, ULONG BytesInMultiByteString), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(PUNICODE_PREFIX_TABLE_ENTRY, RtlNextUnicodePrefix, (PUNICODE_PREFIX_TABLE PrefixTable,
	 BOOLEAN Restart), NULL)
NTC_SPOKEN(NTSTATUS, RtlNormalizeString, (ULONG NormForm, PCWSTR SourceString, LONG
	 SourceStringLength, PWSTR DestinationString, PLONG DestinationStringLength),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(ULONG, RtlNtStatusToDosError, (NTSTATUS Status), 0)
NTC_SPOKEN(ULONG, RtlNtStatusToDosErrorNoTeb, (NTSTATUS Status), 0)
NTC_SPOKEN(ULONG, RtlNumberGenericTableElements, (PRTL_GENERIC_TABLE Table), 0)
NTC_SPOKEN(ULONG, RtlNumberGenericTableElementsAvl, (PRTL_AVL_TABLE Table), 0)
NTC_SPOKEN(NTSTATUS, RtlOemStringToCountedUnicodeString, (PUNICODE_STRING DestinationString,
	 PCOEM_STRING SourceString, BOOLEAN AllocateDestinationString),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, RtlOemStringToUnicodeString, (PUNICODE_STRING DestinationString, PCOEM_STRING
	 SourceString, BOOLEAN AllocateDestinationString), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, RtlOemToUnicodeN, (PWSTR UnicodeString, ULONG MaxBytesInUnicodeString, PULONG
	 BytesInUnicodeString, PCCH OemString, ULONG BytesInOemString),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(VOID, RtlPrefetchMemoryNonTemporal, (PVOID Source, SIZE_T Length), 0)
NTC_SPOKEN(ULONG, RtlRandom, (PULONG Seed), 0)
NTC_SPOKEN(ULONG, RtlRandomEx, (PULONG Seed), 0)
NTC_SPOKEN(PRTL_SPLAY_LINKS, RtlRealPredecessor, (PRTL_SPLAY_LINKS Links), NULL)
NTC_SPOKEN(PRTL_SPLAY_LINKS, RtlRealSuccessor, (PRTL_SPLAY_LINKS Links), NULL)
NTC_SPOKEN(BOOLEAN, RtlRemoveEntryHashTable, (PRTL_DYNAMIC_HASH_TABLE HashTable,
	 PRTL_DYNAMIC_HASH_TABLE_ENTRY Entry, PRTL_DYNAMIC_HASH_TABLE_CONTEXT Context),
	 FALSE)
NTC_SPOKEN(VOID, RtlRemoveUnicodePrefix, (PUNICODE_PREFIX_TABLE PrefixTable,
	 PUNICODE_PREFIX_TABLE_ENTRY PrefixTableEntry), 0)
NTC_SPOKEN(NTSTATUS, RtlReplaceSidInSd, (PSECURITY_DESCRIPTOR SecurityDescriptor, PSID OldSid,
	 PSID NewSid, ULONG *NumChanges), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, RtlReserveChunk, (USHORT CompressionFormat, PUCHAR *CompressedBuffer, PUCHAR
	 EndOfCompressedBufferPlus1, PUCHAR *ChunkBuffer, ULONG ChunkSize),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, RtlRunOnceBeginInitialize, (PRTL_RUN_ONCE RunOnce, ULONG Flags, PVOID
	   *Context), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, RtlRunOnceComplete, (PRTL_RUN_ONCE RunOnce, ULONG Flags, PVOID Context),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, RtlRunOnceExecuteOnce, (PRTL_RUN_ONCE RunOnce, PRTL_RUN_ONCE_INIT_FN InitFn,
	 PVOID Parameter, PVOID *Context), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(VOID, RtlRunOnceInitialize, (PRTL_RUN_ONCE RunOnce), 0)
NTC_SPOKEN(VOID, RtlSecondsSince1970ToTime, (ULONG ElapsedSeconds, PLARGE_INTEGER Time), 0)
NTC_SPOKEN(VOID, RtlSecondsSince1980ToTime, (ULONG ElapsedSeconds, PLARGE_INTEGER Time), 0)
NTC_SPOKEN(NTSTATUS, RtlSelfRelativeToAbsoluteSD, (PSECURITY_DESCRIPTOR
	 SelfRelativeSecurityDescriptor, PSECURITY_DESCRIPTOR AbsoluteSecurityDescriptor,
	 PULONG AbsoluteSecurityDescriptorSize, PACL Dacl, PULONG DaclSize, PACL Sacl,
	 PULONG SaclSize, PSID Owner, PULONG OwnerSize, PSID PrimaryGroup, PULONG
	 PrimaryGroupSize), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, RtlSetDaclSecurityDescriptor, (PSECURITY_DESCRIPTOR SecurityDescriptor,
	 BOOLEAN DaclPresent, PACL Dacl, BOOLEAN DaclDefaulted), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, RtlSetGroupSecurityDescriptor, (PSECURITY_DESCRIPTOR SecurityDescriptor, PSID
	 Group, BOOLEAN GroupDefaulted), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, RtlSetOwnerSecurityDescriptor, (PSECURITY_DESCRIPTOR SecurityDescriptor, PSID
	 Owner, BOOLEAN OwnerDefaulted), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, RtlSetSaclSecurityDescriptor, (PSECURITY_DESCRIPTOR SecurityDescriptor,
	 BOOLEAN SaclPresent, PACL Sacl, BOOLEAN SaclDefaulted), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(PRTL_SPLAY_LINKS, RtlSplay, (PRTL_SPLAY_LINKS Links), NULL)
NTC_SPOKEN(NTSTATUS, RtlStringFromGUID, (const GUID *const Guid, PUNICODE_STRING GuidString),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(PUCHAR, RtlSubAuthorityCountSid, (PSID Sid), NULL)
NTC_SPOKEN(PULONG, RtlSubAuthoritySid, (PSID Sid, ULONG SubAuthority), NULL)
NTC_SPOKEN(PRTL_SPLAY_LINKS, RtlSubtreePredecessor, (PRTL_SPLAY_LINKS Links), NULL)
NTC_SPOKEN(PRTL_SPLAY_LINKS, RtlSubtreeSuccessor, (PRTL_SPLAY_LINKS Links), NULL)
NTC_SPOKEN(BOOLEAN, RtlTimeToSecondsSince1970, (PLARGE_INTEGER Time, PULONG ElapsedSeconds),
	 FALSE)
NTC_SPOKEN(BOOLEAN, RtlTimeToSecondsSince1980, (PLARGE_INTEGER Time, PULONG ElapsedSeconds),
	 FALSE)
NTC_SPOKEN(NTSTATUS, RtlUTF8ToUnicodeN, (PWSTR UnicodeStringDestination, ULONG
	 UnicodeStringMaxByteCount, PULONG UnicodeStringActualByteCount, PCCH
	 UTF8StringSource, ULONG UTF8StringByteCount), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, RtlUnicodeStringToCountedOemString, (POEM_STRING DestinationString,
	 PCUNICODE_STRING SourceString, BOOLEAN AllocateDestinationString),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, RtlUnicodeStringToInteger, (PCUNICODE_STRING String, ULONG Base, PULONG
	 Value), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, RtlUnicodeStringToOemString, (POEM_STRING DestinationString, PCUNICODE_STRING
	 SourceString, BOOLEAN AllocateDestinationString), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, RtlUnicodeToCustomCPN, (PCPTABLEINFO CustomCP, PCH CustomCPString, ULONG
	 MaxBytesInCustomCPString, PULONG BytesInCustomCPString, PWCH UnicodeString, ULONG
	 BytesInUnicodeString), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, RtlUnicodeToMultiByteN, (PCHAR MultiByteString, ULONG
	 MaxBytesInMultiByteString, PULONG BytesInMultiByteString, PCWCH UnicodeString,
	 ULONG BytesInUnicodeString), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, RtlUnicodeToMultiByteSize, (PULONG BytesInMultiByteString, PCWCH
	 UnicodeString, ULONG BytesInUnicodeString), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, RtlUnicodeToOemN, (PCHAR OemString, ULONG MaxBytesInOemString, PULONG
	 BytesInOemString, PCWCH UnicodeString, ULONG BytesInUnicodeString),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, RtlUnicodeToUTF8N, (PCHAR UTF8StringDestination, ULONG
	 UTF8StringMaxByteCount, PULONG UTF8StringActualByteCount, PCWCH
	 UnicodeStringSource, ULONG UnicodeStringByteCount), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, RtlUpcaseUnicodeString, (PUNICODE_STRING DestinationString, PCUNICODE_STRING
	 SourceString, BOOLEAN AllocateDestinationString), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, RtlUpcaseUnicodeStringToCountedOemString, (POEM_STRING DestinationString,
	 PCUNICODE_STRING SourceString, BOOLEAN AllocateDestinationString),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, RtlUpcaseUnicodeStringToOemString, (POEM_STRING DestinationString,
	 PCUNICODE_STRING SourceString, BOOLEAN AllocateDestinationString),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, RtlUpcaseUnicodeToCustomCPN, (PCPTABLEINFO CustomCP, PCH CustomCPString,
	 ULONG MaxBytesInCustomCPString, PULONG BytesInCustomCPString, PWCH UnicodeString,
	 ULONG BytesInUnicodeString), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, RtlUpcaseUnicodeToMultiByteN, (PCHAR MultiByteString, ULONG
	 MaxBytesInMultiByteString, PULONG BytesInMultiByteString, PCWCH UnicodeString,
	 ULONG BytesInUnicodeString), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, RtlUpcaseUnicodeToOemN, (PCHAR OemString, ULONG MaxBytesInOemString, PULONG
	 BytesInOemString, PCWCH UnicodeString, ULONG BytesInUnicodeString),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(CHAR, RtlUpperChar, (CHAR Character), 0)
NTC_SPOKEN(VOID, RtlUpperString, (PSTRING DestinationString, const PSTRING SourceString), 0)
NTC_SPOKEN(BOOLEAN, RtlValidRelativeSecurityDescriptor, (PSECURITY_DESCRIPTOR
	 SecurityDescriptorInput, ULONG SecurityDescriptorLength, SECURITY_INFORMATION
	 RequiredInformation), FALSE)
NTC_SPOKEN(BOOLEAN, RtlValidSecurityDescriptor, (PSECURITY_DESCRIPTOR SecurityDescriptor), FALSE)
NTC_SPOKEN(BOOLEAN, RtlValidSid, (PSID Sid), FALSE)
NTC_SPOKEN(NTSTATUS, RtlValidateUnicodeString, (ULONG Flags, PCUNICODE_STRING String),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, RtlVerifyVersionInfo, (PRTL_OSVERSIONINFOEXW VersionInfo, ULONG TypeMask,
	 ULONGLONG ConditionMask), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, RtlVolumeDeviceToDosName, (PVOID VolumeDeviceObject, PUNICODE_STRING
	 DosName), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(ULONG, RtlWalkFrameChain, (PVOID *Callers, ULONG Count, ULONG Flags), 0)
NTC_SPOKEN(PRTL_DYNAMIC_HASH_TABLE_ENTRY, RtlWeaklyEnumerateEntryHashTable,
	   (PRTL_DYNAMIC_HASH_TABLE HashTable, PRTL_DYNAMIC_HASH_TABLE_ENUMERATOR
	 Enumerator), NULL)
NTC_SPOKEN(BOOLEAN, SeAccessCheck, (PSECURITY_DESCRIPTOR SecurityDescriptor,
	 PSECURITY_SUBJECT_CONTEXT SubjectSecurityContext, BOOLEAN SubjectContextLocked,
	 ACCESS_MASK DesiredAccess, ACCESS_MASK PreviouslyGrantedAccess, PPRIVILEGE_SET
	   *Privileges, PGENERIC_MAPPING GenericMapping, KPROCESSOR_MODE AccessMode,
	 PACCESS_MASK GrantedAccess, PNTSTATUS AccessStatus), FALSE)
NTC_SPOKEN(BOOLEAN, SeAccessCheckFromState, (PSECURITY_DESCRIPTOR SecurityDescriptor,
	 PTOKEN_ACCESS_INFORMATION PrimaryTokenInformation, PTOKEN_ACCESS_INFORMATION
	 ClientTokenInformation, ACCESS_MASK DesiredAccess, ACCESS_MASK
	 PreviouslyGrantedAccess, PPRIVILEGE_SET *Privileges, PGENERIC_MAPPING
	 GenericMapping, KPROCESSOR_MODE AccessMode, PACCESS_MASK GrantedAccess, PNTSTATUS
	 AccessStatus), FALSE)
NTC_SPOKEN(NTSTATUS, SeAppendPrivileges, (PACCESS_STATE AccessState, PPRIVILEGE_SET Privileges),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, SeAssignSecurity, (PSECURITY_DESCRIPTOR ParentDescriptor,
	 PSECURITY_DESCRIPTOR ExplicitDescriptor, PSECURITY_DESCRIPTOR *NewDescriptor,
	 BOOLEAN IsDirectoryObject, PSECURITY_SUBJECT_CONTEXT SubjectContext,
	 PGENERIC_MAPPING GenericMapping, POOL_TYPE PoolType), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, SeAssignSecurityEx, (PSECURITY_DESCRIPTOR ParentDescriptor,
	 PSECURITY_DESCRIPTOR ExplicitDescriptor, PSECURITY_DESCRIPTOR *NewDescriptor, GUID
	   *ObjectType, BOOLEAN IsDirectoryObject, ULONG AutoInheritFlags,
	 PSECURITY_SUBJECT_CONTEXT SubjectContext, PGENERIC_MAPPING GenericMapping,
	 POOL_TYPE PoolType), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(VOID, SeAuditHardLinkCreation, (PUNICODE_STRING FileName, PUNICODE_STRING LinkName,
	 BOOLEAN bSuccess), 0)
NTC_SPOKEN(VOID, SeAuditHardLinkCreationWithTransaction, (PUNICODE_STRING FileName,
	 PUNICODE_STRING LinkName, BOOLEAN bSuccess, GUID *TransactionId), 0)
NTC_SPOKEN(VOID, SeAuditTransactionStateChange, (GUID *TransactionId, GUID *ResourceManagerId,
	 ULONG NewTransactionState), 0)
NTC_SPOKEN(BOOLEAN, SeAuditingAnyFileEventsWithContext, (PSECURITY_DESCRIPTOR SecurityDescriptor,
	 PSECURITY_SUBJECT_CONTEXT SubjectSecurityContext), FALSE)
NTC_SPOKEN(BOOLEAN, SeAuditingFileEvents, (BOOLEAN AccessGranted, PSECURITY_DESCRIPTOR
	 SecurityDescriptor), FALSE)
NTC_SPOKEN(BOOLEAN, SeAuditingFileEventsWithContext, (BOOLEAN AccessGranted, PSECURITY_DESCRIPTOR
	 SecurityDescriptor, PSECURITY_SUBJECT_CONTEXT SubjectSecurityContext), FALSE)
NTC_SPOKEN(BOOLEAN, SeAuditingFileOrGlobalEvents, (BOOLEAN AccessGranted, PSECURITY_DESCRIPTOR
	 SecurityDescriptor, PSECURITY_SUBJECT_CONTEXT SubjectSecurityContext), FALSE)
NTC_SPOKEN(BOOLEAN, SeAuditingHardLinkEvents, (BOOLEAN AccessGranted, PSECURITY_DESCRIPTOR
	 SecurityDescriptor), FALSE)
NTC_SPOKEN(BOOLEAN, SeAuditingHardLinkEventsWithContext, (BOOLEAN AccessGranted,
	 PSECURITY_DESCRIPTOR SecurityDescriptor, PSECURITY_SUBJECT_CONTEXT
	 SubjectSecurityContext), FALSE)
NTC_SPOKEN(VOID, SeCaptureSubjectContext, (PSECURITY_SUBJECT_CONTEXT SubjectContext), 0)
NTC_SPOKEN(ULONG, SeComputeAutoInheritByObjectType, (PVOID ObjectType, PSECURITY_DESCRIPTOR
	 SecurityDescriptor, PSECURITY_DESCRIPTOR ParentSecurityDescriptor), 0)
NTC_SPOKEN(NTSTATUS, SeCreateClientSecurity, (PETHREAD ClientThread, PSECURITY_QUALITY_OF_SERVICE
	 ClientSecurityQos, BOOLEAN RemoteSession, PSECURITY_CLIENT_CONTEXT ClientContext),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, SeCreateClientSecurityFromSubjectContext, (PSECURITY_SUBJECT_CONTEXT
	 SubjectContext, PSECURITY_QUALITY_OF_SERVICE ClientSecurityQos, BOOLEAN
	 ServerIsRemote, PSECURITY_CLIENT_CONTEXT ClientContext), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, SeDeassignSecurity, (PSECURITY_DESCRIPTOR *SecurityDescriptor),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(VOID, SeDeleteObjectAuditAlarm, (PVOID Object, HANDLE Handle), 0)
NTC_SPOKEN(VOID, SeDeleteObjectAuditAlarmWithTransaction, (PVOID Object, HANDLE Handle, GUID
	   *TransactionId), 0)
NTC_SPOKEN(VOID, SeExamineGlobalSacl, (PUNICODE_STRING ObjectType, PACCESS_TOKEN Token,
	 ACCESS_MASK DesiredAccess, BOOLEAN AccessGranted, PBOOLEAN GenerateAudit, PBOOLEAN
	 GenerateAlarm), 0)
NTC_SPOKEN(VOID, SeExamineSacl, (PACL Sacl, PACCESS_TOKEN Token, ACCESS_MASK DesiredAccess,
	 BOOLEAN AccessGranted, PBOOLEAN GenerateAudit, PBOOLEAN GenerateAlarm), 0)
NTC_SPOKEN(NTSTATUS, SeFilterToken, (PACCESS_TOKEN ExistingToken, ULONG Flags, PTOKEN_GROUPS
	 SidsToDisable, PTOKEN_PRIVILEGES PrivilegesToDelete, PTOKEN_GROUPS RestrictedSids,
	 PACCESS_TOKEN *FilteredToken), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(VOID, SeFreePrivileges, (PPRIVILEGE_SET Privileges), 0)
NTC_SPOKEN(VOID, SeImpersonateClient, (PSECURITY_CLIENT_CONTEXT ClientContext, PETHREAD
	 ServerThread), 0)
NTC_SPOKEN(NTSTATUS, SeImpersonateClientEx, (PSECURITY_CLIENT_CONTEXT ClientContext, PETHREAD
	 ServerThread), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, SeLocateProcessImageName, (PEPROCESS Process, PUNICODE_STRING
	   *pImageFileName), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(VOID, SeLockSubjectContext, (PSECURITY_SUBJECT_CONTEXT SubjectContext), 0)
NTC_SPOKEN(NTSTATUS, SeMarkLogonSessionForTerminationNotification, (PLUID LogonId),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(VOID, SeMaximumAuditMaskFromGlobalSacl, (PUNICODE_STRING ObjectTypeName, ACCESS_MASK
	 GrantedAccess, PACCESS_TOKEN Token, PACCESS_MASK AuditMask), 0)
NTC_SPOKEN(ULONG, SeObjectCreateSaclAccessBits, (PSECURITY_DESCRIPTOR SecurityDescriptor), 0)
NTC_SPOKEN(VOID, SeOpenObjectAuditAlarm, (PUNICODE_STRING ObjectTypeName, PVOID Object,
	 PUNICODE_STRING AbsoluteObjectName, PSECURITY_DESCRIPTOR SecurityDescriptor,
	 PACCESS_STATE AccessState, BOOLEAN ObjectCreated, BOOLEAN AccessGranted,
	 KPROCESSOR_MODE AccessMode, PBOOLEAN GenerateOnClose), 0)
NTC_SPOKEN(VOID, SeOpenObjectAuditAlarmWithTransaction, (PUNICODE_STRING ObjectTypeName, PVOID
	 Object, PUNICODE_STRING AbsoluteObjectName, PSECURITY_DESCRIPTOR
	 SecurityDescriptor, PACCESS_STATE AccessState, BOOLEAN ObjectCreated, BOOLEAN
	 AccessGranted, KPROCESSOR_MODE AccessMode, GUID *TransactionId, PBOOLEAN
	 GenerateOnClose), 0)
NTC_SPOKEN(VOID, SeOpenObjectForDeleteAuditAlarm, (PUNICODE_STRING ObjectTypeName, PVOID Object,
	 PUNICODE_STRING AbsoluteObjectName, PSECURITY_DESCRIPTOR SecurityDescriptor,
	 PACCESS_STATE AccessState, BOOLEAN ObjectCreated, BOOLEAN AccessGranted,
	 KPROCESSOR_MODE AccessMode, PBOOLEAN GenerateOnClose), 0)
NTC_SPOKEN(VOID, SeOpenObjectForDeleteAuditAlarmWithTransaction, (PUNICODE_STRING ObjectTypeName,
	 PVOID Object, PUNICODE_STRING AbsoluteObjectName, PSECURITY_DESCRIPTOR
	 SecurityDescriptor, PACCESS_STATE AccessState, BOOLEAN ObjectCreated, BOOLEAN
	 AccessGranted, KPROCESSOR_MODE AccessMode, GUID *TransactionId, PBOOLEAN
	 GenerateOnClose), 0)
NTC_SPOKEN(BOOLEAN, SePrivilegeCheck, (PPRIVILEGE_SET RequiredPrivileges,
	 PSECURITY_SUBJECT_CONTEXT SubjectContext, KPROCESSOR_MODE AccessMode), FALSE)
NTC_SPOKEN(NTSTATUS, SeQueryAuthenticationIdToken, (PACCESS_TOKEN Token, PLUID AuthenticationId),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, SeQueryInformationToken, (PACCESS_TOKEN Token, TOKEN_INFORMATION_CLASS
	 TokenInformationClass, PVOID *TokenInformation), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, SeQuerySecurityDescriptorInfo, (PSECURITY_INFORMATION SecurityInformation,
	 PSECURITY_DESCRIPTOR SecurityDescriptor, PULONG Length, PSECURITY_DESCRIPTOR
	   *ObjectsSecurityDescriptor), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, SeQuerySessionIdToken, (PACCESS_TOKEN Token, PULONG SessionId),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(VOID, SeQueryTokenIntegrity, (PACCESS_TOKEN Token, PSID_AND_ATTRIBUTES IntegritySA), 0)
NTC_SPOKEN(NTSTATUS, SeRegisterLogonSessionTerminatedRoutine,
	   (PSE_LOGON_SESSION_TERMINATED_ROUTINE CallbackRoutine), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(VOID, SeReleaseSubjectContext, (PSECURITY_SUBJECT_CONTEXT SubjectContext), 0)
NTC_SPOKEN(NTSTATUS, SeReportSecurityEvent, (ULONG Flags, PUNICODE_STRING SourceName, PSID
	 UserSid, PSE_ADT_PARAMETER_ARRAY AuditParameters), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, SeReportSecurityEventWithSubCategory, (ULONG Flags, PUNICODE_STRING
	 SourceName, PSID UserSid, PSE_ADT_PARAMETER_ARRAY AuditParameters, ULONG
	 AuditSubcategoryId), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(VOID, SeSetAccessStateGenericMapping, (PACCESS_STATE AccessState, PGENERIC_MAPPING
	 GenericMapping), 0)
NTC_SPOKEN(NTSTATUS, SeSetAuditParameter, (PSE_ADT_PARAMETER_ARRAY AuditParameters,
	 SE_ADT_PARAMETER_TYPE Type, ULONG Index, PVOID Data), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, SeSetSecurityDescriptorInfo, (PVOID Object, PSECURITY_INFORMATION
	 SecurityInformation, PSECURITY_DESCRIPTOR SecurityDescriptor, PSECURITY_DESCRIPTOR
	   *ObjectsSecurityDescriptor, POOL_TYPE PoolType, PGENERIC_MAPPING GenericMapping),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, SeSetSecurityDescriptorInfoEx, (PVOID Object, PSECURITY_INFORMATION
	 SecurityInformation, PSECURITY_DESCRIPTOR ModificationDescriptor,
	 PSECURITY_DESCRIPTOR *ObjectsSecurityDescriptor, ULONG AutoInheritFlags, POOL_TYPE
	 PoolType, PGENERIC_MAPPING GenericMapping), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, SeSetSessionIdToken, (PACCESS_TOKEN Token, ULONG SessionId),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(BOOLEAN, SeSinglePrivilegeCheck, (LUID PrivilegeValue, KPROCESSOR_MODE PreviousMode),
	 FALSE)
NTC_SPOKEN(BOOLEAN, SeTokenIsAdmin, (PACCESS_TOKEN Token), FALSE)
NTC_SPOKEN(BOOLEAN, SeTokenIsRestricted, (PACCESS_TOKEN Token), FALSE)
NTC_SPOKEN(BOOLEAN, SeTokenIsWriteRestricted, (PACCESS_TOKEN Token), FALSE)
NTC_SPOKEN(TOKEN_TYPE, SeTokenType, (PACCESS_TOKEN Token), 0)
NTC_SPOKEN(VOID, SeUnlockSubjectContext, (PSECURITY_SUBJECT_CONTEXT SubjectContext), 0)
NTC_SPOKEN(NTSTATUS, SeUnregisterLogonSessionTerminatedRoutine,
	   (PSE_LOGON_SESSION_TERMINATED_ROUTINE CallbackRoutine), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(BOOLEAN, SeValidSecurityDescriptor, (ULONG Length, PSECURITY_DESCRIPTOR
	 SecurityDescriptor), FALSE)
NTC_SPOKEN(NTSTATUS, WmiCompleteRequest, (PDEVICE_OBJECT DeviceObject, PIRP Irp, NTSTATUS Status,
	 ULONG BufferUsed, CCHAR PriorityBoost), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, WmiFireEvent, (PDEVICE_OBJECT DeviceObject, LPCGUID Guid, ULONG
	 InstanceIndex, ULONG EventDataSize, PVOID EventData), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, WmiQueryTraceInformation, (TRACE_INFORMATION_CLASS TraceInformationClass,
	 PVOID TraceInformation, ULONG TraceInformationLength, PULONG RequiredLength, PVOID
	 Buffer), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, WmiSystemControl, (PWMILIB_CONTEXT WmiLibInfo, PDEVICE_OBJECT DeviceObject,
	 PIRP Irp, PSYSCTL_IRP_DISPOSITION IrpDisposition), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwAccessCheckAndAuditAlarm, (PUNICODE_STRING SubsystemName, PVOID HandleId,
	 PUNICODE_STRING ObjectTypeName, PUNICODE_STRING ObjectName, PSECURITY_DESCRIPTOR
	 SecurityDescriptor, ACCESS_MASK DesiredAccess, PGENERIC_MAPPING GenericMapping,
	 BOOLEAN ObjectCreation, PACCESS_MASK GrantedAccess, PBOOLEAN AccessStatus,
	 PBOOLEAN GenerateOnClose), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwAdjustPrivilegesToken, (HANDLE TokenHandle, BOOLEAN DisableAllPrivileges,
	 PTOKEN_PRIVILEGES NewState, ULONG BufferLength, PTOKEN_PRIVILEGES PreviousState,
	 PULONG ReturnLength), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwAlertThread, (HANDLE ThreadHandle), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwAllocateLocallyUniqueId, (PLUID Luid), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwAllocateVirtualMemory, (HANDLE ProcessHandle, PVOID *BaseAddress, ULONG_PTR
	 ZeroBits, PSIZE_T RegionSize, ULONG AllocationType, ULONG Protect),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwCancelIoFile, (HANDLE FileHandle, PIO_STATUS_BLOCK IoStatusBlock),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwCancelTimer, (HANDLE TimerHandle, PBOOLEAN CurrentState),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwClearEvent, (HANDLE EventHandle), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwCloseObjectAuditAlarm, (PUNICODE_STRING SubsystemName, PVOID HandleId,
	 BOOLEAN GenerateOnClose), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwCommitComplete, (HANDLE EnlistmentHandle, PLARGE_INTEGER TmVirtualClock),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwCommitEnlistment, (HANDLE EnlistmentHandle, PLARGE_INTEGER TmVirtualClock),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwCommitTransaction, (HANDLE TransactionHandle, BOOLEAN Wait),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwCreateDirectoryObject, (PHANDLE DirectoryHandle, ACCESS_MASK DesiredAccess,
	 POBJECT_ATTRIBUTES ObjectAttributes), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwCreateEnlistment, (PHANDLE EnlistmentHandle, ACCESS_MASK DesiredAccess,
	 HANDLE ResourceManagerHandle, HANDLE TransactionHandle, POBJECT_ATTRIBUTES
	 ObjectAttributes, ULONG CreateOptions, NOTIFICATION_MASK NotificationMask, PVOID
	 EnlistmentKey), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwCreateEvent, (PHANDLE EventHandle, ACCESS_MASK DesiredAccess,
	 POBJECT_ATTRIBUTES ObjectAttributes, EVENT_TYPE EventType, BOOLEAN InitialState),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwCreateFile, (PHANDLE FileHandle, ACCESS_MASK DesiredAccess,
	 POBJECT_ATTRIBUTES ObjectAttributes, PIO_STATUS_BLOCK IoStatusBlock,
	 PLARGE_INTEGER AllocationSize, ULONG FileAttributes, ULONG ShareAccess, ULONG
	 CreateDisposition, ULONG CreateOptions, PVOID EaBuffer, ULONG EaLength),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwCreateKeyTransacted, (PHANDLE KeyHandle, ACCESS_MASK DesiredAccess,
	 POBJECT_ATTRIBUTES ObjectAttributes, ULONG TitleIndex, PUNICODE_STRING Class,
	 ULONG CreateOptions, HANDLE TransactionHandle, PULONG Disposition),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwCreateResourceManager, (PHANDLE ResourceManagerHandle, ACCESS_MASK
	 DesiredAccess, HANDLE TmHandle, LPGUID ResourceManagerGuid, POBJECT_ATTRIBUTES
	 ObjectAttributes, ULONG CreateOptions, PUNICODE_STRING Description),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwCreateSection, (PHANDLE SectionHandle, ACCESS_MASK DesiredAccess,
	 POBJECT_ATTRIBUTES ObjectAttributes, PLARGE_INTEGER MaximumSize, ULONG
	 SectionPageProtection, ULONG AllocationAttributes, HANDLE FileHandle),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwCreateSymbolicLinkObject, (PHANDLE SymbolicLinkHandle, ACCESS_MASK
	 DesiredAccess, POBJECT_ATTRIBUTES ObjectAttributes, PUNICODE_STRING TargetName),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwCreateTimer, (PHANDLE TimerHandle, ACCESS_MASK DesiredAccess,
	 POBJECT_ATTRIBUTES ObjectAttributes, TIMER_TYPE TimerType), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwCreateTransaction, (PHANDLE TransactionHandle, ACCESS_MASK DesiredAccess,
	 POBJECT_ATTRIBUTES ObjectAttributes, LPGUID Uow, HANDLE TmHandle, ULONG
	 CreateOptions, ULONG IsolationLevel, ULONG IsolationFlags, PLARGE_INTEGER Timeout,
	 PUNICODE_STRING Description), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwCreateTransactionManager, (PHANDLE TmHandle, ACCESS_MASK DesiredAccess,
	 POBJECT_ATTRIBUTES ObjectAttributes, PUNICODE_STRING LogFileName, ULONG
	 CreateOptions, ULONG CommitStrength), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwDeleteFile, (POBJECT_ATTRIBUTES ObjectAttributes), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwDeviceIoControlFile, (HANDLE FileHandle, HANDLE Event, PIO_APC_ROUTINE
	 ApcRoutine, PVOID ApcContext, PIO_STATUS_BLOCK IoStatusBlock, ULONG IoControlCode,
	 PVOID InputBuffer, ULONG InputBufferLength, PVOID OutputBuffer, ULONG
	 OutputBufferLength), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwDisplayString, (PUNICODE_STRING String), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwDuplicateObject, (HANDLE SourceProcessHandle, HANDLE SourceHandle, HANDLE
	 TargetProcessHandle, PHANDLE TargetHandle, ACCESS_MASK DesiredAccess, ULONG
	 HandleAttributes, ULONG Options), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwDuplicateToken, (HANDLE ExistingTokenHandle, ACCESS_MASK DesiredAccess,
	 POBJECT_ATTRIBUTES ObjectAttributes, BOOLEAN EffectiveOnly, TOKEN_TYPE TokenType,
	 PHANDLE NewTokenHandle), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwEnumerateTransactionObject, (HANDLE RootObjectHandle, KTMOBJECT_TYPE
	 QueryType, PKTMOBJECT_CURSOR ObjectCursor, ULONG ObjectCursorLength, PULONG
	 ReturnLength), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwFlushBuffersFile, (HANDLE FileHandle, PIO_STATUS_BLOCK IoStatusBlock),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwFlushInstructionCache, (HANDLE ProcessHandle, PVOID BaseAddress, ULONG
	 FlushSize), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwFlushVirtualMemory, (HANDLE ProcessHandle, PVOID *BaseAddress, PSIZE_T
	 RegionSize, PIO_STATUS_BLOCK IoStatusBlock), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwFreeVirtualMemory, (HANDLE ProcessHandle, PVOID *BaseAddress, PSIZE_T
	 RegionSize, ULONG FreeType), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwFsControlFile, (HANDLE FileHandle, HANDLE Event, PIO_APC_ROUTINE
	 ApcRoutine, PVOID ApcContext, PIO_STATUS_BLOCK IoStatusBlock, ULONG FsControlCode,
	 PVOID InputBuffer, ULONG InputBufferLength, PVOID OutputBuffer, ULONG
	 OutputBufferLength), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwGetNotificationResourceManager, (HANDLE ResourceManagerHandle,
	 PTRANSACTION_NOTIFICATION TransactionNotification, ULONG NotificationLength,
	 PLARGE_INTEGER Timeout, PULONG ReturnLength, ULONG Asynchronous, ULONG_PTR
	 AsynchronousContext), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwInitiatePowerAction, (POWER_ACTION SystemAction, SYSTEM_POWER_STATE
	 MinSystemState, ULONG Flags, BOOLEAN Asynchronous), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwLoadDriver, (PUNICODE_STRING DriverServiceName), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwLoadKey, (POBJECT_ATTRIBUTES KeyObjectAttributes, POBJECT_ATTRIBUTES
	 FileObjectAttributes), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwLockFile, (HANDLE FileHandle, HANDLE Event, PIO_APC_ROUTINE ApcRoutine,
	 PVOID ApcContext, PIO_STATUS_BLOCK IoStatusBlock, PLARGE_INTEGER ByteOffset,
	 PLARGE_INTEGER Length, ULONG Key, BOOLEAN FailImmediately, BOOLEAN ExclusiveLock),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwMakeTemporaryObject, (HANDLE Handle), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwMapViewOfSection, (HANDLE SectionHandle, HANDLE ProcessHandle, PVOID
	   *BaseAddress, ULONG_PTR ZeroBits, SIZE_T CommitSize, PLARGE_INTEGER SectionOffset,
	 PSIZE_T ViewSize, SECTION_INHERIT InheritDisposition, ULONG AllocationType, ULONG
	 Protect), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwNotifyChangeKey, (HANDLE KeyHandle, HANDLE EventHandle, PIO_APC_ROUTINE
	 ApcRoutine, PVOID ApcContext, PIO_STATUS_BLOCK IoStatusBlock, ULONG NotifyFilter,
	 BOOLEAN WatchSubtree, PVOID Buffer, ULONG BufferLength, BOOLEAN Asynchronous),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwNotifyChangeMultipleKeys, (HANDLE MasterKeyHandle, ULONG Count,
	 OBJECT_ATTRIBUTES *SubordinateObjects, HANDLE Event, PIO_APC_ROUTINE ApcRoutine,
	 PVOID ApcContext, PIO_STATUS_BLOCK IoStatusBlock, ULONG CompletionFilter, BOOLEAN
	 WatchTree, PVOID Buffer, ULONG BufferSize, BOOLEAN Asynchronous),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwOpenDirectoryObject, (PHANDLE DirectoryHandle, ACCESS_MASK DesiredAccess,
	 POBJECT_ATTRIBUTES ObjectAttributes), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwOpenEnlistment, (PHANDLE EnlistmentHandle, ACCESS_MASK DesiredAccess,
	 HANDLE RmHandle, LPGUID EnlistmentGuid, POBJECT_ATTRIBUTES ObjectAttributes),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwOpenEvent, (PHANDLE EventHandle, ACCESS_MASK DesiredAccess,
	 POBJECT_ATTRIBUTES ObjectAttributes), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwOpenFile, (PHANDLE FileHandle, ACCESS_MASK DesiredAccess,
	 POBJECT_ATTRIBUTES ObjectAttributes, PIO_STATUS_BLOCK IoStatusBlock, ULONG
	 ShareAccess, ULONG OpenOptions), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwOpenKeyTransacted, (PHANDLE KeyHandle, ACCESS_MASK DesiredAccess,
	 POBJECT_ATTRIBUTES ObjectAttributes, HANDLE TransactionHandle),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwOpenKeyTransactedEx, (PHANDLE KeyHandle, ACCESS_MASK DesiredAccess,
	 POBJECT_ATTRIBUTES ObjectAttributes, ULONG OpenOptions, HANDLE TransactionHandle),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwOpenProcess, (PHANDLE ProcessHandle, ACCESS_MASK DesiredAccess,
	 POBJECT_ATTRIBUTES ObjectAttributes, PCLIENT_ID ClientId), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwOpenProcessToken, (HANDLE ProcessHandle, ACCESS_MASK DesiredAccess, PHANDLE
	 TokenHandle), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwOpenProcessTokenEx, (HANDLE ProcessHandle, ACCESS_MASK DesiredAccess, ULONG
	 HandleAttributes, PHANDLE TokenHandle), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwOpenResourceManager, (PHANDLE ResourceManagerHandle, ACCESS_MASK
	 DesiredAccess, HANDLE TmHandle, LPGUID ResourceManagerGuid, POBJECT_ATTRIBUTES
	 ObjectAttributes), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwOpenSection, (PHANDLE SectionHandle, ACCESS_MASK DesiredAccess,
	 POBJECT_ATTRIBUTES ObjectAttributes), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwOpenSymbolicLinkObject, (PHANDLE LinkHandle, ACCESS_MASK DesiredAccess,
	 POBJECT_ATTRIBUTES ObjectAttributes), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwOpenThread, (PHANDLE ThreadHandle, ACCESS_MASK DesiredAccess,
	 POBJECT_ATTRIBUTES ObjectAttributes, PCLIENT_ID ClientId), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwOpenThreadToken, (HANDLE ThreadHandle, ACCESS_MASK DesiredAccess, BOOLEAN
	 OpenAsSelf, PHANDLE TokenHandle), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwOpenThreadTokenEx, (HANDLE ThreadHandle, ACCESS_MASK DesiredAccess, BOOLEAN
	 OpenAsSelf, ULONG HandleAttributes, PHANDLE TokenHandle), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwOpenTimer, (PHANDLE TimerHandle, ACCESS_MASK DesiredAccess,
	 POBJECT_ATTRIBUTES ObjectAttributes), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwOpenTransaction, (PHANDLE TransactionHandle, ACCESS_MASK DesiredAccess,
	 POBJECT_ATTRIBUTES ObjectAttributes, LPGUID Uow, HANDLE TmHandle),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwOpenTransactionManager, (PHANDLE TmHandle, ACCESS_MASK DesiredAccess,
	 POBJECT_ATTRIBUTES ObjectAttributes, PUNICODE_STRING LogFileName, LPGUID
	 TmIdentity, ULONG OpenOptions), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwPowerInformation, (POWER_INFORMATION_LEVEL PowerInformationLevel, PVOID
	 InputBuffer, ULONG InputBufferLength, PVOID OutputBuffer, ULONG
	 OutputBufferLength), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwPrePrepareComplete, (HANDLE EnlistmentHandle, PLARGE_INTEGER
	 TmVirtualClock), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwPrePrepareEnlistment, (HANDLE EnlistmentHandle, PLARGE_INTEGER
	 TmVirtualClock), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwPrepareComplete, (HANDLE EnlistmentHandle, PLARGE_INTEGER TmVirtualClock),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwPrepareEnlistment, (HANDLE EnlistmentHandle, PLARGE_INTEGER
	 TmVirtualClock), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwPulseEvent, (HANDLE EventHandle, PLONG PreviousState),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwQueryDefaultLocale, (BOOLEAN ThreadOrSystem, PLCID Locale),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwQueryDirectoryFile, (HANDLE FileHandle, HANDLE Event, PIO_APC_ROUTINE
	 ApcRoutine, PVOID ApcContext, PIO_STATUS_BLOCK IoStatusBlock, PVOID
	 FileInformation, ULONG Length, FILE_INFORMATION_CLASS FileInformationClass,
	 BOOLEAN ReturnSingleEntry, PUNICODE_STRING FileName, BOOLEAN RestartScan),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwQueryDirectoryObject, (HANDLE DirectoryHandle, PVOID Buffer, ULONG Length,
	 BOOLEAN ReturnSingleEntry, BOOLEAN RestartScan, PULONG Context, PULONG
	 ReturnLength), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwQueryEaFile, (HANDLE FileHandle, PIO_STATUS_BLOCK IoStatusBlock, PVOID
	 Buffer, ULONG Length, BOOLEAN ReturnSingleEntry, PVOID EaList, ULONG EaListLength,
	 PULONG EaIndex, BOOLEAN RestartScan), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwQueryFullAttributesFile, (POBJECT_ATTRIBUTES ObjectAttributes,
	 PFILE_NETWORK_OPEN_INFORMATION FileInformation), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwQueryInformationEnlistment, (HANDLE EnlistmentHandle,
	 ENLISTMENT_INFORMATION_CLASS EnlistmentInformationClass, PVOID
	 EnlistmentInformation, ULONG EnlistmentInformationLength, PULONG ReturnLength),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwQueryInformationFile, (HANDLE FileHandle, PIO_STATUS_BLOCK IoStatusBlock,
	 PVOID FileInformation, ULONG Length, FILE_INFORMATION_CLASS FileInformationClass),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwQueryInformationProcess, (HANDLE ProcessHandle, PROCESSINFOCLASS
	 ProcessInformationClass, PVOID ProcessInformation, ULONG ProcessInformationLength,
	 PULONG ReturnLength), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwQueryInformationResourceManager, (HANDLE ResourceManagerHandle,
	 RESOURCEMANAGER_INFORMATION_CLASS ResourceManagerInformationClass, PVOID
	 ResourceManagerInformation, ULONG ResourceManagerInformationLength, PULONG
	 ReturnLength), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwQueryInformationToken, (HANDLE TokenHandle, TOKEN_INFORMATION_CLASS
	 TokenInformationClass, PVOID TokenInformation, ULONG Length, PULONG ResultLength),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwQueryInformationTransaction, (HANDLE TransactionHandle,
	 TRANSACTION_INFORMATION_CLASS TransactionInformationClass, PVOID
	 TransactionInformation, ULONG TransactionInformationLength, PULONG ReturnLength),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwQueryInformationTransactionManager, (HANDLE TransactionManagerHandle,
	 TRANSACTIONMANAGER_INFORMATION_CLASS TransactionManagerInformationClass, PVOID
	 TransactionManagerInformation, ULONG TransactionManagerInformationLength, PULONG
	 ReturnLength), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwQueryMultipleValueKey, (HANDLE KeyHandle, PKEY_VALUE_ENTRY ValueEntries,
	 ULONG EntryCount, PVOID ValueBuffer, PULONG BufferLength, PULONG
	 RequiredBufferLength), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwQueryObject, (HANDLE Handle, OBJECT_INFORMATION_CLASS
	 ObjectInformationClass, PVOID ObjectInformation, ULONG ObjectInformationLength,
	 PULONG ReturnLength), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwQueryQuotaInformationFile, (HANDLE FileHandle, PIO_STATUS_BLOCK
	 IoStatusBlock, PVOID Buffer, ULONG Length, BOOLEAN ReturnSingleEntry, PVOID
	 SidList, ULONG SidListLength, PSID StartSid, BOOLEAN RestartScan),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwQuerySecurityObject, (HANDLE FileHandle, SECURITY_INFORMATION
	 SecurityInformation, PSECURITY_DESCRIPTOR SecurityDescriptor, ULONG Length, PULONG
	 ResultLength), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwQuerySymbolicLinkObject, (HANDLE LinkHandle, PUNICODE_STRING LinkTarget,
	 PULONG ReturnedLength), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwQuerySystemInformation, (ULONG SystemInformationClass,
	 PVOID SystemInformation, ULONG SystemInformationLength, PULONG ReturnLength),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwQueryVolumeInformationFile, (HANDLE FileHandle, PIO_STATUS_BLOCK
	 IoStatusBlock, PVOID FsInformation, ULONG Length, FS_INFORMATION_CLASS
	 FsInformationClass), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwReadFile, (HANDLE FileHandle, HANDLE Event, PIO_APC_ROUTINE ApcRoutine,
	 PVOID ApcContext, PIO_STATUS_BLOCK IoStatusBlock, PVOID Buffer, ULONG Length,
	 PLARGE_INTEGER ByteOffset, PULONG Key), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwReadOnlyEnlistment, (HANDLE EnlistmentHandle, PLARGE_INTEGER
	 TmVirtualClock), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwRecoverEnlistment, (HANDLE EnlistmentHandle, PVOID EnlistmentKey),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwRecoverResourceManager, (HANDLE ResourceManagerHandle),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwRecoverTransactionManager, (HANDLE TransactionManagerHandle),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwRenameKey, (HANDLE KeyHandle, PUNICODE_STRING NewName),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwReplaceKey, (POBJECT_ATTRIBUTES NewFileObjectAttributes, HANDLE KeyHandle,
	 POBJECT_ATTRIBUTES OldFileObjectAttributes), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwResetEvent, (HANDLE EventHandle, PLONG PreviousState),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwRestoreKey, (HANDLE KeyHandle, HANDLE FileHandle, ULONG Flags),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwRollbackComplete, (HANDLE EnlistmentHandle, PLARGE_INTEGER TmVirtualClock),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwRollbackEnlistment, (HANDLE EnlistmentHandle, PLARGE_INTEGER
	 TmVirtualClock), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwRollbackTransaction, (HANDLE TransactionHandle, BOOLEAN Wait),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwRollforwardTransactionManager, (HANDLE TransactionManagerHandle,
	 PLARGE_INTEGER TmVirtualClock), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwSaveKey, (HANDLE KeyHandle, HANDLE FileHandle), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwSetDefaultLocale, (BOOLEAN ThreadOrSystem, LCID Locale),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwSetDefaultUILanguage, (LANGID LanguageId), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwSetEaFile, (HANDLE FileHandle, PIO_STATUS_BLOCK IoStatusBlock, PVOID
	 Buffer, ULONG Length), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwSetEvent, (HANDLE EventHandle, PLONG PreviousState), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwSetInformationEnlistment, (HANDLE EnlistmentHandle,
	 ENLISTMENT_INFORMATION_CLASS EnlistmentInformationClass, PVOID
	 EnlistmentInformation, ULONG EnlistmentInformationLength), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwSetInformationFile, (HANDLE FileHandle, PIO_STATUS_BLOCK IoStatusBlock,
	 PVOID FileInformation, ULONG Length, FILE_INFORMATION_CLASS FileInformationClass),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwSetInformationKey, (HANDLE KeyHandle, KEY_SET_INFORMATION_CLASS
	 KeySetInformationClass, PVOID KeySetInformation, ULONG KeySetInformationLength),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwSetInformationProcess, (HANDLE ProcessHandle, PROCESSINFOCLASS
	 ProcessInformationClass, PVOID ProcessInformation, ULONG
	 ProcessInformationLength), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwSetInformationResourceManager, (HANDLE ResourceManagerHandle,
	 RESOURCEMANAGER_INFORMATION_CLASS ResourceManagerInformationClass, PVOID
	 ResourceManagerInformation, ULONG ResourceManagerInformationLength),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwSetInformationThread, (HANDLE ThreadHandle, THREADINFOCLASS
	 ThreadInformationClass, PVOID ThreadInformation, ULONG ThreadInformationLength),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwSetInformationToken, (HANDLE TokenHandle, TOKEN_INFORMATION_CLASS
	 TokenInformationClass, PVOID TokenInformation, ULONG TokenInformationLength),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwSetInformationTransaction, (HANDLE TransactionHandle,
	 TRANSACTION_INFORMATION_CLASS TransactionInformationClass, PVOID
	 TransactionInformation, ULONG TransactionInformationLength), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwSetInformationTransactionManager, (HANDLE TmHandle,
	 TRANSACTIONMANAGER_INFORMATION_CLASS TransactionManagerInformationClass, PVOID
	 TransactionManagerInformation, ULONG TransactionManagerInformationLength),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwSetQuotaInformationFile, (HANDLE FileHandle, PIO_STATUS_BLOCK
	 IoStatusBlock, PVOID Buffer, ULONG Length), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwSetSecurityObject, (HANDLE Handle, SECURITY_INFORMATION
	 SecurityInformation, PSECURITY_DESCRIPTOR SecurityDescriptor),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwSetSystemTime, (PLARGE_INTEGER NewTime, PLARGE_INTEGER OldTime),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwSetTimer, (HANDLE TimerHandle, PLARGE_INTEGER DueTime, PTIMER_APC_ROUTINE
	 TimerApcRoutine, PVOID TimerContext, BOOLEAN ResumeTimer, LONG Period, PBOOLEAN
	 PreviousState), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwSetTimerEx, (HANDLE TimerHandle, TIMER_SET_INFORMATION_CLASS
	 TimerSetInformationClass, PVOID TimerSetInformation, ULONG
	 TimerSetInformationLength), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwSetVolumeInformationFile, (HANDLE FileHandle, PIO_STATUS_BLOCK
	 IoStatusBlock, PVOID FsInformation, ULONG Length, FS_INFORMATION_CLASS
	 FsInformationClass), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwSinglePhaseReject, (HANDLE EnlistmentHandle, PLARGE_INTEGER
	 TmVirtualClock), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwTerminateProcess, (HANDLE ProcessHandle, NTSTATUS ExitStatus),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwUnloadDriver, (PUNICODE_STRING DriverServiceName), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwUnloadKey, (POBJECT_ATTRIBUTES KeyObjectAttributes), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwUnlockFile, (HANDLE FileHandle, PIO_STATUS_BLOCK IoStatusBlock,
	 PLARGE_INTEGER ByteOffset, PLARGE_INTEGER Length, ULONG Key),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwUnmapViewOfSection, (HANDLE ProcessHandle, PVOID BaseAddress),
	 STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwWaitForMultipleObjects, (ULONG HandleCount, PHANDLE Handles, WAIT_TYPE
	 WaitType, BOOLEAN Alertable, PLARGE_INTEGER Timeout), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwWaitForSingleObject, (HANDLE Handle, BOOLEAN Alertable, PLARGE_INTEGER
	 Timeout), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwWriteFile, (HANDLE FileHandle, HANDLE Event, PIO_APC_ROUTINE ApcRoutine,
	 PVOID ApcContext, PIO_STATUS_BLOCK IoStatusBlock, PVOID Buffer, ULONG Length,
	 PLARGE_INTEGER ByteOffset, PULONG Key), STATUS_NOT_SUPPORTED)
NTC_SPOKEN(NTSTATUS, ZwYieldExecution, (VOID), STATUS_NOT_SUPPORTED)

#endif /* NTC_SPOKEN_H */
