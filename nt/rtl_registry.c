// SPDX-License-Identifier: GPL-2.0
/*
 * Registry calls by path, and RtlQueryRegistryValues().
 *
 * Deadlock: a driver's QueryRoutine may call the registry, so it is called without the lock of the
 * tree, with a copy of the value. Values are found again by their index; one that is deleted
 * meanwhile by another thread may hide the one behind it, as on Windows.
 */
#include <linux/export.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "cm_registry.h"
#include "ex_pool.h"
#include "ob_object.h"

static const WCHAR *const ntc_registry_roots[RTL_REGISTRY_MAXIMUM] = {
	[RTL_REGISTRY_SERVICES] = L"\\Registry\\Machine\\System\\CurrentControlSet\\Services",
	[RTL_REGISTRY_CONTROL] = L"\\Registry\\Machine\\System\\CurrentControlSet\\Control",
	[RTL_REGISTRY_WINDOWS_NT] =
		L"\\Registry\\Machine\\Software\\Microsoft\\Windows NT\\CurrentVersion",
	[RTL_REGISTRY_DEVICEMAP] = L"\\Registry\\Machine\\Hardware\\DeviceMap",
	[RTL_REGISTRY_USER] = L"\\Registry\\User\\.Default",
};

/* A path that is terminated by 0. False: it is longer than a counted string can be. */
static bool ntc_path_init(UNICODE_STRING *string, PCWSTR path)
{
	if (path && wcslen(path) > UNICODE_STRING_MAX_CHARS - 1)
		return false;
	RtlInitUnicodeString(string, path);
	return true;
}

/* The key that RelativeTo and Path name, referenced. */
static NTSTATUS ntc_relative_key(ULONG relative_to, PCWSTR path, enum ntc_key_create create,
				 struct ntc_key **key)
{
	UNICODE_STRING root_name, name;
	struct ntc_key *root = NULL;
	NTSTATUS status;

	if (relative_to & RTL_REGISTRY_HANDLE)
		return ntc_handle_key((HANDLE)path, key);
	relative_to &= ~RTL_REGISTRY_OPTIONAL;
	if (relative_to >= RTL_REGISTRY_MAXIMUM || !ntc_path_init(&name, path))
		return STATUS_INVALID_PARAMETER;
	ntc_registry_lock();
	status = STATUS_SUCCESS;
	if (ntc_registry_roots[relative_to]) {
		RtlInitUnicodeString(&root_name, ntc_registry_roots[relative_to]);
		status = ntc_key_find(NULL, root_name, NTC_KEY_OPEN, NULL, &root, NULL);
	}
	if (!status)
		status = ntc_key_find(root, name, create, NULL, key, NULL);
	ntc_registry_unlock();
	if (root)
		ntc_key_put(root);
	return status;
}

/**
 * RtlCheckRegistryKey - whether there is a registry key
 * @RelativeTo: RTL_REGISTRY_ABSOLUTE, or the key that @Path begins at; RTL_REGISTRY_HANDLE:
 *	@Path is the handle of a key
 * @Path: the key
 *
 * Context: IRQL PASSIVE_LEVEL; here process context, sleeps.
 * Return: STATUS_SUCCESS; STATUS_OBJECT_NAME_NOT_FOUND; STATUS_OBJECT_PATH_SYNTAX_BAD for a
 * relative path that begins with a backslash, or an absolute one that does not;
 * STATUS_INVALID_PARAMETER for another @RelativeTo; STATUS_INVALID_HANDLE or
 * STATUS_OBJECT_TYPE_MISMATCH for a handle; STATUS_UNSUCCESSFUL, with a report, at DISPATCH_LEVEL
 * or above.
 *
 * Follows: DDI wdm/nf-wdm-rtlcheckregistrykey.
 */
NTSTATUS RtlCheckRegistryKey(ULONG RelativeTo, PWSTR Path)
{
	struct ntc_key *key;
	NTSTATUS status;

	if (!wqc_may_sleep(__func__, (void *)_RET_IP_))
		return STATUS_UNSUCCESSFUL;
	status = ntc_relative_key(RelativeTo, Path, NTC_KEY_OPEN, &key);
	if (!status)
		ntc_key_put(key);
	return status;
}
EXPORT_SYMBOL_GPL(RtlCheckRegistryKey);

/**
 * RtlCreateRegistryKey - create a registry key
 * @RelativeTo: as for RtlCheckRegistryKey()
 * @Path: the key; all components but the last must exist
 *
 * Context: IRQL PASSIVE_LEVEL; here process context, sleeps.
 * Return: STATUS_SUCCESS, also if it existed; otherwise as RtlCheckRegistryKey();
 * STATUS_INVALID_PARAMETER also for a name or depth beyond the limits of ZwCreateKey();
 * STATUS_INSUFFICIENT_RESOURCES.
 *
 * Follows: DDI wdm/nf-wdm-rtlcreateregistrykey.
 */
NTSTATUS RtlCreateRegistryKey(ULONG RelativeTo, PWSTR Path)
{
	struct ntc_key *key;
	NTSTATUS status;

	if (!wqc_may_sleep(__func__, (void *)_RET_IP_))
		return STATUS_UNSUCCESSFUL;
	status = ntc_relative_key(RelativeTo, Path, NTC_KEY_CREATE, &key);
	if (!status)
		ntc_key_put(key);
	return status;
}
EXPORT_SYMBOL_GPL(RtlCreateRegistryKey);

/**
 * RtlWriteRegistryValue - set a value of a registry key
 * @RelativeTo: as for RtlCheckRegistryKey()
 * @Path: the key, which is created if all components but the last exist
 * @ValueName: name of the value; NULL: the key's default value
 * @ValueType: REG_SZ, REG_DWORD, or any other number: nothing is checked
 * @ValueData: copied
 * @ValueLength: in bytes, at most 1 MB
 *
 * Context: IRQL PASSIVE_LEVEL; here process context, sleeps.
 * Return: as RtlCreateRegistryKey(); as ZwSetValueKey().
 *
 * Follows: DDI wdm/nf-wdm-rtlwriteregistryvalue.
 */
NTSTATUS RtlWriteRegistryValue(ULONG RelativeTo, PCWSTR Path, PCWSTR ValueName, ULONG ValueType,
			       PVOID ValueData, ULONG ValueLength)
{
	UNICODE_STRING name;
	struct ntc_key *key;
	NTSTATUS status;

	if (!wqc_may_sleep(__func__, (void *)_RET_IP_))
		return STATUS_UNSUCCESSFUL;
	if (!ntc_path_init(&name, ValueName) || (!ValueData && ValueLength))
		return STATUS_INVALID_PARAMETER;
	status = ntc_relative_key(RelativeTo, Path, NTC_KEY_CREATE, &key);
	if (status)
		return status;
	ntc_registry_lock();
	status = ntc_value_set(key, &name, ValueType, ValueData, ValueLength);
	ntc_registry_unlock();
	ntc_key_put(key);
	return status;
}
EXPORT_SYMBOL_GPL(RtlWriteRegistryValue);

/**
 * RtlDeleteRegistryValue - delete a value of a registry key
 * @RelativeTo: as for RtlCheckRegistryKey()
 * @Path: the key
 * @ValueName: name of the value; NULL: the key's default value
 *
 * Context: IRQL PASSIVE_LEVEL; here process context, sleeps.
 * Return: STATUS_SUCCESS; as RtlCheckRegistryKey(); STATUS_OBJECT_NAME_NOT_FOUND also if there is
 * no such value; STATUS_KEY_DELETED.
 *
 * Follows: DDI wdm/nf-wdm-rtldeleteregistryvalue.
 */
NTSTATUS RtlDeleteRegistryValue(ULONG RelativeTo, PCWSTR Path, PCWSTR ValueName)
{
	UNICODE_STRING name;
	struct ntc_key *key;
	NTSTATUS status;

	if (!wqc_may_sleep(__func__, (void *)_RET_IP_))
		return STATUS_UNSUCCESSFUL;
	if (!ntc_path_init(&name, ValueName))
		return STATUS_INVALID_PARAMETER;
	status = ntc_relative_key(RelativeTo, Path, NTC_KEY_OPEN, &key);
	if (status)
		return status;
	ntc_registry_lock();
	status = ntc_value_delete(key, &name);
	ntc_registry_unlock();
	ntc_key_put(key);
	return status;
}
EXPORT_SYMBOL_GPL(RtlDeleteRegistryValue);

/* ---- RtlQueryRegistryValues() ------------------------------------------------------ */

/* @top, @key: referenced; NULL: there is no such key, which is no error. */
struct ntc_query {
	struct ntc_key *top;
	struct ntc_key *key;
	PVOID context;
	void *caller;
};

/*
 * A value as a routine gets it, a copy or a default. A copy has two characters of 0 behind name and
 * data, which end any string.
 */
struct ntc_found {
	PWSTR name;
	ULONG type;
	ULONG size;
	void *data;
};

#define NTC_END		(2 * sizeof(WCHAR))

static bool ntc_type_is_string(ULONG type)
{
	return type == REG_SZ || type == REG_EXPAND_SZ || type == REG_MULTI_SZ;
}

static NTSTATUS ntc_found_copy(struct ntc_found *found, const struct ntc_value *value)
{
	*found = (struct ntc_found){
		.name = kzalloc(value->name.Length + NTC_END, GFP_KERNEL),
		.type = value->type,
		.size = value->size,
		.data = kvzalloc(value->size + NTC_END, GFP_KERNEL),
	};
	if (!found->name || !found->data)
		return STATUS_INSUFFICIENT_RESOURCES;
	memcpy(found->name, value->name.Buffer, value->name.Length);
	memcpy(found->data, value->data, value->size);
	return STATUS_SUCCESS;
}

static void ntc_found_free(struct ntc_found *found)
{
	kfree(found->name);
	kvfree(found->data);
}

/* Copies a value by its name, or, without one, by its index. */
static NTSTATUS ntc_query_find(struct ntc_query *query, PCWSTR name, ULONG index,
			       struct ntc_found *found)
{
	struct ntc_value *value;
	UNICODE_STRING string;
	NTSTATUS status;

	*found = (struct ntc_found){};
	if (!ntc_path_init(&string, name))
		return STATUS_INVALID_PARAMETER;
	if (!query->key)
		return STATUS_OBJECT_NAME_NOT_FOUND;
	ntc_registry_lock();
	status = STATUS_KEY_DELETED;
	if (!ntc_key_is_deleted(query->key)) {
		value = name ? ntc_value_find(query->key, &string) :
			ntc_value_at(query->key, index);
		status = value ? ntc_found_copy(found, value) : STATUS_OBJECT_NAME_NOT_FOUND;
	}
	ntc_registry_unlock();
	return status;
}

static NTSTATUS ntc_query_delete(struct ntc_query *query, PCWSTR name)
{
	UNICODE_STRING string;
	NTSTATUS status;

	RtlInitUnicodeString(&string, name);
	ntc_registry_lock();
	status = ntc_value_delete(query->key, &string);
	ntc_registry_unlock();
	return status;
}

/* The length of a string in bytes, without its terminator, which it need not have. */
static size_t ntc_found_length(const struct ntc_found *found)
{
	size_t n = found->size / sizeof(WCHAR);

	return (n && !((WCHAR *)found->data)[n - 1] ? n - 1 : n) * sizeof(WCHAR);
}

/* DIRECT: a string, for a buffer of the caller's or one that is allocated. */
static NTSTATUS ntc_direct_string(UNICODE_STRING *to, const struct ntc_found *found, void *caller)
{
	size_t length = ntc_found_length(found);

	if (length + sizeof(WCHAR) > UNICODE_STRING_MAX_BYTES)
		return STATUS_BUFFER_TOO_SMALL;
	if (!to->Buffer) {
		to->Buffer = ntc_pool_alloc(length + sizeof(WCHAR), NTC_STRING_TAG, false, caller);
		if (!to->Buffer)
			return STATUS_NO_MEMORY;
		to->MaximumLength = length + sizeof(WCHAR);
	} else if (to->MaximumLength < length + sizeof(WCHAR)) {
		return STATUS_BUFFER_TOO_SMALL;
	}
	memcpy(to->Buffer, found->data, length);
	to->Buffer[length / sizeof(WCHAR)] = 0;
	to->Length = length;
	return STATUS_SUCCESS;
}

/* DIRECT: data. More than a ULONG needs a buffer that begins with its size. */
static NTSTATUS ntc_direct_data(LONG *to, const struct ntc_found *found)
{
	LONGLONG room;

	if (found->size <= sizeof(ULONG)) {
		memcpy(to, found->data, found->size);
		return STATUS_SUCCESS;
	}
	room = *to;
	if (room < 0) {
		if (-room < found->size)
			return STATUS_BUFFER_TOO_SMALL;
		memcpy(to, found->data, found->size);
		return STATUS_SUCCESS;
	}
	if (room < 2 * sizeof(ULONG) + (LONGLONG)found->size)
		return STATUS_BUFFER_TOO_SMALL;
	to[0] = found->size;
	to[1] = found->type;
	memcpy(to + 2, found->data, found->size);
	return STATUS_SUCCESS;
}

static NTSTATUS ntc_query_direct(struct ntc_query *query, PRTL_QUERY_REGISTRY_TABLE entry,
				 const struct ntc_found *found)
{
	if (entry->Flags & RTL_QUERY_REGISTRY_TYPECHECK &&
	    found->type != (entry->DefaultType & RTL_QUERY_REGISTRY_TYPECHECK_MASK) >>
			   RTL_QUERY_REGISTRY_TYPECHECK_SHIFT)
		return STATUS_OBJECT_TYPE_MISMATCH;
	return ntc_type_is_string(found->type) ?
	       ntc_direct_string(entry->EntryContext, found, query->caller) :
	       ntc_direct_data(entry->EntryContext, found);
}

static NTSTATUS ntc_query_routine(struct ntc_query *query, PRTL_QUERY_REGISTRY_TABLE entry,
				  const struct ntc_found *found)
{
	if (entry->Flags & RTL_QUERY_REGISTRY_DIRECT)
		return ntc_query_direct(query, entry, found);
	return entry->QueryRoutine(found->name, found->type, found->data, found->size,
				   query->context, entry->EntryContext);
}

/* Each string of a REG_MULTI_SZ as a REG_SZ. */
static NTSTATUS ntc_query_strings(struct ntc_query *query, PRTL_QUERY_REGISTRY_TABLE entry,
				  const struct ntc_found *found)
{
	struct ntc_found one = { .name = found->name, .type = REG_SZ, .data = found->data };
	WCHAR *end = (WCHAR *)found->data + found->size / sizeof(WCHAR);
	NTSTATUS status = STATUS_SUCCESS;
	WCHAR *at = found->data;

	while (NT_SUCCESS(status) && at < end && *at) {
		one.data = at;
		at += wcslen(at) + 1;
		one.size = (PUCHAR)at - (PUCHAR)one.data;
		status = ntc_query_routine(query, entry, &one);
	}
	return status;
}

static NTSTATUS ntc_query_call(struct ntc_query *query, PRTL_QUERY_REGISTRY_TABLE entry,
			       struct ntc_found *found)
{
	if (!(entry->Flags & RTL_QUERY_REGISTRY_NOEXPAND)) {
		if (found->type == REG_MULTI_SZ)
			return ntc_query_strings(query, entry, found);
		/* There is no environment, so no variable of the string has a value. */
		if (found->type == REG_EXPAND_SZ &&
		    !(entry->Flags & RTL_QUERY_REGISTRY_TYPECHECK))
			found->type = REG_SZ;
	}
	return ntc_query_routine(query, entry, found);
}

/* The length of a default string whose table says 0. */
static ULONG ntc_default_size(ULONG type, const WCHAR *data)
{
	const WCHAR *at = data;

	if (type == REG_MULTI_SZ)
		while (*at)
			at += wcslen(at) + 1;
	return (wcslen(at) + 1 + (at - data)) * sizeof(WCHAR);
}

/* The value is absent: its default, if there is one. */
static NTSTATUS ntc_query_default(struct ntc_query *query, PRTL_QUERY_REGISTRY_TABLE entry)
{
	struct ntc_found found = {
		.name = (PWSTR)entry->Name,
		.type = entry->DefaultType & ~RTL_QUERY_REGISTRY_TYPECHECK_MASK,
		.size = entry->DefaultLength,
	}, copy;
	NTSTATUS status;

	if (entry->Flags & RTL_QUERY_REGISTRY_REQUIRED)
		return STATUS_OBJECT_NAME_NOT_FOUND;
	if (found.type == REG_NONE || !entry->DefaultData)
		return STATUS_SUCCESS;
	if (!found.size && ntc_type_is_string(found.type))
		found.size = ntc_default_size(found.type, entry->DefaultData);
	/* A copy has the terminators. */
	copy = found;
	copy.data = kvzalloc(found.size + NTC_END, GFP_KERNEL);
	if (!copy.data)
		return STATUS_INSUFFICIENT_RESOURCES;
	memcpy(copy.data, entry->DefaultData, found.size);
	/* The type that is checked is that of the value. A default is the driver's own. */
	status = entry->Flags & RTL_QUERY_REGISTRY_TYPECHECK &&
		 entry->Flags & RTL_QUERY_REGISTRY_DIRECT ?
		 (ntc_type_is_string(copy.type) ?
		  ntc_direct_string(entry->EntryContext, &copy, query->caller) :
		  ntc_direct_data(entry->EntryContext, &copy)) :
		 ntc_query_call(query, entry, &copy);
	kvfree(copy.data);
	return status;
}

/* One value by its name. */
static NTSTATUS ntc_query_value(struct ntc_query *query, PRTL_QUERY_REGISTRY_TABLE entry)
{
	struct ntc_found found;
	NTSTATUS status;

	status = ntc_query_find(query, entry->Name, 0, &found);
	if (status == STATUS_OBJECT_NAME_NOT_FOUND)
		return ntc_query_default(query, entry);
	if (!status)
		status = ntc_query_call(query, entry, &found);
	ntc_found_free(&found);
	if (NT_SUCCESS(status) && entry->Flags & RTL_QUERY_REGISTRY_DELETE)
		ntc_query_delete(query, entry->Name);
	return status;
}

/* All values of the key. */
static NTSTATUS ntc_query_values(struct ntc_query *query, PRTL_QUERY_REGISTRY_TABLE entry)
{
	bool delete = entry->Flags & RTL_QUERY_REGISTRY_DELETE;
	struct ntc_found found;
	NTSTATUS status;
	ULONG index = 0, n = 0;

	for (;; n++) {
		status = ntc_query_find(query, NULL, index, &found);
		if (!status)
			status = ntc_query_call(query, entry, &found);
		else if (status == STATUS_OBJECT_NAME_NOT_FOUND &&
			 (n || !(entry->Flags & RTL_QUERY_REGISTRY_REQUIRED)))
			break;
		if (NT_SUCCESS(status) && delete)
			delete = !ntc_query_delete(query, found.name);
		ntc_found_free(&found);
		if (!NT_SUCCESS(status))
			return status;
		index += !delete;
	}
	return STATUS_SUCCESS;
}

/* Makes another key the current one. */
static NTSTATUS ntc_query_subkey(struct ntc_query *query, PRTL_QUERY_REGISTRY_TABLE entry)
{
	struct ntc_key *key = NULL;
	UNICODE_STRING name;
	NTSTATUS status;

	if (!ntc_path_init(&name, entry->Name))
		return STATUS_INVALID_PARAMETER;
	status = STATUS_OBJECT_NAME_NOT_FOUND;
	if (query->top) {
		ntc_registry_lock();
		status = ntc_key_find(query->top, name, NTC_KEY_OPEN, NULL, &key, NULL);
		ntc_registry_unlock();
	}
	if (status && (status != STATUS_OBJECT_NAME_NOT_FOUND ||
		       entry->Flags & RTL_QUERY_REGISTRY_REQUIRED))
		return status;
	if (query->key)
		ntc_key_put(query->key);
	query->key = key;
	return entry->QueryRoutine && key ? ntc_query_values(query, entry) : STATUS_SUCCESS;
}

static void ntc_query_top(struct ntc_query *query)
{
	if (query->top)
		ntc_key_get(query->top);
	if (query->key)
		ntc_key_put(query->key);
	query->key = query->top;
}

static NTSTATUS ntc_query_entry(struct ntc_query *query, PRTL_QUERY_REGISTRY_TABLE entry)
{
	if (entry->Flags & RTL_QUERY_REGISTRY_TOPKEY)
		ntc_query_top(query);
	if (entry->Flags & (RTL_QUERY_REGISTRY_SUBKEY | RTL_QUERY_REGISTRY_DIRECT) && !entry->Name)
		return STATUS_INVALID_PARAMETER;
	if (entry->Flags & RTL_QUERY_REGISTRY_DIRECT &&
	    (!entry->EntryContext || entry->Flags & RTL_QUERY_REGISTRY_SUBKEY))
		return STATUS_INVALID_PARAMETER;
	if (entry->Flags & RTL_QUERY_REGISTRY_SUBKEY)
		return ntc_query_subkey(query, entry);
	if (entry->Name)
		return ntc_query_value(query, entry);
	if (!(entry->Flags & RTL_QUERY_REGISTRY_NOVALUE))
		return ntc_query_values(query, entry);
	return entry->QueryRoutine(NULL, REG_NONE, NULL, 0, query->context, entry->EntryContext);
}

/**
 * RtlQueryRegistryValues - read values of a registry key and its subkeys by a table
 * @RelativeTo: as for RtlCheckRegistryKey(); with RTL_REGISTRY_OPTIONAL a key that is absent is
 *	like one without values
 * @Path: the key
 * @QueryTable: ends with an entry that has no QueryRoutine, and none of the flags
 *	RTL_QUERY_REGISTRY_SUBKEY and RTL_QUERY_REGISTRY_DIRECT
 * @Context: argument of each QueryRoutine
 * @Environment: not used: variables in a REG_EXPAND_SZ are not replaced
 *
 * A QueryRoutine gets a copy of the value. It may call the registry. A REG_MULTI_SZ is a call for
 * each string, unless RTL_QUERY_REGISTRY_NOEXPAND is set. A string whose UNICODE_STRING has no
 * buffer gets one, to be freed by RtlFreeUnicodeString() or ExFreePool().
 *
 * Context: IRQL PASSIVE_LEVEL; here process context, sleeps.
 * Return: STATUS_SUCCESS; the error of a QueryRoutine, which ends the call; as
 * RtlCheckRegistryKey(); STATUS_OBJECT_NAME_NOT_FOUND also for an entry with
 * RTL_QUERY_REGISTRY_REQUIRED; STATUS_OBJECT_TYPE_MISMATCH for another type than
 * RTL_QUERY_REGISTRY_TYPECHECK wants; STATUS_BUFFER_TOO_SMALL for a value that does not fit;
 * STATUS_INVALID_PARAMETER for an entry of flags without their Name or EntryContext;
 * STATUS_KEY_DELETED; STATUS_NO_MEMORY; STATUS_INSUFFICIENT_RESOURCES.
 *
 * Follows: DDI wdm/nf-wdm-rtlqueryregistryvalues.
 */
NTSTATUS RtlQueryRegistryValues(ULONG RelativeTo, PCWSTR Path,
				PRTL_QUERY_REGISTRY_TABLE QueryTable, PVOID Context,
				PVOID Environment)
{
	struct ntc_query query = { .context = Context, .caller = (void *)_RET_IP_ };
	NTSTATUS status;

	if (!wqc_may_sleep(__func__, (void *)_RET_IP_))
		return STATUS_UNSUCCESSFUL;
	status = ntc_relative_key(RelativeTo, Path, NTC_KEY_OPEN, &query.top);
	if (status == STATUS_OBJECT_NAME_NOT_FOUND && RelativeTo & RTL_REGISTRY_OPTIONAL)
		status = STATUS_SUCCESS;
	if (status)
		return status;
	ntc_query_top(&query);
	for (; NT_SUCCESS(status) &&
	     (QueryTable->QueryRoutine || QueryTable->Flags & (RTL_QUERY_REGISTRY_SUBKEY |
							       RTL_QUERY_REGISTRY_DIRECT));
	     QueryTable++)
		status = ntc_query_entry(&query, QueryTable);
	if (query.key)
		ntc_key_put(query.key);
	if (query.top)
		ntc_key_put(query.top);
	return status;
}
EXPORT_SYMBOL_GPL(RtlQueryRegistryValues);
