/* SPDX-License-Identifier: GPL-2.0 */
/* Functions that are inline, but not static, in a header that two sources include. */
#include "msvc_beside.h"

typedef LONG SQUARE_ROUTINE(LONG Number);

__inline LONG Square(LONG Number)
{
	return Number * Number * ONE;
}

FORCEINLINE LONG Cube(LONG Number)
{
	return Square(Number) * Number;
}

static FORCEINLINE LONG Same(LONG Number)
{
	return Number;
}

LONG SquareOfOther(LONG Number);
SQUARE_ROUTINE *OtherSquare(VOID);
