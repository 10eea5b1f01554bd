/* SPDX-License-Identifier: GPL-2.0 */
/* Terminated strings, with sizes in bytes (Cb) or characters (Cch). */
#ifndef WQC_NTSTRSAFE_H
#define WQC_NTSTRSAFE_H

#include <linux/stdarg.h>

#include "wdm.h"

#define NTSTRSAFE_MAX_CCH		2147483647
#define NTSTRSAFE_UNICODE_STRING_MAX_CCH (0xffff / sizeof(WCHAR))

NTSTATUS RtlStringCchCopyA(PSTR Dest, SIZE_T cchDest, PCSTR Src);
NTSTATUS RtlStringCchCopyW(PWSTR Dest, SIZE_T cchDest, PCWSTR Src);
NTSTATUS RtlStringCchCatA(PSTR Dest, SIZE_T cchDest, PCSTR Src);
NTSTATUS RtlStringCchCatW(PWSTR Dest, SIZE_T cchDest, PCWSTR Src);
NTSTATUS RtlStringCchLengthA(PCSTR Src, SIZE_T cchMax, SIZE_T *Length);
NTSTATUS RtlStringCchLengthW(PCWSTR Src, SIZE_T cchMax, SIZE_T *Length);
NTSTATUS RtlStringCchPrintfA(PSTR Dest, SIZE_T cchDest, PCSTR Format, ...);
NTSTATUS RtlStringCchVPrintfA(PSTR Dest, SIZE_T cchDest, PCSTR Format, va_list Args);
NTSTATUS RtlStringCchPrintfW(PWSTR Dest, SIZE_T cchDest, PCWSTR Format, ...);
NTSTATUS RtlStringCchVPrintfW(PWSTR Dest, SIZE_T cchDest, PCWSTR Format, va_list Args);
NTSTATUS RtlStringCchCopyNA(PSTR Dest, SIZE_T cchDest, PCSTR Src, SIZE_T cchToCopy);
NTSTATUS RtlStringCchCopyNW(PWSTR Dest, SIZE_T cchDest, PCWSTR Src, SIZE_T cchToCopy);
NTSTATUS RtlStringCchCatNA(PSTR Dest, SIZE_T cchDest, PCSTR Src, SIZE_T cchToAppend);
NTSTATUS RtlStringCchCatNW(PWSTR Dest, SIZE_T cchDest, PCWSTR Src, SIZE_T cchToAppend);
NTSTATUS RtlUnicodeStringPrintf(PUNICODE_STRING DestinationString, PCWSTR Format, ...);
NTSTATUS RtlUnicodeStringVPrintf(PUNICODE_STRING DestinationString, PCWSTR Format, va_list Args);
NTSTATUS RtlUnicodeStringCopyString(PUNICODE_STRING DestinationString, PCWSTR pszSrc);
NTSTATUS RtlUnicodeStringCopy(PUNICODE_STRING DestinationString, PCUNICODE_STRING SourceString);
NTSTATUS RtlUnicodeStringCatString(PUNICODE_STRING DestinationString, PCWSTR pszSrc);
NTSTATUS RtlUnicodeStringCat(PUNICODE_STRING DestinationString, PCUNICODE_STRING SourceString);
NTSTATUS RtlStringCbLengthW(PCWSTR Src, SIZE_T cbMax, SIZE_T *Length);

#define RtlStringCbCopyA(d, n, s)	RtlStringCchCopyA(d, n, s)
#define RtlStringCbCopyW(d, n, s)	RtlStringCchCopyW(d, (n) / sizeof(WCHAR), s)
#define RtlStringCbCopyNA(d, n, s, m)	RtlStringCchCopyNA(d, n, s, m)
#define RtlStringCbCopyNW(d, n, s, m) \
	RtlStringCchCopyNW(d, (n) / sizeof(WCHAR), s, (m) / sizeof(WCHAR))
#define RtlStringCbCatA(d, n, s)	RtlStringCchCatA(d, n, s)
#define RtlStringCbCatW(d, n, s)	RtlStringCchCatW(d, (n) / sizeof(WCHAR), s)
#define RtlStringCbCatNA(d, n, s, m)	RtlStringCchCatNA(d, n, s, m)
#define RtlStringCbCatNW(d, n, s, m) \
	RtlStringCchCatNW(d, (n) / sizeof(WCHAR), s, (m) / sizeof(WCHAR))
#define RtlStringCbLengthA(s, n, l)	RtlStringCchLengthA(s, n, l)
#define RtlStringCbPrintfA(d, n, ...)	RtlStringCchPrintfA(d, n, __VA_ARGS__)
#define RtlStringCbPrintfW(d, n, ...)	RtlStringCchPrintfW(d, (n) / sizeof(WCHAR), __VA_ARGS__)
#define RtlStringCbVPrintfA(d, n, f, a)	RtlStringCchVPrintfA(d, n, f, a)
#define RtlStringCbVPrintfW(d, n, f, a)	RtlStringCchVPrintfW(d, (n) / sizeof(WCHAR), f, a)

#endif /* WQC_NTSTRSAFE_H */
