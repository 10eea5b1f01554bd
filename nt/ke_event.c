// SPDX-License-Identifier: GPL-2.0
/* Events: a state, and a list of waiters. */
#include <linux/export.h>

#include "ke_dispatcher.h"

/**
 * KeInitializeEvent - initialise an event
 * @Event: memory of any kind, the stack too
 * @Type: NotificationEvent: set until it is reset; SynchronizationEvent: lets one
 *	waiter pass
 * @State: whether it is set
 *
 * Context: any IRQL; any.
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
 * KeSetEvent - set an event
 * @Event: the event. It is not touched any more when a thread that waited for it
 *	returns, which may free it
 * @Increment: not used
 * @Wait: not used: a wait that follows at once loses nothing here
 *
 * Context: IRQL <= DISPATCH_LEVEL on Windows; here any.
 * Return: what the state was: 0 not set, else set.
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
 * Context: IRQL <= DISPATCH_LEVEL on Windows; here any.
 * Return: what the state was.
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
 * Context: IRQL <= DISPATCH_LEVEL on Windows; here any.
 *
 * Follows: DDI wdm/nf-wdm-keclearevent.
 */
VOID KeClearEvent(PRKEVENT Event)
{
	ntc_header_set_state(&Event->Header, 0);
}
EXPORT_SYMBOL_GPL(KeClearEvent);

/**
 * KePulseEvent - let those pass that wait now, and reset
 * @Event: the event
 * @Increment: not used
 * @Wait: not used
 *
 * Context: IRQL <= DISPATCH_LEVEL on Windows; here any.
 * Return: what the state was.
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
 * KeReadStateEvent - whether an event is set
 * @Event: the event
 *
 * Context: IRQL <= DISPATCH_LEVEL on Windows; here any.
 * Return: 0 not set, else set.
 *
 * Follows: DDI wdm/nf-wdm-kereadstateevent.
 */
LONG KeReadStateEvent(PRKEVENT Event)
{
	return READ_ONCE(Event->Header.SignalState);
}
EXPORT_SYMBOL_GPL(KeReadStateEvent);
