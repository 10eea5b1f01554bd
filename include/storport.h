/* SPDX-License-Identifier: GPL-2.0 */
#error "Storport is not here: see docs/porting.md"
