// SPDX-License-Identifier: GPL-2.0
/*++

    helpers.c

    What libraries of drivers need beside work items: formats of UTF-16, counted
    strings, sums that report an overflow, bitmaps, GUIDs, control codes, functions
    of the C run-time library.

--*/

#include <ntifs.h>
#define NTSTRSAFE_LIB
#include <ntstrsafe.h>
#include <ntintsafe.h>
#include <initguid.h>
#include <wdmguid.h>
#include "inc\verdict.h"

#define IOCTL_HELPERS	CTL_CODE(FILE_DEVICE_UNKNOWN, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS)

DEFINE_GUID(GUID_HELPERS, 0x12345678, 0x9abc, 0xdef0, 1, 2, 3, 4, 5, 6, 7, 8);

static VERDICT Verdict = { "helpers", 0, 0 };

static LONG Formats(VOID)
{
	WCHAR Text[32];
	CHAR Narrow[32];
	LONG Right = 0;

	Right += NT_SUCCESS(RtlStringCchPrintfW(Text, 32, L"%s-%04x %I64d", L"name", 0xab, -5LL)) &&
		wcscmp(Text, L"name-00ab -5") == 0;
	Right += RtlStringCbPrintfW(Text, 6, L"%d", 1234) == STATUS_BUFFER_OVERFLOW &&
		wcscmp(Text, L"12") == 0;
	Right += NT_SUCCESS(RtlStringCbPrintfA(Narrow, sizeof(Narrow), "%ws %hs", L"w", "n")) &&
		strcmp(Narrow, "w n") == 0;
	Right += NT_SUCCESS(RtlStringCchCopyNW(Text, 32, L"abcdef", 3)) &&
		NT_SUCCESS(RtlStringCchCatW(Text, 32, L"x")) && _wcsicmp(Text, L"ABCX") == 0;
	return Right;
}

static LONG Sums(VOID)
{
	SIZE_T Size;
	ULONG Sum;
	LONG Right = 0;

	Right += RtlULongAdd(MAXULONG - 1, 1, &Sum) == STATUS_SUCCESS && Sum == MAXULONG;
	Right += RtlULongAdd(MAXULONG, 1, &Sum) == STATUS_INTEGER_OVERFLOW;
	Right += RtlULongSub(1, 2, &Sum) == STATUS_INTEGER_OVERFLOW;
	Right += RtlULongMult(0x10000, 0x10000, &Sum) == STATUS_INTEGER_OVERFLOW;
	Right += RtlSizeTAdd(1, 2, &Size) == STATUS_SUCCESS && Size == 3;
	return Right;
}

static LONG Bitmap(VOID)
{
	ULONG Bits[3] = { 0, 0, 0 };
	RTL_BITMAP Map;
	LONG Right = 0;

	RtlInitializeBitMap(&Map, Bits, 80);
	RtlSetBits(&Map, 10, 40);
	Right += RtlNumberOfSetBits(&Map) == 40;
	Right += RtlFindClearBits(&Map, 20, 0) == 50;
	Right += RtlFindClearBitsAndSet(&Map, 5, 60) == 60 && RtlAreBitsSet(&Map, 60, 5);
	Right += RtlFindClearBits(&Map, 31, 0) == 0xFFFFFFFF;
	return Right;
}

static LONG Forms(VOID)
{
	LONG volatile Number = 5;
	LONG64 volatile Big = 0;
	PVOID volatile Pointer = NULL;
	LONG Right = 0;

	Right += InterlockedIncrement(&Number) == 6;
	Right += InterlockedAnd(&Number, 3) == 6 && Number == 2;
	Right += InterlockedExchangeAdd64(&Big, 1LL << 40) == 0 && Big == 1LL << 40;
	Right += InterlockedCompareExchangePointer(&Pointer, (PVOID)&Big, NULL) == NULL &&
		Pointer == (PVOID)&Big;
	return Right;
}

static VOID HelpersUnload(PDRIVER_OBJECT DriverObject)
{
	UNREFERENCED_PARAMETER(DriverObject);
	VerdictSay(&Verdict);
}

static NTSTATUS HelpersAddDevice(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT PhysicalDeviceObject)
{
	UNREFERENCED_PARAMETER(DriverObject);
	UNREFERENCED_PARAMETER(PhysicalDeviceObject);
	return STATUS_NOT_SUPPORTED;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
	UNREFERENCED_PARAMETER(RegistryPath);
	DriverObject->DriverUnload = HelpersUnload;
	DriverObject->DriverExtension->AddDevice = HelpersAddDevice;
	LAW_IS(&Verdict, "formats", Formats(), 4);
	LAW_IS(&Verdict, "sums", Sums(), 5);
	LAW_IS(&Verdict, "bitmaps", Bitmap(), 4);
	LAW_IS(&Verdict, "interlocked forms", Forms(), 4);
	LAW_IS(&Verdict, "control code", IOCTL_HELPERS, 0x222004);
	LAW_IS(&Verdict, "equal GUIDs", IsEqualGUID(&GUID_HELPERS, &GUID_HELPERS) != 0, TRUE);
	LAW_IS(&Verdict, "other GUIDs", IsEqualGUID(&GUID_HELPERS, &GUID_DEVICE_INTERFACE_ARRIVAL) != 0,
	       FALSE);
	VerdictOver(&Verdict);
	return STATUS_SUCCESS;
}
