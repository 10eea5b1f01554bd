/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Devices with a security descriptor. No device of a driver is visible to users here, so that the
 * descriptors are only texts, and the call that takes one is absent.
 */
#ifndef WQC_WDMSEC_H
#define WQC_WDMSEC_H

#include "wdm.h"

#define WQC_SDDL(name, text)						\
	static const UNICODE_STRING name = {				\
		sizeof(text) - sizeof(WCHAR), sizeof(text), (PWSTR)(text) }
WQC_SDDL(SDDL_DEVOBJ_KERNEL_ONLY, L"D:P");
WQC_SDDL(SDDL_DEVOBJ_SYS_ALL, L"D:P(A;;GA;;;SY)");
WQC_SDDL(SDDL_DEVOBJ_SYS_ALL_ADM_ALL, L"D:P(A;;GA;;;SY)(A;;GA;;;BA)");
WQC_SDDL(SDDL_DEVOBJ_SYS_ALL_ADM_RX, L"D:P(A;;GA;;;SY)(A;;GRGX;;;BA)");
WQC_SDDL(SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_R, L"D:P(A;;GA;;;SY)(A;;GRGWGX;;;BA)(A;;GR;;;WD)");
WQC_SDDL(SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_R_RES_R,
	 L"D:P(A;;GA;;;SY)(A;;GRGWGX;;;BA)(A;;GR;;;WD)(A;;GR;;;RC)");
WQC_SDDL(SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_RW_RES_R,
	 L"D:P(A;;GA;;;SY)(A;;GRGWGX;;;BA)(A;;GRGW;;;WD)(A;;GR;;;RC)");
WQC_SDDL(SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_RWX_RES_RWX,
	 L"D:P(A;;GA;;;SY)(A;;GRGWGX;;;BA)(A;;GRGWGX;;;WD)(A;;GRGWGX;;;RC)");
#define SDDL_DEVOBJ_INF_SUPPLIED SDDL_DEVOBJ_KERNEL_ONLY
#undef WQC_SDDL

#define IoCreateDeviceSecure	WdmlibIoCreateDeviceSecure
#define RtlInitUnicodeStringEx	WdmlibRtlInitUnicodeStringEx

#endif /* WQC_WDMSEC_H */
