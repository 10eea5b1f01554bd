/* SPDX-License-Identifier: GPL-2.0 */
/* DbgPrint and its kin, assertions, bug checks. */
#ifndef WQC_NT_DEBUG_H
#define WQC_NT_DEBUG_H

#include <linux/bug.h>
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

/* No format attribute: these are Windows' formats, "%wZ" and "%lx" of a ULONG. */
ULONG DbgPrint(PCSTR Format, ...);
ULONG DbgPrintEx(ULONG ComponentId, ULONG Level, PCSTR Format, ...);

#if DBG
#define KdPrint(Args)		DbgPrint Args
#define KdPrintEx(Args)		DbgPrintEx Args
#define ASSERT(e)		((VOID)WARN(!(e), "ASSERT(%s)\n", #e))
#define ASSERTMSG(text, e)	((VOID)WARN(!(e), "%s: ASSERT(%s)\n", text, #e))
#define KdBreakPoint()		DbgBreakPoint()
#else
#define KdPrint(Args)		((VOID)0)
#define KdPrintEx(Args)		((VOID)0)
#define ASSERT(e)		((VOID)0)
#define ASSERTMSG(text, e)	((VOID)0)
#define KdBreakPoint()		((VOID)0)
#endif

#define NT_ASSERT(e)		ASSERT(e)
#define NT_ASSERTMSG(text, e)	ASSERTMSG(text, e)
#define NT_VERIFY(e)		((VOID)WARN(!(e), "NT_VERIFY(%s)\n", #e))
#define NT_ASSUME(e)		((VOID)0)
#define RTL_SOFT_ASSERT(e)	ASSERT(e)
#define RTL_VERIFY(e)		NT_VERIFY(e)

/* There is no debugger to break into: a warning with a stack. */
#define DbgBreakPoint()		WARN(1, "DbgBreakPoint\n")
#define DbgRaiseAssertionFailure() WARN(1, "DbgRaiseAssertionFailure\n")
#define __debugbreak()		WARN(1, "__debugbreak\n")

/* A debug kernel reports a sleep in atomic context here; on Windows a checked build does. */
#define PAGED_CODE()		might_sleep()
#define PAGED_CODE_LOCKED()	((VOID)0)

/* A machine that stops is what was asked for. */
#define KeBugCheckEx(Code, P1, P2, P3, P4)				\
	panic("bug check %#x (%#lx, %#lx, %#lx, %#lx)\n", (ULONG)(Code),	\
	      (ULONG_PTR)(P1), (ULONG_PTR)(P2), (ULONG_PTR)(P3), (ULONG_PTR)(P4))
#define KeBugCheck(Code)	KeBugCheckEx(Code, 0, 0, 0, 0)

#endif /* WQC_NT_DEBUG_H */
