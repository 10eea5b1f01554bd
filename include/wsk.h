/* SPDX-License-Identifier: GPL-2.0 */
#error "WSK is not implemented: see docs/porting.md"
