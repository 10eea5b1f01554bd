// SPDX-License-Identifier: GPL-2.0
/* nt-compat.ko: loading and unloading of the module, and unloading of its clients. */
#include <linux/module.h>

#include "cm_registry.h"
#include "ex_pool.h"
#include "ex_resource.h"
#include "ex_timer.h"
#include "io_irp.h"
#include "io_name.h"
#include "io_stack.h"
#include "io_timer.h"
#include "ke_cleanup.h"
#include "ke_dispatcher.h"
#include "ke_dpc.h"
#include "ke_mutex.h"
#include "ke_region.h"
#include "ke_spin_lock.h"
#include "ke_timer.h"
#include "ks_queue.h"
#include "ob_object.h"
#include "ps_thread.h"
#include "work.h"

/*
 * One search for timers, DPCs, threads, IRPs and works of an unloading driver: see wqc_set_look().
 * Timers are cancelled and reported; the others are waited for. Order: threads first, so no thread
 * of the driver is left to set a timer; timers next, so a timer that was set is cancelled, and one
 * that fired before shows as a DPC; DPCs next, which are queued, run, or have returned; then IRPs
 * and calls for them; works last: a work that has begun is found by the search of wq_compat's
 * queues, which follows. A call for an IRP that has returned since the beginning voids the search,
 * because it may have left a thread, timer or DPC that was looked for before.
 */
static bool ntc_unload_search(struct module *mod, struct wqc_left *left)
{
	bool found;

	ntc_ex_timer_flush();
	ntc_irp_watch(mod);
	left->what = "the thread of";
	if (ntc_thread_find_in_module(mod, &left->routine))
		return true;
	ntc_dpc_watch(mod);
	ntc_timer_cancel_module(mod);
	left->what = "DPC";
	found = ntc_dpc_find_in_module(mod, &left->routine);
	found = ntc_dpc_watch_returned() || found;
	ntc_dpc_watch(NULL);
	if (ntc_irp_find_in_module(mod, left) || found)
		return true;
	left->what = "the item of";
	return ntc_work_find(mod, wqc_in_module, &left->routine);
}

/* Called after wq_compat's notifier, which has waited for all items. */
static int ntc_module_event(struct notifier_block *nb, unsigned long event, void *data)
{
	if (event == MODULE_STATE_GOING && data != THIS_MODULE) {
		ntc_io_timer_module_gone(data);
		ntc_ex_timer_flush();
		ntc_file_module_gone(data);
		ntc_handle_module_gone(data);
		ntc_stack_module_gone(data);
		ntc_irp_module_gone(data);
		ntc_mutex_module_freed(data, wqc_in_module);
		ntc_wait_module_freed(data, wqc_in_module);
		ntc_resource_module_freed(data, wqc_in_module);
		ntc_pool_report_leaks(data);
	} else if (event == MODULE_STATE_LIVE) {
		ntc_pool_adopt_init(data);
		ntc_handle_adopt_init(data);
		ntc_work_wait_init(data);
		ntc_irp_adopt_init(data);
		ntc_timer_cancel_init(data);
		ntc_dpc_flush_init(data);
		ntc_mutex_module_freed(data, wqc_in_module_init);
		ntc_wait_module_freed(data, wqc_in_module_init);
		ntc_resource_module_freed(data, wqc_in_module_init);
	}
	return NOTIFY_DONE;
}

/* A device is deleted, with the objects in its extension. */
static void ntc_device_memory_freed(void *p, size_t size, void *caller)
{
	ntc_objects_freed(p, size, caller);
	ntc_io_timer_memory_freed(p);
}

static struct notifier_block ntc_module_notifier = {
	.notifier_call = ntc_module_event,
	.priority = INT_MAX - 2,
};

static int __init ntc_init(void)
{
	int err;

	err = ntc_spin_init();
	if (err)
		return err;
	ntc_dispatcher_init();
	ntc_irp_init();
	ntc_region_init();
	ntc_resource_init_locks();
	ntc_dpc_init();
	ntc_timer_init();
	ntc_ks_init();
	err = ntc_pool_init();
	if (err)
		goto free_spins;
	err = ntc_ex_timer_init();
	if (err)
		goto free_pool;
	err = ntc_name_init();
	if (err)
		goto free_ex_timers;
	err = ntc_registry_init();
	if (err)
		goto free_names;
	err = register_module_notifier(&ntc_module_notifier);
	if (err)
		goto free_registry;
	ntc_mutex_init();
	wqc_set_look(ntc_unload_search);
	wqc_set_freed(ntc_device_memory_freed);
	ntc_registry_file_init();
	return 0;

free_registry:
	ntc_registry_exit();
free_names:
	ntc_name_exit();
free_ex_timers:
	ntc_ex_timer_exit();
free_pool:
	ntc_pool_exit();
free_spins:
	ntc_spin_exit();
	return err;
}

/* No client is loaded: clients hold a reference to this module. */
static void __exit ntc_exit(void)
{
	ntc_registry_file_exit();
	ntc_work_exit();
	wqc_set_freed(NULL);
	wqc_set_look(NULL);
	ntc_mutex_exit();
	unregister_module_notifier(&ntc_module_notifier);
	ntc_name_exit();
	ntc_irp_exit();
	ntc_handle_exit();
	ntc_registry_exit();
	ntc_thread_exit();
	ntc_ex_timer_exit();
	ntc_timer_exit();
	ntc_dpc_exit();
	ntc_region_exit();
	ntc_resource_exit();
	ntc_pool_exit();
	ntc_spin_exit();
}

module_init(ntc_init);
module_exit(ntc_exit);

MODULE_DESCRIPTION("Events, timers, DPCs, threads, IRPs, pools and strings of the Windows kernel");
MODULE_AUTHOR("The wq_compat developers");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1.0");
