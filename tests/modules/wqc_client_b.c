// SPDX-License-Identifier: GPL-2.0
/* The same client a second time, to have two of them. */
#include "wqc_client.c"
