// SPDX-License-Identifier: GPL-2.0
/* Strings, formats, times, and the layout of types. */
#include <linux/module.h>

#include "nt_test.h"

/* A string literal L"" consists of WCHARs; its length is in bytes. */
static void unicode_string_counts_bytes(struct kunit *test)
{
	DECLARE_CONST_UNICODE_STRING(constant, L"abc");
	UNICODE_STRING string;
	STRING ansi;

	RtlInitUnicodeString(&string, L"abcd");
	KUNIT_EXPECT_EQ(test, 8, string.Length);
	KUNIT_EXPECT_EQ(test, 10, string.MaximumLength);
	KUNIT_EXPECT_EQ(test, 'd', string.Buffer[3]);
	KUNIT_EXPECT_EQ(test, 6, constant.Length);
	KUNIT_EXPECT_EQ(test, 8, constant.MaximumLength);
	RtlInitUnicodeString(&string, NULL);
	KUNIT_EXPECT_EQ(test, 0, string.Length + string.MaximumLength);
	RtlInitAnsiString(&ansi, "abcd");
	KUNIT_EXPECT_EQ(test, 4, ansi.Length);
	KUNIT_EXPECT_EQ(test, 5, ansi.MaximumLength);
}

/* Strings are compared by their counted lengths, and by capitals if asked. */
static void unicode_strings_are_compared(struct kunit *test)
{
	DECLARE_CONST_UNICODE_STRING(lower, L"\\device\\\x00e4\x03b1\x0436");
	DECLARE_CONST_UNICODE_STRING(upper, L"\\DEVICE\\\x00c4\x0391\x0416");
	DECLARE_CONST_UNICODE_STRING(head, L"\\Device");

	KUNIT_EXPECT_FALSE(test, RtlEqualUnicodeString(&lower, &upper, FALSE));
	KUNIT_EXPECT_TRUE(test, RtlEqualUnicodeString(&lower, &upper, TRUE));
	KUNIT_EXPECT_GT(test, RtlCompareUnicodeString(&lower, &upper, FALSE), 0);
	KUNIT_EXPECT_EQ(test, 0, RtlCompareUnicodeString(&lower, &upper, TRUE));
	KUNIT_EXPECT_LT(test, RtlCompareUnicodeString(&head, &upper, TRUE), 0);
	KUNIT_EXPECT_TRUE(test, RtlPrefixUnicodeString(&head, &upper, TRUE));
	KUNIT_EXPECT_FALSE(test, RtlPrefixUnicodeString(&head, &upper, FALSE));
	KUNIT_EXPECT_FALSE(test, RtlPrefixUnicodeString(&upper, &head, TRUE));
}

/* Strings of bytes are compared in the same way; bytes above 127 are Latin-1. */
static void strings_of_bytes_are_compared(struct kunit *test)
{
	STRING lower, upper, head, last;

	RtlInitString(&lower, "stra\337e\344");
	RtlInitString(&upper, "STRA\337E\304");
	RtlInitString(&head, "STRA");
	RtlInitString(&last, "STRA\377E\304");
	KUNIT_EXPECT_FALSE(test, RtlEqualString(&lower, &upper, FALSE));
	KUNIT_EXPECT_TRUE(test, RtlEqualString(&lower, &upper, TRUE));
	KUNIT_EXPECT_FALSE(test, RtlEqualString(&head, &upper, TRUE));
	KUNIT_EXPECT_GT(test, RtlCompareString(&lower, &upper, FALSE), 0);
	KUNIT_EXPECT_LT(test, RtlCompareString(&head, &upper, TRUE), 0);
	KUNIT_EXPECT_GT(test, RtlCompareString(&last, &upper, TRUE), 0);
	KUNIT_EXPECT_GT(test, RtlCompareString(&upper, &head, FALSE), 0);
}

/* A copy is cut to the buffer; a string that does not fit is not appended, not even in part. */
static void copies_and_appends_respect_the_buffer(struct kunit *test)
{
	DECLARE_CONST_UNICODE_STRING(long_one, L"abcdefgh");
	DECLARE_UNICODE_STRING_SIZE(string, 6);

	RtlCopyUnicodeString(&string, &long_one);
	KUNIT_EXPECT_EQ(test, 12, string.Length);
	KUNIT_EXPECT_EQ(test, 'f', string.Buffer[5]);
	string.Length = 4;
	KUNIT_EXPECT_EQ(test, STATUS_BUFFER_TOO_SMALL,
			RtlAppendUnicodeStringToString(&string, &long_one));
	KUNIT_EXPECT_EQ(test, 4, string.Length);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RtlAppendUnicodeToString(&string, L"xyz"));
	KUNIT_EXPECT_EQ(test, 10, string.Length);
	KUNIT_EXPECT_EQ(test, 0, wcscmp(string.Buffer, L"abxyz"));
	RtlCopyUnicodeString(&string, NULL);
	KUNIT_EXPECT_EQ(test, 0, string.Length);
}

/* The forms of ntstrsafe.h truncate, and say so. */
static void counted_strings_are_copied_safely(struct kunit *test)
{
	WCHAR *text = kunit_kzalloc(test, (UNICODE_STRING_MAX_CHARS + 1) * sizeof(*text),
				    GFP_KERNEL);
	DECLARE_CONST_UNICODE_STRING(source, L"abc");
	DECLARE_UNICODE_STRING_SIZE(string, 6);
	UNICODE_STRING any;
	int i;

	KUNIT_ASSERT_NOT_NULL(test, text);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RtlUnicodeStringInit(&any, NULL));
	KUNIT_EXPECT_EQ(test, 0, any.Length);
	for (i = 0; i < UNICODE_STRING_MAX_CHARS; i++)
		text[i] = 'x';
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, RtlUnicodeStringInit(&any, text));
	text[UNICODE_STRING_MAX_CHARS - 1] = 0;
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RtlUnicodeStringInit(&any, text));
	KUNIT_EXPECT_EQ(test, (UNICODE_STRING_MAX_CHARS - 1) * sizeof(WCHAR), any.Length);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RtlUnicodeStringCopy(&string, &source));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RtlUnicodeStringCatString(&string, L"de"));
	KUNIT_EXPECT_EQ(test, 10, string.Length);
	KUNIT_EXPECT_EQ(test, STATUS_BUFFER_OVERFLOW, RtlUnicodeStringCatString(&string, L"xyz"));
	KUNIT_EXPECT_EQ(test, 12, string.Length);
	KUNIT_EXPECT_EQ(test, 0, memcmp(string.Buffer, L"abcdex", 12));
	KUNIT_EXPECT_EQ(test, STATUS_BUFFER_OVERFLOW, RtlUnicodeStringCopy(&string, &any));
	KUNIT_EXPECT_EQ(test, 12, string.Length);
}

static void characters_become_lower_case(struct kunit *test)
{
	static const WCHAR pairs[][2] = {
		{ 'A', 'a' }, { 'Z', 'z' }, { 'a', 'a' }, { '[', '[' }, { 0xc4, 0xe4 },
		{ 0xd7, 0xd7 }, { 0xdf, 0xdf }, { 0x178, 0xff }, { 0x391, 0x3b1 },
		{ 0x3a2, 0x3a2 }, { 0x416, 0x436 }, { 0x401, 0x451 }, { 0x430, 0x430 },
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(pairs); i++)
		KUNIT_EXPECT_EQ(test, pairs[i][1], RtlDowncaseUnicodeChar(pairs[i][0]));
}

/* Strings are widened and narrowed, into a buffer or into pool memory. */
static void strings_are_converted(struct kunit *test)
{
	DECLARE_CONST_UNICODE_STRING(odd, L"a\x4e2d!");
	UNICODE_STRING wide;
	ANSI_STRING ansi, back;
	char small[2];

	RtlInitAnsiString(&ansi, "abc");
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RtlAnsiStringToUnicodeString(&wide, &ansi, TRUE));
	KUNIT_EXPECT_EQ(test, 6, wide.Length);
	KUNIT_EXPECT_EQ(test, 0, wcscmp(wide.Buffer, L"abc"));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RtlUnicodeStringToAnsiString(&back, &odd, TRUE));
	KUNIT_EXPECT_STREQ(test, "a?!", back.Buffer);
	RtlFreeAnsiString(&back);
	RtlInitEmptyAnsiString(&back, small, sizeof(small));
	KUNIT_EXPECT_EQ(test, STATUS_BUFFER_OVERFLOW,
			RtlUnicodeStringToAnsiString(&back, &wide, FALSE));
	RtlFreeUnicodeString(&wide);
	KUNIT_EXPECT_NULL(test, wide.Buffer);
}

/* The macro evaluates its argument once: it may be an expression with a side effect. */
static void empty_string_is_evaluated_once(struct kunit *test)
{
	UNICODE_STRING strings[3] = {}, *string = strings;
	ANSI_STRING bytes[3] = {}, *next = bytes;
	WCHAR wide[4];
	char text[4];

	RtlInitEmptyUnicodeString(string++, wide, sizeof(wide));
	KUNIT_EXPECT_PTR_EQ(test, strings + 1, string);
	KUNIT_EXPECT_PTR_EQ(test, (PWSTR)wide, strings[0].Buffer);
	KUNIT_EXPECT_EQ(test, 8, strings[0].MaximumLength);
	KUNIT_EXPECT_EQ(test, 0, strings[0].Length);
	RtlInitEmptyAnsiString(next++, text, sizeof(text));
	KUNIT_EXPECT_PTR_EQ(test, bytes + 1, next);
	KUNIT_EXPECT_EQ(test, 4, bytes[0].MaximumLength);
}

/* A safe string function that cuts a string terminates it, and returns a status that says so. */
static void safe_strings_are_terminated(struct kunit *test)
{
	WCHAR wide[4];
	char text[4];
	SIZE_T n;

	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RtlStringCbCopyA(text, sizeof(text), "abc"));
	KUNIT_EXPECT_EQ(test, STATUS_BUFFER_OVERFLOW, RtlStringCchCopyA(text, 4, "wxyz"));
	KUNIT_EXPECT_STREQ(test, "wxy", text);
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, RtlStringCchCopyA(text, 0, "a"));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RtlStringCchCopyA(text, 4, "ab"));
	KUNIT_EXPECT_EQ(test, STATUS_BUFFER_OVERFLOW, RtlStringCchCatA(text, 4, "cd"));
	KUNIT_EXPECT_STREQ(test, "abc", text);
	KUNIT_EXPECT_EQ(test, STATUS_BUFFER_OVERFLOW,
			RtlStringCbCopyW(wide, sizeof(wide), L"abcd"));
	KUNIT_EXPECT_EQ(test, 0, wcscmp(wide, L"abc"));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RtlStringCbLengthW(wide, sizeof(wide), &n));
	KUNIT_EXPECT_EQ(test, 6UL, n);
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, RtlStringCchLengthW(wide, 3, &n));
	wide[1] = 0;
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RtlStringCbCatW(wide, sizeof(wide), L"yz"));
	KUNIT_EXPECT_EQ(test, 0, wcscmp(wide, L"ayz"));
}

/* Every call refuses more than NTSTRSAFE_MAX_CCH characters, and writes nothing then. */
static void safe_strings_have_a_limit(struct kunit *test)
{
	enum { MANY = NTSTRSAFE_MAX_CCH };
	SIZE_T more = (SIZE_T)MANY + 1, n = 7;
	WCHAR wide[4] = L"abc";
	char text[4] = "abc";

	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RtlStringCchLengthA(text, MANY, &n));
	KUNIT_EXPECT_EQ(test, 3UL, n);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RtlStringCbLengthW(wide, 2UL * MANY, &n));
	KUNIT_EXPECT_EQ(test, 6UL, n);
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, RtlStringCchLengthA(text, more, &n));
	KUNIT_EXPECT_EQ(test, 0UL, n);
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, RtlStringCchLengthW(wide, more, NULL));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, RtlStringCbLengthA(text, more, &n));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, RtlStringCbLengthW(wide, 2 * more, &n));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, RtlStringCchCopyA(text, more, "x"));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, RtlStringCbCopyW(wide, 2 * more, L"x"));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, RtlStringCchCatA(text, more, ""));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, RtlStringCchCatW(wide, more, L""));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, RtlStringCchPrintfA(text, more, "x"));
	KUNIT_EXPECT_STREQ(test, "abc", text);
	KUNIT_EXPECT_EQ(test, 0, wcscmp(wide, L"abc"));
}

#define NT_FORMAT(want, ...)						\
	do {								\
		char text_[64];						\
									\
		KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,			\
				RtlStringCbPrintfA(text_, sizeof(text_), __VA_ARGS__)); \
		KUNIT_EXPECT_STREQ(test, want, text_);			\
	} while (0)

/* Formats have their meaning on Windows: "l" is 32 bits; "ws", "S", "wZ" are UTF-16. */
static void formats_are_those_of_windows(struct kunit *test)
{
	DECLARE_CONST_UNICODE_STRING(unicode, L"name");
	ANSI_STRING ansi;
	char cut[4];

	RtlInitAnsiString(&ansi, "ansi");
	NT_FORMAT("-1 4294967295 ffffffff", "%ld %lu %lx", -1, (ULONG)-1, (ULONG)-1);
	NT_FORMAT("0xC0000001|  7|7  |007|+7", "0x%08lX|%3d|%-3d|%03u|%+d",
		  STATUS_UNSUCCESSFUL, 7, 7, 7, 7);
	NT_FORMAT("123456789abcdef 123456789abcdef -2", "%I64x %llx %I64d",
		  0x123456789abcdefULL, 0x123456789abcdefULL, -2LL);
	NT_FORMAT("65535 -1 255", "%hu %hd %hhu", 0x1ffff, 0xffff, 0x1ff);
	NT_FORMAT("wide wide|  na|name|ansi", "%ws %S|%4.2ls|%wZ|%Z", L"wide", L"wide",
		  L"name", &unicode, &ansi);
	NT_FORMAT("a|ab|   x|100%", "%c|%.*s|%*s|100%%", 'a', 2, "abc", 4, "x");
	NT_FORMAT("(null) (null)", "%s %wZ", NULL, NULL);
	/* Behind an unknown conversion, the types of the arguments are unknown. */
	NT_FORMAT("1 %f %d", "%d %f %d", 1, 2, 3);
	KUNIT_EXPECT_EQ(test, STATUS_BUFFER_OVERFLOW, RtlStringCbPrintfA(cut, 4, "%d", 12345));
	KUNIT_EXPECT_STREQ(test, "123", cut);
}

/* Flags, widths and precisions have their meaning in Microsoft's C library. */
static void formats_have_flags_widths_and_precisions(struct kunit *test)
{
	NT_FORMAT("0 0x1|0||    002a|0010", "%#x %#x|%#o|%.0d|%08.4x|%#.4o", 0, 1, 0, 0, 42, 8);
	NT_FORMAT("[7   ][00abc][7][abc]", "[%*d][%05s][%.*d][%.*s]", -4, 7, "abc", -1, 7, -1,
		  "abc");
	NT_FORMAT("(nu|(null)", "%.3s|%.3Z", NULL, NULL);
}

/*
 * UTF-16, in a string or a single character, becomes UTF-8; a character that does not fit is
 * omitted.
 */
static void formats_show_utf16_as_utf8(struct kunit *test)
{
	DECLARE_CONST_UNICODE_STRING(euro, L"\x20ac.");
	char cut[4];

	NT_FORMAT("\xe2\x82\xac.|\xe2\x82\xac.| \xe2\x82\xac|\xe2\x82\xac", "%wZ|%ws|%2.1S|%wc",
		  &euro, euro.Buffer, euro.Buffer, 0x20ac);
	NT_FORMAT("\xc3\xa4 \xe4", "%C %c", 0xe4, 0xe4);
	KUNIT_EXPECT_EQ(test, STATUS_BUFFER_OVERFLOW,
			RtlStringCbPrintfA(cut, 4, ".%wZ", &euro));
	KUNIT_EXPECT_STREQ(test, ".", cut);
}

/* A text is truncated by the size of the buffer only, and then the status is a buffer overflow. */
static void truncated_format_returns_buffer_overflow(struct kunit *test)
{
	char *string = kunit_kzalloc(test, 2048, GFP_KERNEL);
	char *text = kunit_kzalloc(test, 2048, GFP_KERNEL);
	char cut[4];

	KUNIT_ASSERT_TRUE(test, string && text);
	memset(string, 'x', 1000);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			RtlStringCbPrintfA(text, 2048, "%.*s%0*d", 1000, string, 1000, 1));
	KUNIT_EXPECT_EQ(test, 2000, (int)strlen(text));
	KUNIT_EXPECT_EQ(test, STATUS_BUFFER_OVERFLOW,
			RtlStringCbPrintfA(text, 2000, "%.*s%0*d", 1000, string, 1000, 1));
	/* In an int, the length would overflow to 0 bytes. */
	KUNIT_EXPECT_EQ(test, STATUS_BUFFER_OVERFLOW,
			RtlStringCbPrintfA(cut, 4, "%*d%*d", INT_MIN, 1, INT_MIN, 1));
	KUNIT_EXPECT_STREQ(test, "1  ", cut);
}

/* An address is printed as a hash, as everywhere in the kernel. */
static void formats_hash_pointers(struct kunit *test)
{
	char plain[24], kernels[24];

	snprintf(plain, sizeof(plain), "%lx", (unsigned long)test);
	snprintf(kernels, sizeof(kernels), "%p", test);
	KUNIT_EXPECT_NULL(test, strstr(kernels, plain));
	NT_FORMAT(kernels, "%p", test);
}

/* Times are in 100 ns; system time counts from 1601. */
static void times_are_those_of_windows(struct kunit *test)
{
	LARGE_INTEGER system, frequency, ticks;
	s64 unix_time = ktime_get_real_seconds();
	ULONGLONG before, interrupt, after;

	KeQuerySystemTime(&system);
	KUNIT_EXPECT_LE(test, abs(system.QuadPart / 10000000 - 11644473600LL - unix_time), 60LL);
	before = div_u64(ktime_get_boottime_ns(), 100);
	interrupt = KeQueryInterruptTime();
	after = div_u64(ktime_get_boottime_ns(), 100);
	KUNIT_EXPECT_LE(test, before, interrupt);
	KUNIT_EXPECT_LE(test, interrupt, after);
	KeQueryPerformanceCounter(&frequency);
	KUNIT_EXPECT_EQ(test, 10000000LL, frequency.QuadPart);
	KeQueryTickCount(&ticks);
	ticks.QuadPart *= KeQueryTimeIncrement();
	KUNIT_EXPECT_LE(test, abs(ticks.QuadPart - (s64)after), 600000000LL);
}

/* A time is converted to calendar fields and back; a date that does not exist is refused. */
static void times_have_fields(struct kunit *test)
{
	LARGE_INTEGER leap = { .QuadPart = 133537247991234567LL }, time;
	TIME_FIELDS f;

	RtlTimeToTimeFields(&leap, &f);
	KUNIT_EXPECT_EQ(test, 2024, f.Year);
	KUNIT_EXPECT_EQ(test, 2, f.Month);
	KUNIT_EXPECT_EQ(test, 29, f.Day);
	KUNIT_EXPECT_EQ(test, 23, f.Hour);
	KUNIT_EXPECT_EQ(test, 59, f.Minute);
	KUNIT_EXPECT_EQ(test, 59, f.Second);
	KUNIT_EXPECT_EQ(test, 123, f.Milliseconds);
	KUNIT_EXPECT_EQ(test, 4, f.Weekday);
	KUNIT_EXPECT_TRUE(test, RtlTimeFieldsToTime(&f, &time));
	KUNIT_EXPECT_EQ(test, 133537247991230000LL, time.QuadPart);
	f.Year = 2023;
	KUNIT_EXPECT_FALSE(test, RtlTimeFieldsToTime(&f, &time));
	f.Year = 1600;
	KUNIT_EXPECT_FALSE(test, RtlTimeFieldsToTime(&f, &time));
	KUNIT_EXPECT_EQ(test, 133537247991230000LL, time.QuadPart);
	time.QuadPart = 0;
	RtlTimeToTimeFields(&time, &f);
	KUNIT_EXPECT_EQ(test, 1601, f.Year);
	KUNIT_EXPECT_EQ(test, 1, f.Day);
	KUNIT_EXPECT_EQ(test, 1, f.Weekday);
}

/* Sizes and offsets that drivers depend on. */
static void types_have_their_sizes(struct kunit *test)
{
	LARGE_INTEGER li = { .QuadPart = 0x123456789LL };

	KUNIT_EXPECT_EQ(test, 4UL, sizeof(LONG));
	KUNIT_EXPECT_EQ(test, 4UL, sizeof(ULONG));
	KUNIT_EXPECT_EQ(test, 2UL, sizeof(WCHAR));
	KUNIT_EXPECT_EQ(test, 2UL, sizeof(L'a'));
	KUNIT_EXPECT_EQ(test, sizeof(PVOID), sizeof(ULONG_PTR));
	KUNIT_EXPECT_EQ(test, 24UL, sizeof(KEVENT));
	KUNIT_EXPECT_EQ(test, 16UL, sizeof(SLIST_HEADER));
	KUNIT_EXPECT_EQ(test, 16UL, __alignof__(SLIST_HEADER));
	KUNIT_EXPECT_EQ(test, 0x23456789U, li.LowPart);
	KUNIT_EXPECT_EQ(test, 1, li.HighPart);
	KUNIT_EXPECT_EQ(test, (LONG)sizeof(LIST_ENTRY),
			FIELD_OFFSET(WORK_QUEUE_ITEM, WorkerRoutine));
}

static struct kunit_case nt_string_cases[] = {
	KUNIT_CASE(unicode_string_counts_bytes),
	KUNIT_CASE(unicode_strings_are_compared),
	KUNIT_CASE(strings_of_bytes_are_compared),
	KUNIT_CASE(copies_and_appends_respect_the_buffer),
	KUNIT_CASE(counted_strings_are_copied_safely),
	KUNIT_CASE(characters_become_lower_case),
	KUNIT_CASE(strings_are_converted),
	KUNIT_CASE(empty_string_is_evaluated_once),
	KUNIT_CASE(safe_strings_are_terminated),
	KUNIT_CASE(safe_strings_have_a_limit),
	KUNIT_CASE(formats_are_those_of_windows),
	KUNIT_CASE(formats_have_flags_widths_and_precisions),
	KUNIT_CASE(formats_show_utf16_as_utf8),
	KUNIT_CASE(truncated_format_returns_buffer_overflow),
	KUNIT_CASE(formats_hash_pointers),
	KUNIT_CASE(times_are_those_of_windows),
	KUNIT_CASE(times_have_fields),
	KUNIT_CASE(types_have_their_sizes),
	{}
};

static struct kunit_suite nt_string_suite = {
	.name = "wqc_nt_string",
	.test_cases = nt_string_cases,
};

kunit_test_suite(nt_string_suite);
