/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Additions, subtractions, multiplications and conversions that report an overflow. The result is
 * not valid then, and is all ones (of an unsigned type) or -1. Any IRQL.
 */
#ifndef WQC_NTINTSAFE_H
#define WQC_NTINTSAFE_H

#include "ntdef.h"

#define NTC_SAFE(name, type, function)					\
static inline NTSTATUS name(type a, type b, type *result)		\
{									\
	if (!function(a, b, result))					\
		return STATUS_SUCCESS;					\
	*result = (type)-1;						\
	return STATUS_INTEGER_OVERFLOW;					\
}
#define NTC_SAFE_TYPE(name, type)					\
	NTC_SAFE(Rtl##name##Add, type, __builtin_add_overflow)		\
	NTC_SAFE(Rtl##name##Sub, type, __builtin_sub_overflow)		\
	NTC_SAFE(Rtl##name##Mult, type, __builtin_mul_overflow)
/* To a type with another range: an addition of 0 overflows if the value does not fit. */
#define NTC_SAFE_TO(from, from_type, to, to_type)			\
static inline NTSTATUS Rtl##from##To##to(from_type operand, to_type *result) \
{									\
	if (!__builtin_add_overflow(operand, 0, result))		\
		return STATUS_SUCCESS;					\
	*result = (to_type)-1;						\
	return STATUS_INTEGER_OVERFLOW;					\
}
NTC_SAFE_TYPE(UInt8, UINT8)
NTC_SAFE_TYPE(Byte, UCHAR)
NTC_SAFE_TYPE(UShort, USHORT)
NTC_SAFE_TYPE(UInt16, UINT16)
NTC_SAFE_TYPE(UInt, UINT)
NTC_SAFE_TYPE(UInt32, UINT32)
NTC_SAFE_TYPE(ULong, ULONG)
NTC_SAFE_TYPE(DWord, ULONG)
NTC_SAFE_TYPE(Word, USHORT)
NTC_SAFE_TYPE(UIntPtr, UINT_PTR)
NTC_SAFE_TYPE(ULongPtr, ULONG_PTR)
NTC_SAFE_TYPE(DWordPtr, ULONG_PTR)
NTC_SAFE_TYPE(SizeT, SIZE_T)
NTC_SAFE_TYPE(ULongLong, ULONGLONG)
NTC_SAFE_TYPE(UInt64, UINT64)
NTC_SAFE_TYPE(DWordLong, ULONGLONG)
NTC_SAFE_TYPE(ULong64, ULONG64)
NTC_SAFE_TYPE(Int8, INT8)
NTC_SAFE_TYPE(Char, CHAR)
NTC_SAFE_TYPE(Short, SHORT)
NTC_SAFE_TYPE(Int16, INT16)
NTC_SAFE_TYPE(Int, INT)
NTC_SAFE_TYPE(Int32, INT32)
NTC_SAFE_TYPE(Long, LONG)
NTC_SAFE_TYPE(IntPtr, INT_PTR)
NTC_SAFE_TYPE(LongPtr, LONG_PTR)
NTC_SAFE_TYPE(PtrdiffT, LONG_PTR)
NTC_SAFE_TYPE(SSIZET, SSIZE_T)
NTC_SAFE_TYPE(LongLong, LONGLONG)
NTC_SAFE_TYPE(Int64, INT64)
NTC_SAFE_TYPE(Long64, LONG64)
#define NTC_SAFE_FROM(from, type)					\
	NTC_SAFE_TO(from, type, UInt8, UINT8)				\
	NTC_SAFE_TO(from, type, Byte, UCHAR)				\
	NTC_SAFE_TO(from, type, UShort, USHORT)				\
	NTC_SAFE_TO(from, type, UInt16, UINT16)				\
	NTC_SAFE_TO(from, type, UInt, UINT)				\
	NTC_SAFE_TO(from, type, UInt32, UINT32)				\
	NTC_SAFE_TO(from, type, ULong, ULONG)				\
	NTC_SAFE_TO(from, type, DWord, ULONG)				\
	NTC_SAFE_TO(from, type, Word, USHORT)				\
	NTC_SAFE_TO(from, type, UIntPtr, UINT_PTR)			\
	NTC_SAFE_TO(from, type, ULongPtr, ULONG_PTR)			\
	NTC_SAFE_TO(from, type, DWordPtr, ULONG_PTR)			\
	NTC_SAFE_TO(from, type, SizeT, SIZE_T)				\
	NTC_SAFE_TO(from, type, ULongLong, ULONGLONG)			\
	NTC_SAFE_TO(from, type, UInt64, UINT64)				\
	NTC_SAFE_TO(from, type, DWordLong, ULONGLONG)			\
	NTC_SAFE_TO(from, type, ULong64, ULONG64)			\
	NTC_SAFE_TO(from, type, Int8, INT8)				\
	NTC_SAFE_TO(from, type, Char, CHAR)				\
	NTC_SAFE_TO(from, type, Short, SHORT)				\
	NTC_SAFE_TO(from, type, Int16, INT16)				\
	NTC_SAFE_TO(from, type, Int, INT)				\
	NTC_SAFE_TO(from, type, Int32, INT32)				\
	NTC_SAFE_TO(from, type, Long, LONG)				\
	NTC_SAFE_TO(from, type, IntPtr, INT_PTR)			\
	NTC_SAFE_TO(from, type, LongPtr, LONG_PTR)			\
	NTC_SAFE_TO(from, type, PtrdiffT, LONG_PTR)			\
	NTC_SAFE_TO(from, type, SSIZET, SSIZE_T)			\
	NTC_SAFE_TO(from, type, LongLong, LONGLONG)			\
	NTC_SAFE_TO(from, type, Int64, INT64)				\
	NTC_SAFE_TO(from, type, Long64, LONG64)
NTC_SAFE_FROM(UInt8, UINT8)
NTC_SAFE_FROM(Byte, UCHAR)
NTC_SAFE_FROM(UShort, USHORT)
NTC_SAFE_FROM(UInt16, UINT16)
NTC_SAFE_FROM(UInt, UINT)
NTC_SAFE_FROM(UInt32, UINT32)
NTC_SAFE_FROM(ULong, ULONG)
NTC_SAFE_FROM(DWord, ULONG)
NTC_SAFE_FROM(Word, USHORT)
NTC_SAFE_FROM(UIntPtr, UINT_PTR)
NTC_SAFE_FROM(ULongPtr, ULONG_PTR)
NTC_SAFE_FROM(DWordPtr, ULONG_PTR)
NTC_SAFE_FROM(SizeT, SIZE_T)
NTC_SAFE_FROM(ULongLong, ULONGLONG)
NTC_SAFE_FROM(UInt64, UINT64)
NTC_SAFE_FROM(DWordLong, ULONGLONG)
NTC_SAFE_FROM(ULong64, ULONG64)
NTC_SAFE_FROM(Int8, INT8)
NTC_SAFE_FROM(Char, CHAR)
NTC_SAFE_FROM(Short, SHORT)
NTC_SAFE_FROM(Int16, INT16)
NTC_SAFE_FROM(Int, INT)
NTC_SAFE_FROM(Int32, INT32)
NTC_SAFE_FROM(Long, LONG)
NTC_SAFE_FROM(IntPtr, INT_PTR)
NTC_SAFE_FROM(LongPtr, LONG_PTR)
NTC_SAFE_FROM(PtrdiffT, LONG_PTR)
NTC_SAFE_FROM(SSIZET, SSIZE_T)
NTC_SAFE_FROM(LongLong, LONGLONG)
NTC_SAFE_FROM(Int64, INT64)
NTC_SAFE_FROM(Long64, LONG64)
#undef NTC_SAFE_FROM
#undef NTC_SAFE_TO
#undef NTC_SAFE_TYPE
#undef NTC_SAFE

#endif /* WQC_NTINTSAFE_H */
