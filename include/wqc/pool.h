/* SPDX-License-Identifier: GPL-2.0 */
/* Pool memory. Each block is indexed by its address: see nt/ex_pool.c. */
#ifndef NTC_POOL_H
#define NTC_POOL_H

#include "list.h"

typedef enum _POOL_TYPE {
	NonPagedPool = 0,
	NonPagedPoolExecute = NonPagedPool,
	PagedPool = 1,
	NonPagedPoolMustSucceed = 2,
	DontUseThisType = 3,
	NonPagedPoolCacheAligned = 4,
	PagedPoolCacheAligned = 5,
	NonPagedPoolCacheAlignedMustS = 6,
	MaxPoolType = 7,
	NonPagedPoolNx = 512,
	NonPagedPoolNxCacheAligned = NonPagedPoolNx + 4,
} POOL_TYPE;

/* Set in the types that are aligned to a cache line. */
#define NTC_CACHE_ALIGNED		4

#define POOL_COLD_ALLOCATION		0x100
#define POOL_QUOTA_FAIL_INSTEAD_OF_RAISE 8
#define POOL_RAISE_IF_ALLOCATION_FAILURE 16
#define POOL_ZERO_ALLOCATION		1024
#define POOL_NX_ALLOCATION		512

typedef ULONG64 POOL_FLAGS;

#define POOL_FLAG_USE_QUOTA		0x0000000000000001ULL
#define POOL_FLAG_UNINITIALIZED		0x0000000000000002ULL
#define POOL_FLAG_SESSION		0x0000000000000004ULL
#define POOL_FLAG_CACHE_ALIGNED		0x0000000000000008ULL
#define POOL_FLAG_RAISE_ON_FAILURE	0x0000000000000020ULL
#define POOL_FLAG_NON_PAGED		0x0000000000000040ULL
#define POOL_FLAG_NON_PAGED_EXECUTE	0x0000000000000080ULL
#define POOL_FLAG_PAGED			0x0000000000000100ULL
#define POOL_FLAG_REQUIRED_START	0x0000000000000001ULL
#define POOL_FLAG_REQUIRED_END		0x0000000080000000ULL
#define POOL_FLAG_OPTIONAL_START	0x0000000100000000ULL
#define POOL_FLAG_SPECIAL_POOL		0x0000000100000000ULL
#define POOL_FLAG_OPTIONAL_END		0x8000000000000000ULL

typedef enum _EX_POOL_PRIORITY {
	LowPoolPriority,
	LowPoolPrioritySpecialPoolOverrun = 8,
	LowPoolPrioritySpecialPoolUnderrun = 9,
	NormalPoolPriority = 16,
	HighPoolPriority = 32,
} EX_POOL_PRIORITY;

PVOID ExAllocatePool(POOL_TYPE PoolType, SIZE_T NumberOfBytes);
PVOID ExAllocatePoolWithTag(POOL_TYPE PoolType, SIZE_T NumberOfBytes, ULONG Tag);
PVOID ExAllocatePoolZero(POOL_TYPE PoolType, SIZE_T NumberOfBytes, ULONG Tag);
PVOID ExAllocatePool2(POOL_FLAGS Flags, SIZE_T NumberOfBytes, ULONG Tag);
VOID ExFreePool(PVOID P);
VOID ExFreePoolWithTag(PVOID P, ULONG Tag);

#define ExFreePool2(p, tag, parameters, count)		ExFreePoolWithTag(p, tag)
#define ExAllocatePoolUninitialized(type, bytes, tag)	ExAllocatePoolWithTag(type, bytes, tag)
#define ExAllocatePoolQuotaZero(type, bytes, tag)	ExAllocatePoolZero(type, bytes, tag)
#define ExAllocatePoolPriorityZero(type, bytes, tag, priority) \
	ExAllocatePoolZero(type, bytes, tag)
#define ExAllocatePoolPriorityUninitialized(type, bytes, tag, priority) \
	ExAllocatePoolWithTag(type, bytes, tag)
#define ExAllocatePoolWithQuotaTag(type, bytes, tag)	ExAllocatePoolWithTag(type, bytes, tag)
#define ExAllocatePoolWithTagPriority(type, bytes, tag, priority) \
	ExAllocatePoolWithTag(type, bytes, tag)

#endif /* NTC_POOL_H */
