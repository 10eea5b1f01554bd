// SPDX-License-Identifier: GPL-2.0
/* Events: a state and a list of waiters. */
#include <linux/export.h>

#include "ke_dispatcher.h"

/**
 * KeInitializeEvent - initialise an event
 * @Event: memory of any kind, the stack included
 * @Type: NotificationEvent: stays signalled until it is reset; SynchronizationEvent:
 *	satisfies one waiter, which resets it
 * @State: TRUE: initially signalled
 *
 * Context: any IRQL; here any context.
 *
 * Follows: DDI wdm/nf-wdm-keinitializeevent.
 */
VOID KeInitializeEvent(PRKEVENT Event, EVENT_TYPE Type, BOOLEAN State)
{
	ntc_header_init(&Event->Header, Type == SynchronizationEvent ?
			NTC_EVENT_SYNCHRONIZATION : NTC_EVENT_NOTIFICATION, !!State);
}
EXPORT_SYMBOL_GPL(KeInitializeEvent);

/**
 * KeSetEvent - signal an event
 * @Event: the event. It is not accessed after a waiter has returned, which may free it
 * @Increment: not used
 * @Wait: not used: nothing is lost between this call and a wait that follows
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 * Return: the previous state: 0 not signalled, else signalled.
 *
 * Follows: DDI wdm/nf-wdm-kesetevent.
 */
LONG KeSetEvent(PRKEVENT Event, KPRIORITY Increment, BOOLEAN Wait)
{
	return ntc_header_set_state(&Event->Header, 1);
}
EXPORT_SYMBOL_GPL(KeSetEvent);

/**
 * KeResetEvent - reset an event
 * @Event: the event
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 * Return: the previous state: 0 not signalled, else signalled.
 *
 * Follows: DDI wdm/nf-wdm-keresetevent.
 */
LONG KeResetEvent(PRKEVENT Event)
{
	return ntc_header_set_state(&Event->Header, 0);
}
EXPORT_SYMBOL_GPL(KeResetEvent);

/**
 * KeClearEvent - reset an event
 * @Event: the event
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 *
 * Follows: DDI wdm/nf-wdm-keclearevent.
 */
VOID KeClearEvent(PRKEVENT Event)
{
	ntc_header_set_state(&Event->Header, 0);
}
EXPORT_SYMBOL_GPL(KeClearEvent);

/**
 * KePulseEvent - satisfy the present waiters, and reset the event
 * @Event: the event
 * @Increment: not used
 * @Wait: not used
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 * Return: the previous state: 0 not signalled, else signalled.
 *
 * Follows: DDI ntifs/nf-ntifs-kepulseevent.
 */
LONG KePulseEvent(PRKEVENT Event, KPRIORITY Increment, BOOLEAN Wait)
{
	raw_spinlock_t *lock = ntc_header_lock(&Event->Header);
	unsigned long flags;
	LONG old;

	raw_spin_lock_irqsave(lock, flags);
	old = Event->Header.SignalState;
	Event->Header.SignalState = 1;
	ntc_header_signal(&Event->Header);
	Event->Header.SignalState = 0;
	raw_spin_unlock_irqrestore(lock, flags);
	return old;
}
EXPORT_SYMBOL_GPL(KePulseEvent);

/**
 * KeReadStateEvent - read the state of an event
 * @Event: the event
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 * Return: 0 not signalled, else signalled.
 *
 * Follows: DDI wdm/nf-wdm-kereadstateevent.
 */
LONG KeReadStateEvent(PRKEVENT Event)
{
	return READ_ONCE(Event->Header.SignalState);
}
EXPORT_SYMBOL_GPL(KeReadStateEvent);
