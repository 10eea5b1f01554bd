// SPDX-License-Identifier: GPL-2.0
/*
 * CPU hotplug: growth for a CPU that comes online, and the count by which wqc_hotplug_since() tells
 * that the kernel may have changed the affinity of threads.
 */
#include <linux/cpu.h>
#include <linux/cpuhotplug.h>

#include "core.h"
#include "growth.h"
#include "hotplug.h"

static int wqc_cpuhp_online, wqc_cpuhp_dead;

static void wqc_next_even_count(void)
{
	WRITE_ONCE(wqc_hotplug_count, (wqc_hotplug_count | 1) + 1);
}

/*
 * Runs on the CPU that comes online, and at load for each CPU. It only asks the keeper for the
 * runners: the CPU comes online without memory for them, too.
 */
static int wqc_cpu_online(unsigned int cpu)
{
	struct wqc_queue *queue;
	int id;

	wqc_next_even_count();
	for (id = 0; id < WQC_NR_POOLS; id++) {
		queue = wqc_queue_of(id, cpu);
		wqc_queue_lock_irq(queue);
		if (queue->nr_runners < queue->reserve)
			wqc_growth_request(queue);
		wqc_queue_unlock_irq(queue);
	}
	wqc_keeper_wake();	/* surplus that it had when it went */
	return 0;
}

/*
 * No items are moved: the runners of an offline CPU run on other CPUs. Between this call and
 * wqc_cpu_dead() the kernel changes the affinity of the threads of the CPU, also of a thread that
 * begins to drain after this call. So the count is odd meanwhile.
 */
static int wqc_cpu_offline(unsigned int cpu)
{
	WRITE_ONCE(wqc_hotplug_count, wqc_hotplug_count | 1);
	return 0;
}

static int wqc_cpu_dead(unsigned int cpu)
{
	wqc_next_even_count();
	return 0;
}

int wqc_hotplug_init(void)
{
	int err;

	err = cpuhp_setup_state_nocalls(CPUHP_BP_PREPARE_DYN, "wq_compat:dead", NULL, wqc_cpu_dead);
	if (err < 0)
		return err;
	wqc_cpuhp_dead = err;
	err = cpuhp_setup_state(CPUHP_AP_ONLINE_DYN, "wq_compat:online", wqc_cpu_online,
				wqc_cpu_offline);
	if (err < 0) {
		cpuhp_remove_state_nocalls(wqc_cpuhp_dead);
		return err;
	}
	wqc_cpuhp_online = err;
	return 0;
}

void wqc_hotplug_exit(void)
{
	cpuhp_remove_state_nocalls(wqc_cpuhp_online);
	cpuhp_remove_state_nocalls(wqc_cpuhp_dead);
}
