// SPDX-License-Identifier: GPL-2.0
/* Registry calls by path, and RtlQueryRegistryValues(). */
#include <linux/module.h>

#include "nt_test.h"

#define MINE		L"wqc_query"
#define ABSOLUTE	L"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\wqc_query"

static void nt_query_drop(const WCHAR *path)
{
	OBJECT_ATTRIBUTES attributes;
	UNICODE_STRING name;
	HANDLE key;

	RtlInitUnicodeString(&name, path);
	InitializeObjectAttributes(&attributes, &name, OBJ_KERNEL_HANDLE, NULL, NULL);
	if (ZwOpenKey(&key, 0, &attributes))
		return;
	ZwDeleteKey(key);
	ZwClose(key);
}

static void nt_query_clear(void *unused)
{
	nt_query_drop(ABSOLUTE L"\\Sub");
	nt_query_drop(ABSOLUTE);
}

static NTSTATUS nt_write(PCWSTR path, PCWSTR name, ULONG type, const void *data, ULONG size)
{
	return RtlWriteRegistryValue(RTL_REGISTRY_SERVICES, path, name, type, (PVOID)data, size);
}

/* A key with values, and one below it. It is deleted when the case ends. */
static void nt_query_key(struct kunit *test)
{
	ULONG number = 0x12345678;
	u64 large = 0x1122334455667788;

	wqc_at_exit(test, nt_query_clear, test);
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, RtlCreateRegistryKey(RTL_REGISTRY_SERVICES, MINE));
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, nt_write(MINE, L"Number", REG_DWORD, &number, 4));
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, nt_write(MINE, L"Text", REG_SZ, L"text", 10));
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			nt_write(MINE, L"Many", REG_MULTI_SZ, L"one\0three\0", 22));
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, nt_write(MINE, L"Large", REG_QWORD, &large, 8));
	/* Without its terminator. */
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			nt_write(MINE, L"Path", REG_EXPAND_SZ, L"%No%", 8));
	number = 7;
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			nt_write(MINE L"\\Sub", L"Deep", REG_DWORD, &number, 4));
}

/* What a routine was called with. */
struct nt_query_call {
	WCHAR name[16];
	bool has_name;
	ULONG type;
	ULONG size;
	WCHAR data[16];
	PVOID context;
	PVOID entry;
};

static struct {
	struct nt_query_call calls[16];
	int n;
	int fail_at;
} nt_calls;

static NTSTATUS nt_query_note(PWSTR name, ULONG type, PVOID data, ULONG size, PVOID context,
			      PVOID entry)
{
	struct nt_query_call *call = &nt_calls.calls[nt_calls.n++ % ARRAY_SIZE(nt_calls.calls)];
	ULONG number = type;

	memset(call, 0, sizeof(*call));
	call->has_name = name;
	if (name)
		memcpy(call->name, name, min(wcslen(name) * 2, sizeof(call->name) - 2));
	call->type = type;
	call->size = size;
	/* Two bytes more than the value has: those of a terminator. */
	if (data)
		memcpy(call->data, data, min_t(size_t, size + 2, sizeof(call->data)));
	call->context = context;
	call->entry = entry;
	/* A routine may call the registry. */
	if (nt_write(MINE, L"Number", REG_DWORD, &number, 4))
		return STATUS_DEVICE_NOT_READY;
	return nt_calls.n == nt_calls.fail_at ? STATUS_DEVICE_BUSY : STATUS_SUCCESS;
}

static NTSTATUS nt_query(RTL_QUERY_REGISTRY_TABLE *table)
{
	memset(&nt_calls, 0, sizeof(nt_calls));
	return RtlQueryRegistryValues(RTL_REGISTRY_SERVICES, MINE, table, nt_query_clear, NULL);
}

static NTSTATUS nt_query_one(RTL_QUERY_REGISTRY_TABLE entry)
{
	RTL_QUERY_REGISTRY_TABLE table[2] = { entry };

	return nt_query(table);
}

/* With nt_query_note() as its routine. */
static NTSTATUS nt_query_noted(ULONG flags, PCWSTR name, struct kunit *test)
{
	return nt_query_one((RTL_QUERY_REGISTRY_TABLE){ nt_query_note, flags, name, test });
}

static void nt_expect_call(struct kunit *test, int i, PCWSTR name, ULONG type, const void *data,
			   ULONG size)
{
	struct nt_query_call *call = &nt_calls.calls[i];

	KUNIT_EXPECT_EQ_MSG(test, 0, wcscmp(call->name, name), "call %d", i);
	KUNIT_EXPECT_EQ_MSG(test, type, call->type, "call %d", i);
	KUNIT_EXPECT_EQ_MSG(test, size, call->size, "call %d", i);
	KUNIT_EXPECT_EQ_MSG(test, 0, memcmp(call->data, data, size), "call %d", i);
	KUNIT_EXPECT_PTR_EQ(test, (PVOID)nt_query_clear, call->context);
	KUNIT_EXPECT_PTR_EQ(test, (PVOID)test, call->entry);
}

/* ---- by path ----------------------------------------------------------------------- */

static void keys_and_values_have_paths(struct kunit *test)
{
	static WCHAR absolute[] = ABSOLUTE;
	OBJECT_ATTRIBUTES attributes;
	UNICODE_STRING name;
	HANDLE key = NULL;

	nt_query_key(test);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RtlCheckRegistryKey(RTL_REGISTRY_SERVICES, MINE));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RtlCheckRegistryKey(RTL_REGISTRY_ABSOLUTE, absolute));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RtlCheckRegistryKey(RTL_REGISTRY_CONTROL, NULL));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RtlCheckRegistryKey(RTL_REGISTRY_WINDOWS_NT, L""));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RtlCheckRegistryKey(RTL_REGISTRY_DEVICEMAP, L""));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RtlCheckRegistryKey(RTL_REGISTRY_USER, L""));
	KUNIT_EXPECT_EQ(test, STATUS_OBJECT_NAME_NOT_FOUND,
			RtlCheckRegistryKey(RTL_REGISTRY_CONTROL, MINE));
	KUNIT_EXPECT_EQ(test, STATUS_OBJECT_PATH_SYNTAX_BAD,
			RtlCheckRegistryKey(RTL_REGISTRY_SERVICES, absolute));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER,
			RtlCheckRegistryKey(RTL_REGISTRY_MAXIMUM, MINE));
	/* Only the last component is created. */
	KUNIT_EXPECT_EQ(test, STATUS_OBJECT_NAME_NOT_FOUND,
			nt_write(MINE L"\\No\\No", L"v", REG_SZ, NULL, 0));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, nt_write(MINE, L"v", REG_SZ, NULL, 1));
	RtlInitUnicodeString(&name, ABSOLUTE);
	InitializeObjectAttributes(&attributes, &name, OBJ_KERNEL_HANDLE, NULL, NULL);
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, ZwOpenKey(&key, KEY_READ, &attributes));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			RtlDeleteRegistryValue(RTL_REGISTRY_HANDLE, (PCWSTR)key, L"text"));
	KUNIT_EXPECT_EQ(test, STATUS_OBJECT_NAME_NOT_FOUND,
			RtlDeleteRegistryValue(RTL_REGISTRY_SERVICES, MINE, L"Text"));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, ZwClose(key));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_HANDLE,
			RtlCheckRegistryKey(RTL_REGISTRY_HANDLE, (PWSTR)key));
}

/* ---- routines ---------------------------------------------------------------------- */

static void routine_gets_the_value(struct kunit *test)
{
	RTL_QUERY_REGISTRY_TABLE table[] = {
		{ nt_query_note, 0, L"text", test },
		{ nt_query_note, 0, L"Absent", test },
		{ nt_query_note, RTL_QUERY_REGISTRY_NOVALUE, NULL, test },
		{ nt_query_note, 0, L"Path", test },
		{}
	};
	ULONG number = 0x12345678;

	nt_query_key(test);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_query(table));
	KUNIT_EXPECT_EQ(test, 3, nt_calls.n);
	nt_expect_call(test, 0, L"Text", REG_SZ, L"text", 10);
	nt_expect_call(test, 1, L"", REG_NONE, NULL, 0);
	KUNIT_EXPECT_FALSE(test, nt_calls.calls[1].has_name);
	/* A terminator follows, though it is not stored. */
	nt_expect_call(test, 2, L"Path", REG_SZ, L"%No%", 8);
	KUNIT_EXPECT_EQ(test, 0, (int)nt_calls.calls[2].data[4]);
	/* All values, in their order. A routine has changed the first one. */
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, nt_write(MINE, L"Number", REG_DWORD, &number, 4));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			nt_query_noted(0, NULL, test));
	KUNIT_EXPECT_EQ(test, 6, nt_calls.n);
	nt_expect_call(test, 0, L"Number", REG_DWORD, &number, 4);
	nt_expect_call(test, 2, L"Many", REG_SZ, L"one", 8);
	nt_expect_call(test, 5, L"Path", REG_SZ, L"%No%", 8);
}

static void strings_are_a_call_each(struct kunit *test)
{
	nt_query_key(test);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			nt_query_noted(0, L"Many", test));
	KUNIT_EXPECT_EQ(test, 2, nt_calls.n);
	nt_expect_call(test, 0, L"Many", REG_SZ, L"one", 8);
	nt_expect_call(test, 1, L"Many", REG_SZ, L"three", 12);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			nt_query_noted(RTL_QUERY_REGISTRY_NOEXPAND, L"Many", test));
	KUNIT_EXPECT_EQ(test, 1, nt_calls.n);
	nt_expect_call(test, 0, L"Many", REG_MULTI_SZ, L"one\0three\0", 22);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			nt_query_noted(RTL_QUERY_REGISTRY_NOEXPAND, L"Path", test));
	nt_expect_call(test, 0, L"Path", REG_EXPAND_SZ, L"%No%", 8);
}

static void subkeys_are_entered_and_left(struct kunit *test)
{
	RTL_QUERY_REGISTRY_TABLE table[] = {
		{ nt_query_note, RTL_QUERY_REGISTRY_SUBKEY, L"Sub", test },
		{ nt_query_note, 0, L"Deep", test },
		{ nt_query_note, 0, L"Text", test },
		{ nt_query_note, RTL_QUERY_REGISTRY_TOPKEY, L"Text", test },
		{ nt_query_note, RTL_QUERY_REGISTRY_SUBKEY, L"None", test },
		{ nt_query_note, 0, L"Text", test },
		{}
	};
	ULONG seven = 7;

	nt_query_key(test);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_query(table));
	KUNIT_EXPECT_EQ(test, 3, nt_calls.n);
	nt_expect_call(test, 0, L"Deep", REG_DWORD, &seven, 4);
	nt_expect_call(test, 1, L"Deep", REG_DWORD, &seven, 4);
	nt_expect_call(test, 2, L"Text", REG_SZ, L"text", 10);
	table[0] = (RTL_QUERY_REGISTRY_TABLE){
		NULL, RTL_QUERY_REGISTRY_SUBKEY | RTL_QUERY_REGISTRY_REQUIRED, L"None"
	};
	KUNIT_EXPECT_EQ(test, STATUS_OBJECT_NAME_NOT_FOUND, nt_query(table));
	table[0].Name = NULL;
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, nt_query(table));
	KUNIT_EXPECT_EQ(test, 0, nt_calls.n);
}

static void defaults_replace_what_is_absent(struct kunit *test)
{
	ULONG number = 9, to = 1;
	RTL_QUERY_REGISTRY_TABLE table[] = {
		{ nt_query_note, 0, L"A", test, REG_DWORD, &number, 4 },
		{ nt_query_note, 0, L"B", test, REG_SZ, L"default", 0 },
		{ nt_query_note, 0, L"C", test, REG_MULTI_SZ, L"x\0y\0", 0 },
		{ NULL, RTL_QUERY_REGISTRY_DIRECT, L"D", &to, REG_DWORD, &number, 4 },
		{ nt_query_note, 0, L"E", test, REG_NONE, &number, 4 },
		{ nt_query_note, RTL_QUERY_REGISTRY_REQUIRED, L"F", test, REG_DWORD, &number, 4 },
		{ nt_query_note, 0, L"G", test, REG_DWORD, &number, 4 },
		{}
	};

	nt_query_key(test);
	KUNIT_EXPECT_EQ(test, STATUS_OBJECT_NAME_NOT_FOUND, nt_query(table));
	KUNIT_EXPECT_EQ(test, 4, nt_calls.n);
	nt_expect_call(test, 0, L"A", REG_DWORD, &number, 4);
	nt_expect_call(test, 1, L"B", REG_SZ, L"default", 16);
	nt_expect_call(test, 2, L"C", REG_SZ, L"x", 4);
	nt_expect_call(test, 3, L"C", REG_SZ, L"y", 4);
	KUNIT_EXPECT_EQ(test, 9U, to);
	/* A key that need not exist is like one without values. */
	to = 1;
	KUNIT_EXPECT_EQ(test, STATUS_OBJECT_NAME_NOT_FOUND,
			RtlQueryRegistryValues(RTL_REGISTRY_SERVICES | RTL_REGISTRY_OPTIONAL,
					       L"wqc_none", table + 3, NULL, NULL));
	KUNIT_EXPECT_EQ(test, 9U, to);
	table[1] = (RTL_QUERY_REGISTRY_TABLE){};
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			RtlQueryRegistryValues(RTL_REGISTRY_SERVICES | RTL_REGISTRY_OPTIONAL,
					       L"wqc_none", table, NULL, NULL));
	KUNIT_EXPECT_EQ(test, STATUS_OBJECT_NAME_NOT_FOUND,
			RtlQueryRegistryValues(RTL_REGISTRY_SERVICES, L"wqc_none", table, NULL,
					       NULL));
}

static void error_of_a_routine_ends_the_query(struct kunit *test)
{
	RTL_QUERY_REGISTRY_TABLE all[] = { { nt_query_note, 0, NULL, test }, {} };

	nt_query_key(test);
	memset(&nt_calls, 0, sizeof(nt_calls));
	nt_calls.fail_at = 2;
	KUNIT_EXPECT_EQ(test, STATUS_DEVICE_BUSY,
			RtlQueryRegistryValues(RTL_REGISTRY_SERVICES, MINE, all, NULL, NULL));
	KUNIT_EXPECT_EQ(test, 2, nt_calls.n);
}

static void value_is_deleted_after_the_query(struct kunit *test)
{
	nt_query_key(test);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			nt_query_noted(RTL_QUERY_REGISTRY_DELETE, L"Text", test));
	nt_expect_call(test, 0, L"Text", REG_SZ, L"text", 10);
	KUNIT_EXPECT_EQ(test, STATUS_OBJECT_NAME_NOT_FOUND,
			RtlDeleteRegistryValue(RTL_REGISTRY_SERVICES, MINE, L"Text"));
}

/* ---- direct ------------------------------------------------------------------------ */

#define DIRECT		RTL_QUERY_REGISTRY_DIRECT
#define CHECKED(type)	((type) << RTL_QUERY_REGISTRY_TYPECHECK_SHIFT)

static NTSTATUS nt_direct(PCWSTR name, ULONG flags, PVOID to, ULONG type)
{
	return nt_query_one((RTL_QUERY_REGISTRY_TABLE){ NULL, DIRECT | flags, name, to, type });
}

static void numbers_are_stored_directly(struct kunit *test)
{
	struct { ULONG size, type; u64 number; ULONG beyond; } __packed large = { .beyond = 5 };
	struct { ULONG number, beyond; } number = { 1, 2 };

	nt_query_key(test);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_direct(L"Number", 0, &number, 0));
	KUNIT_EXPECT_EQ(test, 0x12345678U, number.number);
	KUNIT_EXPECT_EQ(test, 2U, number.beyond);
	/* More than a ULONG: the buffer begins with its size. */
	large.size = 16;
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_direct(L"Large", 0, &large, 0));
	KUNIT_EXPECT_EQ(test, 8U, large.size);
	KUNIT_EXPECT_EQ(test, (ULONG)REG_QWORD, large.type);
	KUNIT_EXPECT_EQ(test, 0x1122334455667788ULL, large.number);
	large.size = -8;
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_direct(L"Large", 0, &large, 0));
	KUNIT_EXPECT_EQ(test, 0x55667788U, large.size);
	KUNIT_EXPECT_EQ(test, 0x11223344U, large.type);
	large.size = 15;
	KUNIT_EXPECT_EQ(test, STATUS_BUFFER_TOO_SMALL, nt_direct(L"Large", 0, &large, 0));
	large.size = -7;
	KUNIT_EXPECT_EQ(test, STATUS_BUFFER_TOO_SMALL, nt_direct(L"Large", 0, &large, 0));
	KUNIT_EXPECT_EQ(test, 5U, large.beyond);
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, nt_direct(NULL, 0, &large, 0));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, nt_direct(L"Large", 0, NULL, 0));
}

static void strings_are_stored_directly(struct kunit *test)
{
	UNICODE_STRING text = {}, mine;
	WCHAR buffer[6];

	nt_query_key(test);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_direct(L"Text", 0, &text, 0));
	KUNIT_ASSERT_NOT_NULL(test, text.Buffer);
	KUNIT_EXPECT_EQ(test, 8, (int)text.Length);
	KUNIT_EXPECT_EQ(test, 10, (int)text.MaximumLength);
	KUNIT_EXPECT_EQ(test, 0, wcscmp(text.Buffer, L"text"));
	RtlFreeUnicodeString(&text);
	/* With a terminator, which was not stored. */
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_direct(L"Path", 0, &text, 0));
	KUNIT_EXPECT_EQ(test, 8, (int)text.Length);
	KUNIT_EXPECT_EQ(test, 0, wcscmp(text.Buffer, L"%No%"));
	ExFreePool(text.Buffer);
	memset(buffer, 0xff, sizeof(buffer));
	mine = (UNICODE_STRING){ 0, 10, buffer };
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_direct(L"Text", 0, &mine, 0));
	KUNIT_EXPECT_EQ(test, 8, (int)mine.Length);
	KUNIT_EXPECT_EQ(test, 0, wcscmp(buffer, L"text"));
	KUNIT_EXPECT_EQ(test, 0xffff, (int)buffer[5]);
	mine.MaximumLength = 8;
	KUNIT_EXPECT_EQ(test, STATUS_BUFFER_TOO_SMALL, nt_direct(L"Text", 0, &mine, 0));
	text = (UNICODE_STRING){};
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			nt_direct(L"Many", RTL_QUERY_REGISTRY_NOEXPAND, &text, 0));
	KUNIT_EXPECT_EQ(test, 20, (int)text.Length);
	KUNIT_EXPECT_EQ(test, 0, memcmp(text.Buffer, L"one\0three\0", 22));
	RtlFreeUnicodeString(&text);
}

static void type_is_checked(struct kunit *test)
{
	ULONG number = 1, nine = 9;
	RTL_QUERY_REGISTRY_TABLE absent = {
		NULL, DIRECT | RTL_QUERY_REGISTRY_TYPECHECK, L"None", &number,
		CHECKED(REG_DWORD) | REG_DWORD, &nine, 4
	};
	UNICODE_STRING text = {};

	nt_query_key(test);
	KUNIT_EXPECT_EQ(test, STATUS_OBJECT_TYPE_MISMATCH,
			nt_direct(L"Text", RTL_QUERY_REGISTRY_TYPECHECK, &number,
				  CHECKED(REG_DWORD)));
	KUNIT_EXPECT_EQ(test, 1U, number);
	KUNIT_EXPECT_EQ(test, STATUS_OBJECT_TYPE_MISMATCH,
			nt_direct(L"Number", RTL_QUERY_REGISTRY_TYPECHECK, &text, CHECKED(REG_SZ)));
	KUNIT_EXPECT_NULL(test, text.Buffer);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			nt_direct(L"Number", RTL_QUERY_REGISTRY_TYPECHECK, &number,
				  CHECKED(REG_DWORD)));
	KUNIT_EXPECT_EQ(test, 0x12345678U, number);
	/* A default beside the type that is checked. */
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_query_one(absent));
	KUNIT_EXPECT_EQ(test, 9U, number);
}

static void calls_by_path_are_refused_at_a_raised_irql(struct kunit *test)
{
	u64 reports = wqc_reports(test, "sleeping call at DISPATCH_LEVEL or above");
	RTL_QUERY_REGISTRY_TABLE end = {};
	NTSTATUS statuses[5];
	KIRQL irql;
	int i = 0;

	KeRaiseIrql(DISPATCH_LEVEL, &irql);
	statuses[i++] = RtlCheckRegistryKey(RTL_REGISTRY_SERVICES, MINE);
	statuses[i++] = RtlCreateRegistryKey(RTL_REGISTRY_SERVICES, MINE);
	statuses[i++] = nt_write(MINE, L"v", REG_SZ, NULL, 0);
	statuses[i++] = RtlDeleteRegistryValue(RTL_REGISTRY_SERVICES, MINE, L"v");
	statuses[i++] = RtlQueryRegistryValues(RTL_REGISTRY_SERVICES, MINE, &end, NULL, NULL);
	KeLowerIrql(irql);
	while (i--)
		KUNIT_EXPECT_EQ_MSG(test, STATUS_UNSUCCESSFUL, statuses[i], "call %d", i);
	KUNIT_EXPECT_EQ(test, reports + ARRAY_SIZE(statuses),
			wqc_reports(test, "sleeping call at DISPATCH_LEVEL or above"));
}

static struct kunit_case nt_query_cases[] = {
	KUNIT_CASE(keys_and_values_have_paths),
	KUNIT_CASE(routine_gets_the_value),
	KUNIT_CASE(strings_are_a_call_each),
	KUNIT_CASE(subkeys_are_entered_and_left),
	KUNIT_CASE(defaults_replace_what_is_absent),
	KUNIT_CASE(error_of_a_routine_ends_the_query),
	KUNIT_CASE(value_is_deleted_after_the_query),
	KUNIT_CASE(numbers_are_stored_directly),
	KUNIT_CASE(strings_are_stored_directly),
	KUNIT_CASE(type_is_checked),
	KUNIT_CASE(calls_by_path_are_refused_at_a_raised_irql),
	{}
};

static struct kunit_suite nt_query_suite = {
	.name = "wqc_nt_query",
	.test_cases = nt_query_cases,
};

kunit_test_suite(nt_query_suite);
