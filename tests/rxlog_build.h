/* SPDX-License-Identifier: GPL-2.0 */
#ifndef RXLOG_BUILD_H
#define RXLOG_BUILD_H

#include "../wq_compat.h"

/* Each function logs, and returns 1 if RxLog() logged, plus 2 if RxLogRetail() did. */
unsigned int rxlog_debug(void);
unsigned int rxlog_retail(void);
unsigned int rxlog_none(void);

#endif /* RXLOG_BUILD_H */
