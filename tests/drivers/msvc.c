// SPDX-License-Identifier: GPL-2.0
/*++

    msvc.c

    What Microsoft's compilers and headers have, and Linux' do not: names that are
    defined before the first include, functions that are inline but not static,
    suffixes, intrinsics that are declared here, traces, exceptions, calls that are
    not there. Each check that fails prints a line.

--*/

#if !defined(_WIN64) || !defined(_KERNEL_MODE) || defined(_NTDDK_)
#error "not what a build of a driver defines"
#endif
#if !defined(_M_AMD64) && !defined(_M_ARM64)
#error "no processor"
#endif
__pragma(warning(disable: 4100))
typedef unsigned __int64 __stdcall COUNT_ROUTINE(__int32);

#include <ntifs.h>
#include <ntintsafe.h>
#include <ntdddisk.h>
#include <wdf.h>
#include "Msvc\Trace.h"
#include "msvc.tmh"
#include "msvc\shared.h"

#if !defined(_NTDEF_) || !defined(_WDMDDK_) || !defined(_NTDDK_) || !defined(_NTIFS_)
#error "the headers are not known by their names"
#endif

unsigned char _BitScanForward(ULONG *Index, ULONG Mask);
LONG _InterlockedIncrement(LONG volatile *Addend);
#pragma intrinsic(_BitScanForward, _InterlockedIncrement)

/* BOOL, BYTE, WORD and DWORD come from windef.h only. */
typedef enum { BOOL_NO, BOOL_YES } BOOL;
typedef struct { UCHAR Byte; } BYTE;
typedef double WORD;

DECLARE_GLOBAL_CONST_UNICODE_STRING(MsvcName, L"\\Device\\Msvc");
static DECLARE_CONST_UNICODE_STRING(MsvcOther, L"other");

/* A driver's own functions, with names that Linux has, too. */
static ULONG printk(ULONG panic) { return panic + 1; }
static VOID mutex_lock(PULONG cpu_relax) { *cpu_relax += 1; }
static LONG list_add(LONG kmalloc, LONG u8) { return kmalloc + u8; }

static VOID Locked(PKSPIN_LOCK spin_lock, PULONG panic)
{
	KLOCK_QUEUE_HANDLE handle;
	KIRQL mutex_unlock;

	KeAcquireSpinLock(spin_lock, &mutex_unlock);
	YieldProcessor();
	KeMemoryBarrier();
	*panic = printk(*panic);
	KeReleaseSpinLock(spin_lock, mutex_unlock);
	KeAcquireInStackQueuedSpinLock(spin_lock, &handle);
	mutex_lock(panic);
	KeReleaseInStackQueuedSpinLock(&handle);
}

/* Behind a comma, in "?:", and by their address. */
static LONG Expressions(PKSPIN_LOCK Lock, PKEVENT Event)
{
	LONG (*operation)(LONG volatile *) = InterlockedIncrement;
	LONG volatile n = 0;
	KIRQL irql;

	KeAcquireSpinLock(Lock, &irql), n++, KeReleaseSpinLock(Lock, irql);
	n ? KeInitializeSpinLock(Lock) : KeInitializeEvent(Event, NotificationEvent, FALSE);
	operation(&n);
	_InterlockedIncrement(&n);
	return n;
}

/* Fortified kernels have macros for these. */
static SIZE_T Copies(PCUNICODE_STRING Name)
{
	WCHAR text[16], other[16];
	USHORT length = min(Name->Length, sizeof(text) - sizeof(WCHAR));

	RtlCopyMemory(text, Name->Buffer, length);
	RtlMoveMemory(text + 1, text, length);
	memcpy(other, text + 1, length);
	RtlFillMemory(text, sizeof(text), 'x');
	memmove(text, other, length);
	memset(other, 0, sizeof(other));
	return RtlCompareMemory(text, Name->Buffer, length);
}

static LONG Left;

/* The block after __finally runs, after __leave, too; the one after __except does not. */
static NTSTATUS Guarded(LONG Leave)
{
	NTSTATUS status = STATUS_UNSUCCESSFUL;

	__try {
		__try {
			if (Leave == 1)
				__leave;
			status = STATUS_SUCCESS;
			if (Leave == 2)
				__leave;
		} __finally {
			Left += AbnormalTermination() ? 100 : 1;
		}
		if (Leave == 1)
			__leave;
		Left += 10;
	} __except (EXCEPTION_EXECUTE_HANDLER) {
		status = GetExceptionCode();
	}
	return status;
}

static NTSTATUS Section(PHANDLE Section)
{
	OBJECT_ATTRIBUTES attributes;

	InitializeObjectAttributes(&attributes, (PUNICODE_STRING)&MsvcName, OBJ_KERNEL_HANDLE, NULL,
				   NULL);
	return ZwOpenSection(Section, SECTION_MAP_READ, &attributes);
}

static VOID MsvcUnload(PDRIVER_OBJECT DriverObject)
{
	WPP_CLEANUP(DriverObject);
}

#define CHECK(e) do { checks++; if (!(e)) DbgPrint("msvc: wrong: %s\n", #e); } while (0)

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
	__int64 big = 10i64 + 0xffui64 - 0x10I8;	/* 10i64 in a comment, "10i64" in a string */
	ULONG panic = 1, index, sum, checks = 0;
	KSPIN_LOCK lock;
	HANDLE section;
	KEVENT event;
	int i;

	WPP_INIT_TRACING(DriverObject, RegistryPath);
	ExInitializeDriverRuntime(DrvRtPoolNxOptIn);
	DriverObject->DriverUnload = MsvcUnload;
	CHECK(big == 249);
	CHECK(Square(3) + Cube(2) == 17 && SquareOfOther(3) == 9);
	CHECK(Square == OtherSquare());
	KeInitializeSpinLock(&lock);
	Locked(&lock, &panic);
	CHECK(panic == 3 && list_add(1, 2) == 3);
	CHECK(Expressions(&lock, &event) == 3);
	CHECK(Copies(&MsvcName) == 24);
	CHECK(Guarded(0) == STATUS_SUCCESS && Left == 11);
	CHECK(Guarded(1) == STATUS_UNSUCCESSFUL && Left == 12);
	CHECK(Guarded(2) == STATUS_SUCCESS && Left == 23);
	CHECK(_BitScanForward(&index, 0x50) && index == 4);
	CHECK(NT_SUCCESS(RtlULongAdd(1, 2, &sum)) && sum == 3);
	CHECK(RtlULongAdd(MAXULONG, 1, &sum) == STATUS_INTEGER_OVERFLOW);
	CHECK(MsvcName.Length == 24 && MsvcOther.Length == 10);
	CHECK(ARGUMENT_PRESENT(&sum) && IOCTL_DISK_GET_DRIVE_GEOMETRY == CTL_CODE(7, 0, 0, 0));
	CHECK(((ULONG_PTR)PAGE_ALIGN((PVOID)0x12345) & 0xfff) == 0);

	/* Each of two places reports once. */
	for (i = 0; i < 3; i++)
		CHECK(Section(&section) == STATUS_NOT_SUPPORTED);
	CHECK(CcIsThereDirtyData(NULL) == FALSE);
	CHECK(IoGetConfigurationInformation() == NULL);
	TraceEvents(TRACE_LEVEL_VERBOSE, DBG_INIT, "%d %s", no, such, variables);
	Trace("%d", 1);
	DbgPrint("msvc: %u checks\n", checks);
	return STATUS_SUCCESS;
}
