/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The keeper: the thread that makes, frees and replaces runners.
 */
#ifndef CORE_KEEPER_H
#define CORE_KEEPER_H

#include "core.h"

int wqc_keeper_init(void);
void wqc_keeper_exit(void);

#endif /* CORE_KEEPER_H */
