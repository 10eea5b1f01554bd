// SPDX-License-Identifier: GPL-2.0
/*
 * Terminated strings in buffers of a known size. A result that does not fit is truncated and
 * terminated, and the status is STATUS_BUFFER_OVERFLOW.
 */
#include <linux/export.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../lib/format.h"
#include "nt.h"

/* Whether a count of characters is in the documented range. */
static bool ntc_cch_is_valid(SIZE_T cch)
{
	return cch && cch <= NTSTRSAFE_MAX_CCH;
}

/* Result of a search that found @n characters among @max: success if a terminator was found. */
static NTSTATUS ntc_cch_length(SIZE_T n, SIZE_T max, SIZE_T *length)
{
	if (length)
		*length = n < max ? n : 0;
	return n < max ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

/**
 * RtlStringCchLengthA - length of a string
 * @Src: the string; NULL is refused
 * @cchMax: limit of the search in characters, 1 to NTSTRSAFE_MAX_CCH
 * @Length: receives the length in characters; or NULL
 *
 * Context: IRQL PASSIVE_LEVEL; here any context.
 * Return: STATUS_SUCCESS; STATUS_INVALID_PARAMETER, also if there is no terminator within @cchMax
 * or @cchMax is out of range.
 *
 * Follows: DDI ntstrsafe/nf-ntstrsafe-rtlstringcchlengtha.
 */
NTSTATUS RtlStringCchLengthA(PCSTR Src, SIZE_T cchMax, SIZE_T *Length)
{
	SIZE_T n = Src && ntc_cch_is_valid(cchMax) ? strnlen(Src, cchMax) : cchMax;

	return ntc_cch_length(n, cchMax, Length);
}
EXPORT_SYMBOL_GPL(RtlStringCchLengthA);

/**
 * RtlStringCchLengthW - length of a string of UTF-16
 * @Src: the string; NULL is refused
 * @cchMax: limit of the search in characters, 1 to NTSTRSAFE_MAX_CCH
 * @Length: receives the length in characters; or NULL
 *
 * Context: IRQL PASSIVE_LEVEL; here any context.
 * Return: as RtlStringCchLengthA().
 *
 * Follows: DDI ntstrsafe/nf-ntstrsafe-rtlstringcchlengthw.
 */
NTSTATUS RtlStringCchLengthW(PCWSTR Src, SIZE_T cchMax, SIZE_T *Length)
{
	SIZE_T n = Src && ntc_cch_is_valid(cchMax) ? 0 : cchMax;

	while (n < cchMax && Src[n])
		n++;
	return ntc_cch_length(n, cchMax, Length);
}
EXPORT_SYMBOL_GPL(RtlStringCchLengthW);

/**
 * RtlStringCbLengthW - length of a string of UTF-16 in bytes
 * @Src: the string; NULL is refused
 * @cbMax: limit of the search in bytes, up to NTSTRSAFE_MAX_CCH characters
 * @Length: receives the length in bytes; or NULL
 *
 * Context: IRQL PASSIVE_LEVEL; here any context.
 * Return: as RtlStringCchLengthA().
 *
 * Follows: DDI ntstrsafe/nf-ntstrsafe-rtlstringcblengthw.
 */
NTSTATUS RtlStringCbLengthW(PCWSTR Src, SIZE_T cbMax, SIZE_T *Length)
{
	NTSTATUS status = RtlStringCchLengthW(Src, cbMax / sizeof(WCHAR), Length);

	if (Length)
		*Length *= sizeof(WCHAR);
	return status;
}
EXPORT_SYMBOL_GPL(RtlStringCbLengthW);

/**
 * RtlStringCchCopyA - copy a string
 * @Dest: receives the string
 * @cchDest: size of @Dest in characters, with the terminator; 1 to NTSTRSAFE_MAX_CCH
 * @Src: the string
 *
 * Context: IRQL PASSIVE_LEVEL; here any context.
 * Return: STATUS_SUCCESS; STATUS_BUFFER_OVERFLOW if the result is truncated;
 * STATUS_INVALID_PARAMETER if @cchDest is out of range.
 *
 * Follows: DDI ntstrsafe/nf-ntstrsafe-rtlstringcchcopya.
 */
NTSTATUS RtlStringCchCopyA(PSTR Dest, SIZE_T cchDest, PCSTR Src)
{
	if (!ntc_cch_is_valid(cchDest))
		return STATUS_INVALID_PARAMETER;
	return strscpy(Dest, Src, cchDest) < 0 ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(RtlStringCchCopyA);

/**
 * RtlStringCchCopyW - copy a string of UTF-16
 * @Dest: receives the string
 * @cchDest: size of @Dest in characters, with the terminator; 1 to NTSTRSAFE_MAX_CCH
 * @Src: the string
 *
 * Context: IRQL PASSIVE_LEVEL; here any context.
 * Return: as RtlStringCchCopyA().
 *
 * Follows: DDI ntstrsafe/nf-ntstrsafe-rtlstringcchcopyw.
 */
NTSTATUS RtlStringCchCopyW(PWSTR Dest, SIZE_T cchDest, PCWSTR Src)
{
	SIZE_T n;

	if (!ntc_cch_is_valid(cchDest))
		return STATUS_INVALID_PARAMETER;
	for (n = 0; n < cchDest - 1 && Src[n]; n++)
		Dest[n] = Src[n];
	Dest[n] = 0;
	return Src[n] ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(RtlStringCchCopyW);

/**
 * RtlStringCchCatA - append a string
 * @Dest: string to extend, terminated within @cchDest
 * @cchDest: size of @Dest in characters, with the terminator; 1 to NTSTRSAFE_MAX_CCH
 * @Src: string to append
 *
 * Context: IRQL PASSIVE_LEVEL; here any context.
 * Return: as RtlStringCchCopyA(); STATUS_INVALID_PARAMETER also if @Dest has no terminator.
 *
 * Follows: DDI ntstrsafe/nf-ntstrsafe-rtlstringcchcata.
 */
NTSTATUS RtlStringCchCatA(PSTR Dest, SIZE_T cchDest, PCSTR Src)
{
	SIZE_T n;

	if (RtlStringCchLengthA(Dest, cchDest, &n))
		return STATUS_INVALID_PARAMETER;
	return RtlStringCchCopyA(Dest + n, cchDest - n, Src);
}
EXPORT_SYMBOL_GPL(RtlStringCchCatA);

/**
 * RtlStringCchCatW - append a string of UTF-16
 * @Dest: string to extend, terminated within @cchDest
 * @cchDest: size of @Dest in characters, with the terminator; 1 to NTSTRSAFE_MAX_CCH
 * @Src: string to append
 *
 * Context: IRQL PASSIVE_LEVEL; here any context.
 * Return: as RtlStringCchCatA().
 *
 * Follows: DDI ntstrsafe/nf-ntstrsafe-rtlstringcchcatw.
 */
NTSTATUS RtlStringCchCatW(PWSTR Dest, SIZE_T cchDest, PCWSTR Src)
{
	SIZE_T n;

	if (RtlStringCchLengthW(Dest, cchDest, &n))
		return STATUS_INVALID_PARAMETER;
	return RtlStringCchCopyW(Dest + n, cchDest - n, Src);
}
EXPORT_SYMBOL_GPL(RtlStringCchCatW);

/* ---- a limited number of characters of the source ------------------------ */

static NTSTATUS ntc_copy_n(PSTR to, SIZE_T room, PCSTR from, SIZE_T most)
{
	SIZE_T n;

	for (n = 0; n < most && from[n]; n++) {
		if (n == room - 1) {
			to[n] = 0;
			return STATUS_BUFFER_OVERFLOW;
		}
		to[n] = from[n];
	}
	to[n] = 0;
	return STATUS_SUCCESS;
}

static NTSTATUS ntc_copy_n_wide(PWSTR to, SIZE_T room, PCWSTR from, SIZE_T most)
{
	SIZE_T n;

	for (n = 0; n < most && from[n]; n++) {
		if (n == room - 1) {
			to[n] = 0;
			return STATUS_BUFFER_OVERFLOW;
		}
		to[n] = from[n];
	}
	to[n] = 0;
	return STATUS_SUCCESS;
}

/**
 * RtlStringCchCopyNA - copy a limited number of characters
 * @Dest: receives the string
 * @cchDest: size of @Dest in characters, with the terminator; 1 to NTSTRSAFE_MAX_CCH
 * @Src: the string, which needs no terminator within @cchToCopy
 * @cchToCopy: the most characters to copy
 *
 * Context: IRQL PASSIVE_LEVEL; here any context.
 * Return: as RtlStringCchCopyA().
 *
 * Follows: DDI ntstrsafe/nf-ntstrsafe-rtlstringcchcopyna.
 */
NTSTATUS RtlStringCchCopyNA(PSTR Dest, SIZE_T cchDest, PCSTR Src, SIZE_T cchToCopy)
{
	if (!ntc_cch_is_valid(cchDest) || cchToCopy > NTSTRSAFE_MAX_CCH)
		return STATUS_INVALID_PARAMETER;
	return ntc_copy_n(Dest, cchDest, Src, cchToCopy);
}
EXPORT_SYMBOL_GPL(RtlStringCchCopyNA);

/**
 * RtlStringCchCopyNW - copy a limited number of characters of UTF-16
 * @Dest: receives the string
 * @cchDest: size of @Dest in characters, with the terminator; 1 to NTSTRSAFE_MAX_CCH
 * @Src: the string, which needs no terminator within @cchToCopy
 * @cchToCopy: the most characters to copy
 *
 * Context: IRQL PASSIVE_LEVEL; here any context.
 * Return: as RtlStringCchCopyA().
 *
 * Follows: DDI ntstrsafe/nf-ntstrsafe-rtlstringcchcopynw.
 */
NTSTATUS RtlStringCchCopyNW(PWSTR Dest, SIZE_T cchDest, PCWSTR Src, SIZE_T cchToCopy)
{
	if (!ntc_cch_is_valid(cchDest) || cchToCopy > NTSTRSAFE_MAX_CCH)
		return STATUS_INVALID_PARAMETER;
	return ntc_copy_n_wide(Dest, cchDest, Src, cchToCopy);
}
EXPORT_SYMBOL_GPL(RtlStringCchCopyNW);

/**
 * RtlStringCchCatNA - append a limited number of characters
 * @Dest: string to extend, terminated within @cchDest
 * @cchDest: size of @Dest in characters, with the terminator; 1 to NTSTRSAFE_MAX_CCH
 * @Src: string to append
 * @cchToAppend: the most characters to append
 *
 * Context: IRQL PASSIVE_LEVEL; here any context.
 * Return: as RtlStringCchCatA().
 *
 * Follows: DDI ntstrsafe/nf-ntstrsafe-rtlstringcchcatna.
 */
NTSTATUS RtlStringCchCatNA(PSTR Dest, SIZE_T cchDest, PCSTR Src, SIZE_T cchToAppend)
{
	SIZE_T n;

	if (RtlStringCchLengthA(Dest, cchDest, &n))
		return STATUS_INVALID_PARAMETER;
	return RtlStringCchCopyNA(Dest + n, cchDest - n, Src, cchToAppend);
}
EXPORT_SYMBOL_GPL(RtlStringCchCatNA);

/**
 * RtlStringCchCatNW - append a limited number of characters of UTF-16
 * @Dest: string to extend, terminated within @cchDest
 * @cchDest: size of @Dest in characters, with the terminator; 1 to NTSTRSAFE_MAX_CCH
 * @Src: string to append
 * @cchToAppend: the most characters to append
 *
 * Context: IRQL PASSIVE_LEVEL; here any context.
 * Return: as RtlStringCchCatA().
 *
 * Follows: DDI ntstrsafe/nf-ntstrsafe-rtlstringcchcatnw.
 */
NTSTATUS RtlStringCchCatNW(PWSTR Dest, SIZE_T cchDest, PCWSTR Src, SIZE_T cchToAppend)
{
	SIZE_T n;

	if (RtlStringCchLengthW(Dest, cchDest, &n))
		return STATUS_INVALID_PARAMETER;
	return RtlStringCchCopyNW(Dest + n, cchDest - n, Src, cchToAppend);
}
EXPORT_SYMBOL_GPL(RtlStringCchCatNW);

/* ---- formats ------------------------------------------------------------- */

/**
 * RtlStringCchVPrintfA - format a string
 * @Dest: receives the string
 * @cchDest: size of @Dest in characters, with the terminator; 1 to NTSTRSAFE_MAX_CCH
 * @Format: as for DbgPrint()
 * @Args: the arguments
 *
 * Context: IRQL PASSIVE_LEVEL; here any context.
 * Return: as RtlStringCchCopyA().
 *
 * Follows: DDI ntstrsafe/nf-ntstrsafe-rtlstringcchvprintfa.
 */
NTSTATUS RtlStringCchVPrintfA(PSTR Dest, SIZE_T cchDest, PCSTR Format, va_list Args)
{
	if (!ntc_cch_is_valid(cchDest))
		return STATUS_INVALID_PARAMETER;
	return wqc_nt_format(Dest, cchDest, Format, Args) >= cchDest ? STATUS_BUFFER_OVERFLOW :
		STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(RtlStringCchVPrintfA);

/**
 * RtlStringCchPrintfA - format a string
 * @Dest: receives the string
 * @cchDest: size of @Dest in characters, with the terminator; 1 to NTSTRSAFE_MAX_CCH
 * @Format: as for DbgPrint()
 *
 * Context: IRQL PASSIVE_LEVEL; here any context.
 * Return: as RtlStringCchCopyA().
 *
 * Follows: DDI ntstrsafe/nf-ntstrsafe-rtlstringcchprintfa.
 */
NTSTATUS RtlStringCchPrintfA(PSTR Dest, SIZE_T cchDest, PCSTR Format, ...)
{
	NTSTATUS status;
	va_list args;

	va_start(args, Format);
	status = RtlStringCchVPrintfA(Dest, cchDest, Format, args);
	va_end(args);
	return status;
}
EXPORT_SYMBOL_GPL(RtlStringCchPrintfA);

/**
 * RtlStringCchVPrintfW - format a string of UTF-16
 * @Dest: receives the string
 * @cchDest: size of @Dest in characters, with the terminator; 1 to NTSTRSAFE_MAX_CCH
 * @Format: as for DbgPrint(), but %s and %c take UTF-16, %S and %C bytes
 * @Args: the arguments
 *
 * Context: IRQL PASSIVE_LEVEL; here any context.
 * Return: as RtlStringCchCopyA().
 *
 * Follows: DDI ntstrsafe/nf-ntstrsafe-rtlstringcchvprintfw.
 */
NTSTATUS RtlStringCchVPrintfW(PWSTR Dest, SIZE_T cchDest, PCWSTR Format, va_list Args)
{
	if (!ntc_cch_is_valid(cchDest))
		return STATUS_INVALID_PARAMETER;
	return wqc_nt_format_wide(Dest, cchDest, Format, Args) >= cchDest ?
		STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(RtlStringCchVPrintfW);

/**
 * RtlStringCchPrintfW - format a string of UTF-16
 * @Dest: receives the string
 * @cchDest: size of @Dest in characters, with the terminator; 1 to NTSTRSAFE_MAX_CCH
 * @Format: as for RtlStringCchVPrintfW()
 *
 * Context: IRQL PASSIVE_LEVEL; here any context.
 * Return: as RtlStringCchCopyA().
 *
 * Follows: DDI ntstrsafe/nf-ntstrsafe-rtlstringcchprintfw.
 */
NTSTATUS RtlStringCchPrintfW(PWSTR Dest, SIZE_T cchDest, PCWSTR Format, ...)
{
	NTSTATUS status;
	va_list args;

	va_start(args, Format);
	status = RtlStringCchVPrintfW(Dest, cchDest, Format, args);
	va_end(args);
	return status;
}
EXPORT_SYMBOL_GPL(RtlStringCchPrintfW);

/* ---- counted strings, which need no terminator --------------------------- */

static bool ntc_counted_is_valid(PCUNICODE_STRING string)
{
	return string && !(string->Length % sizeof(WCHAR)) &&
	       !(string->MaximumLength % sizeof(WCHAR)) &&
	       string->Length <= string->MaximumLength &&
	       (string->Buffer || !string->MaximumLength);
}

/**
 * RtlUnicodeStringVPrintf - format a counted string
 * @DestinationString: receives the text, without a terminator
 * @Format: as for RtlStringCchVPrintfW()
 * @Args: the arguments
 *
 * Context: IRQL PASSIVE_LEVEL; here any context, allocates memory.
 * Return: STATUS_SUCCESS; STATUS_BUFFER_OVERFLOW if the result is truncated;
 * STATUS_INVALID_PARAMETER if the lengths of @DestinationString are invalid;
 * STATUS_INSUFFICIENT_RESOURCES.
 *
 * Follows: DDI ntstrsafe/nf-ntstrsafe-rtlunicodestringvprintf.
 */
NTSTATUS RtlUnicodeStringVPrintf(PUNICODE_STRING DestinationString, PCWSTR Format, va_list Args)
{
	SIZE_T room, length;
	PWSTR text;

	if (!ntc_counted_is_valid(DestinationString))
		return STATUS_INVALID_PARAMETER;
	/* The formatter writes a terminator, for which @DestinationString may have no room. */
	room = DestinationString->MaximumLength / sizeof(WCHAR);
	text = kmalloc_array(room + 1, sizeof(WCHAR),
			     ntc_alloc_may_sleep() ? GFP_NOFS : GFP_ATOMIC);
	if (!text)
		return STATUS_INSUFFICIENT_RESOURCES;
	length = wqc_nt_format_wide(text, room + 1, Format, Args);
	DestinationString->Length = min(length, room) * sizeof(WCHAR);
	memcpy(DestinationString->Buffer, text, DestinationString->Length);
	kfree(text);
	return length > room ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(RtlUnicodeStringVPrintf);

/**
 * RtlUnicodeStringPrintf - format a counted string
 * @DestinationString: receives the text, without a terminator
 * @Format: as for RtlStringCchVPrintfW()
 *
 * Context: as RtlUnicodeStringVPrintf().
 * Return: as RtlUnicodeStringVPrintf().
 *
 * Follows: DDI ntstrsafe/nf-ntstrsafe-rtlunicodestringprintf.
 */
NTSTATUS RtlUnicodeStringPrintf(PUNICODE_STRING DestinationString, PCWSTR Format, ...)
{
	NTSTATUS status;
	va_list args;

	va_start(args, Format);
	status = RtlUnicodeStringVPrintf(DestinationString, Format, args);
	va_end(args);
	return status;
}
EXPORT_SYMBOL_GPL(RtlUnicodeStringPrintf);

/* Appends @count characters at @at, in characters. */
static NTSTATUS ntc_counted_put(PUNICODE_STRING to, SIZE_T at, PCWSTR from, SIZE_T count)
{
	SIZE_T room = to->MaximumLength / sizeof(WCHAR) - at;

	memmove(to->Buffer + at, from, min(count, room) * sizeof(WCHAR));
	to->Length = (at + min(count, room)) * sizeof(WCHAR);
	return count > room ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
}

/**
 * RtlUnicodeStringCopyString - copy a terminated string to a counted one
 * @DestinationString: receives the string
 * @pszSrc: the string
 *
 * Context: IRQL PASSIVE_LEVEL; here any context.
 * Return: as RtlUnicodeStringVPrintf().
 *
 * Follows: DDI ntstrsafe/nf-ntstrsafe-rtlunicodestringcopystring.
 */
NTSTATUS RtlUnicodeStringCopyString(PUNICODE_STRING DestinationString, PCWSTR pszSrc)
{
	if (!ntc_counted_is_valid(DestinationString))
		return STATUS_INVALID_PARAMETER;
	return ntc_counted_put(DestinationString, 0, pszSrc, wcslen(pszSrc));
}
EXPORT_SYMBOL_GPL(RtlUnicodeStringCopyString);

/**
 * RtlUnicodeStringCopy - copy a counted string
 * @DestinationString: receives the string
 * @SourceString: the string
 *
 * Context: IRQL PASSIVE_LEVEL; here any context.
 * Return: as RtlUnicodeStringVPrintf().
 *
 * Follows: DDI ntstrsafe/nf-ntstrsafe-rtlunicodestringcopy.
 */
NTSTATUS RtlUnicodeStringCopy(PUNICODE_STRING DestinationString, PCUNICODE_STRING SourceString)
{
	if (!ntc_counted_is_valid(DestinationString) || !ntc_counted_is_valid(SourceString))
		return STATUS_INVALID_PARAMETER;
	return ntc_counted_put(DestinationString, 0, SourceString->Buffer,
			       SourceString->Length / sizeof(WCHAR));
}
EXPORT_SYMBOL_GPL(RtlUnicodeStringCopy);

/**
 * RtlUnicodeStringCatString - append a terminated string to a counted one
 * @DestinationString: string to extend
 * @pszSrc: string to append
 *
 * Context: IRQL PASSIVE_LEVEL; here any context.
 * Return: as RtlUnicodeStringVPrintf().
 *
 * Follows: DDI ntstrsafe/nf-ntstrsafe-rtlunicodestringcatstring.
 */
NTSTATUS RtlUnicodeStringCatString(PUNICODE_STRING DestinationString, PCWSTR pszSrc)
{
	if (!ntc_counted_is_valid(DestinationString))
		return STATUS_INVALID_PARAMETER;
	return ntc_counted_put(DestinationString, DestinationString->Length / sizeof(WCHAR), pszSrc,
			       wcslen(pszSrc));
}
EXPORT_SYMBOL_GPL(RtlUnicodeStringCatString);

/**
 * RtlUnicodeStringCat - append a counted string
 * @DestinationString: string to extend
 * @SourceString: string to append
 *
 * Context: IRQL PASSIVE_LEVEL; here any context.
 * Return: as RtlUnicodeStringVPrintf().
 *
 * Follows: DDI ntstrsafe/nf-ntstrsafe-rtlunicodestringcat.
 */
NTSTATUS RtlUnicodeStringCat(PUNICODE_STRING DestinationString, PCUNICODE_STRING SourceString)
{
	if (!ntc_counted_is_valid(DestinationString) || !ntc_counted_is_valid(SourceString))
		return STATUS_INVALID_PARAMETER;
	return ntc_counted_put(DestinationString, DestinationString->Length / sizeof(WCHAR),
			       SourceString->Buffer, SourceString->Length / sizeof(WCHAR));
}
EXPORT_SYMBOL_GPL(RtlUnicodeStringCat);
