// SPDX-License-Identifier: GPL-2.0
/*
 * Terminated strings in buffers of a known size. A result that does not fit is truncated and
 * terminated, and the status is STATUS_BUFFER_OVERFLOW.
 */
#include <linux/export.h>
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
	va_list args;
	SIZE_T length;

	if (!ntc_cch_is_valid(cchDest))
		return STATUS_INVALID_PARAMETER;
	va_start(args, Format);
	length = wqc_nt_format(Dest, cchDest, Format, args);
	va_end(args);
	return length >= cchDest ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(RtlStringCchPrintfA);
