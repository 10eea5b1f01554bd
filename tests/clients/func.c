// SPDX-License-Identifier: GPL-2.0
//
// func.c
//
//     A driver without a device: its work items have the device of another
//     driver as their object (see bus.c), or none, which a verifier reports and
//     the machine survives. It calls IoTryQueueWorkItem() for items that must
//     not wait for a thread.
//

#include <ntddk.h>
#include "inc\verdict.h"
#include "inc\thread.h"
#include "inc\bus.h"

#define ITEMS               50

static VERDICT Verdict = { "func", 0, 0 };
static PDEVICE_OBJECT BusDevice;
static PVOID TestThread;
static volatile LONG Runs, Wrong, NullRuns, Tried, TriedRuns;
static KEVENT AllRun, NullRun, TryRun;

static VOID
FuncRoutine(
    _In_ PDEVICE_OBJECT DeviceObject,
    _In_opt_ PVOID Context
    )
{
    IoFreeWorkItem(*(PIO_WORKITEM *)Context);
    ExFreePool(Context);
    if (BusCountItem(DeviceObject) < 0 || DeviceObject->DriverObject == NULL) {
        InterlockedIncrement(&Wrong);
    }
    if (InterlockedIncrement(&Runs) == ITEMS) {
        KeSetEvent(&AllRun, IO_NO_INCREMENT, FALSE);
    }
}

static VOID
NullRoutine(
    _In_ PVOID IoObject,
    _In_opt_ PVOID Context,
    _In_ PIO_WORKITEM IoWorkItem
    )
{
    if (IoObject != NULL || Context != &NullRun) {
        InterlockedIncrement(&Wrong);
    }
    InterlockedIncrement(&NullRuns);
    IoFreeWorkItem(IoWorkItem);
    KeSetEvent(&NullRun, IO_NO_INCREMENT, FALSE);
}

static VOID
TryRoutine(
    _In_ PVOID IoObject,
    _In_opt_ PVOID Context,
    _In_ PIO_WORKITEM IoWorkItem
    )
{
    UNREFERENCED_PARAMETER(IoWorkItem);
    UNREFERENCED_PARAMETER(Context);
    if (IoObject != BusDevice) {
        InterlockedIncrement(&Wrong);
    }
    InterlockedIncrement(&TriedRuns);
    KeSetEvent(&TryRun, IO_NO_INCREMENT, FALSE);
}

static VOID
FuncTest(
    _In_ PVOID StartContext
    )
{
    PIO_WORKITEM *context;
    PIO_WORKITEM item;
    LONG i, queued = 0, waits = 0;

    UNREFERENCED_PARAMETER(StartContext);
    for (i = 0; i < ITEMS; i++) {
        context = ExAllocatePool(NonPagedPool, sizeof(PIO_WORKITEM));
        if (context != NULL) {
            *context = IoAllocateWorkItem(BusDevice);
            if (*context != NULL) {
                queued++;
                IoQueueWorkItem(*context, FuncRoutine, DelayedWorkQueue, context);
            }
        }
    }
    LAW_IS(&Verdict, "items queued with the device of another", queued, ITEMS);
    LAW(&Verdict, "they run", WaitFor(&AllRun));
    LAW_IS(&Verdict, "their runs", Runs, ITEMS);

    item = IoAllocateWorkItem(BusDevice);
    for (i = 0; item != NULL && i < ITEMS; i++) {
        if (IoTryQueueWorkItem(item, TryRoutine, CriticalWorkQueue, NULL)) {
            Tried++;
            waits += WaitFor(&TryRun);
        } else {
            Pause(1);
        }
    }
    LAW(&Verdict, "a thread was free", Tried > 0);
    LAW_IS(&Verdict, "tries that ran", waits, Tried);
    LAW_IS(&Verdict, "runs of tries", TriedRuns, Tried);
    if (item != NULL) {
        IoFreeWorkItem(item);
    }

    item = IoAllocateWorkItem(NULL);
    if (item != NULL) {
        IoQueueWorkItemEx(item, NullRoutine, DelayedWorkQueue, &NullRun);
        LAW(&Verdict, "an item without an object runs", WaitFor(&NullRun));
    }
    LAW_IS(&Verdict, "runs without an object", NullRuns, 1);
    LAW_IS(&Verdict, "wrong objects or contexts", Wrong, 0);
    VerdictOver(&Verdict);
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static VOID
FuncUnload(
    _In_ PDRIVER_OBJECT DriverObject
    )
{
    UNREFERENCED_PARAMETER(DriverObject);
    ThreadJoin(TestThread);
    ObDereferenceObject(BusDevice);
    VerdictSay(&Verdict);
}

NTSTATUS
DriverEntry(
    _In_ PDRIVER_OBJECT DriverObject,
    _In_ PUNICODE_STRING RegistryPath
    )
{
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    KeInitializeEvent(&AllRun, NotificationEvent, FALSE);
    KeInitializeEvent(&NullRun, NotificationEvent, FALSE);
    KeInitializeEvent(&TryRun, SynchronizationEvent, FALSE);
    BusDevice = BusReferenceDevice();
    if (BusDevice->DriverObject == DriverObject) {
        ObDereferenceObject(BusDevice);
        return STATUS_UNSUCCESSFUL;
    }
    status = ThreadStart(FuncTest, NULL, &TestThread);
    if (!NT_SUCCESS(status)) {
        ObDereferenceObject(BusDevice);
        return status;
    }
    DriverObject->DriverUnload = FuncUnload;
    return STATUS_SUCCESS;
}
