/* SPDX-License-Identifier: GPL-2.0 */
/* Times in units of 100 ns; system time counts from the beginning of 1601, UTC. */
#ifndef NTC_TIME_H
#define NTC_TIME_H

#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/math64.h>
#include <linux/time.h>
#include <linux/timekeeping.h>

#include "irql.h"

#define NTC_UNIX_EPOCH	116444736000000000LL

static inline VOID KeQuerySystemTime(PLARGE_INTEGER CurrentTime)
{
	CurrentTime->QuadPart = NTC_UNIX_EPOCH + div_u64(ktime_get_real_ns(), 100);
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
	/* udelay() takes no more than 20,000. */
	for (; MicroSeconds > 1000; MicroSeconds -= 1000)
		mdelay(1);
	udelay(MicroSeconds);
}

/* Drivers see UTC: Linux kernels know no other zone worth the name. */
static inline VOID ExSystemTimeToLocalTime(PLARGE_INTEGER SystemTime, PLARGE_INTEGER LocalTime)
{
	*LocalTime = *SystemTime;
}

#define KeQuerySystemTimePrecise(CurrentTime)	KeQuerySystemTime(CurrentTime)
#define ExLocalTimeToSystemTime(Local, System)	ExSystemTimeToLocalTime(Local, System)

typedef struct _TIME_FIELDS {
	CSHORT Year;
	CSHORT Month;		/* 1 to 12 */
	CSHORT Day;
	CSHORT Hour;
	CSHORT Minute;
	CSHORT Second;
	CSHORT Milliseconds;
	CSHORT Weekday;		/* 0 is Sunday */
} TIME_FIELDS, *PTIME_FIELDS;

static inline VOID RtlTimeToTimeFields(PLARGE_INTEGER Time, PTIME_FIELDS TimeFields)
{
	u32 units;
	time64_t seconds = div_u64_rem(Time->QuadPart, 10000000, &units);
	struct tm tm;

	time64_to_tm(seconds - NTC_UNIX_EPOCH / 10000000, 0, &tm);
	TimeFields->Year = tm.tm_year + 1900;
	TimeFields->Month = tm.tm_mon + 1;
	TimeFields->Day = tm.tm_mday;
	TimeFields->Hour = tm.tm_hour;
	TimeFields->Minute = tm.tm_min;
	TimeFields->Second = tm.tm_sec;
	TimeFields->Milliseconds = units / 10000;
	TimeFields->Weekday = tm.tm_wday;
}

/* FALSE: no such time, or a year that is not from 1601 to 30827. */
static inline BOOLEAN RtlTimeFieldsToTime(PTIME_FIELDS TimeFields, PLARGE_INTEGER Time)
{
	const TIME_FIELDS *f = TimeFields;
	LARGE_INTEGER time;
	TIME_FIELDS back;

	if (f->Year < 1601 || f->Year > 30827 || f->Month < 1 || f->Month > 12 ||
	    f->Milliseconds < 0 || f->Milliseconds > 999)
		return FALSE;
	time.QuadPart = NTC_UNIX_EPOCH + 10000LL * f->Milliseconds +
			 10000000LL * mktime64(f->Year, f->Month, f->Day, f->Hour, f->Minute,
					       f->Second);
	/* What is no day of its month, or no hour, comes back as another. */
	RtlTimeToTimeFields(&time, &back);
	if (back.Day != f->Day || back.Month != f->Month || back.Hour != f->Hour ||
	    back.Minute != f->Minute || back.Second != f->Second)
		return FALSE;
	*Time = time;
	return TRUE;
}

NTSTATUS KeDelayExecutionThread(KPROCESSOR_MODE WaitMode, BOOLEAN Alertable,
				PLARGE_INTEGER Interval);

#endif /* NTC_TIME_H */
