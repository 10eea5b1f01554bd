// SPDX-License-Identifier: GPL-2.0
/*
 * The C run-time library: printing with the formats of Windows, numbers, sorting.
 */
#include <linux/bsearch.h>
#include <linux/export.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/sort.h>

#include "../lib/format.h"
#include "nt.h"

/* ---- printing ------------------------------------------------------------ */

/* The length of a text as an int, which is what these functions return. */
static int ntc_print_length(size_t length)
{
	return min_t(size_t, length, INT_MAX);
}

/* Unlike C's snprintf(), no terminator if there is no room for it, and -1 if the text is longer. */
static int ntc_print_old(void *to, size_t count, size_t length, size_t width, const void *text)
{
	memcpy(to, text, min(length + 1, count) * width);
	return length > count ? -1 : ntc_print_length(length);
}

int ntc_vsnprintf_old(char *to, size_t count, const char *format, va_list args)
{
	size_t length = wqc_nt_format(NULL, 0, format, args);
	char *text;
	int result;

	if (length < count) {
		wqc_nt_format(to, count, format, args);
		return ntc_print_length(length);
	}
	text = kmalloc(count + 1, ntc_alloc_may_sleep() ? GFP_NOFS : GFP_ATOMIC);
	if (!text)
		return -1;
	wqc_nt_format(text, count + 1, format, args);
	result = ntc_print_old(to, count, length, 1, text);
	kfree(text);
	return result;
}
EXPORT_SYMBOL_GPL(ntc_vsnprintf_old);

int ntc_vsnwprintf_old(WCHAR *to, size_t count, const WCHAR *format, va_list args)
{
	size_t length = wqc_nt_format_wide(NULL, 0, format, args);
	WCHAR *text;
	int result;

	if (length < count) {
		wqc_nt_format_wide(to, count, format, args);
		return ntc_print_length(length);
	}
	text = kmalloc_array(count + 1, sizeof(WCHAR),
			     ntc_alloc_may_sleep() ? GFP_NOFS : GFP_ATOMIC);
	if (!text)
		return -1;
	wqc_nt_format_wide(text, count + 1, format, args);
	result = ntc_print_old(to, count, length, sizeof(WCHAR), text);
	kfree(text);
	return result;
}
EXPORT_SYMBOL_GPL(ntc_vsnwprintf_old);

int ntc_vsprintf(char *to, const char *format, va_list args)
{
	return ntc_print_length(wqc_nt_format(to, INT_MAX, format, args));
}
EXPORT_SYMBOL_GPL(ntc_vsprintf);

int ntc_vsnprintf(char *to, size_t count, const char *format, va_list args)
{
	return ntc_print_length(wqc_nt_format(to, count, format, args));
}
EXPORT_SYMBOL_GPL(ntc_vsnprintf);

/*
 * @count: the most characters, or _TRUNCATE. A text that is longer than @size allows: -1, and
 * truncated with _TRUNCATE, else empty.
 */
int ntc_vsnprintf_s(char *to, size_t size, size_t count, const char *format, va_list args)
{
	size_t length;

	if (!to || !size)
		return -1;
	length = wqc_nt_format(to, min(size, count == _TRUNCATE ? size : count + 1), format, args);
	if (length < size && length <= count)
		return ntc_print_length(length);
	if (count >= size && count != _TRUNCATE)
		*to = 0;
	return -1;
}
EXPORT_SYMBOL_GPL(ntc_vsnprintf_s);

int ntc_vsnwprintf_s(WCHAR *to, size_t size, size_t count, const WCHAR *format, va_list args)
{
	size_t length;

	if (!to || !size)
		return -1;
	length = wqc_nt_format_wide(to, min(size, count == _TRUNCATE ? size : count + 1), format,
				    args);
	if (length < size && length <= count)
		return ntc_print_length(length);
	if (count >= size && count != _TRUNCATE)
		*to = 0;
	return -1;
}
EXPORT_SYMBOL_GPL(ntc_vsnwprintf_s);

int ntc_sprintf(char *to, const char *format, ...)
{
	va_list args;
	int length;

	va_start(args, format);
	length = ntc_vsprintf(to, format, args);
	va_end(args);
	return length;
}
EXPORT_SYMBOL_GPL(ntc_sprintf);

int ntc_snprintf(char *to, size_t count, const char *format, ...)
{
	va_list args;
	int length;

	va_start(args, format);
	length = ntc_vsnprintf(to, count, format, args);
	va_end(args);
	return length;
}
EXPORT_SYMBOL_GPL(ntc_snprintf);

int ntc_snprintf_old(char *to, size_t count, const char *format, ...)
{
	va_list args;
	int length;

	va_start(args, format);
	length = ntc_vsnprintf_old(to, count, format, args);
	va_end(args);
	return length;
}
EXPORT_SYMBOL_GPL(ntc_snprintf_old);

int ntc_snprintf_s(char *to, size_t size, size_t count, const char *format, ...)
{
	va_list args;
	int length;

	va_start(args, format);
	length = ntc_vsnprintf_s(to, size, count, format, args);
	va_end(args);
	return length;
}
EXPORT_SYMBOL_GPL(ntc_snprintf_s);

int ntc_snwprintf_old(WCHAR *to, size_t count, const WCHAR *format, ...)
{
	va_list args;
	int length;

	va_start(args, format);
	length = ntc_vsnwprintf_old(to, count, format, args);
	va_end(args);
	return length;
}
EXPORT_SYMBOL_GPL(ntc_snwprintf_old);

int ntc_snwprintf_s(WCHAR *to, size_t size, size_t count, const WCHAR *format, ...)
{
	va_list args;
	int length;

	va_start(args, format);
	length = ntc_vsnwprintf_s(to, size, count, format, args);
	va_end(args);
	return length;
}
EXPORT_SYMBOL_GPL(ntc_snwprintf_s);

int ntc_swprintf(WCHAR *to, const WCHAR *format, ...)
{
	va_list args;
	size_t length;

	va_start(args, format);
	length = wqc_nt_format_wide(to, INT_MAX, format, args);
	va_end(args);
	return ntc_print_length(length);
}
EXPORT_SYMBOL_GPL(ntc_swprintf);

/* ---- numbers ------------------------------------------------------------- */

static u32 ntc_char_at(const void *text, size_t at, bool wide)
{
	return wide ? ((const WCHAR *)text)[at] : ((const u8 *)text)[at];
}

static unsigned int ntc_digit(u32 c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'z' ? c - 'a' + 10 : UINT_MAX;
}

/* Parses blanks, a sign, a prefix and digits; saturates at @most, or @most + 1 if negative. */
static u64 ntc_strtoul(const void *text, void *end, int base, bool wide, u64 most,
		       bool *negative)
{
	size_t at = 0, digits;
	u64 value = 0;
	u32 c;

	for (c = ntc_char_at(text, 0, wide); c == ' ' || (c >= '\t' && c <= '\r');)
		c = ntc_char_at(text, ++at, wide);
	*negative = c == '-';
	if (c == '-' || c == '+')
		at++;
	if ((!base || base == 16) && ntc_char_at(text, at, wide) == '0' &&
	    (ntc_char_at(text, at + 1, wide) | 0x20) == 'x' &&
	    ntc_digit(ntc_char_at(text, at + 2, wide)) < 16) {
		base = 16;
		at += 2;
	} else if (!base) {
		base = ntc_char_at(text, at, wide) == '0' ? 8 : 10;
	}
	digits = at;
	for (; ntc_digit(ntc_char_at(text, at, wide)) < base; at++)
		value = min(value * base + ntc_digit(ntc_char_at(text, at, wide)),
			    most + *negative);
	if (end)
		*(const void **)end = at == digits ? text : text + at * (wide ? sizeof(WCHAR) : 1);
	return value;
}

/* A long of Windows has 32 bits. */
static long ntc_signed(const void *text, void *end, int base, bool wide)
{
	bool negative;
	u64 value = ntc_strtoul(text, end, base, wide, LONG_MAX >> 32, &negative);

	return negative ? -(long)value : (long)value;
}

static unsigned long ntc_unsigned(const void *text, void *end, int base, bool wide)
{
	bool negative;
	u64 value = min_t(u64, ntc_strtoul(text, end, base, wide, U32_MAX, &negative), U32_MAX);

	return negative ? (u32)-value : value;
}

long ntc_strtol(const char *text, char **end, int base)
{
	return ntc_signed(text, end, base, false);
}
EXPORT_SYMBOL_GPL(ntc_strtol);

unsigned long ntc_strtoul_long(const char *text, char **end, int base)
{
	return ntc_unsigned(text, end, base, false);
}
EXPORT_SYMBOL_GPL(ntc_strtoul_long);

unsigned long ntc_wcstoul(const WCHAR *text, WCHAR **end, int base)
{
	return ntc_unsigned(text, end, base, true);
}
EXPORT_SYMBOL_GPL(ntc_wcstoul);

long ntc_wcstol(const WCHAR *text, WCHAR **end, int base)
{
	return ntc_signed(text, end, base, true);
}
EXPORT_SYMBOL_GPL(ntc_wcstol);

int ntc_atoi(const char *text)
{
	return ntc_signed(text, NULL, 10, false);
}
EXPORT_SYMBOL_GPL(ntc_atoi);

int ntc_wtoi(const WCHAR *text)
{
	return ntc_signed(text, NULL, 10, true);
}
EXPORT_SYMBOL_GPL(ntc_wtoi);

void ntc_qsort(void *base, size_t count, size_t size, int (*compare)(const void *, const void *))
{
	sort(base, count, size, compare, NULL);
}
EXPORT_SYMBOL_GPL(ntc_qsort);

void *ntc_bsearch(const void *key, const void *base, size_t count, size_t size,
		  int (*compare)(const void *, const void *))
{
	return __inline_bsearch(key, base, count, size, compare);
}
EXPORT_SYMBOL_GPL(ntc_bsearch);
