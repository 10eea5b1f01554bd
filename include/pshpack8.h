/* SPDX-License-Identifier: GPL-2.0 */
/* Until <poppack.h>, the members of structures are aligned to 8 bytes at most. */
#pragma pack(push, 8)
