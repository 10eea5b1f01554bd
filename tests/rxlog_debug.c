// SPDX-License-Identifier: GPL-2.0
#define RDBSSLOG 1
#define DBG 1
#define RXLOG_BUILD rxlog_debug
#include "rxlog_macros.h"
