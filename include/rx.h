/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Included by mini-redirectors: worker queues, timers, the log, and the structures that connect
 * to a server, as far as their names. The rest of RDBSS (FCBs, buffering states, RX_CONTEXTs of
 * I/O) is not implemented.
 */
#ifndef WQC_RX_H
#define WQC_RX_H

#include "ntifs.h"

#include "rxworkq.h"
#include "rxlog.h"
#include "rxtimer.h"
#include "rxprocs.h"

#endif /* WQC_RX_H */
