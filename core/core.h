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
#ifndef WQ_INTERNAL_H
#define WQ_INTERNAL_H

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

#include "io.h"
#include "mark.h"
#include "report.h"
#include "window.h"

struct cred;
struct dentry;
struct wqc_request;
struct wqc_rx_device;
struct seq_file;

/*
 * One pool is one kind of runner: a class in a place. Every pool has a queue
 * per posting CPU, so that posting touches no line of another CPU.
 */
enum wqc_pool_id {
	WQC_DELAYED,		/* Ex*, Io*: any CPU */
	WQC_CRITICAL,
	WQC_HYPER,		/* Ex*, Io* and Rx*: the posting CPU */
	WQC_RX_DELAYED,		/* Rx*: the posting CPU */
	WQC_RX_CRITICAL,
	WQC_NR_POOLS,
};

/**
 * struct wqc_lane - a FIFO within a queue
 * @link: Q: place in the ring of the queue's lanes that hold items
 * @head: Q: NULL when empty, and then @link is in no ring
 * @tail: Q: NULL when empty
 * @ref: I: what its plain items hold: the Rx device that it serves; wqc_no_object's in the
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
	struct percpu_ref *ref;	/* held on an object or Rx device, or wqc_no_object's */
	struct wqc_request *recurrent;	/* if it is one's that comes again */
};

/*
 * What a routine has to leave as it was. Taken when a runner begins to drain: then
 * nothing is disabled and no read section entered, so that needs no field.
 */
struct wqc_baseline {
	const struct cred *cred;	/* a reference is held */
	u32 attend;			/* after this run there is more to do: */
#define WQC_TIMED		1	/*    its end is to be timed */
#define WQC_TIMER		2	/*    the timer may be due again */
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
 * @first: R: the routine's first argument, between wqc_pop_special() and the run
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
static inline bool wqc_is_running(const struct wqc_runner *runner)
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
	WQC_EXCEEDED,		/* runners made beyond the limit */
	WQC_NOT_MADE,		/* runners that there was no memory for, each try */
	WQC_RUNAWAYS,		/* HyperCritical routines that kept their CPU */
	WQC_HOGS,		/* times that HyperCritical items in a row kept their CPU */
	WQC_HEALED,		/* lost wake-ups that were found, see heal.c */
	WQC_NR_COUNTERS,
};

#define WQC_HIST_BUCKETS	32	/* powers of two, nanoseconds */

/**
 * struct wqc_queue - the FIFO of one pool and one posting CPU, and its runners
 *
 * Leader and followers. At every unlock one of these holds:
 *  - no item waits,
 *  - WQC_NOBODY_COMES is clear: a runner was kicked and has not begun to drain, or one that
 *    drains has promised to go on, which a timer watches (wakeup.c),
 *  - no runner is idle (and then growth has been asked for).
 */
struct wqc_queue {
	/* The posting side. */
	raw_spinlock_t lock;
	u8 attend;			/* Q: what a queue call has to see to: */
#define WQC_NOBODY_COMES	1	/*    a runner has to be kicked */
#define WQC_SAMPLE_NEXT		2	/*    the next item is to be timed */
#define WQC_LANE_EMPTY		4	/*    @lane is */
#define WQC_TORTURED		8	/*    always, with the parameter torture */
	u8 leader;			/* Q: see wakeup.c */
#define WQC_PROMISED		1	/*    @promised goes on */
#define WQC_CALM		2	/*    it has run many items, and none has slept */
	bool growing;			/* Q: the keeper has been asked */
	u32 depth;			/* q: items in all lanes */
	u32 peak_depth;			/* q: see wqc_note_depth() */
	u64 cumulative;			/* q */
	struct wqc_lane *turn;		/* Q: served next; NULL when no item waits */
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
	} broken;			/* Q: see wqc_cut_lane() */
	u64 sampled_at;			/* Q: ns */

	/* Seldom. */
	u64 counter[WQC_NR_COUNTERS];	/* q: those without a field above */
	const char *lost;		/* Q: what the last lost wake-up was, see heal.c */
	u64 healed_said;		/* Q: those that the log has */
	struct list_head runners ____cacheline_aligned; /* Q: all of them */
	unsigned long stalled_since;	/* Q: wqc_hand_over() */
	unsigned long rescued_at;	/* Q: when the rescuer was there last */
	struct {
		u64 progress;
		unsigned long since, say_at;
	} stall;			/* Q: wqc_stall_look() */
	unsigned long drains;		/* begun by kworkers; may miss some */
	unsigned long drains_seen;	/* Q: then */
	u64 kicks_seen;			/* Q: wqc_kick_stuck() */
	struct wqc_runner *promised;	/* Q: compared only */
	u64 promised_at;		/* Q: @finished then, or when the timer looked */
	bool promise_watched;		/* Q: @promise_timer runs */
	bool yields;			/* RT: q: ordinary threads get every other turn */
	u32 rests;			/* RT: the CPU was free for others; wqc_rt_turn() */
	struct hrtimer promise_timer;
	struct llist_node grow_node;	/* on the keeper's list of requests */
	struct wqc_pool *pool;		/* I */
	int cpu;			/* I */
	u32 wait_hist[WQC_HIST_BUCKETS];	/* q: sampled */
	u32 run_hist[WQC_HIST_BUCKETS];		/* q: sampled */
};

static_assert(offsetof(struct wqc_queue, idle) >= SMP_CACHE_BYTES);

/**
 * struct wqc_backend - where runners come from
 * @create: make a runner for @queue. Sleeps. NULL without memory.
 * @destroy: free an idle runner that is no longer on any list. Sleeps.
 */
struct wqc_backend {
	struct wqc_runner *(*create)(struct wqc_queue *queue);
	void (*destroy)(struct wqc_runner *runner);
};

struct wqc_pool {
	const char *name;
	const struct wqc_backend *backend;
	struct workqueue_struct *wq;	/* workqueue pools */
	bool any_cpu;			/* limit and runners are the pool's */
	u32 reserve;			/* runners made at load, a queue */
	u32 limit;			/* a queue; any_cpu: the whole pool */
	u32 extra;			/* K: beyond it, while a queue is stalled */
	u32 total;			/* K: runners of all queues */
};

extern struct wqc_pool wqc_pools[WQC_NR_POOLS];
extern struct wqc_queue __percpu *wqc_queues;	/* [WQC_NR_POOLS] a CPU */

static inline struct wqc_queue *wqc_queue_of(enum wqc_pool_id pool, int cpu)
{
	return per_cpu_ptr(wqc_queues, cpu) + pool;
}

/* Runners that count against its limit: those of all CPUs where they are lent. */
static inline u32 wqc_runners(const struct wqc_queue *queue)
{
	return queue->pool->any_cpu ? queue->pool->total : READ_ONCE(queue->nr_runners);
}

/* Routines live in the kernel's half: where the sign bit is set. */
static inline bool wqc_is_routine(const void *routine)
{
	return (long)(uintptr_t)routine < 0;
}

/* A link to it has room for the kind. */
static inline bool wqc_is_item(const void *item)
{
	return wqc_is_routine(item) && IS_ALIGNED((uintptr_t)item, 8);
}

/* Of two addresses at once: the bit is in both. */
static inline bool wqc_are_kernels(const void *a, const void *b)
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
#define wqc_lock(queue)		raw_spin_lock(&(queue)->lock)
#define wqc_trylock(queue)	raw_spin_trylock(&(queue)->lock)
#define wqc_unlock(queue)	raw_spin_unlock(wqc_window_unlock(queue))
#else
#define wqc_lock(queue)		do_raw_spin_lock(&(queue)->lock)
#define wqc_trylock(queue)	do_raw_spin_trylock(&(queue)->lock)
#define wqc_unlock(queue)	do_raw_spin_unlock(wqc_window_unlock(queue))
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

void wqc_kick(struct wqc_queue *queue);
void wqc_count_refused(enum wqc_pool_id pool);
void wqc_enqueue_contended(struct wqc_queue *queue, struct wqc_lane *lane,
			   WORK_QUEUE_ITEM *item, unsigned long flags);
void wqc_enqueue_attend(struct wqc_queue *queue, struct wqc_lane *lane,
			WORK_QUEUE_ITEM *item, unsigned long flags) __releases(&queue->lock);

/* Upper bound of the time from claim to link, even if a host stops a virtual CPU there. */
#define WQC_CLAIM_NS	(100 * NSEC_PER_MSEC)

bool wqc_try_enqueue(enum wqc_pool_id pool, WORK_QUEUE_ITEM *item);
bool wqc_take_back(struct wqc_queue *queue, struct wqc_lane *lane,
		   bool (*match)(WORK_QUEUE_ITEM *item, u64 mark, const void *arg),
		   const void *arg, struct wqc_call *call);
void wqc_note_depth(struct wqc_queue *queue);
void wqc_sample(struct wqc_queue *queue, WORK_QUEUE_ITEM *item);
void wqc_sample_starts(struct wqc_queue *queue, struct wqc_runner *runner);
void wqc_sample_ends(struct wqc_call *call);
void wqc_drain(struct wqc_runner *runner);
int wqc_queue_init(void);
void wqc_queue_exit(void);

/* ---- run.c, core/run.h ------------------------------------------------------------ */

void wqc_after_run(struct wqc_call *call, struct wqc_baseline *base);
void wqc_check_return(struct wqc_call *call, struct wqc_baseline *base);

/* ---- object.c, driver.c, core/object.h -------------------------------------- */

/**
 * struct wqc_object - what stands behind a DRIVER_OBJECT or DEVICE_OBJECT
 * @ref: one for existence, one for every ObReferenceObject(), queued or
 *	running item
 * @owner: O: the module whose driver it belongs to; see wqc_ref_owner()
 * @gen: O: how often this structure has been used; items remember it
 * @nt: O: the object that drivers see
 * @is_driver: O: it is a DRIVER_OBJECT, whatever its Type says; else a DEVICE_OBJECT
 *
 * The structures are never freed while the module is loaded, so an item that
 * outlives its object finds a dead count or another generation, not a stranger.
 */
struct wqc_object {
	struct percpu_ref ref;
	struct module *owner;
	u32 gen;
	bool deleted;			/* O */
	bool is_driver;
	PVOID nt;
	struct hlist_node hash;		/* O */
	struct list_head all;		/* O */
	struct llist_node dead;
};

/* Who a reference on an object or an Rx device keeps waiting, see rx/rx.h; NULL if nobody. */
static inline struct module *wqc_ref_owner(const struct percpu_ref *ref)
{
	return READ_ONCE(container_of(ref, struct wqc_object, ref)->owner);
}

/*
 * Stands for "none", so that nobody has to ask: of no item's generation, so no reference is
 * had from it; and what is dropped without having been taken does not matter.
 */
extern struct wqc_object wqc_no_object;
struct wqc_object *wqc_object_find(PVOID nt, u32 *gen);

bool wqc_object_reap(void);
void wqc_objects_show(struct seq_file *m);
int wqc_object_init(void);
void wqc_object_exit(void);

/* ---- runner.c ------------------------------------------------------------ */

void wqc_add_runner(struct wqc_queue *queue, struct wqc_runner *runner);
struct wqc_runner *wqc_unlink_idle(struct wqc_queue *queue, u32 keep);
void wqc_bury_runner(struct wqc_runner *runner);
bool wqc_hand_over(struct wqc_runner *runner);
void wqc_kick_stuck(struct wqc_queue *queue);

/* ---- heal.c -------------------------------------------------------------- */

struct wqc_runner *wqc_count_lost(struct wqc_queue *queue);
void wqc_heal_growth(struct wqc_queue *queue);
void wqc_heal(struct wqc_queue *queue);

/* ---- backend_wq.c, backend_rt.c ------------------------------------------ */

extern const struct wqc_backend wqc_wq_backend, wqc_rt_backend;
extern unsigned int wqc_rt_priority;
void wqc_rt_set_priority(unsigned int priority);
void wqc_set_policy(struct task_struct *task, u32 policy, u32 priority);
int wqc_wq_init(void);
void wqc_wq_exit(void);
void wqc_rt_dismiss(struct wqc_runner *runner);
void wqc_rt_kick(struct wqc_runner *runner);
void wqc_wq_kick_again(struct wqc_runner *runner);

/*
 * Starts a runner that was just taken from the idle list. Any context, under the queue's
 * lock; cannot fail. No member of wqc_backend: an indirect call is dearer than this branch.
 *
 * An idle runner's work is not pending: it went idle while it ran, and a kick
 * is what makes it pending. It may still be on the way out of its last run;
 * the kernel then runs it again on the same worker.
 */
static __always_inline void wqc_kick_runner(struct wqc_pool *pool, struct wqc_runner *runner)
{
	if (likely(pool->wq))
		queue_work_on(runner->cpu, pool->wq, &runner->work);
	else
		wqc_rt_kick(runner);
}

/* ---- keeper.c: grows, shrinks, replaces; CPUs that come and go ------------ */

extern unsigned int wqc_hotplug_count;
bool wqc_may_grow(const struct wqc_queue *queue);
void wqc_ask_growth(struct wqc_queue *queue);
void wqc_wake_keeper(void);
int wqc_keeper_init(void);
void wqc_keeper_exit(void);

void wqc_exceed_limit(struct wqc_queue *queue, u32 extra);

/*
 * What the keeper allocates; the kernel's last reserves are for reclaim itself, but for the
 * few bytes of kthread_create(), which are freed at once.
 */
#define WQC_GFP_KEEPER	(GFP_KERNEL | __GFP_NOMEMALLOC | __GFP_NOWARN)

/* ---- stall.c, guard.c ---------------------------------------------------- */

#define WQC_MOST_RUNNERS	512U	/* no kernel grants a workqueue more for certain */
#define WQC_MOST_EXTRA		256U

void wqc_stall_look(struct wqc_queue *queue);
bool wqc_was_demoted(const struct wqc_call *call);
void wqc_guard_set_priority(void);
int wqc_guard_init(void);
void wqc_guard_exit(void);

/* ---- unload.c ------------------------------------------------------------ */

/* Why every routine that returns goes by wqc_after_run(). */
#define WQC_WATCH_UNLOAD	1	/* a pass is under way */
#define WQC_WATCH_MUTEXES	2	/* a mutex of nt-compat is owned */
#define WQC_WATCH_REGIONS	4	/* a kernel thread is in a region of nt-compat */
extern atomic_t wqc_watching;
bool wqc_is_cursor(const WORK_QUEUE_ITEM *item);
void wqc_watch_ran(const struct wqc_call *call);
bool wqc_watch_request(const void *item, const WORK_QUEUE_ITEM *own,
		       const struct wqc_rx_device *rx);
void wqc_cursor_lost(const struct wqc_lane *lane);
void wqc_cursor_unlinked(WORK_QUEUE_ITEM *prev, WORK_QUEUE_ITEM *next);
void wqc_wait_for_module(struct module *mod);
int wqc_unload_init(void);
void wqc_unload_exit(void);

/* ---- freed.c ------------------------------------------------------------- */

void wqc_device_freed(void *p, size_t size, void *caller);

/* ---- verifier.c ---------------------------------------------------------- */

void wqc_verifier_init(void);
void wqc_reports_show(struct seq_file *m);
void wqc_ask_after(struct task_struct *task, void *routine);

/* ---- leak.c -------------------------------------------------------------- */

void wqc_io_lives(struct module *mod);
void wqc_io_leaves(struct module *mod);

/* ---- torture.c ----------------------------------------------------------- */

#define WQC_TORTURE_LATE	1
#define WQC_TORTURE_OVERLAP	2
#define WQC_TORTURE_POISON	4
#define WQC_TORTURE_REFUSE	8
#define WQC_TORTURE_ONE		16
#define WQC_TORTURE_LEAKS	32
#define WQC_TORTURE_ALL		63
#define WQC_TORTURE_HEAP	(WQC_TORTURE_POISON | WQC_TORTURE_REFUSE | WQC_TORTURE_LEAKS)

extern unsigned int wqc_torture;	/* I */
bool wqc_torture_late(struct wqc_queue *queue);
void wqc_torture_queued(const WORK_QUEUE_ITEM *item);
void *wqc_torture_alloc(void);
void wqc_torture_free(void *entry);
void wqc_torture_look(void);
void wqc_torture_lives(struct module *mod);
void wqc_torture_leaves(struct module *mod);
int wqc_torture_init(void);
void wqc_torture_exit(void);

/* ---- stats.c ------------------------------------------------------------- */

extern struct dentry *wqc_debugfs;
void wqc_stats_init(void);
void wqc_stats_exit(void);

#endif /* WQ_INTERNAL_H */
