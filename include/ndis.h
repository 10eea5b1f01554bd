/* SPDX-License-Identifier: GPL-2.0 */
#error "NDIS is not here: see docs/porting.md"
