/* SPDX-License-Identifier: GPL-2.0 */
/* Ends <pshpack1.h> and its relatives. */
#pragma pack(pop)
