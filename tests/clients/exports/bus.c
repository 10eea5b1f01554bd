// SPDX-License-Identifier: GPL-2.0
/* The exports of bus.c: on Windows, its module definition file. */
#include <linux/export.h>
#include <ntddk.h>

#include "../inc/bus.h"

EXPORT_SYMBOL_GPL(BusReferenceDevice);
EXPORT_SYMBOL_GPL(BusCountItem);
