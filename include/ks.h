/* SPDX-License-Identifier: GPL-2.0 */
#error "kernel streaming is not implemented: see docs/porting.md"
