// SPDX-License-Identifier: GPL-2.0
/*
 * The suites that the golden log is of; read by verdict.py, not built.
 */
static struct kunit_case golden_one_cases[] = {
	KUNIT_CASE(first_case),
	KUNIT_CASE(second_case),
	KUNIT_CASE_PARAM(case_with_parameters, golden_gen_params),
	KUNIT_CASE(skipped_case),
	{}
};

static struct kunit_suite golden_one = {
	.name = "wqc_one",
	.test_cases = golden_one_cases,
};

static struct kunit_case golden_two_cases[] = {
	KUNIT_CASE_SLOW(only_case),
	{}
};

static struct kunit_suite golden_two = {
	.name = "wqc_two",
	.test_cases = golden_two_cases,
};
