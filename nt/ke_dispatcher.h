/* SPDX-License-Identifier: GPL-2.0 */
/* Objects that a thread can wait for: see ke_dispatcher.c. */
#ifndef NTC_KE_DISPATCHER_H
#define NTC_KE_DISPATCHER_H

#include "nt.h"

/* Header.Type, as on Windows. */
enum wqc_nt_type {
	WQC_EVENT_NOTIFICATION = 0,
	WQC_EVENT_SYNCHRONIZATION = 1,
	WQC_MUTANT = 2,
	WQC_SEMAPHORE = 5,
	WQC_THREAD = 6,
	WQC_TIMER_NOTIFICATION = 8,
	WQC_TIMER_SYNCHRONIZATION = 9,
	WQC_DPC = 19,
};

void wqc_header_init(PDISPATCHER_HEADER header, enum wqc_nt_type type, LONG state);
raw_spinlock_t *wqc_header_lock(const DISPATCHER_HEADER *header);
void wqc_header_signal(PDISPATCHER_HEADER header);
LONG wqc_header_change(PDISPATCHER_HEADER header, LONG state);
NTSTATUS wqc_wait_for(PVOID object, KPROCESSOR_MODE mode, PLARGE_INTEGER timeout,
		      const char *call, void *caller);
void wqc_dispatcher_init(void);

#endif /* NTC_KE_DISPATCHER_H */
