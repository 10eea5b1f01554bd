/* SPDX-License-Identifier: GPL-2.0 */
/* Of kernel streaming: its workers. */
#ifndef NTC_KS_H
#define NTC_KS_H

#include "../../wq_compat.h"

typedef PVOID PKSWORKER;

NTSTATUS KsRegisterWorker(WORK_QUEUE_TYPE WorkQueueType, PKSWORKER *Worker);
NTSTATUS KsRegisterCountedWorker(WORK_QUEUE_TYPE WorkQueueType, PWORK_QUEUE_ITEM CountedWorkItem,
				 PKSWORKER *Worker);
NTSTATUS KsQueueWorkItem(PKSWORKER Worker, PWORK_QUEUE_ITEM WorkItem);
ULONG KsIncrementCountedWorker(PKSWORKER Worker);
ULONG KsDecrementCountedWorker(PKSWORKER Worker);
VOID KsUnregisterWorker(PKSWORKER Worker);

#endif /* NTC_KS_H */
