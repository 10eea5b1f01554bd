// SPDX-License-Identifier: GPL-2.0
/*
 * The list of waiting items and the rule of leader and followers. Knows no
 * backend by name.
 *
 * An item that waits is linked through List.Blink, which at the same time says
 * that it waits and what it is:
 *
 *	mark = (address of the next item | kind) ^ key
 *
 * The key is made at load so that no pointer and no fill pattern, whatever a
 * driver left in the word, reads as a mark. List.Flink is no link: it is only
 * non-NULL while the item waits, because ExInitializeWorkItem() on a waiting
 * item, the commonest of all misuses, sets it to NULL.
 *
 * Who owns the memory of an item. wqc_claim() turns "not queued" into "queued"
 * by a compare-and-exchange that is fully ordered: of N callers one wins, and
 * what it writes into the item afterwards cannot be seen before the claim.
 * wqc_pop() copies what it needs, unlinks, and clears the mark with a
 * store-release as its last access: whoever claims the word next, or frees the
 * memory because the routine has begun, is ordered after all of our reads.
 */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/random.h>
#include <linux/timekeeping.h>
#include <linux/vmalloc.h>

#include "wq_internal.h"
#include "wq_queue.h"
#include "wq_run.h"

/* Items that a runner may run before it queues up behind others again. */
#define WQC_BUDGET	256

/* One queue call in so many is timed. A power of two. */
#define WQC_SAMPLE	16

u64 wqc_key __ro_after_init;
WORK_QUEUE_ITEM wqc_list_end;
struct wqc_queue __percpu *wqc_queues;

/*
 * A word that reads as a mark, in memory that may hold anything: is it one? A
 * queued item's Flink is its own address, set before the claim, or NULL; and
 * what the word links to is memory. One word of random bytes in 300 passes
 * wqc_is_mark(); none passes this too.
 */
bool wqc_is_mark_of(WORK_QUEUE_ITEM *item, u64 word)
{
	const LIST_ENTRY *flink = READ_ONCE(item->List.Flink);
	void *next = wqc_mark_next(word);

	if (flink && flink != &item->List)
		return false;
	if (next == &wqc_list_end || virt_addr_valid(next))
		return true;
	if (is_vmalloc_addr(next))
		return vmalloc_to_page(next);
	/* Static data of the kernel and of modules: the last 4 GiB. */
	return upper_32_bits((u64)(uintptr_t)next) == U32_MAX;
}

/*
 * Takes an idle runner and kicks it, in this one hold of the lock: a poster
 * that was preempted in between would hold @waking with nobody on the way, and
 * a wake-up that came late would hit a runner inside a routine.
 */
void wqc_kick(struct wqc_queue *queue)
{
	struct wqc_runner *runner;

	lockdep_assert_held(&queue->lock);
	runner = list_first_entry_or_null(&queue->idle, struct wqc_runner, link);
	if (unlikely(!runner)) {
		wqc_ask_growth(queue);
		return;
	}
	list_del(&runner->link);
	WRITE_ONCE(queue->nr_idle, queue->nr_idle - 1);
	runner->state = WQC_RUNNER_KICKED;
	queue->waking = true;
	queue->kicks++;
	queue->pool->backend->kick(runner);
	if (unlikely(list_empty(&queue->idle)))
		wqc_ask_growth(queue);
}

/* Begins to time an item. One at a time, and one in WQC_SAMPLE. */
void wqc_sample(struct wqc_queue *queue, WORK_QUEUE_ITEM *item)
{
	enum wqc_kind kind = wqc_mark_kind(*wqc_word(item));

	queue->sample = false;
	queue->sampled = item;
	if (kind == WQC_KIND_IO || kind == WQC_KIND_IO_EX)
		queue->sampled = wqc_io_handle(container_of(item, struct wqc_io_item, item));
	queue->sampled_at = ktime_get_mono_fast_ns();
}

/*
 * Every item that waits will be popped by a runner of its own when more
 * runners are idle or on the way than items wait.
 */
static bool wqc_runner_to_spare(struct wqc_queue *queue)
{
	return queue->nr_idle + queue->waking > queue->depth;
}

/**
 * wqc_try_enqueue - append a claimed item only where it starts at once
 * @pool: which
 * @item: claimed, its fields written
 * @where: receives the queue that took the item, before it can run
 *
 * Looks at the posting CPU first. The queues of other CPUs are asked only when
 * none of ours waits, so that the item overtakes nothing posted here.
 *
 * Context: any, with interrupts off.
 * Return: true if it was queued.
 */
bool wqc_try_enqueue(enum wqc_pool_id pool, WORK_QUEUE_ITEM *item,
		     struct wqc_queue **where)
{
	int this = smp_processor_id();
	struct wqc_queue *queue = wqc_queue_of(pool, this);
	bool overtakes, done = false;
	int cpu;

	raw_spin_lock(&queue->lock);
	overtakes = queue->depth;
	if (wqc_runner_to_spare(queue)) {
		*where = queue;
		wqc_append(queue, &queue->lane, item);
		wqc_kick_if_needed(queue);
		done = true;
	}
	raw_spin_unlock(&queue->lock);
	if (done || overtakes)
		return done;

	for_each_online_cpu(cpu) {
		queue = wqc_queue_of(pool, cpu);
		if (cpu == this || !READ_ONCE(queue->nr_idle))
			continue;
		raw_spin_lock(&queue->lock);
		if (wqc_runner_to_spare(queue)) {
			*where = queue;
			wqc_append(queue, &queue->lane, item);
			wqc_kick_if_needed(queue);
			done = true;
		}
		raw_spin_unlock(&queue->lock);
		if (done)
			break;
	}
	return done;
}

static __always_inline void wqc_fill_call(struct wqc_lane *lane, WORK_QUEUE_ITEM *item,
					  enum wqc_kind kind, struct wqc_call *call)
{
	struct wqc_io_item *io;

	call->routine = READ_ONCE(item->WorkerRoutine);
	call->parameter = item->Parameter;
	call->kind = kind;
	if (kind == WQC_KIND_IO || kind == WQC_KIND_IO_EX) {
		io = container_of(item, struct wqc_io_item, item);
		call->item = wqc_io_handle(io);
		call->first = io->io_object;
		call->ref = likely(io->referenced) ? &io->object->ref : NULL;
		return;
	}
	call->item = item;
	call->first = call->parameter;
	call->ref = lane->rx ? &lane->rx->ref : NULL;
	if (unlikely(kind == WQC_KIND_RX_TIMER))
		wqc_rx_timer_fill_call(item, call);
}

/* The item's last moment as ours: after the release it is somebody else's. */
static __always_inline void wqc_let_go(struct wqc_queue *queue, WORK_QUEUE_ITEM *item)
{
	if (queue->depth > queue->peak_depth)
		queue->peak_depth = queue->depth;
	queue->depth--;
	WRITE_ONCE(item->List.Flink, NULL);
	/* Pairs with the claim: our reads are over before it is anybody's. */
	smp_store_release(wqc_word(item), 0);
}

/* The lane's first item has been taken; serve the others before its next. */
static inline void wqc_next_lane(struct wqc_queue *queue, struct wqc_lane *lane,
				 WORK_QUEUE_ITEM *next)
{
	if (next == &wqc_list_end) {
		wqc_empty_lane(queue, lane);
	} else {
		lane->head = next;
		if (unlikely(queue->nr_lanes > 1))
			list_move_tail(&lane->link, &queue->lanes);
	}
}

/*
 * A waiting item whose mark is gone: the driver wrote over List.Blink. What
 * stood behind it cannot be found any more; say so, and go on without the lane
 * rather than follow a stranger's pointer. An item of a lane is not counted on
 * its own, so what is lost is known only once all lanes are empty.
 */
static noinline void wqc_broken_lane(struct wqc_queue *queue, struct wqc_lane *lane)
{
	WORK_QUEUE_ITEM *item = lane->head;
	u32 lost = 0;

	wqc_cursor_lost(lane);
	wqc_empty_lane(queue, lane);
	queue->sampled = NULL;
	if (!queue->nr_lanes) {
		lost = queue->depth;
		queue->depth = 0;
		queue->counter[WQC_TAKEN_BACK] += lost;
	}
	wqc_unlock(queue);
	local_irq_enable();
	wqc_report(WQC_R_BAD_ENTRY,
		   "item %p: its List was overwritten while queued; %u items lost", item, lost);
	local_irq_disable();
	wqc_lock(queue);
}

static __always_inline bool wqc_pop(struct wqc_queue *queue, struct wqc_call *call)
{
	WORK_QUEUE_ITEM *item;
	struct wqc_lane *lane;
	enum wqc_kind kind;
	u64 mark;

	lockdep_assert_held(&queue->lock);
	while (queue->nr_lanes) {
		lane = list_first_entry(&queue->lanes, struct wqc_lane, link);
		item = lane->head;
		mark = READ_ONCE(*wqc_word(item));
		if (unlikely(!wqc_is_mark(mark))) {
			wqc_broken_lane(queue, lane);
			continue;
		}
		kind = wqc_mark_kind(mark);
		wqc_next_lane(queue, lane, wqc_mark_next(mark));
		if (unlikely(kind == WQC_KIND_CURSOR)) {
			wqc_unclaim(item);
			continue;
		}
		wqc_fill_call(lane, item, kind, call);
		wqc_let_go(queue, item);
		return true;
	}
	/* What is counted and on no lane was lost with a broken one. */
	if (unlikely(queue->depth)) {
		queue->counter[WQC_TAKEN_BACK] += queue->depth;
		queue->depth = 0;
	}
	return false;
}

/* For wqc_take_back(): this very item. */
bool wqc_match_item(WORK_QUEUE_ITEM *item, u64 mark, const void *arg)
{
	return item == arg;
}

/**
 * wqc_take_back - remove the first waiting item that matches
 * @queue: where to look
 * @lane: its lane to look in
 * @match: says whether an item is meant; called under the lock
 * @arg: for @match
 * @call: receives what would have run; the caller drops its reference
 *
 * Context: any.
 * Return: true if an item was removed.
 */
bool wqc_take_back(struct wqc_queue *queue, struct wqc_lane *lane,
		   bool (*match)(WORK_QUEUE_ITEM *item, u64 mark, const void *arg),
		   const void *arg, struct wqc_call *call)
{
	WORK_QUEUE_ITEM *item, *next, *prev = NULL;
	unsigned long flags;
	bool found = false;
	u64 mark;

	raw_spin_lock_irqsave(&queue->lock, flags);
	for (item = lane->head; item; prev = item, item = next) {
		mark = READ_ONCE(*wqc_word(item));
		if (!wqc_is_mark(mark))
			break;	/* wqc_pop() will say so */
		next = wqc_mark_next(mark);
		if (wqc_mark_kind(mark) != WQC_KIND_CURSOR && match(item, mark, arg)) {
			found = true;
			break;
		}
		if (next == &wqc_list_end)
			next = NULL;
	}
	if (found) {
		if (prev)
			WRITE_ONCE(*wqc_word(prev),
				   wqc_mark(next, wqc_mark_kind(*wqc_word(prev))));
		else if (next != &wqc_list_end)
			lane->head = next;
		else
			wqc_next_lane(queue, lane, next);
		if (lane->tail == item)
			lane->tail = prev;
		wqc_cursor_unlinked(prev, next);
		wqc_fill_call(lane, item, wqc_mark_kind(mark), call);
		queue->counter[WQC_TAKEN_BACK]++;
		if (queue->sampled == call->item)
			queue->sampled = NULL;
		wqc_let_go(queue, item);
	}
	raw_spin_unlock_irqrestore(&queue->lock, flags);
	return found;
}

static inline void wqc_count_hist(u32 *hist, u64 ns)
{
	hist[min_t(unsigned int, ns ? ilog2(ns) : 0, WQC_HIST_BUCKETS - 1)]++;
}

static void wqc_note_busy(struct wqc_queue *queue)
{
	u32 busy = queue->nr_runners - queue->nr_idle;

	if (busy > queue->peak_busy)
		queue->peak_busy = busy;
}

/* What is done for the one item in WQC_SAMPLE that is timed. */
static noinline u64 wqc_sample_starts(struct wqc_queue *queue)
{
	u64 now = ktime_get_mono_fast_ns();

	queue->sampled = NULL;
	wqc_count_hist(queue->wait_hist, now - queue->sampled_at);
	return now;
}

static noinline void wqc_sample_ends(struct wqc_queue *queue, u64 started)
{
	wqc_count_hist(queue->run_hist, ktime_get_mono_fast_ns() - started);
}

/**
 * wqc_drain - run items until there are none, or the budget is spent
 * @runner: kicked; its task calls this
 *
 * wqc_run() is inline here, so this is the function that kernel CFI exempts.
 *
 * Context: process, may sleep (the routines do).
 */
void __nocfi wqc_drain(struct wqc_runner *runner)
{
	struct wqc_queue *queue = runner->queue;
	struct wqc_call *call = &runner->call;
	unsigned int budget = WQC_BUDGET;
	u64 started_ns;
	bool kick;

	wqc_baseline_take(&runner->base);

	local_irq_disable();
	wqc_lock(queue);
	runner->state = WQC_RUNNER_DRAINING;
	queue->waking = false;
	wqc_note_busy(queue);
	while (wqc_pop(queue, call)) {
		started_ns = 0;
		if (unlikely(call->item == queue->sampled))
			started_ns = wqc_sample_starts(queue);
		if (unlikely(!(queue->started++ & (WQC_SAMPLE - 1))))
			queue->sample = !queue->sampled;
		runner->since = jiffies;
		/* Before the routine: it may block, and those behind must not. */
		kick = queue->depth && !queue->waking;
		if (unlikely(kick))
			wqc_kick(queue);
		if (call->kind == WQC_KIND_RX_DISPATCH)
			wqc_cache_free_irqs_off(call->item);	/* ours alone */
		wqc_unlock(queue);
		local_irq_enable();
		wqc_resched(kick);

		wqc_run(call, &runner->base);

		local_irq_disable();
		wqc_lock(queue);
		if (unlikely(started_ns))
			wqc_sample_ends(queue, started_ns);
		/* Before the routine is cleared: unload waits for both. */
		if (call->ref)
			wqc_ref_put(call->ref);
		queue->finished++;
		call->routine = NULL;
		if (unlikely(!--budget || need_resched()))
			break;
	}
	/*
	 * Idle first, then the kick: it may take this very runner, whose work
	 * then stands behind the other works of its pool. Nothing of the runner
	 * is touched after the unlock: it may be gone, or be running elsewhere.
	 */
	wqc_go_idle(queue, runner);
	wqc_kick_if_needed(queue);
	wqc_unlock(queue);
	local_irq_enable();
}

/*
 * A mark's top byte, the key taken off, is 0xff, as in every kernel address. A
 * key whose top byte is neither 0 nor 0xff therefore makes no mark of a kernel
 * pointer, a user pointer or a small number. Of the words of one repeated byte
 * only ~(top byte) could pass, and the low bits of the key make its kind 0. The
 * poisons of the kernel and of Windows' debuggers are avoided by their top byte.
 */
static u64 wqc_make_key(void)
{
	static const u8 poisons[] = { 0x00, 0xff, 0xde, 0xba, 0xfe };
	u64 key;
	u8 top;
	int i;

retry:
	key = get_random_u64();
	top = key >> 56;
	for (i = 0; i < ARRAY_SIZE(poisons); i++)
		if (top == (u8)~poisons[i])
			goto retry;
	if (!top || top == 0xff)
		goto retry;
	return (key & ~(u64)WQC_KIND_MASK) | (~top & WQC_KIND_MASK);
}

int wqc_queue_init(void)
{
	struct wqc_queue *queue;
	int cpu, id;

	wqc_key = wqc_make_key();
	wqc_queues = __alloc_percpu(sizeof(*wqc_queues) * WQC_NR_POOLS, SMP_CACHE_BYTES);
	if (!wqc_queues)
		return -ENOMEM;
	for_each_possible_cpu(cpu) {
		for (id = 0; id < WQC_NR_POOLS; id++) {
			queue = wqc_queue_of(id, cpu);
			raw_spin_lock_init(&queue->lock);
			INIT_LIST_HEAD(&queue->lanes);
			queue->sample = true;
			INIT_LIST_HEAD(&queue->idle);
			INIT_LIST_HEAD(&queue->runners);
			queue->pool = &wqc_pools[id];
			queue->cpu = cpu;
		}
	}
	return 0;
}

void wqc_queue_exit(void)
{
	free_percpu(wqc_queues);
}
