/* SPDX-License-Identifier: GPL-2.0 */
#error "WDF is not implemented: see docs/porting.md"
