/* SPDX-License-Identifier: GPL-2.0 */
/* Interlocked operations, implemented by the kernel's atomics: full barriers, any IRQL. */
#ifndef NTC_INTERLOCKED_H
#define NTC_INTERLOCKED_H

#include <linux/atomic.h>

#include "spin.h"

static inline LONG ntc_interlocked_inc(volatile void *at)
{
	return atomic_inc_return((atomic_t *)at);
}

static inline LONG ntc_interlocked_dec(volatile void *at)
{
	return atomic_dec_return((atomic_t *)at);
}

static inline LONG ntc_interlocked_add(volatile void *at, LONG value)
{
	return atomic_fetch_add(value, (atomic_t *)at);
}

static inline LONG ntc_interlocked_add_return(volatile void *at, LONG value)
{
	return atomic_add_return(value, (atomic_t *)at);
}

static inline LONG ntc_interlocked_and(volatile void *at, LONG value)
{
	return atomic_fetch_and(value, (atomic_t *)at);
}

static inline LONG ntc_interlocked_or(volatile void *at, LONG value)
{
	return atomic_fetch_or(value, (atomic_t *)at);
}

static inline LONG ntc_interlocked_xor(volatile void *at, LONG value)
{
	return atomic_fetch_xor(value, (atomic_t *)at);
}

static inline LONG ntc_interlocked_xchg(volatile void *at, LONG value)
{
	return atomic_xchg((atomic_t *)at, value);
}

/*
 * Full barriers also if nothing is exchanged, as on Windows. The kernel's atomics are none then,
 * except on x86, where the two barriers are no instruction. Proof:
 * tests/litmus/nt-interlocked.litmus.
 */
static inline LONG ntc_interlocked_cmpxchg(volatile void *at, LONG value, LONG expected)
{
	LONG was;

	smp_mb__before_atomic();
	was = atomic_cmpxchg((atomic_t *)at, expected, value);
	smp_mb__after_atomic();
	return was;
}

static inline LONGLONG ntc_interlocked_add64(volatile void *at, LONGLONG value)
{
	return atomic64_fetch_add(value, (atomic64_t *)at);
}

static inline LONGLONG ntc_interlocked_add_return64(volatile void *at, LONGLONG value)
{
	return atomic64_add_return(value, (atomic64_t *)at);
}

static inline LONGLONG ntc_interlocked_and64(volatile void *at, LONGLONG value)
{
	return atomic64_fetch_and(value, (atomic64_t *)at);
}

static inline LONGLONG ntc_interlocked_or64(volatile void *at, LONGLONG value)
{
	return atomic64_fetch_or(value, (atomic64_t *)at);
}

static inline LONGLONG ntc_interlocked_xor64(volatile void *at, LONGLONG value)
{
	return atomic64_fetch_xor(value, (atomic64_t *)at);
}

static inline LONGLONG ntc_interlocked_xchg64(volatile void *at, LONGLONG value)
{
	return atomic64_xchg((atomic64_t *)at, value);
}

static inline LONGLONG ntc_interlocked_cmpxchg64(volatile void *at, LONGLONG value,
						 LONGLONG expected)
{
	LONGLONG was;

	smp_mb__before_atomic();	/* as above */
	was = atomic64_cmpxchg((atomic64_t *)at, expected, value);
	smp_mb__after_atomic();
	return was;
}

static inline PVOID ntc_interlocked_xchg_ptr(volatile void *at, const volatile void *value)
{
	return xchg((void *volatile *)at, (void *)value);
}

static inline PVOID ntc_interlocked_cmpxchg_ptr(volatile void *at, const volatile void *value,
						const volatile void *expected)
{
	PVOID was;

	smp_mb__before_atomic();	/* as above */
	was = cmpxchg((void *volatile *)at, (void *)expected, (void *)value);
	smp_mb__after_atomic();
	return was;
}

/*
 * The number of the bit is signed, and may select a word before or after @base, as the
 * instruction of x86 does. The 32-bit and 64-bit forms differ in the alignment that they need.
 */
static inline BOOLEAN ntc_interlocked_set_bit(volatile void *base, LONG bit)
{
	LONG mask = (LONG)(1U << (bit & 31));

	return !!(ntc_interlocked_or((volatile LONG *)base + (bit >> 5), mask) & mask);
}

static inline BOOLEAN ntc_interlocked_reset_bit(volatile void *base, LONG bit)
{
	LONG mask = (LONG)(1U << (bit & 31));

	return !!(ntc_interlocked_and((volatile LONG *)base + (bit >> 5), ~mask) & mask);
}

static inline BOOLEAN ntc_interlocked_flip_bit(volatile void *base, LONG bit)
{
	LONG mask = (LONG)(1U << (bit & 31));

	return !!(ntc_interlocked_xor((volatile LONG *)base + (bit >> 5), mask) & mask);
}

static inline BOOLEAN ntc_interlocked_set_bit64(volatile void *base, LONGLONG bit)
{
	LONGLONG mask = (LONGLONG)(1ULL << (bit & 63));

	return !!(ntc_interlocked_or64((volatile LONGLONG *)base + (bit >> 6), mask) & mask);
}

static inline BOOLEAN ntc_interlocked_reset_bit64(volatile void *base, LONGLONG bit)
{
	LONGLONG mask = (LONGLONG)(1ULL << (bit & 63));

	return !!(ntc_interlocked_and64((volatile LONGLONG *)base + (bit >> 6), ~mask) & mask);
}

static inline BOOLEAN ntc_interlocked_flip_bit64(volatile void *base, LONGLONG bit)
{
	LONGLONG mask = (LONGLONG)(1ULL << (bit & 63));

	return !!(ntc_interlocked_xor64((volatile LONGLONG *)base + (bit >> 6), mask) & mask);
}

/* Increments and decrements return the new value, all other operations the old one. */
#define InterlockedIncrement(at)		ntc_interlocked_inc(at)
#define InterlockedDecrement(at)		ntc_interlocked_dec(at)
#define InterlockedAdd(at, n)			ntc_interlocked_add_return(at, n)
#define InterlockedExchange(at, n)		ntc_interlocked_xchg(at, n)
#define InterlockedExchangeAdd(at, n)		ntc_interlocked_add(at, n)
#define InterlockedCompareExchange(at, n, was)	ntc_interlocked_cmpxchg(at, n, was)
#define InterlockedAnd(at, n)			ntc_interlocked_and(at, n)
#define InterlockedOr(at, n)			ntc_interlocked_or(at, n)
#define InterlockedXor(at, n)			ntc_interlocked_xor(at, n)
#define InterlockedBitTestAndSet(at, bit)	ntc_interlocked_set_bit(at, bit)
#define InterlockedBitTestAndReset(at, bit)	ntc_interlocked_reset_bit(at, bit)
#define InterlockedBitTestAndComplement(at, bit) ntc_interlocked_flip_bit(at, bit)

#define InterlockedIncrement64(at)		ntc_interlocked_add_return64(at, 1)
#define InterlockedDecrement64(at)		ntc_interlocked_add_return64(at, -1)
#define InterlockedAdd64(at, n)			ntc_interlocked_add_return64(at, n)
#define InterlockedExchange64(at, n)		ntc_interlocked_xchg64(at, n)
#define InterlockedExchangeAdd64(at, n)		ntc_interlocked_add64(at, n)
#define InterlockedCompareExchange64(at, n, was) ntc_interlocked_cmpxchg64(at, n, was)
#define InterlockedAnd64(at, n)			ntc_interlocked_and64(at, n)
#define InterlockedOr64(at, n)			ntc_interlocked_or64(at, n)
#define InterlockedXor64(at, n)			ntc_interlocked_xor64(at, n)
#define InterlockedBitTestAndSet64(at, bit)	ntc_interlocked_set_bit64(at, bit)
#define InterlockedBitTestAndReset64(at, bit)	ntc_interlocked_reset_bit64(at, bit)
#define InterlockedBitTestAndComplement64(at, bit) ntc_interlocked_flip_bit64(at, bit)

#define InterlockedExchangePointer(at, p)	ntc_interlocked_xchg_ptr(at, p)
#define InterlockedCompareExchangePointer(at, p, was) ntc_interlocked_cmpxchg_ptr(at, p, was)

#define InterlockedIncrementNoFence(at)		InterlockedIncrement(at)
#define InterlockedDecrementNoFence(at)		InterlockedDecrement(at)
#define InterlockedIncrementAcquire(at)		InterlockedIncrement(at)
#define InterlockedDecrementRelease(at)		InterlockedDecrement(at)
#define InterlockedCompareExchangeAcquire(at, n, was) InterlockedCompareExchange(at, n, was)
#define InterlockedCompareExchangeRelease(at, n, was) InterlockedCompareExchange(at, n, was)
#define InterlockedIncrementSizeT(at)		((SIZE_T)InterlockedIncrement64(at))
#define InterlockedDecrementSizeT(at)		((SIZE_T)InterlockedDecrement64(at))

/* Compiler intrinsics that some sources call by these names. */
#define _InterlockedIncrement(at)		InterlockedIncrement(at)
#define _InterlockedDecrement(at)		InterlockedDecrement(at)
#define _InterlockedExchange(at, n)		InterlockedExchange(at, n)
#define _InterlockedExchangeAdd(at, n)		InterlockedExchangeAdd(at, n)
#define _InterlockedCompareExchange(at, n, was)	InterlockedCompareExchange(at, n, was)
#define _InterlockedAnd(at, n)			InterlockedAnd(at, n)
#define _InterlockedOr(at, n)			InterlockedOr(at, n)
#define _interlockedbittestandset(at, bit)	InterlockedBitTestAndSet(at, bit)
#define _interlockedbittestandreset(at, bit)	InterlockedBitTestAndReset(at, bit)
#define _interlockedbittestandset64(at, bit)	InterlockedBitTestAndSet64(at, bit)
#define _interlockedbittestandreset64(at, bit)	InterlockedBitTestAndReset64(at, bit)

/* ---- under a spin lock of the driver ----------------------------------- */

/*
 * The lock is taken because the driver's own code under the same lock excludes these operations.
 * Each is also an interlocked operation, because a driver may mix them with Interlocked...().
 */
#define NTC_UNDER_LOCK(Lock, operation)					\
	({								\
		PKSPIN_LOCK ntc_lock_ = (Lock);				\
		unsigned long ntc_flags_;				\
		typeof(operation) ntc_result_;				\
									\
		ntc_spin_lock_irqsave(ntc_lock_, ntc_flags_);		\
		ntc_result_ = (operation);				\
		ntc_spin_unlock_irqrestore(ntc_lock_, ntc_flags_);	\
		ntc_result_;						\
	})

/**
 * ExInterlockedAddUlong - add to a ULONG under a spin lock
 * @Addend: the ULONG
 * @Increment: number to add
 * @Lock: spin lock of the driver
 *
 * Context: any IRQL; here any context, but on PREEMPT_RT not with interrupts off.
 * Return: the previous value.
 *
 * Follows: DDI ExInterlockedAddUlong.
 */
static inline ULONG ExInterlockedAddUlong(volatile VOID *Addend, ULONG Increment,
					  PKSPIN_LOCK Lock)
{
	return NTC_UNDER_LOCK(Lock, ntc_interlocked_add(Addend, Increment));
}

/**
 * ExInterlockedExchangeUlong - exchange a ULONG under a spin lock
 * @Target: the ULONG
 * @Value: new value
 * @Lock: spin lock of the driver
 *
 * Context: as ExInterlockedAddUlong().
 * Return: the previous value.
 *
 * Follows: DDI ExInterlockedExchangeUlong.
 */
static inline ULONG ExInterlockedExchangeUlong(volatile VOID *Target, ULONG Value,
					       PKSPIN_LOCK Lock)
{
	return NTC_UNDER_LOCK(Lock, ntc_interlocked_xchg(Target, Value));
}

/**
 * ExInterlockedIncrementLong - increment a LONG under a spin lock
 * @Addend: the LONG
 * @Lock: spin lock of the driver
 *
 * Context: as ExInterlockedAddUlong().
 * Return: the new value.
 *
 * Follows: DDI ExInterlockedIncrementLong.
 */
static inline LONG ExInterlockedIncrementLong(volatile VOID *Addend, PKSPIN_LOCK Lock)
{
	return NTC_UNDER_LOCK(Lock, ntc_interlocked_inc(Addend));
}

/**
 * ExInterlockedDecrementLong - decrement a LONG under a spin lock
 * @Addend: the LONG
 * @Lock: spin lock of the driver
 *
 * Context: as ExInterlockedAddUlong().
 * Return: the new value.
 *
 * Follows: DDI ExInterlockedDecrementLong.
 */
static inline LONG ExInterlockedDecrementLong(volatile VOID *Addend, PKSPIN_LOCK Lock)
{
	return NTC_UNDER_LOCK(Lock, ntc_interlocked_dec(Addend));
}

/**
 * ExInterlockedAddLargeInteger - add to a LARGE_INTEGER under a spin lock
 * @Addend: the LARGE_INTEGER
 * @Increment: number to add
 * @Lock: spin lock of the driver
 *
 * Context: as ExInterlockedAddUlong().
 * Return: the previous value.
 *
 * Follows: DDI ExInterlockedAddLargeInteger.
 */
static inline LARGE_INTEGER ExInterlockedAddLargeInteger(PLARGE_INTEGER Addend,
							 LARGE_INTEGER Increment, PKSPIN_LOCK Lock)
{
	LARGE_INTEGER old;

	old.QuadPart = NTC_UNDER_LOCK(Lock, ntc_interlocked_add64(&Addend->QuadPart,
								  Increment.QuadPart));
	return old;
}

/**
 * ExInterlockedCompareExchange64 - compare and exchange 64 bits under a spin lock
 * @Destination: the 64-bit value
 * @Exchange: new value
 * @Comperand: value to compare with
 * @Lock: spin lock of the driver
 *
 * Context: as ExInterlockedAddUlong().
 * Return: the previous value.
 *
 * Follows: DDI ExInterlockedCompareExchange64.
 */
static inline LONGLONG ExInterlockedCompareExchange64(volatile VOID *Destination,
						      const LONGLONG *Exchange,
						      const LONGLONG *Comperand, PKSPIN_LOCK Lock)
{
	return NTC_UNDER_LOCK(Lock, ntc_interlocked_cmpxchg64(Destination, *Exchange,
							      *Comperand));
}

/**
 * ExInterlockedAddLargeStatistic - add to a LARGE_INTEGER atomically, without a lock as on Windows
 * @Addend: the LARGE_INTEGER
 * @Increment: number to add
 *
 * Context: any IRQL; here any context.
 *
 * Follows: DDI ExInterlockedAddLargeStatistic.
 */
static inline VOID ExInterlockedAddLargeStatistic(PLARGE_INTEGER Addend, ULONG Increment)
{
	ntc_interlocked_add64(&Addend->QuadPart, Increment);
}

/* Barriers of the driver: what each pairs with is documented in its source. */

static inline LONG ReadAcquire(const volatile LONG *Source)
{
	return smp_load_acquire(Source);
}

static inline LONG ReadNoFence(const volatile LONG *Source)
{
	return READ_ONCE(*Source);
}

static inline VOID WriteRelease(volatile LONG *Destination, LONG Value)
{
	smp_store_release(Destination, Value);
}

static inline VOID WriteNoFence(volatile LONG *Destination, LONG Value)
{
	WRITE_ONCE(*Destination, Value);
}

#define KeMemoryBarrier()		smp_mb()
#define MemoryBarrier()			smp_mb()
#define KeMemoryBarrierWithoutFence()	barrier()
#define YieldProcessor()		cpu_relax()
#define KeYieldProcessor()		cpu_relax()

#endif /* NTC_INTERLOCKED_H */
