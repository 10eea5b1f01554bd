/* SPDX-License-Identifier: GPL-2.0 */
/* System threads, their handles, the current thread, and processors. */
#ifndef NTC_THREAD_H
#define NTC_THREAD_H

#include "wait.h"

typedef VOID KSTART_ROUTINE(PVOID StartContext);
typedef KSTART_ROUTINE *PKSTART_ROUTINE;
typedef struct _OBJECT_TYPE *POBJECT_TYPE;
typedef struct _OBJECT_HANDLE_INFORMATION *POBJECT_HANDLE_INFORMATION;

extern POBJECT_TYPE *PsThreadType;
extern PEPROCESS PsInitialSystemProcess;

#define STANDARD_RIGHTS_REQUIRED	0x000F0000
#define SYNCHRONIZE			0x00100000
#define DELETE				0x00010000
#define GENERIC_READ			0x80000000
#define GENERIC_WRITE			0x40000000
#define GENERIC_ALL			0x10000000
#define THREAD_ALL_ACCESS		(STANDARD_RIGHTS_REQUIRED | SYNCHRONIZE | 0xFFFF)

#define LOW_PRIORITY			0
#define LOW_REALTIME_PRIORITY		16
#define HIGH_PRIORITY			31
#define MAXIMUM_PRIORITY		32

NTSTATUS PsCreateSystemThread(PHANDLE ThreadHandle, ULONG DesiredAccess,
			      POBJECT_ATTRIBUTES ObjectAttributes, HANDLE ProcessHandle,
			      CLIENT_ID *ClientId, PKSTART_ROUTINE StartRoutine,
			      PVOID StartContext);
NTSTATUS IoCreateSystemThread(PVOID IoObject, PHANDLE ThreadHandle, ULONG DesiredAccess,
			      POBJECT_ATTRIBUTES ObjectAttributes, HANDLE ProcessHandle,
			      CLIENT_ID *ClientId, PKSTART_ROUTINE StartRoutine,
			      PVOID StartContext);
NTSTATUS PsTerminateSystemThread(NTSTATUS ExitStatus);
NTSTATUS ObReferenceObjectByHandle(HANDLE Handle, ACCESS_MASK DesiredAccess,
				   POBJECT_TYPE ObjectType, KPROCESSOR_MODE AccessMode,
				   PVOID *Object, POBJECT_HANDLE_INFORMATION HandleInformation);
NTSTATUS ZwClose(HANDLE Handle);
#define NtClose(Handle)			ZwClose(Handle)
#define ObCloseHandle(Handle, Mode)	ZwClose(Handle)

/* Objects: threads and processes, and the drivers and devices of wq_compat. */
VOID ObfReferenceObject(PVOID Object);
VOID ObfDereferenceObject(PVOID Object);
#define ObReferenceObject(Object)	ObfReferenceObject(Object)

/**
 * ObReferenceObjectByPointer - reference an object by its address
 * @Object: as for ObfReferenceObject()
 * @DesiredAccess: not used
 * @ObjectType: not used
 * @AccessMode: not used
 *
 * Context: IRQL <= DISPATCH_LEVEL; here as ObfReferenceObject().
 * Return: STATUS_SUCCESS.
 *
 * Follows: DDI ObReferenceObjectByPointer.
 */
static inline NTSTATUS ObReferenceObjectByPointer(PVOID Object, ACCESS_MASK DesiredAccess,
						  POBJECT_TYPE ObjectType,
						  KPROCESSOR_MODE AccessMode)
{
	ObfReferenceObject(Object);
	return STATUS_SUCCESS;
}

#define ObDereferenceObject(Object)	ObfDereferenceObject(Object)
#define ObDereferenceObjectDeferDelete(Object) ObfDereferenceObject(Object)

PKTHREAD KeGetCurrentThread(void);
#define PsGetCurrentThread()		KeGetCurrentThread()
HANDLE PsGetCurrentThreadId(void);
HANDLE PsGetCurrentProcessId(void);
HANDLE PsGetThreadId(PETHREAD Thread);
BOOLEAN PsIsSystemThread(PETHREAD Thread);
PEPROCESS IoGetCurrentProcess(void);
#define PsGetCurrentProcess()		IoGetCurrentProcess()
KPRIORITY KeSetPriorityThread(PKTHREAD Thread, KPRIORITY Priority);
KPRIORITY KeQueryPriorityThread(PKTHREAD Thread);

/* ---- processors -------------------------------------------------------- */

typedef struct _PROCESSOR_NUMBER {
	USHORT Group;
	UCHAR Number;
	UCHAR Reserved;
} PROCESSOR_NUMBER, *PPROCESSOR_NUMBER;

#define ALL_PROCESSOR_GROUPS		0xffff
#define INVALID_PROCESSOR_INDEX		0xffffffff

KAFFINITY KeSetSystemAffinityThreadEx(KAFFINITY Affinity);
VOID KeRevertToUserAffinityThreadEx(KAFFINITY Affinity);
#define KeSetSystemAffinityThread(Affinity)	((VOID)KeSetSystemAffinityThreadEx(Affinity))
#define KeRevertToUserAffinityThread()		KeRevertToUserAffinityThreadEx(0)
ULONG KeGetCurrentProcessorNumber(void);
ULONG KeGetCurrentProcessorNumberEx(PPROCESSOR_NUMBER ProcNumber);
NTSTATUS KeGetProcessorNumberFromIndex(ULONG ProcIndex, PPROCESSOR_NUMBER ProcNumber);
ULONG KeGetProcessorIndexFromNumber(PPROCESSOR_NUMBER ProcNumber);
ULONG KeQueryActiveProcessorCount(PKAFFINITY ActiveProcessors);
ULONG KeQueryActiveProcessorCountEx(USHORT GroupNumber);
ULONG KeQueryMaximumProcessorCountEx(USHORT GroupNumber);
KAFFINITY KeQueryGroupAffinity(USHORT GroupNumber);
#define KeQueryActiveProcessors()	KeQueryGroupAffinity(0)
#define KeQueryActiveGroupCount()	\
	((USHORT)DIV_ROUND_UP(KeQueryActiveProcessorCount(NULL), 64))
#define KeQueryMaximumGroupCount()	\
	((USHORT)DIV_ROUND_UP(KeQueryMaximumProcessorCount(), 64))
#define KeQueryMaximumProcessorCount()	KeQueryMaximumProcessorCountEx(ALL_PROCESSOR_GROUPS)

#endif /* NTC_THREAD_H */
