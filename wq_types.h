/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The NT types of the worker-thread calls, with the members that drivers access. wq_compat.h
 * includes this header; clients need not.
 *
 * Layouts follow the published WDK headers where drivers depend on them (WORK_QUEUE_ITEM to the
 * byte; the objects begin with Type and Size). Other members have Linux types.
 */
#ifndef WQ_TYPES_H
#define WQ_TYPES_H

#if !defined(CONFIG_X86_64) && !defined(CONFIG_ARM64)
#error "wq_compat is only tested on x86-64 and arm64: see docs/semantics.md, Architectures"
#endif
#ifdef CONFIG_CPU_BIG_ENDIAN
#error "wq_compat needs a little-endian kernel, as Windows is: see docs/semantics.md, Architectures"
#endif
/* A mark needs the top byte of an address: see core/mark.c. */
#if defined(CONFIG_KASAN_SW_TAGS) || defined(CONFIG_KASAN_HW_TAGS)
#error "wq_compat needs kernel pointers without tags: see docs/semantics.md, Architectures"
#endif

#include <linux/build_bug.h>
#include <linux/stddef.h>
#include <linux/types.h>

#ifndef VOID
#define VOID void
#endif
#ifndef TRUE
#define TRUE 1
#endif
#ifndef FALSE
#define FALSE 0
#endif
#ifndef NTAPI
#define NTAPI			/* __stdcall has no meaning on 64-bit machines */
#endif

typedef void *PVOID;
typedef char CHAR;
typedef char *PCHAR;
typedef const char *PCSTR;
typedef u8 UCHAR;
typedef u8 *PUCHAR;
typedef u8 BOOLEAN;
typedef s16 CSHORT;
typedef u16 USHORT;
typedef s32 LONG;
typedef u32 ULONG;
typedef u32 *PULONG;
typedef s64 LONGLONG;
typedef u64 ULONGLONG;
typedef u16 WCHAR;		/* UTF-16, unlike wchar_t */
typedef WCHAR *PWSTR;

typedef s32 NTSTATUS;

#ifndef STATUS_SUCCESS
#define STATUS_SUCCESS			((NTSTATUS)0x00000000)
#define STATUS_TIMEOUT			((NTSTATUS)0x00000102)
#define STATUS_PENDING			((NTSTATUS)0x00000103)
#define STATUS_UNSUCCESSFUL		((NTSTATUS)0xC0000001)
#define STATUS_NOT_IMPLEMENTED		((NTSTATUS)0xC0000002)
#define STATUS_INVALID_PARAMETER	((NTSTATUS)0xC000000D)
#define STATUS_OBJECT_NAME_COLLISION	((NTSTATUS)0xC0000035)
#define STATUS_INSUFFICIENT_RESOURCES	((NTSTATUS)0xC000009A)
#define STATUS_DEVICE_NOT_READY		((NTSTATUS)0xC00000A3)
#define STATUS_REDIRECTOR_NOT_STARTED	((NTSTATUS)0xC00000FB)
#define STATUS_CANCELLED		((NTSTATUS)0xC0000120)
#define STATUS_NOT_FOUND		((NTSTATUS)0xC0000225)
#define STATUS_SYSTEM_SHUTDOWN		((NTSTATUS)0xC00002EB)
#define STATUS_REDIRECTOR_HAS_OPEN_HANDLES ((NTSTATUS)0x80000023)
#endif

#ifndef NT_SUCCESS
#define NT_SUCCESS(status)		((NTSTATUS)(status) >= 0)
#endif

typedef union _LARGE_INTEGER {
	struct {
		ULONG LowPart;
		LONG HighPart;
	};
	struct {
		ULONG LowPart;
		LONG HighPart;
	} u;
	LONGLONG QuadPart;
} LARGE_INTEGER, *PLARGE_INTEGER;

typedef struct _UNICODE_STRING {
	USHORT Length;		/* bytes, without a terminator */
	USHORT MaximumLength;	/* bytes */
	PWSTR Buffer;
} UNICODE_STRING, *PUNICODE_STRING;
typedef const UNICODE_STRING *PCUNICODE_STRING;

typedef struct _LIST_ENTRY {
	struct _LIST_ENTRY *Flink;
	struct _LIST_ENTRY *Blink;
} LIST_ENTRY, *PLIST_ENTRY;

/* ---- work items --------------------------------------------------------- */

typedef enum _WORK_QUEUE_TYPE {
	CriticalWorkQueue = 0,
	DelayedWorkQueue = 1,
	HyperCriticalWorkQueue = 2,
	NormalWorkQueue = 3,
	BackgroundWorkQueue = 4,
	RealTimeWorkQueue = 5,
	SuperCriticalWorkQueue = 6,
	MaximumWorkQueue = 7,
	CustomPriorityWorkQueue = 32,
} WORK_QUEUE_TYPE;

typedef VOID WORKER_THREAD_ROUTINE(PVOID Parameter);
typedef WORKER_THREAD_ROUTINE *PWORKER_THREAD_ROUTINE;

/*
 * Not opaque, as on Windows: drivers fill it by hand, keep it on their own lists and call
 * WorkerRoutine themselves. While it is queued, List belongs to wq_compat.
 */
typedef struct _WORK_QUEUE_ITEM {
	LIST_ENTRY List;
	PWORKER_THREAD_ROUTINE WorkerRoutine;
	void *volatile Parameter;
} WORK_QUEUE_ITEM, *PWORK_QUEUE_ITEM;

static_assert(sizeof(void *) != 8 || sizeof(WORK_QUEUE_ITEM) == 32);

/* ---- objects ------------------------------------------------------------ */

#define IO_TYPE_DEVICE			3
#define IO_TYPE_DRIVER			4
#define IRP_MJ_MAXIMUM_FUNCTION		0x1b

#define FILE_DEVICE_DISK_FILE_SYSTEM	0x00000008
#define FILE_DEVICE_NETWORK_FILE_SYSTEM	0x00000014
#define FILE_DEVICE_UNKNOWN		0x00000022

#define DO_EXCLUSIVE			0x00000008
#define DO_DEVICE_HAS_NAME		0x00000040
#define DO_DEVICE_INITIALIZING		0x00000080

struct _IRP;
struct _DEVICE_OBJECT;
struct _DRIVER_OBJECT;

typedef NTSTATUS DRIVER_INITIALIZE(struct _DRIVER_OBJECT *DriverObject,
				   PUNICODE_STRING RegistryPath);
typedef DRIVER_INITIALIZE *PDRIVER_INITIALIZE;
typedef VOID DRIVER_UNLOAD(struct _DRIVER_OBJECT *DriverObject);
typedef DRIVER_UNLOAD *PDRIVER_UNLOAD;
typedef NTSTATUS DRIVER_DISPATCH(struct _DEVICE_OBJECT *DeviceObject,
				 struct _IRP *Irp);
typedef DRIVER_DISPATCH *PDRIVER_DISPATCH;
typedef VOID DRIVER_STARTIO(struct _DEVICE_OBJECT *DeviceObject, struct _IRP *Irp);
typedef DRIVER_STARTIO *PDRIVER_STARTIO;
typedef NTSTATUS DRIVER_ADD_DEVICE(struct _DRIVER_OBJECT *DriverObject,
				   struct _DEVICE_OBJECT *PhysicalDeviceObject);
typedef DRIVER_ADD_DEVICE *PDRIVER_ADD_DEVICE;

/* AddDevice is stored, and never called: there is no PnP manager. */
typedef struct _DRIVER_EXTENSION {
	struct _DRIVER_OBJECT *DriverObject;
	PDRIVER_ADD_DEVICE AddDevice;
	ULONG Count;
	UNICODE_STRING ServiceKeyName;
} DRIVER_EXTENSION, *PDRIVER_EXTENSION;

typedef struct _DRIVER_OBJECT {
	CSHORT Type;				/* IO_TYPE_DRIVER */
	CSHORT Size;
	struct _DEVICE_OBJECT *DeviceObject;	/* newest device, then NextDevice */
	ULONG Flags;
	PVOID DriverStart;
	ULONG DriverSize;
	PVOID DriverSection;			/* the struct module */
	struct _DRIVER_EXTENSION *DriverExtension;
	UNICODE_STRING DriverName;
	PUNICODE_STRING HardwareDatabase;	/* NULL */
	PVOID FastIoDispatch;
	PDRIVER_INITIALIZE DriverInit;
	PDRIVER_STARTIO DriverStartIo;
	PDRIVER_UNLOAD DriverUnload;
	PDRIVER_DISPATCH MajorFunction[IRP_MJ_MAXIMUM_FUNCTION + 1];
} DRIVER_OBJECT, *PDRIVER_OBJECT;

typedef ULONG DEVICE_TYPE;

#define WQC_TYPE_DEVICE_QUEUE		20

/* On Windows Hint is the system's, and so it is here: nt/ke_device_queue.c does not use it. */
typedef struct _KDEVICE_QUEUE {
	CSHORT Type;				/* WQC_TYPE_DEVICE_QUEUE */
	CSHORT Size;
	LIST_ENTRY DeviceListHead;
	unsigned long Lock;			/* a KSPIN_LOCK */
	union {
		BOOLEAN Busy;
		struct {
			LONGLONG Reserved : 8;
			LONGLONG Hint : 56;
		};
	};
} KDEVICE_QUEUE, *PKDEVICE_QUEUE, *PRKDEVICE_QUEUE;

static_assert(sizeof(void *) != 8 || sizeof(KDEVICE_QUEUE) == 0x28);

/* How StartIo of a device is called: nt/io_start_io.c. */
struct wqc_start_io {
	BOOLEAN Deferred;
	BOOLEAN NonCancelable;
	BOOLEAN Cancelable;
	BOOLEAN ByKey;
	ULONG Key;
	LONG State;
};

/*
 * A macro, because RDBSS_DEVICE_OBJECT has the same members by name. Unnamed members of a tagged
 * type would need a compiler extension (-fms-extensions) in each client.
 *
 * Size: including the extension, at most 65535. ReferenceCount: open handles; always 0 here.
 */
#define WQC_DEVICE_OBJECT_MEMBERS					\
	struct {							\
		CSHORT Type;						\
		USHORT Size;						\
		LONG ReferenceCount;					\
		struct _DRIVER_OBJECT *DriverObject;			\
		struct _DEVICE_OBJECT *NextDevice;			\
		struct _DEVICE_OBJECT *AttachedDevice;			\
		struct _IRP *CurrentIrp;				\
		PVOID Timer;						\
		ULONG Flags;						\
		ULONG Characteristics;					\
		PVOID Vpb;						\
		PVOID DeviceExtension;					\
		DEVICE_TYPE DeviceType;					\
		CHAR StackSize;						\
		ULONG AlignmentRequirement;				\
		KDEVICE_QUEUE DeviceQueue;				\
		USHORT SectorSize;					\
		PVOID DeviceObjectExtension;				\
		struct wqc_start_io StartIo;				\
	}

typedef struct _DEVICE_OBJECT {
	WQC_DEVICE_OBJECT_MEMBERS;
} DEVICE_OBJECT, *PDEVICE_OBJECT;

typedef struct _IO_WORKITEM IO_WORKITEM, *PIO_WORKITEM;

typedef VOID IO_WORKITEM_ROUTINE(PDEVICE_OBJECT DeviceObject, PVOID Context);
typedef IO_WORKITEM_ROUTINE *PIO_WORKITEM_ROUTINE;
typedef VOID IO_WORKITEM_ROUTINE_EX(PVOID IoObject, PVOID Context,
				    PIO_WORKITEM IoWorkItem);
typedef IO_WORKITEM_ROUTINE_EX *PIO_WORKITEM_ROUTINE_EX;

/* ---- RDBSS -------------------------------------------------------------- */

#define RxMaximumWorkQueue 3

typedef enum _RX_WORK_QUEUE_STATE_ {
	RxWorkQueueActive,
	RxWorkQueueInactive,
	RxWorkQueueRundownInProgress,
} RX_WORK_QUEUE_STATE;

typedef enum _RX_DISPATCHER_STATE_ {
	RxDispatcherActive,
	RxDispatcherInactive,
} RX_DISPATCHER_STATE;

struct _KEVENT;

typedef struct _RX_DISPATCHER_CONTEXT {
	volatile LONG NumberOfWorkerThreads;	/* unused: see debugfs */
	struct _KEVENT *volatile pTearDownEvent; /* unused */
	ULONGLONG Private;			/* wq_compat's */
} RX_DISPATCHER_CONTEXT, *PRX_DISPATCHER_CONTEXT;

/* Begins with its DEVICE_OBJECT, whose members can also be accessed directly. */
typedef struct _RDBSS_DEVICE_OBJECT {
	union {
		WQC_DEVICE_OBJECT_MEMBERS;
		DEVICE_OBJECT DeviceObject;
	};
	ULONG RegistrationControls;
	PVOID RdbssExports;
	PDEVICE_OBJECT RDBSSDeviceObject;
	PVOID Dispatch;
	UNICODE_STRING DeviceName;
	ULONG NetworkProviderPriority;
	PVOID MupHandle;
	BOOLEAN RegisterUncProvider;
	BOOLEAN RegisterMailSlotProvider;
	BOOLEAN RegisteredAsFileSystem;
	LIST_ENTRY MiniRdrListLinks;
	ULONG NumberOfActiveFcbs;
	ULONG NumberOfActiveContexts;
	RX_DISPATCHER_CONTEXT DispatcherContext;
} RDBSS_DEVICE_OBJECT, *PRDBSS_DEVICE_OBJECT;

typedef VOID (*PRX_WORKERTHREAD_ROUTINE)(PVOID Context);

/* The members of a WORK_QUEUE_ITEM, then the device. */
typedef struct _RX_WORK_QUEUE_ITEM_ {
	union {
		struct {
			LIST_ENTRY List;
			PWORKER_THREAD_ROUTINE WorkerRoutine;
			void *volatile Parameter;
		};
		WORK_QUEUE_ITEM WorkQueueItem;
	};
	PRDBSS_DEVICE_OBJECT pDeviceObject;
} RX_WORK_QUEUE_ITEM, *PRX_WORK_QUEUE_ITEM;

typedef struct _RX_WORK_DISPATCH_ITEM_ {
	RX_WORK_QUEUE_ITEM WorkQueueItem;
	PRX_WORKERTHREAD_ROUTINE DispatchRoutine;
	PVOID DispatchRoutineParameter;
} RX_WORK_DISPATCH_ITEM, *PRX_WORK_DISPATCH_ITEM;

/* While a timer request is pending, LastTick and Options belong to wq_compat. */
typedef struct _RX_WORK_ITEM_ {
	RX_WORK_QUEUE_ITEM WorkQueueItem;
	ULONG LastTick;
	ULONG Options;
} RX_WORK_ITEM, *PRX_WORK_ITEM;

static_assert(offsetof(RX_WORK_QUEUE_ITEM, Parameter) == offsetof(WORK_QUEUE_ITEM, Parameter));

#endif /* WQ_TYPES_H */
