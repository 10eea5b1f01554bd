// SPDX-License-Identifier: GPL-2.0
/* Registry keys by handles, and what calls of keys and of values share. The tree: cm_registry.c. */
#include <linux/align.h>
#include <linux/export.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "ob_object.h"
#include "zw_key.h"

static const UNICODE_STRING ntc_no_name;

/* ---- open and create ------------------------------------------------------------ */

/* The key that a relative name begins at, referenced; NULL for an absolute name. */
static NTSTATUS ntc_key_root(POBJECT_ATTRIBUTES attributes, struct ntc_key **root)
{
	*root = NULL;
	if (!attributes || attributes->Length != sizeof(*attributes))
		return STATUS_INVALID_PARAMETER;
	return attributes->RootDirectory ? ntc_handle_key(attributes->RootDirectory, root) :
	       STATUS_SUCCESS;
}

static NTSTATUS ntc_key_open(PHANDLE handle, POBJECT_ATTRIBUTES attributes,
			     enum ntc_key_create create, PCUNICODE_STRING class, bool *created,
			     void *opener)
{
	struct ntc_key *root, *key;
	NTSTATUS status;

	status = ntc_key_root(attributes, &root);
	if (status)
		return status;
	ntc_registry_lock();
	status = ntc_key_find(root, attributes->ObjectName ? *attributes->ObjectName : ntc_no_name,
			      create, class, &key, created);
	ntc_registry_unlock();
	if (root)
		ntc_key_put(root);
	if (status || ntc_handle_open_key(key, handle, opener))
		return status;
	ntc_key_put(key);
	return STATUS_INSUFFICIENT_RESOURCES;
}

/**
 * ZwOpenKey - open a registry key
 * @KeyHandle: receives a handle, for ZwClose()
 * @DesiredAccess: not used
 * @ObjectAttributes: ObjectName is the path from "\Registry", or from the key RootDirectory; empty:
 *	that key itself
 *
 * Context: IRQL PASSIVE_LEVEL; here process context, sleeps.
 * Return: STATUS_SUCCESS; STATUS_OBJECT_NAME_NOT_FOUND; STATUS_INVALID_HANDLE or
 * STATUS_OBJECT_TYPE_MISMATCH for RootDirectory; STATUS_KEY_DELETED if that key is deleted;
 * STATUS_OBJECT_PATH_SYNTAX_BAD for a relative path that begins with a backslash, or an absolute
 * one that does not; STATUS_OBJECT_NAME_INVALID for an odd length; STATUS_INVALID_PARAMETER for
 * @ObjectAttributes of another length; STATUS_INSUFFICIENT_RESOURCES; STATUS_UNSUCCESSFUL, with a
 * report, at DISPATCH_LEVEL or above.
 *
 * Follows: DDI wdm/nf-wdm-zwopenkey.
 */
NTSTATUS ZwOpenKey(PHANDLE KeyHandle, ACCESS_MASK DesiredAccess,
		   POBJECT_ATTRIBUTES ObjectAttributes)
{
	if (!wqc_may_sleep(__func__, (void *)_RET_IP_))
		return STATUS_UNSUCCESSFUL;
	return ntc_key_open(KeyHandle, ObjectAttributes, NTC_KEY_OPEN, NULL, NULL,
			    (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(ZwOpenKey);

/**
 * ZwOpenKeyEx - ZwOpenKey()
 * @KeyHandle: as for ZwOpenKey()
 * @DesiredAccess: not used
 * @ObjectAttributes: as for ZwOpenKey()
 * @OpenOptions: not used
 *
 * Context: as for ZwOpenKey().
 * Return: as for ZwOpenKey().
 *
 * Follows: DDI wdm/nf-wdm-zwopenkeyex.
 */
NTSTATUS ZwOpenKeyEx(PHANDLE KeyHandle, ACCESS_MASK DesiredAccess,
		     POBJECT_ATTRIBUTES ObjectAttributes, ULONG OpenOptions)
{
	if (!wqc_may_sleep(__func__, (void *)_RET_IP_))
		return STATUS_UNSUCCESSFUL;
	return ntc_key_open(KeyHandle, ObjectAttributes, NTC_KEY_OPEN, NULL, NULL,
			    (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(ZwOpenKeyEx);

/**
 * ZwCreateKey - create a registry key, or open it if there is one
 * @KeyHandle: receives a handle, for ZwClose()
 * @DesiredAccess: not used
 * @ObjectAttributes: as for ZwOpenKey(); all components but the last must exist
 * @TitleIndex: not used
 * @Class: class of a new key, for ZwQueryKey(); or NULL
 * @CreateOptions: REG_OPTION_VOLATILE and others are not used: no key outlives nt-compat.
 *	REG_OPTION_CREATE_LINK is refused
 * @Disposition: receives REG_CREATED_NEW_KEY or REG_OPENED_EXISTING_KEY; or NULL
 *
 * Context: IRQL PASSIVE_LEVEL; here process context, sleeps.
 * Return: as ZwOpenKey(); STATUS_INVALID_PARAMETER also for a name of more than 255 characters, or
 * with control characters or half of a surrogate pair, and for a key that would be more than 512
 * levels deep; STATUS_NOT_SUPPORTED for a link.
 *
 * Follows: DDI wdm/nf-wdm-zwcreatekey.
 */
NTSTATUS ZwCreateKey(PHANDLE KeyHandle, ACCESS_MASK DesiredAccess,
		     POBJECT_ATTRIBUTES ObjectAttributes, ULONG TitleIndex, PUNICODE_STRING Class,
		     ULONG CreateOptions, PULONG Disposition)
{
	NTSTATUS status;
	bool created;

	if (!wqc_may_sleep(__func__, (void *)_RET_IP_))
		return STATUS_UNSUCCESSFUL;
	if (CreateOptions & REG_OPTION_CREATE_LINK)
		return STATUS_NOT_SUPPORTED;
	status = ntc_key_open(KeyHandle, ObjectAttributes, NTC_KEY_CREATE, Class, &created,
			      (void *)_RET_IP_);
	if (!status && Disposition)
		*Disposition = created ? REG_CREATED_NEW_KEY : REG_OPENED_EXISTING_KEY;
	return status;
}
EXPORT_SYMBOL_GPL(ZwCreateKey);

/**
 * ntc_key_begin - reference the key of a handle and lock the tree, for ntc_key_end()
 * @call: name of the driver's call
 * @caller: address in the driver
 * @handle: the handle
 * @key: receives the key
 *
 * Context: any; above APC_LEVEL nothing is done.
 * Return: STATUS_SUCCESS; STATUS_UNSUCCESSFUL, with a report, at DISPATCH_LEVEL or above;
 * STATUS_INVALID_HANDLE; STATUS_OBJECT_TYPE_MISMATCH; STATUS_KEY_DELETED.
 */
NTSTATUS ntc_key_begin(const char *call, void *caller, HANDLE handle, struct ntc_key **key)
{
	NTSTATUS status;

	if (!wqc_may_sleep(call, caller))
		return STATUS_UNSUCCESSFUL;
	status = ntc_handle_key(handle, key);
	if (status)
		return status;
	ntc_registry_lock();
	if (!ntc_key_is_deleted(*key))
		return STATUS_SUCCESS;
	ntc_registry_unlock();
	ntc_key_put(*key);
	return STATUS_KEY_DELETED;
}

void ntc_key_end(struct ntc_key *key)
{
	ntc_registry_unlock();
	ntc_key_put(key);
}

/**
 * ZwDeleteKey - delete a registry key with its values
 * @KeyHandle: stays valid, for ZwClose(); other calls with handles of the key fail from now on
 *
 * Context: IRQL PASSIVE_LEVEL; here process context, sleeps.
 * Return: STATUS_SUCCESS; STATUS_CANNOT_DELETE for a key that has subkeys, or exists from the
 * start; STATUS_KEY_DELETED; STATUS_INVALID_HANDLE; STATUS_OBJECT_TYPE_MISMATCH;
 * STATUS_UNSUCCESSFUL, with a report, at DISPATCH_LEVEL or above.
 *
 * Follows: DDI wdm/nf-wdm-zwdeletekey.
 */
NTSTATUS ZwDeleteKey(HANDLE KeyHandle)
{
	struct ntc_key *key;
	NTSTATUS status;

	status = ntc_key_begin(__func__, (void *)_RET_IP_, KeyHandle, &key);
	if (status)
		return status;
	status = ntc_key_delete(key);
	ntc_key_end(key);
	return status;
}
EXPORT_SYMBOL_GPL(ZwDeleteKey);

/**
 * ZwFlushKey - nothing: the registry is in memory
 * @KeyHandle: the key
 *
 * Context: IRQL PASSIVE_LEVEL; here process context, sleeps.
 * Return: STATUS_SUCCESS; STATUS_KEY_DELETED; STATUS_INVALID_HANDLE; STATUS_OBJECT_TYPE_MISMATCH;
 * STATUS_UNSUCCESSFUL, with a report, at DISPATCH_LEVEL or above.
 *
 * Follows: DDI wdm/nf-wdm-zwflushkey.
 */
NTSTATUS ZwFlushKey(HANDLE KeyHandle)
{
	struct ntc_key *key;
	NTSTATUS status;

	status = ntc_key_begin(__func__, (void *)_RET_IP_, KeyHandle, &key);
	if (!status)
		ntc_key_end(key);
	return status;
}
EXPORT_SYMBOL_GPL(ZwFlushKey);

/* ---- information ----------------------------------------------------------------- */

/* Copies as much of one part as the buffer has room for. */
static void ntc_info_part(void *to, size_t room, size_t at, const void *from, size_t size)
{
	if (size && at < room)
		memcpy(to + at, from, min(size, room - at));
}

/* Without room for the fixed part nothing is written but the size; otherwise what fits. */
NTSTATUS ntc_info_copy(const struct ntc_info *info, void *to, ULONG room, PULONG needed)
{
	size_t size = info->data_size ? info->more + info->data_size :
		      info->fixed + info->name_size;

	*needed = size;
	if (room < info->fixed)
		return STATUS_BUFFER_TOO_SMALL;
	memset(to, 0, min_t(size_t, room, size));
	ntc_info_part(to, room, 0, info, info->fixed);
	ntc_info_part(to, room, info->fixed, info->name, info->name_size);
	ntc_info_part(to, room, info->more, info->data, info->data_size);
	return room < size ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
}

void ntc_info_name(struct ntc_info *info, size_t fixed, PCUNICODE_STRING name)
{
	info->fixed = fixed;
	info->name = name->Buffer;
	info->name_size = name->Length;
}

/* Returns the offset of the data. */
ULONG ntc_info_data(struct ntc_info *info, size_t at, const void *data, size_t size)
{
	info->more = at;
	info->data = data;
	info->data_size = size;
	return at;
}

/* The counts and the longest names of what a key has. */
static void ntc_info_sum(KEY_FULL_INFORMATION *full, struct ntc_key *key)
{
	struct ntc_value *value;
	struct ntc_key *child;

	list_for_each_entry(child, &key->subkeys, link) {
		full->SubKeys++;
		full->MaxNameLen = max_t(ULONG, full->MaxNameLen, child->name.Length);
		full->MaxClassLen = max_t(ULONG, full->MaxClassLen, child->class.Length);
	}
	list_for_each_entry(value, &key->values, link) {
		full->Values++;
		full->MaxValueNameLen = max_t(ULONG, full->MaxValueNameLen, value->name.Length);
		full->MaxValueDataLen = max_t(ULONG, full->MaxValueDataLen, value->size);
	}
}

static void ntc_info_full(struct ntc_info *info, struct ntc_key *key)
{
	info->key_full = (KEY_FULL_INFORMATION){
		.LastWriteTime = key->written,
		.ClassOffset = FIELD_OFFSET(KEY_FULL_INFORMATION, Class),
		.ClassLength = key->class.Length,
	};
	ntc_info_sum(&info->key_full, key);
	ntc_info_name(info, FIELD_OFFSET(KEY_FULL_INFORMATION, Class), &key->class);
}

static void ntc_info_node(struct ntc_info *info, struct ntc_key *key)
{
	size_t fixed = FIELD_OFFSET(KEY_NODE_INFORMATION, Name);

	info->key_node = (KEY_NODE_INFORMATION){
		.LastWriteTime = key->written,
		.ClassLength = key->class.Length,
		.NameLength = key->name.Length,
	};
	ntc_info_name(info, fixed, &key->name);
	info->key_node.ClassOffset = ntc_info_data(info, ALIGN(fixed + key->name.Length, 4),
						   key->class.Buffer, key->class.Length);
}

static NTSTATUS ntc_key_path_info(struct ntc_key *key, void *to, ULONG room, PULONG needed)
{
	size_t length = ntc_key_path(key, NULL);
	struct ntc_info info = { .key_name = { .NameLength = length } };
	WCHAR *path = kvmalloc(length, GFP_KERNEL);
	NTSTATUS status;

	if (!path)
		return STATUS_INSUFFICIENT_RESOURCES;
	ntc_key_path(key, path);
	info.fixed = FIELD_OFFSET(KEY_NAME_INFORMATION, Name);
	info.name = path;
	info.name_size = length;
	status = ntc_info_copy(&info, to, room, needed);
	kvfree(path);
	return status;
}

static NTSTATUS ntc_key_info(struct ntc_key *key, KEY_INFORMATION_CLASS class, void *to, ULONG room,
			     PULONG needed)
{
	struct ntc_info info = {};

	switch (class) {
	case KeyBasicInformation:
		info.key_basic = (KEY_BASIC_INFORMATION){
			.LastWriteTime = key->written,
			.NameLength = key->name.Length,
		};
		ntc_info_name(&info, FIELD_OFFSET(KEY_BASIC_INFORMATION, Name), &key->name);
		break;
	case KeyNodeInformation:
		ntc_info_node(&info, key);
		break;
	case KeyFullInformation:
		ntc_info_full(&info, key);
		break;
	case KeyNameInformation:
		return ntc_key_path_info(key, to, room, needed);
	default:
		return STATUS_INVALID_PARAMETER;
	}
	return ntc_info_copy(&info, to, room, needed);
}

/**
 * ZwQueryKey - information about a registry key
 * @KeyHandle: the key
 * @KeyInformationClass: KeyBasicInformation, KeyNodeInformation, KeyFullInformation or
 *	KeyNameInformation, which is the path from "\Registry"
 * @KeyInformation: receives the structure of that name
 * @Length: size of @KeyInformation in bytes
 * @ResultLength: receives the size that the information has
 *
 * Context: IRQL PASSIVE_LEVEL; here process context, sleeps.
 * Return: STATUS_SUCCESS; STATUS_BUFFER_TOO_SMALL: there is no room for the fixed part, and nothing
 * but @ResultLength is written; STATUS_BUFFER_OVERFLOW: as much is written as there is room for;
 * STATUS_INVALID_PARAMETER for another class; STATUS_KEY_DELETED; STATUS_INVALID_HANDLE;
 * STATUS_OBJECT_TYPE_MISMATCH; STATUS_INSUFFICIENT_RESOURCES; STATUS_UNSUCCESSFUL, with a report,
 * at DISPATCH_LEVEL or above.
 *
 * Follows: DDI wdm/nf-wdm-zwquerykey.
 */
NTSTATUS ZwQueryKey(HANDLE KeyHandle, KEY_INFORMATION_CLASS KeyInformationClass,
		    PVOID KeyInformation, ULONG Length, PULONG ResultLength)
{
	struct ntc_key *key;
	NTSTATUS status;

	status = ntc_key_begin(__func__, (void *)_RET_IP_, KeyHandle, &key);
	if (status)
		return status;
	status = ntc_key_info(key, KeyInformationClass, KeyInformation, Length, ResultLength);
	ntc_key_end(key);
	return status;
}
EXPORT_SYMBOL_GPL(ZwQueryKey);

/**
 * ZwEnumerateKey - information about a subkey of a registry key
 * @KeyHandle: the key
 * @Index: of the subkey, from 0; they are in the order of their names
 * @KeyInformationClass: KeyBasicInformation, KeyNodeInformation or KeyFullInformation
 * @KeyInformation: as for ZwQueryKey()
 * @Length: as for ZwQueryKey()
 * @ResultLength: as for ZwQueryKey()
 *
 * Context: IRQL PASSIVE_LEVEL; here process context, sleeps.
 * Return: STATUS_NO_MORE_ENTRIES for an index behind the last one; otherwise as ZwQueryKey().
 *
 * Follows: DDI wdm/nf-wdm-zwenumeratekey.
 */
NTSTATUS ZwEnumerateKey(HANDLE KeyHandle, ULONG Index, KEY_INFORMATION_CLASS KeyInformationClass,
			PVOID KeyInformation, ULONG Length, PULONG ResultLength)
{
	struct ntc_key *key, *child;
	NTSTATUS status;

	if (KeyInformationClass == KeyNameInformation)
		return STATUS_INVALID_PARAMETER;
	status = ntc_key_begin(__func__, (void *)_RET_IP_, KeyHandle, &key);
	if (status)
		return status;
	child = ntc_key_at(key, Index);
	status = child ? ntc_key_info(child, KeyInformationClass, KeyInformation, Length,
				      ResultLength) : STATUS_NO_MORE_ENTRIES;
	ntc_key_end(key);
	return status;
}
EXPORT_SYMBOL_GPL(ZwEnumerateKey);
