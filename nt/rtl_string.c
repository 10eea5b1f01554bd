// SPDX-License-Identifier: GPL-2.0
/* Counted strings: UNICODE_STRING, ANSI_STRING, and conversions between them. */
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "../lib/upcase.h"
#include "ex_pool.h"

/**
 * RtlInitUnicodeString - set up a counted string
 * @DestinationString: receives length and address; nothing is copied
 * @SourceString: terminated by 0, truncated to 65,532 bytes; NULL: an empty string
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 *
 * Follows: DDI wdm/nf-wdm-rtlinitunicodestring.
 */
VOID RtlInitUnicodeString(PUNICODE_STRING DestinationString, PCWSTR SourceString)
{
	size_t length = 0;

	if (SourceString)
		length = min_t(size_t, wcslen(SourceString) * sizeof(WCHAR), 0xfffc);
	DestinationString->Length = length;
	DestinationString->MaximumLength = SourceString ? length + sizeof(WCHAR) : 0;
	DestinationString->Buffer = (PWSTR)SourceString;
}
EXPORT_SYMBOL_GPL(RtlInitUnicodeString);

/**
 * RtlUnicodeStringInit - set up a counted string, but fail if it is too long
 * @DestinationString: as for RtlInitUnicodeString()
 * @SourceString: terminated by 0; NULL: an empty string
 *
 * Context: IRQL PASSIVE_LEVEL; here any context.
 * Return: STATUS_SUCCESS; STATUS_INVALID_PARAMETER for more than UNICODE_STRING_MAX_CHARS - 1
 * characters.
 *
 * Follows: DDI ntstrsafe/nf-ntstrsafe-rtlunicodestringinit.
 */
NTSTATUS RtlUnicodeStringInit(PUNICODE_STRING DestinationString, PCWSTR SourceString)
{
	if (SourceString && wcslen(SourceString) > UNICODE_STRING_MAX_CHARS - 1)
		return STATUS_INVALID_PARAMETER;
	RtlInitUnicodeString(DestinationString, SourceString);
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(RtlUnicodeStringInit);

/**
 * RtlInitAnsiString - set up a counted string of bytes
 * @DestinationString: receives length and address; nothing is copied
 * @SourceString: terminated by 0, truncated to 65,534 bytes; NULL: an empty string
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 *
 * Follows: DDI wdm/nf-wdm-rtlinitansistring.
 */
VOID RtlInitAnsiString(PANSI_STRING DestinationString, PCSZ SourceString)
{
	size_t length = SourceString ? min_t(size_t, strlen(SourceString), 0xfffe) : 0;

	DestinationString->Length = length;
	DestinationString->MaximumLength = SourceString ? length + 1 : 0;
	DestinationString->Buffer = (PCHAR)SourceString;
}
EXPORT_SYMBOL_GPL(RtlInitAnsiString);

/**
 * RtlCopyUnicodeString - copy a string into the buffer of another
 * @DestinationString: receives as much as its MaximumLength allows, and a terminator if
 *	that fits
 * @SourceString: source; NULL: the length becomes 0
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 *
 * Follows: DDI wdm/nf-wdm-rtlcopyunicodestring.
 */
VOID RtlCopyUnicodeString(PUNICODE_STRING DestinationString, PCUNICODE_STRING SourceString)
{
	USHORT length = 0;

	if (SourceString)
		length = min(SourceString->Length, DestinationString->MaximumLength);
	if (length)
		memmove(DestinationString->Buffer, SourceString->Buffer, length);
	DestinationString->Length = length;
	if (length + sizeof(WCHAR) <= DestinationString->MaximumLength)
		DestinationString->Buffer[length / sizeof(WCHAR)] = 0;
}
EXPORT_SYMBOL_GPL(RtlCopyUnicodeString);

/**
 * RtlUpcaseUnicodeChar - convert a character to upper case
 * @SourceCharacter: of Latin-1, Greek or Cyrillic; others are not converted
 *
 * Context: any IRQL; here any context.
 * Return: the upper-case character, or @SourceCharacter.
 *
 * Follows: DDI ntifs/nf-ntifs-rtlupcaseunicodechar.
 */
WCHAR RtlUpcaseUnicodeChar(WCHAR SourceCharacter)
{
	return wqc_upcase(SourceCharacter);
}
EXPORT_SYMBOL_GPL(RtlUpcaseUnicodeChar);

/**
 * RtlDowncaseUnicodeChar - convert a character to lower case
 * @SourceCharacter: of Latin-1, Greek or Cyrillic; others are not converted
 *
 * Context: any IRQL; here any context.
 * Return: the lower-case character, or @SourceCharacter.
 *
 * Follows: DDI ntifs/nf-ntifs-rtldowncaseunicodechar.
 */
WCHAR RtlDowncaseUnicodeChar(WCHAR SourceCharacter)
{
	WCHAR c = SourceCharacter;

	if ((c >= 'A' && c <= 'Z') || (c >= 0xc0 && c <= 0xde && c != 0xd7))
		return c + 0x20;
	if (c == 0x178)
		return 0xff;
	if ((c >= 0x391 && c <= 0x3a9 && c != 0x3a2) || (c >= 0x410 && c <= 0x42f))
		return c + 0x20;
	if (c >= 0x400 && c <= 0x40f)
		return c + 0x50;
	return c;
}
EXPORT_SYMBOL_GPL(RtlDowncaseUnicodeChar);

/* Returns a number less than, equal to, or greater than 0. */
static LONG ntc_char_compare(WCHAR a, WCHAR b, BOOLEAN as_capitals)
{
	return as_capitals ? (LONG)RtlUpcaseUnicodeChar(a) - RtlUpcaseUnicodeChar(b) : (LONG)a - b;
}

/**
 * RtlCompareUnicodeString - compare two strings
 * @String1: first string
 * @String2: second string
 * @CaseInSensitive: TRUE: compare in upper case
 *
 * Context: IRQL PASSIVE_LEVEL; here any context.
 * Return: less than, equal to, or greater than 0.
 *
 * Follows: DDI wdm/nf-wdm-rtlcompareunicodestring.
 */
LONG RtlCompareUnicodeString(PCUNICODE_STRING String1, PCUNICODE_STRING String2,
			     BOOLEAN CaseInSensitive)
{
	size_t i, n = min(String1->Length, String2->Length) / sizeof(WCHAR);
	LONG order;

	for (i = 0; i < n; i++) {
		order = ntc_char_compare(String1->Buffer[i], String2->Buffer[i], CaseInSensitive);
		if (order)
			return order;
	}
	return (LONG)String1->Length - String2->Length;
}
EXPORT_SYMBOL_GPL(RtlCompareUnicodeString);

/**
 * RtlEqualUnicodeString - whether two strings are equal
 * @String1: first string
 * @String2: second string
 * @CaseInSensitive: TRUE: compare in upper case
 *
 * Context: IRQL PASSIVE_LEVEL; here any context.
 * Return: TRUE if the strings are equal.
 *
 * Follows: DDI wdm/nf-wdm-rtlequalunicodestring.
 */
BOOLEAN RtlEqualUnicodeString(PCUNICODE_STRING String1, PCUNICODE_STRING String2,
			      BOOLEAN CaseInSensitive)
{
	return String1->Length == String2->Length &&
	       !RtlCompareUnicodeString(String1, String2, CaseInSensitive);
}
EXPORT_SYMBOL_GPL(RtlEqualUnicodeString);

/**
 * RtlPrefixUnicodeString - whether a string begins with another one
 * @String1: the prefix
 * @String2: the string
 * @CaseInSensitive: TRUE: compare in upper case
 *
 * Context: IRQL PASSIVE_LEVEL; here any context.
 * Return: TRUE if @String2 begins with @String1.
 *
 * Follows: DDI wdm/nf-wdm-rtlprefixunicodestring.
 */
BOOLEAN RtlPrefixUnicodeString(PCUNICODE_STRING String1, PCUNICODE_STRING String2,
			       BOOLEAN CaseInSensitive)
{
	UNICODE_STRING head = *String2;

	if (String1->Length > String2->Length)
		return FALSE;
	head.Length = String1->Length;
	return RtlEqualUnicodeString(String1, &head, CaseInSensitive);
}
EXPORT_SYMBOL_GPL(RtlPrefixUnicodeString);

/**
 * RtlAppendUnicodeStringToString - append a string
 * @Destination: string to extend, within its MaximumLength
 * @Source: string to append
 *
 * Context: IRQL PASSIVE_LEVEL; here any context.
 * Return: STATUS_SUCCESS; STATUS_BUFFER_TOO_SMALL, and nothing is appended.
 *
 * Follows: DDI wdm/nf-wdm-rtlappendunicodestringtostring.
 */
NTSTATUS RtlAppendUnicodeStringToString(PUNICODE_STRING Destination, PCUNICODE_STRING Source)
{
	size_t length = Destination->Length;

	if (length + Source->Length > Destination->MaximumLength)
		return STATUS_BUFFER_TOO_SMALL;
	memmove((PCHAR)Destination->Buffer + length, Source->Buffer, Source->Length);
	length += Source->Length;
	Destination->Length = length;
	if (length + sizeof(WCHAR) <= Destination->MaximumLength)
		Destination->Buffer[length / sizeof(WCHAR)] = 0;
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(RtlAppendUnicodeStringToString);

/**
 * RtlAppendUnicodeToString - append a terminated string
 * @Destination: as for RtlAppendUnicodeStringToString()
 * @Source: string to append, terminated by 0; or NULL
 *
 * Context: IRQL PASSIVE_LEVEL; here any context.
 * Return: as RtlAppendUnicodeStringToString().
 *
 * Follows: DDI wdm/nf-wdm-rtlappendunicodetostring.
 */
NTSTATUS RtlAppendUnicodeToString(PUNICODE_STRING Destination, PCWSTR Source)
{
	UNICODE_STRING source;

	RtlInitUnicodeString(&source, Source);
	return Source ? RtlAppendUnicodeStringToString(Destination, &source) : STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(RtlAppendUnicodeToString);

/**
 * RtlCompareString - compare two strings of bytes
 * @String1: first string
 * @String2: second string
 * @CaseInSensitive: TRUE: compare in upper case, as Latin-1
 *
 * Context: IRQL PASSIVE_LEVEL; here any context.
 * Return: less than, equal to, or greater than 0.
 *
 * Follows: DDI wdm/nf-wdm-rtlcomparestring.
 */
LONG RtlCompareString(const STRING *String1, const STRING *String2, BOOLEAN CaseInSensitive)
{
	size_t i, n = min(String1->Length, String2->Length);
	LONG order;

	for (i = 0; i < n; i++) {
		order = ntc_char_compare((u8)String1->Buffer[i], (u8)String2->Buffer[i],
					 CaseInSensitive);
		if (order)
			return order;
	}
	return (LONG)String1->Length - String2->Length;
}
EXPORT_SYMBOL_GPL(RtlCompareString);

/**
 * RtlEqualString - whether two strings of bytes are equal
 * @String1: first string
 * @String2: second string
 * @CaseInSensitive: TRUE: compare in upper case, as Latin-1
 *
 * Context: IRQL PASSIVE_LEVEL; here any context.
 * Return: TRUE if the strings are equal.
 *
 * Follows: DDI wdm/nf-wdm-rtlequalstring.
 */
BOOLEAN RtlEqualString(const STRING *String1, const STRING *String2, BOOLEAN CaseInSensitive)
{
	return String1->Length == String2->Length &&
	       !RtlCompareString(String1, String2, CaseInSensitive);
}
EXPORT_SYMBOL_GPL(RtlEqualString);

/* ---- conversion between bytes and UTF-16; the bytes are Latin-1 -------- */

/* Allocates the buffer of a destination string, or checks that its own buffer is large enough. */
static NTSTATUS ntc_string_reserve(USHORT *maximum, PVOID *buffer, size_t size, BOOLEAN allocate,
				   void *caller)
{
	if (!allocate)
		return size > *maximum ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
	*buffer = ntc_pool_alloc(size, NTC_STRING_TAG, false, caller);
	if (!*buffer)
		return STATUS_NO_MEMORY;
	*maximum = size;
	return STATUS_SUCCESS;
}

/**
 * RtlAnsiStringToUnicodeString - convert a string of Latin-1 to UTF-16
 * @DestinationString: receives the string and a terminator
 * @SourceString: Latin-1
 * @AllocateDestinationString: TRUE: allocate the buffer, to be freed by
 *	RtlFreeUnicodeString()
 *
 * Context: IRQL PASSIVE_LEVEL; here as ExAllocatePool().
 * Return: STATUS_SUCCESS; STATUS_NO_MEMORY; STATUS_BUFFER_OVERFLOW if the buffer is too small;
 * STATUS_INVALID_PARAMETER if the result is longer than 65,535 bytes.
 *
 * Follows: DDI wdm/nf-wdm-rtlansistringtounicodestring.
 */
NTSTATUS RtlAnsiStringToUnicodeString(PUNICODE_STRING DestinationString,
				      PCANSI_STRING SourceString,
				      BOOLEAN AllocateDestinationString)
{
	size_t i, n = SourceString->Length, size = (n + 1) * sizeof(WCHAR);
	NTSTATUS status;

	if (size > 0xffff)
		return STATUS_INVALID_PARAMETER;
	status = ntc_string_reserve(&DestinationString->MaximumLength,
				    (PVOID *)&DestinationString->Buffer, size,
				    AllocateDestinationString, (void *)_RET_IP_);
	if (status)
		return status;
	for (i = 0; i < n; i++)
		DestinationString->Buffer[i] = (u8)SourceString->Buffer[i];
	DestinationString->Buffer[n] = 0;
	DestinationString->Length = n * sizeof(WCHAR);
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(RtlAnsiStringToUnicodeString);

/**
 * RtlUnicodeStringToAnsiString - convert a string of UTF-16 to Latin-1
 * @DestinationString: receives the string and a terminator
 * @SourceString: UTF-16; a character outside of Latin-1 becomes a question mark
 * @AllocateDestinationString: TRUE: allocate the buffer, to be freed by
 *	RtlFreeAnsiString()
 *
 * Context: IRQL PASSIVE_LEVEL; here as ExAllocatePool().
 * Return: STATUS_SUCCESS; STATUS_NO_MEMORY; STATUS_BUFFER_OVERFLOW if the buffer is too small.
 *
 * Follows: DDI wdm/nf-wdm-rtlunicodestringtoansistring.
 */
NTSTATUS RtlUnicodeStringToAnsiString(PANSI_STRING DestinationString,
				      PCUNICODE_STRING SourceString,
				      BOOLEAN AllocateDestinationString)
{
	size_t i, n = SourceString->Length / sizeof(WCHAR), size = n + 1;
	NTSTATUS status;

	status = ntc_string_reserve(&DestinationString->MaximumLength,
				    (PVOID *)&DestinationString->Buffer, size,
				    AllocateDestinationString, (void *)_RET_IP_);
	if (status)
		return status;
	for (i = 0; i < n; i++)
		DestinationString->Buffer[i] = SourceString->Buffer[i] < 0x100 ?
					       SourceString->Buffer[i] : '?';
	DestinationString->Buffer[n] = 0;
	DestinationString->Length = n;
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(RtlUnicodeStringToAnsiString);

/**
 * RtlFreeUnicodeString - free the buffer that RtlAnsiStringToUnicodeString() allocated
 * @UnicodeString: the string; empty afterwards
 *
 * Context: IRQL PASSIVE_LEVEL; here as ExFreePool().
 *
 * Follows: DDI wdm/nf-wdm-rtlfreeunicodestring.
 */
VOID RtlFreeUnicodeString(PUNICODE_STRING UnicodeString)
{
	if (UnicodeString->Buffer)
		ntc_pool_free(UnicodeString->Buffer, 0, (void *)_RET_IP_);
	memset(UnicodeString, 0, sizeof(*UnicodeString));
}
EXPORT_SYMBOL_GPL(RtlFreeUnicodeString);

/**
 * RtlFreeAnsiString - free the buffer that RtlUnicodeStringToAnsiString() allocated
 * @AnsiString: the string; empty afterwards
 *
 * Context: IRQL PASSIVE_LEVEL; here as ExFreePool().
 *
 * Follows: DDI wdm/nf-wdm-rtlfreeansistring.
 */
VOID RtlFreeAnsiString(PANSI_STRING AnsiString)
{
	if (AnsiString->Buffer)
		ntc_pool_free(AnsiString->Buffer, 0, (void *)_RET_IP_);
	memset(AnsiString, 0, sizeof(*AnsiString));
}
EXPORT_SYMBOL_GPL(RtlFreeAnsiString);
