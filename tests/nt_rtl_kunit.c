// SPDX-License-Identifier: GPL-2.0
/*
 * Formats of UTF-16, the C run-time library, bitmaps, sums that report an overflow, and the forms
 * of the interlocked operations.
 */
#include <linux/module.h>
#include <linux/prandom.h>

#include "nt_test.h"
#include "../include/ntintsafe.h"

#define FORMATS(text, ...)						\
	do {								\
		WCHAR wide_[80];					\
									\
		KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,			\
				RtlStringCbPrintfW(wide_, sizeof(wide_), __VA_ARGS__)); \
		KUNIT_EXPECT_EQ(test, 0, wcscmp(text, wide_));		\
	} while (0)

/* In a format of UTF-16 %s and %c are UTF-16, %S and %C bytes; sizes override that. */
static void wide_formats_are_those_of_windows(struct kunit *test)
{
	DECLARE_CONST_UNICODE_STRING(counted, L"c\x0416");
	STRING ansi;

	RtlInitAnsiString(&ansi, "an\344");
	FORMATS(L"\x0416 w\x03b1 narrow \x4e2d",  L"\x0416 %s %S \x4e2d", L"w\x03b1", "narrow");
	FORMATS(L"w n w n", L"%ls %hs %ws %hS", L"w", "n", L"w", "n");
	FORMATS(L"\x03b1!\x03b1", L"%c%C%lc", 0x3b1, '!', 0x3b1);
	FORMATS(L"c\x0416 an\x00e4", L"%wZ %Z", &counted, &ansi);
	FORMATS(L"-5 00ff 18446744073709551615 %", L"%d %04x %I64u %%", -5, 255, ~0ULL);
	FORMATS(L"[ \xd83d\xde00][ab ]", L"[%3s][%-3.2S]", L"\xd83d\xde00", "abc");
	FORMATS(L"(null)", L"%s", NULL);
	FORMATS(L"a%f %d", L"%c%f %d", 'a', 1);
}

/* A text that is too long is truncated and terminated. */
static void wide_format_that_is_truncated_says_so(struct kunit *test)
{
	WCHAR wide[6] = L"xxxxx";

	KUNIT_EXPECT_EQ(test, STATUS_BUFFER_OVERFLOW, RtlStringCchPrintfW(wide, 4, L"%d", 12345));
	KUNIT_EXPECT_EQ(test, 0, wcscmp(L"123", wide));
	KUNIT_EXPECT_EQ(test, 'x', wide[4]);
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, RtlStringCchPrintfW(wide, 0, L"%d", 1));
}

/* A counted string gets no terminator, and may be filled up to its last character. */
static void counted_strings_are_formatted(struct kunit *test)
{
	DECLARE_CONST_UNICODE_STRING(tail, L"tail");
	WCHAR buffer[6] = L"yyyyy";
	UNICODE_STRING string;

	RtlInitEmptyUnicodeString(&string, buffer, 4 * sizeof(WCHAR));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RtlUnicodeStringPrintf(&string, L"%04x", 0xabc));
	KUNIT_EXPECT_EQ(test, 8, string.Length);
	KUNIT_EXPECT_EQ(test, 0, wcscmp(L"0abcy", buffer));
	KUNIT_EXPECT_EQ(test, STATUS_BUFFER_OVERFLOW,
			RtlUnicodeStringPrintf(&string, L"%d", 12345));
	KUNIT_EXPECT_EQ(test, 0, wcscmp(L"1234y", buffer));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RtlUnicodeStringCopyString(&string, L"ab"));
	KUNIT_EXPECT_EQ(test, 4, string.Length);
	KUNIT_EXPECT_EQ(test, STATUS_BUFFER_OVERFLOW, RtlUnicodeStringCat(&string, &tail));
	KUNIT_EXPECT_EQ(test, 8, string.Length);
	KUNIT_EXPECT_EQ(test, 0, wcscmp(L"abtay", buffer));
	string.Length = 3;
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, RtlUnicodeStringPrintf(&string, L"x"));
}

/* A limited number of characters is copied or appended. */
static void copies_of_n_characters_are_limited(struct kunit *test)
{
	WCHAR wide[8];
	char text[8];

	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RtlStringCbCopyNA(text, 8, "abcdef", 3));
	KUNIT_EXPECT_STREQ(test, "abc", text);
	KUNIT_EXPECT_EQ(test, STATUS_BUFFER_OVERFLOW, RtlStringCchCatNA(text, 6, "defg", 4));
	KUNIT_EXPECT_STREQ(test, "abcde", text);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RtlStringCchCopyNW(wide, 8, L"ab", 7));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RtlStringCbCatNW(wide, 16, L"cdefgh", 6));
	KUNIT_EXPECT_EQ(test, 0, wcscmp(L"abcde", wide));
}

/* sprintf() and its relatives have formats of Windows, and _snprintf() its return values. */
static void c_library_prints_as_on_windows(struct kunit *test)
{
	WCHAR wide[8];
	char text[8] = "zzzzzzz";

	KUNIT_EXPECT_EQ(test, 6, ntc_sprintf(text, "%I64d %ws", -1LL, L"abc"));
	KUNIT_EXPECT_STREQ(test, "-1 abc", text);
	KUNIT_EXPECT_EQ(test, -1, _snprintf(text, 3, "%d", 9876));
	KUNIT_EXPECT_STREQ(test, "987abc", text);
	KUNIT_EXPECT_EQ(test, 3, _snprintf(text, 3, "%d", 123));
	KUNIT_EXPECT_STREQ(test, "123abc", text);
	KUNIT_EXPECT_EQ(test, 2, _snprintf(text, 3, "%d", 45));
	KUNIT_EXPECT_STREQ(test, "45", text);
	KUNIT_EXPECT_EQ(test, -1, sprintf_s(text, 4, "%d", 12345));
	KUNIT_EXPECT_STREQ(test, "123", text);
	KUNIT_EXPECT_EQ(test, 5, _snwprintf(wide, 8, L"%s%d", L"abc", 12));
	KUNIT_EXPECT_EQ(test, 0, wcscmp(L"abc12", wide));
	KUNIT_EXPECT_EQ(test, -1, _snwprintf(wide, 2, L"%s", L"xyz"));
	KUNIT_EXPECT_EQ(test, 0, wcscmp(L"xyc12", wide));
}

static int rtl_vsprintf(char *to, const char *format, ...)
{
	va_list args;
	int length;

	va_start(args, format);
	length = ntc_vsprintf(to, format, args);
	va_end(args);
	return length;
}

static int rtl_vsnprintf(char *to, size_t count, const char *format, ...)
{
	va_list args;
	int length;

	va_start(args, format);
	length = ntc_vsnprintf(to, count, format, args);
	va_end(args);
	return length;
}

/* As in C99, the length of the whole text, also where it is truncated. */
static void c_library_returns_the_length_of_the_text(struct kunit *test)
{
	char text[8] = "zzzzzzz";

	KUNIT_EXPECT_EQ(test, 4, rtl_vsprintf(text, "%d%ws", 12, L"ab"));
	KUNIT_EXPECT_STREQ(test, "12ab", text);
	KUNIT_EXPECT_EQ(test, 6, rtl_vsnprintf(text, 4, "%I64u", 123456ULL));
	KUNIT_EXPECT_STREQ(test, "123", text);
	KUNIT_EXPECT_EQ(test, 3, ntc_snprintf(text, sizeof(text), "%hs", "xyz"));
	KUNIT_EXPECT_STREQ(test, "xyz", text);
}

/* With a size: a text that is too long leaves none, unless it may be truncated. */
static void c_library_prints_within_a_size(struct kunit *test)
{
	WCHAR wide[8] = L"zzzzzzz";
	char text[8] = "zzzzzzz";

	KUNIT_EXPECT_EQ(test, 3, _snprintf_s(text, sizeof(text), 5, "%d", 123));
	KUNIT_EXPECT_STREQ(test, "123", text);
	KUNIT_EXPECT_EQ(test, -1, _snprintf_s(text, sizeof(text), 2, "%d", 456));
	KUNIT_EXPECT_STREQ(test, "45", text);
	KUNIT_EXPECT_EQ(test, -1, _snprintf_s(text, 3, 7, "%d", 789));
	KUNIT_EXPECT_STREQ(test, "", text);
	KUNIT_EXPECT_EQ(test, 4, ntc_swprintf(wide, L"%S%d", "ab", 12));
	KUNIT_EXPECT_EQ(test, 0, wcscmp(L"ab12", wide));
	KUNIT_EXPECT_EQ(test, 3, _snwprintf_s(wide, 8, 5, L"%d", 123));
	KUNIT_EXPECT_EQ(test, 0, wcscmp(L"123", wide));
	KUNIT_EXPECT_EQ(test, -1, _snwprintf_s(wide, 8, 2, L"%d", 456));
	KUNIT_EXPECT_EQ(test, 0, wcscmp(L"45", wide));
	KUNIT_EXPECT_EQ(test, -1, _snwprintf_s(wide, 3, 7, L"%d", 789));
	KUNIT_EXPECT_EQ(test, 0, wcscmp(L"", wide));
	KUNIT_EXPECT_EQ(test, -1, swprintf_s(wide, 3, L"%d", 789));
	KUNIT_EXPECT_EQ(test, 0, wcscmp(L"78", wide));
	KUNIT_EXPECT_EQ(test, -1, swprintf_s(wide, 0, L"%d", 789));
	KUNIT_EXPECT_EQ(test, '7', wide[0]);
}

static int rtl_compare(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

static void c_library_sorts_and_searches(struct kunit *test)
{
	int numbers[] = { 5, -2, 9, 0, 7 }, key = 7, none = 6, i;

	ntc_qsort(numbers, ARRAY_SIZE(numbers), sizeof(numbers[0]), rtl_compare);
	for (i = 1; i < ARRAY_SIZE(numbers); i++)
		KUNIT_EXPECT_LT(test, numbers[i - 1], numbers[i]);
	KUNIT_EXPECT_PTR_EQ(test, (void *)&numbers[3],
			    ntc_bsearch(&key, numbers, ARRAY_SIZE(numbers), sizeof(numbers[0]),
					rtl_compare));
	KUNIT_EXPECT_PTR_EQ(test, NULL,
			    ntc_bsearch(&none, numbers, ARRAY_SIZE(numbers), sizeof(numbers[0]),
					rtl_compare));
}

/* Numbers end at the first character that is no digit, and saturate at 32 bits. */
static void c_library_reads_numbers(struct kunit *test)
{
	char four[4], *end;
	WCHAR *wide_end;

	KUNIT_EXPECT_EQ(test, -42L, strtol(" \t-42x", &end, 10));
	KUNIT_EXPECT_STREQ(test, "x", end);
	KUNIT_EXPECT_EQ(test, 255L, strtol("0xff", NULL, 0));
	KUNIT_EXPECT_EQ(test, 8L, strtol("010", NULL, 0));
	KUNIT_EXPECT_EQ(test, 0x7fffffffL, strtol("99999999999", NULL, 10));
	KUNIT_EXPECT_EQ(test, -0x80000000L, strtol("-99999999999", NULL, 10));
	KUNIT_EXPECT_EQ(test, 0xffffffffUL, strtoul("fffffffff", NULL, 16));
	KUNIT_EXPECT_EQ(test, 0UL, strtoul("zz", &end, 10));
	KUNIT_EXPECT_STREQ(test, "zz", end);
	KUNIT_EXPECT_EQ(test, 77, _wtoi(L"77 "));
	KUNIT_EXPECT_EQ(test, -8, atoi("-8.5"));
	KUNIT_EXPECT_EQ(test, -9L, wcstol(L"-9;", NULL, 10));
	KUNIT_EXPECT_EQ(test, 0xabUL, wcstoul(L"0xabx", &wide_end, 16));
	KUNIT_EXPECT_EQ(test, 0, wcscmp(L"x", wide_end));
	KUNIT_EXPECT_EQ(test, 0, _wcsicmp(L"Stra\x00c4", L"sTRA\x00e4"));
	KUNIT_EXPECT_PTR_EQ(test, (WCHAR *)NULL, wcsstr(L"abc", L"bd"));
	KUNIT_EXPECT_EQ(test, 34, strcpy_s(four, 4, "long"));
}

/* ---- bitmaps ------------------------------------------------------------- */

/* The answer by reading bit after bit. */
static ULONG slow_find(PRTL_BITMAP map, ULONG count, ULONG hint, bool set)
{
	ULONG pass, at, n;

	for (pass = 0; pass < 2; pass++) {
		for (at = pass ? 0 : hint; at < map->SizeOfBitMap; at++) {
			for (n = 0; n < count && at + n < map->SizeOfBitMap; n++)
				if (RtlCheckBit(map, at + n) != set)
					break;
			if (n == count)
				return at;
		}
	}
	return ~0U;
}

/* Runs are found where a search bit after bit finds them, in bitmaps of all kinds. */
static void bits_are_found_where_they_are(struct kunit *test)
{
	static ULONG words[5];
	ULONG round, at, count, hint, set, expected;
	struct rnd_state random;
	RTL_BITMAP map;

	prandom_seed_state(&random, 4711);
	for (round = 0; round < 2000; round++) {
		for (at = 0; at < 5; at++)
			words[at] = round % 3 ? prandom_u32_state(&random) :
				    prandom_u32_state(&random) % 2 ? ~0U : 0;
		RtlInitializeBitMap(&map, words, 1 + prandom_u32_state(&random) % 150);
		count = 1 + prandom_u32_state(&random) % (round % 3 ? 5 : 60);
		hint = prandom_u32_state(&random) % map.SizeOfBitMap;
		set = round & 1;
		expected = slow_find(&map, count, hint, set);
		at = set ? RtlFindSetBits(&map, count, hint) : RtlFindClearBits(&map, count, hint);
		KUNIT_ASSERT_EQ_MSG(test, expected, at, "round %u", round);
		if (at == ~0U)
			continue;
		KUNIT_ASSERT_TRUE(test, set ? RtlAreBitsSet(&map, at, count) :
				  RtlAreBitsClear(&map, at, count));
	}
}

static void single_bits_are_set_and_cleared(struct kunit *test)
{
	ULONG words[3] = { 0, 0, 0 };
	RTL_BITMAP map;

	RtlInitializeBitMap(&map, words, 70);
	RtlSetBit(&map, 33);
	KUNIT_EXPECT_EQ(test, 2U, words[1]);
	KUNIT_EXPECT_TRUE(test, RtlTestBit(&map, 33));
	KUNIT_EXPECT_FALSE(test, RtlTestBit(&map, 32));
	RtlSetAllBits(&map);
	KUNIT_EXPECT_EQ(test, ~0U, words[0] & words[1]);
	KUNIT_EXPECT_EQ(test, 0x3fU, words[2]);
	RtlClearBit(&map, 64);
	KUNIT_EXPECT_EQ(test, 0x3eU, words[2]);
	RtlInitializeBitMap(&map, words, 0);
	KUNIT_EXPECT_EQ(test, ~0U, RtlFindClearBits(&map, 0, 0));
}

/* Ranges change no bit beside them, and the bits after the end do not count. */
static void bits_of_a_range_are_set_and_cleared(struct kunit *test)
{
	ULONG words[3] = { 0, 0, 0xffffffff };
	RTL_BITMAP map;

	RtlInitializeBitMap(&map, words, 70);
	KUNIT_EXPECT_EQ(test, 6U, RtlNumberOfSetBits(&map));
	RtlSetBits(&map, 30, 5);
	KUNIT_EXPECT_EQ(test, 0xc0000000U, words[0]);
	KUNIT_EXPECT_EQ(test, 7U, words[1]);
	RtlClearBits(&map, 31, 2);
	KUNIT_EXPECT_EQ(test, 0x40000000U, words[0]);
	KUNIT_EXPECT_EQ(test, 6U, words[1]);
	RtlClearAllBits(&map);
	KUNIT_EXPECT_EQ(test, 0xffffffc0U, words[2]);
	KUNIT_EXPECT_EQ(test, 70U, RtlNumberOfClearBits(&map));
	RtlSetBits(&map, 5, 0);
	KUNIT_EXPECT_EQ(test, 0U, words[0]);
	KUNIT_EXPECT_FALSE(test, RtlAreBitsClear(&map, 3, 0));
	KUNIT_EXPECT_FALSE(test, RtlAreBitsClear(&map, 60, 11));
	KUNIT_EXPECT_TRUE(test, RtlAreBitsClear(&map, 60, 10));
	KUNIT_EXPECT_EQ(test, 8U, RtlFindClearBitsAndSet(&map, 4, 8));
	KUNIT_EXPECT_EQ(test, 0xf00U, words[0]);
	KUNIT_EXPECT_EQ(test, 8U, RtlFindSetBitsAndClear(&map, 4, 0));
	KUNIT_EXPECT_EQ(test, 0U, words[0]);
}

/* Runs are given in their order, or the longest first. */
static void runs_of_clear_bits_are_found(struct kunit *test)
{
	ULONG words[2] = { 0xff00ff01, 0xfffffff0 }, start = 99;
	RTL_BITMAP_RUN runs[2];
	RTL_BITMAP map;

	/* Clear: 1-7, 16-23, 32-35. */
	RtlInitializeBitMap(&map, words, 64);
	KUNIT_EXPECT_EQ(test, 7U, RtlFindFirstRunClear(&map, &start));
	KUNIT_EXPECT_EQ(test, 1U, start);
	KUNIT_EXPECT_EQ(test, 8U, RtlFindLongestRunClear(&map, &start));
	KUNIT_EXPECT_EQ(test, 16U, start);
	KUNIT_EXPECT_EQ(test, 3U, RtlFindNextForwardRunClear(&map, 33, &start));
	KUNIT_EXPECT_EQ(test, 33U, start);
	KUNIT_EXPECT_EQ(test, 8U, RtlFindLastBackwardRunClear(&map, 31, &start));
	KUNIT_EXPECT_EQ(test, 16U, start);
	KUNIT_EXPECT_EQ(test, 0U, RtlFindLastBackwardRunClear(&map, 0, &start));
	KUNIT_EXPECT_EQ(test, 2U, RtlFindClearRuns(&map, runs, 2, FALSE));
	KUNIT_EXPECT_EQ(test, 1U, runs[0].StartingIndex);
	KUNIT_EXPECT_EQ(test, 8U, runs[1].NumberOfBits);
	KUNIT_EXPECT_EQ(test, 2U, RtlFindClearRuns(&map, runs, 2, TRUE));
	KUNIT_EXPECT_EQ(test, 16U, runs[0].StartingIndex);
	KUNIT_EXPECT_EQ(test, 1U, runs[1].StartingIndex);
}

/* ---- numbers ------------------------------------------------------------- */

/* An overflow, an underflow and a value that does not fit are reported. */
static void sums_report_an_overflow(struct kunit *test)
{
	LONGLONG signed64;
	SIZE_T size;
	UCHAR byte;
	ULONG sum;

	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RtlULongAdd(0xfffffffe, 1, &sum));
	KUNIT_EXPECT_EQ(test, 0xffffffffU, sum);
	KUNIT_EXPECT_EQ(test, STATUS_INTEGER_OVERFLOW, RtlULongAdd(0xffffffff, 1, &sum));
	KUNIT_EXPECT_EQ(test, STATUS_INTEGER_OVERFLOW, RtlULongSub(1, 2, &sum));
	KUNIT_EXPECT_EQ(test, STATUS_INTEGER_OVERFLOW, RtlSizeTMult(1UL << 40, 1UL << 24, &size));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RtlSizeTMult(1UL << 40, 1UL << 23, &size));
	KUNIT_EXPECT_EQ(test, STATUS_INTEGER_OVERFLOW, RtlLongLongAdd(LLONG_MAX, 1, &signed64));
	KUNIT_EXPECT_EQ(test, STATUS_INTEGER_OVERFLOW, RtlULongToUInt8(256, &byte));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RtlULongToUInt8(255, &byte));
	KUNIT_EXPECT_EQ(test, STATUS_INTEGER_OVERFLOW, RtlLongToULong(-1, &sum));
	KUNIT_EXPECT_EQ(test, STATUS_INTEGER_OVERFLOW,
			RtlULongLongToLongLong(1ULL << 63, &signed64));
}

/* Each width changes its own bytes, and returns the old or the new value. */
static void interlocked_forms_have_their_widths(struct kunit *test)
{
	union {
		LONG64 all;
		CHAR bytes[8];
		SHORT words[4];
		LONG longs[2];
	} at = { .all = 0 };

	KUNIT_EXPECT_EQ(test, 1, InterlockedIncrement16(&at.words[1]));
	KUNIT_EXPECT_EQ(test, 0, InterlockedDecrement16NoFence(&at.words[1]));
	KUNIT_EXPECT_EQ(test, -1, InterlockedDecrement16(&at.words[1]));
	KUNIT_EXPECT_EQ(test, 0xffff0000LL, at.all);
	KUNIT_EXPECT_EQ(test, -1, InterlockedCompareExchange16(&at.words[1], 5, -1));
	KUNIT_EXPECT_EQ(test, 5, InterlockedExchange16(&at.words[1], 0));
	KUNIT_EXPECT_EQ(test, 0, InterlockedOr8(&at.bytes[7], 0x7f));
	KUNIT_EXPECT_EQ(test, 0x7f, InterlockedAnd8Release(&at.bytes[7], 0x0f));
	KUNIT_EXPECT_EQ(test, 0x0f, InterlockedXor8(&at.bytes[7], 0x01));
	KUNIT_EXPECT_EQ(test, 0x0e00000000000000LL, at.all);
	KUNIT_EXPECT_EQ(test, 0x0e, InterlockedExchange8(&at.bytes[7], 0));
	KUNIT_EXPECT_EQ(test, 0, InterlockedExchangeAddNoFence64(&at.all, 1LL << 40));
	KUNIT_EXPECT_EQ(test, (1LL << 40) + 1, InterlockedIncrementAcquire64(&at.all));
	KUNIT_EXPECT_EQ(test, (1LL << 40) + 1, InterlockedOr64NoFence(&at.all, 2));
	KUNIT_EXPECT_EQ(test, 3, InterlockedExchangeAdd(&at.longs[0], 4));
	KUNIT_EXPECT_EQ(test, 9, InterlockedAddAcquire(&at.longs[0], 2));
}

/* 128 bits are exchanged as one, where the processor can; Windows needs that. */
static void interlocked_exchange_of_128_bits_is_one(struct kunit *test)
{
	LONG64 pair[2] __aligned(16) = { 1, 2 }, seen[2] = { 1, 2 };

#ifdef CONFIG_X86_64
	if (!boot_cpu_has(X86_FEATURE_CX16))
		kunit_skip(test, "this processor has no cmpxchg16b");
#endif
	KUNIT_EXPECT_TRUE(test, InterlockedCompareExchange128(pair, 4, 3, seen));
	KUNIT_EXPECT_EQ(test, 3, pair[0]);
	KUNIT_EXPECT_EQ(test, 4, pair[1]);
	KUNIT_EXPECT_FALSE(test, InterlockedCompareExchange128(pair, 6, 5, seen));
	KUNIT_EXPECT_EQ(test, 3, seen[0]);
	KUNIT_EXPECT_EQ(test, 4, seen[1]);
	KUNIT_EXPECT_EQ(test, 4, pair[1]);
}

/* Each form of a read and a write has its width. */
static void reads_and_writes_have_their_widths(struct kunit *test)
{
	union {
		ULONG64 all;
		UCHAR bytes[8];
		USHORT words[4];
		ULONG longs[2];
		PVOID pointer;
	} at = { .all = 0 };

	WriteUCharRelease(&at.bytes[1], 0xab);
	WriteUShortNoFence(&at.words[1], 0xcdef);
	WriteULongRelease(&at.longs[1], 0x12345678);
	KUNIT_EXPECT_EQ(test, 0x12345678cdefab00ULL, ReadULong64Acquire(&at.all));
	KUNIT_EXPECT_EQ(test, 0xab, ReadUCharNoFence(&at.bytes[1]));
	KUNIT_EXPECT_EQ(test, 0xcdef, ReadUShortAcquire(&at.words[1]));
	KUNIT_EXPECT_EQ(test, 0x12345678U, ReadULongRaw(&at.longs[1]));
	WritePointerRelease(&at.pointer, test);
	KUNIT_EXPECT_PTR_EQ(test, (void *)test, ReadPointerAcquire(&at.pointer));
}

/* ---- processors ---------------------------------------------------------- */

/* A thread runs on the processors of its affinity, until it reverts that. */
static void thread_runs_on_its_affinity(struct kunit *test)
{
	ULONG last = cpumask_last(cpu_online_mask);
	static struct cpumask was;

	cpumask_copy(&was, current->cpus_ptr);
	KUNIT_EXPECT_EQ(test, 0UL, KeSetSystemAffinityThreadEx(1UL << last));
	KUNIT_EXPECT_EQ(test, last, KeGetCurrentProcessorNumber());
	KUNIT_EXPECT_EQ(test, last ? 1UL << last : 0, KeSetSystemAffinityThreadEx(1));
	KUNIT_EXPECT_EQ(test, 0U, KeGetCurrentProcessorNumber());
	KUNIT_EXPECT_EQ(test, last ? 1UL : 0UL, KeSetSystemAffinityThreadEx(1UL << 63));
	KUNIT_EXPECT_EQ(test, 0U, KeGetCurrentProcessorNumber());
	KeRevertToUserAffinityThreadEx(1UL << last);
	KUNIT_EXPECT_EQ(test, last, KeGetCurrentProcessorNumber());
	KeRevertToUserAffinityThread();
	KUNIT_EXPECT_TRUE(test, cpumask_equal(&was, current->cpus_ptr));
}

static struct kunit_case nt_rtl_cases[] = {
	KUNIT_CASE(wide_formats_are_those_of_windows),
	KUNIT_CASE(wide_format_that_is_truncated_says_so),
	KUNIT_CASE(counted_strings_are_formatted),
	KUNIT_CASE(copies_of_n_characters_are_limited),
	KUNIT_CASE(c_library_prints_as_on_windows),
	KUNIT_CASE(c_library_returns_the_length_of_the_text),
	KUNIT_CASE(c_library_prints_within_a_size),
	KUNIT_CASE(c_library_reads_numbers),
	KUNIT_CASE(c_library_sorts_and_searches),
	KUNIT_CASE(bits_are_found_where_they_are),
	KUNIT_CASE(single_bits_are_set_and_cleared),
	KUNIT_CASE(bits_of_a_range_are_set_and_cleared),
	KUNIT_CASE(runs_of_clear_bits_are_found),
	KUNIT_CASE(sums_report_an_overflow),
	KUNIT_CASE(interlocked_forms_have_their_widths),
	KUNIT_CASE(interlocked_exchange_of_128_bits_is_one),
	KUNIT_CASE(reads_and_writes_have_their_widths),
	KUNIT_CASE(thread_runs_on_its_affinity),
	{}
};

static struct kunit_suite wqc_nt_rtl_suite = {
	.name = "wqc_nt_rtl",
	.test_cases = nt_rtl_cases,
};

kunit_test_suite(wqc_nt_rtl_suite);
