/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Names of the current WDK that mingw-w64's headers lack. scripts/mingw.sh includes this file
 * before a driver's source when it checks that the source compiles with Windows' headers. Only
 * macros, and only those that the drivers use.
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
