/* SPDX-License-Identifier: GPL-2.0 */
/* Limits of types; LONG_MAX is that of 64 bits, see docs/porting.md. */
#ifndef WQC_LIMITS_H
#define WQC_LIMITS_H

#include "ntdef.h"

#define CHAR_BIT		8
#define SCHAR_MIN		(-128)
#define SCHAR_MAX		127
#define UCHAR_MAX		0xff
#define CHAR_MIN		SCHAR_MIN
#define CHAR_MAX		SCHAR_MAX
#ifndef SHRT_MAX
#define SHRT_MIN		(-32768)
#define SHRT_MAX		32767
#define USHRT_MAX		0xffff
#endif
#define _I8_MIN			SCHAR_MIN
#define _I8_MAX			SCHAR_MAX
#define _UI8_MAX		0xff
#define _I16_MIN		(-32768)
#define _I16_MAX		32767
#define _UI16_MAX		0xffff
#define _I32_MIN		(-2147483647 - 1)
#define _I32_MAX		2147483647
#define _UI32_MAX		0xffffffffU
#define _I64_MIN		(-9223372036854775807LL - 1)
#define _I64_MAX		9223372036854775807LL
#define _UI64_MAX		0xffffffffffffffffULL

#endif /* WQC_LIMITS_H */
