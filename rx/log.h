/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The RxLog: debugfs and module exit.
 */
#ifndef RX_LOG_H
#define RX_LOG_H

struct seq_file;

void wqc_rx_log_show(struct seq_file *m);
void wqc_rx_log_exit(void);

#endif /* RX_LOG_H */
