/* SPDX-License-Identifier: GPL-2.0 */
/*
 * GUIDs. DEFINE_GUID() defines one where INITGUID is defined, and else declares it: <initguid.h>
 * includes this file again.
 */
#ifndef WQC_GUIDDEF_H
#define WQC_GUIDDEF_H

#include "ntdef.h"

#ifndef REFGUID
#define REFGUID			const GUID *
#define REFIID			const IID *
#define REFCLSID		const CLSID *
#endif
typedef GUID IID, *LPIID, CLSID, *LPCLSID;

#define IsEqualGUID(a, b)	(!memcmp(a, b, sizeof(GUID)))
#define IsEqualGUIDAligned(a, b) IsEqualGUID(a, b)
#define InlineIsEqualGUID(a, b)	IsEqualGUID(a, b)
#define IsEqualIID(a, b)	IsEqualGUID(a, b)
#define IsEqualCLSID(a, b)	IsEqualGUID(a, b)

#endif /* WQC_GUIDDEF_H */

#undef DEFINE_GUID
#ifdef INITGUID
#define DEFINE_GUID(name, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8)	\
	const GUID DECLSPEC_SELECTANY name =				\
		{ l, w1, w2, { b1, b2, b3, b4, b5, b6, b7, b8 } }
#else
#define DEFINE_GUID(name, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8)	\
	extern const GUID name
#endif
