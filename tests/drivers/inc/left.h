/* SPDX-License-Identifier: GPL-2.0 */
#define LEAVER_TAG	0x6b61654c	/* "Leak" */

typedef struct _LEFT {
	KTIMER Timer, InitTimer;
	KDPC Dpc, Dpc2;
	KMUTEX Mutex;
	KEVENT Event;
	ERESOURCE Resource;
	WORK_QUEUE_ITEM Item;
	LONG Rounds;
	LONGLONG DueTime;
	ULONG_PTR End;
} LEFT, *PLEFT;

extern LEFT Left;

VOID LeaveMemory(ULONG Blocks);
VOID LeaveKey(void);
VOID LeaveTimer(LONG Period);
VOID LeaveChain(LONGLONG DueTime);
VOID LeaveDpcs(LONG Milliseconds);
VOID LeaveLent(LONG Period);
VOID LeaveCallback(void);
VOID LeaveIoTimer(void);
VOID LeaveMutex(void);
VOID LeaveEvent(void);
VOID LeaveLentDpc(LONG Milliseconds);
VOID LeaveFilter(PDRIVER_OBJECT DriverObject);
VOID LeaveWorker(void);
VOID LeaveResource(void);
NTSTATUS LeaveThread(LONG Milliseconds);
NTSTATUS LeaveIfNegative(CHAR Byte, char Plain);
