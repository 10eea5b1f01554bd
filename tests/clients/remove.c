// SPDX-License-Identifier: GPL-2.0
//
// remove.c
//
//     A work item of a device deletes the device, while other items of the
//     device are queued or run: their references keep the extension, and the
//     last put frees it. Push locks protect the list of devices.
//

#include <ntifs.h>
#include "inc/verdict.h"
#include "inc/thread.h"

#define REMOVE_TAG          'vmeR'
#define CHILDREN            12
#define LATE_ITEMS          3
#define CHILD_SIGNATURE     0xC417DEAD

typedef struct _CHILD {
    ULONG Signature;
    LONG Index;
    LIST_ENTRY Siblings;                // of Children
    KEVENT Deleted;
    volatile LONG Late;
} CHILD, *PCHILD;

typedef struct _DELETE_CONTEXT {
    PIO_WORKITEM WorkItem;
    PCHILD Child;
} DELETE_CONTEXT, *PDELETE_CONTEXT;

DRIVER_INITIALIZE DriverEntry;
static DRIVER_UNLOAD RemoveUnload;
static IO_WORKITEM_ROUTINE DeleteWorker;
static IO_WORKITEM_ROUTINE_EX LateWorker;
static KSTART_ROUTINE RemoveTest;

static VERDICT Verdict = { "remove", 0, 0 };
static PDRIVER_OBJECT Driver;
static PVOID TestThread;
static EX_PUSH_LOCK ChildrenLock;       // of Children
static LIST_ENTRY Children;
static volatile LONG Created, Deletions, LateRuns, Wrong;
static KEVENT AllLate;

_Use_decl_annotations_
static VOID
DeleteWorker(
    PDEVICE_OBJECT DeviceObject,
    PVOID Context
    )
{
    PDELETE_CONTEXT context = Context;
    PCHILD child = DeviceObject->DeviceExtension;

    if (child != context->Child)
        InterlockedIncrement(&Wrong);
    IoFreeWorkItem(context->WorkItem);
    ExFreePoolWithTag(context, REMOVE_TAG);

    FsRtlEnterFileSystem();
    ExAcquirePushLockExclusive(&ChildrenLock);
    RemoveEntryList(&child->Siblings);
    ExReleasePushLockExclusive(&ChildrenLock);
    FsRtlExitFileSystem();

    IoDeleteDevice(DeviceObject);

    //
    // The device is deleted, but this routine's reference keeps its memory.
    //
    if (child->Signature != CHILD_SIGNATURE || DeviceObject->DeviceExtension != child)
        InterlockedIncrement(&Wrong);
    InterlockedIncrement(&Deletions);
    KeSetEvent(&child->Deleted, IO_NO_INCREMENT, FALSE);
}

_Use_decl_annotations_
static VOID
LateWorker(
    PVOID IoObject,
    PVOID Context,
    PIO_WORKITEM IoWorkItem
    )
{
    PCHILD child = ((PDEVICE_OBJECT)IoObject)->DeviceExtension;

    UNREFERENCED_PARAMETER(Context);
    IoFreeWorkItem(IoWorkItem);
    if (!WaitFor(&child->Deleted))
        InterlockedIncrement(&Wrong);
    Pause(1 + child->Index % 4);
    if (child->Signature != CHILD_SIGNATURE)
        InterlockedIncrement(&Wrong);
    if (InterlockedIncrement(&child->Late) > LATE_ITEMS)
        InterlockedIncrement(&Wrong);
    if (InterlockedIncrement(&LateRuns) == CHILDREN * LATE_ITEMS)
        KeSetEvent(&AllLate, IO_NO_INCREMENT, FALSE);
}

static BOOLEAN
CreateChild(
    _In_ LONG Index
    )
{
    PDELETE_CONTEXT context;
    PDEVICE_OBJECT deviceObject;
    PIO_WORKITEM late[LATE_ITEMS];
    PCHILD child;
    int i;

    if (!NT_SUCCESS(IoCreateDevice(Driver, sizeof(CHILD), NULL, FILE_DEVICE_UNKNOWN, 0, FALSE,
				   &deviceObject)))
        return FALSE;
    child = deviceObject->DeviceExtension;
    child->Signature = CHILD_SIGNATURE;
    child->Index = Index;
    child->Late = 0;
    KeInitializeEvent(&child->Deleted, NotificationEvent, FALSE);
    deviceObject->Flags &= ~DO_DEVICE_INITIALIZING;

    FsRtlEnterFileSystem();
    ExAcquirePushLockExclusive(&ChildrenLock);
    InsertHeadList(&Children, &child->Siblings);
    ExReleasePushLockExclusive(&ChildrenLock);
    FsRtlExitFileSystem();

    context = ExAllocatePoolWithTag(NonPagedPool, sizeof(*context), REMOVE_TAG);
    if (context == NULL)
        return FALSE;
    context->Child = child;
    context->WorkItem = IoAllocateWorkItem(deviceObject);
    for (i = 0; i < LATE_ITEMS; i++)
        late[i] = IoAllocateWorkItem(deviceObject);
    for (i = 0; i < LATE_ITEMS; i++)
        IoQueueWorkItemEx(late[i], LateWorker, CriticalWorkQueue, NULL);
    IoQueueWorkItem(context->WorkItem, DeleteWorker, DelayedWorkQueue, context);
    return TRUE;
}

static LONG
CountChildren(VOID)
{
    PLIST_ENTRY entry;
    LONG count = 0;

    FsRtlEnterFileSystem();
    ExAcquirePushLockShared(&ChildrenLock);
    for (entry = Children.Flink; entry != &Children; entry = entry->Flink) {
        PCHILD child = CONTAINING_RECORD(entry, CHILD, Siblings);

        if (child->Signature != CHILD_SIGNATURE)
            InterlockedIncrement(&Wrong);
        count++;
    }
    ExReleasePushLockShared(&ChildrenLock);
    FsRtlExitFileSystem();
    return count;
}

_Use_decl_annotations_
static VOID
RemoveTest(
    PVOID StartContext
    )
{
    LONG i;

    UNREFERENCED_PARAMETER(StartContext);
    for (i = 0; i < CHILDREN; i++) {
        Created += CreateChild(i);
        if (CountChildren() > i + 1)
            InterlockedIncrement(&Wrong);
    }
    LAW_IS(&Verdict, "devices created", Created, CHILDREN);
    LAW(&Verdict, "items outlive their device", WaitFor(&AllLate));
    for (i = 0; i < PATIENCE_SECONDS * 100 && CountChildren() != 0; i++)
        Pause(10);
    LAW_IS(&Verdict, "devices deleted by their items", Deletions, CHILDREN);
    LAW_IS(&Verdict, "items that ran after that", LateRuns, CHILDREN * LATE_ITEMS);
    LAW_IS(&Verdict, "devices still in the list", CountChildren(), 0);
    LAW(&Verdict, "devices left to the driver", Driver->DeviceObject == NULL);
    LAW_IS(&Verdict, "extensions that were not themselves", Wrong, 0);
    VerdictOver(&Verdict);
    PsTerminateSystemThread(STATUS_SUCCESS);
}

_Use_decl_annotations_
static VOID
RemoveUnload(
    PDRIVER_OBJECT DriverObject
    )
{
    UNREFERENCED_PARAMETER(DriverObject);
    ThreadJoin(TestThread);
    VerdictSay(&Verdict);
}

_Use_decl_annotations_
NTSTATUS
DriverEntry(
    PDRIVER_OBJECT DriverObject,
    PUNICODE_STRING RegistryPath
    )
{
    UNREFERENCED_PARAMETER(RegistryPath);
    Driver = DriverObject;
    ExInitializePushLock(&ChildrenLock);
    InitializeListHead(&Children);
    KeInitializeEvent(&AllLate, NotificationEvent, FALSE);
    DriverObject->DriverUnload = RemoveUnload;
    return ThreadStart(RemoveTest, NULL, &TestThread);
}
