/* SPDX-License-Identifier: GPL-2.0 */
/* Workers of kernel streaming: see ks_worker.c. */
#ifndef NTC_KS_WORKER_H
#define NTC_KS_WORKER_H

#include "nt.h"

bool ntc_ks_find_in_module(struct module *mod, ntc_in_fn in, void **routine);

#endif /* NTC_KS_WORKER_H */
