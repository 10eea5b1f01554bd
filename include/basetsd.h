/* SPDX-License-Identifier: GPL-2.0 */
/* Integers of a given size, and of the size of a pointer. */
#include "ntdef.h"
