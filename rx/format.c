// SPDX-License-Identifier: GPL-2.0
/*
 * The dialect of the RxLog: the conversions that _RxLog() documents and that its clients
 * write. No format of a client reaches printk. A conversion that is not known is found
 * before the first argument is fetched, so no argument is fetched in a type that it does
 * not have.
 */
#include <linux/kernel.h>
#include <linux/minmax.h>

#include "../lib/format.h"
#include "../wq_types.h"

/* More than a record holds: the log is written under a raw lock. */
#define WQC_RX_LONGEST	256

/*
 * A long of Windows has 32 bits; an argument is fetched in the width that its conversion
 * states, and a pointer passed for %lx therefore shows its low half.
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

/* How many arguments a format takes; -1 if it has a conversion that is not known. */
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
 * "%S%S%N%N...", nothing but these, is the surrogate form: the first argument is
 * the format, and the others, one for each further conversion, are its
 * arguments. Returns how many there are, or -1 if it is an ordinary format.
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
 * @text: receives it, with a NUL; what does not fit is cut
 * @size: bytes at @text, at least 1
 * @format: see _RxLog()
 * @args: the arguments
 *
 * Context: any.
 * Return: the length, without trailing newlines; -1 if the format holds a conversion that is
 * not known, or its surrogate form has another number of arguments. Then no argument has
 * been fetched.
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
	/* A text with UTF-8 may be cut before the size that it was given. */
	size = min(out.length, out.size - 1);
	while (size && text[size - 1] == '\n')
		size--;
	text[size] = 0;
	return size;

bad:
	va_end(rest);
	return -1;
}
