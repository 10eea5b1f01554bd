// SPDX-License-Identifier: GPL-2.0
/* Counted strings, and those of ntstrsafe.h. */
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "../lib/upcase.h"
#include "ex_pool.h"

#define NTC_STRING_TAG	0x67727453	/* "Strg" */

/**
 * RtlInitUnicodeString - count a string
 * @DestinationString: receives the count and the address; nothing is copied
 * @SourceString: ends in a zero; cut at 65,534 bytes. NULL: an empty string
 *
 * Context: IRQL <= DISPATCH_LEVEL on Windows; here any.
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
 * RtlUnicodeStringInit - count a string, and refuse one that is too long
 * @DestinationString: as for RtlInitUnicodeString()
 * @SourceString: as for RtlInitUnicodeString()
 *
 * Context: IRQL PASSIVE_LEVEL on Windows; here any.
 * Return: STATUS_SUCCESS, STATUS_INVALID_PARAMETER.
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
 * RtlInitAnsiString - count a string of bytes
 * @DestinationString: receives the count and the address; nothing is copied
 * @SourceString: ends in a zero. NULL: an empty string
 *
 * Context: IRQL <= DISPATCH_LEVEL on Windows; here any.
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
 * RtlCopyUnicodeString - copy into a string's buffer
 * @DestinationString: gets as much as its MaximumLength has room for
 * @SourceString: from where; NULL: the length becomes 0
 *
 * Context: IRQL <= DISPATCH_LEVEL on Windows; here any.
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
 * RtlUpcaseUnicodeChar - the capital of a character
 * @SourceCharacter: of Latin-1, Greek or Cyrillic; others stay as they are
 *
 * Context: any IRQL; any.
 * Return: the capital, or the character.
 *
 * Follows: DDI ntifs/nf-ntifs-rtlupcaseunicodechar.
 */
WCHAR RtlUpcaseUnicodeChar(WCHAR SourceCharacter)
{
	return wqc_upcase(SourceCharacter);
}
EXPORT_SYMBOL_GPL(RtlUpcaseUnicodeChar);

/**
 * RtlDowncaseUnicodeChar - the small letter of a character
 * @SourceCharacter: of Latin-1, Greek or Cyrillic; others stay as they are
 *
 * Context: any IRQL; any.
 * Return: the small letter, or the character.
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

/* Below, equal to or above 0. */
static LONG ntc_char_compare(WCHAR a, WCHAR b, BOOLEAN as_capitals)
{
	return as_capitals ? (LONG)RtlUpcaseUnicodeChar(a) - RtlUpcaseUnicodeChar(b) : (LONG)a - b;
}

/**
 * RtlCompareUnicodeString - compare two strings
 * @String1: the first
 * @String2: the second
 * @CaseInSensitive: TRUE: as capitals
 *
 * Context: IRQL PASSIVE_LEVEL on Windows; here any.
 * Return: below, equal to or above 0.
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
 * @String1: the first
 * @String2: the second
 * @CaseInSensitive: TRUE: as capitals
 *
 * Context: IRQL PASSIVE_LEVEL on Windows; here any.
 * Return: TRUE if they are.
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
 * RtlPrefixUnicodeString - whether a string begins with another
 * @String1: what it may begin with
 * @String2: the string
 * @CaseInSensitive: TRUE: as capitals
 *
 * Context: IRQL PASSIVE_LEVEL on Windows; here any.
 * Return: TRUE if it does.
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
 * RtlAppendUnicodeStringToString - append a string to another
 * @Destination: the other; its MaximumLength must have the room
 * @Source: the string
 *
 * Context: IRQL PASSIVE_LEVEL on Windows; here any.
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
 * RtlAppendUnicodeToString - append a string that ends in a zero
 * @Destination: as for RtlAppendUnicodeStringToString()
 * @Source: the string, or NULL
 *
 * Context: IRQL PASSIVE_LEVEL on Windows; here any.
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
 * @String1: the first
 * @String2: the second
 * @CaseInSensitive: TRUE: as capitals, of Latin-1
 *
 * Context: IRQL PASSIVE_LEVEL on Windows; here any.
 * Return: below, equal to or above 0.
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
 * @String1: the first
 * @String2: the second
 * @CaseInSensitive: TRUE: as capitals, of Latin-1
 *
 * Context: IRQL PASSIVE_LEVEL on Windows; here any.
 * Return: TRUE if they are.
 *
 * Follows: DDI wdm/nf-wdm-rtlequalstring.
 */
BOOLEAN RtlEqualString(const STRING *String1, const STRING *String2, BOOLEAN CaseInSensitive)
{
	return String1->Length == String2->Length &&
	       !RtlCompareString(String1, String2, CaseInSensitive);
}
EXPORT_SYMBOL_GPL(RtlEqualString);

/* ---- conversion between bytes and UTF-16; the bytes are Latin-1 ------------ */

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
 * RtlAnsiStringToUnicodeString - widen a string
 * @DestinationString: receives it, with a zero behind it
 * @SourceString: of Latin-1
 * @AllocateDestinationString: TRUE: the buffer is allocated, for
 *	RtlFreeUnicodeString()
 *
 * Context: IRQL PASSIVE_LEVEL; here as ExAllocatePool().
 * Return: STATUS_SUCCESS, STATUS_NO_MEMORY, STATUS_BUFFER_OVERFLOW,
 * STATUS_INVALID_PARAMETER for a string that is too long.
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
 * RtlUnicodeStringToAnsiString - narrow a string
 * @DestinationString: receives it, with a zero behind it
 * @SourceString: what is not of Latin-1 becomes a question mark
 * @AllocateDestinationString: TRUE: the buffer is allocated, for RtlFreeAnsiString()
 *
 * Context: IRQL PASSIVE_LEVEL; here as ExAllocatePool().
 * Return: STATUS_SUCCESS, STATUS_NO_MEMORY, STATUS_BUFFER_OVERFLOW.
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
 * RtlFreeUnicodeString - free what RtlAnsiStringToUnicodeString() allocated
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
 * RtlFreeAnsiString - free what RtlUnicodeStringToAnsiString() allocated
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
