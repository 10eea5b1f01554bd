/* SPDX-License-Identifier: GPL-2.0 */
/* Upper case, for the names of devices and for the strings of nt-compat. */
#ifndef WQ_UPCASE_H
#define WQ_UPCASE_H

#include "../wq_types.h"

/* Converts Latin-1, Greek and Cyrillic letters; other characters are returned unchanged. */
static inline WCHAR wqc_upcase(WCHAR c)
{
	if ((c >= 'a' && c <= 'z') || (c >= 0xe0 && c <= 0xfe && c != 0xf7))
		return c - 0x20;
	if (c == 0xff)
		return 0x178;
	if ((c >= 0x3b1 && c <= 0x3c9 && c != 0x3c2) || (c >= 0x430 && c <= 0x44f))
		return c - 0x20;
	if (c >= 0x450 && c <= 0x45f)
		return c - 0x50;
	return c;
}

#endif /* WQ_UPCASE_H */
