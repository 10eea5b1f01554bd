/* SPDX-License-Identifier: GPL-2.0 */
/* Times in units of 100 ns; system time counts from the beginning of 1601, UTC. */
#ifndef WQC_NT_TIME_H
#define WQC_NT_TIME_H

#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/timekeeping.h>

#include "irql.h"

#define WQC_UNIX_EPOCH	116444736000000000LL

static inline VOID KeQuerySystemTime(PLARGE_INTEGER CurrentTime)
{
	CurrentTime->QuadPart = WQC_UNIX_EPOCH + div_u64(ktime_get_real_ns(), 100);
}

static inline ULONGLONG KeQueryUnbiasedInterruptTime(void)
{
	return div_u64(ktime_get_ns(), 100);
}

/* With the time that the machine slept, as on Windows. */
static inline ULONGLONG KeQueryInterruptTime(void)
{
	return div_u64(ktime_get_boottime_ns(), 100);
}

static inline ULONGLONG KeQueryInterruptTimePrecise(PULONG64 QpcTimeStamp)
{
	*QpcTimeStamp = KeQueryUnbiasedInterruptTime();
	return KeQueryInterruptTime();
}

/* A tick is a jiffy. */
static inline ULONG KeQueryTimeIncrement(void)
{
	return 10000000 / HZ;
}

static inline VOID KeQueryTickCount(PLARGE_INTEGER CurrentCount)
{
	CurrentCount->QuadPart = div_u64(ktime_get_boottime_ns(), NSEC_PER_SEC / HZ);
}

static inline LARGE_INTEGER KeQueryPerformanceCounter(PLARGE_INTEGER PerformanceFrequency)
{
	LARGE_INTEGER now = { .QuadPart = KeQueryUnbiasedInterruptTime() };

	if (PerformanceFrequency)
		PerformanceFrequency->QuadPart = 10000000;
	return now;
}

static inline VOID KeStallExecutionProcessor(ULONG MicroSeconds)
{
	udelay(MicroSeconds);
}

/* Drivers see UTC: Linux kernels know no other zone worth the name. */
static inline VOID ExSystemTimeToLocalTime(PLARGE_INTEGER SystemTime, PLARGE_INTEGER LocalTime)
{
	*LocalTime = *SystemTime;
}

#define KeQuerySystemTimePrecise(CurrentTime)	KeQuerySystemTime(CurrentTime)
#define ExLocalTimeToSystemTime(Local, System)	ExSystemTimeToLocalTime(Local, System)

NTSTATUS KeDelayExecutionThread(KPROCESSOR_MODE WaitMode, BOOLEAN Alertable,
				PLARGE_INTEGER Interval);

#endif /* WQC_NT_TIME_H */
