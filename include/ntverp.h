/* SPDX-License-Identifier: GPL-2.0 */
/* The version of the WDK, which resources of drivers name. */
#ifndef WQC_NTVERP_H
#define WQC_NTVERP_H

#define VER_PRODUCTMAJORVERSION	10
#define VER_PRODUCTMINORVERSION	0
#define VER_PRODUCTBUILD	19041
#define VER_PRODUCTBUILD_QFE	1
#define VER_PRODUCTVERSION	10,0,19041,1
#define VER_PRODUCTVERSION_STR	"10.0.19041.1"

#endif /* WQC_NTVERP_H */
