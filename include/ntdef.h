/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Basic types and macros of Windows drivers.
 *
 * Linux has lower-case macros whose names Windows drivers use for variables ("current"), or for
 * macros with another meaning ("min"). A file that included a Linux header before, or defines
 * WQC_LINUX_NAMES, keeps those of Linux; client.mk defines it for sources that include
 * <linux/...>. Every other source gets those of Windows (wqc/names.h).
 */
#ifndef WQC_NTDEF_H
#define WQC_NTDEF_H
#define _NTDEF_

#ifdef __cplusplus
#error "C only: a kernel module cannot be C++ (docs/porting.md)"
#endif

#if defined(_LINUX_TYPES_H) && !defined(WQC_LINUX_NAMES)
#define WQC_LINUX_NAMES
#endif

#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/limits.h>
#include <linux/stddef.h>
#include <linux/string.h>
#include <linux/types.h>

#include "../wq_types.h"
#include "wqc/predefined.h"
#include "ntstatus.h"
#include "sal.h"

#ifndef DBG
#define DBG 0
#endif

/* ---- words --------------------------------------------------------------- */

#define IN
#define OUT
#define OPTIONAL
#define NOTHING
#define CRITICAL
#define UNALIGNED
#define RESTRICTED_POINTER
#define FASTCALL
#define DDKAPI
#define NTHALAPI
#define NTKERNELAPI
#define NTSYSAPI
#define NTSYSCALLAPI
#define NTSTRSAFEDDI		static inline
#define DECLSPEC_IMPORT
#define DECLSPEC_NORETURN	__declspec(noreturn)
#define DECLSPEC_ALIGN(x)	__declspec(align(x))
#define DECLSPEC_CACHEALIGN	DECLSPEC_ALIGN(SYSTEM_CACHE_ALIGNMENT_SIZE)
#define DECLSPEC_NOINLINE	__declspec(noinline)
#define DECLSPEC_SELECTANY	__declspec(selectany)
#define DECLSPEC_NOTHROW
#define CONST			const
#define STDAPICALLTYPE
#define FORCEINLINE		__forceinline
#define CFORCEINLINE		FORCEINLINE
#define INITCODE
#define PAGEDCODE
#define EXTERN_C		extern
#define EXTERN_C_START
#define EXTERN_C_END

/*
 * Exceptions: a __try and a __finally are plain blocks, an __except is never entered, because
 * nothing raises. A return or goto out of a __try skips its __finally. scripts/client-includes.sh makes a
 * goto of __leave.
 */
#undef __try
#undef __except
#undef __finally
#undef __leave
#define __try
#define __except(filter)	if (0 && (filter))
#define __finally
#define __leave			_Pragma("GCC error \"__leave is only compiled with client.mk\"")
#define GetExceptionCode()	((NTSTATUS)0)
#define GetExceptionInformation() ((struct _EXCEPTION_POINTERS *)NULL)
#define AbnormalTermination()	FALSE
#define _exception_code()	GetExceptionCode()
#define _exception_info()	GetExceptionInformation()
#define _abnormal_termination()	AbnormalTermination()
#define EXCEPTION_EXECUTE_HANDLER	1
#define EXCEPTION_CONTINUE_SEARCH	0
#define EXCEPTION_CONTINUE_EXECUTION	(-1)

#define UNREFERENCED_PARAMETER(x)	((void)(x))
#define DBG_UNREFERENCED_PARAMETER(x)	((void)(x))
#define DBG_UNREFERENCED_LOCAL_VARIABLE(x) ((void)(x))

/* ---- types --------------------------------------------------------------- */

/*
 * LONG has 32 bits, as on Windows, where "long" has 32 bits as well, but not here: see
 * docs/porting.md.
 */
typedef s16 SHORT, *PSHORT;
typedef s8 INT8, *PINT8;
typedef s16 INT16, *PINT16;
typedef s32 INT32, *PINT32;
typedef s64 INT64, *PINT64;
typedef u8 UINT8, *PUINT8;
typedef u16 UINT16, *PUINT16;
typedef u32 UINT32, *PUINT32;
typedef u64 UINT64, *PUINT64;
typedef s32 LONG32, *PLONG32;
typedef u32 ULONG32, *PULONG32, DWORD32, *PDWORD32;
typedef s64 LONG64, *PLONG64;
typedef u64 ULONG64, *PULONG64, DWORD64, *PDWORD64;
typedef LONG *PLONG;
typedef USHORT *PUSHORT;
typedef CSHORT *PCSHORT;
typedef LONGLONG *PLONGLONG;
typedef ULONGLONG *PULONGLONG;
typedef BOOLEAN *PBOOLEAN;
typedef int INT, *PINT;
typedef unsigned int UINT, *PUINT;
typedef char CCHAR, *PCCHAR, *PSZ, *PSTR, *LPSTR;
typedef const char *PCSZ, *LPCSTR;
typedef s8 SCHAR, *PSCHAR;
typedef void *LPVOID, *HANDLE, **PHANDLE;
typedef const void *PCVOID;
typedef PVOID *PPVOID;
typedef WCHAR *PWCHAR, *LPWSTR, **PPWSTR;
typedef const WCHAR *PCWSTR, *LPCWSTR, *PCWCH;
typedef WCHAR *PWCH;
typedef WCHAR wchar_t;
typedef long INT_PTR, *PINT_PTR, LONG_PTR, *PLONG_PTR, SSIZE_T, *PSSIZE_T;
typedef unsigned long UINT_PTR, *PUINT_PTR, ULONG_PTR, *PULONG_PTR, DWORD_PTR, *PDWORD_PTR;
typedef unsigned long SIZE_T, *PSIZE_T, KAFFINITY, *PKAFFINITY;
typedef LONG KPRIORITY;
typedef NTSTATUS *PNTSTATUS;
typedef ULONG LOGICAL, *PLOGICAL;
typedef ULONG ACCESS_MASK, *PACCESS_MASK;
typedef CCHAR KPROCESSOR_MODE;
typedef LARGE_INTEGER PHYSICAL_ADDRESS, *PPHYSICAL_ADDRESS;

typedef enum _MODE {
	KernelMode,
	UserMode,
	MaximumMode,
} MODE;

typedef union _ULARGE_INTEGER {
	struct {
		ULONG LowPart;
		ULONG HighPart;
	};
	struct {
		ULONG LowPart;
		ULONG HighPart;
	} u;
	ULONGLONG QuadPart;
} ULARGE_INTEGER, *PULARGE_INTEGER;

typedef struct _STRING {
	USHORT Length;		/* bytes, without a terminator */
	USHORT MaximumLength;
	PCHAR Buffer;
} STRING, *PSTRING, ANSI_STRING, *PANSI_STRING, OEM_STRING, *POEM_STRING;
typedef const STRING *PCANSI_STRING, *PCSTRING;

typedef struct _SINGLE_LIST_ENTRY {
	struct _SINGLE_LIST_ENTRY *Next;
} SINGLE_LIST_ENTRY, *PSINGLE_LIST_ENTRY;

typedef struct _GUID {
	u32 Data1;
	u16 Data2;
	u16 Data3;
	u8 Data4[8];
} GUID, *PGUID, *LPGUID;
typedef const GUID *LPCGUID;

typedef struct _OBJECT_ATTRIBUTES {
	ULONG Length;
	HANDLE RootDirectory;
	PUNICODE_STRING ObjectName;
	ULONG Attributes;
	PVOID SecurityDescriptor;
	PVOID SecurityQualityOfService;
} OBJECT_ATTRIBUTES, *POBJECT_ATTRIBUTES;

#define OBJ_INHERIT		0x00000002
#define OBJ_CASE_INSENSITIVE	0x00000040
#define OBJ_KERNEL_HANDLE	0x00000200

#define InitializeObjectAttributes(p, n, a, r, s)			\
	({								\
		(p)->Length = sizeof(OBJECT_ATTRIBUTES);		\
		(p)->RootDirectory = (r);				\
		(p)->Attributes = (a);					\
		(p)->ObjectName = (n);					\
		(p)->SecurityDescriptor = (s);				\
		(p)->SecurityQualityOfService = NULL;			\
		(VOID)0;						\
	})

typedef struct _CLIENT_ID {
	HANDLE UniqueProcess;
	HANDLE UniqueThread;
} CLIENT_ID, *PCLIENT_ID;

/* ---- numbers ------------------------------------------------------------- */

#define MINCHAR			0x80
#define MAXCHAR			0x7f
#define MINSHORT		0x8000
#define MAXSHORT		0x7fff
#define MINLONG			0x80000000
#define MAXLONG			0x7fffffff
#define MAXUCHAR		0xff
#define MAXUSHORT		0xffff
#define MAXULONG		0xffffffff
#define MAXLONGLONG		0x7fffffffffffffffLL
#define MAXULONGLONG		0xffffffffffffffffULL
#define MAXULONG_PTR		(~(ULONG_PTR)0)
#define MAXSIZE_T		(~(SIZE_T)0)
#define UNICODE_NULL		((WCHAR)0)
#define ANSI_NULL		((CHAR)0)

#define LOBYTE(w)		((UCHAR)((ULONG_PTR)(w) & 0xff))
#define HIBYTE(w)		((UCHAR)((ULONG_PTR)(w) >> 8 & 0xff))
#define LOWORD(l)		((USHORT)((ULONG_PTR)(l) & 0xffff))
#define HIWORD(l)		((USHORT)((ULONG_PTR)(l) >> 16 & 0xffff))
#define MAKELONG(a, b)		((LONG)((USHORT)(a) | (ULONG)(USHORT)(b) << 16))

#define PtrToUlong(p)		((ULONG)(ULONG_PTR)(p))
#define PtrToLong(p)		((LONG)(LONG_PTR)(p))
#define PtrToUint(p)		((UINT)(UINT_PTR)(p))
#define PtrToInt(p)		((INT)(INT_PTR)(p))
#define UlongToPtr(u)		((PVOID)(ULONG_PTR)(ULONG)(u))
#define LongToPtr(l)		((PVOID)(LONG_PTR)(LONG)(l))
#define ULongToPtr(u)		UlongToPtr(u)
#define HandleToULong(h)	PtrToUlong(h)
#define HandleToUlong(h)	PtrToUlong(h)
#define HandleToLong(h)		PtrToLong(h)
#define ULongToHandle(u)	((HANDLE)UlongToPtr(u))
#define LongToHandle(l)		((HANDLE)LongToPtr(l))
#define Int32x32To64(a, b)	((LONGLONG)(LONG)(a) * (LONGLONG)(LONG)(b))
#define UInt32x32To64(a, b)	((ULONGLONG)(ULONG)(a) * (ULONGLONG)(ULONG)(b))

/* ---- structures ---------------------------------------------------------- */

#ifndef CONTAINING_RECORD
#define CONTAINING_RECORD(address, type, field) \
	((type *)((PCHAR)(address) - (ULONG_PTR)offsetof(type, field)))
#endif
#define FIELD_OFFSET(type, field)	((LONG)offsetof(type, field))
#define UFIELD_OFFSET(type, field)	((ULONG)offsetof(type, field))
#define RTL_FIELD_SIZE(type, field)	sizeof(((type *)0)->field)
#define RTL_SIZEOF_THROUGH_FIELD(type, field) \
	(offsetof(type, field) + RTL_FIELD_SIZE(type, field))
#define RTL_CONTAINS_FIELD(s, size, field) \
	((PCHAR)(&(s)->field + 1) <= (PCHAR)(s) + (size))
#define RTL_NUMBER_OF(a)		(sizeof(a) / sizeof((a)[0]))
#define RTL_NUMBER_OF_FIELD(type, field) RTL_NUMBER_OF(((type *)0)->field)
#ifndef ARRAYSIZE
#define ARRAYSIZE(a)			RTL_NUMBER_OF(a)
#endif
#ifndef _countof
#define _countof(a)			RTL_NUMBER_OF(a)
#endif
#define TYPE_ALIGNMENT(t)		__alignof__(t)
#define FlagOn(flags, one)		((flags) & (one))
#define BooleanFlagOn(flags, one)	((BOOLEAN)(((flags) & (one)) != 0))
#define SetFlag(flags, one)		((flags) |= (one))
#define ClearFlag(flags, one)		((flags) &= ~(one))
#define ROUND_TO_SIZE(n, by)		(((ULONG_PTR)(n) + (by) - 1) & ~((ULONG_PTR)(by) - 1))
#define ALIGN_DOWN_BY(n, by)		((ULONG_PTR)(n) & ~((ULONG_PTR)(by) - 1))
#define ALIGN_UP_BY(n, by)		ALIGN_DOWN_BY((ULONG_PTR)(n) + (by) - 1, by)
#define ALIGN_DOWN_POINTER_BY(p, by)	((PVOID)ALIGN_DOWN_BY(p, by))
#define ALIGN_UP_POINTER_BY(p, by)	((PVOID)ALIGN_UP_BY(p, by))
#define C_ASSERT(e)			_Static_assert(e, #e)
#define STATIC_ASSERT(e)		C_ASSERT(e)
#define MEMORY_ALLOCATION_ALIGNMENT	16
#ifdef CONFIG_X86_64
#define SYSTEM_CACHE_ALIGNMENT_SIZE	64
#else
#define SYSTEM_CACHE_ALIGNMENT_SIZE	128	/* what Windows has for ARM64 */
#endif

#define NT_INFORMATION(s)		((((ULONG)(s)) >> 30) == 1)
#define NT_WARNING(s)			((((ULONG)(s)) >> 30) == 2)
#define NT_ERROR(s)			((((ULONG)(s)) >> 30) == 3)

#endif /* WQC_NTDEF_H */
