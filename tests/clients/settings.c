// SPDX-License-Identifier: GPL-2.0
//
// settings.c
//
//     Reads its parameters from the registry in DriverEntry, as drivers do: by
//     handles, with a buffer of the size that a first call has asked for; and
//     by a table. It counts its loads in a value of its own, and lists what its
//     key has.
//

#include <ntddk.h>
#include "inc/verdict.h"

#define SETTINGS_TAG        'tteS'

typedef struct _SETTINGS {
    ULONG Depth;
    ULONG Missing;
    UNICODE_STRING Greeting;
} SETTINGS, *PSETTINGS;

DRIVER_INITIALIZE DriverEntry;
static DRIVER_UNLOAD SettingsUnload;

static VERDICT Verdict = { "settings", 0, 0 };
static ULONG Servers, ServerChars;

static NTSTATUS
OpenKey(
    _In_opt_ HANDLE Root,
    _In_ PUNICODE_STRING Name,
    _Out_ PHANDLE Key
    )
{
    OBJECT_ATTRIBUTES attributes;

    InitializeObjectAttributes(&attributes, Name, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE, Root, NULL);
    return ZwOpenKey(Key, KEY_READ, &attributes);
}

//
// The caller frees the information.
//
static PKEY_VALUE_PARTIAL_INFORMATION
QueryValue(
    _In_ HANDLE Key,
    _In_ PCWSTR Name
    )
{
    PKEY_VALUE_PARTIAL_INFORMATION info;
    UNICODE_STRING name;
    NTSTATUS status;
    ULONG size = 0;

    RtlInitUnicodeString(&name, Name);
    status = ZwQueryValueKey(Key, &name, KeyValuePartialInformation, NULL, 0, &size);
    if (status != STATUS_BUFFER_TOO_SMALL && status != STATUS_BUFFER_OVERFLOW)
        return NULL;
    info = ExAllocatePoolWithTag(PagedPool, size, SETTINGS_TAG);
    if (info == NULL)
        return NULL;
    status = ZwQueryValueKey(Key, &name, KeyValuePartialInformation, info, size, &size);
    if (!NT_SUCCESS(status)) {
        ExFreePoolWithTag(info, SETTINGS_TAG);
        return NULL;
    }
    return info;
}

static VOID
ReadByHandles(
    _In_ HANDLE Parameters
    )
{
    PKEY_VALUE_PARTIAL_INFORMATION info;

    info = QueryValue(Parameters, L"Depth");
    LAW(&Verdict, "a number is there", info != NULL);
    if (info != NULL) {
        LAW_IS(&Verdict, "type of the number", info->Type, REG_DWORD);
        LAW_IS(&Verdict, "the number", *(PULONG)info->Data, 0x20);
        ExFreePoolWithTag(info, SETTINGS_TAG);
    }
    info = QueryValue(Parameters, L"Blob");
    LAW(&Verdict, "the bytes are there", info != NULL);
    if (info != NULL) {
        LAW_IS(&Verdict, "number of bytes", info->DataLength, 40);
        LAW_IS(&Verdict, "the last byte", info->Data[39], 0x28);
        ExFreePoolWithTag(info, SETTINGS_TAG);
    }
    LAW(&Verdict, "what is not there is not found", QueryValue(Parameters, L"None") == NULL);
}

static NTSTATUS NTAPI
SettingsServer(
    PWSTR ValueName,
    ULONG ValueType,
    PVOID ValueData,
    ULONG ValueLength,
    PVOID Context,
    PVOID EntryContext
    )
{
    UNREFERENCED_PARAMETER(ValueName);
    UNREFERENCED_PARAMETER(ValueData);
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(EntryContext);
    if (ValueType == REG_SZ) {
        Servers++;
        ServerChars += ValueLength / sizeof(WCHAR) - 1;
    }
    return STATUS_SUCCESS;
}

static VOID
ReadByTable(
    _In_ PUNICODE_STRING RegistryPath
    )
{
    static const WCHAR greeting[] = L"hello \"you\"";
    SETTINGS settings = { 0, 0, { 0, 0, NULL } };
    RTL_QUERY_REGISTRY_TABLE table[6];
    ULONG seven = 7;
    PWSTR path;
    NTSTATUS status;

    //
    // The path need not be terminated.
    //
    path = ExAllocatePoolWithTag(PagedPool, RegistryPath->Length + sizeof(WCHAR), SETTINGS_TAG);
    LAW(&Verdict, "memory for the path", path != NULL);
    if (path == NULL)
        return;
    RtlCopyMemory(path, RegistryPath->Buffer, RegistryPath->Length);
    path[RegistryPath->Length / sizeof(WCHAR)] = 0;

    RtlZeroMemory(table, sizeof(table));
    table[0].Flags = RTL_QUERY_REGISTRY_SUBKEY;
    table[0].Name = L"Parameters";
    table[1].Flags = RTL_QUERY_REGISTRY_DIRECT;
    table[1].Name = L"Depth";
    table[1].EntryContext = &settings.Depth;
    table[1].DefaultType = REG_DWORD;
    table[1].DefaultData = &seven;
    table[1].DefaultLength = sizeof(seven);
    table[2] = table[1];
    table[2].Name = L"Missing";
    table[2].EntryContext = &settings.Missing;
    table[3].Flags = RTL_QUERY_REGISTRY_DIRECT | RTL_QUERY_REGISTRY_REQUIRED;
    table[3].Name = L"Greeting";
    table[3].EntryContext = &settings.Greeting;
    table[4].QueryRoutine = SettingsServer;
    table[4].Name = L"Servers";
    status = RtlQueryRegistryValues(RTL_REGISTRY_ABSOLUTE, path, table, NULL, NULL);
    ExFreePoolWithTag(path, SETTINGS_TAG);

    LAW_IS(&Verdict, "status of the query", status, STATUS_SUCCESS);
    LAW_IS(&Verdict, "the number by the table", settings.Depth, 0x20);
    LAW_IS(&Verdict, "the default", settings.Missing, 7);
    LAW_IS(&Verdict, "length of the string", settings.Greeting.Length, sizeof(greeting) - sizeof(WCHAR));
    LAW(&Verdict, "the string", settings.Greeting.Buffer != NULL &&
        RtlCompareMemory(settings.Greeting.Buffer, greeting, sizeof(greeting)) == sizeof(greeting));
    RtlFreeUnicodeString(&settings.Greeting);
    LAW_IS(&Verdict, "strings of the list", Servers, 2);
    LAW_IS(&Verdict, "their characters", ServerChars, 7);
}

//
// A value that the driver keeps from load to load.
//
static VOID
CountLoads(
    _In_ HANDLE Parameters
    )
{
    PKEY_VALUE_PARTIAL_INFORMATION info;
    UNICODE_STRING name;
    ULONG loads = 0;

    info = QueryValue(Parameters, L"Loads");
    if (info != NULL) {
        loads = *(PULONG)info->Data;
        ExFreePoolWithTag(info, SETTINGS_TAG);
    }
    loads++;
    RtlInitUnicodeString(&name, L"Loads");
    LAW_IS(&Verdict, "a value is set", ZwSetValueKey(Parameters, &name, 0, REG_DWORD, &loads, sizeof(loads)),
           STATUS_SUCCESS);
    DbgPrint("settings: load %lu\n", loads);
}

_Use_decl_annotations_
static VOID
SettingsUnload(
    PDRIVER_OBJECT DriverObject
    )
{
    UNREFERENCED_PARAMETER(DriverObject);
    VerdictSay(&Verdict);
}

_Use_decl_annotations_
NTSTATUS
DriverEntry(
    PDRIVER_OBJECT DriverObject,
    PUNICODE_STRING RegistryPath
    )
{
    UNICODE_STRING name;
    HANDLE driver = NULL, parameters = NULL;

    DriverObject->DriverUnload = SettingsUnload;
    LAW_IS(&Verdict, "the driver's key", OpenKey(NULL, RegistryPath, &driver), STATUS_SUCCESS);
    RtlInitUnicodeString(&name, L"Parameters");
    LAW_IS(&Verdict, "its parameters", OpenKey(driver, &name, &parameters), STATUS_SUCCESS);
    if (parameters != NULL) {
        ReadByHandles(parameters);
        CountLoads(parameters);
        ZwClose(parameters);
    }
    ReadByTable(RegistryPath);
    if (driver != NULL)
        ZwClose(driver);
    VerdictOver(&Verdict);
    return STATUS_SUCCESS;
}
