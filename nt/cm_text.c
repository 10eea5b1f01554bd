// SPDX-License-Identifier: GPL-2.0
/*
 * The text form of registry keys, as .reg files of Windows have it, but in UTF-8:
 *
 *   Windows Registry Editor Version 5.00
 *   ; a comment
 *   [HKEY_LOCAL_MACHINE\System\CurrentControlSet\Services\driver\Parameters]
 *   @="the default value"
 *   "Text"="with \" and \\"
 *   "Number"=dword:0000001f
 *   "Data"=hex:01,02,\
 *     03
 *   "Other"=hex(7):61,00,00,00,00,00
 *   "Gone"=-
 *   [-HKEY_LOCAL_MACHINE\Software\Gone]
 *
 * The parser reads untrusted text: every access is before @end. It changes nothing itself, so a
 * text can be checked first and applied then. In user space it is tested with random texts.
 */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "cm_text.h"

#define NTC_TEXT_SZ	1	/* REG_SZ */
#define NTC_TEXT_BINARY	3	/* REG_BINARY */
#define NTC_TEXT_DWORD	4	/* REG_DWORD */

#define NTC_NO_MEMORY	"no memory"

struct ntc_cursor {
	const char *at;
	const char *end;
	unsigned int line;	/* of @at, from 0 */
	const struct ntc_text_sink *sink;
	void *arg;
};

static int ntc_peek(const struct ntc_cursor *c)
{
	return c->at < c->end ? (unsigned char)*c->at : -1;
}

static bool ntc_is_blank(int c)
{
	return c == ' ' || c == '\t';
}

static void ntc_skip_blanks(struct ntc_cursor *c)
{
	while (ntc_is_blank(ntc_peek(c)))
		c->at++;
}

/* Skips a prefix, without regard to case. */
static bool ntc_skip(struct ntc_cursor *c, const char *prefix)
{
	size_t n = strlen(prefix);

	if (c->end - c->at < n || strncasecmp(c->at, prefix, n))
		return false;
	c->at += n;
	return true;
}

/* Skips the end of a line. False: this is none. */
static bool ntc_skip_end(struct ntc_cursor *c)
{
	if (ntc_peek(c) == '\r')
		c->at++;
	if (ntc_peek(c) == -1)
		return true;
	if (*c->at != '\n')
		return false;
	c->at++;
	c->line++;
	return true;
}

static int ntc_digit(int c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Up to @most hexadecimal digits. The number of digits. */
static int ntc_hex(struct ntc_cursor *c, int most, ULONG *number)
{
	int n = 0;

	*number = 0;
	while (n < most && ntc_peek(c) >= 0 && ntc_digit(*c->at) >= 0) {
		*number = *number << 4 | ntc_digit(*c->at++);
		n++;
	}
	return n;
}

/* ---- strings --------------------------------------------------------------------- */

/* One character of UTF-8. Negative: it is malformed. */
static int ntc_utf8_next(const char **at, const char *end)
{
	static const int least[] = { 0, 0x80, 0x800, 0x10000 };
	int c = (unsigned char)*(*at)++, more, i;

	if (c < 0x80)
		return c;
	more = c >= 0xf8 || c < 0xc0 ? 0 : c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : 1;
	if (!more || end - *at < more)
		return -1;
	c &= 0x3f >> more;
	for (i = 0; i < more; i++, (*at)++) {
		if ((**at & 0xc0) != 0x80)
			return -1;
		c = c << 6 | (**at & 0x3f);
	}
	return c < least[more] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff) ? -1 : c;
}

/*
 * Converts UTF-8 to UTF-16, for which there is room: it has no more characters than UTF-8 has
 * bytes. @escaped: \\ and \" stand for one character. The result is what is wrong, or NULL.
 */
static const char *ntc_to_utf16(WCHAR *to, size_t *n, const char *from, const char *end,
				bool escaped)
{
	int c;

	for (*n = 0; from < end;) {
		if (escaped && *from == '\\') {
			if (++from == end || (*from != '\\' && *from != '"'))
				return "a backslash in a string that is neither \\\\ nor \\\"";
		}
		c = ntc_utf8_next(&from, end);
		if (c < 0)
			return "bytes that are not UTF-8";
		if (c < ' ')
			return "a control character";
		if (c > 0xffff) {
			to[(*n)++] = 0xd800 + ((c - 0x10000) >> 10);
			c = 0xdc00 + ((c - 0x10000) & 0x3ff);
		}
		to[(*n)++] = c;
	}
	to[*n] = 0;
	return NULL;
}

/* UTF-8 of well-formed UTF-16. The number of bytes; they are written if @to is not NULL. */
size_t ntc_text_utf8(char *to, const WCHAR *from, size_t n)
{
	size_t i, size = 0;
	int c, shift;

	for (i = 0; i < n; i++) {
		c = from[i];
		if (c >= 0xd800 && c <= 0xdbff && i + 1 < n)
			c = 0x10000 + ((c - 0xd800) << 10) + (from[++i] - 0xdc00);
		shift = c < 0x80 ? 0 : c < 0x800 ? 6 : c < 0x10000 ? 12 : 18;
		if (to)
			to[size] = !shift ? c : (shift == 6 ? 0xc0 : shift == 12 ? 0xe0 : 0xf0) |
				   c >> shift;
		size++;
		while (shift) {
			shift -= 6;
			if (to)
				to[size] = 0x80 | (c >> shift & 0x3f);
			size++;
		}
	}
	return size;
}

/* A string in quotation marks: its memory, to be freed, and its length without the terminator. */
static const char *ntc_quoted(struct ntc_cursor *c, WCHAR **string, size_t *n)
{
	const char *from = ++c->at, *wrong;

	*string = NULL;
	while (ntc_peek(c) != '"') {
		if (ntc_peek(c) == -1 || *c->at == '\n')
			return "a string without its end";
		c->at += *c->at == '\\' && c->end - c->at > 1 && c->at[1] != '\n' ? 2 : 1;
	}
	*string = kvmalloc_array(c->at - from + 1, sizeof(WCHAR), GFP_KERNEL);
	if (!*string)
		return NTC_NO_MEMORY;
	wrong = ntc_to_utf16(*string, n, from, c->at++, true);
	return wrong;
}

/* ---- lines ----------------------------------------------------------------------- */

static const struct {
	const char *text, *path;
} ntc_text_roots[] = {
	{ "HKEY_LOCAL_MACHINE", "\\Registry\\Machine" },
	{ "HKLM", "\\Registry\\Machine" },
	{ "HKEY_USERS", "\\Registry\\User" },
	{ "HKU", "\\Registry\\User" },
};

/* The path of the tree for what stands in brackets. */
static const char *ntc_text_path(WCHAR *to, size_t *n, struct ntc_cursor *c, const char *end)
{
	const char *path = NULL;
	size_t i, length;

	for (i = 0; i < ARRAY_SIZE(ntc_text_roots) && !path; i++) {
		length = strlen(ntc_text_roots[i].text);
		if (end - c->at >= length && (end - c->at == length || c->at[length] == '\\') &&
		    ntc_skip(c, ntc_text_roots[i].text))
			path = ntc_text_roots[i].path;
	}
	if (!path)
		return "a key that is not of HKEY_LOCAL_MACHINE or HKEY_USERS";
	for (i = 0; path[i]; i++)
		to[i] = path[i];
	path = ntc_to_utf16(to + i, n, c->at, end, false);
	*n += i;
	return path;
}

#define NTC_MAX_ROOT	20	/* characters: more than a path is longer than its text */

static const char *ntc_text_key(struct ntc_cursor *c, struct ntc_text *text)
{
	const char *end = NULL, *at, *wrong;
	UNICODE_STRING path;
	bool remove;
	WCHAR *name;
	size_t n;

	c->at++;
	remove = ntc_peek(c) == '-';
	c->at += remove;
	/* A name may have brackets: the last one of the line ends the key. */
	for (at = c->at; at < c->end && *at != '\n'; at++)
		if (*at == ']')
			end = at;
	if (!end)
		return "a key without its bracket";
	name = kvmalloc_array(end - c->at + NTC_MAX_ROOT, sizeof(WCHAR), GFP_KERNEL);
	if (!name)
		return NTC_NO_MEMORY;
	wrong = ntc_text_path(name, &n, c, end);
	if (!wrong && n > 32766)
		wrong = "a path that is too long";
	if (!wrong) {
		path = (UNICODE_STRING){ n * sizeof(WCHAR), n * sizeof(WCHAR), name };
		wrong = c->sink->key(c->arg, &path, remove);
	}
	kvfree(name);
	c->at = end + 1;
	text->has_key = !remove;
	return wrong;
}

/* Bytes in hexadecimal with commas between them. A backslash continues the line. */
static const char *ntc_text_bytes(struct ntc_cursor *c, unsigned char *to, size_t *size)
{
	ULONG byte;

	for (*size = 0;;) {
		ntc_skip_blanks(c);
		if (ntc_peek(c) == '\\') {
			c->at++;
			ntc_skip_blanks(c);
			if (!ntc_skip_end(c))
				return "a backslash that is not the last of its line";
			continue;
		}
		if (!ntc_hex(c, 2, &byte))
			return *size ? "a comma without a byte" : NULL;
		to[(*size)++] = byte;
		ntc_skip_blanks(c);
		if (ntc_peek(c) != ',')
			return NULL;
		c->at++;
	}
}

/* As many bytes as the list has at most: each has a digit, and a comma but for the last one. */
static size_t ntc_text_room(const struct ntc_cursor *c)
{
	const char *at = c->at;

	while (at < c->end && (ntc_digit((unsigned char)*at) >= 0 || strchr(", \t\\\r\n", *at)) &&
	       *at)
		at++;
	return (at - c->at) / 2 + 1;
}

static const char *ntc_text_hex(struct ntc_cursor *c, PCUNICODE_STRING name, ULONG type)
{
	unsigned char *data = kvmalloc(ntc_text_room(c), GFP_KERNEL);
	const char *wrong;
	size_t size;

	if (!data)
		return NTC_NO_MEMORY;
	wrong = ntc_text_bytes(c, data, &size);
	if (!wrong)
		wrong = c->sink->value(c->arg, name, type, data, size);
	kvfree(data);
	return wrong;
}

static const char *ntc_text_data(struct ntc_cursor *c, PCUNICODE_STRING name)
{
	const char *wrong;
	WCHAR *string;
	ULONG number;
	size_t n;

	if (ntc_skip(c, "-"))
		return c->sink->remove(c->arg, name);
	if (ntc_peek(c) == '"') {
		wrong = ntc_quoted(c, &string, &n);
		if (!wrong)
			wrong = c->sink->value(c->arg, name, NTC_TEXT_SZ, string,
					       (n + 1) * sizeof(WCHAR));
		kvfree(string);
		return wrong;
	}
	if (ntc_skip(c, "dword:"))
		return ntc_hex(c, 8, &number) ?
		       c->sink->value(c->arg, name, NTC_TEXT_DWORD, &number, sizeof(number)) :
		       "a dword without a number";
	if (ntc_skip(c, "hex:"))
		return ntc_text_hex(c, name, NTC_TEXT_BINARY);
	if (!ntc_skip(c, "hex("))
		return "data that is no string, dword:, hex: or hex(TYPE):";
	if (!ntc_hex(c, 8, &number) || !ntc_skip(c, "):"))
		return "hex(TYPE): without its type";
	return ntc_text_hex(c, name, number);
}

static const char *ntc_text_value(struct ntc_cursor *c, const struct ntc_text *text)
{
	UNICODE_STRING name = {};
	WCHAR *string = NULL;
	const char *wrong;
	size_t n = 0;

	if (!text->has_key)
		return "a value without a key";
	if (!ntc_skip(c, "@")) {
		wrong = ntc_quoted(c, &string, &n);
		if (!wrong && n > 16383)
			wrong = "a name that is too long";
		if (wrong)
			goto out;
		name = (UNICODE_STRING){ n * sizeof(WCHAR), n * sizeof(WCHAR), string };
	}
	ntc_skip_blanks(c);
	wrong = "a value without =";
	if (!ntc_skip(c, "="))
		goto out;
	ntc_skip_blanks(c);
	wrong = ntc_text_data(c, &name);
out:
	kvfree(string);
	return wrong;
}

static const char *ntc_text_line(struct ntc_cursor *c, struct ntc_text *text)
{
	const char *wrong = NULL;

	if (!c->line && !text->line && ntc_skip(c, "\xff\xfe"))
		return "UTF-16: convert it by iconv -f UTF-16 -t UTF-8";
	if (!c->line && !text->line)
		ntc_skip(c, "\xef\xbb\xbf");
	ntc_skip_blanks(c);
	switch (ntc_peek(c)) {
	case '[':
		wrong = ntc_text_key(c, text);
		break;
	case '@':
	case '"':
		wrong = ntc_text_value(c, text);
		break;
	case 'w':
	case 'W':
		if (!ntc_skip(c, "Windows Registry Editor Version 5.00"))
			return "a line that is no key, value or comment";
	}
	if (wrong)
		return wrong;
	ntc_skip_blanks(c);
	if (ntc_peek(c) == ';')
		while (ntc_peek(c) != -1 && *c->at != '\n')
			c->at++;
	return ntc_skip_end(c) ? NULL : "something that is no key, value or comment";
}

/**
 * ntc_text_parse - parse a text, or a piece of one
 * @text: the state of the parser after the former piece
 * @from: whole lines
 * @size: in bytes
 * @sink: called for each key and value
 * @arg: its argument
 *
 * Return: NULL; or what is wrong: then text->line is the line, from 1.
 */
const char *ntc_text_parse(struct ntc_text *text, const char *from, size_t size,
			   const struct ntc_text_sink *sink, void *arg)
{
	struct ntc_cursor c = { .at = from, .end = from + size, .sink = sink, .arg = arg };
	const char *wrong = NULL;

	while (!wrong && c.at < c.end)
		wrong = ntc_text_line(&c, text);
	text->line += c.line + !!wrong;
	return wrong;
}

/* How much of a text are whole lines: a line that is continued is none. */
size_t ntc_text_whole(const char *from, size_t size)
{
	size_t end = size, at;

	for (; end; end--) {
		if (from[end - 1] != '\n')
			continue;
		for (at = end - 1; at && (from[at - 1] == '\r' || ntc_is_blank(from[at - 1])); at--)
			;
		if (!at || from[at - 1] != '\\')
			break;
	}
	return end;
}
