// SPDX-License-Identifier: GPL-2.0
/*
 * A driver that leaves objects behind when it is unloaded; the last part of its registry path
 * selects them. The driver has the name of its module, and its include path has backslashes and
 * ignores case, as on Windows.
 */
#include <NTDDK.h>
#include "Inc\Left.h"

DRIVER_INITIALIZE DriverEntry;
DRIVER_UNLOAD LeaverUnload;

#ifdef ALLOC_PRAGMA
#pragma alloc_text(INIT, DriverEntry)
#pragma alloc_text(PAGE, LeaverUnload)
#endif

LEFT Left;

VOID LeaverUnload(_In_ PDRIVER_OBJECT DriverObject)
{
	PAGED_CODE();
	UNREFERENCED_PARAMETER(DriverObject);
	DbgPrint("leaver: unloads\n");
}

static BOOLEAN LeaverIsAskedFor(PUNICODE_STRING RegistryPath, PCWSTR What)
{
	UNICODE_STRING name, last = *RegistryPath;

	RtlInitUnicodeString(&name, What);
	if (last.Length < name.Length)
		return FALSE;
	last.Buffer += (last.Length - name.Length) / sizeof(WCHAR);
	last.Length = name.Length;
	return RtlEqualUnicodeString(&last, &name, TRUE);
}

NTSTATUS DriverEntry(_In_ PDRIVER_OBJECT DriverObject, _In_ PUNICODE_STRING RegistryPath)
{
	PLIST_ENTRY current = NULL;	/* a macro, in Linux */

	DbgPrint("leaver: path %wZ\n", RegistryPath);
	DriverObject->DriverUnload = LeaverUnload;
	if (LeaverIsAskedFor(RegistryPath, L"\\Fail") || current)
		return STATUS_DEVICE_NOT_READY;
	if (LeaverIsAskedFor(RegistryPath, L"\\Memory"))
		LeaveMemory(3);
	else if (LeaverIsAskedFor(RegistryPath, L"\\Key"))
		LeaveKey();
	else if (LeaverIsAskedFor(RegistryPath, L"\\Timer"))
		LeaveTimer(5);
	else if (LeaverIsAskedFor(RegistryPath, L"\\Chain"))
		LeaveChain(-1000);
	else if (LeaverIsAskedFor(RegistryPath, L"\\Dpcs"))
		LeaveDpcs(3000);
	else if (LeaverIsAskedFor(RegistryPath, L"\\Lent"))
		LeaveLent(5);
	else if (LeaverIsAskedFor(RegistryPath, L"\\LentDpc"))
		LeaveLentDpc(3000);
	else if (LeaverIsAskedFor(RegistryPath, L"\\Callback"))
		LeaveCallback();
	else if (LeaverIsAskedFor(RegistryPath, L"\\IoTimer"))
		LeaveIoTimer();
	else if (LeaverIsAskedFor(RegistryPath, L"\\Mutex"))
		LeaveMutex();
	else if (LeaverIsAskedFor(RegistryPath, L"\\Event"))
		LeaveEvent();
	else if (LeaverIsAskedFor(RegistryPath, L"\\Filter"))
		LeaveFilter(DriverObject);
	else if (LeaverIsAskedFor(RegistryPath, L"\\Resource"))
		LeaveResource();
	else if (LeaverIsAskedFor(RegistryPath, L"\\Worker"))
		LeaveWorker();
	else if (LeaverIsAskedFor(RegistryPath, L"\\Thread"))
		return LeaveThread(1000);
	else if (LeaverIsAskedFor(RegistryPath, L"\\Sleeper"))
		return LeaveThread(8000);
	else if (LeaverIsAskedFor(RegistryPath, L"\\Byte"))
		return LeaveIfNegative((CHAR)0x80, '\xff');
	return STATUS_SUCCESS;
}
