/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The C run-time library of kernel drivers, as far as Linux does not have it. Functions that print
 * have the formats of Windows, and not those of Linux.
 */
#ifndef NTC_CRT_H
#define NTC_CRT_H

#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/stdarg.h>
#include <linux/string.h>

#include "../ntdef.h"
#include "string.h"

typedef int errno_t;
typedef WCHAR wint_t, wctype_t;

#define _TRUNCATE		(~(size_t)0)
#define RAND_MAX		0x7fff
#ifndef EOF
#define EOF			(-1)
#endif

/* ---- printing ---------------------------------------------------------- */

int ntc_sprintf(char *to, const char *format, ...);
int ntc_vsprintf(char *to, const char *format, va_list args);
int ntc_snprintf(char *to, size_t count, const char *format, ...);
int ntc_vsnprintf(char *to, size_t count, const char *format, va_list args);
int ntc_snprintf_old(char *to, size_t count, const char *format, ...);
int ntc_vsnprintf_old(char *to, size_t count, const char *format, va_list args);
int ntc_snprintf_s(char *to, size_t size, size_t count, const char *format, ...);
int ntc_vsnprintf_s(char *to, size_t size, size_t count, const char *format, va_list args);
int ntc_swprintf(WCHAR *to, const WCHAR *format, ...);
int ntc_snwprintf_old(WCHAR *to, size_t count, const WCHAR *format, ...);
int ntc_vsnwprintf_old(WCHAR *to, size_t count, const WCHAR *format, va_list args);
int ntc_snwprintf_s(WCHAR *to, size_t size, size_t count, const WCHAR *format, ...);
int ntc_vsnwprintf_s(WCHAR *to, size_t size, size_t count, const WCHAR *format, va_list args);

#ifndef WQC_LINUX_NAMES
#undef sprintf
#undef vsprintf
#undef snprintf
#undef vsnprintf
#define sprintf			ntc_sprintf
#define vsprintf		ntc_vsprintf
#define snprintf		ntc_snprintf
#define vsnprintf		ntc_vsnprintf
#endif
#define _snprintf		ntc_snprintf_old
#define _vsnprintf		ntc_vsnprintf_old
#define _snprintf_s		ntc_snprintf_s
#define _vsnprintf_s		ntc_vsnprintf_s
#define sprintf_s(to, size, ...) ntc_snprintf_s(to, size, _TRUNCATE, __VA_ARGS__)
#define vsprintf_s(to, size, format, args) ntc_vsnprintf_s(to, size, _TRUNCATE, format, args)
/* The form of the kernel, without a size. */
#define swprintf		ntc_swprintf
#define _snwprintf		ntc_snwprintf_old
#define _vsnwprintf		ntc_vsnwprintf_old
#define _snwprintf_s		ntc_snwprintf_s
#define _vsnwprintf_s		ntc_vsnwprintf_s
#define swprintf_s(to, size, ...) ntc_snwprintf_s(to, size, _TRUNCATE, __VA_ARGS__)
#define vswprintf_s(to, size, format, args) ntc_vsnwprintf_s(to, size, _TRUNCATE, format, args)

/* ---- strings of UTF-16 --------------------------------------------------- */

static inline size_t wcslen(const WCHAR *s)
{
	size_t n = 0;

	while (s[n])
		n++;
	return n;
}

static inline size_t wcsnlen(const WCHAR *s, size_t most)
{
	size_t n = 0;

	while (n < most && s[n])
		n++;
	return n;
}

static inline int wcsncmp(const WCHAR *a, const WCHAR *b, size_t n)
{
	for (; n && *a && *a == *b; n--)
		a++, b++;
	return n ? *a - *b : 0;
}

static inline int wcscmp(const WCHAR *a, const WCHAR *b)
{
	return wcsncmp(a, b, ~(size_t)0);
}

#define towlower(c)		RtlDowncaseUnicodeChar(c)
#define towupper(c)		RtlUpcaseUnicodeChar(c)

static inline int _wcsnicmp(const WCHAR *a, const WCHAR *b, size_t n)
{
	for (; n && *a && towlower(*a) == towlower(*b); n--)
		a++, b++;
	return n ? towlower(*a) - towlower(*b) : 0;
}

static inline int _wcsicmp(const WCHAR *a, const WCHAR *b)
{
	return _wcsnicmp(a, b, ~(size_t)0);
}

static inline WCHAR *wcschr(const WCHAR *s, WCHAR c)
{
	for (; *s != c; s++)
		if (!*s)
			return NULL;
	return (WCHAR *)s;
}

static inline WCHAR *wcsrchr(const WCHAR *s, WCHAR c)
{
	const WCHAR *at = s + wcslen(s);

	for (; *at != c; at--)
		if (at == s)
			return NULL;
	return (WCHAR *)at;
}

static inline WCHAR *wcsstr(const WCHAR *s, const WCHAR *what)
{
	size_t n = wcslen(what);

	for (; wcsncmp(s, what, n); s++)
		if (!*s)
			return NULL;
	return (WCHAR *)s;
}

static inline size_t wcscspn(const WCHAR *s, const WCHAR *stop)
{
	size_t n = 0;

	while (s[n] && !wcschr(stop, s[n]))
		n++;
	return n;
}

static inline size_t wcsspn(const WCHAR *s, const WCHAR *set)
{
	size_t n = 0;

	while (s[n] && wcschr(set, s[n]))
		n++;
	return n;
}

static inline WCHAR *wcscpy(WCHAR *to, const WCHAR *from)
{
	memcpy(to, from, (wcslen(from) + 1) * sizeof(WCHAR));
	return to;
}

static inline WCHAR *wcsncpy(WCHAR *to, const WCHAR *from, size_t count)
{
	size_t n = wcsnlen(from, count);

	memcpy(to, from, n * sizeof(WCHAR));
	memset(to + n, 0, (count - n) * sizeof(WCHAR));
	return to;
}

static inline WCHAR *wcscat(WCHAR *to, const WCHAR *from)
{
	wcscpy(to + wcslen(to), from);
	return to;
}

static inline WCHAR *wcsncat(WCHAR *to, const WCHAR *from, size_t count)
{
	size_t n = wcsnlen(from, count), end = wcslen(to);

	memcpy(to + end, from, n * sizeof(WCHAR));
	to[end + n] = 0;
	return to;
}

static inline WCHAR *_wcslwr(WCHAR *s)
{
	WCHAR *at;

	for (at = s; *at; at++)
		*at = towlower(*at);
	return s;
}

static inline WCHAR *_wcsupr(WCHAR *s)
{
	WCHAR *at;

	for (at = s; *at; at++)
		*at = towupper(*at);
	return s;
}

/* ---- strings of bytes ---------------------------------------------------- */

static inline int ntc_stricmp(const char *a, const char *b)
{
	return strcasecmp(a, b);
}

static inline int ntc_strnicmp(const char *a, const char *b, size_t n)
{
	return strncasecmp(a, b, n);
}

static inline char *ntc_strlwr(char *s)
{
	char *at;

	for (at = s; *at; at++)
		*at = tolower(*at);
	return s;
}

static inline char *ntc_strupr(char *s)
{
	char *at;

	for (at = s; *at; at++)
		*at = toupper(*at);
	return s;
}

#define _stricmp		ntc_stricmp
#define stricmp			ntc_stricmp
#define _strnicmp		ntc_strnicmp
#define strnicmp		ntc_strnicmp
#define _strlwr			ntc_strlwr
#define _strupr			ntc_strupr

/* ---- with the size of the destination ------------------------------------ */

/* 22 is EINVAL, 34 is ERANGE of the C run-time library. An error empties the destination. */
static inline errno_t ntc_put_s(void *to, size_t size, const void *from, size_t count, size_t width)
{
	if (!to || !size)
		return 22;
	if (!from || count >= size) {
		memset(to, 0, width);
		return from ? 34 : 22;
	}
	memcpy(to, from, count * width);
	memset(to + count * width, 0, width);
	return 0;
}

static inline errno_t strcpy_s(char *to, size_t size, const char *from)
{
	return ntc_put_s(to, size, from, from ? strnlen(from, size) : 0, 1);
}

static inline errno_t wcscpy_s(WCHAR *to, size_t size, const WCHAR *from)
{
	return ntc_put_s(to, size, from, from ? wcsnlen(from, size) : 0, sizeof(WCHAR));
}

static inline errno_t strcat_s(char *to, size_t size, const char *from)
{
	size_t end = to ? strnlen(to, size) : 0;
	errno_t error = end < size ? strcpy_s(to + end, size - end, from) : 22;

	if (error && to && size)
		*to = 0;
	return error;
}

static inline errno_t wcscat_s(WCHAR *to, size_t size, const WCHAR *from)
{
	size_t end = to ? wcsnlen(to, size) : 0;
	errno_t error = end < size ? wcscpy_s(to + end, size - end, from) : 22;

	if (error && to && size)
		*to = 0;
	return error;
}

static inline errno_t strncpy_s(char *to, size_t size, const char *from, size_t count)
{
	size_t n = from ? strnlen(from, min_t(size_t, count, size)) : 0;

	if (count == _TRUNCATE && n >= size && size)
		return ntc_put_s(to, size, from, size - 1, 1) ?: 80;	/* STRUNCATE */
	return ntc_put_s(to, size, from, n, 1);
}

static inline errno_t wcsncpy_s(WCHAR *to, size_t size, const WCHAR *from, size_t count)
{
	size_t n = from ? wcsnlen(from, min_t(size_t, count, size)) : 0;

	if (count == _TRUNCATE && n >= size && size)
		return ntc_put_s(to, size, from, size - 1, sizeof(WCHAR)) ?: 80;
	return ntc_put_s(to, size, from, n, sizeof(WCHAR));
}

static inline errno_t memcpy_s(void *to, size_t size, const void *from, size_t count)
{
	if (!count)
		return 0;
	if (!to || !from || count > size) {
		if (to)
			memset(to, 0, size);
		return to && from ? 34 : 22;
	}
	memmove(to, from, count);
	return 0;
}

#define memmove_s		memcpy_s

/* ---- characters and numbers ---------------------------------------------- */

#define iswalpha(c)		((c) < 0x80 && isalpha(c))
#define iswdigit(c)		((c) >= '0' && (c) <= '9')
#define iswxdigit(c)		((c) < 0x80 && isxdigit(c))
#define iswspace(c)		((c) < 0x80 && isspace(c))
#define iswalnum(c)		((c) < 0x80 && isalnum(c))
#define iswprint(c)		((c) >= 0x20)

long ntc_strtol(const char *text, char **end, int base);
unsigned long ntc_strtoul_long(const char *text, char **end, int base);
unsigned long ntc_wcstoul(const WCHAR *text, WCHAR **end, int base);
long ntc_wcstol(const WCHAR *text, WCHAR **end, int base);
int ntc_atoi(const char *text);
int ntc_wtoi(const WCHAR *text);
void ntc_qsort(void *base, size_t count, size_t size, int (*compare)(const void *, const void *));
void *ntc_bsearch(const void *key, const void *base, size_t count, size_t size,
		  int (*compare)(const void *, const void *));

#define strtol			ntc_strtol
#define strtoul			ntc_strtoul_long
#define wcstoul			ntc_wcstoul
#define wcstol			ntc_wcstol
#define atoi			ntc_atoi
#define atol(text)		((long)ntc_atoi(text))
#define _wtoi			ntc_wtoi
#define _wtol(text)		((long)ntc_wtoi(text))
#define qsort			ntc_qsort
#define bsearch			ntc_bsearch
#ifndef WQC_LINUX_NAMES
#undef abs
#define abs(n)			__builtin_abs(n)
#endif
#define labs(n)			__builtin_labs(n)

#endif /* NTC_CRT_H */
