/* SPDX-License-Identifier: GPL-2.0 */
/* Declared in wq_compat.h. */
#ifndef WQC_RXWORKQ
#define WQC_RXWORKQ
#include "ntifs.h"
#endif
