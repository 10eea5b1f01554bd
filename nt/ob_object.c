// SPDX-License-Identifier: GPL-2.0
/*
 * Handles of threads and registry keys, and references to threads, processes, drivers, devices and
 * files.
 */
#include <linux/export.h>
#include <linux/limits.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/xarray.h>

#include "cm_registry.h"
#include "io_name.h"
#include "ob_object.h"
#include "ps_thread.h"

/* I: set at creation. A handle has a reference to its object, which is one of the two. */
struct ntc_handle {
	PKTHREAD thread;	/* I */
	struct ntc_key *key;	/* I */
	void *opener;		/* of a key: address of the code that opened it; under the lock */
};

static DEFINE_XARRAY_ALLOC1(ntc_handles);	/* struct ntc_handle */

/* Handles are multiples of four, as on Windows. */
#define NTC_HANDLE_SHIFT	2

#define NTC_MAX_SHOWN		64	/* characters of a name in a report */

/* Makes a handle, which takes over the reference. False: no memory. */
static bool ntc_handle_new(struct ntc_handle handle, PHANDLE number)
{
	struct ntc_handle *new = kmemdup(&handle, sizeof(handle), GFP_KERNEL);
	u32 id;

	if (!new)
		return false;
	if (xa_alloc(&ntc_handles, &id, new, XA_LIMIT(1, S32_MAX >> NTC_HANDLE_SHIFT),
		     GFP_KERNEL)) {
		kfree(new);
		return false;
	}
	*number = (HANDLE)((ULONG_PTR)id << NTC_HANDLE_SHIFT);
	return true;
}

bool ntc_handle_open(PKTHREAD thread, PHANDLE handle)
{
	return ntc_handle_new((struct ntc_handle){ .thread = thread }, handle);
}

bool ntc_handle_open_key(struct ntc_key *key, PHANDLE handle, void *opener)
{
	return ntc_handle_new((struct ntc_handle){ .key = key, .opener = opener }, handle);
}

/* Drops the reference of a handle that is removed. */
static void ntc_handle_free(struct ntc_handle *handle)
{
	if (handle->thread)
		ntc_thread_put(handle->thread);
	else
		ntc_key_put(handle->key);
	kfree(handle);
}

/*
 * References the object of a handle. ZwClose() removes the entry under the lock before it drops the
 * reference: no use-after-free.
 */
static struct ntc_handle ntc_handle_get(HANDLE number)
{
	struct ntc_handle *handle, found = {};

	xa_lock(&ntc_handles);
	handle = xa_load(&ntc_handles, (ULONG_PTR)number >> NTC_HANDLE_SHIFT);
	if (handle)
		found = *handle;
	if (found.thread)
		refcount_inc(&found.thread->refs);
	if (found.key)
		ntc_key_get(found.key);
	xa_unlock(&ntc_handles);
	return found;
}

/* The key of a handle, referenced. STATUS_INVALID_HANDLE; STATUS_OBJECT_TYPE_MISMATCH. */
NTSTATUS ntc_handle_key(HANDLE handle, struct ntc_key **key)
{
	struct ntc_handle found = ntc_handle_get(handle);

	*key = found.key;
	if (found.thread)
		ntc_thread_put(found.thread);
	if (found.key)
		return STATUS_SUCCESS;
	return found.thread ? STATUS_OBJECT_TYPE_MISMATCH : STATUS_INVALID_HANDLE;
}

/**
 * ObReferenceObjectByHandle - reference a thread by its handle
 * @Handle: from PsCreateSystemThread(); a key has no object that drivers could reference
 * @DesiredAccess: not used
 * @ObjectType: *PsThreadType or NULL
 * @AccessMode: not used
 * @Object: receives the thread object; NULL on error
 * @HandleInformation: not used
 *
 * Context: IRQL PASSIVE_LEVEL; here process context.
 * Return: STATUS_SUCCESS; STATUS_INVALID_HANDLE; STATUS_OBJECT_TYPE_MISMATCH, also for the handle
 * of a key; STATUS_UNSUCCESSFUL, with a report, at DISPATCH_LEVEL or above.
 *
 * Follows: DDI wdm/nf-wdm-obreferenceobjectbyhandle.
 */
NTSTATUS ObReferenceObjectByHandle(HANDLE Handle, ACCESS_MASK DesiredAccess,
				   POBJECT_TYPE ObjectType, KPROCESSOR_MODE AccessMode,
				   PVOID *Object, POBJECT_HANDLE_INFORMATION HandleInformation)
{
	struct ntc_handle found;

	*Object = NULL;
	if (!wqc_may_sleep(__func__, (void *)_RET_IP_))
		return STATUS_UNSUCCESSFUL;
	if (ObjectType && ObjectType != *PsThreadType)
		return STATUS_OBJECT_TYPE_MISMATCH;
	found = ntc_handle_get(Handle);
	if (found.key) {
		ntc_key_put(found.key);
		return STATUS_OBJECT_TYPE_MISMATCH;
	}
	if (!found.thread)
		return STATUS_INVALID_HANDLE;
	*Object = found.thread;
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(ObReferenceObjectByHandle);

/**
 * ZwClose - close the handle of a thread or a registry key
 * @Handle: from PsCreateSystemThread(), ZwOpenKey() or ZwCreateKey()
 *
 * Context: IRQL PASSIVE_LEVEL; here process context.
 * Return: STATUS_SUCCESS; STATUS_INVALID_HANDLE; STATUS_UNSUCCESSFUL, with a report, at
 * DISPATCH_LEVEL or above.
 *
 * Follows: DDI wdm/nf-wdm-zwclose.
 */
NTSTATUS ZwClose(HANDLE Handle)
{
	struct ntc_handle *handle;

	/* The lock of the handles is taken with interrupts on. */
	if (!wqc_may_sleep(__func__, (void *)_RET_IP_))
		return STATUS_UNSUCCESSFUL;
	handle = xa_erase(&ntc_handles, (ULONG_PTR)Handle >> NTC_HANDLE_SHIFT);
	if (!handle)
		return STATUS_INVALID_HANDLE;
	ntc_handle_free(handle);
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(ZwClose);

/* ---- handles that a driver has left open --------------------------------------- */

/* From a number on, which becomes that of the handle. */
static struct ntc_handle *ntc_handle_take_of(struct module *mod, unsigned long *from)
{
	struct ntc_handle *handle;

	xa_lock(&ntc_handles);
	xa_for_each_start(&ntc_handles, *from, handle, *from) {
		if (handle->key && wqc_in_module(handle->opener, mod)) {
			__xa_erase(&ntc_handles, *from);
			break;
		}
	}
	xa_unlock(&ntc_handles);
	return handle;
}

/* The beginning of a name, for the log. */
static void ntc_handle_name(char *to, size_t size, PCUNICODE_STRING name)
{
	size_t i, n = min_t(size_t, name->Length / sizeof(WCHAR), size - 1);

	for (i = 0; i < n; i++)
		to[i] = name->Buffer[i] < 0x7f ? name->Buffer[i] : '?';
	to[n] = '\0';
}

/* Reports and closes the handles of keys that a module has left open. */
void ntc_handle_module_gone(struct module *mod)
{
	struct ntc_handle *handle;
	char name[NTC_MAX_SHOWN];
	unsigned long from = 0;

	while ((handle = ntc_handle_take_of(mod, &from))) {
		ntc_handle_name(name, sizeof(name), &handle->key->name);
		if (handle->opener == mod)
			wqc_report(WQC_R_KEY_LEAKED, "key %s, opened by its driver's __init code",
				   name);
		else
			wqc_report(WQC_R_KEY_LEAKED, "key %s, opened by %pS", name,
				   handle->opener);
		ntc_handle_free(handle);
	}
}

/* The __init code of a module is freed. What it has opened is the module's from here on. */
void ntc_handle_adopt_init(struct module *mod)
{
	struct ntc_handle *handle;
	unsigned long id;

	xa_lock(&ntc_handles);
	xa_for_each(&ntc_handles, id, handle)
		if (handle->key && wqc_in_module_init(handle->opener, mod))
			handle->opener = mod;
	xa_unlock(&ntc_handles);
}

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

/* No client is loaded. Threads that are referenced here are freed by ntc_thread_exit(). */
void ntc_handle_exit(void)
{
	struct ntc_handle *handle;
	unsigned long id;

	xa_for_each(&ntc_handles, id, handle) {
		if (handle->key)
			ntc_key_put(handle->key);
		kfree(handle);
	}
	xa_destroy(&ntc_handles);
}
