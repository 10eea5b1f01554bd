/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Trace events that follow an item: queued, started, ended. An event that is off costs a no-op.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM wq_compat

#if !defined(WQ_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define WQ_TRACE_H

#include <linux/tracepoint.h>

#define wqc_show_pool(pool)			\
	__print_symbolic(pool,			\
		{ 0, "Delayed" },		\
		{ 1, "Critical" },		\
		{ 2, "HyperCritical" },		\
		{ 3, "RxDelayed" },		\
		{ 4, "RxCritical" })

/**
 * item_queue - an item was claimed by a queue call
 * @item: the item, as the caller passed it
 * @routine: its routine
 * @context: the routine's parameter
 * @pool: enum wqc_pool_id, shown as a number and as the class
 *
 * Fires in the caller's context with interrupts off, after the claim and before the item is on a
 * lane. It also fires for an IoTryQueueWorkItem() that then finds no idle runner; no item_start
 * follows that.
 */
TRACE_EVENT(item_queue,
	TP_PROTO(const void *item, void *routine, const void *context, unsigned int pool),
	TP_ARGS(item, routine, context, pool),
	TP_STRUCT__entry(
		__field(const void *, item)
		__field(void *, routine)
		__field(const void *, context)
		__field(unsigned int, pool)
	),
	TP_fast_assign(
		__entry->item = item;
		__entry->routine = routine;
		__entry->context = context;
		__entry->pool = pool;
	),
	TP_printk("item=%p routine=%ps context=%p pool=%u class=%s", __entry->item,
		  __entry->routine, __entry->context, __entry->pool,
		  wqc_show_pool(__entry->pool))
);

DECLARE_EVENT_CLASS(wqc_item_run,
	TP_PROTO(const void *item, void *routine, const void *context),
	TP_ARGS(item, routine, context),
	TP_STRUCT__entry(
		__field(const void *, item)
		__field(void *, routine)
		__field(const void *, context)
	),
	TP_fast_assign(
		__entry->item = item;
		__entry->routine = routine;
		__entry->context = context;
	),
	TP_printk("item=%p routine=%ps context=%p", __entry->item,
		  __entry->routine, __entry->context)
);

/**
 * item_start - a routine is about to be entered
 * @item: the address of the item; the memory may be freed
 * @routine: the routine
 * @context: its parameter
 *
 * Fires in the runner's thread.
 */
DEFINE_EVENT(wqc_item_run, item_start,
	TP_PROTO(const void *item, void *routine, const void *context),
	TP_ARGS(item, routine, context));

/**
 * item_end - a routine has returned
 * @item: the address of the item; the memory may be freed
 * @routine: the routine
 * @context: its parameter; the memory may be freed
 *
 * Fires in the runner's thread, before the thread's state is compared.
 */
DEFINE_EVENT(wqc_item_run, item_end,
	TP_PROTO(const void *item, void *routine, const void *context),
	TP_ARGS(item, routine, context));

/**
 * rx_failure - a post, dispatch or timer request of a mini-redirector failed
 * @device: the device, as the caller passed it
 * @type: the queue type, as the caller passed it
 * @routine: the routine, which does not run
 * @status: the status that the call returns
 *
 * Fires in the caller's context. Windows logs these failures by WMI.
 */
TRACE_EVENT(rx_failure,
	TP_PROTO(const void *device, unsigned int type, void *routine, int status),
	TP_ARGS(device, type, routine, status),
	TP_STRUCT__entry(
		__field(const void *, device)
		__field(unsigned int, type)
		__field(void *, routine)
		__field(int, status)
	),
	TP_fast_assign(
		__entry->device = device;
		__entry->type = type;
		__entry->routine = routine;
		__entry->status = status;
	),
	TP_printk("device=%p type=%u routine=%ps status=%#x", __entry->device,
		  __entry->type, __entry->routine, __entry->status)
);

#endif /* WQ_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH core
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
