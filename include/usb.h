/* SPDX-License-Identifier: GPL-2.0 */
#error "USB is not here: see docs/porting.md"
