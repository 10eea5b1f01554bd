/* SPDX-License-Identifier: GPL-2.0 */
/* Declared in wq_compat.h. RDBSSLOG and DBG are defined before the include. */
#ifndef WQC_RXLOG
#define WQC_RXLOG
#include "ntifs.h"
#endif
