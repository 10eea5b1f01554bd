/* SPDX-License-Identifier: GPL-2.0 */
/* assert() of the C run-time library: of checked builds, as NT_ASSERT(). */
#ifndef WQC_ASSERT_H
#define WQC_ASSERT_H

#include "wdm.h"

#undef assert
#define assert(e)		NT_ASSERT(e)

#endif /* WQC_ASSERT_H */
