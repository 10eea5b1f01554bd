/* SPDX-License-Identifier: GPL-2.0 */
/* Is beside the source, not beside the header that includes it. */
#define ONE	1
