/* SPDX-License-Identifier: GPL-2.0 */
/* RTL_BITMAP, and numbers of bits. Bit n is bit n % 32 of word n / 32. */
#ifndef NTC_BITMAP_H
#define NTC_BITMAP_H

#include <linux/bitops.h>

#include "../ntdef.h"

typedef struct _RTL_BITMAP {
	ULONG SizeOfBitMap;	/* bits */
	PULONG Buffer;
} RTL_BITMAP, *PRTL_BITMAP;

typedef struct _RTL_BITMAP_RUN {
	ULONG StartingIndex;
	ULONG NumberOfBits;
} RTL_BITMAP_RUN, *PRTL_BITMAP_RUN;

VOID RtlInitializeBitMap(PRTL_BITMAP BitMapHeader, PULONG BitMapBuffer, ULONG SizeOfBitMap);
VOID RtlClearAllBits(PRTL_BITMAP BitMapHeader);
VOID RtlSetAllBits(PRTL_BITMAP BitMapHeader);
VOID RtlClearBit(PRTL_BITMAP BitMapHeader, ULONG BitNumber);
VOID RtlSetBit(PRTL_BITMAP BitMapHeader, ULONG BitNumber);
BOOLEAN RtlTestBit(PRTL_BITMAP BitMapHeader, ULONG BitNumber);
VOID RtlClearBits(PRTL_BITMAP BitMapHeader, ULONG StartingIndex, ULONG NumberToClear);
VOID RtlSetBits(PRTL_BITMAP BitMapHeader, ULONG StartingIndex, ULONG NumberToSet);
BOOLEAN RtlAreBitsClear(PRTL_BITMAP BitMapHeader, ULONG StartingIndex, ULONG Length);
BOOLEAN RtlAreBitsSet(PRTL_BITMAP BitMapHeader, ULONG StartingIndex, ULONG Length);
ULONG RtlFindClearBits(PRTL_BITMAP BitMapHeader, ULONG NumberToFind, ULONG HintIndex);
ULONG RtlFindSetBits(PRTL_BITMAP BitMapHeader, ULONG NumberToFind, ULONG HintIndex);
ULONG RtlFindClearBitsAndSet(PRTL_BITMAP BitMapHeader, ULONG NumberToFind, ULONG HintIndex);
ULONG RtlFindSetBitsAndClear(PRTL_BITMAP BitMapHeader, ULONG NumberToFind, ULONG HintIndex);
ULONG RtlFindClearRuns(PRTL_BITMAP BitMapHeader, PRTL_BITMAP_RUN RunArray, ULONG SizeOfRunArray,
		       BOOLEAN LocateLongestRuns);
ULONG RtlFindFirstRunClear(PRTL_BITMAP BitMapHeader, PULONG StartingIndex);
ULONG RtlFindLongestRunClear(PRTL_BITMAP BitMapHeader, PULONG StartingIndex);
ULONG RtlFindNextForwardRunClear(PRTL_BITMAP BitMapHeader, ULONG FromIndex,
				 PULONG StartingRunIndex);
ULONG RtlFindLastBackwardRunClear(PRTL_BITMAP BitMapHeader, ULONG FromIndex,
				  PULONG StartingRunIndex);
ULONG RtlNumberOfClearBits(PRTL_BITMAP BitMapHeader);
ULONG RtlNumberOfSetBits(PRTL_BITMAP BitMapHeader);

#define RtlCheckBit(map, n)	(((map)->Buffer[(n) / 32] >> ((n) % 32)) & 1)

static inline ULONG RtlNumberOfSetBitsUlongPtr(ULONG_PTR Target)
{
	return hweight_long(Target);
}

static inline CCHAR RtlFindLeastSignificantBit(ULONGLONG Set)
{
	return Set ? __ffs64(Set) : -1;
}

static inline CCHAR RtlFindMostSignificantBit(ULONGLONG Set)
{
	return Set ? fls64(Set) - 1 : -1;
}

#define RtlUshortByteSwap(n)	__builtin_bswap16(n)
#define RtlUlongByteSwap(n)	__builtin_bswap32(n)
#define RtlUlonglongByteSwap(n)	__builtin_bswap64(n)

static inline ULONG RtlRotateLeft32(ULONG n, int by)
{
	return n << (by & 31) | n >> (-by & 31);
}

static inline ULONG RtlRotateRight32(ULONG n, int by)
{
	return RtlRotateLeft32(n, -by);
}

static inline ULONG64 RtlRotateLeft64(ULONG64 n, int by)
{
	return n << (by & 63) | n >> (-by & 63);
}

static inline ULONG64 RtlRotateRight64(ULONG64 n, int by)
{
	return RtlRotateLeft64(n, -by);
}

#endif /* NTC_BITMAP_H */
