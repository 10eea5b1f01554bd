/* SPDX-License-Identifier: GPL-2.0 */
#error "WSK is not here: see docs/porting.md"
