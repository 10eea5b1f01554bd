/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory that is freed while it contains a queued item.
 */
#ifndef DIAG_FREED_H
#define DIAG_FREED_H

#include <linux/types.h>

void wqc_device_freed(void *p, size_t size, void *caller);

#endif /* DIAG_FREED_H */
