/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Leaked items: those that a driver has not freed at its unload.
 */
#ifndef DIAG_LEAK_H
#define DIAG_LEAK_H

int wqc_leak_init(void);
void wqc_leak_exit(void);

#endif /* DIAG_LEAK_H */
