// SPDX-License-Identifier: GPL-2.0
/*
 * The variables that all parts of the engine share: the pools, their queues, and some numbers.
 */
#include "core.h"

struct wqc_pool wqc_pools[WQC_NR_POOLS] = {
	[WQC_POOL_DELAYED] = { .name = "Delayed", .any_cpu = true },
	[WQC_POOL_CRITICAL] = { .name = "Critical", .any_cpu = true },
	[WQC_POOL_HYPER] = { .name = "HyperCritical" },
	[WQC_POOL_DELAYED_CPU] = { .name = "RxDelayed" },
	[WQC_POOL_CRITICAL_CPU] = { .name = "RxCritical" },
};

/* trace.h, wqc-trace and wqc-bpf name the pools by their numbers. */
static_assert(WQC_POOL_HYPER == 2 && WQC_POOL_CRITICAL_CPU == 4 && WQC_NR_POOLS == 5);

struct wqc_queue __percpu *wqc_queues;
unsigned int wqc_rt_priority = 50;
unsigned int wqc_hotplug_count;
atomic_t wqc_watching;
bool wqc_lost_unknown;
