/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The format dialect of the RxLog.
 */
#ifndef RX_FORMAT_H
#define RX_FORMAT_H

#include <linux/stdarg.h>
#include <linux/types.h>

int wqc_rx_format(char *text, size_t size, const char *format, va_list args);

#endif /* RX_FORMAT_H */
