/* SPDX-License-Identifier: GPL-2.0 */
/* Memory, counted strings, and the wcs...() functions of the C library. */
#ifndef NTC_STRING_H
#define NTC_STRING_H

#include <linux/string.h>

#include "irql.h"

#define RtlZeroMemory(to, n)		memset(to, 0, n)
#define RtlFillMemory(to, n, byte)	memset(to, byte, n)
#define RtlCopyMemory(to, from, n)	memcpy(to, from, n)
#define RtlCopyBytes(to, from, n)	memcpy(to, from, n)
#define RtlCopyMemoryNonTemporal(to, from, n) memcpy(to, from, n)
#define RtlMoveMemory(to, from, n)	memmove(to, from, n)
#define RtlEqualMemory(a, b, n)		(!memcmp(a, b, n))
#define RtlSecureZeroMemory(to, n)	memzero_explicit(to, n)
#define RtlZeroBytes(to, n)		memset(to, 0, n)

/**
 * RtlCompareMemory - number of equal bytes at the start of two buffers
 * @Source1: first buffer
 * @Source2: second buffer
 * @Length: bytes to compare
 *
 * Context: any IRQL; here any context.
 * Return: the number of bytes that are equal before the first difference.
 *
 * Follows: DDI RtlCompareMemory.
 */
static inline SIZE_T RtlCompareMemory(const VOID *Source1, const VOID *Source2, SIZE_T Length)
{
	const UCHAR *a = Source1, *b = Source2;
	SIZE_T n = 0;

	while (n < Length && a[n] == b[n])
		n++;
	return n;
}

/* ---- counted strings --------------------------------------------------- */

#define UNICODE_STRING_MAX_BYTES	((USHORT)65534)
#define UNICODE_STRING_MAX_CHARS	32767

#define RTL_CONSTANT_STRING(s) \
	{ sizeof(s) - sizeof((s)[0]), sizeof(s), (PVOID)(s) }
/* As on Windows, the name is global at file scope, and "static" before it is of the buffer. */
#define DECLARE_CONST_UNICODE_STRING(name, text)			\
	const WCHAR name##_buffer[] = text;				\
	const UNICODE_STRING name = {					\
		sizeof(text) - sizeof(WCHAR), sizeof(text), (PWSTR)name##_buffer }
/* Several sources may have it, in a header: the linker takes one. */
#define DECLARE_GLOBAL_CONST_UNICODE_STRING(name, text)			\
	const DECLSPEC_SELECTANY UNICODE_STRING name = {		\
		sizeof(text) - sizeof(WCHAR), sizeof(text), (PWSTR)(text) }
#define DECLARE_UNICODE_STRING_SIZE(name, count)			\
	WCHAR name##_buffer[count];					\
	UNICODE_STRING name = { 0, (count) * sizeof(WCHAR), name##_buffer }

/**
 * RtlInitEmptyUnicodeString - set up an empty counted string with a buffer
 * @DestinationString: receives length 0, and the buffer
 * @Buffer: the buffer
 * @MaximumLength: size of @Buffer in bytes
 *
 * Context: any IRQL; here any context.
 *
 * Follows: DDI RtlInitEmptyUnicodeString.
 */
static inline VOID RtlInitEmptyUnicodeString(PUNICODE_STRING DestinationString, PWCHAR Buffer,
					     USHORT MaximumLength)
{
	*DestinationString = (UNICODE_STRING){ 0, MaximumLength, Buffer };
}

/**
 * RtlInitEmptyAnsiString - set up an empty counted string of bytes with a buffer
 * @DestinationString: receives length 0, and the buffer
 * @Buffer: the buffer
 * @MaximumLength: size of @Buffer in bytes
 *
 * Context: any IRQL; here any context.
 *
 * Follows: DDI RtlInitEmptyAnsiString.
 */
static inline VOID RtlInitEmptyAnsiString(PANSI_STRING DestinationString, PCHAR Buffer,
					  USHORT MaximumLength)
{
	*DestinationString = (ANSI_STRING){ 0, MaximumLength, Buffer };
}

VOID RtlInitUnicodeString(PUNICODE_STRING DestinationString, PCWSTR SourceString);
NTSTATUS RtlUnicodeStringInit(PUNICODE_STRING DestinationString, PCWSTR SourceString);
VOID RtlInitAnsiString(PANSI_STRING DestinationString, PCSZ SourceString);
#define RtlInitString(to, from)		RtlInitAnsiString(to, from)
VOID RtlCopyUnicodeString(PUNICODE_STRING DestinationString, PCUNICODE_STRING SourceString);
LONG RtlCompareUnicodeString(PCUNICODE_STRING String1, PCUNICODE_STRING String2,
			     BOOLEAN CaseInSensitive);
BOOLEAN RtlEqualUnicodeString(PCUNICODE_STRING String1, PCUNICODE_STRING String2,
			      BOOLEAN CaseInSensitive);
BOOLEAN RtlPrefixUnicodeString(PCUNICODE_STRING String1, PCUNICODE_STRING String2,
			       BOOLEAN CaseInSensitive);
NTSTATUS RtlAppendUnicodeStringToString(PUNICODE_STRING Destination, PCUNICODE_STRING Source);
NTSTATUS RtlAppendUnicodeToString(PUNICODE_STRING Destination, PCWSTR Source);
LONG RtlCompareString(const STRING *String1, const STRING *String2, BOOLEAN CaseInSensitive);
BOOLEAN RtlEqualString(const STRING *String1, const STRING *String2, BOOLEAN CaseInSensitive);
WCHAR RtlUpcaseUnicodeChar(WCHAR SourceCharacter);
WCHAR RtlDowncaseUnicodeChar(WCHAR SourceCharacter);
VOID RtlFreeUnicodeString(PUNICODE_STRING UnicodeString);
NTSTATUS RtlAnsiStringToUnicodeString(PUNICODE_STRING DestinationString,
				      PCANSI_STRING SourceString,
				      BOOLEAN AllocateDestinationString);
NTSTATUS RtlUnicodeStringToAnsiString(PANSI_STRING DestinationString,
				      PCUNICODE_STRING SourceString,
				      BOOLEAN AllocateDestinationString);
VOID RtlFreeAnsiString(PANSI_STRING AnsiString);

#endif /* NTC_STRING_H */
