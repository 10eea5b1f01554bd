// SPDX-License-Identifier: GPL-2.0
/*
 * Names of devices: symbolic links, IoGetDeviceObjectPointer() and the file objects that it opens.
 *
 * The names of devices are in device.c of wq-compat; the links are here. "\??\", "\DosDevices\" and
 * "\GLOBAL??\" are one directory. A link names its target, which need not exist; it lives until it
 * is deleted, as on Windows.
 *
 * A file object has a reference to its device, and one to the module of the device's driver: that
 * driver cannot be unloaded while another one has opened its device.
 */
#include <linux/err.h>
#include <linux/export.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "index.h"
#include "io_build.h"
#include "io_irp.h"
#include "io_name.h"

#define NTC_FILE_BITS	2
#define NTC_MAX_LINKS	32	/* links that name links, in a look-up */

/* ---- symbolic links --------------------------------------------------------- */

struct ntc_link {
	struct list_head link;
	UNICODE_STRING name;	/* without the name of the directory */
	UNICODE_STRING target;
	bool dos;		/* in "\??\" */
};

static DEFINE_MUTEX(ntc_link_mutex);
static LIST_HEAD(ntc_links);

static const struct {
	const char *name;
	u8 length;
} ntc_dos_names[] = {
	{ "\\??\\", 4 },
	{ "\\DosDevices\\", 12 },
	{ "\\GLOBAL??\\", 10 },
};

static bool ntc_has_prefix(PCUNICODE_STRING name, const char *prefix, u8 length)
{
	int i;

	if (name->Length / sizeof(WCHAR) < length)
		return false;
	for (i = 0; i < length; i++)
		if (RtlUpcaseUnicodeChar(name->Buffer[i]) != RtlUpcaseUnicodeChar(prefix[i]))
			return false;
	return true;
}

static UNICODE_STRING ntc_name_part(PCUNICODE_STRING name, USHORT from, USHORT to)
{
	return (UNICODE_STRING){
		.Length = to - from,
		.MaximumLength = to - from,
		.Buffer = name->Buffer + from / sizeof(WCHAR),
	};
}

/* Removes the name of the directory "\??\" in one of its forms. Whether there was one. */
static bool ntc_name_is_dos(UNICODE_STRING *name)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(ntc_dos_names); i++) {
		if (ntc_has_prefix(name, ntc_dos_names[i].name, ntc_dos_names[i].length)) {
			*name = ntc_name_part(name, ntc_dos_names[i].length * sizeof(WCHAR),
					      name->Length);
			return true;
		}
	}
	return false;
}

static bool ntc_name_is_valid(PCUNICODE_STRING name)
{
	return name && name->Buffer && name->Length >= 2 * sizeof(WCHAR) &&
	       !(name->Length % sizeof(WCHAR)) && name->Buffer[0] == '\\';
}

static struct ntc_link *ntc_link_find(UNICODE_STRING name)
{
	bool dos = ntc_name_is_dos(&name);
	struct ntc_link *link;

	lockdep_assert_held(&ntc_link_mutex);
	list_for_each_entry(link, &ntc_links, link)
		if (link->dos == dos && RtlEqualUnicodeString(&link->name, &name, TRUE))
			return link;
	return NULL;
}

static void ntc_link_free(struct ntc_link *link)
{
	kfree(link->name.Buffer);
	kfree(link->target.Buffer);
	kfree(link);
}

static bool ntc_name_copy(UNICODE_STRING *to, PCUNICODE_STRING from)
{
	*to = *from;
	to->MaximumLength = from->Length;
	to->Buffer = kmemdup(from->Buffer, from->Length, GFP_KERNEL);
	return to->Buffer;
}

static struct ntc_link *ntc_link_new(UNICODE_STRING name, PCUNICODE_STRING target)
{
	struct ntc_link *link = kzalloc(sizeof(*link), GFP_KERNEL);

	if (!link)
		return NULL;
	link->dos = ntc_name_is_dos(&name);
	if (ntc_name_copy(&link->name, &name) && ntc_name_copy(&link->target, target))
		return link;
	ntc_link_free(link);
	return NULL;
}

/**
 * IoCreateSymbolicLink - give a device another name
 * @SymbolicLinkName: the name; case does not count
 * @DeviceName: the device's name, or that of another link; need not exist
 *
 * Context: IRQL PASSIVE_LEVEL; here process context, sleeps.
 * Return: STATUS_SUCCESS; STATUS_OBJECT_NAME_COLLISION; STATUS_OBJECT_NAME_INVALID for a name that
 * does not begin with a backslash; STATUS_INSUFFICIENT_RESOURCES; STATUS_UNSUCCESSFUL, with a
 * report, at DISPATCH_LEVEL or above.
 *
 * Follows: DDI wdm/nf-wdm-iocreatesymboliclink.
 */
NTSTATUS IoCreateSymbolicLink(PUNICODE_STRING SymbolicLinkName, PUNICODE_STRING DeviceName)
{
	NTSTATUS status = STATUS_OBJECT_NAME_COLLISION;
	struct ntc_link *link;

	if (!wqc_may_sleep(__func__, (void *)_RET_IP_))
		return STATUS_UNSUCCESSFUL;
	if (!ntc_name_is_valid(SymbolicLinkName) || !ntc_name_is_valid(DeviceName))
		return STATUS_OBJECT_NAME_INVALID;
	link = ntc_link_new(*SymbolicLinkName, DeviceName);
	if (!link)
		return STATUS_INSUFFICIENT_RESOURCES;
	mutex_lock(&ntc_link_mutex);
	if (!ntc_link_find(*SymbolicLinkName)) {
		list_add(&link->link, &ntc_links);
		link = NULL;
		status = STATUS_SUCCESS;
	}
	mutex_unlock(&ntc_link_mutex);
	if (link)
		ntc_link_free(link);
	return status;
}
EXPORT_SYMBOL_GPL(IoCreateSymbolicLink);

/**
 * IoCreateUnprotectedSymbolicLink - IoCreateSymbolicLink()
 * @SymbolicLinkName: as for IoCreateSymbolicLink()
 * @DeviceName: as for IoCreateSymbolicLink()
 *
 * Context: as for IoCreateSymbolicLink().
 * Return: as for IoCreateSymbolicLink().
 *
 * Follows: DDI wdm/nf-wdm-iocreateunprotectedsymboliclink.
 */
NTSTATUS IoCreateUnprotectedSymbolicLink(PUNICODE_STRING SymbolicLinkName,
					 PUNICODE_STRING DeviceName)
{
	return IoCreateSymbolicLink(SymbolicLinkName, DeviceName);
}
EXPORT_SYMBOL_GPL(IoCreateUnprotectedSymbolicLink);

/**
 * IoDeleteSymbolicLink - delete a name of IoCreateSymbolicLink()
 * @SymbolicLinkName: the name
 *
 * Context: IRQL PASSIVE_LEVEL; here process context, sleeps.
 * Return: STATUS_SUCCESS; STATUS_OBJECT_NAME_NOT_FOUND; STATUS_OBJECT_NAME_INVALID;
 * STATUS_UNSUCCESSFUL, with a report, at DISPATCH_LEVEL or above.
 *
 * Follows: DDI wdm/nf-wdm-iodeletesymboliclink.
 */
NTSTATUS IoDeleteSymbolicLink(PUNICODE_STRING SymbolicLinkName)
{
	struct ntc_link *link;

	if (!wqc_may_sleep(__func__, (void *)_RET_IP_))
		return STATUS_UNSUCCESSFUL;
	if (!ntc_name_is_valid(SymbolicLinkName))
		return STATUS_OBJECT_NAME_INVALID;
	mutex_lock(&ntc_link_mutex);
	link = ntc_link_find(*SymbolicLinkName);
	if (link)
		list_del(&link->link);
	mutex_unlock(&ntc_link_mutex);
	if (!link)
		return STATUS_OBJECT_NAME_NOT_FOUND;
	ntc_link_free(link);
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(IoDeleteSymbolicLink);

/* Follows links from a name to its device, which is referenced. NULL: there is none. */
static PDEVICE_OBJECT ntc_name_find(UNICODE_STRING name)
{
	struct ntc_link *link;
	PDEVICE_OBJECT device;
	int n;

	mutex_lock(&ntc_link_mutex);
	for (n = 0; n < NTC_MAX_LINKS && (link = ntc_link_find(name)); n++)
		name = link->target;
	device = wqc_device_get_by_name(&name);
	mutex_unlock(&ntc_link_mutex);
	return device;
}

/* The device of the longest part of a name that is the name of one. @rest receives what follows. */
static PDEVICE_OBJECT ntc_name_look_up(PCUNICODE_STRING name, UNICODE_STRING *rest)
{
	PDEVICE_OBJECT device;
	USHORT end;

	for (end = name->Length; end; end -= sizeof(WCHAR)) {
		if (end < name->Length && name->Buffer[end / sizeof(WCHAR)] != '\\')
			continue;
		device = ntc_name_find(ntc_name_part(name, 0, end));
		if (device) {
			*rest = ntc_name_part(name, end, name->Length);
			return device;
		}
	}
	return NULL;
}

/* ---- file objects ------------------------------------------------------------ */

struct ntc_file {
	FILE_OBJECT object;
	struct ntc_node node;		/* in ntc_files, with the address of @object */
	struct list_head link;		/* of ntc_file_module_gone() */
	refcount_t refs;		/* the last one is dropped under the lock of the index */
	struct module *held;	/* of the device's driver; NULL: it opened its own device */
	void *opener;		/* address of the code that opened it */
	struct work_struct close;
};

/* What drivers find at Parameters.Create.SecurityContext: an IO_SECURITY_CONTEXT. */
struct ntc_security_context {
	PVOID qos;
	PVOID access_state;
	ACCESS_MASK access;
	ULONG options;
};

DEFINE_NTC_INDEX(ntc_files, NTC_FILE_BITS);
static atomic_t ntc_nr_files;	/* a fast path: most references are to other objects */
static struct workqueue_struct *ntc_file_wq;	/* closes files whose last reference was raised */

/* Sends a request without parameters of its own, and waits for it. */
static NTSTATUS ntc_file_request(struct ntc_file *file, UCHAR major,
				 struct ntc_security_context *security)
{
	PDEVICE_OBJECT top = IoGetAttachedDeviceReference(file->object.DeviceObject);
	PIO_STACK_LOCATION next;
	IO_STATUS_BLOCK iosb;
	NTSTATUS status;
	KEVENT event;
	PIRP irp;

	KeInitializeEvent(&event, NotificationEvent, FALSE);
	irp = ntc_irp_build(top, major, NTC_IRP_BUILT, &event, &iosb, NULL);
	status = STATUS_INSUFFICIENT_RESOURCES;
	if (irp) {
		irp->Flags |= IRP_SYNCHRONOUS_API;
		irp->Tail.Overlay.OriginalFileObject = &file->object;
		next = IoGetNextIrpStackLocation(irp);
		next->FileObject = &file->object;
		if (security)
			next->Parameters.Create.SecurityContext = (void *)security;
		status = IofCallDriver(top, irp);
		if (status == STATUS_PENDING) {
			KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
			status = iosb.Status;
		}
	}
	ObDereferenceObject(top);
	return status;
}

static void ntc_file_free(struct ntc_file *file)
{
	ObDereferenceObject(file->object.DeviceObject);
	module_put(file->held);
	kfree(file->object.FileName.Buffer);
	kfree(file);
}

static void ntc_file_close(struct work_struct *work)
{
	struct ntc_file *file = container_of(work, struct ntc_file, close);

	ntc_file_request(file, IRP_MJ_CLOSE, NULL);
	ntc_file_free(file);
}

static struct ntc_file *ntc_file_from_node(struct ntc_node *node)
{
	return container_of(node, struct ntc_file, node);
}

static bool ntc_file_ref(struct ntc_node *node)
{
	refcount_inc(&ntc_file_from_node(node)->refs);
	return true;
}

static bool ntc_file_unref(struct ntc_node *node)
{
	return refcount_dec_and_test(&ntc_file_from_node(node)->refs);
}

/* False: the address is not that of a file object. */
bool ntc_file_get(PVOID address)
{
	return atomic_read(&ntc_nr_files) && ntc_index_get(&ntc_files, address, ntc_file_ref);
}

/* The last reference tells the driver that the file is closed. False: as above. */
bool ntc_file_put(PVOID address)
{
	struct ntc_node *node = NULL;
	struct ntc_file *file;

	if (atomic_read(&ntc_nr_files))
		node = ntc_index_take(&ntc_files, address, ntc_file_unref);
	if (!node || IS_ERR(node))
		return node;
	atomic_dec(&ntc_nr_files);
	file = ntc_file_from_node(node);
	if (ntc_alloc_may_sleep())
		ntc_file_close(&file->close);
	else
		queue_work(ntc_file_wq, &file->close);
	return true;
}

/* A file object for a device, whose reference it takes over. NULL: no memory, or no driver. */
static struct ntc_file *ntc_file_new(PDEVICE_OBJECT device, PCUNICODE_STRING name, void *opener)
{
	struct module *owner = wqc_device_owner(device);
	struct ntc_file *file;

	if (!owner)
		goto put_device;
	file = kzalloc(sizeof(*file), GFP_KERNEL);
	if (!file)
		goto put_device;
	if (name->Length && !ntc_name_copy(&file->object.FileName, name))
		goto free_file;
	if (!wqc_in_module(opener, owner)) {
		if (!try_module_get(owner))
			goto free_file;
		file->held = owner;
	}
	file->object.Type = IO_TYPE_FILE;
	file->object.Size = sizeof(FILE_OBJECT);
	file->object.DeviceObject = device;
	file->opener = opener;
	INIT_WORK(&file->close, ntc_file_close);
	KeInitializeEvent(&file->object.Lock, SynchronizationEvent, FALSE);
	KeInitializeEvent(&file->object.Event, NotificationEvent, FALSE);
	refcount_set(&file->refs, 1);
	return file;

free_file:
	kfree(file->object.FileName.Buffer);
	kfree(file);
put_device:
	ObDereferenceObject(device);
	return NULL;
}

static NTSTATUS ntc_file_open(struct ntc_file *file, ACCESS_MASK access)
{
	struct ntc_security_context security = { .access = access };
	NTSTATUS status;

	status = ntc_file_request(file, IRP_MJ_CREATE, &security);
	if (!NT_SUCCESS(status)) {
		ntc_file_free(file);
		return status;
	}
	file->object.Flags |= FO_HANDLE_CREATED;
	file->node.address = &file->object;
	atomic_inc(&ntc_nr_files);
	ntc_index_add(&ntc_files, &file->node);
	/* There is no handle: it would be closed here. */
	ntc_file_request(file, IRP_MJ_CLEANUP, NULL);
	file->object.Flags |= FO_CLEANUP_COMPLETE;
	return STATUS_SUCCESS;
}

/**
 * IoGetDeviceObjectPointer - open a device by its name
 * @ObjectName: the name of a device or of a symbolic link, and perhaps of a file of the device
 * @DesiredAccess: passed to the driver
 * @FileObject: receives the file object, for ObDereferenceObject()
 * @DeviceObject: receives the highest device of the stack, without a reference of its own
 *
 * The device's driver gets IRP_MJ_CREATE, and then IRP_MJ_CLEANUP; and IRP_MJ_CLOSE with the last
 * reference to the file object. It cannot be unloaded before, unless it is the caller.
 *
 * Context: IRQL PASSIVE_LEVEL; here process context, sleeps.
 * Return: STATUS_SUCCESS; the error of the driver, STATUS_INVALID_DEVICE_REQUEST if it has no
 * routine for IRP_MJ_CREATE; STATUS_OBJECT_NAME_NOT_FOUND; STATUS_OBJECT_NAME_INVALID;
 * STATUS_NO_SUCH_DEVICE while the device has DO_DEVICE_INITIALIZING; STATUS_INSUFFICIENT_RESOURCES;
 * STATUS_UNSUCCESSFUL, with a report, at DISPATCH_LEVEL or above.
 *
 * Follows: DDI wdm/nf-wdm-iogetdeviceobjectpointer.
 */
NTSTATUS IoGetDeviceObjectPointer(PUNICODE_STRING ObjectName, ACCESS_MASK DesiredAccess,
				  PFILE_OBJECT *FileObject, PDEVICE_OBJECT *DeviceObject)
{
	PDEVICE_OBJECT device;
	struct ntc_file *file;
	UNICODE_STRING rest;
	NTSTATUS status;

	if (!wqc_may_sleep(__func__, (void *)_RET_IP_))
		return STATUS_UNSUCCESSFUL;
	if (!ntc_name_is_valid(ObjectName))
		return STATUS_OBJECT_NAME_INVALID;
	device = ntc_name_look_up(ObjectName, &rest);
	if (!device)
		return STATUS_OBJECT_NAME_NOT_FOUND;
	if (device->Flags & DO_DEVICE_INITIALIZING) {
		ObDereferenceObject(device);
		return STATUS_NO_SUCH_DEVICE;
	}
	file = ntc_file_new(device, &rest, (void *)_RET_IP_);
	if (!file)
		return STATUS_INSUFFICIENT_RESOURCES;
	status = ntc_file_open(file, DesiredAccess);
	if (!NT_SUCCESS(status))
		return status;
	*FileObject = &file->object;
	*DeviceObject = IoGetAttachedDevice(device);
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(IoGetDeviceObjectPointer);

struct ntc_file_left {
	struct module *mod;
	struct list_head files;
};

/* Use-after-free: a last ntc_file_put() would free the file, so this takes a reference. */
static void ntc_file_left_add(struct ntc_node *node, void *arg)
{
	struct ntc_file *file = ntc_file_from_node(node);
	struct ntc_file_left *left = arg;

	if (!wqc_in_module(file->opener, left->mod))
		return;
	refcount_inc(&file->refs);
	list_add(&file->link, &left->files);
}

/* Reports and closes the files that a module has left open. */
void ntc_file_module_gone(struct module *mod)
{
	struct ntc_file_left left = { .mod = mod, .files = LIST_HEAD_INIT(left.files) };
	struct ntc_file *file, *next;

	if (!atomic_read(&ntc_nr_files))
		return;
	ntc_index_walk(&ntc_files, ntc_file_left_add, &left);
	list_for_each_entry_safe(file, next, &left.files, link) {
		ntc_index_take(&ntc_files, &file->object, NULL);
		atomic_dec(&ntc_nr_files);
		wqc_report(WQC_R_FILE_LEAKED, "file object %p of device %p, opened by %pS",
			   &file->object, file->object.DeviceObject, file->opener);
		/* A driver that had opened its own device is gone. */
		if (file->held)
			ntc_file_close(&file->close);
		else
			ntc_file_free(file);
	}
}

int ntc_name_init(void)
{
	ntc_file_wq = alloc_workqueue("ntc_file", WQ_UNBOUND, 0);
	return ntc_file_wq ? 0 : -ENOMEM;
}

static void ntc_file_release(struct ntc_node *node)
{
	ntc_file_free(ntc_file_from_node(node));
}

/* No driver is loaded. */
void ntc_name_exit(void)
{
	struct ntc_link *link, *next;

	destroy_workqueue(ntc_file_wq);
	ntc_index_exit(&ntc_files, ntc_file_release);
	list_for_each_entry_safe(link, next, &ntc_links, link)
		ntc_link_free(link);
}
