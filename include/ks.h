/* SPDX-License-Identifier: GPL-2.0 */
#error "kernel streaming is not here: see docs/porting.md"
