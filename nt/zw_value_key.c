// SPDX-License-Identifier: GPL-2.0
/* Values of registry keys by handles. */
#include <linux/align.h>
#include <linux/export.h>

#include "zw_key.h"

/* The name of a key's default value. */
static const UNICODE_STRING ntc_no_name;

static NTSTATUS ntc_value_info(const struct ntc_value *value, KEY_VALUE_INFORMATION_CLASS class,
			       void *to, ULONG room, PULONG needed)
{
	size_t full = FIELD_OFFSET(KEY_VALUE_FULL_INFORMATION, Name);
	struct ntc_info info = {};

	switch (class) {
	case KeyValueBasicInformation:
		info.basic = (KEY_VALUE_BASIC_INFORMATION){
			.Type = value->type,
			.NameLength = value->name.Length,
		};
		ntc_info_name(&info, FIELD_OFFSET(KEY_VALUE_BASIC_INFORMATION, Name),
			      &value->name);
		break;
	case KeyValueFullInformation:
	case KeyValueFullInformationAlign64:
		info.full = (KEY_VALUE_FULL_INFORMATION){
			.Type = value->type,
			.DataLength = value->size,
			.NameLength = value->name.Length,
		};
		ntc_info_name(&info, full, &value->name);
		info.full.DataOffset = ntc_info_data(&info, ALIGN(full + value->name.Length, 8),
						     value->data, value->size);
		break;
	case KeyValuePartialInformation:
		info.partial = (KEY_VALUE_PARTIAL_INFORMATION){
			.Type = value->type,
			.DataLength = value->size,
		};
		info.fixed = FIELD_OFFSET(KEY_VALUE_PARTIAL_INFORMATION, Data);
		ntc_info_data(&info, info.fixed, value->data, value->size);
		break;
	case KeyValuePartialInformationAlign64:
		info.partial64 = (KEY_VALUE_PARTIAL_INFORMATION_ALIGN64){
			.Type = value->type,
			.DataLength = value->size,
		};
		info.fixed = FIELD_OFFSET(KEY_VALUE_PARTIAL_INFORMATION_ALIGN64, Data);
		ntc_info_data(&info, info.fixed, value->data, value->size);
		break;
	default:
		return STATUS_INVALID_PARAMETER;
	}
	return ntc_info_copy(&info, to, room, needed);
}

/**
 * ZwSetValueKey - create a value of a registry key, or replace it
 * @KeyHandle: the key
 * @ValueName: name of the value, of at most 16,383 characters; empty: the key's default value
 * @TitleIndex: not used
 * @Type: REG_SZ, REG_DWORD, or any other number: nothing is checked
 * @Data: copied; a string should include its terminator
 * @DataSize: in bytes, at most 1 MB
 *
 * Context: IRQL PASSIVE_LEVEL; here process context, sleeps.
 * Return: STATUS_SUCCESS; STATUS_INVALID_PARAMETER for a name that is too long, or has control
 * characters or half of a surrogate pair, or if @Data is NULL and @DataSize is not 0;
 * STATUS_INSUFFICIENT_RESOURCES, also for too much data; STATUS_KEY_DELETED; STATUS_INVALID_HANDLE;
 * STATUS_OBJECT_TYPE_MISMATCH; STATUS_UNSUCCESSFUL, with a report, at DISPATCH_LEVEL or above.
 *
 * Follows: DDI wdm/nf-wdm-zwsetvaluekey.
 */
NTSTATUS ZwSetValueKey(HANDLE KeyHandle, PUNICODE_STRING ValueName, ULONG TitleIndex, ULONG Type,
		       PVOID Data, ULONG DataSize)
{
	struct ntc_key *key;
	NTSTATUS status;

	if (!Data && DataSize)
		return STATUS_INVALID_PARAMETER;
	status = ntc_key_begin(__func__, (void *)_RET_IP_, KeyHandle, &key);
	if (status)
		return status;
	status = ntc_value_set(key, ValueName ?: &ntc_no_name, Type, Data, DataSize);
	ntc_key_end(key);
	return status;
}
EXPORT_SYMBOL_GPL(ZwSetValueKey);

/**
 * ZwDeleteValueKey - delete a value of a registry key
 * @KeyHandle: the key
 * @ValueName: name of the value; empty: the key's default value
 *
 * Context: IRQL PASSIVE_LEVEL; here process context, sleeps.
 * Return: STATUS_SUCCESS; STATUS_OBJECT_NAME_NOT_FOUND; STATUS_KEY_DELETED; STATUS_INVALID_HANDLE;
 * STATUS_OBJECT_TYPE_MISMATCH; STATUS_UNSUCCESSFUL, with a report, at DISPATCH_LEVEL or above.
 *
 * Follows: DDI wdm/nf-wdm-zwdeletevaluekey.
 */
NTSTATUS ZwDeleteValueKey(HANDLE KeyHandle, PUNICODE_STRING ValueName)
{
	struct ntc_key *key;
	NTSTATUS status;

	status = ntc_key_begin(__func__, (void *)_RET_IP_, KeyHandle, &key);
	if (status)
		return status;
	status = ntc_value_delete(key, ValueName ?: &ntc_no_name);
	ntc_key_end(key);
	return status;
}
EXPORT_SYMBOL_GPL(ZwDeleteValueKey);

/**
 * ZwQueryValueKey - a value of a registry key
 * @KeyHandle: the key
 * @ValueName: name of the value; empty: the key's default value
 * @KeyValueInformationClass: KeyValueBasicInformation, KeyValueFullInformation,
 *	KeyValuePartialInformation, KeyValueFullInformationAlign64 or
 *	KeyValuePartialInformationAlign64
 * @KeyValueInformation: receives the structure of that name
 * @Length: size of @KeyValueInformation in bytes
 * @ResultLength: receives the size that the information has
 *
 * Context: IRQL PASSIVE_LEVEL; here process context, sleeps.
 * Return: STATUS_SUCCESS; STATUS_OBJECT_NAME_NOT_FOUND; STATUS_BUFFER_TOO_SMALL: there is no room
 * for the fixed part, and nothing but @ResultLength is written; STATUS_BUFFER_OVERFLOW: as much is
 * written as there is room for; STATUS_INVALID_PARAMETER for another class; STATUS_KEY_DELETED;
 * STATUS_INVALID_HANDLE; STATUS_OBJECT_TYPE_MISMATCH; STATUS_UNSUCCESSFUL, with a report, at
 * DISPATCH_LEVEL or above.
 *
 * Follows: DDI wdm/nf-wdm-zwqueryvaluekey.
 */
NTSTATUS ZwQueryValueKey(HANDLE KeyHandle, PUNICODE_STRING ValueName,
			 KEY_VALUE_INFORMATION_CLASS KeyValueInformationClass,
			 PVOID KeyValueInformation, ULONG Length, PULONG ResultLength)
{
	struct ntc_value *value;
	struct ntc_key *key;
	NTSTATUS status;

	status = ntc_key_begin(__func__, (void *)_RET_IP_, KeyHandle, &key);
	if (status)
		return status;
	value = ntc_value_find(key, ValueName ?: &ntc_no_name);
	status = value ? ntc_value_info(value, KeyValueInformationClass, KeyValueInformation,
					Length, ResultLength) : STATUS_OBJECT_NAME_NOT_FOUND;
	ntc_key_end(key);
	return status;
}
EXPORT_SYMBOL_GPL(ZwQueryValueKey);

/**
 * ZwEnumerateValueKey - a value of a registry key, by its index
 * @KeyHandle: the key
 * @Index: of the value, from 0; they are in the order of their creation
 * @KeyValueInformationClass: as for ZwQueryValueKey()
 * @KeyValueInformation: as for ZwQueryValueKey()
 * @Length: as for ZwQueryValueKey()
 * @ResultLength: as for ZwQueryValueKey()
 *
 * Context: IRQL PASSIVE_LEVEL; here process context, sleeps.
 * Return: STATUS_NO_MORE_ENTRIES for an index behind the last one; otherwise as ZwQueryValueKey().
 *
 * Follows: DDI wdm/nf-wdm-zwenumeratevaluekey.
 */
NTSTATUS ZwEnumerateValueKey(HANDLE KeyHandle, ULONG Index,
			     KEY_VALUE_INFORMATION_CLASS KeyValueInformationClass,
			     PVOID KeyValueInformation, ULONG Length, PULONG ResultLength)
{
	struct ntc_value *value;
	struct ntc_key *key;
	NTSTATUS status;

	status = ntc_key_begin(__func__, (void *)_RET_IP_, KeyHandle, &key);
	if (status)
		return status;
	value = ntc_value_at(key, Index);
	status = value ? ntc_value_info(value, KeyValueInformationClass, KeyValueInformation,
					Length, ResultLength) : STATUS_NO_MORE_ENTRIES;
	ntc_key_end(key);
	return status;
}
EXPORT_SYMBOL_GPL(ZwEnumerateValueKey);
