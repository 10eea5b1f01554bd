/* SPDX-License-Identifier: GPL-2.0 */
#error "TDI is not here: see docs/porting.md"
