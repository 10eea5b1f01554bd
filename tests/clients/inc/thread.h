// SPDX-License-Identifier: GPL-2.0
//
// thread.h
//
//     System threads, a wait for their end, and waits with a time limit.
//
#ifndef _THREAD_H_
#define _THREAD_H_

// Time limit for an event that must happen, on a slow machine, too.
#ifndef PATIENCE_SECONDS
#define PATIENCE_SECONDS    60
#endif

static __inline NTSTATUS
ThreadStart(
    _In_ PKSTART_ROUTINE Routine,
    _In_opt_ PVOID Context,
    _Out_ PVOID *Thread
    )
{
    HANDLE handle;
    NTSTATUS status;

    *Thread = NULL;
    status = PsCreateSystemThread(&handle, THREAD_ALL_ACCESS, NULL, NULL, NULL, Routine, Context);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = ObReferenceObjectByHandle(handle, THREAD_ALL_ACCESS, NULL, KernelMode, Thread, NULL);
    ZwClose(handle);
    return status;
}

static __inline VOID
ThreadJoin(
    _In_opt_ PVOID Thread
    )
{
    if (Thread != NULL) {
        KeWaitForSingleObject(Thread, Executive, KernelMode, FALSE, NULL);
        ObDereferenceObject(Thread);
    }
}

static __inline BOOLEAN
WaitFor(
    _In_ PVOID Object
    )
{
    LARGE_INTEGER timeout;

    timeout.QuadPart = -10000000LL * PATIENCE_SECONDS;
    return (BOOLEAN)(KeWaitForSingleObject(Object, Executive, KernelMode, FALSE, &timeout) ==
		     STATUS_SUCCESS);
}

static __inline VOID
Pause(
    _In_ ULONG Milliseconds
    )
{
    LARGE_INTEGER interval;

    interval.QuadPart = -10000LL * Milliseconds;
    KeDelayExecutionThread(KernelMode, FALSE, &interval);
}

#endif // _THREAD_H_
