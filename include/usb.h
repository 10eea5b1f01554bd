/* SPDX-License-Identifier: GPL-2.0 */
#error "USB is not implemented: see docs/porting.md"
