/* SPDX-License-Identifier: GPL-2.0 */
#error "NDIS is not implemented: see docs/porting.md"
