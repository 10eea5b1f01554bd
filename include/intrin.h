/* SPDX-License-Identifier: GPL-2.0 */
/* Intrinsics of the compiler. */
#include "wdm.h"
