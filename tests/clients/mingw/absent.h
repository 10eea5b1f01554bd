/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The names of today's WDK that mingw-w64's headers lack. scripts/mingw.sh puts
 * this file in front of a driver when it checks that its source is Windows
 * source. Macros only, and no more of them than the drivers use.
 */
#define POOL_FLAG_NON_PAGED		0x0000000000000040ULL
#define ExAllocatePool2(Flags, Size, Tag) \
	ExAllocatePoolWithTag((Flags) ? NonPagedPoolNx : PagedPool, (Size), (Tag))
#define ExAllocatePoolZero(Type, Size, Tag) \
	ExAllocatePoolWithTag((Type), (Size), (Tag))

#define IoTryQueueWorkItem(Item, Routine, Type, Context) \
	(IoQueueWorkItemEx((Item), (Routine), (Type), (Context)), TRUE)

#define ExAcquirePushLockExclusive(Lock)	((void)(Lock))
#define ExReleasePushLockExclusive(Lock)	((void)(Lock))
#define ExAcquirePushLockShared(Lock)		((void)(Lock))
#define ExReleasePushLockShared(Lock)		((void)(Lock))
