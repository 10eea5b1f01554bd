// SPDX-License-Identifier: GPL-2.0
/*
 * The same client under a second name, for two of them at the same time. Its module_init() and
 * module_exit() are the kernel's own, so only the module notifier waits for its items.
 */
#define WQC_PLAIN_MODULE
#include "wqc_client.c"
