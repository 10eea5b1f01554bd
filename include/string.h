/* SPDX-License-Identifier: GPL-2.0 */
/* The C run-time library of kernel drivers. */
#include "wqc/crt.h"
