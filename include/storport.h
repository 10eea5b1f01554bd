/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Included by drivers of which a part uses StorPort.
 * None of that is here: docs/porting.md. The compiler refuses each name that
 * is used, and the build lists this header.
 */
#ifndef WQC_STORPORT_H
#define WQC_STORPORT_H

#include "wdm.h"

#endif /* WQC_STORPORT_H */
