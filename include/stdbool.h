/* SPDX-License-Identifier: GPL-2.0 */
/* bool is a type of the kernel's headers. */
#include "ntdef.h"
