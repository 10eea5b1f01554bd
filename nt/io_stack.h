/* SPDX-License-Identifier: GPL-2.0 */
/* Device stacks: see io_stack.c. */
#ifndef NTC_IO_STACK_H
#define NTC_IO_STACK_H

#include "nt.h"

void ntc_stack_module_gone(struct module *mod);

#endif /* NTC_IO_STACK_H */
