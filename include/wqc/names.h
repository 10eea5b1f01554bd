/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Names that Linux's headers define as macros and Windows drivers use otherwise:
 * see ntdef.h. The last header of all.
 */
#ifndef WQC_LINUX_NAMES

/* Linux: the running task. Drivers: what a loop has got to. */
#undef current

/* Linux's refuse operands of two types. */
#undef min
#undef max
#define min(a, b)	((a) < (b) ? (a) : (b))
#define max(a, b)	((a) > (b) ? (a) : (b))

#endif
