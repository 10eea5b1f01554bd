/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The formatter of DbgPrint(), RtlStringCchPrintf() (nt/) and RxLog() (rx/format.c). Each
 * conversion takes three steps: wqc_spec_parse() parses it, a dialect returns the type of its
 * argument or refuses the conversion, and then format.c fetches the argument.
 */
#ifndef WQ_FORMAT_H
#define WQ_FORMAT_H

#include <linux/stdarg.h>
#include <linux/types.h>

/* The size prefix of a conversion. */
enum wqc_size {
	WQC_SIZE_NONE,
	WQC_SIZE_HH,
	WQC_SIZE_H,
	WQC_SIZE_L,
	WQC_SIZE_LL,		/* or I64 */
	WQC_SIZE_W,
	WQC_SIZE_OTHER,		/* I, I32, z, t, j */
};

/* The type by which an argument is fetched. */
enum wqc_arg {
	WQC_ARG_NONE,		/* %% */
	WQC_ARG_SIGNED,
	WQC_ARG_UNSIGNED,
	WQC_ARG_CHAR,
	WQC_ARG_WCHAR,
	WQC_ARG_STRING,		/* bytes up to a zero or the precision */
	WQC_ARG_WSTRING,	/* UTF-16 up to a zero or the precision */
	WQC_ARG_ANSI,		/* ANSI_STRING */
	WQC_ARG_ANSI_ZERO,	/* ANSI_STRING that ends at a zero, too */
	WQC_ARG_UNICODE,	/* UNICODE_STRING */
	WQC_ARG_POINTER,
};

/* Flags of struct wqc_spec, in the order of "-+ #0". */
#define WQC_FMT_LEFT	0x01	/* or a negative width argument */
#define WQC_FMT_PLUS	0x02
#define WQC_FMT_SPACE	0x04
#define WQC_FMT_ALTERNATE	0x08
#define WQC_FMT_ZERO	0x10

/**
 * struct wqc_spec - a conversion
 * @flags: WQC_FMT_*
 * @width_arg: the width is an argument ('*')
 * @precision_arg: the precision is an argument ('*')
 * @width: minimum number of characters
 * @precision: -1: none
 * @size: the size prefix
 * @bits: width of a number
 * @kind: the conversion's letter
 * @arg: set by the dialect
 */
struct wqc_spec {
	unsigned int flags;
	bool width_arg;
	bool precision_arg;
	unsigned int width;
	int precision;
	enum wqc_size size;
	unsigned int bits;
	char kind;
	enum wqc_arg arg;
};

/**
 * struct wqc_text - the output
 * @at: the buffer; NULL if @size is 0
 * @size: size of the buffer in bytes, or in WCHARs if @wide, with the terminator
 * @length: length of the whole text in the same unit, including the part that does not fit
 * @longest: upper bound of characters that are read of a string
 * @wide: the buffer is of WCHARs
 */
struct wqc_text {
	char *at;
	size_t size;
	size_t length;
	size_t longest;
	bool wide;
};

/* Sets @arg of the conversion, and @bits if they differ. False: the conversion is unknown. */
typedef bool wqc_dialect_fn(struct wqc_spec *spec);

void wqc_spec_parse(const char **at, struct wqc_spec *spec);
void wqc_format(struct wqc_text *text, const char *format, va_list *args,
		wqc_dialect_fn *dialect);

size_t wqc_nt_format(char *text, size_t size, const char *format, va_list args);
size_t wqc_nt_format_wide(u16 *text, size_t size, const u16 *format, va_list args);

#endif /* WQ_FORMAT_H */
