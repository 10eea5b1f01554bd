/* SPDX-License-Identifier: GPL-2.0 */
/* Handles of threads and keys: see ob_object.c. */
#ifndef NTC_OB_OBJECT_H
#define NTC_OB_OBJECT_H

#include "nt.h"

struct ntc_key;

bool ntc_handle_open(PKTHREAD thread, PHANDLE handle);
bool ntc_handle_open_key(struct ntc_key *key, PHANDLE handle, void *opener);
NTSTATUS ntc_handle_key(HANDLE handle, struct ntc_key **key);
void ntc_handle_module_gone(struct module *mod);
void ntc_handle_adopt_init(struct module *mod);
void ntc_handle_exit(void);

#endif /* NTC_OB_OBJECT_H */
