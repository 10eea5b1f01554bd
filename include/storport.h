/* SPDX-License-Identifier: GPL-2.0 */
#error "Storport is not implemented: see docs/porting.md"
