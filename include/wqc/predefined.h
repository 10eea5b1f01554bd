/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the compiler and the build of a Windows driver define before the first include. client.mk
 * includes this file first; ntdef.h includes it for modules without client.mk. It includes nothing,
 * and a source may include Linux headers after it.
 */
#ifndef WQC_PREDEFINED_H
#define WQC_PREDEFINED_H

#define _WIN32 1
#define _WIN64 1
#define _KERNEL_MODE 1
#ifdef __x86_64__
#define _AMD64_ 1
#define _M_AMD64 100
#define _M_X64 100
#endif
#ifdef __aarch64__
#define _ARM64_ 1
#define _M_ARM64 1
#endif

#define NTDDI_WIN2K		0x05000000
#define NTDDI_WINXP		0x05010000
#define NTDDI_WINXPSP1		0x05010100
#define NTDDI_WINXPSP2		0x05010200
#define NTDDI_WINXPSP3		0x05010300
#define NTDDI_WS03		0x05020000
#define NTDDI_WS03SP1		0x05020100
#define NTDDI_WS03SP2		0x05020200
#define NTDDI_WIN6		0x06000000
#define NTDDI_VISTA		NTDDI_WIN6
#define NTDDI_VISTASP1		0x06000100
#define NTDDI_LONGHORN		NTDDI_WIN6
#define NTDDI_WS08		0x06000100
#define NTDDI_WIN7		0x06010000
#define NTDDI_WIN8		0x06020000
#define NTDDI_WINBLUE		0x06030000
#define NTDDI_WIN10		0x0A000000
#define NTDDI_WINTHRESHOLD	0x0A000000
#define NTDDI_WIN10_TH2		0x0A000001
#define NTDDI_WIN10_RS1		0x0A000002
#define NTDDI_WIN10_RS2		0x0A000003
#define NTDDI_WIN10_RS3		0x0A000004
#define NTDDI_WIN10_RS4		0x0A000005
#define NTDDI_WIN10_RS5		0x0A000006
#define NTDDI_WIN10_19H1	0x0A000007
#define NTDDI_WIN10_VB		0x0A000008
#define NTDDI_WIN10_MN		0x0A000009
#define NTDDI_WIN10_FE		0x0A00000A
#define NTDDI_WIN10_CO		0x0A00000B
#define NTDDI_WIN10_NI		0x0A00000C
#define _WIN32_WINNT_NT4	0x0400
#define _WIN32_WINNT_WIN2K	0x0500
#define _WIN32_WINNT_WINXP	0x0501
#define _WIN32_WINNT_WS03	0x0502
#define _WIN32_WINNT_VISTA	0x0600
#define _WIN32_WINNT_WIN6	0x0600
#define _WIN32_WINNT_WS08	0x0600
#define _WIN32_WINNT_LONGHORN	0x0600
#define _WIN32_WINNT_WIN7	0x0601
#define _WIN32_WINNT_WIN8	0x0602
#define _WIN32_WINNT_WINBLUE	0x0603
#define _WIN32_WINNT_WIN10	0x0A00
#ifndef NTDDI_VERSION
#define NTDDI_VERSION		NTDDI_WIN10
#endif
#ifndef _WIN32_WINNT
#define _WIN32_WINNT		0x0A00
#endif
#ifndef WINVER
#define WINVER			_WIN32_WINNT
#endif

/* ---- words of the compiler ------------------------------------------------ */

#ifndef __pragma
#define __pragma(x)
#endif
#define __cdecl
#define __stdcall
#define __fastcall
#define __vectorcall
#define __unaligned
#define __ptr32
#define __ptr64
#define __w64
#define __int8			char
#define __int16			short
#define __int32			int
#define __int64			long long

/* An attribute has the form of a __declspec, also "deprecated" with and without a text. */
#undef __declspec
#define __declspec(x)		__attribute__((WQC_DECLSPEC_##x))
#define WQC_DECLSPEC_align	__aligned__
#define WQC_DECLSPEC_allocate(s)
#define WQC_DECLSPEC_code_seg(s)
#define WQC_DECLSPEC_deprecated	__deprecated__
#define WQC_DECLSPEC_dllexport
#define WQC_DECLSPEC_dllimport
#define WQC_DECLSPEC_guard(s)
#define WQC_DECLSPEC_noalias
#define WQC_DECLSPEC_noinline	__noinline__
#define WQC_DECLSPEC_noreturn	__noreturn__
#define WQC_DECLSPEC_nothrow
#define WQC_DECLSPEC_novtable
#define WQC_DECLSPEC_restrict
#define WQC_DECLSPEC_safebuffers
#define WQC_DECLSPEC_selectany	__weak__
#define WQC_DECLSPEC_spectre(s)
#define WQC_DECLSPEC_uuid(s)

/*
 * A function that is inline, but not static, has one definition after the link, whichever sources
 * it comes from (COMDAT): it is in a section of its own, and client.mk lets the linker take the
 * first of several definitions. Kernel headers need their own "inline", so names.h defines that
 * word last.
 */
#define WQC_COMDAT	__attribute__((__gnu_inline__, __section__(".text.wqc_comdat")))
#ifndef __forceinline
#define __forceinline		__inline__ __attribute__((__always_inline__)) WQC_COMDAT
#endif

#endif /* WQC_PREDEFINED_H */
