/* SPDX-License-Identifier: GPL-2.0 */
/* WMI: with its structures in one file. */
#include "wmistr.h"
