/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _NTDDK_
#define _NTDDK_

#include "wdm.h"

#endif /* _NTDDK_ */
