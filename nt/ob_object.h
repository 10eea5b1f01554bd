/* SPDX-License-Identifier: GPL-2.0 */
/* Handles of threads: see ob_object.c. */
#ifndef NTC_OB_OBJECT_H
#define NTC_OB_OBJECT_H

#include "nt.h"

bool ntc_handle_open(PKTHREAD thread, PHANDLE handle);
void ntc_handle_exit(void);

#endif /* NTC_OB_OBJECT_H */
