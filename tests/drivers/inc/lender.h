/* SPDX-License-Identifier: GPL-2.0 */
VOID LenderSet(PKTIMER Timer, LONGLONG DueTime, LONG Period, PKDPC Dpc);
VOID LenderSetOwn(LONG Period, PKDPC Dpc);
VOID LenderQueue(PKDPC Dpc, LONG Milliseconds);
