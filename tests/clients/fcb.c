// SPDX-License-Identifier: GPL-2.0
/*++

Module Name:

    fcb.c

Abstract:

    The file control block of a small file system. A resource protects its size
    and its data: readers share it, writers own it, and a write that cannot be
    finished at once is posted with the resource, whose owner is then the
    request. The data is copied through MDLs, a part at a time. A request that
    has little stack left goes on in another stack.

--*/

#include <ntifs.h>
#include "inc\verdict.h"
#include "inc\thread.h"

#define FCB_TAG         'bcFF'
#define FILE_SIZE       (3 * PAGE_SIZE + 100)
#define READERS         3
#define WRITERS         2
#define ROUNDS          60

typedef struct _FCB {
    ERESOURCE Resource;
    ULONG Length;
    PMDL Mdl;                   /* of the data */
    PUCHAR Data;
    volatile LONG Reads;
    volatile LONG Writes;
    volatile LONG Posted;
    volatile LONG Torn;         /* a read saw two writes */
    volatile LONG NotOwned;
    volatile LONG Failed;
} FCB, *PFCB;

typedef struct _REQUEST {
    WORK_QUEUE_ITEM Item;
    KEVENT Done;
    PFCB Fcb;
    UCHAR Fill;
    NTSTATUS Status;
} REQUEST, *PREQUEST;

DRIVER_INITIALIZE DriverEntry;
DRIVER_UNLOAD FcbUnload;
WORKER_THREAD_ROUTINE FcbFinishWrite;
KSTART_ROUTINE ReaderThread;
KSTART_ROUTINE WriterThread;
KSTART_ROUTINE FcbTest;

static VERDICT Verdict = { "fcb", 0, 0 };
static FCB Fcb;
static PVOID TestThread;

/* Fills the file, one page after the other, through partial MDLs. */
static NTSTATUS
FcbFill(
    _Inout_ PFCB File,
    _In_ UCHAR Fill
    )
{
    PUCHAR base = (PUCHAR)MmGetMdlVirtualAddress(File->Mdl), to;
    ULONG offset, length;
    PMDL part;

    part = IoAllocateMdl(base, PAGE_SIZE, FALSE, FALSE, NULL);
    if (part == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    for (offset = 0; offset < MmGetMdlByteCount(File->Mdl); offset += length) {
        length = MmGetMdlByteCount(File->Mdl) - offset;
        if (length > PAGE_SIZE - BYTE_OFFSET(base + offset)) {
            length = PAGE_SIZE - BYTE_OFFSET(base + offset);
        }
        IoBuildPartialMdl(File->Mdl, part, base + offset, length);
        to = (PUCHAR)MmGetSystemAddressForMdlSafe(part, NormalPagePriority);
        if (to == NULL) {
            IoFreeMdl(part);
            return STATUS_INSUFFICIENT_RESOURCES;
        }
        RtlFillMemory(to, length, Fill);
        MmPrepareMdlForReuse(part);
    }
    IoFreeMdl(part);
    return STATUS_SUCCESS;
}

/* Another thread than the one that has acquired the resource releases it. */
_Use_decl_annotations_
VOID
FcbFinishWrite(
    PVOID Parameter
    )
{
    PREQUEST request = (PREQUEST)Parameter;
    PFCB file = request->Fcb;

    if (ExIsResourceAcquiredExclusiveLite(&file->Resource)) {
        InterlockedIncrement(&file->NotOwned);
    }
    request->Status = FcbFill(file, request->Fill);
    InterlockedIncrement(&file->Posted);
    ExReleaseResourceForThreadLite(&file->Resource, (ERESOURCE_THREAD)request | 3);
    KeSetEvent(&request->Done, IO_NO_INCREMENT, FALSE);
}

static NTSTATUS
FcbWrite(
    _Inout_ PFCB File,
    _In_ UCHAR Fill,
    _In_ BOOLEAN Post
    )
{
    REQUEST request;

    KeEnterCriticalRegion();
    (VOID)ExAcquireResourceExclusiveLite(&File->Resource, TRUE);
    if (!ExIsResourceAcquiredExclusiveLite(&File->Resource)) {
        InterlockedIncrement(&File->NotOwned);
    }
    InterlockedIncrement(&File->Writes);
    if (!Post) {
        request.Status = FcbFill(File, Fill);
        /* The readers that wait need not wait for what follows. */
        ExConvertExclusiveToSharedLite(&File->Resource);
        if (ExIsResourceAcquiredSharedLite(&File->Resource) != 1 || File->Data[0] != Fill) {
            InterlockedIncrement(&File->NotOwned);
        }
        ExReleaseResourceLite(&File->Resource);
        KeLeaveCriticalRegion();
        return request.Status;
    }
    request.Fcb = File;
    request.Fill = Fill;
    KeInitializeEvent(&request.Done, NotificationEvent, FALSE);
    ExSetResourceOwnerPointer(&File->Resource, (PVOID)((ULONG_PTR)&request | 3));
    ExInitializeWorkItem(&request.Item, FcbFinishWrite, &request);
    ExQueueWorkItem(&request.Item, DelayedWorkQueue);
    KeLeaveCriticalRegion();
    KeWaitForSingleObject(&request.Done, Executive, KernelMode, FALSE, NULL);
    return request.Status;
}

static VOID
FcbRead(
    _Inout_ PFCB File,
    _In_ ULONG Mode
    )
{
    PUCHAR data = (PUCHAR)MmGetSystemAddressForMdlSafe(File->Mdl, NormalPagePriority);
    BOOLEAN acquired;
    UCHAR first;
    ULONG i;

    KeEnterCriticalRegion();
    switch (Mode % 4) {
    case 0:
        acquired = ExAcquireSharedStarveExclusive(&File->Resource, TRUE);
        break;
    case 1:
        acquired = ExAcquireSharedWaitForExclusive(&File->Resource, TRUE);
        break;
    case 2:
        acquired = ExAcquireResourceSharedLite(&File->Resource, FALSE);
        break;
    default:
        acquired = ExAcquireResourceSharedLite(&File->Resource, TRUE);
        break;
    }
    if (acquired) {
        first = data[0];
        for (i = 1; i < File->Length; i += 61) {
            if (data[i] != first) {
                InterlockedIncrement(&File->Torn);
                break;
            }
        }
        InterlockedIncrement(&File->Reads);
        ExReleaseResourceLite(&File->Resource);
    } else if (Mode % 4 != 2) {
        InterlockedIncrement(&File->NotOwned);
    }
    KeLeaveCriticalRegion();
}

_Use_decl_annotations_
VOID
ReaderThread(
    PVOID StartContext
    )
{
    PFCB file = (PFCB)StartContext;
    ULONG i;

    for (i = 0; i < ROUNDS; i++) {
        FcbRead(file, i);
    }
    PsTerminateSystemThread(STATUS_SUCCESS);
}

_Use_decl_annotations_
VOID
WriterThread(
    PVOID StartContext
    )
{
    PFCB file = (PFCB)StartContext;
    ULONG i;

    for (i = 0; i < ROUNDS; i++) {
        if (!NT_SUCCESS(FcbWrite(file, (UCHAR)i, (BOOLEAN)(i % 3 == 0)))) {
            InterlockedIncrement(&file->Failed);
        }
    }
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static VOID NTAPI
FcbOnAnotherStack(
    _In_ PVOID Context,
    _In_ PKEVENT Event
    )
{
    PREQUEST request = (PREQUEST)Context;

    request->Status = FcbWrite(request->Fcb, request->Fill, FALSE);
    KeSetEvent(Event, IO_NO_INCREMENT, FALSE);
}

_Use_decl_annotations_
VOID
FcbTest(
    PVOID StartContext
    )
{
    PFCB file = (PFCB)StartContext;
    PVOID threads[READERS + WRITERS];
    REQUEST request;
    ULONG i;

    for (i = 0; i < READERS + WRITERS; i++) {
        (VOID)ThreadStart(i < READERS ? ReaderThread : WriterThread, file, &threads[i]);
    }
    for (i = 0; i < READERS + WRITERS; i++) {
        ThreadJoin(threads[i]);
    }
    LAW_IS(&Verdict, "writes", file->Writes, WRITERS * ROUNDS);
    LAW_IS(&Verdict, "writes that were posted", file->Posted, WRITERS * ROUNDS / 3);
    LAW(&Verdict, "reads", file->Reads >= READERS * ROUNDS * 3 / 4);
    LAW_IS(&Verdict, "torn reads", file->Torn, 0);
    LAW_IS(&Verdict, "failed writes", file->Failed, 0);

    request.Fcb = file;
    request.Fill = 0x77;
    request.Status = STATUS_PENDING;
    KeInitializeEvent(&request.Done, NotificationEvent, FALSE);
    FsRtlPostStackOverflow(&request, &request.Done, FcbOnAnotherStack);
    LAW(&Verdict, "the write on another stack is done", WaitFor(&request.Done));
    LAW_IS(&Verdict, "its status", request.Status, STATUS_SUCCESS);
    LAW_IS(&Verdict, "its last byte", file->Data[FILE_SIZE - 1], 0x77);
    LAW_IS(&Verdict, "owners that were wrong", file->NotOwned, 0);
    LAW_IS(&Verdict, "threads that wait", ExGetExclusiveWaiterCount(&file->Resource) +
           ExGetSharedWaiterCount(&file->Resource), 0);
    VerdictOver(&Verdict);
    PsTerminateSystemThread(STATUS_SUCCESS);
}

_Use_decl_annotations_
VOID
FcbUnload(
    PDRIVER_OBJECT DriverObject
    )
{
    UNREFERENCED_PARAMETER(DriverObject);

    ThreadJoin(TestThread);
    LAW_IS(&Verdict, "deletion of the resource", ExDeleteResourceLite(&Fcb.Resource),
           STATUS_SUCCESS);
    IoFreeMdl(Fcb.Mdl);
    ExFreePoolWithTag(Fcb.Data, FCB_TAG);
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

    DriverObject->DriverUnload = FcbUnload;
    Fcb.Length = FILE_SIZE;
    Fcb.Data = (PUCHAR)ExAllocatePoolZero(NonPagedPoolNx, FILE_SIZE, FCB_TAG);
    if (Fcb.Data == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    Fcb.Mdl = IoAllocateMdl(Fcb.Data, FILE_SIZE, FALSE, FALSE, NULL);
    if (Fcb.Mdl == NULL) {
        ExFreePoolWithTag(Fcb.Data, FCB_TAG);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    MmBuildMdlForNonPagedPool(Fcb.Mdl);
    ExInitializeResourceLite(&Fcb.Resource);
    return ThreadStart(FcbTest, &Fcb, &TestThread);
}
