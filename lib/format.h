/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The formatter of DbgPrint(), RtlStringCchPrintf() (nt/) and RxLog (rx/format.c). A
 * conversion passes three steps: wqc_spec_parse() reads it, a dialect gives it the type of
 * its argument or refuses it, and only then format.c fetches the argument.
 */
#ifndef WQ_FORMAT_H
#define WQ_FORMAT_H

#include <linux/stdarg.h>
#include <linux/types.h>

/* The prefix in front of the conversion's letter. */
enum wqc_size {
	WQC_SIZE_NONE,
	WQC_SIZE_HH,
	WQC_SIZE_H,
	WQC_SIZE_L,
	WQC_SIZE_LL,		/* or I64 */
	WQC_SIZE_W,
	WQC_SIZE_OTHER,		/* I, I32, z, t, j */
};

/* The type of the argument, by which it is fetched. */
enum wqc_arg {
	WQC_ARG_NONE,		/* %% */
	WQC_ARG_SIGNED,
	WQC_ARG_UNSIGNED,
	WQC_ARG_CHAR,
	WQC_ARG_WCHAR,
	WQC_ARG_STRING,		/* of bytes, ended by a zero or by the precision */
	WQC_ARG_WSTRING,	/* the same, of UTF-16 */
	WQC_ARG_ANSI,		/* an ANSI_STRING */
	WQC_ARG_ANSI_ZERO,	/* one that a zero ends, too */
	WQC_ARG_UNICODE,	/* a UNICODE_STRING */
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
 * @flags: of WQC_FMT_LEFT and so on
 * @width_arg: the width is an argument ('*')
 * @precision_arg: the precision is an argument
 * @width: characters at least
 * @precision: -1: none
 * @size: of the prefix
 * @bits: of a number
 * @kind: the letter
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
 * struct wqc_text - where the text goes
 * @at: the buffer; NULL if @size is 0
 * @size: its bytes, with the terminator
 * @length: bytes of the whole text, whether they fit or not
 * @longest: characters that are looked at in a string without a precision
 */
struct wqc_text {
	char *at;
	size_t size;
	size_t length;
	size_t longest;
};

/* Sets arg, and bits if they are others; false: the conversion is not known. */
typedef bool wqc_dialect_fn(struct wqc_spec *spec);

void wqc_spec_parse(const char **at, struct wqc_spec *spec);
void wqc_format(struct wqc_text *text, const char *format, va_list *args,
		wqc_dialect_fn *dialect);

size_t wqc_nt_format(char *text, size_t size, const char *format, va_list args);

#endif /* WQ_FORMAT_H */
