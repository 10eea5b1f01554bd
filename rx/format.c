// SPDX-License-Identifier: GPL-2.0
/*
 * The format dialect of the RxLog: the conversions that _RxLog() documents. A client's format
 * never reaches printk(). The whole format is parsed before the first argument is fetched, so an
 * unknown conversion never fetches an argument in a wrong type.
 */
#include <linux/kernel.h>
#include <linux/minmax.h>

#include "../lib/format.h"
#include "../wq_types.h"
#include "format.h"

/* The longest conversion: more than a record holds, and bounded, because a raw lock is held. */
#define WQC_RX_LONGEST	256

/*
 * A Windows long has 32 bits. An argument is fetched in the width that its conversion states, so a
 * pointer passed for %lx shows its low half.
 */
static bool wqc_rx_dialect(struct wqc_spec *spec)
{
	bool none = spec->size == WQC_SIZE_NONE;
	bool l_or_w = spec->size == WQC_SIZE_L || spec->size == WQC_SIZE_W;

	if (spec->flags & (WQC_FMT_PLUS | WQC_FMT_SPACE) ||
	    spec->width_arg || spec->precision_arg ||
	    spec->size == WQC_SIZE_HH || spec->size == WQC_SIZE_OTHER)
		return false;
	if (spec->size == WQC_SIZE_W)
		spec->bits = 16;
	switch (spec->kind) {
	case 'd':
	case 'i':
		spec->arg = WQC_ARG_SIGNED;
		return true;
	case 'u':
	case 'x':
	case 'X':
		spec->arg = WQC_ARG_UNSIGNED;
		return true;
	case 'N':
		spec->arg = WQC_ARG_UNSIGNED;
		return none || l_or_w;
	case 'S':
		spec->arg = WQC_ARG_STRING;
		return none || l_or_w;
	case 'Z':
		spec->arg = spec->size == WQC_SIZE_W ? WQC_ARG_UNICODE : WQC_ARG_ANSI_ZERO;
		return none || l_or_w;
	case 'c':
		spec->arg = WQC_ARG_CHAR;
		return none;
	case 's':
		spec->arg = WQC_ARG_STRING;
		return none;
	case 'p':
		spec->arg = WQC_ARG_POINTER;
		return none;
	case '%':
		spec->arg = WQC_ARG_NONE;
		return none;
	}
	return false;
}

static bool wqc_rx_parse(const char **at, struct wqc_spec *spec)
{
	wqc_spec_parse(at, spec);
	return wqc_rx_dialect(spec);
}

/* The number of arguments of a format; -1 if it has an unknown conversion. */
static int wqc_rx_count_arguments(const char *format)
{
	struct wqc_spec spec;
	int count = 0;

	while (*format) {
		if (*format++ != '%')
			continue;
		if (!wqc_rx_parse(&format, &spec))
			return -1;
		count += spec.arg != WQC_ARG_NONE;
	}
	return count;
}

/*
 * A format of nothing but "%S%S%N%N..." is the surrogate form: the first argument is the format,
 * and the further arguments, one for each further conversion, are its arguments. Returns their
 * number, or -1 if the format is an ordinary one.
 */
static int wqc_rx_surrogate(const char *format)
{
	struct wqc_spec spec;
	int count = -1;

	while (*format) {
		if (*format++ != '%' || !wqc_rx_parse(&format, &spec))
			return -1;
		if (spec.kind != 'S' && (spec.kind != 'N' || count < 0))
			return -1;
		count++;
	}
	/* A lone %S is an ordinary string. */
	return count > 0 ? count : -1;
}

/**
 * wqc_rx_format - format a record
 * @text: receives the text, with a NUL; truncated to @size
 * @size: bytes at @text, at least 1
 * @format: see _RxLog()
 * @args: the arguments
 *
 * Context: any.
 * Return: the length, without trailing newlines; -1, with no argument fetched, if the format
 * has an unknown conversion, or its surrogate form has another number of arguments.
 */
int wqc_rx_format(char *text, size_t size, const char *format, va_list args)
{
	struct wqc_text out = { .at = text, .size = size, .longest = WQC_RX_LONGEST };
	va_list rest;
	int expected;

	if (!format)
		return -1;
	va_copy(rest, args);
	expected = wqc_rx_surrogate(format);
	if (expected >= 0) {
		format = va_arg(rest, const char *);
		if (!format || wqc_rx_count_arguments(format) != expected)
			goto bad;
	} else if (wqc_rx_count_arguments(format) < 0) {
		goto bad;
	}
	wqc_format(&out, format, &rest, wqc_rx_dialect);
	va_end(rest);
	/* Truncation keeps UTF-8 characters whole, so the text may be shorter than @size. */
	size = min(out.length, out.size - 1);
	while (size && text[size - 1] == '\n')
		size--;
	text[size] = 0;
	return size;

bad:
	va_end(rest);
	return -1;
}
