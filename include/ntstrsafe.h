/* SPDX-License-Identifier: GPL-2.0 */
/* Terminated strings, with sizes in bytes (Cb) or characters (Cch). */
#ifndef WQC_NTSTRSAFE_H
#define WQC_NTSTRSAFE_H

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
NTSTATUS RtlStringCbLengthW(PCWSTR Src, SIZE_T cbMax, SIZE_T *Length);

#define RtlStringCbCopyA(d, n, s)	RtlStringCchCopyA(d, n, s)
#define RtlStringCbCopyW(d, n, s)	RtlStringCchCopyW(d, (n) / sizeof(WCHAR), s)
#define RtlStringCbCatA(d, n, s)	RtlStringCchCatA(d, n, s)
#define RtlStringCbCatW(d, n, s)	RtlStringCchCatW(d, (n) / sizeof(WCHAR), s)
#define RtlStringCbLengthA(s, n, l)	RtlStringCchLengthA(s, n, l)
#define RtlStringCbPrintfA(d, n, ...)	RtlStringCchPrintfA(d, n, __VA_ARGS__)

#endif /* WQC_NTSTRSAFE_H */
