/* SPDX-License-Identifier: GPL-2.0 */
/* DbgPrint() and its variants, assertions, break points, bug checks. */
#ifndef NTC_DEBUG_H
#define NTC_DEBUG_H

#include <linux/atomic.h>
#include <linux/kernel.h>

#include "irql.h"

#define DPFLTR_SYSTEM_ID		0
#define DPFLTR_IHVDRIVER_ID		77
#define DPFLTR_IHVNETWORK_ID		79
#define DPFLTR_DEFAULT_ID		101
#define DPFLTR_ERROR_LEVEL		0
#define DPFLTR_WARNING_LEVEL		1
#define DPFLTR_TRACE_LEVEL		2
#define DPFLTR_INFO_LEVEL		3
#define DPFLTR_MASK			0x80000000

/* No format attribute: these are formats of Windows, such as "%wZ", and "%lx" of a ULONG. */
ULONG DbgPrint(PCSTR Format, ...);
ULONG DbgPrintEx(ULONG ComponentId, ULONG Level, PCSTR Format, ...);

/*
 * A place in the source with an assertion that fails, or a break point that is reached.
 * Rate-limited: the first time is reported, later ones are counted. In a loop each would be a
 * line of the log, and on a serial console the machine would stall. There is no debugger to break
 * into.
 */
struct ntc_place {
	const char *module;
	const char *file;
	const char *function;
	int line;
	atomic_t times;
};

VOID ntc_place_reached(struct ntc_place *place, const char *text, const char *message);

/*
 * @text_: the assertion as the driver wrote it; NULL: a break point. @message_: its
 *	message, or NULL.
 */
#define NTC_PLACE_REACHED(text_, message_)					\
	({								\
		static struct ntc_place ntc_place_ = {			\
			KBUILD_MODNAME, __FILE__, __func__, __LINE__	\
		};							\
									\
		ntc_place_reached(&ntc_place_, text_, message_);		\
	})

/* Evaluates to TRUE or FALSE. */
#define NTC_ASSERT(e, text, message)					\
	({								\
		BOOLEAN ntc_true_ = !!(e);				\
									\
		if (__builtin_expect(!ntc_true_, 0))			\
			NTC_PLACE_REACHED(text, message);			\
		ntc_true_;						\
	})

/* Called by drivers' own macros: __FILE__ and __LINE__ are those of the caller. */
#define RtlAssert(FailedAssertion, FileName, LineNumber, Message)	\
	NTC_PLACE_REACHED((const char *)(FailedAssertion), (const char *)(Message))

/*
 * Each macro stringifies its argument itself: one that passed it on would expand the macros in it
 * first.
 */
#if DBG
#define KdPrint(Args)		DbgPrint Args
#define KdPrintEx(Args)		DbgPrintEx Args
#define ASSERT(e)		NTC_ASSERT(e, #e, NULL)
#define ASSERTMSG(text, e)	NTC_ASSERT(e, #e, text)
#define RTL_SOFT_ASSERT(e)	NTC_ASSERT(e, #e, NULL)
#define RTL_SOFT_ASSERTMSG(text, e) NTC_ASSERT(e, #e, text)
#define NT_ASSERT(e)		NTC_ASSERT(e, #e, NULL)
#define NT_ASSERTMSG(text, e)	NTC_ASSERT(e, #e, text)
#define NT_VERIFY(e)		NTC_ASSERT(e, #e, NULL)
#define NT_VERIFYMSG(text, e)	NTC_ASSERT(e, #e, text)
#define RTL_VERIFY(e)		NTC_ASSERT(e, #e, NULL)
#define RTL_VERIFYMSG(text, e)	NTC_ASSERT(e, #e, text)
#define KdBreakPoint()		DbgBreakPoint()
#else
#define KdPrint(Args)		((VOID)0)
#define KdPrintEx(Args)		((VOID)0)
#define ASSERT(e)		((VOID)0)
#define ASSERTMSG(text, e)	((VOID)0)
#define RTL_SOFT_ASSERT(e)	((VOID)0)
#define RTL_SOFT_ASSERTMSG(text, e) ((VOID)0)
#define NT_ASSERT(e)		((VOID)0)
#define NT_ASSERTMSG(text, e)	((VOID)0)
#define NT_VERIFY(e)		((BOOLEAN)!!(e))
#define NT_VERIFYMSG(text, e)	((BOOLEAN)!!(e))
#define RTL_VERIFY(e)		((BOOLEAN)!!(e))
#define RTL_VERIFYMSG(text, e)	((BOOLEAN)!!(e))
#define KdBreakPoint()		((VOID)0)
#endif

#define NT_ASSUME(e)		((VOID)0)

#define DbgBreakPoint()		NTC_PLACE_REACHED(NULL, "DbgBreakPoint")
#define DbgBreakPointWithStatus(Status) NTC_PLACE_REACHED(NULL, "DbgBreakPointWithStatus")
#define DbgRaiseAssertionFailure() NTC_PLACE_REACHED(NULL, "DbgRaiseAssertionFailure")
#define __debugbreak()		NTC_PLACE_REACHED(NULL, "__debugbreak")

static inline VOID ntc_paged_code(const char *file, int line)
{
#ifdef CONFIG_DEBUG_ATOMIC_SLEEP
	__might_sleep(file, line);
#endif
	might_resched();
}

/* Debug kernels report a sleep in atomic context here, as checked builds do on Windows. */
#define PAGED_CODE()		ntc_paged_code(__FILE__, __LINE__)
#define PAGED_CODE_LOCKED()	((VOID)0)

/* The driver requests a stop of the machine. */
static inline __noreturn VOID KeBugCheckEx(ULONG Code, ULONG_PTR P1, ULONG_PTR P2, ULONG_PTR P3,
					   ULONG_PTR P4)
{
	panic("bug check %#x (%#lx, %#lx, %#lx, %#lx)\n", Code, P1, P2, P3, P4);
}

#define KeBugCheck(Code)	KeBugCheckEx(Code, 0, 0, 0, 0)

#endif /* NTC_DEBUG_H */
