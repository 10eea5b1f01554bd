/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The Linux part of wqc_demo.c: calls a function in a timer's and an interrupt's context, and
 * prints the thread that a routine runs on.
 */
#ifndef DEMO_TABLE_H
#define DEMO_TABLE_H

#include <linux/completion.h>
#include <linux/irq_work.h>
#include <linux/ktime.h>
#include <linux/preempt.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/timer.h>

#define demo_say(fmt, ...)	pr_info("demo: " fmt "\n", ##__VA_ARGS__)

/* A line of the table. */
struct demo_row {
	const char *queued_in;
	ktime_t queued, started;
	char thread[TASK_COMM_LEN];
	int cpu, policy, priority, nice;
};

/* Called immediately before the queue call. */
static inline void demo_queued(struct demo_row *row)
{
	row->queued_in = in_hardirq() ? "hard IRQ" : in_serving_softirq() ? "timer" : "process";
	row->queued = ktime_get();
}

/* Called first in the routine. */
static inline void demo_started(struct demo_row *row)
{
	row->started = ktime_get();
	strscpy(row->thread, current->comm, sizeof(row->thread));
	row->cpu = raw_smp_processor_id();
	row->policy = current->policy;
	row->priority = current->rt_priority;
	row->nice = task_nice(current);
}

static inline void demo_print_header(void)
{
	demo_say("%-13s  %-9s  %-15s %3s  %-6s %4s %4s  %14s", "class", "queued in", "thread",
		 "CPU", "policy", "prio", "nice", "queue to start");
}

static inline void demo_print_row(const struct demo_row *row, const char *class)
{
	demo_say("%-13s  %-9s  %-15s %3d  %-6s %4d %4d  %11lld us", class, row->queued_in,
		 row->thread, row->cpu, row->policy == SCHED_FIFO ? "FIFO" : "OTHER",
		 row->priority, row->nice, ktime_us_delta(row->started, row->queued));
}

/* Each demo_call_in[i](function, arg, n) returns after the function was called in its context. */
struct demo_call {
	void (*function)(void *arg, int n);
	void *arg;
	int n;
	struct timer_list timer;
	struct irq_work irq_work;
	struct completion called;
};

static inline void demo_timer_fires(struct timer_list *timer)
{
	struct demo_call *call = container_of(timer, struct demo_call, timer);

	call->function(call->arg, call->n);
	complete(&call->called);
}

static inline void demo_irq_fires(struct irq_work *irq_work)
{
	struct demo_call *call = container_of(irq_work, struct demo_call, irq_work);

	call->function(call->arg, call->n);
	complete(&call->called);
}

static inline void demo_call_in_process(void (*function)(void *arg, int n), void *arg, int n)
{
	function(arg, n);
}

static inline void demo_call_in_timer(void (*function)(void *arg, int n), void *arg, int n)
{
	struct demo_call call = { .function = function, .arg = arg, .n = n };

	init_completion(&call.called);
	timer_setup_on_stack(&call.timer, demo_timer_fires, 0);
	mod_timer(&call.timer, jiffies + 1);
	wait_for_completion(&call.called);
	timer_delete_sync(&call.timer);
#ifdef WQC_HAVE_TIMER_DESTROY_ON_STACK	/* by Kbuild */
	timer_destroy_on_stack(&call.timer);
#else
	destroy_timer_on_stack(&call.timer);
#endif
}

static inline void demo_call_in_hard_irq(void (*function)(void *arg, int n), void *arg, int n)
{
	struct demo_call call = {
		.function = function, .arg = arg, .n = n,
		.irq_work = IRQ_WORK_INIT_HARD(demo_irq_fires),
	};

	init_completion(&call.called);
	irq_work_queue(&call.irq_work);
	wait_for_completion(&call.called);
	irq_work_sync(&call.irq_work);
}

static void (*const demo_call_in[])(void (*function)(void *arg, int n), void *arg, int n) = {
	demo_call_in_process, demo_call_in_timer, demo_call_in_hard_irq,
};

#endif /* DEMO_TABLE_H */
