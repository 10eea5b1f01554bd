/* SPDX-License-Identifier: GPL-2.0 */
VOID LenderSet(PKTIMER Timer, LONGLONG DueTime, LONG Period, PKDPC Dpc);
VOID LenderSetOwn(LONG Period, PKDPC Dpc);
VOID LenderCall(PEXT_CALLBACK Callback, PVOID Context);
VOID LenderTime(PIO_TIMER_ROUTINE Routine, PVOID Context);
VOID LenderOwn(PRKMUTEX Mutex);
VOID LenderWait(PRKEVENT Event);
VOID LenderQueue(PKDPC Dpc, LONG Milliseconds);
VOID LenderCrowd(CCHAR Number, LONG Milliseconds);
VOID LenderSleep(PVOID Context);
VOID LenderOccupy(LONG Milliseconds);
VOID LenderPost(PWORK_QUEUE_ITEM Item, LONG Milliseconds);
