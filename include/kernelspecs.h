/* SPDX-License-Identifier: GPL-2.0 */
/* Annotations and version numbers, which ntdef.h has. */
#include "ntdef.h"
