/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The watchdog for HyperCritical routines that monopolise their CPU.
 */
#ifndef DIAG_GUARD_H
#define DIAG_GUARD_H

void wqc_guard_set_priority(void);
void wqc_guard_start(void);
int wqc_guard_init(void);
void wqc_guard_exit(void);

#endif /* DIAG_GUARD_H */
