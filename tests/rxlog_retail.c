// SPDX-License-Identifier: GPL-2.0
#define RDBSSLOG 1
#define DBG 0
#define RXLOG_BUILD rxlog_retail
#include "rxlog_macros.h"
