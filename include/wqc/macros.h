/* SPDX-License-Identifier: GPL-2.0 */
/* Small macros of wdm.h and ntddk.h. */
#ifndef NTC_MACROS_H
#define NTC_MACROS_H

#include "../ntdef.h"

#define ARGUMENT_PRESENT(p)	((CHAR *)(ULONG_PTR)(p) != (CHAR *)NULL)
#define CODE_SEG(name)
#define ROUND_TO_PAGES(n)	(((ULONG_PTR)(n) + PAGE_SIZE - 1) & ~((ULONG_PTR)PAGE_SIZE - 1))

/* How a registry value of RtlQueryRegistryValues() is checked: its type in the highest byte. */
#define RTL_QUERY_REGISTRY_TYPECHECK		0x00000100
#define RTL_QUERY_REGISTRY_TYPECHECK_SHIFT	24
#define RTL_QUERY_REGISTRY_TYPECHECK_MASK	(0xff << RTL_QUERY_REGISTRY_TYPECHECK_SHIFT)

#define IoIsErrorUserInduced(status)					\
	((BOOLEAN)((status) == STATUS_DEVICE_NOT_READY ||		\
		   (status) == STATUS_IO_TIMEOUT ||			\
		   (status) == STATUS_MEDIA_WRITE_PROTECTED ||		\
		   (status) == STATUS_NO_MEDIA_IN_DEVICE ||		\
		   (status) == STATUS_VERIFY_REQUIRED ||		\
		   (status) == STATUS_UNRECOGNIZED_MEDIA ||		\
		   (status) == STATUS_WRONG_VOLUME))

/* Pool memory is never executable here, whether the driver asks for that or not. */
#define DrvRtPoolNxOptIn	0x00000001

/**
 * ExInitializeDriverRuntime - choose how NonPagedPool is allocated
 * @RuntimeFlags: DrvRtPoolNxOptIn
 *
 * Does nothing: no pool memory is executable.
 *
 * Context: IRQL PASSIVE_LEVEL; here any context.
 *
 * Follows: DDI wdm/nf-wdm-exinitializedriverruntime.
 */
static inline VOID ExInitializeDriverRuntime(ULONG RuntimeFlags)
{
}

#endif /* NTC_MACROS_H */
