// SPDX-License-Identifier: GPL-2.0
/*
 * A formatter with the rules of Microsoft's C run-time library, which writes bytes.
 *
 * vsnprintf() of the kernel differs in "#", "0" and a precision of 0, takes 64 bits for "l", and
 * knows neither UTF-16 nor "I64". Only %p is the kernel's, so that an address is hashed.
 *
 * Hazard: the format, widths and precisions come from a driver. So the length of the whole text is
 * counted, but only the part that fits is stored; padding is one memset(), so that a width of 2^31
 * costs no more than the buffer; and a string is read up to its terminator, precision or count.
 */
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "format.h"
#include "../wq_types.h"

/* ---- the output ---------------------------------------------------------- */

static size_t wqc_text_room(const struct wqc_text *text)
{
	return text->length + 1 < text->size ? text->size - text->length - 1 : 0;
}

static void wqc_text_put_fill(struct wqc_text *text, char c, size_t count)
{
	size_t i, room = min(count, wqc_text_room(text));

	if (text->wide)
		for (i = 0; i < room; i++)
			((WCHAR *)text->at)[text->length + i] = (u8)c;
	else if (room)
		memset(text->at + text->length, c, room);
	text->length += count;
}

static void wqc_text_put_bytes(struct wqc_text *text, const char *bytes, size_t count)
{
	size_t i, room = min(count, wqc_text_room(text));

	if (text->wide)
		for (i = 0; i < room; i++)
			((WCHAR *)text->at)[text->length + i] = (u8)bytes[i];
	else if (room)
		memcpy(text->at + text->length, bytes, room);
	text->length += count;
}

/* Puts UTF-8. A character that does not fit as a whole ends the text: a part of it is invalid. */
static void wqc_text_put_character(struct wqc_text *text, u32 c)
{
	static const u8 leads[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	size_t at, count = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	char bytes[4];

	for (at = count; at-- > 1; c >>= 6)
		bytes[at] = 0x80 | (c & 0x3f);
	bytes[0] = leads[count] | c;
	if (wqc_text_room(text) < count)
		text->size = min(text->size, text->length + 1);
	wqc_text_put_bytes(text, bytes, count);
}

/* Converts UTF-16. An unpaired surrogate becomes a question mark. */
static void wqc_text_put_utf16(struct wqc_text *text, const WCHAR *wides, size_t count)
{
	size_t i;

	if (text->wide) {
		i = min(count, wqc_text_room(text));
		memcpy((WCHAR *)text->at + text->length, wides, i * sizeof(WCHAR));
		text->length += count;
		return;
	}
	for (i = 0; i < count; i++) {
		u32 c = wides[i];

		if ((c & 0xfc00) == 0xd800 && i + 1 < count && (wides[i + 1] & 0xfc00) == 0xdc00)
			c = 0x10000 + ((c & 0x3ff) << 10) + (wides[++i] & 0x3ff);
		else if ((c & 0xf800) == 0xd800)
			c = '?';
		wqc_text_put_character(text, c);
	}
}

/* ---- strings ------------------------------------------------------------- */

/* Puts @chars, or @wides if it is not NULL. The width counts characters of the argument. */
static void wqc_text_put_padded(struct wqc_text *text, const struct wqc_spec *spec, size_t count,
				const char *chars, const WCHAR *wides)
{
	size_t pad = spec->width > count ? spec->width - count : 0;

	if (!(spec->flags & WQC_FMT_LEFT))
		wqc_text_put_fill(text, spec->flags & WQC_FMT_ZERO ? '0' : ' ', pad);
	if (wides)
		wqc_text_put_utf16(text, wides, count);
	else
		wqc_text_put_bytes(text, chars, count);
	if (spec->flags & WQC_FMT_LEFT)
		wqc_text_put_fill(text, ' ', pad);
}

/* Reads no more than the precision: there may be no terminator, and no memory, after it. */
static void wqc_text_put_terminated(struct wqc_text *text, const struct wqc_spec *spec,
				    const char *chars, const WCHAR *wides)
{
	size_t count = 0, most = text->longest;

	if (spec->precision >= 0)
		most = min_t(size_t, most, spec->precision);
	while (count < most && (wides ? wides[count] : chars[count]))
		count++;
	wqc_text_put_padded(text, spec, count, chars, wides);
}

static void wqc_text_put_string(struct wqc_text *text, const struct wqc_spec *spec, va_list *args)
{
	const void *string = va_arg(*args, const void *);

	if (!string)
		wqc_text_put_terminated(text, spec, "(null)", NULL);
	else if (spec->arg == WQC_ARG_WSTRING)
		wqc_text_put_terminated(text, spec, NULL, string);
	else
		wqc_text_put_terminated(text, spec, string, NULL);
}

/* A counted string; the precision is ignored. ANSI_STRING has the layout of UNICODE_STRING. */
static void wqc_text_put_counted(struct wqc_text *text, const struct wqc_spec *spec, va_list *args)
{
	const UNICODE_STRING *string = va_arg(*args, const UNICODE_STRING *);
	bool wide = spec->arg == WQC_ARG_UNICODE;
	size_t count;

	if (!string || !string->Buffer) {
		wqc_text_put_padded(text, spec, 6, "(null)", NULL);
		return;
	}
	count = min_t(size_t, string->Length / (wide ? sizeof(WCHAR) : 1), text->longest);
	if (spec->arg == WQC_ARG_ANSI_ZERO)
		count = strnlen((const char *)string->Buffer, count);
	wqc_text_put_padded(text, spec, count, (const char *)string->Buffer,
			    wide ? string->Buffer : NULL);
}

static void wqc_text_put_char(struct wqc_text *text, const struct wqc_spec *spec, va_list *args)
{
	WCHAR wide = va_arg(*args, int);
	char narrow = wide;

	wqc_text_put_padded(text, spec, 1, &narrow, spec->arg == WQC_ARG_WCHAR ? &wide : NULL);
}

/* The kernel's %p, which prints a hash of the address. */
static void wqc_text_put_pointer(struct wqc_text *text, struct wqc_spec *spec, va_list *args)
{
	char hash[24];
	int length = scnprintf(hash, sizeof(hash), "%p", va_arg(*args, void *));

	spec->flags &= ~WQC_FMT_ZERO;
	wqc_text_put_padded(text, spec, length, hash, NULL);
}

/* ---- numbers ------------------------------------------------------------- */

static const char *wqc_spec_number_prefix(const struct wqc_spec *spec, unsigned int base, u64 value,
					  bool negative)
{
	if (base == 16 && spec->flags & WQC_FMT_ALTERNATE && value)
		return spec->kind == 'X' ? "0X" : "0x";
	if (negative)
		return "-";
	if (spec->arg != WQC_ARG_SIGNED)
		return "";
	return spec->flags & WQC_FMT_PLUS ? "+" : spec->flags & WQC_FMT_SPACE ? " " : "";
}

/* Puts spaces, prefix, zeros, digits, spaces. The value 0 has no digits, only zeros. */
static void wqc_text_put_digits(struct wqc_text *text, const struct wqc_spec *spec, u64 value,
				bool negative)
{
	const char *all = spec->kind == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
	unsigned int base = strchr("diu", spec->kind) ? 10 : spec->kind == 'o' ? 8 : 16;
	const char *prefix = wqc_spec_number_prefix(spec, base, value, negative);
	size_t precision = spec->precision < 0 ? 1 : spec->precision;
	size_t count = 0, zeros, length, pad;
	char digits[22];	/* 2^64 - 1 in octal */

	for (; value; value /= base)
		digits[sizeof(digits) - ++count] = all[value % base];
	zeros = precision > count ? precision - count : 0;
	if (base == 8 && spec->flags & WQC_FMT_ALTERNATE && !zeros)
		zeros = 1;
	length = strlen(prefix) + zeros + count;
	pad = spec->width > length ? spec->width - length : 0;
	if ((spec->flags & (WQC_FMT_ZERO | WQC_FMT_LEFT)) == WQC_FMT_ZERO && spec->precision < 0) {
		zeros += pad;
		pad = 0;
	}
	if (!(spec->flags & WQC_FMT_LEFT))
		wqc_text_put_fill(text, ' ', pad);
	wqc_text_put_bytes(text, prefix, strlen(prefix));
	wqc_text_put_fill(text, '0', zeros);
	wqc_text_put_bytes(text, digits + sizeof(digits) - count, count);
	if (spec->flags & WQC_FMT_LEFT)
		wqc_text_put_fill(text, ' ', pad);
}

static void wqc_text_put_number(struct wqc_text *text, const struct wqc_spec *spec, va_list *args)
{
	u64 value = spec->bits == 64 ? va_arg(*args, u64) : va_arg(*args, u32);
	unsigned int unused = 64 - spec->bits;
	bool negative = spec->arg == WQC_ARG_SIGNED && (s64)(value << unused) < 0;

	if (negative)
		value = -value;
	wqc_text_put_digits(text, spec, value << unused >> unused, negative);
}

/* ---- conversions --------------------------------------------------------- */

/* Saturates at INT_MAX. */
static int wqc_spec_parse_number(const char **at)
{
	unsigned int number = 0;

	for (; **at >= '0' && **at <= '9'; (*at)++)
		number = min_t(unsigned int, number, INT_MAX / 10) * 10 + (**at - '0');
	return min_t(unsigned int, number, INT_MAX);
}

static void wqc_spec_parse_flags(const char **at, struct wqc_spec *spec)
{
	static const char flags[] = "-+ #0";	/* in the order of WQC_FMT_* */
	const char *flag;

	for (; **at; (*at)++) {
		flag = strchr(flags, **at);
		if (!flag)
			return;
		spec->flags |= 1U << (flag - flags);
	}
}

static void wqc_spec_parse_size(const char **at, struct wqc_spec *spec)
{
	static const struct {
		const char *text;
		enum wqc_size size;
		unsigned int bits;
	} sizes[] = {
		{ "I64", WQC_SIZE_LL, 64 }, { "I32", WQC_SIZE_OTHER, 32 },
		{ "I", WQC_SIZE_OTHER, BITS_PER_LONG }, { "ll", WQC_SIZE_LL, 64 },
		{ "l", WQC_SIZE_L, 32 }, { "hh", WQC_SIZE_HH, 8 }, { "h", WQC_SIZE_H, 16 },
		{ "w", WQC_SIZE_W, 32 }, { "z", WQC_SIZE_OTHER, BITS_PER_LONG },
		{ "t", WQC_SIZE_OTHER, BITS_PER_LONG }, { "j", WQC_SIZE_OTHER, 64 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		if (strncmp(*at, sizes[i].text, strlen(sizes[i].text)))
			continue;
		spec->size = sizes[i].size;
		spec->bits = sizes[i].bits;
		*at += strlen(sizes[i].text);
		return;
	}
}

/**
 * wqc_spec_parse - parse a conversion
 * @at: points after the '%'; moved to after the conversion's letter, or to the format's end
 * @spec: receives the conversion; its letter is 0 at the format's end
 *
 * Fetches no argument.
 *
 * Context: any.
 */
void wqc_spec_parse(const char **at, struct wqc_spec *spec)
{
	*spec = (struct wqc_spec) { .precision = -1, .bits = 32 };
	wqc_spec_parse_flags(at, spec);
	spec->width_arg = **at == '*';
	if (spec->width_arg)
		(*at)++;
	else
		spec->width = wqc_spec_parse_number(at);
	if (**at == '.') {
		(*at)++;
		spec->precision_arg = **at == '*';
		if (spec->precision_arg)
			(*at)++;
		else
			spec->precision = wqc_spec_parse_number(at);
	}
	wqc_spec_parse_size(at, spec);
	spec->kind = **at;
	if (spec->kind)
		(*at)++;
}

/* A negative width argument is the flag '-' and a width; a negative precision is no precision. */
static void wqc_spec_fetch(struct wqc_spec *spec, va_list *args)
{
	int number;

	if (spec->width_arg) {
		number = va_arg(*args, int);
		if (number < 0)
			spec->flags |= WQC_FMT_LEFT;
		spec->width = number < 0 ? -(unsigned int)number : number;
	}
	if (spec->precision_arg) {
		number = va_arg(*args, int);
		spec->precision = max(number, -1);
	}
}

static void wqc_text_put_spec(struct wqc_text *text, struct wqc_spec *spec, va_list *args)
{
	wqc_spec_fetch(spec, args);
	switch (spec->arg) {
	case WQC_ARG_NONE:
		wqc_text_put_fill(text, '%', 1);
		break;
	case WQC_ARG_SIGNED:
	case WQC_ARG_UNSIGNED:
		wqc_text_put_number(text, spec, args);
		break;
	case WQC_ARG_CHAR:
	case WQC_ARG_WCHAR:
		wqc_text_put_char(text, spec, args);
		break;
	case WQC_ARG_STRING:
	case WQC_ARG_WSTRING:
		wqc_text_put_string(text, spec, args);
		break;
	case WQC_ARG_ANSI:
	case WQC_ARG_ANSI_ZERO:
	case WQC_ARG_UNICODE:
		wqc_text_put_counted(text, spec, args);
		break;
	case WQC_ARG_POINTER:
		wqc_text_put_pointer(text, spec, args);
		break;
	}
}

static void wqc_text_terminate(struct wqc_text *text)
{
	size_t end;

	if (!text->size)
		return;
	end = min(text->length, text->size - 1);
	if (text->wide)
		((WCHAR *)text->at)[end] = 0;
	else
		text->at[end] = 0;
}

/**
 * wqc_format - format a text
 * @text: receives the text, with a terminator unless its size is 0
 * @format: the format
 * @args: the arguments
 * @dialect: returns the type of a conversion's argument
 *
 * At a conversion that the dialect does not know the conversions end, and the rest of the format is
 * copied. The size of its argument is unknown, so that the next fetch could take a number for a
 * pointer.
 *
 * Context: any.
 */
void wqc_format(struct wqc_text *text, const char *format, va_list *args,
		wqc_dialect_fn *dialect)
{
	struct wqc_spec spec;
	const char *start;

	while (*format) {
		start = format;
		while (*format && *format != '%')
			format++;
		wqc_text_put_bytes(text, start, format - start);
		if (!*format)
			break;
		start = format++;
		wqc_spec_parse(&format, &spec);
		if (!dialect(&spec)) {
			wqc_text_put_bytes(text, start, strlen(start));
			break;
		}
		wqc_text_put_spec(text, &spec, args);
	}
	wqc_text_terminate(text);
}

/* Copies a conversion of UTF-16, which is ASCII. One that is longer has no letter. */
static void wqc_spec_narrow(char *narrow, size_t size, const WCHAR *format)
{
	size_t i;

	for (i = 0; i < size - 1 && format[i] && format[i] < 0x80; i++)
		narrow[i] = format[i];
	narrow[i] = 0;
}

/* As wqc_format(), of UTF-16. */
static void wqc_format_wide(struct wqc_text *text, const WCHAR *format, va_list *args,
			    wqc_dialect_fn *dialect)
{
	const WCHAR *start, *end;
	struct wqc_spec spec;
	char narrow[64];
	const char *at;

	while (*format) {
		start = format;
		while (*format && *format != '%')
			format++;
		wqc_text_put_utf16(text, start, format - start);
		if (!*format)
			break;
		start = format++;
		wqc_spec_narrow(narrow, sizeof(narrow), format);
		at = narrow;
		wqc_spec_parse(&at, &spec);
		if (!dialect(&spec)) {
			for (end = start; *end; end++)
				;
			wqc_text_put_utf16(text, start, end - start);
			break;
		}
		format += at - narrow;
		wqc_text_put_spec(text, &spec, args);
	}
	wqc_text_terminate(text);
}

/* ---- the dialect of Windows ---------------------------------------------- */

static bool wqc_nt_dialect(struct wqc_spec *spec)
{
	bool wide = spec->size == WQC_SIZE_L || spec->size == WQC_SIZE_W;
	bool narrow = spec->size == WQC_SIZE_H || spec->size == WQC_SIZE_HH;

	switch (spec->kind) {
	case 'd':
	case 'i':
		spec->arg = WQC_ARG_SIGNED;
		return true;
	case 'u':
	case 'x':
	case 'X':
	case 'o':
		spec->arg = WQC_ARG_UNSIGNED;
		return true;
	case 'c':
		spec->arg = wide ? WQC_ARG_WCHAR : WQC_ARG_CHAR;
		return true;
	case 'C':
		spec->arg = narrow ? WQC_ARG_CHAR : WQC_ARG_WCHAR;
		return true;
	case 's':
		spec->arg = wide ? WQC_ARG_WSTRING : WQC_ARG_STRING;
		return true;
	case 'S':
		spec->arg = narrow ? WQC_ARG_STRING : WQC_ARG_WSTRING;
		return true;
	case 'Z':
		spec->arg = wide ? WQC_ARG_UNICODE : WQC_ARG_ANSI;
		return true;
	case 'p':
		spec->arg = WQC_ARG_POINTER;
		return true;
	case '%':
		spec->arg = WQC_ARG_NONE;
		return true;
	}
	return false;
}

/**
 * wqc_nt_format - format a text like Windows
 * @text: receives the text, with a terminator; may be NULL if @size is 0
 * @size: size of @text in bytes
 * @format: conversions %d %i %u %x %X %o %c %C %s %S %Z %p %%; flags "-+ #0"; width and
 *	precision, also "*"; sizes h, hh, l (32 bits), ll, w, z, t, j, I, I32, I64
 * @args: the arguments
 *
 * * %ws, %ls and %S take UTF-16, %wZ and %lZ a UNICODE_STRING, %wc, %lc and %C a WCHAR. They
 *   are printed as UTF-8, an unpaired surrogate as "?"; width and precision count WCHARs.
 * * A string that is NULL, or counted and without a buffer, prints "(null)".
 * * The flag 0 pads characters and strings with zeros, too.
 * * %c, %p and %Z ignore a precision.
 * * %p prints a hash.
 * * At an unknown conversion, such as %f (drivers have no floating point) and %n, the conversions
 *   end, and the rest of the format is copied.
 *
 * Context: any; PASSIVE_LEVEL on Windows for UTF-16.
 * Return: the length of the whole text, which may exceed @size.
 *
 * Follows: the pages on format specification syntax of Microsoft's C run-time library; DDI
 * wdm/nf-wdm-dbgprint.
 */
size_t wqc_nt_format(char *text, size_t size, const char *format, va_list args)
{
	struct wqc_text out = { .at = text, .size = size, .longest = SIZE_MAX };
	va_list copy;

	va_copy(copy, args);
	wqc_format(&out, format, &copy, wqc_nt_dialect);
	va_end(copy);
	return out.length;
}
EXPORT_SYMBOL_GPL(wqc_nt_format);

/* In a format of UTF-16 a string or character without a size is UTF-16, and %S and %C are bytes. */
static bool wqc_nt_wide_dialect(struct wqc_spec *spec)
{
	if (spec->size == WQC_SIZE_NONE) {
		switch (spec->kind) {
		case 's':
			spec->arg = WQC_ARG_WSTRING;
			return true;
		case 'S':
			spec->arg = WQC_ARG_STRING;
			return true;
		case 'c':
			spec->arg = WQC_ARG_WCHAR;
			return true;
		case 'C':
			spec->arg = WQC_ARG_CHAR;
			return true;
		}
	}
	return wqc_nt_dialect(spec);
}

/**
 * wqc_nt_format_wide - format a text of UTF-16 like Windows
 * @text: receives the text, with a terminator; may be NULL if @size is 0
 * @size: size of @text in WCHARs
 * @format: as for wqc_nt_format(), but %s and %c take UTF-16, %S and %C bytes (Latin-1)
 * @args: the arguments
 *
 * UTF-16 is copied as it is.
 *
 * Context: any; PASSIVE_LEVEL on Windows.
 * Return: the length of the whole text in WCHARs, which may exceed @size.
 *
 * Follows: as wqc_nt_format().
 */
size_t wqc_nt_format_wide(WCHAR *text, size_t size, const WCHAR *format, va_list args)
{
	struct wqc_text out = {
		.at = (char *)text, .size = size, .longest = SIZE_MAX, .wide = true,
	};
	va_list copy;

	va_copy(copy, args);
	wqc_format_wide(&out, format, &copy, wqc_nt_wide_dialect);
	va_end(copy);
	return out.length;
}
EXPORT_SYMBOL_GPL(wqc_nt_format_wide);
