/* SPDX-License-Identifier: GPL-2.0 */
/* Exceptions: ntdef.h has their words. */
#include "ntdef.h"
