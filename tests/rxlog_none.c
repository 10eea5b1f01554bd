// SPDX-License-Identifier: GPL-2.0
#define DBG 1
#define RXLOG_BUILD rxlog_none
#include "rxlog_macros.h"
