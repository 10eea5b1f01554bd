/* SPDX-License-Identifier: GPL-2.0 */
/* Types that windef.h of Windows has, and the kernel's headers do not. */
#ifndef WQC_WINDEF_H
#define WQC_WINDEF_H

#include "ntdef.h"

typedef int BOOL, *PBOOL, *LPBOOL;
typedef UCHAR BYTE, *PBYTE, *LPBYTE;
typedef USHORT WORD, *PWORD, *LPWORD;
typedef ULONG DWORD, *PDWORD, *LPDWORD;
typedef LONG *LPLONG;
typedef int *LPINT;
typedef float FLOAT, *PFLOAT;
typedef const void *LPCVOID;
typedef UINT_PTR WPARAM;
typedef LONG_PTR LPARAM, LRESULT;
typedef LONG HRESULT;
typedef HANDLE HINSTANCE, HMODULE, HWND, HKEY, HGLOBAL, HLOCAL;

#define MAX_PATH		260
#define MAXDWORD		0xffffffff
#define WINAPI
#define CALLBACK
#define APIENTRY
#define APIPRIVATE
#define PASCAL
#define FAR
#define NEAR
#define far
#define near
#define MAKEWORD(a, b)		((WORD)((BYTE)(a) | (WORD)(BYTE)(b) << 8))

#endif /* WQC_WINDEF_H */
