// SPDX-License-Identifier: GPL-2.0
/*
 * Items that keep runners busy.
 */
#include <linux/cpumask.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/slab.h>

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

/*
 * Each CPU posts more items than the limit of runners, so that each queue has more items than
 * it can get runners for: every runner that may be made is made, and gets an item.
 */
struct wqc_load *wqc_load_all_runners(struct kunit *test, WORK_QUEUE_TYPE type)
{
	unsigned int cpus = num_online_cpus(), limit, all;
	struct wqc_load *load;

	if (type == HyperCriticalWorkQueue) {
		limit = wqc_param(test, "max_runners_rt");
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
	file = filp_open(path, O_RDONLY, 0);
	KUNIT_ASSERT_FALSE_MSG(test, IS_ERR(file), "%s: %ld", path, PTR_ERR(file));
	got = kernel_read(file, text, sizeof(text) - 1, &pos);
	filp_close(file, NULL);
	KUNIT_ASSERT_GT(test, got, 0);
	KUNIT_ASSERT_EQ(test, 0, kstrtouint(strim(text), 0, &value));
	return value;
}
