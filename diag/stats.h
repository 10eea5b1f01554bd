/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The files of debugfs.
 */
#ifndef DIAG_STATS_H
#define DIAG_STATS_H

struct dentry;

extern struct dentry *wqc_debugfs;
void wqc_stats_init(void);
void wqc_stats_exit(void);

#endif /* DIAG_STATS_H */
