/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Private structures of wq_compat, and the prototypes that cross its files,
 * grouped by the file that implements them.
 *
 * Locking legend, one letter on every field that is shared:
 *
 *  Q: under wqc_queue.lock, interrupts off.
 *  q: written under wqc_queue.lock, may be read without it (READ_ONCE).
 *  K: only the keeper thread touches it.
 *  O: under object.c's lock; readers under RCU.
 *  R: written by the task that runs the runner; read by others under
 *     wqc_queue.lock.
 *  I: set at initialisation, then constant.
 */
#ifndef CORE_CORE_H
#define CORE_CORE_H

#include <linux/cache.h>
#include <linux/completion.h>
#include <linux/hrtimer.h>
#include <linux/list.h>
#include <linux/llist.h>
#include <linux/log2.h>
#include <linux/percpu.h>
#include <linux/percpu-refcount.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/stdarg.h>
#include <linux/workqueue.h>

#include "../wq_types.h"
#include "mark.h"
#include "ops.h"
#include "report.h"
#include "window.h"

struct cred;
struct wqc_request;

/*
 * Times: when something is late, and how often something is looked at. Beside these there are the
 * parameters runaway_ms (500 ms: a HyperCritical routine that keeps its CPU, looked for five times
 * a second by guard.c) and stall_s (10 s: a class that makes no progress, looked for once a
 * second).
 */
#define WQC_SPIN_NS	(200 * NSEC_PER_USEC)	/* no item finished: a spinner has blocked */
#define WQC_CLAIM_NS	(100 * NSEC_PER_MSEC)	/* from claim to link at most: interrupts are off
						 * there, but a host may stop a virtual CPU */
#define WQC_TURN_TICKS	(HZ <= 100 ? 1 : 2)	/* ticks of a drain; at 10 ms the kernel begins to
						 * take a work item for a CPU hog */
#define WQC_RESCUE_AFTER	(HZ / 5)	/* no kworker came: the rescuer runs routines */
#define WQC_KEEPER_PERIOD	HZ			/* the keeper looks at all queues */
#define WQC_SHRINK_PERIOD	(10 * HZ)		/* half of the surplus runners leave */
#define WQC_KEEPER_RETRY	(HZ / 50)	/* the keeper tries again, short of runners */
#define WQC_WARN_AFTER	(5 * HZ)		/* a wait is named in the log */
#define WQC_WARN_AGAIN	(30 * HZ)		/* and named again */

/* Counts of items. Powers of two. */
#define WQC_CHECK_ITEMS	16	/* a runner looks at the time, and whether it may spin */
#define WQC_SAMPLE_ITEMS	64	/* one item of these is timed; of single items, one drain */
#define WQC_SPIN_POLLS	128	/* looks of a spinner at an empty queue */

/*
 * One pool is one kind of runner: a class in a place. Every pool has a queue
 * per posting CPU, so that posting touches no line of another CPU.
 */
enum wqc_pool_id {
	WQC_POOL_DELAYED,		/* Ex*, Io*: any CPU */
	WQC_POOL_CRITICAL,
	WQC_POOL_HYPER,		/* Ex*, Io* and Rx*: the posting CPU */
	WQC_POOL_DELAYED_CPU,		/* Rx*: the posting CPU */
	WQC_POOL_CRITICAL_CPU,
	WQC_NR_POOLS,
};

/**
 * struct wqc_lane - a FIFO within a queue
 * @link: Q: place in the ring of the queue's lanes that hold items
 * @head: Q: NULL when empty, and then @link is in no ring
 * @tail: Q: NULL when empty
 * @ref: I: what its plain items hold: the Rx device that it serves; wqc_null_object's in the
 *	lane of Ex* and Io*
 *
 * The lanes of a queue that hold items are served in turn, so that a device
 * that floods its lane does not keep another's items from starting.
 */
struct wqc_lane {
	struct list_head link;
	WORK_QUEUE_ITEM *head;
	WORK_QUEUE_ITEM *tail;
	struct percpu_ref *ref;
};

/* Everything there is to know of a run once the item is somebody else's. */
struct wqc_call {
	void *routine;
	void *parameter;	/* Context or Parameter */
	void *item;		/* an address to name; never dereferenced */
	struct percpu_ref *ref;	/* held on an object or Rx device, or wqc_null_object's */
	struct wqc_request *recurrent;	/* if it is one's that comes again */
};

/*
 * What a routine has to leave as it was. Taken when a runner begins to drain: then
 * nothing is disabled and no read section entered, so that needs no field.
 */
struct wqc_baseline {
	const struct cred *cred;	/* a reference is held */
	u32 post_run;			/* after this run there is more to do: */
#define WQC_POST_SAMPLED		1	/*    its end is to be timed */
#define WQC_POST_REQUEST		2	/*    the timer may be due again */
	u32 lock_depth;
	u32 policy;
	u32 prio;			/* policy's priority or nice, in one number */
	u32 nr_cpus;
	u32 cpu;			/* one that is allowed */
	u32 flags;			/* PF_* */
	int static_prio;
	unsigned int hotplug;
};

enum wqc_runner_state {
	WQC_RUNNER_IDLE,	/* on wqc_queue.idle */
	WQC_RUNNER_KICKED,	/* taken from it, on its way */
	WQC_RUNNER_DRAINING,
};

struct wqc_queue;

/**
 * struct wqc_runner - an execution slot: what empties a queue
 * @next_idle: Q: place on wqc_queue.idle while idle
 * @all: Q: place on wqc_queue.runners
 * @queue: I: the queue that it drains; changes only while the runner is idle
 * @state: Q: exactly one of idle, kicked, draining
 * @cpu: I: RT threads: where it belongs; others: the queue's CPU
 * @task: R: who drains, or was the last to; a reference is held
 * @call: q: the run, or the last one. @call.ref is NULL when nothing runs: cleared after
 *	the last instruction of the client has been executed
 * @base: R: what the routine has to leave as it was
 * @since: q: jiffies when the routine was entered
 * @switches: R: how often @task had slept when it had run some items
 * @started_ns: R: the same, of a call that is timed
 * @first: R: the routine's first argument, between wqc_queue_pop_slow() and the run
 * @work: workqueue runners: the kick
 * @kworker: workqueue runners: R: @task, unless that is the rescuer
 * @thread: I: RT threads: a reference is held
 * @kicked: RT threads: the kick. Set under the queue's lock.
 * @stop: RT threads: what kthread_should_stop() says, cheaper
 * @guard: RT threads: Q: what guard.c has seen and done; @guard.demoted is read without
 */
struct wqc_runner {
	struct wqc_runner *next_idle;
	struct wqc_queue *queue;
	enum wqc_runner_state state;
	int cpu;
	struct task_struct *task;
	unsigned long since;
	u64 started_ns;
	unsigned long switches;
	void *first;
	struct wqc_call call;
	struct wqc_baseline base;
	struct list_head all;
	union {
		struct {
			struct work_struct work;
			struct task_struct *kworker;
		};
		struct {
			struct task_struct *thread;
			bool kicked;
			bool stop;
			struct {
				unsigned long since, slept, seen;
				u64 ran;
				bool told, demote, demoted;
			} guard;
		};
	};
};

/* Is a routine running in it? Under the queue's lock. */
static inline bool wqc_runner_is_running(const struct wqc_runner *runner)
{
	return runner->call.ref;
}

/* Those columns of debugfs "queues" that are seldom counted. */
enum wqc_counter {
	WQC_TAKEN_BACK,		/* freed or cancelled before it started */
	WQC_REFUSED,		/* a queue call that queued nothing */
	WQC_GROWN,		/* runners added after load */
	WQC_SHRUNK,		/* runners taken away */
	WQC_REPLACED,		/* runners whose routine ended the thread */
	WQC_NOT_MADE,		/* runners that there was no memory for, each try */
	WQC_RUNAWAYS,		/* HyperCritical routines that kept their CPU */
	WQC_HOGS,		/* times that HyperCritical items in a row kept their CPU */
	WQC_HEALED,		/* lost wake-ups that were found, see heal.c */
	WQC_NR_COUNTERS,
};

#define WQC_HIST_BUCKETS	32	/* powers of two, nanoseconds */

/* The state of the wake-up protocol. Its transitions are in wakeup.c, and its invariant. */
enum wqc_wake {
	WQC_WAKE_NEEDED,	/* the next item has to wake a runner */
	WQC_WAKING,		/* a runner was kicked and does not drain yet */
	WQC_SPINNING,		/* a runner drains, and a watchdog looks whether it does */
};

/**
 * struct wqc_queue - the FIFO of one pool and one posting CPU, and its runners
 */
struct wqc_queue {
	/* The posting side. */
	raw_spinlock_t lock;
	u8 slow;			/* Q: why a queue call takes the slow path: */
#define WQC_SLOW_WAKE		1	/*    @wake is WQC_WAKE_NEEDED */
#define WQC_SLOW_SAMPLE		2	/*    the next item is to be timed */
#define WQC_SLOW_EMPTY		4	/*    @lane is empty */
#define WQC_SLOW_TORTURE	8	/*    always, with the parameter torture */
	u8 wake;			/* Q: enum wqc_wake */
	bool trusted;			/* Q: the next runner may begin as the spinner */
	bool growing;			/* Q: the keeper has been asked */
	u32 depth;			/* q: items in all lanes */
	u32 peak_depth;			/* q: see wqc_queue_note_depth() */
	u64 cumulative;			/* q */
	struct wqc_lane *ring;		/* Q: served next; NULL when no item waits */
	struct wqc_lane lane;		/* Q: of Ex* and Io* */

	/* The running side. */
	struct wqc_runner *idle ____cacheline_aligned; /* Q: most recent first */
	u32 nr_idle;			/* q */
	u32 nr_runners;			/* q */
	u32 peak_busy;			/* q */
	u64 finished;			/* q */
	u64 kicks;			/* q */
	bool sampled;			/* Q: a waiting item is being timed */
	struct {
		struct wqc_lane *lane;	/* compared and put, while its device lives */
		WORK_QUEUE_ITEM *item;
		u32 lanes;
	} broken;			/* Q: see wqc_lane_truncate() */
	u64 sampled_at;			/* Q: ns */

	/* Seldom. */
	u64 counter[WQC_NR_COUNTERS];	/* q: those without a field above */
	const char *lost;		/* Q: what the last lost wake-up was, see heal.c */
	u64 healed_logged;		/* Q: those that the log has */
	struct list_head runners ____cacheline_aligned; /* Q: all of them */
	unsigned long no_kworker_since;	/* Q: wqc_runner_leave_rescuer() */
	unsigned long rescued_at;	/* Q: when the rescuer was there last */
	struct {
		u64 progress;
		unsigned long since, warn_at;
	} stall;			/* Q: wqc_stall_check() */
	unsigned long drains;		/* begun by kworkers; may miss some */
	unsigned long drains_seen;	/* Q: then */
	u64 kicks_seen;			/* Q: wqc_queue_kick_stuck() */
	struct wqc_runner *spinner;	/* Q: the last one; compared only */
	u64 progress;			/* Q: @finished when the watchdog looked last */
	bool watchdog_armed;			/* Q: @watchdog runs */
	bool yields;			/* RT: q: ordinary threads get every other turn */
	u32 rests;			/* RT: the CPU was free for others; wqc_rt_turn() */
	struct hrtimer watchdog;	/* of the spinner */
	struct llist_node grow_node;	/* on the keeper's list of requests */
	struct wqc_pool *pool;		/* I */
	int cpu;			/* I */
	u32 wait_hist[WQC_HIST_BUCKETS];	/* q: sampled */
	u32 run_hist[WQC_HIST_BUCKETS];		/* q: sampled */
};

static_assert(offsetof(struct wqc_queue, idle) >= SMP_CACHE_BYTES);

/**
 * struct wqc_backend - where runners come from
 * @create: makes a runner for @queue. Sleeps. NULL without memory.
 * @kick: starts a runner that was just taken from the idle list. Any context, under the
 *	queue's lock; cannot fail
 * @kick_again: moves a kicked runner that waits behind other works of its workqueue; NULL: none
 *	can. Under the queue's lock
 * @is_lost: is no wake-up on its way to a kicked runner? Under the queue's lock
 * @dismiss: has an idle runner that is on no list end, and frees it then or in @reap
 * @free_dead: frees what can be freed of a runner whose routine has ended its thread
 * @reap: frees dismissed runners that have ended; waits for all if @wait. NULL: none are left
 * @pins: a thread that a routine has ended is not freed, and the module must stay loaded
 * @fifo: runners are threads with a policy of their own, SCHED_FIFO
 */
struct wqc_backend {
	struct wqc_runner *(*create)(struct wqc_queue *queue);
	void (*kick)(struct wqc_runner *runner);
	void (*kick_again)(struct wqc_runner *runner);
	bool (*is_lost)(struct wqc_runner *runner);
	void (*dismiss)(struct wqc_runner *runner);
	void (*free_dead)(struct wqc_runner *runner);
	void (*reap)(bool wait);
	bool pins;
	bool fifo;
};

struct wqc_pool {
	const char *name;
	const struct wqc_backend *backend;
	struct workqueue_struct *wq;	/* I: backend_wq.c's */
	bool any_cpu;			/* limit and runners are the pool's */
	u32 reserve;			/* runners made at load, a queue */
	u32 limit;			/* a queue; any_cpu: the whole pool */
	u32 total;			/* K: runners of all queues */
};

extern struct wqc_pool wqc_pools[WQC_NR_POOLS];
extern struct wqc_queue __percpu *wqc_queues;	/* [WQC_NR_POOLS] a CPU */

static inline struct wqc_queue *wqc_queue_of(enum wqc_pool_id pool, int cpu)
{
	return per_cpu_ptr(wqc_queues, cpu) + pool;
}

/* Runners that count against its limit: those of all CPUs where they are lent. */
static inline u32 wqc_queue_count_runners(const struct wqc_queue *queue)
{
	return queue->pool->any_cpu ? queue->pool->total : READ_ONCE(queue->nr_runners);
}

/* Routines live in the kernel's half: where the sign bit is set. */
static inline bool wqc_is_kernel_address(const void *routine)
{
	return (long)(uintptr_t)routine < 0;
}

/* A link to it has room for the kind. */
static inline bool wqc_is_item_address(const void *item)
{
	return wqc_is_kernel_address(item) && IS_ALIGNED((uintptr_t)item, 8);
}

/* Of two addresses at once: the bit is in both. */
static inline bool wqc_are_kernel_addresses(const void *a, const void *b)
{
	return (long)((uintptr_t)a & (uintptr_t)b) < 0;
}

/* ---- the queue's lock, with interrupts off --------------------------- */

/*
 * With interrupts off there is nothing to gain from the preemption count that
 * the kernel's out-of-line lock functions keep, and they would be a fifth of
 * what an item costs. Kernels that check locks get the checked ones.
 */
#if defined(CONFIG_DEBUG_SPINLOCK) || defined(CONFIG_DEBUG_LOCK_ALLOC)
#define wqc_queue_lock(queue)		raw_spin_lock(&(queue)->lock)
#define wqc_queue_trylock(queue)	raw_spin_trylock(&(queue)->lock)
#define wqc_queue_unlock(queue)	raw_spin_unlock(wqc_wake_check(queue))
#else
#define wqc_queue_lock(queue)		do_raw_spin_lock(&(queue)->lock)
#define wqc_queue_trylock(queue)	do_raw_spin_trylock(&(queue)->lock)
#define wqc_queue_unlock(queue)	do_raw_spin_unlock(wqc_wake_check(queue))
#endif

/* The same, where interrupts are or may be on. */
#define wqc_queue_lock_irq(queue)		raw_spin_lock_irq(&(queue)->lock)
#define wqc_queue_unlock_irq(queue)		raw_spin_unlock_irq(wqc_wake_check(queue))
#define wqc_queue_lock_irqsave(queue, flags)	raw_spin_lock_irqsave(&(queue)->lock, flags)
#define wqc_queue_unlock_irqrestore(queue, flags) \
	raw_spin_unlock_irqrestore(wqc_wake_check(queue), flags)

/* At every unlock, on kernels that check locks: the invariant of wakeup.c. */
#ifdef CONFIG_PROVE_LOCKING
raw_spinlock_t *wqc_wake_check(struct wqc_queue *queue);
#else
#define wqc_wake_check(queue)	wqc_window_unlock(queue)
#endif

/*
 * After interrupts are on again: who was woken on this CPU may be more urgent
 * than we are, and no interrupt will come to say so.
 */
static inline void wqc_resched(bool kicked)
{
	if (unlikely(kicked)) {
		preempt_disable();
		preempt_enable();	/* looks */
	}
}

/* Why every routine that returns goes by wqc_call_finish(). */
#define WQC_WATCH_UNLOAD	1	/* a pass is under way */
#define WQC_WATCH_MUTEXES	2	/* a mutex of nt-compat is owned */
#define WQC_WATCH_REGIONS	4	/* a kernel thread is in a region of nt-compat */
extern atomic_t wqc_watching;

/* Another number after each CPU that comes or goes, odd while one is going. */
extern unsigned int wqc_hotplug_count;
extern unsigned int wqc_rt_priority;	/* SCHED_FIFO's, of HyperCritical */
extern bool wqc_lost_unknown;		/* items were lost, and their device is not known */

#endif /* CORE_CORE_H */
