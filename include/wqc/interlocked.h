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

/* ---- 8 and 16 bits ------------------------------------------------------ */

static inline CHAR ntc_interlocked_xchg8(volatile void *at, CHAR value)
{
	return xchg((volatile CHAR *)at, value);
}

static inline SHORT ntc_interlocked_xchg16(volatile void *at, SHORT value)
{
	return xchg((volatile SHORT *)at, value);
}

static inline SHORT ntc_interlocked_cmpxchg16(volatile void *at, SHORT value, SHORT expected)
{
	SHORT was;

	smp_mb__before_atomic();	/* as above */
	was = cmpxchg((volatile SHORT *)at, expected, value);
	smp_mb__after_atomic();
	return was;
}

/* ---- 128 bits ------------------------------------------------------------ */

/* The kernel's own cmpxchg of 128 bits has another name in each version. Full barriers. */
static inline UCHAR ntc_interlocked_cmpxchg128(volatile LONG64 *at, LONG64 high, LONG64 low,
					       LONG64 *expected)
{
#ifdef CONFIG_X86_64
	UCHAR same;

	asm volatile("lock cmpxchg16b %1\n\tsete %0"
		     : "=q" (same), "+m" (*(volatile __int128 *)at), "+a" (expected[0]),
		       "+d" (expected[1])
		     : "b" (low), "c" (high) : "memory", "cc");
	return same;
#else
	LONG64 old_low, old_high;
	ULONG failed;
	UCHAR same;

	smp_mb();
	do {
		asm volatile("ldxp %0, %1, %2"
			     : "=&r" (old_low), "=&r" (old_high)
			     : "Q" (*(volatile __int128 *)at) : "memory");
		same = old_low == expected[0] && old_high == expected[1];
		/* Stores what was there if it is not expected: proves that it was one value. */
		asm volatile("stxp %w0, %2, %3, %1"
			     : "=&r" (failed), "+Q" (*(volatile __int128 *)at)
			     : "r" (same ? low : old_low), "r" (same ? high : old_high) : "memory");
	} while (failed);
	smp_mb();
	expected[0] = old_low;
	expected[1] = old_high;
	return same;
#endif
}

/* ---- operations of 8 and 16 bits that the kernel does not have ----------- */

/* Full barriers: cmpxchg() is one where it exchanges, and the loops end with an exchange. */
#define NTC_NARROW(type, name, value_)					\
static inline type ntc_interlocked_##name(volatile void *at, type value) \
{									\
	volatile type *target = at;					\
	type was, seen = READ_ONCE(*target);				\
									\
	do {								\
		was = seen;						\
		seen = cmpxchg(target, was, (type)(value_));		\
	} while (seen != was);						\
	return was;							\
}
NTC_NARROW(CHAR, and8, was & value)
NTC_NARROW(CHAR, or8, was | value)
NTC_NARROW(CHAR, xor8, was ^ value)
NTC_NARROW(SHORT, and16, was & value)
NTC_NARROW(SHORT, or16, was | value)
NTC_NARROW(SHORT, xor16, was ^ value)
NTC_NARROW(SHORT, add16, was + value)
#undef NTC_NARROW

/* ---- the names of Windows ------------------------------------------------ */

/*
 * Functions, because drivers take their addresses, and declare the intrinsics, which begin with an
 * underscore, themselves. The suffixes Acquire, Release and NoFence allow a weaker order, and have
 * full barriers here. Increments, decrements and InterlockedAdd return the new value, all other
 * operations the old one.
 */
#define NTC_FORM(type, name, parameters, value)				\
	static inline type name parameters { return value; }
#define NTC_FORMS(type, name, parameters, value)			\
	NTC_FORM(type, name, parameters, value)				\
	NTC_FORM(type, name##Acquire, parameters, value)		\
	NTC_FORM(type, name##Release, parameters, value)		\
	NTC_FORM(type, name##NoFence, parameters, value)		\
	NTC_FORM(type, _##name, parameters, value)			\
	NTC_FORM(type, _##name##_acq, parameters, value)		\
	NTC_FORM(type, _##name##_rel, parameters, value)		\
	NTC_FORM(type, _##name##_nf, parameters, value)
/* Of 64 bits: the number is before the suffix in some names, and after it in others. */
#define NTC_FORMS64(type, name, parameters, value)			\
	NTC_FORMS(type, name##64, parameters, value)			\
	NTC_FORM(type, name##Acquire64, parameters, value)		\
	NTC_FORM(type, name##Release64, parameters, value)		\
	NTC_FORM(type, name##NoFence64, parameters, value)
#define NTC_AT(type)		volatile type *at
#define NTC_BOTH(name, op)						\
	NTC_FORMS(LONG, name, (NTC_AT(LONG), LONG value), op(at, value)) \
	NTC_FORMS64(LONG64, name, (NTC_AT(LONG64), LONG64 value), op##64(at, value))

NTC_FORMS(LONG, InterlockedIncrement, (NTC_AT(LONG)), ntc_interlocked_inc(at))
NTC_FORMS(LONG, InterlockedDecrement, (NTC_AT(LONG)), ntc_interlocked_dec(at))
NTC_FORMS64(LONG64, InterlockedIncrement, (NTC_AT(LONG64)), ntc_interlocked_add_return64(at, 1))
NTC_FORMS64(LONG64, InterlockedDecrement, (NTC_AT(LONG64)), ntc_interlocked_add_return64(at, -1))
NTC_FORMS(SHORT, InterlockedIncrement16, (NTC_AT(SHORT)), ntc_interlocked_add16(at, 1) + 1)
NTC_FORMS(SHORT, InterlockedDecrement16, (NTC_AT(SHORT)), ntc_interlocked_add16(at, -1) - 1)
NTC_BOTH(InterlockedAdd, ntc_interlocked_add_return)
NTC_BOTH(InterlockedExchangeAdd, ntc_interlocked_add)
NTC_BOTH(InterlockedExchange, ntc_interlocked_xchg)
NTC_BOTH(InterlockedAnd, ntc_interlocked_and)
NTC_BOTH(InterlockedOr, ntc_interlocked_or)
NTC_BOTH(InterlockedXor, ntc_interlocked_xor)
NTC_FORMS(CHAR, InterlockedExchange8, (NTC_AT(CHAR), CHAR value), ntc_interlocked_xchg8(at, value))
NTC_FORMS(CHAR, InterlockedAnd8, (NTC_AT(CHAR), CHAR value), ntc_interlocked_and8(at, value))
NTC_FORMS(CHAR, InterlockedOr8, (NTC_AT(CHAR), CHAR value), ntc_interlocked_or8(at, value))
NTC_FORMS(CHAR, InterlockedXor8, (NTC_AT(CHAR), CHAR value), ntc_interlocked_xor8(at, value))
NTC_FORMS(SHORT, InterlockedExchange16, (NTC_AT(SHORT), SHORT value),
	  ntc_interlocked_xchg16(at, value))
NTC_FORMS(SHORT, InterlockedExchangeAdd16, (NTC_AT(SHORT), SHORT value),
	  ntc_interlocked_add16(at, value))
NTC_FORMS(SHORT, InterlockedAnd16, (NTC_AT(SHORT), SHORT value), ntc_interlocked_and16(at, value))
NTC_FORMS(SHORT, InterlockedOr16, (NTC_AT(SHORT), SHORT value), ntc_interlocked_or16(at, value))
NTC_FORMS(SHORT, InterlockedXor16, (NTC_AT(SHORT), SHORT value), ntc_interlocked_xor16(at, value))
NTC_FORMS(LONG, InterlockedCompareExchange, (NTC_AT(LONG), LONG value, LONG expected),
	  ntc_interlocked_cmpxchg(at, value, expected))
NTC_FORMS64(LONG64, InterlockedCompareExchange, (NTC_AT(LONG64), LONG64 value, LONG64 expected),
	    ntc_interlocked_cmpxchg64(at, value, expected))
NTC_FORMS(SHORT, InterlockedCompareExchange16, (NTC_AT(SHORT), SHORT value, SHORT expected),
	  ntc_interlocked_cmpxchg16(at, value, expected))
NTC_FORMS(UCHAR, InterlockedCompareExchange128,
	  (NTC_AT(LONG64), LONG64 high, LONG64 low, LONG64 *expected),
	  ntc_interlocked_cmpxchg128(at, high, low, expected))

/* Of any pointer to a pointer, without a warning, as for the macros of Windows. */
NTC_FORMS(PVOID, InterlockedExchangePointer, (NTC_AT(VOID), const volatile VOID *value),
	  ntc_interlocked_xchg_ptr(at, value))
NTC_FORMS(PVOID, InterlockedCompareExchangePointer,
	  (NTC_AT(VOID), const volatile VOID *value, const volatile VOID *expected),
	  ntc_interlocked_cmpxchg_ptr(at, value, expected))

NTC_FORM(BOOLEAN, InterlockedBitTestAndSet, (NTC_AT(LONG), LONG bit),
	 ntc_interlocked_set_bit(at, bit))
NTC_FORM(BOOLEAN, InterlockedBitTestAndReset, (NTC_AT(LONG), LONG bit),
	 ntc_interlocked_reset_bit(at, bit))
NTC_FORM(BOOLEAN, InterlockedBitTestAndComplement, (NTC_AT(LONG), LONG bit),
	 ntc_interlocked_flip_bit(at, bit))
NTC_FORM(BOOLEAN, InterlockedBitTestAndSet64, (NTC_AT(LONG64), LONG64 bit),
	 ntc_interlocked_set_bit64(at, bit))
NTC_FORM(BOOLEAN, InterlockedBitTestAndReset64, (NTC_AT(LONG64), LONG64 bit),
	 ntc_interlocked_reset_bit64(at, bit))
NTC_FORM(BOOLEAN, InterlockedBitTestAndComplement64, (NTC_AT(LONG64), LONG64 bit),
	 ntc_interlocked_flip_bit64(at, bit))
NTC_FORM(UCHAR, _interlockedbittestandset, (NTC_AT(LONG), LONG bit),
	 ntc_interlocked_set_bit(at, bit))
NTC_FORM(UCHAR, _interlockedbittestandreset, (NTC_AT(LONG), LONG bit),
	 ntc_interlocked_reset_bit(at, bit))
NTC_FORM(UCHAR, _interlockedbittestandset64, (NTC_AT(LONG64), LONG64 bit),
	 ntc_interlocked_set_bit64(at, bit))
NTC_FORM(UCHAR, _interlockedbittestandreset64, (NTC_AT(LONG64), LONG64 bit),
	 ntc_interlocked_reset_bit64(at, bit))

NTC_FORM(SIZE_T, InterlockedIncrementSizeT, (NTC_AT(SIZE_T)), ntc_interlocked_add_return64(at, 1))
NTC_FORM(SIZE_T, InterlockedDecrementSizeT, (NTC_AT(SIZE_T)), ntc_interlocked_add_return64(at, -1))
NTC_FORM(SIZE_T, InterlockedAddSizeT, (NTC_AT(SIZE_T), SIZE_T value),
	 ntc_interlocked_add_return64(at, value))
NTC_FORM(SIZE_T, InterlockedExchangeAddSizeT, (NTC_AT(SIZE_T), SIZE_T value),
	 ntc_interlocked_add64(at, value))
#undef NTC_BOTH
#undef NTC_FORMS64

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

static __always_inline VOID KeMemoryBarrier(VOID)
{
	smp_mb();
}

static __always_inline VOID KeMemoryBarrierWithoutFence(VOID)
{
	barrier();
}

static __always_inline VOID YieldProcessor(VOID)
{
	cpu_relax();
}

/* Of naturally aligned variables: one access, which the compiler neither splits nor repeats. */
#define NTC_ACCESS(type, suffix)					\
static inline type Read##suffix##Acquire(const volatile type *Source)	\
{									\
	return smp_load_acquire(Source);				\
}									\
static inline type Read##suffix##NoFence(const volatile type *Source)	\
{									\
	return READ_ONCE(*Source);					\
}									\
static inline type Read##suffix##Raw(const volatile type *Source)	\
{									\
	return READ_ONCE(*Source);					\
}									\
static inline VOID Write##suffix##Release(volatile type *Destination, type Value) \
{									\
	smp_store_release(Destination, Value);				\
}									\
static inline VOID Write##suffix##NoFence(volatile type *Destination, type Value) \
{									\
	WRITE_ONCE(*Destination, Value);				\
}									\
static inline VOID Write##suffix##Raw(volatile type *Destination, type Value) \
{									\
	WRITE_ONCE(*Destination, Value);				\
}
NTC_ACCESS(LONG, /* none */)
NTC_ACCESS(CHAR, 8)
NTC_ACCESS(SHORT, 16)
NTC_ACCESS(LONG64, 64)
NTC_ACCESS(UCHAR, UChar)
NTC_ACCESS(USHORT, UShort)
NTC_ACCESS(ULONG, ULong)
NTC_ACCESS(ULONG64, ULong64)
NTC_ACCESS(INT32, Int32)
NTC_ACCESS(UINT32, UInt32)
NTC_ACCESS(BOOLEAN, Boolean)
#undef NTC_ACCESS

/* Of any pointer to a pointer, without a warning. */
#define ReadPointerAcquire(Source) \
	((PVOID)ReadULong64Acquire((const volatile ULONG64 *)(Source)))
#define ReadPointerNoFence(Source) \
	((PVOID)ReadULong64NoFence((const volatile ULONG64 *)(Source)))
#define ReadPointerRaw(Source)		ReadPointerNoFence(Source)
#define WritePointerRelease(Destination, Value) \
	WriteULong64Release((volatile ULONG64 *)(Destination), (ULONG64)(ULONG_PTR)(Value))
#define WritePointerNoFence(Destination, Value) \
	WriteULong64NoFence((volatile ULONG64 *)(Destination), (ULONG64)(ULONG_PTR)(Value))
#define WritePointerRaw(Destination, Value)	WritePointerNoFence(Destination, Value)

#define MemoryBarrier()			KeMemoryBarrier()
#define KeYieldProcessor()		YieldProcessor()
#define _ReadWriteBarrier()		KeMemoryBarrierWithoutFence()
#define _ReadBarrier()			KeMemoryBarrierWithoutFence()
#define _WriteBarrier()			KeMemoryBarrierWithoutFence()

#endif /* NTC_INTERLOCKED_H */
