/* SPDX-License-Identifier: GPL-2.0 */
#error "TDI is not implemented: see docs/porting.md"
