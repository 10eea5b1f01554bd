// SPDX-License-Identifier: GPL-2.0
/*
 * nt-compat.ko: what Windows drivers have beside their work items. Its loading and
 * unloading, and that of its clients.
 */
#include <linux/module.h>

#include "ex_pool.h"
#include "ex_timer.h"
#include "ke_cleanup.h"
#include "ke_dispatcher.h"
#include "ke_dpc.h"
#include "ke_mutex.h"
#include "ke_region.h"
#include "ke_spin_lock.h"
#include "ke_timer.h"
#include "ob_object.h"
#include "ps_thread.h"

/*
 * One look for what an unloading driver has left: see wqc_set_look(). Timers are
 * cancelled, with a report; DPCs and threads are waited for. In this order: no
 * thread of it is left that could set a timer, so what is set then is cancelled,
 * and what fired before that shows as a DPC that is queued, runs or has returned.
 */
static bool wqc_nt_look(struct module *mod, struct wqc_left *left)
{
	bool found;

	wqc_ex_timer_flush();
	left->what = "the thread of";
	if (wqc_thread_find(mod, &left->routine))
		return true;
	wqc_dpc_watch(mod);
	wqc_timers_cancel(mod);
	left->what = "DPC";
	found = wqc_dpc_find(mod, &left->routine);
	found = wqc_dpc_ran() || found;
	wqc_dpc_watch(NULL);
	return found;
}

/* After wq_compat's, which has waited for everything by then. */
static int wqc_nt_module_event(struct notifier_block *nb, unsigned long event, void *data)
{
	if (event == MODULE_STATE_GOING && data != THIS_MODULE) {
		wqc_ex_timer_flush();
		wqc_mutexes_in_module(data, wqc_in_module);
		wqc_pool_leaks(data);
	} else if (event == MODULE_STATE_LIVE) {
		wqc_pool_lives(data);
		wqc_timers_live(data);
		wqc_dpcs_live(data);
		wqc_mutexes_in_module(data, wqc_in_module_init);
	}
	return NOTIFY_DONE;
}

/* A device's memory: what lies in its extension goes with it. */
static void wqc_nt_freed(void *p, size_t size, void *caller)
{
	wqc_mutexes_freed(p, size, caller);
	wqc_dispatcher_freed(p, size, caller);
}

static struct notifier_block wqc_nt_notifier = {
	.notifier_call = wqc_nt_module_event,
	.priority = INT_MAX - 1,
};

static int __init wqc_nt_init(void)
{
	int err;

	err = wqc_spin_init();
	if (err)
		return err;
	wqc_dispatcher_init();
	wqc_region_init();
	wqc_dpc_init();
	wqc_timer_init();
	err = wqc_pool_init();
	if (err)
		goto free_spins;
	err = wqc_ex_timer_init();
	if (err)
		goto free_pool;
	err = register_module_notifier(&wqc_nt_notifier);
	if (err)
		goto free_ex_timers;
	wqc_mutex_init();
	wqc_set_look(wqc_nt_look);
	wqc_set_freed(wqc_nt_freed);
	return 0;

free_ex_timers:
	wqc_ex_timer_exit();
free_pool:
	wqc_pool_exit();
free_spins:
	wqc_spin_exit();
	return err;
}

/* No client is loaded any more: the kernel saw to that. */
static void __exit wqc_nt_exit(void)
{
	wqc_set_freed(NULL);
	wqc_set_look(NULL);
	wqc_mutex_exit();
	unregister_module_notifier(&wqc_nt_notifier);
	wqc_handle_exit();
	wqc_thread_exit();
	wqc_ex_timer_exit();
	wqc_timer_exit();
	wqc_dpc_exit();
	wqc_region_exit();
	wqc_pool_exit();
	wqc_spin_exit();
}

module_init(wqc_nt_init);
module_exit(wqc_nt_exit);

MODULE_DESCRIPTION("Events, timers, threads, pools and strings for Windows drivers on wq_compat");
MODULE_AUTHOR("The wq_compat developers");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1.0");
