/* SPDX-License-Identifier: GPL-2.0 */
/* Of the file systems' run-time library: calls that are made on another stack. */
#ifndef NTC_FSRTL_H
#define NTC_FSRTL_H

#include "wait.h"

typedef VOID FSRTL_STACK_OVERFLOW_ROUTINE(PVOID Context, PKEVENT Event);
typedef FSRTL_STACK_OVERFLOW_ROUTINE *PFSRTL_STACK_OVERFLOW_ROUTINE;

VOID FsRtlPostStackOverflow(PVOID Context, PKEVENT Event,
			    PFSRTL_STACK_OVERFLOW_ROUTINE StackOverflowRoutine);
VOID FsRtlPostPagingFileStackOverflow(PVOID Context, PKEVENT Event,
				      PFSRTL_STACK_OVERFLOW_ROUTINE StackOverflowRoutine);

#endif /* NTC_FSRTL_H */
