// SPDX-License-Identifier: GPL-2.0
/* Registry keys, values and their handles. */
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "nt_test.h"

#define SERVICES	L"\\Registry\\Machine\\System\\CurrentControlSet\\Services"
#define ROOT		L"\\Registry\\Machine\\Software\\wqc_kunit"

static OBJECT_ATTRIBUTES nt_key_attributes(HANDLE root, UNICODE_STRING *name)
{
	OBJECT_ATTRIBUTES attributes;

	InitializeObjectAttributes(&attributes, name, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE,
				   root, NULL);
	return attributes;
}

static NTSTATUS nt_key_open(HANDLE root, PCWSTR path, HANDLE *key)
{
	OBJECT_ATTRIBUTES attributes;
	UNICODE_STRING name;

	RtlInitUnicodeString(&name, path);
	attributes = nt_key_attributes(root, &name);
	return ZwOpenKey(key, KEY_READ, &attributes);
}

static NTSTATUS nt_key_create(HANDLE root, PCWSTR path, HANDLE *key, ULONG *disposition)
{
	UNICODE_STRING name, class = RTL_CONSTANT_STRING(L"Cls");
	OBJECT_ATTRIBUTES attributes;

	RtlInitUnicodeString(&name, path);
	attributes = nt_key_attributes(root, &name);
	return ZwCreateKey(key, KEY_ALL_ACCESS, &attributes, 0, &class, REG_OPTION_VOLATILE,
			   disposition);
}

/* Whether there is a key. */
static bool nt_key_exists(HANDLE root, PCWSTR path)
{
	HANDLE key;

	if (nt_key_open(root, path, &key))
		return false;
	ZwClose(key);
	return true;
}

static void nt_key_drop(HANDLE root, PCWSTR path)
{
	HANDLE key;

	if (nt_key_open(root, path, &key))
		return;
	ZwDeleteKey(key);
	ZwClose(key);
}

/* Deletes the subkeys of a key, and then the key. No deeper than the cases make it. */
static void nt_key_clear(HANDLE key)
{
	struct { KEY_BASIC_INFORMATION info; WCHAR more[255]; } *child;
	OBJECT_ATTRIBUTES attributes;
	UNICODE_STRING name;
	HANDLE sub;
	ULONG size;

	child = kmalloc(sizeof(*child), GFP_KERNEL);
	while (child &&
	       !ZwEnumerateKey(key, 0, KeyBasicInformation, child, sizeof(*child), &size)) {
		name = (UNICODE_STRING){ child->info.NameLength, child->info.NameLength,
					 child->info.Name };
		attributes = nt_key_attributes(key, &name);
		if (ZwOpenKey(&sub, 0, &attributes))
			break;
		nt_key_clear(sub);
	}
	kfree(child);
	ZwDeleteKey(key);
	ZwClose(key);
}

/* A key of the case, which is deleted with its subkeys when the case ends. */
static HANDLE nt_key_new(struct kunit *test)
{
	HANDLE key = NULL;
	ULONG disposition = 0;

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, nt_key_create(NULL, ROOT, &key, &disposition));
	KUNIT_ASSERT_EQ(test, (ULONG)REG_CREATED_NEW_KEY, disposition);
	wqc_at_exit(test, nt_key_clear, key);
	return key;
}

static NTSTATUS nt_value_set(HANDLE key, PCWSTR name, ULONG type, const void *data, ULONG size)
{
	UNICODE_STRING string;

	RtlInitUnicodeString(&string, name);
	return ZwSetValueKey(key, &string, 0, type, (PVOID)data, size);
}

/* A DWORD, or a status with the sign bit set. */
static NTSTATUS nt_value_dword(HANDLE key, PCWSTR name, ULONG *number)
{
	struct { KEY_VALUE_PARTIAL_INFORMATION info; UCHAR more[8]; } value;
	UNICODE_STRING string;
	NTSTATUS status;
	ULONG size;

	RtlInitUnicodeString(&string, name);
	status = ZwQueryValueKey(key, &string, KeyValuePartialInformation, &value, sizeof(value),
				 &size);
	if (!status)
		memcpy(number, value.info.Data, sizeof(*number));
	return status;
}

/* ---- keys ------------------------------------------------------------------------ */

static NTSTATUS nt_entry_status;

static NTSTATUS nt_registry_entry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
	OBJECT_ATTRIBUTES attributes = nt_key_attributes(NULL, path);
	HANDLE key;

	nt_entry_status = ZwOpenKey(&key, KEY_READ, &attributes);
	if (!nt_entry_status)
		ZwClose(key);
	return STATUS_NOT_IMPLEMENTED;
}

/* Nearly every driver opens its RegistryPath first. */
static void key_of_a_driver_is_there_when_it_enters(struct kunit *test)
{
	PDRIVER_OBJECT driver;

	nt_entry_status = STATUS_PENDING;
	wqc_driver_load(THIS_MODULE, nt_registry_entry, &driver);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_entry_status);
	KUNIT_EXPECT_TRUE(test, nt_key_exists(NULL, SERVICES L"\\wqc_kunit"));
	nt_key_drop(NULL, SERVICES L"\\wqc_kunit");
	wqc_driver_load_path(THIS_MODULE, nt_registry_entry,
			     "\\Registry\\Machine\\Software\\Deep\\Mine", &driver);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_entry_status);
	nt_key_drop(NULL, L"\\Registry\\Machine\\Software\\Deep\\Mine");
	nt_key_drop(NULL, L"\\Registry\\Machine\\Software\\Deep");
	/* A path that is not one of the registry keeps no driver from being loaded. */
	wqc_driver_load_path(THIS_MODULE, nt_registry_entry, "\\Elsewhere", &driver);
	KUNIT_EXPECT_EQ(test, STATUS_OBJECT_NAME_NOT_FOUND, nt_entry_status);
}

static void paths_are_looked_up_without_case(struct kunit *test)
{
	HANDLE key = nt_key_new(test), sub;

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, nt_key_create(key, L"Parameters", &sub, NULL));
	ZwClose(sub);
	KUNIT_EXPECT_TRUE(test, nt_key_exists(NULL, L"\\REGISTRY\\machine\\SOFTWARE\\WQC_kunit"));
	KUNIT_EXPECT_TRUE(test, nt_key_exists(NULL, ROOT L"\\pARAMETERS"));
	KUNIT_EXPECT_TRUE(test, nt_key_exists(key, L"PARAMETERS"));
	KUNIT_EXPECT_TRUE(test, nt_key_exists(key, L"PARAMETERS\\"));
	KUNIT_EXPECT_TRUE(test, nt_key_exists(key, L""));
	KUNIT_EXPECT_TRUE(test, nt_key_exists(NULL, L"\\Registry"));
	KUNIT_EXPECT_TRUE(test, nt_key_exists(NULL, SERVICES));
	KUNIT_EXPECT_EQ(test, STATUS_OBJECT_NAME_NOT_FOUND, nt_key_open(key, L"Other", &sub));
	KUNIT_EXPECT_EQ(test, STATUS_OBJECT_NAME_NOT_FOUND, nt_key_open(key, L"Param", &sub));
	KUNIT_EXPECT_EQ(test, STATUS_OBJECT_NAME_NOT_FOUND,
			nt_key_open(key, L"Other\\Parameters", &sub));
	KUNIT_EXPECT_EQ(test, STATUS_OBJECT_NAME_NOT_FOUND, nt_key_open(NULL, L"\\Device", &sub));
	KUNIT_EXPECT_EQ(test, STATUS_OBJECT_NAME_NOT_FOUND, nt_key_open(NULL, L"\\", &sub));
	KUNIT_EXPECT_EQ(test, STATUS_OBJECT_PATH_SYNTAX_BAD, nt_key_open(key, L"\\Registry", &sub));
	KUNIT_EXPECT_EQ(test, STATUS_OBJECT_PATH_SYNTAX_BAD, nt_key_open(NULL, L"Registry", &sub));
	KUNIT_EXPECT_EQ(test, STATUS_OBJECT_PATH_SYNTAX_BAD, nt_key_open(NULL, L"", &sub));
}

static void control_set_has_two_names(struct kunit *test)
{
	HANDLE key, sub = NULL;

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			nt_key_open(NULL, L"\\Registry\\Machine\\System\\controlset001\\Services",
				    &key));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_key_create(key, L"wqc_two", &sub, NULL));
	KUNIT_EXPECT_TRUE(test, nt_key_exists(NULL, SERVICES L"\\wqc_two"));
	ZwDeleteKey(sub);
	ZwClose(sub);
	ZwClose(key);
	/* It is a name of that one key only. */
	KUNIT_EXPECT_FALSE(test, nt_key_exists(NULL, L"\\Registry\\Machine\\ControlSet001"));
}

static void malformed_attributes_are_refused(struct kunit *test)
{
	UNICODE_STRING odd = RTL_CONSTANT_STRING(L"\\Registry");
	OBJECT_ATTRIBUTES attributes = nt_key_attributes(NULL, &odd);
	HANDLE key = NULL;

	odd.Length--;
	KUNIT_EXPECT_EQ(test, STATUS_OBJECT_NAME_INVALID, ZwOpenKey(&key, 0, &attributes));
	attributes.Length--;
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, ZwOpenKeyEx(&key, 0, &attributes, 0));
	attributes = nt_key_attributes((HANDLE)0x7ffc, &odd);
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_HANDLE, ZwOpenKeyEx(&key, 0, &attributes, 0));
	attributes = nt_key_attributes(NULL, NULL);
	KUNIT_EXPECT_EQ(test, STATUS_OBJECT_PATH_SYNTAX_BAD,
			ZwCreateKey(&key, 0, &attributes, 0, NULL, 0, NULL));
	KUNIT_EXPECT_EQ(test, STATUS_NOT_SUPPORTED,
			ZwCreateKey(&key, 0, &attributes, 0, NULL, REG_OPTION_CREATE_LINK, NULL));
	KUNIT_EXPECT_NULL(test, key);
}

static void key_is_created_once(struct kunit *test)
{
	HANDLE key = nt_key_new(test), first, second = NULL;
	ULONG disposition = 0;

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, nt_key_create(key, L"Sub", &first, &disposition));
	KUNIT_EXPECT_EQ(test, (ULONG)REG_CREATED_NEW_KEY, disposition);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_key_create(key, L"SUB", &second, &disposition));
	KUNIT_EXPECT_EQ(test, (ULONG)REG_OPENED_EXISTING_KEY, disposition);
	KUNIT_EXPECT_PTR_NE(test, first, second);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, ZwClose(second));
	/* Only the last component of a path is created. */
	KUNIT_EXPECT_EQ(test, STATUS_OBJECT_NAME_NOT_FOUND,
			nt_key_create(key, L"None\\Sub", &second, NULL));
	KUNIT_EXPECT_FALSE(test, nt_key_exists(key, L"None"));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, ZwFlushKey(first));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, ZwClose(first));
}

static void keys_are_enumerated_in_the_order_of_their_names(struct kunit *test)
{
	static const WCHAR *const names[] = { L"beta", L"Alpha", L"Gamma", L"alpha2" };
	static const WCHAR *const order[] = { L"Alpha", L"alpha2", L"beta", L"Gamma" };
	struct { KEY_BASIC_INFORMATION info; WCHAR more[16]; } found;
	HANDLE key = nt_key_new(test), sub;
	ULONG i, size;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, nt_key_create(key, names[i], &sub, NULL));
		ZwClose(sub);
	}
	for (i = 0; i < ARRAY_SIZE(order); i++) {
		KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
				ZwEnumerateKey(key, i, KeyBasicInformation, &found, sizeof(found),
					       &size));
		KUNIT_EXPECT_EQ(test, (ULONG)(wcslen(order[i]) * 2), found.info.NameLength);
		/* As it was written. */
		KUNIT_EXPECT_EQ(test, 0, memcmp(found.info.Name, order[i], found.info.NameLength));
	}
	KUNIT_EXPECT_EQ(test, STATUS_NO_MORE_ENTRIES,
			ZwEnumerateKey(key, i, KeyBasicInformation, &found, sizeof(found), &size));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER,
			ZwEnumerateKey(key, 0, KeyNameInformation, &found, sizeof(found), &size));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER,
			ZwQueryKey(key, KeyCachedInformation, &found, sizeof(found), &size));
}

static void key_tells_what_it_has(struct kunit *test)
{
	struct { KEY_FULL_INFORMATION info; WCHAR more[8]; } full;
	struct { KEY_NODE_INFORMATION info; WCHAR more[16]; } node;
	struct { KEY_NAME_INFORMATION info; WCHAR more[64]; } name;
	HANDLE key = nt_key_new(test), sub = NULL;
	LARGE_INTEGER before, after;
	ULONG size;

	KeQuerySystemTime(&before);
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, nt_key_create(key, L"Seven77", &sub, NULL));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_value_set(sub, L"ab", REG_BINARY, "12345", 5));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_value_set(sub, L"abc", REG_NONE, NULL, 0));
	KeQuerySystemTime(&after);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			ZwQueryKey(key, KeyFullInformation, &full, sizeof(full), &size));
	KUNIT_EXPECT_EQ(test, 1U, full.info.SubKeys);
	KUNIT_EXPECT_EQ(test, 14U, full.info.MaxNameLen);
	KUNIT_EXPECT_EQ(test, 6U, full.info.MaxClassLen);
	KUNIT_EXPECT_EQ(test, 0U, full.info.Values);
	KUNIT_EXPECT_EQ(test, 44U + 6, size);
	KUNIT_EXPECT_EQ(test, 44U, full.info.ClassOffset);
	KUNIT_EXPECT_EQ(test, 6U, full.info.ClassLength);
	KUNIT_EXPECT_EQ(test, 0, memcmp(full.info.Class, L"Cls", 6));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			ZwQueryKey(sub, KeyFullInformation, &full, sizeof(full), &size));
	KUNIT_EXPECT_EQ(test, 2U, full.info.Values);
	KUNIT_EXPECT_EQ(test, 6U, full.info.MaxValueNameLen);
	KUNIT_EXPECT_EQ(test, 5U, full.info.MaxValueDataLen);
	KUNIT_EXPECT_TRUE(test, full.info.LastWriteTime.QuadPart >= before.QuadPart &&
			  full.info.LastWriteTime.QuadPart <= after.QuadPart);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			ZwEnumerateKey(key, 0, KeyNodeInformation, &node, sizeof(node), &size));
	KUNIT_EXPECT_EQ(test, 14U, node.info.NameLength);
	KUNIT_EXPECT_EQ(test, 24U + 16, node.info.ClassOffset);	/* a multiple of four */
	KUNIT_EXPECT_EQ(test, 24U + 16 + 6, size);
	KUNIT_EXPECT_EQ(test, 0, memcmp((PUCHAR)&node + node.info.ClassOffset, L"Cls", 6));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			ZwQueryKey(sub, KeyNameInformation, &name, sizeof(name), &size));
	KUNIT_EXPECT_EQ(test, (ULONG)(sizeof(ROOT L"\\Seven77") - 2), name.info.NameLength);
	KUNIT_EXPECT_EQ(test, 0, memcmp(name.info.Name, ROOT L"\\Seven77", name.info.NameLength));
	ZwClose(sub);
}

static void deleted_key_is_gone_for_its_handles(struct kunit *test)
{
	HANDLE key = nt_key_new(test), sub = NULL, deep = NULL, services = NULL;
	UCHAR buffer[64];
	ULONG size;

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, nt_key_create(key, L"Sub", &sub, NULL));
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, nt_key_create(sub, L"Deep", &deep, NULL));
	KUNIT_EXPECT_EQ(test, STATUS_CANNOT_DELETE, ZwDeleteKey(sub));
	KUNIT_EXPECT_TRUE(test, nt_key_exists(key, L"Sub"));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, ZwDeleteKey(deep));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, ZwDeleteKey(sub));
	KUNIT_EXPECT_FALSE(test, nt_key_exists(key, L"Sub"));
	KUNIT_EXPECT_EQ(test, STATUS_KEY_DELETED, ZwDeleteKey(sub));
	KUNIT_EXPECT_EQ(test, STATUS_KEY_DELETED, ZwFlushKey(sub));
	KUNIT_EXPECT_EQ(test, STATUS_KEY_DELETED, nt_value_set(sub, L"v", REG_SZ, NULL, 0));
	KUNIT_EXPECT_EQ(test, STATUS_KEY_DELETED, nt_value_dword(sub, L"v", &size));
	KUNIT_EXPECT_EQ(test, STATUS_KEY_DELETED,
			ZwEnumerateKey(sub, 0, KeyBasicInformation, buffer, sizeof(buffer), &size));
	KUNIT_EXPECT_EQ(test, STATUS_KEY_DELETED,
			ZwEnumerateValueKey(sub, 0, KeyValueBasicInformation, buffer,
					    sizeof(buffer), &size));
	KUNIT_EXPECT_EQ(test, STATUS_KEY_DELETED,
			ZwQueryKey(sub, KeyBasicInformation, buffer, sizeof(buffer), &size));
	KUNIT_EXPECT_EQ(test, STATUS_KEY_DELETED, nt_key_open(sub, L"Deep", &services));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, ZwClose(deep));
	/* A new key of that name is another key. */
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_key_create(key, L"Sub", &deep, NULL));
	KUNIT_EXPECT_EQ(test, STATUS_KEY_DELETED, ZwFlushKey(sub));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, ZwFlushKey(deep));
	ZwClose(deep);
	ZwClose(sub);
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			nt_key_open(NULL, L"\\Registry\\User\\.Default", &services));
	KUNIT_EXPECT_EQ(test, STATUS_CANNOT_DELETE, ZwDeleteKey(services));
	ZwClose(services);
}

/* ---- values ------------------------------------------------------------------------ */

static void values_are_set_replaced_and_deleted(struct kunit *test)
{
	struct { KEY_VALUE_BASIC_INFORMATION info; WCHAR more[16]; } found;
	HANDLE key = nt_key_new(test);
	ULONG number = 1, size;

	KUNIT_EXPECT_EQ(test, STATUS_OBJECT_NAME_NOT_FOUND, nt_value_dword(key, L"First", &number));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_value_set(key, L"First", REG_DWORD, &number, 4));
	number = 2;
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_value_set(key, L"", REG_DWORD, &number, 4));
	number = 3;
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_value_set(key, L"FIRST", REG_DWORD, &number, 4));
	number = 0;
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_value_dword(key, L"first", &number));
	KUNIT_EXPECT_EQ(test, 3U, number);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_value_dword(key, NULL, &number));
	KUNIT_EXPECT_EQ(test, 2U, number);
	/* It has its place and its spelling as before. */
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			ZwEnumerateValueKey(key, 0, KeyValueBasicInformation, &found, sizeof(found),
					    &size));
	KUNIT_EXPECT_EQ(test, 10U, found.info.NameLength);
	KUNIT_EXPECT_EQ(test, 0, memcmp(found.info.Name, L"First", 10));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			ZwEnumerateValueKey(key, 1, KeyValueBasicInformation, &found, sizeof(found),
					    &size));
	KUNIT_EXPECT_EQ(test, 0U, found.info.NameLength);
	KUNIT_EXPECT_EQ(test, STATUS_NO_MORE_ENTRIES,
			ZwEnumerateValueKey(key, 2, KeyValueBasicInformation, &found, sizeof(found),
					    &size));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, ZwDeleteValueKey(key, NULL));
	KUNIT_EXPECT_EQ(test, STATUS_OBJECT_NAME_NOT_FOUND, ZwDeleteValueKey(key, NULL));
	KUNIT_EXPECT_EQ(test, STATUS_OBJECT_NAME_NOT_FOUND, nt_value_dword(key, L"", &number));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_value_dword(key, L"First", &number));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, nt_value_set(key, L"v", REG_SZ, NULL, 2));
}

/* Class, size of the fixed part, and size with the name "Odd" and seven bytes of data. */
static const struct {
	KEY_VALUE_INFORMATION_CLASS class;
	ULONG fixed, all;
} nt_value_classes[] = {
	{ KeyValueBasicInformation, 12, 12 + 6 },
	{ KeyValueFullInformation, 20, 32 + 7 },
	{ KeyValuePartialInformation, 12, 12 + 7 },
	{ KeyValueFullInformationAlign64, 20, 32 + 7 },
	{ KeyValuePartialInformationAlign64, 8, 8 + 7 },
};

static void nt_value_in_each_room(struct kunit *test, HANDLE key, int i)
{
	UNICODE_STRING name = RTL_CONSTANT_STRING(L"Odd");
	UCHAR whole[64], part[64];
	NTSTATUS expected;
	ULONG room, size, filled;

	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			ZwQueryValueKey(key, &name, nt_value_classes[i].class, whole,
					nt_value_classes[i].all, &size));
	for (room = 0; room <= nt_value_classes[i].all + 4; room++) {
		memset(part, 0xa5, sizeof(part));
		size = 0;
		expected = room < nt_value_classes[i].fixed ? STATUS_BUFFER_TOO_SMALL :
			   room < nt_value_classes[i].all ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
		KUNIT_EXPECT_EQ_MSG(test, expected,
				    ZwQueryValueKey(key, &name, nt_value_classes[i].class, part,
						    room, &size), "%d in %u", i, room);
		KUNIT_EXPECT_EQ(test, nt_value_classes[i].all, size);
		/* Nothing is written behind the buffer, and nothing at all if it is too small. */
		filled = expected == STATUS_BUFFER_TOO_SMALL ? 0 : min(room, size);
		KUNIT_EXPECT_EQ(test, 0, memcmp(part, whole, filled));
		KUNIT_EXPECT_NULL(test, memchr_inv(part + filled, 0xa5, sizeof(part) - filled));
	}
}

static void value_is_truncated_to_the_room_there_is(struct kunit *test)
{
	struct { KEY_VALUE_FULL_INFORMATION info; UCHAR more[32]; } full;
	UNICODE_STRING name = RTL_CONSTANT_STRING(L"Odd");
	HANDLE key = nt_key_new(test);
	ULONG size;
	int i;

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, nt_value_set(key, L"Odd", REG_BINARY, "1234567", 7));
	for (i = 0; i < ARRAY_SIZE(nt_value_classes); i++)
		nt_value_in_each_room(test, key, i);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			ZwQueryValueKey(key, &name, KeyValueFullInformation, &full, sizeof(full),
					&size));
	KUNIT_EXPECT_EQ(test, (ULONG)REG_BINARY, full.info.Type);
	KUNIT_EXPECT_EQ(test, 32U, full.info.DataOffset);
	KUNIT_EXPECT_EQ(test, 7U, full.info.DataLength);
	KUNIT_EXPECT_EQ(test, 6U, full.info.NameLength);
	KUNIT_EXPECT_EQ(test, 0, memcmp((PUCHAR)&full + 32, "1234567", 7));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER,
			ZwQueryValueKey(key, &name, KeyValueLayerInformation, &full, sizeof(full),
					&size));
}

/* ---- limits ------------------------------------------------------------------------ */

static void names_have_limits(struct kunit *test)
{
	static const WCHAR *const bad[] = { L"a\nb", L"\x1f", L"\xd800", L"\xd800x", L"\xdc00" };
	HANDLE key = nt_key_new(test), sub = NULL;
	OBJECT_ATTRIBUTES attributes;
	UNICODE_STRING name;
	int i;

	name.Buffer = kunit_kzalloc(test, 2 * 16384, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, name.Buffer);
	for (i = 0; i < 16384; i++)
		name.Buffer[i] = 'x';
	name.MaximumLength = 2 * 16384;
	name.Length = 2 * 255;
	attributes = nt_key_attributes(key, &name);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, ZwCreateKey(&sub, 0, &attributes, 0, NULL, 0, NULL));
	ZwClose(sub);
	name.Length = 2 * 256;
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER,
			ZwCreateKey(&sub, 0, &attributes, 0, NULL, 0, NULL));
	name.Length = 2 * 16383;
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, ZwSetValueKey(key, &name, 0, REG_SZ, NULL, 0));
	name.Length = 2 * 16384;
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER,
			ZwSetValueKey(key, &name, 0, REG_SZ, NULL, 0));
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER,
				nt_key_create(key, bad[i], &sub, NULL));
		KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER,
				nt_value_set(key, bad[i], REG_SZ, NULL, 0));
	}
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			nt_value_set(key, L"\xd83d\xde00", REG_SZ, NULL, 0));
}

static void data_has_a_limit(struct kunit *test)
{
	HANDLE key = nt_key_new(test);
	PVOID data = kvzalloc(1024 * 1024 + 1, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, data);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			nt_value_set(key, L"v", REG_BINARY, data, 1024 * 1024));
	KUNIT_EXPECT_EQ(test, STATUS_INSUFFICIENT_RESOURCES,
			nt_value_set(key, L"w", REG_BINARY, data, 1024 * 1024 + 1));
	kvfree(data);
}

static void depth_has_a_limit(struct kunit *test)
{
	HANDLE key = nt_key_new(test), *keys, sub;
	NTSTATUS status;
	int n;

	keys = kunit_kcalloc(test, 513, sizeof(*keys), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, keys);
	for (n = 0; n < 513; n++) {
		status = nt_key_create(n ? keys[n - 1] : key, L"k", &sub, NULL);
		if (status)
			break;
		keys[n] = sub;
	}
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, status);
	/* \Registry\Machine\Software\wqc_kunit are four. */
	KUNIT_EXPECT_EQ(test, 512 - 4, n);
	while (n--) {
		KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, ZwDeleteKey(keys[n]));
		ZwClose(keys[n]);
	}
}

/* ---- handles ----------------------------------------------------------------------- */

static VOID nt_registry_thread(PVOID context)
{
}

static void handles_are_of_keys_or_of_threads(struct kunit *test)
{
	HANDLE key = nt_key_new(test), thread = NULL, again = NULL;
	PVOID object = test;

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			PsCreateSystemThread(&thread, 0, NULL, NULL, NULL, nt_registry_thread,
					     NULL));
	KUNIT_EXPECT_EQ(test, STATUS_OBJECT_TYPE_MISMATCH, ZwFlushKey(thread));
	KUNIT_EXPECT_EQ(test, STATUS_OBJECT_TYPE_MISMATCH, nt_key_open(thread, L"x", &again));
	KUNIT_EXPECT_EQ(test, STATUS_OBJECT_TYPE_MISMATCH,
			ObReferenceObjectByHandle(key, 0, NULL, KernelMode, &object, NULL));
	KUNIT_EXPECT_NULL(test, object);
	KUNIT_EXPECT_EQ(test, STATUS_OBJECT_TYPE_MISMATCH,
			ObReferenceObjectByHandle(key, 0, *PsThreadType, KernelMode, &object,
						  NULL));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			ObReferenceObjectByHandle(thread, 0, NULL, KernelMode, &object, NULL));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_wait(object));
	ObDereferenceObject(object);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, ZwClose(thread));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_HANDLE, ZwFlushKey(thread));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_key_open(key, L"", &again));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, ZwClose(again));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_HANDLE, ZwClose(again));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_HANDLE, ZwFlushKey(NULL));
}

/* The tree has a mutex, so each call is refused where it must not sleep. */
static void calls_at_a_raised_irql_are_refused(struct kunit *test)
{
	u64 reports = wqc_reports(test, "sleeping call at DISPATCH_LEVEL or above");
	NTSTATUS statuses[11];
	UCHAR buffer[64];
	HANDLE key;
	ULONG size;
	KIRQL irql;
	int i = 0;

	KeRaiseIrql(DISPATCH_LEVEL, &irql);
	statuses[i++] = ZwOpenKey(&key, 0, NULL);
	statuses[i++] = ZwOpenKeyEx(&key, 0, NULL, 0);
	statuses[i++] = ZwCreateKey(&key, 0, NULL, 0, NULL, 0, NULL);
	statuses[i++] = ZwDeleteKey(NULL);
	statuses[i++] = ZwFlushKey(NULL);
	statuses[i++] = ZwQueryKey(NULL, KeyBasicInformation, buffer, sizeof(buffer), &size);
	statuses[i++] = ZwEnumerateKey(NULL, 0, KeyBasicInformation, buffer, 64, &size);
	statuses[i++] = ZwSetValueKey(NULL, NULL, 0, REG_SZ, NULL, 0);
	statuses[i++] = ZwDeleteValueKey(NULL, NULL);
	statuses[i++] = ZwQueryValueKey(NULL, NULL, KeyValueBasicInformation, buffer, 64, &size);
	statuses[i++] = ZwEnumerateValueKey(NULL, 0, KeyValueBasicInformation, buffer, 64, &size);
	KeLowerIrql(irql);
	while (i--)
		KUNIT_EXPECT_EQ_MSG(test, STATUS_UNSUCCESSFUL, statuses[i], "call %d", i);
	KUNIT_EXPECT_EQ(test, reports + ARRAY_SIZE(statuses),
			wqc_reports(test, "sleeping call at DISPATCH_LEVEL or above"));
}

struct nt_registry_race {
	HANDLE key;
	unsigned int rounds;
	atomic_t created, deleted, wrong;
};

static void nt_registry_party(void *arg, int cpu)
{
	struct nt_registry_race *race = arg;
	ULONG number = cpu, disposition;
	unsigned int i;
	NTSTATUS status;
	HANDLE sub;

	for (i = 0; i < race->rounds; i++) {
		if (nt_key_create(race->key, L"Shared", &sub, &disposition)) {
			atomic_inc(&race->wrong);
			continue;
		}
		if (disposition == REG_CREATED_NEW_KEY)
			atomic_inc(&race->created);
		status = nt_value_set(sub, L"v", REG_DWORD, &number, sizeof(number));
		if (status && status != STATUS_KEY_DELETED)
			atomic_inc(&race->wrong);
		status = nt_value_dword(sub, L"v", &number);
		if (status && status != STATUS_KEY_DELETED &&
		    status != STATUS_OBJECT_NAME_NOT_FOUND)
			atomic_inc(&race->wrong);
		if (!ZwDeleteKey(sub))
			atomic_inc(&race->deleted);
		if (ZwClose(sub))
			atomic_inc(&race->wrong);
	}
}

/* Each key that was created was deleted, once. */
static void creation_and_deletion_race(struct kunit *test)
{
	struct nt_registry_race *race = kunit_kzalloc(test, sizeof(*race), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, race);
	race->key = nt_key_new(test);
	race->rounds = wqc_rounds(20000, 200);
	wqc_on_all_cpus(test, nt_registry_party, race);
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&race->wrong));
	KUNIT_EXPECT_GT(test, atomic_read(&race->created), 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&race->created), atomic_read(&race->deleted));
	KUNIT_EXPECT_FALSE(test, nt_key_exists(race->key, L"Shared"));
}

static struct kunit_case nt_registry_cases[] = {
	KUNIT_CASE(key_of_a_driver_is_there_when_it_enters),
	KUNIT_CASE(paths_are_looked_up_without_case),
	KUNIT_CASE(control_set_has_two_names),
	KUNIT_CASE(malformed_attributes_are_refused),
	KUNIT_CASE(key_is_created_once),
	KUNIT_CASE(keys_are_enumerated_in_the_order_of_their_names),
	KUNIT_CASE(key_tells_what_it_has),
	KUNIT_CASE(deleted_key_is_gone_for_its_handles),
	KUNIT_CASE(values_are_set_replaced_and_deleted),
	KUNIT_CASE(value_is_truncated_to_the_room_there_is),
	KUNIT_CASE(names_have_limits),
	KUNIT_CASE(data_has_a_limit),
	KUNIT_CASE(depth_has_a_limit),
	KUNIT_CASE(handles_are_of_keys_or_of_threads),
	KUNIT_CASE(calls_at_a_raised_irql_are_refused),
	KUNIT_CASE(creation_and_deletion_race),
	{}
};

static struct kunit_suite nt_registry_suite = {
	.name = "wqc_nt_registry",
	.test_cases = nt_registry_cases,
};

kunit_test_suite(nt_registry_suite);
