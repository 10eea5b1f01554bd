// SPDX-License-Identifier: GPL-2.0
/*
 * RTL_BITMAP. The buffer has 32-bit words, and its size is a multiple of 4 bytes, so that the
 * bitmaps of Linux, of 64-bit words, would read beyond it. Bits after SizeOfBitMap are neither read
 * nor written.
 */
#include <linux/export.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "nt.h"

#define NTC_NONE	0xffffffffU

/* The bits [@from, @to) of the word that contains @from, as a mask; @to may be in a later word. */
static u32 ntc_word_mask(u32 from, u64 to)
{
	u32 mask = ~0U << from % 32;
	u64 end = (u64)(from | 31) + 1;

	return to < end ? mask & ~(~0U << to % 32) : mask;
}

/* First bit from @from on that is @set, or the size of the bitmap. */
static u32 ntc_next_bit(const RTL_BITMAP *map, u32 from, bool set)
{
	u32 at, word;

	for (at = from; at < map->SizeOfBitMap; at = (at | 31) + 1) {
		word = map->Buffer[at / 32] ^ (set ? 0 : ~0U);
		word &= ntc_word_mask(at, map->SizeOfBitMap);
		if (word)
			return (at & ~31U) + __ffs(word);
		if ((at | 31) == U32_MAX)
			break;
	}
	return map->SizeOfBitMap;
}

static void ntc_write_bits(const RTL_BITMAP *map, u32 start, u32 count, bool set)
{
	u64 at, end = (u64)start + count;
	u32 mask;

	for (at = start; at < end; at = (at | 31) + 1) {
		mask = ntc_word_mask(at, end);
		if (set)
			map->Buffer[at / 32] |= mask;
		else
			map->Buffer[at / 32] &= ~mask;
	}
}

static bool ntc_bits_are(const RTL_BITMAP *map, u32 start, u32 length, bool set)
{
	if (!length || start >= map->SizeOfBitMap || length > map->SizeOfBitMap - start)
		return false;
	return ntc_next_bit(map, start, !set) - start >= length;
}

/* Start of the first run in [@from, @to) with @count bits that are @set, or NTC_NONE. */
static u32 ntc_find_from(const RTL_BITMAP *map, u32 count, u32 from, u32 to, bool set)
{
	u32 start, end;

	for (start = ntc_next_bit(map, from, set); start < to;) {
		end = ntc_next_bit(map, start, !set);
		if (end - start >= count)
			return start;
		start = ntc_next_bit(map, end, set);
	}
	return NTC_NONE;
}

/* A hint beyond the end is 0. No bits are found at the hint. */
static u32 ntc_find(const RTL_BITMAP *map, u32 count, u32 hint, bool set)
{
	u32 found;

	if (hint >= map->SizeOfBitMap)
		hint = 0;
	if (!count)
		return map->SizeOfBitMap ? hint : NTC_NONE;
	found = ntc_find_from(map, count, hint, map->SizeOfBitMap, set);
	/* The second search begins before the hint; its run may reach beyond it. */
	return found == NTC_NONE && hint ? ntc_find_from(map, count, 0, hint, set) : found;
}

/**
 * RtlInitializeBitMap - initialise a bitmap
 * @BitMapHeader: receives size and buffer
 * @BitMapBuffer: the bits, which stay as they are; a multiple of 4 bytes
 * @SizeOfBitMap: number of bits
 *
 * Context: any IRQL; here any context. The caller serialises access to the bitmap.
 *
 * Follows: DDI wdm/nf-wdm-rtlinitializebitmap.
 */
VOID RtlInitializeBitMap(PRTL_BITMAP BitMapHeader, PULONG BitMapBuffer, ULONG SizeOfBitMap)
{
	BitMapHeader->SizeOfBitMap = SizeOfBitMap;
	BitMapHeader->Buffer = BitMapBuffer;
}
EXPORT_SYMBOL_GPL(RtlInitializeBitMap);

/**
 * RtlClearAllBits - clear all bits
 * @BitMapHeader: the bitmap
 *
 * Context: any IRQL; here any context. The caller serialises access to the bitmap.
 *
 * Follows: DDI wdm/nf-wdm-rtlclearallbits.
 */
VOID RtlClearAllBits(PRTL_BITMAP BitMapHeader)
{
	ntc_write_bits(BitMapHeader, 0, BitMapHeader->SizeOfBitMap, false);
}
EXPORT_SYMBOL_GPL(RtlClearAllBits);

/**
 * RtlClearBit - clear a bit
 * @BitMapHeader: the bitmap
 * @BitNumber: its number, within the bitmap
 *
 * Context: any IRQL; here any context. The caller serialises access to the bitmap.
 *
 * Follows: DDI wdm/nf-wdm-rtlclearbit.
 */
VOID RtlClearBit(PRTL_BITMAP BitMapHeader, ULONG BitNumber)
{
	ntc_write_bits(BitMapHeader, BitNumber, 1, false);
}
EXPORT_SYMBOL_GPL(RtlClearBit);

/**
 * RtlClearBits - clear a range of bits
 * @BitMapHeader: the bitmap
 * @StartingIndex: first bit
 * @NumberToClear: number of bits, within the bitmap
 *
 * Context: any IRQL; here any context. The caller serialises access to the bitmap.
 *
 * Follows: DDI wdm/nf-wdm-rtlclearbits.
 */
VOID RtlClearBits(PRTL_BITMAP BitMapHeader, ULONG StartingIndex, ULONG NumberToClear)
{
	ntc_write_bits(BitMapHeader, StartingIndex, NumberToClear, false);
}
EXPORT_SYMBOL_GPL(RtlClearBits);

/**
 * RtlAreBitsClear - whether all bits of a range are clear
 * @BitMapHeader: the bitmap
 * @StartingIndex: first bit
 * @Length: number of bits
 *
 * Context: any IRQL; here any context. The caller serialises access to the bitmap.
 * Return: TRUE if so; FALSE for an empty range, or one that is not within the bitmap.
 *
 * Follows: DDI wdm/nf-wdm-rtlarebitsclear.
 */
BOOLEAN RtlAreBitsClear(PRTL_BITMAP BitMapHeader, ULONG StartingIndex, ULONG Length)
{
	return ntc_bits_are(BitMapHeader, StartingIndex, Length, false);
}
EXPORT_SYMBOL_GPL(RtlAreBitsClear);

/**
 * RtlFindClearBits - find a run of bits that are clear
 * @BitMapHeader: the bitmap
 * @NumberToFind: length of the run
 * @HintIndex: where to begin; the search continues at bit 0
 *
 * Context: any IRQL; here any context. The caller serialises access to the bitmap.
 * Return: its first bit, which may be before @HintIndex; 0xFFFFFFFF: there is none.
 *
 * Follows: DDI wdm/nf-wdm-rtlfindclearbits.
 */
ULONG RtlFindClearBits(PRTL_BITMAP BitMapHeader, ULONG NumberToFind, ULONG HintIndex)
{
	return ntc_find(BitMapHeader, NumberToFind, HintIndex, false);
}
EXPORT_SYMBOL_GPL(RtlFindClearBits);

/**
 * RtlSetAllBits - set all bits
 * @BitMapHeader: the bitmap
 *
 * Context: any IRQL; here any context. The caller serialises access to the bitmap.
 *
 * Follows: DDI wdm/nf-wdm-rtlsetallbits.
 */
VOID RtlSetAllBits(PRTL_BITMAP BitMapHeader)
{
	ntc_write_bits(BitMapHeader, 0, BitMapHeader->SizeOfBitMap, true);
}
EXPORT_SYMBOL_GPL(RtlSetAllBits);

/**
 * RtlSetBit - set a bit
 * @BitMapHeader: the bitmap
 * @BitNumber: its number, within the bitmap
 *
 * Context: any IRQL; here any context. The caller serialises access to the bitmap.
 *
 * Follows: DDI wdm/nf-wdm-rtlsetbit.
 */
VOID RtlSetBit(PRTL_BITMAP BitMapHeader, ULONG BitNumber)
{
	ntc_write_bits(BitMapHeader, BitNumber, 1, true);
}
EXPORT_SYMBOL_GPL(RtlSetBit);

/**
 * RtlSetBits - set a range of bits
 * @BitMapHeader: the bitmap
 * @StartingIndex: first bit
 * @NumberToSet: number of bits, within the bitmap
 *
 * Context: any IRQL; here any context. The caller serialises access to the bitmap.
 *
 * Follows: DDI wdm/nf-wdm-rtlsetbits.
 */
VOID RtlSetBits(PRTL_BITMAP BitMapHeader, ULONG StartingIndex, ULONG NumberToSet)
{
	ntc_write_bits(BitMapHeader, StartingIndex, NumberToSet, true);
}
EXPORT_SYMBOL_GPL(RtlSetBits);

/**
 * RtlAreBitsSet - whether all bits of a range are set
 * @BitMapHeader: the bitmap
 * @StartingIndex: first bit
 * @Length: number of bits
 *
 * Context: any IRQL; here any context. The caller serialises access to the bitmap.
 * Return: TRUE if so; FALSE for an empty range, or one that is not within the bitmap.
 *
 * Follows: DDI wdm/nf-wdm-rtlarebitsset.
 */
BOOLEAN RtlAreBitsSet(PRTL_BITMAP BitMapHeader, ULONG StartingIndex, ULONG Length)
{
	return ntc_bits_are(BitMapHeader, StartingIndex, Length, true);
}
EXPORT_SYMBOL_GPL(RtlAreBitsSet);

/**
 * RtlFindSetBits - find a run of bits that are set
 * @BitMapHeader: the bitmap
 * @NumberToFind: length of the run
 * @HintIndex: where to begin; the search continues at bit 0
 *
 * Context: any IRQL; here any context. The caller serialises access to the bitmap.
 * Return: its first bit, which may be before @HintIndex; 0xFFFFFFFF: there is none.
 *
 * Follows: DDI wdm/nf-wdm-rtlfindsetbits.
 */
ULONG RtlFindSetBits(PRTL_BITMAP BitMapHeader, ULONG NumberToFind, ULONG HintIndex)
{
	return ntc_find(BitMapHeader, NumberToFind, HintIndex, true);
}
EXPORT_SYMBOL_GPL(RtlFindSetBits);

/**
 * RtlFindClearBitsAndSet - find a run of bits that are clear, and set them
 * @BitMapHeader: the bitmap
 * @NumberToFind: length of the run
 * @HintIndex: as for RtlFindClearBits()
 *
 * Context: any IRQL; here any context. The caller serialises access to the bitmap.
 * Return: as RtlFindClearBits().
 *
 * Follows: DDI wdm/nf-wdm-rtlfindclearbitsandset.
 */
ULONG RtlFindClearBitsAndSet(PRTL_BITMAP BitMapHeader, ULONG NumberToFind, ULONG HintIndex)
{
	u32 found = ntc_find(BitMapHeader, NumberToFind, HintIndex, false);

	if (found != NTC_NONE)
		ntc_write_bits(BitMapHeader, found, NumberToFind, !false);
	return found;
}
EXPORT_SYMBOL_GPL(RtlFindClearBitsAndSet);

/**
 * RtlFindSetBitsAndClear - find a run of bits that are set, and clear them
 * @BitMapHeader: the bitmap
 * @NumberToFind: length of the run
 * @HintIndex: as for RtlFindSetBits()
 *
 * Context: any IRQL; here any context. The caller serialises access to the bitmap.
 * Return: as RtlFindSetBits().
 *
 * Follows: DDI wdm/nf-wdm-rtlfindsetbitsandclear.
 */
ULONG RtlFindSetBitsAndClear(PRTL_BITMAP BitMapHeader, ULONG NumberToFind, ULONG HintIndex)
{
	u32 found = ntc_find(BitMapHeader, NumberToFind, HintIndex, true);

	if (found != NTC_NONE)
		ntc_write_bits(BitMapHeader, found, NumberToFind, !true);
	return found;
}
EXPORT_SYMBOL_GPL(RtlFindSetBitsAndClear);

/**
 * RtlTestBit - whether a bit is set
 * @BitMapHeader: the bitmap
 * @BitNumber: its number, within the bitmap
 *
 * Context: any IRQL; here any context. The caller serialises access to the bitmap.
 * Return: TRUE if it is set.
 *
 * Follows: DDI wdm/nf-wdm-rtltestbit.
 */
BOOLEAN RtlTestBit(PRTL_BITMAP BitMapHeader, ULONG BitNumber)
{
	return RtlCheckBit(BitMapHeader, BitNumber);
}
EXPORT_SYMBOL_GPL(RtlTestBit);

/**
 * RtlNumberOfSetBits - number of bits that are set
 * @BitMapHeader: the bitmap
 *
 * Context: any IRQL; here any context. The caller serialises access to the bitmap.
 * Return: the number.
 *
 * Follows: DDI wdm/nf-wdm-rtlnumberofsetbits.
 */
ULONG RtlNumberOfSetBits(PRTL_BITMAP BitMapHeader)
{
	u32 at, count = 0;

	for (at = 0; at < BitMapHeader->SizeOfBitMap; at += 32) {
		count += hweight32(BitMapHeader->Buffer[at / 32] &
				   ntc_word_mask(at, BitMapHeader->SizeOfBitMap));
		if (at > U32_MAX - 32)
			break;
	}
	return count;
}
EXPORT_SYMBOL_GPL(RtlNumberOfSetBits);

/**
 * RtlNumberOfClearBits - number of bits that are clear
 * @BitMapHeader: the bitmap
 *
 * Context: any IRQL; here any context. The caller serialises access to the bitmap.
 * Return: the number.
 *
 * Follows: DDI wdm/nf-wdm-rtlnumberofclearbits.
 */
ULONG RtlNumberOfClearBits(PRTL_BITMAP BitMapHeader)
{
	return BitMapHeader->SizeOfBitMap - RtlNumberOfSetBits(BitMapHeader);
}
EXPORT_SYMBOL_GPL(RtlNumberOfClearBits);

/**
 * RtlFindNextForwardRunClear - find the next run of clear bits
 * @BitMapHeader: the bitmap
 * @FromIndex: where to begin, which may be inside a run
 * @StartingRunIndex: receives its first bit
 *
 * Context: any IRQL; here any context. The caller serialises access to the bitmap.
 * Return: its length; 0: there is none.
 *
 * Follows: DDI wdm/nf-wdm-rtlfindnextforwardrunclear.
 */
ULONG RtlFindNextForwardRunClear(PRTL_BITMAP BitMapHeader, ULONG FromIndex,
				 PULONG StartingRunIndex)
{
	*StartingRunIndex = ntc_next_bit(BitMapHeader, FromIndex, false);
	if (*StartingRunIndex >= BitMapHeader->SizeOfBitMap)
		return 0;
	return ntc_next_bit(BitMapHeader, *StartingRunIndex, true) - *StartingRunIndex;
}
EXPORT_SYMBOL_GPL(RtlFindNextForwardRunClear);

/**
 * RtlFindFirstRunClear - find the first run of clear bits
 * @BitMapHeader: the bitmap
 * @StartingIndex: receives its first bit
 *
 * Context: any IRQL; here any context. The caller serialises access to the bitmap.
 * Return: its length; 0: there is none.
 *
 * Follows: DDI wdm/nf-wdm-rtlfindfirstrunclear.
 */
ULONG RtlFindFirstRunClear(PRTL_BITMAP BitMapHeader, PULONG StartingIndex)
{
	return RtlFindNextForwardRunClear(BitMapHeader, 0, StartingIndex);
}
EXPORT_SYMBOL_GPL(RtlFindFirstRunClear);

/**
 * RtlFindLongestRunClear - find the longest run of clear bits
 * @BitMapHeader: the bitmap
 * @StartingIndex: receives its first bit
 *
 * Context: any IRQL; here any context. The caller serialises access to the bitmap.
 * Return: its length; 0: there is none.
 *
 * Follows: DDI wdm/nf-wdm-rtlfindlongestrunclear.
 */
ULONG RtlFindLongestRunClear(PRTL_BITMAP BitMapHeader, PULONG StartingIndex)
{
	RTL_BITMAP_RUN run;

	if (!RtlFindClearRuns(BitMapHeader, &run, 1, TRUE))
		return 0;
	*StartingIndex = run.StartingIndex;
	return run.NumberOfBits;
}
EXPORT_SYMBOL_GPL(RtlFindLongestRunClear);

/**
 * RtlFindLastBackwardRunClear - find the run of clear bits that ends at a bit or before it
 * @BitMapHeader: the bitmap
 * @FromIndex: where to begin
 * @StartingRunIndex: receives its first bit
 *
 * Context: any IRQL; here any context. The caller serialises access to the bitmap.
 * Return: its length up to @FromIndex; 0: there is none.
 *
 * Follows: DDI wdm/nf-wdm-rtlfindlastbackwardrunclear.
 */
ULONG RtlFindLastBackwardRunClear(PRTL_BITMAP BitMapHeader, ULONG FromIndex,
				  PULONG StartingRunIndex)
{
	u32 at = FromIndex, end;

	if (!BitMapHeader->SizeOfBitMap)
		return 0;
	at = min(at, BitMapHeader->SizeOfBitMap - 1);
	while (RtlCheckBit(BitMapHeader, at))
		if (!at--)
			return 0;
	end = at + 1;
	while (at && !RtlCheckBit(BitMapHeader, at - 1))
		at--;
	*StartingRunIndex = at;
	return end - at;
}
EXPORT_SYMBOL_GPL(RtlFindLastBackwardRunClear);

/* Inserts a run in an array that has the longest first; of equals the first found is first. */
static u32 ntc_insert_run(RTL_BITMAP_RUN *runs, u32 count, u32 size, RTL_BITMAP_RUN run)
{
	u32 at = count;

	while (at && runs[at - 1].NumberOfBits < run.NumberOfBits)
		at--;
	if (at == size)
		return count;
	count = min(count + 1, size);
	memmove(&runs[at + 1], &runs[at], (count - at - 1) * sizeof(*runs));
	runs[at] = run;
	return count;
}

/**
 * RtlFindClearRuns - find runs of clear bits
 * @BitMapHeader: the bitmap
 * @RunArray: receives the runs
 * @SizeOfRunArray: the most runs
 * @LocateLongestRuns: TRUE: the longest ones, the longest first; FALSE: the first ones
 *
 * Context: any IRQL; here any context. The caller serialises access to the bitmap.
 * Return: the number of runs.
 *
 * Follows: DDI wdm/nf-wdm-rtlfindclearruns.
 */
ULONG RtlFindClearRuns(PRTL_BITMAP BitMapHeader, PRTL_BITMAP_RUN RunArray, ULONG SizeOfRunArray,
		       BOOLEAN LocateLongestRuns)
{
	RTL_BITMAP_RUN run = { 0, 0 };
	u32 count = 0;

	while (count < SizeOfRunArray || (LocateLongestRuns && SizeOfRunArray)) {
		run.NumberOfBits = RtlFindNextForwardRunClear(BitMapHeader, run.StartingIndex +
							      run.NumberOfBits,
							      &run.StartingIndex);
		if (!run.NumberOfBits)
			break;
		if (LocateLongestRuns)
			count = ntc_insert_run(RunArray, count, SizeOfRunArray, run);
		else
			RunArray[count++] = run;
	}
	return count;
}
EXPORT_SYMBOL_GPL(RtlFindClearRuns);
