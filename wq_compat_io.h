/* SPDX-License-Identifier: GPL-2.0 */
/* struct wqc_io_item, for the fronts that queue it: wq_compat.c, ndis_work.c. */
#ifndef WQ_COMPAT_IO_H
#define WQ_COMPAT_IO_H

#include <linux/align.h>

#include "core/io.h"
#include "core/object.h"
#include "core/ref.h"

static inline struct wqc_io_item *wqc_io(PIO_WORKITEM item)
{
	return PTR_ALIGN((void *)item, __alignof__(struct wqc_io_item));
}

static inline bool wqc_io_is_valid(const struct wqc_io_item *io)
{
	return likely(io->magic == WQC_IO_MAGIC);
}

void wqc_io_setup(struct wqc_io_item *io, PVOID io_object, u8 flags, u8 shift);
bool wqc_io_retire(struct wqc_io_item *io, u8 allocated, const char *what, unsigned long caller);
void wqc_io_queue_first(PIO_WORKITEM IoWorkItem, void *routine, PVOID first, WORK_QUEUE_TYPE type,
			PVOID context, unsigned long caller);

#endif /* WQ_COMPAT_IO_H */
