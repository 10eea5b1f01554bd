/* SPDX-License-Identifier: GPL-2.0 */
/* IRPs that are built for a request: see io_build.c. */
#ifndef NTC_IO_BUILD_H
#define NTC_IO_BUILD_H

#include "nt.h"

PIRP ntc_irp_build(PDEVICE_OBJECT device, UCHAR major, u8 flags, PKEVENT event,
		   PIO_STATUS_BLOCK iosb, void *caller);

void ntc_irp_free_mdls(PIRP irp);

#endif /* NTC_IO_BUILD_H */
