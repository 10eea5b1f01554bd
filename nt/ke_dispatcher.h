/* SPDX-License-Identifier: GPL-2.0 */
/* Dispatcher objects, for which a thread can wait: see ke_dispatcher.c. */
#ifndef NTC_KE_DISPATCHER_H
#define NTC_KE_DISPATCHER_H

#include "nt.h"

/* Values of Header.Type, as on Windows. */
enum ntc_object_type {
	NTC_EVENT_NOTIFICATION = 0,
	NTC_EVENT_SYNCHRONIZATION = 1,
	NTC_MUTANT = 2,
	NTC_SEMAPHORE = 5,
	NTC_THREAD = 6,
	NTC_TIMER_NOTIFICATION = 8,
	NTC_TIMER_SYNCHRONIZATION = 9,
	NTC_DPC = 19,
};

void ntc_header_init(PDISPATCHER_HEADER header, enum ntc_object_type type, LONG state);
raw_spinlock_t *ntc_header_lock(const DISPATCHER_HEADER *header);
void ntc_header_signal(PDISPATCHER_HEADER header);
LONG ntc_header_set_state(PDISPATCHER_HEADER header, LONG state);
NTSTATUS ntc_wait_single(PVOID object, KPROCESSOR_MODE mode, PLARGE_INTEGER timeout,
			 const char *call, void *caller);
void ntc_dispatcher_init(void);

#endif /* NTC_KE_DISPATCHER_H */
