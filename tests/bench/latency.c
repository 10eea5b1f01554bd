// SPDX-License-Identifier: GPL-2.0
/*
 * The latency from the queue call to the routine, on overloaded CPUs: the script runs hogs, and
 * Delayed items that use the CPU and queue themselves again flood the module. A timer of each CPU
 * posts probes, one kind after the other.
 */
#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/moduleparam.h>
#include <linux/prandom.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/timekeeping.h>
#include <linux/vmalloc.h>

#include "../../lib/hrtimer.h"
#include "cases.h"

#define PROBES		6000	/* of each kind */
#define PERIOD_NS	150000	/* between two probes of a CPU: at least; less than twice as long */
/*
 * Sleep of the item in front of a probe. Short: if more items sleep at the same time than there
 * are threads in reserve, the probe waits until a thread is made, and the case would measure that.
 */
#define SLEEP_US	1000
#define FLOOD		64	/* items that are always queued or running */

static unsigned int flood_ns = 2000;
module_param(flood_ns, uint, 0444);
MODULE_PARM_DESC(flood_ns, "latency: how long an item of the flood works");

enum kind {
	DELAYED, CRITICAL, HYPER, HYPER_BEHIND, RX_CRIT, UNBOUND, UNBOUND_HIGHPRI, HIGHPRI,
	KTHREAD, KINDS,
};

/* By its number an item is a probe of a kind, a sleeper in front of a probe, or of the flood. */
#define SLEEPERS	(KINDS * PROBES)
#define FLOODS		(SLEEPERS + SLEEPER_ITEMS)
#define SLEEPER_ITEMS	2000

static_assert(FLOODS + FLOOD <= BENCH_LATENCY_ITEMS);

static const struct {
	const char *name;
	enum bench_id who;
} kinds[KINDS] = {
	[DELAYED] = { "io_delayed", IO_DELAYED },
	[CRITICAL] = { "io_critical", IO_CRITICAL },
	[HYPER] = { "io_hyper", IO_HYPER },
	[HYPER_BEHIND] = { "io_hyper_behind", IO_HYPER },
	[RX_CRIT] = { "rx_critical", RX_CRITICAL },
	[UNBOUND] = { "raw_unbound", RAW_UNBOUND },
	[UNBOUND_HIGHPRI] = { "raw_unbound_highpri", RAW_UNBOUND_HIGHPRI },
	[HIGHPRI] = { "raw_highpri", RAW_HIGHPRI },
	[KTHREAD] = { "raw_kthread", RAW_KTHREAD },
};

struct prober {
	struct hrtimer timer;
	struct rnd_state rnd;
	unsigned int next;
	int cpu;
};

static DEFINE_PER_CPU(struct prober, probers);
static atomic_t posted[KINDS];
static u64 *times;		/* of each probe: time of the post, then the latency */
static bool flooding;

static void latency_body(unsigned int i)
{
	u64 now = ktime_get_mono_fast_ns();

	if (i < SLEEPERS) {
		times[i] = now - times[i];
		bench_count();
		return;
	}
	if (i < FLOODS) {
		usleep_range(SLEEP_US, SLEEP_US + 1);
		return;		/* not counted: bench_latency() waits for the last one */
	}
	while (ktime_get_mono_fast_ns() < now + flood_ns)
		cpu_relax();
	if (READ_ONCE(flooding))
		bench_contenders[IO_DELAYED].queue(i, i + 1);
	else
		bench_count();
}

static bool post(struct prober *prober)
{
	unsigned int kind, number, item, tries;

	for (tries = 0; tries < KINDS; tries++) {
		kind = prober->next++ % KINDS;
		/* The thread of this kind is bound to CPU 0. */
		if (kind == KTHREAD && prober->cpu)
			continue;
		number = atomic_fetch_add(1, &posted[kind]);
		if (number >= PROBES)
			continue;
		item = kind * PROBES + number;
		if (kind == HYPER_BEHIND) {
			unsigned int in_front = SLEEPERS + number % SLEEPER_ITEMS;

			bench_contenders[IO_HYPER].queue(in_front, in_front + 1);
		}
		times[item] = ktime_get_mono_fast_ns();
		bench_contenders[kinds[kind].who].queue(item, item + 1);
		return true;
	}
	return false;
}

static enum hrtimer_restart probe(struct hrtimer *timer)
{
	struct prober *prober = container_of(timer, struct prober, timer);

	if (!post(prober))
		return HRTIMER_NORESTART;
	hrtimer_forward_now(timer, PERIOD_NS + prandom_u32_state(&prober->rnd) % PERIOD_NS);
	return HRTIMER_RESTART;
}

static void start_prober(void *unused)
{
	struct prober *prober = this_cpu_ptr(&probers);

	prober->cpu = smp_processor_id();
	prandom_seed_state(&prober->rnd, 4 + prober->cpu);
	wqc_hrtimer_setup(&prober->timer, probe, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED_HARD);
	hrtimer_start(&prober->timer, ns_to_ktime(PERIOD_NS), HRTIMER_MODE_REL_PINNED_HARD);
}

/* Prints quantiles, in thousandths: every 20th up to 980, each one from there on. */
static void say_quantiles(unsigned int kind)
{
	u64 *values = times + kind * PROBES;
	unsigned int q;

	bench_sort(values, PROBES);
	for (q = 0; q <= 1000; q += q < 980 ? 20 : 1) {
		u64 line[] = { q, values[min(PROBES * q / 1000, PROBES - 1U)] };

		bench_say_all("latency", kinds[kind].name, line, ARRAY_SIZE(line));
	}
}

int bench_latency(void)
{
	unsigned int i, kind;

	times = vzalloc(array_size(KINDS * PROBES, sizeof(*times)));
	if (!times)
		return -ENOMEM;
	bench_set_body(latency_body);
	atomic_set(&bench_left, KINDS * PROBES + FLOOD);
	flooding = true;
	for (i = 0; i < FLOOD; i++)
		bench_contenders[IO_DELAYED].queue(FLOODS + i, FLOODS + i + 1);
	on_each_cpu(start_prober, NULL, 1);
	for (kind = 0; kind < KINDS; kind++)
		while (atomic_read(&posted[kind]) < PROBES)
			schedule_timeout_uninterruptible(HZ / 10);
	WRITE_ONCE(flooding, false);
	wait_for_completion(&bench_done);
	schedule_timeout_uninterruptible(HZ / 10);	/* the last sleeper */
	for_each_online_cpu(i)
		hrtimer_cancel(&per_cpu(probers, i).timer);
	bench_set_body(NULL);
	for (kind = 0; kind < KINDS; kind++)
		say_quantiles(kind);
	vfree(times);
	return 0;
}
