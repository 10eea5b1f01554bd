/* SPDX-License-Identifier: GPL-2.0 */
/* size_t, NULL, offsetof. */
#include "ntdef.h"
