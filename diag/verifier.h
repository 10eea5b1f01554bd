/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reports of misuse.
 */
#ifndef DIAG_VERIFIER_H
#define DIAG_VERIFIER_H

#include "../core/report.h"

struct seq_file;
struct va_format;

void wqc_verifier_init(void);
void wqc_verifier_report(enum wqc_report_id id, struct va_format *text);
void wqc_reports_show(struct seq_file *m);

#endif /* DIAG_VERIFIER_H */
