/* SPDX-License-Identifier: GPL-2.0 */
/* Intrinsics of Microsoft's compilers, which need no header. A driver may declare them itself. */
#ifndef NTC_INTRINSICS_H
#define NTC_INTRINSICS_H

#include "bitmap.h"
#include "interlocked.h"

static inline UCHAR _BitScanForward(ULONG *Index, ULONG Mask)
{
	if (!Mask)
		return 0;
	*Index = __builtin_ctz(Mask);
	return 1;
}

static inline UCHAR _BitScanReverse(ULONG *Index, ULONG Mask)
{
	if (!Mask)
		return 0;
	*Index = 31 - __builtin_clz(Mask);
	return 1;
}

static inline UCHAR _BitScanForward64(ULONG *Index, ULONG64 Mask)
{
	if (!Mask)
		return 0;
	*Index = __builtin_ctzll(Mask);
	return 1;
}

static inline UCHAR _BitScanReverse64(ULONG *Index, ULONG64 Mask)
{
	if (!Mask)
		return 0;
	*Index = 63 - __builtin_clzll(Mask);
	return 1;
}

static inline UCHAR _bittest(const LONG *Base, LONG Bit)
{
	return Base[Bit >> 5] >> (Bit & 31) & 1;
}

static inline UCHAR _bittestandset(LONG *Base, LONG Bit)
{
	UCHAR was = _bittest(Base, Bit);

	Base[Bit >> 5] |= (LONG)(1U << (Bit & 31));
	return was;
}

static inline UCHAR _bittestandreset(LONG *Base, LONG Bit)
{
	UCHAR was = _bittest(Base, Bit);

	Base[Bit >> 5] &= ~(LONG)(1U << (Bit & 31));
	return was;
}

#define _byteswap_ushort(n)	__builtin_bswap16(n)
#define _byteswap_ulong(n)	__builtin_bswap32(n)
#define _byteswap_uint64(n)	__builtin_bswap64(n)
#define __popcnt16(n)		((USHORT)RtlNumberOfSetBitsUlongPtr((USHORT)(n)))
#define __popcnt(n)		((ULONG)RtlNumberOfSetBitsUlongPtr((ULONG)(n)))
#define __popcnt64(n)		((ULONG64)RtlNumberOfSetBitsUlongPtr(n))
#define _rotl(n, by)		RtlRotateLeft32(n, by)
#define _rotr(n, by)		RtlRotateRight32(n, by)
#define _rotl64(n, by)		RtlRotateLeft64(n, by)
#define _rotr64(n, by)		RtlRotateRight64(n, by)
#define _ReturnAddress()	__builtin_return_address(0)
#define __nop()			asm volatile("nop")
#undef __assume	/* 7.3 has it in its own headers */
#define __assume(e)		((VOID)0)
#ifdef CONFIG_X86_64
#define __rdtsc()		((ULONG64)__builtin_ia32_rdtsc())
#define _mm_pause()		YieldProcessor()
#endif

#endif /* NTC_INTRINSICS_H */
