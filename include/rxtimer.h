/* SPDX-License-Identifier: GPL-2.0 */
/* Declared in wq_compat.h. */
#ifndef WQC_RXTIMER
#define WQC_RXTIMER
#include "ntifs.h"
#endif
