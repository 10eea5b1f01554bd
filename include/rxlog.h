/* SPDX-License-Identifier: GPL-2.0 */
/* All in wq_compat.h. RDBSSLOG and DBG are to be defined before. */
#ifndef WQC_RXLOG
#define WQC_RXLOG
#include "ntifs.h"
#endif
