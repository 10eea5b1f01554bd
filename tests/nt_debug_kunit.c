// SPDX-License-Identifier: GPL-2.0
/* DbgPrint() and assertions of a driver, as in a checked build. */
#include <linux/module.h>

#define DBG 1
#include "wqc_probe.h"
#include "nt_test.h"

#define FAILS		"failed assertion of a driver"
#define BREAKS		"break point without a debugger"

/* The number of log lines with both texts that a statement adds. */
#define NT_ADDS(one, other, statement)					\
	({								\
		const char *one_ = (one), *other_ = (other);		\
		unsigned int before_ = wqc_log_lines(test, one_, other_); \
									\
		statement;						\
		wqc_log_lines(test, one_, other_) - before_;		\
	})

/* A text without a newline is shown at once, not with the next text. */
static void piece_of_a_line_is_shown_at_once(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, 1U, NT_ADDS("nt_debug: first piece", "",
					  DbgPrint("nt_debug: %s piece", "first")));
	KUNIT_EXPECT_EQ(test, 1U, NT_ADDS("nt_debug: other piece", "",
					  DbgPrintEx(DPFLTR_IHVDRIVER_ID, DPFLTR_WARNING_LEVEL,
						     "nt_debug: other piece")));
	KUNIT_EXPECT_EQ(test, 1U, NT_ADDS("nt_debug: 3 piece", "",
					  KdPrint(("nt_debug: %d piece", 3))));
	DbgPrint("\n");
}

/* Each line of a text becomes a line of the log, without its line end. */
static void lines_of_a_text_are_lines_of_the_log(struct kunit *test)
{
	char text[500], *at = text;
	int i;

	for (i = 0; i < 20; i++)
		at += sprintf(at, "nt_debug: line %02d of 20%s", i, i & 1 ? "\r\n" : "\n");
	KUNIT_EXPECT_EQ(test, 20U, NT_ADDS("nt_debug: line", " of 20", DbgPrint("%s", text)));
	KUNIT_EXPECT_EQ(test, 1U, NT_ADDS("nt_debug: line 07 of 20", "", DbgPrint("%s", text)));
	KUNIT_EXPECT_EQ(test, 0U, wqc_log_lines(test, "nt_debug: line", "\r"));
	KUNIT_EXPECT_EQ(test, 0U, wqc_log_lines(test, "nt_debug: line 00", "line 01"));
}

static void nt_fail(unsigned int times)
{
	unsigned int i;

	for (i = 0; i < times; i++)
		ASSERT(i == times);
}

/* An assertion that fails is printed once for each place, and counted from then on. */
static void failing_assertion_is_printed_once(struct kunit *test)
{
	u64 reports = wqc_reports(test, FAILS);
	int i;

	KUNIT_EXPECT_EQ(test, 1U, NT_ADDS(FAILS, ": i == times", nt_fail(1000)));
	KUNIT_EXPECT_EQ(test, 0U, NT_ADDS(FAILS, ": i == times", nt_fail(1000)));
	KUNIT_EXPECT_EQ(test, reports + 2000, wqc_reports(test, FAILS));
	for (i = 0; i < 3; i++)
		ASSERT(i < 3);
	KUNIT_EXPECT_EQ(test, reports + 2000, wqc_reports(test, FAILS));
	/* Another place is printed again. */
	KUNIT_EXPECT_EQ(test, 1U, NT_ADDS(FAILS, ": i < 3", ASSERT(i < 3)));
}

#define NT_OPEN		0x4711
#define NT_ODD(n)	((n) & 1)

/* A report prints the expression as the driver wrote it, without macro expansion. */
static void assertion_is_reported_with_its_expression(struct kunit *test)
{
	int state = 2;

	KUNIT_EXPECT_EQ(test, 1U, NT_ADDS(FAILS, ": state == NT_OPEN",
					  NT_ASSERT(state == NT_OPEN)));
	KUNIT_EXPECT_EQ(test, 1U, NT_ADDS(FAILS, ": NT_ODD(state): it is even",
					  ASSERTMSG("it is even", NT_ODD(state))));
	KUNIT_EXPECT_EQ(test, 1U, NT_ADDS(FAILS, ": NT_ODD(state) == TRUE",
					  RTL_SOFT_ASSERT(NT_ODD(state) == TRUE)));
	KUNIT_EXPECT_EQ(test, 1U, NT_ADDS("nt_debug_kunit.c:", __func__,
					  RtlAssert("said by a macro", __FILE__, __LINE__,
						    NULL)));
}

/* An assertion is an expression, evaluated once. */
static void assertion_is_an_expression(struct kunit *test)
{
	int n = 0;

	KUNIT_EXPECT_TRUE(test, NT_VERIFY(++n == 1));
	KUNIT_EXPECT_FALSE(test, NT_VERIFY(++n == 1));
	KUNIT_EXPECT_FALSE(test, RTL_VERIFY(n++ == 1));
	KUNIT_EXPECT_EQ(test, 3, n);
}

static void nt_break(unsigned int times)
{
	while (times--)
		DbgBreakPoint();
}

/* A break point is an expression too: there is no debugger to continue from it. */
static void break_point_is_printed_once(struct kunit *test)
{
	u64 reports = wqc_reports(test, BREAKS);

	KUNIT_EXPECT_EQ(test, 1U, NT_ADDS(BREAKS, "DbgBreakPoint", nt_break(1000)));
	KUNIT_EXPECT_EQ(test, reports + 1000, wqc_reports(test, BREAKS));
}

static struct kunit_case nt_debug_cases[] = {
	KUNIT_CASE(piece_of_a_line_is_shown_at_once),
	KUNIT_CASE(lines_of_a_text_are_lines_of_the_log),
	KUNIT_CASE(failing_assertion_is_printed_once),
	KUNIT_CASE(assertion_is_reported_with_its_expression),
	KUNIT_CASE(assertion_is_an_expression),
	KUNIT_CASE(break_point_is_printed_once),
	{}
};

static struct kunit_suite nt_debug_suite = {
	.name = "wqc_nt_debug",
	.test_cases = nt_debug_cases,
};

kunit_test_suite(nt_debug_suite);
