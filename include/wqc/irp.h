/* SPDX-License-Identifier: GPL-2.0 */
/*
 * IRPs, their stack locations, and file objects. Layouts are Windows' on a 64-bit machine: drivers
 * embed these structures and compute their sizes. The calls are in nt/io_*.c.
 */
#ifndef NTC_IRP_H
#define NTC_IRP_H

#include <linux/atomic.h>
#include <linux/string.h>

#include "irp_codes.h"
#include "spin.h"
#include "wait.h"

struct _MDL;
struct _VPB;
struct _SECTION_OBJECT_POINTERS;
struct _IO_COMPLETION_CONTEXT;
struct _IRP;
struct _FILE_OBJECT;
struct _IO_STACK_LOCATION;

/* ---- types --------------------------------------------------------------- */

typedef struct _IO_STATUS_BLOCK {
	union {
		NTSTATUS Status;
		PVOID Pointer;
	};
	ULONG_PTR Information;
} IO_STATUS_BLOCK, *PIO_STATUS_BLOCK;

typedef VOID IO_APC_ROUTINE(PVOID ApcContext, PIO_STATUS_BLOCK IoStatusBlock, ULONG Reserved);
typedef IO_APC_ROUTINE *PIO_APC_ROUTINE;

typedef VOID DRIVER_CANCEL(PDEVICE_OBJECT DeviceObject, struct _IRP *Irp);
typedef DRIVER_CANCEL *PDRIVER_CANCEL;

typedef NTSTATUS IO_COMPLETION_ROUTINE(PDEVICE_OBJECT DeviceObject, struct _IRP *Irp,
				       PVOID Context);
typedef IO_COMPLETION_ROUTINE *PIO_COMPLETION_ROUTINE;

#ifndef STATUS_CONTINUE_COMPLETION
#define STATUS_CONTINUE_COMPLETION	STATUS_SUCCESS
#endif

typedef enum _IO_COMPLETION_ROUTINE_RESULT {
	ContinueCompletion = STATUS_CONTINUE_COMPLETION,
	StopCompletion = STATUS_MORE_PROCESSING_REQUIRED,
} IO_COMPLETION_ROUTINE_RESULT, *PIO_COMPLETION_ROUTINE_RESULT;

typedef struct _FILE_OBJECT {
	CSHORT Type;				/* IO_TYPE_FILE */
	CSHORT Size;
	PDEVICE_OBJECT DeviceObject;
	struct _VPB *Vpb;
	PVOID FsContext;
	PVOID FsContext2;
	struct _SECTION_OBJECT_POINTERS *SectionObjectPointer;
	PVOID PrivateCacheMap;
	NTSTATUS FinalStatus;
	struct _FILE_OBJECT *RelatedFileObject;
	BOOLEAN LockOperation;
	BOOLEAN DeletePending;
	BOOLEAN ReadAccess;
	BOOLEAN WriteAccess;
	BOOLEAN DeleteAccess;
	BOOLEAN SharedRead;
	BOOLEAN SharedWrite;
	BOOLEAN SharedDelete;
	ULONG Flags;
	UNICODE_STRING FileName;
	LARGE_INTEGER CurrentByteOffset;
	volatile ULONG Waiters;
	volatile ULONG Busy;
	PVOID LastLock;
	KEVENT Lock;
	KEVENT Event;
	struct _IO_COMPLETION_CONTEXT *volatile CompletionContext;
	KSPIN_LOCK IrpListLock;
	LIST_ENTRY IrpList;
	PVOID volatile FileObjectExtension;
} FILE_OBJECT, *PFILE_OBJECT;

typedef struct _KDEVICE_QUEUE_ENTRY {
	LIST_ENTRY DeviceListEntry;
	ULONG SortKey;
	BOOLEAN Inserted;
} KDEVICE_QUEUE_ENTRY, *PKDEVICE_QUEUE_ENTRY, *PRKDEVICE_QUEUE_ENTRY;

/*
 * Enumerations of PnP, power and files are stored as LONG: their types are of headers that need
 * this one.
 */
typedef struct _IO_STACK_LOCATION {
	UCHAR MajorFunction;
	UCHAR MinorFunction;
	UCHAR Flags;
	UCHAR Control;
	union {
		struct {
			struct _IO_SECURITY_CONTEXT *SecurityContext;
			ULONG Options;
			USHORT FileAttributes __aligned(8);
			USHORT ShareAccess;
			ULONG EaLength __aligned(8);
		} Create;
		struct {
			struct _IO_SECURITY_CONTEXT *SecurityContext;
			ULONG Options;
			USHORT Reserved __aligned(8);
			USHORT ShareAccess;
			struct _NAMED_PIPE_CREATE_PARAMETERS *Parameters;
		} CreatePipe;
		struct {
			struct _IO_SECURITY_CONTEXT *SecurityContext;
			ULONG Options;
			USHORT Reserved __aligned(8);
			USHORT ShareAccess;
			struct _MAILSLOT_CREATE_PARAMETERS *Parameters;
		} CreateMailslot;
		struct {
			ULONG Length;
			ULONG Key __aligned(8);
			ULONG Flags;
			LARGE_INTEGER ByteOffset;
		} Read;
		struct {
			ULONG Length;
			ULONG Key __aligned(8);
			ULONG Flags;
			LARGE_INTEGER ByteOffset;
		} Write;
		struct {
			ULONG Length;
			PUNICODE_STRING FileName;
			LONG FileInformationClass;
			ULONG FileIndex __aligned(8);
		} QueryDirectory;
		struct {
			ULONG Length;
			ULONG CompletionFilter __aligned(8);
		} NotifyDirectory;
		struct {
			ULONG Length;
			LONG FileInformationClass __aligned(8);
		} QueryFile;
		struct {
			ULONG Length;
			LONG FileInformationClass __aligned(8);
			PFILE_OBJECT FileObject;
			union {
				struct {
					BOOLEAN ReplaceIfExists;
					BOOLEAN AdvanceOnly;
				};
				ULONG ClusterCount;
				HANDLE DeleteHandle;
			};
		} SetFile;
		struct {
			ULONG Length;
			PVOID EaList;
			ULONG EaListLength;
			ULONG EaIndex __aligned(8);
		} QueryEa;
		struct {
			ULONG Length;
		} SetEa;
		struct {
			ULONG Length;
			LONG FsInformationClass __aligned(8);
		} QueryVolume;
		struct {
			ULONG Length;
			LONG FsInformationClass __aligned(8);
		} SetVolume;
		struct {
			ULONG OutputBufferLength;
			ULONG InputBufferLength __aligned(8);
			ULONG FsControlCode __aligned(8);
			PVOID Type3InputBuffer;
		} FileSystemControl;
		struct {
			PLARGE_INTEGER Length;
			ULONG Key __aligned(8);
			LARGE_INTEGER ByteOffset;
		} LockControl;
		struct {
			ULONG OutputBufferLength;
			ULONG InputBufferLength __aligned(8);
			ULONG IoControlCode __aligned(8);
			PVOID Type3InputBuffer;
		} DeviceIoControl;
		struct {
			ULONG SecurityInformation;
			ULONG Length __aligned(8);
		} QuerySecurity;
		struct {
			ULONG SecurityInformation;
			PVOID SecurityDescriptor;
		} SetSecurity;
		struct {
			struct _VPB *Vpb;
			PDEVICE_OBJECT DeviceObject;
		} MountVolume;
		struct {
			struct _VPB *Vpb;
			PDEVICE_OBJECT DeviceObject;
		} VerifyVolume;
		struct {
			struct _SCSI_REQUEST_BLOCK *Srb;
		} Scsi;
		struct {
			ULONG Length;
			PVOID StartSid;
			struct _FILE_GET_QUOTA_INFORMATION *SidList;
			ULONG SidListLength;
		} QueryQuota;
		struct {
			ULONG Length;
		} SetQuota;
		struct {
			LONG Type;
		} QueryDeviceRelations;
		struct {
			const struct _GUID *InterfaceType;
			USHORT Size;
			USHORT Version;
			struct _INTERFACE *Interface;
			PVOID InterfaceSpecificData;
		} QueryInterface;
		struct {
			struct _DEVICE_CAPABILITIES *Capabilities;
		} DeviceCapabilities;
		struct {
			struct _IO_RESOURCE_REQUIREMENTS_LIST *IoResourceRequirementList;
		} FilterResourceRequirements;
		struct {
			ULONG WhichSpace;
			PVOID Buffer;
			ULONG Offset;
			ULONG Length __aligned(8);
		} ReadWriteConfig;
		struct {
			BOOLEAN Lock;
		} SetLock;
		struct {
			BUS_QUERY_ID_TYPE IdType;
		} QueryId;
		struct {
			DEVICE_TEXT_TYPE DeviceTextType;
			ULONG LocaleId __aligned(8);
		} QueryDeviceText;
		struct {
			BOOLEAN InPath;
			BOOLEAN Reserved[3];
			LONG Type __aligned(8);
		} UsageNotification;
		struct {
			LONG PowerState;
		} WaitWake;
		struct {
			struct _POWER_SEQUENCE *PowerSequence;
		} PowerSequence;
		struct {
			ULONG SystemContext;
			LONG Type __aligned(8);
			union {
				LONG SystemState;
				LONG DeviceState;
			} State __aligned(8);
			LONG ShutdownType __aligned(8);
		} Power;
		struct {
			struct _CM_RESOURCE_LIST *AllocatedResources;
			struct _CM_RESOURCE_LIST *AllocatedResourcesTranslated;
		} StartDevice;
		struct {
			ULONG_PTR ProviderId;
			PVOID DataPath;
			ULONG BufferSize;
			PVOID Buffer;
		} WMI;
		struct {
			PVOID Argument1;
			PVOID Argument2;
			PVOID Argument3;
			PVOID Argument4;
		} Others;
	} Parameters;
	PDEVICE_OBJECT DeviceObject;
	PFILE_OBJECT FileObject;
	PIO_COMPLETION_ROUTINE CompletionRoutine;
	PVOID Context;
} IO_STACK_LOCATION, *PIO_STACK_LOCATION;

/*
 * Reserved for the system on Windows, and used here by nt/io_irp.c: ThreadListEntry, Reserved,
 * ApcEnvironment and AllocationFlags.
 */
typedef struct _IRP {
	CSHORT Type;				/* IO_TYPE_IRP */
	USHORT Size;
	USHORT AllocationProcessorNumber;
	USHORT Reserved;
	struct _MDL *MdlAddress;
	ULONG Flags;
	union {
		struct _IRP *MasterIrp;
		volatile LONG IrpCount;
		PVOID SystemBuffer;
	} AssociatedIrp;
	LIST_ENTRY ThreadListEntry;
	IO_STATUS_BLOCK IoStatus;
	KPROCESSOR_MODE RequestorMode;
	BOOLEAN PendingReturned;
	CHAR StackCount;
	CHAR CurrentLocation;
	BOOLEAN Cancel;
	KIRQL CancelIrql;
	CCHAR ApcEnvironment;
	UCHAR AllocationFlags;
	PIO_STATUS_BLOCK UserIosb;
	PKEVENT UserEvent;
	union {
		struct {
			union {
				PIO_APC_ROUTINE UserApcRoutine;
				PVOID IssuingProcess;
			};
			PVOID UserApcContext;
		} AsynchronousParameters;
		LARGE_INTEGER AllocationSize;
	} Overlay;
	PDRIVER_CANCEL volatile CancelRoutine;
	PVOID UserBuffer;
	union {
		struct {
			union {
				KDEVICE_QUEUE_ENTRY DeviceQueueEntry;
				struct {
					PVOID DriverContext[4];
				};
			};
			PETHREAD Thread;
			PCHAR AuxiliaryBuffer;
			struct {
				LIST_ENTRY ListEntry;
				union {
					struct _IO_STACK_LOCATION *CurrentStackLocation;
					ULONG PacketType;
				};
			};
			PFILE_OBJECT OriginalFileObject;
		} Overlay;
		ULONG_PTR Apc[11];		/* a KAPC */
		PVOID CompletionKey;
	} Tail;
} IRP, *PIRP;

static_assert(sizeof(IRP) == 0xd0);
static_assert(sizeof(IO_STACK_LOCATION) == 0x48);
static_assert(sizeof(FILE_OBJECT) == 0xd8);

/* ---- stack locations ------------------------------------------------------ */

#define IoSizeOfIrp(StackSize) \
	((USHORT)(sizeof(IRP) + (StackSize) * sizeof(IO_STACK_LOCATION)))

/**
 * IoGetCurrentIrpStackLocation - the stack location of the driver that has the IRP
 * @Irp: the IRP
 *
 * Context: any IRQL; here any context.
 * Return: the location; one past the array for an IRP that was never sent.
 *
 * Follows: DDI wdm/nf-wdm-iogetcurrentirpstacklocation.
 */
static inline PIO_STACK_LOCATION IoGetCurrentIrpStackLocation(PIRP Irp)
{
	return Irp->Tail.Overlay.CurrentStackLocation;
}

/**
 * IoGetNextIrpStackLocation - the stack location of the driver below
 * @Irp: the IRP
 *
 * Context: any IRQL; here any context.
 * Return: the location.
 *
 * Follows: DDI wdm/nf-wdm-iogetnextirpstacklocation.
 */
static inline PIO_STACK_LOCATION IoGetNextIrpStackLocation(PIRP Irp)
{
	return Irp->Tail.Overlay.CurrentStackLocation - 1;
}

/**
 * IoSetNextIrpStackLocation - give the driver that made an IRP a location of its own
 * @Irp: from IoAllocateIrp(), with one location more than the device below needs
 *
 * Context: any IRQL; here any context.
 *
 * Follows: DDI wdm/nf-wdm-iosetnextirpstacklocation.
 */
static inline VOID IoSetNextIrpStackLocation(PIRP Irp)
{
	Irp->CurrentLocation--;
	Irp->Tail.Overlay.CurrentStackLocation--;
}

/**
 * IoSkipCurrentIrpStackLocation - let the driver below use the caller's location
 * @Irp: the caller has it, without having marked it pending
 *
 * Context: any IRQL; here any context.
 *
 * Follows: DDI wdm/nf-wdm-ioskipcurrentirpstacklocation.
 */
static inline VOID IoSkipCurrentIrpStackLocation(PIRP Irp)
{
	Irp->CurrentLocation++;
	Irp->Tail.Overlay.CurrentStackLocation++;
}

/**
 * IoCopyCurrentIrpStackLocationToNext - copy the caller's parameters for the driver below
 * @Irp: the caller has it
 *
 * The completion routine, its context and Control are not copied.
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 *
 * Follows: DDI wdm/nf-wdm-iocopycurrentirpstacklocationtonext.
 */
static inline VOID IoCopyCurrentIrpStackLocationToNext(PIRP Irp)
{
	PIO_STACK_LOCATION from = IoGetCurrentIrpStackLocation(Irp);
	PIO_STACK_LOCATION to = IoGetNextIrpStackLocation(Irp);

	memcpy(to, from, offsetof(IO_STACK_LOCATION, CompletionRoutine));
	to->Control = 0;
}

/**
 * IoMarkIrpPending - say that the dispatch routine returns STATUS_PENDING
 * @Irp: the caller has it
 *
 * Context: any IRQL; here any context.
 *
 * Follows: DDI wdm/nf-wdm-iomarkirppending.
 */
static inline VOID IoMarkIrpPending(PIRP Irp)
{
	IoGetCurrentIrpStackLocation(Irp)->Control |= SL_PENDING_RETURNED;
}

/**
 * IoSetCompletionRoutine - have a routine called when the drivers below have completed an IRP
 * @Irp: the caller has it, and passes it down next
 * @CompletionRoutine: the routine; NULL if it is for no case
 * @Context: for the routine
 * @InvokeOnSuccess: call it for a success status
 * @InvokeOnError: call it for any other status
 * @InvokeOnCancel: call it if the IRP was cancelled
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 *
 * Follows: DDI wdm/nf-wdm-iosetcompletionroutine.
 */
static inline VOID IoSetCompletionRoutine(PIRP Irp, PIO_COMPLETION_ROUTINE CompletionRoutine,
					  PVOID Context, BOOLEAN InvokeOnSuccess,
					  BOOLEAN InvokeOnError, BOOLEAN InvokeOnCancel)
{
	PIO_STACK_LOCATION next = IoGetNextIrpStackLocation(Irp);

	next->CompletionRoutine = CompletionRoutine;
	next->Context = Context;
	next->Control = (InvokeOnSuccess ? SL_INVOKE_ON_SUCCESS : 0) |
			(InvokeOnError ? SL_INVOKE_ON_ERROR : 0) |
			(InvokeOnCancel ? SL_INVOKE_ON_CANCEL : 0);
}

NTSTATUS IoSetCompletionRoutineEx(PDEVICE_OBJECT DeviceObject, PIRP Irp,
				  PIO_COMPLETION_ROUTINE CompletionRoutine, PVOID Context,
				  BOOLEAN InvokeOnSuccess, BOOLEAN InvokeOnError,
				  BOOLEAN InvokeOnCancel);

/* ---- IRPs ------------------------------------------------------------------ */

PIRP IoAllocateIrp(CCHAR StackSize, BOOLEAN ChargeQuota);
PIRP IoAllocateIrpEx(PDEVICE_OBJECT DeviceObject, CCHAR StackSize, BOOLEAN ChargeQuota);
VOID IoInitializeIrp(PIRP Irp, USHORT PacketSize, CCHAR StackSize);
VOID IoReuseIrp(PIRP Irp, NTSTATUS Iostatus);
VOID IoFreeIrp(PIRP Irp);
PIRP IoBuildDeviceIoControlRequest(ULONG IoControlCode, PDEVICE_OBJECT DeviceObject,
				   PVOID InputBuffer, ULONG InputBufferLength, PVOID OutputBuffer,
				   ULONG OutputBufferLength, BOOLEAN InternalDeviceIoControl,
				   PKEVENT Event, PIO_STATUS_BLOCK IoStatusBlock);
PIRP IoBuildSynchronousFsdRequest(ULONG MajorFunction, PDEVICE_OBJECT DeviceObject, PVOID Buffer,
				  ULONG Length, PLARGE_INTEGER StartingOffset, PKEVENT Event,
				  PIO_STATUS_BLOCK IoStatusBlock);
PIRP IoMakeAssociatedIrp(PIRP Irp, CCHAR StackSize);
PIRP IoBuildAsynchronousFsdRequest(ULONG MajorFunction, PDEVICE_OBJECT DeviceObject, PVOID Buffer,
				   ULONG Length, PLARGE_INTEGER StartingOffset,
				   PIO_STATUS_BLOCK IoStatusBlock);

NTSTATUS IofCallDriver(PDEVICE_OBJECT DeviceObject, PIRP Irp);
VOID IofCompleteRequest(PIRP Irp, CCHAR PriorityBoost);
BOOLEAN IoForwardIrpSynchronously(PDEVICE_OBJECT DeviceObject, PIRP Irp);
#define IoCallDriver(DeviceObject, Irp)		IofCallDriver(DeviceObject, Irp)
#define IoCompleteRequest(Irp, PriorityBoost)	IofCompleteRequest(Irp, PriorityBoost)

/* ---- cancel ---------------------------------------------------------------- */

VOID IoAcquireCancelSpinLock(PKIRQL Irql);
VOID IoReleaseCancelSpinLock(KIRQL Irql);
BOOLEAN IoCancelIrp(PIRP Irp);

/**
 * IoSetCancelRoutine - set or clear the cancel routine of an IRP
 * @Irp: the caller has it
 * @CancelRoutine: the routine; NULL: the IRP cannot be cancelled
 *
 * A full barrier: a caller that has set a routine and then reads Cancel as FALSE is cancelled by
 * that routine, see nt/io_cancel.c.
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 * Return: the previous routine. NULL when clearing: IoCancelIrp() has called it, or will.
 *
 * Follows: DDI wdm/nf-wdm-iosetcancelroutine.
 */
static inline PDRIVER_CANCEL IoSetCancelRoutine(PIRP Irp, PDRIVER_CANCEL CancelRoutine)
{
	return xchg(&Irp->CancelRoutine, CancelRoutine);
}

#endif /* NTC_IRP_H */
