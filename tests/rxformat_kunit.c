// SPDX-License-Identifier: GPL-2.0
/* How the conversions of _RxLog() print their arguments. */
#include <linux/slab.h>

#include "rx_test.h"

/* Numbers have 32 bits with l and without, 16 with w and h, 64 with I64 and ll. */
static void numbers_are_formatted(struct kunit *test)
{
	rx_log_start(test);
	RX_EXPECT_LOG(test, "-1 4294967295 ffffffff FFFFFFFF -7", "%d %u %x %X %i", -1, -1, -1, -1,
		      -7);
	RX_EXPECT_LOG(test, "-2 4294967294 fffffffe", "%ld %lu %lx", -2, -2, -2);
	RX_EXPECT_LOG(test, "-1 ffff 65535", "%wd %wx %hu", 0x1ffff, 0x1ffff, -1);
	RX_EXPECT_LOG(test, "-3 123456789abcdef0", "%I64d %I64x", -3LL, 0x123456789abcdef0ULL);
	RX_EXPECT_LOG(test, "-9223372036854775808", "%lld", S64_MIN);
	RX_EXPECT_LOG(test, "1a 1a 2b2b", "%N %lN %wN", 0x1a, 0x1a, 0x12b2b);
}

/* Flags, width and precision of numbers. */
static void numbers_have_flags_width_and_precision(struct kunit *test)
{
	rx_log_start(test);
	RX_EXPECT_LOG(test, "001f|   1f|1f   |", "%04lx|%5lx|%-5lx|", 0x1f, 0x1f, 0x1f);
	RX_EXPECT_LOG(test, "-0042|  -42|-42  |", "%05ld|%5ld|%-5ld|", -42, -42, -42);
	RX_EXPECT_LOG(test, "0x2a 007 0000002A", "%#x %.3d %08X", 42, 7, 42);
	RX_EXPECT_LOG(test, "0||    002a|-042", "%#x|%.0d|%08.4x|%.3d", 0, 0, 42, -42);
	RX_EXPECT_LOG(test, "0000000000000000000000000000000000000001", "%.40d", 1);
}

/* Characters and strings. */
static void strings_are_formatted(struct kunit *test)
{
	rx_log_start(test);
	RX_EXPECT_LOG(test, "c 100% text", "%c %d%% %s", 'c', 100, "text");
	RX_EXPECT_LOG(test, "  right|left   |tex|", "%7s|%-7s|%.3s|", "right", "left", "text");
	RX_EXPECT_LOG(test, "one two three", "%S %lS %wS", "one", "two", "three");
	RX_EXPECT_LOG(test, "no conversion", "no conversion");
	RX_EXPECT_LOG(test, "(null) (null)", "%s %lS", NULL, NULL);
}

/* %wZ is a UNICODE_STRING, printed as UTF-8; %Z is one that holds ASCII characters. */
static void counted_strings_are_formatted(struct kunit *test)
{
	static WCHAR wide[] = { 'a', 0xe4, 0x20ac, 0xd83d, 0xde00, 0xd800, 'z' };
	UNICODE_STRING uni = { sizeof(wide), sizeof(wide), wide };
	UNICODE_STRING ascii = { 4, 8, (PWSTR)"\\srvXXXX" };
	UNICODE_STRING none = {};

	rx_log_start(test);
	RX_EXPECT_LOG(test, "a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80?z", "%wZ", &uni);
	uni.Length = 4;
	RX_EXPECT_LOG(test, "   a\xc3\xa4|a\xc3\xa4   |000a\xc3\xa4", "%5wZ|%-5wZ|%05wZ",
		      &uni, &uni, &uni);
	uni.Length = 3;		/* half a character is not printed */
	RX_EXPECT_LOG(test, "a", "%wZ", &uni);
	RX_EXPECT_LOG(test, "\\srv|  \\srv|\\srv  |", "%Z|%6Z|%-6Z|", &ascii, &ascii, &ascii);
	RX_EXPECT_LOG(test, "(null) (null) (null) (null)", "%wZ %wZ %Z %Z", NULL, &none, NULL,
		      &none);
	uni.Length = 0;
	RX_EXPECT_LOG(test, "<>", "<%wZ>", &uni);
}

/* A pointer is hashed, as everywhere in the kernel. */
static void pointer_does_not_show_an_address(struct kunit *test)
{
	char plain[24];

	rx_log_start(test);
	snprintf(plain, sizeof(plain), "%lx", (unsigned long)test);
	_RxLog("%p", test);
	rx_log_newest(test, rx_newest, sizeof(rx_newest));
	KUNIT_EXPECT_NE(test, 0, (int)strlen(rx_newest));
	KUNIT_EXPECT_NULL(test, strstr(rx_newest, plain));
}

/* "%S%S%N...": the first argument is the format, the others are its arguments. */
static void surrogate_format_takes_its_format_from_an_argument(struct kunit *test)
{
	struct rx_log_head before, after;

	rx_log_start(test);
	RX_EXPECT_LOG(test, "Minisniff (up) srv 1f 17", "%S%S%N%N", "Minisniff (%s) srv %lx %ld",
		      "up", 0x1f, 17);
	/* Once only: the inner format is a plain one. */
	RX_EXPECT_LOG(test, "ab", "%S%S%S", "%S%S", "a", "b");
	RX_EXPECT_LOG(test, "alone", "%S", "alone");
	before = rx_log_head(test);
	_RxLog("%S%S%N", "one too few %s", "x", 1);
	_RxLog("%S%S", "one too many %s %ld", "x");
	_RxLog("%S%N", "unknown %f", 1);
	_RxLog("%S%N", NULL, 1);
	after = rx_log_head(test);
	KUNIT_EXPECT_EQ(test, before.ignored + 4, after.ignored);
	rx_log_newest(test, rx_newest, sizeof(rx_newest));
	KUNIT_EXPECT_STREQ(test, (const char *)rx_newest, "alone");
}

/*
 * A format with an unknown conversion, or NULL, is counted as ignored, and no argument is
 * fetched.
 */
static void unknown_conversions_are_ignored_and_counted(struct kunit *test)
{
	static const char *const formats[] = {
		"%n", "%f", "%e", "%g", "%a", "%o", "%b", "%q", "%*d", "%ls", "%lc", "%lp", "%zu",
		"%ln", "%llN", "%hZ", "%s and %n", "%", "%5", "%l", "%-", "%.", "%I64", "%I64s",
	};
	struct rx_log_head before, after;
	int i, unknown = ARRAY_SIZE(formats);

	rx_log_start(test);
	_RxLog("before");
	before = rx_log_head(test);
	for (i = 0; i < unknown; i++)
		_RxLog(formats[i], (void *)1, (void *)2);
	_RxLog(NULL);
	after = rx_log_head(test);
	KUNIT_EXPECT_EQ(test, before.ignored + unknown + 1, after.ignored);
	KUNIT_EXPECT_EQ(test, before.attempts + unknown + 1, after.attempts);
	rx_log_newest(test, rx_newest, sizeof(rx_newest));
	KUNIT_EXPECT_STREQ(test, (const char *)rx_newest, "before");
}

/* A text that is longer than a record is cut, wherever the length comes from. */
static void long_records_are_cut(struct kunit *test)
{
	char *text = kunit_kzalloc(test, 1024, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, text);
	rx_log_start(test);
	memset(text, 'x', 1000);
	_RxLog(text);
	rx_log_newest(test, rx_newest, sizeof(rx_newest));
	KUNIT_EXPECT_EQ(test, RX_LOG_LONGEST, (int)strlen(rx_newest));
	_RxLog("%s%s", text, text);
	rx_log_newest(test, rx_newest, sizeof(rx_newest));
	KUNIT_EXPECT_EQ(test, RX_LOG_LONGEST, (int)strlen(rx_newest));
	_RxLog("%4000d", 1);
	rx_log_newest(test, rx_newest, sizeof(rx_newest));
	KUNIT_EXPECT_EQ(test, RX_LOG_LONGEST, (int)strlen(rx_newest));
	_RxLog("%-2000000000d%.2000000000d", 1, 1);
	rx_log_newest(test, rx_newest, sizeof(rx_newest));
	KUNIT_EXPECT_EQ(test, RX_LOG_LONGEST, (int)strlen(rx_newest));
	text[RX_LOG_LONGEST] = 0;
	RX_EXPECT_LOG(test, text, "%s", text);
}

/* Newlines at the end of a record are removed. */
static void newlines_at_the_end_are_stripped(struct kunit *test)
{
	rx_log_start(test);
	RX_EXPECT_LOG(test, "one", "one\n");
	RX_EXPECT_LOG(test, "two 2", "two %d\n\n", 2);
	RX_EXPECT_LOG(test, "three", "%s", "three\n");
}

/* A record is formatted when it is logged: its strings may be freed before it is read. */
static void strings_may_be_freed_before_the_record_is_read(struct kunit *test)
{
	char *name = kstrdup("gone", GFP_KERNEL);
	WCHAR wide[] = { 'w', 'i', 'd', 'e' };
	UNICODE_STRING uni = { sizeof(wide), sizeof(wide), wide };

	KUNIT_ASSERT_NOT_NULL(test, name);
	rx_log_start(test);
	_RxLog("%s %wZ", name, &uni);
	memset(name, 'X', 4);
	kfree(name);
	memset(wide, 0, sizeof(wide));
	rx_log_newest(test, rx_newest, sizeof(rx_newest));
	KUNIT_EXPECT_STREQ(test, (const char *)rx_newest, "gone wide");
}

static struct kunit_case rxformat_cases[] = {
	KUNIT_CASE(numbers_are_formatted),
	KUNIT_CASE(numbers_have_flags_width_and_precision),
	KUNIT_CASE(strings_are_formatted),
	KUNIT_CASE(counted_strings_are_formatted),
	KUNIT_CASE(pointer_does_not_show_an_address),
	KUNIT_CASE(surrogate_format_takes_its_format_from_an_argument),
	KUNIT_CASE(unknown_conversions_are_ignored_and_counted),
	KUNIT_CASE(long_records_are_cut),
	KUNIT_CASE(newlines_at_the_end_are_stripped),
	KUNIT_CASE(strings_may_be_freed_before_the_record_is_read),
	{}
};

static struct kunit_suite wqc_rx_format_suite = {
	.name = "wqc_rx_format",
	.test_cases = rxformat_cases,
};

kunit_test_suite(wqc_rx_format_suite);
