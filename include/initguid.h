/* SPDX-License-Identifier: GPL-2.0 */
/* From here on DEFINE_GUID() defines. */
#undef INITGUID
#define INITGUID
#include "guiddef.h"
