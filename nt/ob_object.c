// SPDX-License-Identifier: GPL-2.0
/* Handles of threads, and references to threads, processes, drivers, devices and files. */
#include <linux/export.h>
#include <linux/limits.h>
#include <linux/refcount.h>
#include <linux/xarray.h>

#include "io_name.h"
#include "ob_object.h"
#include "ps_thread.h"

static DEFINE_XARRAY_ALLOC1(ntc_handles);	/* thread objects; each entry holds a reference */

/* Handles are multiples of four, as on Windows. */
#define NTC_HANDLE_SHIFT	2

/* Open a handle, which takes over one reference to the thread. False: no memory. */
bool ntc_handle_open(PKTHREAD thread, PHANDLE handle)
{
	u32 id;

	if (xa_alloc(&ntc_handles, &id, thread, XA_LIMIT(1, S32_MAX >> NTC_HANDLE_SHIFT),
		     GFP_KERNEL))
		return false;
	*handle = (HANDLE)((ULONG_PTR)id << NTC_HANDLE_SHIFT);
	return true;
}

/**
 * ObReferenceObjectByHandle - reference a thread by its handle
 * @Handle: from PsCreateSystemThread(); there are no other handles
 * @DesiredAccess: not used
 * @ObjectType: *PsThreadType or NULL
 * @AccessMode: not used
 * @Object: receives the thread object; NULL on error
 * @HandleInformation: not used
 *
 * Context: IRQL PASSIVE_LEVEL; here process context.
 * Return: STATUS_SUCCESS; STATUS_INVALID_HANDLE; STATUS_OBJECT_TYPE_MISMATCH;
 * STATUS_UNSUCCESSFUL, with a report, at DISPATCH_LEVEL or above.
 *
 * Follows: DDI wdm/nf-wdm-obreferenceobjectbyhandle.
 */
NTSTATUS ObReferenceObjectByHandle(HANDLE Handle, ACCESS_MASK DesiredAccess,
				   POBJECT_TYPE ObjectType, KPROCESSOR_MODE AccessMode,
				   PVOID *Object, POBJECT_HANDLE_INFORMATION HandleInformation)
{
	ULONG_PTR id = (ULONG_PTR)Handle >> NTC_HANDLE_SHIFT;
	PKTHREAD thread;

	*Object = NULL;
	if (!wqc_may_sleep(__func__, (void *)_RET_IP_))
		return STATUS_UNSUCCESSFUL;
	if (ObjectType && ObjectType != *PsThreadType)
		return STATUS_OBJECT_TYPE_MISMATCH;
	/*
	 * ZwClose() removes the entry under this lock before it drops the reference: no
	 * use-after-free.
	 */
	xa_lock(&ntc_handles);
	thread = xa_load(&ntc_handles, id);
	if (thread)
		refcount_inc(&thread->refs);
	xa_unlock(&ntc_handles);
	if (!thread)
		return STATUS_INVALID_HANDLE;
	*Object = thread;
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(ObReferenceObjectByHandle);

/**
 * ZwClose - close the handle of a thread
 * @Handle: from PsCreateSystemThread()
 *
 * Context: IRQL PASSIVE_LEVEL; here process context.
 * Return: STATUS_SUCCESS; STATUS_INVALID_HANDLE; STATUS_UNSUCCESSFUL, with a report, at
 * DISPATCH_LEVEL or above.
 *
 * Follows: DDI wdm/nf-wdm-zwclose.
 */
NTSTATUS ZwClose(HANDLE Handle)
{
	PKTHREAD thread;

	/* The lock of the handles is taken with interrupts on. */
	if (!wqc_may_sleep(__func__, (void *)_RET_IP_))
		return STATUS_UNSUCCESSFUL;
	thread = xa_erase(&ntc_handles, (ULONG_PTR)Handle >> NTC_HANDLE_SHIFT);
	if (!thread)
		return STATUS_INVALID_HANDLE;
	ntc_thread_put(thread);
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(ZwClose);

/* From here on the functions of wq_compat.h, not the macros of the same names. */
#undef ObReferenceObject
#undef ObDereferenceObject

/**
 * ObfReferenceObject - reference a thread, process, driver, device or file
 * @Object: the object. A thread that PsCreateSystemThread() did not create, and a process,
 *	must be the current one, or one that is referenced already
 *
 * ObReferenceObject() in a Windows source is this function.
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context, but on PREEMPT_RT not with interrupts off.
 *
 * Follows: DDI wdm/nf-wdm-obfreferenceobject.
 */
VOID ObfReferenceObject(PVOID Object)
{
	if (ntc_thread_get(Object) || Object == PsInitialSystemProcess)
		return;
	if (ntc_file_get(Object))
		return;
	if (ntc_thread_can_adopt(Object))
		ntc_thread_adopt(Object);
	else
		ObReferenceObject(Object);
}
EXPORT_SYMBOL_GPL(ObfReferenceObject);

/**
 * ObfDereferenceObject - drop a reference
 * @Object: a thread, process, driver, device or file. The last reference to a file has its driver
 *	called with IRP_MJ_CLOSE, later if the caller must not sleep
 *
 * ObDereferenceObject() in a Windows source is this function.
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context, but on PREEMPT_RT not with interrupts off.
 *
 * Follows: DDI wdm/nf-wdm-obdereferenceobject.
 */
VOID ObfDereferenceObject(PVOID Object)
{
	if (ntc_file_put(Object))
		return;
	if (!ntc_thread_put_address(Object) && Object != PsInitialSystemProcess)
		ObDereferenceObject(Object);
}
EXPORT_SYMBOL_GPL(ObfDereferenceObject);

void ntc_handle_exit(void)
{
	xa_destroy(&ntc_handles);
}
