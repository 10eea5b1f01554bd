/* SPDX-License-Identifier: GPL-2.0 */
#error "WDF is not here: see docs/porting.md"
