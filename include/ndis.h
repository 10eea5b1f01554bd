/* SPDX-License-Identifier: GPL-2.0 */
#include "wdm.h"
#include "wqc/ndis.h"
