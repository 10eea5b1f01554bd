/* SPDX-License-Identifier: GPL-2.0 */
/* Filters: see flt_filter.c. */
#ifndef NTC_FLT_FILTER_H
#define NTC_FLT_FILTER_H

#include "nt.h"
#include "../include/wqc/flt.h"

EX_RUNDOWN_REF *ntc_filter_get(PVOID object);

#endif /* NTC_FLT_FILTER_H */
