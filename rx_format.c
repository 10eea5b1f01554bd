// SPDX-License-Identifier: GPL-2.0
/*
 * The formatter of the RxLog: the conversions that _RxLog() documents and that
 * its users write. No format of a client ever reaches printk. What is not known
 * is found before the first argument is fetched, so none is fetched in a type
 * that it does not have.
 */
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/stdarg.h>
#include <linux/string.h>

#include "wq_internal.h"

#define WQC_STRING_MAX	256	/* bytes looked at in a string without precision */

struct wqc_out {
	char *text;
	size_t length;
	size_t size;
};

static void wqc_fmt_char(struct wqc_out *out, char c)
{
	if (out->length + 1 < out->size)
		out->text[out->length++] = c;
}

static void wqc_fmt_padded(struct wqc_out *out, const char *text, size_t length,
			   unsigned int width, bool left, char pad)
{
	size_t i, fill = width > length ? width - length : 0;

	for (i = 0; !left && i < fill; i++)
		wqc_fmt_char(out, pad);
	for (i = 0; i < length; i++)
		wqc_fmt_char(out, text[i]);
	for (i = 0; left && i < fill; i++)
		wqc_fmt_char(out, ' ');
}

/* One conversion, as it was parsed. */
struct wqc_conversion {
	bool left;
	bool zero;
	bool alternate;
	unsigned int width;
	int precision;		/* -1: none */
	char size;		/* 'l', 'w', 'h', 'I' for I64, or 0 */
	char kind;		/* d u x X c s p Z S N % */
};

static unsigned int wqc_parse_number(const char **at)
{
	unsigned int number = 0;

	while (**at >= '0' && **at <= '9')
		number = min(number * 10 + (*(*at)++ - '0'), 4096U);
	return number;
}

/*
 * Parses what follows a '%'. Only what is listed at _RxLog() passes, so that
 * for all the rest no argument is fetched.
 */
static bool wqc_parse_conversion(const char **at, struct wqc_conversion *conv)
{
	*conv = (struct wqc_conversion) { .precision = -1 };
	for (;; (*at)++) {
		if (**at == '-')
			conv->left = true;
		else if (**at == '0')
			conv->zero = true;
		else if (**at == '#')
			conv->alternate = true;
		else
			break;
	}
	conv->width = wqc_parse_number(at);
	if (**at == '.') {
		(*at)++;
		conv->precision = wqc_parse_number(at);
	}
	if (!strncmp(*at, "I64", 3)) {
		conv->size = 'I';
		*at += 3;
	} else if (**at == 'l' || **at == 'w' || **at == 'h') {
		conv->size = *(*at)++;
		if (conv->size == 'l' && **at == 'l') {
			conv->size = 'I';
			(*at)++;
		}
	}
	conv->kind = **at;
	if (!conv->kind)
		return false;
	(*at)++;
	switch (conv->kind) {
	case 'i':
		conv->kind = 'd';
		return true;
	case 'd':
	case 'u':
	case 'x':
	case 'X':
		return true;
	case 'c':
	case 's':
	case 'p':
	case '%':
		return !conv->size;
	case 'Z':
		return conv->size != 'I' && conv->size != 'h';
	case 'S':
	case 'N':
		return conv->size == 'l' || conv->size == 'w' || !conv->size;
	}
	return false;
}

static void wqc_fmt_integer(struct wqc_out *out, const struct wqc_conversion *conv, u64 value,
			    bool negative)
{
	const char *digits = conv->kind == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
	unsigned int base = conv->kind == 'x' || conv->kind == 'X' ? 16 : 10;
	char text[24];
	size_t at = sizeof(text);
	bool zero = conv->zero && !conv->left && conv->precision < 0;

	do {
		text[--at] = digits[value % base];
		value /= base;
	} while (value);
	while (conv->precision > 0 && sizeof(text) - at < min(conv->precision, 20))
		text[--at] = '0';
	if (conv->alternate && base == 16) {
		text[--at] = 'x';
		text[--at] = '0';
	}
	if (negative && zero) {
		/* The sign stands before the zeros. */
		wqc_fmt_char(out, '-');
		wqc_fmt_padded(out, text + at, sizeof(text) - at,
			       conv->width ? conv->width - 1 : 0, false, '0');
		return;
	}
	if (negative)
		text[--at] = '-';
	wqc_fmt_padded(out, text + at, sizeof(text) - at, conv->width, conv->left,
		       zero ? '0' : ' ');
}

static void wqc_fmt_string(struct wqc_out *out, const struct wqc_conversion *conv,
			   const char *string)
{
	size_t limit = conv->precision >= 0 ? conv->precision : WQC_STRING_MAX;

	if (!string)
		string = "(null)";
	wqc_fmt_padded(out, string, strnlen(string, limit), conv->width, conv->left, ' ');
}

/* UTF-16 to UTF-8; half of a pair is shown as a question mark. */
static void wqc_fmt_utf16(struct wqc_out *out, const WCHAR *text, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		u32 c = text[i];

		if ((c & 0xfc00) == 0xd800 && i + 1 < count && (text[i + 1] & 0xfc00) == 0xdc00)
			c = 0x10000 + ((c & 0x3ff) << 10) + (text[++i] & 0x3ff);
		else if ((c & 0xf800) == 0xd800)
			c = '?';
		if (c < 0x80) {
			wqc_fmt_char(out, c);
			continue;
		}
		if (c >= 0x10000) {
			wqc_fmt_char(out, 0xf0 | c >> 18);
			wqc_fmt_char(out, 0x80 | (c >> 12 & 0x3f));
		} else if (c >= 0x800) {
			wqc_fmt_char(out, 0xe0 | c >> 12);
		} else {
			wqc_fmt_char(out, 0xc0 | c >> 6);
			wqc_fmt_char(out, 0x80 | (c & 0x3f));
			continue;
		}
		wqc_fmt_char(out, 0x80 | (c >> 6 & 0x3f));
		wqc_fmt_char(out, 0x80 | (c & 0x3f));
	}
}

/* %wZ: a UNICODE_STRING. %Z: one that holds ASCII, which is an ANSI_STRING. */
static void wqc_fmt_counted(struct wqc_out *out, const struct wqc_conversion *conv,
			    const UNICODE_STRING *string)
{
	if (!string || !string->Buffer)
		wqc_fmt_padded(out, "(null)", 6, conv->width, conv->left, ' ');
	else if (conv->size == 'w')
		wqc_fmt_utf16(out, string->Buffer, string->Length / sizeof(WCHAR));
	else
		wqc_fmt_padded(out, (const char *)string->Buffer,
			       strnlen((const char *)string->Buffer, string->Length),
			       conv->width, conv->left, ' ');
}

/*
 * A long of Windows has 32 bits; an argument is fetched in the width that its
 * conversion states, and a pointer passed for %lx therefore shows its low half.
 */
static void wqc_fmt_argument(struct wqc_out *out, struct wqc_conversion *conv, va_list *args)
{
	u64 value;
	s64 number;
	char c;

	switch (conv->kind) {
	case '%':
		wqc_fmt_char(out, '%');
		return;
	case 'c':
		c = va_arg(*args, int);
		wqc_fmt_padded(out, &c, 1, conv->width, conv->left, ' ');
		return;
	case 's':
	case 'S':
		wqc_fmt_string(out, conv, va_arg(*args, const char *));
		return;
	case 'Z':
		wqc_fmt_counted(out, conv, va_arg(*args, const UNICODE_STRING *));
		return;
	case 'p': {
		/* Hashed, as everywhere in the kernel. */
		char text[20];

		scnprintf(text, sizeof(text), "%p", va_arg(*args, void *));
		wqc_fmt_padded(out, text, strlen(text), conv->width, conv->left, ' ');
		return;
	}
	case 'd':
		number = conv->size == 'I' ? va_arg(*args, s64) : va_arg(*args, s32);
		if (conv->size == 'w' || conv->size == 'h')
			number = (s16)number;
		wqc_fmt_integer(out, conv, number < 0 ? -(u64)number : number, number < 0);
		return;
	}
	/* u x X N */
	value = conv->size == 'I' ? va_arg(*args, u64) : va_arg(*args, u32);
	if (conv->size == 'w' || conv->size == 'h')
		value = (u16)value;
	if (conv->kind == 'N')
		conv->kind = 'x';
	wqc_fmt_integer(out, conv, value, false);
}

/* How many arguments a format takes; -1 if it has a conversion that is none. */
static int wqc_fmt_count_arguments(const char *format)
{
	struct wqc_conversion conv;
	int count = 0;

	while (*format) {
		if (*format++ != '%')
			continue;
		if (!wqc_parse_conversion(&format, &conv))
			return -1;
		count += conv.kind != '%';
	}
	return count;
}

/*
 * "%S%S%N%N...", nothing but these, is the surrogate form: the first argument is
 * the format, and the others, one for each further conversion, are its
 * arguments. Returns how many there are, or -1 if it is an ordinary format.
 */
static int wqc_fmt_surrogate(const char *format)
{
	struct wqc_conversion conv;
	int count = -1;

	while (*format) {
		if (*format++ != '%' || !wqc_parse_conversion(&format, &conv))
			return -1;
		if (conv.kind != 'S' && (conv.kind != 'N' || count < 0))
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
 * Return: the length, without trailing newlines; -1 if the format holds what is
 * not known, or its surrogate form has another number of arguments. Then no
 * argument has been looked at.
 */
int wqc_rx_format(char *text, size_t size, const char *format, va_list args)
{
	struct wqc_out out = { .text = text, .size = size };
	struct wqc_conversion conv;
	va_list rest;
	int expected;

	if (!format)
		return -1;
	va_copy(rest, args);
	expected = wqc_fmt_surrogate(format);
	if (expected >= 0) {
		format = va_arg(rest, const char *);
		if (!format || wqc_fmt_count_arguments(format) != expected)
			goto bad;
	} else if (wqc_fmt_count_arguments(format) < 0) {
		goto bad;
	}
	while (*format) {
		if (*format != '%') {
			wqc_fmt_char(&out, *format++);
			continue;
		}
		format++;
		wqc_parse_conversion(&format, &conv);
		wqc_fmt_argument(&out, &conv, &rest);
	}
	va_end(rest);
	while (out.length && text[out.length - 1] == '\n')
		out.length--;
	text[out.length] = 0;
	return out.length;

bad:
	va_end(rest);
	return -1;
}
