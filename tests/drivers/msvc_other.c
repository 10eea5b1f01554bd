// SPDX-License-Identifier: GPL-2.0
/* The second source that includes shared.h. */
#include <ntddk.h>
#include "msvc\shared.h"

LONG SquareOfOther(LONG Number)
{
	return Square(Number);
}

SQUARE_ROUTINE *OtherSquare(VOID)
{
	return Square;
}

DECLARE_GLOBAL_CONST_UNICODE_STRING(MsvcName, L"\\Device\\Msvc");
