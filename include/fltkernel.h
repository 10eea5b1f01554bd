/* SPDX-License-Identifier: GPL-2.0 */
#error "the filter manager is not implemented: see docs/porting.md"
