/* SPDX-License-Identifier: GPL-2.0 */
#include "ntifs.h"
#include "wqc/flt.h"
