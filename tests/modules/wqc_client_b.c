// SPDX-License-Identifier: GPL-2.0
/*
 * The same client a second time, to have two of them. Its module_init() and module_exit() are
 * the kernel's own, so only the module notifier waits for it.
 */
#define WQC_PLAIN_MODULE
#include "wqc_client.c"
