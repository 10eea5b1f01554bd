/* SPDX-License-Identifier: GPL-2.0 */
/* Integers of a given size, most of which are types of the kernel's headers. */
#ifndef WQC_STDINT_H
#define WQC_STDINT_H

#include "ntdef.h"

typedef long intptr_t;
typedef long long intmax_t;
typedef unsigned long long uintmax_t;
typedef INT8 int_least8_t, int_fast8_t;
typedef INT16 int_least16_t;
typedef INT32 int_least32_t, int_fast16_t, int_fast32_t;
typedef INT64 int_least64_t, int_fast64_t;
typedef UINT8 uint_least8_t, uint_fast8_t;
typedef UINT16 uint_least16_t;
typedef UINT32 uint_least32_t, uint_fast16_t, uint_fast32_t;
typedef UINT64 uint_least64_t, uint_fast64_t;

#undef INT8_MIN
#undef INT8_MAX
#undef UINT8_MAX
#undef INT16_MIN
#undef INT16_MAX
#undef UINT16_MAX
#undef INT32_MIN
#undef INT32_MAX
#undef UINT32_MAX
#undef INT64_MIN
#undef INT64_MAX
#undef UINT64_MAX
#define INT8_MIN		(-128)
#define INT8_MAX		127
#define UINT8_MAX		0xff
#define INT16_MIN		(-32768)
#define INT16_MAX		32767
#define UINT16_MAX		0xffff
#define INT32_MIN		(-2147483647 - 1)
#define INT32_MAX		2147483647
#define UINT32_MAX		0xffffffffU
#define INT64_MIN		(-9223372036854775807LL - 1)
#define INT64_MAX		9223372036854775807LL
#define UINT64_MAX		0xffffffffffffffffULL
#define INTPTR_MIN		INT64_MIN
#define INTPTR_MAX		INT64_MAX
#ifndef UINTPTR_MAX
#define UINTPTR_MAX		UINT64_MAX
#endif
#define INTMAX_MAX		INT64_MAX
#define UINTMAX_MAX		UINT64_MAX
#define PTRDIFF_MAX		INT64_MAX
#define INT8_C(n)		n
#define INT16_C(n)		n
#define INT32_C(n)		n
#define INT64_C(n)		n##LL
#define UINT8_C(n)		n
#define UINT16_C(n)		n
#define UINT32_C(n)		n##U
#define UINT64_C(n)		n##ULL

#endif /* WQC_STDINT_H */
