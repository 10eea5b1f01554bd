/* SPDX-License-Identifier: GPL-2.0 */
/* Cancel-safe queues, which wdm.h has. */
#include "wdm.h"
