/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a mini-redirector includes: its worker queues, timers and log, and the
 * structures with which a server is connected, as far as their names go. The
 * rest of RDBSS (FCBs, buffering states, RX_CONTEXTs of I/O) is not here.
 */
#ifndef WQC_RX_H
#define WQC_RX_H

#include "ntifs.h"

#include "rxworkq.h"
#include "rxlog.h"
#include "rxtimer.h"
#include "rxprocs.h"

#endif /* WQC_RX_H */
