/* SPDX-License-Identifier: GPL-2.0 */
/* Variable arguments. */
#include <linux/stdarg.h>
