// SPDX-License-Identifier: GPL-2.0
/*
 * Items that keep runners busy.
 */
#include <linux/cpumask.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/slab.h>

#include "rx_test.h"
#include "wqc_load.h"

static VOID wqc_load_routine(PVOID context)
{
	struct wqc_load_item *item = context;
	struct wqc_load *load = item->load;

	wqc_gate_wait(&load->gate);
	atomic_inc(&load->finished);
}

bool wqc_load_finish(struct wqc_load *load)
{
	wqc_gate_open(&load->gate);
	return wqc_eventually(atomic_read(&load->finished) == atomic_read(&load->posted));
}

static void wqc_load_free(void *arg)
{
	struct wqc_load *load = arg;

	if (wqc_load_finish(load))
		kvfree(load);
}

struct wqc_load *wqc_load_new(struct kunit *test, WORK_QUEUE_TYPE type, unsigned int size)
{
	struct wqc_load *load = kvzalloc(struct_size(load, items, size), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, load);
	init_completion(&load->gate.open);
	init_completion(&load->gate.arrived);
	load->type = type;
	load->size = size;
	wqc_at_exit(test, wqc_load_free, load);
	return load;
}

void wqc_load_post(struct wqc_load *load, unsigned int n)
{
	struct wqc_load_item *item;
	unsigned int i;

	while (n--) {
		i = atomic_inc_return(&load->posted) - 1;
		if (WARN_ON(i >= load->size)) {
			atomic_dec(&load->posted);
			return;
		}
		item = &load->items[i];
		item->load = load;
		ExInitializeWorkItem(&item->item, wqc_load_routine, item);
		ExQueueWorkItem(&item->item, load->type);
	}
}

bool wqc_load_runs(struct wqc_load *load, unsigned int n)
{
	return wqc_gate_arrivals(&load->gate, n);
}

static void wqc_load_post_share(void *arg, int cpu)
{
	struct wqc_load *load = arg;

	wqc_load_post(load, load->size / num_online_cpus());
}

static void wqc_set_rt_limit(void *limit)
{
	char text[16];

	snprintf(text, sizeof(text), "%lu\n", (unsigned long)limit);
	wqc_write_file("/sys/module/wq_compat/parameters/max_runners_rt", text);
}

static bool wqc_rt_runners_are_few(struct kunit *test, unsigned int limit)
{
	int cpu;

	for_each_online_cpu(cpu)
		if (rx_runners(test, HyperCriticalWorkQueue, cpu) > limit)
			return false;
	return true;
}

#define WQC_LOAD_RT_LEAST	16

/*
 * Each CPU may have 256 threads. A slow kernel takes a minute to make all of them, so there the
 * limit is lower until the test ends. Surplus threads of earlier cases exit first.
 */
static unsigned int wqc_load_rt_limit(struct kunit *test)
{
	unsigned long usual = wqc_param(test, "max_runners_rt");
	unsigned int limit = wqc_rounds(usual, min_t(unsigned long, usual, WQC_LOAD_RT_LEAST));

	if (limit == usual)
		return limit;
	wqc_at_exit(test, wqc_set_rt_limit, (void *)usual);
	wqc_set_rt_limit((void *)(unsigned long)limit);
	KUNIT_ASSERT_EQ(test, limit, wqc_param(test, "max_runners_rt"));
	KUNIT_ASSERT_TRUE(test, wqc_eventually(wqc_rt_runners_are_few(test, limit)));
	return limit;
}

/*
 * Each CPU posts more items than the limit of runners, so that each queue has more items than
 * it can get runners for: every runner that may be made is made, and gets an item.
 */
struct wqc_load *wqc_load_all_runners(struct kunit *test, WORK_QUEUE_TYPE type)
{
	unsigned int cpus = num_online_cpus(), limit, all;
	struct wqc_load *load;

	if (type == HyperCriticalWorkQueue) {
		limit = wqc_load_rt_limit(test);
		all = limit * cpus;
	} else {
		limit = max(wqc_param(test, "max_runners_any"), num_possible_cpus());
		all = limit;
	}
	load = wqc_load_new(test, type, (limit + 1) * cpus);
	wqc_on_all_cpus(test, wqc_load_post_share, load);
	KUNIT_ASSERT_TRUE(test, wqc_load_runs(load, all));
	return load;
}

unsigned int wqc_param(struct kunit *test, const char *name)
{
	char path[80], text[16] = "";
	struct file *file;
	loff_t pos = 0;
	unsigned int value = 0;
	ssize_t got;

	snprintf(path, sizeof(path), "/sys/module/wq_compat/parameters/%s", name);
	file = wqc_open(path, O_RDONLY);
	KUNIT_ASSERT_FALSE_MSG(test, IS_ERR(file), "%s: %ld", path, PTR_ERR(file));
	got = kernel_read(file, text, sizeof(text) - 1, &pos);
	filp_close(file, NULL);
	KUNIT_ASSERT_GT(test, got, 0);
	KUNIT_ASSERT_EQ(test, 0, kstrtouint(strim(text), 0, &value));
	return value;
}
