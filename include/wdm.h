/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Included by Windows drivers: work items, synchronisation, memory, lists, strings and time.
 * docs/porting.md maps each call.
 */
#ifndef WQC_WDM_H
#define WQC_WDM_H
#define _WDMDDK_

#include "ntdef.h"
#include "guiddef.h"
#include "devioctl.h"

#include "../wq_compat.h"

#include "wqc/irql.h"
#include "wqc/spin.h"
#include "wqc/interlocked.h"
#include "wqc/list.h"
#include "wqc/wait.h"
#include "wqc/sync.h"
#include "wqc/thread.h"
#include "wqc/resource.h"
#include "wqc/pool.h"
#include "wqc/lookaside.h"
#include "wqc/mdl.h"
#include "wqc/irp.h"
#include "wqc/device_io.h"
#include "wqc/time.h"
#include "wqc/string.h"
#include "wqc/crt.h"
#include "wqc/bitmap.h"
#include "wqc/intrinsics.h"
#include "wqc/debug.h"
#include "wqc/fsrtl.h"
#include "wqc/macros.h"
#include "wqc/system.h"
#include "wqc/registry.h"
#include "wqc/spoken.h"


#define FILE_DEVICE_SECURE_OPEN		0x00000100
#define FILE_READ_ONLY_DEVICE		0x00000002
#define DO_BUFFERED_IO			0x00000004
#define DO_DIRECT_IO			0x00000010
#define DO_POWER_PAGABLE		0x00002000

/*
 * DriverEntry() is declared in the file that calls it (nt/client_entry.c), not here: a driver may
 * define it static.
 */

#include "wqc/names.h"

#endif /* WQC_WDM_H */
