/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _NTIFS_
#define _NTIFS_
#define _NTIFS_INCLUDED_

#include "ntddk.h"

#endif /* _NTIFS_ */
