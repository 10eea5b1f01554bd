// SPDX-License-Identifier: GPL-2.0
//
// bus.c
//
//     An export driver: it has a device, and other drivers (see func.c) queue
//     their work items with it.
//

#include <ntddk.h>
#include "inc\verdict.h"
#include "inc\bus.h"

typedef struct _BUS_EXTENSION {
    volatile LONG References;
    volatile LONG Items;
} BUS_EXTENSION, *PBUS_EXTENSION;

static VERDICT Verdict = { "bus", 0, 0 };
static PDEVICE_OBJECT BusDevice;

PDEVICE_OBJECT
NTAPI
BusReferenceDevice(VOID)
{
    ObReferenceObject(BusDevice);
    InterlockedIncrement(&((PBUS_EXTENSION)BusDevice->DeviceExtension)->References);
    return BusDevice;
}

LONG
NTAPI
BusCountItem(
    _In_ PVOID IoObject
    )
{
    if (IoObject != BusDevice) {
        return -1;
    }
    return InterlockedIncrement(&((PBUS_EXTENSION)BusDevice->DeviceExtension)->Items);
}

static VOID
BusUnload(
    _In_ PDRIVER_OBJECT DriverObject
    )
{
    PBUS_EXTENSION bus = BusDevice->DeviceExtension;

    LAW(&Verdict, "the newest device is the bus", DriverObject->DeviceObject == BusDevice);
    LAW(&Verdict, "drivers referenced it", bus->References > 0);
    LAW(&Verdict, "drivers had items on it", bus->Items > 0);
    IoDeleteDevice(BusDevice);
    VerdictSay(&Verdict);
}

NTSTATUS
DriverEntry(
    _In_ PDRIVER_OBJECT DriverObject,
    _In_ PUNICODE_STRING RegistryPath
    )
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Device\\Bus0");
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    status = IoCreateDevice(DriverObject, sizeof(BUS_EXTENSION), &name, FILE_DEVICE_BUS_EXTENDER,
			    0, FALSE, &BusDevice);
    if (NT_SUCCESS(status)) {
        DriverObject->DriverUnload = BusUnload;
        BusDevice->Flags &= ~DO_DEVICE_INITIALIZING;
        VerdictOver(&Verdict);
    }
    return status;
}
