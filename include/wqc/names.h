/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Names that Linux headers define as macros, and that Windows drivers use with other meanings:
 * see ntdef.h. Included last.
 */
#ifndef WQC_LINUX_NAMES

/* Linux: the current task. Windows drivers: a variable, such as the position of a loop. */
#undef current

/* Those of Linux refuse operands of different types. */
#undef min
#undef max
#define min(a, b)	((a) < (b) ? (a) : (b))
#define max(a, b)	((a) > (b) ? (a) : (b))

#endif
