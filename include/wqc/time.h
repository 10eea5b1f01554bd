/* SPDX-License-Identifier: GPL-2.0 */
/* Times in units of 100 ns. System time is UTC, counted from January 1, 1601. */
#ifndef NTC_TIME_H
#define NTC_TIME_H

#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/math64.h>
#include <linux/time.h>
#include <linux/timekeeping.h>

#include "irql.h"

#define NTC_UNIX_EPOCH	116444736000000000LL

/**
 * KeQuerySystemTime - read the system time
 * @CurrentTime: receives the time, in units of 100 ns since January 1, 1601, UTC
 *
 * Context: any IRQL; here any context but NMI.
 *
 * Follows: DDI KeQuerySystemTime.
 */
static inline VOID KeQuerySystemTime(PLARGE_INTEGER CurrentTime)
{
	CurrentTime->QuadPart = NTC_UNIX_EPOCH + div_u64(ktime_get_real_ns(), 100);
}

/**
 * KeQueryUnbiasedInterruptTime - time since boot, without system sleep
 *
 * Context: any IRQL; here any context but NMI.
 * Return: the time in units of 100 ns (CLOCK_MONOTONIC).
 *
 * Follows: DDI KeQueryUnbiasedInterruptTime.
 */
static inline ULONGLONG KeQueryUnbiasedInterruptTime(void)
{
	return div_u64(ktime_get_ns(), 100);
}

/**
 * KeQueryInterruptTime - time since boot, with system sleep
 *
 * Context: any IRQL; here any context but NMI.
 * Return: the time in units of 100 ns (CLOCK_BOOTTIME).
 *
 * Follows: DDI KeQueryInterruptTime.
 */
static inline ULONGLONG KeQueryInterruptTime(void)
{
	return div_u64(ktime_get_boottime_ns(), 100);
}

/**
 * KeQueryInterruptTimePrecise - time since boot, with system sleep, and the performance counter
 * @QpcTimeStamp: receives the counter of KeQueryPerformanceCounter()
 *
 * Context: any IRQL; here any context but NMI.
 * Return: the time in units of 100 ns (CLOCK_BOOTTIME).
 *
 * Follows: DDI KeQueryInterruptTimePrecise.
 */
static inline ULONGLONG KeQueryInterruptTimePrecise(PULONG64 QpcTimeStamp)
{
	*QpcTimeStamp = KeQueryUnbiasedInterruptTime();
	return KeQueryInterruptTime();
}

/**
 * KeQueryTimeIncrement - length of a tick, which is a jiffy
 *
 * Context: any IRQL; here any context.
 * Return: the length in units of 100 ns.
 *
 * Follows: DDI KeQueryTimeIncrement.
 */
static inline ULONG KeQueryTimeIncrement(void)
{
	return 10000000 / HZ;
}

/**
 * KeQueryTickCount - ticks since boot
 * @CurrentCount: receives the number of ticks
 *
 * Context: any IRQL; here any context but NMI.
 *
 * Follows: DDI KeQueryTickCount.
 */
static inline VOID KeQueryTickCount(PLARGE_INTEGER CurrentCount)
{
	CurrentCount->QuadPart = div_u64(ktime_get_boottime_ns(), NSEC_PER_SEC / HZ);
}

/**
 * KeQueryPerformanceCounter - read the performance counter
 * @PerformanceFrequency: receives the frequency in Hz, 10,000,000; or NULL
 *
 * Context: any IRQL; here any context but NMI.
 * Return: the counter (CLOCK_MONOTONIC).
 *
 * Follows: DDI KeQueryPerformanceCounter.
 */
static inline LARGE_INTEGER KeQueryPerformanceCounter(PLARGE_INTEGER PerformanceFrequency)
{
	LARGE_INTEGER now = { .QuadPart = KeQueryUnbiasedInterruptTime() };

	if (PerformanceFrequency)
		PerformanceFrequency->QuadPart = 10000000;
	return now;
}

/**
 * KeStallExecutionProcessor - busy-wait
 * @MicroSeconds: time in us
 *
 * Context: any IRQL; here any context.
 *
 * Follows: DDI KeStallExecutionProcessor.
 */
static inline VOID KeStallExecutionProcessor(ULONG MicroSeconds)
{
	/* udelay() is limited to 20,000 us. */
	for (; MicroSeconds > 1000; MicroSeconds -= 1000)
		mdelay(1);
	udelay(MicroSeconds);
}

/**
 * ExSystemTimeToLocalTime - convert system time to local time
 * @SystemTime: time to convert
 * @LocalTime: receives the same time: a Linux kernel has no reliable time zone
 *
 * Context: any IRQL; here any context.
 *
 * Follows: DDI ExSystemTimeToLocalTime.
 */
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

/**
 * RtlTimeToTimeFields - convert a system time to a date and a time of day
 * @Time: in units of 100 ns since January 1, 1601
 * @TimeFields: receives the fields
 *
 * Context: any IRQL; here any context.
 *
 * Follows: DDI RtlTimeToTimeFields.
 */
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

/**
 * RtlTimeFieldsToTime - convert a date and a time of day to a system time
 * @TimeFields: the fields; Weekday is not used
 * @Time: receives the time, in units of 100 ns since January 1, 1601
 *
 * Context: any IRQL; here any context.
 * Return: TRUE; FALSE for a date or time that does not exist, or a year outside of 1601 to
 * 30827.
 *
 * Follows: DDI RtlTimeFieldsToTime.
 */
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
	/* A day that its month does not have, or an invalid hour, converts back to another one. */
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
