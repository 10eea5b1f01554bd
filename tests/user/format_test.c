// SPDX-License-Identifier: GPL-2.0
/*
 * Compares the formatters of the tree with the C library's, in user space and with the address
 * and undefined-behaviour sanitizers: all flags, widths, precisions, sizes and letters. Run
 * by scripts/formats.sh, which runs each case in a process of its own.
 *
 * The C library is the reference where Microsoft's documents agree with the C standard; the
 * size prefixes are mapped to its own. exceptions[] lists the differences.
 */
#include <stdlib.h>
#include <sys/resource.h>

#include "registry_test.h"
#include "shim.h"
#include "../../lib/format.h"
#include "../../rx/format.h"
#include "wq_types.h"

#define BIG	1024	/* more than the longest text of the differential cases */

unsigned long compared, differ;

/* ---- the two sides ------------------------------------------------------- */

typedef size_t print_fn(char *text, size_t size, const char *format, ...);

static size_t nt_print(char *text, size_t size, const char *format, ...)
{
	va_list args;
	size_t length;

	va_start(args, format);
	length = wqc_nt_format(text, size, format, args);
	va_end(args);
	return length;
}

/* -1: the formatter refuses the format. */
static size_t rx_print(char *text, size_t size, const char *format, ...)
{
	va_list args;
	int length;

	va_start(args, format);
	length = wqc_rx_format(text, size, format, args);
	va_end(args);
	return length;
}

static size_t c_print(char *text, size_t size, const char *format, ...)
{
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(text, size, format, args);
	va_end(args);
	return length;
}

/* ---- the sets ------------------------------------------------------------ */

/* "*" and its argument, or a number in the format. */
struct number {
	const char *text;
	int arg;
};

static const struct number widths[] = {
	{ "" }, { "1" }, { "5" }, { "12" }, { "30" }, { "600" },
	{ "*", 0 }, { "*", 7 }, { "*", -7 }, { "*", -600 },
};

static const struct number precisions[] = {
	{ "" }, { "." }, { ".0" }, { ".1" }, { ".4" }, { ".12" }, { ".30" }, { ".600" },
	{ ".*", 0 }, { ".*", 4 }, { ".*", 600 }, { ".*", -1 }, { ".*", -600 },
};

static const s64 values[] = {
	0, 1, 8, 42, -1, -42, 0x80, 0x7fff, 0x8000, INT_MIN, 0x123456789abcdef0, INT64_MIN,
};

/* A size prefix of Windows, and the C library's prefix for an integer of that size. */
struct size {
	const char *text;
	const char *c;
	bool is_64;
};

static const struct size nt_sizes[] = {
	{ "", "" }, { "hh", "hh" }, { "h", "h" }, { "l", "" }, { "I32", "" }, { "w", "" },
	{ "ll", "ll", true }, { "I64", "ll", true }, { "I", "l", true }, { "z", "z", true },
	{ "t", "t", true }, { "j", "j", true },
};

static const struct size rx_sizes[] = {
	{ "", "" }, { "h", "h" }, { "w", "h" }, { "l", "" },
	{ "ll", "ll", true }, { "I64", "ll", true },
};

#define FLAGS	"-+ #0"

struct dialect {
	print_fn *print;
	const char *flags;	/* flags of FLAGS that apply to it */
	bool stars;
	const struct size *sizes;
	size_t nr_sizes;
	const char *numbers;
};

static const struct dialect nt = {
	nt_print, FLAGS, true, nt_sizes, ARRAY_SIZE(nt_sizes), "diuxXo",
};

static const struct dialect rx = {
	rx_print, "-#0", false, rx_sizes, ARRAY_SIZE(rx_sizes), "diuxXN",
};

/* ---- Microsoft's own rules ---------------------------------------------- */

enum rule { ZEROS, NO_PRECISION, NULL_IS_TEXT, IS_TEXT };

static const struct {
	const char *letters;
	enum rule rule;
	const char *reason;
} exceptions[] = {
	{ "cCsSZ", ZEROS, "the flag 0 adds leading zeros to any type; in C it is undefined" },
	{ "cCpZ", NO_PRECISION, "a precision has no effect; in C it is undefined, and %Z unknown" },
	{ "sSZ", NULL_IS_TEXT, "NULL is the text (null), of which glibc shows no part" },
	{ "CSZp", IS_TEXT, "not in C, or another text there: compared with %s of what they show" },
};

static bool is_exception(enum rule rule, char letter)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(exceptions); i++)
		if (exceptions[i].rule == rule && strchr(exceptions[i].letters, letter))
			return true;
	return false;
}

/* ---- comparing ----------------------------------------------------------- */

static char *ours, *theirs;	/* BIG bytes of heap each */

/* A conversion in all its parts. */
struct conversion {
	char flags[sizeof(FLAGS)];
	const struct number *width;
	const struct number *precision;
	char letter;
};

static bool is_star(const struct number *number)
{
	return strchr(number->text, '*');
}

/* Fetches each argument in the type in which it is passed. */
#define DEFINE_PRINT(name, type)							\
static size_t name(print_fn *print, char *to, const char *format,			\
		   const struct conversion *conv, type value)				\
{											\
	int width = conv->width->arg, precision = conv->precision->arg;			\
											\
	if (is_star(conv->width) && is_star(conv->precision))				\
		return print(to, BIG, format, width, precision, value);			\
	if (is_star(conv->width))							\
		return print(to, BIG, format, width, value);				\
	if (is_star(conv->precision))							\
		return print(to, BIG, format, precision, value);			\
	return print(to, BIG, format, value);						\
}

DEFINE_PRINT(print_int, int)
DEFINE_PRINT(print_64, s64)
DEFINE_PRINT(print_pointer, const void *)

static void same(const char *format, size_t length, const char *their_format, size_t their_length)
{
	compared++;
	if (length == their_length && !memcmp(ours, theirs, length + 1))
		return;
	if (differ++ < 5)
		fprintf(stderr, "\"%s\": %zu \"%.80s\" instead of %zu \"%.80s\" (\"%s\")\n", format,
			length, ours, their_length, theirs, their_format);
}

/* Calls @each for all flags, widths and precisions. */
static void all_conversions(const struct dialect *dialect, char letter,
			    void (*each)(const struct dialect *dialect,
					 const struct conversion *conv))
{
	struct conversion conv = { .letter = letter };
	unsigned int set, bit, at;
	size_t w, p;

	for (set = 0; set < 1U << strlen(dialect->flags); set++) {
		for (at = bit = 0; dialect->flags[bit]; bit++)
			if (set & 1U << bit)
				conv.flags[at++] = dialect->flags[bit];
		conv.flags[at] = 0;
		for (w = 0; w < ARRAY_SIZE(widths); w++) {
			for (p = 0; p < ARRAY_SIZE(precisions); p++) {
				conv.width = &widths[w];
				conv.precision = &precisions[p];
				if (dialect->stars ||
				    (!is_star(conv.width) && !is_star(conv.precision)))
					each(dialect, &conv);
			}
		}
	}
}

/* ---- numbers ------------------------------------------------------------- */

static void each_number(const struct dialect *dialect, const struct conversion *conv)
{
	char format[40], c_format[40];
	size_t s, v, length, c_length;

	for (s = 0; s < dialect->nr_sizes; s++) {
		const struct size *size = &dialect->sizes[s];

		if (conv->letter == 'N' && !strchr("lw", size->text[0]))
			continue;
		if (conv->letter == 'N' && size->is_64)
			continue;
		snprintf(format, sizeof(format), "%%%s%s%s%s%c", conv->flags, conv->width->text,
			 conv->precision->text, size->text, conv->letter);
		snprintf(c_format, sizeof(c_format), "%%%s%s%s%s%c", conv->flags,
			 conv->width->text, conv->precision->text, size->c,
			 conv->letter == 'N' ? 'x' : conv->letter);
		for (v = 0; v < ARRAY_SIZE(values); v++) {
			if (size->is_64) {
				length = print_64(dialect->print, ours, format, conv, values[v]);
				c_length = print_64(c_print, theirs, c_format, conv, values[v]);
			} else {
				length = print_int(dialect->print, ours, format, conv, values[v]);
				c_length = print_int(c_print, theirs, c_format, conv, values[v]);
			}
			same(format, length, c_format, c_length);
		}
	}
}

static void numbers(const struct dialect *dialect)
{
	const char *letter;

	for (letter = dialect->numbers; *letter; letter++)
		all_conversions(dialect, *letter, each_number);
}

static void numbers_are_those_of_the_c_library(void)
{
	numbers(&nt);
}

static void numbers_of_the_log_are_those_of_the_c_library(void)
{
	numbers(&rx);
}

/* ---- characters and strings ---------------------------------------------- */

/* The argument type of a letter and its size prefix. */
enum shape { NARROW, WIDE, NARROW_COUNTED, WIDE_COUNTED, CHARACTER, WIDE_CHARACTER, ADDRESS };

static const struct text_type {
	const char *size;
	char letter;
	bool log;		/* the log knows it; of @shape, or of bytes there */
	enum shape shape;
	enum shape log_shape;
} text_types[] = {
	{ "", 's', true, NARROW, NARROW },	{ "h", 's', false, NARROW },
	{ "hh", 's', false, NARROW },		{ "l", 's', false, WIDE },
	{ "w", 's', false, WIDE },
	{ "", 'S', true, WIDE, NARROW },	{ "h", 'S', false, NARROW },
	{ "l", 'S', true, WIDE, NARROW },	{ "w", 'S', true, WIDE, NARROW },
	{ "", 'Z', true, NARROW_COUNTED, NARROW_COUNTED },
	{ "h", 'Z', false, NARROW_COUNTED },
	{ "l", 'Z', true, WIDE_COUNTED, NARROW_COUNTED },
	{ "w", 'Z', true, WIDE_COUNTED, WIDE_COUNTED },
	{ "", 'c', true, CHARACTER, CHARACTER },	{ "h", 'c', false, CHARACTER },
	{ "l", 'c', false, WIDE_CHARACTER },	{ "w", 'c', false, WIDE_CHARACTER },
	{ "", 'C', false, WIDE_CHARACTER },	{ "h", 'C', false, CHARACTER },
	{ "l", 'C', false, WIDE_CHARACTER },	{ "w", 'C', false, WIDE_CHARACTER },
	{ "", 'p', true, ADDRESS, ADDRESS },
};

/* Longer than any width and precision; the log reads a part of it only. */
static char long_text[700];

static const char *const texts[] = {
	"", "a", "%d", "abcdefghijkl", "0123456789abcdefghijklmnopqrst", NULL, long_text,
};

/* The precision, -1 for none. */
static int precision_of(const struct conversion *conv)
{
	const char *text = conv->precision->text;

	if (!*text)
		return -1;
	return is_star(conv->precision) ? conv->precision->arg : atoi(text + 1);
}

/*
 * The argument in heap memory of its exact size: no terminator behind a string that its
 * precision or its count ends, so that the address sanitizer finds a read beyond.
 */
static void *argument(enum shape shape, const char *text, int precision)
{
	bool is_wide = shape == WIDE || shape == WIDE_COUNTED;
	size_t i, count, size = is_wide ? sizeof(WCHAR) : 1;
	UNICODE_STRING *string;
	char *chars;

	if (!text)
		return NULL;
	count = strlen(text);
	if (shape == NARROW || shape == WIDE)
		count = precision >= 0 && precision <= (int)count ? precision : (int)count + 1;
	chars = malloc(count * size);
	for (i = 0; i < count; i++) {
		if (is_wide)
			((WCHAR *)chars)[i] = text[i];
		else
			chars[i] = text[i];
	}
	if (shape == NARROW || shape == WIDE)
		return chars;
	string = malloc(sizeof(*string));
	string->Length = count * size;
	string->MaximumLength = count * size;
	string->Buffer = (WCHAR *)chars;
	return string;
}

static void free_argument(enum shape shape, void *arg)
{
	if (arg && (shape == NARROW_COUNTED || shape == WIDE_COUNTED))
		free(((UNICODE_STRING *)arg)->Buffer);
	free(arg);
}

/* Replaces leading spaces by zeros. They are padding: no text begins with a space. */
static void pad_with_zeros(const struct conversion *conv, size_t length)
{
	size_t i;

	if (!strchr(conv->flags, '0') || strchr(conv->flags, '-') || conv->width->arg < 0)
		return;
	for (i = 0; i < length && theirs[i] == ' '; i++)
		theirs[i] = '0';
}

static const struct text_type *text_type;

/* The output of the C library for @text, in the form that is expected. */
static size_t expect(const struct conversion *conv, const char *text, char *c_format, size_t size)
{
	static const struct number none = { "" };
	struct conversion theirs_conv = *conv;
	size_t length;

	if (is_exception(NO_PRECISION, conv->letter))
		theirs_conv.precision = &none;
	if (!text && is_exception(NULL_IS_TEXT, conv->letter))
		text = "(null)";
	/* UTF-16 of ASCII prints like bytes: the size prefix is dropped for the C library. */
	snprintf(c_format, size, "%%%s%s%s%c", conv->flags, conv->width->text,
		 theirs_conv.precision->text,
		 is_exception(IS_TEXT, conv->letter) ? 's' : conv->letter);
	if (conv->letter == 'c')
		length = print_int(c_print, theirs, c_format, &theirs_conv, text[0]);
	else
		length = print_pointer(c_print, theirs, c_format, &theirs_conv, text);
	if (is_exception(ZEROS, conv->letter))
		pad_with_zeros(conv, length);
	return length;
}

static void each_text(const struct dialect *dialect, const struct conversion *conv)
{
	enum shape shape = dialect == &rx ? text_type->log_shape : text_type->shape;
	char format[40], c_format[40], shown[24] = "";
	size_t t, length, c_length;
	void *arg;

	snprintf(format, sizeof(format), "%%%s%s%s%s%c", conv->flags, conv->width->text,
		 conv->precision->text, text_type->size, conv->letter);
	for (t = 0; t < ARRAY_SIZE(texts); t++) {
		if (texts[t] == long_text && dialect == &rx)
			continue;
		if (shape == ADDRESS) {
			snprintf(shown, sizeof(shown), "%016lx", TEST_HASH(texts[t]));
			length = print_pointer(dialect->print, ours, format, conv, texts[t]);
			c_length = expect(conv, shown, c_format, sizeof(c_format));
		} else if (shape == CHARACTER || shape == WIDE_CHARACTER) {
			if (!texts[t] || !texts[t][0])
				continue;
			shown[0] = texts[t][0];
			length = print_int(dialect->print, ours, format, conv, texts[t][0]);
			c_length = expect(conv, shown, c_format, sizeof(c_format));
		} else {
			arg = argument(shape, texts[t], precision_of(conv));
			length = print_pointer(dialect->print, ours, format, conv, arg);
			c_length = expect(conv, texts[t], c_format, sizeof(c_format));
			free_argument(shape, arg);
		}
		same(format, length, c_format, c_length);
	}
}

static void text_is_that_of_the_c_library(const struct dialect *dialect)
{
	size_t i;

	memset(long_text, 'x', sizeof(long_text) - 1);
	for (i = 0; i < ARRAY_SIZE(text_types); i++) {
		text_type = &text_types[i];
		if (dialect == &nt || text_type->log)
			all_conversions(dialect, text_type->letter, each_text);
	}
}

static void strings_are_those_of_the_c_library(void)
{
	text_is_that_of_the_c_library(&nt);
}

static void strings_of_the_log_are_those_of_the_c_library(void)
{
	text_is_that_of_the_c_library(&rx);
}

/* ---- one by one ---------------------------------------------------------- */

static void shows(const char *what, const char *want, size_t want_length, size_t length)
{
	compared++;
	if (length == want_length && !strcmp(want, ours))
		return;
	if (differ++ < 5)
		fprintf(stderr, "%s: %zu \"%s\" instead of %zu \"%s\"\n", what, length, ours,
			want_length, want);
}

static void shows_all(const char *what, const char *want, size_t length)
{
	shows(what, want, strlen(want), length);
}

#define SHOWS(print, want, ...)								\
	shows_all(#print " " #__VA_ARGS__, want, print(ours, BIG, __VA_ARGS__))
/* The length is that of the whole text; the buffer has only its beginning. */
#define IS_LONG(print, size, want, length, ...)						\
	shows(#print " " #__VA_ARGS__, want, length, print(ours, size, __VA_ARGS__))

static void is_true(bool what, const char *text)
{
	compared++;
	if (!what && differ++ < 5)
		fprintf(stderr, "not true: %s\n", text);
}

#define TRUE_THAT(what) is_true(what, #what)

/* Width and precision count units of the string, not characters of the output. */
static void utf16_is_shown_as_utf8(void)
{
	static WCHAR all[] = { 'a', 0xe4, 0x20ac, 0xd83d, 0xde00, 0xd800, 'z', 0 };
	static WCHAR halves[] = { 0xde00, 0xd83d, 0 };
	UNICODE_STRING counted = { sizeof(all) - 2, sizeof(all), all };
	const char *text = "a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80?z";

	SHOWS(nt_print, text, "%ws", all);
	SHOWS(nt_print, text, "%ls", all);
	SHOWS(nt_print, text, "%S", all);
	SHOWS(nt_print, text, "%wZ", &counted);
	SHOWS(rx_print, text, "%wZ", &counted);
	SHOWS(nt_print, "??", "%ws", halves);
	SHOWS(nt_print, "[  a\xc3\xa4][a\xc3\xa4  ]", "[%4.2ws][%-4.2ws]", all, all);
	/* The precision cuts a surrogate pair. */
	SHOWS(nt_print, "a\xc3\xa4\xe2\x82\xac?", "%.4ws", all);
	counted.Length = 3 * sizeof(WCHAR);
	SHOWS(nt_print, "[ a\xc3\xa4\xe2\x82\xac]", "[%4wZ]", &counted);
	SHOWS(rx_print, "[ a\xc3\xa4\xe2\x82\xac]", "[%4wZ]", &counted);
	SHOWS(rx_print, "[a\xc3\xa4\xe2\x82\xac ]", "[%-4wZ]", &counted);
	SHOWS(nt_print, "\xc3\xbf \xc4\x80 \xe2\x82\xac", "%C %lc %wc", 0xff, 0x100, 0x20ac);
	SHOWS(nt_print, "? ?", "%C %wc", 0xd83d, 0xdc00);
	SHOWS(nt_print, "\x7f \xc2\x80 \xdf\xbf \xe0\xa0\x80 \xef\xbf\xbf", "%C %C %C %C %C",
	      0x7f, 0x80, 0x7ff, 0x800, 0xffff);
	/* A byte is copied unchanged. */
	SHOWS(nt_print, "\xe4\xe4 \xe4", "%c%hC %s", 0xe4, 0xe4, "\xe4");
	TRUE_THAT(nt_print(ours, BIG, "a%cb%Cc", 0, 0) == 5 && !memcmp(ours, "a\0b\0c", 6));
}

/* Reads nothing behind a string's end, and nothing of an empty string. */
static void strings_are_read_to_their_end_only(void)
{
	char *bytes = malloc(5);
	WCHAR *wides = malloc(3 * sizeof(*wides));
	UNICODE_STRING *string = malloc(sizeof(*string));

	memcpy(bytes, "abcde", 5);
	memcpy(wides, (WCHAR[]) { 'x', 0xd83d, 0xd83d }, 3 * sizeof(*wides));
	SHOWS(nt_print, "abcde|abcd||  abc", "%.5s|%.*s|%.0s|%5.3s", bytes, 4, bytes, bytes, bytes);
	SHOWS(nt_print, "x??|x||  x", "%.3ws|%.1S|%.0ls|%3.1ws", wides, wides, wides, wides);
	SHOWS(rx_print, "abcde|abc", "%.5s|%.3lS", bytes, bytes);
	/* The second half of a pair is behind the end; half a pair is not printed. */
	*string = (UNICODE_STRING) { 3 * sizeof(*wides), 3 * sizeof(*wides), wides };
	SHOWS(nt_print, "x??", "%wZ", string);
	SHOWS(rx_print, "x??", "%wZ", string);
	string->Length = 3;
	SHOWS(nt_print, "x", "%wZ", string);
	SHOWS(rx_print, "x", "%wZ", string);
	string->Length = 1;
	SHOWS(nt_print, "<>", "<%wZ>", string);
	string->Length = 0;
	SHOWS(nt_print, "<  >", "<%2wZ>", string);
	*string = (UNICODE_STRING) { 5, 5, (WCHAR *)bytes };
	SHOWS(nt_print, "abcde", "%Z", string);
	SHOWS(rx_print, "abcde", "%Z", string);
	string->Buffer = NULL;
	SHOWS(nt_print, "(null) (null)", "%wZ %Z", string, string);
	SHOWS(rx_print, "(null) (null)", "%wZ %Z", string, string);
	string->Length = 0;
	SHOWS(nt_print, "(null) (null)", "%wZ %Z", string, string);
	/* The log formats under a raw lock: it reads no more than fits into a record. */
	memset(theirs, 'x', 300);
	theirs[300] = 0;
	TRUE_THAT(rx_print(ours, BIG, "%s", theirs) == 256);
	*string = (UNICODE_STRING) { 300, 300, (WCHAR *)theirs };
	TRUE_THAT(rx_print(ours, BIG, "%Z", string) == 256);
	/* NULL is not read as a string of UTF-16 either. */
	SHOWS(nt_print, "(null)(nu  (null)", "%ws%.3S%8ws", NULL, NULL, NULL);
	free(string);
	free(wides);
	free(bytes);
}

/* ---- text that does not fit ---------------------------------------------- */

static void is_cut(print_fn *print, size_t size, const char *format, const void *arg)
{
	size_t full = strlen(theirs), fits = size && full >= size ? size - 1 : full, length, kept;
	char *text = malloc(size);

	length = print(text, size, format, arg, arg, arg);
	if (size) {
		kept = strnlen(text, size);
		TRUE_THAT(kept <= fits && !memcmp(text, theirs, kept) && !text[kept]);
		/* Shorter than the buffer only where a UTF-8 character does not fit. */
		TRUE_THAT(kept == fits || ((theirs[kept] & 0xc0) == 0xc0 && fits - kept < 4));
		TRUE_THAT((theirs[kept] & 0xc0) != 0x80);
		TRUE_THAT(print == nt_print || length == kept);
	}
	TRUE_THAT(print == rx_print || length == full);
	free(text);
}

static void text_that_does_not_fit_is_cut(void)
{
	static WCHAR wide[] = { 'a', 0xe4, 'b', 0x20ac, 0xd83d, 0xde00, 'c', 0 };
	static UNICODE_STRING counted = { sizeof(wide) - 2, sizeof(wide), wide };
	static const struct {
		print_fn *print;
		const char *format;
		const void *arg;
	} cuts[] = {
		{ nt_print, "plain text" }, { nt_print, "%d|%5d|%-5d|", (void *)-42 },
		{ nt_print, "%#.8x|%08x|%+d", (void *)42 }, { nt_print, "%s|%7s|%-7s|", "abcd" },
		{ nt_print, "%ws|%9ws|%-9ws|", wide }, { nt_print, "%wZ|%9wZ", &counted },
		{ nt_print, "%C%3C%-3C|", (void *)0x20ac }, { nt_print, "%p|%%|%20p|", wide },
		{ nt_print, "%d %f %d", (void *)7 }, { nt_print, "" },
		{ rx_print, "%d|%5d|%-5d|", (void *)42 }, { rx_print, "%wZ|%9wZ|%-9wZ|", &counted },
		{ rx_print, "%s|%7s|%-7s|", "abcd" },
	};
	size_t i, size, full;

	for (i = 0; i < ARRAY_SIZE(cuts); i++) {
		full = cuts[i].print(theirs, BIG, cuts[i].format, cuts[i].arg, cuts[i].arg,
				     cuts[i].arg);
		TRUE_THAT(full == strlen(theirs));
		for (size = cuts[i].print == rx_print; size <= full + 2; size++)
			is_cut(cuts[i].print, size, cuts[i].format, cuts[i].arg);
	}
	TRUE_THAT(nt_print(NULL, 0, "%s%5d", "text", 1) == 9);
}

/* A formatter that stores the whole width is stopped here. */
static void limit_cpu_time(unsigned int seconds)
{
	setrlimit(RLIMIT_CPU, &(struct rlimit) { seconds, seconds });
}

/* A width counts in full; as much of it is stored as fits. */
static void huge_widths_and_precisions_cost_nothing(void)
{
	const size_t most = INT_MAX;

	limit_cpu_time(2);
	IS_LONG(nt_print, 4, "   ", most, "%*d", INT_MAX, 1);
	IS_LONG(nt_print, 4, "1  ", most + 1, "%*d", INT_MIN, 1);
	IS_LONG(nt_print, 4, "000", most, "%0*d", INT_MAX, 1);
	IS_LONG(nt_print, 4, "000", most, "%.*d", INT_MAX, 1);
	IS_LONG(nt_print, 4, "-00", most + 1, "%.*d", INT_MAX, -1);
	IS_LONG(nt_print, 4, "   ", most, "%2147483647d", 1);
	IS_LONG(nt_print, 4, "   ", most, "%2147483648d", 1);
	IS_LONG(nt_print, 4, "   ", most, "%99999999999999999999d", 1);
	IS_LONG(nt_print, 4, "000", most, "%.99999999999999999999d", 1);
	IS_LONG(nt_print, 4, "0x0", most + 2, "%#.99999999999999999999x", 1);
	IS_LONG(nt_print, 4, "abc", 3, "%.99999999999999999999s", "abc");
	IS_LONG(nt_print, 4, "   ", most, "%*s", INT_MAX, "abc");
	IS_LONG(nt_print, 4, "a  ", most + 1, "%*S", INT_MIN, (WCHAR[]) { 'a', 0 });
	IS_LONG(nt_print, 4, "a  ", most + 1, "%*c", INT_MIN, 'a');
	IS_LONG(nt_print, 4, "   ", most, "%*p", INT_MAX, NULL);
	/* The sum does not wrap, for a size that an int does not hold. */
	IS_LONG(nt_print, 4, "1  ", 4 * (most + 1), "%*d%*d%*d%*d", INT_MIN, 1, INT_MIN, 2,
		INT_MIN, 3, INT_MIN, 4);
	IS_LONG(rx_print, 4, "   ", 3, "%99999999999999999999d", 1);
	IS_LONG(rx_print, 4, "000", 3, "%.99999999999999999999d", 1);
	IS_LONG(rx_print, 4, "   ", 3, "%2147483647s", "abc");
}

/* ---- unknown and random formats ------------------------------------------ */

/* Neither its argument nor a later one is fetched. */
static void unknown_conversions_take_no_argument(void)
{
	static const char *const unknown[] = {
		"%n", "%hn", "%lln", "%f", "%e", "%g", "%a", "%Lf", "%b", "%q", "%k", "%1$d", "%",
		"%-", "%5", "%.", "%.5", "%*", "%*.*", "%l", "%I64", "%I", "%h", "%*.*f", "%.-1d",
		"%v", "% ", "%#",
	};
	static const char *const not_of_the_log[] = {
		"%*d", "%.*s", "%+d", "% d", "%o", "%ls", "%lc", "%C", "%hs", "%lp", "%zu", "%td",
		"%jd", "%I32d", "%Id", "%hhd", "%llN", "%hN", "%hZ", "%hS", "%I64s", "%l%",
	};
	char format[40];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(unknown); i++) {
		/* '|' is no conversion letter; a conversion without a letter is unknown. */
		snprintf(format, sizeof(format), "%%d %s| %%s", unknown[i]);
		snprintf(theirs, BIG, "7 %s| %%s", unknown[i]);
		nt_print(ours, BIG, format, 7, (char *)1, (char *)1, (char *)1);
		TRUE_THAT(!strcmp(ours, theirs));
		TRUE_THAT(rx_print(ours, BIG, format, 7, (char *)1, (char *)1) == (size_t)-1);
		nt_print(ours, BIG, unknown[i], (char *)1, (char *)1, (char *)1);
		TRUE_THAT(!strcmp(ours, unknown[i]));
		TRUE_THAT(rx_print(ours, BIG, unknown[i], (char *)1, (char *)1) == (size_t)-1);
	}
	for (i = 0; i < ARRAY_SIZE(not_of_the_log); i++) {
		TRUE_THAT(rx_print(ours, BIG, not_of_the_log[i], (char *)1) == (size_t)-1);
		snprintf(format, sizeof(format), "%%s %s", not_of_the_log[i]);
		TRUE_THAT(rx_print(ours, BIG, format, (char *)1, (char *)1) == (size_t)-1);
	}
}

static size_t print_all(print_fn *print, char *text, size_t size, const char *format,
			const u64 *a)
{
	return print(text, size, format, a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8],
		     a[9], a[10], a[11]);
}

/* Whatever the format, the text is counted, and terminated inside its buffer. */
static void random_formats_stay_in_their_buffer(void)
{
	static const char alphabet[] = "%%%%-+ #0*.125lhwI64jztdioxXucCNq";
	unsigned int seed = 1, i, at, round;
	u64 args[12];
	char format[24], *text;
	size_t size, full, length;

	limit_cpu_time(10);
	for (round = 0; round < 200000; round++) {
		for (at = 0; at < sizeof(format) - 1; at++)
			format[at] = alphabet[rand_r(&seed) % (sizeof(alphabet) - 1)];
		format[rand_r(&seed) % sizeof(format)] = 0;
		format[sizeof(format) - 1] = 0;
		for (i = 0; i < ARRAY_SIZE(args); i++)
			args[i] = ((u64)rand_r(&seed) << 33) >> rand_r(&seed) % 64;
		full = print_all(nt_print, NULL, 0, format, args);
		size = 1 + rand_r(&seed) % 64;
		text = malloc(size);
		length = print_all(nt_print, text, size, format, args);
		compared++;
		if (length != full || !memchr(text, 0, size)) {
			differ++;
			fprintf(stderr, "\"%s\": %zu and %zu\n", format, length, full);
		}
		length = print_all(rx_print, text, size, format, args);
		compared++;
		if (length != (size_t)-1 && (length >= size || text[length])) {
			differ++;
			fprintf(stderr, "\"%s\": the log has %zu\n", format, length);
		}
		free(text);
	}
}

/* ---- running them -------------------------------------------------------- */

#define CASE(name) { #name, name }

static const struct {
	const char *name;
	void (*run)(void);
} cases[] = {
	CASE(numbers_are_those_of_the_c_library),
	CASE(numbers_of_the_log_are_those_of_the_c_library),
	CASE(strings_are_those_of_the_c_library),
	CASE(strings_of_the_log_are_those_of_the_c_library),
	CASE(utf16_is_shown_as_utf8),
	CASE(strings_are_read_to_their_end_only),
	CASE(text_that_does_not_fit_is_cut),
	CASE(huge_widths_and_precisions_cost_nothing),
	CASE(unknown_conversions_take_no_argument),
	CASE(random_formats_stay_in_their_buffer),
	CASE(registry_texts_are_parsed),
	CASE(random_registry_texts_stay_in_their_buffer),
};

/*
 * Without an argument, prints the names; with one, runs that case. Exits with 0 if there is no
 * difference.
 */
int main(int argc, char **argv)
{
	size_t i;

	ours = malloc(BIG);
	theirs = malloc(BIG);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		if (argc < 2)
			puts(cases[i].name);
		else if (!strcmp(argv[1], cases[i].name))
			cases[i].run();
	}
	free(ours);
	free(theirs);
	if (argc < 2)
		return 0;
	printf("%lu compared, %lu differ\n", compared, differ);
	return !compared || differ;
}
