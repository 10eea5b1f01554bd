/* SPDX-License-Identifier: GPL-2.0 */
/* Names of devices, and file objects: see io_name.c. */
#ifndef NTC_IO_NAME_H
#define NTC_IO_NAME_H

#include "nt.h"

bool ntc_file_get(PVOID address);
bool ntc_file_put(PVOID address);
void ntc_file_module_gone(struct module *mod);
int ntc_name_init(void);
void ntc_name_exit(void);

#endif /* NTC_IO_NAME_H */
