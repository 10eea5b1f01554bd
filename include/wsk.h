/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Included by drivers of which a part uses Winsock for the kernel.
 * None of that is here: docs/porting.md. The compiler refuses each name that
 * is used, and the build lists this header.
 */
#ifndef WQC_WSK_H
#define WQC_WSK_H

#include "wdm.h"

#endif /* WQC_WSK_H */
