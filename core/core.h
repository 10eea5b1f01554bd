/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The shared structures of the engine, their locks and the words for them.
 *
 * Glossary:
 *
 *  client   a module that uses wq_compat; mostly a driver.
 *  item     a client's WORK_QUEUE_ITEM, IO_WORKITEM or RX_WORK_QUEUE_ITEM. Its routine runs once
 *           for each time that the item is queued.
 *  class    Delayed, Critical or HyperCritical: the priority that a client queues with.
 *  pool     the queues, one for each possible CPU, and the runners of a class. Ex* and Io* have a
 *           pool for each class; Rx* share that of HyperCritical and have two of their own, whose
 *           runners stay on the posting CPU. Files and tools call all five pools "class".
 *  queue    the items of one pool that one CPU posted, with their runners. The unit of locking.
 *  owner    the driver of an Io* item, by the number that its DRIVER_OBJECT got; 0: none (Ex*).
 *  lane     a FIFO within a queue: one of each owner whose items wait, one of each Rx device. Lanes
 *           that hold items are served in turn.
 *  runner   an execution slot: a work_struct, or a SCHED_FIFO thread. It is idle, kicked
 *           or draining.
 *  kick     take a runner off its queue's list of idle ones and wake it.
 *  drain    a runner pops items and calls their routines until its queue is empty or its turn,
 *           some ticks, is over.
 *  mark     the word in an item that says "queued", with its kind and the link to the next item
 *           (mark.h).
 *  claim    the cmpxchg that turns "not queued" into a mark. Of N callers one wins.
 *  spinner  a runner whose progress a watchdog checks, so that no other runner is woken for the
 *           items of a burst (wakeup.c).
 *  keeper   the thread that makes, frees and replaces runners. It checks each queue once a second,
 *           and repairs lost wake-ups.
 *  request  a timer request of a front: pending, then an item in a lane.
 *
 * Locking, one letter on every field that is shared:
 *
 *  I: set at initialisation, then constant.
 *  Q: read and written under wqc_queue.lock, interrupts off.
 *  q: written under wqc_queue.lock; read without it by READ_ONCE(), where an old value does no
 *     harm.
 *  R: written by the task that drains, without a lock; read by others under wqc_queue.lock while
 *     wqc_call.ref says that a routine runs.
 *  K: only the keeper touches it.
 *  O: under wqc_object_lock.
 *  o: written under wqc_object_lock or before the object is published; read under RCU.
 *  C: touched by one CPU only, interrupts off.
 *  A: atomic, or ordered as the comment beside it says.
 *  H: a hint without order, by READ_ONCE() and WRITE_ONCE(): a lost update or an old value only
 *     delays something.
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
 * The time constants of the engine, and the decision that each makes. Two more are parameters of
 * diag/: runaway_ms (500 ms; a HyperCritical routine that keeps its CPU is reported, and demoted on
 * preemptible kernels) and stall_s (10 s; a class that makes no progress is reported).
 */
#define WQC_SPIN_NS	WQC_WINDOW_SPIN_NS(200 * NSEC_PER_USEC) /* watchdog: no item finished */
#define WQC_CLAIM_NS	(100 * NSEC_PER_MSEC)	/* upper bound from claim to list insertion */
#define WQC_TURN_TICKS	(HZ <= 100 ? 1 : 2)	/* a drain ends: other tasks get the CPU */
#define WQC_KEEPER_RETRY	(HZ / 50)	/* keeper: a runner could not be made, retry */
#define WQC_RESCUE_AFTER	(HZ / 5)	/* no kworker came: the rescuer runs items */
#define WQC_KEEPER_PERIOD	HZ		/* keeper: check all queues, unless dormant */
#define WQC_WARN_AFTER		(5 * HZ)	/* a wait is named in the log */
#define WQC_SHRINK_PERIOD	(10 * HZ)	/* free half of the runners idle this long */
#define WQC_WARN_AGAIN		(30 * HZ)	/* a wait is named in the log again */

/*
 * WQC_CLAIM_NS: the claim and the insertion are done with interrupts off; 100 ms also covers a
 * virtual CPU that its host preempts in between. WQC_TURN_TICKS: after 10 ms the kernel treats a
 * work item as a CPU hog.
 */

/* Counts of items. Powers of two. */
#define WQC_CHECK_ITEMS		16	/* a runner checks the time, and whether it may spin */
#define WQC_SAMPLE_ITEMS	64	/* each 64th item, or one of each 64th drain, is timed */
#define WQC_SPIN_POLLS		128	/* polls of an empty queue, before a spinner is idle */

/*
 * Every pool has a queue for each posting CPU, so that a queue call touches no cache line that
 * another CPU's queue calls write.
 */
enum wqc_pool_id {
	WQC_POOL_DELAYED,		/* runs on any CPU; Ex*, Io* */
	WQC_POOL_CRITICAL,		/* runs on any CPU; Ex*, Io* */
	WQC_POOL_HYPER,			/* runs on the posting CPU; Ex*, Io*, Rx* */
	WQC_POOL_DELAYED_CPU,		/* runs on the posting CPU; Rx* */
	WQC_POOL_CRITICAL_CPU,		/* runs on the posting CPU; Rx* */
	WQC_NR_POOLS,
};

/**
 * struct wqc_lane - a FIFO within a queue
 * @link: Q: place in the queue's ring of lanes that hold items
 * @head: q: first item; NULL when empty, and then @link is in no ring
 * @tail: Q: last item; NULL when empty
 * @ref: I: the reference that each item without one of its own holds: on the Rx device that the
 *	lane serves, or wqc_null_object's in a lane of Ex* and Io*
 *
 * Starvation: a driver or device that floods its queue would keep another's items from starting. So
 * each owner (of up to eight) and each Rx device has a lane, and one item of each lane that holds
 * items is taken in turn.
 */
struct wqc_lane {
	struct list_head link;
	WORK_QUEUE_ITEM *head;
	WORK_QUEUE_ITEM *tail;
	struct percpu_ref *ref;
};

/**
 * struct wqc_call - snapshot of an item, taken before its routine is called
 * @routine: q: what to call
 * @parameter: q: its Context or Parameter
 * @item: q: the item's address, for reports; never dereferenced
 * @ref: q: reference on an object or Rx device, or wqc_null_object's; put after the run
 * @recurrent: R: the request, if it is posted again after the run
 *
 * Use-after-free: the routine may free or requeue its item, so that from the release of the mark
 * on the item is not dereferenced. This copy has all that the run needs.
 */
struct wqc_call {
	void *routine;
	void *parameter;
	void *item;
	struct percpu_ref *ref;
	struct wqc_request *recurrent;
};

/**
 * struct wqc_baseline - the state of a thread that each routine must leave unchanged
 * @cred: R: the credentials; a reference is held
 * @post_run: R: WQC_POST_*: why the run ends on the slow path
 * @lock_depth: R: locks that lockdep counts as held
 * @policy: R: scheduling policy
 * @prio: R: priority or nice value of @policy, in one number
 * @nr_cpus: R: number of allowed CPUs
 * @cpu: R: one allowed CPU
 * @flags: R: PF_*
 * @static_prio: R: nice value
 * @hotplug: R: wqc_hotplug_count
 *
 * Taken when a drain begins. Then preemption, softirqs and interrupts are on and no RCU section
 * is entered: these need no field.
 */
struct wqc_baseline {
	const struct cred *cred;
	u32 post_run;
#define WQC_POST_SAMPLED	1	/* the item is timed */
#define WQC_POST_REQUEST	2	/* the item is a request: it may be posted again */
	u32 lock_depth;
	u32 policy;
	u32 prio;
	u32 nr_cpus;
	u32 cpu;
	u32 flags;
	int static_prio;
	unsigned int hotplug;
};

enum wqc_runner_state {
	WQC_RUNNER_IDLE,	/* on wqc_queue.idle */
	WQC_RUNNER_KICKED,	/* off that list and woken; does not drain yet */
	WQC_RUNNER_DRAINING,
};

struct wqc_queue;

/**
 * struct wqc_runner - an execution slot: a thread, or a work item, that drains a queue
 * @next_idle: Q: place on wqc_queue.idle while idle; K: on backend_rt.c's list of dismissed ones
 * @queue: Q: the queue that it drains; changes only while the runner is idle
 * @state: Q: exactly one of idle, kicked, draining
 * @cpu: I: the CPU that its thread is bound to, or WORK_CPU_UNBOUND
 * @task: R: the task that drains, or the last one that did; a reference is held
 * @since: q: jiffies when the routine was entered
 * @started_ns: R: when the routine of an item that is timed was entered
 * @switches: R: voluntary context switches of @task at the last check (WQC_CHECK_ITEMS)
 * @first: R: the routine's first argument, from wqc_queue_pop_slow() to the call
 * @call: q: the run, or the last one. @call.ref is NULL while no routine runs: cleared after the
 *	client's last instruction
 * @base: R: the state of the thread that the routine must leave unchanged
 * @all: Q: place on wqc_queue.runners
 * @work: A: workqueue runners: queued by a kick
 * @kworker: R: workqueue runners: @task, unless that is the rescuer
 * @thread: I: RT runners: their thread; a reference is held
 * @kicked: A: RT runners: set by a kick, under the queue's lock; see wqc_rt_kick()
 * @stop: A: RT runners: the thread is to end; as kthread_should_stop(), cheaper
 * @guard: Q: RT runners: the state of guard.c's checks; @guard.demoted: q
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

/* True from the pop until the reference of the run is put. Under the queue's lock. */
static inline bool wqc_runner_is_running(const struct wqc_runner *runner)
{
	return runner->call.ref;
}

/* Columns of debugfs "queues" that are counted on slow paths. */
enum wqc_counter {
	WQC_TAKEN_BACK,		/* items freed or cancelled before they started */
	WQC_REFUSED,		/* queue calls that queued nothing */
	WQC_GROWN,		/* runners added after load */
	WQC_SHRUNK,		/* surplus runners freed */
	WQC_REPLACED,		/* runners whose routine ended the thread */
	WQC_NOT_MADE,		/* failed attempts to make a runner: out of memory */
	WQC_RUNAWAYS,		/* HyperCritical routines that kept their CPU */
	WQC_HOGS,		/* rows of HyperCritical items that kept their CPU */
	WQC_HEALED,		/* lost wake-ups that were repaired, see heal.c */
	WQC_NR_COUNTERS,
};

#define WQC_HIST_BUCKETS	32	/* powers of two, nanoseconds */

/* The state of the wake-up protocol. Transitions and invariant: wakeup.c. */
enum wqc_wake {
	WQC_WAKE_NEEDED,	/* the next item has to wake a runner */
	WQC_WAKING,		/* a runner was kicked and does not drain yet */
	WQC_SPINNING,		/* a runner drains, and a watchdog checks its progress */
};

/*
 * The number of distinct owners, with 0, which is no driver's. Drivers beyond seven share numbers.
 * @slow is the low byte of @slow_and_owner and @owner the high one, so an owner's tag equals it
 * only if no flag of @slow is set and the default lane is that owner's: one comparison.
 */
#define WQC_OWNERS		8
#define WQC_OWNER_TAG(owner)	((u16)((owner) << 8))

/*
 * The items of one pool that one CPU posted, and the runners that drain them. The posting side and
 * the running side have cache lines of their own.
 */
struct wqc_queue {
	/* The posting side. */
	raw_spinlock_t lock;
	union {
		struct {
			u8 slow;	/* Q: reasons for a queue call to take the slow path: */
#define WQC_SLOW_WAKE		1	/*    @wake is WQC_WAKE_NEEDED */
#define WQC_SLOW_SAMPLE		2	/*    the next item is timed */
#define WQC_SLOW_EMPTY		4	/*    @lane is empty */
#define WQC_SLOW_TORTURE	8	/*    always, with bit 1 or 2 of the parameter torture */
			u8 owner;	/* Q: whose items @lane holds; see wqc_queue_lane_of() */
		};
		u16 slow_and_owner;	/* Q: both: the tag of @owner if @slow is 0 */
	};
	u8 wake;			/* Q: enum wqc_wake */
	bool trusted;			/* Q: the next runner may begin as the spinner */
	u32 depth;			/* q: items in all lanes */
	u32 peak_depth;			/* q: sampled, see wqc_queue_note_depth() */
	u64 cumulative;			/* q: at each append the depth is added */
	struct wqc_lane *ring;		/* q: the lane served next; NULL when no item waits */
	struct wqc_lane lane;		/* Q: the lane of the first owner */

	/* The running side. */
	struct wqc_runner *idle ____cacheline_aligned; /* Q: most recently idle first */
	u32 nr_idle;			/* q */
	u32 least_idle;			/* Q: lowest @nr_idle since the keeper last freed runners */
	u32 nr_runners;			/* q */
	u32 peak_busy;			/* q */
	u64 finished;			/* q: routines that have returned */
	u64 kicks;			/* q */
	bool sampled;			/* Q: an item that waits is timed */
	bool growing;			/* Q: @grow_node is on the keeper's list of requests */
	struct {
		struct percpu_ref *ref;	/* of the last lane that was truncated; kept */
		WORK_QUEUE_ITEM *item;	/* the overwritten item; an address for the report */
		u32 refs;		/* 1: all lanes that were truncated had @ref */
	} broken;			/* Q: see wqc_lane_truncate() */
	u64 sampled_at;			/* Q: ns */

	/* Slow paths only. */
	struct wqc_lane others[WQC_OWNERS];	/* Q: of owners that found @lane in use */
	u64 counter[WQC_NR_COUNTERS];	/* q */
	const char *lost;		/* Q: description of the last lost wake-up, see heal.c */
	u64 healed_logged;		/* Q: lost wake-ups that were logged */
	struct list_head runners ____cacheline_aligned; /* Q: all of them */
	u32 reserve;			/* q: runners that are kept, see wqc_queue_grow() */
	unsigned long no_kworker_since;	/* Q: see wqc_queue_needs_rescuer() */
	unsigned long rescued_at;	/* Q: when the rescuer last came to the queue */
	struct {
		u64 progress;
		unsigned long since, warn_at;
	} stall;			/* Q: wqc_stall_check() */
	unsigned long drains;		/* H: drains that kworkers began */
	unsigned long drains_seen;	/* Q: @drains of the pool at @no_kworker_since */
	u64 kicks_seen;			/* Q: @kicks at the keeper's last check */
	struct wqc_runner *spinner;	/* Q: the last one; compared, never dereferenced */
	u64 progress;			/* Q: @finished at the watchdog's last check */
	bool watchdog_armed;		/* Q: @watchdog is armed */
	bool yields;			/* q: RT: each turn leaves the CPU to others for a tick */
	u32 rests;			/* H: RT: turns that left the CPU, see wqc_rt_turn() */
	struct hrtimer watchdog;	/* Q: checks the progress of the spinner */
	struct llist_node grow_node;	/* A: on the keeper's list of requests while @growing */
	struct wqc_pool *pool;		/* I */
	int cpu;			/* I */
	u32 wait_hist[WQC_HIST_BUCKETS];	/* q: sampled */
	u32 run_hist[WQC_HIST_BUCKETS];		/* q: sampled */
};

static_assert(offsetof(struct wqc_queue, idle) >= SMP_CACHE_BYTES);
static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);	/* WQC_OWNER_TAG() */

/**
 * struct wqc_backend - how runners are made, woken and freed
 * @create: makes a runner for @queue; NULL if out of memory. Sleeps
 * @kick: wakes a runner that was just taken off the idle list; cannot fail. Any context, under
 *	the queue's lock
 * @kick_again: moves a kicked runner that waits behind a blocked one in its workqueue; NULL: a
 *	kicked runner never waits behind another. Under the queue's lock
 * @is_lost: a kicked runner sleeps and no wake-up is on its way to it. Under the queue's lock
 * @dismiss: ends an idle runner that is on no list; frees it at once, or leaves it to @reap
 * @free_dead: frees a runner whose routine has ended its thread, except for memory that the kernel
 *	still points at
 * @reap: frees dismissed runners that have ended; waits for all of them if @wait. Returns true if
 *	some are left. NULL: @dismiss has freed them
 * @pins: a runner whose thread was ended by its routine cannot be freed: the module stays loaded
 * @fifo: runners are SCHED_FIFO threads
 */
struct wqc_backend {
	struct wqc_runner *(*create)(struct wqc_queue *queue);
	void (*kick)(struct wqc_runner *runner);
	void (*kick_again)(struct wqc_runner *runner);
	bool (*is_lost)(struct wqc_runner *runner);
	void (*dismiss)(struct wqc_runner *runner);
	void (*free_dead)(struct wqc_runner *runner);
	bool (*reap)(bool wait);
	bool pins;
	bool fifo;
};

struct wqc_pool {
	const char *name;		/* I */
	const struct wqc_backend *backend;	/* I */
	struct workqueue_struct *wq;	/* I: of backend_wq.c */
	bool any_cpu;			/* I: limit and runners are shared by all queues */
	u32 first;			/* K: runners of a queue that exist from the start */
	u32 reserve;			/* K: runners that a queue keeps once they were needed */
	u32 wanted;			/* H: @limit, as the parameters ask for it */
	u32 limit;			/* H: most runners of a queue; any_cpu: of the pool */
	u32 total;			/* K: runners of all queues */
};

extern struct wqc_pool wqc_pools[WQC_NR_POOLS];
extern struct wqc_queue __percpu *wqc_queues;	/* I: [WQC_NR_POOLS] for each CPU */

static inline struct wqc_queue *wqc_queue_of(enum wqc_pool_id pool, int cpu)
{
	return per_cpu_ptr(wqc_queues, cpu) + pool;
}

/* Runners that count against the limit. Queues of an any-CPU pool lend runners to one another. */
static inline u32 wqc_queue_count_runners(const struct wqc_queue *queue)
{
	return queue->pool->any_cpu ? queue->pool->total : READ_ONCE(queue->nr_runners);
}

/* Kernel addresses have the sign bit set. */
static inline bool wqc_is_kernel_address(const void *routine)
{
	return (long)(uintptr_t)routine < 0;
}

/* The alignment leaves the low bits of a link to the item for its kind. */
static inline bool wqc_is_item_address(const void *item)
{
	return wqc_is_kernel_address(item) && IS_ALIGNED((uintptr_t)item, 8);
}

/* Checks two addresses at once. */
static inline bool wqc_are_kernel_addresses(const void *a, const void *b)
{
	return (long)((uintptr_t)a & (uintptr_t)b) < 0;
}

/* ---- the queue's lock, with interrupts off --------------------------- */

/*
 * Fast path. The kernel's lock functions are out of line and count preemption, a fifth of the
 * cost of an item, and with interrupts off the count is not needed. Kernels that check locks get
 * the checked functions.
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

/*
 * The same lock, where interrupts are or may be on. The check comes before the unlock: on a kernel
 * for one CPU the kernel's macros evaluate their argument when interrupts are on again.
 */
#define wqc_queue_lock_irq(queue)		raw_spin_lock_irq(&(queue)->lock)
#define wqc_queue_unlock_irq(queue) do {					\
	raw_spinlock_t *lock__ = wqc_wake_check(queue);				\
	raw_spin_unlock_irq(lock__);						\
} while (0)
#define wqc_queue_lock_irqsave(queue, flags)	raw_spin_lock_irqsave(&(queue)->lock, flags)
#define wqc_queue_unlock_irqrestore(queue, flags) do {				\
	raw_spinlock_t *lock__ = wqc_wake_check(queue);				\
	raw_spin_unlock_irqrestore(lock__, flags);				\
} while (0)

/* Asserts the invariant of wakeup.c at every unlock, on kernels that check locks. */
#ifdef CONFIG_PROVE_LOCKING
raw_spinlock_t *wqc_wake_check(struct wqc_queue *queue);
#else
#define wqc_wake_check(queue)	wqc_window_unlock(queue)
#endif

/*
 * Priority inversion: a kick with interrupts off sets need_resched() if the runner has a higher
 * priority than the poster, but the lock functions above do not check that flag. So it is checked
 * here, when interrupts are on again.
 */
static inline void wqc_resched(bool kicked)
{
	if (unlikely(kicked)) {
		preempt_disable();
		preempt_enable();	/* checks need_resched() */
	}
}

/* Reasons for every run to end on the slow path, wqc_call_finish(). */
#define WQC_WATCH_UNLOAD	1	/* unload.c searches the queues */
#define WQC_WATCH_MUTEXES	2	/* a mutex of nt-compat is owned */
#define WQC_WATCH_REGIONS	4	/* a kernel thread is in a region of nt-compat */
extern atomic_t wqc_watching;		/* A: see unload.c */

/* A: changes when a CPU goes online or offline, odd while it goes. See wqc_hotplug_since(). */
extern unsigned int wqc_hotplug_count;
/* H: SCHED_FIFO priority of HyperCritical. */
extern unsigned int wqc_rt_priority;
/* H: items of several truncated lanes were lost, so references of unknown devices were not put. */
extern bool wqc_lost_unknown;

#endif /* CORE_CORE_H */
