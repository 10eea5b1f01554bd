// SPDX-License-Identifier: GPL-2.0
//
// array.c
//
//     Storage of I/O work items in drivers: a trailing array that begins at
//     offset 12 of a structure, and a union with a WORK_QUEUE_ITEM, of which
//     the driver uses one member, decided at run time.
//

#include <ntddk.h>
#include "inc/verdict.h"
#include "inc/thread.h"

#define ARRAY_TAG           'yarA'
#define ITEMS               7
#define ROUNDS              30

typedef struct _ITEM_ARRAY {
    ULONG Signature;
    ULONG Count;
    ULONG ItemSize;
    UCHAR Items[1];
} ITEM_ARRAY, *PITEM_ARRAY;

C_ASSERT(FIELD_OFFSET(ITEM_ARRAY, Items) == 12);

#define ARRAY_ITEM(_a, _i)  ((PIO_WORKITEM)&(_a)->Items[(_i) * (_a)->ItemSize])

typedef struct _EITHER {
    LONG Number;
    BOOLEAN IsIo;
    union {
        WORK_QUEUE_ITEM ExItem;
        UCHAR IoItem[1];
    };                                  // the last member
} EITHER, *PEITHER;

#define SIZEOF_EITHER       (sizeof(EITHER) + IoSizeofWorkItem() - sizeof(WORK_QUEUE_ITEM))

static VERDICT Verdict = { "array", 0, 0 };
static PDEVICE_OBJECT Device;
static PVOID TestThread;
static volatile LONG Runs[ITEMS], WrongItems, RoundRuns, IoRuns, ExRuns;
static volatile LONG EitherRuns[ROUNDS];
static KEVENT RoundOver;

static VOID
ArrayRoutine(
    _In_ PVOID IoObject,
    _In_opt_ PVOID Context,
    _In_ PIO_WORKITEM IoWorkItem
    )
{
    PITEM_ARRAY array = (PITEM_ARRAY)Context;
    ULONG i;

    for (i = 0; i < array->Count; i++) {
        if (ARRAY_ITEM(array, i) == IoWorkItem)
            break;
    }
    if (i == array->Count || IoObject != Device || array->Signature != ARRAY_TAG)
        InterlockedIncrement(&WrongItems);
    else
        InterlockedIncrement(&Runs[i]);
    if (InterlockedIncrement(&RoundRuns) == ITEMS)
        KeSetEvent(&RoundOver, IO_NO_INCREMENT, FALSE);
}

static VOID
ArrayTest(VOID)
{
    PITEM_ARRAY array;
    LONG good = 0, rounds = 0;
    ULONG i, r, size;

    size = FIELD_OFFSET(ITEM_ARRAY, Items) + ITEMS * IoSizeofWorkItem();
    array = (PITEM_ARRAY)ExAllocatePoolWithTag(NonPagedPool, size, ARRAY_TAG);
    LAW(&Verdict, "the array is allocated", array != NULL);
    if (array == NULL)
        return;
    RtlFillMemory(array, size, 0x5A);
    array->Signature = ARRAY_TAG;
    array->Count = ITEMS;
    array->ItemSize = IoSizeofWorkItem();
    LAW(&Verdict, "an I/O item is no smaller than an executive one",
	array->ItemSize >= sizeof(WORK_QUEUE_ITEM));
    for (i = 0; i < ITEMS; i++)
        IoInitializeWorkItem(Device, ARRAY_ITEM(array, i));
    for (r = 0; r < ROUNDS; r++) {
        RoundRuns = 0;
        for (i = 0; i < ITEMS; i++)
            IoQueueWorkItemEx(ARRAY_ITEM(array, i), ArrayRoutine,
			      (WORK_QUEUE_TYPE)((r + i) % 3), array);
        rounds += WaitFor(&RoundOver);
    }
    for (i = 0; i < ITEMS; i++) {
        good += Runs[i] == ROUNDS;
        IoUninitializeWorkItem(ARRAY_ITEM(array, i));
    }
    LAW_IS(&Verdict, "rounds that came to their end", rounds, ROUNDS);
    LAW_IS(&Verdict, "items that ran in each round", good, ITEMS);
    LAW_IS(&Verdict, "wrong items, objects or contexts", WrongItems, 0);
    LAW_IS(&Verdict, "the head of the array is as it was",
	   array->Signature == ARRAY_TAG && array->Count == ITEMS, TRUE);
    ExFreePoolWithTag(array, ARRAY_TAG);
}

static VOID
EitherDone(
    _In_ PEITHER Either
    )
{
    InterlockedIncrement(&EitherRuns[Either->Number]);
    ExFreePoolWithTag(Either, ARRAY_TAG);
    if (InterlockedIncrement(&RoundRuns) == ROUNDS)
        KeSetEvent(&RoundOver, IO_NO_INCREMENT, FALSE);
}

static VOID
EitherIo(
    _In_ PDEVICE_OBJECT DeviceObject,
    _In_opt_ PVOID Context
    )
{
    PEITHER either = (PEITHER)Context;

    InterlockedIncrement(DeviceObject == Device && either->IsIo ? &IoRuns : &WrongItems);
    IoUninitializeWorkItem((PIO_WORKITEM)either->IoItem);
    EitherDone(either);
}

static VOID
EitherEx(
    _In_ PVOID Parameter
    )
{
    PEITHER either = (PEITHER)Parameter;

    InterlockedIncrement(!either->IsIo ? &ExRuns : &WrongItems);
    EitherDone(either);
}

static VOID
EitherTest(VOID)
{
    LONG i, good = 0, allocated = 0;

    RoundRuns = 0;
    for (i = 0; i < ROUNDS; i++) {
        PEITHER either = (PEITHER)ExAllocatePoolWithTag(NonPagedPool, SIZEOF_EITHER, ARRAY_TAG);

        if (either == NULL)
            continue;
        allocated++;
        either->Number = i;
        either->IsIo = (BOOLEAN)(i % 3 == 0);
        if (either->IsIo) {
            IoInitializeWorkItem(Device, (PIO_WORKITEM)either->IoItem);
            IoQueueWorkItem((PIO_WORKITEM)either->IoItem, EitherIo, DelayedWorkQueue, either);
        } else {
            ExInitializeWorkItem(&either->ExItem, EitherEx, either);
            ExQueueWorkItem(&either->ExItem, DelayedWorkQueue);
        }
    }
    LAW_IS(&Verdict, "unions allocated", allocated, ROUNDS);
    LAW(&Verdict, "unions run", WaitFor(&RoundOver));
    for (i = 0; i < ROUNDS; i++)
        good += EitherRuns[i] == 1;
    LAW_IS(&Verdict, "unions that ran once", good, ROUNDS);
    LAW_IS(&Verdict, "unions that ran as I/O items", IoRuns, ROUNDS / 3);
    LAW_IS(&Verdict, "unions that ran as executive items", ExRuns, ROUNDS - ROUNDS / 3);
    LAW_IS(&Verdict, "unions that ran as the other", WrongItems, 0);
}

static VOID
TestRoutine(
    _In_ PVOID StartContext
    )
{
    UNREFERENCED_PARAMETER(StartContext);
    ArrayTest();
    EitherTest();
    VerdictOver(&Verdict);
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static VOID
ArrayUnload(
    _In_ PDRIVER_OBJECT DriverObject
    )
{
    UNREFERENCED_PARAMETER(DriverObject);
    ThreadJoin(TestThread);
    IoDeleteDevice(Device);
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
    status = IoCreateDevice(DriverObject, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &Device);
    if (!NT_SUCCESS(status))
        return status;
    KeInitializeEvent(&RoundOver, SynchronizationEvent, FALSE);
    DriverObject->DriverUnload = ArrayUnload;
    status = ThreadStart(TestRoutine, NULL, &TestThread);
    if (!NT_SUCCESS(status))
        IoDeleteDevice(Device);
    return status;
}
