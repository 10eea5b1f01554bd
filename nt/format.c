// SPDX-License-Identifier: GPL-2.0
/*
 * The formats of DbgPrint and RtlStringCchPrintf: those of Microsoft's C library.
 * "l" is 32 bits there, "w" and "l" before an s, or a capital S, mean UTF-16, and
 * Z is a counted string. Numbers go on to the kernel's formatter, one by one.
 */
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/stdarg.h>

#include "nt_internal.h"

struct wqc_text {
	char *at;
	size_t size;
	size_t length;		/* what it would be, without an end */
};

struct wqc_spec {
	char flags[6];		/* of "-+ #0" */
	int width;
	int precision;		/* -1: none */
	int bits;		/* 0: of int */
	bool wide;		/* l or w */
};

static void wqc_put(struct wqc_text *text, char c)
{
	if (text->length + 1 < text->size)
		text->at[text->length] = c;
	text->length++;
}

static void wqc_put_padded(struct wqc_text *text, const struct wqc_spec *spec, size_t length,
			   const char *chars, const WCHAR *wides)
{
	bool left = strchr(spec->flags, '-');
	size_t i, pad = spec->width > (int)length ? spec->width - length : 0;
	WCHAR c;

	for (i = 0; !left && i < pad; i++)
		wqc_put(text, ' ');
	for (i = 0; i < length; i++) {
		c = chars ? (u8)chars[i] : wides[i];
		wqc_put(text, chars || c < 0x80 ? c : '?');
	}
	for (i = 0; left && i < pad; i++)
		wqc_put(text, ' ');
}

static size_t wqc_spec_length(const struct wqc_spec *spec, const char *chars, const WCHAR *wides)
{
	size_t length = 0;

	while ((spec->precision < 0 || length < spec->precision) &&
	       (chars ? chars[length] : wides[length]))
		length++;
	return length;
}

static int wqc_parse_width(const char **at, va_list *args)
{
	int number = 0;

	if (**at == '*') {
		(*at)++;
		return clamp(va_arg(*args, int), -512, 512);
	}
	while (isdigit(**at))
		number = min(number * 10 + *(*at)++ - '0', 512);
	return number;
}

static void wqc_parse_size(const char **at, struct wqc_spec *spec)
{
	static const struct {
		const char *text;
		int bits;
	} sizes[] = {
		{ "I64", 64 }, { "I32", 32 }, { "I", BITS_PER_LONG }, { "ll", 64 }, { "l", 32 },
		{ "hh", 8 }, { "h", 16 }, { "w", 0 }, { "z", BITS_PER_LONG },
		{ "t", BITS_PER_LONG }, { "j", 64 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		if (strncmp(*at, sizes[i].text, strlen(sizes[i].text)))
			continue;
		spec->bits = sizes[i].bits;
		spec->wide = sizes[i].text[0] == 'l' || sizes[i].text[0] == 'w';
		*at += strlen(sizes[i].text);
		return;
	}
}

static void wqc_put_number(struct wqc_text *text, const struct wqc_spec *spec, char kind,
			   va_list *args)
{
	u64 value = spec->bits == 64 ? va_arg(*args, u64) : va_arg(*args, u32);
	bool is_signed = kind == 'd' || kind == 'i';
	char format[16], digits[600];
	int length;

	if (is_signed && spec->bits != 64)
		value = spec->bits == 8 ? (s64)(s8)value :
			spec->bits == 16 ? (s64)(s16)value : (s64)(s32)value;
	else if (spec->bits == 8 || spec->bits == 16)
		value &= BIT(spec->bits) - 1;
	snprintf(format, sizeof(format), spec->precision < 0 ? "%%%s*ll%c" : "%%%s*.*ll%c",
		 spec->flags, kind);
	if (spec->precision < 0)
		length = snprintf(digits, sizeof(digits), format, spec->width, value);
	else
		length = snprintf(digits, sizeof(digits), format, spec->width, spec->precision,
				  value);
	wqc_put_padded(text, &(struct wqc_spec){ .width = 0 }, min_t(int, length, 599), digits,
		       NULL);
}

static void wqc_put_counted(struct wqc_text *text, const struct wqc_spec *spec, va_list *args)
{
	const UNICODE_STRING *string = va_arg(*args, const UNICODE_STRING *);
	const STRING *narrow = (const STRING *)string;

	if (!string || !string->Buffer)
		wqc_put_padded(text, spec, 6, "(null)", NULL);
	else if (spec->wide)
		wqc_put_padded(text, spec, string->Length / sizeof(WCHAR), NULL, string->Buffer);
	else
		wqc_put_padded(text, spec, narrow->Length, narrow->Buffer, NULL);
}

static void wqc_put_string(struct wqc_text *text, const struct wqc_spec *spec, va_list *args)
{
	const void *string = va_arg(*args, const void *);

	if (!string)
		wqc_put_padded(text, spec, 6, "(null)", NULL);
	else if (spec->wide)
		wqc_put_padded(text, spec, wqc_spec_length(spec, NULL, string), NULL, string);
	else
		wqc_put_padded(text, spec, wqc_spec_length(spec, string, NULL), string, NULL);
}

/* One conversion; false: it is not known, and no argument was taken. */
static bool wqc_convert(struct wqc_text *text, struct wqc_spec *spec, char kind, va_list *args)
{
	char c[24];

	switch (kind) {
	case 'd':
	case 'i':
	case 'u':
	case 'x':
	case 'X':
	case 'o':
		wqc_put_number(text, spec, kind, args);
		return true;
	case 'c':
	case 'C':
		c[0] = va_arg(*args, int);
		wqc_put_padded(text, spec, 1, c, NULL);
		return true;
	case 'S':
		spec->wide = spec->bits != 16;
		fallthrough;
	case 's':
		wqc_put_string(text, spec, args);
		return true;
	case 'Z':
		wqc_put_counted(text, spec, args);
		return true;
	case 'p':
		/* Hashed, as the kernel does with addresses that leave it. */
		snprintf(c, sizeof(c), "%p", va_arg(*args, void *));
		wqc_put_padded(text, spec, strlen(c), c, NULL);
		return true;
	case '%':
		wqc_put(text, '%');
		return true;
	}
	return false;
}

/**
 * wqc_nt_format - format as Windows does
 * @text: receives the text, ended in any case
 * @size: bytes of it
 * @format: conversions %d %i %u %x %X %o %c %s %S %Z %p %%; flags "-+ #0", width
 *	and precision, "*" too; sizes h, hh, l (32 bits), ll, w, z, I, I32, I64
 * @args: the arguments
 *
 * What comes after a conversion that is not known is copied as it is, because
 * nobody knows what arguments belong to it: %f, which kernel code has no use for,
 * and %n.
 *
 * Context: any; in process context where it is paged on Windows.
 * Return: the length of the whole text, which may be more than fits.
 */
int wqc_nt_format(char *text, size_t size, const char *format, va_list args)
{
	struct wqc_text out = { .at = text, .size = size };
	const char *start;
	va_list copy;

	va_copy(copy, args);
	while (*format) {
		struct wqc_spec spec = { .precision = -1 };
		size_t flag = 0;

		if (*format != '%') {
			wqc_put(&out, *format++);
			continue;
		}
		start = format++;
		while (*format && strchr("-+ #0", *format)) {
			if (flag < sizeof(spec.flags) - 1)
				spec.flags[flag++] = *format;
			format++;
		}
		spec.width = wqc_parse_width(&format, &copy);
		if (*format == '.') {
			format++;
			spec.precision = max(wqc_parse_width(&format, &copy), 0);
		}
		wqc_parse_size(&format, &spec);
		if (!wqc_convert(&out, &spec, *format, &copy)) {
			for (format = start; *format; format++)
				wqc_put(&out, *format);
			break;
		}
		format++;
	}
	va_end(copy);
	if (size)
		text[min(out.length, size - 1)] = 0;
	return out.length;
}
